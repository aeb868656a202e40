/* Calls of native functions, and the function objects themselves. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#include <quickjs.h>
#include <tenon/export.h>

#include "engine/engine.h"

/* A request for nearly all of memory is to return NULL, not to abort. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
  return "allocator_may_return_null=1";
}

/* --- Natives: failing ---------------------------------------------------------- */

static bool went_on;

TENON_FUNCTION(i64, fail_in_body, (str, text))
{
  return tenon_fail(TENON_RANGE_ERROR, "body: %s", text.data);
}

static int helper(const char *text)
{
  return tenon_fail(TENON_TYPE_ERROR, "helper: %s", text);
}

TENON_FUNCTION(i32, fail_in_helper, (str, text))
{
  int r = helper(text.data);

  went_on = true;
  return r;
}

TENON_FUNCTION(str, fail_twice)
{
  tenon_fail(TENON_RANGE_ERROR, "first");
  helper("second");
  return tenon_fail(TENON_ERROR, "third");
}

TENON_FUNCTION(i64, fail_and_return, (i64, n))
{
  tenon_fail(TENON_ERROR, "failed");
  return n;
}

TENON_FUNCTION(none, fail_none)
{
  tenon_fail(TENON_ERROR, "none");
  return;
}

/* A value of each shape of result is made by tenon_fail. */
TENON_FUNCTION(bool, fail_bool)
{
  return tenon_fail(TENON_ERROR, "bool");
}

TENON_FUNCTION(f64, fail_f64)
{
  return tenon_fail(TENON_ERROR, "f64");
}

TENON_FUNCTION(str, fail_str)
{
  return tenon_fail(TENON_ERROR, "str");
}

TENON_FUNCTION(bytes, fail_bytes)
{
  return tenon_fail(TENON_ERROR, "bytes");
}

TENON_FUNCTION(opt(i32), fail_opt)
{
  return tenon_fail(TENON_ERROR, "opt");
}

/* --- Natives: memory and order ---------------------------------------------------- */

static char order[64];

static void note(void *p)
{
  strncat(order, (const char *)p, sizeof order - strlen(order) - 1);
}

TENON_FUNCTION(str, defer_three, (bool, is_failing))
{
  char *p = (char *)tenon_alloc(1000);

  tenon_defer(note, (void *)"1");
  tenon_defer(note, (void *)"2");
  strcpy(p, "3");
  tenon_defer(note, p);
  strcat(order, "body ");
  if (is_failing) return tenon_fail(TENON_ERROR, "deferred");
  return tenon_str_of("done");
}

TENON_BLOCKING(none, defer_off_the_loop)
{
  tenon_defer(note, (void *)"1");
  tenon_defer(note, (void *)"2");
}

static void note_and_call(void *p)
{
  note(p);
  tenon_fail(TENON_ERROR, "too late");
  if (tenon_alloc(8)) note((void *)"!");
  if (tenon_defer(note, (void *)"at once ")) note((void *)"!");
}

TENON_FUNCTION(i32, defer_in_defer)
{
  tenon_defer(note_and_call, (void *)"cleanup ");
  return 7;
}

TENON_FUNCTION(bool, defer_null)
{
  return tenon_defer(note, NULL) == NULL;
}

TENON_FUNCTION(bool, alloc_extremes)
{
  void *zero = tenon_alloc(0), *small = tenon_alloc(1);

  return zero && small && !tenon_alloc(SIZE_MAX) &&
         !tenon_alloc(SIZE_MAX - 15) && !tenon_alloc(SIZE_MAX - 64) &&
         !tenon_alloc(SIZE_MAX / 2) && tenon_alloc(1 << 20);
}

/* All are aligned, apart from each other, and keep what is written. */
TENON_FUNCTION(bool, alloc_many, (u32, count), (u32, size))
{
  unsigned char **p = (unsigned char **)tenon_alloc(count * sizeof *p);
  uint32_t i, k;

  for (i = 0; i < count; i++) {
    p[i] = (unsigned char *)tenon_alloc(size);
    if (!p[i] || (uintptr_t)p[i] % 16) return false;
    memset(p[i], (int)(i % 251), size);
  }
  for (i = 0; i < count; i++)
    for (k = 0; k < size; k++)
      if (p[i][k] != i % 251) return false;
  return true;
}

TENON_FUNCTION(str, formatted, (str, name), (i32, count))
{
  char *p = (char *)tenon_alloc(name.len + 32);

  if (!p) return tenon_fail(TENON_ERROR, "out of memory");
  sprintf(p, "%s %d", name.data, (int)count);
  return tenon_str_of(p);
}

