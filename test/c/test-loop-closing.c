/* Closing with a choice: C that runs is waited for, or abandoned. */
#define TENON_MODULE leaving
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <tenon/close.h>
#include <tenon/export.h>
#include <unistd.h>
#include <uv.h>

#include "harness.h"

TENON_MODULE_THREADS(any);

/* Far more than closing takes, far less than a gate would be closed for. */
enum { SOON_MS = 1000 };

static int begun, ended, open_gates; /* atomic */

static int get(const int *p)
{
  return __atomic_load_n(p, __ATOMIC_SEQ_CST);
}

static void add(int *p)
{
  __atomic_add_fetch(p, 1, __ATOMIC_SEQ_CST);
}

static void wait_for(const int *p, int count)
{
  uint64_t end = t_now_ms() + 20000;

  while (get(p) < count && t_now_ms() < end)
    usleep(200);
  CHECK(get(p) >= count);
}

static void clear(int *p)
{
  __atomic_store_n(p, 0, __ATOMIC_SEQ_CST);
}

/* Calls that were abandoned have counted: nothing else is ordered by that. */
static void close_gate(void)
{
  clear(&begun);
  clear(&ended);
  clear(&open_gates);
}

static void wait_at_gate(void)
{
  add(&begun);
  while (!get(&open_gates))
    usleep(200);
}

static void open_gate(void)
{
  uint64_t end = t_now_ms() + 20000;

  __atomic_store_n(&open_gates, 1, __ATOMIC_SEQ_CST);
  while (tenon_abandoned_calls() && t_now_ms() < end)
    usleep(200);
  CHECK_INT(0, tenon_abandoned_calls());
}

static tenon_runtime *with_module(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_leaving));
  return rt;
}

static void eval(tenon_runtime *rt, const char *source)
{
  int r = tenon_runtime_eval_module(rt, source, strlen(source), NULL);

  if (r) print_error("%s\n", tenon_runtime_exception(rt));
  CHECK_INT(0, r);
}

/* How many were abandoned. */
static int close_by(tenon_runtime *rt, bool abandons, uint64_t timeout_ms)
{
  tenon_close_options o = {
      .size = sizeof o, .abandons = abandons, .timeout_ms = timeout_ms};
  size_t count = 99;

  t_forget(rt);
  CHECK_INT(0, tenon_runtime_close(rt, &o, &count));
  return (int)count;
}

static int abandon(tenon_runtime *rt)
{
  return close_by(rt, true, 0);
}

#define IMPORT                          \
  "import { log } from 'test';\n"       \
  "import * as native from 'native';\n" \
  "const said = (p) => p.then((v) => log(`+${v}`), (e) => log(`${e}`));\n"

TENON_BLOCKING(none, block)
{
  wait_at_gate();
  add(&ended);
}

TENON_BLOCKING(u32, nap, (u32, ms))
{
  add(&begun);
  usleep(ms * 1000);
  add(&ended);
  return ms;
}

static int informed; /* atomic: calls that were told */

/* Ends when it is told that nobody waits for it any more. */
TENON_BLOCKING(none, until_told)
{
  uint64_t end = t_now_ms() + 20000;
  bool was_told = tenon_is_cancelled();

  add(&begun);
  if (was_told) return;
  while (!was_told && t_now_ms() < end) {
    usleep(200);
    was_told = tenon_is_cancelled();
  }
  if (was_told) add(&informed);
  add(&ended);
}

/* --- The choice ----------------------------------------------------------------------- */

TEST(a_call_that_blocks_is_abandoned_at_once)
{
  tenon_runtime *rt = with_module();
  uint64_t start;

  close_gate();
  eval(rt, IMPORT "said(native.block());");
  wait_for(&begun, 1);
  start = t_now_ms();
  CHECK_INT(1, abandon(rt));
  CHECK(t_now_ms() - start < SOON_MS);
  CHECK_INT(0, get(&ended));
  CHECK_INT(1, tenon_abandoned_calls());
  open_gate();
  CHECK_INT(1, get(&ended));
  CHECK_LOG("");
}

