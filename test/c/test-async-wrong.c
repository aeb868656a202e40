/*
 * Who is called by a runtime, wherever that is, cannot close it, run it, wait in
 * it, or give it away: it is told so, and nothing has happened. And what a
 * destructor uses is there, or says that it is not.
 */
#define TENON_MODULE wrong
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <tenon.h>
#include <tenon/close.h>
#include <tenon/limits.h>
#include <tenon/loop.h>
#include <tenon/promise.h>
#include <tenon/realm.h>
#include <tenon/watch.h>
#include <unistd.h>
#include <uv.h>

#include "napi.h"

TENON_MODULE_THREADS(any);

static tenon_runtime *runtime;
static tenon_realm *realm;  /* besides the main one; NULL: none */
static bool is_ending;      /* the runtime: codes may say so, too */
static int tried, failures; /* atomic */

static void expect_code(int expected, int r, const char *what,
                        const char *place)
{
  if (r == expected || (is_ending && r == TENON_ECLOSING)) return;
  __atomic_add_fetch(&failures, 1, __ATOMIC_RELAXED);
  print_error("%s in %s: %s\n", what, place, r ? tenon_error_name(r) : "0");
}

/* All that is for who is outside. */
static void try_all(const char *place, int code)
{
  napi_env env = tenon_runtime_env(runtime);
  napi_handle_scope scope = NULL;
  napi_value v = NULL;

  __atomic_add_fetch(&tried, 1, __ATOMIC_RELAXED);
  expect_code(code, tenon_runtime_close(runtime, NULL, NULL), "close", place);
  expect_code(code, tenon_runtime_run(runtime), "run", place);
  expect_code(code, tenon_runtime_step(runtime, 0, NULL), "step", place);
  expect_code(code, tenon_runtime_detach_thread(runtime), "detach", place);
  if (code == TENON_EBUSY)
    expect_code(code, tenon_runtime_attach_thread(runtime), "attach", place);
  if (napi_open_handle_scope(env, &scope) == napi_ok) {
    if (napi_get_global(env, &v) == napi_ok)
      expect_code(code, tenon_runtime_await(runtime, v, 0, NULL), "await",
                  place);
    (void)napi_close_handle_scope(env, scope);
  }
  if (realm) expect_code(code, tenon_realm_free(realm), "free", place);
}

/* --- Places ----------------------------------------------------------------------- */

TENON_FUNCTION(none, in_a_function)
{
  try_all("a function", TENON_EBUSY);
}

TENON_CALLBACK(i32, ask, (i32, n))
TENON_STREAM(i32, ticks)

/* What a destructor might use. */
static ask *kept_ask;
static tenon_deferred *kept_deferred;
static ticks *kept_ticks;
static int codes[8];

static void never(tenon_watch *w, int status, uint32_t events, void *p)
{
  (void)w;
  (void)status;
  (void)events;
  (void)p;
}

static void use_all(void)
{
  tenon_str s = {"settled", 7};
  tenon_watch *w = NULL;
  int32_t n = 0;

  codes[0] = ask_post(kept_ask, 1);
  codes[1] = ask_update(kept_ask, 2);
  codes[2] = ask_call(kept_ask, &n, 3);
  codes[3] = ask_await(kept_ask, &n, 3);
  codes[4] = ticks_write(kept_ticks, 1);
  codes[5] = ticks_write_wait(kept_ticks, 2);
  codes[6] = tenon_watch_open(-1, TENON_WATCH_READABLE, never, NULL, &w);
  codes[7] = tenon_deferred_resolve_with(kept_deferred, &s);
  if (w) (void)tenon_watch_close(w, NULL);
  tenon_callback_release(kept_ask);
  tenon_stream_release(kept_ticks);
  kept_ask = NULL;
  kept_ticks = NULL;
}

