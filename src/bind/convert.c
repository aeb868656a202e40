#include "bind/convert.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "bind/any.h"
#include "bind/callback.h"
#include "bind/instance.h"
#include "bind/parts.h"
#include "bind/stream.h"
#include "bind/table.h"
#include "bind/words.h"
#include "engine/engine.h"
#include "engine/extension.h"
#include "engine/foreign.h"

#define SAFE_INTEGER INT64_C(9007199254740991)
#define MOST_MS INT64_C(8640000000000000) /* of a Date, from 1970 */

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
  const char *ascii;
  bool is_ascii;
  size_t len;
  char *p;

  if (!JS_IsString(v)) return tenon_p_throw_expected(ctx, place, "string", v);
  is_ascii = tenon_p_string_borrow_ascii(v, &ascii, &len);
  if (!is_ascii && tenon_p_string_utf8_size(ctx, v, &len)) return -1;
  p = tenon_p_part_alloc(ctx, c, len + 1);
  if (!p) return -1;
  if (is_ascii)
    memcpy(p, ascii, len + 1);
  else
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

int tenon_p_borrow_bytes(JSContext *ctx, const tenon_p_place *place,
                         JSValueConst v, tenon_bytes *dst)
{
  switch (tenon_p_bytes_of(v, &dst->data, &dst->len)) {
  case TENON_P_BYTES_OK: return 0;
  case TENON_P_BYTES_DETACHED:
    return tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR,
                            TENON_P_MESSAGE_DETACHED);
  case TENON_P_BYTES_SHARED:
    return tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR,
                            TENON_P_MESSAGE_SHARED);
  default:
    return tenon_p_throw_expected(ctx, place, "Uint8Array or ArrayBuffer", v);
  }
}

static int read_bytes(JSContext *ctx, tenon_p_call *c,
                      const tenon_p_place *place, JSValueConst v,
                      tenon_bytes *dst)
{
  uint8_t *copy;

  if (tenon_p_borrow_bytes(ctx, place, v, dst)) return -1;
  /* A part may be gone when scripts run for the next one. */
  if (!c->copies && !place->inside) return 0;
  copy = tenon_p_part_alloc(ctx, c, dst->len ? dst->len : 1);
  if (!copy) return -1;
  if (dst->len) memcpy(copy, dst->data, dst->len);
  dst->data = copy;
  return 0;
}

static int read_date(JSContext *ctx, const tenon_p_place *place, JSValueConst v,
                     int64_t *dst)
{
  double d;

  if (!JS_IsDate(v)) return tenon_p_throw_expected(ctx, place, "Date", v);
  d = tenon_p_date_value(v);
  if (isnan(d))
    return tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR,
                            TENON_P_MESSAGE_INVALID_DATE);
  *dst = (int64_t)d;
  return 0;
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
  case TENON_KIND_ENUM: return tenon_p_read_enum(ctx, place, type, v, dst);
  case TENON_KIND_STRUCT:
    return tenon_p_read_struct(ctx, c, place, type, v, dst);
  case TENON_KIND_ARRAY: return tenon_p_read_array(ctx, c, place, type, v, dst);
  case TENON_KIND_VIEW: return tenon_p_read_view(ctx, c, place, type, v, dst);
  case TENON_KIND_INOUT: return tenon_p_read_inout(ctx, place, type, v, dst);
  case TENON_KIND_TUPLE: return tenon_p_read_tuple(ctx, c, place, type, v, dst);
  case TENON_KIND_RECORD:
    return tenon_p_read_record(ctx, c, place, type, v, dst);
  case TENON_KIND_DATE: return read_date(ctx, place, v, dst);
  case TENON_KIND_EITHER:
    return tenon_p_read_either(ctx, c, place, type, v, dst);
  case TENON_KIND_FLAGS: return tenon_p_read_flags(ctx, place, type, v, dst);
  case TENON_KIND_ANY: return tenon_p_read_any(ctx, v, dst);
  case TENON_KIND_COPY: return tenon_p_read_copy(ctx, place, type, v, dst);
  case TENON_KIND_CALLBACK:
    return tenon_p_read_callback(ctx, c, place, type, v, dst);
  case TENON_KIND_ITERABLE:
    return tenon_p_read_iterable(ctx, c, place, type, v, dst);
  case TENON_KIND_STREAM:
    return tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR,
                            "a stream does not come in");
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

