#!/bin/sh
# examples/quickjs-rust: one program in each of its hosts, functions in C and in
# Rust, and a file dropped into the folder that exports itself.
#
# usage: quickjs-rust-test.sh BUILD_DIR SCRATCH_DIR
set -eu
. "$(dirname "$0")/../tap.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
mkdir -p "$2"
scratch=$(cd "$2" && pwd)
example=$root/examples/quickjs-rust
out=$scratch/out

cached() { # NAME; its value in the build's cache
  sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"
}

# --- What it prints -----------------------------------------------------------

# Hosts name a file by its path or its URL.
prints_expected() { # HOST
  "$build/examples/quickjs-rust/$1" "$example/test.js" >"$scratch/said" 2>&1
  sed -e "s|file://$example/||" -e "s|$example/||" "$scratch/said" |
    diff -U 3 "$root/test/examples/quickjs-rust.expected" -
}
test_that 'a host of quickjs-libc runs the program' prints_expected host
test_that 'a host of Tenon runs it alike' prints_expected tenon-host
for host in host-rust tenon-host-rust; do
  if [ -x "$build/examples/quickjs-rust/$host" ]; then
    test_that "$host runs it with functions in Rust" prints_expected $host
  else
    skip "$host runs it with functions in Rust" 'rustc is not installed'
  fi
done

# That host waits by its poll, and its own timers have their time.
cat >"$scratch/timers.mjs" <<'EOT'
import { setTimeout } from 'qjs:os';
import { sleep } from 'rust';

const start = Date.now();
const came = [];
const at = (ms) => () => {
  const late = Date.now() - start - ms;
  came.push(late >= -1 && late < 1500 ? ms : `${ms}, ${late} ms late`);
  if (came.length === 4) console.log(came.sort().join());
};
setTimeout(at(150), 150);
sleep(200).then(at(200));
setTimeout(() => sleep(100).then(at(350)), 250);
sleep(2500).then(() => setTimeout(at(2600), 100));
EOT
keeps_time() {
  "$build/examples/quickjs-rust/host" "$scratch/timers.mjs" >"$scratch/said" &&
    echo 150,200,2600,350 | diff - "$scratch/said"
}
test_that 'timers of the host and operations beside them keep their time' \
  keeps_time

# --- A file in export/ --------------------------------------------------------

# The example's own CMakeLists.txt builds a copy of it, with the libraries of
# the build under test.
copy=$scratch/copy
mkdir "$copy"
cp -R "$example" "$copy/quickjs-rust"
sanitize=$(cached TENON_SANITIZE)
cat >"$copy/CMakeLists.txt" <<EOT
cmake_minimum_required(VERSION 3.25)
project(copy C)
find_package(PkgConfig REQUIRED)
pkg_check_modules(UV REQUIRED IMPORTED_TARGET libuv)
pkg_check_modules(MD REQUIRED IMPORTED_TARGET libmd)
add_library(tenon_warnings INTERFACE)
set(TENON_ENGINE_DIR "$(cached TENON_ENGINE_DIR)")
set(TENON_RUST_PRELUDE "$root/include/tenon/tenon.rs")
foreach(pair "static tenon" "quickjs_static tenon-quickjs")
  separate_arguments(pair)
  list(GET pair 0 name)
  list(GET pair 1 file)
  add_library(tenon::\${name} STATIC IMPORTED)
  set_target_properties(tenon::\${name} PROPERTIES
    IMPORTED_LOCATION "$build/lib\${file}.a"
    INTERFACE_INCLUDE_DIRECTORIES "$root/include")
  target_link_libraries(tenon::\${name} INTERFACE PkgConfig::UV PkgConfig::MD m pthread)
endforeach()
if(NOT "$sanitize" STREQUAL "")
  add_compile_options("-fsanitize=$sanitize")
  add_link_options("-fsanitize=$sanitize")
endif()
add_subdirectory(quickjs-rust)
EOT
cat >"$scratch/list.mjs" <<'EOT'
import * as rust from 'rust';
console.log(Object.keys(rust).join());
if (rust.twice) console.log(rust.twice(21));
EOT

exports() { # EXPECTED
  printf '%s\n' "$1" >"$scratch/expected"
  cmake --build "$copy/build" --target quickjs-rust-host \
    --target quickjs-rust-tenon || return 1
  for host in host tenon-host; do
    "$copy/build/quickjs-rust/$host" "$scratch/list.mjs" 2>&1 |
      diff "$scratch/expected" - || return 1
  done
}
builds() {
  cmake -S "$copy" -B "$copy/build" -G "$(cached CMAKE_GENERATOR)" \
    -DCMAKE_C_COMPILER="$(cached CMAKE_C_COMPILER)" && exports fib,sleep
}
test_that 'a copy of the example builds, and exports its two functions' builds

cat >"$copy/quickjs-rust/export/twice.c" <<'EOT'
#include <tenon/export.h>

TENON_FUNCTION(i32, twice, (i32, n))
{
  return 2 * n;
}
EOT
test_that 'a file dropped into export/ is exported in both hosts' \
  exports 'fib,sleep,twice
42'

exports_rust() { # EXPECTED
  printf '%s\n' "$1" >"$scratch/expected"
  cmake --build "$copy/build" --target quickjs-rust-host-rust &&
    "$copy/build/quickjs-rust/host-rust" "$scratch/list.mjs" 2>&1 |
      diff "$scratch/expected" -
}
if [ -x "$build/examples/quickjs-rust/host-rust" ]; then
  cat >"$copy/quickjs-rust/rust/export/twice.rs" <<'EOT'
use crate::tenon;

tenon::export! {
  pub fn twice(n: i32) -> i32 { 2 * n }
}
EOT
  test_that 'so is a file dropped into rust/export/' exports_rust \
    'fib,sleep,twice
42'
else
  skip 'so is a file dropped into rust/export/' 'rustc is not installed'
fi

echo "1..$count"
exit $failed
