/**
 * @file
 * Promises and a host: those that it makes and settles, from any thread.
 *
 *     tenon_deferred *answer;
 *     napi_value promise;
 *
 *     r = tenon_deferred_new(env, TENON_TYPE(str), "ask", &answer, &promise);
 *     ... hand the promise to a script, the deferred to a thread, which says
 *     r = tenon_deferred_resolve_with(answer, &text);
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

#ifdef __cplusplus
}
#endif

#endif
