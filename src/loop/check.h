/*
 * What has its turn once the loop has looked for events: immediates, before
 * those timers that come due meanwhile. One that is added by another has its
 * turn in the next iteration. Loop's thread.
 */
#ifndef TENON_LOOP_CHECK_H
#define TENON_LOOP_CHECK_H

#include <uv.h>

#include "loop/ready.h"

typedef struct tenon_p_checks {
  tenon_p_list waiting; /* of tenon_p_check.ready.link */
  uv_check_t check;
  uv_idle_t spin;    /* the loop does not wait for events */
  size_t holding;    /* those that keep the loop alive */
  bool is_turn_due;  /* what the engine has put off */
  bool comes_first;  /* before timers, which had their turn */
  bool holds_timers; /* they wait for it */
  bool is_closed;
} tenon_p_checks;

/* A part of what waits for it. */
typedef struct tenon_p_check {
  tenon_p_ready ready;
  bool is_open, holds; /* keeps the loop alive */
} tenon_p_check;

/* Nothing comes of it in a loop that closes. */
void tenon_p_check_add(tenon_p_loop *l, tenon_p_check *c,
                       void (*run)(tenon_p_loop *l, tenon_p_ready *r));
/* Nothing comes of it any more, or it has its turn. Again is fine, and of one
 * that is all zeroes. */
void tenon_p_check_end(tenon_p_loop *l, tenon_p_check *c);
/* Is one that was added to keep the loop alive? It does at first. */
void tenon_p_check_hold(tenon_p_loop *l, tenon_p_check *c, bool on);

/* The next iteration's timers are late: those of the last one have run behind its
 * look for events, or a module was evaluated, which node does there. */
void tenon_p_checks_come_first(tenon_p_loop *l);
/* Have timers, which are due, to wait for it? They are told of it then. */
bool tenon_p_checks_hold_timers(tenon_p_loop *l);

/* Around the loop's life: the first behind its uv_loop_t. The second closes no
 * handle. */
void tenon_p_checks_init(tenon_p_loop *l);
void tenon_p_checks_close(tenon_p_loop *l);

#endif
