/**
 * @file
 * Type words: a word `w` is its C type tenon_c_w, its description tenon_type_w and
 * its flags tenon_flags_w; wrappers are macros of the same names. Part of
 * <tenon/export.h>, which explains them.
 */
#ifndef TENON_EXPORT_WORDS_H
#define TENON_EXPORT_WORDS_H

#include <stdbool.h>
#include <tenon/export/containers.h>
#include <tenon/export/module.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

TENON_P_BEGIN

/* A word `w` is its C type tenon_c_w, its description tenon_type_w and its
 * flags tenon_flags_w; wrappers are macros of the same three names. What opt and
 * nullable make of it is tenon_opt_w, which they do not have themselves. */
#define TENON_P_WORD(w, ctype, kind, label) \
  TENON_P_PLAIN(w, ctype, kind, label)      \
  TENON_P_ARRAYS(w)
#define TENON_P_PLAIN(w, ctype, kind, label)                \
  typedef ctype tenon_c_##w;                                \
  typedef const tenon_c_##w *tenon_opt_##w;                 \
  enum { tenon_flags_##w = 0 };                             \
  TENON_P_UNUSED static const tenon_type tenon_type_##w = { \
      kind, sizeof(ctype), label, NULL, 0, NULL, NULL, NULL};

/* The arrays of a word, and of its pointers: array(w), array(opt(w)). */
#define TENON_P_ARRAYS(w)                              \
  TENON_P_ARRAY_C(w, const tenon_c_##w *)              \
  TENON_P_ARRAY_C(opt_##w, const tenon_opt_##w *)      \
  TENON_P_ARRAY_C(nullable_##w, const tenon_opt_##w *) \
  TENON_P_ARRAY_TYPES(w)                               \
  TENON_P_RECORDS(w)
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
      NULL,                                                          \
      NULL,                                                          \
      NULL};

/* Of numbers there are views, too. */
#define TENON_P_NUMBER(w, ctype, kind, label) \
  TENON_P_WORD(w, ctype, kind, label)         \
  TENON_P_VIEWS(w)

/* The first: keys of records are of it. */
TENON_P_WORD(str, tenon_str, TENON_KIND_STR, "str")
TENON_P_NUMBER(i8, int8_t, TENON_KIND_I8, "i8")
TENON_P_NUMBER(u8, uint8_t, TENON_KIND_U8, "u8")
TENON_P_NUMBER(i16, int16_t, TENON_KIND_I16, "i16")
TENON_P_NUMBER(u16, uint16_t, TENON_KIND_U16, "u16")
TENON_P_NUMBER(i32, int32_t, TENON_KIND_I32, "i32")
TENON_P_NUMBER(u32, uint32_t, TENON_KIND_U32, "u32")
TENON_P_NUMBER(i64, int64_t, TENON_KIND_I64, "i64")
TENON_P_NUMBER(u64, uint64_t, TENON_KIND_U64, "u64")
TENON_P_NUMBER(f32, float, TENON_KIND_F32, "f32")
TENON_P_NUMBER(f64, double, TENON_KIND_F64, "f64")
TENON_P_NUMBER(big_i64, int64_t, TENON_KIND_BIG_I64, "big_i64")
TENON_P_NUMBER(big_u64, uint64_t, TENON_KIND_BIG_U64, "big_u64")
#if SIZE_MAX > UINT32_MAX
TENON_P_NUMBER(size, size_t, TENON_KIND_U64, "size")
#else
TENON_P_NUMBER(size, size_t, TENON_KIND_U32, "size")
#endif
TENON_P_WORD(cstr, const char *, TENON_KIND_CSTR, "cstr")
TENON_P_WORD(bytes, tenon_bytes, TENON_KIND_BYTES, "bytes")
TENON_P_INOUTS(bytes, uint8_t)
TENON_P_WORD(date, int64_t, TENON_KIND_DATE, "date")
#pragma push_macro("bool")
#undef bool
#ifdef __cplusplus
TENON_P_WORD(bool, bool, TENON_KIND_BOOL, "bool")
#else
TENON_P_WORD(bool, _Bool, TENON_KIND_BOOL, "bool")
/* As <stdbool.h> has it: another word, the same types of C. */
#define TENON_P_SAME(w, of)                                     \
  TENON_P_PLAIN(w, tenon_c_##of, TENON_KIND_BOOL, #of)          \
  typedef tenon_array_##of tenon_array_##w;                     \
  typedef tenon_array_opt_##of tenon_array_opt_##w;             \
  typedef tenon_array_nullable_##of tenon_array_nullable_##w;   \
  typedef tenon_pair_##of tenon_pair_##w;                       \
  typedef tenon_pair_opt_##of tenon_pair_opt_##w;               \
  typedef tenon_pair_nullable_##of tenon_pair_nullable_##w;     \
  typedef tenon_record_##of tenon_record_##w;                   \
  typedef tenon_record_opt_##of tenon_record_opt_##w;           \
  typedef tenon_record_nullable_##of tenon_record_nullable_##w; \
  TENON_P_ARRAY_TYPES(w)                                        \
  TENON_P_RECORD_TYPES(w)
TENON_P_SAME(_Bool, bool)
#endif
#pragma pop_macro("bool")

/** The description of a type word: `TENON_TYPE(point)`, also of a wrapper,
 * `TENON_TYPE(array(f64))`, but opt and nullable. */
#define TENON_TYPE(w) (&tenon_type_##w)

typedef void tenon_c_none;
enum { tenon_flags_none = 0 };
TENON_P_UNUSED static const tenon_type tenon_type_none = {
    TENON_KIND_NONE, 0, "none", NULL, 0, NULL, NULL, NULL};

#define tenon_c_opt(w) tenon_opt_##w
#define tenon_type_opt(w) tenon_type_##w
/* C++20 wants no two enums in one operation. */
#define tenon_flags_opt(w) \
  (uint32_t) TENON_FIELD_OPT | (uint32_t)tenon_flags_##w
#define tenon_opt_opt(w) OPT_AND_NULLABLE_DO_NOT_NEST
#define tenon_opt_nullable(w) OPT_AND_NULLABLE_DO_NOT_NEST
#define tenon_c_nullable(w) tenon_opt_##w
#define tenon_type_nullable(w) tenon_type_##w
#define tenon_flags_nullable(w) \
  (uint32_t) TENON_FIELD_NULLABLE | (uint32_t)tenon_flags_##w
#define tenon_c_array(w) tenon_array_##w
#define tenon_opt_array(w) const tenon_array_##w *
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

#endif