/* --- Natives: results that point at arguments ---------------------------------------- */

TENON_FUNCTION(str, tail, (str, s), (u32, from))
{
  return (tenon_str){s.data + from, s.len - from};
}

TENON_FUNCTION(bytes, middle, (bytes, b))
{
  return (tenon_bytes){b.data + 1, b.len - 2};
}

TENON_FUNCTION(opt(f64), same_opt, (opt(f64), x))
{
  return x;
}

TENON_BLOCKING(str, tail_blocking, (str, s))
{
  return (tenon_str){s.data + 1, s.len - 1};
}

/* --- Natives: one for each way of entering ---------------------------------------------- */

TENON_FUNCTION(none, noop)
{}

TENON_FUNCTION(f64, f1, (f64, a))
{
  return -a;
}

TENON_FUNCTION(f64, f2, (f64, a), (f64, b))
{
  return a - b;
}

TENON_FUNCTION(i64, i1, (i64, a))
{
  return -a;
}

TENON_FUNCTION(i64, i2, (i64, a), (i64, b))
{
  return a - b;
}

TENON_FUNCTION(i64, s1, (str, a))
{
  return (int64_t)a.len;
}

TENON_FUNCTION(i64, b1, (bytes, a))
{
  return (int64_t)a.len;
}

TENON_FUNCTION(i32, zero_to_i32)
{
  return 42;
}

TENON_FUNCTION(str, mixed2, (bool, a), (i32, b))
{
  return tenon_str_of(a && b == -5 ? "right" : "wrong");
}

TENON_FUNCTION(str, mixed3, (u8, a), (str, b), (f32, c))
{
  char *p = (char *)tenon_alloc(40);

  if (!p) return tenon_fail(TENON_ERROR, "out of memory");
  snprintf(p, 40, "%d %s %g", a, b.data, (double)c);
  return tenon_str_of(p);
}

#define SUM_4(a, b, c, d) ((a) + 10 * (b) + 100 * (c) + 1000 * (d))
TENON_FUNCTION(f64, four, (u8, a), (i16, b), (u32, c), (f64, d))
{
  return SUM_4(a, b, c, d);
}

TENON_FUNCTION(str, twenty_four, (str, a), (i8, b), (str, c), (i64, d), (u8, e),
               (f64, f), (bool, g), (bytes, h), (i32, i), (u16, j), (str, k),
               (f32, l), (str, m), (i8, n), (str, o), (i64, p), (u8, q),
               (f64, r), (bool, s), (bytes, t), (i32, u), (u16, v), (str, w),
               (f32, x))
{
  char *s_ = (char *)tenon_alloc(400);

  if (!s_) return tenon_fail(TENON_ERROR, "out of memory");
  snprintf(s_, 400,
           "%s %d %s %d %d %g %d %d %d %d %s %g %s %d %s %d %d %g %d %d %d "
           "%d %s %g",
           a.data, b, c.data, (int)d, e, f, g, (int)h.len, (int)i, j, k.data,
           (double)l, m.data, n, o.data, (int)p, q, r, s, (int)t.len, (int)u, v,
           w.data, (double)x);
  return tenon_str_of(s_);
}

TENON_FUNCTION(f64, optional_24, (f64, a, 1), (f64, b, 1), (f64, c, 1),
               (f64, d, 1), (f64, e, 1), (f64, f, 1), (f64, g, 1), (f64, h, 1),
               (f64, i, 1), (f64, j, 1), (f64, k, 1), (f64, l, 1), (f64, m, 1),
               (f64, n, 1), (f64, o, 1), (f64, p, 1), (f64, q, 1), (f64, r, 1),
               (f64, s, 1), (f64, t, 1), (f64, u, 1), (f64, v, 1), (f64, w, 1),
               (f64, x, 1))
{
  return a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r +
         s + t + u + v + w + x;
}

/* --- Natives: defaults ---------------------------------------------------------------------- */

static int asked;

static int ask(int digit)
{
  asked = asked * 10 + digit;
  return digit;
}

TENON_FUNCTION(i32, defaults, (i32, a, ask(1)), (i32, b, ask(2)),
               (i32, c, ask(3)))
{
  return 100 * a + 10 * b + c;
}

TENON_FUNCTION(i32, needed_last, (i32, a, ask(4)), (i32, b))
{
  return 10 * a + b;
}

