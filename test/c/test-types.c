/* Types beyond the plain ones: both directions, messages word for word. */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#include <tenon/export.h>

TENON_MODULE_THREADS(any);

/* --- Natives ----------------------------------------------------------------- */

TENON_FUNCTION(str, show_nullable, (nullable(str), s))
{
  return s ? *s : tenon_str_of("NULL");
}

TENON_BLOCKING(nullable(str), nullable_later, (nullable(str), s))
{
  return s;
}

TENON_FUNCTION(str, show_nullable_or, (nullable(str), s, NULL), (i32, n, 7))
{
  return s ? *s : tenon_str_of(n == 7 ? "NULL 7" : "NULL");
}

TENON_FUNCTION(nullable(u8), echo_nullable, (nullable(u8), n))
{
  return n;
}

TENON_FUNCTION(big_i64, echo_i64, (big_i64, n))
{
  return n;
}

TENON_FUNCTION(big_u64, echo_u64, (big_u64, n))
{
  return n;
}

TENON_FUNCTION(cstr, echo_cstr, (cstr, s))
{
  return s;
}

TENON_BLOCKING(cstr, cstr_later, (cstr, s))
{
  return s;
}

TENON_FUNCTION(cstr, no_cstr)
{
  return NULL;
}

TENON_FUNCTION(nullable(cstr), no_nullable_cstr)
{
  return NULL;
}

/* Settled by other threads, so that what results point at has to be kept. */
typedef struct cstr_kept_args {
  tenon_deferred *deferred;
  const char *const *s;
} cstr_kept_args;

static void settle_cstr(void *args);

TENON_ASYNC(nullable(cstr), cstr_kept, (nullable(cstr), s))
{
  cstr_kept_args args = {deferred, s};

  t_elsewhere(settle_cstr, &args);
}

static void settle_cstr(void *args)
{
  cstr_kept_args *a = args;
  char text[16] = "";
  const char *p = text;

  if (a->s) strncpy(text, *a->s, sizeof text - 1);
  TENON_RESOLVE(cstr_kept, a->deferred, a->s ? &p : NULL);
  t_spoil(text, sizeof text - 1);
}

TENON_ENUM(color, red, green, blue)
enum level { LOW = -1, MIDDLE = 0, HIGH = 1 << 20 };
TENON_ENUM_AS(level, enum level, (LOW, "low"), (MIDDLE, "no 1"), (HIGH, "1"))
TENON_ENUM_AS(tiny, int8_t, (-1, "minus"), (5, "five"))
TENON_ENUM_AS(many, int32_t, (0, "a"), (1, "b"), (2, "c"), (3, "d"), (4, "e"),
              (5, "f"), (6, "g"), (7, "h"), (8, "i"), (9, "j"), (10, "k"),
              (11, "l"), (12, "m"), (13, "n"))

TENON_FUNCTION(color, echo_color, (color, c, color_blue))
{
  return c;
}

TENON_FUNCTION(i32, number_of_level, (level, l))
{
  return (int32_t)l;
}

TENON_FUNCTION(level, level_of_number, (i32, n))
{
  return (enum level)n;
}

TENON_FUNCTION(tiny, tiny_of_number, (i8, n))
{
  return n;
}

TENON_FUNCTION(none, take_many, (many, m))
{}

TENON_STRUCT(point, (f64, x), (f64, y))
TENON_STRUCT(line, (point, a), (opt(point), b), (nullable(color), c))

