/* Freeing a runtime with everything in flight. */
#define TENON_MODULE closing
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <unistd.h>
#include <uv.h>

#include "harness.h"

static tenon_runtime *with_module(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_closing));
  return rt;
}

/* Evaluates without running the loop, and frees. */
static void eval(tenon_runtime *rt, const char *source)
{
  CHECK_INT(0, tenon_runtime_eval_module(rt, source, strlen(source), NULL));
}

#define IMPORT                          \
  "import { log } from 'test';\n"       \
  "import * as native from 'native';\n" \
  "const said = (p) => p.then((v) => log(`+${v}`), (e) => log(`${e}`));\n"

/* --- Nothing much ------------------------------------------------------------------ */

TEST(a_runtime_that_evaluated_nothing_is_freed)
{
  t_free(t_runtime());
  tenon_runtime_free(NULL);
}

TEST(a_runtime_is_freed_with_timers_set)
{
  tenon_runtime *rt = with_module();

  eval(rt, IMPORT "setTimeout(log, 0, 'x'); setInterval(log, 1, 'y');\n"
                  "setTimeout(log, 1e6, {});");
  usleep(5000);
  t_free(rt);
  CHECK_LOG("");
}

TEST(a_runtime_is_freed_with_rejections_and_jobs_unseen)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(
      TENON_EEXCEPTION,
      tenon_runtime_eval_script(
          rt, "for (const x of [1, 2, 3]) Promise.reject({ x });", 49, NULL));
  t_free(rt);
}

TEST(a_runtime_is_freed_with_an_exception_pending)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_EEXCEPTION, t_eval_script(rt, "setTimeout(() => {}, 1e6);\n"
                                                "throw new Error('x');"));
  CHECK(tenon_runtime_exception(rt) != NULL);
  t_free(rt);
}

TEST(a_runtime_is_freed_with_timers_that_an_error_held_back)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(
      TENON_EEXCEPTION,
      t_eval_module(rt, IMPORT
                    "setTimeout(() => { throw 1; }, 0);\n"
                    "for (let i = 0; i < 9; i++) setTimeout(log, 0, 'x');\n"
                    "native.resolved().then(log);"));
  t_free(rt);
  CHECK_LOG("");
}

TEST(a_runtime_is_freed_after_it_was_terminated)
{
  tenon_runtime *rt = with_module();

  eval(rt, IMPORT "setTimeout(log, 0, 'x'); native.nap(1000);");
  tenon_runtime_terminate(rt);
  CHECK_INT(TENON_ETERMINATED, tenon_runtime_run(rt));
  t_free(rt);
  CHECK_LOG("");
}

TEST(a_module_that_waits_at_its_top_is_freed)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(TENON_EUNSETTLED,
            t_eval_module(rt, "await new Promise(() => {});"));
  eval(rt, "await new Promise((resolve) => setTimeout(resolve, 1000));");
  t_free(rt);
}

TENON_ASYNC(none, resolved)
{
  TENON_RESOLVE(resolved, deferred);
}

/* --- The pool ----------------------------------------------------------------------- */

static int begun, ended;

TENON_BLOCKING(none, nap, (u32, us))
{
  __atomic_add_fetch(&begun, 1, __ATOMIC_SEQ_CST);
  usleep(us);
  __atomic_add_fetch(&ended, 1, __ATOMIC_SEQ_CST);
}

TEST(running_work_is_waited_for_and_queued_work_dropped)
{
  tenon_runtime *rt = with_module();
  int at_free;

  begun = ended = 0;
  eval(rt, IMPORT "for (let i = 0; i < 100; i++) said(native.nap(100000));");
  while (!__atomic_load_n(&begun, __ATOMIC_SEQ_CST))
    usleep(1000);
  t_free(rt);
  at_free = __atomic_load_n(&begun, __ATOMIC_SEQ_CST);
  CHECK(at_free < 50);
  CHECK_INT(at_free, ended);
  usleep(200000);
  CHECK_INT(at_free, begun);
  CHECK_LOG("");
}

T_SERIAL(serial_module, tenon_module_closing)

TEST(serial_work_that_waits_for_its_turn_is_dropped)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(0, tenon_runtime_add_module(rt, "serial", serial_module));
  begun = ended = 0;
  eval(rt, IMPORT "import { nap } from 'serial';\n"
                  "for (let i = 0; i < 20; i++) { said(nap(50000));\n"
                  "  said(native.nap(1)); }");
  while (!__atomic_load_n(&begun, __ATOMIC_SEQ_CST))
    usleep(1000);
  t_free(rt);
  CHECK_INT(begun, ended);
  CHECK(begun < 40);
  CHECK_LOG("");
}

