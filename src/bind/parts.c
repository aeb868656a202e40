/*
 * What is made of parts: each is read and written by its own field, in a place
 * inside of the whole's. Reading runs getters and Proxies, so that a part
 * borrows nothing; writing defines and does not set, so that no script runs.
 */
#include "bind/parts.h"

#include <stdlib.h>
#include <string.h>

#include "bind/callback.h"
#include "bind/convert.h"
#include "bind/drop.h"
#include "bind/names.h"
#include "bind/stream.h"
#include "bind/table.h"
#include "engine/extension.h"
#include "engine/record.h"

/* --- In ------------------------------------------------------------------------- */

/* An integer of 1, 2 or 4 bytes: its bits. */
static uint32_t load_enum(const tenon_type *type, const void *src)
{
  return type->size == 1   ? *(const uint8_t *)src
         : type->size == 2 ? *(const uint16_t *)src
                           : *(const uint32_t *)src;
}

static void store_enum(const tenon_type *type, uint32_t bits, void *dst)
{
  if (type->size == 1)
    *(uint8_t *)dst = (uint8_t)bits;
  else if (type->size == 2)
    *(uint16_t *)dst = (uint16_t)bits;
  else
    *(uint32_t *)dst = bits;
}

int tenon_p_read_enum(JSContext *ctx, const tenon_p_place *place,
                      const tenon_type *type, JSValueConst v, void *dst)
{
  const JSAtom *atoms = tenon_p_names_of(place->names, type);
  uint32_t i;

  if (!JS_IsString(v)) return tenon_p_throw_not_of_enum(ctx, place, type, v);
  if (tenon_p_string_index(ctx, v, atoms, type->field_count, &i)) return -1;
  if (i == type->field_count)
    return tenon_p_throw_not_of_enum(ctx, place, type, v);
  store_enum(type, type->fields[i].offset, dst);
  return 0;
}

int tenon_p_set_defaults(JSContext *ctx, tenon_p_call *c,
                         const tenon_type *type, void *dst, uint64_t absent)
{
  c->outer = tenon_p_current_call;
  tenon_p_current_call = c;
  type->set_defaults(dst, absent);
  tenon_p_current_call = c->outer;
  if (!c->failed) return 0;
  tenon_p_call_throw(ctx, c);
  return -1;
}

/* The commonest members without a call for each; false for all others. */
static inline bool read_member(const tenon_field *f, JSValueConst v, void *dst)
{
  if (f->flags & ~(uint32_t)TENON_FIELD_DEFAULT) return false;
  switch (f->type->kind) {
  case TENON_KIND_BOOL:
    if (!JS_IsBool(v)) return false;
    *(bool *)dst = JS_VALUE_GET_BOOL(v);
    return true;
  case TENON_KIND_I32:
    if (JS_VALUE_GET_TAG(v) != JS_TAG_INT) return false;
    *(int32_t *)dst = JS_VALUE_GET_INT(v);
    return true;
  case TENON_KIND_I64:
    if (JS_VALUE_GET_TAG(v) != JS_TAG_INT) return false;
    *(int64_t *)dst = JS_VALUE_GET_INT(v);
    return true;
  case TENON_KIND_F64:
    if (JS_VALUE_GET_TAG(v) == JS_TAG_INT)
      *(double *)dst = JS_VALUE_GET_INT(v);
    else if (JS_TAG_IS_FLOAT64(JS_VALUE_GET_TAG(v)))
      *(double *)dst = JS_VALUE_GET_FLOAT64(v);
    else
      return false;
    return true;
  default: return false;
  }
}

int tenon_p_read_struct(JSContext *ctx, tenon_p_call *c,
                        const tenon_p_place *place, const tenon_type *type,
                        JSValueConst v, void *dst)
{
  const tenon_p_record *record = tenon_p_record_of(place->names, type);
  tenon_p_place part = *place;
  uint64_t absent = 0;
  uint32_t i;
  int r = 0;

  if (!JS_IsObject(v) || JS_IsPromise(v))
    return tenon_p_throw_expected(ctx, place, "object", v);
  memset(dst, 0, type->size);
  part.inside = place;
  for (i = 0; r == 0 && i < type->field_count; i++) {
    const tenon_field *f = &type->fields[i];
    bool is_borrowed;
    JSValue m = tenon_p_record_get(ctx, record, v, i, &is_borrowed);
    if (is_borrowed && read_member(f, m, (char *)dst + f->offset)) continue;
    if (JS_IsException(m)) return -1;
    part.member = f->name;
    if ((f->flags & TENON_FIELD_DEFAULT) && JS_IsUndefined(m))
      absent |= UINT64_C(1) << i;
    else
      r = tenon_p_read(ctx, c, &part, f, m, (char *)dst + f->offset);
    if (!is_borrowed) JS_FreeValue(ctx, m);
  }
  if (r == 0 && absent) r = tenon_p_set_defaults(ctx, c, type, dst, absent);
  return r;
}

