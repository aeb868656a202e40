#include "bind/convert.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "bind/names.h"
#include "bind/table.h"
#include "engine/engine.h"
#include "engine/extension.h"

#define SAFE_INTEGER INT64_C(9007199254740991)

static const struct {
  int64_t first, last;
  const char *first_text, *last_text;
} ranges[] = {
    [TENON_KIND_I8] = {INT8_MIN, INT8_MAX, "-128", "127"},
    [TENON_KIND_U8] = {0, UINT8_MAX, "0", "255"},
    [TENON_KIND_I16] = {INT16_MIN, INT16_MAX, "-32768", "32767"},
    [TENON_KIND_U16] = {0, UINT16_MAX, "0", "65535"},
    [TENON_KIND_I32] = {INT32_MIN, INT32_MAX, "-2147483648", "2147483647"},
    [TENON_KIND_U32] = {0, UINT32_MAX, "0", "4294967295"},
    [TENON_KIND_I64] = {INT64_MIN, INT64_MAX, "-9223372036854775808",
                        "9223372036854775807"},
    [TENON_KIND_U64] = {0, 0, "0", "18446744073709551615"},
};

/* --- In ------------------------------------------------------------------------- */

static int out_of_range(JSContext *ctx, const tenon_p_place *place,
                        uint32_t kind, JSValueConst v)
{
  return tenon_p_throw_range(ctx, place, ranges[kind].first_text,
                             ranges[kind].last_text, v);
}

/* An integral number; those that a double cannot hold exactly are refused. */
static int read_integer(JSContext *ctx, const tenon_p_place *place,
                        uint32_t kind, JSValueConst v, int64_t *out)
{
  double d;

  if (JS_VALUE_GET_TAG(v) == JS_TAG_INT) {
    *out = JS_VALUE_GET_INT(v);
    return 0;
  }
  if (!JS_TAG_IS_FLOAT64(JS_VALUE_GET_TAG(v)))
    return tenon_p_throw_expected(ctx, place, "integer", v);
  d = JS_VALUE_GET_FLOAT64(v);
  if (isnan(d) || isinf(d) || d != trunc(d))
    return tenon_p_throw_expected(ctx, place, "integer", v);
  if (d < -(double)SAFE_INTEGER || d > (double)SAFE_INTEGER) {
    if (kind == TENON_KIND_I64 || kind == TENON_KIND_U64)
      return tenon_p_throw_unsafe(ctx, place, v);
    return out_of_range(ctx, place, kind, v);
  }
  *out = (int64_t)d;
  return 0;
}

/* The engine's conversion wraps: convert there and back, and compare. */
static int read_bigint(JSContext *ctx, const tenon_p_place *place,
                       uint32_t kind, JSValueConst v, int64_t *out)
{
  JSValue back;
  bool is_same;

  if (kind == TENON_KIND_BIG_I64) kind = TENON_KIND_I64;
  if (kind == TENON_KIND_BIG_U64) kind = TENON_KIND_U64;
  if (JS_ToBigInt64(ctx, out, v)) return -1;
  back = kind == TENON_KIND_U64 ? JS_NewBigUint64(ctx, (uint64_t)*out)
                                : JS_NewBigInt64(ctx, *out);
  if (JS_IsException(back)) return -1;
  is_same = JS_IsStrictEqual(ctx, back, v);
  JS_FreeValue(ctx, back);
  return is_same ? 0 : out_of_range(ctx, place, kind, v);
}

static int read_str(JSContext *ctx, tenon_p_call *c, const tenon_p_place *place,
                    JSValueConst v, tenon_str *dst)
{
  size_t len;
  char *p;

  if (!JS_IsString(v)) return tenon_p_throw_expected(ctx, place, "string", v);
  if (tenon_p_string_utf8_size(ctx, v, &len)) return -1;
  p = tenon_p_call_alloc(c, len + 1);
  if (!p) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  tenon_p_string_utf8_write(v, p);
  *dst = (tenon_str){p, len};
  return 0;
}

static int read_cstr(JSContext *ctx, tenon_p_call *c,
                     const tenon_p_place *place, JSValueConst v,
                     const char **dst)
{
  tenon_str s;

  if (read_str(ctx, c, place, v, &s)) return -1;
  if (memchr(s.data, '\0', s.len))
    return tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR, TENON_P_MESSAGE_NUL);
  *dst = s.data;
  return 0;
}

