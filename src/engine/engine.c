#include "engine/engine.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "base/crash.h"
#include "engine/extension.h"
#include "engine/external.h"
#include "engine/finalize.h"
#include "engine/realm.h"

/* A turn begins with few polls between two looks at the clock and at whether
 * the program is to end. There may be more where they follow each other fast,
 * and fewer where native functions take long in between. */
#define FIRST_POLLS 64
#define MOST_POLLS 10000
#define MOST_POLLS_TO_DEADLINE 2000
#define POLLED_NS 1000000

/* By whether the heap has an allocator of the host's. */
static const JSMallocFunctions heap_functions[2] = {
    {
        .js_calloc = tenon_p_heap_engine_calloc,
        .js_malloc = tenon_p_heap_engine_malloc,
        .js_free = tenon_p_heap_engine_free,
        .js_realloc = tenon_p_heap_engine_realloc,
        .js_malloc_usable_size = tenon_p_heap_usable_size,
    },
    {
        .js_calloc = tenon_p_heap_host_calloc,
        .js_malloc = tenon_p_heap_host_malloc,
        .js_free = tenon_p_heap_host_free,
        .js_realloc = tenon_p_heap_host_realloc,
        .js_malloc_usable_size = tenon_p_heap_host_usable_size,
    },
};

/* Asked once an allocation of the engine would pass its limit; while failures
 * are injected the limit is 1 and that is each of them. */
static bool admit(JSRuntime *rt, size_t size)
{
  tenon_p_engine *e = tenon_p_runtime_owner(rt);
  size_t limit = tenon_p_heap_engine_limit(&e->heap);
  size_t used = tenon_p_runtime_used(rt);

  if (!e->is_injecting) return false;
  if (limit && (used > limit || size > limit - used)) return false;
  return tenon_p_alloc_admit();
}

/* Memory has run out. */
static bool ends_out_of_memory(JSRuntime *rt)
{
  tenon_p_engine *e = tenon_p_runtime_owner(rt);

  if (e->is_closing || !e->ctx || !tenon_p_limits_end_memory(e)) return false;
  tenon_p_runtime_set_terminating(rt, true);
  return true;
}

static void heap_changed(tenon_p_heap *h)
{
  tenon_p_engine *e = tenon_p_container(h, tenon_p_engine, heap);

  if (e->rt && !e->is_injecting)
    JS_SetMemoryLimit(e->rt, tenon_p_heap_engine_limit(h));
}

/* How many polls until the next look: by how long the last ones took. */
static void pace(tenon_p_engine *e)
{
  uint64_t now = tenon_p_engine_now_ns(), took = now - e->polled_ns;
  int most = e->deadline_ns ? MOST_POLLS_TO_DEADLINE : MOST_POLLS;
  int every = e->poll_every;

  if (e->polled_ns && took > 2 * POLLED_NS)
    every = (int)((uint64_t)every * POLLED_NS / took);
  else if (took < POLLED_NS / 2)
    every *= 2;
  e->polled_ns = now;
  e->poll_every = every < 1 ? 1 : every > most ? most : every;
  tenon_p_runtime_poll_every(e->rt, e->poll_every);
}

static int interrupt(JSRuntime *rt, void *p)
{
  tenon_p_engine *e = p;

  (void)rt;
  tenon_p_limits_look(e);
  if (tenon_p_engine_termination(e) == TENON_P_RUNNING) {
    pace(e);
    return 0;
  }
  tenon_p_runtime_set_terminating(e->rt, true);
  return 1;
}

/* --- Lists ------------------------------------------------------------------ */

/* Room for `count + 1` elements where `data` is or was; NULL, and an error is
 * lost, when there is no memory for it. */
static void *with_room(tenon_p_engine *e, void *data, size_t count,
                       size_t *capacity, size_t size)
{
  size_t more = *capacity ? *capacity * 2 : 4;

  if (count < *capacity) return data;
  data = tenon_p_heap_grow(&e->heap, data, more * size);
  if (data)
    *capacity = more;
  else
    e->has_lost_error = true;
  return data;
}

