/* Values between JavaScript and C: every type word, both directions. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#include <tenon/export.h>

TENON_MODULE_THREADS(any);

/* --- Natives ----------------------------------------------------------------- */

__attribute__((format(printf, 1, 2))) static tenon_str text_of(
    const char *format, ...)
{
  char *p = (char *)tenon_alloc(64);
  va_list ap;

  va_start(ap, format);
  if (p) vsnprintf(p, 64, format, ap);
  va_end(ap);
  return tenon_str_of(p);
}

static tenon_str number_text(double d)
{
  return isnan(d) ? tenon_str_of("nan") : text_of("%.17g", d);
}

static tenon_str hex_text(const void *data, size_t len)
{
  const uint8_t *p = data;
  char *s = tenon_alloc(2 * len + 1);
  size_t i;

  for (i = 0; i < len; i++)
    sprintf(s + 2 * i, "%02x", p[i]);
  return (tenon_str){s, 2 * len};
}

/* show_T says what C sees; show_opt_T and show_default_T likewise; give_T and
 * give_opt_T return the limits of a type. */
#define TYPE(T, DEFAULT, LOW, HIGH, TEXT_OF_X)           \
  TENON_FUNCTION(str, show_##T, (T, x))                  \
  {                                                      \
    return TEXT_OF_X;                                    \
  }                                                      \
  TENON_FUNCTION(str, show_opt_##T, (opt(T), p))         \
  {                                                      \
    if (!p) return tenon_str_of("none");                 \
    tenon_c_##T x = *p;                                  \
    return TEXT_OF_X;                                    \
  }                                                      \
  TENON_FUNCTION(str, show_default_##T, (T, x, DEFAULT)) \
  {                                                      \
    return TEXT_OF_X;                                    \
  }                                                      \
  TENON_BLOCKING(str, show_blocking_##T, (T, x))         \
  {                                                      \
    return TEXT_OF_X;                                    \
  }                                                      \
  TENON_FUNCTION(T, echo_##T, (T, x))                    \
  {                                                      \
    return x;                                            \
  }                                                      \
  TENON_FUNCTION(T, give_##T, (bool, is_high))           \
  {                                                      \
    return is_high ? HIGH : LOW;                         \
  }                                                      \
  TENON_FUNCTION(opt(T), give_opt_##T, (bool, is_there)) \
  {                                                      \
    static tenon_c_##T x;                                \
    x = HIGH;                                            \
    return is_there ? &x : NULL;                         \
  }

#define SIGNED text_of("%" PRId64, (int64_t)x)
#define UNSIGNED text_of("%" PRIu64, (uint64_t)x)
TYPE(i8, 5, INT8_MIN, INT8_MAX, SIGNED)
TYPE(u8, 5, 0, UINT8_MAX, UNSIGNED)
TYPE(i16, 5, INT16_MIN, INT16_MAX, SIGNED)
TYPE(u16, 5, 0, UINT16_MAX, UNSIGNED)
TYPE(i32, 5, INT32_MIN, INT32_MAX, SIGNED)
TYPE(u32, 5, 0, UINT32_MAX, UNSIGNED)
TYPE(i64, 5, -INT64_C(9007199254740991), INT64_C(9007199254740991), SIGNED)
TYPE(u64, 5, 0, UINT64_C(9007199254740991), UNSIGNED)
TYPE(size, 5, 0, (size_t)9007199254740991, UNSIGNED)
TYPE(f32, 0.5f, -FLT_MAX, FLT_MAX, number_text((double)x))
TYPE(f64, 0.5, -DBL_MAX, DBL_MAX, number_text(x))
TYPE(bool, true, false, true, tenon_str_of(x ? "true" : "false"))
TYPE(str, tenon_str_of("five"), tenon_str_of(""), tenon_str_of("high"), x)
TYPE(bytes, ((tenon_bytes){(const uint8_t *)"5", 1}), ((tenon_bytes){NULL, 0}),
     ((tenon_bytes){(const uint8_t *)"hi", 2}), hex_text(x.data, x.len))

TENON_FUNCTION(i64, give_i64_at, (i32, which))
{
  static const int64_t values[] = {
      INT64_C(9007199254740992),
      -INT64_C(9007199254740992),
      INT64_MAX,
      INT64_MIN,
      INT32_MAX,
      INT32_MIN,
      INT64_C(2147483648),
      -INT64_C(2147483649),
  };
  return values[which];
}

TENON_FUNCTION(u64, give_u64_at, (i32, which))
{
  static const uint64_t values[] = {UINT64_C(9007199254740992), UINT64_MAX,
                                    INT64_MAX, UINT64_C(4294967296)};
  return values[which];
}

TENON_FUNCTION(f64, give_f64_at, (i32, which))
{
  static const double values[] = {-0.0, NAN, INFINITY, -INFINITY, 5, 1.5};
  return values[which];
}

/* The bytes of a string, '!' behind them when no NUL follows. */
TENON_FUNCTION(str, hex, (str, s))
{
  tenon_str t = hex_text(s.data, s.len);

  if (s.data[s.len]) ((char *)t.data)[t.len++] = '!';
  return t;
}

TENON_BLOCKING(str, hex_blocking, (str, s))
{
  return hex_text(s.data, s.len);
}

TENON_FUNCTION(i64, str_len, (str, s))
{
  return s.data[s.len] ? -1 : (int64_t)s.len;
}

TENON_FUNCTION(bool, same, (str, a), (str, b))
{
  return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

TENON_FUNCTION(i64, bytes_len, (bytes, b))
{
  return b.data ? (int64_t)b.len : -1;
}

/* One byte of an argument that came before others. */
TENON_FUNCTION(str, hex_3, (bytes, a), (str, s), (bytes, b))
{
  tenon_str x = hex_text(a.data, a.len), y = hex_text(s.data, s.len),
            z = hex_text(b.data, b.len);
  return text_of("%s %s %s", x.data, y.data, z.data);
}

static const struct {
  const char *data;
  size_t len;
} raw_strings[] = {
#define RAW(s)       \
  {                  \
    s, sizeof(s) - 1 \
  }
    RAW(""),
    RAW("plain"),
    RAW("a\0b"),
    RAW("\xc3\xa9"),
    RAW("\xe2\x82\xac"),
    RAW("\xf0\x9f\x98\x80"),
    RAW("\xef\xbb\xbf"
        "a"),
    RAW("\xf4\x8f\xbf\xbf"),
    {NULL, 0},
    {NULL, 1},
};

/* Ill-formed sequences, and what the Encoding standard makes of each. */
static const struct {
  const char *data;
  size_t len;
  const char *codes;
} ill_formed[] = {
#define ILL(s, codes)       \
  {                         \
    s, sizeof(s) - 1, codes \
  }
    ILL("\x80", "fffd"),
    ILL("\xbf"
        "a",
        "fffd 61"),
    ILL("\xc0\x80", "fffd fffd"),
    ILL("\xc1\xbf", "fffd fffd"),
    ILL("\xc2", "fffd"),
    ILL("\xc2"
        "A",
        "fffd 41"),
    ILL("\xc3\xa9\xc3", "e9 fffd"),
    ILL("\xe2", "fffd"),
    ILL("\xe2\x82", "fffd"),
    ILL("\xe2\x82"
        "A",
        "fffd 41"),
    ILL("\xe2"
        "A",
        "fffd 41"),
    ILL("\xe0\x80\x80", "fffd fffd fffd"),
    ILL("\xe0\xa0", "fffd"),
    ILL("\xe0\x9f\xbf", "fffd fffd fffd"),
    ILL("\xed\xa0\x80", "fffd fffd fffd"),
    ILL("\xed\x9f", "fffd"),
    ILL("\xf0\x9f", "fffd"),
    ILL("\xf0\x9f\x98", "fffd"),
    ILL("\xf0\x9f\x98"
        "A",
        "fffd 41"),
    ILL("\xf0\x9f\xe2\x82\xac", "fffd 20ac"),
    ILL("\xf0\x80\x80\x80", "fffd fffd fffd fffd"),
    ILL("\xf0\x8f\xbf\xbf", "fffd fffd fffd fffd"),
    ILL("\xf4\x90\x80\x80", "fffd fffd fffd fffd"),
    ILL("\xf4\x8f\xbf", "fffd"),
    ILL("\xf5\x80", "fffd fffd"),
    ILL("\xf8\x88\x80\x80\x80", "fffd fffd fffd fffd fffd"),
    ILL("\xfe\xff", "fffd fffd"),
    ILL("a\xf0\x9f\x98\x80\xf0\x9f\x98z\xe2\x82\xac\xc3",
        "61 1f600 fffd 7a 20ac fffd"),
    ILL("\0\xff\0", "0 fffd 0"),
};

TENON_FUNCTION(str, raw, (i32, which))
{
  return (tenon_str){raw_strings[which].data, raw_strings[which].len};
}

TENON_FUNCTION(str, ill, (i32, which))
{
  return (tenon_str){ill_formed[which].data, ill_formed[which].len};
}

TENON_FUNCTION(str, repeated, (str, s), (u32, count))
{
  char *p = (char *)tenon_alloc(s.len * count + 1);
  uint32_t i;

  for (i = 0; i < count; i++)
    memcpy(p + i * s.len, s.data, s.len);
  return (tenon_str){p, s.len * count};
}

/* --- Bytes that go out -------------------------------------------------------- */

static const void *last_moved;
static int frees;

static void count_free(void *p)
{
  frees++;
  free(p);
}

/* Bytes 0, 1, 2... that are registered to be freed by `by`. */
static tenon_bytes allocated(size_t len, void (*by)(void *))
{
  uint8_t *p = (uint8_t *)tenon_defer(by, malloc(len ? len : 1));
  size_t i;

  for (i = 0; i < len; i++)
    p[i] = (uint8_t)i;
  last_moved = p;
  return (tenon_bytes){p, len};
}

TENON_FUNCTION(bytes, moved, (u32, len))
{
  return allocated(len, free);
}

TENON_FUNCTION(opt(bytes), moved_opt, (u32, len))
{
  tenon_bytes *b = (tenon_bytes *)tenon_alloc(sizeof *b);

  *b = allocated(len, free);
  return b;
}

TENON_FUNCTION(bytes, moved_part, (u32, len))
{
  tenon_bytes b = allocated(len, free);

  return (tenon_bytes){b.data + 1, b.len - 1};
}

TENON_FUNCTION(bytes, moved_and_failed, (u32, len))
{
  allocated(len, free);
  return tenon_fail(TENON_ERROR, "after malloc");
}

TENON_BLOCKING(bytes, moved_blocking, (u32, len))
{
  return allocated(len, free);
}

TENON_FUNCTION(bytes, copied, (u32, len))
{
  return allocated(len, count_free);
}

TENON_FUNCTION(bytes, from_alloc, (u32, len))
{
  uint8_t *p = (uint8_t *)tenon_alloc(len);

  memset(p, 7, len);
  last_moved = p;
  return (tenon_bytes){p, len};
}

TENON_FUNCTION(bytes, null_bytes, (u32, len))
{
  return (tenon_bytes){NULL, len};
}

/* Is this the memory that the last function made? */
TENON_FUNCTION(bool, is_last, (bytes, b))
{
  return b.data == last_moved;
}

/* --- Helpers ------------------------------------------------------------------- */

#define PRELUDE                                                         \
  "import { log } from 'test'; import * as n from 'native';\n"          \
  "const text = v => Object.is(v, -0) ? '-0' : String(v);\n"            \
  "const t = (f, ...a) => {\n"                                          \
  "  try { return text(f(...a)); } catch (e) { return e.name; } };\n"   \
  "const each = (f, ...vs) => log(vs.map(v => t(f, v)).join(' '));\n"   \
  "const codes = s => Array.from(s,\n"                                  \
  "  c => c.codePointAt(0).toString(16)).join(' ');\n"                  \
  "const flat = s => s.split('').join('');\n"                           \
  "const utf8 = s => { let r = '';\n"                                   \
  "  for (const c of s) { let x = c.codePointAt(0);\n"                  \
  "    if (x >= 0xd800 && x < 0xe000) x = 0xfffd;\n"                    \
  "    const b = x < 0x80 ? [x]\n"                                      \
  "      : x < 0x800 ? [0xc0 | x >> 6, 0x80 | x & 63]\n"                \
  "      : x < 0x10000 ? [0xe0 | x >> 12, 0x80 | x >> 6 & 63,\n"        \
  "                       0x80 | x & 63]\n"                             \
  "      : [0xf0 | x >> 18, 0x80 | x >> 12 & 63, 0x80 | x >> 6 & 63,\n" \
  "         0x80 | x & 63];\n"                                          \
  "    r += b.map(y => y.toString(16).padStart(2, '0')).join('');\n"    \
  "  } return r; };\n"                                                  \
  "const check = s => { const a = n.hex(s), b = utf8(s);\n"             \
  "  if (a !== b) throw Error(`${codes(s)}: ${a}, not ${b}`); };\n"
#define RUN(rt, source) t_run(rt, PRELUDE source)

static tenon_runtime *start_with(const tenon_options *options)
{
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(options, &rt));
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  return rt;
}

static tenon_runtime *start(void)
{
  return start_with(NULL);
}

static size_t used(tenon_runtime *rt)
{
  tenon_runtime_collect(rt);
  return tenon_runtime_memory(rt).used_bytes;
}

enum { MIB = 1 << 20 };

/* --- Numbers in ------------------------------------------------------------------ */

static const struct {
  const char *type, *low, *high, *below, *above;
} integers[] = {
    {"i8", "-128", "127", "-129", "128"},
    {"u8", "0", "255", "-1", "256"},
    {"i16", "-32768", "32767", "-32769", "32768"},
    {"u16", "0", "65535", "-1", "65536"},
    {"i32", "-2147483648", "2147483647", "-2147483649", "2147483648"},
    {"u32", "0", "4294967295", "-1", "4294967296"},
    {"i64", "-9007199254740991", "9007199254740991", "-9007199254740992",
     "9007199254740992"},
    {"u64", "0", "9007199254740991", "-1", "9007199254740992"},
    {"size", "0", "9007199254740991", "-1", "9007199254740992"},
};
#define EACH_INTEGER(i) \
  for (size_t i = 0; i < sizeof integers / sizeof *integers; i++)

static void run_format(tenon_runtime *rt, const char *format, ...)
{
  char body[2048], source[sizeof PRELUDE + sizeof body];
  va_list ap;

  va_start(ap, format);
  vsnprintf(body, sizeof body, format, ap);
  va_end(ap);
  snprintf(source, sizeof source, "%s%s", PRELUDE, body);
  t_run(rt, source);
}

static void check_log_format(const char *format, ...)
{
  char expected[2048];
  va_list ap;

  va_start(ap, format);
  vsnprintf(expected, sizeof expected, format, ap);
  va_end(ap);
  CHECK_LOG(expected);
}

TEST(an_integer_takes_its_limits_and_refuses_one_beyond)
{
  tenon_runtime *rt = start();

  EACH_INTEGER(i)
  {
    run_format(rt, "each(n.show_%s, %s, %s, %s, %s, 1e300, -1e300);",
               integers[i].type, integers[i].low, integers[i].high,
               integers[i].below, integers[i].above);
    check_log_format("%s %s RangeError RangeError RangeError RangeError\n",
                     integers[i].low, integers[i].high);
  }
}

TEST(an_integer_takes_integral_doubles_and_negative_zero)
{
  tenon_runtime *rt = start();

  EACH_INTEGER(i)
  {
    run_format(rt, "each(n.show_%s, -0, 0, 0.5 + 0.5, Math.sqrt(49));",
               integers[i].type);
    CHECK_LOG("0 0 1 7\n");
  }
}

TEST(an_integer_refuses_what_is_not_integral)
{
  tenon_runtime *rt = start();

  EACH_INTEGER(i)
  {
    run_format(rt,
               "each(n.show_%s, 1.5, -0.1, 5e-324, NaN, Infinity, -Infinity);",
               integers[i].type);
    CHECK_LOG("TypeError TypeError TypeError TypeError TypeError TypeError\n");
  }
}

TEST(an_integer_refuses_other_values)
{
  tenon_runtime *rt = start();

  EACH_INTEGER(i)
  {
    run_format(rt,
               "each(n.show_%s, '1', '', true, null, undefined, [1], {},\n"
               "  new Number(1), Object(1n), Symbol(), () => 1, new Date(1),\n"
               "  { valueOf() { log('no'); return 1; } });",
               integers[i].type);
    CHECK_LOG("TypeError TypeError TypeError TypeError TypeError TypeError "
              "TypeError TypeError TypeError TypeError TypeError TypeError "
              "TypeError\n");
  }
}

TEST(an_integer_of_up_to_32_bits_refuses_a_bigint)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const T of ['i8', 'u8', 'i16', 'u16', 'i32', 'u32'])\n"
          "  each(n['show_' + T], 1n, 2n ** 70n);");
  CHECK_LOG("TypeError TypeError\nTypeError TypeError\nTypeError TypeError\n"
            "TypeError TypeError\nTypeError TypeError\nTypeError TypeError\n");
}

TEST(i64_takes_bigints_in_its_range)
{
  tenon_runtime *rt = start();

  RUN(rt, "each(n.show_i64, 0n, -1n, 2n ** 53n, 2n ** 63n - 1n,\n"
          "  -(2n ** 63n));\n"
          "each(n.show_i64, 2n ** 63n, -(2n ** 63n) - 1n, 2n ** 64n,\n"
          "  2n ** 70n, -(2n ** 70n), 2n ** 64n + 1n, 2n ** 6400n);");
  CHECK_LOG("0 -1 9007199254740992 9223372036854775807 "
            "-9223372036854775808\n"
            "RangeError RangeError RangeError RangeError RangeError "
            "RangeError RangeError\n");
}

TEST(u64_and_size_take_bigints_in_their_range)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const f of [n.show_u64, n.show_size]) {\n"
          "  each(f, 0n, -0n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n);\n"
          "  each(f, 2n ** 64n, -1n, -(2n ** 63n), 2n ** 70n,\n"
          "    2n ** 64n + 1n, -(2n ** 6400n));\n"
          "}");
  CHECK_LOG("0 0 9007199254740992 9223372036854775808 "
            "18446744073709551615\n"
            "RangeError RangeError RangeError RangeError RangeError "
            "RangeError\n"
            "0 0 9007199254740992 9223372036854775808 "
            "18446744073709551615\n"
            "RangeError RangeError RangeError RangeError RangeError "
            "RangeError\n");
}

TEST(a_bigint_that_was_computed_is_as_good_as_a_literal)
{
  tenon_runtime *rt = start();

  RUN(rt, "each(n.show_i64, 2n ** 200n - (2n ** 200n - 5n),\n"
          "  -(2n ** 200n) + (2n ** 200n - 2n ** 63n),\n"
          "  BigInt.asIntN(64, 2n ** 63n), BigInt('0x7fffffffffffffff'));\n"
          "each(n.show_u64, BigInt.asUintN(64, -1n),\n"
          "  (2n ** 128n - 1n) >> 64n);");
  CHECK_LOG("5 -9223372036854775808 -9223372036854775808 "
            "9223372036854775807\n"
            "18446744073709551615 18446744073709551615\n");
}

TEST(f64_takes_every_number)
{
  tenon_runtime *rt = start();

  RUN(rt, "each(n.show_f64, 0, -0, 1, 0.1, NaN, Infinity, -Infinity,\n"
          "  Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53, -2147483648);");
  CHECK_LOG("0 -0 1 0.10000000000000001 nan inf -inf "
            "1.7976931348623157e+308 4.9406564584124654e-324 "
            "9007199254740992 -2147483648\n");
}

TEST(f32_rounds_as_fround_does)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const x of [0, -0, 1, 0.1, NaN, Infinity, -Infinity,\n"
          "    16777217, 1e39, -1e39, 1e-50, 3.4028235677973366e38,\n"
          "    3.4028235677973362e38]) {\n"
          "  if (!Object.is(n.echo_f32(x), Math.fround(x)))\n"
          "    log(`${x}: ${n.echo_f32(x)}`);\n"
          "}\n"
          "each(n.show_f32, 0.1, 1e39, -0);");
  CHECK_LOG("0.10000000149011612 inf -0\n");
}

TEST(a_float_refuses_other_values)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const f of [n.show_f32, n.show_f64])\n"
          "  each(f, '1', 1n, true, null, undefined, [], {}, new Number(1),\n"
          "    Symbol(), { valueOf() { log('no'); return 1; } });");
  CHECK_LOG("TypeError TypeError TypeError TypeError TypeError TypeError "
            "TypeError TypeError TypeError TypeError\n"
            "TypeError TypeError TypeError TypeError TypeError TypeError "
            "TypeError TypeError TypeError TypeError\n");
}

