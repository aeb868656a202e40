#include "source/declare.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct named {
  const char *name;
  size_t id;
} named;

typedef struct declarer {
  tenon_p_store *store;
  tenon_p_text *out;
  const tenon_p_declared *line;
  const char *at;
  size_t next; /* id */
  named *names;
  size_t name_count;
  const char *problem;
} declarer;

/* A word, and the line of its type. */
static const struct {
  const char *word, *line;
} scalars[] = {
    {"bool", "bool bool 1"},  {"i8", "int i8 1 s"},   {"u8", "int u8 1 u"},
    {"i16", "int i16 2 s"},   {"u16", "int u16 2 u"}, {"i32", "int i32 4 s"},
    {"u32", "int u32 4 u"},   {"i64", "int i64 8 s"}, {"u64", "int u64 8 u"},
    {"size", "int size 8 u"}, {"f32", "float f32 4"}, {"f64", "float f64 8"},
    {"char", "int char 1 s"}};

static int fail(declarer *d, const char *what)
{
  if (!d->problem && !d->store->failed)
    d->problem = tenon_p_store_printf(d->store, "%s:%u: %s", d->line->file,
                                      (unsigned)d->line->line, what);
  return -1;
}

static void skip_space(declarer *d)
{
  while (isspace((unsigned char)*d->at))
    d->at++;
}

static bool take(declarer *d, char c)
{
  skip_space(d);
  if (*d->at != c) return false;
  d->at++;
  return true;
}

static const char *take_name(declarer *d)
{
  const char *from;

  skip_space(d);
  from = d->at;
  while (isalnum((unsigned char)*d->at) || *d->at == '_')
    d->at++;
  return d->at == from
             ? NULL
             : tenon_p_store_strndup(d->store, from, (size_t)(d->at - from));
}

/* --- Types ---------------------------------------------------------------- */

static size_t find(const declarer *d, const char *name)
{
  size_t i;

  for (i = 0; i < d->name_count; i++)
    if (strcmp(d->names[i].name, name) == 0) return d->names[i].id;
  return 0;
}

static size_t add(declarer *d, const char *name)
{
  named *n = tenon_p_store_push(d->store, &d->names, &d->name_count, sizeof *n);

  if (!n) return 0;
  *n = (named){name, d->next++};
  return n->id;
}

static size_t derive(declarer *d, const char *kind, size_t to)
{
  tenon_p_text_printf(d->out, "type %zu %s %zu\n", d->next, kind, to);
  return d->next++;
}

/* One that is named; 0 is void. -1: a failure. */
static int find_type(declarer *d, const char *name, size_t *id)
{
  size_t i;

  *id = 0;
  if (strcmp(name, "none") == 0 || strcmp(name, "void") == 0) return 0;
  if (strcmp(name, "cstr") == 0) {
    if (find_type(d, "char", id)) return -1;
    *id = derive(d, "pointer", derive(d, "const", *id));
    return 0;
  }
  *id = find(d, name);
  if (*id) return 0;
  *id = add(d, name);
  if (!*id) return -1;
  for (i = 0; i < tenon_p_countof(scalars); i++) {
    if (strcmp(scalars[i].word, name) != 0) continue;
    tenon_p_text_printf(d->out, "type %zu %s\n", *id, scalars[i].line);
    return 0;
  }
  tenon_p_text_printf(d->out, "type %zu record struct %s -1 0 - 0 -\n", *id,
                      name);
  return 0;
}

/* `const u8 *`, `struct point`, `f64` */
static int take_type(declarer *d, size_t *id)
{
  const char *name = take_name(d);
  bool is_const = name && strcmp(name, "const") == 0;

  if (is_const) name = take_name(d);
  if (name && (strcmp(name, "struct") == 0 || strcmp(name, "enum") == 0))
    name = take_name(d);
  if (!name) return fail(d, "expected a type");
  if (find_type(d, name, id)) return -1;
  if (is_const) *id = derive(d, "const", *id);
  while (take(d, '*'))
    *id = derive(d, "pointer", *id);
  return 0;
}

/* --- Lines ---------------------------------------------------------------- */

static int64_t size_of(const char *name, int64_t *align)
{
  size_t i;

  for (i = 0; i < tenon_p_countof(scalars); i++)
    if (strcmp(scalars[i].word, name) == 0) {
      const char *at = strrchr(scalars[i].line, ' ');
      if (!isdigit((unsigned char)at[1])) at -= 2;
      return *align = atoi(at);
    }
  return *align = 0;
}

