/* Functions of JavaScript that native code calls while it runs, or later. */
#define TENON_MODULE callback
#include "harness.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <uv.h>

#include "base/text.h"

/* What C has seen. */
static int last_code;
static double last_result;

TENON_CALLBACK(f64, binary, (f64, a), (f64, b))

TENON_FUNCTION(f64, reduce, (array(f64), all), (f64, start), (binary, by))
{
  size_t i;

  for (i = 0; i < all.len; i++) {
    last_result = -1;
    last_code = binary_call(by, &last_result, start, all.data[i]);
    if (last_code) return 0;
    start = last_result;
  }
  return start;
}

TEST(a_callback_gets_arguments_and_gives_a_result)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_callback));
  t_run(rt, "import { log } from 'test'; import { reduce } from 'm';\n"
            "log(`${reduce([1, 2, 3], 10, (a, b) => a + b)}`);\n"
            "log(`${reduce([1, 2], 1, Math.max)} ${reduce.length}`);\n"
            "log(`${reduce([], 1, function () {})}`);");
  CHECK_LOG("16\n2 3\n1\n");
}

static tenon_runtime *runtime(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_callback));
  return rt;
}

TEST(what_it_throws_is_thrown_by_the_function_as_the_same_object)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { reduce } from 'm';\n"
            "for (const o of [new Error('x'), 5, undefined, null])\n"
            "  try { reduce([1], 1, () => { throw o; }); log('no'); }\n"
            "  catch (e) { log(`${e === o}`); }");
  CHECK_LOG("true\ntrue\ntrue\ntrue\n");
  CHECK_INT(TENON_EEXCEPTION, last_code);
  CHECK(last_result == 0);
}

TENON_FUNCTION(f64, careful, (binary, by))
{
  double r;

  last_code = binary_call(by, &r, 1, 2);
  return tenon_recover() ? -1 : r;
}

TEST(what_it_throws_can_be_forgotten)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { careful } from 'm';\n"
            "log(`${careful(() => { throw 1; })} ${careful(() => 7)}`);");
  CHECK_LOG("-1 7\n");
}

TEST(a_result_is_converted_strictly)
{
  tenon_runtime *rt = runtime();

  CHECK_THROWS(rt, "TypeError: binary: result: expected number, got undefined",
               "import { reduce } from 'm'; reduce([1], 1, () => {});");
  CHECK_THROWS(rt, "TypeError: binary: result: expected number, got string",
               "import { reduce } from 'm'; reduce([1], 1, () => '1');");
  CHECK_THROWS(rt, "got Promise (is an await missing?)",
               "import { reduce } from 'm'; reduce([1], 1, async () => 1);");
}

TEST(what_is_no_function_is_refused)
{
  tenon_runtime *rt = runtime();

  CHECK_THROWS(rt,
               "TypeError: reduce: argument 3 'by': expected function, got "
               "object",
               "import { reduce } from 'm'; reduce([1], 1, {});");
  CHECK_THROWS(rt, "reduce: expected 3 arguments, got 2",
               "import { reduce } from 'm'; reduce([1], 1);");
}

/* --- Every kind ------------------------------------------------------------------ */

TENON_ENUM(hue, red, blue)
TENON_STRUCT(item, (str, name), (hue, h), (opt(i32), n), (array(f64), all),
             (str, kind, tenon_str_of("kind")))
TENON_CALLBACK(item, change, (item, it), (bytes, b), (nullable(cstr), s))

TENON_FUNCTION(item, changed, (item, it), (bytes, b), (change, by))
{
  item r;

  if (change_call(by, &r, it, b, NULL))
    return tenon_fail(TENON_ERROR, "unseen");
  return r;
}

TEST(structs_go_both_ways)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { changed } from 'm';\n"
            "const r = changed({ name: 'a', h: 'red', all: [1, 2] },\n"
            "  new Uint8Array([7, 8]), (it, b, s) => {\n"
            "  log(JSON.stringify([it, [...b], s]));\n"
            "  return { name: it.name + 'b', h: 'blue', n: 3, all: [...b] };\n"
            "});\n"
            "log(JSON.stringify(r));");
  CHECK_LOG("[{\"name\":\"a\",\"h\":\"red\",\"all\":[1,2],\"kind\":\"kind\"},"
            "[7,8],null]\n"
            "{\"name\":\"ab\",\"h\":\"blue\",\"n\":3,\"all\":[7,8],"
            "\"kind\":\"kind\"}\n");
  CHECK_THROWS(rt,
               "change: result 'h': expected one of 'red', 'blue', got 'no'",
               "import { changed } from 'm';\n"
               "changed({ name: '', h: 'red', all: [] }, new Uint8Array(1),\n"
               "  (it) => ({ ...it, h: 'no' }));");
}