static int read_bytes(JSContext *ctx, tenon_p_call *c,
                      const tenon_p_place *place, JSValueConst v,
                      tenon_bytes *dst)
{
  uint8_t *copy;

  switch (tenon_p_bytes_of(v, &dst->data, &dst->len)) {
  case TENON_P_BYTES_OK: break;
  case TENON_P_BYTES_DETACHED:
    return tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR,
                            TENON_P_MESSAGE_DETACHED);
  case TENON_P_BYTES_SHARED:
    return tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR,
                            TENON_P_MESSAGE_SHARED);
  default:
    return tenon_p_throw_expected(ctx, place, "Uint8Array or ArrayBuffer", v);
  }
  /* A part may be gone when scripts run for the next one. */
  if (!c->copies && !place->inside) return 0;
  copy = tenon_p_call_alloc(c, dst->len ? dst->len : 1);
  if (!copy) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  if (dst->len) memcpy(copy, dst->data, dst->len);
  dst->data = copy;
  return 0;
}

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

static int read_enum(JSContext *ctx, const tenon_p_place *place,
                     const tenon_type *type, JSValueConst v, void *dst)
{
  const JSAtom *atoms = tenon_p_names_of(place->names, type);
  uint32_t i = 0;
  JSAtom atom;

  if (!JS_IsString(v)) return tenon_p_throw_not_of_enum(ctx, place, type, v);
  atom = JS_ValueToAtom(ctx, v);
  if (atom == JS_ATOM_NULL) return -1;
  while (i < type->field_count && atoms[i] != atom)
    i++;
  JS_FreeAtom(ctx, atom);
  if (i == type->field_count)
    return tenon_p_throw_not_of_enum(ctx, place, type, v);
  store_enum(type, type->fields[i].offset, dst);
  return 0;
}

/* The defaults of members, with the memory and the failure of the call. */
static int set_defaults(JSContext *ctx, tenon_p_call *c, const tenon_type *type,
                        void *dst, uint64_t absent)
{
  c->outer = tenon_p_current_call;
  tenon_p_current_call = c;
  type->set_defaults(dst, absent);
  tenon_p_current_call = c->outer;
  if (!c->failed) return 0;
  tenon_p_throw_failure(ctx, c->error_class, c->message);
  free(c->message);
  c->message = NULL;
  c->failed = false;
  return -1;
}

static int read_struct(JSContext *ctx, tenon_p_call *c,
                       const tenon_p_place *place, const tenon_type *type,
                       JSValueConst v, void *dst)
{
  const JSAtom *atoms = tenon_p_names_of(place->names, type);
  tenon_p_place part = *place;
  uint64_t absent = 0;
  uint32_t i;
  int r = 0;

  if (!JS_IsObject(v)) return tenon_p_throw_expected(ctx, place, "object", v);
  memset(dst, 0, type->size);
  part.inside = place;
  for (i = 0; r == 0 && i < type->field_count; i++) {
    const tenon_field *f = &type->fields[i];
    JSValue m = JS_GetProperty(ctx, v, atoms[i]);
    if (JS_IsException(m)) return -1;
    part.member = f->name;
    if ((f->flags & TENON_FIELD_DEFAULT) && JS_IsUndefined(m))
      absent |= UINT64_C(1) << i;
    else
      r = tenon_p_read(ctx, c, &part, f, m, (char *)dst + f->offset);
    JS_FreeValue(ctx, m);
  }
  if (r == 0 && absent) r = set_defaults(ctx, c, type, dst, absent);
  return r;
}

static int read_plain(JSContext *ctx, tenon_p_call *c,
                      const tenon_p_place *place, const tenon_type *type,
                      JSValueConst v, void *dst)
{
  int64_t n;
  double d;

  switch (type->kind) {
  case TENON_KIND_BOOL:
    if (!JS_IsBool(v)) return tenon_p_throw_expected(ctx, place, "boolean", v);
    *(bool *)dst = JS_VALUE_GET_BOOL(v);
    return 0;
  case TENON_KIND_I64:
  case TENON_KIND_U64:
    if (JS_IsBigInt(v)) return read_bigint(ctx, place, type->kind, v, dst);
    if (read_integer(ctx, place, type->kind, v, dst)) return -1;
    if (type->kind == TENON_KIND_U64 && *(int64_t *)dst < 0)
      return out_of_range(ctx, place, type->kind, v);
    return 0;
  case TENON_KIND_F32:
  case TENON_KIND_F64:
    if (!JS_IsNumber(v)) return tenon_p_throw_expected(ctx, place, "number", v);
    d = JS_VALUE_GET_TAG(v) == JS_TAG_INT ? JS_VALUE_GET_INT(v)
                                          : JS_VALUE_GET_FLOAT64(v);
    if (type->kind == TENON_KIND_F32)
      *(float *)dst = (float)d;
    else
      *(double *)dst = d;
    return 0;
  case TENON_KIND_BIG_I64:
  case TENON_KIND_BIG_U64:
    if (!JS_IsBigInt(v)) return tenon_p_throw_expected(ctx, place, "bigint", v);
    return read_bigint(ctx, place, type->kind, v, dst);
  case TENON_KIND_STR: return read_str(ctx, c, place, v, dst);
  case TENON_KIND_CSTR: return read_cstr(ctx, c, place, v, dst);
  case TENON_KIND_BYTES: return read_bytes(ctx, c, place, v, dst);
  case TENON_KIND_ENUM: return read_enum(ctx, place, type, v, dst);
  case TENON_KIND_STRUCT: return read_struct(ctx, c, place, type, v, dst);
  default: break;
  }
  if (read_integer(ctx, place, type->kind, v, &n)) return -1;
  if (n < ranges[type->kind].first || n > ranges[type->kind].last)
    return out_of_range(ctx, place, type->kind, v);
  switch (type->kind) {
  case TENON_KIND_I8: *(int8_t *)dst = (int8_t)n; break;
  case TENON_KIND_U8: *(uint8_t *)dst = (uint8_t)n; break;
  case TENON_KIND_I16: *(int16_t *)dst = (int16_t)n; break;
  case TENON_KIND_U16: *(uint16_t *)dst = (uint16_t)n; break;
  case TENON_KIND_I32: *(int32_t *)dst = (int32_t)n; break;
  default: *(uint32_t *)dst = (uint32_t)n; break;
  }
  return 0;
}

