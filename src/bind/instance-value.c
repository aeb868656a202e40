/* Instances in calls: who uses them, and how they come in and go out. */
#include <string.h>
#include <tenon/error.h>

#include "bind/any.h"
#include "bind/class.h"
#include "bind/life.h"
#include "bind/species.h"

/* --- Use ------------------------------------------------------------------------- */

static void unpin(void *p)
{
  tenon_p_life *r, *owner;

  for (r = p; r; r = owner) {
    owner = r->base.is_borrowed ? r->owner : NULL;
    r->base.pins--;
    tenon_p_instance_unused(r);
  }
}

/* What it lives in may not end, either. */
static void pin(tenon_p_life *r)
{
  for (; r; r = r->base.is_borrowed ? r->owner : NULL)
    r->base.pins++;
}

static bool has_out(const tenon_p_call *c, const tenon_p_life *r)
{
  const tenon_p_life *k = c->has_outs ? c->outs : NULL;

  while (k && k != r)
    k = k->next_out;
  return k != NULL;
}

/* What begins with another one has its address: `class` tells which. NULL: any. */
static bool is_at(const tenon_p_instance *i, const void *p,
                  const tenon_p_class *class)
{
  return i->memory == p && (!class || tenon_p_class_extends(i->class, class));
}

/* What the call was given by this pointer; NULL: nothing. */
static tenon_p_instance *given(const tenon_p_call *c, const void *p,
                               const tenon_p_class *class)
{
  const tenon_p_cleanup *k;
  tenon_p_life *r;

  if (c->self && is_at(c->self, p, class)) return c->self;
  for (r = c->has_outs ? c->outs : NULL; r; r = r->next_out)
    if (is_at(&r->base, p, class)) return &r->base;
  for (k = c->cleanups; k; k = k->next)
    if (k->fn == unpin && is_at(k->p, p, class)) return k->p;
  return c->is_lent ? given(c->outer, p, class) : NULL;
}

tenon_p_instance *tenon_p_call_instance(const tenon_p_call *c, const void *self)
{
  return c && self ? given(c, self, NULL) : NULL;
}

static int throw_use(JSContext *ctx, const tenon_p_place *place,
                     const char *name, const char *what)
{
  return tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR, what, name);
}

bool tenon_p_instance_is_out(const tenon_p_life *r)
{
  while (r->base.is_borrowed && !r->base.is_out)
    r = r->owner;
  return r->base.is_out;
}

/* NULL with an exception. */
static tenon_p_instance *of_class(JSContext *ctx, const tenon_p_place *place,
                                  const tenon_class *class, JSValueConst v)
{
  const tenon_p_bound_class *k = tenon_p_class_find(ctx, class);
  tenon_p_instance *i = tenon_p_instance_of(ctx, v);

  if (i && k && tenon_p_class_extends(i->class, &k->base)) return i;
  if (i && tenon_p_is_of_class(i->class, class))
    throw_use(ctx, place, class->name, TENON_P_MESSAGE_OTHER_REALM);
  else
    tenon_p_throw_expected(ctx, place, class->name, v);
  return NULL;
}

/* NULL with an exception. */
static tenon_p_life *usable(JSContext *ctx, const tenon_p_place *place,
                            const tenon_class *class, JSValueConst v)
{
  tenon_p_instance *i = of_class(ctx, place, class, v);

  if (!i) return NULL;
  if (i->memory && !tenon_p_instance_is_over(tenon_p_life_of(i)))
    return tenon_p_life_of(i);
  throw_use(ctx, place, class->name, TENON_P_MESSAGE_DISPOSED);
  return NULL;
}

