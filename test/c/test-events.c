/* Errors and rejections that nobody caught, as the host sees their events. */
#define TENON_MODULE events
#include "harness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <unistd.h>

#include "engine/engine.h"
#include "loop/loop.h"
#include "module/module.h"
#include "std/std.h"

static tenon_runtime *inner; /* what the functions of the host use */
static int inner_code;

TENON_FUNCTION_AS("reportAgain", none, report_again)
{
  inner_code = tenon_runtime_report(inner);
}

TENON_FUNCTION_AS("failInside", none, fail_inside)
{
  inner_code = tenon_runtime_eval(inner, "throw 'inner'", 13, NULL);
}

TENON_FUNCTION_AS("reportInside", none, report_inside)
{
  inner_code = tenon_runtime_eval(inner, "throw 'inner'", 13, NULL);
  if (inner_code == TENON_EEXCEPTION) inner_code = tenon_runtime_report(inner);
}

static tenon_runtime *runtime(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "events", tenon_module_events));
  inner = rt;
  inner_code = 1;
  return rt;
}

#define USE                                          \
  "import { log } from 'test';\n"                    \
  "import { reportAgain, failInside, reportInside }" \
  " from 'events';\n"

static int eval(tenon_runtime *rt, const char *source)
{
  return tenon_runtime_eval(rt, source, strlen(source), "test.js");
}

/* A runtime whose program logs what is reported, and prevents it when told. */
static tenon_runtime *listening(bool prevents)
{
  tenon_runtime *rt = runtime();

  t_run(rt, USE "addEventListener('error', (e) => {\n"
                "  log(`error ${e.error}`);\n"
                "  if (globalThis.prevents) e.preventDefault();\n"
                "});\n"
                "addEventListener('unhandledrejection', (e) => {\n"
                "  log(`rejection ${e.reason}`);\n"
                "  if (globalThis.prevents) e.preventDefault();\n"
                "});\n");
  if (prevents) t_run(rt, "globalThis.prevents = true;");
  return rt;
}

/* --- tenon_runtime_report -------------------------------------------------- */

TEST(to_report_nothing_is_fine)
{
  tenon_runtime *rt = listening(false);

  CHECK_INT(0, tenon_runtime_report(rt));
  CHECK_INT(TENON_EINVAL, tenon_runtime_report(NULL));
  CHECK_LOG("");
}

TEST(a_reported_exception_that_is_prevented_is_gone)
{
  tenon_runtime *rt = listening(true);

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 'x'"));
  CHECK_LOG("");
  CHECK_INT(0, tenon_runtime_report(rt));
  CHECK_LOG("error x\n");
  assert_null(tenon_runtime_exception(rt));
  CHECK_INT(0, tenon_runtime_run(rt));
}

TEST(a_reported_exception_that_is_not_prevented_stays_pending)
{
  tenon_runtime *rt = listening(false);

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 'x'"));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_report(rt));
  CHECK_LOG("error x\n");
  CHECK_TEXT("x", tenon_runtime_exception(rt));
  /* It is asked about once. */
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_report(rt));
  CHECK_LOG("");
  CHECK_TEXT("x", tenon_runtime_exception(rt));
  tenon_runtime_clear_exception(rt);
  CHECK_INT(0, tenon_runtime_report(rt));
}

TEST(an_exception_is_reported_without_any_handler)
{
  tenon_runtime *rt = runtime();

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw new Error('x')"));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_report(rt));
  CHECK(strncmp("Error: x\n", tenon_runtime_exception(rt), 9) == 0);
}

TEST(errors_of_a_run_were_reported_already)
{
  tenon_runtime *rt = listening(false);

  CHECK_INT(0, eval(rt, "setTimeout(() => { throw 'timer'; }, 0)"));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_LOG("error timer\n");
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_report(rt));
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "Promise.reject('rejected')"));
  CHECK_LOG("rejection rejected\n");
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_report(rt));
  CHECK_LOG("");
  CHECK_TEXT("rejected", tenon_runtime_exception(rt));
}

