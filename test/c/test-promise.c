/* Promises that are no call's: made by hosts and modules, settled anywhere. */
#include <tenon/promise.h>

#include <pthread.h>
#include <quickjs.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/open.h>
#define TENON_P_INSIDE
#include <tenon/quickjs.h>
#include <tenon/realm.h>
#include <unistd.h>

#include "api/internal.h"
#include "napi.h"

TENON_MODULE_THREADS(any);

TENON_STRUCT(point, (f64, x), (nullable(str), label))
TENON_ENUM(color, red, green)
TENON_STRUCT(pair_of_any, (any, first), (i32, second))
TENON_CALLBACK(i32, answer_of)

/* --- What is settled, where ----------------------------------------------------- */

/* What the Promise `p` of the program comes to. */
#define WATCH                                                       \
  "const p = globalThis.p;\n"                                       \
  "p.then((v) => log(`+${typeof v === 'object' ? JSON.stringify(v)" \
  ": String(v)}`), (e) => log(`-${e} ${e?.code}`));\n"

static const char watch[] = "import { log } from 'test';\n"
                            "globalThis.log = log;\n" WATCH;

/* A runtime with a Promise `p` of this type that is watched. */
static tenon_runtime *with_promise(const tenon_type *type, tenon_deferred **d)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value p;

  OK(napi_open_handle_scope(env, &scope));
  CHECK_INT(0, tenon_deferred_new(env, type, "ask", d, &p));
  t_set(rt, "p", p);
  OK(napi_close_handle_scope(env, scope));
  CHECK_INT(0, tenon_runtime_eval_module(rt, watch, strlen(watch), "test.js"));
  return rt;
}

/* The same, and the loop does not wait for it. */
static tenon_runtime *with_idle(const tenon_type *type, tenon_deferred **d)
{
  tenon_runtime *rt = with_promise(type, d);

  CHECK_INT(0, tenon_deferred_hold(*d, false));
  return rt;
}

typedef struct settling {
  tenon_deferred *d;
  const void *value;
  int result;
} settling;

static void resolve_there(void *p)
{
  settling *s = p;

  s->result = tenon_deferred_resolve_with(s->d, s->value);
}

static int resolve_elsewhere(tenon_deferred *d, const void *value)
{
  settling s = {d, value, 1};

  t_elsewhere(resolve_there, &s);
  return s.result;
}

TEST(a_promise_of_the_host_is_fulfilled_on_the_loop)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_promise(TENON_TYPE(i32), &d);
  int32_t n = 42;

  CHECK_INT(0, tenon_deferred_resolve_with(d, &n));
  CHECK_LOG("+42\n");
  CHECK_INT(0, tenon_runtime_run(rt));
}

TEST(a_promise_of_the_host_is_fulfilled_by_another_thread)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_promise(TENON_TYPE(i32), &d);
  int32_t n = 42;

  CHECK_INT(0, resolve_elsewhere(d, &n));
  CHECK_LOG("");
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("+42\n");
}

static void check_value(const tenon_type *type, const void *value,
                        const char *expected)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_promise(type, &d);

  CHECK_INT(0, tenon_deferred_resolve_with(d, value));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG(expected);
  t_free(rt);
  rt = with_promise(type, &d);
  CHECK_INT(0, resolve_elsewhere(d, value));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG(expected);
  t_free(rt);
}

/* What a value points at is spoiled as soon as it was handed over. */
TEST(values_of_all_types_are_copied_and_come)
{
  char text[] = "h\xc3\xa4", label[] = "here";
  tenon_str s = {text, 3}, l = {label, 4};
  double numbers[] = {1, 2.5};
  tenon_array_f64 array = {numbers, 2};
  tenon_bytes b = {(const uint8_t *)"\1\2", 2};
  point at = {1.5, &l};
  color c = color_green;
  int64_t big = INT64_MIN, ms = 0;
  bool yes = true;

  check_value(TENON_TYPE(none), NULL, "+undefined\n");
  check_value(TENON_TYPE(bool), &yes, "+true\n");
  check_value(TENON_TYPE(str), &s, "+h\xc3\xa4\n");
  check_value(TENON_TYPE(array(f64)), &array, "+[1,2.5]\n");
  check_value(TENON_TYPE(bytes), &b, "+{\"0\":1,\"1\":2}\n");
  check_value(TENON_TYPE(point), &at, "+{\"x\":1.5,\"label\":\"here\"}\n");
  check_value(TENON_TYPE(color), &c, "+green\n");
  check_value(TENON_TYPE(big_i64), &big, "+-9223372036854775808\n");
  check_value(TENON_TYPE(date), &ms, "+\"1970-01-01T00:00:00.000Z\"\n");
}

