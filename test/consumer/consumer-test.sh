#!/bin/sh
# An installed libtenon as its users meet it: by pkg-config and as a CMake
# package, static and shared, from C and from C++.
#
# usage: consumer-test.sh BUILD_DIR SCRATCH_DIR
set -eu
. "$(dirname "$0")/../tap.sh"
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
mkdir -p "$2"
scratch=$(cd "$2" && pwd)
prefix=$scratch/prefix
out=$scratch/out
cached() { # NAME; its value in the build's cache
  sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"
}

cc=$(cached CMAKE_C_COMPILER)
sanitize=$(cached TENON_SANITIZE)
flags=${sanitize:+-fsanitize=$sanitize}
has_cxx=
command -v g++ >/dev/null 2>&1 && has_cxx=1
unset LD_LIBRARY_PATH PKG_CONFIG_PATH CMAKE_PREFIX_PATH

echo 1..21

# --- Installing ---------------------------------------------------------------

installs() {
  cmake --install "$build" --prefix "$prefix" &&
    libdir=$(dirname "$(find "$prefix" -name libtenon.a)") &&
    [ -x "$prefix/bin/tenon" ] && [ -f "$prefix/include/tenon.h" ] &&
    [ -f "$libdir/libtenon.so.0.1" ] && "$prefix/bin/tenon" --version
}
test_that 'the build installs under a prefix given at install time' installs
libdir=$(dirname "$(find "$prefix" -name libtenon.a)")

# A packager's way: the files lie below DESTDIR and say nothing of it.
stages() {
  DESTDIR=$scratch/stage cmake --install "$build" --prefix /opt/tenon &&
    (cd "$scratch/stage/opt/tenon" && find . | LC_ALL=C sort) \
      >"$scratch/staged" &&
    (cd "$prefix" && find . | LC_ALL=C sort) | diff - "$scratch/staged" &&
    ! grep -rIl -e "$scratch" -e "$build" "$scratch/stage"
}
test_that 'DESTDIR stages the same files, and none names the build' stages

headers_compile() { # LANGUAGE STANDARD
  status=0
  for header in $(cd "$prefix/include" && find . -name '*.h'); do
    printf '#include <%s>\n' "${header#./}" >"$scratch/header.c"
    "$cc" -x "$1" -std="$2" -Wall -Wextra -pedantic -Werror -fsyntax-only \
      -I"$prefix/include" "$scratch/header.c" || status=1
  done
  return $status
}
test_that 'every installed header compiles alone as C11' \
  headers_compile c c11
if [ -n "$has_cxx" ]; then
  test_that 'every installed header compiles alone as C++17' \
    headers_compile c++ c++17
else
  result 0 'every installed header compiles alone as C++17 # SKIP no C++'
fi

# --- pkg-config ---------------------------------------------------------------

pc() {
  PKG_CONFIG_PATH=$libdir/pkgconfig pkg-config "$@"
}

prints_greeting() { # PROGRAM
  [ "$("$1")" = 'hello, tenon' ]
}

needs_libtenon() { # PROGRAM
  readelf -d "$1" | grep -q 'NEEDED.*\[libtenon\.so\.0\.1\]'
}

by_pkg_config_static() {
  # shellcheck disable=SC2046,SC2086
  "$cc" $flags $(pc --cflags tenon-static) "$here/host.c" -o "$scratch/pc-a" \
    $(pc --libs tenon-static) && prints_greeting "$scratch/pc-a" &&
    ! needs_libtenon "$scratch/pc-a"
}
test_that 'pkg-config tenon-static links libtenon.a' by_pkg_config_static

by_pkg_config_shared() {
  # shellcheck disable=SC2046,SC2086
  "$cc" $flags $(pc --cflags tenon) "$here/host.c" -o "$scratch/pc-so" \
    $(pc --libs tenon) -Wl,-rpath,"$libdir" &&
    prints_greeting "$scratch/pc-so" && needs_libtenon "$scratch/pc-so"
}
test_that 'pkg-config tenon links libtenon.so, found by a run path' \
  by_pkg_config_shared

by_library_path() {
  # shellcheck disable=SC2046,SC2086
  "$cc" $flags $(pc --cflags tenon) "$here/host.c" -o "$scratch/pc-ld" \
    $(pc --libs tenon) && ! "$scratch/pc-ld" &&
    LD_LIBRARY_PATH=$libdir prints_greeting "$scratch/pc-ld"
}
test_that 'the same is found by LD_LIBRARY_PATH' by_library_path

