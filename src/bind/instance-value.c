/* Instances in calls: who uses them, and how they come in and go out. */
#include <string.h>

#include "bind/class.h"
#include "bind/life.h"

/* --- Use ------------------------------------------------------------------------- */

static void unpin(void *p)
{
  tenon_p_instance *i = p;

  i->pins--;
  i->class->ops->unused(i);
}

static void unpin_out(void *p)
{
  tenon_p_instance *i = p;

  i->is_out = false;
  if (i->object && !i->is_disposed) i->self = i->memory;
  i->class->ops->unused(i);
}

tenon_p_instance *tenon_p_call_instance(const tenon_p_call *c, const void *self)
{
  const tenon_p_cleanup *k;

  if (!c || !self) return NULL;
  if (c->self && c->self->memory == self) return c->self;
  for (k = c->cleanups; k; k = k->next)
    if ((k->fn == unpin || k->fn == unpin_out) &&
        ((tenon_p_instance *)k->p)->memory == self)
      return k->p;
  return NULL;
}

static bool has_out(const tenon_p_call *c, const tenon_p_instance *i)
{
  const tenon_p_cleanup *k;

  for (k = c->cleanups; k; k = k->next)
    if (k->fn == unpin_out && k->p == i) return true;
  return false;
}

static int throw_use(JSContext *ctx, const tenon_p_place *place,
                     const char *name, const char *what)
{
  return tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR, what, name);
}

/* Borrowed ones end with what they live in. */
static bool is_disposed(JSContext *ctx, const tenon_p_instance *i)
{
  while (i && i->is_borrowed && !i->is_disposed) {
    i = tenon_p_instance_of(ctx, ((const tenon_p_life *)i)->parent);
    if (!i) return true;
  }
  return !i || i->is_disposed;
}

static bool is_out(JSContext *ctx, const tenon_p_instance *i)
{
  while (i && i->is_borrowed && !i->is_out)
    i = tenon_p_instance_of(ctx, ((const tenon_p_life *)i)->parent);
  return i && i->is_out;
}

/* NULL with an exception. */
static tenon_p_instance *usable(JSContext *ctx, const tenon_p_place *place,
                                const tenon_class *class, JSValueConst v)
{
  const tenon_p_bound_class *k = tenon_p_class_find(ctx, class);
  tenon_p_instance *i = tenon_p_instance_of(ctx, v);

  if (!i || !k || !tenon_p_class_extends(i->class, &k->base)) {
    if (i && tenon_p_is_of_class(i->class, class))
      throw_use(ctx, place, class->name, TENON_P_MESSAGE_OTHER_REALM);
    else
      tenon_p_throw_expected(ctx, place, class->name, v);
    return NULL;
  }
  if (is_disposed(ctx, i) || !i->memory) {
    throw_use(ctx, place, class->name, TENON_P_MESSAGE_DISPOSED);
    return NULL;
  }
  return i;
}

static int throw_busy(JSContext *ctx, const tenon_p_place *place,
                      const char *name)
{
  JSValue error, code;

  tenon_p_throw_at(ctx, place, TENON_ERROR, TENON_P_MESSAGE_BUSY, name);
  error = JS_GetException(ctx);
  code = JS_NewString(ctx, "EBUSY");
  if (JS_IsException(code) ||
      JS_DefinePropertyValueStr(ctx, error, "code", code,
                                JS_PROP_C_W_E | JS_PROP_THROW) < 0) {
    JS_FreeValue(ctx, error);
    return -1;
  }
  JS_Throw(ctx, error);
  return -1;
}

static int leave_to_call(JSContext *ctx, tenon_p_call *c, void (*fn)(void *),
                         tenon_p_instance *i)
{
  if (tenon_p_call_defer(c, fn, i) == 0) return 0;
  JS_ThrowOutOfMemory(ctx);
  return -1;
}

static int use(JSContext *ctx, tenon_p_call *c, const tenon_p_place *place,
               tenon_p_instance *i)
{
  bool goes_out = c->copies && !place->comes_in;
  const char *name = ((tenon_p_bound_class *)i->class)->class->name;

  if (is_out(ctx, i)) {
    if (goes_out && has_out(c, i)) return 0;
    return throw_busy(ctx, place, name);
  }
  if (!goes_out) {
    if (leave_to_call(ctx, c, unpin, i)) return -1;
    i->pins++;
    return 0;
  }
  /* What it lives in is not this one's alone. */
  if (i->pins || i->is_borrowed) return throw_busy(ctx, place, name);
  if (leave_to_call(ctx, c, unpin_out, i)) return -1;
  i->is_out = true;
  i->self = NULL;
  return 0;
}

