/*
 * Instances that are more than their properties: the classes of their objects,
 * and what these do when they are called, or asked for a property. Included by
 * unit.c behind native.c. See instance.h.
 *
 * Invariants
 * - Each question goes to one hook, a native function that no script sees, so
 *   pins, brand checks, conversion and errors are those of methods.
 * - Symbols and private names are ordinary properties, whatever the class.
 * - A container is extensible for ever: what it holds is not the engine's to
 *   freeze.
 */
#include "engine/instance.h"
#include "engine/native.h"

static tenon_p_instance *exotic_instance(JSValueConst object)
{
  return JS_VALUE_GET_OBJ(object)->u.opaque;
}

/* A hook's answer; JS_UNINITIALIZED: that it has none. */
static JSValue exotic_run(JSContext *ctx, tenon_p_instance *i,
                          enum tenon_p_hook hook, JSValueConst object, int argc,
                          JSValueConst *argv)
{
  /* What it does may end the realm that has the hook. */
  JSValue f = js_dup(i->class->hooks[hook]);
  tenon_p_native *n = JS_VALUE_GET_OBJ(f)->u.opaque;
  JSValue r;

  if (likely(n->enter_self != NULL) && likely(i->self != NULL) &&
      likely(!i->is_borrowed))
    r = n->enter_self(ctx, f, i, argc, argv);
  else
    r = native_start(ctx, f, object, NULL, argc, argv);
  JS_FreeValue(ctx, f);
  return r;
}

/* The same of one that says yes or no; -1 with an exception. */
static int exotic_says(JSContext *ctx, tenon_p_instance *i,
                       enum tenon_p_hook hook, JSValueConst object, int argc,
                       JSValueConst *argv)
{
  JSValue r = exotic_run(ctx, i, hook, object, argc, argv);

  return JS_IsException(r) ? -1 : JS_VALUE_GET_BOOL(r);
}

static bool exotic_has_hook(const tenon_p_instance *i, enum tenon_p_hook hook)
{
  return !JS_IsUndefined(i->class->hooks[hook]);
}

static JSValue exotic_call(JSContext *ctx, JSValueConst function,
                           JSValueConst this_value, int argc,
                           JSValueConst *argv, int flags)
{
  tenon_p_instance *i = exotic_instance(function);

  (void)this_value;
  (void)flags;
  if (unlikely(!i) || unlikely(!exotic_has_hook(i, TENON_P_HOOK_CALL)))
    return JS_ThrowTypeError(ctx, "the realm of this instance was freed");
  return exotic_run(ctx, i, TENON_P_HOOK_CALL, function, argc, argv);
}

/* --- Properties -------------------------------------------------------------- */

/* A property that is for C to say. */
typedef struct exotic_key {
  tenon_p_instance *i;
  JSValueConst object;
  JSValue key;
  uint32_t hooks; /* what is added to a hook's number: 0, or that of indices */
} exotic_key;

static JSValue exotic_ask(JSContext *ctx, const exotic_key *k,
                          enum tenon_p_hook hook)
{
  JSValueConst key = k->key;

  return exotic_run(ctx, k->i, hook + k->hooks, k->object, 1, &key);
}

static bool exotic_key_has_hook(const exotic_key *k, enum tenon_p_hook hook)
{
  return exotic_has_hook(k->i, hook + k->hooks);
}

/* 1 and a key to be freed; 0 when the property is an ordinary one; -1 with an
 * exception. */
static int exotic_find(JSContext *ctx, JSValueConst object, JSAtom prop,
                       exotic_key *k)
{
  uint32_t index;

  k->i = exotic_instance(object);
  k->object = object;
  if (unlikely(!k->i)) return 0;
  if (exotic_has_hook(k->i, TENON_P_HOOK_GET + TENON_P_HOOK_INDEXED)) {
    k->hooks = TENON_P_HOOK_INDEXED;
    if (likely(__JS_AtomIsTaggedInt(prop))) {
      k->key = js_int32((int32_t)__JS_AtomToUInt32(prop));
      return 1;
    }
    if (JS_AtomIsArrayIndex(ctx, &index, prop)) {
      k->key = js_uint32(index);
      return 1;
    }
  }
  if (!exotic_has_hook(k->i, TENON_P_HOOK_GET)) return 0;
  if (JS_AtomGetKind(ctx, prop) != JS_ATOM_KIND_STRING) return 0;
  k->hooks = 0;
  k->key = JS_AtomToString(ctx, prop);
  return JS_IsException(k->key) ? -1 : 1;
}

