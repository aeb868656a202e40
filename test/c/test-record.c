/* What is read and made without the engine's general ways looks the same. */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#include <tenon/export.h>

/* --- Natives ---------------------------------------------------------------- */

TENON_STRUCT(pair, (f64, x), (f64, y))
TENON_STRUCT(mixed, (i32, n), (str, s), (bool, b))
TENON_STRUCT(outer, (pair, p), (array(mixed), list))

TENON_FUNCTION(f64, sum_pair, (pair, p))
{
  return p.x * 100 + p.y;
}

TENON_FUNCTION(pair, echo_pair, (pair, p))
{
  return p;
}

TENON_FUNCTION(outer, echo_outer, (outer, o))
{
  return o;
}

TENON_FUNCTION(array(pair), echo_pairs, (array(pair), a))
{
  return a;
}

TENON_FUNCTION(str, echo_text, (str, s))
{
  return s;
}

TENON_FUNCTION(array(str), echo_texts, (array(str), a))
{
  return a;
}

TENON_FUNCTION(array(i8), echo_i8, (array(i8), a))
{
  return a;
}

TENON_FUNCTION(array(i64), echo_i64s, (array(i64), a))
{
  return a;
}

TENON_FUNCTION(array(f32), echo_f32, (array(f32), a))
{
  return a;
}

static int cleanups;

static void count_cleanup(void *p)
{
  /* What lies beside it is still there. */
  cleanups += ((const char *)p)[99] == 'x';
}

TENON_FUNCTION(i32, many_pieces, (i32, n))
{
  int32_t i;

  cleanups = 0;
  for (i = 0; i < n; i++) {
    size_t size = 100 + (size_t)(i % 50) * 20;
    char *p = tenon_alloc(size);
    if (!p || (uintptr_t)p % 16 != 0) return -1;
    memset(p, 'x', size);
    if (!tenon_defer(count_cleanup, p)) return -1;
  }
  return n;
}

TENON_FUNCTION(i32, cleanup_count)
{
  return cleanups;
}

/* --- Tests ------------------------------------------------------------------ */

static const char prelude[] =
    "import * as n from 'native';\nimport { log } from 'test';\n"
    "const t = (f, ...a) => { try { log(JSON.stringify(f(...a))); }\n"
    "  catch (e) { log(String(e)); } };\n";

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  return rt;
}

static void run(tenon_runtime *rt, const char *source, int line)
{
  size_t size = sizeof prelude + strlen(source);
  char *all = malloc(size);

  CHECK(all != NULL);
  strcpy(all, prelude);
  strcat(all, source);
  t_run_at(rt, all, __FILE__, line);
  free(all);
}
#define RUN(rt, source) run(rt, source, __LINE__)

TEST(members_stand_where_they_like)
{
  tenon_runtime *rt = start();

  /* One function, one object after the other, each of another shape. */
  RUN(rt, "class P { constructor() { this.y = 2; this.x = 1; } }\n"
          "class G { get x() { return 1; } get y() { return 2; } }\n"
          "class Q extends G { constructor() { super();\n"
          "  Object.defineProperty(this, 'y', { value: 3 }); } }\n"
          "const deleted = { a: 0, x: 5, y: 2 };\n"
          "delete deleted.a; delete deleted.x; deleted.x = 1;\n"
          "const many = {};\n"
          "for (let i = 0; i < 100; i++) many['m' + i] = i;\n"
          "many.y = 2; many.x = 1;\n"
          "const index = Object.assign([7, 8, 9], { x: 1, y: 2 });\n"
          "const all = [{ x: 1, y: 2 }, { y: 2, x: 1 }, { z: 0, x: 1, y: 2 },\n"
          "  new P(), new G(), new Q(), deleted, many, index,\n"
          "  new Proxy({ x: 1, y: 2 }, {}), Object.create({ x: 1, y: 2 }),\n"
          "  Object.freeze({ y: 2, x: 1 }), Object.assign(() => 0,\n"
          "    { x: 1, y: 2 }), { x: 1, get y() { return 2; } },\n"
          "  { __proto__: null, x: 1, y: 2 }];\n"
          "const sums = new Set();\n"
          "for (const o of [...all, ...all, ...all.reverse()])\n"
          "  sums.add(n.sum_pair(o));\n"
          "log([...sums].join());");
  CHECK_LOG("102,103\n");
}

