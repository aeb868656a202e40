#!/bin/sh
# Puts the pinned QuickJS-ng sources into DEST. They come from Debian's
# binary package qjs-src, which is the same for every architecture.
#
# Trust: the package's sha256 stands below and is enforced on every path.
# Beyond that apt checks the signed chain from the suite's release file to
# the package against Debian's own keyring. The chain is left out for a file
# that the caller names, and where no archive offers it (said on stderr).
#
# Invariants: works without root; reads the machine's apt settings for
# archives, proxies and credentials, but has its own lists, cache and trust,
# so nothing of the system's changes; DEST is replaced by a rename, complete
# or not at all; a DEST that carries this pin's stamp is left as it is.
# An archive's address is shown only when something failed.
#
#   TENON_ENGINE_DEB=FILE     take this package, no network
#   TENON_ENGINE_MIRROR=URI   take this archive, not those that apt knows
set -eu
umask 022

package=qjs-src
version=0.17.0-1
sha256=04631979bdadaccffd76c1cb0aff5d07389aa889a90b6a902eba858a3a3b3988
pool_path=pool/main/q/quickjs-ng/${package}_${version}_all.deb
suites='forky sid'
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

say() {
  printf 'fetch-engine: %s\n' "$*" >&2
}

die() {
  say "$*"
  exit 1
}

