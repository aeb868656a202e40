#!/bin/sh
# What the reader says of objects of all kinds, and that damaged ones do not hang
# it. shapes.c, shapes.cc and shapes.rs are compiled in many ways; what must come
# out is in shapes-c.txt, shapes-cc.txt and shapes-rs.txt.
#
# TENON_READER_SEEDS=N compares N files of declarations that random.c makes up
# instead of a few; TENON_FUZZ=N reads N damaged objects instead of a few hundred; what fails is
# kept in build/mutants. TENON_FUZZ_SEED=N takes others.
#
# usage: reader-test.sh BUILD_DIR SCRATCH_DIR
set -u
. "$(dirname "$0")/../tap.sh"
build=$(cd "$1" && pwd)
read=$build/test/reader/read
show=$build/test/reader/show
random=$build/test/reader/random
mutate=$build/test/reader/mutate
here=$(cd "$(dirname "$0")" && pwd)
cd "$2" || exit 2
if [ ! -x "$read" ]; then
  skip 'the reader' 'it was built without libdw'
  echo "1..$count"
  exit 0
fi
work=$PWD
out=$work/out

has() {
  command -v "$1" >/dev/null 2>&1
}

# The forms in which compilers say the same: the order of qualifiers, const of an
# array or of its elements; DWARF 4 has no _Atomic.
shown() { # OBJECT
  "$read" "$1" >table 2>err || { cat err; return; }
  "$show" -l <table >raw 2>&1 || { cat raw; return; }
  grep -v '^function' raw | LC_ALL=C sort
  grep '^function' raw
}

same_words() {
  sed -e 's/volatile const/const volatile/g' -e 's/: const \[/: [/' \
    -e 's/\*atomic /*/g'
}

# --- compilers and their options ---

for compiler in gcc clang; do
  for level in 0 3; do
    for debug in -gdwarf-4 '-gdwarf-4 -fdebug-types-section' \
      '-gdwarf-5 -fdebug-types-section' '-g -gz' '-gdwarf-5 -gdwarf64' \
      '-g3 -fno-pic -ffunction-sections -fdata-sections'; do
      name="shapes by $compiler -O$level $debug are read as they are"
      if ! has $compiler; then
        skip "$name" "$compiler is not installed"
        continue
      fi
      # shellcheck disable=SC2086
      $compiler -w -O$level -fPIC $debug -c "$here/shapes.c" -o shapes.o \
        2>err || cat err
      is "$name" "$(cat "$here/shapes-c.txt")" "$(shown shapes.o | same_words)"
    done
    name="shapes by $compiler -O$level are the same in a shared object"
    if has $compiler; then
      $compiler -w -g -O$level -fPIC -shared "$here/shapes.c" -o shapes.so \
        2>err || cat err
      is "$name" "$(cat "$here/shapes-c.txt")" \
        "$(shown shapes.so | same_words)"
    else
      skip "$name" "$compiler is not installed"
    fi
  done
done

name='shapes of several units that gcc optimizes together are read as they are'
echo 'int add(int, int); int other_unit(void) { return add(1, 2); }' >unit.c
if has gcc && gcc -w -g -O2 -flto -fPIC -shared unit.c "$here/shapes.c" \
  -o shapes.so 2>err; then
  is "$name" "$(sed 's/ w$//' "$here/shapes-c.txt")" \
    "$(shown shapes.so | same_words | grep -v -e other_unit -e ' unit.c')"
else
  skip "$name" 'gcc is not installed, or without -flto'
fi

# gcc leaves out what a class with a virtual base is, clang needs to be asked for
# what no constructor makes.
for compiler in g++ 'clang++ -fstandalone-debug'; do
  for debug in -gdwarf-4 -gdwarf-5 '-g -fdebug-types-section' '-g -O2'; do
    name="shapes of C++ by $compiler $debug are read as they are"
    if ! has "${compiler%% *}"; then
      skip "$name" "${compiler%% *} is not installed"
      continue
    fi
    # shellcheck disable=SC2086
    $compiler -w $debug -std=c++17 -fPIC -c "$here/shapes.cc" -o shapes.o \
      2>err || cat err
    is "$name" "$(cat "$here/shapes-cc.txt")" \
      "$(shown shapes.o | sed 's/^struct VirtualBase .*<.*/struct VirtualBase/')"
  done
