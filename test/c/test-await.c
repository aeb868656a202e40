/* Promises that C looks at, waits for, and is told of. */
#include <tenon/promise.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/realm.h>
#define TENON_P_INSIDE
#include <quickjs.h>
#include <tenon/quickjs.h>
#include <unistd.h>
#include <uv.h>

#include "napi.h"

/* A Promise, or another value, that a script says; nothing is run. */
static napi_value made(tenon_runtime *rt, const char *expression)
{
  napi_env env = tenon_runtime_env(rt);
  char source[1024];
  napi_value global, v;

  snprintf(source, sizeof source, "globalThis.made = (%s);", expression);
  CHECK_INT(0,
            tenon_runtime_eval_script(rt, source, strlen(source), "made.js"));
  OK(napi_get_global(env, &global));
  OK(napi_get_named_property(env, global, "made", &v));
  OK(napi_set_named_property(env, global, "made", t_undefined(env)));
  return v;
}

static void run_script(tenon_runtime *rt, const char *source)
{
  CHECK_INT(0, tenon_runtime_eval_script(rt, source, strlen(source), "s.js"));
}

static tenon_runtime *with_log(void)
{
  tenon_runtime *rt = t_runtime();

  t_run(rt, "import { log } from 'test'; globalThis.log = log;");
  return rt;
}

static const char *awaited(tenon_runtime *rt, const char *expression)
{
  napi_value v;

  CHECK_INT(0, tenon_runtime_await(rt, made(rt, expression), UINT64_MAX, &v));
  return t_string(tenon_runtime_env(rt), v);
}

/* --- Looking
 * ----------------------------------------------------------------------- */

static tenon_promise_status status_of(tenon_runtime *rt, napi_value v,
                                      napi_value *result)
{
  tenon_promise_status status;

  CHECK_INT(0, tenon_promise_state(tenon_runtime_env(rt), v, &status, result));
  return status;
}

TEST(what_a_promise_is_can_be_seen)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v, p;

  CHECK_INT(TENON_PROMISE_PENDING,
            status_of(rt, made(rt, "new Promise(() => {})"), &v));
  CHECK(v == NULL);
  CHECK_INT(TENON_PROMISE_FULFILLED,
            status_of(rt, made(rt, "Promise.resolve(5)"), &v));
  CHECK_TEXT("5", t_string(env, v));
  CHECK_INT(TENON_PROMISE_FULFILLED,
            status_of(rt, made(rt, "Promise.resolve(5)"), NULL));
  p = made(rt, "(() => { const p = Promise.reject('no'); p.catch(() => 0);"
               " return p; })()");
  CHECK_INT(TENON_PROMISE_REJECTED, status_of(rt, p, &v));
  CHECK_TEXT("no", t_string(env, v));
  CHECK_INT(TENON_PROMISE_NONE, status_of(rt, made(rt, "5"), &v));
  CHECK_INT(TENON_PROMISE_NONE,
            status_of(rt, made(rt, "{ then() { throw 1; } }"), &v));
  CHECK(v == NULL);
}

static void look_there(void *p)
{
  tenon_promise_status status;

  CHECK_INT(TENON_ETHREAD,
            tenon_promise_state(((napi_env *)p)[0], ((napi_value *)p)[1],
                                &status, NULL));
  CHECK_INT(TENON_PROMISE_NONE, status);
}

TEST(a_look_handles_no_rejection)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value p, f = made(rt, "() => new Promise((_, no) => setTimeout(no, 1, "
                             "'unseen'))");

  OK(napi_call_function(env, t_undefined(env), f, 0, NULL, &p));
  CHECK_INT(TENON_PROMISE_PENDING, status_of(rt, p, NULL));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK(strstr(tenon_runtime_exception(rt), "unseen"));
  CHECK_INT(TENON_PROMISE_REJECTED, status_of(rt, p, NULL));
}

TEST(wrong_callers_of_a_look_are_refused)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value p = made(rt, "Promise.resolve()");
  tenon_promise_status status;
  void *both[] = {env, p};

  CHECK_INT(TENON_EINVAL, tenon_promise_state(NULL, p, &status, NULL));
  CHECK_INT(TENON_EINVAL, tenon_promise_state(env, NULL, &status, NULL));
  CHECK_INT(TENON_EINVAL, tenon_promise_state(env, p, NULL, NULL));
  t_elsewhere(look_there, both);
}

/* --- Waiting
 * ------------------------------------------------------------------------ */

