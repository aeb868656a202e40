/* What JavaScript reads when a native function refuses a call, word for word. */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#include <tenon/export.h>

/* --- Natives ----------------------------------------------------------------- */

TENON_FUNCTION(i64, fib, (i64, n))
{
  return n <= 1 ? n : fib(n - 1) + fib(n - 2);
}

TENON_FUNCTION(none, pair, (str, first), (f64, second))
{}

TENON_FUNCTION(none, some, (str, first), (f64, second, 1), (opt(u8), third))
{}

TENON_FUNCTION(none, late, (opt(u8), first), (u8, second))
{}

TENON_FUNCTION(none, take_bool, (bool, b))
{}

TENON_FUNCTION(none, take_f64, (f64, x))
{}

TENON_FUNCTION(none, take_str, (str, s))
{}

TENON_FUNCTION(none, take_bytes, (bytes, b))
{}

TENON_FUNCTION(none, take_i8, (i8, x))
{}

TENON_FUNCTION(none, take_u8, (u8, x))
{}

TENON_FUNCTION(none, take_i16, (i16, x))
{}

TENON_FUNCTION(none, take_u16, (u16, x))
{}

TENON_FUNCTION(none, take_i32, (i32, x))
{}

TENON_FUNCTION(none, take_u32, (u32, x))
{}

TENON_FUNCTION(none, take_u64, (u64, x))
{}

TENON_FUNCTION(exhaustive(none), exact, (i32, x))
{}

TENON_FUNCTION(exhaustive(none), at_most, (str, x), (opt(str), y))
{}

TENON_FUNCTION(exhaustive(none), no_more)
{}

TENON_STRUCT(place, (f64, x))

TENON_FUNCTION(none, method, (this(place), self), (str, name),
               (rest(place), more))
{}

TENON_FUNCTION_AS("delete", none, delete_it, (u8, x))
{}

TENON_BLOCKING(none, later, (u8, x))
{}

TENON_FUNCTION(i64, big, (bool, is_negative))
{
  return is_negative ? INT64_MIN : INT64_MAX;
}

TENON_FUNCTION(u64, big_unsigned)
{
  return UINT64_MAX;
}

TENON_FUNCTION(str, no_text)
{
  return (tenon_str){NULL, 3};
}

TENON_FUNCTION(bytes, no_bytes)
{
  return (tenon_bytes){NULL, 4};
}

TENON_FUNCTION(none, fail_as, (i32, error_class), (str, message))
{
  tenon_fail(error_class, "%s", message.data);
}

TENON_FUNCTION(none, fail_raw)
{
  tenon_fail(TENON_ERROR, "a\xe2\x82z\xff");
}

TENON_BLOCKING(none, fail_later)
{
  tenon_fail(TENON_RANGE_ERROR, "off the loop");
}

/* --- Helpers ------------------------------------------------------------------- */

#define PRELUDE                                                               \
  "import { log } from 'test'; import * as n from 'native';\n"                \
  "const t = (f, ...a) => {\n"                                                \
  "  try { f(...a); log('nothing thrown'); } catch (e) { log(`${e}`); } };\n" \
  "const got = v => {\n"                                                      \
  "  try { n.fib(v); log('nothing thrown'); }\n"                              \
  "  catch (e) { log(e.message.replace(/.*, got /, '')); } };\n"
#define RUN(rt, source) t_run(rt, PRELUDE source)

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  return rt;
}

/* --- Too few arguments ---------------------------------------------------------- */

TEST(too_few_arguments_are_counted)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.fib); t(n.pair); t(n.pair, 'a');");
  CHECK_LOG("TypeError: fib: expected 1 argument, got 0\n"
            "TypeError: pair: expected 2 arguments, got 0\n"
            "TypeError: pair: expected 2 arguments, got 1\n");
}

TEST(too_few_arguments_say_at_least_where_more_are_possible)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.some); t(n.late); t(n.late, undefined);");
  CHECK_LOG("TypeError: some: expected at least 1 argument, got 0\n"
            "TypeError: late: expected 2 arguments, got 0\n"
            "TypeError: late: expected 2 arguments, got 1\n");
}

TEST(too_many_arguments_are_counted_where_that_is_wanted)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.exact, 1, 2); t(n.at_most, 'a', 'b', 'c');\n"
          "t(n.no_more, 1); t(n.exact);");
  CHECK_LOG("TypeError: exact: expected 1 argument, got 2\n"
            "TypeError: at_most: expected at most 2 arguments, got 3\n"
            "TypeError: no_more: expected 0 arguments, got 1\n"
            "TypeError: exact: expected 1 argument, got 0\n");
}

