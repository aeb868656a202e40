/*
 * Every allocation fails once, in turn, of a program whose calls have options,
 * are cancelled, and tell how far they are: each run either fails with an error
 * or does everything right. TENON_OOM_SAMPLE as in test-oom.c.
 */
#define TENON_MODULE cancel_oom
#include "harness.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/pool.h>
#include <unistd.h>

TENON_MODULE_THREADS(any);

static tenon_p_text said;

TENON_FUNCTION(none, say, (str, line))
{
  tenon_p_text_append(&said, line.data, line.len);
  tenon_p_text_puts(&said, ";");
  if (said.failed) tenon_fail(TENON_ERROR, "out of memory");
}

TENON_CALLBACK(none, step, (str, s))

/* Until it is cancelled. */
TENON_BLOCKING(str, work, (str, s), (opt(step), tell))
{
  int i;

  for (i = 0; i < 3 && tell; i++)
    if (step_update(*tell, s)) return tenon_fail(TENON_ERROR, "no update");
  while (!tell && !tenon_is_cancelled())
    usleep(100);
  return s;
}

static tenon_deferred *open_one;

static void on_cancel(tenon_deferred *d, void *p)
{
  (void)p;
  open_one = NULL;
  (void)!tenon_deferred_reject(d, TENON_ERROR, "of a cancelled one");
}

TENON_ASYNC(none, later, (str, s))
{
  (void)s;
  open_one = deferred;
  if (tenon_deferred_on_cancel(deferred, on_cancel, NULL)) abort();
}

static const char program[] =
    "import { say, work, later } from 'oom';\n"
    "const k = new AbortController(), { signal } = k;\n"
    "const f = work.withOptions({ timeout: 1e6 }).withOptions({ signal });\n"
    "const check = (p, ok) => p.then(() => { throw new Error('not rejected'); },\n"
    "  (e) => { if (!ok(e)) throw e; say('as it should'); });\n"
    "const all = [work('a'.repeat(500), undefined, { signal }), f('b'),\n"
    "  f('c', undefined, { onFull: 'wait', timeout: 1e5 }),\n"
    "  later('d', { signal, timeout: 1e4 })]\n"
    "  .map((p) => check(p, (e) => e === k));\n"
    "k.abort(k);\n"
    "await Promise.all(all);\n"
    "await check(f('e'), (e) => e === k);\n"
    "await check(work('f', undefined, { timeout: 1 }),\n"
    "  (e) => e.name === 'TimeoutError');\n"
    "await check(later('g', { timeout: 0 }), (e) => e.name === 'TimeoutError');\n"
    "await check(later('h', { timeout: 'x' }), (e) => e instanceof TypeError);\n"
    "const told = [];\n"
    "say(await work('i', (s) => told.push(s)));\n"
    "say(told.at(-1));\n";

static const char expected[] =
    "as it should;as it should;as it should;as it should;as it should;"
    "as it should;as it should;as it should;i;i;";

static int live(void)
{
  tenon_pool_options pool = {
      .size = sizeof pool, .most_running = 2, .most_queued = 1};
  tenon_runtime *rt = NULL;
  int r;

  tenon_p_text_clear(&said);
  open_one = NULL;
  r = tenon_runtime_new(NULL, &rt);
  if (r == 0) r = tenon_runtime_set_pool(rt, &pool);
  if (r == 0) r = tenon_runtime_add_module(rt, "oom", tenon_module_cancel_oom);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, program, strlen(program), "oom.js");
  if (r == 0) r = tenon_runtime_run(rt);
  if (r == TENON_EEXCEPTION) CHECK(tenon_runtime_exception(rt) != NULL);
  tenon_runtime_free(rt);
  CHECK(open_one == NULL);
  return r;
}

static const t_oom oom = {.live = live, .said = &said, .expected = expected};

TEST(every_allocation_fails_once)
{
  CHECK(t_fail_each(&oom, false) > 1000);
}

TEST(every_allocation_fails_from_some_point_on)
{
  CHECK(t_fail_each(&oom, true) > 1000);
}
