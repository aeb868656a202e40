#include "source/texts.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

static const char white[] = " \t\r\n\v\f";

void tenon_p_texts_release(tenon_p_texts *t)
{
  size_t i;

  for (i = 0; i < t->count; i++)
    free(t->list[i]);
  free(t->list);
  *t = (tenon_p_texts)TENON_P_TEXTS_INIT;
}

static bool reserve(tenon_p_texts *t)
{
  size_t capacity = t->capacity ? t->capacity * 2 : 16;
  char **list;

  if (t->count + 1 < t->capacity) return true;
  list = tenon_p_realloc(t->list, capacity * sizeof *list);
  if (!list) return false;
  t->list = list;
  t->capacity = capacity;
  return true;
}

void tenon_p_texts_take(tenon_p_texts *t, char *s)
{
  if (t->failed || !s || !reserve(t)) {
    t->failed = true;
    free(s);
    return;
  }
  t->list[t->count++] = s;
  t->list[t->count] = NULL;
}

void tenon_p_texts_add_bytes(tenon_p_texts *t, const char *s, size_t len)
{
  if (!t->failed) tenon_p_texts_take(t, tenon_p_strndup(s, len));
}

void tenon_p_texts_add(tenon_p_texts *t, const char *s)
{
  tenon_p_texts_add_bytes(t, s, strlen(s));
}

void tenon_p_texts_printf(tenon_p_texts *t, const char *format, ...)
{
  tenon_p_text text = TENON_P_TEXT_INIT;
  va_list ap;

  if (t->failed) return;
  va_start(ap, format);
  tenon_p_text_vprintf(&text, format, ap);
  va_end(ap);
  tenon_p_texts_take(t, tenon_p_text_take(&text));
}

void tenon_p_texts_add_all(tenon_p_texts *t, const tenon_p_texts *more)
{
  size_t i;

  if (more->failed) t->failed = true;
  for (i = 0; i < more->count; i++)
    tenon_p_texts_add(t, more->list[i]);
}

void tenon_p_texts_add_list(tenon_p_texts *t, const char *const *list)
{
  for (; list && *list; list++)
    tenon_p_texts_add(t, *list);
}

bool tenon_p_texts_has(const tenon_p_texts *t, const char *s)
{
  size_t i;

  for (i = 0; i < t->count; i++)
    if (strcmp(t->list[i], s) == 0) return true;
  return false;
}

/* One word behind white space; NULL when a quote in it is not closed. */
static const char *read_word(const char *s, tenon_p_text *word)
{
  char quote = 0;

  for (; *s && (quote || !strchr(white, *s)); s++) {
    if (quote ? *s == quote : *s == '\'' || *s == '"') {
      quote = quote ? 0 : *s;
      continue;
    }
    if (*s == '\\' && s[1] &&
        (!quote || (quote == '"' && strchr("\"\\$`", s[1]))))
      s++;
    tenon_p_text_append(word, s, 1);
  }
  return quote ? NULL : s;
}

bool tenon_p_texts_split(tenon_p_texts *t, const char *line)
{
  const char *s = line ? line : "";

  for (;;) {
    tenon_p_text word = TENON_P_TEXT_INIT;
    s += strspn(s, white);
    if (!*s) return true;
    s = read_word(s, &word);
    if (!s) {
      tenon_p_text_release(&word);
      return false;
    }
    tenon_p_texts_take(t, tenon_p_text_take(&word));
    if (t->failed) return true;
  }
}

void tenon_p_texts_split_names(tenon_p_texts *t, const char *names)
{
  static const char between[] = ", \t\r\n\v\f";
  const char *s = names ? names : "";

  while (*(s += strspn(s, between))) {
    size_t n = strcspn(s, between);
    tenon_p_texts_add_bytes(t, s, n);
    s += n;
  }
}
