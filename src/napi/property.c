/* Many properties at once: defining them, classes, and listing their keys. */
#include "napi/env.h"

#include <limits.h>
#include <string.h>

#include "engine/extension.h"
#include "engine/foreign.h"
#include "napi/object.h"

/* --- Defining ------------------------------------------------------------------------------ */

static napi_status key_of(napi_env env, const napi_property_descriptor *p,
                          JSAtom *key)
{
  if (p->utf8name) {
    *key = tenon_p_napi_utf8_atom(env->ctx, p->utf8name, strlen(p->utf8name));
  } else {
    if (!p->name || !tenon_p_napi_is_name(tenon_p_napi_value(p->name)))
      return napi_name_expected;
    *key = JS_ValueToAtom(env->ctx, tenon_p_napi_value(p->name));
  }
  return *key == JS_ATOM_NULL ? napi_pending_exception : napi_ok;
}

/* A function for a callback of a descriptor; undefined without one. A method of
 * a class has the brand of it. */
static JSValue function_of(napi_env env, const napi_property_descriptor *p,
                           napi_callback cb, uintptr_t brand)
{
  JSValue name, f;

  if (!cb) return JS_UNDEFINED;
  if (p->utf8name)
    name = tenon_p_new_string(env->ctx, p->utf8name, strlen(p->utf8name));
  else if (JS_IsString(tenon_p_napi_value(p->name)))
    name = JS_DupValue(env->ctx, tenon_p_napi_value(p->name));
  else
    name = JS_NewStringLen(env->ctx, "", 0);
  if (JS_IsException(name)) return name;
  f = tenon_p_napi_function(env, cb, p->data, name,
                            brand ? TENON_P_ROLE_METHOD : TENON_P_ROLE_NONE,
                            brand);
  JS_FreeValue(env->ctx, name);
  return f;
}

/* The engine's flags; napi's attributes have other numbers. */
static int flags_of(const napi_property_descriptor *p, bool is_data)
{
  int flags = JS_PROP_HAS_CONFIGURABLE | JS_PROP_HAS_ENUMERABLE;

  if (p->attributes & napi_configurable) flags |= JS_PROP_CONFIGURABLE;
  if (p->attributes & napi_enumerable) flags |= JS_PROP_ENUMERABLE;
  if (!is_data) return flags;
  if (p->attributes & napi_writable) flags |= JS_PROP_WRITABLE;
  return flags | JS_PROP_HAS_WRITABLE | JS_PROP_HAS_VALUE;
}

static napi_status define_accessor(napi_env env, JSValueConst object,
                                   JSAtom key,
                                   const napi_property_descriptor *p)
{
  JSValue getter = function_of(env, p, p->getter, 0);
  JSValue setter = function_of(env, p, p->setter, 0);
  int flags = flags_of(p, false), r = -1;

  if (p->getter) flags |= JS_PROP_HAS_GET;
  if (p->setter) flags |= JS_PROP_HAS_SET;
  if (!JS_IsException(getter) && !JS_IsException(setter))
    r = JS_DefineProperty(env->ctx, object, key, JS_UNDEFINED, getter, setter,
                          flags);
  JS_FreeValue(env->ctx, getter);
  JS_FreeValue(env->ctx, setter);
  return r < 0 ? napi_pending_exception : r ? napi_ok : napi_invalid_arg;
}

static napi_status define_data(napi_env env, JSValueConst object, JSAtom key,
                               const napi_property_descriptor *p,
                               uintptr_t brand)
{
  JSValue v;
  int r;

  if (!p->method && !p->value) return napi_invalid_arg;
  v = p->method ? function_of(env, p, p->method, brand)
                : JS_DupValue(env->ctx, tenon_p_napi_value(p->value));
  if (JS_IsException(v)) return napi_pending_exception;
  r = JS_DefineProperty(env->ctx, object, key, v, JS_UNDEFINED, JS_UNDEFINED,
                        flags_of(p, true));
  JS_FreeValue(env->ctx, v);
  if (r < 0) return napi_pending_exception;
  return r ? napi_ok : p->method ? napi_generic_failure : napi_invalid_arg;
}

/* As in node, only the methods of a class look at their receiver: its accessors
 * do not. */
static napi_status define(napi_env env, JSValueConst object,
                          const napi_property_descriptor *p, uintptr_t brand)
{
  JSAtom key;
  napi_status status = key_of(env, p, &key);

  if (status) return status;
  status = p->getter || p->setter ? define_accessor(env, object, key, p)
                                  : define_data(env, object, key, p, brand);
  JS_FreeAtom(env->ctx, key);
  return status;
}

