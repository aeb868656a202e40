/* Tuples, records, dates, flags, choices, and structs that are there already:
 * both directions, messages word for word. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#include <tenon/export.h>

TENON_MODULE_THREADS(any);

/* --- Natives ----------------------------------------------------------------- */

#define ECHO_AS(name, ...)                                \
  TENON_FUNCTION(__VA_ARGS__, name, (__VA_ARGS__, value)) \
  {                                                       \
    return value;                                         \
  }
#define ECHO(T) ECHO_AS(echo_##T, T)

ECHO(date)

TENON_FUNCTION(date, date_of, (i64, ms))
{
  return ms;
}

TENON_FUNCTION(big_i64, ms_of, (opt(date), d), (date, e, 7))
{
  return d ? *d : -e;
}

TENON_TUPLE(entry, (str, name), (f64, value))
TENON_TUPLE(long_entry, (i32, a), (i32, b, 42), (opt(str), c),
            (nullable(i32), d))
TENON_TUPLE(alone, (opt(entry), e))
TENON_STRUCT(with_tuple, (entry, e), (array(entry), all))
TENON_TUPLE(of_bytes, (bytes, a), (i32, n))

ECHO(entry)
ECHO(long_entry)
ECHO(alone)
ECHO(with_tuple)
ECHO(of_bytes)
ECHO_AS(echo_entries, array(entry))

T_SETTLED_ELSEWHERE(entry, entry_kept)
{
  char text[8] = "text";
  entry e = {{text, 4}, 5};

  TENON_RESOLVE(entry_kept, deferred, e);
  t_spoil(text, sizeof text);
}

TENON_RECORD(sizes, i64)
TENON_RECORD(deep, sizes)
TENON_STRUCT(point, (f64, x), (f64, y))

ECHO_AS(echo_record, record(f64))
ECHO_AS(echo_strs, record(str))
ECHO_AS(echo_record_opt, record(opt(str)))
ECHO_AS(echo_record_nullable, record(nullable(point)))
ECHO_AS(echo_record_bool, record(bool))
ECHO_AS(echo_points, record(point))
ECHO_AS(echo_all_sizes, array(sizes))
ECHO(deep)
ECHO_AS(echo_opt_record, opt(record(i32)))

TENON_FUNCTION(str, keys_of, (record(i32), r))
{
  char *p = tenon_alloc(1000);
  size_t n = 0, i;

  for (i = 0; i < r.len; i++) {
    memcpy(p + n, r.data[i].key.data, r.data[i].key.len);
    n += r.data[i].key.len;
    p[n++] = ';';
  }
  return (tenon_str){p, n};
}

TENON_FUNCTION(record(i64), bad_record, (i32, which))
{
  static const tenon_pair_i64 pairs[] = {{{NULL, 4}, 1}},
                              unsafe[] = {{{"a b", 3}, INT64_MAX}};

  return which == 0   ? (tenon_record_i64){NULL, 2}
         : which == 1 ? (tenon_record_i64){pairs, 1}
                      : (tenon_record_i64){unsafe, 1};
}

TENON_FUNCTION(record(i32), twice)
{
  static const tenon_pair_i32 pairs[] = {
      {{"b", 1}, 1}, {{"a", 1}, 2}, {{"b", 1}, 3}, {{NULL, 0}, 4}};

  return (tenon_record_i32){pairs, 4};
}

T_SETTLED_ELSEWHERE(record(str), record_kept)
{
  char key[8] = "key", text[8] = "text";
  tenon_pair_str pairs[] = {{{key, 3}, {text, 4}}};
  tenon_record_str r = {pairs, 1};

  TENON_RESOLVE(record_kept, deferred, r);
  t_spoil(key, sizeof key);
  t_spoil(text, sizeof text);
  t_spoil(pairs, sizeof pairs);
}

TENON_FLAGS(access, read, write, exec)
TENON_FLAGS_AS(mode, int, (O_RDWR, "rdwr"), (O_CREAT | O_EXCL, "create new"),
               (O_CREAT, "create"), (0, "none"), (1, "one"))
TENON_FLAGS_AS(tiny, int8_t, (-128, "high"), (1, "low"))
TENON_FLAGS_AS(wide, uint64_t, (0x80000000u, "high"), (1, "low"))

ECHO(access)
ECHO(mode)
ECHO(tiny)
ECHO(wide)
ECHO_AS(echo_all_access, array(access))

