/* Classes: constructors, methods, accessors, members, what ends when. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>

#include "harness.h"

typedef struct vec2 {
  double x, y;
  int32_t tag;
} vec2;

TENON_CLASS_AS("Vec2", vec2)
TENON_CONSTRUCTOR(vec2, (f64, x), (f64, y, 0))
{
  if (x < -1000) {
    tenon_fail(TENON_RANGE_ERROR, "x is too small");
    return;
  }
  self->x = x;
  self->y = y;
  self->tag = 7;
}
TENON_METHOD(f64, vec2, length)
{
  return hypot(self->x, self->y);
}
TENON_METHOD(vec2, vec2, scale, (f64, by))
{
  self->x *= by;
  self->y *= by;
  return self;
}
TENON_METHOD(copy(vec2), vec2, plus, (vec2, other))
{
  vec2 r = {self->x + other->x, self->y + other->y, 0};
  return r;
}
TENON_STATIC(copy(vec2), vec2, polar, (f64, r), (f64, phi))
{
  vec2 v = {r * cos(phi), r * sin(phi), 0};
  return v;
}
TENON_GET(f64, vec2, norm)
{
  return hypot(self->x, self->y);
}
TENON_SET(vec2, norm, (f64, value))
{
  double n = hypot(self->x, self->y);
  self->x *= value / n;
  self->y *= value / n;
}
TENON_MEMBERS(vec2, (f64, x), (f64, (y, "why")))
TENON_MEMBERS_READONLY(vec2, (i32, tag))
TENON_CLASS_CONSTANT(f64, vec2, EPSILON, 1e-9)
TENON_METHOD_AS("@@toPrimitive", f64, vec2, to_primitive, (str, hint))
{
  return (double)hint.len;
}
TENON_FUNCTION(f64, dot, (vec2, a), (opt(vec2), b), (opt(array(vec2)), more))
{
  if (more) return more->data[0]->x;
  return b ? a->x * b->x + a->y * b->y : -1;
}

/* By pointer. */
typedef struct file {
  int id;
} file;

static int open_files, last_freed;

static void close_file(file *f)
{
  last_freed = f->id;
  open_files--;
  free(f);
}

TENON_CLASS_POINTER_AS("File", file, close_file)
TENON_CONSTRUCTOR_POINTER(file, (i32, id))
{
  file *f;

  if (id < 0) return tenon_fail(TENON_ERROR, "no file %d", id);
  if (id == 0) return NULL;
  f = malloc(sizeof *f);
  f->id = id;
  open_files++;
  return f;
}
TENON_METHOD(i32, file, id)
{
  return self->id;
}
TENON_METHOD(file, file, me)
{
  return self;
}
TENON_FUNCTION(file, open_file, (i32, id))
{
  return file_constructor(id);
}
TENON_FUNCTION(nullable(file), same, (nullable(file), f))
{
  return f;
}

/* Which scripts cannot make. */
typedef struct sealed {
  int32_t id;
} sealed;

TENON_CLASS(sealed)
TENON_MEMBERS(sealed, (i32, id))
TENON_FUNCTION(copy(sealed), unseal, (i32, id))
{
  return (sealed){id};
}

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  open_files = 0;
  last_freed = 0;
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt, "import { log } from 'test'; import * as native from 'native';\n"
            "Object.assign(globalThis, native);\n"
            "globalThis.log = (...a) => log(a.map(String).join(' '));");
  return rt;
}

TEST(a_constructor_makes_instances)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const v = new Vec2(3, 4);\n"
        "log(v.length(), v.x, v.why, v.tag, v.norm);\n"
        "log(v instanceof Vec2, Object.getPrototypeOf(v) === Vec2.prototype,"
        " v.constructor === Vec2, Object.prototype.toString.call(v));\n"
        "log(new Vec2(5).why, typeof Vec2, Vec2.name, Vec2.length);\n"
        "log(Object.keys(v).length, +v, Vec2.EPSILON);");
  CHECK_LOG("5 3 4 7 5\ntrue true true [object Vec2]\n0 function Vec2 1\n"
            "0 6 1e-9\n");
}

TEST(methods_take_and_return_instances)
{
  tenon_runtime *rt = start();

  t_run(rt, "const v = new Vec2(1, 2), w = v.scale(2);\n"
            "log(v === w, v.x, v.why);\n"
            "const u = v.plus(new Vec2(1, 1)); log(u.x, u.why, u !== v);\n"
            "log(Math.round(Vec2.polar(2, 0).x), dot(v, u), dot(v),"
            " dot(v, undefined, [u]));\n"
            "v.norm = 10; log(Math.round(v.norm)); v.x = 8; log(v.x);");
  CHECK_LOG("true 2 4\n3 5 true\n2 26 -1 3\n10\n8\n");
}

