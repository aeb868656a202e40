/*
 * Modules of the library's own, by names that begin with "tenon:" or "node:";
 * most of the latter are meant by their bare names too.
 *
 * Invariant: a realm has the exports of each once, whoever asked first.
 */
#include <string.h>
#include <tenon/error.h>

#include "base/text.h"
#include "module/internal.h"

int tenon_p_modules_add_builtins(tenon_p_engine *e,
                                 const tenon_p_builtin_module *const *list)
{
  tenon_p_modules *m = tenon_p_modules_of(e);
  size_t i;

  for (i = 0; i < tenon_p_countof(m->builtins); i++) {
    if (m->builtins[i] == list) return 0;
    if (m->builtins[i]) continue;
    m->builtins[i] = list;
    return 0;
  }
  return TENON_EINVAL;
}

static bool has_what_it_needs(JSContext *ctx, const tenon_p_builtin_module *b)
{
  const tenon_p_realm *r = tenon_p_realm_of(ctx);

  return !r || !(r->without & b->needs);
}

/* The next one behind `*i`, be it in this realm or not. */
static const tenon_p_builtin_module *next_of_all(JSContext *ctx, size_t *i)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  size_t at = (*i)++, list, n;

  for (list = 0; list < tenon_p_countof(m->builtins); list++) {
    if (!m->builtins[list]) break;
    for (n = 0; m->builtins[list][n]; n++)
      if (at-- == 0) return m->builtins[list][n];
  }
  return NULL;
}

const tenon_p_builtin_module *tenon_p_builtin_next(JSContext *ctx, size_t *i)
{
  const tenon_p_builtin_module *b;

  do
    b = next_of_all(ctx, i);
  while (b && !has_what_it_needs(ctx, b));
  return b;
}

static bool has_scheme(const char *name)
{
  return strncmp(name, "tenon:", 6) == 0 || strncmp(name, "node:", 5) == 0;
}

/* Does a builtin have this name, or is meant by it? */
static bool is_called(const tenon_p_builtin_module *b, const char *name)
{
  if (strcmp(b->name, name) == 0) return true;
  return !b->is_prefixed && strncmp(b->name, "node:", 5) == 0 &&
         strcmp(b->name + 5, name) == 0;
}

static const tenon_p_builtin_module *meant_by(JSContext *ctx, const char *name)
{
  const tenon_p_builtin_module *b;
  size_t i = 0;

  do
    b = next_of_all(ctx, &i);
  while (b && !is_called(b, name));
  return b;
}

bool tenon_p_modules_is_builtin_name(JSContext *ctx, const char *specifier)
{
  return has_scheme(specifier) || meant_by(ctx, specifier);
}

const tenon_p_builtin_module *tenon_p_builtin_find(JSContext *ctx,
                                                   const char *specifier)
{
  const tenon_p_builtin_module *b = meant_by(ctx, specifier);

  return b && has_what_it_needs(ctx, b) ? b : NULL;
}

const tenon_p_builtin_module *tenon_p_modules_find_builtin(JSContext *ctx,
                                                           const char *name)
{
  return has_scheme(name) ? tenon_p_builtin_find(ctx, name) : NULL;
}

/* Of a bare name only those of "tenon:" are listed: there are dozens of node's,
 * which are no help to who has mistyped a package. */
void tenon_p_modules_list_builtins(JSContext *ctx, const char *specifier,
                                   tenon_p_text *t)
{
  bool is_node = strncmp(specifier, "node:", 5) == 0, has_node = false;
  const tenon_p_builtin_module *b;
  size_t count = 0, i = 0;

  while ((b = tenon_p_builtin_next(ctx, &i))) {
    bool of_node = strncmp(b->name, "node:", 5) == 0;
    has_node |= of_node;
    if (of_node == is_node)
      tenon_p_text_printf(t, "%s'%s'", count++ ? ", " : "there are ", b->name);
  }
  if (has_node && !is_node && !has_scheme(specifier))
    tenon_p_text_printf(t, "%snode's", count++ ? " and " : "there are ");
  if (!count) tenon_p_text_puts(t, "this realm has none");
}

