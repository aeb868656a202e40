#include "bind/closure.h"

#include <pthread.h>
#include <stdlib.h>
#include <tenon/error.h>

#include "bind/any.h"
#include "bind/table.h"

/* What all functions of one descriptor share. */
typedef struct kind {
  tenon_p_list link;
  tenon_p_binding binding;
} kind;

typedef struct tenon_p_closures {
  const tenon_p_closure_ops *ops;
  tenon_p_list kinds;    /* the last one that was asked for first */
  tenon_p_closure *last; /* the one that was made last; NULL: it is gone */
} closures;

/* --- Life of all ------------------------------------------------------------------- */

/* The functions that are left are not called any more. */
static void closures_release(tenon_p_engine *e, void *state)
{
  closures *k = state;

  while (!tenon_p_list_is_empty(&k->kinds)) {
    kind *one = tenon_p_container(k->kinds.next, kind, link);
    tenon_p_list_remove(&one->link);
    tenon_p_names_release(e->rt, &one->binding.names);
    tenon_p_heap_free(&e->heap, one);
  }
}

static void closures_free(tenon_p_engine *e, void *state)
{
  tenon_p_heap_free(&e->heap, state);
}

static const tenon_p_state_type closures_type = {
    .name = "closures", .release = closures_release, .free = closures_free};

int tenon_p_closures_attach(tenon_p_engine *e, const tenon_p_closure_ops *ops)
{
  closures *k = tenon_p_heap_alloc(&e->heap, sizeof *k);

  if (!k) return TENON_ENOMEM;
  k->ops = ops;
  tenon_p_list_init(&k->kinds);
  if (tenon_p_engine_attach(e, &closures_type, k) == 0) return 0;
  tenon_p_heap_free(&e->heap, k);
  return TENON_ENOMEM;
}

/* --- Descriptors ------------------------------------------------------------------- */

static kind *new_kind(JSContext *ctx, const tenon_p_module *m,
                      const tenon_function *f)
{
  tenon_p_heap *heap = &tenon_p_engine_of(ctx)->heap;
  kind *one = tenon_p_heap_alloc(heap, sizeof *one);

  if (!one) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  if (tenon_p_binding_init(ctx, &one->binding, m, f) == 0) return one;
  tenon_p_heap_free(heap, one);
  return NULL;
}

/* A valid one; NULL with an exception. */
static const tenon_p_binding *find_kind(JSContext *ctx, closures *k,
                                        const tenon_p_module *m,
                                        const tenon_function *f)
{
  tenon_p_list *at;
  kind *one;

  for (at = k->kinds.next; at != &k->kinds; at = at->next) {
    one = tenon_p_container(at, kind, link);
    if (one->binding.function != f || one->binding.module != m) continue;
    if (at == k->kinds.next) return &one->binding;
    tenon_p_list_remove(at);
    tenon_p_list_append(k->kinds.next, at);
    return &one->binding;
  }
  /* What settles later has its deferred where the state would be. */
  if (!tenon_p_is_valid_function(f) || (f->flags & TENON_FUNCTION_ASYNC)) {
    JS_ThrowTypeError(ctx, "a function that is not described as one");
    return NULL;
  }
  one = new_kind(ctx, m, f);
  if (!one) return NULL;
  tenon_p_list_append(k->kinds.next, &one->link);
  return &one->binding;
}

/* --- States ------------------------------------------------------------------------ */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

bool tenon_p_shared_leave(tenon_p_shared *s)
{
  bool is_last;

  pthread_mutex_lock(&mutex);
  is_last = tenon_p_list_is_empty(&s->others);
  tenon_p_list_remove(&s->others);
  pthread_mutex_unlock(&mutex);
  return is_last;
}

/* --- One --------------------------------------------------------------------------- */

static void run(tenon_p_engine *e, tenon_p_finalizer *f)
{
  tenon_p_closure *c = tenon_p_container(f, tenon_p_closure, finalizer);

  const tenon_p_module *m = c->binding.module;
  bool is_serial = tenon_p_threads_of(m->descriptor) == TENON_THREADS_serial;
  bool is_last = tenon_p_shared_leave(&c->shared) && c->shared.free;

  /* Of a serial module beside none of its functions. */
  if (is_serial && is_last) m->schedule->lock(m->descriptor);
  if (is_last) tenon_p_call_finalizer(e, c->shared.free, c->shared.state);
  if (is_serial && is_last) m->schedule->unlock(m->descriptor);
  tenon_p_holder_release(e->rt, &c->holder);
  tenon_p_heap_free(&e->heap, c);
}

