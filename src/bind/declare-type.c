/*
 * Tables are valid: types nest to a fixed depth, so recursion is bounded by it.
 */
#include "bind/declare-type.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "bind/table.h"

#define IS_POINTER (TENON_FIELD_OPT | TENON_FIELD_NULLABLE)
#define MAY_LACK (IS_POINTER | TENON_FIELD_DEFAULT)

/* --- What types hold --------------------------------------------------------------- */

static bool is_own(const tenon_type *type)
{
  switch (type->kind) {
  case TENON_KIND_ENUM:
  case TENON_KIND_STRUCT:
  case TENON_KIND_ARRAY:
  case TENON_KIND_VIEW:
  case TENON_KIND_INOUT:
  case TENON_KIND_TUPLE:
  case TENON_KIND_RECORD:
  case TENON_KIND_EITHER:
  case TENON_KIND_CALLBACK:
  case TENON_KIND_STREAM:
  case TENON_KIND_ITERABLE:
  case TENON_KIND_FLAGS: return true;
  default: return false;
  }
}

/* The value of a record's pairs. */
static const tenon_field *record_value(const tenon_type *type)
{
  return &type->fields[0].type->fields[1];
}

static bool is_text_equal(const char *a, const char *b)
{
  return a == b || (a && b && strcmp(a, b) == 0);
}

/* Fields whose types are parts of a type; an enum's are values. */
static uint32_t parts_of(const tenon_type *type, const tenon_field **fields)
{
  switch (type->kind) {
  case TENON_KIND_ENUM:
  case TENON_KIND_FLAGS: return 0;
  case TENON_KIND_CALLBACK:
    *fields = type->signature->params;
    return type->signature->param_count;
  case TENON_KIND_RECORD: *fields = record_value(type); return 1;
  default: *fields = type->fields; return type->field_count;
  }
}

/* --- Shapes ------------------------------------------------------------------------ */

void tenon_p_shapes_release(tenon_p_shapes *s)
{
  free(s->list);
  tenon_p_scope_release(&s->scope);
  *s = (tenon_p_shapes){0};
}

/* The first shape of a type that was collected. */
static tenon_p_shape *shape_of(const tenon_p_shapes *s, const tenon_type *type)
{
  uint32_t i;

  for (i = 0; i < s->count; i++)
    if (s->list[i].type == type) return &s->list[s->list[i].same];
  return NULL;
}

static bool is_same_type(const tenon_p_shapes *s, const tenon_type *a,
                         const tenon_type *b)
{
  if (a == b) return true;
  if (a->kind == b->kind &&
      (a->kind == TENON_KIND_CLASS || a->kind == TENON_KIND_COPY))
    return a->of == b->of;
  if (a->kind != b->kind || !is_own(a)) return a->kind == b->kind;
  return shape_of(s, a) == shape_of(s, b);
}

static bool is_same_field(const tenon_p_shapes *s, const tenon_field *a,
                          const tenon_field *b)
{
  return is_text_equal(a->name, b->name) && a->flags == b->flags &&
         is_text_equal(a->default_text, b->default_text) &&
         is_same_type(s, a->type, b->type);
}

/* Their parts were collected before. */
static bool is_same_shape(const tenon_p_shapes *s, const tenon_type *a,
                          const tenon_type *b)
{
  const tenon_field *x = a->fields, *y = b->fields;
  uint32_t i, count = a->field_count;

  if (a->kind != b->kind || a->field_count != b->field_count ||
      !is_text_equal(a->name, b->name))
    return false;
  if (a->kind == TENON_KIND_CALLBACK) {
    count = a->signature->param_count;
    x = a->signature->params;
    y = b->signature->params;
    if (count != b->signature->param_count ||
        !is_same_field(s, &a->signature->result, &b->signature->result))
      return false;
  } else if (a->kind == TENON_KIND_RECORD) {
    return is_same_field(s, record_value(a), record_value(b));
  }
  for (i = 0; i < count; i++)
    if (!is_same_field(s, &x[i], &y[i])) return false;
  return true;
}

static bool is_type_different(const tenon_p_shapes *s, const tenon_type *type)
{
  const tenon_p_shape *shape;

  switch (type->kind) {
  case TENON_KIND_I64:
  case TENON_KIND_U64:
  case TENON_KIND_BYTES:
  case TENON_KIND_ANY:
  case TENON_KIND_FLAGS: return true;
  default: shape = is_own(type) ? shape_of(s, type) : NULL;
  }
  return shape && shape->differs;
}

