/*
 * Threads against runtimes that end: what comes from everywhere is settled once,
 * touches nothing that was freed, and leaves nothing. To be run under the thread
 * sanitizer, too; there, and under the others, with smaller numbers.
 */
#include <tenon/promise.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "napi.h"

#if defined(__SANITIZE_THREAD__)
#define LESS 20
#elif defined(__SANITIZE_ADDRESS__)
#define LESS 10
#else
#define LESS 1
#endif

/* --- Deferreds of runtimes in threads of their own ------------------------------- */

enum {
  RUNTIMES = 4,
  SETTLERS = 8,
  DEFERREDS = 100000 / LESS, /* of all together */
  AT_ONCE = 500              /* open in one runtime */
};

/* What the settlers take from, last in first out. */
static struct {
  pthread_mutex_t mutex;
  pthread_cond_t some;
  tenon_deferred *of[RUNTIMES * AT_ONCE * 2];
  int count;
  bool has_ended;
} pile = {.mutex = PTHREAD_MUTEX_INITIALIZER, .some = PTHREAD_COND_INITIALIZER};

static int settled, closed, dropped, beaten; /* atomic */

static void add_one(int *n)
{
  __atomic_add_fetch(n, 1, __ATOMIC_RELAXED);
}

static void put(tenon_deferred *d)
{
  pthread_mutex_lock(&pile.mutex);
  pile.of[pile.count++] = d;
  pthread_cond_signal(&pile.some);
  pthread_mutex_unlock(&pile.mutex);
}

static tenon_deferred *take(void)
{
  tenon_deferred *d = NULL;

  pthread_mutex_lock(&pile.mutex);
  while (!pile.count && !pile.has_ended)
    pthread_cond_wait(&pile.some, &pile.mutex);
  if (pile.count) d = pile.of[--pile.count];
  pthread_mutex_unlock(&pile.mutex);
  return d;
}

/* Each deferred is there twice: one of both is first, and the other is told. */
static void settle_one(tenon_deferred *d, unsigned n)
{
  char bytes[40] = "as long as a text of its own has to be";
  tenon_str text = {bytes, sizeof bytes - 1};
  int r;

  switch (n % 8) {
  case 0:
    r = tenon_deferred_reject(d, TENON_RANGE_ERROR, "number %u", n);
    break;
  case 1:
    add_one(&dropped);
    tenon_deferred_drop(d);
    return;
  default: r = tenon_deferred_resolve_with(d, &text); break;
  }
  memset(bytes, 0xdd, sizeof bytes);
  if (r == TENON_EALREADY) {
    add_one(&beaten);
    tenon_deferred_drop(d);
  } else {
    add_one(r ? &closed : &settled);
  }
}

static void *run_settler(void *p)
{
  unsigned n = (unsigned)(uintptr_t)p;
  tenon_deferred *d;

  while ((d = take()))
    settle_one(d, n++);
  return NULL;
}

typedef struct world {
  tenon_runtime *rt;
  int goal; /* of settled ones */
  int seen; /* by scripts, fulfilled or rejected */
  int opened;
  bool ends;   /* it is freed while its deferreds are open */
  int failure; /* the line; 0: none */
} world;

#define WANT(condition) \
  if (!(condition) && !w->failure) w->failure = __LINE__

static void on_one(napi_env env, tenon_promise_status status, napi_value value,
                   void *data)
{
  world *w = data;

  (void)env;
  (void)value;
  if (status != TENON_PROMISE_ABANDONED) w->seen++;
}

static void open_one(world *w)
{
  napi_env env = tenon_runtime_env(w->rt);
  napi_handle_scope scope;
  tenon_deferred *d = NULL;
  napi_value p;

  WANT(napi_open_handle_scope(env, &scope) == napi_ok);
  WANT(tenon_deferred_new(env, TENON_TYPE(str), "stress", &d, &p) == 0);
  WANT(d && tenon_promise_then(env, p, on_one, w) == 0);
  WANT(napi_close_handle_scope(env, scope) == napi_ok);
  w->opened++;
  put(tenon_deferred_dup(d));
  put(d);
}

/* One that is settled makes room for the next. */
static void *run_world(void *p)
{
  static const char source[] = "globalThis.never = new Promise(() => {});";
  world *w = p;
  napi_value global, never = NULL;
  napi_env env;
  int r;

  WANT(tenon_runtime_new(NULL, &w->rt) == 0);
  env = tenon_runtime_env(w->rt);
  WANT(tenon_runtime_eval_script(w->rt, source, sizeof source - 1, NULL) == 0);
  WANT(napi_get_global(env, &global) == napi_ok);
  WANT(napi_get_named_property(env, global, "never", &never) == napi_ok);
  while (!w->failure && w->seen < w->goal) {
    while (w->opened < w->goal && w->opened - w->seen < AT_ONCE)
      open_one(w);
    if (w->ends && w->seen > w->goal / 2) break;
    r = tenon_runtime_await(w->rt, never, 1, NULL);
    WANT(r == TENON_ETIMEDOUT || r == TENON_EUNSETTLED);
  }
  tenon_runtime_free(w->rt);
  return NULL;
}

