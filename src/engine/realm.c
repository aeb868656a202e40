#include "engine/realm.h"

#include <tenon/error.h>
#include <tenon/realm.h>

#include "engine/native.h"

/* --- What is left out ------------------------------------------------------- */

/* What needs something that is left out is left out with it. */
static uint32_t with_dependents(uint32_t without)
{
  static const struct {
    uint32_t need, dependent;
  } needs[] = {
      {TENON_REALM_DOM_EXCEPTION,
       TENON_REALM_BASE64 | TENON_REALM_EVENTS | TENON_REALM_CONSOLE},
      {TENON_REALM_DATE | TENON_REALM_REGEXP | TENON_REALM_TYPED_ARRAYS |
           TENON_REALM_JSON,
       TENON_REALM_CONSOLE},
  };
  size_t i;

  for (i = 0; i < tenon_p_countof(needs); i++)
    if (without & needs[i].need) without |= needs[i].dependent;
  return without;
}

/* 0, or -1 with an exception. */
static int add_intrinsics(JSContext *ctx, uint32_t without)
{
  static const struct {
    uint32_t flag;
    int (*add)(JSContext *ctx);
  } intrinsics[] = {
      {0, JS_AddIntrinsicBaseObjects},
      {TENON_REALM_DATE, JS_AddIntrinsicDate},
      {TENON_REALM_EVAL, JS_AddIntrinsicEval},
      {TENON_REALM_REGEXP, JS_AddIntrinsicRegExp},
      {TENON_REALM_JSON, JS_AddIntrinsicJSON},
      {TENON_REALM_PROXY, JS_AddIntrinsicProxy},
      {TENON_REALM_MAP_SET, JS_AddIntrinsicMapSet},
      {TENON_REALM_TYPED_ARRAYS, JS_AddIntrinsicTypedArrays},
      {TENON_REALM_PROMISE, JS_AddIntrinsicPromise},
      {TENON_REALM_WEAK_REF, JS_AddIntrinsicWeakRef},
      {TENON_REALM_DOM_EXCEPTION, JS_AddIntrinsicDOMException},
      {TENON_REALM_BASE64, JS_AddIntrinsicAToB},
      {TENON_REALM_PERFORMANCE, JS_AddPerformance},
  };
  size_t i;

  for (i = 0; i < tenon_p_countof(intrinsics); i++)
    if (!(without & intrinsics[i].flag) && intrinsics[i].add(ctx)) return -1;
  return 0;
}

/* --- Life --------------------------------------------------------------------- */

static tenon_p_realm *realm_of_owner(tenon_p_owner *o)
{
  return tenon_p_container(o, tenon_p_realm, owner);
}

static void mark(JSRuntime *rt, tenon_p_owner *o, JS_MarkFunc *mark_func)
{
  const tenon_p_realm_state *s;

  for (s = realm_of_owner(o)->states; s; s = s->next)
    if (s->type->mark) s->type->mark(rt, s->data, mark_func);
}

static void gone(JSRuntime *rt, tenon_p_owner *o)
{
  tenon_p_realm *r = realm_of_owner(o);
  tenon_p_heap *heap = &r->engine->heap;
  tenon_p_realm_state *s;

  while ((s = r->states)) {
    r->states = s->next;
    s->type->free(r, rt, s->data);
    tenon_p_heap_free(heap, s);
  }
  tenon_p_list_remove(&r->link);
  tenon_p_heap_free(heap, r);
}

int tenon_p_realm_new(tenon_p_engine *e, uint32_t without, tenon_p_realm **out)
{
  tenon_p_realm *r = tenon_p_heap_alloc(&e->heap, sizeof *r);

  *out = NULL;
  if (!r) return TENON_ENOMEM;
  r->owner = (tenon_p_owner){mark, gone};
  r->engine = e;
  r->without = with_dependents(without);
  tenon_p_list_init(&r->released);
  r->ctx = JS_NewContextRaw(e->rt);
  if (!r->ctx) {
    tenon_p_heap_free(&e->heap, r);
    return TENON_ENOMEM;
  }
  tenon_p_list_append(&e->realms, &r->link);
  r->is_held = true;
  tenon_p_context_set_owner(r->ctx, &r->owner);
  /* The engine does not look at what each of its properties comes to: of one
   * that there was no memory for only the exception tells. */
  if (add_intrinsics(r->ctx, r->without) || tenon_p_native_init(r->ctx) ||
      JS_HasException(r->ctx)) {
    JS_FreeValueRT(e->rt, JS_GetException(r->ctx));
    tenon_p_realm_release(r);
    return TENON_ENOMEM;
  }
  *out = r;
  return 0;
}

void tenon_p_realm_close(tenon_p_realm *r)
{
  tenon_p_engine *e = r->engine;
  const tenon_p_realm_state *s;
  const tenon_p_state *of_engine;

  if (r->is_closed) return;
  r->is_closed = true;
  if (e->is_closing) return;
  tenon_p_tick_drop(e, r->ctx);
  for (s = r->states; s; s = s->next)
    if (s->type->close) s->type->close(r, s->data);
  for (of_engine = e->states; of_engine; of_engine = of_engine->next)
    if (of_engine->type->close_realm)
      of_engine->type->close_realm(e, of_engine->data, r);
}

/* Frames of C may still have the context at hand while scripts run. */
void tenon_p_realm_release(tenon_p_realm *r)
{
  if (!r->is_held) return;
  tenon_p_realm_close(r);
  r->is_held = false;
  if (r->engine->depth)
    tenon_p_list_append(&r->engine->released, &r->released);
  else
    JS_FreeContext(r->ctx);
}

void tenon_p_realm_drop_released(tenon_p_engine *e)
{
  while (!tenon_p_list_is_empty(&e->released)) {
    tenon_p_realm *r =
        tenon_p_container(e->released.next, tenon_p_realm, released);
    tenon_p_list_remove(&r->released);
    JS_FreeContext(r->ctx);
  }
}

tenon_p_realm *tenon_p_realm_of(JSContext *ctx)
{
  tenon_p_owner *o = tenon_p_context_owner(ctx);

  return o ? realm_of_owner(o) : NULL;
}

tenon_p_realm *tenon_p_realm_adopt(JSContext *ctx)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  tenon_p_realm *r = tenon_p_realm_of(ctx);

  if (r) return r;
  r = tenon_p_heap_alloc(&e->heap, sizeof *r);
  if (!r) return NULL;
  r->owner = (tenon_p_owner){mark, gone};
  r->engine = e;
  r->ctx = ctx;
  tenon_p_list_init(&r->released);
  tenon_p_list_append(&e->realms, &r->link);
  tenon_p_context_set_owner(ctx, &r->owner);
  return r;
}

/* --- State -------------------------------------------------------------------- */

int tenon_p_realm_attach(tenon_p_realm *r, const tenon_p_realm_type *type,
                         void *data)
{
  tenon_p_realm_state *s = tenon_p_heap_alloc(&r->engine->heap, sizeof *s);

  if (!s) return TENON_ENOMEM;
  *s = (tenon_p_realm_state){r->states, type, data};
  r->states = s;
  return 0;
}

void *tenon_p_realm_get(JSContext *ctx, const tenon_p_realm_type *type)
{
  const tenon_p_realm *r = tenon_p_realm_of(ctx);
  const tenon_p_realm_state *s;

  for (s = r ? r->states : NULL; s; s = s->next)
    if (s->type == type) return s->data;
  return NULL;
}