TEST(the_top_of_a_module_is_reported_once)
{
  tenon_runtime *rt = listening(false);

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "export {}; throw 'top'"));
  CHECK_LOG("");
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_report(rt));
  CHECK_LOG("error top\n");
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "await 1; throw 'awaited'"));
  CHECK_LOG("error awaited\n");
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_report(rt));
  CHECK_LOG("");
  CHECK_INT(0, tenon_runtime_run(rt));
}

TEST(a_syntax_error_can_be_reported)
{
  tenon_runtime *rt = listening(true);

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "let = ;"));
  CHECK_INT(0, tenon_runtime_report(rt));
  CHECK(strncmp("error SyntaxError", t_logged(), 17) == 0);
}

TEST(what_comes_of_reporting_is_pending_next)
{
  tenon_runtime *rt = listening(true);

  t_run(rt, "addEventListener('error', async () => {\n"
            "  prevents = false;\n"
            "  throw 'of the handler';\n"
            "}, { once: true });");
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 'x'"));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_report(rt));
  CHECK_TEXT("of the handler", tenon_runtime_exception(rt));
  CHECK_LOG("error x\nrejection of the handler\n");
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_report(rt));
  CHECK_INT(0, tenon_runtime_run(rt));
}

TEST(a_handler_may_come_back_to_the_host)
{
  tenon_runtime *rt = listening(true);

  t_run(rt, USE "addEventListener('error', () => reportAgain());");
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 'x'"));
  CHECK_INT(0, tenon_runtime_report(rt));
  CHECK_INT(0, inner_code);
  CHECK_LOG("error x\n");
}

TEST(what_a_handler_leaves_pending_is_dropped)
{
  tenon_runtime *rt = listening(false);

  t_run(rt, USE "addEventListener('error', () => failInside());");
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 'x'"));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_report(rt));
  CHECK_INT(TENON_EEXCEPTION, inner_code);
  CHECK_TEXT("x", tenon_runtime_exception(rt));
  tenon_runtime_clear_exception(rt);
  t_run(rt, "globalThis.prevents = true;");
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 'y'"));
  CHECK_INT(0, tenon_runtime_report(rt));
  assert_null(tenon_runtime_exception(rt));
  CHECK_LOG("error x\nerror y\n");
}

TEST(a_function_of_the_host_may_report_from_inside)
{
  tenon_runtime *rt = listening(true);

  t_run(rt, USE "reportInside(); log('behind');");
  CHECK_INT(0, inner_code);
  CHECK_LOG("error inner\nbehind\n");
  t_run(rt, USE "prevents = false; reportInside(); log('behind');");
  CHECK_INT(TENON_EEXCEPTION, inner_code);
  CHECK_LOG("error inner\nbehind\n");
  /* The error of the nested evaluation was the host's to deal with. */
  CHECK_INT(0, tenon_runtime_run(rt));
}

TEST(a_terminated_program_is_not_asked)
{
  tenon_runtime *rt = listening(true);

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 'x'"));
  tenon_runtime_terminate(rt);
  CHECK_INT(TENON_ETERMINATED, tenon_runtime_report(rt));
  CHECK_LOG("");
  tenon_runtime_resume(rt);
  CHECK_TEXT("x", tenon_runtime_exception(rt));
  CHECK_INT(0, tenon_runtime_report(rt));
  CHECK_LOG("error x\n");
}

TEST(a_program_that_exits_while_it_is_asked_has_exited)
{
  tenon_runtime *rt = listening(true);

  t_run(rt, "addEventListener('error', () => process.exit(9));");
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 'x'"));
  CHECK_INT(TENON_EEXIT, tenon_runtime_report(rt));
  CHECK_INT(9, tenon_runtime_exit_code(rt));
  assert_null(tenon_runtime_exception(rt));
}

static void *report_elsewhere(void *p)
{
  inner_code = tenon_runtime_report(p);
  return NULL;
}

