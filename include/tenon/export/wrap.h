/**
 * @file
 * Words around a type that are about a function as a whole: rest, this, coerce,
 * exhaustive. Part of <tenon/export.h>, which explains them.
 */
#ifndef TENON_EXPORT_WRAP_H
#define TENON_EXPORT_WRAP_H

#include <tenon/export/each.h>
#include <tenon/export/words.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

TENON_P_BEGIN

#define tenon_c_rest(w) tenon_array_##w
#define tenon_type_rest(w) tenon_p_array_##w
#define tenon_flags_rest(w) TENON_FIELD_REST
#define tenon_opt_rest(w) REST_IS_AROUND_ALL_OTHER_WORDS
#define tenon_array_rest(w) REST_IS_AROUND_ALL_OTHER_WORDS

#define tenon_c_this(w) tenon_c_##w
#define tenon_type_this(w) tenon_type_##w
#define tenon_flags_this(w) \
  (uint32_t) TENON_FIELD_THIS | (uint32_t)tenon_flags_##w
#define tenon_opt_this(w) THIS_IS_AROUND_ALL_OTHER_WORDS
#define tenon_array_this(w) THIS_IS_AROUND_ALL_OTHER_WORDS

#define tenon_c_exhaustive(w) tenon_c_##w
#define tenon_type_exhaustive(w) tenon_type_##w
#define tenon_flags_exhaustive(w) \
  (uint32_t) TENON_FIELD_EXHAUSTIVE | (uint32_t)tenon_flags_##w
#define tenon_opt_exhaustive(w) EXHAUSTIVE_IS_AROUND_ALL_OTHER_WORDS
#define tenon_array_exhaustive(w) EXHAUSTIVE_IS_AROUND_ALL_OTHER_WORDS
#define TENON_P_NONE_exhaustive(w) TENON_P_NONE_##w

/* What can be coerced is listed: others are an unknown type. */
#define tenon_c_coerce(w) tenon_coerced_##w
#define tenon_type_coerce(w) tenon_type_##w
#define tenon_flags_coerce(w) \
  (uint32_t) TENON_FIELD_COERCE | (uint32_t)tenon_flags_##w
#define tenon_opt_coerce(w) tenon_coerced_opt_##w
#define tenon_coerced_opt(w) tenon_coerced_opt_##w
#define tenon_coerced_nullable(w) tenon_coerced_opt_##w
#define tenon_coerced_opt_opt(w) OPT_AND_NULLABLE_DO_NOT_NEST
#define tenon_coerced_opt_nullable(w) OPT_AND_NULLABLE_DO_NOT_NEST
#define tenon_coerced_coerce(w) COERCE_DOES_NOT_NEST
#define tenon_coerced_array(w) ARRAYS_ARE_NOT_COERCED_BUT_THEIR_ELEMENTS
#define tenon_record_coerce(w) RECORDS_ARE_NOT_COERCED
#define tenon_view_coerce(w) VIEWS_ARE_NOT_COERCED
#define tenon_inout_coerce(w) INOUTS_ARE_NOT_COERCED
#define tenon_array_coerce(w) tenon_array_coerce_##w
#define tenon_p_array_coerce(w) tenon_p_array_coerce_##w
#define tenon_p_element_coerce(w) tenon_p_element_coerce_##w
#define TENON_P_COERCED(w)                        \
  typedef tenon_c_##w tenon_coerced_##w;          \
  typedef tenon_opt_##w tenon_coerced_opt_##w;    \
  typedef tenon_array_##w tenon_array_coerce_##w; \
  TENON_P_ARRAY_TYPE(coerce_##w, w, TENON_FIELD_COERCE)

TENON_P_COERCED(i8)
TENON_P_COERCED(u8)
TENON_P_COERCED(i16)
TENON_P_COERCED(u16)
TENON_P_COERCED(i32)
TENON_P_COERCED(u32)
TENON_P_COERCED(i64)
TENON_P_COERCED(u64)
TENON_P_COERCED(size)
TENON_P_COERCED(f32)
TENON_P_COERCED(f64)
TENON_P_COERCED(big_i64)
TENON_P_COERCED(big_u64)
TENON_P_COERCED(cstr)
TENON_P_COERCED(str)
#pragma push_macro("bool")
#undef bool
TENON_P_COERCED(bool)
#pragma pop_macro("bool")
#ifndef __cplusplus
TENON_P_COERCED(_Bool)
#endif

/* `| 1` for each parameter, of `c`, whose words do not belong there. */
#define TENON_P_MISPLACED(c, i, t) \
  TENON_P_PARTS(TENON_P_MISPLACED_, c, i, TENON_P_UNWRAP t)
#define TENON_P_MISPLACED_(c, i, w, n, d)                                   \
  | (((i) > 0 && ((tenon_flags_##w) & (uint32_t)TENON_FIELD_THIS)) ||       \
     ((i) + 1 < (c) && ((tenon_flags_##w) & (uint32_t)TENON_FIELD_REST)) || \
     ((tenon_flags_##w) & (uint32_t)TENON_FIELD_EXHAUSTIVE))
/* `| 1` for a rest with a default, or one that is `this` too. */
#define TENON_P_BAD_REST(c, i, t)                       \
  TENON_P_CAT(TENON_P_BAD_REST_, TENON_P_HAS_DEFAULT t) \
  (c, i, TENON_P_UNWRAP t)
#define TENON_P_BAD_REST_0(c, i, ...) \
  TENON_P_PARTS(TENON_P_BAD_REST_0_, c, i, __VA_ARGS__)
#define TENON_P_BAD_REST_0_(c, i, w, n, d)                                    \
  | (((tenon_flags_##w) & (uint32_t)(TENON_FIELD_THIS | TENON_FIELD_REST)) == \
     (uint32_t)(TENON_FIELD_THIS | TENON_FIELD_REST))
#define TENON_P_BAD_REST_1(c, i, ...) \
  TENON_P_PARTS(TENON_P_BAD_REST_1_, c, i, __VA_ARGS__)
#define TENON_P_BAD_REST_1_(c, i, w, n, d) \
  | (((tenon_flags_##w) & (uint32_t)TENON_FIELD_REST) != 0)
#define TENON_P_CHECK_WORDS(R, ...)                                            \
  TENON_P_ASSERT(                                                              \
      !(0 TENON_P_EACH(TENON_P_MISPLACED, TENON_P_COUNT(__VA_ARGS__),          \
                       __VA_ARGS__)),                                          \
      "this(...) is for the first parameter, rest(...) for the last one, "     \
      "exhaustive(...) for the result");                                       \
  TENON_P_ASSERT(!(0 TENON_P_EACH(TENON_P_BAD_REST, ~, __VA_ARGS__)),          \
                 "rest(...) has no default, and is no rest of this(...)");     \
  TENON_P_ASSERT(                                                              \
      !((tenon_flags_##R) &                                                    \
        (uint32_t)(TENON_FIELD_THIS | TENON_FIELD_REST | TENON_FIELD_COERCE)), \
      "this(...), rest(...) and coerce(...) are for parameters");

TENON_P_END

#endif
