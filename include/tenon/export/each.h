/**
 * @file
 * Macros of the preprocessor: lists, and the parts of a parameter. Part of
 * <tenon/export.h>; nothing in here is an interface.
 */
#ifndef TENON_EXPORT_EACH_H
#define TENON_EXPORT_EACH_H

#include <tenon/export/module.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

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

#define TENON_P_FIRST(...) TENON_P_FIRST_(__VA_ARGS__, ~)
#define TENON_P_FIRST_(a, ...) a
#define TENON_P_NAMED(...) TENON_P_NAMED_(__VA_ARGS__, ~)
#define TENON_P_NAMED_(name, ...) #name

#ifdef __cplusplus
#define TENON_P_ASSERT(condition, text) static_assert(condition, text)
#else
#define TENON_P_ASSERT(condition, text) _Static_assert(condition, text)
#endif

#endif
