/**
 * @file
 * Types of one's own: enums, structs, arrays. Part of <tenon/export.h>.
 */
#ifndef TENON_EXPORT_TYPES_H
#define TENON_EXPORT_TYPES_H

#include <tenon/export/call.h>
#include <tenon/export/each.h>
#include <tenon/export/words.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

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
      NULL,                                                             \
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
      tenon_p_defaults_##name,                                                 \
      NULL};                                                                   \
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
#define TENON_ARRAY(name, w)                                   \
  typedef tenon_array_##w name;                                \
  TENON_P_OWN(name)                                            \
  TENON_P_UNUSED static const tenon_type tenon_type_##name = { \
      TENON_KIND_ARRAY,                                        \
      sizeof(name),                                            \
      #name,                                                   \
      &tenon_p_element_##w,                                    \
      1,                                                       \
      NULL,                                                    \
      NULL};                                                   \
  TENON_P_ARRAYS(name)

#endif
