#include "loop/cancel.h"

#include <stdlib.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "loop/deferred.h"

/* A time that is never over: nobody waits for so long. */
#define NEVER_MS 1e15

typedef struct tenon_p_cancels {
  tenon_p_engine *engine;
  tenon_p_dues dues; /* of tenon_p_cancel.due */
  uv_timer_t *clock; /* for the first of them; NULL once closed */
} cancels;

static void cancels_close(tenon_p_engine *e, void *state);
static void cancels_free(tenon_p_engine *e, void *state);

static const tenon_p_state_type cancels_type = {
    .name = "cancels", .close = cancels_close, .free = cancels_free};

/* --- Times -------------------------------------------------------------------------- */

static void on_clock(uv_timer_t *clock);

static void set_clock(cancels *all)
{
  const tenon_p_due *first = tenon_p_due_first(&all->dues);
  uint64_t now;

  if (!all->clock) return;
  if (!first) {
    uv_timer_stop(all->clock);
    return;
  }
  now = uv_now(all->clock->loop);
  uv_timer_start(all->clock, on_clock,
                 first->at_ms > now ? first->at_ms - now : 0, 0);
}

static void on_clock(uv_timer_t *clock)
{
  cancels *all = clock->data;
  tenon_p_loop *l = tenon_p_loop_of(all->engine);
  uint64_t now = uv_now(clock->loop);
  tenon_p_due *d;

  while ((d = tenon_p_due_first(&all->dues)) && d->at_ms <= now) {
    tenon_p_due_stop(&all->dues, d);
    tenon_p_loop_make_ready(l,
                            &tenon_p_container(d, tenon_p_cancel, due)->ready);
  }
  set_clock(all);
  tenon_p_loop_dispatch_soon(l);
}

/* The same as AbortSignal.timeout has. */
static void on_late(tenon_p_loop *l, tenon_p_ready *r)
{
  tenon_p_cancel *c = tenon_p_container(r, tenon_p_cancel, ready);
  JSContext *ctx = JS_DupContext(c->ctx);
  JSValue reason;

  (void)l;
  JS_ThrowDOMException(ctx, "TimeoutError", "The operation timed out");
  reason = JS_GetException(ctx);
  c->fn(c->owner, ctx, reason);
  JS_FreeValue(ctx, reason);
  JS_FreeContext(ctx);
}

/* --- Signals ------------------------------------------------------------------------ */

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

static int start_clock(tenon_p_cancel *c, double timeout_ms)
{
  cancels *all = c->all;
  const tenon_p_due *first = tenon_p_due_first(&all->dues);

  if (tenon_p_due_join(&all->dues, &c->due, (uint64_t)timeout_ms)) return -1;
  tenon_p_due_start(&all->dues, &c->due, uv_now(all->clock->loop));
  if (tenon_p_due_first(&all->dues) != first) set_clock(all);
  return 0;
}

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
  *c = (tenon_p_cancel){.all = tenon_p_engine_get(e, &cancels_type),
                        .ctx = ctx,
                        .signal = JS_UNDEFINED,
                        .owner = owner,
                        .fn = fn};
  tenon_p_list_init(&c->ready.link);
  tenon_p_list_init(&c->due.link);
  c->ready.run = on_late;
  c->listener.fn = on_abort;
  if (has_time && start_clock(c, o->timeout_ms)) goto fail;
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
  cancels *all;

  if (!c) return;
  all = c->all;
  tenon_p_signal_unlisten(&c->listener);
  JS_FreeValue(c->ctx, c->signal);
  tenon_p_list_remove(&c->ready.link);
  if (c->due.queue) {
    tenon_p_due_stop(&all->dues, &c->due);
    tenon_p_due_leave(&all->dues, &c->due);
  }
  tenon_p_heap_free(&all->engine->heap, c);
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

/* --- Life --------------------------------------------------------------------------- */

static void free_clock(uv_handle_t *clock)
{
  free(clock);
}

int tenon_p_cancels_attach(tenon_p_engine *e)
{
  cancels *all = tenon_p_heap_alloc(&e->heap, sizeof *all);

  if (!all) return TENON_ENOMEM;
  all->engine = e;
  tenon_p_dues_init(&all->dues, e);
  all->clock = tenon_p_calloc(sizeof *all->clock);
  if (all->clock && tenon_p_engine_attach(e, &cancels_type, all) == 0) {
    uv_timer_init(tenon_p_loop_of(e)->uv, all->clock);
    all->clock->data = all;
    /* The calls keep the loop alive. */
    uv_unref((uv_handle_t *)all->clock);
    return 0;
  }
  free(all->clock);
  tenon_p_heap_free(&e->heap, all);
  return TENON_ENOMEM;
}

static void cancels_close(tenon_p_engine *e, void *state)
{
  cancels *all = state;

  (void)e;
  uv_close((uv_handle_t *)all->clock, free_clock);
  all->clock = NULL;
}

static void cancels_free(tenon_p_engine *e, void *state)
{
  cancels *all = state;

  tenon_p_dues_release(&all->dues);
  tenon_p_heap_free(&e->heap, all);
}
