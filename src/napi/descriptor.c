/* Property descriptors, and a look at every property. */
#include <string.h>
#include <tenon/property.h>

#include "engine/extension.h"
#include "engine/foreign.h"
#include "napi/env.h"
#include "napi/object.h"

/* --- One property ---------------------------------------------------------------------- */

/* The engine's flags and ours. */
static const struct {
  int flag, has;
  uint32_t ours;
} attributes[] = {
    {JS_PROP_WRITABLE, JS_PROP_HAS_WRITABLE, TENON_PROPERTY_WRITABLE},
    {JS_PROP_ENUMERABLE, JS_PROP_HAS_ENUMERABLE, TENON_PROPERTY_ENUMERABLE},
    {JS_PROP_CONFIGURABLE, JS_PROP_HAS_CONFIGURABLE,
     TENON_PROPERTY_CONFIGURABLE},
};

/* Consumes the values; handles are of the innermost scope. */
static napi_status give(napi_env env, JSPropertyDescriptor *d,
                        tenon_property *out)
{
  bool is_accessor = d->flags & JS_PROP_GETSET;
  napi_status status;
  size_t i;

  memset(out, 0, sizeof *out);
  for (i = 0; i < tenon_p_countof(attributes); i++)
    if (d->flags & attributes[i].flag) out->attributes |= attributes[i].ours;
  out->given = TENON_PROPERTY_ALL;
  if (!is_accessor) {
    JS_FreeValue(env->ctx, d->getter);
    JS_FreeValue(env->ctx, d->setter);
    return tenon_p_napi_give(env, d->value, &out->value);
  }
  out->given &= ~(uint32_t)TENON_PROPERTY_WRITABLE;
  out->attributes &= ~(uint32_t)TENON_PROPERTY_WRITABLE;
  JS_FreeValue(env->ctx, d->value);
  status = tenon_p_napi_give(env, d->getter, &out->get);
  if (status) {
    JS_FreeValue(env->ctx, d->setter);
    return status;
  }
  return tenon_p_napi_give(env, d->setter, &out->set);
}

/* The atom of a key; napi_ok, or what is wrong. */
static napi_status atom_of(napi_env env, napi_value key, JSAtom *atom)
{
  if (!tenon_p_napi_is_key(tenon_p_napi_value(key))) return napi_name_expected;
  *atom = JS_ValueToAtom(env->ctx, tenon_p_napi_value(key));
  return *atom == JS_ATOM_NULL ? napi_pending_exception : napi_ok;
}

static napi_status look(napi_env env, JSValueConst object, napi_value key,
                        tenon_property *out, bool *is_there)
{
  JSPropertyDescriptor d;
  napi_status status;
  JSAtom atom;
  int r;

  if (!JS_IsObject(object)) return napi_object_expected;
  status = atom_of(env, key, &atom);
  if (status) return status;
  r = JS_GetOwnProperty(env->ctx, &d, object, atom);
  JS_FreeAtom(env->ctx, atom);
  if (r < 0) return napi_pending_exception;
  if (r == 0) return napi_ok;
  status = give(env, &d, out);
  *is_there = status == napi_ok;
  return status;
}

napi_status tenon_property_own(napi_env env, napi_value object, napi_value key,
                               tenon_property *out, bool *is_there)
{
  napi_status status =
      tenon_p_napi_enter(env, object && key && out && is_there);

  if (status) return status;
  memset(out, 0, sizeof *out);
  *is_there = false;
  return tenon_p_napi_leave(
      env, look(env, tenon_p_napi_value(object), key, out, is_there));
}

/* --- Defining --------------------------------------------------------------------------- */

static bool is_accessor_part(JSContext *ctx, napi_value v)
{
  return !v || JS_IsUndefined(tenon_p_napi_value(v)) ||
         JS_IsFunction(ctx, tenon_p_napi_value(v));
}

static bool is_valid(JSContext *ctx, const tenon_property *p)
{
  if ((p->given | p->attributes) & ~(uint32_t)TENON_PROPERTY_ALL) return false;
  if (p->attributes & ~p->given) return false;
  if (!p->get && !p->set) return true;
  return !p->value && !(p->given & TENON_PROPERTY_WRITABLE) &&
         is_accessor_part(ctx, p->get) && is_accessor_part(ctx, p->set);
}

static JSValueConst value_or_undefined(napi_value v)
{
  return v ? tenon_p_napi_value(v) : JS_UNDEFINED;
}

static napi_status define(napi_env env, JSValueConst object, napi_value key,
                          const tenon_property *p, bool *defined)
{
  int flags = defined ? 0 : JS_PROP_THROW, r;
  napi_status status;
  JSAtom atom;
  size_t i;

  if (!JS_IsObject(object)) return napi_object_expected;
  if (!is_valid(env->ctx, p)) return napi_invalid_arg;
  status = atom_of(env, key, &atom);
  if (status) return status;
  for (i = 0; i < tenon_p_countof(attributes); i++) {
    if (p->given & attributes[i].ours) flags |= attributes[i].has;
    if (p->attributes & attributes[i].ours) flags |= attributes[i].flag;
  }
  if (p->value) flags |= JS_PROP_HAS_VALUE;
  if (p->get) flags |= JS_PROP_HAS_GET;
  if (p->set) flags |= JS_PROP_HAS_SET;
  r = JS_DefineProperty(env->ctx, object, atom, value_or_undefined(p->value),
                        value_or_undefined(p->get), value_or_undefined(p->set),
                        flags);
  JS_FreeAtom(env->ctx, atom);
  return tenon_p_napi_answer(r, defined);
}

