/* Dumps and traces: checks what the caller gave. */
#include <tenon/debug.h>

#include "api/internal.h"
#include "engine/debug.h"

static int check(tenon_runtime *rt, uint32_t what, uint32_t all,
                 tenon_debug_write *write)
{
  int r = tenon_p_runtime_check(rt);

  if (r) return r;
  return (what & ~all) || !write ? TENON_EINVAL : 0;
}

int tenon_runtime_dump(tenon_runtime *rt, uint32_t what,
                       tenon_debug_write *write, void *data)
{
  int r = what ? check(rt, what, TENON_DUMP_ALL, write) : TENON_EINVAL;

  return r ? r : tenon_p_engine_dump(rt->engine, what, write, data);
}

int tenon_runtime_trace(tenon_runtime *rt, uint32_t what,
                        tenon_debug_write *write, void *data)
{
  int r = what ? check(rt, what, TENON_TRACE_ALL, write)
               : tenon_p_runtime_check(rt);

  return r ? r : tenon_p_engine_trace(rt->engine, what, write, data);
}
