/* TENON_ASYNC: Promises that native code settles, now, later, anywhere. */
#define TENON_MODULE async
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <unistd.h>
#include <uv.h>

#include "harness.h"

static tenon_runtime *with_module(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_async));
  return rt;
}

#define IMPORT                          \
  "import { log } from 'test';\n"       \
  "import * as native from 'native';\n" \
  "const said = (p) => p.then((v) => log(`+${v}`), (e) => log(`${e}`));\n"

/* --- Timers of libuv ----------------------------------------------------------- */

static void free_handle(uv_handle_t *handle)
{
  free(handle);
}

static void on_sleep(uv_timer_t *timer);

static void end_sleep(tenon_deferred *d, void *p)
{
  tenon_deferred_reject(d, TENON_ERROR, "the program ended");
  uv_close(p, free_handle);
}

TENON_ASYNC(none, sleep_ms, (u32, ms))
{
  uv_timer_t *timer = malloc(sizeof *timer);

  if (!timer) abort();
  uv_timer_init(tenon_deferred_loop(deferred), timer);
  timer->data = deferred;
  tenon_deferred_on_close(deferred, end_sleep, timer);
  uv_timer_start(timer, on_sleep, ms, 0);
}

static void on_sleep(uv_timer_t *timer)
{
  TENON_RESOLVE(sleep_ms, timer->data);
  uv_close((uv_handle_t *)timer, free_handle);
}

static int thread_count(void)
{
  DIR *dir = opendir("/proc/self/task");
  int count = -2; /* . and .. */

  if (!dir) return -1;
  while (readdir(dir))
    count++;
  closedir(dir);
  return count;
}

static int threads_seen;

TENON_FUNCTION(none, see_threads)
{
  threads_seen = thread_count();
}

TEST(a_thousand_sleeps_take_as_long_as_one_and_no_thread)
{
  tenon_runtime *rt = with_module();
  int before = thread_count();
  uint64_t start;

  t_run(rt, IMPORT "globalThis.native = native;");
  start = t_now_ms();
  t_run(rt, "const all = [];\n"
            "for (let i = 0; i < 1000; i++) all.push(native.sleep_ms(100));\n"
            "native.see_threads();\n"
            "await Promise.all(all);");
  CHECK(t_now_ms() - start >= 99);
  CHECK(t_now_ms() - start < 1000);
  CHECK_INT(before, threads_seen);
}

TEST(waiting_uses_no_processor_time)
{
  tenon_runtime *rt = with_module();
  uint64_t start;

  t_run(rt, IMPORT "globalThis.native = native;");
  start = t_cpu_ms();
  t_run(rt, "await native.sleep_ms(400);");
  CHECK(t_cpu_ms() - start < 200);
}

/* A chain of zero timeouts may not keep what another thread did waiting. */
TEST(sleeping_for_no_time_in_a_loop_does_not_starve_threads)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "let done = false, turns = 0;\n"
                   "native.from_thread(7).then(() => { done = true; });\n"
                   "while (!done && ++turns < 1e6) await native.sleep_ms(0);\n"
                   "log(`${done}`);");
  CHECK_LOG("true\n");
}

/* --- Where it is settled ----------------------------------------------------------- */

TENON_ASYNC(i32, in_body, (i32, x))
{
  TENON_RESOLVE(in_body, deferred, x);
}

TEST(a_deferred_can_be_resolved_inside_of_the_body)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "log(`${await native.in_body(5)}`);");
  CHECK_LOG("5\n");
}

TEST(resolving_in_the_body_runs_no_reaction_before_the_script_goes_on)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "said(native.in_body(1)); log('after');");
  CHECK_LOG("after\n+1\n");
}

typedef struct settling {
  tenon_deferred *deferred;
  int32_t x;
} settling;

static void *settle_x(void *p);

static void start_thread(pthread_t *thread, void *(*run)(void *), void *p)
{
  if (pthread_create(thread, NULL, run, p)) abort();
}

static settling *new_settling(tenon_deferred *d, int32_t x)
{
  settling *s = malloc(sizeof *s);

  if (!s) abort();
  *s = (settling){d, x};
  return s;
}