int tenon_p_read_instance(JSContext *ctx, tenon_p_call *c,
                          const tenon_p_place *place, const tenon_field *field,
                          JSValueConst v, void **dst)
{
  tenon_p_instance *i;

  *dst = NULL;
  if (JS_IsUndefined(v) &&
      (field->flags & (TENON_FIELD_OPT | TENON_FIELD_NULLABLE)))
    return 0;
  if (JS_IsNull(v) && (field->flags & TENON_FIELD_NULLABLE)) return 0;
  i = usable(ctx, place, field->type->of, v);
  if (!i || use(ctx, c, place, i)) return -1;
  *dst = i->memory;
  return 0;
}

int tenon_p_read_copy(JSContext *ctx, const tenon_p_place *place,
                      const tenon_type *type, JSValueConst v, void *dst)
{
  tenon_p_instance *i = usable(ctx, place, type->of, v);

  if (!i) return -1;
  if (is_out(ctx, i)) return throw_busy(ctx, place, type->of->name);
  memcpy(dst, i->memory, type->size);
  return 0;
}

/* NULL with an exception. */
static tenon_p_bound_class *class_for(JSContext *ctx,
                                      const tenon_p_place *place,
                                      const tenon_class *class)
{
  tenon_p_bound_class *k = tenon_p_class_find(ctx, class);

  if (!k) throw_use(ctx, place, class->name, TENON_P_MESSAGE_NO_CLASS);
  return k;
}

static JSValue write_borrowed(JSContext *ctx, tenon_p_call *c,
                              const tenon_p_place *place,
                              tenon_p_bound_class *k, void *p)
{
  tenon_p_life *r = tenon_p_instance_find(k->all, p, &k->base);
  JSValue v;

  if (r && r->base.object && !r->base.is_disposed)
    return tenon_p_instance_dup_object(ctx, r);
  if (!c->self || !c->self->object) {
    throw_use(ctx, place, k->class->name, TENON_P_MESSAGE_NO_PARENT);
    return JS_EXCEPTION;
  }
  r = (tenon_p_life *)k->base.ops->make(ctx, &k->base);
  if (!r) return JS_EXCEPTION;
  r->base.memory = p;
  r->base.is_ended = r->base.is_borrowed = true;
  r->parent = JS_DupValue(ctx, JS_MKPTR(JS_TAG_OBJECT, c->self->object));
  v = tenon_p_instance_object(ctx, &r->base, k->base.proto);
  if (JS_IsException(v)) {
    k->base.ops->drop(&r->base);
    return v;
  }
  r->base.self = p;
  tenon_p_instance_remember(k->all, r);
  return v;
}

/* What C has handed over is freed where there is no object for it. */
static JSValue write_owned(JSContext *ctx, const tenon_p_place *place,
                           tenon_p_bound_class *k, void *p)
{
  tenon_p_life *r = tenon_p_instance_find(k->all, p, &k->base);
  tenon_p_instance *i;
  JSValue v;

  if (r && r->base.object && !r->base.is_disposed) {
    v = tenon_p_instance_dup_object(ctx, r);
    if (!r->base.is_borrowed) tenon_p_instance_unref(r);
    return v;
  }
  (void)place;
  i = k->base.ops->make(ctx, &k->base);
  if (!i) {
    tenon_p_instance_run_free(k, p);
    return JS_EXCEPTION;
  }
  i->memory = p;
  return tenon_p_instance_new_object(ctx, tenon_p_life_of(i), k->base.proto);
}

JSValue tenon_p_write_instance(JSContext *ctx, tenon_p_call *c,
                               const tenon_p_place *place,
                               const tenon_field *field, void *p)
{
  tenon_p_bound_class *k;
  tenon_p_instance *i;

  if (!p) {
    if (field->flags & TENON_FIELD_NULLABLE) return JS_NULL;
    if (field->flags & TENON_FIELD_OPT) return JS_UNDEFINED;
    tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR, TENON_P_MESSAGE_NULL_RESULT);
    return JS_EXCEPTION;
  }
  k = class_for(ctx, place, field->type->of);
  if (!k) return JS_EXCEPTION;
  if (field->flags & TENON_FIELD_BORROWED)
    return write_borrowed(ctx, c, place, k, p);
  if (k->class->storage != TENON_STORAGE_VALUE)
    return write_owned(ctx, place, k, p);
  i = tenon_p_call_instance(c, p);
  if (i && i->object && tenon_p_class_extends(i->class, &k->base))
    return tenon_p_instance_dup_object(ctx, tenon_p_life_of(i));
  throw_use(ctx, place, k->class->name, TENON_P_MESSAGE_NO_INSTANCE);
  return JS_EXCEPTION;
}

JSValue tenon_p_write_copy(JSContext *ctx, tenon_p_call *c,
                           const tenon_p_place *place, const tenon_field *field,
                           const void *src)
{
  tenon_p_bound_class *k = class_for(ctx, place, field->type->of);
  tenon_p_instance *i;

  (void)c;
  if (!k) return JS_EXCEPTION;
  i = k->base.ops->make(ctx, &k->base);
  if (!i) return JS_EXCEPTION;
  memcpy(i->memory, src, field->type->size);
  return tenon_p_instance_new_object(ctx, tenon_p_life_of(i), k->base.proto);
}
