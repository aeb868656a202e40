#!/bin/sh
# What compilers say of <tenon/export.h>: strict users of it are taken without
# a word, wrong ones are refused with one that helps. Every compiler that is
# installed is asked.
#
# usage: compile-test.sh BUILD_DIR SCRATCH_DIR
set -u
. "$(dirname "$0")/../tap.sh"
scratch=$2
cd "$(dirname "$0")/../.."

# Compiles for real: an assembler has its say on sections too.
accepts() { # COMPILER SOURCE FLAG...
  compiler=$1
  source=$2
  shift 2
  label="$compiler $* takes ${source##*/}"
  if ! command -v "$compiler" >/dev/null 2>&1; then
    skip "$label" "$compiler is not installed"
    return
  fi
  if "$compiler" "$@" -Iinclude -c "$source" -o "$scratch/out.o" \
    >"$scratch/log" 2>&1 && [ ! -s "$scratch/log" ]; then
    result 0 "$label"
  else
    cat "$scratch/log"
    result 1 "$label"
  fi
}

refuses() { # COMPILER WHAT PATTERN; the source is read from stdin
  cat >"$scratch/wrong.c"
  label="$1 refuses $2"
  if ! command -v "$1" >/dev/null 2>&1; then
    skip "$label" "$1 is not installed"
    return
  fi
  if "$1" -std=c11 -Iinclude -c "$scratch/wrong.c" -o "$scratch/out.o" \
    >"$scratch/log" 2>&1; then
    echo 'it was compiled'
    result 1 "$label"
  elif grep -q "wrong.c:$(grep -n WRONG "$scratch/wrong.c" |
    cut -d: -f1):.*error" "$scratch/log" &&
    grep -q -e "$3" "$scratch/log"; then
    result 0 "$label"
  else
    cat "$scratch/log"
    result 1 "$label"
  fi
}

parameters() { # N
  i=1
  while [ "$i" -le "$1" ]; do
    printf ', (i32, p%d)' "$i"
    i=$((i + 1))
  done
}

strict='-pedantic -Wall -Wextra -Werror'
for visible in '' -DTENON_P_SHOW_HEADER; do
  for optimize in -O0 -O2; do
    for compiler in gcc clang; do
      for std in c11 c17 c2x; do
        for user in user-c11 user-class-c11; do
          # shellcheck disable=SC2086
          accepts $compiler test/c/$user.c -std=$std $strict $optimize \
            $visible
        done
      done
      # shellcheck disable=SC2086
      accepts $compiler test/c/user-second.c -std=c11 $strict $optimize \
        $visible
    done
    for compiler in g++ clang++; do
      for std in c++17 c++20; do
        for user in user-cxx user-class; do
          # shellcheck disable=SC2086
          accepts $compiler test/c/$user.cc -std=$std $strict $optimize \
            $visible
        done
      done
    done
  done
done
for visible in '' -DTENON_P_SHOW_HEADER; do
  for compiler in gcc clang; do
    # shellcheck disable=SC2086
    accepts $compiler test/c/user-objects.c -std=c11 $strict $visible
  done
  for compiler in g++ clang++; do
    # shellcheck disable=SC2086
    accepts $compiler test/c/user-objects.c -x c++ -std=c++17 $strict $visible
  done
done
for compiler in gcc clang; do
  # shellcheck disable=SC2086
  accepts $compiler test/c/user-c11.c -std=gnu11 $strict -Wshadow \
    -Wmissing-prototypes -Wstrict-prototypes -Wundef -Wcast-qual
  # shellcheck disable=SC2086
  accepts $compiler test/c/user-class-c11.c -std=gnu11 $strict -Wshadow \
    -Wmissing-prototypes -Wstrict-prototypes -Wundef -Wcast-qual
done

for compiler in gcc clang; do
  {
    echo '#include <tenon/export.h>'
    echo "TENON_FUNCTION(none, f$(parameters 24))"
    echo '{'
    i=1
    while [ "$i" -le 24 ]; do
      echo "  (void)p$i;"
      i=$((i + 1))
    done
    echo '}'
  } >"$scratch/most.c"
  # shellcheck disable=SC2086
  accepts $compiler "$scratch/most.c" -std=c11 $strict

  for n in 25 30; do
    refuses $compiler "$n parameters" AT_MOST_24_PARAMETERS <<END
#include <tenon/export.h>
TENON_FUNCTION(none, f$(parameters $n)) { } /* WRONG */
END
  done

  refuses $compiler 'a type word that is not one' tenon_c_int32 <<'END'
#include <tenon/export.h>
TENON_FUNCTION(int32, f, (i32, x)) { return x; } /* WRONG */
END
  refuses $compiler 'a parameter of no type' none <<'END'
