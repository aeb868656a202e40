#!/bin/sh
# console and what it writes to: console-test.sh BUILD_DIR SCRATCH_DIR
set -u
. "$(dirname "$0")/../tap.sh"
tenon=$1/tenon
cd "$2" || exit 2
unset FORCE_COLOR NO_COLOR
TERM=xterm
export TERM
# Escapes as \e, so that they can be read.
plainly() {
  tr '\033' '~' | sed 's/~/\\e/g'
}

show='console.log({ a: 1, b: "x" }, "text", 5)'
colored='{ a: \e[33m1\e[39m, b: \e[32m'"'x'"'\e[39m } text \e[33m5\e[39m'
plain="{ a: 1, b: 'x' } text 5"

# --- Colours -------------------------------------------------------------------

is 'a pipe gets no colours' "$plain" "$("$tenon" eval "$show")"
is 'FORCE_COLOR wants colours' "$colored" \
  "$(FORCE_COLOR=1 "$tenon" eval "$show" | plainly)"
is 'FORCE_COLOR=0 does not' "$plain" "$(FORCE_COLOR=0 "$tenon" eval "$show")"
is 'an empty FORCE_COLOR says nothing' "$plain" \
  "$(FORCE_COLOR='' "$tenon" eval "$show")"
is 'FORCE_COLOR wins over NO_COLOR' "$colored" \
  "$(FORCE_COLOR=1 NO_COLOR=1 "$tenon" eval "$show" | plainly)"

at_terminal() { # NAME=VALUE...
  env "$@" script -qec "'$tenon' eval '$show'" /dev/null </dev/null |
    tr -d '\r' | plainly
}

if has_terminals; then
  is 'a terminal gets colours' "$colored" "$(at_terminal TERM=xterm)"
  is 'a dumb terminal gets none' "$plain" "$(at_terminal TERM=dumb)"
  is 'NO_COLOR wants none' "$plain" "$(at_terminal NO_COLOR=1)"
  is 'an empty NO_COLOR says nothing' "$colored" "$(at_terminal NO_COLOR=)"
  is 'each stream is looked at by itself' '{ a: 1 }' "$(
    script -qec "'$tenon' eval 'console.error({ a: 1 })' 2>error" /dev/null \
      </dev/null
    cat error
  )"
  is 'clear clears a terminal' '\e[1;1H\e[0J' "$(
    script -qec "'$tenon' eval 'console.clear()'" /dev/null </dev/null |
      tr -d '\r' | plainly
  )"
else
  skip 'a terminal gets colours' 'there are no terminals'
fi