/* Parts, but a callback's: a function goes the other way. */
static bool is_shape_different(const tenon_p_shapes *s, const tenon_type *type)
{
  uint32_t flags = TENON_FIELD_NULLABLE | TENON_FIELD_COERCE, i, count;
  const tenon_field *fields;

  switch (type->kind) {
  case TENON_KIND_ENUM:
  case TENON_KIND_FLAGS: /* of which there are arrays */
  case TENON_KIND_STREAM:
  case TENON_KIND_ITERABLE:
  case TENON_KIND_CALLBACK: return false;
  case TENON_KIND_STRUCT: flags |= MAY_LACK; break;
  case TENON_KIND_RECORD:
  case TENON_KIND_EITHER: break;
  default: return true;
  }
  count = parts_of(type, &fields);
  for (i = 0; i < count; i++)
    if ((fields[i].flags & flags) || is_type_different(s, fields[i].type))
      return true;
  return false;
}

/* A tuple, union or function without a word of its own is written in place. */
static bool is_shape_named(const tenon_type *type)
{
  static const char *const general[] = {"tuple", "either", "callback", "func",
                                        "function"};
  const char *name = type->name ? type->name : "";
  size_t i;

  switch (type->kind) {
  case TENON_KIND_STRUCT:
  case TENON_KIND_ENUM:
  case TENON_KIND_FLAGS: return true;
  case TENON_KIND_TUPLE:
  case TENON_KIND_EITHER:
  case TENON_KIND_CALLBACK:
    for (i = 0; i < tenon_p_countof(general); i++)
      if (strcmp(name, general[i]) == 0) return false;
    return name[0];
  default: return false;
  }
}

static void add_type(tenon_p_shapes *s, const tenon_type *type)
{
  uint32_t i, count, capacity = s->capacity * 2 + 16;
  const tenon_field *fields = NULL;
  tenon_p_shape *list;

  if (!is_own(type) || s->failed || shape_of(s, type)) return;
  count = parts_of(type, &fields);
  for (i = 0; i < count; i++)
    add_type(s, fields[i].type);
  if (type->kind == TENON_KIND_CALLBACK)
    add_type(s, type->signature->result.type);
  if (s->failed) return;
  if (s->count == s->capacity) {
    list = tenon_p_realloc(s->list, capacity * sizeof *list);
    if (!list) {
      s->failed = true;
      return;
    }
    s->list = list;
    s->capacity = capacity;
  }
  for (i = 0; i < s->count; i++)
    if (s->list[i].same == i && is_same_shape(s, s->list[i].type, type)) break;
  s->list[s->count] = (tenon_p_shape){.type = type,
                                      .same = i,
                                      .is_named = is_shape_named(type),
                                      .differs = is_shape_different(s, type)};
  s->count++;
}

static void use_type(tenon_p_shapes *s, const tenon_type *type, int direction);

static void use_field(tenon_p_shapes *s, const tenon_field *f, int direction)
{
  if (direction == TENON_P_OUT || !(f->flags & TENON_FIELD_COERCE))
    use_type(s, f->type, direction);
}

static void use_type(tenon_p_shapes *s, const tenon_type *type, int direction)
{
  tenon_p_shape *shape = is_own(type) ? shape_of(s, type) : NULL;
  const tenon_field *fields = NULL;
  uint32_t i, count;
  uint32_t kind = type->kind;

  if (!shape || (shape->used & 1 << direction)) return;
  shape->used |= (uint8_t)(1 << direction);
  type = shape->type;
  count = parts_of(type, &fields);
  if (kind == TENON_KIND_ARRAY && direction == TENON_P_IN) {
    if (tenon_p_is_number(fields[0].type->kind)) {
      uint32_t element = fields[0].type->kind;
      bool is_big =
          element == TENON_KIND_BIG_I64 || element == TENON_KIND_BIG_U64;
      s->needs_numbers |= !is_big;
      s->needs_bigints |=
          is_big || element == TENON_KIND_I64 || element == TENON_KIND_U64;
    }
  }
  /* The arguments of a callback go out, wherever it is. */
  for (i = 0; i < count; i++)
    use_field(s, &fields[i],
              kind == TENON_KIND_CALLBACK ? TENON_P_OUT : direction);
  if (kind == TENON_KIND_CALLBACK)
    use_field(s, &type->signature->result, TENON_P_IN);
}