#include <tenon/export.h>
TENON_FUNCTION(i32, f, (none, x)) { return 1; } /* WRONG */
END
  refuses $compiler 'an enum of 64 bits' at_most_32_bits <<'END'
#include <tenon/export.h>
TENON_ENUM_AS(wide, long long, (1, "one")) /* WRONG */
END
  refuses $compiler 'array of array' ARRAY_OF_ARRAYS_NEEDS_A_WORD <<'END'
#include <tenon/export.h>
TENON_FUNCTION(none, f, (array(array(i32)), x)) { } /* WRONG */
END
  refuses $compiler 'opt in nullable' OPT_AND_NULLABLE_DO_NOT_NEST <<'END'
#include <tenon/export.h>
TENON_FUNCTION(none, f, (nullable(opt(i32)), x)) { } /* WRONG */
END
  refuses $compiler 'a constant of no type' tenon_p_value <<'END'
#include <tenon/export.h>
TENON_CONSTANT(none, c, 0) /* WRONG */
END
  refuses $compiler 'two defaults of a file' redefinition <<'END'
#include <tenon/export.h>
TENON_CONSTANT(i32, c, 0)
TENON_DEFAULT(c)
TENON_DEFAULT_OBJECT() /* WRONG */
END
  refuses $compiler 'record of array' RECORD_OF_ARRAYS_NEEDS_A_WORD <<'END'
#include <tenon/export.h>
TENON_FUNCTION(none, f, (record(array(i32)), x)) { } /* WRONG */
END
  refuses $compiler 'array of opt of view' ARRAY_OF_VIEWS_NEEDS_A_WORD <<'END'
#include <tenon/export.h>
TENON_FUNCTION(none, f, (array(opt(view(i32))), x)) { } /* WRONG */
END
  refuses $compiler 'array of inout' INOUT_IS_A_PARAMETER_ONLY <<'END'
#include <tenon/export.h>
TENON_FUNCTION(none, f, (array(inout(i32)), x)) { } /* WRONG */
END
  refuses $compiler 'view of what is no number' tenon_view_str <<'END'
#include <tenon/export.h>
TENON_FUNCTION(none, f, (view(str), x)) { } /* WRONG */
END
  refuses $compiler 'an alternative with a default' HAS_NO_DEFAULT <<'END'
#include <tenon/export.h>
TENON_EITHER(value, (f64, n), (str, s, "x")) /* WRONG */
END
  refuses $compiler 'flags beyond 32 bits' "wide: the value of .*high" <<'END'
#include <tenon/export.h>
TENON_FLAGS_AS(wide, uint64_t, (1, "low"), (1ull << 32, "high")) /* WRONG */
END
  refuses $compiler 'a word that is larger than its member' \
    "there.n: its type is not that of its word" <<'END'
#include <tenon/export.h>
struct there { int n; };
TENON_STRUCT_AS(there, struct there, (i64, n)) /* WRONG */
END
  refuses $compiler 'an integer for a member that is none' \
    "there.x: its type is not that of its word" <<'END'
#include <tenon/export.h>
struct there { float x; };
TENON_STRUCT_AS(there, struct there, (i32, x)) /* WRONG */
END
  refuses $compiler 'a member that is not there' y <<'END'
#include <tenon/export.h>
struct there { float x; };
TENON_STRUCT_AS(there, struct there, (f32, y)) /* WRONG */
END
  refuses $compiler 'rest before the last parameter' 'rest(...) for the last' \
    <<'END'
#include <tenon/export.h>
TENON_FUNCTION(none, f, (rest(i32), x), (i32, y)) { } /* WRONG */
END
  refuses $compiler 'this behind the first parameter' 'for the first param' \
    <<'END'
#include <tenon/export.h>
TENON_FUNCTION(none, f, (i32, y), (this(i32), x)) { } /* WRONG */
END
  refuses $compiler 'an exhaustive parameter' 'exhaustive(...) for the res' \
    <<'END'
#include <tenon/export.h>
TENON_FUNCTION(none, f, (exhaustive(i32), x)) { } /* WRONG */
END
  refuses $compiler 'rest with a default' 'rest(...) has no default' <<'END'
#include <tenon/export.h>
TENON_FUNCTION(none, f, (rest(i32), x, {0})) { } /* WRONG */
END
  for word in 'rest(i32)' 'this(i32)' 'coerce(i32)'; do
    refuses $compiler "$word as a result" 'are for parameters' <<END
#include <tenon/export.h>
TENON_FUNCTION($word, f) { return tenon_fail(0, "x"); } /* WRONG */
END
  done
  refuses $compiler 'bytes that are coerced' coerced_bytes <<'END'
#include <tenon/export.h>
TENON_FUNCTION(none, f, (coerce(bytes), x)) { } /* WRONG */
END
  refuses $compiler 'a struct that is coerced' coerced_point <<'END'
