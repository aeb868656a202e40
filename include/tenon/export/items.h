/**
 * @file
 * What a module exports besides functions: constants, getters, a default. Part
 * of <tenon/export.h>.
 */
#ifndef TENON_EXPORT_ITEMS_H
#define TENON_EXPORT_ITEMS_H

#include <tenon/export/call.h>
#include <tenon/export/function.h>
#include <tenon/export/words.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

/* A function without parameters that is no export by itself, and its item. */
#define TENON_P_ITEM(R, kind, js_name, id, thunk)                         \
  static const tenon_function id##_function = {                           \
      sizeof(tenon_function),                                             \
      0,                                                                  \
      js_name,                                                            \
      NULL,                                                               \
      {"value", &tenon_type_##R, 0, tenon_flags_##R, NULL},               \
      NULL,                                                               \
      0,                                                                  \
      sizeof(tenon_args),                                                 \
      thunk,                                                              \
      __FILE__,                                                           \
      __LINE__};                                                          \
  static const tenon_item id##_item = {sizeof(tenon_item), kind, js_name, \
                                       NULL, &id##_function};             \
  TENON_P_KEEP_ITEM static const tenon_item *const id##_export = &id##_item;

/**
 * Export a constant of any type word: `TENON_CONSTANT(f64, PI, 3.14159)`,
 * `TENON_CONSTANT(point, origin, {0, 0})`. The value is an initialiser of C,
 * evaluated for each realm when the module is first imported there: it may call
 * functions and fail, and then so does the import. No name of C is defined, so
 * that `TENON_CONSTANT(i32, LIMIT, LIMIT)` exports a macro.
 */
#define TENON_CONSTANT(R, name, ...) \
  TENON_P_CONSTANT(R, #name, tenon_p_constant_##name, __VA_ARGS__)

/** The same under a name that C cannot have; `name` tells it from others. */
#define TENON_CONSTANT_AS(js_name, R, name, ...) \
  TENON_P_CONSTANT(R, js_name, tenon_p_constant_##name, __VA_ARGS__)

#define TENON_P_CONSTANT(R, js_name, id, ...)                      \
  static void id##_thunk(void *tenon_p_args, void *tenon_p_result) \
  {                                                                \
    (void)tenon_p_args;                                            \
    TENON_P_TRY                                                    \
    {                                                              \
      tenon_c_##R tenon_p_value = __VA_ARGS__;                     \
      *(tenon_c_##R *)tenon_p_result = tenon_p_value;              \
    }                                                              \
    TENON_P_CATCH                                                  \
  }                                                                \
  TENON_P_ITEM(R, TENON_ITEM_CONSTANT, js_name, id, id##_thunk)

/**
 * Define and export a getter: `TENON_GETTER(i64, now)`, followed by its body,
 * which is a function of C by this name. It is called each time that the
 * property is read: on the default export, on a global object, on bindings. An
 * import is no property: `import { now }` is refused. A module with a getter
 * that says no default has the default export TENON_DEFAULT_OBJECT.
 */
#define TENON_GETTER(R, name) TENON_P_GETTER(R, #name, name)

/** The same under a name that C cannot have. */
#define TENON_GETTER_AS(js_name, R, name) TENON_P_GETTER(R, js_name, name)

#define TENON_P_GETTER(R, js_name, name)                                     \
  static tenon_c_##R tenon_p_body_##name(tenon_c_##R (*tenon_p_zero)(void)); \
  TENON_P_ZERO_0(R, name)                                                    \
  TENON_P_UNUSED static inline tenon_c_##R name(void)                        \
  {                                                                          \
    return tenon_p_body_##name(tenon_p_zero_##name);                         \
  }                                                                          \
  TENON_P_THUNK(name)                                                        \
  {                                                                          \
    (void)tenon_p_args;                                                      \
    TENON_P_TRY{TENON_P_STORE_0(                                             \
        R, tenon_p_body_##name(tenon_p_zero_##name))} TENON_P_CATCH          \
  }                                                                          \
  TENON_P_ITEM(R, TENON_ITEM_GETTER, js_name, tenon_p_getter_##name,         \
               tenon_p_thunk_##name)                                         \
  static tenon_c_##R tenon_p_body_##name(                                    \
      TENON_P_UNUSED tenon_c_##R (*tenon_p_zero)(void))

/**
 * Make a function or constant of the module its default export as well:
 * `TENON_DEFAULT(fib)`. One a module.
 */
#define TENON_DEFAULT(name) TENON_P_DEFAULT(#name)

/** The same of one that has a name that C cannot have. */
#define TENON_DEFAULT_AS(js_name) TENON_P_DEFAULT(js_name)

/**
 * Make the default export an object of all functions, constants and getters of
 * the module; constants and getters cannot be assigned to.
 */
#define TENON_DEFAULT_OBJECT() TENON_P_DEFAULT("")

#define TENON_P_DEFAULT(js_name)                                            \
  static const tenon_item tenon_p_default_item = {                          \
      sizeof(tenon_item), TENON_ITEM_DEFAULT, js_name, NULL, NULL};         \
  TENON_P_KEEP_ITEM static const tenon_item *const tenon_p_default_export = \
      &tenon_p_default_item;

#endif
