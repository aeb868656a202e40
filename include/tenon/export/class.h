/**
 * @file
 * Classes: objects of JavaScript that own what C makes. Part of
 * <tenon/export.h>.
 *
 *     typedef struct counter { int64_t value; } counter;
 *
 *     TENON_CLASS(counter)
 *     TENON_CONSTRUCTOR(counter, (i64, start, 0)) { self->value = start; }
 *     TENON_METHOD(i64, counter, add, (i64, by, 1))
 *     {
 *       return self->value += by;
 *     }
 *     TENON_MEMBERS(counter, (i64, value))
 *
 * makes `new counter(4).add(2)`. TENON_CLASS defines a type word of the class's
 * name: of C type `counter *`, an instance in JavaScript. A pointer that comes
 * in is good until the function returns, whatever scripts do meanwhile; of a
 * function that runs off the loop the instance is its alone until then: other
 * uses are refused (code 'EBUSY').
 *
 * What goes out: of a class by pointer, a pointer that is new becomes a new
 * instance, which owns it from then on; one that an instance holds is that very
 * object. Of a counted one the same, and the result hands over one reference in
 * both cases. Of a class by value a pointer is what the function was given, as
 * `return self`; a new instance goes out as `copy(counter)`, whose C type is
 * `counter`. As a parameter that is a copy of what an instance holds: it would be
 * released twice, so a class with TENON_RELEASE has none. `borrowed(row)`, of a
 * method, is a pointer to what `self` owns: an instance that keeps `self` alive,
 * frees nothing, and ends when `self` is disposed of. NULL needs `opt(counter)` or
 * `nullable(counter)`, both `counter *`.
 *
 * docs/classes.md has the whole of it.
 */
#ifndef TENON_EXPORT_CLASS_H
#define TENON_EXPORT_CLASS_H

#include <tenon/export/call.h>
#include <tenon/export/each.h>
#include <tenon/export/function.h>
#include <tenon/export/items.h>
#include <tenon/export/types.h>
#include <tenon/export/words.h>
#include <tenon/export/wrap.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

TENON_P_BEGIN

/* --- Words -------------------------------------------------------------------- */

#define tenon_c_copy(w) tenon_copied_##w
#define tenon_opt_copy(w) const tenon_copied_##w *
#define tenon_type_copy(w) tenon_p_copy_##w
#define tenon_flags_copy(w) 0
#define tenon_array_copy(w) ARRAYS_HOLD_INSTANCES_AND_NO_COPIES
#define tenon_record_copy(w) RECORDS_HOLD_INSTANCES_AND_NO_COPIES

#define tenon_c_borrowed(w) tenon_c_##w
#define tenon_type_borrowed(w) tenon_type_##w
#define tenon_flags_borrowed(w) \
  (uint32_t) TENON_FIELD_BORROWED | (uint32_t)tenon_flags_##w
#define tenon_opt_borrowed(w) BORROWED_IS_AROUND_ALL_OTHER_WORDS
#define tenon_array_borrowed(w) BORROWED_IS_AROUND_ALL_OTHER_WORDS

/* Of a result of a method, species(copy(vec2)): the class of a script that `self` is
 * of makes the new instance. Its constructor is called without arguments, and
 * super() gives what C returned. */
#define tenon_c_species(w) tenon_c_##w
#define tenon_type_species(w) tenon_type_##w
#define tenon_flags_species(w) \
  (uint32_t) TENON_FIELD_SPECIES | (uint32_t)tenon_flags_##w
#define tenon_opt_species(w) SPECIES_IS_AROUND_ALL_OTHER_WORDS
#define tenon_array_species(w) SPECIES_IS_AROUND_ALL_OTHER_WORDS

/* this(w) of methods, and a key: who need not look at it. */
#define tenon_c_self(w) TENON_P_UNUSED tenon_c_##w
#define tenon_type_self(w) tenon_type_##w
#define tenon_flags_self(w) (uint32_t) TENON_FIELD_THIS
#define tenon_c_key(w) TENON_P_UNUSED tenon_c_##w
#define tenon_type_key(w) tenon_type_##w
#define tenon_flags_key(w) tenon_flags_##w