TEST(bool_takes_booleans_alone)
{
  tenon_runtime *rt = start();

  RUN(rt, "each(n.show_bool, true, false);\n"
          "each(n.show_bool, 0, 1, '', 'true', null, undefined,\n"
          "  new Boolean(true), [], 1n);");
  CHECK_LOG("true false\nTypeError TypeError TypeError TypeError TypeError "
            "TypeError TypeError TypeError TypeError\n");
}

/* --- Optional and default parameters -------------------------------------------- */

TEST(opt_is_null_for_undefined_and_strict_for_the_rest)
{
  tenon_runtime *rt = start();

  RUN(rt, "const v = { f32: 1.5, f64: 1.5, bool: true, str: 'ab',\n"
          "  bytes: new Uint8Array([1, 2]) };\n"
          "for (const T of ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64',\n"
          "    'u64', 'size', 'f32', 'f64', 'bool', 'str', 'bytes']) {\n"
          "  const f = n['show_opt_' + T];\n"
          "  log([T, t(f), t(f, undefined), t(f, v[T] ?? 3),\n"
          "    t(f, null), t(f, Symbol())].join(' '));\n"
          "}\n"
          "each(n.show_opt_u8, 256, -1); each(n.show_opt_i64, 2n ** 63n);");
  CHECK_LOG("i8 none none 3 TypeError TypeError\n"
            "u8 none none 3 TypeError TypeError\n"
            "i16 none none 3 TypeError TypeError\n"
            "u16 none none 3 TypeError TypeError\n"
            "i32 none none 3 TypeError TypeError\n"
            "u32 none none 3 TypeError TypeError\n"
            "i64 none none 3 TypeError TypeError\n"
            "u64 none none 3 TypeError TypeError\n"
            "size none none 3 TypeError TypeError\n"
            "f32 none none 1.5 TypeError TypeError\n"
            "f64 none none 1.5 TypeError TypeError\n"
            "bool none none true TypeError TypeError\n"
            "str none none ab TypeError TypeError\n"
            "bytes none none 0102 TypeError TypeError\n"
            "RangeError RangeError\nRangeError\n");
}

