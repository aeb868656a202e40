/* Callbacks of a module whose functions run one at a time. */
#define TENON_MODULE serial
#include "harness.h"

#include <pthread.h>
#include <string.h>
#include <tenon/close.h>
#include <tenon/export.h>
#include <unistd.h>
#include <uv.h>

TENON_MODULE_THREADS(serial);

static int inside, most; /* functions that run now, outside of callbacks */

TENON_CALLBACK(i32, step, (i32, n))

TENON_FUNCTION(i32, count, (i32, n), (step, f))
{
  int32_t r = 0;
  int i, now;

  for (i = 0; i < n; i++) {
    now = __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST);
    if (now > most) most = now;
    uv_sleep(1);
    __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
    if (step_call(f, &r, r)) return 0;
  }
  return r;
}

static void be_inside(int ms)
{
  int now = __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST);

  if (now > most) most = now;
  uv_sleep((unsigned)ms);
  __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
}

TENON_FUNCTION(none, busy, (i32, ms))
{
  be_inside(ms);
}

/* Without a call of the system: what overlaps it loses counts. */
static long quick_count;

TENON_FUNCTION(none, quick)
{
  int now = __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST), i;

  if (now > most) most = now;
  for (i = 0; i < 20; i++)
    *(volatile long *)&quick_count += 1;
  __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
}

typedef struct part {
  int32_t n;
} part;

static int parts;

TENON_CLASS_AS("Part", part)
TENON_CONSTRUCTOR(part)
{
  self->n = ++parts;
}
TENON_RELEASE(part)
{
  be_inside(1);
  parts--;
}
TENON_MEMORY(part)
{
  if (parts > 1) be_inside(1);
  return 8;
}
TENON_DISPOSABLE(part)
TENON_METHOD(i32, part, get)
{
  return self->n;
}

/* --- Abandoned, with the lock ------------------------------------------------- */

static int held, gate; /* atomic */

/* Has the module's lock until the gate is open. */
TENON_BLOCKING(none, hold)
{
  __atomic_add_fetch(&held, 1, __ATOMIC_SEQ_CST);
  while (!__atomic_load_n(&gate, __ATOMIC_SEQ_CST))
    usleep(200);
  __atomic_sub_fetch(&held, 1, __ATOMIC_SEQ_CST);
}

static void close_gate(void)
{
  __atomic_store_n(&held, 0, __ATOMIC_SEQ_CST);
  __atomic_store_n(&gate, 0, __ATOMIC_SEQ_CST);
}

static void wait_until(const int *p, int value)
{
  uint64_t end = t_now_ms() + 20000;

  while (__atomic_load_n(p, __ATOMIC_SEQ_CST) != value && t_now_ms() < end)
    usleep(200);
  CHECK_INT(value, __atomic_load_n(p, __ATOMIC_SEQ_CST));
}

static tenon_runtime *begin(const char *source)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_serial));
  CHECK_INT(0, tenon_runtime_eval_module(rt, source, strlen(source), NULL));
  return rt;
}

static size_t abandon(tenon_runtime *rt)
{
  tenon_close_options o = {.size = sizeof o, .abandons = true};
  size_t count = 99;

  t_forget(rt);
  CHECK_INT(0, tenon_runtime_close(rt, &o, &count));
  return count;
}

static void open_gate(void)
{
  uint64_t end = t_now_ms() + 20000;

  __atomic_store_n(&gate, 1, __ATOMIC_SEQ_CST);
  while (tenon_abandoned_calls() && t_now_ms() < end)
    usleep(200);
  CHECK_INT(0, tenon_abandoned_calls());
  CHECK_INT(0, held);
}

static void *open_later(void *p)
{
  (void)p;
  usleep(100000);
  __atomic_store_n(&gate, 1, __ATOMIC_SEQ_CST);
  return NULL;
}

