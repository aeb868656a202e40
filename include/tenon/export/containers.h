/**
 * @file
 * Records, views and memory that is written to: what words need so that
 * `record(w)`, `view(w)` and `inout(w)` have a C type and a description. Part
 * of <tenon/export.h>, which explains them.
 */
#ifndef TENON_EXPORT_CONTAINERS_H
#define TENON_EXPORT_CONTAINERS_H

#include <tenon/export/module.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

/* The records of a word, and of its pointers: record(w), record(opt(w)). A
 * record is an array of pairs, and a pair a struct of two members. */
#define TENON_P_RECORDS(w)                      \
  TENON_P_RECORD_C(w, tenon_c_##w)              \
  TENON_P_RECORD_C(opt_##w, tenon_opt_##w)      \
  TENON_P_RECORD_C(nullable_##w, tenon_opt_##w) \
  TENON_P_RECORD_TYPES(w)
#define TENON_P_RECORD_TYPES(w)                    \
  TENON_P_RECORD_TYPE(w, w, 0)                     \
  TENON_P_RECORD_TYPE(opt_##w, w, TENON_FIELD_OPT) \
  TENON_P_RECORD_TYPE(nullable_##w, w, TENON_FIELD_NULLABLE)
#define TENON_P_RECORD_C(name, ctype)  \
  typedef struct tenon_pair_##name {   \
    tenon_str key;                     \
    ctype value;                       \
  } tenon_pair_##name;                 \
  typedef struct tenon_record_##name { \
    const tenon_pair_##name *data;     \
    size_t len;                        \
  } tenon_record_##name;
#define TENON_P_RECORD_TYPE(name, w, flags)                                 \
  TENON_P_UNUSED static const tenon_field tenon_p_pair_fields_##name[] = {  \
      {"key", &tenon_type_str, 0, 0, NULL},                                 \
      {"value", &tenon_type_##w, offsetof(tenon_pair_##name, value), flags, \
       NULL}};                                                              \
  TENON_P_UNUSED static const tenon_type tenon_p_pair_##name = {            \
      TENON_KIND_STRUCT,                                                    \
      sizeof(tenon_pair_##name),                                            \
      "pair",                                                               \
      tenon_p_pair_fields_##name,                                           \
      2,                                                                    \
      NULL,                                                                 \
      NULL,                                                                 \
      NULL};                                                                \
  TENON_P_UNUSED static const tenon_field tenon_p_pairs_##name = {          \
      "pair", &tenon_p_pair_##name, 0, 0, NULL};                            \
  TENON_P_UNUSED static const tenon_type tenon_p_record_##name = {          \
      TENON_KIND_RECORD,                                                    \
      sizeof(tenon_record_##name),                                          \
      "record",                                                             \
      &tenon_p_pairs_##name,                                                \
      1,                                                                    \
      NULL,                                                                 \
      NULL,                                                                 \
      NULL};

/* The views of a word of numbers. */
#define TENON_P_VIEWS(w)                                      \
  typedef struct tenon_view_##w {                             \
    const tenon_c_##w *data;                                  \
    size_t len;                                               \
  } tenon_view_##w;                                           \
  TENON_P_UNUSED static const tenon_type tenon_p_view_##w = { \
      TENON_KIND_VIEW,                                        \
      sizeof(tenon_view_##w),                                 \
      "view",                                                 \
      &tenon_p_element_##w,                                   \
      1,                                                      \
      NULL,                                                   \
      NULL,                                                   \
      NULL};                                                  \
  TENON_P_INOUTS(w, tenon_c_##w)
#define TENON_P_INOUTS(w, ctype)                               \
  typedef struct tenon_inout_##w {                             \
    ctype *data;                                               \
    size_t len;                                                \
  } tenon_inout_##w;                                           \
  TENON_P_UNUSED static const tenon_type tenon_p_inout_##w = { \
      TENON_KIND_INOUT,                                        \
      sizeof(tenon_inout_##w),                                 \
      "inout",                                                 \
      &tenon_p_element_##w,                                    \
      1,                                                       \
      NULL,                                                    \
      NULL,                                                    \
      NULL};

#define tenon_c_record(w) tenon_record_##w
#define tenon_opt_record(w) const tenon_record_##w *
#define tenon_type_record(w) tenon_p_record_##w
#define tenon_flags_record(w) 0
/* Inside of record: */
#define tenon_record_opt(w) tenon_record_opt_##w
#define tenon_record_nullable(w) tenon_record_nullable_##w
#define tenon_p_record_opt(w) tenon_p_record_opt_##w
#define tenon_p_record_nullable(w) tenon_p_record_nullable_##w
#define tenon_p_pairs_opt(w) tenon_p_pairs_opt_##w
#define tenon_p_pairs_nullable(w) tenon_p_pairs_nullable_##w

#define tenon_c_view(w) tenon_view_##w
#define tenon_opt_view(w) const tenon_view_##w *
#define tenon_type_view(w) tenon_p_view_##w
#define tenon_flags_view(w) 0
#define tenon_c_inout(w) tenon_inout_##w
#define tenon_opt_inout(w) const tenon_inout_##w *
#define tenon_type_inout(w) tenon_p_inout_##w
#define tenon_flags_inout(w) 0

/* What C cannot name: the compiler says so. */
#define tenon_array_record(w) ARRAY_OF_RECORDS_NEEDS_A_WORD_BY_TENON_RECORD
#define tenon_array_view(w) ARRAY_OF_VIEWS_NEEDS_A_WORD_BY_TENON_VIEW
#define tenon_array_inout(w) INOUT_IS_A_PARAMETER_ONLY
#define tenon_record_array(w) RECORD_OF_ARRAYS_NEEDS_A_WORD_BY_TENON_ARRAY
#define tenon_record_record(w) RECORD_OF_RECORDS_NEEDS_A_WORD_BY_TENON_RECORD
#define tenon_record_view(w) RECORD_OF_VIEWS_NEEDS_A_WORD_BY_TENON_VIEW
#define tenon_record_inout(w) INOUT_IS_A_PARAMETER_ONLY
#define tenon_array_opt_record(w) ARRAY_OF_RECORDS_NEEDS_A_WORD_BY_TENON_RECORD
#define tenon_array_nullable_record(w) \
  ARRAY_OF_RECORDS_NEEDS_A_WORD_BY_TENON_RECORD
#define tenon_array_opt_view(w) ARRAY_OF_VIEWS_NEEDS_A_WORD_BY_TENON_VIEW
#define tenon_array_nullable_view(w) ARRAY_OF_VIEWS_NEEDS_A_WORD_BY_TENON_VIEW
#define tenon_record_opt_array(w) RECORD_OF_ARRAYS_NEEDS_A_WORD_BY_TENON_ARRAY
#define tenon_record_nullable_array(w) \
  RECORD_OF_ARRAYS_NEEDS_A_WORD_BY_TENON_ARRAY
#define tenon_record_opt_record(w) \
  RECORD_OF_RECORDS_NEEDS_A_WORD_BY_TENON_RECORD
#define tenon_record_nullable_record(w) \
  RECORD_OF_RECORDS_NEEDS_A_WORD_BY_TENON_RECORD
#define tenon_record_opt_view(w) RECORD_OF_VIEWS_NEEDS_A_WORD_BY_TENON_VIEW
#define tenon_record_nullable_view(w) RECORD_OF_VIEWS_NEEDS_A_WORD_BY_TENON_VIEW

#endif