TEST(values_are_awaited_as_scripts_do)
{
  tenon_runtime *rt = t_runtime();

  CHECK_TEXT("5", awaited(rt, "Promise.resolve(5)"));
  CHECK_TEXT("6", awaited(rt, "6"));
  CHECK_TEXT("7", awaited(rt, "{ then(f) { f(7); } }"));
  CHECK_TEXT("8", awaited(rt, "{ then(f) { setTimeout(f, 1, 8); } }"));
  CHECK_TEXT("9", awaited(rt, "(async () => { await 1; return 9; })()"));
  CHECK_TEXT("own", awaited(rt, "new (class extends Promise {"
                                " then(f) { return super.then(() => f('own'));"
                                " } })((f) => f(1))"));
  CHECK_TEXT("late",
             awaited(rt, "new Promise((f) => setTimeout(f, 5, 'late'))"));
}

TEST(nobody_has_to_want_the_value)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0,
            tenon_runtime_await(rt, made(rt, "Promise.resolve({})"), 0, NULL));
}

static int await_it(tenon_runtime *rt, napi_value p, uint64_t timeout_ms)
{
  napi_value v;
  int r = tenon_runtime_await(rt, p, timeout_ms, &v);

  if (r) CHECK(v == NULL);
  return r;
}

TEST(a_rejection_is_the_pending_exception_and_is_handled)
{
  tenon_runtime *rt = with_log();
  napi_value reason;

  run_script(rt, "addEventListener('unhandledrejection', (e) => log('un'));"
                 "globalThis.reason = new TypeError('no');");
  CHECK_INT(TENON_EEXCEPTION,
            await_it(rt,
                     made(rt, "new Promise((_, no) => setTimeout(no, 1, "
                              "reason))"),
                     UINT64_MAX));
  CHECK(strstr(tenon_runtime_exception(rt), "TypeError: no"));
  CHECK_INT(0, tenon_runtime_get_exception(rt, &reason));
  t_set(rt, "got", reason);
  tenon_runtime_clear_exception(rt);
  t_run(rt, "log(`${got === reason}`)");
  CHECK_LOG("true\n");
}

/* It was rejected when the call that made it was over. */
TEST(a_rejection_that_nobody_handled_yet_is_told_once)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value f = made(rt, "async () => { throw new Error('early'); }"), p;

  OK(napi_call_function(env, t_undefined(env), f, 0, NULL, &p));
  CHECK_INT(TENON_EEXCEPTION, await_it(rt, p, UINT64_MAX));
  CHECK(strstr(tenon_runtime_exception(rt), "Error: early"));
  tenon_runtime_clear_exception(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
}

TEST(a_thenable_that_throws_is_a_rejection)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(TENON_EEXCEPTION,
            await_it(rt, made(rt, "{ get then() { throw new Error('t'); } }"),
                     UINT64_MAX));
  CHECK(strstr(tenon_runtime_exception(rt), "Error: t"));
}

TEST(a_constructor_that_throws_is_the_exception)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(TENON_EEXCEPTION,
            await_it(rt,
                     made(rt, "Object.defineProperty(Promise.resolve(1), "
                              "'constructor', { get() { throw new Error("
                              "'c'); } })"),
                     UINT64_MAX));
  CHECK(strstr(tenon_runtime_exception(rt), "Error: c"));
}

TEST(a_wait_ends_when_its_time_is_over)
{
  tenon_runtime *rt = t_runtime();
  napi_value p = made(rt, "new Promise((f) => setTimeout(f, 100000, 1))");
  uint64_t start = t_now_ms(), cpu = t_cpu_ms();

  CHECK_INT(TENON_ETIMEDOUT, await_it(rt, p, 60));
  CHECK(t_now_ms() - start >= 59);
  CHECK(t_now_ms() - start < 5000);
  CHECK(t_cpu_ms() - cpu < 30);
  CHECK_INT(TENON_ETIMEDOUT, await_it(rt, p, 1));
  CHECK_INT(TENON_PROMISE_PENDING, status_of(rt, p, NULL));
}

TEST(times_may_be_of_any_length)
{
  tenon_runtime *rt = t_runtime();
  uint64_t ms;

  for (ms = 1; ms; ms <<= 1)
    CHECK_INT(0, await_it(rt,
                          made(rt, "new Promise((f) => setTimeout(f, 1, "
                                   "1))"),
                          (ms - 1) | 511));
}