void tenon_p_shapes_add(tenon_p_shapes *s, const tenon_function *f)
{
  uint32_t i;

  for (i = 0; i < f->param_count; i++)
    add_type(s, f->params[i].type);
  add_type(s, f->result.type);
  if (s->failed) return;
  for (i = 0; i < f->param_count; i++)
    use_field(s, &f->params[i], TENON_P_IN);
  use_field(s, &f->result, TENON_P_OUT);
}

void tenon_p_shapes_add_field(tenon_p_shapes *s, const tenon_field *f,
                              bool is_set)
{
  add_type(s, f->type);
  if (s->failed) return;
  use_field(s, f, TENON_P_OUT);
  if (is_set) use_field(s, f, TENON_P_IN);
}

bool tenon_p_shape_is_declared(const tenon_p_shapes *s, uint32_t i,
                               int direction)
{
  const tenon_p_shape *shape = &s->list[i];

  if (!shape->is_named || shape->same != i) return false;
  if (!shape->differs) return direction == TENON_P_OUT && shape->used;
  return shape->used & 1 << direction;
}

/* --- Names ------------------------------------------------------------------------- */

/* Where a type differs, what comes in is `point_input`, and `PointInput` of
 * `Point`. */
static const char *input_suffix(const char *name)
{
  return name[0] >= 'A' && name[0] <= 'Z' && !strchr(name, '_') ? "Input"
                                                                : "_input";
}

static const char *choose_name(tenon_p_shapes *s, const char *wanted)
{
  char *id = tenon_p_identifier_of(wanted ? wanted : "");
  const char *name = NULL;

  if (id)
    name = tenon_p_scope_choose(&s->scope, NULL, id,
                                tenon_p_is_type_reserved(id) ? "_" : "");
  if (!name) s->failed = true;
  free(id);
  return name;
}

void tenon_p_shapes_name(tenon_p_shapes *s)
{
  const uint8_t both = 1 << TENON_P_IN | 1 << TENON_P_OUT;
  tenon_p_shape *shape;
  uint32_t i;

  for (i = 0; i < s->count && !s->failed; i++) {
    shape = &s->list[i];
    if (shape->same != i || !shape->is_named || !shape->used) continue;
    shape->name[0] = shape->name[1] = choose_name(s, shape->type->name);
  }
  for (i = 0; i < s->count && !s->failed; i++) {
    shape = &s->list[i];
    if (!shape->name[0] || !shape->differs || shape->used != both) continue;
    shape->name[TENON_P_IN] =
        tenon_p_scope_choose(&s->scope, NULL, shape->name[TENON_P_OUT],
                             input_suffix(shape->name[TENON_P_OUT]));
    if (!shape->name[TENON_P_IN]) s->failed = true;
  }
  if (s->needs_numbers && !s->failed)
    s->numbers = choose_name(s, "NumberArray");
  if (s->needs_bigints && !s->failed)
    s->bigints = choose_name(s, "BigIntArray");
  if (s->needs_options && !s->failed)
    s->options = choose_name(s, "CallOptions");
}

/* --- Unions ------------------------------------------------------------------------ */

/* How the text of a type binds. */
enum { PLAIN, PREFIXED /* readonly a[] */, FUNCTION };

/* A type as its alternatives, each once. */
typedef struct alternatives {
  struct {
    char *text;
    int form;
  } * list;
  uint32_t count, capacity;
  bool failed;
} alternatives;

static void release(alternatives *a)
{
  uint32_t i;

  for (i = 0; i < a->count; i++)
    free(a->list[i].text);
  free(a->list);
  *a = (alternatives){0};
}

/* Takes over `text`; NULL: out of memory. */
static void add_taken(alternatives *a, char *text, int form)
{
  uint32_t i, capacity = a->capacity * 2 + 4;
  void *list;

  if (!text) a->failed = true;
  for (i = 0; text && i < a->count; i++)
    if (strcmp(a->list[i].text, text) == 0) break;
  if (!text || i < a->count) {
    free(text);
    return;
  }
  if (a->count == a->capacity) {
    list = tenon_p_realloc(a->list, capacity * sizeof *a->list);
    if (!list) {
      a->failed = true;
      free(text);
      return;
    }
    a->list = list;
    a->capacity = capacity;
  }
  a->list[a->count].text = text;
  a->list[a->count++].form = form;
}

