#!/bin/sh
# examples/native-functions: what its program prints, and that a file in its
# export/ is all that a new function needs.
#
# usage: native-functions-test.sh BUILD_DIR SCRATCH_DIR
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
mkdir -p "$2"
scratch=$(cd "$2" && pwd)
example=$root/examples/native-functions
count=0
failed=0

result() { # STATUS NAME; shows $scratch/out on failure
  count=$((count + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $count - $2"
  else
    failed=1
    sed 's/^/# /' "$scratch/out"
    echo "not ok $count - $2"
  fi
}

cached() { # NAME; its value in the build's cache
  sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"
}

echo 1..7

# --- What it prints -----------------------------------------------------------

sed "s|%{url}|file://$example|g" \
  "$root/test/examples/native-functions.expected" >"$scratch/expected"
status=0
"$build/examples/native-functions/native-functions" "$example/main.js" \
  >"$scratch/said" 2>&1 || status=1
diff -U 3 "$scratch/expected" "$scratch/said" >"$scratch/out" || status=1
result $status 'the example prints what is expected'

# --- A file in export/ --------------------------------------------------------

# The example's own CMakeLists.txt builds a copy of it, with the library of the
# build under test.
mkdir "$scratch/copy"
cp -R "$root/examples" "$scratch/copy/examples"
copy=$scratch/copy/examples/native-functions
sanitize=$(cached TENON_SANITIZE)
cat >"$scratch/copy/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.25)
project(copy C)
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(UV REQUIRED IMPORTED_TARGET libuv)
pkg_check_modules(MD REQUIRED IMPORTED_TARGET libmd)
add_library(tenon_warnings INTERFACE)
add_library(tenon::static STATIC IMPORTED)
set_target_properties(tenon::static PROPERTIES
  IMPORTED_LOCATION "$build/libtenon.a"
  INTERFACE_INCLUDE_DIRECTORIES "$root/include")
target_link_libraries(tenon::static INTERFACE PkgConfig::UV PkgConfig::MD m pthread)
if(NOT "$sanitize" STREQUAL "")
  add_compile_options("-fsanitize=$sanitize")
  add_link_options("-fsanitize=$sanitize")
endif()
add_subdirectory(examples)
EOF
cat >"$scratch/list.mjs" <<'EOF'
import * as native from 'native';
console.log(Object.keys(native).join());
if (native.twice) console.log(native.twice(21));
EOF

make() { # builds; the output is in $scratch/out
  cmake --build "$scratch/copy/build" --target native-functions \
    >"$scratch/out" 2>&1
}

runs() { # EXPECTED
  printf '%s\n' "$1" >"$scratch/expected"
  "$scratch/copy/build/examples/native-functions/native-functions" \
    "$scratch/list.mjs" >"$scratch/said" 2>&1 || :
  diff "$scratch/expected" "$scratch/said" >>"$scratch/out"
}

objects() { # FILE; the object files and when they were written
  find "$scratch/copy/build" -name '*.o' -exec stat -c '%n %y' {} + |
    LC_ALL=C sort >"$1"
}

# What was written between two lists, by its name alone.
written() { # BEFORE AFTER
  LC_ALL=C comm -13 "$1" "$2" | sed 's|.*/\([^/ ]*\)\.o .*|\1|' |
    tr '\n' ' '
}

status=0
cmake -S "$scratch/copy" -B "$scratch/copy/build" \
  -G "$(cached CMAKE_GENERATOR)" \
  -DCMAKE_C_COMPILER="$(cached CMAKE_C_COMPILER)" \
  >"$scratch/out" 2>&1 && make && runs fib,sleep || status=1
result $status 'a copy of the example builds, and exports its two functions'

objects "$scratch/before"
cat >"$copy/export/twice.c" <<'EOF'
#include <tenon/export.h>

TENON_FUNCTION(i32, twice, (i32, n))
{
  return 2 * n;
}
EOF
status=0
make && runs 'fib,sleep,twice
42' || status=1
result $status 'a file dropped into export/ is exported with no list edited'

objects "$scratch/after"
said=$(written "$scratch/before" "$scratch/after")
echo "recompiled: $said" >"$scratch/out"
status=0
[ "$said" = 'twice.c ' ] || status=1
result $status 'the incremental build compiles the new file alone'

cp "$scratch/after" "$scratch/before"
sed -i 's/2 \* n/20 + n/' "$copy/export/twice.c"
status=0
make && runs 'fib,sleep,twice
41' || status=1
objects "$scratch/after"
said=$(written "$scratch/before" "$scratch/after")
echo "recompiled: $said" >>"$scratch/out"
[ "$said" = 'twice.c ' ] || status=1
result $status 'a changed file is compiled again, and no other'

cp "$scratch/after" "$scratch/before"
make || :
objects "$scratch/after"
status=0
cmp -s "$scratch/before" "$scratch/after" || status=1
result $status 'a build without changes compiles nothing'

rm "$copy/export/twice.c"
status=0
make && runs fib,sleep || status=1
result $status 'a removed file takes its export with it'

exit $failed
