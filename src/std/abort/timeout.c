#include "std/abort/timeout.h"

#include <tenon/error.h>

#include "loop/loop.h"

/* Ends when it has fired, when nobody can see its signal any more, and with its
 * realm. */
typedef struct timeout {
  tenon_p_alarm alarm;
  tenon_p_operation operation;
  tenon_p_list link;
  struct timeouts *owner;
  tenon_p_signal_waiter waiter;
} timeout;

typedef struct timeouts {
  tenon_p_engine *engine;
  tenon_p_list all; /* of timeout.link */
} timeouts;

static void timeouts_close(tenon_p_engine *e, void *state);
static void timeouts_free(tenon_p_engine *e, void *state);
static void timeouts_close_realm(tenon_p_engine *e, void *state,
                                 tenon_p_realm *r);

static const tenon_p_state_type timeouts_type = {.name = "timeouts",
                                                 .close = timeouts_close,
                                                 .free = timeouts_free,
                                                 .close_realm =
                                                     timeouts_close_realm};

static const tenon_p_operation_kind timeout_kind = {
    .one = "timeout", .many = "timeouts", .is_handle = true};

static void end(timeout *t)
{
  tenon_p_engine *e = t->owner->engine;

  tenon_p_operation_end(&t->operation);
  tenon_p_alarm_end(tenon_p_loop_of(e), &t->alarm);
  tenon_p_list_remove(&t->link);
  /* It may free the signal, whose end looks here. */
  tenon_p_signal_stop_waiting(&t->waiter);
  tenon_p_heap_free(&e->heap, t);
}

static void on_gone(tenon_p_signal_waiter *w)
{
  end(tenon_p_container(w, timeout, waiter));
}

/* Where there is no memory for the reason, that is the reason. */
static void fire(tenon_p_loop *l, tenon_p_ready *r)
{
  timeout *t = tenon_p_container(r, timeout, alarm.ready);
  tenon_p_signal *s = tenon_p_signal_dup(t->waiter.signal);
  JSContext *ctx = JS_DupContext(tenon_p_signal_realm(s));
  JSValue object = tenon_p_signal_object(ctx, s);
  JSValue reason;

  (void)l;
  end(t);
  reason = tenon_p_timeout_reason(ctx);
  if (JS_IsException(reason)) reason = JS_GetException(ctx);
  if (tenon_p_signal_abort(ctx, s, reason)) tenon_p_realm_take_exception(ctx);
  JS_FreeValue(ctx, reason);
  JS_FreeValue(ctx, object);
  tenon_p_signal_unref(s);
  JS_FreeContext(ctx);
}

/* NULL: no memory. */
static timeout *new_timeout(timeouts *all, tenon_p_loop *l, uint64_t timeout_ms)
{
  timeout *t = NULL;

  if (tenon_p_engine_admits(all->engine, sizeof *t))
    t = tenon_p_heap_alloc(&all->engine->heap, sizeof *t);
  if (!t) return NULL;
  if (tenon_p_alarm_init(l, &t->alarm, timeout_ms, fire)) {
    tenon_p_heap_free(&all->engine->heap, t);
    return NULL;
  }
  t->owner = all;
  t->waiter.gone = on_gone;
  tenon_p_operation_init(&t->operation);
  tenon_p_list_init(&t->link);
  return t;
}

int tenon_p_timeout_start(JSContext *ctx, tenon_p_signal *s,
                          uint64_t timeout_ms)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  timeouts *all = tenon_p_engine_get(e, &timeouts_type);
  tenon_p_loop *l = tenon_p_loop_of(e);
  timeout *t;

  /* Nobody waits for a realm that was freed. */
  if (e->is_closing || tenon_p_realm_of(ctx)->is_closed) return 0;
  if (tenon_p_operation_admit(ctx, &timeout_kind, "AbortSignal.timeout"))
    return -1;
  t = new_timeout(all, l, timeout_ms);
  if (!t) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  tenon_p_operation_begin(l, &t->operation, &timeout_kind);
  tenon_p_list_append(&all->all, &t->link);
  tenon_p_alarm_start(l, &t->alarm);
  tenon_p_signal_wait(s, &t->waiter);
  return 0;
}

/* --- Life -------------------------------------------------------------------- */

/* The end of one may let go of values, and so end others. */
static void end_all(tenon_p_list *list)
{
  while (!tenon_p_list_is_empty(list))
    end(tenon_p_container(list->next, timeout, link));
}

static void timeouts_close_realm(tenon_p_engine *e, void *state,
                                 tenon_p_realm *r)
{
  timeouts *all = state;
  tenon_p_list *at, *next, mine;

  (void)e;
  tenon_p_list_init(&mine);
  for (at = all->all.next; at != &all->all; at = next) {
    const timeout *t = tenon_p_container(at, timeout, link);
    next = at->next;
    if (tenon_p_signal_realm(t->waiter.signal) != r->ctx) continue;
    tenon_p_list_remove(at);
    tenon_p_list_append(&mine, at);
  }
  end_all(&mine);
}

static void timeouts_close(tenon_p_engine *e, void *state)
{
  timeouts *all = state;

  (void)e;
  end_all(&all->all);
}

static void timeouts_free(tenon_p_engine *e, void *state)
{
  tenon_p_heap_free(&e->heap, state);
}

int tenon_p_timeouts_attach(tenon_p_engine *e)
{
  timeouts *all = tenon_p_heap_alloc(&e->heap, sizeof *all);

  if (!all) return TENON_ENOMEM;
  all->engine = e;
  tenon_p_list_init(&all->all);
  if (tenon_p_engine_attach(e, &timeouts_type, all) == 0) return 0;
  tenon_p_heap_free(&e->heap, all);
  return TENON_ENOMEM;
}
