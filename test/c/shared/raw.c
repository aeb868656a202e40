/* A module made for QuickJS; the query of its URL says what goes wrong. */
#include <quickjs.h>
#include <string.h>

static int made;

static JSValue count(JSContext *ctx, JSValueConst this_value, int argc,
                     JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  (void)argv;
  return JS_NewInt32(ctx, __atomic_load_n(&made, __ATOMIC_RELAXED));
}

static const JSCFunctionListEntry exports[] = {JS_CFUNC_DEF("count", 0, count)};

static int init(JSContext *ctx, JSModuleDef *m)
{
  JSAtom atom = JS_GetModuleName(ctx, m);
  const char *name = JS_AtomToCString(ctx, atom);
  int fails = !name || strstr(name, "?init") != NULL;

  JS_FreeCString(ctx, name);
  JS_FreeAtom(ctx, atom);
  if (fails) {
    JS_ThrowRangeError(ctx, "init is out of range");
    return -1;
  }
  return JS_SetModuleExportList(ctx, m, exports, 1);
}

__attribute__((visibility("default"))) JSModuleDef *js_init_module(
    JSContext *ctx, const char *name);

JSModuleDef *js_init_module(JSContext *ctx, const char *name)
{
  JSModuleDef *m;

  if (strstr(name, "?fails")) return NULL;
  if (strstr(name, "?throws")) {
    JS_ThrowTypeError(ctx, "not today");
    return NULL;
  }
  m = JS_NewCModule(ctx, strstr(name, "?other") ? "other" : name, init);
  if (!m) return NULL;
  if (JS_AddModuleExportList(ctx, m, exports, 1)) return NULL;
  __atomic_add_fetch(&made, 1, __ATOMIC_RELAXED);
  if (strstr(name, "?both")) JS_ThrowTypeError(ctx, "made and thrown");
  return m;
}
