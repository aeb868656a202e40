/* What is done for imports of native source. */
#include "source/source.h"

#include "api/internal.h"

int tenon_runtime_on_build(tenon_runtime *rt, tenon_build_fn *fn, void *data)
{
  int r = tenon_p_runtime_check(rt);

  if (r) return r;
  if (rt->engine->is_closing) return TENON_ECLOSING;
  tenon_p_source_tell(rt->engine, fn, data);
  return 0;
}
