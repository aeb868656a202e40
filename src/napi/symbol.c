/* Symbols. */
#include "napi/env.h"

#include "engine/foreign.h"

napi_status napi_create_symbol(napi_env env, napi_value description,
                               napi_value *result)
{
  napi_status status = tenon_p_napi_check(env, result);
  JSValueConst v = JS_UNDEFINED;

  if (status) return status;
  if (description) v = tenon_p_napi_value(description);
  if (description && !JS_IsString(v))
    return tenon_p_napi_set(env, napi_string_expected);
  return tenon_p_napi_return(env, tenon_p_new_symbol(env->ctx, v, false),
                             result);
}

napi_status node_api_symbol_for(napi_env env, const char *utf8description,
                                size_t length, napi_value *result)
{
  napi_status status = tenon_p_napi_check(env, result);
  napi_value text;

  if (status) return status;
  status = napi_create_string_utf8(env, utf8description, length, &text);
  if (status) return status;
  return tenon_p_napi_return(
      env, tenon_p_new_symbol(env->ctx, tenon_p_napi_value(text), true),
      result);
}