#include <tenon/export.h>
TENON_STRUCT(point, (f64, x))
TENON_FUNCTION(none, f, (coerce(point), x)) { } /* WRONG */
END
  refuses $compiler 'rest in opt' REST_IS_AROUND_ALL_OTHER_WORDS <<'END'
#include <tenon/export.h>
TENON_FUNCTION(none, f, (opt(rest(i32)), x)) { } /* WRONG */
END
  refuses $compiler 'this in rest' THIS_IS_AROUND_ALL_OTHER_WORDS <<'END'
#include <tenon/export.h>
TENON_FUNCTION(none, f, (rest(this(i32)), x)) { } /* WRONG */
END
  refuses $compiler 'opt in coerce in opt' OPT_AND_NULLABLE_DO_NOT_NEST <<'END'
#include <tenon/export.h>
TENON_FUNCTION(none, f, (opt(coerce(opt(i32))), x)) { } /* WRONG */
END
  refuses $compiler 'an array that is coerced' ARRAYS_ARE_NOT_COERCED <<'END'
#include <tenon/export.h>
TENON_FUNCTION(none, f, (coerce(array(i32)), x)) { } /* WRONG */
END
  refuses $compiler 'this that is rest' 'is no rest' <<'END'
#include <tenon/export.h>
TENON_FUNCTION(none, f, (this(rest(i32)), x)) { } /* WRONG */
END
  refuses $compiler 'the state of another function' incompatible.pointer <<'END'
#pragma GCC diagnostic error "-Wincompatible-pointer-types"
#include <tenon/export.h>
struct a { int n; };
struct b { int n; };
TENON_CLOSURE(i32, struct a, f) { return state->n; }
TENON_FUNCTION(any, g) { static struct b b; return f_new(&b, NULL); } /* WRONG */
END
  refuses $compiler 'a state of no scope' TENON_P_STATE_process <<'END'
#include <tenon/export.h>
typedef struct a { int n; } a;
TENON_STATE(process, a, NULL, NULL) /* WRONG */
END
  refuses $compiler 'a state whose initializer is of another' \
    'incompatible.*pointer' <<'END'
#pragma GCC diagnostic error "-Wincompatible-pointer-types"
#include <tenon/export.h>
typedef struct a { int n; } a;
static int init(int *n) { return *n; }
TENON_STATE(realm, a, init, NULL) /* WRONG */
END
  refuses $compiler 'a state of a type that is incomplete' incomplete <<'END'
#include <tenon/export.h>
typedef struct a a;
TENON_STATE(realm, a, NULL, NULL) /* WRONG */
END
  refuses $compiler 'two states of one type' redefinition <<'END'
#include <tenon/export.h>
typedef struct a { int n; } a;
TENON_STATE(realm, a, NULL, NULL)
TENON_STATE(runtime, a, NULL, NULL) /* WRONG */
END
  refuses $compiler 'a base that does not come first' 'begin with a a' <<'END'
#include <tenon/export.h>
typedef struct a { int n; } a;
typedef struct b { int m; a base; } b;
TENON_CLASS(a)
TENON_CLASS(b)
TENON_EXTENDS(b, a, base) /* WRONG */
END
  refuses $compiler 'a base that is no class' tenon_p_class_a <<'END'
#include <tenon/export.h>
typedef struct a { int n; } a;
typedef struct b { a base; } b;
TENON_CLASS(b)
TENON_EXTENDS(b, a, base) /* WRONG */
END
  refuses $compiler 'two bases' redefinition <<'END'
#include <tenon/export.h>
typedef struct a { int n; } a;
typedef struct b { a base; } b;
TENON_CLASS(a)
TENON_CLASS(b)
TENON_EXTENDS(b, a, base)
TENON_EXTENDS(b, a, base) /* WRONG */
END
  refuses $compiler 'a property of no type' 'property of a has' <<'END'
#include <tenon/export.h>
typedef struct a { int n; } a;
TENON_CLASS(a)
TENON_KEYED_GET(none, a) { return false; } /* WRONG */
END
  refuses $compiler 'two ways to read' redefinition <<'END'
#include <tenon/export.h>
typedef struct a { int n; } a;
TENON_CLASS(a)
TENON_INDEXED_GET(i32, a) { *value = 1; return true; }
TENON_INDEXED_GET(f64, a) { *value = 1; return true; } /* WRONG */
END
  refuses $compiler 'a container that is no class' tenon_p_class_a <<'END'
#include <tenon/export.h>
typedef struct a { int n; } a;
TENON_KEYED_HAS(a) { return true; } /* WRONG */
END
  refuses $compiler 'species in opt' SPECIES_IS_AROUND_ALL_OTHER_WORDS <<'END'
#include <tenon/export.h>
typedef struct a { int n; } a;
TENON_CLASS(a)
TENON_METHOD(opt(species(a)), a, f) { return NULL; } /* WRONG */
END
  refuses $compiler 'a copy of what is by pointer' tenon_copied_a <<'END'
