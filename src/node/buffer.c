/*
 * What node:buffer does with bytes: encodings, searches, comparisons, and the
 * methods that read and write numbers, which are of C themselves.
 *
 * buffer.js has checked what scripts gave; memory safety is ours all the same.
 * Bytes are looked up behind the last conversion that could run a script.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "engine/extension.h"
#include "engine/foreign.h"
#include "node/node.h"

/* As in buffer.js. */
enum encoding { UTF8, UCS2, LATIN1, ASCII, HEX, BASE64, BASE64URL };

#define NATIVE(name)                                                    \
  static JSValue buffer_##name(JSContext *ctx, JSValueConst this_value, \
                               int argc __attribute__((unused)),        \
                               JSValueConst *argv __attribute__((unused)))

/* --- Arguments ------------------------------------------------------------ */

typedef struct bytes {
  uint8_t *data;
  size_t size;
} bytes;

/* 0, or -1 with an exception. */
static int read_bytes(JSContext *ctx, JSValueConst v, bytes *b)
{
  static uint8_t nothing[1];
  const uint8_t *data;

  switch (tenon_p_bytes_of(v, &data, &b->size)) {
  case TENON_P_BYTES_OK: b->data = (uint8_t *)data; return 0;
  case TENON_P_BYTES_DETACHED:
    /* As scripts see it: none. */
    b->data = nothing;
    b->size = 0;
    return 0;
  case TENON_P_BYTES_SHARED:
    JS_ThrowTypeError(ctx, "a buffer of shared bytes is not supported");
    return -1;
  default: JS_ThrowTypeError(ctx, "expected a buffer"); return -1;
  }
}

/* The same to write to. */
static int write_bytes(JSContext *ctx, JSValueConst v, bytes *b)
{
  tenon_p_view view;

  if (read_bytes(ctx, v, b)) return -1;
  if (tenon_p_view_of(v, &view) && JS_IsImmutableArrayBuffer(view.buffer) > 0) {
    JS_ThrowTypeError(ctx, "the bytes of a buffer are immutable");
    return -1;
  }
  return 0;
}

/* A number that was checked: between 0 and `most`. -1 with an exception. */
static int read_size(JSContext *ctx, JSValueConst v, size_t most, size_t *out)
{
  double n;

  if (JS_ToFloat64(ctx, &n, v)) return -1;
  *out = !(n > 0) ? 0 : n < (double)most ? (size_t)n : most;
  return 0;
}

static int read_string(JSContext *ctx, JSValueConst v, size_t *units)
{
  if (JS_IsString(v)) return tenon_p_string_length(ctx, v, units);
  JS_ThrowTypeError(ctx, "expected a string");
  return -1;
}

/* --- Encodings ------------------------------------------------------------ */

