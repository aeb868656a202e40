#!/bin/sh
# fetch-peers.sh DEST — put bun and deno, from npm and pinned, into DEST for
# the benchmarks. Where npm or the registry is not to be had it says so, and
# the benchmarks go on without them.
set -eu
dest=$1
peers='@oven/bun-linux-x64@1.4.5 @deno/linux-x64-glibc@2.9.6'

if [ -f "$dest/stamp" ] && [ "$(cat "$dest/stamp")" = "$peers" ]; then
  exit 0
fi
if ! command -v npm >/dev/null 2>&1; then
  echo 'fetch-peers: no npm: measuring without bun and deno' >&2
  exit 0
fi
mkdir -p "$dest"
# shellcheck disable=SC2086
if npm install --prefix "$dest" --silent --no-save --no-audit --no-fund \
    --ignore-scripts $peers >&2; then
  printf '%s\n' "$peers" >"$dest/stamp"
  # What npm unpacks is not always executable.
  chmod +x "$dest/node_modules/@oven/bun-linux-x64/bin/bun" \
    "$dest/node_modules/@deno/linux-x64-glibc/deno"
else
  echo 'fetch-peers: measuring without bun and deno' >&2
fi
