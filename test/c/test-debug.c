/*
 * Dumps and traces: what was made is told, whenever a host asks, and nobody
 * notices it.
 *
 * TENON_OOM_SAMPLE=N tries N failing allocations spread over all; 0: all.
 */
#define TENON_MODULE debugged
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <tenon/debug.h>
#include <tenon/export.h>
#include <tenon/realm.h>
#include <unistd.h>

#include "api/internal.h"
#include "base/alloc.h"
#include "base/text.h"
#include "base/utf8.h"
#include "napi.h"

static tenon_p_text text;
static size_t longest, pieces;

static void collect_text(void *data, const char *piece, size_t len)
{
  (void)data;
  if (len > longest) longest = len;
  pieces++;
  tenon_p_text_append(&text, piece, len);
}

static void clear_text(void)
{
  tenon_p_text_clear(&text);
  tenon_p_text_puts(&text, "");
  longest = pieces = 0;
}

static void ignore(void *data, const char *piece, size_t len)
{
  (void)data;
  (void)piece;
  (void)len;
}

static tenon_runtime *runtime(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_debugged));
  clear_text();
  return rt;
}

/* The text of a dump, until the next one. */
static const char *dumped(tenon_runtime *rt, uint32_t what)
{
  clear_text();
  CHECK_INT(0, tenon_runtime_dump(rt, what, collect_text, NULL));
  CHECK_INT(text.len, tenon_p_utf8_check(text.data, text.len));
  return text.data;
}

static void trace(tenon_runtime *rt, uint32_t what)
{
  clear_text();
  CHECK_INT(0, tenon_runtime_trace(rt, what, what ? collect_text : NULL, NULL));
}

static bool has(const char *part)
{
  return strstr(text.data, part) != NULL;
}

/* How many lines hold it. */
static int lines_with(const char *part)
{
  const char *at = text.data;
  int n = 0;

  while ((at = strstr(at, part))) {
    n++;
    at = strchr(at, '\n');
    if (!at) break;
  }
  return n;
}

/* The number before a line's end, of the line that ends so: "     12 name". */
static long first_number(const char *dump, const char *line_end)
{
  const char *at = dump, *end, *start;
  size_t len = strlen(line_end);

  for (; *at; at = end + 1) {
    start = at;
    end = strchr(at, '\n');
    if (!end) break;
    if ((size_t)(end - start) >= len && strncmp(end - len, line_end, len) == 0)
      return strtol(start, NULL, 10);
  }
  return 0;
}

/* The count in the row of a kind of memory. */
static long count_of(const char *dump, const char *kind)
{
  const char *at = strstr(dump, kind);

  return at ? strtol(at + strlen(kind), NULL, 10) : -1;
}

/* --- What callers may do wrong ------------------------------------------------------ */

