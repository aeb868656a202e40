/* BigInts, dates, symbols and promises. */
#include "napi.h"

#include <math.h>

static const char *bigint_of_words(napi_env env, int sign, size_t count,
                                   const uint64_t *words)
{
  napi_value v;

  OK(napi_create_bigint_words(env, sign, count, words, &v));
  return t_string(env, v);
}

TEST(bigints_are_made)
{
  napi_env env = tenon_runtime_env(t_runtime());
  static const uint64_t one[] = {1, 0}, big[] = {0, 1},
                        most[] = {UINT64_MAX, UINT64_MAX};
  napi_value v;

  OK(napi_create_bigint_int64(env, INT64_MIN, &v));
  CHECK_TEXT("-9223372036854775808", t_string(env, v));
  OK(napi_create_bigint_uint64(env, UINT64_MAX, &v));
  CHECK_TEXT("18446744073709551615", t_string(env, v));
  CHECK_TEXT("1", bigint_of_words(env, 0, 2, one));
  CHECK_TEXT("-1", bigint_of_words(env, 1, 1, one));
  CHECK_TEXT("0", bigint_of_words(env, 1, 0, one));
  CHECK_TEXT("18446744073709551616", bigint_of_words(env, 0, 2, big));
  CHECK_TEXT("-18446744073709551616", bigint_of_words(env, 7, 2, big));
  CHECK_TEXT("-340282366920938463463374607431768211455",
             bigint_of_words(env, 1, 2, most));
  FAILS(napi_invalid_arg, napi_create_bigint_words(env, 0, 1, NULL, &v));
  FAILS(napi_invalid_arg,
        napi_create_bigint_words(env, 0, (size_t)1 << 32, one, &v));
}

TEST(a_bigint_has_a_longest)
{
  napi_env env = tenon_runtime_env(t_runtime());
  static uint64_t words[1 << 17];
  napi_value v;

  memset(words, 1, sizeof words);
  FAILS(napi_pending_exception,
        napi_create_bigint_words(env, 0, 1 << 17, words, &v));
  CHECK_TEXT("RangeError: Maximum BigInt size exceeded", t_thrown(env));
}

static int64_t as_int64(tenon_runtime *rt, const char *s, bool *lossless)
{
  int64_t i;

  OK(napi_get_value_bigint_int64(tenon_runtime_env(rt), t_eval(rt, s), &i,
                                 lossless));
  return i;
}

static uint64_t as_uint64(tenon_runtime *rt, const char *s, bool *lossless)
{
  uint64_t i;

  OK(napi_get_value_bigint_uint64(tenon_runtime_env(rt), t_eval(rt, s), &i,
                                  lossless));
  return i;
}

TEST(bigints_are_read)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  uint64_t words[4], u;
  size_t count = 4;
  int64_t i;
  bool b;
  int sign;

  CHECK(as_int64(rt, "-(2n ** 63n)", &b) == INT64_MIN && b);
  CHECK(as_int64(rt, "2n ** 63n", &b) == INT64_MIN && !b);
  CHECK(as_int64(rt, "-5n", &b) == -5 && b);
  CHECK(as_uint64(rt, "2n ** 64n - 1n", &b) == UINT64_MAX && b);
  CHECK(as_uint64(rt, "2n ** 64n + 3n", &b) == 3 && !b);
  CHECK(as_uint64(rt, "-1n", &b) == UINT64_MAX && !b);
  CHECK(as_uint64(rt, "0n", &b) == 0 && b);
  OK(napi_get_value_bigint_words(env, t_eval(rt, "-(2n ** 64n + 5n)"), &sign,
                                 &count, words));
  CHECK(sign == 1 && count == 2 && words[0] == 5 && words[1] == 1);
  count = 9;
  OK(napi_get_value_bigint_words(env, t_eval(rt, "2n ** 128n"), NULL, &count,
                                 NULL));
  CHECK_INT(3, count);
  FAILS(napi_bigint_expected,
        napi_get_value_bigint_int64(env, t_number(env, 1), &i, &b));
  CHECK_TEXT("A bigint was expected", t_last_message(env));
  FAILS(napi_invalid_arg,
        napi_get_value_bigint_uint64(env, t_number(env, 1), &u, NULL));
  FAILS(napi_invalid_arg, napi_get_value_bigint_words(env, t_eval(rt, "1n"),
                                                      &sign, &count, NULL));
}

TEST(dates_have_their_time)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v;
  double d;
  bool b;

  OK(napi_create_date(env, 1234.5, &v));
  OK(napi_get_date_value(env, v, &d));
  CHECK(d == 1234);
  OK(napi_create_date(env, NAN, &v));
  OK(napi_get_date_value(env, v, &d));
  CHECK(isnan(d));
  OK(napi_get_date_value(env, t_eval(rt, "new Date(-7)"), &d));
  CHECK(d == -7);
  OK(napi_is_date(env, v, &b));
  CHECK(b);
  OK(napi_is_date(env, t_number(env, 1), &b));
  CHECK(!b);
  FAILS(napi_date_expected, napi_get_date_value(env, t_number(env, 1), &d));
  FAILS(napi_invalid_arg, napi_create_date(env, 1, NULL));
}

TEST(symbols_have_a_description)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v, rope = t_eval(rt, "'long'.repeat(900) + Math.random()");
  bool b;

  OK(napi_create_symbol(env, NULL, &v));
  CHECK_INT(napi_symbol, t_type(env, v));
  OK(napi_create_symbol(env, t_text(env, "d\xc3\xa9"), &v));
  t_set(rt, "s", v);
  CHECK_TEXT("Symbol(d\xc3\xa9)", t_string(env, t_eval(rt, "String(s)")));
  OK(napi_create_symbol(env, rope, &v));
  FAILS(napi_string_expected, napi_create_symbol(env, t_number(env, 1), &v));
  OK(node_api_symbol_for(env, "mine", NAPI_AUTO_LENGTH, &v));
  OK(napi_strict_equals(env, v, t_eval(rt, "Symbol.for('mine')"), &b));
  CHECK(b);
  FAILS(napi_invalid_arg, node_api_symbol_for(env, NULL, 1, &v));
}

TEST(promises_are_settled)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_deferred first, second, open;
  napi_value v;
  bool b;

  OK(napi_create_promise(env, &first, &v));
  t_set(rt, "first", v);
  OK(napi_create_promise(env, &second, &v));
  t_set(rt, "second", v);
  OK(napi_create_promise(env, &open, &v));
  OK(napi_is_promise(env, v, &b));
  CHECK(b);
  t_run(rt, "globalThis.log = ''; first.then((v) => { log += v; });"
            "second.catch((v) => { log += v; });");
  OK(napi_resolve_deferred(env, first, t_text(env, "resolved ")));
  OK(napi_reject_deferred(env, second, t_text(env, "rejected")));
  CHECK_TEXT("resolved rejected", t_string(env, t_eval(rt, "log")));
  FAILS(napi_invalid_arg, napi_create_promise(env, NULL, &v));
  FAILS(napi_invalid_arg, napi_resolve_deferred(env, open, NULL));
  FAILS(napi_invalid_arg, napi_reject_deferred(env, NULL, v));
  OK(napi_is_promise(env, t_number(env, 1), &b));
  CHECK(!b);
}