TENON_FUNCTION(ticks, prepare, (ask, f))
{
  kept_ask = ask_keep(f);
  kept_ticks = ticks_new(1);
  return kept_ticks;
}
TENON_ASYNC(str, deferred_of_it)
{
  kept_deferred = deferred;
}

typedef struct thing {
  int n;
} thing;

TENON_CLASS(thing)
TENON_DISPOSABLE(thing)
TENON_RELEASE(thing)
{
  if (self->n == 3)
    use_all();
  else if (self->n)
    try_all("a destructor", TENON_EBUSY);
}
TENON_CONSTRUCTOR(thing, (i32, n))
{
  self->n = n;
}

static void in_cancel(tenon_deferred *d, void *p)
{
  try_all("what is told of a cancellation", TENON_EBUSY);
  (void)tenon_deferred_reject(d, TENON_ERROR, "nobody reads this");
  (void)p;
}

static void in_close(tenon_deferred *d, void *p)
{
  try_all("what is told of the end", TENON_EBUSY);
  (void)tenon_deferred_reject(d, TENON_ERROR, "nobody reads this");
  (void)p;
}

static void close_timer(uv_handle_t *timer)
{
  try_all("what closes a handle", TENON_EBUSY);
  free(timer);
}

static void on_timer(uv_timer_t *timer)
{
  tenon_deferred *d = timer->data;

  try_all("a timer", TENON_EBUSY);
  (void)tenon_deferred_resolve_with(d, NULL);
  try_all("a timer that has settled", TENON_EBUSY);
  uv_close((uv_handle_t *)timer, close_timer);
}

TENON_ASYNC(none, in_a_timer)
{
  uv_timer_t *timer = calloc(1, sizeof *timer);

  CHECK(timer != NULL);
  uv_timer_init(tenon_deferred_loop(deferred), timer);
  timer->data = deferred;
  uv_timer_start(timer, on_timer, 1, 0);
}

TENON_ASYNC(none, forever)
{
  (void)tenon_deferred_on_cancel(deferred, in_cancel, NULL);
  (void)tenon_deferred_on_close(deferred, in_close, NULL);
}

static void in_settled(napi_env env, tenon_promise_status status,
                       napi_value value, void *p)
{
  (void)env;
  (void)value;
  (void)p;
  try_all(status == TENON_PROMISE_ABANDONED ? "what is abandoned"
                                            : "what is settled",
          TENON_EBUSY);
}

TENON_FUNCTION(none, then, (any, promise))
{
  CHECK_INT(0, tenon_then(promise, in_settled, NULL));
}

static ticks *kept;

static void in_drain(void *p)
{
  (void)p;
  try_all("what drains", TENON_EBUSY);
  (void)tenon_stream_end(kept);
  tenon_stream_release(kept);
  kept = NULL;
}

static void in_leave(void *p, int why)
{
  (void)p;
  (void)why;
  try_all("what is told that nobody reads", TENON_EBUSY);
  tenon_stream_release(kept);
  kept = NULL;
}

TENON_FUNCTION(ticks, full)
{
  kept = ticks_new(1);
  if (!kept) return tenon_fail_memory();
  CHECK_INT(0, ticks_write(kept, 1));
  CHECK_INT(TENON_EFULL, ticks_write(kept, 1));
  CHECK_INT(0, tenon_stream_on_drain(kept, in_drain, NULL));
  CHECK_INT(0, tenon_stream_on_cancel(kept, in_leave, NULL));
  return kept;
}

TENON_ITERABLE(i32, numbers)

static void in_read(void *p, int code)
{
  (void)code;
  try_all("what is read", TENON_EBUSY);
  tenon_iterable_release(p);
}

TENON_FUNCTION_AS("read", none, read_one, (numbers, from))
{
  numbers *own = numbers_keep(from);

  CHECK_INT(0, numbers_read(own, in_read, own));
}

static int fds[2];

static void in_closed(void *p)
{
  (void)p;
  try_all("what a watch has closed", TENON_EBUSY);
  close(fds[0]);
  close(fds[1]);
}