static void exotic_leave(JSContext *ctx, const exotic_key *k)
{
  JS_FreeValue(ctx, k->key);
}

/* What prototypes have of one that no call may use: so that its methods are
 * found, and say themselves what is wrong. */
static int exotic_is_above(JSContext *ctx, const exotic_key *k, JSAtom prop)
{
  JSObject *proto = JS_VALUE_GET_OBJ(k->object)->shape->proto;

  if (!proto) return 0;
  return JS_HasProperty(ctx, JS_MKPTR(JS_TAG_OBJECT, proto), prop);
}

/* The value, JS_UNINITIALIZED, or an exception. */
static JSValue exotic_get(JSContext *ctx, const exotic_key *k, JSAtom prop)
{
  int r;

  if (unlikely(!k->i->self)) {
    r = exotic_is_above(ctx, k, prop);
    if (r) return r < 0 ? JS_EXCEPTION : JS_UNINITIALIZED;
  }
  return exotic_ask(ctx, k, TENON_P_HOOK_GET);
}

/* 1, 0, or -1 with an exception. */
static int exotic_has(JSContext *ctx, const exotic_key *k, JSAtom prop)
{
  JSValue v;

  if (exotic_key_has_hook(k, TENON_P_HOOK_HAS) && k->i->self) {
    v = exotic_ask(ctx, k, TENON_P_HOOK_HAS);
    return JS_IsException(v) ? -1 : JS_VALUE_GET_BOOL(v);
  }
  v = exotic_get(ctx, k, prop);
  if (JS_IsException(v)) return -1;
  JS_FreeValue(ctx, v);
  return !JS_IsUninitialized(v);
}

static int exotic_get_own(JSContext *ctx, JSPropertyDescriptor *desc,
                          JSValueConst object, JSAtom prop)
{
  exotic_key k;
  JSValue v;
  int r = exotic_find(ctx, object, prop, &k);

  if (r <= 0) return r;
  if (!desc) {
    r = exotic_has(ctx, &k, prop);
  } else {
    v = exotic_get(ctx, &k, prop);
    r = JS_IsException(v) ? -1 : !JS_IsUninitialized(v);
    if (r > 0)
      *desc = (JSPropertyDescriptor){
          .flags = JS_PROP_CONFIGURABLE | JS_PROP_ENUMERABLE |
                   (exotic_key_has_hook(&k, TENON_P_HOOK_SET) ? JS_PROP_WRITABLE
                                                              : 0),
          .value = v,
          .getter = JS_UNDEFINED,
          .setter = JS_UNDEFINED};
  }
  exotic_leave(ctx, &k);
  return r;
}

static int exotic_delete(JSContext *ctx, JSValueConst object, JSAtom prop)
{
  exotic_key k;
  JSValue v;
  int r = exotic_find(ctx, object, prop, &k);

  if (r <= 0) return r < 0 ? -1 : true;
  /* What is not there is deleted. */
  r = exotic_has(ctx, &k, prop);
  if (r > 0 && exotic_key_has_hook(&k, TENON_P_HOOK_DELETE)) {
    v = exotic_ask(ctx, &k, TENON_P_HOOK_DELETE);
    r = JS_IsException(v) ? -1 : JS_VALUE_GET_BOOL(v);
  } else if (r >= 0) {
    r = !r;
  }
  exotic_leave(ctx, &k);
  return r;
}

