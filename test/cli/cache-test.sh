#!/bin/sh
# `tenon cache`: what is kept of native source, and removing it.
#
# usage: cache-test.sh BUILD_DIR SCRATCH_DIR
set -u
. "$(dirname "$0")/../tap.sh"
build=$(cd "$1" && pwd)
tenon=$build/tenon
scratch=$(cd "$2" && pwd -P)
cd "$scratch" || exit 2
TENON_CACHE_DIR=$scratch/cache
export TENON_CACHE_DIR

fill() {
  "$build/test/source/source-fill" "$build/test/source/source-reader" "$@" 2>&1
}
# Without what differs from run to run: the time, and where it is.
list() {
  "$tenon" cache list 2>&1 | cut -f 2- | sed "s|$scratch/||; s/^[0-9.]* KiB/SIZE/" |
    tr '\t' ' '
}

is 'a cache that is not there is empty' '' "$("$tenon" cache list 2>&1)"
is 'and there is nothing to remove' 'removed 0 objects, 0 B' \
  "$("$tenon" cache clear 2>&1)"
is 'looking makes no folder' 1 "$([ -e cache ] || echo 1)"

echo 'int answer(void) { return 1; }' >x.c
echo 'int answer(void) { return 2; }' >'a b.c'
is 'what is imported is built' '1 built' "$(fill x.c)"
is 'once' '1 found' "$(fill x.c)"
fill x.c -O3 >/dev/null
fill 'a b.c' >/dev/null
is 'each has a line, by its name, with its flags' "SIZE fresh a b.c
SIZE fresh x.c
SIZE fresh x.c cflags='-O3'" "$(list)"
echo 'int answer(void) { return 3; }' >x.c
rm 'a b.c'
is 'what has changed or is gone is stale' "SIZE stale a b.c
SIZE stale x.c
SIZE stale x.c cflags='-O3'" "$(list)"
is 'a time and a size come first' 1 \
  "$("$tenon" cache list | grep -cE '^20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}	[0-9.]+ KiB	stale	.*/a b\.c$')"

is 'all is removed, with how much it was' 'removed 3 objects' \
  "$("$tenon" cache clear 2>&1 | sed 's/,.*//')"
is 'and is gone' '' "$(list)"
is 'and is built again' '3 built' "$(fill x.c)"

chmod 777 cache
is 'a cache that others can write to is not looked at' \
  "tenon: cache list: $scratch/cache can be written to by other users" \
  "$("$tenon" cache list 2>&1)"
"$tenon" cache clear >/dev/null 2>&1
is 'which is an error' 1 $?
is 'one line of JSON' '{"kind":"failure","message":"' \
  "$("$tenon" --json-errors cache clear 2>&1 | cut -c 1-29)"
is 'an import says so and goes on' "3 built" \
  "$(fill x.c 2>&1 | grep built)"
chmod 700 cache

for arguments in 'cache' 'cache remove' 'cache list x' 'cache --all' \
  '--timeout 1s cache list'; do
  # shellcheck disable=SC2086
  "$tenon" $arguments >/dev/null 2>&1
  is "$arguments is misuse" 2 $?
done
"$tenon" cache --help 2>&1 | grep -q '^usage:'
is 'cache --help tells the usage' 0 $?
echo 'console.log("a file");' >cache.js
cp cache.js ./cache.mjs
is 'a file of that name stands after --' 'a file' \
  "$(mkdir f && cd f && cp ../cache.js cache && "$tenon" -- cache 2>&1)"

echo "1..$count"
exit $failed
