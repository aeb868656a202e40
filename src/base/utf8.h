/* UTF-8 as the Encoding standard decodes it. */
#ifndef TENON_BASE_UTF8_H
#define TENON_BASE_UTF8_H

#include "base/base.h"

/*
 * The code point of the sequence at `*p`, which moves behind it; for an
 * ill-formed one U+FFFD, behind its longest prefix that could have become a
 * well-formed one.
 */
static inline uint32_t tenon_p_utf8_decode(const uint8_t **p,
                                           const uint8_t *end)
{
  uint32_t c = *(*p)++;
  uint8_t low = 0x80, high = 0xbf;
  int more;

  if (c < 0x80) return c;
  if (c < 0xc2 || c > 0xf4) return 0xfffd;
  more = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
  if (c == 0xe0) low = 0xa0;
  if (c == 0xed) high = 0x9f;
  if (c == 0xf0) low = 0x90;
  if (c == 0xf4) high = 0x8f;
  c &= 0x3f >> more;
  for (; more; more--) {
    if (*p == end || **p < low || **p > high) return 0xfffd;
    c = c << 6 | (*(*p)++ & 0x3f);
    low = 0x80;
    high = 0xbf;
  }
  return c;
}

/* The first byte of an ill-formed sequence; `len` when there is none. */
size_t tenon_p_utf8_check(const char *s, size_t len);

/* The text with U+FFFD for each ill-formed sequence, and a NUL behind it;
 * free(3). NULL: out of memory. */
char *tenon_p_utf8_replace(const char *s, size_t len, size_t *out_len);

#endif
