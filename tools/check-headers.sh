#!/bin/sh
# Checks the public headers, as TAP: each compiles alone, twice in a row, as
# C11 and as C++17 with every compiler that is installed; each function has a
# comment that names its thread and its first version; no name holds two
# underscores, which C++ reserves, but those of the compiler itself.
#
# include/tenon/quickjs.h needs the engine's own header, from
# TENON_ENGINE_DIR or build/engine-src; include/tenon/napi.h those of Node-API,
# from TENON_NODE_API_DIR or build/node-api-headers.
#
# usage: check-headers.sh [ROOT]
set -eu
cd "${1:-$(dirname "$0")/..}"

engine=${TENON_ENGINE_DIR:-build/engine-src}
node_api=${TENON_NODE_API_DIR:-build/node-api-headers}
flags='-fsyntax-only -Wall -Wextra -pedantic -Werror -Iinclude'

headers=$(find include -name '*.h' -type f 2>/dev/null | LC_ALL=C sort)
if [ -z "$headers" ]; then
  echo 1..1
  echo 'not ok 1 - include holds no header'
  exit 1
fi

has() {
  command -v "$1" >/dev/null 2>&1
}

count=0
failed=0

report() { # STATUS NAME DIAGNOSTICS
  count=$((count + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $count - $2"
  else
    failed=1
    printf '%s\n' "$3"
    echo "not ok $count - $2"
  fi
}

compile() { # HEADER LANGUAGE STANDARD COMPILER...
  header=$1
  language=$2
  standard=$3
  shift 3
  name="$header compiles alone as $standard"
  missing=
  case $header in
  include/tenon/quickjs.h)
    [ -f "$engine/quickjs.h" ] || missing='the engine is not fetched'
    ;;
  include/tenon/napi.h)
    [ -d "$node_api/tenon" ] || missing='the headers of Node-API are not fetched'
    ;;
  esac
  if [ -n "$missing" ]; then
    count=$((count + 1))
    echo "ok $count - $name # SKIP $missing"
    return
  fi
  status=0
  said=
  for compiler in "$@"; do
    has "$compiler" || continue
    include="#include <${header#include/}>"
    # shellcheck disable=SC2086
    said=$said$(printf '%s\n%s\n' "$include" "$include" |
      "$compiler" $flags -std="$standard" -isystem "$engine" \
        -isystem "$node_api" -x "$language" \
        - 2>&1) || status=1
  done
  report "$status" "$name" "$said"
}

check_comments() { # HEADER
  said=$(awk '
    # What our own macros call is no API.
    /^TENON_API/ && !/ \*?tenon_p_/ {
      if (comment_end != NR - 1 || comment !~ /^\/\*\*/)
        what = "has no /** */ comment right above it"
      else if (comment !~ /\[thread:/)
        what = "its comment says no [thread: ...]"
      else if (comment !~ /\[since/)
        what = "its comment says no [since ...]"
      else
        next
      printf "%s:%d: %s\n", FILENAME, FNR, what
      next
    }
    /^[ \t]*\/\*/ { comment = ""; open = 1 }
    open {
      line = $0
      sub(/^[ \t]+/, "", line)
      comment = comment line "\n"
    }
    open && /\*\// { open = 0; comment_end = NR }' "$1")
  status=0
  [ -z "$said" ] || status=1
  report "$status" "$1: every function says its thread and version" "$said"
}

check_names() { # HEADER
  said=$(awk '
    BEGIN {
      count = split("alignof__ asm__ attribute__ auto_type clang__ " \
        "clang_major__ COUNTER__ cplusplus declspec ELF__ extension__ " \
        "FILE__ func__ GNUC__ GNUC_MINOR__ has_attribute has_builtin " \
        "has_feature has_include inline__ int128 LINE__ linux__ " \
        "LP64__ restrict restrict__ SANITIZE_ADDRESS__ SIZEOF_INT128__ " \
        "STDC_VERSION__ STDC_NO_THREADS__ thread typeof__ VA_ARGS__ " \
        "x86_64__ aarch64__ " \
        "aligned__ alias__ cold__ const__ format__ malloc__ noinline__ " \
        "nonnull__ noreturn__ packed__ printf__ pure__ " \
        "returns_nonnull__ section__ unused__ used__ visibility__ " \
        "warn_unused_result__ weak__", words, " ")
      for (i = 1; i <= count; i++)
        allowed["__" words[i]] = 1
      # the tags behind napi_env and napi_value
      allowed["napi_env__"] = allowed["napi_value__"] = 1
    }
    {
      text = $0
      gsub(/"([^"\\]|\\.)*"/, "\"\"", text)
      if (open) {
        if (!match(text, /\*\//))
          next
        text = substr(text, RSTART + 2)
        open = 0
      }
      while (match(text, /\/\*/)) {
        start = RSTART
        rest = substr(text, start + 2)
        if (match(rest, /\*\//)) {
          text = substr(text, 1, start - 1) " " substr(rest, RSTART + 2)
        } else {
          text = substr(text, 1, start - 1)
          open = 1
        }
      }
      sub(/\/\/.*/, "", text)
      while (match(text, /[A-Za-z0-9_]+/)) {
        word = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
        if (word ~ /__/ && !(word in allowed) &&
            word !~ /^__(start|stop|builtin|atomic|sync|cpp)_[A-Za-z0-9_]*$/)
          printf "%s:%d: %s holds two underscores\n", FILENAME, FNR, word
      }
    }' "$1")
  status=0
  [ -z "$said" ] || status=1
  report "$status" "$1: no reserved name" "$said"
}

for header in $headers; do
  compile "$header" c c11 gcc clang
  compile "$header" c++ c++17 g++ clang++
  check_comments "$header"
  check_names "$header"
done
echo "1..$count"
exit "$failed"
