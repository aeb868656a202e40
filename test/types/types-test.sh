#!/bin/sh
# `tenon types`: what it prints of a module with all types, that the compiler of
# TypeScript takes it and refuses what is wrong, and what it says of files that
# are no modules.
#
# usage: types-test.sh BUILD_DIR SCRATCH_DIR
set -u
. "$(dirname "$0")/../tap.sh"
build_dir=$(cd "$1" && pwd)
tenon=$build_dir/tenon
scratch=$(cd "$2" && pwd)
cd "$(dirname "$0")/../.." || exit 2
out=$scratch/out

build() { # OUTPUT SOURCE FLAG...
  output=$1
  source=$2
  shift 2
  ${CC:-cc} -std=c11 -shared -fPIC -Iinclude "$@" "$source" -o "$output"
}

# --- The whole text -----------------------------------------------------------

test_that 'a module with all types is built' \
  build "$scratch/liball.so" test/types/module.c
prints_all() {
  "$tenon" types "$scratch/liball.so" >"$scratch/all.d.ts" &&
    diff -u test/types/module.expected "$scratch/all.d.ts"
}
test_that 'its declarations are these' prints_all

test_that 'a module with all kinds of classes is built' \
  build "$scratch/libclasses.so" test/types/classes.c
prints_classes() {
  "$tenon" types "$scratch/libclasses.so" >"$scratch/classes.d.ts" &&
    diff -u test/types/classes.expected "$scratch/classes.d.ts"
}
test_that 'its declarations are these' prints_classes

# Compilers differ in the line that they give to a macro.
for compiler in gcc clang; do
  prints_by() {
    CC=$compiler build "$scratch/liball.so" test/types/module.c &&
      "$tenon" types "$scratch/liball.so" |
      diff -u test/types/module.expected - &&
      CC=$compiler build "$scratch/libclasses.so" test/types/classes.c &&
      "$tenon" types "$scratch/libclasses.so" |
      diff -u test/types/classes.expected -
  }
  if command -v $compiler >/dev/null 2>&1; then
    test_that "they are the same by $compiler" prints_by
  else
    skip "they are the same by $compiler" "$compiler is not installed"
  fi
done

# --- TypeScript ---------------------------------------------------------------

typescript=${TENON_TYPESCRIPT_DIR:-build/typescript}
why=
if ! command -v node >/dev/null 2>&1; then
  why='node is not installed'
elif [ ! -f "$typescript/lib/tsc.js" ] &&
  ! sh tools/fetch-typescript.sh "$typescript" >"$scratch/fetch" 2>&1; then
  why=$(tail -n 1 "$scratch/fetch")
fi

echo no package >"$scratch/wrong.tgz"
is 'another compiler than the pinned one is refused' \
  '1 fetch-typescript: wrong.tgz is not typescript' "$(
  TENON_TYPESCRIPT_TGZ=$scratch/wrong.tgz \
    sh tools/fetch-typescript.sh "$scratch/compiler" 2>"$scratch/stderr"
  echo "$? $(sed 's|: .*/|: |; s| [0-9].*||' "$scratch/stderr")")"
is 'and leaves nothing behind' '' "$(ls -d "$scratch"/compiler* 2>/dev/null)"