void *tenon_p_part_alloc(JSContext *ctx, tenon_p_call *c, size_t size)
{
  void *p = NULL;

  if (tenon_p_call_has_room(c, size) ||
      (size <= SIZE_MAX / 2 &&
       tenon_p_runtime_make_room(JS_GetRuntime(ctx),
                                 tenon_p_call_size(c) + size)))
    p = tenon_p_call_alloc(c, size);
  if (!p) JS_ThrowOutOfMemory(ctx);
  return p;
}

enum { POLL_EVERY = 64 }; /* elements */

/* Typed arrays: bytes of an element, and the kind that has the same bits. */
static const struct {
  uint8_t size, kind, other_kind;
} views[] = {
    [JS_TYPED_ARRAY_UINT8C] = {1, TENON_KIND_U8},
    [JS_TYPED_ARRAY_INT8] = {1, TENON_KIND_I8},
    [JS_TYPED_ARRAY_UINT8] = {1, TENON_KIND_U8},
    [JS_TYPED_ARRAY_INT16] = {2, TENON_KIND_I16},
    [JS_TYPED_ARRAY_UINT16] = {2, TENON_KIND_U16},
    [JS_TYPED_ARRAY_INT32] = {4, TENON_KIND_I32},
    [JS_TYPED_ARRAY_UINT32] = {4, TENON_KIND_U32},
    [JS_TYPED_ARRAY_BIG_INT64] = {8, TENON_KIND_I64, TENON_KIND_BIG_I64},
    [JS_TYPED_ARRAY_BIG_UINT64] = {8, TENON_KIND_U64, TENON_KIND_BIG_U64},
    [JS_TYPED_ARRAY_FLOAT16] = {2},
    [JS_TYPED_ARRAY_FLOAT32] = {4, TENON_KIND_F32},
    [JS_TYPED_ARRAY_FLOAT64] = {8, TENON_KIND_F64},
};

/* The length of what an array can come from, and where it can be copied in one
 * go, its bytes: 0, or -1 with an exception. */
static int measure(JSContext *ctx, const tenon_p_place *place,
                   const tenon_field *element, JSValueConst v, int64_t *len,
                   const uint8_t **bytes)
{
  bool has_views = tenon_p_is_number(element->type->kind);
  int view = JS_GetTypedArrayType(v);
  tenon_bytes b;

  *bytes = NULL;
  if ((*len = tenon_p_array_length(v)) >= 0) return 0;
  if (JS_IsArray(v)) return JS_GetLength(ctx, v, len);
  if (JS_IsProxy(v)) {
    int is_array = tenon_p_is_array(ctx, v);
    if (is_array) return is_array < 0 ? -1 : JS_GetLength(ctx, v, len);
  }
  if (!has_views || view < 0 || (size_t)view >= tenon_p_countof(views))
    return tenon_p_throw_expected(
        ctx, place, has_views ? "array or typed array" : "array", v);
  if (tenon_p_borrow_bytes(ctx, place, v, &b)) return -1;
  *len = (int64_t)(b.len / views[view].size);
  if (!tenon_p_field_is_pointer(element) &&
      (element->type->kind == views[view].kind ||
       element->type->kind == views[view].other_kind))
    *bytes = b.data;
  return 0;
}

/* The numbers in front of an Array that are plain and fit: how many. The next
 * one is for read_elements, to be read otherwise or refused. */
static int64_t read_numbers(const tenon_field *element, JSValueConst v,
                            int64_t len, char *dst)
{
  uint32_t kind = element->type->kind;

  if (!tenon_p_is_number(kind) || kind == TENON_KIND_BIG_I64 ||
      kind == TENON_KIND_BIG_U64 || element->flags)
    return 0;
  return (int64_t)tenon_p_elements_as_numbers(v, tenon_p_view_type(kind), dst,
                                              (size_t)len);
}

/* From element `i` on; those of an Array may be of any kind. */
static int read_elements(JSContext *ctx, tenon_p_call *c,
                         const tenon_p_place *place, const tenon_field *element,
                         JSValueConst v, int64_t i, int64_t len, char *dst)
{
  size_t size = tenon_p_field_size(element);
  tenon_p_place part = *place;
  bool is_borrowed;
  JSValue m;
  int r = 0;

  part.inside = place;
  part.member = NULL;
  for (; r == 0 && i < len; i++) {
    if (i % POLL_EVERY == 0 && tenon_p_poll_many(ctx, POLL_EVERY)) return -1;
    m = tenon_p_element_get(ctx, v, (uint32_t)i, &is_borrowed);
    if (JS_IsException(m)) return -1;
    part.at = (uint32_t)i;
    r = tenon_p_read(ctx, c, &part, element, m, dst + (size_t)i * size);
    if (!is_borrowed) JS_FreeValue(ctx, m);
  }
  return r;
}