static void add(alternatives *a, const char *text)
{
  add_taken(a, tenon_p_strndup(text, strlen(text)), PLAIN);
}

/* An element stands before `[]`: more than a word needs parentheses. */
static void join(tenon_p_text *out, const alternatives *a, bool is_element)
{
  bool is_group = is_element && (a->count != 1 || a->list[0].form != PLAIN);
  uint32_t i;

  if (a->failed) out->failed = true;
  for (i = 0; i < a->count; i++) {
    /* These take in all others. */
    if (strcmp(a->list[i].text, "unknown") == 0 ||
        strcmp(a->list[i].text, "any") == 0) {
      tenon_p_text_puts(out, a->list[i].text);
      return;
    }
  }
  if (is_group) tenon_p_text_puts(out, "(");
  for (i = 0; i < a->count; i++) {
    bool is_function = a->count > 1 && a->list[i].form == FUNCTION;
    tenon_p_text_printf(out, is_function ? "%s(%s)" : "%s%s", i ? " | " : "",
                        a->list[i].text);
  }
  if (is_group) tenon_p_text_puts(out, ")");
}

/* --- Types ------------------------------------------------------------------------- */

static void add_field(const tenon_p_shapes *s, alternatives *a,
                      const tenon_field *f, int direction);

static void put_element(const tenon_p_shapes *s, tenon_p_text *out,
                        const tenon_field *f, int direction, bool is_element)
{
  alternatives a = {0};

  add_field(s, &a, f, direction);
  join(out, &a, is_element);
  release(&a);
}

void tenon_p_put_field_type(const tenon_p_shapes *s, tenon_p_text *out,
                            const tenon_field *f, int direction)
{
  put_element(s, out, f, direction, false);
}

/* The type of what may be left out, without `undefined` where `?` says it. */
static void put_optional(const tenon_p_shapes *s, tenon_p_text *out,
                         const tenon_field *f, int direction,
                         bool has_undefined)
{
  tenon_field plain = *f;
  alternatives a = {0};

  plain.flags &= ~(uint32_t)IS_POINTER;
  add_field(s, &a, &plain, direction);
  if (f->flags & TENON_FIELD_NULLABLE) add(&a, "null");
  if (has_undefined) add(&a, "undefined");
  join(out, &a, false);
  release(&a);
}

static void add_array(const tenon_p_shapes *s, alternatives *a,
                      const tenon_type *type, int direction)
{
  uint32_t kind = type->fields[0].type->kind;
  bool is_big = kind == TENON_KIND_BIG_I64 || kind == TENON_KIND_BIG_U64;
  tenon_p_text t = TENON_P_TEXT_INIT;

  if (direction == TENON_P_IN) tenon_p_text_puts(&t, "readonly ");
  put_element(s, &t, &type->fields[0], direction, true);
  tenon_p_text_puts(&t, "[]");
  add_taken(a, tenon_p_text_take(&t),
            direction == TENON_P_IN ? PREFIXED : PLAIN);
  if (direction == TENON_P_OUT || !tenon_p_is_number(kind)) return;
  if (!is_big) add(a, s->numbers);
  if (is_big || kind == TENON_KIND_I64 || kind == TENON_KIND_U64)
    add(a, s->bigints);
}

static const char *view_of(uint32_t kind)
{
  switch (kind) {
  case TENON_KIND_I8: return "Int8Array";
  case TENON_KIND_I16: return "Int16Array";
  case TENON_KIND_U16: return "Uint16Array";
  case TENON_KIND_I32: return "Int32Array";
  case TENON_KIND_U32: return "Uint32Array";
  case TENON_KIND_I64:
  case TENON_KIND_BIG_I64: return "BigInt64Array";
  case TENON_KIND_U64:
  case TENON_KIND_BIG_U64: return "BigUint64Array";
  case TENON_KIND_F32: return "Float32Array";
  case TENON_KIND_F64: return "Float64Array";
  default: return "Uint8Array";
  }
}

static void add_bytes(alternatives *a, int direction)
{
  if (direction == TENON_P_OUT) {
    add(a, "Uint8Array<ArrayBuffer>");
  } else {
    add(a, "ArrayBuffer");
    add(a, "ArrayBufferView");
  }
}

