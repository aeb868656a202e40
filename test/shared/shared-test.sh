#!/bin/sh
# Shared objects that programs of the command import by their path: from C, from
# Rust, and modules that were written for QuickJS.
#
# usage: shared-test.sh BUILD_DIR SCRATCH_DIR
set -u
. "$(dirname "$0")/../tap.sh"
build_dir=$(cd "$1" && pwd)
tenon=$build_dir/tenon
scratch=$(cd "$2" && pwd)
cd "$(dirname "$0")/../.." || exit 2
out=$scratch/out
engine=$(sed -n 's/^TENON_ENGINE_DIR:[A-Z]*=//p' "$build_dir/CMakeCache.txt")
mkdir -p "$scratch/lib"

build() { # OUTPUT SOURCE FLAG...
  output=$1
  source=$2
  shift 2
  cc -shared -fPIC -Iinclude "$@" "$source" -o "$output"
}

test_that 'a module of C is built' \
  build "$scratch/plugin.so" test/c/user-plugin.c
is 'it is imported by its path' 'plugin one 8' "$("$tenon" eval "
  import text, { plugin_text, c11_spaced } from '$scratch/plugin.so';
  console.log(text('one'), c11_spaced(-992));" 2>&1)"

cat >"$scratch/main.mjs" <<'END'
import { plugin_text } from './lib/../plugin.so';
plugin_text(1);
END
is 'what it throws is told with the place in the program' '1 1' \
  "$("$tenon" "$scratch/main.mjs" 2>"$scratch/stderr"
    echo "$(grep -c 'main.mjs:2:1' "$scratch/stderr")" \
      "$(grep -c "argument 1 's': expected string, got 1" "$scratch/stderr")")"

# --- Rust ---------------------------------------------------------------------

if command -v rustc >/dev/null 2>&1; then
  cat >"$scratch/native.rs" <<'END'
mod tenon;

tenon::export! {
  fn twice(n: i64) -> i64 {
    2 * n
  }
}
END
  build_rust() {
    cp include/tenon/tenon.rs "$scratch/" &&
      rustc --edition 2021 --crate-type cdylib -o "$scratch/librust.so" \
        "$scratch/native.rs"
  }
  test_that 'a module of Rust is built' build_rust
  is 'it is imported by its path' 42 "$("$tenon" eval "
    console.log((await import('$scratch/librust.so')).twice(21));" 2>&1)"
else
  skip 'a module of Rust is built' 'rustc is not installed'
  skip 'it is imported by its path' 'rustc is not installed'
fi

# --- Modules of QuickJS -------------------------------------------------------

test_that 'a module of QuickJS is built' \
  build "$scratch/raw.so" test/c/shared/raw.c "-I$engine"
is 'it is imported by its path' 1 "$("$tenon" eval "
  console.log((await import('$scratch/raw.so')).count());" 2>&1)"

# A program that has libtenon shows no engine.
cat >"$scratch/host.c" <<'END'
#include <stdio.h>
#include <tenon.h>
int main(int argc, char **argv)
{
  tenon_runtime *rt;
  int r = tenon_runtime_new(NULL, &rt);
  (void)argc;
  if (r == 0) r = tenon_runtime_run_file(rt, argv[1]);
  if (r) puts(tenon_runtime_exception(rt));
  tenon_runtime_free(rt);
  return r != 0;
}
END
cat >"$scratch/raw.mjs" <<'END'
import { count } from './raw.so';
END
sanitize=$(sed -n 's/^TENON_SANITIZE:[A-Z]*=//p' "$build_dir/CMakeCache.txt")
build_host() {
  cc -Iinclude "$scratch/host.c" -o "$scratch/host" "$build_dir/libtenon.so" \
    -Wl,-rpath,"$build_dir"
}
told='a program with libtenon says that it keeps its engine to itself'
if [ -n "$sanitize" ]; then
  skip "$told" 'not of a build with a sanitizer'
elif test_that 'a program with libtenon is built' build_host; then
  is "$told" 1 "$("$scratch/host" "$scratch/raw.mjs" 2>&1 |
    grep -c 'undefined symbol: [Jj][Ss]_.* keeps its engine to itself')"
fi

# --- What is refused ----------------------------------------------------------

echo 'int x;' >"$scratch/x.c"
cc -c -fPIC "$scratch/x.c" -o "$scratch/object.so"
cp "$scratch/plugin.so" "$scratch/cut.so"
truncate -s 6000 "$scratch/cut.so"
echo text >"$scratch/text.so"
for case in 'object.so:is an object file; link it with' \
  'cut.so:is damaged: it ends too early' \
  'text.so:is not a shared object (ELF)'; do
  is "${case%%:*} ${case#*:}" 1 "$(echo "import './${case%%:*}'" \
    >"$scratch/refused.mjs"
    "$tenon" "$scratch/refused.mjs" 2>&1 | grep -cF \
      "Cannot load './${case%%:*}' imported from file://$scratch/refused.mjs: $scratch/${case%%:*} ${case#*:}")"
done
is 'a refusal is one line of JSON' 1 "$("$tenon" --json-errors \
  "$scratch/refused.mjs" 2>&1 | grep -c '"code":"ERR_DLOPEN_FAILED"')"

echo "1..$count"
exit $failed
