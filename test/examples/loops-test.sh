#!/bin/sh
# examples/loops: what each host prints; the same, whatever its loop is.
#
# usage: loops-test.sh BUILD_DIR SCRATCH_DIR
set -eu
expected=$(cd "$(dirname "$0")" && pwd)/loops.expected
mkdir -p "$2"

echo 1..4
failed=0
count=0
for loop in poll epoll uv glib; do
  count=$((count + 1))
  title="a host with a loop of $loop runs the program beside its own timer"
  program=$1/examples/loops/loop-$loop
  if [ "$loop" = glib ] && [ ! -x "$program" ]; then
    echo "ok $count - $title # SKIP libglib2.0-dev was not there"
    continue
  fi
  code=0
  "$program" >"$2/said" 2>&1 || code=$?
  if [ "$code" -eq 0 ] && diff -U 3 "$expected" "$2/said" >"$2/out"; then
    echo "ok $count - $title"
  else
    failed=1
    echo "# exit code $code"
    sed 's/^/# /' "$2/out"
    echo "not ok $count - $title"
  fi
done
exit $failed
