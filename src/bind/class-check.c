/*
 * What a table of classes can say that has the right shape and is wrong all the
 * same. The shape has been checked before: types are valid, members are of
 * classes of the module, bases come to an end.
 */
#include <string.h>

#include "bind/class.h"
#include "bind/table.h"
#include "engine/extension.h"

static const tenon_member *member_of(const tenon_item *item)
{
  return item->data;
}

/* --- Members --------------------------------------------------------------------- */

static bool has_name(uint32_t kind)
{
  switch (kind) {
  case TENON_MEMBER_METHOD:
  case TENON_MEMBER_GETTER:
  case TENON_MEMBER_SETTER:
  case TENON_MEMBER_CONSTANT: return true;
  default: return false;
  }
}

/* Symbols are there; one with a dot is that of Symbol.for(). */
static bool is_valid_name(const char *name, bool is_static)
{
  if (!name[0]) return false;
  if (strncmp(name, "@@", 2) == 0)
    return strchr(name, '.') || tenon_p_is_known_symbol(name + 2);
  /* Which every class has of its own. */
  return strcmp(name, is_static ? "prototype" : "constructor") != 0;
}

static bool are_valid_flags(const tenon_member *x)
{
  uint32_t known = 0;

  if (x->kind == TENON_MEMBER_FIELDS)
    known = TENON_MEMBER_READONLY;
  else if (has_name(x->kind) && x->kind != TENON_MEMBER_CONSTANT)
    known = TENON_MEMBER_STATIC;
  return !(x->flags & ~known);
}

/* Who reads or writes a property does not get a Promise. */
static bool is_valid_accessor(const tenon_member *x)
{
  const tenon_function *f = x->function;

  if (f->flags || (f->result.flags & TENON_FIELD_EXHAUSTIVE)) return false;
  return x->kind == TENON_MEMBER_GETTER
             ? f->result.type->kind != TENON_KIND_NONE
             : !tenon_p_has_rest(f);
}

/* A script would own what is there once, and free it. */
static bool is_valid_constant(const tenon_function *f)
{
  return !tenon_p_type_holds(f->result.type, TENON_KIND_CLASS);
}

/* Values of JavaScript do not stand in T, nor what frees itself. */
static bool are_plain_fields(const tenon_member *x)
{
  static const uint8_t not_plain[] = {TENON_KIND_ANY,    TENON_KIND_CLASS,
                                      TENON_KIND_COPY,   TENON_KIND_CALLBACK,
                                      TENON_KIND_STREAM, TENON_KIND_ITERABLE};
  uint32_t i, k;

  for (i = 0; i < x->field_count; i++) {
    const tenon_field *f = &x->fields[i];
    if (!is_valid_name(f->name, false) ||
        f->offset % tenon_p_field_alignment(f) ||
        f->offset > TENON_MOST_INSTANCE)
      return false;
    for (k = 0; k < tenon_p_countof(not_plain); k++)
      if (tenon_p_type_holds(f->type, not_plain[k])) return false;
  }
  return true;
}

static bool is_sound_member(const tenon_item *item)
{
  const tenon_member *x = member_of(item);
  bool is_static =
      (x->flags & TENON_MEMBER_STATIC) || x->kind == TENON_MEMBER_CONSTANT;

  if (!are_valid_flags(x)) return false;
  if (has_name(x->kind) && !is_valid_name(item->name, is_static)) return false;
  /* Of a static one it is the class. */
  if (has_name(x->kind) && is_static && tenon_p_takes_this(x->function) &&
      x->function->params[0].type->kind == TENON_KIND_CLASS)
    return false;
  switch (x->kind) {
  case TENON_MEMBER_GETTER:
  case TENON_MEMBER_SETTER: return is_valid_accessor(x);
  case TENON_MEMBER_CONSTANT: return is_valid_constant(x->function);
  case TENON_MEMBER_FIELDS: return are_plain_fields(x);
  case TENON_MEMBER_DISPOSE:
    return !item->name[0] || is_valid_name(item->name, false);
  /* Of which the Promise says when it has come to its end. */
  case TENON_MEMBER_ASYNC_DISPOSE: return x->function->flags != 0;
  default: return true;
  }
}

/* --- Names ----------------------------------------------------------------------- */

/* A property that a member makes. */
typedef struct property {
  const char *name;
  uint32_t accessor; /* the kind of half of one, or 0 */
  bool is_static;
} property;

