/* Runtimes in many threads, and one that goes from thread to thread. */
#define TENON_MODULE threads
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon.h>
#include <tenon/napi.h>
#include <tenon/persistent.h>
#include <tenon/property.h>
#include <unistd.h>
#include <uv.h>

#include "harness.h"

static tenon_runtime *with_module(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_threads));
  return rt;
}

#define IMPORT "import { log } from 'test'; import * as native from 'native';"

static void eval(tenon_runtime *rt, const char *source)
{
  CHECK_INT(0, tenon_runtime_eval_module(rt, source, strlen(source), NULL));
}

/* --- Native functions ---------------------------------------------------------------- */

TENON_BLOCKING(i32, doubled, (i32, n))
{
  return 2 * n;
}

static tenon_deferred *kept;

TENON_ASYNC(i32, open_one)
{
  kept = deferred;
}

static void *settle_later(void *deferred);

/* Settled by a thread at some time. */
TENON_ASYNC(none, later)
{
  pthread_t thread;

  if (pthread_create(&thread, NULL, settle_later, deferred))
    tenon_deferred_reject(deferred, TENON_ERROR, "no thread");
  else
    pthread_detach(thread);
}

static void *settle_later(void *deferred)
{
  usleep(1000);
  TENON_RESOLVE(later, deferred);
  return NULL;
}

static tenon_runtime *current;

TENON_FUNCTION(i32, detach_here)
{
  return tenon_runtime_detach_thread(current);
}

static void free_timer(uv_handle_t *timer)
{
  free(timer);
}

static void close_timer(uv_timer_t *timer)
{
  tenon_deferred *d = timer->data;

  CHECK_INT(TENON_EBUSY, tenon_runtime_detach_thread(current));
  tenon_deferred_reject(d, TENON_ERROR, "refused");
  uv_close((uv_handle_t *)timer, free_timer);
}

TENON_ASYNC(none, detach_in_uv)
{
  uv_timer_t *timer = malloc(sizeof *timer);

  CHECK(timer != NULL);
  uv_timer_init(tenon_deferred_loop(deferred), timer);
  timer->data = deferred;
  uv_timer_start(timer, close_timer, 0, 0);
}

TENON_CALLBACK(i32, answer, (i32, n))

static answer *kept_answer;

TENON_FUNCTION(none, keep_answer, (answer, fn))
{
  kept_answer = answer_keep(fn);
}

static int ended;

typedef struct thing {
  int x;
} thing;

TENON_CLASS(thing)
TENON_CONSTRUCTOR(thing)
{
  self->x = 1;
}
TENON_RELEASE(thing)
{
  ended += self->x;
}

/* --- One for each thread ------------------------------------------------------------- */

enum { THREADS = 8, RUNTIMES = 50 };

static const char program[] =
    "import * as native from 'native';"
    "let n = 0; setTimeout(() => n++, 0);"
    "for (let i = 0; i < 3; i++) { const m = await native.doubled(i); n += m; }"
    "await native.later(); await new Promise((r) => setTimeout(r, 1));"
    "if (n !== 7) throw new Error(`${n}`);";

static void *run_many(void *failures)
{
  int i, r;

  for (i = 0; i < RUNTIMES; i++) {
    tenon_runtime *rt;
    r = tenon_runtime_new(NULL, &rt);
    if (r == 0)
      r = tenon_runtime_add_module(rt, "native", tenon_module_threads);
    if (r == 0)
      r = tenon_runtime_eval_module(rt, program, sizeof program - 1, NULL);
    /* Every third one is freed with all of it open. */
    if (r == 0 && i % 3) r = tenon_runtime_run(rt);
    if (r) __atomic_add_fetch((int *)failures, 1, __ATOMIC_RELAXED);
    tenon_runtime_free(rt);
  }
  return NULL;
}

TEST(threads_make_run_and_free_runtimes_of_their_own)
{
  pthread_t threads[THREADS];
  int failures = 0, i;

  for (i = 0; i < THREADS; i++)
    CHECK_INT(0, pthread_create(&threads[i], NULL, run_many, &failures));
  for (i = 0; i < THREADS; i++)
    pthread_join(threads[i], NULL);
  CHECK_INT(0, failures);
}

/* --- Moving --------------------------------------------------------------------------- */

