/*
 * The document by hand for the engine: into C structs and back, member by
 * member with their names, and with prepared atoms and all at once.
 */
#include <stdlib.h>
#include <string.h>

#include "hand.h"
#include "nested.h"
#include "types.h"

static const char *const colors[] = {"red", "green", "blue", "yellow",
                                     "purple"};

/* --- In ------------------------------------------------------------------- */

/* Reads `v`, a value of its own, which is freed. 0, or -1 with an exception. */
#define READ(name, type)                                        \
  static int read_##name(JSContext *ctx, JSValue v, type *dst); \
  static int take_##name(JSContext *ctx, JSValue v, type *dst)  \
  {                                                             \
    int r = JS_IsException(v) ? -1 : read_##name(ctx, v, dst);  \
                                                                \
    JS_FreeValue(ctx, v);                                       \
    return r;                                                   \
  }                                                             \
  static int read_##name(JSContext *ctx, JSValue v, type *dst)

READ(i32, int32_t)
{
  return JS_ToInt32(ctx, dst, v);
}

READ(i64, int64_t)
{
  return JS_ToInt64(ctx, dst, v);
}

READ(f64, double)
{
  return JS_ToFloat64(ctx, dst, v);
}

READ(bool, bool)
{
  int r = JS_ToBool(ctx, v);

  *dst = r > 0;
  return r < 0 ? -1 : 0;
}

/* Freed by JS_FreeCString. */
READ(str, tenon_str)
{
  dst->data = JS_ToCStringLen(ctx, &dst->len, v);
  return dst->data ? 0 : -1;
}

READ(note, const tenon_str *)
{
  tenon_str *s;

  if (JS_IsNull(v)) return 0;
  s = malloc(sizeof *s);
  if (!s || read_str(ctx, v, s)) {
    free(s);
    return -1;
  }
  *dst = s;
  return 0;
}

READ(color, color)
{
  const char *s = JS_ToCString(ctx, v);
  int i = 0;

  if (!s) return -1;
  while (i < 5 && strcmp(s, colors[i]) != 0)
    i++;
  JS_FreeCString(ctx, s);
  if (i == 5) {
    JS_ThrowTypeError(ctx, "unknown color");
    return -1;
  }
  *dst = (color)i;
  return 0;
}

/* The elements of an array into zeroed memory. */
#define READ_ARRAY(name, type, array, take)                               \
  READ(name, array)                                                       \
  {                                                                       \
    int64_t len, i;                                                       \
    type *data;                                                           \
                                                                          \
    if (JS_GetLength(ctx, v, &len)) return -1;                            \
    data = calloc((size_t)len + 1, sizeof *data);                         \
    if (!data) return -1;                                                 \
    *dst = (array){data, (size_t)len};                                    \
    for (i = 0; i < len; i++)                                             \
      if (take(ctx, JS_GetPropertyInt64(ctx, v, i), &data[i])) return -1; \
    return 0;                                                             \
  }

READ_ARRAY(tags, tenon_str, tenon_array_str, take_str)

#define GET_NAME(key) JS_GetPropertyStr(ctx, v, #key)
#define GET_ATOM(key) JS_GetProperty(ctx, v, atom_##key)

