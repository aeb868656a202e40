/*
 * A call of a native function through its descriptor, against the function
 * that one would write by hand for the engine, which checks nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/descriptor.h>

#include "bench.h"
#include "engine/engine.h"
#include "loop/loop.h"
#include "module/module.h"

const tenon_module *tenon_module_v1(void);

/* --- By hand ---------------------------------------------------------------------------- */

static JSValue hand_noop(JSContext *ctx, JSValueConst this_value, int argc,
                         JSValueConst *argv)
{
  return JS_UNDEFINED;
}

static JSValue hand_add(JSContext *ctx, JSValueConst this_value, int argc,
                        JSValueConst *argv)
{
  double a, b;

  if (JS_ToFloat64(ctx, &a, argv[0]) || JS_ToFloat64(ctx, &b, argv[1]))
    return JS_EXCEPTION;
  return JS_NewFloat64(ctx, a + b);
}

static JSValue hand_fib1(JSContext *ctx, JSValueConst this_value, int argc,
                         JSValueConst *argv)
{
  int64_t n, sum = 0;

  if (JS_ToInt64(ctx, &n, argv[0])) return JS_EXCEPTION;
  for (; n >= 1; n--)
    sum += n;
  return JS_NewInt64(ctx, sum);
}

static JSValue hand_text(JSContext *ctx, JSValueConst this_value, int argc,
                         JSValueConst *argv)
{
  size_t len;
  const char *s = JS_ToCStringLen(ctx, &len, argv[0]);

  if (!s) return JS_EXCEPTION;
  JS_FreeCString(ctx, s);
  return JS_NewInt64(ctx, (int64_t)len);
}

static JSValue hand_bytes(JSContext *ctx, JSValueConst this_value, int argc,
                          JSValueConst *argv)
{
  size_t len;

  if (!JS_GetUint8Array(ctx, &len, argv[0])) return JS_EXCEPTION;
  return JS_NewInt64(ctx, (int64_t)len);
}

/* --- Rows ----------------------------------------------------------------------------------- */

static const struct {
  const char *name, *export_name, *arguments, *expected;
  JSCFunction *hand;
  int argc;
} rows[] = {
    {"noop()", "noop", "[]", "undefined", hand_noop, 0},
    {"add(f64, f64)", "add", "[1.5, 2.25]", "3.75", hand_add, 2},
    {"fib1(i64)", "fib1", "[1]", "1", hand_fib1, 1},
    {"length(str of 15)", "text_length", "['abcdefghijklmno']", "15", hand_text,
     1},
    {"length(str of 1024)", "text_length",
     "['abcdefgh'.repeat(128).split('').join('')]", "1024", hand_text, 1},
    {"length(bytes of 64)", "bytes_length", "[new Uint8Array(64)]", "64",
     hand_bytes, 1},
};

enum { CALLS = 100000, ROUNDS = 41, WAYS = 2 };

static JSValue check(JSContext *ctx, JSValue v)
{
  if (JS_IsException(v)) {
    JSValue e = JS_GetException(ctx);
    const char *s = JS_ToCString(ctx, e);
    fprintf(stderr, "bench: %s\n", s ? s : "?");
    exit(1);
  }
  return v;
}

static JSValue eval(JSContext *ctx, const char *source)
{
  return check(
      ctx, JS_Eval(ctx, source, strlen(source), "bench", JS_EVAL_TYPE_GLOBAL));
}

static double time_calls(JSContext *ctx, JSValue driver, JSValue f,
                         JSValue arguments)
{
  JSValueConst argv[3] = {f, JS_NewInt32(ctx, CALLS), arguments};
  double start = bench_now_ns();

  JS_FreeValue(ctx, check(ctx, JS_Call(ctx, driver, JS_UNDEFINED, 3, argv)));
  return (bench_now_ns() - start) / CALLS;
}

/* A loop that calls with so many arguments, taken out of the list before. */
static JSValue make_driver(JSContext *ctx, int argc, int is_empty)
{
  static const char *const calls[] = {"f()", "f(a)", "f(a, b)"};
  char source[160];

  snprintf(source, sizeof source,
           "(function (f, n, [a, b]) { for (let i = 0; i < n; i++) %s; })",
           is_empty ? "" : calls[argc]);
  return eval(ctx, source);
}

