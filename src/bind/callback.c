#include "bind/callback.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "base/walk.h"
#include "bind/convert.h"
#include "bind/drop.h"
#include "bind/hold.h"
#include "bind/table.h"
#include "engine/describe.h"

typedef struct callbacks {
  tenon_p_engine *engine;
  const tenon_p_callback_ops *ops;
  tenon_p_list callees; /* the last one that was asked for first */
  tenon_p_list live;    /* of those whose function is held, and places */
  tenon_p_list ended;   /* kept by native code when the runtime ended */
} callbacks;

/* --- Life of all ---------------------------------------------------------------- */

/* Not one that only a call holds. */
static bool is_kept(const tenon_callback *cb)
{
  return __atomic_load_n(&cb->address, __ATOMIC_RELAXED) &&
         __atomic_load_n(&cb->refs, __ATOMIC_ACQUIRE) > 1;
}

/* Until callbacks_free it may still be released by native code. */
static void end_kept(tenon_p_engine *e, callbacks *k, tenon_callback *cb)
{
  char text[TENON_P_DESCRIPTION];

  tenon_p_describe(e->rt, cb->function, text);
  cb->text = tenon_p_strndup(text, strlen(text));
  __atomic_add_fetch(&cb->refs, 1, __ATOMIC_RELAXED);
  tenon_p_callback_let_go(cb);
  tenon_p_list_append(&k->ended, &cb->link);
}

static void callbacks_release(tenon_p_engine *e, void *state)
{
  callbacks *k = state;

  while (!tenon_p_list_is_empty(&k->live)) {
    tenon_callback *cb = tenon_p_container(k->live.next, tenon_callback, link);
    if (e->on_kept && is_kept(cb))
      end_kept(e, k, cb);
    else
      tenon_p_callback_let_go(cb);
  }
  while (!tenon_p_list_is_empty(&k->callees)) {
    tenon_p_callee *callee =
        tenon_p_container(k->callees.next, tenon_p_callee, link);
    tenon_p_list_remove(&callee->link);
    tenon_p_names_release(e->rt, &callee->names);
    tenon_p_heap_free(&e->heap, callee);
  }
}

static void callbacks_free(tenon_p_engine *e, void *state)
{
  callbacks *k = state;

  while (!tenon_p_list_is_empty(&k->ended)) {
    tenon_callback *cb = tenon_p_container(k->ended.next, tenon_callback, link);
    tenon_p_list_remove(&cb->link);
    if (e->on_kept && is_kept(cb))
      e->on_kept(e, cb->address, cb->text ? cb->text : "function");
    tenon_p_callback_unref(cb);
  }
  tenon_p_heap_free(&e->heap, state);
}

static const tenon_p_state_type callbacks_type = {
    .name = "callbacks", .release = callbacks_release, .free = callbacks_free};

int tenon_p_callbacks_attach(tenon_p_engine *e, const tenon_p_callback_ops *ops)
{
  callbacks *k = tenon_p_heap_alloc(&e->heap, sizeof *k);

  if (!k) return TENON_ENOMEM;
  k->engine = e;
  k->ops = ops;
  tenon_p_list_init(&k->callees);
  tenon_p_list_init(&k->live);
  tenon_p_list_init(&k->ended);
  if (tenon_p_engine_attach(e, &callbacks_type, k) == 0) return 0;
  tenon_p_heap_free(&e->heap, k);
  return TENON_ENOMEM;
}

static callbacks *callbacks_of(JSContext *ctx)
{
  return tenon_p_engine_get(tenon_p_engine_of(ctx), &callbacks_type);
}

/* --- Signatures ----------------------------------------------------------------- */

static tenon_p_callee *new_callee(JSContext *ctx, const tenon_signature *s)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  tenon_p_callee *callee = tenon_p_heap_alloc(&e->heap, sizeof *callee);

  if (!callee) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  callee->signature = s;
  callee->function = (tenon_function){
      .size = sizeof callee->function,
      .name = s->name,
      .result = s->result,
      .params = s->params,
      .param_count = s->param_count,
      .args_size = s->args_size,
  };
  if (tenon_p_names_init(ctx, &callee->names, &callee->function)) {
    tenon_p_heap_free(&e->heap, callee);
    return NULL;
  }
  return callee;
}

/* NULL with an exception. */
static const tenon_p_callee *find_callee(JSContext *ctx, callbacks *k,
                                         const tenon_signature *s)
{
  tenon_p_callee *callee;
  tenon_p_list *at;

  for (at = k->callees.next; at != &k->callees; at = at->next) {
    callee = tenon_p_container(at, tenon_p_callee, link);
    if (callee->signature == s) {
      tenon_p_list_remove(at);
      tenon_p_list_append(k->callees.next, at);
      return callee;
    }
  }
  callee = new_callee(ctx, s);
  if (callee) tenon_p_list_append(k->callees.next, &callee->link);
  return callee;
}