TENON_CALLBACK(none, told, (str, s))
TENON_CALLBACK(str, asked)

TENON_FUNCTION(i32, tell, (told, f), (str, s))
{
  return told_call(f, s);
}

TENON_FUNCTION(str, ask_twice, (asked, f))
{
  tenon_str a, b, r = {NULL, 0};
  char *p;

  if (asked_call(f, &a) || asked_call(f, &b)) return r;
  r.len = a.len + b.len;
  p = tenon_alloc(r.len + 1);
  if (!p) return tenon_fail(TENON_ERROR, "out of memory");
  memcpy(p, a.data, a.len);
  memcpy(p + a.len, b.data, b.len);
  r.data = p;
  return r;
}

TEST(of_none_the_result_is_not_looked_at)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { tell } from 'm';\n"
            "log(`${tell((s) => { log(s); return Symbol(); }, 'h\\u00e9')}`);");
  CHECK_LOG("h\xc3\xa9\n0\n");
}

TEST(a_result_lives_until_the_function_returns)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { ask_twice } from 'm';\n"
            "let n = 0;\n"
            "log(ask_twice(() => 'x'.repeat(300) + n++).length + '');\n"
            "log(ask_twice(() => `${n++}`));");
  CHECK_LOG("602\n23\n");
}

TENON_CALLBACK(none, taken, (bytes, b))

TENON_FUNCTION(none, give, (taken, f))
{
  uint8_t *p = (uint8_t *)tenon_defer(free, malloc(3));
  tenon_bytes b = {p, 3};

  if (!p) return;
  memcpy(p, "abc", 3);
  if (taken_call(f, b)) return;
  p[0] = 'z';
  (void)taken_call(f, b);
}

TEST(an_argument_stays_the_callers)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { give } from 'm';\n"
            "const all = []; give((b) => all.push(b));\n"
            "log(all.map((b) => String.fromCharCode(...b)).join());");
  CHECK_LOG("abc,zbc\n");
}

/* --- Where they stand -------------------------------------------------------------- */

TENON_STRUCT(visitor, (told, enter), (opt(told), leave),
             (nullable(told), other))

TENON_FUNCTION(none, visit, (visitor, v), (array(told), more),
               (opt(told), last))
{
  size_t i;

  if (told_call(v.enter, tenon_str_of("enter"))) return;
  if (v.leave && told_call(*v.leave, tenon_str_of("leave"))) return;
  if (v.other && told_call(*v.other, tenon_str_of("other"))) return;
  for (i = 0; i < more.len; i++)
    if (told_call(more.data[i], tenon_str_of("more"))) return;
  if (last) (void)told_call(*last, tenon_str_of("last"));
}

TEST(a_struct_and_an_array_hold_them)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { visit } from 'm';\n"
            "visit({ enter: log, leave: log, other: null }, [log, log], log);\n"
            "visit({ enter: log, other: log }, []);");
  CHECK_LOG("enter\nleave\nmore\nmore\nlast\nenter\nother\n");
  CHECK_THROWS(
      rt, "visit: argument 1 'v.leave': expected function, got 1",
      "import { visit } from 'm'; visit({ enter() {}, leave: 1 }, []);");
  CHECK_THROWS(
      rt, "visit: argument 2 'more[1]': expected function, got null",
      "import { visit } from 'm'; visit({ enter() {} }, [Map, null]);");
}

TENON_CALLBACK(none, chained, (told, next))
TENON_CALLBACK(told, maker)

TENON_FUNCTION(told, both, (chained, first), (maker, make), (told, f))
{
  told *made;

  if (chained_call(first, f)) return NULL;
  if (maker_call(make, &made)) return NULL;
  (void)told_call(made, tenon_str_of("made"));
  return made;
}

TEST(a_callback_goes_out_as_the_function_that_it_is)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { both } from 'm';\n"
            "let f = () => {}, g = (s) => log(s);\n"
            "const r = both((next) => log(`${next === f}`), () => g, f);\n"
            "log(`${r === g}`);");
  CHECK_LOG("true\nmade\ntrue\n");
}

TENON_FUNCTION(told, no_callback)
{
  return NULL;
}

TEST(null_is_no_callback)
{
  tenon_runtime *rt = runtime();

  CHECK_THROWS(rt, "no_callback: result: NULL, which is nullable's alone",
               "import { no_callback } from 'm'; no_callback();");
  CHECK_INT(TENON_EINVAL, told_call(NULL, tenon_str_of("")));
  CHECK_INT(TENON_EINVAL, told_post(NULL, tenon_str_of("")));
  CHECK(told_keep(NULL) == NULL);
  tenon_callback_release(NULL);
}

