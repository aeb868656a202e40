/* Limits that are read and set while a runtime lives. */
#define TENON_MODULE set
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/limits.h>
#include <time.h>

#include "harness.h"

#define MIB (1024 * 1024)

TENON_MODULE_THREADS(any);

static tenon_runtime *of_script;

TENON_FUNCTION(none, limit, (i32, which), (f64, amount))
{
  if (tenon_runtime_set_limit(of_script, (tenon_limit)which, (uint64_t)amount))
    tenon_fail(TENON_ERROR, "refused");
}

TENON_FUNCTION(f64, used, (i32, which))
{
  tenon_limit_state s = {.size = sizeof s};

  if (tenon_runtime_get_limit(of_script, (tenon_limit)which, &s)) return -1;
  return (double)s.used;
}

TENON_FUNCTION(none, burn, (u32, ms))
{
  struct timespec t;
  uint64_t end = 0;

  do {
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    if (!end) end = (uint64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + ms;
  } while ((uint64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 < end);
}

TENON_FUNCTION(none, rest_ms, (u32, ms))
{
  struct timespec t = {ms / 1000, ms % 1000 * 1000000};

  nanosleep(&t, NULL);
}

static tenon_deferred *open_one;

TENON_ASYNC(none, wait_for_host)
{
  open_one = deferred;
}

static tenon_runtime *with_module(const tenon_options *options)
{
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(options, &rt));
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_set));
  of_script = rt;
  return rt;
}

#define IMPORT                    \
  "import { log } from 'test';\n" \
  "import * as native from 'native';\n"

static uint64_t used_of(tenon_runtime *rt, tenon_limit which)
{
  tenon_limit_state s = {.size = sizeof s};

  CHECK_INT(0, tenon_runtime_get_limit(rt, which, &s));
  return s.used;
}

static uint64_t limit_of(tenon_runtime *rt, tenon_limit which)
{
  tenon_limit_state s = {.size = sizeof s};

  CHECK_INT(0, tenon_runtime_get_limit(rt, which, &s));
  CHECK_INT(sizeof s, s.size);
  return s.limit;
}

/* --- Reading and setting ----------------------------------------------------------- */

TEST(every_limit_is_read_as_it_was_set)
{
  tenon_runtime *rt = with_module(NULL);
  int which;

  for (which = TENON_LIMIT_MEMORY; which <= TENON_LIMIT_HANDLES; which++) {
    uint64_t before = which == TENON_LIMIT_STACK ? MIB : 0;
    CHECK_INT(before, limit_of(rt, which));
    CHECK_INT(0, tenon_runtime_set_limit(rt, which, 64 * MIB));
    CHECK_INT(64 * MIB, limit_of(rt, which));
    CHECK_INT(0, tenon_runtime_set_limit(rt, which, 0));
    CHECK_INT(before, limit_of(rt, which));
  }
}

TEST(limits_of_the_options_are_read)
{
  tenon_options options = {.size = sizeof options,
                           .memory_limit_bytes = 32 * MIB,
                           .stack_limit_bytes = MIB / 2,
                           .external_limit_bytes = 3 * MIB};
  tenon_runtime *rt = with_module(&options);

  CHECK_INT(32 * MIB, limit_of(rt, TENON_LIMIT_MEMORY));
  CHECK_INT(MIB / 2, limit_of(rt, TENON_LIMIT_STACK));
  CHECK_INT(3 * MIB, limit_of(rt, TENON_LIMIT_EXTERNAL));
  CHECK(used_of(rt, TENON_LIMIT_MEMORY) > 100000);
  CHECK_INT(0, used_of(rt, TENON_LIMIT_STACK));
}

TEST(limits_that_are_none_are_refused)
{
  tenon_runtime *rt = with_module(NULL);
  tenon_limit_state s = {.size = sizeof s - 1, .used = 7};

  CHECK_INT(TENON_EINVAL, tenon_runtime_set_limit(rt, TENON_LIMIT_NONE, 1));
  CHECK_INT(TENON_EINVAL, tenon_runtime_set_limit(rt, (tenon_limit)99, 1));
  CHECK_INT(TENON_EINVAL, tenon_runtime_set_limit(NULL, TENON_LIMIT_TIME, 1));
  CHECK_INT(TENON_EINVAL, tenon_runtime_get_limit(rt, TENON_LIMIT_TIME, &s));
  CHECK_INT(7, s.used);
  CHECK_INT(TENON_EINVAL, tenon_runtime_get_limit(rt, TENON_LIMIT_TIME, NULL));
  s.size = sizeof s;
  CHECK_INT(TENON_EINVAL, tenon_runtime_get_limit(rt, TENON_LIMIT_NONE, &s));
  s.size = sizeof s + 8;
  CHECK_INT(0, tenon_runtime_get_limit(rt, TENON_LIMIT_TIME, &s));
  CHECK_INT(sizeof s, s.size);
}

