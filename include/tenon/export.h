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

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tenon/descriptor.h>

#ifdef __cplusplus
#include <exception>
#define TENON_P_BEGIN extern "C" {
#define TENON_P_END }
#else
#define TENON_P_BEGIN
#define TENON_P_END
#endif

/* Diagnostics then name the line of the macro's user, not one in here. */
#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

TENON_P_BEGIN

/* --- Registration: a section of pointers, one module per link unit ------- */

#define TENON_P_CAT_(a, b) a##b
#define TENON_P_CAT(a, b) TENON_P_CAT_(a, b)
#define TENON_P_STRING_(x) #x
#define TENON_P_STRING(x) TENON_P_STRING_(x)

#ifdef TENON_MODULE
#define TENON_P_SECTION TENON_P_CAT(tenon_functions_, TENON_MODULE)
#define TENON_P_ENTRY TENON_P_CAT(tenon_module_, TENON_MODULE)
#define TENON_P_HOST TENON_P_CAT(tenon_p_host_, TENON_MODULE)
#define TENON_P_THREADS TENON_P_CAT(tenon_p_threads_, TENON_MODULE)
#else
#define TENON_P_SECTION tenon_functions
#define TENON_P_ENTRY tenon_module_v1
#define TENON_P_HOST tenon_p_host
#define TENON_P_THREADS tenon_p_threads
#endif
#define TENON_P_FIRST_FUNCTION TENON_P_CAT(__start_, TENON_P_SECTION)
#define TENON_P_LAST_FUNCTION TENON_P_CAT(__stop_, TENON_P_SECTION)

#define TENON_P_UNUSED __attribute__((unused))
#define TENON_P_HIDDEN __attribute__((weak, visibility("hidden")))
#define TENON_P_SHOWN __attribute__((weak, visibility("default")))
#if defined(__has_attribute)
#if __has_attribute(retain)
#define TENON_P_RETAIN , retain
#endif
#endif
#ifndef TENON_P_RETAIN
#define TENON_P_RETAIN
#endif
#define TENON_P_KEEP \
  __attribute__((section(TENON_P_STRING(TENON_P_SECTION)), used TENON_P_RETAIN))

/* Set by the linker; undefined, and so NULL, in a module without functions. */
extern const tenon_function *const TENON_P_FIRST_FUNCTION[] TENON_P_HIDDEN;
extern const tenon_function *const TENON_P_LAST_FUNCTION[] TENON_P_HIDDEN;

/* Defined where TENON_MODULE_THREADS stands, in one file of a module. */
extern const uint32_t TENON_P_THREADS TENON_P_HIDDEN;

extern const tenon_host *TENON_P_HOST;
TENON_P_HIDDEN const tenon_host *TENON_P_HOST;

TENON_P_SHOWN const tenon_module *TENON_P_ENTRY(void);
TENON_P_SHOWN const tenon_module *TENON_P_ENTRY(void)
{
  static tenon_module m = {
      sizeof(tenon_module),  TENON_MODULE_ABI, sizeof(tenon_field),
      TENON_THREADS_none,    &TENON_P_HOST,    TENON_P_FIRST_FUNCTION,
      TENON_P_LAST_FUNCTION,
  };
  if (&TENON_P_THREADS) __atomic_store_n(&m.threads, TENON_P_THREADS, 0);
  return &m;
}

/**
 * At file level, in one file of a module: TENON_MODULE_THREADS(none),
 * (serial) or (any). Without it a module is `none`.
 */
#define TENON_MODULE_THREADS(word)                 \
  TENON_P_C_LINKAGE const uint32_t TENON_P_THREADS \
      __attribute__((visibility("hidden"))) = TENON_THREADS_##word

#ifdef __cplusplus
#define TENON_P_C_LINKAGE extern "C"
#else
#define TENON_P_C_LINKAGE
#endif

/* --- What a native function may call -------------------------------------- */

/* The parentheses keep macros of such a name out. */
TENON_P_UNUSED
__attribute__((format(printf, 2, 3), cold, noinline)) static void tenon_p_fail(
    int error_class, const char *format, ...)
{
  va_list ap;
  va_start(ap, format);
  if (TENON_P_HOST) (TENON_P_HOST->fail)(error_class, format, ap);
  va_end(ap);
}

/* In a helper tenon_fail is -1; in a function's body a parameter of this name
 * makes it a value of the result type. */
TENON_P_UNUSED static inline int tenon_p_zero(void)
{
  return -1;
}

/**
 * Let the current call fail: `return tenon_fail(TENON_RANGE_ERROR, "%s: …",
 * path)`. The first failure of a call stands. In the body of a described
 * function it is a value of the result type (for `none`: `tenon_fail(…);
 * return;`), in any other function of the module an int, -1. The message is
 * formatted at once and copied; JavaScript sees it as it is.
 *
 * [thread: any, inside a call] [since 0.1]
 */
#define tenon_fail(...) (tenon_p_fail(__VA_ARGS__), tenon_p_zero())

