/* Values and functions of JavaScript that instances hold; what a release may do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/napi.h>

#include "engine/engine.h"
#include "harness.h"

TENON_MODULE_THREADS(any);

static int cells, releases, wrong, failures;

TENON_CALLBACK(i32, listener, (i32, n))
TENON_CALLBACK_ONCE(i32, once, (i32, n))

typedef struct cell {
  int32_t id;
  tenon_held *value;
  listener *on_event;
  once *on_once;
} cell;

static listener *global;
static void (*on_release)(cell *c);

TENON_CLASS_AS("Cell", cell)
TENON_CONSTRUCTOR(cell, (i32, id, 0), (opt(any), value))
{
  self->id = id;
  if (value && tenon_hold(NULL, *value, &self->value))
    tenon_fail(TENON_ERROR, "cannot hold");
  else if (id < 0)
    tenon_fail(TENON_ERROR, "no such cell");
  else
    cells++;
}
TENON_RELEASE(cell)
{
  cells--;
  releases++;
  if (on_release) on_release(self);
}
TENON_DISPOSABLE_AS("close", cell)
TENON_METHOD(none, cell, set, (any, value))
{
  tenon_held *h;

  if (tenon_hold(self, value, &h)) {
    tenon_fail(TENON_ERROR, "cannot hold");
    return;
  }
  tenon_held_release(self->value);
  self->value = h;
}
TENON_METHOD(any, cell, get)
{
  return tenon_held_value(self->value);
}
TENON_METHOD(none, cell, clear)
{
  tenon_held_release(self->value);
  self->value = NULL;
  tenon_held_release(NULL);
}
TENON_METHOD(bool, cell, listen, (listener, f))
{
  listener *kept = (listener *)tenon_callback_keep_in(f, self);

  tenon_callback_release(self->on_event);
  self->on_event = kept;
  return kept != NULL;
}
TENON_METHOD(none, cell, unlisten)
{
  tenon_callback_release(self->on_event);
  self->on_event = NULL;
}
TENON_METHOD(i32, cell, fire, (i32, n))
{
  int32_t r = -1;
  int code = listener_call(self->on_event, &r, n);

  return code ? code : r;
}
TENON_METHOD(none, cell, globalize)
{
  global = listener_keep(self->on_event);
}
TENON_FUNCTION(none, forget_global)
{
  tenon_callback_release(global);
  global = NULL;
}
TENON_FUNCTION(i32, fire_global, (i32, n))
{
  int32_t r = -1;
  int code = listener_call(global, &r, n);

  return code ? code : r;
}
TENON_METHOD(bool, cell, listen_once, (once, f))
{
  self->on_once = (once *)tenon_callback_keep_in(f, self);
  return self->on_once != NULL;
}
TENON_METHOD(i32, cell, fire_once)
{
  int32_t r = -1;
  int code = once_call(self->on_once, &r, 1);

  return code ? code : r;
}
TENON_METHOD(i32, cell, hold_alive, (bool, on))
{
  return tenon_callback_hold(self->on_event, on);
}
TENON_METHOD(i32, cell, wrong_owners, (any, value), (listener, f))
{
  tenon_held *h;
  int other = 0;

  if (tenon_hold(&other, value, &h) != TENON_EINVAL || h) return 1;
  if (tenon_hold(NULL, value, &h) != TENON_EINVAL || h) return 2;
  if (tenon_hold(self, NULL, &h) != TENON_EINVAL || h) return 3;
  if (tenon_callback_keep_in(f, &other)) return 4;
  if (tenon_callback_keep_in(f, NULL)) return 5;
  if (tenon_callback_keep_in(NULL, self)) return 6;
  if (tenon_report_memory(&other, 1) != TENON_EINVAL) return 7;
  if (tenon_dispose(self)) return 8;
  if (tenon_hold(self, value, &h) != TENON_EINVAL || h) return 9;
  if (tenon_callback_keep_in(f, self)) return 10;
  return 0;
}
TENON_BLOCKING_METHOD(i32, cell, off_the_loop, (listener, f))
{
  tenon_held *h = NULL;

  if (tenon_hold(self, (struct napi_value__ *)&cells, &h) != TENON_ETHREAD)
    return 1;
  if (self->value && tenon_held_value(self->value)) return 2;
  tenon_held_release(self->value);
  if (tenon_callback_keep_in(f, self)) return 3;
  if (tenon_dispose(self) != TENON_ETHREAD) return 4;
  return 0;
}
TENON_ASYNC_METHOD(i32, cell, begin, (listener, f))
{
  listener *kept = (listener *)tenon_callback_keep_in(f, self);

  tenon_callback_release(self->on_event);
  self->on_event = kept;
  if (!kept || tenon_dispose(self) || tenon_report_memory(self, 100) == 0)
    TENON_RESOLVE(cell_begin, deferred, -1);
  else
    TENON_RESOLVE(cell_begin, deferred, self->id);
}
TENON_FUNCTION(i32, count)
{
  return cells;
}
TENON_FUNCTION(i32, released)
{
  return releases;
}
TENON_FUNCTION(i32, with, (cell, c), (listener, f))
{
  int32_t r = -1;
  int code = listener_call(f, &r, 1);

  return code ? code : c->id;
}

/* What holds the other way round. */
typedef struct pair {
  tenon_held *first, *second;
} pair;

