/* What is an instance, and what only looks like one: whatever scripts do to
 * objects, prototypes and constructors. */
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/realm.h>

#include "harness.h"
#include "napi.h"

typedef struct point {
  double x;
} point;

TENON_CLASS_AS("Point", point)
TENON_CONSTRUCTOR(point, (f64, x))
{
  if (x < 0) {
    tenon_fail(TENON_RANGE_ERROR, "x is negative");
    return;
  }
  self->x = x;
}
TENON_METHOD(f64, point, get)
{
  return self->x;
}
TENON_METHOD(f64, point, plus, (f64, by))
{
  return self->x + by;
}
TENON_METHOD(f64, point, both, (point, other))
{
  return self->x + other->x;
}
TENON_BLOCKING_METHOD(f64, point, slow)
{
  return self->x;
}
TENON_GET(f64, point, twice)
{
  return 2 * self->x;
}
TENON_SET(point, twice, (f64, value))
{
  self->x = value / 2;
}
TENON_MEMBERS(point, (f64, x))
TENON_STATIC(copy(point), point, of, (f64, x))
{
  point p = {x};

  return p;
}
TENON_METHOD(none, point, end)
{
  tenon_dispose(self);
}
TENON_FUNCTION(f64, x_of, (point, p))
{
  return p->x;
}

static int things;

typedef struct thing {
  int id;
} thing;

static void free_thing(thing *t)
{
  things--;
  free(t);
}

TENON_CLASS_POINTER_AS("Thing", thing, free_thing)
TENON_CONSTRUCTOR_POINTER(thing, (i32, id, 0))
{
  thing *t = calloc(1, sizeof *t);

  if (!t) return NULL;
  things++;
  t->id = id;
  return t;
}
TENON_METHOD(i32, thing, get)
{
  return self->id;
}

/* What it has of its names is the first letter's number. */
typedef struct letters {
  int n;
} letters;

TENON_CLASS_AS("Letters", letters)
TENON_CONSTRUCTOR(letters)
{
  (void)self;
}
TENON_KEYED_GET(i32, letters)
{
  *value = key.data[0] + self->n;
  return key.len == 1;
}
TENON_CALL(i32, letters, (i32, n))
{
  return self->n = n;
}

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  things = 0;
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt,
        "import { log } from 'test'; import * as native from 'native';\n"
        "Object.assign(globalThis, native);\n"
        "globalThis.log = (...a) => log(a.map(String).join(' '));\n"
        "globalThis.caught = (f) => { try { return f() }"
        " catch (e) { return `${e.name}: ${e.message}` } };\n"
        /* Every way in, on `v`: how many refuse it with a TypeError. */
        "const P = Point.prototype, own = (k) =>"
        " Object.getOwnPropertyDescriptor(P, k);\n"
        "const ways = [[P.get], [P.plus, 1], [P.both, new Point(1)],"
        " [own('twice').get], [own('twice').set, 1], [own('x').get],"
        " [own('x').set, 1], [P.end], [P.toJSON]];\n"
        "globalThis.refused = (v) => { let n = 0;\n"
        "  for (const [f, ...a] of ways) try { f.apply(v, a) } catch (e) {"
        " if (e instanceof TypeError && /expected Point, got/.test(e.message))"
        " n++; else throw e }\n"
        "  try { x_of(v) } catch (e) { n += e instanceof TypeError }\n"
        "  try { new Point(1).both(v) } catch (e) { n += e instanceof TypeError"
        " }\n  return n };");
  return rt;
}

