/* How a runtime ends, is limited, and refuses to be misused. */
#define TENON_MODULE ending
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <unistd.h>
#include <uv.h>

#include "harness.h"

static tenon_runtime *host;

static tenon_runtime *with_options(const tenon_options *options)
{
  CHECK_INT(0, t_runtime_new(options, &host));
  CHECK_INT(0, tenon_runtime_add_module(host, "native", tenon_module_ending));
  t_run(host, "import { log } from 'test';\n"
              "import * as native from 'native';\n"
              "Object.assign(globalThis, { log, native });");
  return host;
}

static tenon_runtime *with_module(void)
{
  return with_options(NULL);
}

static int eval(tenon_runtime *rt, const char *source)
{
  return tenon_runtime_eval_script(rt, source, strlen(source), "test.js");
}

/* --- Termination ------------------------------------------------------------------- */

static void *terminate_soon(void *p)
{
  usleep(30000);
  tenon_runtime_terminate(p);
  return NULL;
}

/* `source` is ended from another thread; after that the runtime is as good as
 * before. What `source` left behind goes on then: until the variable `stop` is
 * there, or by calling it. */
static void check_terminated(tenon_runtime *rt, const char *source)
{
  pthread_t thread;
  int r;

  CHECK_INT(0, pthread_create(&thread, NULL, terminate_soon, rt));
  r = t_eval_module(rt, source);
  pthread_join(thread, NULL);
  CHECK_INT(TENON_ETERMINATED, r);
  CHECK(tenon_runtime_exception(rt) == NULL);
  CHECK_INT(TENON_ETERMINATED, eval(rt, "1"));
  CHECK_INT(TENON_ETERMINATED, tenon_runtime_eval_module(rt, "1", 1, NULL));
  CHECK_INT(TENON_ETERMINATED, tenon_runtime_run(rt));
  CHECK_INT(TENON_ETERMINATED, tenon_runtime_run_file(rt, "/nowhere.js"));
  tenon_runtime_resume(rt);
  (void)t_logged();
  CHECK_INT(0, t_eval_script(rt, "globalThis.stop?.(); stop = true;\n"
                                 "setTimeout(() => log('again'), 0);"));
  CHECK_LOG("again\n");
}

TEST(an_endless_loop_is_terminated)
{
  check_terminated(with_module(), "for (;;);");
}

TEST(an_endless_loop_in_a_promise_executor_is_terminated)
{
  check_terminated(with_module(),
                   "new Promise(() => { for (;;); }); for (;;);");
}

TEST(an_endless_loop_in_catch_and_finally_is_terminated)
{
  check_terminated(with_module(),
                   "for (;;) { try { for (;;); } catch { for (;;); }\n"
                   "finally { for (;;); } }");
}

TEST(an_endless_loop_in_a_timer_is_terminated)
{
  check_terminated(with_module(),
                   "const id = setInterval(() => {\n"
                   "  if (globalThis.stop) return clearInterval(id);\n"
                   "  try { for (;;); } finally { log('no'); }\n"
                   "}, 0);");
}

TEST(an_endless_loop_in_an_async_function_is_terminated)
{
  check_terminated(with_module(),
                   "(async () => { while (!globalThis.stop) await 0; })();");
}

TEST(endless_microtasks_are_terminated)
{
  check_terminated(with_module(),
                   "(function next() {\n"
                   "  if (!globalThis.stop) Promise.resolve().then(next);\n"
                   "})();");
}

/* Jobs without a line of JavaScript in them: bound functions all the way. */
TEST(endless_microtasks_of_native_functions_are_terminated)
{
  check_terminated(with_module(),
                   "const args = [];\n"
                   "const job = queueMicrotask.apply.bind(\n"
                   "  queueMicrotask, null, args);\n"
                   "args[0] = job;\n"
                   "globalThis.stop = () => { args[0] = () => {}; };\n"
                   "job();");
}

