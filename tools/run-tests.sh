#!/bin/sh
# Runs every tier of tests on a build and counts over all of them.
#
# A tier is a program that prints TAP. Its line here says how many tests it
# ran and how long they took; what failed is shown in full. A tier that dies,
# or ends before its plan, counts as one failure more. The last line is
#
#     N passed, N failed[, N skipped]
#
# and the exit code is 1 when anything failed.
#
#   C programs    BUILD_DIR/test/c/test-GROUP[-...]
#   shell tests   test/GROUP/*-test.sh, run with BUILD_DIR SCRATCH_DIR
#   checks        tools/check-*.sh; group checks
#   script tests  test/js/GROUP/*.js, by tools/run-script-tests.sh
#
#   --only GROUP  only the tiers of this group
#   --sanitize    leaves out what does not run the build: the checks and the
#                 group tools; gives every tier more time
#
#   TENON_TEST_TOTALS=FILE   also writes "PASSED FAILED SKIPPED" to FILE
set -eu

usage() {
  echo "usage: $0 BUILD_DIR [--only GROUP] [--sanitize]" >&2
  exit 2
}

[ $# -ge 1 ] || usage
[ -d "$1" ] || { echo "$0: $1: no such folder" >&2; exit 2; }
build=$(cd "$1" && pwd)
shift
only=
sanitize=
while [ $# -gt 0 ]; do
  case $1 in
  --only)
    [ $# -ge 2 ] || usage
    only=$2
    shift
    ;;
  --sanitize) sanitize=1 ;;
  *) usage ;;
  esac
  shift
done
cd "$(dirname "$0")/.."

limit_seconds=300
TENON_TEST_TIMEOUT_S=${TENON_TEST_TIMEOUT_S:-20}
if [ -n "$sanitize" ]; then
  limit_seconds=1800
  TENON_TEST_TIMEOUT_S=$((TENON_TEST_TIMEOUT_S * 4))
  export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:allocator_may_return_null=1}"
  export UBSAN_OPTIONS="${UBSAN_OPTIONS:-halt_on_error=1:print_stacktrace=1}"
  export TSAN_OPTIONS="${TSAN_OPTIONS:-halt_on_error=1:die_after_fork=0:suppressions=$PWD/test/tsan.supp}"
fi
export TENON_TEST_TIMEOUT_S
# A test that runs the runner must not write over these totals.
totals=${TENON_TEST_TOTALS:-}
unset TENON_TEST_TOTALS
export CMOCKA_MESSAGE_OUTPUT=TAP