int tenon_p_read(JSContext *ctx, tenon_p_call *c, const tenon_p_place *place,
                 const tenon_field *field, JSValueConst v, void *dst)
{
  void *p;

  if (!tenon_p_field_is_pointer(field))
    return read_plain(ctx, c, place, field->type, v, dst);
  *(void **)dst = NULL;
  if (JS_IsUndefined(v)) return 0;
  if (JS_IsNull(v) && (field->flags & TENON_FIELD_NULLABLE)) return 0;
  p = tenon_p_call_alloc(c, field->type->size);
  if (!p) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  if (read_plain(ctx, c, place, field->type, v, p)) return -1;
  *(void **)dst = p;
  return 0;
}

/* --- Out ------------------------------------------------------------------------- */

static JSValue write_i64(JSContext *ctx, const tenon_p_place *place, int64_t n)
{
  char text[24];

  if (n >= -SAFE_INTEGER && n <= SAFE_INTEGER) return JS_NewInt64(ctx, n);
  snprintf(text, sizeof text, "%" PRId64, n);
  tenon_p_throw_at(ctx, place, TENON_RANGE_ERROR, TENON_P_MESSAGE_UNSAFE_RESULT,
                   text);
  return JS_EXCEPTION;
}

static JSValue write_u64(JSContext *ctx, const tenon_p_place *place, uint64_t n)
{
  char text[24];

  if (n <= (uint64_t)SAFE_INTEGER) return JS_NewInt64(ctx, (int64_t)n);
  snprintf(text, sizeof text, "%" PRIu64, n);
  tenon_p_throw_at(ctx, place, TENON_RANGE_ERROR, TENON_P_MESSAGE_UNSAFE_RESULT,
                   text);
  return JS_EXCEPTION;
}

/* Memory that JavaScript took over from native code; counted as external. */
static void *resize_taken(JSRuntime *rt, void *opaque, void *p, size_t size)
{
  tenon_p_heap *h = opaque;
  size_t before = tenon_p_heap_usable_size(p);
  void *q = NULL;

  if (size == 0) {
    free(p);
  } else {
    if (size > before && !tenon_p_runtime_make_room(rt, size - before))
      return NULL;
    q = tenon_p_realloc(p, size);
    if (!q) return NULL;
  }
  tenon_p_heap_report(h, before, q ? tenon_p_heap_usable_size(q) : 0);
  return q;
}

static JSValue take_bytes(JSContext *ctx, const tenon_bytes *b)
{
  tenon_p_heap *h = &tenon_p_engine_of(ctx)->heap;
  uint8_t *p = (uint8_t *)b->data;
  JSValue buffer, v;

  if (!tenon_p_runtime_make_room(JS_GetRuntime(ctx),
                                 tenon_p_heap_usable_size(p))) {
    free(p);
    return JS_ThrowOutOfMemory(ctx);
  }
  buffer = JS_NewArrayBuffer(ctx, p, b->len, 0, resize_taken, h, false);
  if (JS_IsException(buffer)) {
    free(p);
    return buffer;
  }
  tenon_p_heap_report(h, 0, tenon_p_heap_usable_size(p));
  v = JS_NewTypedArray(ctx, 1, (JSValueConst *)&buffer, JS_TYPED_ARRAY_UINT8);
  JS_FreeValue(ctx, buffer);
  return v;
}