TEST(an_endless_generator_is_terminated)
{
  check_terminated(with_module(),
                   "function* g() { try { for (;;) yield 1; }\n"
                   "finally { for (;;); } }\n"
                   "for (const x of g()) try { for (;;); } catch {}");
}

TEST(a_loop_that_waits_wakes_up_when_terminated)
{
  tenon_runtime *rt = with_module();
  uint64_t start = t_now_ms();

  check_terminated(rt, "const id = setTimeout(() => {}, 60000);\n"
                       "globalThis.stop = () => clearTimeout(id);");
  CHECK(t_now_ms() - start < 20000);
}

static tenon_deferred *waiting;

TENON_ASYNC(none, wait_forever)
{
  waiting = deferred;
}

TENON_FUNCTION(none, terminate_here)
{
  tenon_runtime_terminate(host);
}

TEST(a_termination_from_inside_ends_the_script_at_once)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_ETERMINATED,
            eval(rt, "log('a'); native.terminate_here();\n"
                     "for (let i = 0; i < 1e5; i++); log('b');"));
  CHECK_LOG("a\n");
}

TEST(a_termination_inside_of_a_job_lets_no_other_start)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_ETERMINATED,
            eval(rt, "queueMicrotask(native.terminate_here);\n"
                     "queueMicrotask(() => log('job'));"));
  CHECK_LOG("");
  tenon_runtime_resume(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("job\n");
}

TEST(a_termination_before_the_script_lets_nothing_start)
{
  tenon_runtime *rt = with_module();

  tenon_runtime_terminate(rt);
  CHECK_INT(TENON_ETERMINATED, eval(rt, "log('no');"));
  tenon_runtime_resume(rt);
  CHECK_INT(0, eval(rt, "log('yes');"));
  CHECK_LOG("yes\n");
}

TEST(jobs_and_timers_that_were_held_back_are_there_after_resume)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_ETERMINATED,
            t_eval_script(rt, "setTimeout(log, 0, 'timer');\n"
                              "native.blocking().then(() => log('pool'));\n"
                              "Promise.resolve().then(() => log('job'));\n"
                              "native.terminate_here(); for (;;);"));
  usleep(20000);
  CHECK_LOG("");
  CHECK_INT(TENON_ETERMINATED, tenon_runtime_run(rt));
  tenon_runtime_resume(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(strncmp(t_logged(), "job\n", 4) == 0);
}

TENON_BLOCKING(none, blocking)
{}

TEST(what_ends_while_terminated_is_settled_after_resume)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_ETERMINATED,
            t_eval_script(rt, "native.blocking().then(() => log('a'));\n"
                              "native.wait_forever().then(() => log('b'));\n"
                              "native.terminate_here(); for (;;);"));
  TENON_RESOLVE(wait_forever, waiting);
  CHECK_INT(TENON_ETERMINATED, tenon_runtime_run(rt));
  CHECK_LOG("");
  tenon_runtime_resume(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(strlen(t_logged()) == 4);
}

TEST(a_module_that_was_terminated_at_its_top_stays_unsettled)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_ETERMINATED,
            t_eval_module(rt, "await 0; native.terminate_here(); for (;;);"));
  tenon_runtime_resume(rt);
  CHECK_INT(TENON_EUNSETTLED, tenon_runtime_run(rt));
}

/* --- process.exit -------------------------------------------------------------------- */

static void check_exit(int code, const char *source)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_EEXIT, t_eval_module(rt, source));
  CHECK_INT(code, tenon_runtime_exit_code(rt));
  CHECK(tenon_runtime_exception(rt) == NULL);
  CHECK_LOG("");
  CHECK_INT(TENON_EEXIT, tenon_runtime_run(rt));
  CHECK_INT(TENON_EEXIT, eval(rt, "1"));
  tenon_runtime_resume(rt);
  CHECK_INT(0, eval(rt, "log('again');"));
  CHECK_LOG("again\n");
}

TEST(exit_ends_a_script)
{
  check_exit(3, "process.exit(3); log('no');");
}

