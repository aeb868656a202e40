/* See iterator.h. Included by unit.c behind native.c. */
#include "engine/iterator.h"

static void iterator_finalizer(JSRuntime *rt, JSValueConst v)
{
  tenon_p_iterator *i = JS_VALUE_GET_OBJ(v)->u.opaque;

  if (i) i->ops->gone(rt, i);
}

static void iterator_mark(JSRuntime *rt, JSValueConst v, JS_MarkFunc *mark)
{
  tenon_p_iterator *i = JS_VALUE_GET_OBJ(v)->u.opaque;

  if (!i) return;
  JS_MarkValue(rt, i->object, mark);
  JS_MarkValue(rt, i->function, mark);
  if (i->ops->mark) i->ops->mark(rt, i, mark);
}

/* Class numbers are given out by each runtime: ours is known by its finalizer. */
static inline bool iterator_is_class(JSRuntime *rt, JSClassID id)
{
  return rt->class_array[id].finalizer == iterator_finalizer;
}

static JSClassID iterator_class(JSRuntime *rt)
{
  JSClassID id = JS_CLASS_INIT_COUNT;

  while (id < (JSClassID)rt->class_count && !iterator_is_class(rt, id))
    id++;
  return id;
}

int tenon_p_iterator_init(JSContext *ctx)
{
  static const JSClassDef class = {"Iterator", .finalizer = iterator_finalizer,
                                   .gc_mark = iterator_mark};
  JSRuntime *rt = ctx->rt;
  JSClassID id = JS_INVALID_CLASS_ID;

  if (iterator_class(rt) < (JSClassID)rt->class_count) return 0;
  return JS_NewClass(rt, JS_NewClassID(rt, &id), &class);
}

static inline tenon_p_iterator *iterator_of(JSRuntime *rt, JSValueConst v)
{
  const JSObject *p;

  if (unlikely(!JS_IsObject(v))) return NULL;
  p = JS_VALUE_GET_OBJ(v);
  return likely(iterator_is_class(rt, p->class_id)) ? p->u.opaque : NULL;
}

tenon_p_iterator *tenon_p_iterator_of(JSContext *ctx, JSValueConst v)
{
  return iterator_of(ctx->rt, v);
}

/* What is not a number, and what comes of all else that a step may do. */
static no_inline JSValue iterator_leave(JSContext *ctx, tenon_p_iterator *i,
                                        tenon_p_call *c, bool is_over,
                                        const void *result)
{
  tenon_p_native *n = i->native;
  tenon_p_instance *self = i->instance;
  JSValue r;

  if (c->failed)
    r = n->ops->failed(ctx, n, c);
  else if (is_over)
    r = JS_UNDEFINED;
  else if (n->result_op == TENON_P_OP_F64)
    r = js_float64(*(const double *)result);
  else if (n->result_op == TENON_P_OP_I32)
    r = js_int32(*(const int32_t *)result);
  else if (n->result_op == TENON_P_OP_BOOL)
    r = js_bool(*(const bool *)result);
  else if (!native_write_rare(ctx, n->result_op, result, &r))
    r = n->ops->write(ctx, n, c, result);
  if (c->cleanups) r = n->ops->end(ctx, c, r);
  return native_unpin(ctx, n, self, r);
}

/* A step of one whose instance may be used at once. */
static inline JSValue iterator_step(JSContext *ctx, tenon_p_iterator *i,
                                    tenon_p_instance *self, bool *done)
{
  tenon_p_native *n = i->native;
  _Alignas(16) char result[TENON_P_NATIVE_RESULT];
  /* As the layer above lays it out: tenon_args and `self`. */
  struct {
    uint64_t absent;
    void *context, *self;
  } args = {0, i->cursor, self->self};
  tenon_p_call c;

  c.cleanups = NULL;
  c.failure = NULL;
  c.used = 0;
  c.calling = TENON_P_CALLING_STEP;
  c.native = n;
  c.ctx = ctx;
  c.self = self;
  c.failed = c.copies = c.has_outs = c.is_lent = false;
  self->pins++;
  c.outer = tenon_p_current_call;
  tenon_p_current_call = &c;
  n->thunk(&args, result);
  tenon_p_current_call = c.outer;
  if (likely(!c.failed) && likely(!args.absent) && likely(!c.cleanups) &&
      likely(!n->measures) && likely(!self->is_disposed)) {
    if (likely(n->result_op == TENON_P_OP_F64)) {
      self->pins--;
      return js_float64(*(double *)result);
    }
    if (n->result_op == TENON_P_OP_I32) {
      self->pins--;
      return js_int32(*(int32_t *)result);
    }
  }
  *done = !c.failed && args.absent;
  return iterator_leave(ctx, i, &c, *done, result);
}

