/* See look.h. Included by unit.c behind quickjs.c. */
#include "engine/look.h"

JSValue tenon_p_look_list(JSContext *ctx)
{
  return JS_NewObjectProtoClass(ctx, JS_NULL, JS_CLASS_ARRAY);
}

JSValue tenon_p_look_class(JSContext *ctx, JSValueConst v)
{
  JSClassID id;

  if (!JS_IsObject(v)) return JS_UNDEFINED;
  id = JS_GetClassID(v);
  if (id == JS_CLASS_PROXY) return JS_NewString(ctx, "Proxy");
  if (id == JS_CLASS_MODULE_NS) return JS_NewString(ctx, "Module");
  if (ctx->rt->class_array[id].class_name == JS_ATOM_NULL)
    return JS_NewString(ctx, "Object");
  return JS_AtomToString(ctx, ctx->rt->class_array[id].class_name);
}

/* Consumes `v`. */
static int add_item(JSContext *ctx, JSValueConst list, uint32_t i, JSValue v)
{
  if (JS_IsException(v)) return -1;
  return JS_DefinePropertyValueUint32(ctx, list, i, v, JS_PROP_C_W_E) < 0 ? -1
                                                                          : 0;
}

static bool has_block(const JSObject *p)
{
  return p->fast_array &&
         (p->class_id == JS_CLASS_ARRAY || is_typed_array(p->class_id));
}

/* The keys that stand in the object's shape: texts, or symbols. */
static int add_shape_keys(JSContext *ctx, JSValueConst list, uint32_t *n,
                          JSObject *p, bool all, bool symbols)
{
  int i;

  for (i = 0; i < p->shape->prop_count; i++) {
    /* Adding may allocate, but runs nothing that could change the shape. */
    JSShapeProperty *prs = &get_shape_prop(p->shape)[i];
    JSAtomKindEnum kind;
    if (prs->atom == JS_ATOM_NULL) continue;
    if (!all && !(prs->flags & JS_PROP_ENUMERABLE)) continue;
    kind = JS_AtomGetKind(ctx, prs->atom);
    if (kind == JS_ATOM_KIND_PRIVATE ||
        (kind == JS_ATOM_KIND_SYMBOL) != symbols)
      continue;
    if (add_item(ctx, list, (*n)++, JS_AtomToValue(ctx, prs->atom))) return -1;
  }
  return 0;
}

JSValue tenon_p_look_keys(JSContext *ctx, JSValueConst v, bool all,
                          bool skips_elements)
{
  JSValue list = tenon_p_look_list(ctx);
  JSPropertyEnum *keys = NULL;
  uint32_t i, n = 0, count = 0;
  int flags = JS_GPN_STRING_MASK | JS_GPN_SYMBOL_MASK, r = -1;
  JSObject *p;

  if (JS_IsException(list) || !JS_IsObject(v) || JS_IsProxy(v)) return list;
  p = JS_VALUE_GET_OBJ(v);
  if (skips_elements && has_block(p)) {
    if (add_shape_keys(ctx, list, &n, p, all, false) ||
        add_shape_keys(ctx, list, &n, p, all, true))
      goto out;
    return list;
  }
  /* Whether a name of a module namespace is enumerable can be asked for only
   * once it has a value; those that are no symbols are. */
  if (!all && p->class_id != JS_CLASS_MODULE_NS) flags |= JS_GPN_ENUM_ONLY;
  if (JS_GetOwnPropertyNames(ctx, &keys, &count, v, flags)) goto out;
  for (i = 0; i < count; i++) {
    if (!all && p->class_id == JS_CLASS_MODULE_NS &&
        JS_AtomGetKind(ctx, keys[i].atom) == JS_ATOM_KIND_SYMBOL)
      continue;
    if (add_item(ctx, list, n++, JS_AtomToValue(ctx, keys[i].atom))) goto out;
  }
  r = 0;
out:
  JS_FreePropertyEnum(ctx, keys, count);
  if (r == 0) return list;
  JS_FreeValue(ctx, list);
  return JS_EXCEPTION;
}

