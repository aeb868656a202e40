#!/bin/sh
# fetch-npm.sh DEST LIST — put packages of npm that tests need into
# DEST/node_modules: each word of the file LIST is one, with its version. Exit
# code 1 says that they are not to be had here.
set -eu
umask 022
dest=$1
packages=$(cat "$2")

if [ -f "$dest/stamp" ] && [ "$(cat "$dest/stamp")" = "$packages" ]; then
  exit 0
fi
if ! command -v npm >/dev/null 2>&1; then
  echo 'fetch-npm: npm is missing' >&2
  exit 1
fi
mkdir -p "$dest"
# shellcheck disable=SC2086
npm install --prefix "$dest" --silent --no-save --no-audit --no-fund \
  --ignore-scripts $packages >&2 || {
  echo 'fetch-npm: npm did not give the packages' >&2
  exit 1
}
printf '%s\n' "$packages" >"$dest/stamp"
