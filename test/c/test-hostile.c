/*
 * What scripts and callers do to conversions: too much memory, depth, time;
 * calls inside of calls; runtimes that end; values of other modules; buffers at
 * odd addresses. The kinds alone are in test-kinds.c and test-views.c.
 */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#include <tenon/export.h>

#include "base/alloc.h"
#include "engine/engine.h"

TENON_MODULE_THREADS(any);

/* --- Natives ----------------------------------------------------------------- */

TENON_ARRAY(row, f64)
TENON_ARRAY(l2, row)
TENON_ARRAY(l3, l2)
TENON_ARRAY(l4, l3)
TENON_ARRAY(l5, l4)
TENON_ARRAY(l6, l5)
TENON_ARRAY(l7, l6)
TENON_ARRAY(l8, l7)
TENON_ARRAY(l9, l8)
TENON_ARRAY(l10, l9)
TENON_ARRAY(l11, l10)
TENON_ARRAY(l12, l11)
TENON_ARRAY(l13, l12)
TENON_ARRAY(l14, l13)
TENON_ARRAY(l15, l14)
TENON_FLAGS(access, read, write)
TENON_RECORD(sizes, i64)
TENON_ENUM(color, red, green)
TENON_TUPLE(couple, (f64, x), (f64, y))
TENON_STRUCT(point, (f64, x), (f64, y))

#define LENGTH_OF(name, ...)                      \
  TENON_FUNCTION(i64, name, (__VA_ARGS__, value)) \
  {                                               \
    return (int64_t)value.len;                    \
  }
LENGTH_OF(rows, array(row))
LENGTH_OF(strings, array(str))
LENGTH_OF(texts, record(str))
LENGTH_OF(holes, array(opt(i32)))
LENGTH_OF(all_bytes, array(bytes))
LENGTH_OF(records, array(sizes))

TENON_FUNCTION(l15, deep, (l15, value))
{
  return value;
}

TENON_FUNCTION(access, flags, (access, value))
{
  return value;
}

TENON_FUNCTION(color, first_color)
{
  return color_green;
}

TENON_FUNCTION(point, echo, (point, p), (opt(couple), c), (opt(record(f64)), r))
{
  if (c) p.x += c->x;
  if (r) p.y += (double)r->len;
  return p;
}

TENON_FUNCTION(view(f64), moved, (u32, n))
{
  double *p = tenon_defer(free, tenon_p_calloc(n * sizeof *p));
  tenon_view_f64 r = {p, n};

  if (!p) return tenon_fail(TENON_ERROR, "out of memory");
  return r;
}

TENON_FUNCTION(f64, sum, (view(f64), v))
{
  double r = 0;
  size_t i;

  for (i = 0; i < v.len; i++)
    r += v.data[i];
  return r;
}

TENON_BLOCKING(f64, later, (record(f64), r), (view(f64), v), (bytes, b))
{
  return sum(v) + (double)r.len + (double)b.len + (b.len ? b.data[0] : 0);
}

TENON_FUNCTION(none, add_one, (inout(f64), v))
{
  size_t i;

  for (i = 0; i < v.len; i++)
    v.data[i]++;
}

TENON_FUNCTION(none, add_byte, (inout(bytes), b))
{
  size_t i;

  for (i = 0; i < b.len; i++)
    b.data[i]++;
}

/* --- Helpers ------------------------------------------------------------------- */

#define PRELUDE                                                  \
  "import { log } from 'test'; import * as n from 'native';\n"   \
  "const t = (f, ...a) => {\n"                                   \
  "  try { log(`${f(...a)}`); } catch (e) { log(`${e}`); } };\n" \
  "const at = async (f, ...a) => {\n"                            \
  "  try { log(`${await f(...a)}`); } catch (e) { log(`${e}`); } };\n"
#define RUN(rt, source) t_run(rt, PRELUDE source)

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  return rt;
}

static tenon_runtime *start_small(void)
{
  tenon_options o = {.size = sizeof o, .memory_limit_bytes = 16 << 20};
  tenon_runtime *rt = NULL;

  CHECK_INT(0, t_runtime_new(&o, &rt));
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  return rt;
}

/* --- Memory ---------------------------------------------------------------------- */

