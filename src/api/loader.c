/* Links of the host's in the chain of modules. */
#include <tenon/loader.h>

#include "api/internal.h"
#include "module/module.h"

int tenon_runtime_add_link(tenon_runtime *rt, const tenon_link *link,
                           void *data, bool is_last)
{
  int r = tenon_p_runtime_check(rt);

  if (r) return r;
  if (!link || !link->name || !*link->name || (!link->resolve && !link->load))
    return TENON_EINVAL;
  if (link->size != sizeof *link) return TENON_EABI;
  if (rt->engine->is_closing) return TENON_ECLOSING;
  return tenon_p_links_add(rt->engine, link, data, is_last);
}
