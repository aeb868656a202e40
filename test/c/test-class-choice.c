/* Choices between classes, and between classes and other types. */
#include <stdlib.h>

#include <tenon/export.h>

#include "harness.h"

typedef struct shape {
  double area;
} shape;
typedef struct circle {
  shape base;
  double r;
} circle;
typedef struct ring {
  circle base;
} ring;
typedef struct door {
  int32_t n;
} door;

TENON_CLASS_AS("Shape", shape)
TENON_CONSTRUCTOR(shape)
{}
TENON_CLASS_AS("Circle", circle)
TENON_EXTENDS(circle, shape, base)
TENON_CONSTRUCTOR(circle, (f64, r))
{
  self->r = r;
}
TENON_CLASS_AS("Ring", ring)
TENON_EXTENDS(ring, circle, base)
TENON_CONSTRUCTOR(ring)
{
  self->base.r = 9;
}
TENON_CLASS_AS("Door", door)
TENON_CONSTRUCTOR(door)
{}
TENON_MEMBERS(door, (i32, n))

static void no_file(int *f)
{
  free(f);
}
typedef int file;
TENON_CLASS_POINTER_AS("File", file, no_file)
TENON_CONSTRUCTOR_POINTER(file)
{
  return calloc(1, sizeof(file));
}

TENON_STRUCT(numbered, (i32, n))
TENON_EITHER(thing, (shape, shape), (circle, circle), (file, file),
             (numbered, numbered), (f64, number))
TENON_EITHER(inner, (door, door), (str, text))
TENON_EITHER(outer, (inner, inner), (circle, circle))
TENON_EITHER(maybe, (opt(door), door), (copy(circle), circle))

static const char *const names[] = {"shape", "circle", "file", "numbered",
                                    "number"};

TENON_FUNCTION(str, which, (thing, t))
{
  return tenon_str_of(names[t.which]);
}
TENON_FUNCTION(thing, back, (thing, t))
{
  return t;
}
TENON_FUNCTION(str, nested, (outer, o))
{
  return tenon_str_of(o.which == outer_circle       ? "circle"
                      : o.inner.which == inner_door ? "door"
                                                    : "text");
}
TENON_FUNCTION(f64, radius, (maybe, m))
{
  return m.which == maybe_circle ? m.circle.r : m.door ? m.door->n : -1;
}
TENON_FUNCTION(i32, count, (array(thing), all))
{
  return (int32_t)all.len;
}

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt, "import { log } from 'test'; import * as native from 'native';\n"
            "Object.assign(globalThis, native);\n"
            "globalThis.log = (...a) => log(a.map(String).join(' '));");
  return rt;
}

TEST(an_instance_is_of_the_nearest_class)
{
  tenon_runtime *rt = start();

  t_run(rt, "class Mine extends Circle {}\n"
            "log(which(new Shape()), which(new Circle(1)), which(new Ring()),"
            " which(new Mine(2)), which(new File()));");
  CHECK_LOG("shape circle circle circle file\n");
}

TEST(one_of_another_class_is_an_object)
{
  tenon_runtime *rt = start();

  t_run(rt, "log(which(new Door()), which({ n: 1 }), which(3));\n"
            "try { which('a') } catch (e) { log(e) }\n"
            "try { which(new Map()) } catch (e) { log(e) }\n"
            "try { nested(new File()) } catch (e) { log(e) }");
  CHECK_LOG(
      "numbered numbered number\n"
      "TypeError: which: argument 1 't': expected Shape, Circle, File, "
      "object or number, got string\n"
      "TypeError: which: argument 1 't.n': expected integer, got undefined\n"
      "TypeError: nested: argument 1 'o': expected Door, string or "
      "Circle, got File\n");
}

TEST(it_comes_back_as_itself)
{
  tenon_runtime *rt = start();

  t_run(rt, "const c = new Circle(1), f = new File();\n"
            "log(back(c) === c, back(f) === f, count([c, f, 1, { n: 1 }]));");
  CHECK_LOG("true true 4\n");
}

TEST(choices_nest)
{
  tenon_runtime *rt = start();

  t_run(rt, "log(nested(new Door()), nested('a'), nested(new Ring()));");
  CHECK_LOG("door text circle\n");
}

TEST(it_may_be_left_out_or_copied)
{
  tenon_runtime *rt = start();

  t_run(rt, "const d = new Door(); d.n = 4;\n"
            "log(radius(undefined), radius(d), radius(new Circle(7)),"
            " radius(new Ring()));");
  CHECK_LOG("-1 4 7 9\n");
}
