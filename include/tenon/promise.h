/**
 * @file
 * Promises and a host: those that it makes and settles, from any thread, and
 * those that it waits for.
 *
 *     tenon_deferred *answer;
 *     napi_value promise;
 *
 *     r = tenon_deferred_new(env, TENON_TYPE(str), "ask", &answer, &promise);
 *     ... hand the promise to a script, the deferred to a thread, which says
 *     r = tenon_deferred_resolve_with(answer, &text);
 *
 *     r = tenon_runtime_await(rt, promise, 1000, &value);
 *
 * The functions that settle a deferred, and what its holds are, are those of
 * modules: <tenon/export/call.h> and <tenon/export/fail.h>, which come with this
 * header. A value is described by a type word, as in <tenon/import.h>.
 */
#ifndef TENON_PROMISE_H
#define TENON_PROMISE_H

#include <tenon/import.h>
#include <tenon/napi.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* --- Those that the host makes -------------------------------------------------- */

/* tenon_deferred_new, and what the caller's own functions go by. */
TENON_API TENON_MUST_CHECK int tenon_p_deferred_make(
    napi_env env, const tenon_type *type, const char *name,
    const tenon_host **host, tenon_deferred **out, napi_value *promise);

/**
 * Make a Promise that the host settles: in the realm that values are made in
 * (tenon_realm_enter). It is an operation of the runtime, and keeps the loop
 * alive until it is settled (tenon_deferred_hold).
 *
 * @param type          static: what it is fulfilled by, TENON_TYPE(word)
 * @param name          the operation, in messages; copied
 * @param[out] out      open; a hold of the caller's: to be settled, or given up
 *                      by tenon_deferred_drop. NULL on failure
 * @param[out] promise  a handle in the innermost scope; NULL on failure
 * @return 0; TENON_EINVAL; TENON_EABI: a type that this library does not know, or
 *         that is for parameters only; TENON_EFULL: as many operations are open
 *         as there may be; TENON_ENOMEM, TENON_ETHREAD, TENON_ECLOSING,
 *         TENON_ETERMINATED, TENON_EEXIT, TENON_EBUSY
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_MUST_CHECK TENON_P_UNUSED static inline int tenon_deferred_new(
    napi_env env, const tenon_type *type, const char *name,
    tenon_deferred **out, napi_value *promise)
{
  return tenon_p_deferred_make(env, type, name, &TENON_P_HOST, out, promise);
}

/* --- Those that it waits for ---------------------------------------------------- */

/**
 * What a Promise is now. No script runs, and no rejection counts as handled.
 *
 * @param[out] status  TENON_PROMISE_NONE: it is no Promise, a thenable too
 * @param[out] result  a handle of the value, or the reason; NULL of others. May
 *                     be NULL
 * @return 0, TENON_EINVAL, TENON_ETHREAD, TENON_ECLOSING, TENON_ENOMEM
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_promise_state(napi_env env,
                                                   napi_value value,
                                                   tenon_promise_status *status,
                                                   napi_value *result);

/**
 * Be told what a Promise comes to: `fn` is called once, on the loop's thread, as
 * a handler of a script would be, in a microtask. What is no Promise is treated
 * as `await` does. It is a handler: a rejection that it is told of is handled.
 *
 * `fn` is called as a native function, where tenon_alloc, tenon_fail, Node-API
 * and calls of the runtime are fine that may run inside of one. What it fails by,
 * or leaves pending, is the rejection of a Promise that nobody handles.
 *
 * TENON_PROMISE_ABANDONED: the Promise was collected, or the runtime is being
 * freed, while it was pending: as of now nobody can settle it. It is told between
 * two steps of a script, or in tenon_runtime_free; what `fn` fails by is dropped
 * then. So `fn` frees `data` in all three cases.
 *
 * Outside of everything this is a turn of the program: of a Promise that is
 * settled `fn` is told before this returns.
 *
 * @return 0; TENON_EEXCEPTION: a getter has thrown, or memory has run out;
 *         TENON_EINVAL, TENON_ETHREAD, TENON_ECLOSING, TENON_ETERMINATED,
 *         TENON_EEXIT, TENON_EBUSY. `fn` is not called then
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_promise_then(napi_env env,
                                                  napi_value value,
                                                  tenon_settled_fn *fn,
                                                  void *data);

/**
 * Run the loop until a Promise is settled. What is no Promise is treated as
 * `await` does: a thenable is asked, any other value is there at once.
 *
 * An error that nobody caught, or a rejection without a handler, elsewhere in the
 * program ends it early, as it ends tenon_runtime_run: TENON_EEXCEPTION, with
 * that error pending, while tenon_promise_state still says pending; waiting again
 * goes on. While this waits, a rejection of the Promise counts as handled.
 *
 * @param timeout_ms  0: only what is ready is run. UINT64_MAX: no limit
 * @param[out] value  a handle in the innermost scope; NULL on failure. May be
 *                    NULL
 * @return 0; TENON_EEXCEPTION: it was rejected, and the reason is pending;
 *         TENON_ETIMEDOUT: it is still pending; TENON_EUNSETTLED: nothing is left
 *         to run, no open deferred either, that could settle it;
 *         TENON_ETERMINATED, TENON_EEXIT; TENON_EBUSY: called from inside of the
 *         runtime; TENON_EINVAL, TENON_ETHREAD, TENON_ENOMEM
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_await(tenon_runtime *rt,
                                                   napi_value promise,
                                                   uint64_t timeout_ms,
                                                   napi_value *value);

/**
 * The same, and the value is converted as an argument of a function is.
 *
 * @param type, value, owner  as of tenon_runtime_read
 * @return also TENON_EEXCEPTION: a value of another type; TENON_EABI,
 *         TENON_EINVAL as tenon_runtime_read
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_await_into(
    tenon_runtime *rt, napi_value promise, uint64_t timeout_ms,
    const tenon_type *type, void *value, tenon_owner **owner);

#ifdef __cplusplus
}
#endif

#endif