TEST(another_thread_cannot_report)
{
  tenon_runtime *rt = listening(true);
  pthread_t thread;

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 'x'"));
  CHECK_INT(0, pthread_create(&thread, NULL, report_elsewhere, rt));
  CHECK_INT(0, pthread_join(thread, NULL));
  CHECK_INT(TENON_ETHREAD, inner_code);
  CHECK_LOG("");
  CHECK_TEXT("x", tenon_runtime_exception(rt));
}

TEST(a_file_is_reported_and_runs_on)
{
  char path[] = "/tmp/tenon-events-XXXXXX";
  static const char source[] =
      "queueMicrotask(() => dispatchEvent(\n"
      "  new ErrorEvent('error', { error: 'job' })));\n"
      "Promise.reject('rejected'); throw 'top';";
  tenon_runtime *rt = listening(true);
  int file = mkstemp(path);

  CHECK(file >= 0);
  CHECK(write(file, source, sizeof source - 1) == sizeof source - 1);
  close(file);
  CHECK_INT(0, tenon_runtime_run_file(rt, path));
  CHECK_LOG("error top\nerror job\nrejection rejected\n");
  t_run(rt, "prevents = false;");
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run_file(rt, path));
  CHECK_LOG("error top\nerror job\nrejection rejected\n");
  CHECK_TEXT("top", tenon_runtime_exception(rt));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_report(rt));
  CHECK_LOG("");
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_TEXT("rejected", tenon_runtime_exception(rt));
  CHECK_INT(0, tenon_runtime_run(rt));
  unlink(path);
}

TEST(a_file_that_is_not_there_is_reported)
{
  tenon_runtime *rt = listening(true);

  CHECK_INT(0, tenon_runtime_run_file(rt, "/nowhere/at-all.js"));
  CHECK(strstr(t_logged(), "error Error: Cannot read /nowhere") != NULL);
}

/* --- Termination ------------------------------------------------------------- */

static void *terminate_soon(void *p)
{
  usleep(20000);
  tenon_runtime_terminate(p);
  return NULL;
}

/* `source` goes on by itself until `ended` is set. */
static void end_chain(const char *source)
{
  tenon_runtime *rt = runtime();
  pthread_t thread;

  CHECK_INT(0, pthread_create(&thread, NULL, terminate_soon, rt));
  alarm(60);
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, source));
  alarm(0);
  CHECK_INT(0, pthread_join(thread, NULL));
  tenon_runtime_resume(rt);
  t_run(rt, "globalThis.ended = true;");
}

TEST(an_endless_chain_of_rejections_can_be_terminated)
{
  end_chain("onunhandledrejection = (e) => {\n"
            "  e.preventDefault();\n"
            "  if (!globalThis.ended) Promise.reject(1);\n"
            "};\n"
            "Promise.reject(0);");
}

TEST(an_endless_chain_of_jobs_of_handlers_can_be_terminated)
{
  end_chain("onunhandledrejection = (e) => {\n"
            "  e.preventDefault();\n"
            "  queueMicrotask(() => { if (!globalThis.ended) f(); });\n"
            "};\n"
            "const f = async () => { throw 1; }; f();");
}

TEST(an_endless_chain_of_late_handlers_can_be_terminated)
{
  end_chain("let last;\n"
            "onunhandledrejection = (e) => {\n"
            "  e.preventDefault();\n"
            "  if (last) last.catch(() => {});\n"
            "  last = e.promise;\n"
            "  if (!globalThis.ended) Promise.reject(1);\n"
            "};\n"
            "onrejectionhandled = () => {};\n"
            "Promise.reject(0);");
}

TEST(a_handler_that_never_returns_can_be_terminated)
{
  end_chain("onerror = () => { while (!globalThis.ended); return true; };\n"
            "queueMicrotask(() => { throw 1; });");
}

TEST(a_handler_that_was_terminated_is_called_again)
{
  tenon_runtime *rt = listening(true);
  pthread_t thread;

  t_run(rt, "addEventListener('error', () => { for (;;); }, { once: true });");
  CHECK_INT(0, pthread_create(&thread, NULL, terminate_soon, rt));
  CHECK_INT(TENON_ETERMINATED,
            t_eval_script(rt, "setTimeout(() => { throw 'x'; }, 0);"));
  CHECK_INT(0, pthread_join(thread, NULL));
  tenon_runtime_resume(rt);
  CHECK_LOG("error x\n");
  t_run(rt, "reportError('y');");
  CHECK_LOG("error y\n");
}