static JSValue write_bytes(JSContext *ctx, tenon_p_call *c,
                           const tenon_p_place *place, const tenon_bytes *b)
{
  if (!b->data && b->len) {
    tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR, TENON_P_MESSAGE_NULL_TEXT,
                     b->len);
    return JS_EXCEPTION;
  }
  if (!b->len || !tenon_p_call_take(c, b->data))
    return JS_NewUint8ArrayCopy(ctx, b->len ? b->data : (const uint8_t *)"",
                                b->len);
  return take_bytes(ctx, b);
}

static JSValue write_str(JSContext *ctx, const tenon_p_place *place,
                         const tenon_str *s)
{
  if (!s->data && s->len) {
    tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR, TENON_P_MESSAGE_NULL_TEXT,
                     s->len);
    return JS_EXCEPTION;
  }
  return tenon_p_new_string(ctx, s->data, s->len);
}

static JSValue write_cstr(JSContext *ctx, const tenon_p_place *place,
                          const char *s)
{
  if (!s) {
    tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR, TENON_P_MESSAGE_NULL_RESULT);
    return JS_EXCEPTION;
  }
  return tenon_p_new_string(ctx, s, strlen(s));
}

static JSValue write_enum(JSContext *ctx, const tenon_p_place *place,
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

/* Defined, not set: no setter of Object.prototype runs. */
static JSValue write_struct(JSContext *ctx, tenon_p_call *c,
                            const tenon_p_place *place, const tenon_type *type,
                            const void *src)
{
  const JSAtom *atoms = tenon_p_names_of(place->names, type);
  JSValue object = JS_NewObject(ctx), v;
  tenon_p_place part = *place;
  uint32_t i;

  if (JS_IsException(object)) return object;
  part.inside = place;
  for (i = 0; i < type->field_count; i++) {
    const tenon_field *f = &type->fields[i];
    part.member = f->name;
    v = tenon_p_write(ctx, c, &part, f, (const char *)src + f->offset);
    if (JS_IsException(v) ||
        JS_DefinePropertyValue(ctx, object, atoms[i], v, JS_PROP_C_W_E) < 0) {
      JS_FreeValue(ctx, object);
      return JS_EXCEPTION;
    }
  }
  return object;
}

JSValue tenon_p_write(JSContext *ctx, tenon_p_call *c,
                      const tenon_p_place *place, const tenon_field *field,
                      const void *src)
{
  if (tenon_p_field_is_pointer(field)) {
    src = *(void *const *)src;
    if (!src)
      return field->flags & TENON_FIELD_NULLABLE ? JS_NULL : JS_UNDEFINED;
  }
  switch (field->type->kind) {
  case TENON_KIND_NONE: return JS_UNDEFINED;
  case TENON_KIND_BOOL: return JS_NewBool(ctx, *(const bool *)src);
  case TENON_KIND_I8: return JS_NewInt32(ctx, *(const int8_t *)src);
  case TENON_KIND_U8: return JS_NewInt32(ctx, *(const uint8_t *)src);
  case TENON_KIND_I16: return JS_NewInt32(ctx, *(const int16_t *)src);
  case TENON_KIND_U16: return JS_NewInt32(ctx, *(const uint16_t *)src);
  case TENON_KIND_I32: return JS_NewInt32(ctx, *(const int32_t *)src);
  case TENON_KIND_U32: return JS_NewUint32(ctx, *(const uint32_t *)src);
  case TENON_KIND_I64: return write_i64(ctx, place, *(const int64_t *)src);
  case TENON_KIND_U64: return write_u64(ctx, place, *(const uint64_t *)src);
  case TENON_KIND_F32: return JS_NewFloat64(ctx, *(const float *)src);
  case TENON_KIND_F64: return JS_NewFloat64(ctx, *(const double *)src);
  case TENON_KIND_BYTES: return write_bytes(ctx, c, place, src);
  case TENON_KIND_BIG_I64: return JS_NewBigInt64(ctx, *(const int64_t *)src);
  case TENON_KIND_BIG_U64: return JS_NewBigUint64(ctx, *(const uint64_t *)src);
  case TENON_KIND_CSTR:
    return write_cstr(ctx, place, *(const char *const *)src);
  case TENON_KIND_ENUM: return write_enum(ctx, place, field->type, src);
  case TENON_KIND_STRUCT: return write_struct(ctx, c, place, field->type, src);
  default: return write_str(ctx, place, src);
  }
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

static int keep_members(tenon_p_call *c, const tenon_type *type, void *value)
{
  uint32_t i;

  for (i = 0; i < type->field_count; i++) {
    const tenon_field *f = &type->fields[i];
    if (tenon_p_keep(c, f, (char *)value + f->offset)) return -1;
  }
  return 0;
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
  case TENON_KIND_STRUCT: return keep_members(c, field->type, value);
  default: return 0;
  }
}