TEST(work_that_has_ended_but_was_not_settled_is_freed)
{
  tenon_runtime *rt = with_module();

  begun = ended = 0;
  eval(rt, IMPORT
       "for (let i = 0; i < 4; i++) said(native.give('x'.repeat(999)));");
  while (__atomic_load_n(&ended, __ATOMIC_SEQ_CST) < 4)
    usleep(1000);
  usleep(5000);
  t_free(rt);
  CHECK_LOG("");
}

TENON_BLOCKING(str, give, (str, s))
{
  char *p = tenon_alloc(s.len + 1);

  memcpy(p, s.data, s.len + 1);
  __atomic_add_fetch(&ended, 1, __ATOMIC_SEQ_CST);
  return (tenon_str){p, s.len};
}

/* --- Deferreds -------------------------------------------------------------------------- */

static tenon_deferred *kept[100];
static int kept_count, closes, codes[100];

TENON_ASYNC(str, keep, (str, s))
{
  kept[kept_count++] = deferred;
}

TEST(deferreds_without_a_hook_can_be_ended_after_the_free)
{
  tenon_runtime *rt = with_module();
  int i;

  kept_count = 0;
  eval(rt, IMPORT "for (let i = 0; i < 4; i++)\n"
                  "  said(native.keep('x'.repeat(1000 * i)));");
  t_free(rt);
  CHECK_INT(4, kept_count);
  CHECK(tenon_deferred_loop(kept[0]) == NULL);
  CHECK_INT(TENON_ECLOSING, tenon_deferred_on_close(kept[0], NULL, NULL));
  for (i = 0; i < 4; i++)
    CHECK_INT(TENON_ECLOSING,
              i % 2 ? TENON_RESOLVE(keep, kept[i], tenon_str_of("late"))
                    : tenon_deferred_reject(kept[i], TENON_ERROR, "late"));
  CHECK_LOG("");
}

static void end_in_hook(tenon_deferred *d, void *p)
{
  codes[closes++] = tenon_deferred_reject(d, TENON_ERROR, "%s", (char *)p);
}

TENON_ASYNC(none, hooked)
{
  tenon_deferred_on_close(deferred, end_in_hook, "closed");
}

TEST(hooks_are_called_once_and_their_deferreds_end)
{
  tenon_runtime *rt = with_module();

  closes = 0;
  eval(rt, IMPORT "said(native.hooked()); said(native.hooked());");
  t_free(rt);
  CHECK_INT(2, closes);
  CHECK_INT(TENON_ECLOSING, codes[0]);
  CHECK_LOG("");
}

TENON_ASYNC(none, unhooked)
{
  tenon_deferred_on_close(deferred, end_in_hook, "closed");
  tenon_deferred_on_close(deferred, NULL, NULL);
  kept[kept_count++] = deferred;
}

TEST(a_hook_that_was_taken_back_is_not_called)
{
  tenon_runtime *rt = with_module();

  closes = kept_count = 0;
  eval(rt, IMPORT "said(native.unhooked());");
  t_free(rt);
  CHECK_INT(0, closes);
  CHECK_INT(TENON_ECLOSING, TENON_RESOLVE(unhooked, kept[0]));
}

TEST(a_hook_is_not_called_once_settled)
{
  tenon_runtime *rt = with_module();

  closes = 0;
  eval(rt, IMPORT "native.hooked_and_settled();");
  CHECK_INT(0, tenon_runtime_run(rt));
  t_free(rt);
  CHECK_INT(0, closes);
}

TENON_ASYNC(none, hooked_and_settled)
{
  tenon_deferred_on_close(deferred, end_in_hook, "closed");
  TENON_RESOLVE(hooked_and_settled, deferred);
}

/* The first hook ends all the others, as one that owns a connection would. */
static void end_all(tenon_deferred *d, void *p);

TENON_ASYNC(none, end_together)
{
  kept[kept_count++] = deferred;
  tenon_deferred_on_close(deferred, end_all, NULL);
}

static void end_all(tenon_deferred *d, void *p)
{
  int i;

  closes++;
  for (i = 0; i < kept_count; i++)
    codes[i] = TENON_RESOLVE(end_together, kept[i]);
  kept_count = 0;
}

TEST(a_hook_can_end_other_deferreds)
{
  tenon_runtime *rt = with_module();

  closes = kept_count = 0;
  eval(rt, IMPORT "for (let i = 0; i < 5; i++) said(native.end_together());");
  t_free(rt);
  CHECK_INT(1, closes);
  CHECK_INT(TENON_ECLOSING, codes[0]);
  CHECK_INT(TENON_ECLOSING, codes[4]);
  CHECK_LOG("");
}