cat >colors.js <<'END'
class A {}
Error.stackTraceLimit = 0;
console.log([1n, true, null, undefined, Symbol('s'), new Date(0), /x/g, () => {}, A]);
console.log({ 'a-b': 1, [Symbol('k')]: 2, get g() { return 1; } });
console.log([, 1], new Map([['k', 1]]), new Set(['v']), Promise.resolve(1), Object(1));
console.log({ a: { b: { c: { d: 1 } } } }, new ArrayBuffer(1));
const o = {};
o.o = o;
console.log(o, 'a\n', ['a\n']);
console.log(Array.from({ length: 12 }, (_, i) => i));
console.log({ a: 'x'.repeat(30), b: 'y'.repeat(26) });
console.log('%s %d %O %o', 'a', 1, { b: 2 }, [3]);
console.table([{ a: 1 }]);
console.log(new Error('e', { cause: 1 }));
END
cat >colors.expected <<'END'
[
  \e[33m1n\e[39m,
  \e[33mtrue\e[39m,
  \e[1mnull\e[22m,
  \e[90mundefined\e[39m,
  \e[32mSymbol(s)\e[39m,
  \e[35m1970-01-01T00:00:00.000Z\e[39m,
  \e[31m/x/g\e[39m,
  \e[36m[Function (anonymous)]\e[39m,
  \e[36m[class A]\e[39m
]
{ \e[32m'a-b'\e[39m: \e[33m1\e[39m, g: \e[36m[Getter]\e[39m, [\e[32mSymbol(k)\e[39m]: \e[33m2\e[39m }
[ \e[90m<1 empty item>\e[39m, \e[33m1\e[39m ] Map(1) { \e[32m'k'\e[39m => \e[33m1\e[39m } Set(1) { \e[32m'v'\e[39m } Promise { \e[33m1\e[39m } \e[33m[Number: 1]\e[39m
{ a: { b: { c: \e[36m[Object]\e[39m } } } ArrayBuffer { \e[36m[Uint8Contents]\e[39m: <00>, byteLength: \e[33m1\e[39m }
\e[36m<ref *1>\e[39m { o: \e[36m[Circular *1]\e[39m } a
 [ \e[32m'a\n'\e[39m ]
[
   \e[33m0\e[39m,  \e[33m1\e[39m, \e[33m2\e[39m, \e[33m3\e[39m, \e[33m4\e[39m,
   \e[33m5\e[39m,  \e[33m6\e[39m, \e[33m7\e[39m, \e[33m8\e[39m, \e[33m9\e[39m,
  \e[33m10\e[39m, \e[33m11\e[39m
]
{
  a: \e[32m'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\e[39m,
  b: \e[32m'yyyyyyyyyyyyyyyyyyyyyyyyyy'\e[39m
}
a 1 { b: \e[33m2\e[39m } [ \e[33m3\e[39m, [length]: \e[33m1\e[39m ]
┌─────────┬───┐
│ (index) │ a │
├─────────┼───┤
│ 0       │ \e[33m1\e[39m │
└─────────┴───┘
[Error: e] { [cause]: \e[33m1\e[39m }
END
FORCE_COLOR=1 "$tenon" colors.js | plainly >colors.out
is 'kinds of values have their colours, and lines their lengths' '' \
  "$(diff colors.expected colors.out)"

# --- Where it goes -------------------------------------------------------------

lines='for (let i = 0; i < 1e5; i++) console.log("line", i)'
is 'a pipe that nobody reads any more ends the program silently' '141 ' "$(
  {
    "$tenon" eval "$lines" 2>error
    echo $? >code
  } | head -n 1 >/dev/null
  echo "$(cat code) $(cat error)"
)"
is 'so it does where the signal is ignored' '141 ' "$(
  trap '' PIPE
  {
    "$tenon" eval "$lines" 2>error
    echo $? >code
  } | head -n 1 >/dev/null
  echo "$(cat code) $(cat error)"
)"
"$tenon" eval 'console.log(1); process.exitCode = 3' >&- 2>error
is 'a closed standard output changes nothing' '3 ' "$? $(cat error)"
if [ -w /dev/full ]; then
  "$tenon" eval 'console.log(1); process.exitCode = 3' >/dev/full 2>error
  is 'a full disk changes nothing' '3 ' "$? $(cat error)"
else
  skip 'a full disk changes nothing' 'there is no /dev/full'
fi
is 'a slow reader gets everything' 'line 99999' \
  "$("$tenon" eval "$lines" | (
    sleep 0.2
    tail -n 1
  ))"
is 'a long line is written before the program exits' 5000001 \
  "$("$tenon" eval 'console.log("x".repeat(5e6)); process.exit(0)' | wc -c |
    tr -d ' ')"
is 'both streams are written in the order of the calls' '1 2 3 4 ' \
  "$("$tenon" eval 'console.log(1); console.error(2); console.log(3);
    console.warn(4)' 2>&1 | tr '\n' ' ')"
is 'info, debug and dirxml write to standard output' '1 2 3 ' \
  "$("$tenon" eval 'console.info(1); console.debug(2); console.dirxml(3);
    console.error(4); console.trace(5); console.assert(0)' 2>/dev/null |
    tr '\n' ' ')"
is 'a group moves what goes to standard error too' '  in   more ' \
  "$("$tenon" eval 'console.group(); console.error("in\nmore")' 2>&1 |
    tr '\n' ' ')"

# --- What differs from run to run -----------------------------------------------

is 'a timer says how long it runs' 'x: Nms {} y,x: Nms,default: N.Ns,' "$(
  "$tenon" eval 'console.time("x"); console.time();
    console.timeLog("x", {}, "y"); console.timeEnd("x");
    setTimeout(() => console.timeEnd(), 1001)' |
    sed -E 's/[0-9]+\.[0-9]+s/N.Ns/; s/[0-9.]+ms/Nms/' | tr '\n' ','
)"
is 'a trace begins at its caller' 'Trace: here,    at f,    at <eval>,' "$(
  "$tenon" eval 'function f() { console.trace("here"); } f();' 2>&1 |
    sed 's/ (.*//' | tr '\n' ','
)"
is 'a console that the program took away is not missed' '{ a: 1 }' \
  "$("$tenon" eval 'const { log } = console; globalThis.console = null;
    log({ a: 1 })')"
echo "1..$count"
exit $failed
