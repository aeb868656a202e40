/* Calls on the thread pool: TENON_BLOCKING and `.async`. */
#define TENON_MODULE pool
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <unistd.h>

#include "harness.h"

TENON_MODULE_THREADS(any);

/* The same functions as modules that say something else about threads. */
static const tenon_module *variant(tenon_module *m, uint32_t threads)
{
  if (!m->size) {
    *m = *tenon_module_pool();
    m->threads = threads;
  }
  return m;
}

static const tenon_module *serial_module(void)
{
  static tenon_module m;
  return variant(&m, TENON_THREADS_serial);
}

static const tenon_module *none_module(void)
{
  static tenon_module m;
  return variant(&m, TENON_THREADS_none);
}

static tenon_runtime *with_modules(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "any", tenon_module_pool));
  CHECK_INT(0, tenon_runtime_add_module(rt, "serial", serial_module));
  CHECK_INT(0, tenon_runtime_add_module(rt, "none", none_module));
  return rt;
}

#define IMPORT                          \
  "import { log } from 'test';\n"       \
  "import * as any from 'any';\n"       \
  "import * as serial from 'serial';\n" \
  "import * as none from 'none';\n"     \
  "const said = (p) => p.then((v) => log(`+${v}`), (e) => log(`${e}`));\n"

/* --- TENON_BLOCKING ----------------------------------------------------------------- */

/* Several calls of `add` may run at once. */
static _Atomic pthread_t seen_thread;

TENON_BLOCKING(i32, add, (i32, a), (i32, b))
{
  seen_thread = pthread_self();
  return a + b;
}

TEST(a_blocking_function_runs_on_another_thread)
{
  tenon_runtime *rt = with_modules();

  seen_thread = pthread_self();
  t_run(rt, IMPORT "await said(any.add(2, 3));");
  CHECK_LOG("+5\n");
  CHECK(!pthread_equal(seen_thread, pthread_self()));
}

TENON_BLOCKING(i32, fail_early, (str, why))
{
  if (why.len) return tenon_fail(TENON_TYPE_ERROR, "early: %s", why.data);
  return 7;
}

TEST(a_blocking_function_can_fail)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT "await said(any.fail_early('no'));\n"
                   "await said(any.fail_early(''));");
  CHECK_LOG("TypeError: early: no\n+7\n");
}

TENON_BLOCKING(none, fail_twice)
{
  tenon_fail(TENON_RANGE_ERROR, "first");
  tenon_fail(TENON_TYPE_ERROR, "second");
}

TEST(the_first_failure_of_a_call_stands)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT "await said(any.fail_twice());");
  CHECK_LOG("RangeError: first\n");
}

TEST(errors_of_arguments_reject)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT "await said(any.add(1)); await said(any.add(1, 'x'));");
  CHECK_LOG("TypeError: add: expected 2 arguments, got 1\n"
            "TypeError: add: argument 2 'b': expected integer, got string\n");
}

TENON_BLOCKING(u32, sum_later, (bytes, b), (opt(str), s))
{
  uint32_t sum = 0;
  size_t i;

  usleep(20000);
  for (i = 0; i < b.len; i++)
    sum += b.data[i];
  return sum + (s ? (uint32_t)s->len : 0);
}

TEST(arguments_on_the_pool_are_copies)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT
        "const small = new Uint8Array(10).fill(1);\n"
        "const large = new Uint8Array(5000).fill(1);\n"
        "const a = any.sum_later(small), b = any.sum_later(large, 'abc');\n"
        "small.fill(9);\n"
        "large.fill(9);\n"
        "large.buffer.transfer();\n"
        "log(`${await a} ${await b}`);");
  CHECK_LOG("10 5003\n");
}

static int cleanups;

static void clean_up(void *p)
{
  __atomic_add_fetch((int *)p, 1, __ATOMIC_RELAXED);
}