TEST(by_default_it_is_waited_for)
{
  tenon_runtime *rt = with_module();
  size_t count = 99;

  close_gate();
  eval(rt, IMPORT "said(native.nap(50));");
  wait_for(&begun, 1);
  t_forget(rt);
  CHECK_INT(0, tenon_runtime_close(rt, NULL, &count));
  CHECK_INT(0, count);
  CHECK_INT(1, get(&ended));
  CHECK_LOG("");
}

TEST(one_that_returns_in_time_is_not_abandoned)
{
  tenon_runtime *rt = with_module();

  close_gate();
  eval(rt, IMPORT "said(native.nap(30));");
  wait_for(&begun, 1);
  CHECK_INT(0, close_by(rt, false, 20000));
  CHECK_INT(1, get(&ended));
}

TEST(one_that_does_not_return_in_time_is_abandoned)
{
  tenon_runtime *rt = with_module();
  uint64_t start, took;

  close_gate();
  eval(rt, IMPORT "said(native.block()); said(native.nap(1));");
  wait_for(&begun, 2);
  start = t_now_ms();
  CHECK_INT(1, close_by(rt, false, 60));
  took = t_now_ms() - start;
  CHECK(took >= 55 && took < 60 + SOON_MS);
  CHECK_INT(1, get(&ended));
  open_gate();
}

/* What runs is told before it is waited for. */
TEST(what_runs_is_told_by_each_way_to_close)
{
  static const struct {
    bool abandons;
    uint64_t timeout_ms;
  } ways[] = {{false, 0}, {false, 10000}, {true, 0}, {true, 10000}};
  size_t i;

  for (i = 0; i < 4; i++) {
    tenon_runtime *rt = with_module();
    uint64_t start;
    int count;
    close_gate();
    clear(&informed);
    eval(rt, IMPORT "said(native.until_told()); said(native.until_told());");
    wait_for(&begun, 2);
    usleep(5000);
    CHECK_INT(0, get(&informed));
    start = t_now_ms();
    count = close_by(rt, ways[i].abandons, ways[i].timeout_ms);
    CHECK(t_now_ms() - start < SOON_MS);
    CHECK(count == 0 || ways[i].abandons);
    wait_for(&ended, 2);
    CHECK_INT(2, get(&informed));
    open_gate();
  }
}

TEST(waiting_for_a_time_takes_no_cpu)
{
  tenon_runtime *rt = with_module();
  uint64_t start;

  close_gate();
  eval(rt, IMPORT "native.sleeper(400);");
  wait_for(&begun, 1);
  start = t_cpu_ms();
  CHECK_INT(1, close_by(rt, false, 200));
  CHECK(t_cpu_ms() - start < 60);
  open_gate();
}

TENON_BLOCKING(none, sleeper, (u32, ms))
{
  add(&begun);
  usleep(ms * 1000);
}

/* --- Wrong callers --------------------------------------------------------------------- */

TEST(null_is_closed_already)
{
  size_t count = 99;

  CHECK_INT(0, tenon_runtime_close(NULL, NULL, &count));
  CHECK_INT(0, count);
}

TEST(options_of_another_size_are_refused_and_nothing_is_closed)
{
  tenon_close_options o = {.size = 3};
  tenon_runtime *rt = with_module();
  size_t count = 99;

  CHECK_INT(TENON_EINVAL, tenon_runtime_close(rt, &o, &count));
  CHECK_INT(0, count);
  t_run(rt, "1 + 1");
}

static tenon_runtime *shared;
static int code;

static void close_shared(void *p)
{
  (void)p;
  code = tenon_runtime_close(shared, NULL, NULL);
}

TEST(another_thread_is_refused)
{
  shared = with_module();
  t_elsewhere(close_shared, NULL);
  CHECK_INT(TENON_ETHREAD, code);
  t_run(shared, "1 + 1");
}

TENON_FUNCTION(none, close_it)
{
  close_shared(NULL);
}

