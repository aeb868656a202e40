/*
 * Structs are checked as parameter lists are: what they hold lies inside of
 * them, aligned and apart. Types nest to a fixed depth and are looked at a fixed
 * number of times, so that no table by hand is followed for ever.
 */
#include "bind/table.h"

#include <string.h>

#include "bind/parts.h"

#define MOST_MEMBERS 64    /* bits of what is absent */
#define MOST_ELEMENTS 1024 /* of a tuple, none of which has a default */
#define MOST_ENUMERATORS 4096
#define MOST_DEPTH 16
#define MOST_TYPES \
  100000 /* in one function, each as often as it stands there */

bool tenon_p_type_runs_scripts(const tenon_type *type)
{
  uint32_t i;

  switch (type->kind) {
  case TENON_KIND_STRUCT:
  case TENON_KIND_ARRAY:
  case TENON_KIND_TUPLE:
  case TENON_KIND_RECORD:
  case TENON_KIND_ITERABLE:
  case TENON_KIND_FLAGS: return true;
  case TENON_KIND_EITHER: break;
  default: return false;
  }
  for (i = 0; i < type->field_count; i++)
    if (tenon_p_type_runs_scripts(type->fields[i].type)) return true;
  return false;
}

bool tenon_p_type_borrows(const tenon_type *type)
{
  uint32_t i;

  switch (type->kind) {
  case TENON_KIND_BYTES:
  case TENON_KIND_VIEW:
  case TENON_KIND_INOUT: return true;
  case TENON_KIND_EITHER: break;
  default: return false;
  }
  for (i = 0; i < type->field_count; i++)
    if (tenon_p_type_borrows(type->fields[i].type)) return true;
  return false;
}

bool tenon_p_is_bound_to_loop(const tenon_function *f)
{
  uint32_t i;

  for (i = 0; i < f->param_count; i++)
    if (f->params[i].type->kind == TENON_KIND_INOUT) return true;
  return tenon_p_function_has_any(f) ||
         (f->result.flags & TENON_FIELD_SPECIES) != 0;
}

/* Types may stand in each other in more ways than anyone can look at. */
static _Thread_local uint32_t types_left;

static bool is_valid_type(const tenon_type *type, int depth);

static bool can_be_coerced(uint32_t kind)
{
  return (kind >= TENON_KIND_BOOL && kind <= TENON_KIND_STR) ||
         (kind >= TENON_KIND_BIG_I64 && kind <= TENON_KIND_CSTR);
}

static bool is_valid_field(const tenon_field *f, int depth)
{
  if (!f->type) return false;
  if (f->flags & ~(uint32_t)(TENON_FIELD_OPT | TENON_FIELD_DEFAULT |
                             TENON_FIELD_NULLABLE | TENON_FIELD_COERCE))
    return false;
  if ((f->flags & TENON_FIELD_COERCE) && !can_be_coerced(f->type->kind))
    return false;
  if ((f->flags & TENON_FIELD_OPT) && (f->flags & TENON_FIELD_NULLABLE))
    return false;
  return is_valid_type(f->type, depth);
}

static size_t type_alignment(const tenon_type *type);

size_t tenon_p_field_alignment(const tenon_field *f)
{
  return tenon_p_field_is_pointer(f) ? sizeof(void *) : type_alignment(f->type);
}

static size_t type_alignment(const tenon_type *type)
{
  size_t most = 1, a;
  uint32_t i;

  if (type->kind == TENON_KIND_EITHER)
    most = sizeof(uint32_t);
  else if (type->kind == TENON_KIND_COPY)
    return type->of->instance_align;
  else if (type->kind != TENON_KIND_STRUCT && type->kind != TENON_KIND_TUPLE)
    return type->size > sizeof(void *) ? sizeof(void *) : type->size;
  for (i = 0; i < type->field_count; i++) {
    a = tenon_p_field_alignment(&type->fields[i]);
    if (a > most) most = a;
  }
  return most;
}

static bool overlap(const tenon_field *a, const tenon_field *b)
{
  return a->offset < b->offset + tenon_p_field_size(b) &&
         b->offset < a->offset + tenon_p_field_size(a);
}