TEST(what_only_looks_like_an_instance_is_refused_by_every_way)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const p = new Point(1);\n"
        "const values = [undefined, null, 1, 'x', Symbol(), 1n, true, {}, [],"
        " () => 1, Point, Point.prototype, Object.create(Point.prototype),"
        " Object.create(p), new Proxy(p, {}), new Thing(), new Letters(),"
        " Object.setPrototypeOf({}, Point.prototype),"
        " Object.setPrototypeOf(new Thing(), Point.prototype),"
        " { __proto__: Point.prototype, [Symbol.toStringTag]: 'Point' },"
        " structuredLike(p), new (class { get() {} })(), new Map(),"
        " Object.assign(Object.create(Point.prototype), p), new Date()];\n"
        "function structuredLike(o) { return Object.defineProperties({},"
        " Object.getOwnPropertyDescriptors(o)) }\n"
        "log(values.map(refused));\n"
        "const r = Proxy.revocable(p, {}); r.revoke(); log(refused(r.proxy));\n"
        "log(refused(p), p instanceof Point);");
  CHECK_LOG("11,11,11,11,11,11,11,11,11,11,11,11,11,11,11,11,11,11,11,11,11,11,"
            "11,11,11\n11\n3 true\n");
}

TEST(one_that_was_disposed_of_is_refused_by_every_way)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const p = new Point(1); p.end(); log(refused(p));\n"
        "const q = new Point(2), s = q.slow(); log(caught(() => q.x),"
        " caught(() => q.get()), caught(() => q.end())); log(await s, q.x);\n"
        "let message; await p.slow().catch((e) => { message = e.message });"
        " log(message);");
  CHECK_LOG("11\n"
            "Error: Point.x: this: this Point is in use by another call "
            "Error: Point.get: this: this Point is in use by another call "
            "Error: Point.end: this: this Point is in use by another call\n"
            "2 2\nPoint.slow: this: expected Point, got one that was disposed "
            "of\n");
}

TEST(an_argument_that_disposes_of_this_is_too_late_for_the_call)
{
  tenon_runtime *rt = start();

  /* Conversions to numbers do not run scripts; members of structs would. */
  t_run(rt, "const p = new Point(1);\n"
            "log(caught(() => p.both({ get x() { p.end(); return 1 } })));\n"
            "log(caught(() => p.plus({ valueOf() { p.end(); return 1 } })),"
            " p.x);");
  CHECK_LOG("TypeError: Point.both: argument 1 'other': expected Point, got "
            "object\nTypeError: Point.plus: argument 1 'by': expected number, "
            "got object 1\n");
}

TEST(what_is_not_constructed_yet_is_no_instance)
{
  tenon_runtime *rt = start();

  t_run(rt, "const early = class extends Point { constructor() { this.get();"
            " super(1) } };\n"
            "log(caught(() => new early()));\n"
            "const never = class extends Point { constructor() {} };\n"
            "log(caught(() => new never()));\n"
            "const other = class extends Point { constructor() { super(1);"
            " return Object.create(Point.prototype) } };\n"
            "log(refused(new other()), new other() instanceof Point);\n"
            "const escaped = []; const late = class extends Point {"
            " f = escaped.push(this); constructor(x) { super(x); throw 1 } };\n"
            "try { new late(5) } catch {} log(escaped[0].get());\n"
            "log(caught(() => new late(-1)), escaped.length);\n"
            "log(caught(() => new Point({ valueOf() { throw 1 } })));\n"
            "const args = new Point(1); log(caught(() => Point.call(args, 2)),"
            " caught(() => Reflect.apply(Point, args, [2])), args.x);");
  CHECK_LOG("ReferenceError: this is not initialized\n"
            "ReferenceError: this is not initialized\n11 true\n5\n"
            "RangeError: x is negative 1\n"
            "TypeError: Point: argument 1 'x': expected number, got object\n"
            "TypeError: Point: a class is called with new "
            "TypeError: Point: a class is called with new 1\n");
}

