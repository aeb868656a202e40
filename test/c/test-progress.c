/* Progress of calls on the pool: posted calls of a callback, and updates. */
#define TENON_MODULE progress
#include "harness.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <unistd.h>

#include "base/alloc.h"

TENON_MODULE_THREADS(any);

TENON_CALLBACK(none, step, (u32, done), (str, what))
TENON_CALLBACK(none, seen, (any, v))
TENON_CALLBACK_ONCE(none, once, (u32, n))

static tenon_runtime *with_module(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "p", tenon_module_progress));
  return rt;
}

#define IMPORT                    \
  "import { log } from 'test';\n" \
  "import * as p from 'p';\n"

/* What an update returned that has failed; 0: none has. */
static _Atomic int failure;

static void update(step *cb, uint32_t n)
{
  char text[16];
  tenon_str s = {text, 5};
  int r;

  /* Gone when this returns. */
  memcpy(text, "step ", 6);
  text[4] = (char)('0' + n % 10);
  r = step_update(cb, n, s);
  memset(text, 'x', sizeof text);
  if (r) failure = r;
}

TENON_BLOCKING(u32, posting, (u32, count), (step, on_step))
{
  uint32_t i;

  for (i = 1; i <= count; i++)
    if (step_post(on_step, i, tenon_str_of("post"))) abort();
  return count;
}

TENON_BLOCKING(u32, updating, (u32, count), (step, on_step))
{
  uint32_t i;

  for (i = 1; i <= count; i++)
    update(on_step, i);
  return count;
}

TEST(all_that_a_call_has_posted_comes_before_its_promise_is_settled)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT
        "let wrong = 0;\n"
        "await Promise.all(Array.from({ length: 50 }, async (_, i) => {\n"
        "  let last = 0;\n"
        "  const n = await p.posting(100, (d) => {\n"
        "    if (d !== last + 1) wrong++; last = d; });\n"
        "  if (last !== n) wrong++;\n"
        "}));\n"
        "log(`${wrong}`);");
  CHECK_LOG("0\n");
}

TEST(the_last_update_is_made_and_comes_before_the_promise_is_settled)
{
  tenon_runtime *rt = with_module();

  failure = 0;
  t_run(rt, IMPORT
        "let wrong = 0, calls = 0;\n"
        "await Promise.all(Array.from({ length: 50 }, async (_, i) => {\n"
        "  let last = 0, text;\n"
        "  const n = await p.updating(1000 + i, (d, what) => {\n"
        "    if (d <= last) wrong++; last = d; text = what; calls++; });\n"
        "  if (last !== n || text !== `step${n % 10}`) wrong++;\n"
        "}));\n"
        "log(`${wrong} ${calls < 50 * 1000}`);");
  CHECK_LOG("0 true\n");
  CHECK_INT(0, failure);
}

TENON_FUNCTION(none, update_here, (step, on_step), (u32, from), (u32, to))
{
  uint32_t i;

  for (i = from; i <= to; i++)
    update(on_step, i);
}

TEST(of_updates_that_wait_the_newest_is_left)
{
  tenon_runtime *rt = with_module();

  failure = 0;
  t_run(rt, IMPORT "const f = (d, what) => log(`${d} ${what}`);\n"
                   "p.update_here(f, 1, 100000);\n"
                   "log('not yet');\n"
                   "await new Promise((r) => setTimeout(r, 1));\n"
                   "p.update_here(f, 3, 3);\n");
  CHECK_LOG("not yet\n100000 step0\n3 step3\n");
  CHECK_INT(0, failure);
}

TEST(updates_of_two_callbacks_do_not_replace_each_other)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "p.update_here((d) => log(`a ${d}`), 1, 5);\n"
                   "p.update_here((d) => log(`b ${d}`), 1, 6);\n");
  CHECK_LOG("a 5\nb 6\n");
}

TEST(a_callback_may_update_itself)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "const f = (d) => {\n"
                   "  log(`${d}`); if (d < 3) p.update_here(f, d + 1, d + 1);\n"
                   "};\n"
                   "p.update_here(f, 1, 1);");
  CHECK_LOG("1\n2\n3\n");
}

TEST(more_updates_than_may_be_posted_are_fine)
{
  tenon_runtime *rt = with_module();

  failure = 0;
  t_run(rt, IMPORT "let last;\n"
                   "const n = await p.updating(200000, (d) => { last = d; });\n"
                   "log(`${last === n}`);");
  CHECK_LOG("true\n");
  CHECK_INT(0, failure);
}