TENON_ASYNC(i32, from_thread, (i32, x))
{
  pthread_t thread;

  start_thread(&thread, settle_x, new_settling(deferred, x));
  pthread_detach(thread);
}

static void *settle_x(void *p)
{
  settling s = *(settling *)p;

  free(p);
  TENON_RESOLVE(from_thread, s.deferred, s.x);
  return NULL;
}

TEST(a_deferred_can_be_resolved_from_another_thread)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "log(`${await native.from_thread(6)}`);");
  CHECK_LOG("6\n");
}

static void *settle_before(void *p);

TENON_ASYNC(i32, before_return, (i32, x))
{
  pthread_t thread;

  start_thread(&thread, settle_before, new_settling(deferred, x));
  pthread_join(thread, NULL);
}

static void *settle_before(void *p)
{
  settling s = *(settling *)p;

  free(p);
  TENON_RESOLVE(before_return, s.deferred, s.x);
  return NULL;
}

TEST(a_thread_can_resolve_before_the_body_has_returned)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "const p = native.before_return(1);\n"
                   "log('called');\n"
                   "log(`${await p} ${await native.before_return(2)}`);");
  CHECK_LOG("called\n1 2\n");
}

/* Both settle: whoever was first, the other must be told. */
static void *race(void *p);
static int race_results[2];

TENON_ASYNC(i32, race_of_two, (i32, x))
{
  pthread_t thread;

  start_thread(&thread, race, new_settling(deferred, x));
  race_results[0] = TENON_RESOLVE(race_of_two, deferred, x + 1);
  pthread_join(thread, NULL);
}

static void *race(void *p)
{
  settling s = *(settling *)p;

  free(p);
  race_results[1] = TENON_RESOLVE(race_of_two, s.deferred, s.x);
  return NULL;
}

TEST(of_a_body_and_a_thread_that_both_resolve_one_wins)
{
  tenon_runtime *rt = with_module();
  int i;

  for (i = 0; i < 200; i++) {
    t_run(rt, IMPORT "log(`${(await native.race_of_two(3)) >> 1}`);");
    CHECK(race_results[0] + race_results[1] == TENON_EALREADY);
  }
}

/* --- Settling twice, failing ---------------------------------------------------------- */

static int codes[4];

TENON_ASYNC(i32, twice)
{
  codes[0] = TENON_RESOLVE(twice, deferred, 1);
  codes[1] = TENON_RESOLVE(twice, deferred, 2);
  codes[2] = tenon_deferred_reject(deferred, TENON_ERROR, "%s", "late");
}

TEST(a_second_settlement_in_the_body_is_refused)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "await said(native.twice());");
  CHECK_LOG("+1\n");
  CHECK_INT(0, codes[0]);
  CHECK_INT(TENON_EALREADY, codes[1]);
  CHECK_INT(TENON_EALREADY, codes[2]);
}

TENON_ASYNC(none, fails, (str, why))
{
  tenon_fail(TENON_RANGE_ERROR, "no: %s", why.data);
  codes[0] = TENON_RESOLVE(fails, deferred);
}

TEST(tenon_fail_in_the_body_rejects)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "const e = await native.just_fails('x').catch((e) => e);\n"
                   "log(`${e instanceof RangeError} ${e.message}`);");
  CHECK_LOG("true no: x\n");
}

TENON_ASYNC(none, just_fails, (str, why))
{
  tenon_fail(TENON_RANGE_ERROR, "no: %s", why.data);
}

TEST(a_resolution_stands_beside_a_failure_of_the_body)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "await said(native.fails('x'));");
  CHECK_LOG("+undefined\n");
  CHECK_INT(0, codes[0]);
}

TENON_ASYNC(none, rejects, (i32, error_class), (str, why))
{
  tenon_deferred_reject(deferred, error_class, "%s %d", why.data, 42);
}

TEST(a_rejection_has_the_class_and_the_formatted_message)
{
  tenon_runtime *rt = with_module();

  t_run(rt,
        IMPORT "for (let c = 0; c < 3; c++) {\n"
               "  try { await native.rejects(c, 'why'); }\n"
               "  catch (e) { log(`${e.constructor.name}|${e.message}`); }\n"
               "}");
  CHECK_LOG("Error|why 42\nTypeError|why 42\nRangeError|why 42\n");
}

