/* BigInts, whole and by words. */
#include "napi/env.h"

#include <limits.h>

#include "engine/foreign.h"

napi_status napi_create_bigint_int64(napi_env env, int64_t value,
                                     napi_value *result)
{
  napi_status status = tenon_p_napi_check(env, result);

  if (status) return status;
  return tenon_p_napi_return(env, JS_NewBigInt64(env->ctx, value), result);
}

napi_status napi_create_bigint_uint64(napi_env env, uint64_t value,
                                      napi_value *result)
{
  napi_status status = tenon_p_napi_check(env, result);

  if (status) return status;
  return tenon_p_napi_return(env, JS_NewBigUint64(env->ctx, value), result);
}

napi_status napi_create_bigint_words(napi_env env, int sign_bit,
                                     size_t word_count, const uint64_t *words,
                                     napi_value *result)
{
  napi_status status = tenon_p_napi_enter(env, words && result);

  if (status) return status;
  if (word_count > INT_MAX) return tenon_p_napi_leave(env, napi_invalid_arg);
  return tenon_p_napi_leave(
      env,
      tenon_p_napi_give(
          env, tenon_p_new_bigint(env->ctx, sign_bit != 0, word_count, words),
          result));
}

static napi_status check_bigint(napi_env env, napi_value value, bool has_others)
{
  napi_status status = tenon_p_napi_check(env, value && has_others);

  if (status) return status;
  return JS_IsBigInt(tenon_p_napi_value(value))
             ? napi_ok
             : tenon_p_napi_set(env, napi_bigint_expected);
}

/* Modulo 2 to the 64; `lossless` when that is all of it. */
napi_status napi_get_value_bigint_uint64(napi_env env, napi_value value,
                                         uint64_t *result, bool *lossless)
{
  napi_status status = check_bigint(env, value, result && lossless);
  uint64_t word = 0;
  bool is_negative;
  size_t count;

  if (status) return status;
  count =
      tenon_p_bigint_words(tenon_p_napi_value(value), &is_negative, 1, &word);
  *result = is_negative ? -word : word;
  *lossless = count <= 1 && !is_negative;
  return tenon_p_napi_set(env, napi_ok);
}

napi_status napi_get_value_bigint_int64(napi_env env, napi_value value,
                                        int64_t *result, bool *lossless)
{
  napi_status status = check_bigint(env, value, result && lossless);
  const uint64_t lowest = (uint64_t)1 << 63;
  uint64_t word = 0;
  bool is_negative;
  size_t count;

  if (status) return status;
  count =
      tenon_p_bigint_words(tenon_p_napi_value(value), &is_negative, 1, &word);
  *result = (int64_t)(is_negative ? -word : word);
  *lossless = count <= 1 && (is_negative ? word <= lowest : word < lowest);
  return tenon_p_napi_set(env, napi_ok);
}

/* Without sign_bit and words it says how many words there are. */
napi_status napi_get_value_bigint_words(napi_env env, napi_value value,
                                        int *sign_bit, size_t *word_count,
                                        uint64_t *words)
{
  napi_status status = check_bigint(env, value, word_count);
  bool is_negative;

  if (status) return status;
  if (!sign_bit != !words) return tenon_p_napi_set(env, napi_invalid_arg);
  *word_count = tenon_p_bigint_words(tenon_p_napi_value(value), &is_negative,
                                     words ? *word_count : 0, words);
  if (sign_bit) *sign_bit = is_negative;
  return tenon_p_napi_set(env, napi_ok);
}
