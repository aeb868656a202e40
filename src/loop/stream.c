#include "loop/stream.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "base/text.h"
#include "bind/convert.h"
#include "bind/table.h"
#include "engine/extension.h"
#include "engine/finalize.h"
#include "engine/iterator.h"
#include "loop/iterable.h"
#include "loop/loop.h"
#include "loop/mailbox.h"

/* So many values in a row are there at once; then the loop has its turn, or a
 * program that iterates over a stream of a busy thread would do nothing else. */
#define MOST_AT_ONCE 64
/* Slots that a ring begins with. */
#define FIRST_SLOTS 8

/* One that next() waits with. */
typedef struct request {
  tenon_p_list link; /* in stream.requests */
  JSValue settle[2];
} request;

/* What a value points at, and behind it the value. */
typedef struct slot {
  tenon_p_cleanup *cleanups;
  _Alignas(16) char value[];
} slot;

typedef struct hook {
  void (*fn)(void *p);
  void (*cancelled)(void *p, int why);
  void *p;
} hook;

typedef struct stream {
  tenon_stream base; /* first: it is one of these */
  const tenon_type *type;
  size_t mark, slot_size;
  uv_mutex_t mutex;
  uv_cond_t changed;
  int refs; /* atomic: C's holds together, the object, a turn that is due */

  /* Under the lock. */
  int natives;
  int status; /* what the next write returns; 0: it is open */
  char *slots;
  size_t capacity, first, count;
  size_t reserved;           /* by writers that are copying */
  uint32_t waiting;          /* writers */
  uint32_t wanted;           /* how many requests there are */
  tenon_p_failure *failure;  /* behind the values; NULL: no memory */
  tenon_iterable *failed_by; /* instead, held; or NULL */
  bool has_failed, is_dropped;
  bool was_refused;  /* a write, since the last time that there was room */
  bool is_signalled; /* `ready` is on its way */
  bool is_told;      /* a hook runs */
  hook drain, cancel;
  tenon_p_mailbox *box; /* set once */

  /* The loop's thread. */
  tenon_p_ready ready;
  tenon_p_loop *loop; /* while it is open in a runtime */
  JSContext *ctx;     /* the same, counted */
  tenon_p_list link;  /* in tenon_p_loop.streams */
  tenon_p_operation operation;
  tenon_p_finalizer finalizer;
  tenon_p_list requests;
  JSValue object;         /* not counted; undefined: not made, or gone */
  JSValue waiting_object; /* counted, while there are requests */
  bool had_object;
  uint32_t at_once;
  _Alignas(16) char item[]; /* one value */
} stream;

static const tenon_p_operation_kind stream_kind = {.one = "stream",
                                                   .many = "streams"};

static stream *of(tenon_stream *s)
{
  return (stream *)s;
}

static const tenon_field *field_of(const stream *s)
{
  return &s->type->fields[0];
}

/* --- Life ------------------------------------------------------------------------- */

static void release_item(tenon_p_cleanup *cleanups)
{
  tenon_p_call c;

  tenon_p_call_init(&c, false);
  c.cleanups = cleanups;
  tenon_p_call_release(&c);
}

static slot *slot_at(const stream *s, size_t i)
{
  return (slot *)(s->slots + (s->first + i) % s->capacity * s->slot_size);
}

/* A ring that nobody else looks at any more. */
static void release_ring(const stream *s)
{
  size_t i;

  for (i = 0; i < s->count; i++)
    release_item(slot_at(s, i)->cleanups);
  free(s->slots);
}

static void ref(stream *s)
{
  __atomic_add_fetch(&s->refs, 1, __ATOMIC_RELAXED);
}

static void unref(stream *s)
{
  if (__atomic_sub_fetch(&s->refs, 1, __ATOMIC_ACQ_REL)) return;
  release_ring(s);
  tenon_p_failure_free(s->failure);
  if (s->failed_by) s->failed_by->calls->release(s->failed_by);
  if (s->box) tenon_p_mailbox_unref(s->box);
  uv_cond_destroy(&s->changed);
  uv_mutex_destroy(&s->mutex);
  free(s);
}

/* Empties the ring, without the lock. */
static void drop_items(stream *s)
{
  stream old;

  uv_mutex_lock(&s->mutex);
  old.slots = s->slots;
  old.capacity = s->capacity;
  old.first = s->first;
  old.count = s->count;
  old.slot_size = s->slot_size;
  s->slots = NULL;
  s->capacity = s->first = s->count = 0;
  uv_mutex_unlock(&s->mutex);
  release_ring(&old);
}

