/* process.nextTick, setImmediate and clearImmediate: what test/order does not
 * see, which compares their order with node's. */
#define TENON_MODULE ticks
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/loop.h>
#include <tenon/realm.h>
#include <unistd.h>

#include "harness.h"

TENON_BLOCKING(i32, work, (i32, n))
{
  return n + 1;
}

static tenon_runtime *current;

TENON_FUNCTION(i32, step_inside)
{
  return tenon_runtime_step(current, 0, NULL);
}

static tenon_runtime *with_module(void)
{
  tenon_runtime *rt = current = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_ticks));
  return rt;
}

#define IMPORT                    \
  "import { log } from 'test';\n" \
  "import { work, step_inside } from 'native';\n"

static int eval_module(tenon_runtime *rt, const char *source)
{
  return tenon_runtime_eval_module(rt, source, strlen(source), NULL);
}

static int eval(tenon_runtime *rt, const char *source)
{
  return tenon_runtime_eval_script(rt, source, strlen(source), NULL);
}

static tenon_runtime *with_log(void)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "globalThis.log = log;");
  return rt;
}

static bool is_readable(tenon_runtime *rt, int timeout_ms)
{
  struct pollfd p = {.fd = tenon_runtime_fd(rt), .events = POLLIN};

  CHECK(p.fd >= 0);
  return poll(&p, 1, timeout_ms) > 0;
}

/* --- Order ------------------------------------------------------------------------ */

TEST(ticks_of_a_script_have_run_when_its_evaluation_returns)
{
  tenon_runtime *rt = with_log();

  CHECK_INT(0, eval(rt, "queueMicrotask(() => log('job'));\n"
                        "process.nextTick(log, 'tick'); log('main');"));
  CHECK_LOG("main\ntick\njob\n");
}

TEST(ticks_of_a_module_run_behind_its_jobs)
{
  tenon_runtime *rt = with_log();

  CHECK_INT(0, eval_module(rt, "queueMicrotask(() => log('job'));\n"
                               "process.nextTick(log, 'tick'); log('main');"));
  CHECK_LOG("main\njob\ntick\n");
}

TEST(a_script_behind_a_module_has_its_ticks_first_again)
{
  tenon_runtime *rt = with_log();

  CHECK_INT(0, eval_module(rt, "1"));
  CHECK_INT(0, eval(rt, "queueMicrotask(() => log('job'));\n"
                        "process.nextTick(log, 'tick');"));
  CHECK_LOG("tick\njob\n");
}

TEST(behind_the_answer_of_the_pool_immediates_come_before_timers)
{
  t_run(with_module(), IMPORT "await work(1);\n"
                              "setTimeout(log, 0, 'timer');\n"
                              "setImmediate(log, 'immediate');\n"
                              "process.nextTick(log, 'tick');\n"
                              "Promise.resolve().then(() => log('job'));\n");
  CHECK_LOG("job\ntick\nimmediate\ntimer\n");
}

TEST(each_answer_of_the_pool_has_its_ticks_before_the_next)
{
  t_run(with_module(),
        IMPORT "let n = 0, between = 0;\n"
               "const all = [];\n"
               "for (let i = 0; i < 50; i++) all.push(work(i).then(() => {\n"
               "  const mine = ++n;\n"
               "  process.nextTick(() => { if (n === mine) between++; });\n"
               "}));\n"
               "await Promise.all(all);\n"
               "setImmediate(() => log(`${n} ${between}`));");
  CHECK_LOG("50 50\n");
}

TEST(an_endless_chain_of_immediates_starves_neither_timers_nor_the_pool)
{
  t_run(with_module(),
        IMPORT "let n = 0, ended = false;\n"
               "const next = () => { n++; if (!ended) setImmediate(next); };\n"
               "next();\n"
               "setTimeout(async () => {\n"
               "  log('timer'); log(`${await work(1)}`); ended = true;\n"
               "  log(`${n > 1}`);\n"
               "}, 2);");
  CHECK_LOG("timer\n2\ntrue\n");
}

/* --- A host's loop ----------------------------------------------------------------- */

