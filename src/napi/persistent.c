/*
 * Values that native code holds.
 *
 * Invariants
 * - One has two holders: native code, and the runtime as long as it holds the
 *   value; the last one frees the memory. `owner`, the links and the value are
 *   the runtime's, and so of the loop's thread; native code finds out by the
 *   mailbox, which outlives both, whether there still is a runtime.
 * - It is in `live` while its value is held. When the runtime ends it is in
 *   `ended` until everybody had time to free it: what is left then is reported.
 * - A value goes last in each function, since that may free others of these.
 */
#include "napi/persistent.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/persistent.h>

#include "base/alloc.h"
#include "base/walk.h"
#include "bind/callback.h"
#include "engine/describe.h"
#include "engine/foreign.h"
#include "loop/mailbox.h"
#include "napi/env.h"
#include "napi/reference.h"

typedef struct persistents {
  tenon_p_engine *engine;
  tenon_p_list live, ended; /* of entry.link */
  tenon_kept_visit *report; /* NULL: nobody */
  void *report_data;
} persistents;

/* In `live` also stand the places up to where somebody is looking. */
typedef struct entry {
  tenon_p_list link;
  bool is_place;
} entry;

/* All that hold one value weakly: letting go of one takes no search. */
typedef struct hub {
  tenon_p_weak weak;
  tenon_p_list held_by; /* of tenon_persistent.in_hub; never empty */
  tenon_p_heap *heap;
} hub;

struct tenon_persistent {
  entry base; /* first: it is one of these */
  persistents *owner;
  tenon_p_mailbox *box; /* held */
  napi_env env;         /* to be compared only */
  tenon_p_ready dying;  /* native code has let go on another thread */
  JSValue value;        /* JS_UNINITIALIZED of a weak one, and once it went */
  hub *hub;             /* of a weak one; NULL once the value is gone */
  tenon_p_list in_hub;
  const char *file;
  int line;
  int refs; /* atomic */
  bool is_weak;
  char *text; /* what it was, once it ended; NULL: no memory, or not wanted */
};

/* --- Life ------------------------------------------------------------------------------- */

static tenon_persistent *of(tenon_p_list *link)
{
  return (tenon_persistent *)tenon_p_container(link, entry, link);
}

/* One holder less; how many are left. */
static int unhold(tenon_persistent *p)
{
  int left = __atomic_sub_fetch(&p->refs, 1, __ATOMIC_ACQ_REL);

  if (left) return left;
  tenon_p_mailbox_unref(p->box);
  free(p->text);
  free(p);
  return 0;
}

static bool is_released(const tenon_persistent *p)
{
  return __atomic_load_n(&p->refs, __ATOMIC_ACQUIRE) == 1;
}

static const char hub_type;

/* The value is being freed. */
static void on_gone(tenon_p_weak *w)
{
  hub *h = tenon_p_container(w, hub, weak);

  while (!tenon_p_list_is_empty(&h->held_by)) {
    tenon_persistent *p =
        tenon_p_container(h->held_by.next, tenon_persistent, in_hub);
    tenon_p_list_remove(&p->in_hub);
    p->hub = NULL;
  }
  tenon_p_heap_free(h->heap, h);
}

static void leave_hub(tenon_persistent *p)
{
  hub *h = p->hub;

  if (!h) return;
  p->hub = NULL;
  tenon_p_list_remove(&p->in_hub);
  if (!tenon_p_list_is_empty(&h->held_by)) return;
  tenon_p_weak_clear(p->owner->engine->rt, &h->weak);
  tenon_p_heap_free(h->heap, h);
}

/* 0, or -1 with an exception. */
static int join_hub(JSContext *ctx, tenon_persistent *p, JSValueConst v)
{
  tenon_p_heap *heap = &p->owner->engine->heap;
  tenon_p_weak *w = tenon_p_weak_find(v, &hub_type);
  hub *h =
      w ? tenon_p_container(w, hub, weak) : tenon_p_heap_alloc(heap, sizeof *h);

  if (!h) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  if (!w) {
    h->heap = heap;
    h->weak.type = &hub_type;
    h->weak.gone = on_gone;
    tenon_p_list_init(&h->held_by);
    if (tenon_p_weak_set(ctx, &h->weak, v)) {
      tenon_p_heap_free(heap, h);
      return -1;
    }
  }
  p->hub = h;
  tenon_p_list_append(&h->held_by, &p->in_hub);
  return 0;
}