TEST(a_new_target_says_the_prototype_and_nothing_else)
{
  tenon_runtime *rt = start();

  t_run(
      rt,
      "const make = (t, ...a) => Reflect.construct(Point, a.length ? a : [3],"
      " t), proto = Object.getPrototypeOf;\n"
      "const f = function () {}; log(make(f).get === undefined,"
      " proto(make(f)) === f.prototype, x_of(make(f)));\n"
      "const bound = f.bind(null); log(proto(make(bound)) === P());\n"
      "function P() { return Point.prototype }\n"
      "f.prototype = 5; log(proto(make(f)) === P());\n"
      "log(proto(make(Array)) === Array.prototype, Array.isArray(make(Array)),"
      " Point.prototype.get.call(make(Array)));\n"
      "log(proto(make(Letters)) === Letters.prototype, typeof make(Letters),"
      " caught(() => Letters.prototype.constructor.prototype.x));\n"
      "log(caught(() => make({})), caught(() => make(() => 1)));\n"
      "const r = Proxy.revocable(f, {}); r.revoke();\n"
      "log(caught(() => make(r.proxy)));\n"
      "log(caught(() => make(new Proxy(f, { get() { throw new RangeError('got')"
      " } }))));\n"
      "log(proto(make(new Proxy(Point, {}))) === P(), new (new Proxy(Point, {}))"
      "(4).x, new (Point.bind(null, 6))().x);\n"
      "class D extends Point {} log(make(D) instanceof D,"
      " Reflect.construct(D, [1], Point) instanceof D);\n"
      "const odd = function () {}; odd.prototype = new Point(9);\n"
      "const o = make(odd); log(o.get(), x_of(o), refused(o));\n"
      "const seen = []; class L extends Point { constructor() {"
      " seen.push(new.target === L); super(1) } } new L(); log(seen);");
  CHECK_LOG("true true 3\ntrue\ntrue\ntrue false 3\ntrue object undefined\n"
            "TypeError: not a constructor TypeError: not a constructor\n"
            "TypeError: revoked proxy\nRangeError: got\ntrue 4 6\ntrue false\n"
            "3 3 3\ntrue\n");
}

TEST(a_constructor_that_fails_after_its_new_target_leaks_nothing)
{
  tenon_runtime *rt = start();

  t_run(rt, "function F() {} Object.defineProperty(F, 'x', {});\n"
            "const bad = new Proxy(F, { get(t, k) { if (k === 'prototype')"
            " throw 1; return t[k] } });\n"
            "for (let i = 0; i < 100; i++) try { Reflect.construct(Thing, [i],"
            " bad) } catch {}\n"
            "for (let i = 0; i < 100; i++) try { new Thing('x') } catch {}");
  CHECK_INT(0, things);
}

TEST(prototypes_and_constructors_that_scripts_change_harm_nobody)
{
  tenon_runtime *rt = start();

  t_run(rt, "const { get } = Point.prototype, p = new Point(1);\n"
            "log(Reflect.set(Point, 'prototype', {}),"
            " Reflect.defineProperty(Point, 'prototype', { value: {} }));\n"
            "delete Point.prototype.get; delete Point.prototype.x;\n"
            "Point.prototype.plus = () => 'mine';\n"
            "delete Point.prototype.constructor; delete Point.of;\n"
            "log(p.get, p.x, p.plus(), get.call(p), x_of(p));\n"
            "Object.setPrototypeOf(Point.prototype, Thing.prototype);\n"
            "log(caught(() => p.get()));\n"
            "Object.setPrototypeOf(Point, null); log(new Point(2).twice);\n"
            "Object.freeze(Point.prototype); Object.freeze(Point);"
            " log(new Point(3).twice);\n"
            "Object.setPrototypeOf(p, null); log(get.call(p), x_of(p));\n"
            "Object.setPrototypeOf(p, Letters.prototype); log(p.a, x_of(p),"
            " typeof p);\n");
  CHECK_LOG("false false\nundefined undefined mine 1 1\n"
            "TypeError: Thing.get: this: expected Thing, got Point\n4\n6\n1 1\n"
            "undefined 1 object\n");
}