TEST(this_and_rest_have_places_of_their_own)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "t(() => n.method.call(1, 'a')); t(() => n.method.call({ x: 'x' }));\n"
      "t(() => n.method.call({ x: 1 }, 'a', 'b', { x: null }));\n"
      "t(() => n.method.call({ x: 1 }, 5)); t(() => n.method.call({x:1}));");
  CHECK_LOG(
      "TypeError: method: this: expected object, got 1\n"
      "TypeError: method: expected at least 1 argument, got 0\n"
      "TypeError: method: argument 2 'more[0]': expected object, got string\n"
      "TypeError: method: argument 1 'name': expected string, got 5\n"
      "TypeError: method: expected at least 1 argument, got 0\n");
}

TEST(too_few_arguments_of_a_promise_reject_it)
{
  tenon_runtime *rt = start();

  RUN(rt, "await n.later().catch(e => log(`${e}`));\n"
          "await n.later('x').catch(e => log(`${e}`));");
  CHECK_LOG("TypeError: later: expected 1 argument, got 0\n"
            "TypeError: later: argument 1 'x': expected integer, got string\n");
}

/* --- What was expected ------------------------------------------------------------ */

TEST(each_type_says_what_it_expects)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const f of [n.take_bool, n.take_f64, n.take_str,\n"
          "  n.take_bytes, n.take_i8, n.take_u64]) t(f, null);");
  CHECK_LOG("TypeError: take_bool: argument 1 'b': expected boolean, got null\n"
            "TypeError: take_f64: argument 1 'x': expected number, got null\n"
            "TypeError: take_str: argument 1 's': expected string, got null\n"
            "TypeError: take_bytes: argument 1 'b': expected Uint8Array or "
            "ArrayBuffer, got null\n"
            "TypeError: take_i8: argument 1 'x': expected integer, got null\n"
            "TypeError: take_u64: argument 1 'x': expected integer, got "
            "null\n");
}

TEST(a_promise_is_given_with_what_is_missing)
{
  tenon_runtime *rt = start();

  RUN(rt, "const p = Promise.resolve(1);\n"
          "t(n.take_i8, p); t(n.take_bytes, p); t(n.take_bool, [p]);\n"
          "t(n.take_i8, new (class P extends Promise {})(() => {}));\n"
          "t(n.take_i8, { __proto__: Promise.prototype });");
  CHECK_LOG("TypeError: take_i8: argument 1 'x': expected integer, got Promise "
            "(is an await missing?)\n"
            "TypeError: take_bytes: argument 1 'b': expected Uint8Array or "
            "ArrayBuffer, got Promise (is an await missing?)\n"
            "TypeError: take_bool: argument 1 'b': expected boolean, got "
            "array\n"
            "TypeError: take_i8: argument 1 'x': expected integer, got Promise "
            "(is an await missing?)\n"
            "TypeError: take_i8: argument 1 'x': expected integer, got "
            "object\n");
}

TEST(the_argument_is_named_and_numbered_from_1)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.pair, 'a', 'b'); t(n.some, 'a', 1, 'c'); t(n.fib, 'x');\n"
          "t(n.some, 'a', null); t(n.delete, '');");
  CHECK_LOG(
      "TypeError: pair: argument 2 'second': expected number, got string\n"
      "TypeError: some: argument 3 'third': expected integer, got string\n"
      "TypeError: fib: argument 1 'n': expected integer, got string\n"
      "TypeError: some: argument 2 'second': expected number, got null\n"
      "TypeError: delete: argument 1 'x': expected integer, got string\n");
}

