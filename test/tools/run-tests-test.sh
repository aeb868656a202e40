#!/bin/sh
# tools/run-tests.sh and tools/run-script-tests.sh on small trees with made-up
# tests: what they count, what they show, what they call a failure.
#
# usage: run-tests-test.sh BUILD_DIR SCRATCH_DIR
# What a stand-in runs is quoted; checks are called by name.
# shellcheck disable=SC2016,SC2317,SC2119,SC2120
set -eu
tools=$(cd "$(dirname "$0")/../.." && pwd)/tools
mkdir -p "$2"
scratch=$(cd "$2" && pwd)
tree=$scratch/tree
out=$scratch/out
count=0
failed=0
unset TENON_TEST_TOTALS TENON_TEST_TIMEOUT_S

# A tree in which everything passes: one C test, one shell test, the three
# checks and one script test, of one test each.
new_tree() {
  rm -rf "$tree"
  mkdir -p "$tree/tools" "$tree/build/test/c" "$tree/test/js/basic" \
    "$tree/test/shell"
  cp "$tools/run-tests.sh" "$tools/run-script-tests.sh" "$tree/tools/"
  for check in layers headers format; do
    echo 'echo 1..1; echo "ok 1 - check"' >"$tree/tools/check-$check.sh"
  done
  # These two are there and find nothing to check.
  echo "echo 1..0" >"$tree/tools/check-values.sh"
  mkdir -p "$tree/build/bench"
  program build/bench/tenon-bench "echo 1..0"
  program build/test/c/test-base-string 'echo 1..1; echo "ok 1 - a"'
  program test/shell/one-test.sh 'echo "ok 1 - a"; echo 1..1'
  # Stands in for the command: what follows the comments is shell.
  program build/tenon 'file=$1; shift' \
    'exec sh -c "$(grep -v "^//" "$file")" "$file" "$@"'
  script basic/one '// expect: one' 'echo one'
}

program() { # PATH LINE...
  target=$tree/$1
  shift
  {
    echo '#!/bin/sh'
    printf '%s\n' "$@"
  } >"$target"
  chmod +x "$target"
}

script() { # NAME LINE...
  target=$tree/test/js/$1.js
  shift
  mkdir -p "$(dirname "$target")"
  printf '%s\n' "$@" >"$target"
}

run() { # ARGUMENT...
  status=0
  sh "$tree/tools/run-tests.sh" "$tree/build" "$@" >"$out" 2>&1 || status=$?
}

run_scripts() { # ARGUMENT...
  status=0
  sh "$tree/tools/run-script-tests.sh" "$tree/build" "$@" >"$out" 2>&1 ||
    status=$?
}

ends_with() { # LINE
  [ "$(tail -n 1 "$out")" = "$1" ] && [ "$(grep -cx "$1" "$out")" -eq 1 ]
}

shows() { # TEXT
  grep -qF -e "$1" "$out"
}

check() { # NAME COMMAND...
  count=$((count + 1))
  name=$1
  shift
  if "$@"; then
    echo "ok $count - $name"
  else
    failed=1
    echo "# exit code $status"
    sed 's/^/# /' "$out"
    echo "not ok $count - $name"
  fi
}

all_pass() { # LAST_LINE
  [ "$status" -eq 0 ] && ends_with "$1" && ! grep -q '^not ok' "$out"
}

fails_with() { # LAST_LINE TEXT...
  [ "$status" -eq 1 ] && ends_with "$1" || return 1
  shift
  for text in "$@"; do
    shows "$text" || return 1
  done
}

is_quiet() { # TEXT
  ! shows "$1"
}

new_tree
run
check 'counts over all tiers' all_pass '6 passed, 0 failed'

new_tree
program build/test/c/test-base-string \
  'echo 1..3; echo "ok 1 - quiet one"' \
  'echo "# 1 != 2" >&2; echo "not ok 2 - b"; echo "ok 3 - c"; exit 1'
run
check 'a failed test counts and is shown' \
  fails_with '7 passed, 1 failed' '# 1 != 2' 'not ok 2 - b'
