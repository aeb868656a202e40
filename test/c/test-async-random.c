/*
 * Programs at random over all that takes its time: calls on the pool, deferreds
 * that threads settle, callbacks, streams in both directions, watches, signals,
 * children; and hosts that step, wait, limit, terminate and close at random, with
 * one to three runtimes in one or two threads. Whatever happens, each piece of
 * native work ends once, with its arguments, no Promise is forgotten or settled
 * twice, and nothing is left.
 *
 * The rounds begin the same each time; the threads see to it that none is like
 * another. TENON_PROPERTY_ROUNDS=N runs N of them, TENON_PROPERTY_SEED=S begins
 * at another one; a failure names its own.
 */
#include "async-random.h"

#include <tenon/close.h>
#include <tenon/limits.h>
#include <tenon/loop.h>
#include <tenon/open.h>
#include <tenon/pool.h>
#include <tenon/promise.h>

#include "napi.h"

#include "base/alloc.h"

/* --- Hosts ----------------------------------------------------------------------------------- */

typedef struct world {
  tenon_runtime *rt;
  tenon_realm *realm; /* besides the main one */
  uv_loop_t *loop;    /* the host's; NULL: its own */
  bool is_short;      /* of memory, or was: anything may be uncaught */
  bool has_lost;      /* a realm, whose listeners hear of no error any more */
  bool was_cut;       /* a script has not run to its end: who waits for it does
                         so for ever */
} world;

static char *driver;
static bool is_alone; /* one runtime: nothing waits for what others do */

static void read_driver(void)
{
  FILE *f = fopen(TEST_SOURCE_DIR "/c/async-random.js", "rb");
  long size;

  CHECK(f != NULL);
  CHECK_INT(0, fseek(f, 0, SEEK_END));
  size = ftell(f);
  rewind(f);
  driver = calloc(1, (size_t)size + 1);
  CHECK(driver != NULL);
  CHECK_INT(size, fread(driver, 1, (size_t)size, f));
  fclose(f);
}

/* What a program may come to at any time. */
static void expect(world *w, int r)
{
  const char *text = tenon_runtime_exception(w->rt);
  char said[512];

  switch (r) {
  case 0:
  case TENON_ETERMINATED:
  case TENON_EUNSETTLED:
  case TENON_ETIMEDOUT:
  case TENON_ENOMEM: break;
  case TENON_EEXCEPTION:
    if (w->is_short || w->has_lost || (text && strstr(text, "memory"))) break;
    /* FALLTHROUGH */
  default:
    if (is_failing) break;
    snprintf(said, sizeof said, "%s: %s", tenon_error_name(r),
             text ? text : "");
    wrong(said);
  }
  tenon_runtime_clear_exception(w->rt);
}

static void eval(world *w, tenon_realm *realm, const char *source)
{
  expect(w, tenon_realm_eval_script(realm, source, strlen(source), "move.js"));
}

/* Waits for what never comes. */
static int await_never(world *w, uint64_t ms)
{
  napi_env env = tenon_runtime_env(w->rt);
  napi_handle_scope scope;
  napi_value global, never;
  int r = TENON_ENOMEM;

  if (napi_open_handle_scope(env, &scope)) return r;
  if (napi_get_global(env, &global) == napi_ok &&
      napi_get_named_property(env, global, "never", &never) == napi_ok)
    r = tenon_runtime_await(w->rt, never, ms, NULL);
  (void)napi_close_handle_scope(env, scope);
  return r;
}

static void on_event(tenon_runtime *rt, int code, void *data)
{
  (void)rt;
  expect(data, code);
}

static void move_elsewhere(void *p)
{
  world *w = p;

  if (tenon_runtime_attach_thread(w->rt)) {
    wrong("not to be taken");
    return;
  }
  begin_random(seed);
  expect(w, tenon_runtime_step(w->rt, 2, NULL));
  if (tenon_runtime_detach_thread(w->rt)) wrong("not to be given");
}

static void terminate_in_thread(void *rt)
{
  tenon_runtime_terminate(rt);
}

static void set_limits(world *w)
{
  tenon_pool_options pool = {.size = sizeof pool,
                             .most_running = next() % 3,
                             .most_queued = next() % 4,
                             .when_full =
                                 may(2) ? TENON_FULL_WAIT : TENON_FULL_ERROR};
  tenon_memory m = tenon_runtime_memory(w->rt);
  uint32_t which = next() % 6;
  int r = 0;

  if (which > 2) w->was_cut = true;
  switch (which) {
  case 0:
    r = tenon_runtime_set_limit(w->rt, TENON_LIMIT_OPERATIONS, next() % 20);
    break;
  case 1:
    r = tenon_runtime_set_limit(w->rt, TENON_LIMIT_HANDLES, next() % 5);
    break;
  case 2: r = tenon_runtime_set_pool(w->rt, may(3) ? NULL : &pool); break;
  case 3:
    r = tenon_runtime_set_limit(w->rt, TENON_LIMIT_TIME, 1 + next() % 5);
    break;
  case 4:
    r = tenon_runtime_set_limit(w->rt, TENON_LIMIT_CPU, 1 + next() % 3);
    break;
  default:
    w->is_short = true;
    r = tenon_runtime_set_limit(w->rt, TENON_LIMIT_MEMORY,
                                m.used_bytes + next() % 100000);
  }
  if (r) wrong("a limit that is refused");
}

