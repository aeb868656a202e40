/* For the tests of Node-API. */
#ifndef TEST_C_NAPI_H
#define TEST_C_NAPI_H

#include <stdio.h>
#include <string.h>
#include <tenon/napi.h>

#include "harness.h"

#define OK(call) assert_int_equal(napi_ok, call)
#define FAILS(status, call) assert_int_equal(status, call)

/* The status that env remembers; its message has to be node's. */
static inline const char *t_last_message(napi_env env)
{
  const napi_extended_error_info *info;

  OK(napi_get_last_error_info(env, &info));
  return info->error_message;
}

static inline napi_value t_text(napi_env env, const char *s)
{
  napi_value v;

  OK(napi_create_string_utf8(env, s, NAPI_AUTO_LENGTH, &v));
  return v;
}

static inline napi_value t_number(napi_env env, double d)
{
  napi_value v;

  OK(napi_create_double(env, d, &v));
  return v;
}

static inline napi_value t_undefined(napi_env env)
{
  napi_value v;

  OK(napi_get_undefined(env, &v));
  return v;
}

/* UTF-8 of String(v), the last eight are kept. */
static inline const char *t_string(napi_env env, napi_value v)
{
  static char kept[8][256];
  static unsigned next;
  char *p = kept[next++ % 8];
  napi_value text;

  OK(napi_coerce_to_string(env, v, &text));
  OK(napi_get_value_string_utf8(env, text, p, sizeof kept[0], NULL));
  return p;
}

static inline napi_valuetype t_type(napi_env env, napi_value v)
{
  napi_valuetype type;

  OK(napi_typeof(env, v, &type));
  return type;
}

/* The value of a script's expression, which nobody else keeps. */
static inline napi_value t_eval(tenon_runtime *rt, const char *expression)
{
  napi_env env = tenon_runtime_env(rt);
  char source[1024];
  napi_value global, v;

  snprintf(source, sizeof source, "globalThis.result = (%s);", expression);
  CHECK_INT(0, t_eval_script(rt, source));
  OK(napi_get_global(env, &global));
  OK(napi_get_named_property(env, global, "result", &v));
  OK(napi_set_named_property(env, global, "result", t_undefined(env)));
  return v;
}

/* A global variable. */
static inline void t_set(tenon_runtime *rt, const char *name, napi_value v)
{
  napi_env env = tenon_runtime_env(rt);
  napi_value global;

  OK(napi_get_global(env, &global));
  OK(napi_set_named_property(env, global, name, v));
}

/* Takes the pending exception, as text. */
static inline const char *t_thrown(napi_env env)
{
  napi_value error;

  OK(napi_get_and_clear_last_exception(env, &error));
  return t_string(env, error);
}

#endif
