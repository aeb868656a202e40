/**
 * @file
 * Values of any type, as Node-API has them. Part of <tenon/export.h>.
 */
#ifndef TENON_EXPORT_ANY_H
#define TENON_EXPORT_ANY_H

#include <tenon/export/words.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

TENON_P_BEGIN

struct napi_env__;
struct napi_value__;

/* The word `any` is a napi_value. As a result, and as an argument of a callback,
 * NULL is undefined. Handles of arguments, and of what callbacks return, live
 * until the native function returns; outside of one, in the handle scope that
 * is open. On the loop's thread only: a function with an `any` has no `.async`,
 * and is no TENON_BLOCKING or TENON_ASYNC. */
TENON_P_WORD(any, struct napi_value__ *, TENON_KIND_ANY, "any")

/**
 * The napi_env of the current call, for the functions of <tenon/napi.h>. What
 * they leave as pending exception when the native function returns is thrown as
 * it is. Handles that are made live until then.
 *
 * @return NULL outside of a native function, on a thread of the pool, and when
 *         memory has run out
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline struct napi_env__ *tenon_env(void)
{
  return TENON_P_HOST ? (struct napi_env__ *)(TENON_P_HOST->env)() : NULL;
}

/**
 * Make a Promise that is no call's, to hand it out as an `any`: as a result, as a
 * member, several at once.
 *
 *     TENON_FUNCTION(any, next_line)
 *     {
 *       tenon_deferred *d;
 *       napi_value promise = tenon_promise_new(TENON_TYPE(str), "next_line", &d);
 *       if (promise) wait_for_line(d);
 *       return promise;
 *     }
 *
 * @param type     static: what it is fulfilled by, TENON_TYPE(word)
 * @param name     the operation, in messages; copied
 * @param[out] d   open; a hold of the caller's. NULL on failure
 * @return a handle of the current call; NULL on failure, and then the call has
 *         failed by the reason, but off the loop and outside of a call
 *
 * [thread: loop, inside a call] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline struct napi_value__ *tenon_promise_new(
    const tenon_type *type, const char *name, tenon_deferred **d)
{
  *d = NULL;
  return TENON_P_HOST
             ? (struct napi_value__ *)(TENON_P_HOST->promise_new)(type, name, d)
             : NULL;
}

/**
 * Settle a Promise by rejecting it with a value of JavaScript, as it is. As
 * tenon_deferred_reject; TENON_ETHREAD: on another thread than the loop's.
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_deferred_reject_value(
    tenon_deferred *d, struct napi_value__ *value)
{
  return (TENON_P_HOST->deferred_reject_value)(d, value);
}

/**
 * Be told what a Promise that came as an `any` comes to, as tenon_promise_then of
 * <tenon/promise.h>: `fn` is called once, on the loop, as a native function. A
 * value that is no Promise is what it has come to.
 *
 * @return 0; TENON_EEXCEPTION: the call has failed, and `fn` is not called;
 *         TENON_ETHREAD: on the pool; TENON_EINVAL: NULL, or outside of a call
 *
 * [thread: loop, inside a call] [js: runs, where `then` is a getter]
 * [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_then(struct napi_value__ *value,
                                            tenon_settled_fn *fn, void *data)
{
  return (TENON_P_HOST->promise_then)(value, fn, data);
}

TENON_P_END

#endif
