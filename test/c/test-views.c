/* view(T) and inout(T): memory of typed arrays, to read and to write. */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#include <tenon/export.h>

#include "base/alloc.h"

TENON_MODULE_THREADS(any);

/* --- Natives ----------------------------------------------------------------- */

#define VIEW_OF(T)                                \
  TENON_FUNCTION(view(T), view_##T, (view(T), a)) \
  {                                               \
    return a;                                     \
  }                                               \
  TENON_FUNCTION(none, fill_##T, (inout(T), a))   \
  {                                               \
    size_t i;                                     \
    for (i = 0; i < a.len; i++)                   \
      a.data[i]++;                                \
  }
VIEW_OF(i8)
VIEW_OF(u8)
VIEW_OF(i16)
VIEW_OF(u16)
VIEW_OF(i32)
VIEW_OF(u32)
VIEW_OF(i64)
VIEW_OF(u64)
VIEW_OF(f32)
VIEW_OF(f64)
VIEW_OF(big_i64)
VIEW_OF(big_u64)
VIEW_OF(size)

TENON_FUNCTION(u64, address_of, (view(f64), a))
{
  return (uint64_t)(uintptr_t)a.data & (((uint64_t)1 << 53) - 1);
}

TENON_FUNCTION(u64, address_of_inout, (inout(f64), a))
{
  return (uint64_t)(uintptr_t)a.data & (((uint64_t)1 << 53) - 1);
}

TENON_FUNCTION(none, fill, (inout(bytes), b), (u8, n, 7))
{
  memset(b.data, n, b.len);
}

TENON_FUNCTION(i64, fill_opt, (opt(inout(bytes)), b), (nullable(inout(u16)), c))
{
  if (b) memset(b->data, 1, b->len);
  if (c && c->len) c->data[0] = 9;
  return (b ? (int64_t)b->len : -1) * 100 + (c ? (int64_t)c->len : -1);
}

TENON_FUNCTION(f64, sum, (nullable(view(f64)), a, NULL))
{
  double r = 0;
  size_t i;

  for (i = 0; a && i < a->len; i++)
    r += a->data[i];
  return a ? r : -1;
}

TENON_BLOCKING(f64, sum_later, (view(f64), a))
{
  return sum(&a);
}

T_SETTLED_ELSEWHERE(view(i32), kept)
{
  int32_t numbers[] = {1, 2, 3};
  tenon_view_i32 r = {numbers, 3};

  TENON_RESOLVE(kept, deferred, r);
  t_spoil(numbers, sizeof numbers);
}

TENON_FUNCTION(view(f64), moved, (u32, n))
{
  double *p = tenon_defer(free, tenon_p_malloc(n * sizeof *p));
  uint32_t i;

  for (i = 0; p && i < n; i++)
    p[i] = i;
  return (tenon_view_f64){p, p ? n : 0};
}

TENON_FUNCTION(view(f64), bad_view, (i32, which))
{
  static const double some[1];

  return which ? (tenon_view_f64){NULL, 2}
               : (tenon_view_f64){some, (size_t)INT32_MAX / 8 + 1};
}

TENON_STRUCT(mesh, (str, name), (view(f32), points), (opt(view(u16)), faces))
TENON_VIEW(samples, f32)

TENON_FUNCTION(mesh, echo_mesh, (mesh, m))
{
  return m;
}

TENON_FUNCTION(array(samples), echo_samples, (array(samples), all))
{
  return all;
}

TENON_STRUCT(late, (i32, n))

TENON_FUNCTION(f64, first_of_view, (view(f64), v), (late, l))
{
  return v.len ? v.data[0] + l.n : -1;
}

TENON_FUNCTION(i64, write_first, (inout(u8), b), (late, l))
{
  if (b.len) b.data[0] = (uint8_t)l.n;
  return (int64_t)b.len;
}

TENON_FUNCTION(none, swap, (inout(i32), a), (inout(i32), b))
{
  size_t i;

  for (i = 0; i < a.len && i < b.len; i++) {
    int32_t t = a.data[i];
    a.data[i] = b.data[i];
    b.data[i] = t;
  }
}

/* --- Helpers ------------------------------------------------------------------- */

#define PRELUDE                                                         \
  "import { log } from 'test'; import * as n from 'native';\n"          \
  "const text = v => ArrayBuffer.isView(v)\n"                           \
  "  ? `${v.constructor.name} ${[...v].join()}`\n"                      \
  "  : typeof v === 'object' ? JSON.stringify(v) : String(v);\n"        \
  "const t = (f, ...a) => {\n"                                          \
  "  try { log(text(f(...a))); } catch (e) { log(`${e}`); } };\n"       \
  "const at = async (f, ...a) => {\n"                                   \
  "  try { log(text(await f(...a))); } catch (e) { log(`${e}`); } };\n" \
  "const bytes = (...b) => new Uint8Array(b);\n"
#define RUN(rt, source) t_run(rt, PRELUDE source)

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  return rt;
}

/* --- Views ---------------------------------------------------------------------- */

#define ALL_VIEWS                                                             \
  "Int8Array -128,127\nUint8Array 0,255\nInt16Array -32768,1\n"               \
  "Uint16Array 65535,1\nInt32Array -2147483648\nUint32Array 4294967295\n"     \
  "BigInt64Array -9223372036854775808\nBigUint64Array 18446744073709551615\n" \
  "Float32Array 0.5,NaN\nFloat64Array 0.1,-Infinity\nBigInt64Array -1\n"      \
  "BigUint64Array 1\nBigUint64Array 2\n"
#define VALUES                                                               \
  "const all = [[n.view_i8, new Int8Array([-128, 127])],\n"                  \
  "  [n.view_u8, bytes(0, 255)], [n.view_i16, new Int16Array([-32768, 1])]," \
  "\n  [n.view_u16, new Uint16Array([65535, 1])],\n"                         \
  "  [n.view_i32, new Int32Array([-2147483648])],\n"                         \
  "  [n.view_u32, new Uint32Array([4294967295])],\n"                         \
  "  [n.view_i64, new BigInt64Array([-(2n ** 63n)])],\n"                     \
  "  [n.view_u64, new BigUint64Array([2n ** 64n - 1n])],\n"                  \
  "  [n.view_f32, new Float32Array([0.5, NaN])],\n"                          \
  "  [n.view_f64, new Float64Array([0.1, -Infinity])],\n"                    \
  "  [n.view_big_i64, new BigInt64Array([-1n])],\n"                          \
  "  [n.view_big_u64, new BigUint64Array([1n])],\n"                          \
  "  [n.view_size, new BigUint64Array([2n])]];\n"

TEST(a_view_is_the_typed_array_of_its_elements)
{
  tenon_runtime *rt = start();

  RUN(rt, VALUES "for (const [f, v] of all) t(f, v);");
  CHECK_LOG(ALL_VIEWS);
}

TEST(a_view_goes_off_the_loop_and_back)
{
  tenon_runtime *rt = start();

  RUN(rt, VALUES "for (const [f, v] of all) await at(f.async, v);\n"
                 "await at(n.sum_later, new Float64Array([1, 2, 4]));\n"
                 "await at(n.kept);");
  CHECK_LOG(ALL_VIEWS "7\nInt32Array 1,2,3\n");
}

TEST(a_view_takes_no_typed_array_of_other_elements)
{
  tenon_runtime *rt = start();

  RUN(rt, VALUES
      "let taken = 0;\n"
      "for (const [f] of all) for (const [, v] of all) {\n"
      "  try { f(v); taken++; } catch (e) {\n"
      "    if (!/^TypeError: \\w+: argument 1 'a': expected \\w+Array, got\\b/\n"
      "      .test(e)) throw e; } }\n"
      "log(`${taken}`);\n"
      "t(n.view_f32, new Float64Array(1)); t(n.view_u8, [1, 2]);\n"
      "t(n.view_u8, new ArrayBuffer(1)); t(n.view_i8, bytes(1));\n"
      "t(n.view_u8, new DataView(new ArrayBuffer(1)));\n"
      "t(n.view_u16, new Float16Array(1)); t(n.view_f64);\n"
      "t(n.view_f64, null); t(n.view_u8, new Proxy(bytes(1), {}));");
  CHECK_LOG(
      "21\n"
#define EXPECTED(f, what) \
  "TypeError: view_" f ": argument 1 'a': expected " what ", got "
      EXPECTED("f32", "Float32Array") "Float64Array\n" EXPECTED("u8", "Uint8Array") "array\n" EXPECTED("u8", "Uint8Array") "ArrayBuffer\n" EXPECTED("i8", "Int8Array") "Uint8Array\n" EXPECTED(
          "u8",
          "Uint8Array") "DataView\n" EXPECTED("u16",
                                              "Uint16Array") "Float16Array\n"
                                                             "TypeError: view_f64: expected 1 argument, got 0\n" EXPECTED(
                                                                 "f64",
                                                                 "Float64Array") "null\n" EXPECTED("u8",
                                                                                                   "Uint8Array") "Proxy\n");
}

TEST(a_view_of_u8_takes_a_clamped_array)
{
  tenon_runtime *rt = start();

  RUN(rt, "const c = new Uint8ClampedArray([1, 300]);\n"
          "t(n.view_u8, c); n.fill_u8(c); log(text(c));");
  CHECK_LOG("Uint8Array 1,255\nUint8ClampedArray 2,0\n");
}

TEST(a_view_on_the_loop_is_no_copy)
{
  tenon_runtime *rt = start();

  RUN(rt, "const a = new Float64Array(10);\n"
          "const first = n.address_of(a);\n"
          "log(`${n.address_of(a.subarray(3)) - first}`);\n"
          "log(`${n.address_of(a) === first}`);\n"
          "log(`${n.address_of_inout(a) === first}`);\n"
          "log(`${await n.address_of.async(a) === first}`);");
  CHECK_LOG("24\ntrue\ntrue\nfalse\n");
}

TEST(a_view_may_be_empty_and_absent)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.sum); t(n.sum, null); t(n.sum, undefined);\n"
          "t(n.sum, new Float64Array()); t(n.sum, new Float64Array([1, 2]));\n"
          "t(n.view_f64, new Float64Array(8).subarray(8));\n"
          "await at(n.view_f64.async, new Float64Array());\n"
          "n.fill_f64(new Float64Array());");
  CHECK_LOG("-1\n-1\n-1\n0\n3\nFloat64Array \nFloat64Array \n");
}

