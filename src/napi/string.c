/* Strings, by the three encodings that Node-API knows. */
#include "napi/env.h"

#include <limits.h>
#include <string.h>

#include "engine/extension.h"
#include "engine/foreign.h"

/* --- Making ---------------------------------------------------------------------------- */

static size_t utf16_length(const char16_t *s)
{
  size_t n = 0;

  while (s[n])
    n++;
  return n;
}

static napi_status check_text(napi_env env, const void *s, size_t length,
                              const napi_value *result)
{
  napi_status status = tenon_p_napi_check(env, (s || !length) && result);

  if (status) return status;
  return length == NAPI_AUTO_LENGTH || length <= INT_MAX
             ? napi_ok
             : tenon_p_napi_set(env, napi_invalid_arg);
}

napi_status napi_create_string_latin1(napi_env env, const char *str,
                                      size_t length, napi_value *result)
{
  napi_status status = check_text(env, str, length, result);

  if (status) return status;
  if (length == NAPI_AUTO_LENGTH) length = strlen(str);
  return tenon_p_napi_return(env, tenon_p_new_latin1(env->ctx, str, length),
                             result);
}

napi_status napi_create_string_utf8(napi_env env, const char *str,
                                    size_t length, napi_value *result)
{
  napi_status status = check_text(env, str, length, result);

  if (status) return status;
  if (length == NAPI_AUTO_LENGTH) length = strlen(str);
  return tenon_p_napi_return(
      env, tenon_p_new_string(env->ctx, str ? str : "", length), result);
}

napi_status napi_create_string_utf16(napi_env env, const char16_t *str,
                                     size_t length, napi_value *result)
{
  napi_status status = check_text(env, str, length, result);

  if (status) return status;
  if (length == NAPI_AUTO_LENGTH) length = utf16_length(str);
  return tenon_p_napi_return(env, JS_NewStringUTF16(env->ctx, str, length),
                             result);
}

/* Every string is as good a key: the engine makes an atom of it when it is
 * first used as one. */
napi_status node_api_create_property_key_latin1(napi_env env, const char *str,
                                                size_t length,
                                                napi_value *result)
{
  return napi_create_string_latin1(env, str, length, result);
}

napi_status node_api_create_property_key_utf8(napi_env env, const char *str,
                                              size_t length, napi_value *result)
{
  return napi_create_string_utf8(env, str, length, result);
}

napi_status node_api_create_property_key_utf16(napi_env env,
                                               const char16_t *str,
                                               size_t length,
                                               napi_value *result)
{
  return napi_create_string_utf16(env, str, length, result);
}

/* The engine has no strings over foreign memory: it is copied, which Node-API
 * allows, and given back at once. */
static void give_back(napi_env env, void *str, node_api_basic_finalize finalize,
                      void *hint, bool *copied)
{
  if (copied) *copied = true;
  if (finalize) finalize(env, str, hint);
}

napi_status node_api_create_external_string_latin1(
    napi_env env, char *str, size_t length, node_api_basic_finalize finalize,
    void *finalize_hint, napi_value *result, bool *copied)
{
  napi_status status = napi_create_string_latin1(env, str, length, result);

  if (status == napi_ok) give_back(env, str, finalize, finalize_hint, copied);
  return status;
}

napi_status node_api_create_external_string_utf16(
    napi_env env, char16_t *str, size_t length,
    node_api_basic_finalize finalize, void *finalize_hint, napi_value *result,
    bool *copied)
{
  napi_status status = napi_create_string_utf16(env, str, length, result);

  if (status == napi_ok) give_back(env, str, finalize, finalize_hint, copied);
  return status;
}

/* --- Reading ---------------------------------------------------------------------------- */

/* Its length in UTF-16 units; the copies of foreign.h may follow. */
static napi_status read_string(napi_env env, napi_value value, bool has_place,
                               size_t *units)
{
  napi_status status = tenon_p_napi_check(env, value);
  JSValueConst v;

  if (status) return status;
  v = tenon_p_napi_value(value);
  if (!JS_IsString(v)) return tenon_p_napi_set(env, napi_string_expected);
  if (!has_place) return tenon_p_napi_set(env, napi_invalid_arg);
  if (tenon_p_string_length(env->ctx, v, units) == 0) return napi_ok;
  tenon_p_napi_drop(env);
  return tenon_p_napi_set(env, napi_generic_failure);
}

static napi_status told(napi_env env, size_t n, size_t *result)
{
  if (result) *result = n;
  return tenon_p_napi_set(env, napi_ok);
}

napi_status napi_get_value_string_latin1(napi_env env, napi_value value,
                                         char *buf, size_t bufsize,
                                         size_t *result)
{
  size_t n;
  napi_status status = read_string(env, value, buf || result, &n);

  if (status) return status;
  if (!buf) return told(env, n, result);
  if (!bufsize) return told(env, 0, result);
  if (n > bufsize - 1) n = bufsize - 1;
  tenon_p_string_copy_latin1(tenon_p_napi_value(value), buf, n);
  buf[n] = '\0';
  return told(env, n, result);
}

napi_status napi_get_value_string_utf8(napi_env env, napi_value value,
                                       char *buf, size_t bufsize,
                                       size_t *result)
{
  size_t n;
  napi_status status = read_string(env, value, buf || result, &n);

  if (status) return status;
  if (!buf) {
    /* It is flat: nothing is allocated. */
    (void)tenon_p_string_utf8_size(env->ctx, tenon_p_napi_value(value), &n);
    return told(env, n, result);
  }
  if (!bufsize) return told(env, 0, result);
  n = tenon_p_string_copy_utf8(tenon_p_napi_value(value), buf, bufsize - 1);
  buf[n] = '\0';
  return told(env, n, result);
}

napi_status napi_get_value_string_utf16(napi_env env, napi_value value,
                                        char16_t *buf, size_t bufsize,
                                        size_t *result)
{
  size_t n;
  napi_status status = read_string(env, value, buf || result, &n);

  if (status) return status;
  if (!buf) return told(env, n, result);
  if (!bufsize) return told(env, 0, result);
  if (n > bufsize - 1) n = bufsize - 1;
  tenon_p_string_copy_utf16(tenon_p_napi_value(value), buf, n);
  buf[n] = 0;
  return told(env, n, result);
}
