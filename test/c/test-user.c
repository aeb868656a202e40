/* Modules as their authors build them: strict C11, C++17, several in one
 * program, and a shared object. */
#include <dlfcn.h>
#include <string.h>

#include "harness.h"

#include <tenon/export.h>

tenon_module_entry tenon_module_second;

#define PRELUDE                                                         \
  "import { log as write } from 'test'; import * as n from 'native';\n" \
  "const log = (...a) => write(a.map(String).join(' '));\n"             \
  "const t = (f, ...a) => {\n"                                          \
  "  try { log(f(...a)); } catch (e) { log(e); } };\n"
#define RUN(rt, source) t_run(rt, PRELUDE source)

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  return rt;
}

TEST(strict_c11_exports)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(n.c11_none(), n.c11_bool(true), n.c11_str('a'),\n"
          "  n.c11_str('a', 'b'), n.c11_opt(5), n.c11_opt(),\n"
          "  n.c11_bytes(new Uint8Array([1, 2])), n['c11 spaced'](7));\n"
          "log(n.c11_numbers(1, 2, 3, 4, 5, 6, 7, 8, 9, 0.5, 0.25));\n"
          "log(n.c11_default(), n.c11_default(1, 2, false), n.c11_fail(''));\n"
          "t(n.c11_fail, 'x');\n"
          "log(await n.c11_blocking(new Uint8Array(9)),\n"
          "  await n.c11_blocking_none(), await n.c11_async(5),\n"
          "  await n.c11_async_none(), await n.c11_async(-1).catch(e => e));\n"
          "try { for await (const row of n.c11_stream()) log(`${row}`); }\n"
          "catch (e) { log(`${e}`, n.c11_watch(-1)); }\n"
          "log(n.c11_read([]));");
  CHECK_LOG("undefined false a b 5 undefined 1,2 7\n45.75\n42 3 0\n"
            "RangeError: c11: x\n9 undefined 7 undefined Error: -1\n"
            "1,2\n1,2\n1,2\nRangeError: 5 -9\n0\n");
}

TEST(strict_cxx17_exports)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(n.cxx_none(), n.cxx_bool(true), n.cxx_str('a'),\n"
          "  n.cxx_str('a', 'b'), n.cxx_opt(5), n.cxx_opt(),\n"
          "  n.cxx_bytes(new Uint8Array([1, 2])), n.cxx_first(),\n"
          "  n.cxx_second());\n"
          "log(n.cxx_numbers(1, 2, 3, 4, 5, 6, 7, 8, 9, 0.5, 0.25));\n"
          "log(n.cxx_default(), n.cxx_default(1, 2, false), n.cxx_fail(''));\n"
          "t(n.cxx_fail, 'x');\n"
          "log(await n.cxx_async(5), await n.cxx_async_none());\n"
          "for await (const word of n.cxx_stream())\n"
          "  log(word, n.cxx_watch(-1));\n"
          "log(await n.cxx_read([1, 2]));");
  CHECK_LOG("undefined false a alone ab 5 undefined 1,2 1 2\n45.75\n42 3 0\n"
            "RangeError: cxx: x\n7 undefined\nword -9\n3\n");
}

TEST(types_of_ones_own_are_the_same_in_both)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "for (const p of ['c11_', 'cxx_']) {\n"
      "  const s = n[p + 'struct']({ at: { x: 1, y: 2 }, color: 'blue' },\n"
      "    'green');\n"
      "  log(JSON.stringify(s));\n"
      "  log(n[p + 'enum']('red'), n[p + 'nullable'](null));\n"
      "  log(n[p + 'big'](-1n, 2n), n[p + 'cstr']('a', 'b'));\n"
      "  t(n[p + 'enum'], 'green', 'high'); t(n[p + 'enum'], 'green', 'hi');\n"
      "  log(JSON.stringify(n[p + 'array']([{ rows: [[1], [2, 3]],\n"
      "    flags: [true], names: ['a', undefined], shapes: [null, s] }], [])));"
      "\n  t(n[p + 'array'], [{ rows: [], flags: [1] }], []);\n"
      "}");