TENON_FUNCTION(u32, bits_of, (access, f, access_read | access_exec))
{
  return f;
}

TENON_FUNCTION(access, access_of, (u32, bits))
{
  return bits;
}

TENON_FUNCTION(mode, mode_of, (i32, bits))
{
  return bits;
}

TENON_FUNCTION(wide, wide_of, (u64, bits))
{
  return bits;
}

TENON_EITHER(value, (f64, number), (str, text), (bool, truth),
             (array(f64), list), (nullable(point), point), (date, when))
TENON_EITHER(data, (bytes, any), (view(f32), floats), (array(i32), numbers))
TENON_EITHER(names, (access, flags), (str, text))
TENON_EITHER(numeric, (i64, number), (record(str), words))
TENON_EITHER(nested, (numeric, n), (nullable(cstr), s))
TENON_STRUCT(holder, (value, v), (array(value), all), (opt(data), d))

ECHO(value)
ECHO(names)
ECHO(nested)
ECHO(holder)
ECHO_AS(echo_values, record(value))

TENON_FUNCTION(i32, which, (value, v))
{
  return (int32_t)v.which;
}

TENON_FUNCTION(str, data_of, (data, d), (opt(point), p))
{
  char *r = tenon_alloc(64);
  (void)p;
  if (d.which == data_any)
    snprintf(r, 64, "any %zu %d", d.any.len, d.any.len ? d.any.data[0] : -1);
  else if (d.which == data_floats)
    snprintf(r, 64, "floats %zu %g", d.floats.len,
             d.floats.len ? (double)d.floats.data[0] : -1);
  else
    snprintf(r, 64, "numbers %zu", d.numbers.len);
  return tenon_str_of(r);
}

TENON_FUNCTION(value, bad_value)
{
  value v = {(value_which)17, {0}};

  return v;
}

T_SETTLED_ELSEWHERE(holder, holder_kept)
{
  char text[8] = "text";
  double list[] = {1, 2};
  value all[] = {{value_list, {.list = {list, 2}}},
                 {value_number, {.number = 3}},
                 {value_point, {.point = NULL}}};
  data d = {data_any, {.any = {(const uint8_t *)text, 2}}};
  holder h = {{value_text, {.text = {text, 4}}}, {all, 3}, &d};

  TENON_RESOLVE(holder_kept, deferred, h);
  t_spoil(text, sizeof text);
  t_spoil(list, sizeof list);
  t_spoil(all, sizeof all);
  t_spoil(&d, sizeof d);
}

struct settings {
  int hidden;
  const char *title;
  int max_size;
  struct {
    double x, y;
  } at;
  float matrix[3];
  const int *limit;
};
TENON_TUPLE(vec3, (f32, x), (f32, y), (f32, z))
TENON_STRUCT_AS(settings, struct settings, (cstr, title, "untitled"),
                (i32, (max_size, "maxSize"), 80), (f64, (at.x, "x")),
                (vec3, matrix), (opt(i32), (limit, "upper limit")))
TENON_STRUCT(camel, (i32, (max_size, "maxSize"), 3), (bool, (is_on, "on")))

ECHO(settings)
ECHO(camel)
ECHO_AS(echo_all_settings, array(settings))

TENON_FUNCTION(i32, hidden_of, (settings, s))
{
  return s.hidden + (s.at.y != 0);
}

/* --- Helpers ------------------------------------------------------------------- */

#define PRELUDE                                                                \
  "import { log } from 'test'; import * as n from 'native';\n"                 \
  "const show = v => JSON.stringify(v, (k, w) => ArrayBuffer.isView(w)\n"      \
  "  ? `${w.constructor.name} ${[...w].join()}` : w === undefined ? 'undef'\n" \
  "  : typeof w === 'bigint' ? w + 'n' : w);\n"                                \
  "const text = v => typeof v === 'object' ? show(v)\n"                        \
  "  : typeof v === 'bigint' ? v + 'n' : String(v);\n"                         \
  "const t = (f, ...a) => {\n"                                                 \
  "  try { log(text(f(...a))); } catch (e) { log(`${e}`); } };\n"              \
  "const at = async (f, ...a) => {\n"                                          \
  "  try { log(text(await f(...a))); } catch (e) { log(`${e}`); } };\n"
#define RUN(rt, source) t_run(rt, PRELUDE source)

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  return rt;
}

/* --- Dates ------------------------------------------------------------------------- */

