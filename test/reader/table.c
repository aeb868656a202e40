#include "table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FIELDS = 12, MAX_NESTING = 100 };

typedef struct line {
  char *fields[MAX_FIELDS]; /* decoded; "" for "-" */
  bool is_raw_dash[MAX_FIELDS];
  int count, indent;
} line;

struct table {
  char *text;
  line *lines;
  size_t count;
  size_t *types; /* the line of a number, and 1 */
  size_t type_count;
};

static bool decode(char *s)
{
  char *to = s;

  for (; *s; s++) {
    unsigned char c = (unsigned char)*s;

    if (c <= 0x20 || c >= 0x7f) return false;
    if (c == '%') {
      unsigned code;

      if (sscanf(s + 1, "%2x", &code) != 1 || !s[1] || !s[2] || !code)
        return false;
      *to++ = (char)code;
      s += 2;
    } else {
      *to++ = (char)c;
    }
  }
  *to = '\0';
  return true;
}

static bool split(char *s, line *l)
{
  l->indent = 0;
  while (*s == ' ') {
    l->indent++;
    s++;
  }
  if (l->indent != 0 && l->indent != 2) return false;
  l->count = 0;
  for (;;) {
    char *space = strchr(s, ' ');

    if (l->count == MAX_FIELDS || !*s || *s == ' ') return false;
    if (space) *space = '\0';
    l->is_raw_dash[l->count] = !strcmp(s, "-");
    if (l->is_raw_dash[l->count])
      *s = '\0';
    else if (!decode(s))
      return false;
    l->fields[l->count++] = s;
    if (!space) return true;
    s = space + 1;
  }
}

static bool is_number(const char *s)
{
  char *end;

  errno = 0;
  if (*s == '-')
    strtoll(s, &end, 10);
  else
    strtoull(s, &end, 10);
  return *s && !*end && !errno;
}

/*
 * What follows a word: n a number, t a type (0 is void), T one that is not void,
 * s a name, s or u, f flags, h hex, ? a number or a question mark. The second
 * column: the word that it belongs to; NULL for a line of its own.
 */
static const struct {
  const char *word, *kind, *fields;
  const char *above[3];
} forms[] = {
    {"tenon-table", NULL, "n", {0}},
    {"unit", NULL, "sss", {0}},
    {"module", NULL, "s", {0}},
    {"type", "bool", "sn", {0}},
    {"type", "int", "snx", {0}},
    {"type", "utf", "sn", {0}},
    {"type", "float", "sn", {0}},
    {"type", "complex", "sn", {0}},
    {"type", "pointer", "t", {0}},
    {"type", "reference", "t", {0}},
    {"type", "typedef", "st", {0}},
    {"type", "const", "t", {0}},
    {"type", "volatile", "t", {0}},
    {"type", "restrict", "t", {0}},
    {"type", "atomic", "t", {0}},
    {"type", "record", "ssnnsns", {0}},
    {"member", NULL, "stn", {"record"}},
    {"bits", NULL, "stnn", {"record"}},
    {"type", "enum", "snxsn", {0}},
    {"value", NULL, "sn", {"enum"}},
    {"type", "array", "t?", {0}},
    {"type", "vector", "t?", {0}},
    {"type", "function", "tf", {0}},
    {"param", NULL, "st", {"function"}},
    {"type", "unknown", "s", {0}},
    {"function", NULL, "sstsnfs", {0}},
    {"variable", NULL, "sstsnh", {0}},
    {"note", NULL, "s", {0}},
    {"end", NULL, "", {0}},
};

static bool is_field(const table *t, const line *l, int i, char kind)
{
  const char *s = l->fields[i];
  size_t id;

  switch (kind) {
  case 'n': return is_number(s);
  case '?': return is_number(s) || !strcmp(s, "?");
  case 'x': return !strcmp(s, "s") || !strcmp(s, "u");
  case 'f': return l->is_raw_dash[i] || (*s && strspn(s, "vunwi") == strlen(s));
  case 'h':
    return l->is_raw_dash[i] || (*s && strlen(s) % 2 == 0 &&
                                 strspn(s, "0123456789abcdef") == strlen(s));
  case 't':
    if (!is_number(s) || *s == '-') return false;
    id = strtoul(s, NULL, 10);
    return !id || (id < t->type_count && t->types[id]);
  default: return true;
  }
}

