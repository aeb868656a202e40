/* Objects and arrays: their properties, one at a time. */
#include "napi/env.h"

#include <string.h>

#include "engine/extension.h"
#include "engine/foreign.h"
#include "napi/object.h"

/* --- An object and a key ------------------------------------------------------------------ */

napi_status tenon_p_napi_object(napi_env env, napi_value value, JSValue *object)
{
  *object = JS_UNDEFINED;
  if (!value) return napi_invalid_arg;
  *object = JS_ToObject(env->ctx, tenon_p_napi_value(value));
  if (!JS_IsException(*object)) return napi_ok;
  *object = JS_UNDEFINED;
  return napi_object_expected;
}

JSAtom tenon_p_napi_utf8_atom(JSContext *ctx, const char *s, size_t len)
{
  JSValue text = tenon_p_new_string(ctx, s, len);
  JSAtom key;

  if (JS_IsException(text)) return JS_ATOM_NULL;
  key = JS_ValueToAtom(ctx, text);
  JS_FreeValue(ctx, text);
  return key;
}

bool tenon_p_napi_is_name(JSValueConst v)
{
  return JS_IsString(v) || JS_IsSymbol(v);
}

/* How a property is named: one of the three. */
typedef struct name {
  napi_value key;
  const char *utf8;
  uint32_t index;
  enum { BY_KEY, BY_UTF8, BY_INDEX } by;
} name;

static napi_status atom_of(napi_env env, const name *n, JSAtom *atom)
{
  switch (n->by) {
  case BY_KEY:
    *atom = JS_ValueToAtom(env->ctx, tenon_p_napi_value(n->key));
    break;
  case BY_UTF8:
    if (!n->utf8) return napi_invalid_arg;
    *atom = tenon_p_napi_utf8_atom(env->ctx, n->utf8, strlen(n->utf8));
    break;
  default: *atom = JS_NewAtomUInt32(env->ctx, n->index);
  }
  return *atom == JS_ATOM_NULL ? napi_pending_exception : napi_ok;
}

/* The object is looked at before the name, as node does. On success both are
 * the caller's. */
static napi_status resolve(napi_env env, napi_value value, const name *n,
                           JSValue *object, JSAtom *atom)
{
  napi_status status = tenon_p_napi_object(env, value, object);

  if (status == napi_ok) status = atom_of(env, n, atom);
  if (status) JS_FreeValue(env->ctx, *object);
  return status;
}

static void release(napi_env env, JSValue object, JSAtom atom)
{
  JS_FreeAtom(env->ctx, atom);
  JS_FreeValue(env->ctx, object);
}

static napi_status set(napi_env env, napi_value value, const name *n,
                       napi_value to)
{
  JSValue object;
  JSAtom atom;
  napi_status status = resolve(env, value, n, &object, &atom);
  int r;

  if (status) return status;
  /* What refuses to be set refuses in silence, as in sloppy code. */
  r = tenon_p_set_quietly(env->ctx, object, atom,
                          JS_DupValue(env->ctx, tenon_p_napi_value(to)));
  release(env, object, atom);
  return r < 0 ? napi_pending_exception : napi_ok;
}

static napi_status get(napi_env env, napi_value value, const name *n,
                       napi_value *result)
{
  JSValue object, v;
  JSAtom atom;
  napi_status status = resolve(env, value, n, &object, &atom);

  if (status) return status;
  v = JS_GetProperty(env->ctx, object, atom);
  release(env, object, atom);
  return tenon_p_napi_give(env, v, result);
}

static napi_status has(napi_env env, napi_value value, const name *n,
                       bool *result)
{
  JSValue object;
  JSAtom atom;
  napi_status status = resolve(env, value, n, &object, &atom);
  int r;

  if (status) return status;
  r = JS_HasProperty(env->ctx, object, atom);
  release(env, object, atom);
  return tenon_p_napi_answer(r, result);
}

static napi_status delete (napi_env env, napi_value value, const name *n,
                           bool *result)
{
  JSValue object;
  JSAtom atom;
  napi_status status = resolve(env, value, n, &object, &atom);
  int r;

  if (status) return status;
  r = JS_DeleteProperty(env->ctx, object, atom, 0);
  release(env, object, atom);
  return tenon_p_napi_answer(r, result);
}

