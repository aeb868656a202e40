/* Callbacks from other threads: of the pool, and of nobody. */
#define TENON_MODULE threads
#include "harness.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <uv.h>

TENON_MODULE_THREADS(any);

static int code; /* what a thread got last */

static int get_code(void)
{
  return __atomic_load_n(&code, __ATOMIC_SEQ_CST);
}

static void set_code(int r)
{
  __atomic_store_n(&code, r, __ATOMIC_SEQ_CST);
}

static tenon_runtime *runtime(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_threads));
  set_code(1);
  return rt;
}

/* Without a run of the loop. */
static void start(tenon_runtime *rt, const char *source)
{
  CHECK_INT(0, tenon_runtime_eval_module(rt, source, strlen(source), "t.js"));
}

TENON_CALLBACK(str, echo, (str, s), (array(f64), n))
TENON_CALLBACK(none, told, (str, s))

/* --- Of the pool ------------------------------------------------------------------ */

TENON_BLOCKING(str, ask, (echo, f), (u32, times))
{
  static const double numbers[] = {1, 2};
  tenon_array_f64 n = {numbers, 2};
  tenon_str r = {"", 0};
  uint32_t i;

  for (i = 0; i < times; i++)
    if (echo_call(f, &r, r, n)) break;
  return r;
}

TEST(a_thread_of_the_pool_calls_and_gets_the_result)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { ask } from 'm';\n"
            "log(await ask((s, n) => s + n, 3));\n"
            "log((await Promise.all([1, 2, 3, 4, 5, 6].map((i) =>\n"
            "  ask((s) => s + i, 20)))).join());");
  CHECK_LOG("1,21,21,2\n"
            "11111111111111111111,22222222222222222222,33333333333333333333,"
            "44444444444444444444,55555555555555555555,66666666666666666666\n");
}

TEST(what_it_throws_rejects_with_the_same_object)
{
  tenon_runtime *rt = runtime();

  t_run(rt,
        "import { log } from 'test'; import { ask } from 'm';\n"
        "const o = {};\n"
        "await ask(() => { throw o; }, 1).catch((e) => log(`${e === o}`));\n"
        "await ask(() => 1, 1).catch((e) => log(e.message));\n"
        "await ask(async () => '', 1).catch((e) => log(e.message));");
  CHECK_LOG("true\necho: result: expected string, got 1\n"
            "echo: result: expected string, got Promise (is an await missing?)"
            "\n");
}

TENON_BLOCKING(str, insist, (echo, f))
{
  tenon_array_f64 n = {NULL, 0};
  tenon_str r = {"none", 4};
  int i;

  for (i = 0; i < 3; i++) {
    if (echo_call(f, &r, r, n) == 0) break;
    tenon_recover();
  }
  return i < 3 ? r : tenon_str_of("gave up");
}

TEST(a_thread_may_forget_what_was_thrown)
{
  tenon_runtime *rt = runtime();

  t_run(rt,
        "import { log } from 'test'; import { insist } from 'm';\n"
        "let i = 0;\n"
        "log(await insist(() => { if (i++ < 2) throw {}; return `${i}`; }));\n"
        "log(await insist(() => { throw {}; }));");
  CHECK_LOG("3\ngave up\n");
}

TENON_BLOCKING(str, wait_for, (echo, f))
{
  tenon_array_f64 n = {NULL, 0};
  tenon_str r = {NULL, 0};

  set_code(echo_await(f, &r, tenon_str_of("a"), n));
  return r;
}

TEST(a_thread_waits_for_a_promise)
{
  tenon_runtime *rt = runtime();

  t_run(rt,
        "import { log } from 'test'; import { wait_for } from 'm';\n"
        "const later = (x) => new Promise((d) => setTimeout(d, 2, x));\n"
        "log(await wait_for(async (s) => s + await later('b')));\n"
        "log(await wait_for((s) => ({ then(f) { f(s + 'c'); } })));\n"
        "log(await wait_for((s) => s));\n"
        "const o = {};\n"
        "await wait_for(async () => { await 1; throw o; })\n"
        "  .catch((e) => log(`${e === o}`));\n"
        "await wait_for(() => { throw o; }).catch((e) => log(`${e === o}`));\n"
        "await wait_for(async () => 1).catch((e) => log(e.message));");
  CHECK_LOG("ab\nac\na\ntrue\ntrue\necho: result: expected string, got 1\n");
}

TEST(a_promise_that_nobody_settles_ends_with_the_runtime)
{
  tenon_runtime *rt = runtime();

  CHECK_INT(TENON_EEXIT,
            t_eval_module(rt, "import { wait_for } from 'm';\n"
                              "wait_for(() => new Promise(() => {}));\n"
                              "setTimeout(() => process.exit(), 5);"));
  t_free(rt);
  CHECK_INT(TENON_ECLOSING, get_code());
}

TENON_FUNCTION(f64, total, (array(f64), n), (echo, f))
{
  tenon_str s;

  set_code(echo_call(f, &s, tenon_str_of("total"), n));
  return (double)s.len;
}