TEST(a_step_of_one_turn_does_not_follow_a_chain_of_immediates)
{
  tenon_runtime *rt = with_log();
  tenon_left left;

  CHECK_INT(0, eval(rt, "setImmediate(() => {\n"
                        "  log('one'); setImmediate(log, 'two'); });"));
  CHECK(is_readable(rt, 0));
  CHECK_INT(0, tenon_runtime_step(rt, 0, &left));
  CHECK_LOG("one\n");
  CHECK_INT(TENON_LEFT_READY, left);
  CHECK(is_readable(rt, 0));
  CHECK_INT(0, tenon_runtime_deadline_ms(rt));
  CHECK_INT(0, tenon_runtime_step(rt, 0, &left));
  CHECK_LOG("two\n");
  CHECK_INT(TENON_LEFT_NOTHING, left);
  CHECK(!is_readable(rt, 0));
}

TEST(a_cleared_immediate_leaves_nothing_to_wait_for)
{
  tenon_runtime *rt = with_log();
  tenon_left left;

  CHECK_INT(0, eval(rt, "clearImmediate(setImmediate(log, 'never'));"));
  CHECK_INT(0, tenon_runtime_step(rt, 1, &left));
  CHECK_INT(TENON_LEFT_NOTHING, left);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("");
}

TEST(an_immediate_that_keeps_nothing_alive_is_no_reason_to_step)
{
  tenon_runtime *rt = with_log();
  tenon_left left;

  CHECK_INT(0, eval(rt, "globalThis.i = setImmediate(log, 'late').unref();"));
  CHECK_INT(0, tenon_runtime_step(rt, 0, &left));
  CHECK_INT(TENON_LEFT_NOTHING, left);
  t_logged();
  CHECK_INT(0, eval(rt, "setImmediate(log, 'kept');"));
  CHECK_INT(0, tenon_runtime_run(rt));
}

TEST(ticks_inside_of_a_tick_cannot_step_the_runtime)
{
  t_run(with_module(),
        IMPORT "process.nextTick(() => log(`${step_inside()}`));");
  CHECK_INT('-', t_logged()[0]);
}

/* --- Errors ------------------------------------------------------------------------ */

TEST(an_error_in_a_tick_leaves_the_others_to_the_next_turn)
{
  tenon_runtime *rt = with_log();
  tenon_left left;

  CHECK_INT(TENON_EEXCEPTION,
            eval(rt, "process.nextTick(() => { throw new Error('bad'); });\n"
                     "process.nextTick(log, 'tick');\n"
                     "queueMicrotask(() => log('job'));"));
  CHECK(strstr(tenon_runtime_exception(rt), "Error: bad"));
  CHECK_LOG("");
  CHECK_INT(0, tenon_runtime_step(rt, 0, &left));
  CHECK_LOG("tick\njob\n");
  CHECK_INT(TENON_LEFT_NOTHING, left);
}

TEST(a_run_goes_on_behind_an_error_in_a_tick)
{
  tenon_runtime *rt = with_log();

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "process.nextTick(() => { throw 1; });\n"
                                       "process.nextTick(log, 'tick');"));
  CHECK_LOG("");
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("tick\n");
}

TEST(the_next_call_of_the_host_runs_what_was_left)
{
  tenon_runtime *rt = with_log();

  CHECK_INT(0, eval(rt, "addEventListener('error', (e) => {\n"
                        "  log(`${e.error}`); e.preventDefault(); });\n"
                        "process.nextTick(() => { throw 1; });\n"
                        "process.nextTick(log, 'tick');"));
  CHECK_LOG("1\n");
  CHECK_INT(0, eval(rt, "log('script');"));
  CHECK_LOG("script\ntick\n");
}

TEST(an_error_in_an_immediate_ends_a_run_and_the_next_goes_on)
{
  tenon_runtime *rt = with_log();

  CHECK_INT(0, eval(rt, "setImmediate(() => {\n"
                        "  process.nextTick(log, 'tick'); throw 1; });\n"
                        "setImmediate(log, 'two');"));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_LOG("");
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(9, strlen(t_logged()));
}

TEST(many_errors_in_ticks_are_told_one_by_one)
{
  tenon_runtime *rt = with_log();
  int i;

  CHECK_INT(TENON_EEXCEPTION,
            eval(rt, "for (let i = 0; i < 5; i++)\n"
                     "  process.nextTick(() => { throw i; });\n"
                     "process.nextTick(log, 'end');"));
  for (i = 1; i < 5; i++)
    CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("end\n");
}

/* --- Ends ---------------------------------------------------------------------------- */

#define FOREVER "const next = () => process.nextTick(next); next();"

TEST(a_time_limit_ends_an_endless_chain_of_ticks)
{
  tenon_runtime *rt = with_log();

  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 50));
  CHECK_INT(TENON_ETERMINATED, eval(rt, FOREVER));
  CHECK_INT(TENON_LIMIT_TIME, tenon_runtime_limit(rt));
}