TEST(nothing_to_tell_or_something_unknown_is_refused)
{
  tenon_runtime *rt = runtime();

  CHECK_INT(TENON_EINVAL, tenon_runtime_dump(rt, 0, collect_text, NULL));
  CHECK_INT(TENON_EINVAL,
            tenon_runtime_dump(rt, TENON_DUMP_ALL + 1, collect_text, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_dump(rt, 1, NULL, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_dump(NULL, 1, collect_text, NULL));
  CHECK_INT(TENON_EINVAL,
            tenon_runtime_trace(rt, TENON_TRACE_ALL + 1, collect_text, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_trace(rt, 1, NULL, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_trace(NULL, 0, NULL, NULL));
  CHECK_INT(0, text.len);
}

static void ask_elsewhere(void *rt)
{
  CHECK_INT(TENON_ETHREAD, tenon_runtime_dump(rt, 1, collect_text, NULL));
  CHECK_INT(TENON_ETHREAD, tenon_runtime_trace(rt, 1, collect_text, NULL));
}

TEST(another_thread_is_refused)
{
  tenon_runtime *rt = runtime();

  t_elsewhere(ask_elsewhere, rt);
  CHECK_INT(0, text.len);
}

TENON_CALLBACK(none, told, (str, s))

static told *kept;
static tenon_deferred *open_deferred;

TENON_FUNCTION(none, keep, (told, f))
{
  kept = told_keep(f);
}

TENON_ASYNC(i32, open_one)
{
  open_deferred = deferred;
}

static int refused;

/* Whatever a host does while it takes the text. */
static void intrude(void *data, const char *piece, size_t len)
{
  tenon_runtime *rt = data;
  tenon_realm *realm = NULL;

  (void)piece;
  (void)len;
  refused++;
  CHECK_INT(TENON_EBUSY, tenon_runtime_eval_script(rt, "1", 1, NULL));
  CHECK_INT(TENON_EBUSY, tenon_runtime_run(rt));
  CHECK_INT(TENON_EBUSY, tenon_runtime_dump(rt, 1, ignore, NULL));
  CHECK_INT(TENON_EBUSY, tenon_runtime_trace(rt, 0, NULL, NULL));
  CHECK_INT(TENON_EBUSY, tenon_realm_new(rt, NULL, &realm));
  CHECK(!tenon_runtime_exception(rt));
  tenon_runtime_clear_exception(rt);
  tenon_runtime_collect(rt);
  if (kept) CHECK_INT(TENON_EBUSY, told_call(kept, tenon_str_of("x")));
  if (open_deferred) {
    CHECK_INT(0, TENON_RESOLVE(open_one, open_deferred, 7));
    open_deferred = NULL;
  }
}

TEST(who_takes_a_dump_cannot_collect_nor_forget_an_exception)
{
  tenon_runtime *rt = runtime();
  size_t used;

  t_run(rt, "for (let i = 0; i < 50; i++) { const o = {}; o.o = o; }");
  CHECK_INT(TENON_EEXCEPTION, t_eval_script(rt, "throw new Error('kept')"));
  used = tenon_runtime_memory(rt).used_bytes;
  CHECK_INT(0, tenon_runtime_dump(rt, TENON_DUMP_ALL, intrude, rt));
  CHECK_INT(used, tenon_runtime_memory(rt).used_bytes);
  CHECK(strstr(tenon_runtime_exception(rt), "kept"));
}

TEST(who_takes_a_dump_cannot_enter_the_runtime)
{
  tenon_runtime *rt = runtime();
  size_t used;

  t_run(rt, "import { keep, open_one } from 'm'; import { log } from 'test';\n"
            "keep((s) => log(s));\n"
            "globalThis.opened = open_one;\n");
  CHECK_INT(0, tenon_runtime_eval_module(rt,
                                         "import { log } from 'test';\n"
                                         "opened().then((n) => log(`${n}`));",
                                         61, "b.js"));
  used = tenon_runtime_memory(rt).used_bytes;
  refused = 0;
  CHECK_INT(0, tenon_runtime_dump(rt, TENON_DUMP_ALL, intrude, rt));
  CHECK(refused > 10);
  CHECK_INT(used, tenon_runtime_memory(rt).used_bytes);
  /* What was settled meanwhile has its turn. */
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("7\n");
  tenon_callback_release(kept);
  kept = NULL;
}

TEST(who_takes_a_trace_cannot_enter_the_runtime)
{
  tenon_runtime *rt = runtime();

  refused = 0;
  CHECK_INT(0, tenon_runtime_trace(rt, TENON_TRACE_ALL, intrude, rt));
  t_run(rt, "import { log } from 'test';\n"
            "for (let i = 0; i < 100; i++) { const o = { i }; o.o = o; }\n"
            "log(await Promise.resolve('a' + 1));");
  tenon_runtime_collect(rt);
  CHECK(refused > 100);
  CHECK_INT(0, tenon_runtime_trace(rt, 0, NULL, NULL));
  CHECK_LOG("a1\n");
}

/* --- Dumps ------------------------------------------------------------------------------ */

TEST(classes_are_counted_by_their_constructor)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "class Point { constructor(i) { this.x = i; } }\n"
            "globalThis.all = [new Point(0)];\n"
            "globalThis.more = () => {\n"
            "  for (let i = 0; i < 1000; i++) all.push(new Point(i)); };");
  CHECK_INT(1, first_number(dumped(rt, TENON_DUMP_CLASSES), " Object Point"));
  t_run(rt, "more();");
  CHECK_INT(1001,
            first_number(dumped(rt, TENON_DUMP_CLASSES), " Object Point"));
  t_run(rt, "all.length = 1;");
  CHECK_INT(1, first_number(dumped(rt, TENON_DUMP_CLASSES), " Object Point"));
}

typedef struct thing {
  double d;
} thing;

TENON_CLASS_AS("Thing", thing)
TENON_CONSTRUCTOR(thing, (f64, d))
{
  self->d = d;
}

TEST(instances_of_c_are_counted_by_their_class)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { Thing } from 'm';\n"
            "class Other extends Thing {}\n"
            "globalThis.all = [];\n"
            "for (let i = 0; i < 1000; i++) all.push(new Thing(i));\n"
            "for (let i = 0; i < 7; i++) all.push(new Other(i));");
  CHECK_INT(1000, first_number(dumped(rt, TENON_DUMP_CLASSES), " Thing"));
  CHECK_INT(7, first_number(text.data, " Other"));
}

