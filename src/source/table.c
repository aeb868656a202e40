/*
 * The reader is our own program, but what it reads may be damaged: every number is
 * checked, and a cycle of typedefs ends.
 */
#include "source/table.h"

#include <stdlib.h>
#include <string.h>

#define MOST_FIELDS 12
#define MOST_TYPES 1000000
#define MOST_DIMENSIONS 64

typedef struct parser {
  tenon_p_store *store;
  tenon_p_table *table;
  const char *language;
  char *fields[MOST_FIELDS]; /* of the line, decoded */
  size_t field_count;
  tenon_p_ctype *type;         /* whose members follow, or NULL */
  tenon_p_cfunction *function; /* the same */
  const char *problem;
  size_t line;
} parser;

static bool fail(parser *p, const char *what)
{
  if (!p->problem && !p->store->failed)
    p->problem = tenon_p_store_printf(p->store, "the reader's line %zu: %s",
                                      p->line, what);
  return false;
}

static int digit(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void decode(char *s)
{
  char *to = s;

  if (strcmp(s, "-") == 0) *s = '\0';
  for (; *s; s++) {
    if (*s == '%' && digit(s[1]) >= 0 && digit(s[2]) >= 0) {
      *to++ = (char)(digit(s[1]) * 16 + digit(s[2]));
      s += 2;
    } else {
      *to++ = *s;
    }
  }
  *to = '\0';
}

static bool split(parser *p, const char *line, size_t len)
{
  char *s = tenon_p_store_strndup(p->store, line, len), *space;

  p->field_count = 0;
  while (s) {
    if (p->field_count == MOST_FIELDS) return fail(p, "too many words");
    space = strchr(s, ' ');
    if (space) *space = '\0';
    decode(s);
    p->fields[p->field_count++] = s;
    s = space ? space + 1 : NULL;
  }
  return !p->store->failed;
}

static bool number(parser *p, size_t i, int64_t least, int64_t most,
                   int64_t *out)
{
  char *end;
  long long n;

  if (i >= p->field_count) return fail(p, "too few words");
  n = strtoll(p->fields[i], &end, 10);
  if (end == p->fields[i] || *end || n < least || n > most)
    return fail(p, "a number is not right");
  *out = n;
  return true;
}

/* An id; the types are all there before any is looked at. */
static const tenon_p_ctype *type_at(parser *p, size_t i)
{
  int64_t id;

  if (!number(p, i, 0, (int64_t)p->table->type_count - 1, &id)) return NULL;
  return &p->table->types[id];
}

static bool has(const parser *p, size_t i, char letter)
{
  return i < p->field_count && strchr(p->fields[i], letter);
}

static const char *text(const parser *p, size_t i)
{
  return i < p->field_count ? p->fields[i] : "";
}

static const char *reason(const parser *p, size_t i)
{
  return text(p, i)[0] ? text(p, i) : NULL;
}

static const char *const shapes[] = {[TENON_P_SHAPE_VOID] = "void",
                                     [TENON_P_SHAPE_BOOL] = "bool",
                                     [TENON_P_SHAPE_INT] = "int",
                                     [TENON_P_SHAPE_UTF] = "utf",
                                     [TENON_P_SHAPE_FLOAT] = "float",
                                     [TENON_P_SHAPE_COMPLEX] = "complex",
                                     [TENON_P_SHAPE_POINTER] = "pointer",
                                     [TENON_P_SHAPE_REFERENCE] = "reference",
                                     [TENON_P_SHAPE_TYPEDEF] = "typedef",
                                     [TENON_P_SHAPE_CONST] = "const",
                                     [TENON_P_SHAPE_VOLATILE] = "volatile",
                                     [TENON_P_SHAPE_RESTRICT] = "restrict",
                                     [TENON_P_SHAPE_ATOMIC] = "atomic",
                                     [TENON_P_SHAPE_RECORD] = "record",
                                     [TENON_P_SHAPE_ENUM] = "enum",
                                     [TENON_P_SHAPE_ARRAY] = "array",
                                     [TENON_P_SHAPE_VECTOR] = "vector",
                                     [TENON_P_SHAPE_FUNCTION] = "function",
                                     [TENON_P_SHAPE_UNKNOWN] = "unknown"};

static bool sized(parser *p, tenon_p_ctype *t, size_t i)
{
  t->name = text(p, i);
  return number(p, i + 1, -1, INT32_MAX, &t->size);
}

static bool line_of(parser *p, size_t i, const char **file, uint32_t *line)
{
  int64_t n;

  if (!number(p, i + 1, 0, UINT32_MAX, &n)) return false;
  *file = text(p, i);
  *line = (uint32_t)n;
  return true;
}

static bool read_record(parser *p, tenon_p_ctype *t)
{
  int64_t align;

  t->kind = text(p, 3);
  if (!sized(p, t, 4) || !number(p, 6, 0, 1 << 20, &align) ||
      !line_of(p, 7, &t->file, &t->line))
    return false;
  t->align = (uint32_t)align;
  t->reason = reason(p, 9);
  return true;
}

static bool read_array(parser *p, tenon_p_ctype *t)
{
  t->to = type_at(p, 3);
  t->count = -1;
  if (!t->to) return false;
  return strcmp(text(p, 4), "?") == 0 || number(p, 4, 0, INT32_MAX, &t->count);
}

/* type ID KIND … */
static bool read_type(parser *p)
{
  const tenon_p_ctype *at = type_at(p, 1);
  tenon_p_ctype *t = at ? &p->table->types[at->id] : NULL;
  const char *kind = text(p, 2);
  size_t shape = 1;

  if (!t) return false;
  if (t->id == 0 || t->shape != TENON_P_SHAPE_UNKNOWN || t->reason)
    return fail(p, "a type is there twice");
  while (shape < tenon_p_countof(shapes) && strcmp(kind, shapes[shape]) != 0)
    shape++;
  if (shape == tenon_p_countof(shapes)) return fail(p, "a kind of type");
  t->shape = (enum tenon_p_shape)shape;
  t->language = p->language;
  p->type = t;
  p->function = NULL;
  switch (t->shape) {
  case TENON_P_SHAPE_BOOL:
  case TENON_P_SHAPE_UTF:
  case TENON_P_SHAPE_FLOAT:
  case TENON_P_SHAPE_COMPLEX: return sized(p, t, 3);
  case TENON_P_SHAPE_INT: t->is_signed = has(p, 5, 's'); return sized(p, t, 3);
  case TENON_P_SHAPE_ENUM:
    t->is_signed = has(p, 5, 's');
    return sized(p, t, 3) && line_of(p, 6, &t->file, &t->line);
  case TENON_P_SHAPE_TYPEDEF:
    t->name = text(p, 3);
    t->to = type_at(p, 4);
    return t->to;
  case TENON_P_SHAPE_POINTER:
  case TENON_P_SHAPE_REFERENCE:
    t->size = sizeof(void *);
    /* fall through */
  case TENON_P_SHAPE_CONST:
  case TENON_P_SHAPE_VOLATILE:
  case TENON_P_SHAPE_RESTRICT:
  case TENON_P_SHAPE_ATOMIC: t->to = type_at(p, 3); return t->to;
  case TENON_P_SHAPE_RECORD: return read_record(p, t);
  case TENON_P_SHAPE_ARRAY:
  case TENON_P_SHAPE_VECTOR: return read_array(p, t);
  case TENON_P_SHAPE_FUNCTION:
    t->to = type_at(p, 3);
    t->is_variadic = has(p, 4, 'v');
    t->has_no_prototype = has(p, 4, 'u');
    return t->to;
  default: t->reason = reason(p, 3) ? reason(p, 3) : "not known"; return true;
  }
}

static tenon_p_cmember *add_member(parser *p)
{
  tenon_p_cmember *m;

  if (p->function)
    return tenon_p_store_push(p->store, &p->function->params,
                              &p->function->param_count, sizeof *m);
  if (p->type)
    return tenon_p_store_push(p->store, &p->type->members,
                              &p->type->member_count, sizeof *m);
  fail(p, "a member of nothing");
  return NULL;
}

/* member NAME TYPE OFFSET; bits NAME TYPE AT BITS; param NAME TYPE; value NAME
 * NUMBER */
static bool read_member(parser *p, const char *word)
{
  bool has_type = strcmp(word, "value") != 0;
  tenon_p_cmember *m = add_member(p);
  int64_t bits = 0;

  if (!m) return false;
  m->name = text(p, 1);
  m->type = has_type ? type_at(p, 2) : &p->table->types[0];
  if (!m->type) return false;
  if (!has_type) return number(p, 2, INT64_MIN, INT64_MAX, &m->at);
  if (strcmp(word, "param") == 0) return true;
  if (!number(p, 3, INT32_MIN, INT64_C(8) * INT32_MAX, &m->at)) return false;
  if (strcmp(word, "bits") == 0 && !number(p, 4, 0, 128, &bits)) return false;
  m->bits = (uint32_t)bits;
  return true;
}

/* What is known of a symbol already, and by whom it cannot be called. */
static tenon_p_cfunction *known(parser *p, const char *symbol)
{
  size_t i;

  for (i = 0; i < p->table->function_count; i++)
    if (strcmp(p->table->functions[i].symbol, symbol) == 0)
      return &p->table->functions[i];
  return NULL;
}

/* function NAME SYMBOL RESULT FILE LINE FLAGS REASON; what is declared comes last,
 * and counts. */
static bool read_function(parser *p)
{
  tenon_p_table *t = p->table;
  bool is_declared = strcmp(p->language, "declared") == 0;
  tenon_p_cfunction *f = is_declared ? known(p, text(p, 2)) : NULL;

  if (is_declared && !f)
    return fail(p, "a function is declared that is not exported");
  if (!f)
    f = tenon_p_store_push(p->store, &t->functions, &t->function_count,
                           sizeof *f);
  if (!f) return false;
  *f = (tenon_p_cfunction){.name = NULL};
  f->name = text(p, 1);
  f->symbol = text(p, 2);
  f->language = p->language;
  f->result = type_at(p, 3);
  f->is_variadic = has(p, 6, 'v');
  f->has_no_prototype = has(p, 6, 'u');
  f->reason = reason(p, 7);
  p->function = f;
  p->type = NULL;
  if (!f->name[0] || !f->symbol[0]) return fail(p, "a function has no name");
  return f->result && line_of(p, 4, &f->file, &f->line);
}

/* variable NAME SYMBOL TYPE FILE LINE HEX */
static bool read_variable(parser *p)
{
  tenon_p_table *t = p->table;
  tenon_p_cvariable *v = tenon_p_store_push(p->store, &t->variables,
                                            &t->variable_count, sizeof *v);

  if (!v) return false;
  v->name = text(p, 1);
  v->symbol = text(p, 2);
  v->type = type_at(p, 3);
  v->hex = text(p, 6);
  return v->type && line_of(p, 4, &v->file, &v->line);
}

static bool push_text(parser *p, const char ***list, size_t *count)
{
  const char **at = tenon_p_store_push(p->store, list, count, sizeof *at);

  if (at) *at = text(p, 1);
  return at;
}

static bool read_line(parser *p)
{
  const char *word = p->fields[0];

  if (strcmp(word, "type") == 0) return read_type(p);
  if (strcmp(word, "function") == 0) return read_function(p);
  if (strcmp(word, "variable") == 0) return read_variable(p);
  if (strcmp(word, "member") == 0 || strcmp(word, "bits") == 0 ||
      strcmp(word, "param") == 0 || strcmp(word, "value") == 0)
    return read_member(p, word);
  if (strcmp(word, "unit") == 0) {
    p->language = text(p, 1);
    return true;
  }
  if (strcmp(word, "note") == 0)
    return push_text(p, &p->table->notes, &p->table->note_count);
  if (strcmp(word, "module") == 0)
    return push_text(p, &p->table->modules, &p->table->module_count);
  return fail(p, "a word is not known");
}

/* Types may stand in front of those that they are made of. */
size_t tenon_p_table_count_types(const char *text, size_t len)
{
  const char *s = text, *end = text + len, *at;
  long id, most = 0;

  for (; s < end; s++) {
    if (end - s > 5 && memcmp(s, "type ", 5) == 0) {
      /* The text need not end in a NUL. */
      for (id = 0, at = s + 5; at < end && *at >= '0' && *at <= '9'; at++)
        if (id <= MOST_TYPES) id = id * 10 + (*at - '0');
      if (id > most && id <= MOST_TYPES) most = id;
    }
    s = memchr(s, '\n', (size_t)(end - s));
    if (!s) break;
  }
  return (size_t)most + 1;
}

static bool read_lines(parser *p, const char *s, const char *end)
{
  bool is_first = true;

  while (s < end) {
    const char *stop = memchr(s, '\n', (size_t)(end - s));
    if (!stop) break;
    while (s < stop && *s == ' ')
      s++;
    p->line++;
    if (!split(p, s, (size_t)(stop - s))) return false;
    s = stop + 1;
    if (is_first) {
      if (strcmp(p->fields[0], "tenon-table") != 0 ||
          strcmp(text(p, 1), "1") != 0)
        return fail(p, "no table of this version");
      is_first = false;
      continue;
    }
    if (strcmp(p->fields[0], "end") == 0) return true;
    if (!read_line(p)) return false;
  }
  return fail(p, "it ends too early");
}

/* Elements of elements come to an end; what has members is looked at elsewhere, to
 * a depth. */
static bool check_elements(parser *p)
{
  const tenon_p_table *table = p->table;
  size_t i;
  int depth;

  for (i = 1; i < table->type_count; i++) {
    const tenon_p_ctype *t = &table->types[i];
    for (depth = 0;
         t->shape == TENON_P_SHAPE_ARRAY || t->shape == TENON_P_SHAPE_VECTOR;
         depth++) {
      if (depth == MOST_DIMENSIONS)
        return fail(p, "a type has too many dimensions");
      t = tenon_p_ctype_bare(t->to);
    }
  }
  return true;
}

tenon_p_table *tenon_p_table_parse(tenon_p_store *s, const char *text,
                                   size_t len, const char **problem)
{
  parser p = {.store = s, .language = "other"};
  tenon_p_table *t = tenon_p_store_alloc(s, sizeof *t);
  size_t i;

  *problem = NULL;
  if (!t) return NULL;
  p.table = t;
  t->type_count = tenon_p_table_count_types(text, len);
  t->types = tenon_p_store_alloc(s, t->type_count * sizeof *t->types);
  if (!t->types) return NULL;
  for (i = 0; i < t->type_count; i++) {
    t->types[i].id = (uint32_t)i;
    t->types[i].name = t->types[i].file = t->types[i].language = "";
    t->types[i].shape = i ? TENON_P_SHAPE_UNKNOWN : TENON_P_SHAPE_VOID;
    t->types[i].to = &t->types[0];
  }
  if (read_lines(&p, text, text + len) && check_elements(&p) && !s->failed)
    return t;
  *problem = p.problem;
  return NULL;
}

static bool is_wrapper(const tenon_p_ctype *t)
{
  return t->shape >= TENON_P_SHAPE_TYPEDEF && t->shape <= TENON_P_SHAPE_ATOMIC;
}

const tenon_p_ctype *tenon_p_ctype_bare(const tenon_p_ctype *t)
{
  static const tenon_p_ctype cycle = {.id = UINT32_MAX,
                                      .shape = TENON_P_SHAPE_UNKNOWN,
                                      .name = "",
                                      .file = "",
                                      .language = "",
                                      .reason = "a type that is made of itself",
                                      .to = &cycle};
  int i;

  for (i = 0; i < 64 && is_wrapper(t); i++)
    t = t->to;
  return is_wrapper(t) ? &cycle : t;
}

bool tenon_p_ctype_is_const(const tenon_p_ctype *t)
{
  int i;

  for (i = 0; i < 64 && is_wrapper(t); i++) {
    if (t->shape == TENON_P_SHAPE_CONST) return true;
    t = t->to;
  }
  return false;
}
