/**
 * @file
 * Callbacks: functions of JavaScript that C calls. Part of <tenon/export.h>.
 */
#ifndef TENON_EXPORT_CALLBACK_H
#define TENON_EXPORT_CALLBACK_H

#include <tenon/error.h>
#include <tenon/export/call.h>
#include <tenon/export/each.h>
#include <tenon/export/words.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

TENON_P_BEGIN

/**
 * Define a type word for a function of JavaScript, by its result and its
 * parameters, which are written as those of TENON_FUNCTION are:
 *
 *     TENON_CALLBACK(i32, compare, (str, a), (str, b))
 *
 *     TENON_FUNCTION(i32, sort, (array(str), words), (compare, by))
 *
 * The word's C type is a pointer to a struct that nobody sees, `compare *`,
 * and these functions are there for it:
 *
 *     int compare_call(compare *cb, int32_t *result, tenon_str a, tenon_str b);
 *     int compare_await(compare *cb, int32_t *result, tenon_str a, tenon_str b);
 *     int compare_post(compare *cb, tenon_str a, tenon_str b);
 *     int compare_update(compare *cb, tenon_str a, tenon_str b);
 *     compare *compare_keep(compare *cb);
 *
 * Arguments go out as results of functions do, and are always copied; the
 * result comes in as arguments do. Of the result `none` there is no pointer,
 * and what the function returns is not looked at; a pointer of NULL says the
 * same.
 *
 * _call, from the loop's thread, calls at once. From another one it queues the
 * call to the loop, in the order of all that is queued, and waits until it was
 * made: never hold a lock meanwhile that the loop's thread may want. (A thread
 * of the pool lets go of the lock of its `serial` module.) It returns 0 or
 * - TENON_EEXCEPTION: the function threw, or what it returned is no value of
 *   the result's type. Inside of a native function that is what the function
 *   fails by, the same object, unless tenon_recover forgets it. Outside of one
 *   nobody catches it: as with what a timer's callback throws, the program is
 *   asked, and else the run of the loop ends by it. (A host's call that is not
 *   inside of tenon_runtime_run has it in tenon_runtime_exception.)
 * - TENON_ETERMINATED, TENON_EEXIT: the program was told to end
 * - TENON_ECLOSING: the runtime is being freed, before the call or while it
 *   was queued
 * - TENON_EALREADY: it is of TENON_CALLBACK_ONCE and was called
 * - TENON_ETHREAD: an `any` or a class is among its types, on another thread
 *   than the loop's
 * - TENON_EINVAL: a callback of NULL; an instance as its result outside of a
 *   native function, or among its types in one of another runtime
 * - TENON_ENOMEM
 *
 * and then *result is zero. Memory of the result lives as long as the native
 * function that this thread is in; outside of one, until the next call of a
 * callback there has returned.
 *
 * _post queues a call and does not wait: 0, TENON_ECLOSING, TENON_EALREADY,
 * TENON_ETHREAD, TENON_ENOMEM, TENON_EINVAL, or TENON_EFULL: as many posted
 * calls of the runtime wait as TENON_CALLBACK_MOST_POSTED; post again later, or
 * let the call go. It is made on a later turn of the
 * loop, also when the loop's thread posts. Calls that are queued keep a loop
 * alive that runs; those that still are when the runtime is freed are dropped.
 * What one throws is nobody's: it is uncaught.
 *
 * _update is _post for what only the last word of counts, such as how far
 * something is: at most one update of a callback waits, and a newer one takes its
 * place. So it may be called as often as one likes; the last one is always made.
 * It returns what _post does, but never TENON_EFULL.
 *
 * What a thread of the pool has posted or updated is called before the Promise of
 * its call is settled.
 *
 * _await is _call that, when a Promise comes, waits until it is settled and
 * takes its value, or what it was rejected by. On another thread; on the loop's
 * only a host may do so, outside of everything: it then runs the loop, and
 * TENON_EUNSETTLED says that nothing is left to run while the Promise is not
 * settled. Elsewhere on that thread: TENON_EBUSY.
 *
 * A callback is there until the native function returns, of a TENON_ASYNC
 * function until its deferred is settled. _keep (any thread) makes it stay until
 * tenon_callback_release. It does not keep the loop alive then, unless
 * tenon_callback_hold says so.
 *
 * [thread: any] [js: runs, on the loop's thread] [since 0.1]
 */
#define TENON_CALLBACK(R, ...)                                           \
  TENON_P_CALLBACK(R, TENON_P_IS_NONE(R), 0, TENON_P_NAMED(__VA_ARGS__), \
                   __VA_ARGS__)

/** The same of one that is called, or posted, once: a second time is
 * TENON_EALREADY. */
#define TENON_CALLBACK_ONCE(R, ...)                                      \
  TENON_P_CALLBACK(R, TENON_P_IS_NONE(R), 1, TENON_P_NAMED(__VA_ARGS__), \
                   __VA_ARGS__)