TEST(the_bytes_of_a_class_are_those_of_its_blocks)
{
  tenon_runtime *rt = runtime();
  const char *at;

  t_run(rt, "globalThis.b = new ArrayBuffer(5000000);");
  dumped(rt, TENON_DUMP_CLASSES);
  /* Most bytes first: behind the heading. */
  at = strchr(text.data, '\n');
  CHECK(at && strtol(at, NULL, 10) == 1);
  CHECK(strstr(at, " ArrayBuffer\n") == strchr(at + 1, '\n') - 12);
  CHECK(strtol(at + 11, NULL, 10) >= 5000000);
}

TEST(memory_is_told_by_kind)
{
  tenon_runtime *rt = runtime();
  long objects = count_of(dumped(rt, TENON_DUMP_MEMORY), "  objects");
  long used = count_of(text.data, "used");
  char row[64];

  t_run(rt, "globalThis.all = [];\n"
            "for (let i = 0; i < 1000; i++) all.push({ i });");
  dumped(rt, TENON_DUMP_MEMORY);
  CHECK(count_of(text.data, "  objects") >= objects + 1000);
  CHECK(count_of(text.data, "  objects") < objects + 1100);
  CHECK(count_of(text.data, "used") > used + 50000);
  sprintf(row, "used %27zu\n", tenon_runtime_memory(rt).used_bytes);
  CHECK(strstr(text.data, "used"));
  CHECK_INT(tenon_runtime_memory(rt).used_bytes, count_of(text.data, "used"));
}

TEST(an_object_is_a_line_with_its_properties)
{
  tenon_runtime *rt = runtime();

  t_run(rt,
        "class Pair { #secret = 5; get b() { throw 1; } }\n"
        "globalThis.p = Object.assign(new Pair(), { a: -1.5, t: 'h\\u00e9',\n"
        "  n: null, u: undefined, y: true, [Symbol('s')]: 2n ** 70n,\n"
        "  3: Symbol.for('g'), f() {} });\n"
        "globalThis.many = Array.from({ length: 40 }, (_, i) => i);");
  dumped(rt, TENON_DUMP_OBJECTS);
  CHECK_INT(1, lines_with("Object Pair {#secret: 5"));
  CHECK(has("a: -1.5, t: \"h\xc3\xa9\", n: null, u: undefined, y: true"));
  CHECK(has("Symbol(s): bigint 0x"));
  CHECK(has("3: Symbol(g)"));
  CHECK(has("Array [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, … "
            "24 more]"));
  CHECK(has("b: (accessor)"));
  CHECK(has("(test.js:1:"));
}

TEST(a_text_is_told_as_utf8_whatever_is_in_it)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "globalThis.o = { a: '\\ud83d\\ude00\\ud800', b: '\\0\\n\"\\x7f',\n"
            "  c: 'x'.repeat(1000), d: '\\u4e2d'.repeat(1000),\n"
            "  ['\\udc00' + '\\u2028']: 1, ['k'.repeat(3000)]: 2 };");
  dumped(rt, TENON_DUMP_ALL);
  CHECK(has("a: \"\xf0\x9f\x98\x80\\ud800\""));
  CHECK(has("b: \"\\x00\\n\\\"\\x7f\""));
  CHECK(has("\\udc00\\u2028: 1"));
  CHECK(has("xxx…\""));
  CHECK(longest <= 1024);
}