static uv_timer_t timer;

static void close_in_timer(uv_timer_t *t);

TENON_ASYNC(none, close_soon)
{
  uv_timer_init(tenon_deferred_loop(deferred), &timer);
  timer.data = deferred;
  uv_timer_start(&timer, close_in_timer, 1, 0);
}

static void close_in_timer(uv_timer_t *t)
{
  close_shared(NULL);
  TENON_RESOLVE(close_soon, t->data);
  uv_close((uv_handle_t *)t, NULL);
}

TEST(a_function_and_a_loop_that_run_are_busy)
{
  shared = with_module();
  code = 0;
  t_run(shared, IMPORT "native.close_it();");
  CHECK_INT(TENON_EBUSY, code);
  code = 0;
  t_run(shared, IMPORT "await native.close_soon();");
  CHECK_INT(TENON_EBUSY, code);
}

static void close_again(tenon_deferred *d, void *p)
{
  close_shared(p);
  (void)tenon_deferred_reject(d, TENON_ERROR, "x");
}

TENON_ASYNC(none, closes_again)
{
  tenon_deferred_on_close(deferred, close_again, NULL);
}

TEST(closing_inside_of_closing_is_busy)
{
  shared = with_module();
  code = 0;
  eval(shared, IMPORT "native.closes_again();");
  abandon(shared);
  CHECK_INT(TENON_EBUSY, code);
}

/* --- In every state of a call ------------------------------------------------------------ */

TEST(what_is_queued_is_dropped_and_what_runs_abandoned)
{
  tenon_runtime *rt = with_module();
  int at_close;

  close_gate();
  eval(rt, IMPORT "for (let i = 0; i < 100; i++) said(native.block());");
  wait_for(&begun, 4);
  CHECK_INT(4, abandon(rt));
  at_close = get(&begun);
  CHECK(at_close <= 8);
  open_gate();
  usleep(20000);
  CHECK_INT(at_close, get(&ended));
  CHECK_INT(at_close, get(&begun));
}

T_SERIAL(serial_module, tenon_module_leaving)

TEST(what_waits_in_a_lane_is_dropped)
{
  tenon_runtime *rt = with_module();

  close_gate();
  CHECK_INT(0, tenon_runtime_add_module(rt, "serial", serial_module));
  eval(rt, IMPORT "import { block } from 'serial';\n"
                  "for (let i = 0; i < 10; i++) said(block());");
  wait_for(&begun, 1);
  CHECK_INT(1, abandon(rt));
  open_gate();
  CHECK_INT(1, get(&begun));
}

TEST(what_has_returned_and_was_not_settled_is_not_abandoned)
{
  tenon_runtime *rt = with_module();

  close_gate();
  eval(rt, IMPORT "said(native.nap(0)); said(native.make(1));");
  wait_for(&ended, 2);
  usleep(20000);
  CHECK_INT(0, abandon(rt));
  CHECK_INT(0, tenon_abandoned_calls());
  CHECK_LOG("");
}

TEST(calls_that_return_meanwhile_end_once)
{
  int round;

  for (round = 0; round < 200; round++) {
    tenon_runtime *rt = with_module();
    close_gate();
    eval(rt, IMPORT "for (let i = 0; i < 8; i++) native.make(2);\n"
                    "native.nap(0); native.text('x'.repeat(3000));");
    if (round % 4) usleep((useconds_t)(round * 7 % 300));
    (void)abandon(rt);
  }
  open_gate();
}

/* --- What abandoned C does ---------------------------------------------------------------- */

static char seen[4000];

/* Its arguments, memory and failure are its own. */
TENON_BLOCKING(str, text, (str, s))
{
  char *p;

  if (s.len == 3000) return s;
  wait_at_gate();
  tenon_defer(free, malloc(100));
  p = tenon_alloc(s.len + 1);
  memcpy(p, s.data, s.len + 1);
  snprintf(seen, sizeof seen, "%s", p);
  tenon_fail(TENON_RANGE_ERROR, "too late for %s", p);
  return (tenon_str){p, s.len};
}