done

# Sizes and places are those that the compiler says.
declarations() { # COMPILER...
  "$@" -w -fPIC -c made.c -o made.o 2>err || cat err
  "$read" made.o | "$show" | sed -e 's/ aligned [0-9]*//' -e '/^unit/d' |
    LC_ALL=C sort
}

seeds=${TENON_READER_SEEDS:-3}
seed=0
while [ $seed -lt "$seeds" ]; do
  seed=$((seed + 1))
  "$random" $seed made.c say.c && cc -w say.c -o say 2>err || cat err
  ./say | LC_ALL=C sort >expected
  for compiler in 'gcc -gdwarf-4' 'gcc -gdwarf-5 -O2 -fdebug-types-section' \
    'clang -gdwarf-4 -O2' 'clang -gdwarf-5'; do
    name="declarations $seed by $compiler are read as they are"
    if has "${compiler%% *}"; then
      # shellcheck disable=SC2086
      is "$name" "$(cat expected)" "$(declarations $compiler)"
    else
      skip "$name" "${compiler%% *} is not installed"
    fi
  done
done

for options in -g '-g -O' '-g -Copt-level=3 -Cpanic=abort'; do
  name="shapes of Rust by rustc $options are read as they are"
  if ! has rustc; then
    skip "$name" 'rustc is not installed'
    continue
  fi
  # shellcheck disable=SC2086
  rustc --edition 2021 -A warnings --crate-type cdylib $options \
    "$here/shapes.rs" -o shapes.so 2>err || cat err
  # The insides of the standard library are its own.
  is "$name" "$(cat "$here/shapes-rs.txt")" "$(shown shapes.so |
    grep -E '^(function|variable|note|unit|enum|union|struct (Point|Colour|Shape) )')"
done

# --- what cannot be called ---

cat >small.c <<'END'
struct pair { int a; struct hidden *next; };
struct hidden { long x; };
long take(struct pair *p, struct hidden *h) { return p->a + h->x; }
void nothing(void) {}
END
cat >other.c <<'END'
struct hidden;
struct hidden *give(void) { return 0; }
END

reasons() { # OBJECT
  shown "$1" | sed -n 's/^\(function [a-z_0-9]*\).* \(<[^>]*>\)$/\1 \2/p
    /^note/p' |
    LC_ALL=C sort
}

for compiler in gcc clang; do
  has $compiler || continue
  $compiler -g1 -O2 -c small.c -o small.o
  is "units of $compiler -g1 have no types" \
    'function nothing <its debug information has no types: compile with -g instead of -g1>
function take <its debug information has no types: compile with -g instead of -g1>
note its debug information has no types: compile with -g instead of -g1' \
    "$(reasons small.o)"
  echo 'void nothing(void) {}' >nothing.c
  $compiler -g1 -g -c nothing.c
  is "units of $compiler may have no types and be whole" \
    'function nothing() -> void' "$("$read" nothing.o | "$show" | grep '^function')"
  for version in 4 5; do
    $compiler -gdwarf-$version -gsplit-dwarf -c small.c -o small.o
    rm -f small.dwo
    is "split debug information of $compiler -gdwarf-$version is told" \
      'function nothing <its debug information is split: compile without -gsplit-dwarf>
function take <its debug information is split: compile without -gsplit-dwarf>
note its debug information is split: compile without -gsplit-dwarf' \
      "$(reasons small.o)"
  done
  $compiler -c small.c -o small.o
  is "the lack of debug information is told of $compiler's object" \
    'function nothing <it has no debug information: compile with -g>
function take <it has no debug information: compile with -g>
note it has no debug information: compile with -g' "$(reasons small.o)"
  $compiler -flto -g -c small.c -o small.o
  is "an object of $compiler for link-time optimization is refused" \
    'it holds code of link-time optimization only: compile without -flto' \
    "$(shown small.o)"
  for level in 0 2; do
    cat >convention.c <<'END'