checks() { # FOLDER LIBRARY
  cat >"$1/tsconfig.json" <<END
{
  "compilerOptions": {
    "strict": true, "exactOptionalPropertyTypes": true,
    "noUncheckedIndexedAccess": true, "skipLibCheck": false, "noEmit": true,
    "lib": ["${2-es2022}"], "types": [], "target": "es2022", "module": "esnext",
    "moduleResolution": "bundler"
  }
}
END
  node "$typescript/lib/tsc.js" -p "$1"
}
takes_ambient() {
  mkdir -p "$scratch/ambient" &&
    cp test/types/user.ts test/types/wrong.ts "$scratch/ambient" &&
    "$tenon" types "$scratch/liball.so" -o "$scratch/ambient/all.d.ts" &&
    checks "$scratch/ambient"
}
takes_plain() {
  mkdir -p "$scratch/plain" || return 1
  for file in user wrong; do
    sed "s|'all'|'./native.js'|" test/types/$file.ts \
      >"$scratch/plain/$file.ts" || return 1
  done
  "$tenon" types --plain -o "$scratch/plain/native.d.ts" \
    "$scratch/liball.so" && checks "$scratch/plain"
}
# The text that test/c/test-declare.c compares with.
takes_kinds() {
  mkdir -p "$scratch/kinds" &&
    cp test/types/kinds.d.ts test/types/kinds-user.ts "$scratch/kinds" &&
    checks "$scratch/kinds"
}
# What only newer libraries have, or have, too.
takes_classes() {
  for library in es2022 esnext; do
    mkdir -p "$scratch/classes-$library" &&
      cp test/types/classes.ts "$scratch/classes-$library" &&
      "$tenon" types "$scratch/libclasses.so" \
        -o "$scratch/classes-$library/native.d.ts" &&
      checks "$scratch/classes-$library" $library || return 1
  done
}
takes_plain_classes() {
  mkdir -p "$scratch/plain-classes" &&
    sed "s|'classes'|'./native.js'|" test/types/classes.ts \
      >"$scratch/plain-classes/classes.ts" &&
    "$tenon" types --plain -o "$scratch/plain-classes/native.d.ts" \
      "$scratch/libclasses.so" && checks "$scratch/plain-classes"
}
# What says nothing of a mistake would pass all of the above.
refuses() {
  mkdir -p "$scratch/refused" &&
    cp "$scratch/ambient/all.d.ts" "$scratch/refused" &&
    echo "import { fib } from 'all'; fib('1');" >"$scratch/refused/a.ts" &&
    ! checks "$scratch/refused"
}
for what in takes_ambient takes_plain takes_kinds takes_classes \
  takes_plain_classes refuses; do
  case $what in
  takes_ambient) name='TypeScript takes what is right and refuses what is not' ;;
  takes_plain) name='and does with a declaration file of its own' ;;
  takes_kinds) name='and does with every kind of type' ;;
  takes_classes) name='and does with classes, by old libraries and new ones' ;;
  takes_plain_classes) name='and does with classes in a file of its own' ;;
  refuses) name='and tells a mistake by its exit code' ;;
  esac
  if [ -n "$why" ]; then
    skip "$name" "$why"
  else
    test_that "$name" $what
  fi
done

# --- Comments in sources --------------------------------------------------------

mkdir -p "$scratch/sources"
cat >"$scratch/sources/native.c" <<'END'
#include <tenon/export.h>
/** Said in the source. */
TENON_FUNCTION(none, first) {}
END
root=$PWD
(cd "$scratch/sources" && ${CC:-cc} -std=c11 -shared -fPIC -I"$root/include" \
  native.c -o native.so)
comment_of() { # ARGS...
  "$tenon" types "$@" "$scratch/sources/native.so" 2>&1 |
    grep -B 1 'function first' | head -n 1
}
is 'a source that is not there documents nothing' \
  "declare module 'native' {" "$(comment_of)"
is '--source says where sources are' '  /** Said in the source. */' \
  "$(comment_of --source "$scratch/sources")"
is 'sources are relative to the working directory' \
  '  /** Said in the source. */' "$(cd "$scratch/sources" && comment_of)"
cp "$scratch/sources/native.c" "$scratch/native.c"
sed 's/first/other/' "$scratch/native.c" >"$scratch/sources/native.c"
is 'a source that has another function there by now documents nothing' \
  "declare module 'native' {" "$(comment_of --source "$scratch/sources")"
sed 's/^TENON/\n\n&/' "$scratch/native.c" >"$scratch/sources/native.c"
is 'a comment that is not right above documents nothing' \
  "declare module 'native' {" "$(comment_of --source "$scratch/sources")"
: >"$scratch/sources/native.c"
is 'a source that has become shorter documents nothing' \
  "declare module 'native' {" "$(comment_of --source "$scratch/sources")"
rm "$scratch/sources/native.c"
mkfifo "$scratch/sources/native.c"
is 'a source that is a pipe is not waited for' \
  "declare module 'native' {" \
  "$(timeout 10 "$tenon" types --source "$scratch/sources" \
    "$scratch/sources/native.so" | head -n 1)"

# --- Files and modules ----------------------------------------------------------

two='#include <stddef.h>
#define TENON_MODULE one
#include <tenon/export.h>
TENON_FUNCTION(i32, a) { return 1; }'
echo "$two" >"$scratch/one.c"
echo "$two" | sed 's/MODULE one/MODULE two/' >"$scratch/two.c"
${CC:-cc} -std=c11 -shared -fPIC -Iinclude "$scratch/one.c" "$scratch/two.c" \
  -o "$scratch/both.so"
modules() { # ARGS...
  "$tenon" types "$@" 2>&1 | grep -v '^$' | grep -E '^declare|^tenon' |
    tr '\n' '|' | sed "s|$scratch/||g"
}
is 'a file may hold several modules' \
  "declare module 'one' {|declare module 'two' {|" \
  "$(modules "$scratch/both.so")"
