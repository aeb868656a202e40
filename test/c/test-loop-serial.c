/* Callbacks of a module whose functions run one at a time. */
#define TENON_MODULE serial
#include "harness.h"

#include <string.h>
#include <tenon/export.h>
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