TEST(what_nothing_can_settle_is_told_at_once)
{
  tenon_runtime *rt = t_runtime();
  napi_value p = made(rt, "new Promise(() => {})");

  CHECK_INT(TENON_EUNSETTLED, await_it(rt, p, UINT64_MAX));
  CHECK_INT(TENON_EUNSETTLED, await_it(rt, p, 1000));
  CHECK_INT(TENON_EUNSETTLED, await_it(rt, p, 0));
  CHECK_TEXT("what is awaited can never settle",
             tenon_runtime_explain(rt, TENON_EUNSETTLED, TENON_FORM_TEXT));
  CHECK_TEXT("{\"kind\":\"unsettled\",\"message\":\"what is awaited can never "
             "settle\",\"places\":[]}",
             tenon_runtime_explain(rt, TENON_EUNSETTLED, TENON_FORM_JSON));
}

TEST(a_module_that_waits_meanwhile_is_told_with_its_place)
{
  tenon_runtime *rt = t_runtime();
  napi_value p = made(rt, "new Promise(() => {})");

  CHECK_INT(0, tenon_runtime_eval_module(rt, "await new Promise(() => {});", 28,
                                         "<m>"));
  CHECK_INT(TENON_EUNSETTLED, await_it(rt, p, UINT64_MAX));
  CHECK(strstr(tenon_runtime_explain(rt, TENON_EUNSETTLED, TENON_FORM_TEXT),
               "a top-level await can never settle") != NULL);
}

TEST(the_rest_of_the_program_runs_first)
{
  tenon_runtime *rt = with_log();
  napi_value p = made(rt, "new Promise(() => {})");

  run_script(rt, "setTimeout(log, 3, 'ran');");
  CHECK_INT(TENON_EUNSETTLED, await_it(rt, p, UINT64_MAX));
  CHECK_LOG("ran\n");
}

static void *resolve_later(void *p)
{
  int32_t n = 9;

  usleep(20000);
  (void)!tenon_deferred_resolve_with(p, &n);
  return NULL;
}

TEST(an_open_deferred_may_settle_it)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_deferred *d;
  pthread_t thread;
  napi_value p, v;

  CHECK_INT(0, tenon_deferred_new(env, TENON_TYPE(i32), "ask", &d, &p));
  CHECK_INT(TENON_ETIMEDOUT, await_it(rt, p, 5));
  CHECK_INT(0, pthread_create(&thread, NULL, resolve_later, d));
  CHECK_INT(0, tenon_runtime_await(rt, p, UINT64_MAX, &v));
  CHECK_TEXT("9", t_string(env, v));
  CHECK_INT(0, pthread_join(thread, NULL));
  CHECK_INT(0, tenon_deferred_new(env, TENON_TYPE(i32), "ask", &d, &p));
  CHECK_INT(0, tenon_deferred_hold(d, false));
  CHECK_INT(TENON_EUNSETTLED, await_it(rt, p, UINT64_MAX));
  tenon_deferred_drop(d);
  CHECK_INT(TENON_EEXCEPTION, await_it(rt, p, UINT64_MAX));
  CHECK(strstr(tenon_runtime_exception(rt), "ask: the operation was dropped"));
  tenon_runtime_clear_exception(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
}

TEST(an_error_elsewhere_ends_a_wait_that_can_go_on)
{
  tenon_runtime *rt = t_runtime();
  napi_value p = made(rt, "new Promise((f) => setTimeout(f, 20, 'there'))"), v;

  run_script(rt, "setTimeout(() => { throw new Error('elsewhere'); }, 2);"
                 "setTimeout(() => { Promise.reject(new Error('other')); }, "
                 "2);");
  CHECK_INT(TENON_EEXCEPTION, await_it(rt, p, UINT64_MAX));
  CHECK(strstr(tenon_runtime_exception(rt), "elsewhere"));
  CHECK_INT(TENON_PROMISE_PENDING, status_of(rt, p, NULL));
  CHECK_INT(TENON_EEXCEPTION, await_it(rt, p, UINT64_MAX));
  CHECK(strstr(tenon_runtime_exception(rt), "other"));
  CHECK_INT(0, tenon_runtime_await(rt, p, UINT64_MAX, &v));
  CHECK_TEXT("there", t_string(tenon_runtime_env(rt), v));
}

TEST(what_is_settled_comes_before_an_error_elsewhere)
{
  tenon_runtime *rt = t_runtime();
  napi_value p = made(rt, "new Promise((f) => setTimeout(() => { f(1); throw "
                          "new Error('elsewhere'); }, 1))");

  CHECK_INT(0, await_it(rt, p, UINT64_MAX));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK(strstr(tenon_runtime_exception(rt), "elsewhere"));
}

