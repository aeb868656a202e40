/* Tuples: structs in C, Arrays of a fixed length in JavaScript. */
#include <string.h>

#include "bind/convert.h"
#include "bind/drop.h"
#include "bind/parts.h"
#include "engine/extension.h"

/* Elements up to the last one that cannot be left out. */
static uint32_t required(const tenon_type *type)
{
  uint32_t n = type->field_count;

  while (n && type->fields[n - 1].flags)
    n--;
  return n;
}

/* The length is that of the beginning, as an array's is. */
int tenon_p_read_tuple(JSContext *ctx, tenon_p_call *c,
                       const tenon_p_place *place, const tenon_type *type,
                       JSValueConst v, void *dst)
{
  uint32_t least = required(type), most = type->field_count, i;
  int is_array = tenon_p_is_array(ctx, v), r = 0;
  tenon_p_place part = *place;
  uint64_t absent = 0;
  int64_t len;

  if (is_array < 0) return -1;
  if (!is_array) return tenon_p_throw_expected(ctx, place, "array", v);
  if (JS_GetLength(ctx, v, &len)) return -1;
  if (len < least || len > most) {
    if (least == most)
      return tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR,
                              TENON_P_MESSAGE_ELEMENTS, (unsigned)most,
                              most == 1 ? "" : "s", len);
    return tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR,
                            TENON_P_MESSAGE_ELEMENTS_TO, (unsigned)least,
                            (unsigned)most, len);
  }
  memset(dst, 0, type->size);
  part.inside = place;
  part.member = NULL;
  for (i = 0; r == 0 && i < most; i++) {
    const tenon_field *f = &type->fields[i];
    JSValue m = i < len ? JS_GetPropertyUint32(ctx, v, i) : JS_UNDEFINED;
    if (JS_IsException(m)) return -1;
    part.at = i;
    if ((f->flags & TENON_FIELD_DEFAULT) && JS_IsUndefined(m))
      absent |= UINT64_C(1) << i;
    else
      r = tenon_p_read(ctx, c, &part, f, m, (char *)dst + f->offset);
    JS_FreeValue(ctx, m);
  }
  if (r == 0 && absent) r = tenon_p_set_defaults(ctx, c, type, dst, absent);
  return r;
}

JSValue tenon_p_write_tuple(JSContext *ctx, tenon_p_call *c,
                            const tenon_p_place *place, const tenon_type *type,
                            const void *src)
{
  JSValue array = JS_NewArray(ctx), v;
  tenon_p_place part = *place;
  uint32_t i;

  if (JS_IsException(array)) {
    tenon_p_drop_members(ctx, type, src, 0);
    return array;
  }
  part.inside = place;
  part.member = NULL;
  for (i = 0; i < type->field_count; i++) {
    const tenon_field *f = &type->fields[i];
    part.at = i;
    v = tenon_p_write(ctx, c, &part, f, (const char *)src + f->offset);
    if (JS_IsException(v) ||
        JS_DefinePropertyValueUint32(ctx, array, i, v, JS_PROP_C_W_E) < 0) {
      tenon_p_drop_members(ctx, type, src, i + 1);
      JS_FreeValue(ctx, array);
      return JS_EXCEPTION;
    }
  }
  return array;
}
