#include "source/layout.h"

#include <stdio.h>
#include <string.h>

#define MOST_DEPTH 12
#define MOST_ALIGNMENT 4096

typedef struct layout {
  bool is_packed;
  int64_t align; /* of the whole */
} layout;

static const tenon_p_ctype *element_of(const tenon_p_ctype *t)
{
  t = tenon_p_ctype_bare(t);
  while (t->shape == TENON_P_SHAPE_ARRAY)
    t = tenon_p_ctype_bare(t->to);
  return t;
}

static int64_t size_of(const tenon_p_ctype *t)
{
  int64_t n = 1;

  t = tenon_p_ctype_bare(t);
  while (t->shape == TENON_P_SHAPE_ARRAY) {
    if (t->count < 0 || n > INT32_MAX) return -1;
    n *= t->count;
    t = tenon_p_ctype_bare(t->to);
  }
  if (t->shape == TENON_P_SHAPE_VECTOR) {
    int64_t of = tenon_p_ctype_bare(t->to)->size;
    return n > INT32_MAX || t->count < 0 ? -1 : n * t->count * of;
  }
  return n > INT32_MAX ? -1 : n * t->size;
}

static const char *lay(const tenon_p_ctype *r, layout *l, int depth);

/* 0: it has none. */
static int64_t alignment_of(const tenon_p_ctype *t, int depth)
{
  layout l;

  t = element_of(t);
  switch (t->shape) {
  case TENON_P_SHAPE_RECORD: return lay(t, &l, depth + 1) ? 0 : l.align;
  case TENON_P_SHAPE_COMPLEX: return t->size / 2;
  case TENON_P_SHAPE_VECTOR: return size_of(t);
  case TENON_P_SHAPE_BOOL:
  case TENON_P_SHAPE_INT:
  case TENON_P_SHAPE_UTF:
  case TENON_P_SHAPE_FLOAT:
  case TENON_P_SHAPE_POINTER:
  case TENON_P_SHAPE_REFERENCE:
  case TENON_P_SHAPE_ENUM: return t->size;
  default: return 0;
  }
}

static int64_t round_up(int64_t n, int64_t to)
{
  return (n + to - 1) / to * to;
}

/* The alignment by which what would come to `from` comes to `to`; 0: none. */
static int64_t alignment_to(int64_t from, int64_t to, int64_t least)
{
  int64_t a = least;

  while (a <= MOST_ALIGNMENT && round_up(from, a) < to)
    a *= 2;
  return a <= MOST_ALIGNMENT && round_up(from, a) == to ? a : 0;
}

/* Bits: where a bit-field comes to of itself. */
static int64_t place_bits(int64_t at, const tenon_p_cmember *m, bool is_packed)
{
  int64_t unit = size_of(m->type) * 8;

  if (!is_packed && at / unit != (at + m->bits - 1) / unit)
    at = round_up(at, unit);
  return at;
}

/* Bits behind a member that begins not before `at`; -1: it cannot. */
static int64_t behind(const tenon_p_cmember *m, int64_t at, int64_t align,
                      bool is_packed)
{
  int64_t place;

  if (m->bits) {
    if (size_of(m->type) <= 0 || place_bits(at, m, is_packed) > m->at)
      return -1;
    return m->at + m->bits;
  }
  place = round_up(round_up(at, 8) / 8, align);
  if (m->at < place || !alignment_to(round_up(at, 8) / 8, m->at, align))
    return -1;
  return (m->at + size_of(m->type)) * 8;
}

static bool fits(const tenon_p_ctype *r, layout *l, int depth)
{
  bool is_union = strcmp(r->kind, "union") == 0;
  int64_t at = 0, end, most = 1, size;
  size_t i;

  for (i = 0; i < r->member_count; i++) {
    const tenon_p_cmember *m = &r->members[i];
    int64_t align = l->is_packed ? 1 : alignment_of(m->type, depth);
    if (align < 1) return false;
    if (align > most) most = align;
    end = behind(m, is_union ? 0 : at, align, l->is_packed);
    if (end < 0) return false;
    if (!m->bits && !l->is_packed) {
      int64_t a =
          alignment_to(is_union ? 0 : round_up(at, 8) / 8, m->at, align);
      if (a > most) most = a;
    }
    if (end > at) at = end;
  }
  size = round_up(at, 8) / 8;
  /* gcc tells 1 of those that are packed, though they may not look so. */
  if (r->align && r->align < most) return false;
  /* Of a packed struct clang may tell that of a member. */
  if (r->align > most && r->size % r->align == 0) most = r->align;
  l->align = alignment_to(size, r->size, most);
  return l->align != 0;
}