/* A Promise that keeps the loop alive until `settle` ends that. */
#define OPEN                                              \
  "(globalThis.p = new Promise((f, no) => {"              \
  " const t = setTimeout(() => {}, 1e6);"                 \
  " globalThis.settle = (which, v) => { clearTimeout(t);" \
  " (which ? no : f)(v); }; }))"

TEST(no_time_runs_what_is_ready)
{
  tenon_runtime *rt = with_log();
  napi_value p = made(rt, OPEN);

  run_script(rt, "setTimeout(log, 0, 'due');");
  usleep(2000);
  CHECK_INT(TENON_ETIMEDOUT, await_it(rt, p, 0));
  CHECK_LOG("due\n");
  run_script(rt, "settle(0, 1);");
  CHECK_INT(0, await_it(rt, p, 0));
}

/* Nobody handles it any more. */
TEST(a_rejection_behind_the_end_of_a_wait_is_unhandled)
{
  static const char late[] = "settle(1, new Error('too late'));";
  tenon_runtime *rt = t_runtime();
  napi_value p = made(rt, OPEN);

  CHECK_INT(TENON_ETIMEDOUT, await_it(rt, p, 1));
  CHECK_INT(TENON_EEXCEPTION,
            tenon_runtime_eval_script(rt, late, sizeof late - 1, NULL));
  CHECK(strstr(tenon_runtime_exception(rt), "too late"));
}

TEST(a_handler_that_came_during_a_wait_stays_one)
{
  tenon_runtime *rt = with_log();
  napi_value p = made(rt, OPEN);

  run_script(rt, "setTimeout(() => p.catch(log), 1);");
  CHECK_INT(TENON_ETIMEDOUT, await_it(rt, p, 30));
  run_script(rt, "settle(1, 'x');");
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("x\n");
}

static void *terminate_later(void *rt)
{
  usleep(10000);
  tenon_runtime_terminate(rt);
  return NULL;
}

TEST(the_end_of_the_program_ends_a_wait)
{
  tenon_runtime *rt = t_runtime();
  napi_value p = made(rt, "new Promise((f) => setTimeout(f, 100000, 1))");
  pthread_t thread;

  CHECK_INT(0, pthread_create(&thread, NULL, terminate_later, rt));
  CHECK_INT(TENON_ETERMINATED, await_it(rt, p, UINT64_MAX));
  CHECK_INT(0, pthread_join(thread, NULL));
  CHECK_INT(TENON_ETERMINATED, await_it(rt, p, UINT64_MAX));
  tenon_runtime_resume(rt);
  CHECK_INT(TENON_ETIMEDOUT, await_it(rt, p, 1));
  run_script(rt, "setTimeout(() => process.exit(3), 1);");
  CHECK_INT(TENON_EEXIT, await_it(rt, p, UINT64_MAX));
  CHECK_INT(3, tenon_runtime_exit_code(rt));
}

static tenon_runtime *inner;
static int inner_result;

static napi_value await_inside(napi_env env, napi_callback_info info)
{
  napi_value argument;
  size_t count = 1;

  OK(napi_get_cb_info(env, info, &count, &argument, NULL, NULL));
  inner_result = tenon_runtime_await(inner, argument, 0, NULL);
  return NULL;
}

TEST(a_wait_inside_of_the_runtime_is_refused)
{
  napi_value f;

  inner = t_runtime();
  OK(napi_create_function(tenon_runtime_env(inner), "f", 1, await_inside, NULL,
                          &f));
  t_set(inner, "f", f);
  t_run(inner, "f(Promise.resolve(1));");
  CHECK_INT(TENON_EBUSY, inner_result);
  inner_result = 0;
  CHECK_TEXT("1", awaited(inner, "new Promise((g) => setTimeout(() => { f(g); "
                                 "g(1); }, 1))"));
  CHECK_INT(TENON_EBUSY, inner_result);
}

static void await_there(void *p)
{
  void **both = p;

  CHECK_INT(TENON_ETHREAD, tenon_runtime_await(both[0], both[1], 0, NULL));
}