TENON_FUNCTION(f64, distance, (point, a), (point, b))
{
  return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

TENON_FUNCTION(line, echo_line, (line, l))
{
  return l;
}

TENON_FUNCTION(opt(line), echo_opt_line, (opt(line), l))
{
  return l;
}

TENON_BLOCKING(line, line_later, (line, l))
{
  return l;
}

static tenon_str default_text(void)
{
  char *p = tenon_alloc(300);

  if (!p) return tenon_fail(TENON_ERROR, "out of memory"), tenon_str_of(NULL);
  memset(p, 'd', 299);
  p[299] = '\0';
  return tenon_str_of(p);
}

static int32_t default_failure(void)
{
  return tenon_fail(TENON_RANGE_ERROR, "no default");
}

TENON_STRUCT(options, (i32, a, 5), (str, s, default_text()), (bytes, b),
             (cstr, name, "name"), (i32, failing, default_failure()))

TENON_FUNCTION(options, echo_options, (options, o))
{
  return o;
}

typedef struct options_kept_args {
  tenon_deferred *deferred;
  options o;
} options_kept_args;

static void settle_options(void *args);

TENON_ASYNC(options, options_kept, (options, o))
{
  options_kept_args args = {deferred, o};

  t_elsewhere(settle_options, &args);
}

static void settle_options(void *args)
{
  options_kept_args *a = args;
  char text[8] = "text";

  a->o.s = tenon_str_of(text);
  a->o.name = text;
  a->o.b = (tenon_bytes){(const uint8_t *)text, 2};
  TENON_RESOLVE(options_kept, a->deferred, a->o);
  t_spoil(text, sizeof text);
}

TENON_STRUCT(holder, (bytes, b), (str, s), (i32, n))

TENON_FUNCTION(str, join, (bytes, a), (holder, h), (opt(bytes), c))
{
  char *p = tenon_alloc(a.len + h.b.len + h.s.len + (c ? c->len : 0) + 1);
  size_t n = 0;

  if (!p) return tenon_fail(TENON_ERROR, "out of memory");
  memcpy(p, a.data, a.len);
  n += a.len;
  memcpy(p + n, h.b.data, h.b.len);
  n += h.b.len;
  memcpy(p + n, h.s.data, h.s.len);
  n += h.s.len;
  if (c) memcpy(p + n, c->data, c->len), n += c->len;
  return (tenon_str){p, n};
}

TENON_STRUCT(bad_inner, (i64, n), (color, c))
TENON_STRUCT(bad_outer, (bad_inner, in))

TENON_FUNCTION(bad_outer, bad_result, (bool, is_number))
{
  bad_outer r = {{is_number ? INT64_MAX : 0, (color)7}};
  return r;
}

TENON_ARRAY(row, f64)
TENON_STRUCT(path, (str, name), (array(point), points),
             (opt(array(color)), colors))

#define ARRAY_OF(T)                                  \
  TENON_FUNCTION(array(T), array_##T, (array(T), a)) \
  {                                                  \
    return a;                                        \
  }
ARRAY_OF(i8)
ARRAY_OF(u8)
ARRAY_OF(i16)
ARRAY_OF(u32)
ARRAY_OF(i64)
ARRAY_OF(big_u64)
ARRAY_OF(f32)
ARRAY_OF(f64)
ARRAY_OF(bool)
ARRAY_OF(str)
ARRAY_OF(color)
ARRAY_OF(row)
ARRAY_OF(path)

TENON_FUNCTION(array(opt(i32)), array_opt, (array(opt(i32)), a))
{
  return a;
}

TENON_FUNCTION(opt(array(nullable(str))), opt_array,
               (opt(array(nullable(str))), a))
{
  return a;
}

TENON_BLOCKING(array(path), array_later, (array(path), a))
{
  return a;
}

TENON_FUNCTION(i64, array_len, (array(opt(i32)), a))
{
  return (int64_t)a.len;
}

typedef struct path_kept_args {
  tenon_deferred *deferred;
  path p;
} path_kept_args;

static void settle_path(void *args);

TENON_ASYNC(path, path_kept, (path, p))
{
  path_kept_args args = {deferred, p};

  t_elsewhere(settle_path, &args);
}

static void settle_path(void *args)
{
  path_kept_args *k = args;
  point points[2] = {{1, 2}, {3, 4}};
  color colors[1] = {color_blue};
  tenon_array_color a = {colors, 1};

  k->p.points = (tenon_array_point){points, 2};
  k->p.colors = &a;
  TENON_RESOLVE(path_kept, k->deferred, k->p);
  t_spoil(points, sizeof points);
  t_spoil(colors, sizeof colors);
  t_spoil(&a, sizeof a);
}

TENON_FUNCTION(array(bad_inner), bad_array, (i32, which))
{
  static const bad_inner all[] = {{1, color_red}, {INT64_MIN, color_red}};
  tenon_array_bad_inner r = {which ? NULL : all, 2};
  return r;
}

TENON_FUNCTION(str, first_of, (bytes, b), (array(i32), a))
{
  char *p = tenon_alloc(b.len + 1);

  if (!p) return tenon_fail(TENON_ERROR, "out of memory");
  memcpy(p, b.data, b.len);
  return (tenon_str){p, b.len};
}

/* --- Helpers ------------------------------------------------------------------- */

#define PRELUDE                                                   \
  "import { log } from 'test'; import * as n from 'native';\n"    \
  "const text = v => typeof v === 'bigint' ? v + 'n'\n"           \
  "  : typeof v === 'object' ? JSON.stringify(v) : String(v);\n"  \
  "const t = (f, ...a) => {\n"                                    \
  "  try { log(text(f(...a))); } catch (e) { log(`${e}`); } };\n" \
  "const at = async (f, ...a) => {\n"                             \
  "  try { log(text(await f(...a))); } catch (e) { log(`${e}`); } };\n"
#define RUN(rt, source) t_run(rt, PRELUDE source)

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  return rt;
}

/* --- nullable, big_i64, big_u64, cstr --------------------------------------------- */

TEST(nullable_is_null_for_null_and_undefined)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.show_nullable, 'a'); t(n.show_nullable, null);\n"
          "t(n.show_nullable, undefined); t(n.show_nullable);\n"
          "t(n.show_nullable, 5); log(`${n.show_nullable.length}`);\n"
          "t(n.echo_nullable, 255); t(n.echo_nullable, null);\n"
          "t(n.echo_nullable, 256);");
  CHECK_LOG("a\nNULL\nNULL\nNULL\n"
            "TypeError: show_nullable: argument 1 's': expected string, got 5\n"
            "0\n255\nnull\n"
            "RangeError: echo_nullable: argument 1 'n': expected integer from 0"
            " to 255, got 256\n");
}

