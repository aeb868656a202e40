#!/bin/sh
# Puts the pinned headers of Node-API into DEST, as DEST/tenon/node-api/*.h.
# They come from the package node-api-headers of npm, whose sha256 stands below
# and is enforced on every path.
#
# Invariants: works without root; DEST is replaced by a rename, complete or not
# at all; a DEST that carries this pin's stamp is left as it is.
#
#   TENON_NODE_API_TGZ=FILE   take this package, no network
set -eu
umask 022

package=node-api-headers
version=1.9.0
sha256=6cbfac49542194ae2c8f1dee5fa2dc00d66bec9cbf3b59e3a4e5f16d14eb0d19

say() {
  printf 'fetch-node-api: %s\n' "$*" >&2
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

is_pinned() { # FILE
  [ -f "$1" ] && printf '%s  %s\n' "$sha256" "$1" | sha256sum -c --status -
}

if is_current; then
  exit 0
fi
if [ -e "$dest" ] && [ -n "$(ls -A "$dest")" ] && [ ! -f "$dest/.stamp" ]; then
  die "$dest holds something else"
fi

mkdir -p "$(dirname "$dest")"
tmp=$(mktemp -d "${TMPDIR:-/tmp}/fetch-node-api.XXXXXX")
new=
trap 'rm -rf "$tmp" ${new:+"$new" "$new.old"}' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

file=$tmp/$package-$version.tgz
if [ -n "${TENON_NODE_API_TGZ:-}" ]; then
  cp "$TENON_NODE_API_TGZ" "$file"
elif command -v npm >/dev/null 2>&1; then
  (cd "$tmp" && npm pack --silent "$package@$version" >log 2>&1) || {
    cat "$tmp/log" >&2
    die "npm did not give $package $version"
  }
else
  die "npm is missing; set TENON_NODE_API_TGZ to $package-$version.tgz, or TENON_NODE_API_DIR to a folder that holds tenon/node-api/*.h"
fi
is_pinned "$file" || die "$file is not $package $version (its sha256 differs)"

new=$(mktemp -d "$dest.new.XXXXXX")
tar -xzf "$file" -C "$tmp"
mkdir -p "$new/tenon/node-api"
cp "$tmp"/package/include/*.h "$new/tenon/node-api/"
cp "$tmp/package/LICENSE" "$new/LICENSE"
[ -f "$new/tenon/node-api/js_native_api.h" ] ||
  die 'the package does not hold js_native_api.h'
chmod 755 "$new"
printf '%s\n' "$stamp" >"$new/.stamp"
if [ -e "$dest" ]; then
  mv -T "$dest" "$new.old" 2>/dev/null || :
fi
# A second run at the same time may have been faster; its tree is as good.
mv -T "$new" "$dest" 2>/dev/null || is_current || die "cannot write $dest"
say "$package $version (pinned) is in $dest"