TENON_FUNCTION(i32, refused_last, (i32, a, ask(5)), (u8, b))
{
  return 10 * a + b;
}

/* Names that the macros' own code might use. */
static const int a = 1, args = 2, result = 3;
static const tenon_str name = {"name", 4};

TENON_FUNCTION(i32, names, (i32, x, a), (i32, y, args), (i32, z, result))
{
  return 100 * x + 10 * y + z;
}

TENON_FUNCTION(str, name_of, (str, text, name))
{
  return text;
}

TENON_FUNCTION(i32, own_names, (i32, a), (i32, args), (i32, result),
               (i32, call), (i32, absent), (i32, m), (i32, c))
{
  return a + args + result + call + absent + m + c;
}

/* --- Helpers ---------------------------------------------------------------------------------- */

#define PRELUDE                                                         \
  "import { log as write } from 'test'; import * as n from 'native';\n" \
  "const log = (...a) => write(a.map(String).join(' '));\n"             \
  "const t = (f, ...a) => {\n"                                          \
  "  try { log(f(...a)); } catch (e) { log(e); } };\n"
#define RUN(rt, source) t_run(rt, PRELUDE source)

/* The same functions in a module whose functions may be called anywhere. */
static const tenon_module *any_entry(void)
{
  static tenon_module m;

  m = *tenon_module_v1();
  m.threads = TENON_THREADS_any;
  return &m;
}

static const tenon_module *serial_entry(void)
{
  static tenon_module m;

  m = *tenon_module_v1();
  m.threads = TENON_THREADS_serial;
  return &m;
}

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  CHECK_INT(0, tenon_runtime_add_module(rt, "any", any_entry));
  CHECK_INT(0, tenon_runtime_add_module(rt, "serial", serial_entry));
  order[0] = '\0';
  asked = 0;
  went_on = false;
  return rt;
}

/* --- tenon_fail ----------------------------------------------------------------------------------- */

TEST(a_failure_in_the_body_is_thrown)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.fail_in_body, 'caf\\xe9'); t(n.fail_none);");
  CHECK_LOG("RangeError: body: caf\xc3\xa9\nError: none\n");
}

TEST(a_failure_in_a_helper_is_thrown_when_the_function_returns)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.fail_in_helper, 'x');");
  CHECK_LOG("TypeError: helper: x\n");
  CHECK(went_on);
}

TEST(the_first_failure_stands)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.fail_twice);");
  CHECK_LOG("RangeError: first\n");
}

TEST(a_failure_wins_over_a_result)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.fail_and_return, 1); t(n.fail_and_return, 2n ** 60n);");
  CHECK_LOG("Error: failed\nError: failed\n");
}

TEST(a_failure_is_a_value_of_every_result_type)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.fail_bool); t(n.fail_f64); t(n.fail_str); t(n.fail_bytes);\n"
          "t(n.fail_opt);");
  CHECK_LOG("Error: bool\nError: f64\nError: str\nError: bytes\nError: opt\n");
}

TEST(a_failure_is_over_with_its_call)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.fail_none); t(n.zero_to_i32); t(n.fail_none); t(n.f1, 1);");
  CHECK_LOG("Error: none\n42\nError: none\n-1\n");
}

TEST(a_failure_outside_of_a_call_is_ignored)
{
  tenon_runtime *rt = start();

  RUN(rt, "n.noop();");
  CHECK_INT(-1, helper("nobody"));
  CHECK(tenon_alloc(8) == NULL);
  CHECK(tenon_defer(note, (void *)"now") == NULL);
  CHECK_TEXT("now", order);
  RUN(rt, "t(n.zero_to_i32);");
  CHECK_LOG("42\n");
}

TEST(a_described_function_can_be_called_from_c)
{
  CHECK_INT(-7, i1(7));
  CHECK(f2(3, 1) == 2);
  CHECK_INT(42, zero_to_i32());
  noop();
}

/* --- Memory and order ------------------------------------------------------------------------------- */

TEST(cleanups_run_last_registered_first)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.defer_three, false);");
  CHECK_LOG("done\n");
  CHECK_TEXT("body 321", order);
}

TEST(cleanups_run_after_a_failure)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.defer_three, true);");
  CHECK_LOG("Error: deferred\n");
  CHECK_TEXT("body 321", order);
}

TEST(cleanups_of_a_call_off_the_loop_run)
{
  tenon_runtime *rt = start();

  RUN(rt, "await n.defer_off_the_loop();");
  CHECK_TEXT("21", order);
}