/* The program's next part, on a thread of its own. */
typedef struct part {
  tenon_runtime *rt;
  const char *source;
  int r;
} part;

static void run_part(void *p)
{
  part *q = p;

  q->r = tenon_runtime_attach_thread(q->rt);
  if (q->r) return;
  q->r = tenon_runtime_eval_module(q->rt, q->source, strlen(q->source), NULL);
  if (q->r == 0) q->r = tenon_runtime_run(q->rt);
  if (tenon_runtime_detach_thread(q->rt)) q->r = -1;
}

TEST(a_program_goes_on_in_another_thread)
{
  tenon_runtime *rt = with_module();
  part p = {rt,
            IMPORT "log(`${++globalThis.n}`); await native.doubled(1);"
                   "await native.later(); log('there');",
            -1};

  eval(rt, IMPORT "globalThis.n = 1; setTimeout(log, 1, 'timer');"
                  "globalThis.p = native.later().then(() => log('before'));");
  CHECK_INT(0, tenon_runtime_detach_thread(rt));
  t_elsewhere(run_part, &p);
  CHECK_INT(0, p.r);
  CHECK_INT(0, tenon_runtime_attach_thread(rt));
  t_run(rt, IMPORT "await p; log(`${++n}`);");
  CHECK(strstr(t_logged(), "3\n"));
}

TEST(a_runtime_that_is_nobodys_refuses_everybody)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(0, tenon_runtime_detach_thread(rt));
  CHECK_INT(TENON_ETHREAD, tenon_runtime_detach_thread(rt));
  CHECK_INT(TENON_ETHREAD, tenon_runtime_eval_script(rt, "1", 1, NULL));
  CHECK_INT(TENON_ETHREAD, tenon_runtime_run(rt));
  CHECK_INT(TENON_ETHREAD, tenon_runtime_step(rt, 0, NULL));
  CHECK(tenon_runtime_env(rt) == NULL);
  CHECK_INT(0, tenon_runtime_attach_thread(rt));
  t_run(rt, "1");
}