TEST(memory_of_a_value_may_go_once_it_was_handed_over)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_promise(TENON_TYPE(point), &d);
  char *text = malloc(4);
  tenon_str *label = malloc(sizeof *label);
  point at = {1, label};

  memcpy(text, "abc", 4);
  *label = (tenon_str){text, 3};
  CHECK_INT(0, resolve_elsewhere(d, &at));
  t_spoil(text, 4);
  t_spoil(label, sizeof *label);
  free(text);
  free(label);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("+{\"x\":1,\"label\":\"abc\"}\n");
}

TEST(a_value_that_does_not_fit_rejects)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_promise(TENON_TYPE(i64), &d);
  int64_t n = INT64_C(1) << 60;

  CHECK_INT(0, resolve_elsewhere(d, &n));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("-RangeError: ask: result: 1152921504606846976 is not a safe "
            "integer undefined\n");
}

/* --- Reasons ---------------------------------------------------------------------- */

TEST(a_promise_of_the_host_is_rejected_as_those_of_modules)
{
  static const tenon_failure failure = {.error_class = TENON_SYNTAX_ERROR,
                                        .code = "E_X"};
  tenon_deferred *d;

  with_promise(TENON_TYPE(i32), &d);
  CHECK_INT(0, tenon_deferred_reject(d, TENON_RANGE_ERROR, "too %s", "far"));
  CHECK_LOG("-RangeError: too far undefined\n");
  with_promise(TENON_TYPE(i32), &d);
  CHECK_INT(0, tenon_deferred_reject_code(d, TENON_ERROR, "E_Y", "no"));
  CHECK_LOG("-Error: no E_Y\n");
  with_promise(TENON_TYPE(i32), &d);
  CHECK_INT(0, tenon_deferred_reject_system(d, 2, "open", "/x"));
  CHECK_LOG("-Error: ENOENT: no such file or directory, open '/x' ENOENT\n");
  with_promise(TENON_TYPE(i32), &d);
  CHECK_INT(0, tenon_deferred_reject_with(d, &failure, "%d", 7));
  CHECK_LOG("-SyntaxError: 7 E_X\n");
  with_promise(TENON_TYPE(i32), &d);
  CHECK_INT(0, tenon_deferred_reject_memory(d));
  CHECK_LOG("-InternalError: out of memory undefined\n");
}

TEST(a_value_of_javascript_is_a_reason_as_it_is)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_idle(TENON_TYPE(i32), &d);
  napi_value reason = t_eval(rt, "globalThis.reason = { code: 'mine' }");

  CHECK_INT(TENON_EINVAL, tenon_deferred_reject_value(d, NULL));
  CHECK_INT(0, tenon_deferred_reject_value(d, reason));
  CHECK_LOG("-[object Object] mine\n");
  t_run(rt, "try { await p; } catch (e) { log(`${e === reason}`); }");
  CHECK_LOG("true\n");
}

static void reject_there(void *p)
{
  settling *s = p;

  s->result = tenon_deferred_reject_value(s->d, (napi_value)(void *)s->value);
}

TEST(a_value_of_javascript_is_no_reason_on_another_thread)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_idle(TENON_TYPE(i32), &d);
  settling s = {d, t_eval(rt, "{}"), 1};

  t_elsewhere(reject_there, &s);
  CHECK_INT(TENON_ETHREAD, s.result);
  CHECK_INT(0, tenon_deferred_reject(d, TENON_ERROR, "later"));
  CHECK_LOG("-Error: later undefined\n");
}

/* --- Values that hold JavaScript ---------------------------------------------------- */

TEST(an_any_is_for_the_thread_of_the_loop)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_idle(TENON_TYPE(any), &d);
  napi_value v = t_eval(rt, "globalThis.value = [1]");

  CHECK_INT(TENON_ETHREAD, resolve_elsewhere(d, &v));
  CHECK_INT(0, tenon_deferred_resolve_with(d, &v));
  CHECK_LOG("+[1]\n");
  t_run(rt, "log(`${await p === value}`)");
  CHECK_LOG("true\n");
}