int tenon_p_check_instance(JSContext *ctx, const tenon_p_place *place,
                           const tenon_class *class, JSValueConst v)
{
  return usable(ctx, place, class, v) ? 0 : -1;
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

/* To scripts it is over already, which the hook may run. */
static int dispose_by(JSContext *ctx, const tenon_p_place *place,
                      tenon_p_instance *i, void (*hook)(void *self, void *out))
{
  tenon_p_life *r = tenon_p_life_of(i);
  tenon_p_call c;
  int error = 0;

  if (tenon_p_instance_is_out(r))
    return throw_busy(ctx, place, tenon_p_life_class(r)->class->name);
  i->pins++;
  tenon_p_instance_dispose(i);
  tenon_p_call_init(&c, false);
  c.ctx = ctx;
  tenon_p_class_lock(tenon_p_life_class(r));
  tenon_p_call_run(&c, hook, i->memory, NULL);
  tenon_p_class_unlock(tenon_p_life_class(r));
  if (c.failed) {
    tenon_p_call_throw(ctx, &c);
    error = -1;
  }
  tenon_p_call_release(&c);
  i->pins--;
  tenon_p_instance_unused(r);
  return error;
}

int tenon_p_dispose_value(JSContext *ctx, const tenon_p_place *place,
                          const tenon_class *class, JSValueConst v,
                          void (*hook)(void *self, void *out))
{
  tenon_p_instance *i = of_class(ctx, place, class, v);

  if (!i) return -1;
  if (hook && i->memory && !i->is_disposed)
    return dispose_by(ctx, place, i, hook);
  tenon_p_instance_dispose(i);
  return 0;
}

static int use(JSContext *ctx, tenon_p_call *c, const tenon_p_place *place,
               tenon_p_life *r)
{
  const char *name = tenon_p_life_class(r)->class->name;
  bool goes_out = c->copies && !place->comes_in;

  if (tenon_p_instance_is_out(r))
    return goes_out && has_out(c, r) ? 0 : throw_busy(ctx, place, name);
  if (!goes_out) {
    if (tenon_p_call_defer(c, unpin, r)) {
      JS_ThrowOutOfMemory(ctx);
      return -1;
    }
    pin(r);
    return 0;
  }
  /* In the queue of finalizers it is not this one's alone; nor is what it lives
   * in. */
  if (r->is_queued) tenon_p_finalize(tenon_p_engine_of(ctx));
  if (r->is_queued) return throw_busy(ctx, place, name);
  if (r->base.pins || r->base.is_borrowed) return throw_busy(ctx, place, name);
  tenon_p_instance_lend(ctx, c, r);
  return 0;
}

int tenon_p_read_instance(JSContext *ctx, tenon_p_call *c,
                          const tenon_p_place *place, const tenon_field *field,
                          JSValueConst v, void **dst)
{
  tenon_p_life *r;

  *dst = NULL;
  if (JS_IsUndefined(v) &&
      (field->flags & (TENON_FIELD_OPT | TENON_FIELD_NULLABLE)))
    return 0;
  if (JS_IsNull(v) && (field->flags & TENON_FIELD_NULLABLE)) return 0;
  r = usable(ctx, place, field->type->of, v);
  if (!r || use(ctx, c, place, r)) return -1;
  *dst = r->base.memory;
  return 0;
}

int tenon_p_read_copy(JSContext *ctx, const tenon_p_place *place,
                      const tenon_type *type, JSValueConst v, void *dst)
{
  tenon_p_life *r = usable(ctx, place, type->of, v);

  if (!r) return -1;
  if (tenon_p_instance_is_out(r)) return throw_busy(ctx, place, type->of->name);
  memcpy(dst, r->base.memory, type->size);
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
  const tenon_p_instance *self = c->is_lent ? c->outer->self : c->self;
  tenon_p_life *owner = (tenon_p_life *)self, *r;

  r = tenon_p_instance_find(k->all, p, &k->base, owner);
  if ((r && tenon_p_instance_is_elsewhere(r, &k->base)) ||
      (!r && tenon_p_instance_is_lost(k, p))) {
    throw_use(ctx, place, k->class->name, TENON_P_MESSAGE_RETURNED_ELSEWHERE);
    return JS_EXCEPTION;
  }
  if (r && r->base.object && !tenon_p_instance_is_over(r))
    return tenon_p_instance_dup_object(ctx, r);
  /* Off the loop it may end at any time. */
  if (!self || !self->object || c->copies || r) {
    throw_use(ctx, place, k->class->name, TENON_P_MESSAGE_NO_PARENT);
    return JS_EXCEPTION;
  }
  return tenon_p_instance_borrow(ctx, k, owner, p);
}

/* What was handed over to nobody. */
static void free_owned(JSContext *ctx, const tenon_class *class, void *p)
{
  if (class->storage != TENON_STORAGE_VALUE)
    tenon_p_call_finalizer(tenon_p_engine_of(ctx), class->free, p);
}

static JSValue own_by_species(JSContext *ctx, tenon_p_call *c,
                              const tenon_p_place *place,
                              tenon_p_bound_class *k, void *p)
{
  tenon_p_instance *i;

  if (tenon_p_instance_find(k->all, p, &k->base, NULL) ||
      tenon_p_instance_is_lost(k, p))
    return tenon_p_instance_own(ctx, k, p, k->base.proto);
  i = k->base.ops->make(ctx, &k->base);
  if (!i) {
    free_owned(ctx, k->class, p);
    return JS_EXCEPTION;
  }
  i->memory = p;
  return tenon_p_species_new(ctx, c, place, k, i);
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
  if (field->flags & TENON_FIELD_BORROWED)
    return k ? write_borrowed(ctx, c, place, k, p) : JS_EXCEPTION;
  if (!k) {
    free_owned(ctx, field->type->of, p);
    return JS_EXCEPTION;
  }
  i = given(c, p, &k->base);
  /* What is lent is not handed over by being returned. */
  if (i && i->is_borrowed && k->class->storage == TENON_STORAGE_POINTER)
    return tenon_p_instance_lent(ctx, tenon_p_life_of(i));
  if (k->class->storage != TENON_STORAGE_VALUE)
    return field->flags & TENON_FIELD_SPECIES
               ? own_by_species(ctx, c, place, k, p)
               : tenon_p_instance_own(ctx, k, p, k->base.proto);
  if (i && i->object)
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

  if (!k) return JS_EXCEPTION;
  i = k->base.ops->make(ctx, &k->base);
  if (!i) {
    tenon_p_instance_end_copy(k, src);
    return JS_EXCEPTION;
  }
  memcpy(i->memory, src, field->type->size);
  if (field->flags & TENON_FIELD_SPECIES)
    return tenon_p_species_new(ctx, c, place, k, i);
  return tenon_p_instance_new_object(ctx, tenon_p_life_of(i), k->base.proto);
}

/* --- What modules call ----------------------------------------------------------- */

tenon_p_life *tenon_p_owner_of(const void *owner)
{
  const tenon_p_call *c = tenon_p_current_call;
  tenon_p_instance *i;

  if (!c || !c->ctx) return NULL;
  i = owner                         ? tenon_p_call_instance(c, owner)
      : c->self && !c->self->object ? c->self
                                    : NULL;
  /* One that is borrowed may go before its T does. */
  return i && !i->is_disposed && !i->is_borrowed ? tenon_p_life_of(i) : NULL;
}

int tenon_p_host_report_memory(const void *owner, size_t bytes)
{
  const tenon_p_call *c = tenon_p_current_call;
  tenon_p_life *r = tenon_p_owner_of(owner);

  if (!r) return TENON_EINVAL;
  if (tenon_p_instance_set_memory(c->ctx, r, bytes, false) == 0) return 0;
  JS_FreeValue(c->ctx, JS_GetException(c->ctx));
  return TENON_ENOMEM;
}

int tenon_p_host_dispose(const void *self)
{
  const tenon_p_call *c = tenon_p_current_call;
  tenon_p_instance *i;

  if (c && !c->ctx) return TENON_ETHREAD;
  i = tenon_p_call_instance(c, self);
  if (!i || !i->object) return TENON_EINVAL;
  tenon_p_instance_dispose(i);
  return 0;
}
