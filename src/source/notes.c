#include "source/notes.h"

#include <ctype.h>
#include <string.h>

typedef struct reader {
  tenon_p_store *store;
  tenon_p_notes *notes;
  const char *file;
  uint32_t line;
  const char *at; /* in the line, which ends with a NUL */
  const char *problem;
} reader;

static const struct {
  const char *word;
  int least, most; /* names that follow */
} words[] = {[TENON_P_NOTE_BUF] = {"buf", 2, 2},
             [TENON_P_NOTE_OUT] = {"out", 1, 1},
             [TENON_P_NOTE_INOUT] = {"inout", 1, 1},
             [TENON_P_NOTE_KEEP] = {"keep", 1, 1},
             [TENON_P_NOTE_OPT] = {"opt", 1, 1},
             [TENON_P_NOTE_STR] = {"str", 1, 1},
             [TENON_P_NOTE_OWN] = {"own", 0, 1},
             [TENON_P_NOTE_NAME] = {"name", 1, 1},
             [TENON_P_NOTE_ASYNC] = {"async", 0, 0},
             [TENON_P_NOTE_SKIP] = {"skip", 0, 0},
             [TENON_P_NOTE_BIG] = {"big", 0, 1},
             [TENON_P_NOTE_NUM] = {"num", 0, 1}};

static const char *const keys[] = {"cflags", "std",     "link",
                                   "pkg",    "sources", "threads"};

static int fail(reader *r, const char *what, const char *name)
{
  if (!r->problem && !r->store->failed)
    r->problem = tenon_p_store_printf(r->store, "%s:%u: @js: %s%s%s%s", r->file,
                                      (unsigned)r->line, what, name ? " '" : "",
                                      name ? name : "", name ? "'" : "");
  return -1;
}

static void skip_space(reader *r)
{
  while (*r->at == ' ' || *r->at == '\t')
    r->at++;
}

static bool take(reader *r, char c)
{
  skip_space(r);
  if (*r->at != c) return false;
  r->at++;
  return true;
}

static bool is_name(char c)
{
  return isalnum((unsigned char)c) || c == '_' || c == '$' ||
         (unsigned char)c >= 0x80;
}

/* NULL where there is none. */
static const char *take_name(reader *r)
{
  const char *from;

  skip_space(r);
  from = r->at;
  while (is_name(*r->at))
    r->at++;
  return r->at == from
             ? NULL
             : tenon_p_store_strndup(r->store, from, (size_t)(r->at - from));
}

static int take_note(reader *r, tenon_p_noted *f)
{
  const char *word = take_name(r);
  tenon_p_note note = {TENON_P_NOTE_BUF, NULL, NULL, false}, *to;
  size_t i;
  int n = 0;

  if (!word) return fail(r, "expected a word, as in out(p) or buf(p, n)", NULL);
  for (i = 0; strcmp(words[i].word, word) != 0;)
    if (++i == tenon_p_countof(words)) return fail(r, "there is no word", word);
  note.kind = (enum tenon_p_note_kind)i;
  if (take(r, '(')) {
    do {
      const char *name = take_name(r);
      if (!name) return fail(r, "a name is missing behind", word);
      if (n == 0) note.first = name;
      if (n == 1) note.second = name;
      n++;
    } while (take(r, ','));
    if (!take(r, ')')) return fail(r, "a ')' is missing behind", word);
  } else if (words[i].most == 1) {
    /* `out p`; but `own, …` has none. */
    note.first = take_name(r);
    n = note.first != NULL;
  }
  if (n < words[i].least || n > words[i].most)
    return fail(r, "another number of names belongs to", word);
  to = tenon_p_store_push(r->store, &f->notes, &f->count, sizeof *to);
  if (!to) return -1;
  *to = note;
  return 0;
}

static int take_handle(reader *r)
{
  tenon_p_said_word *h;
  const char *type = take_name(r), *close = NULL;

  if (type && take(r, ',')) close = take_name(r);
  if (!type || !close || !take(r, ')'))
    return fail(r, "expected handle(TYPE, FUNCTION)", NULL);
  h = tenon_p_store_push(r->store, &r->notes->handles, &r->notes->handle_count,
                         sizeof *h);
  if (!h) return -1;
  *h = (tenon_p_said_word){type, close, r->file, r->line};
  return 0;
}