#include <tenon/export.h>
typedef struct a a;
void a_free(a *);
TENON_CLASS_POINTER(a, a_free)
TENON_FUNCTION(copy(a), f) { } /* WRONG */
END
  refuses $compiler 'two functions of one name' redefinition <<'END'
#include <tenon/export.h>
TENON_FUNCTION(i32, f) { return 1; }
TENON_FUNCTION(i32, f) { return 2; } /* WRONG */
END

  # Classes. `self` is one of 24 parameters.
  vec='#include <tenon/export.h>
typedef struct vec { double x; } vec;
TENON_CLASS(vec)'
  file='typedef struct file file;
void close_file(file *f);
TENON_CLASS_POINTER(file, close_file)'
  refuses $compiler '25 parameters of a method' AT_MOST_24_PARAMETERS <<END
$vec
TENON_METHOD(none, vec, f$(parameters 24)) { } /* WRONG */
END
  refuses $compiler 'a class that is not one' nope <<END
$vec
TENON_METHOD(none, nope, f) { } /* WRONG */
END
  refuses $compiler 'a parameter of a class that is not one' tenon_c_nope <<END
$vec
TENON_METHOD(none, vec, f, (nope, x)) { } /* WRONG */
END
  refuses $compiler 'a constructor by value of a class by pointer' \
    'file needs TENON_CONSTRUCTOR_POINTER' <<END
$vec
$file
TENON_CONSTRUCTOR(file) { } /* WRONG */
END
  refuses $compiler 'a constructor by pointer of a class by value' \
    'vec needs TENON_CONSTRUCTOR' <<END
$vec
TENON_CONSTRUCTOR_POINTER(vec) { return 0; } /* WRONG */
END
  refuses $compiler 'a release of a class by pointer' \
    'file has a free function' <<END
$vec
$file
TENON_RELEASE(file) { } /* WRONG */
END
  refuses $compiler 'a class by value whose word is by pointer' \
    'the word of vec is TENON_CLASS_POINTER_WORD' <<'END'
#include <tenon/export.h>
typedef struct vec { double x; } vec;
TENON_CLASS_POINTER_WORD(vec)
TENON_SHARED_CLASS("Vec", vec) /* WRONG */
END
  refuses $compiler 'a class by pointer whose word is by value' \
    'the word of vec is TENON_CLASS_WORD' <<'END'
#include <tenon/export.h>
typedef struct vec { double x; } vec;
void free_vec(vec *v);
TENON_CLASS_WORD(vec)
TENON_SHARED_CLASS_POINTER("Vec", vec, free_vec) /* WRONG */
END
  refuses $compiler 'a base that is not the first member' \
    'more does not begin with a vec' <<END
$vec
typedef struct more { int n; vec base; } more;
TENON_CLASS(more)
TENON_EXTENDS(more, vec, base) /* WRONG */
END
  refuses $compiler 'a member that is not of its word' \
    'vec.x: its type is not that of its word' <<END
$vec
TENON_MEMBERS(vec, (i64, x)) /* WRONG */
END
  refuses $compiler 'a member that T does not have' y <<END
$vec
TENON_MEMBERS(vec, (f64, y)) /* WRONG */
END
  refuses $compiler 'two constructors' redefinition <<END
$vec
TENON_CONSTRUCTOR(vec) { }
TENON_CONSTRUCTOR(vec, (i32, n)) { } /* WRONG */
END
  refuses $compiler 'two methods of one name' redefinition <<END
$vec
TENON_METHOD(none, vec, f) { }
TENON_METHOD(none, vec, f) { } /* WRONG */
END
  refuses $compiler 'a copy of a class by pointer' tenon_copied_file <<END
$vec
$file
TENON_FUNCTION(none, f, (copy(file), x)) { } /* WRONG */
END
  refuses $compiler 'an array of copies' ARRAYS_HOLD_INSTANCES_AND_NO_COPIES \
    <<END
$vec
TENON_FUNCTION(none, f, (array(copy(vec)), x)) { } /* WRONG */
END
  refuses $compiler 'borrowed in opt' BORROWED_IS_AROUND_ALL_OTHER_WORDS <<END
$vec
TENON_METHOD(opt(borrowed(vec)), vec, f) { return self; } /* WRONG */
END
  refuses $compiler 'species in array' SPECIES_IS_AROUND_ALL_OTHER_WORDS <<END
$vec
TENON_METHOD(array(species(vec)), vec, f) { } /* WRONG */
END
  refuses $compiler 'a cursor of two types' tenon_p_cursor_of_vec <<END
$vec
TENON_ITERATOR(f64, vec, int) { return *cursor < 0; }
TENON_ITERATOR_END(vec, long) { } /* WRONG */
END
done
echo "1..$count"