TEST(wrong_callers_of_a_wait_are_refused)
{
  tenon_runtime *rt = t_runtime();
  napi_value p = made(rt, "Promise.resolve(1)");
  void *both[] = {rt, p};
  int32_t n;

  CHECK_INT(TENON_EINVAL, tenon_runtime_await(NULL, p, 0, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_await(rt, NULL, 0, NULL));
  CHECK_INT(TENON_EINVAL,
            tenon_runtime_await_into(rt, NULL, 0, TENON_TYPE(i32), &n, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_await_into(rt, p, 0, NULL, &n, NULL));
  CHECK_INT(TENON_EINVAL,
            tenon_runtime_await_into(rt, p, 0, TENON_TYPE(i32), NULL, NULL));
  t_elsewhere(await_there, both);
}

TEST(a_value_is_converted)
{
  tenon_runtime *rt = t_runtime();
  tenon_owner *owner;
  tenon_str s;
  int32_t n;

  CHECK_INT(0, tenon_runtime_await_into(rt, made(rt, "Promise.resolve(-3)"),
                                        UINT64_MAX, TENON_TYPE(i32), &n, NULL));
  CHECK_INT(-3, n);
  CHECK_INT(
      0, tenon_runtime_await_into(rt, made(rt, "(async () => 'h\xc3\xa4')()"),
                                  UINT64_MAX, TENON_TYPE(str), &s, &owner));
  CHECK_TEXT("h\xc3\xa4", s.data);
  tenon_owner_free(owner);
  CHECK_INT(TENON_EINVAL,
            tenon_runtime_await_into(rt, made(rt, "'x'"), UINT64_MAX,
                                     TENON_TYPE(str), &s, NULL));
}

TEST(a_value_of_another_type_is_an_exception)
{
  tenon_runtime *rt = t_runtime();
  tenon_owner *owner = (tenon_owner *)rt;
  tenon_str s = {"x", 1};

  CHECK_INT(TENON_EEXCEPTION,
            tenon_runtime_await_into(rt, made(rt, "Promise.resolve(1)"),
                                     UINT64_MAX, TENON_TYPE(str), &s, &owner));
  CHECK(!owner && !s.data && !s.len);
  CHECK(strstr(tenon_runtime_exception(rt),
               "TypeError: await: value: expected string, got 1"));
  CHECK_INT(TENON_ETIMEDOUT,
            tenon_runtime_await_into(
                rt, made(rt, "new Promise((f) => setTimeout(f, 9999))"), 1,
                TENON_TYPE(str), &s, &owner));
  CHECK(!owner);
}

/* --- Realms
 * ---------------------------------------------------------------------------
 */

TEST(a_promise_of_another_realm_is_awaited)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  static const char source[] =
      "globalThis.p = new Promise((f) => setTimeout(f, 5, 'theirs'));";
  tenon_realm *realm;
  napi_value global, p, v;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, tenon_realm_eval_script(realm, source, sizeof source - 1, NULL));
  CHECK_INT(0, tenon_realm_enter(realm));
  OK(napi_get_global(env, &global));
  OK(napi_get_named_property(env, global, "p", &p));
  CHECK_INT(0, tenon_realm_leave(realm));
  CHECK_INT(TENON_ETIMEDOUT, await_it(rt, p, 0));
  CHECK_INT(0, tenon_runtime_await(rt, p, UINT64_MAX, &v));
  CHECK_TEXT("theirs", t_string(env, v));
  CHECK_INT(0, tenon_realm_eval_script(realm, source, sizeof source - 1, NULL));
  CHECK_INT(0, tenon_realm_enter(realm));
  OK(napi_get_global(env, &global));
  OK(napi_get_named_property(env, global, "p", &p));
  CHECK_INT(0, tenon_realm_leave(realm));
  CHECK_INT(TENON_ETIMEDOUT, await_it(rt, p, 0));
  CHECK_INT(0, tenon_realm_free(realm));
  CHECK_INT(TENON_EUNSETTLED, await_it(rt, p, UINT64_MAX));
}

/* --- On a loop of the host's
 * -------------------------------------------------------- */

static void resolve_host(uv_timer_t *timer)
{
  int32_t n = 7;

  CHECK_INT(0, tenon_deferred_resolve_with(timer->data, &n));
}

