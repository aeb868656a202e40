/* Classes and callers that mean no good: pointers that come again, realms that
 * end, prototypes that are gone. */
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/napi.h>
#include <tenon/realm.h>

#include "harness.h"

/* By pointer; each is freed once, and found by C for as long as it is there. */
typedef struct thing {
  int32_t n;
  bool is_freed; /* memory stays, so that a second time is seen */
} thing;

enum { MOST_THINGS = 64 };
static thing *things[MOST_THINGS];
static int thing_count, freed, freed_twice;

static thing *new_thing(int32_t n)
{
  thing *t = calloc(1, sizeof *t);

  t->n = n;
  things[thing_count++] = t;
  return t;
}

static void free_thing(thing *t)
{
  if (t->is_freed) freed_twice++;
  t->is_freed = true;
  freed++;
}

TENON_CALLBACK(none, on_step)
TENON_CLASS_POINTER_AS("Thing", thing, free_thing)
TENON_DISPOSABLE(thing)
TENON_CONSTRUCTOR_POINTER(thing, (i32, n))
{
  thing *t;

  if (n >= 1000) return things[n - 1000];
  t = new_thing(n);
  if (n == 13) napi_throw_error(tenon_env(), NULL, "thirteen");
  return t;
}
TENON_METHOD(i32, thing, n)
{
  return self->is_freed ? -1 : self->n;
}
TENON_METHOD(i32, thing, hold, (any, v))
{
  tenon_held *h;

  (void)self;
  return tenon_hold(self, v, &h);
}
TENON_ITERATOR(i32, thing, int)
{
  *value = self->n;
  return (*cursor)++ < 3;
}
TENON_METHOD(species(thing), thing, dup)
{
  return new_thing(self->n + 1);
}
TENON_METHOD(thing, thing, me)
{
  return self;
}
TENON_METHOD(thing, thing, end)
{
  return tenon_dispose(self) ? NULL : self;
}
TENON_METHOD(i32, thing, run, (on_step, f))
{
  if (on_step_call(f)) return -2;
  return self->is_freed ? -1 : self->n;
}
static tenon_deferred *waiting;
TENON_ASYNC_METHOD(i32, thing, wait)
{
  (void)self;
  waiting = deferred;
}
static tenon_realm *ended;
TENON_FUNCTION(none, end_realm)
{
  if (tenon_realm_free(ended)) tenon_fail(TENON_ERROR, "not freed");
}
TENON_FUNCTION(thing, nth, (u32, i))
{
  return things[i];
}

/* Counted. */
typedef struct node {
  int refs, n;
} node;

static node *only_node;
static int nodes;

static void node_unref(node *n)
{
  if (--n->refs) return;
  nodes--;
  free(n);
}

TENON_CLASS_COUNTED_AS("Node", node, node_unref)
TENON_DISPOSABLE(node)
TENON_METHOD(i32, node, n)
{
  return self->n;
}
TENON_FUNCTION(node, the_node)
{
  only_node->refs++;
  return only_node;
}

/* What gives its part away. */
typedef struct owner {
  thing *part;
  node *node;
} owner;

static int owners;

static void free_owner(owner *o)
{
  if (o->part) free_thing(o->part);
  if (o->node) node_unref(o->node);
  owners--;
  free(o);
}

TENON_CLASS_POINTER_AS("Owner", owner, free_owner)
TENON_DISPOSABLE(owner)
TENON_CONSTRUCTOR_POINTER(owner)
{
  owner *o = calloc(1, sizeof *o);

  o->part = new_thing(7);
  o->node = malloc(sizeof *o->node);
  *o->node = (node){1, 8};
  nodes++;
  owners++;
  return o;
}
TENON_METHOD(borrowed(thing), owner, part)
{
  return self->part;
}
TENON_METHOD(borrowed(node), owner, node)
{
  return self->node;
}
TENON_METHOD(thing, owner, take)
{
  thing *t = self->part;

  self->part = NULL;
  return t;
}
TENON_METHOD(node, owner, take_node)
{
  node *n = self->node;

  self->node = NULL;
  return n;
}

/* What holds values, or lets go of them when it ends. */
typedef struct box {
  bool drops;
  tenon_held *held;
} box;

static int boxes; /* that have ended */

