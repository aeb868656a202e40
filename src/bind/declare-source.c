/*
 * Comments of sources. A source may be gone or another one by now: what is not
 * found there, in just the place that the table says, is not there. A name of
 * a table may be that of a pipe or a device: only files are opened.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "bind/declare-doc.h"

#define MOST_BYTES (16 << 20) /* of a source */
#define MOST_LINES 64         /* of a function's head */

void tenon_p_docs_release(tenon_p_docs *d)
{
  tenon_p_source *s;

  while ((s = d->sources)) {
    d->sources = s->next;
    free(s->path);
    free(s->data);
    free(s);
  }
}

/* The file's text, NUL-terminated; NULL when it cannot be read. */
static char *read_file(const char *path, size_t *len, bool *failed)
{
  int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  char *data = NULL;
  struct stat st;
  ssize_t n = 1;

  *len = 0;
  if (file < 0) return NULL;
  if (fstat(file, &st) == 0 && S_ISREG(st.st_mode) &&
      st.st_size <= MOST_BYTES) {
    data = tenon_p_malloc((size_t)st.st_size + 1);
    if (!data) *failed = true;
    while (data && n > 0 && *len < (size_t)st.st_size) {
      n = read(file, data + *len, (size_t)st.st_size - *len);
      if (n > 0) *len += (size_t)n;
    }
    if (data) data[*len] = '\0';
  }
  close(file);
  return data;
}

/* The source of this name, read once; NULL when out of memory. */
static const tenon_p_source *load(tenon_p_docs *d, const char *name,
                                  bool *failed)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  tenon_p_source *s;
  char *path;

  if (name[0] != '/') tenon_p_text_printf(&t, "%s/", d->source_dir);
  tenon_p_text_puts(&t, name);
  path = tenon_p_text_take(&t);
  for (s = d->sources; path && s; s = s->next) {
    if (strcmp(s->path, path) == 0) {
      free(path);
      return s;
    }
  }
  s = path ? tenon_p_calloc(sizeof *s) : NULL;
  if (!s) {
    free(path);
    *failed = true;
    return NULL;
  }
  s->path = path;
  s->data = read_file(path, &s->len, failed);
  s->next = d->sources;
  d->sources = s;
  return s;
}

/* --- Places ---------------------------------------------------------------------- */

static bool is_word(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '_' || c == '$' || (c & 0x80);
}

static const char *line_begin(const tenon_p_source *s, const char *p)
{
  while (p > s->data && p[-1] != '\n')
    p--;
  return p;
}

/* NULL when the source has fewer lines. */
static const char *find_line(const tenon_p_source *s, uint32_t line)
{
  const char *p = s->data, *end = s->data + s->len;

  for (; line > 1; line--) {
    p = memchr(p, '\n', (size_t)(end - p));
    if (!p) return NULL;
    p++;
  }
  return line ? p : NULL;
}

/* Does a line begin with `word (`? Its parenthesis. */
static const char *find_parenthesis(const char *p)
{
  while (*p == ' ' || *p == '\t')
    p++;
  if (!is_word(*p)) return NULL;
  while (is_word(*p))
    p++;
  while (*p == ' ' || *p == '\t')
    p++;
  return *p == '(' ? p : NULL;
}

/* Behind the parenthesis that closes the one at `p`; NULL when none does. */
static const char *find_close(const char *p)
{
  int depth = 0;
  char quote = 0;

  for (; *p; p++) {
    if (quote) {
      if (*p == '\\' && p[1])
        p++;
      else if (*p == quote)
        quote = 0;
    } else if (*p == '"' || *p == '\'') {
      quote = *p;
    } else if (*p == '(') {
      depth++;
    } else if (*p == ')' && --depth == 0) {
      return p + 1;
    }
  }
  return NULL;
}

static bool has_word(const char *p, const char *end, const char *word)
{
  size_t len = strlen(word);

  for (; (size_t)(end - p) >= len; p++)
    if (strncmp(p, word, len) == 0 && !is_word(p[-1]) && !is_word(p[len]))
      return true;
  return false;
}

/*
 * Where the macro call begins that made the function: compilers say its first
 * or its last line. What is there must name the function, or the source has
 * changed.
 */
static const char *find_head(const tenon_p_source *s, uint32_t line,
                             const char *name)
{
  const char *at = find_line(s, line), *p = at, *open, *close;
  int lines;

  for (lines = 0; p && lines < MOST_LINES; lines++) {
    open = find_parenthesis(p);
    close = open ? find_close(open) : NULL;
    if (close && close > at) return has_word(open + 1, close, name) ? p : NULL;
    if (p == s->data) return NULL;
    p = line_begin(s, p - 1);
  }
  return NULL;
}

/* --- Comments -------------------------------------------------------------------- */