napi_status napi_define_properties(napi_env env, napi_value object,
                                   size_t property_count,
                                   const napi_property_descriptor *properties)
{
  napi_status status = tenon_p_napi_enter(env, properties || !property_count);
  JSValue o;
  size_t i;

  if (status) return status;
  status = tenon_p_napi_object(env, object, &o);
  for (i = 0; status == napi_ok && i < property_count; i++)
    status = define(env, o, properties + i, 0);
  JS_FreeValue(env->ctx, o);
  return tenon_p_napi_leave(env, status);
}

/* --- Classes ------------------------------------------------------------------------------- */

static napi_status define_members(napi_env env, JSValueConst constructor,
                                  size_t count,
                                  const napi_property_descriptor *p,
                                  uintptr_t brand)
{
  JSValue proto = JS_GetPropertyStr(env->ctx, constructor, "prototype");
  napi_status status = JS_IsException(proto) ? napi_pending_exception : napi_ok;
  size_t i;

  for (i = 0; status == napi_ok && i < count; i++)
    status = p[i].attributes & napi_static ? define(env, constructor, p + i, 0)
                                           : define(env, proto, p + i, brand);
  JS_FreeValue(env->ctx, proto);
  return status;
}

static napi_status define_class(napi_env env, const char *utf8name,
                                size_t length, napi_callback constructor,
                                void *data, size_t count,
                                const napi_property_descriptor *properties,
                                napi_value *result)
{
  uintptr_t brand = tenon_p_napi_new_brand();
  JSValue name, c;
  napi_status status;

  if (length == NAPI_AUTO_LENGTH) length = strlen(utf8name);
  if (length > INT_MAX) return napi_invalid_arg;
  name = tenon_p_new_string(env->ctx, utf8name, length);
  if (JS_IsException(name)) return napi_pending_exception;
  c = tenon_p_napi_function(env, constructor, data, name,
                            TENON_P_ROLE_CONSTRUCTOR, brand);
  JS_FreeValue(env->ctx, name);
  if (JS_IsException(c)) return napi_pending_exception;
  status = define_members(env, c, count, properties, brand);
  if (status == napi_ok) return tenon_p_napi_give(env, c, result);
  JS_FreeValue(env->ctx, c);
  return status;
}

napi_status napi_define_class(napi_env env, const char *utf8name, size_t length,
                              napi_callback constructor, void *data,
                              size_t property_count,
                              const napi_property_descriptor *properties,
                              napi_value *result)
{
  napi_status status =
      tenon_p_napi_enter(env, result && constructor && utf8name &&
                                  (properties || !property_count));

  if (status) return status;
  return tenon_p_napi_leave(env, define_class(env, utf8name, length,
                                              constructor, data, property_count,
                                              properties, result));
}

/* --- Listing ------------------------------------------------------------------------------- */

/* What is asked for, and the keys that were found. */
typedef struct listing {
  napi_env env;
  unsigned filter;
  bool keeps_numbers, goes_up;
  JSValue keys; /* an array */
  JSValue seen; /* an object: a key hides those of the same name above it */
  uint32_t count;
} listing;

/* An array index as a number, other keys as they are; consumes `key`. */
static JSValue with_number(JSContext *ctx, JSValue key)
{
  uint64_t n = 0;
  char digits[10];
  size_t len, i;

  if (!JS_IsString(key)) return key;
  if (tenon_p_string_length(ctx, key, &len)) {
    JS_FreeValue(ctx, key);
    return JS_EXCEPTION;
  }
  if (len == 0 || len > sizeof digits) return key;
  tenon_p_string_copy_latin1(key, digits, len);
  for (i = 0; i < len && digits[i] >= '0' && digits[i] <= '9'; i++)
    n = n * 10 + (uint64_t)(digits[i] - '0');
  if (i < len || (digits[0] == '0' && len > 1) || n >= UINT32_MAX) return key;
  JS_FreeValue(ctx, key);
  return JS_NewInt64(ctx, (int64_t)n);
}

/* Does the property pass the filters? 1, 0, or -1 with an exception. */
static int is_wanted(listing *l, JSValueConst object, JSAtom key)
{
  JSContext *ctx = l->env->ctx;
  JSPropertyDescriptor d;
  int r;

  if (!(l->filter &
        (napi_key_writable | napi_key_enumerable | napi_key_configurable)))
    return 1;
  r = JS_GetOwnProperty(ctx, &d, object, key);
  if (r <= 0) return r;
  JS_FreeValue(ctx, d.value);
  JS_FreeValue(ctx, d.getter);
  JS_FreeValue(ctx, d.setter);
  if (l->filter & napi_key_enumerable && !(d.flags & JS_PROP_ENUMERABLE))
    return 0;
  if (l->filter & napi_key_configurable && !(d.flags & JS_PROP_CONFIGURABLE))
    return 0;
  /* An accessor is as good as writable. */
  return !(l->filter & napi_key_writable) || d.flags & JS_PROP_GETSET ||
         d.flags & JS_PROP_WRITABLE;
}

