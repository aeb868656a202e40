/*
 * Flags: an integer of bits in C, an Array of their names in JavaScript. A name
 * may stand for several bits, or for none.
 */
#include <string.h>

#include "bind/names.h"
#include "bind/parts.h"
#include "engine/extension.h"

static uint64_t load(const tenon_type *type, const void *src)
{
  return type->size == 1   ? *(const uint8_t *)src
         : type->size == 2 ? *(const uint16_t *)src
         : type->size == 4 ? *(const uint32_t *)src
                           : *(const uint64_t *)src;
}

static void store(const tenon_type *type, uint64_t bits, void *dst)
{
  if (type->size == 1)
    *(uint8_t *)dst = (uint8_t)bits;
  else if (type->size == 2)
    *(uint16_t *)dst = (uint16_t)bits;
  else if (type->size == 4)
    *(uint32_t *)dst = (uint32_t)bits;
  else
    *(uint64_t *)dst = bits;
}

/* The bits of a value, which a signed type may have as a negative one. */
static uint64_t bits_of(const tenon_type *type, uint32_t i)
{
  return type->size < 4
             ? type->fields[i].offset & (UINT32_MAX >> (32 - 8 * type->size))
             : type->fields[i].offset;
}

static int add_name(JSContext *ctx, const tenon_p_place *place,
                    const tenon_type *type, JSValueConst v, uint64_t *bits)
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
  *bits |= bits_of(type, i);
  return 0;
}

int tenon_p_read_flags(JSContext *ctx, const tenon_p_place *place,
                       const tenon_type *type, JSValueConst v, void *dst)
{
  tenon_p_place part = *place;
  uint64_t bits = 0;
  int64_t len, i;
  int r = 0;

  if (JS_IsString(v)) {
    if (add_name(ctx, place, type, v, &bits)) return -1;
    store(type, bits, dst);
    return 0;
  }
  r = tenon_p_is_array(ctx, v);
  if (r < 0) return -1;
  if (!r) return tenon_p_throw_no_flags(ctx, place, type, v);
  if (JS_GetLength(ctx, v, &len)) return -1;
  part.inside = place;
  part.member = NULL;
  for (i = 0, r = 0; r == 0 && i < len; i++) {
    JSValue m;
    if (tenon_p_poll(ctx)) return -1;
    m = JS_GetPropertyInt64(ctx, v, i);
    if (JS_IsException(m)) return -1;
    part.at = (uint32_t)i;
    r = add_name(ctx, &part, type, m, &bits);
    JS_FreeValue(ctx, m);
  }
  if (r == 0) store(type, bits, dst);
  return r;
}

/* The names whose bits are all set, in their order, but for those that add
 * nothing to the ones before. */
JSValue tenon_p_write_flags(JSContext *ctx, const tenon_p_place *place,
                            const tenon_type *type, const void *src)
{
  const JSAtom *atoms = tenon_p_names_of(place->names, type);
  uint64_t bits = load(type, src), named = 0, some;
  JSValue array = JS_NewArray(ctx), v;
  uint32_t i, len = 0;

  if (JS_IsException(array)) return array;
  for (i = 0; i < type->field_count; i++) {
    some = bits_of(type, i);
    if ((some & ~bits) || !(some & ~named)) continue;
    named |= some;
    v = JS_AtomToString(ctx, atoms[i]);
    if (JS_IsException(v) ||
        JS_DefinePropertyValueUint32(ctx, array, len++, v, JS_PROP_C_W_E) < 0)
      goto fail;
  }
  if (named == bits) return array;
  tenon_p_throw_unknown_bits(ctx, place, type, bits);
fail:
  JS_FreeValue(ctx, array);
  return JS_EXCEPTION;
}