static void free_pair(pair *p)
{
  tenon_held_release(p->second);
  free(p);
  releases++;
}

TENON_CLASS_POINTER_AS("Pair", pair, free_pair)
TENON_CONSTRUCTOR_POINTER(pair, (any, a), (any, b))
{
  pair *p = calloc(1, sizeof *p);

  if (tenon_hold(NULL, a, &p->first) || tenon_hold(NULL, b, &p->second))
    tenon_fail(TENON_ERROR, "cannot hold");
  return p;
}
TENON_METHOD(any, pair, first)
{
  return tenon_held_value(self->first);
}

/* Of which there is one, whoever makes it. */
static struct only {
  tenon_held *value;
} only_one;

static void free_only(struct only *o)
{
  o->value = NULL;
  releases++;
}

typedef struct only only;
TENON_CLASS_POINTER_AS("Only", only, free_only)
TENON_CONSTRUCTOR_POINTER(only, (any, value))
{
  tenon_held *h;

  if (tenon_hold(NULL, value, &h)) return tenon_fail(TENON_ERROR, "hold");
  tenon_held_release(only_one.value);
  only_one.value = h;
  return &only_one;
}
TENON_METHOD(any, only, value)
{
  return tenon_held_value(self->value);
}

/* The state of a function. */
typedef struct keeper {
  tenon_held *value;
  listener *on_event;
} keeper;

static int keepers;

static void free_keeper(void *p)
{
  keeper *k = p;

  tenon_held_release(k->value);
  tenon_callback_release(k->on_event);
  free(k);
  keepers--;
}
TENON_CLOSURE(any, keeper, keep, (opt(any), value), (opt(listener), f))
{
  tenon_held *h = NULL;

  if (value && tenon_hold(state, *value, &h)) tenon_fail(TENON_ERROR, "hold");
  if (value) {
    tenon_held_release(state->value);
    state->value = h;
  }
  if (f) {
    tenon_callback_release(state->on_event);
    state->on_event = (listener *)tenon_callback_keep_in(*f, state);
    if (!state->on_event) tenon_fail(TENON_ERROR, "keep");
  }
  return tenon_held_value(state->value);
}
TENON_FUNCTION(any, make_keeper, (any, value))
{
  keeper *k = calloc(1, sizeof *k);
  struct napi_value__ *f = keep_new(k, free_keeper);

  keepers++;
  if (f && tenon_hold(k, value, &k->value))
    tenon_fail(TENON_ERROR, "cannot hold");
  return f;
}

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  cells = releases = wrong = failures = keepers = 0;
  on_release = NULL;
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt, "import { log } from 'test'; import * as native from 'native';\n"
            "Object.assign(globalThis, native);\n"
            "globalThis.log = (...a) => log(a.map(String).join(' '));");
  return rt;
}

/* Run, collect, and let what is to be finalized have its turn. */
static void run(tenon_runtime *rt, const char *source)
{
  t_run(rt, source);
  tenon_runtime_collect(rt);
  t_run(rt, "");
}

static size_t external(tenon_runtime *rt)
{
  tenon_memory_usage m = {.size = sizeof m};

  CHECK_INT(0, tenon_runtime_memory_usage(rt, &m));
  return m.external_bytes;
}

