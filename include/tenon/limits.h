/**
 * @file
 * What a runtime may use, altogether and in one call.
 *
 * Limits of time, CPU time and memory end a program when they are reached, as
 * tenon_runtime_terminate does: no script catches that. The others refuse what
 * would be too much, by an error that scripts may catch.
 *
 * In a host's own runtime (tenon/quickjs.h) the limits are that host's, by the
 * engine's interface: there is no tenon_runtime to ask here.
 */
#ifndef TENON_LIMITS_H
#define TENON_LIMITS_H

#include <tenon/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Set `size` to sizeof(tenon_limit_state). */
typedef struct tenon_limit_state {
  size_t size;    /**< and on return: the bytes that were filled in */
  uint64_t limit; /**< as it was set; 0: none */
  /** Bytes; milliseconds since the limit was set; or how many are open. Stack:
   * in use by the current call, 0 outside of one. */
  uint64_t used;
} tenon_limit_state;

/**
 * Set one limit of a runtime, at any time, from inside of a call too. It holds
 * at once: what is used already is not taken away, but no more of it is given.
 *
 * - TENON_LIMIT_MEMORY: bytes, options.memory_limit_bytes
 * - TENON_LIMIT_EXTERNAL: bytes, options.external_limit_bytes
 * - TENON_LIMIT_STACK: bytes, options.stack_limit_bytes; 0: 1 MiB
 * - TENON_LIMIT_TIME: milliseconds of wall-clock time from now,
 *   tenon_runtime_set_time_limit
 * - TENON_LIMIT_CPU: milliseconds of CPU time from now, of the runtime's thread
 *   while it is inside of this runtime: scripts, native functions that they
 *   call there, garbage collection. Waiting costs nothing, nor do threads of
 *   the pool. A native function that runs another runtime meanwhile is charged
 *   for it.
 * - TENON_LIMIT_OPERATIONS: how many operations may be open: timers, deferreds,
 *   calls on the pool, children, watches. One more is a RangeError, thrown or
 *   what the Promise is rejected with, whose `code` is 'EFULL'.
 * - TENON_LIMIT_HANDLES: how many of these may be handles of the loop: timers,
 *   children, watches. Refused likewise.
 *
 * @param amount  0: no limit (any more)
 * @return 0, TENON_ETHREAD, TENON_EBUSY (a host's function takes a dump),
 *         TENON_EINVAL (no such limit)
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_set_limit(tenon_runtime *rt,
                                                       tenon_limit which,
                                                       uint64_t amount);

/**
 * What one limit is, and how much of it is used. Those of open scopes
 * (tenon_runtime_begin_limits) are not told.
 *
 * @param[in,out] out  the caller's; unchanged on failure
 * @return 0, TENON_ETHREAD, TENON_EBUSY, TENON_EINVAL (no such limit; out->size
 *         is smaller than any that this library knows; of a larger one the rest
 *         is left as it is)
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_get_limit(tenon_runtime *rt,
                                                       tenon_limit which,
                                                       tenon_limit_state *out);

/** Set `size` to sizeof(tenon_call_limits); what is 0 is not limited. */
typedef struct tenon_call_limits {
  size_t size;
  uint64_t time_ms; /**< of wall-clock time, from now */
  uint64_t cpu_ms;  /**< of CPU time as TENON_LIMIT_CPU counts it, from now */
  size_t memory_bytes; /**< more than is used now */
  size_t stack_bytes;  /**< from where the next call, or this one, is made */
} tenon_call_limits;

/**
 * Begin a scope: limits for the calls that the host makes until its end. Scopes
 * may be nested, also from inside of a native function; of several limits the
 * tightest holds, be it the runtime's own. What a scope's time, CPU time or
 * memory ends is ended as by tenon_runtime_terminate; deeper recursion than its
 * stack allows is a RangeError.
 *
 *     uint64_t scope;
 *     tenon_limit reached;
 *     int r = tenon_runtime_begin_limits(rt, &limits, &scope);
 *     if (r == 0) {
 *       r = tenon_runtime_eval(rt, text, len, NULL);
 *       (void)tenon_runtime_end_limits(rt, scope, &reached);
 *     }
 *
 * One that was begun inside of a native function ends with that call from the
 * host at the latest; what it has ended stays ended then.
 *
 * @param limits      borrowed
 * @param[out] scope  never 0, and never the same again; 0 on failure
 * @return 0, TENON_ETHREAD, TENON_EBUSY, TENON_ENOMEM, TENON_ECLOSING,
 *         TENON_EINVAL (limits->size is not one that this library knows)
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_begin_limits(
    tenon_runtime *rt, const tenon_call_limits *limits, uint64_t *scope);

/**
 * End the innermost scope. Where one of its own limits has ended the program
 * that is taken back: scripts may run again, and jobs that had not started are
 * still there. What ended it otherwise stays: tenon_runtime_limit,
 * tenon_runtime_resume.
 *
 * @param[out] reached  which of its own limits was reached, TENON_LIMIT_NONE
 *                      when none was; may be NULL
 * @return 0; TENON_ETHREAD; TENON_EINVAL (it is not open: never begun, ended
 *         already, or with its call); TENON_EBUSY (another scope was begun in it
 *         and not ended, or it was begun outside of the call of the host that
 *         this one is made in). Nothing has changed where it is not 0.
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_end_limits(tenon_runtime *rt,
                                                        uint64_t scope,
                                                        tenon_limit *reached);

#ifdef __cplusplus
}
#endif

#endif
