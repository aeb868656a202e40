#include <tenon/declare.h>

#include "bind/declare.h"
#include "module/module.h"

int tenon_module_declare(
    tenon_module_entry *entry, const tenon_declare_options *options,
    void (*write)(void *data, const char *text, size_t len), void *data)
{
  tenon_declare_options o = {.size = sizeof o};
  tenon_p_text out = TENON_P_TEXT_INIT;
  tenon_p_module m;
  tenon_p_heap heap;
  int r;

  if (options && options->size != sizeof o) return TENON_EINVAL;
  if (options) o = *options;
  if (!entry || !write) return TENON_EINVAL;
  if (o.name && !tenon_p_is_native_name(o.name)) return TENON_EINVAL;
  /* Adding the module to a runtime would take and refuse the same. */
  tenon_p_heap_init(&heap, 0, NULL);
  r = tenon_p_module_init(&m, &heap, entry(), NULL);
  if (r) return r;
  tenon_p_declare(&m, o.name, o.source_dir, &out);
  tenon_p_module_release(&m, &heap);
  if (out.failed)
    r = TENON_ENOMEM;
  else
    write(data, out.data, out.len);
  tenon_p_text_release(&out);
  return r;
}