TEST(exit_passes_catch_and_finally)
{
  check_exit(4, "try { process.exit(4); } catch { log('no'); }\n"
                "finally { log('no'); }");
}

TEST(exit_ends_a_promise_job)
{
  check_exit(5, "Promise.resolve().then(() => process.exit(5))\n"
                "  .catch(() => log('no')).finally(() => log('no'));");
}

TEST(exit_ends_a_promise_executor)
{
  check_exit(6, "new Promise(() => process.exit(6)).catch(() => log('no'));\n"
                "log('no');");
}

TEST(exit_ends_a_timer_and_all_behind_it)
{
  check_exit(7, "setTimeout(() => process.exit(7), 0);\n"
                "setTimeout(() => log('no'), 1); setInterval(() => {}, 5000);");
}

TEST(exit_ends_a_callback_of_a_builtin)
{
  check_exit(8, "[3, 1, 2].sort(() => process.exit(8)); log('no');");
}

TEST(exit_takes_the_exit_code_that_was_set)
{
  check_exit(9, "process.exitCode = 9; process.exit();");
  check_exit(0, "process.exitCode = 9; process.exit(0);");
  check_exit(255, "process.exit(-1);");
}

TEST(an_exit_code_that_is_set_does_not_end_the_program)
{
  tenon_runtime *rt = with_module();

  t_run(rt, "process.exitCode = 5; log('on');");
  CHECK_INT(5, tenon_runtime_exit_code(rt));
  CHECK_LOG("on\n");
}

TEST(exit_in_a_getter_of_a_thrown_object_is_safe)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_EEXCEPTION,
            eval(rt, "throw { toString() { process.exit(3); } };"));
  CHECK(tenon_runtime_exception(rt) != NULL);
  CHECK_INT(TENON_EEXIT, tenon_runtime_run(rt));
}

/* --- Waiting at the top ----------------------------------------------------------------- */

TEST(a_top_level_await_that_cannot_settle_is_reported)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_EUNSETTLED,
            t_eval_module(rt, "await new Promise(() => {});"));
  CHECK_INT(TENON_EUNSETTLED, tenon_runtime_run(rt));
}

TEST(a_top_level_await_that_did_settle_is_forgotten)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_EUNSETTLED,
            t_eval_module(rt, "await new Promise((r) => globalThis.r = r);\n"
                              "log('on');"));
  CHECK_INT(0, eval(rt, "r();"));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("on\n");
}

TEST(a_top_level_await_that_rejects_is_an_error)
{
  tenon_runtime *rt = with_module();

  CHECK_THROWS(rt, "RangeError: x",
               "await new Promise((_, reject) =>\n"
               "  setTimeout(() => reject(new RangeError('x')), 1));");
  CHECK_INT(0, tenon_runtime_run(rt));
}

/* --- Errors that nobody caught ------------------------------------------------------------ */

TEST(a_rejection_without_a_handler_is_reported)
{
  CHECK_THROWS(with_module(), "Error: lonely",
               "Promise.reject(new Error('lonely'));");
}

TEST(a_rejection_that_is_handled_in_its_turn_is_not_reported)
{
  tenon_runtime *rt = with_module();

  t_run(rt, "const p = Promise.reject(1), q = Promise.reject(2);\n"
            "await 0; await 0; q.catch(() => {}); p.catch(() => log('ok'));");
  CHECK_LOG("ok\n");
  t_run(rt, "const f = async () => { throw 1; };\n"
            "try { await f(); } catch { log('ok'); }\n"
            "await Promise.allSettled([f(), f(), Promise.reject(3)]);");
  CHECK_LOG("ok\n");
}

TEST(two_errors_come_from_two_runs)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_EEXCEPTION, t_eval_script(rt, "Promise.reject('first');\n"
                                                "Promise.reject('second');"));
  CHECK_TEXT("first", tenon_runtime_exception(rt));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_TEXT("second", tenon_runtime_exception(rt));
  CHECK_INT(0, tenon_runtime_run(rt));
}