TEST(a_view_in_a_struct_or_an_array_is_a_copy)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "const points = new Float32Array([1, 2]);\n"
      "const r = n.echo_mesh({ get name() { return 'm'; }, points,\n"
      "  get faces() { points[0] = 5; return new Uint16Array([7]); } });\n"
      "log(`${text(r.points)} ${text(r.faces)}`);\n"
      "t(n.echo_mesh, { name: '', points: bytes(1) });\n"
      "t(n.echo_mesh, { name: '', points, faces: [1] });\n"
      "log(n.echo_samples([points, points.subarray(1)]).map(text).join(';'));\n"
      "t(n.echo_samples, [points, null]);");
  CHECK_LOG("Float32Array 1,2 Uint16Array 7\n"
            "TypeError: echo_mesh: argument 1 'm.points': expected"
            " Float32Array, got Uint8Array\n"
            "TypeError: echo_mesh: argument 1 'm.faces': expected Uint16Array,"
            " got array\n"
            "Float32Array 5,2;Float32Array 2\n"
            "TypeError: echo_samples: argument 1 'all[1]': expected"
            " Float32Array, got null\n");
}

TEST(a_view_that_was_to_be_freed_is_moved)
{
  tenon_runtime *rt = start();

  RUN(rt, "const a = n.moved(1000);\n"
          "log(`${a.constructor.name} ${a.length} ${a[999]}`);\n"
          "log(`${(await n.moved.async(5))[4]} ${n.moved(0).length}`);\n"
          "a.buffer.transfer();\n"
          "log(`${a.length}`);");
  CHECK_LOG("Float64Array 1000 999\n4 0\n0\n");
}