TEST(cleanups_of_a_serial_module_run)
{
  tenon_runtime *rt = start();

  RUN(rt, "import { defer_three } from 'serial';\n"
          "t(defer_three, false); t(defer_three, true);");
  CHECK_LOG("done\nError: deferred\n");
  CHECK_TEXT("body 321body 321", order);
}

TEST(a_cleanup_is_outside_of_the_call)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.defer_in_defer); t(n.defer_null);");
  CHECK_LOG("7\ntrue\n");
  CHECK_TEXT("cleanup at once ", order);
}

TEST(an_allocation_is_made_or_null)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.alloc_extremes);");
  CHECK_LOG("true\n");
}

TEST(many_allocations_of_a_call_stay_apart)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const [count, size] of [[1, 1], [20, 1], [16, 16], [17, 16],\n"
          "    [3, 100], [1, 240], [1, 256], [1, 257], [1000, 7],\n"
          "    [10000, 40], [50, 0]])\n"
          "  if (!n.alloc_many(count, size)) log(count, size);");
  CHECK_LOG("");
}

TEST(a_formatted_result_is_copied)
{
  tenon_runtime *rt = start();

  RUN(rt, "const a = n.formatted('a', 1), b = n.formatted('b', 2);\n"
          "log(a, b, n.formatted('x'.repeat(1000), 3).length);");
  CHECK_LOG("a 1 b 2 1002\n");
}

TEST(a_result_may_point_at_an_argument)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.tail, 'abc', 1); t(n.tail, 'abc', 3); t(n.tail, 'a\\xe9b', 1);\n"
          "const u = new Uint8Array([1, 2, 3, 4]), m = n.middle(u);\n"
          "u.fill(9); log(m);\n"
          "log(n.same_opt(1.5), n.same_opt(), n.same_opt(3));\n"
          "log(await n.tail_blocking('xyz'));\n"
          "t(n.tail, 'x'.repeat(3000) + 'y'.repeat(3000) + 'z', 5999);");
  CHECK_LOG("bc\n\n\xc3\xa9"
            "b\n2,3\n1.5 undefined 3\nyz\nyz\n");
}

/* --- Entering ------------------------------------------------------------------------------------------ */

TEST(every_way_of_entering_converts)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(n.noop(), n.zero_to_i32());\n"
          "log(n.f1(1), n.f1(1.5), n.f2(5, 2.5), n.f2(0.5, 1));\n"
          "log(n.i1(1), n.i1(1e15), n.i1(7n), n.i2(5, 2), n.i2(1e15, 9n));\n"
          "log(n.s1('abc'), n.s1('\\xe9'), n.s1('x'.repeat(9000) + 'y'));\n"
          "log(n.b1(new Uint8Array(3)), n.b1(new ArrayBuffer(4)),\n"
          "  n.b1(new DataView(new ArrayBuffer(5))));\n"
          "log(n.mixed2(true, -5), n.mixed3(200, '\\u20ac', 0.5));\n"
          "log(n.four(1, 2, 3, 4));");
  CHECK_LOG("undefined 42\n-1 -1.5 2.5 -0.5\n-1 -1000000000000000 -7 3 "
            "999999999999991\n3 2 9001\n3 4 5\nright 200 \xe2\x82\xac 0.5\n"
            "4321\n");
}

TEST(every_way_of_entering_refuses)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const f of ['f1', 'f2', 'i1', 'i2', 's1', 'b1', 'mixed2',\n"
          "    'mixed3', 'four']) {\n"
          "  let r = f;\n"
          "  for (const a of [[], [null], [1, null], ['x', 'y'], [true, ''],\n"
          "      [true, 1.5], [1, '', ''], [1, 2, 3]])\n"
          "    try { n[f](...a); r += ' ok'; } catch (e) { r += ' no'; }\n"
          "  log(r);\n"
          "}");
  CHECK_LOG("f1 no no ok no no no ok ok\nf2 no no no no no no no ok\n"
            "i1 no no ok no no no ok ok\ni2 no no no no no no no ok\n"
            "s1 no no no ok no no no no\nb1 no no no no no no no no\n"
            "mixed2 no no no no no no no no\nmixed3 no no no no no no no no\n"
            "four no no no no no no no no\n");
}