TEST(what_an_update_throws_is_uncaught)
{
  tenon_runtime *rt = with_module();

  CHECK_THROWS(rt, "Error: of the callback",
               IMPORT "p.update_here(() => { throw new Error("
                      "'of the callback'); }, 1, 9);");
}

static int last_code;

TENON_FUNCTION(none, update_once, (once, f))
{
  last_code = once_update(f, 1) * 10000 + once_update(f, 2);
}

TEST(an_update_of_a_callback_that_is_for_once_is_its_call)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "p.update_once((n) => log(`${n}`));");
  CHECK_LOG("1\n");
  CHECK_INT(TENON_EALREADY, last_code);
}

TENON_FUNCTION(none, update_any, (seen, f))
{
  last_code = seen_update(f, NULL);
}

TEST(an_update_with_a_handle_is_refused)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "p.update_any(() => log('called'));");
  CHECK_LOG("");
  CHECK_INT(TENON_ETHREAD, last_code);
  CHECK_INT(TENON_EINVAL, step_update(NULL, 1, tenon_str_of("")));
}

static step *kept;

TENON_FUNCTION(none, keep, (step, f))
{
  kept = step_keep(f);
}

static void update_kept(void *p)
{
  *(int *)p = step_update(kept, 1, tenon_str_of("late"));
}

TEST(updates_that_wait_when_a_runtime_is_freed_are_dropped)
{
  tenon_runtime *rt = with_module();
  int r = 1;

  t_run(rt, IMPORT "p.keep((d, what) => log(what));");
  t_elsewhere(update_kept, &r);
  CHECK_INT(0, r);
  t_free(rt);
  t_elsewhere(update_kept, &r);
  CHECK_INT(TENON_ECLOSING, r);
  tenon_callback_release(kept);
  CHECK_LOG("");
}

TEST(an_update_is_made_of_a_callback_that_nobody_holds_any_more)
{
  tenon_runtime *rt = with_module();
  int r = 1;

  t_run(rt, IMPORT "p.keep((d, what) => log(what));");
  t_elsewhere(update_kept, &r);
  tenon_callback_release(kept);
  CHECK_INT(0, r);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("late\n");
}

/* Many threads update one callback while its runtime is freed. */
static _Atomic bool stop;

static void *go_on_updating(void *p)
{
  uint32_t i;

  for (i = 1; !stop; i++)
    if (step_update(p, i,
                    tenon_str_of("a text that is long enough for a block")))
      break;
  tenon_callback_release(p);
  return NULL;
}

TEST(threads_may_update_while_the_runtime_is_freed)
{
  pthread_t threads[4];
  tenon_runtime *rt;
  int i, round;

  for (round = 0; round < 20; round++) {
    rt = with_module();
    stop = false;
    t_run(rt, IMPORT "let n = 0; p.keep(() => { n++; });");
    for (i = 0; i < 4; i++)
      CHECK_INT(0, pthread_create(&threads[i], NULL, go_on_updating,
                                  step_keep(kept)));
    for (i = 0; i < 5; i++)
      CHECK_INT(0, tenon_runtime_run(rt));
    usleep(500);
    t_free(rt);
    stop = true;
    for (i = 0; i < 4; i++)
      pthread_join(threads[i], NULL);
    tenon_callback_release(kept);
  }
}

static void update_after(void *p)
{
  int i, r = 0;

  for (i = 0; i < 10 && r != TENON_ENOMEM; i++) {
    tenon_p_alloc_inject((uint64_t)i + 1, false);
    r = step_update(kept, 9,
                    tenon_str_of("of ten and more letters, to be copied"));
    tenon_p_alloc_stop();
  }
  *(int *)p = r;
}

TEST(an_update_for_which_there_is_no_memory_leaves_the_one_that_waits)
{
  tenon_runtime *rt = with_module();
  int r;

  t_run(rt, IMPORT "p.keep((d, what) => log(`${d} ${what}`));");
  t_elsewhere(update_kept, &r);
  CHECK_INT(0, r);
  update_after(&r);
  CHECK_INT(TENON_ENOMEM, r);
  tenon_callback_release(kept);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("1 late\n");
}
