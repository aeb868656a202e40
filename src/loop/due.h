/*
 * Which timers are due, in the order that they are: by their time, and those of
 * one time by when they were started.
 *
 * Timers of one delay stand in a queue, in which each that is started is last;
 * the queues stand in a heap by their first ones. A program has many timers and
 * few delays, so that starting, stopping and firing one is a step in a list.
 */
#ifndef TENON_LOOP_DUE_H
#define TENON_LOOP_DUE_H

#include "engine/engine.h"

typedef struct tenon_p_due_queue tenon_p_due_queue;

/* A part of a timer. */
typedef struct tenon_p_due {
  tenon_p_list link;        /* in its queue; unlinked while it is stopped */
  tenon_p_due_queue *queue; /* NULL: it has no delay */
  uint64_t at_ms, order;
} tenon_p_due;

typedef struct tenon_p_dues {
  tenon_p_engine *engine;
  tenon_p_due_queue **heap; /* those in which timers are, the first one first */
  size_t heap_count, capacity; /* room for every queue */
  tenon_p_due_queue **buckets; /* all queues, by delay */
  size_t bucket_count, count;  /* a power of two */
  tenon_p_due_queue *spare;
  uint64_t last_order;
} tenon_p_dues;

void tenon_p_dues_init(tenon_p_dues *all, tenon_p_engine *e);
/* No timer has a delay any more. */
void tenon_p_dues_release(tenon_p_dues *all);

/* Give a stopped timer its delay: 0, or -1 when out of memory. It keeps it until
 * tenon_p_due_leave. */
int tenon_p_due_join(tenon_p_dues *all, tenon_p_due *d, uint64_t delay_ms);
void tenon_p_due_leave(tenon_p_dues *all, tenon_p_due *d);

/* Start a timer that is stopped and has a delay, counted from `now_ms`, which
 * never goes back. */
void tenon_p_due_start(tenon_p_dues *all, tenon_p_due *d, uint64_t now_ms);
/* One that is stopped is fine. */
void tenon_p_due_stop(tenon_p_dues *all, tenon_p_due *d);

/* The one that is due first; NULL: none is started. */
tenon_p_due *tenon_p_due_first(const tenon_p_dues *all);

#endif
