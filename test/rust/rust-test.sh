#!/bin/sh
# include/tenon/tenon.rs: what rustc makes of it, loaded by a host in C. Each
# script of scripts/ is a test, named by its first line, that prints what its
# comments expect. RUSTC names another compiler.
#
# usage: rust-test.sh BUILD_DIR SCRATCH_DIR
set -eu
. "$(dirname "$0")/../tap.sh"
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
mkdir -p "$2"
scratch=$(cd "$2" && pwd)
out=$scratch/out
host=$build/test/rust/host
rustc=${RUSTC:-rustc}
unset RUST_BACKTRACE

if ! command -v "$rustc" >/dev/null 2>&1; then
  echo '1..0 # SKIP rustc is not installed'
  exit 0
fi
cached() { # NAME; its value in the build's cache
  sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"
}
cc=$(cached CMAKE_C_COMPILER)
sanitize=$(cached TENON_SANITIZE)
flags=${sanitize:+-fsanitize=$sanitize}
# The leak checker of gcc 12 trips, now and then, over the thread-local memory
# of libraries that were loaded later and not built with it.
if [ -n "$sanitize" ]; then
  ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}intercept_tls_get_addr=0
  export ASAN_OPTIONS
fi

rust() { # ARGUMENT...; warnings are errors
  "$rustc" -D warnings "$@"
}

# --- Programs -----------------------------------------------------------------

test_that 'functions of every kind compile without a warning' \
  rust --edition 2021 -O --crate-type cdylib "$here/functions.rs" \
  -o "$scratch/functions.so"

says_what_it_expects() { # SCRIPT
  sed -n 's,^// expect: ,,p' "$1" >"$scratch/expected"
  code=0
  # shellcheck disable=SC2046
  timeout 60 "$host" "$scratch/functions.so" \
    $(sed -n 's,^// args: ,,p' "$1") "$1" >"$scratch/said" \
    2>"$scratch/errors" || code=$?
  [ "$code" -eq 0 ] && diff -U 1 "$scratch/expected" "$scratch/said" && return
  echo "exit code $code"
  cat "$scratch/errors"
  return 1
}

for script in "$here"/scripts/*.js; do
  test_that "$(sed -n '1s,^// ,,p' "$script")" says_what_it_expects "$script"
done

# --- Closing ------------------------------------------------------------------

cat >"$scratch/flight.js" <<'END'
import * as n from 'native';
for (let i = 0; i < 100; i++) {
  n.sleep(i % 3 ? 3600000 : i % 5);
  n.later('held', 50);
  n.never(), n.longest();
  n.ask('late ' + i, i % 40), n.ask('drop', i % 40), n.ask('fail', i % 40);
  n.yields(1000), n.from_a_thread(i), n.zeroed.async(1000);
}
END
cat >"$scratch/alive.js" <<'END'
import * as n from 'native';
// What a future holds is dropped when it has been polled for the last time.
for (let i = 0; i < 100 && n.alive(); i++) await n.sleep(10);
console.log(n.alive());
END
ends_in_flight() {
  timeout 60 "$host" --no-run --times 20 "$scratch/functions.so" \
    "$scratch/flight.js"
}
test_that 'a runtime ends with a thousand operations in flight, 20 times' \
  ends_in_flight

drops_in_flight() {
  timeout 60 "$host" --then "$scratch/alive.js" "$scratch/functions.so" \
    "$scratch/flight.js" | grep -x 0
}
test_that 'what their futures held is dropped' drops_in_flight

# --- Failing hosts -------------------------------------------------------------

survives_a_failing_host() {
  rust --edition 2021 "$here/failing.rs" -o "$scratch/failing" &&
    timeout 60 "$scratch/failing"
}
test_that 'what a host cannot do fails the call, and nothing leaks' \
  survives_a_failing_host

runs_out_of_memory() {
  for script in objects containers lists futures; do
    timeout 200 "$host" --limits 200 "$scratch/functions.so" \
      "$here/scripts/$script.js" >"$scratch/said" 2>"$scratch/errors" ||
      { tail -n 20 "$scratch/said" "$scratch/errors" && return 1; }
  done
}
test_that 'a runtime may have any limit of memory' runs_out_of_memory

# --- Memory -------------------------------------------------------------------

if ! command -v valgrind >/dev/null 2>&1; then
  skip 'nothing leaks and nothing is read late' 'valgrind is not installed'
elif [ -n "$sanitize" ]; then
  skip 'nothing leaks and nothing is read late' 'the build has a sanitizer'
else
  is_clean() {
    for script in futures deferreds panics objects; do
      timeout 200 valgrind -q --leak-check=full --show-leak-kinds=definite \
        --errors-for-leak-kinds=definite --error-exitcode=9 "$host" \
        "$scratch/functions.so" "$here/scripts/$script.js" >/dev/null ||
        return 1
    done
    timeout 200 valgrind -q --leak-check=full --show-leak-kinds=definite \
      --errors-for-leak-kinds=definite --error-exitcode=9 "$host" --no-run \
      "$scratch/functions.so" "$scratch/flight.js"
  }
  test_that 'nothing leaks and nothing is read late' is_clean
fi

# --- The same as in C ---------------------------------------------------------

is_the_same() {
  rust --edition 2021 -A non_camel_case_types --crate-type cdylib \
    "$here/same.rs" -o "$scratch/same-rust.so" &&
    "$cc" -std=c11 -shared -fPIC -I"$root/include" "$here/same.c" \
      -o "$scratch/same-c.so" || return 1
  for language in rust c; do
    "$host" "$scratch/same-$language.so" "$here/same.js" \
      >"$scratch/same-$language" || return 1
  done
  [ "$(wc -l <"$scratch/same-c")" -gt 500 ] &&
    diff -U 0 "$scratch/same-c" "$scratch/same-rust"
}
test_that 'scripts see no difference to functions of C' is_the_same

has_types() {
  "$build/tenon" types --plain "$scratch/functions.so#v1" >"$scratch/types" &&
    grep -xF 'export const LIMIT: number;' "$scratch/types" &&
    grep -xF '/** The most that there may be. */' "$scratch/types" &&
    grep -xF "export type Color = 'red' | 'light green' | 'Blue';" \
      "$scratch/types" &&
    grep -xF '/** A point. */' "$scratch/types" &&
    grep -xF '  /** Up. */' "$scratch/types" &&
    grep -xF '  t: readonly [number, string],' "$scratch/types"
}
test_that 'tenon types declares them, with their doc comments' has_types