/* Do these parameters or members, each at an address of its own, fill bytes
 * from `first` to `size`? */
static bool is_valid_layout(const tenon_field *fields, uint32_t count,
                            size_t first, size_t size, int depth)
{
  uint32_t i, k;

  for (i = 0; i < count; i++) {
    const tenon_field *f = &fields[i];
    if (!f->name || !is_valid_field(f, depth) ||
        f->type->kind == TENON_KIND_NONE)
      return false;
    if (f->offset < first || f->offset > size ||
        tenon_p_field_size(f) > size - f->offset ||
        f->offset % tenon_p_field_alignment(f))
      return false;
    for (k = 0; k < i; k++)
      if (overlap(&fields[k], f)) return false;
  }
  return true;
}

static bool are_names_distinct(const tenon_type *type)
{
  uint32_t i, k;

  for (i = 0; i < type->field_count; i++)
    for (k = 0; k < i; k++)
      if (!strcmp(type->fields[i].name, type->fields[k].name)) return false;
  return true;
}

static bool is_valid_enum(const tenon_type *type)
{
  uint32_t i;

  if (type->size != 1 && type->size != 2 && type->size != 4) return false;
  if (!type->fields || !type->field_count ||
      type->field_count > MOST_ENUMERATORS)
    return false;
  for (i = 0; i < type->field_count; i++)
    if (!type->fields[i].name || type->fields[i].flags) return false;
  return are_names_distinct(type);
}

static bool is_valid_struct(const tenon_type *type, int depth)
{
  uint32_t i;

  if (!type->fields || !type->field_count || type->field_count > MOST_MEMBERS)
    return false;
  if (!is_valid_layout(type->fields, type->field_count, 0, type->size, depth))
    return false;
  for (i = 0; i < type->field_count; i++)
    if ((type->fields[i].flags & TENON_FIELD_DEFAULT) && !type->set_defaults)
      return false;
  return type->size % type_alignment(type) == 0 && are_names_distinct(type);
}

/* Elements of a tuple have no names that anyone sees. */
static bool is_valid_tuple(const tenon_type *type, int depth)
{
  uint32_t i;

  if (!type->fields || !type->field_count || type->field_count > MOST_ELEMENTS)
    return false;
  for (i = 0; i < type->field_count; i++)
    if ((type->fields[i].flags & TENON_FIELD_DEFAULT) &&
        type->field_count > MOST_MEMBERS)
      return false;
  if (!is_valid_layout(type->fields, type->field_count, 0, type->size, depth))
    return false;
  for (i = 0; i < type->field_count; i++)
    if ((type->fields[i].flags & TENON_FIELD_DEFAULT) && !type->set_defaults)
      return false;
  return type->size % type_alignment(type) == 0;
}

/* `which`, and behind it alternatives in one place. */
static bool is_valid_either(const tenon_type *type, int depth)
{
  uint32_t i;

  if (!type->fields || !type->field_count || type->field_count > MOST_MEMBERS)
    return false;
  for (i = 0; i < type->field_count; i++) {
    if (type->fields[i].flags & (TENON_FIELD_DEFAULT | TENON_FIELD_COERCE))
      return false;
    if (!is_valid_layout(&type->fields[i], 1, sizeof(uint32_t), type->size,
                         depth))
      return false;
  }
  return type->size % type_alignment(type) == 0 && are_names_distinct(type) &&
         tenon_p_is_clear_either(type);
}

static bool is_valid_flags(const tenon_type *type)
{
  uint32_t i, beyond;

  if (type->size != 1 && type->size != 2 && type->size != 4 && type->size != 8)
    return false;
  if (!type->fields || !type->field_count ||
      type->field_count > MOST_ENUMERATORS)
    return false;
  for (i = 0; i < type->field_count; i++) {
    if (!type->fields[i].name || type->fields[i].flags) return false;
    if (type->size >= 4) continue;
    /* What does not fit is the sign of a value that does. */
    beyond = type->fields[i].offset >> (8 * type->size - 1);
    if (beyond > 1 && beyond != UINT32_MAX >> (8 * type->size - 1))
      return false;
  }
  return are_names_distinct(type);
}

