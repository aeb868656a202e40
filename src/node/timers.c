/* The functions of the global object, as they were when it was made. */
#include "engine/realm.h"
#include "node/node.h"

/* hold(timer, on) */
static JSValue hold(JSContext *ctx, JSValueConst this_value, int argc,
                    JSValueConst *argv)
{
  double id;

  (void)this_value;
  if (argc < 2 || JS_ToFloat64(ctx, &id, argv[0])) return JS_EXCEPTION;
  tenon_p_timers_hold(ctx, id, JS_ToBool(ctx, argv[1]));
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("hold", 2, hold),
};

JSValue tenon_p_node_timers_binding(JSContext *ctx)
{
  JSValue v;

  if (tenon_p_engine_of(ctx)->is_guest)
    return JS_ThrowTypeError(ctx, "node:timers: the runtime is a host's, which "
                                  "has timers of its own");
  v = tenon_p_std_native(ctx, natives, tenon_p_countof(natives));
  if (JS_IsException(v)) return v;
  if (tenon_p_timers_functions(ctx, v) == 0 &&
      tenon_p_immediate_functions(ctx, v) == 0)
    return v;
  JS_FreeValue(ctx, v);
  return JS_EXCEPTION;
}
