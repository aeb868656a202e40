/* Limits of single calls: scopes, nested and ended in all ways. */
#define TENON_MODULE call_limits
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/limits.h>
#include <time.h>
#include <uv.h>

#include "base/alloc.h"
#include "harness.h"

#define MIB (1024 * 1024)

static tenon_runtime *of_script;
static uint64_t kept;

static uint64_t begin(tenon_runtime *rt, uint64_t time_ms, uint64_t cpu_ms,
                      size_t memory_bytes, size_t stack_bytes)
{
  tenon_call_limits limits = {.size = sizeof limits,
                              .time_ms = time_ms,
                              .cpu_ms = cpu_ms,
                              .memory_bytes = memory_bytes,
                              .stack_bytes = stack_bytes};
  uint64_t scope;

  CHECK_INT(0, tenon_runtime_begin_limits(rt, &limits, &scope));
  CHECK(scope != 0);
  return scope;
}

static tenon_limit end(tenon_runtime *rt, uint64_t scope)
{
  tenon_limit reached = (tenon_limit)99;

  CHECK_INT(0, tenon_runtime_end_limits(rt, scope, &reached));
  return reached;
}

static int eval_only(tenon_runtime *rt, const char *source)
{
  return tenon_runtime_eval_script(rt, source, strlen(source), "inner.js");
}

/* Evaluates with a budget, from inside of a script; what was reached. */
TENON_FUNCTION(i32, bounded, (cstr, source), (u32, time_ms), (u32, memory),
               (u32, stack))
{
  tenon_call_limits limits = {.size = sizeof limits,
                              .time_ms = time_ms,
                              .memory_bytes = memory,
                              .stack_bytes = stack};
  tenon_limit reached = TENON_LIMIT_NONE;
  uint64_t scope;
  int r;

  if (tenon_runtime_begin_limits(of_script, &limits, &scope)) return -1;
  r = eval_only(of_script, source);
  if (tenon_runtime_end_limits(of_script, scope, &reached)) return -2;
  if (r == TENON_EEXCEPTION) {
    tenon_runtime_clear_exception(of_script);
    return -3;
  }
  if ((r == TENON_ETERMINATED) != (reached != TENON_LIMIT_NONE)) return -4;
  return (int32_t)reached;
}

/* Begins one and goes back to the script. */
TENON_FUNCTION(none, begin_and_leave, (u32, time_ms))
{
  kept = begin(of_script, time_ms, 0, 0, 0);
}

TENON_FUNCTION(i32, try_to_end)
{
  tenon_limit reached;

  return tenon_runtime_end_limits(of_script, kept, &reached);
}

TENON_FUNCTION(none, end_program)
{
  tenon_runtime_terminate(of_script);
}

static tenon_runtime *with_module(const tenon_options *options)
{
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(options, &rt));
  CHECK_INT(0,
            tenon_runtime_add_module(rt, "native", tenon_module_call_limits));
  of_script = rt;
  return rt;
}

#define IMPORT                    \
  "import { log } from 'test';\n" \
  "import * as native from 'native';\n"

/* Whatever was reached, it is usable. */
static void check_usable(tenon_runtime *rt)
{
  CHECK_INT(TENON_LIMIT_NONE, tenon_runtime_limit(rt));
  CHECK_INT(0, eval_only(rt, "if (1 + 1 !== 2) throw 1;"));
}

/* --- One scope ----------------------------------------------------------------- */

TEST(scope_that_reaches_nothing_says_so)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t scope = begin(rt, 10000, 10000, 64 * MIB, MIB / 2);

  t_run(rt, "1 + 1");
  CHECK_INT(TENON_LIMIT_NONE, end(rt, scope));
  check_usable(rt);
}