if [ $# -ne 1 ] || [ -z "$1" ]; then
  echo "usage: $0 DEST" >&2
  exit 2
fi
dest=${1%/}
stamp="$package $version $sha256"

is_current() {
  [ -f "$dest/.stamp" ] && [ "$(cat "$dest/.stamp")" = "$stamp" ]
}

if is_current; then
  exit 0
fi
if [ -e "$dest" ] && [ -n "$(ls -A "$dest")" ] && [ ! -f "$dest/.stamp" ]; then
  die "$dest holds something else"
fi
for tool in apt-get dpkg-deb sha256sum; do
  command -v "$tool" >/dev/null 2>&1 ||
    die "$tool is missing; without apt, set TENON_ENGINE_DIR to a tree of QuickJS-ng ${version%-*}"
done

mkdir -p "$(dirname "$dest")"
tmp=$(mktemp -d "${TMPDIR:-/tmp}/fetch-engine.XXXXXX")
new=
trap 'rm -rf "$tmp" ${new:+"$new" "$new.old"}' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
failures=$tmp/failures
: >"$failures"

is_pinned() { # FILE
  [ -f "$1" ] && printf '%s  %s\n' "$sha256" "$1" | sha256sum -c --status -
}

# The archives that this machine uses for its own release. Before a first
# update apt's index targets are empty and only its URIs tell.
archives() {
  if [ -n "${TENON_ENGINE_MIRROR:-}" ]; then
    printf '%s\n' "${TENON_ENGINE_MIRROR%/}"
    return
  fi
  # shellcheck source=/dev/null
  release=$(. /etc/os-release && printf %s "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016
  {
    apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' \
      'Created-By: Packages' 2>/dev/null | sed -n 's/^Debian|Debian|//p'
    apt-get update --print-uris 2>/dev/null |
      sed -n "s|^'\\(.*\\)/dists/$release/InRelease'.*|\\1|p"
  } | sed 's|/*$||' | awk 'NF && !/^cdrom:/ && !seen[$0]++'
}

# An apt of its own: no hooks, no preferences, nothing unauthenticated.
conf=$tmp/apt.conf
: >"$tmp/status"
cat >"$conf" <<CONF
Dir::Etc::sourcelist "$tmp/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "$tmp";
Dir::State::lists "$tmp/lists";
Dir::State::status "$tmp/status";
Dir::Cache "$tmp/cache";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
APT::Get::AllowUnauthenticated "false";
APT::Get::List-Cleanup "false";
APT::Default-Release "";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONF
if [ "$(id -u)" -eq 0 ]; then
  # apt's own user cannot write to a private folder.
  echo 'APT::Sandbox::User "root";' >>"$conf"
fi

apt() { # apt-get's arguments; the log holds only the last call
  apt-get -qq -c "$conf" "$@" >"$tmp/log" 2>&1
}

fetch_signed() { # ARCHIVE SUITE
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$1" "$2" \
    >"$tmp/sources.list"
  rm -rf "$tmp/lists" "$tmp/cache" "$tmp/download"
  mkdir -p "$tmp/lists/partial" "$tmp/cache/archives/partial" "$tmp/download"
  if ! apt -o APT::Update::Error-Mode=any update; then
    # An archive that is frozen past its date is still signed; the pin makes
    # a replayed index harmless.
    grep -qE 'expired|not valid (yet|before)' "$tmp/log" || return 1
    say "$2: the index is past its date; going by its signature and the pin"
    apt -o APT::Update::Error-Mode=any -o Acquire::Check-Valid-Until=false \
      -o Acquire::Check-Date=false update || return 1
  fi
  (cd "$tmp/download" && apt download "$package=$version") || return 1
  set -- "$tmp"/download/*.deb
  if ! is_pinned "$1"; then
    echo "E: $package $version there is not the pinned file" >"$tmp/log"
    return 1
  fi
  mv "$1" "$tmp/engine.deb"
}

fetch_pool() { # ARCHIVE
  rm -f "$tmp/pool.deb"
  /usr/lib/apt/apt-helper -c "$conf" download-file "$1/$pool_path" \
    "$tmp/pool.deb" "SHA256:$sha256" >"$tmp/log" 2>&1 || return 1
  is_pinned "$tmp/pool.deb" && mv "$tmp/pool.deb" "$tmp/engine.deb"
}

note_failure() { # WHERE
  printf '%s: %s\n' "$1" \
    "$(grep -m1 -E '^(E|W|Err)' "$tmp/log" || echo 'not there')" >>"$failures"
}

show_failures() {
  while IFS= read -r line; do
    say "$line"
  done <"$failures"
}

if [ -n "${TENON_ENGINE_DEB:-}" ]; then
  is_pinned "$TENON_ENGINE_DEB" ||
    die "$TENON_ENGINE_DEB is not $package $version (its sha256 differs)"
  cp "$TENON_ENGINE_DEB" "$tmp/engine.deb"
  how=pinned
else
  archives >"$tmp/archives"
  [ -s "$tmp/archives" ] ||
    die 'apt names no archive; set TENON_ENGINE_MIRROR or TENON_ENGINE_DEB'
  how='signed, pinned'
  if [ -r "$keyring" ]; then
    while IFS= read -r archive; do
      for suite in $suites; do
        if fetch_signed "$archive" "$suite"; then
          break 2
        fi
        note_failure "$archive $suite"
      done
    done <"$tmp/archives"
  else
    echo "no $keyring: install debian-archive-keyring" >>"$failures"
  fi
  if [ ! -f "$tmp/engine.deb" ]; then
    show_failures
    : >"$failures"
    say 'no signed index: going by the pin alone'
    how=pinned
    while IFS= read -r archive; do
      if fetch_pool "$archive"; then
        break
      fi
      note_failure "$archive pool"
    done <"$tmp/archives"
  fi
fi
if [ ! -f "$tmp/engine.deb" ]; then
  show_failures
  die "no $package $version; set TENON_ENGINE_DEB to the file or TENON_ENGINE_MIRROR to an archive"
fi

new=$(mktemp -d "$dest.new.XXXXXX")
dpkg-deb -x "$tmp/engine.deb" "$tmp/root"
cp -R "$tmp/root/usr/src/quickjs-ng/." "$new/"
cp "$tmp/root/usr/share/doc/$package/copyright" "$new/COPYING.debian"
if [ ! -f "$new/quickjs.c" ] || [ ! -f "$new/quickjs.h" ]; then
  die 'the package does not hold quickjs.c and quickjs.h'
fi
chmod 755 "$new"
printf '%s\n' "$stamp" >"$new/.stamp"
if [ -e "$dest" ]; then
  mv -T "$dest" "$new.old" 2>/dev/null || :
fi
# A second run at the same time may have been faster; its tree is as good.
mv -T "$new" "$dest" 2>/dev/null || is_current || die "cannot write $dest"
say "$package $version ($how) is in $dest"