TEST(every_way_of_entering_is_the_same_in_a_serial_module)
{
  tenon_runtime *rt = start();

  RUN(rt, "import * as s from 'serial'; import * as a from 'any';\n"
          "for (const m of [s, a]) {\n"
          "  log(m.noop(), m.zero_to_i32(), m.f1(1), m.f2(5, 2.5), m.i1(7n),\n"
          "    m.i2(5, 2), m.s1('\\xe9'), m.b1(new ArrayBuffer(4)),\n"
          "    m.mixed2(true, -5), m.mixed3(200, 'b', 0.5),\n"
          "    m.four(1, 2, 3, 4), m.optional_24(undefined, 2));\n"
          "  t(m.f1); t(m.f1, 'x'); t(m.fail_none);\n"
          "}");
  CHECK_LOG("undefined 42 -1 2.5 -7 3 2 4 right 200 b 0.5 4321 25\n"
            "TypeError: f1: expected 1 argument, got 0\n"
            "TypeError: f1: argument 1 'a': expected number, got string\n"
            "Error: none\n"
            "undefined 42 -1 2.5 -7 3 2 4 right 200 b 0.5 4321 25\n"
            "TypeError: f1: expected 1 argument, got 0\n"
            "TypeError: f1: argument 1 'a': expected number, got string\n"
            "Error: none\n");
}

TEST(twenty_four_parameters_arrive_in_order)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = n => new Uint8Array(n);\n"
          "log(n.twenty_four.length);\n"
          "log(n.twenty_four('a', -1, 'c', 4, 5, 6.5, true, b(8), 9, 10, 'k',\n"
          "  0.5, 'm', -14, 'o', 16, 17, 18.5, false, b(20), 21, 22, 'w',\n"
          "  24.5));\n"
          "log(n.optional_24.length, n.optional_24(),\n"
          "  n.optional_24(...Array(24).fill(2)),\n"
          "  n.optional_24(...Array(23), 0), n.optional_24(0));\n"
          "t(n.optional_24, ...Array(23), '');");
  CHECK_LOG("24\na -1 c 4 5 6.5 1 8 9 10 k 0.5 m -14 o 16 17 18.5 0 20 21 22 "
            "w 24.5\n0 24 48 23 23\n"
            "TypeError: optional_24: argument 24 'x': expected number, got "
            "string\n");
}

TEST(extra_arguments_are_ignored)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(n.noop(1, 2), n.f1(1, {}), n.i2(5, 2, Symbol()),\n"
          "  n.four(1, 2, 3, 4, 5), n.zero_to_i32(...Array(65535)),\n"
          "  n.f2.apply(null, Array(65535).fill(3)));");
  CHECK_LOG("undefined -1 3 4321 42 0\n");
}

/* --- Defaults ---------------------------------------------------------------------------------------------- */

TEST(defaults_are_evaluated_when_needed_alone)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(n.defaults(7, 8, 9), n.defaults.length);");
  CHECK_INT(0, asked);
  RUN(rt, "log(n.defaults(7, undefined, 9));");
  CHECK_INT(2, asked);
  RUN(rt, "log(n.defaults());");
  CHECK_INT(2123, asked);
  CHECK_LOG("789 0\n729\n123\n");
}

TEST(defaults_are_not_evaluated_when_another_argument_is_refused)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.refused_last, undefined, 256); t(n.needed_last);\n"
          "t(n.refused_last);");
  CHECK_LOG("RangeError: refused_last: argument 2 'b': expected integer from "
            "0 to 255, got 256\n"
            "TypeError: needed_last: expected 2 arguments, got 0\n"
            "TypeError: refused_last: expected 2 arguments, got 0\n");
  CHECK_INT(0, asked);
}

TEST(a_default_may_stand_before_a_parameter_without_one)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(n.needed_last.length, n.needed_last(undefined, 5),\n"
          "  n.needed_last(6, 5));");
  CHECK_LOG("0 45 65\n");
}

TEST(a_default_sees_the_names_of_its_file)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(n.names(), n.name_of(), n.own_names(1, 2, 3, 4, 5, 6, 7));");
  CHECK_LOG("123 name 28\n");
}

/* --- Function objects ------------------------------------------------------------------------------------------ */