static void add_view(alternatives *a, const tenon_type *type, int direction)
{
  uint32_t kind = type->fields[0].type->kind;
  tenon_p_text t = TENON_P_TEXT_INIT;

  if (kind == TENON_KIND_BYTES) {
    add_bytes(a, direction);
    return;
  }
  tenon_p_text_puts(&t, view_of(kind));
  if (direction == TENON_P_OUT) tenon_p_text_puts(&t, "<ArrayBuffer>");
  add_taken(a, tenon_p_text_take(&t), PLAIN);
  if (direction == TENON_P_IN && kind == TENON_KIND_U8)
    add(a, "Uint8ClampedArray");
}

/* As parameters are: what may lack at the end can be left out on the way in. */
static void put_tuple(const tenon_p_shapes *s, tenon_p_text *out,
                      const tenon_type *type, int direction)
{
  bool has_labels = true;
  uint32_t i, needed = type->field_count;

  for (i = 0; i < type->field_count; i++) {
    const char *name = type->fields[i].name;
    if (!tenon_p_is_identifier(name) || tenon_p_is_reserved(name) ||
        name[0] == '_')
      has_labels = false;
  }
  if (direction == TENON_P_IN) {
    tenon_p_text_puts(out, "readonly ");
    while (needed && (type->fields[needed - 1].flags & MAY_LACK))
      needed--;
  }
  for (i = 0; i < type->field_count; i++) {
    const tenon_field *f = &type->fields[i];
    bool may_lack = direction == TENON_P_IN && (f->flags & MAY_LACK);
    tenon_p_text_puts(out, i ? ", " : "[");
    if (has_labels)
      tenon_p_text_printf(out, i < needed ? "%s: " : "%s?: ", f->name);
    else if (i >= needed)
      tenon_p_text_puts(out, "(");
    if (may_lack)
      put_optional(s, out, f, direction, true);
    else
      put_element(s, out, f, direction, false);
    if (!has_labels && i >= needed) tenon_p_text_puts(out, ")?");
  }
  tenon_p_text_puts(out, "]");
}

/* What a shape is, without its name. */
static void add_content(const tenon_p_shapes *s, alternatives *a,
                        const tenon_type *type, int direction, const char *line)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  tenon_p_put_call call;
  uint32_t i;

  switch (type->kind) {
  case TENON_KIND_ARRAY: add_array(s, a, type, direction); return;
  case TENON_KIND_VIEW:
  case TENON_KIND_INOUT: add_view(a, type, direction); return;
  case TENON_KIND_RECORD:
    tenon_p_text_puts(&t, "Record<string, ");
    put_element(s, &t, record_value(type), direction, false);
    tenon_p_text_puts(&t, ">");
    add_taken(a, tenon_p_text_take(&t), PLAIN);
    return;
  case TENON_KIND_TUPLE:
    put_tuple(s, &t, type, direction);
    add_taken(a, tenon_p_text_take(&t),
              direction == TENON_P_IN ? PREFIXED : PLAIN);
    return;
  case TENON_KIND_EITHER:
    for (i = 0; i < type->field_count; i++)
      add_field(s, a, &type->fields[i], direction);
    return;
  case TENON_KIND_ITERABLE:
    tenon_p_text_puts(&t, "AsyncIterable<");
    put_element(s, &t, &type->fields[0], direction, false);
    tenon_p_text_puts(&t, ">");
    add_taken(a, tenon_p_text_take(&t), PLAIN);
    tenon_p_text_puts(&t, "Iterable<");
    put_element(s, &t, &type->fields[0], direction, false);
    tenon_p_text_puts(&t, ">");
    add_taken(a, tenon_p_text_take(&t), PLAIN);
    return;
  case TENON_KIND_STREAM:
    tenon_p_text_puts(&t, "AsyncIterableIterator<");
    put_element(s, &t, &type->fields[0], direction, false);
    tenon_p_text_puts(&t, ">");
    add_taken(a, tenon_p_text_take(&t), PLAIN);
    return;
  case TENON_KIND_CALLBACK:
    call = (tenon_p_put_call){.params = type->signature->params,
                              .result = &type->signature->result,
                              .count = type->signature->param_count,
                              .direction = TENON_P_OUT,
                              .is_arrow = true,
                              .line = line};
    tenon_p_put_signature(s, &t, &call);
    add_taken(a, tenon_p_text_take(&t), FUNCTION);
    return;
  default: return;
  }
}