TEST(a_long_rejection_message_is_whole)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT
        "const e = await native.rejects(0, 'x'.repeat(200)).catch((e) => e);\n"
        "log(`${e.message.length}`);");
  CHECK_LOG("203\n");
}

TEST(errors_of_arguments_reject_and_do_not_throw)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "await said(native.in_body('x'));\n"
                   "await said(native.in_body());\n"
                   "await said(native.in_body(1.5));\n"
                   "await said(native.echo_str(Symbol(), 1));");
  CHECK_LOG("TypeError: in_body: argument 1 'x': expected integer, got string\n"
            "TypeError: in_body: expected 1 argument, got 0\n"
            "TypeError: in_body: argument 1 'x': expected integer, got 1.5\n"
            "TypeError: echo_str: argument 1 's': expected string, got "
            "symbol\n");
}

/* --- Results ----------------------------------------------------------------------------- */

/* From the body, from a callback of the loop, and from a thread. */
enum { BODY, CALLBACK, THREAD };

typedef struct later {
  void (*settle)(tenon_deferred *d);
  tenon_deferred *deferred;
  uv_timer_t timer;
} later;

static void *run_later(void *p)
{
  later *l = p;

  l->settle(l->deferred);
  free(l);
  return NULL;
}

static void free_later(uv_handle_t *handle)
{
  free(handle->data);
}

static void on_later(uv_timer_t *timer)
{
  later *l = timer->data;

  l->settle(l->deferred);
  uv_close((uv_handle_t *)timer, free_later);
}

static void settle_at(tenon_deferred *d, int where,
                      void (*settle)(tenon_deferred *d))
{
  later *l;
  pthread_t thread;

  if (where == BODY) {
    settle(d);
    return;
  }
  l = malloc(sizeof *l);
  if (!l) abort();
  *l = (later){.settle = settle, .deferred = d};
  if (where == THREAD) {
    start_thread(&thread, run_later, l);
    pthread_detach(thread);
    return;
  }
  uv_timer_init(tenon_deferred_loop(d), &l->timer);
  l->timer.data = l;
  uv_timer_start(&l->timer, on_later, 1, 0);
}

