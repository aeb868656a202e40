/* Functions with a state: whose it is, that nobody else gets it, when it ends. */
#define TENON_MODULE closures
#include "harness.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/napi.h>
#include <tenon/realm.h>
#include <tenon/state.h>

#include "bind/closure.h"
#include "engine/engine.h"
#include "engine/native.h"

#define M tenon_module_closures

typedef struct counter {
  int64_t value;
  char secret[32];
} counter;

static int live, freed; /* atomic: threads of the pool make states, too */
static char order[64];

static counter *new_counter(int64_t value)
{
  counter *c = calloc(1, sizeof *c);

  if (!c) return NULL;
  c->value = value;
  strcpy(c->secret, "nobody sees this");
  __atomic_add_fetch(&live, 1, __ATOMIC_RELAXED);
  return c;
}

static void free_counter(void *p)
{
  __atomic_sub_fetch(&live, 1, __ATOMIC_RELAXED);
  __atomic_add_fetch(&freed, 1, __ATOMIC_RELAXED);
  t_spoil(p, sizeof(counter));
  free(p);
}

TENON_CLOSURE(i64, counter, next, (i64, by, 1))
{
  return state->value += by;
}

TENON_FUNCTION(any, make, (i64, start, 0))
{
  counter *c = new_counter(start);

  if (!c) return tenon_fail_memory();
  return next_new(c, free_counter);
}

static tenon_runtime *runtime(void)
{
  tenon_runtime *rt = t_runtime();

  order[0] = '\0';
  freed = 0;
  CHECK_INT(0, tenon_runtime_add_module(rt, "m", M));
  return rt;
}

TEST(each_function_has_its_own_state)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { make } from 'm';\n"
            "const a = make(4), b = make();\n"
            "log(`${a()} ${b(10)} ${a(2)} ${b()} ${a !== b}`);\n"
            "log(`${a.name} ${a.length} ${typeof a} ${a.async}`);\n"
            "try { a('x'); } catch (e) { log(e.message); }");
  CHECK_LOG("5 10 7 11 true\nnext 0 function undefined\n"
            "next: argument 1 'by': expected integer, got string\n");
  t_free(rt);
  CHECK_INT(0, live);
  CHECK_INT(2, freed);
}

TEST(it_is_a_function_of_c_too)
{
  counter c = {.value = 1};

  CHECK_INT(3, (int)next(&c, 2));
  CHECK_INT(3, (int)c.value);
}

TEST(a_module_exports_no_function_with_a_state)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import * as m from 'm';\n"
            "log(`${'next' in m} ${typeof m.make}`);");
  CHECK_LOG("false function\n");
}

/* --- Of all shapes ------------------------------------------------------------------ */

TENON_STRUCT(point, (f64, x), (opt(str), label))
TENON_CALLBACK(i64, ask, (i64, n))

TENON_CLOSURE(none, counter, reset)
{
  state->value = 0;
}

TENON_CLOSURE_AS("the value", i64, counter, value_of)
{
  return state->value;
}

TENON_CLOSURE(f64, counter, two, (f64, a), (f64, b))
{
  return a + b + (double)state->value;
}

TENON_CLOSURE(str, counter, many, (str, a), (i32, b), (bool, c), (opt(f64), d))
{
  char *text = tenon_alloc(100);

  if (!text) return tenon_fail_memory();
  snprintf(text, 100, "%s %d %d %g %d", a.data, b, c, d ? *d : -1,
           (int)state->value);
  return tenon_str_of(text);
}

TENON_CLOSURE(point, counter, moved, (point, p))
{
  p.x += (double)state->value;
  return p;
}

TENON_CLOSURE(i64, counter, asked, (ask, f))
{
  int64_t r = 0;

  if (ask_call(f, &r, state->value)) return 0;
  return r + state->value;
}

TENON_CLOSURE(any, counter, given, (any, v))
{
  state->value++;
  return v;
}

