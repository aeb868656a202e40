/**
 * @file
 * Functions with a state of C. Part of <tenon/export.h>.
 *
 *     typedef struct counter { int64_t value; } counter;
 *
 *     TENON_CLOSURE(i64, counter, next, (i64, by, 1))
 *     {
 *       return state->value += by;
 *     }
 *
 *     TENON_FUNCTION(any, make_counter, (i64, start, 0))
 *     {
 *       counter *c = (counter *)calloc(1, sizeof *c);
 *       if (!c) return tenon_fail_system(-5001, NULL, NULL);
 *       c->value = start;
 *       return next_new(c, free);
 *     }
 *
 * makes `make_counter(4)` a function of its own each time, `next` by name, whose
 * calls have its `counter` as `state`. The counter is in no property and no
 * global, and nothing that a script does can give another one to the function.
 *
 * docs/state.md has the whole of it.
 */
#ifndef TENON_EXPORT_CLOSURE_H
#define TENON_EXPORT_CLOSURE_H

#include <tenon/export/any.h>
#include <tenon/export/call.h>
#include <tenon/export/each.h>
#include <tenon/export/function.h>
#include <tenon/export/words.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

TENON_P_BEGIN

/**
 * Define a function with a state: `TENON_CLOSURE(result, S, name, (word,
 * param)…)`, followed by its body, which has `S *state` beside the parameters.
 * All that holds for TENON_FUNCTION holds for it, but that it is not exported
 * and has no `.async`. In C it is `name(S *state, …)`, too. It defines
 *
 *     napi_value name_new(S *state, void (*free_state)(void *state));
 *
 * which makes a function object, in the realm of the function that calls it: a
 * value of the word `any`, and for the functions of <tenon/napi.h>.
 *
 * The state is given away by that: `free_state(state)` is called once, also
 * where name_new fails; NULL: there is nothing to do. It is called when the
 * function object is gone, on the loop's thread, never while the function runs
 * or during a collection: between two steps of a script, inside of a later
 * name_new, or at the latest when the runtime is freed. It is a call of its own:
 * tenon_alloc and tenon_env are there, but not behind the end of the runtime,
 * where tenon_env is NULL; what it fails by is dropped. It throws no exceptions
 * of C++. States of functions end before that of their realm (TENON_STATE),
 * which ends before those of the runtime.
 *
 * name_new returns NULL where it fails: in a call, on the loop, that has failed
 * by the reason; off the loop and outside of a call, for which see
 * tenon_realm_call.
 *
 * [thread: loop, inside a call] [js: never runs, but finalizers do]
 * [since 0.1]
 */
#define TENON_CLOSURE(R, S, ...)                                           \
  TENON_P_CLOSURE(R, TENON_P_IS_NONE(R), 0, S, TENON_P_NAMED(__VA_ARGS__), \
                  __VA_ARGS__)
/** The same under another name in JavaScript: TENON_CLOSURE_AS("next item", …) */
#define TENON_CLOSURE_AS(js_name, R, S, ...) \
  TENON_P_CLOSURE(R, TENON_P_IS_NONE(R), 0, S, js_name, __VA_ARGS__)

/**
 * One that runs on the thread pool and returns a Promise, as TENON_BLOCKING. The
 * function object, and so the state, is there until that is settled. Calls of it
 * may run at the same time, and use the state at the same time: only a module of
 * TENON_MODULE_THREADS(serial) keeps them apart.
 */
#define TENON_BLOCKING_CLOSURE(R, S, ...)                            \
  TENON_P_CLOSURE(R, TENON_P_IS_NONE(R), TENON_FUNCTION_BLOCKING, S, \
                  TENON_P_NAMED(__VA_ARGS__), __VA_ARGS__)
#define TENON_BLOCKING_CLOSURE_AS(js_name, R, S, ...)                         \
  TENON_P_CLOSURE(R, TENON_P_IS_NONE(R), TENON_FUNCTION_BLOCKING, S, js_name, \
                  __VA_ARGS__)

#define TENON_P_CLOSURE(R, none, flags, S, js_name, ...) \
  TENON_P_CLOSURE_(R, none, flags, S, js_name, __VA_ARGS__)
#define TENON_P_CLOSURE_(R, none, flags, S, js_name, ...)                      \
  TENON_P_CLOSURE_BODY(R, none, flags, S, js_name, TENON_P_FIRST(__VA_ARGS__), \
                       __VA_ARGS__)
#define TENON_P_CLOSURE_BODY(R, none, flags, S, js_name, ...) \
  TENON_P_CLOSURE_##none(R, flags, S, js_name, __VA_ARGS__)
#define TENON_P_CLOSURE_0(R, flags, S, js_name, name, ...) \
  TENON_P_CLOSURE_OF(R, 0, flags, S, js_name, name, __VA_ARGS__)
#define TENON_P_CLOSURE_1(R, flags, S, js_name, name, ...) \
  TENON_P_CLOSURE_OF(R, 1, flags, S, js_name, name, __VA_ARGS__)
#define TENON_P_CLOSURE_OF(R, none, flags, S, js_name, name, ...)                              \
  static tenon_c_##R tenon_p_body_##name(                                                      \
      tenon_c_##R (*tenon_p_zero)(void),                                                       \
      S *state TENON_P_EACH(TENON_P_DECL, ~, __VA_ARGS__));                                    \
  TENON_P_ZERO_##none(R, name) TENON_P_UNUSED static inline tenon_c_##R name(                  \
      S *state TENON_P_EACH(TENON_P_DECL, ~, __VA_ARGS__))                                     \
  {                                                                                            \
    TENON_P_RETURN_##none tenon_p_body_##name(                                                 \
        tenon_p_zero_##name,                                                                   \
        state TENON_P_EACH(TENON_P_NAME, ~, __VA_ARGS__));                                     \
  }                                                                                            \
  TENON_P_ARGS(name, __VA_ARGS__)                                                              \
  TENON_P_THUNK(name){TENON_P_THUNK_ARGS(name) TENON_P_TRY{                                    \
      TENON_P_EACH(TENON_P_SET, ~, __VA_ARGS__) TENON_P_STORE_##none(                          \
          R,                                                                                   \
          tenon_p_body_##name(                                                                 \
              tenon_p_zero_##name,                                                             \
              (S *)tenon_p_a->tenon_head.context TENON_P_EACH(                                 \
                  TENON_P_TAKE, ~,                                                             \
                  __VA_ARGS__)))} TENON_P_CATCH} TENON_P_TABLE(R, flags,                       \
                                                               (CLOSURE, S),                   \
                                                               js_name, NULL,                  \
                                                               name,                           \
                                                               __VA_ARGS__) static tenon_c_##R \
      tenon_p_body_##name(                                                                     \
          TENON_P_UNUSED tenon_c_##R (*tenon_p_zero)(void),                                    \
          TENON_P_UNUSED S *state TENON_P_EACH(TENON_P_DECL, ~, __VA_ARGS__))
#define TENON_P_REGISTER_CLOSURE(js_name, name, tag, S)           \
  TENON_P_UNUSED static inline struct napi_value__ *name##_new(   \
      S *tenon_p_state, void (*tenon_p_free)(void *state))        \
  {                                                               \
    if (TENON_P_HOST)                                             \
      return (struct napi_value__ *)(TENON_P_HOST->function_new)( \
          &TENON_P_HOST, &tenon_p_function_##name, tenon_p_state, \
          tenon_p_free);                                          \
    if (tenon_p_free) tenon_p_free(tenon_p_state);                \
    return NULL;                                                  \
  }

TENON_P_END

#endif