TEST(nullable_has_defaults_for_undefined_alone)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.show_nullable_or, null, 1); t(n.show_nullable_or);\n"
          "t(n.show_nullable_or, 'a', undefined);\n"
          "t(n.show_nullable_or, 'a', null);");
  CHECK_LOG("NULL\nNULL 7\na\n"
            "TypeError: show_nullable_or: argument 2 'n': expected integer, got"
            " null\n");
}

TEST(nullable_goes_off_the_loop_and_back)
{
  tenon_runtime *rt = start();

  RUN(rt, "await at(n.nullable_later, 'b');\n"
          "await at(n.nullable_later, null);\n"
          "await at(n.echo_nullable.async, 7);\n"
          "await at(n.echo_nullable.async);");
  CHECK_LOG("b\nnull\n7\nnull\n");
}

TEST(big_words_take_bigints_alone)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.echo_i64, -(2n ** 63n)); t(n.echo_i64, 2n ** 63n - 1n);\n"
          "t(n.echo_u64, 2n ** 64n - 1n); t(n.echo_u64, 0n);\n"
          "t(n.echo_i64, 1); t(n.echo_u64, '1'); t(n.echo_i64, 2n ** 63n);\n"
          "t(n.echo_u64, -1n);");
  CHECK_LOG("-9223372036854775808n\n9223372036854775807n\n"
            "18446744073709551615n\n0n\n"
            "TypeError: echo_i64: argument 1 'n': expected bigint, got 1\n"
            "TypeError: echo_u64: argument 1 'n': expected bigint, got string\n"
            "RangeError: echo_i64: argument 1 'n': expected integer from"
            " -9223372036854775808 to 9223372036854775807, got"
            " 9223372036854775808n\n"
            "RangeError: echo_u64: argument 1 'n': expected integer from 0 to"
            " 18446744073709551615, got -1n\n");
}