static void in_ready(tenon_watch *w, int status, uint32_t events, void *p)
{
  (void)events;
  (void)p;
  try_all(status ? "the end of a watch" : "a watch", TENON_EBUSY);
  CHECK_INT(0, tenon_watch_close(w, in_closed));
}

static void make_pair(void)
{
  CHECK_INT(0, socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
}

TENON_FUNCTION(none, watch, (bool, is_ready))
{
  tenon_watch *w;

  make_pair();
  if (is_ready) CHECK_INT(1, write(fds[1], "x", 1));
  CHECK_INT(0,
            tenon_watch_open(fds[0], TENON_WATCH_READABLE, in_ready, NULL, &w));
}

TENON_BLOCKING(none, in_a_thread)
{
  try_all("a thread of the pool", TENON_ETHREAD);
}

TENON_CALLBACK(none, step)

TENON_FUNCTION(none, post, (step, f))
{
  CHECK_INT(0, step_post(f));
}

/* --- Tests ------------------------------------------------------------------------- */

#define IMPORT "import * as w from 'w'; import { log } from 'test';\n"

static tenon_runtime *new_runtime(uv_loop_t *loop)
{
  tenon_options options = {.size = sizeof options, .loop = loop};

  tried = failures = 0;
  is_ending = false;
  realm = NULL;
  CHECK_INT(0, t_runtime_new(&options, &runtime));
  CHECK_INT(0, tenon_runtime_add_module(runtime, "w", tenon_module_wrong));
  return runtime;
}

static const char all[] =
    IMPORT "w.in_a_function();\n"
           "await w.in_a_timer();\n"
           "await w.in_a_thread();\n"
           "w.then(1); w.then(Promise.reject(2)); await null;\n"
           "for await (const n of w.full());\n"
           "for await (const n of w.full()) break;\n"
           "w.read([1]); w.watch(true); w.post(w.in_a_function);\n"
           "new w.thing(1)[Symbol.dispose](); new w.thing(2);\n"
           "await w.forever({ timeout: 1 }).catch(() => 0);\n"
           "w.then(new Promise(() => {}));\n"
           "await new Promise((resolve) => setTimeout(resolve, 5));\n"
           "log('end');";

TEST(nobody_closes_or_runs_a_runtime_from_inside)
{
  tenon_runtime *rt = new_runtime(NULL);

  t_run(rt, all);
  CHECK_LOG("end\n");
  CHECK(tried > 15);
  is_ending = true;
  t_free(rt);
  CHECK_INT(0, failures);
}

TEST(nor_in_steps)
{
  tenon_runtime *rt = new_runtime(NULL);
  tenon_left left = TENON_LEFT_READY;

  CHECK_INT(0, tenon_runtime_eval_module(rt, all, sizeof all - 1, "x"));
  while (left != TENON_LEFT_NOTHING) {
    CHECK_INT(0, tenon_runtime_step(rt, 1, &left));
    if (left == TENON_LEFT_WAITING) usleep(500);
  }
  CHECK_LOG("end\n");
  is_ending = true;
  t_free(rt);
  CHECK_INT(0, failures);
}

TEST(nor_on_the_loop_of_a_host)
{
  uv_loop_t loop;
  tenon_runtime *rt;

  CHECK_INT(0, uv_loop_init(&loop));
  rt = new_runtime(&loop);
  /* It is not to be given away, wherever that is asked. */
  CHECK_INT(0, tenon_runtime_eval_module(rt, all, sizeof all - 1, "x"));
  CHECK_INT(0, uv_run(&loop, UV_RUN_DEFAULT));
  CHECK_LOG("end\n");
  is_ending = true;
  t_free(rt);
  CHECK_INT(0, failures);
  (void)uv_run(&loop, UV_RUN_DEFAULT);
  CHECK_INT(0, uv_loop_close(&loop));
}

TEST(nor_while_it_is_closed)
{
  tenon_runtime *rt = new_runtime(NULL);
  static const char open[] = IMPORT
      "w.forever(); w.watch(false); w.full(); w.then(new Promise(() => {}));\n"
      "w.read({ [Symbol.asyncIterator]: () => ({ next: () =>\n"
      "  new Promise(() => {}) }) });\n"
      "globalThis.thing = new w.thing(1);";

  CHECK_INT(0, tenon_runtime_eval_module(rt, open, sizeof open - 1, "x"));
  CHECK_INT(0, tenon_runtime_step(rt, 0, NULL));
  is_ending = true;
  t_free(rt);
  CHECK(tried >= 6);
  CHECK_INT(0, failures);
}

TEST(nor_in_a_collection)
{
  tenon_runtime *rt = new_runtime(NULL);

  t_run(rt, IMPORT "globalThis.a = { t: new w.thing(1) }; a.a = a;\n"
                   "globalThis.b = { p: new Promise(() => {}) }; b.b = b;\n"
                   "w.then(b.p);\n"
                   "globalThis.c = { s: w.full() }; c.c = c;");
  CHECK_INT(0, tenon_runtime_eval_script(rt, "a = b = c = null", 16, "x"));
  tenon_runtime_collect(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(tried >= 3);
  is_ending = true;
  t_free(rt);
  CHECK_INT(0, failures);
}

TEST(nor_where_a_realm_ends)
{
  tenon_runtime *rt = new_runtime(NULL);
  static const char open[] = IMPORT
      "w.forever(); w.watch(false); w.full(); w.then(new Promise(() => {}));\n"
      "w.read({ [Symbol.asyncIterator]: () => ({ next: () =>\n"
      "  new Promise(() => {}) }) });\n"
      "globalThis.thing = new w.thing(1);";
  tenon_realm *ends;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &ends));
  CHECK_INT(0, tenon_realm_eval_module(ends, open, sizeof open - 1, "x"));
  CHECK_INT(0, tenon_runtime_step(rt, 0, NULL));
  tried = 0;
  CHECK_INT(0, tenon_realm_free(ends));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(tried >= 4);
  is_ending = true;
  t_free(rt);
  CHECK_INT(0, failures);
}

