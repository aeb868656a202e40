/* A runtime on a loop that is not its own. */
#include <tenon/loop.h>

#include "api/internal.h"
#include "loop/joint.h"

static const tenon_left lefts[] = {
    [TENON_P_LEFT_NOTHING] = TENON_LEFT_NOTHING,
    [TENON_P_LEFT_WAITING] = TENON_LEFT_WAITING,
    [TENON_P_LEFT_READY] = TENON_LEFT_READY,
};

/* A step is also what takes notice of an end. */
static int run_step(tenon_runtime *rt, uint64_t budget_ms)
{
  int r = tenon_p_runtime_begin_run(rt);

  if (r == tenon_p_engine_status(rt->engine))
    r = tenon_p_loop_step(rt->loop, budget_ms);
  if (r == 0) r = tenon_p_runtime_end_run(rt, false);
  return tenon_p_loop_tell(rt->loop, r);
}

static int step(tenon_runtime *rt, uint64_t budget_ms, tenon_left *left)
{
  int r = run_step(rt, budget_ms);

  if (r == TENON_EBUSY) return r;
  if (r == 0 || r == TENON_EEXCEPTION || r == TENON_ENOMEM)
    *left = lefts[tenon_p_loop_left(rt->loop)];
  if (r == 0 && *left == TENON_LEFT_NOTHING)
    r = tenon_p_runtime_end_run(rt, true);
  tenon_p_loop_touch(rt->loop);
  return r;
}

int tenon_runtime_step(tenon_runtime *rt, uint64_t budget_ms, tenon_left *left)
{
  int r = tenon_p_runtime_check(rt);
  tenon_left unused;

  if (!left) left = &unused;
  *left = TENON_LEFT_NOTHING;
  return r ? r : step(rt, budget_ms, left);
}

int tenon_runtime_fd(tenon_runtime *rt)
{
  int r = tenon_p_runtime_check(rt);

  if (r == 0) r = tenon_p_loop_open_descriptor(rt->loop);
  if (r) return r;
  tenon_p_loop_arm(rt->loop);
  return rt->loop->descriptor.fd;
}

int tenon_runtime_deadline_ms(tenon_runtime *rt)
{
  int r = tenon_p_runtime_check(rt);

  if (r) return r;
  if (rt->loop->descriptor.fd >= 0) tenon_p_loop_arm(rt->loop);
  r = tenon_p_loop_timeout(rt->loop);
  return tenon_p_loop_left(rt->loop) == TENON_P_LEFT_READY ? 0 : r;
}

bool tenon_runtime_is_alive(tenon_runtime *rt)
{
  return tenon_p_runtime_check(rt) == 0 && tenon_p_loop_is_alive(rt->loop);
}

/* --- In a loop of the host's ---------------------------------------------------- */

bool tenon_p_runtime_news(void *host, int *code)
{
  tenon_runtime *rt = host;
  int status = tenon_p_engine_status(rt->engine);

  if (status) {
    *code = status;
    if (!tenon_p_loop_has_news(rt->loop)) return false;
    tenon_p_joint_know(rt->loop->joint);
    tenon_p_loop_tell(rt->loop, status);
    return true;
  }
  *code = tenon_p_runtime_end_run(rt, false);
  if (*code) return true;
  if (!tenon_p_joint_take_end(rt->loop->joint)) return false;
  *code = tenon_p_runtime_end_run(rt, true);
  return true;
}

static void tell(void *host, int code)
{
  tenon_runtime *rt = host;

  rt->on_event(rt, code, rt->event_data);
}

int tenon_runtime_on_event(tenon_runtime *rt, tenon_event_fn *fn, void *data)
{
  int r = tenon_p_runtime_check(rt);

  if (r == 0 && !rt->loop->joint) r = TENON_EINVAL;
  if (r) return r;
  rt->on_event = fn;
  rt->event_data = data;
  rt->loop->tell = fn ? tell : NULL;
  tenon_p_loop_touch(rt->loop);
  return 0;
}

/* --- Another thread --------------------------------------------------------------- */

int tenon_runtime_detach_thread(tenon_runtime *rt)
{
  int r = tenon_p_runtime_check(rt);

  if (r == 0 && rt->entered) r = TENON_EBUSY;
  return r ? r : tenon_p_loop_detach(rt->loop);
}

int tenon_runtime_attach_thread(tenon_runtime *rt)
{
  return rt ? tenon_p_loop_attach_thread(rt->loop) : TENON_EINVAL;
}