TEST(cstr_is_a_string_without_a_nul)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.echo_cstr, 'gr\\u00fc\\u00dfe'); t(n.echo_cstr, '');\n"
          "t(n.echo_cstr, 'a\\0b'); t(n.echo_cstr, '\\0'); t(n.echo_cstr, 1);\n"
          "t(n.no_cstr); t(n.no_nullable_cstr);\n"
          "await at(n.cstr_later, 'c'.repeat(400));\n"
          "await at(n.cstr_later, '\\0');");
  CHECK_LOG("gr\xc3\xbc\xc3\x9f"
            "e\n\n"
            "TypeError: echo_cstr: argument 1 's': expected string without NUL,"
            " got one with it\n"
            "TypeError: echo_cstr: argument 1 's': expected string without NUL,"
            " got one with it\n"
            "TypeError: echo_cstr: argument 1 's': expected string, got 1\n"
            "TypeError: no_cstr: result: NULL, which is nullable's alone\n"
            "null\n"
            "cccccccccccccccccccccccccccccccccccccccccccccccccc"
            "cccccccccccccccccccccccccccccccccccccccccccccccccc"
            "cccccccccccccccccccccccccccccccccccccccccccccccccc"
            "cccccccccccccccccccccccccccccccccccccccccccccccccc"
            "cccccccccccccccccccccccccccccccccccccccccccccccccc"
            "cccccccccccccccccccccccccccccccccccccccccccccccccc"
            "cccccccccccccccccccccccccccccccccccccccccccccccccc"
            "cccccccccccccccccccccccccccccccccccccccccccccccccc\n"
            "TypeError: cstr_later: argument 1 's': expected string without"
            " NUL, got one with it\n");
}

TEST(a_cstr_that_settles_a_deferred_is_copied)
{
  tenon_runtime *rt = start();

  RUN(rt, "await at(n.cstr_kept, 'kept'); await at(n.cstr_kept, null);");
  CHECK_LOG("kept\nnull\n");
}

/* --- Enums ---------------------------------------------------------------------------- */

TEST(an_enum_is_one_of_its_strings)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "t(n.echo_color, 'red'); t(n.echo_color, 'gre' + 'en');\n"
      "t(n.echo_color); t(n.echo_color, 'rde'); t(n.echo_color, 1);\n"
      "t(n.echo_color, null); t(n.echo_color, ''); t(n.echo_color, 'Red');\n"
      "t(n.echo_color, 'x'.repeat(41)); t(n.echo_color, '\\ud800');\n"
      "t(n.echo_color, { toString() { return 'red'; } });");
  CHECK_LOG("red\ngreen\nblue\n"
#define ONE_OF                                                             \
  "TypeError: echo_color: argument 1 'c': expected one of 'red', 'green'," \
  " 'blue', got "
            ONE_OF "'rde'\n" ONE_OF "1\n" ONE_OF "null\n" ONE_OF "''\n" ONE_OF
            "'Red'\n" ONE_OF "a longer string\n" ONE_OF
            "'\xef\xbf\xbd'\n" ONE_OF "object\n");
}

TEST(an_enum_that_is_there_already_has_its_values)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.number_of_level, 'low'); t(n.number_of_level, 'no 1');\n"
          "t(n.number_of_level, '1'); t(n.number_of_level, 'LOW');\n"
          "t(n.level_of_number, -1); t(n.level_of_number, 1 << 20);\n"
          "t(n.level_of_number, 1); t(n.level_of_number, -2);\n"
          "t(n.tiny_of_number, -1); t(n.tiny_of_number, 5);\n"
          "t(n.tiny_of_number, 4);");
  CHECK_LOG("-1\n0\n1048576\n"
            "TypeError: number_of_level: argument 1 'l': expected one of 'low',"
            " 'no 1', '1', got 'LOW'\n"
            "low\n1\n"
            "RangeError: level_of_number: result: expected one of 'low',"
            " 'no 1', '1', got 1\n"
            "RangeError: level_of_number: result: expected one of 'low',"
            " 'no 1', '1', got -2\n"
            "minus\nfive\n"
            "RangeError: tiny_of_number: result: expected one of 'minus',"
            " 'five', got 4\n");
}

TEST(an_error_does_not_list_all_of_a_large_enum)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.take_many, 'z');");
  CHECK_LOG("TypeError: take_many: argument 1 'm': expected one of 'a', 'b',"
            " 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l' and 2 more, got"
            " 'z'\n");
}

/* --- Structs ---------------------------------------------------------------------------- */