void tenon_p_modules_throw_no_builtin(JSContext *ctx, const char *specifier,
                                      const char *referrer)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_modules_list_builtins(ctx, specifier, &t);
  tenon_p_modules_throw(ctx, "ERR_UNKNOWN_BUILTIN_MODULE",
                        "Cannot find module '%s' imported from %s: tried the "
                        "builtin modules (%s)",
                        specifier, referrer, t.data ? t.data : "?");
  tenon_p_text_release(&t);
}

/* --- Exports -------------------------------------------------------------- */

/* Of a realm: an object with the exports of each that was asked for. */
typedef struct loaded {
  JSValue exports;
} loaded;

static void loaded_mark(JSRuntime *rt, void *state, JS_MarkFunc *mark)
{
  JS_MarkValue(rt, ((loaded *)state)->exports, mark);
}

static void loaded_free(tenon_p_realm *r, JSRuntime *rt, void *state)
{
  JS_FreeValueRT(rt, ((loaded *)state)->exports);
  tenon_p_heap_free(&r->engine->heap, state);
}

static const tenon_p_realm_type loaded_type = {
    .name = "builtins", .mark = loaded_mark, .free = loaded_free};

/* NULL with an exception. */
static loaded *loaded_of(JSContext *ctx)
{
  tenon_p_realm *r = tenon_p_realm_adopt(ctx);
  loaded *l = r ? tenon_p_realm_get(ctx, &loaded_type) : NULL;

  if (l) return l;
  if (r) l = tenon_p_heap_alloc(&r->engine->heap, sizeof *l);
  if (!l) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  l->exports = JS_NewObjectProto(ctx, JS_NULL);
  if (!JS_IsException(l->exports)) {
    if (tenon_p_realm_attach(r, &loaded_type, l) == 0) return l;
    JS_FreeValue(ctx, l->exports);
    JS_ThrowOutOfMemory(ctx);
  }
  tenon_p_heap_free(&r->engine->heap, l);
  return NULL;
}

static JSValue exports_of(JSContext *ctx, const tenon_p_builtin_module *b)
{
  loaded *l = loaded_of(ctx);
  JSValue v;

  if (!l) return JS_EXCEPTION;
  v = JS_GetPropertyStr(ctx, l->exports, b->name);
  if (!JS_IsUndefined(v)) return v;
  v = b->load(ctx, b);
  if (JS_IsException(v)) return v;
  if (JS_SetPropertyStr(ctx, l->exports, b->name, JS_DupValue(ctx, v)) >= 0)
    return v;
  JS_FreeValue(ctx, v);
  return JS_EXCEPTION;
}