static void promises_add(tenon_p_promises *l, tenon_p_engine *e, JSContext *ctx,
                         JSValueConst promise)
{
  struct tenon_p_promise *p =
      with_room(e, l->data, l->count, &l->capacity, sizeof *p);

  if (!p) return;
  l->data = p;
  l->data[l->count++] =
      (struct tenon_p_promise){JS_DupValue(ctx, promise), JS_DupContext(ctx)};
}

/* The value's own memory outlives neither. */
static void promise_release(struct tenon_p_promise *p)
{
  JS_FreeValue(p->ctx, p->value);
  JS_FreeContext(p->ctx);
}

static void promises_release(tenon_p_engine *e, tenon_p_promises *l)
{
  while (l->count > l->next)
    promise_release(&l->data[--l->count]);
  tenon_p_heap_free(&e->heap, l->data);
  *l = (tenon_p_promises){NULL, 0, 0, 0};
}

/* The oldest one, which is there; owned. */
static struct tenon_p_promise promises_take(tenon_p_engine *e,
                                            tenon_p_promises *l)
{
  struct tenon_p_promise p = l->data[l->next++];

  if (l->next == l->count) promises_release(e, l);
  return p;
}

/* --- Uncaught errors -------------------------------------------------------- */

/* Consumes the error, whose place is `at`: the program was asked about it when
 * there were so many, and others may have come of that. */
static void keep_uncaught(tenon_p_engine *e, JSValue error, bool is_rejection,
                          size_t at)
{
  tenon_p_uncaught *p;

  if (tenon_p_engine_status(e) || e->is_closing) {
    JS_FreeValue(e->ctx, error);
    return;
  }
  p = with_room(e, e->uncaught.data, e->uncaught.count, &e->uncaught.capacity,
                sizeof *p);
  if (!p) {
    JS_FreeValue(e->ctx, error);
    return;
  }
  e->uncaught.data = p;
  memmove(p + at + 1, p + at, (e->uncaught.count++ - at) * sizeof *p);
  p[at] = (tenon_p_uncaught){error, is_rejection};
}

static void release_uncaught(tenon_p_engine *e)
{
  while (e->uncaught.count)
    JS_FreeValue(e->ctx, e->uncaught.data[--e->uncaught.count].error);
  tenon_p_heap_free(&e->heap, e->uncaught.data);
  e->uncaught.data = NULL;
}

void tenon_p_engine_forget_rejection(tenon_p_engine *e, JSValueConst reason)
{
  tenon_p_uncaught *p = e->uncaught.data;
  size_t i = 0;
  JSValue error;

  while (i < e->uncaught.count &&
         !(p[i].is_rejection && JS_IsSameValue(e->ctx, p[i].error, reason)))
    i++;
  if (i == e->uncaught.count) return;
  error = p[i].error;
  memmove(p + i, p + i + 1, (--e->uncaught.count - i) * sizeof *p);
  JS_FreeValue(e->ctx, error);
}

bool tenon_p_realm_report(JSContext *ctx, JSValueConst error)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  const tenon_p_realm *r = tenon_p_realm_of(ctx);

  return e->reporter && !e->is_closing && !(r && r->is_closed) &&
         tenon_p_engine_status(e) == 0 &&
         e->reporter->is_handled_error(ctx, error);
}

void tenon_p_realm_add_uncaught(JSContext *ctx, JSValue error)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  size_t at = e->uncaught.count;

  if (e->is_guest)
    tenon_p_throw_later(ctx, error);
  else if (tenon_p_realm_report(ctx, error))
    JS_FreeValue(ctx, error);
  else
    keep_uncaught(e, error, false, at);
}

void tenon_p_realm_take_exception(JSContext *ctx)
{
  tenon_p_realm_add_uncaught(ctx, JS_GetException(ctx));
}

bool tenon_p_engine_report(tenon_p_engine *e, JSValueConst error)
{
  return tenon_p_realm_report(e->ctx, error);
}