static int take_function(reader *r, const char *name)
{
  tenon_p_noted *f;

  if (strcmp(name, "handle") == 0) return take_handle(r);
  if (tenon_p_notes_of(r->notes, name))
    return fail(r, "there are two lines for", name);
  f = tenon_p_store_push(r->store, &r->notes->noted, &r->notes->noted_count,
                         sizeof *f);
  if (!f) return -1;
  *f = (tenon_p_noted){.function = name, .file = r->file, .line = r->line};
  if (take(r, ')')) return 0;
  do {
    if (take_note(r, f)) return -1;
  } while (take(r, ','));
  return take(r, ')') ? 0 : fail(r, "a ')' is missing behind", name);
}

static int take_word(reader *r, const char *key)
{
  tenon_p_said_word *w;
  size_t i = 0, len;

  while (strcmp(keys[i], key) != 0)
    if (++i == tenon_p_countof(keys)) return fail(r, "a file has no", key);
  skip_space(r);
  len = strlen(r->at);
  while (len && isspace((unsigned char)r->at[len - 1]))
    len--;
  if (!len) return fail(r, "nothing follows", key);
  w = tenon_p_store_push(r->store, &r->notes->words, &r->notes->word_count,
                         sizeof *w);
  if (!w) return -1;
  *w = (tenon_p_said_word){key, tenon_p_store_strndup(r->store, r->at, len),
                           r->file, r->line};
  r->at += strlen(r->at);
  return 0;
}

/* `f64 cos(f64 x)`, `struct point { f64 x; f64 y; }`: no note begins with two
 * words, or with a pointer. */
static bool is_declaration(const char *line)
{
  while (is_name(*line))
    line++;
  line += strspn(line, " \t");
  return is_name(*line) || *line == '*';
}

static int add_declaration(reader *r)
{
  tenon_p_declared *d = tenon_p_store_push(
      r->store, &r->notes->declared, &r->notes->declared_count, sizeof *d);

  if (!d) return -1;
  *d = (tenon_p_declared){r->at, r->file, r->line};
  return 0;
}

/* What stands behind @js. */
static int read_line(reader *r)
{
  const char *name = take_name(r);

  if (!name)
    return fail(r, "expected a function and '(', or a word and ':'", NULL);
  if (take(r, ':')) {
    if (take_word(r, name)) return -1;
  } else if (!take(r, '(')) {
    return fail(r, "expected '(' or ':' behind", name);
  } else if (take_function(r, name)) {
    return -1;
  }
  skip_space(r);
  if (*r->at && strncmp(r->at, "*/", 2) != 0)
    return fail(r, "more stands behind", name);
  return 0;
}

/* Behind a comment's sign and @js, or NULL: the line is not for us. */
static const char *find_note(const char *line, bool is_plain)
{
  while (*line == ' ' || *line == '\t')
    line++;
  if (is_plain) return *line && *line != '#' ? line : NULL;
  if (strncmp(line, "//", 2) != 0 && strncmp(line, "/*", 2) != 0 &&
      *line != '*')
    return NULL;
  line += strspn(line, "/*! \t");
  if (strncmp(line, "@js", 3) != 0 || !strchr(" \t", line[3]) || !line[3])
    return NULL;
  return line + 3;
}

int tenon_p_notes_read(tenon_p_store *s, tenon_p_notes *n, const char *file,
                       const char *text, size_t len, bool is_plain,
                       const char **problem)
{
  const char *end = text + len;
  reader r = {.store = s, .notes = n, .file = file};

  *problem = NULL;
  while (text < end) {
    const char *stop = memchr(text, '\n', (size_t)(end - text));
    size_t size = (size_t)((stop ? stop : end) - text);
    char *line = NULL;
    r.line++;
    /* Most lines have none, and are not copied. */
    if (is_plain || memmem(text, size, "@js", 3)) {
      if (size && text[size - 1] == '\r') size--;
      line = tenon_p_store_strndup(s, text, size);
      if (!line) return -1;
      r.at = find_note(line, is_plain);
      if (r.at && (is_plain && is_declaration(r.at) ? add_declaration
                                                    : read_line)(&r)) {
        *problem = r.problem;
        return -1;
      }
    }
    text = stop ? stop + 1 : end;
  }
  return s->failed ? -1 : 0;
}

tenon_p_noted *tenon_p_notes_of(const tenon_p_notes *n, const char *function)
{
  size_t i;

  for (i = 0; i < n->noted_count; i++)
    if (strcmp(n->noted[i].function, function) == 0) return &n->noted[i];
  return NULL;
}

tenon_p_note *tenon_p_note_find(tenon_p_noted *f, enum tenon_p_note_kind kind,
                                const char *name)
{
  size_t i;

  if (!f) return NULL;
  for (i = 0; i < f->count; i++) {
    tenon_p_note *n = &f->notes[i];
    if (n->kind == kind && (!name || (n->first && strcmp(n->first, name) == 0)))
      return n;
  }
  return NULL;
}