static bool is_well_formed(const table *t, const line *l, const char *above)
{
  bool is_type = !strcmp(l->fields[0], "type");
  size_t i;
  int j, from = is_type ? 3 : 1;

  for (i = 0; i < sizeof forms / sizeof *forms; i++) {
    if (strcmp(forms[i].word, l->fields[0]) ||
        (is_type && (l->count < 3 || strcmp(forms[i].kind, l->fields[2]))))
      continue;
    if ((l->indent != 0) != (forms[i].above[0] != NULL)) return false;
    if (forms[i].above[0] && strcmp(forms[i].above[0], above)) return false;
    if (l->count - from != (int)strlen(forms[i].fields)) return false;
    for (j = from; j < l->count; j++)
      if (!is_field(t, l, j, forms[i].fields[j - from])) return false;
    return true;
  }
  return false;
}

static bool add_types(table *t, size_t *bad)
{
  size_t i, id, most = 0;

  for (i = 0; i < t->count; i++) {
    line *l = &t->lines[i];

    *bad = i;
    if (l->indent || strcmp(l->fields[0], "type")) continue;
    if (l->count < 3 || !is_number(l->fields[1])) return false;
    id = strtoul(l->fields[1], NULL, 10);
    if (!id || id > t->count) return false;
    if (id > most) most = id;
  }
  t->type_count = most + 1;
  t->types = calloc(t->type_count, sizeof *t->types);
  for (i = 0; t->types && i < t->count; i++) {
    *bad = i;
    if (t->lines[i].indent || strcmp(t->lines[i].fields[0], "type")) continue;
    id = strtoul(t->lines[i].fields[1], NULL, 10);
    if (t->types[id]) return false;
    t->types[id] = i + 1;
  }
  return t->types != NULL;
}

/* A type is in itself, or too deep for one who lays it out; `states` are 0: not
 * looked at, 1: it is being looked at, 2: it is fine. */
static bool is_endless(const table *t, const char *number, char *states,
                       int depth)
{
  static const char *const through[] = {
      "typedef", "const", "volatile", "restrict", "atomic", "array", "vector"};
  size_t id = strtoul(number, NULL, 10), i, at;
  bool is_bad = false;
  const line *l;

  if (!id || states[id] == 2) return false;
  if (states[id] == 1 || depth > 1000) return true;
  states[id] = 1;
  at = t->types[id] - 1;
  l = &t->lines[at];
  for (i = 0; i < sizeof through / sizeof *through; i++)
    if (!strcmp(l->fields[2], through[i]))
      is_bad = is_endless(t, l->fields[i ? 3 : 4], states, depth + 1);
  if (!strcmp(l->fields[2], "record"))
    for (i = at + 1; i < t->count && t->lines[i].indent && !is_bad; i++)
      is_bad = is_endless(t, t->lines[i].fields[2], states, depth + 1);
  if (!is_bad) states[id] = 2;
  return is_bad;
}

static bool has_endless(const table *t)
{
  char *states = calloc(1, t->type_count + 1);
  bool is_bad = !states;
  size_t i;

  for (i = 0; i < t->count && !is_bad; i++)
    if (!t->lines[i].indent && !strcmp(t->lines[i].fields[0], "type"))
      is_bad = is_endless(t, t->lines[i].fields[1], states, 0);
  free(states);
  return is_bad;
}