/* --- Once --------------------------------------------------------------------------- */

TENON_CALLBACK_ONCE(none, done, (i32, code))

TENON_FUNCTION(i32, twice, (done, f))
{
  int first = done_call(f, 1);

  last_code = done_post(f, 3);
  return first ? first : done_call(f, 2);
}

TEST(one_that_is_for_once_is_called_once)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { twice } from 'm';\n"
            "log(`${twice((n) => log(`${n}`))}`);");
  CHECK_LOG("1\n-5007\n");
  CHECK_INT(TENON_EALREADY, last_code);
}

/* --- Re-entry ------------------------------------------------------------------------- */

TEST(recursion_through_a_callback_ends_as_a_range_error)
{
  tenon_runtime *rt = runtime();

  CHECK_THROWS(rt, "RangeError",
               "import { reduce } from 'm';\n"
               "const f = () => reduce([1], 1, f); f();");
  t_run(rt, "import { log } from 'test'; import { reduce } from 'm';\n"
            "const f = (a, n) => n ? reduce([n - 1], a + 1, f) : a;\n"
            "log(`${f(0, 50)}`);");
  CHECK_LOG("50\n");
}

/* --- Kept ------------------------------------------------------------------------------ */

static told *kept;
static uv_timer_t timer;

TENON_FUNCTION(none, keep, (told, f))
{
  tenon_callback_release(kept);
  kept = told_keep(f);
}

TENON_FUNCTION(i32, use, (str, s))
{
  return told_call(kept, s);
}

TENON_FUNCTION(none, drop)
{
  tenon_callback_release(kept);
  kept = NULL;
}

TEST(a_kept_callback_outlives_its_call)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { keep, use, drop } from 'm';\n"
            "keep((s) => log(s)); keep((s) => log('2' + s));\n"
            "log(`${use('x')}`); drop(); drop(); log(`${use('y')}`);");
  CHECK_LOG("2x\n0\n-5002\n");
}

TEST(a_callback_may_release_itself)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { keep, use, drop } from 'm';\n"
            "keep((s) => { drop(); log(s); }); log(`${use('x')}`);");
  CHECK_LOG("x\n0\n");
}

static tenon_runtime *other;

TENON_FUNCTION(i32, use_of_other)
{
  int r = told_call(kept, tenon_str_of("x"));

  t_free(other);
  return r;
}

TEST(what_it_throws_does_not_outlive_its_runtime_in_another_ones_call)
{
  tenon_runtime *rt = runtime();

  other = runtime();
  t_run(other, "import { keep } from 'm'; keep(() => { throw { a: [1] }; });");
  CHECK_THROWS(rt, "Error: an exception of another runtime",
               "import { use_of_other } from 'm'; use_of_other();");
  tenon_callback_release(kept);
  kept = NULL;
}

TEST(a_kept_callback_does_not_hinder_the_end_of_its_runtime)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { keep } from 'm'; keep(() => {});");
  t_free(rt);
  CHECK_INT(TENON_ECLOSING, told_call(kept, tenon_str_of("")));
  CHECK_INT(TENON_ECLOSING, told_post(kept, tenon_str_of("")));
  CHECK_INT(TENON_ECLOSING, tenon_callback_hold(kept, true));
  tenon_callback_release(kept);
  kept = NULL;
}

static void on_timer(uv_timer_t *t)
{
  last_code = told_call(kept, tenon_str_of("timer"));
  uv_close((uv_handle_t *)t, NULL);
}

TENON_ASYNC(none, start_timer, (told, f))
{
  kept = told_keep(f);
  uv_timer_init((uv_loop_t *)tenon_deferred_loop(deferred), &timer);
  uv_timer_start(&timer, on_timer, 0, 0);
  TENON_RESOLVE(start_timer, deferred);
}

TEST(a_kept_callback_is_called_by_the_loop_and_its_jobs_run)
{
  tenon_runtime *rt = runtime();

  t_run(rt,
        "import { log } from 'test'; import { start_timer, drop } from 'm';\n"
        "start_timer((s) => { log(s); Promise.resolve().then(() => {\n"
        "  log('job'); drop(); }); });");
  CHECK_LOG("timer\njob\n");
  CHECK_INT(0, last_code);
}