TEST(closing_does_not_wait_where_only_calls_want_the_lock)
{
  tenon_runtime *a, *b;
  uint64_t start;

  close_gate();
  a = begin("import { hold } from 'm'; hold();");
  wait_until(&held, 1);
  b = begin("import { hold } from 'm'; hold();");
  /* Its thread has it, and waits for the lock. */
  usleep(20000);
  start = t_now_ms();
  CHECK_INT(1, abandon(a));
  CHECK_INT(1, abandon(b));
  CHECK(t_now_ms() - start < 1000);
  CHECK_INT(1, held);
  open_gate();
}

/* Be it in the runtime of the call, or in another one. */
TEST(closing_waits_for_an_abandoned_call_to_end_instances_beside_it)
{
  int round;

  for (round = 0; round < 2; round++) {
    tenon_runtime *a, *b = NULL;
    pthread_t opener;
    close_gate();
    if (round) b = begin("import { Part } from 'm'; globalThis.p = new Part;");
    a = begin(round ? "import { hold } from 'm'; hold();"
                    : "import { hold, Part } from 'm';"
                      "globalThis.p = new Part; hold();");
    wait_until(&held, 1);
    if (round) CHECK_INT(1, abandon(a));
    CHECK_INT(1, parts);
    CHECK_INT(0, pthread_create(&opener, NULL, open_later, NULL));
    CHECK_INT(round ? 0 : 1, abandon(round ? b : a));
    CHECK_INT(1, gate);
    CHECK_INT(0, held);
    CHECK_INT(0, parts);
    pthread_join(opener, NULL);
    open_gate();
  }
}

/* --- Beside one another ----------------------------------------------------------- */

TEST(instances_of_a_serial_module_end_beside_none_of_its_functions)
{
  tenon_runtime *rt = t_runtime();

  inside = most = 0;
  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_serial));
  t_run(rt, "import { log } from 'test'; import { Part, busy } from 'm';\n"
            "const a = new Part, b = new Part, g = b.get.async;\n"
            "const p = busy.async(30), q = g.call(b);\n"
            "let code; await g.call(b).catch(e => { code = e.code });\n"
            "await new Promise(f => setTimeout(f, 5));\n"
            "a[Symbol.dispose](); b[Symbol.dispose](); await p;\n"
            "log(`${code} ${await q}`);");
  CHECK_LOG("EBUSY 2\n");
  CHECK_INT(0, parts);
  CHECK_INT(1, most);
}

TEST(a_serial_function_that_waits_for_the_loop_does_not_block_it)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_serial));
  t_run(rt, "import { log } from 'test'; import { count } from 'm';\n"
            "const again = (n) => count(2, (k) => k + 1) + n - 1;\n"
            "const r = await Promise.all([count.async(5, again),\n"
            "  count.async(5, again), count.async(1, () => 9)]);\n"
            "log(`${r} ${count(1, again)}`);");
  CHECK_LOG("5,5,9 1\n");
  CHECK_INT(1, most);
}

static const char quick_program[] =
    "import { quick } from 'm';\n"
    "const all = [];\n"
    "for (let i = 0; i < 300; i++) {\n"
    "  all.push(quick.async());\n"
    "  for (let k = 0; k < 300; k++) quick();\n"
    "  if (i % 50 === 49) await Promise.all(all.splice(0));\n"
    "}\n"
    "await Promise.all(all);\n";

#define QUICK_CALLS (300 + 300 * 300)

static void *run_quick(void *p)
{
  return t_live("m", tenon_module_serial, quick_program) ? p : NULL;
}

/* Most calls pass without a lock, and none may meet another. */
TEST(calls_that_pass_without_a_lock_meet_none_of_another_thread)
{
  pthread_t threads[3];
  void *failed;
  int i;

  inside = most = 0;
  quick_count = 0;
  CHECK(!run_quick(threads));
  CHECK_INT(1, most);
  CHECK_INT(20 * QUICK_CALLS, quick_count);
  for (i = 0; i < 3; i++)
    CHECK_INT(0, pthread_create(&threads[i], NULL, run_quick, threads));
  for (i = 0; i < 3; i++) {
    CHECK_INT(0, pthread_join(threads[i], &failed));
    CHECK(!failed);
  }
  CHECK_INT(1, most);
  CHECK_INT(4 * 20 * QUICK_CALLS, quick_count);
}