/* The runtime refuses everything that would run, and a free inside of a free
 * does nothing. */
static tenon_runtime *freed;

static void use_runtime(tenon_deferred *d, void *p)
{
  codes[0] = tenon_runtime_eval_script(freed, "1", 1, NULL);
  codes[1] = tenon_runtime_run(freed);
  codes[2] = tenon_runtime_exception(freed) == NULL;
  tenon_runtime_terminate(freed);
  tenon_runtime_resume(freed);
#ifdef NDEBUG
  tenon_runtime_free(freed);
#endif
  closes++;
  tenon_deferred_reject(d, TENON_ERROR, "x");
}

TENON_ASYNC(none, use_it)
{
  tenon_deferred_on_close(deferred, use_runtime, NULL);
}

TEST(a_hook_that_uses_the_runtime_is_refused)
{
  closes = 0;
  freed = with_module();
  eval(freed, IMPORT "said(native.use_it());");
  t_free(freed);
  CHECK_INT(1, closes);
  CHECK_INT(TENON_ECLOSING, codes[0]);
  CHECK_INT(TENON_ECLOSING, codes[1]);
  CHECK_INT(1, codes[2]);
}

/* --- Threads that settle meanwhile ---------------------------------------------------- */

enum { RACERS = 64, RACING_THREADS = 4 };

static tenon_deferred *racers[RACERS];
static int racer_count, go;

static void *settle_racers(void *p);

TENON_ASYNC(str, racer, (str, s))
{
  racers[racer_count++] = deferred;
}

static void *settle_racers(void *p)
{
  int i;

  while (!__atomic_load_n(&go, __ATOMIC_ACQUIRE))
    sched_yield();
  for (i = (int)(intptr_t)p; i < RACERS; i += RACING_THREADS) {
    int r = TENON_RESOLVE(racer, racers[i], tenon_str_of("from a thread"));
    if (r && r != TENON_ECLOSING) abort();
  }
  return NULL;
}

TEST(threads_may_settle_while_the_runtime_is_freed)
{
  pthread_t threads[RACING_THREADS];
  int round;
  intptr_t i;

  for (round = 0; round < 30; round++) {
    tenon_runtime *rt = with_module();
    racer_count = 0;
    __atomic_store_n(&go, 0, __ATOMIC_RELEASE);
    eval(rt, IMPORT "for (let i = 0; i < 64; i++)\n"
                    "  native.racer('x'.repeat(400));");
    for (i = 0; i < RACING_THREADS; i++)
      CHECK_INT(0, pthread_create(&threads[i], NULL, settle_racers, (void *)i));
    __atomic_store_n(&go, 1, __ATOMIC_RELEASE);
    if (round % 2) usleep((useconds_t)round * 10);
    t_free(rt);
    for (i = 0; i < RACING_THREADS; i++)
      pthread_join(threads[i], NULL);
  }
}

TEST(what_threads_have_settled_before_the_free_is_dropped)
{
  tenon_runtime *rt = with_module();
  pthread_t threads[RACING_THREADS];
  intptr_t i;

  racer_count = 0;
  go = 1;
  eval(rt, IMPORT "for (let i = 0; i < 64; i++) said(native.racer(''));");
  for (i = 0; i < RACING_THREADS; i++)
    CHECK_INT(0, pthread_create(&threads[i], NULL, settle_racers, (void *)i));
  for (i = 0; i < RACING_THREADS; i++)
    pthread_join(threads[i], NULL);
  t_free(rt);
  CHECK_LOG("");
}

/* --- Handles ------------------------------------------------------------------------- */

static uv_timer_t left_timer;
static uv_async_t left_async;
static uv_idle_t left_idle;
static int reopened;

static void on_nothing(uv_timer_t *timer)
{}

TENON_ASYNC(none, leave_open)
{
  uv_loop_t *loop = tenon_deferred_loop(deferred);

  uv_timer_init(loop, &left_timer);
  uv_timer_start(&left_timer, on_nothing, 1000000, 1);
  uv_async_init(loop, &left_async, NULL);
  uv_idle_init(loop, &left_idle);
  TENON_RESOLVE(leave_open, deferred);
}

TEST(handles_that_native_code_left_open_are_closed)
{
  tenon_runtime *rt = with_module();

  eval(rt, IMPORT "native.leave_open();");
  t_free(rt);
  CHECK(uv_is_closing((uv_handle_t *)&left_timer));
  CHECK(uv_is_closing((uv_handle_t *)&left_async));
  CHECK(uv_is_closing((uv_handle_t *)&left_idle));
}