TEST(a_date_is_milliseconds)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.echo_date, new Date(0)); t(n.echo_date, new Date(-1));\n"
          "t(n.ms_of, new Date(1e12)); t(n.ms_of); t(n.ms_of, undefined,\n"
          "  new Date(3)); t(n.ms_of, new Date(8.64e15));\n"
          "t(n.date_of, -8.64e15);\n"
          "const d = n.date_of(5); log(`${d instanceof Date} ${+d}`);\n"
          "log(`${+(await n.echo_date.async(new Date(9)))}`);\n"
          "t(n.ms_of, new (class extends Date {})(4));");
  CHECK_LOG("\"1970-01-01T00:00:00.000Z\"\n\"1969-12-31T23:59:59.999Z\"\n"
            "1000000000000n\n-7n\n-3n\n8640000000000000n\n"
            "\"-271821-04-20T00:00:00.000Z\"\ntrue 5\n9\n4n\n");
}

TEST(what_is_no_valid_date_is_refused)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.echo_date, new Date(NaN)); t(n.echo_date, 5);\n"
          "t(n.echo_date, '2020-01-01'); t(n.echo_date, {});\n"
          "t(n.echo_date, new Proxy(new Date(), {}));\n"
          "t(n.echo_date, Object.create(Date.prototype));\n"
          "t(n.date_of, 8640000000000001); t(n.date_of, -8640000000000001);\n"
          "t(n.date_of, 2n ** 63n - 1n);");
#define NO_DATE "TypeError: echo_date: argument 1 'value': expected "
#define NO_RESULT(ms) \
  "RangeError: date_of: result: " ms " ms is outside of what a Date can be\n"
  CHECK_LOG(NO_DATE "valid Date, got an invalid one\n" NO_DATE
                    "Date, got 5\n" NO_DATE "Date, got string\n" NO_DATE
                    "Date, got object\n" NO_DATE "Date, got Proxy\n" NO_DATE
                    "Date, got object\n" NO_RESULT("8640000000000001")
                        NO_RESULT("-8640000000000001")
                            NO_RESULT("9223372036854775807"));
}

/* --- Tuples ------------------------------------------------------------------------- */

TEST(a_tuple_is_an_array_of_its_elements)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.echo_entry, ['a', 1]);\n"
          "log(`${Array.isArray(n.echo_entry(['', 0]))}`);\n"
          "t(n.echo_entries, Object.entries({ a: 1, b: 2 }));\n"
          "t(n.echo_with_tuple, { e: ['x', 1], all: [['y', 2]] });\n"
          "await at(n.echo_entry.async, ['b'.repeat(3), 2]);\n"
          "await at(n.entry_kept);\n"
          "t(n.echo_of_bytes, [new Uint8Array([1, 2]), 3]);");
  CHECK_LOG("[\"a\",1]\ntrue\n[[\"a\",1],[\"b\",2]]\n"
            "{\"e\":[\"x\",1],\"all\":[[\"y\",2]]}\n[\"bbb\",2]\n"
            "[\"text\",5]\n[\"Uint8Array 1,2\",3]\n");
}

TEST(elements_of_a_tuple_may_be_left_out_at_its_end)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.echo_long_entry, [1]); t(n.echo_long_entry, [1, 2, 'c', 4]);\n"
          "t(n.echo_long_entry, [1, undefined, undefined, null]);\n"
          "t(n.echo_long_entry, [1, , 'c']);\n"
          "t(n.echo_alone, []); t(n.echo_alone, [['a', 1]]);\n"
          "t(n.echo_long_entry, []); t(n.echo_long_entry, [1, 2, 'c', 4, 5]);\n"
          "t(n.echo_entry, ['a']); t(n.echo_entry, ['a', 1, undefined]);\n"
          "t(n.echo_alone, [1, 2]);");
  CHECK_LOG("[1,42,\"undef\",null]\n[1,2,\"c\",4]\n[1,42,\"undef\",null]\n"
            "[1,42,\"c\",null]\n[\"undef\"]\n[[\"a\",1]]\n"
            "TypeError: echo_long_entry: argument 1 'value': expected array of"
            " 1 to 4 elements, got one of 0\n"
            "TypeError: echo_long_entry: argument 1 'value': expected array of"
            " 1 to 4 elements, got one of 5\n"
            "TypeError: echo_entry: argument 1 'value': expected array of 2"
            " elements, got one of 1\n"
            "TypeError: echo_entry: argument 1 'value': expected array of 2"
            " elements, got one of 3\n"
            "TypeError: echo_alone: argument 1 'value': expected array of 0 to"
            " 1 elements, got one of 2\n");
}

