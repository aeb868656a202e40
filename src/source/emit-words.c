/* Types: their slots, descriptors, and the way between a slot and C. */
#include <stdio.h>
#include <string.h>

#include "source/emit.h"
#include "source/layout.h"

static const struct {
  const char *scalar, *c;
} scalars[] = {
    {"bool", "_Bool"},      {"i8", "int8_t"},    {"u8", "uint8_t"},
    {"i16", "int16_t"},     {"u16", "uint16_t"}, {"i32", "int32_t"},
    {"u32", "uint32_t"},    {"i64", "int64_t"},  {"u64", "uint64_t"},
    {"f32", "float"},       {"f64", "double"},   {"big_i64", "int64_t"},
    {"big_u64", "uint64_t"}};

const char *tenon_p_emit_slot(const tenon_p_word *w, char room[32])
{
  size_t i = 0;

  switch (w->kind) {
  case TENON_P_WORD_NUMBER:
    while (strcmp(scalars[i].scalar, w->scalar) != 0)
      i++;
    return scalars[i].c;
  case TENON_P_WORD_LONG_DOUBLE: return "double";
  case TENON_P_WORD_TEXT: return "tenon_str";
  case TENON_P_WORD_STRING: return "const char *const *";
  case TENON_P_WORD_TUPLE:
    snprintf(room, 32, "q_%u", (unsigned)w->id);
    return room;
  case TENON_P_WORD_STRUCT:
    snprintf(room, 32, "%c_%u", w->is_staged ? 's' : 'r', (unsigned)w->id);
    return room;
  default: return tenon_p_layout_name(w->type, room);
  }
}

const char *tenon_p_emit_descriptor(const tenon_p_word *w, char room[32])
{
  switch (w->kind) {
  case TENON_P_WORD_NUMBER: snprintf(room, 32, "t_%s", w->scalar); break;
  case TENON_P_WORD_LONG_DOUBLE: return "t_f64";
  case TENON_P_WORD_TEXT: return "t_str";
  case TENON_P_WORD_STRING: return "t_cstr";
  case TENON_P_WORD_TUPLE: snprintf(room, 32, "qt_%u", (unsigned)w->id); break;
  case TENON_P_WORD_STRUCT: snprintf(room, 32, "st_%u", (unsigned)w->id); break;
  default: snprintf(room, 32, "e_%u", (unsigned)w->id); break;
  }
  return room;
}

const char *tenon_p_emit_flags(const tenon_p_word *w)
{
  return w->kind == TENON_P_WORD_STRING ? "TENON_FIELD_NULLABLE" : "0";
}

void tenon_p_emit_variable(tenon_p_emitter *e, const tenon_p_ctype *t,
                           const char *name)
{
  const tenon_p_ctype *of = tenon_p_ctype_bare(t);
  char room[32];

  while (of->shape == TENON_P_SHAPE_ARRAY)
    of = tenon_p_ctype_bare(of->to);
  tenon_p_emit(e, "%s %s", tenon_p_layout_name(of, room), name);
  for (t = tenon_p_ctype_bare(t); t->shape == TENON_P_SHAPE_ARRAY;
       t = tenon_p_ctype_bare(t->to))
    tenon_p_emit(e, "[%lld]", (long long)t->count);
}

/* --- Conversions ---------------------------------------------------------- */

/* What a name is made of: it is longer than any that are nested. */
#define MOST_NAME 240

static void each(tenon_p_emitter *e, const tenon_p_word *w, const char *from,
                 const char *to, const char *bail, bool is_in)
{
  char part_slot[MOST_NAME], part_c[MOST_NAME];
  unsigned i = (unsigned)e->next++;
  const char *slot = is_in ? from : to, *c = is_in ? to : from;

  tenon_p_emit(e, "  for (size_t i%u = 0; i%u < %u; i%u++) {\n", i, i,
               (unsigned)w->count, i);
  snprintf(part_slot, sizeof part_slot, "%s.e[i%u]", slot, i);
  snprintf(part_c, sizeof part_c, "%s[i%u]", c, i);
  if (is_in)
    tenon_p_emit_in(e, w->of, part_slot, part_c, bail);
  else
    tenon_p_emit_out(e, w->of, part_c, part_slot);
  tenon_p_emit(e, "  }\n");
}

