/* Waiting for something in C, with a limit of time. */
#include <tenon/error.h>

#include "loop/loop.h"

typedef struct waiting {
  tenon_p_loop *loop;
  bool (*is_done)(void *p);
  void *p;
  uint64_t end_ns;
  bool is_over;
} waiting;

static bool has_ended(void *p)
{
  const waiting *w = p;

  return w->is_over || w->is_done(w->p);
}

/* libuv's clock is coarser than the engine's. The run ends: not first the wait
 * for another event. */
static void on_time(uv_timer_t *handle)
{
  waiting *w = handle->data;

  if (tenon_p_engine_now_ns() < w->end_ns) {
    uv_timer_start(handle, on_time, 1, 0);
    return;
  }
  w->is_over = true;
  if (w->loop->is_iterating) uv_stop(w->loop->uv);
}

static void start(waiting *w, uint64_t timeout_ms)
{
  uv_timer_t *timer = &w->loop->await;
  uint64_t now = tenon_p_engine_now_ns();

  if (timeout_ms >= (UINT64_MAX - now) / 1000000) return;
  w->end_ns = now + timeout_ms * 1000000;
  timer->data = w;
  uv_update_time(w->loop->uv);
  uv_timer_start(timer, on_time, timeout_ms, 0);
}

int tenon_p_loop_await(tenon_p_loop *l, uint64_t timeout_ms,
                       bool (*is_done)(void *p), void *p)
{
  waiting w = {.loop = l, .is_done = is_done, .p = p};
  int r;

  if (l->is_running || l->is_dispatching || l->engine->depth)
    return TENON_EBUSY;
  start(&w, timeout_ms);
  r = tenon_p_loop_run_until(l, has_ended, &w);
  uv_timer_stop(&l->await);
  if (r || is_done(p)) return r;
  if (tenon_p_loop_must_stop(l)) return 0;
  return tenon_p_loop_is_alive(l) ? TENON_ETIMEDOUT : TENON_EUNSETTLED;
}