TEST(a_wait_runs_the_loop_that_the_host_owns)
{
  tenon_options options = {.size = sizeof options};
  tenon_runtime *rt;
  tenon_deferred *d;
  uv_loop_t loop;
  uv_timer_t timer;
  napi_value p, v;
  uint64_t start;

  CHECK_INT(0, uv_loop_init(&loop));
  options.loop = &loop;
  CHECK_INT(0, t_runtime_new(&options, &rt));
  CHECK_INT(0, tenon_deferred_new(tenon_runtime_env(rt), TENON_TYPE(i32), "ask",
                                  &d, &p));
  start = t_now_ms();
  CHECK_INT(TENON_ETIMEDOUT, await_it(rt, p, 30));
  CHECK(t_now_ms() - start >= 29);
  CHECK(t_now_ms() - start < 5000);
  CHECK_INT(TENON_ETIMEDOUT, await_it(rt, p, 0));
  CHECK_INT(0, uv_timer_init(&loop, &timer));
  timer.data = d;
  CHECK_INT(0, uv_timer_start(&timer, resolve_host, 5, 0));
  CHECK_INT(0, tenon_runtime_await(rt, p, UINT64_MAX, &v));
  CHECK_TEXT("7", t_string(tenon_runtime_env(rt), v));
  CHECK_INT(TENON_EUNSETTLED,
            await_it(rt, made(rt, "new Promise(() => {})"), UINT64_MAX));
  uv_close((uv_handle_t *)&timer, NULL);
  t_free(rt);
  CHECK_INT(0, uv_run(&loop, UV_RUN_DEFAULT));
  CHECK_INT(0, uv_loop_close(&loop));
}

/* --- Memory
 * ----------------------------------------------------------------------------
 */

TEST(many_waits_leave_nothing)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value f, p;
  size_t before = 0, after;
  int i;

  f = made(rt, "() => new Promise((f) => queueMicrotask(f))");
  for (i = 0; i < 20000; i++) {
    if (i == 1000) {
      tenon_runtime_collect(rt);
      before = tenon_runtime_memory(rt).used_bytes;
    }
    OK(napi_open_handle_scope(env, &scope));
    OK(napi_call_function(env, t_undefined(env), f, 0, NULL, &p));
    CHECK_INT(0, await_it(rt, p, i % 2 ? 1000 : UINT64_MAX));
    OK(napi_close_handle_scope(env, scope));
  }
  tenon_runtime_collect(rt);
  after = tenon_runtime_memory(rt).used_bytes;
  CHECK(after <= before + 4096);
}

/* --- Being told
 * ---------------------------------------------------------------------------
 */

typedef struct told {
  int count[TENON_PROMISE_ABANDONED + 1];
  char text[64];
  char *memory; /* freed by what is told */
  tenon_runtime *rt;
  int result;
} told;

static void on_settled(napi_env env, tenon_promise_status status,
                       napi_value value, void *data)
{
  told *t = data;

  t->count[status]++;
  free(t->memory);
  t->memory = NULL;
  if (status == TENON_PROMISE_ABANDONED)
    CHECK(!env && !value);
  else
    snprintf(t->text, sizeof t->text, "%s", t_string(env, value));
}

static told new_told(tenon_runtime *rt)
{
  return (told){.memory = malloc(8), .rt = rt};
}

static void then(tenon_runtime *rt, const char *expression,
                 tenon_settled_fn *fn, told *t)
{
  CHECK_INT(0, tenon_promise_then(tenon_runtime_env(rt), made(rt, expression),
                                  fn, t));
}

TEST(c_is_told_what_a_promise_comes_to)
{
  tenon_runtime *rt = t_runtime();
  told a = new_told(rt), b = new_told(rt), c = new_told(rt), d = new_told(rt);

  then(rt, "new Promise((f) => setTimeout(f, 1, 'yes'))", on_settled, &a);
  then(rt, "new Promise((_, f) => setTimeout(f, 1, 'no'))", on_settled, &b);
  then(rt, "{ then(f) { f(4); } }", on_settled, &c);
  then(rt, "'plain'", on_settled, &d);
  CHECK_INT(0, a.count[TENON_PROMISE_FULFILLED]);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(1, a.count[TENON_PROMISE_FULFILLED]);
  CHECK_TEXT("yes", a.text);
  CHECK_INT(1, b.count[TENON_PROMISE_REJECTED]);
  CHECK_TEXT("no", b.text);
  CHECK_TEXT("4", c.text);
  CHECK_TEXT("plain", d.text);
  t_free(rt);
  CHECK_INT(0, a.count[TENON_PROMISE_ABANDONED]);
  CHECK_INT(0, b.count[TENON_PROMISE_ABANDONED]);
}

TEST(c_is_told_in_a_microtask)
{
  tenon_runtime *rt = with_log();
  told a = new_told(rt);
  napi_env env = tenon_runtime_env(rt);
  napi_value p = made(rt, "(globalThis.p = new Promise((f) => { globalThis.f = "
                          "f; }))");

  CHECK_INT(0, tenon_promise_then(env, p, on_settled, &a));
  run_script(rt, "p.then((v) => log(`script ${v}`)); f(1); log('resolved');");
  CHECK_LOG("resolved\nscript 1\n");
  CHECK_INT(1, a.count[TENON_PROMISE_FULFILLED]);
}

