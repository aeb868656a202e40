#!/bin/sh
# Errors of code that comes with the command: command-test.sh BUILD_DIR
# SCRATCH_DIR
set -u
. "$(dirname "$0")/../tap.sh"
tenon=$1/tenon
cd "$2" || exit 2
prevent="onerror = (message) => { console.log(message); return true; };"
on="setTimeout(() => console.log('on'), 1);"

# What code says in one line, and its exit code.
said() { # CODE
  "$tenon" eval "$1" >out 2>&1
  code=$?
  printf '%s%s' "$(tr '\n' ' ' <out)" "$code"
}

is 'code that prevents its error goes on' 'Uncaught x on 0' \
  "$(said "$prevent $on throw 'x'")"
is 'so does a module' 'Uncaught x on 0' \
  "$(said "export {}; $prevent $on throw 'x'")"
is 'and one that waited' 'Uncaught x on 0' \
  "$(said "$prevent $on await 1; throw 'x'")"
is 'an error is told of once' 'seen Uncaught x 1' \
  "$(said "onerror = () => console.log('seen'); $on throw 'x'")"
is 'that of a module that waited too' 'seen Uncaught x 1' \
  "$(said "onerror = () => console.log('seen'); await 1; throw 'x'")"
is 'standard input has the same events' 'Uncaught x on 0' "$(
  printf '%s' "$prevent $on throw 'x'" | "$tenon" - >out 2>&1
  code=$?
  printf '%s%s' "$(tr '\n' ' ' <out)" "$code"
)"
is 'a handler may exit' 7 "$(said "onerror = () => process.exit(7); throw 1")"

echo "1..$count"
exit $failed