TEST(an_atom_is_found_by_its_name)
{
  tenon_runtime *rt = runtime();

  CHECK(!strstr(dumped(rt, TENON_DUMP_ATOMS), "\"aSeldomName\""));
  t_run(rt, "globalThis.o = { aSeldomName: Symbol('aSymbol'),\n"
            "  g: Symbol.for('aSharedOne') };\n"
            "globalThis.C = class { #aPrivateOne; }");
  dumped(rt, TENON_DUMP_ATOMS);
  CHECK(has("  text \"aSeldomName\"\n"));
  CHECK(has("  symbol \"aSymbol\"\n"));
  CHECK(has("  shared symbol \"aSharedOne\"\n"));
  CHECK(has("  private \"#aPrivateOne\"\n"));
}

TEST(a_shape_is_told_once_for_all_its_objects)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "globalThis.all = [];\n"
            "for (let i = 0; i < 100; i++) all.push({ first: i, second: i });");
  dumped(rt, TENON_DUMP_SHAPES);
  CHECK_INT(1, lines_with("{first, second}"));
  CHECK(has("refs 100") || has("refs 101"));
}

TEST(the_code_of_a_function_is_told)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "globalThis.f = function named(first, second) {\n"
            "  let local = 'a text';\n"
            "  if (first) return () => local + second;\n"
            "  return unknown.member(1, 2, 3);\n"
            "};");
  dumped(rt, TENON_DUMP_BYTECODE);
  CHECK(has("function named(first, second) (test.js:1:"));
  CHECK(has("  line 4\n"));
  CHECK(has("get_var          unknown\n"));
  CHECK(has("get_field2       member\n"));
  CHECK(has("call_method 3\n"));
  CHECK(has("get_arg0         0 ; first\n"));
  CHECK(has("if_false8        ->"));
  CHECK(has("\"a text\"") || has(" a text\n"));
}

/* Objects of all kinds, in states that are seldom seen. */
static const char zoo[] =
    "globalThis.zoo = [new Proxy({}, { get() { throw 1; } }), function* () {},\n"
    "  new Map([[1, {}]]), new Set([1]), new WeakMap(), new WeakRef({}),\n"
    "  /a(b)c/g, new Date(), Object(1n), Object('s'), Object(Symbol()),\n"
    "  new Uint8Array(3), new Float64Array(0), new DataView(new ArrayBuffer(4)),\n"
    "  new ArrayBuffer(9, { maxByteLength: 99 }), (() => {}).bind(null, 1),\n"
    "  Object.create(null), new Error('e', { cause: 1 }), [, , 1], [],\n"
    "  Object.assign([], { 4000000000: 1 }), Object.freeze({ a: 1 }),\n"
    "  (function (a) { return arguments; })(1, 2), new class { #p() {} }(),\n"
    "  (function (a) { 'use strict'; return arguments; })(1), 2n ** 999n,\n"
    "  'r'.repeat(99) + Math.random(), Promise.reject(1), new EventTarget(),\n"
    "  new (class extends Array {})(3), new Intl_(), Symbol.iterator];\n"
    "function Intl_() {}\n"
    "zoo[27].catch(() => {});\n"
    "const b = new ArrayBuffer(8), v = new Uint8Array(b); b.transfer();\n"
    "zoo.push(b, v);\n"
    "const g = zoo[1](); g.next(); zoo.push(g, [1, 2].values(), zoo[2].keys());\n"
    "zoo.open = new Promise(() => {});\n"
    "zoo.push((async () => { let x = {}; await zoo.open; })());\n"
    "zoo.push((async function* () { yield 1; })());\n"
    "zoo.push(function () { return zoo; }, globalThis, 'str'.matchAll(/s/g));\n"
    "Object.defineProperty(zoo, 'acc', { get() { throw 2; } });\n"
    "zoo.push(zoo);\n";

