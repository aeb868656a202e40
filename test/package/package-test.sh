#!/bin/sh
# What the build makes, as a linker and a loader see it: symbols, names, what
# it needs, and the one version that stands in four places.
#
# usage: package-test.sh BUILD_DIR SCRATCH_DIR
set -eu
. "$(dirname "$0")/../tap.sh"
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
mkdir -p "$2"
scratch=$(cd "$2" && pwd)
out=$scratch/out
sanitize=$(sed -n 's/^TENON_SANITIZE:[A-Z]*=//p' "$build/CMakeCache.txt")

# What a sanitizer's own library changes.
sanitized='not of a build with a sanitizer'

echo 1..13

# --- Symbols ------------------------------------------------------------------

shows_symbols() {
  nm -D --defined-only "$build/libtenon.so" | awk '{ print $3 }' |
    LC_ALL=C sort >"$scratch/symbols"
  [ -s "$scratch/symbols" ] && diff -U 0 "$here/symbols.txt" "$scratch/symbols"
}
if [ -n "$sanitize" ]; then
  skip 'libtenon.so shows the symbols of symbols.txt and no other' \
    "$sanitized"
else
  test_that 'libtenon.so shows the symbols of symbols.txt and no other' \
    shows_symbols
fi

# The macros of export.h are what is left of the headers' own functions.
declares_symbols() {
  sed -n -e '/^TENON_API [^(]*$/{N;s/\n/ /;}' \
    -e 's/^TENON_API .*[ *]\(tenon_[a-z_]*\)(.*/\1/p' \
    "$root"/include/tenon/*.h | LC_ALL=C sort >"$scratch/declared"
  grep '^tenon_' "$here/symbols.txt" >"$scratch/ours"
  [ -s "$scratch/declared" ] &&
    diff -U 0 "$scratch/declared" "$scratch/ours" || return 1
  # The rest is Node-API, by its headers.
  headers=$(sed -n 's/^TENON_NODE_API_DIR:[A-Z]*=//p' "$build/CMakeCache.txt")
  grep -v '^tenon_' "$here/symbols.txt" | while IFS= read -r name; do
    grep -qwF "$name" "$headers"/tenon/node-api/*.h || {
      echo "$name is in no header of Node-API"
      exit 1
    }
  done
}
test_that 'the headers declare each of these symbols and no other' \
  declares_symbols

# A program may link another QuickJS beside libtenon.a.
archive_shows_symbols() {
  nm -g --defined-only "$build/libtenon.a" | awk 'NF == 3 { print $3 }' |
    LC_ALL=C sort | diff -U 0 "$here/symbols.txt" -
}
test_that 'libtenon.a shows the same symbols' archive_shows_symbols

# --- The engine's interface ---------------------------------------------------

# libtenon-quickjs shows it besides, in place of the engine's library.
LC_ALL=C sort "$here/symbols.txt" "$here/symbols-quickjs.txt" \
  >"$scratch/all-symbols"

shows_engine() {
  nm -D --defined-only "$build/libtenon-quickjs.so" | awk '{ print $3 }' |
    LC_ALL=C sort | diff -U 0 "$scratch/all-symbols" -
}
if [ -n "$sanitize" ]; then
  skip 'libtenon-quickjs.so shows those of symbols-quickjs.txt, too' \
    "$sanitized"
else
  test_that 'libtenon-quickjs.so shows those of symbols-quickjs.txt, too' \
    shows_engine
fi

archive_shows_engine() {
  nm -g --defined-only "$build/libtenon-quickjs.a" |
    awk 'NF == 3 { print $3 }' | LC_ALL=C sort |
    diff -U 0 "$scratch/all-symbols" -
}
test_that 'libtenon-quickjs.a shows the same symbols' archive_shows_engine

engine_declares() {
  engine=$(sed -n 's/^TENON_ENGINE_DIR:[A-Z]*=//p' "$build/CMakeCache.txt")
  sed '/^#/d' "$engine/quickjs.h" | tr '\n' ' ' |
    sed 's/JS_EXTERN/\
&/g' | sed -n -e 's/JS_PRINTF_FORMAT_ATTR([^)]*)//g' \
      -e 's/^JS_EXTERN[^(]*[ *]\([Jj][Ss]_[A-Za-z0-9_]*\)(.*/\1/p' | LC_ALL=C sort -u |
    diff -U 0 "$here/symbols-quickjs.txt" -
}
test_that 'they are what quickjs.h declares' engine_declares

# --- What a loader reads ------------------------------------------------------

has_soname() {
  readelf -d "$build/libtenon.so" | grep SONAME |
    grep -F '[libtenon.so.0.1]' || {
    readelf -d "$build/libtenon.so"
    return 1
  }
}
test_that 'the soname is libtenon.so.0.1' has_soname

needs_little() { # FILE LIBRARIES
  # shellcheck disable=SC2086
  printf '%s\n' $2 >"$scratch/allowed"
  readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\.so.*/\1/p' |
    grep -v '^ld-linux' | LC_ALL=C sort | diff -U 0 "$scratch/allowed" -
}
for file in libtenon.so tenon; do
  libraries='libc libm libmd libuv'
  [ $file = libtenon.so ] || libraries='libc libm'
  if [ -n "$sanitize" ]; then
    skip "$file needs $libraries and nothing more" "$sanitized"
  else
    test_that "$file needs $libraries and nothing more" \
      needs_little "$build/$file" "$libraries"
  fi
done

has_no_open_stack() {
  for file in tenon libtenon.so; do
    readelf -lW "$build/$file" >"$scratch/segments"
    grep 'GNU_STACK.* RW ' "$scratch/segments" || {
      cat "$scratch/segments"
      return 1
    }
    ! readelf -d "$build/$file" | grep TEXTREL || return 1
  done
}
test_that 'no stack is executable, no text is relocated' has_no_open_stack

# --- The version --------------------------------------------------------------

version=$(sed -n 's/^project(tenon VERSION \([0-9.]*\).*/\1/p' \
  "$root/CMakeLists.txt")

says_version() {
  "$build/tenon" --version >"$scratch/said" && cat "$scratch/said" &&
    head -n 1 "$scratch/said" | grep -qxF "tenon $version" &&
    grep -qxE 'QuickJS-ng [0-9]+\.[0-9]+\.[0-9]+' "$scratch/said" &&
    grep -qxE 'libuv [0-9]+\.[0-9]+\.[0-9]+' "$scratch/said" &&
    grep -qE '^built with (gcc|clang) ' "$scratch/said"
}
test_that 'tenon --version says the version of the project' says_version

headers_agree() {
  for part in MAJOR MINOR PATCH; do
    sed -n "s/^#define TENON_VERSION_$part //p" "$root/include/tenon/version.h"
  done | tr '\n' . | grep -xF "$version."
}
test_that 'version.h says the version of the project' headers_agree

packages_agree() {
  for file in tenon.pc tenon-static.pc tenon-quickjs.pc \
    tenon-quickjs-static.pc; do
    grep -xF "Version: $version" "$build/$file" || return 1
  done
  grep -F "set(PACKAGE_VERSION \"$version\")" \
    "$build/tenon-config-version.cmake"
}
test_that 'the packages say the version of the project' packages_agree

exit $failed