#define TYPES(p)                                                               \
  "{\"at\":{\"x\":1,\"y\":2,\"z\":42},\"color\":\"green\",\"grade\":\"high\"," \
  "\"filled\":true,\"name\":null}\nblue null\n3 b\nError: high\n"              \
  "TypeError: " p "_enum: argument 2 'g': expected one of 'low', 'high', got"  \
  " 'hi'\n[[1],[2,3]]\n"                                                       \
  "TypeError: " p "_array: argument 1 'sheets[0].flags[0]': expected boolean," \
  " got 1\n"
  CHECK_LOG(TYPES("c11") TYPES("cxx"));
}

TEST(items_are_the_same_in_both)
{
  tenon_runtime *rt = start();

  RUN(rt, "const d = n.default;\n"
          "log(n.C11_LIMIT, n.c11_yes, n.c11_name, n.c11_version, n.c11_null,\n"
          "  JSON.stringify(n.c11_origin), n.c11_list,\n"
          "  n['c11 spaced constant']);\n"
          "log(n.cxx_four, JSON.stringify(n.cxx_constant), n.cxx_missing,\n"
          "  n['cxx spaced constant']);\n"
          "log(d['c11 spaced getter'], d['cxx spaced getter'], d.c11_next,\n"
          "  d.c11_next); t(() => d.c11_next); t(() => d.cxx_risen);\n"
          "log('c11_next' in n);");
  CHECK_LOG("7 true c11 1.2 null {\"x\":0,\"y\":1,\"z\":2} 1,2.5 2\n"
            "4 {\"a\":1,\"b\":\"two\"} undefined true\n"
            "got got 1 2\nRangeError: no more\nError: a getter\nfalse\n");
}

TEST(kinds_of_ones_own_are_the_same_in_both)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "const json = JSON.stringify;\n"
      "for (const p of ['c11_', 'cxx_']) {\n"
      "  log(n[p + 'either'](1, ['read', 'write']), n[p + 'either']('a'),\n"
      "    json(n[p + 'either']([['e', { x: 1, y: 2 }]])),\n"
      "    json(n[p + 'either']({ a: true })), n[p + 'either'](null),\n"
      "    n[p + 'either'](new Uint8Array([7])), +n[p + 'either'](new Date(3)));"
      "\n  t(n[p + 'either'], 1n);\n"
      "  log(json(n[p + 'record']({ k: { x: 1, triple: [1, 2, 3] },\n"
      "    l: null }, 'high')));\n"
      "  t(n[p + 'record'], { k: { x: 1, triple: [1, 2] } });\n"
      "  const b = new Uint8Array(1), d = new Float64Array(1);\n"
      "  log(n[p + 'view'](new Int16Array([5]), b, d, [new Float32Array(1)]),\n"
      "    b, d);\n"
      "  log(json(n[p + 'tuple'](['e', { x: 1, y: 2, z: 3 }, 1], new Date(2))));"
      "\n  log(json(n[p + 'tuple'](['e', { x: 1, y: 2, z: 3 }])));\n"
      "}");
#define KINDS(p)                                                             \
  "4 a [[\"e\",{\"x\":1,\"y\":2,\"z\":42},42]] {\"a\":true} null 7 3\n"      \
  "TypeError: " p "_either: argument 1 'v': expected number, string, array," \
  " object, Uint8Array, Date or null, got 1n\n"                              \
  "{\"k\":{\"text\":\"text\",\"x\":1,\"triple\":[1,2,3]},\"l\":null}\n"      \
  "TypeError: " p "_record: argument 1 'r.k.triple': expected array of 3"    \
  " elements, got one of 2\n5 1 0.5\n[\"e\",{\"x\":1,\"y\":2,\"z\":3},3]\n"  \
  "[\"e\",{\"x\":1,\"y\":2,\"z\":3},47]\n"
  CHECK_LOG(KINDS("c11") KINDS("cxx"));
}

