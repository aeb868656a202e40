/* The words around types that are about a function as a whole: rest, this,
 * coerce, exhaustive. */
#include <stdio.h>
#include <string.h>

#include "harness.h"

#include <tenon/export.h>

TENON_MODULE_THREADS(any);

/* --- Natives ----------------------------------------------------------------- */

TENON_STRUCT(point, (f64, x), (f64, y, 0))
TENON_STRUCT(loose, (coerce(f64), x), (coerce(str), s, tenon_str_of("none")),
             (opt(coerce(bool)), b))

__attribute__((format(printf, 1, 2))) static tenon_str text_of(
    const char *format, ...)
{
  char *p = (char *)tenon_alloc(256);
  va_list ap;

  va_start(ap, format);
  if (p) vsnprintf(p, 256, format, ap);
  va_end(ap);
  return tenon_str_of(p);
}

/* rest */

TENON_FUNCTION(f64, sum, (rest(f64), all))
{
  double r = 0;
  size_t i;

  for (i = 0; i < all.len; i++)
    r += all.data[i];
  return r;
}

TENON_FUNCTION(str, join, (str, by), (i32, n, 7), (rest(str), all))
{
  char *p = tenon_alloc(256);
  size_t i;

  if (!p) return tenon_fail_memory();
  sprintf(p, "%d", (int)n);
  for (i = 0; i < all.len; i++)
    strcat(strcat(p, by.data), all.data[i].data);
  return tenon_str_of(p);
}

TENON_FUNCTION(f64, far, (u8, n), (rest(point), all))
{
  return all.len ? all.data[all.len - 1].x + n : -1;
}

TENON_FUNCTION(i32, holes, (rest(opt(i32)), all))
{
  int32_t n = 0;
  size_t i;

  for (i = 0; i < all.len; i++)
    n += !all.data[i];
  return n;
}

TENON_FUNCTION(u32, bytes_rest, (rest(bytes), all))
{
  return all.len ? all.data[0].data[0] : 0;
}

TENON_BLOCKING(f64, blocking_sum, (str, s), (rest(f64), all))
{
  return (double)s.len + (all.len ? all.data[all.len - 1] : 0);
}

TENON_ASYNC(str, async_rest, (rest(str), all))
{
  TENON_RESOLVE(async_rest, deferred,
                all.len ? all.data[all.len - 1] : tenon_str_of("none"));
}

TENON_FUNCTION(u32, bytes_then_rest, (bytes, b), (rest(point), all))
{
  return (uint32_t)b.len * 100 + (b.len ? b.data[0] : 0);
}

/* this */

TENON_FUNCTION(f64, norm1, (this(point), self))
{
  return self.x + self.y;
}

TENON_FUNCTION(f64, plus, (this(point), self), (f64, n), (f64, m, 100))
{
  return self.x + n + m;
}

TENON_FUNCTION(str, this_str, (this(str), self), (rest(str), all))
{
  return text_of("%s+%d", self.data, (int)all.len);
}

TENON_FUNCTION(str, this_opt, (this(opt(i32)), self), (str, s))
{
  return self ? text_of("%d%s", (int)*self, s.data) : s;
}

TENON_FUNCTION(i32, this_default, (this(i32), self, 40 + 2), (i32, n, 1))
{
  return self + n;
}

TENON_FUNCTION(i32, this_coerced, (this(coerce(i32)), self))
{
  return self;
}

TENON_FUNCTION(u32, this_bytes, (this(bytes), self), (opt(point), p))
{
  return (uint32_t)self.len * 100 + (self.len ? self.data[0] : 0);
}

TENON_BLOCKING(str, this_blocking, (this(str), self), (str, s))
{
  return text_of("%s %s", self.data, s.data);
}

TENON_ASYNC(f64, this_async, (this(point), self))
{
  TENON_RESOLVE(this_async, deferred, self.x);
}

/* coerce */

