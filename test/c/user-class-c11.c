/* Classes of a user in strict C11: every macro of them once. */
#include "user-class.h"

#include <stdlib.h>
#include <string.h>

/* --- By value ---------------------------------------------------------------- */

TENON_SHARED_CLASS("Shared", shared)
TENON_CONSTRUCTOR(shared, (f64, value, 1))
{
  self->value = value;
}
TENON_METHOD(f64, shared, get)
{
  return self->value;
}
TENON_MEMBERS(shared, (f64, value))

typedef struct all {
  shared base;
  int32_t n;
  int64_t big;
  bool on;
  const char *name;
} all;

TENON_CLASS(all)
TENON_EXTENDS(all, shared, base)
TENON_CONSTRUCTOR(all, (i32, n), (opt(all), other), (rest(f64), more))
{
  if (n < 0) {
    tenon_fail(TENON_RANGE_ERROR, "n is %d", (int)n);
    return;
  }
  self->base.value = more.len ? more.data[0] : other ? other->base.value : 0;
  self->n = n;
  self->name = "all";
}
TENON_METHOD(none, all, nothing)
{}
TENON_METHOD(all, all, itself)
{
  return self;
}
TENON_METHOD(copy(all), all, twice, (all, other))
{
  all r = *self;

  r.n += other->n;
  return r;
}
TENON_METHOD(species(copy(all)), all, same)
{
  return *self;
}
TENON_METHOD_AS("in place", none, all, in_place, (i32, by), (str, text),
                (array(all), others), (nullable(shared), last))
{
  (void)text, (void)last;
  self->n += by + (int32_t)others.len;
}
TENON_BLOCKING_METHOD(i32, all, later, (i32, by))
{
  return self->n + by;
}
TENON_BLOCKING_METHOD_AS("later on", none, all, later_on)
{}
TENON_ASYNC_METHOD(i32, all, soon)
{
  TENON_RESOLVE(all_soon, deferred, self->n);
}
TENON_ASYNC_METHOD_AS("quite soon", none, all, quite_soon)
{
  TENON_RESOLVE(all_quite_soon, deferred);
}
TENON_STATIC(copy(all), all, make, (i32, n))
{
  all r = {{0}, n, 0, false, NULL};
  return r;
}
TENON_STATIC_AS("make none", none, all, make_none)
{}
TENON_GET(i32, all, half)
{
  return self->n / 2;
}
TENON_SET(all, half, (i32, value))
{
  self->n = value * 2;
}
TENON_GET_AS("a third", i32, all, third)
{
  return self->n / 3;
}
TENON_SET_AS("a third", all, third, (i32, value))
{
  self->n = value * 3;
}
static int32_t all_made;
TENON_STATIC_GET(i32, all, made)
{
  return all_made;
}
TENON_STATIC_SET(all, made, (i32, value))
{
  all_made = value;
}
TENON_MEMBERS(all, (i32, n), (i64, (big, "large")), (bool, on))
TENON_MEMBERS_READONLY(all, (cstr, name), (f64, (base.value, "own")))
TENON_CLASS_CONSTANT(i32, all, MOST, 24)
TENON_CLASS_CONSTANT(copy(all), all, ZERO, {{0}, 0, 0, false, NULL})
TENON_METHOD_AS("@@toPrimitive", i32, all, to_primitive, (str, hint))
{
  (void)hint;
  return self->n;
}
TENON_ITERATOR(i32, all, int)
{
  if (*cursor == self->n) return false;
  *value = (*cursor)++;
  return true;
}
TENON_ASYNC_ITERATOR(i32, all, int)
{
  if (*cursor == self->n) return false;
  *value = (*cursor)++;
  return true;
}
TENON_ITERATOR_END(all, int)
{
  *cursor = 0;
}
TENON_MEMORY(all)
{
  return sizeof *self;
}
static int32_t all_released;
TENON_RELEASE(all)
{
  all_released += self->name != NULL;
}
TENON_DISPOSABLE_AS("close", all)
TENON_ASYNC_DISPOSABLE(all)
{}
TENON_FUNCTION(i32, c11_released)
{
  return all_released;
}

/* Of 24 parameters `self` is one. */
TENON_METHOD(i32, all, most, (i32, b), (i32, c), (i32, d), (i32, e), (i32, f),
             (i32, g), (i32, h), (i32, i), (i32, j), (i32, k), (i32, l),
             (i32, m), (i32, n), (i32, o), (i32, p), (i32, q), (i32, r),
             (i32, s), (i32, t), (i32, u), (i32, v), (i32, w), (i32, x))
{
  return b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s +
         t + u + v + w + x;
}

/* --- By pointer, counted ------------------------------------------------------- */

typedef struct node {
  int refs;
} node;

static void node_unref(node *n)
{
  if (--n->refs == 0) free(n);
}

TENON_CLASS_COUNTED_AS("Node", node, node_unref)
TENON_CONSTRUCTOR_POINTER(node)
{
  node *n = calloc(1, sizeof *n);

  if (n) n->refs = 1;
  return n;
}
TENON_METHOD(node, node, again)
{
  self->refs++;
  return self;
}
TENON_DISPOSABLE(node)

typedef struct part part;
static void part_gone(part *p)
{
  (void)p;
}
TENON_CLASS_POINTER_AS("Part", part, part_gone)
TENON_METHOD(borrowed(opt(part)), node, part)
{
  return self->refs > 5 ? (part *)(void *)self : NULL;
}

/* --- More than properties ------------------------------------------------------- */

typedef struct names {
  int32_t n;
} names;
TENON_CLASS(names)
TENON_CONSTRUCTOR(names)
{}
TENON_CALL(i32, names, (i32, by))
{
  return self->n + by;
}
TENON_KEYED_GET(str, names)
{
  if (key.len > 3) return false;
  *value = key;
  return true;
}
TENON_KEYED_SET(i32, names)
{
  self->n = value;
  return key.len < 4;
}
TENON_KEYED_HAS(names)
{
  return key.len < 4;
}
TENON_KEYED_DELETE(names)
{
  return key.len < 4;
}
TENON_KEYED_KEYS(names)
{
  tenon_array_str none = {NULL, 0};
  return none;
}
typedef struct items {
  int32_t n;
} items;
TENON_CLASS_AS("Items", items)
TENON_CONSTRUCTOR(items)
{}
TENON_INDEXED_GET(i32, items)
{
  *value = (int32_t)key;
  return key < 4;
}
TENON_INDEXED_SET(i32, items)
{
  self->n = value;
  return key < 4;
}
TENON_INDEXED_HAS(items)
{
  return key < 4;
}
TENON_INDEXED_DELETE(items)
{
  return key < 4;
}
TENON_INDEXED_KEYS(items)
{
  return 4;
}

/* --- Of the other file ----------------------------------------------------------- */

TENON_FUNCTION(i32, c11_size, (opaque, o), (opt(array(opaque)), more))
{
  return opaque_size(o) + (more ? (int32_t)more->len : 0);
}
TENON_DOC(all, "All of it.")
TENON_DOC(all.twice, "Twice.")