TEST(a_native_is_a_function)
{
  tenon_runtime *rt = start();

  RUN(rt, "const f = n.f2;\n"
          "log(typeof f, f.name, f.length, f instanceof Function,\n"
          "  Object.prototype.toString.call(f), 'prototype' in f,\n"
          "  Object.getPrototypeOf(f) === Function.prototype,\n"
          "  Object.isExtensible(f));\n"
          "log(Reflect.ownKeys(f).join(), Object.keys(f).length);\n"
          "const d = k => JSON.stringify(Object.getOwnPropertyDescriptor(f, "
          "k));\n"
          "log(d('name')); log(d('length'));\n"
          "log(f.toString().replace(/\\s+/g, ' '));\n"
          "log(n.defaults.length, n.needed_last.length, n.noop.length);");
  CHECK_LOG("function f2 2 true [object Function] false true true\n"
            "length,name 0\n"
            "{\"value\":\"f2\",\"writable\":false,\"enumerable\":false,"
            "\"configurable\":true}\n"
            "{\"value\":2,\"writable\":false,\"enumerable\":false,"
            "\"configurable\":true}\n"
            "function f2() { [native code] }\n0 0 0\n");
}

TEST(a_native_is_no_constructor)
{
  tenon_runtime *rt = start();

  RUN(rt, "import { f1 } from 'any';\n"
          "const e = g => { try { g(); log('constructed'); }\n"
          "  catch (e) { log(e.name); } };\n"
          "e(() => new n.noop()); e(() => new f1(1));\n"
          "e(() => { class X extends n.noop {} });\n"
          "e(() => Reflect.construct(n.noop, []));\n"
          "e(() => Reflect.construct(Object, [], n.noop));\n"
          "e(() => ({}) instanceof n.noop);");
  CHECK_LOG("TypeError\nTypeError\nTypeError\nTypeError\nTypeError\n"
            "TypeError\n");
}

TEST(a_native_is_called_like_any_function)
{
  tenon_runtime *rt = start();

  RUN(rt, "const f = n.f2;\n"
          "log(f.call(null, 5, 3), f.apply({}, [5, 3]), f.bind(null, 5)(3),\n"
          "  Reflect.apply(f, 1, [5, 3]), (0, f)(5, 3), f?.(5, 3),\n"
          "  ({ f }).f(5, 3), new Proxy(f, {})(5, 3), f(...[5, 3]));\n"
          "log([1, 2, 3].map(n.f1).join(), [3, 1, 2].sort(f).join(),\n"
          "  [5, 1].reduce(n.f2), Array.from([1], n.f1).join());\n"
          "const o = Object.defineProperty({}, 'x', {\n"
          "  get: n.zero_to_i32, set: n.f1 });\n"
          "log(o.x, o.x = 3); try { o.x = ''; } catch (e) { log(e.name); }\n"
          "log(await Promise.resolve(4).then(n.f1));\n"
          "class C { static m = n.f1; m = n.f1; get g() { return 1; } }\n"
          "log(C.m(1), new C().m(2), `${{ toString: n.zero_to_i32 }}`,\n"
          "  JSON.stringify({ a: 1, toJSON: n.zero_to_i32 }) === '42',\n"
          "  f.bind(null, 1).name, String.raw`a`, 'ab'.replace(/a/, "
          "n.fail_str.name));");
  CHECK_LOG("2 2 2 2 2 2 2 2 2\n-1,-2,-3 1,2,3 4 -1\n42 3\nTypeError\n-4\n"
            "-1 -2 42 true bound f2 a fail_strb\n");
}

TEST(an_error_of_a_native_passes_through_builtins)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(() => [1, 'x'].map(n.f1)); t(() => [2, 1].sort(n.fail_f64));\n"
          "t(() => `${{ toString: n.fail_str }}`);\n"
          "t(() => new Map([[1, 2]]).forEach(n.fail_none));\n"
          "log(await new Promise(n.fail_none).catch(e => e));");
  CHECK_LOG("TypeError: f1: argument 1 'a': expected number, got string\n"
            "Error: f64\nError: str\nError: none\nError: none\n");
}

TEST(deep_recursion_through_a_native_can_be_caught)
{
  tenon_runtime *rt = start();

  RUN(rt, "let depth = 0;\n"
          "const down = () => { depth++; n.optional_24(1); down(); };\n"
          "try { down(); } catch (e) { log(e instanceof RangeError); }\n"
          "log(depth > 100);\n"
          "const o = {}; Object.defineProperty(o, 'x', { get() {\n"
          "  return n.f1(o.x); } });\n"
          "try { o.x; } catch (e) { log(e.name); }\n"
          "const g = [1].map.bind([1], x => g(n.f1(x)));\n"
          "try { g(); } catch (e) { log(e.name); }\n"
          "log(n.zero_to_i32());");
  CHECK_LOG("true\ntrue\nRangeError\nRangeError\n42\n");
}