static void add_own(const tenon_p_shapes *s, alternatives *a,
                    const tenon_type *type, int direction)
{
  const tenon_p_shape *shape = shape_of(s, type);
  tenon_p_text t = TENON_P_TEXT_INIT;

  if (!shape->is_named) {
    add_content(s, a, shape->type, direction, NULL);
  } else if (type->kind == TENON_KIND_FLAGS) {
    if (direction == TENON_P_IN) add(a, shape->name[direction]);
    tenon_p_text_printf(&t, direction == TENON_P_IN ? "readonly %s[]" : "%s[]",
                        shape->name[direction]);
    add_taken(a, tenon_p_text_take(&t),
              direction == TENON_P_IN ? PREFIXED : PLAIN);
  } else {
    add(a, shape->name[direction]);
  }
}

/* One of another module has no name here. */
static void add_class(const tenon_p_shapes *s, alternatives *a,
                      const tenon_class *class)
{
  uint32_t i;

  for (i = 0; i < s->class_count; i++)
    if (s->classes[i].class == class) break;
  add(a, i < s->class_count ? s->classes[i].name : "object");
}

static void add_type_text(const tenon_p_shapes *s, alternatives *a,
                          const tenon_type *type, int direction)
{
  switch (type->kind) {
  case TENON_KIND_NONE: add(a, "void"); break;
  case TENON_KIND_BOOL: add(a, "boolean"); break;
  case TENON_KIND_STR:
  case TENON_KIND_CSTR: add(a, "string"); break;
  case TENON_KIND_BYTES: add_bytes(a, direction); break;
  case TENON_KIND_BIG_I64:
  case TENON_KIND_BIG_U64: add(a, "bigint"); break;
  case TENON_KIND_DATE: add(a, "Date"); break;
  case TENON_KIND_ANY:
    add(a, direction == TENON_P_IN ? "unknown" : "any");
    break;
  case TENON_KIND_CLASS:
  case TENON_KIND_COPY: add_class(s, a, type->of); break;
  case TENON_KIND_I64:
  case TENON_KIND_U64:
    add(a, "number");
    if (direction == TENON_P_IN) add(a, "bigint");
    break;
  default:
    if (is_own(type))
      add_own(s, a, type, direction);
    else
      add(a, "number");
  }
}

/* Number(), String() and Boolean() take all but what throws by itself; BigInt()
 * takes little. */
static void add_coerced(alternatives *a, const tenon_type *type)
{
  if (type->kind != TENON_KIND_BIG_I64 && type->kind != TENON_KIND_BIG_U64) {
    add(a, "unknown");
    return;
  }
  add(a, "bigint");
  add(a, "number");
  add(a, "string");
  add(a, "boolean");
}

static void add_field(const tenon_p_shapes *s, alternatives *a,
                      const tenon_field *f, int direction)
{
  if (direction == TENON_P_IN && (f->flags & TENON_FIELD_COERCE))
    add_coerced(a, f->type);
  else
    add_type_text(s, a, f->type, direction);
  if (f->flags & TENON_FIELD_NULLABLE) add(a, "null");
  if ((f->flags & TENON_FIELD_OPT) ||
      (direction == TENON_P_IN && (f->flags & TENON_FIELD_NULLABLE)))
    add(a, "undefined");
}

/* --- Parameters -------------------------------------------------------------------- */

static const char *parameter_name(tenon_p_scope *names, const tenon_field *f)
{
  char *id = tenon_p_identifier_of(f->name);
  const char *name = NULL;

  if (id)
    name = tenon_p_scope_choose(names, NULL, id,
                                tenon_p_is_reserved(id) ? "_" : "");
  free(id);
  return name;
}

/* One of a rest parameter's elements; what comes in is an array by itself. */
static void put_rest(const tenon_p_shapes *s, tenon_p_text *out,
                     const tenon_field *f, int direction)
{
  put_element(s, out, &f->type->fields[0], direction, true);
  tenon_p_text_puts(out, "[]");
}

static bool has_options(const tenon_p_put_call *c)
{
  return c->is_promise &&
         !(c->count && (c->params[c->count - 1].flags & TENON_FIELD_REST));
}