void tenon_p_engine_take_exception(tenon_p_engine *e)
{
  tenon_p_realm_take_exception(e->ctx);
}

/* --- Rejections ------------------------------------------------------------- */

/* Makes room among the rejected: it grows once half of them are still without
 * a handler, so that the search for those that have one is worth its time. */
static void drop_handled(tenon_p_engine *e)
{
  tenon_p_promises *l = &e->rejected;
  size_t i, count = 0, capacity = l->capacity * 2;
  struct tenon_p_promise *p;

  for (i = 0; i < l->count; i++) {
    if (tenon_p_promise_is_handled(l->data[i].value))
      promise_release(&l->data[i]);
    else
      l->data[count++] = l->data[i];
  }
  l->count = count;
  if (count <= l->capacity / 2) return;
  p = tenon_p_heap_grow(&e->heap, l->data, capacity * sizeof *p);
  if (!p) return;
  l->data = p;
  l->capacity = capacity;
}

static void track_rejection(JSContext *ctx, JSValueConst promise,
                            JSValueConst reason, bool is_handled, void *p)
{
  tenon_p_engine *e = p;

  (void)reason;
  if (!is_handled) {
    if (e->rejected.count && e->rejected.count == e->rejected.capacity)
      drop_handled(e);
    promises_add(&e->rejected, e, ctx, promise);
  } else if (tenon_p_promise_is_reported(promise)) {
    promises_add(&e->late, e, ctx, promise);
  }
}

/* A handler that comes while the program is asked is in time. A realm that was
 * closed has nobody to ask, nor to tell. */
static void ask_about(tenon_p_engine *e, const struct tenon_p_promise *p)
{
  const tenon_p_realm *r = tenon_p_realm_of(p->ctx);
  size_t at = e->uncaught.count;
  JSValue reason;
  bool is_handled;

  if (tenon_p_promise_is_handled(p->value)) return;
  if (!r || !r->is_closed) {
    reason = JS_PromiseResult(p->ctx, p->value);
    is_handled = e->reporter &&
                 e->reporter->is_handled_rejection(p->ctx, p->value, reason);
    if (is_handled)
      JS_FreeValue(p->ctx, reason);
    else
      keep_uncaught(e, reason, true, at);
  }
  tenon_p_promise_mark_reported(p->value);
}

static void tell_of_late(tenon_p_engine *e, const struct tenon_p_promise *p)
{
  JSValue reason = JS_PromiseResult(p->ctx, p->value);

  if (e->reporter) e->reporter->on_late_handler(p->ctx, p->value, reason);
  JS_FreeValue(p->ctx, reason);
}

/* Tells the program of one promise, if there is one to tell of: a batch is told
 * to its end before those that it made handlers for. */
static bool tell_next(tenon_p_engine *e)
{
  bool is_late = !e->batch.count;
  tenon_p_promises *l = is_late ? &e->late : &e->batch;
  struct tenon_p_promise p;

  if (!l->count) return false;
  p = promises_take(e, l);
  if (is_late)
    tell_of_late(e, &p);
  else
    ask_about(e, &p);
  promise_release(&p);
  return true;
}

/* --- Entering ---------------------------------------------------------------- */

enum tenon_p_termination tenon_p_engine_termination(const tenon_p_engine *e)
{
  return __atomic_load_n(&e->termination, __ATOMIC_RELAXED);
}

int tenon_p_engine_status(const tenon_p_engine *e)
{
  switch (tenon_p_engine_termination(e)) {
  case TENON_P_RUNNING: return 0;
  case TENON_P_EXITING: return TENON_EEXIT;
  default: return TENON_ETERMINATED;
  }
}

static void begin_turn(tenon_p_engine *e)
{
  tenon_p_runtime_set_stack(e->rt, tenon_p_limits_stack(e));
  e->polled_ns = 0;
  e->poll_every = FIRST_POLLS;
  if (e->ctx) tenon_p_runtime_poll_in(e->ctx, FIRST_POLLS);
  if (e->cpu.is_on) tenon_p_cpu_enter(e);
}

