/*
 * Memory of ArrayBuffers that native functions use: what would free or move it
 * is refused while one of them is on the stack, however JavaScript has come to
 * run.
 */
#define TENON_MODULE lent
#include "harness.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/napi.h>

TENON_MODULE_THREADS(any);

/* --- Natives ------------------------------------------------------------------- */

TENON_CALLBACK(none, told)
TENON_CALLBACK(f64, compare, (f64, a), (f64, b))

static told *kept;

TENON_FUNCTION(none, keep, (told, f))
{
  tenon_callback_release(kept);
  kept = told_keep(f);
}

TENON_FUNCTION(none, drop)
{
  tenon_callback_release(kept);
  kept = NULL;
}

/* All bytes, read behind the call of the kept callback. */
static int64_t sum_behind(const uint8_t *p, size_t len)
{
  int64_t total = 0;
  size_t i;

  if (kept) (void)told_call(kept);
  for (i = 0; i < len; i++)
    total += p[i];
  return total;
}

TENON_FUNCTION(i64, sum, (bytes, b))
{
  return sum_behind(b.data, b.len);
}

TENON_FUNCTION(i64, sum_view, (view(u8), b))
{
  return sum_behind(b.data, b.len);
}

TENON_FUNCTION(i64, sum_inout, (inout(u8), b))
{
  if (b.len) b.data[0]++;
  return sum_behind(b.data, b.len);
}

TENON_FUNCTION(i64, sum_inout_bytes, (inout(bytes), b))
{
  return sum_behind(b.data, b.len);
}

TENON_FUNCTION(i64, sum_opt, (i32, n), (opt(bytes), b), (nullable(view(u8)), c))
{
  return n + (b ? sum_behind(b->data, b->len) : 0) +
         (c ? sum_behind(c->data, c->len) : 0);
}

static const tenon_bytes abc = {(const uint8_t *)"abc", 3};

TENON_FUNCTION(i64, sum_default, (i32, n, 1), (bytes, b, abc))
{
  return n + sum_behind(b.data, b.len);
}

TENON_EITHER(source, (str, text), (bytes, memory))

TENON_FUNCTION(i64, sum_either, (source, s))
{
  return s.which == source_text ? -1 : sum_behind(s.memory.data, s.memory.len);
}

TENON_FUNCTION(i64, sum_this, (this(bytes), b), (i32, n))
{
  return n + sum_behind(b.data, b.len);
}

TENON_FUNCTION(i64, sum_two, (bytes, a), (inout(bytes), b))
{
  int64_t first = sum_behind(a.data, a.len);

  return first + sum_behind(b.data, b.len);
}

TENON_STRUCT(late, (i32, n))
TENON_STRUCT(packet, (bytes, b))

TENON_FUNCTION(i64, sum_late, (bytes, b), (late, l))
{
  return l.n + sum_behind(b.data, b.len);
}

TENON_FUNCTION(i64, sum_early, (late, l), (bytes, b))
{
  return l.n + sum_behind(b.data, b.len);
}

TENON_FUNCTION(i64, sum_packet, (packet, p))
{
  return sum_behind(p.b.data, p.b.len);
}

TENON_FUNCTION(i64, sum_rest, (rest(bytes), all))
{
  int64_t total = 0;
  size_t i;

  for (i = 0; i < all.len; i++)
    total += sum_behind(all.data[i].data, all.data[i].len);
  return total;
}

TENON_FUNCTION(exhaustive(i64), sum_exhaustive, (bytes, b))
{
  return sum_behind(b.data, b.len);
}

TENON_ASYNC(i64, sum_async, (bytes, b))
{
  int64_t r = sum_behind(b.data, b.len);

  TENON_RESOLVE(sum_async, deferred, r);
}

TENON_FUNCTION(i64, sum_by, (bytes, b), (told, f))
{
  int64_t total = 0;
  size_t i;

  if (told_call(f)) return 0;
  for (i = 0; i < b.len; i++)
    total += b.data[i];
  return total;
}

