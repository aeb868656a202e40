#include "loop/loop.h"

#include <stdlib.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "bind/instance.h"
#include "loop/callback.h"
#include "loop/joint.h"
#include "loop/iterable.h"
#include "loop/mailbox.h"
#include "loop/own.h"
#include "loop/stream.h"

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

bool tenon_p_loop_must_stop(const tenon_p_loop *l)
{
  return l->engine->is_closing || l->engine->uncaught.count ||
         l->engine->has_lost_error || tenon_p_engine_status(l->engine);
}

void tenon_p_loop_make_ready(tenon_p_loop *l, tenon_p_ready *r)
{
  if (tenon_p_list_is_empty(&r->link)) tenon_p_list_append(&l->ready, &r->link);
}

void tenon_p_loop_touch(tenon_p_loop *l)
{
  if (l->is_running || l->is_dispatching || l->engine->depth ||
      l->engine->is_closing || l->engine->is_guest)
    return;
  if (l->descriptor.fd >= 0) tenon_p_loop_arm(l);
  if (l->joint) tenon_p_joint_settle(l->joint);
}

void tenon_p_loop_resume(tenon_p_loop *l)
{
  tenon_p_engine_resume(l->engine);
  l->is_stop_told = false;
  tenon_p_loop_keep_deadline(l);
  tenon_p_loop_touch(l);
}

static void on_left(tenon_p_engine *e)
{
  tenon_p_loop_touch(tenon_p_loop_of(e));
}

void tenon_p_loop_hold(tenon_p_loop *l, bool on)
{
  if (on && l->holds++ == 0) uv_ref((uv_handle_t *)&l->wake);
  if (!on && --l->holds == 0) uv_unref((uv_handle_t *)&l->wake);
  tenon_p_loop_touch(l);
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
  tenon_p_loop_touch(l);
}

/* Between two turns. */
static bool is_time_over(const tenon_p_loop *l)
{
  return l->until_ns && tenon_p_engine_now_ns() >= l->until_ns;
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
  while (!tenon_p_list_is_empty(&l->ready) && !tenon_p_loop_must_stop(l)) {
    tenon_p_ready *r = tenon_p_container(l->ready.next, tenon_p_ready, link);
    if (tenon_p_engine_enter(l->engine)) break;
    tenon_p_list_remove(&r->link);
    r->run(l, r);
    tenon_p_engine_leave(l->engine);
    if (is_time_over(l)) break;
  }
  l->is_dispatching = false;
  /* The run ends: not first the wait for another event. A mark that is set
   * outside of it would cost the next one its turn. */
  if (l->is_iterating && tenon_p_loop_must_stop(l)) uv_stop(l->uv);
  tenon_p_loop_touch(l);
}

bool tenon_p_loop_is_alive(tenon_p_loop *l)
{
  if (uv_loop_alive(l->uv)) return true;
  /* Calls that are queued keep no handle alive. */
  tenon_p_mailbox_receive(l);
  return !tenon_p_list_is_empty(&l->ready);
}

/* Brackets around what may run it again. */
static void iterate(tenon_p_loop *l, uv_run_mode mode)
{
  bool was_iterating = l->is_iterating, has_late;

  l->settled_at_once = 0;
  l->is_iterating = true;
  /* Of a loop that nothing keeps alive libuv looks at no event: what woke up
   * whoever waits for the descriptor would stay there. */
  if (mode == UV_RUN_NOWAIT) uv_ref((uv_handle_t *)&l->wake);
  uv_run(l->uv, mode);
  if (!l->holds) uv_unref((uv_handle_t *)&l->wake);
  l->is_iterating = was_iterating;
  has_late = mode == UV_RUN_ONCE && !tenon_p_list_is_empty(&l->ready);
  tenon_p_loop_dispatch(l);
  if (has_late && !tenon_p_list_is_empty(&l->checks.waiting))
    tenon_p_checks_come_first(l);
}

void tenon_p_loop_turn(tenon_p_loop *l)
{
  bool was_running = l->is_running;

  l->is_running = true;
  tenon_p_loop_dispatch(l);
  iterate(l, UV_RUN_NOWAIT);
  l->is_running = was_running;
}

void tenon_p_loop_pump(tenon_p_loop *l, bool waits)
{
  l->is_running = true;
  l->engine->has_lost_error = false;
  tenon_p_loop_dispatch(l);
  iterate(l, waits ? UV_RUN_ONCE : UV_RUN_NOWAIT);
  l->is_running = false;
}

/* The host gets the status of the engine. */
static int end_run(tenon_p_loop *l)
{
  l->is_running = false;
  /* What it returns says so. */
  if (l->joint && !tenon_p_loop_is_alive(l)) tenon_p_joint_know(l->joint);
  tenon_p_loop_touch(l);
  return tenon_p_engine_status(l->engine);
}

