/* Values: which types go by value, and what they are in JavaScript. */
#include <string.h>

#include "source/layout.h"
#include "source/binding.h"

#define MOST_DEPTH 8
#define MOST_ELEMENTS 1024
#define MOST_MEMBERS 64

static const tenon_p_word no_memory = {.kind = TENON_P_WORD_REFUSED,
                                       .reason = "memory has run out"};

static const tenon_p_word *word_of(tenon_p_plan *p, const tenon_p_ctype *t,
                                   int depth);

static bool refuse(tenon_p_word *w, const char *reason)
{
  w->kind = TENON_P_WORD_REFUSED;
  w->reason = reason;
  return false;
}

/* The typedef that is made for it, or its tag. */
const char *tenon_p_type_name_of(const tenon_p_plan *p, const tenon_p_ctype *t)
{
  const tenon_p_table *table = p->table;
  size_t i;

  for (i = 0; i < table->type_count; i++) {
    const tenon_p_ctype *d = &table->types[i];
    if (d->shape == TENON_P_SHAPE_TYPEDEF && d->to == t &&
        (!t->name[0] || strcmp(d->name, t->name) != 0) && d->name[0])
      return d->name;
  }
  return t->name;
}

static const char *shown_name(const tenon_p_ctype *t)
{
  return t->name[0] ? t->name : "a type without a name";
}

static bool number(tenon_p_word *w, const char *scalar)
{
  w->kind = TENON_P_WORD_NUMBER;
  w->scalar = scalar;
  return true;
}

const char *tenon_p_integer_word(const tenon_p_ctype *t)
{
  static const char *const names[2][9] = {
      {[1] = "u8", [2] = "u16", [4] = "u32", [8] = "u64"},
      {[1] = "i8", [2] = "i16", [4] = "i32", [8] = "i64"}};

  return t->size > 0 && t->size < 9 ? names[t->is_signed][t->size] : NULL;
}

static bool integer(tenon_p_word *w, const tenon_p_ctype *t)
{
  const char *name = tenon_p_integer_word(t);

  if (name) return number(w, name);
  return refuse(w, t->size == 16 ? "an integer of 128 bits"
                                 : "an integer of an unusual size");
}

static bool floating(tenon_p_word *w, const tenon_p_ctype *t)
{
  if (t->size == 4) return number(w, "f32");
  if (t->size == 8) return number(w, "f64");
  if (t->size == 2) return refuse(w, "a floating-point number of 16 bits");
  w->kind = TENON_P_WORD_LONG_DOUBLE;
  w->is_staged = true;
  w->goes_out = false;
  return true;
}

/* Values that fit the descriptor's, each of a name of its own. */
static bool has_names(const tenon_p_ctype *t)
{
  size_t i;

  if (t->size > 4 || !t->member_count || t->member_count > 4096) return false;
  for (i = 0; i < t->member_count; i++)
    if (t->members[i].at < INT32_MIN || t->members[i].at > UINT32_MAX ||
        !t->members[i].name[0])
      return false;
  return true;
}

static bool elements(tenon_p_plan *p, tenon_p_word *w, const tenon_p_ctype *of,
                     int64_t count, int depth)
{
  w->kind = TENON_P_WORD_TUPLE;
  if (count < 1) return refuse(w, "an array of no fixed size");
  if (count > MOST_ELEMENTS)
    return refuse(w, "an array of more than 1024 elements");
  w->count = (uint32_t)count;
  w->of = word_of(p, of, depth + 1);
  if (w->of->kind == TENON_P_WORD_REFUSED) return refuse(w, w->of->reason);
  w->is_staged = w->of->is_staged;
  w->goes_out = w->of->goes_out;
  w->has_pointers = w->of->has_pointers;
  w->lends = w->of->lends;
  return true;
}

