/* Dates. */
#include "napi/env.h"

#include "engine/foreign.h"

napi_status napi_create_date(napi_env env, double time, napi_value *result)
{
  napi_status status = tenon_p_napi_enter(env, result);

  if (status) return status;
  return tenon_p_napi_leave(
      env, tenon_p_napi_give(env, JS_NewDate(env->ctx, time), result));
}

napi_status napi_is_date(napi_env env, napi_value value, bool *is_date)
{
  napi_status status = tenon_p_napi_check(env, value && is_date);

  if (status) return status;
  *is_date = JS_IsDate(tenon_p_napi_value(value));
  return tenon_p_napi_set(env, napi_ok);
}

napi_status napi_get_date_value(napi_env env, napi_value value, double *result)
{
  napi_status status = tenon_p_napi_enter(env, value && result);

  if (status) return status;
  if (!JS_IsDate(tenon_p_napi_value(value)))
    return tenon_p_napi_leave(env, napi_date_expected);
  *result = tenon_p_date_value(tenon_p_napi_value(value));
  return tenon_p_napi_leave(env, napi_ok);
}