TEST(a_default_stands_in_for_undefined_alone)
{
  tenon_runtime *rt = start();

  RUN(rt, "const v = { f32: 1.5, f64: 1.5, bool: false, str: 'ab',\n"
          "  bytes: new Uint8Array([1, 2]) };\n"
          "for (const T of ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64',\n"
          "    'u64', 'size', 'f32', 'f64', 'bool', 'str', 'bytes']) {\n"
          "  const f = n['show_default_' + T];\n"
          "  log([T, t(f), t(f, undefined), t(f, v[T] ?? 3),\n"
          "    t(f, null), t(f, Symbol())].join(' '));\n"
          "}");
  CHECK_LOG("i8 5 5 3 TypeError TypeError\n"
            "u8 5 5 3 TypeError TypeError\n"
            "i16 5 5 3 TypeError TypeError\n"
            "u16 5 5 3 TypeError TypeError\n"
            "i32 5 5 3 TypeError TypeError\n"
            "u32 5 5 3 TypeError TypeError\n"
            "i64 5 5 3 TypeError TypeError\n"
            "u64 5 5 3 TypeError TypeError\n"
            "size 5 5 3 TypeError TypeError\n"
            "f32 0.5 0.5 1.5 TypeError TypeError\n"
            "f64 0.5 0.5 1.5 TypeError TypeError\n"
            "bool true true false TypeError TypeError\n"
            "str five five ab TypeError TypeError\n"
            "bytes 35 35 0102 TypeError TypeError\n");
}