void tenon_p_emit_in(tenon_p_emitter *e, const tenon_p_word *w,
                     const char *slot, const char *c, const char *bail)
{
  switch (w->kind) {
  case TENON_P_WORD_TUPLE:
    if (w->is_staged)
      each(e, w, slot, c, bail, true);
    else
      tenon_p_emit(e, "  memcpy(&%s, &%s, sizeof %s);\n", c, slot, c);
    return;
  case TENON_P_WORD_TEXT:
    tenon_p_emit(e, "  if (text_in((char *)%s, %u, %s, %s, ", c,
                 (unsigned)w->count, slot, e->where);
    tenon_p_emit_string(e, e->member ? e->member : "");
    tenon_p_emit(e, ")) %s;\n", bail);
    return;
  case TENON_P_WORD_STRING:
    tenon_p_emit(e, "  %s = (void *)(%s ? *%s : NULL);\n", c, slot, slot);
    return;
  case TENON_P_WORD_STRUCT:
    if (w->is_staged)
      tenon_p_emit(e, "  if (in_%u(&%s, &%s, %s)) %s;\n", (unsigned)w->id, slot,
                   c, e->where, bail);
    else
      tenon_p_emit(e, "  %s = %s;\n", c, slot);
    return;
  default: tenon_p_emit(e, "  %s = %s;\n", c, slot); return;
  }
}

void tenon_p_emit_out(tenon_p_emitter *e, const tenon_p_word *w, const char *c,
                      const char *slot)
{
  switch (w->kind) {
  case TENON_P_WORD_TUPLE:
    if (w->is_staged)
      each(e, w, c, slot, "", false);
    else
      tenon_p_emit(e, "  memcpy(&%s, &%s, sizeof %s);\n", slot, c, slot);
    return;
  case TENON_P_WORD_TEXT:
    tenon_p_emit(e, "  %s = text_out((const char *)%s, %u);\n", slot, c,
                 (unsigned)w->count);
    return;
  case TENON_P_WORD_STRING:
    tenon_p_emit(e,
                 "  %s = %s ? (const char *const *)(const void *)&%s : NULL;\n",
                 slot, c, c);
    return;
  case TENON_P_WORD_STRUCT:
    if (w->is_staged)
      tenon_p_emit(e, "  out_%u(&%s, &%s);\n", (unsigned)w->id, c, slot);
    else
      tenon_p_emit(e, "  %s = %s;\n", slot, c);
    return;
  default: tenon_p_emit(e, "  %s = %s;\n", slot, c); return;
  }
}

static bool is_narrow(const tenon_p_word_member *m)
{
  return m->bits && !(m->word->kind == TENON_P_WORD_NUMBER &&
                      strcmp(m->word->scalar, "bool") == 0);
}

/* The numbers of a bit-field are fewer than those of its type. */
static void check_bits(tenon_p_emitter *e, const tenon_p_word_member *m,
                       const char *slot)
{
  unsigned bits = m->is_signed ? m->bits - 1 : m->bits;

  if (bits >= 63) return;
  tenon_p_emit(e, "  if (%s > (int64_t)%llu", slot, (1ULL << bits) - 1);
  if (m->is_signed)
    tenon_p_emit(e, " || %s < -(int64_t)%llu", slot, 1ULL << bits);
  tenon_p_emit(e, ") return bits_in(where, ");
  tenon_p_emit_string(e, m->name);
  tenon_p_emit(e, ", %u, (int64_t)%s);\n", (unsigned)m->bits, slot);
}

static void write_conversions(tenon_p_emitter *e, const tenon_p_word *w)
{
  char slot[MOST_NAME], c[MOST_NAME];
  unsigned id = (unsigned)w->id;
  size_t i;

  /* In a packed struct it stands anywhere. */
  tenon_p_emit(e, "typedef r_%u u_%u __attribute__((aligned(1)));\n", id, id);
  tenon_p_emit(e,
               "UNUSED static int in_%u(const s_%u *from, u_%u *to, "
               "const char *where)\n{\n  (void)where;\n",
               id, id, id);
  tenon_p_emit(e, "  memset(to, 0, sizeof *to);\n");
  for (i = 0; i < w->member_count; i++) {
    const tenon_p_word_member *m = &w->members[i];
    snprintf(slot, sizeof slot, "from->m%zu", i);
    snprintf(c, sizeof c, "to->%s", m->path);
    if (is_narrow(m)) check_bits(e, m, slot);
    e->where = "where";
    e->member = m->name;
    tenon_p_emit_in(e, m->word, slot, c, "return -1");
  }
  tenon_p_emit(e, "  return 0;\n}\n");
  if (!w->goes_out) return;
  tenon_p_emit(e, "UNUSED static void out_%u(const u_%u *from, s_%u *to)\n{\n",
               id, id, id);
  for (i = 0; i < w->member_count; i++) {
    snprintf(slot, sizeof slot, "to->m%zu", i);
    snprintf(c, sizeof c, "from->%s", w->members[i].path);
    tenon_p_emit_out(e, w->members[i].word, c, slot);
  }
  tenon_p_emit(e, "}\n");
}

