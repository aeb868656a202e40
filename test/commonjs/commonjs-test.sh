#!/bin/sh
# Programs of CommonJS, and of both kinds of modules, with node as the oracle: each
# is run by node and by Tenon, which must print the same and end with the same code.
#
# usage: commonjs-test.sh BUILD_DIR SCRATCH_DIR
set -eu
build=$(cd "$1" && pwd)
mkdir -p "$2"
here=$(cd "$(dirname "$0")" && pwd)
cd "$2"

why=
if ! command -v node >/dev/null 2>&1; then
  why='node is not installed'
elif [ "$(node -p 'process.features.require_module === true')" != true ]; then
  why="node is older than 20.19"
fi
if [ -n "$why" ]; then
  echo "1..0 # SKIP $why"
  exit 0
fi
exec node "$here/compare.mjs" "$build/tenon"