moves() {
  mv "$prefix" "$scratch/moved" && status=0
  PKG_CONFIG_PATH=$scratch/moved/${libdir#"$prefix/"}/pkgconfig \
    pkg-config --cflags --libs tenon tenon-static >"$scratch/flags" || status=1
  mv "$scratch/moved" "$prefix"
  cat "$scratch/flags"
  [ $status -eq 0 ] && ! grep -q "$prefix" "$scratch/flags" &&
    grep -q "$scratch/moved" "$scratch/flags"
}
test_that 'the flags of pkg-config follow a prefix that was moved' moves

# --- For programs that embed the engine ---------------------------------------

attaches() { # PACKAGE
  # shellcheck disable=SC2046,SC2086
  "$cc" $flags $(pc --cflags "$1") "$here/attach.c" -o "$scratch/$1" \
    $(pc --libs "$1") -Wl,-rpath,"$libdir" && [ "$("$scratch/$1")" = 42 ]
}
test_that 'a program that embeds the engine attaches by tenon-quickjs' \
  attaches tenon-quickjs
test_that 'and by tenon-quickjs-static' attaches tenon-quickjs-static

# Its engine is its own: neither is taken for the other.
is_foreign() { # PACKAGE
  # shellcheck disable=SC2046,SC2086
  "$cc" $flags -DFOREIGN $(pc --cflags tenon-quickjs) "$here/attach.c" \
    -o "$scratch/foreign-$1" $(pc --libs "$1") -Wl,-rpath,"$libdir" &&
    [ "$("$scratch/foreign-$1")" = EENGINE ]
}
test_that 'a program with another engine beside tenon is told so' \
  is_foreign tenon
test_that 'and one beside tenon-static' is_foreign tenon-static

# Before anything is linked.
refuses_engine() {
  mkdir -p "$scratch/other" &&
    sed 's/^\(#define QJS_VERSION_MINOR\) .*/\1 99/' \
      "$prefix/include/tenon/engine/quickjs.h" >"$scratch/other/quickjs.h" &&
    ! "$cc" -I"$scratch/other" -I"$prefix/include" -fsyntax-only \
      "$here/attach.c" && grep -q 'is not of QuickJS-ng' "$out"
}
test_that 'a quickjs.h of another version does not compile' refuses_engine

# --- The CMake package --------------------------------------------------------

by_cmake() { # LANGUAGE KIND
  tree=$scratch/cmake-$1-$2
  cmake -S "$here" -B "$tree" -G "$(cached CMAKE_GENERATOR)" \
    -DLANGUAGE="$1" -DKIND="$2" -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_"$1"_FLAGS="$flags" && cmake --build "$tree" &&
    prints_greeting "$tree/host" || return 1
  if [ "$2" = shared ]; then
    needs_libtenon "$tree/host"
  else
    ! needs_libtenon "$tree/host"
  fi
}
for kind in static shared; do
  test_that "find_package gives tenon::$kind to C" by_cmake C $kind
  if [ -n "$has_cxx" ]; then
    test_that "find_package gives tenon::$kind to C++17" by_cmake CXX $kind
  else
    result 0 "find_package gives tenon::$kind to C++17 # SKIP no C++"
  fi
done

embeds_by_cmake() { # KIND
  tree=$scratch/cmake-$1
  cmake -S "$here" -B "$tree" -G "$(cached CMAKE_GENERATOR)" -DLANGUAGE=C \
    -DKIND="$1" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_FLAGS="$flags" &&
    cmake --build "$tree" && [ "$("$tree/host")" = 42 ]
}
for kind in quickjs_static quickjs_shared; do
  test_that "find_package gives tenon::$kind to one that embeds the engine" \
    embeds_by_cmake $kind
done

refuses_version() {
  mkdir "$scratch/version"
  cat >"$scratch/version/CMakeLists.txt" <<'EOF'
cmake_minimum_required(VERSION 3.16)
project(version C)
find_package(tenon 0.2 REQUIRED)
EOF
  ! cmake -S "$scratch/version" -B "$scratch/version/build" \
    -DCMAKE_PREFIX_PATH="$prefix" && grep -q 'version: 0\.1\.0' "$out"
}
test_that 'find_package refuses another minor version' refuses_version

no_libuv() {
  ! PKG_CONFIG_LIBDIR=$scratch cmake -S "$here" -B "$scratch/no-libuv" \
    -DLANGUAGE=C -DKIND=static -DCMAKE_PREFIX_PATH="$prefix" &&
    grep -q 'tenon needs libuv and libmd' "$out"
}
test_that 'find_package says when libuv is missing' no_libuv

exit $failed