/**
 * Memory of the current call, aligned for any type, released by Tenon once the
 * result was converted. NULL when out of memory or outside of a call.
 *
 * [thread: any, inside a call] [since 0.1]
 */
TENON_P_UNUSED static inline void *tenon_alloc(size_t size_bytes)
{
  return TENON_P_HOST ? (TENON_P_HOST->alloc)(size_bytes) : NULL;
}

/**
 * Call `fn(p)` when the current call is over, last registered first. Returns
 * `p`. When there is no memory left to remember it, fn(p) runs at once and
 * NULL is returned: `p = tenon_defer(free, malloc(n))` needs one check.
 *
 * [thread: any, inside a call] [since 0.1]
 */
TENON_P_UNUSED static inline void *tenon_defer(void (*fn)(void *), void *p)
{
  if (!p) return NULL;
  if (TENON_P_HOST && (TENON_P_HOST->defer)(fn, p) == 0) return p;
  fn(p);
  return NULL;
}

/** A string of C as a tenon_str; NULL gives the empty one. Borrowed. */
TENON_P_UNUSED static inline tenon_str tenon_str_of(const char *s)
{
  tenon_str r = {s ? s : "", 0};
  while (r.data[r.len])
    r.len++;
  return r;
}

/* --- Deferreds: what a TENON_ASYNC function completes --------------------- */

/**
 * Settle a Promise by an error. Like TENON_RESOLVE it ends the deferred: the
 * pointer is not to be used after it, but while the TENON_ASYNC function that
 * got it still runs (a second call there is TENON_EALREADY).
 *
 * @return 0; TENON_EALREADY; TENON_ECLOSING when the runtime is being freed
 *         and the Promise is gone: the deferred has ended all the same
 *
 * [thread: any] [since 0.1]
 */
TENON_P_UNUSED
__attribute__((format(printf, 3, 4))) static int tenon_deferred_reject(
    tenon_deferred *d, int error_class, const char *format, ...)
{
  va_list ap;
  int r;
  va_start(ap, format);
  r = (TENON_P_HOST->deferred_reject)(d, error_class, format, ap);
  va_end(ap);
  return r;
}

/**
 * Call `fn(d, p)` if the runtime is freed while `d` is open, so that its
 * operation can be stopped: close handles there and end the deferred by
 * TENON_RESOLVE or tenon_deferred_reject, then or later. One a deferred; the
 * last one set counts, NULL takes it back.
 *
 * @return 0; TENON_ECLOSING when the runtime is already being freed: fn was
 *         not and will not be called
 *
 * [thread: loop, and fn is called there] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_deferred_on_close(
    tenon_deferred *d, void (*fn)(tenon_deferred *d, void *p), void *p)
{
  return (TENON_P_HOST->deferred_on_close)(d, fn, p);
}

/**
 * Memory that lives as long as the deferred, as the arguments do. NULL when
 * out of memory. To be called before another thread gets the deferred. A handle of libuv needs to outlive its uv_close and so does
 * not belong here. [thread: loop] [since 0.1]
 */
TENON_P_UNUSED static inline void *tenon_deferred_alloc(tenon_deferred *d,
                                                        size_t size_bytes)
{
  return (TENON_P_HOST->deferred_alloc)(d, size_bytes);
}

/**
 * The loop of the runtime: a `uv_loop_t *`. Borrowed. Callbacks on it may
 * settle deferreds; Tenon runs JavaScript's jobs right then.
 * [thread: loop] [since 0.1]
 */
TENON_P_UNUSED static inline struct uv_loop_s *tenon_deferred_loop(
    tenon_deferred *d)
{
  return (struct uv_loop_s *)(TENON_P_HOST->deferred_loop)(d);
}

/**
 * Settle the Promise of the TENON_ASYNC function `name` by a result, which is
 * copied: `TENON_RESOLVE(sleep, d)`, `TENON_RESOLVE(size_of, d, n)`. The value
 * is of the function's result type. Returns as tenon_deferred_reject does.
 *
 * [thread: any] [since 0.1]
 */
#define TENON_RESOLVE(name, ...) tenon_p_resolve_##name(__VA_ARGS__)

/* --- Type words ------------------------------------------------------------ */

/* A word `w` is its C type tenon_c_w, its description tenon_type_w and its
 * flags tenon_flags_w; wrappers are macros of the same three names. What a
 * pointer may point to is tenon_value_w, which opt and nullable do not have. */
#define TENON_P_WORD(w, ctype, kind, label) \
  TENON_P_PLAIN(w, ctype, kind, label)      \
  TENON_P_ARRAYS(w)
#define TENON_P_PLAIN(w, ctype, kind, label)                \
  typedef ctype tenon_c_##w;                                \
  typedef ctype tenon_value_##w;                            \
  enum { tenon_flags_##w = 0 };                             \
  TENON_P_UNUSED static const tenon_type tenon_type_##w = { \
      kind, sizeof(ctype), label, NULL, 0, NULL};

