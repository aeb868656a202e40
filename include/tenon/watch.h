/**
 * @file
 * Watching a file descriptor from a host: what waits for it is the loop that
 * runs the program.
 *
 *     tenon_watch *w;
 *
 *     r = tenon_runtime_watch(rt, fd, TENON_WATCH_READABLE, on_ready, p, &w);
 *
 * tenon_watch_set, _close, _hold and _fd are those of <tenon/export/watch.h>.
 */
#ifndef TENON_WATCH_H
#define TENON_WATCH_H

#include <tenon/export/watch.h>
#include <tenon/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Begin to watch a descriptor for a runtime's main realm: tenon_watch_open says
 * how, and what it returns.
 *
 * @param rt        borrowed
 * @param[out] out  closed by tenon_watch_close, or by tenon_runtime_free; NULL
 *                  on failure
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_watch(tenon_runtime *rt, int fd,
                                                   uint32_t events,
                                                   tenon_watch_fn *fn,
                                                   void *data,
                                                   tenon_watch **out);

#ifdef __cplusplus
}
#endif

#endif
