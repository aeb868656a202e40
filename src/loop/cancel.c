#include "loop/cancel.h"

#include "loop/deferred.h"

/* A time that is never over: nobody waits for so long. */
#define NEVER_MS 1e15

/* --- What ends it --------------------------------------------------------------------- */

/* The same as AbortSignal.timeout has. */
static void on_late(tenon_p_loop *l, tenon_p_ready *r)
{
  tenon_p_cancel *c = tenon_p_container(r, tenon_p_cancel, late.ready);
  JSContext *ctx = JS_DupContext(c->ctx);
  JSValue reason;

  (void)l;
  JS_ThrowDOMException(ctx, "TimeoutError", "The operation timed out");
  reason = JS_GetException(ctx);
  c->fn(c->owner, ctx, reason);
  JS_FreeValue(ctx, reason);
  JS_FreeContext(ctx);
}

static void on_abort(tenon_p_abort_listener *listener, JSContext *ctx,
                     JSValueConst reason)
{
  tenon_p_cancel *c = tenon_p_container(listener, tenon_p_cancel, listener);
  JSValue held = JS_DupValue(ctx, reason);
  JSContext *own = JS_DupContext(c->ctx);

  c->fn(c->owner, own, held);
  JS_FreeContext(own);
  JS_FreeValue(ctx, held);
}

/* --- One ---------------------------------------------------------------------------- */

int tenon_p_cancel_new(JSContext *ctx, const tenon_p_call_options *o,
                       void (*fn)(void *owner, JSContext *ctx,
                                  JSValueConst reason),
                       void *owner, tenon_p_cancel **out)
{
  bool has_time = o->timeout_ms >= 0 && o->timeout_ms < NEVER_MS;
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  tenon_p_cancel *c = NULL;

  *out = NULL;
  if (JS_IsUndefined(o->signal) && !has_time) return 0;
  if (tenon_p_engine_admits(e, sizeof *c))
    c = tenon_p_heap_alloc(&e->heap, sizeof *c);
  if (!c) goto fail;
  *c = (tenon_p_cancel){
      .ctx = ctx, .signal = JS_UNDEFINED, .owner = owner, .fn = fn};
  c->listener.fn = on_abort;
  if (has_time) {
    tenon_p_loop *l = tenon_p_loop_of(e);
    if (tenon_p_alarm_init(l, &c->late, (uint64_t)o->timeout_ms, on_late))
      goto fail;
    tenon_p_alarm_start(l, &c->late);
  }
  if (!JS_IsUndefined(o->signal)) {
    c->signal = JS_DupValue(ctx, o->signal);
    tenon_p_signal_listen(tenon_p_signal_of(ctx, o->signal), &c->listener);
  }
  *out = c;
  return 0;
fail:
  tenon_p_heap_free(&e->heap, c);
  JS_ThrowOutOfMemory(ctx);
  return -1;
}

void tenon_p_cancel_free(tenon_p_cancel *c)
{
  tenon_p_engine *e;

  if (!c) return;
  e = tenon_p_engine_of(c->ctx);
  tenon_p_signal_unlisten(&c->listener);
  JS_FreeValue(c->ctx, c->signal);
  tenon_p_alarm_end(tenon_p_loop_of(e), &c->late);
  tenon_p_heap_free(&e->heap, c);
}

/* --- What native code asks ------------------------------------------------------------ */

int tenon_p_host_is_cancelled(void)
{
  const tenon_p_call *c = tenon_p_current_call;
  const tenon_p_engine *e;

  if (!c) return 0;
  if (!c->ctx) return tenon_p_pool_is_cancelled();
  if (tenon_p_deferred_is_cancelled_in(c)) return 1;
  e = tenon_p_engine_of(c->ctx);
  if (e->is_closing || tenon_p_engine_status(e)) return 1;
  return e->deadline_ns && tenon_p_engine_now_ns() >= e->deadline_ns;
}