/* Where to read on, and how. */
typedef struct entries {
  JSMapState *state;
  struct list_head *at;
  bool is_set, has_pairs, has_keys;
} entries;

static bool find_entries(JSValueConst v, entries *e)
{
  JSMapIteratorData *it;
  JSObject *p = JS_VALUE_GET_OBJ(v);
  bool is_map;

  if (p->class_id == JS_CLASS_MAP || p->class_id == JS_CLASS_SET ||
      p->class_id == JS_CLASS_WEAKMAP || p->class_id == JS_CLASS_WEAKSET) {
    e->state = p->u.map_state;
    e->has_pairs =
        p->class_id == JS_CLASS_MAP || p->class_id == JS_CLASS_WEAKMAP;
    e->has_keys = true;
    e->is_set = !e->has_pairs;
    e->at = e->state ? e->state->records.next : NULL;
    return true;
  }
  is_map = p->class_id == JS_CLASS_MAP_ITERATOR;
  e->is_set = !is_map;
  if (!is_map && p->class_id != JS_CLASS_SET_ITERATOR) return false;
  it = p->u.map_iterator_data;
  if (!it) return false;
  e->has_pairs = it->kind == JS_ITERATOR_KIND_KEY_AND_VALUE;
  e->has_keys = e->has_pairs || !is_map || it->kind == JS_ITERATOR_KIND_KEY;
  /* An iterator at its end lets go of what it ran over. */
  e->state =
      JS_IsUndefined(it->obj) ? NULL : JS_VALUE_GET_OBJ(it->obj)->u.map_state;
  e->at = !e->state        ? NULL
          : it->cur_record ? it->cur_record->link.next
                           : e->state->records.next;
  return true;
}

static bool add_entry(JSContext *ctx, JSValueConst list, uint32_t *n,
                      const JSMapRecord *r, const entries *e)
{
  JSValue value = js_dup(e->is_set ? r->key : r->value);

  if (e->has_keys && add_item(ctx, list, (*n)++, js_dup(r->key))) {
    JS_FreeValue(ctx, value);
    return true;
  }
  if (e->has_pairs || !e->has_keys)
    return add_item(ctx, list, (*n)++, value) != 0;
  JS_FreeValue(ctx, value);
  return false;
}

JSValue tenon_p_look_entries(JSContext *ctx, JSValueConst v, uint32_t limit)
{
  entries e;
  JSValue list;
  uint32_t count = 0, n = 2;

  if (!JS_IsObject(v) || !find_entries(v, &e)) return JS_UNDEFINED;
  list = tenon_p_look_list(ctx);
  if (JS_IsException(list)) return list;
  if (add_item(ctx, list, 0, JS_NewBool(ctx, e.has_pairs)) ||
      add_item(ctx, list, 1, JS_NewInt32(ctx, 0)))
    goto fail;
  while (e.state && e.at != &e.state->records) {
    JSMapRecord *r = list_entry(e.at, JSMapRecord, link);
    bool fails = false;
    /* A collection may remove what is held weakly. */
    r->ref_count++;
    if (!r->empty && count++ < limit) fails = add_entry(ctx, list, &n, r, &e);
    e.at = r->link.next;
    map_decref_record(ctx->rt, r);
    if (fails) goto fail;
  }
  if (add_item(ctx, list, 1, JS_NewUint32(ctx, count)) == 0) return list;
fail:
  JS_FreeValue(ctx, list);
  return JS_EXCEPTION;
}

static const JSObject *look_builtin(JSValueConst v)
{
  const JSObject *p = JS_IsObject(v) ? JS_VALUE_GET_OBJ(v) : NULL;

  return p && p->class_id == JS_CLASS_C_FUNCTION ? p : NULL;
}

bool tenon_p_look_is_same_builtin(JSValueConst a, JSValueConst b)
{
  const JSObject *p = look_builtin(a), *q = look_builtin(b);

  return p && q && p->u.cfunc.cproto == q->u.cfunc.cproto &&
         p->u.cfunc.magic == q->u.cfunc.magic &&
         p->u.cfunc.c_function.generic == q->u.cfunc.c_function.generic;
}