TENON_FUNCTION(u64, address, (bytes, b))
{
  return (uint64_t)(uintptr_t)b.data & (((uint64_t)1 << 53) - 1);
}

TENON_FUNCTION(u64, address_by, (bytes, b), (told, f))
{
  return told_call(f) ? 0 : address(b);
}

/* qsort hands nothing on to the function that compares. */
static compare *sorting_by;
static int sorting_failed;

static int by_callback(const void *a, const void *b)
{
  double r = 0;

  if (!sorting_failed)
    sorting_failed =
        compare_call(sorting_by, &r, *(const double *)a, *(const double *)b);
  return r < 0 ? -1 : r > 0;
}

TENON_FUNCTION(none, sort, (inout(f64), numbers), (compare, by))
{
  compare *outer = sorting_by;

  sorting_by = by;
  sorting_failed = 0;
  qsort(numbers.data, numbers.len, sizeof *numbers.data, by_callback);
  sorting_by = outer;
}

static int detach_status;

/* Calls or reads by Node-API, then uses the bytes. */
TENON_FUNCTION(i64, sum_napi, (bytes, b), (any, f), (any, buffer))
{
  napi_env env = (napi_env)tenon_env();
  napi_value v, self = NULL;
  napi_valuetype type = napi_undefined;

  (void)napi_typeof(env, f, &type);
  (void)napi_get_undefined(env, &self);
  if (type == napi_function)
    (void)napi_call_function(env, self, f, 0, NULL, &v);
  else if (type == napi_object)
    (void)napi_get_named_property(env, f, "x", &v);
  (void)napi_typeof(env, buffer, &type);
  detach_status = -1;
  if (type == napi_object) detach_status = napi_detach_arraybuffer(env, buffer);
  return sum_behind(b.data, b.len);
}

static tenon_runtime *evaluating;

/* The host's own functions, inside of a native one. */
TENON_FUNCTION(i64, sum_eval, (bytes, b), (str, code))
{
  int r =
      tenon_runtime_eval_script(evaluating, code.data, code.len, "inner.js");

  if (r) tenon_fail(TENON_ERROR, "%d", r);
  return sum_behind(b.data, b.len);
}

static tenon_runtime *to_end;

TENON_FUNCTION(none, end)
{
  tenon_runtime_terminate(to_end);
}

/* --- Helpers ------------------------------------------------------------------- */

/* `take` tries all that frees or moves memory, and says what that has thrown. */
#define PRELUDE                                                                \
  "import { log } from 'test'; import * as n from 'm';\n"                      \
  "const t = (f) => { try { log(`${f()}`); } catch (e) { log(`${e}`); } };\n"  \
  "const ways = [b => b.transfer(), b => b.transfer(0), b => b.transfer(9),\n" \
  "  b => b.transfer(99999), b => b.transferToFixedLength(),\n"                \
  "  b => b.transferToImmutable()];\n"                                         \
  "const resizing = [b => b.resize(0), b => b.resize(b.maxByteLength),\n"      \
  "  b => b.resize(b.byteLength)];\n"                                          \
  "const take = (b) => {\n"                                                    \
  "  const said = new Set();\n"                                                \
  "  for (const way of b.resizable ? [...ways, ...resizing] : ways)\n"         \
  "    try { way(b); said.add('taken'); } catch (e) { said.add(`${e}`); }\n"   \
  "  log([...said].join()); };\n"                                              \
  "const of = (n) => new Uint8Array(n).fill(1);\n"                             \
  "const free = (b) => { b.transfer(); log(`${b.detached}`); };\n"
#define RUN(rt, source) t_run(rt, PRELUDE source)
#define IN_USE "TypeError: ArrayBuffer is in use by native code\n"

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_lent));
  return rt;
}

/* --- How JavaScript comes to run ------------------------------------------------ */

TEST(a_kept_callback_cannot_take_the_memory_of_the_function_that_calls_it)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = of(4096);\n"
          "n.keep(() => take(b.buffer));\n"
          "for (const f of [n.sum, n.sum_view, n.sum_inout_bytes])\n"
          "  log(`${f(b)}`);\n"
          "n.drop(); free(b.buffer);");
  CHECK_LOG(IN_USE "4096\n" IN_USE "4096\n" IN_USE "4096\ntrue\n");
}