TEST(a_runtime_is_taken_once)
{
  tenon_runtime *rt = with_module();
  part p = {rt, "", 0};

  CHECK_INT(TENON_EBUSY, tenon_runtime_attach_thread(rt));
  t_elsewhere(run_part, &p);
  CHECK_INT(TENON_EBUSY, p.r);
  CHECK_INT(0, tenon_runtime_detach_thread(rt));
  CHECK_INT(0, tenon_runtime_attach_thread(rt));
  CHECK_INT(TENON_EBUSY, tenon_runtime_attach_thread(rt));
  CHECK_INT(TENON_EINVAL, tenon_runtime_attach_thread(NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_detach_thread(NULL));
}

static void write_nothing(void *data, const char *text, size_t len)
{
  (void)text;
  (void)len;
  *(int *)data = tenon_runtime_detach_thread(current);
}

static napi_value from_napi(napi_env env, napi_callback_info info)
{
  (void)env;
  (void)info;
  CHECK_INT(TENON_EBUSY, tenon_runtime_detach_thread(current));
  return NULL;
}

TEST(a_runtime_in_use_is_not_given_away)
{
  tenon_runtime *rt = current = with_module();
  napi_env env = tenon_runtime_env(rt);
  napi_value f, global;
  int r = 0;

  eval(rt,
       IMPORT "log(`${native.detach_here()}`);"
              "Promise.resolve().then(() => log(`${native.detach_here()}`));"
              "setTimeout(() => log(`${native.detach_here()}`), 0);"
              "native.detach_in_uv().catch((e) => log(e.message));");
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(strncmp(t_logged(), "-5005\n-5005\n", 12) == 0);
  CHECK_INT(0, tenon_realm_enter(tenon_runtime_realm(rt)));
  CHECK_INT(TENON_EBUSY, tenon_runtime_detach_thread(rt));
  CHECK_INT(0, tenon_realm_leave(tenon_runtime_realm(rt)));
  CHECK_INT(0, tenon_runtime_dump(rt, TENON_DUMP_SHAPES, write_nothing, &r));
  CHECK_INT(TENON_EBUSY, r);
  CHECK_INT(napi_ok, napi_create_function(env, "f", 1, from_napi, NULL, &f));
  CHECK_INT(napi_ok, napi_get_global(env, &global));
  CHECK_INT(napi_ok, napi_call_function(env, global, f, 0, NULL, NULL));
  CHECK_INT(0, tenon_runtime_detach_thread(rt));
  CHECK_INT(0, tenon_runtime_attach_thread(rt));
}

TEST(a_runtime_in_a_loop_of_the_host_is_not_given_away)
{
  uv_loop_t host;
  tenon_options o = {.size = sizeof o, .loop = &host};
  tenon_runtime *rt;

  CHECK_INT(0, uv_loop_init(&host));
  CHECK_INT(0, t_runtime_new(&o, &rt));
  CHECK_INT(TENON_EINVAL, tenon_runtime_detach_thread(rt));
  t_run(rt, "1");
  t_free(rt);
  CHECK_INT(0, uv_run(&host, UV_RUN_DEFAULT));
  CHECK_INT(0, uv_loop_close(&host));
}

/* Every thread's stack is somewhere else. */
TEST(the_limit_of_the_stack_counts_in_the_thread_that_calls)
{
  static const char deep[] =
      "import { log } from 'test';"
      "function f() { return 1 + f(); }"
      "try { f(); } catch (e) { log(e.name); }"
      "log(`${JSON.parse('['.repeat(200) + ']'.repeat(200)).length}`);";
  tenon_runtime *rt = with_module();
  part p = {rt, deep, -1};
  int i;

  for (i = 0; i < 3; i++) {
    CHECK_INT(0, tenon_runtime_detach_thread(rt));
    t_elsewhere(run_part, &p);
    CHECK_INT(0, p.r);
    CHECK_INT(0, tenon_runtime_attach_thread(rt));
    CHECK_LOG("RangeError\n1\n");
    t_run(rt, deep);
    CHECK_LOG("RangeError\n1\n");
  }
}

/* Two threads that meet before each try, and behind it: on the processor, and
 * with a lead of any size, so that some tries are made at the same moment. */
enum { TRIES = 50000, LEADS = 64 };

typedef struct rivals {
  tenon_runtime *rt;
  unsigned met, won; /* atomic: altogether */
  int threads;       /* atomic */
  int failures;      /* atomic */
} rivals;

static void meet(rivals *all)
{
  unsigned until = __atomic_fetch_add(&all->met, 1, __ATOMIC_ACQ_REL) | 1;
  int i = 0;

  while (__atomic_load_n(&all->met, __ATOMIC_ACQUIRE) <= until)
    if (++i % 1000 == 0) sched_yield();
}

static void wait_for(unsigned n)
{
  for (volatile unsigned i = 0; i < n; i++) {
  }
}

static void *take(void *p)
{
  rivals *all = p;
  bool is_first = __atomic_fetch_add(&all->threads, 1, __ATOMIC_RELAXED) == 0;
  unsigned i;
  int r;

  for (i = 1; i <= TRIES; i++) {
    meet(all);
    wait_for(is_first ? i % LEADS : i / LEADS % LEADS);
    r = tenon_runtime_attach_thread(all->rt);
    if (r == 0)
      __atomic_add_fetch(&all->won, 1, __ATOMIC_RELAXED);
    else if (r != TENON_EBUSY)
      __atomic_add_fetch(&all->failures, 1, __ATOMIC_RELAXED);
    meet(all);
    if (__atomic_load_n(&all->won, __ATOMIC_RELAXED) != i)
      __atomic_add_fetch(&all->failures, 1, __ATOMIC_RELAXED);
    if (r == 0 && tenon_runtime_detach_thread(all->rt))
      __atomic_add_fetch(&all->failures, 1, __ATOMIC_RELAXED);
  }
  return NULL;
}

TEST(of_threads_that_take_it_at_once_one_gets_it)
{
  rivals all = {.rt = with_module()};
  pthread_t threads[2];
  int i;

  CHECK_INT(0, tenon_runtime_detach_thread(all.rt));
  for (i = 0; i < 2; i++)
    CHECK_INT(0, pthread_create(&threads[i], NULL, take, &all));
  for (i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
  CHECK_INT(0, all.failures);
  CHECK_INT(TRIES, all.won);
  CHECK_INT(0, tenon_runtime_attach_thread(all.rt));
  t_run(all.rt, "1");
}

/* --- While it is nobody's ------------------------------------------------------------------ */

static void settle_kept(void *n)
{
  TENON_RESOLVE(open_one, kept, *(int *)n);
}

TEST(what_is_settled_meanwhile_is_delivered_then)
{
  tenon_runtime *rt = with_module();
  struct pollfd p = {.fd = tenon_runtime_fd(rt), .events = POLLIN};
  int n = 7;

  eval(rt, IMPORT "native.open_one().then((n) => log(`${n}`));");
  CHECK_INT(0, tenon_runtime_detach_thread(rt));
  CHECK_INT(0, poll(&p, 1, 0));
  t_elsewhere(settle_kept, &n);
  CHECK_INT(1, poll(&p, 1, 1000));
  CHECK_LOG("");
  CHECK_INT(0, tenon_runtime_attach_thread(rt));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("7\n");
}

TEST(who_has_given_it_away_settles_as_any_other_thread)
{
  tenon_runtime *rt = with_module();
  int n = 8;

  eval(rt, IMPORT "native.open_one().then((n) => log(`${n}`));");
  CHECK_INT(0, tenon_runtime_detach_thread(rt));
  settle_kept(&n);
  CHECK_LOG("");
  CHECK_INT(0, tenon_runtime_attach_thread(rt));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("8\n");
}

static void post_answer(void *p)
{
  *(int *)p = answer_post(kept_answer, 1);
}

static void *call_answer(void *p)
{
  int32_t result = 0;
  int r = answer_call(kept_answer, &result, 20);

  *(int *)p = r ? r : result;
  return NULL;
}

TEST(calls_from_threads_meanwhile_are_made_then)
{
  tenon_runtime *rt = with_module();
  pthread_t thread;
  int r = -1, result = 0;

  eval(rt, IMPORT "native.keep_answer((n) => { log(`${n}`); return n + 1; });");
  CHECK_INT(0, tenon_runtime_detach_thread(rt));
  t_elsewhere(post_answer, &r);
  CHECK_INT(0, r);
  CHECK_INT(0, pthread_create(&thread, NULL, call_answer, &result));
  usleep(5000);
  CHECK_LOG("");
  CHECK_INT(0, tenon_runtime_attach_thread(rt));
  while (result != 21) {
    CHECK_INT(0, tenon_runtime_step(rt, 0, NULL));
    usleep(500);
    if (strstr(t_logged(), "20\n")) break;
  }
  pthread_join(thread, NULL);
  CHECK_INT(21, result);
  tenon_callback_release(kept_answer);
}

TEST(a_program_is_terminated_meanwhile)
{
  tenon_runtime *rt = with_module();

  eval(rt, "setTimeout(() => {}, 60000)");
  CHECK_INT(0, tenon_runtime_detach_thread(rt));
  tenon_runtime_terminate(rt);
  CHECK_INT(0, tenon_runtime_attach_thread(rt));
  CHECK_INT(TENON_ETERMINATED, tenon_runtime_run(rt));
}

static void free_there(void *p)
{
  part *q = p;

  q->r = tenon_runtime_attach_thread(q->rt);
  if (q->r == 0) tenon_runtime_free(q->rt);
}

TEST(another_thread_frees_it_with_all_that_is_open)
{
  tenon_runtime *rt;
  part p = {.r = -1};

  CHECK_INT(0, tenon_runtime_new(NULL, &rt));
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_threads));
  eval(rt,
       "import * as native from 'native'; globalThis.t = new native.thing();"
       "native.doubled(1); native.later(); setTimeout(() => {}, 1);"
       "Promise.reject(1).catch(() => {});");
  ended = 0;
  CHECK_INT(0, tenon_runtime_detach_thread(rt));
  p.rt = rt;
  t_elsewhere(free_there, &p);
  CHECK_INT(0, p.r);
  CHECK_INT(1, ended);
}

