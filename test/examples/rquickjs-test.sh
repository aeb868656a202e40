#!/bin/sh
# examples/rquickjs: what each section prints.
#
# usage: rquickjs-test.sh BUILD_DIR SCRATCH_DIR
set -eu
expected=$(cd "$(dirname "$0")" && pwd)/rquickjs.expected
mkdir -p "$2"
failed=0
code=0
"$1/examples/rquickjs/rquickjs" >"$2/said" 2>"$2/errors" || code=$?

# The lines of section TITLE of file FILE.
section() { # TITLE FILE
  awk -v title="--- $1" '/^--- / { is_in = $0 == title } is_in' "$2"
}

# One test a section; the titles are those that are expected.
count=0
sed -n 's/^--- //p' "$expected" >"$2/titles"
while IFS= read -r title; do
  count=$((count + 1))
  section "$title" "$expected" >"$2/want"
  section "$title" "$2/said" >"$2/got"
  if diff -U 3 "$2/want" "$2/got" >"$2/out"; then
    echo "ok $count - $title"
  else
    failed=1
    sed 's/^/# /' "$2/out"
    echo "not ok $count - $title"
  fi
done <"$2/titles"

count=$((count + 1))
grep '^--- ' "$2/said" | sed 's/^--- //' >"$2/shown" || :
if diff -U 3 "$2/titles" "$2/shown" >"$2/out"; then
  echo "ok $count - these are all sections, in this order"
else
  failed=1
  sed 's/^/# /' "$2/out"
  echo "not ok $count - these are all sections, in this order"
fi

count=$((count + 1))
if [ "$code" -eq 0 ] && [ ! -s "$2/errors" ]; then
  echo "ok $count - the example ends well"
else
  failed=1
  echo "# exit code $code"
  sed 's/^/# /' "$2/errors"
  echo "not ok $count - the example ends well"
fi
echo "1..$count"
exit $failed