static bool is_space(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A comment that ends at `end`, the lines of which begin by asterisks. */
static void append_block(const tenon_p_source *s, tenon_p_text *out,
                         const char *end)
{
  const char *p = end - 2, *to, *mark;

  for (end -= 2;; p--) {
    if (p < s->data + 2) return;
    if (p[-2] == '/' && p[-1] == '*') break;
  }
  /* Of this function only what stands in front of it. */
  if (*p++ != '*' || p > end || *p == '*' || *p == '<') return;
  for (to = p - 3; to > s->data && to[-1] != '\n'; to--)
    if (!is_space(to[-1])) return;
  while (p <= end) {
    to = memchr(p, '\n', (size_t)(end - p));
    if (!to) to = end;
    for (mark = p; mark < to && is_space(*mark); mark++)
      ;
    if (mark < to && *mark == '*') p = mark + 1;
    tenon_p_text_append(out, p, (size_t)(to - p));
    tenon_p_text_append(out, "\n", 1);
    p = to + 1;
  }
}

/* Lines of `///` up to the one that ends at `end`. */
static void append_lines(const tenon_p_source *s, tenon_p_text *out,
                         const char *end)
{
  const char *first = NULL, *p = line_begin(s, end), *mark;

  for (;;) {
    for (mark = p; *mark == ' ' || *mark == '\t'; mark++)
      ;
    if (strncmp(mark, "///", 3) != 0 || mark[3] == '/') break;
    first = p;
    if (p == s->data) break;
    p = line_begin(s, p - 1);
  }
  for (p = first; p && p < end;) {
    const char *to = memchr(p, '\n', (size_t)(end - p));
    if (!to) to = end;
    p = strstr(p, "///") + 3;
    tenon_p_text_append(out, p, (size_t)(to - p));
    tenon_p_text_append(out, "\n", 1);
    p = to + 1;
  }
}

/* The comment that stands right above what begins at `p`. */
static void append_above(const tenon_p_source *s, tenon_p_text *out,
                         const char *p)
{
  tenon_p_text raw = TENON_P_TEXT_INIT;

  if (p == s->data) return;
  /* An empty line makes it a comment of its own. */
  for (p--; p > s->data && (p[-1] == ' ' || p[-1] == '\t' || p[-1] == '\r');
       p--)
    ;
  if (p - s->data >= 5 && p[-2] == '*' && p[-1] == '/')
    append_block(s, &raw, p);
  else
    append_lines(s, &raw, p);
  if (raw.failed) out->failed = true;
  if (raw.len && !strstr(raw.data, "@file") && !strstr(raw.data, "\\file"))
    tenon_p_doc_append(out, raw.data, raw.len);
  tenon_p_text_release(&raw);
}

bool tenon_p_docs_load(tenon_p_docs *d, const char *file)
{
  bool failed = false;

  if (d->source_dir && file && file[0]) load(d, file, &failed);
  return !failed;
}

void tenon_p_docs_append_source(tenon_p_docs *d, tenon_p_text *out,
                                const char *file, uint32_t line,
                                const char *word)
{
  const tenon_p_source *s;
  const char *p;
  bool failed = false;

  if (!d->source_dir || !file || !file[0]) return;
  s = load(d, file, &failed);
  if (failed) out->failed = true;
  if (!s || !s->data) return;
  p = find_head(s, line, word);
  if (p) append_above(s, out, p);
}

/* Does a line define a type of this name? The first argument of a macro, or the
 * second where the first is a result. */
static bool defines_type(const char *p, const char *name)
{
  static const char *const macros[] = {
      "STRUCT", "STRUCT_AS", "ENUM",     "ENUM_AS",       "FLAGS",  "FLAGS_AS",
      "TUPLE",  "EITHER",    "CALLBACK", "CALLBACK_ONCE", "STREAM", "ITERABLE"};
  size_t len = strcspn(p, "(\n"), i;
  const char *end;

  if (strncmp(p, "TENON_", 6) != 0 || p[len] != '(') return false;
  for (i = 0; i < tenon_p_countof(macros); i++)
    if (strlen(macros[i]) == len - 6 && strncmp(p + 6, macros[i], len - 6) == 0)
      break;
  if (i == tenon_p_countof(macros)) return false;
  p += len + 1;
  if (strncmp(macros[i], "CALLBACK", 8) == 0 ||
      strcmp(macros[i], "STREAM") == 0 || strcmp(macros[i], "ITERABLE") == 0)
    p += strcspn(p, ",\n");
  if (*p == ',') p++;
  while (*p == ' ')
    p++;
  end = p + strlen(name);
  return strncmp(p, name, strlen(name)) == 0 && !is_word(*end);
}

void tenon_p_docs_append_type_source(const tenon_p_docs *d, tenon_p_text *out,
                                     const char *name)
{
  const tenon_p_source *s;
  const char *p;

  for (s = d->sources; s; s = s->next) {
    for (p = s->data; p; p = strchr(p, '\n')) {
      if (*p == '\n') p++;
      if (!defines_type(p, name)) continue;
      append_above(s, out, p);
      return;
    }
  }
}
