/* A host that embeds the engine, linked with tenon-quickjs; with FOREIGN one
 * that has an engine of its own and is linked with libtenon beside it. */
#include <tenon/quickjs.h>

#include <stdio.h>
#include <string.h>

TENON_FUNCTION(i32, twice, (i32, n))
{
  return 2 * n;
}

#ifdef FOREIGN
uintptr_t js_std_cmd(int cmd, ...)
{
  return cmd == 0 ? 0 : (uintptr_t)-1;
}

int main(void)
{
  int r = tenon_attach((JSContext *)"", "native", tenon_module_v1);

  puts(tenon_error_name(r));
  return 0;
}
#else
int main(void)
{
  static const char source[] =
      "import { twice } from 'native'; globalThis.result = twice(21);";
  JSRuntime *rt = JS_NewRuntime();
  JSContext *ctx = JS_NewContext(rt);
  int32_t result = 0;
  JSValue global, v;

  if (tenon_attach(ctx, "native", tenon_module_v1)) return 2;
  JS_FreeValue(ctx, JS_Eval(ctx, source, strlen(source), "attach.js",
                            JS_EVAL_TYPE_MODULE));
  global = JS_GetGlobalObject(ctx);
  v = JS_GetPropertyStr(ctx, global, "result");
  JS_ToInt32(ctx, &result, v);
  JS_FreeValue(ctx, v);
  JS_FreeValue(ctx, global);
  printf("%d\n", (int)result);
  JS_FreeContext(ctx);
  JS_FreeRuntime(rt);
  return 0;
}
#endif