#define RESULT(word, name, value)               \
  static void settle_##name(tenon_deferred *d); \
  TENON_ASYNC(word, name, (i32, where))         \
  {                                             \
    settle_at(deferred, where, settle_##name);  \
  }                                             \
  static void settle_##name(tenon_deferred *d)  \
  {                                             \
    TENON_RESOLVE(name, d, value);              \
  }

RESULT(bool, give_bool, true)
RESULT(i8, give_i8, INT8_MIN)
RESULT(u8, give_u8, UINT8_MAX)
RESULT(i16, give_i16, INT16_MIN)
RESULT(u16, give_u16, UINT16_MAX)
RESULT(i32, give_i32, INT32_MIN)
RESULT(u32, give_u32, UINT32_MAX)
RESULT(i64, give_i64, -9007199254740991)
RESULT(u64, give_u64, 9007199254740991)
RESULT(i64, give_unsafe, 9007199254740992)
RESULT(u64, give_most, UINT64_MAX)
RESULT(f32, give_f32, 0.5f)
RESULT(f64, give_f64, 0.1)

/* What these resolve with is overwritten and gone as soon as they have. */
static void settle_give_str(tenon_deferred *d);
TENON_ASYNC(str, give_str, (i32, where))
{
  settle_at(deferred, where, settle_give_str);
}
static void settle_give_str(tenon_deferred *d)
{
  char *s = strdup("gr\xc3\xbc\xc3\x9f"
                   "e");

  TENON_RESOLVE(give_str, d, tenon_str_of(s));
  memset(s, 'x', strlen(s));
  free(s);
}

static void settle_give_bytes(tenon_deferred *d);
TENON_ASYNC(bytes, give_bytes, (i32, where))
{
  settle_at(deferred, where, settle_give_bytes);
}
static void settle_give_bytes(tenon_deferred *d)
{
  uint8_t *p = malloc(1000);

  memset(p, 7, 1000);
  TENON_RESOLVE(give_bytes, d, (tenon_bytes){p, 1000});
  memset(p, 0, 1000);
  free(p);
}

static void settle_give_opt_str(tenon_deferred *d);
TENON_ASYNC(opt(str), give_opt_str, (i32, where))
{
  settle_at(deferred, where, settle_give_opt_str);
}
static void settle_give_opt_str(tenon_deferred *d)
{
  char text[] = "here";
  tenon_str s = {text, 4};

  TENON_RESOLVE(give_opt_str, d, &s);
  memset(text, 'x', 4);
  s = (tenon_str){NULL, 9};
}

static void settle_give_opt_f64(tenon_deferred *d);
TENON_ASYNC(opt(f64), give_opt_f64, (i32, where))
{
  settle_at(deferred, where, settle_give_opt_f64);
}
static void settle_give_opt_f64(tenon_deferred *d)
{
  double x = 2.5;

  TENON_RESOLVE(give_opt_f64, d, &x);
  x = 0;
}

RESULT(opt(i32), give_absent, NULL)
RESULT(str, give_empty_str, ((tenon_str){NULL, 0}))
RESULT(bytes, give_empty_bytes, ((tenon_bytes){NULL, 0}))
RESULT(str, give_null_str, ((tenon_str){NULL, 3}))

static void check_results(const char *where)
{
  tenon_runtime *rt = with_module();
  char source[1200];

  snprintf(source, sizeof source,
           "%s const where = %s;\n"
           "for (const name of ['bool', 'i8', 'u8', 'i16', 'u16', 'i32',\n"
           "  'u32', 'i64', 'u64', 'f32', 'f64', 'unsafe', 'most', 'str',\n"
           "  'opt_str', 'opt_f64', 'absent', 'empty_str', 'null_str'])\n"
           "  await said(native[`give_${name}`](where));\n"
           "const b = await native.give_bytes(where);\n"
           "log(`${b.length} ${b.every((x) => x === 7)}`);\n"
           "log(`${(await native.give_empty_bytes(where)).length}`);",
           IMPORT, where);
  t_run(rt, source);
  CHECK_LOG("+true\n+-128\n+255\n+-32768\n+65535\n+-2147483648\n"
            "+4294967295\n+-9007199254740991\n+9007199254740991\n+0.5\n+0.1\n"
            "RangeError: give_unsafe: result: 9007199254740992 is not a safe "
            "integer\n"
            "RangeError: give_most: result: 18446744073709551615 is not a "
            "safe integer\n"
            "+gr\xc3\xbc\xc3\x9f"
            "e\n+here\n+2.5\n+undefined\n+\n"
            "TypeError: give_null_str: result: NULL with a length of 3\n"
            "1000 true\n0\n");
}

TEST(results_of_each_type_from_the_body)
{
  check_results("0");
}

TEST(results_of_each_type_from_a_callback)
{
  check_results("1");
}

TEST(results_of_each_type_from_a_thread)
{
  check_results("2");
}

/* --- Arguments and memory ------------------------------------------------------------------ */

typedef struct echo {
  tenon_deferred *deferred;
  tenon_str s;
  tenon_bytes b;
  char *copy;
} echo;

static void *echo_later(void *p);

TENON_ASYNC(str, echo_str, (str, s), (bytes, b))
{
  echo *e = tenon_deferred_alloc(deferred, sizeof *e);
  pthread_t thread;

  if (!e) abort();
  *e = (echo){deferred, s, b, tenon_deferred_alloc(deferred, 100000)};
  if (!e->copy) abort();
  start_thread(&thread, echo_later, e);
  pthread_detach(thread);
}

static void *echo_later(void *p)
{
  echo *e = p;
  int n;

  usleep(20000);
  n = snprintf(e->copy, 100000, "%s %d", e->s.data, e->b.data[0]);
  TENON_RESOLVE(echo_str, e->deferred, ((tenon_str){e->copy, (size_t)n}));
  return NULL;
}

TEST(arguments_and_memory_of_a_deferred_live_until_it_is_settled)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "const b = new Uint8Array(5000).fill(9);\n"
                   "const p = native.echo_str('x'.repeat(3) + '\u20ac', b);\n"
                   "b.fill(1);\n"
                   "b.buffer.transfer();\n"
                   "await said(p);");
  CHECK_LOG("+xxx\xe2\x82\xac 9\n");
}