TEST(words_of_functions_are_the_same_in_both)
{
  tenon_runtime *rt = start();

  RUN(rt, "const p = { x: 1, y: 2, z: 0 };\n"
          "for (const l of ['c11_', 'cxx_']) {\n"
          "  const on = (self, f, ...a) => t(() => n[l + f].apply(self, a));\n"
          "  on(p, 'words'); on(p, 'words', '5', 6, '', 'a', undefined);\n"
          "  on(p, 'words', 'x'); on(p, 'words', 1, 1, 1, 'a', 2);\n"
          "  on('red', 'exhaustive', { n: '1' }, [1]);\n"
          "  on('red', 'exhaustive', { n: 1, s: 2 }, [], 3);\n"
          "  log(await n[l + 'words_blocking'].call(5, '4'));\n"
          "  log(await n[l + 'words_blocking'].call({}));\n"
          "  log(await n[l + 'words_async'].call());\n"
          "  log(await n[l + 'words_async'].call(false).catch(e => e)); }");
#define WORDS(p)                                                               \
  "1000\n107\nTypeError: " p "_words: argument 1 'a': expected integer, got "  \
  "NaN\nTypeError: " p "_words: argument 5 'all[1]': expected string, got 2\n" \
  "undefined\nTypeError: " p "_exhaustive: expected 2 arguments, got 3\n4\n0"  \
  "\nresolved\nError: false\n"
  CHECK_LOG(WORDS("c11") WORDS("cxx"));
}

TEST(a_cxx_exception_becomes_an_error_of_its_text)
{
  tenon_runtime *rt = start();

  RUN(rt, "n.cxx_destroyed(); t(n.cxx_throw, 'caf\\xe9');\n"
          "t(n.cxx_throw_other); log(n.cxx_destroyed());\n"
          "t(n.cxx_throw_in_default); log(n.cxx_throw_in_default(3));\n"
          "t(n.cxx_throw_in_member, {}); t(n.cxx_throw_in_member, { n: 4 });\n"
          "log(await n.cxx_blocking_throw().catch(e => e));\n"
          "log(await n.cxx_async(-1).catch(e => e));\n"
          "log(n.cxx_none());");
  CHECK_LOG("RangeError: thrown: caf\xc3\xa9\nError: unknown C++ exception\n2\n"
            "Error: a default\n3\nError: a default\n4\nError: off the loop\n"
            "Error: in an operation\nundefined\n");
}

TEST(a_failure_stands_before_a_cxx_exception)
{
  tenon_runtime *rt = start();

  RUN(rt, "n.cxx_destroyed(); t(n.cxx_fail_then_throw);\n"
          "t(n.cxx_defer_then_throw); log(n.cxx_destroyed());");
  CHECK_LOG("TypeError: first\nError: after tenon_defer\n100\n");
}

TEST(cxx_exceptions_of_the_library_have_a_class)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (let i = 0; i < 15; i++) await n.cxx_throw_as(i).catch(e =>\n"
          "  log(e, JSON.stringify(e)));");
  CHECK_LOG("TypeError: invalid {}\nRangeError: out of range {}\n"
            "RangeError: length {}\nRangeError: domain {}\n"
            "RangeError: overflow {}\nRangeError: underflow {}\n"
            "RangeError: range {}\nInternalError: out of memory {}\n"
            "Error: open /x: No such file or directory {\"errno\":-2,"
            "\"code\":\"ENOENT\"}\n"
            "Error: Permission denied {\"errno\":-13,\"code\":\"EACCES\"}\n"
            "Error: Input/output error {\"errno\":-5,\"code\":\"EIO\"}\n"
            "Error: future: No associated state {}\n"
            "Error: std::bad_cast {}\nError: unknown C++ exception {}\n"
            "Error: unknown C++ exception {}\n");
}

