#include "bind/declare-doc.h"

#include <string.h>

#include "base/utf8.h"

const char *tenon_p_docs_find(const tenon_p_docs *d, const char *name,
                              const char *member)
{
  const tenon_item *const *p = d->module->items_begin;
  size_t len = strlen(name);

  for (; p != d->module->items_end; p++) {
    const char *of = (*p)->name;
    if ((*p)->kind != TENON_ITEM_DOC || strncmp(of, name, len) != 0) continue;
    if (!member && !of[len]) return (*p)->doc;
    if (member && of[len] == '.' && strcmp(of + len + 1, member) == 0)
      return (*p)->doc;
  }
  return NULL;
}

/* --- Lines ----------------------------------------------------------------------- */

typedef struct line {
  const char *at;
  size_t len;
} line;

/* The next line, without white space at its end; false when there is none. */
static bool next_line(const char **p, const char *end, line *l)
{
  const char *from = *p, *to;

  if (!from) return false;
  to = memchr(from, '\n', (size_t)(end - from));
  *p = to ? to + 1 : NULL;
  if (!to) to = end;
  while (to > from && (to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\r'))
    to--;
  *l = (line){from, (size_t)(to - from)};
  return true;
}

static size_t indent_of(const line *l)
{
  size_t n = 0;

  while (n < l->len && (l->at[n] == ' ' || l->at[n] == '\t'))
    n++;
  return n;
}

/* A backslash or @ and a word: its length, else 0. */
static size_t tag_length(const line *l)
{
  size_t n = 1;

  if (!l->len || (l->at[0] != '@' && l->at[0] != '\\')) return 0;
  while (n < l->len && l->at[n] >= 'a' && l->at[n] <= 'z')
    n++;
  return n > 1 ? n : 0;
}

static bool is_tag(const line *l, size_t n, const char *word)
{
  return n == strlen(word) + 1 && strncmp(l->at + 1, word, n - 1) == 0;
}

/* Tags as TypeScript knows them, of those that Doxygen has. */
static void append_line(tenon_p_text *doc, line l)
{
  size_t n = tag_length(&l);
  const char *close;

  if (is_tag(&l, n, "brief")) {
    l = (line){l.at + n, l.len - n};
    n = indent_of(&l);
    tenon_p_text_append(doc, l.at + n, l.len - n);
  } else if (is_tag(&l, n, "param") || is_tag(&l, n, "return") ||
             is_tag(&l, n, "returns") || is_tag(&l, n, "throws")) {
    tenon_p_text_append(doc, "@", 1);
    tenon_p_text_append(doc, l.at + 1, n - 1);
    close = l.len > n && l.at[n] == '[' ? memchr(l.at, ']', l.len) : NULL;
    if (close) n = (size_t)(close + 1 - l.at);
    tenon_p_text_append(doc, l.at + n, l.len - n);
  } else {
    tenon_p_text_append(doc, l.at, l.len);
  }
  tenon_p_text_append(doc, "\n", 1);
}

void tenon_p_doc_append(tenon_p_text *doc, const char *text, size_t len)
{
  const char *p = text, *end = text + len;
  size_t common = SIZE_MAX, blank = 0, n;
  line l;

  while (next_line(&p, end, &l))
    if (l.len && (n = indent_of(&l)) < common) common = n;
  for (p = text; next_line(&p, end, &l);) {
    if (!l.len) {
      blank++;
      continue;
    }
    for (; blank; blank--)
      if (doc->len) tenon_p_text_append(doc, "\n", 1);
    append_line(doc, (line){l.at + common, l.len - common});
  }
}

/* --- Tags ------------------------------------------------------------------------ */

/* Is the last line of a text one of a tag's? An empty line ends it. */
static bool ends_in_tag(const tenon_p_text *doc)
{
  const char *p = doc->data, *end = p + doc->len;
  bool is_in = false;
  line l;

  while (next_line(&p, end, &l)) {
    if (l.len && l.at[0] == '@')
      is_in = true;
    else if (!l.len && p)
      is_in = false;
  }
  return is_in;
}

void tenon_p_doc_add_tag(tenon_p_text *doc, const char *tag, const char *text)
{
  if (doc->len && !ends_in_tag(doc)) tenon_p_text_append(doc, "\n", 1);
  tenon_p_text_printf(doc, "%s ", tag);
  tenon_p_doc_append(doc, text, strlen(text));
}

/* Where a note of the parameter belongs: behind its name; NULL: nowhere. */
static const char *find_param(const tenon_p_text *doc, const char *name)
{
  const char *p = doc->data, *end = p + doc->len;
  size_t len = strlen(name), n;
  line l, rest;

  while (doc->len && next_line(&p, end, &l)) {
    n = tag_length(&l);
    if (!is_tag(&l, n, "param")) continue;
    rest = (line){l.at + n, l.len - n};
    n = indent_of(&rest);
    if (n && rest.len >= n + len && strncmp(rest.at + n, name, len) == 0 &&
        (rest.len == n + len || strchr(" \t:-", rest.at[n + len])))
      return rest.at + n + len;
  }
  return NULL;
}

void tenon_p_doc_add_param(tenon_p_text *doc, const char *name,
                           const char *note)
{
  const char *at = find_param(doc, name);
  tenon_p_text t = TENON_P_TEXT_INIT;

  if (at) {
    tenon_p_text_append(&t, doc->data, (size_t)(at - doc->data));
    tenon_p_text_printf(&t, " %s", note);
    tenon_p_text_append(&t, at, (size_t)(doc->data + doc->len - at));
    if (doc->failed) t.failed = true;
    tenon_p_text_release(doc);
    *doc = t;
    return;
  }
  tenon_p_text_printf(&t, "@param %s", name);
  if (t.failed)
    doc->failed = true;
  else
    tenon_p_doc_add_tag(doc, t.data, note);
  tenon_p_text_release(&t);
}

/* --- Comments -------------------------------------------------------------------- */

/* Nothing in it ends the comment. */
static void put_line(tenon_p_text *out, const line *l)
{
  const uint8_t *p = (const uint8_t *)l->at, *end = p + l->len, *from;
  uint32_t c, before = 0;

  for (; p < end; before = c) {
    from = p;
    c = tenon_p_utf8_decode(&p, end);
    if (c == '/' && before == '*')
      tenon_p_text_puts(out, "\\/");
    else if ((c < 0x20 && c != '\t') || c == 0x7f || c == 0x2028 || c == 0x2029)
      tenon_p_text_puts(out, " ");
    else if (c == 0xfffd)
      tenon_p_text_puts(out, "\xef\xbf\xbd");
    else
      tenon_p_text_append(out, (const char *)from, (size_t)(p - from));
  }
}

void tenon_p_doc_put(const tenon_p_text *doc, tenon_p_text *out,
                     const char *indent)
{
  const char *p = doc->data, *end = p + doc->len;
  line l;

  if (doc->failed) out->failed = true;
  if (doc->failed || !doc->len) return;
  if (end[-1] == '\n') end--;
  if (!memchr(p, '\n', (size_t)(end - p)) && doc->len < 72) {
    l = (line){p, (size_t)(end - p)};
    tenon_p_text_printf(out, "%s/** ", indent);
    put_line(out, &l);
    tenon_p_text_puts(out, " */\n");
    return;
  }
  tenon_p_text_printf(out, "%s/**\n", indent);
  while (next_line(&p, end, &l)) {
    tenon_p_text_printf(out, l.len ? "%s * " : "%s *", indent);
    put_line(out, &l);
    tenon_p_text_puts(out, "\n");
  }
  tenon_p_text_printf(out, "%s */\n", indent);
}
