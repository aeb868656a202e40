/* See instance.h. Included by unit.c behind quickjs.c, before native.c. */
#include "engine/instance.h"

static void instance_finalizer(JSRuntime *rt, JSValueConst v)
{
  tenon_p_instance *i = JS_VALUE_GET_OBJ(v)->u.opaque;

  if (!i) return;
  i->object = NULL;
  i->class->ops->gone(rt, i);
}

static void instance_mark(JSRuntime *rt, JSValueConst v, JS_MarkFunc *mark)
{
  tenon_p_instance *i = JS_VALUE_GET_OBJ(v)->u.opaque;

  if (i) i->class->ops->mark(rt, i, mark);
}

/* Ours are known by their finalizer. */
static inline bool instance_is_class(JSRuntime *rt, JSClassID id)
{
  return rt->class_array[id].finalizer == instance_finalizer;
}

static inline tenon_p_instance *instance_of(JSRuntime *rt, JSValueConst v)
{
  const JSObject *p;

  if (unlikely(!JS_IsObject(v))) return NULL;
  p = JS_VALUE_GET_OBJ(v);
  return likely(instance_is_class(rt, p->class_id)) ? p->u.opaque : NULL;
}

/* One that a call may use at once. */
static inline tenon_p_instance *instance_usable(JSRuntime *rt,
                                                const tenon_p_class *c,
                                                JSValueConst v)
{
  tenon_p_instance *i = instance_of(rt, v);

  if (unlikely(!i) || unlikely(!i->self) || unlikely(i->is_borrowed))
    return NULL;
  if (unlikely(i->class != c) && !tenon_p_class_extends(i->class, c))
    return NULL;
  return i;
}

tenon_p_instance *tenon_p_instance_of(JSContext *ctx, JSValueConst v)
{
  return instance_of(ctx->rt, v);
}

/* Without a shape that somebody holds each object would come with a new one. */
static JSValue instance_new_object(JSContext *ctx, tenon_p_class *c,
                                   JSValueConst proto)
{
  JSShape *shape = c->shape;
  JSValue object;

  if (likely(shape && shape->proto == JS_VALUE_GET_OBJ(proto)))
    return JS_NewObjectFromShape(ctx, js_dup_shape(shape), c->class_id, NULL);
  object = JS_NewObjectProtoClass(ctx, proto, c->class_id);
  if (!shape && !JS_IsException(object) && JS_IsObject(c->proto) &&
      JS_VALUE_GET_OBJ(c->proto) == JS_VALUE_GET_OBJ(proto) &&
      JS_VALUE_GET_OBJ(object)->shape->is_hashed)
    c->shape = js_dup_shape(JS_VALUE_GET_OBJ(object)->shape);
  return object;
}

JSValue tenon_p_instance_object(JSContext *ctx, tenon_p_instance *i,
                                JSValueConst proto)
{
  JSValue object = instance_new_object(ctx, i->class, proto);

  if (JS_IsException(object)) return object;
  JS_VALUE_GET_OBJ(object)->u.opaque = i;
  i->object = JS_VALUE_GET_OBJ(object);
  return object;
}

void tenon_p_class_mark(JSRuntime *rt, const tenon_p_class *c,
                        JS_MarkFunc *mark)
{
  JS_MarkValue(rt, c->proto, mark);
  if (c->shape) mark(rt, &c->shape->header);
}

void tenon_p_class_release(JSRuntime *rt, tenon_p_class *c)
{
  JSValue proto = c->proto;
  JSShape *shape = c->shape;

  c->proto = JS_UNDEFINED;
  c->shape = NULL;
  if (shape) js_free_shape(rt, shape);
  JS_FreeValueRT(rt, proto);
}

void tenon_p_instance_cut(tenon_p_instance *i)
{
  JSObject *object = i->object;

  if (object) object->u.opaque = NULL;
  i->object = NULL;
}

JSValue tenon_p_class_proto_of(JSContext *ctx, const tenon_p_class *c,
                               JSValueConst new_target)
{
  JSValue proto = JS_GetProperty(ctx, new_target, JS_ATOM_prototype);

  if (JS_IsException(proto) || JS_IsObject(proto)) return proto;
  JS_FreeValue(ctx, proto);
  return js_dup(c->proto);
}
