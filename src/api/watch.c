/* Watches of file descriptors for a host. */
#define TENON_P_LIBRARY
#define TENON_MODULE none
#include <tenon/watch.h>

#include "api/internal.h"
#include "loop/watch.h"

int tenon_runtime_watch(tenon_runtime *rt, int fd, uint32_t events,
                        tenon_watch_fn *fn, void *data, tenon_watch **out)
{
  int r = tenon_p_runtime_check(rt);

  if (out) *out = NULL;
  if (r) return r;
  return tenon_p_watch_open(rt->loop, rt->engine->ctx, fd, events, fn, data,
                            out);
}