/* Every array is a pointer and a length, as tenon_bytes is. */
static bool is_valid_array(const tenon_type *type, int depth)
{
  const tenon_field *element = type->fields;

  return type->size == sizeof(tenon_bytes) && element &&
         type->field_count == 1 && element->offset == 0 &&
         !(element->flags & TENON_FIELD_DEFAULT) &&
         is_valid_field(element, depth) &&
         element->type->kind != TENON_KIND_NONE;
}

/* An array whose elements are structs of a string, the key, and a value. */
static bool is_valid_record(const tenon_type *type, int depth)
{
  const tenon_type *pair;

  if (!is_valid_array(type, depth) || type->fields[0].flags) return false;
  pair = type->fields[0].type;
  return pair->kind == TENON_KIND_STRUCT && pair->field_count == 2 &&
         pair->fields[0].type->kind == TENON_KIND_STR &&
         !pair->fields[0].flags &&
         !(pair->fields[1].flags & TENON_FIELD_DEFAULT);
}

/* An array of numbers; memory that is written to is of bytes, too. */
static bool is_valid_view(const tenon_type *type, int depth)
{
  const tenon_field *element = type->fields;

  return is_valid_array(type, depth) && !element->flags &&
         (tenon_p_is_number(element->type->kind) ||
          (type->kind == TENON_KIND_INOUT &&
           element->type->kind == TENON_KIND_BYTES));
}

/* Values wait, so none may belong to a thread, or to a call. */
static bool is_valid_stream(const tenon_type *type, int depth)
{
  static const uint8_t bound[] = {TENON_KIND_ANY, TENON_KIND_CLASS,
                                  TENON_KIND_COPY, TENON_KIND_STREAM,
                                  TENON_KIND_ITERABLE};
  const tenon_field *item = type->fields;
  size_t i;

  if (type->size != sizeof(void *) || !item || type->field_count != 1 ||
      item->offset || !type->name || !type->name[0] ||
      (item->flags & (TENON_FIELD_DEFAULT | TENON_FIELD_COERCE)) ||
      !is_valid_field(item, depth) || item->type->kind == TENON_KIND_NONE)
    return false;
  for (i = 0; i < tenon_p_countof(bound); i++)
    if (tenon_p_type_holds(item->type, bound[i])) return false;
  return true;
}

static bool is_valid_signature(const tenon_signature *s, int depth);

bool tenon_p_is_valid_class(const tenon_class *c)
{
  if (!c || c->size < sizeof *c || !c->name || !c->name[0]) return false;
  if (c->storage == TENON_STORAGE_VALUE)
    return c->instance_size && c->instance_size <= TENON_MOST_INSTANCE &&
           c->instance_align && c->instance_align <= 16 &&
           !(c->instance_align & (c->instance_align - 1)) &&
           c->instance_size % c->instance_align == 0 && !c->free;
  return c->storage <= TENON_STORAGE_COUNTED && c->free;
}