TEST(a_part_that_is_an_any_is_for_that_thread_too)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_idle(TENON_TYPE(pair_of_any), &d);
  pair_of_any v = {t_eval(rt, "'x'"), 3};

  CHECK_INT(TENON_ETHREAD, resolve_elsewhere(d, &v));
  CHECK_INT(0, tenon_deferred_resolve_with(d, &v));
  CHECK_LOG("+{\"first\":\"x\",\"second\":3}\n");
}

TEST(a_promise_that_an_any_is_is_followed)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_idle(TENON_TYPE(any), &d);
  napi_value v = t_eval(rt, "(globalThis.inner = Promise.reject(new TypeError("
                            "'inner')), inner.catch(() => 0), inner)");

  CHECK_INT(0, tenon_deferred_resolve_with(d, &v));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("-TypeError: inner undefined\n");
}

/* An error waits to be taken: what settles meanwhile has its turn later. */
TEST(an_any_that_has_to_wait_outlives_its_scope)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_promise(TENON_TYPE(any), &d);
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value v;

  OK(napi_open_handle_scope(env, &scope));
  v = t_text(env, "a string of its own");
  tenon_runtime_terminate(rt);
  CHECK_INT(0, tenon_deferred_resolve_with(d, &v));
  OK(napi_close_handle_scope(env, scope));
  CHECK_LOG("");
  tenon_runtime_resume(rt);
  tenon_runtime_collect(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("+a string of its own\n");
}

TEST(an_any_that_had_to_wait_goes_with_its_runtime)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_idle(TENON_TYPE(any), &d);
  napi_value v = t_eval(rt, "[{}]");

  tenon_runtime_terminate(rt);
  CHECK_INT(0, tenon_deferred_resolve_with(d, &v));
  t_free(rt);
}

typedef struct held {
  answer_of *cb;
} held;

static held kept_callback;

TENON_FUNCTION(none, keep, (answer_of, f))
{
  kept_callback.cb = answer_of_keep(f);
}

TEST(a_callback_comes_back_as_its_function)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_idle(TENON_TYPE(answer_of), &d);

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt, "import { keep } from 'native';\n"
            "globalThis.f = () => 1; keep(f);");
  CHECK_INT(0, resolve_elsewhere(d, &kept_callback.cb));
  tenon_callback_release(kept_callback.cb);
  t_run(rt, "log(`${await p === f}`);");
  CHECK_LOG("+() => 1\ntrue\n");
}

typedef struct thing {
  int n;
} thing;

static int things;

static void free_thing(thing *t)
{
  things--;
  free(t);
}

TENON_CLASS_POINTER(thing, free_thing)
TENON_METHOD(i32, thing, get)
{
  return self->n;
}

static thing *new_thing(int n)
{
  thing *t = malloc(sizeof *t);

  if (!t) abort();
  t->n = n;
  things++;
  return t;
}

TEST(a_new_instance_comes_from_another_thread)
{
  tenon_deferred *d;
  tenon_runtime *rt;
  thing *t = new_thing(3);

  rt = with_idle(TENON_TYPE(thing), &d);
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt, "import { thing } from 'native'; globalThis.thing = thing;");
  CHECK_INT(0, resolve_elsewhere(d, &t));
  t_run(rt, "const t = await p;\n"
            "log(`${t instanceof thing} ${t.get()}`);");
  CHECK_LOG("+{}\ntrue 3\n");
  t_free(rt);
  CHECK_INT(0, things);
}

TEST(a_new_instance_that_nobody_takes_is_freed_with_the_runtime)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_promise(TENON_TYPE(thing), &d);
  thing *t = new_thing(3);

  CHECK_INT(0, resolve_elsewhere(d, &t));
  t_free(rt);
  CHECK_INT(0, things);
}

TEST(a_new_instance_stays_the_callers_when_the_runtime_is_gone)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_promise(TENON_TYPE(thing), &d);
  thing *t = new_thing(3);

  t_free(rt);
  CHECK_INT(TENON_ECLOSING, tenon_deferred_resolve_with(d, &t));
  CHECK_INT(1, things);
  free_thing(t);
}

/* --- Holds ------------------------------------------------------------------------ */

#define DROPPED \
  "-Error: ask: the operation was dropped before it was settled EDROPPED\n"

TEST(a_deferred_that_is_dropped_rejects)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_promise(TENON_TYPE(i32), &d);

  tenon_deferred_drop(d);
  CHECK_LOG(DROPPED);
  CHECK_INT(0, tenon_runtime_run(rt));
}

