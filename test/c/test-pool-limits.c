/* How many calls of a runtime run at a time, and how many wait. */
#define TENON_MODULE pool_limits
#include "harness.h"

#include <pthread.h>
#include <tenon/export.h>
#include <tenon/pool.h>
#include <tenon/realm.h>
#include <unistd.h>

TENON_MODULE_THREADS(any);

static tenon_runtime *here;

/* --- Functions ------------------------------------------------------------------- */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool is_open;
static int inside, most_inside, begun[4096], begun_count;

static void begin(int n)
{
  begun[begun_count++ & 4095] = n;
  if (++inside > most_inside) most_inside = inside;
  pthread_cond_broadcast(&changed);
}

/* Ends when the gate is open. */
TENON_BLOCKING(i32, hold, (i32, n))
{
  pthread_mutex_lock(&mutex);
  begin(n);
  while (!is_open)
    pthread_cond_wait(&changed, &mutex);
  inside--;
  pthread_mutex_unlock(&mutex);
  return n;
}

/* The same of a `serial` module, which variant() makes. */
TENON_BLOCKING(i32, quick, (i32, n))
{
  pthread_mutex_lock(&mutex);
  begin(n);
  inside--;
  pthread_mutex_unlock(&mutex);
  return n;
}

TENON_FUNCTION(none, open)
{
  pthread_mutex_lock(&mutex);
  is_open = true;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&mutex);
}

/* Until so many have begun. */
TENON_FUNCTION(none, until, (i32, count))
{
  pthread_mutex_lock(&mutex);
  while (begun_count < count)
    pthread_cond_wait(&changed, &mutex);
  pthread_mutex_unlock(&mutex);
}

TENON_FUNCTION(str, usage)
{
  return t_pool_usage(here);
}

static void set(uint32_t running, uint32_t queued, tenon_when_full when_full)
{
  t_set_pool(here, running, queued, when_full);
}

TENON_FUNCTION(none, limit, (u32, running), (u32, queued),
               (bool, refuses, false))
{
  set(running, queued, refuses ? TENON_FULL_ERROR : TENON_FULL_WAIT);
}

T_SERIAL(serial_module, tenon_module_pool_limits)

static tenon_runtime *with_modules(void)
{
  here = t_runtime();
  CHECK_INT(0, tenon_runtime_add_module(here, "any", tenon_module_pool_limits));
  CHECK_INT(0, tenon_runtime_add_module(here, "serial", serial_module));
  is_open = false;
  inside = most_inside = begun_count = 0;
  return here;
}

#define IMPORT                                                             \
  "import { log } from 'test';\n"                                          \
  "import { hold, quick, open, until, usage, limit } from 'any';\n"        \
  "import * as serial from 'serial';\n"                                    \
  "const say = (p) => p.then((v) => log(`+${v}`), (e) => log(`${e}`));\n"  \
  "const times = (n, f) => Array.from({ length: n }, (_, i) => f(i + 1));" \
  "\n"

/* --- Limits ------------------------------------------------------------------------ */

TEST(as_many_calls_run_at_a_time_as_may)
{
  tenon_runtime *rt = with_modules();

  set(2, 0, TENON_FULL_WAIT);
  t_run(rt, IMPORT "const all = times(20, (i) => quick(i));\n"
                   "log(`${(await Promise.all(all)).length} ${usage()}`);");
  CHECK_LOG("20 0 0 0\n");
  CHECK(most_inside <= 2);
}

/* One thread is enough for short calls, as the last ones were; the loop finds out
 * that these are not. */
TEST(long_calls_that_follow_short_ones_run_at_the_same_time)
{
  tenon_runtime *rt = with_modules();

  set(4, 0, TENON_FULL_WAIT);
  t_run(rt, IMPORT "for (let round = 0; round < 20; round++)\n"
                   "  await Promise.all(times(100, (i) => quick(i)));\n"
                   "const all = times(4, (i) => hold(i));\n"
                   "while (!usage().startsWith('4 '))\n"
                   "  await new Promise((f) => setTimeout(f, 1));\n"
                   "open(); log(`${await Promise.all(all)} ${usage()}`);");
  CHECK_LOG("1,2,3,4 0 0 0\n");
}

/* A thread that looks for another call a moment longer finds it, whenever that
 * comes. */
TEST(calls_that_come_while_a_thread_ends_are_not_forgotten)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT "let sum = 0;\n"
                   "for (let i = 0; i < 5000; i++) {\n"
                   "  sum += await quick(1);\n"
                   "  for (let k = i % 997; k > 0; k--) sum += 0;\n"
                   "}\n"
                   "log(`${sum} ${usage()}`);");
  CHECK_LOG("5000 0 0 0\n");
}

TEST(calls_begin_in_the_order_they_were_made)
{
  tenon_runtime *rt = with_modules();
  int i;

  set(1, 3, TENON_FULL_WAIT);
  t_run(rt, IMPORT "await Promise.all(times(50, (i) => quick(i)));");
  for (i = 0; i < 50; i++)
    CHECK_INT(i + 1, begun[i]);
}