/* Has the loop look at it; locked, and unlocks. */
static void signal_locked(stream *s)
{
  tenon_p_mailbox *box = s->box;
  bool has_to = box && !s->is_signalled;

  if (has_to) {
    s->is_signalled = true;
    ref(s);
  }
  uv_mutex_unlock(&s->mutex);
  if (has_to && tenon_p_mailbox_put(box, &s->ready)) s->ready.drop(&s->ready);
}

static void drop(tenon_p_ready *r)
{
  stream *s = tenon_p_container(r, stream, ready);

  uv_mutex_lock(&s->mutex);
  s->is_signalled = false;
  uv_mutex_unlock(&s->mutex);
  unref(s);
}

/* Code of C's own, outside of every call. The loop's thread. */
static void tell(stream *s, const hook *h, int why)
{
  tenon_p_call *current = tenon_p_current_call;

  tenon_p_current_call = NULL;
  if (h->cancelled)
    h->cancelled(h->p, why);
  else
    h->fn(h->p);
  tenon_p_current_call = current;
  uv_mutex_lock(&s->mutex);
  s->is_told = false;
  uv_cond_broadcast(&s->changed);
  uv_mutex_unlock(&s->mutex);
}

/* --- What C calls ----------------------------------------------------------------- */

static bool is_here(const stream *s)
{
  if (s->box) return tenon_p_mailbox_is_here(s->box);
  return tenon_p_current_call && tenon_p_current_call->ctx;
}

static tenon_stream *stream_keep(tenon_stream *base)
{
  stream *s = of(base);

  uv_mutex_lock(&s->mutex);
  s->natives++;
  uv_mutex_unlock(&s->mutex);
  ref(s);
  return base;
}

static void stream_release(tenon_stream *base)
{
  stream *s = of(base);

  uv_mutex_lock(&s->mutex);
  if (--s->natives || s->status) {
    uv_mutex_unlock(&s->mutex);
  } else {
    s->status = TENON_EALREADY;
    s->is_dropped = true;
    signal_locked(s);
  }
  unref(s);
}

/* A place for one more; locked. */
static int make_room(stream *s)
{
  size_t capacity = s->capacity ? s->capacity * 2 : FIRST_SLOTS, i;
  char *slots;

  if (s->count + s->reserved < s->capacity) return 0;
  if (capacity > s->mark) capacity = s->mark;
  if (capacity > SIZE_MAX / 2 / s->slot_size) return TENON_ENOMEM;
  slots = tenon_p_malloc(capacity * s->slot_size);
  if (!slots) return TENON_ENOMEM;
  for (i = 0; i < s->count; i++)
    memcpy(slots + i * s->slot_size, slot_at(s, i), s->slot_size);
  free(s->slots);
  s->slots = slots;
  s->capacity = capacity;
  s->first = 0;
  return 0;
}

static bool is_full(const stream *s)
{
  return s->count + s->reserved >= s->mark;
}

/* Waits for room where that is wanted, and takes it. */
static int reserve(stream *s, bool waits)
{
  const tenon_module *locked = NULL;
  int r;

  uv_mutex_lock(&s->mutex);
  if (waits && !s->status && is_full(s)) {
    if (is_here(s)) {
      uv_mutex_unlock(&s->mutex);
      return TENON_EBUSY;
    }
    uv_mutex_unlock(&s->mutex);
    locked = tenon_p_pool_pause();
    uv_mutex_lock(&s->mutex);
    s->waiting++;
    while (!s->status && is_full(s))
      uv_cond_wait(&s->changed, &s->mutex);
    s->waiting--;
  }
  r = s->status;
  if (r == 0 && is_full(s)) {
    s->was_refused = true;
    r = TENON_EFULL;
  }
  if (r == 0) r = make_room(s);
  if (r == 0) s->reserved++;
  uv_mutex_unlock(&s->mutex);
  tenon_p_pool_go_on(locked);
  return r;
}

/* A copy, or what is owned now, in `c`. */
static int collect(const stream *s, tenon_p_call *c, void *value,
                   void (*free_value)(void *), void *p)
{
  tenon_p_call_init(c, true);
  c->used = sizeof c->room;
  if (!free_value)
    return tenon_p_keep(c, field_of(s), value) ? TENON_ENOMEM : 0;
  return tenon_p_call_defer(c, free_value, p) ? TENON_ENOMEM : 0;
}