TEST(a_range_is_written_out)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.take_i8, 128); t(n.take_u8, -1); t(n.take_i16, 40000);\n"
          "t(n.take_u16, 65536); t(n.take_i32, 2147483648);\n"
          "t(n.take_u32, -1); t(n.fib, 2n ** 63n); t(n.take_u64, -1);\n"
          "t(n.take_u64, -1n); t(n.take_u8, 1e300);");
  CHECK_LOG(
      "RangeError: take_i8: argument 1 'x': expected integer from -128 to "
      "127, got 128\n"
      "RangeError: take_u8: argument 1 'x': expected integer from 0 to 255, "
      "got -1\n"
      "RangeError: take_i16: argument 1 'x': expected integer from -32768 to "
      "32767, got 40000\n"
      "RangeError: take_u16: argument 1 'x': expected integer from 0 to "
      "65535, got 65536\n"
      "RangeError: take_i32: argument 1 'x': expected integer from "
      "-2147483648 to 2147483647, got 2147483648\n"
      "RangeError: take_u32: argument 1 'x': expected integer from 0 to "
      "4294967295, got -1\n"
      "RangeError: fib: argument 1 'n': expected integer from "
      "-9223372036854775808 to 9223372036854775807, got "
      "9223372036854775808n\n"
      "RangeError: take_u64: argument 1 'x': expected integer from 0 to "
      "18446744073709551615, got -1\n"
      "RangeError: take_u64: argument 1 'x': expected integer from 0 to "
      "18446744073709551615, got -1n\n"
      "RangeError: take_u8: argument 1 'x': expected integer from 0 to 255, "
      "got 1e+300\n");
}

TEST(an_unsafe_integer_is_told_to_be_a_bigint)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.fib, 2 ** 53); t(n.fib, -(2 ** 53)); t(n.take_u64, 2 ** 64);\n"
          "t(n.fib, 1e21); t(n.fib, -1e300);");
  CHECK_LOG("RangeError: fib: argument 1 'n': 9007199254740992 is not a safe "
            "integer, pass a BigInt\n"
            "RangeError: fib: argument 1 'n': -9007199254740992 is not a safe "
            "integer, pass a BigInt\n"
            "RangeError: take_u64: argument 1 'x': 18446744073709552000 is "
            "not a safe integer, pass a BigInt\n"
            "RangeError: fib: argument 1 'n': 1e+21 is not a safe integer, "
            "pass a BigInt\n"
            "RangeError: fib: argument 1 'n': -1e+300 is not a safe integer, "
            "pass a BigInt\n");
}

TEST(bytes_says_why_a_buffer_does_not_do)
{
  tenon_runtime *rt = start();

  RUN(rt, "const u = new Uint8Array(4); u.buffer.transfer();\n"
          "t(n.take_bytes, u); t(n.take_bytes, new SharedArrayBuffer(1));\n"
          "t(n.take_bytes, [1]);");
  CHECK_LOG("TypeError: take_bytes: argument 1 'b': the ArrayBuffer is "
            "detached or too short\n"
            "TypeError: take_bytes: argument 1 'b': expected memory of its "
            "own, got a view of a SharedArrayBuffer\n"
            "TypeError: take_bytes: argument 1 'b': expected Uint8Array or "
            "ArrayBuffer, got array\n");
}

/* --- What came ----------------------------------------------------------------------- */

TEST(a_number_that_came_is_shown)
{
  tenon_runtime *rt = start();

  RUN(rt, "got(1.5); got(NaN); got(Infinity); got(-Infinity); got(-0.5);\n"
          "got(5e-324); got(-1.2345678901234568e-300); got(0.1 + 0.2);\n"
          "t(n.take_i8, 10n); t(n.take_i8, -(2n ** 64n));");
  CHECK_LOG("1.5\nNaN\nInfinity\n-Infinity\n-0.5\n5e-324\n"
            "-1.2345678901234568e-300\n0.30000000000000004\n"
            "TypeError: take_i8: argument 1 'x': expected integer, got 10n\n"
            "TypeError: take_i8: argument 1 'x': expected integer, got "
            "-18446744073709551616n\n");
}

TEST(a_long_bigint_is_not_written_out)
{
  tenon_runtime *rt = start();

  RUN(rt, "got(10n ** 23n); got(10n ** 24n); got(-(10n ** 22n));\n"
          "got(-(10n ** 23n)); got(2n ** 100n); got(2n ** 6400n);");
  CHECK_LOG("100000000000000000000000n\na longer bigint\n"
            "-10000000000000000000000n\na longer bigint\n"
            "a longer bigint\na longer bigint\n");
}

TEST(a_huge_bigint_is_refused_at_once)
{
  tenon_runtime *rt = start();
  uint64_t before;

  RUN(rt, "globalThis.huge = 1n << 1000000n;");
  before = t_cpu_ms();
  RUN(rt, "for (let i = 0; i < 100; i++) try { n.take_i8(huge); } catch {}\n"
          "got(huge);");
  CHECK_LOG("a longer bigint\n");
  CHECK(t_cpu_ms() - before < 1000);
}