TENON_BLOCKING(str, allocates, (u32, size))
{
  char *p = tenon_alloc(size + 1);

  if (!p || !tenon_defer(clean_up, &cleanups)) abort();
  memset(p, 'a', size);
  return (tenon_str){p, size};
}

TENON_BLOCKING(bytes, moves, (u32, size))
{
  uint8_t *p = tenon_defer(free, malloc(size));

  if (!p) abort();
  memset(p, 3, size);
  return (tenon_bytes){p, size};
}

TEST(memory_of_a_call_on_the_pool_lives_until_its_result_is_converted)
{
  tenon_runtime *rt = with_modules();

  cleanups = 0;
  t_run(rt, IMPORT "for (const n of [0, 1, 200, 100000]) {\n"
                   "  const s = await any.allocates(n);\n"
                   "  log(`${s === 'a'.repeat(n)}`);\n"
                   "}\n"
                   "const b = await any.moves(4096);\n"
                   "log(`${b.length} ${b.every((x) => x === 3)}`);");
  CHECK_LOG("true\ntrue\ntrue\ntrue\n4096 true\n");
  CHECK_INT(4, cleanups);
}

TEST(memory_of_a_failed_call_is_released)
{
  tenon_runtime *rt = with_modules();

  cleanups = 0;
  t_run(rt, IMPORT "await said(any.allocates_and_fails());");
  CHECK_LOG("Error: after all\n");
  CHECK_INT(1, cleanups);
}

TENON_BLOCKING(str, allocates_and_fails)
{
  tenon_defer(clean_up, &cleanups);
  return tenon_fail(TENON_ERROR, "%s", strcpy(tenon_alloc(1000), "after all"));
}

TENON_BLOCKING(i64, unsafe)
{
  return INT64_MAX;
}

TEST(a_result_that_is_no_safe_integer_rejects)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT "await said(any.unsafe());");
  CHECK_LOG("RangeError: unsafe: result: 9223372036854775807 is not a safe "
            "integer\n");
}

TEST(a_thousand_calls_at_once_all_end)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT "const all = [];\n"
                   "for (let i = 0; i < 1000; i++) all.push(any.add(i, i));\n"
                   "const r = await Promise.all(all);\n"
                   "log(`${r.every((v, i) => v === 2 * i)}`);");
  CHECK_LOG("true\n");
}

TEST(an_error_in_a_reaction_loses_no_other_result)
{
  tenon_runtime *rt = with_modules();
  int errors = 0, r;

  r = t_eval_module(rt, IMPORT "globalThis.n = 0; globalThis.log = log;\n"
                               "for (let i = 0; i < 20; i++)\n"
                               "  any.add(i, 0).then((v) => { n++;\n"
                               "    if (v % 5 === 0) throw v; });");
  for (; r == TENON_EEXCEPTION; r = tenon_runtime_run(rt))
    errors++;
  CHECK_INT(0, r);
  CHECK_INT(4, errors);
  t_run(rt, "log(`${n}`);");
  CHECK_LOG("20\n");
}

/* --- .async ---------------------------------------------------------------------------- */

static int running, most_running;

static void enter(void)
{
  int now = __atomic_add_fetch(&running, 1, __ATOMIC_SEQ_CST);
  int most = __atomic_load_n(&most_running, __ATOMIC_SEQ_CST);

  while (now > most &&
         !__atomic_compare_exchange_n(&most_running, &most, now, false,
                                      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
  }
}

static void leave(void)
{
  __atomic_sub_fetch(&running, 1, __ATOMIC_SEQ_CST);
}

static int order[256];
static int order_count;

TENON_FUNCTION(i32, work, (i32, n), (u32, us, 1000))
{
  enter();
  order[__atomic_fetch_add(&order_count, 1, __ATOMIC_SEQ_CST) & 255] = n;
  if (us) usleep(us);
  leave();
  return n;
}

static void reset_work(void)
{
  running = most_running = order_count = 0;
}

TEST(async_is_one_function_with_name_and_length)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT
        "for (const { work } of [any, serial])\n"
        "  log(`${typeof work.async} ${work.async === work.async} `\n"
        "    + `${work.async.name} ${work.async.length} ${'async' in work} `\n"
        "    + `${work.async.async} ${Object.hasOwn(work, 'async')}`);");
  CHECK_LOG("function true work 1 true undefined false\n"
            "function true work 1 true undefined false\n");
}

