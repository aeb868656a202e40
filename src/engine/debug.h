/*
 * What an engine holds and does, told to a host (tenon/debug.h). While the host
 * takes it, the engine is not entered: e->is_telling.
 */
#ifndef TENON_ENGINE_DEBUG_H
#define TENON_ENGINE_DEBUG_H

#include <tenon/debug.h>

#include "engine/engine.h"

/* As tenon_runtime_dump and tenon_runtime_trace, of bits that are known. */
int tenon_p_engine_dump(tenon_p_engine *e, uint32_t what,
                        tenon_debug_write *write, void *data);
int tenon_p_engine_trace(tenon_p_engine *e, uint32_t what,
                         tenon_debug_write *write, void *data);

/* A line of the trace TENON_TRACE_MODULES; only where that is wanted. */
static inline bool tenon_p_engine_traces_modules(const tenon_p_engine *e)
{
  return e->traces & TENON_TRACE_MODULES;
}
void tenon_p_engine_trace_module(tenon_p_engine *e, const char *const *words);

#endif
