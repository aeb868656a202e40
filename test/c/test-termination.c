/*
 * No program survives its end. Each of these tries to, by every means that the
 * language and the builtins have: it calls work(), which never returns, and
 * says S.n++ wherever it would go on. Each is ended in four ways: by another
 * thread, by wall-clock time, by CPU time, by memory. It has to come back as
 * TENON_ETERMINATED without a mark, and the runtime is usable afterwards.
 *
 * S.n++ is no call: it would be seen between two polls, too.
 */
#define TENON_MODULE ending
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/limits.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "harness.h"

static const struct {
  const char *name, *source;
} shapes[] = {
    {"a loop", "work(); S.n++;"},
    {"catch", "try { work(); } catch { S.n++; } S.n++;"},
    {"finally", "try { work(); } finally { S.n++; }"},
    {"nested finally", "try { try { work(); } finally { S.n++; } }"
                       " catch { S.n++; } finally { S.n++; }"},
    {"catch in a loop", "for (;;) try { work(); } catch { S.n++; }"},
    {"return in finally",
     "const f = () => { try { work(); } finally { return 1; } }; f(); S.n++;"},
    {"break in finally",
     "for (;;) { try { work(); } finally { break; } } S.n++;"},
    {"continue in finally", "for (let i = 0; i < 3; i++) { if (i) S.n++;"
                            " try { work(); } finally { continue; } }"},
    {"label in finally", "l: try { work(); } finally { break l; } S.n++;"},
    {"recursion that catches",
     "const f = (n) => { try { n ? f(n - 1) : work(); } catch { S.n++; } };"
     " f(100); S.n++;"},
    {"promise executor", "new Promise(() => work()); S.n++;"},
    {"promise executor with handlers",
     "new Promise(() => work()).then(() => S.n++, () => S.n++); S.n++;"},
    {"executors in executors",
     "const f = (n) => new Promise(() => n ? f(n - 1) : work()); f(50); S.n++;"},
    {"executor of a subclass",
     "class P extends Promise {} new P(() => work()); S.n++;"},
    {"Promise.withResolvers",
     "const P = function (f) { f(() => {}, () => {}); work(); };"
     " Promise.withResolvers.call(P); S.n++;"},
    {"Promise.all over an iterator",
     "Promise.all({ [Symbol.iterator]: () => work() }); S.n++;"},
    {"Promise.all whose iterator works in next",
     "Promise.all({ [Symbol.iterator]: () => ({ next: () => work(),"
     " return() { S.n++; return {}; } }) }); S.n++;"},
    {"Promise.race over a generator",
     "Promise.race((function* () { try { yield 1; work(); } finally"
     " { S.n++; } })()); S.n++;"},
    {"Promise.any over thenables",
     "await Promise.any([{ then() { work(); } }]).catch(() => S.n++); S.n++;"},
    {"Promise.allSettled over thenables",
     "await Promise.allSettled([{ then() { work(); } }, 1]); S.n++;"},
    {"Promise.allSettled with then",
     "class P extends Promise { then(a, b) { work(); } }"
     " P.allSettled([P.resolve(1)]); S.n++;"},
    {"Promise.resolve of a getter then",
     "Promise.resolve({ get then() { work(); } }); S.n++;"},
    {"Promise.resolve with constructor",
     "const p = Promise.resolve(1); Object.defineProperty(p, 'constructor',"
     " { get() { work(); } }); Promise.resolve(p); S.n++;"},
    {"Promise.try", "Promise.try(() => work()); S.n++;"},
    {"Promise.prototype.finally",
     "await Promise.resolve(1).finally(() => work()).catch(() => S.n++); S.n++;"},
    {"resolve with a thenable",
     "new Promise((r) => r({ get then() { work(); } })); S.n++;"},
    {"reactions in a row",
     "for (let i = 0; i < 50; i++) Promise.resolve().then(() => work())"
     ".then(() => S.n++, () => S.n++); await 1; S.n++;"},
    {"async function",
     "const f = async () => { try { work(); } catch { S.n++; }"
     " finally { S.n++; } }; f(); S.n++;"},
    {"async function behind an await",
     "const f = async () => { try { await 1; work(); } catch { S.n++; }"
     " finally { S.n++; } }; await f().catch(() => S.n++); S.n++;"},
    {"async function that returns a thenable",
     "(async () => ({ get then() { work(); } }))(); S.n++;"},
    {"async generator that yields a thenable",
     "(async function* () { yield { get then() { work(); } }; })().next();"
     " S.n++;"},
    {"await in an async function of a thenable",
     "(async () => { try { await { get then() { work(); } }; } finally"
     " { S.n++; } })(); S.n++;"},
    {"long builtins",
     "const b = [3, 2, 1]; for (;;) { try { b.sort(); b.join();"
     " JSON.stringify(b); if (b.x) work(); b.x = 1; } catch"
     " { S.n++; } }"},
    {"async arrow in default", "(async (x = work()) => { S.n++; })(); S.n++;"},
    {"await of a thenable", "try { await { then() { work(); } }; }"
                            " finally { S.n++; } S.n++;"},
    {"await of a getter then", "try { await { get then() { work(); } }; }"
                               " finally { S.n++; } S.n++;"},
    {"top of a module", "await 1; try { work(); } finally { S.n++; }"},
    {"microtask in finally",
     "try { work(); } finally { queueMicrotask(() => S.n++); S.n++; }"},
    {"microtasks without end",
     "const f = () => queueMicrotask(f); f(); queueMicrotask(() => work());"
     " queueMicrotask(() => S.n++);"},
    {"generator", "function* g() { try { work(); } finally { S.n++; } }"
                  " g().next(); S.n++;"},
    {"generator's return", "function* g() { try { yield 1; } finally { work();"
                           " S.n++; } } const i = g(); i.next(); i.return();"
                           " S.n++;"},
    {"generator's throw", "function* g() { try { yield 1; } catch { work(); }"
                          " S.n++; } const i = g(); i.next(); i.throw(1);"
                          " S.n++;"},
    {"generator that yields in finally",
     "function* g() { try { work(); } finally { yield 1; S.n++; } }"
     " for (const x of g()) S.n++; S.n++;"},
    {"yield*", "function* g() { try { yield* { [Symbol.iterator]: () => ({"
               " next: () => work(), return() { S.n++; } }) }; } finally"
               " { S.n++; } } [...g()]; S.n++;"},
    {"async generator",
     "async function* g() { try { yield 1; work(); } finally { S.n++; } }"
     " try { for await (const x of g()); } finally { S.n++; }"},
    {"async generator's return",
     "async function* g() { try { yield 1; } finally { work(); S.n++; } }"
     " for await (const x of g()) break; S.n++;"},
    {"for await over thenables",
     "try { for await (const x of [{ then() { work(); } }]) S.n++; } finally"
     " { S.n++; }"},
    {"async iterator", "const i = { [Symbol.asyncIterator]: () => ({ next:"
                       " async () => work(), return() { S.n++; } }) };"
                       " for await (const x of i) S.n++; S.n++;"},
    {"iterator's return",
     "const i = { [Symbol.iterator]: () => ({ next: () => ({ done: false }),"
     " return() { S.n++; return {}; } }) }; for (const x of i) work(); S.n++;"},
    {"iterator's return that works",
     "const i = { [Symbol.iterator]: () => ({ next: () => ({ done: false }),"
     " return() { work(); } }) }; for (const x of i) break; S.n++;"},
    {"iterator's return behind throw",
     "const i = { [Symbol.iterator]: () => ({ next: () => ({ done: false }),"
     " return() { work(); } }) };"
     " try { for (const x of i) throw 1; } catch { S.n++; } S.n++;"},
    {"destructuring", "const i = { [Symbol.iterator]: () => ({ next: () =>"
                      " ({ done: false }), return() { work(); } }) };"
                      " const [a] = i; S.n++;"},
    {"destructuring with a default", "const { a = work() } = {}; S.n++;"},
    {"iterator helpers",
     "function* n() { try { for (;;) yield 1; } finally { S.n++; } }"
     " n().map(() => work()).toArray(); S.n++;"},
    {"flatMap of iterators",
     "function* n() { try { yield 1; } finally { S.n++; } }"
     " n().flatMap(() => ({ [Symbol.iterator]: () => work() })).next(); S.n++;"},
    {"Proxy get", "try { new Proxy({}, { get: () => work() }).x; } catch"
                  " { S.n++; } S.n++;"},
    {"Proxy set", "new Proxy({}, { set: () => work() }).x = 1; S.n++;"},
    {"Proxy has", "'x' in new Proxy({}, { has: () => work() }); S.n++;"},
    {"Proxy ownKeys",
     "try { Object.keys(new Proxy({}, { ownKeys: () => work() })); } catch"
     " { S.n++; } S.n++;"},
    {"Proxy deleteProperty",
     "try { delete new Proxy({}, { deleteProperty: () => work() }).x; } catch"
     " { S.n++; } S.n++;"},
    {"Proxy getPrototypeOf",
     "new Proxy({}, { getPrototypeOf: () => work() }) instanceof Object; S.n++;"},
    {"Proxy apply", "new Proxy(() => 1, { apply: () => work() })(); S.n++;"},
    {"Proxy construct",
     "new (new Proxy(class {}, { construct: () => work() }))(); S.n++;"},
    {"Proxy defineProperty",
     "Reflect.defineProperty(new Proxy({}, { defineProperty: () => work() }),"
     " 'x', {}); S.n++;"},
    {"getter", "try { ({ get x() { work(); } }).x; } catch { S.n++; } S.n++;"},
    {"setter", "({ set x(v) { work(); } }).x = 1; S.n++;"},
    {"toString in a template", "`${{ toString: () => work() }}`; S.n++;"},
    {"valueOf in +", "try { 1 + { valueOf: () => work() }; } catch { S.n++; }"
                     " S.n++;"},
    {"Symbol.toPrimitive in ==",
     "1 == { [Symbol.toPrimitive]: () => work() }; S.n++;"},
    {"valueOf in Math.max", "Math.max({ valueOf: () => work() }); S.n++;"},
    {"toString in Date", "new Date({ toString: () => work() }); S.n++;"},
    {"toString as a key", "({})[{ toString: () => work() }]; S.n++;"},
    {"Symbol.hasInstance",
     "1 instanceof { [Symbol.hasInstance]: () => work() }; S.n++;"},
    {"Symbol.species", "class A extends Array { static get [Symbol.species]() {"
                       " work(); } } new A(1, 2).map((x) => x); S.n++;"},
    {"Symbol.isConcatSpreadable",
     "[].concat({ get [Symbol.isConcatSpreadable]() { work(); } }); S.n++;"},
    {"Array.from", "try { Array.from([1, 2], () => work()); } catch { S.n++; }"
                   " S.n++;"},
    {"Array.from of an iterator",
     "Array.from({ [Symbol.iterator]: () => ({ next: () => ({ done: false,"
     " value: 1 }), return() { S.n++; } }) }, () => work()); S.n++;"},
    {"Array.fromAsync",
     "await Array.fromAsync([1], () => work()).catch(() => S.n++); S.n++;"},
    {"map", "[1, 2].map(() => work()); S.n++;"},
    {"forEach that catches",
     "[1, 2].forEach(() => { try { work(); } catch { S.n++; } }); S.n++;"},
    {"reduce", "[1, 2, 3].reduce(() => work()); S.n++;"},
    {"sort", "try { [3, 2, 1].sort(() => work()); } catch { S.n++; } S.n++;"},
    {"toSorted", "[3, 2, 1].toSorted(() => work()); S.n++;"},
    {"typed array's sort",
     "new Uint8Array([3, 2, 1]).sort(() => work()); S.n++;"},
    {"sort by toString",
     "[{ toString: () => work() }, { toString: () => S.n++ }].sort(); S.n++;"},
    {"join", "[{ toString: () => work() }].join(); S.n++;"},
    {"flatMap", "[1].flatMap(() => work()); S.n++;"},
    {"find of a typed array", "new Uint8Array(3).find(() => work()); S.n++;"},
    {"replace", "'aaa'.replace(/a/g, () => work()); S.n++;"},
    {"replaceAll", "'aaa'.replaceAll('a', () => work()); S.n++;"},
    {"Symbol.replace", "try { 'a'.replace({ [Symbol.replace]: () => work() },"
                       " ''); } catch { S.n++; } S.n++;"},
    {"Symbol.split", "'a'.split({ [Symbol.split]: () => work() }); S.n++;"},
    {"Symbol.matchAll",
     "'a'.matchAll({ flags: 'g', [Symbol.matchAll]: () => work() }); S.n++;"},
    {"exec of a RegExp",
     "const r = /a/g; r.exec = () => work(); r.test('a'); S.n++;"},
    {"lastIndex of a RegExp",
     "const r = /a/g; r.lastIndex = { valueOf: () => work() }; r.exec('a');"
     " S.n++;"},
    {"JSON.parse", "try { JSON.parse('[1,[2]]', () => work()); } catch"
                   " { S.n++; } S.n++;"},
    {"toJSON", "JSON.stringify({ toJSON: () => work() }); S.n++;"},
    {"replacer of JSON.stringify",
     "JSON.stringify({ a: 1 }, () => work()); S.n++;"},
    {"Reflect.apply", "Reflect.apply(() => work(), null, []); S.n++;"},
    {"Reflect.construct",
     "Reflect.construct(function () { work(); }, []); S.n++;"},
    {"Reflect.ownKeys", "Reflect.ownKeys(new Proxy({}, { ownKeys: () => work()"
                        " })); S.n++;"},
    {"bind", "(() => work()).bind(null)(); S.n++;"},
    {"class static block",
     "try { class A { static { work(); } static x = S.n++; } } finally"
     " { S.n++; }"},
    {"field initialiser",
     "class A { x = work(); y = S.n++; } try { new A(); } catch { S.n++; }"},
    {"computed member", "class A { [work()]() {} static x = S.n++; } S.n++;"},
    {"constructor of a base", "class A { constructor() { work(); } } class B"
                              " extends A { x = S.n++; } new B(); S.n++;"},
    {"accessor of a class", "class A { static get x() { return work(); } }"
                            " A.x; S.n++;"},
    {"FinalizationRegistry",
     "const r = new FinalizationRegistry(() => work()); r.register({}, 1);"
     " const f = () => setTimeout(f, 0); f(); (async () => { for (;;) { await 1;"
     " let x = {}; x.x = x; } })(); work();"},
    {"using",
     "{ using x = { [Symbol.dispose]() { S.n++; } }; work(); } S.n++;"},
    {"using that works", "{ using x = { [Symbol.dispose]() { S.n++; } },"
                         " y = { [Symbol.dispose]() { work(); } }; } S.n++;"},
    {"await using",
     "{ await using x = { async [Symbol.asyncDispose]() { S.n++; } }; work(); }"
     " S.n++;"},
    {"await using that works",
     "{ await using x = { async [Symbol.asyncDispose]() { S.n++; } },"
     " y = { async [Symbol.asyncDispose]() { work(); } }; } S.n++;"},
    {"DisposableStack", "const s = new DisposableStack(); s.defer(() => S.n++);"
                        " s.defer(() => work()); s.dispose(); S.n++;"},
    {"AsyncDisposableStack",
     "const s = new AsyncDisposableStack(); s.defer(() => { S.n++; });"
     " s.defer(() => work()); await s.disposeAsync().catch(() => S.n++);"
     " S.n++;"},
    {"tagged template", "(() => work())`x${S.x}`; S.n++;"},
    {"eval", "try { eval('work(); S.n++'); } catch { S.n++; } S.n++;"},
    {"indirect eval",
     "(0, eval)('try { work(); } finally { S.n++; }'); S.n++;"},
    {"Function", "Function('try { work(); } finally { S.n++; }')(); S.n++;"},
    {"import()", "await import(S.file).catch(() => S.n++); S.n++;"},
    {"import() of a specifier",
     "import({ toString: () => work() }).catch(() => S.n++); S.n++;"},
    {"import() with options",
     "import('native', { get with() { work(); } }).catch(() => S.n++); S.n++;"},
    {"prepareStackTrace",
     "Error.prepareStackTrace = () => work(); try { null.x; } catch { S.n++; }"
     " S.n++;"},
    {"cause of an Error", "new Error('', { get cause() { work(); } }); S.n++;"},
    {"AggregateError",
     "new AggregateError({ [Symbol.iterator]: () => work() });"
     " S.n++;"},
    {"Map of an iterator", "new Map({ [Symbol.iterator]: () => ({ next: () =>"
                           " work(), return() { S.n++; } }) }); S.n++;"},
    {"Map with set",
     "Map.prototype.set = () => work(); new Map([[1, 2]]); S.n++;"},
    {"Map.groupBy", "Map.groupBy([1], () => work()); S.n++;"},
    {"Object.groupBy", "Object.groupBy([1], () => work()); S.n++;"},
    {"Set methods", "new Set([1]).union({ size: 1, has: () => 1,"
                    " keys: () => work() }); S.n++;"},
    {"Object.fromEntries",
     "Object.fromEntries((function* () { try { yield [1, 2]; work(); } finally"
     " { S.n++; } })()); S.n++;"},
    {"Object.assign", "Object.assign({}, { get x() { work(); } }); S.n++;"},
    {"spread", "({ ...{ get x() { work(); } } }); S.n++;"},
    {"spread of an iterator",
     "Math.max(...{ [Symbol.iterator]: () => ({ next: () => work() }) }); S.n++;"},
    {"with a typed array", "new Uint8Array({ length: 3, get 0() { work(); } });"
                           " S.n++;"},
    {"error event",
     "addEventListener('error', () => S.n++);"
     " setTimeout(() => work(), 0); setTimeout(() => S.n++, 1);"},
    {"listener of error that works",
     "addEventListener('error', () => work());"
     " addEventListener('error', () => S.n++);"
     " setTimeout(() => { throw 1; }, 0); setTimeout(() => S.n++, 1);"},
    {"unhandledrejection",
     "addEventListener('unhandledrejection', () => work());"
     " addEventListener('unhandledrejection', () => S.n++);"
     " Promise.reject(1); setTimeout(() => S.n++, 1); await new Promise(() => {});"},
    {"unhandledrejection of what works",
     "addEventListener('unhandledrejection', () => S.n++);"
     " (async () => work())(); S.n++;"},
    {"timer", "setTimeout(() => { try { work(); } finally { S.n++; } }, 0);"
              " setTimeout(() => S.n++, 5);"},
    {"interval",
     "setInterval(() => work(), 1); setInterval(() => S.n++, 2000);"},
    {"timers in finally",
     "try { work(); } finally { setTimeout(() => S.n++, 0);"
     " S.n++; }"},
    {"EventTarget", "const t = new EventTarget(); t.addEventListener('x', () =>"
                    " work()); t.addEventListener('x', () => S.n++);"
                    " t.dispatchEvent(new Event('x')); S.n++;"},
    {"handleEvent", "const t = new EventTarget(); t.addEventListener('x', { get"
                    " handleEvent() { work(); } });"
                    " t.dispatchEvent(new Event('x')); S.n++;"},
    {"abort listener",
     "const c = new AbortController(); c.signal.onabort = () => work();"
     " c.signal.addEventListener('abort', () => S.n++); c.abort(); S.n++;"},
    {"abort listeners of signals that follow",
     "const c = new AbortController(); const s = AbortSignal.any([c.signal]);"
     " c.signal.addEventListener('abort', () => work());"
     " s.addEventListener('abort', () => S.n++); c.abort(); S.n++;"},
    {"AbortSignal.timeout",
     "const s = AbortSignal.timeout(1); s.onabort = () => work();"
     " s.addEventListener('abort', () => S.n++); await new Promise(() =>"
     " setTimeout(() => {}, 1e6));"},
    {"console.log of a getter",
     "console.log({ [Symbol.for('nodejs.util.inspect."
     "custom')]: () => work() }); work(); S.n++;"},
    {"native function that reads a getter",
     "native.take({ get x() { work(); } }); S.n++;"},
    {"native function with a callback", "native.call_it(() => work()); S.n++;"},
    {"native function that promises",
     "await native.call_later(() => work()).catch(() => S.n++); S.n++;"},
    {"exit in finally",
     "try { work(); } finally { process.exitCode = 3; S.n++; }"},
    {"exit behind a catch", "try { work(); } catch { process.exit(0); }"},
};

