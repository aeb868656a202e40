#include "loop/loop.h"

#include <stdlib.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "bind/instance.h"
#include "loop/callback.h"
#include "loop/mailbox.h"

static void loop_close(tenon_p_engine *e, void *state);
static void loop_free(tenon_p_engine *e, void *state);
static void loop_close_realm(tenon_p_engine *e, void *state, tenon_p_realm *r);

static const tenon_p_state_type loop_type = {.name = "loop",
                                             .close = loop_close,
                                             .free = loop_free,
                                             .close_realm = loop_close_realm};

tenon_p_loop *tenon_p_loop_of(tenon_p_engine *e)
{
  return tenon_p_engine_get(e, &loop_type);
}

/* --- Turns --------------------------------------------------------------------------- */

static bool must_stop(const tenon_p_loop *l)
{
  return l->engine->is_closing || l->engine->uncaught.count ||
         l->engine->has_lost_error || tenon_p_engine_status(l->engine);
}

void tenon_p_loop_make_ready(tenon_p_loop *l, tenon_p_ready *r)
{
  if (tenon_p_list_is_empty(&r->link)) tenon_p_list_append(&l->ready, &r->link);
}

void tenon_p_loop_hold(tenon_p_loop *l, bool on)
{
  if (on && l->holds++ == 0) uv_ref((uv_handle_t *)&l->wake);
  if (!on && --l->holds == 0) uv_unref((uv_handle_t *)&l->wake);
}

static void on_turn(uv_idle_t *handle)
{
  uv_idle_stop(handle);
  tenon_p_loop_dispatch(handle->data);
}

/* While the handle is active the loop does not wait. */
void tenon_p_loop_dispatch_soon(tenon_p_loop *l)
{
  uv_idle_start(&l->turn, on_turn);
}

void tenon_p_loop_dispatch(tenon_p_loop *l)
{
  /* Native code that runs the loop from inside of a script, or settles
   * something there, must not start others. A guest does not know when it is
   * inside of one: it starts them in its own turn only. */
  if (l->is_dispatching || l->engine->depth ||
      (l->engine->is_guest && !l->is_running)) {
    if (!tenon_p_list_is_empty(&l->ready)) tenon_p_loop_dispatch_soon(l);
    return;
  }
  l->is_dispatching = true;
  while (!tenon_p_list_is_empty(&l->ready) && !must_stop(l)) {
    tenon_p_ready *r = tenon_p_container(l->ready.next, tenon_p_ready, link);
    if (tenon_p_engine_enter(l->engine)) break;
    tenon_p_list_remove(&r->link);
    r->run(l, r);
    tenon_p_engine_leave(l->engine);
  }
  l->is_dispatching = false;
  /* The run ends: not first the wait for another event. */
  if (must_stop(l)) uv_stop(l->uv);
}

bool tenon_p_loop_is_alive(tenon_p_loop *l)
{
  if (uv_loop_alive(l->uv)) return true;
  /* Calls that are queued keep no handle alive. */
  tenon_p_mailbox_receive(l);
  return !tenon_p_list_is_empty(&l->ready);
}

void tenon_p_loop_pump(tenon_p_loop *l, bool waits)
{
  l->is_running = true;
  l->settled_at_once = 0;
  l->engine->has_lost_error = false;
  tenon_p_loop_dispatch(l);
  uv_run(l->uv, waits ? UV_RUN_ONCE : UV_RUN_NOWAIT);
  tenon_p_loop_dispatch(l);
  l->is_running = false;
}

int tenon_p_loop_run_until(tenon_p_loop *l, bool (*is_done)(void *p), void *p)
{
  if (l->is_running || l->engine->depth) return TENON_EBUSY;
  l->is_running = true;
  tenon_p_loop_dispatch(l);
  while (!must_stop(l) && !is_done(p)) {
    l->settled_at_once = 0;
    uv_run(l->uv, UV_RUN_ONCE);
    tenon_p_loop_dispatch(l);
    if (!tenon_p_loop_is_alive(l)) break;
  }
  l->is_running = false;
  return tenon_p_engine_status(l->engine);
}

static bool is_never_done(void *p)
{
  (void)p;
  return false;
}

int tenon_p_loop_run(tenon_p_loop *l)
{
  return tenon_p_loop_run_until(l, is_never_done, NULL);
}

/* libuv's clock is coarser than the engine's. */
static void on_deadline(uv_timer_t *handle)
{
  tenon_p_loop *l = handle->data;

  if (!l->engine->deadline_ns) return;
  if (tenon_p_engine_now_ns() >= l->engine->deadline_ns)
    tenon_p_engine_terminate(l->engine, TENON_P_OUT_OF_TIME);
  else
    uv_timer_start(handle, on_deadline, 1, 0);
}

void tenon_p_loop_keep_deadline(tenon_p_loop *l)
{
  uv_timer_stop(&l->deadline);
  if (!l->engine->deadline_ns) return;
  uv_update_time(l->uv);
  uv_timer_start(&l->deadline, on_deadline, l->engine->time_limit_ms, 0);
}

static void on_wake(uv_async_t *handle)
{
  tenon_p_loop *l = handle->data;

  tenon_p_mailbox_receive(l);
  tenon_p_loop_dispatch(l);
}

static void wake(void *p)
{
  uv_async_send(p);
}

/* --- Life ------------------------------------------------------------------------------ */

