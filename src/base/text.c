#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static bool reserve(tenon_p_text *t, size_t more)
{
  size_t need = t->len + more + 1, capacity = t->capacity;
  char *p;

  if (t->failed) return false;
  if (need <= capacity) return true;
  capacity += capacity / 2 + 32;
  if (capacity < need) capacity = need;
  p = tenon_p_realloc(t->data, capacity);
  if (!p) {
    t->failed = true;
    return false;
  }
  t->data = p;
  t->capacity = capacity;
  return true;
}

void tenon_p_text_release(tenon_p_text *t)
{
  free(t->data);
  *t = (tenon_p_text)TENON_P_TEXT_INIT;
}

void tenon_p_text_clear(tenon_p_text *t)
{
  t->len = 0;
  t->failed = false;
  if (t->data) t->data[0] = '\0';
}

char *tenon_p_text_extend(tenon_p_text *t, size_t len)
{
  char *p;

  if (!reserve(t, len)) return NULL;
  p = t->data + t->len;
  t->len += len;
  t->data[t->len] = '\0';
  return p;
}

void tenon_p_text_append(tenon_p_text *t, const char *s, size_t len)
{
  char *p = tenon_p_text_extend(t, len);

  if (p && len) memcpy(p, s, len);
}

void tenon_p_text_puts(tenon_p_text *t, const char *s)
{
  tenon_p_text_append(t, s, strlen(s));
}

void tenon_p_text_vprintf(tenon_p_text *t, const char *format, va_list ap)
{
  va_list again;
  int n;

  va_copy(again, ap);
  n = vsnprintf(NULL, 0, format, again);
  va_end(again);
  if (n < 0) {
    t->failed = true;
    return;
  }
  if (!reserve(t, (size_t)n)) return;
  vsnprintf(t->data + t->len, (size_t)n + 1, format, ap);
  t->len += (size_t)n;
}

void tenon_p_text_printf(tenon_p_text *t, const char *format, ...)
{
  va_list ap;

  va_start(ap, format);
  tenon_p_text_vprintf(t, format, ap);
  va_end(ap);
}

char *tenon_p_text_take(tenon_p_text *t)
{
  char *p = NULL;

  if (reserve(t, 0)) {
    p = t->data;
    p[t->len] = '\0';
    t->data = NULL;
  }
  tenon_p_text_release(t);
  return p;
}
