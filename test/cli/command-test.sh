#!/bin/sh
# The command's own ways to be called: command-test.sh BUILD_DIR SCRATCH_DIR
set -u
. "$(dirname "$0")/../tap.sh"
tenon=$1/tenon
cd "$2" || exit 2
# The exit code of a program that gets SIGINT once it has said that it runs.
# env gives the signal back, which a shell takes from its background jobs.
interrupted() { # CODE
  mkfifo said
  env --default-signal=INT "$tenon" eval "console.log(''); $1" >said &
  pid=$!
  read -r _ <said
  rm said
  kill -INT "$pid"
  wait "$pid"
  echo $?
}

is 'code is evaluated and prints nothing by itself' '' "$("$tenon" eval '1 + 1')"
is 'code sees its arguments' 'a,--b' \
  "$("$tenon" eval 'console.log(process.argv.slice(1).join())' a --b)"
is 'code may be a module' 5 "$("$tenon" eval 'console.log(await 5)')"
is 'code imports relative to the working directory' 7 "$(
  echo 'export default 7' >seven.mjs
  "$tenon" eval "import x from './seven.mjs'; console.log(x)"
)"
"$tenon" eval 'throw new TypeError("no")' 2>error
is 'an uncaught error of code is exit code 1' 1 $?
is 'an uncaught error of code is shown with its place' \
  '[eval]:1|throw new TypeError("no")|      ^||Uncaught TypeError: no|    at <eval> ([eval]:1:7)|' \
  "$(tr '\n' '|' <error)"
is 'a program comes from standard input' '- x' \
  "$(echo 'console.log(...process.argv.slice(1))' | "$tenon" - x)"
is 'an empty standard input is an empty program' 0 "$(
  "$tenon" - </dev/null
  echo $?
)"
"$tenon" eval >/dev/null 2>&1
is 'eval without code is wrong usage' 2 $?
"$tenon" >/dev/null 2>&1
is 'no argument is wrong usage' 2 $?
"$tenon" --nope >/dev/null 2>error
is 'an unknown option is wrong usage' 2 $?
is 'an unknown option is named' "tenon: unknown option '--nope'" \
  "$(head -n 1 error)"
is 'help goes to standard output' 'usage: tenon [OPTIONS] FILE [ARGS]' \
  "$("$tenon" --help | head -n 1)"
is 'an interrupt ends a loop' 130 "$(interrupted 'for (;;);')"
is 'an interrupt ends a program that waits' 130 \
  "$(interrupted 'setTimeout(() => {}, 100000);')"
# What a program that gets SIGINT, once it has said something, says on standard
# error.
told_open() { # CODE OPTION...
  code=$1
  shift
  mkfifo said
  env --default-signal=INT "$tenon" "$@" eval "$code" >said 2>error &
  pid=$!
  read -r _ <said
  rm said
  kill -INT "$pid"
  wait "$pid"
  echo $?
  cat error
}
is 'an interrupt of a program that waits tells what is open' '130
tenon: [eval]: still open: 2 timers
  2 timers at [eval]:2:3' "$(told_open 'for (const i of [1, 2])
  setTimeout(() => {}, 1e6); console.log("")' --trace-open)"
is 'an interrupt of a loop tells what is open' '130
tenon: [eval]: still open: 1 timer
  1 timer at [eval]:1:1' "$(told_open \
  'setTimeout(() => {}, 1e6); console.log(""); for (;;);' --trace-open)"
is 'an interrupt tells what is open as JSON' '130
{"kind":"open","message":"still open","open":[{"what":"timer","count":1,"url":"[eval]","line":1,"column":1}]}' \
  "$(told_open 'setTimeout(() => {}, 1e6); console.log("")' \
    --json-errors --trace-open)"
is 'an interrupt where nothing is open says nothing' 130 \
  "$(told_open 'console.log(""); for (;;);' --trace-open)"
is 'without the option an interrupt says nothing' 130 \
  "$(told_open 'setTimeout(() => {}, 1e6); console.log("")')"
is 'two interrupts end what does not come back' 130 "$(
  mkfifo said
  env --default-signal=INT "$tenon" eval "console.log('');
    for (let s = 'x'.repeat(3e7);;) s.split('').sort()" >said &
  pid=$!
  read -r _ <said
  rm said
  kill -INT "$pid"
  sleep 0.1
  kill -INT "$pid"
  wait "$pid"
  echo $?
)"
is 'a signal that is not watched ends it as any program' 143 "$(
  "$tenon" eval 'setTimeout(() => {}, 1e6)' &
  sleep 0.1
  kill -TERM $!
  wait $! 2>/dev/null
  echo $?
)"
is 'a broken pipe ends it quietly' '0,141' "$(
  trap '' PIPE
  exec 3>code
  { "$tenon" eval 'for (let i = 0;; i++) console.log(i)' 2>error
    echo $? >&3; } | head -n 1 | tr '\n' ,
  cat error code
)"
is 'an interrupt ends a loop that catches everything' 130 \
  "$(interrupted 'for (;;) try { for (;;); } catch {} finally { for (;;); }')"

# --- The value of code -----------------------------------------------------------

is 'eval --print prints the value' 2 "$("$tenon" eval --print '1 + 1')"
is 'eval -p prints a text as it is' 'a b' "$("$tenon" eval -p '"a" + " b"')"
is 'eval --print awaits at the top' 5 "$("$tenon" eval -p 'await 5')"
is 'eval --print prints before what comes later' '1,later' "$(
  "$tenon" eval -p 'setTimeout(() => console.log("later"), 1); 1' |
    tr '\n' ',' | sed 's/,$//')"