/* Behind the parameters of what gives a Promise. */
static void put_options(const tenon_p_shapes *s, tenon_p_text *out,
                        const tenon_p_put_call *c, tenon_p_scope *names)
{
  const char *name = tenon_p_scope_choose(names, NULL, "options", "");

  if (!name || !s->options) {
    out->failed |= !name;
    return;
  }
  if (c->count) tenon_p_text_puts(out, c->line ? "," : ", ");
  if (c->line) tenon_p_text_printf(out, "%s  ", c->line);
  tenon_p_text_printf(out, "%s?: %s", name, s->options);
}

static void put_parameter(const tenon_p_shapes *s, tenon_p_text *out,
                          const tenon_field *f, int direction, bool is_last,
                          tenon_p_scope *names)
{
  bool may_lack = direction == TENON_P_IN && (f->flags & MAY_LACK);
  const char *name;

  if (f->flags & TENON_FIELD_THIS) {
    tenon_p_text_puts(out, "this: ");
    if (may_lack)
      put_optional(s, out, f, direction, true);
    else
      put_element(s, out, f, direction, false);
    return;
  }
  name = parameter_name(names, f);
  if (!name) {
    out->failed = true;
  } else if (f->flags & TENON_FIELD_REST) {
    tenon_p_text_printf(out, "...%s: ", name);
    put_rest(s, out, f, direction);
  } else if (may_lack) {
    tenon_p_text_printf(out, is_last ? "%s?: " : "%s: ", name);
    put_optional(s, out, f, direction, !is_last);
  } else {
    tenon_p_text_printf(out, "%s: ", name);
    put_element(s, out, f, direction, false);
  }
}

void tenon_p_put_signature(const tenon_p_shapes *s, tenon_p_text *out,
                           const tenon_p_put_call *c)
{
  tenon_p_scope own = {0}, *names = c->names ? c->names : &own;
  uint32_t i, needed = 0;

  for (i = 0; i < c->count; i++)
    if (!(c->params[i].flags &
          (MAY_LACK | TENON_FIELD_REST | TENON_FIELD_THIS)))
      needed = i + 1;
  tenon_p_text_puts(out, "(");
  for (i = 0; i < c->count; i++) {
    if (i) tenon_p_text_puts(out, c->line ? "," : ", ");
    if (c->line) tenon_p_text_printf(out, "%s  ", c->line);
    put_parameter(s, out, &c->params[i], c->direction, i >= needed, names);
  }
  if (has_options(c)) put_options(s, out, c, names);
  if (c->line && (c->count || has_options(c))) tenon_p_text_puts(out, c->line);
  if (c->is_constructor) {
    tenon_p_text_puts(out, ")");
  } else {
    tenon_p_text_puts(out, c->is_arrow ? ") => " : "): ");
    if (c->is_promise) tenon_p_text_puts(out, "Promise<");
    put_element(s, out, c->result, !c->direction, false);
    if (c->is_promise) tenon_p_text_puts(out, ">");
  }
  tenon_p_scope_release(&own);
}

/* --- Shapes as declarations -------------------------------------------------------- */

bool tenon_p_shape_is_interface(const tenon_p_shape *shape)
{
  return shape->type->kind == TENON_KIND_STRUCT;
}

void tenon_p_put_member(const tenon_p_shapes *s, tenon_p_text *out,
                        const tenon_field *f, int direction)
{
  bool may_lack = direction == TENON_P_IN && (f->flags & MAY_LACK);

  tenon_p_put_property(out, f->name);
  tenon_p_text_puts(out, may_lack ? "?: " : ": ");
  if (may_lack)
    put_optional(s, out, f, direction, true);
  else
    put_element(s, out, f, direction, false);
}

static void put_values(tenon_p_text *out, const tenon_type *type,
                       const char *line)
{
  uint32_t i;

  for (i = 0; i < type->field_count; i++) {
    if (line)
      tenon_p_text_printf(out, "%s  | ", line);
    else if (i)
      tenon_p_text_puts(out, " | ");
    tenon_p_put_string(out, type->fields[i].name);
  }
}

void tenon_p_put_shape(const tenon_p_shapes *s, tenon_p_text *out,
                       const tenon_p_shape *shape, int direction,
                       const char *line)
{
  alternatives a = {0};

  if (shape->type->kind == TENON_KIND_ENUM ||
      shape->type->kind == TENON_KIND_FLAGS) {
    put_values(out, shape->type, line);
    return;
  }
  add_content(s, &a, shape->type, direction, line);
  join(out, &a, false);
  release(&a);
}