/* The arrays of a word, and of its pointers: array(w), array(opt(w)). */
#define TENON_P_ARRAYS(w)                                   \
  TENON_P_ARRAY_C(w, const tenon_c_##w *)                   \
  TENON_P_ARRAY_C(opt_##w, const tenon_c_##w *const *)      \
  TENON_P_ARRAY_C(nullable_##w, const tenon_c_##w *const *) \
  TENON_P_ARRAY_TYPES(w)
#define TENON_P_ARRAY_TYPES(w)                    \
  TENON_P_ARRAY_TYPE(w, w, 0)                     \
  TENON_P_ARRAY_TYPE(opt_##w, w, TENON_FIELD_OPT) \
  TENON_P_ARRAY_TYPE(nullable_##w, w, TENON_FIELD_NULLABLE)
#define TENON_P_ARRAY_C(name, pointer) \
  typedef struct tenon_array_##name {  \
    pointer data;                      \
    size_t len;                        \
  } tenon_array_##name;
#define TENON_P_ARRAY_TYPE(name, w, flags)                           \
  TENON_P_UNUSED static const tenon_field tenon_p_element_##name = { \
      "element", &tenon_type_##w, 0, flags, NULL};                   \
  TENON_P_UNUSED static const tenon_type tenon_p_array_##name = {    \
      TENON_KIND_ARRAY,                                              \
      sizeof(tenon_array_##name),                                    \
      "array",                                                       \
      &tenon_p_element_##name,                                       \
      1,                                                             \
      NULL};

TENON_P_WORD(i8, int8_t, TENON_KIND_I8, "i8")
TENON_P_WORD(u8, uint8_t, TENON_KIND_U8, "u8")
TENON_P_WORD(i16, int16_t, TENON_KIND_I16, "i16")
TENON_P_WORD(u16, uint16_t, TENON_KIND_U16, "u16")
TENON_P_WORD(i32, int32_t, TENON_KIND_I32, "i32")
TENON_P_WORD(u32, uint32_t, TENON_KIND_U32, "u32")
TENON_P_WORD(i64, int64_t, TENON_KIND_I64, "i64")
TENON_P_WORD(u64, uint64_t, TENON_KIND_U64, "u64")
TENON_P_WORD(f32, float, TENON_KIND_F32, "f32")
TENON_P_WORD(f64, double, TENON_KIND_F64, "f64")
TENON_P_WORD(big_i64, int64_t, TENON_KIND_BIG_I64, "big_i64")
TENON_P_WORD(big_u64, uint64_t, TENON_KIND_BIG_U64, "big_u64")
TENON_P_WORD(cstr, const char *, TENON_KIND_CSTR, "cstr")
TENON_P_WORD(str, tenon_str, TENON_KIND_STR, "str")
TENON_P_WORD(bytes, tenon_bytes, TENON_KIND_BYTES, "bytes")
#if SIZE_MAX > UINT32_MAX
TENON_P_WORD(size, size_t, TENON_KIND_U64, "size")
#else
TENON_P_WORD(size, size_t, TENON_KIND_U32, "size")
#endif
#pragma push_macro("bool")
#undef bool
#ifdef __cplusplus
TENON_P_WORD(bool, bool, TENON_KIND_BOOL, "bool")
#else
TENON_P_WORD(bool, _Bool, TENON_KIND_BOOL, "bool")
/* As <stdbool.h> has it: another word, the same types of C. */
#define TENON_P_SAME(w, of)                                   \
  TENON_P_PLAIN(w, tenon_c_##of, TENON_KIND_BOOL, #of)        \
  typedef tenon_array_##of tenon_array_##w;                   \
  typedef tenon_array_opt_##of tenon_array_opt_##w;           \
  typedef tenon_array_nullable_##of tenon_array_nullable_##w; \
  TENON_P_ARRAY_TYPES(w)
TENON_P_SAME(_Bool, bool)
#endif
#pragma pop_macro("bool")

typedef void tenon_c_none;
enum { tenon_flags_none = 0 };
TENON_P_UNUSED static const tenon_type tenon_type_none = {
    TENON_KIND_NONE, 0, "none", NULL, 0, NULL};

#define tenon_c_opt(w) const tenon_value_##w *
#define tenon_type_opt(w) tenon_type_##w
/* C++20 wants no two enums in one operation. */
#define tenon_flags_opt(w) \
  (uint32_t) TENON_FIELD_OPT | (uint32_t)tenon_flags_##w
#define tenon_value_opt(w) OPT_AND_NULLABLE_DO_NOT_NEST
#define tenon_value_nullable(w) OPT_AND_NULLABLE_DO_NOT_NEST
#define tenon_c_nullable(w) const tenon_value_##w *
#define tenon_type_nullable(w) tenon_type_##w
#define tenon_flags_nullable(w) \
  (uint32_t) TENON_FIELD_NULLABLE | (uint32_t)tenon_flags_##w
#define tenon_c_array(w) tenon_array_##w
#define tenon_value_array(w) tenon_array_##w
#define tenon_type_array(w) tenon_p_array_##w
#define tenon_flags_array(w) 0
/* Inside of array: */
#define tenon_array_opt(w) tenon_array_opt_##w
#define tenon_array_nullable(w) tenon_array_nullable_##w
#define tenon_p_array_opt(w) tenon_p_array_opt_##w
#define tenon_p_array_nullable(w) tenon_p_array_nullable_##w
#define tenon_p_element_opt(w) tenon_p_element_opt_##w
#define tenon_p_element_nullable(w) tenon_p_element_nullable_##w
#define tenon_array_array(w) ARRAY_OF_ARRAYS_NEEDS_A_WORD_BY_TENON_ARRAY
#define tenon_array_opt_array(w) ARRAY_OF_ARRAYS_NEEDS_A_WORD_BY_TENON_ARRAY
#define tenon_array_nullable_array(w) \
  ARRAY_OF_ARRAYS_NEEDS_A_WORD_BY_TENON_ARRAY

TENON_P_END

/* --- The macros of the preprocessor ---------------------------------------- */

/* m(c, i, x) for each x behind the first; `i` counts from 0 */
#define TENON_P_COUNT(...)                                                   \
  TENON_P_32ND(__VA_ARGS__, AT_MOST_24_PARAMETERS, AT_MOST_24_PARAMETERS,    \
               AT_MOST_24_PARAMETERS, AT_MOST_24_PARAMETERS,                 \
               AT_MOST_24_PARAMETERS, AT_MOST_24_PARAMETERS, 24, 23, 22, 21, \
               20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, \
               3, 2, 1, 0, ~)
#define TENON_P_32ND(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, \
                     t, u, v, w, x, y, z, aa, bb, cc, dd, ee, ff, ...)        \
  ff
#define TENON_P_EACH(m, c, ...)                                        \
  TENON_P_CALL(TENON_P_CAT(TENON_P_EACH_, TENON_P_COUNT(__VA_ARGS__)), \
               (m, c, 0, TENON_P_REST(__VA_ARGS__)))
#define TENON_P_CALL(m, args) m args
#define TENON_P_REST(...) TENON_P_REST_(__VA_ARGS__, ~)
#define TENON_P_REST_(first, ...) __VA_ARGS__
#define TENON_P_EACH_0(m, c, i, ...)
#define TENON_P_EACH_1(m, c, i, x, ...) m(c, i, x)
#define TENON_P_EACH_2(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_1(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_3(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_2(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_4(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_3(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_5(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_4(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_6(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_5(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_7(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_6(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_8(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_7(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_9(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_8(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_10(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_9(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_11(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_10(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_12(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_11(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_13(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_12(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_14(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_13(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_15(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_14(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_16(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_15(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_17(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_16(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_18(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_17(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_19(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_18(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_20(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_19(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_21(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_20(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_22(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_21(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_23(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_22(m, c, i + 1, __VA_ARGS__)
#define TENON_P_EACH_24(m, c, i, x, ...) \
  m(c, i, x) TENON_P_EACH_23(m, c, i + 1, __VA_ARGS__)

/* A parameter is (word, name) or (word, name, default): pass its parts on. */
#define TENON_P_UNWRAP(...) __VA_ARGS__
#define TENON_P_PARTS(m, c, i, ...) TENON_P_PARTS_(m, c, i, __VA_ARGS__, ~, ~)
#define TENON_P_PARTS_(m, c, i, w, n, d, ...) m(c, i, w, n, d)
#define TENON_P_HAS_DEFAULT(...) TENON_P_4TH(__VA_ARGS__, 1, 0, ~)
#define TENON_P_4TH(a, b, c, d, ...) d

/* 1 when the result is `none`, whose C function has no value */
#define TENON_P_NONE_none ~, 1
#define TENON_P_SECOND_(a, b, ...) b
#define TENON_P_SECOND(...) TENON_P_SECOND_(__VA_ARGS__, 0, ~)
#define TENON_P_IS_NONE(w) TENON_P_SECOND(TENON_P_NONE_##w)

/* `, type name` and the like for each parameter */
#define TENON_P_DECL(c, i, t) \
  TENON_P_PARTS(TENON_P_DECL_, c, i, TENON_P_UNWRAP t)
#define TENON_P_DECL_(c, i, w, n, d) , tenon_c_##w n
#define TENON_P_MEMBER(c, i, t) \
  TENON_P_PARTS(TENON_P_MEMBER_, c, i, TENON_P_UNWRAP t)
#define TENON_P_MEMBER_(c, i, w, n, d) tenon_c_##w n;
#define TENON_P_NAME(c, i, t) \
  TENON_P_PARTS(TENON_P_NAME_, c, i, TENON_P_UNWRAP t)
#define TENON_P_NAME_(c, i, w, n, d) , n
#define TENON_P_TAKE(c, i, t) \
  TENON_P_PARTS(TENON_P_TAKE_, c, i, TENON_P_UNWRAP t)
#define TENON_P_TAKE_(c, i, w, n, d) , tenon_p_a->n
/* statements, one after the other: arguments have no order in C */
#define TENON_P_SET(c, i, t) \
  TENON_P_CAT(TENON_P_SET_, TENON_P_HAS_DEFAULT t)(c, i, TENON_P_UNWRAP t)
#define TENON_P_SET_0(c, i, ...)
#define TENON_P_SET_1(c, i, ...) \
  TENON_P_PARTS(TENON_P_SET_1_, c, i, __VA_ARGS__)
#define TENON_P_SET_1_(c, i, w, n, d) \
  if (tenon_p_a->tenon_head.absent >> (i)&1) tenon_p_a->n = (d);
#define TENON_P_FIELD(c, i, t) \
  TENON_P_CAT(TENON_P_FIELD_, TENON_P_HAS_DEFAULT t)(c, i, TENON_P_UNWRAP t)
#define TENON_P_FIELD_0(c, i, ...) \
  TENON_P_PARTS(TENON_P_FIELD_0_, c, i, __VA_ARGS__)
#define TENON_P_FIELD_0_(c, i, w, n, d) \
  {#n, &tenon_type_##w, offsetof(struct c, n), tenon_flags_##w, NULL},
#define TENON_P_FIELD_1(c, i, ...) \
  TENON_P_PARTS(TENON_P_FIELD_1_, c, i, __VA_ARGS__)
#define TENON_P_FIELD_1_(c, i, w, n, d)        \
  {#n, &tenon_type_##w, offsetof(struct c, n), \
   (uint32_t)TENON_FIELD_DEFAULT | (uint32_t)tenon_flags_##w, #d},

/* a parameter list without the comma in front; (void) when it is empty */
#define TENON_P_SIGNATURE(...)                              \
  TENON_P_CAT(TENON_P_SIGNATURE_, TENON_P_ANY(__VA_ARGS__)) \
  (~TENON_P_EACH(TENON_P_DECL, ~, __VA_ARGS__))
#define TENON_P_SIGNATURE_0(...) (void)
#define TENON_P_SIGNATURE_1(...) TENON_P_TAIL(__VA_ARGS__)
#define TENON_P_TAIL(a, ...) (__VA_ARGS__)
#define TENON_P_ANY(...)                                                       \
  TENON_P_32ND(__VA_ARGS__, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, \
               1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, ~)

/* In C++ an exception must not pass the frames of C: it becomes the failure
 * of the call. */
#if defined(__cplusplus) && defined(__cpp_exceptions)
#define TENON_P_TRY try
#define TENON_P_CATCH                                       \
  catch (const std::exception &tenon_p_caught)              \
  {                                                         \
    tenon_p_fail(TENON_ERROR, "%s", tenon_p_caught.what()); \
  }                                                         \
  catch (...)                                               \
  {                                                         \
    tenon_p_fail(TENON_ERROR, "unknown C++ exception");     \
  }
#else
#define TENON_P_TRY
#define TENON_P_CATCH
#endif

/* Defaults are evaluated in a thunk: its names are out of their way. */
#define TENON_P_STORE_0(R, call) *(tenon_c_##R *)tenon_p_result = call;
#define TENON_P_STORE_1(R, call) \
  (void)tenon_p_result;          \
  call;
#define TENON_P_THUNK(name) \
  static void tenon_p_thunk_##name(void *tenon_p_args, void *tenon_p_result)
#define TENON_P_THUNK_ARGS(name)                  \
  struct tenon_p_args_##name *tenon_p_a =         \
      (struct tenon_p_args_##name *)tenon_p_args; \
  (void)tenon_p_a;
#define TENON_P_RETURN_0 return
#define TENON_P_RETURN_1
/* reached only through the value of tenon_fail, which nobody looks at */
#define TENON_P_ZERO_0(R, name)                \
  static tenon_c_##R tenon_p_zero_##name(void) \
  {                                            \
    static tenon_c_##R zero;                   \
    return zero;                               \
  }
#define TENON_P_ZERO_1(R, name)         \
  static void tenon_p_zero_##name(void) \
  {}

#define TENON_P_TABLE(R, flags, js_name, doc, name, ...)                  \
  static const tenon_field tenon_p_params_##name[] = {                    \
      TENON_P_EACH(TENON_P_FIELD, tenon_p_args_##name,                    \
                   __VA_ARGS__){NULL, NULL, 0, 0, NULL}};                 \
  static const tenon_function tenon_p_function_##name = {                 \
      sizeof(tenon_function),                                             \
      flags,                                                              \
      js_name,                                                            \
      doc,                                                                \
      {"result", &tenon_type_##R, 0, tenon_flags_##R, NULL},              \
      tenon_p_params_##name,                                              \
      sizeof tenon_p_params_##name / sizeof *tenon_p_params_##name - 1,   \
      sizeof(struct tenon_p_args_##name),                                 \
      tenon_p_thunk_##name,                                               \
      __FILE__,                                                           \
      __LINE__};                                                          \
  TENON_P_KEEP static const tenon_function *const tenon_p_export_##name = \
      &tenon_p_function_##name;

#define TENON_P_ARGS(name, ...)                  \
  struct tenon_p_args_##name {                   \
    tenon_args tenon_head;                       \
    TENON_P_EACH(TENON_P_MEMBER, ~, __VA_ARGS__) \
  };

#define TENON_P_DEFINE(R, none, flags, js_name, doc, ...) \
  TENON_P_DEFINE_(R, none, flags, js_name, doc, __VA_ARGS__)
#define TENON_P_DEFINE_(R, none, flags, js_name, doc, ...)                  \
  TENON_P_DEFINE_##none(R, flags, js_name, doc, TENON_P_FIRST(__VA_ARGS__), \
                        __VA_ARGS__)
#define TENON_P_FIRST(...) TENON_P_FIRST_(__VA_ARGS__, ~)
#define TENON_P_FIRST_(a, ...) a
#define TENON_P_DEFINE_0(R, flags, js_name, doc, name, ...) \
  TENON_P_BODY(R, 0, flags, js_name, doc, name, __VA_ARGS__)
#define TENON_P_DEFINE_1(R, flags, js_name, doc, name, ...) \
  TENON_P_BODY(R, 1, flags, js_name, doc, name, __VA_ARGS__)
#define TENON_P_BODY(R, none, flags, js_name, doc, name, ...)                              \
  static tenon_c_##R tenon_p_body_##name(tenon_c_##R (*tenon_p_zero)(                      \
      void) TENON_P_EACH(TENON_P_DECL, ~, __VA_ARGS__));                                   \
  TENON_P_ZERO_##none(R, name) TENON_P_UNUSED static inline tenon_c_##R name               \
  TENON_P_SIGNATURE(__VA_ARGS__)                                                           \
  {                                                                                        \
    TENON_P_RETURN_##none tenon_p_body_##name(                                             \
        tenon_p_zero_##name TENON_P_EACH(TENON_P_NAME, ~, __VA_ARGS__));                   \
  }                                                                                        \
  TENON_P_ARGS(name, __VA_ARGS__)                                                          \
  TENON_P_THUNK(name){TENON_P_THUNK_ARGS(name) TENON_P_TRY{                                \
      TENON_P_EACH(TENON_P_SET, ~, __VA_ARGS__) TENON_P_STORE_##none(                      \
          R,                                                                               \
          tenon_p_body_##name(tenon_p_zero_##name TENON_P_EACH(                            \
              TENON_P_TAKE, ~,                                                             \
              __VA_ARGS__)))} TENON_P_CATCH} TENON_P_TABLE(R, flags, js_name,              \
                                                           doc, name,                      \
                                                           __VA_ARGS__) static tenon_c_##R \
      tenon_p_body_##name(TENON_P_UNUSED tenon_c_##R (*tenon_p_zero)(void)                 \
                              TENON_P_EACH(TENON_P_DECL, ~, __VA_ARGS__))