/* What letters stand for, and 1: 0 is for those that stand for nothing. */
static const uint8_t hex_values[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
    ['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
    ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
    ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16};

/* Of both alphabets. */
static const uint8_t base64_values[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,
    ['G'] = 7,  ['H'] = 8,  ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12,
    ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18,
    ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30,
    ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36,
    ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42,
    ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54,
    ['2'] = 55, ['3'] = 56, ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60,
    ['8'] = 61, ['9'] = 62, ['+'] = 63, ['-'] = 63, ['/'] = 64, ['_'] = 64};

/* The low bytes of a string's units, js_free'd: as in node, a letter is told by
 * them alone. NULL with an exception. */
static uint8_t *units_of(JSContext *ctx, JSValueConst v, size_t units)
{
  uint8_t *s = js_malloc(ctx, units + 1);

  if (s) tenon_p_string_copy_latin1(v, (char *)s, units);
  return s;
}

static size_t from_hex(const uint8_t *s, size_t len, bytes *to)
{
  size_t i;
  unsigned high, low;

  for (i = 0; i < len / 2 && i < to->size; i++) {
    high = hex_values[s[i * 2]];
    low = hex_values[s[i * 2 + 1]];
    if (!high || !low) break;
    to->data[i] = (uint8_t)((high - 1) << 4 | (low - 1));
  }
  return i;
}

static size_t from_base64(const uint8_t *s, size_t len, bytes *to)
{
  const uint8_t *t = base64_values;
  size_t i = 0, n = 0;
  uint32_t bits;
  int count = 0;

  /* Whole groups of letters, as nearly all are. */
  for (; i + 4 <= len && n + 3 <= to->size; i += 4, n += 3) {
    if (!t[s[i]] || !t[s[i + 1]] || !t[s[i + 2]] || !t[s[i + 3]]) break;
    bits = (uint32_t)(t[s[i]] - 1) << 18 | (uint32_t)(t[s[i + 1]] - 1) << 12 |
           (uint32_t)(t[s[i + 2]] - 1) << 6 | (uint32_t)(t[s[i + 3]] - 1);
    to->data[n] = (uint8_t)(bits >> 16);
    to->data[n + 1] = (uint8_t)(bits >> 8);
    to->data[n + 2] = (uint8_t)bits;
  }
  for (bits = 0; i < len && n < to->size && s[i] != '='; i++) {
    if (!t[s[i]]) continue;
    bits = bits << 6 | (uint32_t)(t[s[i]] - 1);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    to->data[n++] = (uint8_t)(bits >> count);
  }
  return n;
}

/* size(string, encoding): an upper bound that is exact for well-formed text */
NATIVE(size)
{
  size_t units, size;
  int32_t encoding;

  (void)this_value;
  if (argc < 2 || JS_ToInt32(ctx, &encoding, argv[1]) ||
      read_string(ctx, argv[0], &units))
    return JS_EXCEPTION;
  switch (encoding) {
  case UTF8:
    if (tenon_p_string_utf8_size(ctx, argv[0], &size)) return JS_EXCEPTION;
    return JS_NewInt64(ctx, (int64_t)size);
  case UCS2: return JS_NewInt64(ctx, (int64_t)units * 2);
  case HEX: return JS_NewInt64(ctx, (int64_t)units / 2);
  default: return JS_NewInt64(ctx, (int64_t)units);
  }
}

/* write(buffer, string, offset, length, encoding): how many bytes */
NATIVE(write)
{
  size_t units, offset, length, n = 0;
  int32_t encoding;
  uint8_t *s;
  bytes b;

  (void)this_value;
  if (argc < 5 || JS_ToInt32(ctx, &encoding, argv[4]) ||
      read_string(ctx, argv[1], &units) || write_bytes(ctx, argv[0], &b) ||
      read_size(ctx, argv[2], b.size, &offset) ||
      read_size(ctx, argv[3], b.size - offset, &length))
    return JS_EXCEPTION;
  b.data += offset;
  b.size = length;
  switch (encoding) {
  case UTF8:
    n = tenon_p_string_copy_utf8(argv[1], (char *)b.data, length);
    break;
  case UCS2:
    n = units < length / 2 ? units : length / 2;
    if (((uintptr_t)b.data & 1) == 0) {
      tenon_p_string_copy_utf16(argv[1], (uint16_t *)b.data, n);
    } else {
      s = js_malloc(ctx, n * 2 + 2);
      if (!s) return JS_EXCEPTION;
      tenon_p_string_copy_utf16(argv[1], (uint16_t *)s, n);
      memcpy(b.data, s, n * 2);
      js_free(ctx, s);
    }
    n *= 2;
    break;
  case LATIN1:
  case ASCII:
    n = units < length ? units : length;
    tenon_p_string_copy_latin1(argv[1], (char *)b.data, n);
    break;
  default:
    s = units_of(ctx, argv[1], units);
    if (!s) return JS_EXCEPTION;
    n = encoding == HEX ? from_hex(s, units, &b) : from_base64(s, units, &b);
    js_free(ctx, s);
  }
  return JS_NewInt64(ctx, (int64_t)n);
}

static JSValue to_ucs2(JSContext *ctx, const uint8_t *data, size_t size)
{
  uint16_t *units;
  JSValue v;

  if (((uintptr_t)data & 1) == 0)
    return JS_NewStringUTF16(ctx, (const uint16_t *)data, size / 2);
  units = js_malloc(ctx, size + 2);
  if (!units) return JS_EXCEPTION;
  memcpy(units, data, size / 2 * 2);
  v = JS_NewStringUTF16(ctx, units, size / 2);
  js_free(ctx, units);
  return v;
}

static size_t to_base64(const uint8_t *data, size_t size, bool is_url,
                        char *out)
{
  static const char plain[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  static const char url[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const char *letters = is_url ? url : plain;
  char *at = out;
  uint32_t bits;
  size_t i;

  for (i = 0; i + 2 < size; i += 3) {
    bits = (uint32_t)data[i] << 16 | (uint32_t)data[i + 1] << 8 | data[i + 2];
    *at++ = letters[bits >> 18];
    *at++ = letters[bits >> 12 & 63];
    *at++ = letters[bits >> 6 & 63];
    *at++ = letters[bits & 63];
  }
  if (i < size) {
    bits = (uint32_t)data[i] << 16 |
           (i + 1 < size ? (uint32_t)data[i + 1] << 8 : 0);
    *at++ = letters[bits >> 18];
    *at++ = letters[bits >> 12 & 63];
    if (i + 1 < size) *at++ = letters[bits >> 6 & 63];
    while (!is_url && (at - out) % 4)
      *at++ = '=';
  }
  return (size_t)(at - out);
}

/* Text that is longer than its bytes, or has fewer bits. */
static JSValue to_letters(JSContext *ctx, const uint8_t *data, size_t size,
                          int encoding)
{
  static const char digits[] = "0123456789abcdef";
  char *out = js_malloc(ctx, size * 2 + 4);
  size_t i, len = size;
  JSValue v;

  if (!out) return JS_EXCEPTION;
  switch (encoding) {
  case ASCII:
    for (i = 0; i < size; i++)
      out[i] = (char)(data[i] & 0x7f);
    break;
  case HEX:
    for (i = 0; i < size; i++) {
      out[i * 2] = digits[data[i] >> 4];
      out[i * 2 + 1] = digits[data[i] & 15];
    }
    len = size * 2;
    break;
  default: len = to_base64(data, size, encoding == BASE64URL, out);
  }
  v = tenon_p_new_latin1(ctx, out, len);
  js_free(ctx, out);
  return v;
}

/* text(buffer, start, end, encoding) */
NATIVE(text)
{
  size_t start, end;
  int32_t encoding;
  bytes b;

  (void)this_value;
  if (argc < 4 || JS_ToInt32(ctx, &encoding, argv[3]) ||
      read_bytes(ctx, argv[0], &b) || read_size(ctx, argv[1], b.size, &start) ||
      read_size(ctx, argv[2], b.size, &end))
    return JS_EXCEPTION;
  if (end <= start) return JS_NewStringLen(ctx, "", 0);
  b.data += start;
  b.size = end - start;
  switch (encoding) {
  case UTF8: return tenon_p_new_string(ctx, (const char *)b.data, b.size);
  case UCS2: return to_ucs2(ctx, b.data, b.size);
  case LATIN1: return tenon_p_new_latin1(ctx, (const char *)b.data, b.size);
  default: return to_letters(ctx, b.data, b.size, encoding);
  }
}

/* --- Bytes ---------------------------------------------------------------- */

/* compare(a, b, aStart, aEnd, bStart, bEnd): -1, 0 or 1 */
NATIVE(compare)
{
  size_t a_start, a_end, b_start, b_end, a_size, b_size;
  bytes a, b;
  int r;

  (void)this_value;
  if (argc < 6 || read_bytes(ctx, argv[0], &a) ||
      read_bytes(ctx, argv[1], &b) ||
      read_size(ctx, argv[2], a.size, &a_start) ||
      read_size(ctx, argv[3], a.size, &a_end) ||
      read_size(ctx, argv[4], b.size, &b_start) ||
      read_size(ctx, argv[5], b.size, &b_end))
    return JS_EXCEPTION;
  a_size = a_end > a_start ? a_end - a_start : 0;
  b_size = b_end > b_start ? b_end - b_start : 0;
  r = memcmp(a.data + a_start, b.data + b_start,
             a_size < b_size ? a_size : b_size);
  if (r == 0) r = (a_size > b_size) - (a_size < b_size);
  return JS_NewInt32(ctx, (r > 0) - (r < 0));
}

/* copy(from, to, toStart, fromStart, count) */
NATIVE(copy)
{
  size_t to_start, from_start, count;
  bytes from, to;

  (void)this_value;
  if (argc < 5 || read_bytes(ctx, argv[0], &from) ||
      write_bytes(ctx, argv[1], &to) ||
      read_size(ctx, argv[2], to.size, &to_start) ||
      read_size(ctx, argv[3], from.size, &from_start) ||
      read_size(ctx, argv[4], from.size - from_start, &count))
    return JS_EXCEPTION;
  if (count > to.size - to_start) count = to.size - to_start;
  if (count) memmove(to.data + to_start, from.data + from_start, count);
  return JS_NewInt64(ctx, (int64_t)count);
}

/* fill(buffer, pattern, start, end): the pattern is not empty */
NATIVE(fill)
{
  size_t start, end, count, done;
  bytes b, pattern;

  (void)this_value;
  if (argc < 4 || write_bytes(ctx, argv[0], &b) ||
      read_bytes(ctx, argv[1], &pattern) ||
      read_size(ctx, argv[2], b.size, &start) ||
      read_size(ctx, argv[3], b.size, &end))
    return JS_EXCEPTION;
  if (end <= start || !pattern.size) return JS_UNDEFINED;
  count = end - start;
  done = pattern.size < count ? pattern.size : count;
  memmove(b.data + start, pattern.data, done);
  /* What is there is doubled. */
  for (; done < count; done *= 2)
    memcpy(b.data + start + done, b.data + start,
           done < count - done ? done : count - done);
  return JS_UNDEFINED;
}

/* The first place from `at`, or the last one up to it; -1. Places are those of
 * units of `step` bytes. */
static int64_t find(const bytes *hay, const bytes *needle, size_t at,
                    bool is_forward, size_t step)
{
  size_t last = (hay->size - needle->size) / step, i;
  const uint8_t *p;

  if (!is_forward) {
    for (i = at < last ? at : last;; i--) {
      if (memcmp(hay->data + i * step, needle->data, needle->size) == 0)
        return (int64_t)i;
      if (i == 0) return -1;
    }
  }
  if (step == 1) {
    if (at > last) return -1;
    p = memmem(hay->data + at, hay->size - at, needle->data, needle->size);
    return p ? p - hay->data : -1;
  }
  for (i = at; i <= last; i++)
    if (memcmp(hay->data + i * step, needle->data, needle->size) == 0)
      return (int64_t)i;
  return -1;
}

/* Where a search begins, by an offset that may count from the end; -1: there is
 * nothing to be found. */
static int64_t beginning(int64_t length, int64_t offset, int64_t needle,
                         bool is_forward)
{
  if (offset < 0) {
    if (offset + length >= 0) return length + offset;
    return is_forward || needle == 0 ? 0 : -1;
  }
  if (offset + needle <= length) return offset;
  if (needle == 0) return length;
  return is_forward ? -1 : length - 1;
}

/* indexOf(buffer, needle, offset, isForward, is of 16 bits) */
NATIVE(index_of)
{
  bool is_forward, is_wide;
  bytes hay, needle;
  int32_t offset;
  int64_t r;

  (void)this_value;
  if (argc < 5 || JS_ToInt32(ctx, &offset, argv[2])) return JS_EXCEPTION;
  is_forward = JS_ToBool(ctx, argv[3]) > 0;
  is_wide = JS_ToBool(ctx, argv[4]) > 0;
  if (read_bytes(ctx, argv[0], &hay) || read_bytes(ctx, argv[1], &needle))
    return JS_EXCEPTION;
  r = beginning((int64_t)hay.size, offset, (int64_t)needle.size, is_forward);
  if (r < 0 || needle.size == 0) return JS_NewInt64(ctx, r);
  if (hay.size == 0 || needle.size > hay.size ||
      (is_forward && (size_t)r + needle.size > hay.size))
    return JS_NewInt32(ctx, -1);
  if (is_wide) {
    if (hay.size < 2 || needle.size < 2) return JS_NewInt32(ctx, -1);
    needle.size &= ~(size_t)1;
    hay.size &= ~(size_t)1;
    r = find(&hay, &needle, (size_t)r / 2, is_forward, 2);
    return JS_NewInt64(ctx, r < 0 ? r : r * 2);
  }
  return JS_NewInt64(ctx, find(&hay, &needle, (size_t)r, is_forward, 1));
}

/* swap(buffer, width) */
NATIVE(swap)
{
  size_t width, i, k;
  uint8_t t;
  bytes b;

  (void)this_value;
  if (argc < 2 || write_bytes(ctx, argv[0], &b) ||
      read_size(ctx, argv[1], 8, &width))
    return JS_EXCEPTION;
  if (width < 2) return JS_UNDEFINED;
  for (i = 0; i + width <= b.size; i += width)
    for (k = 0; k < width / 2; k++) {
      t = b.data[i + k];
      b.data[i + k] = b.data[i + width - 1 - k];
      b.data[i + width - 1 - k] = t;
    }
  return JS_UNDEFINED;
}

NATIVE(is_ascii)
{
  size_t i;
  bytes b;

  (void)this_value;
  if (argc < 1 || read_bytes(ctx, argv[0], &b)) return JS_EXCEPTION;
  for (i = 0; i < b.size && b.data[i] < 0x80; i++)
    continue;
  return JS_NewBool(ctx, i == b.size);
}

NATIVE(is_utf8)
{
  bytes b;

  (void)this_value;
  if (argc < 1 || read_bytes(ctx, argv[0], &b)) return JS_EXCEPTION;
  return JS_NewBool(ctx,
                    tenon_p_utf8_check((const char *)b.data, b.size) == b.size);
}

NATIVE(is_uint8_array)
{
  (void)this_value;
  return JS_NewBool(ctx, argc > 0 && JS_GetTypedArrayType(argv[0]) ==
                                         JS_TYPED_ARRAY_UINT8);
}

/* Also of a shared one. */
NATIVE(is_array_buffer)
{
  const uint8_t *data;
  size_t size;
  tenon_p_view view;

  (void)this_value;
  if (argc < 1 || tenon_p_view_of(argv[0], &view)) return JS_FALSE;
  return JS_NewBool(ctx, JS_IsArrayBuffer(argv[0]) ||
                             tenon_p_bytes_of(argv[0], &data, &size) ==
                                 TENON_P_BYTES_SHARED);
}

/* --- Numbers -------------------------------------------------------------- */

/* What a method reads or writes: its `magic`. */
enum { SIZE = 15, SIGNED = 16, BIG = 32, FLOAT = 64 };

static uint64_t load_number(const uint8_t *p, int kind)
{
  int size = kind & SIZE, i;
  uint64_t v = 0;

  for (i = 0; i < size; i++)
    v = v << 8 | p[kind & BIG ? i : size - 1 - i];
  return v;
}

static void store_number(uint8_t *p, int kind, uint64_t v)
{
  int size = kind & SIZE, i;

  for (i = 0; i < size; i++, v >>= 8)
    p[kind & BIG ? size - 1 - i : i] = (uint8_t)v;
}

/* The bytes at an offset that is an integer within bounds; NULL otherwise. */
static uint8_t *place_of(JSValueConst buffer, int argc, JSValueConst *argv,
                         int at, int size)
{
  const uint8_t *data;
  size_t length;
  int32_t offset = 0;

  if (argc > at && !JS_IsUndefined(argv[at])) {
    if (JS_VALUE_GET_TAG(argv[at]) != JS_TAG_INT) return NULL;
    offset = JS_VALUE_GET_INT(argv[at]);
  }
  if (tenon_p_bytes_of(buffer, &data, &length) != TENON_P_BYTES_OK ||
      offset < 0 || length < (size_t)size ||
      (size_t)offset > length - (size_t)size)
    return NULL;
  return (uint8_t *)data + offset;
}

/* What is out of the ordinary is checked by buffer.js, which throws, or answers
 * by [value, offset] as they are to be taken. */
static JSValue ask(JSContext *ctx, JSValueConst this_value, int argc,
                   JSValueConst *argv, JSValueConst check, JSValue taken[2])
{
  JSValue r = JS_Call(ctx, check, this_value, argc, argv);

  taken[0] = taken[1] = JS_UNDEFINED;
  if (JS_IsException(r)) return r;
  taken[0] = JS_GetPropertyUint32(ctx, r, 0);
  taken[1] = JS_GetPropertyUint32(ctx, r, 1);
  JS_FreeValue(ctx, r);
  return JS_IsException(taken[0]) || JS_IsException(taken[1]) ? JS_EXCEPTION
                                                              : JS_UNDEFINED;
}

static JSValue out_of_bounds(JSContext *ctx)
{
  return JS_ThrowRangeError(ctx, "the bytes of a buffer have changed");
}

static JSValue number_of(JSContext *ctx, const uint8_t *p, int kind)
{
  uint64_t bits = load_number(p, kind);
  int size = kind & SIZE;
  float f;
  double d;
  uint32_t half;

  if (kind & FLOAT) {
    if (size == 8) {
      memcpy(&d, &bits, sizeof d);
      return JS_NewFloat64(ctx, d);
    }
    half = (uint32_t)bits;
    memcpy(&f, &half, sizeof f);
    return JS_NewFloat64(ctx, f);
  }
  if (size == 8)
    return kind & SIGNED ? JS_NewBigInt64(ctx, (int64_t)bits)
                         : JS_NewBigUint64(ctx, bits);
  if (!(kind & SIGNED)) return JS_NewUint32(ctx, (uint32_t)bits);
  if (size == 1) return JS_NewInt32(ctx, (int8_t)bits);
  return JS_NewInt32(ctx, size == 2 ? (int16_t)bits : (int32_t)bits);
}

static JSValue read_number(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv, int kind, JSValueConst *data)
{
  uint8_t *p = place_of(this_value, argc, argv, 0, kind & SIZE);
  JSValue taken[2], r;

  if (p) return number_of(ctx, p, kind);
  r = ask(ctx, this_value, argc, argv, data[0], taken);
  if (!JS_IsException(r)) {
    p = place_of(this_value, 1, (JSValueConst *)&taken[1], 0, kind & SIZE);
    r = p ? number_of(ctx, p, kind) : out_of_bounds(ctx);
  }
  JS_FreeValue(ctx, taken[0]);
  JS_FreeValue(ctx, taken[1]);
  return r;
}

/* Does a number fit, so that `*bits` is what is stored? */
static bool bits_of(JSValueConst v, int kind, uint64_t *bits)
{
  int size = kind & SIZE, tag = JS_VALUE_GET_NORM_TAG(v);
  double d, low, high;
  uint32_t half;
  float f;

  if (tag != JS_TAG_INT && tag != JS_TAG_FLOAT64) return false;
  d = tag == JS_TAG_INT ? JS_VALUE_GET_INT(v) : JS_VALUE_GET_FLOAT64(v);
  if (kind & FLOAT) {
    f = (float)d;
    memcpy(&half, &f, sizeof half);
    *bits = half;
    if (size == 8) memcpy(bits, &d, sizeof d);
    return true;
  }
  high = (double)((uint64_t)1 << (size * 8 - (kind & SIGNED ? 1 : 0)));
  low = kind & SIGNED ? -high : 0;
  if (!(d >= low && d <= high - 1)) return false;
  *bits = (uint64_t)(int64_t)d;
  return true;
}

static JSValue write_number(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv, int kind, JSValueConst *data)
{
  JSValue taken[2] = {JS_UNDEFINED, JS_UNDEFINED}, r = JS_UNDEFINED;
  int size = kind & SIZE;
  uint8_t *p = NULL;
  uint64_t bits;
  bytes b;

  if (argc > 0 && bits_of(argv[0], kind, &bits))
    p = place_of(this_value, argc, argv, 1, size);
  if (!p) {
    r = ask(ctx, this_value, argc, argv, data[0], taken);
    if (!JS_IsException(r) && bits_of(taken[0], kind, &bits))
      p = place_of(this_value, 1, (JSValueConst *)&taken[1], 0, size);
  }
  if (!JS_IsException(r)) {
    if (!p) {
      r = out_of_bounds(ctx);
    } else if (write_bytes(ctx, this_value, &b)) {
      r = JS_EXCEPTION;
    } else {
      store_number(p, kind, bits);
      r = JS_NewInt64(ctx, p - b.data + size);
    }
  }
  JS_FreeValue(ctx, taken[0]);
  JS_FreeValue(ctx, taken[1]);
  return r;
}

/* method(name, isWriter, kind, check) */
NATIVE(method)
{
  const char *name;
  bool is_writer;
  int32_t kind;
  JSValue f;

  (void)this_value;
  if (argc < 4 || JS_ToInt32(ctx, &kind, argv[2])) return JS_EXCEPTION;
  is_writer = JS_ToBool(ctx, argv[1]) > 0;
  name = JS_ToCString(ctx, argv[0]);
  if (!name) return JS_EXCEPTION;
  f = JS_NewCFunctionData2(ctx, is_writer ? write_number : read_number, name,
                           is_writer ? 1 : 0, kind, 1, &argv[3]);
  JS_FreeCString(ctx, name);
  return f;
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("compare", 6, buffer_compare),
    JS_CFUNC_DEF("copy", 5, buffer_copy),
    JS_CFUNC_DEF("fill", 4, buffer_fill),
    JS_CFUNC_DEF("indexOf", 5, buffer_index_of),
    JS_CFUNC_DEF("isArrayBuffer", 1, buffer_is_array_buffer),
    JS_CFUNC_DEF("isAscii", 1, buffer_is_ascii),
    JS_CFUNC_DEF("isUint8Array", 1, buffer_is_uint8_array),
    JS_CFUNC_DEF("isUtf8", 1, buffer_is_utf8),
    JS_CFUNC_DEF("method", 4, buffer_method),
    JS_CFUNC_DEF("size", 2, buffer_size),
    JS_CFUNC_DEF("swap", 2, buffer_swap),
    JS_CFUNC_DEF("text", 4, buffer_text),
    JS_CFUNC_DEF("write", 5, buffer_write),
    JS_PROP_INT32_DEF("SIGNED", SIGNED, 0),
    JS_PROP_INT32_DEF("BIG", BIG, 0),
    JS_PROP_INT32_DEF("FLOAT", FLOAT, 0),
};

JSValue tenon_p_node_buffer_binding(JSContext *ctx)
{
  return tenon_p_std_native(ctx, natives, tenon_p_countof(natives));
}
