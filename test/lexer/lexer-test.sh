#!/bin/sh
# What the lexer of CommonJS finds is what node's finds, but for the differences
# that compare.js explains.
#
# usage: lexer-test.sh BUILD_DIR SCRATCH_DIR
set -u
. "$(dirname "$0")/../tap.sh"
out=$(cd "$2" && pwd)/out
names=$(cd "$1" && pwd)/test/lexer/names
cd "$(dirname "$0")/../.." || exit 2
packages=${TENON_LEXER_DIR:-build/lexer}

why=
if ! command -v node >/dev/null 2>&1; then
  why='node is not installed'
elif ! sh tools/fetch-npm.sh "$packages" test/lexer/packages \
  >"$out" 2>&1; then
  why=$(tail -n 1 "$out")
fi
for what in 'forms' 'the files of packages'; do
  compare() {
    node test/lexer/compare.js "$what" "$names" "$packages"
  }
  if [ -n "$why" ]; then
    skip "$what are read as node reads them" "$why"
  else
    test_that "$what are read as node reads them" compare
  fi
done

echo "1..$count"
exit $failed
