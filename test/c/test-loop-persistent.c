/* Values that C holds, and other threads: what they may, and what is refused. */
#include <pthread.h>
#include <stdlib.h>

#include "persistent.h"

static bool nobody(const tenon_kept *kept, void *data)
{
  return true;
}

typedef struct use {
  napi_env env;
  napi_value v;
  tenon_persistent *p, *weak;
  int get, get_weak, new, new_weak, each, report;
} use;

static void use_elsewhere(void *data)
{
  use *u = data;
  napi_value got = u->v;
  tenon_persistent *made = u->p;

  u->get = tenon_persistent_get(u->env, u->p, &got);
  if (got) u->get = 1;
  u->get_weak = tenon_persistent_get(u->env, u->weak, &got);
  u->new = tenon_persistent_new(u->env, u->v, &made);
  if (made) u->new = 1;
  u->new_weak = tenon_persistent_new_weak(u->env, u->v, &made);
  u->each = tenon_kept_each(u->env, nobody, NULL);
  u->report = tenon_kept_report(u->env, nobody, NULL);
}

TEST(another_thread_may_not_use_what_is_held)
{
  tenon_runtime *rt = t_runtime();
  use u = {.env = tenon_runtime_env(rt)};

  u.v = t_undefined(u.env);
  u.p = t_hold_as(rt, "({})", false);
  u.weak = t_hold_as(rt, "globalThis", true);
  t_elsewhere(use_elsewhere, &u);
  CHECK_INT(TENON_ETHREAD, u.get);
  CHECK_INT(TENON_ETHREAD, u.get_weak);
  CHECK_INT(TENON_ETHREAD, u.new);
  CHECK_INT(TENON_ETHREAD, u.new_weak);
  CHECK_INT(TENON_ETHREAD, u.each);
  CHECK_INT(TENON_ETHREAD, u.report);
  tenon_persistent_free(u.p);
  tenon_persistent_free(u.weak);
}

static void use_with_own_runtime(void *data)
{
  use *u = data;
  tenon_runtime *rt = NULL;
  napi_value got;

  u->get = tenon_runtime_new(NULL, &rt);
  if (u->get) return;
  u->get = tenon_persistent_get(tenon_runtime_env(rt), u->p, &got);
  tenon_runtime_free(rt);
}

TEST(another_thread_may_not_use_it_with_a_runtime_of_its_own)
{
  tenon_runtime *rt = t_runtime();
  use u = {.p = t_hold_as(rt, "1", false)};

  t_elsewhere(use_with_own_runtime, &u);
  CHECK_INT(TENON_ETHREAD, u.get);
  tenon_persistent_free(u.p);
}

static void get_elsewhere(void *data)
{
  use *u = data;
  napi_value got;

  u->get = tenon_persistent_get(u->env, u->p, &got);
}

/* The next thread may have the number of the one that is gone. */
static void live_elsewhere(void *data)
{
  use *u = data;
  tenon_runtime *rt = NULL;
  napi_env env;

  u->new = tenon_runtime_new(NULL, &rt);
  if (u->new) return;
  u->env = env = tenon_runtime_env(rt);
  u->new = napi_get_undefined(env, &u->v);
  if (!u->new) u->new = tenon_persistent_new(env, u->v, &u->p);
  tenon_runtime_free(rt);
}

TEST(one_of_a_runtime_and_a_thread_that_are_gone_is_refused)
{
  use u = {0};

  t_elsewhere(live_elsewhere, &u);
  CHECK_INT(0, u.new);
  t_elsewhere(get_elsewhere, &u);
  CHECK(u.get == TENON_ECLOSING || u.get == TENON_ETHREAD);
  get_elsewhere(&u);
  CHECK_INT(TENON_ETHREAD, u.get);
  tenon_persistent_free(u.p);
}

static void free_elsewhere(void *data)
{
  tenon_persistent_free(data);
}

TEST(what_another_thread_frees_goes_on_a_later_turn)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = t_hold_as(rt, "globalThis.it = {}", false), *weak;

  weak = t_hold_as(rt, "it", true);
  t_run(rt, "delete globalThis.it;");
  t_elsewhere(free_elsewhere, p);
  CHECK(t_is_there(env, weak));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(!t_is_there(env, weak));
  t_elsewhere(free_elsewhere, weak);
  CHECK_INT(0, tenon_runtime_run(rt));
}

static bool count(const tenon_kept *kept, void *data)
{
  ++*(int *)data;
  return true;
}

