#include "napi.h"

#include <limits.h>

TEST(a_string_is_made_from_utf8)
{
  napi_env env = tenon_runtime_env(t_runtime());
  napi_value v;
  char buf[32];
  size_t n;

  OK(napi_create_string_utf8(env, "a\xc3\xa9\xf0\x9f\x98\x80", 7, &v));
  OK(napi_get_value_string_utf16(env, v, NULL, 0, &n));
  CHECK_INT(4, n);
  OK(napi_get_value_string_utf8(env, v, buf, sizeof buf, &n));
  CHECK_INT(7, n);
  CHECK_TEXT("a\xc3\xa9\xf0\x9f\x98\x80", buf);
  OK(napi_create_string_utf8(env, "a\0b", 3, &v));
  OK(napi_get_value_string_utf8(env, v, buf, sizeof buf, &n));
  CHECK(n == 3 && memcmp(buf, "a\0b", 4) == 0);
  OK(napi_create_string_utf8(env, "\xff!", NAPI_AUTO_LENGTH, &v));
  OK(napi_get_value_string_utf8(env, v, buf, sizeof buf, NULL));
  CHECK_TEXT("\xef\xbf\xbd!", buf);
}

TEST(a_string_is_made_from_latin1_and_utf16)
{
  napi_env env = tenon_runtime_env(t_runtime());
  static const char16_t units[] = {'h', 0x20ac, 0xd800, 0};
  napi_value v;
  char16_t wide[8];
  char buf[32];
  size_t n;

  OK(napi_create_string_latin1(env, "\xe9\xff", NAPI_AUTO_LENGTH, &v));
  OK(napi_get_value_string_utf8(env, v, buf, sizeof buf, &n));
  CHECK_TEXT("\xc3\xa9\xc3\xbf", buf);
  OK(napi_get_value_string_latin1(env, v, buf, sizeof buf, &n));
  CHECK_INT(2, n);
  CHECK_TEXT("\xe9\xff", buf);
  OK(napi_create_string_utf16(env, units, NAPI_AUTO_LENGTH, &v));
  OK(napi_get_value_string_utf16(env, v, wide, 8, &n));
  CHECK(n == 3 && memcmp(wide, units, sizeof units) == 0);
  /* A lone surrogate has no UTF-8, others lose what Latin-1 lacks. */
  OK(napi_get_value_string_utf8(env, v, buf, sizeof buf, &n));
  CHECK_TEXT("h\xe2\x82\xac\xef\xbf\xbd", buf);
  OK(napi_get_value_string_latin1(env, v, buf, sizeof buf, &n));
  CHECK(n == 3 && memcmp(buf, "h\xac\0", 4) == 0);
}

TEST(a_string_may_be_empty)
{
  napi_env env = tenon_runtime_env(t_runtime());
  napi_value v;
  size_t n;

  OK(napi_create_string_utf8(env, NULL, 0, &v));
  OK(napi_get_value_string_utf8(env, v, NULL, 0, &n));
  CHECK_INT(0, n);
  OK(napi_create_string_latin1(env, NULL, 0, &v));
  OK(napi_create_string_utf16(env, NULL, 0, &v));
  CHECK_INT(napi_string, t_type(env, v));
}

TEST(wrong_arguments_of_strings_are_refused)
{
  napi_env env = tenon_runtime_env(t_runtime());
  napi_value v, number = t_number(env, 1);
  char buf[4];
  size_t n;

  FAILS(napi_invalid_arg, napi_create_string_utf8(env, NULL, 1, &v));
  FAILS(napi_invalid_arg,
        napi_create_string_utf8(env, NULL, NAPI_AUTO_LENGTH, &v));
  FAILS(napi_invalid_arg, napi_create_string_utf8(env, "", 0, NULL));
  FAILS(napi_invalid_arg,
        napi_create_string_latin1(env, "", (size_t)INT_MAX + 1, &v));
  FAILS(napi_string_expected,
        napi_get_value_string_utf8(env, number, buf, 4, &n));
  /* What the value is comes before where to put it. */
  FAILS(napi_string_expected,
        napi_get_value_string_utf8(env, number, NULL, 0, NULL));
  FAILS(napi_invalid_arg,
        napi_get_value_string_utf8(env, t_text(env, ""), NULL, 0, NULL));
  FAILS(napi_invalid_arg, napi_get_value_string_utf16(env, NULL, NULL, 0, &n));
}

TEST(a_small_buffer_holds_whole_characters)
{
  napi_env env = tenon_runtime_env(t_runtime());
  napi_value v = t_text(env, "ab\xf0\x9f\x98\x80z");
  char16_t wide[4];
  char buf[8];
  size_t n;

  OK(napi_get_value_string_utf8(env, v, buf, 6, &n));
  CHECK_INT(2, n);
  CHECK_TEXT("ab", buf);
  OK(napi_get_value_string_utf8(env, v, buf, 7, &n));
  CHECK_INT(6, n);
  OK(napi_get_value_string_utf8(env, v, buf, 1, &n));
  CHECK(n == 0 && buf[0] == '\0');
  OK(napi_get_value_string_utf8(env, v, buf, 0, &n));
  CHECK_INT(0, n);
  OK(napi_get_value_string_utf16(env, v, wide, 4, &n));
  CHECK(n == 3 && wide[3] == 0);
  OK(napi_get_value_string_latin1(env, v, buf, 2, &n));
  CHECK_TEXT("a", buf);
}

TEST(a_property_key_is_a_string)
{
  napi_env env = tenon_runtime_env(t_runtime());
  static const char16_t wide[] = {'k', 0};
  napi_value a, b, c;
  bool same;

  OK(node_api_create_property_key_latin1(env, "k", 1, &a));
  OK(node_api_create_property_key_utf8(env, "k", NAPI_AUTO_LENGTH, &b));
  OK(node_api_create_property_key_utf16(env, wide, 1, &c));
  OK(napi_strict_equals(env, a, b, &same));
  CHECK(same);
  OK(napi_strict_equals(env, b, c, &same));
  CHECK(same);
}

static void on_copied(napi_env env, void *data, void *hint)
{
  *(void **)hint = data;
}

TEST(foreign_text_is_copied_and_given_back)
{
  napi_env env = tenon_runtime_env(t_runtime());
  char text[] = "text";
  char16_t wide[] = {'w', 0};
  void *back = NULL;
  bool copied = false;
  napi_value v;

  OK(node_api_create_external_string_latin1(env, text, NAPI_AUTO_LENGTH,
                                            on_copied, &back, &v, &copied));
  CHECK(copied && back == text);
  CHECK_TEXT("text", t_string(env, v));
  OK(node_api_create_external_string_utf16(env, wide, 1, on_copied, &back, &v,
                                           NULL));
  CHECK(back == wide);
  CHECK_TEXT("w", t_string(env, v));
  back = NULL;
  FAILS(napi_invalid_arg, node_api_create_external_string_latin1(
                              env, NULL, 1, on_copied, &back, &v, &copied));
  CHECK(back == NULL);
}
