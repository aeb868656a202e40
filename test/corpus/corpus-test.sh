#!/bin/sh
# Every function of the corpus, called from JavaScript, under each compiler and at
# two levels of optimization; then functions of random signatures.
#
# usage: corpus-test.sh BUILD_DIR SCRATCH_DIR
#
#   TENON_CORPUS_ROUNDS=N  so many rounds of random signatures (1)
#   TENON_CORPUS_SEED=N    the first one's seed (1)
#   TENON_CORPUS_ONLY=NAME this file alone, and no random ones
set -u
. "$(dirname "$0")/../tap.sh"
tenon=$(cd "$1" && pwd)/tenon
scratch=$(cd "$2" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
rounds=${TENON_CORPUS_ROUNDS:-1}
seed=${TENON_CORPUS_SEED:-1}
only=${TENON_CORPUS_ONLY:-}

functions=0
cases=0

# Runs NAME.mjs; its last line says how much that was.
run() { # NAME LABEL
  "$tenon" "$1.mjs" >out 2>err
  code=$?
  told=$(sed -n 's/^# functions \([0-9]*\) cases \([0-9]*\) failed.*/\1 \2/p' out)
  if [ $code -ne 0 ] || [ -z "$told" ]; then
    { grep -v '^# functions' out; cat err; echo "exit code $code"; } |
      head -n 40 | sed 's/^/# /'
    result 1 "$2"
    return
  fi
  functions=$((functions + ${told% *}))
  cases=$((cases + ${told#* }))
  result 0 "$2: ${told% *} functions, ${told#* } cases"
}

under() { # CC CXX LEVEL
  folder=$scratch/$1$3
  mkdir -p "$folder"
  cd "$folder" || exit 2
  cp "$here"/*.mjs "$here"/*.rs .
  for file in "$here"/*.c "$here"/*.cpp; do
    { echo "// @js cflags: $3"; cat "$file"; } >"${file##*/}"
  done
  export TENON_CACHE_DIR="$folder/cache" CC="$1" CXX="$2" \
    TENON_CORPUS_LEVEL="$3"
  for file in "$here"/*.c "$here"/*.cpp; do
    name=${file##*/}
    name=${name%.*}
    [ -z "$only" ] || [ "$only" = "$name" ] || continue
    run "$name" "$name under $1 $3"
  done
  [ -z "$only" ] || return 0
  round=0
  while [ $round -lt "$rounds" ]; do
    n=$((seed + round))
    "$tenon" random.mjs $n "$3" >random.out 2>err || {
      sed 's/^/# /' err
      result 1 "random signatures of seed $n are made"
    }
    run "random-$n" "random signatures of seed $n under $1 $3"
    round=$((round + 1))
  done
}

unset CC CXX TENON_CACHE_DIR
out=
for compiler in gcc clang; do
  other=g++
  [ $compiler = gcc ] || other=clang++
  for level in -O0 -O3; do
    if command -v $compiler >/dev/null 2>&1 &&
      command -v $other >/dev/null 2>&1; then
      under $compiler $other $level
    else
      skip "the corpus under $compiler $level" 'it is not installed'
    fi
  done
done
unset CC CXX
if ! command -v rustc >/dev/null 2>&1; then
  skip 'the corpus of Rust' 'rustc is not installed'
elif [ -z "$only" ] || [ "$only" = rust ]; then
  mkdir -p "$scratch/rust"
  cd "$scratch/rust" || exit 2
  cp "$here"/*.mjs "$here"/*.rs .
  export TENON_CACHE_DIR="$scratch/rust/cache"
  run rust 'rust'
fi

echo "# $functions functions called, $cases cases"
echo "1..$count"
exit $failed