#define M __attribute__((ms_abi))
struct big { long a[4]; };
M int ints(int a, int b) { return a - b; }
M int mixed(double d, int b) { return (int)d - b; }
M double pointer(double d, float e, char *p) { return d + e + *p; }
int own(int a, int b, int c, int d) { return a - b + c - d; }
struct big by_memory(int a, int b) { return (struct big){{a - b}}; }
int many(int a, int b, int c, int d, int e, int f, int g, int h) { return a - b + c - d + e - f + g - h; }
int behind(struct big x, int a, int b) { return a - b + (int)x.a[0]; }
int last(int a, int b, int c, int d) { (void)a, (void)b, (void)c; return d; }
int calls(int a, int b, int c, int d) { return last(d, c, b, a) + last(1, 2, 3, d); }
void back(M int (*f)(int)) { f(1); }
END
    $compiler -g -O$level -c convention.c
    is "$compiler -O$level: functions of another calling convention are told" \
      'function ints <it has another calling convention>
function mixed <it has another calling convention>
function pointer <it has another calling convention>' \
      "$(reasons convention.o)"
  done
done

cat >convention.rs <<'END'
#[no_mangle] pub extern "win64" fn other(a: i32) -> i32 { a }
#[no_mangle] pub extern "C-unwind" fn own(a: i32) -> i32 { a }
#[no_mangle] pub extern "system" fn of_system(a: i32) -> i32 { a }
END
name='functions of Rust of another calling convention are told'
if [ "$(uname -m)" = x86_64 ] && has rustc && rustc --edition 2021 \
  --crate-type cdylib -g convention.rs -o convention.so 2>err; then
  is "$name" 'function other <it has another calling convention>' \
    "$(reasons convention.so)"
else
  skip "$name" 'it is for rustc on x86-64'
fi

cat >assembler.s <<'END'
.globl f
.type f,@function
f: nop
.size f,.-f
END
name='functions of an assembler have no types'
if [ "$(uname -m)" = x86_64 ] && has gcc; then
  gcc -g -c assembler.s -o small.o
  is "$name" 'function f <it is in a language whose types are not known>' \
    "$(reasons small.o)"
else
  skip "$name" 'it is for gcc on x86-64'
fi

# --- files of other kinds ---

says() { # NAME EXPECTED FILE
  status=0
  "$read" "$3" >table 2>err || status=$?
  is "$1" "1 $2" "$status $(cat err)$(cat table)"
}

cc -g -c small.c -o small.o
ar rc small.a small.o
echo 'int main(void) { return 0; }' >main.c
cc -pie -fPIE main.c -o program
printf 'int x;\n' >text.o
: >empty.o
head -c 40 small.o >short.o
says 'an archive is refused' 'it is an archive, not an object' small.a
says 'a program is refused' 'it is a program, not a library' program
says 'a text is refused' 'it is not an ELF object' text.o
says 'an empty file is refused' 'it is not an ELF object' empty.o
says 'a folder is refused' 'it is not an ELF object' .
says 'a file that is not there is refused' \
  'it cannot be opened: No such file or directory' none.o
printf '\177ELF\001\001\001' | cat - small.o >other.o
says 'an object of another word size is refused' \
  'it is for a processor of another word size' other.o
status=0
"$read" short.o >table 2>err || status=$?
is 'an object that is cut off is refused in one line' '1 1' \
  "$status $(wc -l <err | tr -d ' ')"
status=0
"$read" >table 2>err || status=$?
is 'it wants one argument' '2 usage: tenon-read FILE' "$status $(cat err)"
is 'it reads standard input' end "$("$read" - <small.o | tail -n 1)"
is 'a closed output is an exit code' '1 its table could not be written' \
  "$({ "$read" small.o 2>&1 >/dev/full; echo $?; } | sort | tr '\n' ' ' |
    sed 's/ $//')"

# --- several units, versions, separate files ---

cc -g -fPIC -shared small.c other.c -o small.so
is 'what one unit declares is what another defines' \
  'function take(*struct pair p, *struct hidden h) -> i64
function nothing() -> void
function give() -> *struct hidden
struct hidden 8 { i64 x @0 }' \
  "$({ "$read" small.so | "$show" | grep '^function'
    "$read" small.so | "$show" | grep '^struct hidden'; })"

if has g++; then
  cat >one.cc <<'END'
namespace n { class Db; struct Q { int a; }; }
namespace m { class Db { int other; }; }
class Top;
extern "C" {
Top *top_new(n::Q *q) { return q ? nullptr : nullptr; }
int db_free(n::Db *d, m::Db *) { return d != 0; }
}
END
  cat >two.cc <<'END'