static int read_value(JSContext *ctx, tenon_p_call *c,
                      const tenon_p_place *place, const tenon_field *field,
                      JSValueConst v, void *dst)
{
  JSValue coerced;
  int r;

  if (!(field->flags & TENON_FIELD_COERCE))
    return read_plain(ctx, c, place, field->type, v, dst);
  coerced = tenon_p_coerce(ctx, place, field->type, v);
  if (JS_IsException(coerced)) return -1;
  r = read_plain(ctx, c, place, field->type, coerced, dst);
  JS_FreeValue(ctx, coerced);
  return r;
}

int tenon_p_read(JSContext *ctx, tenon_p_call *c, const tenon_p_place *place,
                 const tenon_field *field, JSValueConst v, void *dst)
{
  void *p;

  if (field->type->kind == TENON_KIND_CLASS)
    return tenon_p_read_instance(ctx, c, place, field, v, dst);
  if (!tenon_p_field_is_pointer(field))
    return read_value(ctx, c, place, field, v, dst);
  *(void **)dst = NULL;
  if (JS_IsUndefined(v)) return 0;
  if (JS_IsNull(v) && (field->flags & TENON_FIELD_NULLABLE)) return 0;
  p = tenon_p_part_alloc(ctx, c, field->type->size);
  if (!p) return -1;
  if (read_value(ctx, c, place, field, v, p)) return -1;
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

static JSValue write_date(JSContext *ctx, const tenon_p_place *place, int64_t n)
{
  if (n >= -MOST_MS && n <= MOST_MS) return JS_NewDate(ctx, (double)n);
  tenon_p_throw_at(ctx, place, TENON_RANGE_ERROR, TENON_P_MESSAGE_NO_DATE, n);
  return JS_EXCEPTION;
}

static JSValue write_bytes(JSContext *ctx, tenon_p_call *c,
                           const tenon_p_place *place, const tenon_bytes *b)
{
  if (!b->data && b->len) {
    tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR, TENON_P_MESSAGE_NULL_TEXT,
                     b->len);
    return JS_EXCEPTION;
  }
  return tenon_p_write_buffer(ctx, c, b->data, b->len, JS_TYPED_ARRAY_UINT8);
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
  case TENON_KIND_ENUM: return tenon_p_write_enum(ctx, place, field->type, src);
  case TENON_KIND_STRUCT:
    return tenon_p_write_struct(ctx, c, place, field->type, src);
  case TENON_KIND_ARRAY:
    return tenon_p_write_array(ctx, c, place, field->type, src);
  case TENON_KIND_VIEW:
    return tenon_p_write_view(ctx, c, place, field->type, src);
  case TENON_KIND_TUPLE:
    return tenon_p_write_tuple(ctx, c, place, field->type, src);
  case TENON_KIND_RECORD:
    return tenon_p_write_record(ctx, c, place, field->type, src);
  case TENON_KIND_DATE: return write_date(ctx, place, *(const int64_t *)src);
  case TENON_KIND_EITHER:
    return tenon_p_write_either(ctx, c, place, field->type, src);
  case TENON_KIND_FLAGS:
    return tenon_p_write_flags(ctx, place, field->type, src);
  case TENON_KIND_ANY: return tenon_p_write_any(ctx, *(void *const *)src);
  case TENON_KIND_CLASS:
    return tenon_p_write_instance(ctx, c, place, field, *(void *const *)src);
  case TENON_KIND_COPY: return tenon_p_write_copy(ctx, c, place, field, src);
  case TENON_KIND_CALLBACK:
    return tenon_p_write_callback(ctx, place, *(tenon_callback *const *)src);
  case TENON_KIND_STREAM:
    return tenon_p_write_stream(ctx, place, *(tenon_stream *const *)src);
  case TENON_KIND_ITERABLE:
    tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR,
                     "an iterable does not go out");
    return JS_EXCEPTION;
  default: return write_str(ctx, place, src);
  }
}
