#!/bin/sh
# node's modules, with node as the oracle: each program of this folder is run by
# node and by Tenon, and both print the same. What is different on purpose is
# left out of the programs and told in docs/node.md.
#
# usage: node-test.sh BUILD_DIR SCRATCH_DIR
set -u
. "$(dirname "$0")/../tap.sh"
tenon=$(cd "$1" && pwd)/tenon
scratch=$(cd "$2" && pwd)
out=$scratch/out
cd "$(dirname "$0")" || exit 2

why=
if ! command -v node >/dev/null 2>&1; then
  why='node is not installed'
elif [ "$(node -p 'process.versions.node.split(".")[0]')" != 20 ]; then
  why='node is not of version 20, whose messages are compared'
fi

is_the_same() { # FILE
  node --no-warnings "$1" >"$scratch/node.txt" 2>&1 ||
    echo "# ended with $?" >>"$scratch/node.txt"
  NODE_NO_WARNINGS=1 "$tenon" "$1" >"$scratch/tenon.txt" 2>&1 ||
    echo "# ended with $?" >>"$scratch/tenon.txt"
  [ "$(wc -l <"$scratch/node.txt")" -ge 3 ] || {
    echo 'node has said too little'
    cat "$scratch/node.txt"
    return 1
  }
  diff "$scratch/node.txt" "$scratch/tenon.txt" >"$scratch/diff.txt" && return 0
  grep -c '^<' "$scratch/diff.txt" | sed 's/$/ lines of node differ/'
  head -n 40 "$scratch/diff.txt"
  return 1
}

for file in *.mjs; do
  name="$(sed -n '1s|^// ||p' "$file")"
  if [ -n "$why" ]; then
    skip "$name" "$why"
  else
    test_that "$name" is_the_same "$file"
  fi
done

echo "1..$count"
exit $failed
