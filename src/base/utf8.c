#include "base/utf8.h"

#include <string.h>

#include "base/alloc.h"

static const char replacement[3] = "\xef\xbf\xbd";

/* U+FFFD that is written as such is no mistake. */
static bool is_ill_formed(uint32_t c, const uint8_t *from, const uint8_t *to)
{
  return c == 0xfffd &&
         (to - from != 3 || memcmp(from, replacement, sizeof replacement) != 0);
}

size_t tenon_p_utf8_check(const char *s, size_t len)
{
  const uint8_t *start = (const uint8_t *)s, *p = start, *end = start + len;
  const uint8_t *at;
  uint64_t w;
  uint32_t c;

  while (p < end) {
    if ((size_t)(end - p) >= sizeof w) {
      memcpy(&w, p, sizeof w);
      if (!(w & UINT64_C(0x8080808080808080))) {
        p += sizeof w;
        continue;
      }
    }
    at = p;
    c = tenon_p_utf8_decode(&p, end);
    if (is_ill_formed(c, at, p)) return (size_t)(at - start);
  }
  return len;
}

/* Copies to `out` unless it is NULL; how long the text is. */
static size_t replaced(const char *s, size_t len, char *out)
{
  size_t n = 0, part;

  for (;;) {
    const uint8_t *p;
    part = tenon_p_utf8_check(s, len);
    if (out) memcpy(out + n, s, part);
    n += part;
    if (part == len) return n;
    p = (const uint8_t *)s + part;
    tenon_p_utf8_decode(&p, (const uint8_t *)s + len);
    len -= (size_t)((const char *)p - s);
    s = (const char *)p;
    if (out) memcpy(out + n, replacement, sizeof replacement);
    n += sizeof replacement;
  }
}

char *tenon_p_utf8_replace(const char *s, size_t len, size_t *out_len)
{
  char *out = tenon_p_malloc((*out_len = replaced(s, len, NULL)) + 1);

  if (!out) return NULL;
  replaced(s, len, out);
  out[*out_len] = '\0';
  return out;
}