/* --- Numbers out -------------------------------------------------------------------- */

TEST(a_result_reaches_the_limits_of_its_type)
{
  tenon_runtime *rt = start();

  EACH_INTEGER(i)
  {
    run_format(rt, "each(n.give_%s, false, true);", integers[i].type);
    check_log_format("%s %s\n", integers[i].low, integers[i].high);
  }
  RUN(rt, "each(n.give_bool, false, true);\n"
          "each(n.give_f64, false, true); each(n.give_f32, false, true);");
  CHECK_LOG("false true\n"
            "-1.7976931348623157e+308 1.7976931348623157e+308\n"
            "-3.4028234663852886e+38 3.4028234663852886e+38\n");
}

TEST(a_64_bit_result_is_exact_or_a_range_error)
{
  tenon_runtime *rt = start();

  RUN(rt, "each(n.give_i64_at, 0, 1, 2, 3, 4, 5, 6, 7);\n"
          "each(n.give_u64_at, 0, 1, 2, 3);");
  CHECK_LOG("RangeError RangeError RangeError RangeError 2147483647 "
            "-2147483648 2147483648 -2147483649\n"
            "RangeError RangeError RangeError 4294967296\n");
}

TEST(a_float_result_keeps_its_sign_and_nan)
{
  tenon_runtime *rt = start();

  RUN(rt, "each(n.give_f64_at, 0, 1, 2, 3, 4, 5);\n"
          "log(`${[1, 2, 3, 4, 5, 6][n.give_f64_at(4)]}`);\n"
          "log(`${new Map([[5, 'five']]).get(n.give_f64_at(4))}`);");
  CHECK_LOG("-0 NaN Infinity -Infinity 5 1.5\n6\nfive\n");
}

