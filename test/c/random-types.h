/*
 * Types that chance makes: descriptors as data, of all kinds and nested. For
 * test-property.c alone.
 */
#ifndef TEST_C_RANDOM_TYPES_H
#define TEST_C_RANDOM_TYPES_H

#include "harness.h"

#include <string.h>
#include <tenon/export.h>

enum { MOST_TYPES = 4096, MOST_FIELDS = 8192, MOST_NESTED = 4 };

/* --- Chance ---------------------------------------------------------------------- */

static uint64_t state;

static uint64_t next(void)
{
  uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);

  z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
  return z ^ z >> 31;
}

static uint32_t below(uint32_t n)
{
  return (uint32_t)(next() % n);
}

static bool one_in(uint32_t n)
{
  return below(n) == 0;
}

/* --- Descriptors ------------------------------------------------------------------ */

/* All that one round makes. */
static struct {
  tenon_type types[MOST_TYPES];
  tenon_field fields[MOST_FIELDS];
  uint32_t type_count, field_count;
} pool;

static const char *const part_names[] = {
    "a", "b2", "_c", "d$", "max size",  "\xc3\xa9", "7",
    "",  "h",  "i",  "j",  "__proto__", "toString", "length"};

static tenon_type *new_type(uint32_t kind, uint32_t size)
{
  tenon_type *t = &pool.types[pool.type_count++];

  CHECK(pool.type_count < MOST_TYPES);
  *t = (tenon_type){.kind = kind, .size = size, .name = "made"};
  return t;
}

static tenon_field *new_fields(uint32_t count)
{
  tenon_field *f = &pool.fields[pool.field_count];

  pool.field_count += count;
  CHECK(pool.field_count < MOST_FIELDS);
  memset(f, 0, count * sizeof *f);
  return f;
}

static uint32_t align_of(const tenon_field *f);

static uint32_t align_of_type(const tenon_type *t)
{
  uint32_t most = t->kind == TENON_KIND_EITHER ? 4 : 1, i, a;

  if (t->kind != TENON_KIND_STRUCT && t->kind != TENON_KIND_TUPLE &&
      t->kind != TENON_KIND_EITHER)
    return t->size > 8 ? 8 : t->size;
  for (i = 0; i < t->field_count; i++) {
    a = align_of(&t->fields[i]);
    if (a > most) most = a;
  }
  return most;
}

static bool is_pointer(const tenon_field *f)
{
  return f->flags & (TENON_FIELD_OPT | TENON_FIELD_NULLABLE);
}

static uint32_t align_of(const tenon_field *f)
{
  return is_pointer(f) ? 8 : align_of_type(f->type);
}

static uint32_t size_of(const tenon_field *f)
{
  return is_pointer(f) ? 8 : f->type->size;
}

static uint32_t round_up(uint32_t n, uint32_t to)
{
  return (n + to - 1) / to * to;
}

static const tenon_type *make_type(int depth);

static void make_field(tenon_field *f, const char *name, int depth)
{
  uint32_t i;

  f->name = name;
  f->type = make_type(depth);
  /* undefined would have two meanings. */
  for (i = 0; f->type->kind == TENON_KIND_EITHER && i < f->type->field_count;
       i++)
    if (is_pointer(&f->type->fields[i])) return;
  if (one_in(4)) f->flags = one_in(2) ? TENON_FIELD_OPT : TENON_FIELD_NULLABLE;
}

/* Fields one behind the other; where they end. */
static uint32_t lay_out(tenon_field *f, uint32_t count, uint32_t at)
{
  uint32_t i;

  for (i = 0; i < count; i++) {
    f[i].offset = round_up(at, align_of(&f[i]));
    at = f[i].offset + size_of(&f[i]);
  }
  return at;
}

static const tenon_type *make_names(uint32_t kind)
{
  static const uint32_t sizes[] = {1, 2, 4, 8};
  tenon_type *t = new_type(kind, sizes[below(kind == TENON_KIND_ENUM ? 3 : 4)]);
  uint32_t count = 1 + below(6), i, first = below(50);
  tenon_field *f = new_fields(count);

  for (i = 0; i < count; i++) {
    f[i].name = part_names[i];
    f[i].type = &tenon_type_i32;
    f[i].offset = kind == TENON_KIND_ENUM ? first + i : 1u << i;
  }
  t->fields = f;
  t->field_count = count;
  return t;
}

static const tenon_type *make_members(uint32_t kind, int depth)
{
  uint32_t count = 1 + below(4), i, first = below(10);
  tenon_field *f = new_fields(count);
  tenon_type *t;

  for (i = 0; i < count; i++)
    make_field(&f[i], part_names[first + i], depth + 1);
  t = new_type(kind, 0);
  t->size = lay_out(f, count, 0);
  t->fields = f;
  t->field_count = count;
  t->size = round_up(t->size, align_of_type(t));
  return t;
}

