/*
 * A growing text. The first failed allocation is remembered and further
 * appends do nothing, so that a sequence needs one check at its end.
 */
#ifndef TENON_BASE_TEXT_H
#define TENON_BASE_TEXT_H

#include <stdarg.h>

#include "base/base.h"

typedef struct tenon_p_text {
  char *data; /* NUL-terminated once something was appended */
  size_t len, capacity;
  bool failed;
} tenon_p_text;

#define TENON_P_TEXT_INIT \
  {                       \
    NULL, 0, 0, false     \
  }

void tenon_p_text_release(tenon_p_text *t);
/* Empties it and keeps the memory. */
void tenon_p_text_clear(tenon_p_text *t);
void tenon_p_text_append(tenon_p_text *t, const char *s, size_t len);
/* Room for `len` bytes at the end, which the caller writes, and a NUL behind
 * them; NULL when it failed. */
char *tenon_p_text_extend(tenon_p_text *t, size_t len);
void tenon_p_text_puts(tenon_p_text *t, const char *s);
__attribute__((format(printf, 2, 3))) void tenon_p_text_printf(
    tenon_p_text *t, const char *format, ...);
void tenon_p_text_vprintf(tenon_p_text *t, const char *format, va_list ap);
/* Moves the text out, to be freed by free(3); NULL when it failed. */
char *tenon_p_text_take(tenon_p_text *t);

#endif