TEST(time_of_a_scope_ends_its_call_alone)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t scope = begin(rt, 20, 0, 0, 0);

  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "for (;;);"));
  CHECK_INT(TENON_LIMIT_TIME, tenon_runtime_limit(rt));
  CHECK_TEXT("time limit of 20 ms reached",
             tenon_runtime_explain(rt, TENON_ETERMINATED, TENON_FORM_TEXT));
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "1"));
  CHECK_INT(TENON_LIMIT_TIME, end(rt, scope));
  check_usable(rt);
}

TEST(cpu_time_of_a_scope_ends_its_call_alone)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t scope = begin(rt, 0, 20, 0, 0);

  t_run(rt, "await new Promise(r => setTimeout(r, 40));");
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "for (;;);"));
  CHECK_INT(TENON_LIMIT_CPU, end(rt, scope));
  check_usable(rt);
}

TEST(memory_of_a_scope_ends_its_call_alone)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t scope;

  t_run(rt, "globalThis.big = new Uint8Array(20e6);");
  scope = begin(rt, 0, 0, 4 * MIB, 0);
  CHECK_INT(TENON_ETERMINATED,
            t_eval_module(rt, IMPORT "for (;;) try { const a = [];"
                                     " for (;;) a.push({}); }"
                                     " catch { log('caught'); }"));
  CHECK_TEXT("memory limit of 4 MiB reached",
             tenon_runtime_explain(rt, TENON_ETERMINATED, TENON_FORM_TEXT));
  CHECK_INT(TENON_LIMIT_MEMORY, end(rt, scope));
  CHECK_LOG("");
  check_usable(rt);
  CHECK_INT(0, tenon_runtime_memory(rt).limit_bytes);
  t_run(rt, "new Uint8Array(20e6);");
}

TEST(external_refusals_do_not_hide_the_memory_of_a_scope)
{
  tenon_options options = {.size = sizeof options,
                           .external_limit_bytes = 1000};
  tenon_runtime *rt = with_module(&options);
  uint64_t scope = begin(rt, 0, 0, 4 * MIB, 0);

  CHECK_INT(TENON_ETERMINATED,
            t_eval_script(rt, "for (;;) try { const a = [];"
                              " for (;;) a.push({}); } catch {}"));
  CHECK_INT(TENON_LIMIT_MEMORY, end(rt, scope));
  check_usable(rt);
}

TEST(stack_of_a_scope_is_a_range_error)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t scope;
  int before, in_scope, after;

#define DEPTH                                                         \
  "import { log } from 'test'; let n = 0; const f = () => { n++;"     \
  " f(); }; try { f(); } catch (e) { if (!(e instanceof RangeError))" \
  " throw e; } log(`${n}`);"
  t_run(rt, DEPTH);
  before = atoi(t_logged());
  scope = begin(rt, 0, 0, 0, MIB / 4);
  t_run(rt, DEPTH);
  in_scope = atoi(t_logged());
  CHECK_INT(TENON_LIMIT_NONE, end(rt, scope));
  t_run(rt, DEPTH);
  after = atoi(t_logged());
  CHECK(in_scope > 10 && in_scope * 2 < before);
  CHECK_INT(before, after);
}

TEST(scope_ends_a_program_that_waits)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t start = t_now_ms(), scope = begin(rt, 30, 0, 0, 0);

  CHECK_INT(TENON_ETERMINATED,
            t_eval_module(rt, "setTimeout(() => {}, 1e6);"
                              "await new Promise(() => {});"));
  CHECK(t_now_ms() - start >= 30 && t_now_ms() - start < 20000);
  CHECK_INT(TENON_LIMIT_TIME, end(rt, scope));
}

TEST(jobs_that_a_scope_held_back_are_still_there)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t scope = begin(rt, 20, 0, 0, 0);

  CHECK_INT(TENON_ETERMINATED,
            t_eval_module(rt, IMPORT "setTimeout(() => log('timer'), 1);"
                                     "Promise.resolve().then(() => log('job'));"
                                     "for (;;);"));
  CHECK_LOG("");
  CHECK_INT(TENON_LIMIT_TIME, end(rt, scope));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("job\ntimer\n");
}