is 'one of them is named behind #' "declare module 'two' {|" \
  "$(modules "$scratch/both.so#two")"
is 'several files are one text' \
  "declare module 'two' {|declare module 'all' {|" \
  "$(modules "$scratch/both.so#two" "$scratch/liball.so")"
is 'a name can be given' "declare module 'mine' {|" \
  "$(modules "$scratch/liball.so" --name mine)"
cp "$scratch/liball.so" "$scratch/shapes#2.so.1.0"
is 'a file may be named as a module is' "declare module 'shapes#2' {|" \
  "$(modules "$scratch/shapes#2.so.1.0")"

says() { # NAME TEXT ARGS...
  name=$1
  text=$2
  shift 2
  "$tenon" types "$@" >"$scratch/stdout" 2>"$scratch/stderr"
  is "$name" "1 $text" \
    "$? $(cat "$scratch/stdout")$(sed "s|$scratch/||g" "$scratch/stderr")"
}
says 'two modules of one name are refused' \
  "tenon: liball.so: another module is named 'all', too; see --name" \
  "$scratch/liball.so" "$scratch/liball.so"
says 'a name that no module can have is refused' \
  "tenon: liball.so: './all' is no name of a module; see --name" \
  --name ./all "$scratch/liball.so"
says '--plain is for one module' \
  'tenon: both.so: holds several modules; name one, as in both.so#two' \
  --plain "$scratch/both.so"
says 'a module that is not in the file is said' \
  "tenon: both.so: holds no module 'three' (no function tenon_module_three)" \
  "$scratch/both.so#three"
says 'a file that is not there is said' \
  'tenon: nope.so: no such file or directory' "$scratch/nope.so"
says 'a folder is said' 'tenon: sources: is a directory' "$scratch/sources"
says 'a pipe is said' 'tenon: sources/native.c: is not a file' \
  "$scratch/sources/native.c"
cp "$scratch/one.c" "$scratch/one.txt"
says 'a text is said' 'tenon: one.txt: is not a shared object (ELF)' \
  "$scratch/one.txt"
: >"$scratch/empty.so"
says 'an empty file is said' 'tenon: empty.so: is not a shared object (ELF)' \
  "$scratch/empty.so"
${CC:-cc} -std=c11 -Iinclude -c "$scratch/one.c" -o "$scratch/one.o"
says 'an object file is said' \
  "tenon: one.o: is an object file; link it with 'cc -shared'" "$scratch/one.o"
echo 'int nothing;' >"$scratch/none.c"
build "$scratch/none.so" "$scratch/none.c"
says 'a library without a module is said' \
  'tenon: none.so: it exports nothing that can be imported
it has no debug information: compile with -g' \
  "$scratch/none.so"
cat >"$scratch/needs.c" <<'END'
#include <tenon/export.h>
extern int missing;
TENON_FUNCTION(i32, needs) { return missing; }
END
build "$scratch/needs.so" "$scratch/needs.c"
says 'a library that cannot be loaded is said, with what it lacks' \
  'tenon: needs.so: undefined symbol: missing' "$scratch/needs.so"
cat >"$scratch/values.c" <<'END'
#include <tenon/export.h>
typedef struct tenon_env *napi_env;
typedef struct tenon_value *napi_value;
int napi_get_undefined(napi_env env, napi_value *v);
TENON_FUNCTION(bool, values) { return napi_get_undefined(0, 0) == 0; }
END
build "$scratch/values.so" "$scratch/values.c" -Wl,-z,now
is 'a module may use Node-API' 'export function values(): boolean;' \
  "$("$tenon" types --plain "$scratch/values.so" 2>&1 | grep values)"

# Bytes 18 and 19 are the machine, byte 4 is the class.
patched() { # BYTE OCTAL
  cp "$scratch/liball.so" "$scratch/patched.so"
  printf "\\$2" | dd of="$scratch/patched.so" bs=1 seek="$1" conv=notrunc \
    2>/dev/null
  "$tenon" types "$scratch/patched.so" 2>&1 | sed 's/; this tenon.*//'
}
is 'an object for another machine is said' \
  "tenon: $scratch/patched.so: is for another machine: S/390, 64 bits" \
  "$(patched 18 026)"
is 'an object of another class is said' 1 \
  "$(patched 4 001 | grep -c 'is for another machine: .*, 32 bits')"
damaged=0
size=$(wc -c <"$scratch/liball.so")
for part in 20 63 64 200 2000 $((size - 100)) $((size - 1)); do
  head -c "$part" "$scratch/liball.so" >"$scratch/damaged.so"
  "$tenon" types "$scratch/damaged.so" >"$scratch/stdout" 2>"$scratch/stderr"
  [ $? -eq 1 ] && [ "$(wc -l <"$scratch/stderr")" -eq 1 ] &&
    [ ! -s "$scratch/stdout" ] || damaged=$part