TEST(c_is_told_that_the_runtime_ends)
{
  tenon_runtime *rt = t_runtime();
  told a = new_told(rt);

  then(rt, "(globalThis.p = new Promise(() => {}))", on_settled, &a);
  tenon_runtime_collect(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(0, a.count[TENON_PROMISE_ABANDONED]);
  t_free(rt);
  CHECK_INT(1, a.count[TENON_PROMISE_ABANDONED]);
  CHECK(a.memory == NULL);
}

TEST(c_is_told_that_a_promise_is_gone)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  told a = new_told(rt);

  OK(napi_open_handle_scope(env, &scope));
  then(rt, "new Promise(() => {})", on_settled, &a);
  OK(napi_close_handle_scope(env, scope));
  tenon_runtime_collect(rt);
  run_script(rt, "1");
  CHECK_INT(1, a.count[TENON_PROMISE_ABANDONED]);
  t_free(rt);
  CHECK_INT(1, a.count[TENON_PROMISE_ABANDONED]);
}

TEST(c_is_told_of_jobs_that_never_ran)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value p = made(rt, "new Promise((f) => { globalThis.f = f; })");
  told a = new_told(rt);
  const char source[] = "f(1); process.exit(0);";

  CHECK_INT(0, tenon_promise_then(env, p, on_settled, &a));
  CHECK_INT(TENON_EEXIT,
            tenon_runtime_eval_script(rt, source, sizeof source - 1, NULL));
  t_free(rt);
  CHECK_INT(1, a.count[TENON_PROMISE_ABANDONED]);
  CHECK_INT(0, a.count[TENON_PROMISE_FULFILLED]);
}

static void throw_in_it(napi_env env, tenon_promise_status status,
                        napi_value value, void *data)
{
  (void)status;
  (void)value;
  (void)data;
  napi_throw_range_error(env, "E_IN_C", "thrown in C");
}

TEST(what_c_throws_is_the_rejection_of_a_promise_of_nobody)
{
  tenon_runtime *rt = with_log();

  run_script(rt, "addEventListener('unhandledrejection', (e) => {"
                 " log(`${e.reason}`); e.preventDefault(); });");
  then(rt, "new Promise((f) => setTimeout(f, 1))", throw_in_it, NULL);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("RangeError: thrown in C\n");
  t_free(rt);
  rt = t_runtime();
  then(rt, "new Promise((f) => setTimeout(f, 1))", throw_in_it, NULL);
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK(strstr(tenon_runtime_exception(rt), "thrown in C"));
}

static void come_back(napi_env env, tenon_promise_status status,
                      napi_value value, void *data)
{
  told *t = data;

  if (status == TENON_PROMISE_ABANDONED) {
    t->count[status]++;
    return;
  }
  t->result = tenon_runtime_await(t->rt, value, 0, NULL);
#ifdef NDEBUG
  tenon_runtime_free(t->rt);
#endif
  if (tenon_alloc(1000) && ++t->count[status] < 3)
    CHECK_INT(0, tenon_promise_then(env, t_number(env, 1), come_back, t));
}

TEST(what_is_told_may_come_back)
{
  tenon_runtime *rt = t_runtime();
  told a = {.rt = rt};

  then(rt, "new Promise((f) => setTimeout(f, 1))", come_back, &a);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(3, a.count[TENON_PROMISE_FULFILLED]);
  CHECK_INT(TENON_EBUSY, a.result);
}

TEST(wrong_callers_of_then_are_refused)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value p = made(rt, "Object.defineProperty(Promise.resolve(1), "
                          "'constructor', { get() { throw new Error('c'); } "
                          "})");
  told a = {.rt = rt};

  CHECK_INT(TENON_EINVAL, tenon_promise_then(NULL, p, on_settled, &a));
  CHECK_INT(TENON_EINVAL, tenon_promise_then(env, NULL, on_settled, &a));
  CHECK_INT(TENON_EINVAL, tenon_promise_then(env, p, NULL, &a));
  CHECK_INT(TENON_EEXCEPTION, tenon_promise_then(env, p, on_settled, &a));
  CHECK(strstr(tenon_runtime_exception(rt), "Error: c"));
  tenon_runtime_terminate(rt);
  CHECK_INT(TENON_ETERMINATED, tenon_promise_then(env, p, on_settled, &a));
  t_free(rt);
  CHECK_INT(0, a.count[TENON_PROMISE_ABANDONED]);
}