static void *terminate_soon(void *rt)
{
  usleep(30000);
  tenon_runtime_terminate(rt);
  return NULL;
}

TEST(another_thread_ends_an_endless_chain_of_ticks)
{
  tenon_runtime *rt = with_log();
  pthread_t thread;

  CHECK_INT(0, pthread_create(&thread, NULL, terminate_soon, rt));
  CHECK_INT(TENON_ETERMINATED, eval(rt, FOREVER));
  pthread_join(thread, NULL);
}

TEST(ticks_go_on_behind_a_termination_that_is_taken_back)
{
  tenon_runtime *rt = with_log();

  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 50));
  CHECK_INT(TENON_ETERMINATED,
            eval(rt, "process.nextTick(() => { for (;;); });\n"
                     "process.nextTick(log, 'tick');"));
  CHECK_LOG("");
  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 0));
  tenon_runtime_resume(rt);
  CHECK_INT(0, eval(rt, "1"));
  CHECK_LOG("tick\n");
}

TEST(a_runtime_is_freed_with_ticks_and_immediates_that_are_pending)
{
  tenon_runtime *rt = with_log();

  CHECK_INT(TENON_EEXCEPTION,
            eval(rt, "setImmediate(log, { large: 'x'.repeat(1000) });\n"
                     "globalThis.i = setImmediate(() => i).unref();\n"
                     "process.nextTick(() => { throw 1; });\n"
                     "process.nextTick(log, { i });"));
  t_free(rt);
  CHECK_LOG("");
}

TEST(an_immediate_outlives_its_turn_as_an_object)
{
  t_run(with_log(), "globalThis.i = setImmediate(() => {\n"
                    "  log(`${i.hasRef()}`); });\n"
                    "setImmediate(() => {\n"
                    "  i.ref(); i.unref(); clearImmediate(i);\n"
                    "  i[Symbol.dispose](); log(`${i.hasRef()}`); });");
  CHECK_LOG("false\nfalse\n");
}

TEST(methods_of_immediates_are_for_immediates)
{
  CHECK_THROWS(with_log(), "Immediate.ref: 'this': expected Immediate",
               "const { ref } = setImmediate(() => {}); ref.call({});");
}

/* --- Realms -------------------------------------------------------------------------- */

static int eval_in(tenon_realm *realm, const char *source)
{
  return tenon_realm_eval_script(realm, source, strlen(source), NULL);
}

static tenon_realm *new_realm(tenon_runtime *rt)
{
  static const char source[] = IMPORT "globalThis.log = log;";
  tenon_realm *realm = NULL;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, tenon_realm_eval_module(realm, source, strlen(source), NULL));
  return realm;
}

TEST(ticks_of_all_realms_run_in_their_order)
{
  tenon_runtime *rt = with_log();
  tenon_realm *realm = new_realm(rt);

  CHECK_INT(TENON_EEXCEPTION, eval_in(realm, "process.nextTick(() => {\n"
                                             "  throw 1; });\n"
                                             "process.nextTick(log, 'other');\n"
                                             "setImmediate(log, 'first');"));
  CHECK_INT(0, eval(rt, "process.nextTick(log, 'main');\n"
                        "setImmediate(log, 'second');"));
  CHECK_LOG("other\nmain\n");
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("first\nsecond\n");
}

TEST(nothing_comes_of_what_a_realm_has_begun_once_it_is_freed)
{
  tenon_runtime *rt = with_log();
  tenon_realm *realm = new_realm(rt);

  CHECK_INT(TENON_EEXCEPTION,
            eval_in(realm, "process.nextTick(() => { throw 1; });\n"
                           "process.nextTick(log, 'tick');\n"
                           "setImmediate(log, 'immediate');"));
  CHECK_INT(0, tenon_realm_free(realm));
  CHECK_INT(0, eval(rt, "setImmediate(log, 'main');"));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("main\n");
}

TEST(a_realm_without_timers_has_no_immediates)
{
  tenon_realm_options o = {.size = sizeof o, .without = TENON_REALM_TIMERS};
  tenon_runtime *rt = with_log();
  tenon_realm *realm = NULL;

  CHECK_INT(0, tenon_realm_new(rt, &o, &realm));
  CHECK_INT(0, eval_in(realm, "if (typeof setImmediate !== 'undefined' ||\n"
                              "    typeof clearImmediate !== 'undefined')\n"
                              "  throw 1;"));
}