TEST(a_full_queue_lets_calls_wait_for_room)
{
  tenon_runtime *rt = with_modules();

  set(1, 2, TENON_FULL_WAIT);
  t_run(rt, IMPORT "const all = times(6, (i) => hold(i));\n"
                   "until(1);\n"
                   "log(usage());\n"
                   "open();\n"
                   "log(`${await Promise.all(all)}`);");
  CHECK_LOG("1 2 3\n1,2,3,4,5,6\n");
  CHECK_INT(1, most_inside);
}

TEST(a_full_queue_refuses_calls_that_are_not_to_wait)
{
  tenon_runtime *rt = with_modules();

  set(1, 2, TENON_FULL_ERROR);
  t_run(rt,
        IMPORT "const all = times(3, (i) => hold(i));\n"
               "until(1);\n"
               "await hold(4).catch((e) => log(`${e} ${e.code} ${e.name}`));\n"
               "log(usage());\n"
               "open();\n"
               "log(`${await Promise.all(all)} ${await hold(5)}`);");
  CHECK_LOG(
      "RangeError: hold: as many calls are queued as there may be (2) EFULL "
      "RangeError\n1 2 0\n1,2,3 5\n");
  CHECK_INT(4, begun_count);
}

TEST(more_threads_take_up_what_is_queued)
{
  tenon_runtime *rt = with_modules();

  set(1, 2, TENON_FULL_WAIT);
  t_run(rt, IMPORT "const all = times(6, (i) => hold(i));\n"
                   "until(1);\n"
                   "limit(3, 1);\n"
                   "until(3);\n"
                   "log(usage());\n"
                   "limit(3, 10);\n"
                   "log(usage());\n"
                   "open();\n"
                   "log(`${await Promise.all(all)}`);");
  CHECK_LOG("3 1 2\n3 3 0\n1,2,3,4,5,6\n");
  CHECK_INT(3, most_inside);
}

TEST(fewer_threads_take_nothing_from_calls_that_run)
{
  tenon_runtime *rt = with_modules();

  set(3, 10, TENON_FULL_WAIT);
  t_run(rt, IMPORT "const all = times(8, (i) => hold(i));\n"
                   "until(3);\n"
                   "limit(1, 1, true);\n"
                   "log(usage());\n"
                   "await hold(9).catch((e) => log(e.code));\n"
                   "open();\n"
                   "log(`${await Promise.all(all)}`);");
  CHECK_LOG("3 5 0\nEFULL\n1,2,3,4,5,6,7,8\n");
}

TEST(the_defaults_come_back)
{
  tenon_runtime *rt = with_modules();
  tenon_pool_usage before = {.size = sizeof before}, after = before;

  CHECK_INT(0, tenon_runtime_pool_usage(rt, &before));
  set(1, 1, TENON_FULL_ERROR);
  CHECK_INT(0, tenon_runtime_set_pool(rt, NULL));
  CHECK_INT(0, tenon_runtime_pool_usage(rt, &after));
  CHECK_INT(4096, before.most_queued);
  CHECK_INT(before.most_queued, after.most_queued);
  CHECK_INT(before.most_running, after.most_running);
  t_run(rt, IMPORT "const r = await Promise.all(times(5000, (i) => quick(i)));"
                   "log(`${r.length} ${r.every((v, i) => v === i + 1)}`);");
  CHECK_LOG("5000 true\n");
}

static void set_elsewhere(void *p)
{
  *(int *)p = tenon_runtime_set_pool(here, NULL);
}

static void use_elsewhere(void *p)
{
  tenon_pool_usage u = {.size = sizeof u};

  *(int *)p = tenon_runtime_pool_usage(here, &u);
}

