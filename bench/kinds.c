/*
 * Rows of dates, flags, choices, tuples, records, memory of the script, any
 * value, and of functions of JavaScript that C calls.
 */
#include <stdlib.h>
#include <string.h>

#include "hand.h"
#include "runtime.h"
#include "types.h"

/* --- In ------------------------------------------------------------------- */

/* The engine's API has no way to a Date but what a script has. */
HAND(hand_in_date)
{
  double d;

  if (!JS_IsDate(argv[0])) return JS_ThrowTypeError(ctx, "not a Date");
  if (JS_ToFloat64(ctx, &d, argv[0])) return JS_EXCEPTION;
  return JS_NewFloat64(ctx, d);
}

HAND(hand_in_view)
{
  size_t offset, size, element, buffer_size, i;
  JSValue buffer =
      JS_GetTypedArrayBuffer(ctx, argv[0], &offset, &size, &element);
  uint8_t *bytes;
  double sum = 0;

  if (JS_IsException(buffer)) return buffer;
  bytes = JS_GetArrayBuffer(ctx, &buffer_size, buffer);
  JS_FreeValue(ctx, buffer);
  if (!bytes) return JS_EXCEPTION;
  for (i = 0; i < size / sizeof(double); i++)
    sum += ((const double *)(bytes + offset))[i];
  return JS_NewFloat64(ctx, sum);
}

HAND(hand_in_flags)
{
  static const char *const names[] = {"read", "write", "run"};
  int64_t len, i;
  int32_t bits = 0, k;

  if (JS_GetLength(ctx, argv[0], &len)) return JS_EXCEPTION;
  for (i = 0; i < len; i++) {
    JSValue v = JS_GetPropertyInt64(ctx, argv[0], i);
    const char *s = JS_IsException(v) ? NULL : JS_ToCString(ctx, v);
    JS_FreeValue(ctx, v);
    if (!s) return JS_EXCEPTION;
    for (k = 0; k < 3 && strcmp(s, names[k]) != 0;)
      k++;
    JS_FreeCString(ctx, s);
    if (k == 3) return JS_ThrowTypeError(ctx, "unknown name");
    bits |= 1 << k;
  }
  return JS_NewInt32(ctx, bits);
}

HAND(hand_in_choice)
{
  double d;
  size_t len;
  const char *s;

  if (JS_IsNumber(argv[0])) {
    if (JS_ToFloat64(ctx, &d, argv[0])) return JS_EXCEPTION;
    return JS_NewFloat64(ctx, d);
  }
  s = JS_ToCStringLen(ctx, &len, argv[0]);
  if (!s) return JS_EXCEPTION;
  JS_FreeCString(ctx, s);
  return JS_NewFloat64(ctx, (double)len);
}

HAND(hand_in_tuple)
{
  JSValue x = JS_GetPropertyUint32(ctx, argv[0], 0);
  JSValue y = JS_GetPropertyUint32(ctx, argv[0], 1);
  double a, b;

  if (JS_ToFloat64(ctx, &a, x) || JS_ToFloat64(ctx, &b, y)) return JS_EXCEPTION;
  JS_FreeValues(ctx, x, y);
  return JS_NewFloat64(ctx, a + b);
}

HAND(hand_in_record)
{
  struct {
    const char *key;
    double value;
  } * pairs;
  JSPropertyEnum *keys;
  double sum = 0;
  uint32_t count, i;

  if (JS_GetOwnPropertyNames(ctx, &keys, &count, argv[0],
                             JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY))
    return JS_EXCEPTION;
  pairs = malloc((count + 1) * sizeof *pairs);
  if (!pairs) return JS_ThrowOutOfMemory(ctx);
  for (i = 0; i < count; i++) {
    JSValue v = JS_GetProperty(ctx, argv[0], keys[i].atom);
    pairs[i].key = JS_AtomToCString(ctx, keys[i].atom);
    if (!pairs[i].key || JS_ToFloat64(ctx, &pairs[i].value, v)) abort();
    JS_FreeValue(ctx, v);
    sum += pairs[i].value + (double)strlen(pairs[i].key);
  }
  for (i = 0; i < count; i++)
    JS_FreeCString(ctx, pairs[i].key);
  free(pairs);
  JS_FreePropertyEnum(ctx, keys, count);
  return JS_NewFloat64(ctx, sum);
}

HAND(hand_echo)
{
  return JS_DupValue(ctx, argv[0]);
}

/* --- Out ------------------------------------------------------------------ */

HAND(hand_out_date)
{
  return JS_NewDate(ctx, 1700000000000);
}

HAND(hand_out_flags)
{
  JSValue values[2] = {JS_NewString(ctx, "read"), JS_NewString(ctx, "run")};

  return JS_NewArrayFrom(ctx, 2, values);
}