TEST(a_struct_is_an_object_with_its_members)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.distance, { x: 1, y: 2 }, { y: 5, x: 5, z: 'more' });\n"
          "t(n.echo_line, { a: { x: 1, y: -0.5 } });\n"
          "t(n.echo_line, { c: 'green', b: { x: 3, y: 4 }, a: { x: 1, y: 2 }"
          " });\n"
          "class P { #x = 3; get x() { return this.#x; } y = 4; }\n"
          "t(n.distance, new P, new Proxy({ x: 0, y: 0 }, {}));\n"
          "t(n.echo_opt_line, undefined);\n"
          "t(n.echo_opt_line, { a: { x: 1, y: 2 }, c: null });\n"
          "await at(n.line_later, { a: { x: 1, y: 2 }, c: 'red' });\n"
          "await at(n.distance.async, { x: 1, y: 2 }, { x: 1, y: 4 });");
  CHECK_LOG(
      "25\n{\"a\":{\"x\":1,\"y\":-0.5},\"c\":null}\n"
      "{\"a\":{\"x\":1,\"y\":2},\"b\":{\"x\":3,\"y\":4},\"c\":\"green\"}\n"
      "25\nundefined\n{\"a\":{\"x\":1,\"y\":2},\"c\":null}\n"
      "{\"a\":{\"x\":1,\"y\":2},\"c\":\"red\"}\n4\n");
}

TEST(an_error_names_the_path_to_the_member)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.distance, { x: 1, y: 2 }, { x: 1 });\n"
          "t(n.distance, { x: 1, y: 2 }, null); t(n.distance, 'x', {});\n"
          "t(n.echo_line, { a: { x: 1, y: 2 }, b: { x: '1' } });\n"
          "t(n.echo_line, { a: { x: 1, y: 2 }, c: 'grey' });\n"
          "t(n.bad_result, true); t(n.bad_result, false);\n"
          "await at(n.line_later, { a: [] });");
  CHECK_LOG("TypeError: distance: argument 2 'b.y': expected number, got"
            " undefined\n"
            "TypeError: distance: argument 2 'b': expected object, got null\n"
            "TypeError: distance: argument 1 'a': expected object, got string\n"
            "TypeError: echo_line: argument 1 'l.b.x': expected number, got"
            " string\n"
            "TypeError: echo_line: argument 1 'l.c': expected one of 'red',"
            " 'green', 'blue', got 'grey'\n"
            "RangeError: bad_result: result 'in.n': 9223372036854775807 is not"
            " a safe integer\n"
            "RangeError: bad_result: result 'in.c': expected one of 'red',"
            " 'green', 'blue', got 7\n"
            "TypeError: line_later: argument 1 'l.a.x': expected number, got"
            " undefined\n");
}

TEST(members_have_defaults_for_undefined_alone)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = new Uint8Array([1]);\n"
          "const r = n.echo_options({ b, failing: 1 });\n"
          "log(`${r.a} ${r.s.length} ${r.b} ${r.name} ${r.failing}`);\n"
          "log(Object.keys(r).join());\n"
          "t(n.echo_options, { b, failing: 1, a: null });\n"
          "t(n.echo_options, { b });\n"
          "t(n.distance, n.distance);\n"
          "await at(n.echo_options.async, { b });\n"
          "t(n.echo_options, { b, failing: 1, a: 1, s: '', name: '' });");
  CHECK_LOG(
      "5 299 1 name 1\na,s,b,name,failing\n"
      "TypeError: echo_options: argument 1 'o.a': expected integer, got"
      " null\n"
      "RangeError: no default\n"
      "TypeError: distance: expected 2 arguments, got 1\n"
      "RangeError: no default\n"
      "{\"a\":1,\"s\":\"\",\"b\":{\"0\":1},\"name\":\"\",\"failing\":1}\n");
}

TEST(members_of_what_settles_a_deferred_are_copied)
{
  tenon_runtime *rt = start();

  RUN(rt, "await at(n.options_kept, { b: new Uint8Array(0), failing: 3 });");
  CHECK_LOG("{\"a\":5,\"s\":\"text\",\"b\":{\"0\":116,\"1\":101},"
            "\"name\":\"text\",\"failing\":3}\n");
}

