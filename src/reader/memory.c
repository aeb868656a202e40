#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reader/internal.h"

void tenon_p_fail(const char *format, ...)
{
  char line[1024];
  va_list ap;
  int n;

  va_start(ap, format);
  n = vsnprintf(line, sizeof line - 1, format, ap);
  va_end(ap);
  if (n < 0) n = 0;
  if (n > (int)sizeof line - 2) n = (int)sizeof line - 2;
  line[n++] = '\n';
  if (write(STDERR_FILENO, line, (size_t)n) != n) _exit(1);
  _exit(1);
}

/* Small pieces are cut from large ones. */
void *tenon_p_need(size_t size)
{
  static char *piece;
  static size_t left;
  void *p;

  size = (size + 15) & ~(size_t)15;
  if (size > 4096) {
    p = calloc(1, size);
    if (!p) tenon_p_fail("out of memory");
    return p;
  }
  if (size > left) {
    piece = calloc(1, 65536);
    if (!piece) tenon_p_fail("out of memory");
    left = 65536;
  }
  p = piece;
  piece += size;
  left -= size;
  return p;
}

void *tenon_p_grow(void *items, size_t count, size_t size)
{
  void *more;

  /* It is full at each power of two. */
  if (count & (count - 1) || (count && count < 16)) return items;
  if (!count) return tenon_p_need(16 * size);
  if (count > SIZE_MAX / 2 / size) tenon_p_fail("out of memory");
  more = tenon_p_need(count * 2 * size);
  memcpy(more, items, count * size);
  return more;
}
