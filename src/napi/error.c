/* Errors: made, and thrown into the environment. */
#include "napi/env.h"

#include <string.h>

#include "engine/extension.h"
#include "engine/foreign.h"
#include "napi/object.h"

/* Sets `code`, which is consumed, of an error. 0, or -1 with an exception. */
static int set_code(JSContext *ctx, JSValueConst error, JSValue code)
{
  if (JS_IsException(code)) return -1;
  return JS_SetPropertyStr(ctx, error, "code", code) < 0 ? -1 : 0;
}

static napi_status create(napi_env env, enum tenon_p_error_kind kind,
                          napi_value code, napi_value msg, napi_value *result)
{
  napi_status status = tenon_p_napi_check(env, msg && result);
  JSValue error;

  if (status) return status;
  if (!JS_IsString(tenon_p_napi_value(msg)) ||
      (code && !JS_IsString(tenon_p_napi_value(code))))
    return tenon_p_napi_set(env, napi_string_expected);
  error = tenon_p_new_error(env->ctx, kind, tenon_p_napi_value(msg));
  if (!JS_IsException(error) && code &&
      set_code(env->ctx, error,
               JS_DupValue(env->ctx, tenon_p_napi_value(code)))) {
    JS_FreeValue(env->ctx, error);
    error = JS_EXCEPTION;
  }
  return tenon_p_napi_return(env, error, result);
}

napi_status napi_create_error(napi_env env, napi_value code, napi_value msg,
                              napi_value *result)
{
  return create(env, TENON_P_KIND_ERROR, code, msg, result);
}

napi_status napi_create_type_error(napi_env env, napi_value code,
                                   napi_value msg, napi_value *result)
{
  return create(env, TENON_P_KIND_TYPE, code, msg, result);
}

napi_status napi_create_range_error(napi_env env, napi_value code,
                                    napi_value msg, napi_value *result)
{
  return create(env, TENON_P_KIND_RANGE, code, msg, result);
}

napi_status node_api_create_syntax_error(napi_env env, napi_value code,
                                         napi_value msg, napi_value *result)
{
  return create(env, TENON_P_KIND_SYNTAX, code, msg, result);
}

/* Makes it pending; whatever goes wrong meanwhile is pending instead. */
static napi_status throw_new(napi_env env, enum tenon_p_error_kind kind,
                             const char *code, const char *msg)
{
  JSContext *ctx = env->ctx;
  JSValue text = tenon_p_new_string(ctx, msg, strlen(msg)), error;

  if (JS_IsException(text)) return napi_pending_exception;
  error = tenon_p_new_error(ctx, kind, text);
  JS_FreeValue(ctx, text);
  if (JS_IsException(error)) return napi_pending_exception;
  if (code &&
      set_code(ctx, error, tenon_p_new_string(ctx, code, strlen(code)))) {
    JS_FreeValue(ctx, error);
    return napi_pending_exception;
  }
  env->exception = error;
  return napi_ok;
}

static napi_status throw(napi_env env, enum tenon_p_error_kind kind,
                         const char *code, const char *msg)
{
  napi_status status = tenon_p_napi_enter(env, msg);

  return status ? status
                : tenon_p_napi_leave(env, throw_new(env, kind, code, msg));
}

napi_status napi_throw_error(napi_env env, const char *code, const char *msg)
{
  return throw(env, TENON_P_KIND_ERROR, code, msg);
}

napi_status napi_throw_type_error(napi_env env, const char *code,
                                  const char *msg)
{
  return throw(env, TENON_P_KIND_TYPE, code, msg);
}

napi_status napi_throw_range_error(napi_env env, const char *code,
                                   const char *msg)
{
  return throw(env, TENON_P_KIND_RANGE, code, msg);
}

napi_status node_api_throw_syntax_error(napi_env env, const char *code,
                                        const char *msg)
{
  return throw(env, TENON_P_KIND_SYNTAX, code, msg);
}

napi_status napi_throw(napi_env env, napi_value error)
{
  napi_status status = tenon_p_napi_enter(env, error);

  if (status) return status;
  env->exception = JS_DupValue(env->ctx, tenon_p_napi_value(error));
  return tenon_p_napi_leave(env, napi_ok);
}

napi_status napi_is_error(napi_env env, napi_value value, bool *result)
{
  napi_status status = tenon_p_napi_check(env, value && result);

  if (status) return status;
  *result = JS_IsError(tenon_p_napi_value(value));
  return tenon_p_napi_set(env, napi_ok);
}

static napi_status is_instance(napi_env env, napi_value object,
                               napi_value constructor, bool *result)
{
  JSValue c;
  napi_status status = tenon_p_napi_object(env, constructor, &c);

  if (status) return status;
  if (JS_IsFunction(env->ctx, c)) {
    status = tenon_p_napi_answer(
        JS_IsInstanceOf(env->ctx, tenon_p_napi_value(object), c), result);
  } else {
    status = throw_new(env, TENON_P_KIND_TYPE, "ERR_NAPI_CONS_FUNCTION",
                       "Constructor must be a function");
    if (status == napi_ok) status = napi_function_expected;
  }
  JS_FreeValue(env->ctx, c);
  return status;
}

napi_status napi_instanceof(napi_env env, napi_value object,
                            napi_value constructor, bool *result)
{
  napi_status status = tenon_p_napi_enter(env, object && result);

  if (status) return status;
  *result = false;
  return tenon_p_napi_leave(env, is_instance(env, object, constructor, result));
}
