#include "loop/joint.h"

#include <stdlib.h>
#include <tenon/error.h>

#include "base/alloc.h"

struct tenon_p_joint {
  tenon_p_loop *loop; /* NULL once the runtime has ended */
  uv_loop_t *host;
  uv_poll_t events;
  uv_timer_t timer;
  uv_idle_t now;
  uv_prepare_t before;
  int open;       /* handles whose memory libuv has */
  uint64_t at_ms; /* by the runtime's loop: what the timer is set for; 0: not */
  bool has_begun; /* something, whose end is to be told */
  bool (*is_done)(void *p); /* of a run; NULL: there is none */
  void *p;
};

/* The loops of hosts that this thread is in a turn of, innermost first. */
typedef struct inside {
  const struct inside *outer;
  const uv_loop_t *host;
} inside;

static _Thread_local const inside *inner_most;

bool tenon_p_joint_is_inside(const tenon_p_joint *j)
{
  const inside *i = inner_most;

  while (i && i->host != j->host)
    i = i->outer;
  return i != NULL;
}

/* --- Setting right ------------------------------------------------------------ */

/* In how many milliseconds there is something to run, or to tell. */
static int timeout_of(tenon_p_joint *j)
{
  tenon_p_loop *l = j->loop;

  if (tenon_p_loop_must_stop(l))
    return l->tell && !j->is_done && tenon_p_loop_has_news(l) ? 0 : -1;
  if (tenon_p_loop_is_alive(l)) return tenon_p_loop_timeout(l);
  return j->has_begun && l->tell && !j->is_done ? 0 : -1;
}

static void on_now(uv_idle_t *handle);
static void on_timer(uv_timer_t *handle);

/* The timer is not restarted for the same time: most turns set none. */
static void set_timer(tenon_p_joint *j, int timeout_ms)
{
  uint64_t at_ms = 0;

  if (timeout_ms > 0) at_ms = uv_now(j->loop->uv) + (uint64_t)timeout_ms;
  if (at_ms == j->at_ms) return;
  j->at_ms = at_ms;
  uv_timer_stop(&j->timer);
  if (!at_ms) return;
  uv_update_time(j->host);
  uv_timer_start(&j->timer, on_timer, (uint64_t)timeout_ms, 0);
}

void tenon_p_joint_settle(tenon_p_joint *j)
{
  bool is_alive =
      !tenon_p_loop_must_stop(j->loop) && tenon_p_loop_is_alive(j->loop);
  int timeout_ms = timeout_of(j);

  if (is_alive) {
    j->has_begun = true;
    uv_ref((uv_handle_t *)&j->events);
  } else {
    uv_unref((uv_handle_t *)&j->events);
  }
  if (timeout_ms == 0)
    uv_idle_start(&j->now, on_now);
  else
    uv_idle_stop(&j->now);
  set_timer(j, timeout_ms);
}

void tenon_p_joint_begin(tenon_p_joint *j)
{
  j->has_begun = true;
}

void tenon_p_joint_know(tenon_p_joint *j)
{
  j->has_begun = false;
}

bool tenon_p_joint_take_end(tenon_p_joint *j)
{
  if (!j->has_begun || tenon_p_loop_is_alive(j->loop)) return false;
  j->has_begun = false;
  return true;
}

/* --- Turns -------------------------------------------------------------------------- */

/* Is the runtime further up the stack, where nothing of it may run? */
static bool is_busy(const tenon_p_joint *j)
{
  const tenon_p_loop *l = j->loop;

  return l->engine->depth || l->is_dispatching ||
         (l->is_running && !j->is_done) || l->is_iterating;
}

/* The last thing that a callback of libuv does. */
static void turn(tenon_p_joint *j)
{
  tenon_p_loop *l = j->loop;
  inside here = {inner_most, j->host};
  int code;

  if (is_busy(j)) return;
  inner_most = &here;
  tenon_p_loop_turn(l);
  if (!j->is_done && l->tell && l->news(l->host, &code)) {
    tenon_p_joint_settle(j);
    l->tell(l->host, code);
  } else {
    tenon_p_joint_settle(j);
  }
  inner_most = here.outer;
}

static void on_events(uv_poll_t *handle, int status, int events)
{
  (void)status;
  (void)events;
  turn(handle->data);
}

static void on_timer(uv_timer_t *handle)
{
  tenon_p_joint *j = handle->data;

  j->at_ms = 0;
  turn(j);
}

static void on_now(uv_idle_t *handle)
{
  uv_idle_stop(handle);
  turn(handle->data);
}

static bool is_run_over(tenon_p_joint *j)
{
  return j->is_done && (tenon_p_loop_must_stop(j->loop) || j->is_done(j->p) ||
                        !tenon_p_loop_is_alive(j->loop));
}

/* What callbacks of the host have done so far is seen here; while the idle
 * handle is active its loop does not wait. */
static void on_before(uv_prepare_t *handle)
{
  tenon_p_joint *j = handle->data;

  if (is_busy(j)) return;
  tenon_p_joint_settle(j);
  if (is_run_over(j)) uv_idle_start(&j->now, on_now);
}

void tenon_p_joint_wait(tenon_p_joint *j, bool (*is_done)(void *p), void *p)
{
  inside here = {inner_most, j->host};

  j->is_done = is_done;
  j->p = p;
  inner_most = &here;
  tenon_p_joint_settle(j);
  uv_run(j->host, UV_RUN_ONCE);
  inner_most = here.outer;
  j->is_done = NULL;
}

/* --- Life ----------------------------------------------------------------------------- */

static void on_closed(uv_handle_t *handle)
{
  tenon_p_joint *j = handle->data;

  if (--j->open == 0) free(j);
}

static void add(tenon_p_joint *j, void *handle)
{
  ((uv_handle_t *)handle)->data = j;
  j->open++;
}

int tenon_p_joint_new(tenon_p_loop *l, uv_loop_t *host)
{
  tenon_p_joint *j = tenon_p_calloc(sizeof *j);
  int r;

  if (!j) return TENON_ENOMEM;
  j->loop = l;
  j->host = host;
  r = uv_poll_init(host, &j->events, uv_backend_fd(l->uv));
  if (r) {
    free(j);
    return r;
  }
  add(j, &j->events);
  uv_timer_init(host, &j->timer);
  add(j, &j->timer);
  uv_idle_init(host, &j->now);
  add(j, &j->now);
  uv_prepare_init(host, &j->before);
  add(j, &j->before);
  l->joint = j;
  r = uv_poll_start(&j->events, UV_READABLE, on_events);
  if (r) {
    tenon_p_joint_end(j);
    return r;
  }
  uv_unref((uv_handle_t *)&j->events);
  /* What it is for, the one above stays for. */
  uv_unref((uv_handle_t *)&j->timer);
  uv_prepare_start(&j->before, on_before);
  uv_unref((uv_handle_t *)&j->before);
  return 0;
}

void tenon_p_joint_end(tenon_p_joint *j)
{
  if (!j) return;
  j->loop->joint = NULL;
  j->loop = NULL;
  uv_close((uv_handle_t *)&j->events, on_closed);
  uv_close((uv_handle_t *)&j->timer, on_closed);
  uv_close((uv_handle_t *)&j->now, on_closed);
  uv_close((uv_handle_t *)&j->before, on_closed);
}