static void reopen(uv_handle_t *handle)
{
  if (reopened++) return;
  uv_timer_init(handle->loop, &left_timer);
  uv_timer_start(&left_timer, on_nothing, 1000000, 1);
}

static void close_and_reopen(tenon_deferred *d, void *p)
{
  uv_close(p, reopen);
  tenon_deferred_reject(d, TENON_ERROR, "x");
}

TENON_ASYNC(none, reopens)
{
  uv_timer_init(tenon_deferred_loop(deferred), &left_timer);
  tenon_deferred_on_close(deferred, close_and_reopen, &left_timer);
}

TEST(handles_that_are_opened_by_a_close_callback_are_closed)
{
  tenon_runtime *rt = with_module();

  reopened = 0;
  eval(rt, IMPORT "native.reopens();");
  t_free(rt);
  CHECK_INT(1, reopened);
  CHECK(uv_is_closing((uv_handle_t *)&left_timer));
}

/* --- Free at the wrong time ------------------------------------------------------------- */

#ifdef NDEBUG
static void free_on_timer(uv_timer_t *timer);

TENON_ASYNC(none, free_in_callback)
{
  uv_timer_init(tenon_deferred_loop(deferred), &left_timer);
  left_timer.data = deferred;
  uv_timer_start(&left_timer, free_on_timer, 1, 0);
}

static void free_on_timer(uv_timer_t *timer)
{
  tenon_runtime_free(freed);
  TENON_RESOLVE(free_in_callback, timer->data);
  uv_close((uv_handle_t *)timer, NULL);
}

TENON_FUNCTION(none, free_it)
{
  tenon_runtime_free(freed);
}

TEST(a_free_from_inside_does_nothing)
{
  freed = with_module();
  t_run(freed, IMPORT "native.free_it();\n"
                      "Promise.resolve().then(() => native.free_it());\n"
                      "await native.free_in_callback();\n"
                      "setTimeout(() => { native.free_it(); log('still'); });");
  CHECK_LOG("still\n");
}
#endif

/* --- Many runtimes ----------------------------------------------------------------------- */

TEST(a_hundred_runtimes_follow_on_each_other)
{
  int i;

  for (i = 0; i < 100; i++) {
    tenon_runtime *rt = with_module();
    t_run(rt, IMPORT "setTimeout(() => {}, 0); await native.nap(0);");
    t_free(rt);
  }
}

TEST(eight_runtimes_live_in_one_thread)
{
  tenon_runtime *rt[8];
  char source[400];
  int i;

  for (i = 0; i < 8; i++) {
    rt[i] = with_module();
    snprintf(source, sizeof source,
             IMPORT "globalThis.x = %d; const y = await native.give('%d');\n"
                    "setTimeout(() => log(`${x} ${y}`), 1);",
             i, i);
    eval(rt[i], source);
  }
  for (i = 7; i >= 0; i--)
    CHECK_INT(0, tenon_runtime_run(rt[i]));
  CHECK_LOG("7 7\n6 6\n5 5\n4 4\n3 3\n2 2\n1 1\n0 0\n");
}

static void *run_one(void *p)
{
  static const char source[] =
      "import { give, nap, resolved } from 'native';\n"
      "let n = 0;\n"
      "for (let i = 0; i < 50; i++) {\n"
      "  setTimeout(() => n++, i % 5);\n"
      "  give(`${i}`).then((s) => { n += s == i; });\n"
      "  resolved().then(() => n++);\n"
      "}\n"
      "await nap(1);\n"
      "setTimeout(() => { if (n !== 150) throw n; }, 300);";
  tenon_runtime *rt;
  int i, r = 0;

  (void)p;
  for (i = 0; r == 0 && i < 3; i++) {
    r = tenon_runtime_new(NULL, &rt);
    if (r) break;
    r = tenon_runtime_add_module(rt, "native", tenon_module_closing);
    if (r == 0)
      r = tenon_runtime_eval_module(rt, source, sizeof source - 1, NULL);
    if (r == 0) r = tenon_runtime_run(rt);
    tenon_runtime_free(rt);
  }
  return (void *)(intptr_t)r;
}

TEST(eight_threads_have_a_runtime_each)
{
  pthread_t threads[8];
  void *r;
  int i;

  for (i = 0; i < 8; i++)
    CHECK_INT(0, pthread_create(&threads[i], NULL, run_one, NULL));
  for (i = 0; i < 8; i++) {
    pthread_join(threads[i], &r);
    CHECK_INT(0, (intptr_t)r);
  }
}