static void drop_there(void *d)
{
  tenon_deferred_drop(d);
}

TEST(a_deferred_that_another_thread_drops_rejects)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_promise(TENON_TYPE(i32), &d);

  t_elsewhere(drop_there, d);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG(DROPPED);
}

TEST(dropping_nothing_is_fine)
{
  tenon_deferred_drop(NULL);
}

TEST(the_first_of_two_holds_settles_and_the_other_is_dropped)
{
  tenon_deferred *d, *other;
  tenon_runtime *rt = with_promise(TENON_TYPE(i32), &d);
  int32_t n = 1, m = 2;

  other = tenon_deferred_dup(d);
  CHECK(other == d);
  CHECK_INT(0, tenon_deferred_resolve_with(d, &n));
  CHECK_INT(TENON_EALREADY, tenon_deferred_resolve_with(other, &m));
  CHECK_INT(TENON_EALREADY, tenon_deferred_reject(other, TENON_ERROR, "no"));
  CHECK_INT(TENON_EALREADY, resolve_elsewhere(other, &m));
  tenon_deferred_drop(other);
  CHECK_LOG("+1\n");
  CHECK_INT(0, tenon_runtime_run(rt));
}

TEST(dropping_one_of_two_holds_settles_nothing)
{
  tenon_deferred *d, *other;
  tenon_runtime *rt = with_promise(TENON_TYPE(i32), &d);
  int32_t n = 1;

  other = tenon_deferred_dup(d);
  tenon_deferred_drop(d);
  CHECK_LOG("");
  CHECK_INT(0, resolve_elsewhere(other, &n));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("+1\n");
}

TEST(the_last_of_two_holds_that_is_dropped_rejects)
{
  tenon_deferred *d, *other;

  with_promise(TENON_TYPE(i32), &d);
  other = tenon_deferred_dup(d);
  t_elsewhere(drop_there, other);
  CHECK_LOG("");
  tenon_deferred_drop(d);
  CHECK_LOG(DROPPED);
}

enum { RACERS = 4 };

static void *race(void *p)
{
  settling *s = p;

  s->result = tenon_deferred_resolve_with(s->d, s->value);
  if (s->result) tenon_deferred_drop(s->d);
  return NULL;
}

TEST(of_many_threads_that_settle_one_wins)
{
  tenon_deferred *d;
  pthread_t threads[RACERS];
  settling s[RACERS];
  int32_t n = 5;
  int i, round, wins;

  for (round = 0; round < 50; round++) {
    tenon_runtime *rt = with_promise(TENON_TYPE(i32), &d);
    for (i = 0; i < RACERS; i++) {
      s[i] = (settling){i ? tenon_deferred_dup(d) : d, &n, 1};
    }
    for (i = 0; i < RACERS; i++)
      CHECK_INT(0, pthread_create(&threads[i], NULL, race, &s[i]));
    for (i = wins = 0; i < RACERS; i++) {
      CHECK_INT(0, pthread_join(threads[i], NULL));
      if (s[i].result == 0) wins++;
    }
    CHECK_INT(1, wins);
    CHECK_INT(0, tenon_runtime_run(rt));
    CHECK_LOG("+5\n");
    t_free(rt);
  }
}

TEST(what_is_refused_leaves_the_hold)
{
  tenon_deferred *d;
  int32_t n = 1;

  with_promise(TENON_TYPE(i32), &d);
  CHECK_INT(TENON_EINVAL, tenon_deferred_resolve_with(d, NULL));
  CHECK_INT(TENON_EINVAL, tenon_deferred_reject_failed(d));
  CHECK_INT(0, tenon_deferred_resolve_with(d, &n));
  CHECK_LOG("+1\n");
}

/* --- Keeping the loop alive -------------------------------------------------------- */

static void *resolve_later(void *p)
{
  int32_t n = 9;

  usleep(20000);
  (void)!tenon_deferred_resolve_with(p, &n);
  return NULL;
}

TEST(an_open_deferred_keeps_the_loop_alive)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_promise(TENON_TYPE(i32), &d);
  pthread_t thread;

  CHECK_INT(0, pthread_create(&thread, NULL, resolve_later, d));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("+9\n");
  CHECK_INT(0, pthread_join(thread, NULL));
}

TEST(an_open_deferred_is_told_of_by_its_name)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_promise(TENON_TYPE(i32), &d);

  CHECK_TEXT("1 deferred\n  1 deferred of ask",
             tenon_runtime_open(rt, TENON_FORM_TEXT));
  tenon_deferred_drop(d);
  CHECK(tenon_runtime_open(rt, TENON_FORM_TEXT) == NULL);
  CHECK_LOG(DROPPED);
}

