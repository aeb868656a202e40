/*
 * Every allocation fails, one run after the other, while exceptions cross native
 * code. Each run either fails with an error or does everything right.
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#define TENON_MODULE oom
#include "harness.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/napi.h>

#include "bind/call.h"
#include "napi/env.h"

static JSContext *context;

/* As a callback that throws globalThis.thrown does it. */
static void throw_value(void)
{
  JSValue global = JS_GetGlobalObject(context);

  tenon_p_call_fail_value(tenon_p_current_call, context,
                          JS_GetPropertyStr(context, global, "thrown"));
  JS_FreeValue(context, global);
}

TENON_FUNCTION(none, rethrow)
{
  throw_value();
}

TENON_FUNCTION(i32, rethrow_caused)
{
  throw_value();
  tenon_fail_code(TENON_ERROR, "E_SECOND", "second");
  tenon_fail_caused(TENON_ERROR, "outer");
  return tenon_fail_with(&(tenon_failure){.error_class = TENON_URI_ERROR,
                                          .flags = TENON_FAILURE_CAUSED,
                                          .error = 2,
                                          .code = "E",
                                          .path = "/x"},
                         "outermost");
}

TENON_FUNCTION(i32, recover_twice)
{
  int32_t n;

  throw_value();
  tenon_fail_caused(TENON_ERROR, "outer");
  n = tenon_recover();
  throw_value();
  return n + tenon_recover();
}

TENON_ASYNC(none, reject, (bool, is_caused))
{
  throw_value();
  if (is_caused)
    tenon_deferred_reject_caused(deferred, TENON_EVAL_ERROR, "later");
  else
    tenon_deferred_reject_failed(deferred);
}

TENON_ASYNC(none, fail_later)
{
  throw_value();
  tenon_fail_caused(TENON_EVAL_ERROR, "in the body");
}

static const char program[] =
    "import { rethrow, rethrow_caused, recover_twice, reject, fail_later }\n"
    "  from 'oom';\n"
    "globalThis.thrown = { own: 1 };\n"
    "const right = (e, is) => { if (!is) throw e; };\n"
    "try { rethrow(); } catch (e) { right(e, e === thrown); }\n"
    "try { rethrow_caused(); } catch (e) {\n"
    "  right(e, e.message === 'outermost' && e.cause.cause === thrown); }\n"
    "if (recover_twice() !== 2) throw 'not recovered';\n"
    "await reject(false).catch(e => right(e, e === thrown));\n"
    "await reject(true).catch(e =>\n"
    "  right(e, e instanceof EvalError && e.cause === thrown));\n"
    "await fail_later().catch(e =>\n"
    "  right(e, e instanceof EvalError && e.cause === thrown));\n"
    "throw 'the end';\n";

/* 0 when all went right; else what failed. */
static int live(void)
{
  tenon_runtime *rt = NULL;
  napi_value v = NULL;
  napi_env env;
  char text[16] = "";
  int r;

  r = tenon_runtime_new(NULL, &rt);
  if (r) return r;
  env = tenon_runtime_env(rt);
  if (env)
    context = env->ctx;
  else
    r = TENON_ENOMEM;
  if (r == 0) r = tenon_runtime_add_module(rt, "oom", tenon_module_oom);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, program, strlen(program), "oom.js");
  if (r == 0) r = tenon_runtime_run(rt);
  if (r == TENON_EEXCEPTION && tenon_runtime_get_exception(rt, &v) == 0 && v &&
      napi_get_value_string_utf8(env, v, text, sizeof text, NULL) == napi_ok &&
      strcmp(text, "the end") == 0)
    r = tenon_runtime_set_exception(rt, v);
  tenon_runtime_free(rt);
  return r;
}

static const t_oom oom = {.live = live};

TEST(every_allocation_fails_once)
{
  CHECK(t_fail_each(&oom, false) > 1000);
}

TEST(every_allocation_fails_from_some_point_on)
{
  CHECK(t_fail_each(&oom, true) > 1000);
}
