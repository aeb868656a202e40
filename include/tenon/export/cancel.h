/**
 * @file
 * Calls that nobody waits for any more. Part of <tenon/export.h>.
 *
 * A script ends its wait for a call by a signal or a time:
 *
 *     await digest(path, { signal, timeout: 1000 })
 *
 * Its Promise is rejected at once. A call that waits for a thread is not made;
 * one that runs goes on with its own arguments, and what it returns is dropped.
 * It had better ask now and then, and return early.
 */
#ifndef TENON_EXPORT_CANCEL_H
#define TENON_EXPORT_CANCEL_H

#include <tenon/export/call.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

TENON_P_BEGIN

/**
 * Is what the current call makes of no use any more? Its signal was aborted, its
 * time is over, its realm was freed, or the program was told to end or is being
 * freed. Then its result goes nowhere: return, whatever it is. In a function on
 * the loop only the program's end says so, and only that of its time limit comes
 * while it runs. False outside of a call. Cheap enough for a loop.
 *
 * [thread: any, inside a call] [since 0.1]
 */
TENON_P_UNUSED static inline bool tenon_is_cancelled(void)
{
  return TENON_P_HOST && (TENON_P_HOST->is_cancelled)();
}

/**
 * The same of the call that a deferred belongs to, until it is settled.
 *
 * [thread: any] [since 0.1]
 */
TENON_P_UNUSED static inline bool tenon_deferred_is_cancelled(tenon_deferred *d)
{
  return (TENON_P_HOST->deferred_is_cancelled)(d);
}

/**
 * Call `fn(d, p)` when the call is cancelled while `d` is open, so that its
 * operation can be stopped; at once if it is already. Its Promise is rejected by
 * then, but the deferred, with the call's arguments, is there until native code
 * settles it, then or later: what it is settled by is dropped, and
 * TENON_ECANCELED returned, which gives up the hold. Without tenon_deferred_on_close it is called also when
 * the runtime is freed. A thread that settles it at the very same time and fn
 * have to agree on who ends the operation. One a deferred; the last one set counts, NULL takes it
 * back.
 *
 * @return 0; TENON_ETHREAD; TENON_ECLOSING when the runtime is already being
 *         freed. `fn` was not and will not be called then
 *
 * [thread: loop, and fn is called there] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_deferred_on_cancel(
    tenon_deferred *d, void (*fn)(tenon_deferred *d, void *p), void *p)
{
  return (TENON_P_HOST->deferred_on_cancel)(d, fn, p);
}

TENON_P_END

#endif