namespace n { class Db { long a; }; }
class Top { int q; };
extern "C" {
n::Db *db_new(void) { return new n::Db(); }
void top_free(Top *t) { delete t; }
}
END
  for debug in -g '-g -fdebug-types-section'; do
    # shellcheck disable=SC2086
    g++ $debug -fPIC -shared one.cc two.cc -o small.so
    is "units of C++ $debug know a class by its namespace" \
      'class Db 4 { i32 other @0 }
class Db 8 { i64 a @0 }
class Top 4 { i32 q @0 }' \
      "$("$read" small.so | "$show" | grep '^class' | LC_ALL=C sort)"
  done
fi

printf 'static int in(int q) { return q; }
int first(int q) __attribute__((alias("in")));\n' >first.c
cc -g -c first.c
is 'an alias may be at the very start' 'function first(i32 q) -> i32' \
  "$("$read" first.o | "$show" | grep '^function')"

cat >versions.c <<'END'
int old(int a) { return a; }
int newer(int a, int b) { return a + b; }
__asm__(".symver old,f@V1");
__asm__(".symver newer,f@@V2");
END
echo 'V1 { global: f; local: *; }; V2 { global: f; } V1;' >versions.map
cc -g -fPIC -shared versions.c -Wl,--version-script=versions.map -o versions.so
is 'of a symbol with versions the default one is read' \
  'function f(i32 a, i32 b) -> i32' \
  "$("$read" versions.so | "$show" | grep '^function')"

cat >ifunc.c <<'END'
static int one(int x) { return x; }
static void *choose(void) { return (void *)one; }
int chosen(int x) __attribute__((ifunc("choose")));
END
is 'a function that is chosen at load time is not taken for its chooser' \
  'function chosen() -> void i <it has no debug information>' \
  "$(cc -g -fPIC -c ifunc.c && "$read" ifunc.o | "$show" | grep '^function')"

cat >enums.c <<'END'
#include <ctype.h>
enum own { OWN_A = 3 };
enum { NAMELESS = 4 };
int uses_none(void) { return 0; }
END
is 'enums of its own files are told that nothing uses' \
  'enum :3 4u { NAMELESS=4 }
enum own 4u { OWN_A=3 }' \
  "$(cc -g -fno-eliminate-unused-debug-types -c enums.c &&
    "$read" enums.o | "$show" | grep '^enum' | LC_ALL=C sort)"

cat >same.rs <<'END'
pub struct A { x: i32 }
pub struct B { y: u32 }
#[no_mangle] pub extern "C" fn one(a: &A) -> i32 { a.x * 7 + 3 }
#[no_mangle] pub extern "C" fn two(b: &B) -> u32 { b.y.wrapping_mul(7).wrapping_add(3) }
END
for level in 1 2; do
  name="what has no types in Rust is told at -C debuginfo=$level"
  printf '#[no_mangle] pub extern "C" fn bare() {}\n' >bare.rs
  [ $level = 2 ] || cat same.rs >>bare.rs
  if has rustc && rustc --edition 2021 --crate-type cdylib \
    -C debuginfo=$level bare.rs -o bare.so 2>err; then
    without='<its debug information has no types: compile with -C debuginfo=2>'
    want='function bare() -> void'
    [ $level = 2 ] || want="$want
function one() -> void $without
function two() -> void $without"
    is "$name" "$want" "$("$read" bare.so | "$show" | grep '^function')"
  else
    skip "$name" 'rustc is not installed'
  fi
done

name='functions that rustc merges are not taken for one another'
if has rustc && rustc --edition 2021 --crate-type cdylib -g \
  -C opt-level=2 same.rs -o same.so 2>err; then
  is "$name" 'function one(&const struct A a) -> i32
function two(&const struct B b) -> u32' \
    "$("$read" same.so | "$show" | grep '^function' |
      sed 's/two() -> void <it was found to be the same as .*/two(\&const struct B b) -> u32/')"
else
  skip "$name" 'rustc is not installed'
fi