TEST(scope_without_limits_is_fine)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t scope = begin(rt, 0, 0, 0, 0);

  t_run(rt, "1 + 1");
  CHECK_INT(TENON_LIMIT_NONE, end(rt, scope));
}

TEST(scope_of_huge_limits_limits_nothing)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t scope = begin(rt, UINT64_MAX, UINT64_MAX, SIZE_MAX, SIZE_MAX);

  t_run(rt, "new Uint8Array(1e6); (() => 1)();"
            "await new Promise(r => setTimeout(r, 5));");
  CHECK_INT(TENON_LIMIT_NONE, end(rt, scope));
  check_usable(rt);
}

TEST(many_scopes_leave_no_memory_behind)
{
  tenon_runtime *rt = with_module(NULL);
  size_t before, i;

  CHECK_INT(TENON_LIMIT_NONE, end(rt, begin(rt, 1000, 1000, MIB, MIB)));
  before = tenon_runtime_memory(rt).used_bytes;
  for (i = 0; i < 100000; i++)
    CHECK_INT(TENON_LIMIT_NONE, end(rt, begin(rt, 1000, 1000, MIB, MIB)));
  CHECK_INT(before, tenon_runtime_memory(rt).used_bytes);
}

/* --- Nested ------------------------------------------------------------------------ */

TEST(inner_scope_that_is_tighter_ends_alone)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t outer = begin(rt, 10000, 0, 0, 0), inner = begin(rt, 20, 0, 0, 0);

  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "for (;;);"));
  CHECK_INT(TENON_LIMIT_TIME, end(rt, inner));
  t_run(rt, "await new Promise(r => setTimeout(r, 30));");
  CHECK_INT(TENON_LIMIT_NONE, end(rt, outer));
  check_usable(rt);
}

TEST(outer_scope_that_is_tighter_ends_the_inner_one_too)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t outer = begin(rt, 20, 0, 0, 0), inner = begin(rt, 10000, 0, 0, 0);

  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "for (;;);"));
  CHECK_INT(TENON_LIMIT_NONE, end(rt, inner));
  CHECK_INT(TENON_LIMIT_TIME, tenon_runtime_limit(rt));
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "1"));
  CHECK_INT(TENON_LIMIT_TIME, end(rt, outer));
  check_usable(rt);
}

TEST(what_is_left_of_the_outer_scope_is_right_after_the_inner_one)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t start = t_now_ms(), outer = begin(rt, 120, 0, 0, 0);
  uint64_t inner = begin(rt, 40, 0, 0, 0);

  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "for (;;);"));
  CHECK_INT(TENON_LIMIT_TIME, end(rt, inner));
  CHECK_INT(TENON_ETERMINATED, t_eval_module(rt, "setTimeout(() => {}, 1e6);"));
  CHECK(t_now_ms() - start >= 120);
  CHECK_INT(TENON_LIMIT_TIME, end(rt, outer));
  check_usable(rt);
}

TEST(both_scopes_whose_time_is_over_end_one_after_the_other)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t outer = begin(rt, 10, 0, 0, 0), inner = begin(rt, 5, 0, 0, 0);
  uint64_t start = t_now_ms();

  while (t_now_ms() - start < 15)
    ;
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "1"));
  CHECK_INT(TENON_LIMIT_TIME, end(rt, inner));
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "1"));
  CHECK_INT(TENON_LIMIT_TIME, end(rt, outer));
  check_usable(rt);
}

TEST(runtimes_own_limit_that_is_tighter_stays_reached)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t scope;

  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 20));
  scope = begin(rt, 10000, 0, 0, 0);
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "for (;;);"));
  CHECK_INT(TENON_LIMIT_NONE, end(rt, scope));
  CHECK_INT(TENON_LIMIT_TIME, tenon_runtime_limit(rt));
  tenon_runtime_resume(rt);
  check_usable(rt);
}