_Thread_local tenon_p_engine *tenon_p_engine_entered
    __attribute__((tls_model("initial-exec")));

int tenon_p_engine_enter(tenon_p_engine *e)
{
  int r;

  if (e->is_telling) return TENON_EBUSY;
  if (e->deadline_ns || e->cpu.end_ns) tenon_p_limits_look(e);
  r = e->is_closing ? TENON_ECLOSING : tenon_p_engine_status(e);
  if (r) return r;
  if (e->depth == 0) {
    tenon_p_crash_watch_thread();
    tenon_p_realm_drop_released(e);
    if (!e->is_guest) begin_turn(e);
  }
  if (e->depth++ == 0) {
    e->entered = tenon_p_engine_entered;
    tenon_p_engine_entered = e;
    e->entries++;
    tenon_p_engine_finalize_due(e);
  }
  return 0;
}

/* The outermost entry is left as all others are, and the turn is over. */
static void leave(tenon_p_engine *e)
{
  if (e->depth == 1 && e->cpu.is_on) tenon_p_cpu_leave(e);
  e->depth--;
  if (!e->depth && tenon_p_engine_entered == e)
    tenon_p_engine_entered = e->entered;
  if (e->budget->depth > e->depth) tenon_p_budgets_leave(e);
}

static void run_jobs(tenon_p_engine *e)
{
  JSContext *ctx, *held;
  int r = 1;

  /* The interrupt handler is asked only once in many polls. A job may be the
   * last one that holds its realm. */
  while (r && tenon_p_engine_status(e) == 0 &&
         (held = JS_GetPendingJobContext(e->rt))) {
    JS_DupContext(held);
    r = JS_ExecutePendingJob(e->rt, &ctx);
    if (r < 0) tenon_p_realm_take_exception(held);
    JS_FreeContext(held);
  }
}

/* What scripts do when they are told may be more to tell. A termination leaves
 * the rest for after it. */
static void end_turn(tenon_p_engine *e)
{
  bool is_first = true;

  for (;;) {
    if ((e->ticks.first || e->ticks.is_put_off) && !tenon_p_tick_run(e)) return;
    run_jobs(e);
    if (tenon_p_engine_status(e)) return;
    e->ticks.is_behind_jobs = false;
    if (e->ticks.first) continue;
    if (tenon_p_finalize(e)) continue;
    if (tell_next(e)) continue;
    if (!e->rejected.count || (e->uncaught.count && !is_first)) return;
    e->batch = e->rejected;
    e->rejected = (tenon_p_promises){NULL, 0, 0, 0};
    is_first = false;
  }
}

void tenon_p_engine_leave(tenon_p_engine *e)
{
  if (e->depth == 1 && !e->is_guest) end_turn(e);
  leave(e);
  if (!e->depth && e->on_left) e->on_left(e);
}

void tenon_p_engine_leave_quietly(tenon_p_engine *e)
{
  leave(e);
  if (!e->depth && e->on_left) e->on_left(e);
}

/* The handler sees it at its next poll; a waiting loop is woken up. */
bool tenon_p_engine_end(tenon_p_engine *e, enum tenon_p_termination why)
{
  int running = TENON_P_RUNNING;
  bool is_first =
      __atomic_compare_exchange_n(&e->termination, &running, why, false,
                                  __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);

  if (e->wake) e->wake(e->wake_data);
  return is_first;
}

/* The host's word stands also where a limit came first: what a scope does at
 * its end must not take it back. */
void tenon_p_engine_terminate(tenon_p_engine *e, enum tenon_p_termination why)
{
  if (why == TENON_P_TERMINATED)
    __atomic_store_n(&e->is_told_to_end, 1, __ATOMIC_SEQ_CST);
  tenon_p_engine_end(e, why);
}