static int add_key(listing *l, JSValueConst object, JSAtom key)
{
  JSContext *ctx = l->env->ctx;
  JSValue v;
  int r;

  if (l->goes_up) {
    r = JS_HasProperty(ctx, l->seen, key);
    if (r) return r < 0 ? -1 : 0;
    if (JS_DefinePropertyValue(ctx, l->seen, key, JS_TRUE, JS_PROP_C_W_E) < 0)
      return -1;
  }
  r = is_wanted(l, object, key);
  if (r <= 0) return r;
  v = JS_AtomToValue(ctx, key);
  if (l->keeps_numbers && !JS_IsException(v)) v = with_number(ctx, v);
  if (JS_IsException(v)) return -1;
  return JS_DefinePropertyValueUint32(ctx, l->keys, l->count++, v,
                                      JS_PROP_C_W_E) < 0
             ? -1
             : 0;
}

/* The keys of one object of the chain. */
static int add_own(listing *l, JSValueConst object)
{
  JSContext *ctx = l->env->ctx;
  JSPropertyEnum *keys;
  uint32_t count, i;
  int flags = 0, r = 0;

  if (!(l->filter & napi_key_skip_strings)) flags |= JS_GPN_STRING_MASK;
  if (!(l->filter & napi_key_skip_symbols)) flags |= JS_GPN_SYMBOL_MASK;
  if (JS_GetOwnPropertyNames(ctx, &keys, &count, object, flags)) return -1;
  for (i = 0; r == 0 && i < count; i++)
    r = add_key(l, object, keys[i].atom);
  JS_FreePropertyEnum(ctx, keys, count);
  return r;
}

/* Consumes the object. */
static int add_all(listing *l, JSValue object)
{
  JSContext *ctx = l->env->ctx;
  JSValue up;
  int r;

  for (;;) {
    r = add_own(l, object);
    if (r || !l->goes_up) break;
    up = JS_GetPrototype(ctx, object);
    JS_FreeValue(ctx, object);
    object = up;
    if (JS_IsException(object)) r = -1;
    if (!JS_IsObject(object)) break;
  }
  JS_FreeValue(ctx, object);
  return r;
}

static napi_status list(listing *l, napi_value value, napi_value *result)
{
  JSContext *ctx = l->env->ctx;
  JSValue object;
  napi_status status = tenon_p_napi_object(l->env, value, &object);

  if (status) return status;
  l->keys = JS_NewArray(ctx);
  l->seen = JS_NewObjectProto(ctx, JS_NULL);
  if (JS_IsException(l->keys) || JS_IsException(l->seen)) {
    JS_FreeValue(ctx, object);
    status = napi_pending_exception;
  } else if (add_all(l, object)) {
    status = napi_pending_exception;
  }
  JS_FreeValue(ctx, l->seen);
  if (status == napi_ok) return tenon_p_napi_give(l->env, l->keys, result);
  JS_FreeValue(ctx, l->keys);
  return status;
}

napi_status napi_get_all_property_names(napi_env env, napi_value object,
                                        napi_key_collection_mode key_mode,
                                        napi_key_filter key_filter,
                                        napi_key_conversion key_conversion,
                                        napi_value *result)
{
  napi_status status = tenon_p_napi_enter(env, result);
  listing l = {.env = env, .filter = key_filter};

  if (status) return status;
  l.goes_up = key_mode == napi_key_include_prototypes;
  l.keeps_numbers = key_conversion == napi_key_keep_numbers;
  if ((unsigned)key_mode > napi_key_own_only ||
      (unsigned)key_conversion > napi_key_numbers_to_strings) {
    JSValue o;
    status = tenon_p_napi_object(env, object, &o);
    JS_FreeValue(env->ctx, o);
    return tenon_p_napi_leave(env, status ? status : napi_invalid_arg);
  }
  return tenon_p_napi_leave(env, list(&l, object, result));
}

napi_status napi_get_property_names(napi_env env, napi_value object,
                                    napi_value *result)
{
  return napi_get_all_property_names(
      env, object, napi_key_include_prototypes,
      (napi_key_filter)(napi_key_enumerable | napi_key_skip_symbols),
      napi_key_numbers_to_strings, result);
}
