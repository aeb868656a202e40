/* The pending exception of a runtime as a value that a host holds. */
#include <pthread.h>
#include <string.h>
#include <tenon/napi.h>

#include "base/alloc.h"
#include "harness.h"
#include "napi.h"

static int eval(tenon_runtime *rt, const char *source)
{
  return tenon_runtime_eval_script(rt, source, strlen(source), "host.js");
}

static napi_value global(napi_env env, const char *name)
{
  napi_value object, v;

  OK(napi_get_global(env, &object));
  OK(napi_get_named_property(env, object, name, &v));
  return v;
}

static bool is_same(napi_env env, napi_value a, napi_value b)
{
  bool r = false;

  OK(napi_strict_equals(env, a, b, &r));
  return r;
}

TEST(a_host_gets_the_very_value_that_was_thrown)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v;

  CHECK_INT(TENON_EEXCEPTION,
            eval(rt, "throw globalThis.thrown = Object.freeze({ a: 1 })"));
  CHECK_INT(0, tenon_runtime_get_exception(rt, &v));
  CHECK(is_same(env, v, global(env, "thrown")));
  CHECK(strstr(tenon_runtime_exception(rt), "[object Object]"));
  CHECK_INT(0, tenon_runtime_get_exception(rt, &v));
  CHECK(is_same(env, v, global(env, "thrown")));
  tenon_runtime_clear_exception(rt);
  CHECK_INT(0, tenon_runtime_get_exception(rt, &v));
  CHECK(v == NULL);
}

TEST(undefined_may_be_the_exception)
{
  tenon_runtime *rt = t_runtime();
  napi_valuetype type;
  napi_value v;

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw undefined"));
  CHECK_INT(0, tenon_runtime_get_exception(rt, &v));
  CHECK(v != NULL);
  OK(napi_typeof(tenon_runtime_env(rt), v, &type));
  CHECK_INT(napi_undefined, type);
}

TEST(a_host_sets_the_exception_and_it_is_told)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v;

  CHECK_INT(0, eval(rt, "globalThis.mine = new RangeError('mine')"));
  CHECK_INT(0, tenon_runtime_set_exception(rt, global(env, "mine")));
  CHECK(strstr(tenon_runtime_exception(rt), "RangeError: mine"));
  CHECK(strstr(tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_TEXT),
               "RangeError: mine"));
  CHECK_INT(0, tenon_runtime_set_exception(rt, t_text(env, "other")));
  CHECK_TEXT("other", tenon_runtime_exception(rt));
  CHECK_INT(0, tenon_runtime_get_exception(rt, &v));
  CHECK(is_same(env, v, t_text(env, "other")));
}

TEST(the_program_is_asked_about_an_exception_that_was_set)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);

  CHECK_INT(0, eval(rt, "globalThis.mine = {}; globalThis.count = 0;\n"
                        "addEventListener('error', (e) => {\n"
                        "  if (e.error === mine) count++;\n"
                        "  if (count === 1) e.preventDefault(); });"));
  CHECK_INT(0, tenon_runtime_set_exception(rt, global(env, "mine")));
  CHECK_INT(0, tenon_runtime_report(rt));
  CHECK(tenon_runtime_exception(rt) == NULL);
  CHECK_INT(0, tenon_runtime_set_exception(rt, global(env, "mine")));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_report(rt));
  /* It was asked about this one. */
  CHECK_INT(0, tenon_runtime_set_exception(rt, global(env, "mine")));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_report(rt));
  CHECK_INT(0, eval(rt, "if (count !== 2) throw count"));
}

TEST(what_a_call_leaves_in_the_environment_becomes_the_runtimes)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value f, v;

  CHECK_INT(0, eval(rt, "globalThis.thrown = new TypeError('from f');\n"
                        "globalThis.f = () => { throw thrown; };"));
  f = global(env, "f");
  FAILS(napi_pending_exception, napi_call_function(env, f, f, 0, NULL, NULL));
  CHECK_INT(0, tenon_runtime_get_exception(rt, &v));
  CHECK(v == NULL);
  OK(napi_get_and_clear_last_exception(env, &v));
  CHECK_INT(0, tenon_runtime_set_exception(rt, v));
  CHECK_INT(0, tenon_runtime_get_exception(rt, &v));
  CHECK(is_same(env, v, global(env, "thrown")));
  CHECK(strstr(tenon_runtime_exception(rt), "TypeError: from f"));
}

static void *from_another_thread(void *p)
{
  tenon_runtime *rt = p;
  napi_value v = (napi_value)p;

  CHECK_INT(TENON_ETHREAD, tenon_runtime_get_exception(rt, &v));
  CHECK(v == NULL);
  CHECK_INT(TENON_ETHREAD, tenon_runtime_set_exception(rt, (napi_value)p));
  return NULL;
}

TEST(wrong_callers_are_told)
{
  tenon_runtime *rt = t_runtime();
  napi_value v = (napi_value)rt;
  pthread_t thread;

  CHECK_INT(TENON_EINVAL, tenon_runtime_get_exception(NULL, &v));
  CHECK(v == NULL);
  CHECK_INT(TENON_EINVAL, tenon_runtime_get_exception(rt, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_set_exception(rt, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_set_exception(NULL, v));
  CHECK_INT(0, pthread_create(&thread, NULL, from_another_thread, rt));
  pthread_join(thread, NULL);
}

TEST(an_exception_that_there_is_no_room_for_stays_pending)
{
  tenon_runtime *rt = t_runtime();
  napi_value v;
  int i, r = 0;

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 'kept'"));
  tenon_p_alloc_inject(1, true);
  for (i = 0; r == 0 && i < 100000; i++)
    r = tenon_runtime_get_exception(rt, &v);
  tenon_p_alloc_stop();
  CHECK_INT(TENON_ENOMEM, r);
  CHECK(v == NULL);
  CHECK_INT(0, tenon_runtime_get_exception(rt, &v));
  CHECK_TEXT("kept", tenon_runtime_exception(rt));
}
