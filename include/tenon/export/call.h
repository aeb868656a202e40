/**
 * @file
 * What the code of a module may call: memory of the call, deferreds.
 * Part of <tenon/export.h>.
 */
#ifndef TENON_EXPORT_CALL_H
#define TENON_EXPORT_CALL_H

#include <tenon/export/exception.h>
#include <tenon/export/fail.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

TENON_P_BEGIN

/* --- What a native function may call -------------------------------------- */

/**
 * Memory of the current call, aligned for any type, released by Tenon once the
 * result was converted. NULL when out of memory or outside of a call.
 *
 * [thread: any, inside a call] [since 0.1]
 */
TENON_P_UNUSED static inline void *tenon_alloc(size_t size_bytes)
{
  return TENON_P_HOST ? (TENON_P_HOST->alloc)(size_bytes) : NULL;
}

/**
 * Call `fn(p)` when the current call is over, last registered first. Returns
 * `p`. When there is no memory left to remember it, fn(p) runs at once and
 * NULL is returned: `p = tenon_defer(free, malloc(n))` needs one check.
 *
 * [thread: any, inside a call] [since 0.1]
 */
TENON_P_UNUSED static inline void *tenon_defer(void (*fn)(void *), void *p)
{
  if (!p) return NULL;
  if (TENON_P_HOST && (TENON_P_HOST->defer)(fn, p) == 0) return p;
  fn(p);
  return NULL;
}

/** A string of C as a tenon_str; NULL gives the empty one. Borrowed. */
TENON_P_UNUSED static inline tenon_str tenon_str_of(const char *s)
{
  tenon_str r = {s ? s : "", 0};
  while (r.data[r.len])
    r.len++;
  return r;
}

/* --- Deferreds: Promises that native code settles -------------------------- */

/* A TENON_ASYNC function has one; tenon_promise_new and tenon_deferred_new
 * (<tenon/promise.h>) make others. Whoever has a deferred has a hold on it, which
 * is given up by settling it, with the code 0, TENON_ECLOSING or TENON_ECANCELED,
 * or by tenon_deferred_drop. Other codes leave the hold as it was. */

/**
 * Call `fn(d, p)` if the runtime is freed while `d` is open, so that its
 * operation can be stopped: close handles there and end the deferred by
 * TENON_RESOLVE or tenon_deferred_reject, then or later. One a deferred; the
 * last one set counts, NULL takes it back.
 *
 * @return 0; TENON_ETHREAD; TENON_ECLOSING when the runtime is already being
 *         freed. `fn` was not and will not be called then
 *
 * [thread: loop, and fn is called there] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_deferred_on_close(
    tenon_deferred *d, void (*fn)(tenon_deferred *d, void *p), void *p)
{
  return (TENON_P_HOST->deferred_on_close)(d, fn, p);
}

/**
 * Memory that lives as long as the deferred, as the arguments do. NULL when
 * out of memory. To be called before another thread gets the deferred. A handle of libuv needs to outlive its uv_close and so does
 * not belong here. [thread: loop] [since 0.1]
 */
TENON_P_UNUSED static inline void *tenon_deferred_alloc(tenon_deferred *d,
                                                        size_t size_bytes)
{
  return (TENON_P_HOST->deferred_alloc)(d, size_bytes);
}

/**
 * The loop of the runtime: a `uv_loop_t *`. Borrowed. Callbacks on it may
 * settle deferreds; Tenon runs JavaScript's jobs right then. NULL from another
 * thread, and when the runtime is gone.
 * [thread: loop] [since 0.1]
 */
TENON_P_UNUSED static inline struct uv_loop_s *tenon_deferred_loop(
    tenon_deferred *d)
{
  return (struct uv_loop_s *)(TENON_P_HOST->deferred_loop)(d);
}

/**
 * Settle the Promise of the TENON_ASYNC function `name` by a result, which is
 * copied: `TENON_RESOLVE(sleep, d)`, `TENON_RESOLVE(size_of, d, n)`. The value
 * is of the function's result type. Returns as tenon_deferred_reject does.
 *
 * [thread: any] [since 0.1]
 */
#define TENON_RESOLVE(name, ...) tenon_p_resolve_##name(__VA_ARGS__)

/**
 * The same of any deferred: `value` points at a value of its type, in C; NULL
 * when that is `none`. It is copied, and what it points at, too. An `any` and an
 * `any` that is a part are for the loop's thread; new instances of classes are
 * handed over by the codes 0 alone.
 *
 * @return 0; TENON_ECLOSING: the runtime is being freed, and the Promise is gone;
 *         TENON_ECANCELED: its call was cancelled (tenon_deferred_on_cancel); all
 *         three give up the hold. TENON_EALREADY: somebody else has settled it;
 *         TENON_ETHREAD: an `any`, on another thread; TENON_EINVAL: NULL
 *
 * [thread: any] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_deferred_resolve_with(tenon_deferred *d,
                                                             const void *value)
{
  return (TENON_P_HOST->deferred_resolve)(d, value);
}

/**
 * One more hold, for another thread that may settle it: the first one does, and
 * the others are told TENON_EALREADY and drop theirs. Returns `d`.
 *
 * [thread: any, by who has a hold] [since 0.1]
 */
TENON_P_UNUSED static inline tenon_deferred *tenon_deferred_dup(
    tenon_deferred *d)
{
  return (TENON_P_HOST->deferred_dup)(d);
}

/**
 * Give up a hold. With the last one of a deferred that nobody has settled, the
 * Promise is rejected by an Error, `NAME: the operation was dropped before it was
 * settled`, whose `code` is 'EDROPPED'. NULL is fine. Its type is that of a
 * destructor.
 *
 * [thread: any] [since 0.1]
 */
TENON_P_UNUSED static inline void tenon_deferred_drop(void *d)
{
  if (d) (TENON_P_HOST->deferred_drop)((tenon_deferred *)d);
}

/**
 * Does an open deferred keep the loop alive? It does, unless this says no.
 *
 * @return 0; TENON_EALREADY: it is not open any more; TENON_ECLOSING,
 *         TENON_ETHREAD
 *
 * [thread: loop] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_deferred_hold(tenon_deferred *d, int on)
{
  return (TENON_P_HOST->deferred_hold)(d, on);
}

TENON_P_END

#endif