/* All that a step in the middle of an iteration is not. */
static no_inline JSValue iterator_next_rare(JSContext *ctx, tenon_p_iterator *i,
                                            int *pdone)
{
  bool done = false;
  JSValue r;

  if (!i || i->is_async)
    return JS_ThrowTypeError(
        ctx, "next: this: expected an iterator of a native class");
  if (i->is_running) return i->ops->refuse(i->native->realm, i);
  if (!i->instance) {
    *pdone = true;
    return JS_UNDEFINED;
  }
  ctx = i->native->realm;
  i->is_running = true;
  r = i->ops->step(ctx, i, &done);
  i->is_running = false;
  if (done || JS_IsException(r)) {
    *pdone = done && !JS_IsException(r);
    i->ops->end(ctx, i);
  }
  return r;
}

/* Whatever a loop is over calls this without a stack frame. What it can call in
 * turn looks after the depth of the stack. */
static JSValue iterator_next(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv, int *pdone, int magic)
{
  tenon_p_iterator *i = iterator_of(ctx->rt, this_value);
  tenon_p_instance *self;
  bool done = false;
  JSValue r;

  (void)argc;
  (void)argv;
  (void)magic;
  *pdone = false;
  /* Callers in C ask for as long as there are values. */
  if (unlikely(js_poll_interrupts(ctx))) return JS_EXCEPTION;
  self = likely(i != NULL) ? i->ready : NULL;
  /* An object that is none of a record any more has the step refuse it. */
  if (unlikely(!self) || unlikely(instance_of(ctx->rt, i->object) != self) ||
      unlikely(!self->self) || unlikely(self->is_borrowed) ||
      unlikely(i->is_running))
    return iterator_next_rare(ctx, i, pdone);
  i->is_running = true;
  r = iterator_step(i->native->realm, i, self, &done);
  i->is_running = false;
  if (unlikely(done) || unlikely(JS_IsException(r))) {
    *pdone = done && !JS_IsException(r);
    i->ops->end(ctx, i);
  }
  return r;
}

JSValue tenon_p_iterator_proto(JSContext *ctx, bool is_async)
{
  static const JSCFunctionListEntry next[] = {
      JS_ITERATOR_NEXT_DEF("next", 0, iterator_next, 0),
  };
  JSValueConst base = is_async ? ctx->async_iterator_proto
                               : ctx->class_proto[JS_CLASS_ITERATOR];
  JSValue proto =
      JS_IsObject(base) ? JS_NewObjectProto(ctx, base) : JS_NewObject(ctx);

  if (JS_IsException(proto) || is_async) return proto;
  if (JS_SetPropertyFunctionList(ctx, proto, next, countof(next))) {
    JS_FreeValue(ctx, proto);
    return JS_EXCEPTION;
  }
  return proto;
}

JSValue tenon_p_iterator_object(JSContext *ctx, tenon_p_iterator *i,
                                JSValueConst proto)
{
  JSValue object = JS_NewObjectProtoClass(ctx, proto, iterator_class(ctx->rt));

  if (JS_IsException(object)) return object;
  JS_VALUE_GET_OBJ(object)->u.opaque = i;
  return object;
}

JSValue tenon_p_iterator_result(JSContext *ctx, JSValue v, bool done)
{
  return js_create_iterator_result(ctx, v, done);
}