/* --- Holding --------------------------------------------------------------------- */

tenon_callback *tenon_p_callback_new(JSContext *ctx, const tenon_signature *s,
                                     JSValueConst function,
                                     JSValueConst this_value)
{
  callbacks *k = callbacks_of(ctx);
  const tenon_p_callee *callee = find_callee(ctx, k, s);
  tenon_callback *cb = callee ? k->ops->make(k->engine) : NULL;

  if (!cb) {
    if (callee) JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  tenon_p_list_init(&cb->link);
  tenon_p_list_append(&k->live, &cb->link);
  cb->ops = k->ops;
  cb->signature = s;
  cb->callee = callee;
  cb->rt = JS_GetRuntime(ctx);
  cb->ctx = JS_DupContext(ctx);
  cb->function = JS_DupValue(ctx, function);
  cb->this_value = JS_DupValue(ctx, this_value);
  cb->refs = 2;
  return cb;
}

bool tenon_p_callback_unref(tenon_callback *cb)
{
  const tenon_p_callback_ops *ops = cb->ops;
  int left = __atomic_sub_fetch(&cb->refs, 1, __ATOMIC_ACQ_REL);

  if (left == 0) {
    free(cb->text);
    ops->destroy(cb);
  }
  return left == 1;
}

/* Finalizers of a host's objects may release the same callback meanwhile. */
void tenon_p_callback_let_go(tenon_callback *cb)
{
  JSContext *ctx = cb->ctx;

  if (!ctx) return;
  cb->ctx = NULL;
  tenon_p_list_remove(&cb->link);
  cb->ops->let_go(cb);
  JS_FreeValueRT(cb->rt, cb->function);
  JS_FreeValueRT(cb->rt, cb->this_value);
  JS_FreeContext(ctx);
  tenon_p_callback_unref(cb);
}

static void release(void *p)
{
  tenon_callback *cb = p;

  cb->ops->release(cb);
}

/* --- Kept by an owner ------------------------------------------------------------- */

void tenon_p_callback_drop(tenon_callback *cb)
{
  int natives =
      __atomic_load_n(&cb->refs, __ATOMIC_ACQUIRE) - (cb->ctx != NULL);

  if (natives > 0) cb->ops->release(cb);
}

/* Other threads may come to hold it, or let go, in the midst of a collection, all
 * of whose walks have to see the same. */
void tenon_p_callback_mark(JSRuntime *rt, tenon_callback *cb, JS_MarkFunc *mark)
{
  const tenon_p_engine *e = tenon_p_runtime_owner(rt);

  if (!cb->ctx) return;
  if (cb->looked_at != e->collections + 1) {
    cb->looked_at = e->collections + 1;
    cb->is_traced =
        !cb->is_awaited && __atomic_load_n(&cb->refs, __ATOMIC_ACQUIRE) == 2;
  }
  if (!cb->is_traced) return;
  JS_MarkValue(rt, cb->function, mark);
  JS_MarkValue(rt, cb->this_value, mark);
  tenon_p_context_mark(rt, cb->ctx, mark);
}

/* Another one of the same function, so that its holders are counted apart. One
 * that is for once can be called by this alone from now on. */
tenon_callback *tenon_p_callback_keep_in(tenon_callback *cb, const void *owner)
{
  const tenon_p_call *c = tenon_p_current_call;
  tenon_p_holder *h;
  tenon_callback *kept;

  if (!c || !c->ctx || JS_GetRuntime(c->ctx) != cb->rt || !cb->ctx) return NULL;
  h = tenon_p_holder_find(owner);
  if (!h) return NULL;
  kept = tenon_p_callback_new(cb->ctx, cb->signature, cb->function,
                              cb->this_value);
  if (!kept) {
    JS_FreeValue(cb->ctx, JS_GetException(cb->ctx));
    return NULL;
  }
  if (tenon_p_holder_keep(h, kept)) {
    release(kept);
    return NULL;
  }
  if (cb->signature->flags & TENON_CALLBACK_ONCE)
    kept->was_called =
        __atomic_exchange_n(&cb->was_called, 1, __ATOMIC_RELAXED);
  return kept;
}

/* --- Looking at those that are kept ------------------------------------------------ */

void tenon_p_callbacks_each(tenon_p_engine *e,
                            bool (*visit)(void *p, const void *address,
                                          JSValueConst function),
                            void *p)
{
  callbacks *k = tenon_p_engine_get(e, &callbacks_type);
  /* Places were kept by nobody. */
  tenon_callback at = {.address = NULL}, end = {.address = NULL};
  bool goes_on = true;
  tenon_p_list *link;

  tenon_p_walk_begin(&k->live, &at.link, &end.link);
  while (goes_on && (link = tenon_p_walk_next(&at.link, &end.link))) {
    tenon_callback *cb = tenon_p_container(link, tenon_callback, link);
    if (is_kept(cb)) goes_on = visit(p, cb->address, cb->function);
  }
  tenon_p_walk_end(&at.link, &end.link);
}

/* --- As values ------------------------------------------------------------------- */

/* Consumes the caller's hold: `cb` goes with the call. 0, or -1 when out of
 * memory. */
static int leave_to_call(tenon_p_call *c, tenon_callback *cb)
{
  if (tenon_p_call_defer(c, release, cb) == 0) return 0;
  release(cb);
  return -1;
}

int tenon_p_read_callback(JSContext *ctx, tenon_p_call *c,
                          const tenon_p_place *place, const tenon_type *type,
                          JSValueConst v, tenon_callback **dst)
{
  tenon_callback *cb;

  if (!JS_IsFunction(ctx, v))
    return tenon_p_throw_expected(ctx, place, "function", v);
  cb = tenon_p_callback_new(ctx, type->signature, v, JS_UNDEFINED);
  if (!cb) return -1;
  if (leave_to_call(c, cb)) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  *dst = cb;
  return 0;
}

JSValue tenon_p_write_callback(JSContext *ctx, const tenon_p_place *place,
                               tenon_callback *cb)
{
  if (cb && cb->rt == JS_GetRuntime(ctx) && cb->ctx)
    return JS_DupValue(ctx, cb->function);
  tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR,
                   cb ? TENON_P_MESSAGE_FOREIGN_FUNCTION
                      : TENON_P_MESSAGE_NULL_RESULT);
  return JS_EXCEPTION;
}

