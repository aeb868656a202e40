/* setTimeout, setInterval, clearTimeout, clearInterval. */
#define TENON_MODULE timers
#include <string.h>
#include <tenon/export.h>
#include <unistd.h>

#include "harness.h"

static tenon_runtime *with_log(void)
{
  tenon_runtime *rt = t_runtime();

  t_run(rt, "import { log } from 'test';\n"
            "globalThis.log = log;\n"
            "globalThis.busy = (ms) => { const end = Date.now() + ms;\n"
            "  while (Date.now() < end); };");
  return rt;
}

/* Without running the loop. */
static void eval(tenon_runtime *rt, const char *source)
{
  CHECK_INT(0, tenon_runtime_eval_script(rt, source, strlen(source), NULL));
}

/* --- Order ------------------------------------------------------------------------ */

TEST(timers_of_equal_delays_fire_in_their_order)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "const got = [];\n"
            "for (let i = 0; i < 1000; i++)\n"
            "  setTimeout(() => got.push(i), 5);\n"
            "setTimeout(() => log(`${got.length} `\n"
            "  + `${got.every((v, i) => v === i)}`), 200);");
  CHECK_LOG("1000 true\n");
}

TEST(timers_of_different_delays_fire_by_their_time)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "for (const ms of [120, 1, 80, 40])\n"
            "  setTimeout(() => log(`${ms}`), ms);");
  CHECK_LOG("1\n40\n80\n120\n");
}

/* Set later and not shorter: never before the other. */
TEST(thousands_of_timers_of_which_some_are_cleared_keep_their_order)
{
  tenon_runtime *rt = with_log();

  t_run(
      rt,
      "let seed = 7;"
      "const random = n => (seed = seed * 48271 % 2147483647) % n;"
      "const all = [], fired = [];"
      "for (let i = 0; i < 3000; i++) {"
      "  const delay = random(25);"
      "  all.push(setTimeout(() => {"
      "    fired.push([i, delay]);"
      "    if (random(4) === 0) clearTimeout(all[random(3000)]);"
      "  }, delay));"
      "  if (random(3) === 0) clearTimeout(all[random(all.length)]);"
      "}"
      "setTimeout(() => {"
      "  let bad = 0;"
      "  for (let a = 0; a < fired.length; a++)"
      "    for (let b = a + 1; b < fired.length; b++)"
      "      if (fired[b][0] < fired[a][0] && fired[b][1] <= fired[a][1]) bad++;"
      "  log(`${bad} ${fired.length > 1000}`);"
      "}, 60);");
  CHECK_LOG("0 true\n");
}

TEST(a_timer_never_fires_inside_of_the_script_that_set_it)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "setTimeout(log, 0, 'timer'); busy(10);\n"
            "Promise.resolve().then(() => log('job')); log('script');");
  CHECK_LOG("script\njob\ntimer\n");
}

TEST(a_delay_counts_from_the_call_and_not_from_the_turn)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "setTimeout(() => {\n"
            "  busy(50);\n"
            "  const start = Date.now();\n"
            "  setTimeout(() => log(`${Date.now() - start >= 39}`), 40);\n"
            "}, 0);");
  CHECK_LOG("true\n");
}

TEST(a_timer_gets_its_arguments_and_the_global_this)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "setTimeout(function (...a) {\n"
            "  log(`${a.join()} ${a.length} ${this === globalThis}`);\n"
            "}, 0, 1, 'x', undefined, null);\n"
            "let n = 0;\n"
            "const id = setInterval((a, b) => {\n"
            "  log(a + b);\n"
            "  if (++n === 2) clearInterval(id);\n"
            "}, 5, 'p', 'q');");
  CHECK_LOG("1,x,, 4 true\npq\npq\n");
}

TEST(a_thousand_arguments_are_passed_and_more_refused)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "const args = Array.from({ length: 1024 }, (_, i) => i);\n"
            "setTimeout((...a) => log(`${a.length} ${a[1023]}`), 0, ...args);");
  CHECK_LOG("1024 1023\n");
  CHECK_THROWS(rt, "RangeError: setTimeout: more than 1024 arguments",
               "setTimeout(() => {}, 0, ...new Array(1025));");
}