TEST(a_deferred_that_is_not_waited_for_lets_the_loop_end)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_promise(TENON_TYPE(i32), &d);
  int32_t n = 1;

  CHECK_INT(0, tenon_deferred_hold(d, false));
  CHECK_INT(0, tenon_deferred_hold(d, false));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("");
  CHECK_INT(0, resolve_elsewhere(d, &n));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("+1\n");
}

TEST(one_that_nobody_waited_for_takes_nothing_from_the_next)
{
  tenon_deferred *d, *next;
  tenon_runtime *rt = with_idle(TENON_TYPE(i32), &d);
  napi_env env = tenon_runtime_env(rt);
  pthread_t thread;
  napi_value p;
  int32_t n = 1;

  CHECK_INT(0, tenon_deferred_resolve_with(d, &n));
  CHECK_INT(0, tenon_deferred_new(env, TENON_TYPE(i32), "next", &next, &p));
  t_set(rt, "p", p);
  CHECK_INT(0, tenon_runtime_eval_module(rt, watch, strlen(watch), "test.js"));
  CHECK_INT(0, pthread_create(&thread, NULL, resolve_later, next));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("+1\n+9\n");
  CHECK_INT(0, pthread_join(thread, NULL));
}

TEST(a_deferred_is_waited_for_again)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_promise(TENON_TYPE(i32), &d);
  pthread_t thread;

  CHECK_INT(0, tenon_deferred_hold(d, false));
  CHECK_INT(0, tenon_deferred_hold(d, true));
  CHECK_INT(0, pthread_create(&thread, NULL, resolve_later, d));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("+9\n");
  CHECK_INT(0, pthread_join(thread, NULL));
}

static void hold_there(void *p)
{
  settling *s = p;

  s->result = tenon_deferred_hold(s->d, false);
}

TEST(waiting_is_refused_elsewhere_and_too_late)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_promise(TENON_TYPE(i32), &d);
  settling s = {tenon_deferred_dup(d), NULL, 1};
  int32_t n = 1;

  t_elsewhere(hold_there, &s);
  CHECK_INT(TENON_ETHREAD, s.result);
  CHECK_INT(0, tenon_deferred_resolve_with(d, &n));
  CHECK_INT(TENON_EALREADY, tenon_deferred_hold(s.d, false));
  t_free(rt);
  CHECK_INT(TENON_ECLOSING, tenon_deferred_hold(s.d, false));
  tenon_deferred_drop(s.d);
}

/* --- The end of a runtime ------------------------------------------------------------ */

TEST(settling_behind_the_end_of_a_runtime_is_closing)
{
  tenon_deferred *d, *e, *f, *g;
  tenon_runtime *rt = with_promise(TENON_TYPE(str), &d);
  tenon_str s = {"a text", 6};
  napi_value p;

  CHECK_INT(0, tenon_deferred_new(tenon_runtime_env(rt), TENON_TYPE(str), "e",
                                  &e, &p));
  CHECK_INT(0, tenon_deferred_new(tenon_runtime_env(rt), TENON_TYPE(any), "f",
                                  &f, &p));
  g = tenon_deferred_dup(d);
  t_free(rt);
  CHECK_INT(TENON_ECLOSING, resolve_elsewhere(d, &s));
  CHECK_INT(TENON_EALREADY, tenon_deferred_resolve_with(g, &s));
  tenon_deferred_drop(g);
  t_elsewhere(drop_there, e);
  CHECK_INT(TENON_ECLOSING, tenon_deferred_reject(f, TENON_ERROR, "too late"));
  CHECK_LOG("");
}

TEST(what_a_thread_has_settled_goes_with_the_runtime)
{
  tenon_deferred *d;
  tenon_runtime *rt = with_promise(TENON_TYPE(str), &d);
  tenon_str s = {"a text", 6};

  CHECK_INT(0, resolve_elsewhere(d, &s));
  t_free(rt);
  CHECK_LOG("");
}

static int told;

static void on_end(tenon_deferred *d, void *p)
{
  told++;
  if (p)
    tenon_deferred_drop(d);
  else
    CHECK_INT(TENON_ECLOSING, tenon_deferred_reject(d, TENON_ERROR, "closed"));
}