TEST(a_throw_comes_before_the_rejections_of_its_script)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_EEXCEPTION,
            eval(rt, "Promise.reject('second'); throw 'first';"));
  CHECK_TEXT("first", tenon_runtime_exception(rt));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_TEXT("second", tenon_runtime_exception(rt));
}

/* Only those that nobody handled remain, whatever the order of handling. */
TEST(many_rejections_are_handled_in_any_order_and_in_time)
{
  tenon_runtime *rt = with_module();
  uint64_t start = t_cpu_ms();
  int errors = 0, r;

  t_run(rt, "for (const order of ['forth', 'back', 'mixed']) {\n"
            "  const all = [];\n"
            "  for (let i = 0; i < 50000; i++) all.push(Promise.reject(i));\n"
            "  if (order === 'back') all.reverse();\n"
            "  if (order === 'mixed')\n"
            "    for (let i = 0; i + 7 < all.length; i += 8)\n"
            "      [all[i], all[i + 7]] = [all[i + 7], all[i]];\n"
            "  for (const p of all) p.catch(() => {});\n"
            "}");
  CHECK(t_cpu_ms() - start < 10000);
  r = t_eval_module(rt, "const all = [];\n"
                        "for (let i = 0; i < 100; i++) {\n"
                        "  all.push(Promise.reject(i));\n"
                        "  if (i % 3 === 2) all[i - 1].catch(() => {});\n"
                        "}\n"
                        "all[50].catch(() => {}); all[99].catch(() => {});\n"
                        "all[0].catch(() => {});");
  for (; r == TENON_EEXCEPTION; r = tenon_runtime_run(rt))
    errors++;
  CHECK_INT(0, r);
  CHECK_INT(64, errors);
}

/* --- Misuse --------------------------------------------------------------------------------- */

static int codes[12];

static void *use_elsewhere(void *p)
{
  tenon_runtime *rt = p;

  codes[0] = tenon_runtime_eval_script(rt, "1", 1, NULL);
  codes[1] = tenon_runtime_eval_module(rt, "1", 1, NULL);
  codes[2] = tenon_runtime_run_file(rt, "x.js");
  codes[3] = tenon_runtime_run(rt);
  codes[4] = tenon_runtime_add_module(rt, "x", tenon_module_ending);
  codes[5] = tenon_runtime_exception(rt) != NULL;
  tenon_runtime_clear_exception(rt);
  tenon_runtime_resume(rt);
  codes[6] = tenon_runtime_exit_code(rt);
  codes[7] = (int)tenon_runtime_memory(rt).used_bytes;
  tenon_runtime_collect(rt);
#ifdef NDEBUG
  tenon_runtime_free(rt);
#endif
  return NULL;
}

TEST(another_thread_is_refused_everything)
{
  tenon_runtime *rt = with_module();
  pthread_t thread;
  int i;

  t_run(rt, "process.exitCode = 9;");
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 'kept';"));
  CHECK_INT(0, pthread_create(&thread, NULL, use_elsewhere, rt));
  pthread_join(thread, NULL);
  for (i = 0; i < 5; i++)
    CHECK_INT(TENON_ETHREAD, codes[i]);
  for (i = 5; i < 8; i++)
    CHECK_INT(0, codes[i]);
  CHECK_TEXT("kept", tenon_runtime_exception(rt));
}

