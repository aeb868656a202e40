#include "engine/external.h"

#include <tenon/error.h>

#include "base/alloc.h"
#include "engine/extension.h"
#include "engine/finalize.h"
#include "engine/native.h"

/* --- Collections ---------------------------------------------------------------- */

/* Below this nobody is in a hurry. */
#define FEW_BYTES ((size_t)1 << 20)

/* Finalizers that wait already may be enough: no garbage has to be found, if
 * they make half of the room. A collection is asked for by the engine's own
 * threshold, since it knows where that is safe; the reporter may be in the midst
 * of anything. */
static bool grown(tenon_p_heap *h)
{
  tenon_p_engine *e = tenon_p_container(h, tenon_p_engine, heap);

  if ((e->has_waiting || tenon_p_finalize_is_due(e)) && !e->is_tried) {
    e->is_tried = e->is_finalizer_due = true;
    return false;
  }
  if (!e->rt) return false;
  tenon_p_runtime_collect_soon(e->rt);
  return true;
}

static void collected(JSRuntime *rt)
{
  tenon_p_engine *e = tenon_p_runtime_owner(rt);

  e->collections++;
  tenon_p_runtime_reset_threshold(rt);
  tenon_p_heap_collected(&e->heap, tenon_p_runtime_used(rt));
  e->is_tried = false;
  if (e->heap.external_bytes >= FEW_BYTES) e->is_finalizer_due = true;
}

void tenon_p_external_start(tenon_p_engine *e)
{
  e->heap.grown = grown;
  tenon_p_runtime_set_collected(e->rt, collected);
}

/* --- Finalizers ------------------------------------------------------------------ */

void tenon_p_engine_add_finalizers(tenon_p_engine *e, tenon_p_finalizers *f)
{
  f->next = e->finalizers;
  e->finalizers = f;
}

void tenon_p_engine_run_finalizers(tenon_p_engine *e)
{
  tenon_p_call *call = tenon_p_current_call;
  JSValue held = JS_UNINITIALIZED;
  bool has_exception;
  tenon_p_finalizers *f;

  if (e->is_finalizing || e->is_closing) return;
  /* A host may have left one that is its own. */
  has_exception = JS_HasException(e->ctx);
  if (has_exception) held = JS_GetException(e->ctx);
  /* A failure in there is none of a function that is on the stack. */
  tenon_p_current_call = NULL;
  e->is_finalizing = true;
  /* Nobody frees the engine meanwhile. */
  e->depth++;
  e->is_finalizer_due = e->has_waiting = false;
  for (f = e->finalizers; f; f = f->next)
    f->run(f->data);
  tenon_p_finalize_batch(e);
  e->depth--;
  e->is_finalizing = false;
  if (e->is_tried) e->is_tried = !tenon_p_heap_is_below_half(&e->heap);
  tenon_p_current_call = call;
  if (has_exception) JS_Throw(e->ctx, held);
}

/* --- Limits ------------------------------------------------------------------------ */

static bool keeps_limit(const tenon_p_engine *e, size_t size)
{
  size_t limit = e->heap.external_limit_bytes, used = e->heap.external_bytes;

  return !limit || (used <= limit && size <= limit - used);
}

bool tenon_p_engine_fits_external(const tenon_p_engine *e, size_t size)
{
  return size <= tenon_p_heap_external_room(&e->heap) && keeps_limit(e, size) &&
         tenon_p_runtime_has_room(e->rt, size);
}

bool tenon_p_engine_make_external_room(tenon_p_engine *e, size_t size,
                                       bool is_safe)
{
  e->is_external_refused = false;
  if (e->is_injecting && !tenon_p_alloc_admit()) return false;
  if (is_safe) tenon_p_engine_finalize_due(e);
  if (tenon_p_engine_fits_external(e, size)) return true;
  if (is_safe) {
    tenon_p_engine_run_finalizers(e);
    if (tenon_p_engine_fits_external(e, size)) return true;
  }
  if (tenon_p_runtime_collect(e->rt)) {
    if (is_safe) tenon_p_engine_run_finalizers(e);
    if (tenon_p_engine_fits_external(e, size)) return true;
  }
  /* What waits, or what is let go of now, may be all that is missing. */
  e->is_finalizer_due = true;
  e->is_external_refused = !keeps_limit(e, size);
  return false;
}

int tenon_p_engine_report_external(tenon_p_engine *e, int64_t change)
{
  tenon_p_heap *h = &e->heap;
  uint64_t size = (uint64_t)change;
  bool is_less = change < 0;

  if (!is_less) {
    if (size > tenon_p_heap_external_room(h)) return TENON_EINVAL;
    tenon_p_heap_add_external(h, (size_t)size);
    return 0;
  }
  size = -size;
  if (size > h->external_bytes) {
    tenon_p_heap_drop_external(h, h->external_bytes);
    return TENON_EINVAL;
  }
  tenon_p_heap_drop_external(h, (size_t)size);
  return 0;
}