static int deferred_calls;

static void count_call(void *p)
{
  *(int *)p += 1;
}

TENON_ASYNC(none, with_cleanup)
{
  tenon_defer(count_call, &deferred_calls);
  strcpy(tenon_alloc(1000), "x");
  TENON_RESOLVE(with_cleanup, deferred);
}

TEST(memory_of_the_body_is_released_once)
{
  tenon_runtime *rt = with_module();

  deferred_calls = 0;
  t_run(rt, IMPORT "await native.with_cleanup(); await native.with_cleanup();");
  CHECK_INT(2, deferred_calls);
}

/* --- Order ------------------------------------------------------------------------------------ */

TEST(promise_jobs_run_between_two_timers_that_are_due_at_once)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "const busy = (ms) => { const end = Date.now() + ms;\n"
                   "  while (Date.now() < end); };\n"
                   "for (const n of ['a', 'b', 'c'])\n"
                   "  setTimeout(() => { log(n);\n"
                   "    Promise.resolve().then(() => log(`${n} 1`))\n"
                   "      .then(() => log(`${n} 2`)); }, 5);\n"
                   "busy(30);");
  CHECK_LOG("a\na 1\na 2\nb\nb 1\nb 2\nc\nc 1\nc 2\n");
}

/* Settles all that it was given, in one callback of the loop. */
static tenon_deferred *kept[16];
static int kept_count;

TENON_ASYNC(i32, keep)
{
  kept[kept_count++] = deferred;
}

static void settle_kept(uv_timer_t *timer)
{
  int i, count = kept_count;

  kept_count = 0;
  for (i = 0; i < count; i++)
    TENON_RESOLVE(keep, kept[i], i);
  uv_close((uv_handle_t *)timer, free_handle);
}

TENON_ASYNC(none, settle_all)
{
  uv_timer_t *timer = malloc(sizeof *timer);

  uv_timer_init(tenon_deferred_loop(deferred), timer);
  uv_timer_start(timer, settle_kept, 1, 0);
  TENON_RESOLVE(settle_all, deferred);
}

TEST(promise_jobs_run_between_two_settlements_of_one_callback)
{
  tenon_runtime *rt = with_module();

  kept_count = 0;
  t_run(rt, IMPORT "for (let i = 0; i < 3; i++)\n"
                   "  native.keep().then((v) => log(`${v} 1`))\n"
                   "    .then(() => log(`${i} 2`));\n"
                   "native.settle_all();");
  CHECK_LOG("0 1\n0 2\n1 1\n1 2\n2 1\n2 2\n");
}

TEST(settlements_keep_their_order)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "const order = [];\n"
                   "for (let i = 0; i < 100; i++)\n"
                   "  native.before_return(i).then((v) => order.push(v));\n"
                   "await native.sleep_ms(50);\n"
                   "log(`${order.length} ${order.every((v, i) => v === i)}`);");
  CHECK_LOG("100 true\n");
}

/* --- Errors ---------------------------------------------------------------------------------- */

TEST(an_error_in_one_reaction_ends_the_run_and_the_next_has_the_rest)
{
  tenon_runtime *rt = with_module();

  kept_count = 0;
  CHECK_INT(TENON_EEXCEPTION,
            t_eval_module(rt,
                          IMPORT "for (let i = 0; i < 6; i++)\n"
                                 "  native.keep().then((v) => {\n"
                                 "    log(`${v}`);\n"
                                 "    if (v % 2) throw new Error(`e${v}`);\n"
                                 "  });\n"
                                 "native.settle_all();"));
  CHECK_LOG("0\n1\n");
  CHECK(strstr(tenon_runtime_exception(rt), "e1") != NULL);
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK(strstr(tenon_runtime_exception(rt), "e3") != NULL);
  CHECK_LOG("2\n3\n");
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_LOG("4\n5\n");
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("");
}

TEST(an_error_of_a_timer_is_not_kept_back_by_a_later_timer)
{
  tenon_runtime *rt = with_module();
  uint64_t start = t_now_ms();

  CHECK_INT(TENON_EEXCEPTION,
            t_eval_module(rt, "setTimeout(() => { throw 1; }, 0);\n"
                              "setTimeout(() => {}, 30000);"));
  CHECK(t_now_ms() - start < 10000);
}