static void set_no_limits(world *w)
{
  int i;

  for (i = TENON_LIMIT_MEMORY; i <= TENON_LIMIT_HANDLES; i++)
    if (tenon_runtime_set_limit(w->rt, (tenon_limit)i, 0))
      wrong("no limit is refused");
  tenon_runtime_resume(w->rt);
}

static void renew_realm(world *w)
{
  if (w->realm) {
    if (tenon_realm_free(w->realm)) wrong("a realm that is not freed");
    w->realm = NULL;
    w->has_lost = true;
    return;
  }
  if (tenon_realm_new(w->rt, NULL, &w->realm)) {
    w->realm = NULL;
    return;
  }
  expect(w,
         tenon_realm_eval_module(w->realm, driver, strlen(driver), "realm.js"));
}

static void settle_some(void)
{
  operation *o;

  while (!may(4) && (o = take_open(NULL)))
    settle(o, next());
}

static void step(world *w)
{
  tenon_left left;
  int i;

  if (w->loop && may(2)) {
    for (i = 0; i < 3; i++)
      uv_run(w->loop, UV_RUN_NOWAIT);
    return;
  }
  for (i = 0; i < 4; i++) {
    int r = tenon_runtime_step(w->rt, next() % 3, &left);
    expect(w, r);
    if (r == TENON_ETERMINATED) tenon_runtime_resume(w->rt);
  }
}

static void inject(void)
{
  if (is_failing) tenon_p_alloc_inject(1 + next() % 300, false);
}

static void move(world *w)
{
  tenon_realm *main = tenon_runtime_realm(w->rt);

  inject();
  switch (next() % 16) {
  case 0:
  case 1:
  case 2: eval(w, main, may(2) ? "play(4)" : "play(12)"); break;
  case 3: eval(w, w->realm ? w->realm : main, "globalThis.play?.(6)"); break;
  case 4:
  case 5: step(w); break;
  case 6:
  case 7: expect(w, await_never(w, next() % 4)); break;
  case 8: settle_some(); break;
  case 9: set_limits(w); break;
  case 10: set_no_limits(w); break;
  case 11: renew_realm(w); break;
  case 12:
    w->was_cut = true;
    t_elsewhere(terminate_in_thread, w->rt);
    if (may(2)) step(w);
    tenon_runtime_resume(w->rt);
    break;
  case 13: tenon_runtime_collect(w->rt); break;
  case 14:
    if (tenon_runtime_trace_open(w->rt, may(2))) wrong("no trace");
    (void)tenon_runtime_open(w->rt, may(2) ? TENON_FORM_TEXT : TENON_FORM_JSON);
    break;
  default:
    if (!w->loop && tenon_runtime_detach_thread(w->rt) == 0) {
      t_elsewhere(move_elsewhere, w);
      if (tenon_runtime_attach_thread(w->rt)) wrong("not to be taken back");
    }
  }
}

/* Nothing is left to do, and no Promise. Threads may post at any time, so that it
 * has to be asked again. */
static bool has_ended(world *w, bool is_sure)
{
  static const char ask_left[] = "tellLeft(opened() - settled())";

  if (tenon_runtime_is_alive(w->rt)) return false;
  if (!is_sure) return true;
  unsettled = -1;
  eval(w, tenon_runtime_realm(w->rt), ask_left);
  return unsettled == 0;
}

static void come_to_end(world *w)
{
  bool is_sure = is_alone && !w->was_cut && !is_failing, is_over;
  uint64_t end_ms = t_now_ms() + (is_sure ? 20000 : 100);
  operation *o;
  char said[2048];
  int r;

  set_no_limits(w);
  if (tenon_runtime_set_pool(w->rt, NULL)) wrong("no pool");
  if (is_failing) tenon_p_alloc_inject(0, false);
  eval(w, tenon_runtime_realm(w->rt), "globalThis.rest?.()");
  if (w->realm) eval(w, w->realm, "globalThis.rest?.()");
  do {
    while ((o = take_open(NULL)))
      settle(o, next());
    r = await_never(w, 5);
    if (r == TENON_ETERMINATED) tenon_runtime_resume(w->rt);
    expect(w, r);
    is_over = r == TENON_EUNSETTLED && has_ended(w, is_sure);
  } while (!is_over && t_now_ms() < end_ms);
  if (is_over || !is_sure) return;
  snprintf(said, sizeof said, "it does not end (%d Promises): %s",
           (int)unsettled, tenon_runtime_open(w->rt, TENON_FORM_TEXT));
  wrong(said);
}