TEST(a_primitive_that_came_is_named)
{
  tenon_runtime *rt = start();

  RUN(rt, "got('text'); got(''); got('a'.repeat(9000) + 'b'); got(true);\n"
          "got(null); got(undefined); got(Symbol('s')); got(Symbol.iterator);");
  CHECK_LOG("string\nstring\nstring\nboolean\nnull\nundefined\nsymbol\n"
            "symbol\n");
}

TEST(an_object_that_came_is_named_by_its_kind)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const v of [{}, Object.create(null), [], () => 1, class {},\n"
          "  n.fib, async () => 1, function* () {}, Math.max,\n"
          "  (() => 1).bind(null), Promise.resolve(), new Map(), new Set(),\n"
          "  new WeakMap(), new Date(0), /x/, new Error(), new TypeError(),\n"
          "  new Number(1), new String('x'), Object(1n), Object(Symbol()),\n"
          "  new ArrayBuffer(1), new Uint8Array(1), new DataView(\n"
          "    new ArrayBuffer(1)), new WeakRef({}), globalThis, Math,\n"
          "  (function () { return arguments; })(), [].values()]) got(v);");
  CHECK_LOG("object\nobject\narray\nfunction\nfunction\nfunction\nfunction\n"
            "function\nfunction\nfunction\nPromise (is an await missing?)\n"
            "Map\nSet\nWeakMap\nDate\n"
            "RegExp\nError\nError\nNumber\nString\nBigInt\nSymbol\n"
            "ArrayBuffer\nUint8Array\nDataView\nWeakRef\nobject\nobject\n"
            "Arguments\nArray Iterator\n");
}

TEST(an_instance_of_a_class_is_an_object)
{
  tenon_runtime *rt = start();

  RUN(rt, "got(new (class Point {})()); got(new (class M extends Map {})());\n"
          "got({ [Symbol.toStringTag]: 'Fake' });\n"
          "got({ constructor: { name: 'Fake' } });");
  CHECK_LOG("object\nMap\nobject\nobject\n");
}

TEST(a_proxy_is_described_without_asking_it)
{
  tenon_runtime *rt = start();

  RUN(rt, "const trap = new Proxy({}, { get(t, k) {\n"
          "  return () => { log(`trap ${String(k)}`); }; } });\n"
          "got(new Proxy({}, trap)); got(new Proxy([], trap));\n"
          "got(new Proxy(() => 1, trap)); got(new Proxy(new Map(), trap));\n"
          "const r = Proxy.revocable({}, {}); r.revoke(); got(r.proxy);\n"
          "const f = Proxy.revocable(() => 1, {}); f.revoke(); got(f.proxy);");
  CHECK_LOG("Proxy\nProxy\nfunction\nProxy\nProxy\nfunction\n");
}

TEST(describing_runs_no_script)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const p of [Number.prototype, BigInt.prototype])\n"
          "  p.toString = p.valueOf = () => { log('script'); return 'x'; };\n"
          "got(1.5); got(10n ** 30n); got(Object(2n));\n"
          "got({ get constructor() { log('script'); },\n"
          "  toString() { log('script'); }, valueOf() { log('script'); },\n"
          "  get [Symbol.toStringTag]() { log('script'); },\n"
          "  [Symbol.toPrimitive]() { log('script'); } });");
  CHECK_LOG("1.5\na longer bigint\nBigInt\nobject\n");
}

/* --- Results --------------------------------------------------------------------------- */

TEST(a_result_that_does_not_fit_is_named)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.big, false); t(n.big, true); t(n.big_unsigned);\n"
          "t(n.no_text); t(n.no_bytes);");
  CHECK_LOG(
      "RangeError: big: result: 9223372036854775807 is not a safe integer\n"
      "RangeError: big: result: -9223372036854775808 is not a safe integer\n"
      "RangeError: big_unsigned: result: 18446744073709551615 is not a safe "
      "integer\n"
      "TypeError: no_text: result: NULL with a length of 3\n"
      "TypeError: no_bytes: result: NULL with a length of 4\n");
}

/* --- Classes, stacks, text ---------------------------------------------------------------- */