HAND(hand_out_tuple)
{
  JSValue values[2] = {JS_NewFloat64(ctx, 1.5), JS_NewFloat64(ctx, 1.25)};

  return JS_NewArrayFrom(ctx, 2, values);
}

HAND(hand_out_record)
{
  JSValue object = JS_NewObject(ctx);
  char key[] = "k0";
  int i;

  for (i = 0; i < 5; i++) {
    key[1] = (char)('0' + i);
    if (JS_SetPropertyStr(ctx, object, key, JS_NewFloat64(ctx, i + 0.5)) < 0)
      return JS_EXCEPTION;
  }
  return object;
}

HAND(hand_out_view)
{
  JSValue buffer = JS_NewArrayBufferCopy(ctx, (const uint8_t *)bench_array_f64,
                                         sizeof bench_array_f64);
  JSValueConst argument = buffer;
  JSValue view = JS_NewTypedArray(ctx, 1, &argument, JS_TYPED_ARRAY_FLOAT64);

  JS_FreeValue(ctx, buffer);
  return view;
}

/* --- Calls of JavaScript -------------------------------------------------------- */

HAND(hand_calls)
{
  double sum = 0, one;
  int i;

  for (i = 0; i < BENCH_ELEMENTS; i++) {
    JSValueConst arguments[2] = {JS_NewFloat64(ctx, i), JS_NewFloat64(ctx, 2)};
    JSValue v = JS_Call(ctx, argv[0], JS_UNDEFINED, 2, arguments);
    if (JS_IsException(v)) return v;
    if (JS_ToFloat64(ctx, &one, v)) return JS_EXCEPTION;
    JS_FreeValue(ctx, v);
    sum += one;
  }
  return JS_NewFloat64(ctx, sum);
}

HAND(hand_calls_str)
{
  int64_t sum = 0;
  int i;

  for (i = 0; i < BENCH_ELEMENTS; i++) {
    JSValue text =
        JS_NewStringLen(ctx, bench_array_str[i].data, bench_array_str[i].len);
    JSValueConst argument = text;
    JSValue v = JS_Call(ctx, argv[0], JS_UNDEFINED, 1, &argument);
    size_t len;
    const char *s = JS_IsException(v) ? NULL : JS_ToCStringLen(ctx, &len, v);
    JS_FreeValues(ctx, text, v);
    if (!s) return JS_EXCEPTION;
    sum += (int64_t)len;
    JS_FreeCString(ctx, s);
  }
  return JS_NewInt64(ctx, sum);
}

/* --- Rows ----------------------------------------------------------------- */

#define F64S "Float64Array.from({ length: 100 }, (_, i) => i + 0.5)"

const bench_hand bench_kinds[] = {
    {"in: date", "in_date", "new Date(5)", "5", hand_in_date, NULL, 1},
    {"in: view of 100 f64", "in_view", F64S, "5000", hand_in_view, NULL, 1},
    {"in: inout of 100 f64", "in_inout", F64S, "5000", hand_in_view, NULL, 1},
    {"in: flags, 2 of 3", "in_rights", "['read', 'run']", "5", hand_in_flags,
     NULL, 1},
    {"in: either, number", "in_choice", "1.5", "1.5", hand_in_choice, NULL, 1},
    {"in: either, str", "in_choice", "'abcdefgh'", "8", hand_in_choice, NULL,
     1},
    {"in: tuple of 2", "in_pair", "[1.5, 2]", "3.5", hand_in_tuple, NULL, 1},
    {"in: record of 5", "in_record",
     "{ k0: 0.5, k1: 1.5, k2: 2.5, k3: 3.5, k4: 4.5 }", "22.5", hand_in_record,
     NULL, 1},
    {"any: echo", "echo_any", "'abc'", "'abc'", hand_echo, NULL, 1},
    {"out: date", "out_date", "", "new Date(1700000000000)", hand_out_date,
     NULL, 0},
    {"out: view of 100 f64", "out_view", "", F64S, hand_out_view, NULL, 0},
    {"out: flags, 2 of 3", "out_rights", "", "['read', 'run']", hand_out_flags,
     NULL, 0},
    {"out: tuple of 2", "out_pair", "", "[1.5, 1.25]", hand_out_tuple, NULL, 0},
    {"out: record of 5", "out_record", "",
     "{ k0: 0.5, k1: 1.5, k2: 2.5, k3: 3.5, k4: 4.5 }", hand_out_record, NULL,
     0},
    {"callback: 100 of 2 f64", "calls", "(a, b) => a * b", "9900", hand_calls,
     NULL, 1},
    {"callback: 100 of a str", "calls_str", "s => s", "1600", hand_calls_str,
     NULL, 1},
};
const size_t bench_kind_count = sizeof bench_kinds / sizeof *bench_kinds;