static void close_world(world *w)
{
  tenon_close_options o = {.size = sizeof o};
  size_t abandoned;

  inject();
  switch (next() % 5) {
  case 0: tenon_runtime_free(w->rt); break;
  case 1:
    come_to_end(w);
    tenon_runtime_free(w->rt);
    break;
  default:
    o.abandons = may(2);
    o.timeout_ms = next() % 4;
    if (tenon_runtime_close(w->rt, &o, &abandoned)) wrong("it is not closed");
  }
  w->rt = NULL;
}

static void open_world(world *w, uv_loop_t *loop)
{
  tenon_options options = {.size = sizeof options, .loop = loop};
  int r;

  w->loop = loop;
  w->realm = NULL;
  w->is_short = w->was_cut = w->has_lost = false;
  if (is_failing) tenon_p_alloc_inject(0, false);
  CHECK_INT(0, tenon_runtime_new(&options, &w->rt));
  CHECK_INT(0, tenon_runtime_add_module(w->rt, "native", tenon_module_v1));
  CHECK_INT(0, tenon_runtime_add_module(w->rt, "serial", serial_entry));
  if (loop) CHECK_INT(0, tenon_runtime_on_event(w->rt, on_event, w));
  r = tenon_runtime_eval_module(w->rt, driver, strlen(driver), "random.js");
  expect(w, r);
  if (!loop && may(2) && tenon_runtime_fd(w->rt) < 0) wrong("no descriptor");
}

typedef struct host {
  pthread_t thread;
  uint64_t seed;
  uint32_t count; /* of its worlds */
} host;

static void *run_host(void *p)
{
  const host *h = p;
  world worlds[3];
  uv_loop_t loop;
  uint32_t i, moves;

  begin_random(h->seed);
  CHECK_INT(0, uv_loop_init(&loop));
  for (i = 0; i < h->count; i++)
    open_world(&worlds[i], may(3) ? &loop : NULL);
  for (moves = 5 + next() % 30; moves; moves--)
    move(&worlds[next() % h->count]);
  for (i = 0; i < h->count; i++)
    close_world(&worlds[i]);
  while (uv_run(&loop, UV_RUN_NOWAIT))
    nap(100);
  if (uv_loop_close(&loop)) wrong("the host's loop has handles");
  return NULL;
}

static void await_abandoned(void)
{
  uint64_t end_ms = t_now_ms() + 10000;

  while (tenon_abandoned_calls() && t_now_ms() < end_ms)
    nap(100);
  if (tenon_abandoned_calls()) wrong("calls that do not end");
}

static void round_of(void)
{
  host hosts[2] = {{0}};
  uint64_t end_ms;
  operation *o;
  char said[64];
  int i, n;

  begin_random(seed);
  n = is_failing || may(2) ? 1 : 2;
  for (i = 0; i < n; i++) {
    hosts[i].seed = seed * 2 + (uint64_t)i + 1000000;
    hosts[i].count = 1 + next() % (n == 2 && i ? 1 : 2);
  }
  is_alone = n == 1 && hosts[0].count == 1;
  for (i = 0; i < n; i++)
    CHECK_INT(0, pthread_create(&hosts[i].thread, NULL, run_host, &hosts[i]));
  for (i = 0; i < n; i++)
    CHECK_INT(0, pthread_join(hosts[i].thread, NULL));
  if (is_failing) tenon_p_alloc_stop();
  while ((o = take_open(NULL)))
    settle(o, next());
  await_workers();
  await_abandoned();
  end_ms = t_now_ms() + 5000;
  while (__atomic_load_n(&there, __ATOMIC_ACQUIRE) && t_now_ms() < end_ms)
    nap(100);
  i = __atomic_load_n(&there, __ATOMIC_ACQUIRE);
  if (i) {
    snprintf(said, sizeof said, "%d pieces of work are left", i);
    wrong(said);
    __atomic_store_n(&there, 0, __ATOMIC_RELAXED);
  }
}

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
  const char *s = getenv(variable);

  return s ? strtoull(s, NULL, 0) : otherwise;
}

static void play_rounds(uint64_t count, bool fails)
{
  uint64_t first = number_of("TENON_PROPERTY_SEED", 1), end;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  count = (count + 3) / 4;
#endif
  end = first + number_of("TENON_PROPERTY_ROUNDS", count);
  wrongs = 0;
  is_failing = fails;
  read_driver();
  (void)serial_entry(); /* which reads what the other entry writes */
  start_workers();
  for (seed = first; seed < end && wrongs == 0; seed++)
    round_of();
  end_workers();
  free(driver);
  CHECK_INT(0, wrongs);
}

TEST(what_takes_its_time_ends_once_and_leaves_nothing)
{
  play_rounds(40, false);
}

TEST(what_takes_its_time_leaves_nothing_when_memory_runs_out)
{
  play_rounds(40, true);
}