TEST(its_arguments_and_memory_are_its_own)
{
  tenon_runtime *rt = with_module();

  close_gate();
  eval(rt, IMPORT "said(native.text('x'.repeat(2000) + '!'));");
  wait_for(&begun, 1);
  CHECK_INT(1, abandon(rt));
  open_gate();
  CHECK_INT(2001, strlen(seen));
  CHECK_INT('!', seen[2000]);
}

TENON_CALLBACK(i32, told, (i32, n))

static int codes[4];

TENON_BLOCKING(none, tells, (told, f))
{
  int32_t r = 0;

  f = told_keep(f);
  wait_at_gate();
  codes[0] = told_post(f, 1);
  codes[1] = told_call(f, &r, 1);
  codes[2] = told_await(f, &r, 1);
  tenon_callback_release(f);
  add(&ended);
}

TEST(callbacks_say_that_the_runtime_is_gone)
{
  tenon_runtime *rt = with_module();
  int i;

  close_gate();
  eval(rt, IMPORT "said(native.tells((n) => n));");
  wait_for(&begun, 1);
  CHECK_INT(1, abandon(rt));
  open_gate();
  for (i = 0; i < 3; i++)
    CHECK_INT(TENON_ECLOSING, codes[i]);
}

TENON_BLOCKING(none, asks, (told, f))
{
  int32_t r = 0;

  add(&begun);
  codes[0] = told_await(f, &r, 1);
  add(&ended);
  while (!get(&open_gates))
    usleep(200);
}

/* Not only once the runtime is gone. */
TEST(threads_that_wait_for_a_callback_are_sent_away_at_once)
{
  tenon_runtime *rt = with_module();

  close_gate();
  codes[0] = 0;
  eval(rt, IMPORT "said(native.asks(() => new Promise(() => {})));");
  wait_for(&begun, 1);
  usleep(5000);
  abandon(rt);
  wait_for(&ended, 1);
  CHECK_INT(TENON_ECLOSING, codes[0]);
  open_gate();
}

/* The failure is a value of the runtime's, which ends before the call. */
TENON_BLOCKING(none, keeps_what_is_thrown, (told, f))
{
  int32_t r = 0;

  codes[0] = told_call(f, &r, 1);
  wait_at_gate();
  codes[1] = tenon_recover();
  tenon_fail(TENON_ERROR, "another");
}

TEST(what_a_callback_has_thrown_in_it_goes_with_the_runtime)
{
  tenon_runtime *rt = with_module();
  int i;

  for (i = 0; i < 2; i++) {
    if (i) rt = with_module();
    close_gate();
    eval(rt,
         IMPORT "native.keeps_what_is_thrown(() => { throw { a: [1] }; });\n"
                "setInterval(() => { throw 1; }, 5);");
    while (!get(&begun))
      CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
    CHECK_INT(1, abandon(rt));
    open_gate();
    CHECK_INT(TENON_EEXCEPTION, codes[0]);
    CHECK_INT(1, codes[1]);
  }
}

/* --- Instances ----------------------------------------------------------------------------- */

typedef struct thing {
  int32_t n;
} thing;

static int things; /* atomic: those that are there */

static void free_thing(thing *t)
{
  __atomic_sub_fetch(&things, 1, __ATOMIC_SEQ_CST);
  free(t);
}

static thing *new_thing(int32_t n)
{
  thing *t = malloc(sizeof *t);

  if (!t) abort();
  t->n = n;
  add(&things);
  return t;
}

TENON_CLASS_POINTER(thing, free_thing)

TENON_CONSTRUCTOR_POINTER(thing, (i32, n))
{
  return new_thing(n);
}
TENON_METHOD(i32, thing, number)
{
  return self->n;
}
TENON_METHOD(i32, thing, late)
{
  wait_at_gate();
  return self->n;
}
TENON_METHOD(thing, thing, same)
{
  wait_at_gate();
  return self;
}