/* Its jobs had not run: one of them might have handled it. */
TEST(rejections_that_a_termination_held_back_are_told_of_later)
{
  tenon_runtime *rt = listening(true);

  CHECK_INT(TENON_EEXIT, t_eval_script(rt, "const p = Promise.reject(1);\n"
                                           "Promise.reject(2);\n"
                                           "p.catch(() => {});\n"
                                           "process.exit(0);"));
  CHECK_LOG("");
  tenon_runtime_resume(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("rejection 2\n");
}

TEST(a_batch_that_a_termination_cut_goes_on_later)
{
  tenon_runtime *rt = listening(true);

  t_run(rt, "addEventListener('unhandledrejection', (e) => {\n"
            "  if (e.reason === 2) process.exit(0);\n"
            "});");
  CHECK_INT(
      TENON_EEXIT,
      t_eval_script(rt, "for (let i = 1; i < 5; i++) Promise.reject(i);"));
  CHECK_LOG("rejection 1\nrejection 2\n");
  tenon_runtime_resume(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("rejection 3\nrejection 4\n");
}

TEST(a_runtime_is_freed_in_the_middle_of_a_batch)
{
  tenon_runtime *rt = listening(true);

  t_run(rt, "const late = [];\n"
            "addEventListener('unhandledrejection', (e) => {\n"
            "  for (const p of late.splice(0)) p.catch(() => {});\n"
            "  late.push(e.promise);\n"
            "  if (e.reason === 2) process.exit(0);\n"
            "});");
  CHECK_INT(TENON_EEXIT, t_eval_script(rt, "for (let i = 1; i < 500; i++)\n"
                                           "  Promise.reject(i);"));
  t_free(rt);
}

/* --- Not prevented -------------------------------------------------------------- */

TEST(rejections_that_come_of_asking_wait_for_the_next_run)
{
  tenon_runtime *rt = runtime();

  t_run(rt, USE "onunhandledrejection = (e) => {\n"
                "  log(`${e.reason}`);\n"
                "  if (e.reason < 3) Promise.reject(e.reason + 1);\n"
                "};");
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "Promise.reject(1)"));
  CHECK_TEXT("1", tenon_runtime_exception(rt));
  CHECK_LOG("1\n");
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_TEXT("2", tenon_runtime_exception(rt));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_TEXT("3", tenon_runtime_exception(rt));
  CHECK_LOG("2\n3\n");
  CHECK_INT(0, tenon_runtime_run(rt));
}

TEST(an_error_comes_before_those_that_came_of_reporting_it)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "addEventListener('error', () => { throw 'b'; });\n"
            "onunhandledrejection = () => { throw 'd'; };");
  t_eval_script(rt, "setTimeout(() => { throw 'a'; }, 0);");
  CHECK_TEXT("a", tenon_runtime_exception(rt));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_TEXT("b", tenon_runtime_exception(rt));
  CHECK_INT(0, tenon_runtime_run(rt));
  t_run(rt, "onerror = null;");
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "Promise.reject('c')"));
  CHECK_TEXT("c", tenon_runtime_exception(rt));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_TEXT("d", tenon_runtime_exception(rt));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_TEXT("b", tenon_runtime_exception(rt));
  CHECK_INT(0, tenon_runtime_run(rt));
}

TEST(to_show_an_exception_is_no_turn_of_the_program)
{
  tenon_runtime *rt = listening(false);

  CHECK_INT(
      TENON_EEXCEPTION,
      eval(rt, "throw { toString() { Promise.reject(1); return 'x'; } }"));
  CHECK_TEXT("x", tenon_runtime_exception(rt));
  CHECK_LOG("");
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_LOG("rejection 1\n");
}