TEST(a_deferred_is_told_of_the_end_of_its_runtime)
{
  tenon_deferred *d;
  tenon_runtime *rt;

  told = 0;
  rt = with_promise(TENON_TYPE(i32), &d);
  CHECK_INT(0, tenon_deferred_on_close(d, on_end, NULL));
  t_free(rt);
  CHECK_INT(1, told);
  rt = with_promise(TENON_TYPE(i32), &d);
  CHECK_INT(0, tenon_deferred_on_close(d, on_end, d));
  t_free(rt);
  CHECK_INT(2, told);
  CHECK_LOG("");
}

TEST(a_promise_of_a_realm_that_is_freed_stays_open)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  static const char waits[] = "(async () => { await p; throw 1; })();";
  tenon_realm *realm;
  tenon_deferred *d;
  napi_value p;
  int32_t n = 1;

  told = 0;
  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, tenon_realm_enter(realm));
  CHECK_INT(0, tenon_deferred_new(env, TENON_TYPE(i32), "ask", &d, &p));
  CHECK_INT(0, tenon_realm_leave(realm));
  CHECK_INT(0, tenon_deferred_on_close(d, on_end, NULL));
  t_set(rt, "p", p);
  CHECK_INT(0, tenon_runtime_eval_script(rt, waits, strlen(waits), NULL));
  tenon_deferred_dup(d);
  CHECK_INT(0, tenon_realm_free(realm));
  CHECK_INT(1, told);
  CHECK_INT(TENON_EALREADY, resolve_elsewhere(d, &n));
  tenon_deferred_drop(d);
  CHECK_INT(0, tenon_runtime_run(rt));
}

/* --- Wrong callers ---------------------------------------------------------------- */

static void new_there(void *p)
{
  tenon_deferred *d;
  napi_value v;
  napi_env env = *(napi_env *)p;

  CHECK_INT(TENON_ETHREAD,
            tenon_deferred_new(env, TENON_TYPE(i32), "ask", &d, &v));
  CHECK(!d && !v);
}

static void listen_there(void *d)
{
  CHECK_INT(TENON_ETHREAD, tenon_deferred_on_close(d, on_end, NULL));
  CHECK_INT(TENON_ETHREAD, tenon_deferred_on_cancel(d, on_end, NULL));
  CHECK_INT(TENON_ETHREAD, tenon_deferred_hold(d, false));
  CHECK(!tenon_deferred_loop(d));
}

TEST(what_is_for_the_thread_of_the_loop_is_refused_elsewhere)
{
  tenon_runtime *rt = t_runtime();
  tenon_deferred *d;
  napi_value p;

  told = 0;
  CHECK_INT(0, tenon_deferred_new(tenon_runtime_env(rt), TENON_TYPE(i32), "ask",
                                  &d, &p));
  CHECK(tenon_deferred_loop(d) != NULL);
  t_elsewhere(listen_there, d);
  t_free(rt);
  CHECK_INT(0, told);
  CHECK(!tenon_deferred_loop(d));
  tenon_deferred_drop(d);
}

TEST(wrong_callers_are_refused)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_type unknown = *TENON_TYPE(i32), inout = unknown;
  tenon_deferred *d;
  napi_value p;

  CHECK_INT(TENON_EINVAL,
            tenon_deferred_new(NULL, TENON_TYPE(i32), "x", &d, &p));
  CHECK_INT(TENON_EINVAL, tenon_deferred_new(env, NULL, "x", &d, &p));
  CHECK_INT(TENON_EINVAL,
            tenon_deferred_new(env, TENON_TYPE(i32), NULL, &d, &p));
  CHECK_INT(TENON_EINVAL,
            tenon_deferred_new(env, TENON_TYPE(i32), "x", NULL, &p));
  CHECK_INT(TENON_EINVAL,
            tenon_deferred_new(env, TENON_TYPE(i32), "x", &d, NULL));
  unknown.kind = 99;
  CHECK_INT(TENON_EABI, tenon_deferred_new(env, &unknown, "x", &d, &p));
  inout.kind = TENON_KIND_INOUT;
  CHECK_INT(TENON_EABI, tenon_deferred_new(env, &inout, "x", &d, &p));
  CHECK(!d && !p);
  tenon_runtime_terminate(rt);
  CHECK_INT(TENON_ETERMINATED,
            tenon_deferred_new(env, TENON_TYPE(i32), "x", &d, &p));
  tenon_runtime_resume(rt);
  t_elsewhere(new_there, &env);
  CHECK_INT(0, tenon_runtime_run(rt));
}

