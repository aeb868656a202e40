# TAP for the shell tests, to be sourced: ends with `echo "1..$count"` and
# `exit $failed`.
count=0
failed=0

is() { # NAME EXPECTED ACTUAL
  count=$((count + 1))
  if [ "$2" = "$3" ]; then
    echo "ok $count - $1"
  else
    failed=1
    echo "not ok $count - $1"
    printf '%s\n' "expected: $2" "got: $3" | sed 's/^/# /'
  fi
}

skip() { # NAME WHY
  count=$((count + 1))
  echo "ok $count - $1 # SKIP $2"
}

# A container may have no pseudo-terminals.
has_terminals() {
  script -qec true /dev/null </dev/null >/dev/null 2>&1
}

result() { # STATUS NAME; shows the file $out, if there is one, on failure
  count=$((count + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $count - $2"
  else
    failed=1
    [ -z "${out:-}" ] || sed 's/^/# /' "$out"
    echo "not ok $count - $2"
  fi
}

test_that() { # NAME COMMAND...
  name=$1
  shift
  status=0
  "$@" >"$out" 2>&1 || status=1
  result $status "$name"
}