static void set_elsewhere(void *p)
{
  tenon_limit_state s = {.size = sizeof s};

  CHECK_INT(TENON_ETHREAD, tenon_runtime_set_limit(p, TENON_LIMIT_TIME, 1));
  CHECK_INT(TENON_ETHREAD, tenon_runtime_get_limit(p, TENON_LIMIT_TIME, &s));
}

TEST(limits_are_of_the_runtimes_thread)
{
  t_elsewhere(set_elsewhere, with_module(NULL));
}

/* --- Memory, stack ------------------------------------------------------------------- */

TEST(memory_limit_below_what_is_used_refuses_what_is_new)
{
  tenon_runtime *rt = with_module(NULL);

  t_run(rt, "globalThis.big = new Uint8Array(8e6); globalThis.n = 0;");
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_MEMORY, 4 * MIB));
  CHECK_THROWS(rt, "out of memory", "for (;;) new Uint8Array(1e6);");
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_MEMORY, 0));
  t_run(rt, IMPORT "log(`${big.length}`); new Uint8Array(9e6);");
  CHECK_LOG("8000000\n");
}

TEST(garbage_makes_room_below_a_new_memory_limit)
{
  tenon_runtime *rt = with_module(NULL);

  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_MEMORY, 100 * MIB));
  t_run(rt, "{ const a = { b: new Uint8Array(30e6) }; a.a = a; }");
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_MEMORY, 32 * MIB));
  t_run(rt, "new Uint8Array(20e6);");
}

TEST(memory_limit_set_by_a_native_function_holds_in_its_script)
{
  tenon_runtime *rt = with_module(NULL);

  t_run(rt, IMPORT "native.limit(1, native.used(1) + 1e6);"
                   "try { new Uint8Array(2e6); } catch (e) { log(e.message); }"
                   "native.limit(1, 0); new Uint8Array(2e6);");
  CHECK_LOG("out of memory\n");
}

TEST(stack_limit_set_by_a_native_function_holds_in_its_script)
{
  tenon_runtime *rt = with_module(NULL);

  t_run(rt, IMPORT
        "const depth = () => { let n = 0; const f = () => { n++; f(); };"
        " try { f(); } catch (e) { if (!(e instanceof RangeError)) throw e; }"
        " return n; };"
        "const before = depth();"
        "native.limit(5, 200000); const low = depth();"
        "native.limit(5, 0); const after = depth();"
        "log(`${low * 3 < before} ${after > before / 2} ${low > 10}`);"
        "log(`${native.used(5) > 0}`);");
  CHECK_LOG("true true true\ntrue\n");
  CHECK_INT(0, used_of(rt, TENON_LIMIT_STACK));
}

TEST(stack_limit_too_small_for_anything_is_an_error)
{
  tenon_runtime *rt = with_module(NULL);

  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_STACK, 1));
  CHECK_INT(TENON_EEXCEPTION, t_eval_script(rt, "(() => 1)()"));
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_STACK, 0));
  tenon_runtime_clear_exception(rt);
  t_run(rt, "(() => 1)()");
}

/* --- CPU time --------------------------------------------------------------------------- */

TEST(cpu_limit_ends_what_runs)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t cpu = t_cpu_ms();

  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_CPU, 50));
  CHECK_INT(TENON_ETERMINATED,
            t_eval_module(rt,
                          IMPORT "for (;;) try { for (;;); } catch {"
                                 " log('caught'); } finally { for (;;); }"));
  CHECK(t_cpu_ms() - cpu >= 45);
  CHECK_INT(TENON_LIMIT_CPU, tenon_runtime_limit(rt));
  CHECK_TEXT("CPU time limit of 50 ms reached",
             tenon_runtime_explain(rt, TENON_ETERMINATED, TENON_FORM_TEXT));
  CHECK_TEXT("{\"kind\":\"limit\",\"message\":\"CPU time limit of 50 ms "
             "reached\",\"limit\":\"cpu\",\"limitMs\":50}",
             tenon_runtime_explain(rt, TENON_ETERMINATED, TENON_FORM_JSON));
  CHECK_LOG("");
}