TEST(a_callback_parameter_cannot_either)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = of(4096);\n"
          "log(`${n.sum_by(b, () => take(b.buffer))}`);\n"
          "log(`${n.sum_by(b.buffer, () => take(b.buffer))}`);\n"
          "log(`${n.sum_by(new DataView(b.buffer, 1), () =>\n"
          "  take(b.buffer))}`);\n"
          "free(b.buffer);");
  CHECK_LOG(IN_USE "4096\n" IN_USE "4096\n" IN_USE "4095\ntrue\n");
}

TEST(what_node_api_calls_cannot_either)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = of(4096);\n"
          "log(`${n.sum_napi(b, () => take(b.buffer), 0)}`);\n"
          "log(`${n.sum_napi(b, { get x() { take(b.buffer); } }, 0)}`);\n"
          "free(b.buffer);");
  CHECK_LOG(IN_USE "4096\n" IN_USE "4096\ntrue\n");
}

TEST(native_code_does_not_detach_what_it_uses)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = of(4096);\n"
          "log(`${n.sum_napi(b, 0, b.buffer)} ${b.buffer.detached}`);");
  CHECK_LOG("4096 false\n");
  CHECK_INT(napi_detachable_arraybuffer_expected, detach_status);
  RUN(rt, "const b = of(8), c = of(8);\n"
          "log(`${n.sum_napi(b, 0, c.buffer)} ${c.buffer.detached}`);");
  CHECK_LOG("8 true\n");
  CHECK_INT(napi_ok, detach_status);
}

TEST(a_script_that_the_host_evaluates_inside_cannot_either)
{
  evaluating = start();

  RUN(evaluating, "globalThis.b = of(4096); globalThis.take = take;\n"
                  "log(`${n.sum_eval(b, 'take(b.buffer)')}`); free(b.buffer);");
  CHECK_LOG(IN_USE "4096\ntrue\n");
}

TEST(a_call_within_a_call_may_use_the_same_memory)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = of(64);\n"
          "log(`${n.sum_by(b, () => {\n"
          "  log(`${n.sum_by(b.subarray(1), () => take(b.buffer))}`);\n"
          "  take(b.buffer);\n"
          "})}`); free(b.buffer);\n"
          "const c = of(8), d = of(8);\n"
          "n.sum_by(c, () => { n.sum_by(d, () => take(c.buffer));\n"
          "  free(d.buffer); take(c.buffer); });\n"
          "free(c.buffer);");
  CHECK_LOG(IN_USE "63\n" IN_USE "64\ntrue\n" IN_USE "true\n" IN_USE "true\n");
}

TEST(deep_recursion_does_not_hide_a_call)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = of(8);\n"
          "const down = (k) => k ? [k].map(() => down(k - 1)) : take(b.buffer);"
          "\nfunction* walk() { down(50); yield 1; }\n"
          "log(`${n.sum_by(b, () => { [...walk()]; })}`);\n"
          "new Proxy(n.sum_by, {})(b, () => take(b.buffer));\n"
          "n.sum_by.bind(null, b, () => take(b.buffer))();\n"
          "Reflect.apply(n.sum_by, null, [b, () => take(b.buffer)]);\n"
          "free(b.buffer);");
  CHECK_LOG(IN_USE "8\n" IN_USE IN_USE IN_USE "true\n");
}

/* --- Which arguments ---------------------------------------------------------------- */

