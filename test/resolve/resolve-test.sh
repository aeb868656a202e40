#!/bin/sh
# What specifiers mean, with node as the oracle: packages are laid out, and each
# specifier is imported by node and by Tenon, which must come to the same file or
# fail with the same code.
#
# usage: resolve-test.sh BUILD_DIR SCRATCH_DIR
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

cp "$here/run.mjs" "$here/require.mjs" "$here/compare.mjs" .
node "$here/layouts.mjs"
node --no-warnings run.mjs >node.txt
"$build/tenon" run.mjs >tenon.txt || echo "# tenon ended with $?"
node --no-warnings require.mjs >node-require.txt
"$build/test/resolve/require" <questions.txt >tenon-require.txt ||
  echo "# require ended with $?"
exec node compare.mjs node.txt tenon.txt node-require.txt tenon-require.txt