void tenon_p_engine_take_back(tenon_p_engine *e)
{
  tenon_p_runtime_set_terminating(e->rt, false);
  tenon_p_runtime_drop_interruption(e->ctx);
  __atomic_store_n(&e->termination, TENON_P_RUNNING, __ATOMIC_SEQ_CST);
  /* Whoever says so from now on finds it running. */
  if (__atomic_load_n(&e->is_told_to_end, __ATOMIC_SEQ_CST))
    tenon_p_engine_end(e, TENON_P_TERMINATED);
}

void tenon_p_engine_resume(tenon_p_engine *e)
{
  tenon_p_limits_resume(e);
  __atomic_store_n(&e->is_told_to_end, 0, __ATOMIC_SEQ_CST);
  __atomic_store_n(&e->termination, TENON_P_RUNNING, __ATOMIC_SEQ_CST);
  tenon_p_runtime_set_terminating(e->rt, false);
  JS_FreeValue(e->ctx, JS_GetException(e->ctx));
}

/* --- Life --------------------------------------------------------------------- */

tenon_p_engine *tenon_p_engine_of(JSContext *ctx)
{
  return tenon_p_runtime_owner(JS_GetRuntime(ctx));
}

void tenon_p_engine_detach(tenon_p_engine *e)
{
  tenon_p_thread_leave(&e->thread);
}

/* Values may be looked at before the first entry, from where the stack is. */
bool tenon_p_engine_attach_thread(tenon_p_engine *e)
{
  if (!tenon_p_thread_take(&e->thread)) return false;
  tenon_p_runtime_set_stack(e->rt, tenon_p_limits_stack(e));
  return true;
}

int tenon_p_engine_attach(tenon_p_engine *e, const tenon_p_state_type *type,
                          void *data)
{
  tenon_p_state *s = tenon_p_heap_alloc(&e->heap, sizeof *s);

  if (!s) return TENON_ENOMEM;
  *s = (tenon_p_state){e->states, type, data};
  e->states = s;
  return 0;
}

void *tenon_p_engine_get(const tenon_p_engine *e,
                         const tenon_p_state_type *type)
{
  const tenon_p_state *s;

  for (s = e->states; s; s = s->next)
    if (s->type == type) return s->data;
  return NULL;
}

size_t tenon_p_engine_used(const tenon_p_engine *e)
{
  return tenon_p_runtime_used(e->rt) + e->heap.own_bytes +
         e->heap.external_bytes;
}

static bool fits(const tenon_p_engine *e, size_t size)
{
  size_t limit = e->heap.limit_bytes, used = tenon_p_engine_used(e);

  return !limit || (used <= limit && size <= limit - used);
}

bool tenon_p_engine_admits(tenon_p_engine *e, size_t size)
{
  if (fits(e, size)) return true;
  JS_RunGC(e->rt);
  return fits(e, size);
}

int tenon_p_engine_new(const tenon_p_limits *limits, tenon_p_engine **out)
{
  tenon_p_engine *e = tenon_p_calloc(sizeof *e);

  *out = NULL;
  if (!e) return TENON_ENOMEM;
  tenon_p_heap_init(&e->heap, limits->memory_bytes, limits->allocator);
  e->heap.external_limit_bytes = limits->external_bytes;
  e->heap.changed = heap_changed;
  tenon_p_limits_init(e, limits->memory_bytes, limits->stack_bytes);
  e->ends_at_memory_limit = limits->ends_at_memory_limit;
  e->thread = tenon_p_thread_id();
  tenon_p_list_init(&e->realms);
  tenon_p_list_init(&e->released);
  tenon_p_list_init(&e->failures);
  e->is_injecting = tenon_p_alloc_is_injecting();
  e->rt = tenon_p_new_runtime(
      &heap_functions[e->heap.is_host], &e->heap, admit, e,
      e->is_injecting ? 1 : tenon_p_heap_engine_limit(&e->heap));
  if (!e->rt) goto fail;
  tenon_p_runtime_set_stack(e->rt, e->stack_limit_bytes);
  JS_SetInterruptHandler(e->rt, interrupt, e);
  JS_SetHostPromiseRejectionTracker(e->rt, track_rejection, e);
  JS_SetCanBlock(e->rt, true);
  tenon_p_runtime_set_out_of_memory(e->rt, ends_out_of_memory);
  tenon_p_external_start(e);
  if (tenon_p_realm_new(e, 0, &e->realm)) goto fail;
  e->ctx = e->realm->ctx;
  *out = e;
  return 0;
fail:
  tenon_p_engine_free(e);
  return TENON_ENOMEM;
}

