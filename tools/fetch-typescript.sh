#!/bin/sh
# Puts the pinned compiler of TypeScript into DEST, for the tests alone: run
# `node DEST/lib/tsc.js`. It comes from the package typescript of npm, whose
# sha256 stands below and is enforced on every path.
#
# Invariants: works without root; DEST is replaced by a rename, complete or not
# at all; a DEST that carries this pin's stamp is left as it is. Exit code 1
# says that it is not to be had here.
#
#   TENON_TYPESCRIPT_TGZ=FILE   take this package, no network
set -eu
umask 022

package=typescript
version=5.9.3
sha256=10e108c9cf7d5f2879053dff18515fb405abf2ccef63eaaf017d9c571687a1d3

say() {
  printf 'fetch-typescript: %s\n' "$*" >&2
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

mkdir -p "$(dirname "$dest")"
tmp=$(mktemp -d "$dest.new.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

file=$tmp/$package-$version.tgz
if [ -n "${TENON_TYPESCRIPT_TGZ:-}" ]; then
  file=$TENON_TYPESCRIPT_TGZ
elif command -v npm >/dev/null 2>&1; then
  (cd "$tmp" && npm pack --silent "$package@$version" >log 2>&1) || {
    cat "$tmp/log" >&2
    die "npm did not give $package $version"
  }
else
  die "npm is missing; set TENON_TYPESCRIPT_TGZ to $package-$version.tgz"
fi
printf '%s  %s\n' "$sha256" "$file" | sha256sum -c --status - ||
  die "$file is not $package $version (its sha256 differs)"

tar -xzf "$file" -C "$tmp"
[ -f "$tmp/package/lib/tsc.js" ] || die 'the package does not hold lib/tsc.js'
# What the compiler needs is a third of it: no language server, no languages.
mkdir "$tmp/ready" "$tmp/ready/lib"
cp "$tmp/package/LICENSE.txt" "$tmp/package/package.json" "$tmp/ready"
cp "$tmp/package/lib/tsc.js" "$tmp/package/lib/_tsc.js" \
  "$tmp"/package/lib/lib*.d.ts "$tmp/ready/lib"
printf '%s\n' "$stamp" >"$tmp/ready/.stamp"
if [ -e "$dest" ]; then
  mv -T "$dest" "$tmp/old" 2>/dev/null || :
fi
# A second run at the same time may have been faster; its tree is as good.
mv -T "$tmp/ready" "$dest" 2>/dev/null || is_current || die "cannot write $dest"
say "$package $version (pinned) is in $dest"