TEST(a_tuple_says_which_element_is_wrong)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.echo_entry, ['a', 'b']); t(n.echo_entry, { 0: 'a', 1: 1 });\n"
          "t(n.echo_entries, [['a', 1], [2, 2]]);\n"
          "t(n.echo_with_tuple, { e: ['x', 1], all: [['y', 2], ['z']] });\n"
          "t(n.echo_alone, [['a', null]]); t(n.echo_entry, 'ab');\n"
          "t(n.echo_entry, new Float64Array(2)); t(n.echo_entry, [, 1]);");
  CHECK_LOG("TypeError: echo_entry: argument 1 'value[1]': expected number, got"
            " string\n"
            "TypeError: echo_entry: argument 1 'value': expected array, got"
            " object\n"
            "TypeError: echo_entries: argument 1 'value[1][0]': expected"
            " string, got 2\n"
            "TypeError: echo_with_tuple: argument 1 'value.all[1]': expected"
            " array of 2 elements, got one of 1\n"
            "TypeError: echo_alone: argument 1 'value[0][1]': expected number,"
            " got null\n"
            "TypeError: echo_entry: argument 1 'value': expected array, got"
            " string\n"
            "TypeError: echo_entry: argument 1 'value': expected array, got"
            " Float64Array\n"
            "TypeError: echo_entry: argument 1 'value[0]': expected string, got"
            " undefined\n");
}

TEST(a_tuple_that_changes_while_it_is_read_is_harmless)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "const a = ['a', 1];\n"
      "Object.defineProperty(a, 0, { get() { a.length = 1; return 'g'; } });\n"
      "t(n.echo_entry, a);\n"
      "const b = new Uint8Array([1, 2]);\n"
      "t(n.echo_of_bytes, Object.defineProperty([b, 0], 1, { get() {\n"
      "  b.buffer.transfer(); return 4; } }));\n"
      "t(n.echo_entry, new Proxy(['p', 3], {}));\n"
      "t(n.echo_entry, new Proxy(['p', 3], { get: (o, k) => k === 'length'\n"
      "  ? 2 ** 40 : o[k] }));\n"
      "const r = Proxy.revocable([], {}); r.revoke();\n"
      "t(n.echo_entry, r.proxy);\n"
      "t(n.echo_entry, new Proxy([], { get() { throw 'trap'; } }));");
  CHECK_LOG("TypeError: echo_entry: argument 1 'value[1]': expected number, got"
            " undefined\n[\"Uint8Array 1,2\",4]\n[\"p\",3]\n"
            "TypeError: echo_entry: argument 1 'value': expected array of 2"
            " elements, got one of 1099511627776\n"
            "TypeError: revoked proxy\ntrap\n");
}

/* --- Records ------------------------------------------------------------------------- */

TEST(a_record_is_the_own_properties_of_an_object)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.echo_record, { b: 1, a: 2, 7: 3, '': 4 });\n"
          "t(n.echo_record, {}); t(n.echo_record, Object.create({ a: 1 }));\n"
          "t(n.echo_strs, { [Symbol()]: 1, s: 'x' });\n"
          "t(n.echo_record, Object.defineProperty({}, 'a', { value: 1 }));\n"
          "t(n.echo_record, Object.assign(Object.create(null), { z: 1 }));\n"
          "t(n.echo_record, new (class { x = 5; })());\n"
          "t(n.echo_points, { p: { x: 1, y: 2 } });\n"
          "t(n.echo_all_sizes, [{ a: 1 }, {}]); t(n.echo_deep, { a: { b: 1 }"
          " });\n"
          "t(n.echo_opt_record); t(n.echo_opt_record, { a: 1 });\n"
          "t(n.echo_record_bool, { t: true });\n"
          "await at(n.echo_points.async, { p: { x: 3, y: 4 } });\n"
          "await at(n.record_kept);");
  CHECK_LOG("{\"7\":3,\"b\":1,\"a\":2,\"\":4}\n{}\n{}\n{\"s\":\"x\"}\n{}\n"
            "{\"z\":1}\n{\"x\":5}\n{\"p\":{\"x\":1,\"y\":2}}\n"
            "[{\"a\":1},{}]\n{\"a\":{\"b\":1}}\nundefined\n{\"a\":1}\n"
            "{\"t\":true}\n{\"p\":{\"x\":3,\"y\":4}}\n{\"key\":\"text\"}\n");
}