#define TENON_P_RESOLVER_0(R, name)                                          \
  TENON_P_UNUSED static inline int tenon_p_resolve_##name(tenon_deferred *d, \
                                                          tenon_c_##R value) \
  {                                                                          \
    return (TENON_P_HOST->deferred_resolve)(d, &value);                      \
  }
#define TENON_P_RESOLVER_1(R, name)                                          \
  TENON_P_UNUSED static inline int tenon_p_resolve_##name(tenon_deferred *d) \
  {                                                                          \
    return (TENON_P_HOST->deferred_resolve)(d, NULL);                        \
  }
#define TENON_P_ASYNC(R, none, js_name, doc, ...) \
  TENON_P_ASYNC_(R, none, js_name, doc, __VA_ARGS__)
#define TENON_P_ASYNC_(R, none, js_name, doc, ...) \
  TENON_P_ASYNC_##none(R, js_name, doc, TENON_P_FIRST(__VA_ARGS__), __VA_ARGS__)
#define TENON_P_ASYNC_0(R, js_name, doc, name, ...) \
  TENON_P_RESOLVER_0(R, name)                       \
  TENON_P_ASYNC_BODY(R, js_name, doc, name, __VA_ARGS__)
#define TENON_P_ASYNC_1(R, js_name, doc, name, ...) \
  TENON_P_RESOLVER_1(R, name)                       \
  TENON_P_ASYNC_BODY(R, js_name, doc, name, __VA_ARGS__)