#define COERCED(T, TEXT_OF_X)                 \
  TENON_FUNCTION(str, co_##T, (coerce(T), x)) \
  {                                           \
    return TEXT_OF_X;                         \
  }
#define SIGNED text_of("%lld", (long long)x)
#define UNSIGNED text_of("%llu", (unsigned long long)x)
COERCED(i8, SIGNED)
COERCED(u8, UNSIGNED)
COERCED(i16, SIGNED)
COERCED(u16, UNSIGNED)
COERCED(i32, SIGNED)
COERCED(u32, UNSIGNED)
COERCED(i64, SIGNED)
COERCED(u64, UNSIGNED)
COERCED(size, UNSIGNED)
COERCED(f32, text_of("%g", (double)x))
COERCED(f64, text_of("%.17g", x))
COERCED(bool, tenon_str_of(x ? "true" : "false"))
COERCED(str, text_of("'%s'", x.data))
COERCED(cstr, text_of("'%s'", x))
COERCED(big_i64, SIGNED)
COERCED(big_u64, UNSIGNED)

TENON_FUNCTION(str, co_opt, (coerce(opt(i32)), a), (opt(coerce(i32)), b),
               (coerce(nullable(str)), c), (nullable(coerce(str)), d),
               (coerce(i32), e, 9))
{
  return text_of("%d %d %s %s %d", a ? (int)*a : -1, b ? (int)*b : -1,
                 c ? c->data : "-", d ? d->data : "-", (int)e);
}

TENON_FUNCTION(str, co_members, (loose, l))
{
  return text_of("%g %s %s", l.x, l.s.data,
                 !l.b   ? "none"
                 : *l.b ? "true"
                        : "false");
}

TENON_ARRAY(numbers, coerce(f64))

TENON_FUNCTION(f64, co_array, (array(coerce(f64)), a), (numbers, b),
               (rest(coerce(f64)), c))
{
  return a.data[a.len - 1] + b.data[b.len - 1] + c.data[c.len - 1];
}

TENON_FUNCTION(str, co_order, (coerce(str), a), (coerce(f64), b),
               (coerce(bool), c))
{
  return text_of("%s %g %d", a.data, b, c);
}

TENON_FUNCTION(u32, bytes_then_coerce, (bytes, b), (coerce(f64), x))
{
  return (uint32_t)b.len * 100 + (b.len ? b.data[0] : 0);
}

TENON_BLOCKING(str, co_blocking, (bytes, b), (coerce(str), s))
{
  return text_of("%d %s", b.len ? b.data[0] : -1, s.data);
}

/* exhaustive */

TENON_FUNCTION(exhaustive(i64), ex_one, (i64, n))
{
  return n;
}

TENON_FUNCTION(exhaustive(none), ex_none)
{}

TENON_FUNCTION(exhaustive(f64), ex_opt, (f64, a), (f64, b, 1), (opt(f64), c))
{
  return a + b + (c ? *c : 0);
}

TENON_FUNCTION(exhaustive(opt(str)), ex_all_opt, (opt(str), s))
{
  return s;
}

TENON_FUNCTION(exhaustive(f64), ex_this, (this(point), self), (f64, n))
{
  return self.x + n;
}

TENON_FUNCTION(exhaustive(f64), ex_rest, (rest(f64), all))
{
  return (double)all.len;
}

TENON_BLOCKING(exhaustive(i32), ex_blocking, (i32, n))
{
  return n;
}

TENON_ASYNC(exhaustive(none), ex_async, (i32, n, 1))
{
  (void)n;
  TENON_RESOLVE(ex_async, deferred);
}

/* --- Helpers ------------------------------------------------------------------- */

#define PRELUDE                                                               \
  "import { log as write } from 'test'; import * as n from 'native';\n"       \
  "const log = (...a) => write(a.map(String).join(' '));\n"                   \
  "const t = (f, ...a) => { try { log(f(...a)); } catch (e) { log(e); } };\n" \
  "const on = (self, f, ...a) => t(() => f.apply(self, a));\n"                \
  "const r = async p => { try { log(await p); } catch (e) { log(e); } };\n"
#define RUN(rt, source) t_run(rt, PRELUDE source)

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  return rt;
}

/* --- rest -------------------------------------------------------------------------- */

