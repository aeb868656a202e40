#!/bin/sh
# Runs the script tests under test/js with BUILD_DIR/tenon, as TAP.
#
# A script test is a .js file that says what it expects in the // comments at
# its top; the list ends at the first line that is neither such a comment nor
# empty:
#
#   // expect: TEXT         a line of stdout; all of them, in order
#   // expect-error: TEXT   a part of stderr; without one, stderr is empty
#   // exit: N              the exit code; 0 when not said
#   // args: A B C          arguments, split at spaces
#   // env: NAME=VALUE      one variable of the environment
#   // input: TEXT          a line of stdin
#
# %{dir} in a value is the absolute folder of the file, %{url} the same as a
# file: URL. The file runs in its own folder, for TENON_TEST_TIMEOUT_S seconds
# at most (20). Folders named fixtures or node_modules hold no tests; anywhere
# else a file without expectations is a failure.
#
# usage: run-script-tests.sh BUILD_DIR [--only FOLDER]
set -eu

usage() {
  echo "usage: $0 BUILD_DIR [--only FOLDER]" >&2
  exit 2
}

[ $# -ge 1 ] || usage
[ -d "$1" ] || { echo "$0: $1: no such folder" >&2; exit 2; }
tenon=$(cd "$1" && pwd)/tenon
folder=
if [ $# -eq 3 ] && [ "$2" = --only ]; then
  folder=/$3
elif [ $# -ne 1 ]; then
  usage
fi
cd "$(dirname "$0")/.."
root=$PWD/test/js$folder

if [ ! -x "$tenon" ]; then
  echo "Bail out! there is no $tenon"
  exit 1
fi
if [ ! -d "$root" ]; then
  echo "Bail out! there is no $root"
  exit 1
fi

scratch=$(mktemp -d "${TMPDIR:-/tmp}/tenon-script-test.XXXXXX")
# shellcheck disable=SC2046
trap 'kill $(cat "$scratch"/worker-* 2>/dev/null) 2>/dev/null || :
  rm -rf "$scratch"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

find "$root" -type d \( -name fixtures -o -name node_modules \) -prune -o \
  -type f -name '*.js' -print | LC_ALL=C sort >"$scratch/files"
count=$(wc -l <"$scratch/files")

# One pass turns all headers into files: N.sh (how to run it), N.out (the
# expected stdout), N.err (the parts of stderr), N.in, N.bad (what is wrong
# with the header).
awk -v scratch="$scratch" '
  function quote(text) {
    gsub(/\047/, "\047\\\047\047", text)
    return "\047" text "\047"
  }

  function replace(text, from, to,    at, head) {
    head = ""
    while ((at = index(text, from)) > 0) {
      head = head substr(text, 1, at - 1) to
      text = substr(text, at + length(from))
    }
    return head text
  }

  function bad(what) {
    printf "%s\n", what >(base ".bad")
    close(base ".bad")
  }

  function read_header(    text, at, key, value, words, i, n, expects, line,
                           args, env, code, dir, has_in) {
    base = scratch "/" NR
    dir = file
    sub(/\/[^\/]*$/, "", dir)
    code = 0
    # Both exist in every case, so that they can be compared.
    printf "" >(base ".out")
    printf "" >(base ".err")
    while ((getline text < file) > 0) {
      line++
      sub(/\r$/, "", text)
      if (text == "" || (line == 1 && text ~ /^#!/))
        continue
      if (text !~ /^\/\//)
        break
      if (!match(text, /^\/\/ [a-z-]+:/)) {
        if (text ~ /^\/\/ *(expect|exit|args|env|input)[a-z-]* *:/)
          bad("line " line ": not understood: " text)
        continue
      }
      key = substr(text, 4, RLENGTH - 4)
      value = substr(text, RLENGTH + 1)
      sub(/^ /, "", value)
      value = replace(value, "%{dir}", dir)
      value = replace(value, "%{url}", "file://" dir)
      if (key == "expect") {
        print value >(base ".out")
        expects = 1
      } else if (key == "expect-error") {
        if (value == "")
          bad("line " line ": an empty part is in every text")
        print value >(base ".err")
        expects = 1
      } else if (key == "exit") {
        if (value !~ /^[0-9]+$/)
          bad("line " line ": exit: expected a number")
        else
          code = value + 0
        expects = 1
      } else if (key == "args") {
        n = split(value, words, " ")
        for (i = 1; i <= n; i++)
          args = args " " quote(words[i])
      } else if (key == "env") {
        if (value !~ /^[A-Za-z_][A-Za-z0-9_]*=/)
          bad("line " line ": env: expected NAME=VALUE")
        else
          env = env " " quote(value)
      } else if (key == "input") {
        print value >(base ".in")
        has_in = 1
      } else if (key ~ /^(expect|exit|arg|env|input)/) {
        bad("line " line ": not understood: " text)
      }
    }
    close(file)
    if (!expects)
      bad("says nothing of what it expects")
    printf "dir=%s\nfile=%s\nexpected_code=%d\nset --%s\n" \
           "env=%s\ninput=%s\n", quote(dir),
           quote(substr(file, length(dir) + 2)), code, args,
           quote(env), quote(has_in ? base ".in" : "/dev/null") >(base ".sh")
    close(base ".sh")
    close(base ".out")
    close(base ".err")
    close(base ".in")
  }

  { file = $0; read_header() }' "$scratch/files"

limit_seconds=${TENON_TEST_TIMEOUT_S:-20}

fails() { # WHAT; prints, and so makes the case a failure
  printf '# %s\n' "$1"
}

check() { # BASE; prints what is wrong, nothing when all is well
  if [ -f "$1.bad" ]; then
    sed 's/^/# /' "$1.bad"
    return
  fi
  base=$1
  # What the case's file sets.
  # shellcheck disable=SC2034
  dir='' file='' expected_code=0 env='' input=''
  # shellcheck source=/dev/null
  . "$base.sh"
  code=0
  # env is a list of quoted words.
  (cd "$dir" && eval "exec env $env"' timeout -k 2 "$limit_seconds" \
    "$tenon" "$file" "$@"') <"$input" >"$base.stdout" 2>"$base.stderr" ||
    code=$?
  if [ "$code" -eq 124 ] && [ "$expected_code" -ne 124 ]; then
    fails "timed out after $limit_seconds s"
  elif [ "$code" -ne "$expected_code" ]; then
    fails "exit code: expected $expected_code, got $code"
  fi
  if ! cmp -s "$base.out" "$base.stdout"; then
    fails 'stdout: expected -, got +'
    diff -a -U 3 "$base.out" "$base.stdout" | sed -e 1,2d -e 's/^/#   /'
  fi
  shown=
  if [ ! -s "$base.err" ]; then
    [ ! -s "$base.stderr" ] || shown='stderr: expected nothing'
  else
    while IFS= read -r part; do
      if ! grep -aqF -e "$part" "$base.stderr"; then
        fails "stderr: expected a part '$part'"
        shown=stderr:
      fi
    done <"$base.err"
  fi
  # What a dead process said is worth seeing even when it was expected to
  # say something.
  if [ -z "$shown" ] && [ "$code" -ne "$expected_code" ]; then
    shown=stderr:
  fi
  if [ -n "$shown" ]; then
    fails "$shown"
    head -n 60 "$base.stderr" | sed 's/^/#   /'
  fi
}

work() { # FIRST STEP
  number=$1
  while [ "$number" -le "$count" ]; do
    check "$scratch/$number" >"$scratch/$number.said" 2>&1
    number=$((number + $2))
  done
}

workers=$(nproc 2>/dev/null || echo 2)
[ "$workers" -ge 2 ] || workers=2
worker=1
while [ "$worker" -le "$workers" ]; do
  work "$worker" "$workers" &
  echo $! >"$scratch/worker-$worker"
  worker=$((worker + 1))
done
wait
rm -f "$scratch"/worker-*

failed=0
number=0
echo "1..$count"
while IFS= read -r path; do
  number=$((number + 1))
  if [ ! -f "$scratch/$number.said" ]; then
    echo '# did not run'
  elif [ ! -s "$scratch/$number.said" ]; then
    echo "ok $number - ${path#"$root/"}"
    continue
  else
    cat "$scratch/$number.said"
  fi
  failed=1
  echo "not ok $number - ${path#"$root/"}"
done <"$scratch/files"
exit "$failed"