TEST(many_that_are_told_leave_nothing)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value f, p;
  size_t before = 0, after;
  told a = {.rt = rt};
  int i;

  f = made(rt, "(n) => n % 2 ? new Promise(() => {}) : Promise.resolve(n)");
  for (i = 0; i < 20000; i++) {
    napi_value n;
    if (i == 1000) {
      tenon_runtime_collect(rt);
      before = tenon_runtime_memory(rt).used_bytes;
    }
    OK(napi_open_handle_scope(env, &scope));
    n = t_number(env, i);
    OK(napi_call_function(env, t_undefined(env), f, 1, &n, &p));
    CHECK_INT(0, tenon_promise_then(env, p, on_settled, &a));
    OK(napi_close_handle_scope(env, scope));
  }
  tenon_runtime_collect(rt);
  run_script(rt, "1");
  after = tenon_runtime_memory(rt).used_bytes;
  CHECK_INT(10000, a.count[TENON_PROMISE_FULFILLED]);
  CHECK_INT(10000, a.count[TENON_PROMISE_ABANDONED]);
  CHECK(after <= before + 4096);
}

/* --- Modules
 * ----------------------------------------------------------------------------
 */

static int module_told[TENON_PROMISE_ABANDONED + 1];

static void on_module(napi_env env, tenon_promise_status status,
                      napi_value value, void *data)
{
  (void)env;
  (void)value;
  module_told[status]++;
  if (status != TENON_PROMISE_ABANDONED && data)
    tenon_fail(TENON_TYPE_ERROR, "failed in C");
}

TENON_FUNCTION(none, attach, (any, v), (bool, fails))
{
  static int data;

  (void)!tenon_then(v, on_module, fails ? &data : NULL);
}

TENON_BLOCKING(i32, attach_off_the_loop)
{
  return tenon_then(NULL, on_module, NULL);
}

TENON_MODULE_THREADS(any);

TEST(a_function_is_told_of_what_came_as_any)
{
  tenon_runtime *rt = with_log();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  memset(module_told, 0, sizeof module_told);
  t_run(rt, "import { attach, attach_off_the_loop } from 'native';\n"
            "addEventListener('unhandledrejection', (e) => {"
            " log(`${e.reason}`); e.preventDefault(); });\n"
            "attach(Promise.resolve(1), false); attach(2, false);\n"
            "attach(Promise.reject(3), false);\n"
            "attach({ then(f) { f(1); } }, true);\n"
            "globalThis.p = new Promise(() => {}); attach(p, false);\n"
            "const odd = Promise.resolve(1);\n"
            "Object.defineProperty(odd, 'constructor', { get() { throw 'c'; } "
            "});\n"
            "try { attach(odd, false); } catch (e) { log(`thrown ${e}`); }\n"
            "log(`${await attach_off_the_loop()}`);");
  CHECK_INT(3, module_told[TENON_PROMISE_FULFILLED]);
  CHECK_INT(1, module_told[TENON_PROMISE_REJECTED]);
  CHECK_LOG("thrown c\nTypeError: failed in C\n-5004\n");
  t_free(rt);
  CHECK_INT(1, module_told[TENON_PROMISE_ABANDONED]);
  CHECK_INT(TENON_EINVAL, tenon_then(NULL, on_module, NULL));
}

TEST(a_function_is_told_in_a_runtime_that_is_a_hosts)
{
  static const char source[] = "import { attach } from 'native';\n"
                               "attach(Promise.resolve(1), false);\n"
                               "globalThis.p = new Promise(() => {});\n"
                               "attach(p, false);";
  JSRuntime *rt = JS_NewRuntime();
  JSContext *ctx = JS_NewContext(rt), *any;

  memset(module_told, 0, sizeof module_told);
  CHECK_INT(0, tenon_attach(ctx, "native", tenon_module_v1));
  JS_FreeValue(ctx, JS_Eval(ctx, source, sizeof source - 1, "host.js",
                            JS_EVAL_TYPE_MODULE));
  while (JS_ExecutePendingJob(rt, &any) > 0)
    continue;
  CHECK_INT(1, module_told[TENON_PROMISE_FULFILLED]);
  JS_FreeContext(ctx);
  JS_FreeRuntime(rt);
  CHECK_INT(1, module_told[TENON_PROMISE_ABANDONED]);
}
