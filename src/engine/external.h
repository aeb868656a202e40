/*
 * Native memory that values of JavaScript own and the engine did not allocate:
 * its accounting, its limits, and the collections that it asks for.
 *
 * There is one sum (heap/heap.h). Owners add what they have, and drop it when
 * it is freed: an object with a finalizer not before that has run. The sum
 * counts against memory_limit_bytes, and against external_limit_bytes alone.
 *
 * Finalizers wait in queues of upper layers. When memory presses they are run
 * at the next place that is safe: where scripts may run, no exception is
 * pending, and no native code of the caller relies on what they free.
 *
 * The thread of the engine; entered where scripts may run.
 */
#ifndef TENON_ENGINE_EXTERNAL_H
#define TENON_ENGINE_EXTERNAL_H

#include "base/base.h"
#include "engine/engine.h"

/* A queue of finalizers, in memory of who adds it. */
struct tenon_p_finalizers {
  /* Run all that wait. They may run scripts and make others wait; what they
   * throw is an uncaught error. Never called from within itself. */
  void (*run)(void *data);
  void *data;
  tenon_p_finalizers *next;
};

/* There is no way back: until the engine's states are freed. */
void tenon_p_engine_add_finalizers(tenon_p_engine *e, tenon_p_finalizers *f);

/* Run all that wait now; nothing from within a finalizer. A safe place. */
void tenon_p_engine_run_finalizers(tenon_p_engine *e);

/* Run them if memory presses: for the way into native code. */
static inline void tenon_p_engine_finalize_due(tenon_p_engine *e)
{
  if (e->is_finalizer_due) tenon_p_engine_run_finalizers(e);
}

/* A finalizer waits that will free so many bytes, 0 when that is not known:
 * known ones are due at once. */
static inline void tenon_p_engine_finalizer_waits(tenon_p_engine *e,
                                                  size_t external_bytes)
{
  e->has_waiting = true;
  if (external_bytes) e->is_finalizer_due = true;
}

/* Would `size` bytes more keep the limits? 0: are they kept? */
bool tenon_p_engine_fits_external(const tenon_p_engine *e, size_t size);

/*
 * May `size` bytes more become external memory? Finalizers that wait are run,
 * garbage is collected and its finalizers are run before it says no; the caller
 * then throws JS_ThrowOutOfMemory. Nothing is added. `is_safe`: the place is
 * one for finalizers; elsewhere it only collects.
 */
bool tenon_p_engine_make_external_room(tenon_p_engine *e, size_t size,
                                       bool is_safe);

/* The same at a safe place: before an object that will own the memory is made.
 * Fast; finalizers that are due are run here in any case. */
static inline bool tenon_p_engine_admit_external(tenon_p_engine *e, size_t size)
{
  if (!e->is_finalizer_due && !e->heap.limit_bytes &&
      !e->heap.external_limit_bytes && !e->is_guest && !e->is_injecting)
    return size <= tenon_p_heap_external_room(&e->heap);
  return tenon_p_engine_make_external_room(e, size, true);
}

/*
 * What is there has become more or less; no limit is looked at. Also while
 * values are freed. 0; or TENON_EINVAL: less than nothing would be left, and
 * nothing is; or more than can be counted, and nothing is added. Callers that
 * know their own share report no more than that, so that one's mistake is not
 * paid by others.
 */
int tenon_p_engine_report_external(tenon_p_engine *e, int64_t change);

/* Used by engine.c: the runtime is there. */
void tenon_p_external_start(tenon_p_engine *e);

#endif
