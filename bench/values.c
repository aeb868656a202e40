/*
 * Functions of one value, in and out, as one writes them by hand for the
 * engine, with a row for each. What comes in is turned into a number, so that
 * the result shows it and costs little.
 */
#include <string.h>

#include "hand.h"
#include "runtime.h"
#include "types.h"

/* --- The first that were measured ----------------------------------------- */

HAND(hand_noop)
{
  return JS_UNDEFINED;
}

HAND(hand_add)
{
  double a, b;

  if (JS_ToFloat64(ctx, &a, argv[0]) || JS_ToFloat64(ctx, &b, argv[1]))
    return JS_EXCEPTION;
  return JS_NewFloat64(ctx, a + b);
}

HAND(hand_fib1)
{
  int64_t n, sum = 0;

  if (JS_ToInt64(ctx, &n, argv[0])) return JS_EXCEPTION;
  for (; n >= 1; n--)
    sum += n;
  return JS_NewInt64(ctx, sum);
}

HAND(hand_text)
{
  size_t len;
  const char *s = JS_ToCStringLen(ctx, &len, argv[0]);

  if (!s) return JS_EXCEPTION;
  JS_FreeCString(ctx, s);
  return JS_NewInt64(ctx, (int64_t)len);
}

HAND(hand_bytes)
{
  size_t len;

  if (!JS_GetUint8Array(ctx, &len, argv[0])) return JS_EXCEPTION;
  return JS_NewInt64(ctx, (int64_t)len);
}

/* --- In ------------------------------------------------------------------- */

HAND(hand_in_bool)
{
  return JS_NewInt32(ctx, JS_ToBool(ctx, argv[0]));
}

HAND(hand_in_i32)
{
  int32_t n;

  if (JS_ToInt32(ctx, &n, argv[0])) return JS_EXCEPTION;
  return JS_NewInt32(ctx, n);
}

HAND(hand_in_u32)
{
  uint32_t n;

  if (JS_ToUint32(ctx, &n, argv[0])) return JS_EXCEPTION;
  return JS_NewInt32(ctx, (int32_t)n);
}

HAND(hand_in_i64)
{
  int64_t n;

  if (JS_ToInt64(ctx, &n, argv[0])) return JS_EXCEPTION;
  return JS_NewInt32(ctx, (int32_t)(n >> 20));
}

HAND(hand_in_bigint)
{
  int64_t n;

  if (JS_ToBigInt64(ctx, &n, argv[0])) return JS_EXCEPTION;
  return JS_NewInt32(ctx, (int32_t)(n >> 20));
}

HAND(hand_in_f64)
{
  double d;

  if (JS_ToFloat64(ctx, &d, argv[0])) return JS_EXCEPTION;
  return JS_NewInt32(ctx, (int32_t)d);
}

HAND(hand_in_cstr)
{
  const char *s = JS_ToCString(ctx, argv[0]);
  int32_t first;

  if (!s) return JS_EXCEPTION;
  first = s[0];
  JS_FreeCString(ctx, s);
  return JS_NewInt32(ctx, first);
}

HAND(hand_in_color)
{
  static const char *const names[] = {"red", "green", "blue", "yellow",
                                      "purple"};
  const char *s = JS_ToCString(ctx, argv[0]);
  int32_t i = 0;

  if (!s) return JS_EXCEPTION;
  while (i < 5 && strcmp(s, names[i]) != 0)
    i++;
  JS_FreeCString(ctx, s);
  if (i == 5) return JS_ThrowTypeError(ctx, "unknown color");
  return JS_NewInt32(ctx, i);
}

HAND(hand_in_opt)
{
  double d;

  if (JS_IsUndefined(argv[0])) return JS_NewFloat64(ctx, -1);
  if (JS_ToFloat64(ctx, &d, argv[0])) return JS_EXCEPTION;
  return JS_NewFloat64(ctx, d);
}

HAND(hand_in_nullable)
{
  double d;

  if (JS_IsNull(argv[0])) return JS_NewFloat64(ctx, -1);
  if (JS_ToFloat64(ctx, &d, argv[0])) return JS_EXCEPTION;
  return JS_NewFloat64(ctx, d);
}

HAND(hand_in_default)
{
  double d = 4;

  if (!JS_IsUndefined(argv[0]) && JS_ToFloat64(ctx, &d, argv[0]))
    return JS_EXCEPTION;
  return JS_NewFloat64(ctx, d);
}