JSValue tenon_p_builtin_exports(JSContext *ctx, const char *specifier)
{
  const tenon_p_builtin_module *b = tenon_p_builtin_find(ctx, specifier);

  return b ? exports_of(ctx, b) : JS_UNDEFINED;
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

/* Of one whose names are in a list. */
static int init_exports(JSContext *ctx, JSModuleDef *def)
{
  const tenon_p_builtin_module *b = builtin_of(ctx, def);
  JSValue object = b ? exports_of(ctx, b) : JS_EXCEPTION, v;
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

/* Call `step` for each own name of an object: 0, or -1 with an exception. */
static int each_name(JSContext *ctx, JSValueConst object,
                     int (*step)(JSContext *ctx, JSModuleDef *def,
                                 JSValueConst object, JSAtom atom,
                                 const char *name),
                     JSModuleDef *def)
{
  JSPropertyEnum *names;
  uint32_t count, i;
  const char *name;
  int r = 0;

  if (JS_GetOwnPropertyNames(ctx, &names, &count, object,
                             JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY))
    return -1;
  for (i = 0; r == 0 && i < count; i++) {
    name = JS_AtomToCString(ctx, names[i].atom);
    r = name ? step(ctx, def, object, names[i].atom, name) : -1;
    JS_FreeCString(ctx, name);
  }
  JS_FreePropertyEnum(ctx, names, count);
  return r;
}

static int set_export(JSContext *ctx, JSModuleDef *def, JSValueConst object,
                      JSAtom atom, const char *name)
{
  JSValue v = JS_GetProperty(ctx, object, atom);

  return JS_IsException(v) ? -1 : JS_SetModuleExport(ctx, def, name, v);
}

static int init_snapshot(JSContext *ctx, JSModuleDef *def)
{
  JSValue snapshot = JS_GetModulePrivateValue(ctx, def);
  int r = each_name(ctx, snapshot, set_export, def);

  JS_FreeValue(ctx, snapshot);
  return r;
}

/* Into the snapshot, and what is exported by this name. */
static int declare(JSContext *ctx, JSModuleDef *def, JSValueConst snapshot,
                   const char *name, JSValue v)
{
  if (JS_IsException(v) ||
      JS_DefinePropertyValueStr(ctx, snapshot, name, v, JS_PROP_C_W_E) < 0)
    return -1;
  return JS_AddModuleExport(ctx, def, name);
}

static int declare_export(JSContext *ctx, JSModuleDef *def, JSValueConst object,
                          JSAtom atom, const char *name)
{
  JSValue snapshot;
  int r;

  if (strcmp(name, "default") == 0) return 0;
  snapshot = JS_GetModulePrivateValue(ctx, def);
  r = declare(ctx, def, snapshot, name, JS_GetProperty(ctx, object, atom));
  JS_FreeValue(ctx, snapshot);
  return r;
}

/* What it has by now, which programs may change until it is evaluated. */
static int take_snapshot(JSContext *ctx, JSModuleDef *def, JSValueConst object)
{
  JSValue snapshot = JS_NewObjectProto(ctx, JS_NULL);
  int r = -1;

  if (JS_IsException(snapshot)) return -1;
  if (JS_SetModulePrivateValue(ctx, def, JS_DupValue(ctx, snapshot)) == 0)
    r = declare(ctx, def, snapshot, "default", JS_DupValue(ctx, object));
  if (r == 0) r = each_name(ctx, object, declare_export, def);
  JS_FreeValue(ctx, snapshot);
  return r;
}

JSModuleDef *tenon_p_modules_load_builtin(JSContext *ctx,
                                          const tenon_p_builtin_module *b)
{
  JSValue object = JS_UNDEFINED;
  JSModuleDef *def = NULL;
  size_t i;
  int r = 0;

  /* Names that are in no list are known when it was run. */
  if (!b->exports) object = exports_of(ctx, b);
  if (!JS_IsException(object))
    def =
        JS_NewCModule(ctx, b->name, b->exports ? init_exports : init_snapshot);
  if (def && !b->exports) r = take_snapshot(ctx, def, object);
  for (i = 0; def && b->exports && r == 0 && b->exports[i]; i++)
    r = JS_AddModuleExport(ctx, def, b->exports[i]);
  JS_FreeValue(ctx, object);
  if (r == 0) return def;
  /* It is the realm's already, which must not find half of it. */
  tenon_p_module_drop(ctx, def);
  return NULL;
}

int tenon_p_modules_add_guest_builtin(JSContext *ctx, const char *name)
{
  const tenon_p_builtin_module *b = tenon_p_modules_find_builtin(ctx, name);

  if (!b) return TENON_EINVAL;
  if (tenon_p_module_find(ctx, name)) return TENON_EEXIST;
  if (JS_HasException(ctx)) return TENON_ENOMEM;
  return tenon_p_modules_load_builtin(ctx, b) ? 0 : TENON_ENOMEM;
}