/* The two words of a class, whose description is there. */
#define TENON_P_CLASS_TYPES(T)                                 \
  typedef T *tenon_c_##T;                                      \
  typedef T *tenon_opt_##T;                                    \
  enum { tenon_flags_##T = 0 };                                \
  TENON_P_UNUSED static const tenon_type tenon_type_##T = {    \
      TENON_KIND_CLASS,  sizeof(T *), #T, NULL, 0, NULL, NULL, \
      &tenon_p_class_##T};                                     \
  TENON_P_ARRAYS(T)
#define TENON_P_CLASS_COPIES(T)                                  \
  typedef T tenon_copied_##T;                                    \
  enum { tenon_p_is_by_value_##T = 1 };                          \
  TENON_P_UNUSED static const tenon_type tenon_p_copy_##T =      \
      {                                                          \
          TENON_KIND_COPY,   sizeof(T), #T, NULL, 0, NULL, NULL, \
          &tenon_p_class_##T};
#define TENON_P_CLASS_NO_COPIES(T) enum { tenon_p_is_by_value_##T = 0 };

/* --- Classes -------------------------------------------------------------------- */

/**
 * A class whose instances hold a T, of at most TENON_MOST_INSTANCE bytes: zeroed
 * memory that its constructor fills in. Without TENON_RELEASE it is memory that
 * just goes. Without TENON_CONSTRUCTOR scripts cannot make instances.
 */
#define TENON_CLASS(T) TENON_P_CLASS(static, #T, T)

/** The same under another name in JavaScript: TENON_CLASS_AS("Counter", counter) */
#define TENON_CLASS_AS(js_name, T) TENON_P_CLASS(static, js_name, T)

/**
 * A class whose instances own what a `T *` points to: `free_function(p)` is
 * called once, when the instance is gone or disposed of. T may be incomplete.
 *
 * It is called on the loop's thread between two steps of a script, never during
 * a collection or while a function has the pointer; its memory of the call,
 * tenon_alloc, is there.
 */
#define TENON_CLASS_POINTER(T, free_function) \
  TENON_P_CLASS_POINTER(static, #T, T, POINTER, free_function)
#define TENON_CLASS_POINTER_AS(js_name, T, free_function) \
  TENON_P_CLASS_POINTER(static, js_name, T, POINTER, free_function)

/** The same of what is counted: `unref_function(p)` lets go of one reference. */
#define TENON_CLASS_COUNTED(T, unref_function) \
  TENON_P_CLASS_POINTER(static, #T, T, COUNTED, unref_function)
#define TENON_CLASS_COUNTED_AS(js_name, T, unref_function) \
  TENON_P_CLASS_POINTER(static, js_name, T, COUNTED, unref_function)

/**
 * For classes that several files use: the words stand in a header,
 * `TENON_CLASS_WORD(counter)` (or _POINTER_WORD, where T is incomplete or not by
 * value), and the class in one file, as TENON_SHARED_CLASS("Counter", counter),
 * _POINTER or _COUNTED.
 */
#define TENON_CLASS_WORD(T) \
  TENON_P_CLASS_EXTERN(T)   \
  TENON_P_CLASS_COPIES(T)
#define TENON_CLASS_POINTER_WORD(T) \
  TENON_P_CLASS_EXTERN(T)           \
  TENON_P_CLASS_NO_COPIES(T)
#define TENON_P_CLASS_EXTERN(T)                                   \
  extern TENON_P_C_LINKAGE_OF const tenon_class tenon_p_class_##T \
      __attribute__((visibility("hidden")));                      \
  TENON_P_CLASS_TYPES(T)
#define TENON_SHARED_CLASS(js_name, T)                                 \
  TENON_P_ASSERT(tenon_p_is_by_value_##T,                              \
                 "the word of " #T " is TENON_CLASS_POINTER_WORD");    \
  TENON_P_CLASS_DATA(TENON_P_NO_STORAGE, js_name, T, VALUE, sizeof(T), \
                     TENON_P_ALIGN(T), NULL)                           \
  TENON_P_CLASS_ITEM(js_name, T)
#define TENON_SHARED_CLASS_POINTER(js_name, T, free_function) \
  TENON_P_SHARED_POINTER(js_name, T, POINTER, free_function)
#define TENON_SHARED_CLASS_COUNTED(js_name, T, unref_function) \
  TENON_P_SHARED_POINTER(js_name, T, COUNTED, unref_function)

#define TENON_P_NO_STORAGE
#define TENON_P_C_LINKAGE_OF
#ifdef __cplusplus
#define TENON_P_ALIGN(T) alignof(T)
#else
#define TENON_P_ALIGN(T) _Alignof(T)
#endif

#define TENON_P_CLASS(storage, js_name, T)                                    \
  TENON_P_CLASS_DATA(storage, js_name, T, VALUE, sizeof(T), TENON_P_ALIGN(T), \
                     NULL)                                                    \
  TENON_P_CLASS_TYPES(T)                                                      \
  TENON_P_CLASS_COPIES(T)                                                     \
  TENON_P_CLASS_ITEM(js_name, T)
#define TENON_P_CLASS_POINTER(storage, js_name, T, kind, f)             \
  TENON_P_CLASS_FREE(T, f)                                              \
  TENON_P_CLASS_DATA(storage, js_name, T, kind, 0, 0, tenon_p_free_##T) \
  TENON_P_CLASS_TYPES(T)                                                \
  TENON_P_CLASS_NO_COPIES(T)                                            \
  TENON_P_CLASS_ITEM(js_name, T)
#define TENON_P_SHARED_POINTER(js_name, T, kind, f)              \
  TENON_P_ASSERT(!tenon_p_is_by_value_##T,                       \
                 "the word of " #T " is TENON_CLASS_WORD");      \
  TENON_P_CLASS_FREE(T, f)                                       \
  TENON_P_CLASS_DATA(TENON_P_NO_STORAGE, js_name, T, kind, 0, 0, \
                     tenon_p_free_##T)                           \
  TENON_P_CLASS_ITEM(js_name, T)
#define TENON_P_CLASS_FREE(T, f)                   \
  static void tenon_p_free_##T(void *tenon_p_self) \
  {                                                \
    TENON_P_TRY                                    \
    {                                              \
      f((T *)tenon_p_self);                        \
    }                                              \
    TENON_P_CATCH                                  \
  }
#define TENON_P_CLASS_DATA(storage, js_name, T, kind, bytes, align, f) \
  storage const tenon_class tenon_p_class_##T = {sizeof(tenon_class),  \
                                                 TENON_STORAGE_##kind, \
                                                 js_name,              \
                                                 bytes,                \
                                                 align,                \
                                                 f,                    \
                                                 __FILE__,             \
                                                 __LINE__};
#define TENON_P_CLASS_ITEM(js_name, T)                                         \
  static const tenon_item tenon_p_class_item_##T = {sizeof(tenon_item),        \
                                                    TENON_ITEM_CLASS, js_name, \
                                                    NULL, &tenon_p_class_##T}; \
  TENON_P_KEEP_ITEM static const tenon_item *const tenon_p_class_export_##T =  \
      &tenon_p_class_item_##T;

/**
 * Let a class extend another one of the module: `TENON_EXTENDS(dog, animal,
 * base)`, where a dog begins with its member `base`, an animal (by pointer: what
 * it points to does). Its constructor fills in both. A method of animal then
 * takes dogs, and `dog.prototype` inherits from `animal.prototype`. Both are by
 * value, or both by pointer, or both counted.
 */
#define TENON_EXTENDS(T, Base, member)                            \
  TENON_P_ASSERT(offsetof(T, member) == 0 &&                      \
                     sizeof(((T *)NULL)->member) == sizeof(Base), \
                 #T " does not begin with a " #Base);             \
  TENON_P_PLAIN_MEMBER(T, extends, "", EXTENDS, 0, NULL, 0,       \
                       &tenon_p_class_##Base, NULL)

/* A member that is no function. */
#define TENON_P_PLAIN_MEMBER(T, id, js_name, kind, flags, fields, count, base, \
                             hook)                                             \
  static const tenon_member tenon_p_member_##T##_##id = {sizeof(tenon_member), \
                                                         TENON_MEMBER_##kind,  \
                                                         &tenon_p_class_##T,   \
                                                         flags,                \
                                                         0,                    \
                                                         NULL,                 \
                                                         fields,               \
                                                         count,                \
                                                         base,                 \
                                                         hook};                \
  TENON_P_MEMBER_ITEM(js_name, T##_##id)
#define TENON_P_MEMBER_ITEM(js_name, id)                    \
  static const tenon_item tenon_p_member_item_##id = {      \
      sizeof(tenon_item), TENON_ITEM_MEMBER, js_name, NULL, \
      &tenon_p_member_##id};                                \
  TENON_P_KEEP_ITEM static const tenon_item                 \
      *const tenon_p_member_export_##id = &tenon_p_member_item_##id;

/* A described function that is a member. */
#define TENON_P_REGISTER_MEMBER(js_name, name, tag, kind, flags, T, cursor)    \
  static const tenon_member tenon_p_member_##name = {sizeof(tenon_member),     \
                                                     TENON_MEMBER_##kind,      \
                                                     &tenon_p_class_##T,       \
                                                     flags,                    \
                                                     cursor,                   \
                                                     &tenon_p_function_##name, \
                                                     NULL,                     \
                                                     0,                        \
                                                     NULL,                     \
                                                     NULL};                    \
  TENON_P_MEMBER_ITEM(js_name, name)

/* --- Making and ending -------------------------------------------------------- */

/**
 * Define the constructor of a class by value: `TENON_CONSTRUCTOR(vec2, (f64, x),
 * (f64, y))`, followed by its body, where `self` is the zeroed T. After
 * tenon_fail it is memory that just goes: TENON_RELEASE is not called.
 */
#define TENON_CONSTRUCTOR(...) \
  TENON_P_CONSTRUCTOR(TENON_P_FIRST(__VA_ARGS__), __VA_ARGS__)
#define TENON_P_CONSTRUCTOR(T, ...) TENON_P_CONSTRUCTOR_(T, __VA_ARGS__)
#define TENON_P_CONSTRUCTOR_(T, ...)                                        \
  TENON_P_ASSERT(tenon_p_is_by_value_##T,                                   \
                 "TENON_CONSTRUCTOR is for classes by value: " #T           \
                 " needs TENON_CONSTRUCTOR_POINTER");                       \
  TENON_P_METHOD(none, 0, (MEMBER, CONSTRUCTOR, 0, T, 0), "constructor", T, \
                 T##_constructor, __VA_ARGS__)

/**
 * That of a class by pointer, or counted: the body returns the `T *` that the
 * instance will own, or fails. NULL without tenon_fail is an error.
 */
#define TENON_CONSTRUCTOR_POINTER(...) \
  TENON_P_CONSTRUCTOR_POINTER(TENON_P_FIRST(__VA_ARGS__), __VA_ARGS__)
#define TENON_P_CONSTRUCTOR_POINTER(T, ...) \
  TENON_P_CONSTRUCTOR_POINTER_(T, __VA_ARGS__)
#define TENON_P_CONSTRUCTOR_POINTER_(T, ...)                                \
  TENON_P_ASSERT(!tenon_p_is_by_value_##T,                                  \
                 "TENON_CONSTRUCTOR_POINTER is for classes by pointer: " #T \
                 " needs TENON_CONSTRUCTOR");                               \
  TENON_P_STATIC(T, 0, (MEMBER, CONSTRUCTOR, 0, T, 0), "constructor",       \
                 T##_constructor, __VA_ARGS__)

/**
 * What is to be done before a T by value goes: `TENON_RELEASE(text) {
 * free(self->data); }`. As the free function of TENON_CLASS_POINTER is called.
 */
#define TENON_RELEASE(T)                                                 \
  TENON_P_ASSERT(tenon_p_is_by_value_##T,                                \
                 "TENON_RELEASE is for classes by value: " #T            \
                 " has a free function");                                \
  static void tenon_p_release_body_##T(T *self);                         \
  static void tenon_p_release_##T(void *tenon_p_self, void *tenon_p_out) \
  {                                                                      \
    (void)tenon_p_out;                                                   \
    TENON_P_TRY                                                          \
    {                                                                    \
      tenon_p_release_body_##T((T *)tenon_p_self);                       \
    }                                                                    \
    TENON_P_CATCH                                                        \
  }                                                                      \
  TENON_P_PLAIN_MEMBER(T, release, "", RELEASE, 0, NULL, 0, NULL,        \
                       tenon_p_release_##T)                              \
  static void tenon_p_release_body_##T(TENON_P_UNUSED T *self)

/**
 * How many bytes an instance owns besides its T: `TENON_MEMORY(text) { return
 * self->size; }`. Asked after its constructor, its methods and its setters; what
 * it says counts against the runtime's limits, and collections begin by it.
 */
#define TENON_MEMORY(T)                                                    \
  static size_t tenon_p_memory_body_##T(const T *self);                    \
  static void tenon_p_memory_##T(void *tenon_p_self,                       \
                                 void *tenon_p_out){TENON_P_TRY{           \
      *(size_t *)tenon_p_out = tenon_p_memory_body_##T((T *)tenon_p_self); \
  }                                                                        \
  TENON_P_CATCH                                                            \
  }                                                                        \
  TENON_P_PLAIN_MEMBER(T, memory, "", MEMORY, 0, NULL, 0, NULL,            \
                       tenon_p_memory_##T)                                 \
  static size_t tenon_p_memory_body_##T(TENON_P_UNUSED const T *self)

/**
 * Let scripts end instances: `using` and [Symbol.dispose](), which free what the
 * instance owns once no function uses it any more; every later use is a
 * TypeError, and disposing again does nothing. TENON_DISPOSABLE_AS("close", T)
 * has a method `close` that does the same.
 */
#define TENON_DISPOSABLE(T) TENON_DISPOSABLE_AS("", T)
#define TENON_DISPOSABLE_AS(js_name, T) \
  TENON_P_PLAIN_MEMBER(T, dispose, js_name, DISPOSE, 0, NULL, 0, NULL, NULL)

/**
 * The same for `await using`: a body that runs on the thread pool and prepares
 * the end (flushes, says goodbye); the instance is disposed of when it has
 * returned without tenon_fail. `TENON_ASYNC_DISPOSABLE(file) { flush(self); }`
 */
#define TENON_ASYNC_DISPOSABLE(T)                                       \
  TENON_P_METHOD(none, TENON_FUNCTION_BLOCKING,                         \
                 (MEMBER, ASYNC_DISPOSE, 0, T, 0), "@@asyncDispose", T, \
                 T##_async_dispose, T)

/* --- Methods, properties ------------------------------------------------------- */

/* A function whose first parameter is `self`: `...` is a name that is left out,
 * and the other parameters. */
#define TENON_P_METHOD(R, flags, reg, js_name, T, cname, ...) \
  TENON_P_CAT(TENON_P_METHOD_, TENON_P_ANY(__VA_ARGS__))      \
  (R, flags, reg, js_name, T, cname, __VA_ARGS__)
#define TENON_P_METHOD_0(R, flags, reg, js_name, T, cname, ignored)       \
  TENON_P_DEFINE(R, TENON_P_IS_NONE(R), flags, reg, js_name, NULL, cname, \
                 (self(T), self))
#define TENON_P_METHOD_1(R, flags, reg, js_name, T, cname, ignored, ...)  \
  TENON_P_DEFINE(R, TENON_P_IS_NONE(R), flags, reg, js_name, NULL, cname, \
                 (self(T), self), __VA_ARGS__)
#define TENON_P_METHOD_ASYNC(R, reg, js_name, T, cname, ...)   \
  TENON_P_CAT(TENON_P_METHOD_ASYNC_, TENON_P_ANY(__VA_ARGS__)) \
  (R, reg, js_name, T, cname, __VA_ARGS__)
#define TENON_P_METHOD_ASYNC_0(R, reg, js_name, T, cname, ignored) \
  TENON_P_ASYNC(R, TENON_P_IS_NONE(R), reg, js_name, NULL, cname,  \
                (self(T), self))
#define TENON_P_METHOD_ASYNC_1(R, reg, js_name, T, cname, ignored, ...) \
  TENON_P_ASYNC(R, TENON_P_IS_NONE(R), reg, js_name, NULL, cname,       \
                (self(T), self), __VA_ARGS__)
/* The same without `self`. */
#define TENON_P_STATIC(R, flags, reg, js_name, cname, ...) \
  TENON_P_CAT(TENON_P_STATIC_, TENON_P_ANY(__VA_ARGS__))   \
  (R, flags, reg, js_name, cname, __VA_ARGS__)
#define TENON_P_STATIC_0(R, flags, reg, js_name, cname, ignored) \
  TENON_P_DEFINE(R, TENON_P_IS_NONE(R), flags, reg, js_name, NULL, cname)
#define TENON_P_STATIC_1(R, flags, reg, js_name, cname, ignored, ...)     \
  TENON_P_DEFINE(R, TENON_P_IS_NONE(R), flags, reg, js_name, NULL, cname, \
                 __VA_ARGS__)
#define TENON_P_MEMBER_C(T, ...) \
  TENON_P_CAT(TENON_P_CAT(T, _), TENON_P_FIRST(__VA_ARGS__))

/**
 * Define a method: `TENON_METHOD(f64, vec2, scale, (f64, by))`, followed by its
 * body, which has `self`, a `vec2 *`, beside the parameters. It is the C function
 * vec2_scale(vec2 *self, double by), too. All that holds for TENON_FUNCTION holds
 * for it. A name that begins with "@@" is a well-known symbol:
 * `TENON_METHOD_AS("@@toPrimitive", f64, money, to_primitive, (str, hint))`.
 */
#define TENON_METHOD(R, T, ...) \
  TENON_METHOD_AS(TENON_P_NAMED(__VA_ARGS__), R, T, __VA_ARGS__)
#define TENON_METHOD_AS(js_name, R, T, ...)                   \
  TENON_P_METHOD(R, 0, (MEMBER, METHOD, 0, T, 0), js_name, T, \
                 TENON_P_MEMBER_C(T, __VA_ARGS__), __VA_ARGS__)

/** A method that runs on the thread pool, as TENON_BLOCKING. */
#define TENON_BLOCKING_METHOD(R, T, ...) \
  TENON_BLOCKING_METHOD_AS(TENON_P_NAMED(__VA_ARGS__), R, T, __VA_ARGS__)
#define TENON_BLOCKING_METHOD_AS(js_name, R, T, ...)                    \
  TENON_P_METHOD(R, TENON_FUNCTION_BLOCKING, (MEMBER, METHOD, 0, T, 0), \
                 js_name, T, TENON_P_MEMBER_C(T, __VA_ARGS__), __VA_ARGS__)

/** One that starts an operation, as TENON_ASYNC: `TENON_RESOLVE(vec2_scale,
 * deferred, value)`. The instance is this operation's alone until it ends. */
#define TENON_ASYNC_METHOD(R, T, ...) \
  TENON_ASYNC_METHOD_AS(TENON_P_NAMED(__VA_ARGS__), R, T, __VA_ARGS__)
#define TENON_ASYNC_METHOD_AS(js_name, R, T, ...)                \
  TENON_P_METHOD_ASYNC(R, (MEMBER, METHOD, 0, T, 0), js_name, T, \
                       TENON_P_MEMBER_C(T, __VA_ARGS__), __VA_ARGS__)

/** A static method: `TENON_STATIC(copy(vec2), vec2, polar, (f64, r), (f64, phi))`
 * is `vec2.polar(r, phi)`, and vec2_polar in C. */
#define TENON_STATIC(R, T, ...) \
  TENON_STATIC_AS(TENON_P_NAMED(__VA_ARGS__), R, T, __VA_ARGS__)
#define TENON_STATIC_AS(js_name, R, T, ...)                                  \
  TENON_P_STATIC(R, 0, (MEMBER, METHOD, TENON_MEMBER_STATIC, T, 0), js_name, \
                 TENON_P_MEMBER_C(T, __VA_ARGS__), __VA_ARGS__)

/**
 * Accessors: `TENON_GET(f64, vec2, length) { return hypot(self->x, self->y); }`
 * and `TENON_SET(vec2, length, (f64, value))`, followed by its body. In C they are
 * vec2_get_length and vec2_set_length.
 */
#define TENON_GET(R, T, name) TENON_GET_AS(#name, R, T, name)
#define TENON_GET_AS(js_name, R, T, name)                                     \
  TENON_P_METHOD(R, 0, (MEMBER, GETTER, 0, T, 0), js_name, T, T##_get_##name, \
                 name)
#define TENON_SET(T, name, value) TENON_SET_AS(#name, T, name, value)
#define TENON_SET_AS(js_name, T, name, value)                    \
  TENON_P_METHOD(none, 0, (MEMBER, SETTER, 0, T, 0), js_name, T, \
                 T##_set_##name, name, value)
#define TENON_STATIC_GET(R, T, name)                                       \
  TENON_P_STATIC(R, 0, (MEMBER, GETTER, TENON_MEMBER_STATIC, T, 0), #name, \
                 T##_get_##name, name)
#define TENON_STATIC_SET(T, name, value)                                      \
  TENON_P_STATIC(none, 0, (MEMBER, SETTER, TENON_MEMBER_STATIC, T, 0), #name, \
                 T##_set_##name, name, value)

/**
 * Map members of T as properties: `TENON_MEMBERS(vec2, (f64, x), (f64, (max_y,
 * "maxY")))`, at most 24, once a class; TENON_MEMBERS_READONLY beside it has
 * those that scripts only read. They are accessors of the prototype, which read
 * and write the T itself. Words that point at memory (str, array, …) are for
 * reading only. JSON.stringify and console.log show them.
 */
#define TENON_MEMBERS(...) \
  TENON_P_MAPPED(TENON_P_FIRST(__VA_ARGS__), fields, 0, __VA_ARGS__)
#define TENON_MEMBERS_READONLY(...)                           \
  TENON_P_MAPPED(TENON_P_FIRST(__VA_ARGS__), readonly_fields, \
                 TENON_MEMBER_READONLY, __VA_ARGS__)
#define TENON_P_MAPPED(T, id, flags, ...) \
  TENON_P_MAPPED_(T, id, flags, __VA_ARGS__)
#define TENON_P_MAPPED_(T, id, flags, ...)                                  \
  TENON_P_EACH(TENON_P_MAPPED_FITS, T, __VA_ARGS__)                         \
  static const tenon_field tenon_p_##id##_##T[] = {                         \
      TENON_P_EACH(TENON_P_PART, T, __VA_ARGS__){NULL, NULL, 0, 0, NULL}};  \
  TENON_P_PLAIN_MEMBER(T, id, "", FIELDS, flags, tenon_p_##id##_##T,        \
                       sizeof tenon_p_##id##_##T / sizeof(tenon_field) - 1, \
                       NULL, NULL)
#define TENON_P_MAPPED_FITS(c, i, t) \
  TENON_P_PARTS(TENON_P_MAPPED_FITS_, c, i, TENON_P_UNWRAP t)
#define TENON_P_MAPPED_FITS_(c, i, w, n, d) \
  TENON_P_MAPPED_FITS_2(c, w, TENON_P_C_NAME(n))
#define TENON_P_MAPPED_FITS_2(c, w, n) TENON_P_MAPPED_FITS_3(c, w, n)
#define TENON_P_MAPPED_FITS_3(c, w, n)                                         \
  TENON_P_ASSERT(sizeof(((c *)NULL)->n) == sizeof(tenon_c_##w) &&              \
                     (__builtin_classify_type(((c *)NULL)->n) == 8) ==         \
                         (__builtin_classify_type(*(tenon_c_##w *)NULL) == 8), \
                 #c "." #n ": its type is not that of its word");

/** A constant of the class: `TENON_CLASS_CONSTANT(f64, vec2, EPSILON, 1e-9)` is
 * `vec2.EPSILON`. */
#define TENON_CLASS_CONSTANT(R, T, name, ...)                             \
  static void tenon_p_constant_##T##_##name##_thunk(void *tenon_p_args,   \
                                                    void *tenon_p_result) \
  {                                                                       \
    (void)tenon_p_args;                                                   \
    TENON_P_TRY                                                           \
    {                                                                     \
      tenon_c_##R tenon_p_value = __VA_ARGS__;                            \
      *(tenon_c_##R *)tenon_p_result = tenon_p_value;                     \
    }                                                                     \
    TENON_P_CATCH                                                         \
  }                                                                       \
  static const tenon_function tenon_p_function_##T##_constant_##name = {  \
      sizeof(tenon_function),                                             \
      0,                                                                  \
      #name,                                                              \
      NULL,                                                               \
      {"value", &tenon_type_##R, 0, tenon_flags_##R, NULL},               \
      NULL,                                                               \
      0,                                                                  \
      sizeof(tenon_args),                                                 \
      tenon_p_constant_##T##_##name##_thunk,                              \
      __FILE__,                                                           \
      __LINE__};                                                          \
  TENON_P_REGISTER_MEMBER(#name, T##_constant_##name, MEMBER, CONSTANT, 0, T, 0)

/* --- Iteration ----------------------------------------------------------------- */

/**
 * Make instances iterable: `TENON_ITERATOR(f64, vec2, int)`, followed by the
 * body that gives the next value:
 *
 *     {
 *       if (*cursor == 2) return false;
 *       *value = (*cursor)++ ? self->y : self->x;
 *       return true;
 *     }
 *
 * `cursor` is one iteration's own, of the type that is said, zeroed when it
 * begins. `self` may be disposed of between two steps: that is a TypeError.
 * TENON_ITERATOR_END(vec2, int) has a body that ends a cursor; it is called once,
 * when the iteration is over, was left, or its iterator is gone, and then
 * `self` may be gone before it. All iterators of a T have one cursor type.
 */
#define TENON_ITERATOR(R, T, cursor_type) \
  TENON_P_ITERATOR(R, T, cursor_type, iterator, ITERATOR, 0)
/** The same for `for await`: each step runs on the thread pool. */
#define TENON_ASYNC_ITERATOR(R, T, cursor_type)                       \
  TENON_P_ITERATOR(R, T, cursor_type, async_iterator, ASYNC_ITERATOR, \
                   TENON_FUNCTION_BLOCKING)
#define TENON_ITERATOR_END(T, cursor_type)                             \
  TENON_P_CURSOR(T, cursor_type)                                       \
  static void tenon_p_end_body_##T(cursor_type *cursor);               \
  static void tenon_p_end_##T(void *tenon_p_cursor, void *tenon_p_out) \
  {                                                                    \
    (void)tenon_p_out;                                                 \
    TENON_P_TRY                                                        \
    {                                                                  \
      tenon_p_end_body_##T((cursor_type *)tenon_p_cursor);             \
    }                                                                  \
    TENON_P_CATCH                                                      \
  }                                                                    \
  TENON_P_PLAIN_MEMBER(T, end, "", ITERATOR_END, 0, NULL, 0, NULL,     \
                       tenon_p_end_##T)                                \
  static void tenon_p_end_body_##T(TENON_P_UNUSED cursor_type *cursor)

/* Said by all that have one: of several types, compilers refuse it. */
#define TENON_P_CURSOR(T, cursor_type)                            \
  TENON_P_ASSERT(TENON_P_ALIGN(cursor_type) <= 16,                \
                 #T ": a cursor is aligned to 16 bytes at most"); \
  typedef cursor_type tenon_p_cursor_of_##T;

/* A body that says whether there is a value. */
#define TENON_P_ITERATOR(R, T, cursor_type, id, kind, flags)                 \
  TENON_P_CURSOR(T, cursor_type)                                             \
  static bool tenon_p_body_##T##_##id(bool (*tenon_p_zero)(void), T *self,   \
                                      cursor_type *cursor,                   \
                                      tenon_c_##R *value);                   \
  TENON_P_NOTHING(T##_##id)                                                  \
  TENON_P_ARGS(T##_##id, ~, (self(T), self))                                 \
  TENON_P_THUNK(T##_##id){TENON_P_THUNK_ARGS(T##_##id) TENON_P_TRY{          \
      tenon_p_a->tenon_head.absent = !tenon_p_body_##T##_##id(               \
          tenon_p_zero_##T##_##id, tenon_p_a->self,                          \
          (cursor_type *)tenon_p_a->tenon_head.context,                      \
          (tenon_c_##R *)tenon_p_result);                                    \
  }                                                                          \
  TENON_P_CATCH                                                              \
  }                                                                          \
  TENON_P_TABLE(R, flags, (MEMBER, kind, 0, T, sizeof(cursor_type)), "next", \
                NULL, T##_##id, ~, (self(T), self))                          \
  static bool tenon_p_body_##T##_##id(                                       \
      TENON_P_UNUSED bool (*tenon_p_zero)(void), TENON_P_UNUSED T *self,     \
      TENON_P_UNUSED cursor_type *cursor, TENON_P_UNUSED tenon_c_##R *value)
#define TENON_P_NOTHING(name)           \
  static bool tenon_p_zero_##name(void) \
  {                                     \
    return false;                       \
  }

/* --- Objects that are more than their properties ------------------------------ */

/** Make instances callable: `TENON_CALL(f64, polynomial, (f64, x))`, followed by
 * its body, which has `self`, is `p(x)`. They are functions: their prototypes
 * inherit from Function.prototype, unless the class extends one that is not
 * callable. Not constructors. */
#define TENON_CALL(R, ...) \
  TENON_P_CALLABLE(R, TENON_P_FIRST(__VA_ARGS__), __VA_ARGS__)
#define TENON_P_CALLABLE(R, T, ...) TENON_P_CALLABLE_(R, T, __VA_ARGS__)
#define TENON_P_CALLABLE_(R, T, ...)                                 \
  TENON_P_METHOD(R, 0, (MEMBER, CALL, 0, T, 0), "call", T, T##_call, \
                 __VA_ARGS__)

/**
 * Make instances containers that look like objects. What is not there is looked
 * for in the prototypes, so methods and accessors stay; symbols are never asked
 * for. Each is followed by its body:
 *
 * - `TENON_KEYED_GET(R, T)`: has `self`, `key` (tenon_str) and `value` (to be set);
 *   returns whether there is such a property
 * - `TENON_KEYED_SET(W, T)`: `value` is what was assigned, or defined; false
 *   refuses it (a TypeError in strict code). Without it all is read-only
 * - `TENON_KEYED_HAS(T)`: is it there? Without it _GET is asked
 * - `TENON_KEYED_DELETE(T)`: false refuses
 * - `TENON_KEYED_KEYS(T)`: returns a tenon_array_str of the names, for
 *   Object.keys and `for in`
 *
 * and the same of TENON_INDEXED_, where `key` is a uint32_t, an array's index, and
 * TENON_INDEXED_KEYS(T) returns how many there are, from 0. A class may have both.
 * Each other one needs its _GET. docs/objects.md has the rules.
 */
#define TENON_KEYED_GET(R, T) TENON_P_LOOK(R, T, str, keyed_get)
#define TENON_KEYED_SET(W, T) TENON_P_PUT(W, T, str, keyed_set)
#define TENON_KEYED_HAS(T) TENON_P_ASK(T, str, KEYED_HAS, keyed_has)
#define TENON_KEYED_DELETE(T) TENON_P_ASK(T, str, KEYED_DELETE, keyed_delete)
#define TENON_KEYED_KEYS(T)                                               \
  TENON_P_METHOD(array(str), 0, (MEMBER, KEYED_KEYS, 0, T, 0), "keys", T, \
                 T##_keyed_keys, T)
#define TENON_INDEXED_GET(R, T) TENON_P_LOOK(R, T, u32, indexed_get)
#define TENON_INDEXED_SET(W, T) TENON_P_PUT(W, T, u32, indexed_set)
#define TENON_INDEXED_HAS(T) TENON_P_ASK(T, u32, KEYED_HAS, indexed_has)
#define TENON_INDEXED_DELETE(T) \
  TENON_P_ASK(T, u32, KEYED_DELETE, indexed_delete)
#define TENON_INDEXED_KEYS(T)                                      \
  TENON_P_METHOD(u32, 0, (MEMBER, KEYED_KEYS, 0, T, 0), "keys", T, \
                 T##_indexed_keys, T)
#define TENON_P_LOOK(R, T, K, id)                                             \
  TENON_P_ASSERT(!TENON_P_IS_NONE(R), "a property of " #T " has a type");     \
  static bool tenon_p_body_##T##_##id(bool (*tenon_p_zero)(void), T *self,    \
                                      tenon_c_##K key, tenon_c_##R *value);   \
  TENON_P_NOTHING(T##_##id)                                                   \
  TENON_P_ARGS(T##_##id, ~, (self(T), self), (K, key))                        \
  TENON_P_THUNK(T##_##id){TENON_P_THUNK_ARGS(T##_##id) TENON_P_TRY{           \
      tenon_p_a->tenon_head.absent = !tenon_p_body_##T##_##id(                \
          tenon_p_zero_##T##_##id, tenon_p_a->self, tenon_p_a->key,           \
          (tenon_c_##R *)tenon_p_result);                                     \
  }                                                                           \
  TENON_P_CATCH                                                               \
  }                                                                           \
  TENON_P_TABLE(R, 0, (MEMBER, KEYED_GET, 0, T, 0), "get", NULL, T##_##id, ~, \
                (self(T), self), (K, key))                                    \
  static bool tenon_p_body_##T##_##id(                                        \
      TENON_P_UNUSED bool (*tenon_p_zero)(void), TENON_P_UNUSED T *self,      \
      TENON_P_UNUSED tenon_c_##K key, TENON_P_UNUSED tenon_c_##R *value)
#define TENON_P_PUT(W, T, K, id)                                               \
  TENON_P_METHOD(bool, 0, (MEMBER, KEYED_SET, 0, T, 0), "set", T, T##_##id, T, \
                 (key(K), key), (W, value))
#define TENON_P_ASK(T, K, kind, id)                                     \
  TENON_P_METHOD(bool, 0, (MEMBER, kind, 0, T, 0), #id, T, T##_##id, T, \
                 (key(K), key))

TENON_P_END

#endif
