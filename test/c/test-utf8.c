/* src/base/utf8.c: ill-formed UTF-8 is replaced as decoders of the web do. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "harness.h"

static void check_replaced(const char *expected, const char *s)
{
  size_t len;
  char *out = tenon_p_utf8_replace(s, strlen(s), &len);

  assert_non_null(out);
  CHECK_INT(strlen(expected), len);
  CHECK_TEXT(expected, out);
  free(out);
}

TEST(well_formed_text_stays)
{
  static const char *const texts[] = {
      "",          "a",
      "abcdefghi", "12345678é",
      "\u00e9",    "\u6f22\u5b57 und \U0001d4b3",
      "\ufffd",    "\U0010ffff\u07ff\u0800\uffff"};
  size_t i;

  for (i = 0; i < sizeof texts / sizeof *texts; i++) {
    CHECK_INT(strlen(texts[i]), tenon_p_utf8_check(texts[i], strlen(texts[i])));
    check_replaced(texts[i], texts[i]);
  }
}

TEST(ill_formed_text_is_replaced)
{
  check_replaced("\ufffd", "\xff");
  check_replaced("a\ufffd"
                 "b",
                 "a\x80"
                 "b");
  check_replaced("\ufffd\ufffd", "\xc0\x80");
  check_replaced("\ufffd|", "\xf0\x90\x80|");
  check_replaced("\ufffd\ufffd\ufffd", "\xed\xa0\x80");
  check_replaced("\ufffd\ufffd", "\xef\xbf\xbd\xff");
  check_replaced("\ufffd", "\xe6\xbc");
  check_replaced("1234567\ufffd", "1234567\xe6");
  check_replaced("\ufffd\ufffd\ufffd\ufffd", "\xf4\x90\x80\x80");
}

TEST(place_of_the_first_mistake)
{
  CHECK_INT(9, tenon_p_utf8_check("123456789\xff", 10));
  CHECK_INT(2, tenon_p_utf8_check("\u00e9\xc3", 3));
  CHECK_INT(0, tenon_p_utf8_check("\x80", 1));
}