static bool complex_number(tenon_p_plan *p, tenon_p_word *w,
                           const tenon_p_ctype *t)
{
  tenon_p_word *part = tenon_p_store_alloc(p->store, sizeof *part);
  tenon_p_ctype *type = tenon_p_store_alloc(p->store, sizeof *type);

  if (t->size != 8 && t->size != 16)
    return refuse(w, "a complex number of long doubles");
  if (!part || !type) return refuse(w, no_memory.reason);
  *type = (tenon_p_ctype){.shape = TENON_P_SHAPE_FLOAT,
                          .name = "",
                          .file = "",
                          .language = "",
                          .size = t->size / 2};
  part->type = type;
  part->goes_out = true;
  number(part, t->size == 8 ? "f32" : "f64");
  w->kind = TENON_P_WORD_TUPLE;
  w->count = 2;
  w->of = part;
  return true;
}

static bool is_distrusted(const tenon_p_plan *p, uint32_t id)
{
  size_t i;

  for (i = 0; i < p->distrusted_count; i++)
    if (p->distrusted[i] == id) return true;
  return false;
}

static bool add_members(tenon_p_plan *p, tenon_p_word *w,
                        const tenon_p_ctype *t, const char *path, int depth);

static bool add_member(tenon_p_plan *p, tenon_p_word *w,
                       const tenon_p_cmember *m, const char *path, size_t i,
                       int depth)
{
  const tenon_p_ctype *bare = tenon_p_ctype_bare(m->type);
  const char *here =
      tenon_p_store_printf(p->store, "%s%sm%zu", path, path[0] ? "." : "", i);
  tenon_p_word_member *to;
  size_t k;

  if (!here) return refuse(w, no_memory.reason);
  if (!m->name[0]) {
    if (bare->shape != TENON_P_SHAPE_RECORD)
      return refuse(w, "a member has no name");
    if (strcmp(bare->kind, "union") == 0)
      return refuse(w, "it holds a union: which member counts is not known");
    return add_members(p, w, bare, here, depth + 1);
  }
  if (w->member_count == MOST_MEMBERS)
    return refuse(w, "it has more than 64 members");
  for (k = 0; k < w->member_count; k++)
    if (strcmp(w->members[k].name, m->name) == 0)
      return refuse(w, "two members have one name");
  to = tenon_p_store_push(p->store, &w->members, &w->member_count, sizeof *to);
  if (!to) return refuse(w, no_memory.reason);
  *to = (tenon_p_word_member){.name = m->name,
                              .path = here,
                              .word = word_of(p, m->type, depth + 1),
                              .bits = m->bits,
                              .is_signed = bare->is_signed};
  if (to->word->kind == TENON_P_WORD_REFUSED)
    return refuse(w, tenon_p_store_printf(p->store, "its member '%s': %s",
                                          m->name, to->word->reason));
  if (m->bits && to->word->kind != TENON_P_WORD_NUMBER &&
      to->word->kind != TENON_P_WORD_ENUM)
    return refuse(w, "a bit-field of no number");
  w->is_staged |= to->word->is_staged || m->bits;
  w->goes_out &= to->word->goes_out;
  w->has_pointers |= to->word->has_pointers;
  w->lends |= to->word->lends;
  return true;
}

static bool add_members(tenon_p_plan *p, tenon_p_word *w,
                        const tenon_p_ctype *t, const char *path, int depth)
{
  size_t i;

  if (depth > MOST_DEPTH)
    return refuse(w, "structs are too deep in each other");
  for (i = 0; i < t->member_count; i++)
    if (!add_member(p, w, &t->members[i], path, i, depth)) return false;
  return true;
}

static bool record(tenon_p_plan *p, tenon_p_word *w, const tenon_p_ctype *t,
                   int depth)
{
  const char *problem;

  if (strcmp(t->kind, "union") == 0)
    return refuse(w, "a union: which member counts is not known");
  problem = is_distrusted(p, t->id) ? "its layout cannot be written in C"
                                    : tenon_p_layout_problem(t);
  if (problem)
    return refuse(w, tenon_p_store_printf(p->store, "%s %s: %s", t->kind,
                                          shown_name(t), problem));
  w->kind = TENON_P_WORD_STRUCT;
  w->is_staged = !tenon_p_layout_is_plain(t);
  if (add_members(p, w, t, "", depth)) return true;
  w->reason = tenon_p_store_printf(p->store, "%s %s: %s", t->kind,
                                   shown_name(t), w->reason);
  return false;
}

