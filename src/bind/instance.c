#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "bind/any.h"
#include "bind/function.h"
#include "bind/life.h"
#include "engine/external.h"

enum { FIRST_BUCKETS = 64 };

void tenon_p_class_unref(tenon_p_bound_class *c)
{
  tenon_p_bound_class *base;

  while (c && --c->base.refs == 0) {
    base = (tenon_p_bound_class *)c->base.base;
    free(c);
    c = base;
  }
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

static void remember(tenon_p_instances *all, tenon_p_life *r)
{
  tenon_p_life **at;

  if (all->count >= all->bucket_count) grow_table(all);
  at = bucket(all, r->base.memory);
  r->next = *at;
  *at = r;
  r->is_known = true;
  all->count++;
}

static void forget(tenon_p_instances *all, tenon_p_life *r)
{
  tenon_p_life **at = bucket(all, r->base.memory);

  if (!r->is_known) return;
  while (*at != r)
    at = &(*at)->next;
  *at = r->next;
  r->next = NULL;
  r->is_known = false;
  all->count--;
}

static const tenon_p_class *root_of(const tenon_p_class *c)
{
  while (c->base)
    c = c->base;
  return c;
}

bool tenon_p_instance_is_over(const tenon_p_life *r)
{
  while (r->base.is_borrowed && !r->base.is_disposed) {
    tenon_p_instance *i =
        tenon_p_instance_of(tenon_p_life_class(r)->all->engine->ctx, r->parent);
    if (!i) return true;
    r = tenon_p_life_of(i);
  }
  return r->base.is_disposed;
}

static const tenon_class *described(const tenon_p_class *c)
{
  return ((const tenon_p_bound_class *)c)->class;
}

bool tenon_p_instance_is_elsewhere(const tenon_p_life *r,
                                   const tenon_p_class *c)
{
  return root_of(r->base.class) != root_of(c);
}

tenon_p_life *tenon_p_instance_find(tenon_p_instances *all, const void *p,
                                    const tenon_p_class *c,
                                    const tenon_p_life *owner)
{
  tenon_p_life *r, *borrowed = NULL, *elsewhere = NULL;
  const tenon_p_class *root = root_of(c);

  for (r = *bucket(all, p); r; r = r->next) {
    if (r->base.memory != p) continue;
    if (root_of(r->base.class) != root) {
      if (!r->base.is_borrowed &&
          described(root)->storage == TENON_STORAGE_POINTER &&
          described(root_of(r->base.class)) == described(root))
        elsewhere = r;
      continue;
    }
    if (!r->base.is_borrowed) return r;
    if ((!owner || r->owner == owner) && !tenon_p_instance_is_over(r))
      borrowed = r;
  }
  return elsewhere ? elsewhere : borrowed;
}

/* --- Those that are detached ------------------------------------------------------ */

/*
 * A call that lost its realm has T for itself until it is over. C may hand out
 * its pointer meanwhile, in another realm or runtime: that would be a second
 * owner. These are found in the whole process.
 */
static struct {
  pthread_mutex_t mutex;
  tenon_p_list buckets[256]; /* of tenon_p_life.detached_link; zeroed: empty */
  size_t count;              /* atomic */
} detached = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static tenon_p_list *detached_bucket(const void *p)
{
  tenon_p_list *l =
      &detached.buckets[hash(p) % tenon_p_countof(detached.buckets)];

  if (!l->next) tenon_p_list_init(l);
  return l;
}

static void remember_detached(tenon_p_life *r)
{
  pthread_mutex_lock(&detached.mutex);
  tenon_p_list_append(detached_bucket(r->base.memory), &r->detached_link);
  __atomic_add_fetch(&detached.count, 1, __ATOMIC_RELAXED);
  pthread_mutex_unlock(&detached.mutex);
}

static void forget_detached(tenon_p_life *r)
{
  pthread_mutex_lock(&detached.mutex);
  tenon_p_list_remove(&r->detached_link);
  __atomic_sub_fetch(&detached.count, 1, __ATOMIC_RELAXED);
  pthread_mutex_unlock(&detached.mutex);
}

bool tenon_p_instance_is_detached(const void *p, const tenon_class *root)
{
  const tenon_p_list *l, *at;
  bool is_there = false;

  if (TENON_P_LIKELY(!__atomic_load_n(&detached.count, __ATOMIC_RELAXED)))
    return false;
  pthread_mutex_lock(&detached.mutex);
  l = detached_bucket(p);
  for (at = l->next; at != l && !is_there; at = at->next) {
    const tenon_p_life *r =
        tenon_p_container(at, const tenon_p_life, detached_link);
    is_there = r->base.memory == p && (!root || r->root_class == root);
  }
  pthread_mutex_unlock(&detached.mutex);
  return is_there;
}

bool tenon_p_instance_is_lost(const tenon_p_bound_class *k, const void *p)
{
  return k->class->storage == TENON_STORAGE_POINTER &&
         tenon_p_instance_is_detached(p, described(root_of(&k->base)));
}

/* --- Memory ---------------------------------------------------------------------- */

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

/* What is there already counts in any case, or a script that catches the
 * exception could grow it without end. In the midst of a native function, whose
 * own it is to say, no finalizer runs. */
int tenon_p_instance_set_memory(JSContext *ctx, tenon_p_life *r, size_t bytes,
                                bool is_there)
{
  tenon_p_engine *e = tenon_p_life_class(r)->all->engine;
  size_t size = own_size(r) + bytes;

  if (bytes > SIZE_MAX / 2) size = SIZE_MAX / 2;
  if (size > r->reported &&
      !(is_there ? tenon_p_engine_admit_external(e, size - r->reported)
                 : tenon_p_engine_make_external_room(e, size - r->reported,
                                                     false))) {
    if (is_there) report(r, size);
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  report(r, size);
  return 0;
}

/* Of a serial module beside none of its functions. */
void tenon_p_class_lock(const tenon_p_bound_class *k)
{
  if (k->serial) k->schedule->lock(k->serial);
}

void tenon_p_class_unlock(const tenon_p_bound_class *k)
{
  if (k->serial) k->schedule->unlock(k->serial);
}

static int measure(JSContext *ctx, tenon_p_instance *i)
{
  tenon_p_life *r = tenon_p_life_of(i);
  size_t bytes = 0;
  tenon_p_call c;

  if (!tenon_p_life_class(r)->memory || i->is_ended) return 0;
  tenon_p_call_init(&c, false);
  c.calling = TENON_P_CALLING_MEASURE;
  c.ctx = ctx;
  c.outer = tenon_p_current_call;
  tenon_p_current_call = &c;
  tenon_p_class_lock(tenon_p_life_class(r));
  tenon_p_life_class(r)->memory(i->memory, &bytes);
  tenon_p_class_unlock(tenon_p_life_class(r));
  tenon_p_current_call = c.outer;
  tenon_p_call_release(&c);
  return tenon_p_instance_set_memory(ctx, r, bytes, true);
}

/* --- The end --------------------------------------------------------------------- */

static bool is_used(const tenon_p_life *r)
{
  return r->base.pins || r->base.is_out;
}

static JSRuntime *runtime_of(const tenon_p_life *r)
{
  return tenon_p_life_class(r)->all->engine->rt;
}

static bool has_end(const tenon_p_life *r)
{
  const tenon_p_bound_class *c = tenon_p_life_class(r);

  return r->base.memory && !r->base.is_ended &&
         (c->class->storage != TENON_STORAGE_VALUE || c->release);
}

static void let_go_of_values(JSRuntime *rt, tenon_p_life *r)
{
  JSValue parent = r->parent;

  r->parent = JS_UNDEFINED;
  JS_FreeValueRT(rt, parent);
  tenon_p_holder_let_go(rt, &r->holder);
}

static void run_as_end(const tenon_p_bound_class *k, void (*fn)(void *),
                       void *p)
{
  tenon_p_class_lock(k);
  tenon_p_call_finalizer(k->all->engine, fn, p);
  tenon_p_class_unlock(k);
}

/* What was handed over is let go of, as a call of its own, which fails for
 * nobody. */
static void run_free(const tenon_p_bound_class *k, void *memory)
{
  run_as_end(k, k->class->free, memory);
}

static void run_release(void *p)
{
  tenon_p_life *r = p;

  tenon_p_life_class(r)->release(r->base.memory, NULL);
}

static void end(tenon_p_life *r)
{
  tenon_p_bound_class *k = tenon_p_life_class(r);

  if (!has_end(r)) return;
  r->base.is_ended = true;
  if (k->class->storage == TENON_STORAGE_VALUE)
    run_as_end(k, run_release, r);
  else
    run_free(k, r->base.memory);
}

/* T has ended, or needs no end. The record goes, unless its object is there. */
static void finish(tenon_p_life *r)
{
  JSRuntime *rt = runtime_of(r);

  r->base.is_ended = true;
  forget(tenon_p_life_class(r)->all, r);
  /* What it holds may be all that holds its object. */
  r->base.pins++;
  let_go_of_values(rt, r);
  r->ending = NULL;
  tenon_p_holder_release(rt, &r->holder);
  r->base.pins--;
  if (r->base.object) {
    report(r, own_size(r));
    return;
  }
  report(r, 0);
  tenon_p_class_unref(tenon_p_life_class(r));
  free(r);
}

static void finalize(tenon_p_engine *e, tenon_p_finalizer *f)
{
  tenon_p_life *r = tenon_p_container(f, tenon_p_life, finalizer);

  (void)e;
  r->is_queued = false;
  /* C has returned it once more meanwhile. */
  if (is_used(r) || (r->base.object && !r->base.is_disposed)) return;
  /* What it lets go of may be all that holds its object. */
  r->base.pins++;
  end(r);
  r->base.pins--;
  finish(r);
}

/* Nobody uses it any more. During a collection, too. */
static void leave(tenon_p_life *r)
{
  if (!has_end(r)) {
    finish(r);
    return;
  }
  r->is_queued = true;
  r->finalizer.run = finalize;
  tenon_p_finalize_later(runtime_of(r), &r->finalizer);
}

void tenon_p_instance_unused(tenon_p_life *r)
{
  tenon_p_engine *e = tenon_p_life_class(r)->all->engine;

  if (is_used(r) || r->is_queued) return;
  if (r->base.object && (!r->base.is_disposed || r->base.is_ended)) return;
  leave(r);
  tenon_p_finalize(e);
}

static void unused(tenon_p_instance *i)
{
  tenon_p_instance_unused(tenon_p_life_of(i));
}

/* One that is borrowed is found no more; others are, until T has ended: by a
 * pointer that C may still have. */
static void gone(JSRuntime *rt, tenon_p_instance *i)
{
  tenon_p_life *r = tenon_p_life_of(i);

  i->self = NULL;
  if (i->is_borrowed) forget(tenon_p_life_class(r)->all, r);
  let_go_of_values(rt, r);
  if (!is_used(r) && !r->is_queued) leave(r);
}

static void mark(JSRuntime *rt, tenon_p_instance *i, JS_MarkFunc *mark_func)
{
  tenon_p_life *r = tenon_p_life_of(i);

  JS_MarkValue(rt, r->parent, mark_func);
  tenon_p_holder_mark(rt, &r->holder, mark_func);
}

void tenon_p_instance_dispose(tenon_p_instance *i)
{
  if (i->is_disposed) return;
  i->is_disposed = true;
  i->self = NULL;
  unused(i);
}

typedef struct copied {
  const tenon_p_bound_class *class;
  void *memory;
} copied;

static void release_copied(void *p)
{
  const copied *k = p;

  k->class->release(k->memory, NULL);
}

void tenon_p_instance_end_copy(tenon_p_bound_class *k, const void *src)
{
  copied c = {k, (void *)src};

  if (k->release) run_as_end(k, release_copied, &c);
}

/* --- Making ---------------------------------------------------------------------- */

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
  tenon_p_holder_init(&r->holder);
  report(r, size);
  if (k->class->storage == TENON_STORAGE_VALUE) r->base.memory = r->data;
  return &r->base;
}

/* Of what is in it nothing is freed. */
static void drop(tenon_p_instance *i)
{
  i->is_ended = true;
  finish(tenon_p_life_of(i));
}

/* A pointer that the constructor has returned all the same goes as that of any
 * result: behind it something else has thrown. */
static void failed(tenon_p_instance *i)
{
  tenon_p_life *r = tenon_p_life_of(i);
  tenon_p_bound_class *k = tenon_p_life_class(r);
  JSContext *ctx = k->all->engine->ctx;
  void *p = i->memory;
  JSValue thrown;

  if (!p || p == r->data) {
    drop(i);
    return;
  }
  thrown = JS_GetException(ctx);
  k->base.refs++;
  drop(i);
  if (k->class->storage == TENON_STORAGE_COUNTED ||
      (!tenon_p_instance_find(k->all, p, &k->base, NULL) &&
       !tenon_p_instance_is_lost(k, p)))
    run_free(k, p);
  tenon_p_class_unref(k);
  JS_Throw(ctx, thrown);
}

void tenon_p_instance_discard(tenon_p_life *r)
{
  const tenon_p_bound_class *k = tenon_p_life_class(r);

  /* A script that ran meanwhile may have been given what has one owner. */
  if (k->class->storage == TENON_STORAGE_POINTER && r->base.memory &&
      tenon_p_instance_find(k->all, r->base.memory, &k->base, NULL))
    r->base.is_ended = true;
  end(r);
  drop(&r->base);
}

JSValue tenon_p_instance_dup_object(JSContext *ctx, const tenon_p_life *r)
{
  return JS_DupValue(ctx, JS_MKPTR(JS_TAG_OBJECT, r->base.object));
}

JSValue tenon_p_instance_new_object(JSContext *ctx, tenon_p_life *r,
                                    JSValueConst proto)
{
  JSValue v;

  if (measure(ctx, &r->base)) {
    tenon_p_instance_discard(r);
    return JS_EXCEPTION;
  }
  v = tenon_p_instance_object(ctx, &r->base, proto);
  if (JS_IsException(v)) {
    tenon_p_instance_discard(r);
    return v;
  }
  r->base.self = r->base.memory;
  if (r->base.memory != r->data) remember(tenon_p_life_class(r)->all, r);
  return v;
}

JSValue tenon_p_instance_borrow(JSContext *ctx, tenon_p_bound_class *k,
                                tenon_p_life *owner, void *p)
{
  tenon_p_life *r = (tenon_p_life *)make(ctx, &k->base);
  JSValue v;

  if (!r) return JS_EXCEPTION;
  r->base.memory = p;
  r->base.is_ended = r->base.is_borrowed = true;
  r->owner = owner;
  r->parent = tenon_p_instance_dup_object(ctx, owner);
  v = tenon_p_instance_object(ctx, &r->base, k->base.proto);
  if (JS_IsException(v)) {
    drop(&r->base);
    return v;
  }
  r->base.self = p;
  remember(k->all, r);
  return v;
}

/* A reference that is one too many. */
static void unref(const tenon_p_bound_class *k, void *p)
{
  if (k->class->storage == TENON_STORAGE_COUNTED) run_free(k, p);
}

/* One whose object is gone, and T not yet, gets another object. */
static JSValue again(JSContext *ctx, tenon_p_life *r, JSValueConst proto)
{
  JSValue own = tenon_p_life_class(r)->base.proto;
  JSValue v =
      tenon_p_instance_object(ctx, &r->base, JS_IsObject(own) ? own : proto);

  if (!JS_IsException(v) && !r->base.is_out) r->base.self = r->base.memory;
  return v;
}

static JSValue throw_over(JSContext *ctx, const tenon_p_life *r)
{
  return tenon_p_throw_plain(ctx, TENON_P_MESSAGE_RETURNED_DISPOSED,
                             tenon_p_life_class(r)->class->name);
}

JSValue tenon_p_instance_lent(JSContext *ctx, const tenon_p_life *r)
{
  return tenon_p_instance_is_over(r) ? throw_over(ctx, r)
                                     : tenon_p_instance_dup_object(ctx, r);
}

/* What was borrowed is handed over: it needs what it lived in no more, nor do
 * the calls that use it, each of which uses that, too. */
static JSValue take_over(JSContext *ctx, tenon_p_life *r)
{
  JSValue v = tenon_p_instance_dup_object(ctx, r), parent = r->parent;
  tenon_p_life *owner = r->owner, *next;

  r->base.is_borrowed = r->base.is_ended = false;
  r->owner = NULL;
  r->parent = JS_UNDEFINED;
  for (; owner; owner = next) {
    next = owner->base.is_borrowed ? owner->owner : NULL;
    owner->base.pins -= r->base.pins;
    if (r->base.pins) tenon_p_instance_unused(owner);
  }
  JS_FreeValue(ctx, parent);
  if (measure(ctx, &r->base) == 0) return v;
  JS_FreeValue(ctx, v);
  return JS_EXCEPTION;
}

/* The object of a pointer that a record has, one reference of which came, for a
 * class that is this one's or has the same root. */
static JSValue known(JSContext *ctx, tenon_p_life *r, const tenon_p_class *c,
                     JSValueConst proto)
{
  tenon_p_bound_class *k = tenon_p_life_class(r);
  void *p = r->base.memory;
  JSValue v = JS_EXCEPTION;

  if (r->base.is_borrowed) return take_over(ctx, r);
  if (tenon_p_instance_is_elsewhere(r, c))
    tenon_p_throw_plain(ctx, TENON_P_MESSAGE_RETURNED_ELSEWHERE,
                        k->class->name);
  else if (r->base.is_disposed || r->base.is_ended)
    throw_over(ctx, r);
  else if (r->base.object)
    v = tenon_p_instance_dup_object(ctx, r);
  else
    v = again(ctx, r, proto);
  unref(k, p);
  return v;
}

JSValue tenon_p_throw_lost(JSContext *ctx, const tenon_p_bound_class *k)
{
  return tenon_p_throw_plain(ctx, TENON_P_MESSAGE_RETURNED_ELSEWHERE,
                             k->class->name);
}

JSValue tenon_p_instance_own(JSContext *ctx, tenon_p_bound_class *k, void *p,
                             JSValueConst proto)
{
  tenon_p_life *r = tenon_p_instance_find(k->all, p, &k->base, NULL);
  tenon_p_instance *i;

  if (r) return known(ctx, r, &k->base, proto);
  if (tenon_p_instance_is_lost(k, p)) return tenon_p_throw_lost(ctx, k);
  i = make(ctx, &k->base);
  if (!i) {
    run_free(k, p);
    return JS_EXCEPTION;
  }
  i->memory = p;
  return tenon_p_instance_new_object(ctx, tenon_p_life_of(i), proto);
}

/* A constructor that returns what an instance has already gives that one. */
static JSValue made(JSContext *ctx, tenon_p_instance *i, JSValueConst proto)
{
  tenon_p_life *r = tenon_p_life_of(i), *there = NULL;
  tenon_p_class *c = i->class;

  if (i->memory != r->data)
    there = tenon_p_instance_find(tenon_p_life_class(r)->all, i->memory,
                                  i->class, NULL);
  if (!there && tenon_p_instance_is_lost(tenon_p_life_class(r), i->memory)) {
    tenon_p_throw_lost(ctx, tenon_p_life_class(r));
    drop(i);
    return JS_EXCEPTION;
  }
  if (!there) return tenon_p_instance_new_object(ctx, r, proto);
  /* The class is its constructor's, too; what that had held for T is in T. */
  if (!there->base.is_borrowed) tenon_p_holder_move(&r->holder, &there->holder);
  drop(i);
  if (there->base.is_borrowed &&
      tenon_p_life_class(there)->class->storage == TENON_STORAGE_POINTER)
    return tenon_p_instance_lent(ctx, there);
  return known(ctx, there, c, proto);
}

const tenon_p_class_ops tenon_p_instance_ops = {.make = make,
                                                .drop = failed,
                                                .made = made,
                                                .unused = unused,
                                                .dispose =
                                                    tenon_p_instance_dispose,
                                                .measure = measure,
                                                .mark = mark,
                                                .gone = gone};

const char *tenon_p_instance_name(JSContext *ctx, JSValueConst v)
{
  return tenon_p_life_class(tenon_p_life_of(tenon_p_instance_of(ctx, v)))
      ->class->name;
}

/* --- Off the loop ---------------------------------------------------------------- */

/* Its object stays as long as it is out: the Promise's settlement has to find
 * what it was made for. */
void tenon_p_instance_lend(JSContext *ctx, tenon_p_call *c, tenon_p_life *r)
{
  (void)tenon_p_instance_dup_object(ctx, r);
  r->base.is_out = true;
  r->base.self = NULL;
  r->next_out = c->has_outs ? c->outs : NULL;
  c->outs = r;
  c->has_outs = true;
}

bool tenon_p_instance_is_ending(tenon_p_instance *i)
{
  return tenon_p_life_of(i)->ending != NULL;
}

static JSValue resolved(JSContext *ctx)
{
  JSValue settle[2], promise = JS_NewPromiseCapability(ctx, settle), r;

  if (JS_IsException(promise)) return promise;
  r = JS_Call(ctx, settle[0], JS_UNDEFINED, 0, NULL);
  JS_FreeValue(ctx, settle[0]);
  JS_FreeValue(ctx, settle[1]);
  if (!JS_IsException(r)) return promise;
  JS_FreeValue(ctx, promise);
  return r;
}

JSValue tenon_p_instance_ending(JSContext *ctx, tenon_p_instance *i)
{
  const tenon_p_life *r = tenon_p_life_of(i);

  if (r->ending) return JS_DupValue(ctx, tenon_p_held_get(r->ending));
  return i->is_disposed ? resolved(ctx) : JS_UNDEFINED;
}

/* Without memory for it a second one is refused while the first one runs. */
void tenon_p_instance_ends_by(JSContext *ctx, tenon_p_instance *i,
                              JSValueConst promise)
{
  tenon_p_life *r = tenon_p_life_of(i);

  r->ending = tenon_p_holder_add(JS_GetRuntime(ctx), &r->holder, promise);
}

static tenon_p_life *take_out(tenon_p_call *c)
{
  tenon_p_life *r = c->outs;

  c->outs = r->next_out;
  if (!c->outs) c->has_outs = false;
  r->next_out = NULL;
  return r;
}

static void come_back(tenon_p_life *r)
{
  tenon_p_instance *i = &r->base;

  i->is_out = false;
  if (r->ending) tenon_p_host_held_release(r->ending);
  r->ending = NULL;
  if (!i->is_disposed) i->self = i->memory;
  i->pins++;
  JS_FreeValueRT(runtime_of(r), JS_MKPTR(JS_TAG_OBJECT, i->object));
  i->pins--;
  tenon_p_instance_unused(r);
}

static void end_detached(void *p)
{
  tenon_p_life *r = p;

  if (r->detached.free)
    r->detached.free(r->base.memory);
  else if (r->detached.release)
    r->detached.release(r->base.memory, NULL);
}

void tenon_p_call_return(tenon_p_call *c)
{
  while (c->has_outs) {
    tenon_p_life *r = take_out(c);
    if (!r->is_detached) {
      come_back(r);
      continue;
    }
    if (r->root_class) forget_detached(r);
    tenon_p_call_finalizer(NULL, end_detached, r);
    tenon_p_holder_release(NULL, &r->holder);
    free(r);
  }
}

void tenon_p_call_detach(tenon_p_call *c)
{
  tenon_p_life *r;
  JSRuntime *rt;

  for (r = c->has_outs ? c->outs : NULL; r; r = r->next_out) {
    tenon_p_bound_class *k = tenon_p_life_class(r);
    JSValue object = JS_MKPTR(JS_TAG_OBJECT, r->base.object);
    if (r->is_detached) continue;
    rt = runtime_of(r);
    forget(k->all, r);
    report(r, 0);
    r->is_detached = true;
    r->base.is_disposed = true;
    r->detached.release = k->release;
    r->detached.free = k->class->free;
    tenon_p_instance_cut(&r->base);
    tenon_p_hold_lock();
    let_go_of_values(rt, r);
    tenon_p_hold_unlock();
    r->root_class = k->class->storage == TENON_STORAGE_POINTER
                        ? described(root_of(&k->base))
                        : NULL;
    r->base.class = NULL;
    if (r->root_class) remember_detached(r);
    tenon_p_class_unref(k);
    JS_FreeValueRT(rt, object);
  }
}

int tenon_p_call_measure(JSContext *ctx, tenon_p_call *c)
{
  tenon_p_life *r;

  for (r = c->has_outs ? c->outs : NULL; r; r = r->next_out)
    if (measure(ctx, &r->base)) return -1;
  return 0;
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