TEST(a_getter_cannot_take_away_what_was_read)
{
  tenon_runtime *rt = start();

  /* Bytes of an earlier argument, and of an earlier member. */
  RUN(rt,
      "const bytes = s => Uint8Array.from(s, c => c.charCodeAt());\n"
      "let a = bytes('aaa'), b = bytes('bbb');\n"
      "t(n.join, a, { get b() { return b; }, get s() { b.buffer.transfer();"
      " b = null; return 's' + 1; }, n: 1 });\n"
      "t(n.join, a, { b: a, get s() { a.buffer.transfer(); return ''; },"
      " n: 1 });\n"
      "a = bytes('aaa');\n"
      "t(n.join, a, { b: a, s: 's', get n() { a[0] = 65; return 1; } }, a);\n"
      "const r = new ArrayBuffer(4, { maxByteLength: 8 });\n"
      "new Uint8Array(r).fill(49);\n"
      "t(n.join, r, { b: r, s: 's', get n() { r.resize(0); return 1; } });\n"
      "t(n.join, a, { b: a, s: 's', get n() { throw TypeError('mine'); } });"
      "\nt(n.join, a, { b: a, s: 's',\n"
      "  get n() { return n.join(a, { b: a, s: 't', n: 1 }).length; } });");
  CHECK_LOG("aaabbbs1\n"
            "TypeError: join: argument 1 'a': the ArrayBuffer is detached or"
            " too short\n"
            "AaaaaasAaa\n1111s\nTypeError: mine\nAaaAaas\n");
}

TEST(making_a_result_runs_no_script)
{
  tenon_runtime *rt = start();

  RUN(rt, "Object.defineProperty(Object.prototype, 'x',\n"
          "  { set() { log('set'); }, configurable: true });\n"
          "const r = n.echo_line({ a: { x: 1, y: 2 } });\n"
          "log(text(r), Object.getPrototypeOf(r.a) === Object.prototype);\n"
          "delete Object.prototype.x;\n"
          "const d = Object.getOwnPropertyDescriptor(r.a, 'x');\n"
          "log(text(d));");
  CHECK_LOG("{\"a\":{\"x\":1,\"y\":2},\"c\":null}\n"
            "{\"value\":1,\"writable\":true,\"enumerable\":true,"
            "\"configurable\":true}\n");
}

/* --- Arrays ----------------------------------------------------------------------------- */

TEST(an_array_comes_from_an_array)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.array_u8, []); t(n.array_i8, [-128, 127, 0]);\n"
          "t(n.array_f64, [1, 2.5]); t(n.array_str, ['a', '\\u00e9', '']);\n"
          "t(n.array_bool, [true, false]); t(n.array_color, ['red', 'blue']);\n"
          "t(n.array_row, [[1, 2], [], [3]]); t(n.array_i64, [1, 2n]);\n"
          "log(text(n.array_big_u64([2n ** 64n - 1n])[0]));\n"
          "t(n.array_path, [{ name: 'p', points: [{ x: 1, y: 2 }],\n"
          "  colors: ['green'] }]);\n"
          "log(`${Array.isArray(n.array_u8([1]))} ${n.array_u8.length}`);\n"
          "await at(n.array_later, [{ name: 'q', points: [] }]);\n"
          "await at(n.array_f64.async, Array(100).fill(5));");
  CHECK_LOG("[]\n[-128,127,0]\n[1,2.5]\n[\"a\",\"\xc3\xa9\",\"\"]\n"
            "[true,false]\n[\"red\",\"blue\"]\n[[1,2],[],[3]]\n[1,2]\n"
            "18446744073709551615n\n"
            "[{\"name\":\"p\",\"points\":[{\"x\":1,\"y\":2}],"
            "\"colors\":[\"green\"]}]\ntrue 1\n"
            "[{\"name\":\"q\",\"points\":[]}]\n"
            "[5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,"
            "5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,"
            "5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,"
            "5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5,5]\n");
}