TEST(values_of_a_record_may_be_missing_where_the_type_says_so)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.echo_record_opt, { a: undefined, b: 'x' });\n"
          "t(n.echo_record_opt, { a: null });\n"
          "t(n.echo_record_nullable, { a: null, b: undefined,\n"
          "  c: { x: 1, y: 2 } });\n"
          "log(Object.keys(n.echo_record_opt({ a: undefined })).join());");
  CHECK_LOG("{\"a\":\"undef\",\"b\":\"x\"}\n"
            "TypeError: echo_record_opt: argument 1 'value.a': expected string,"
            " got null\n"
            "{\"a\":null,\"b\":null,\"c\":{\"x\":1,\"y\":2}}\na\n");
}

TEST(a_key_that_is_named_like_the_prototype_is_a_property)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "const r = n.echo_points(JSON.parse('{\"__proto__\":{\"x\":1,\"y\":2}}'));"
      "\nlog(`${Object.keys(r)} ${Object.getPrototypeOf(r) ==="
      " Object.prototype}`);\n"
      "log(`${r.x} ${Object.hasOwn(r, '__proto__')}`);\n"
      "const o = n.echo_strs({ toString: 'a', constructor: 'b' });\n"
      "log(`${o.toString} ${o.constructor}`);");
  CHECK_LOG("__proto__ true\nundefined true\na b\n");
}

TEST(keys_are_text)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.keys_of, { 'gr\\u00fc\\u00dfe': 1, '\\ud800': 2, '': 3 });\n"
          "log(`${n.keys_of({ 'a\\0b': 1 }).length}`);\n"
          "t(n.keys_of, { ['long'.repeat(3) + 1]: 1 });\n"
          "t(n.twice);");
  CHECK_LOG("gr\xc3\xbc\xc3\x9f"
            "e;\xef\xbf\xbd;;\n4\nlonglonglong1;\n"
            "{\"b\":3,\"a\":2,\"\":4}\n");
}

TEST(a_record_says_which_value_is_wrong)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "t(n.echo_record, { a: 1, b: 'x' }); t(n.echo_record, { 'a b': 'x' });"
      "\nt(n.echo_record, { '': 1n }); t(n.echo_record, { 7: null });\n"
      "t(n.echo_points, { p: { x: 1 } });\n"
      "t(n.echo_deep, { a: { b: 1.5 } });\n"
      "t(n.echo_record, { ['\\u00fc'.repeat(30)]: 'x' });\n"
      "t(n.echo_record, { ['x'.repeat(40)]: 'x' });\n"
      "t(n.bad_record, 0); t(n.bad_record, 1); t(n.bad_record, 2);");
  CHECK_LOG("TypeError: echo_record: argument 1 'value.b': expected number, got"
            " string\n"
            "TypeError: echo_record: argument 1 'value[\"a b\"]': expected"
            " number, got string\n"
            "TypeError: echo_record: argument 1 'value[\"\"]': expected number,"
            " got 1n\n"
            "TypeError: echo_record: argument 1 'value[\"7\"]': expected"
            " number, got null\n"
            "TypeError: echo_points: argument 1 'value.p.y': expected number,"
            " got undefined\n"
            "TypeError: echo_deep: argument 1 'value.a.b': expected integer,"
            " got 1.5\n"
            "TypeError: echo_record: argument 1 'value.\xc3\xbc\xc3\xbc\xc3\xbc"
            "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc"
            "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc"
            "\xc3\xbc\xe2\x80\xa6': expected number, got string\n"
            "TypeError: echo_record: argument 1 'value."
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx': expected number, got"
            " string\n"
            "TypeError: bad_record: result: NULL with a length of 2\n"
            "TypeError: bad_record: result: NULL with a length of 4\n"
            "RangeError: bad_record: result '[\"a b\"]': 9223372036854775807 is"
            " not a safe integer\n");
}

TEST(what_holds_its_values_elsewhere_is_no_record)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const v of [[1], new Map([['a', 1]]), new Set(), () => 1,\n"
          "  new Date(), new Uint8Array(1), new ArrayBuffer(1), 'a', null,\n"
          "  Promise.resolve({})]) t(n.echo_record, v);");