TEST(null_is_refused_everything)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_EINVAL, tenon_runtime_eval_script(NULL, "1", 1, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_run(NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_run_file(rt, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_eval_script(rt, NULL, 1, NULL));
  CHECK_INT(0, tenon_runtime_eval_script(rt, NULL, 0, NULL));
  CHECK_INT(0, tenon_runtime_eval_module(rt, NULL, 0, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_add_module(rt, NULL, NULL));
  CHECK(tenon_runtime_exception(NULL) == NULL);
  tenon_runtime_clear_exception(NULL);
  tenon_runtime_terminate(NULL);
  tenon_runtime_resume(NULL);
  tenon_runtime_collect(NULL);
  CHECK_INT(0, tenon_runtime_exit_code(NULL));
  CHECK_INT(0, tenon_runtime_memory(NULL).used_bytes);
  CHECK_INT(TENON_EINVAL, tenon_p_runtime_new(NULL, TENON_VERSION, NULL));
}

TENON_FUNCTION(i32, run_inside)
{
  return tenon_runtime_run(host);
}

TENON_FUNCTION(i32, run_file_inside)
{
  return tenon_runtime_run_file(host, "/nowhere.js");
}

TEST(running_inside_of_a_run_is_refused)
{
  tenon_runtime *rt = with_module();

  t_run(rt, "const busy = -5005;\n"
            "const check = () => { if (native.run_inside() !== busy\n"
            "  || native.run_file_inside() !== busy) throw new Error(); };\n"
            "check();\n"
            "await 0; check();\n"
            "setTimeout(check, 0);");
}

/* The error is the outer run's to report, and comes once. */
TEST(a_refused_run_takes_no_error_away)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_EEXCEPTION,
            t_eval_script(rt,
                          "queueMicrotask(() => { throw 'mine'; });\n"
                          "queueMicrotask(() => log(`${\n"
                          "  native.run_inside()} ${native.eval('1')}`));"));
  CHECK_TEXT("mine", tenon_runtime_exception(rt));
  CHECK_LOG("-5005 0\n");
  CHECK_INT(0, tenon_runtime_run(rt));
}

TENON_FUNCTION_AS("eval", i32, eval_inside, (str, source))
{
  return tenon_runtime_eval_script(host, source.data, source.len, NULL);
}

TEST(a_script_can_be_evaluated_inside_of_a_native_function)
{
  tenon_runtime *rt = with_module();

  t_run(rt, "log(`${native.eval('globalThis.x = 1; '\n"
            "  + 'Promise.resolve().then(() => log(\"job\"))')} ${x}`);\n"
            "log(`${native.eval('throw 5')}`);");
  CHECK_LOG("0 1\n-5000\njob\n");
  CHECK_TEXT("5", tenon_runtime_exception(rt));
}

static void on_time(uv_timer_t *timer)
{
  codes[0] = tenon_runtime_run(host);
  codes[1] = eval(host, "log('callback');");
  TENON_RESOLVE(wait_forever, waiting);
  uv_close((uv_handle_t *)timer, NULL);
}

TEST(a_callback_of_the_loop_can_evaluate_but_not_run)
{
  tenon_runtime *rt = with_module();
  static uv_timer_t timer;

  CHECK_INT(0, eval(rt, "native.wait_forever();"));
  uv_timer_init(tenon_deferred_loop(waiting), &timer);
  uv_timer_start(&timer, on_time, 1, 0);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(TENON_EBUSY, codes[0]);
  CHECK_INT(0, codes[1]);
  CHECK_LOG("callback\n");
}

TENON_FUNCTION(str, exception_inside)
{
  const char *text = tenon_runtime_exception(host);

  tenon_runtime_clear_exception(host);
  return tenon_str_of(text);
}

TEST(a_thrown_object_may_ask_for_the_exception_itself)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_EEXCEPTION,
            eval(rt, "throw { toString() { native.exception_inside();\n"
                     "  return 'text'; } };"));
  (void)tenon_runtime_exception(rt);
  CHECK_INT(0, eval(rt, "log('on');"));
  CHECK_LOG("on\n");
}

/* --- Options ----------------------------------------------------------------------------------- */

