#include "bind/signal.h"

#include <tenon/error.h>

#include "engine/finalize.h"
#include "engine/foreign.h"

typedef struct edge edge;

struct tenon_p_signal {
  tenon_p_list link; /* in signals.all */
  struct signals *signals;
  JSContext *ctx; /* counted, while there is an object */
  void *object;   /* the JSObject, which has this; NULL: it is gone */
  JSValue reason;
  tenon_p_list listeners;  /* of tenon_p_abort_listener.link */
  tenon_p_list dependents; /* of edge.of_source */
  edge *sources;           /* `source_count`, one block */
  size_t source_count;
  size_t kept;                   /* dependents that it holds */
  tenon_p_signal_waiter *waiter; /* NULL: none */
  tenon_p_list aborting;         /* in the list of tenon_p_signal_abort */
  uint64_t seen;           /* by the tenon_p_signal_depend of this number */
  tenon_p_finalizer later; /* while cycles are freed nothing is let go of */
  uint32_t refs;
  bool is_late;   /* `later` waits, and holds the core */
  bool is_marked; /* the collector has seen the reason as the object's */
  bool is_aborted;
  bool is_dependent;
  bool is_heard;   /* scripts listen for its event */
  bool is_kept;    /* its sources hold it */
  bool is_awaited; /* the waiter holds it */
};

/* From a source to one that depends on it, in memory of the latter. Ends with the
 * object of either. */
struct edge {
  tenon_p_list of_source;    /* in source->dependents */
  tenon_p_signal *source;    /* its object is held; NULL: the edge has ended */
  tenon_p_signal *dependent; /* its object is held, if dependent->is_kept */
};

typedef struct signals {
  tenon_p_engine *engine;
  const tenon_p_signal_ops *ops;
  JSClassID class_id; /* 0: nobody has made one yet */
  tenon_p_list all;   /* of tenon_p_signal.link */
  uint64_t last_seen;
} signals;

static void signals_release(tenon_p_engine *e, void *state);
static void signals_free(tenon_p_engine *e, void *state);

static const tenon_p_state_type signals_type = {
    .name = "signals", .release = signals_release, .free = signals_free};

static JSValueConst object_of(const tenon_p_signal *s)
{
  return JS_MKPTR(JS_TAG_OBJECT, s->object);
}

/* --- The core ---------------------------------------------------------------- */

tenon_p_signal *tenon_p_signal_of(JSContext *ctx, JSValueConst v)
{
  tenon_p_engine *e = JS_IsObject(v) ? tenon_p_engine_of(ctx) : NULL;
  const signals *all = e ? tenon_p_engine_get(e, &signals_type) : NULL;

  return all && all->class_id ? JS_GetOpaque(v, all->class_id) : NULL;
}

tenon_p_signal *tenon_p_signal_dup(tenon_p_signal *s)
{
  s->refs++;
  return s;
}

static void look_again(tenon_p_signal *s);

static void run_later(tenon_p_engine *e, tenon_p_finalizer *f)
{
  tenon_p_signal *s = tenon_p_container(f, tenon_p_signal, later);

  (void)e;
  s->is_late = false;
  look_again(s);
  tenon_p_signal_unref(s);
}

/* The engine does not free what is let go of while it frees cycles. */
static bool is_too_early(tenon_p_signal *s)
{
  JSRuntime *rt = s->signals->engine->rt;

  if (!tenon_p_is_sweeping(rt)) return false;
  if (s->is_late) return true;
  s->is_late = true;
  s->refs++;
  s->later.run = run_later;
  tenon_p_finalize_later(rt, &s->later);
  return true;
}

void tenon_p_signal_unref(tenon_p_signal *s)
{
  tenon_p_engine *e;

  if (!s || --s->refs) return;
  if (JS_IsObject(s->reason) && is_too_early(s)) return;
  e = s->signals->engine;
  tenon_p_list_remove(&s->link);
  JS_FreeValueRT(e->rt, s->reason);
  tenon_p_heap_free(&e->heap, s->sources);
  tenon_p_heap_free(&e->heap, s);
}

bool tenon_p_signal_is_aborted(const tenon_p_signal *s)
{
  return s->is_aborted;
}

JSValueConst tenon_p_signal_reason(const tenon_p_signal *s)
{
  return s->reason;
}

JSContext *tenon_p_signal_realm(const tenon_p_signal *s)
{
  return s->ctx;
}

JSValue tenon_p_signal_object(JSContext *ctx, const tenon_p_signal *s)
{
  return JS_DupValue(ctx, object_of(s));
}

