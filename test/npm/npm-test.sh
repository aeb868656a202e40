#!/bin/sh
# Widely used packages of npm, imported and used: each of programs/ prints under
# tenon what it prints under node.
#
# usage: npm-test.sh BUILD_DIR SCRATCH_DIR
set -u
. "$(dirname "$0")/../tap.sh"
tenon=$(cd "$1" && pwd)/tenon
scratch=$(cd "$2" && pwd)
cd "$(dirname "$0")/../.." || exit 2
packages=${TENON_NPM_DIR:-$PWD/build/npm}
out=$scratch/out
export TZ=UTC

why=
if ! command -v node >/dev/null 2>&1; then
  why='node is not installed'
elif ! sh tools/fetch-npm.sh "$packages" test/npm/packages \
  >"$scratch/fetch" 2>&1; then
  why=$(tail -n 1 "$scratch/fetch")
fi
cp -R test/npm/show.js test/npm/programs "$scratch"
ln -s "$packages/node_modules" "$scratch/node_modules"
cd "$scratch" || exit 2

compare() { # PROGRAM
  node "programs/$1.mjs" >node.out 2>node.err || {
    cat node.err
    return 1
  }
  timeout 60 "$tenon" "programs/$1.mjs" >tenon.out 2>tenon.err || {
    head -n 5 tenon.err
    return 1
  }
  cmp node.out tenon.out && cmp node.err tenon.err
}

for program in programs/*.mjs; do
  package=$(basename "$program" .mjs)
  if [ -n "$why" ]; then
    skip "$package gives what it gives under node" "$why"
  else
    test_that "$package gives what it gives under node" \
      compare "$package"
  fi
done

echo "1..$count"
exit $failed