TEST(an_optional_result_is_undefined_for_null)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const T of ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64',\n"
          "    'u64', 'size', 'bool', 'str', 'bytes'])\n"
          "  each(n['give_opt_' + T], true, false);");
  CHECK_LOG("127 undefined\n255 undefined\n32767 undefined\n"
            "65535 undefined\n2147483647 undefined\n4294967295 undefined\n"
            "9007199254740991 undefined\n9007199254740991 undefined\n"
            "9007199254740991 undefined\ntrue undefined\nhigh undefined\n"
            "104,105 undefined\n");
}

/* --- Strings in ---------------------------------------------------------------------- */

TEST(a_string_of_every_short_length_arrives_whole)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (let len = 0; len <= 70; len++) {\n"
          "  let s = '';\n"
          "  for (let i = 0; i < len; i++)\n"
          "    s += String.fromCharCode(33 + i % 90);\n"
          "  check(s); check(flat(s));\n"
          "}");
}

TEST(a_character_beyond_ascii_is_seen_at_every_position)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "for (const c of ['\\x80', '\\u20ac', '\\u{10000}', '\\ud800']) {\n"
      "  const h = utf8(c);\n"
      "  for (let len = 1; len <= 70; len++)\n"
      "    for (let i = 0; i < len; i++) {\n"
      "      const s = flat('a'.repeat(i) + c + 'b'.repeat(len - i - 1));\n"
      "      const e = '61'.repeat(i) + h + '62'.repeat(len - i - 1);\n"
      "      if (n.hex(s) !== e) log(`${i} of ${len}`);\n"
      "    }\n"
      "}\n"
      "for (const c of ['\\x7f', '\\xff', '\\u0100', '\\u07ff', '\\u0800',\n"
      "    '\\uffff', '\\u{10ffff}', '\\udc00', '\\0'])\n"
      "  for (let i = 0; i < 20; i++) check('a'.repeat(i) + c);");
  CHECK_LOG("");
}

TEST(every_latin_1_character_becomes_utf_8)
{
  tenon_runtime *rt = start();

  RUN(rt, "let all = '';\n"
          "for (let i = 0; i < 256; i++) {\n"
          "  check(String.fromCharCode(i)); all += String.fromCharCode(i);\n"
          "}\n"
          "check(all); check(flat(all));");
}

TEST(a_lone_surrogate_becomes_u_fffd)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(n.hex('\\ud800')); log(n.hex('\\udc00'));\n"
          "log(n.hex('a\\ud800b')); log(n.hex('\\udc00\\ud800'));\n"
          "log(n.hex('\\ud800\\ud800\\udc00'));\n"
          "log(n.hex('\\ud83d\\ude00\\ude00'));\n"
          "log(codes(n.echo_str('\\udfff')));");
  CHECK_LOG("efbfbd\nefbfbd\n61efbfbd62\nefbfbdefbfbd\nefbfbdf0908080\n"
            "f09f9880efbfbd\nfffd\n");
}

TEST(a_nul_inside_of_a_string_is_kept)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(n.hex('\\0')); log(n.hex('a\\0b')); log(n.hex('\\0\\u20ac'));\n"
          "log(`${n.str_len('a\\0b')} ${n.echo_str('a\\0b').length}`);");
  CHECK_LOG("00\n610062\n00e282ac\n3 3\n");
}

TEST(a_rope_arrives_whole_and_stays_as_it_is)
{
  tenon_runtime *rt = start();

  RUN(rt, "const a = 'ab'.repeat(5000), b = 'cd'.repeat(5000);\n"
          "const e = '\\xe9'.repeat(9000), w = '\\u20ac'.repeat(9000);\n"
          "for (const [x, y] of [[a, b], [a, e], [e, a], [a, w], [w, w]]) {\n"
          "  const r = x + y;\n"
          "  check(r); check(r); check(x + y);\n"
          "  if (r !== flat(r) || r.length !== x.length + y.length) log('!');\n"
          "  if (!n.same(r, r) || !n.same(x + y, r)) log('not the same');\n"
          "}");
  CHECK_LOG("");
}

