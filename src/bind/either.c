/*
 * Choices: one of several types, told apart by the type of the value alone.
 *
 * Every type claims some classes of values, the better the more exactly it is
 * made for them: a Float64Array is a view of f64 before it is bytes, and bytes
 * before it is an array of numbers. The best claim decides; two that are as
 * good make a choice that is refused.
 *
 * Before that an instance is of the alternative whose class is its own, or the
 * nearest one that this extends. One of no such class is an object like others.
 */
#include <string.h>

#include "base/text.h"
#include "bind/class.h"
#include "bind/convert.h"
#include "bind/parts.h"
#include "bind/table.h"
#include "engine/extension.h"

enum { MOST_TYPED_ARRAYS = JS_TYPED_ARRAY_FLOAT64 + 1 };
enum value_class {
  CLASS_UNDEFINED,
  CLASS_NULL,
  CLASS_BOOLEAN,
  CLASS_NUMBER,
  CLASS_BIGINT,
  CLASS_STRING,
  CLASS_SYMBOL,
  CLASS_ARRAY,
  CLASS_DATE,
  CLASS_FUNCTION,
  CLASS_OBJECT, /* any other */
  CLASS_BUFFER, /* an ArrayBuffer or a DataView */
  CLASS_VIEW,   /* + JSTypedArrayEnum */
  CLASS_COUNT = CLASS_VIEW + MOST_TYPED_ARRAYS
};
enum { CLAIM_NONE, CLAIM_ANYTHING, CLAIM_ALSO, CLAIM_WELL, CLAIM_EXACTLY };

static uint8_t level_of(const tenon_field *f, int value_class);

static uint8_t level_of_type(const tenon_type *type, int value_class)
{
  bool is_view = value_class >= CLASS_VIEW;
  uint8_t best = CLAIM_NONE, level;
  uint32_t i;

  switch (type->kind) {
  case TENON_KIND_BOOL: return value_class == CLASS_BOOLEAN ? CLAIM_WELL : 0;
  case TENON_KIND_I64:
  case TENON_KIND_U64:
    return value_class == CLASS_NUMBER || value_class == CLASS_BIGINT
               ? CLAIM_WELL
               : 0;
  case TENON_KIND_BIG_I64:
  case TENON_KIND_BIG_U64: return value_class == CLASS_BIGINT ? CLAIM_WELL : 0;
  case TENON_KIND_STR:
  case TENON_KIND_CSTR:
  case TENON_KIND_ENUM: return value_class == CLASS_STRING ? CLAIM_WELL : 0;
  case TENON_KIND_FLAGS:
    if (value_class == CLASS_STRING) return CLAIM_ALSO;
    return value_class == CLASS_ARRAY ? CLAIM_WELL : 0;
  case TENON_KIND_BYTES:
    return is_view || value_class == CLASS_BUFFER ? CLAIM_WELL : 0;
  case TENON_KIND_VIEW:
    return is_view && tenon_p_is_view_of(type->fields[0].type->kind,
                                         value_class - CLASS_VIEW)
               ? CLAIM_EXACTLY
               : 0;
  case TENON_KIND_ARRAY:
    if (value_class == CLASS_ARRAY) return CLAIM_WELL;
    return is_view && tenon_p_view_name(type->fields[0].type->kind) ? CLAIM_ALSO
                                                                    : 0;
  case TENON_KIND_TUPLE: return value_class == CLASS_ARRAY ? CLAIM_WELL : 0;
  case TENON_KIND_STRUCT:
  case TENON_KIND_RECORD: return value_class == CLASS_OBJECT ? CLAIM_WELL : 0;
  case TENON_KIND_DATE: return value_class == CLASS_DATE ? CLAIM_WELL : 0;
  case TENON_KIND_CALLBACK:
    return value_class == CLASS_FUNCTION ? CLAIM_WELL : 0;
  case TENON_KIND_ANY: return CLAIM_ANYTHING;
  case TENON_KIND_CLASS:
  case TENON_KIND_COPY:
  case TENON_KIND_STREAM: return CLAIM_NONE;
  case TENON_KIND_ITERABLE: return value_class == CLASS_OBJECT ? CLAIM_WELL : 0;
  case TENON_KIND_EITHER:
    for (i = 0; i < type->field_count; i++) {
      level = level_of(&type->fields[i], value_class);
      if (level > best) best = level;
    }
    return best;
  default: return value_class == CLASS_NUMBER ? CLAIM_WELL : 0;
  }
}