TEST(an_error_is_of_its_class)
{
  tenon_runtime *rt = start();

  RUN(rt, "const c = (f, ...a) => { try { f(...a); } catch (e) {\n"
          "  log([e.constructor.name, e instanceof TypeError,\n"
          "    e instanceof RangeError, e instanceof Error,\n"
          "    Object.prototype.toString.call(e),\n"
          "    Object.getPrototypeOf(e) === globalThis[e.name].prototype,\n"
          "    Object.keys(e).length].join(' ')); } };\n"
          "c(n.fib); c(n.fib, 'x'); c(n.take_u8, 256); c(n.fib, 2 ** 53);\n"
          "c(n.big, true); c(n.fail_as, 0, ''); c(n.fail_as, 1, '');\n"
          "c(n.fail_as, 2, ''); c(n.fail_as, 77, '');");
  CHECK_LOG("TypeError true false true [object Error] true 0\n"
            "TypeError true false true [object Error] true 0\n"
            "RangeError false true true [object Error] true 0\n"
            "RangeError false true true [object Error] true 0\n"
            "RangeError false true true [object Error] true 0\n"
            "Error false false true [object Error] true 0\n"
            "TypeError true false true [object Error] true 0\n"
            "RangeError false true true [object Error] true 0\n"
            "Error false false true [object Error] true 0\n");
}

TEST(errors_do_not_ask_the_globals)
{
  tenon_runtime *rt = start();

  RUN(rt, "const T = TypeError; globalThis.TypeError = function () {\n"
          "  log('script'); };\n"
          "T.prototype.constructor = null;\n"
          "Object.defineProperty(T.prototype, 'message', {\n"
          "  set() { log('script'); }, get() { return 'no'; } });\n"
          "try { n.fib(); } catch (e) { log(`${e instanceof T} ${e}`); }");
  CHECK_LOG("true TypeError: fib: expected 1 argument, got 0\n");
}

TEST(the_stack_names_the_native_function)
{
  tenon_runtime *rt = start();

  t_run(rt, "import { log } from 'test'; import { fib, pair } from 'native';\n"
            "function caller(v) { return fib(v); }\n"
            "try { caller('x'); } catch (e) { log(e.stack); }\n"
            "try { fib(); } catch (e) { log(e.stack); }\n"
            "try { [1].map(pair); } catch (e) { log(e.stack); }");
  CHECK_LOG("    at fib (native)\n    at caller (test.js:2:29)\n"
            "    at <anonymous> (test.js:3:7)\n\n"
            "    at fib (native)\n    at <anonymous> (test.js:4:7)\n\n"
            "    at pair (native)\n    at map (native)\n"
            "    at <anonymous> (test.js:5:11)\n\n");
}

TEST(the_stack_of_a_failure_names_the_native_function)
{
  tenon_runtime *rt = start();

  t_run(rt, "import { log } from 'test'; import * as n from 'native';\n"
            "try { n.fail_as(0, 'x'); } catch (e) { log(e.stack); }\n"
            "await n.later().catch(e => log(e.stack));\n"
            "await n.fail_later().catch(e => log(`${e}`));");
  CHECK_LOG("    at fail_as (native)\n    at <anonymous> (test.js:2:9)\n\n"
            "    at later (native)\n    at <anonymous> (test.js:3:9)\n\n"
            "RangeError: off the loop\n");
}

TEST(prepare_stack_trace_sees_the_message)
{
  tenon_runtime *rt = start();

  RUN(rt, "Error.prepareStackTrace = (e, sites) =>\n"
          "  `${e.message} ${sites[0].getFunctionName()}`;\n"
          "try { n.fib(); } catch (e) { log(e.stack); }\n"
          "Error.prepareStackTrace = () => { throw 1; };\n"
          "t(n.fib);");
  CHECK_LOG("fib: expected 1 argument, got 0 fib\n"
            "TypeError: fib: expected 1 argument, got 0\n");
}

TEST(a_long_message_is_kept_whole)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const s of ['x'.repeat(254), 'x'.repeat(255),\n"
          "    'x'.repeat(256), 'y'.repeat(100000),\n"
          "    'a' + '\\u20ac'.repeat(300), '\\u{1f600}'.repeat(5000)]) {\n"
          "  try { n.fail_as(0, s); }\n"
          "  catch (e) { log(`${e.message.length} ${e.message === s}`); }\n"
          "}");
  CHECK_LOG("254 true\n255 true\n256 true\n100000 true\n301 true\n"
            "10000 true\n");
}

TEST(an_ill_formed_message_is_repaired)
{
  tenon_runtime *rt = start();

  RUN(rt, "try { n.fail_raw(); } catch (e) { log(e.message); }");
  CHECK_LOG("a\xef\xbf\xbdz\xef\xbf\xbd\n");
}

TEST(a_percent_sign_in_a_message_stays)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.fail_as, 0, '100% %s %n %d');");
  CHECK_LOG("Error: 100% %s %n %d\n");
}
