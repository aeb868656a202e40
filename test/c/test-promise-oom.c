/*
 * Every allocation fails once of a program with Promises that are no call's, and
 * of a host that waits for some: it does everything right or fails with an error,
 * and nothing is left.
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#define TENON_MODULE promises
#include "harness.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/promise.h>

static tenon_p_text said;

TENON_FUNCTION(none, say, (str, line))
{
  tenon_p_text_append(&said, line.data, line.len);
  tenon_p_text_puts(&said, ";");
  if (said.failed) tenon_fail_memory();
}

TENON_STRUCT(point, (f64, x), (nullable(str), label))

enum { DEFERREDS = 4 };
static tenon_deferred *open[DEFERREDS];

/* What nobody settles is dropped. */
static void drop_all(void)
{
  int i;

  for (i = 0; i < DEFERREDS; i++) {
    tenon_deferred_drop(open[i]);
    open[i] = NULL;
  }
}

static tenon_deferred *take(int i)
{
  tenon_deferred *d = open[i];

  open[i] = NULL;
  return d;
}

TENON_FUNCTION(any, make, (i32, i))
{
  static const tenon_type *const types[] = {TENON_TYPE(point), TENON_TYPE(any),
                                            TENON_TYPE(array(str)),
                                            TENON_TYPE(i32)};

  return tenon_promise_new(types[i], "make", &open[i]);
}

static int settle_result;

static void settle_there(void *p)
{
  tenon_str label = {"a label that is longer than most", 32};
  point at = {1, &label};
  tenon_str texts[] = {label, label};
  tenon_array_str array = {texts, 2};

  (void)p;
  settle_result = tenon_deferred_resolve_with(take(0), &at);
  settle_result |= tenon_deferred_resolve_with(take(2), &array);
}

TENON_FUNCTION(none, settle, (any, v))
{
  t_elsewhere(settle_there, NULL);
  if (settle_result || tenon_deferred_resolve_with(take(1), &v))
    tenon_fail(TENON_ERROR, "not settled");
  tenon_deferred_drop(take(3));
}

static const char program[] =
    "import { make, say, settle } from 'promises';\n"
    "const all = [make(0), make(1), make(2), make(3)];\n"
    "const code = all[3].catch((e) => e.code);\n"
    "settle({ own: 1 });\n"
    "say(`${(await all[0]).label} ${(await all[1]).own} ${await all[2]}`);\n"
    "say(await code);\n"
    "say(`${await globalThis.hosts}`);";
static const char expected[] =
    "a label that is longer than most 1 a label that is longer than most,"
    "a label that is longer than most;EDROPPED;5;";

static int make_hosts(tenon_runtime *rt, tenon_deferred **d)
{
  napi_env env = tenon_runtime_env(rt);
  napi_value promise, global;
  int r = env ? tenon_deferred_new(env, TENON_TYPE(i32), "hosts", d, &promise)
              : TENON_ENOMEM;

  if (r == 0 && (napi_get_global(env, &global) ||
                 napi_set_named_property(env, global, "hosts", promise)))
    r = TENON_ENOMEM;
  return r;
}

static int told[TENON_PROMISE_ABANDONED + 1], wanted;

static void on_settled(napi_env env, tenon_promise_status status,
                       napi_value value, void *data)
{
  (void)env;
  (void)value;
  (void)data;
  told[status]++;
}

/* Each that was taken is told of once, whatever fails. */
static int be_told(tenon_runtime *rt, napi_value promise)
{
  int r = tenon_promise_then(tenon_runtime_env(rt), promise, on_settled, NULL);

  if (r == 0) wanted++;
  return r;
}

static int make_ones_own(tenon_runtime *rt, const char *expression,
                         napi_value *value)
{
  napi_env env = tenon_runtime_env(rt);
  napi_value global;
  int r = tenon_runtime_eval_script(rt, expression, strlen(expression), NULL);

  if (r) return r;
  if (napi_get_global(env, &global) ||
      napi_get_named_property(env, global, "own", value))
    return TENON_ENOMEM;
  return 0;
}

static int await_all(tenon_runtime *rt)
{
  napi_value promise, value;
  tenon_owner *owner;
  tenon_str text;
  int r = make_ones_own(
      rt, "globalThis.own = new Promise((f) => setTimeout(f, 0, 'awaited'));",
      &promise);

  if (r == 0) r = be_told(rt, promise);
  if (r == 0)
    r = tenon_runtime_await_into(rt, promise, 1000, TENON_TYPE(str), &text,
                                 &owner);
  if (r) return r;
  if (strcmp(text.data, "awaited") != 0) r = TENON_EINVAL;
  tenon_owner_free(owner);
  if (r == 0)
    r = make_ones_own(rt, "globalThis.own = { then(f) { f({}); } };", &promise);
  if (r == 0) r = tenon_runtime_await(rt, promise, UINT64_MAX, &value);
  if (r == 0)
    r = make_ones_own(rt, "globalThis.own = new Promise(() => {});", &promise);
  if (r == 0) r = be_told(rt, promise);
  if (r == 0) {
    r = tenon_runtime_await(rt, promise, UINT64_MAX, NULL);
    if (r == TENON_EUNSETTLED) r = 0;
  }
  return r;
}

static int run(void)
{
  tenon_runtime *rt = NULL;
  tenon_deferred *d = NULL;
  int32_t n = 5;
  int r;

  tenon_p_text_clear(&said);
  memset(told, 0, sizeof told);
  wanted = 0;
  r = tenon_runtime_new(NULL, &rt);
  if (r == 0)
    r = tenon_runtime_add_module(rt, "promises", tenon_module_promises);
  if (r == 0) r = make_hosts(rt, &d);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, program, strlen(program), "promises.js");
  if (r == 0) {
    r = tenon_deferred_resolve_with(d, &n);
    if (r == 0) d = NULL;
  }
  if (r == 0) r = tenon_runtime_run(rt);
  if (r == 0) r = await_all(rt);
  if (r == TENON_EEXCEPTION) CHECK(tenon_runtime_exception(rt) != NULL);
  tenon_deferred_drop(d);
  drop_all();
  tenon_runtime_free(rt);
  CHECK_INT(wanted, told[TENON_PROMISE_FULFILLED] +
                        told[TENON_PROMISE_REJECTED] +
                        told[TENON_PROMISE_ABANDONED]);
  return r;
}

static const t_oom oom = {.live = run, .said = &said, .expected = expected};

TEST(every_allocation_fails_once_of_a_program_with_promises)
{
  CHECK(t_fail_each(&oom, false) > 1000);
}

TEST(every_allocation_fails_from_some_point_on_of_a_program_with_promises)
{
  CHECK(t_fail_each(&oom, true) > 1000);
}