/* What is to be freed by the caller, last. */
static JSValue take_value(tenon_persistent *p)
{
  JSValue v = p->value;

  p->value = JS_UNINITIALIZED;
  leave_hub(p);
  return v;
}

/* There is no runtime to free it with once all values are gone. */
static void free_value(tenon_p_engine *e, JSValue v)
{
  if (!JS_IsUninitialized(v)) JS_FreeValueRT(e->rt, v);
}

/* The runtime's hold ends. Loop's thread. */
static void let_go(tenon_persistent *p)
{
  tenon_p_engine *e = p->owner->engine;
  JSValue v = take_value(p);

  tenon_p_list_remove(&p->base.link);
  tenon_p_list_remove(&p->dying.link);
  tenon_p_heap_uncount(&e->heap, p);
  unhold(p);
  free_value(e, v);
}

static void end_dying(tenon_p_loop *l, tenon_p_ready *r)
{
  (void)l;
  let_go(tenon_p_container(r, tenon_persistent, dying));
}

static bool is_sweeping(const tenon_persistent *p)
{
  JSRuntime *rt = p->owner->engine->rt;

  return rt && tenon_p_is_sweeping(rt);
}

/* Once native code has let go the runtime may at any time: the mailbox is held
 * instead. Where that is closed the runtime lets go by itself. */
void tenon_persistent_free(tenon_persistent *p)
{
  tenon_p_mailbox *box;

  if (!p) return;
  box = p->box;
  tenon_p_mailbox_dup(box);
  if (unhold(p) == 1) {
    if (tenon_p_mailbox_is_here(box) && !is_sweeping(p))
      let_go(p);
    else
      (void)tenon_p_mailbox_put(box, &p->dying);
  }
  tenon_p_mailbox_unref(box);
}

/* --- Life of all ------------------------------------------------------------------------- */

static void describe(const tenon_persistent *p, char text[TENON_P_DESCRIPTION])
{
  JSValueConst v = p->hub ? p->hub->weak.target : (JSValueConst)p->value;

  strcpy(text, "gone");
  if (!JS_IsUninitialized(v)) tenon_p_describe(p->owner->engine->rt, v, text);
}

static void release(tenon_p_engine *e, void *state)
{
  char text[TENON_P_DESCRIPTION];
  persistents *k = state;

  while (!tenon_p_list_is_empty(&k->live)) {
    tenon_persistent *p = of(k->live.next);
    if (is_released(p)) {
      let_go(p);
      continue;
    }
    if (k->report) {
      describe(p, text);
      p->text = tenon_p_strndup(text, strlen(text));
    }
    tenon_p_list_remove(&p->base.link);
    tenon_p_list_append(&k->ended, &p->base.link);
    free_value(e, take_value(p));
  }
}