enum { BY_THREAD, BY_TIME, BY_CPU, BY_MEMORY, WAYS };
static const char *const ways[WAYS] = {"thread", "time", "CPU", "memory"};
static const tenon_limit limits[WAYS] = {TENON_LIMIT_NONE, TENON_LIMIT_TIME,
                                         TENON_LIMIT_CPU, TENON_LIMIT_MEMORY};

static int marks;

TENON_FUNCTION(none, note, (i32, n), (i32, two))
{
  marks = two == 2 ? n : -2;
}

TENON_STRUCT(taken, (opt(f64), x))
TENON_FUNCTION(none, take, (taken, t))
{
  (void)t;
}

TENON_CALLBACK(none, do_work)

TENON_FUNCTION(none, call_it, (do_work, f))
{
  (void)do_work_call(f);
  /* A native function that goes on in spite of it is not the program. */
  (void)do_work_call(f);
}

TENON_BLOCKING(none, call_later, (do_work, f))
{
  (void)do_work_call(f);
}

static char folder[] = "/tmp/tenon-termination-XXXXXX";
static char file[64];

static void make_file(void)
{
  FILE *f;

  if (file[0]) return;
  CHECK(mkdtemp(folder) != NULL);
  snprintf(file, sizeof file, "%s/m.mjs", folder);
  f = fopen(file, "w");
  CHECK(f != NULL);
  fputs("try { work(); } finally { S.n++; }\nS.n++;\n", f);
  CHECK_INT(0, fclose(f));
}