static bool pointer(tenon_p_word *w, const tenon_p_ctype *t)
{
  if (t->shape == TENON_P_SHAPE_POINTER && tenon_p_is_char(t->to) &&
      tenon_p_ctype_is_const(t->to)) {
    w->kind = TENON_P_WORD_STRING;
    w->is_staged = w->has_pointers = w->lends = true;
    return true;
  }
  return refuse(w, "a pointer");
}

bool tenon_p_is_char(const tenon_p_ctype *t)
{
  t = tenon_p_ctype_bare(t);
  if (t->shape != TENON_P_SHAPE_INT || t->size != 1) return false;
  /* c_char of Rust has no name of its own. */
  return strcmp(t->name, "char") == 0 ||
         (strcmp(t->language, "rust") == 0 && strcmp(t->name, "i8") == 0);
}

static void fill(tenon_p_plan *p, tenon_p_word *w, const tenon_p_ctype *t,
                 int depth)
{
  w->goes_out = true;
  if (t->shape == TENON_P_SHAPE_RECORD || t->shape == TENON_P_SHAPE_ENUM)
    w->name = tenon_p_type_name_of(p, t);
  switch (t->shape) {
  case TENON_P_SHAPE_BOOL:
    if (t->size == 1)
      number(w, "bool");
    else
      refuse(w, "a bool of an unusual size");
    return;
  case TENON_P_SHAPE_INT: integer(w, t); return;
  case TENON_P_SHAPE_UTF:
    if (strcmp(t->name, "char") == 0)
      refuse(w, "a char of Rust, not every number of which is one");
    else
      integer(w, t);
    return;
  case TENON_P_SHAPE_FLOAT: floating(w, t); return;
  case TENON_P_SHAPE_COMPLEX: complex_number(p, w, t); return;
  case TENON_P_SHAPE_ENUM:
    if (has_names(t))
      w->kind = TENON_P_WORD_ENUM;
    else
      integer(w, t);
    return;
  case TENON_P_SHAPE_RECORD: record(p, w, t, depth); return;
  case TENON_P_SHAPE_ARRAY:
    if (!tenon_p_is_char(t->to)) {
      elements(p, w, t->to, t->count, depth);
      return;
    }
    w->kind = TENON_P_WORD_TEXT;
    w->is_staged = w->lends = true;
    w->count = t->count < 1 ? 0 : (uint32_t)t->count;
    if (!w->count) refuse(w, "an array of no fixed size");
    return;
  case TENON_P_SHAPE_VECTOR:
    if (elements(p, w, t->to, t->count, depth)) w->is_staged = true;
    return;
  case TENON_P_SHAPE_POINTER:
  case TENON_P_SHAPE_REFERENCE: pointer(w, t); return;
  case TENON_P_SHAPE_VOID: refuse(w, "nothing, void"); return;
  default: refuse(w, t->reason ? t->reason : "a function"); return;
  }
}

static const tenon_p_word *word_of(tenon_p_plan *p, const tenon_p_ctype *type,
                                   int depth)
{
  const tenon_p_ctype *t = tenon_p_ctype_bare(type);
  bool is_shared = t->id < p->table->type_count;
  tenon_p_word *w = is_shared ? p->words[t->id] : NULL;

  if (w) return w;
  w = tenon_p_store_alloc(p->store, sizeof *w);
  if (!w) return &no_memory;
  w->type = t;
  w->id = t->id;
  if (depth > MOST_DEPTH) {
    refuse(w, "structs are too deep in each other");
    return w;
  }
  fill(p, w, t, depth);
  if (is_shared) p->words[t->id] = w;
  return w;
}

const tenon_p_word *tenon_p_word_of(tenon_p_plan *p, const tenon_p_ctype *t)
{
  return word_of(p, t, 0);
}