TEST(as_many_as_may_be_open_are)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_deferred *d, *e;
  napi_value p;

  rt->loop->open.most = 1;
  CHECK_INT(0, tenon_deferred_new(env, TENON_TYPE(i32), "x", &d, &p));
  CHECK_INT(TENON_EFULL, tenon_deferred_new(env, TENON_TYPE(i32), "x", &e, &p));
  CHECK(!e && !p);
  tenon_deferred_drop(d);
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_INT(0, tenon_deferred_new(env, TENON_TYPE(i32), "x", &d, &p));
  t_free(rt);
  tenon_deferred_drop(d);
}

/* --- Modules ------------------------------------------------------------------------ */

static tenon_deferred *first, *second;

TENON_FUNCTION(any, open_two)
{
  napi_env env = tenon_env();
  napi_value result = NULL, a, b;

  a = tenon_promise_new(TENON_TYPE(i32), "first", &first);
  b = tenon_promise_new(TENON_TYPE(str), "second", &second);
  if (!a || !b) return NULL;
  if (napi_create_object(env, &result) ||
      napi_set_named_property(env, result, "a", a) ||
      napi_set_named_property(env, result, "b", b))
    return tenon_fail_memory();
  return result;
}

/* No even number of its bytes, behind the first, is a whole text. */
#define TEN "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
#define LONG_NAME \
  "x" TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "y"

TENON_FUNCTION(any, open_long)
{
  return tenon_promise_new(TENON_TYPE(i32), LONG_NAME, &first);
}

TENON_FUNCTION(none, close_two, (i32, n))
{
  if (tenon_deferred_resolve_with(first, &n)) tenon_fail(TENON_ERROR, "first");
  tenon_deferred_drop(second);
}

TENON_FUNCTION(any, bad_type)
{
  static const tenon_type unknown = {.kind = 99, .size = 4, .name = "unknown"};
  tenon_deferred *d = first;
  napi_value p = tenon_promise_new(&unknown, "bad", &d);

  return p || d ? p : tenon_fail(TENON_ERROR, "not the first failure");
}

TENON_BLOCKING(bool, off_the_loop)
{
  tenon_deferred *d;

  return tenon_promise_new(TENON_TYPE(i32), "off", &d) == NULL && d == NULL;
}

TENON_ASYNC(i32, drops)
{
  tenon_deferred_drop(deferred);
  tenon_deferred_drop(deferred);
}

TENON_ASYNC(i32, resolves_and_drops)
{
  TENON_RESOLVE(resolves_and_drops, deferred, 4);
  tenon_deferred_drop(deferred);
}

TENON_ASYNC(i32, fails_and_drops)
{
  tenon_deferred *d = tenon_deferred_dup(deferred);

  t_elsewhere(drop_there, d);
  tenon_fail(TENON_ERROR, "failed");
}

static void *drop_late(void *d)
{
  usleep(10000);
  tenon_deferred_drop(d);
  return NULL;
}

static pthread_t dropper;

TENON_ASYNC(i32, dropped_elsewhere)
{
  if (pthread_create(&dropper, NULL, drop_late, deferred)) abort();
}

TENON_ASYNC(i32, drops_idle)
{
  if (tenon_deferred_hold(deferred, 0)) tenon_fail(TENON_ERROR, "hold");
  first = deferred;
}

static tenon_runtime *with_module(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt, "import { log } from 'test';\n"
            "import * as native from 'native';\n"
            "Object.assign(globalThis, { log, native,\n"
            "  said: (p) => p.then((v) => log(`+${v}`),\n"
            "    (e) => log(`-${e} ${e.code}`)) });");
  return rt;
}

TEST(a_function_hands_out_several_promises)
{
  tenon_runtime *rt = with_module();

  t_run(rt, "const { a, b } = native.open_two();\n"
            "said(a); said(b); native.close_two(6); log('closed');");
  CHECK_LOG("closed\n+6\n-Error: second: the operation was dropped before it "
            "was settled EDROPPED\n");
}

TEST(a_long_name_is_whole_in_what_refuses_it)
{
  tenon_runtime *rt = with_module();

  rt->loop->open.most = 1;
  t_run(rt, "const t = setTimeout(() => {}, 1e6);\n"
            "try { native.open_long(); } catch (e) {\n"
            "  log(`${e.name} ${e.code} ${e.errno}`); log(e.message); }\n"
            "clearTimeout(t);");
  CHECK_LOG("RangeError EFULL -5014\n" LONG_NAME
            ": as many operations are open as there may be (1)\n");
}