static int check_result(JSContext *ctx, JSValue f, JSValue arguments,
                        const char *expected, const char *what)
{
  JSValue apply = eval(ctx, "((f, a) => String(f(...a)))");
  JSValueConst argv[2] = {f, arguments};
  JSValue r = check(ctx, JS_Call(ctx, apply, JS_UNDEFINED, 2, argv));
  const char *s = JS_ToCString(ctx, r);
  int is_wrong = !s || strcmp(s, expected) != 0;

  if (is_wrong) fprintf(stderr, "bench: %s gave %s\n", what, s ? s : "?");
  JS_FreeCString(ctx, s);
  JS_FreeValue(ctx, r);
  JS_FreeValue(ctx, apply);
  return is_wrong;
}

static int bench_row_of(JSContext *ctx, size_t i, JSValue exports,
                        bench_report *r, int is_check, int *test)
{
  static double times[WAYS][ROUNDS], empty[ROUNDS];
  JSValue arguments = eval(ctx, rows[i].arguments);
  JSValue driver = make_driver(ctx, rows[i].argc, 0);
  JSValue nothing = make_driver(ctx, rows[i].argc, 1);
  JSValue f[WAYS];
  int round, way, failed = 0;
  bench_row *row;

  f[0] = check(ctx, JS_NewCFunction(ctx, rows[i].hand, rows[i].export_name,
                                    rows[i].argc));
  f[1] = check(ctx, JS_GetPropertyStr(ctx, exports, rows[i].export_name));
  for (way = 0; way < WAYS; way++)
    failed |=
        check_result(ctx, f[way], arguments, rows[i].expected, rows[i].name);
  if (is_check)
    printf("%sok %d - %s gives %s both ways\n", failed ? "not " : "", (*test)++,
           rows[i].name, rows[i].expected);
  if (!is_check && !failed) {
    for (round = -1; round < ROUNDS; round++) {
      double t = time_calls(ctx, nothing, f[0], arguments);
      if (round >= 0) empty[round] = t;
      for (way = 0; way < WAYS; way++) {
        t = time_calls(ctx, driver, f[way], arguments);
        if (round >= 0) times[way][round] = t;
      }
    }
    row = bench_add(r, rows[i].name, "ns");
    row->way_count = WAYS;
    row->ways[0].name = "by hand";
    row->ways[1].name = "tenon";
    row->aim = 1.3;
    for (way = 0; way < WAYS; way++)
      row->ways[way].median =
          bench_median(times[way], ROUNDS) - bench_median(empty, ROUNDS);
  }
  JS_FreeValues(ctx, f[0], f[1], arguments, driver, nothing);
  return failed;
}

int bench_calls(bench_report *r, int is_check, int *test)
{
  static const char import_all[] =
      "import * as m from 'native'; globalThis.natives = m;";
  JSValue global, exports;
  tenon_p_engine *e;
  int failed = 0;
  size_t i;

  if (tenon_p_engine_new(&(tenon_p_limits){0}, &e) || tenon_p_loop_attach(e) ||
      tenon_p_modules_attach(e) ||
      tenon_p_modules_add_native(e, "native", tenon_module_v1) ||
      tenon_p_engine_enter(e) ||
      tenon_p_modules_eval(e, TENON_P_SOURCE_MODULE, import_all,
                           strlen(import_all), "b.js")) {
    fprintf(stderr, "bench: no runtime\n");
    return 1;
  }
  global = JS_GetGlobalObject(e->ctx);
  exports = JS_GetPropertyStr(e->ctx, global, "natives");
  for (i = 0; i < sizeof rows / sizeof *rows; i++)
    failed |= bench_row_of(e->ctx, i, exports, r, is_check, test);
  JS_FreeValues(e->ctx, exports, global);
  tenon_p_engine_leave(e);
  tenon_p_engine_free(e);
  return failed;
}
