#include "bind/any.h"

#include "engine/extension.h"
#include "engine/finalize.h"

static const tenon_p_state_type any_type = {.name = "any"};

int tenon_p_any_attach(tenon_p_engine *e, const tenon_p_any_ops *ops)
{
  return tenon_p_engine_attach(e, &any_type, (void *)ops);
}

static const tenon_p_any_ops *ops_of(tenon_p_engine *e)
{
  return tenon_p_engine_get(e, &any_type);
}

static void *open_call(tenon_p_engine *e, tenon_p_call *c)
{
  const tenon_p_any_ops *ops = ops_of(e);

  return ops ? ops->open(e, c) : NULL;
}

int tenon_p_any_open(JSContext *ctx, tenon_p_call *c)
{
  if (open_call(tenon_p_engine_of(ctx), c)) return 0;
  JS_ThrowOutOfMemory(ctx);
  return -1;
}

int tenon_p_read_any(JSContext *ctx, JSValueConst v, void **dst)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  const tenon_p_any_ops *ops = ops_of(e);

  *dst = ops ? ops->push(e, JS_DupValue(ctx, v)) : NULL;
  if (*dst) return 0;
  JS_ThrowOutOfMemory(ctx);
  return -1;
}

JSValue tenon_p_write_any(JSContext *ctx, void *handle)
{
  const tenon_p_any_ops *ops = ops_of(tenon_p_engine_of(ctx));

  return handle && ops ? JS_DupValue(ctx, ops->value(handle)) : JS_UNDEFINED;
}

static JSValue exception_of(tenon_p_engine *e, tenon_p_call *c)
{
  const tenon_p_any_ops *ops = ops_of(e);

  return ops ? ops->exception(e, c) : JS_UNINITIALIZED;
}

JSValue tenon_p_any_end(JSContext *ctx, tenon_p_call *c, JSValue r)
{
  JSValue thrown = exception_of(tenon_p_engine_of(ctx), c);

  if (JS_IsUninitialized(thrown)) return r;
  JS_FreeValue(ctx, r);
  return JS_Throw(ctx, thrown);
}

void tenon_p_any_fail(tenon_p_engine *e, tenon_p_call *c)
{
  JSValue thrown = exception_of(e, c);

  if (!JS_IsUninitialized(thrown)) tenon_p_call_fail_value(c, e->ctx, thrown);
}

static _Thread_local const tenon_p_call *finalizer_call;

bool tenon_p_call_is_finalizer(const tenon_p_call *c)
{
  return c == finalizer_call;
}

void tenon_p_call_finalizer(tenon_p_engine *e, void (*fn)(void *), void *p)
{
  const tenon_p_call *outer = finalizer_call;
  JSValue pending = JS_UNDEFINED;
  bool is_pending;
  tenon_p_call c;

  finalizer_call = &c;
  tenon_p_call_init(&c, false);
  c.calling = TENON_P_CALLING_FINALIZER;
  if (e && tenon_p_finalize_has_runtime(e)) c.ctx = e->ctx;
  is_pending = c.ctx && JS_HasException(c.ctx);
  if (is_pending) pending = JS_GetException(c.ctx);
  c.outer = tenon_p_current_call;
  tenon_p_current_call = &c;
  fn(p);
  tenon_p_current_call = c.outer;
  if (c.ctx) JS_FreeValue(c.ctx, exception_of(e, &c));
  tenon_p_call_release(&c);
  if (is_pending) JS_Throw(c.ctx, pending);
  finalizer_call = outer;
}

JSValueConst tenon_p_any_value(tenon_p_engine *e, void *handle)
{
  return ops_of(e)->value(handle);
}

void *tenon_p_any_push(tenon_p_engine *e, JSValueConst v)
{
  return tenon_p_host_env() ? ops_of(e)->push(e, JS_DupValue(e->ctx, v)) : NULL;
}

void *tenon_p_host_env(void)
{
  tenon_p_call *c = tenon_p_current_call;

  return c && c->ctx ? open_call(tenon_p_engine_of(c->ctx), c) : NULL;
}