/* --- What is held ------------------------------------------------------------ */

static bool is_wanted(const tenon_p_signal *s)
{
  return s->object && !s->is_aborted &&
         (s->is_heard || s->kept || !tenon_p_list_is_empty(&s->listeners));
}

static void hold(tenon_p_signal *s, bool on)
{
  JSRuntime *rt = s->signals->engine->rt;

  if (on)
    JS_DupValueRT(rt, object_of(s));
  else
    JS_FreeValueRT(rt, JS_MKPTR(JS_TAG_OBJECT, s->object));
}

/*
 * Whether anybody listens has changed, maybe. A dependent signal tells its
 * sources, which tell their waiters. The caller holds the core; the object may
 * be gone behind it.
 */
static void look_again(tenon_p_signal *s)
{
  bool is_wanted_now = is_wanted(s);
  size_t i;

  if (!s->object) return;
  if (is_wanted_now == (s->source_count ? s->is_kept : s->is_awaited)) return;
  if (!is_wanted_now && is_too_early(s)) return;
  if (!s->source_count) {
    if (!s->waiter) return;
    s->is_awaited = is_wanted_now;
    hold(s, is_wanted_now);
    return;
  }
  /* Held meanwhile: the last source that lets go of it would free the edges. */
  if (s->is_kept) hold(s, true);
  s->is_kept = is_wanted_now;
  for (i = 0; i < s->source_count; i++) {
    tenon_p_signal *source = s->sources[i].source;
    if (!source) continue;
    hold(s, is_wanted_now);
    source->kept += is_wanted_now ? 1 : (size_t)-1;
    look_again(source);
  }
  if (!is_wanted_now) hold(s, false);
}

static void end_edge(edge *d)
{
  tenon_p_signal *source = d->source, *dependent = d->dependent;

  if (!source) return;
  d->source = NULL;
  tenon_p_list_remove(&d->of_source);
  tenon_p_signal_dup(source);
  if (dependent->is_kept) {
    source->kept--;
    look_again(source);
    if (dependent->object) hold(dependent, false);
  }
  if (source->object) hold(source, false);
  tenon_p_signal_unref(source);
}

/* Both the core and, unless it is gone, the object are held by the caller. */
static void end_edges(tenon_p_signal *s)
{
  size_t i;

  while (!tenon_p_list_is_empty(&s->dependents))
    end_edge(tenon_p_container(s->dependents.next, edge, of_source));
  for (i = 0; i < s->source_count; i++)
    end_edge(&s->sources[i]);
}

static void signal_gone(JSRuntime *rt, JSValueConst v)
{
  tenon_p_signal *s = JS_GetOpaque(v, JS_GetClassID(v));
  tenon_p_signal_waiter *w;
  JSContext *ctx;

  if (!s) return;
  s->object = NULL;
  end_edges(s);
  ctx = s->ctx;
  s->ctx = NULL;
  /* Garbage as the object is. */
  if (s->is_marked && tenon_p_is_sweeping(rt)) {
    JS_FreeValueRT(rt, s->reason);
    s->reason = JS_UNDEFINED;
  }
  w = s->waiter;
  if (w) w->gone(w);
  tenon_p_signal_unref(s);
  JS_FreeContext(ctx);
}

/* What somebody else holds is not the object's alone: it marks no reason then. */
static void signal_mark(JSRuntime *rt, JSValueConst v, JS_MarkFunc *mark)
{
  tenon_p_signal *s = JS_GetOpaque(v, JS_GetClassID(v));
  const tenon_p_list *at;
  size_t i;

  if (!s) return;
  tenon_p_context_mark(rt, s->ctx, mark);
  s->is_marked = s->refs == 1;
  if (s->is_marked) JS_MarkValue(rt, s->reason, mark);
  for (i = 0; i < s->source_count; i++)
    if (s->sources[i].source)
      JS_MarkValue(rt, object_of(s->sources[i].source), mark);
  for (at = s->dependents.next; at != &s->dependents; at = at->next) {
    const edge *d = tenon_p_container(at, edge, of_source);
    if (d->dependent->is_kept) JS_MarkValue(rt, object_of(d->dependent), mark);
  }
}

/* --- Listeners --------------------------------------------------------------- */

void tenon_p_signal_listen(tenon_p_signal *s, tenon_p_abort_listener *l)
{
  tenon_p_signal_unlisten(l);
  if (s->is_aborted) return;
  l->signal = tenon_p_signal_dup(s);
  tenon_p_list_append(&s->listeners, &l->link);
  look_again(s);
}