TEST(what_it_throws_outside_of_a_function_is_uncaught)
{
  tenon_runtime *rt = runtime();

  CHECK_THROWS(rt, "Error: late",
               "import { start_timer } from 'm';\n"
               "start_timer(() => { throw new Error('late'); });");
  CHECK_INT(TENON_EEXCEPTION, last_code);
  CHECK_INT(0, tenon_runtime_run(rt));
  t_run(rt,
        "import { log } from 'test'; import { drop, start_timer } from 'm';\n"
        "addEventListener('error', (e) => {\n"
        "  log(e.error); e.preventDefault(); drop(); });\n"
        "drop(); start_timer(() => { throw 'asked'; });");
  CHECK_LOG("asked\n");
}

/* Calls the deferred's own callback before it settles. */
static struct {
  tenon_deferred *deferred;
  told *f;
} waiting;

static void on_turn(uv_timer_t *t)
{
  last_code = told_call(waiting.f, tenon_str_of("open"));
  TENON_RESOLVE(start_timer, waiting.deferred);
  uv_close((uv_handle_t *)t, NULL);
}

TENON_ASYNC(none, call_later, (told, f))
{
  waiting.deferred = deferred;
  waiting.f = f;
  uv_timer_init((uv_loop_t *)tenon_deferred_loop(deferred), &timer);
  uv_timer_start(&timer, on_turn, 0, 0);
}

TEST(of_an_async_function_it_is_there_until_the_promise_is_settled)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { call_later } from 'm';\n"
            "await call_later((s) => log(s)); log('settled');");
  CHECK_LOG("open\nsettled\n");
}

/* --- Posted ---------------------------------------------------------------------------- */

TENON_FUNCTION(none, post, (told, f), (str, s))
{
  char text[8];
  tenon_str copy = {text, s.len};

  memcpy(text, s.data, s.len);
  last_code = told_post(f, copy);
  memset(text, 0, sizeof text);
}

TEST(a_posted_call_has_copies_and_a_later_turn)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { post } from 'm';\n"
            "post((s) => log(s), 'first'); post((s) => {\n"
            "  log(s); queueMicrotask(() => log('job'));\n"
            "  post((s) => log(s), 'third'); }, 'second');\n"
            "log('now'); queueMicrotask(() => log('soon'));");
  CHECK_LOG("now\nsoon\nfirst\nsecond\njob\nthird\n");
}

TEST(posting_without_end_lets_timers_have_their_turn)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { post } from 'm';\n"
            "let go = true; const f = () => go && post(f, '');\n"
            "f(); setTimeout(() => { go = false; log('timer'); }, 5);");
  CHECK_LOG("timer\n");
}

TENON_CALLBACK_ONCE(none, once, (i32, n))

static once *kept_once;

TENON_FUNCTION(i32, post_all, (told, f), (once, g))
{
  int32_t n = 0;

  while ((last_code = told_post(f, tenon_str_of(""))) == 0)
    n++;
  CHECK_INT(TENON_EFULL, once_post(g, 1));
  kept_once = once_keep(g);
  return n;
}

TENON_FUNCTION(none, post_once)
{
  last_code = once_post(kept_once, 2);
  tenon_callback_release(kept_once);
}

TEST(posted_calls_that_wait_are_bounded)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { post_all, post } from 'm';\n"
            "let n = 0;\n"
            "log(`${post_all(() => { if (++n === 1) post(log, 'again'); },\n"
            "  (x) => log(`once ${x}`))}`);\n"
            "globalThis.count = () => log(`${n}`);");
  CHECK_INT(0, last_code);
  t_run(rt, "import { post_once } from 'm'; count(); post_once();");
  /* What was refused was not called, and may be later. */
  CHECK_INT(0, last_code);
  CHECK_LOG("65536\nagain\n65536\nonce 2\n");
}

TEST(posted_calls_that_are_dropped_with_the_runtime_are_freed)
{
  tenon_runtime *rt = runtime();

  CHECK_THROWS(rt, "stop",
               "import { post_all } from 'm';\n"
               "post_all(() => {}, () => {}); throw new Error('stop');");
  CHECK_INT(TENON_EFULL, last_code);
  t_free(rt);
  tenon_callback_release(kept_once);
}

TEST(what_a_posted_call_throws_is_uncaught)
{
  tenon_runtime *rt = runtime();

  CHECK_THROWS(rt, "posted",
               "import { post } from 'm';\n"
               "post(() => { throw 'posted'; }, '');");
  CHECK_INT(0, last_code);
}

TEST(calls_that_are_queued_when_the_runtime_ends_are_dropped)
{
  tenon_runtime *rt = runtime();

  CHECK_INT(TENON_EEXIT,
            t_eval_module(rt, "import { log } from 'test';\n"
                              "import { post } from 'm';\n"
                              "post((s) => log(s), 'x'); process.exit(3);"));
  CHECK_LOG("");
}

