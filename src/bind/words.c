#include "bind/words.h"

#include "bind/convert.h"
#include "bind/parts.h"
#include "bind/table.h"
#include "engine/extension.h"

/* --- coerce ---------------------------------------------------------------------- */

static JSValue not_expected(JSContext *ctx, const tenon_p_place *place,
                            const char *what, JSValueConst v)
{
  tenon_p_throw_expected(ctx, place, what, v);
  return JS_EXCEPTION;
}

/* Number(), but that a bigint stays one where it need not be rounded. */
static JSValue to_number(JSContext *ctx, const tenon_p_place *place,
                         uint32_t kind, JSValueConst primitive)
{
  if (JS_IsSymbol(primitive))
    return not_expected(ctx, place, "number", primitive);
  if (!JS_IsBigInt(primitive)) return JS_ToNumber(ctx, primitive);
  if (kind == TENON_KIND_I64 || kind == TENON_KIND_U64)
    return JS_DupValue(ctx, primitive);
  return JS_NewFloat64(ctx, tenon_p_bigint_to_double(ctx, primitive));
}

/* As a template does it: String() would take symbols too. */
static JSValue to_string(JSContext *ctx, const tenon_p_place *place,
                         JSValueConst primitive)
{
  if (JS_IsSymbol(primitive))
    return not_expected(ctx, place, "string", primitive);
  return JS_ToString(ctx, primitive);
}

static JSValue to_bigint(JSContext *ctx, const tenon_p_place *place,
                         JSValueConst primitive)
{
  JSValue r = tenon_p_to_bigint(ctx, primitive);

  return JS_IsUndefined(r) ? not_expected(ctx, place, "bigint", primitive) : r;
}

JSValue tenon_p_coerce(JSContext *ctx, const tenon_p_place *place,
                       const tenon_type *type, JSValueConst v)
{
  bool wants_string =
      type->kind == TENON_KIND_STR || type->kind == TENON_KIND_CSTR;
  JSValue primitive, r;

  if (type->kind == TENON_KIND_BOOL) return JS_NewBool(ctx, JS_ToBool(ctx, v));
  primitive = tenon_p_to_primitive(ctx, v, wants_string);
  if (JS_IsException(primitive)) return primitive;
  if (wants_string)
    r = to_string(ctx, place, primitive);
  else if (type->kind == TENON_KIND_BIG_I64 || type->kind == TENON_KIND_BIG_U64)
    r = to_bigint(ctx, place, primitive);
  else
    r = to_number(ctx, place, type->kind, primitive);
  JS_FreeValue(ctx, primitive);
  return r;
}

/* --- rest ------------------------------------------------------------------------- */

int tenon_p_read_rest(JSContext *ctx, tenon_p_call *c,
                      const tenon_p_place *place, const tenon_field *field,
                      int argc, JSValueConst *argv, tenon_bytes *dst)
{
  const tenon_field *element = &field->type->fields[0];
  size_t size = tenon_p_field_size(element);
  tenon_p_place part = *place;
  char *data;
  int i;

  data = tenon_p_part_alloc(ctx, c, argc ? (size_t)argc * size : 1);
  if (!data) return -1;
  part.inside = place;
  part.member = NULL;
  for (i = 0; i < argc; i++) {
    part.at = (uint32_t)i;
    if (tenon_p_read(ctx, c, &part, element, argv[i], data + (size_t)i * size))
      return -1;
  }
  *dst = (tenon_bytes){(const uint8_t *)data, (size_t)argc};
  return 0;
}