/* NULL, or why not. */
static const char *lay(const tenon_p_ctype *r, layout *l, int depth)
{
  size_t i;

  if (depth > MOST_DEPTH) return "structs are too deep in each other";
  if (r->size < 0) return "it is only declared";
  if (r->reason) return r->reason;
  if (!r->member_count) return "it has no members";
  for (i = 0; i < r->member_count; i++) {
    const tenon_p_ctype *e = element_of(r->members[i].type);
    int64_t size = size_of(r->members[i].type);
    layout inner;
    if (r->members[i].at < 0) return "a member has no fixed place";
    if (size < 0 || e->shape == TENON_P_SHAPE_ARRAY)
      return "it ends in an array of no fixed size";
    if (size == 0) return "a member has no size";
    if (e->shape == TENON_P_SHAPE_RECORD) {
      const char *why = lay(e, &inner, depth + 1);
      if (why) return why;
    } else if (e->shape == TENON_P_SHAPE_UNKNOWN ||
               e->shape == TENON_P_SHAPE_FUNCTION ||
               e->shape == TENON_P_SHAPE_VOID) {
      return e->reason ? e->reason : "a member is of no known type";
    }
  }
  l->is_packed = false;
  if (fits(r, l, depth)) return NULL;
  l->is_packed = true;
  return fits(r, l, depth) ? NULL : "its layout cannot be written in C";
}

const char *tenon_p_layout_problem(const tenon_p_ctype *record)
{
  layout l;

  return lay(record, &l, 0);
}

/* Of all that is no record in it. */
static int64_t scalar_alignment(const tenon_p_ctype *t, int depth)
{
  int64_t most = 1, n;
  size_t i;

  t = element_of(t);
  if (t->shape != TENON_P_SHAPE_RECORD) return alignment_of(t, depth);
  for (i = 0; depth < MOST_DEPTH && i < t->member_count; i++) {
    n = scalar_alignment(t->members[i].type, depth + 1);
    if (n > most) most = n;
  }
  return most;
}

bool tenon_p_layout_is_doubtful(const tenon_p_ctype *t)
{
  const tenon_p_ctype *r = tenon_p_ctype_bare(t);
  size_t i;

  if (r->shape != TENON_P_SHAPE_RECORD || r->align < 2) return false;
  for (i = 0; i < r->member_count; i++) {
    const tenon_p_ctype *e = element_of(r->members[i].type);
    if (e->shape == TENON_P_SHAPE_RECORD && e->align >= r->align &&
        e->align > scalar_alignment(e, 0))
      return true;
  }
  return false;
}

bool tenon_p_layout_is_plain(const tenon_p_ctype *r)
{
  int64_t at = 0;
  layout l;
  size_t i;

  if (lay(r, &l, 0) || l.is_packed || l.align > (int64_t)sizeof(void *))
    return false;
  for (i = 0; i < r->member_count; i++) {
    const tenon_p_cmember *m = &r->members[i];
    const tenon_p_ctype *e = element_of(m->type);
    int64_t align = alignment_of(m->type, 0);
    if (m->bits || round_up(at, align) != m->at) return false;
    if (e->shape == TENON_P_SHAPE_RECORD && !tenon_p_layout_is_plain(e))
      return false;
    at = m->at + size_of(m->type);
  }
  return round_up(at, l.align) == r->size;
}

/* --- In C ----------------------------------------------------------------- */

const char *tenon_p_layout_name(const tenon_p_ctype *t, char room[32])
{
  switch (t->shape) {
  case TENON_P_SHAPE_VOID: return "void";
  case TENON_P_SHAPE_BOOL: return "_Bool";
  case TENON_P_SHAPE_INT:
  case TENON_P_SHAPE_UTF:
  case TENON_P_SHAPE_ENUM:
    if (t->size == 16) return t->is_signed ? "__int128" : "unsigned __int128";
    snprintf(room, 32, "%sint%d_t", t->is_signed ? "" : "u", (int)t->size * 8);
    return room;
  case TENON_P_SHAPE_FLOAT:
    if (strstr(t->name, "128")) return "__float128";
    if (t->size == 2) return "_Float16";
    return t->size == 4 ? "float" : t->size == 8 ? "double" : "long double";
  case TENON_P_SHAPE_COMPLEX:
    return t->size == 8    ? "float _Complex"
           : t->size == 16 ? "double _Complex"
                           : "long double _Complex";
  case TENON_P_SHAPE_RECORD: snprintf(room, 32, "r_%u", (unsigned)t->id); break;
  case TENON_P_SHAPE_VECTOR: snprintf(room, 32, "v_%u", (unsigned)t->id); break;
  default: return "void *";
  }
  return room;
}