TEST(a_view_that_cannot_go_out_says_why)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.bad_view, 1); t(n.bad_view, 0);");
  CHECK_LOG("TypeError: bad_view: result: NULL with a length of 2\n"
            "RangeError: bad_view: result: an array of 268435456 elements is"
            " too long\n");
}

/* --- What has no memory of its own, or not the same ------------------------------- */

#define NO_MEMORY                                                   \
  "const detached = new Float64Array(2);\n"                         \
  "detached.buffer.transfer();\n"                                   \
  "const shared = new Float64Array(new SharedArrayBuffer(8));\n"    \
  "const resizable = new ArrayBuffer(16, { maxByteLength: 32 });\n" \
  "const beyond = new Float64Array(resizable, 8, 1);\n"             \
  "const tracking = new Float64Array(resizable);\n"                 \
  "const fixed = new ArrayBuffer(8).transferToImmutable();\n"

TEST(detached_shared_and_shrunk_memory_is_refused)
{
  tenon_runtime *rt = start();

  RUN(rt, NO_MEMORY
      "for (const f of [n.view_f64, n.fill_f64, n.fill]) {\n"
      "  t(f, detached); t(f, shared); t(f, beyond); t(f, tracking);\n"
      "  resizable.resize(8); t(f, beyond); t(f, tracking);\n"
      "  resizable.resize(16);\n"
      "}");
#define GONE(f, p)                                                           \
  "TypeError: " f ": argument 1 '" p "': the ArrayBuffer is detached or too" \
  " short\n"
#define SHARED(f, p)                                                        \
  "TypeError: " f ": argument 1 '" p "': expected memory of its own, got a" \
  " view of a SharedArrayBuffer\n"
  CHECK_LOG(
      GONE("view_f64", "a")
          SHARED("view_f64", "a") "Float64Array 0\nFloat64Array 0,0\n" GONE(
              "view_f64", "a") "Float64Array 0\n" GONE("fill_f64", "a")
              SHARED("fill_f64", "a") "undefined\nundefined\n" GONE(
                  "fill_f64", "a") "undefined\n" GONE("fill", "b")
                  SHARED("fill", "b") "undefined\nundefined\n" GONE(
                      "fill", "b") "undefined\n");
}