void tenon_p_signal_unlisten(tenon_p_abort_listener *l)
{
  tenon_p_signal *s = l->signal;

  if (!s) return;
  l->signal = NULL;
  tenon_p_list_remove(&l->link);
  look_again(s);
  tenon_p_signal_unref(s);
}

void tenon_p_signal_set_heard(tenon_p_signal *s, bool is_heard)
{
  s->is_heard = is_heard;
  tenon_p_signal_dup(s);
  look_again(s);
  tenon_p_signal_unref(s);
}

void tenon_p_signal_wait(tenon_p_signal *s, tenon_p_signal_waiter *w)
{
  w->signal = tenon_p_signal_dup(s);
  s->waiter = w;
  look_again(s);
}

void tenon_p_signal_stop_waiting(tenon_p_signal_waiter *w)
{
  tenon_p_signal *s = w->signal;
  bool is_held;

  if (!s) return;
  w->signal = NULL;
  is_held = s->is_awaited;
  s->is_awaited = false;
  s->waiter = NULL;
  if (is_held) hold(s, false);
  tenon_p_signal_unref(s);
}

/* --- Aborting ---------------------------------------------------------------- */

/* Core and object are held by the caller. */
static void set_aborted(JSContext *ctx, tenon_p_signal *s, JSValueConst reason)
{
  s->is_aborted = true;
  s->reason = JS_DupValue(ctx, reason);
  look_again(s);
}

static void tell(tenon_p_signal *s)
{
  while (!tenon_p_list_is_empty(&s->listeners)) {
    tenon_p_abort_listener *l =
        tenon_p_container(s->listeners.next, tenon_p_abort_listener, link);
    tenon_p_list_remove(&l->link);
    l->signal = NULL;
    l->fn(l, s->ctx, s->reason);
    tenon_p_signal_unref(s);
  }
}

static void begin_abort(JSContext *ctx, tenon_p_signal *s, tenon_p_list *all,
                        JSValueConst reason)
{
  tenon_p_signal_dup(s);
  hold(s, true);
  tenon_p_list_append(all, &s->aborting);
  set_aborted(ctx, s, reason);
}

/* All have their reason before any of them is told. What a script or a lack of
 * memory breaks off is the rest of the events; native listeners are told of
 * each. */
int tenon_p_signal_abort(JSContext *ctx, tenon_p_signal *s, JSValueConst reason)
{
  JSValue thrown = JS_UNINITIALIZED;
  tenon_p_list all;

  if (s->is_aborted || !s->object) return 0;
  tenon_p_list_init(&all);
  begin_abort(ctx, s, &all, reason);
  while (!tenon_p_list_is_empty(&s->dependents)) {
    tenon_p_signal *d =
        tenon_p_container(s->dependents.next, edge, of_source)->dependent;
    begin_abort(ctx, d, &all, reason);
    end_edges(d);
  }
  end_edges(s);
  while (!tenon_p_list_is_empty(&all)) {
    tenon_p_signal *t = tenon_p_container(all.next, tenon_p_signal, aborting);
    tenon_p_list_remove(&t->aborting);
    tell(t);
    if (t->is_heard && JS_IsUninitialized(thrown)) {
      JSValue r = t->signals->ops->fire(t->ctx, object_of(t));
      if (JS_IsException(r)) thrown = JS_GetException(ctx);
      JS_FreeValue(ctx, r);
    }
    hold(t, false);
    tenon_p_signal_unref(t);
  }
  if (JS_IsUninitialized(thrown)) return 0;
  JS_Throw(ctx, thrown);
  return -1;
}

/* --- Signals of signals ------------------------------------------------------ */

/* Not yet one of those that `s` depends on? It is now. */
static bool is_new_source(signals *all, tenon_p_signal *source)
{
  if (source->seen == all->last_seen) return false;
  source->seen = all->last_seen;
  return true;
}

static void add_source(tenon_p_signal *s, tenon_p_signal *source)
{
  edge *d = &s->sources[s->source_count];

  if (!is_new_source(s->signals, source)) return;
  d->source = source;
  d->dependent = s;
  tenon_p_list_append(&source->dependents, &d->of_source);
  hold(source, true);
  s->source_count++;
}

/* The sources of a signal: itself, or those that it depends on. */
static size_t count_sources(tenon_p_signal *s)
{
  size_t count = 0, i;

  if (!s->is_dependent) return is_new_source(s->signals, s);
  for (i = 0; i < s->source_count; i++)
    if (s->sources[i].source)
      count += is_new_source(s->signals, s->sources[i].source);
  return count;
}

