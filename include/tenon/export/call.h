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

/* --- Deferreds: what a TENON_ASYNC function completes --------------------- */

/**
 * Call `fn(d, p)` if the runtime is freed while `d` is open, so that its
 * operation can be stopped: close handles there and end the deferred by
 * TENON_RESOLVE or tenon_deferred_reject, then or later. One a deferred; the
 * last one set counts, NULL takes it back.
 *
 * @return 0; TENON_ECLOSING when the runtime is already being freed: fn was
 *         not and will not be called
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
 * settle deferreds; Tenon runs JavaScript's jobs right then.
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

TENON_P_END

#endif
