#include "std/std.h"

#include <tenon/error.h>
#include <tenon/realm.h>

static const struct {
  int (*attach)(tenon_p_engine *e, const tenon_p_std_options *o);
  int (*define)(tenon_p_realm *r);
  uint32_t flag; /* of tenon_realm_options */
} builtins[] = {
    {tenon_p_timers_attach, tenon_p_timers_define, TENON_REALM_TIMERS},
    {tenon_p_immediate_attach, tenon_p_immediate_define, TENON_REALM_TIMERS},
    {NULL, tenon_p_console_define, TENON_REALM_CONSOLE},
    {tenon_p_process_attach, NULL, 0},
    {tenon_p_event_attach, tenon_p_event_define, TENON_REALM_EVENTS},
    {tenon_p_abort_attach, tenon_p_abort_define, TENON_REALM_EVENTS},
    {tenon_p_child_attach, NULL, 0},
    {tenon_p_commonjs_attach, NULL, 0},
};

static const tenon_p_builtin_module *const modules[] = {
    &tenon_p_child_module, &tenon_p_commonjs_module, NULL};

int tenon_p_std_attach(tenon_p_engine *e, const tenon_p_std_options *options)
{
  size_t i;

  for (i = 0; i < tenon_p_countof(builtins); i++)
    if (builtins[i].attach && builtins[i].attach(e, options))
      return TENON_ENOMEM;
  if (tenon_p_modules_add_builtins(e, modules)) return TENON_ENOMEM;
  return tenon_p_std_define(e->realm);
}

int tenon_p_std_add_guest(tenon_p_engine *e, JSContext *ctx, const char *name)
{
  if (tenon_p_child_attach(e, NULL) || tenon_p_modules_add_builtins(e, modules))
    return TENON_ENOMEM;
  return tenon_p_modules_add_guest_builtin(ctx, name);
}

int tenon_p_std_define(tenon_p_realm *r)
{
  size_t i;

  for (i = 0; i < tenon_p_countof(builtins); i++) {
    if (!builtins[i].define || (r->without & builtins[i].flag) ||
        builtins[i].define(r) == 0)
      continue;
    JS_FreeValue(r->ctx, JS_GetException(r->ctx));
    return TENON_ENOMEM;
  }
  return 0;
}

int tenon_p_std_lazy(tenon_p_realm *r, const tenon_p_lazy *lazy)
{
  JSValue global = JS_GetGlobalObject(r->ctx);
  int code = tenon_p_define_lazy(r->ctx, global, lazy,
                                 JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);

  JS_FreeValue(r->ctx, global);
  return code;
}

JSValue tenon_p_std_native(JSContext *ctx, const JSCFunctionListEntry *list,
                           int count)
{
  JSValue v = JS_NewObjectProto(ctx, JS_NULL);

  if (JS_IsException(v)) return v;
  if (JS_SetPropertyFunctionList(ctx, v, list, count)) {
    JS_FreeValue(ctx, v);
    return JS_EXCEPTION;
  }
  return v;
}

JSValue tenon_p_std_load(JSContext *ctx, const tenon_p_bytecode *code,
                         JSValue native)
{
  JSValue f, r = JS_EXCEPTION;

  if (JS_IsException(native)) return native;
  f = JS_ReadObject(ctx, code->data, code->size, JS_READ_OBJ_BYTECODE);
  if (!JS_IsException(f)) f = JS_EvalFunction(ctx, f);
  if (!JS_IsException(f)) {
    r = JS_Call(ctx, f, JS_UNDEFINED, 1, (JSValueConst *)&native);
    JS_FreeValue(ctx, f);
  }
  JS_FreeValue(ctx, native);
  return r;
}