check 'a passed test beside it is not shown' is_quiet 'quiet one'

new_tree
program build/test/c/test-base-string \
  'echo 1..2; echo "ok 1 - a"; kill -SEGV $$'
run
check 'a crash is one failure more' \
  fails_with '6 passed, 1 failed' 'test-base-string died of signal 11'

new_tree
program build/test/c/test-base-string 'kill -ABRT $$'
run
check 'a crash before the plan' \
  fails_with '5 passed, 1 failed' 'test-base-string died of signal 6'

new_tree
program test/shell/one-test.sh 'echo 1..3; echo "ok 1 - a"; echo "ok 2 - b"'
run
check 'a short plan is one failure more' \
  fails_with '7 passed, 1 failed' 'planned 3 tests and ran 2'

new_tree
program test/shell/one-test.sh 'echo 1..1; echo "ok 1 - a"; echo "ok 2 - b"'
run
check 'more tests than planned' \
  fails_with '7 passed, 1 failed' 'planned 1 tests and ran 2'

new_tree
program test/shell/one-test.sh 'echo "ok 1 - a"'
run
check 'no plan' fails_with '6 passed, 1 failed' 'printed no plan'

new_tree
program test/shell/one-test.sh 'echo 1..1; echo "ok 1 - a"; exit 3'
run
check 'an exit code without a failed test' \
  fails_with '6 passed, 1 failed' 'exited with 3'

new_tree
echo 'echo 1..1; echo "not ok 1 - layers"; exit 1' \
  >"$tree/tools/check-layers.sh"
run
check 'a failed check' fails_with '5 passed, 1 failed' 'not ok 1 - layers'

new_tree
rm "$tree/tools/check-layers.sh"
run
check 'a missing check' fails_with '5 passed, 1 failed' check-layers

new_tree
program build/test/c/test-base-string \
  'echo 1..1; echo "ok 1 - a"; echo 1..2' \
  'echo "not ok 1 # SKIP b"; echo "ok 2 - c # SKIP no network"'
run
check 'skipped tests are counted apart, over several plans' \
  all_pass '6 passed, 0 failed, 2 skipped'

new_tree
program test/shell/one-test.sh 'echo "1..0 # SKIP no network"'
run
check 'a tier that is skipped whole' all_pass '5 passed, 0 failed, 1 skipped'

new_tree
rm "$tree/build/test/c/test-base-string"
run
check 'no C test is a failure' fails_with '5 passed, 1 failed' 'no C test'

new_tree
rm -r "$tree/test/shell"
run
check 'no shell test is a failure' \
  fails_with '5 passed, 1 failed' 'no shell test'

new_tree
chmod -x "$tree/test/shell/one-test.sh"
run
check 'a shell test that cannot be executed is a failure' \
  fails_with '5 passed, 1 failed' 'is not executable'

new_tree
rm -r "$tree/test/js"
run
check 'no script test is a failure' \
  fails_with '5 passed, 1 failed' 'no script test'

new_tree
rm "$tree/build/tenon"
run
check 'a missing command is a failure' \
  fails_with '5 passed, 1 failed' 'there is no'

new_tree
program build/test/c/test-loop-timer 'echo 1..1; echo "ok 1 - a"'
run --only loop
check 'one group' all_pass '1 passed, 0 failed'

new_tree
run --only basic
check 'one group of script tests' all_pass '1 passed, 0 failed'

new_tree
run --only nothing
check 'a group without a test is a failure' \
  fails_with '0 passed, 1 failed' 'no tier of the group nothing'

new_tree
run --sanitize
check 'the sanitizers leave out the checks' all_pass '3 passed, 0 failed'

new_tree
program test/shell/one-test.sh 'echo 1..2; echo "ok 1"; echo "not ok 2"'
TENON_TEST_TOTALS=$scratch/totals
export TENON_TEST_TOTALS
run
unset TENON_TEST_TOTALS
writes_totals() {
  [ "$(cat "$scratch/totals")" = '6 1 0' ]
}
check 'the totals are written' writes_totals

