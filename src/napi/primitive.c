/* Numbers, booleans and what is there once; comparing and converting. */
#include "napi/env.h"

#include <math.h>

#include "engine/foreign.h"

static napi_status give_constant(napi_env env, enum tenon_p_napi_constant which,
                                 napi_value *result)
{
  napi_status status = tenon_p_napi_check(env, result);

  if (status) return status;
  *result = tenon_p_napi_constant(env, which);
  return tenon_p_napi_set(env, napi_ok);
}

napi_status napi_get_undefined(napi_env env, napi_value *result)
{
  return give_constant(env, TENON_P_NAPI_UNDEFINED, result);
}

napi_status napi_get_null(napi_env env, napi_value *result)
{
  return give_constant(env, TENON_P_NAPI_NULL, result);
}

napi_status napi_get_boolean(napi_env env, bool value, napi_value *result)
{
  return give_constant(env, value ? TENON_P_NAPI_TRUE : TENON_P_NAPI_FALSE,
                       result);
}

napi_status napi_get_global(napi_env env, napi_value *result)
{
  napi_status status = tenon_p_napi_check(env, result);

  if (status) return status;
  return tenon_p_napi_return(env, JS_GetGlobalObject(env->ctx), result);
}

/* --- Numbers --------------------------------------------------------------------------- */

static napi_status give_number(napi_env env, double value, napi_value *result)
{
  napi_status status = tenon_p_napi_check(env, result);

  if (status) return status;
  return tenon_p_napi_return(env, JS_NewNumber(env->ctx, value), result);
}

napi_status napi_create_double(napi_env env, double value, napi_value *result)
{
  return give_number(env, value, result);
}

napi_status napi_create_int32(napi_env env, int32_t value, napi_value *result)
{
  return give_number(env, value, result);
}

napi_status napi_create_uint32(napi_env env, uint32_t value, napi_value *result)
{
  return give_number(env, value, result);
}

napi_status napi_create_int64(napi_env env, int64_t value, napi_value *result)
{
  return give_number(env, (double)value, result);
}

/* The value of a number: napi_number_expected for others. */
static napi_status read_number(napi_env env, napi_value value, bool has_result,
                               double *number)
{
  napi_status status = tenon_p_napi_check(env, value && has_result);
  JSValueConst v;

  if (status) return status;
  v = tenon_p_napi_value(value);
  if (!JS_IsNumber(v)) return tenon_p_napi_set(env, napi_number_expected);
  *number = JS_VALUE_GET_TAG(v) == JS_TAG_INT ? JS_VALUE_GET_INT(v)
                                              : JS_VALUE_GET_FLOAT64(v);
  return tenon_p_napi_set(env, napi_ok);
}

/* ToUint32 of the standard. */
static uint32_t to_uint32(double d)
{
  if (d >= INT32_MIN && d <= INT32_MAX) return (uint32_t)(int32_t)d;
  if (!isfinite(d)) return 0;
  d = fmod(trunc(d), 4294967296.0);
  return d < 0 ? (uint32_t)(d + 4294967296.0) : (uint32_t)d;
}

napi_status napi_get_value_double(napi_env env, napi_value value,
                                  double *result)
{
  return read_number(env, value, result, result);
}

napi_status napi_get_value_uint32(napi_env env, napi_value value,
                                  uint32_t *result)
{
  double d;
  napi_status status = read_number(env, value, result, &d);

  if (status == napi_ok) *result = to_uint32(d);
  return status;
}

napi_status napi_get_value_int32(napi_env env, napi_value value,
                                 int32_t *result)
{
  double d;
  napi_status status = read_number(env, value, result, &d);

  if (status == napi_ok) *result = (int32_t)to_uint32(d);
  return status;
}

/* Beyond the range it is the nearest end, and 0 for what is not finite. */
napi_status napi_get_value_int64(napi_env env, napi_value value,
                                 int64_t *result)
{
  double d;
  napi_status status = read_number(env, value, result, &d);

  if (status) return status;
  if (!isfinite(d))
    *result = 0;
  else if (d >= 9223372036854775808.0)
    *result = INT64_MAX;
  else if (d <= -9223372036854775808.0)
    *result = INT64_MIN;
  else
    *result = (int64_t)d;
  return status;
}