TEST(what_is_held_is_there_again)
{
  tenon_runtime *rt = start();

  run(rt, "{ const o = {}, c = new Cell(1, o), d = new Cell(2);\n"
          "log(c.get() === o, d.get());\n"
          "d.set('a'); d.set(5n); log(d.get()); d.set(undefined);\n"
          "log(d.get(), typeof c.get());\n"
          "c.clear(); log(c.get());\n"
          "const p = new Pair(c, d); log(p.first() === c) }");
  CHECK_LOG("true undefined\n5\nundefined object\nundefined\ntrue\n");
  CHECK_INT(0, cells);
  CHECK_INT(3, releases);
}

TEST(a_value_goes_with_what_holds_it)
{
  tenon_runtime *rt = start();

  run(rt, "globalThis.gone = [];\n"
          "const r = new FinalizationRegistry(n => gone.push(n));\n"
          "globalThis.registry = r;\n"
          "const make = (n, o = {}) => { r.register(o, n); return o };\n"
          "globalThis.c = new Cell(1, make('held'));\n"
          "{ const d = new Cell(2, make('released')); d.clear();\n"
          "  globalThis.d = d }\n"
          "globalThis.e = new Cell(3, make('disposed')); e.close();\n"
          "new Cell(4, make('collected'));");
  t_run(rt, "log(gone.sort())");
  CHECK_LOG("collected,disposed,released\n");
}

TEST(owners_that_are_none_are_refused)
{
  tenon_runtime *rt = start();
  tenon_held *h;

  run(rt, "log(new Cell().wrong_owners({}, n => n))");
  CHECK_LOG("0\n");
  CHECK_INT(TENON_EINVAL, tenon_hold(&h, NULL, &h));
  CHECK(!h);
}

TEST(values_are_not_held_off_the_loop)
{
  tenon_runtime *rt = start();

  run(rt, "const o = {}, c = new Cell(1, o);\n"
          "log(await c.off_the_loop(n => n), c.get() === o)");
  CHECK_LOG("0 true\n");
}

TEST(a_constructor_that_fails_leaves_nothing)
{
  tenon_runtime *rt = start();

  run(rt, "globalThis.gone = []; globalThis.registry = "
          "new FinalizationRegistry(n => gone.push(n));\n"
          "{ const o = {}; registry.register(o, 1);\n"
          "  try { new Cell(-1, o) } catch (e) { log(e.message) } }");
  t_run(rt, "log(gone)");
  CHECK_LOG("no such cell\n1\n");
  CHECK_INT(0, releases);
}

TEST(cycles_through_c_are_collected)
{
  tenon_runtime *rt = start();
  size_t before, outside = external(rt);

  run(rt, "globalThis.make = n => { for (let i = 0; i < n; i++) {\n"
          "  const c = new Cell(i), d = new Cell(i, { c });\n"
          "  c.set(d); c.listen(n => d.get().c.get() === d ? n : 0);\n"
          "  if (c.fire(3) !== 3) throw i } }; make(100)");
  CHECK_INT(0, cells);
  before = tenon_runtime_memory(rt).used_bytes;
  run(rt, "make(50000)");
  CHECK_INT(0, cells);
  CHECK_INT(100200, releases);
  CHECK(tenon_runtime_memory(rt).used_bytes < before + 20000);
  CHECK_INT(outside, external(rt));
}

static size_t resident_pages(void)
{
  FILE *f = fopen("/proc/self/statm", "r");
  size_t all, resident = 0;

  if (f && fscanf(f, "%zu %zu", &all, &resident) != 2) resident = 0;
  if (f) fclose(f);
  return resident;
}

TEST(a_million_come_and_go_in_the_same_memory)
{
  tenon_runtime *rt = start();
  size_t before, used, outside = external(rt);

  run(rt, "globalThis.make = n => { for (let i = 0; i < n; i++) {\n"
          "  const c = new Cell(i, { i }); if (i % 10 === 0) c.set(c) } };\n"
          "make(100000)");
  before = resident_pages();
  used = tenon_runtime_memory(rt).used_bytes;
  run(rt, "make(1000000)");
  CHECK_INT(0, cells);
  CHECK_INT(outside, external(rt));
  CHECK(tenon_runtime_memory(rt).used_bytes < used + 20000);
  /* The sanitizers keep what was freed. */
#ifdef NDEBUG
  CHECK(resident_pages() < before + 512);
#else
  (void)before;
#endif
}