/* --- Out ------------------------------------------------------------------ */

#define OUT(w, make) \
  HAND(hand_out_##w) \
  {                  \
    return make;     \
  }
OUT(bool, JS_NewBool(ctx, 1))
OUT(i8, JS_NewInt32(ctx, -7))
OUT(u8, JS_NewInt32(ctx, 7))
OUT(i16, JS_NewInt32(ctx, -700))
OUT(u16, JS_NewInt32(ctx, 700))
OUT(i32, JS_NewInt32(ctx, -70000))
OUT(u32, JS_NewUint32(ctx, 4000000000u))
OUT(i64, JS_NewInt64(ctx, INT64_C(-70000000000)))
OUT(u64, JS_NewInt64(ctx, INT64_C(70000000000)))
OUT(big_i64, JS_NewBigInt64(ctx, INT64_C(-70000000000)))
OUT(big_u64, JS_NewBigUint64(ctx, UINT64_C(70000000000)))
OUT(f32, JS_NewFloat64(ctx, 0.5))
OUT(f64, JS_NewFloat64(ctx, 0.1))
OUT(cstr, JS_NewString(ctx, "abcdefghijklmno"))
OUT(color, JS_NewString(ctx, "blue"))

HAND(hand_out_str)
{
  int32_t i;

  if (JS_ToInt32(ctx, &i, argv[0])) return JS_EXCEPTION;
  return JS_NewStringLen(ctx, bench_texts[i].data, bench_texts[i].len);
}

HAND(hand_out_bytes)
{
  int32_t size;

  if (JS_ToInt32(ctx, &size, argv[0])) return JS_EXCEPTION;
  return JS_NewUint8ArrayCopy(
      ctx, (const uint8_t *)bench_texts[BENCH_TEXT_64K].data, (size_t)size);
}

/* --- Rows ----------------------------------------------------------------- */

#define ASCII(n) "repeat('abcdefgh', " #n ")"
#define LATIN(n) "repeat('caf\\u00e9 bar', " #n ")"
#define WIDE(n) "repeat('\\u03b1\\u03b2\\u03b3, \\u20ac12', " #n ")"

const bench_hand bench_values[] = {
    {"noop()", "noop", "", "undefined", hand_noop, NULL, 0},
    {"add(f64, f64)", "add", "1.5, 2.25", "3.75", hand_add, NULL, 2},
    {"fib1(i64)", "fib1", "1", "1", hand_fib1, NULL, 1},
    {"length(str of 15)", "text_length", "'abcdefghijklmno'", "15", hand_text,
     NULL, 1},
    {"length(str of 1024)", "text_length", ASCII(128), "1024", hand_text, NULL,
     1},
    {"length(bytes of 64)", "bytes_length", "new Uint8Array(64)", "64",
     hand_bytes, NULL, 1},

    {"in: bool", "in_bool", "true", "1", hand_in_bool, NULL, 1},
    {"in: i8", "in_i8", "-7", "-7", hand_in_i32, NULL, 1},
    {"in: u8", "in_u8", "7", "7", hand_in_i32, NULL, 1},
    {"in: i16", "in_i16", "-700", "-700", hand_in_i32, NULL, 1},
    {"in: u16", "in_u16", "700", "700", hand_in_i32, NULL, 1},
    {"in: i32", "in_i32", "-70000", "-70000", hand_in_i32, NULL, 1},
    {"in: u32", "in_u32", "70000", "70000", hand_in_u32, NULL, 1},
    {"in: u32, large", "in_u32", "4000000000", "-294967296", hand_in_u32, NULL,
     1},
    {"in: i64, large", "in_i64", "-(2 ** 40)", "-(2 ** 20)", hand_in_i64, NULL,
     1},
    {"in: u64, large", "in_u64", "2 ** 40", "2 ** 20", hand_in_i64, NULL, 1},
    {"in: big_i64", "in_big_i64", "-(2n ** 40n)", "-(2 ** 20)", hand_in_bigint,
     NULL, 1},
    {"in: big_u64", "in_big_u64", "2n ** 40n", "2 ** 20", hand_in_bigint, NULL,
     1},
    {"in: f32", "in_f32", "7.5", "7", hand_in_f64, NULL, 1},
    {"in: f64", "in_f64", "7.1", "7", hand_in_f64, NULL, 1},
    {"in: str, 16 Latin-1", "text_length", LATIN(2), "18", hand_text, NULL, 1},
    {"in: str, 1 Ki Latin-1", "text_length", LATIN(128), "1152", hand_text,
     NULL, 1},
    {"in: str, 16 UTF-16", "text_length", WIDE(2), "26", hand_text, NULL, 1},
    {"in: str, 1 Ki UTF-16", "text_length", WIDE(128), "1664", hand_text, NULL,
     1},
    {"in: str, 64 Ki ASCII", "text_length", ASCII(8192), "65536", hand_text,
     NULL, 1},
    {"in: cstr, 16", "in_cstr", ASCII(2), "97", hand_in_cstr, NULL, 1},
    {"in: cstr, 1 Ki", "in_cstr", ASCII(128), "97", hand_in_cstr, NULL, 1},
    {"in: bytes, 64 Ki", "bytes_length", "new Uint8Array(65536)", "65536",
     hand_bytes, NULL, 1},
    {"in: enum", "in_color", "'blue'", "2", hand_in_color, NULL, 1},
    {"in: opt(f64)", "in_opt", "1.5", "1.5", hand_in_opt, NULL, 1},
    {"in: opt(f64), absent", "in_opt", "undefined", "-1", hand_in_opt, NULL, 1},
    {"in: nullable(f64)", "in_nullable", "1.5", "1.5", hand_in_nullable, NULL,
     1},
    {"in: nullable(f64), null", "in_nullable", "null", "-1", hand_in_nullable,
     NULL, 1},
    {"in: f64 or default", "in_default", "1.5", "1.5", hand_in_default, NULL,
     1},
    {"in: default", "in_default", "undefined", "4", hand_in_default, NULL, 1},

    {"out: bool", "out_bool", "", "true", hand_out_bool, NULL, 0},
    {"out: i8", "out_i8", "", "-7", hand_out_i8, NULL, 0},
    {"out: u8", "out_u8", "", "7", hand_out_u8, NULL, 0},
    {"out: i16", "out_i16", "", "-700", hand_out_i16, NULL, 0},
    {"out: u16", "out_u16", "", "700", hand_out_u16, NULL, 0},
    {"out: i32", "out_i32", "", "-70000", hand_out_i32, NULL, 0},
    {"out: u32", "out_u32", "", "4000000000", hand_out_u32, NULL, 0},
    {"out: i64, large", "out_i64", "", "-70000000000", hand_out_i64, NULL, 0},
    {"out: u64, large", "out_u64", "", "70000000000", hand_out_u64, NULL, 0},
    {"out: big_i64", "out_big_i64", "", "-70000000000n", hand_out_big_i64, NULL,
     0},
    {"out: big_u64", "out_big_u64", "", "70000000000n", hand_out_big_u64, NULL,
     0},
    {"out: f32", "out_f32", "", "0.5", hand_out_f32, NULL, 0},
    {"out: f64", "out_f64", "", "0.1", hand_out_f64, NULL, 0},
    {"out: str, 16 ASCII", "out_str", "0", ASCII(2), hand_out_str, NULL, 1},
    {"out: str, 1 Ki ASCII", "out_str", "1", ASCII(128), hand_out_str, NULL, 1},
    {"out: str, 64 Ki ASCII", "out_str", "2", ASCII(8192), hand_out_str, NULL,
     1},
    {"out: str, 16 Latin-1", "out_str", "3", LATIN(2), hand_out_str, NULL, 1},
    {"out: str, 1 Ki Latin-1", "out_str", "4", LATIN(128), hand_out_str, NULL,
     1},
    {"out: str, 16 UTF-16", "out_str", "5", WIDE(2), hand_out_str, NULL, 1},
    {"out: str, 1 Ki UTF-16", "out_str", "6", WIDE(128), hand_out_str, NULL, 1},
    {"out: cstr, 15", "out_cstr", "", "'abcdefghijklmno'", hand_out_cstr, NULL,
     0},
    {"out: bytes, 64", "out_bytes", "64", "ascii(64)", hand_out_bytes, NULL, 1},
    {"out: bytes, 64 Ki", "out_bytes", "65536", "ascii(65536)", hand_out_bytes,
     NULL, 1},
    {"out: enum", "out_color", "", "'blue'", hand_out_color, NULL, 0},
};
const size_t bench_value_count = sizeof bench_values / sizeof *bench_values;