TENON_CLOSURE(i64, counter, called_on, (this(point), p), (rest(i64), all))
{
  return (int64_t)p.x + (int64_t)all.len + state->value;
}

TENON_CLOSURE(exhaustive(i64), counter, strict, (i64, n))
{
  return n + state->value;
}

TENON_CLOSURE(i64, counter, fails, (i32, how))
{
  if (how) tenon_fail(TENON_RANGE_ERROR, "failed with %d", (int)state->value);
  return state->value;
}

TENON_FUNCTION(any, shape, (str, name))
{
#define SHAPE(f) \
  if (!strcmp(name.data, #f)) return f##_new(new_counter(100), free_counter)
  SHAPE(reset);
  SHAPE(value_of);
  SHAPE(two);
  SHAPE(many);
  SHAPE(moved);
  SHAPE(asked);
  SHAPE(given);
  SHAPE(called_on);
  SHAPE(strict);
  SHAPE(fails);
  return NULL;
}

TEST(closures_of_all_shapes_get_their_state)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { shape } from 'm';\n"
            "const f = (n) => shape(n);\n"
            "log(`${f('reset')()} ${f('value_of')()} ${f('value_of').name}`);\n"
            "log(`${f('two')(1, 2)} ${f('many')('a', 2, true)}`);\n"
            "log(JSON.stringify(f('moved')({ x: 1, label: 'l' })));\n"
            "log(`${f('asked')((n) => n + 1)} ${f('given')('same')}`);\n"
            "log(`${f('called_on').call({ x: 5 }, 1, 2)} ${f('strict')(1)}`);\n"
            "try { f('strict')(1, 2); } catch (e) { log(e.message); }\n"
            "try { f('fails')(1); } catch (e) { log(`${e}`); }\n"
            "try { f('two')(1); } catch (e) { log(`${e}`); }\n"
            "log(`${f('fails')(0)}`);");
  CHECK_LOG("undefined 100 the value\n103 a 2 1 -1 100\n"
            "{\"x\":101,\"label\":\"l\"}\n201 same\n107 101\n"
            "strict: expected 1 argument, got 2\n"
            "RangeError: failed with 100\n"
            "TypeError: two: expected 2 arguments, got 1\n100\n");
  t_free(rt);
  CHECK_INT(0, live);
}

/* --- Out of reach --------------------------------------------------------------------- */

TEST(nothing_that_a_script_can_reach_shows_the_state)
{
  tenon_runtime *rt = runtime();

  t_run(
      rt,
      "import { log } from 'test'; import { make } from 'm';\n"
      "const f = make(7);\n"
      "log(Reflect.ownKeys(f).join());\n"
      "log(`${Object.getPrototypeOf(f) === Function.prototype}`);\n"
      "log(`${String(f)} ${JSON.stringify(f)} ${JSON.stringify({ ...f })}`);\n"
      "let names = [];\n"
      "for (let o = f; o; o = Object.getPrototypeOf(o))\n"
      "  names.push(...Reflect.ownKeys(o).map(String));\n"
      "log(`${names.some((n) => /state|context|secret|native/.test(n))}`);\n"
      "let seen = [];\n"
      "const p = new Proxy(f, { get(t, k) { seen.push(k); return t[k]; },\n"
      "  apply(t, self, args) { return t(...args); } });\n"
      "log(`${p(1)} ${seen.length}`);\n"
      "log(`${Object.keys(globalThis).some((k) => globalThis[k] === f)}`);");
  CHECK_LOG("length,name\ntrue\nfunction next() {\n    [native code]\n} "
            "undefined {}\nfalse\n8 0\nfalse\n");
}

