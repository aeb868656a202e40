/* Modules of native functions, imported by the name that the host gave. */
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "engine/native.h"
#include "loop/loop.h"
#include "module/internal.h"

static tenon_p_native_module *find_named(const tenon_p_list *natives,
                                         const char *name)
{
  tenon_p_list *at;

  for (at = natives->next; at != natives; at = at->next) {
    tenon_p_native_module *n =
        tenon_p_container(at, tenon_p_native_module, link);
    if (strcmp(n->name, name) == 0) return n;
  }
  return NULL;
}

tenon_p_native_module *tenon_p_modules_find_native(tenon_p_modules *m,
                                                   const char *name)
{
  return find_named(&m->natives, name);
}

static const tenon_p_module *find_host(const tenon_p_list *natives,
                                       const tenon_host *const *module_host)
{
  const tenon_p_list *at;

  for (at = natives->next; at != natives; at = at->next) {
    const tenon_p_native_module *n =
        tenon_p_container(at, tenon_p_native_module, link);
    if (n->module.descriptor->host == module_host) return &n->module;
  }
  return NULL;
}

const tenon_p_module *tenon_p_modules_find_host(
    tenon_p_engine *e, const tenon_host *const *module_host)
{
  const tenon_p_modules *m = tenon_p_modules_of(e);
  const tenon_p_module *found = find_host(&m->natives, module_host);

  if (!found) found = find_host(&m->linked, module_host);
  return found ? found : find_host(&m->nameless, module_host);
}

bool tenon_p_is_native_name(const char *name)
{
  return name && name[0] && name[0] != '.' && name[0] != '/' &&
         !strchr(name, ':');
}

/*
 * The first runtime writes the table; those after it, in whatever thread, only
 * see that it is there, since the module's functions read it plainly. A module
 * that another copy of the library has in use cannot be shared with it.
 */