TEST(rest_takes_all_arguments_from_its_place_on)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(n.sum(), n.sum(1), n.sum(1, 2, 3), n.join(','),\n"
          "  n.join(',', 1), n.join(',', undefined, 'a'),\n"
          "  n.join('-', 2, 'a', 'b', 'c'));\n"
          "log(n.sum(...Array(10000).fill(2)));\n"
          "log(n.far(1), n.far(1, { x: 1 }, { x: 5 }));\n"
          "log(n.holes(), n.holes(undefined), n.holes(1, undefined, 2));");
  CHECK_LOG("0 1 6 7 1 7,a 2-a-b-c\n20000\n-1 6\n0 1 1\n");
}

TEST(rest_is_not_counted)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(n.sum.length, n.join.length, n.far.length);\n"
          "t(n.join); t(n.far);");
  CHECK_LOG("0 1 1\n"
            "TypeError: join: expected at least 1 argument, got 0\n"
            "TypeError: far: expected at least 1 argument, got 0\n");
}

TEST(rest_is_refused_at_the_place_of_the_argument)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.sum, 'x'); t(n.sum, 1, 2, 'x'); t(n.join, ',', 1, 'a', 5);\n"
          "t(n.far, 1, { x: 1 }, { x: 'x' }); t(n.far, 1, 2);\n"
          "t(n.holes, 1, null); t(n.join, ',', 1, ['a', 'b']);");
  CHECK_LOG("TypeError: sum: argument 1 'all[0]': expected number, got string\n"
            "TypeError: sum: argument 3 'all[2]': expected number, got string\n"
            "TypeError: join: argument 4 'all[1]': expected string, got 5\n"
            "TypeError: far: argument 3 'all[1].x': expected number, got "
            "string\n"
            "TypeError: far: argument 2 'all[0]': expected object, got 2\n"
            "TypeError: holes: argument 2 'all[1]': expected integer, got "
            "null\n"
            "TypeError: join: argument 3 'all[0]': expected string, got "
            "array\n");
}

TEST(rest_works_off_the_loop)
{
  tenon_runtime *rt = start();

  RUN(rt, "await r(n.sum.async(1, 2)); await r(n.sum.async());\n"
          "await r(n.blocking_sum('ab', 1, 2)); await r(n.blocking_sum('a'));\n"
          "await r(n.async_rest('a', 'b')); await r(n.async_rest());\n"
          "await r(n.async_rest('a', 1)); await r(n.blocking_sum('a', 1n));");
  CHECK_LOG(
      "3\n0\n4\n1\nb\nnone\n"
      "TypeError: async_rest: argument 2 'all[1]': expected string, got "
      "1\n"
      "TypeError: blocking_sum: argument 2 'all[0]': expected number, got "
      "1n\n");
}

TEST(bytes_in_rest_are_copies)
{
  tenon_runtime *rt = start();

  RUN(rt, "const u = new Uint8Array([5]);\n"
          "log(n.bytes_rest(u, u), n.bytes_rest());\n"
          "t(n.bytes_rest, u, null);");
  CHECK_LOG("5 0\nTypeError: bytes_rest: argument 2 'all[1]': expected "
            "Uint8Array or ArrayBuffer, got null\n");
}

TEST(bytes_before_rest_are_those_when_the_last_getter_has_run)
{
  tenon_runtime *rt = start();

  RUN(rt, "const u = new Uint8Array([5, 6]);\n"
          "t(n.bytes_then_rest, u, { x: 1 }, { get x() { u[0] = 9;\n"
          "  return 1; } });\n"
          "t(n.bytes_then_rest, u, { get x() { u.buffer.transfer();\n"
          "  return 1; } });");
  CHECK_LOG("209\nTypeError: bytes_then_rest: argument 1 'b': the ArrayBuffer "
            "is detached or too short\n");
}

/* --- this --------------------------------------------------------------------------- */

TEST(this_is_the_receiver_of_the_call)
{
  tenon_runtime *rt = start();

  RUN(rt, "const p = { x: 3, y: 4, norm1: n.norm1, plus: n.plus };\n"
          "log(p.norm1(), p['plus'](1), p.plus(1, 1), p?.norm1());\n"
          "log(n.norm1.call({ x: 1 }), Reflect.apply(n.norm1, p, []),\n"
          "  n.norm1.bind(p)());\n"
          "class P { x = 1; get y() { return 7; } }\n"
          "P.prototype.norm1 = n.norm1; log(new P().norm1());\n"
          "Object.defineProperty(P.prototype, 'norm', { get: n.norm1 });\n"
          "log(new P().norm);\n"
          "on('text', n.this_str, 'a', 'b');");
  CHECK_LOG("7 104 5 7\n1 7 7\n8\n8\ntext+2\n");
}

