/* What node:path knows of the process. */
#include <stdlib.h>

#include "base/path.h"
#include "node/node.h"

static JSValue path_cwd(JSContext *ctx, JSValueConst this_value, int argc,
                        JSValueConst *argv)
{
  char *path = tenon_p_path_resolve(NULL, ".");
  JSValue v;

  (void)this_value;
  (void)argc;
  (void)argv;
  if (!path) return JS_ThrowOutOfMemory(ctx);
  v = JS_NewString(ctx, path);
  free(path);
  return v;
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("cwd", 0, path_cwd),
};

JSValue tenon_p_node_path_binding(JSContext *ctx)
{
  return tenon_p_std_native(ctx, natives, tenon_p_countof(natives));
}