TEST(options_of_an_unknown_size_are_refused)
{
  tenon_options o = {.size = sizeof o};
  tenon_runtime *rt = (tenon_runtime *)&o;

  o.size = 0;
  CHECK_INT(TENON_EINVAL, tenon_runtime_new(&o, &rt));
  CHECK(rt == NULL);
  o.size = sizeof o + 1;
  CHECK_INT(TENON_EINVAL, tenon_runtime_new(&o, &rt));
  o.size = sizeof o - 1;
  CHECK_INT(TENON_EINVAL, tenon_runtime_new(&o, &rt));
  o.size = sizeof o;
  o.arg_count = 1;
  CHECK_INT(TENON_EINVAL, tenon_runtime_new(&o, &rt));
  o.args = (const char *const[]){NULL};
  CHECK_INT(TENON_EINVAL, tenon_runtime_new(&o, &rt));
}

TEST(arguments_are_copied)
{
  char a[] = "one", b[] = "two";
  const char *args[] = {a, b, ""};
  tenon_options o = {.size = sizeof o, .args = args, .arg_count = 3};
  tenon_runtime *rt = with_options(&o);

  memset(a, 'x', 3);
  args[1] = NULL;
  t_run(rt, "log(JSON.stringify(process.argv));");
  CHECK_LOG("[\"one\",\"two\",\"\"]\n");
}

TEST(a_program_of_another_version_is_refused)
{
  tenon_runtime *rt;

  CHECK_INT(TENON_EVERSION,
            tenon_p_runtime_new(NULL, TENON_VERSION + 100, &rt));
  CHECK(rt == NULL);
  CHECK_INT(TENON_EVERSION,
            tenon_p_runtime_new(NULL, TENON_VERSION + 10000, &rt));
  CHECK_INT(TENON_EVERSION, tenon_p_runtime_new(NULL, 0, &rt));
  CHECK_INT(TENON_EVERSION, tenon_p_runtime_new(NULL, -1, &rt));
  CHECK_INT(0, tenon_p_runtime_new(NULL, TENON_VERSION + 1, &rt));
  tenon_runtime_free(rt);
}

/* --- Memory ---------------------------------------------------------------------------------------- */

static tenon_runtime *with_memory(size_t bytes)
{
  tenon_options o = {.size = sizeof o, .memory_limit_bytes = bytes};

  return with_options(&o);
}

TEST(the_memory_limit_is_an_error_that_can_be_caught)
{
  tenon_runtime *rt = with_memory(8 << 20);

  t_run(rt, "function fill(a) { for (;;) a.push({ x: a.length }); }\n"
            "try { fill([]); } catch (e) { log(`${e}`); }\n"
            "const b = new Array(10000).fill(1); log(`${b.length}`);");
  CHECK_LOG("InternalError: out of memory\n10000\n");
  CHECK_INT(8 << 20, tenon_runtime_memory(rt).limit_bytes);
}

TEST(running_out_of_memory_uncaught_leaves_the_runtime_usable)
{
  tenon_runtime *rt = with_memory(8 << 20);
  int i;

  for (i = 0; i < 5; i++) {
    CHECK_THROWS(rt, "InternalError: out of memory",
                 "(function () {\n"
                 "  const a = []; for (;;) a.push({ x: a.length }); })();");
    t_run(rt, "log(`${new Array(10000).fill(1).length}`);");
    CHECK_LOG("10000\n");
  }
}

TEST(garbage_is_collected_before_memory_is_refused)
{
  tenon_runtime *rt = with_memory(8 << 20);

  t_run(rt, "for (let i = 0; i < 300000; i++) {\n"
            "  const a = { b: new Array(20) }; a.b[0] = a;\n"
            "}");
}

TEST(array_buffers_count)
{
  tenon_runtime *rt = with_memory(8 << 20);
  size_t before = tenon_runtime_memory(rt).used_bytes;

  t_run(rt, "globalThis.b = new ArrayBuffer(3 << 20);\n"
            "try { new ArrayBuffer(6 << 20); } catch (e) { log(`${e}`); }");
  CHECK_LOG("InternalError: out of memory\n");
  CHECK(tenon_runtime_memory(rt).used_bytes >= before + (3 << 20));
  t_run(rt, "b = null; new ArrayBuffer(6 << 20);");
}