TEST(what_another_thread_has_freed_is_not_told)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  int n = 0, reported = 0;

  CHECK_INT(0, tenon_kept_report(env, count, &reported));
  t_elsewhere(free_elsewhere, t_hold_as(rt, "({})", false));
  CHECK_INT(0, tenon_kept_each(env, count, &n));
  CHECK_INT(0, n);
  t_free(rt);
  CHECK_INT(0, reported);
}

TEST(another_thread_may_free_what_outlives_its_runtime)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent *p = t_hold_as(rt, "({})", false),
                   *weak = t_hold_as(rt, "globalThis", true);

  t_free(rt);
  t_elsewhere(free_elsewhere, p);
  t_elsewhere(free_elsewhere, weak);
}

/* Frees the one that it is told of on another thread, and waits for that. */
static bool free_it_elsewhere(const tenon_kept *kept, void *data)
{
  ++*(int *)data;
  t_elsewhere(free_elsewhere, kept->persistent);
  return true;
}

TEST(another_thread_may_free_what_is_being_looked_at)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *weak;
  int n = 0;

  t_hold_as(rt, "globalThis.it = {}", false);
  weak = t_hold_as(rt, "it", true);
  t_run(rt, "delete globalThis.it;");
  t_hold_as(rt, "1", false);
  CHECK_INT(0, tenon_kept_each(env, free_it_elsewhere, &n));
  CHECK_INT(3, n);
  n = 0;
  CHECK_INT(0, tenon_kept_each(env, count, &n));
  CHECK_INT(0, n);
  (void)weak;
}

TEST(another_thread_may_free_what_is_being_reported)
{
  tenon_runtime *rt = t_runtime();
  int n = 0;

  t_hold_as(rt, "({})", false);
  t_hold_as(rt, "1", false);
  CHECK_INT(0, tenon_kept_report(tenon_runtime_env(rt), free_it_elsewhere, &n));
  t_free(rt);
  CHECK_INT(2, n);
}

enum { MANY = 200 };

typedef struct race {
  tenon_persistent *p[MANY];
  bool go;
} race;

static void *free_many(void *data)
{
  race *r = data;
  size_t i;

  while (!__atomic_load_n(&r->go, __ATOMIC_ACQUIRE))
    ;
  for (i = 0; i < MANY; i++)
    tenon_persistent_free(r->p[i]);
  return NULL;
}

TEST(another_thread_may_free_while_the_runtime_is_freed)
{
  int round, i, reported = 0;

  for (round = 0; round < 50; round++) {
    tenon_runtime *rt = t_runtime();
    napi_env env = tenon_runtime_env(rt);
    race *r = calloc(1, sizeof *r);
    pthread_t thread;
    for (i = 0; i < MANY; i++)
      r->p[i] = t_hold_as(rt, i % 3 ? "globalThis.it = {}" : "[1]", i % 3 == 2);
    CHECK_INT(0, tenon_kept_report(env, count, &reported));
    CHECK_INT(0, pthread_create(&thread, NULL, free_many, r));
    __atomic_store_n(&r->go, true, __ATOMIC_RELEASE);
    t_free(rt);
    CHECK_INT(0, pthread_join(thread, NULL));
    free(r);
  }
  CHECK(reported <= 50 * MANY);
}

TEST(many_threads_free_while_the_loop_makes_more)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  pthread_t threads[4];
  race *r[tenon_p_countof(threads)];
  size_t before, k, i;
  int n = 0;

  tenon_persistent_free(t_hold_as(rt, "({})", false));
  CHECK_INT(0, tenon_runtime_run(rt));
  before = tenon_runtime_memory(rt).used_bytes;
  for (k = 0; k < tenon_p_countof(threads); k++) {
    r[k] = calloc(1, sizeof *r[k]);
    for (i = 0; i < MANY; i++)
      r[k]->p[i] = t_hold_as(rt, "({ a: [] })", false);
    CHECK_INT(0, pthread_create(&threads[k], NULL, free_many, r[k]));
    __atomic_store_n(&r[k]->go, true, __ATOMIC_RELEASE);
  }
  for (i = 0; i < MANY; i++) {
    tenon_persistent_free(t_hold_as(rt, "[]", false));
    CHECK_INT(0, tenon_runtime_run(rt));
    CHECK_INT(0, tenon_kept_each(env, count, &n));
  }
  for (k = 0; k < tenon_p_countof(threads); k++) {
    CHECK_INT(0, pthread_join(threads[k], NULL));
    free(r[k]);
  }
  CHECK_INT(0, tenon_runtime_run(rt));
  n = 0;
  CHECK_INT(0, tenon_kept_each(env, count, &n));
  CHECK_INT(0, n);
  CHECK(tenon_runtime_memory(rt).used_bytes < before + 4096);
}