TEST(async_is_not_there_without_a_word_about_threads)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT "log(`${none.work.async} ${'async' in none.work} `\n"
                   "  + `${none.work(3, 0)} ${'async' in none.add} `\n"
                   "  + `${'async' in any.add}`);");
  CHECK_LOG("undefined false 3 false false\n");
}

TEST(the_getter_of_async_refuses_other_receivers)
{
  tenon_runtime *rt = with_modules();

  t_run(rt,
        IMPORT "const get = Object.getOwnPropertyDescriptor(\n"
               "  Object.getPrototypeOf(any.work), 'async').get;\n"
               "log([1, {}, () => {}, none.work, null, undefined, any.add]\n"
               "  .map((v) => `${get.call(v)}`).join());");
  CHECK_LOG("undefined,undefined,undefined,undefined,undefined,undefined,"
            "undefined\n");
}

TEST(async_gives_results_and_rejects_errors)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT "for (const { work, fails } of [any, serial]) {\n"
                   "  await said(work.async(4));\n"
                   "  await said(work.async());\n"
                   "  await said(work.async(1, -1));\n"
                   "  await said(fails.async(2));\n"
                   "  try { fails(3); } catch (e) { log(`caught ${e}`); }\n"
                   "}");
  CHECK_LOG("+4\nTypeError: work: expected at least 1 argument, got 0\n"
            "RangeError: work: argument 2 'us': expected integer from 0 to "
            "4294967295, got -1\nRangeError: 2 is too many\n"
            "caught RangeError: 3 is too many\n"
            "+4\nTypeError: work: expected at least 1 argument, got 0\n"
            "RangeError: work: argument 2 'us': expected integer from 0 to "
            "4294967295, got -1\nRangeError: 2 is too many\n"
            "caught RangeError: 3 is too many\n");
}

TENON_FUNCTION(str, fails, (i32, n))
{
  return tenon_fail(TENON_RANGE_ERROR, "%d is too many", (int)n);
}

/* Each waits until the other is there: this ends only when both run. */
static int meeting;

TENON_FUNCTION(none, meet, (i32, count))
{
  __atomic_add_fetch(&meeting, 1, __ATOMIC_SEQ_CST);
  while (__atomic_load_n(&meeting, __ATOMIC_SEQ_CST) < count)
    usleep(1000);
}

TEST(calls_of_an_any_module_run_in_parallel)
{
  tenon_runtime *rt = with_modules();

  meeting = 0;
  t_run(rt, IMPORT "await Promise.all([any.meet.async(3), any.meet.async(3),\n"
                   "  any.meet.async(3)]);");
  CHECK_INT(3, meeting);
}

/* --- serial ---------------------------------------------------------------------------- */

TEST(calls_of_a_serial_module_run_one_at_a_time_in_order)
{
  tenon_runtime *rt = with_modules();
  int i;

  reset_work();
  t_run(rt,
        IMPORT "const all = [];\n"
               "for (let i = 0; i < 50; i++) all.push(serial.work.async(i));\n"
               "await Promise.all(all);");
  CHECK_INT(1, most_running);
  CHECK_INT(50, order_count);
  for (i = 0; i < 50; i++)
    CHECK_INT(i, order[i]);
}