TEST(a_function_keeps_its_state_whatever_is_done_to_it)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { make, shape } from 'm';\n"
            "const a = make(10), b = make(100);\n"
            "const bound = a.bind(b, 5);\n"
            "log(`${bound()} ${a.call(b)} ${a.apply(b, [2])}`);\n"
            "log(`${Reflect.apply(a, b, [])} ${b(0)}`);\n"
            "Object.setPrototypeOf(a, b);\n"
            "Object.defineProperty(a, 'name', { value: 'other' });\n"
            "a.state = b; a.async = 1; delete a.length;\n"
            "log(`${a(0)} ${b(0)}`);\n"
            "const child = Object.create(a);\n"
            "try { child(); } catch (e) { log(e.name); }\n"
            "try { new a(); } catch (e) { log(e.name); }\n"
            "try { class X extends a {} } catch (e) { log(e.name); }\n"
            "Object.freeze(a); log(`${a(1)} ${[1, 2].map(b)}`);\n"
            "log(`${Function.prototype.call.call(a, null, 1)}`);\n"
            "for (const other of [{}, Object.create(a), new Proxy({}, {})])\n"
            "  try { Function.prototype.call.call(other, a); }\n"
            "  catch (e) { log(e.name); }\n"
            "Function.prototype.call = Function.prototype.bind = null;\n"
            "log(`${a(1)}`);");
  CHECK_LOG("15 16 18\n19 100\n19 100\nTypeError\nTypeError\nTypeError\n"
            "20 101,103\n21\nTypeError\nTypeError\nTypeError\n22\n");
}

/* --- Its end ----------------------------------------------------------------------------- */

TEST(the_state_ends_once_when_the_function_is_gone)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { make } from 'm';\n"
            "globalThis.a = make(1); make(2); globalThis.b = a;");
  CHECK_INT(1, freed);
  t_run(rt, "a = null;");
  CHECK_INT(1, freed);
  t_run(rt, "b = null;");
  CHECK_INT(2, freed);
  CHECK_INT(0, live);
}

TEST(functions_in_a_cycle_are_collected)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { make } from 'm';\n"
            "for (let i = 0; i < 1000; i++) {\n"
            "  const f = make(i), g = make(i); f.other = g; g.other = f; }");
  tenon_runtime_collect(rt);
  t_run(rt, "1;");
  CHECK_INT(2000, freed);
  CHECK_INT(0, live);
}

TEST(a_million_functions_come_and_go_in_the_same_memory)
{
  tenon_runtime *rt = runtime();
  tenon_memory before;
  int most = live;

  t_run(rt, "import { make } from 'm'; globalThis.make = make;\n"
            "for (let i = 0; i < 1000; i++) make(i)();");
  before = tenon_runtime_memory(rt);
  t_run(rt, "for (let i = 0; i < 1000000; i++) make(i)();");
  CHECK_INT(1001000, freed);
  CHECK_INT(most, live);
  CHECK(tenon_runtime_memory(rt).used_bytes < before.used_bytes + 20000);
}

TEST(many_dropped_while_one_script_runs_do_not_pile_up)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { make } from 'm';\n"
            "for (let i = 0; i < 1000; i++) make(i);\n"
            "globalThis.last = make(0);");
  CHECK_INT(1000, freed);
  t_free(rt);
  CHECK_INT(0, live);
}

TEST(a_runtime_is_freed_with_functions_that_are_alive)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { make } from 'm';\n"
            "globalThis.all = Array.from({ length: 100 }, (_, i) => make(i));\n"
            "all.push(all); all[0].all = all;\n"
            "globalThis.weak = new WeakRef(make(1));\n"
            "globalThis.key = new WeakMap([[make(2), make(3)]]);");
  t_free(rt);
  CHECK_INT(103, freed);
  CHECK_INT(0, live);
}

static tenon_runtime *busy;

static void note(void *p)
{
  strcat(order, p);
}

TENON_CLOSURE(none, char, noted)
{
  (void)state;
}

TENON_FUNCTION(any, noting, (str, which))
{
  static char names[26][2];
  char *name = names[which.data[0] - 'a'];

  name[0] = which.data[0];
  return noted_new(name, note);
}