scratch=$(mktemp -d "${TMPDIR:-/tmp}/tenon-test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

passed=0
failed=0
skipped=0
tiers=0

lacks() { # WHAT; a tier that should be there and is not
  failed=$((failed + 1))
  echo "not ok - $1"
}

# Reads TAP; prints "PASSED FAILED SKIPPED WHY", WHY empty for a whole run.
# cmocka prints one plan a group of tests and skips as "not ok N # SKIP".
count_tap() { # EXIT_CODE FILE
  awk -v code="$1" '
    /^1\.\.[0-9]+/ {
      plans++
      planned += substr($1, 4)
      if ($1 == "1..0" && / # [Ss][Kk][Ii][Pp]/)
        skipped_whole++
      next
    }
    /^(not )?ok( |$)/ {
      seen++
      if (/ # [Ss][Kk][Ii][Pp]/)
        skipped++
      else if (/^ok/)
        passed++
      else
        failed++
      next
    }
    /^Bail out!/ { bailed = 1 }
    END {
      if (code == 124 || code == 137)
        why = "timed out or was killed"
      else if (code > 128)
        why = "died of signal " (code - 128)
      else if (bailed)
        why = "bailed out"
      else if (!plans)
        why = "printed no plan"
      else if (seen != planned)
        why = "planned " planned " tests and ran " (seen + 0)
      else if (code != 0 && !failed)
        why = "exited with " code
      print passed + 0, failed + 0, skipped + skipped_whole, why
    }' "$2"
}

# At a terminal an interrupt must reach the tests; elsewhere a timeout must
# reach all that they started.
foreground=
[ ! -t 2 ] || foreground=--foreground

run_tier() { # NAME COMMAND...
  name=$1
  shift
  tiers=$((tiers + 1))
  log=$scratch/log
  started=$(date +%s.%N)
  code=0
  # shellcheck disable=SC2086
  timeout $foreground -k 10 "$limit_seconds" "$@" >"$log" 2>&1 \
    </dev/null || code=$?
  seconds=$(echo "$started $(date +%s.%N)" |
    awk '{ printf "%.1f", $2 - $1 }')
  count_tap "$code" "$log" >"$scratch/count"
  read -r tier_passed tier_failed tier_skipped why <"$scratch/count"
  passed=$((passed + tier_passed))
  failed=$((failed + tier_failed))
  skipped=$((skipped + tier_skipped))
  if [ -n "$why" ]; then
    failed=$((failed + 1))
  fi
  if [ "$tier_failed" -gt 0 ] || [ -n "$why" ]; then
    grep -a -v -e '^ok ' -e '^1\.\.[0-9]' "$log" || :
    if [ -n "$why" ]; then
      echo "not ok - $name $why"
    fi
  fi
  line="$name: $tier_passed passed"
  [ "$tier_failed" -eq 0 ] || line="$line, $tier_failed failed"
  [ "$tier_skipped" -eq 0 ] || line="$line, $tier_skipped skipped"
  echo "$line (${seconds} s)"
}

is_wanted() { # GROUP
  [ -z "$only" ] || [ "$only" = "$1" ]
}

runs_build() { # GROUP
  [ -z "$sanitize" ] || [ "$1" != tools ]
}

run_c_tests() {
  found=
  for program in "$build"/test/c/test-*; do
    if [ ! -f "$program" ] || [ ! -x "$program" ]; then
      continue
    fi
    found=1
    base=${program##*/}
    group=${base#test-}
    if is_wanted "${group%%-*}"; then
      run_tier "$base" "$program"
    fi
  done
  [ -n "$found" ] || lacks "no C test in $build/test/c"
}

run_shell_tests() {
  found=
  for script in test/*/*-test.sh; do
    [ -f "$script" ] || continue
    found=1
    group=${script#test/}
    group=${group%%/*}
    if ! is_wanted "$group" || ! runs_build "$group"; then
      continue
    fi
    if [ ! -x "$script" ]; then
      lacks "$script is not executable"
      continue
    fi
    mkdir "$scratch/work"
    run_tier "$script" sh "$script" "$build" "$scratch/work"
    rm -rf "$scratch/work"
  done
  [ -n "$found" ] || lacks 'no shell test test/*/*-test.sh'
}

run_checks() {
  if [ -n "$sanitize" ] || ! is_wanted checks; then
    return
  fi
  for check in layers headers format; do
    run_tier "check-$check" sh "tools/check-$check.sh"
  done
  run_tier check-values sh tools/check-values.sh \
    "${TENON_ENGINE_DIR:-build/engine-src}"
  # Not timed here: their results are checked.
  run_tier benchmarks "$build/bench/tenon-bench" --check "$build"
}

run_script_tests() {
  if [ ! -d test/js ]; then
    lacks 'no script test in test/js'
  elif [ -z "$only" ]; then
    run_tier 'script tests' sh tools/run-script-tests.sh "$build"
  elif [ -d "test/js/$only" ]; then
    run_tier "script tests of $only" sh tools/run-script-tests.sh "$build" \
      --only "$only"
  fi
}

run_c_tests
run_shell_tests
run_checks
run_script_tests
if [ "$tiers" -eq 0 ]; then
  lacks "no tier${only:+ of the group $only}"
fi

if [ -n "$totals" ]; then
  echo "$passed $failed $skipped" >"$totals"
fi
line="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
echo "$line"
[ "$failed" -eq 0 ]