TEST(cpu_limit_counts_many_short_turns)
{
  tenon_runtime *rt = with_module(NULL);
  int turns = 0, r = 0;

  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_CPU, 40));
  while (r == 0 && ++turns < 1000)
    r = t_eval_module(rt, "import { burn } from 'native'; burn(4);");
  CHECK_INT(TENON_ETERMINATED, r);
  CHECK(turns > 5 && turns < 15);
  CHECK_INT(TENON_LIMIT_CPU, tenon_runtime_limit(rt));
}

TEST(cpu_limit_counts_native_functions_and_not_waiting)
{
  tenon_runtime *rt = with_module(NULL);

  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_CPU, 10000));
  t_run(rt, IMPORT "native.rest_ms(60);"
                   "await new Promise(r => setTimeout(r, 60));");
  CHECK(used_of(rt, TENON_LIMIT_CPU) < 30);
  t_run(rt, IMPORT "native.burn(40); log(`${native.used(3) >= 39}`);");
  CHECK(used_of(rt, TENON_LIMIT_CPU) >= 39);
  CHECK_LOG("true\n");
}

TEST(cpu_limit_does_not_count_the_pool)
{
  tenon_runtime *rt = with_module(NULL);

  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_CPU, 60));
  t_run(rt, IMPORT "await native.burn.async(120);");
  CHECK(used_of(rt, TENON_LIMIT_CPU) < 50);
}

TEST(cpu_limit_of_one_runtime_does_not_count_another)
{
  tenon_runtime *rt = with_module(NULL), *other = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(other, "native", tenon_module_set));
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_CPU, 50));
  t_run(other, IMPORT "native.burn(80);");
  t_run(rt, "1 + 1");
  CHECK(used_of(rt, TENON_LIMIT_CPU) < 30);
  CHECK_INT(TENON_LIMIT_NONE, tenon_runtime_limit(other));
}

TEST(cpu_limit_counts_from_when_it_was_set)
{
  tenon_runtime *rt = with_module(NULL);

  t_run(rt, IMPORT "native.burn(40); native.limit(3, 40); native.burn(10);");
  CHECK(used_of(rt, TENON_LIMIT_CPU) < 30);
  t_run(rt, IMPORT "native.limit(3, 40); native.burn(20);");
  CHECK(used_of(rt, TENON_LIMIT_CPU) < 35);
  t_run(rt, IMPORT "native.limit(3, 0); native.burn(60);");
  CHECK_INT(0, used_of(rt, TENON_LIMIT_CPU));
}

TEST(runtime_goes_on_after_its_cpu_limit)
{
  tenon_runtime *rt = with_module(NULL);

  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_CPU, 10));
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "for (;;);"));
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "1"));
  tenon_runtime_resume(rt);
  CHECK_INT(0, limit_of(rt, TENON_LIMIT_CPU));
  t_run(rt, IMPORT "native.burn(30); log('again');");
  CHECK_LOG("again\n");
}

TEST(cpu_and_time_may_be_as_long_as_they_like)
{
  tenon_runtime *rt = with_module(NULL);

  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_CPU, UINT64_MAX));
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_TIME, UINT64_MAX / 2));
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_MEMORY, UINT64_MAX));
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_EXTERNAL, UINT64_MAX));
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_OPERATIONS, UINT64_MAX));
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_HANDLES, UINT64_MAX));
  t_run(rt, IMPORT "native.burn(5); new Uint8Array(1e6);"
                   "await new Promise(r => setTimeout(r, 5));");
  CHECK_INT(TENON_LIMIT_NONE, tenon_runtime_limit(rt));
}

TEST(slow_native_functions_in_a_loop_do_not_hide_the_deadline)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t start = t_now_ms();

  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 50));
  CHECK_INT(TENON_ETERMINATED,
            t_eval_module(rt, IMPORT "for (;;) native.rest_ms(5);"));
  /* 10,000 polls, as the engine has it, are 25 seconds. */
  CHECK(t_now_ms() - start < 5000);
}

