#!/bin/sh
# The command's own ways to be called: command-test.sh BUILD_DIR SCRATCH_DIR
set -u
tenon=$1/tenon
cd "$2" || exit 2
count=0
status=0

is() { # NAME EXPECTED ACTUAL
  count=$((count + 1))
  if [ "$2" = "$3" ]; then
    echo "ok $count - $1"
  else
    echo "not ok $count - $1"
    printf '%s\n' "expected: $2" "got: $3" | sed 's/^/# /'
    status=1
  fi
}

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
  'Uncaught TypeError: no     at <eval> ([eval]:1:7)' \
  "$(tr '\n' ' ' <error | sed 's/ $//')"
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
is 'help goes to standard output' 'usage: tenon FILE [ARGS]' \
  "$("$tenon" --help | head -n 1)"
is 'an interrupt ends a loop' 130 "$(interrupted 'for (;;);')"
is 'an interrupt ends a program that waits' 130 \
  "$(interrupted 'setTimeout(() => {}, 100000);')"
is 'an interrupt ends a loop that catches everything' 130 \
  "$(interrupted 'for (;;) try { for (;;); } catch {} finally { for (;;); }')"
echo "1..$count"
exit $status