TENON_FUNCTION(bytes, moved, (u32, size))
{
  uint8_t *p = tenon_defer(free, malloc(size));

  if (!p) abort();
  return (tenon_bytes){p, size};
}

TEST(bytes_that_native_code_gave_count)
{
  tenon_runtime *rt = with_memory(8 << 20);

  t_run(rt, "globalThis.b = native.moved(4 << 20);\n"
            "try { new ArrayBuffer(6 << 20); } catch (e) { log(`${e}`); }\n"
            "b = null; new ArrayBuffer(6 << 20);");
  CHECK_LOG("InternalError: out of memory\n");
}

TEST(timers_count)
{
  tenon_runtime *rt = with_memory(8 << 20);

  /* What is cleared is given back between two turns. */
  CHECK_INT(0, eval(rt, "let most = 0; globalThis.e = 0; clearTimeout(0);\n"
                        "try { for (;;) most = setTimeout(log, 1e6); }\n"
                        "catch (x) { e = x; }\n"
                        "for (let i = 0; i <= most; i++) clearTimeout(i);"));
  CHECK_INT(0, tenon_runtime_run(rt));
  t_run(rt, "log(`${e} ${new Array(10000).fill(1).length}`);");
  CHECK_LOG("InternalError: out of memory 10000\n");
}

TEST(a_limit_that_a_realm_does_not_fit_into_is_no_memory)
{
  tenon_options o = {.size = sizeof o};
  tenon_runtime *rt = (tenon_runtime *)&o;

  for (o.memory_limit_bytes = 1; o.memory_limit_bytes < 60000;
       o.memory_limit_bytes = o.memory_limit_bytes * 5 / 4 + 1) {
    int r = tenon_runtime_new(&o, &rt);
    CHECK_INT(TENON_ENOMEM, r);
    CHECK(rt == NULL);
  }
}

/* --- Stack ---------------------------------------------------------------------------------------- */

TEST(deep_recursion_is_a_range_error)
{
  tenon_runtime *rt = with_module();
  int i;

  for (i = 0; i < 3; i++) {
    CHECK_THROWS(rt, "RangeError", "(function f() { f(); })();");
    t_run(rt, "try { (function f() { f(); })(); }\n"
              "catch (e) { log(`${e instanceof RangeError}`); }\n"
              "try { JSON.parse('['.repeat(1e6)); }\n"
              "catch (e) { log(e.constructor.name); }");
    CHECK(strncmp(t_logged(), "true\n", 5) == 0);
  }
}

TEST(the_stack_limit_bounds_the_depth)
{
  static const char source[] =
      "let n = 0; try { (function f() { n++; f(); })(); } catch {}\n"
      "log(n > globalThis.least && n < globalThis.most ? 'ok' : `${n}`);";
  tenon_options o = {.size = sizeof o, .stack_limit_bytes = 128 << 10};
  tenon_runtime *small = with_options(&o);
#ifndef __SANITIZE_ADDRESS__
  tenon_runtime *large;

  o.stack_limit_bytes = 4 << 20;
  large = with_options(&o);
#endif
  CHECK_INT(0, eval(small, "least = 50; most = 2000;"));
  CHECK_INT(0, t_eval_module(small, source));
  CHECK_LOG("ok\n");
#ifndef __SANITIZE_ADDRESS__
  CHECK_INT(0, eval(large, "least = 3000; most = 1e6;"));
  CHECK_INT(0, t_eval_module(large, source));
  CHECK_LOG("ok\n");
#endif
}

/* --- Exceptions as text ------------------------------------------------------------------------------ */

static void check_text(tenon_runtime *rt, const char *source, const char *text)
{
  CHECK_INT(TENON_EEXCEPTION, eval(rt, source));
  CHECK_TEXT(text, tenon_runtime_exception(rt));
  CHECK_TEXT(text, tenon_runtime_exception(rt));
  tenon_runtime_clear_exception(rt);
  CHECK(tenon_runtime_exception(rt) == NULL);
  CHECK_INT(0, eval(rt, "1"));
}

