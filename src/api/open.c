#include <tenon/open.h>

#include "api/internal.h"

size_t tenon_runtime_open_count(tenon_runtime *rt)
{
  return tenon_p_runtime_check(rt) ? 0 : rt->loop->open.count;
}

int tenon_runtime_trace_open(tenon_runtime *rt, bool on)
{
  int r = tenon_p_runtime_check(rt);

  if (r == 0) rt->loop->open.traces = on;
  return r;
}

const char *tenon_runtime_open(tenon_runtime *rt, tenon_form form)
{
  if (tenon_p_runtime_check(rt)) return NULL;
  if (!rt->loop->open.count && form != TENON_FORM_JSON) return NULL;
  tenon_p_text_clear(&rt->explanation);
  tenon_p_operations_tell(rt->loop, form, &rt->explanation);
  return rt->explanation.failed ? NULL : rt->explanation.data;
}