TEST(cycles_through_all_kinds_of_holders_are_collected)
{
  tenon_runtime *rt = start();

  run(rt, "for (let i = 0; i < 300; i++) {\n"
          "  const c = new Cell(i), m = new Map([[c, c]]);\n"
          "  const p = Promise.resolve().then(() => c);\n"
          "  const b = c.get.bind(c), w = new WeakMap([[c, m]]);\n"
          "  const e = new Cell(i, function* () { yield c; yield e }());\n"
          "  const q = new Pair([c, e], { m, p, b, w, e });\n"
          "  c.set({ m, p, b, w, q, e }); e.get().next();\n"
          "  class D extends Cell { x = q } const d = new D(1);\n"
          "  d.set(new Proxy(d, {})); d.listen(() => d) }");
  run(rt, "");
  CHECK_INT(0, cells);
  CHECK_INT(1200, releases);
}

TEST(the_state_of_a_function_holds_values)
{
  tenon_runtime *rt = start();

  run(rt, "{ const o = {}, f = make_keeper(o), g = make_keeper(f);\n"
          "log(f() === o, g() === f, f(g, n => f) === g, f() === g);\n"
          "g(5); log(g()) }");
  CHECK_LOG("true true true true\n5\n");
  CHECK_INT(0, keepers);
  run(rt, "for (let i = 0; i < 1000; i++) { const c = new Cell(i);\n"
          "  const f = make_keeper(c); c.set({ f }); c.listen(() => f);\n"
          "  f(new Map([[f, c]]), () => c) }\n"
          "globalThis.f = make_keeper({ x: 4 }); f(f)");
  CHECK_INT(0, cells);
  CHECK_INT(1, keepers);
  run(rt, "log(f() === f)");
  CHECK_LOG("true\n");
  t_free(rt);
  CHECK_INT(0, keepers);
}

TEST(what_is_in_use_is_not_collected)
{
  tenon_runtime *rt = start();

  run(rt, "globalThis.root = new Cell(1);\n"
          "{ let at = root; for (let i = 0; i < 1000; i++) {\n"
          "  const next = new Cell(i, { at }); at.set({ next });\n"
          "  at.listen(() => next.get() ? 1 : 0);\n"
          "  at = next } }");
  CHECK_INT(1001, cells);
  t_run(rt, "let n = 0; for (let at = root; at.get().next; n++) {\n"
            "  if (at.fire(0) !== 1) throw n; at = at.get().next; }\n"
            "log(n); root = null");
  CHECK_LOG("1000\n");
  tenon_runtime_collect(rt);
  t_run(rt, "");
  CHECK_INT(0, cells);
}

TEST(a_kept_function_is_called_until_its_owner_goes)
{
  tenon_runtime *rt = start();

  run(rt, "globalThis.c = new Cell(1); log(c.fire(1) < 0);\n"
          "{ let k = 1; log(c.listen(n => n + k)) }");
  CHECK_LOG("true\ntrue\n");
  run(rt, "log(c.fire(4)); c.listen(function (n) { return this === undefined ?"
          " n * 2 : 0 }); log(c.fire(4)); c.unlisten(); log(c.fire(1) < 0);"
          "c.listen(n => n); c.close()");
  CHECK_LOG("5\n8\ntrue\n");
}

TEST(a_function_with_other_holders_is_a_root)
{
  tenon_runtime *rt = start();

  run(rt, "{ const c = new Cell(9); c.listen(n => c.get() + n); c.set(5);\n"
          "c.globalize() }");
  CHECK_INT(1, cells);
  run(rt, "log(fire_global(2))");
  CHECK_LOG("7\n");
  run(rt, "forget_global()");
  CHECK_INT(0, cells);
}