static void on_tick(uv_timer_t *timer);

/* Its handle stays open: the loop has nothing to close that would wake it. */
TENON_ASYNC(none, tick)
{
  static uv_timer_t timer;

  uv_timer_init(tenon_deferred_loop(deferred), &timer);
  timer.data = deferred;
  uv_timer_start(&timer, on_tick, 0, 0);
}

static void on_tick(uv_timer_t *timer)
{
  TENON_RESOLVE(tick, timer->data);
}

TEST(an_error_of_a_settlement_is_not_kept_back_by_a_later_timer)
{
  tenon_runtime *rt = with_module();
  uint64_t start = t_now_ms();

  CHECK_INT(TENON_EEXCEPTION,
            t_eval_module(rt, IMPORT "native.tick().then(() => { throw 1; });\n"
                                     "setTimeout(() => {}, 30000);"));
  CHECK(t_now_ms() - start < 10000);
}

/* What an error left behind has its turn in the next run, not in the midst of
 * a script that happens to settle something. */
TEST(what_is_ready_never_runs_inside_of_a_script)
{
  static const char script[] = "log('in'); native.in_body(1); log('out');";
  tenon_runtime *rt = with_module();

  kept_count = 0;
  CHECK_INT(TENON_EEXCEPTION,
            t_eval_module(rt, IMPORT
                          "globalThis.native = native; globalThis.log = log;\n"
                          "native.keep().then(() => { throw 1; });\n"
                          "native.keep().then(() => log('rest'));\n"
                          "native.settle_all();"));
  CHECK_INT(0, tenon_runtime_eval_script(rt, script, strlen(script), NULL));
  CHECK_LOG("in\nout\n");
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("rest\n");
}

/* Native code that runs the loop from inside of a call. */
TENON_ASYNC(none, run_the_loop)
{
  uv_run(tenon_deferred_loop(deferred), UV_RUN_NOWAIT);
  TENON_RESOLVE(run_the_loop, deferred);
}

TEST(a_loop_that_is_run_by_a_native_function_runs_no_callback_inside_of_it)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "setTimeout(() => log('timer'), 0);\n"
                   "native.sleep_ms(0).then(() => log('sleep'));\n"
                   "native.run_the_loop();\n"
                   "log('out');");
  CHECK(strncmp(t_logged(), "out\n", 4) == 0);
}

/* --- Many -------------------------------------------------------------------------------------- */

enum { MANY = 10000, THREADS = 4 };

static tenon_deferred *many[MANY];
static int many_count;

static void *settle_some(void *p);

static pthread_t threads[THREADS];

TENON_ASYNC(i32, one_of_many)
{
  intptr_t i;

  many[many_count++] = deferred;
  if (many_count < MANY) return;
  for (i = 0; i < THREADS; i++)
    start_thread(&threads[i], settle_some, (void *)i);
}

static void *settle_some(void *p)
{
  int i;

  for (i = (int)(intptr_t)p; i < MANY; i += THREADS) {
    if (i % 3)
      TENON_RESOLVE(one_of_many, many[i], i);
    else
      tenon_deferred_reject(many[i], TENON_ERROR, "%d", i);
  }
  return NULL;
}

TEST(ten_thousand_deferreds_are_settled_by_four_threads)
{
  tenon_runtime *rt = with_module();
  int i;

  many_count = 0;
  t_run(rt, IMPORT
        "const all = [];\n"
        "for (let i = 0; i < 10000; i++) all.push(native.one_of_many());\n"
        "const r = await Promise.allSettled(all);\n"
        "let right = 0;\n"
        "r.forEach((x, i) => { right += i % 3 ? x.value === i\n"
        "  : x.reason.message === `${i}`; });\n"
        "log(`${right}`);");
  CHECK_LOG("10000\n");
  for (i = 0; i < THREADS; i++)
    pthread_join(threads[i], NULL);
}

TEST(a_deferred_that_is_open_keeps_the_run_alive_without_handles)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "native.echo_str('a', new Uint8Array(1)).then(log);");
  CHECK_LOG("a 0\n");
}