TEST(the_twin_of_a_function_calls_from_its_thread)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { total } from 'm';\n"
            "log(`${total([1], (s, n) => s + n)}`);\n"
            "log(`${await total.async([1, 2], (s, n) => s + n)}`);");
  CHECK_LOG("6\n8\n");
}

TEST(a_program_that_ends_lets_a_waiting_thread_go)
{
  tenon_runtime *rt = runtime();

  CHECK_INT(TENON_EEXIT,
            t_eval_module(rt, "import { total } from 'm';\n"
                              "total.async([], () => process.exit(1));"));
  t_free(rt);
  CHECK_INT(TENON_EEXIT, get_code());
  rt = runtime();
  /* It is queued, or has not begun and is dropped. */
  CHECK_INT(TENON_EEXIT, t_eval_module(rt, "import { total } from 'm';\n"
                                           "total.async([], () => '');\n"
                                           "process.exit(1);"));
  t_free(rt);
  CHECK(get_code() == TENON_ECLOSING || get_code() == 1);
}

/* --- Threads of nobody ---------------------------------------------------------------- */

static told *kept;
static uv_thread_t thread;

TENON_FUNCTION(none, keep, (told, f), (bool, alive))
{
  kept = told_keep(f);
  if (alive && tenon_callback_hold(kept, true)) tenon_fail(TENON_ERROR, "hold");
}

TENON_FUNCTION(none, drop)
{
  tenon_callback_release(kept);
  kept = NULL;
}

static void post_many(void *p)
{
  char text[16];
  tenon_str s = {text, 0};
  int i, n = *(int *)p;

  for (i = 0; i < n; i++) {
    s.len = (size_t)snprintf(text, sizeof text, "%d", i);
    set_code(told_post(kept, s));
    text[0] = 'x';
  }
}

TENON_FUNCTION(none, post_from_thread, (i32, n))
{
  static int count;

  count = n;
  if (uv_thread_create(&thread, post_many, &count))
    tenon_fail(TENON_ERROR, "no thread");
}

TENON_FUNCTION(none, join)
{
  uv_thread_join(&thread);
}

TEST(posted_calls_come_in_their_order_and_none_is_lost)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test';\n"
            "import { keep, drop, post_from_thread, join } from 'm';\n"
            "let n = 0, last = -1, ok = true;\n"
            "keep((s) => { ok &&= +s === ++last; if (++n < 2000) return;\n"
            "  join(); drop(); log(`${n} ${ok}`); }, true);\n"
            "post_from_thread(2000);");
  CHECK_LOG("2000 true\n");
  CHECK_INT(0, get_code());
}

TEST(calls_that_are_queued_keep_a_loop_alive_that_has_nothing_else)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test';\n"
            "import { keep, drop, post_from_thread, join } from 'm';\n"
            "keep((s) => log(s), false); post_from_thread(3); join();");
  CHECK_LOG("0\n1\n2\n");
  tenon_callback_release(kept);
}

static void call_once(void *p)
{
  (void)p;
  set_code(told_call(kept, tenon_str_of("thread")));
}

static void call_and_release(void *p)
{
  call_once(p);
  tenon_callback_release(kept);
}

TEST(a_thread_of_nobody_calls_while_the_host_runs_the_loop)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { keep, drop } from 'm';\n"
            "keep((s) => log(s), true);\n"
            "setTimeout(drop, 50);");
  CHECK_LOG("");
  start(rt, "import { log } from 'test'; import { keep } from 'm';\n"
            "keep((s) => log(s), true);");
  uv_thread_create(&thread, call_and_release, NULL);
  CHECK_INT(0, tenon_runtime_run(rt));
  uv_thread_join(&thread);
  CHECK_INT(0, get_code());
  CHECK_LOG("thread\n");
}

TEST(it_may_be_released_while_another_thread_calls_it)
{
  tenon_runtime *rt = runtime();

  start(rt, "import { log } from 'test'; import { keep, drop } from 'm';\n"
            "keep((s) => { drop(); log(s); }, true);");
  uv_thread_create(&thread, call_once, NULL);
  CHECK_INT(0, tenon_runtime_run(rt));
  uv_thread_join(&thread);
  CHECK_INT(0, get_code());
  CHECK_LOG("thread\n");
}

TEST(what_a_thread_of_nobody_makes_it_throw_is_uncaught)
{
  tenon_runtime *rt = runtime();
  int r;

  t_run(rt, "import { keep } from 'm'; keep((s) => { throw s; }, false);");
  uv_thread_create(&thread, call_and_release, NULL);
  while ((r = tenon_runtime_run(rt)) == 0 && get_code() == 1)
    uv_sleep(1);
  CHECK_INT(TENON_EEXCEPTION, r);
  CHECK_TEXT("thread", tenon_runtime_exception(rt));
  tenon_runtime_clear_exception(rt);
  uv_thread_join(&thread);
  CHECK_INT(TENON_EEXCEPTION, get_code());
}