/* The length is that of the beginning: elements that a getter removes are
 * undefined, those that it adds are not read. */
int tenon_p_read_array(JSContext *ctx, tenon_p_call *c,
                       const tenon_p_place *place, const tenon_type *type,
                       JSValueConst v, tenon_bytes *dst)
{
  const tenon_field *element = &type->fields[0];
  size_t size = tenon_p_field_size(element);
  const uint8_t *bytes;
  char *data = NULL;
  int64_t len, from;

  if (measure(ctx, place, element, v, &len, &bytes)) return -1;
  if (len < 0 || len > UINT32_MAX)
    return tenon_p_throw_at(ctx, place, TENON_RANGE_ERROR,
                            TENON_P_MESSAGE_TOO_LONG, len);
  if ((uint64_t)len <= SIZE_MAX / 2 / size)
    data = tenon_p_part_alloc(ctx, c, len ? (size_t)len * size : 1);
  else
    JS_ThrowOutOfMemory(ctx);
  if (!data) return -1;
  dst->data = (const uint8_t *)data;
  dst->len = (size_t)len;
  if (bytes) {
    memcpy(data, bytes, (size_t)len * size);
    return 0;
  }
  from = read_numbers(element, v, len, data);
  return read_elements(ctx, c, place, element, v, from, len, data);
}

/* --- Out ------------------------------------------------------------------------ */

JSValue tenon_p_write_enum(JSContext *ctx, const tenon_p_place *place,
                           const tenon_type *type, const void *src)
{
  uint32_t mask = UINT32_MAX >> (32 - 8 * type->size);
  uint32_t bits = load_enum(type, src), i;

  for (i = 0; i < type->field_count; i++)
    if ((type->fields[i].offset & mask) == bits)
      return JS_AtomToString(ctx, tenon_p_names_of(place->names, type)[i]);
  tenon_p_throw_not_of_enum(ctx, place, type, JS_NewInt32(ctx, (int32_t)bits));
  return JS_EXCEPTION;
}

JSValue tenon_p_write_struct(JSContext *ctx, tenon_p_call *c,
                             const tenon_p_place *place, const tenon_type *type,
                             const void *src)
{
  tenon_p_record *record = tenon_p_record_of(place->names, type);
  JSValue object = tenon_p_record_new(ctx, record), v;
  tenon_p_place part = *place;
  uint32_t i;

  if (JS_IsException(object)) {
    tenon_p_drop_members(ctx, type, src, 0);
    return object;
  }
  part.inside = place;
  for (i = 0; i < type->field_count; i++) {
    const tenon_field *f = &type->fields[i];
    part.member = f->name;
    v = tenon_p_write(ctx, c, &part, f, (const char *)src + f->offset);
    if (JS_IsException(v) || tenon_p_record_put(ctx, record, object, i, v)) {
      tenon_p_drop_members(ctx, type, src, i + 1);
      JS_FreeValue(ctx, object);
      return JS_EXCEPTION;
    }
  }
  if (place->names->learns) tenon_p_record_learn(ctx, record, object);
  return object;
}

int tenon_p_check_length(JSContext *ctx, const tenon_p_place *place,
                         const tenon_bytes *src)
{
  if (!src->data && src->len)
    return tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR,
                            TENON_P_MESSAGE_NULL_TEXT, src->len);
  if (src->len > INT32_MAX)
    return tenon_p_throw_at(ctx, place, TENON_RANGE_ERROR,
                            TENON_P_MESSAGE_TOO_LONG, (int64_t)src->len);
  return 0;
}

/* The commonest numbers without a call for each; false for other elements. */
static bool write_numbers(const tenon_field *element, const tenon_bytes *src,
                          JSValue *elements)
{
  size_t i;

  if (tenon_p_field_is_pointer(element)) return false;
  switch (element->type->kind) {
  case TENON_KIND_I32:
    for (i = 0; i < src->len; i++)
      elements[i] =
          JS_NewInt32(NULL, ((const int32_t *)(const void *)src->data)[i]);
    return true;
  case TENON_KIND_F64:
    for (i = 0; i < src->len; i++)
      elements[i] =
          JS_NewFloat64(NULL, ((const double *)(const void *)src->data)[i]);
    return true;
  default: return false;
  }
}