static void engine_free(tenon_p_engine **e)
{
  tenon_p_engine_free(*e);
}

/* A runtime without the public layer; entered. */
static tenon_p_engine *engine_new(void)
{
  const tenon_p_std_options o = {NULL, 0};
  const tenon_p_limits limits = {.memory_bytes = 0};
  tenon_p_engine *e;

  CHECK_INT(0, tenon_p_engine_new(&limits, &e));
  CHECK_INT(0, tenon_p_loop_attach(e));
  CHECK_INT(0, tenon_p_modules_attach(e));
  CHECK_INT(0, tenon_p_std_attach(e, &o));
  CHECK_INT(0, tenon_p_engine_enter(e));
  return e;
}

/* What the layers below the public one say of an error. */
static bool is_rejection(const char *source)
{
  __attribute__((cleanup(engine_free))) tenon_p_engine *e = engine_new();

  CHECK_INT(0, tenon_p_modules_eval(e, TENON_P_SOURCE_UNKNOWN, source,
                                    strlen(source), "test.js"));
  tenon_p_engine_leave(e);
  CHECK_INT(0, tenon_p_loop_run(tenon_p_loop_of(e)));
  CHECK_INT(1, e->uncaught.count);
  return e->uncaught.data[0].is_rejection;
}

TEST(only_promises_of_the_program_are_rejections)
{
  CHECK(is_rejection("Promise.reject(1);"));
  CHECK(is_rejection("(async () => { throw 1; })();"));
  CHECK(is_rejection("import('./nowhere.js');"));
  CHECK(is_rejection("onunhandledrejection = () => {}; Promise.reject(1);"));
  CHECK(!is_rejection("queueMicrotask(() => { throw 1; });"));
  CHECK(!is_rejection("setTimeout(() => { throw 1; }, 0);"));
  CHECK(!is_rejection("await 1; throw 1;"));
  CHECK(!is_rejection("reportError(1);"));
}

/* Other builtins derive from EventTarget, and fire what is trusted. */
TEST(a_builtin_fires_events_of_its_own)
{
  static const char source[] =
      "const t = new EventTarget(), e = new Event('x', { cancelable: true });\n"
      "t.addEventListener('x', (e) => e.isTrusted && e.preventDefault());\n"
      "globalThis.EventTarget = null; [t, e]";
  __attribute__((cleanup(engine_free))) tenon_p_engine *e = engine_new();
  JSContext *ctx = e->ctx;
  JSValue list = JS_Eval(ctx, source, strlen(source), "test.js", 0);
  JSValue argv[2] = {JS_GetPropertyUint32(ctx, list, 0),
                     JS_GetPropertyUint32(ctx, list, 1)};
  JSValue fire = tenon_p_event_get(ctx, "fire");
  JSValue target = tenon_p_event_get(ctx, "EventTarget");
  JSValue r = JS_Call(ctx, fire, JS_UNDEFINED, 2, (JSValueConst *)argv);

  CHECK(JS_IsInstanceOf(ctx, argv[0], target) == 1);
  CHECK(JS_VALUE_GET_TAG(r) == JS_TAG_BOOL && !JS_VALUE_GET_BOOL(r));
  JS_FreeValue(ctx, target);
  JS_FreeValue(ctx, fire);
  JS_FreeValue(ctx, argv[0]);
  JS_FreeValue(ctx, argv[1]);
  JS_FreeValue(ctx, list);
  tenon_p_engine_leave(e);
}

/* --- Memory ------------------------------------------------------------------------ */

static size_t used(tenon_runtime *rt)
{
  tenon_runtime_collect(rt);
  return tenon_runtime_memory(rt).used_bytes;
}

TEST(a_program_without_handlers_loads_nothing)
{
  tenon_runtime *rt = runtime();
  size_t before, after;

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 1"));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_report(rt));
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "Promise.reject(1)"));
  tenon_runtime_clear_exception(rt);
  before = used(rt);
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 2"));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_report(rt));
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "var p = Promise.reject(2)"));
  CHECK_INT(0, eval(rt, "p.catch(() => {}); p = null;"));
  CHECK_INT(0, eval(rt, "onerror = onrejectionhandled = () => {};"
                        "onerror = null;"));
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 2"));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_report(rt));
  tenon_runtime_clear_exception(rt);
  after = used(rt);
  CHECK(after < before + 4096);
  CHECK_INT(0, eval(rt, "Event"));
  CHECK(used(rt) > after + 8192);
}