/* Puts what was reserved; `c` is consumed. */
static int put(stream *s, tenon_p_call *c, const void *value, int r)
{
  size_t size = tenon_p_field_size(field_of(s));
  slot *k;

  uv_mutex_lock(&s->mutex);
  s->reserved--;
  if (r == 0) r = s->status;
  if (r) {
    if (s->waiting) uv_cond_broadcast(&s->changed);
    uv_mutex_unlock(&s->mutex);
    return r;
  }
  k = slot_at(s, s->count);
  k->cleanups = c->cleanups;
  c->cleanups = NULL;
  memcpy(k->value, value, size);
  s->count++;
  if (s->wanted)
    signal_locked(s);
  else
    uv_mutex_unlock(&s->mutex);
  return 0;
}

/* What was to be freed is still its owner's. */
static void forget(tenon_p_call *c, void (*fn)(void *), const void *p)
{
  tenon_p_cleanup *k;

  for (k = c->cleanups; k; k = k->next)
    if (k->fn == fn && k->p == p) k->fn = NULL;
}

static int stream_write(tenon_stream *base, const void *value, int waits,
                        void (*free_value)(void *), void *p)
{
  stream *s = of(base);
  size_t size = tenon_p_field_size(field_of(s));
  _Alignas(16) char small[64];
  char *copy = small;
  tenon_p_call c;
  int r = reserve(s, waits);

  if (r) return r;
  if (size > sizeof small) copy = tenon_p_malloc(size);
  tenon_p_call_init(&c, true);
  if (copy) {
    memcpy(copy, value, size);
    r = collect(s, &c, copy, free_value, p);
  } else {
    r = TENON_ENOMEM;
  }
  r = put(s, &c, copy, r);
  if (r && free_value) forget(&c, free_value, p);
  tenon_p_call_release(&c);
  if (copy != small) free(copy);
  return r;
}

/* No more is written: what C's own hooks use is free to go then. */
static int finish_writing(stream *s, tenon_p_failure *f, bool fails,
                          tenon_iterable *by)
{
  int r;

  uv_mutex_lock(&s->mutex);
  /* Not for one that tells of the end: it may wait for this very thread. */
  if (!is_here(s))
    while (s->is_told && !s->status)
      uv_cond_wait(&s->changed, &s->mutex);
  r = s->status;
  if (r) {
    uv_mutex_unlock(&s->mutex);
    tenon_p_failure_free(f);
    return r;
  }
  s->status = TENON_EALREADY;
  s->has_failed = fails;
  s->failure = f;
  s->failed_by = by;
  if (s->waiting) uv_cond_broadcast(&s->changed);
  signal_locked(s);
  return 0;
}

static int stream_end(tenon_stream *base)
{
  return finish_writing(of(base), NULL, false, NULL);
}

static int stream_fail(tenon_stream *base, const tenon_failure *given,
                       const char *format, va_list ap)
{
  if (!given || given->flags) return TENON_EINVAL;
  return finish_writing(of(base), tenon_p_failure_new(given, format, ap), true,
                        NULL);
}

static int stream_fail_by(tenon_stream *base, tenon_iterable *it)
{
  int r;

  it->calls->keep(it);
  r = finish_writing(of(base), NULL, true, it);
  if (r) it->calls->release(it);
  return r;
}

static int set_hook(stream *s, hook *to, const hook *h)
{
  int r;

  uv_mutex_lock(&s->mutex);
  r = s->status;
  if (r == 0) *to = *h;
  uv_mutex_unlock(&s->mutex);
  return r;
}

static int stream_on_drain(tenon_stream *base, void (*fn)(void *p), void *p)
{
  stream *s = of(base);
  const hook h = {.fn = fn, .p = p};

  return set_hook(s, &s->drain, &h);
}

static int stream_on_cancel(tenon_stream *base, void (*fn)(void *p, int why),
                            void *p)
{
  stream *s = of(base);
  const hook h = {.cancelled = fn, .p = p};

  return set_hook(s, &s->cancel, &h);
}

static void drop_stream(tenon_stream *base);

