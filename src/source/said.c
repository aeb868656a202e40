/* What compilers have said, for the messages of errors. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "source/compiler.h"

#define MOST_BYTES 16384

/* May a path begin behind this? */
static bool is_before_path(char c)
{
  return strchr(" \t\r\n'\"`([<:=,", c) != NULL;
}

static const tenon_p_renamed *renamed_at(const char *at, size_t left,
                                         const tenon_p_renamed *renamed,
                                         size_t count)
{
  size_t i;

  for (i = 0; i < count; i++) {
    size_t n = strlen(renamed[i].from);
    if (n && n <= left && memcmp(at, renamed[i].from, n) == 0)
      return &renamed[i];
  }
  return NULL;
}

/* In front of a word of an escape sequence of a terminal: its length. A compiler
 * that was told to colour its text all the same has them. */
static size_t escape_length(const char *at, size_t left)
{
  size_t n = 2;

  if (left < 2 || at[0] != 0x1b) return 0;
  if (at[1] != '[') return 2;
  while (n < left && (at[n] < 0x40 || at[n] > 0x7e))
    n++;
  return n < left ? n + 1 : n;
}

char *tenon_p_compiler_shown(const char *text, size_t len,
                             const tenon_p_renamed *renamed, size_t count)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  size_t i = 0, from = 0, n;
  char *raw, *shown;

  while (i < len) {
    const tenon_p_renamed *r = NULL;
    size_t skipped = escape_length(text + i, len - i);
    if (!skipped && (i == 0 || is_before_path(text[i - 1]))) {
      r = renamed_at(text + i, len - i, renamed, count);
      if (r) skipped = strlen(r->from);
    }
    if (!skipped) {
      i++;
      continue;
    }
    tenon_p_text_append(&t, text + from, i - from);
    if (r) tenon_p_text_puts(&t, r->to);
    from = i += skipped;
  }
  tenon_p_text_append(&t, text + from, i - from);
  raw = tenon_p_text_take(&t);
  if (!raw) return NULL;
  shown = tenon_p_utf8_replace(raw, strlen(raw), &n);
  free(raw);
  return shown;
}

/* --- Errors ------------------------------------------------------------------------ */

typedef struct place {
  const char *line; /* that says it */
  size_t line_len;
  const char *file; /* in the text; NULL: none */
  size_t file_len;
  uint32_t number;
} place;

/* "file:12:" or "file:12:5:" at the begin of a line: how long it is. */
static size_t read_place(const char *s, size_t len, place *p)
{
  size_t i, n;

  for (i = 1; i + 1 < len; i++) {
    uint32_t number = 0;
    if (s[i] != ':') continue;
    n = i + 1;
    while (n < len && s[n] >= '0' && s[n] <= '9' && number < 100000000)
      number = number * 10 + (uint32_t)(s[n++] - '0');
    if (n == i + 1) {
      /* A word that ends in a colon and a space ends the place, too. */
      if (s[n] == ' ') return 0;
      continue;
    }
    p->file = s;
    p->file_len = i;
    p->number = number;
    if (n < len && s[n] == ':' && s[n + 1] >= '0' && s[n + 1] <= '9') {
      n++;
      while (n < len && s[n] >= '0' && s[n] <= '9')
        n++;
    }
    return n < len && s[n] == ':' ? n + 1 : n;
  }
  return 0;
}

static bool begins(const char *s, size_t len, const char *word)
{
  size_t n = strlen(word);

  return len >= n && memcmp(s, word, n) == 0;
}

static bool is_error(const char *s, size_t len)
{
  while (len && *s == ' ') {
    s++;
    len--;
  }
  return begins(s, len, "error:") || begins(s, len, "fatal error:") ||
         begins(s, len, "error[") || begins(s, len, "undefined reference");
}

/* " --> file:12:5", which rustc has below. */
static void read_arrow(const char *s, size_t len, place *p)
{
  const char *at = memmem(s, len, "--> ", 4);

  if (at && at < s + 16) read_place(at + 4, len - (size_t)(at + 4 - s), p);
}

/* The first line that tells an error. */
static bool find_error(const char *s, place *p)
{
  *p = (place){0};
  while (*s) {
    size_t len = strcspn(s, "\n"), n;
    place at = {0};
    n = read_place(s, len, &at);
    if (is_error(s + n, len - n)) {
      const char *next = s + len + (s[len] == '\n');
      *p = at;
      p->line = s;
      p->line_len = len;
      if (!p->file) read_arrow(next, strcspn(next, "\n"), p);
      return true;
    }
    s += len;
    if (*s) s++;
  }
  return false;
}

/* Lines that only say where what follows stands are no loss; the line of the
 * error is not said twice where it is the first. */
int tenon_p_compiler_fail(tenon_p_build_failure *f, tenon_p_failure_code code,
                          const char *text, size_t len,
                          const tenon_p_renamed *renamed, size_t count)
{
  char *shown = tenon_p_compiler_shown(text, len, renamed, count);
  tenon_p_text t = TENON_P_TEXT_INIT;
  place p = {0};
  size_t n;

  if (!shown) return tenon_p_fail_source_memory(f);
  n = strlen(shown);
  while (n && strchr(" \t\r\n", shown[n - 1]))
    shown[--n] = '\0';
  if (find_error(shown, &p) && p.line != shown) {
    if (!begins(p.line, p.line_len, "error") || !p.file) {
      tenon_p_text_append(&t, p.line, p.line_len);
    } else {
      tenon_p_text_append(&t, p.file, p.file_len);
      tenon_p_text_printf(&t, ":%u: ", (unsigned)p.number);
      tenon_p_text_append(&t, p.line, p.line_len);
    }
    tenon_p_text_puts(&t, "\n");
  } else if (p.line && p.file && begins(p.line, p.line_len, "error")) {
    tenon_p_text_append(&t, p.file, p.file_len);
    tenon_p_text_printf(&t, ":%u: ", (unsigned)p.number);
  }
  if (n > MOST_BYTES) {
    size_t cut = MOST_BYTES;
    /* Not inside of a character. */
    while (cut && ((unsigned char)shown[cut] & 0xc0) == 0x80)
      cut--;
    tenon_p_text_append(&t, shown, cut);
    tenon_p_text_printf(&t, "\n(%zu bytes more)", n - cut);
  } else {
    tenon_p_text_append(&t, shown, n);
  }
  tenon_p_failure_release(f);
  f->code = code;
  f->line = p.number;
  if (p.file) f->file = tenon_p_strndup(p.file, p.file_len);
  f->message = tenon_p_text_take(&t);
  free(shown);
  if (!f->message || (p.file && !f->file)) return tenon_p_fail_source_memory(f);
  return -1;
}
