/* Modules of the library's own, by names that begin with "tenon:". */
#include <string.h>
#include <tenon/error.h>

#include "base/text.h"
#include "module/internal.h"

static const tenon_p_builtin_module *const none[] = {NULL};

void tenon_p_modules_set_builtins(tenon_p_engine *e,
                                  const tenon_p_builtin_module *const *all)
{
  tenon_p_modules_of(e)->builtins = all;
}

static const tenon_p_builtin_module *const *all_of(JSContext *ctx)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));

  return m->builtins ? m->builtins : none;
}

static bool has_what_it_needs(JSContext *ctx, const tenon_p_builtin_module *b)
{
  const tenon_p_realm *r = tenon_p_realm_of(ctx);

  return !r || !(r->without & b->needs);
}

bool tenon_p_modules_is_builtin_name(const char *specifier)
{
  return strncmp(specifier, "tenon:", 6) == 0;
}

const tenon_p_builtin_module *tenon_p_modules_find_builtin(JSContext *ctx,
                                                           const char *name)
{
  const tenon_p_builtin_module *const *at;

  for (at = all_of(ctx); *at; at++)
    if (strcmp((*at)->name, name) == 0)
      return has_what_it_needs(ctx, *at) ? *at : NULL;
  return NULL;
}

void tenon_p_modules_list_builtins(JSContext *ctx, tenon_p_text *t)
{
  const tenon_p_builtin_module *const *at;
  size_t count = 0;

  for (at = all_of(ctx); *at; at++)
    if (has_what_it_needs(ctx, *at))
      tenon_p_text_printf(t, "%s'%s'", count++ ? ", " : "there are ",
                          (*at)->name);
  if (!count) tenon_p_text_puts(t, "this realm has none");
}

void tenon_p_modules_throw_no_builtin(JSContext *ctx, const char *specifier,
                                      const char *referrer)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_modules_list_builtins(ctx, &t);
  tenon_p_modules_throw(ctx, "ERR_UNKNOWN_BUILTIN_MODULE",
                        "Cannot find module '%s' imported from %s: tried the "
                        "builtin modules (%s)",
                        specifier, referrer, t.data ? t.data : "?");
  tenon_p_text_release(&t);
}

/* --- Loading -------------------------------------------------------------- */

static const tenon_p_builtin_module *builtin_of(JSContext *ctx,
                                                JSModuleDef *def)
{
  JSAtom atom = JS_GetModuleName(ctx, def);
  const char *name = JS_AtomToCString(ctx, atom);
  const tenon_p_builtin_module *b =
      name ? tenon_p_modules_find_builtin(ctx, name) : NULL;

  JS_FreeCString(ctx, name);
  JS_FreeAtom(ctx, atom);
  return b;
}

static int init_exports(JSContext *ctx, JSModuleDef *def)
{
  const tenon_p_builtin_module *b = builtin_of(ctx, def);
  JSValue object = b ? b->load(ctx, b) : JS_EXCEPTION, v;
  int r = JS_IsException(object) ? -1 : 0;
  size_t i;

  for (i = 0; r == 0 && b->exports[i]; i++) {
    v = JS_GetPropertyStr(ctx, object, b->exports[i]);
    if (JS_IsException(v) || JS_SetModuleExport(ctx, def, b->exports[i], v))
      r = -1;
  }
  JS_FreeValue(ctx, object);
  return r;
}

JSModuleDef *tenon_p_modules_load_builtin(JSContext *ctx,
                                          const tenon_p_builtin_module *b)
{
  JSModuleDef *def = JS_NewCModule(ctx, b->name, init_exports);
  size_t i;

  for (i = 0; def && b->exports[i]; i++) {
    if (JS_AddModuleExport(ctx, def, b->exports[i]) == 0) continue;
    /* It is the realm's already, which must not find half of it. */
    tenon_p_module_drop(ctx, def);
    return NULL;
  }
  return def;
}

int tenon_p_modules_add_guest_builtin(JSContext *ctx, const char *name)
{
  const tenon_p_builtin_module *b = tenon_p_modules_find_builtin(ctx, name);

  if (!b) return TENON_EINVAL;
  if (tenon_p_module_find(ctx, name)) return TENON_EEXIST;
  if (JS_HasException(ctx)) return TENON_ENOMEM;
  return tenon_p_modules_load_builtin(ctx, b) ? 0 : TENON_ENOMEM;
}