static bool is_valid_type(const tenon_type *type, int depth)
{
  static const uint8_t sizes[] = {
      [TENON_KIND_NONE] = 0,
      [TENON_KIND_BOOL] = sizeof(bool),
      [TENON_KIND_I8] = 1,
      [TENON_KIND_U8] = 1,
      [TENON_KIND_I16] = 2,
      [TENON_KIND_U16] = 2,
      [TENON_KIND_I32] = 4,
      [TENON_KIND_U32] = 4,
      [TENON_KIND_I64] = 8,
      [TENON_KIND_U64] = 8,
      [TENON_KIND_F32] = 4,
      [TENON_KIND_F64] = 8,
      [TENON_KIND_STR] = sizeof(tenon_str),
      [TENON_KIND_BYTES] = sizeof(tenon_bytes),
      [TENON_KIND_BIG_I64] = 8,
      [TENON_KIND_BIG_U64] = 8,
      [TENON_KIND_CSTR] = sizeof(char *),
      [TENON_KIND_ANY] = sizeof(void *),
  };

  if (depth == MOST_DEPTH || types_left == 0) return false;
  types_left--;
  switch (type->kind) {
  case TENON_KIND_ENUM: return is_valid_enum(type);
  case TENON_KIND_STRUCT: return is_valid_struct(type, depth + 1);
  case TENON_KIND_ARRAY: return is_valid_array(type, depth + 1);
  case TENON_KIND_VIEW: return is_valid_view(type, depth + 1);
  /* Scripts may run between two parts, but not behind the last parameter. */
  case TENON_KIND_INOUT: return depth == 0 && is_valid_view(type, depth + 1);
  case TENON_KIND_TUPLE: return is_valid_tuple(type, depth + 1);
  case TENON_KIND_RECORD: return is_valid_record(type, depth + 1);
  case TENON_KIND_DATE: return type->size == sizeof(int64_t);
  case TENON_KIND_EITHER: return is_valid_either(type, depth + 1);
  case TENON_KIND_FLAGS: return is_valid_flags(type);
  case TENON_KIND_CALLBACK:
    return type->size == sizeof(void *) &&
           is_valid_signature(type->signature, depth + 1);
  case TENON_KIND_ITERABLE:
  case TENON_KIND_STREAM: return is_valid_stream(type, depth + 1);
  case TENON_KIND_CLASS:
    return type->size == sizeof(void *) && tenon_p_is_valid_class(type->of);
  case TENON_KIND_COPY:
    return tenon_p_is_valid_class(type->of) &&
           type->of->storage == TENON_STORAGE_VALUE &&
           type->size == type->of->instance_size;
  default: break;
  }
  return type->kind < tenon_p_countof(sizes) && type->size == sizes[type->kind];
}

/* Two flags are for what a new instance is made of. */
static bool is_valid_result(const tenon_field *given)
{
  tenon_field f = *given;
  uint32_t kind = f.type ? f.type->kind : TENON_KIND_NONE;

  f.flags &= ~(uint32_t)TENON_FIELD_EXHAUSTIVE;
  if (kind == TENON_KIND_CLASS) f.flags &= ~(uint32_t)TENON_FIELD_BORROWED;
  if (kind == TENON_KIND_CLASS || kind == TENON_KIND_COPY)
    f.flags &= ~(uint32_t)TENON_FIELD_SPECIES;
  if (!is_valid_field(&f, 0) ||
      (f.flags & (TENON_FIELD_DEFAULT | TENON_FIELD_COERCE)) ||
      f.type->kind == TENON_KIND_INOUT ||
      tenon_p_type_holds(f.type, TENON_KIND_ITERABLE))
    return false;
  return f.type->kind != TENON_KIND_NONE || !f.flags;
}

/* `this` is the first one, `rest`, an array and nothing else, the last. */
static bool are_valid_parameters(const tenon_function *f)
{
  tenon_field fields[TENON_P_MOST_PARAMETERS];
  uint32_t i;

  for (i = 0; i < f->param_count; i++) {
    tenon_field *p = &fields[i];
    *p = f->params[i];
    if (p->flags & TENON_FIELD_REST) {
      if (i + 1 < f->param_count || p->flags != TENON_FIELD_REST || !p->type ||
          p->type->kind != TENON_KIND_ARRAY)
        return false;
      p->flags = 0;
    }
    if (i == 0) p->flags &= ~(uint32_t)TENON_FIELD_THIS;
  }
  if (!is_valid_layout(fields, f->param_count, sizeof(tenon_args), f->args_size,
                       0))
    return false;
  for (i = 0; i < f->param_count; i++)
    if (tenon_p_type_holds(fields[i].type, TENON_KIND_STREAM)) return false;
  return true;
}

/* Its parameters are results of C, so nothing may be left out. */
static bool is_valid_signature(const tenon_signature *s, int depth)
{
  uint32_t i;

  if (!s || s->size < sizeof *s || !s->name || !s->name[0]) return false;
  if (s->flags & ~(uint32_t)TENON_CALLBACK_ONCE) return false;
  if (s->param_count > TENON_P_MOST_PARAMETERS ||
      (s->param_count && !s->params))
    return false;
  for (i = 0; i < s->param_count; i++)
    if (s->params[i].flags & (TENON_FIELD_DEFAULT | TENON_FIELD_COERCE))
      return false;
  if (!is_valid_field(&s->result, depth) ||
      (s->result.flags & TENON_FIELD_DEFAULT))
    return false;
  if (s->result.type->kind == TENON_KIND_NONE && s->result.flags) return false;
  if (tenon_p_type_holds(s->result.type, TENON_KIND_STREAM)) return false;
  if (!is_valid_layout(s->params, s->param_count, 0, s->args_size, depth))
    return false;
  for (i = 0; i < s->param_count; i++)
    if (tenon_p_type_holds(s->params[i].type, TENON_KIND_ITERABLE))
      return false;
  return true;
}