/* The i-th property of a member; false: it has no more. */
static bool property_of(const tenon_item *item, uint32_t i, property *p)
{
  const tenon_member *x = member_of(item);

  *p = (property){.name = item->name,
                  .is_static = x->flags & TENON_MEMBER_STATIC};
  switch (x->kind) {
  case TENON_MEMBER_GETTER:
  case TENON_MEMBER_SETTER: p->accessor = x->kind; return i == 0;
  case TENON_MEMBER_METHOD: return i == 0;
  case TENON_MEMBER_CONSTANT: p->is_static = true; return i == 0;
  case TENON_MEMBER_FIELDS:
    if (i < x->field_count) p->name = x->fields[i].name;
    return i < x->field_count;
  case TENON_MEMBER_ITERATOR: p->name = "@@iterator"; return i == 0;
  case TENON_MEMBER_ASYNC_ITERATOR: p->name = "@@asyncIterator"; return i == 0;
  case TENON_MEMBER_ASYNC_DISPOSE: p->name = "@@asyncDispose"; return i == 0;
  case TENON_MEMBER_DISPOSE:
    if (i == 0) p->name = "@@dispose";
    return i == 0 || (i == 1 && p->name[0]);
  default: return false;
  }
}

static bool clash(const property *a, const property *b)
{
  if (a->is_static != b->is_static || strcmp(a->name, b->name) != 0)
    return false;
  return !a->accessor || !b->accessor || a->accessor == b->accessor;
}

static bool are_names_distinct(const tenon_p_class_table *t)
{
  uint32_t i, k, n, o;
  property a, b;

  for (i = 0; i < t->count; i++)
    for (n = 0; property_of(t->members[i], n, &a); n++)
      for (k = 0; k <= i; k++)
        for (o = 0; (k < i || o < n) && property_of(t->members[k], o, &b); o++)
          if (clash(&a, &b)) return false;
  return true;
}

/* --- Functions ------------------------------------------------------------------- */

static bool has_release(const tenon_p_module *m, const tenon_class *class)
{
  uint32_t i;

  for (i = 0; i < m->class_count; i++)
    if (m->classes[i].class == class)
      return tenon_p_class_member(&m->classes[i], TENON_MEMBER_RELEASE);
  return false;
}

/* Would a copy of what an instance releases come in? It would be released twice.
 * What a callback takes goes out. */
static bool copies_in(const tenon_p_module *m, const tenon_type *type,
                      bool comes_in)
{
  const tenon_field *fields = type->fields;
  uint32_t i, count = type->field_count;

  switch (type->kind) {
  case TENON_KIND_COPY: return comes_in && has_release(m, type->of);
  case TENON_KIND_ENUM:
  case TENON_KIND_FLAGS: return false;
  case TENON_KIND_CALLBACK:
    if (copies_in(m, type->signature->result.type, comes_in)) return true;
    comes_in = !comes_in;
    fields = type->signature->params;
    count = type->signature->param_count;
    break;
  default: break;
  }
  for (i = 0; fields && i < count; i++)
    if (copies_in(m, fields[i].type, comes_in)) return true;
  return false;
}

static bool is_sound_function(const tenon_p_module *m, const tenon_function *f)
{
  const uint32_t of_this = TENON_FIELD_BORROWED | TENON_FIELD_SPECIES;
  uint32_t i;

  for (i = 0; i < f->param_count; i++)
    if (copies_in(m, f->params[i].type, true)) return false;
  if (copies_in(m, f->result.type, false)) return false;
  return !(f->result.flags & of_this) ||
         (tenon_p_takes_this(f) && f->params[0].type->kind == TENON_KIND_CLASS);
}

static bool is_sound_item(const tenon_p_module *m, const tenon_item *item)
{
  switch (item->kind) {
  case TENON_ITEM_CONSTANT:
    return is_valid_constant(item->data) && is_sound_function(m, item->data);
  case TENON_ITEM_GETTER: return is_sound_function(m, item->data);
  case TENON_ITEM_MEMBER:
    return !member_of(item)->function ||
           is_sound_function(m, member_of(item)->function);
  default: return true;
  }
}

bool tenon_p_are_sound_classes(const tenon_p_module *m)
{
  const tenon_module *d = m->descriptor;
  const tenon_function *const *f;
  const tenon_item *const *item;
  uint32_t i, k;

  for (i = 0; i < m->class_count; i++) {
    for (k = 0; k < m->classes[i].count; k++)
      if (!is_sound_member(m->classes[i].members[k])) return false;
    if (!are_names_distinct(&m->classes[i])) return false;
  }
  for (f = d->begin; f != d->end; f++)
    if (!is_sound_function(m, *f)) return false;
  for (item = d->items_begin; item != d->items_end; item++)
    if (!is_sound_item(m, *item)) return false;
  return true;
}