/* Grows by nothing, whatever is done to so many promises. */
static void check_flat(const char *handlers, const char *turn)
{
  tenon_runtime *rt = runtime();
  char source[512];
  size_t before = 0;
  int i;

  t_run(rt, handlers);
  snprintf(source, sizeof source,
           "globalThis.turn = 0;\n"
           "(function step() { %s if (++turn < 10) setTimeout(step, 0); })();",
           turn);
  for (i = 0; i < 4; i++) {
    t_run(rt, source);
    if (i == 1) before = used(rt);
  }
  CHECK(used(rt) < before + 16384);
}

TEST(promises_that_are_handled_late_leave_nothing)
{
  check_flat(
      "globalThis.all = [];\n"
      "onunhandledrejection = (e) => { all.push(e.promise); return false; };\n"
      "onrejectionhandled = () => {};",
      "for (const p of all.splice(0)) p.catch(() => {});\n"
      "for (let i = 0; i < 1000; i++) Promise.reject(new Error(i));\n"
      "if (turn === 9) setTimeout(() => {\n"
      "  for (const p of all.splice(0)) p.catch(() => {}); }, 1);");
}

TEST(promises_that_are_never_handled_leave_nothing)
{
  check_flat("onunhandledrejection = () => false;",
             "for (let i = 0; i < 1000; i++) Promise.reject({ i });");
}

TEST(promises_that_are_handled_in_time_leave_nothing)
{
  check_flat(
      "onunhandledrejection = () => false;",
      "for (let i = 0; i < 5000; i++) Promise.reject({ i }).catch(() => {});");
}

TEST(types_that_nobody_listens_to_any_more_leave_nothing)
{
  check_flat("globalThis.n = 0;", "for (let i = 0; i < 500; i++) {\n"
                                  "  const f = () => {}, type = `x${n++}`;\n"
                                  "  addEventListener(type, f);\n"
                                  "  removeEventListener(type, f);\n"
                                  "}");
}

/* A list in which new ones always come before the old ones go. */
TEST(removed_listeners_hold_no_others)
{
  static const char roll[] = "for (let i = 0; i < 500; i++) {\n"
                             "  const f = () => {};\n"
                             "  addEventListener('error', f);\n"
                             "  removeEventListener('error', last);\n"
                             "  last = f;\n"
                             "}";

  check_flat("globalThis.last = () => {};\n"
             "onerror = () => {};\n"
             "addEventListener('error', last); onerror = null;",
             roll);
  check_flat("globalThis.last = () => {};\n"
             "globalThis.c = new AbortController();\n"
             "const { signal } = c;\n"
             "addEventListener('error', () => {}, { once: true, signal });\n"
             "addEventListener('error', last);\n"
             "dispatchEvent(new Event('error'));",
             roll);
}

/* Within one turn too. */
TEST(promises_that_are_handled_at_once_take_no_room)
{
  tenon_options o = {.size = sizeof o, .memory_limit_bytes = 4 << 20};
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(&o, &rt));
  t_run(rt, "for (let i = 0; i < 100000; i++) {\n"
            "  const p = Promise.reject(i);\n"
            "  try { await p; } catch {}\n"
            "}");
}

TEST(listeners_and_targets_are_collected)
{
  check_flat(
      "addEventListener('error', () => {});",
      "for (let i = 0; i < 500; i++) {\n"
      "  const t = new EventTarget(), e = new CustomEvent('x', { detail: t });\n"
      "  t.addEventListener('x', () => t);\n"
      "  t.addEventListener('y' + i, { handleEvent() { return e; } });\n"
      "  t.dispatchEvent(e);\n"
      "}");
}