TEST(a_thread_that_waits_is_let_go_when_the_runtime_is_freed)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { keep } from 'm'; keep(() => {}, false);");
  uv_thread_create(&thread, call_once, NULL);
  uv_sleep(5);
  t_free(rt);
  uv_thread_join(&thread);
  CHECK_INT(TENON_ECLOSING, get_code());
  tenon_callback_release(kept);
}

static void release_it(void *p)
{
  tenon_callback_release(p);
}

TEST(another_thread_may_release_it_before_and_after_the_runtime_ends)
{
  int i;

  for (i = 0; i < 20; i++) {
    tenon_runtime *rt = runtime();
    told *one;
    start(rt, "import { keep } from 'm'; keep(() => {}, true);");
    one = kept;
    uv_thread_create(&thread, release_it, one);
    if (i % 3 == 0) CHECK_INT(0, tenon_runtime_run(rt));
    if (i % 3 == 1) uv_sleep(1);
    t_free(rt);
    uv_thread_join(&thread);
  }
}

static void call_until_closed(void *p)
{
  told *one = p;
  int r;

  do
    r = told_call(one, tenon_str_of("x"));
  while (r == 0);
  set_code(r);
  tenon_callback_release(one);
}

TEST(several_threads_call_while_the_runtime_ends)
{
  tenon_runtime *rt = runtime();
  uv_thread_t threads[4];
  int i;

  t_run(rt, "import { keep } from 'm'; let n = 0; globalThis.n = () => n;\n"
            "keep(() => { n++; }, false);");
  for (i = 0; i < 4; i++)
    uv_thread_create(&threads[i], call_until_closed, told_keep(kept));
  t_run(rt,
        "await new Promise((done) => {\n"
        "  const f = () => n() > 200 ? done() : setTimeout(f, 1); f(); });");
  t_free(rt);
  for (i = 0; i < 4; i++)
    uv_thread_join(&threads[i]);
  CHECK_INT(TENON_ECLOSING, get_code());
  tenon_callback_release(kept);
}

/* --- Of another thread's runtime -------------------------------------------------------- */

TENON_FUNCTION(none, use)
{
  told_call(kept, tenon_str_of("x"));
}

TENON_BLOCKING(none, use_on_pool)
{
  told_call(kept, tenon_str_of("x"));
}

static void run_another(void *p)
{
  static const char source[] =
      "import { use, use_on_pool } from 'm';\n"
      "const check = (e) => {\n"
      "  if (e.message !== 'an exception of another runtime') throw e; };\n"
      "for (let i = 0; i < 300; i++) {\n"
      "  try { use(); throw new Error('no'); } catch (e) { check(e); }\n"
      "  if (i % 3 === 0) await use_on_pool().then(check, check); }";
  tenon_runtime *rt;
  int r = tenon_runtime_new(NULL, &rt);

  (void)p;
  if (r == 0) r = tenon_runtime_add_module(rt, "m", tenon_module_threads);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, source, strlen(source), "another.js");
  if (r == 0) r = tenon_runtime_run(rt);
  tenon_runtime_free(rt);
  tenon_callback_release(kept);
  set_code(r);
}

TEST(what_it_throws_into_a_call_of_another_thread_stays_in_its_runtime)
{
  tenon_runtime *rt = runtime();

  start(rt, "import { keep } from 'm';\n"
            "const all = []; let n = 0;\n"
            "keep(() => { const e = {}; all[n++ % 8] = e; throw e; }, true);\n"
            "const busy = setInterval(() => {\n"
            "  for (let i = 0; i < 200; i++) for (const e of all) e.i = i;\n"
            "  if (n >= 400) clearInterval(busy); });");
  uv_thread_create(&thread, run_another, NULL);
  CHECK_INT(0, tenon_runtime_run(rt));
  uv_thread_join(&thread);
  CHECK_INT(0, get_code());
}

/* Results outside of native functions belong to the thread. */
static echo *kept_echo;

TENON_FUNCTION(none, keep_echo, (echo, f))
{
  kept_echo = echo_keep(f);
}

static void ask_outside(void *p)
{
  tenon_array_f64 n = {NULL, 0};
  tenon_str r = {"", 0};
  int i, bad = 0;

  (void)p;
  for (i = 1; i <= 100 && !bad; i++)
    bad = echo_call(kept_echo, &r, r, n) || r.len != (size_t)i;
  set_code(bad);
}

TEST(a_result_lives_until_the_next_call_of_its_thread)
{
  tenon_runtime *rt = runtime();
  uv_thread_t threads[2];

  t_run(rt, "import { keep_echo } from 'm'; keep_echo((s) => s + 'x');");
  uv_thread_create(&threads[0], ask_outside, NULL);
  uv_thread_create(&threads[1], ask_outside, NULL);
  while (get_code() == 1) {
    CHECK_INT(0, tenon_runtime_run(rt));
    uv_sleep(1);
  }
  CHECK_INT(0, get_code());
  t_free(rt);
  uv_thread_join(&threads[0]);
  uv_thread_join(&threads[1]);
  tenon_callback_release(kept_echo);
}