static int exotic_put(JSContext *ctx, const exotic_key *k, JSAtom prop,
                      JSValueConst v, int flags)
{
  JSValueConst args[2] = {k->key, v};
  int r;

  if (!exotic_key_has_hook(k, TENON_P_HOOK_SET))
    return JS_ThrowTypeErrorReadOnly(ctx, flags, prop);
  r = exotic_says(ctx, k->i, TENON_P_HOOK_SET + k->hooks, k->object, 2, args);
  return r ? r : JS_ThrowTypeErrorReadOnly(ctx, flags, prop);
}

/* As of a typed array: what is said of it must be what it is; what is not said
 * is no matter. */
static int exotic_define_key(JSContext *ctx, const exotic_key *k, JSAtom prop,
                             JSValueConst v, int flags)
{
  int said = (flags >> JS_PROP_HAS_SHIFT) & JS_PROP_C_W_E, r;

  if ((flags & (JS_PROP_HAS_GET | JS_PROP_HAS_SET)) || (flags & said) != said)
    return JS_ThrowTypeErrorOrFalse(
        ctx, flags,
        "properties of this object are configurable, enumerable and writable");
  if (!(flags & JS_PROP_HAS_VALUE)) {
    r = exotic_has(ctx, k, prop);
    if (r) return r;
    v = JS_UNDEFINED;
  }
  return exotic_put(ctx, k, prop, v, flags);
}

static int exotic_define(JSContext *ctx, JSValueConst object, JSAtom prop,
                         JSValueConst v, JSValueConst getter,
                         JSValueConst setter, int flags)
{
  exotic_key k;
  int r = exotic_find(ctx, object, prop, &k);

  if (r < 0) return -1;
  if (r == 0)
    return JS_DefineProperty(ctx, object, prop, v, getter, setter,
                             flags | JS_PROP_NO_EXOTIC);
  r = exotic_define_key(ctx, &k, prop, v, flags);
  exotic_leave(ctx, &k);
  return r;
}

/* Assign to a property that nobody up to here has, from what stands above. */
static int exotic_set_above(JSContext *ctx, JSValueConst object, JSAtom prop,
                            JSValueConst v, JSValueConst receiver, int flags)
{
  JSObject *proto = JS_VALUE_GET_OBJ(object)->shape->proto;
  JSValue above;
  int r;

  above = proto ? js_dup(JS_MKPTR(JS_TAG_OBJECT, proto))
                : JS_NewObjectProto(ctx, JS_NULL);
  if (JS_IsException(above)) return -1;
  r = JS_SetPropertyInternal2(ctx, above, prop, js_dup(v), receiver, flags);
  JS_FreeValue(ctx, above);
  return r;
}

/* The end of an assignment to a property of a prototype that is data. */
static int exotic_set_receiver(JSContext *ctx, JSAtom prop, JSValueConst v,
                               JSValueConst receiver, int flags)
{
  const int all = JS_PROP_HAS_VALUE | JS_PROP_HAS_CONFIGURABLE |
                  JS_PROP_HAS_WRITABLE | JS_PROP_HAS_ENUMERABLE | JS_PROP_C_W_E;
  int there, r;

  if (!JS_IsObject(receiver))
    return JS_ThrowTypeErrorOrFalse(ctx, flags, "not an object");
  r = JS_GetOwnPropertyFlagsInternal(ctx, &there, JS_VALUE_GET_OBJ(receiver),
                                     prop);
  if (r < 0) return -1;
  if (r && (there & JS_PROP_GETSET))
    return JS_ThrowTypeErrorOrFalse(ctx, flags, "setter is forbidden");
  if (r && !(there & JS_PROP_WRITABLE))
    return JS_ThrowTypeErrorReadOnly(ctx, flags, prop);
  return JS_DefineProperty(ctx, receiver, prop, v, JS_UNDEFINED, JS_UNDEFINED,
                           flags | (r ? JS_PROP_HAS_VALUE : all));
}

/* Has no ordinary prototype anything of this name? Then there is no need to ask
 * C whether it has it before it is handed a value. */