/* --- By value, by name, by index ------------------------------------------------------------ */

napi_status napi_set_property(napi_env env, napi_value object, napi_value key,
                              napi_value value)
{
  name n = {.key = key, .by = BY_KEY};
  napi_status status = tenon_p_napi_enter(env, key && value);

  return status ? status : tenon_p_napi_leave(env, set(env, object, &n, value));
}

napi_status napi_get_property(napi_env env, napi_value object, napi_value key,
                              napi_value *result)
{
  name n = {.key = key, .by = BY_KEY};
  napi_status status = tenon_p_napi_enter(env, key && result);

  return status ? status
                : tenon_p_napi_leave(env, get(env, object, &n, result));
}

napi_status napi_has_property(napi_env env, napi_value object, napi_value key,
                              bool *result)
{
  name n = {.key = key, .by = BY_KEY};
  napi_status status = tenon_p_napi_enter(env, key && result);

  return status ? status
                : tenon_p_napi_leave(env, has(env, object, &n, result));
}

napi_status napi_delete_property(napi_env env, napi_value object,
                                 napi_value key, bool *result)
{
  name n = {.key = key, .by = BY_KEY};
  napi_status status = tenon_p_napi_enter(env, key);

  return status ? status
                : tenon_p_napi_leave(env, delete (env, object, &n, result));
}

static napi_status has_own(napi_env env, napi_value value, napi_value key,
                           bool *result)
{
  name n = {.key = key, .by = BY_KEY};
  JSValue object;
  JSAtom atom;
  napi_status status = tenon_p_napi_object(env, value, &object);
  int r;

  if (status) return status;
  status = tenon_p_napi_is_name(tenon_p_napi_value(key))
               ? atom_of(env, &n, &atom)
               : napi_name_expected;
  if (status == napi_ok) {
    r = JS_GetOwnProperty(env->ctx, NULL, object, atom);
    JS_FreeAtom(env->ctx, atom);
    status = tenon_p_napi_answer(r, result);
  }
  JS_FreeValue(env->ctx, object);
  return status;
}

napi_status napi_has_own_property(napi_env env, napi_value object,
                                  napi_value key, bool *result)
{
  napi_status status = tenon_p_napi_enter(env, key && result);

  return status ? status
                : tenon_p_napi_leave(env, has_own(env, object, key, result));
}

napi_status napi_set_named_property(napi_env env, napi_value object,
                                    const char *utf8name, napi_value value)
{
  name n = {.utf8 = utf8name, .by = BY_UTF8};
  napi_status status = tenon_p_napi_enter(env, value);

  return status ? status : tenon_p_napi_leave(env, set(env, object, &n, value));
}

napi_status napi_get_named_property(napi_env env, napi_value object,
                                    const char *utf8name, napi_value *result)
{
  name n = {.utf8 = utf8name, .by = BY_UTF8};
  napi_status status = tenon_p_napi_enter(env, utf8name && result);

  return status ? status
                : tenon_p_napi_leave(env, get(env, object, &n, result));
}

napi_status napi_has_named_property(napi_env env, napi_value object,
                                    const char *utf8name, bool *result)
{
  name n = {.utf8 = utf8name, .by = BY_UTF8};
  napi_status status = tenon_p_napi_enter(env, result);

  return status ? status
                : tenon_p_napi_leave(env, has(env, object, &n, result));
}

napi_status napi_set_element(napi_env env, napi_value object, uint32_t index,
                             napi_value value)
{
  name n = {.index = index, .by = BY_INDEX};
  napi_status status = tenon_p_napi_enter(env, value);

  return status ? status : tenon_p_napi_leave(env, set(env, object, &n, value));
}

napi_status napi_get_element(napi_env env, napi_value object, uint32_t index,
                             napi_value *result)
{
  name n = {.index = index, .by = BY_INDEX};
  napi_status status = tenon_p_napi_enter(env, result);

  return status ? status
                : tenon_p_napi_leave(env, get(env, object, &n, result));
}