TENON_FUNCTION(none, hold, (told, f), (bool, on))
{
  kept = told_keep(f);
  last_code = tenon_callback_hold(kept, true);
  if (!on) last_code = tenon_callback_hold(kept, false);
}

TEST(a_callback_keeps_the_loop_alive_only_when_asked)
{
  tenon_runtime *rt = runtime();
  uint64_t before;

  t_run(rt, "import { hold, drop } from 'm'; hold(() => {}, false);");
  CHECK_INT(0, last_code);
  tenon_callback_release(kept);
  before = t_now_ms();
  t_run(rt, "import { hold, drop } from 'm'; hold(() => {}, true);\n"
            "setTimeout(drop, 30);");
  CHECK(t_now_ms() - before >= 29);
}

/* --- Ending ------------------------------------------------------------------------------ */

TEST(process_exit_in_a_callback_ends_the_program)
{
  tenon_runtime *rt = runtime();

  CHECK_INT(TENON_EEXIT,
            t_eval_module(rt, "import { log } from 'test';\n"
                              "import { reduce } from 'm';\n"
                              "try { reduce([1], 1, () => process.exit(4)); }\n"
                              "catch { log('caught'); } log('on');"));
  CHECK_LOG("");
  CHECK_INT(TENON_EEXIT, last_code);
  CHECK_INT(4, tenon_runtime_exit_code(rt));
}

static tenon_runtime *to_end;

TENON_FUNCTION(none, end)
{
  tenon_runtime_terminate(to_end);
}

TEST(a_termination_in_a_callback_is_a_code_and_not_caught)
{
  to_end = runtime();

  CHECK_INT(TENON_ETERMINATED,
            t_eval_module(to_end, "import { log } from 'test';\n"
                                  "import { reduce, end } from 'm';\n"
                                  "try { reduce([1], 1, () => {\n"
                                  "  end(); for (;;); }); }\n"
                                  "catch { log('caught'); } log('on');"));
  CHECK_LOG("");
  CHECK_INT(TENON_ETERMINATED, last_code);
  tenon_runtime_resume(to_end);
  t_run(to_end, "import { log } from 'test'; import { reduce } from 'm';\n"
                "log(`${reduce([1], 1, (a, b) => a + b)}`);");
  CHECK_LOG("2\n");
}

/* --- Awaiting ----------------------------------------------------------------------------- */

TENON_FUNCTION(f64, wait_here, (binary, by))
{
  last_code = binary_await(by, &last_result, 1, 2);
  return last_result;
}

TEST(the_loops_thread_does_not_wait_in_a_function)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { wait_here } from 'm'; wait_here(async () => 1);");
  CHECK_INT(TENON_EBUSY, last_code);
}

TENON_FUNCTION(i32, wait_then_call, (done, f))
{
  last_code = done_await(f, 1);
  return done_call(f, 2);
}

TEST(a_wait_that_is_refused_has_not_called)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { wait_then_call } from 'm';\n"
            "log(`${wait_then_call((n) => log(`${n}`))}`);");
  CHECK_LOG("2\n0\n");
  CHECK_INT(TENON_EBUSY, last_code);
}

static binary *of_host;

TENON_FUNCTION(none, keep_binary, (binary, f))
{
  of_host = binary_keep(f);
}

TEST(a_host_waits_for_a_promise_by_running_the_loop)
{
  tenon_runtime *rt = runtime();
  double r;

  t_run(rt, "import { keep_binary } from 'm'; keep_binary(async (a, b) => {\n"
            "  await new Promise((done) => setTimeout(done, 5));\n"
            "  if (b < 0) throw new RangeError('below');\n"
            "  return a ? a + b : new Promise(() => {}); });");
  CHECK_INT(0, binary_await(of_host, &r, 3, 4));
  CHECK(r == 7);
  CHECK_INT(TENON_EEXCEPTION, binary_await(of_host, &r, 3, -4));
  CHECK_TEXT("RangeError: below",
             strtok((char *)tenon_runtime_exception(rt), "\n"));
  CHECK_INT(TENON_EUNSETTLED, binary_await(of_host, &r, 0, 4));
  CHECK(r == 0);
  CHECK_INT(TENON_EEXCEPTION, binary_call(of_host, &r, 3, 4));
  CHECK(strstr(tenon_runtime_exception(rt),
               "got Promise (is an await missing?)"));
  tenon_runtime_clear_exception(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  tenon_callback_release(of_host);
}