static bool exotic_is_alone(JSValueConst object, JSAtom prop)
{
  JSObject *p = JS_VALUE_GET_OBJ(object)->shape->proto;
  JSProperty *pr;

  for (; p; p = p->shape->proto)
    if (p->is_exotic || find_own_property(&pr, p, prop)) return false;
  return true;
}

static int exotic_set_key(JSContext *ctx, const exotic_key *k, JSAtom prop,
                          JSValueConst v, JSValueConst receiver, int flags)
{
  bool is_own = JS_IsObject(receiver) &&
                JS_VALUE_GET_OBJ(receiver) == JS_VALUE_GET_OBJ(k->object);
  int r;

  if (likely(is_own) && likely(exotic_is_alone(k->object, prop)))
    return exotic_put(ctx, k, prop, v, flags);
  r = exotic_has(ctx, k, prop);
  if (r < 0) return -1;
  if (r == 0) return exotic_set_above(ctx, k->object, prop, v, receiver, flags);
  if (is_own) return exotic_put(ctx, k, prop, v, flags);
  if (!exotic_key_has_hook(k, TENON_P_HOOK_SET))
    return JS_ThrowTypeErrorReadOnly(ctx, flags, prop);
  return exotic_set_receiver(ctx, prop, v, receiver, flags);
}

static int exotic_set(JSContext *ctx, JSValueConst object, JSAtom prop,
                      JSValueConst v, JSValueConst receiver, int flags)
{
  exotic_key k;
  int r = exotic_find(ctx, object, prop, &k);

  if (r < 0) return -1;
  if (r == 0) return exotic_set_above(ctx, object, prop, v, receiver, flags);
  r = exotic_set_key(ctx, &k, prop, v, receiver, flags);
  exotic_leave(ctx, &k);
  return r;
}

/* --- Keys -------------------------------------------------------------------- */

/* How many indices there are; -1 with an exception. */
static int64_t exotic_count(JSContext *ctx, tenon_p_instance *i,
                            JSValueConst object)
{
  const enum tenon_p_hook hook = TENON_P_HOOK_KEYS + TENON_P_HOOK_INDEXED;
  int64_t count;
  JSValue v;

  if (!exotic_has_hook(i, hook)) return 0;
  v = exotic_run(ctx, i, hook, object, 0, NULL);
  if (JS_IsException(v) || JS_ToInt64(ctx, &count, v)) return -1;
  return count;
}

/* The names, a fresh array, or undefined. */
static JSValue exotic_list(JSContext *ctx, tenon_p_instance *i,
                           JSValueConst object)
{
  if (!exotic_has_hook(i, TENON_P_HOOK_KEYS)) return JS_UNDEFINED;
  return exotic_run(ctx, i, TENON_P_HOOK_KEYS, object, 0, NULL);
}

static int exotic_add_key(JSContext *ctx, JSPropertyEnum *keys, uint32_t *count,
                          JSAtom atom)
{
  if (atom == JS_ATOM_NULL) return -1;
  keys[*count] = (JSPropertyEnum){.atom = atom};
  ++*count;
  return 0;
}

static int exotic_names(JSContext *ctx, JSPropertyEnum **out,
                        uint32_t *out_count, JSValueConst object)
{
  tenon_p_instance *i = exotic_instance(object);
  JSPropertyEnum *keys = NULL;
  uint32_t count = 0, named = 0, n;
  JSValue *names = NULL, list;
  int64_t indexed;

  *out = NULL;
  *out_count = 0;
  if (!i) return 0;
  indexed = exotic_count(ctx, i, object);
  if (indexed < 0) return -1;
  list = exotic_list(ctx, i, object);
  if (JS_IsException(list)) return -1;
  if (JS_IsObject(list) && !js_get_fast_array(ctx, list, &names, &named))
    named = 0;
  if (indexed + named > INT32_MAX) {
    JS_ThrowRangeError(ctx, "too many keys");
    goto fail;
  }
  keys = js_malloc(ctx, sizeof *keys * ((size_t)indexed + named + 1));
  if (!keys) goto fail;
  for (n = 0; n < (uint32_t)indexed; n++)
    if (exotic_add_key(ctx, keys, &count, JS_NewAtomUInt32(ctx, n))) goto fail;
  for (n = 0; n < named; n++)
    if (exotic_add_key(ctx, keys, &count, JS_ValueToAtom(ctx, names[n])))
      goto fail;
  JS_FreeValue(ctx, list);
  *out = keys;
  *out_count = count;
  return 0;
fail:
  js_free_prop_enum(ctx, keys, count);
  JS_FreeValue(ctx, list);
  return -1;
}