/* struct NAME { TYPE NAME; … }: of scalars, laid out as C does. */
static int take_struct(declarer *d)
{
  const char *name = take_name(d), *type, *member;
  tenon_p_text members = TENON_P_TEXT_INIT;
  int64_t at = 0, most = 1, align, size;
  size_t id, to;
  int r = -1;

  if (!name || !take(d, '{')) return fail(d, "expected struct NAME {");
  if (find(d, name)) return fail(d, "a struct is declared behind its use");
  id = add(d, name);
  while (id && !take(d, '}')) {
    type = take_name(d);
    member = type ? take_name(d) : NULL;
    if (!member || !(take(d, ';') || strchr(d->at, '}'))) {
      fail(d, "expected TYPE NAME; or }");
      goto out;
    }
    size = size_of(type, &align);
    if (!size) {
      fail(d, "members are of bool, numbers or char");
      goto out;
    }
    if (find_type(d, type, &to)) goto out;
    at = (at + align - 1) / align * align;
    tenon_p_text_printf(&members, "member %s %zu %lld\n", member, to,
                        (long long)at);
    at += size;
    if (align > most) most = align;
  }
  tenon_p_text_printf(d->out, "type %zu record struct %s %lld 0 - 0 -\n", id,
                      name, (long long)((at + most - 1) / most * most));
  tenon_p_text_puts(d->out, members.data ? members.data : "");
  r = members.failed || !id ? -1 : 0;
out:
  tenon_p_text_release(&members);
  return r;
}

/* enum NAME { A, B = 2 } */
static int take_enum(declarer *d)
{
  const char *name = take_name(d), *value;
  long long number = 0;
  char *end;
  size_t id;

  if (!name || !take(d, '{')) return fail(d, "expected enum NAME {");
  if (find(d, name)) return fail(d, "an enum is declared behind its use");
  id = add(d, name);
  if (!id) return -1;
  tenon_p_text_printf(d->out, "type %zu enum %s 4 s %s %u\n", id, name, "-",
                      (unsigned)d->line->line);
  do {
    value = take_name(d);
    if (!value) break;
    if (take(d, '=')) {
      number = strtoll(d->at, &end, 0);
      if (end == d->at) return fail(d, "expected a number");
      d->at = end;
    }
    tenon_p_text_printf(d->out, "value %s %lld\n", value, number++);
  } while (take(d, ','));
  return take(d, '}') ? 0 : fail(d, "expected a name, ',' or '}'");
}

/* TYPE NAME(TYPE NAME, …) */
static int take_function(declarer *d)
{
  tenon_p_text params = TENON_P_TEXT_INIT;
  const char *name, *param, *last;
  size_t result, type, count = 0;
  int r = -1;

  if (take_type(d, &result)) return -1;
  name = take_name(d);
  if (!name || !take(d, '(')) {
    fail(d, "expected TYPE NAME(");
    goto out;
  }
  last = d->at;
  param = take_name(d);
  if (!param || strcmp(param, "void") != 0 || !strchr(d->at, ')')) d->at = last;
  while (!take(d, ')')) {
    if (count++ && !take(d, ',')) {
      fail(d, "expected ',' or ')'");
      goto out;
    }
    if (take_type(d, &type)) goto out;
    param = take_name(d);
    tenon_p_text_printf(&params, "param %s %zu\n", param ? param : "-", type);
  }
  skip_space(d);
  if (*d->at == ';') d->at++;
  skip_space(d);
  if (*d->at) {
    fail(d, "more stands behind the function");
    goto out;
  }
  tenon_p_text_printf(d->out, "function %s %s %zu %s %u - -\n", name, name,
                      result,
                      strpbrk(d->line->file, " %") ? "-" : d->line->file,
                      (unsigned)d->line->line);
  tenon_p_text_puts(d->out, params.data ? params.data : "");
  r = params.failed ? -1 : 0;
out:
  tenon_p_text_release(&params);
  return r;
}

static bool begins(const char *line, const char *word)
{
  size_t n = strlen(word);

  return strncmp(line, word, n) == 0 && strchr(" \t", line[n]) &&
         strchr(line, '{');
}

int tenon_p_declare_native(tenon_p_store *s, const tenon_p_notes *n,
                           size_t first, tenon_p_text *out,
                           const char **problem)
{
  declarer d = {.store = s, .out = out, .next = first};
  size_t i;
  int r = 0;

  *problem = NULL;
  tenon_p_text_puts(out, "unit declared - -\n");
  for (i = 0; r == 0 && i < n->declared_count; i++) {
    d.line = &n->declared[i];
    d.at = d.line->text;
    if (begins(d.at, "struct")) {
      d.at += 6;
      r = take_struct(&d);
    } else if (begins(d.at, "enum")) {
      d.at += 4;
      r = take_enum(&d);
    } else {
      r = take_function(&d);
    }
  }
  *problem = d.problem;
  return r || s->failed || out->failed ? -1 : 0;
}