TEST(an_array_of_numbers_comes_from_a_typed_array)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.array_u8, new Uint8Array([1, 255]));\n"
          "t(n.array_u8, new Uint8ClampedArray([1, 300]));\n"
          "t(n.array_u8, new Float64Array([1, 2]).subarray(1));\n"
          "t(n.array_u8, new Float64Array([1, 2.5]));\n"
          "t(n.array_i8, new Uint8Array([127, 128]));\n"
          "t(n.array_i16, new Int16Array([-5, 5]));\n"
          "t(n.array_u32, new Uint32Array([4294967295]));\n"
          "t(n.array_f32, new Float32Array([0.5]));\n"
          "t(n.array_f64, new Float64Array([1, 0.1, -1]).subarray(1));\n"
          "t(n.array_f64, new Int8Array([-1])); t(n.array_f64, new"
          " Float16Array([1.5]));\n"
          "t(n.array_i64, new BigInt64Array([-1n]));\n"
          "t(n.array_i64, new BigUint64Array([2n ** 63n]));\n"
          "log(text(n.array_big_u64(new BigUint64Array([2n ** 63n]))[0]));\n"
          "t(n.array_f64, new BigInt64Array([1n]));\n"
          "t(n.array_opt, new Int32Array([7]));\n"
          "t(n.array_bool, new Uint8Array(1)); t(n.array_str, new"
          " Uint8Array(1));\n"
          "const d = new Uint8Array(1); d.buffer.transfer();\n"
          "t(n.array_u8, d); t(n.array_f64, d);\n"
          "t(n.array_u8, new Uint8Array(new SharedArrayBuffer(1)));\n"
          "const lying = new Uint8Array([1, 2]);\n"
          "Object.defineProperty(lying, 'length', { value: 1000 });\n"
          "t(n.array_u8, lying);");
  CHECK_LOG(
      "[1,255]\n[1,255]\n[2]\n"
      "TypeError: array_u8: argument 1 'a[1]': expected integer, got 2.5\n"
      "RangeError: array_i8: argument 1 'a[1]': expected integer from -128 to"
      " 127, got 128\n"
      "[-5,5]\n[4294967295]\n[0.5]\n[0.1,-1]\n[-1]\n[1.5]\n[-1]\n"
      "RangeError: array_i64: argument 1 'a[0]': expected integer from"
      " -9223372036854775808 to 9223372036854775807, got 9223372036854775808n\n"
      "9223372036854775808n\n"
      "TypeError: array_f64: argument 1 'a[0]': expected number, got 1n\n"
      "[7]\n"
      "TypeError: array_bool: argument 1 'a': expected array, got Uint8Array\n"
      "TypeError: array_str: argument 1 'a': expected array, got Uint8Array\n"
      "TypeError: array_u8: argument 1 'a': the ArrayBuffer is detached or too"
      " short\n"
      "TypeError: array_f64: argument 1 'a': the ArrayBuffer is detached or too"
      " short\n"
      "TypeError: array_u8: argument 1 'a': expected memory of its own, got a"
      " view of a SharedArrayBuffer\n"
      "[1,2]\n");
}

TEST(an_array_refuses_other_values_and_says_where)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "t(n.array_f64, { length: 1, 0: 1 }); t(n.array_str, 'abc');\n"
      "t(n.array_f64, new Proxy([], {})); t(n.array_f64, null);\n"
      "t(n.array_f64, new ArrayBuffer(8)); t(n.array_row, [[1], [2, '3']]);\n"
      "t(n.array_path, [{ name: 'p', points: [{ x: 1, y: 2 }, { x: 1 }]"
      " }]);\n"
      "t(n.array_color, ['red', 'read']); t(n.array_f64, [1, , 3]);\n"
      "t(n.bad_array, 0); t(n.bad_array, 1);");
  CHECK_LOG(
      "TypeError: array_f64: argument 1 'a': expected array or typed array, got"
      " object\n"
      "TypeError: array_str: argument 1 'a': expected array, got string\n"
      "[]\n"
      "TypeError: array_f64: argument 1 'a': expected array or typed array, got"
      " null\n"
      "TypeError: array_f64: argument 1 'a': expected array or typed array, got"
      " ArrayBuffer\n"
      "TypeError: array_row: argument 1 'a[1][1]': expected number, got string\n"
      "TypeError: array_path: argument 1 'a[0].points[1].y': expected number,"
      " got undefined\n"
      "TypeError: array_color: argument 1 'a[1]': expected one of 'red',"
      " 'green', 'blue', got 'read'\n"
      "TypeError: array_f64: argument 1 'a[1]': expected number, got undefined\n"
      "RangeError: bad_array: result '[1].n': -9223372036854775808 is not a"
      " safe integer\n"
      "TypeError: bad_array: result: NULL with a length of 2\n");
}

