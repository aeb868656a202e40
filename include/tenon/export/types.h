/**
 * @file
 * Types of one's own: enums, flags, structs, tuples, choices, and names for
 * arrays, records and views. Part of <tenon/export.h>.
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
#define TENON_P_OWN(name)               \
  typedef name tenon_c_##name;          \
  typedef const name *tenon_opt_##name; \
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
  typedef const tenon_c_##name *tenon_opt_##name;                          \
  enum { tenon_flags_##name = 0 };                                         \
  TENON_P_ENUM_TYPE(name, TENON_P_EACH(TENON_P_NAMED_VALUE, ~, ~, __VA_ARGS__))
#define TENON_P_NAMED_VALUE(c, i, t) TENON_P_NAMED_VALUE_ t
#define TENON_P_NAMED_VALUE_(value, text) \
  {text, &tenon_type_i32, (uint32_t)(value), 0, NULL},

/**
 * Define flags and a type word of their name: `TENON_FLAGS(access, read,
 * write)` has the constants access_read (1) and access_write (2), and `access`
 * is a uint32_t of them. In JavaScript it is an Array of the names, also a
 * single one: ['read', 'write'], 'read'. At most 24.
 */
#define TENON_FLAGS(...) TENON_P_FLAGS(TENON_P_FIRST(__VA_ARGS__), __VA_ARGS__)
#define TENON_P_FLAGS(name, ...) TENON_P_FLAGS_(name, __VA_ARGS__)
#define TENON_P_FLAGS_(name, ...)                         \
  typedef uint32_t name;                                  \
  enum { TENON_P_EACH(TENON_P_FLAG, name, __VA_ARGS__) }; \
  TENON_P_OWN(name)                                       \
  TENON_P_FLAGS_TYPE(name, TENON_P_EACH(TENON_P_VALUE, name, __VA_ARGS__))
#define TENON_P_FLAG(c, i, e) c##_##e = 1 << (i),
#define TENON_P_FLAGS_TYPE(name, ...)                                   \
  static const tenon_field tenon_p_values_##name[] = {                  \
      __VA_ARGS__{NULL, NULL, 0, 0, NULL}};                             \
  TENON_P_UNUSED static const tenon_type tenon_type_##name = {          \
      TENON_KIND_FLAGS,                                                 \
      sizeof(tenon_c_##name),                                           \
      #name,                                                            \
      tenon_p_values_##name,                                            \
      sizeof tenon_p_values_##name / sizeof *tenon_p_values_##name - 1, \
      NULL,                                                             \
      NULL,                                                             \
      NULL};                                                            \
  TENON_P_ARRAYS(name)

/**
 * A type word for an integer of flags that is there already:
 * `TENON_FLAGS_AS(open_mode, int, (O_APPEND, "append"), …)`. A value may have
 * several bits; it has to fit into 32.
 */