static const tenon_p_stream_table table = {
    .calls = {.size = sizeof(tenon_stream_calls),
              .keep = stream_keep,
              .release = stream_release,
              .write = stream_write,
              .end = stream_end,
              .fail = stream_fail,
              .on_drain = stream_on_drain,
              .on_cancel = stream_on_cancel,
              .fail_by = stream_fail_by},
    .drop = drop_stream,
};

/* --- Taking ----------------------------------------------------------------------- */

enum taken { TAKEN_ITEM, TAKEN_END, TAKEN_FAILURE, TAKEN_NOTHING };

/* The next value, in `item`, and what it points at; `waits`: what is not there is
 * wanted. */
static enum taken take(stream *s, tenon_p_cleanup **cleanups, bool waits)
{
  enum taken r = TAKEN_NOTHING;
  slot *k;

  uv_mutex_lock(&s->mutex);
  if (s->count) {
    k = slot_at(s, 0);
    memcpy(s->item, k->value, tenon_p_field_size(field_of(s)));
    *cleanups = k->cleanups;
    s->first = (s->first + 1) % s->capacity;
    s->count--;
    r = TAKEN_ITEM;
    if (s->waiting) uv_cond_broadcast(&s->changed);
    if (s->was_refused && s->count <= s->mark / 2) {
      signal_locked(s);
      return r;
    }
  } else if (s->status) {
    r = s->has_failed || s->is_dropped ? TAKEN_FAILURE : TAKEN_END;
  } else if (waits) {
    s->wanted++;
  }
  uv_mutex_unlock(&s->mutex);
  return r;
}

static JSValue throw_dropped(JSContext *ctx, const stream *s)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_text_printf(&t,
                      "%s: native code has let go of the stream without "
                      "ending it",
                      s->type->name);
  if (t.failed)
    JS_ThrowOutOfMemory(ctx);
  else
    tenon_p_throw_error(ctx, TENON_P_PLAIN_ERROR, t.data, t.len);
  tenon_p_text_release(&t);
  return JS_EXCEPTION;
}

/* Once: behind it there is nothing more. */
static JSValue throw_failure(JSContext *ctx, stream *s)
{
  bool is_dropped = s->is_dropped;

  s->has_failed = s->is_dropped = false;
  if (s->failed_by) return tenon_p_iterable_throw(ctx, s->failed_by);
  return is_dropped ? throw_dropped(ctx, s)
                    : tenon_p_throw_failure(ctx, s->failure);
}

/* The value that was taken, as JavaScript has it. */
static JSValue convert(JSContext *ctx, stream *s, tenon_p_cleanup *cleanups)
{
  const tenon_p_item *item = tenon_p_item_of(ctx, s->type);
  JSValue v = JS_EXCEPTION;
  tenon_p_place place;
  tenon_p_call c;

  tenon_p_call_init(&c, false);
  c.cleanups = cleanups;
  if (item) {
    place = tenon_p_item_place(item);
    v = tenon_p_write(ctx, &c, &place, field_of(s), s->item);
  }
  tenon_p_call_release(&c);
  return v;
}

/* --- The end ---------------------------------------------------------------------- */

/* It is not open in a runtime any more. The loop's thread. */
static void finish(stream *s)
{
  JSContext *ctx = s->ctx;

  if (!s->loop) return;
  tenon_p_operation_end(&s->operation);
  tenon_p_list_remove(&s->link);
  s->loop = NULL;
  s->ctx = NULL;
  JS_FreeContext(ctx);
}

/* JavaScript wants no more: C is told why, unless it has ended by itself. */
static void cancel(stream *s, int why)
{
  hook h = {NULL, NULL, NULL};

  uv_mutex_lock(&s->mutex);
  if (!s->status) {
    s->status = why;
    h = s->cancel;
    s->is_told = h.cancelled != NULL;
  }
  s->has_failed = s->is_dropped = s->was_refused = false;
  uv_cond_broadcast(&s->changed);
  uv_mutex_unlock(&s->mutex);
  drop_items(s);
  if (h.cancelled) tell(s, &h, why);
}

/* Where nobody will read it. */
static void drop_stream(tenon_stream *base)
{
  stream *s = of(base);
  bool is_ours;

  uv_mutex_lock(&s->mutex);
  is_ours = s->box != NULL;
  uv_mutex_unlock(&s->mutex);
  if (!is_ours) cancel(s, TENON_ECLOSING);
}