TEST(a_native_throws_near_the_end_of_the_stack)
{
  tenon_runtime *rt = start();

  RUN(rt, "let codes = new Set();\n"
          "const down = () => { try { n.f1('x'); } catch (e) {\n"
          "  codes.add(e.name); }\n"
          "  try { n.fail_str(); } catch (e) { codes.add(e.name); }\n"
          "  down(); };\n"
          "try { down(); } catch (e) { log(e.name); }\n"
          "log([...codes].sort().join());");
  CHECK_LOG("RangeError\nError,TypeError\n");
}

TEST(a_function_outlives_its_import)
{
  tenon_runtime *rt = start();

  RUN(rt, "globalThis.f = n.f1; globalThis.g = n.tail_blocking;\n"
          "globalThis.h = (await import('any')).f1.async;");
  tenon_runtime_collect(rt);
  RUN(rt, "log(f(2)); log(await g('xy')); log(await h(3));");
  CHECK_LOG("-2\ny\n-3\n");
}

TEST(a_function_object_can_be_changed)
{
  tenon_runtime *rt = start();

  RUN(rt, "const f = n.f1;\n"
          "log(delete f.name, delete f.length, f.name === '', f.length);\n"
          "try { f(); } catch (e) { log(e.message);\n"
          "  log(e.stack.split('\\n')[0]); }\n"
          "f.extra = 1; f.extra++; f[Symbol.iterator] = 2; f[0] = 3;\n"
          "Object.defineProperty(f, 'name', { get() { log('script'); } });\n"
          "try { f(); } catch (e) { log(e.stack.split('\\n')[0]); }\n"
          "log(f.extra, f[0], f(4));\n"
          "Object.setPrototypeOf(f, null); log(typeof f, f(5));\n"
          "Object.setPrototypeOf(f, Array.prototype); log(f(6));\n"
          "Object.freeze(f); log(Object.isFrozen(f), f(7));\n"
          "try { f.more = 1; } catch (e) { log(e.name); }\n"
          "Object.defineProperty(n.f2, 'length', { value: 99 });\n"
          "try { n.f2(1); } catch (e) { log(e.message); }");
  CHECK_LOG("true true true 0\nf1: expected 1 argument, got 0\n"
            "    at <anonymous> (native)\n    at <anonymous> (native)\n"
            "2 3 -4\nfunction -5\n-6\ntrue -7\nTypeError\n"
            "f2: expected 2 arguments, got 1\n");
}

TEST(the_namespace_cannot_be_written_to)
{
  tenon_runtime *rt = start();

  RUN(rt, "try { n.f1 = 1; } catch (e) { log(e.name); }\n"
          "try { delete n.f1; } catch (e) { log(e.name); }\n"
          "log(typeof n.f1);");
  CHECK_LOG("TypeError\nTypeError\nfunction\n");
}

/* --- .async -------------------------------------------------------------------------------------------------------- */

TEST(async_is_where_a_module_allows_it)
{
  tenon_runtime *rt = start();

  RUN(rt, "import * as a from 'any'; import * as s from 'serial';\n"
          "log(n.f1.async, typeof a.f1.async, typeof s.f1.async,\n"
          "  n.tail_blocking.async, a.tail_blocking.async);\n"
          "const f = a.f1.async;\n"
          "log(f === a.f1.async, f.name, f.length, f.async,\n"
          "  f instanceof Function, f !== a.f1, f !== s.f1.async);\n"
          "log(await f(1), await s.f1.async(2), await s.f2.async(5, 2));\n"
          "log(await f().catch(e => e)); log(await f('').catch(e => e));\n"
          "log(await a.fail_none.async().catch(e => e));");
  CHECK_LOG("undefined function function undefined undefined\n"
            "true f1 1 undefined true true true\n-1 -2 3\n"
            "TypeError: f1: expected 1 argument, got 0\n"
            "TypeError: f1: argument 1 'a': expected number, got string\n"
            "Error: none\n");
}