#define TENON_P_ASYNC_BODY(R, js_name, doc, name, ...)                      \
  static void tenon_p_body_##name(                                          \
      void (*tenon_p_zero)(void),                                           \
      tenon_deferred *deferred TENON_P_EACH(TENON_P_DECL, ~, __VA_ARGS__)); \
  TENON_P_ZERO_1(none, name)                                                \
  TENON_P_ARGS(name, __VA_ARGS__)                                           \
  TENON_P_THUNK(name)                                                       \
  {                                                                         \
    TENON_P_THUNK_ARGS(name)                                                \
    (void)tenon_p_result;                                                   \
    TENON_P_TRY                                                             \
    {                                                                       \
      TENON_P_EACH(TENON_P_SET, ~, __VA_ARGS__)                             \
      tenon_p_body_##name(                                                  \
          tenon_p_zero_##name,                                              \
          (tenon_deferred *)tenon_p_a->tenon_head.context TENON_P_EACH(     \
              TENON_P_TAKE, ~, __VA_ARGS__));                               \
    }                                                                       \
    TENON_P_CATCH                                                           \
  }                                                                         \
  TENON_P_TABLE(R, TENON_FUNCTION_ASYNC, js_name, doc, name, __VA_ARGS__)   \
  static void tenon_p_body_##name(                                          \
      TENON_P_UNUSED void (*tenon_p_zero)(void),                            \
      TENON_P_UNUSED tenon_deferred *deferred TENON_P_EACH(TENON_P_DECL, ~, \
                                                           __VA_ARGS__))

