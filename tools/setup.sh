#!/bin/sh
# Makes a Debian 12 machine ready to build: installs the packages that are
# missing, fetches the engine, the headers of Node-API and the packages of npm that
# become a part of the library. Run again it finds nothing to do; the one dpkg-query call and the stamps of what was fetched are
# the whole memory of it.
#
#   SETUP_EXTRA=1          also the packages for fuzzing, make format and Rust
#   SETUP_GLIB=0           not the one that examples/loops/glib.c alone needs
#   TENON_BUILD=DIR        the build folder; default build
#   TENON_ENGINE_DIR=DIR   a tree of the engine; none is fetched
#   TENON_NODE_API_DIR=DIR headers of Node-API, DIR/tenon/node-api/*.h; the same
#   TENON_NODE_PACKAGES_DIR=DIR   packages, DIR/NAME/package.json; the same
set -eu
cd "$(dirname "$0")/.."

# zlib and SQLite are what the guides wrap.
needed='gcc g++ cmake ninja-build pkg-config libuv1-dev libmd-dev libdw-dev libcmocka-dev libc6-dev
zlib1g-dev libsqlite3-dev
scdoc debian-archive-keyring'
# examples/async-process downloads by it; any will do.
command -v curl >/dev/null 2>&1 || needed="$needed curl"
# npm only where something is still to be fetched by it.
build=${TENON_BUILD:-build}
if { [ -z "${TENON_NODE_API_DIR:-}${TENON_NODE_API_TGZ:-}" ] &&
     [ ! -f "$build/node-api-headers/.stamp" ]; } ||
   { [ -z "${TENON_NODE_PACKAGES_DIR:-}${TENON_NODE_PACKAGES_TGZ_DIR:-}" ] &&
     [ ! -f "$build/node-packages/.stamp" ]; }; then
  command -v npm >/dev/null 2>&1 || needed="$needed npm ca-certificates"
fi
[ "${SETUP_GLIB:-1}" = 0 ] || needed="$needed libglib2.0-dev"
if [ -n "${SETUP_EXTRA:-}" ]; then
  needed="$needed clang libclang-rt-14-dev clang-format"
  # Any will do, also one that is no package.
  command -v rustc >/dev/null 2>&1 || needed="$needed rustc"
fi

say() {
  printf 'setup: %s\n' "$*" >&2
}

missing_packages() {
  # shellcheck disable=SC2086,SC2016
  dpkg-query -W -f '${Package} ${db:Status-Status}\n' $needed 2>/dev/null |
    awk -v needed="$needed" '
      $2 == "installed" { have[$1] = 1 }
      END {
        count = split(needed, names)
        for (i = 1; i <= count; i++)
          if (!(names[i] in have))
            list = list " " names[i]
        print substr(list, 2)
      }'
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

can_be_root() {
  [ "$(id -u)" -eq 0 ] && return 0
  command -v sudo >/dev/null 2>&1 || return 1
  [ -t 0 ] || sudo -n true 2>/dev/null
}

install_packages() { # NAME...
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
    --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
}

if command -v dpkg-query >/dev/null 2>&1; then
  missing=$(missing_packages)
else
  say "not a Debian system; these are needed: $(echo "$needed" | tr '\n' ' ')"
  missing=
fi

if [ -n "$missing" ]; then
  if ! can_be_root; then
    say "missing: $missing"
    say "an administrator must run: apt-get update && apt-get install -y --no-install-recommends $missing"
    exit 1
  fi
  say "installing $missing"
  log=$(mktemp "${TMPDIR:-/tmp}/tenon-setup.XXXXXX")
  trap 'rm -f "$log"' EXIT
  # The lists may be absent or old: only a failed install shows it. An update
  # may fail for an archive that does not matter here; the install decides.
  # shellcheck disable=SC2086
  if ! install_packages $missing >"$log" 2>&1; then
    as_root apt-get update -qq -o DPkg::Lock::Timeout=300 >>"$log" 2>&1 || :
    if ! install_packages $missing >>"$log" 2>&1; then
      cat "$log" >&2
      say "could not install $missing"
      exit 1
    fi
  fi
fi

if [ -z "${TENON_ENGINE_DIR:-}" ]; then
  sh tools/fetch-engine.sh "$build/engine-src"
fi
if [ -z "${TENON_NODE_API_DIR:-}" ]; then
  sh tools/fetch-node-api.sh "$build/node-api-headers"
fi
if [ -z "${TENON_NODE_PACKAGES_DIR:-}" ]; then
  sh tools/fetch-node-packages.sh "$build/node-packages"
fi
