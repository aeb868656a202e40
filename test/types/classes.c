/* A module with all that declarations tell of classes; types-test.sh builds it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tenon/export.h>

TENON_MODULE_THREADS(any);

/* --- By value, with all kinds of members ----------------------------------------- */

typedef struct vec2 {
  double x, y;
  int64_t id;
  tenon_str label;
} vec2;

/** A place on a plane. */
TENON_CLASS_AS("Vec2", vec2)
TENON_STRUCT(span, (i64, from), (i64, to, 0))

/**
 * From two numbers.
 *
 * @param x  to the right
 */
TENON_CONSTRUCTOR(vec2, (f64, x), (f64, y, 0))
{
  self->x = x;
  self->y = y;
}

/** How long it is. */
TENON_METHOD(f64, vec2, length)
{
  return hypot(self->x, self->y);
}

TENON_METHOD(vec2, vec2, scale, (f64, by, 2))
{
  self->x *= by;
  self->y *= by;
  return self;
}
TENON_DOC(Vec2.scale, "Grows.")
TENON_DOC(Vec2.scale.by, "how much")

TENON_METHOD(species(copy(vec2)), vec2, plus, (vec2, other), (opt(vec2), more),
             (nullable(vec2), last))
{
  vec2 r = *self;
  (void)other, (void)more, (void)last;
  return r;
}

TENON_METHOD(span, vec2, range, (span, span), (array(vec2), all))
{
  (void)all;
  return span;
}

TENON_METHOD(none, vec2, a_method_of_a_long_name, (f64, the_first_of_them),
             (f64, the_second_of_them, 1))
{
  (void)the_first_of_them, (void)the_second_of_them;
}

TENON_BLOCKING_METHOD(f64, vec2, settle)
{
  return self->x;
}

TENON_ASYNC_METHOD(none, vec2, wait, (u32, ms))
{
  (void)ms;
  TENON_RESOLVE(vec2_wait, deferred);
}

/** From an angle. */
TENON_STATIC(copy(vec2), vec2, polar, (f64, r), (f64, phi))
{
  vec2 v = {r * cos(phi), r * sin(phi), 0, {NULL, 0}};
  return v;
}

TENON_STATIC(any, vec2, parse, (str, text))
{
  (void)text;
  return NULL;
}

TENON_STATIC_AS("delete", none, vec2, delete_)
{}

/** The length, too. */
TENON_GET(f64, vec2, norm)
{
  return hypot(self->x, self->y);
}
TENON_SET(vec2, norm, (f64, value))
{
  self->x = value;
}
TENON_GET(nullable(vec2), vec2, next)
{
  return NULL;
}
TENON_SET(vec2, only_set, (i64, value, 1))
{
  self->id = value;
}
TENON_STATIC_GET(i64, vec2, count)
{
  return 1;
}
TENON_STATIC_SET(vec2, count, (i64, value))
{
  (void)value;
}

TENON_MEMBERS(vec2, (f64, x), (f64, (y, "why")), (i64, id))
TENON_MEMBERS_READONLY(vec2, (str, label))
TENON_DOC(Vec2.x, "To the right.")

/** So small that it is nothing. */
TENON_CLASS_CONSTANT(f64, vec2, EPSILON, 1e-9)

/** As a number. */
TENON_METHOD_AS("@@toPrimitive", f64, vec2, to_primitive, (str, hint))
{
  (void)hint;
  return 1;
}

/** Both numbers. */
TENON_ITERATOR(f64, vec2, int)
{
  if (*cursor == 2) return false;
  *value = (*cursor)++ ? self->y : self->x;
  return true;
}

/* --- By pointer ------------------------------------------------------------------ */

typedef struct file {
  int id;
} file;

static void close_file(file *f)
{
  free(f);
}

TENON_CLASS_POINTER_AS("File", file, close_file)
TENON_CONSTRUCTOR_POINTER(file, (str, path))
{
  (void)path;
  return calloc(1, sizeof(file));
}
TENON_DISPOSABLE_AS("close", file)
TENON_DOC(File.close, "Ends it.")
/** Ends it when all is written. */
TENON_ASYNC_DISPOSABLE(file)
{}
TENON_ASYNC_ITERATOR(bytes, file, int)
{
  (void)value;
  return false;
}

/* A part of it, which it owns: scripts make none. */
typedef struct row row;
static void no_row(row *r)
{
  (void)r;
}
TENON_CLASS_POINTER_AS("Row", row, no_row)
TENON_METHOD(borrowed(row), file, first)
{
  return (row *)self;
}
TENON_METHOD(borrowed(opt(row)), file, second)
{
  return NULL;
}

/* --- Extended -------------------------------------------------------------------- */

typedef struct animal {
  int32_t legs;
} animal;
typedef struct dog {
  animal base;
  double weight;
} dog;
typedef struct puppy {
  dog base;
} puppy;