TEST(wrong_calls_are_refused_and_change_nothing)
{
  tenon_runtime *rt = with_modules();
  tenon_pool_options o = {.size = sizeof o - 1, .most_running = 1};
  tenon_pool_usage u = {.size = sizeof u}, small = {.size = 8, .running = 77};
  uint32_t most;
  int r;

  CHECK_INT(0, tenon_runtime_pool_usage(rt, &u));
  most = u.most_running;
  CHECK_INT(TENON_EINVAL, tenon_runtime_set_pool(NULL, &o));
  CHECK_INT(TENON_EINVAL, tenon_runtime_set_pool(rt, &o));
  o.size = sizeof o + 8;
  CHECK_INT(TENON_EINVAL, tenon_runtime_set_pool(rt, &o));
  o.size = sizeof o;
  o.when_full = (tenon_when_full)2;
  CHECK_INT(TENON_EINVAL, tenon_runtime_set_pool(rt, &o));
  t_elsewhere(set_elsewhere, &r);
  CHECK_INT(TENON_ETHREAD, r);
  t_elsewhere(use_elsewhere, &r);
  CHECK_INT(TENON_ETHREAD, r);
  CHECK_INT(TENON_EINVAL, tenon_runtime_pool_usage(rt, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_pool_usage(rt, &small));
  CHECK_INT(77, small.running);
  CHECK_INT(0, tenon_runtime_pool_usage(rt, &u));
  CHECK_INT(most, u.most_running);
}

/* --- serial -------------------------------------------------------------------------- */

TEST(calls_of_a_serial_module_wait_in_their_lane_and_leave_threads_free)
{
  tenon_runtime *rt = with_modules();

  set(2, 10, TENON_FULL_WAIT);
  t_run(rt, IMPORT "const all = times(4, (i) => serial.hold(i));\n"
                   "until(1);\n"
                   "log(usage());\n"
                   "log(`${await quick(9)} ${usage()}`);\n"
                   "open();\n"
                   "log(`${await Promise.all(all)}`);");
  CHECK_LOG("1 3 0\n9 1 3 0\n1,2,3,4\n");
}

TEST(a_lane_that_fills_the_queue_keeps_no_call_from_a_free_thread)
{
  tenon_runtime *rt = with_modules();

  set(2, 2, TENON_FULL_ERROR);
  t_run(rt, IMPORT "const all = times(3, (i) => serial.hold(i));\n"
                   "log(`${await quick(9)} ${usage()}`);\n"
                   "all.push(serial.hold(4));\n"
                   "await serial.hold(5).catch((e) => log(e.code));\n"
                   "open();\n"
                   "log(`${await Promise.all(all)}`);");
  CHECK_LOG("9 1 2 0\nEFULL\n1,2,3,4\n");
}

TEST(calls_of_a_serial_module_keep_their_order_through_every_queue)
{
  tenon_runtime *rt = with_modules();
  int i;

  set(1, 2, TENON_FULL_WAIT);
  t_run(rt, IMPORT "await Promise.all(times(40, (i) => serial.quick(i)));");
  for (i = 0; i < 40; i++)
    CHECK_INT(i + 1, begun[i]);
  CHECK_INT(1, most_inside);
}

/* --- Ends ------------------------------------------------------------------------------ */

static void *open_later(void *p)
{
  usleep(20000);
  open();
  return p;
}

TEST(a_runtime_ends_with_calls_that_are_queued_and_that_wait)
{
  tenon_runtime *rt = with_modules();
  pthread_t thread;

  set(1, 2, TENON_FULL_WAIT);
  CHECK_INT(TENON_EEXCEPTION,
            t_eval_module(rt, IMPORT "times(6, (i) => hold(i));\n"
                                     "times(6, (i) => serial.hold(i));\n"
                                     "until(1);\n"
                                     "throw 1;"));
  CHECK_INT(0, pthread_create(&thread, NULL, open_later, NULL));
  t_free(rt);
  pthread_join(thread, NULL);
  CHECK_INT(1, begun_count);
}

TEST(what_a_freed_realm_had_queued_makes_room_for_others)
{
  tenon_runtime *rt = with_modules();
  static const char source[] =
      "import { hold, until } from 'any'; import * as serial from 'serial';\n"
      "for (let i = 0; i < 5; i++) { hold(i); serial.hold(i); }\n"
      "until(2);";
  tenon_realm *realm;
  tenon_pool_usage u = {.size = sizeof u};

  set(2, 4, TENON_FULL_WAIT);
  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0,
            tenon_realm_eval_module(realm, source, sizeof source - 1, "x.js"));
  CHECK_INT(0, tenon_runtime_pool_usage(rt, &u));
  CHECK_INT(2, u.running);
  CHECK_INT(4, u.queued);
  CHECK_INT(4, u.waiting);
  CHECK_INT(0, tenon_realm_free(realm));
  CHECK_INT(0, tenon_runtime_pool_usage(rt, &u));
  CHECK_INT(0, u.queued);
  CHECK_INT(0, u.waiting);
  t_run(rt, IMPORT "open(); log(`${await hold(7)} ${await serial.hold(8)}`);");
  CHECK_LOG("7 8\n");
}

/* One runtime has hundreds of calls that take their time; another one's single
 * call does not stand behind them. */
static void *call_once(void *p)
{
  static const char source[] = "import { quick } from 'any'; await quick(1);";
  tenon_runtime *rt;
  int r = tenon_runtime_new(NULL, &rt);

  if (r == 0) r = tenon_runtime_add_module(rt, "any", tenon_module_pool_limits);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, source, sizeof source - 1, NULL);
  if (r == 0) r = tenon_runtime_run(rt);
  tenon_runtime_free(rt);
  *(int *)p = r;
  return NULL;
}

TEST(a_runtime_with_many_calls_starves_no_other)
{
  tenon_runtime *rt = with_modules();
  pthread_t thread;
  int r = -1;

  static const char source[] = "import { hold, open, until } from 'any';\n"
                               "for (let i = 0; i < 500; i++) hold(i);\n"
                               "globalThis.open = open; until(2);";

  set(2, 0, TENON_FULL_WAIT);
  CHECK_INT(
      0, tenon_runtime_eval_module(rt, source, sizeof source - 1, "many.js"));
  CHECK_INT(0, pthread_create(&thread, NULL, call_once, &r));
  pthread_join(thread, NULL);
  CHECK_INT(0, r);
  CHECK_INT(3, begun_count);
  t_run(rt, "open();");
  CHECK_INT(501, begun_count);
}
