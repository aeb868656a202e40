/* C structs as classes: extended by scripts, by C, iterated, ended. */
#define TENON_MODULE shapes

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sections.h"

typedef struct point {
  double x, y;
} point;

TENON_CLASS_AS("Point", point)
TENON_CONSTRUCTOR(point, (f64, x), (f64, y))
{
  self->x = x;
  self->y = y;
}
TENON_MEMBERS(point, (f64, x), (f64, y))
TENON_GET(f64, point, length)
{
  return hypot(self->x, self->y);
}
TENON_METHOD(copy(point), point, plus, (point, other))
{
  return (point){self->x + other->x, self->y + other->y};
}
TENON_STATIC(copy(point), point, zero)
{
  return (point){0, 0};
}
TENON_ITERATOR(f64, point, int)
{
  if (*cursor == 2) return false;
  *value = (*cursor)++ ? self->y : self->x;
  return true;
}

typedef struct pixel {
  point base;
  int32_t color;
} pixel;

TENON_CLASS_AS("Pixel", pixel)
TENON_EXTENDS(pixel, point, base)
TENON_CONSTRUCTOR(pixel, (f64, x), (f64, y), (i32, color))
{
  self->base = (point){x, y};
  self->color = color;
}
TENON_MEMBERS(pixel, (i32, color))

/* What a library gives and takes back. */
typedef struct handle {
  int id;
} handle;

static int open_handles;

static void handle_close(handle *h)
{
  open_handles--;
  free(h);
}

TENON_CLASS_POINTER_AS("Handle", handle, handle_close)
TENON_CONSTRUCTOR_POINTER(handle, (i32, id))
{
  handle *h = malloc(sizeof *h);

  if (!h) return tenon_fail_memory();
  h->id = id;
  open_handles++;
  return h;
}
TENON_METHOD(i32, handle, id)
{
  return self->id;
}
TENON_DISPOSABLE_AS("close", handle)

void classes(void)
{
  tenon_runtime *rt = runtime_with("shapes", tenon_module_shapes);

  run(rt,
      "import { Point, Pixel } from 'shapes';\n"
      "const p = new Point(3, 4);\n"
      "console.log(p.length, p.plus(p), [...p], Point.zero().x);\n"
      "const q = new Pixel(1, 2, 0xff);\n"
      "console.log(q instanceof Point, q.length > 2, q.color, p.plus(q).x);\n"
      "class Named extends Point { constructor(n) { super(6, 8); this.n = n } }\n"
      "console.log(new Named('n').length, new Named('n') instanceof Point);");
  run(rt, "import { Handle } from 'shapes';\n"
          "const h = new Handle(7); console.log(h.id()); h.close();\n"
          "try { h.id() } catch (e) { console.log(e.message) }\n"
          "globalThis.kept = new Handle(8);");
  refused(
      rt,
      "import { Point } from 'shapes'; Point.prototype.plus.call({}, new Point(1, 1))");
  printf("open: %d\n", open_handles);
  tenon_runtime_free(rt);
  printf("open: %d\n", open_handles);
}
