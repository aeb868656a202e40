#include "loop/check.h"

#include "loop/loop.h"

static void keep_alive(tenon_p_checks *k, bool on)
{
  if (on && k->holding++ == 0) uv_ref((uv_handle_t *)&k->spin);
  if (!on && --k->holding == 0) uv_unref((uv_handle_t *)&k->spin);
}

static void on_spin(uv_idle_t *handle)
{
  (void)handle;
}

static void take_waiting(tenon_p_loop *l)
{
  tenon_p_checks *k = &l->checks;

  while (!tenon_p_list_is_empty(&k->waiting)) {
    tenon_p_list *at = k->waiting.next;
    tenon_p_list_remove(at);
    tenon_p_list_append(&l->ready, at);
  }
}

/* An empty turn: leaving the engine is what it is for. */
static void take_turn(tenon_p_loop *l)
{
  tenon_p_engine *e = l->engine;
  bool was_dispatching = l->is_dispatching;

  if (l->is_dispatching || e->depth || tenon_p_loop_must_stop(l)) return;
  l->checks.is_turn_due = false;
  keep_alive(&l->checks, false);
  l->is_dispatching = true;
  if (tenon_p_engine_enter(e) == 0) tenon_p_engine_leave(e);
  l->is_dispatching = was_dispatching;
}

/* What was added so far, and the timers that have waited for it. The handles
 * are stopped here only: until then they let no timer pass. */
static void on_check(uv_check_t *handle)
{
  tenon_p_loop *l = handle->data;
  tenon_p_checks *k = &l->checks;

  bool is_late = k->holds_timers;

  k->comes_first = k->holds_timers = false;
  if (k->is_turn_due) take_turn(l);
  take_waiting(l);
  if (is_late) tenon_p_clock_look(l);
  tenon_p_loop_dispatch(l);
  /* Those of the iteration after this one have to wait in turn. */
  k->comes_first = is_late && !tenon_p_list_is_empty(&k->waiting);
  if (k->is_turn_due || !tenon_p_list_is_empty(&k->waiting)) return;
  uv_check_stop(&k->check);
  uv_idle_stop(&k->spin);
}

static void start(tenon_p_loop *l)
{
  uv_check_start(&l->checks.check, on_check);
  uv_idle_start(&l->checks.spin, on_spin);
  tenon_p_loop_touch(l);
}

void tenon_p_check_add(tenon_p_loop *l, tenon_p_check *c,
                       void (*run)(tenon_p_loop *l, tenon_p_ready *r))
{
  tenon_p_checks *k = &l->checks;

  *c = (tenon_p_check){.ready.run = run};
  tenon_p_list_init(&c->ready.link);
  if (k->is_closed) return;
  c->is_open = c->holds = true;
  keep_alive(k, true);
  tenon_p_list_append(&k->waiting, &c->ready.link);
  start(l);
}

void tenon_p_check_end(tenon_p_loop *l, tenon_p_check *c)
{
  if (!c->is_open) return;
  c->is_open = false;
  tenon_p_list_remove(&c->ready.link);
  if (c->holds) keep_alive(&l->checks, false);
  tenon_p_loop_touch(l);
}

void tenon_p_check_hold(tenon_p_loop *l, tenon_p_check *c, bool on)
{
  if (!c->is_open || c->holds == on) return;
  c->holds = on;
  keep_alive(&l->checks, on);
  tenon_p_loop_touch(l);
}

/* The loop does not wait for events while it holds timers. */
void tenon_p_checks_come_first(tenon_p_loop *l)
{
  if (l->checks.is_closed) return;
  l->checks.comes_first = true;
  uv_check_start(&l->checks.check, on_check);
}

bool tenon_p_checks_hold_timers(tenon_p_loop *l)
{
  tenon_p_checks *k = &l->checks;

  if (!k->comes_first) return false;
  k->holds_timers = true;
  uv_idle_start(&k->spin, on_spin);
  return true;
}

/* An error in a tick has ended a turn. */
static void on_put_off(tenon_p_engine *e)
{
  tenon_p_loop *l = tenon_p_loop_of(e);

  if (l->checks.is_closed || l->checks.is_turn_due) return;
  l->checks.is_turn_due = true;
  keep_alive(&l->checks, true);
  start(l);
}

void tenon_p_checks_init(tenon_p_loop *l)
{
  tenon_p_checks *k = &l->checks;

  tenon_p_list_init(&k->waiting);
  uv_check_init(l->uv, &k->check);
  uv_idle_init(l->uv, &k->spin);
  uv_unref((uv_handle_t *)&k->check);
  uv_unref((uv_handle_t *)&k->spin);
  k->check.data = l;
  if (!l->engine->is_guest) l->engine->on_put_off = on_put_off;
}

void tenon_p_checks_close(tenon_p_loop *l)
{
  l->checks.is_closed = true;
  l->engine->on_put_off = NULL;
  uv_check_stop(&l->checks.check);
  uv_idle_stop(&l->checks.spin);
}