TENON_CLASS_AS("Box", box)
TENON_DISPOSABLE(box)
TENON_CONSTRUCTOR(box, (str, how))
{
  self->drops = how.len == 5;
}
TENON_RELEASE(box)
{
  boxes++;
  if (self->drops) tenon_held_release(self->held);
  self->drops = false;
}
TENON_METHOD(none, box, hold, (any, v))
{
  if (tenon_hold(self, v, &self->held)) tenon_fail(TENON_ERROR, "not held");
}
TENON_STRUCT(box_use, (box, a))
TENON_FUNCTION(none, use_box, (box_use, u), (on_step, f))
{
  (void)u;
  (void)on_step_call(f);
}

/* One that extends another one. */
typedef struct animal {
  int32_t legs;
} animal;
typedef struct dog {
  animal base;
  int32_t tails;
} dog;

TENON_CLASS_AS("Animal", animal)
TENON_CONSTRUCTOR(animal, (i32, legs))
{
  self->legs = legs;
}
TENON_METHOD(i32, animal, legs)
{
  return self->legs;
}
TENON_CLASS_AS("Dog", dog)
TENON_EXTENDS(dog, animal, base)
TENON_CONSTRUCTOR(dog)
{
  self->base.legs = 4;
  self->tails = 1;
}

#define NATIVE                                                      \
  "import { log } from 'test'; import * as native from 'native';\n" \
  "Object.assign(globalThis, native);\n"                            \
  "globalThis.log = (...a) => log(a.map(String).join(' '));\n"      \
  "globalThis.error = f => { try { return f() }"                    \
  " catch (e) { return e.name + ': ' + e.message } };\n"

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  while (thing_count)
    free(things[--thing_count]);
  freed = freed_twice = owners = nodes = boxes = 0;
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt, NATIVE);
  return rt;
}

static tenon_realm *new_realm(tenon_runtime *rt)
{
  tenon_realm *realm;
  int r;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  r = tenon_realm_eval_module(realm, NATIVE, strlen(NATIVE), "realm.js");
  if (r == 0) r = tenon_runtime_run(rt);
  CHECK_INT(0, r);
  return realm;
}

static void run_in(tenon_realm *realm, const char *source)
{
  tenon_runtime *rt = tenon_realm_runtime(realm);
  int r = tenon_realm_eval_script(realm, source, strlen(source), NULL);

  if (r) fail_msg("%s: %s", tenon_error_name(r), tenon_runtime_exception(rt));
}

/* Gives `to` the global object of `from` as globalThis.other. */
static void hand(tenon_realm *from, tenon_realm *to)
{
  napi_env env = tenon_runtime_env(tenon_realm_runtime(from));
  napi_handle_scope scope;
  napi_value its, ours;

  CHECK_INT(0, tenon_realm_enter(from));
  napi_open_handle_scope(env, &scope);
  CHECK_INT(napi_ok, napi_get_global(env, &its));
  CHECK_INT(0, tenon_realm_enter(to));
  CHECK_INT(napi_ok, napi_get_global(env, &ours));
  CHECK_INT(napi_ok, napi_set_named_property(env, ours, "other", its));
  CHECK_INT(0, tenon_realm_leave(to));
  napi_close_handle_scope(env, scope);
  CHECK_INT(0, tenon_realm_leave(from));
}

/* --- Realms ---------------------------------------------------------------------- */

TEST(a_pointer_that_is_of_another_realm_is_not_owned_twice)
{
  tenon_runtime *rt = start();
  tenon_realm *a = new_realm(rt);

  t_run(rt, "globalThis.kept = new Thing(3);");
  run_in(a, "log(error(() => nth(0)));"
            "log(error(() => new Thing(1000)));");
  CHECK_LOG("TypeError: a Thing that another realm has\n"
            "TypeError: a Thing that another realm has\n");
  CHECK_INT(0, tenon_realm_free(a));
  t_run(rt, "log(kept.n()); kept = null;");
  CHECK_LOG("3\n");
  tenon_runtime_collect(rt);
  t_free(rt);
  CHECK_INT(1, freed);
  CHECK_INT(0, freed_twice);
}