#define NO_RECORD \
  "TypeError: echo_record: argument 1 'value': expected object, got "
  CHECK_LOG(NO_RECORD "array\n" NO_RECORD "Map\n" NO_RECORD "Set\n" NO_RECORD
                      "function\n" NO_RECORD "Date\n" NO_RECORD
                      "Uint8Array\n" NO_RECORD "ArrayBuffer\n" NO_RECORD
                      "string\n" NO_RECORD "null\n" NO_RECORD
                      "Promise (is an await missing?)\n");
}

TEST(a_record_that_changes_while_it_is_read_is_harmless)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "const o = { get a() { delete o.b; o.z = 5; return 1; }, b: 2, c: 3 };\n"
      "t(n.echo_record, o);\n"
      "const h = { get a() { Object.defineProperty(h, 'b', { enumerable: false"
      " });\n  return 1; }, b: 2 };\n"
      "t(n.echo_record, h);\n"
      "const traps = [];\n"
      "t(n.echo_record, new Proxy({ a: 1, b: 2 }, {\n"
      "  ownKeys(o) { traps.push('keys'); return Reflect.ownKeys(o); },\n"
      "  getOwnPropertyDescriptor(o, k) { traps.push(`own ${k}`);\n"
      "    return Reflect.getOwnPropertyDescriptor(o, k); },\n"
      "  get(o, k) { traps.push(`get ${k}`); return o[k] * 10; } }));\n"
      "log(traps.join());\n"
      "t(n.echo_record, new Proxy({}, { ownKeys() { throw 'trap'; } }));\n"
      "t(n.echo_record, { get a() { throw 'getter'; } });\n"
      "const v = new Float64Array(1);\n"
      "t(n.echo_strs, { a: 'x' + v, get b() { v.buffer.transfer();\n"
      "  return 'y'; } });");
  CHECK_LOG("{\"a\":1,\"c\":3}\n{\"a\":1}\n{\"a\":10,\"b\":20}\n"
            "keys,own a,get a,own b,get b\ntrap\ngetter\n"
            "{\"a\":\"x0\",\"b\":\"y\"}\n");
}

/* --- Flags --------------------------------------------------------------------------- */

TEST(flags_are_an_array_of_names)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.echo_access, ['write', 'read']); t(n.echo_access, []);\n"
          "t(n.echo_access, 'exec'); t(n.echo_access, ['read', 'read']);\n"
          "t(n.bits_of, ['read', 'exec']); t(n.bits_of);\n"
          "t(n.echo_all_access, [['read'], 'write', []]);\n"
          "t(n.echo_access, new Proxy(['read'], {}));\n"
          "await at(n.echo_access.async, ['write']);");
  CHECK_LOG("[\"read\",\"write\"]\n[]\n[\"exec\"]\n[\"read\"]\n5\n5\n"
            "[[\"read\"],[\"write\"],[]]\n[\"read\"]\n[\"write\"]\n");
}

TEST(unknown_flags_list_the_valid_ones)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.echo_access, ['read', 'rwite']); t(n.echo_access, 'x');\n"
          "t(n.echo_access, 5); t(n.echo_access, ['read', 1]);\n"
          "t(n.echo_access, [, 'read']); t(n.echo_access, new Set(['read']));\n"
          "t(n.access_of, 8); t(n.access_of, 0xffffffff);");
#define ONE_OF(path)                                                    \
  "TypeError: echo_access: argument 1 'value" path "': expected one of" \
  " 'read', 'write', 'exec', got "
#define ARRAY_OF                                                          \
  "TypeError: echo_access: argument 1 'value': expected array of 'read'," \
  " 'write', 'exec', got "
  CHECK_LOG(ONE_OF("[1]") "'rwite'\n" ONE_OF(
      "") "'x'\n" ARRAY_OF
          "5\n" ONE_OF("[1]") "1\n" ONE_OF(
              "[0]") "undefined\n" ARRAY_OF "Set\n"
                     "RangeError: access_of: result: expected bits of 'read', 'write',"
                     " 'exec', got 0x8\n"
                     "RangeError: access_of: result: expected bits of 'read', 'write',"
                     " 'exec', got 0xffffffff\n");
}