TENON_CLOSURE(i64, counter, lets_go, (ask, f))
{
  int64_t r;

  if (ask_call(f, &r, 0)) return -1;
  tenon_runtime_collect(busy);
  if (strcmp(state->secret, "nobody sees this") != 0) return -2;
  return state->value + freed;
}

TENON_FUNCTION_AS("freed", any, freed_before)
{
  napi_value v = NULL;

  napi_create_int32(tenon_env(), freed, &v);
  return v;
}

TENON_FUNCTION(any, make_lets_go, (i64, start))
{
  return lets_go_new(new_counter(start), free_counter);
}

TEST(the_state_lives_while_its_function_runs)
{
  busy = runtime();
  t_run(busy, "import { log } from 'test';\n"
              "import { make, make_lets_go, freed } from 'm';\n"
              "let f = make_lets_go(5);\n"
              "log(`${f(() => { f = null; make(0); make(0); return 1; })}`);\n"
              "log(`${freed()}`);");
  /* Of the three that were let go of inside, the first ended there. */
  CHECK_LOG("6\n3\n");
}

/* A finalizer that does all it may. */
static void end_with_all(void *p)
{
  napi_env env = tenon_env();
  napi_value global, text;

  CHECK(env != NULL && tenon_alloc(1000) != NULL);
  CHECK_INT(napi_ok, napi_get_global(env, &global));
  CHECK_INT(napi_ok,
            napi_create_string_utf8(env, "ended", NAPI_AUTO_LENGTH, &text));
  CHECK_INT(napi_ok, napi_set_named_property(env, global, "word", text));
  napi_throw_error(env, NULL, "is dropped");
  tenon_fail(TENON_ERROR, "is dropped, too");
  note(p);
}

TENON_FUNCTION(any, ends_with_all)
{
  return noted_new("e", end_with_all);
}

TEST(a_finalizer_may_use_the_runtime_and_fail)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { ends_with_all } from 'm'; ends_with_all();");
  CHECK_TEXT("e", order);
  t_run(rt, "import { log } from 'test'; log(word);");
  CHECK_LOG("ended\n");
}

static void end_by_others(void *p)
{
  napi_value v = noted_new("i", note);

  CHECK(v != NULL);
  note(p);
}

TENON_FUNCTION(any, ends_by_others)
{
  return noted_new("o", end_by_others);
}

TEST(a_finalizer_may_make_functions)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { ends_by_others } from 'm'; ends_by_others();");
  CHECK_TEXT("oi", order);
  t_free(rt);
  CHECK_TEXT("oi", order);
}

static void late_end(void *p)
{
  CHECK(tenon_env() == NULL);
  CHECK(noted_new("l", note) == NULL);
  note(p);
}

TENON_FUNCTION(any, ends_late)
{
  return noted_new("z", late_end);
}

TEST(behind_the_end_of_the_runtime_a_finalizer_has_no_environment)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { ends_late } from 'm'; globalThis.f = ends_late();");
  t_free(rt);
  CHECK_TEXT("lz", order);
}

/* --- Values that the state holds ----------------------------------------------------------- */

typedef struct listener {
  tenon_held *value;
} listener;

static void free_listener(void *p)
{
  listener *l = p;

  /* The first of two ways; the second is to leave it to the end. */
  if (freed % 2) tenon_held_release(l->value);
  freed++;
  live--;
  free(l);
}

TENON_CLOSURE(any, listener, held, (nullable(any), next_one))
{
  napi_value v = tenon_held_value(state->value);
  tenon_held *before = state->value;

  if (next_one && tenon_hold(state, *next_one, &state->value) == 0)
    tenon_held_release(before);
  return v;
}

TENON_FUNCTION(any, holding, (any, v))
{
  listener *l = calloc(1, sizeof *l);
  napi_value f = l ? held_new(l, free_listener) : NULL;

  if (!l) return tenon_fail_memory();
  live++;
  if (f && tenon_hold(l, v, &l->value)) return tenon_fail_memory();
  return f;
}