/* --- Destructors --------------------------------------------------------------------- */

static const char used[] = IMPORT
    "globalThis.s = w.prepare((n) => { log(`asked ${n}`); return n; });\n"
    "globalThis.d = w.deferred_of_it().then(log);\n"
    "globalThis.t = new w.thing(3);";

TEST(a_destructor_uses_what_is_there)
{
  static const char *const how[] = {"t[Symbol.dispose]()", "t = null"};
  static const int expected[] = {0, 0,           0,        TENON_EBUSY,
                                 0, TENON_EBUSY, UV_EBADF, 0};
  size_t i;

  for (i = 0; i < 2; i++) {
    tenon_runtime *rt = new_runtime(NULL);
    CHECK_INT(0, tenon_runtime_eval_module(rt, used, sizeof used - 1, "x"));
    CHECK_INT(0,
              tenon_runtime_eval_script(rt, how[i], strlen(how[i]), "how.js"));
    CHECK_INT(0, tenon_runtime_run(rt));
    CHECK_LOG("asked 3\nsettled\nasked 1\nasked 2\n");
    CHECK_INT(0, memcmp(expected, codes, sizeof codes));
    t_free(rt);
  }
}

TEST(a_destructor_at_the_end_is_refused)
{
  tenon_runtime *rt = new_runtime(NULL);
  size_t i;

  CHECK_INT(0, tenon_runtime_eval_module(rt, used, sizeof used - 1, "x"));
  t_free(rt);
  for (i = 0; i < sizeof codes / sizeof *codes; i++)
    if (i != 6) CHECK_INT(TENON_ECLOSING, codes[i]);
  CHECK(codes[6] != 0); /* a watch is of a call */
}
