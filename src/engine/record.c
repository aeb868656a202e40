/*
 * See record.h. Included by unit.c behind quickjs.c.
 *
 * A hint is a slot of an object's shape. It is good where that slot has the
 * name in question and holds a plain value, whatever shape it is: so nothing
 * has to be held or told of changes, and objects of several shapes share it.
 */
#include "engine/record.h"

int tenon_p_record_init(JSContext *ctx, tenon_p_record *r, uint32_t count)
{
  *r = (tenon_p_record){.count = count};
  r->atoms = js_mallocz(ctx, (count + 1) * sizeof *r->atoms);
  r->slots = js_mallocz(ctx, (count + 1) * sizeof *r->slots);
  if (r->atoms && r->slots) return 0;
  tenon_p_record_release(ctx->rt, r);
  return -1;
}

void tenon_p_record_release(JSRuntime *rt, tenon_p_record *r)
{
  uint32_t i;

  for (i = 0; r->atoms && i < r->count; i++)
    JS_FreeAtomRT(rt, r->atoms[i]);
  js_free_rt(rt, r->atoms);
  js_free_rt(rt, r->slots);
  if (r->shape) js_free_shape(rt, r->shape);
  *r = (tenon_p_record){0};
}

void tenon_p_record_mark(JSRuntime *rt, const tenon_p_record *r,
                         JS_MarkFunc *mark)
{
  if (r->shape) mark(rt, &r->shape->header);
}

/* --- Members in ----------------------------------------------------------- */

static inline bool is_plain_property(const JSShapeProperty *prs, JSAtom atom)
{
  return prs->atom == atom && !(prs->flags & JS_PROP_TMASK);
}

/* An own data property; NULL where there is none. The engine looks at these
 * first, whatever kind of object it is. */
static inline const JSProperty *own_value(JSObject *p, JSAtom atom,
                                          uint32_t *slot)
{
  JSShape *sh = p->shape;
  JSShapeProperty *prs;
  JSProperty *pr;

  if (likely(*slot < (uint32_t)sh->prop_count &&
             is_plain_property(&get_shape_prop(sh)[*slot], atom)))
    return &p->prop[*slot];
  prs = find_own_property(&pr, p, atom);
  if (!prs || !is_plain_property(prs, atom)) return NULL;
  *slot = (uint32_t)(prs - get_shape_prop(sh));
  return pr;
}

/* An object is held, since scripts may run while it is read. */
static inline JSValue lend(JSValue v, bool *is_borrowed)
{
  *is_borrowed = JS_VALUE_GET_TAG(v) != JS_TAG_OBJECT;
  return *is_borrowed ? v : js_dup(v);
}

JSValue tenon_p_record_get(JSContext *ctx, const tenon_p_record *r,
                           JSValueConst object, uint32_t i, bool *is_borrowed)
{
  const JSProperty *pr =
      own_value(JS_VALUE_GET_OBJ(object), r->atoms[i], &r->slots[i]);

  if (likely(pr != NULL)) return lend(pr->u.value, is_borrowed);
  *is_borrowed = false;
  return JS_GetProperty(ctx, object, r->atoms[i]);
}

/* --- Members out ---------------------------------------------------------- */

JSValue tenon_p_record_new(JSContext *ctx, const tenon_p_record *r)
{
  JSShape *sh = r->shape;
  JSObject *p;
  JSValue v;
  int i;

  if (!sh || sh->proto != JS_VALUE_GET_OBJ(ctx->class_proto[JS_CLASS_OBJECT]))
    return JS_NewObject(ctx);
  v = JS_NewObjectFromShape(ctx, js_dup_shape(sh), JS_CLASS_OBJECT, NULL);
  if (JS_IsException(v)) return v;
  p = JS_VALUE_GET_OBJ(v);
  for (i = 0; i < sh->prop_count; i++)
    p->prop[i].u.value = JS_UNDEFINED;
  return v;
}

int tenon_p_record_put(JSContext *ctx, const tenon_p_record *r,
                       JSValueConst object, uint32_t i, JSValue v)
{
  JSObject *p = JS_VALUE_GET_OBJ(object);

  if (likely(p->shape == r->shape)) {
    p->prop[i].u.value = v;
    return 0;
  }
  return JS_DefinePropertyValue(ctx, object, r->atoms[i], v, JS_PROP_C_W_E) < 0
             ? -1
             : 0;
}

/* A shape that is counted here is never changed in place, since it is shared. */
void tenon_p_record_learn(JSContext *ctx, tenon_p_record *r,
                          JSValueConst object)
{
  JSShape *sh = JS_VALUE_GET_OBJ(object)->shape;
  uint32_t i;

  if (likely(sh == r->shape)) return;
  if (!sh->is_hashed || (uint32_t)sh->prop_count != r->count) return;
  for (i = 0; i < r->count; i++)
    if (get_shape_prop(sh)[i].atom != r->atoms[i]) return;
  if (r->shape) js_free_shape(ctx->rt, r->shape);
  r->shape = js_dup_shape(sh);
}

/* --- Elements ------------------------------------------------------------- */