/* Those that are not held end with their last value, or with the heap. */
static void release_realms(tenon_p_engine *e)
{
  tenon_p_list *at = e->realms.next;

  tenon_p_realm_drop_released(e);
  while (at != &e->realms) {
    tenon_p_realm *r = tenon_p_container(at, tenon_p_realm, link);
    at = at->next;
    if (!r->is_held) continue;
    tenon_p_realm_release(r);
    /* Others may have gone along. */
    at = e->realms.next;
  }
}

static void close_states(tenon_p_engine *e)
{
  tenon_p_state *s;

  e->is_closing = true;
  for (s = e->states; s; s = s->next)
    if (s->type->close) s->type->close(e, s->data);
  for (s = e->states; s; s = s->next)
    if (s->type->release) s->type->release(e, s->data);
}

static void free_states(tenon_p_engine *e)
{
  tenon_p_state *s;

  tenon_p_limits_release(e);
  while ((s = e->states)) {
    e->states = s->next;
    if (s->type->free) s->type->free(e, s->data);
    tenon_p_heap_free(&e->heap, s);
  }
  free(e);
}

void tenon_p_engine_free(tenon_p_engine *e)
{
  if (!e) return;
  tenon_p_finalize_all(e);
  close_states(e);
  tenon_p_tick_drop(e, NULL);
  if (e->ctx) {
    promises_release(e, &e->rejected);
    promises_release(e, &e->batch);
    promises_release(e, &e->late);
    release_uncaught(e);
    if (e->is_guest) {
      JS_FreeContext(e->ctx);
    } else {
      JS_FreeValue(e->ctx, JS_GetException(e->ctx));
      release_realms(e);
    }
  }
  if (e->rt && !e->is_guest) {
    JS_FreeRuntime(e->rt);
    e->rt = NULL;
  }
  tenon_p_finalize_all(e);
  free_states(e);
}

/* --- In a host's runtime -------------------------------------------------------- */

int tenon_p_engine_new_guest(JSContext *ctx, tenon_p_engine **out)
{
  tenon_p_engine *e = tenon_p_calloc(sizeof *e);

  *out = e;
  if (!e) return TENON_ENOMEM;
  tenon_p_heap_init(&e->heap, 0, NULL);
  tenon_p_limits_init(e, 0, 0);
  tenon_p_list_init(&e->realms);
  tenon_p_list_init(&e->released);
  e->thread = tenon_p_thread_id();
  tenon_p_list_init(&e->failures);
  e->is_guest = true;
  e->rt = JS_GetRuntime(ctx);
  e->ctx = JS_DupContext(ctx);
  return 0;
}

/* Nothing of the runtime is left but its memory. */
static void guest_is_gone(JSRuntime *rt, void *p)
{
  tenon_p_engine *e = p;

  (void)rt;
  e->rt = NULL;
  tenon_p_finalize_all(e);
  free_states(e);
}

int tenon_p_engine_move_in(tenon_p_engine *e, const tenon_p_guest_hooks *hooks)
{
  if (JS_AddRuntimeFinalizer(e->rt, guest_is_gone, e)) return TENON_ENOMEM;
  tenon_p_runtime_move_in(e->rt, e, hooks);
  tenon_p_external_start(e);
  return 0;
}

/* What native code lent to values, and tables of functions, they may use until
 * the last collection. */
void tenon_p_engine_move_out(tenon_p_engine *e)
{
  tenon_p_finalize_all(e);
  close_states(e);
  tenon_p_runtime_set_collected(e->rt, NULL);
  JS_FreeContext(e->ctx);
}