TEST(a_method_of_another_object_is_still_a_method)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const { get, plus, both, of } = Point.prototype.constructor ==="
        " Point ? Object.assign({}, { get: Point.prototype.get,"
        " plus: Point.prototype.plus, both: Point.prototype.both,"
        " of: Point.of }) : {};\n"
        "const o = { get, p: new Point(4) }; log(caught(() => o.get()),"
        " get.call(o.p), of(7).x, of.call({}, 8).x);\n"
        "log(caught(get), [new Point(1), new Point(2)].map((p) => plus.call(p,"
        " 1)), both.bind(new Point(1))(new Point(2)));\n"
        "log(caught(() => new get()), caught(() => class extends get {}),"
        " 'prototype' in get, get.name, get.length, plus.length);");
  CHECK_LOG("TypeError: Point.get: this: expected Point, got object 4 7 8\n"
            "TypeError: Point.get: this: expected Point, got undefined 2,3 3\n"
            "TypeError: not a constructor TypeError: parent class must be "
            "constructor false get 0 1\n");
}

TEST(a_frozen_instance_is_frozen_in_javascript_only)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "'use strict'; const p = Object.freeze(new Point(1));\n"
        "p.x = 5; p.twice = 12; log(p.x, Object.isFrozen(p), p.get());\n"
        "log(caught(() => { p.note = 1 }), p.note);\n"
        "log(caught(() => Object.setPrototypeOf(p, null)));\n"
        "p.end(); log(caught(() => p.x));\n"
        "class Q extends Point { #a = 1; note = 2; constructor() { super(1);"
        " Object.freeze(this) } a() { return this.#a } }\n"
        "const q = new Q(); log(q.a(), q.note, caught(() => { q.note = 3 }));");
  CHECK_LOG("6 true 6\nTypeError: object is not extensible undefined\n"
            "TypeError: object is not extensible\n"
            "TypeError: Point.x: this: expected Point, got one that was "
            "disposed of\n1 2 TypeError: 'note' is read-only\n");
}

TEST(symbols_of_the_language_do_not_make_an_instance)
{
  tenon_runtime *rt = start();

  t_run(
      rt,
      "Object.defineProperty(Point, Symbol.hasInstance, { value: () => true })"
      ";\nlog({} instanceof Point, caught(() => x_of({})));\n"
      "Object.defineProperty(Point, Symbol.species, { get() { throw 1 } });\n"
      "log(Point.of(1).x);\n"
      "const held = new Point(3), w = new WeakRef(held), m = new WeakMap([[w.deref(), 1]])"
      ";\nlog(x_of(w.deref()), m.get(w.deref()), new Set([w.deref()]).size);"
      "\nlog(Object.is(w.deref(), w.deref()), Object.keys(w.deref()).length,"
      " Reflect.ownKeys(new Point(1)).length);");
  CHECK_LOG("true TypeError: x_of: argument 1 'p': expected Point, got object\n"
            "1\n3 1 1\ntrue 0 0\n");
}

/* --- Realms ---------------------------------------------------------------------- */

static void run_in(tenon_realm *realm, const char *source)
{
  int r = tenon_realm_eval_module(realm, source, strlen(source), "realm.js");

  if (r) fail_msg("%s", tenon_runtime_exception(tenon_realm_runtime(realm)));
}

/* Gives `to` the global object of `from` as globalThis[name]. */
static void hand(tenon_realm *from, tenon_realm *to, const char *name)
{
  napi_env env = tenon_runtime_env(tenon_realm_runtime(from));
  napi_handle_scope scope;
  napi_value its, ours;

  napi_open_handle_scope(env, &scope);
  CHECK_INT(0, tenon_realm_enter(from));
  CHECK_INT(napi_ok, napi_get_global(env, &its));
  CHECK_INT(0, tenon_realm_leave(from));
  CHECK_INT(0, tenon_realm_enter(to));
  CHECK_INT(napi_ok, napi_get_global(env, &ours));
  CHECK_INT(napi_ok, napi_set_named_property(env, ours, name, its));
  CHECK_INT(0, tenon_realm_leave(to));
  napi_close_handle_scope(env, scope);
}

static tenon_realm *second_realm(tenon_runtime *rt)
{
  tenon_realm *other;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &other));
  run_in(other, "import * as native from 'native';\n"
                "Object.assign(globalThis, native);");
  hand(other, tenon_runtime_realm(rt), "other");
  return other;
}