static void run_zoo(tenon_runtime *rt)
{
  t_run(rt, zoo);
}

TEST(objects_of_all_kinds_are_told)
{
  tenon_runtime *rt = runtime();

  run_zoo(rt);
  dumped(rt, TENON_DUMP_ALL);
  CHECK(has("Proxy"));
  CHECK(has("(a call that waits)"));
  t_run(rt, "zoo.length = 0;");
}

TEST(a_dump_changes_nothing)
{
  tenon_runtime *rt = runtime();
  size_t used;
  char *before;

  run_zoo(rt);
  tenon_runtime_collect(rt);
  used = tenon_runtime_memory(rt).used_bytes;
  before = strdup(dumped(rt, TENON_DUMP_ALL));
  dumped(rt, TENON_DUMP_ALL);
  CHECK_TEXT(before, text.data);
  CHECK_INT(used, tenon_runtime_memory(rt).used_bytes);
  free(before);
}

static tenon_runtime *current;

TENON_FUNCTION(u32, dump_now)
{
  int r = tenon_runtime_dump(current, TENON_DUMP_ALL, collect_text, NULL);

  return r ? 0 : (uint32_t)text.len;
}

TEST(a_function_that_scripts_call_may_ask)
{
  tenon_runtime *rt = current = runtime();

  t_run(rt,
        "import { dump_now } from 'm'; import { log } from 'test';\n"
        "let n = 0;\n"
        "const look = () => { n += dump_now() > 1000; return n; };\n"
        "look();\n"
        "[3, 1, 2].sort(look); Array.from({ length: 2 }, look);\n"
        "JSON.stringify({ toJSON: look }); `${{ toString: look }}`;\n"
        "'aa'.replace(/a/g, look); new Proxy({}, { get: look }).x;\n"
        "[...(function* () { yield look(); })()];\n"
        "new Map([[1, 1]]).forEach(look); Uint8Array.from([1], look);\n"
        "class A { x = look(); static y = look(); constructor() { look(); } }\n"
        "class B extends A { constructor() { look(); super(); } } new B();\n"
        "await { then(f) { look(); f(); } };\n"
        "log(`${n > 10}`);");
  CHECK_LOG("true\n");
}

TEST(an_exception_stays_pending)
{
  tenon_runtime *rt = runtime();

  CHECK_INT(TENON_EEXCEPTION,
            t_eval_script(rt, "throw new RangeError('kept');"));
  dumped(rt, TENON_DUMP_ALL);
  CHECK(has("RangeError"));
  CHECK(strstr(tenon_runtime_exception(rt), "RangeError: kept"));
}

TEST(a_dump_needs_no_memory_of_the_runtime)
{
  tenon_options o = {.size = sizeof o, .memory_limit_bytes = 1 << 20};
  tenon_runtime *rt;

  clear_text();
  CHECK_INT(0, t_runtime_new(&o, &rt));
  CHECK_THROWS(rt, "out of memory",
               "globalThis.all = []; for (;;) all.push({ a: all });");
  dumped(rt, TENON_DUMP_ALL);
  CHECK(lines_with("Object {a: Array@") > 1000);
}

TEST(without_any_memory_only_the_table_of_classes_fails)
{
  tenon_runtime *rt = runtime();

  run_zoo(rt);
  tenon_p_alloc_inject(1, true);
  CHECK_INT(0, tenon_runtime_dump(rt, TENON_DUMP_ALL & ~TENON_DUMP_CLASSES,
                                  ignore, NULL));
  CHECK_INT(TENON_ENOMEM,
            tenon_runtime_dump(rt, TENON_DUMP_CLASSES, ignore, NULL));
  tenon_p_alloc_stop();
  CHECK_INT(0, tenon_runtime_dump(rt, TENON_DUMP_CLASSES, ignore, NULL));
}

static int finalizer_result;

static void dump_in_finalizer(napi_env env, void *data, void *hint)
{
  (void)env;
  (void)hint;
  finalizer_result = tenon_runtime_dump(data, TENON_DUMP_ALL, ignore, NULL);
}