agrees_with_the_header() {
  awk '
    { c = $1; rust = $2; member = "" }
    sub(/^=/, "", rust) {
      print "IS(" c ")" >(dir "/layout.inc")
      print "is!(\"" c "\", " rust ");"
      next
    }
    split(rust, parts, ".") == 2 {
      split(c, names, ".")
      print "AT(" names[1] ", " names[2] ")" >(dir "/layout.inc")
      print "at!(\"" c "\", " parts[1] ", " parts[2] ");"
      next
    }
    {
      print "SIZE(" c ")" >(dir "/layout.inc")
      print "size!(\"" c "\", " rust ");"
    }' dir="$scratch" "$here/layout.list" >"$scratch/lines"
  (echo '{' && cat "$scratch/lines" && echo '}') >"$scratch/layout.in"
  LAYOUT=$scratch/layout.in rust --edition 2021 "$here/layout.rs" \
    -o "$scratch/layout-rust" &&
    "$cc" -I"$root/include" -I"$scratch" "$here/layout.c" \
      -o "$scratch/layout-c" || return 1
  "$scratch/layout-c" >"$scratch/c" && "$scratch/layout-rust" >"$scratch/rust"
  [ "$(wc -l <"$scratch/c")" -gt 80 ] && diff -U 0 "$scratch/c" "$scratch/rust"
}
test_that 'the structs are those of descriptor.h' agrees_with_the_header

# --- Other ways to build ------------------------------------------------------

cat >"$scratch/hello.js" <<'END'
import * as n from 'native';
console.log(Object.keys(n).join(), n.hello('you'));
try { n.fails(); } catch (e) { console.log(String(e)); }
END
cat >"$scratch/body.rs" <<'END'
tenon::export! {
  fn hello(name: &str) -> String { format!("hello, {}", name) }
  fn fails() -> Result<(), &'static str> { Err("failed") }
}
END
printf '#[path = "%s/include/tenon/tenon.rs"]\nmod tenon;\n' "$root" |
  cat - "$scratch/body.rs" >"$scratch/hello.rs"
hello=$(printf 'fails,hello hello, you\nError: failed')

as_a_crate() { # EDITION
  rust --edition 2021 --crate-type rlib --crate-name tenon \
    "$root/include/tenon/tenon.rs" -o "$scratch/libtenon.rlib" &&
    rust --edition "$1" --crate-type cdylib \
      --extern tenon="$scratch/libtenon.rlib" "$scratch/body.rs" \
      -o "$scratch/crate.so" &&
    [ "$("$host" "$scratch/crate.so" "$scratch/hello.js")" = "$hello" ]
}
test_that 'the file is also a crate' as_a_crate 2021
if echo | "$rustc" --edition 2024 --crate-type rlib - -o "$scratch/x" \
  2>/dev/null; then
  test_that 'crates of edition 2024 use that' as_a_crate 2024