int tenon_p_loop_attach(tenon_p_engine *e)
{
  tenon_p_loop *l = tenon_p_heap_alloc(&e->heap, sizeof *l);
  int r = TENON_ENOMEM;

  if (!l) return r;
  l->engine = e;
  tenon_p_list_init(&l->ready);
  tenon_p_list_init(&l->deferreds);
  tenon_p_list_init(&l->awaiting);
  tenon_p_list_init(&l->holding);
  tenon_p_operations_init(&l->open);
  l->uv = tenon_p_calloc(sizeof *l->uv);
  if (!l->uv) goto fail_uv;
  l->box = tenon_p_mailbox_new(l);
  if (!l->box) goto fail_box;
  r = tenon_p_pool_open(l);
  if (r) goto fail_pool;
  r = uv_loop_init(l->uv);
  if (r) goto fail_loop;
  r = uv_async_init(l->uv, &l->wake, on_wake);
  if (r) goto fail_async;
  l->wake.data = l;
  /* It keeps the loop alive only while somebody holds it. */
  uv_unref((uv_handle_t *)&l->wake);
  uv_idle_init(l->uv, &l->turn);
  l->turn.data = l;
  uv_timer_init(l->uv, &l->deadline);
  l->deadline.data = l;
  uv_unref((uv_handle_t *)&l->deadline);
  tenon_p_watches_init(l);
  r = tenon_p_callbacks_attach(e, &tenon_p_loop_callbacks);
  if (r == 0) r = tenon_p_instances_attach(e);
  if (r == 0) r = tenon_p_engine_attach(e, &loop_type, l);
  if (r) goto fail_attach;
  e->wake = wake;
  e->wake_data = &l->wake;
  return 0;
fail_attach:
  uv_close((uv_handle_t *)&l->wake, NULL);
  uv_close((uv_handle_t *)&l->turn, NULL);
  uv_close((uv_handle_t *)&l->deadline, NULL);
  tenon_p_watches_stop(l);
  uv_run(l->uv, UV_RUN_DEFAULT);
fail_async:
  uv_loop_close(l->uv);
fail_loop:
  tenon_p_pool_close(l);
fail_pool:
  tenon_p_mailbox_close(l->box);
fail_box:
  free(l->uv);
fail_uv:
  tenon_p_heap_free(&e->heap, l);
  return r;
}

static void close_handle(uv_handle_t *handle, void *p)
{
  (void)p;
  if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

/* What nobody else takes care of. */
static void drop_ready(tenon_p_loop *l)
{
  tenon_p_list *at, *next;

  for (at = l->ready.next; at != &l->ready; at = next) {
    tenon_p_ready *r = tenon_p_container(at, tenon_p_ready, link);
    next = at->next;
    if (!r->drop) continue;
    tenon_p_list_remove(at);
    r->drop(r);
  }
}

/*
 * In this order: nothing comes in from other threads; native code stops its
 * operations, and watches end; the pool is waited for; whatever handle is left
 * is closed, also those that callbacks open on the way. It ends when libuv has
 * let go of all.
 */
static void loop_close(tenon_p_engine *e, void *state)
{
  tenon_p_loop *l = state;

  e->wake = NULL;
  tenon_p_mailbox_close(l->box);
  l->box = NULL;
  tenon_p_callback_close(l);
  drop_ready(l);
  tenon_p_deferred_close(l);
  tenon_p_watch_close(l);
  tenon_p_pool_close(l);
  do {
    uv_walk(l->uv, close_handle, NULL);
    uv_run(l->uv, UV_RUN_ONCE);
  } while (uv_loop_alive(l->uv));
}

static void loop_free(tenon_p_engine *e, void *state)
{
  tenon_p_loop *l = state;

  uv_loop_close(l->uv);
  free(l->uv);
  tenon_p_heap_free(&e->heap, l);
}

static void loop_close_realm(tenon_p_engine *e, void *state, tenon_p_realm *r)
{
  (void)e;
  tenon_p_deferred_close_realm(state, r->ctx);
  tenon_p_watch_close_realm(state, r->ctx);
  tenon_p_pool_close_realm(state, r->ctx);
  tenon_p_callback_close_realm(state, r->ctx);
}

/* --- How native functions run ------------------------------------------------------------ */

static tenon_p_task *new_task(tenon_p_engine *e, const tenon_function *f)
{
  return f->flags & TENON_FUNCTION_ASYNC
             ? tenon_p_deferred_new(tenon_p_loop_of(e), f)
             : tenon_p_pool_new_task();
}

static bool is_deferred(const tenon_p_task *t)
{
  return t->binding->function->flags & TENON_FUNCTION_ASYNC;
}

static int admit_task(JSContext *ctx, const tenon_function *f)
{
  return tenon_p_operation_admit(ctx,
                                 f->flags & TENON_FUNCTION_ASYNC
                                     ? &tenon_p_deferred_kind
                                     : &tenon_p_pool_kind,
                                 f->name);
}

static void drop_task(tenon_p_engine *e, const tenon_function *f,
                      tenon_p_task *t)
{
  (void)e;
  if (f->flags & TENON_FUNCTION_ASYNC)
    tenon_p_deferred_drop(t);
  else
    tenon_p_pool_drop_task(t);
}

static int start_task(tenon_p_task *t, const tenon_p_call_options *o)
{
  tenon_p_loop *l = tenon_p_loop_of(t->engine);

  /* Timers count from now, not from when the loop last woke up. */
  uv_update_time(l->uv);
  if (!is_deferred(t)) return tenon_p_pool_start(l, t, o->when_full);
  tenon_p_deferred_start(l, t);
  return 0;
}

const tenon_p_schedule tenon_p_loop_schedule = {
    .new_task = new_task,
    .admit = admit_task,
    .drop_task = drop_task,
    .start = start_task,
    .lock = tenon_p_pool_lock,
    .unlock = tenon_p_pool_unlock,
};