/* --- Clearing ------------------------------------------------------------------------ */

TEST(a_cleared_timer_does_not_fire)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "const id = setTimeout(log, 1, 'no');\n"
            "setTimeout(log, 2, 'yes');\n"
            "clearTimeout(id); clearTimeout(id);");
  CHECK_LOG("yes\n");
}

TEST(a_timer_can_be_cleared_inside_of_its_own_callback)
{
  tenon_runtime *rt = with_log();

  t_run(rt,
        "const id = setTimeout((x) => {\n"
        "  clearTimeout(id); clearInterval(id); log(x.y); }, 0, { y: 'z' });");
  CHECK_LOG("z\n");
}

TEST(an_interval_can_be_cleared_by_itself)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "let n = 0;\n"
            "const id = setInterval((x) => {\n"
            "  if (++n === 3) clearInterval(id);\n"
            "  log(`${n} ${x.y}`);\n"
            "}, 1, { y: 'z' });");
  CHECK_LOG("1 z\n2 z\n3 z\n");
}

TEST(a_timer_that_is_due_in_the_same_turn_can_be_cleared)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "let b;\n"
            "setTimeout(() => { log('a'); clearTimeout(b); }, 1);\n"
            "b = setTimeout(() => log('b'), 1);\n"
            "setTimeout(() => log('c'), 1);\n"
            "busy(20);");
  CHECK_LOG("a\nc\n");
}

TEST(clear_timeout_and_clear_interval_are_interchangeable)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "clearInterval(setTimeout(log, 0, 'timeout'));\n"
            "clearTimeout(setInterval(log, 0, 'interval'));");
  CHECK_LOG("");
}

TEST(clearing_what_is_not_there_does_nothing)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "const id = setTimeout(log, 1, 'fires');\n"
            "for (const x of [undefined, null, 0, -1, NaN, 1e300, -1e300,\n"
            "  Infinity, 2 ** 53, 2 ** 64, id + 1, id + 64, id + 2 ** 32,\n"
            "  'x', {}, [], true, 0.5]) {\n"
            "  if (x === true) continue;\n"
            "  clearTimeout(x); clearInterval(x);\n"
            "}\n"
            "clearTimeout(); clearInterval();\n"
            "for (const f of [clearTimeout, clearInterval]) {\n"
            "  try { f(Symbol()); } catch (e) { log(e.name); }\n"
            "  try { f({ valueOf() { throw new RangeError(); } }); }\n"
            "  catch (e) { log(e.name); }\n"
            "}");
  CHECK_LOG("TypeError\nRangeError\nTypeError\nRangeError\nfires\n");
}

TEST(an_id_that_clears_timers_while_it_is_converted_does_no_harm)
{
  tenon_runtime *rt = with_log();

  t_run(rt,
        "const ids = [];\n"
        "for (let i = 0; i < 200; i++) ids.push(setTimeout(log, 5, 'no'));\n"
        "clearTimeout({ valueOf() { ids.forEach(clearTimeout);\n"
        "  return ids[7]; } });\n"
        "setTimeout(log, { valueOf() { const more = [];\n"
        "  for (let i = 0; i < 200; i++) more.push(setTimeout(log, 5, 'no'));\n"
        "  more.forEach((id) => clearTimeout(id));\n"
        "  return 1; } }, 'yes');");
  CHECK_LOG("yes\n");
}

TEST(ids_are_positive_integers_and_never_reused)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "const seen = new Set();\n"
            "for (let i = 0; i < 1000; i++) {\n"
            "  const id = setTimeout(() => {}, 0);\n"
            "  if (!Number.isInteger(id) || id < 1) log(`${id}`);\n"
            "  seen.add(id); clearTimeout(id);\n"
            "}\n"
            "log(`${seen.size}`);");
  CHECK_LOG("1000\n");
}