TEST(values_that_are_no_errors_have_their_text)
{
  tenon_runtime *rt = with_module();

  check_text(rt, "throw 'text';", "text");
  check_text(rt, "throw '';", "");
  check_text(rt, "throw null;", "null");
  check_text(rt, "throw undefined;", "undefined");
  check_text(rt, "throw -0.5;", "-0.5");
  check_text(rt, "throw 12n;", "12");
  check_text(rt, "throw Symbol('s');", "Symbol(s)");
  check_text(rt, "throw Symbol();", "Symbol()");
  check_text(rt, "throw {};", "[object Object]");
  check_text(rt, "throw [1, 2];", "1,2");
  check_text(rt, "throw { toString() { return 'mine'; } };", "mine");
}

TEST(objects_that_throw_when_they_are_shown_have_a_text)
{
  tenon_runtime *rt = with_module();

  check_text(rt, "throw { toString() { throw 1; } };", "[object]");
  check_text(rt, "throw Object.create(null);", "[object]");
  check_text(rt, "throw { get stack() { throw 1; } };", "[object Object]");
  check_text(rt,
             "const { proxy, revoke } = Proxy.revocable({}, {});\n"
             "revoke(); throw proxy;",
             "[object]");
}

TEST(a_symbol_is_shown_although_its_description_throws)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(0, eval(rt, "Object.defineProperty(Symbol.prototype,\n"
                        "  'description', { get() { throw 1; } });"));
  check_text(rt, "throw Symbol('s');", "Symbol()");
}

TEST(errors_with_hostile_properties_have_a_text)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(0, eval(rt, "globalThis.make = (props) => {\n"
                        "  const e = new TypeError('m');\n"
                        "  e.stack = '    at here';\n"
                        "  return Object.defineProperties(e, props); };"));
  check_text(rt, "throw make({});", "TypeError: m\n    at here");
  check_text(rt, "throw make({ name: { get() { throw 1; } } });",
             "Error: m\n    at here");
  check_text(rt, "throw make({ message: { get() { throw 1; } } });",
             "TypeError\n    at here");
  check_text(rt, "throw make({ stack: { get() { throw 1; } } });",
             "TypeError: m");
  check_text(rt,
             "throw make({ stack: { value: 5 }, name: { value: 5 },\n"
             "  message: { value: {} } });",
             "Error");
  check_text(rt, "throw make({ message: { value: '' } });",
             "TypeError\n    at here");
  check_text(rt,
             "throw make({ name: { value: 'Mine' },\n"
             "  cause: { value: new Error('why') } });",
             "Mine: m\n    at here");
}

TEST(an_endless_getter_of_an_error_can_be_terminated)
{
  tenon_runtime *rt = with_module();
  pthread_t thread;

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw { get stack() { for (;;); } };"));
  CHECK_INT(0, pthread_create(&thread, NULL, terminate_soon, rt));
  CHECK(tenon_runtime_exception(rt) != NULL);
  pthread_join(thread, NULL);
  tenon_runtime_resume(rt);
  CHECK_INT(0, eval(rt, "1"));
}

TEST(a_dom_exception_has_name_and_message)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_EEXCEPTION,
            eval(rt, "throw new DOMException('m', 'DataCloneError');"));
  CHECK(strncmp(tenon_runtime_exception(rt), "DataCloneError: m", 17) == 0);
}

TEST(a_very_long_message_is_whole)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw new Error('x'.repeat(1e6));"));
  CHECK(strlen(tenon_runtime_exception(rt)) > 1000000);
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw '\\u20ac'.repeat(1e6);"));
  CHECK_INT(3000000, strlen(tenon_runtime_exception(rt)));
}

TEST(a_new_exception_replaces_the_text_of_the_old_one)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 'a';"));
  CHECK_TEXT("a", tenon_runtime_exception(rt));
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 'b';"));
  CHECK_TEXT("b", tenon_runtime_exception(rt));
}