TEST(runtimes_own_memory_limit_that_is_tighter_is_its_error)
{
  tenon_options options = {.size = sizeof options,
                           .memory_limit_bytes = 8 * MIB};
  tenon_runtime *rt = with_module(&options);
  uint64_t scope = begin(rt, 0, 0, 64 * MIB, 0);

  t_run(rt, IMPORT "try { const a = []; for (;;) a.push({}); }"
                   " catch (e) { log(e.message); }");
  CHECK_LOG("out of memory\n");
  CHECK_INT(TENON_LIMIT_NONE, end(rt, scope));
}

TEST(nested_memory_is_counted_by_each)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t outer = begin(rt, 0, 0, 10 * MIB, 0);
  uint64_t inner = begin(rt, 0, 0, 4 * MIB, 0);

  t_run(rt, "globalThis.a = new Uint8Array(3e6);");
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "new Uint8Array(3e6);"));
  CHECK_INT(TENON_LIMIT_MEMORY, end(rt, inner));
  t_run(rt, "globalThis.b = new Uint8Array(5e6);");
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "new Uint8Array(3e6);"));
  CHECK_INT(TENON_LIMIT_MEMORY, end(rt, outer));
  t_run(rt, "new Uint8Array(30e6);");
}

/* --- Inside of native functions ------------------------------------------------------ */

TEST(scope_inside_of_a_script_ends_what_it_evaluates_alone)
{
  tenon_runtime *rt = with_module(NULL);

  t_run(rt, IMPORT
        "log(`${native.bounded('for (;;);', 20, 0, 0)}`);"
        "log(`${native.bounded('try { for (;;); } finally { for (;;); }',"
        " 20, 0, 0)}`);"
        "log(`${native.bounded('{ const a = []; for (;;) a.push({}) }', 0,"
        " 2e6, 0)}`);"
        "log(`${native.bounded('(function f() { f(); })()', 0, 0, 1e5)}`);"
        "log(`${native.bounded('1 + 1', 1000, 1e7, 2e5)}`);"
        "for (let i = 0; i < 1e5; i++); log('on');"
        "await null; log('later');");
  CHECK_LOG("2\n2\n1\n-3\n0\non\nlater\n");
}

TEST(scope_inside_of_a_script_gives_its_stack_back)
{
  tenon_runtime *rt = with_module(NULL);

  t_run(rt,
        IMPORT "const depth = () => { let n = 0; const f = () => { n++; f(); };"
               " try { f(); } catch {} return n; };"
               "const before = depth();"
               "native.bounded('(function f() { f(); })()', 0, 0, 1e5);"
               "log(`${depth() === before}`);");
  CHECK_LOG("true\n");
}

TEST(scope_inside_of_a_script_leaves_the_hosts_word_alone)
{
  tenon_runtime *rt = with_module(NULL);

  CHECK_INT(TENON_ETERMINATED,
            t_eval_module(rt,
                          IMPORT "globalThis.end = native.end_program;"
                                 "native.bounded('end(); for (;;);', 30, 0, 0);"
                                 "for (;;); "));
  CHECK_INT(TENON_LIMIT_NONE, tenon_runtime_limit(rt));
  tenon_runtime_resume(rt);
  check_usable(rt);
}

TEST(scope_left_open_by_a_native_function_ends_with_the_hosts_call)
{
  tenon_runtime *rt = with_module(NULL);
  tenon_limit reached;

  t_run(rt, IMPORT "native.begin_and_leave(50);");
  CHECK_INT(TENON_EINVAL, tenon_runtime_end_limits(rt, kept, &reached));
  t_run(rt, "await new Promise(r => setTimeout(r, 80));");
  check_usable(rt);
}

