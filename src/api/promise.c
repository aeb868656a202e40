/* Promises of a host: checks, delegates. */
/* The words of the header, and no module of one's own. */
#define TENON_P_LIBRARY
#define TENON_MODULE none
#include <tenon/promise.h>

#include "api/internal.h"
#include "loop/promise.h"
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