#define TENON_P_NAMED(...) TENON_P_NAMED_(__VA_ARGS__, ~)
#define TENON_P_NAMED_(name, ...) #name

/* --- Types of one's own --------------------------------------------------- */

/* What makes a name of C a type word. */
#define TENON_P_OWN(name)          \
  typedef name tenon_c_##name;     \
  typedef name tenon_value_##name; \
  enum { tenon_flags_##name = 0 };

/**
 * Define an enum and a type word of its name: `TENON_ENUM(color, red, green)`
 * has the constants color_red and color_green, 'red' and 'green' in
 * JavaScript. At most 24.
 */
#define TENON_ENUM(...) TENON_P_ENUM(TENON_P_FIRST(__VA_ARGS__), __VA_ARGS__)
#define TENON_P_ENUM(name, ...) TENON_P_ENUM_(name, __VA_ARGS__)
#define TENON_P_ENUM_(name, ...)                        \
  typedef enum name {                                   \
    TENON_P_EACH(TENON_P_ENUMERATOR, name, __VA_ARGS__) \
  } name;                                               \
  TENON_P_OWN(name)                                     \
  TENON_P_ENUM_TYPE(name, TENON_P_EACH(TENON_P_VALUE, name, __VA_ARGS__))
#define TENON_P_ENUMERATOR(c, i, e) c##_##e,
#define TENON_P_VALUE(c, i, e) \
  {#e, &tenon_type_i32, (uint32_t)c##_##e, 0, NULL},
#define TENON_P_ENUM_TYPE(name, ...)                                    \
  static const tenon_field tenon_p_values_##name[] = {                  \
      __VA_ARGS__{NULL, NULL, 0, 0, NULL}};                             \
  TENON_P_UNUSED static const tenon_type tenon_type_##name = {          \
      TENON_KIND_ENUM,                                                  \
      sizeof(tenon_c_##name),                                           \
      #name,                                                            \
      tenon_p_values_##name,                                            \
      sizeof tenon_p_values_##name / sizeof *tenon_p_values_##name - 1, \
      NULL};                                                            \
  TENON_P_ARRAYS(name)

/**
 * A type word for an enum that is there already, or for an integer of at most
 * 32 bits: `TENON_ENUM_AS(level, enum log_level, (LOG_WARN, "warn"), …)`.
 */
#define TENON_ENUM_AS(name, ctype, ...)                                    \
  typedef char tenon_p_at_most_32_bits_##name[sizeof(ctype) > 4 ? -1 : 1]; \
  typedef ctype tenon_c_##name;                                            \
  typedef ctype tenon_value_##name;                                        \
  enum { tenon_flags_##name = 0 };                                         \
  TENON_P_ENUM_TYPE(name, TENON_P_EACH(TENON_P_NAMED_VALUE, ~, ~, __VA_ARGS__))
#define TENON_P_NAMED_VALUE(c, i, t) TENON_P_NAMED_VALUE_ t
#define TENON_P_NAMED_VALUE_(value, text) \
  {text, &tenon_type_i32, (uint32_t)(value), 0, NULL},

/**
 * Define a struct and a type word of its name: `TENON_STRUCT(point, (f64, x),
 * (f64, y), (f64, z, 0))`, with members as parameters are, at most 24. In
 * JavaScript it is an object: any that has the members is taken, a plain one
 * with all of them goes out.
 *
 * Strings and bytes in it are always copies. A default is evaluated once all
 * members of its object were read, on the loop's thread.
 */
#define TENON_STRUCT(...) \
  TENON_P_STRUCT(TENON_P_FIRST(__VA_ARGS__), __VA_ARGS__)
#define TENON_P_STRUCT(name, ...) TENON_P_STRUCT_(name, __VA_ARGS__)
#define TENON_P_STRUCT_(name, ...)                                             \
  typedef struct name {                                                        \
    TENON_P_EACH(TENON_P_MEMBER, ~, __VA_ARGS__)                               \
  } name;                                                                      \
  TENON_P_OWN(name)                                                            \
  TENON_P_UNUSED static void tenon_p_defaults_##name(void *tenon_p_object,     \
                                                     uint64_t tenon_p_absent)  \
  {                                                                            \
    name *tenon_p_a = (name *)tenon_p_object;                                  \
    (void)tenon_p_a;                                                           \
    (void)tenon_p_absent;                                                      \
    TENON_P_TRY{TENON_P_EACH(TENON_P_SUPPLY, ~, __VA_ARGS__)} TENON_P_CATCH    \
  }                                                                            \
  static const tenon_field tenon_p_members_##name[] = {                        \
      TENON_P_EACH(TENON_P_FIELD, name, __VA_ARGS__){NULL, NULL, 0, 0, NULL}}; \
  TENON_P_UNUSED static const tenon_type tenon_type_##name = {                 \
      TENON_KIND_STRUCT,                                                       \
      sizeof(name),                                                            \
      #name,                                                                   \
      tenon_p_members_##name,                                                  \
      sizeof tenon_p_members_##name / sizeof *tenon_p_members_##name - 1,      \
      tenon_p_defaults_##name};                                                \
  TENON_P_ARRAYS(name)