TENON_BLOCKING(thing, make, (i32, n))
{
  if (n == 2) return new_thing(n);
  if (n == 1) {
    add(&ended);
    return new_thing(n);
  }
  wait_at_gate();
  return new_thing(n);
}

TEST(instances_that_it_uses_live_as_long_as_it)
{
  tenon_runtime *rt = with_module();

  close_gate();
  things = 0;
  eval(rt, IMPORT "const t = new native.thing(7), u = new native.thing(8);\n"
                  "native.thing.prototype.late.async.call(t);\n"
                  "native.thing.prototype.same.async.call(u);");
  wait_for(&begun, 2);
  CHECK_INT(2, abandon(rt));
  CHECK_INT(2, get(&things));
  open_gate();
  CHECK_INT(0, get(&things));
}

TEST(what_it_makes_is_freed)
{
  tenon_runtime *rt = with_module();

  close_gate();
  things = 0;
  eval(rt, IMPORT "native.make(3); native.make(4);");
  wait_for(&begun, 2);
  CHECK_INT(2, abandon(rt));
  open_gate();
  CHECK_INT(0, get(&things));
}

/* A class by pointer: who has it, while an operation without a realm does? */
static thing *handed;

TENON_BLOCKING_METHOD(i32, thing, hold_on)
{
  handed = self;
  wait_at_gate();
  return self->n;
}

TENON_FUNCTION(thing, hand_out)
{
  return handed;
}

TEST(what_an_abandoned_call_has_gets_no_second_owner)
{
  tenon_runtime *rt = with_module(), *other = with_module();

  close_gate();
  things = 0;
  eval(rt, IMPORT "new native.thing(7).hold_on();");
  wait_for(&begun, 1);
  CHECK_INT(1, abandon(rt));
  CHECK_THROWS(other, "TypeError", IMPORT "native.hand_out();");
  t_run(other,
        IMPORT "try { native.hand_out(); } catch (e) { log(e.message); }");
  t_free(other);
  CHECK_INT(1, get(&things));
  open_gate();
  CHECK_INT(0, get(&things));
  (void)t_logged();
}

/* --- Many ----------------------------------------------------------------------------------- */

TEST(sixty_four_runtimes_are_abandoned_in_a_row)
{
  int i, count = 0;
  uint64_t start;

  close_gate();
  start = t_now_ms();
  for (i = 0; i < 64; i++) {
    tenon_runtime *rt = with_module();
    eval(rt, IMPORT "native.block(); native.block();\n"
                    "setTimeout(() => {}, 1e6);");
    if (i < 2) wait_for(&begun, 2 * i + 2);
    count += abandon(rt);
  }
  CHECK_INT(4, count);
  CHECK(t_now_ms() - start < 64 * 100 + SOON_MS);
  open_gate();
}

/* libuv joins the threads of its pool at exit(3). The thread sanitizer takes the
 * threads of the parent for the child's, and gives up. */
TEST(a_process_may_exit_while_an_abandoned_call_runs)
{
  pid_t pid;
  int status = 0;

#ifdef __SANITIZE_THREAD__
  skip();
#endif
  pid = fork();
  if (pid == 0) {
    tenon_runtime *rt = with_module();
    close_gate();
    eval(rt, IMPORT "native.nap(50); native.nap(60);");
    wait_for(&begun, 2);
    if (abandon(rt) != 2) _exit(2);
    exit(get(&ended) ? 3 : 0);
  }
  CHECK(pid > 0);
  CHECK_INT(pid, waitpid(pid, &status, 0));
  CHECK_INT(0, status);
}

TEST(other_runtimes_go_on_with_the_pool_when_it_returns)
{
  tenon_runtime *rt = with_module(), *other = with_module();

  close_gate();
  eval(rt, IMPORT "native.block();");
  wait_for(&begun, 1);
  CHECK_INT(1, abandon(rt));
  t_run(other, IMPORT "said(native.nap(1)); await native.nap(2);");
  CHECK_LOG("+1\n");
  open_gate();
}
