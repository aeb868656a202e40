#!/bin/sh
# Import maps mean what they mean in deno. Where there is no deno in
# build/peers, where `make bench` puts it, or no node, it is skipped.
#
# usage: import-map-test.sh BUILD_DIR SCRATCH_DIR
set -u
. "$(dirname "$0")/../tap.sh"
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
tenon=$build/tenon
scratch=$(cd "$2" && pwd -P)
deno=${TENON_DENO:-$build/../peers/node_modules/@deno/linux-x64-glibc/deno}
out=$scratch/out
maps=${TENON_IMPORT_MAPS:-40}
name="$maps import maps mean what they mean in deno"

if [ ! -x "$deno" ] || ! command -v node >/dev/null 2>&1; then
  skip "$name" 'no deno in build/peers, or no node'
  echo "1..$count"
  exit 0
fi
cd "$scratch" || exit 2
node "$here/generate.mjs" "$maps" || exit 2

compare() {
  i=0
  differ=0
  while [ $i -lt "$maps" ]; do
    DENO_DIR=$scratch/deno NO_COLOR=1 "$deno" run --allow-read --no-remote \
      --quiet --import-map "map-$i.json" ask.mjs >deno.txt 2>deno.err
    "$tenon" --import-map "map-$i.json" ask.mjs >tenon.txt 2>tenon.err
    if [ ! -s deno.txt ] || ! diff -u deno.txt tenon.txt; then
      differ=1
      echo "map-$i.json: $(cat "map-$i.json")"
      cat deno.err tenon.err
    fi
    i=$((i + 1))
  done
  return $differ
}
test_that "$name" compare

echo "1..$count"
exit $failed
