/*
 * Functions of structs and arrays, in and out, as one writes them by hand for
 * the engine, with a row for each: member by member with their names, and the
 * fastest way that the engine's API has, with prepared atoms and all at once.
 */
#include <stdlib.h>
#include <string.h>

#include "hand.h"
#include "runtime.h"
#include "types.h"

/* --- Members in ----------------------------------------------------------- */

/* A member by name or by atom, converted; what it is to be is checked by the
 * conversion, which is more lenient than a descriptor. */
#define MEMBERS(how, get, key)                                                \
  static int get_f64_##how(JSContext *ctx, JSValueConst v, key, double *dst)  \
  {                                                                           \
    JSValue m = get;                                                          \
    int r = JS_IsException(m) ? -1 : JS_ToFloat64(ctx, dst, m);               \
                                                                              \
    JS_FreeValue(ctx, m);                                                     \
    return r;                                                                 \
  }                                                                           \
  static int get_i32_##how(JSContext *ctx, JSValueConst v, key, int32_t *dst) \
  {                                                                           \
    JSValue m = get;                                                          \
    int r = JS_IsException(m) ? -1 : JS_ToInt32(ctx, dst, m);                 \
                                                                              \
    JS_FreeValue(ctx, m);                                                     \
    return r;                                                                 \
  }                                                                           \
  static int get_bool_##how(JSContext *ctx, JSValueConst v, key, bool *dst)   \
  {                                                                           \
    JSValue m = get;                                                          \
    int r = JS_IsException(m) ? -1 : JS_ToBool(ctx, m);                       \
                                                                              \
    *dst = r > 0;                                                             \
    JS_FreeValue(ctx, m);                                                     \
    return r < 0 ? -1 : 0;                                                    \
  }
MEMBERS(name, JS_GetPropertyStr(ctx, v, name), const char *name)
MEMBERS(atom, JS_GetProperty(ctx, v, name), JSAtom name)

static int read_point_by_name(JSContext *ctx, JSValueConst v, point *p)
{
  return get_f64_name(ctx, v, "x", &p->x) || get_f64_name(ctx, v, "y", &p->y)
             ? -1
             : 0;
}

static int read_point_by_atom(JSContext *ctx, JSValueConst v, point *p)
{
  return get_f64_atom(ctx, v, atom_x, &p->x) ||
                 get_f64_atom(ctx, v, atom_y, &p->y)
             ? -1
             : 0;
}

