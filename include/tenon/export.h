/**
 * @file
 * Describe native functions to Tenon as static data.
 *
 * This header needs nothing but the C library: no engine, no libtenon to link
 * with. A file that includes it can be part of a host program or of a shared
 * object; whoever loads the module hands it the table of host functions.
 *
 *     #include <tenon/export.h>
 *
 *     TENON_FUNCTION(i64, fib, (i64, n))
 *     {
 *       return n <= 1 ? n == 1 : n + fib(n - 1);
 *     }
 *
 * makes `import { fib } from 'native'` a checked JavaScript function, and
 * `fib` an ordinary C function. All functions of one executable or shared
 * object form one module, whatever the number of files; no list is kept. A
 * file that defines TENON_MODULE before it includes this header belongs to a
 * module of that name instead: one executable can then hold several.
 *
 * Link the object files themselves: a linker leaves out the members of a
 * static library that nobody refers to, and with them their functions.
 *
 * Ownership, in four sentences. What comes in lives until the function
 * returns; off the loop it is a copy, and for a TENON_ASYNC function it lives
 * until the deferred is settled. What goes out is copied; it may be static, an
 * argument, or from tenon_alloc. Memory of tenon_alloc and tenon_defer is
 * released after the result was converted, also after a failure, on any
 * thread. A bytes result that was registered by tenon_defer(free, p) is moved,
 * not copied.
 *
 * C11 or C++17, gcc or clang. [since 0.1]
 */
#ifndef TENON_EXPORT_H
#define TENON_EXPORT_H

#include <tenon/export/any.h>
#include <tenon/export/callback.h>
#include <tenon/export/cancel.h>
#include <tenon/export/class.h>
#include <tenon/export/closure.h>
#include <tenon/export/doc.h>
#include <tenon/export/function.h>
#include <tenon/export/hold.h>
#include <tenon/export/items.h>
#include <tenon/export/iterable.h>
#include <tenon/export/stream.h>
#include <tenon/export/types.h>
#include <tenon/export/watch.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

/**
 * Define and export a function: `TENON_FUNCTION(result, name, (word, name) or
 * (word, name, default)…)`, followed by its body. At most 24 parameters.
 *
 * Words: none (result only), bool, i8 u8 i16 u16 i32 u32 i64 u64 size f32 f64,
 * big_i64 and big_u64 (BigInts only), str (tenon_str), cstr (const char *; a
 * string with a NUL in it is refused), bytes (tenon_bytes), date (int64_t,
 * milliseconds since 1970 UTC), any (napi_value); and the names that TENON_ENUM,
 * TENON_FLAGS, TENON_STRUCT, TENON_TUPLE, TENON_EITHER, TENON_ARRAY,
 * TENON_RECORD, TENON_VIEW, TENON_CALLBACK and TENON_CALLBACK_ONCE have defined,
 * and of results TENON_STREAM, of parameters TENON_ITERABLE.
 *
 * `opt(word)` is a `const T *`, NULL for undefined; `nullable(word)` is one that
 * is NULL for null too, and NULL goes out as null. `array(word)` is a
 * `tenon_array_word`, { const T *data; size_t len; }, from an Array, or of
 * numbers a typed array; elements may be opt or nullable, as in
 * `opt(array(nullable(str)))`, whose C type is `const tenon_array_nullable_str
 * *`. `record(word)` is a `tenon_record_word`,
 * { const tenon_pair_word *data; size_t len; } of { tenon_str key; T value; },
 * from the own properties of an object. Of a word of numbers `view(word)` is a
 * `tenon_view_word`, { const T *data; size_t len; }, the typed array of exactly
 * this element, and `inout(word)` a `tenon_inout_word`, { T *data; size_t len;
 * }, one that is written to; `inout(bytes)` is any buffer or view. The memory of
 * bytes, view and inout is the script's own: while the function runs nothing
 * can free or move it, but scripts that it calls can write to it. inout is a
 * parameter only, of functions that run on the loop only. docs/types.md has a
 * table of all words. A default is any C expression, evaluated
 * when the argument is undefined or left out, after all arguments were
 * converted, in the order of the parameters.
 *
 * Words around a type, about the call:
 *
 * `rest(word)`, of the last parameter: all arguments from there on, maybe none,
 * as a `tenon_array_word`. `this(word)`, of the first one: what the function is
 * called on, which is no argument; `object.f.async(…)` has `object.f` there, so
 * say `object.f.async.call(object, …)`. It may be `this(opt(word))`, or have a
 * default.
 *
 * `coerce(word)`, of numbers, bool, str and cstr, big_i64 and big_u64: the value
 * is converted first, as `Number(v)`, `Boolean(v)`, `${v}` and `BigInt(v)` do it,
 * which may run scripts, and is then read as strictly as without it: '12' is 12,
 * and '1.5' or 'x' is no i32. A BigInt stays one for i64 and u64. It goes with opt,
 * nullable and defaults, which see undefined and null first, and may be that of
 * a member or of an element: `array(coerce(f64))`.
 *
 * `exhaustive(word)`, of the result: more arguments than parameters are refused.
 */
#define TENON_FUNCTION(R, ...)                         \
  TENON_P_DEFINE(R, TENON_P_IS_NONE(R), 0, (FUNCTION), \
                 TENON_P_NAMED(__VA_ARGS__), NULL, __VA_ARGS__)

/** The same under a name that C cannot have: TENON_FUNCTION_AS("delete", …) */
#define TENON_FUNCTION_AS(js_name, R, ...)                            \
  TENON_P_DEFINE(R, TENON_P_IS_NONE(R), 0, (FUNCTION), js_name, NULL, \
                 __VA_ARGS__)

/**
 * A function that runs on the thread pool and returns a Promise. Its arguments
 * are copies. It must be safe to run beside itself and everything else.
 */
#define TENON_BLOCKING(R, ...)                                               \
  TENON_P_DEFINE(R, TENON_P_IS_NONE(R), TENON_FUNCTION_BLOCKING, (FUNCTION), \
                 TENON_P_NAMED(__VA_ARGS__), NULL, __VA_ARGS__)

/**
 * A function that starts an operation on the loop and returns a Promise. Its
 * body has a `tenon_deferred *deferred` beside the parameters, returns nothing,
 * and sees to it that TENON_RESOLVE(name, deferred, value) or
 * tenon_deferred_reject is called once, then or later, from any thread. After
 * tenon_fail in the body the deferred has ended.
 */
#define TENON_ASYNC(R, ...)                                                    \
  TENON_P_ASYNC(R, TENON_P_IS_NONE(R), (FUNCTION), TENON_P_NAMED(__VA_ARGS__), \
                NULL, __VA_ARGS__)

#endif