static inline bool is_dense(JSValueConst array)
{
  JSObject *p = JS_VALUE_GET_OBJ(array);

  return p->class_id == JS_CLASS_ARRAY && p->fast_array;
}

int64_t tenon_p_array_length(JSValueConst v)
{
  JSObject *p;

  if (!JS_IsObject(v)) return -1;
  p = JS_VALUE_GET_OBJ(v);
  /* It is the first property of every Array, and never an accessor. */
  if (p->class_id != JS_CLASS_ARRAY ||
      JS_VALUE_GET_TAG(p->prop[0].u.value) != JS_TAG_INT)
    return -1;
  return JS_VALUE_GET_INT(p->prop[0].u.value);
}

JSValue tenon_p_element_get(JSContext *ctx, JSValueConst array, uint32_t i,
                            bool *is_borrowed)
{
  JSObject *p = JS_VALUE_GET_OBJ(array);

  if (likely(is_dense(array) && i < p->u.array.count))
    return lend(p->u.array.u.values[i], is_borrowed);
  *is_borrowed = false;
  return JS_GetPropertyInt64(ctx, array, i);
}

static inline bool read_number(JSValueConst v, double *d)
{
  if (JS_VALUE_GET_TAG(v) == JS_TAG_INT)
    *d = JS_VALUE_GET_INT(v);
  else if (JS_TAG_IS_FLOAT64(JS_VALUE_GET_TAG(v)))
    *d = JS_VALUE_GET_FLOAT64(v);
  else
    return false;
  return true;
}

#define READ_INTEGERS(ctype, first, last)               \
  for (i = 0; i < len; i++) {                           \
    int32_t n = JS_VALUE_GET_INT(v[i]);                 \
    if (JS_VALUE_GET_TAG(v[i]) != JS_TAG_INT) return i; \
    if (n < (first) || n > (last)) return i;            \
    ((ctype *)dst)[i] = (ctype)n;                       \
  }                                                     \
  return i;
#define READ_FLOATS(ctype)                \
  for (i = 0; i < len; i++) {             \
    double d;                             \
    if (!read_number(v[i], &d)) return i; \
    ((ctype *)dst)[i] = (ctype)d;         \
  }                                       \
  return i;

size_t tenon_p_elements_as_numbers(JSValueConst array, JSTypedArrayEnum type,
                                   void *dst, size_t len)
{
  JSObject *p = JS_VALUE_GET_OBJ(array);
  const JSValue *v;
  size_t i;

  if (!is_dense(array)) return 0;
  if (len > p->u.array.count) len = p->u.array.count;
  v = p->u.array.u.values;
  switch (type) {
  case JS_TYPED_ARRAY_INT8: READ_INTEGERS(int8_t, INT8_MIN, INT8_MAX)
  case JS_TYPED_ARRAY_UINT8: READ_INTEGERS(uint8_t, 0, UINT8_MAX)
  case JS_TYPED_ARRAY_INT16: READ_INTEGERS(int16_t, INT16_MIN, INT16_MAX)
  case JS_TYPED_ARRAY_UINT16: READ_INTEGERS(uint16_t, 0, UINT16_MAX)
  case JS_TYPED_ARRAY_INT32: READ_INTEGERS(int32_t, INT32_MIN, INT32_MAX)
  case JS_TYPED_ARRAY_UINT32: READ_INTEGERS(uint32_t, 0, INT32_MAX)
  case JS_TYPED_ARRAY_BIG_INT64: READ_INTEGERS(int64_t, INT32_MIN, INT32_MAX)
  case JS_TYPED_ARRAY_BIG_UINT64: READ_INTEGERS(uint64_t, 0, INT32_MAX)
  case JS_TYPED_ARRAY_FLOAT32: READ_FLOATS(float)
  case JS_TYPED_ARRAY_FLOAT64: READ_FLOATS(double)
  default: return 0;
  }
}
#undef READ_INTEGERS
#undef READ_FLOATS

JSValue tenon_p_array_new(JSContext *ctx, uint32_t len, JSValue **elements)
{
  JSValue array = js_allocate_fast_array(ctx, len);

  if (!JS_IsException(array))
    *elements = JS_VALUE_GET_OBJ(array)->u.array.u.values;
  return array;
}

/* --- Names ---------------------------------------------------------------- */

int tenon_p_string_index(JSContext *ctx, JSValueConst v, const JSAtom *atoms,
                         uint32_t count, uint32_t *index)
{
  JSRuntime *rt = ctx->rt;
  uint32_t i = 0;
  JSAtom atom;

  /* Most strings that are names are atoms, as those of a source are. */
  if (JS_VALUE_GET_TAG(v) == JS_TAG_STRING) {
    JSString *p = JS_VALUE_GET_STRING(v);
    while (i < count &&
           (__JS_AtomIsTaggedInt(atoms[i]) || rt->atom_array[atoms[i]] != p))
      i++;
    *index = i;
    if (i < count) return 0;
  }
  atom = JS_ValueToAtom(ctx, v);
  if (atom == JS_ATOM_NULL) return -1;
  for (i = 0; i < count && atoms[i] != atom;)
    i++;
  JS_FreeAtom(ctx, atom);
  *index = i;
  return 0;
}