TEST(this_is_no_argument)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(n.norm1.length, n.plus.length, n.this_str.length,\n"
          "  n.this_opt.length, n.this_default.length);\n"
          "on({ x: 1 }, n.plus); on({ x: 1 }, n.plus, 'a');\n"
          "on({ x: 1 }, n.plus, 1, 'a'); on('a', n.this_str, 'b', 5);");
  CHECK_LOG("0 1 0 1 0\n"
            "TypeError: plus: expected at least 1 argument, got 0\n"
            "TypeError: plus: argument 1 'n': expected number, got string\n"
            "TypeError: plus: argument 2 'm': expected number, got string\n"
            "TypeError: this_str: argument 2 'all[1]': expected string, got "
            "5\n");
}

TEST(a_receiver_that_does_not_fit_is_refused)
{
  tenon_runtime *rt = start();

  RUN(rt, "const { norm1, this_str } = n;\n"
          "t(() => norm1()); t(() => n.norm1()); on(5, n.norm1);\n"
          "on(null, n.norm1); on({ x: 1, y: 'a' }, n.norm1);\n"
          "t(() => this_str()); on(Object('x'), n.this_str);\n"
          "t(() => new n.norm1());");
  CHECK_LOG("TypeError: norm1: this: expected object, got undefined\n"
            "TypeError: norm1: this.x: expected number, got undefined\n"
            "TypeError: norm1: this: expected object, got 5\n"
            "TypeError: norm1: this: expected object, got null\n"
            "TypeError: norm1: this.y: expected number, got string\n"
            "TypeError: this_str: this: expected string, got undefined\n"
            "TypeError: this_str: this: expected string, got String\n"
            "TypeError: not a constructor\n");
}

TEST(this_may_be_optional_have_a_default_and_be_coerced)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "on(undefined, n.this_opt, 'a'); on(5, n.this_opt, 'a');\n"
      "on(null, n.this_opt, 'a');\n"
      "on(undefined, n.this_default); on(1, n.this_default, 2);\n"
      "on('12', n.this_coerced); on({ valueOf: () => 6 }, n.this_coerced);\n"
      "on('x', n.this_coerced);");
  CHECK_LOG("a\n5a\nTypeError: this_opt: this: expected integer, got null\n"
            "43\n3\n12\n6\n"
            "TypeError: this_coerced: this: expected integer, got NaN\n");
}

TEST(this_works_off_the_loop)
{
  tenon_runtime *rt = start();

  RUN(rt, "const o = { x: 2, f: n.norm1, b: n.this_blocking,\n"
          "  a: n.this_async };\n"
          "await r(o.f.async.call({ x: 5, y: 6 }));\n"
          "await r(o.f.async());\n"
          "await r(n.this_blocking.call('me', 'too')); await r(o.b('too'));\n"
          "await r(o.a()); const { this_async } = n; await r(this_async());\n"
          "log(n.this_async.async, n.norm1.async === n.norm1.async);");
  CHECK_LOG("11\nTypeError: norm1: this.x: expected number, got undefined\n"
            "me too\n"
            "TypeError: this_blocking: this: expected string, got object\n"
            "2\nTypeError: this_async: this: expected object, got undefined\n"
            "undefined true\n");
}

TEST(bytes_of_this_are_those_when_the_last_getter_has_run)
{
  tenon_runtime *rt = start();

  RUN(rt, "const u = new Uint8Array([5, 6]);\n"
          "on(u, n.this_bytes); on(u, n.this_bytes, { get x() { u[0] = 9;\n"
          "  return 1; } });\n"
          "on(u, n.this_bytes, { get x() { u.buffer.transfer();\n"
          "  return 1; } });");
  CHECK_LOG("205\n209\nTypeError: this_bytes: this: the ArrayBuffer is "
            "detached or too short\n");
}

/* --- coerce -------------------------------------------------------------------------- */