napi_status napi_get_value_bool(napi_env env, napi_value value, bool *result)
{
  napi_status status = tenon_p_napi_check(env, value && result);
  JSValueConst v;

  if (status) return status;
  v = tenon_p_napi_value(value);
  if (!JS_IsBool(v)) return tenon_p_napi_set(env, napi_boolean_expected);
  *result = JS_VALUE_GET_BOOL(v);
  return tenon_p_napi_set(env, napi_ok);
}

/* --- Kinds ----------------------------------------------------------------------------- */

static napi_valuetype type_of_object(napi_env env, JSValueConst v)
{
  if (JS_IsFunction(env->ctx, v)) return napi_function;
  return env->external.id && JS_GetClassID(v) == env->external.id
             ? napi_external
             : napi_object;
}

napi_status napi_typeof(napi_env env, napi_value value, napi_valuetype *result)
{
  napi_status status = tenon_p_napi_check(env, value && result);
  JSValueConst v;

  if (status) return status;
  v = tenon_p_napi_value(value);
  switch (JS_VALUE_GET_NORM_TAG(v)) {
  case JS_TAG_INT:
  case JS_TAG_FLOAT64: *result = napi_number; break;
  case JS_TAG_BIG_INT:
  case JS_TAG_SHORT_BIG_INT: *result = napi_bigint; break;
  case JS_TAG_STRING:
  case JS_TAG_STRING_ROPE: *result = napi_string; break;
  case JS_TAG_OBJECT: *result = type_of_object(env, v); break;
  case JS_TAG_BOOL: *result = napi_boolean; break;
  case JS_TAG_UNDEFINED: *result = napi_undefined; break;
  case JS_TAG_SYMBOL: *result = napi_symbol; break;
  case JS_TAG_NULL: *result = napi_null; break;
  default: return tenon_p_napi_set(env, napi_invalid_arg);
  }
  return tenon_p_napi_set(env, napi_ok);
}

/* --- Comparing and converting ------------------------------------------------------------ */

napi_status napi_strict_equals(napi_env env, napi_value lhs, napi_value rhs,
                               bool *result)
{
  napi_status status = tenon_p_napi_enter(env, lhs && rhs && result);

  if (status) return status;
  *result = JS_IsStrictEqual(env->ctx, tenon_p_napi_value(lhs),
                             tenon_p_napi_value(rhs));
  return tenon_p_napi_leave(env, napi_ok);
}

napi_status napi_coerce_to_bool(napi_env env, napi_value value,
                                napi_value *result)
{
  napi_status status = tenon_p_napi_enter(env, value && result);
  int r;

  if (status) return status;
  r = JS_ToBool(env->ctx, tenon_p_napi_value(value));
  *result = tenon_p_napi_constant(env, r > 0 ? TENON_P_NAPI_TRUE
                                             : TENON_P_NAPI_FALSE);
  return tenon_p_napi_leave(env, napi_ok);
}

static napi_status coerce(napi_env env, napi_value value, napi_value *result,
                          JSValue (*convert)(JSContext *, JSValueConst),
                          napi_status expected)
{
  napi_status status = tenon_p_napi_enter(env, value && result);
  JSValue v;

  if (status) return status;
  v = convert(env->ctx, tenon_p_napi_value(value));
  /* node says what it expected, and the exception is pending all the same. */
  status = JS_IsException(v) ? expected : tenon_p_napi_give(env, v, result);
  return tenon_p_napi_leave(env, status);
}

napi_status napi_coerce_to_number(napi_env env, napi_value value,
                                  napi_value *result)
{
  return coerce(env, value, result, JS_ToNumber, napi_number_expected);
}

napi_status napi_coerce_to_string(napi_env env, napi_value value,
                                  napi_value *result)
{
  return coerce(env, value, result, JS_ToString, napi_string_expected);
}

napi_status napi_coerce_to_object(napi_env env, napi_value value,
                                  napi_value *result)
{
  return coerce(env, value, result, JS_ToObject, napi_object_expected);
}
