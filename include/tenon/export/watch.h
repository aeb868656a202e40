/**
 * @file
 * Watching a file descriptor on the loop. Part of <tenon/export.h>; hosts begin
 * a watch by <tenon/watch.h>, and the rest is the same.
 *
 *     static void on_ready(tenon_watch *w, int status, uint32_t events, void *p)
 *     {
 *       if (status == 0) read_some(p, tenon_watch_fd(w));
 *       else tenon_watch_close(w, free_it);
 *     }
 *
 *     TENON_FUNCTION(none, listen, (i32, fd))
 *     {
 *       tenon_watch *w;
 *       int r = tenon_watch_open(fd, TENON_WATCH_READABLE, on_ready, p, &w);
 *       if (r) tenon_fail_system(r, "watch", NULL);
 *     }
 */
#ifndef TENON_EXPORT_WATCH_H
#define TENON_EXPORT_WATCH_H

#include <stdbool.h>
#include <tenon/error.h>
#include <tenon/export/module.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

TENON_P_BEGIN

/**
 * Begin to watch a descriptor for the runtime, and the realm, of the function or
 * the watch whose code calls this.
 *
 * It is level-triggered: as long as the descriptor is readable `fn` is called, in
 * each turn of the loop, until that was read or the watch has other events. The
 * descriptor stays the caller's, blocking or not as it is: close the watch
 * before it, and as soon as tenon_watch_close has returned close it.
 *
 * A watch that waits for something keeps the loop alive (tenon_watch_hold).
 *
 * @param fd        a socket, pipe, terminal, eventfd and the like
 * @param events    of enum tenon_watch_events; 0: it waits for nothing yet
 * @param data      the caller's
 * @param[out] out  closed by tenon_watch_close, or by the end of the realm or
 *                  the runtime; NULL on failure
 * @return 0; UV_EPERM (a file or a folder, which is always ready and cannot be
 *         watched); UV_EBADF (it is not open); UV_EEXIST (it is being watched:
 *         one watch has all events of a descriptor, or a duplicate of it has
 *         its own); TENON_EINVAL (no such events, `fn` is NULL, outside of all
 *         functions and watches); TENON_ETHREAD (off the loop); TENON_ECLOSING;
 *         TENON_EFULL (as many operations or handles are open as there may be);
 *         TENON_ENOMEM
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_watch_open(int fd, uint32_t events,
                                                  tenon_watch_fn *fn,
                                                  void *data, tenon_watch **out)
{
  if (TENON_P_HOST)
    return (TENON_P_HOST->watch_open)(fd, events, fn, data, out);
  if (out) *out = NULL;
  return TENON_EINVAL;
}

/**
 * Watch for other events; 0: for none, and then it does not keep the loop alive.
 * A watch that was stopped by an error goes on.
 *
 * @return 0; UV_EBADF (the descriptor was closed); TENON_EINVAL (no such events,
 *         a watch of NULL); TENON_ETHREAD; TENON_EALREADY (it was closed)
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_watch_set(tenon_watch *w,
                                                 uint32_t events)
{
  return w ? (w->calls->set)(w, events) : TENON_EINVAL;
}

/**
 * Close a watch: `fn` is not called any more, and the descriptor may be closed at
 * once.
 *
 * @param closed  called with the watch's data on a later turn of the loop, or
 *                when the runtime is freed: once nothing of the watch is left.
 *                Until then `w` may be closed again, to no effect. NULL: nobody
 *                wants to know
 * @return 0; TENON_EALREADY (it was closed: `closed` will not be called);
 *         TENON_ETHREAD; TENON_EINVAL (NULL)
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_watch_close(tenon_watch *w,
                                                   void (*closed)(void *data))
{
  return w ? (w->calls->close)(w, closed) : TENON_EINVAL;
}

/**
 * Let a watch keep the loop alive while it waits for something, as it does from
 * the beginning, or not.
 *
 * @return 0, TENON_EALREADY (it was closed), TENON_ETHREAD, TENON_EINVAL
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_watch_hold(tenon_watch *w, bool on)
{
  return w ? (w->calls->hold)(w, on) : TENON_EINVAL;
}

/** The descriptor. [thread: any] [js: never runs] [since 0.1] */
TENON_P_UNUSED static inline int tenon_watch_fd(const tenon_watch *w)
{
  return w->fd;
}

TENON_P_END

#endif