#define TENON_P_SUPPLY(c, i, t) \
  TENON_P_CAT(TENON_P_SUPPLY_, TENON_P_HAS_DEFAULT t)(c, i, TENON_P_UNWRAP t)
#define TENON_P_SUPPLY_0(c, i, ...)
#define TENON_P_SUPPLY_1(c, i, ...) \
  TENON_P_PARTS(TENON_P_SUPPLY_1_, c, i, __VA_ARGS__)
#define TENON_P_SUPPLY_1_(c, i, w, n, d) \
  if (tenon_p_absent >> (i)&1) tenon_p_a->n = (d);

/**
 * A name and a type word for an array, where one is needed: `TENON_ARRAY(row,
 * f64)` makes `array(row)` the array of arrays that C cannot name.
 */
#define TENON_ARRAY(name, w)                                                 \
  typedef tenon_array_##w name;                                              \
  TENON_P_OWN(name)                                                          \
  TENON_P_UNUSED static const tenon_type tenon_type_##name = {               \
      TENON_KIND_ARRAY, sizeof(name), #name, &tenon_p_element_##w, 1, NULL}; \
  TENON_P_ARRAYS(name)

/* --- Functions -------------------------------------------------------------- */

/**
 * Define and export a function: `TENON_FUNCTION(result, name, (word, name) or
 * (word, name, default)…)`, followed by its body. At most 24 parameters.
 *
 * Words: none (result only), bool, i8 u8 i16 u16 i32 u32 i64 u64 size f32 f64,
 * big_i64 and big_u64 (BigInts only), str (tenon_str), cstr (const char *; a
 * string with a NUL in it is refused), bytes (tenon_bytes). `opt(word)` is a
 * `const T *`, NULL for undefined; `nullable(word)` is one that is NULL for
 * null too, and NULL goes out as null; the names that TENON_ENUM, TENON_STRUCT
 * and TENON_ARRAY have defined. `array(word)` is a `tenon_array_word`, { const
 * T *data; size_t len; }, from an Array, or of numbers a typed array; elements
 * may be opt or nullable, as in `opt(array(nullable(str)))`, whose C type is
 * `const tenon_array_nullable_str *`. A default is any C expression, evaluated
 * when the argument is undefined or left out, after all arguments were
 * converted, in the order of the parameters.
 */