TEST(a_deep_rope_arrives_whole)
{
  tenon_runtime *rt = start();

  RUN(rt, "let left = '', right = '', both = '';\n"
          "for (let i = 0; i < 100000; i++) {\n"
          "  left += 'abcdefgh'; right = 'ijklmnop' + right;\n"
          "  if (i < 4000) both = i & 1 ? both + 'xy' : 'yx' + both;\n"
          "}\n"
          "log(`${n.str_len(left)} ${n.str_len(right)} ${n.str_len(both)}`);\n"
          "log(`${n.same(left, 'abcdefgh'.repeat(100000))}`);\n"
          "log(`${n.same(right, 'ijklmnop'.repeat(100000))}`);\n"
          "let wide = 'x'.repeat(9000) + '\\u20ac';\n"
          "for (let i = 0; i < 8; i++) wide = wide + wide.slice(1) + i;\n"
          "log(`${n.str_len(wide) > wide.length}`);");
  CHECK_LOG("800000 800000 8000\ntrue\ntrue\ntrue\n");
}

TEST(a_slice_of_a_long_string_is_terminated)
{
  tenon_runtime *rt = start();

  RUN(rt, "const a = flat('abcdefghij'.repeat(4000));\n"
          "const e = flat('abcd\\xe9fghij'.repeat(4000));\n"
          "const w = flat('abcd\\u20acfghij'.repeat(4000));\n"
          "for (const s of [a, e, w]) {\n"
          "  check(s.slice(1)); check(s.slice(0, -1));\n"
          "  check(s.slice(7, 30007)); check(s.substring(100, 39000));\n"
          "  check(s.slice(10).slice(10, -10)); check(s.trim());\n"
          "}\n"
          "check(w.slice(5, 10)); check(a.slice(3, 4));");
}

TEST(strings_that_the_engine_makes_are_terminated)
{
  tenon_runtime *rt = start();

  RUN(rt, "const u = new Uint8Array([1, 2, 3, 250]);\n"
          "for (const s of [btoa('hello'), atob('aGVsbG8='), u.toHex(),\n"
          "    u.toBase64(), JSON.stringify({ a: [1, 'b'] }), String(1.5),\n"
          "    String(12345), (2n ** 80n).toString(), 'ABC'.toLowerCase(),\n"
          "    'abc'.toUpperCase(), 'a-b'.replace('-', '+'), 'x'.padEnd(40),\n"
          "    'abc'.at(1), 'a,b,c'.split(',')[1], `${1}${'a'}`,\n"
          "    'abc'.concat('def', 'ghi'), (255).toString(16),\n"
          "    'aXb'.match(/[A-Z]/)[0], Object.keys({ key: 1 })[0],\n"
          "    encodeURIComponent('\\xe9'), escape('\\xe9'),\n"
          "    String.fromCharCode(65, 66), [1, 2].join(), typeof u,\n"
          "    Symbol('desc').description, check.name, 'q'.normalize(),\n"
          "    new Date(0).toISOString(), Error('m').message])\n"
          "  check(s);\n"
          "for (let i = 0; i < 300; i++) { check(String(i));\n"
          "  let s = 'x'; s += i; s += 'y'; check(s); }");
}

TEST(str_refuses_other_values)
{
  tenon_runtime *rt = start();

  RUN(rt, "each(n.hex, Symbol(), Symbol.iterator, 1, 1n, true, null,\n"
          "  undefined, {}, [], new String('x'), () => 1,\n"
          "  { toString() { log('no'); return 'x'; } });");
  CHECK_LOG("TypeError TypeError TypeError TypeError TypeError TypeError "
            "TypeError TypeError TypeError TypeError TypeError TypeError\n");
}

TEST(a_string_of_16_mb_goes_in_and_out)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const c of ['x', '\\xe9', '\\u20ac']) {\n"
          "  const s = c.repeat(16 << 20);\n"
          "  log(`${n.str_len(s)} ${n.echo_str(s) === s}`);\n"
          "}\n"
          "log(`${n.repeated('ab\\u20ac', 1 << 22).length}`);");
  CHECK_LOG("16777216 true\n33554432 true\n50331648 true\n12582912\n");
}

/* --- Strings out ------------------------------------------------------------------------ */

TEST(valid_utf_8_becomes_the_string)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (let i = 0; i < 9; i++) log(codes(n.raw(i)));");
  CHECK_LOG("\n70 6c 61 69 6e\n61 0 62\ne9\n20ac\n1f600\nfeff 61\n10ffff\n"
            "\n");
}

TEST(each_ill_formed_sequence_becomes_u_fffd)
{
  tenon_runtime *rt = start();

  for (size_t i = 0; i < sizeof ill_formed / sizeof *ill_formed; i++) {
    run_format(rt, "log(codes(n.ill(%zu)));", i);
    check_log_format("%s\n", ill_formed[i].codes);
  }
}

TEST(a_null_string_with_a_length_is_refused)
{
  tenon_runtime *rt = start();

  RUN(rt, "each(n.raw, 9); each(n.null_bytes, 9, 0);");
  CHECK_LOG("TypeError\nTypeError \n");
}

/* --- Bytes in ------------------------------------------------------------------------------- */