napi_status napi_has_element(napi_env env, napi_value object, uint32_t index,
                             bool *result)
{
  name n = {.index = index, .by = BY_INDEX};
  napi_status status = tenon_p_napi_enter(env, result);

  return status ? status
                : tenon_p_napi_leave(env, has(env, object, &n, result));
}

napi_status napi_delete_element(napi_env env, napi_value object, uint32_t index,
                                bool *result)
{
  name n = {.index = index, .by = BY_INDEX};
  napi_status status = tenon_p_napi_enter(env, true);

  return status ? status
                : tenon_p_napi_leave(env, delete (env, object, &n, result));
}

/* --- The object as a whole ------------------------------------------------------------------ */

napi_status napi_create_object(napi_env env, napi_value *result)
{
  napi_status status = tenon_p_napi_check(env, result);

  if (status) return status;
  return tenon_p_napi_return(env, JS_NewObject(env->ctx), result);
}

napi_status napi_get_prototype(napi_env env, napi_value object,
                               napi_value *result)
{
  napi_status status = tenon_p_napi_enter(env, result);
  JSValue o;

  if (status) return status;
  status = tenon_p_napi_object(env, object, &o);
  /* No trap of a Proxy is asked. */
  if (status == napi_ok)
    status = tenon_p_napi_give(env, tenon_p_prototype_of(env->ctx, o), result);
  JS_FreeValue(env->ctx, o);
  return tenon_p_napi_leave(env, status);
}

static napi_status harden(napi_env env, napi_value object,
                          int (*harden)(JSContext *, JSValueConst))
{
  napi_status status = tenon_p_napi_enter(env, true);
  JSValue o;
  int r;

  if (status) return status;
  status = tenon_p_napi_object(env, object, &o);
  if (status == napi_ok) {
    r = harden(env->ctx, o);
    status = r < 0 ? napi_pending_exception
             : r   ? napi_ok
                   : napi_generic_failure;
  }
  JS_FreeValue(env->ctx, o);
  return tenon_p_napi_leave(env, status);
}

napi_status napi_object_freeze(napi_env env, napi_value object)
{
  return harden(env, object, JS_FreezeObject);
}

napi_status napi_object_seal(napi_env env, napi_value object)
{
  return harden(env, object, JS_SealObject);
}

/* --- Arrays -------------------------------------------------------------------------------- */

napi_status napi_create_array(napi_env env, napi_value *result)
{
  napi_status status = tenon_p_napi_check(env, result);

  if (status) return status;
  return tenon_p_napi_return(env, JS_NewArray(env->ctx), result);
}

napi_status napi_create_array_with_length(napi_env env, size_t length,
                                          napi_value *result)
{
  napi_status status = tenon_p_napi_check(env, result);
  JSValue array;

  if (status) return status;
  array = JS_NewArray(env->ctx);
  /* A length that no array has is none, as V8 takes it. */
  if (!JS_IsException(array) && length <= UINT32_MAX &&
      JS_SetLength(env->ctx, array, (int64_t)length) < 0) {
    JS_FreeValue(env->ctx, array);
    array = JS_EXCEPTION;
  }
  return tenon_p_napi_return(env, array, result);
}

napi_status napi_is_array(napi_env env, napi_value value, bool *result)
{
  napi_status status = tenon_p_napi_check(env, value && result);

  if (status) return status;
  *result = JS_IsArray(tenon_p_napi_value(value));
  return tenon_p_napi_set(env, napi_ok);
}

napi_status napi_get_array_length(napi_env env, napi_value value,
                                  uint32_t *result)
{
  napi_status status = tenon_p_napi_enter(env, value && result);
  JSValueConst v;
  int64_t length;

  if (status) return status;
  v = tenon_p_napi_value(value);
  if (!JS_IsArray(v)) return tenon_p_napi_leave(env, napi_array_expected);
  if (JS_GetLength(env->ctx, v, &length))
    return tenon_p_napi_leave(env, napi_pending_exception);
  *result = (uint32_t)length;
  return tenon_p_napi_leave(env, napi_ok);
}