bool tenon_p_is_valid_signature(const tenon_signature *s)
{
  types_left = MOST_TYPES;
  return is_valid_signature(s, 1);
}

bool tenon_p_type_holds(const tenon_type *type, uint32_t kind)
{
  uint32_t i;

  if (type->kind == kind) return true;
  if (type->kind == TENON_KIND_ENUM || type->kind == TENON_KIND_FLAGS)
    return false;
  for (i = 0; type->fields && i < type->field_count; i++)
    if (tenon_p_type_holds(type->fields[i].type, kind)) return true;
  return false;
}

bool tenon_p_type_has_memory(const tenon_type *type)
{
  uint32_t i;

  switch (type->kind) {
  case TENON_KIND_STR:
  case TENON_KIND_CSTR:
  case TENON_KIND_BYTES:
  case TENON_KIND_ARRAY:
  case TENON_KIND_VIEW:
  case TENON_KIND_RECORD:
  case TENON_KIND_CALLBACK:
  case TENON_KIND_STREAM:
  case TENON_KIND_ITERABLE: return true;
  case TENON_KIND_STRUCT:
  case TENON_KIND_TUPLE:
  case TENON_KIND_EITHER: break;
  default: return false;
  }
  for (i = 0; i < type->field_count; i++)
    if (tenon_p_field_is_pointer(&type->fields[i]) ||
        tenon_p_type_has_memory(type->fields[i].type))
      return true;
  return false;
}

bool tenon_p_is_valid_type(const tenon_type *type)
{
  types_left = MOST_TYPES;
  return type->kind != TENON_KIND_NONE && is_valid_type(type, 1);
}

bool tenon_p_is_valid_result(const tenon_field *f)
{
  types_left = MOST_TYPES;
  return is_valid_result(f);
}

bool tenon_p_function_has_any(const tenon_function *f)
{
  uint32_t i;

  if (tenon_p_type_holds(f->result.type, TENON_KIND_ANY)) return true;
  for (i = 0; i < f->param_count; i++)
    if (tenon_p_type_holds(f->params[i].type, TENON_KIND_ANY)) return true;
  return false;
}

bool tenon_p_is_valid_function(const tenon_function *f)
{
  if (!f || f->size < sizeof *f || !f->name || !f->name[0] || !f->thunk)
    return false;
  if (f->flags && f->flags != TENON_FUNCTION_BLOCKING &&
      f->flags != TENON_FUNCTION_ASYNC)
    return false;
  if (f->param_count > TENON_P_MOST_PARAMETERS ||
      f->args_size < sizeof(tenon_args))
    return false;
  if (f->param_count && !f->params) return false;
  types_left = MOST_TYPES;
  return is_valid_result(&f->result) && are_valid_parameters(f) &&
         !(f->flags && tenon_p_is_bound_to_loop(f));
}

/* --- Counting --------------------------------------------------------------------- */

static bool can_be_left_out(const tenon_field *f)
{
  return f->flags & (TENON_FIELD_OPT | TENON_FIELD_DEFAULT |
                     TENON_FIELD_NULLABLE | TENON_FIELD_REST);
}

uint32_t tenon_p_required(const tenon_function *f)
{
  uint32_t first = tenon_p_takes_this(f), i, n = 0;

  for (i = first; i < f->param_count; i++)
    if (!can_be_left_out(&f->params[i])) n = i + 1 - first;
  return n;
}

uint32_t tenon_p_length(const tenon_function *f)
{
  uint32_t first = tenon_p_takes_this(f), i = first;

  while (i < f->param_count && !can_be_left_out(&f->params[i]))
    i++;
  return i - first;
}