int tenon_p_loop_tell(tenon_p_loop *l, int status)
{
  if (status && status == tenon_p_engine_status(l->engine) &&
      !l->is_stop_told) {
    l->is_stop_told = true;
    tenon_p_loop_touch(l);
  }
  return status;
}

int tenon_p_loop_run_until(tenon_p_loop *l, bool (*is_done)(void *p), void *p)
{
  if (l->is_running || l->is_dispatching || l->engine->depth)
    return TENON_EBUSY;
  /* libuv's loops do not run inside of themselves. */
  if (l->joint && tenon_p_joint_is_inside(l->joint)) return TENON_EBUSY;
  l->is_running = true;
  tenon_p_loop_dispatch(l);
  while (!tenon_p_loop_must_stop(l) && !is_done(p)) {
    if (l->joint)
      tenon_p_joint_wait(l->joint, is_done, p);
    else
      iterate(l, UV_RUN_ONCE);
    if (!tenon_p_loop_is_alive(l)) break;
  }
  return end_run(l);
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

/* --- Steps ---------------------------------------------------------------------------- */

bool tenon_p_loop_has_something(tenon_p_loop *l)
{
  if (!tenon_p_loop_is_alive(l)) return false;
  uv_update_time(l->uv);
  return !tenon_p_list_is_empty(&l->ready) || uv_backend_timeout(l->uv) == 0 ||
         tenon_p_descriptor_has_event(l->uv);
}

int tenon_p_loop_step(tenon_p_loop *l, uint64_t budget_ms)
{
  uint64_t now = tenon_p_engine_now_ns();

  if (l->is_running || l->is_dispatching || l->engine->depth)
    return TENON_EBUSY;
  l->is_running = true;
  if (budget_ms && budget_ms < (UINT64_MAX - now) / 1000000)
    l->until_ns = now + budget_ms * 1000000;
  tenon_p_loop_dispatch(l);
  /* Also of a program that is to end: what woke the host up is to be gone. */
  do
    iterate(l, UV_RUN_NOWAIT);
  while (budget_ms && !tenon_p_loop_must_stop(l) &&
         tenon_p_loop_has_something(l) && !is_time_over(l));
  /* It may have come behind the look for events. */
  if (tenon_p_engine_status(l->engine)) iterate(l, UV_RUN_NOWAIT);
  l->until_ns = 0;
  return end_run(l);
}

/* Has the host still to be told of an end? */
bool tenon_p_loop_has_news(const tenon_p_loop *l)
{
  return l->engine->uncaught.count || l->engine->has_lost_error ||
         !l->is_stop_told;
}

enum tenon_p_left tenon_p_loop_left(tenon_p_loop *l)
{
  if (tenon_p_loop_must_stop(l))
    return tenon_p_loop_has_news(l) ? TENON_P_LEFT_READY : TENON_P_LEFT_NOTHING;
  if (!tenon_p_loop_is_alive(l)) return TENON_P_LEFT_NOTHING;
  return tenon_p_loop_has_something(l) ? TENON_P_LEFT_READY
                                       : TENON_P_LEFT_WAITING;
}

int tenon_p_loop_timeout(tenon_p_loop *l)
{
  uv_update_time(l->uv);
  if (!l->engine->is_guest && tenon_p_loop_must_stop(l))
    return tenon_p_loop_has_news(l) ? 0 : -1;
  /* Of a loop that nothing keeps alive libuv says 0, too; else it does so for
   * descriptors that the kernel is not told of before the next turn. */
  if (!tenon_p_loop_is_alive(l)) return -1;
  return tenon_p_list_is_empty(&l->ready) ? uv_backend_timeout(l->uv) : 0;
}

void tenon_p_loop_arm(tenon_p_loop *l)
{
  int timeout_ms = tenon_p_loop_timeout(l);

  tenon_p_descriptor_set(&l->descriptor, l->uv, timeout_ms);
}

void tenon_p_loop_begin(tenon_p_loop *l)
{
  if (l->joint) tenon_p_joint_begin(l->joint);
}

int tenon_p_loop_join(tenon_p_loop *l, uv_loop_t *host)
{
  int r = tenon_p_joint_new(l, host);

  if (r == 0) l->engine->on_left = on_left;
  return r;
}

int tenon_p_loop_open_descriptor(tenon_p_loop *l)
{
  int r;

  if (l->descriptor.fd >= 0) return 0;
  r = tenon_p_descriptor_open(&l->descriptor, l->uv);
  if (r)
    tenon_p_descriptor_close(&l->descriptor);
  else if (!l->engine->is_guest)
    l->engine->on_left = on_left;
  return r;
}

/* --- Another thread ----------------------------------------------------------------------- */

int tenon_p_loop_detach(tenon_p_loop *l)
{
  const tenon_p_engine *e = l->engine;

  if (e->is_closing || e->depth || e->is_telling || e->is_finalizing ||
      l->is_running || l->is_dispatching || l->is_iterating)
    return TENON_EBUSY;
  /* That loop is its thread's. */
  if (l->joint) return TENON_EINVAL;
  tenon_p_mailbox_move(l->box, false);
  tenon_p_engine_detach(l->engine);
  return 0;
}

int tenon_p_loop_attach_thread(tenon_p_loop *l)
{
  if (!tenon_p_engine_attach_thread(l->engine)) return TENON_EBUSY;
  tenon_p_mailbox_move(l->box, true);
  tenon_p_loop_touch(l);
  return 0;
}

/* --- Time and other threads ------------------------------------------------------------ */

/* Rounded up: libuv's clock is coarser than the engine's. */
static uint64_t ms_until(uint64_t deadline_ns)
{
  uint64_t now = tenon_p_engine_now_ns();

  return deadline_ns > now ? (deadline_ns - now) / 1000000 + 1 : 0;
}

static void on_deadline(uv_timer_t *handle)
{
  tenon_p_loop *l = handle->data;

  tenon_p_limits_look(l->engine);
  if (l->engine->deadline_ns && tenon_p_engine_status(l->engine) == 0)
    uv_timer_start(handle, on_deadline, ms_until(l->engine->deadline_ns), 0);
}

void tenon_p_loop_keep_deadline(tenon_p_loop *l)
{
  uint64_t deadline_ns = l->engine->deadline_ns;

  uv_timer_stop(&l->deadline);
  if (deadline_ns) {
    uv_update_time(l->uv);
    uv_timer_start(&l->deadline, on_deadline, ms_until(deadline_ns), 0);
  }
  tenon_p_loop_touch(l);
}

static void on_wake(uv_async_t *handle)
{
  tenon_p_loop *l = handle->data;

  tenon_p_mailbox_receive(l);
  tenon_p_loop_dispatch(l);
}

/* Any thread, or a signal handler: the program is told to end. */
static void wake(void *p)
{
  tenon_p_loop *l = p;

  tenon_p_mailbox_set_ending(l->box, true);
  uv_async_send(&l->wake);
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
  tenon_p_list_init(&l->streams);
  tenon_p_list_init(&l->iterables);
  tenon_p_operations_init(&l->open);
  tenon_p_descriptor_init(&l->descriptor);
  l->box = tenon_p_mailbox_new(l);
  if (!l->box) goto fail_box;
  r = tenon_p_pool_open(l);
  if (r) goto fail_pool;
  r = tenon_p_own_loop_new(&l->own);
  if (r) goto fail_loop;
  l->uv = tenon_p_own_loop_uv(l->own);
  r = uv_async_init(l->uv, &l->wake, on_wake);
  if (r) goto fail_async;
  l->wake.data = l;
  /* The kernel is told of it now: else there were something to run until then,
   * for whoever waits. */
  uv_run(l->uv, UV_RUN_NOWAIT);
  /* It keeps the loop alive only while somebody holds it. */
  uv_unref((uv_handle_t *)&l->wake);
  uv_idle_init(l->uv, &l->turn);
  l->turn.data = l;
  tenon_p_checks_init(l);
  tenon_p_clock_init(l);
  uv_timer_init(l->uv, &l->deadline);
  l->deadline.data = l;
  uv_unref((uv_handle_t *)&l->deadline);
  uv_timer_init(l->uv, &l->await);
  uv_unref((uv_handle_t *)&l->await);
  uv_timer_init(l->uv, &l->late);
  l->late.data = l;
  uv_unref((uv_handle_t *)&l->late);
  tenon_p_watches_init(l);
  r = tenon_p_callbacks_attach(e, &tenon_p_loop_callbacks);
  if (r == 0) r = tenon_p_streams_attach(e, &tenon_p_loop_streams);
  if (r == 0) r = tenon_p_instances_attach(e);
  if (r == 0) r = tenon_p_engine_attach(e, &loop_type, l);
  if (r) goto fail_attach;
  e->wake = wake;
  e->wake_data = l;
  return 0;
fail_attach:
  uv_close((uv_handle_t *)&l->wake, NULL);
  uv_close((uv_handle_t *)&l->turn, NULL);
  tenon_p_checks_close(l);
  uv_close((uv_handle_t *)&l->checks.check, NULL);
  uv_close((uv_handle_t *)&l->checks.spin, NULL);
  uv_close((uv_handle_t *)&l->clock.timer, NULL);
  uv_close((uv_handle_t *)&l->deadline, NULL);
  uv_close((uv_handle_t *)&l->await, NULL);
  uv_close((uv_handle_t *)&l->late, NULL);
  tenon_p_watches_stop(l);
  uv_run(l->uv, UV_RUN_DEFAULT);
fail_async:
  tenon_p_own_loop_unref(l->own);
fail_loop:
  tenon_p_pool_close(l);
fail_pool:
  tenon_p_mailbox_close(l->box);
fail_box:
  tenon_p_heap_free(&e->heap, l);
  return r;
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

static void on_time_up(uv_timer_t *handle)
{
  tenon_p_loop *l = handle->data;

  l->closing.is_time_up = true;
}

/* For native functions that run on the pool. */
static void wait_or_abandon(tenon_p_loop *l)
{
  size_t count = 0;

  uv_timer_stop(&l->deadline);
  l->closing.is_time_up = l->closing.abandons;
  if (l->closing.timeout_ms && !l->closing.is_time_up) {
    uv_update_time(l->uv);
    uv_timer_start(&l->deadline, on_time_up, l->closing.timeout_ms, 0);
  }
  while (!tenon_p_pool_is_idle(l) && !l->closing.is_time_up)
    uv_run(l->uv, UV_RUN_ONCE);
  if (!tenon_p_pool_is_idle(l)) count = tenon_p_pool_abandon(l);
  if (l->closing.abandoned) *l->closing.abandoned = count;
  tenon_p_pool_close(l);
}

typedef struct handles {
  const void *kept;
  size_t count;
} handles;

static void close_handle(uv_handle_t *handle, void *p)
{
  handles *h = p;

  if (handle == h->kept) return;
  h->count++;
  if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

static size_t close_all_but(tenon_p_loop *l, const void *kept)
{
  handles h = {kept, 0};

  uv_walk(l->uv, close_handle, &h);
  return h.count;
}

/* Also those that callbacks open on the way. Requests of native code are waited
 * for as calls on the pool are: they may open handles, too. */
static void close_handles(tenon_p_loop *l)
{
  while (close_all_but(l, &l->deadline) ||
         (!l->closing.is_time_up && uv_loop_alive(l->uv)))
    uv_run(l->uv, UV_RUN_ONCE);
  while (close_all_but(l, NULL))
    uv_run(l->uv, UV_RUN_ONCE);
}

/* The order that docs/closing.md states: what is queued is dropped; nothing comes
 * in from other threads; native code stops its operations; what runs is waited
 * for, or not; the handles that are left are closed. */
static void loop_close(tenon_p_engine *e, void *state)
{
  tenon_p_loop *l = state;
  tenon_p_mailbox *box = l->box;

  e->wake = NULL;
  e->on_left = NULL;
  tenon_p_checks_close(l);
  tenon_p_clock_close(l);
  tenon_p_joint_end(l->joint);
  tenon_p_mailbox_dup(box);
  tenon_p_pool_cancel(l);
  tenon_p_mailbox_close(box);
  l->box = NULL;
  tenon_p_callback_close(l);
  drop_ready(l);
  tenon_p_deferred_close(l);
  tenon_p_iterable_close(l);
  tenon_p_stream_close(l);
  tenon_p_watch_close(l);
  wait_or_abandon(l);
  close_handles(l);
  tenon_p_mailbox_unref(box);
}

static void loop_free(tenon_p_engine *e, void *state)
{
  tenon_p_loop *l = state;

  tenon_p_clock_release(l);
  tenon_p_descriptor_close(&l->descriptor);
  tenon_p_own_loop_unref(l->own);
  tenon_p_heap_free(&e->heap, l);
}

/* Native code that is told of it finds a runtime that is in use. */
static void loop_close_realm(tenon_p_engine *e, void *state, tenon_p_realm *r)
{
  tenon_p_loop *l = state;
  bool was_dispatching = l->is_dispatching;

  (void)e;
  l->is_dispatching = true;
  tenon_p_deferred_close_realm(state, r->ctx);
  tenon_p_iterable_close_realm(state, r->ctx);
  tenon_p_stream_close_realm(state, r->ctx);
  tenon_p_watch_close_realm(state, r->ctx);
  tenon_p_pool_close_realm(state, r->ctx);
  tenon_p_callback_close_realm(state, r->ctx);
  l->is_dispatching = was_dispatching;
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
  /* Who begins something was not told to end, or is not any more. */
  if (tenon_p_mailbox_is_ending(l->box) && !tenon_p_engine_status(l->engine))
    tenon_p_mailbox_set_ending(l->box, false);
  return is_deferred(t) ? tenon_p_deferred_start(l, t, o)
                        : tenon_p_pool_start(l, t, o);
}

const tenon_p_schedule tenon_p_loop_schedule = {
    .new_task = new_task,
    .admit = admit_task,
    .drop_task = drop_task,
    .start = start_task,
    .lock = tenon_p_serial_lock,
    .unlock = tenon_p_serial_unlock,
};