/**
 * Let go of what _keep has returned. NULL is fine. Its type is that of a
 * destructor: `tenon_defer(tenon_callback_release, compare_keep(cb))`.
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline void tenon_callback_release(void *cb)
{
  if (cb) (TENON_P_HOST->callback_release)((tenon_callback *)cb);
}

/**
 * Let a callback keep the loop alive, as a timer does, or no more. Again is
 * fine; letting go of it ends it, and so does the end of its function's realm.
 *
 * @return 0, TENON_ETHREAD, TENON_ECLOSING (the runtime, or the realm, ends or
 *         has ended), TENON_EINVAL
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_callback_hold(void *cb, bool on)
{
  return cb ? (TENON_P_HOST->callback_hold)((tenon_callback *)cb, on)
            : TENON_EINVAL;
}

#define TENON_P_CALLBACK(R, none, flags, js_name, ...) \
  TENON_P_CALLBACK_(R, none, flags, js_name, __VA_ARGS__)
#define TENON_P_CALLBACK_(R, none, flags, js_name, ...)                  \
  TENON_P_CALLBACK_##none(R, flags, js_name, TENON_P_FIRST(__VA_ARGS__), \
                          __VA_ARGS__)
#define TENON_P_CALLBACK_0(R, flags, js_name, name, ...)                     \
  TENON_P_CALLBACK_TYPE(R, flags, js_name, name, __VA_ARGS__)                \
  TENON_P_CALLER(name, call,                                                 \
                 (name * tenon_p_cb,                                         \
                  tenon_c_##R * tenon_p_result TENON_P_EACH(TENON_P_DECL, ~, \
                                                            __VA_ARGS__)),   \
                 tenon_p_result, __VA_ARGS__)                                \
  TENON_P_CALLER(name, await,                                                \
                 (name * tenon_p_cb,                                         \
                  tenon_c_##R * tenon_p_result TENON_P_EACH(TENON_P_DECL, ~, \
                                                            __VA_ARGS__)),   \
                 tenon_p_result, __VA_ARGS__)
#define TENON_P_CALLBACK_1(R, flags, js_name, name, ...)                    \
  TENON_P_CALLBACK_TYPE(R, flags, js_name, name, __VA_ARGS__)               \
  TENON_P_CALLER(                                                           \
      name, call,                                                           \
      (name * tenon_p_cb TENON_P_EACH(TENON_P_DECL, ~, __VA_ARGS__)), NULL, \
      __VA_ARGS__)                                                          \
  TENON_P_CALLER(                                                           \
      name, await,                                                          \
      (name * tenon_p_cb TENON_P_EACH(TENON_P_DECL, ~, __VA_ARGS__)), NULL, \
      __VA_ARGS__)

#define TENON_P_CALLER(name, how, params, result, ...)                        \
  TENON_P_UNUSED static inline int name##_##how params                        \
  {                                                                           \
    struct tenon_p_passed_##name tenon_p_a;                                   \
    TENON_P_EACH(TENON_P_PASS, ~, __VA_ARGS__)                                \
    tenon_p_a.tenon_p_last = 0;                                               \
    return tenon_p_cb ? (TENON_P_HOST->callback_##how)(                       \
                            (tenon_callback *)tenon_p_cb, &tenon_p_a, result) \
                      : TENON_EINVAL;                                         \
  }
#define TENON_P_PASS(c, i, t) \
  TENON_P_PARTS(TENON_P_PASS_, c, i, TENON_P_UNWRAP t)
#define TENON_P_PASS_(c, i, w, n, d) tenon_p_a.n = n;

/* The last member is there so that the struct is never empty. */
#define TENON_P_CALLBACK_TYPE(R, once, js_name, name, ...)              \
  typedef struct name name;                                             \
  typedef name *tenon_c_##name;                                         \
  typedef name *const *tenon_opt_##name;                                \
  enum { tenon_flags_##name = 0 };                                      \
  struct tenon_p_passed_##name {                                        \
    TENON_P_EACH(TENON_P_MEMBER, ~, __VA_ARGS__)                        \
    char tenon_p_last;                                                  \
  };                                                                    \
  static const tenon_field tenon_p_passes_##name[] = {                  \
      TENON_P_EACH(TENON_P_FIELD, tenon_p_passed_##name,                \
                   __VA_ARGS__){NULL, NULL, 0, 0, NULL}};               \
  static const tenon_signature tenon_p_signature_##name = {             \
      sizeof(tenon_signature),                                          \
      once,                                                             \
      js_name,                                                          \
      {"result", &tenon_type_##R, 0, tenon_flags_##R, NULL},            \
      tenon_p_passes_##name,                                            \
      sizeof tenon_p_passes_##name / sizeof *tenon_p_passes_##name - 1, \
      sizeof(struct tenon_p_passed_##name)};                            \
  TENON_P_UNUSED static const tenon_type tenon_type_##name = {          \
      TENON_KIND_CALLBACK,                                              \
      sizeof(name *),                                                   \
      js_name,                                                          \
      NULL,                                                             \
      0,                                                                \
      NULL,                                                             \
      &tenon_p_signature_##name,                                        \
      NULL};                                                            \
  TENON_P_ARRAYS(name)                                                  \
  TENON_P_UNUSED static inline name *name##_keep(name *tenon_p_cb)      \
  {                                                                     \
    return tenon_p_cb ? (name *)(TENON_P_HOST->callback_keep)(          \
                            (tenon_callback *)tenon_p_cb)               \
                      : NULL;                                           \
  }                                                                     \
  TENON_P_POSTER(name, post, __VA_ARGS__)                               \
  TENON_P_POSTER(name, update, __VA_ARGS__)

#define TENON_P_POSTER(name, how, ...)                                \
  TENON_P_UNUSED static inline int name##_##how(                      \
      name *tenon_p_cb TENON_P_EACH(TENON_P_DECL, ~, __VA_ARGS__))    \
  {                                                                   \
    struct tenon_p_passed_##name tenon_p_a;                           \
    TENON_P_EACH(TENON_P_PASS, ~, __VA_ARGS__)                        \
    tenon_p_a.tenon_p_last = 0;                                       \
    return tenon_p_cb ? (TENON_P_HOST->callback_##how)(               \
                            (tenon_callback *)tenon_p_cb, &tenon_p_a) \
                      : TENON_EINVAL;                                 \
  }

TENON_P_END

#endif
