#!/bin/sh
# Puts the packages of npm that become a part of the library into DEST, each as
# DEST/NAME. Their sha256 stand below and are enforced on every path.
#
# Invariants: works without root; DEST is replaced by a rename, complete or not
# at all; a DEST that carries these pins' stamp is left as it is.
#
#   TENON_NODE_PACKAGES_TGZ_DIR=DIR   take DIR/NAME-VERSION.tgz, no network
set -eu
umask 022

# NAME VERSION SHA256 LICENCE, the file that holds it
packages='punycode 2.3.1 e4ce59f9fbac44349abab87279ab658f6b4614916bec5e088ae3be9323e193bb LICENSE-MIT.txt'

say() {
  printf 'fetch-node-packages: %s\n' "$*" >&2
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

is_current() {
  [ -f "$dest/.stamp" ] && [ "$(cat "$dest/.stamp")" = "$packages" ]
}

if is_current; then
  exit 0
fi
if [ -e "$dest" ] && [ -n "$(ls -A "$dest")" ] && [ ! -f "$dest/.stamp" ]; then
  die "$dest holds something else"
fi

mkdir -p "$(dirname "$dest")"
tmp=$(mktemp -d "${TMPDIR:-/tmp}/fetch-node-packages.XXXXXX")
new=$(mktemp -d "$dest.new.XXXXXX")
trap 'rm -rf "$tmp" "$new" "$new.old"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

fetch() { # NAME VERSION SHA256 LICENCE
  file=$tmp/$1-$2.tgz
  if [ -n "${TENON_NODE_PACKAGES_TGZ_DIR:-}" ]; then
    cp "$TENON_NODE_PACKAGES_TGZ_DIR/$1-$2.tgz" "$file"
  elif command -v npm >/dev/null 2>&1; then
    (cd "$tmp" && npm pack --silent "$1@$2" >log 2>&1) || {
      cat "$tmp/log" >&2
      die "npm did not give $1 $2"
    }
  else
    die "npm is missing; set TENON_NODE_PACKAGES_TGZ_DIR to a folder that holds $1-$2.tgz, or TENON_NODE_PACKAGES_DIR to one that holds the packages"
  fi
  printf '%s  %s\n' "$3" "$file" | sha256sum -c --status - ||
    die "$file is not $1 $2 (its sha256 differs)"
  rm -rf "$tmp/package"
  tar -xzf "$file" -C "$tmp"
  [ -f "$tmp/package/package.json" ] || die "$1 $2 is no package"
  cp "$tmp/package/$4" "$tmp/package/LICENSE.new"
  mv "$tmp/package/LICENSE.new" "$tmp/package/LICENSE"
  mv "$tmp/package" "$new/$1"
}

printf '%s\n' "$packages" >"$tmp/packages"
while read -r name version sha256 licence; do
  fetch "$name" "$version" "$sha256" "$licence" </dev/null
  say "$name $version (pinned) is in $dest"
done <"$tmp/packages"
chmod 755 "$new"
printf '%s\n' "$packages" >"$new/.stamp"
if [ -e "$dest" ]; then
  mv -T "$dest" "$new.old" 2>/dev/null || :
fi
# A second run at the same time may have been faster; its tree is as good.
mv -T "$new" "$dest" 2>/dev/null || is_current || die "cannot write $dest"