is 'eval --print sees its arguments' x "$("$tenon" eval -p 'process.argv[1]' x)"
fails_with() { # NAME CODE TEXT ARGS...
  name=$1
  expected="$2 $3"
  shift 3
  "$tenon" "$@" >out 2>error </dev/null
  is "$name" "$expected" "$? $(cat error)"
}
fails_with 'eval --print prints nothing for an error' 1 'Uncaught 5' \
  eval -p 'throw 5'
"$tenon" eval -p 'import "x"' 2>error
is 'eval --print refuses a module' 1 $?
is 'eval --print says that it refuses a module' 1 \
  "$(grep -c 'cannot import or export: use await import' error)"

# --- Limits ----------------------------------------------------------------------

fails_with '--timeout ends a loop' 1 'tenon: [eval]: time limit of 50 ms reached' \
  --timeout 50ms eval 'for (;;) try { for (;;); } catch {} finally { for (;;); }'
fails_with '--timeout ends what waits' 1 \
  'tenon: [eval]: time limit of 50 ms reached' \
  --timeout=0.05 eval 'setTimeout(() => {}, 1e6)'
fails_with '--cpu-limit ends a loop' 1 \
  'tenon: [eval]: CPU time limit of 50 ms reached' \
  --cpu-limit 50ms eval 'for (;;);'
fails_with '--timeout ends a builtin that takes long' 1 \
  'tenon: [eval]: time limit of 50 ms reached' \
  --timeout 50ms eval 'for (let s = "x".repeat(3e7);;) s.split("").sort()'
# No even number of its bytes is a whole name.
long=xééééééééééééééééééééééééééééééééééééééééééééé
long=$long$(printf %s "$long" | tail -c +2).js
mkfifo "$long"
fails_with '--timeout tells a long name as it is, of what nobody writes' 1 \
  "tenon: $long: time limit of 50 ms reached" --timeout 50ms "$long"
fails_with '--timeout is for reading the program as well' 1 \
  'tenon: [eval]: time limit of 50 ms reached' --timeout 50ms eval \
  "new Function('x;'.repeat(1e7))(); for (;;);"
fails_with '--timeout leaves alone what ends in time' 0 '' \
  --timeout 100s eval 'await 1'
fails_with '--memory-limit is not caught' 1 \
  'tenon: [eval]: memory limit of 16 MiB reached' \
  --memory-limit 16M eval 'const a = []; for (;;) try { a.push({}) } catch {}'
fails_with '--memory-limit counts buffers' 1 \
  'tenon: [eval]: memory limit of 1500 KiB reached' \
  --memory-limit 1500k eval 'try { new ArrayBuffer(2e6) } finally { for (;;); }'
fails_with 'a memory limit too low to start is said' 1 \
  'tenon: [eval]: the memory limit is too low to start' --memory-limit 1000 \
  eval 1

# --- For tools -------------------------------------------------------------------

json() { # ARGS... -- EXPRESSION of what was told
  "$tenon" --json-errors "$@" 2>error
  TOLD=$(cat error) "$tenon" eval "const told = JSON.parse(process.env.TOLD);
    console.log(String($expression))"
}
expression='[told.kind, told.name, told.message, told.frames.length,
  told.place.line, told.place.column, told.place.source, told.cause.message,
  told.cause.place.column]'
is '--json-errors tells an error with its place and cause' \
  "error,TypeError,no,1,1,35,const cause = Error('why'); throw TypeError('no', { cause }),why,15" \
  "$(json eval "const cause = Error('why'); throw TypeError('no', { cause })")"
expression='[told.kind, told.value, told.message]'
is '--json-errors tells another value' 'error,5,5' "$(json eval 'throw 5')"
expression='JSON.stringify(told)'
is '--json-errors tells a limit' \
  '{"kind":"limit","message":"time limit of 20 ms reached","limit":"time","limitMs":20}' \
  "$(json --timeout 20ms eval 'for (;;);')"
is '--json-errors tells wrong usage' \
  "{\"kind\":\"usage\",\"message\":\"unknown option '--\\\"é'\"}" \
  "$(json '--"é')"
is '--json-errors tells a missing file' \
  '{"kind":"failure","message":"no such file or directory","program":"nope"}' \
  "$(json nope)"

# --- At a terminal -----------------------------------------------------------------

plain=$("$tenon" eval 'null.x' 2>&1)
colored=$(FORCE_COLOR=1 "$tenon" eval 'null.x' 2>&1)
is 'FORCE_COLOR colours without a terminal' 1 \
  "$([ "$colored" != "$plain" ] && echo 1)"
is 'colours are all that is added' "$plain" \
  "$(printf '%s\n' "$colored" | sed 's/\x1b\[[0-9;]*m//g')"
if has_terminals; then
  at_terminal() { # VARIABLES...
    env -u NO_COLOR -u FORCE_COLOR TERM=xterm "$@" \
      script -qec "'$tenon' eval 'null.x'" /dev/null </dev/null | tr -d '\r'
  }
  is 'a terminal has colours' "$colored" "$(at_terminal A=)"
  is 'NO_COLOR takes the colours away' "$plain" "$(at_terminal NO_COLOR=1)"
  is 'FORCE_COLOR goes before NO_COLOR' "$colored" \
    "$(at_terminal NO_COLOR=1 FORCE_COLOR=1)"
  is 'a dumb terminal has no colours' "$plain" "$(at_terminal TERM=dumb)"
else
  skip 'a terminal has colours' 'there are no terminals'
fi

echo "1..$count"
exit $failed
