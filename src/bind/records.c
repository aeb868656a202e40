/*
 * Records: arrays of pairs in C, objects in JavaScript, whose own enumerable
 * properties of string keys are the pairs.
 */
#include <string.h>

#include "bind/convert.h"
#include "bind/drop.h"
#include "bind/parts.h"
#include "bind/table.h"
#include "engine/extension.h"

/* Objects that have what they hold elsewhere would be empty records. */
static bool is_record(JSContext *ctx, JSValueConst v)
{
  const uint8_t *data;
  size_t size;

  return JS_IsObject(v) && !JS_IsArray(v) && !JS_IsFunction(ctx, v) &&
         !JS_IsDate(v) && !JS_IsMap(v) && !JS_IsSet(v) && !JS_IsPromise(v) &&
         tenon_p_bytes_of(v, &data, &size) == TENON_P_BYTES_NONE;
}

/* The value of a property as Object.entries takes it: 1, 0 when it is gone or
 * hidden by now, or -1 with an exception. */
static int get(JSContext *ctx, JSValueConst v, JSAtom key, JSValue *out)
{
  JSPropertyDescriptor d;
  int r = JS_GetOwnProperty(ctx, &d, v, key);

  if (r <= 0) return r;
  if (!(d.flags & JS_PROP_ENUMERABLE)) {
    r = 0;
  } else if ((d.flags & JS_PROP_GETSET) || JS_IsProxy(v)) {
    *out = JS_GetProperty(ctx, v, key);
    r = JS_IsException(*out) ? -1 : 1;
  } else {
    *out = JS_DupValue(ctx, d.value);
  }
  JS_FreeValue(ctx, d.getter);
  JS_FreeValue(ctx, d.setter);
  JS_FreeValue(ctx, d.value);
  return r;
}

#define MOST_OF_KEY 40 /* bytes of it that a path shows */

/* A key as a part of a path. */
static const char *show(const tenon_str *key, char out[MOST_OF_KEY + 4])
{
  size_t n = key->len;

  if (n > MOST_OF_KEY) {
    n = MOST_OF_KEY;
    while (n && ((uint8_t)key->data[n] & 0xC0) == 0x80)
      n--;
  }
  if (n) memcpy(out, key->data, n);
  strcpy(out + n, n < key->len ? "\xe2\x80\xa6" : "");
  return out;
}

/* One pair at `dst`: 1, 0 when there is none, or -1 with an exception. */
static int read_pair(JSContext *ctx, tenon_p_call *c,
                     const tenon_p_place *place, const tenon_type *pair,
                     JSValueConst v, JSAtom key, char *dst)
{
  const tenon_field *f = pair->fields;
  tenon_str *text = (tenon_str *)(dst + f[0].offset);
  tenon_p_place part = *place;
  char shown[MOST_OF_KEY + 4];
  JSValue m, name;
  int r = get(ctx, v, key, &m);

  if (r <= 0) return r;
  r = -1;
  name = JS_AtomToString(ctx, key);
  if (!JS_IsException(name) &&
      tenon_p_read(ctx, c, place, &f[0], name, text) == 0) {
    part.inside = place;
    part.member = show(text, shown);
    r = tenon_p_read(ctx, c, &part, &f[1], m, dst + f[1].offset);
  }
  JS_FreeValue(ctx, name);
  JS_FreeValue(ctx, m);
  return r ? -1 : 1;
}

int tenon_p_read_record(JSContext *ctx, tenon_p_call *c,
                        const tenon_p_place *place, const tenon_type *type,
                        JSValueConst v, tenon_bytes *dst)
{
  const tenon_type *pair = type->fields[0].type;
  JSPropertyEnum *keys;
  uint32_t count, i;
  char *data = NULL;
  int r;

  if (!is_record(ctx, v))
    return tenon_p_throw_expected(ctx, place, "object", v);
  if (JS_GetOwnPropertyNames(ctx, &keys, &count, v, JS_GPN_STRING_MASK))
    return -1;
  if (count <= SIZE_MAX / 2 / pair->size)
    data = tenon_p_part_alloc(ctx, c, count ? (size_t)count * pair->size : 1);
  else
    JS_ThrowOutOfMemory(ctx);
  r = data ? 0 : -1;
  dst->data = (const uint8_t *)data;
  dst->len = 0;
  for (i = 0; r >= 0 && i < count; i++) {
    r = tenon_p_poll(ctx);
    if (r == 0)
      r = read_pair(ctx, c, place, pair, v, keys[i].atom,
                    data + dst->len * pair->size);
    if (r > 0) dst->len++;
  }
  JS_FreePropertyEnum(ctx, keys, count);
  return r < 0 ? -1 : 0;
}

/* --- Out ------------------------------------------------------------------------ */

static int define_pair(JSContext *ctx, tenon_p_call *c,
                       const tenon_p_place *place, const tenon_type *pair,
                       JSValueConst object, const char *src)
{
  const tenon_field *f = pair->fields;
  tenon_p_place part = *place;
  char shown[MOST_OF_KEY + 4];
  JSValue name, v;
  JSAtom key = JS_ATOM_NULL;
  int r = -1;

  name = tenon_p_write(ctx, c, place, &f[0], src + f[0].offset);
  if (!JS_IsException(name)) key = JS_ValueToAtom(ctx, name);
  JS_FreeValue(ctx, name);
  if (key == JS_ATOM_NULL) {
    tenon_p_drop(ctx, &f[1], src + f[1].offset);
    return -1;
  }
  part.inside = place;
  part.member = show((const tenon_str *)(src + f[0].offset), shown);
  v = tenon_p_write(ctx, c, &part, &f[1], src + f[1].offset);
  if (!JS_IsException(v))
    r = JS_DefinePropertyValue(ctx, object, key, v, JS_PROP_C_W_E);
  JS_FreeAtom(ctx, key);
  return r < 0 ? -1 : 0;
}

/* Of two pairs of one key the later one stands. */
JSValue tenon_p_write_record(JSContext *ctx, tenon_p_call *c,
                             const tenon_p_place *place, const tenon_type *type,
                             const tenon_bytes *src)
{
  const tenon_type *pair = type->fields[0].type;
  JSValue object;
  size_t i;

  if (tenon_p_check_length(ctx, place, src)) return JS_EXCEPTION;
  object = JS_NewObject(ctx);
  if (JS_IsException(object)) {
    tenon_p_drop_elements(ctx, &type->fields[0], src, 0);
    return object;
  }
  for (i = 0; i < src->len; i++) {
    if (tenon_p_poll(ctx)) goto fail;
    if (define_pair(ctx, c, place, pair, object,
                    (const char *)src->data + i * pair->size)) {
      i++;
      goto fail;
    }
  }
  return object;
fail:
  tenon_p_drop_elements(ctx, &type->fields[0], src, i);
  JS_FreeValue(ctx, object);
  return JS_EXCEPTION;
}