/* --- What remembers its thread ------------------------------------------------------------- */

static napi_env env;
static tenon_persistent *persistent;

static void use_there(void *p)
{
  part *q = p;
  napi_value v;
  int32_t result = 0;

  q->r = tenon_runtime_attach_thread(q->rt);
  if (q->r) return;
  /* At once, as the loop's thread does. */
  if (answer_call(kept_answer, &result, 1) || result != 2) q->r = 1;
  if (napi_create_double(env, 1, &v)) q->r = 2;
  if (tenon_persistent_get(env, persistent, &v)) q->r = 3;
  if (tenon_runtime_detach_thread(q->rt)) q->r = 4;
}

TEST(handles_persistents_and_callbacks_follow_it)
{
  tenon_runtime *rt = with_module();
  part p = {rt, NULL, -1};
  napi_value v;

  env = tenon_runtime_env(rt);
  eval(rt, IMPORT "native.keep_answer((n) => n + 1);");
  CHECK_INT(napi_ok, napi_create_object(env, &v));
  CHECK_INT(0, tenon_persistent_new(env, v, &persistent));
  CHECK_INT(0, tenon_runtime_detach_thread(rt));
  CHECK_INT(napi_invalid_arg, napi_create_double(env, 1, &v));
  CHECK_INT(TENON_ETHREAD, tenon_persistent_get(env, persistent, &v));
  t_elsewhere(use_there, &p);
  CHECK_INT(0, p.r);
  /* By a thread that it is not of: the value goes there. */
  tenon_persistent_free(persistent);
  tenon_callback_release(kept_answer);
  CHECK_INT(0, tenon_runtime_attach_thread(rt));
  CHECK_INT(napi_ok, napi_create_double(env, 1, &v));
  t_run(rt, "1");
}

