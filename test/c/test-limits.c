/* Limits that end a program: no script catches them, the host reads which. */
#include "harness.h"

#include <string.h>

#define MIB (1024 * 1024)

static tenon_runtime *limited(size_t memory_limit_bytes)
{
  tenon_options options = {.size = sizeof options,
                           .memory_limit_bytes = memory_limit_bytes,
                           .ends_at_memory_limit = true};
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(&options, &rt));
  return rt;
}

/* --- Memory ------------------------------------------------------------------------- */

static void check_ends_for_memory(const char *source)
{
  tenon_runtime *rt = limited(8 * MIB);

  CHECK_INT(TENON_ETERMINATED, t_eval_module(rt, source));
  CHECK_INT(TENON_LIMIT_MEMORY, tenon_runtime_limit(rt));
  CHECK_LOG("");
  CHECK(tenon_runtime_exception(rt) == NULL);
  t_free(rt);
}

TEST(memory_limit_is_not_caught)
{
  check_ends_for_memory(
      "import { log } from 'test';"
      "for (;;) try { const a = []; for (;;) a.push({}); }"
      " catch { log('caught'); } finally { log('finally'); }");
}

TEST(memory_limit_is_reached_by_every_kind_of_value)
{
  check_ends_for_memory(
      "let s = 'x'; try { for (;;) { s += s + 'y'; s.at(-1); } }"
      " catch {}"
      " import { log } from 'test'; log('on');");
  check_ends_for_memory("import { log } from 'test'; const a = [];"
                        " try { for (;;) a.push(new ArrayBuffer(1e5)); }"
                        " catch { log('caught'); }");
  check_ends_for_memory(
      "import { log } from 'test';"
      " try { new Uint8Array(1e9); } catch { log('caught'); }");
  check_ends_for_memory(
      "import { log } from 'test';"
      " try { 'x'.repeat(1e9 / 2); } catch { log('caught'); }");
  check_ends_for_memory("import { log } from 'test'; const m = new Map();"
                        " try { for (let i = 0;; i++) m.set(i, i); }"
                        " catch { log('caught'); }");
  check_ends_for_memory("import { log } from 'test'; let f = () => {};"
                        " try { for (;;) { const g = f; f = () => g; } }"
                        " catch { log('caught'); }");
  check_ends_for_memory("import { log } from 'test';"
                        " try { const a = []; for (;;) a.push(1n << 9999n); }"
                        " catch { log('caught'); }");
  check_ends_for_memory("import { log } from 'test';"
                        " try { for (;;) setTimeout(() => {}, 1e6); }"
                        " catch { log('caught'); }");
}

TEST(memory_limit_ends_promises_and_jobs)
{
  check_ends_for_memory(
      "import { log } from 'test'; const a = [];"
      "const fill = () => { for (;;) a.push([1]); };"
      "new Promise(fill).catch(() => log('caught'));"
      "Promise.resolve().then(fill).catch(() => log('caught'));"
      "await (async () => { try { await 1; fill(); } catch { log('caught'); }"
      " })();");
}

TEST(memory_limit_without_end_is_an_error)
{
  tenon_options options = {.size = sizeof options,
                           .memory_limit_bytes = 8 * MIB};
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(&options, &rt));
  t_run(rt, "import { log } from 'test';"
            "try { const a = []; for (;;) a.push({}); }"
            " catch (e) { log(e.message); }");
  CHECK_LOG("out of memory\n");
  CHECK_INT(TENON_LIMIT_NONE, tenon_runtime_limit(rt));
}

TEST(runtime_goes_on_after_its_memory_limit)
{
  tenon_runtime *rt = limited(8 * MIB);

  CHECK_INT(TENON_ETERMINATED,
            t_eval_script(rt, "{ const a = []; for (;;) a.push({}); }"));
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "1"));
  tenon_runtime_resume(rt);
  CHECK_INT(TENON_LIMIT_NONE, tenon_runtime_limit(rt));
  tenon_runtime_collect(rt);
  t_run(rt, "import { log } from 'test'; log('again');");
  CHECK_LOG("again\n");
}