TENON_CLASS_AS("Animal", animal)
TENON_MEMBERS(animal, (i32, legs))
TENON_METHOD(str, animal, speak)
{
  return tenon_str_of("");
}
TENON_METHOD(none, animal, walk, (f64, far))
{
  (void)far;
}
TENON_STATIC(i32, animal, make, (i32, n))
{
  return n;
}

TENON_CLASS_AS("Dog", dog)
TENON_EXTENDS(dog, animal, base)
TENON_CONSTRUCTOR(dog, (f64, weight))
{
  self->weight = weight;
}
TENON_MEMBERS(dog, (f64, weight))
TENON_METHOD(str, dog, speak)
{
  return tenon_str_of("woof");
}
TENON_METHOD(str, dog, walk, (animal, with))
{
  (void)with;
  return tenon_str_of("");
}
TENON_STATIC(copy(dog), dog, make, (str, name))
{
  dog d = {{4}, 1};
  (void)name;
  return d;
}

TENON_CLASS_AS("Puppy", puppy)
TENON_EXTENDS(puppy, dog, base)

/* --- More than properties ---------------------------------------------------------- */

typedef struct polynomial {
  double at[4];
} polynomial;

TENON_CLASS_AS("Polynomial", polynomial)
TENON_CONSTRUCTOR(polynomial, (rest(f64), factors))
{
  (void)factors;
}
/** Its value. */
TENON_CALL(f64, polynomial, (f64, x))
{
  return x * self->at[0];
}
TENON_INDEXED_GET(f64, polynomial)
{
  *value = self->at[key & 3];
  return true;
}
TENON_INDEXED_SET(f64, polynomial)
{
  self->at[key & 3] = value;
  return true;
}
TENON_INDEXED_KEYS(polynomial)
{
  return 4;
}

typedef struct settings {
  int32_t n;
} settings;
TENON_CLASS_AS("Settings", settings)
TENON_CONSTRUCTOR(settings)
{}
TENON_KEYED_GET(str, settings)
{
  *value = key;
  return true;
}
TENON_KEYED_SET(str, settings)
{
  (void)value;
  return key.len != 0;
}
TENON_KEYED_DELETE(settings)
{
  return key.len != 0;
}

typedef struct environment {
  int32_t n;
} environment;
TENON_CLASS_AS("Environment", environment)
TENON_CONSTRUCTOR(environment)
{}
TENON_KEYED_GET(str, environment)
{
  *value = key;
  return true;
}
TENON_METHOD(none, environment, reset)
{}

/* --- Names that are taken ----------------------------------------------------------- */

typedef struct other_date {
  double ms;
} other_date;
TENON_CLASS_AS("Date", other_date)
TENON_CONSTRUCTOR(other_date, (date, at))
{
  self->ms = (double)at;
}
TENON_CALL(date, other_date)
{
  return (int64_t)self->ms;
}

typedef struct class_ {
  int32_t n;
} class_;
TENON_CLASS_AS("class", class_)
TENON_CONSTRUCTOR(class_)
{}
TENON_METHOD(none, class_, delete)
{}
TENON_METHOD_AS("a b", none, class_, a_b)
{}
TENON_FUNCTION_AS("class_", none, not_a_class)
{}
TENON_FUNCTION_AS("Symbol", none, not_the_symbol)
{}
typedef struct n_of_row {
  int64_t n;
} n_of_row;
TENON_STRUCT_AS(Row, n_of_row, (i64, n))
TENON_FUNCTION(Row, row_of, (Row, row))
{
  return row;
}

/* --- As parts ----------------------------------------------------------------------- */

TENON_STRUCT(segment, (vec2, from), (nullable(vec2), to), (opt(file), in))
TENON_TUPLE(couple, (vec2, a), (file, b))
TENON_EITHER(thing, (str, name), (vec2, place))
TENON_CALLBACK(vec2, visit, (vec2, at), (opt(file), in))

TENON_FUNCTION(segment, move, (segment, segment), (couple, couple),
               (record(vec2), named))
{
  (void)couple, (void)named;
  return segment;
}

TENON_FUNCTION(array(vec2), corners, (array(vec2), all), (array(file), files))
{
  (void)files;
  return all;
}

TENON_FUNCTION(array(file), files, (array(nullable(file)), all))
{
  tenon_array_file none = {NULL, 0};
  (void)all;
  return none;
}

TENON_FUNCTION(none, look, (thing, thing), (visit, visit))
{
  (void)thing, (void)visit;
}

TENON_FUNCTION(copy(vec2), mirror, (copy(vec2), v))
{
  return v;
}

TENON_CONSTANT(copy(vec2), ORIGIN, {0, 0, 0, {NULL, 0}})

TENON_DEFAULT_OBJECT()