TEST(threads_settle_deferreds_of_runtimes_that_end)
{
  pthread_t threads[RUNTIMES], settlers[SETTLERS];
  world worlds[RUNTIMES] = {{0}};
  int i, opened = 0, ended = 0;

  for (i = 0; i < SETTLERS; i++)
    CHECK_INT(0, pthread_create(&settlers[i], NULL, run_settler,
                                (void *)(uintptr_t)i));
  for (i = 0; i < RUNTIMES; i++) {
    worlds[i].goal = DEFERREDS / RUNTIMES;
    worlds[i].ends = i % 2 == 1;
    CHECK_INT(0, pthread_create(&threads[i], NULL, run_world, &worlds[i]));
  }
  for (i = 0; i < RUNTIMES; i++) {
    CHECK_INT(0, pthread_join(threads[i], NULL));
    CHECK_INT(0, worlds[i].failure);
    opened += worlds[i].opened;
    if (!worlds[i].ends) CHECK_INT(worlds[i].goal, worlds[i].seen);
    if (worlds[i].ends) ended += worlds[i].opened - worlds[i].seen;
  }
  pthread_mutex_lock(&pile.mutex);
  pile.has_ended = true;
  pthread_cond_broadcast(&pile.some);
  pthread_mutex_unlock(&pile.mutex);
  for (i = 0; i < SETTLERS; i++)
    CHECK_INT(0, pthread_join(settlers[i], NULL));
  CHECK(ended > 0);
  CHECK_INT(2 * opened, settled + closed + dropped + beaten);
}

/* --- Callbacks ----------------------------------------------------------------------- */

TENON_CALLBACK(i32, twice, (i32, n))

static twice *kept;

TENON_FUNCTION(none, keep, (twice, f))
{
  kept = twice_keep(f);
}

typedef struct caller {
  twice *f;
  int n, failure;
} caller;

/* Until the runtime is gone. */
static void *run_caller(void *p)
{
  caller *c = p;
  int32_t result;
  int r = 0;

  while (r == 0 || r == TENON_EFULL) {
    if (++c->n % 3) {
      r = twice_call(c->f, &result, c->n);
      if (r == 0 && result != 2 * c->n) c->failure = __LINE__;
    } else {
      r = twice_post(c->f, c->n);
    }
  }
  if (r != TENON_ECLOSING) c->failure = __LINE__;
  tenon_callback_release(c->f);
  return NULL;
}

TEST(threads_call_functions_of_runtimes_that_end)
{
  enum { CALLERS = 4, ROUNDS = LESS > 1 ? 5 : 25 };
  pthread_t threads[CALLERS];
  int round, i;

  for (round = 0; round < ROUNDS; round++) {
    caller callers[CALLERS] = {{0}};
    tenon_runtime *rt = t_runtime();
    napi_value never;

    CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
    t_run(rt, "import { keep } from 'native'; keep((n) => 2 * n);\n"
              "globalThis.n = 0;");
    never = t_eval(rt, "new Promise(() => {})");
    for (i = 0; i < CALLERS; i++) {
      callers[i].f = i ? twice_keep(kept) : kept;
      CHECK_INT(0, pthread_create(&threads[i], NULL, run_caller, &callers[i]));
    }
    for (i = 0; i < 20; i++)
      CHECK(tenon_runtime_await(rt, never, 1, NULL) != 0);
    t_free(rt);
    for (i = 0; i < CALLERS; i++) {
      CHECK_INT(0, pthread_join(threads[i], NULL));
      CHECK_INT(0, callers[i].failure);
    }
  }
}

/* --- Memory -------------------------------------------------------------------------- */

static size_t resident_bytes(void)
{
  FILE *f = fopen("/proc/self/statm", "r");
  unsigned long pages = 0;

  if (!f || fscanf(f, "%*u %lu", &pages) != 1) fail_msg("no statm");
  fclose(f);
  return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void one_operation(tenon_runtime *rt, int i, world *w)
{
  napi_env env = tenon_runtime_env(rt);
  tenon_str text = {"a text of the operation", 23};
  napi_handle_scope scope;
  tenon_deferred *d;
  napi_value p;
  int r;

  OK(napi_open_handle_scope(env, &scope));
  CHECK_INT(0, tenon_deferred_new(env, TENON_TYPE(str), "one", &d, &p));
  CHECK_INT(0, tenon_promise_then(env, p, on_one, w));
  if (i % 4 == 1)
    tenon_deferred_drop(d);
  else
    CHECK_INT(0, tenon_deferred_resolve_with(d, &text));
  if (i % 4 > 1) {
    r = tenon_runtime_await(rt, p, i % 4 == 2 ? 1000 : UINT64_MAX, NULL);
    CHECK_INT(0, r);
  }
  OK(napi_close_handle_scope(env, scope));
}

TEST(a_million_operations_leave_nothing)
{
  enum { OPERATIONS = 1000000 / LESS };
  tenon_runtime *rt = t_runtime();
  world w = {.rt = rt};
  size_t resident = 0, used = 0;
  int i;

  for (i = 0; i < OPERATIONS; i++) {
    if (i == OPERATIONS / 10) {
      tenon_runtime_collect(rt);
      resident = resident_bytes();
      used = tenon_runtime_memory(rt).used_bytes;
    }
    one_operation(rt, i, &w);
  }
  tenon_runtime_collect(rt);
  CHECK_INT(OPERATIONS, w.seen);
  CHECK(tenon_runtime_memory(rt).used_bytes <= used + 4096);
  /* The sanitizers keep what is freed. */
  if (LESS == 1) CHECK(resident_bytes() <= resident + (1 << 20));
}