else
  skip 'crates of edition 2024 use that' 'rustc does not know it'
fi

of_edition() { # EDITION
  rust --edition "$1" --crate-type cdylib "$scratch/hello.rs" \
    -o "$scratch/edition.so" &&
    [ "$("$host" "$scratch/edition.so" "$scratch/hello.js")" = "$hello" ]
}
test_that 'the file is a module of a crate of edition 2018' of_edition 2018

in_a_program() { # FLAG...
  rust --edition 2021 -O --crate-type staticlib "$scratch/hello.rs" \
    -o "$scratch/libhello.a" || return 1
  # shellcheck disable=SC2086
  "$cc" $flags "$@" -DLINKED -I"$root/include" "$here/host.c" \
    -o "$scratch/linked" -Wl,--whole-archive "$scratch/libhello.a" \
    -Wl,--no-whole-archive "$build/libtenon.a" \
    $(pkg-config --libs libuv libmd) -lm -ldl -pthread &&
    [ "$("$scratch/linked" - "$scratch/hello.js")" = "$hello" ]
}
test_that 'a static library is a part of a program in C' in_a_program
test_that 'the linker collects none of it as garbage' \
  in_a_program -Wl,--gc-sections

# --- What does not compile ----------------------------------------------------

refuses() { # PATTERN; what stands inside of export! is standard input
  (
    printf '#[path = "%s/include/tenon/tenon.rs"]\nmod tenon;\n' "$root"
    echo 'tenon::export! {' && cat && echo '}'
  ) >"$scratch/wrong.rs"
  ! rust --edition 2021 --crate-type cdylib "$scratch/wrong.rs" \
    -o "$scratch/wrong.so" && grep -q -e "$1" "$out"
}
test_that 'a parameter outlives no call' refuses 'borrowed value does not live' \
  <<'END'
  fn keeps(s: &'static str) -> i32 { s.len() as i32 }
END
test_that 'a parameter of a deferred function goes to no other thread' \
  refuses 'borrowed data escapes' <<'END'
  deferred fn keeps(done: tenon::Deferred<i32>, s: &str) {
    std::thread::spawn(move || done.resolve(s.len() as i32));
  }
END
test_that 'a future stays on one thread or is Send' \
  refuses 'cannot be sent between threads' <<'END'
  async fn keeps() -> i32 {
    let n = std::rc::Rc::new(1);
    tenon::sleep(std::time::Duration::from_millis(1)).await;
    *n
  }
END
test_that 'a deferred settles once' refuses 'use of moved value' <<'END'
  deferred fn twice(done: tenon::Deferred<i32>) {
    done.resolve(1);
    done.resolve(2);
  }
END
test_that 'a deferred settles by its own type' refuses 'mismatched types' <<'END'
  deferred fn wrong(done: tenon::Deferred<i32>) {
    done.resolve("1");
  }
END
test_that 'Option and Nullable do not nest' refuses 'Whole. is not satisfied' \
  <<'END'
  fn nested(n: Option<Option<i32>>) -> i32 { n.map_or(0, |n| n.unwrap_or(1)) }
END
test_that 'a type that nobody described is refused' \
  refuses 'Value. is not satisfied' <<'END'
  fn unknown(n: std::ops::Range<i32>) -> i32 { n.start }
END
parameters() { # NAME N
  printf '  fn %s(' "$1"
  i=0
  while [ "$i" -lt "$2" ]; do
    printf 'p%d: f64, ' "$i"
    i=$((i + 1))
  done
  echo ') -> f64 { p0 }'
}
parameters many 25 >"$scratch/25"
test_that 'parameters are 24 at most' refuses 'at most 24 parameters' \
  <"$scratch/25"
takes_24() {
  (
    printf '#[path = "%s/include/tenon/tenon.rs"]\nmod tenon;\n' "$root"
    echo 'tenon::export! {' && parameters many 24 && echo '}'
  ) >"$scratch/many.rs"
  echo "import { many } from 'native'; console.log(many.length,
    many(...Array.from({ length: 24 }, (_, i) => i + 5)));" >"$scratch/many.js"
  rust -A unused --edition 2021 --crate-type cdylib "$scratch/many.rs" \
    -o "$scratch/many.so" &&
    "$host" "$scratch/many.so" "$scratch/many.js" | grep -xF '24 5'
}
test_that 'and 24 are fine' takes_24
test_that 'what is no function is named' \
  refuses 'not a function that can be exported: struct' <<'END'
  struct Point { x: f64 }
END

echo "1..$count"
exit $failed
