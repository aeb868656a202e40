#include "napi.h"

#include <math.h>

TEST(constants_have_their_values)
{
  napi_env env = tenon_runtime_env(t_runtime());
  napi_value v;

  OK(napi_get_null(env, &v));
  CHECK_TEXT("null", t_string(env, v));
  CHECK_TEXT("undefined", t_string(env, t_undefined(env)));
  OK(napi_get_boolean(env, true, &v));
  CHECK_TEXT("true", t_string(env, v));
  OK(napi_get_boolean(env, false, &v));
  CHECK_TEXT("false", t_string(env, v));
  OK(napi_get_global(env, &v));
  CHECK_TEXT("[object global]", t_string(env, v));
}

TEST(numbers_are_read_as_they_were_made)
{
  napi_env env = tenon_runtime_env(t_runtime());
  napi_value v;
  double d;
  int64_t i;
  uint32_t u;

  OK(napi_create_int32(env, INT32_MIN, &v));
  OK(napi_get_value_double(env, v, &d));
  CHECK(d == INT32_MIN);
  OK(napi_create_uint32(env, UINT32_MAX, &v));
  OK(napi_get_value_uint32(env, v, &u));
  CHECK(u == UINT32_MAX);
  OK(napi_create_int64(env, -9007199254740991, &v));
  OK(napi_get_value_int64(env, v, &i));
  CHECK(i == -9007199254740991);
  OK(napi_get_value_double(env, t_number(env, -0.0), &d));
  CHECK(d == 0 && signbit(d));
}

static int32_t as_int32(napi_env env, double d)
{
  int32_t i;

  OK(napi_get_value_int32(env, t_number(env, d), &i));
  return i;
}

static uint32_t as_uint32(napi_env env, double d)
{
  uint32_t u;

  OK(napi_get_value_uint32(env, t_number(env, d), &u));
  return u;
}

TEST(numbers_wrap_to_32_bits)
{
  napi_env env = tenon_runtime_env(t_runtime());

  CHECK_INT(1, as_int32(env, 1.9));
  CHECK_INT(-1, as_int32(env, -1.9));
  CHECK_INT(0, as_int32(env, -0.5));
  CHECK_INT(INT32_MIN, as_int32(env, 2147483648.0));
  CHECK_INT(1, as_int32(env, 4294967297.0));
  CHECK_INT(-1, as_int32(env, -4294967297.0));
  CHECK_INT(0, as_int32(env, NAN));
  CHECK_INT(0, as_int32(env, INFINITY));
  CHECK_INT(0, as_int32(env, 1e300));
  CHECK(as_uint32(env, -1) == UINT32_MAX);
  CHECK(as_uint32(env, 4294967295.5) == UINT32_MAX);
  CHECK_INT(0, as_uint32(env, -INFINITY));
}

static int64_t as_int64(napi_env env, double d)
{
  int64_t i;

  OK(napi_get_value_int64(env, t_number(env, d), &i));
  return i;
}

TEST(numbers_end_at_64_bits)
{
  napi_env env = tenon_runtime_env(t_runtime());

  CHECK(as_int64(env, 1e300) == INT64_MAX);
  CHECK(as_int64(env, -1e300) == INT64_MIN);
  CHECK(as_int64(env, 9223372036854775808.0) == INT64_MAX);
  CHECK(as_int64(env, -9223372036854775808.0) == INT64_MIN);
  CHECK(as_int64(env, NAN) == 0);
  CHECK(as_int64(env, INFINITY) == 0);
  CHECK(as_int64(env, -INFINITY) == 0);
  CHECK(as_int64(env, -1.9) == -1);
}