static uint8_t level_of(const tenon_field *f, int value_class)
{
  if (value_class == CLASS_UNDEFINED &&
      (f->flags & (TENON_FIELD_OPT | TENON_FIELD_NULLABLE)))
    return CLAIM_EXACTLY;
  if (value_class == CLASS_NULL && (f->flags & TENON_FIELD_NULLABLE))
    return CLAIM_EXACTLY;
  return level_of_type(f->type, value_class);
}

/* The alternative with the best claim; `field_count` when there is none. */
static uint32_t choose(const tenon_type *type, int value_class, bool *is_clear)
{
  uint32_t found = type->field_count, i;
  uint8_t best = CLAIM_NONE, level;

  *is_clear = true;
  for (i = 0; i < type->field_count; i++) {
    level = level_of(&type->fields[i], value_class);
    if (level && level == best) *is_clear = false;
    if (level <= best) continue;
    best = level;
    found = i;
    *is_clear = true;
  }
  return found;
}

/* Is it an alternative for instances of just this class? */
static bool is_of(const tenon_type *type, const tenon_class *class)
{
  uint32_t i;

  if (type->kind == TENON_KIND_CLASS || type->kind == TENON_KIND_COPY)
    return type->of == class;
  if (type->kind != TENON_KIND_EITHER) return false;
  for (i = 0; i < type->field_count; i++)
    if (is_of(type->fields[i].type, class)) return true;
  return false;
}

static bool share_class(const tenon_type *a, const tenon_type *b)
{
  uint32_t i;

  if (a->kind == TENON_KIND_CLASS || a->kind == TENON_KIND_COPY)
    return is_of(b, a->of);
  if (a->kind != TENON_KIND_EITHER) return false;
  for (i = 0; i < a->field_count; i++)
    if (share_class(a->fields[i].type, b)) return true;
  return false;
}

/* The alternative for an instance; `field_count` when it is of no class that one
 * is for. */
static uint32_t choose_class(const tenon_type *type, const tenon_p_class *c)
{
  uint32_t i;

  for (; c; c = c->base)
    for (i = 0; i < type->field_count; i++)
      if (is_of(type->fields[i].type, ((const tenon_p_bound_class *)c)->class))
        return i;
  return type->field_count;
}

bool tenon_p_is_clear_either(const tenon_type *type)
{
  bool is_clear = true;
  uint32_t a, b;
  int i;

  for (a = 0; a < type->field_count; a++)
    for (b = 0; b < a; b++)
      if (share_class(type->fields[a].type, type->fields[b].type)) return false;
  for (i = 0; is_clear && i < CLASS_COUNT; i++)
    choose(type, i, &is_clear);
  return is_clear;
}

/* What a value is, or -1 with an exception. */
static int classify(JSContext *ctx, JSValueConst v)
{
  int view = JS_GetTypedArrayType(v);
  const uint8_t *data;
  size_t size;

  if (JS_IsString(v)) return CLASS_STRING;
  if (JS_IsNumber(v)) return CLASS_NUMBER;
  if (JS_IsUndefined(v)) return CLASS_UNDEFINED;
  if (JS_IsNull(v)) return CLASS_NULL;
  if (JS_IsBool(v)) return CLASS_BOOLEAN;
  if (JS_IsBigInt(v)) return CLASS_BIGINT;
  if (JS_IsSymbol(v)) return CLASS_SYMBOL;
  if (view >= 0 && view < MOST_TYPED_ARRAYS) return CLASS_VIEW + view;
  if (tenon_p_bytes_of(v, &data, &size) != TENON_P_BYTES_NONE)
    return CLASS_BUFFER;
  if (JS_IsDate(v)) return CLASS_DATE;
  if (JS_IsFunction(ctx, v)) return CLASS_FUNCTION;
  switch (tenon_p_is_array(ctx, v)) {
  case 0: return CLASS_OBJECT;
  case 1: return CLASS_ARRAY;
  default: return -1;
  }
}

/* --- What is refused -------------------------------------------------------------- */