static void release_request(stream *s, JSRuntime *rt, request *q)
{
  tenon_p_list_remove(&q->link);
  uv_mutex_lock(&s->mutex);
  s->wanted--;
  uv_mutex_unlock(&s->mutex);
  JS_FreeValueRT(rt, q->settle[0]);
  JS_FreeValueRT(rt, q->settle[1]);
  js_free_rt(rt, q);
}

/* Nobody waits any more: the object may go. */
static void let_go(stream *s, JSRuntime *rt, tenon_p_loop *l)
{
  JSValue object = s->waiting_object;

  if (JS_IsUndefined(object) || !tenon_p_list_is_empty(&s->requests)) return;
  s->waiting_object = JS_UNDEFINED;
  tenon_p_loop_hold(l, false);
  JS_FreeValueRT(rt, object);
}

static void close_one(stream *s)
{
  tenon_p_loop *l = s->loop;
  JSRuntime *rt = l->engine->rt;

  ref(s);
  while (!tenon_p_list_is_empty(&s->requests))
    release_request(s, rt, tenon_p_container(s->requests.next, request, link));
  let_go(s, rt, l);
  finish(s);
  cancel(s, TENON_ECLOSING);
  unref(s);
}

void tenon_p_stream_close(tenon_p_loop *l)
{
  while (!tenon_p_list_is_empty(&l->streams))
    close_one(tenon_p_container(l->streams.next, stream, link));
}

void tenon_p_stream_close_realm(tenon_p_loop *l, const JSContext *ctx)
{
  tenon_p_list *at = l->streams.next;

  while (at != &l->streams) {
    stream *s = tenon_p_container(at, stream, link);
    at = at->next;
    if (s->ctx != ctx) continue;
    close_one(s);
    at = l->streams.next;
  }
}

/* Its object is gone. */
static void finalize(tenon_p_engine *e, tenon_p_finalizer *f)
{
  stream *s = tenon_p_container(f, stream, finalizer);

  (void)e;
  finish(s);
  cancel(s, TENON_ECANCELED);
  unref(s);
}

/* --- Answering -------------------------------------------------------------------- */

/* By `v`, which is consumed, or by the exception that it stands for. */
static void settle_by(JSContext *ctx, JSValueConst *settle, JSValue v)
{
  bool rejects = JS_IsException(v);
  JSValue r;

  if (rejects) v = JS_GetException(ctx);
  r = JS_Call(ctx, settle[rejects], JS_UNDEFINED, 1, (JSValueConst *)&v);
  /* No memory for the reactions: nobody is left who could be told. */
  if (JS_IsException(r)) tenon_p_realm_take_exception(ctx);
  JS_FreeValue(ctx, r);
  JS_FreeValue(ctx, v);
}

/* What was taken, as { value, done }; what fails ends it. */
static JSValue result_of(JSContext *ctx, stream *s, enum taken taken,
                         tenon_p_cleanup *cleanups)
{
  JSValue v, thrown;

  if (taken == TAKEN_END)
    return tenon_p_iterator_result(ctx, JS_UNDEFINED, true);
  v = taken == TAKEN_ITEM ? convert(ctx, s, cleanups) : throw_failure(ctx, s);
  if (!JS_IsException(v)) v = tenon_p_iterator_result(ctx, v, false);
  if (!JS_IsException(v)) return v;
  thrown = JS_GetException(ctx);
  cancel(s, TENON_ECANCELED);
  JS_Throw(ctx, thrown);
  return JS_EXCEPTION;
}

/* Settles what can be settled; scripts that this runs may do anything with it. */
static void answer(stream *s)
{
  JSContext *ctx = JS_DupContext(s->ctx);
  tenon_p_realm *realm = tenon_p_realm_of(ctx);
  JSRuntime *rt = JS_GetRuntime(ctx);
  tenon_p_loop *l = s->loop;
  tenon_p_cleanup *cleanups = NULL;
  JSValue settle[2], v;
  enum taken taken;
  request *q;

  if (realm) realm->busy++;
  while (!tenon_p_list_is_empty(&s->requests)) {
    taken = take(s, &cleanups, false);
    if (taken == TAKEN_NOTHING) break;
    q = tenon_p_container(s->requests.next, request, link);
    settle[0] = JS_DupValue(ctx, q->settle[0]);
    settle[1] = JS_DupValue(ctx, q->settle[1]);
    release_request(s, rt, q);
    v = result_of(ctx, s, taken, cleanups);
    settle_by(ctx, (JSValueConst *)settle, v);
    JS_FreeValue(ctx, settle[0]);
    JS_FreeValue(ctx, settle[1]);
  }
  if (realm) realm->busy--;
  if (s->loop) let_go(s, rt, l);
  JS_FreeContext(ctx);
}