TEST(a_member_that_is_gone_is_missed)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.sum_pair, { x: 1, y: 2 }); t(n.sum_pair, { x: 1 });\n"
          "t(n.sum_pair, { x: 1, get y() { return this.x; } });\n"
          "const o = { get x() { delete this.y; return 1; }, y: 2 };\n"
          "t(n.sum_pair, o);\n"
          "const p = { get x() { Object.defineProperty(this, 'y',\n"
          "  { get: () => 7 }); return 1; }, y: 2 };\n"
          "t(n.sum_pair, p);\n"
          "let y = { x: 1, y: 2 };\n"
          "for (let i = 0; i < 1000; i++) y['k' + i] = i;\n"
          "for (let i = 0; i < 1000; i++) delete y['k' + i];\n"
          "t(n.sum_pair, y);");
  CHECK_LOG("102\n"
            "TypeError: sum_pair: argument 1 'p.y': expected number, got"
            " undefined\n101\n"
            "TypeError: sum_pair: argument 1 'p.y': expected number, got"
            " undefined\n107\n102\n");
}

TEST(a_member_is_not_looked_for_behind_the_last_one)
{
  tenon_runtime *rt = start();

  RUN(rt, "const o = {};\n"
          "for (let i = 0; i < 100; i++) o['k' + i] = i;\n"
          "o.x = 1; o.y = 2;\n"
          "t(n.sum_pair, o); t(n.sum_pair, { x: 1, y: 2 });\n"
          "t(n.sum_pair, o); t(n.sum_pair, {});");
  CHECK_LOG("102\n102\n102\n"
            "TypeError: sum_pair: argument 1 'p.x': expected number, got"
            " undefined\n");
}

TEST(objects_that_were_made_are_their_owners)
{
  tenon_runtime *rt = start();

  /* What is done to one is not seen in the next. */
  RUN(rt,
      "const p = { x: 1, y: 2 };\n"
      "const show = o => log(JSON.stringify(Object.getOwnPropertyDescriptors"
      "(o)) + (Object.getPrototypeOf(o) === Object.prototype) +\n"
      "  Object.isExtensible(o));\n"
      "const a = n.echo_pair(p), b = n.echo_pair(p);\n"
      "delete a.x; a.z = 3; Object.setPrototypeOf(b, null);\n"
      "Object.freeze(n.echo_pair(p));\n"
      "Object.defineProperty(n.echo_pair(p), 'x', { get: () => 9 });\n"
      "show(n.echo_pair(p));\n"
      "log(JSON.stringify([a, b]));\n"
      "n.echo_pair(p).q = 1;\n"
      "log(Object.keys(n.echo_pair(p)).join());");
  CHECK_LOG("{\"x\":{\"value\":1,\"writable\":true,\"enumerable\":true,"
            "\"configurable\":true},\"y\":{\"value\":2,\"writable\":true,"
            "\"enumerable\":true,\"configurable\":true}}truetrue\n"
            "[{\"y\":2,\"z\":3},{\"x\":1,\"y\":2}]\nx,y\n");
}

TEST(making_objects_asks_no_setter)
{
  tenon_runtime *rt = start();

  /* Shown without the setters: JSON.stringify asks those of arrays. */
  RUN(rt,
      "const o = { p: { x: 1, y: 2 }, list: [{ n: 1, s: 's', b: true }] };"
      "const y = { y: 2 }, a = [{ x: 1, y: 2 }];\n"
      "n.echo_pair(o.p);\n"
      "const set = () => log('no');\n"
      "for (const k of ['x', '0', 'list'])\n"
      "  Object.defineProperty(Object.prototype, k,\n"
      "    { set, get: () => 5, configurable: true });\n"
      "Object.defineProperty(Array.prototype, '0',\n"
      "  { set, configurable: true });\n"
      "const p = n.echo_pair(y), q = n.echo_outer(o), r = n.echo_pairs(a);\n"
      "delete Array.prototype[0];\n"
      "for (const k of ['x', '0', 'list']) delete Object.prototype[k];\n"
      "log(JSON.stringify([p, q, r]));");
  CHECK_LOG("[{\"x\":5,\"y\":2},{\"p\":{\"x\":1,\"y\":2},"
            "\"list\":[{\"n\":1,\"s\":\"s\",\"b\":true}]},"
            "[{\"x\":1,\"y\":2}]]\n");
}

TEST(a_function_that_learnt_can_be_collected)
{
  tenon_runtime *rt = start();

  /* What it learnt leads to the realm, and the realm to it: the harness finds
   * what is left. */
  RUN(rt, "n.echo_pair({ x: 1, y: 2 });\n"
          "globalThis.pair = n.echo_pair;\n"
          "Object.prototype.pair = n.echo_pair;\n"
          "const o = n.echo_pair({ x: 3, y: 4 });\n"
          "o.f = n.echo_pair;\nlog(String(o.x + globalThis.pair(o).y));");
  CHECK_LOG("7\n");
  t_free(rt);
}

