/* Promises of a host: checks, delegates. */
/* The words of the header, and no module of one's own. */
#define TENON_P_LIBRARY
#define TENON_MODULE none
#include <tenon/promise.h>

#include "api/internal.h"
#include "engine/extension.h"
#include "loop/promise.h"
#include "loop/reaction.h"
#include "module/module.h"
#include "napi/env.h"

static int check(napi_env env, bool has_arguments)
{
  if (!env || !has_arguments) return TENON_EINVAL;
  if (!tenon_p_engine_is_here(env->engine)) return TENON_ETHREAD;
  return env->engine->is_closing ? TENON_ECLOSING : 0;
}

/* --- Made ------------------------------------------------------------------------ */

static int make(napi_env env, const tenon_type *type, const char *name,
                tenon_deferred **out, napi_value *promise)
{
  JSContext *ctx = env->ctx;
  JSValue v;
  int r = tenon_p_promise_open(ctx, type, name, out, &v);

  if (r) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    return r;
  }
  *promise = tenon_p_handles_push(env, v);
  if (*promise) return 0;
  tenon_p_deferred_cancel(tenon_p_loop_of(env->engine), *out);
  *out = NULL;
  return TENON_ENOMEM;
}

int tenon_p_deferred_make(napi_env env, const tenon_type *type,
                          const char *name, const tenon_host **host,
                          tenon_deferred **out, napi_value *promise)
{
  int r;

  if (out) *out = NULL;
  if (promise) *promise = NULL;
  r = check(env, type && name && host && out && promise);
  if (r) return r;
  if (!tenon_p_modules_give_host(host)) return TENON_EABI;
  r = tenon_p_engine_enter(env->engine);
  if (r) return r;
  r = make(env, type, name, out, promise);
  tenon_p_engine_leave_quietly(env->engine);
  return r;
}

/* --- Looked at, and told of ------------------------------------------------------- */

int tenon_promise_state(napi_env env, napi_value value,
                        tenon_promise_status *status, napi_value *result)
{
  JSValueConst v;
  int r;

  if (status) *status = TENON_PROMISE_NONE;
  if (result) *result = NULL;
  r = check(env, value && status);
  if (r) return r;
  v = tenon_p_napi_value(value);
  if (!JS_IsPromise(v)) return 0;
  switch (JS_PromiseState(env->ctx, v)) {
  case JS_PROMISE_FULFILLED: *status = TENON_PROMISE_FULFILLED; break;
  case JS_PROMISE_REJECTED: *status = TENON_PROMISE_REJECTED; break;
  default: *status = TENON_PROMISE_PENDING; return 0;
  }
  if (!result) return 0;
  *result = tenon_p_handles_push(env, JS_PromiseResult(env->ctx, v));
  if (*result) return 0;
  *status = TENON_PROMISE_NONE;
  return TENON_ENOMEM;
}

int tenon_promise_then(napi_env env, napi_value value, tenon_settled_fn *fn,
                       void *data)
{
  int r = check(env, value && fn);
  JSValue thrown;
  tenon_p_loop *l;

  if (r == 0) r = tenon_p_engine_enter(env->engine);
  if (r) return r;
  l = tenon_p_loop_of(env->engine);
  r = tenon_p_promise_tell(env->ctx, tenon_p_napi_value(value), fn, data);
  if (r == 0) {
    tenon_p_engine_leave(env->engine);
    return 0;
  }
  thrown = JS_GetException(env->ctx);
  tenon_p_engine_leave(env->engine);
  r = tenon_p_engine_status(env->engine);
  if (r || !l->on_thrown)
    JS_FreeValue(env->ctx, thrown);
  else
    l->on_thrown(l->host, thrown);
  return r ? r : TENON_EEXCEPTION;
}

/* --- Awaited ---------------------------------------------------------------------- */

typedef struct wait {
  JSContext *ctx;
  JSValue promise;
} wait;

static bool is_settled(void *p)
{
  const wait *w = p;

  return JS_PromiseState(w->ctx, w->promise) != JS_PROMISE_PENDING;
}

/* Until it is settled: 0, or the code of a wait that has ended without. */
static int wait_for(tenon_runtime *rt, wait *w, uint64_t timeout_ms)
{
  int r = tenon_p_engine_status(rt->engine);

  if (r || is_settled(w)) return r;
  r = tenon_p_loop_await(rt->loop, timeout_ms, is_settled, w);
  if (is_settled(w)) return tenon_p_engine_status(rt->engine);
  /* Has an error that nobody caught ended it? */
  return r ? r : tenon_p_runtime_take_uncaught(rt);
}

/* Is it that of a Promise which was rejected, and is awaited too late for the
 * program not to be asked? It is told by the wait. */
static void take_reason(tenon_runtime *rt, const wait *w)
{
  JSValue reason = JS_PromiseResult(w->ctx, w->promise);

  if (tenon_p_promise_is_reported(w->promise))
    tenon_p_engine_forget_rejection(rt->engine, reason);
  tenon_p_runtime_set_pending(rt, reason);
}

static int settle(tenon_runtime *rt, wait *w, uint64_t timeout_ms,
                  JSValue *value)
{
  bool was_handled = tenon_p_promise_is_handled(w->promise);
  int r;

  tenon_p_promise_set_handled(w->promise, true);
  tenon_p_engine_leave(rt->engine);
  r = wait_for(rt, w, timeout_ms);
  if (r) {
    /* It is as if nobody had waited. */
    if (!was_handled) tenon_p_promise_set_handled(w->promise, false);
    return r;
  }
  if (JS_PromiseState(w->ctx, w->promise) == JS_PROMISE_REJECTED) {
    take_reason(rt, w);
    return TENON_EEXCEPTION;
  }
  *value = JS_PromiseResult(w->ctx, w->promise);
  return 0;
}

int tenon_p_runtime_await(tenon_runtime *rt, JSValueConst v,
                          uint64_t timeout_ms, JSValue *value)
{
  wait w = {rt->engine->ctx, JS_UNDEFINED};
  int r;

  *value = JS_UNDEFINED;
  if (rt->loop->is_running || rt->loop->is_dispatching || rt->engine->depth)
    return TENON_EBUSY;
  r = tenon_p_engine_enter(rt->engine);
  if (r) return r;
  w.promise = tenon_p_promise_resolve(w.ctx, v);
  if (JS_IsException(w.promise))
    return tenon_p_runtime_leave(rt, TENON_EEXCEPTION);
  r = settle(rt, &w, timeout_ms, value);
  JS_FreeValue(w.ctx, w.promise);
  return r;
}

int tenon_runtime_await(tenon_runtime *rt, napi_value promise,
                        uint64_t timeout_ms, napi_value *value)
{
  int r = tenon_p_runtime_check(rt);
  JSValue v;

  if (value) *value = NULL;
  if (r == 0 && !promise) r = TENON_EINVAL;
  if (r == 0)
    r = tenon_p_runtime_await(rt, tenon_p_napi_value(promise), timeout_ms, &v);
  if (r) return r;
  if (!value) {
    JS_FreeValue(rt->engine->ctx, v);
    return 0;
  }
  *value = tenon_p_handles_push(tenon_p_napi_env(rt->engine), v);
  return *value ? 0 : TENON_ENOMEM;
}