static void tell_drained(stream *s)
{
  hook h = {NULL, NULL, NULL};

  uv_mutex_lock(&s->mutex);
  if (s->was_refused && !s->status && s->count <= s->mark / 2) {
    s->was_refused = false;
    h = s->drain;
    s->is_told = h.fn != NULL;
  }
  uv_mutex_unlock(&s->mutex);
  if (h.fn) tell(s, &h, 0);
}

/* Nothing will come, and nobody waits to hear that. */
static bool is_over(stream *s)
{
  bool r;

  if (!tenon_p_list_is_empty(&s->requests)) return false;
  uv_mutex_lock(&s->mutex);
  r = s->status && !s->count && !s->has_failed && !s->is_dropped;
  uv_mutex_unlock(&s->mutex);
  return r;
}

/* Its turn. */
static void run(tenon_p_loop *l, tenon_p_ready *r)
{
  stream *s = tenon_p_container(r, stream, ready);

  (void)l;
  uv_mutex_lock(&s->mutex);
  s->is_signalled = false;
  uv_mutex_unlock(&s->mutex);
  s->at_once = 0;
  if (s->loop) answer(s);
  tell_drained(s);
  if (is_over(s)) finish(s);
  unref(s);
}

/* --- next() and return() ---------------------------------------------------------- */

/* What a realm has: the prototype of the objects. */
typedef struct protos {
  JSValue stream;
} protos;

static void protos_mark(JSRuntime *rt, void *state, JS_MarkFunc *mark)
{
  JS_MarkValue(rt, ((protos *)state)->stream, mark);
}

static void protos_free(tenon_p_realm *r, JSRuntime *rt, void *state)
{
  JS_FreeValueRT(rt, ((protos *)state)->stream);
  tenon_p_heap_free(&r->engine->heap, state);
}

static const tenon_p_realm_type protos_type = {
    .name = "streams", .mark = protos_mark, .free = protos_free};

static void on_gone(JSRuntime *rt, JSValueConst v)
{
  JSClassID id;
  stream *s = JS_GetAnyOpaque(v, &id);

  if (!s) return;
  s->object = JS_UNDEFINED;
  s->finalizer.run = finalize;
  tenon_p_finalize_later(rt, &s->finalizer);
}

/* The stream of `this`; NULL with an exception. */
static stream *stream_of(JSContext *ctx, JSValueConst v, const char *name)
{
  JSClassID id = 0;
  stream *s = JS_IsObject(v) ? JS_GetAnyOpaque(v, &id) : NULL;

  if (s && id == *tenon_p_stream_class(ctx)) return s;
  tenon_p_throw_plain(ctx, "%s: this: expected a stream of native code", name);
  return NULL;
}

/* A Promise of `v`, which is consumed, or of the exception it stands for. */
static JSValue settled(JSContext *ctx, JSValue v)
{
  bool rejects = JS_IsException(v);
  JSValue promise;

  if (rejects) v = JS_GetException(ctx);
  promise = JS_NewSettledPromise(ctx, rejects, v);
  JS_FreeValue(ctx, v);
  return promise;
}

/* As next() gives it. */
static JSValue answer_at_once(JSContext *ctx, stream *s, enum taken taken,
                              tenon_p_cleanup *cleanups)
{
  JSValue v;

  s->at_once++;
  v = result_of(ctx, s, taken, cleanups);
  if (is_over(s)) finish(s);
  return settled(ctx, v);
}

/* A request behind the others: its Promise. */
static JSValue wait_for(JSContext *ctx, stream *s, JSValueConst object)
{
  request *q = js_mallocz(ctx, sizeof *q);
  JSValue promise;

  if (!q) return JS_EXCEPTION;
  promise = JS_NewPromiseCapability(ctx, q->settle);
  if (JS_IsException(promise)) {
    js_free(ctx, q);
    return JS_EXCEPTION;
  }
  tenon_p_list_append(&s->requests, &q->link);
  if (JS_IsUndefined(s->waiting_object)) {
    s->waiting_object = JS_DupValue(ctx, object);
    tenon_p_loop_hold(s->loop, true);
  }
  return promise;
}