bool tenon_p_modules_give_host(const tenon_host **host)
{
  const tenon_host *there = __atomic_load_n(host, __ATOMIC_ACQUIRE);

  if (!there &&
      __atomic_compare_exchange_n(host, &there, &tenon_p_loop_host, false,
                                  __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return true;
  return there == &tenon_p_loop_host;
}

/* Take the module into a list: 0 or an error code. */
static int add(tenon_p_engine *e, tenon_p_list *natives, const char *name,
               const tenon_module *d, tenon_p_native_module **out)
{
  tenon_p_native_module *n =
      tenon_p_heap_alloc(&e->heap, sizeof *n + strlen(name) + 1);
  int r;

  if (!n) return TENON_ENOMEM;
  r = tenon_p_module_init(&n->module, &e->heap, d, &tenon_p_loop_schedule);
  if (r == 0) r = tenon_p_serial_prepare(d);
  if (r == 0) r = tenon_p_serial_open(d, &n->module.gate);
  if (r == 0 && !tenon_p_modules_give_host(d->host)) r = TENON_EABI;
  if (r) {
    tenon_p_serial_close(n->module.gate);
    tenon_p_module_release(&n->module, &e->heap);
    tenon_p_heap_free(&e->heap, n);
    return r;
  }
  strcpy(n->name, name);
  if (name[0]) n->module.name = n->name;
  tenon_p_list_append(natives, &n->link);
  *out = n;
  return 0;
}

int tenon_p_modules_add_native(tenon_p_engine *e, const char *name,
                               tenon_module_entry *entry)
{
  tenon_p_modules *m = tenon_p_modules_of(e);
  tenon_p_native_module *n;

  if (!tenon_p_is_native_name(name) || !entry) return TENON_EINVAL;
  if (tenon_p_modules_find_native(m, name) ||
      tenon_p_modules_has_engine_module(m, name))
    return TENON_EEXIST;
  return add(e, &m->natives, name, entry(), &n);
}

int tenon_p_modules_add_guest(tenon_p_engine *e, JSContext *ctx,
                              const char *name, tenon_module_entry *entry)
{
  tenon_p_native_module *n;
  int r;

  if (!tenon_p_is_native_name(name) || !entry) return TENON_EINVAL;
  if (tenon_p_native_init(ctx)) return TENON_ENOMEM;
  if (tenon_p_module_find(ctx, name)) return TENON_EEXIST;
  if (JS_HasException(ctx)) return TENON_ENOMEM;
  n = tenon_p_modules_find_native(tenon_p_modules_of(e), name);
  if (n && n->module.descriptor != entry()) return TENON_EEXIST;
  if (!n) {
    /* Where a later step fails, it is there for the next attempt. */
    r = tenon_p_modules_add_native(e, name, entry);
    if (r) return r;
    n = tenon_p_modules_find_native(tenon_p_modules_of(e), name);
  }
  return tenon_p_modules_load_native(ctx, n) ? 0 : TENON_ENOMEM;
}

void tenon_p_modules_free_natives(tenon_p_engine *e, tenon_p_list *natives)
{
  while (!tenon_p_list_is_empty(natives)) {
    tenon_p_native_module *n =
        tenon_p_container(natives->next, tenon_p_native_module, link);
    tenon_p_list_remove(&n->link);
    tenon_p_serial_close(n->module.gate);
    tenon_p_module_release(&n->module, &e->heap);
    tenon_p_heap_free(&e->heap, n);
  }
}

/* --- Globals and glue ----------------------------------------------------- */

/* One for all realms, which stays: its functions point to it. */
static int nameless(tenon_p_engine *e, tenon_module_entry *entry,
                    const tenon_p_module **out)
{
  tenon_p_modules *m = tenon_p_modules_of(e);
  const tenon_module *d = entry();
  tenon_p_native_module *n;
  tenon_p_list *at;
  int r;

  for (at = m->nameless.next; at != &m->nameless; at = at->next) {
    n = tenon_p_container(at, tenon_p_native_module, link);
    *out = &n->module;
    if (n->module.descriptor == d) return 0;
  }
  r = add(e, &m->nameless, "", d, &n);
  if (r == 0) *out = &n->module;
  return r;
}

int tenon_p_modules_add_globals(JSContext *ctx, tenon_module_entry *entry)
{
  const tenon_p_module *m;
  int r = nameless(tenon_p_engine_of(ctx), entry, &m);

  return r ? r : tenon_p_exports_to_global(ctx, m);
}

/* The function that the glue is; consumes the code. */
static JSValue glue_function(JSContext *ctx, JSValue code)
{
  JSValue f = JS_EvalFunction(ctx, code);

  if (JS_IsException(f) || JS_IsFunction(ctx, f)) return f;
  JS_FreeValue(ctx, f);
  return JS_ThrowTypeError(ctx, "glue: expected a script whose value is a "
                                "function");
}

static int run_glue(JSContext *ctx, const tenon_p_module *m, JSValue code)
{
  JSValue f = JS_IsException(code) ? code : glue_function(ctx, code);
  JSValue bindings, r = JS_EXCEPTION;

  if (JS_IsException(f)) return TENON_EEXCEPTION;
  bindings = tenon_p_exports_object(ctx, m);
  if (!JS_IsException(bindings))
    r = JS_Call(ctx, f, JS_UNDEFINED, 1, (JSValueConst *)&bindings);
  JS_FreeValue(ctx, bindings);
  JS_FreeValue(ctx, f);
  JS_FreeValue(ctx, r);
  return JS_IsException(r) ? TENON_EEXCEPTION : 0;
}

int tenon_p_modules_run_glue(JSContext *ctx, tenon_module_entry *entry,
                             const char *src, size_t len, const char *name)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  const tenon_p_module *m;
  int r = nameless(e, entry, &m);
  tenon_p_source s;
  char *url;

  if (r == 0) r = tenon_p_modules_take(e, src, len, name, &s, &url);
  if (r) return r;
  r = run_glue(ctx, m,
               tenon_p_compile(ctx, s.text, s.len, url, JS_EVAL_TYPE_GLOBAL));
  free(url);
  tenon_p_source_release(&s);
  return r;
}

/* --- Imports -------------------------------------------------------------- */

/* It is the module's private value: the natives stay as long as the runtime, and
 * an address is a number without loss. */
static const tenon_p_native_module *native_of(JSContext *ctx, JSModuleDef *def)
{
  JSValue v = JS_GetModulePrivateValue(ctx, def);
  int64_t address = 0;

  if (JS_ToInt64(ctx, &address, v)) JS_FreeValue(ctx, JS_GetException(ctx));
  JS_FreeValue(ctx, v);
  return (const tenon_p_native_module *)(uintptr_t)address;
}

/* 0, or -1 with an exception. */
static int export_all(JSContext *ctx, JSModuleDef *def, const tenon_p_module *m,
                      JSValueConst object)
{
  enum tenon_p_default kind = tenon_p_module_default(m);
  uint32_t i;

  for (i = 0; i < m->count; i++) {
    const tenon_p_export *x = &m->exports[i];
    JSValue v;
    if (!tenon_p_export_is_importable(x)) continue;
    v = JS_GetPropertyStr(ctx, object, x->name);
    if (JS_IsException(v)) return -1;
    if (kind == TENON_P_DEFAULT_EXPORT && x == m->default_export &&
        JS_SetModuleExport(ctx, def, "default", JS_DupValue(ctx, v))) {
      JS_FreeValue(ctx, v);
      return -1;
    }
    if (JS_SetModuleExport(ctx, def, x->name, v)) return -1;
  }
  if (kind != TENON_P_DEFAULT_OBJECT) return 0;
  return JS_SetModuleExport(ctx, def, "default", JS_DupValue(ctx, object));
}

static int init_exports(JSContext *ctx, JSModuleDef *def)
{
  const tenon_p_native_module *n = native_of(ctx, def);
  JSValue object = tenon_p_exports_object(ctx, &n->module);
  int r = -1;

  if (!JS_IsException(object)) r = export_all(ctx, def, &n->module, object);
  JS_FreeValue(ctx, object);
  return r;
}

/* 0, or -1 with an exception. */
static int declare_exports(JSContext *ctx, JSModuleDef *def,
                           const tenon_p_module *m)
{
  uint32_t i;

  for (i = 0; i < m->count; i++)
    if (tenon_p_export_is_importable(&m->exports[i]) &&
        JS_AddModuleExport(ctx, def, m->exports[i].name) < 0)
      return -1;
  if (tenon_p_module_default(m) == TENON_P_DEFAULT_NONE) return 0;
  return JS_AddModuleExport(ctx, def, "default") < 0 ? -1 : 0;
}

static JSModuleDef *load_as(JSContext *ctx, tenon_p_native_module *n,
                            const char *name)
{
  JSModuleDef *def = JS_NewCModule(ctx, name, init_exports);

  if (!def) return NULL;
  if (JS_SetModulePrivateValue(ctx, def, JS_NewInt64(ctx, (intptr_t)n)) == 0 &&
      declare_exports(ctx, def, &n->module) == 0)
    return def;
  /* It is the realm's already, which must not find half of it. */
  tenon_p_module_drop(ctx, def);
  return NULL;
}

JSModuleDef *tenon_p_modules_load_native(JSContext *ctx,
                                         tenon_p_native_module *n)
{
  return load_as(ctx, n, n->name);
}

static bool is_listed(const tenon_p_list *natives,
                      const tenon_p_native_module *n)
{
  const tenon_p_list *at;

  for (at = natives->next; at != natives; at = at->next)
    if (tenon_p_container(at, const tenon_p_native_module, link) == n)
      return true;
  return false;
}

/* A module may be anyone's, whose private value is no address. */
const char *tenon_p_native_explain(JSContext *ctx, JSModuleDef *def,
                                   JSAtom name)
{
  const tenon_p_native_module *n = native_of(ctx, def);
  const tenon_p_refused *r;
  const char *text;

  if (!is_listed(&tenon_p_modules_of(tenon_p_engine_of(ctx))->linked, n) ||
      !n->refused)
    return NULL;
  text = JS_AtomToCString(ctx, name);
  if (!text) JS_FreeValue(ctx, JS_GetException(ctx));
  for (r = n->refused; text && r->name && strcmp(r->name, text) != 0;)
    r++;
  JS_FreeCString(ctx, text);
  return text ? r->reason : NULL;
}

int tenon_p_modules_load_linked(JSContext *ctx, const char *key,
                                const char *url, tenon_module_entry *entry,
                                const tenon_p_refused *refused,
                                JSModuleDef **def)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  tenon_p_modules *m = tenon_p_modules_of(e);
  tenon_p_native_module *n = find_named(&m->linked, key);
  int r = 0;

  *def = NULL;
  if (!entry) return TENON_EINVAL;
  if (n && n->module.descriptor != entry()) return TENON_EEXIST;
  if (!n) r = add(e, &m->linked, key, entry(), &n);
  if (r == 0) n->refused = refused;
  if (r == 0) *def = load_as(ctx, n, url);
  return r;
}