TEST(a_function_that_the_loop_waits_for_is_a_root)
{
  tenon_runtime *rt = start();
  const char *source = "{ const c = new Cell(9); c.listen(n => c);\n"
                       "  c.hold_alive(true); globalThis.w = new WeakRef(c) }";

  CHECK_INT(0, tenon_runtime_eval_script(rt, source, strlen(source), "a.js"));
  tenon_runtime_collect(rt);
  source = "w.deref().hold_alive(false);";
  CHECK_INT(1, cells);
  CHECK_INT(0, tenon_runtime_eval_script(rt, source, strlen(source), "a.js"));
  run(rt, "");
  CHECK_INT(0, cells);
}

TEST(one_for_once_is_called_once)
{
  tenon_runtime *rt = start();

  run(rt, "const c = new Cell(9); c.listen_once(n => n + 5);\n"
          "log(c.fire_once()); log(c.fire_once() < 0)");
  CHECK_LOG("6\ntrue\n");
}

/* --- What a release does --------------------------------------------------------- */

static void release_all(cell *c)
{
  void *p = tenon_alloc(1000);

  if (!p) wrong++;
  memset(p, 1, 1000);
  tenon_held_release(c->value);
  tenon_callback_release(c->on_event);
  tenon_fail(TENON_ERROR, "nobody hears it");
  if (tenon_hold(c, NULL, &c->value) == 0) wrong++;
  if (tenon_dispose(c) == 0) wrong++;
}

TEST(a_release_may_let_go_of_what_is_held)
{
  tenon_runtime *rt = start();

  on_release = release_all;
  run(rt, "for (let i = 0; i < 10; i++) {\n"
          "  const c = new Cell(i, {}); c.listen(n => c); c.set(c);\n"
          "  const d = new Cell(i, {}); d.listen(n => n); d.close();\n"
          "  globalThis.kept = new Cell(i, {}); kept.listen(n => n) }");
  CHECK_INT(1, cells);
  t_free(rt);
  CHECK_INT(0, cells);
  CHECK_INT(0, wrong);
}

static void call_script(cell *c)
{
  int32_t r = 0;

  if (!global || listener_call(global, &r, c->id)) failures++;
}

TEST(a_release_may_call_scripts)
{
  tenon_runtime *rt = start();

  on_release = call_script;
  run(rt, "globalThis.said = [];\n"
          "{ const g = new Cell(0); g.listen(n => { said.push(n);\n"
          "  if (n > 1) new Cell(n - 1); return 0 }); g.globalize();\n"
          "  globalThis.g = g }\n"
          "new Cell(5); { using c = new Cell(20) ; const x = 1 }");
  run(rt, "log(said.slice().sort((a, b) => a - b))");
  CHECK_LOG("1,1,2,2,3,3,4,4,5,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20\n");
  run(rt, "g = null; forget_global()");
  CHECK_INT(0, cells);
  CHECK_INT(1, failures);
}

static void throw_script(cell *c)
{
  (void)call_script(c);
}

TEST(what_a_release_throws_is_nobodys)
{
  tenon_runtime *rt = start();

  on_release = throw_script;
  run(rt, "{ const g = new Cell(0); g.listen(n => { throw new Error('no') });\n"
          "g.globalize(); globalThis.g = g }\n"
          "const f = () => { using c = new Cell(3); return 4 };\n"
          "log(f()); try { using c = new Cell(4); throw 5 } catch (e) {"
          " log(e) }");
  CHECK_LOG("4\n5\n");
  CHECK_INT(2, failures);
  on_release = NULL;
  run(rt, "g = null; forget_global()");
}

TEST(a_chain_ends_without_recursion)
{
  tenon_runtime *rt = start();

  run(rt, "{ let c = null; for (let i = 0; i < 100000; i++)\n"
          "  c = new Cell(i, c) }");
  CHECK_INT(0, cells);
  on_release = release_all;
  run(rt, "{ let c = null; for (let i = 0; i < 100000; i++)\n"
          "  c = new Pair(c, new Cell(i, c)) }");
  CHECK_INT(0, cells);
  CHECK_INT(300000, releases);
}

static void dispose_next(cell *c)
{
  call_script(c);
}

