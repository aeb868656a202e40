/*
 * The two functions that a Promise is given hold one object, whose opaque is
 * the reaction: it goes when neither of them can be called any more.
 */
#include "loop/reaction.h"

#include <tenon/error.h>

#include "bind/any.h"
#include "engine/extension.h"
#include "engine/finalize.h"

typedef struct reaction {
  tenon_p_finalizer finalizer;
  tenon_p_engine *engine;
  tenon_settled_fn *fn;
  void *data;
  bool is_told;
} reaction;

/* --- The object ------------------------------------------------------------------ */

static void abandon(void *p)
{
  const reaction *r = p;

  r->fn(NULL, TENON_PROMISE_ABANDONED, NULL, r->data);
}

static void run(tenon_p_engine *e, tenon_p_finalizer *f)
{
  reaction *r = tenon_p_container(f, reaction, finalizer);

  tenon_p_call_finalizer(e, abandon, r);
  tenon_p_heap_free(&e->heap, r);
}

/* During a collection, maybe. */
static void finalize(JSRuntime *rt, JSValueConst v)
{
  JSClassID id;
  reaction *r = JS_GetAnyOpaque(v, &id);

  if (!r) return;
  if (r->is_told)
    tenon_p_heap_free(&r->engine->heap, r);
  else
    tenon_p_finalize_later(rt, &r->finalizer);
}

/* 0, or -1 with an exception. */
static int register_class(JSContext *ctx, tenon_p_loop *l)
{
  static const JSClassDef def = {.class_name = "Reaction",
                                 .finalizer = finalize};
  JSRuntime *rt = JS_GetRuntime(ctx);
  JSClassID number = l->reaction_number;

  if (l->reaction_class) return 0;
  number = JS_NewClassID(rt, &l->reaction_number);
  if (JS_NewClass(rt, number, &def)) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  l->reaction_class = number;
  return 0;
}

/* One of nobody yet: it is told of nothing. */
static JSValue new_object(JSContext *ctx, tenon_p_loop *l, reaction **out)
{
  tenon_p_engine *e = l->engine;
  JSValue object;
  reaction *r;

  if (register_class(ctx, l)) return JS_EXCEPTION;
  object = JS_NewObjectProtoClass(ctx, JS_NULL, l->reaction_class);
  if (JS_IsException(object)) return object;
  r = tenon_p_engine_admits(e, sizeof *r)
          ? tenon_p_heap_alloc(&e->heap, sizeof *r)
          : NULL;
  if (!r) {
    JS_FreeValue(ctx, object);
    return JS_ThrowOutOfMemory(ctx);
  }
  r->engine = e;
  r->finalizer.run = run;
  r->is_told = true;
  JS_SetOpaque(object, r);
  *out = r;
  return object;
}

/* --- Telling --------------------------------------------------------------------- */

typedef struct telling {
  const reaction *reaction;
  void *env, *value;
  tenon_promise_status status;
} telling;

static void tell(void *args, void *result)
{
  const telling *t = args;

  (void)result;
  t->reaction->fn(t->env, t->status, t->value, t->reaction->data);
}

/* What it throws is what a handler of a script does: the rejection of a Promise
 * that nobody handles. 0, or -1 with an exception. */
static int reject(JSContext *ctx)
{
  JSValue error, settle[2], promise, r;
  JSValueConst args[1];

  error = JS_GetException(ctx);
  promise = JS_NewPromiseCapability(ctx, settle);
  if (JS_IsException(promise)) {
    JS_FreeValue(ctx, error);
    return -1;
  }
  args[0] = error;
  r = JS_Call(ctx, settle[1], JS_UNDEFINED, 1, args);
  JS_FreeValue(ctx, error);
  JS_FreeValue(ctx, settle[0]);
  JS_FreeValue(ctx, settle[1]);
  JS_FreeValue(ctx, promise);
  JS_FreeValue(ctx, r);
  return JS_IsException(r) ? -1 : 0;
}

static JSValue on_settled(JSContext *ctx, JSValueConst this_value, int argc,
                          JSValueConst *argv, int is_rejected,
                          JSValueConst *data)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  JSClassID id;
  reaction *r = JS_GetAnyOpaque(data[0], &id);
  telling t = {.reaction = r,
               .status = is_rejected ? TENON_PROMISE_REJECTED
                                     : TENON_PROMISE_FULFILLED};
  JSValue result = JS_EXCEPTION;
  tenon_p_call c, *outer = tenon_p_current_call;

  (void)this_value;
  (void)argc;
  tenon_p_call_init(&c, false);
  c.calling = TENON_P_CALLING_REACTION;
  c.ctx = ctx;
  tenon_p_current_call = &c;
  t.env = tenon_p_host_env();
  if (t.env) t.value = tenon_p_any_push(e, argv[0]);
  tenon_p_current_call = outer;
  if (t.value) {
    r->is_told = true;
    tenon_p_call_run(&c, tell, &t, NULL);
    result = JS_UNDEFINED;
    if (c.failed) result = tenon_p_call_throw(ctx, &c);
    result = tenon_p_any_end(ctx, &c, result);
    if (JS_IsException(result) && tenon_p_engine_status(e) == 0 &&
        reject(ctx) == 0)
      result = JS_UNDEFINED;
  } else {
    /* It is told when the object goes. */
    JS_ThrowOutOfMemory(ctx);
  }
  tenon_p_call_release(&c);
  return result;
}

int tenon_p_promise_tell(JSContext *ctx, JSValueConst v, tenon_settled_fn *fn,
                         void *data)
{
  tenon_p_loop *l = tenon_p_loop_of(tenon_p_engine_of(ctx));
  reaction *r = NULL;
  JSValue object = new_object(ctx, l, &r), promise, f[2];
  int status = -1;

  if (JS_IsException(object)) return -1;
  promise = tenon_p_promise_resolve(ctx, v);
  f[0] = JS_NewCFunctionData(ctx, on_settled, 1, 0, 1, (JSValueConst *)&object);
  f[1] = JS_NewCFunctionData(ctx, on_settled, 1, 1, 1, (JSValueConst *)&object);
  if (!JS_IsException(promise) && !JS_IsException(f[0]) &&
      !JS_IsException(f[1]))
    status = tenon_p_promise_then(ctx, promise, f[0], f[1]);
  if (status == 0) {
    r->fn = fn;
    r->data = data;
    r->is_told = false;
  }
  JS_FreeValue(ctx, promise);
  JS_FreeValue(ctx, f[0]);
  JS_FreeValue(ctx, f[1]);
  JS_FreeValue(ctx, object);
  return status;
}

int tenon_p_host_promise_then(void *value, tenon_settled_fn *fn, void *data)
{
  tenon_p_call *c = tenon_p_current_call;
  tenon_p_engine *e;

  if (c && !c->ctx) return TENON_ETHREAD;
  if (!c || !value || !fn) return TENON_EINVAL;
  e = tenon_p_engine_of(c->ctx);
  if (tenon_p_promise_tell(c->ctx, tenon_p_any_value(e, value), fn, data) == 0)
    return 0;
  tenon_p_call_fail_value(c, c->ctx, JS_GetException(c->ctx));
  return TENON_EEXCEPTION;
}