TEST(both_languages_fail_in_every_way)
{
  tenon_runtime *rt = start();

  RUN(rt, "const all = [];\n"
          "const show = e => all.push([e, JSON.stringify(e), e.cause ?? '']\n"
          "  .map(String).join(' ').trim());\n"
          "for (let i = 0; i < 7; i++) for (const p of ['c11_', 'cxx_']) {\n"
          "  try { n[p + 'fail_everywhere'](i); } catch (e) { show(e); }\n"
          "  await n[p + 'reject_everywhere'](i).catch(show); }\n"
          "for (let i = 0; i < 28; i += 4)\n"
          "  log(new Set(all.slice(i, i + 4)).size, all[i]);");
  CHECK_LOG("1 EvalError: 1 {\"code\":\"E_CODE\"}\n"
            "1 Error: EPERM: operation not permitted, call 'path' {\"errno\":"
            "-1,\"code\":\"EPERM\",\"syscall\":\"call\",\"path\":\"path\"}\n"
            "1 URIError: E_OWN: operation not permitted, call 'path' {"
            "\"errno\":-1,\"code\":\"E_OWN\",\"syscall\":\"call\",\"path\":"
            "\"path\"}\n"
            "1 InternalError: out of memory {}\n"
            "1 Error: outer {} TypeError: helper\n"
            "1 SyntaxError: with {\"code\":\"E_OWN\"}\n"
            "1 TypeError: helper {\"code\":\"E_HELPER\"}\n");
}

TEST(functions_and_modules_have_states)
{
  tenon_runtime *rt = start();

  RUN(rt,
      "const f = n.c11_closures(0);\n"
      "log(f(), f(5), f.name, n.c11_closures(1).name);\n"
      "log(await n.c11_closures(2)('a'), await n.c11_closures(2)('a', 1));\n"
      "log(n.c11_closures(1)(), f(0), await n.c11_closures(3)());\n"
      "log(n.c11_states(), n.c11_states());");
  CHECK_LOG(
      "5 10 c11_count_on c11 spaced closure\nnone a\nundefined 0 undefined\n"
      "12 14\n");
  RUN(rt, "let g = n.cxx_closures(false);\n"
          "log(g(), g(2), n.cxx_live()); t(() => g(-1));\n"
          "log(await n.cxx_closures(true)().catch(e => e));\n"
          "g = null; n.c11_closures(0);\n"
          "t(n.cxx_states); log(n.cxx_states(), n.cxx_states());");
  CHECK_LOG("so many: 2 so many: 4 1\nRangeError: backwards\n"
            "TypeError: text\nRangeError: not yet\n6 7\n");
  RUN(rt, "log(n.cxx_live());");
  CHECK_LOG("0\n");
}

TEST(two_modules_of_one_program_are_apart)
{
  tenon_runtime *rt = start();

  CHECK_INT(0, tenon_runtime_add_module(rt, "second", tenon_module_second));
  RUN(rt, "import * as s from 'second';\n"
          "log(Object.keys(s), s.c11_none(), n.c11_none());\n"
          "log(s.default === s.second_fail);\n"
          "t(s.second_fail); log(n.second_fail);\n"
          "log(typeof s.c11_none.async, n.c11_none.async);");
  CHECK_LOG("c11_none,default,second_fail of the second module undefined\n"
            "true\n"
            "Error: second\nundefined\nfunction undefined\n");
}

TEST(a_shared_object_is_a_module_by_its_entry)
{
  tenon_runtime *rt = start();
  void *so = dlopen(USER_PLUGIN, RTLD_NOW | RTLD_LOCAL);
  tenon_module_entry *entry;

  if (!so) fail_msg("%s", dlerror());
  *(void **)&entry = dlsym(so, "tenon_module_v1");
  CHECK(entry != NULL && entry != tenon_module_v1);
  CHECK_INT(0, tenon_runtime_add_module(rt, "plugin", entry));
  RUN(rt, "import * as p from 'plugin';\n"
          "log(Object.keys(p), p.c11_spaced(1), n['c11 spaced'](1));\n"
          "log(p.plugin_text('caf\\xe9'), await p.plugin_text.async('x'));\n"
          "const u = p.plugin_moved(1 << 20); log(u.length, u[5]);\n"
          "log((await p.plugin_moved.async(9)).length);\n"
          "t(p.plugin_fail); log(await p.plugin_fail.async().catch(e => e));");
  CHECK_LOG("c11_spaced,default,plugin_fail,plugin_moved,plugin_text 1001 1\n"
            "plugin caf\xc3\xa9 plugin x\n1048576 0\n9\n"
            "TypeError: plugin\nTypeError: plugin\n");
}
