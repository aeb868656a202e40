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