napi_status tenon_property_define(napi_env env, napi_value object,
                                  napi_value key, const tenon_property *p,
                                  bool *defined)
{
  napi_status status = tenon_p_napi_enter(env, object && key && p);

  if (status) return status;
  return tenon_p_napi_leave(
      env, define(env, tenon_p_napi_value(object), key, p, defined));
}

/* --- All properties --------------------------------------------------------------------- */

typedef struct walk {
  napi_env env;
  uint32_t filter;
  tenon_property_visit *visit;
  void *data;
  JSValue seen; /* an object with the keys so far; undefined: of no interest */
  bool is_over;
} walk;

/* Consumes the property's values. */
static napi_status tell(walk *w, JSAtom atom, JSPropertyDescriptor *d)
{
  napi_env env = w->env;
  tenon_p_scope *scope = tenon_p_scope_open(env);
  tenon_property p;
  napi_value key;
  napi_status status;

  if (!scope) {
    JS_FreeValue(env->ctx, d->value);
    JS_FreeValue(env->ctx, d->getter);
    JS_FreeValue(env->ctx, d->setter);
    return napi_generic_failure;
  }
  status = give(env, d, &p);
  if (status == napi_ok)
    status = tenon_p_napi_give(env, JS_AtomToValue(env->ctx, atom), &key);
  if (status == napi_ok) {
    w->is_over = !w->visit(env, key, &p, w->data);
    if (!JS_IsUninitialized(env->exception)) status = napi_pending_exception;
  }
  tenon_p_scope_close(env, scope);
  return status;
}

/* 1 when a nearer object had the key, 0 from now on it has, -1 thrown. */
static int was_seen(walk *w, JSAtom atom)
{
  int r;

  if (JS_IsUndefined(w->seen)) return 0;
  r = JS_HasProperty(w->env->ctx, w->seen, atom);
  if (r) return r;
  r = JS_DefinePropertyValue(w->env->ctx, w->seen, atom, JS_TRUE,
                             JS_PROP_C_W_E);
  return r < 0 ? -1 : 0;
}

static napi_status walk_key(walk *w, JSValueConst object, JSAtom atom)
{
  JSContext *ctx = w->env->ctx;
  JSPropertyDescriptor d;
  int r = was_seen(w, atom);

  if (r == 0) {
    r = JS_GetOwnProperty(ctx, &d, object, atom);
    if (r == 0) return napi_ok;
    if (r > 0 && (!(w->filter & TENON_EACH_ENUMERABLE) ||
                  (d.flags & JS_PROP_ENUMERABLE)))
      return tell(w, atom, &d);
    if (r > 0) {
      JS_FreeValue(ctx, d.value);
      JS_FreeValue(ctx, d.getter);
      JS_FreeValue(ctx, d.setter);
    }
  }
  return r < 0 ? napi_pending_exception : napi_ok;
}

static napi_status walk_object(walk *w, JSValueConst object)
{
  JSContext *ctx = w->env->ctx;
  napi_status status = napi_ok;
  JSPropertyEnum *keys = NULL;
  uint32_t count = 0, i;
  int flags = 0;

  if (!(w->filter & TENON_EACH_NO_STRINGS)) flags |= JS_GPN_STRING_MASK;
  if (!(w->filter & TENON_EACH_NO_SYMBOLS)) flags |= JS_GPN_SYMBOL_MASK;
  if (JS_GetOwnPropertyNames(ctx, &keys, &count, object, flags))
    return napi_pending_exception;
  for (i = 0; status == napi_ok && !w->is_over && i < count; i++)
    status = walk_key(w, object, keys[i].atom);
  JS_FreePropertyEnum(ctx, keys, count);
  return status;
}

/* A chain of Proxies may have no end. */
static napi_status walk_chain(walk *w, JSValueConst first)
{
  JSContext *ctx = w->env->ctx;
  JSValue at = JS_DupValue(ctx, first), next;
  napi_status status;

  for (;;) {
    status = walk_object(w, at);
    if (status || w->is_over || !(w->filter & TENON_EACH_INHERITED)) break;
    next = JS_GetPrototype(ctx, at);
    JS_FreeValue(ctx, at);
    at = next;
    if (JS_IsException(at) || tenon_p_poll(ctx)) {
      status = napi_pending_exception;
      break;
    }
    if (!JS_IsObject(at)) break;
  }
  JS_FreeValue(ctx, at);
  return status;
}

static napi_status each(walk *w, JSValueConst object)
{
  JSContext *ctx = w->env->ctx;
  napi_status status;

  if (!JS_IsObject(object)) return napi_object_expected;
  if (w->filter & TENON_EACH_INHERITED) {
    w->seen = JS_NewObjectProto(ctx, JS_NULL);
    if (JS_IsException(w->seen)) return napi_pending_exception;
  }
  status = walk_chain(w, object);
  JS_FreeValue(ctx, w->seen);
  return status;
}

napi_status tenon_property_each(napi_env env, napi_value object,
                                uint32_t filter, tenon_property_visit *visit,
                                void *data)
{
  napi_status status = tenon_p_napi_enter(env, object && visit && filter < 16);
  walk w = {env, filter, visit, data, JS_UNDEFINED, false};

  if (status) return status;
  return tenon_p_napi_leave(env, each(&w, tenon_p_napi_value(object)));
}