TEST(other_values_are_refused)
{
  napi_env env = tenon_runtime_env(t_runtime());
  napi_value text = t_text(env, "1");
  double d;
  int32_t i;
  bool b;

  FAILS(napi_number_expected, napi_get_value_double(env, text, &d));
  FAILS(napi_number_expected, napi_get_value_int32(env, text, &i));
  FAILS(napi_boolean_expected, napi_get_value_bool(env, text, &b));
  FAILS(napi_invalid_arg, napi_get_value_double(env, NULL, &d));
  FAILS(napi_invalid_arg, napi_get_value_double(env, text, NULL));
  FAILS(napi_invalid_arg, napi_get_value_bool(env, text, NULL));
  FAILS(napi_invalid_arg, napi_create_double(env, 1, NULL));
  FAILS(napi_invalid_arg, napi_get_global(env, NULL));
}

TEST(equality_is_strict)
{
  napi_env env = tenon_runtime_env(t_runtime());
  napi_value one = t_number(env, 1), text = t_text(env, "1");
  bool b;

  OK(napi_strict_equals(env, one, t_number(env, 1), &b));
  CHECK(b);
  OK(napi_strict_equals(env, one, text, &b));
  CHECK(!b);
  OK(napi_strict_equals(env, t_number(env, NAN), t_number(env, NAN), &b));
  CHECK(!b);
  OK(napi_strict_equals(env, text, t_text(env, "1"), &b));
  CHECK(b);
  FAILS(napi_invalid_arg, napi_strict_equals(env, one, NULL, &b));
}

TEST(values_are_converted)
{
  napi_env env = tenon_runtime_env(t_runtime());
  napi_value v;
  double d;
  bool b;

  OK(napi_coerce_to_number(env, t_text(env, " 12 "), &v));
  OK(napi_get_value_double(env, v, &d));
  CHECK(d == 12);
  OK(napi_coerce_to_bool(env, t_text(env, ""), &v));
  OK(napi_get_value_bool(env, v, &b));
  CHECK(!b);
  OK(napi_coerce_to_bool(env, t_text(env, "0"), &v));
  OK(napi_get_value_bool(env, v, &b));
  CHECK(b);
  OK(napi_coerce_to_string(env, t_number(env, 1.5), &v));
  CHECK_TEXT("1.5", t_string(env, v));
  OK(napi_coerce_to_object(env, t_text(env, "x"), &v));
  CHECK_TEXT("x", t_string(env, v));
  FAILS(napi_invalid_arg, napi_coerce_to_bool(env, NULL, &v));
  FAILS(napi_invalid_arg, napi_coerce_to_string(env, v, NULL));
}

TEST(a_conversion_that_throws_leaves_the_exception_pending)
{
  napi_env env = tenon_runtime_env(t_runtime());
  napi_value v = NULL, error;
  bool b;

  FAILS(napi_object_expected, napi_coerce_to_object(env, t_undefined(env), &v));
  CHECK_TEXT("An object was expected", t_last_message(env));
  OK(napi_is_exception_pending(env, &b));
  CHECK(b);
  /* What runs scripts waits until it is taken; the rest goes on. */
  FAILS(napi_pending_exception, napi_coerce_to_bool(env, NULL, NULL));
  CHECK_TEXT("An exception is pending", t_last_message(env));
  t_number(env, 1);
  OK(napi_get_and_clear_last_exception(env, &error));
  CHECK(strstr(t_string(env, error), "TypeError") != NULL);
  OK(napi_is_exception_pending(env, &b));
  CHECK(!b);
  OK(napi_get_and_clear_last_exception(env, &error));
  CHECK_TEXT("undefined", t_string(env, error));
  FAILS(napi_invalid_arg, napi_get_and_clear_last_exception(env, NULL));
}

TEST(a_terminated_program_runs_nothing)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v;

  tenon_runtime_terminate(rt);
  FAILS(napi_cannot_run_js, napi_coerce_to_string(env, t_number(env, 1), &v));
  CHECK_TEXT("Cannot run JavaScript", t_last_message(env));
  tenon_runtime_resume(rt);
  OK(napi_coerce_to_string(env, t_number(env, 1), &v));
}
