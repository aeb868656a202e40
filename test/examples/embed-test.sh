#!/bin/sh
# examples/embed: what a host in C prints, and how it ends.
#
# usage: embed-test.sh BUILD_DIR SCRATCH_DIR
set -eu
expected=$(cd "$(dirname "$0")" && pwd)/embed.expected
mkdir -p "$2"

echo 1..2
failed=0
code=0
"$1/examples/embed/embed" >"$2/said" 2>&1 || code=$?

if diff -U 3 "$expected" "$2/said" >"$2/out"; then
  echo 'ok 1 - the example prints what is expected'
else
  failed=1
  sed 's/^/# /' "$2/out"
  echo 'not ok 1 - the example prints what is expected'
fi
if [ "$code" -eq 3 ]; then
  echo 'ok 2 - the exit code is the one that the script asked for'
else
  failed=1
  echo "# got $code"
  echo 'not ok 2 - the exit code is the one that the script asked for'
fi
exit $failed