static const tenon_type *make_array(int depth)
{
  tenon_field *f = new_fields(1);
  tenon_type *t = new_type(TENON_KIND_ARRAY, sizeof(tenon_bytes));

  make_field(f, "element", depth + 1);
  t->fields = f;
  t->field_count = 1;
  return t;
}

static const tenon_type *make_record(int depth)
{
  tenon_field *f = new_fields(3);
  tenon_type *pair = new_type(TENON_KIND_STRUCT, 0);
  tenon_type *t = new_type(TENON_KIND_RECORD, sizeof(tenon_bytes));

  f[0] = (tenon_field){.name = "key", .type = &tenon_type_str};
  make_field(&f[1], "value", depth + 2);
  pair->size = lay_out(f, 2, 0);
  pair->fields = f;
  pair->field_count = 2;
  pair->size = round_up(pair->size, align_of_type(pair));
  f[2] = (tenon_field){.name = "pair", .type = pair};
  t->fields = &f[2];
  t->field_count = 1;
  return t;
}

static const tenon_type *const numbers[] = {
    &tenon_type_i8,      &tenon_type_u8,  &tenon_type_i16, &tenon_type_u16,
    &tenon_type_i32,     &tenon_type_u32, &tenon_type_i64, &tenon_type_u64,
    &tenon_type_big_i64, &tenon_type_f32, &tenon_type_f64, &tenon_type_big_u64,
};

static const tenon_type *make_view(void)
{
  tenon_field *f = new_fields(1);
  tenon_type *t = new_type(TENON_KIND_VIEW, sizeof(tenon_bytes));

  *f = (tenon_field){.name = "element", .type = numbers[below(12)]};
  t->fields = f;
  t->field_count = 1;
  return t;
}

/* Alternatives, each of another class of values. */
static const tenon_type *make_either(int depth)
{
  enum { CLASSES = 8 };
  uint32_t order[CLASSES], count = 2 + below(4), i, k, size = 0;
  tenon_field *f = new_fields(count);
  bool has_pointer = false;
  tenon_type *t;

  for (i = 0; i < CLASSES; i++) {
    k = below(i + 1);
    order[i] = order[k];
    order[k] = i;
  }
  for (i = 0; i < count; i++) {
    f[i].name = part_names[i];
    switch (order[i]) {
    case 0: f[i].type = numbers[below(6)]; break;
    case 1: f[i].type = one_in(2) ? &tenon_type_str : &tenon_type_cstr; break;
    case 2: f[i].type = &tenon_type_bool; break;
    case 3: f[i].type = &tenon_type_big_i64; break;
    case 4: f[i].type = &tenon_type_date; break;
    case 5: f[i].type = one_in(2) ? &tenon_type_bytes : make_view(); break;
    case 6:
      f[i].type =
          one_in(2) ? make_array(depth) : make_members(TENON_KIND_TUPLE, depth);
      break;
    default:
      f[i].type = one_in(2) ? make_record(depth)
                            : make_members(TENON_KIND_STRUCT, depth);
    }
    if (!has_pointer && one_in(4)) {
      has_pointer = true;
      f[i].flags = one_in(2) ? TENON_FIELD_OPT : TENON_FIELD_NULLABLE;
    }
  }
  t = new_type(TENON_KIND_EITHER, 0);
  t->fields = f;
  t->field_count = count;
  for (i = 0; i < count; i++) {
    f[i].offset = round_up(sizeof(uint32_t), align_of(&f[i]));
    if (f[i].offset + size_of(&f[i]) > size)
      size = f[i].offset + size_of(&f[i]);
  }
  t->size = round_up(size, align_of_type(t));
  return t;
}

static const tenon_type *make_type(int depth)
{
  switch (below(depth < MOST_NESTED ? 22 : 16)) {
  case 0: return &tenon_type_bool;
  case 1:
  case 2:
  case 3:
  case 4:
  case 5: return numbers[below(12)];
  case 6:
  case 7: return &tenon_type_str;
  case 8: return &tenon_type_cstr;
  case 9:
  case 10: return &tenon_type_bytes;
  case 11: return &tenon_type_date;
  case 12: return make_names(TENON_KIND_ENUM);
  case 13: return make_names(TENON_KIND_FLAGS);
  case 14:
  case 15: return make_view();
  case 16: return make_members(TENON_KIND_STRUCT, depth);
  case 17: return make_members(TENON_KIND_TUPLE, depth);
  case 18: return make_array(depth);
  case 19: return make_record(depth);
  default: return make_either(depth);
  }
}

#endif
