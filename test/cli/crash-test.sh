#!/bin/sh
# What the command tells when native code crashes: crash-test.sh BUILD_DIR
# SCRATCH_DIR
set -u
. "$(dirname "$0")/../tap.sh"
build_dir=$(cd "$1" && pwd)
tenon=$build_dir/tenon
include=$(cd "$(dirname "$0")/../../include" && pwd)
cd "$2" || exit 2
ulimit -c 0
if grep -q 'TENON_SANITIZE:[A-Z]*=.' "$build_dir/CMakeCache.txt"; then
  skip 'crashes are told' 'sanitizers end the process in their own way'
  echo "1..$count"
  exit 0
fi

cat >faults.c <<'END'
#include <stdlib.h>
#include <tenon/export.h>

static volatile int zero;

TENON_FUNCTION(none, poke, (i32, at))
{
  *(volatile int *volatile)(long)at = 1;
}

TENON_BLOCKING(i32, divide)
{
  return 7 / zero;
}

TENON_FUNCTION(none, give_up)
{
  abort();
}

static int recurse(volatile int n)
{
  volatile char room[1000];

  room[0] = (char)n;
  return (zero == n + 1 ? 0 : recurse(n + 1)) + room[0];
}

TENON_FUNCTION(i32, overflow)
{
  return recurse(0);
}
END
cc -shared -fPIC -I"$include" faults.c -o faults.so || exit 2

# The exit code and what is told, lines parted by bars.
crash() { # CODE OPTION...
  code=$1
  shift
  "$tenon" "$@" eval "import * as m from './faults.so'; $code" 2>all
  echo $?
  # The shell tells of signals, too.
  grep '^tenon: \|^{' all >error
  tr '\n' '|' <error | sed 's|/[^ ]*faults.so|faults.so|'
}

is 'a crash is told, and its exit code stays' \
  "139
tenon: SIGSEGV: no memory at address 0x10|tenon: in native function 'poke' of module 'faults.so' (faults.c:6)|tenon: the script was at [eval]:1:37|" \
  "$(crash 'm.poke(16)')"
is 'a crash on the pool is told' \
  "136
tenon: SIGFPE: integer division by zero or overflow|tenon: in native function 'divide' of module 'faults.so', on a thread of the pool (faults.c:11)|" \
  "$(crash 'await m.divide()')"
is 'an abort is told' "134
tenon: SIGABRT: aborted|" \
  "$(crash 'm.give_up()' | sed 's/|.*/|/')"
is 'an overflow of the stack is told' "139
tenon: SIGSEGV: stack overflow at address 0x" \
  "$(crash 'm.overflow()' | sed 's/0x.*/0x/')"
is '--no-crash-report: nothing is told' '139' \
  "$(crash 'm.poke(16)' --no-crash-report)"
is '--json-errors: it is an object' '139
crash SIGSEGV 0x10 poke faults.c 6 1' "$(crash 'm.poke(16)' --json-errors |
  head -n 1
  "$tenon" eval '
    const { readFileSync } = require("node:fs");
    const e = JSON.parse(readFileSync("error", "utf8"));
    console.log(e.kind, e.signal, e.address, e.function, e.source.file,
      e.source.line, e.place.line)')"
mkdir 'a b'
echo 'import { poke } from "../faults.so"; poke(16)' >'a b/é.mjs'
"$tenon" 'a b/é.mjs' 2>all
is 'files are told by their paths' "$PWD/a b/é.mjs:1:38" \
  "$(sed -n 's/tenon: the script was at //p' all)"
is 'a program that ends otherwise says nothing' '0' "$(crash 'm.poke')"

echo "1..$count"
exit $failed