/* --- Turns of several threads ------------------------------------------------------------------ */

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

typedef struct taker {
  tenon_runtime *rt;
  int *is_over; /* under the lock */
  int turns, r;
} taker;

static void *take_turns(void *p)
{
  taker *t = p;
  struct pollfd fd = {.events = POLLIN};
  bool is_over = false;
  tenon_left left;

  while (!is_over && t->r == 0) {
    pthread_mutex_lock(&turn);
    is_over = *t->is_over;
    if (!is_over) {
      t->r = tenon_runtime_attach_thread(t->rt);
      if (t->r == 0) {
        fd.fd = tenon_runtime_fd(t->rt);
        t->r = tenon_runtime_step(t->rt, 1, &left);
        is_over = t->r || left == TENON_LEFT_NOTHING;
        *t->is_over = is_over;
        if (tenon_runtime_detach_thread(t->rt)) t->r = -1;
        t->turns++;
      }
    }
    pthread_mutex_unlock(&turn);
    if (!is_over) poll(&fd, 1, 5);
  }
  return NULL;
}

TEST(threads_take_turns_under_a_lock_of_the_host)
{
  tenon_runtime *rt = with_module();
  pthread_t threads[4];
  taker takers[4];
  int is_over = 0, i, who = 0;

  eval(rt,
       IMPORT "let n = 0; async function work(i) {"
              "  for (let j = 0; j < 50; j++) {"
              "    const m = await native.doubled(1); n += m;"
              "    if (j % 10 === 0) await native.later();"
              "    if (j % 7 === 0) await new Promise((r) => setTimeout(r, 1));"
              "  } }"
              "await Promise.all([1, 2, 3, 4].map(work)); log(`${n}`);");
  CHECK_INT(0, tenon_runtime_detach_thread(rt));
  for (i = 0; i < 4; i++) {
    takers[i] = (taker){rt, &is_over, 0, 0};
    CHECK_INT(0, pthread_create(&threads[i], NULL, take_turns, &takers[i]));
  }
  for (i = 0; i < 4; i++) {
    pthread_join(threads[i], NULL);
    CHECK_INT(0, takers[i].r);
    who += takers[i].turns > 0;
  }
  CHECK_INT(0, tenon_runtime_attach_thread(rt));
  CHECK_LOG("400\n");
  CHECK(who > 1);
}

TEST(a_runtime_moves_many_times_in_flat_memory)
{
  tenon_runtime *rt = with_module();
  size_t used_bytes = 0;
  int i;

  for (i = 0; i < 10000; i++) {
    CHECK_INT(0, tenon_runtime_detach_thread(rt));
    CHECK_INT(0, tenon_runtime_attach_thread(rt));
    CHECK_INT(0, tenon_runtime_eval_script(rt, "1", 1, NULL));
    if (i == 100) used_bytes = tenon_runtime_memory(rt).used_bytes;
  }
  tenon_runtime_collect(rt);
  CHECK(tenon_runtime_memory(rt).used_bytes <= used_bytes + 65536);
}
