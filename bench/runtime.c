#include "runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/descriptor.h>

#include "hand.h"
#include "loop/loop.h"
#include "module/module.h"
#include "napi/env.h"

const tenon_module *tenon_module_v1(void);

/* What the arguments and results of rows are made by. Text is flat, and not
 * the rope that repeat gives. */
static const char helpers[] =
    "function repeat(s, n) { return s.repeat(n).split('').join(''); }\n"
    "function ascii(n) { return Uint8Array.from({ length: n },"
    "  (_, i) => 97 + i % 8); }\n";

int bench_runtime_init(bench_runtime *b)
{
  static const char import_all[] =
      "import * as m from 'native'; globalThis.natives = m;";
  JSValue global;

  if (tenon_p_engine_new(&(tenon_p_limits){0}, &b->engine) ||
      tenon_p_napi_attach(b->engine) || tenon_p_loop_attach(b->engine) ||
      tenon_p_modules_attach(b->engine) ||
      tenon_p_modules_add_native(b->engine, "native", tenon_module_v1) ||
      tenon_p_engine_enter(b->engine) ||
      tenon_p_modules_eval(b->engine, TENON_P_SOURCE_MODULE, import_all,
                           strlen(import_all), "b.js")) {
    fprintf(stderr, "bench: no runtime\n");
    return 1;
  }
  b->ctx = b->engine->ctx;
  global = JS_GetGlobalObject(b->ctx);
  b->exports =
      bench_checked(b->ctx, JS_GetPropertyStr(b->ctx, global, "natives"));
  JS_FreeValue(b->ctx, global);
  bench_atoms_init(b->ctx);
  JS_FreeValue(b->ctx, bench_eval(b->ctx, helpers));
  return 0;
}

void bench_runtime_release(bench_runtime *b)
{
  bench_atoms_release(b->ctx);
  JS_FreeValue(b->ctx, b->exports);
  tenon_p_engine_leave(b->engine);
  tenon_p_engine_free(b->engine);
}

JSValue bench_checked(JSContext *ctx, JSValue v)
{
  if (JS_IsException(v)) {
    JSValue e = JS_GetException(ctx);
    const char *s = JS_ToCString(ctx, e);
    fprintf(stderr, "bench: %s\n", s ? s : "?");
    exit(1);
  }
  return v;
}

JSValue bench_eval(JSContext *ctx, const char *source)
{
  return bench_checked(
      ctx, JS_Eval(ctx, source, strlen(source), "bench", JS_EVAL_TYPE_GLOBAL));
}

bool bench_gives(JSContext *ctx, JSValueConst f, JSValueConst arguments,
                 JSValueConst expected, const char *what)
{
  /* JSON knows neither undefined nor a BigInt nor what is no plain number. */
  static const char compare[] =
      "((f, a, expected) => {"
      "  const show = v => JSON.stringify(v, (k, x) =>"
      "    typeof x === 'object' && x !== null ? x : typeof x + String(x));"
      "  const got = show(f(...a));"
      "  return got === show(expected) ? '' : got;"
      "})";
  JSValue compares = bench_eval(ctx, compare);
  JSValueConst argv[3] = {f, arguments, expected};
  JSValue r = bench_checked(ctx, JS_Call(ctx, compares, JS_UNDEFINED, 3, argv));
  const char *s = JS_ToCString(ctx, r);
  bool is_right = s && *s == '\0';

  if (!is_right) fprintf(stderr, "bench: %s gave %.200s\n", what, s ? s : "?");
  JS_FreeCString(ctx, s);
  JS_FreeValues(ctx, r, compares);
  return is_right;
}