TEST(what_a_scope_left_open_has_ended_stays_ended)
{
  tenon_runtime *rt = with_module(NULL);

  CHECK_INT(TENON_ETERMINATED,
            t_eval_module(rt, IMPORT "native.begin_and_leave(20); for (;;);"));
  CHECK_INT(TENON_LIMIT_TIME, tenon_runtime_limit(rt));
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "1"));
  tenon_runtime_resume(rt);
  check_usable(rt);
}

TEST(scope_of_another_native_function_may_be_ended_in_the_same_call)
{
  tenon_runtime *rt = with_module(NULL);

  t_run(rt, IMPORT "native.begin_and_leave(1000);"
                   "log(`${native.try_to_end()} ${native.try_to_end()}`);");
  CHECK_LOG("0 -5002\n");
}

TEST(native_function_cannot_end_the_scope_that_it_is_called_in)
{
  tenon_runtime *rt = with_module(NULL);

  kept = begin(rt, 10000, 0, 0, 0);
  t_run(rt, IMPORT "log(`${native.try_to_end()}`);");
  CHECK_LOG("-5005\n");
  CHECK_INT(TENON_LIMIT_NONE, end(rt, kept));
}

/* --- Wrong callers --------------------------------------------------------------------- */

TEST(scopes_ended_twice_or_never_begun_are_refused)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t scope = begin(rt, 1000, 0, 0, 0);
  tenon_limit reached;

  CHECK_INT(TENON_EINVAL, tenon_runtime_end_limits(rt, 0, &reached));
  CHECK_INT(TENON_EINVAL, tenon_runtime_end_limits(rt, scope + 1, &reached));
  CHECK_INT(0, tenon_runtime_end_limits(rt, scope, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_end_limits(rt, scope, &reached));
  CHECK_INT(TENON_LIMIT_NONE, reached);
}

TEST(scope_with_another_one_inside_is_not_ended)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t outer = begin(rt, 1000, 0, 0, 0), inner = begin(rt, 1000, 0, 0, 0);
  tenon_limit reached;

  CHECK_INT(TENON_EBUSY, tenon_runtime_end_limits(rt, outer, &reached));
  CHECK_INT(TENON_LIMIT_NONE, end(rt, inner));
  CHECK_INT(TENON_LIMIT_NONE, end(rt, outer));
}

TEST(scopes_that_are_never_ended_go_with_the_runtime)
{
  tenon_runtime *rt = with_module(NULL);

  begin(rt, 1000, 1000, MIB, 0);
  begin(rt, 1000, 1000, MIB, 0);
  t_free(rt);
}

TEST(call_limits_of_another_size_are_refused)
{
  tenon_runtime *rt = with_module(NULL);
  tenon_call_limits limits = {.size = sizeof limits + 8};
  uint64_t scope = 7;

  CHECK_INT(TENON_EINVAL, tenon_runtime_begin_limits(rt, &limits, &scope));
  CHECK_INT(0, scope);
  limits.size = 0;
  CHECK_INT(TENON_EINVAL, tenon_runtime_begin_limits(rt, &limits, &scope));
  CHECK_INT(TENON_EINVAL, tenon_runtime_begin_limits(rt, NULL, &scope));
  limits.size = sizeof limits;
  CHECK_INT(TENON_EINVAL, tenon_runtime_begin_limits(rt, &limits, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_begin_limits(NULL, &limits, &scope));
}

static void use_elsewhere(void *p)
{
  tenon_call_limits limits = {.size = sizeof limits};
  tenon_limit reached;
  uint64_t scope;

  CHECK_INT(TENON_ETHREAD, tenon_runtime_begin_limits(p, &limits, &scope));
  CHECK_INT(TENON_ETHREAD, tenon_runtime_end_limits(p, 1, &reached));
}

TEST(scopes_are_of_the_runtimes_thread)
{
  t_elsewhere(use_elsewhere, with_module(NULL));
}

/* --- With others who end the program ----------------------------------------------------- */

TEST(end_of_a_scope_does_not_take_back_the_hosts_word)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t scope = begin(rt, 20, 0, 0, 0);

  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "for (;;);"));
  /* A limit was first; the host says so as well. */
  tenon_runtime_terminate(rt);
  CHECK_INT(TENON_LIMIT_TIME, end(rt, scope));
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "1"));
  CHECK_INT(TENON_LIMIT_NONE, tenon_runtime_limit(rt));
  tenon_runtime_resume(rt);
  check_usable(rt);
}

