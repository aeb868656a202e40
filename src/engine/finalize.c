#include "engine/finalize.h"

void tenon_p_finalize_later(JSRuntime *rt, tenon_p_finalizer *f)
{
  tenon_p_engine *e = tenon_p_runtime_owner(rt);

  f->next = NULL;
  if (e->gone.first)
    e->gone.last->next = f;
  else
    e->gone.first = f;
  e->gone.last = f;
}

bool tenon_p_finalize_has_runtime(const tenon_p_engine *e)
{
  return e->rt && !e->is_closing;
}

void tenon_p_finalize_batch(tenon_p_engine *e)
{
  tenon_p_finalizer *f = e->gone.first, *next;

  e->gone.first = NULL;
  for (; f; f = next) {
    next = f->next;
    f->run(e, f);
  }
}

bool tenon_p_finalize(tenon_p_engine *e)
{
  JSValue held = JS_UNINITIALIZED;
  bool has_exception;

  if (!tenon_p_finalize_is_due(e) || e->is_finalizing) return false;
  has_exception = tenon_p_finalize_has_runtime(e) && JS_HasException(e->ctx);
  if (has_exception) held = JS_GetException(e->ctx);
  e->is_finalizing = true;
  /* Nobody frees the engine meanwhile, or has the loop start something. */
  e->depth++;
  tenon_p_finalize_batch(e);
  e->depth--;
  e->is_finalizing = false;
  if (has_exception) JS_Throw(e->ctx, held);
  return true;
}

void tenon_p_finalize_all(tenon_p_engine *e)
{
  while (tenon_p_finalize(e))
    continue;
}
