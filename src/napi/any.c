/* Handles for the calls of described functions. */
#include "bind/any.h"
#include "engine/extension.h"
#include "napi/env.h"

/* What is to be there again when the call is over. */
typedef struct opened {
  napi_env env;
  tenon_p_scope *scope;
  JSContext *ctx;
  JSValue exception; /* of a call further up, which a host may have left */
} opened;

static void close_call(void *p)
{
  opened *o = p;

  JS_FreeValue(o->env->ctx, o->env->exception);
  o->env->exception = o->exception;
  o->env->ctx = o->ctx;
  tenon_p_scope_close(o->env, o->scope);
}

static void *open_call(tenon_p_engine *e, tenon_p_call *c)
{
  napi_env env = tenon_p_napi_env(e);
  JSContext *running;
  opened *o;

  if (!env || tenon_p_scope_owner(env) == c) return env;
  o = tenon_p_call_alloc(c, sizeof *o);
  if (!o) return NULL;
  o->env = env;
  o->scope = tenon_p_scope_open(env);
  if (!o->scope) return NULL;
  o->exception = env->exception;
  o->ctx = env->ctx;
  running = c->ctx ? c->ctx : tenon_p_running_context(e->rt);
  if (running) env->ctx = running;
  env->exception = JS_UNINITIALIZED;
  if (tenon_p_call_defer(c, close_call, o)) {
    close_call(o);
    return NULL;
  }
  tenon_p_scope_own(env, c);
  return env;
}

static void *push(tenon_p_engine *e, JSValue v)
{
  napi_env env = tenon_p_napi_env(e);

  if (env) return tenon_p_handles_push(env, v);
  JS_FreeValue(e->ctx, v);
  return NULL;
}

static JSValueConst value(void *handle)
{
  return tenon_p_napi_value(handle);
}

static JSValue exception(tenon_p_engine *e, tenon_p_call *c)
{
  napi_env env = tenon_p_napi_find(e);
  JSValue thrown;

  if (!env || tenon_p_scope_owner(env) != c) return JS_UNINITIALIZED;
  thrown = env->exception;
  env->exception = JS_UNINITIALIZED;
  return thrown;
}

int tenon_p_napi_attach(tenon_p_engine *e)
{
  static const tenon_p_any_ops ops = {
      .open = open_call, .push = push, .value = value, .exception = exception};

  return tenon_p_any_attach(e, &ops);
}