/* --- Arguments ------------------------------------------------------------------------ */

TEST(a_callback_that_is_no_function_is_a_type_error)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "for (const f of [setTimeout, setInterval])\n"
            "  for (const x of ['code()', undefined, null, 1, {}])\n"
            "    try { f(x, 0); log('none'); }\n"
            "    catch (e) { if (!(e instanceof TypeError)) throw e; }\n"
            "try { setTimeout(); } catch (e) { log(`${e}`); }\n"
            "try { setInterval('x'); } catch (e) { log(`${e}`); }");
  CHECK_LOG("TypeError: setTimeout: argument 1 'callback': expected function\n"
            "TypeError: setInterval: argument 1 'callback': expected "
            "function\n");
}

TEST(a_delay_is_converted_to_a_long)
{
  tenon_runtime *rt = with_log();
  uint64_t start = t_now_ms();

  /* All of these are 0, or small: none waits. */
  t_run(rt,
        "let n = 0;\n"
        "const delays = [-1, -Infinity, Infinity, NaN, undefined, null,\n"
        "  'x', '3', {}, [], true, 2 ** 31, 2 ** 32 + 1, -(2 ** 31), 1e300,\n"
        "  0.9];\n"
        "for (const d of delays) setTimeout(() => n++, d);\n"
        "setTimeout(() => n++);\n"
        "setTimeout(() => log(`${n === delays.length + 1}`), 100);\n"
        "for (const bad of [Symbol(), 1n])\n"
        "  try { setTimeout(() => log('bad'), bad); }\n"
        "  catch (e) { log(e.name); }");
  CHECK_LOG("TypeError\nTypeError\ntrue\n");
  CHECK(t_now_ms() - start < 10000);
}

TEST(a_delay_that_throws_sets_no_timer)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "try { setTimeout(() => log('no'),\n"
            "  { valueOf() { throw new RangeError('x'); } }); }\n"
            "catch (e) { log(`${e}`); }");
  CHECK_LOG("RangeError: x\n");
}

/* --- Fairness ------------------------------------------------------------------------- */

TENON_BLOCKING(none, blocked)
{
  usleep(20000);
}

static tenon_runtime *with_pool(void)
{
  tenon_runtime *rt = with_log();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_timers));
  return rt;
}

/* A turn limit instead of a time: it is reached only when nothing else ran. */
TEST(an_interval_does_not_starve_others)
{
  tenon_runtime *rt = with_pool();

  t_run(rt, "import { blocked } from 'native';\n"
            "let done = 0, n = 0;\n"
            "setTimeout(() => done++, 30);\n"
            "blocked().then(() => done++);\n"
            "const id = setInterval(() => {\n"
            "  busy(3); setTimeout(() => {}, 0);\n"
            "  if (done === 2 || ++n === 1000) clearInterval(id);\n"
            "}, 1);\n"
            "setTimeout(() => log(`${done}`), 60);");
  CHECK_LOG("2\n");
}

TEST(a_chain_of_zero_timeouts_does_not_starve_the_pool)
{
  tenon_runtime *rt = with_pool();

  t_run(rt, "import { blocked } from 'native';\n"
            "let done = false, n = 0;\n"
            "blocked().then(() => { done = true; });\n"
            "(function next() {\n"
            "  if (done || ++n === 300000) log(`${done}`);\n"
            "  else setTimeout(next, 0);\n"
            "})();");
  CHECK_LOG("true\n");
}

TEST(zero_timeouts_nest_ten_thousand_deep)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "let n = 0;\n"
            "(function next() {\n"
            "  if (++n < 10000) setTimeout(next, 0); else log(`${n}`);\n"
            "})();");
  CHECK_LOG("10000\n");
}

TEST(a_timer_alone_uses_no_processor_time)
{
  tenon_runtime *rt = with_log();
  uint64_t start = t_cpu_ms();

  t_run(rt, "setTimeout(() => {}, 400);\n"
            "const id = setInterval(() => clearInterval(id), 300);");
  CHECK(t_cpu_ms() - start < 250);
}