/* One object of the script may be many in C. */
TEST(what_an_argument_is_made_of_counts_against_the_limit)
{
  tenon_runtime *rt = start_small();

  RUN(rt, "const big = Array(20000).fill(0), text = 'x'.repeat(100000);\n"
          "const bytes = new Uint8Array(100000);\n"
          "const many = (v) => Array(10000).fill(v);\n"
          "t(n.rows, many(big)); t(n.strings, many(text));\n"
          "t(n.all_bytes, many(bytes));\n"
          "t(n.records, many(Object.fromEntries([...Array(500).keys()]\n"
          "  .map(k => [k, 1]))));\n"
          "t(n.texts, Object.fromEntries([...Array(500).keys()]\n"
          "  .map(k => [k, text])));\n"
          "await at(n.rows.async, many(big));\n"
          "t(n.rows, Array(20).fill(big)); t(n.strings, many('abc'));");
#define NO_MEMORY "InternalError: out of memory\n"
  CHECK_LOG(NO_MEMORY NO_MEMORY NO_MEMORY NO_MEMORY NO_MEMORY NO_MEMORY
            "20\n10000\n");
}

TEST(an_array_that_only_says_to_be_huge_needs_no_memory)
{
  tenon_runtime *rt = start_small();

  RUN(rt,
      "t(n.holes, Array(2 ** 32 - 1)); t(n.holes, Array(1e8));\n"
      "const lies = (length) => new Proxy([], { get: (o, k) =>\n"
      "  k === 'length' ? length : 1 });\n"
      "t(n.holes, lies(2 ** 53 - 1)); t(n.holes, lies(2 ** 32 - 1));\n"
      "t(n.holes, lies(-1)); t(n.holes, lies(NaN)); t(n.holes, lies(3.5));\n"
      "t(n.holes, Array(1000));");
  CHECK_LOG(NO_MEMORY NO_MEMORY
            "RangeError: holes: argument 1 'value': an array of"
            " 9007199254740991 elements is too long\n" NO_MEMORY
            "0\n0\n3\n1000\n");
}

TEST(memory_that_moves_out_is_given_back)
{
  tenon_runtime *rt = start_small();

  RUN(rt, "let s = 0;\n"
          "for (let i = 0; i < 20000; i++) s += n.moved(1000).length;\n"
          "log(`${s}`);\n"
          "const kept = [];\n"
          "try { for (;;) kept.push(n.moved(100000)); } catch (e) {\n"
          "  log(`${e} ${kept.length > 10 && kept.length < 25}`); }\n"
          "kept.length = 0; log(`${n.moved(1000000).length}`);");
  CHECK_LOG("20000000\nInternalError: out of memory true\n1000000\n");
}

/* --- Depth and time ------------------------------------------------------------------ */

TEST(types_nest_deeply_and_say_where)
{
  tenon_runtime *rt = start();

  RUN(rt, "let v = 1, w = 'x';\n"
          "for (let i = 0; i < 15; i++) { v = [v]; w = [w]; }\n"
          "log(JSON.stringify(n.deep(v))); t(n.deep, w);\n"
          "let self = []; self[0] = self; t(n.deep, self);");
#define FIFTEEN "[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]"
  CHECK_LOG("[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]\n"
            "TypeError: deep: argument 1 'value" FIFTEEN
            "': expected number, got string\n"
            "TypeError: deep: argument 1 'value" FIFTEEN
            "': expected number, got array\n");
}

TEST(reading_what_has_no_end_can_be_ended)
{
  static const char *const endless[] = {
      "n.flags(new Proxy([], { get: (o, k) => k === 'length' ? 2 ** 50 :"
      " 'read' }));",
      "n.echo({ x: 1, get y() { for (;;); } });",
      "n.echo({ x: 1, y: 2 }, undefined, new Proxy({}, { ownKeys() {"
      " for (;;); } }));"};
  size_t i;

  for (i = 0; i < sizeof endless / sizeof *endless; i++) {
    tenon_runtime *rt = start();
    char source[400];
    snprintf(source, sizeof source, "import * as n from 'native';\n%s",
             endless[i]);
    CHECK_INT(0, tenon_runtime_set_time_limit(rt, 50));
    CHECK(t_eval_module(rt, source) != 0);
    t_free(rt);
  }
}

TEST(getters_may_call_the_function_that_reads_them)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "const down = (d) => ({ y: 1,\n"
      "  get x() { return d ? n.echo(down(d - 1)).x + 1 : 0; } });\n"
      "log(`${n.echo(down(50)).x}`);\n"
      "const endless = { get x() { return n.echo(endless).x; }, y: 1 };\n"
      "t(n.echo, endless);\n"
      "const p = n.echo(down(0), Object.defineProperty([1, 2], 1, { get() {\n"
      "  return n.echo({ x: 5, y: 6 }, [1, 1]).x; } }),\n"
      "  { get a() { return n.echo({ x: 7, y: 8 }).y; } });\n"
      "log(`${p.x} ${p.y}`);");
  CHECK_LOG("50\nRangeError: Maximum call stack size exceeded\n1 2\n");
}