TEST(immutable_memory_is_read_and_not_written)
{
  tenon_runtime *rt = start();

  RUN(rt, NO_MEMORY
      "const f = new Float64Array(fixed);\n"
      "t(n.view_f64, f); t(n.fill_f64, f); t(n.fill, f); t(n.fill, fixed);\n"
      "t(n.fill, new DataView(fixed)); t(n.view_f64, f);");
#define FIXED(f, p)                                                           \
  "TypeError: " f ": argument 1 '" p "': expected memory that can be written" \
  " to, got an immutable ArrayBuffer\n"
  CHECK_LOG("Float64Array 0\n" FIXED("fill_f64", "a") FIXED("fill", "b")
                FIXED("fill", "b") FIXED("fill", "b") "Float64Array 0\n");
}

/* --- inout ------------------------------------------------------------------------- */

TEST(inout_writes_into_the_memory_of_the_script)
{
  tenon_runtime *rt = start();

  RUN(rt, VALUES
      "for (const [f, v] of all) {\n"
      "  n[f.name.replace('view', 'fill')](v); log(text(v));\n"
      "}\n"
      "const b = new ArrayBuffer(8);\n"
      "n.fill(new Uint8Array(b, 1, 2)); n.fill(new DataView(b, 4, 1), 9);\n"
      "n.fill(new Uint16Array(b, 6), 255); log(text(new Uint8Array(b)));\n"
      "n.fill(b); log(text(new Uint8Array(b)));");
  CHECK_LOG("Int8Array -127,-128\nUint8Array 1,0\nInt16Array -32767,2\n"
            "Uint16Array 0,2\nInt32Array -2147483647\nUint32Array 0\n"
            "BigInt64Array -9223372036854775807\nBigUint64Array 0\n"
            "Float32Array 1.5,NaN\nFloat64Array 1.1,-Infinity\n"
            "BigInt64Array 0\nBigUint64Array 2\nBigUint64Array 3\n"
            "Uint8Array 0,7,7,0,9,0,255,255\nUint8Array 7,7,7,7,7,7,7,7\n");
}

