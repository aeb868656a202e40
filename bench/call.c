/*
 * A call of a native function through its descriptor, against the function
 * that one would write by hand for the engine.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "runtime.h"

enum { WAYS = 3, PIECE_NS = 1500000 };

static double time_calls(JSContext *ctx, JSValue driver, JSValue f,
                         JSValue arguments, int calls)
{
  JSValueConst argv[3] = {f, JS_NewInt32(ctx, calls), arguments};
  double start = bench_cpu_ns();

  JS_FreeValue(ctx,
               bench_checked(ctx, JS_Call(ctx, driver, JS_UNDEFINED, 3, argv)));
  return (bench_cpu_ns() - start) / calls;
}

/* A loop that calls with so many arguments, taken out of the list before. */
static JSValue make_driver(JSContext *ctx, int argc, bool is_empty)
{
  static const char *const calls[] = {"f()", "f(a)", "f(a, b)"};
  char source[160];

  snprintf(source, sizeof source,
           "(function (f, n, [a, b]) { for (let i = 0; i < n; i++) %s; })",
           is_empty ? "" : calls[argc]);
  return bench_eval(ctx, source);
}

static JSValue eval_list(JSContext *ctx, const char *elements)
{
  char source[512];

  snprintf(source, sizeof source, "[%s]", elements);
  return bench_eval(ctx, source);
}

/* How many calls take long enough to be timed, and not much longer. */
static int count_calls(JSContext *ctx, JSValue driver, JSValue f,
                       JSValue arguments)
{
  int calls = 16;

  while (calls < 1 << 20 &&
         time_calls(ctx, driver, f, arguments, calls) * calls < PIECE_NS)
    calls *= 2;
  return calls;
}

static void time_row(JSContext *ctx, const bench_hand *h, JSValue *f, int ways,
                     JSValue arguments, bench_report *r)
{
  static const char *const names[WAYS] = {"by hand", "tenon",
                                          "by hand, fastest"};
  static double times[WAYS][BENCH_ROUNDS], empty[BENCH_ROUNDS];
  JSValue driver = make_driver(ctx, h->argc, false);
  JSValue nothing = make_driver(ctx, h->argc, true);
  int round, way, calls = count_calls(ctx, driver, f[0], arguments);
  bench_row *row;

  for (round = 0; round < BENCH_ROUNDS; round++) {
    empty[round] = time_calls(ctx, nothing, f[0], arguments, calls);
    for (way = 0; way < ways; way++)
      times[way][round] = time_calls(ctx, driver, f[way], arguments, calls);
  }
  row = bench_add(r, h->name, "ns");
  row->way_count = (size_t)ways;
  row->aim = 1.3;
  for (way = 0; way < ways; way++) {
    row->ways[way].name = names[way];
    row->ways[way].median = bench_median(times[way], BENCH_ROUNDS) -
                            bench_median(empty, BENCH_ROUNDS);
  }
  JS_FreeValues(ctx, driver, nothing);
}

static int run_row(bench_runtime *b, const bench_hand *h, bench_report *r)
{
  JSContext *ctx = b->ctx;
  JSValue arguments = eval_list(ctx, h->arguments);
  JSValue expected = eval_list(ctx, h->expected), value, f[WAYS];
  bool is_right = true;
  int way, ways = h->fastest ? 3 : 2;

  value = bench_checked(ctx, JS_GetPropertyUint32(ctx, expected, 0));
  f[0] = bench_checked(ctx,
                       JS_NewCFunction(ctx, h->hand, h->export_name, h->argc));
  f[1] = bench_checked(ctx, JS_GetPropertyStr(ctx, b->exports, h->export_name));
  if (h->fastest)
    f[2] = bench_checked(
        ctx, JS_NewCFunction(ctx, h->fastest, h->export_name, h->argc));
  for (way = 0; way < ways; way++)
    if (!bench_gives(ctx, f[way], arguments, value, h->name)) is_right = false;
  if (r->is_check)
    printf("%sok %d - %s gives %.60s all ways\n", is_right ? "" : "not ",
           ++r->tests, h->name, h->expected);
  else if (is_right)
    time_row(ctx, h, f, ways, arguments, r);
  for (way = 0; way < ways; way++)
    JS_FreeValue(ctx, f[way]);
  JS_FreeValues(ctx, arguments, expected, value);
  return !is_right;
}

static int run_rows(bench_runtime *b, const bench_hand *rows, size_t count,
                    bench_report *r)
{
  int failed = 0;
  size_t i;

  for (i = 0; i < count; i++)
    if (bench_wants(r, rows[i].name)) failed |= run_row(b, &rows[i], r);
  return failed;
}

int bench_calls(bench_report *r)
{
  bench_runtime b;
  int failed;

  if (bench_runtime_init(&b)) return 1;
  failed = run_rows(&b, bench_values, bench_value_count, r);
  failed |= run_rows(&b, bench_parts, bench_part_count, r);
  failed |= run_rows(&b, bench_kinds, bench_kind_count, r);
  bench_runtime_release(&b);
  return failed;
}