static void gone(JSRuntime *rt, tenon_p_binding *b)
{
  tenon_p_closure *c = tenon_p_container(b, tenon_p_closure, binding);

  if (c->all->last == c) c->all->last = NULL;
  tenon_p_holder_let_go(rt, &c->holder);
  tenon_p_finalize_later(rt, &c->finalizer);
}

void tenon_p_closure_share(const tenon_p_binding *b, tenon_p_shared *out)
{
  tenon_p_closure *c = tenon_p_container(b, tenon_p_closure, binding);

  tenon_p_list_init(&out->others);
  if (b->gone != gone) return;
  out->state = c->shared.state;
  out->free = c->shared.free;
  pthread_mutex_lock(&mutex);
  tenon_p_list_append(&c->shared.others, &out->others);
  pthread_mutex_unlock(&mutex);
}

static void mark_held(JSRuntime *rt, const tenon_p_binding *b,
                      JS_MarkFunc *mark)
{
  const tenon_p_closure *c = (const tenon_p_closure *)b;

  tenon_p_holder_mark(rt, &c->holder, mark);
}

tenon_p_holder *tenon_p_closure_holder(const tenon_p_call *c, const void *state)
{
  tenon_p_native *n = c->ctx ? tenon_p_native_running(c->ctx) : NULL;
  const closures *k;

  if (!c->ctx) return NULL;
  if (n && n->has_context && n->context == state)
    return &((tenon_p_closure *)n->owner)->holder;
  k = tenon_p_engine_get(tenon_p_engine_of(c->ctx), &closures_type);
  return k->last && k->last->shared.state == state ? &k->last->holder : NULL;
}

/* Without it the state is still the caller's; NULL with an exception. */
static tenon_p_closure *new_closure(JSContext *ctx, const tenon_p_module *m,
                                    const tenon_function *f)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  closures *k = tenon_p_engine_get(e, &closures_type);
  const tenon_p_binding *shared = find_kind(ctx, k, m, f);
  tenon_p_closure *c = NULL;

  if (!shared) return NULL;
  if (tenon_p_engine_admits(e, sizeof *c))
    c = tenon_p_heap_alloc(&e->heap, sizeof *c);
  if (!c) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  c->binding = *shared;
  c->binding.gone = gone;
  c->binding.mark = mark_held;
  c->all = k;
  tenon_p_list_init(&c->shared.others);
  tenon_p_holder_init(&c->holder);
  c->finalizer.run = run;
  return c;
}

/* A handle, or NULL with an exception; `*c` is NULL then when the state is still
 * the caller's. */
static void *make(JSContext *ctx, tenon_p_call *call, const tenon_p_module *m,
                  const tenon_function *f, const tenon_p_shared *given,
                  tenon_p_closure **c)
{
  void *handle;
  JSValue v;

  *c = tenon_p_any_open(ctx, call) ? NULL : new_closure(ctx, m, f);
  if (!*c) return NULL;
  (*c)->shared.state = given->state;
  (*c)->shared.free = given->free;
  v = tenon_p_binding_function(ctx, &(*c)->binding, &(*c)->shared.state);
  if (JS_IsException(v)) return NULL;
  (*c)->all->last = *c;
  if (tenon_p_read_any(ctx, v, &handle)) handle = NULL;
  JS_FreeValue(ctx, v);
  return handle;
}

/* In a call on the loop. */
static void *make_in_call(tenon_p_call *call,
                          const tenon_host *const *module_host,
                          const tenon_function *f, const tenon_p_shared *given)
{
  JSContext *ctx = call->ctx;
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  const closures *k = tenon_p_engine_get(e, &closures_type);
  const tenon_p_module *m = k->ops->find(e, module_host);
  tenon_p_closure *c = NULL;
  void *handle = NULL;

  tenon_p_finalize(e);
  if (m)
    handle = make(ctx, call, m, f, given, &c);
  else
    JS_ThrowTypeError(ctx, "%s: the runtime does not have its module", f->name);
  if (handle) return handle;
  tenon_p_call_fail_value(call, ctx, JS_GetException(ctx));
  if (!c && given->free) tenon_p_call_finalizer(e, given->free, given->state);
  return NULL;
}

void *tenon_p_host_function_new(const tenon_host *const *module_host,
                                const tenon_function *f, void *state,
                                void (*free)(void *state))
{
  const tenon_p_shared given = {.state = state, .free = free};
  tenon_p_call *call = tenon_p_current_call;

  if (call && call->ctx) return make_in_call(call, module_host, f, &given);
  if (free) free(state);
  return NULL;
}
