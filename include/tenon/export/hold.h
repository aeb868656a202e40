/**
 * @file
 * What C holds of JavaScript: values in instances and in the state of functions,
 * functions with a state, state of a module. Part of <tenon/export.h>.
 */
#ifndef TENON_EXPORT_HOLD_H
#define TENON_EXPORT_HOLD_H

#include <tenon/export/any.h>
#include <tenon/export/call.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

TENON_P_BEGIN

/* --- Values that an instance holds ---------------------------------------------- */

/**
 * Let an instance, or the state of a function, hold a value. The collector sees
 * who holds what: cycles through C are collected. It is released by
 * tenon_held_release, or with its owner.
 *
 * @param owner     the T * of an instance that the current call was given, the
 *                  state of a function; NULL: what the constructor that runs
 *                  makes
 * @param value     any value
 * @param[out] out  NULL on failure
 * @return 0, TENON_EINVAL (owner is none, was disposed of, or is borrowed: its
 *         T may outlive it), TENON_ETHREAD, TENON_ENOMEM
 *
 * [thread: loop, inside a call] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_hold(const void *owner,
                                            struct napi_value__ *value,
                                            tenon_held **out)
{
  return (TENON_P_HOST->hold)(owner, value, out);
}

/** The value: a handle of the current call. NULL: out of memory, or off the
 * loop. [thread: loop] [js: never runs] [since 0.1] */
TENON_P_UNUSED static inline struct napi_value__ *tenon_held_value(
    const tenon_held *held)
{
  return held ? (struct napi_value__ *)(TENON_P_HOST->held_value)(held) : NULL;
}

/** NULL is fine; so is one whose owner is being released, but not one whose
 * owner is gone. [thread: loop] [js: never runs] [since 0.1] */
TENON_P_UNUSED static inline void tenon_held_release(tenon_held *held)
{
  if (held) (TENON_P_HOST->held_release)(held);
}

/**
 * As NAME_keep of a callback, but an instance or the state of a function keeps
 * it, as tenon_hold keeps a value: `self->on_data =
 * (listener *)tenon_callback_keep_in(cb, self)`. It is there until
 * tenon_callback_release, and is released with its owner. It is another one than
 * `cb`, which goes with the call; of a callback for once it has the one call.
 * While C keeps it by NAME_keep, too, or the loop waits for it, it does not end
 * with a cycle that it is in.
 *
 * @return NULL: out of memory, off the loop, `owner` is none
 *
 * [thread: loop, inside a call] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline void *tenon_callback_keep_in(void *cb,
                                                          const void *owner)
{
  return cb ? (TENON_P_HOST->callback_keep_in)((tenon_callback *)cb, owner)
            : NULL;
}

/**
 * Say how many bytes an instance owns besides its T, in place of what was said
 * before. TENON_MEMORY asks by itself; this is for what changes outside of the
 * class's own methods.
 *
 * @return 0, TENON_EINVAL (not an instance that the call was given),
 *         TENON_ENOMEM (a limit; what was said before stands)
 *
 * [thread: loop, inside a call] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_report_memory(const void *owner,
                                                     size_t bytes)
{
  return (TENON_P_HOST->report_memory)(owner, bytes);
}

/**
 * Dispose of an instance, as scripts do by Symbol.dispose: what it owns is freed
 * when the last function that uses it has returned.
 *
 * @return 0 (also when it was disposed of), TENON_EINVAL (not an instance that
 *         the call was given), TENON_ETHREAD
 *
 * [thread: loop, inside a call] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_dispose(const void *self)
{
  return (TENON_P_HOST->dispose)(self);
}

/* --- State ------------------------------------------------------------------------ */

/**
 * State of the module's own, one a runtime or a realm: `TENON_STATE(realm, cache,
 * cache_init, cache_release)` defines `cache *cache_state(void)`, the cache of the
 * realm that the current function is of. It is zeroed memory, made by
 * `int cache_init(cache *)` when it is first asked for, and ended by
 * `void cache_release(cache *)`; either may be NULL. Scripts cannot see it, nor
 * other modules: what names it is this file's, whose functions have one cache
 * and those of a file that says the same another one. For more files say it in
 * one of them, and have a function there that returns cache_state().
 *
 * cache_init returns 0, or fails by tenon_fail, or returns anything else for a
 * lack of memory; then there is no state, cache_release is not called, and the
 * next one who asks begins anew. It may ask for other states, which then end
 * behind this one, but not for its own.
 *
 * cache_release is called once, as the free_state of TENON_CLOSURE is: of a
 * realm when nothing of that is left, behind its functions' states; of a runtime
 * behind all realms; in the reverse order of being ready.
 *
 * cache_state returns NULL outside of a call; in a call it has failed then, and
 * tenon_fail adds nothing to that: there is no memory, cache_init has failed or
 * is running, the function runs off the loop, or is one that ends something. A
 * host that sets it up from outside has <tenon/state.h>.
 *
 * [thread: loop, inside a call] [js: never runs, but what init calls]
 * [since 0.1]
 */
#define TENON_STATE(scope, T, init, release) \
  TENON_P_STATE(TENON_P_STATE_##scope, T, init, release)
/** What TENON_STATE has described, for <tenon/state.h>. */
#define TENON_STATE_TYPE(T) (&tenon_p_state_##T)
#define TENON_P_STATE_runtime TENON_STATE_RUNTIME
#define TENON_P_STATE_realm TENON_STATE_REALM
#define TENON_P_STATE(scope, T, init, release)                                \
  static int tenon_p_state_init_##T(void *tenon_p_state)                      \
  {                                                                           \
    int (*tenon_p_f)(T *) = init;                                             \
    int tenon_p_r = 0;                                                        \
    TENON_P_TRY                                                               \
    {                                                                         \
      if (tenon_p_f) tenon_p_r = tenon_p_f((T *)tenon_p_state);               \
    }                                                                         \
    TENON_P_CATCH                                                             \
    return tenon_p_r;                                                         \
  }                                                                           \
  static void tenon_p_state_release_##T(void *tenon_p_state)                  \
  {                                                                           \
    void (*tenon_p_f)(T *) = release;                                         \
    TENON_P_TRY                                                               \
    {                                                                         \
      if (tenon_p_f) tenon_p_f((T *)tenon_p_state);                           \
    }                                                                         \
    TENON_P_CATCH                                                             \
  }                                                                           \
  static const tenon_state_type tenon_p_state_##T = {                         \
      sizeof(tenon_state_type), scope, #T, sizeof(T), tenon_p_state_init_##T, \
      tenon_p_state_release_##T};                                             \
  TENON_P_UNUSED static inline T *T##_state(void)                             \
  {                                                                           \
    return TENON_P_HOST ? (T *)(TENON_P_HOST->state)(&tenon_p_state_##T)      \
                        : NULL;                                               \
  }

TENON_P_END

#endif