TEST(flags_that_are_there_already_may_have_several_bits)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.echo_mode, ['create new', 'rdwr', 'none']);\n"
          "t(n.echo_mode, ['create', 'one']); t(n.echo_mode, ['none']);\n"
          "t(n.mode_of, 0); t(n.mode_of, -1);\n"
          "t(n.echo_tiny, ['high', 'low']); t(n.echo_tiny, 'high');\n"
          "t(n.echo_wide, ['high', 'low']); t(n.wide_of, 0x100000000);\n"
          "t(n.wide_of, 0x80000000);");
  CHECK_LOG("[\"rdwr\",\"create new\"]\n[\"create\",\"one\"]\n[]\n[]\n"
            "RangeError: mode_of: result: expected bits of 'rdwr',"
            " 'create new', 'create', 'none', 'one', got 0xffffffff\n"
            "[\"high\",\"low\"]\n[\"high\"]\n[\"high\",\"low\"]\n"
            "RangeError: wide_of: result: expected bits of 'high', 'low', got"
            " 0x100000000\n[\"high\"]\n");
}

/* --- Choices -------------------------------------------------------------------------- */

TEST(a_choice_is_made_by_the_type_of_the_value)
{
  tenon_runtime *rt = start();

  RUN(rt, "const all = [1.5, 'a', false, [1, 2], { x: 1, y: 2 }, null,\n"
          "  undefined, new Date(5), new Float64Array([3])];\n"
          "log(all.map(v => n.which(v)).join());\n"
          "for (const v of all) t(n.echo_value, v);\n"
          "for (const v of all) await at(n.echo_value.async, v);");
#define VALUES                                            \
  "1.5\na\nfalse\n[1,2]\n{\"x\":1,\"y\":2}\nnull\nnull\n" \
  "\"1970-01-01T00:00:00.005Z\"\n[3]\n"
  CHECK_LOG("0,1,2,3,4,4,4,5,3\n" VALUES VALUES);
}

TEST(a_choice_lists_what_is_expected)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.which, 1n); t(n.which, () => 1); t(n.which, Symbol());\n"
          "t(n.which, new ArrayBuffer(1)); t(n.which, { x: 1 });\n"
          "t(n.which, [1, '2']); t(n.which, new Date(NaN)); t(n.which);\n"
          "t(n.data_of, 'x'); t(n.data_of, ['x']); t(n.echo_nested, true);\n"
          "t(n.echo_names, 1); t(n.echo_values, { a: 1, b: 1n });\n"
          "t(n.bad_value);");
#define NO_VALUE "TypeError: which: argument 1 'v': expected "
#define ANY_VALUE \
  NO_VALUE "number, string, boolean, array, object, null or Date, got "
  CHECK_LOG(ANY_VALUE
            "1n\n" ANY_VALUE "function\n" ANY_VALUE "symbol\n" ANY_VALUE
            "ArrayBuffer\n"
            "TypeError: which: argument 1 'v.y': expected number, got"
            " undefined\n"
            "TypeError: which: argument 1 'v[1]': expected number, got"
            " string\n" NO_VALUE "valid Date, got an invalid one\n"
            "TypeError: which: expected 1 argument, got 0\n"
            "TypeError: data_of: argument 1 'd': expected Uint8Array,"
            " ArrayBuffer, Float32Array or array, got string\n"
            "TypeError: data_of: argument 1 'd[0]': expected integer, got"
            " string\n"
            "TypeError: echo_nested: argument 1 'value': expected number,"
            " bigint, object, string or null, got boolean\n"
            "TypeError: echo_names: argument 1 'value': expected array or"
            " string, got 1\n"
            "TypeError: echo_values: argument 1 'value.b': expected number,"
            " string, boolean, array, object, null or Date, got 1n\n"
            "RangeError: bad_value: result: 17 is none of the"
            " alternatives\n");
}

TEST(the_more_exact_type_is_chosen)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.data_of, new Uint8Array([3])); t(n.data_of, new ArrayBuffer(1));"
          "\nt(n.data_of, new Float32Array([0.5])); t(n.data_of, [1, 2]);\n"
          "t(n.data_of, new Float64Array(1));\n"
          "t(n.data_of, new DataView(new ArrayBuffer(2)));\n"
          "t(n.echo_names, 'read'); t(n.echo_names, ['read']);\n"
          "t(n.echo_nested, 5); t(n.echo_nested, 5n); t(n.echo_nested, 's');\n"
          "t(n.echo_nested, { a: 'b' }); t(n.echo_nested, null);\n"
          "t(n.data_of, new Proxy([1], {}));");
  CHECK_LOG("any 1 3\nany 1 0\nfloats 1 0.5\nnumbers 2\nany 8 0\nany 2 0\n"
            "read\n[\"read\"]\n5\n5\ns\n{\"a\":\"b\"}\nnull\nnumbers 1\n");
}

