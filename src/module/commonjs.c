/* The state of CommonJS in a realm, and running files of it. */
#include "module/commonjs.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/path.h"

/* --- State ------------------------------------------------------------------ */

static void commonjs_mark(JSRuntime *rt, void *state, JS_MarkFunc *mark)
{
  const tenon_p_commonjs *c = state;

  JS_MarkValue(rt, c->loader, mark);
}

static void commonjs_free(tenon_p_realm *r, JSRuntime *rt, void *state)
{
  tenon_p_commonjs *c = state;
  size_t i;

  JS_FreeValueRT(rt, c->loader);
  for (i = 0; i < c->count; i++) {
    tenon_p_nameset_release(c->names[i]);
    free(c->names[i]);
  }
  free(c->names);
  tenon_p_nameset_release(&c->files);
  tenon_p_heap_free(&r->engine->heap, c);
}

static const tenon_p_realm_type commonjs_type = {
    .name = "commonjs", .mark = commonjs_mark, .free = commonjs_free};

void tenon_p_modules_set_commonjs(tenon_p_engine *e,
                                  tenon_p_commonjs_load *load)
{
  tenon_p_modules_of(e)->load_commonjs = load;
}

static bool is_there(JSContext *ctx)
{
  const tenon_p_engine *e = tenon_p_engine_of(ctx);

  return !e->is_guest && tenon_p_realm_of(ctx) &&
         tenon_p_modules_of((tenon_p_engine *)e)->load_commonjs;
}

static tenon_p_commonjs *make(JSContext *ctx)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  tenon_p_realm *r = tenon_p_realm_of(ctx);
  tenon_p_commonjs *c;
  JSValue native;

  if (!is_there(ctx)) {
    tenon_p_modules_throw(ctx, "ERR_UNSUPPORTED_OPERATION",
                          "CommonJS is not available in the runtime of a host");
    return NULL;
  }
  c = tenon_p_heap_alloc(&e->heap, sizeof *c);
  if (!c) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  *c = (tenon_p_commonjs){.loader = JS_EXCEPTION};
  native = tenon_p_commonjs_native(ctx);
  if (!JS_IsException(native))
    c->loader = tenon_p_modules_of(e)->load_commonjs(ctx, native);
  if (JS_IsException(c->loader) || tenon_p_realm_attach(r, &commonjs_type, c)) {
    if (!JS_HasException(ctx)) JS_ThrowOutOfMemory(ctx);
    JS_FreeValue(ctx, c->loader);
    tenon_p_heap_free(&e->heap, c);
    return NULL;
  }
  return c;
}

tenon_p_commonjs *tenon_p_commonjs_of(JSContext *ctx)
{
  tenon_p_commonjs *c = tenon_p_realm_get(ctx, &commonjs_type);

  return c ? c : make(ctx);
}

JSValue tenon_p_commonjs_call(JSContext *ctx, const char *name, int argc,
                              JSValueConst *argv)
{
  tenon_p_commonjs *c = tenon_p_commonjs_of(ctx);
  JSValue f = c ? JS_GetPropertyStr(ctx, c->loader, name) : JS_EXCEPTION;
  JSValue r;

  if (JS_IsException(f)) return f;
  r = JS_Call(ctx, f, JS_UNDEFINED, argc, argv);
  JS_FreeValue(ctx, f);
  return r;
}

JSValue tenon_p_commonjs_get(JSContext *ctx, const char *name)
{
  tenon_p_commonjs *c = tenon_p_commonjs_of(ctx);

  return c ? JS_GetPropertyStr(ctx, c->loader, name) : JS_EXCEPTION;
}

/* --- Running ---------------------------------------------------------------- */

JSValue tenon_p_commonjs_compile(JSContext *ctx, const tenon_p_source *s,
                                 const char *url)
{
  static const char *const params[] = {"exports",    "require",   "module",
                                       "__filename", "__dirname", NULL};

  return tenon_p_compile_body(ctx, s->text, s->len, url, params);
}

int tenon_p_commonjs_run(JSContext *ctx, const char *path, JSValue body)
{
  JSValue args[2] = {JS_NewString(ctx, path), body};
  JSValue r = JS_IsException(args[0])
                  ? JS_EXCEPTION
                  : tenon_p_commonjs_call(ctx, "main", 2, (JSValueConst *)args);

  JS_FreeValue(ctx, args[0]);
  JS_FreeValue(ctx, args[1]);
  JS_FreeValue(ctx, r);
  return JS_IsException(r) ? TENON_EEXCEPTION : 0;
}

JSValue tenon_p_commonjs_share(JSContext *ctx, const char *path, JSValue v)
{
  JSValue args[2] = {JS_UNDEFINED, v}, r = JS_EXCEPTION;

  if (!is_there(ctx)) return v;
  args[0] = JS_NewString(ctx, path);
  if (!JS_IsException(args[0]))
    r = tenon_p_commonjs_call(ctx, "share", 2, (JSValueConst *)args);
  JS_FreeValue(ctx, args[0]);
  JS_FreeValue(ctx, v);
  return r;
}

/* --- Globals of a text ------------------------------------------------------ */

static JSValue make_global(JSContext *ctx, const tenon_p_lazy *lazy)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  JSValue name = JS_NewString(ctx, m->text_name), object = JS_EXCEPTION;
  JSValue v = JS_EXCEPTION;

  if (!JS_IsException(name))
    object = tenon_p_commonjs_call(ctx, "globals", 1, (JSValueConst *)&name);
  if (!JS_IsException(object)) v = JS_GetPropertyStr(ctx, object, lazy->name);
  JS_FreeValue(ctx, object);
  JS_FreeValue(ctx, name);
  return v;
}

static const tenon_p_lazy text_globals[] = {{"require", make_global, NULL},
                                            {"module", make_global, NULL},
                                            {"exports", make_global, NULL},
                                            {"__filename", make_global, NULL},
                                            {"__dirname", make_global, NULL}};

int tenon_p_commonjs_add_globals(tenon_p_engine *e, const char *name)
{
  tenon_p_modules *m = tenon_p_modules_of(e);
  size_t size = strlen(name) + 1, i;
  JSValue global;
  int r = 0;

  if (m->text_name) return TENON_EEXIST;
  m->text_name = tenon_p_heap_alloc(&e->heap, size);
  if (!m->text_name) return TENON_ENOMEM;
  memcpy(m->text_name, name, size);
  global = JS_GetGlobalObject(e->ctx);
  for (i = 0; r == 0 && i < tenon_p_countof(text_globals); i++)
    r = tenon_p_define_lazy(e->ctx, global, &text_globals[i],
                            JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
  JS_FreeValue(e->ctx, global);
  if (r == 0) return 0;
  JS_FreeValue(e->ctx, JS_GetException(e->ctx));
  tenon_p_heap_free(&e->heap, m->text_name);
  m->text_name = NULL;
  return TENON_ENOMEM;
}