TEST(a_type_that_is_none_fails_the_call)
{
  tenon_runtime *rt = with_module();

  t_run(rt, "try { native.bad_type(); } catch (e) { log(`${e}`); }");
  CHECK_LOG("TypeError: bad: a type that cannot be a result\n");
}

TEST(promises_are_made_on_the_loop)
{
  tenon_runtime *rt = with_module();
  tenon_deferred *d;

  t_run(rt, "log(`${await native.off_the_loop()}`)");
  CHECK_LOG("true\n");
  CHECK(tenon_promise_new(TENON_TYPE(i32), "outside", &d) == NULL);
}

TEST(async_functions_drop_their_deferreds)
{
  tenon_runtime *rt = with_module();

  t_run(rt, "said(native.drops()); said(native.resolves_and_drops());\n"
            "said(native.fails_and_drops());");
  CHECK_LOG("-Error: drops: the operation was dropped before it was settled "
            "EDROPPED\n+4\n-Error: failed undefined\n");
  t_run(rt, "await said(native.dropped_elsewhere());");
  CHECK_LOG("-Error: dropped_elsewhere: the operation was dropped before it "
            "was settled EDROPPED\n");
  CHECK_INT(0, pthread_join(dropper, NULL));
}

TEST(an_async_function_may_be_nothing_to_wait_for)
{
  tenon_runtime *rt = with_module();

  t_run(rt, "said(native.drops_idle());");
  CHECK_LOG("");
  tenon_deferred_drop(first);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("-Error: drops_idle: the operation was dropped before it was "
            "settled EDROPPED\n");
}

TEST(a_realm_that_was_freed_opens_none)
{
  tenon_runtime *rt = with_module();
  tenon_realm *realm;
  napi_value f, global;
  napi_env env = tenon_runtime_env(rt);

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, tenon_realm_add_globals(realm, tenon_module_v1));
  CHECK_INT(0, tenon_realm_enter(realm));
  OK(napi_get_global(env, &global));
  OK(napi_get_named_property(env, global, "open_two", &f));
  CHECK_INT(0, tenon_realm_leave(realm));
  t_set(rt, "f", f);
  CHECK_INT(0, tenon_realm_free(realm));
  t_run(rt, "try { f(); } catch (e) { log(`${e}`); }");
  CHECK_LOG("Error: first: its realm was freed\n");
  CHECK(first == NULL);
}

/* --- In the runtime of a host that embeds the engine ----------------------------------- */

static char said_by_guest[64];

TENON_FUNCTION(none, say, (str, text))
{
  snprintf(said_by_guest, sizeof said_by_guest, "%s", text.data);
}

static void run_jobs(JSRuntime *rt)
{
  JSContext *ctx;

  while (JS_ExecutePendingJob(rt, &ctx) > 0)
    continue;
}

TEST(promises_are_made_in_a_runtime_that_is_a_hosts)
{
  static const char source[] =
      "import { open_two, say } from 'native';\n"
      "const { a, b } = open_two();\n"
      "a.then((v) => b.catch((e) => say(`${v} ${e.code}`)));";
  JSRuntime *rt = JS_NewRuntime();
  JSContext *ctx = JS_NewContext(rt);
  int32_t n = 8;

  CHECK_INT(0, tenon_attach(ctx, "native", tenon_module_v1));
  CHECK(tenon_attach_fd(ctx) >= 0);
  JS_FreeValue(ctx, JS_Eval(ctx, source, sizeof source - 1, "host.js",
                            JS_EVAL_TYPE_MODULE));
  run_jobs(rt);
  CHECK(tenon_attach_is_waiting(ctx));
  CHECK_INT(0, resolve_elsewhere(first, &n));
  tenon_deferred_drop(second);
  while (tenon_attach_is_waiting(ctx))
    run_jobs(rt);
  run_jobs(rt);
  CHECK_TEXT("8 EDROPPED", said_by_guest);
  JS_FreeValue(ctx, JS_Eval(ctx, source, sizeof source - 1, "more.js",
                            JS_EVAL_TYPE_MODULE));
  JS_FreeContext(ctx);
  JS_FreeRuntime(rt);
  CHECK_INT(TENON_ECLOSING, tenon_deferred_resolve_with(first, &n));
  tenon_deferred_drop(second);
}