TEST(a_counted_one_has_an_instance_in_each_realm)
{
  tenon_runtime *rt = start();
  tenon_realm *a = new_realm(rt);

  only_node = malloc(sizeof *only_node);
  *only_node = (node){1, 5};
  nodes = 1;
  t_run(rt, "globalThis.kept = the_node();");
  run_in(a,
         "globalThis.kept = the_node(); log(kept.n(), kept === the_node());");
  t_run(rt, "kept[Symbol.dispose]();");
  run_in(a, "log(kept.n());");
  CHECK_LOG("5 true\n5\n");
  CHECK_INT(2, only_node->refs);
  CHECK_INT(0, tenon_realm_free(a));
  t_free(rt);
  CHECK_INT(1, only_node->refs);
  node_unref(only_node);
  CHECK_INT(0, nodes);
}

TEST(a_class_outlives_its_realm_with_what_it_extends)
{
  tenon_runtime *rt = start();
  tenon_realm *a = new_realm(rt);

  hand(a, tenon_runtime_realm(rt));
  t_run(rt, "globalThis.dog = Object.setPrototypeOf(new other.Dog(), null);\n"
            "other = null;");
  CHECK_INT(0, tenon_realm_free(a));
  tenon_runtime_collect(rt);
  t_run(rt, "for (let i = 0; i < 100; i++) new Dog();\n"
            "log(error(() => Animal.prototype.legs.call(dog)));");
  CHECK_LOG(
      "TypeError: Animal.legs: this: expected Animal, got one of another realm\n");
}

TEST(a_constructor_of_a_realm_that_was_freed_still_makes_instances)
{
  tenon_runtime *rt = start();
  tenon_realm *a = new_realm(rt);

  hand(a, tenon_runtime_realm(rt));
  t_run(rt, "globalThis.T = other.Thing; other = null;");
  CHECK_INT(0, tenon_realm_free(a));
  tenon_runtime_collect(rt);
  t_run(rt, "let t = new T(4); log(t.n()); t = null; T = null;");
  CHECK_LOG("4\n");
  tenon_runtime_collect(rt);
  CHECK_INT(1, freed);
}

/* --- Pointers that come again ---------------------------------------------------- */

TEST(what_was_borrowed_and_is_handed_over_is_owned)
{
  tenon_runtime *rt = start();

  t_run(rt, "let o = new Owner(); globalThis.part = o.part();\n"
            "globalThis.node = o.node();\n"
            "log(o.take() === part, o.take_node() === node);\n"
            "o[Symbol.dispose](); log(part.n(), node.n());");
  CHECK_LOG("true true\n7 8\n");
  CHECK_INT(0, owners);
  CHECK_INT(1, nodes);
  CHECK_INT(0, freed);
  t_run(rt, "part = null; node[Symbol.dispose](); log(error(() => node.n()))");
  CHECK_LOG(
      "TypeError: Node.n: this: expected Node, got one that was disposed of\n");
  tenon_runtime_collect(rt);
  CHECK_INT(0, nodes);
  CHECK_INT(1, freed);
  CHECK_INT(0, freed_twice);
}

TEST(what_is_handed_over_while_it_is_in_use_is_owned)
{
  tenon_runtime *rt = start();

  t_run(rt, "const o = new Owner(), p = o.part();\n"
            "log(p.run(() => { log(o.take() === p); o[Symbol.dispose]() }));\n"
            "log(p.n());\n"
            "let q = new Owner(), r;\n"
            "log(q.part().run(() => { r = q.take(); q = null }), r.n());\n");
  CHECK_LOG("true\n7\n7\n7 7\n");
  tenon_runtime_collect(rt);
  CHECK_INT(0, owners);
  t_free(rt);
  CHECK_INT(2, freed);
  CHECK_INT(0, freed_twice);
}

TEST(what_is_borrowed_and_returned_stays_borrowed)
{
  tenon_runtime *rt = start();

  t_run(rt, "let o = new Owner(), p = o.part(); log(p.me() === p);\n"
            "const { part } = o; log(error(() => part.call(o).end()));\n"
            "log(o.part() === p, (p = o.part()).me() === p);\n"
            "log(p.run(() => { p = o.part().me(); o[Symbol.dispose]() }));\n"
            "log(error(() => p.n())); o = p = null;");
  CHECK_LOG("true\nTypeError: a Thing that was disposed of\nfalse true\n7\n"
            "TypeError: Thing.n: this: expected Thing, got one that was "
            "disposed of\n");
  CHECK_INT(1, freed);
  CHECK_INT(0, freed_twice);
}