/* The same of one that is wanted. */
static JSValue wait_wanted(JSContext *ctx, stream *s, JSValueConst object)
{
  JSValue promise = wait_for(ctx, s, object);

  if (!JS_IsException(promise)) return promise;
  uv_mutex_lock(&s->mutex);
  s->wanted--;
  uv_mutex_unlock(&s->mutex);
  return settled(ctx, promise);
}

/* Not in a realm that was freed: it would look like the end. */
static int check_realm(JSContext *ctx, const stream *s)
{
  const tenon_p_item *item = tenon_p_item_of(ctx, s->type);

  return item ? tenon_p_check_realm(ctx, &item->function) : -1;
}

static JSValue next(JSContext *ctx, JSValueConst this_value, int argc,
                    JSValueConst *argv)
{
  stream *s = stream_of(ctx, this_value, "next");
  tenon_p_cleanup *cleanups = NULL;
  enum taken taken;

  (void)argc;
  (void)argv;
  if (!s || check_realm(ctx, s)) return settled(ctx, JS_EXCEPTION);
  if (s->loop &&
      (!tenon_p_list_is_empty(&s->requests) || s->at_once >= MOST_AT_ONCE)) {
    uv_mutex_lock(&s->mutex);
    s->wanted++;
    signal_locked(s);
    return wait_wanted(ctx, s, this_value);
  }
  taken = take(s, &cleanups, s->loop != NULL);
  if (taken != TAKEN_NOTHING) return answer_at_once(ctx, s, taken, cleanups);
  return wait_wanted(ctx, s, this_value);
}

static JSValue return_(JSContext *ctx, JSValueConst this_value, int argc,
                       JSValueConst *argv)
{
  stream *s = stream_of(ctx, this_value, "return");

  (void)argc;
  if (!s) return settled(ctx, JS_EXCEPTION);
  cancel(s, TENON_ECANCELED);
  if (s->loop) answer(s);
  finish(s);
  return settled(ctx,
                 tenon_p_iterator_result(ctx, JS_DupValue(ctx, argv[0]), true));
}

/* --- Making ----------------------------------------------------------------------- */

static JSValue new_proto(JSContext *ctx)
{
  static const JSCFunctionListEntry members[] = {
      JS_CFUNC_DEF("next", 0, next),
      JS_CFUNC_DEF("return", 1, return_),
      JS_PROP_STRING_DEF("[Symbol.toStringTag]", "Stream",
                         JS_PROP_CONFIGURABLE),
  };
  JSValue proto = tenon_p_iterator_proto(ctx, true);

  if (JS_IsException(proto)) return proto;
  if (JS_SetPropertyFunctionList(ctx, proto, members,
                                 tenon_p_countof(members)) == 0)
    return proto;
  JS_FreeValue(ctx, proto);
  return JS_EXCEPTION;
}

/* Borrowed, or an exception. */
static JSValueConst proto_of(JSContext *ctx)
{
  protos *all = tenon_p_realm_get(ctx, &protos_type);
  tenon_p_realm *realm;

  if (all) return all->stream;
  realm = tenon_p_realm_adopt(ctx);
  if (realm) all = tenon_p_heap_alloc(&realm->engine->heap, sizeof *all);
  if (!all) return JS_ThrowOutOfMemory(ctx);
  all->stream = new_proto(ctx);
  if (!JS_IsException(all->stream)) {
    if (tenon_p_realm_attach(realm, &protos_type, all) == 0) return all->stream;
    JS_FreeValue(ctx, all->stream);
    JS_ThrowOutOfMemory(ctx);
  }
  tenon_p_heap_free(&realm->engine->heap, all);
  return JS_EXCEPTION;
}

static int register_class(JSContext *ctx)
{
  static const JSClassDef class = {.class_name = "Stream",
                                   .finalizer = on_gone};
  JSRuntime *rt = JS_GetRuntime(ctx);
  JSClassID *id = tenon_p_stream_class(ctx);

  if (!*id) JS_NewClassID(rt, id);
  if (JS_IsRegisteredClass(rt, *id)) return 0;
  if (JS_NewClass(rt, *id, &class) == 0) return 0;
  JS_ThrowOutOfMemory(ctx);
  return -1;
}

