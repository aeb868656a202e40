#include "loop/clock.h"

#include "loop/loop.h"

static void on_clock(uv_timer_t *timer);

/* Those that are due already have their turn later in this turn of the loop, or
 * in the next. */
static void set(tenon_p_clock *c)
{
  const tenon_p_due *first = tenon_p_due_first(&c->dues);
  uint64_t now;

  if (!first) {
    uv_timer_stop(&c->timer);
    return;
  }
  if (uv_is_active((uv_handle_t *)&c->timer) && c->set_ms == first->at_ms)
    return;
  now = uv_now(c->timer.loop);
  c->set_ms = first->at_ms;
  uv_timer_start(&c->timer, on_clock,
                 first->at_ms > now ? first->at_ms - now : 0, 0);
}

static void stop(tenon_p_clock *c, tenon_p_alarm *a)
{
  tenon_p_due_stop(&c->dues, &a->due);
  if (a->holds && --c->holding == 0) uv_unref((uv_handle_t *)&c->timer);
}

void tenon_p_clock_look(tenon_p_loop *l)
{
  tenon_p_clock *c = &l->clock;
  uint64_t now = uv_now(l->uv);
  tenon_p_due *d;

  while ((d = tenon_p_due_first(&c->dues)) && d->at_ms <= now) {
    tenon_p_alarm *a = tenon_p_container(d, tenon_p_alarm, due);
    stop(c, a);
    tenon_p_loop_make_ready(l, &a->ready);
  }
  set(c);
}

static void on_clock(uv_timer_t *timer)
{
  tenon_p_loop *l = tenon_p_container(timer, tenon_p_loop, clock.timer);

  if (tenon_p_checks_hold_timers(l)) return;
  tenon_p_clock_look(l);
  tenon_p_loop_dispatch_soon(l);
}

/* --- Alarms ------------------------------------------------------------------- */

int tenon_p_alarm_init(tenon_p_loop *l, tenon_p_alarm *a, uint64_t delay_ms,
                       void (*run)(tenon_p_loop *l, tenon_p_ready *r))
{
  *a = (tenon_p_alarm){.ready.run = run};
  tenon_p_list_init(&a->ready.link);
  return tenon_p_due_join(&l->clock.dues, &a->due, delay_ms);
}

void tenon_p_alarm_start(tenon_p_loop *l, tenon_p_alarm *a)
{
  tenon_p_clock *c = &l->clock;

  if (c->is_closed) return;
  uv_update_time(l->uv);
  tenon_p_due_start(&c->dues, &a->due, uv_now(l->uv));
  if (a->holds && c->holding++ == 0) uv_ref((uv_handle_t *)&c->timer);
  set(c);
}

void tenon_p_alarm_end(tenon_p_loop *l, tenon_p_alarm *a)
{
  tenon_p_clock *c = &l->clock;

  if (!a->due.queue) return;
  tenon_p_list_remove(&a->ready.link);
  if (!tenon_p_list_is_empty(&a->due.link)) {
    stop(c, a);
    if (!c->is_closed) set(c);
  }
  tenon_p_due_leave(&c->dues, &a->due);
}

void tenon_p_alarm_hold(tenon_p_loop *l, tenon_p_alarm *a, bool on)
{
  tenon_p_clock *c = &l->clock;

  if (a->holds == on) return;
  a->holds = on;
  if (!a->due.queue || tenon_p_list_is_empty(&a->due.link)) return;
  if (on && c->holding++ == 0) uv_ref((uv_handle_t *)&c->timer);
  if (!on && --c->holding == 0) uv_unref((uv_handle_t *)&c->timer);
  tenon_p_loop_touch(l);
}

/* --- Life ----------------------------------------------------------------------- */

void tenon_p_clock_init(tenon_p_loop *l)
{
  tenon_p_clock *c = &l->clock;

  tenon_p_dues_init(&c->dues, l->engine);
  uv_timer_init(l->uv, &c->timer);
  uv_unref((uv_handle_t *)&c->timer);
}

void tenon_p_clock_close(tenon_p_loop *l)
{
  l->clock.is_closed = true;
  uv_timer_stop(&l->clock.timer);
}

void tenon_p_clock_release(tenon_p_loop *l)
{
  tenon_p_dues_release(&l->clock.dues);
}