TEST(numbers_are_coerced_as_number_does_and_are_then_strict)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const v of ['12', ' 0x10 ', '', true, null, [], [7], 12n,\n"
          "  new Date(5), { valueOf: () => '3' },\n"
          "  { toString: () => '4', valueOf: null }, -0])\n"
          "  log(n.co_i8(v), n.co_u16(v), n.co_i32(v), n.co_i64(v),\n"
          "    n.co_size(v), n.co_f32(v), n.co_f64(v));");
  CHECK_LOG("12 12 12 12 12 12 12\n16 16 16 16 16 16 16\n0 0 0 0 0 0 0\n"
            "1 1 1 1 1 1 1\n0 0 0 0 0 0 0\n0 0 0 0 0 0 0\n7 7 7 7 7 7 7\n"
            "12 12 12 12 12 12 12\n5 5 5 5 5 5 5\n3 3 3 3 3 3 3\n"
            "4 4 4 4 4 4 4\n0 0 0 0 0 -0 -0\n");
}

TEST(what_is_not_exact_after_coercion_is_refused)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.co_i32, 'x'); t(n.co_i32, undefined); t(n.co_i32, '1.5');\n"
          "t(n.co_u8, '256'); t(n.co_u8, -1n); t(n.co_i32, Symbol('s'));\n"
          "t(n.co_f64, Symbol('s')); t(n.co_i32);\n"
          "log(n.co_f64('x'), n.co_f64(undefined), n.co_f64(2n ** 70n),\n"
          "  n.co_f64(-(2n ** 2000n)));\n"
          "log(n.co_i64(2n ** 62n), n.co_u64(2n ** 64n - 1n));\n"
          "t(n.co_i64, '9007199254740993'); t(n.co_u64, 2n ** 64n);\n"
          "t(n.co_u64, '-1'); t(n.co_i64, 'x');");
  CHECK_LOG(
      "TypeError: co_i32: argument 1 'x': expected integer, got NaN\n"
      "TypeError: co_i32: argument 1 'x': expected integer, got NaN\n"
      "TypeError: co_i32: argument 1 'x': expected integer, got 1.5\n"
      "RangeError: co_u8: argument 1 'x': expected integer from 0 to 255, got "
      "256\n"
      "RangeError: co_u8: argument 1 'x': expected integer from 0 to 255, got "
      "-1\n"
      "TypeError: co_i32: argument 1 'x': expected number, got symbol\n"
      "TypeError: co_f64: argument 1 'x': expected number, got symbol\n"
      "TypeError: co_i32: expected 1 argument, got 0\n"
      "nan nan 1.1805916207174113e+21 -inf\n"
      "4611686018427387904 18446744073709551615\n"
      "RangeError: co_i64: argument 1 'x': 9007199254740992 is not a safe "
      "integer, pass a BigInt\n"
      "RangeError: co_u64: argument 1 'x': expected integer from 0 to "
      "18446744073709551615, got 18446744073709551616n\n"
      "RangeError: co_u64: argument 1 'x': expected integer from 0 to "
      "18446744073709551615, got -1\n"
      "TypeError: co_i64: argument 1 'x': expected integer, got NaN\n");
}

TEST(bigints_are_coerced_as_bigint_does)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "for (const v of ['12', ' 0x10 ', '', true, [7], 12n, 5, -0, 2 ** 60,\n"
      "  '9007199254740993', { valueOf: () => 3n }])\n"
      "  log(n.co_big_i64(v), n.co_big_u64(v));\n"
      "log(n.co_big_i64('-9223372036854775808'), n.co_big_u64(2 ** 63));\n"
      "for (const v of ['1.5', 1.5, NaN, Infinity, null, undefined, 'x',\n"
      "  '1n', '-', Symbol(), -1, 2 ** 64, '18446744073709551616', -1e300])"
      "\n  t(n.co_big_u64, v);\n"
      "t(n.co_big_i64, -1e19); t(n.co_big_i64, 2 ** 63);");