TEST(a_synchronous_call_of_a_serial_module_waits_for_the_running_one)
{
  tenon_runtime *rt = with_modules();

  reset_work();
  t_run(rt, IMPORT
        "const all = [];\n"
        "for (let i = 0; i < 10; i++) all.push(serial.work.async(i, 3000));\n"
        "for (let i = 0; i < 10; i++) serial.work(100 + i, 3000);\n"
        "await Promise.all(all);");
  CHECK_INT(1, most_running);
  CHECK_INT(20, order_count);
}

TEST(serial_calls_leave_the_pool_to_others)
{
  tenon_runtime *rt = with_modules();

  reset_work();
  t_run(rt, IMPORT "let left = 20;\n"
                   "for (let i = 0; i < 20; i++)\n"
                   "  serial.work.async(i, 5000).then(() => left--);\n"
                   "await any.add(1, 1);\n"
                   "log(`${left > 10}`);");
  CHECK_LOG("true\n");
  CHECK_INT(1, most_running);
  CHECK_INT(20, order_count);
}

TEST(serial_and_other_calls_can_be_mixed)
{
  tenon_runtime *rt = with_modules();

  reset_work();
  t_run(rt, IMPORT
        "let n = 0;\n"
        "async function round(i) {\n"
        "  for (let j = 0; j < 20; j++) {\n"
        "    const x = await serial.work.async(1, 0);\n"
        "    const y = await any.add(x, 0);\n"
        "    n += x + y;\n"
        "    if (j % 5 === i % 5) n += serial.work(1, 0);\n"
        "    if (j % 7 === 0) await serial.fails.async(1).catch(() => n++);\n"
        "  }\n"
        "}\n"
        "await Promise.all(Array.from({ length: 10 }, (_, i) => round(i)));\n"
        "log(`${n}`);");
  CHECK_LOG("470\n");
  CHECK_INT(1, most_running);
}

TEST(blocking_functions_of_a_serial_module_are_serial_too)
{
  tenon_runtime *rt = with_modules();

  reset_work();
  t_run(rt, IMPORT
        "await Promise.all([serial.block(), serial.work.async(1, 5000),\n"
        "  serial.block(), serial.block()]);");
  CHECK_INT(1, most_running);
}

TENON_BLOCKING(none, block)
{
  enter();
  usleep(5000);
  leave();
}

static void *run_serial(void *p)
{
  static const char source[] = "import { work } from 'serial';\n"
                               "const all = [];\n"
                               "for (let i = 0; i < 20; i++) {\n"
                               "  all.push(work.async(i, 500));\n"
                               "  if (i % 4 === 0) work(i, 500);\n"
                               "}\n"
                               "await Promise.all(all);";
  tenon_runtime *rt;
  int r = tenon_runtime_new(NULL, &rt);

  (void)p;
  if (r == 0) r = tenon_runtime_add_module(rt, "serial", serial_module);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, source, sizeof source - 1, NULL);
  if (r == 0) r = tenon_runtime_run(rt);
  tenon_runtime_free(rt);
  return (void *)(intptr_t)r;
}

TEST(a_serial_module_is_serial_over_the_runtimes_of_several_threads)
{
  pthread_t threads[3];
  void *r;
  int i;

  with_modules();
  reset_work();
  for (i = 0; i < 3; i++)
    CHECK_INT(0, pthread_create(&threads[i], NULL, run_serial, NULL));
  for (i = 0; i < 3; i++) {
    pthread_join(threads[i], &r);
    CHECK_INT(0, (intptr_t)r);
  }
  CHECK_INT(1, most_running);
  CHECK_INT(75, order_count);
}

/* --- Garbage ------------------------------------------------------------------------------- */

TEST(a_call_on_the_pool_keeps_its_function_alive)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, "import { log } from 'test';\n"
            "globalThis.p = (await import('any')).work.async(5, 20000);\n"
            "globalThis.log = log;");
  tenon_runtime_collect(rt);
  t_run(rt, "log(`${await p}`);");
  CHECK_LOG("5\n");
}