#define TENON_FUNCTION(R, ...)                                               \
  TENON_P_DEFINE(R, TENON_P_IS_NONE(R), 0, TENON_P_NAMED(__VA_ARGS__), NULL, \
                 __VA_ARGS__)

/** The same under a name that C cannot have: TENON_FUNCTION_AS("delete", …) */
#define TENON_FUNCTION_AS(js_name, R, ...) \
  TENON_P_DEFINE(R, TENON_P_IS_NONE(R), 0, js_name, NULL, __VA_ARGS__)

/**
 * A function that runs on the thread pool and returns a Promise. Its arguments
 * are copies. It must be safe to run beside itself and everything else.
 */
#define TENON_BLOCKING(R, ...)                                   \
  TENON_P_DEFINE(R, TENON_P_IS_NONE(R), TENON_FUNCTION_BLOCKING, \
                 TENON_P_NAMED(__VA_ARGS__), NULL, __VA_ARGS__)

/**
 * A function that starts an operation on the loop and returns a Promise. Its
 * body has a `tenon_deferred *deferred` beside the parameters, returns nothing,
 * and sees to it that TENON_RESOLVE(name, deferred, value) or
 * tenon_deferred_reject is called once, then or later, from any thread. After
 * tenon_fail in the body the deferred has ended.
 */
#define TENON_ASYNC(R, ...)                                              \
  TENON_P_ASYNC(R, TENON_P_IS_NONE(R), TENON_P_NAMED(__VA_ARGS__), NULL, \
                __VA_ARGS__)

#endif