cat >same.c <<'END'
struct a { int x; };
struct b { unsigned y; };
int one(struct a *p) { return p->x * 77 + 3; }
unsigned two(struct b *q) { return q->y * 77 + 3; }
END
for linker in gold lld; do
  name="functions that $linker folds have their own parameters"
  if cc -g -O2 -fPIC -ffunction-sections -shared -fuse-ld=$linker \
    -Wl,--icf=all same.c -o same.so 2>err; then
    is "$name" 'function one(*struct a p) -> i32
function two(*struct b q) -> u32' \
      "$("$read" same.so | "$show" | grep '^function')"
  else
    skip "$name" "$linker is not installed"
  fi
done

name='what is compiled for several processors is read'
if printf '__attribute__((target_clones("avx2", "default")))
int clones(int first) { return first * 3; }\n' >clones.c &&
  cc -g -O2 -fPIC -c clones.c 2>err; then
  is "$name" 'function clones(i32 first) -> i32 i' \
    "$("$read" clones.o | "$show" | grep '^function')"
else
  skip "$name" 'this processor or compiler has no clones'
fi

printf 'int tenon_module_v1(void) { return 0; }\n' >module.c
cc -g -c module.c
is 'a module of descriptors is told' 'module tenon_module_v1' \
  "$("$read" module.o | "$show" | grep '^module')"

name='separate debug files are found by link and checked'
folder=/usr/lib/debug$work
if mkdir -p "$folder" 2>/dev/null; then
  cc -g -fPIC -shared -Wl,--build-id=none small.c -o apart.so
  objcopy --only-keep-debug apart.so "$folder/apart.debug"
  strip apart.so
  objcopy --add-gnu-debuglink="$folder/apart.debug" apart.so
  found=$("$read" "$work/apart.so" | "$show" | grep -c '<' || :)
  echo >>"$folder/apart.debug"
  found="$found $("$read" "$work/apart.so" | "$show" | grep -c '<' || :)"
  is "$name" '0 2' "$found"
  rm -f "$folder/apart.debug"
  rmdir -p "$folder" 2>/dev/null
else
  skip "$name" '/usr/lib/debug cannot be written'
fi

# --- damaged objects ---

# Its pointers become qualified types, as those are numbered.
name='a record that contains itself has no members'
if has gcc; then
  printf 'struct self { int v; struct self *next; };
int get(struct self s) { return s.v; }\n' >self.c
  gcc -g -S -dA self.c -o - |
    sed 's/\.uleb128 0xf\(.*DW_TAG_pointer_type\)/.uleb128 0x26\1/' >self.s
  gcc -c self.s
  is "$name" 'struct self 16 { } <it is damaged: it contains itself>' \
    "$("$read" self.o | "$show" 2>&1 | grep -v '^[uf]')"
else
  skip "$name" 'gcc is not installed'
fi

mkdir corpus
cc -w -Wno-psabi -g -O2 -fPIC -c "$here/shapes.c" -o corpus/5.o
cc -w -Wno-psabi -gdwarf-4 -O2 -fPIC -shared "$here/shapes.c" -o corpus/4.so
cc -w -Wno-psabi -gdwarf-5 -O0 -gz -fPIC -c "$here/shapes.c" -o corpus/z.o
cc -w -Wno-psabi -gdwarf-5 -fdebug-types-section -c "$here/shapes.c" -o corpus/t5.o
cc -w -Wno-psabi -gdwarf-4 -fdebug-types-section -c "$here/shapes.c" -o corpus/t4.o
if has clang; then
  clang -w -g -O2 -fPIC -c "$here/shapes.c" -o corpus/c5.o
  clang -w -g -O2 -fPIC -shared "$here/shapes.c" -o corpus/c5.so
fi
if has g++; then
  g++ -w -g -std=c++17 -c "$here/shapes.cc" -o corpus/cc.o
fi
if has rustc; then
  rustc --edition 2021 -A warnings --crate-type lib --emit obj -g \
    "$here/shapes.rs" -o corpus/rs.o 2>err || cat err
fi
keep=$build/mutants
mkdir -p "$keep"
status=0
"$mutate" "${TENON_FUZZ:-400}" "${TENON_FUZZ_SEED:-1}" "$keep" corpus/* \
  >"$out" 2>&1 || status=1
sed 's/^/# /' "$out"
rmdir "$keep" 2>/dev/null
result $status 'damaged objects end in a table or in one line, in time'

echo "1..$count"
exit $failed
