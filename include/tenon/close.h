/**
 * @file
 * Closing a runtime, with a choice about C that still runs for it.
 *
 * What can be cancelled is: calls that are queued for the thread pool are
 * dropped, timers stop, deferreds are told, threads that wait for the runtime
 * are sent away. A C function that runs on the pool cannot be stopped: the host
 * waits for it, or abandons it. Abandoned C has its arguments for itself and
 * touches no runtime; what it returns is freed when it does, on its own thread.
 * docs/closing.md has the order of it all.
 */
#ifndef TENON_CLOSE_H
#define TENON_CLOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tenon/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Set `size` to sizeof(tenon_close_options); what is 0 takes its default. */
typedef struct tenon_close_options {
  size_t size;
  /** Do not wait for C that runs on the thread pool. false: it is waited for. */
  bool abandons;
  /** How long it is waited for before it is abandoned. 0: until it returns. */
  uint64_t timeout_ms;
} tenon_close_options;

/**
 * Close a runtime and free everything in it. No Promise is settled and no script
 * runs; functions of native code that are called on the way (deferreds' on_close,
 * finalizers, close callbacks of libuv) find a runtime that refuses.
 *
 * Abandoned C may call what it could before: tenon_fail and tenon_alloc work,
 * callbacks and deferreds of the runtime return TENON_ECLOSING. It must not use
 * what belongs to the runtime but was not an argument, as a module's state.
 *
 * @param rt              owned; it is gone when the result is 0. NULL is fine
 * @param options         borrowed; NULL for the defaults, tenon_runtime_free's
 * @param[out] abandoned  how many calls are left running; 0 on failure. NULL is
 *                        fine
 * @return 0; TENON_EBUSY (a function of the runtime, or its loop, is on the
 *         stack, or it, or a realm of it, is being closed), TENON_ETHREAD,
 *         TENON_EINVAL (the size of the options): the runtime is as before
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_close(
    tenon_runtime *rt, const tenon_close_options *options, size_t *abandoned);

/**
 * How many calls still run that were abandoned, of all runtimes of the process.
 * While there are any the code of their modules must stay loaded; and exit(3)
 * waits for them, since libuv joins the threads of its pool there: a program
 * that is not to wait ends by _exit(2).
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API size_t tenon_abandoned_calls(void);

#ifdef __cplusplus
}
#endif

#endif