done
is 'an object that ends too early is said' 0 "$damaged"

by_hand() { # FILE ABI KIND
  cat >"$scratch/$1.c" <<END
#include <tenon/descriptor.h>
#include <stdbool.h>
static void thunk(void *args, void *result) { (void)args; (void)result; }
static const tenon_type type = {$3, 1, "strange", 0, 0, 0, 0};
static const tenon_function f = {sizeof f, 0, "f", 0,
  {"result", &type, 0, 0, 0}, 0, 0, sizeof(tenon_args), thunk, __FILE__, 1};
static const tenon_function *const list[] = {&f};
static const tenon_host *host;
const tenon_module *tenon_module_v1(void)
{
  static const tenon_module m = {sizeof m, $2, sizeof(tenon_field), 0, &host,
    list, list + 1, 0, 0};
  return $4;
}
END
  build "$scratch/$1.so" "$scratch/$1.c"
}
by_hand good 1 1 '&m'
is 'a table by hand is a module' \
  'export function f(): boolean;' \
  "$("$tenon" types --plain "$scratch/good.so" | grep f)"
by_hand newer 9 1 '&m'
says 'descriptors of another version are said' \
  'tenon: newer.so: has descriptors of version 9, this tenon knows version 1' \
  "$scratch/newer.so"
eabi="the module's descriptors have a format that this library does not know"
by_hand strange 1 99 '&m'
says 'a type that nobody knows is said' "tenon: strange.so: $eabi" \
  "$scratch/strange.so"
by_hand null 1 1 0
says 'an entry that has no table is said' "tenon: null.so: $eabi" \
  "$scratch/null.so"

# --- Output ---------------------------------------------------------------------

"$tenon" types -o "$scratch/written" "$scratch/both.so"
is '--output writes a file' 0 $?
is 'which holds it all' 2 "$(grep -c '^declare module' "$scratch/written")"
"$tenon" types -o "$scratch/written" "$scratch/both.so" "$scratch/nope.so" \
  2>/dev/null
is 'a file stays as it is when a module fails' '1 2' \
  "$? $(grep -c '^declare module' "$scratch/written")"
says 'a file that cannot be written is said' \
  'tenon: nope/a.d.ts: no such file or directory' \
  -o "$scratch/nope/a.d.ts" "$scratch/both.so"
if [ -c /dev/full ]; then
  "$tenon" types "$scratch/both.so" >/dev/full 2>"$scratch/stderr"
  is 'an output that is full is said' \
    '1 tenon: [stdout]: no space left on device' \
    "$? $(cat "$scratch/stderr")"
else
  skip 'an output that is full is said' 'there is no /dev/full'
fi
is 'a failure is JSON where it shall be' \
  '{"kind":"failure","message":"no such file or directory","program":"nope.so"}' \
  "$("$tenon" --json-errors types nope.so 2>&1)"

misused() { # NAME TEXT ARGS...
  name=$1
  text=$2
  shift 2
  "$tenon" "$@" >"$scratch/stdout" 2>"$scratch/stderr"
  is "$name" "2 tenon: $text" \
    "$? $(cat "$scratch/stdout")$(head -n 1 "$scratch/stderr")"
}
misused 'no module is wrong usage' 'types: expected MODULE' types
misused 'an option that it does not have' "unknown option '--nope'" \
  types --nope a.so
misused 'an option without its value' '--name: expected a value' \
  types a.so --name
misused 'an empty file name' '--output: expected a file, got an empty name' \
  types --output= a.so
misused 'an empty folder' '--source: expected a folder, got an empty name' \
  types --source= a.so
misused '--name for two modules' 'types: --name is for one MODULE' \
  types --name a a.so b.so
misused '--plain for two modules' 'types: --plain is for one MODULE' \
  types --plain a.so b.so
misused '--name and --plain' 'types: --name and --plain exclude each other' \
  types --name a --plain a.so
misused 'a limit' 'types: --timeout is for programs' \
  --timeout 1s types a.so
misused 'another limit' 'types: --memory-limit is for programs' \
  --memory-limit 1M types a.so
is 'options end at --' 'tenon: --plain: no such file or directory' \
  "$("$tenon" types -- --plain 2>&1)"
is 'help may stand behind types' 0 "$("$tenon" types --help >/dev/null; echo $?)"

echo "1..$count"
exit $failed