#define TENON_FLAGS_AS(name, ctype, ...)             \
  typedef ctype tenon_c_##name;                      \
  typedef const tenon_c_##name *tenon_opt_##name;    \
  enum { tenon_flags_##name = 0 };                   \
  TENON_P_EACH(TENON_P_FLAG_FITS, name, __VA_ARGS__) \
  TENON_P_FLAGS_TYPE(name, TENON_P_EACH(TENON_P_NAMED_VALUE, ~, ~, __VA_ARGS__))
#define TENON_P_FLAG_FITS(c, i, t) \
  TENON_P_PARTS(TENON_P_FLAG_FITS_, c, i, TENON_P_UNWRAP t)
#define TENON_P_FLAG_FITS_(c, i, value, text, d)                              \
  TENON_P_ASSERT(sizeof(tenon_c_##c) <= 4 || (uint64_t)(value) <= UINT32_MAX, \
                 #c ": the value of " text " is not one of 32 bits");

/* A member is (word, name), and where JavaScript calls it otherwise
 * (word, (name, "text")): its name here, and its text there. */
#define TENON_P_PROBE(...) ~, 1
#define TENON_P_IS_LIST(n) TENON_P_SECOND(TENON_P_PROBE n)
#define TENON_P_C_NAME(n) TENON_P_CAT(TENON_P_C_NAME_, TENON_P_IS_LIST(n))(n)
#define TENON_P_C_NAME_0(n) n
#define TENON_P_C_NAME_1(n) TENON_P_FIRST n
#define TENON_P_JS_NAME(n) TENON_P_CAT(TENON_P_JS_NAME_, TENON_P_IS_LIST(n))(n)
#define TENON_P_JS_NAME_0(n) #n
#define TENON_P_JS_NAME_1(n) TENON_P_SECOND n

/**
 * Define a struct and a type word of its name: `TENON_STRUCT(point, (f64, x),
 * (f64, y), (f64, z, 0))`, with members as parameters are, at most 24. In
 * JavaScript it is an object: any that has the members is taken, a plain one
 * with all of them goes out. `(i32, (max_size, "maxSize"))` is a member that
 * has another name in JavaScript.
 *
 * Strings and bytes in it are always copies. A default is evaluated once all
 * members of its object were read, on the loop's thread.
 */
#define TENON_STRUCT(...) \
  TENON_P_STRUCT(TENON_P_FIRST(__VA_ARGS__), __VA_ARGS__)
#define TENON_P_STRUCT(name, ...) TENON_P_STRUCT_(name, __VA_ARGS__)
#define TENON_P_STRUCT_(name, ...)                      \
  typedef struct name {                                 \
    TENON_P_EACH(TENON_P_STRUCT_MEMBER, ~, __VA_ARGS__) \
  } name;                                               \
  TENON_P_OWN(name)                                     \
  TENON_P_MEMBERS(TENON_KIND_STRUCT, name, name, __VA_ARGS__)

/**
 * A type word for a struct that is there already: `TENON_STRUCT_AS(stat,
 * struct stat, (i64, (st_size, "size")), (u32, (st_mode, "mode"), 0644))`.
 * Members that are not named are zero on the way in and do not go out. The
 * compiler checks that each word is as large as its member; a tuple can stand
 * for a member that is an array, `pos.x` is a member of a member.
 */
#define TENON_STRUCT_AS(...) TENON_P_STRUCT_AS(__VA_ARGS__)
#define TENON_P_STRUCT_AS(name, ctype, ...)               \
  typedef ctype tenon_c_##name;                           \
  typedef const tenon_c_##name *tenon_opt_##name;         \
  enum { tenon_flags_##name = 0 };                        \
  TENON_P_EACH(TENON_P_MEMBER_FITS, name, ~, __VA_ARGS__) \
  TENON_P_MEMBERS(TENON_KIND_STRUCT, name, tenon_c_##name, ~, __VA_ARGS__)
#define TENON_P_MEMBER_FITS(c, i, t) \
  TENON_P_PARTS(TENON_P_MEMBER_FITS_, c, i, TENON_P_UNWRAP t)
#define TENON_P_MEMBER_FITS_(c, i, w, n, d) \
  TENON_P_MEMBER_FITS_2(c, w, TENON_P_C_NAME(n))
#define TENON_P_MEMBER_FITS_2(c, w, n) TENON_P_MEMBER_FITS_3(c, w, n)
/* 8 is a number that is no integer. */
#define TENON_P_MEMBER_FITS_3(c, w, n)                                \
  TENON_P_ASSERT(                                                     \
      sizeof(((tenon_c_##c *)NULL)->n) == sizeof(tenon_c_##w) &&      \
          (__builtin_classify_type(((tenon_c_##c *)NULL)->n) == 8) == \
              (__builtin_classify_type(*(tenon_c_##w *)NULL) == 8),   \
      #c "." #n ": its type is not that of its word");

/**
 * Define a struct and a type word of its name that is a tuple in JavaScript:
 * `TENON_TUPLE(entry, (str, name), (f64, value, 1))` is an Array of two
 * elements, ['a', 2]. Behind the last one that is neither opt nor nullable nor
 * has a default elements may be missing.
 */
#define TENON_TUPLE(...) TENON_P_TUPLE(TENON_P_FIRST(__VA_ARGS__), __VA_ARGS__)
#define TENON_P_TUPLE(name, ...) TENON_P_TUPLE_(name, __VA_ARGS__)
#define TENON_P_TUPLE_(name, ...)                       \
  typedef struct name {                                 \
    TENON_P_EACH(TENON_P_STRUCT_MEMBER, ~, __VA_ARGS__) \
  } name;                                               \
  TENON_P_OWN(name)                                     \
  TENON_P_MEMBERS(TENON_KIND_TUPLE, name, name, __VA_ARGS__)

/* The description of members, with the function that supplies their defaults;
 * the first of the list is no member. */
#define TENON_P_MEMBERS(kind, name, ctype, ...)                                \
  TENON_P_UNUSED static void tenon_p_defaults_##name(void *tenon_p_object,     \
                                                     uint64_t tenon_p_absent)  \
  {                                                                            \
    ctype *tenon_p_a = (ctype *)tenon_p_object;                                \
    (void)tenon_p_a;                                                           \
    (void)tenon_p_absent;                                                      \
    TENON_P_TRY{TENON_P_EACH(TENON_P_SUPPLY, ~, __VA_ARGS__)} TENON_P_CATCH    \
  }                                                                            \
  static const tenon_field tenon_p_members_##name[] = {                        \
      TENON_P_EACH(TENON_P_PART, ctype, __VA_ARGS__){NULL, NULL, 0, 0, NULL}}; \
  TENON_P_UNUSED static const tenon_type tenon_type_##name = {                 \
      kind,                                                                    \
      sizeof(ctype),                                                           \
      #name,                                                                   \
      tenon_p_members_##name,                                                  \
      sizeof tenon_p_members_##name / sizeof *tenon_p_members_##name - 1,      \
      tenon_p_defaults_##name,                                                 \
      NULL,                                                                    \
      NULL};                                                                   \
  TENON_P_ARRAYS(name)
#define TENON_P_STRUCT_MEMBER(c, i, t) \
  TENON_P_PARTS(TENON_P_STRUCT_MEMBER_, c, i, TENON_P_UNWRAP t)
#define TENON_P_STRUCT_MEMBER_(c, i, w, n, d) tenon_c_##w TENON_P_C_NAME(n);
#define TENON_P_PART(c, i, t) \
  TENON_P_CAT(TENON_P_PART_, TENON_P_HAS_DEFAULT t)(c, i, TENON_P_UNWRAP t)
#define TENON_P_PART_0(c, i, ...) \
  TENON_P_PARTS(TENON_P_PART_0_, c, i, __VA_ARGS__)
#define TENON_P_PART_0_(c, i, w, n, d)                                  \
  {TENON_P_JS_NAME(n), &tenon_type_##w, offsetof(c, TENON_P_C_NAME(n)), \
   tenon_flags_##w, NULL},
#define TENON_P_PART_1(c, i, ...) \
  TENON_P_PARTS(TENON_P_PART_1_, c, i, __VA_ARGS__)
#define TENON_P_PART_1_(c, i, w, n, d)                                  \
  {TENON_P_JS_NAME(n), &tenon_type_##w, offsetof(c, TENON_P_C_NAME(n)), \
   (uint32_t)TENON_FIELD_DEFAULT | (uint32_t)tenon_flags_##w, #d},
#define TENON_P_SUPPLY(c, i, t) \
  TENON_P_CAT(TENON_P_SUPPLY_, TENON_P_HAS_DEFAULT t)(c, i, TENON_P_UNWRAP t)
#define TENON_P_SUPPLY_0(c, i, ...)
#define TENON_P_SUPPLY_1(c, i, ...) \
  TENON_P_PARTS(TENON_P_SUPPLY_1_, c, i, __VA_ARGS__)
#define TENON_P_SUPPLY_1_(c, i, w, n, d) \
  if (tenon_p_absent >> (i)&1) tenon_p_a->TENON_P_C_NAME(n) = (d);

/**
 * Define a choice and a type word of its name: `TENON_EITHER(value, (f64,
 * number), (str, text))` is a struct of `which`, value_number or value_text,
 * and of the members `number` and `text`, one of which is there. What comes
 * from JavaScript chooses by its type; alternatives that are of one type there
 * are refused when the module is added. At most 24.
 */
#define TENON_EITHER(...) \
  TENON_P_EITHER(TENON_P_FIRST(__VA_ARGS__), __VA_ARGS__)
#define TENON_P_EITHER(name, ...) TENON_P_EITHER_(name, __VA_ARGS__)
#define TENON_P_EITHER_(name, ...)                                             \
  typedef enum name##_which{                                                   \
      TENON_P_EACH(TENON_P_CHOICE, name, __VA_ARGS__)} name##_which;           \
  typedef struct name {                                                        \
    name##_which which;                                                        \
    union {                                                                    \
      TENON_P_EACH(TENON_P_MEMBER, ~, __VA_ARGS__)                             \
    };                                                                         \
  } name;                                                                      \
  TENON_P_ASSERT(sizeof(name##_which) == sizeof(uint32_t),                     \
                 #name ": an enum is not of 32 bits");                         \
  TENON_P_OWN(name)                                                            \
  static const tenon_field tenon_p_members_##name[] = {                        \
      TENON_P_EACH(TENON_P_FIELD, name, __VA_ARGS__){NULL, NULL, 0, 0, NULL}}; \
  TENON_P_UNUSED static const tenon_type tenon_type_##name = {                 \
      TENON_KIND_EITHER,                                                       \
      sizeof(name),                                                            \
      #name,                                                                   \
      tenon_p_members_##name,                                                  \
      sizeof tenon_p_members_##name / sizeof *tenon_p_members_##name - 1,      \
      NULL,                                                                    \
      NULL,                                                                    \
      NULL};                                                                   \
  TENON_P_ARRAYS(name)
#define TENON_P_CHOICE(c, i, t) \
  TENON_P_CAT(TENON_P_CHOICE_, TENON_P_HAS_DEFAULT t)(c, i, TENON_P_UNWRAP t)
#define TENON_P_CHOICE_0(c, i, ...) \
  TENON_P_PARTS(TENON_P_CHOICE_0_, c, i, __VA_ARGS__)
#define TENON_P_CHOICE_0_(c, i, w, n, d) c##_##n,
#define TENON_P_CHOICE_1(c, i, ...) \
  AN_ALTERNATIVE = AN_ALTERNATIVE_HAS_NO_DEFAULT,

/**
 * A name and a type word for an array, a record or a view, where one is needed:
 * `TENON_ARRAY(row, f64)` makes `array(row)` the array of arrays that C cannot
 * name, `TENON_RECORD(sizes, i64)` makes `array(sizes)` one of records, and
 * `TENON_VIEW(samples, f32)` makes `record(samples)` one of Float32Arrays.
 */
#define TENON_ARRAY(name, w)                                 \
  TENON_P_CONTAINER(TENON_KIND_ARRAY, name, tenon_array_##w, \
                    tenon_p_element_##w)
#define TENON_RECORD(name, w)                                  \
  TENON_P_CONTAINER(TENON_KIND_RECORD, name, tenon_record_##w, \
                    tenon_p_pairs_##w)
#define TENON_VIEW(name, w) \
  TENON_P_CONTAINER(TENON_KIND_VIEW, name, tenon_view_##w, tenon_p_element_##w)
#define TENON_P_CONTAINER(kind, name, ctype, element)            \
  typedef ctype name;                                            \
  TENON_P_OWN(name)                                              \
  TENON_P_UNUSED static const tenon_type tenon_type_##name = {   \
      kind, sizeof(name), #name, &element, 1, NULL, NULL, NULL}; \
  TENON_P_ARRAYS(name)

#endif