TEST(a_finalizer_may_ask)
{
  tenon_runtime *rt = runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value object;

  finalizer_result = 1;
  OK(napi_open_handle_scope(env, &scope));
  OK(napi_create_object(env, &object));
  OK(napi_wrap(env, object, rt, dump_in_finalizer, NULL, NULL));
  OK(napi_close_handle_scope(env, scope));
  tenon_runtime_collect(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(finalizer_result == 0 || finalizer_result == TENON_EBUSY);
}

/* --- Traces ------------------------------------------------------------------------------- */

TEST(a_collection_is_traced)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "for (let i = 0; i < 50; i++) { const o = {}; o.o = o; }");
  trace(rt, TENON_TRACE_COLLECTIONS);
  tenon_runtime_collect(rt);
  CHECK(strncmp(text.data, "collect: 50 of ", 15) == 0 ||
        lines_with("collect: ") == 1);
  CHECK_INT(1, lines_with("collected: "));
  CHECK_INT(2, pieces);
}

TEST(what_cycles_held_is_traced)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "class Ring { constructor() { this.self = this; } }\n"
            "for (let i = 0; i < 5; i++) new Ring();\n"
            "globalThis.kept = new Ring();");
  trace(rt, TENON_TRACE_CYCLES);
  tenon_runtime_collect(rt);
  CHECK_INT(5, lines_with(" Object Ring {self: "));
}

TEST(what_is_freed_is_traced)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "globalThis.o = { t: ['a' + 1, 2n ** 80n] };");
  trace(rt, TENON_TRACE_FREED);
  t_run(rt, "o = null;");
  CHECK(has("free: Object@"));
  CHECK(has("free: Array@"));
  CHECK(has("free: \"a1\"\n"));
  CHECK(has("free: bigint 0x"));
}

TEST(compiled_code_is_traced_once)
{
  tenon_runtime *rt = runtime();

  trace(rt, TENON_TRACE_BYTECODE);
  t_run(rt, "function aFunction() { return 1; }\n"
            "aFunction(); aFunction();");
  CHECK_INT(1, lines_with("compiled: function aFunction() (test.js:1:"));
  CHECK(has("  return"));
}

TEST(modules_are_traced)
{
  tenon_runtime *rt = runtime();

  trace(rt, TENON_TRACE_MODULES);
  t_run(rt, "import { keep } from 'm';\n"
            "await import('./nowhere.js').catch(() => {});\n"
            "await import('unknown').catch(() => {});");
  CHECK(has("resolve: 'm' from test.js: m\n"));
  CHECK(has("load: native m\n"));
  CHECK_INT(1, lines_with("resolve: './nowhere.js' from test.js: (refused)"));
  CHECK_INT(1, lines_with("resolve: 'unknown' from test.js: (refused)"));
}

TEST(promises_are_traced)
{
  tenon_runtime *rt = runtime();

  trace(rt, TENON_TRACE_PROMISES);
  t_run(rt, "const p = new Promise((f) => f('value'));\n"
            "p.then(() => {});\n"
            "Promise.reject('reason').catch(() => {});");
  CHECK(lines_with(" made\n") >= 4);
  CHECK_INT(1, lines_with(" fulfilled: \"value\"\n"));
  CHECK_INT(1, lines_with(" rejected: \"reason\"\n"));
  CHECK_INT(1, lines_with(" gets \"value\"\n"));
  CHECK_INT(1, lines_with("reaction to a rejection: Function@"));
}

TEST(a_trace_ends_when_it_is_taken_back)
{
  tenon_runtime *rt = runtime();

  trace(rt, TENON_TRACE_ALL);
  t_run(rt, "await 1;");
  CHECK(text.len > 0);
  trace(rt, 0);
  t_run(rt, "await { a: 'b' + 1 };");
  tenon_runtime_collect(rt);
  t_free(rt);
  CHECK_INT(0, text.len);
}

TEST(a_trace_is_of_one_runtime)
{
  tenon_runtime *rt = runtime(), *other = t_runtime();

  trace(rt, TENON_TRACE_ALL);
  t_run(other, "await { a: 'b' + 1 };");
  tenon_runtime_collect(other);
  CHECK_INT(0, text.len);
}