TEST(memory_is_in_use_whatever_parameter_it_is_of)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = of(16);\n"
          "n.keep(() => take(b.buffer));\n"
          "t(() => n.sum_opt(0, b)); t(() => n.sum_opt(1, undefined, b));\n"
          "t(() => n.sum_default(1, b)); t(() => n.sum_either(b));\n"
          "t(() => n.sum_this.call(b, 1)); t(() => n.sum_late(b, { n: 1 }));\n"
          "t(() => n.sum_early({ n: 1 }, b)); t(() => n.sum_exhaustive(b));\n"
          "t(() => n.sum_inout(b)); n.drop(); free(b.buffer);");
  CHECK_LOG(IN_USE "16\n" IN_USE "17\n" IN_USE "17\n" IN_USE "16\n" IN_USE
                   "17\n" IN_USE "17\n" IN_USE "17\n" IN_USE "16\n" IN_USE
                   "17\ntrue\n");
}

TEST(other_memory_may_be_taken)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = of(16), c = of(16);\n"
          "log(`${n.sum_by(b, () => free(c.buffer))}`);\n"
          "n.keep(() => { c.length || log('gone'); });\n"
          "t(() => n.sum_opt(1)); t(() => n.sum_default());\n"
          "t(() => n.sum_either('text')); n.drop();");
  CHECK_LOG("true\n16\n1\ngone\n295\n-1\n");
}

TEST(one_memory_in_two_arguments_is_in_use_once)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = of(16), c = of(16);\n"
          "n.keep(() => take(b.buffer));\n"
          "t(() => n.sum_two(b, b.subarray(8))); t(() => n.sum_two(c, b));\n"
          "n.drop(); free(b.buffer);");
  CHECK_LOG(IN_USE IN_USE "24\n" IN_USE IN_USE "32\ntrue\n");
}

TEST(a_view_of_a_resizable_buffer_keeps_its_size)
{
  tenon_runtime *rt = start();

  RUN(rt, "const r = new ArrayBuffer(16, { maxByteLength: 1 << 20 });\n"
          "for (const v of [new Uint8Array(r), new Uint8Array(r, 8, 4), r]) {\n"
          "  new Uint8Array(r).fill(1);\n"
          "  log(`${n.sum_by(v, () => take(r))}`);\n"
          "  r.resize(32); r.resize(16);\n"
          "}\n"
          "n.sum_by(r, () => t(() => r.resize(2 ** 21)));\n"
          "n.sum_by(r, () => t(() => r.resize({ valueOf() { throw 1; } })));");
  CHECK_LOG(IN_USE "16\n" IN_USE "4\n" IN_USE "16\n"
                   "RangeError: invalid array buffer length\n1\n");
}

TEST(copies_are_not_in_use)
{
  tenon_runtime *rt = start();

  RUN(rt, "let b = of(16);\n"
          "n.keep(() => { b.buffer.detached || free(b.buffer); });\n"
          "t(() => n.sum_packet({ b })); b = of(16);\n"
          "t(() => n.sum_rest(b, b, b)); b = of(16);\n"
          "log(`${await n.sum_async(b)}`); n.drop();");
  CHECK_LOG("true\n16\ntrue\n48\ntrue\n16\n");
}

TEST(arguments_that_are_being_read_are_not_in_use)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const f of [(b, l) => n.sum_late(b, l),\n"
          "  (b, l) => n.sum_early(l, b)]) {\n"
          "  const b = of(16);\n"
          "  t(() => f(b, { get n() { free(b.buffer); return 1; } }));\n"
          "  const c = of(16), d = of(16);\n"
          "  t(() => f(c, { get n() {\n"
          "    n.sum_by(d, () => { take(d.buffer); free(c.buffer); });\n"
          "    return 1; } }));\n"
          "}");
  CHECK_LOG("true\n"
            "TypeError: sum_late: argument 1 'b': the ArrayBuffer is detached"
            " or too short\n" IN_USE "true\n"
            "TypeError: sum_late: argument 1 'b': the ArrayBuffer is detached"
            " or too short\n"
            "true\n"
            "TypeError: sum_early: argument 2 'b': the ArrayBuffer is detached"
            " or too short\n" IN_USE "true\n"
            "TypeError: sum_early: argument 2 'b': the ArrayBuffer is detached"
            " or too short\n");
}

