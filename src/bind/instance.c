#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "bind/any.h"
#include "bind/life.h"
#include "engine/external.h"

enum { FIRST_BUCKETS = 64 };

void tenon_p_class_unref(tenon_p_bound_class *c)
{
  if (--c->base.refs == 0) free(c);
}

/* --- By pointer ------------------------------------------------------------------ */

static size_t hash(const void *p)
{
  return (size_t)(((uintptr_t)p >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 20);
}

static tenon_p_life **bucket(tenon_p_instances *all, const void *p)
{
  return &all->buckets[hash(p) & (all->bucket_count - 1)];
}

/* Where there is no memory for more of them, they are longer. */
static void grow_table(tenon_p_instances *all)
{
  size_t count = all->bucket_count * 2, i;
  tenon_p_life **fresh = tenon_p_calloc(count * sizeof *fresh),
               **old = all->buckets;
  size_t old_count = all->bucket_count;

  if (!fresh) return;
  all->buckets = fresh;
  all->bucket_count = count;
  for (i = 0; i < old_count; i++) {
    while (old[i]) {
      tenon_p_life *r = old[i], **at = bucket(all, r->base.memory);
      old[i] = r->next;
      r->next = *at;
      *at = r;
    }
  }
  free(old);
}

void tenon_p_instance_remember(tenon_p_instances *all, tenon_p_life *r)
{
  tenon_p_life **at;

  if (all->count >= all->bucket_count) grow_table(all);
  at = bucket(all, r->base.memory);
  r->next = *at;
  *at = r;
  all->count++;
}

static void forget(tenon_p_instances *all, tenon_p_life *r)
{
  tenon_p_life **at = bucket(all, r->base.memory);

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

tenon_p_life *tenon_p_instance_find(tenon_p_instances *all, const void *p,
                                    const tenon_p_class *c)
{
  tenon_p_life *r;

  for (r = *bucket(all, p); r; r = r->next)
    if (r->base.memory == p && root_of(r->base.class) == root_of(c)) return r;
  return NULL;
}

static bool is_by_pointer(const tenon_p_life *r)
{
  return r->base.memory && r->base.memory != r->data;
}

/* --- Life ------------------------------------------------------------------------ */

static void report(tenon_p_life *r, size_t bytes)
{
  int64_t change = (int64_t)bytes - (int64_t)r->reported;

  /* More than can be counted is not, nor taken back. */
  if (tenon_p_engine_report_external(tenon_p_life_class(r)->all->engine,
                                     change) == 0)
    r->reported = bytes;
}

static size_t own_size(const tenon_p_life *r)
{
  return sizeof *r + tenon_p_life_class(r)->class->instance_size;
}

static void free_record(tenon_p_life *r)
{
  while (!tenon_p_list_is_empty(&r->held)) {
    tenon_held *h = tenon_p_container(r->held.next, tenon_held, link);
    tenon_p_list_remove(&h->link);
    free(h);
  }
  report(r, 0);
  tenon_p_class_unref(tenon_p_life_class(r));
  free(r);
}

static void let_go_of_values(JSRuntime *rt, tenon_p_life *r)
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

static bool has_end(const tenon_p_life *r)
{
  const tenon_p_bound_class *c = tenon_p_life_class(r);

  return r->base.memory && !r->base.is_ended &&
         (c->class->storage == TENON_STORAGE_VALUE ? c->release != NULL : true);
}

static void run_release(void *p)
{
  tenon_p_life *r = p;

  tenon_p_life_class(r)->release(r->base.memory, NULL);
}

/* C runs as a call of its own, which fails for nobody. */
void tenon_p_instance_run_free(tenon_p_bound_class *k, void *memory)
{
  tenon_p_call_finalizer(k->all->engine, k->class->free, memory);
}

static void end(tenon_p_life *r)
{
  if (has_end(r)) {
    r->base.is_ended = true;
    if (tenon_p_life_class(r)->class->storage == TENON_STORAGE_VALUE)
      tenon_p_call_finalizer(tenon_p_life_class(r)->all->engine, run_release,
                             r);
    else
      tenon_p_instance_run_free(tenon_p_life_class(r), r->base.memory);
  }
  r->base.is_ended = true;
}

static tenon_p_instance *make(JSContext *ctx, tenon_p_class *c)
{
  tenon_p_bound_class *k = (tenon_p_bound_class *)c;
  size_t size = sizeof(tenon_p_life) + k->class->instance_size;
  tenon_p_life *r;

  if (TENON_P_UNLIKELY(tenon_p_finalize_is_due(k->all->engine)))
    tenon_p_finalize(k->all->engine);
  r = tenon_p_engine_admit_external(k->all->engine, size) ? tenon_p_malloc(size)
                                                          : NULL;
  if (!r) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  /* Not by calloc, whose memory glibc does not take from a thread's cache. */
  memset(r, 0, size);
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
  tenon_p_life *r = tenon_p_life_of(i);

  let_go_of_values(tenon_p_life_class(r)->all->engine->rt, r);
  free_record(r);
}

static void end_and_free(tenon_p_life *r)
{
  end(r);
  drop(&r->base);
}

/* 0, or -1 with an exception: a limit. What is there already counts all the
 * same, or a script that catches the exception could grow it without end. */
int tenon_p_instance_set_memory(JSContext *ctx, tenon_p_life *r, size_t bytes,
                                bool is_there)
{
  size_t size = own_size(r) + bytes;

  if (bytes > SIZE_MAX / 2) size = SIZE_MAX / 2;
  if (size > r->reported &&
      !tenon_p_engine_admit_external(tenon_p_life_class(r)->all->engine,
                                     size - r->reported)) {
    if (is_there) report(r, size);
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  report(r, size);
  return 0;
}

static int measure(JSContext *ctx, tenon_p_instance *i)
{
  tenon_p_life *r = tenon_p_life_of(i);
  size_t bytes = 0;
  tenon_p_call c;

  if (!tenon_p_life_class(r)->memory) return 0;
  tenon_p_call_init(&c, false);
  c.ctx = ctx;
  c.outer = tenon_p_current_call;
  tenon_p_current_call = &c;
  tenon_p_life_class(r)->memory(i->memory, &bytes);
  tenon_p_current_call = c.outer;
  tenon_p_call_release(&c);
  return tenon_p_instance_set_memory(ctx, r, bytes, true);
}

JSValue tenon_p_instance_new_object(JSContext *ctx, tenon_p_life *r,
                                    JSValueConst proto)
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
  if (is_by_pointer(r))
    tenon_p_instance_remember(tenon_p_life_class(r)->all, r);
  return v;
}

JSValue tenon_p_instance_dup_object(JSContext *ctx, const tenon_p_life *r)
{
  return JS_DupValue(ctx, JS_MKPTR(JS_TAG_OBJECT, r->base.object));
}

/* A reference that is one too many. */
void tenon_p_instance_unref(tenon_p_life *r)
{
  if (tenon_p_life_class(r)->class->storage == TENON_STORAGE_COUNTED)
    tenon_p_instance_run_free(tenon_p_life_class(r), r->base.memory);
}

/* A constructor that returns what an instance has already gives that one. */
static JSValue made(JSContext *ctx, tenon_p_instance *i, JSValueConst proto)
{
  tenon_p_life *r = tenon_p_life_of(i), *there = NULL;
  JSValue v;

  if (is_by_pointer(r))
    there =
        tenon_p_instance_find(tenon_p_life_class(r)->all, i->memory, i->class);
  if (!there) return tenon_p_instance_new_object(ctx, r, proto);
  if (there->base.is_disposed || !there->base.object) {
    /* Its end is only due, or was: this is another one in the same place. */
    forget(tenon_p_life_class(r)->all, there);
    return tenon_p_instance_new_object(ctx, r, proto);
  }
  v = tenon_p_instance_dup_object(ctx, there);
  tenon_p_instance_unref(there);
  r->base.is_ended = true;
  drop(i);
  return v;
}

static bool is_used(const tenon_p_life *r)
{
  return r->base.pins || r->base.is_out;
}

static void unused(tenon_p_instance *i)
{
  tenon_p_life *r = tenon_p_life_of(i);

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
  end_and_free(tenon_p_container(f, tenon_p_life, finalizer));
}

static void gone(JSRuntime *rt, tenon_p_instance *i)
{
  tenon_p_life *r = tenon_p_life_of(i);
  tenon_p_instances *all = tenon_p_life_class(r)->all;

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
  tenon_p_life *r = tenon_p_life_of(i);
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
  tenon_p_life *r = tenon_p_life_of(i);

  if (i->is_disposed) return;
  i->is_disposed = true;
  i->self = NULL;
  if (is_by_pointer(r)) forget(tenon_p_life_class(r)->all, r);
  unused(i);
}

const char *tenon_p_instance_name(JSContext *ctx, JSValueConst v)
{
  return tenon_p_life_class(tenon_p_life_of(tenon_p_instance_of(ctx, v)))
      ->class->name;
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