TEST(arrays_of_numbers_are_read_up_to_the_odd_one)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "t(n.echo_i8, [1, -128, 127.0]); t(n.echo_i8, [1, 2, 128]);\n"
      "t(n.echo_i8, [1, , 3]); t(n.echo_i8, [1, 1.5]);\n"
      "t(n.echo_i64s, [1, 2 ** 40, 5n, -1]); t(n.echo_i64s, [0, 2 ** 53]);\n"
      "t(n.echo_f32, [0.5, 1, -0.25]); t(n.echo_f32, [0.5, '1']);\n"
      "Array.prototype[1] = 4; t(n.echo_i8, [1, , 3]);\n"
      "delete Array.prototype[1];\n"
      "const a = [1, 2]; Object.defineProperty(a, 1,\n"
      "  { get() { return 3; } }); t(n.echo_i8, a);\n"
      "a.length = 5; t(n.echo_i8, a);\n"
      "class A extends Array {} t(n.echo_i8, A.from([1, 2]));\n"
      "t(n.echo_i8, new Proxy([1, 2], {})); t(n.echo_i8, []);");
  CHECK_LOG(
      "[1,-128,127]\n"
      "RangeError: echo_i8: argument 1 'a[2]': expected integer from -128 to"
      " 127, got 128\n"
      "TypeError: echo_i8: argument 1 'a[1]': expected integer, got undefined\n"
      "TypeError: echo_i8: argument 1 'a[1]': expected integer, got 1.5\n"
      "[1,1099511627776,5,-1]\n"
      "RangeError: echo_i64s: argument 1 'a[1]': 9007199254740992 is not a safe"
      " integer, pass a BigInt\n"
      "[0.5,1,-0.25]\n"
      "TypeError: echo_f32: argument 1 'a[1]': expected number, got string\n"
      "[1,4,3]\n[1,3]\n"
      "TypeError: echo_i8: argument 1 'a[2]': expected integer, got undefined\n"
      "[1,2]\n[1,2]\n[]\n");
}

TEST(an_array_that_shrinks_under_its_reader_is_read_no_further)
{
  tenon_runtime *rt = start();

  RUN(rt, "const a = [{ x: 1, get y() { a.length = 1; return 2; } },\n"
          "  { x: 3, y: 4 }];\n"
          "t(n.echo_pairs, a);\n"
          "const b = [{ x: 1, get y() { b[0] = b[1] = null; return 2; } },\n"
          "  { x: 3, y: 4 }];\n"
          "t(n.echo_pairs, b);\n"
          "const c = [{ x: 1, get y() { for (let i = 0; i < 99; i++)\n"
          "  c.push(0); return 2; } }, { x: 3, y: 4 }];\n"
          "t(n.echo_pairs, c);");
  CHECK_LOG("TypeError: echo_pairs: argument 1 'a[1]': expected object, got"
            " undefined\n"
            "TypeError: echo_pairs: argument 1 'a[1]': expected object, got"
            " null\n[{\"x\":1,\"y\":2},{\"x\":3,\"y\":4}]\n");
}

TEST(text_of_every_kind_and_length_is_the_same_there_and_back)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "let wrong = 0, count = 0;\n"
      "const texts = [];\n"
      "for (const c of ['\\x00', '\\x7f', '\\x80', '\\xff', '\\u0100',\n"
      "  '\\u07ff', '\\u0800', '\\u0fff', '\\u1000', '\\ud7ff', '\\ue000',\n"
      "  '\\ufffd', '\\uffff', '\\u{10000}', '\\u{3ffff}', '\\u{10ffff}'])\n"
      "  for (let i = 0; i < 140; i++) {\n"
      "    const s = 'a'.repeat(i) + c + 'b'.repeat(i % 70);\n"
      "    for (const u of [s, (c + 'x').repeat(i)]) {\n"
      "      count++; wrong += n.echo_text(u) !== u; texts.push(u);\n"
      "    }\n"
      "  }\n"
      "const back = n.echo_texts(texts);\n"
      "wrong += !texts.every((s, i) => s === back[i]);\n"
      "for (const c of ['\\ud800', '\\udfff', '\\udc00\\ud800'])\n"
      "  for (const u of [c, 'a' + c, c + 'b', '\\u{10000}' + c + '\\xe9'])\n"
      "    wrong += n.echo_text(u) !== u.toWellFormed();\n"
      "log(`${count} ${wrong}`);");
  CHECK_LOG("4480 0\n");
}

TEST(memory_of_a_call_lasts_for_its_cleanups)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const i of [1, 2, 3, 10, 100, 5000])\n"
          "  log(`${n.many_pieces(i)} ${n.cleanup_count()}`);");
  CHECK_LOG("1 1\n2 2\n3 3\n10 10\n100 100\n5000 5000\n");
}
