/* A module with all that declarations tell of; types-test.sh builds it. */
#include <stdlib.h>
#include <string.h>

#include <tenon/export.h>

TENON_MODULE_THREADS(any);

TENON_DOC(, "All types, for a test.\n\nNothing in here is `*/` of use: größe.")

/* --- Types of one's own ----------------------------------------------------------- */

TENON_ENUM(color, red, green, blue)
TENON_DOC(color, "What lamps have.")
TENON_DOC(color.green, "go")

TENON_ENUM(month, january, february, march, april, may, june, july, august,
           september, october, november, december)

TENON_ENUM_AS(level, int, (1, "not low"), (2, "it's \\ high"))

/** Not this: the table says something. */
TENON_STRUCT(point, (f64, x), (f64, y))
TENON_DOC(point, "A place.")
TENON_DOC(point.y, "Upwards.")

TENON_STRUCT(account, (i64, id), (str, name), (opt(str), mail),
             (nullable(point), place), (u32, limit, 10 * 2), (color, lamp))
TENON_DOC(account.limit, "At most so many.")

static const tenon_array_i32 no_sizes = {NULL, 0};
TENON_STRUCT(Options, (bool, deep, false), (array(i32), sizes, no_sizes))

TENON_STRUCT(string, (cstr, delete), (big_u64, Date))

/** All that grows. */
TENON_STRUCT(tree, (array(account), accounts), (array(nullable(color)), colors))

TENON_ARRAY(row, f64)

/** What may be done. */
TENON_FLAGS(access, read, write)
TENON_DOC(access.write, "by all")

/** A name and how often. */
TENON_TUPLE(entry, (str, name), (i64, count), (f64, weight, 0.5))

TENON_EITHER(id, (i64, number), (str, text), (bytes, raw))

TENON_STRUCT(file, (i32, (max_size, "maxSize"), 10), (date, changed),
             (access, access), (id, id), (record(nullable(u32)), counts))

/* --- Functions -------------------------------------------------------------------- */

/** The n-th number of Fibonacci. */
TENON_FUNCTION(i64, fib, (i64, n))
{
  return n <= 1 ? n : n + fib(n - 1);
}

static const point origin = {0, 0};

/**
 * How far two points are apart.
 *
 * @param a  where from
 */
TENON_FUNCTION(f64, distance, (point, a), (point, b, origin))
{
  return a.x - b.x + a.y - b.y;
}
TENON_DOC(distance.b, "where to")

TENON_FUNCTION(account, change, (account, account), (nullable(str), name),
               (opt(str), mail))
{
  (void)name;
  (void)mail;
  return account;
}

/// Three
/// lines, and a list:
///
///   - one
TENON_FUNCTION(tree, grow, (tree, from), (Options, how))
{
  (void)how;
  return from;
}

/* Not a comment for others. */
TENON_FUNCTION(none, nothing)
{}

TENON_FUNCTION(string, words, (string, string))
{
  return string;
}

/** Takes all. */
TENON_FUNCTION(bytes, numbers, (bool, a), (i8, b), (u8, c), (i16, d), (u16, e),
               (i32, f), (u32, g), (i64, h), (u64, i), (size, j), (f32, k),
               (f64, l), (big_i64, m), (big_u64, o), (str, p), (cstr, q),
               (bytes, r), (level, s), (month, t, month_may))
{
  (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g, (void)h;
  (void)i, (void)j, (void)k, (void)l, (void)m, (void)o, (void)p, (void)q;
  (void)s, (void)t;
  return r;
}

TENON_FUNCTION(row, flatten, (array(row), rows), (array(big_i64), big),
               (array(u64), any), (array(opt(str)), names),
               (nullable(array(bytes)), blobs))
{
  row r = {NULL, 0};
  (void)rows, (void)big, (void)any, (void)names, (void)blobs;
  return r;
}

TENON_FUNCTION(nullable(point), middle, (opt(point), first),
               (nullable(point), second), (f64, third))
{
  (void)second, (void)third;
  return first;
}

TENON_FUNCTION_AS("delete", none, delete_it, (u32, new),
                  (str, new_, tenon_str_of("")))
{
  (void)new;
  (void)new_;
}
TENON_DOC_AS("delete", "Deletes it.")

TENON_FUNCTION_AS("c11 spaced", opt(i32), spaced, (i32, default_))
{
  (void)default_;
  return NULL;
}

TENON_BLOCKING(str, digest, (str, text))
{
  return text;
}

TENON_ASYNC(none, sleep, (u32, ms))
{
  (void)ms;
  TENON_RESOLVE(sleep, deferred);
}

TENON_FUNCTION(file, stat, (file, file), (record(str), names),
               (opt(date), since))
{
  (void)names, (void)since;
  return file;
}

TENON_FUNCTION(view(f32), scale, (view(f32), values), (inout(u8), scratch),
               (inout(bytes), more))
{
  (void)scratch, (void)more;
  return values;
}

TENON_FUNCTION(array(entry), sort, (array(entry), entries), (view(i64), big))
{
  (void)big;
  return entries;
}

TENON_FUNCTION(exhaustive(str), join, (this(point), self),
               (coerce(str), separator), (opt(coerce(i32)), times),
               (coerce(big_i64), big), (rest(nullable(str)), parts))
{
  (void)self, (void)times, (void)big, (void)parts;
  return separator;
}

/** Tells how two texts are ordered. */
TENON_CALLBACK(i32, compare, (str, a), (opt(str), b))
TENON_CALLBACK_ONCE(none, finished, (nullable(point), where))
TENON_CALLBACK(any, revive, (str, key), (any, value))
TENON_STRUCT(hooks, (compare, by), (opt(finished), then))
TENON_STRUCT(box, (str, label), (any, inside))

TENON_FUNCTION(none, watch, (hooks, hooks), (opt(finished), done))
{
  (void)hooks, (void)done;
}

/** The way to somewhere. */
TENON_STREAM(point, path)

TENON_FUNCTION(path, walk, (opt(i32), steps))
{
  (void)steps;
  return NULL;
}

TENON_FUNCTION(any, parse, (str, text), (opt(revive), by))
{
  (void)text, (void)by;
  return NULL;
}

TENON_FUNCTION(array(box), unpack, (array(box), boxes))
{
  return boxes;
}

/* --- Items ------------------------------------------------------------------------ */

/** Half of a circle. */
TENON_CONSTANT(f64, PI, 3.14159)

TENON_CONSTANT_AS("a name", nullable(account), a_name, NULL)
TENON_DOC_AS("a name", "Of no use.")

/** Grows. */
TENON_GETTER(i64, now)
{
  return 1;
}

TENON_DEFAULT_OBJECT()
