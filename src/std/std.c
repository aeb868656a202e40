#include "std/std.h"

#include <tenon/error.h>

static int (*const builtins[])(tenon_p_engine *,
                               const tenon_p_std_options *) = {
    tenon_p_timers_init,
    tenon_p_console_init,
    tenon_p_process_init,
    tenon_p_event_init,
};

int tenon_p_std_attach(tenon_p_engine *e, const tenon_p_std_options *options)
{
  size_t i;

  for (i = 0; i < tenon_p_countof(builtins); i++)
    if (builtins[i](e, options)) return TENON_ENOMEM;
  return 0;
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