TEST(a_runtime_without_leaks_tells_of_none)
{
  tenon_runtime *rt = runtime();

  run_zoo(rt);
  trace(rt, TENON_TRACE_LEAKS);
  t_free(rt);
  CHECK_TEXT("", text.data);
}

TEST(a_runtime_is_freed_with_all_traces)
{
  tenon_runtime *rt = runtime();

  run_zoo(rt);
  trace(rt, TENON_TRACE_ALL);
  t_free(rt);
  CHECK(has("free: "));
  CHECK(!has("leak: "));
}

/* An arena, so that what leaks does not. */
typedef struct arena {
  char *data;
  size_t used, size;
} arena;

static void *arena_alloc(void *data, size_t size)
{
  arena *a = data;
  size_t rounded = (size + 15) & ~(size_t)15;

  if (rounded > a->size - a->used) return NULL;
  a->used += rounded;
  return a->data + a->used - rounded;
}

static void *arena_realloc(void *data, void *p, size_t old_size, size_t size)
{
  void *q = arena_alloc(data, size);

  return q ? memcpy(q, p, old_size < size ? old_size : size) : NULL;
}

static void arena_free(void *data, void *p, size_t size)
{
  (void)data;
  (void)p;
  (void)size;
}

TEST(what_native_code_has_not_released_is_a_leak)
{
  static arena a;
  tenon_allocator functions = {.size = sizeof functions,
                               .data = &a,
                               .alloc = arena_alloc,
                               .realloc = arena_realloc,
                               .free = arena_free};
  tenon_options o = {.size = sizeof o};
  tenon_runtime *rt;
  JSContext *ctx;
  JSValue global, lost;

  a = (arena){NULL, 0, 64u << 20};
  a.data = mmap(NULL, a.size, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  CHECK(a.data != MAP_FAILED);
  o.allocator = &functions;
  CHECK_INT(0, t_runtime_new(&o, &rt));
  t_run(rt, "class Lost { aSeldomName = 1; inner = [{}]; }\n"
            "globalThis.lost = new Lost();");
  ctx = rt->engine->ctx;
  global = JS_GetGlobalObject(ctx);
  lost = JS_GetPropertyStr(ctx, global, "lost");
  CHECK(JS_IsObject(lost));
  JS_FreeValue(ctx, global);
  trace(rt, TENON_TRACE_LEAKS);
  t_free(rt);
  CHECK_INT(1, lines_with("leak: 0x"));
  CHECK(has("Object Lost {aSeldomName: 1, inner: Array@"));
  CHECK(has("leak: name "));
  CHECK(has(" blocks in all\n"));
  munmap(a.data, a.size);
}

/* --- When memory fails -------------------------------------------------------------------- */

static int live(void)
{
  static const char program[] =
      "class A { #p = [1, 2]; get x() { return this.#p; } }\n"
      "const all = [];\n"
      "for (let i = 0; i < 20; i++) { const a = new A(); a.a = a; all.push(a); }\n"
      "import('./nowhere.js').catch(() => {});\n"
      "(async () => { await 1; await Promise.reject('x').catch(() => {}); })();\n"
      "new Function('a', 'return a + 1')(`${all.length}`);\n";
  tenon_runtime *rt = NULL;
  int r, told_r;

  clear_text();
  r = tenon_runtime_new(NULL, &rt);
  if (r) return r;
  r = tenon_runtime_trace(rt, TENON_TRACE_ALL, ignore, NULL);
  if (r == 0)
    r = tenon_runtime_eval_script(rt, program, strlen(program), "a.js");
  if (r == 0) r = tenon_runtime_run(rt);
  tenon_runtime_collect(rt);
  told_r = tenon_runtime_dump(rt, TENON_DUMP_ALL, ignore, NULL);
  CHECK(told_r == 0 || told_r == TENON_ENOMEM);
  tenon_runtime_free(rt);
  return r;
}

TEST(with_all_told_every_allocation_fails)
{
  static const t_oom oom = {.live = live};

  CHECK(t_fail_each(&oom, false) > 1000);
  CHECK(t_fail_each(&oom, true) > 1000);
}