static listener wrong;

TENON_FUNCTION(i32, hold_wrongly, (any, v))
{
  return tenon_hold(&wrong, v, &wrong.value);
}

TENON_CLOSURE(i32, counter, hold_for_another, (any, v))
{
  tenon_held *h;

  return state ? tenon_hold(&wrong, v, &h) : 0;
}

TENON_FUNCTION(any, make_hold_for_another)
{
  return hold_for_another_new(new_counter(1), free_counter);
}

TEST(a_state_holds_values)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import * as m from 'm';\n"
            "const f = m.holding({ n: 1 }), g = m.holding('text');\n"
            "log(`${f(null).n} ${f({ n: 2 }).n} ${f(null).n} ${g(null)}`);\n"
            "log(`${m.hold_wrongly(1) < 0} `\n"
            "  + `${m.make_hold_for_another()(1) < 0}`);");
  CHECK_LOG("1 1 2 text\ntrue true\n");
  t_free(rt);
  CHECK_INT(0, live);
}

TEST(cycles_through_a_state_are_collected)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { holding } from 'm';\n"
            "for (let i = 0; i < 1000; i++) {\n"
            "  const o = { i }; o.f = holding(o); o.f(null).g = holding(o.f);\n"
            "}\n"
            "globalThis.kept = holding({ n: 7 });");
  tenon_runtime_collect(rt);
  t_run(rt, "import { log } from 'test'; log(`${kept(null).n}`);");
  CHECK_LOG("7\n");
  CHECK_INT(2000, freed);
  CHECK_INT(1, live);
  t_free(rt);
  CHECK_INT(0, live);
}

typedef struct asker {
  ask *f;
} asker;

static void free_asker(void *p)
{
  asker *a = p;

  if (freed % 2) tenon_callback_release(a->f);
  freed++;
  live--;
  free(a);
}

TENON_CLOSURE(i64, asker, ask_kept, (i64, n))
{
  int64_t r = 0;

  return ask_call(state->f, &r, n) ? -1 : r;
}

TENON_FUNCTION(any, asking, (ask, f))
{
  asker *a = calloc(1, sizeof *a);
  napi_value v = a ? ask_kept_new(a, free_asker) : NULL;

  if (!a) return tenon_fail_memory();
  live++;
  a->f = tenon_callback_keep_in(f, a);
  return a->f ? v : tenon_fail_memory();
}

TEST(a_state_keeps_callbacks_and_cycles_through_them_are_collected)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { asking } from 'm';\n"
            "for (let i = 0; i < 1000; i++) {\n"
            "  const f = asking((n) => n + (f ? i : 0));\n"
            "  if (f(1) !== i + 1) throw i;\n"
            "}\n"
            "globalThis.kept = asking((n) => 2 * n);");
  tenon_runtime_collect(rt);
  t_run(rt, "import { log } from 'test'; log(`${kept(4)}`);");
  CHECK_LOG("8\n");
  CHECK_INT(1000, freed);
  t_free(rt);
  CHECK_INT(0, live);
}

/* --- Realms --------------------------------------------------------------------------------- */

TEST(a_function_of_a_realm_that_was_freed_lives_on_elsewhere)
{
  tenon_runtime *rt = runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value global, there, f;
  napi_handle_scope scope;
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, tenon_realm_add_globals(realm, M));
  CHECK_INT(
      0, tenon_realm_eval_script(realm, "globalThis.f = make(4);", 23, NULL));
  CHECK_INT(napi_ok, napi_open_handle_scope(env, &scope));
  CHECK_INT(0, tenon_realm_enter(realm));
  CHECK_INT(napi_ok, napi_get_global(env, &there));
  CHECK_INT(napi_ok, napi_get_named_property(env, there, "f", &f));
  CHECK_INT(0, tenon_realm_leave(realm));
  CHECK_INT(napi_ok, napi_get_global(env, &global));
  CHECK_INT(napi_ok, napi_set_named_property(env, global, "f", f));
  CHECK_INT(napi_ok, napi_close_handle_scope(env, scope));
  CHECK_INT(0, tenon_realm_free(realm));
  t_run(rt, "import { log } from 'test'; log(`${f()} ${f(5)}`);");
  CHECK_LOG("5 10\n");
  CHECK_INT(0, freed);
  t_run(rt, "f = null;");
  tenon_runtime_collect(rt);
  t_run(rt, "1;");
  CHECK_INT(1, freed);
}