TEST(garbage_does_not_reach_the_memory_limit)
{
  tenon_runtime *rt = limited(8 * MIB);

  t_run(rt, "for (let i = 0; i < 300000; i++) { const a = {}; a.a = a; }"
            "for (let i = 0; i < 300; i++) new ArrayBuffer(1e6);");
}

/* --- Time --------------------------------------------------------------------------- */

static void check_ends_for_time(const char *source)
{
  tenon_runtime *rt = t_runtime();
  uint64_t start = t_now_ms();

  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 50));
  CHECK_INT(TENON_ETERMINATED, t_eval_module(rt, source));
  CHECK(t_now_ms() - start >= 50);
  CHECK_INT(TENON_LIMIT_TIME, tenon_runtime_limit(rt));
  CHECK_LOG("");
  t_free(rt);
}

TEST(time_limit_ends_what_runs)
{
  check_ends_for_time("for (;;);");
  check_ends_for_time("import { log } from 'test';"
                      "for (;;) try { for (;;); } catch { log('caught'); }"
                      " finally { for (;;); }");
  check_ends_for_time("const f = () => Promise.resolve().then(f); f();");
  check_ends_for_time("for (;;) /^(a+)+$/.test('a'.repeat(30) + 'b');");
}

TEST(time_limit_ends_what_waits)
{
  uint64_t cpu = t_cpu_ms();

  check_ends_for_time("setTimeout(() => {}, 100000);");
  check_ends_for_time("setTimeout(() => {}, 100000);"
                      " await new Promise(() => {});");
  CHECK(t_cpu_ms() - cpu < 40);
}

TEST(time_limit_ends_what_waits_in_steps)
{
  check_ends_for_time("setInterval(() => {}, 1);");
}

TEST(time_limit_keeps_nothing_alive)
{
  tenon_runtime *rt = t_runtime();
  uint64_t start = t_now_ms();

  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 100000));
  t_run(rt, "await 1;");
  CHECK(t_now_ms() - start < 50000);
  CHECK_INT(TENON_LIMIT_NONE, tenon_runtime_limit(rt));
}

TEST(time_limit_may_be_taken_back)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 1));
  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 0));
  t_run(rt, "import { log } from 'test';"
            "await new Promise(r => setTimeout(r, 20)); log('done');");
  CHECK_LOG("done\n");
}

TEST(time_limit_of_the_past_lets_nothing_start)
{
  tenon_runtime *rt = t_runtime();
  uint64_t start = t_now_ms();

  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 5));
  while (t_now_ms() - start < 10)
    ;
  CHECK_INT(TENON_ETERMINATED,
            t_eval_module(rt, "import { log } from 'test'; log('ran');"));
  CHECK_LOG("");
}

TEST(runtime_goes_on_after_its_time_limit)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 10));
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "for (;;);"));
  tenon_runtime_resume(rt);
  t_run(rt, "import { log } from 'test';"
            "await new Promise(r => setTimeout(r, 20)); log('again');");
  CHECK_LOG("again\n");
}

TEST(time_limit_may_be_as_long_as_it_likes)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_set_time_limit(rt, UINT64_MAX));
  t_run(rt, "await new Promise(r => setTimeout(r, 5));");
  CHECK_INT(0, tenon_runtime_set_time_limit(rt, UINT64_MAX / 1000000));
  t_run(rt, "await new Promise(r => setTimeout(r, 5));");
  CHECK_INT(TENON_LIMIT_NONE, tenon_runtime_limit(rt));
}

TEST(host_that_ends_a_program_is_no_limit)
{
  tenon_runtime *rt = t_runtime();

  tenon_runtime_terminate(rt);
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "1"));
  CHECK_INT(TENON_LIMIT_NONE, tenon_runtime_limit(rt));
}
