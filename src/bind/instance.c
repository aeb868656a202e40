#include "bind/instance.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "bind/any.h"
#include "bind/class.h"
#include "engine/external.h"
#include "engine/extension.h"
#include "engine/finalize.h"
#include "engine/realm.h"

enum { FIRST_BUCKETS = 64 };

struct tenon_held {
  tenon_p_list link; /* in its record's `held` */
  JSValue value;     /* undefined once its owner's object is gone */
  JSRuntime *rt;
};

/* The engine's view of it, and ours; T by value is inside. */
typedef struct record {
  tenon_p_instance base;
  struct record *next; /* in its bucket */
  tenon_p_finalizer finalizer;
  JSValue parent; /* of one that is borrowed; else undefined */
  tenon_p_list held;
  size_t reported; /* bytes of it and of what it owns */
  _Alignas(16) char data[];
} record;

struct tenon_p_instances {
  tenon_p_engine *engine;
  record **buckets; /* by pointer; a power of two of them */
  size_t bucket_count, count;
};

static record *record_of(tenon_p_instance *i)
{
  return (record *)i;
}

static tenon_p_bound_class *class_of(const record *r)
{
  return (tenon_p_bound_class *)r->base.class;
}

void tenon_p_class_unref(tenon_p_bound_class *c)
{
  if (--c->base.refs == 0) free(c);
}

/* --- By pointer ------------------------------------------------------------------ */