static JSClassExoticMethods exotic_methods = {
    .get_own_property = exotic_get_own,
    .get_own_property_names = exotic_names,
    .delete_property = exotic_delete,
    .define_own_property = exotic_define,
    .set_property = exotic_set,
};

/* Asked by an edit. */
static bool exotic_stays_extensible(JSRuntime *rt, const JSObject *p)
{
  return rt->class_array[p->class_id].exotic == &exotic_methods;
}

/* --- Species ----------------------------------------------------------------- */

int tenon_p_constructor_extends(JSContext *ctx, JSValueConst constructor,
                                const tenon_p_class *c)
{
  const tenon_p_native *n;
  const JSObject *p;

  if (!JS_IsObject(constructor)) return 0;
  for (p = JS_VALUE_GET_OBJ(constructor); p; p = p->shape->proto) {
    n = tenon_p_native_of(ctx, JS_MKPTR(JS_TAG_OBJECT, (JSObject *)p));
    if (n && n->makes) return n->makes == c ? 1 : -1;
  }
  return 0;
}

JSValue tenon_p_instance_construct(JSContext *ctx, tenon_p_class *c,
                                   JSValueConst constructor,
                                   tenon_p_instance *i, bool *is_taken,
                                   bool *is_given)
{
  tenon_p_adoption a = {i, JS_VALUE_GET_OBJ(constructor), JS_UNDEFINED};
  tenon_p_adoption *outer = c->adoption;
  JSValue v;

  c->adoption = &a;
  v = JS_CallConstructor(ctx, constructor, 0, NULL);
  c->adoption = outer;
  *is_taken = a.i == NULL;
  *is_given = JS_IsObject(v) && JS_IsObject(a.object) &&
              JS_VALUE_GET_OBJ(v) == JS_VALUE_GET_OBJ(a.object);
  JS_FreeValue(ctx, a.object);
  return v;
}

/* --- Classes ----------------------------------------------------------------- */

/* Class numbers are given out by each runtime. */
uint32_t tenon_p_instance_class(JSContext *ctx, uint32_t object_kind)
{
  const JSClass *all = ctx->rt->class_array;
  const bool calls = object_kind & TENON_P_OBJECT_CALLABLE;
  const bool is_exotic = object_kind & TENON_P_OBJECT_EXOTIC;
  JSClassID id = JS_CLASS_INIT_COUNT;

  while (id < (JSClassID)ctx->rt->class_count &&
         !(instance_is_class(ctx->rt, id) && !!all[id].call == calls &&
           !!all[id].exotic == is_exotic))
    id++;
  return id;
}

int tenon_p_instance_init(JSContext *ctx)
{
  JSRuntime *rt = ctx->rt;
  uint32_t kind;

  for (kind = 0; kind <= (TENON_P_OBJECT_EXOTIC | TENON_P_OBJECT_CALLABLE);
       kind++) {
    /* The inspector knows instances by this name. */
    JSClassDef class = {"Instance", .finalizer = instance_finalizer,
                        .gc_mark = instance_mark};
    JSClassID id = JS_INVALID_CLASS_ID;
    if (tenon_p_instance_class(ctx, kind) < (JSClassID)rt->class_count)
      continue;
    if (kind & TENON_P_OBJECT_CALLABLE) class.call = exotic_call;
    if (kind & TENON_P_OBJECT_EXOTIC) class.exotic = &exotic_methods;
    if (JS_NewClass(rt, JS_NewClassID(rt, &id), &class)) return -1;
  }
  return 0;
}