TEST(functions_of_a_realm_end_with_it)
{
  tenon_runtime *rt = runtime();
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, tenon_realm_add_globals(realm, M));
  CHECK_INT(0,
            tenon_realm_eval_script(
                realm, "globalThis.f = make(4); f.g = make(f());", 40, NULL));
  CHECK_INT(0, tenon_realm_free(realm));
  tenon_runtime_collect(rt);
  t_run(rt, "1;");
  CHECK_INT(2, freed);
  CHECK_INT(0, live);
}

/* --- Hosts ------------------------------------------------------------------------------------ */

static void define_in_realm(void *p)
{
  napi_env env = tenon_env();
  napi_value global, f = next_new(new_counter(40), free_counter);

  CHECK(f != NULL && env != NULL && p == &live);
  CHECK_INT(napi_ok, napi_get_global(env, &global));
  CHECK_INT(napi_ok, napi_set_named_property(env, global, "hosts", f));
}

TEST(a_host_defines_a_function_in_a_realm)
{
  tenon_runtime *rt = runtime();
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0,
            tenon_realm_call(tenon_runtime_realm(rt), define_in_realm, &live));
  CHECK_INT(0, tenon_realm_call(realm, define_in_realm, &live));
  CHECK_INT(0, tenon_realm_eval_script(realm, "hosts(); hosts(5);", 18, NULL));
  t_run(rt, "import { log } from 'test'; log(`${hosts()}`);");
  CHECK_LOG("41\n");
  CHECK_INT(
      0, tenon_realm_eval_script(realm,
                                 "if (hosts() !== 47) throw 1;"
                                 "if (!(hosts instanceof Function)) throw 2;",
                                 70, NULL));
}

static void fail_in_call(void *p)
{
  if (p) napi_throw_type_error(tenon_env(), "ERR_P", "pending");
  tenon_fail(TENON_RANGE_ERROR, "the host's");
}

TEST(what_a_call_of_a_host_fails_by_is_pending)
{
  tenon_runtime *rt = runtime();
  tenon_realm *realm = tenon_runtime_realm(rt);

  CHECK_INT(TENON_EEXCEPTION, tenon_realm_call(realm, fail_in_call, NULL));
  CHECK(strstr(tenon_runtime_exception(rt), "RangeError: the host's"));
  CHECK_INT(TENON_EEXCEPTION, tenon_realm_call(realm, fail_in_call, rt));
  CHECK(strstr(tenon_runtime_exception(rt), "pending"));
  CHECK_INT(TENON_EINVAL, tenon_realm_call(realm, NULL, NULL));
  CHECK_INT(TENON_EINVAL, tenon_realm_call(NULL, fail_in_call, NULL));
  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, tenon_realm_free(realm));
  CHECK_INT(TENON_EINVAL, tenon_realm_call(realm, fail_in_call, NULL));
}

static void call_elsewhere(void *p)
{
  CHECK_INT(TENON_ETHREAD, tenon_realm_call(p, fail_in_call, NULL));
  CHECK(next_new(new_counter(1), free_counter) == NULL);
}

TEST(off_the_loop_and_outside_of_a_call_there_is_none_and_the_state_ends)
{
  tenon_runtime *rt = runtime();

  CHECK(next_new(new_counter(1), free_counter) == NULL);
  CHECK(next_new(NULL, NULL) == NULL);
  CHECK_INT(1, freed);
  t_elsewhere(call_elsewhere, tenon_runtime_realm(rt));
  CHECK_INT(2, freed);
  CHECK_INT(0, live);
}