static size_t hash(const void *p)
{
  return (size_t)(((uintptr_t)p >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 20);
}

static record **bucket(tenon_p_instances *all, const void *p)
{
  return &all->buckets[hash(p) & (all->bucket_count - 1)];
}

/* Where there is no memory for more of them, they are longer. */
static void grow_table(tenon_p_instances *all)
{
  size_t count = all->bucket_count * 2, i;
  record **fresh = tenon_p_calloc(count * sizeof *fresh), **old = all->buckets;
  size_t old_count = all->bucket_count;

  if (!fresh) return;
  all->buckets = fresh;
  all->bucket_count = count;
  for (i = 0; i < old_count; i++) {
    while (old[i]) {
      record *r = old[i], **at = bucket(all, r->base.memory);
      old[i] = r->next;
      r->next = *at;
      *at = r;
    }
  }
  free(old);
}

static void remember(tenon_p_instances *all, record *r)
{
  record **at;

  if (all->count >= all->bucket_count) grow_table(all);
  at = bucket(all, r->base.memory);
  r->next = *at;
  *at = r;
  all->count++;
}

static void forget(tenon_p_instances *all, record *r)
{
  record **at = bucket(all, r->base.memory);

  while (*at && *at != r)
    at = &(*at)->next;
  if (!*at) return;
  *at = r->next;
  r->next = NULL;
  all->count--;
}

static const tenon_p_class *root_of(const tenon_p_class *c)
{
  while (c->base)
    c = c->base;
  return c;
}

static record *find(tenon_p_instances *all, const void *p,
                    const tenon_p_class *c)
{
  record *r;

  for (r = *bucket(all, p); r; r = r->next)
    if (r->base.memory == p && root_of(r->base.class) == root_of(c)) return r;
  return NULL;
}

static bool is_by_pointer(const record *r)
{
  return r->base.memory && r->base.memory != r->data;
}

/* --- Life ------------------------------------------------------------------------ */

static void report(record *r, size_t bytes)
{
  int64_t change = (int64_t)bytes - (int64_t)r->reported;

  /* More than can be counted is not, nor taken back. */
  if (tenon_p_engine_report_external(class_of(r)->all->engine, change) == 0)
    r->reported = bytes;
}

static size_t own_size(const record *r)
{
  return sizeof *r + class_of(r)->class->instance_size;
}

static void free_record(record *r)
{
  while (!tenon_p_list_is_empty(&r->held)) {
    tenon_held *h = tenon_p_container(r->held.next, tenon_held, link);
    tenon_p_list_remove(&h->link);
    free(h);
  }
  report(r, 0);
  tenon_p_class_unref(class_of(r));
  free(r);
}

static void let_go_of_values(JSRuntime *rt, record *r)
{
  JSValue parent = r->parent;
  tenon_p_list *at;

  r->parent = JS_UNDEFINED;
  JS_FreeValueRT(rt, parent);
  for (at = r->held.next; at != &r->held; at = at->next) {
    tenon_held *h = tenon_p_container(at, tenon_held, link);
    JSValue v = h->value;
    h->value = JS_UNDEFINED;
    JS_FreeValueRT(rt, v);
  }
}

static bool has_end(const record *r)
{
  const tenon_p_bound_class *c = class_of(r);

  return r->base.memory && !r->base.is_ended &&
         (c->class->storage == TENON_STORAGE_VALUE ? c->release != NULL : true);
}

static void run_release(void *p)
{
  record *r = p;

  class_of(r)->release(r->base.memory, NULL);
}

/* C runs as a call of its own, which fails for nobody. */
static void run_free(tenon_p_bound_class *k, void *memory)
{
  tenon_p_call_finalizer(k->all->engine, k->class->free, memory);
}

static void end(record *r)
{
  if (has_end(r)) {
    r->base.is_ended = true;
    if (class_of(r)->class->storage == TENON_STORAGE_VALUE)
      tenon_p_call_finalizer(class_of(r)->all->engine, run_release, r);
    else
      run_free(class_of(r), r->base.memory);
  }
  r->base.is_ended = true;
}

static tenon_p_instance *make(JSContext *ctx, tenon_p_class *c)
{
  tenon_p_bound_class *k = (tenon_p_bound_class *)c;
  size_t size = sizeof(record) + k->class->instance_size;
  record *r;

  if (TENON_P_UNLIKELY(tenon_p_finalize_is_due(k->all->engine)))
    tenon_p_finalize(k->all->engine);
  r = tenon_p_engine_admit_external(k->all->engine, size) ? tenon_p_calloc(size)
                                                          : NULL;
  if (!r) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  r->base.class = c;
  c->refs++;
  r->parent = JS_UNDEFINED;
  tenon_p_list_init(&r->held);
  report(r, size);
  if (k->class->storage == TENON_STORAGE_VALUE) r->base.memory = r->data;
  return &r->base;
}

static void drop(tenon_p_instance *i)
{
  record *r = record_of(i);

  let_go_of_values(class_of(r)->all->engine->rt, r);
  free_record(r);
}

static void end_and_free(record *r)
{
  end(r);
  drop(&r->base);
}

/* 0, or -1 with an exception: a limit. What is there already counts all the
 * same, or a script that catches the exception could grow it without end. */
static int set_memory(JSContext *ctx, record *r, size_t bytes, bool is_there)
{
  size_t size = own_size(r) + bytes;

  if (bytes > SIZE_MAX / 2) size = SIZE_MAX / 2;
  if (size > r->reported && !tenon_p_engine_admit_external(
                                class_of(r)->all->engine, size - r->reported)) {
    if (is_there) report(r, size);
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  report(r, size);
  return 0;
}

static int measure(JSContext *ctx, tenon_p_instance *i)
{
  record *r = record_of(i);
  size_t bytes = 0;
  tenon_p_call c;

  if (!class_of(r)->memory) return 0;
  tenon_p_call_init(&c, false);
  c.ctx = ctx;
  c.outer = tenon_p_current_call;
  tenon_p_current_call = &c;
  class_of(r)->memory(i->memory, &bytes);
  tenon_p_current_call = c.outer;
  tenon_p_call_release(&c);
  return set_memory(ctx, r, bytes, true);
}

static JSValue as_object(JSContext *ctx, record *r, JSValueConst proto)
{
  JSValue v;

  if (measure(ctx, &r->base)) {
    end_and_free(r);
    return JS_EXCEPTION;
  }
  v = tenon_p_instance_object(ctx, &r->base, proto);
  if (JS_IsException(v)) {
    end_and_free(r);
    return v;
  }
  r->base.self = r->base.memory;
  if (is_by_pointer(r)) remember(class_of(r)->all, r);
  return v;
}

static JSValue dup_object(JSContext *ctx, const record *r)
{
  return JS_DupValue(ctx, JS_MKPTR(JS_TAG_OBJECT, r->base.object));
}

/* A reference that is one too many. */
static void unref(record *r)
{
  if (class_of(r)->class->storage == TENON_STORAGE_COUNTED)
    run_free(class_of(r), r->base.memory);
}

/* A constructor that returns what an instance has already gives that one. */
static JSValue made(JSContext *ctx, tenon_p_instance *i, JSValueConst proto)
{
  record *r = record_of(i), *there = NULL;
  JSValue v;

  if (is_by_pointer(r)) there = find(class_of(r)->all, i->memory, i->class);
  if (!there) return as_object(ctx, r, proto);
  if (there->base.is_disposed || !there->base.object) {
    /* Its end is only due, or was: this is another one in the same place. */
    forget(class_of(r)->all, there);
    return as_object(ctx, r, proto);
  }
  v = dup_object(ctx, there);
  unref(there);
  r->base.is_ended = true;
  drop(i);
  return v;
}

static bool is_used(const record *r)
{
  return r->base.pins || r->base.is_out;
}

static void unused(tenon_p_instance *i)
{
  record *r = record_of(i);

  if (is_used(r)) return;
  if (!i->object) {
    end_and_free(r);
  } else if (i->is_disposed) {
    end(r);
    report(r, own_size(r));
  }
}

static void finalize(tenon_p_engine *e, tenon_p_finalizer *f)
{
  (void)e;
  end_and_free(tenon_p_container(f, record, finalizer));
}

static void gone(JSRuntime *rt, tenon_p_instance *i)
{
  record *r = record_of(i);
  tenon_p_instances *all = class_of(r)->all;

  if (is_by_pointer(r)) forget(all, r);
  i->self = NULL;
  let_go_of_values(rt, r);
  if (is_used(r)) return;
  if (!has_end(r)) {
    free_record(r);
    return;
  }
  r->finalizer.run = finalize;
  tenon_p_finalize_later(rt, &r->finalizer);
}

static void mark(JSRuntime *rt, tenon_p_instance *i, JS_MarkFunc *mark_func)
{
  record *r = record_of(i);
  tenon_p_list *at;

  JS_MarkValue(rt, r->parent, mark_func);
  for (at = r->held.next; at != &r->held; at = at->next)
    JS_MarkValue(rt, tenon_p_container(at, tenon_held, link)->value, mark_func);
}

const tenon_p_class_ops tenon_p_instance_ops = {.make = make,
                                                .drop = drop,
                                                .made = made,
                                                .unused = unused,
                                                .measure = measure,
                                                .mark = mark,
                                                .gone = gone};

void tenon_p_instance_dispose(tenon_p_instance *i)
{
  record *r = record_of(i);

  if (i->is_disposed) return;
  i->is_disposed = true;
  i->self = NULL;
  if (is_by_pointer(r)) forget(class_of(r)->all, r);
  unused(i);
}

const char *tenon_p_instance_name(JSContext *ctx, JSValueConst v)
{
  return class_of(record_of(tenon_p_instance_of(ctx, v)))->class->name;
}

/* --- All of a runtime ------------------------------------------------------------ */

static void instances_free(tenon_p_engine *e, void *state)
{
  free(((tenon_p_instances *)state)->buckets);
  tenon_p_heap_free(&e->heap, state);
}

static const tenon_p_state_type instances_type = {.name = "instances",
                                                  .free = instances_free};

int tenon_p_instances_attach(tenon_p_engine *e)
{
  tenon_p_instances *all = tenon_p_heap_alloc(&e->heap, sizeof *all);

  if (!all) return TENON_ENOMEM;
  all->engine = e;
  all->bucket_count = FIRST_BUCKETS;
  all->buckets = tenon_p_calloc(FIRST_BUCKETS * sizeof *all->buckets);
  if (all->buckets && tenon_p_engine_attach(e, &instances_type, all) == 0)
    return 0;
  free(all->buckets);
  tenon_p_heap_free(&e->heap, all);
  return TENON_ENOMEM;
}

tenon_p_instances *tenon_p_instances_of(JSContext *ctx)
{
  return tenon_p_engine_get(tenon_p_engine_of(ctx), &instances_type);
}

/* --- Use ------------------------------------------------------------------------- */

static void unpin(void *p)
{
  tenon_p_instance *i = p;

  i->pins--;
  unused(i);
}

static void unpin_out(void *p)
{
  tenon_p_instance *i = p;

  i->is_out = false;
  if (i->object && !i->is_disposed) i->self = i->memory;
  unused(i);
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
    i = tenon_p_instance_of(ctx, ((const record *)i)->parent);
    if (!i) return true;
  }
  return !i || i->is_disposed;
}

static bool is_out(JSContext *ctx, const tenon_p_instance *i)
{
  while (i && i->is_borrowed && !i->is_out)
    i = tenon_p_instance_of(ctx, ((const record *)i)->parent);
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
  record *r = find(k->all, p, &k->base);
  JSValue v;

  if (r && r->base.object && !r->base.is_disposed) return dup_object(ctx, r);
  if (!c->self || !c->self->object) {
    throw_use(ctx, place, k->class->name, TENON_P_MESSAGE_NO_PARENT);
    return JS_EXCEPTION;
  }
  r = (record *)make(ctx, &k->base);
  if (!r) return JS_EXCEPTION;
  r->base.memory = p;
  r->base.is_ended = r->base.is_borrowed = true;
  r->parent = JS_DupValue(ctx, JS_MKPTR(JS_TAG_OBJECT, c->self->object));
  v = tenon_p_instance_object(ctx, &r->base, k->base.proto);
  if (JS_IsException(v)) {
    drop(&r->base);
    return v;
  }
  r->base.self = p;
  remember(k->all, r);
  return v;
}

/* What C has handed over is freed where there is no object for it. */
static JSValue write_owned(JSContext *ctx, const tenon_p_place *place,
                           tenon_p_bound_class *k, void *p)
{
  record *r = find(k->all, p, &k->base);
  tenon_p_instance *i;
  JSValue v;

  if (r && r->base.object && !r->base.is_disposed) {
    v = dup_object(ctx, r);
    if (!r->base.is_borrowed) unref(r);
    return v;
  }
  (void)place;
  i = make(ctx, &k->base);
  if (!i) {
    run_free(k, p);
    return JS_EXCEPTION;
  }
  i->memory = p;
  return as_object(ctx, record_of(i), k->base.proto);
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
    return dup_object(ctx, record_of(i));
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
  i = make(ctx, &k->base);
  if (!i) return JS_EXCEPTION;
  memcpy(i->memory, src, field->type->size);
  return as_object(ctx, record_of(i), k->base.proto);
}

/* --- What modules call ----------------------------------------------------------- */

/* NULL is what the constructor that runs makes. */
static record *owner_of(const void *owner)
{
  const tenon_p_call *c = tenon_p_current_call;
  tenon_p_instance *i;

  if (!c || !c->ctx) return NULL;
  i = owner                         ? tenon_p_call_instance(c, owner)
      : c->self && !c->self->object ? c->self
                                    : NULL;
  return i && !i->is_disposed ? record_of(i) : NULL;
}

int tenon_p_host_hold(const void *owner, void *value, tenon_held **out)
{
  record *r = owner_of(owner);
  tenon_p_engine *e;
  tenon_held *h;

  *out = NULL;
  if (tenon_p_current_call && !tenon_p_current_call->ctx) return TENON_ETHREAD;
  if (!r || !value) return TENON_EINVAL;
  h = tenon_p_malloc(sizeof *h);
  if (!h) return TENON_ENOMEM;
  e = class_of(r)->all->engine;
  h->rt = e->rt;
  h->value = JS_DupValue(e->ctx, tenon_p_any_value(e, value));
  tenon_p_list_init(&h->link);
  tenon_p_list_append(&r->held, &h->link);
  *out = h;
  return 0;
}

void *tenon_p_host_held_value(const tenon_held *h)
{
  const tenon_p_call *c = tenon_p_current_call;

  if (!c || !c->ctx || JS_GetRuntime(c->ctx) != h->rt) return NULL;
  return tenon_p_any_push(tenon_p_runtime_owner(h->rt), h->value);
}

void tenon_p_host_held_release(tenon_held *h)
{
  JSValue v = h->value;

  tenon_p_list_remove(&h->link);
  h->value = JS_UNDEFINED;
  JS_FreeValueRT(h->rt, v);
  free(h);
}

int tenon_p_host_report_memory(const void *owner, size_t bytes)
{
  record *r = owner_of(owner);
  tenon_p_engine *e;

  if (!r) return TENON_EINVAL;
  e = class_of(r)->all->engine;
  if (set_memory(e->ctx, r, bytes, false) == 0) return 0;
  JS_FreeValue(e->ctx, JS_GetException(e->ctx));
  return TENON_ENOMEM;
}

int tenon_p_host_dispose(const void *self)
{
  const tenon_p_call *c = tenon_p_current_call;
  tenon_p_instance *i = tenon_p_call_instance(c, self);

  if (c && !c->ctx) return TENON_ETHREAD;
  if (!i || !i->object) return TENON_EINVAL;
  tenon_p_instance_dispose(i);
  return 0;
}
