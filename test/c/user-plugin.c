/* A shared object that was not linked with libtenon. */
#include <stdlib.h>
#include <string.h>

#include <tenon/export.h>

TENON_MODULE_THREADS(serial);

/* The host program has a function of this name too. */
TENON_FUNCTION(i32, c11_spaced, (i32, x))
{
  return x + 1000;
}

TENON_FUNCTION(str, plugin_text, (str, s))
{
  char *p = (char *)tenon_alloc(s.len + 8);

  if (!p) return tenon_fail(TENON_ERROR, "out of memory");
  memcpy(p, "plugin ", 7);
  memcpy(p + 7, s.data, s.len + 1);
  return tenon_str_of(p);
}

TENON_FUNCTION(bytes, plugin_moved, (u32, len))
{
  void *p = tenon_defer(free, calloc(len, 1));

  return (tenon_bytes){(uint8_t *)p, p ? len : 0};
}

TENON_FUNCTION(none, plugin_fail)
{
  tenon_fail(TENON_TYPE_ERROR, "plugin");
}

TENON_DEFAULT_AS("plugin_text")