#define READ_DOCUMENT(how, GET)                                             \
  READ(part_##how, part)                                                    \
  {                                                                         \
    return take_str(ctx, GET(code), &dst->code) ||                          \
                   take_i32(ctx, GET(count), &dst->count)                   \
               ? -1                                                         \
               : 0;                                                         \
  }                                                                         \
  READ_ARRAY(parts_##how, part, tenon_array_part, take_part_##how)          \
  READ(point_##how, point)                                                  \
  {                                                                         \
    return take_f64(ctx, GET(x), &dst->x) || take_f64(ctx, GET(y), &dst->y) \
               ? -1                                                         \
               : 0;                                                         \
  }                                                                         \
  READ(item_##how, item)                                                    \
  {                                                                         \
    return take_i64(ctx, GET(id), &dst->id) ||                              \
                   take_str(ctx, GET(name), &dst->name) ||                  \
                   take_bool(ctx, GET(active), &dst->active) ||             \
                   take_f64(ctx, GET(score), &dst->score) ||                \
                   take_tags(ctx, GET(tags), &dst->tags) ||                 \
                   take_point_##how(ctx, GET(at), &dst->at) ||              \
                   take_color(ctx, GET(kind), &dst->kind) ||                \
                   take_note(ctx, GET(note), &dst->note) ||                 \
                   take_parts_##how(ctx, GET(parts), &dst->parts)           \
               ? -1                                                         \
               : 0;                                                         \
  }                                                                         \
  READ_ARRAY(items_##how, item, tenon_array_item, take_item_##how)          \
  static int read_document_##how(JSContext *ctx, JSValueConst v,            \
                                 document *dst)                             \
  {                                                                         \
    memset(dst, 0, sizeof *dst);                                            \
    return take_i32(ctx, GET(version), &dst->version) ||                    \
                   take_str(ctx, GET(title), &dst->title) ||                \
                   take_items_##how(ctx, GET(items), &dst->items)           \
               ? -1                                                         \
               : 0;                                                         \
  }
READ_DOCUMENT(name, GET_NAME)
READ_DOCUMENT(atom, GET_ATOM)

static void free_document(JSContext *ctx, document *d)
{
  size_t i, k;

  JS_FreeCString(ctx, d->title.data);
  for (i = 0; i < d->items.len; i++) {
    const item *t = &d->items.data[i];
    JS_FreeCString(ctx, t->name.data);
    if (t->note) JS_FreeCString(ctx, t->note->data);
    free((void *)t->note);
    for (k = 0; k < t->tags.len; k++)
      JS_FreeCString(ctx, t->tags.data[k].data);
    for (k = 0; k < t->parts.len; k++)
      JS_FreeCString(ctx, t->parts.data[k].code.data);
    free((void *)t->tags.data);
    free((void *)t->parts.data);
  }
  free((void *)d->items.data);
}

/* --- Out, member by member ------------------------------------------------ */

static JSValue all_or_none(JSContext *ctx, JSValue v, bool failed)
{
  if (!failed) return v;
  JS_FreeValue(ctx, v);
  return JS_EXCEPTION;
}

static JSValue new_str(JSContext *ctx, const tenon_str *s)
{
  return JS_NewStringLen(ctx, s->data, s->len);
}

/* A member of the object `o`. */
#define SET(name, v) (JS_SetPropertyStr(ctx, o, #name, v) < 0)

#define NEW_ARRAY(name, array, make)                                   \
  static JSValue new_##name(JSContext *ctx, const array *a)            \
  {                                                                    \
    JSValue o = JS_NewArray(ctx);                                      \
    uint32_t i;                                                        \
                                                                       \
    if (JS_IsException(o)) return o;                                   \
    for (i = 0; i < a->len; i++)                                       \
      if (JS_SetPropertyUint32(ctx, o, i, make(ctx, &a->data[i])) < 0) \
        return all_or_none(ctx, o, true);                              \
    return o;                                                          \
  }

static JSValue new_part(JSContext *ctx, const part *p)
{
  JSValue o = JS_NewObject(ctx);

  if (JS_IsException(o)) return o;
  return all_or_none(ctx, o,
                     SET(code, new_str(ctx, &p->code)) ||
                         SET(count, JS_NewInt32(ctx, p->count)));
}

static JSValue new_point(JSContext *ctx, const point *p)
{
  JSValue o = JS_NewObject(ctx);

  if (JS_IsException(o)) return o;
  return all_or_none(ctx, o,
                     SET(x, JS_NewFloat64(ctx, p->x)) ||
                         SET(y, JS_NewFloat64(ctx, p->y)));
}

NEW_ARRAY(tags, tenon_array_str, new_str)
NEW_ARRAY(parts, tenon_array_part, new_part)

static JSValue new_item(JSContext *ctx, const item *t)
{
  JSValue o = JS_NewObject(ctx);

  if (JS_IsException(o)) return o;
  return all_or_none(ctx, o,
                     SET(id, JS_NewInt64(ctx, t->id)) ||
                         SET(name, new_str(ctx, &t->name)) ||
                         SET(active, JS_NewBool(ctx, t->active)) ||
                         SET(score, JS_NewFloat64(ctx, t->score)) ||
                         SET(tags, new_tags(ctx, &t->tags)) ||
                         SET(at, new_point(ctx, &t->at)) ||
                         SET(kind, JS_NewString(ctx, colors[t->kind])) ||
                         SET(note, t->note ? new_str(ctx, t->note) : JS_NULL) ||
                         SET(parts, new_parts(ctx, &t->parts)));
}

NEW_ARRAY(items, tenon_array_item, new_item)

static JSValue new_document_name(JSContext *ctx, const document *d)
{
  JSValue o = JS_NewObject(ctx);

  if (JS_IsException(o)) return o;
  return all_or_none(ctx, o,
                     SET(version, JS_NewInt32(ctx, d->version)) ||
                         SET(title, new_str(ctx, &d->title)) ||
                         SET(items, new_items(ctx, &d->items)));
}

/* --- Out, by atoms and all at once ---------------------------------------- */

/* A member of the object `o`, which has none of this name. */
#define DEFINE(name, v) \
  (JS_DefinePropertyValue(ctx, o, atom_##name, v, JS_PROP_C_W_E) < 0)

/* The engine wants all values in one place before it makes the array. */
#define FAST_ARRAY(name, array, make)                          \
  static JSValue fast_##name(JSContext *ctx, const array *a)   \
  {                                                            \
    JSValue few[16], *values = few, o;                         \
    size_t i;                                                  \
                                                               \
    if (a->len > 16) values = malloc(a->len * sizeof *values); \
    if (!values) return JS_ThrowOutOfMemory(ctx);              \
    for (i = 0; i < a->len; i++)                               \
      values[i] = make(ctx, &a->data[i]);                      \
    o = JS_NewArrayFrom(ctx, (int)a->len, values);             \
    if (values != few) free(values);                           \
    return o;                                                  \
  }

static JSValue fast_part(JSContext *ctx, const part *p)
{
  JSValue o = JS_NewObject(ctx);

  if (JS_IsException(o)) return o;
  return all_or_none(ctx, o,
                     DEFINE(code, new_str(ctx, &p->code)) ||
                         DEFINE(count, JS_NewInt32(ctx, p->count)));
}

static JSValue fast_point(JSContext *ctx, const point *p)
{
  JSValue o = JS_NewObject(ctx);

  if (JS_IsException(o)) return o;
  return all_or_none(ctx, o,
                     DEFINE(x, JS_NewFloat64(ctx, p->x)) ||
                         DEFINE(y, JS_NewFloat64(ctx, p->y)));
}

FAST_ARRAY(tags, tenon_array_str, new_str)
FAST_ARRAY(parts, tenon_array_part, fast_part)

static JSValue fast_item(JSContext *ctx, const item *t)
{
  JSValue o = JS_NewObject(ctx);

  if (JS_IsException(o)) return o;
  return all_or_none(
      ctx, o,
      DEFINE(id, JS_NewInt64(ctx, t->id)) ||
          DEFINE(name, new_str(ctx, &t->name)) ||
          DEFINE(active, JS_NewBool(ctx, t->active)) ||
          DEFINE(score, JS_NewFloat64(ctx, t->score)) ||
          DEFINE(tags, fast_tags(ctx, &t->tags)) ||
          DEFINE(at, fast_point(ctx, &t->at)) ||
          DEFINE(kind, JS_NewString(ctx, colors[t->kind])) ||
          DEFINE(note, t->note ? new_str(ctx, t->note) : JS_NULL) ||
          DEFINE(parts, fast_parts(ctx, &t->parts)));
}

FAST_ARRAY(items, tenon_array_item, fast_item)

static JSValue new_document_atom(JSContext *ctx, const document *d)
{
  JSValue o = JS_NewObject(ctx);

  if (JS_IsException(o)) return o;
  return all_or_none(ctx, o,
                     DEFINE(version, JS_NewInt32(ctx, d->version)) ||
                         DEFINE(title, new_str(ctx, &d->title)) ||
                         DEFINE(items, fast_items(ctx, &d->items)));
}

/* --- Functions ------------------------------------------------------------ */

#define FUNCTIONS(how)                                                        \
  JSValue bench_in_##how(JSContext *ctx, JSValueConst this_value, int argc,   \
                         JSValueConst *argv)                                  \
  {                                                                           \
    document d;                                                               \
    JSValue r = read_document_##how(ctx, argv[0], &d)                         \
                    ? JS_EXCEPTION                                            \
                    : JS_NewFloat64(ctx, bench_sum(&d));                      \
                                                                              \
    free_document(ctx, &d);                                                   \
    return r;                                                                 \
  }                                                                           \
  JSValue bench_out_##how(JSContext *ctx, JSValueConst this_value, int argc,  \
                          JSValueConst *argv)                                 \
  {                                                                           \
    return new_document_##how(ctx, bench_document);                           \
  }                                                                           \
  JSValue bench_echo_##how(JSContext *ctx, JSValueConst this_value, int argc, \
                           JSValueConst *argv)                                \
  {                                                                           \
    document d;                                                               \
    JSValue r = read_document_##how(ctx, argv[0], &d)                         \
                    ? JS_EXCEPTION                                            \
                    : new_document_##how(ctx, &d);                            \
                                                                              \
    free_document(ctx, &d);                                                   \
    return r;                                                                 \
  }
FUNCTIONS(name)
FUNCTIONS(atom)

/* --- What out_document returns -------------------------------------------- */

static document kept;
const document *bench_document = &kept;

int bench_document_init(JSContext *ctx, JSValueConst v)
{
  return read_document_atom(ctx, v, &kept);
}

void bench_document_release(JSContext *ctx)
{
  free_document(ctx, &kept);
  memset(&kept, 0, sizeof kept);
}