table *table_parse(const char *text, size_t len, char *problem, size_t size)
{
  table *t = calloc(1, sizeof *t);
  const char *above = "";
  size_t i, bad = 0;
  char *s, *next;

  snprintf(problem, size, "it does not end");
  if (!t || !(t->text = malloc(len + 1))) goto fail;
  memcpy(t->text, text, len);
  t->text[len] = '\0';
  if (strlen(t->text) != len || len < 4 || strcmp(t->text + len - 4, "end\n"))
    goto fail;
  for (i = 0; i < len; i++)
    if (text[i] == '\n') t->count++;
  t->lines = calloc(t->count, sizeof *t->lines);
  if (!t->lines) goto fail;
  for (i = 0, s = t->text; i < t->count; i++, s = next) {
    char copy[80];

    next = strchr(s, '\n');
    *next++ = '\0';
    snprintf(copy, sizeof copy, "%s", s);
    snprintf(problem, size, "line %zu is not of fields: %s", i + 1, copy);
    if (!split(s, &t->lines[i])) goto fail;
  }
  snprintf(problem, size, "it does not begin");
  if (strcmp(t->lines[0].fields[0], "tenon-table")) goto fail;
  snprintf(problem, size, "a type is wrong");
  if (!add_types(t, &bad)) goto fail;
  for (i = 0; i < t->count; i++) {
    line *l = &t->lines[i];

    snprintf(problem, size, "line %zu is not well formed: %s", i + 1,
             l->fields[0]);
    if (!is_well_formed(t, l, above)) goto fail;
    if (!l->indent)
      above = strcmp(l->fields[0], "type") ? l->fields[0] : l->fields[2];
  }
  snprintf(problem, size, "a record contains itself");
  if (has_endless(t)) goto fail;
  return t;
fail:
  table_free(t);
  return NULL;
}

void table_free(table *t)
{
  if (!t) return;
  free(t->text);
  free(t->lines);
  free(t->types);
  free(t);
}

/* --- how it is shown --- */

static const char *base_name(const char *path)
{
  const char *slash = strrchr(path, '/');

  return slash ? slash + 1 : path;
}

static void show_type(const table *t, const char *number, FILE *out, int depth);

static void show_params(const table *t, size_t at, const char *flags, FILE *out,
                        int depth)
{
  bool is_first = true;
  size_t i;

  for (i = at + 1; i < t->count && t->lines[i].indent; i++) {
    fputs(is_first ? "" : ", ", out);
    is_first = false;
    show_type(t, t->lines[i].fields[2], out, depth + 1);
    if (*t->lines[i].fields[1]) fprintf(out, " %s", t->lines[i].fields[1]);
  }
  if (strchr(flags, 'v')) fputs(is_first ? "..." : ", ...", out);
  if (strchr(flags, 'u')) fputs(is_first ? "?" : ", ?", out);
}

static void show_named(const line *l, FILE *out)
{
  bool is_record = !strcmp(l->fields[2], "record");
  const char *kind = is_record ? l->fields[3] : l->fields[2];
  const char *name = l->fields[is_record ? 4 : 3];
  const char *at = l->fields[is_record ? 8 : 7];

  if (*name)
    fprintf(out, "%s %s", kind, name);
  else
    fprintf(out, "%s :%s", kind, at);
}

static void show_number(const line *l, FILE *out)
{
  unsigned bits = (unsigned)atoi(l->fields[4]) * 8;
  const char *kind = l->fields[2], *name = l->fields[3];

  if (!strcmp(kind, "int") && !strcmp(name, "char"))
    fputs("char", out);
  else if (!strcmp(kind, "int"))
    fprintf(out, "%c%u", *l->fields[5] == 's' ? 'i' : 'u', bits);
  else if (!strcmp(kind, "bool"))
    fputs(bits == 8 ? "bool" : "wide bool", out);
  else
    fprintf(out, "%s%u", kind, bits);
}

static void show_type(const table *t, const char *number, FILE *out, int depth)
{
  size_t id = strtoul(number, NULL, 10), at;
  const char *kind;
  const line *l;

  if (!id) {
    fputs("void", out);
    return;
  }
  if (depth > MAX_NESTING) {
    fputs("...", out);
    return;
  }
  at = t->types[id] - 1;
  l = &t->lines[at];
  kind = l->fields[2];
  if (!strcmp(kind, "pointer") || !strcmp(kind, "reference")) {
    fputs(*kind == 'p' ? "*" : "&", out);
    show_type(t, l->fields[3], out, depth + 1);
  } else if (!strcmp(kind, "typedef")) {
    fputs(l->fields[3], out);
  } else if (!strcmp(kind, "const") || !strcmp(kind, "volatile") ||
             !strcmp(kind, "restrict") || !strcmp(kind, "atomic")) {
    fprintf(out, "%s ", kind);
    show_type(t, l->fields[3], out, depth + 1);
  } else if (!strcmp(kind, "record") || !strcmp(kind, "enum")) {
    show_named(l, out);
  } else if (!strcmp(kind, "array") || !strcmp(kind, "vector")) {
    fprintf(out, *kind == 'a' ? "[%s]" : "<%s>", l->fields[4]);
    show_type(t, l->fields[3], out, depth + 1);
  } else if (!strcmp(kind, "function")) {
    fputs("fn(", out);
    show_params(t, at, l->fields[4], out, depth);
    fputs(") -> ", out);
    show_type(t, l->fields[3], out, depth + 1);
  } else if (!strcmp(kind, "unknown")) {
    fprintf(out, "unknown <%s>", l->fields[3]);
  } else {
    show_number(l, out);
  }
}

