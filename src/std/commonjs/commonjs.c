/* CommonJS as scripts see it (commonjs.js), for the module layer; and node:module,
 * which is a part of it. */
#include <tenon/realm.h>

#include "std/std.h"

static JSValue load(JSContext *ctx, JSValue native)
{
  return tenon_p_std_load(ctx, &tenon_p_commonjs_bytecode, native);
}

int tenon_p_commonjs_attach(tenon_p_engine *e, const tenon_p_std_options *o)
{
  (void)o;
  tenon_p_modules_set_commonjs(e, load);
  return 0;
}

static JSValue load_module(JSContext *ctx, const tenon_p_builtin_module *b)
{
  (void)b;
  return tenon_p_commonjs_get(ctx, "Module");
}

/* Its names are those of Module. */
const tenon_p_builtin_module tenon_p_commonjs_module = {.name = "node:module",
                                                        .load = load_module};