TEST(async_is_undefined_on_what_is_not_such_a_function)
{
  tenon_runtime *rt = start();

  RUN(rt, "import { f1 } from 'any';\n"
          "const proto = Object.getPrototypeOf(f1);\n"
          "const { get, set } = Object.getOwnPropertyDescriptor(proto, "
          "'async');\n"
          "log(proto !== Function.prototype, proto instanceof Function, set,\n"
          "  Object.keys(proto).length, proto.async);\n"
          "for (const v of [undefined, null, 1, 'x', Symbol(), 1n, {}, [],\n"
          "    () => 1, n.f1, n.tail_blocking, f1.async, new Proxy(f1, {}),\n"
          "    Object.create(f1), f1.bind(), globalThis, proto, Math.max])\n"
          "  if (get.call(v) !== undefined) log('not', String(v));\n"
          "log(get.call(f1) === f1.async);\n"
          "log(Object.create(f1).async, Object.create(proto).async);\n"
          "Object.setPrototypeOf(n.f2, proto); log(n.f2.async);\n"
          "const g = () => 1; Object.setPrototypeOf(g, proto); log(g.async);\n"
          "try { f1.async = 1; } catch (e) { log(e.name); }\n"
          "Object.defineProperty(f1, 'async', { value: 5 }); log(f1.async);\n"
          "log(delete proto.async, (await import('any')).f2.async);");
  CHECK_LOG("true true undefined 0 undefined\ntrue\nundefined undefined\n"
            "undefined\nundefined\nTypeError\n5\ntrue undefined\n");
}

/* --- Collection ----------------------------------------------------------------------------------------------------- */

TEST(a_native_in_a_cycle_is_collected)
{
  tenon_runtime *rt = start();

  RUN(rt, "import * as a from 'any';\n"
          "for (const f of [n.f1, a.f1, a.f1.async, n.tail_blocking])\n"
          "  f.self = f;\n"
          "a.f2.twin = a.f2.async; a.f2.async.back = a.f2;\n"
          "a.i1.async.held = a.i1.async(1); a.i1.async.held.f = a.i1;\n"
          "await a.i1.async.held;");
  tenon_runtime_collect(rt);
  RUN(rt, "log(n.f1.self(1), n.f1.self.self === n.f1);");
  CHECK_LOG("-1 true\n");
}

TEST(natives_can_be_held_weakly)
{
  tenon_runtime *rt = start();

  RUN(rt, "import * as a from 'any';\n"
          "globalThis.r = new FinalizationRegistry(x => log('gone', x));\n"
          "const w = new WeakRef(n.f1), m = new WeakMap([[n.f1, 1]]);\n"
          "const s = new WeakSet([a.f1, a.f1.async]);\n"
          "r.register(n.f1, 'f1'); r.register(a.f1.async, 'twin');\n"
          "r.unregister(n.f1);\n"
          "log(w.deref() === n.f1, m.get(n.f1), s.has(a.f1.async));");
  tenon_runtime_collect(rt);
  RUN(rt, "log(n.f1(1));");
  CHECK_LOG("true 1 true\n-1\n");
}

/* The engine forgets a threshold of 0 at each collection. */
static JSRuntime *collected;

TENON_FUNCTION(none, soon)
{
  JS_SetGCThreshold(collected, 0);
}

TEST(a_collection_in_the_middle_of_a_call_disturbs_nothing)
{
  tenon_runtime *rt = start();

  /* A runtime begins with its engine. */
  collected = (*(tenon_p_engine **)rt)->rt;
  RUN(rt,
      "import * as a from 'any';\n"
      "const s = f => (...v) => { n.soon(); return f(...v); };\n"
      "for (let i = 0; i < 20; i++) {\n"
      "  const w = '\\u20ac'.repeat(9000), u = new Uint8Array([1, 2, 3]);\n"
      "  if (s(n.tail)('x'.repeat(i) + w + i, i) !== w + i) log('tail');\n"
      "  if (s(n.tail)('\\xe9' + i, 2) !== `${i}`) log('latin');\n"
      "  if (s(n.middle)(u)[0] !== 2) log('middle');\n"
      "  if (s(n.formatted)('a' + i, i) !== `a${i} ${i}`) log('formatted');\n"
      "  for (const [f, e] of [[() => n.f1('x'), 'TypeError'],\n"
      "      [() => n.i1(2n ** 70n), 'RangeError'], [n.f1, 'TypeError'],\n"
      "      [n.fail_str, 'Error'], [() => n.b1([]), 'TypeError'],\n"
      "      [n.fail_twice, 'RangeError']])\n"
      "    try { s(f)(); } catch (x) { if (x.name !== e) log(x); }\n"
      "  if (await s(n.tail_blocking)('a' + i) !== `${i}`) log('blocking');\n"
      "  const p = s(a.f1.async)(i), q = s(a.f1.async)('');\n"
      "  n.soon(); await q.catch(e => 1); n.soon();\n"
      "  if (await p !== -i) log('async');\n"
      "}");
  CHECK_LOG("");
}