int tenon_p_signal_depend(JSContext *ctx, tenon_p_signal *s, size_t count,
                          JSValueConst *sources)
{
  signals *all = s->signals;
  size_t most = 0, i, j;

  for (i = 0; i < count; i++) {
    tenon_p_signal *t = tenon_p_signal_of(ctx, sources[i]);
    if (!t) {
      JS_ThrowTypeError(ctx, "expected AbortSignal");
      return -1;
    }
    if (!t->is_aborted) continue;
    set_aborted(ctx, s, t->reason);
    return 0;
  }
  s->is_dependent = true;
  all->last_seen++;
  for (i = 0; i < count; i++)
    most += count_sources(tenon_p_signal_of(ctx, sources[i]));
  if (!most) return 0;
  if (tenon_p_engine_admits(all->engine, most * sizeof *s->sources))
    s->sources =
        tenon_p_heap_alloc(&all->engine->heap, most * sizeof *s->sources);
  if (!s->sources) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  all->last_seen++;
  for (i = 0; i < count; i++) {
    tenon_p_signal *t = tenon_p_signal_of(ctx, sources[i]);
    if (!t->is_dependent) add_source(s, t);
    for (j = 0; t->is_dependent && j < t->source_count; j++)
      if (t->sources[j].source) add_source(s, t->sources[j].source);
  }
  look_again(s);
  return 0;
}

/* --- Life -------------------------------------------------------------------- */

static int register_class(JSContext *ctx, signals *all)
{
  static const JSClassDef class = {"AbortSignal", .finalizer = signal_gone,
                                   .gc_mark = signal_mark};
  JSClassID id = JS_INVALID_CLASS_ID;

  if (all->class_id) return 0;
  if (JS_NewClass(all->engine->rt, JS_NewClassID(all->engine->rt, &id),
                  &class)) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  all->class_id = id;
  return 0;
}

JSValue tenon_p_signal_new(JSContext *ctx, JSValueConst proto)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  signals *all = tenon_p_engine_get(e, &signals_type);
  tenon_p_signal *s = NULL;
  JSValue v;

  if (register_class(ctx, all)) return JS_EXCEPTION;
  v = JS_NewObjectProtoClass(ctx, proto, all->class_id);
  if (JS_IsException(v)) return v;
  if (tenon_p_engine_admits(e, sizeof *s))
    s = tenon_p_heap_alloc(&e->heap, sizeof *s);
  if (!s) {
    JS_FreeValue(ctx, v);
    return JS_ThrowOutOfMemory(ctx);
  }
  s->signals = all;
  s->ctx = JS_DupContext(ctx);
  s->object = JS_VALUE_GET_PTR(v);
  s->reason = JS_UNDEFINED;
  s->refs = 1;
  tenon_p_list_append(&all->all, &s->link);
  tenon_p_list_init(&s->listeners);
  tenon_p_list_init(&s->dependents);
  tenon_p_list_init(&s->aborting);
  JS_SetOpaque(v, s);
  return v;
}

int tenon_p_signals_attach(tenon_p_engine *e, const tenon_p_signal_ops *ops)
{
  signals *all = tenon_p_heap_alloc(&e->heap, sizeof *all);

  if (!all) return TENON_ENOMEM;
  all->engine = e;
  all->ops = ops;
  tenon_p_list_init(&all->all);
  if (tenon_p_engine_attach(e, &signals_type, all) == 0) return 0;
  tenon_p_heap_free(&e->heap, all);
  return TENON_ENOMEM;
}

/* A reason may be the last hold of other signals, and so may a listener. */
static void signals_release(tenon_p_engine *e, void *state)
{
  const signals *all = state;
  tenon_p_list *at = all->all.next;

  while (at != &all->all) {
    tenon_p_signal *s = tenon_p_container(at, tenon_p_signal, link);
    JSValue reason = s->reason;
    tenon_p_signal_dup(s);
    while (!tenon_p_list_is_empty(&s->listeners))
      tenon_p_signal_unlisten(
          tenon_p_container(s->listeners.next, tenon_p_abort_listener, link));
    s->reason = JS_UNDEFINED;
    JS_FreeValue(e->ctx, reason);
    at = at->next;
    tenon_p_signal_unref(s);
  }
}

static void signals_free(tenon_p_engine *e, void *state)
{
  tenon_p_heap_free(&e->heap, state);
}
