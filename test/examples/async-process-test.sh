#!/bin/sh
# examples/async-process: what it prints, in that order, and that nothing of it
# goes on. Where curl is not installed the downloads are skipped.
#
# usage: async-process-test.sh BUILD_DIR SCRATCH_DIR
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
mkdir -p "$2"
scratch=$(cd "$2" && pwd)
out=$scratch/out
# shellcheck source=test/tap.sh
. "$here/../tap.sh"
example=$here/../../examples/async-process
server=$build/examples/async-process/server

prints_what_is_expected() {
  timeout 60 "$build/tenon" "$example/main.mjs" "$server" >"$scratch/said" 2>&1
  diff -U 3 "$here/async-process.expected" "$scratch/said"
}

is_said_by_the_readme() {
  sed -n 's/^    //p' "$example/README.md" | tail -n +2 >"$scratch/readme"
  sed '/^prints$/d; /^$/d' "$scratch/readme" | diff "$here/async-process.expected" -
}

has_no_server() {
  ! pgrep -f "^$server" >/dev/null 2>&1
}

if command -v curl >/dev/null 2>&1; then
  test_that 'the example prints what is expected' prints_what_is_expected
  test_that 'its server has ended with it' has_no_server
else
  skip 'the example prints what is expected' 'no curl'
  skip 'its server has ended with it' 'no curl'
fi
test_that 'the readme says what it prints' is_said_by_the_readme
echo "1..$count"
exit $failed
