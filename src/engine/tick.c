#include "engine/tick.h"

#include "engine/engine.h"
#include "engine/realm.h"

struct tenon_p_tick {
  tenon_p_tick *next;
  JSContext *ctx; /* counted */
  JSValue function;
  int argc;
  JSValue argv[];
};

int tenon_p_tick_add(JSContext *ctx, JSValueConst function, int argc,
                     JSValueConst *argv)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  size_t size = sizeof(tenon_p_tick) + (size_t)argc * sizeof(JSValue);
  const tenon_p_realm *r = tenon_p_realm_of(ctx);
  tenon_p_tick *t = NULL;
  int i;

  if (r && r->is_closed) return 0;
  if (tenon_p_engine_admits(e, size)) t = tenon_p_heap_alloc(&e->heap, size);
  if (!t) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  t->next = NULL;
  t->ctx = JS_DupContext(ctx);
  t->function = JS_DupValue(ctx, function);
  t->argc = argc;
  for (i = 0; i < argc; i++)
    t->argv[i] = JS_DupValue(ctx, argv[i]);
  if (e->ticks.first)
    e->ticks.last->next = t;
  else
    e->ticks.first = t;
  e->ticks.last = t;
  return 0;
}

static void release(tenon_p_engine *e, tenon_p_tick *t)
{
  JSContext *ctx = t->ctx;
  int i;

  JS_FreeValue(ctx, t->function);
  for (i = 0; i < t->argc; i++)
    JS_FreeValue(ctx, t->argv[i]);
  tenon_p_heap_free(&e->heap, t);
  JS_FreeContext(ctx);
}

void tenon_p_tick_behind_jobs(tenon_p_engine *e)
{
  if (e->depth == 1) e->ticks.is_behind_jobs = true;
}

void tenon_p_tick_put_off(tenon_p_engine *e)
{
  if (e->depth == 1) e->ticks.is_put_off = true;
}

/* The one that is called is nobody else's: whoever closes its realm meanwhile
 * drops the others. */
static void call_first(tenon_p_engine *e)
{
  tenon_p_tick *t = e->ticks.first;
  JSValue result;

  e->ticks.first = t->next;
  result = JS_Call(t->ctx, t->function, JS_UNDEFINED, t->argc,
                   (JSValueConst *)t->argv);
  if (JS_IsException(result)) {
    tenon_p_realm_take_exception(t->ctx);
    e->ticks.is_put_off = true;
  }
  JS_FreeValue(t->ctx, result);
  release(e, t);
}

bool tenon_p_tick_run(tenon_p_engine *e)
{
  tenon_p_ticks *ticks = &e->ticks;

  while (ticks->first && !ticks->is_behind_jobs && !ticks->is_put_off &&
         tenon_p_engine_status(e) == 0)
    call_first(e);
  if (!ticks->is_put_off) return tenon_p_engine_status(e) == 0;
  ticks->is_put_off = false;
  if (e->on_put_off && tenon_p_engine_status(e) == 0) e->on_put_off(e);
  return false;
}

void tenon_p_tick_drop(tenon_p_engine *e, JSContext *ctx)
{
  tenon_p_tick *t = e->ticks.first, *next;

  e->ticks.first = NULL;
  for (; t; t = next) {
    next = t->next;
    t->next = NULL;
    if (ctx && t->ctx != ctx) {
      if (e->ticks.first)
        e->ticks.last->next = t;
      else
        e->ticks.first = t;
      e->ticks.last = t;
    } else {
      release(e, t);
    }
  }
}