TEST(an_instance_of_another_realm_is_refused_by_every_way)
{
  tenon_runtime *rt = start();

  second_realm(rt);
  t_run(rt, "const p = new other.Point(4); log(refused(p), p instanceof Point,"
            " p.get(), p.both(p), p.x, other.x_of(p));\n"
            "log(caught(() => x_of(p)), caught(() => p.both(new Point(1))));\n"
            "log(Object.getPrototypeOf(other.Point.of(1)) ==="
            " other.Point.prototype, JSON.stringify(p));");
  CHECK_LOG(
      "11 false 4 8 4 4\n"
      "TypeError: x_of: argument 1 'p': expected Point, got one of another "
      "realm TypeError: Point.both: argument 1 'other': expected Point, got "
      "one of another realm\ntrue {\"x\":4}\n");
}

TEST(a_new_target_of_another_realm_gives_its_prototype)
{
  tenon_runtime *rt = start();

  second_realm(rt);
  t_run(rt,
        "const p = Reflect.construct(Point, [5], other.Point);\n"
        "log(p instanceof other.Point, p instanceof Point, x_of(p),"
        " Point.prototype.get.call(p));\n"
        "log(caught(() => p.get()), caught(() => other.x_of(p)));\n"
        "const q = Reflect.construct(Point, [6], other.Object);\n"
        "log(Object.getPrototypeOf(q) === other.Object.prototype, x_of(q));\n"
        "const f = new other.Function(); f.prototype = null;\n"
        "log(Object.getPrototypeOf(Reflect.construct(Point, [7], f)) ==="
        " Point.prototype);\n"
        "class D extends other.Point {} log(new D(8).get(),"
        " caught(() => x_of(new D(8))));");
  CHECK_LOG(
      "true false 5 5\nTypeError: Point.get: this: expected Point, got one "
      "of another realm TypeError: x_of: argument 1 'p': expected Point, "
      "got one of another realm\ntrue 6\ntrue\n8 TypeError: x_of: argument "
      "1 'p': expected Point, got one of another realm\n");
}

TEST(instances_of_a_realm_that_was_freed_are_refused_and_harmless)
{
  tenon_runtime *rt = start();
  tenon_realm *other = second_realm(rt);

  t_run(rt, "globalThis.kept = [new other.Point(1), new other.Thing(2),"
            " new other.Letters(), new (class extends other.Point {})(3)];\n"
            "kept[2](5); log(kept[2].a); delete globalThis.other");
  CHECK_LOG("102\n");
  CHECK_INT(0, tenon_realm_free(other));
  tenon_runtime_collect(rt);
  t_run(rt,
        "const [p, t, l, d] = kept; log(kept.map(refused), p.get(), l.b, l(1),"
        " l.b);\n"
        "log(caught(() => p.both(new Point(1))), JSON.stringify(p));");
  CHECK_LOG(
      "11,11,11,11 1 103 1 99\nTypeError: Point.both: argument 1 'other': "
      "expected Point, got one of another realm {\"x\":1}\n");
}

TEST(instances_that_nothing_of_their_realm_is_left_of_are_harmless)
{
  tenon_runtime *rt = start();
  tenon_realm *other = second_realm(rt);

  t_run(rt, "globalThis.kept = [new other.Point(1), new other.Thing(2),"
            " new other.Letters()];\n"
            "for (const v of kept) Object.setPrototypeOf(v, null);\n"
            "delete globalThis.other");
  CHECK_INT(0, tenon_realm_free(other));
  tenon_runtime_collect(rt);
  t_run(rt,
        "const [p, t, l] = kept; log(kept.map(refused));\n"
        "log(l.a, 'a' in l, delete l.a, Object.keys(l), caught(() => l(1)));\n"
        "l.zz = 1; log(l.zz, typeof l, Object.keys(l));");
  CHECK_LOG("11,11,11\nundefined false true  TypeError: the realm of this "
            "instance was freed\n1 function zz\n");
  t_free(rt);
  CHECK_INT(0, things);
}
