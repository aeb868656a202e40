/* Limits of calls on the thread pool. */
#include <tenon/pool.h>

#include "api/internal.h"

/* Of headers so far. */
#define OLDEST_OPTIONS sizeof(tenon_pool_options)
#define OLDEST_USAGE sizeof(tenon_pool_usage)

int tenon_runtime_set_pool(tenon_runtime *rt, const tenon_pool_options *options)
{
  tenon_pool_options o = {.size = sizeof o};
  int r = tenon_p_runtime_check(rt);

  if (r) return r;
  if (options) {
    if (options->size != OLDEST_OPTIONS) return TENON_EINVAL;
    o = *options;
  }
  if (o.when_full != TENON_FULL_WAIT && o.when_full != TENON_FULL_ERROR)
    return TENON_EINVAL;
  tenon_p_pool_set(rt->loop, o.most_running, o.most_queued,
                   o.when_full == TENON_FULL_WAIT ? TENON_P_FULL_WAITS
                                                  : TENON_P_FULL_REFUSED);
  tenon_p_loop_touch(rt->loop);
  return 0;
}

int tenon_runtime_pool_usage(tenon_runtime *rt, tenon_pool_usage *out)
{
  tenon_p_pool_counts c;
  int r = tenon_p_runtime_check(rt);

  if (r) return r;
  if (!out || out->size < OLDEST_USAGE) return TENON_EINVAL;
  c = tenon_p_pool_count(rt->loop);
  *out = (tenon_pool_usage){.size = sizeof *out,
                            .running = c.running,
                            .queued = c.queued,
                            .waiting = c.waiting,
                            .most_running = c.most_running,
                            .most_queued = c.most_queued};
  return 0;
}