TEST(elements_may_be_missing_where_the_type_says_so)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.array_opt, [1, , 3, undefined]); t(n.array_opt, [null]);\n"
          "t(n.opt_array); t(n.opt_array, ['a', null, undefined, 'b']);\n"
          "t(n.opt_array, null);\n"
          "log(text(n.array_opt([1, , 3]).hasOwnProperty(1)));");
  CHECK_LOG("[1,null,3,null]\n"
            "TypeError: array_opt: argument 1 'a[0]': expected integer, got"
            " null\n"
            "undefined\n[\"a\",null,null,\"b\"]\n"
            "TypeError: opt_array: argument 1 'a': expected array, got null\n"
            "true\n");
}

TEST(a_getter_that_changes_the_array_changes_nothing_read)
{
  tenon_runtime *rt = start();

  RUN(rt, "const shrink = [1, 2, 3]; Object.defineProperty(shrink, 0,\n"
          "  { get() { shrink.length = 2; return 1; }, configurable: true });\n"
          "t(n.array_opt, shrink);\n"
          "const grow = [1, 2]; Object.defineProperty(grow, 0,\n"
          "  { get() { grow.push(5); return 1; } });\n"
          "t(n.array_f64, grow);\n"
          "t(n.opt_array, Object.defineProperty(['a' + 1, 'b'], 1,\n"
          "  { get() { return 'x' + 1; } }));\n"
          "let b = new Uint8Array([65, 66]);\n"
          "t(n.first_of, b, Object.defineProperty([0], 0,\n"
          "  { get() { b.buffer.transfer(); return 1; } }));\n"
          "Object.defineProperty(Array.prototype, 0,\n"
          "  { set() { log('set'); }, configurable: true });\n"
          "const made = n.array_f64(new Float64Array([1, 2]));\n"
          "delete Array.prototype[0]; log(text(made));");
  CHECK_LOG("[1,2,null]\n[1,2]\n[\"a1\",\"x1\"]\n"
            "TypeError: first_of: argument 1 'b': the ArrayBuffer is detached"
            " or too short\n"
            "[1,2]\n");
}

TEST(elements_of_what_settles_a_deferred_are_copied)
{
  tenon_runtime *rt = start();

  RUN(rt, "await at(n.path_kept, { name: 'kept', points: [] });");
  CHECK_LOG("{\"name\":\"kept\",\"points\":[{\"x\":1,\"y\":2},{\"x\":3,"
            "\"y\":4}],\"colors\":[\"blue\"]}\n");
}

TEST(a_long_array_goes_in_and_out)
{
  tenon_runtime *rt = start();

  RUN(rt, "const a = Array.from({ length: 100000 }, (_, i) => i);\n"
          "const b = n.array_f64(a);\n"
          "log(`${b.length} ${b.every((x, i) => x === i)}`);\n"
          "t(n.array_len, a);");
  CHECK_LOG("100000 true\n100000\n");
}

TEST(an_array_past_the_memory_limit_is_not_begun)
{
  tenon_options options = {.size = sizeof options,
                           .memory_limit_bytes = 32 << 20};
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(&options, &rt));
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  RUN(rt, "t(n.array_f64, new Array(4294967295)); t(n.array_len, [1]);\n"
          "t(n.array_len, new Array(4294967295));");
  CHECK_LOG("InternalError: out of memory\n1\nInternalError: out of memory\n");
}

TEST(reading_a_long_array_can_be_ended)
{
  tenon_runtime *rt = start();
  uint64_t begin = t_now_ms();

  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 50));
  CHECK(t_eval_module(rt, "import { array_len } from 'native';\n"
                          "array_len(new Array(200000000));") != 0);
  CHECK_INT(TENON_LIMIT_TIME, tenon_runtime_limit(rt));
  CHECK(t_now_ms() - begin < 2500);
}