static void make_without_module(void *p)
{
  *(napi_value *)p = next_new(new_counter(1), free_counter);
}

TEST(a_runtime_without_the_module_has_none_of_its_functions)
{
  tenon_runtime *rt = runtime(), *other = t_runtime();
  napi_value v = (napi_value)(void *)rt;

  CHECK_INT(TENON_EEXCEPTION, tenon_realm_call(tenon_runtime_realm(other),
                                               make_without_module, &v));
  CHECK(strstr(tenon_runtime_exception(other),
               "next: the runtime does not have its module"));
  CHECK(v == NULL);
  CHECK_INT(1, freed);
}

TEST(a_state_may_be_nothing_and_need_no_end)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { noting } from 'm'; noting('a')(); noting('b');");
  CHECK_TEXT("ab", order);
}

/* --- On the pool -------------------------------------------------------------------------------- */

static pthread_t loop_thread;

TENON_BLOCKING_CLOSURE(i64, counter, later, (i64, by))
{
  if (pthread_equal(loop_thread, pthread_self())) return -1;
  if (next_new(new_counter(1), free_counter)) return -2;
  return __atomic_add_fetch(&state->value, by, __ATOMIC_RELAXED);
}

TENON_FUNCTION(any, make_later, (i64, start))
{
  return later_new(new_counter(start), free_counter);
}

TEST(a_blocking_one_runs_on_the_pool_and_keeps_its_state_until_then)
{
  tenon_runtime *rt = runtime();

  loop_thread = pthread_self();
  t_run(rt, "import { log } from 'test'; import { make_later } from 'm';\n"
            "let f = make_later(1);\n"
            "const all = Array.from({ length: 50 }, (_, i) => f(i));\n"
            "f = null;\n"
            "const got = await Promise.all(all);\n"
            "log(`${Math.max(...got)} ${await make_later(5)(1)}`);");
  CHECK_LOG("1226 6\n");
  CHECK_INT(0, live);
  CHECK_INT(53, freed);
}

TEST(a_runtime_is_freed_while_blocking_ones_run)
{
  tenon_runtime *rt = runtime();
  const char *source = "import { make_later } from 'm';\n"
                       "for (let i = 0; i < 100; i++) make_later(i)(i);";

  CHECK_INT(0, tenon_runtime_eval_module(rt, source, strlen(source), "x.js"));
  t_free(rt);
  CHECK_INT(0, live);
}

/* --- Wrong tables -------------------------------------------------------------------------------- */

static void no_thunk(void *args, void *result)
{
  (void)args;
  (void)result;
}

static void make_wrong(void *p)
{
  static const tenon_field none = {"result", &tenon_type_none, 0, 0, NULL};
  static tenon_function f;

  f = (tenon_function){.size = sizeof f,
                       .flags = *(uint32_t *)p,
                       .name = "f",
                       .result = none,
                       .args_size = sizeof(tenon_args),
                       .thunk = no_thunk};
  if (*(uint32_t *)p == 0) f.thunk = NULL;
  CHECK((TENON_P_HOST->function_new)(&TENON_P_HOST, &f, new_counter(1),
                                     free_counter) == NULL);
}

TEST(a_table_that_is_no_function_with_a_state_is_refused)
{
  tenon_runtime *rt = runtime();
  uint32_t flags[] = {0, TENON_FUNCTION_ASYNC, 64};
  size_t i;

  for (i = 0; i < 3; i++) {
    CHECK_INT(TENON_EEXCEPTION,
              tenon_realm_call(tenon_runtime_realm(rt), make_wrong, &flags[i]));
    CHECK(strstr(tenon_runtime_exception(rt), "TypeError"));
  }
  CHECK_INT(3, freed);
}