TEST(choices_nest_and_wait)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.echo_holder, { v: 's', all: [1, 'b', [2]], d: [3] });\n"
          "t(n.echo_holder, { v: null, all: [],\n"
          "  d: new Float32Array([0.5]) });\n"
          "t(n.echo_holder, { v: 1, all: [1, 1n] });\n"
          "t(n.echo_values, { a: 1, b: 'c' });\n"
          "await at(n.holder_kept);");
  CHECK_LOG("{\"v\":\"s\",\"all\":[1,\"b\",[2]],\"d\":[3]}\n"
            "{\"v\":null,\"all\":[],\"d\":\"Float32Array 0.5\"}\n"
            "TypeError: echo_holder: argument 1 'value.all[1]': expected"
            " number, string, boolean, array, object, null or Date, got 1n\n"
            "{\"a\":1,\"b\":\"c\"}\n"
            "{\"v\":\"text\",\"all\":[[1,2],3,null],\"d\":\"Uint8Array"
            " 116,101\"}\n");
}

TEST(memory_of_a_choice_is_read_again_behind_scripts)
{
  tenon_runtime *rt = start();

  RUN(rt, "const b = new Uint8Array([1, 2]), f = new Float32Array([4]);\n"
          "t(n.data_of, b, { x: 1, get y() { b[0] = 9; return 2; } });\n"
          "t(n.data_of, b, { x: 1, get y() { b.buffer.transfer(); return 2; }"
          " });\n"
          "t(n.data_of, f, { x: 1, get y() { f.buffer.transfer(); return 2; }"
          " });\n"
          "let reads = 0;\n"
          "t(n.data_of, Object.defineProperty([0], 0, { get() { reads++;\n"
          "  return 1; } }), { x: 1, y: 2 }); log(`${reads}`);");
  CHECK_LOG("any 2 9\n"
            "TypeError: data_of: argument 1 'd': the ArrayBuffer is detached or"
            " too short\n"
            "TypeError: data_of: argument 1 'd': the ArrayBuffer is detached or"
            " too short\nnumbers 1\n1\n");
}

/* --- Structs that are there already ------------------------------------------------------ */

TEST(a_struct_that_is_there_already_has_the_named_members)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "t(n.echo_settings, { title: 't', maxSize: 5, x: 1.5,\n"
      "  matrix: [1, 2, 3], 'upper limit': 7, hidden: 3 });\n"
      "t(n.echo_settings, { x: 0, matrix: [0, 0, 0] });\n"
      "t(n.hidden_of, { x: 0, matrix: [0, 0, 0], hidden: 3, max_size: 1 });\n"
      "t(n.echo_settings, { x: 0, matrix: [0, 0] });\n"
      "t(n.echo_settings, { x: 0, matrix: [0, 0, 0], maxSize: 'x' });\n"
      "t(n.echo_settings, { x: 0, matrix: [0, 0, 0], 'upper limit': 'x' });\n"
      "t(n.echo_all_settings, [{ x: 0, matrix: [1, 2, 3], title: '' }]);\n"
      "t(n.echo_camel, { on: true }); t(n.echo_camel, { maxSize: 5, on: 1 });");
  CHECK_LOG(
      "{\"title\":\"t\",\"maxSize\":5,\"x\":1.5,\"matrix\":[1,2,3],"
      "\"upper limit\":7}\n"
      "{\"title\":\"untitled\",\"maxSize\":80,\"x\":0,\"matrix\":[0,0,0],"
      "\"upper limit\":\"undef\"}\n0\n"
      "TypeError: echo_settings: argument 1 'value.matrix': expected array of 3"
      " elements, got one of 2\n"
      "TypeError: echo_settings: argument 1 'value.maxSize': expected integer,"
      " got string\n"
      "TypeError: echo_settings: argument 1 'value[\"upper limit\"]': expected"
      " integer, got string\n"
      "[{\"title\":\"\",\"maxSize\":80,\"x\":0,\"matrix\":[1,2,3],"
      "\"upper limit\":\"undef\"}]\n"
      "{\"maxSize\":3,\"on\":true}\n"
      "TypeError: echo_camel: argument 1 'value.on': expected boolean, got 1\n");
}
