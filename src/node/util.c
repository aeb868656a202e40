/* What node:util takes from the builtins. */
#include <uv.h>

#include "node/node.h"
#include "std/inspect/inspect.h"

/* errorName(code): "ENOENT" */
static JSValue error_name(JSContext *ctx, JSValueConst this_value, int argc,
                          JSValueConst *argv)
{
  int32_t code;

  (void)this_value;
  if (argc < 1 || JS_ToInt32(ctx, &code, argv[0])) return JS_EXCEPTION;
  return JS_NewString(ctx, uv_err_name(code));
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("errorName", 1, error_name),
};

JSValue tenon_p_node_util_binding(JSContext *ctx)
{
  JSValue v = tenon_p_std_native(ctx, natives, tenon_p_countof(natives));

  if (JS_IsException(v)) return v;
  if (tenon_p_node_put(ctx, v, "format", tenon_p_format_function(ctx)) == 0)
    return v;
  JS_FreeValue(ctx, v);
  return JS_EXCEPTION;
}