static void end_soon(void *p)
{
  struct timespec t = {0, 4000000};

  nanosleep(&t, NULL);
  tenon_runtime_terminate(p);
}

static void begin(tenon_runtime *rt, int way)
{
  switch (way) {
  case BY_TIME:
    CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_TIME, 4));
    break;
  case BY_CPU:
    CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_CPU, 4));
    break;
  case BY_MEMORY:
    CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_MEMORY,
                                         tenon_runtime_memory(rt).used_bytes +
                                             3000000));
    break;
  default: break;
  }
}

/* NULL, or what is wrong. What waits and does nothing uses neither CPU time nor
 * memory: wall-clock time ends it after all. */
static const char *try_shape(const char *source, int way)
{
  static char text[8192];
  tenon_options options = {.size = sizeof options,
                           .ends_at_memory_limit = true};
  const char *wrong = NULL;
  tenon_runtime *rt;
  uv_thread_t thread;
  tenon_limit limit;
  int r;

  CHECK_INT(0, t_runtime_new(&options, &rt));
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_ending));
  snprintf(text, sizeof text,
           "globalThis.S = { n: 0, x: 1, file: 'file://%s' };"
           "globalThis.work = () => { %s };",
           file,
           way == BY_MEMORY ? "for (const a = [];;) a.push({});" : "for (;;);");
  r = tenon_runtime_eval_script(rt, text, strlen(text), "before.js");
  if (r) return "the beginning failed";
  snprintf(text, sizeof text, "import * as native from 'native';\n%s\n",
           source);
  begin(rt, way);
  if (way == BY_THREAD) CHECK_INT(0, uv_thread_create(&thread, end_soon, rt));
  r = t_eval_module(rt, text);
  if (way == BY_THREAD) uv_thread_join(&thread);
  limit = tenon_runtime_limit(rt);
  if (r != TENON_ETERMINATED)
    wrong = r == TENON_EEXCEPTION ? tenon_runtime_exception(rt)
                                  : tenon_error_name(r);
  else if (limit != limits[way])
    wrong = "another limit";
  if (wrong) return wrong;
  if (tenon_runtime_exception(rt)) return "an exception is pending";
  if (t_eval_script(rt, "S.n = 99") != TENON_ETERMINATED)
    return "it can be entered";
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_MEMORY, 0));
  tenon_runtime_resume(rt);
  /* First the script, then the jobs that were held back, which find no work. */
  marks = -1;
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_TIME, 2000));
  snprintf(text, sizeof text,
           "import { note } from 'native'; work = () => {};"
           "note(S.n, 1 + 1);");
  r = tenon_runtime_eval_module(rt, text, strlen(text), "after.js");
  if (marks == -1) return "the runtime is not usable";
  t_free(rt);
  return marks ? "it survived" : NULL;
}

static void try_all(int way)
{
  size_t i;
  int failures = 0;

  make_file();
  for (i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    const char *wrong = try_shape(shapes[i].source, way);
    if (!wrong) continue;
    print_error("%s, by %s: %s\n", shapes[i].name, ways[way], wrong);
    failures++;
  }
  unlink(file);
  rmdir(folder);
  file[0] = 0;
  memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
  CHECK_INT(0, failures);
}

TEST(no_program_survives_another_thread)
{
  try_all(BY_THREAD);
}

TEST(no_program_survives_its_time)
{
  try_all(BY_TIME);
}

TEST(no_program_survives_its_cpu_time)
{
  try_all(BY_CPU);
}

TEST(no_program_survives_its_memory)
{
  try_all(BY_MEMORY);
}
