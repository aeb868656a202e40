/*
 * The clock of a loop: alarms, each of which becomes ready when its time has
 * come, by their time, and those of one time in the order that they were
 * started. One handle of libuv is set to the first of them. Loop's thread.
 *
 * What must not fail for want of memory (a host's wait, a limit of time) has a
 * handle of its own: an alarm's first start with a delay may need some.
 */
#ifndef TENON_LOOP_CLOCK_H
#define TENON_LOOP_CLOCK_H

#include <uv.h>

#include "loop/due.h"
#include "loop/ready.h"

typedef struct tenon_p_clock {
  tenon_p_dues dues; /* of tenon_p_alarm.due */
  uv_timer_t timer;
  uint64_t set_ms; /* what it is set to, while it is active */
  size_t holding;  /* started alarms that keep the loop alive */
  bool is_closed;
} tenon_p_clock;

/* A part of what waits for it. */
typedef struct tenon_p_alarm {
  tenon_p_due due;
  tenon_p_ready ready; /* once its time has come */
  bool holds;          /* keeps the loop alive while it is started */
} tenon_p_alarm;

/* Give one a delay and what to do then: 0, or -1 when out of memory. */
int tenon_p_alarm_init(tenon_p_loop *l, tenon_p_alarm *a, uint64_t delay_ms,
                       void (*run)(tenon_p_loop *l, tenon_p_ready *r));
/* Start one that is stopped, as it is behind its time, too; its delay counts
 * from now. Nothing comes of it in a loop that closes. */
void tenon_p_alarm_start(tenon_p_loop *l, tenon_p_alarm *a);
/* Nothing comes of it any more. Again is fine, and of one that is all zeroes. */
void tenon_p_alarm_end(tenon_p_loop *l, tenon_p_alarm *a);

/* Whether one keeps the loop alive from now on. */
void tenon_p_alarm_hold(tenon_p_loop *l, tenon_p_alarm *a, bool on);

/* Make ready what is due, and set the handle to what is due next. */
void tenon_p_clock_look(tenon_p_loop *l);

/* Around the loop's life: the first behind its uv_loop_t, the second when it
 * begins to close, which closes no handle, the third when no alarm has a delay
 * any more. */
void tenon_p_clock_init(tenon_p_loop *l);
void tenon_p_clock_close(tenon_p_loop *l);
void tenon_p_clock_release(tenon_p_loop *l);

#endif
