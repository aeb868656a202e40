/* Promises that native code settles. */
#include "napi/reference.h"

/* A napi_deferred is a reference to an array of the two functions; it ends as
 * the promise is settled. */
napi_status napi_create_promise(napi_env env, napi_deferred *deferred,
                                napi_value *promise)
{
  napi_status status = tenon_p_napi_enter(env, deferred && promise);
  JSContext *ctx = env->ctx;
  JSValue functions[2], p, pair;
  tenon_p_reference *r;

  if (status) return status;
  p = JS_NewPromiseCapability(ctx, functions);
  if (JS_IsException(p)) return tenon_p_napi_leave(env, napi_pending_exception);
  /* It takes the functions, also when it fails. */
  pair = JS_NewArrayFrom(ctx, 2, functions);
  r = JS_IsException(pair)
          ? NULL
          : tenon_p_reference_new(env, pair, 1, &tenon_p_reference_plain);
  JS_FreeValue(ctx, pair);
  if (!r) {
    JS_FreeValue(ctx, p);
    return tenon_p_napi_leave(env, napi_pending_exception);
  }
  status = tenon_p_napi_give(env, p, promise);
  if (status)
    tenon_p_reference_free(r);
  else
    *deferred = (napi_deferred)(void *)r;
  return tenon_p_napi_leave(env, status);
}

static napi_status settle(napi_env env, napi_deferred deferred,
                          napi_value value, uint32_t which)
{
  napi_status status = tenon_p_napi_enter(env, deferred && value);
  JSContext *ctx = env->ctx;
  tenon_p_reference *r = (tenon_p_reference *)(void *)deferred;
  JSValueConst v;
  JSValue f, done;

  if (status) return status;
  v = tenon_p_napi_value(value);
  f = JS_GetPropertyUint32(ctx, r->value, which);
  done = JS_Call(ctx, f, JS_UNDEFINED, 1, &v);
  JS_FreeValue(ctx, f);
  if (JS_IsException(done))
    return tenon_p_napi_leave_turn(env, napi_pending_exception);
  JS_FreeValue(ctx, done);
  tenon_p_reference_free(r);
  return tenon_p_napi_leave_turn(env, napi_ok);
}

napi_status napi_resolve_deferred(napi_env env, napi_deferred deferred,
                                  napi_value resolution)
{
  return settle(env, deferred, resolution, 0);
}

napi_status napi_reject_deferred(napi_env env, napi_deferred deferred,
                                 napi_value rejection)
{
  return settle(env, deferred, rejection, 1);
}

napi_status napi_is_promise(napi_env env, napi_value value, bool *is_promise)
{
  napi_status status = tenon_p_napi_check(env, value && is_promise);

  if (status) return status;
  *is_promise = JS_IsPromise(tenon_p_napi_value(value));
  return tenon_p_napi_set(env, napi_ok);
}
