/*
 * A host that embeds QuickJS-ng by quickjs-libc, with its loop, its loader and
 * its job pump. Of Tenon it knows one line.
 */
#include <quickjs-libc.h>
#include <tenon/quickjs.h>

int main(int argc, char **argv)
{
  JSRuntime *rt = JS_NewRuntime();
  JSContext *ctx = JS_NewContext(rt);
  size_t len = 0;
  uint8_t *source = argc > 1 ? js_load_file(ctx, &len, argv[1]) : NULL;
  bool failed = true;

  js_std_init_handlers(rt);
  js_init_module_os(ctx, "qjs:os");
  JS_SetModuleLoaderFunc2(rt, NULL, js_module_loader,
                          js_module_check_attributes, NULL);
  js_std_add_helpers(ctx, argc - 1, argv + 1);
  if (tenon_attach(ctx, "rust", tenon_module_v1)) return 2;
  if (source) {
    JSValue v = JS_Eval(ctx, (char *)source, len, argv[1], JS_EVAL_TYPE_MODULE);
    v = js_std_await(ctx, v);
    failed = JS_IsException(v) || js_std_loop(ctx);
    JS_FreeValue(ctx, v);
  }
  if (failed) js_std_dump_error(ctx);
  js_free(ctx, source);
  js_std_free_handlers(rt);
  JS_FreeContext(ctx);
  JS_FreeRuntime(rt);
  return failed;
}
