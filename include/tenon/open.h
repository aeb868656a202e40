/**
 * @file
 * What is open in a runtime, and so keeps its loop running: timers, calls on the
 * thread pool, deferreds, child processes, watches, callbacks that hold the
 * loop.
 */
#ifndef TENON_OPEN_H
#define TENON_OPEN_H

#include <stdbool.h>
#include <stddef.h>
#include <tenon/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * How many operations are open. 0 from another thread.
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API size_t tenon_runtime_open_count(tenon_runtime *rt);

/**
 * Remember of what is opened from now on where the script was that did it, or do
 * so no more. It costs some hundred nanoseconds and bytes for each.
 *
 * @return 0, TENON_ETHREAD, TENON_EINVAL (NULL)
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_trace_open(tenon_runtime *rt,
                                                        bool on);

/**
 * Tell what is open. As text, one line that counts by kind, and one for all of a
 * kind that have the same function and place, as far as these are known, the
 * oldest first:
 *
 *     2 timers, 1 pool call
 *       2 timers at /home/me/app.js:12:3
 *       1 pool call of sleep at /home/me/app.js:14:9
 *
 * The place is that of the innermost script when it was opened, but for the
 * library's own; what native code opens outside of scripts has none. Places are
 * there after tenon_runtime_trace_open. As JSON, an array in one line of objects
 * with `what`, `count` and, where known, `function`, `url`, `line`, `column`.
 *
 * @return without a line end; borrowed, valid until the next call into `rt`.
 *         NULL when nothing is open (as JSON `[]`), when memory does not suffice,
 *         and from another thread
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API const char *tenon_runtime_open(tenon_runtime *rt, tenon_form form);

#ifdef __cplusplus
}
#endif

#endif