static void show_place(const char *file, const char *at, FILE *out,
                       bool is_placed)
{
  if (is_placed) fprintf(out, " %s:%s", base_name(file), at);
}

static void show_members(const table *t, size_t at, FILE *out)
{
  size_t i;

  for (i = at + 1; i < t->count && t->lines[i].indent; i++) {
    const line *m = &t->lines[i];

    fputs(i == at + 1 ? " " : ", ", out);
    if (!strcmp(m->fields[0], "value")) {
      fprintf(out, "%s=%s", m->fields[1], m->fields[2]);
      continue;
    }
    show_type(t, m->fields[2], out, 0);
    if (*m->fields[1]) fprintf(out, " %s", m->fields[1]);
    if (!strcmp(m->fields[0], "bits"))
      fprintf(out, " @%s:%s", m->fields[3], m->fields[4]);
    else
      fprintf(out, " @%s", m->fields[3]);
  }
}

static void show_line(const table *t, size_t at, FILE *out, bool is_placed)
{
  const line *l = &t->lines[at];
  const char *word = l->fields[0];

  if (!strcmp(word, "function")) {
    fprintf(out, "function %s", l->fields[1]);
    if (strcmp(l->fields[1], l->fields[2])) fprintf(out, " = %s", l->fields[2]);
    fputs("(", out);
    show_params(t, at, l->fields[6], out, 0);
    fputs(") -> ", out);
    show_type(t, l->fields[3], out, 0);
    show_place(l->fields[4], l->fields[5], out, is_placed);
    if (strpbrk(l->fields[6], "nwi")) fprintf(out, " %s", l->fields[6]);
    if (*l->fields[7]) fprintf(out, " <%s>", l->fields[7]);
  } else if (!strcmp(word, "variable")) {
    fprintf(out, "variable %s: ", l->fields[1]);
    show_type(t, l->fields[3], out, 0);
    show_place(l->fields[4], l->fields[5], out, is_placed);
    if (*l->fields[6]) fprintf(out, " = %s", l->fields[6]);
  } else if (!strcmp(word, "type") && !strcmp(l->fields[2], "typedef")) {
    fprintf(out, "typedef %s = ", l->fields[3]);
    show_type(t, l->fields[4], out, 0);
  } else if (!strcmp(word, "type") && !strcmp(l->fields[2], "enum")) {
    show_named(l, out);
    fprintf(out, " %s%s {", l->fields[4], l->fields[5]);
    show_members(t, at, out);
    fputs(" }", out);
  } else if (!strcmp(word, "type") && !strcmp(l->fields[2], "record")) {
    show_named(l, out);
    fprintf(out, " %s", l->fields[5]);
    if (strcmp(l->fields[6], "0")) fprintf(out, " aligned %s", l->fields[6]);
    if (strcmp(l->fields[5], "-1")) {
      fputs(" {", out);
      show_members(t, at, out);
      fputs(" }", out);
    }
    if (*l->fields[9]) fprintf(out, " <%s>", l->fields[9]);
  } else if (!strcmp(word, "module") || !strcmp(word, "note")) {
    fprintf(out, "%s %s", word, l->fields[1]);
  } else if (!strcmp(word, "unit")) {
    fprintf(out, "unit %s %s", l->fields[1], base_name(l->fields[2]));
  } else {
    return;
  }
  fputs("\n", out);
}

void table_show(const table *t, FILE *out, bool is_placed)
{
  size_t i;

  for (i = 0; i < t->count; i++)
    if (!t->lines[i].indent) show_line(t, i, out, is_placed);
}