/* --- Open operations ---------------------------------------------------------------------- */

TEST(operations_beyond_their_limit_are_errors_that_scripts_catch)
{
  tenon_runtime *rt = with_module(NULL);

  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_OPERATIONS, 3));
  t_run(rt, IMPORT
        "const t = [1, 2, 3].map(() => setTimeout(() => log('fired'), 1e6));"
        "log(`${native.used(6)} ${native.used(7)}`);"
        "try { setTimeout(() => {}, 1); } catch (e) {"
        "  log(`${e instanceof RangeError} ${e.code} ${e.message}`); }"
        "try { setInterval(() => {}, 1); } catch (e) { log(e.code); }"
        "await native.rest_ms.async(1).catch(e => log(`${e.code}`));"
        "await native.wait_for_host().catch(e => log(`${e.message}`));"
        "clearTimeout(t.pop());"
        "await native.rest_ms.async(1); log('fits');"
        "t.forEach(clearTimeout); log(`${native.used(6)}`);");
  CHECK_LOG(
      "3 3\n"
      "true EFULL setTimeout: as many operations are open as there may be "
      "(3)\nEFULL\nEFULL\n"
      "wait_for_host: as many operations are open as there may be (3)\n"
      "fits\n0\n");
}

TEST(handles_beyond_their_limit_leave_room_for_others)
{
  tenon_runtime *rt = with_module(NULL);

  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_HANDLES, 1));
  t_run(rt,
        IMPORT "const t = setTimeout(() => {}, 1e6);"
               "try { setTimeout(() => {}, 1); } catch (e) { log(e.message); }"
               "await native.rest_ms.async(1); log('pool'); clearTimeout(t);"
               "await new Promise(r => setTimeout(r, 1)); log('timer');");
  CHECK_LOG("setTimeout: as many handles are open as there may be (1)\n"
            "pool\ntimer\n");
}

TEST(operation_limit_below_what_is_open_refuses_what_is_new)
{
  tenon_runtime *rt = with_module(NULL);

  t_run(rt, IMPORT "const t = [1, 2, 3].map(() => setTimeout(() => {}, 1e6));"
                   "native.limit(6, 1);"
                   "try { setTimeout(() => {}, 1); } catch (e) { log(e.code); }"
                   "t.splice(1).forEach(clearTimeout);"
                   "try { setTimeout(() => {}, 1); } catch (e) { log(e.code); }"
                   "clearTimeout(t[0]);"
                   "await new Promise(r => setTimeout(r, 1)); log('fits');");
  CHECK_LOG("EFULL\nEFULL\nfits\n");
}

TEST(refused_operations_leave_nothing_behind)
{
  tenon_runtime *rt = with_module(NULL);
  uint64_t before;

  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_OPERATIONS, 1));
#define REFUSED(n)                                          \
  IMPORT "const p = native.wait_for_host(), t = [p];"       \
         "for (let i = 0; i < " #n "; i++) { let n = 0;"    \
         " try { setTimeout(() => {}, 1); } catch { n++; }" \
         " await native.rest_ms.async(1).catch(() => n++);" \
         " await native.wait_for_host().catch(() => n++);"  \
         " if (n !== 3) log(`${n}`); }"                     \
         "log(`${native.used(6)}`);"
  CHECK_INT(TENON_EEXCEPTION, t_eval_module(rt, REFUSED(100) "throw 1;"));
  tenon_runtime_clear_exception(rt);
  CHECK_LOG("1\n");
  TENON_RESOLVE(wait_for_host, open_one);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(0, used_of(rt, TENON_LIMIT_OPERATIONS));
  tenon_runtime_collect(rt);
  before = used_of(rt, TENON_LIMIT_MEMORY);
  CHECK_INT(TENON_EEXCEPTION, t_eval_module(rt, REFUSED(10000) "throw 1;"));
  tenon_runtime_clear_exception(rt);
  TENON_RESOLVE(wait_for_host, open_one);
  CHECK_INT(0, tenon_runtime_run(rt));
  tenon_runtime_collect(rt);
  CHECK_LOG("1\n");
  CHECK(used_of(rt, TENON_LIMIT_MEMORY) < before + 100000);
}