/* --- Descriptors ---------------------------------------------------------- */

static void write_enum(tenon_p_emitter *e, const tenon_p_word *w)
{
  const tenon_p_ctype *t = w->type;
  unsigned id = (unsigned)w->id;
  size_t i;

  tenon_p_emit(e, "static const tenon_field ef_%u[] = {\n", id);
  for (i = 0; i < t->member_count; i++) {
    tenon_p_emit(e, "  {");
    tenon_p_emit_string(e, t->members[i].name);
    tenon_p_emit(e, ", NULL, %uu, 0, NULL},\n", (unsigned)t->members[i].at);
  }
  tenon_p_emit(e,
               "};\nUNUSED static const tenon_type e_%u = {TENON_KIND_ENUM, "
               "%d, ",
               id, (int)t->size);
  tenon_p_emit_string(e, w->name[0] ? w->name : "enum");
  tenon_p_emit(e, ", ef_%u, %zu, NULL, NULL, NULL};\n", id, t->member_count);
}

static void write_tuple(tenon_p_emitter *e, const tenon_p_word *w)
{
  char slot[32], descriptor[32];
  unsigned id = (unsigned)w->id, i;

  tenon_p_emit_word(e, w->of);
  tenon_p_emit_slot(w->of, slot);
  tenon_p_emit(e, "typedef struct { %s e[%u]; } q_%u;\n",
               tenon_p_emit_slot(w->of, slot), (unsigned)w->count, id);
  tenon_p_emit(e, "static const tenon_field qf_%u[] = {\n", id);
  for (i = 0; i < w->count; i++)
    tenon_p_emit(e, "  {\"element\", &%s, %u * sizeof(%s), %s, NULL},\n",
                 tenon_p_emit_descriptor(w->of, descriptor), i,
                 tenon_p_emit_slot(w->of, slot), tenon_p_emit_flags(w->of));
  tenon_p_emit(e,
               "};\nUNUSED static const tenon_type qt_%u = {TENON_KIND_TUPLE, "
               "sizeof(q_%u), \"array\", qf_%u, %u, NULL, NULL, NULL};\n",
               id, id, id, (unsigned)w->count);
}

static void write_struct(tenon_p_emitter *e, const tenon_p_word *w)
{
  char slot[32], descriptor[32];
  unsigned id = (unsigned)w->id;
  size_t i;

  for (i = 0; i < w->member_count; i++)
    tenon_p_emit_word(e, w->members[i].word);
  if (w->is_staged) {
    tenon_p_emit(e, "typedef struct {\n");
    for (i = 0; i < w->member_count; i++)
      tenon_p_emit(e, "  %s m%zu;\n",
                   tenon_p_emit_slot(w->members[i].word, slot), i);
    tenon_p_emit(e, "} s_%u;\n", id);
  }
  tenon_p_emit(e, "static const tenon_field sf_%u[] = {\n", id);
  for (i = 0; i < w->member_count; i++) {
    const tenon_p_word_member *m = &w->members[i];
    tenon_p_emit(e, "  {");
    tenon_p_emit_string(e, m->name);
    tenon_p_emit(e, ", &%s, ", tenon_p_emit_descriptor(m->word, descriptor));
    if (w->is_staged)
      tenon_p_emit(e, "__builtin_offsetof(s_%u, m%zu)", id, i);
    else
      tenon_p_emit(e, "__builtin_offsetof(r_%u, %s)", id, m->path);
    tenon_p_emit(e, ", %s, NULL},\n", tenon_p_emit_flags(m->word));
  }
  tenon_p_emit(e,
               "};\nUNUSED static const tenon_type st_%u = "
               "{TENON_KIND_STRUCT, sizeof(%s), ",
               id, tenon_p_emit_slot(w, slot));
  tenon_p_emit_string(e, w->name[0] ? w->name : "struct");
  tenon_p_emit(e, ", sf_%u, %zu, NULL, NULL, NULL};\n", id, w->member_count);
  if (w->is_staged) write_conversions(e, w);
}

void tenon_p_emit_word(tenon_p_emitter *e, const tenon_p_word *w)
{
  if (!w) return;
  if (w->id < e->plan->table->type_count) {
    if (e->is_described[w->id]) return;
    e->is_described[w->id] = 1;
    tenon_p_layout_write(&e->out, w->type, e->is_laid);
  }
  switch (w->kind) {
  case TENON_P_WORD_ENUM: write_enum(e, w); return;
  case TENON_P_WORD_TUPLE: write_tuple(e, w); return;
  case TENON_P_WORD_STRUCT: write_struct(e, w); return;
  default: return;
  }
}