TEST(what_is_borrowed_holds_nothing)
{
  tenon_runtime *rt = start();

  t_run(rt, "globalThis.o = new Owner(); globalThis.p = o.part();\n"
            "globalThis.before = p.hold({}); o.take();\n"
            "globalThis.behind = p.hold({}); log(before < 0, behind);");
  CHECK_LOG("true 0\n");
}

TEST(what_an_instance_holds_may_be_all_that_holds_it)
{
  tenon_runtime *rt = start();

  t_run(rt, "for (const k of ['x', 'y', 'drops'])\n"
            "  use_box({ get a() { const b = new Box(k); b.hold(b);\n"
            "    globalThis.last = b; return b } },\n"
            "    () => { last[Symbol.dispose](); last = null });\n");
  CHECK_INT(3, boxes);
}

TEST(an_instance_that_came_back_goes_off_the_loop)
{
  tenon_runtime *rt = start();

  ended = new_realm(rt);
  hand(ended, tenon_runtime_realm(rt));
  t_run(rt,
        "let t = new other.Thing(5), u = new other.Thing(6); t = u = null;\n"
        "const again = other.nth(0); again.wait(); end_realm();\n"
        "log(error(() => again.n()).slice(0, 45));");
  t_free(rt);
  CHECK_LOG("TypeError: Thing.n: this: expected Thing, got\n");
  CHECK_INT(1, freed);
  TENON_RESOLVE(thing_wait, waiting, 1);
  CHECK_INT(2, freed);
  CHECK_INT(0, freed_twice);
}

TEST(an_iterator_outlives_its_instance_that_was_out_when_its_realm_ended)
{
  tenon_runtime *rt = start();

  ended = new_realm(rt);
  hand(ended, tenon_runtime_realm(rt));
  t_run(rt, "const t = new other.Thing(5);\n"
            "globalThis.it = t[Symbol.iterator](); log(it.next().value);\n"
            "t.wait(); end_realm(); other = null");
  TENON_RESOLVE(thing_wait, waiting, 1);
  CHECK_INT(1, freed);
  t_run(rt, "log(error(() => it.next()).slice(0, 16), it.next().done)");
  CHECK_LOG("5\nTypeError: Thing true\n");
}

TEST(what_a_script_was_given_while_its_object_is_made_has_one_owner)
{
  tenon_runtime *rt = start();

  t_run(
      rt,
      "let got; class S extends Thing { constructor(f) {\n"
      "  if (f) return super(1); got = nth(things); if (!(things & 1)) throw 1;"
      " super() } static get [Symbol.species]() { return S } }\n"
      "let things = 1; const o = new S(1);\n"
      "for (things = 1; things < 5; things++) {\n"
      "  let r; try { r = o.dup() } catch (e) { log(e.message ?? e) }\n"
      "  log(got.n(), r === got) }");
  CHECK_LOG("2 true\n1\n2 false\n2 true\n1\n2 false\n");
  t_free(rt);
  CHECK_INT(thing_count, freed);
  CHECK_INT(0, freed_twice);
}

/* --- Constructors ---------------------------------------------------------------- */

TEST(what_a_constructor_made_and_an_exception_comes_with_is_freed)
{
  tenon_runtime *rt = start();

  CHECK_THROWS(rt, "Error: thirteen", "new Thing(13)");
  CHECK_INT(1, freed);
  CHECK_INT(0, freed_twice);
}

TEST(prototypes_of_strange_targets_run_scripts_before_the_constructor)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const T = Thing; let t = new T(1);\n"
        "const f = p => new Proxy(function () {}, { get: (_, k) => p(k) });\n"
        "log(error(() => Reflect.construct(T, [1], f(() => { throw 1 }))));\n"
        "log(Object.getPrototypeOf(Reflect.construct(T, [1], f(() => {\n"
        "  t[Symbol.dispose](); t = null; return new T(3) }))).n());\n"
        "log(error(() => Reflect.construct(T, ['x'], f(() => null))));\n"
        "log(Reflect.construct(T, [9], f(() => null)).n());");
  CHECK_LOG("undefined: undefined\n3\n"
            "TypeError: Thing: argument 1 'n': expected integer, got string\n"
            "9\n");
  t_free(rt);
  CHECK_INT(thing_count, freed);
  CHECK_INT(0, freed_twice);
}