TEST(end_of_a_scope_does_not_take_back_an_exit)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t scope = begin(rt, 1000, 0, 0, 0);

  CHECK_INT(TENON_EEXIT, t_eval_script(rt, "process.exit(3)"));
  CHECK_INT(TENON_LIMIT_NONE, end(rt, scope));
  CHECK_INT(TENON_EEXIT, t_eval_script(rt, "1"));
  CHECK_INT(3, tenon_runtime_exit_code(rt));
}

TEST(resume_inside_of_a_scope_takes_its_limit_away)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t scope = begin(rt, 10, 0, 0, 0);

  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "for (;;);"));
  tenon_runtime_resume(rt);
  t_run(rt, "await new Promise(r => setTimeout(r, 15));");
  CHECK_INT(TENON_LIMIT_TIME, end(rt, scope));
  check_usable(rt);
}

struct race {
  tenon_runtime *rt;
  int done;
};

static void terminate_soon(void *p)
{
  struct race *r = p;
  struct timespec t = {0, 2000000};

  nanosleep(&t, NULL);
  tenon_runtime_terminate(r->rt);
  __atomic_store_n(&r->done, 1, __ATOMIC_SEQ_CST);
}

/* Whoever comes first, the host's word stands in the end. */
TEST(host_thread_and_a_scopes_limit_may_come_together)
{
  tenon_runtime *rt = with_module(NULL);
  int i;

  for (i = 0; i < 50; i++) {
    struct race race = {rt, 0};
    uv_thread_t thread;
    uint64_t scope;
    CHECK_INT(0, uv_thread_create(&thread, terminate_soon, &race));
    scope = begin(rt, 2, 0, 0, 0);
    CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "for (;;);"));
    end(rt, scope);
    uv_thread_join(&thread);
    CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "1"));
    tenon_runtime_resume(rt);
    check_usable(rt);
  }
}

/* --- Without memory ------------------------------------------------------------------- */

/* One life of a runtime with limits; 0, or the code of what failed. */
static int live(void)
{
  static const char refused[] = "setTimeout(() => {}, 1e6);"
                                "try { setTimeout(() => {}, 1); throw 1; }"
                                " catch (e) { if (e === 1) throw e; }";
  tenon_call_limits limits = {.size = sizeof limits,
                              .time_ms = 60000,
                              .cpu_ms = 60000,
                              .stack_bytes = MIB / 2};
  uint64_t outer = 0, inner = 0;
  tenon_runtime *rt = NULL;
  tenon_limit reached;
  int r = tenon_runtime_new(NULL, &rt);

  if (r) return r;
  r = tenon_runtime_set_limit(rt, TENON_LIMIT_OPERATIONS, 1);
  if (r == 0) r = tenon_runtime_begin_limits(rt, &limits, &outer);
  if (r == 0) r = tenon_runtime_begin_limits(rt, &limits, &inner);
  if (r == 0) r = eval_only(rt, refused);
  if (inner) CHECK_INT(0, tenon_runtime_end_limits(rt, inner, &reached));
  if (outer) CHECK_INT(0, tenon_runtime_end_limits(rt, outer, &reached));
  tenon_runtime_free(rt);
  CHECK(r == 0 || r == TENON_ENOMEM || r == TENON_EEXCEPTION);
  return r;
}

TEST(life_with_limits_survives_every_failing_allocation)
{
  static const t_oom oom = {.live = live};

  CHECK(t_fail_each(&oom, false) > 500);
}
