/* The chain of modules: links of the host's, what may be imported, and require for
 * text. */
#include <string.h>
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

int tenon_runtime_set_import_rules(tenon_runtime *rt,
                                   const tenon_import_rules *rules)
{
  int r = tenon_p_runtime_check(rt);

  if (r) return r;
  if (rules && rules->size != sizeof *rules) return TENON_EABI;
  if (rt->engine->is_closing) return TENON_ECLOSING;
  return tenon_p_rules_set(rt->engine, rules);
}

int tenon_runtime_add_require(tenon_runtime *rt, const char *name)
{
  int r = tenon_p_runtime_check(rt);

  if (r) return r;
  if (!name || !*name || strchr(name, '/')) return TENON_EINVAL;
  if (rt->engine->is_closing) return TENON_ECLOSING;
  return tenon_p_commonjs_add_globals(rt->engine, name);
}

int tenon_runtime_set_import_map(tenon_runtime *rt, const char *json,
                                 size_t len, const char *name)
{
  int r = tenon_p_runtime_check(rt);

  if (r) return r;
  if (json ? !name : len > 0) return TENON_EINVAL;
  if (rt->engine->is_closing) return TENON_ECLOSING;
  r = tenon_p_engine_enter(rt->engine);
  if (r) return r;
  tenon_p_loop_begin(rt->loop);
  r = tenon_p_import_map_set(rt->engine->ctx, json, len, name);
  return tenon_p_runtime_leave(rt, r);
}