TEST(a_chain_of_disposals_ends_without_recursion)
{
  tenon_runtime *rt = start();

  on_release = dispose_next;
  run(rt, "globalThis.all = []; for (let i = 0; i < 100000; i++)\n"
          "  all.push(new Cell(i));\n"
          "{ const g = new Cell(0); g.listen(n => { all[n + 1]?.close();\n"
          "  return 0 }); g.globalize(); globalThis.g = g }\n"
          "all[0].close();");
  CHECK_INT(1, cells);
  on_release = NULL;
  run(rt, "g = all = null; forget_global()");
  CHECK_INT(0, cells);
}

TEST(an_operation_holds_what_its_instance_is_to_hold)
{
  tenon_runtime *rt = start();

  run(rt, "log(await new Cell(6).begin(n => n))");
  CHECK_LOG("6\n");
  CHECK_INT(0, cells);
}

TEST(a_runtime_ends_with_all_that_waits)
{
  tenon_runtime *rt = start();

  on_release = release_all;
  t_run(rt,
        "for (let i = 0; i < 10; i++) { const c = new Cell(i, {});\n"
        "  c.set(c); c.listen(() => c); globalThis['c' + i] = new Cell(i);\n"
        "  new Pair(c, make_keeper(c)) }");
  tenon_runtime_collect(rt);
  t_free(rt);
  CHECK_INT(0, cells);
  CHECK_INT(0, keepers);
  CHECK_INT(0, wrong);
}

TEST(each_order_of_its_ends_releases_once)
{
  tenon_runtime *rt = start();

  run(rt, "{ const c = new Cell(1, {}); c.close(); c.close() }\n"
          "{ const c = new Cell(1); c.set(c); c.close() }\n"
          "{ const c = new Cell(1); log(with_(c)) }\n"
          "function with_(c) { return native(c) }\n"
          "function native(c) { let x = c; c = null;\n"
          "  return globalThis.with.call(null, x, () => { x.close(); x = null;"
          " return 0 }) }");
  CHECK_LOG("1\n");
  CHECK_INT(3, releases);
  run(rt, "globalThis.a = new Cell(1); a.set(a); globalThis.b = new Cell(2);"
          "b.close()");
  CHECK_INT(4, releases);
  t_free(rt);
  CHECK_INT(5, releases);
  CHECK_INT(0, cells);
}

/* The engine collects when an object is made, and forgets a threshold of 0. */
static JSRuntime *collected;

static void *collecting_alloc(void *data, size_t size)
{
  (void)data;
  if (collected) JS_SetGCThreshold(collected, 0);
  return malloc(size);
}
static void *plain_realloc(void *data, void *p, size_t old_size, size_t size)
{
  (void)data;
  (void)old_size;
  return realloc(p, size);
}
static void plain_free(void *data, void *p, size_t size)
{
  (void)data;
  (void)size;
  free(p);
}

TEST(a_collection_at_every_allocation_harms_nothing)
{
  const tenon_allocator a = {.size = sizeof a,
                             .alloc = collecting_alloc,
                             .realloc = plain_realloc,
                             .free = plain_free};
  tenon_options options = {.size = sizeof options, .allocator = &a};
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(&options, &rt));
  cells = releases = 0;
  on_release = release_all;
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  /* A runtime begins with its engine. */
  collected = (*(tenon_p_engine **)rt)->rt;
  t_run(rt, "import { Cell, Pair } from 'native';\n"
            "for (let i = 0; i < 20; i++) { const o = { i };\n"
            "  const c = new Cell(i, o); c.listen(n => c.get().i + n);\n"
            "  if (c.fire(1) !== i + 1) throw i;\n"
            "  const p = new Pair(c, o); if (p.first() !== c) throw i;\n"
            "  c.set({ c, p }); class D extends Cell {} new D(3, o).close();\n"
            "  await new Cell(5).off_the_loop(n => n);\n"
            "  if (c.wrong_owners(o, n => n)) throw i; }");
  tenon_runtime_collect(rt);
  t_run(rt, "");
  collected = NULL;
  CHECK_INT(0, cells);
}

TEST(what_a_constructor_holds_for_an_instance_that_is_there_is_held_by_that)
{
  tenon_runtime *rt = start();

  run(rt, "globalThis.a = new Only({ n: 1 }); "
          "log(a === new Only({ n: 2 }))");
  run(rt, "log(a.value().n); globalThis.a = null");
  CHECK_LOG("true\n2\n");
  run(rt, "");
  CHECK_INT(1, releases);
}