#define IN_POINT(how)                                               \
  HAND(hand_in_point_##how)                                         \
  {                                                                 \
    point p;                                                        \
                                                                    \
    if (read_point_by_##how(ctx, argv[0], &p)) return JS_EXCEPTION; \
    return JS_NewFloat64(ctx, p.x + p.y);                           \
  }
IN_POINT(name)
IN_POINT(atom)

#define IN_LINE(how, first, second)                           \
  HAND(hand_in_line_##how)                                    \
  {                                                           \
    JSValue v = first;                                        \
    line l;                                                   \
    int r = read_point_by_##how(ctx, v, &l.a);                \
                                                              \
    JS_FreeValue(ctx, v);                                     \
    if (r) return JS_EXCEPTION;                               \
    v = second;                                               \
    r = read_point_by_##how(ctx, v, &l.b);                    \
    JS_FreeValue(ctx, v);                                     \
    if (r) return JS_EXCEPTION;                               \
    return JS_NewFloat64(ctx, l.a.x + l.a.y + l.b.x + l.b.y); \
  }
IN_LINE(name, JS_GetPropertyStr(ctx, argv[0], "a"),
        JS_GetPropertyStr(ctx, argv[0], "b"))
IN_LINE(atom, JS_GetProperty(ctx, argv[0], atom_a),
        JS_GetProperty(ctx, argv[0], atom_b))

#define IN_MANY(how, KEY)                                                    \
  HAND(hand_in_many_##how)                                                   \
  {                                                                          \
    JSValueConst v = argv[0];                                                \
    many m;                                                                  \
                                                                             \
    if (get_i32_##how(ctx, v, KEY(a), &m.a) ||                               \
        get_i32_##how(ctx, v, KEY(b), &m.b) ||                               \
        get_i32_##how(ctx, v, KEY(c), &m.c) ||                               \
        get_i32_##how(ctx, v, KEY(d), &m.d) ||                               \
        get_f64_##how(ctx, v, KEY(x), &m.x) ||                               \
        get_f64_##how(ctx, v, KEY(y), &m.y) ||                               \
        get_bool_##how(ctx, v, KEY(active), &m.active) ||                    \
        get_f64_##how(ctx, v, KEY(score), &m.score))                         \
      return JS_EXCEPTION;                                                   \
    return JS_NewFloat64(ctx, m.a + m.b + m.c + m.d + m.x + m.y + m.active + \
                                  m.score);                                  \
  }
#define BY_NAME(n) #n
#define BY_ATOM(n) atom_##n
IN_MANY(name, BY_NAME)
IN_MANY(atom, BY_ATOM)

#define IN_NAMED(how, KEY, get)                                      \
  HAND(hand_in_named_##how)                                          \
  {                                                                  \
    JSValueConst v = argv[0];                                        \
    JSValue name;                                                    \
    named n;                                                         \
    const char *s;                                                   \
                                                                     \
    if (get_i32_##how(ctx, v, KEY(id), &n.id) ||                     \
        get_bool_##how(ctx, v, KEY(active), &n.active))              \
      return JS_EXCEPTION;                                           \
    name = get;                                                      \
    if (JS_IsException(name)) return name;                           \
    s = JS_ToCStringLen(ctx, &n.name.len, name);                     \
    JS_FreeValue(ctx, name);                                         \
    if (!s) return JS_EXCEPTION;                                     \
    JS_FreeCString(ctx, s);                                          \
    return JS_NewFloat64(ctx, n.id + (double)n.name.len + n.active); \
  }
IN_NAMED(name, BY_NAME, JS_GetPropertyStr(ctx, v, "name"))
IN_NAMED(atom, BY_ATOM, JS_GetProperty(ctx, v, atom_name))

#define IN_PARTIAL(how, KEY, get)                                            \
  HAND(hand_in_partial_##how)                                                \
  {                                                                          \
    double x, y = 1, score = 0;                                              \
    JSValueConst v = argv[0];                                                \
    JSValue m;                                                               \
                                                                             \
    if (get_f64_##how(ctx, v, KEY(x), &x)) return JS_EXCEPTION;              \
    m = get(y);                                                              \
    if (!JS_IsUndefined(m) && JS_ToFloat64(ctx, &y, m)) return JS_EXCEPTION; \
    m = get(score);                                                          \
    if (!JS_IsUndefined(m) && JS_ToFloat64(ctx, &score, m))                  \
      return JS_EXCEPTION;                                                   \
    return JS_NewFloat64(ctx, x + y + score);                                \
  }
#define GET_BY_NAME(n) JS_GetPropertyStr(ctx, v, #n)
#define GET_BY_ATOM(n) JS_GetProperty(ctx, v, atom_##n)
IN_PARTIAL(name, BY_NAME, GET_BY_NAME)
IN_PARTIAL(atom, BY_ATOM, GET_BY_ATOM)

/* --- Members out ---------------------------------------------------------- */

/* An object, or an exception where one of its members was. */
static JSValue all_or_none(JSContext *ctx, JSValue object, bool failed)
{
  if (!failed) return object;
  JS_FreeValue(ctx, object);
  return JS_EXCEPTION;
}

/* A member: of the object `o`. */
#define SET(name, v) (JS_SetPropertyStr(ctx, o, #name, v) < 0)

static JSValue new_point_name(JSContext *ctx, const point *p)
{
  JSValue o = JS_NewObject(ctx);

  if (JS_IsException(o)) return o;
  return all_or_none(ctx, o,
                     SET(x, JS_NewFloat64(ctx, p->x)) ||
                         SET(y, JS_NewFloat64(ctx, p->y)));
}

HAND(hand_out_line_name)
{
  JSValue o = JS_NewObject(ctx);

  if (JS_IsException(o)) return o;
  return all_or_none(ctx, o,
                     SET(a, new_point_name(ctx, &bench_points[1])) ||
                         SET(b, new_point_name(ctx, &bench_points[2])));
}

HAND(hand_out_many_name)
{
  const many *m = &bench_many;
  JSValue o = JS_NewObject(ctx);

  if (JS_IsException(o)) return o;
  return all_or_none(
      ctx, o,
      SET(a, JS_NewInt32(ctx, m->a)) || SET(b, JS_NewInt32(ctx, m->b)) ||
          SET(c, JS_NewInt32(ctx, m->c)) || SET(d, JS_NewInt32(ctx, m->d)) ||
          SET(x, JS_NewFloat64(ctx, m->x)) ||
          SET(y, JS_NewFloat64(ctx, m->y)) ||
          SET(active, JS_NewBool(ctx, m->active)) ||
          SET(score, JS_NewFloat64(ctx, m->score)));
}

HAND(hand_out_named_name)
{
  JSValue o = JS_NewObject(ctx);

  if (JS_IsException(o)) return o;
  return all_or_none(
      ctx, o,
      SET(id, JS_NewInt32(ctx, 7)) ||
          SET(name, JS_NewStringLen(ctx, "abcdefghijklmno", 15)) ||
          SET(active, JS_NewBool(ctx, 1)));
}

/* Names and values at once; this takes the values. */
#define NEW_OBJECT(atoms, values) \
  JS_NewObjectFrom(ctx, sizeof(atoms) / sizeof *(atoms), atoms, values)

static JSValue new_point_atom(JSContext *ctx, const point *p)
{
  const JSAtom atoms[] = {atom_x, atom_y};
  JSValue values[] = {JS_NewFloat64(ctx, p->x), JS_NewFloat64(ctx, p->y)};

  return NEW_OBJECT(atoms, values);
}

HAND(hand_out_line_atom)
{
  const JSAtom atoms[] = {atom_a, atom_b};
  JSValue values[] = {new_point_atom(ctx, &bench_points[1]),
                      new_point_atom(ctx, &bench_points[2])};

  if (JS_IsException(values[0]) || JS_IsException(values[1])) {
    JS_FreeValues(ctx, values[0], values[1]);
    return JS_EXCEPTION;
  }
  return NEW_OBJECT(atoms, values);
}

HAND(hand_out_many_atom)
{
  const many *m = &bench_many;
  const JSAtom atoms[] = {atom_a, atom_b, atom_c,      atom_d,
                          atom_x, atom_y, atom_active, atom_score};
  JSValue values[] = {JS_NewInt32(ctx, m->a),     JS_NewInt32(ctx, m->b),
                      JS_NewInt32(ctx, m->c),     JS_NewInt32(ctx, m->d),
                      JS_NewFloat64(ctx, m->x),   JS_NewFloat64(ctx, m->y),
                      JS_NewBool(ctx, m->active), JS_NewFloat64(ctx, m->score)};

  return NEW_OBJECT(atoms, values);
}

HAND(hand_out_named_atom)
{
  const JSAtom atoms[] = {atom_id, atom_name, atom_active};
  JSValue values[] = {JS_NewInt32(ctx, 7),
                      JS_NewStringLen(ctx, "abcdefghijklmno", 15),
                      JS_NewBool(ctx, 1)};

  if (JS_IsException(values[1])) return JS_EXCEPTION;
  return NEW_OBJECT(atoms, values);
}

#define OUT_POINTS(how)                            \
  HAND(hand_out_point_##how)                       \
  {                                                \
    return new_point_##how(ctx, &bench_points[1]); \
  }
OUT_POINTS(name)
OUT_POINTS(atom)

/* --- Arrays --------------------------------------------------------------- */

/* Into memory of its own, and its sum. */
#define IN_ARRAY(w, type, read)                                 \
  HAND(hand_in_array_##w)                                       \
  {                                                             \
    int64_t len, i;                                             \
    double sum = 0;                                             \
    type *array;                                                \
                                                                \
    if (JS_GetLength(ctx, argv[0], &len)) return JS_EXCEPTION;  \
    array = malloc((size_t)len * sizeof *array + 1);            \
    if (!array) return JS_ThrowOutOfMemory(ctx);                \
    for (i = 0; i < len; i++) {                                 \
      JSValue v = JS_GetPropertyInt64(ctx, argv[0], i);         \
      int r = JS_IsException(v) ? -1 : read(ctx, &array[i], v); \
      JS_FreeValue(ctx, v);                                     \
      if (r) {                                                  \
        free(array);                                            \
        return JS_EXCEPTION;                                    \
      }                                                         \
    }                                                           \
    for (i = 0; i < len; i++)                                   \
      sum += array[i];                                          \
    free(array);                                                \
    return JS_NewFloat64(ctx, sum);                             \
  }
IN_ARRAY(i32, int32_t, JS_ToInt32)
IN_ARRAY(f64, double, JS_ToFloat64)

HAND(hand_in_array_u8)
{
  size_t len, i;
  uint8_t *data = JS_GetUint8Array(ctx, &len, argv[0]);
  double sum = 0;

  if (!data) return JS_EXCEPTION;
  for (i = 0; i < len; i++)
    sum += data[i];
  return JS_NewFloat64(ctx, sum);
}

/* In place: the engine's API has no copy of its own. */
HAND(hand_in_view_f64)
{
  size_t offset, size, element, buffer_size, i;
  JSValue buffer =
      JS_GetTypedArrayBuffer(ctx, argv[0], &offset, &size, &element);
  uint8_t *bytes;
  double sum = 0;

  if (JS_IsException(buffer)) return buffer;
  bytes = JS_GetArrayBuffer(ctx, &buffer_size, buffer);
  JS_FreeValue(ctx, buffer);
  if (!bytes) return JS_EXCEPTION;
  for (i = 0; i < size / sizeof(double); i++)
    sum += ((const double *)(bytes + offset))[i];
  return JS_NewFloat64(ctx, sum);
}

HAND(hand_in_array_str)
{
  int64_t count, i;
  double sum = 0;
  const char **array;

  if (JS_GetLength(ctx, argv[0], &count)) return JS_EXCEPTION;
  array = calloc((size_t)count + 1, sizeof *array);
  if (!array) return JS_ThrowOutOfMemory(ctx);
  for (i = 0; i < count; i++) {
    JSValue v = JS_GetPropertyInt64(ctx, argv[0], i);
    size_t len;
    array[i] = JS_IsException(v) ? NULL : JS_ToCStringLen(ctx, &len, v);
    JS_FreeValue(ctx, v);
    if (!array[i]) break;
    sum += (double)len;
  }
  while (i > 0)
    JS_FreeCString(ctx, array[--i]);
  free(array);
  return JS_NewFloat64(ctx, sum);
}

#define IN_POINTS(how)                                                         \
  HAND(hand_in_points_##how)                                                   \
  {                                                                            \
    int64_t len, i;                                                            \
    double sum = 0;                                                            \
    point *array;                                                              \
                                                                               \
    if (JS_GetLength(ctx, argv[0], &len)) return JS_EXCEPTION;                 \
    array = malloc((size_t)len * sizeof *array + 1);                           \
    if (!array) return JS_ThrowOutOfMemory(ctx);                               \
    for (i = 0; i < len; i++) {                                                \
      JSValue v = JS_GetPropertyInt64(ctx, argv[0], i);                        \
      int r = JS_IsException(v) ? -1 : read_point_by_##how(ctx, v, &array[i]); \
      JS_FreeValue(ctx, v);                                                    \
      if (r) {                                                                 \
        free(array);                                                           \
        return JS_EXCEPTION;                                                   \
      }                                                                        \
    }                                                                          \
    for (i = 0; i < len; i++)                                                  \
      sum += array[i].x + array[i].y;                                          \
    free(array);                                                               \
    return JS_NewFloat64(ctx, sum);                                            \
  }
IN_POINTS(name)
IN_POINTS(atom)

/* One after the other. */
#define OUT_ONE(w, make)                                 \
  HAND(hand_out_##w##_one)                               \
  {                                                      \
    JSValue array = JS_NewArray(ctx);                    \
    uint32_t i;                                          \
                                                         \
    if (JS_IsException(array)) return array;             \
    for (i = 0; i < BENCH_ELEMENTS; i++)                 \
      if (JS_SetPropertyUint32(ctx, array, i, make) < 0) \
        return all_or_none(ctx, array, true);            \
    return array;                                        \
  }
/* All at once. */
#define OUT_ALL(w, make)                                 \
  HAND(hand_out_##w##_all)                               \
  {                                                      \
    JSValue values[BENCH_ELEMENTS];                      \
    int i;                                               \
                                                         \
    for (i = 0; i < BENCH_ELEMENTS; i++) {               \
      values[i] = make;                                  \
      if (JS_IsException(values[i])) {                   \
        while (i > 0)                                    \
          JS_FreeValue(ctx, values[--i]);                \
        return JS_EXCEPTION;                             \
      }                                                  \
    }                                                    \
    return JS_NewArrayFrom(ctx, BENCH_ELEMENTS, values); \
  }
#define NEW_I32 JS_NewInt32(ctx, bench_array_i32[i])
#define NEW_F64 JS_NewFloat64(ctx, bench_array_f64[i])
#define NEW_STR \
  JS_NewStringLen(ctx, bench_array_str[i].data, bench_array_str[i].len)
OUT_ONE(i32, NEW_I32)
OUT_ALL(i32, NEW_I32)
OUT_ONE(f64, NEW_F64)
OUT_ALL(f64, NEW_F64)
OUT_ONE(str, NEW_STR)
OUT_ALL(str, NEW_STR)
OUT_ONE(points, new_point_name(ctx, &bench_points[i]))
OUT_ALL(points, new_point_atom(ctx, &bench_points[i]))

/* --- Rows ----------------------------------------------------------------- */

#define ELEMENTS(make) "Array.from({ length: 100 }, (_, i) => " make ")"
#define POINTS ELEMENTS("({ x: i + 0.5, y: i + 0.25 })")
#define LINE "{ a: { x: 1.5, y: 1.25 }, b: { x: 2.5, y: 2.25 } }"
#define MANY \
  "{ a: 1, b: 2, c: 3, d: 4, x: 0.5, y: 0.25, active: true, score: 0.125 }"
#define NAMED "{ id: 7, name: 'abcdefghijklmno', active: true }"

const bench_hand bench_parts[] = {
    {"in: struct of 2", "in_point", "{ x: 1.5, y: 2 }", "3.5",
     hand_in_point_name, hand_in_point_atom, 1},
    {"in: struct of 8", "in_many", MANY, "11.875", hand_in_many_name,
     hand_in_many_atom, 1},
    {"in: struct with str", "in_named", NAMED, "23", hand_in_named_name,
     hand_in_named_atom, 1},
    {"in: struct in struct", "in_line", LINE, "7.5", hand_in_line_name,
     hand_in_line_atom, 1},
    {"in: struct, 2 of 3 absent", "in_partial", "{ x: 1.5 }", "2.5",
     hand_in_partial_name, hand_in_partial_atom, 1},
    {"in: array of 100 i32", "in_array_i32", ELEMENTS("i"), "4950",
     hand_in_array_i32, NULL, 1},
    {"in: array of 100 f64", "in_array_f64", ELEMENTS("i + 0.5"), "5000",
     hand_in_array_f64, NULL, 1},
    {"in: array of 100 str", "in_array_str",
     ELEMENTS("'abcdefghijklmno'.slice(i % 8)"), "1158", hand_in_array_str,
     NULL, 1},
    {"in: array of 100 structs", "in_array_point", POINTS, "9975",
     hand_in_points_name, hand_in_points_atom, 1},
    {"in: array, Uint8Array of 100", "in_array_u8",
     "Uint8Array.from(" ELEMENTS("i") ")", "4950", hand_in_array_u8, NULL, 1},
    {"in: array, Float64Array of 100", "in_array_f64",
     "Float64Array.from(" ELEMENTS("i + 0.5") ")", "5000", hand_in_view_f64,
     NULL, 1},
    {"out: struct of 2", "out_point", "", "{ x: 1.5, y: 1.25 }",
     hand_out_point_name, hand_out_point_atom, 0},
    {"out: struct of 8", "out_many", "", MANY, hand_out_many_name,
     hand_out_many_atom, 0},
    {"out: struct with str", "out_named", "", NAMED, hand_out_named_name,
     hand_out_named_atom, 0},
    {"out: struct in struct", "out_line", "", LINE, hand_out_line_name,
     hand_out_line_atom, 0},
    {"out: array of 100 i32", "out_array_i32", "", ELEMENTS("i * 1000"),
     hand_out_i32_one, hand_out_i32_all, 0},
    {"out: array of 100 f64", "out_array_f64", "", ELEMENTS("i + 0.5"),
     hand_out_f64_one, hand_out_f64_all, 0},
    {"out: array of 100 str", "out_array_str", "",
     ELEMENTS("'abcdefghabcdefgh'"), hand_out_str_one, hand_out_str_all, 0},
    {"out: array of 100 structs", "out_array_point", "", POINTS,
     hand_out_points_one, hand_out_points_all, 0},
};
const size_t bench_part_count = sizeof bench_parts / sizeof *bench_parts;
