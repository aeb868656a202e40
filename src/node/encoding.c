/* UTF-8 for TextEncoder and TextDecoder. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "engine/extension.h"
#include "node/node.h"

enum { FATAL = 1, STREAM = 2 };

/* The longest beginning of a sequence that may be going on. */
#define MOST_HELD 3

/* encode(text): its bytes */
static JSValue encode(JSContext *ctx, JSValueConst this_value, int argc,
                      JSValueConst *argv)
{
  size_t len;
  char *p;
  JSValue v;

  (void)this_value;
  if (argc < 1 || !JS_IsString(argv[0]))
    return JS_ThrowTypeError(ctx, "encode: expected string");
  if (tenon_p_string_utf8_size(ctx, argv[0], &len)) return JS_EXCEPTION;
  p = js_malloc(ctx, len + 1);
  if (!p) return JS_EXCEPTION;
  tenon_p_string_utf8_write(argv[0], p);
  v = JS_NewUint8ArrayCopy(ctx, (const uint8_t *)p, len);
  js_free(ctx, p);
  return v;
}

/* How many bytes at the end are the beginning of a sequence that lacks some. */
static size_t unfinished(const uint8_t *s, size_t len)
{
  size_t most = len < MOST_HELD ? len : MOST_HELD, n;

  for (n = 1; n <= most; n++) {
    const uint8_t *lead = s + len - n, *p = lead;
    uint8_t filled[4] = {0x80, 0x80, 0x80, 0x80};
    size_t size = *lead < 0xe0 ? 2 : *lead < 0xf0 ? 3 : 4;
    if ((*lead & 0xc0) == 0x80) continue;
    if (*lead < 0xc2 || *lead > 0xf4 || n >= size) return 0;
    /* It lacks some if it is well-formed with the right ones. */
    memcpy(filled, lead, n);
    if (n == 1 && *lead == 0xe0) filled[1] = 0xa0;
    if (n == 1 && *lead == 0xf0) filled[1] = 0x90;
    p = filled;
    return tenon_p_utf8_decode(&p, filled + size) == 0xfffd ? 0 : n;
  }
  return 0;
}

/* Text of bytes that are joined already; null: they are ill-formed. */
static JSValue decode_joined(JSContext *ctx, const uint8_t *s, size_t len,
                             int flags)
{
  const char *text = (const char *)s;
  char *replaced;
  JSValue v;

  if (tenon_p_utf8_check(text, len) == len)
    return JS_NewStringLen(ctx, text, len);
  if (flags & FATAL) return JS_NULL;
  replaced = tenon_p_utf8_replace(text, len, &len);
  if (!replaced) return JS_ThrowOutOfMemory(ctx);
  v = JS_NewStringLen(ctx, replaced, len);
  free(replaced);
  return v;
}

/* decode(bytes or undefined, held, flags): text; null: ill-formed. `held` is
 * how many bytes are left over from the last call, and these. */
static JSValue decode(JSContext *ctx, JSValueConst this_value, int argc,
                      JSValueConst *argv)
{
  const uint8_t *data = NULL;
  uint8_t *held, *joined;
  size_t len = 0, held_size, rest;
  int32_t flags;
  JSValue v;

  (void)this_value;
  if (argc < 3 || JS_ToInt32(ctx, &flags, argv[2])) return JS_EXCEPTION;
  held = JS_GetUint8Array(ctx, &held_size, argv[1]);
  if (!held || held_size != MOST_HELD + 1 || held[0] > MOST_HELD)
    return JS_ThrowTypeError(ctx, "decode: argument 2: expected four bytes");
  /* A buffer that is detached has no bytes. */
  if (!JS_IsUndefined(argv[0]) &&
      tenon_p_bytes_of(argv[0], &data, &len) == TENON_P_BYTES_SHARED)
    return JS_ThrowTypeError(ctx, "TextDecoder.decode: argument 1 'input': "
                                  "expected bytes that are not shared");
  if (!data) len = 0;
  joined = js_malloc(ctx, len + held[0] + 1);
  if (!joined) return JS_EXCEPTION;
  memcpy(joined, held + 1, held[0]);
  if (len) memcpy(joined + held[0], data, len);
  len += held[0];
  held[0] = 0;
  rest = flags & STREAM ? unfinished(joined, len) : 0;
  v = decode_joined(ctx, joined, len - rest, flags);
  if (rest && !JS_IsNull(v) && !JS_IsException(v)) {
    memcpy(held + 1, joined + len - rest, rest);
    held[0] = (uint8_t)rest;
  }
  js_free(ctx, joined);
  return v;
}

/* isBuffer(value): an ArrayBuffer, shared or not? */
static JSValue is_buffer(JSContext *ctx, JSValueConst this_value, int argc,
                         JSValueConst *argv)
{
  const uint8_t *data;
  size_t len;

  (void)this_value;
  return JS_NewBool(ctx, argc > 0 && tenon_p_bytes_of(argv[0], &data, &len) !=
                                         TENON_P_BYTES_NONE);
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("encode", 1, encode),
    JS_CFUNC_DEF("decode", 3, decode),
    JS_CFUNC_DEF("isBuffer", 1, is_buffer),
};

JSValue tenon_p_node_encoding_binding(JSContext *ctx)
{
  return tenon_p_std_native(ctx, natives, tenon_p_countof(natives));
}
