#!/bin/sh
# fetch-lexer.sh DEST — put node's lexer of CommonJS and some large packages,
# from npm and pinned, into DEST/node_modules for the tests. Exit code 1 says
# that they are not to be had here.
set -eu
umask 022
dest=$1
packages='cjs-module-lexer@2.2.0 lodash@4.17.21 typescript@5.9.3 ajv@8.17.1
rxjs@7.8.1 yargs@17.7.2 mathjs@13.2.0 handlebars@4.7.8 @babel/core@7.26.0
webpack@5.97.1 luxon@3.5.0'

if [ -f "$dest/stamp" ] && [ "$(cat "$dest/stamp")" = "$packages" ]; then
  exit 0
fi
if ! command -v npm >/dev/null 2>&1; then
  echo 'fetch-lexer: npm is missing' >&2
  exit 1
fi
mkdir -p "$dest"
# shellcheck disable=SC2086
npm install --prefix "$dest" --silent --no-save --no-audit --no-fund \
  --ignore-scripts $packages >&2 || {
  echo 'fetch-lexer: npm did not give the packages' >&2
  exit 1
}
printf '%s\n' "$packages" >"$dest/stamp"
