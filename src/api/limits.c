/* Limits as hosts see them: checks, delegates. */
#include <tenon/limits.h>

#include <string.h>

#include "api/internal.h"
#include "engine/extension.h"
#include "engine/limit.h"

#define OLDEST_STATE sizeof(tenon_limit_state)
#define OLDEST_CALL_LIMITS sizeof(tenon_call_limits)

/* size_t may be smaller. */
static size_t bytes_of(uint64_t amount)
{
  return amount > SIZE_MAX ? SIZE_MAX : (size_t)amount;
}

tenon_limit tenon_p_limit_of(enum tenon_p_termination why)
{
  switch (why) {
  case TENON_P_OUT_OF_MEMORY: return TENON_LIMIT_MEMORY;
  case TENON_P_OUT_OF_TIME: return TENON_LIMIT_TIME;
  case TENON_P_OUT_OF_CPU: return TENON_LIMIT_CPU;
  default: return TENON_LIMIT_NONE;
  }
}

int tenon_runtime_set_limit(tenon_runtime *rt, tenon_limit which,
                            uint64_t amount)
{
  int r = tenon_p_runtime_check(rt);
  tenon_p_engine *e;

  if (r) return r;
  e = rt->engine;
  switch (which) {
  case TENON_LIMIT_MEMORY:
    tenon_p_engine_set_memory_limit(e, bytes_of(amount));
    return 0;
  case TENON_LIMIT_TIME:
    tenon_p_engine_set_time_limit(e, amount);
    tenon_p_loop_keep_deadline(rt->loop);
    return 0;
  case TENON_LIMIT_CPU: tenon_p_engine_set_cpu_limit(e, amount); return 0;
  case TENON_LIMIT_EXTERNAL:
    e->heap.external_limit_bytes = bytes_of(amount);
    return 0;
  case TENON_LIMIT_STACK:
    tenon_p_engine_set_stack_limit(e, bytes_of(amount));
    return 0;
  case TENON_LIMIT_OPERATIONS: rt->loop->open.most = bytes_of(amount); return 0;
  case TENON_LIMIT_HANDLES:
    rt->loop->open.most_handles = bytes_of(amount);
    return 0;
  default: return TENON_EINVAL;
  }
}

int tenon_runtime_set_time_limit(tenon_runtime *rt, uint64_t limit_ms)
{
  return tenon_runtime_set_limit(rt, TENON_LIMIT_TIME, limit_ms);
}

/* Since the limit was set; 0 while there is none. */
static uint64_t used_ms(uint64_t limit, uint64_t start_ns, uint64_t now_ns)
{
  return limit ? (now_ns - start_ns) / 1000000 : 0;
}

int tenon_runtime_get_limit(tenon_runtime *rt, tenon_limit which,
                            tenon_limit_state *out)
{
  int r = tenon_p_runtime_check(rt);
  tenon_limit_state s = {.limit = 0};
  const tenon_p_budget *own;
  const tenon_p_engine *e;

  if (r == 0 && (!out || out->size < OLDEST_STATE)) r = TENON_EINVAL;
  if (r) return r;
  e = rt->engine;
  own = &e->own;
  switch (which) {
  case TENON_LIMIT_MEMORY:
    s.limit = own->amounts.memory_bytes;
    s.used = tenon_p_engine_used(e);
    break;
  case TENON_LIMIT_TIME:
    s.limit = own->amounts.time_ms;
    s.used = used_ms(s.limit, own->start_ns, tenon_p_engine_now_ns());
    break;
  case TENON_LIMIT_CPU:
    s.limit = own->amounts.cpu_ms;
    s.used = used_ms(s.limit, own->cpu_start_ns, tenon_p_engine_cpu_ns(e));
    break;
  case TENON_LIMIT_EXTERNAL:
    s.limit = e->heap.external_limit_bytes;
    s.used = e->heap.external_bytes;
    break;
  case TENON_LIMIT_STACK:
    s.limit = e->stack_limit_bytes;
    if (e->depth) s.used = tenon_p_runtime_stack_used(e->rt);
    break;
  case TENON_LIMIT_OPERATIONS:
    s.limit = rt->loop->open.most;
    s.used = rt->loop->open.count;
    break;
  case TENON_LIMIT_HANDLES:
    s.limit = rt->loop->open.most_handles;
    s.used = rt->loop->open.handle_count;
    break;
  default: return TENON_EINVAL;
  }
  s.size = out->size < sizeof s ? out->size : sizeof s;
  memcpy(out, &s, s.size);
  return 0;
}

int tenon_runtime_begin_limits(tenon_runtime *rt,
                               const tenon_call_limits *limits, uint64_t *scope)
{
  int r = tenon_p_runtime_check(rt);
  tenon_p_amounts amounts;

  if (scope) *scope = 0;
  if (r) return r;
  if (!scope || !limits || limits->size != OLDEST_CALL_LIMITS)
    return TENON_EINVAL;
  if (rt->engine->is_closing) return TENON_ECLOSING;
  amounts = (tenon_p_amounts){.time_ms = limits->time_ms,
                              .cpu_ms = limits->cpu_ms,
                              .memory_bytes = limits->memory_bytes,
                              .stack_bytes = limits->stack_bytes};
  *scope = tenon_p_budget_begin(rt->engine, &amounts);
  if (!*scope) return TENON_ENOMEM;
  tenon_p_loop_keep_deadline(rt->loop);
  return 0;
}

int tenon_runtime_end_limits(tenon_runtime *rt, uint64_t scope,
                             tenon_limit *reached)
{
  int r = tenon_p_runtime_check(rt);
  enum tenon_p_termination why;

  if (reached) *reached = TENON_LIMIT_NONE;
  if (r) return r;
  r = tenon_p_budget_end(rt->engine, scope, &why);
  if (r) return r;
  if (reached) *reached = tenon_p_limit_of(why);
  if (why != TENON_P_RUNNING) rt->loop->is_stop_told = false;
  tenon_p_loop_keep_deadline(rt->loop);
  return 0;
}
