/*
 * What is left to do when an object of native code is gone. The collector, or
 * whoever let go of the object last, only puts it into a queue: it is run where
 * scripts could run, too.
 *
 * Invariants
 * - What is in the queue is run once, first come first served; at the latest
 *   when the engine is freed, behind everything that it was part of.
 * - To put something there needs no memory: the link is part of it.
 * - None runs inside of another one.
 */
#ifndef TENON_ENGINE_FINALIZE_H
#define TENON_ENGINE_FINALIZE_H

#include "engine/engine.h"

struct tenon_p_finalizer {
  tenon_p_finalizer *next;
  /* May free what `f` is part of, let go of values, and run scripts where
   * tenon_p_finalize_has_runtime; leaves no exception. */
  void (*run)(tenon_p_engine *e, tenon_p_finalizer *f);
};

/* Once an object; its `run` is set. During a collection, too. */
void tenon_p_finalize_later(JSRuntime *rt, tenon_p_finalizer *f);

/* Runs those that are in the queue, but none that they bring, nor any inside of
 * another one; were there any? Not during a collection. What is thrown is
 * thrown behind it, too. */
bool tenon_p_finalize(tenon_p_engine *e);

/* The same where the caller sees to it all; for engine/external.h, by which
 * memory that presses has all queues run. */
void tenon_p_finalize_batch(tenon_p_engine *e);

/* For the end of the engine: until there is none. */
void tenon_p_finalize_all(tenon_p_engine *e);

static inline bool tenon_p_finalize_is_due(const tenon_p_engine *e)
{
  return e->gone.first != NULL;
}

/* Are values and scripts still there? */
bool tenon_p_finalize_has_runtime(const tenon_p_engine *e);

#endif