TEST(what_is_no_instance_is_refused)
{
  tenon_runtime *rt = start();

  CHECK_THROWS(rt, "TypeError: Vec2: a class is called with new", "Vec2(1)");
  CHECK_THROWS(rt, "TypeError: Vec2: expected at least 1 argument, got 0",
               "new Vec2()");
  CHECK_THROWS(rt,
               "TypeError: Vec2: argument 1 'x': expected number, got string",
               "new Vec2('1')");
  CHECK_THROWS(rt, "RangeError: x is too small", "new Vec2(-5000)");
  CHECK_THROWS(rt, "TypeError: Vec2.length: this: expected Vec2, got object",
               "Vec2.prototype.length.call({})");
  CHECK_THROWS(rt, "TypeError: Vec2.length: this: expected Vec2, got undefined",
               "(0, Vec2.prototype.length)()");
  CHECK_THROWS(rt, "TypeError: Vec2.length: this: expected Vec2, got object",
               "Vec2.prototype.length()");
  CHECK_THROWS(rt, "TypeError: Vec2.length: this: expected Vec2, got File",
               "Vec2.prototype.length.call(new File(1))");
  CHECK_THROWS(rt,
               "TypeError: Vec2.plus: argument 1 'other': expected Vec2, got",
               "new Vec2(1).plus(null)");
  CHECK_THROWS(rt, "TypeError: Vec2.x: this: expected Vec2, got",
               "Vec2.prototype.x");
  CHECK_THROWS(rt, "TypeError: Vec2.x: argument 1 'value': expected number",
               "new Vec2(1).x = 'a'");
  CHECK_THROWS(rt, "no setter", "'use strict'; new Vec2(1).tag = 1");
  t_run(rt, "const v = new Vec2(1); Object.setPrototypeOf(v, null);\n"
            "log(Vec2.prototype.length.call(v));\n"
            "const p = new Proxy(new Vec2(2), {});\n"
            "try { p.length() } catch (e) { log(e.message) }\n"
            "delete Vec2.prototype.length; log(new Vec2(1).scale(3).x)");
  CHECK_LOG("1\nVec2.length: this: expected Vec2, got Proxy\n3\n");
}

TEST(classes_are_extended_by_scripts)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "class V extends Vec2 { #z = 3; constructor(a) { super(a, 1) }\n"
        "  length() { return super.length() + this.#z } }\n"
        "const v = new V(0); log(v.length(), v instanceof V, "
        "v instanceof Vec2, v.x, dot(v, v));\n"
        "const r = Reflect.construct(Vec2, [1, 2], V);\n"
        "log(r instanceof V, r.x, Object.getPrototypeOf(r) === V.prototype);\n"
        "function F() {} F.prototype = 3;\n"
        "log(Object.getPrototypeOf(Reflect.construct(Vec2, [1], F)) ==="
        " Vec2.prototype);\n"
        "try { Reflect.construct(Vec2, [1], { get prototype() {} }) }"
        " catch (e) { log(e.name) }");
  CHECK_LOG("4 true true 0 1\ntrue 1 true\ntrue\nTypeError\n");
}

TEST(what_a_pointer_owns_is_freed_once)
{
  tenon_runtime *rt = start();

  t_run(rt, "let f = new File(4); log(f.id(), f.me() === f, same(f) === f,"
            " same(null), same()); f = null;");
  CHECK_LOG("4 true true null null\n");
  t_run(rt, "open_file(5)");
  tenon_runtime_collect(rt);
  CHECK_INT(0, open_files);
  t_run(rt, "globalThis.kept = open_file(6)");
  CHECK_INT(1, open_files);
  t_free(rt);
  CHECK_INT(0, open_files);
  CHECK_INT(6, last_freed);
}

TEST(constructors_of_pointers_may_fail)
{
  tenon_runtime *rt = start();

  CHECK_THROWS(rt, "Error: no file -1", "new File(-1)");
  CHECK_THROWS(rt, "TypeError: File: result: NULL", "new File(0)");
  CHECK_THROWS(rt, "TypeError: open_file: result: NULL", "open_file(0)");
  CHECK_INT(0, open_files);
}

TEST(a_class_without_a_constructor_is_made_by_functions)
{
  tenon_runtime *rt = start();

  t_run(rt, "const s = unseal(3); log(s instanceof sealed, s.id);\n"
            "class X extends sealed {}; log(typeof X)");
  CHECK_LOG("true 3\nfunction\n");
  CHECK_THROWS(rt, "TypeError: sealed: there is no constructor",
               "new sealed()");
  CHECK_THROWS(rt, "TypeError: sealed: there is no constructor",
               "new (class extends sealed {})");
  CHECK_THROWS(rt, "TypeError: sealed: a class is called with new", "sealed()");
}

TEST(a_million_instances_come_and_go)
{
  tenon_runtime *rt = start();
  size_t before;

  t_run(rt, "for (let i = 1; i < 1000; i++) { new Vec2(i); new File(i) }");
  before = tenon_runtime_memory(rt).used_bytes;
  t_run(rt, "for (let i = 1; i < 500000; i++) { new Vec2(i); new File(i) }");
  CHECK(tenon_runtime_memory(rt).used_bytes < before + 10000);
  CHECK(open_files < 1000);
}