int tenon_p_keep_callback(tenon_p_call *c, tenon_callback *cb)
{
  if (!cb) return 0;
  __atomic_add_fetch(&cb->refs, 1, __ATOMIC_RELAXED);
  return leave_to_call(c, cb);
}

/* --- Calling --------------------------------------------------------------------- */

JSValue tenon_p_callback_start(tenon_callback *cb, const void *args,
                               tenon_p_call *from)
{
  const tenon_function *f = &cb->callee->function;
  tenon_p_place place = {.function = f, .names = &cb->callee->names};
  JSContext *ctx = cb->ctx;
  JSValue argv[TENON_P_MOST_PARAMETERS], r = JS_EXCEPTION;
  tenon_p_call none;
  uint32_t i;

  /* What C has registered to be freed stays its own: it may pass it again. */
  tenon_p_call_init(&none, false);
  none.outer = from;
  none.is_lent = from != NULL;
  for (i = 0; i < f->param_count; i++) {
    place.index = (int)i;
    argv[i] = tenon_p_write(ctx, &none, &place, &f->params[i],
                            (const char *)args + f->params[i].offset);
    if (!JS_IsException(argv[i])) continue;
    tenon_p_drop_fields(ctx, f->params, f->param_count, args, i + 1);
    break;
  }
  if (i == f->param_count)
    r = JS_Call(ctx, cb->function, cb->this_value, (int)i,
                (JSValueConst *)argv);
  while (i--)
    JS_FreeValue(ctx, argv[i]);
  return r;
}

int tenon_p_callback_finish(tenon_callback *cb, tenon_p_call *c, JSValue v,
                            void *result)
{
  const tenon_p_callee *callee = cb->callee;
  const tenon_field *field = &callee->function.result;
  tenon_p_place place = {.function = &callee->function,
                         .names = &callee->names,
                         .index = -1,
                         .comes_in = true};
  JSContext *ctx = cb->ctx;
  tenon_p_call own;
  int r = 0;

  if (JS_IsException(v)) return -1;
  if (result && field->type->kind != TENON_KIND_NONE) {
    /* Defaults of members run as a call, which `c` may be the current one of;
     * and memory of a result that fails is not to wait for the end of `c`. */
    tenon_p_call_init(&own, true);
    own.used = sizeof own.room;
    r = tenon_p_read(ctx, &own, &place, field, v, result);
    if (r == 0)
      tenon_p_call_adopt(c, &own);
    else
      memset(result, 0, tenon_p_field_size(field));
    tenon_p_call_release(&own);
  }
  JS_FreeValue(ctx, v);
  return r;
}