TEST(bytes_takes_every_view_and_buffer)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "const b = Uint8Array.from({ length: 32 }, (_, i) => i).buffer;\n"
      "for (const T of [Int8Array, Uint8Array, Uint8ClampedArray,\n"
      "    Int16Array, Uint16Array, Int32Array, Uint32Array, Float16Array,\n"
      "    Float32Array, Float64Array, BigInt64Array, BigUint64Array])\n"
      "  log(`${T.name} ${n.show_bytes(new T(b, 8, 1))}`);\n"
      "log(n.show_bytes(new DataView(b, 3, 5)));\n"
      "log(n.show_bytes(new DataView(b, 30)));\n"
      "log(n.show_bytes(b.slice(0, 4)));\n"
      "log(n.show_bytes(new Uint8Array(b).subarray(4, 8).subarray(1, 3)));\n"
      "log(n.show_bytes(new Uint16Array([0x0102, 0x0304])));");
  CHECK_LOG("Int8Array 08\nUint8Array 08\nUint8ClampedArray 08\n"
            "Int16Array 0809\nUint16Array 0809\nInt32Array 08090a0b\n"
            "Uint32Array 08090a0b\nFloat16Array 0809\n"
            "Float32Array 08090a0b\nFloat64Array 08090a0b0c0d0e0f\n"
            "BigInt64Array 08090a0b0c0d0e0f\n"
            "BigUint64Array 08090a0b0c0d0e0f\n0304050607\n1e1f\n00010203\n"
            "0506\n02010403\n");
}

TEST(no_bytes_at_all_have_an_address)
{
  tenon_runtime *rt = start();

  RUN(rt, "const rab = new ArrayBuffer(0, { maxByteLength: 8 });\n"
          "each(n.bytes_len, new Uint8Array(), new ArrayBuffer(0),\n"
          "  new Uint8Array(new ArrayBuffer(4), 4),\n"
          "  new Uint8Array(new ArrayBuffer(4), 2, 0), rab,\n"
          "  new Uint8Array(rab), new DataView(new ArrayBuffer(3), 3));");
  CHECK_LOG("0 0 0 0 0 0 0\n");
}

TEST(bytes_refuses_a_detached_buffer)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = new ArrayBuffer(8);\n"
          "const views = [b, new Uint8Array(b), new DataView(b),\n"
          "  new Float64Array(b), new Uint8Array(b, 8, 0)];\n"
          "const moved = b.transfer();\n"
          "each(n.bytes_len, ...views, moved);\n"
          "const none = new ArrayBuffer(0), view = new Uint8Array(none);\n"
          "none.transfer(); each(n.bytes_len, none, view);");
  CHECK_LOG("TypeError TypeError TypeError TypeError TypeError 8\n"
            "TypeError TypeError\n");
}

TEST(bytes_follows_a_resizable_buffer)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = new ArrayBuffer(8, { maxByteLength: 32 });\n"
          "const all = () => each(n.bytes_len, b, new Uint8Array(b), track,\n"
          "  track16, fixed, fixedView, trackView);\n"
          "const track = new Uint8Array(b, 2), track16 = new Uint16Array(b);\n"
          "const fixed = new Uint8Array(b, 4, 4);\n"
          "const fixedView = new DataView(b, 4, 4);\n"
          "const trackView = new DataView(b, 1);\n"
          "all(); b.resize(7); all(); b.resize(1); all(); b.resize(0); all();\n"
          "b.resize(32); all();\n"
          "new Uint8Array(b).set([1, 2, 3, 4, 5, 6, 7, 8]);\n"
          "log(n.show_bytes(fixed)); log(n.show_bytes(fixedView));\n"
          "log(n.show_bytes(track).slice(0, 12));");
  CHECK_LOG("8 8 6 8 4 4 7\n7 7 5 6 TypeError TypeError 6\n"
            "1 1 TypeError 0 TypeError TypeError 0\n"
            "0 0 TypeError 0 TypeError TypeError TypeError\n"
            "32 32 30 32 4 4 31\n05060708\n05060708\n030405060708\n");
}

TEST(bytes_refuses_shared_memory)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = new SharedArrayBuffer(8);\n"
          "each(n.bytes_len, b, new Uint8Array(b), new DataView(b));");
  CHECK_LOG("TypeError TypeError TypeError\n");
}

TEST(bytes_takes_an_immutable_buffer)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = new Uint8Array([1, 2]).buffer.transferToImmutable();\n"
          "log(n.show_bytes(b)); log(n.show_bytes(new Uint8Array(b, 1)));");
  CHECK_LOG("0102\n02\n");
}

TEST(bytes_refuses_other_values)
{
  tenon_runtime *rt = start();

  RUN(rt, "each(n.bytes_len, [1, 2], 'ab', 1, null, undefined, {},\n"
          "  new Proxy(new Uint8Array(1), {}), { buffer: 1, byteLength: 1 },\n"
          "  Object.create(new Uint8Array(1)), new Map());");
  CHECK_LOG("TypeError TypeError TypeError TypeError TypeError TypeError "
            "TypeError TypeError TypeError TypeError\n");
}

TEST(bytes_ignores_what_a_script_says_of_lengths)
{
  tenon_runtime *rt = start();

  RUN(rt, "class Liar extends Uint8Array {\n"
          "  get length() { return 99; } get byteLength() { return 99; }\n"
          "  get byteOffset() { return 99; } get buffer() { return 0; } }\n"
          "log(n.show_bytes(new Liar([1, 2, 3])));");
  CHECK_LOG("010203\n");
}

TEST(arguments_of_one_call_do_not_disturb_each_other)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = new Uint8Array([1, 2, 3, 4]);\n"
          "log(n.hex_3(b.subarray(0, 2), '\\xe9' + 'x'.repeat(1),\n"
          "  b.subarray(2)));");
  CHECK_LOG("0102 c3a978 0304\n");
}

TEST(a_call_off_the_loop_has_copies)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "const u = new Uint8Array(1 << 16).fill(1);\n"
      "const r = new ArrayBuffer(4, { maxByteLength: 8 });\n"
      "const a = n.show_blocking_bytes(u), b = n.show_bytes.async(r);\n"
      "const c = n.hex_blocking('\\xe9' + 'x'.repeat(3));\n"
      "const d = n.hex.async(''), e = n.bytes_len.async(new Uint8Array());\n"
      "u.fill(2); r.resize(0); u.buffer.transfer();\n"
      "log(`${await a === '01'.repeat(1 << 16)} ${await b} ${await c}`);\n"
      "log(`${await d} ${await e}`);\n"
      "for (const T of ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64',\n"
      "    'u64', 'size', 'f32', 'f64'])\n"
      "  log(await n['show_blocking_' + T](3)\n"
      "    + await n['echo_' + T].async(4));");
  CHECK_LOG("true 00000000 c3a9787878\n 0\n34\n34\n34\n34\n34\n34\n34\n34\n"
            "34\n34\n34\n");
}