typedef struct list {
  tenon_p_text text;
  const char *last; /* not in `text` yet */
  uint32_t count;
} list;

static void add(list *l, const char *what)
{
  if (l->count > 1) tenon_p_text_puts(&l->text, ", ");
  if (l->last) tenon_p_text_puts(&l->text, l->last);
  l->last = what;
  l->count++;
}

static void add_expected(list *l, const tenon_field *f)
{
  const tenon_type *type = f->type;
  uint32_t i;

  switch (type->kind) {
  case TENON_KIND_BOOL: add(l, "boolean"); break;
  case TENON_KIND_I64:
  case TENON_KIND_U64:
    add(l, "number");
    add(l, "bigint");
    break;
  case TENON_KIND_BIG_I64:
  case TENON_KIND_BIG_U64: add(l, "bigint"); break;
  case TENON_KIND_STR:
  case TENON_KIND_CSTR:
  case TENON_KIND_ENUM: add(l, "string"); break;
  case TENON_KIND_BYTES:
    add(l, "Uint8Array");
    add(l, "ArrayBuffer");
    break;
  case TENON_KIND_VIEW:
    add(l, tenon_p_view_name(type->fields[0].type->kind));
    break;
  case TENON_KIND_FLAGS:
  case TENON_KIND_ARRAY:
  case TENON_KIND_TUPLE: add(l, "array"); break;
  case TENON_KIND_STRUCT:
  case TENON_KIND_RECORD: add(l, "object"); break;
  case TENON_KIND_ITERABLE:
    add(l, "AsyncIterable");
    add(l, "Iterable");
    break;
  case TENON_KIND_DATE: add(l, "Date"); break;
  case TENON_KIND_CALLBACK: add(l, "function"); break;
  case TENON_KIND_CLASS:
  case TENON_KIND_COPY: add(l, type->of->name); break;
  case TENON_KIND_EITHER:
    for (i = 0; i < type->field_count; i++)
      add_expected(l, &type->fields[i]);
    break;
  default: add(l, "number"); break;
  }
  if (f->flags & TENON_FIELD_NULLABLE) add(l, "null");
  if (f->flags & TENON_FIELD_OPT) add(l, "undefined");
}

static int refuse(JSContext *ctx, const tenon_p_place *place,
                  const tenon_type *type, JSValueConst v)
{
  list l = {TENON_P_TEXT_INIT, NULL, 0};
  tenon_field all = {.type = type};

  add_expected(&l, &all);
  if (l.count > 1) tenon_p_text_puts(&l.text, " or ");
  tenon_p_text_puts(&l.text, l.last);
  if (l.text.failed)
    JS_ThrowOutOfMemory(ctx);
  else
    tenon_p_throw_expected(ctx, place, l.text.data, v);
  tenon_p_text_release(&l.text);
  return -1;
}

/* --- In and out ------------------------------------------------------------------- */

/* The alternative stands where the choice does: its path is the same. */
int tenon_p_read_either(JSContext *ctx, tenon_p_call *c,
                        const tenon_p_place *place, const tenon_type *type,
                        JSValueConst v, void *dst)
{
  const tenon_p_instance *i = tenon_p_instance_of(ctx, v);
  uint32_t which = i ? choose_class(type, i->class) : type->field_count;
  bool is_clear;
  int value_class;

  if (which == type->field_count) {
    value_class = classify(ctx, v);
    if (value_class < 0) return -1;
    which = choose(type, value_class, &is_clear);
  }
  if (which == type->field_count) return refuse(ctx, place, type, v);
  memset(dst, 0, type->size);
  *(uint32_t *)dst = which;
  return tenon_p_read(ctx, c, place, &type->fields[which], v,
                      (char *)dst + type->fields[which].offset);
}

JSValue tenon_p_write_either(JSContext *ctx, tenon_p_call *c,
                             const tenon_p_place *place, const tenon_type *type,
                             const void *src)
{
  uint32_t which = *(const uint32_t *)src;

  if (which < type->field_count)
    return tenon_p_write(ctx, c, place, &type->fields[which],
                         (const char *)src + type->fields[which].offset);
  tenon_p_throw_at(ctx, place, TENON_RANGE_ERROR, TENON_P_MESSAGE_NO_CHOICE,
                   which);
  return JS_EXCEPTION;
}