TEST(inout_takes_no_other_values)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.fill, [1]); t(n.fill_u8, new Int8Array(1));\n"
          "t(n.fill_u8, 'a'); t(n.fill, null); t(n.fill);\n"
          "t(n.fill_opt); t(n.fill_opt, undefined, null);\n"
          "const b = bytes(0, 0), c = new Uint16Array(3);\n"
          "t(n.fill_opt, b, c); log(`${text(b)} ${text(c)}`);\n"
          "t(n.fill_opt, null);");
  CHECK_LOG("TypeError: fill: argument 1 'b': expected Uint8Array or"
            " ArrayBuffer, got array\n"
            "TypeError: fill_u8: argument 1 'a': expected Uint8Array, got"
            " Int8Array\n"
            "TypeError: fill_u8: argument 1 'a': expected Uint8Array, got"
            " string\n"
            "TypeError: fill: argument 1 'b': expected Uint8Array or"
            " ArrayBuffer, got null\n"
            "TypeError: fill: expected at least 1 argument, got 0\n"
            "-101\n-101\n203\nUint8Array 1,1 Uint16Array 9,0,0\n"
            "TypeError: fill_opt: argument 1 'b': expected Uint8Array or"
            " ArrayBuffer, got null\n");
}

TEST(functions_with_inout_have_no_async_twin)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(() => n.fill.async); t(() => n.fill_opt.async);\n"
          "t(() => typeof n.view_u8.async);");
  CHECK_LOG("undefined\nundefined\nfunction\n");
}

TEST(two_inouts_may_be_one_memory)
{
  tenon_runtime *rt = start();

  RUN(rt, "const a = new Int32Array([1, 2, 3, 4]);\n"
          "n.swap(a.subarray(0, 2), a.subarray(2)); log(text(a));\n"
          "n.swap(a, a); log(text(a));");
  CHECK_LOG("Int32Array 3,4,1,2\nInt32Array 3,4,1,2\n");
}

TEST(what_a_later_argument_does_to_memory_is_seen)
{
  tenon_runtime *rt = start();

  RUN(rt, NO_MEMORY
      "const v = new Float64Array([1, 2]);\n"
      "t(n.first_of_view, v, { get n() { v[0] = 40; return 2; } });\n"
      "t(n.first_of_view, v, { get n() {\n"
      "  v.buffer.transfer(); return 1; } });\n"
      "t(n.first_of_view, tracking, { get n() {\n"
      "  resizable.resize(0); return 1; } });\n"
      "resizable.resize(16);\n"
      "t(n.first_of_view, beyond, { get n() {\n"
      "  resizable.resize(0); return 1; } });\n"
      "resizable.resize(16);\n"
      "const u = new Uint8Array(resizable);\n"
      "t(n.write_first, u, { get n() { resizable.resize(32); return 3; } });\n"
      "log(text(u.subarray(0, 2)));\n"
      "const w = bytes(1);\n"
      "t(n.write_first, w, { get n() {\n"
      "  w.buffer.transferToImmutable(); return 3; } });\n"
      "t(n.write_first, new Uint8Array(8), { get n() {\n"
      "  for (let i = 0; i < 100; i++) new Uint8Array(8); return 3; } });");
  CHECK_LOG("42\n" GONE("first_of_view", "v") "-1\n" GONE(
      "first_of_view", "v") "32\nUint8Array 3,0\n" GONE("write_first",
                                                        "b") "8\n");
}