/* --- Other threads, and the end ---------------------------------------------------------- */

TEST(arguments_off_the_loop_are_those_of_the_call)
{
  tenon_runtime *rt = start();

  RUN(rt, "const r = { a: 1 }, v = new Float64Array([1, 2]);\n"
          "const b = new Uint8Array([5]);\n"
          "const p = n.later(r, v, b);\n"
          "delete r.a; v.fill(100); v.buffer.transfer(); b[0] = 9;\n"
          "log(`${await p}`);\n"
          "const w = new Float64Array([1, 2]), q = n.sum.async(w);\n"
          "w.fill(50); log(`${await q} ${n.sum(w)}`);\n"
          "const u = new Float64Array([1]);\n"
          "await at(n.later, { get a() { u.buffer.transfer(); return 1; } }, u,"
          " b);");
  CHECK_LOG("10\n3 100\n"
            "TypeError: later: argument 2 'v': the ArrayBuffer is detached or"
            " too short\n");
}

TEST(a_runtime_ends_with_conversions_in_flight)
{
  tenon_runtime *rt = start();

  CHECK_INT(
      0, t_eval_module(rt, "import * as n from 'native';\n"
                           "for (let i = 0; i < 20; i++) {\n"
                           "  n.later({ a: 1 }, new Float64Array(1000),\n"
                           "    new Uint8Array(9));\n"
                           "  n.moved.async(1000); n.rows.async([[1], [2]]);\n"
                           "}"));
  t_free(rt);
}

/* --- Other modules ---------------------------------------------------------------------- */

static const tenon_field other_colors[] = {
    {"red", &tenon_type_i32, 7, 0, NULL},
    {"blue", &tenon_type_i32, 8, 0, NULL},
};
static const tenon_type other_color = {
    TENON_KIND_ENUM, 4, "color", other_colors, 2, NULL, NULL, NULL};
static const tenon_field other_param[] = {
    {"c", &other_color, sizeof(tenon_args), 0, NULL}};

static void number_of(void *args, void *result)
{
  *(int32_t *)result = *(int32_t *)((tenon_args *)args + 1);
}

static const tenon_function other_function = {
    sizeof(tenon_function),
    0,
    "number_of",
    NULL,
    {"result", &tenon_type_i32, 0, 0, NULL},
    other_param,
    1,
    sizeof(tenon_args) + 8,
    number_of,
    __FILE__,
    __LINE__};
static const tenon_function *const other_list[] = {&other_function};
static const tenon_host *other_host;
static const tenon_module other_module = {.size = sizeof(tenon_module),
                                          .abi = TENON_MODULE_ABI,
                                          .field_size = sizeof(tenon_field),
                                          .host = &other_host,
                                          .begin = other_list,
                                          .end = other_list + 1};

static const tenon_module *other_entry(void)
{
  return &other_module;
}

TEST(an_enum_of_another_module_is_its_string)
{
  tenon_runtime *rt = start();

  CHECK_INT(0, tenon_runtime_add_module(rt, "other", other_entry));
  RUN(rt, "import * as o from 'other';\n"
          "t(o.number_of, n.first_color()); t(o.number_of, 'red');\n"
          "t(o.number_of, 'blue');");
  CHECK_LOG("TypeError: number_of: argument 1 'c': expected one of 'red',"
            " 'blue', got 'green'\n7\n8\n");
}

/* --- Buffers of native code ------------------------------------------------------------- */

TEST(a_buffer_at_an_odd_address_is_copied_or_refused)
{
  static _Alignas(16) uint8_t memory[64];
  tenon_runtime *rt = start();
  JSContext *ctx = (*(tenon_p_engine **)rt)->ctx;
  JSValue global = JS_GetGlobalObject(ctx);
  double one = 1;

  memcpy(memory + 1, &one, sizeof one);
  CHECK(JS_SetPropertyStr(
            ctx, global, "odd",
            JS_NewArrayBuffer(ctx, memory + 1, 16, 0, NULL, NULL, false)) > 0);
  JS_FreeValue(ctx, global);
  RUN(rt, "const f = new Float64Array(odd);\n"
          "t(n.sum, f); t(n.add_one, f); t(n.sum, f);\n"
          "t(n.add_byte, new Uint8Array(odd, 0, 1));\n"
          "await at(n.sum.async, f);\n"
          "log(`${new Uint8Array(odd)[0]}`);");
  CHECK_LOG("1\nTypeError: add_one: argument 1 'v': the elements are not"
            " aligned in memory\n1\nundefined\n1.0000000000000002\n1\n");
}