#define BIG "TypeError: co_big_u64: argument 1 'x': expected bigint, got "
#define RANGE                                                           \
  "RangeError: co_big_u64: argument 1 'x': expected integer from 0 to " \
  "18446744073709551615, got "
  CHECK_LOG("12 12\n16 16\n0 0\n1 1\n7 7\n12 12\n5 5\n0 0\n"
            "1152921504606846976 1152921504606846976\n"
            "9007199254740993 9007199254740993\n3 3\n"
            "-9223372036854775808 9223372036854775808\n" BIG "string\n" BIG
            "1.5\n" BIG "NaN\n" BIG "Infinity\n" BIG "null\n" BIG
            "undefined\n" BIG "string\n" BIG "string\n" BIG "string\n" BIG
            "symbol\n" RANGE "-1n\n" RANGE "18446744073709551616n\n" RANGE
            "18446744073709551616n\n" RANGE "a longer bigint\n"
            "RangeError: co_big_i64: argument 1 'x': expected integer from "
            "-9223372036854775808 to 9223372036854775807, got "
            "-10000000000000000000n\n"
            "RangeError: co_big_i64: argument 1 'x': expected integer from "
            "-9223372036854775808 to 9223372036854775807, got "
            "9223372036854775808n\n");
}

TEST(strings_and_booleans_are_coerced)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(...['a', 1.5, null, undefined, true, 10n, [1, [2]], {}, -0,\n"
          "  { toString: () => 'own' }].map(v => n.co_str(v)));\n"
          "log(n.co_cstr(5)); t(n.co_cstr, ['a\\0b']); t(n.co_str, Symbol());\n"
          "t(n.co_str, { toString: () => Symbol() });\n"
          "t(n.co_str, Object.create(null));\n"
          "log(...[0, 1, '', 'false', null, undefined, {}, NaN, 0n, Symbol()]\n"
          "  .map(v => n.co_bool(v))); t(n.co_bool);");
  CHECK_LOG("'a' '1.5' 'null' 'undefined' 'true' '10' '1,2' '[object Object]' "
            "'0' 'own'\n'5'\n"
            "TypeError: co_cstr: argument 1 'x': expected string without NUL, "
            "got one with it\n"
            "TypeError: co_str: argument 1 'x': expected string, got symbol\n"
            "TypeError: co_str: argument 1 'x': expected string, got symbol\n"
            "TypeError: toPrimitive\n"
            "false true false true false false true false false true\n"
            "TypeError: co_bool: expected 1 argument, got 0\n");
}

TEST(coercion_goes_together_with_opt_nullable_and_defaults)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(n.co_opt()); log(n.co_opt('1', true, 2, 3, '4'));\n"
          "log(n.co_opt(undefined, undefined, null, null, undefined));\n"
          "log(n.co_opt(null, null, undefined, undefined, null));\n"
          "log(n.co_opt.length); t(n.co_opt, 'x');");
  CHECK_LOG("-1 -1 - - 9\n1 1 2 3 4\n-1 -1 - - 9\n0 0 - - 0\n0\n"
            "TypeError: co_opt: argument 1 'a': expected integer, got NaN\n");
}

TEST(members_and_elements_are_coerced_too)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(n.co_members({ x: '1.5', s: 5, b: 'x' }));\n"
          "log(n.co_members({ x: null, b: 0 }));\n"
          "t(n.co_members, { x: Symbol() });\n"
          "log(n.co_array(['1'], [true], 1, '4'));\n"
          "log(n.co_array(new Float64Array([1]), [[5]], null));\n"
          "t(n.co_array, [Symbol()], [1], 1);\n"
          "t(n.co_array, [1], [1], 1, Symbol());");
  CHECK_LOG("1.5 5 true\n0 none false\n"
            "TypeError: co_members: argument 1 'l.x': expected number, got "
            "symbol\n6\n6\n"
            "TypeError: co_array: argument 1 'a[0]': expected number, got "
            "symbol\n"
            "TypeError: co_array: argument 4 'c[1]': expected number, got "
            "symbol\n");
}

TEST(coercion_runs_scripts_once_in_the_order_of_the_arguments)
{
  tenon_runtime *rt = start();

  RUN(rt, "const v = (s, x) => ({ [Symbol.toPrimitive](hint) {\n"
          "  log(s, hint); return x; } });\n"
          "log(n.co_order(v('a', 5), v('b', '6'), v('c', 0)));");
  CHECK_LOG("a string\nb number\n5 6 1\n");
}