run_script_case() { # LINE...
  new_tree
  script basic/one "$@"
  run_scripts
}

passes_script() {
  [ "$status" -eq 0 ] && grep -qx 'ok 1 - basic/one.js' "$out" &&
    grep -qx '1..1' "$out"
}

fails_script() { # TEXT...
  [ "$status" -eq 1 ] && grep -qx 'not ok 1 - basic/one.js' "$out" || return 1
  for text in "$@"; do
    shows "$text" || return 1
  done
}

run_script_case '// expect: a  b' '// expect:' "// expect: it's" \
  'printf "%s\n" "a  b" "" "it'\''s"'
check 'lines of stdout' passes_script

run_script_case '// expect: a' 'echo b'
check 'another line of stdout' fails_script '-a' '+b'

run_script_case '// expect: a' 'echo a; echo b'
check 'one line too many' fails_script '+b'

run_script_case '// expect: a' '// expect: b' 'echo a'
check 'one line too few' fails_script '-b'

run_script_case '// exit: 3' 'exit 3'
check 'an exit code' passes_script

run_script_case '// exit: 3' 'echo why >&2; exit 4'
check 'another exit code' fails_script 'expected 3, got 4' why

run_script_case '// expect: a' 'echo a; exit 1'
check 'an exit code that nobody expected' fails_script 'expected 0, got 1'

run_script_case '// expect: a' 'echo a; kill -SEGV $$'
check 'a crash' fails_script 'expected 0, got 139'

run_script_case '// expect-error: b*' '// expect-error: a' \
  '// exit: 1' 'echo "xab*c" >&2; exit 1'
check 'parts of stderr' passes_script

run_script_case '// expect-error: b' 'echo a >&2'
check 'a part of stderr that is not there' fails_script "a part 'b'"

run_script_case '// expect: a' 'echo a; echo noise >&2'
check 'stderr that nobody expected' fails_script 'expected nothing' noise

run_script_case '// args: a b  $HOME *' '// expect: 4 a b $HOME *' \
  'echo "$# $1 $2 $3 $4"'
check 'arguments' passes_script

run_script_case "// env: FIRST=it's  two" '// env: SECOND=2' \
  "// expect: it's  two 2" 'echo "$FIRST $SECOND"'
check 'the environment' passes_script

run_script_case '// input: a' '// input: b' '// expect: a' '// expect: b' cat
check 'input' passes_script

run_script_case '// exit: 0' 'read -r line && exit 1; exit 0'
check 'no input' passes_script

run_script_case '// expect: %{dir}' '// expect: %{url}/one.js' \
  'pwd; echo "file://$(pwd)/one.js"'
check 'the folder, as a path and as a URL' passes_script

run_script_case '// A title: with a colon.' '' '// expect: a' 'echo a' \
  '// expect: not this one'
check 'the list ends at the first other line' passes_script

run_script_case '// A title.' 'echo a'
check 'a file without expectations' fails_script 'nothing of what it expects'

run_script_case '// expect: a' '// expect-eror: b' 'echo a'
check 'a word that is not known' fails_script 'not understood'

new_tree
script basic/one '// exit: 0' 'sleep 10'
TENON_TEST_TIMEOUT_S=1
export TENON_TEST_TIMEOUT_S
run_scripts
unset TENON_TEST_TIMEOUT_S
check 'a test that hangs' fails_script 'timed out after 1 s'

new_tree
script basic/one '// expect: 1' 'echo 1'
script basic/deep/two '// expect: 2' 'echo 2'
script basic/fixtures/three 'no test'
script basic/node_modules/m/four 'no test'
script other/five '// expect: 5' 'echo 6'
run_scripts
finds_all() {
  [ "$(sed -n 's/^\(not \)*ok [0-9]* - //p' "$out" | tr '\n' ' ')" = \
    'basic/deep/two.js basic/one.js other/five.js ' ]
}
check 'finds the tests in all folders' finds_all
run
check 'script tests count one by one' fails_with '7 passed, 1 failed'

echo "1..$count"
exit "$failed"