/* Holds it besides native code, unless that has let go. */
static bool hold_too(tenon_persistent *p)
{
  int refs = __atomic_load_n(&p->refs, __ATOMIC_RELAXED);

  while (refs > 1)
    if (__atomic_compare_exchange_n(&p->refs, &refs, refs + 1, false,
                                    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
      return true;
  return false;
}

/* Of one that is held here; does it go on? */
static bool tell(tenon_persistent *p, const char *text, tenon_kept_visit *visit,
                 void *data)
{
  tenon_kept kept = {
      .kind = p->is_weak ? TENON_KEPT_WEAK : TENON_KEPT_PERSISTENT,
      .persistent = p,
      .file = p->file,
      .line = p->line,
      .text = text,
      .text_len = strlen(text),
  };

  return visit(&kept, data);
}

static void destroy(tenon_p_engine *e, void *state)
{
  persistents *k = state;

  while (!tenon_p_list_is_empty(&k->ended)) {
    tenon_persistent *p = of(k->ended.next);
    if (k->report && hold_too(p)) {
      if (!tell(p, p->text ? p->text : "value", k->report, k->report_data))
        k->report = NULL;
      unhold(p);
    }
    let_go(p);
  }
  tenon_p_heap_free(&e->heap, k);
}

static const tenon_p_state_type persistents_type = {
    .name = "persistents", .release = release, .free = destroy};

int tenon_p_persistents_attach(tenon_p_engine *e)
{
  persistents *k = tenon_p_heap_alloc(&e->heap, sizeof *k);

  if (!k) return TENON_ENOMEM;
  k->engine = e;
  tenon_p_list_init(&k->live);
  tenon_p_list_init(&k->ended);
  if (tenon_p_engine_attach(e, &persistents_type, k) == 0) return 0;
  tenon_p_heap_free(&e->heap, k);
  return TENON_ENOMEM;
}

/* --- Making and getting ------------------------------------------------------------------- */

static int check(napi_env env, bool has_arguments)
{
  if (!env || !has_arguments) return TENON_EINVAL;
  if (!tenon_p_engine_is_here(env->engine)) return TENON_ETHREAD;
  return env->engine->is_closing ? TENON_ECLOSING : 0;
}

static persistents *persistents_of(napi_env env)
{
  return tenon_p_engine_get(env->engine, &persistents_type);
}

/* With neither a value nor a place in a list. */
static tenon_persistent *make(napi_env env, const char *file, int line)
{
  tenon_persistent *p = tenon_p_calloc(sizeof *p);

  if (!p) return NULL;
  p->owner = persistents_of(env);
  p->box = tenon_p_loop_of(env->engine)->box;
  p->env = env;
  p->file = file;
  p->line = line;
  p->refs = 2;
  p->value = JS_UNINITIALIZED;
  p->dying.run = end_dying;
  tenon_p_list_init(&p->dying.link);
  tenon_p_list_init(&p->in_hub);
  return p;
}

static void take_in(tenon_persistent *p, tenon_persistent **out)
{
  tenon_p_heap_count(&p->owner->engine->heap, p);
  tenon_p_mailbox_dup(p->box);
  tenon_p_list_append(&p->owner->live, &p->base.link);
  *out = p;
}

int tenon_persistent_new_at(napi_env env, napi_value value, const char *file,
                            int line, tenon_persistent **out)
{
  int r = check(env, value && out);
  tenon_persistent *p;

  if (out) *out = NULL;
  if (r) return r;
  p = make(env, file, line);
  if (!p) return TENON_ENOMEM;
  p->value = JS_DupValue(env->ctx, tenon_p_napi_value(value));
  take_in(p, out);
  return 0;
}

int tenon_persistent_new_weak_at(napi_env env, napi_value value,
                                 const char *file, int line,
                                 tenon_persistent **out)
{
  int r = check(env, value && out);
  tenon_persistent *p;

  if (out) *out = NULL;
  if (r) return r;
  if (!tenon_p_weak_can(tenon_p_napi_value(value))) return TENON_EINVAL;
  if (tenon_p_is_freeing(env->engine->rt)) return TENON_EBUSY;
  p = make(env, file, line);
  if (!p) return TENON_ENOMEM;
  p->is_weak = true;
  if (join_hub(env->ctx, p, tenon_p_napi_value(value))) {
    tenon_p_napi_drop(env);
    free(p);
    return TENON_ENOMEM;
  }
  take_in(p, out);
  return 0;
}

/* The runtime of `p` may be gone, and `env` with it or another one's. */
static int check_get(napi_env env, const tenon_persistent *p)
{
  const tenon_p_loop *l;

  if (!env || !p) return TENON_EINVAL;
  if (!tenon_p_mailbox_is_here(p->box)) return TENON_ETHREAD;
  l = tenon_p_mailbox_loop(p->box);
  if (!l || l->engine->is_closing) return TENON_ECLOSING;
  return p->env == env ? 0 : TENON_EFOREIGN;
}

int tenon_persistent_get(napi_env env, const tenon_persistent *p,
                         napi_value *out)
{
  int r = out ? check_get(env, p) : TENON_EINVAL;
  JSValueConst v;

  if (out) *out = NULL;
  if (r) return r;
  v = p->value;
  if (p->is_weak) {
    if (tenon_p_is_freeing(env->engine->rt)) return TENON_EBUSY;
    if (!p->hub) return 0;
    v = p->hub->weak.target;
  }
  *out = tenon_p_handles_push(env, JS_DupValue(env->ctx, v));
  return *out ? 0 : TENON_ENOMEM;
}

/* --- What is held ------------------------------------------------------------------------- */

static void tell_live(tenon_persistent *p, tenon_kept_visit *visit, void *data,
                      bool *goes_on)
{
  char text[TENON_P_DESCRIPTION];

  if (!hold_too(p)) return;
  describe(p, text);
  *goes_on = tell(p, text, visit, data);
  if (unhold(p) == 1) let_go(p);
}

static bool visit_live(persistents *k, tenon_kept_visit *visit, void *data)
{
  entry at = {.is_place = true}, end = {.is_place = true};
  bool goes_on = true;
  tenon_p_list *link;

  tenon_p_walk_begin(&k->live, &at.link, &end.link);
  while (goes_on && (link = tenon_p_walk_next(&at.link, &end.link)))
    if (!tenon_p_container(link, entry, link)->is_place)
      tell_live(of(link), visit, data, &goes_on);
  tenon_p_walk_end(&at.link, &end.link);
  return goes_on;
}

/* Somebody who looks at what is not here. */
typedef struct visitor {
  JSRuntime *rt;
  tenon_kept_kind kind;
  tenon_kept_visit *visit;
  void *data;
  bool goes_on;
} visitor;

static bool tell_other(tenon_kept_kind kind, const void *address,
                       const char *text, tenon_kept_visit *visit, void *data)
{
  tenon_kept kept = {
      .kind = kind, .address = address, .text = text, .text_len = strlen(text)};

  return visit(&kept, data);
}

static bool visit_other(void *p, const void *address, JSValueConst value)
{
  visitor *v = p;
  char text[TENON_P_DESCRIPTION];

  tenon_p_describe(v->rt, value, text);
  v->goes_on = tell_other(v->kind, address, text, v->visit, v->data);
  return v->goes_on;
}

/* Entered, so that the runtime cannot be freed meanwhile. While values are
 * being freed some cannot be looked at. */
int tenon_kept_each(napi_env env, tenon_kept_visit *visit, void *data)
{
  int r = check(env, visit);
  visitor v = {.visit = visit, .data = data};

  if (r == 0 && tenon_p_is_freeing(env->engine->rt)) r = TENON_EBUSY;
  if (r == 0) r = tenon_p_engine_enter(env->engine);
  if (r) return r;
  v.rt = env->engine->rt;
  v.goes_on = visit_live(persistents_of(env), visit, data);
  v.kind = TENON_KEPT_REFERENCE;
  if (v.goes_on) tenon_p_references_each(env, visit_other, &v);
  v.kind = TENON_KEPT_CALLBACK;
  if (v.goes_on) tenon_p_callbacks_each(env->engine, visit_other, &v);
  tenon_p_engine_leave_quietly(env->engine);
  return 0;
}

bool tenon_p_kept_is_told(tenon_p_engine *e)
{
  const persistents *k = tenon_p_engine_get(e, &persistents_type);

  return k && k->report;
}

void tenon_p_kept_tell(tenon_p_engine *e, tenon_kept_kind kind,
                       const void *address, const char *text)
{
  persistents *k = tenon_p_engine_get(e, &persistents_type);

  if (k->report && !tell_other(kind, address, text, k->report, k->report_data))
    k->report = NULL;
}

static void on_kept_callback(tenon_p_engine *e, const void *address,
                             const char *text)
{
  tenon_p_kept_tell(e, TENON_KEPT_CALLBACK, address, text);
}

int tenon_kept_report(napi_env env, tenon_kept_visit *visit, void *data)
{
  int r = check(env, true);
  persistents *k;

  if (r) return r;
  k = persistents_of(env);
  k->report = visit;
  k->report_data = data;
  env->engine->on_kept = visit ? on_kept_callback : NULL;
  return 0;
}