static void write_array(tenon_p_text *out, const tenon_p_ctype *t)
{
  t = tenon_p_ctype_bare(t);
  while (t->shape == TENON_P_SHAPE_ARRAY) {
    tenon_p_text_printf(out, "[%lld]", (long long)t->count);
    t = tenon_p_ctype_bare(t->to);
  }
}

/* Bits that no member has, in units that no member's type widens. */
static void write_gap(tenon_p_text *out, int64_t at, int64_t to)
{
  while (at < to) {
    int64_t n = 8 - at % 8;
    if (n > to - at) n = to - at;
    tenon_p_text_printf(out, "  unsigned char : %d;\n", (int)n);
    at += n;
  }
}

static void write_member(tenon_p_text *out, const tenon_p_cmember *m, size_t i,
                         const layout *l, int64_t at)
{
  const tenon_p_ctype *e = element_of(m->type);
  char room[32];
  const char *name = tenon_p_layout_name(e, room);

  if (m->bits) {
    if (place_bits(at, m, l->is_packed) < m->at) write_gap(out, at, m->at);
    tenon_p_text_printf(out, "  %s m%zu : %u;\n", name, i, (unsigned)m->bits);
    return;
  }
  tenon_p_text_printf(out, "  %s m%zu", name, i);
  write_array(out, m->type);
  at = round_up(at, 8) / 8;
  {
    int64_t align = l->is_packed ? 1 : alignment_of(m->type, 0);
    int64_t a = alignment_to(at, m->at, align);
    if (round_up(at, align) != m->at)
      tenon_p_text_printf(out, " __attribute__((aligned(%d)))", (int)a);
  }
  tenon_p_text_puts(out, ";\n");
}

static void write_assertions(tenon_p_text *out, const tenon_p_ctype *r)
{
  size_t i;

  tenon_p_text_printf(out,
                      "_Static_assert(sizeof(r_%u) == %lld, \"tenon record "
                      "%u\");\n",
                      (unsigned)r->id, (long long)r->size, (unsigned)r->id);
  for (i = 0; i < r->member_count; i++)
    if (!r->members[i].bits)
      tenon_p_text_printf(out,
                          "_Static_assert(__builtin_offsetof(r_%u, m%zu) == "
                          "%lld, \"tenon record %u\");\n",
                          (unsigned)r->id, i, (long long)r->members[i].at,
                          (unsigned)r->id);
}

static void write_record(tenon_p_text *out, const tenon_p_ctype *r)
{
  bool is_union = strcmp(r->kind, "union") == 0;
  int64_t at = 0, end;
  layout l;
  size_t i;

  if (lay(r, &l, 0)) return;
  tenon_p_text_printf(out, "typedef %s {\n", is_union ? "union" : "struct");
  for (i = 0; i < r->member_count; i++) {
    const tenon_p_cmember *m = &r->members[i];
    write_member(out, m, i, &l, is_union ? 0 : at);
    end = m->bits ? m->at + m->bits : (m->at + size_of(m->type)) * 8;
    if (end > at) at = end;
  }
  tenon_p_text_printf(out, "}%s __attribute__((aligned(%d))) r_%u;\n",
                      l.is_packed ? " __attribute__((packed))" : "",
                      (int)l.align, (unsigned)r->id);
  write_assertions(out, r);
}

void tenon_p_layout_write(tenon_p_text *out, const tenon_p_ctype *t,
                          char *is_written)
{
  char room[32];
  size_t i;

  if (t->shape == TENON_P_SHAPE_ARRAY) t = element_of(t);
  if ((t->shape != TENON_P_SHAPE_RECORD && t->shape != TENON_P_SHAPE_VECTOR) ||
      is_written[t->id])
    return;
  is_written[t->id] = 1;
  for (i = 0; i < t->member_count; i++)
    tenon_p_layout_write(out, element_of(t->members[i].type), is_written);
  if (t->shape == TENON_P_SHAPE_RECORD)
    write_record(out, t);
  else
    tenon_p_text_printf(out,
                        "typedef %s v_%u __attribute__((vector_size(%lld)));\n",
                        tenon_p_layout_name(tenon_p_ctype_bare(t->to), room),
                        (unsigned)t->id, (long long)size_of(t));
}