TEST(more_arguments_than_anyone_counts_hide_nothing)
{
  const tenon_options options = {.size = sizeof options,
                                 .stack_limit_bytes = 4 << 20};
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(&options, &rt));
  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_lent));
  /* 65536 arguments, and 65537. */
  RUN(rt, "const b = of(16), many = new Array(32768).fill(0);\n"
          "n.keep(() => take(b.buffer));\n"
          "const call = (f, ...a) => f.bind(null, ...a, ...many)(\n"
          "  ...many.slice(a.length));\n"
          "for (const f of [n.sum, n.sum_two, n.sum_this.bind(b, 1)])\n"
          "  t(() => call(f, b, b));\n"
          "t(() => call(n.sum_opt, 1, b)); n.drop();");
  CHECK_LOG(IN_USE "16\n" IN_USE IN_USE "32\n" IN_USE "17\n"
                   "TypeError: sum_opt: argument 3 'c': expected Uint8Array,"
                   " got 0\n");
}

TEST(what_is_missing_is_not_looked_at)
{
  tenon_runtime *rt = start();

  /* The hook runs while the error is made, before there are arguments. */
  RUN(rt, "let b;\n"
          "Error.prepareStackTrace = (e) => { b.buffer.transfer(); };\n"
          "for (const f of [n.sum_two, n.sum_early]) {\n"
          "  b = of(16);\n"
          "  try { f(b); } catch { log(`${b.buffer.detached}`); }\n"
          "}");
  CHECK_LOG("true\ntrue\n");
}

/* --- How it ends ---------------------------------------------------------------------- */

TEST(a_callback_that_throws_ends_it)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = of(16);\n"
          "t(() => n.sum_by(b, () => { b.buffer.transfer(); }));\n"
          "t(() => n.sum_by(b, () => { throw new Error('mine'); }));\n"
          "free(b.buffer);");
  CHECK_LOG(IN_USE "Error: mine\ntrue\n");
}

TEST(a_termination_ends_it)
{
  to_end = start();

  CHECK_INT(TENON_ETERMINATED,
            t_eval_module(to_end, PRELUDE
                          "globalThis.b = of(16);\n"
                          "n.sum_by(b, () => { n.end(); for (;;); });"));
  tenon_runtime_resume(to_end);
  RUN(to_end, "free(b.buffer);");
  CHECK_LOG("true\n");
}

TEST(the_millionth_call_is_as_the_first)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = of(1); let total = 0;\n"
          "const f = () => {};\n"
          "for (let i = 0; i < 1e6; i++) total += n.sum_by(b, f);\n"
          "n.sum_by(b, () => take(b.buffer));\n"
          "log(`${total}`); free(b.buffer);");
  CHECK_LOG(IN_USE "1000000\ntrue\n");
}

/* --- What it is for ---------------------------------------------------------------------- */

TEST(bytes_beside_a_callback_are_no_copy)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = of(16), f = () => {};\n"
          "log(`${n.address(b) === n.address_by(b, f)}`);");
  CHECK_LOG("true\n");
}

TEST(memory_is_written_to_beside_a_callback)
{
  tenon_runtime *rt = start();

  RUN(rt, "const a = new Float64Array([3, 1, 2, -5]); let said = '';\n"
          "n.sort(a, (x, y) => x - y); log(a.join());\n"
          "n.sort(a, (x, y) => {\n"
          "  try { a.buffer.transfer(); } catch (e) { said = `${e}`; }\n"
          "  return y - x; });\n"
          "log(said); log(a.join());\n"
          "t(() => n.sort(a, () => { throw new RangeError('mine'); }));\n"
          "t(() => n.sort(a, () => 'a')); t(() => n.sort.async);\n"
          "const big = Float64Array.from({ length: 5000 },\n"
          "  (_, i) => (i * 7919) % 5003);\n"
          "n.sort(big, (x, y) => x - y);\n"
          "log(`${big.every((x, i) => !i || x >= big[i - 1])}`);");
  CHECK_LOG("-5,1,2,3\n" IN_USE "3,2,1,-5\n"
            "RangeError: mine\n"
            "TypeError: compare: result: expected number, got string\n"
            "undefined\ntrue\n");
}