static JSValue new_object(JSContext *ctx, stream *s)
{
  JSValueConst proto = proto_of(ctx);
  JSValue object;

  if (JS_IsException(proto) || register_class(ctx)) return JS_EXCEPTION;
  object = JS_NewObjectProtoClass(ctx, proto, *tenon_p_stream_class(ctx));
  if (JS_IsException(object)) return object;
  JS_SetOpaque(object, s);
  ref(s);
  s->object = object;
  s->had_object = true;
  return object;
}

/* Is it this runtime's, or nobody's so far, and now this one's? */
static bool claim(stream *s, tenon_p_loop *l, bool *is_new)
{
  bool is_ours;

  uv_mutex_lock(&s->mutex);
  *is_new = !s->box;
  if (*is_new) {
    s->box = l->box;
    tenon_p_mailbox_dup(s->box);
  }
  is_ours = s->box == l->box;
  uv_mutex_unlock(&s->mutex);
  return is_ours;
}

/* Its object, and the runtime's from now on. */
static JSValue make_ours(JSContext *ctx, tenon_p_loop *l, stream *s)
{
  JSValue object;

  if (check_realm(ctx, s) ||
      tenon_p_operation_admit(ctx, &stream_kind, s->type->name))
    return JS_EXCEPTION;
  object = new_object(ctx, s);
  if (JS_IsException(object)) return object;
  s->loop = l;
  s->ctx = JS_DupContext(ctx);
  tenon_p_list_append(&l->streams, &s->link);
  tenon_p_operation_begin(l, &s->operation, &stream_kind);
  s->operation.name = s->type->name;
  return object;
}

static JSValue write_stream(JSContext *ctx, const tenon_p_place *place,
                            tenon_stream *base)
{
  tenon_p_loop *l = tenon_p_loop_of(tenon_p_engine_of(ctx));
  stream *s = of(base);
  JSValue object, thrown;
  bool is_new;

  if (!base) {
    tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR, TENON_P_MESSAGE_NULL_RESULT);
    return JS_EXCEPTION;
  }
  if (base->calls != &table.calls || !claim(s, l, &is_new)) {
    tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR,
                     "a stream of another runtime");
    return JS_EXCEPTION;
  }
  if (!is_new) {
    if (!JS_IsUndefined(s->object)) return JS_DupValue(ctx, s->object);
    tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR,
                     "a stream that JavaScript has let go of");
    return JS_EXCEPTION;
  }
  object = make_ours(ctx, l, s);
  if (!JS_IsException(object)) return object;
  /* Nobody will read it. */
  thrown = JS_GetException(ctx);
  cancel(s, TENON_ECANCELED);
  JS_Throw(ctx, thrown);
  return JS_EXCEPTION;
}

const tenon_p_stream_ops tenon_p_loop_streams = {
    .write = write_stream,
    .read = tenon_p_iterable_read,
};

static void release_of_call(void *p)
{
  stream_release(p);
}

static stream *new_stream(const tenon_type *type, size_t mark)
{
  size_t size = tenon_p_field_size(&type->fields[0]);
  stream *s = tenon_p_calloc(sizeof *s + size);

  if (!s) return NULL;
  if (uv_mutex_init(&s->mutex)) goto fail_mutex;
  if (uv_cond_init(&s->changed)) goto fail_cond;
  s->base.calls = &table.calls;
  s->type = type;
  s->mark = mark ? mark : 1;
  s->slot_size = (sizeof(slot) + size + 15) & ~(size_t)15;
  s->refs = s->natives = 1;
  s->ready.run = run;
  s->ready.drop = drop;
  s->object = s->waiting_object = JS_UNDEFINED;
  tenon_p_list_init(&s->ready.link);
  tenon_p_list_init(&s->link);
  tenon_p_list_init(&s->requests);
  tenon_p_operation_init(&s->operation);
  return s;
fail_cond:
  uv_mutex_destroy(&s->mutex);
fail_mutex:
  free(s);
  return NULL;
}

tenon_stream *tenon_p_host_stream_new(const tenon_type *type,
                                      size_t high_water_mark)
{
  tenon_p_call *c = tenon_p_current_call;
  stream *s = new_stream(type, high_water_mark);

  if (!s || !c) return s ? &s->base : NULL;
  /* Until the call is over it is there, whoever has ended it. */
  stream_keep(&s->base);
  if (tenon_p_call_defer(c, release_of_call, s) == 0) return &s->base;
  stream_release(&s->base);
  stream_release(&s->base);
  return NULL;
}