TEST(a_string_can_be_collected_before_its_call_off_the_loop_ends)
{
  tenon_runtime *rt = start();

  RUN(rt, "const p = [];\n"
          "for (let i = 0; i < 200; i++)\n"
          "  p.push(n.echo_str.async('x'.repeat(i) + i));\n"
          "const r = await Promise.all(p);\n"
          "for (let i = 0; i < 200; i++)\n"
          "  if (r[i] !== 'x'.repeat(i) + i) log(r[i]);");
  CHECK_LOG("");
}

/* --- Bytes out ---------------------------------------------------------------------------------- */

TEST(a_bytes_result_is_a_uint8array_of_its_own)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "const u = new Uint8Array([1, 2, 3]), r = n.echo_bytes(u);\n"
      "log(`${r.constructor === Uint8Array} ${r} ${r.buffer.byteLength}`);\n"
      "r[0] = 9; log(`${u}`);\n"
      "log(`${n.from_alloc(3)} ${n.from_alloc(0).length}`);\n"
      "log(`${n.give_bytes(true)} ${n.give_bytes(false).length}`);\n"
      "log(`${n.from_alloc(100000).every(x => x === 7)}`);");
  CHECK_LOG("true 1,2,3 3\n1,2,3\n7,7,7 0\n104,105 0\ntrue\n");
}

TEST(bytes_that_the_call_would_free_are_moved)
{
  tenon_runtime *rt = start();

  RUN(rt, "const u = n.moved(5);\n"
          "log(`${n.is_last(u)} ${u} ${u.buffer.byteLength}`);\n"
          "const o = n.moved_opt(4); log(`${n.is_last(o)} ${o}`);\n"
          "const b = await n.moved_blocking(3); log(`${n.is_last(b)} ${b}`);\n"
          "log(`${n.moved(0).length}`);");
  CHECK_LOG("true 0,1,2,3,4 5\ntrue 0,1,2,3\ntrue 0,1,2\n0\n");
}

TEST(bytes_that_another_function_frees_are_copied)
{
  tenon_runtime *rt = start();

  frees = 0;
  RUN(rt, "const u = n.copied(3); log(`${n.is_last(u)} ${u}`);\n"
          "log(`${n.is_last(n.from_alloc(4))}`);\n"
          "log(`${n.is_last(n.from_alloc(4000))}`);\n"
          "log(`${n.moved_part(4)}`);\n"
          "log(t(n.moved_and_failed, 4));");
  CHECK_LOG("false 0,1,2\nfalse\nfalse\n1,2,3\nError\n");
  CHECK_INT(1, frees);
}

TEST(moved_bytes_are_counted_until_they_are_collected)
{
  tenon_runtime *rt = start();
  size_t before, kept;

  RUN(rt, "globalThis.kept = n.moved(16);");
  before = used(rt);
  RUN(rt, "globalThis.kept = n.moved(8 << 20);");
  kept = used(rt);
  CHECK(kept >= before + 8 * MIB && kept < before + 9 * MIB);
  RUN(rt, "kept.self = kept; delete globalThis.kept;");
  CHECK(used(rt) < before + MIB);
}

TEST(moved_bytes_can_be_transferred)
{
  tenon_runtime *rt = start();
  size_t before;

  RUN(rt, "globalThis.kept = n.moved(4);");
  before = used(rt);
  RUN(rt, "let b = n.moved(8).buffer, u = new Uint8Array(b);\n"
          "globalThis.kept = b.transfer(16 << 20);\n"
          "log(`${b.detached} ${u.length} ${kept.byteLength}`);\n"
          "log(n.show_bytes(new Uint8Array(kept, 0, 12)));\n"
          "try { kept.resize(1); } catch (e) { log(e.name); }");
  CHECK_LOG("true 0 16777216\n000102030405060700000000\nTypeError\n");
  CHECK(used(rt) >= before + 16 * MIB);
  RUN(rt, "globalThis.kept = kept.transfer(4); log(n.show_bytes(kept));");
  CHECK_LOG("00010203\n");
  CHECK(used(rt) < before + MIB);
  RUN(rt, "globalThis.kept = kept.transfer(0);\n"
          "log(n.show_bytes(kept));\n"
          "log(n.show_bytes(n.moved(2).buffer.transferToImmutable()));\n"
          "log(n.show_bytes(n.moved(2).buffer.transferToFixedLength(3)));");
  CHECK_LOG("\n0001\n000100\n");
}

TEST(moved_bytes_cannot_grow_past_the_memory_limit)
{
  tenon_runtime *rt = start_with(&(tenon_options){
      .size = sizeof(tenon_options), .memory_limit_bytes = 32 * MIB});

  RUN(rt, "const b = n.moved(8).buffer;\n"
          "try { b.transfer(64 << 20); log('grown'); }\n"
          "catch (e) { log(`${e}`); }\n"
          "log(`${b.detached} ${b.transfer(8 << 20).byteLength}`);");
  CHECK_LOG("InternalError: out of memory\nfalse 8388608\n");
}

TEST(bytes_past_the_memory_limit_are_not_moved_in)
{
  tenon_runtime *rt = start_with(&(tenon_options){
      .size = sizeof(tenon_options), .memory_limit_bytes = 32 * MIB});

  RUN(rt, "try { n.moved(64 << 20); log('moved'); }\n"
          "catch (e) { log(`${e}`); }\n"
          "log(`${n.moved(8 << 20).length}`);\n"
          /* garbage in cycles makes room */
          "for (let i = 0; i < 20; i++) {\n"
          "  const u = n.moved(8 << 20); u.self = u;\n"
          "}\n"
          "log('enough');");
  CHECK_LOG("InternalError: out of memory\n8388608\nenough\n");
}