JSValue tenon_p_write_array(JSContext *ctx, tenon_p_call *c,
                            const tenon_p_place *place, const tenon_type *type,
                            const tenon_bytes *src)
{
  const tenon_field *element = &type->fields[0];
  size_t size = tenon_p_field_size(element), i;
  tenon_p_place part = *place;
  JSValue array, *elements;

  if (tenon_p_check_length(ctx, place, src)) return JS_EXCEPTION;
  array = tenon_p_array_new(ctx, (uint32_t)src->len, &elements);
  if (JS_IsException(array)) {
    tenon_p_drop_elements(ctx, element, src, 0);
    return array;
  }
  if (write_numbers(element, src, elements)) return array;
  part.inside = place;
  part.member = NULL;
  for (i = 0; i < src->len; i++) {
    JSValue v;
    if (i % POLL_EVERY == 0 && tenon_p_poll_many(ctx, POLL_EVERY)) goto fail;
    part.at = (uint32_t)i;
    v = tenon_p_write(ctx, c, &part, element, src->data + i * size);
    if (JS_IsException(v)) {
      i++;
      goto fail;
    }
    elements[i] = v;
  }
  return array;
fail:
  tenon_p_drop_elements(ctx, element, src, i);
  JS_FreeValue(ctx, array);
  return JS_EXCEPTION;
}

/* --- Results that wait ------------------------------------------------------------- */

static int keep_block(tenon_p_call *c, const void **p, size_t size)
{
  void *copy;

  if (!*p || !size) return 0;
  copy = tenon_p_call_alloc(c, size);
  if (!copy) return -1;
  memcpy(copy, *p, size);
  *p = copy;
  return 0;
}

/* Does a value point at others, which have to be kept too? */
static bool holds_more(const tenon_field *f)
{
  switch (f->type->kind) {
  case TENON_KIND_STR:
  case TENON_KIND_BYTES:
  case TENON_KIND_CSTR:
  case TENON_KIND_STRUCT:
  case TENON_KIND_ARRAY:
  case TENON_KIND_VIEW:
  case TENON_KIND_TUPLE:
  case TENON_KIND_RECORD:
  case TENON_KIND_CALLBACK:
  case TENON_KIND_STREAM:
  case TENON_KIND_EITHER: return true;
  default: return tenon_p_field_is_pointer(f);
  }
}

static int keep_members(tenon_p_call *c, const tenon_type *type, void *value)
{
  uint32_t i;

  for (i = 0; i < type->field_count; i++) {
    const tenon_field *f = &type->fields[i];
    if (tenon_p_keep(c, f, (char *)value + f->offset)) return -1;
  }
  return 0;
}

static int keep_elements(tenon_p_call *c, const tenon_type *type, void *value)
{
  const tenon_field *f = &type->fields[0];
  size_t size = tenon_p_field_size(f), i;
  tenon_bytes *a = value; /* of the same shape */

  if (!a->data) return 0;
  if (keep_block(c, value, a->len * size)) return -1;
  for (i = 0; holds_more(f) && i < a->len; i++)
    if (tenon_p_keep(c, f, (void *)(a->data + i * size))) return -1;
  return 0;
}

static int keep_choice(tenon_p_call *c, const tenon_type *type, void *value)
{
  uint32_t which = *(uint32_t *)value;

  if (which >= type->field_count) return 0;
  return tenon_p_keep(c, &type->fields[which],
                      (char *)value + type->fields[which].offset);
}

int tenon_p_keep(tenon_p_call *c, const tenon_field *field, void *value)
{
  const void **p = value;

  if (tenon_p_field_is_pointer(field)) {
    if (!*p) return 0;
    if (keep_block(c, p, field->type->size)) return -1;
    value = (void *)*p;
    p = value;
  }
  switch (field->type->kind) {
  case TENON_KIND_CSTR: return *p ? keep_block(c, p, strlen(*p) + 1) : 0;
  case TENON_KIND_STR:
  case TENON_KIND_BYTES: /* of the same shape */
    return keep_block(c, p, ((tenon_str *)value)->len);
  case TENON_KIND_TUPLE:
  case TENON_KIND_STRUCT: return keep_members(c, field->type, value);
  case TENON_KIND_VIEW:
  case TENON_KIND_RECORD:
  case TENON_KIND_ARRAY: return keep_elements(c, field->type, value);
  case TENON_KIND_EITHER: return keep_choice(c, field->type, value);
  case TENON_KIND_CALLBACK:
    return tenon_p_keep_callback(c, *(tenon_callback **)value);
  case TENON_KIND_STREAM:
    return tenon_p_keep_stream(c, *(tenon_stream **)value);
  default: return 0;
  }
}
