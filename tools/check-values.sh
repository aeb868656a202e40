#!/bin/sh
# check-values.sh ENGINE_DIR — a pass of the compiler that sees a borrowed
# JSValue being freed, or an owned one being lent where it is taken: with
# JS_CHECK_JSVALUE the engine's header makes them two types. TAP, one line a
# file.
set -u
cd "$(dirname "$0")/.." || exit 1
engine=${1:-build/engine-src}
cc=${CC:-cc}

# What is compiled in one unit with the engine uses its inner types.
unit=$(sed -n 's|^#include "\(engine/.*\.c\)"|src/\1|p' src/engine/unit.c)
files=$(find src -name '*.c' ! -path 'src/engine/unit.c' | sort)
for file in $unit; do
  files=$(printf '%s\n' "$files" | grep -vxF "$file")
done
# shellcheck disable=SC2086
set -- $files
echo "1..$#"
n=0
failed=0
for file in "$@"; do
  n=$((n + 1))
  if output=$($cc -std=gnu11 -fsyntax-only -Werror -D_GNU_SOURCE \
      -DJS_CHECK_JSVALUE -Iinclude -Isrc -isystem "$engine" \
      -isystem "${TENON_NODE_API_DIR:-build/node-api-headers}" "$file" 2>&1); then
    echo "ok $n - owned and borrowed values in $file"
  else
    echo "not ok $n - owned and borrowed values in $file"
    printf '%s\n' "$output" | sed 's/^/# /'
    failed=1
  fi
done
exit $failed