TEST(what_a_value_throws_when_it_is_coerced_is_left_alone)
{
  tenon_runtime *rt = start();

  RUN(rt, "const own = { own: true };\n"
          "const v = { valueOf() { throw own; }, toString() { throw own; } };\n"
          "for (const f of [n.co_i32, n.co_str, n.co_big_i64, n.co_f32])\n"
          "  try { f(v); } catch (e) { log(e === own); }\n"
          "await n.co_blocking(new Uint8Array(1), v).catch(e =>\n"
          "  log(e === own));");
  CHECK_LOG("true\ntrue\ntrue\ntrue\ntrue\n");
}

TEST(bytes_before_what_is_coerced_are_read_again)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "const u = new Uint8Array([5, 6]);\n"
      "log(n.bytes_then_coerce(u, '1'));\n"
      "log(n.bytes_then_coerce(u, { valueOf() { u[0] = 9; return 1; } }));\n"
      "t(n.bytes_then_coerce, u, { valueOf() { u.buffer.transfer();\n"
      "  return 1; } });\n"
      "const w = new Uint8Array([7]);\n"
      "await r(n.co_blocking(w, { toString() { w.buffer.transfer();\n"
      "  return 's'; } }));");
  CHECK_LOG("205\n209\nTypeError: bytes_then_coerce: argument 1 'b': the "
            "ArrayBuffer is detached or too short\n7 s\n");
}

/* --- exhaustive ----------------------------------------------------------------------- */

TEST(more_arguments_than_parameters_are_refused)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(n.ex_one(5), n.ex_none(), n.ex_opt(1), n.ex_opt(1, 2, 3),\n"
          "  n.ex_all_opt(), n.ex_all_opt('a'));\n"
          "t(n.ex_one, 1, 2); t(n.ex_one, 1, undefined); t(n.ex_none, 1);\n"
          "t(n.ex_opt, 1, 2, 3, 4, 5); t(n.ex_all_opt, 'a', 'b');\n"
          "t(n.ex_one); t(n.ex_opt); t(n.ex_one, 'x', 2); t(n.ex_one, 'x');");
  CHECK_LOG("5 undefined 2 6 undefined a\n"
            "TypeError: ex_one: expected 1 argument, got 2\n"
            "TypeError: ex_one: expected 1 argument, got 2\n"
            "TypeError: ex_none: expected 0 arguments, got 1\n"
            "TypeError: ex_opt: expected at most 3 arguments, got 5\n"
            "TypeError: ex_all_opt: expected at most 1 argument, got 2\n"
            "TypeError: ex_one: expected 1 argument, got 0\n"
            "TypeError: ex_opt: expected at least 1 argument, got 0\n"
            "TypeError: ex_one: expected 1 argument, got 2\n"
            "TypeError: ex_one: argument 1 'n': expected integer, got "
            "string\n");
}

TEST(exhaustive_does_not_count_this_and_has_no_end_with_rest)
{
  tenon_runtime *rt = start();

  RUN(rt, "on({ x: 1 }, n.ex_this, 2); on({ x: 1 }, n.ex_this, 2, 3);\n"
          "log(n.ex_rest(1, 2, 3));");
  CHECK_LOG("3\nTypeError: ex_this: expected 1 argument, got 2\n3\n");
}

TEST(exhaustive_promises_are_rejected)
{
  tenon_runtime *rt = start();

  RUN(rt, "await r(n.ex_blocking(1)); await r(n.ex_blocking(1, 2));\n"
          "await r(n.ex_async()); await r(n.ex_async(1, 2));\n"
          "await r(n.ex_one.async(3)); await r(n.ex_one.async(3, 4));");
  CHECK_LOG("1\nTypeError: ex_blocking: expected 1 argument, got 2\n"
            "undefined\n"
            "TypeError: ex_async: expected at most 1 argument, got 2\n"
            "3\nTypeError: ex_one: expected 1 argument, got 2\n");
}

TEST(an_error_of_the_number_of_arguments_has_the_function_in_its_trace)
{
  tenon_runtime *rt = start();

  RUN(rt, "try { n.ex_one(1, 2); } catch (e) {\n"
          "  log(e.stack.split('\\n')[0].trim()); }\n"
          "try { n.norm1.call(1); } catch (e) {\n"
          "  log(e.stack.split('\\n')[0].trim()); }");
  CHECK_LOG("at ex_one (native)\nat norm1 (native)\n");
}