TEST(a_timer_keeps_an_infinite_wait_from_ending)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "await new Promise((resolve) => setTimeout(resolve, 30));\n"
            "log('woke');");
  CHECK_LOG("woke\n");
}

/* --- Memory --------------------------------------------------------------------------- */

TEST(a_hundred_thousand_timers_leave_no_memory_behind)
{
  tenon_runtime *rt = with_log();
  size_t before, after;

  t_run(rt,
        "for (let i = 0; i < 100; i++) clearTimeout(setTimeout(log, 9, i));");
  tenon_runtime_collect(rt);
  before = tenon_runtime_memory(rt).used_bytes;
  t_run(rt, "{ const ids = [];\n"
            "for (let i = 0; i < 100000; i++)\n"
            "  ids.push(setTimeout(log, 1e6, 'x', {}));\n"
            "for (const id of ids) clearTimeout(id); }");
  tenon_runtime_collect(rt);
  after = tenon_runtime_memory(rt).used_bytes;
  CHECK(after < before + 100000);
  CHECK_LOG("");
}

TEST(a_script_that_sets_and_clears_in_a_loop_needs_one_timer)
{
  tenon_runtime *rt = with_log();
  size_t before = tenon_runtime_memory(rt).used_bytes, after;

  eval(rt, "for (let i = 0; i < 50000; i++)\n"
           "  clearTimeout(setTimeout(() => {}, 1e6));");
  after = tenon_runtime_memory(rt).used_bytes;
  CHECK(after < before + 100000);
}

TEST(a_callback_is_garbage_once_it_has_fired_or_was_cleared)
{
  tenon_runtime *rt = with_log();

  t_run(rt, "globalThis.refs = [];\n"
            "function make() { const o = {}; refs.push(new WeakRef(o));\n"
            "  return () => o; }\n"
            "setTimeout(make(), 0);\n"
            "clearTimeout(setTimeout(make(), 5));\n"
            "clearInterval(setInterval(make(), 5));\n"
            "setTimeout(() => {}, 0, make());");
  tenon_runtime_collect(rt);
  t_run(rt, "log(refs.map((r) => typeof r.deref()).join());");
  CHECK_LOG("undefined,undefined,undefined,undefined\n");
}

/* --- Errors --------------------------------------------------------------------------- */

TEST(a_callback_that_throws_ends_the_run_and_the_next_has_the_rest)
{
  tenon_runtime *rt = with_log();
  int i;

  CHECK_INT(TENON_EEXCEPTION,
            t_eval_module(rt,
                          "for (let i = 0; i < 6; i++)\n"
                          "  setTimeout(() => { log(`${i}`);\n"
                          "    if (i % 2) throw new Error(`e${i}`); }, 1);\n"
                          "busy(10);"));
  CHECK_LOG("0\n1\n");
  for (i = 3; i < 6; i += 2) {
    CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
    CHECK(strstr(tenon_runtime_exception(rt), i == 3 ? "e3" : "e5") != NULL);
    CHECK_TEXT(i == 3 ? "2\n3\n" : "4\n5\n", t_logged());
  }
  CHECK_INT(0, tenon_runtime_run(rt));
}

TEST(an_interval_goes_on_after_its_callback_has_thrown)
{
  tenon_runtime *rt = with_log();

  CHECK_INT(TENON_EEXCEPTION,
            t_eval_module(rt, "let n = 0;\n"
                              "const id = setInterval(() => {\n"
                              "  log(`${++n}`);\n"
                              "  if (n === 3) clearInterval(id);\n"
                              "  else throw n;\n"
                              "}, 1);"));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("1\n2\n3\n");
}

TEST(a_runtime_is_freed_with_a_thousand_timers_pending)
{
  tenon_runtime *rt = with_log();

  eval(rt, "for (let i = 0; i < 500; i++) {\n"
           "  setTimeout(log, i, {}); setInterval(() => i, 1 + i); }");
  t_free(rt);
  CHECK_LOG("");
}
