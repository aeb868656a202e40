#include <tenon/close.h>

#include <string.h>

#include "api/internal.h"

/* Those of headers so far, oldest first. */
static const size_t options_sizes[] = {sizeof(tenon_close_options)};

static int read_options(const tenon_close_options *options,
                        tenon_close_options *out)
{
  size_t i = 0;

  memset(out, 0, sizeof *out);
  if (!options) return 0;
  while (i < tenon_p_countof(options_sizes) &&
         options->size != options_sizes[i])
    i++;
  if (i == tenon_p_countof(options_sizes)) return TENON_EINVAL;
  memcpy(out, options, options->size);
  return 0;
}

int tenon_runtime_close(tenon_runtime *rt, const tenon_close_options *options,
                        size_t *abandoned)
{
  tenon_close_options o;
  size_t count = 0;
  int r;

  if (abandoned) *abandoned = 0;
  if (!rt) return 0;
  r = tenon_p_runtime_check(rt);
  if (r == 0) r = read_options(options, &o);
  if (r == 0 && tenon_p_runtime_is_in_use(rt)) r = TENON_EBUSY;
  if (r) return r;
  rt->loop->closing.abandons = o.abandons;
  rt->loop->closing.timeout_ms = o.timeout_ms;
  rt->loop->closing.abandoned = &count;
  tenon_p_runtime_end(rt);
  if (abandoned) *abandoned = count;
  return 0;
}

size_t tenon_abandoned_calls(void)
{
  return tenon_p_pool_left();
}
