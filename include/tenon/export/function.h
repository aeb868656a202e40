/**
 * @file
 * How a described function is made: the body, its thunk, its table. Part of
 * <tenon/export.h>, which has the macros that are used.
 */
#ifndef TENON_EXPORT_FUNCTION_H
#define TENON_EXPORT_FUNCTION_H

#include <tenon/export/call.h>
#include <tenon/export/each.h>
#include <tenon/export/words.h>
#include <tenon/export/wrap.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
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

#define TENON_P_TABLE(R, flags, reg, js_name, doc, name, ...)           \
  TENON_P_CHECK_WORDS(R, __VA_ARGS__)                                   \
  static const tenon_field tenon_p_params_##name[] = {                  \
      TENON_P_EACH(TENON_P_FIELD, tenon_p_args_##name,                  \
                   __VA_ARGS__){NULL, NULL, 0, 0, NULL}};               \
  static const tenon_function tenon_p_function_##name = {               \
      sizeof(tenon_function),                                           \
      flags,                                                            \
      js_name,                                                          \
      doc,                                                              \
      {"result", &tenon_type_##R, 0, tenon_flags_##R, NULL},            \
      tenon_p_params_##name,                                            \
      sizeof tenon_p_params_##name / sizeof *tenon_p_params_##name - 1, \
      sizeof(struct tenon_p_args_##name),                               \
      tenon_p_thunk_##name,                                             \
      __FILE__,                                                         \
      __LINE__};                                                        \
  TENON_P_CALL(TENON_P_CAT(TENON_P_REGISTER_, TENON_P_FIRST reg),       \
               (js_name, name, TENON_P_UNWRAP reg))

/* What a function is for: `(FUNCTION)`, an export, or a member of a class. */
#define TENON_P_REGISTER_FUNCTION(js_name, name, ...)                     \
  TENON_P_KEEP static const tenon_function *const tenon_p_export_##name = \
      &tenon_p_function_##name;

#define TENON_P_ARGS(name, ...)                  \
  struct tenon_p_args_##name {                   \
    tenon_args tenon_head;                       \
    TENON_P_EACH(TENON_P_MEMBER, ~, __VA_ARGS__) \
  };

#define TENON_P_DEFINE(R, none, flags, reg, js_name, doc, ...) \
  TENON_P_DEFINE_(R, none, flags, reg, js_name, doc, __VA_ARGS__)
#define TENON_P_DEFINE_(R, none, flags, reg, js_name, doc, ...) \
  TENON_P_DEFINE_##none(R, flags, reg, js_name, doc,            \
                        TENON_P_FIRST(__VA_ARGS__), __VA_ARGS__)
#define TENON_P_DEFINE_0(R, flags, reg, js_name, doc, name, ...) \
  TENON_P_BODY(R, 0, flags, reg, js_name, doc, name, __VA_ARGS__)
#define TENON_P_DEFINE_1(R, flags, reg, js_name, doc, name, ...) \
  TENON_P_BODY(R, 1, flags, reg, js_name, doc, name, __VA_ARGS__)
#define TENON_P_BODY(R, none, flags, reg, js_name, doc, name, ...)                         \
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
              __VA_ARGS__)))} TENON_P_CATCH} TENON_P_TABLE(R, flags, reg,                  \
                                                           js_name, doc, name,             \
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
#define TENON_P_ASYNC(R, none, reg, js_name, doc, ...) \
  TENON_P_ASYNC_(R, none, reg, js_name, doc, __VA_ARGS__)
#define TENON_P_ASYNC_(R, none, reg, js_name, doc, ...)                  \
  TENON_P_ASYNC_##none(R, reg, js_name, doc, TENON_P_FIRST(__VA_ARGS__), \
                       __VA_ARGS__)
#define TENON_P_ASYNC_0(R, reg, js_name, doc, name, ...) \
  TENON_P_RESOLVER_0(R, name)                            \
  TENON_P_ASYNC_BODY(R, reg, js_name, doc, name, __VA_ARGS__)
#define TENON_P_ASYNC_1(R, reg, js_name, doc, name, ...) \
  TENON_P_RESOLVER_1(R, name)                            \
  TENON_P_ASYNC_BODY(R, reg, js_name, doc, name, __VA_ARGS__)
#define TENON_P_ASYNC_BODY(R, reg, js_name, doc, name, ...)                    \
  static void tenon_p_body_##name(                                             \
      void (*tenon_p_zero)(void),                                              \
      tenon_deferred *deferred TENON_P_EACH(TENON_P_DECL, ~, __VA_ARGS__));    \
  TENON_P_ZERO_1(none, name)                                                   \
  TENON_P_ARGS(name, __VA_ARGS__)                                              \
  TENON_P_THUNK(name)                                                          \
  {                                                                            \
    TENON_P_THUNK_ARGS(name)                                                   \
    (void)tenon_p_result;                                                      \
    TENON_P_TRY                                                                \
    {                                                                          \
      TENON_P_EACH(TENON_P_SET, ~, __VA_ARGS__)                                \
      tenon_p_body_##name(                                                     \
          tenon_p_zero_##name,                                                 \
          (tenon_deferred *)tenon_p_a->tenon_head.context TENON_P_EACH(        \
              TENON_P_TAKE, ~, __VA_ARGS__));                                  \
    }                                                                          \
    TENON_P_CATCH                                                              \
  }                                                                            \
  TENON_P_TABLE(R, TENON_FUNCTION_ASYNC, reg, js_name, doc, name, __VA_ARGS__) \
  static void tenon_p_body_##name(                                             \
      TENON_P_UNUSED void (*tenon_p_zero)(void),                               \
      TENON_P_UNUSED tenon_deferred *deferred TENON_P_EACH(TENON_P_DECL, ~,    \
                                                           __VA_ARGS__))

#endif
