/* Keys that are made once. One that is not freed ends with the environment. */
#include <limits.h>
#include <string.h>
#include <tenon/property.h>

#include "engine/foreign.h"
#include "napi/env.h"
#include "napi/object.h"

struct tenon_key {
  tenon_p_list link; /* in env->keys */
  napi_env env;
  JSAtom atom;
};

void tenon_p_keys_release(napi_env env)
{
  tenon_p_list *at;

  for (at = env->keys.next; at != &env->keys; at = at->next) {
    tenon_key *key = tenon_p_container(at, tenon_key, link);
    JS_FreeAtom(env->ctx, key->atom);
    key->atom = JS_ATOM_NULL;
  }
}

void tenon_p_keys_free(napi_env env)
{
  while (!tenon_p_list_is_empty(&env->keys)) {
    tenon_key *key = tenon_p_container(env->keys.next, tenon_key, link);
    tenon_p_list_remove(&key->link);
    tenon_p_heap_free(&env->engine->heap, key);
  }
}

/* Consumes the atom. */
static napi_status make(napi_env env, JSAtom atom, tenon_key **out)
{
  tenon_key *key = NULL;

  if (atom != JS_ATOM_NULL)
    key = tenon_p_heap_alloc(&env->engine->heap, sizeof *key);
  if (!key) {
    JS_FreeAtom(env->ctx, atom);
    tenon_p_napi_drop(env);
    return tenon_p_napi_set(env, napi_generic_failure);
  }
  key->env = env;
  key->atom = atom;
  tenon_p_list_append(&env->keys, &key->link);
  *out = key;
  return tenon_p_napi_set(env, napi_ok);
}

napi_status tenon_key_new(napi_env env, const char *name, size_t len,
                          tenon_key **out)
{
  napi_status status = tenon_p_napi_check(env, name && out);

  if (out) *out = NULL;
  if (status) return status;
  if (len == NAPI_AUTO_LENGTH) len = strlen(name);
  if (len > INT_MAX) return tenon_p_napi_set(env, napi_invalid_arg);
  return make(env, tenon_p_napi_utf8_atom(env->ctx, name, len), out);
}

bool tenon_p_napi_is_key(JSValueConst v)
{
  return tenon_p_napi_is_name(v) || JS_IsNumber(v);
}

napi_status tenon_key_of(napi_env env, napi_value value, tenon_key **out)
{
  napi_status status = tenon_p_napi_check(env, value && out);

  if (out) *out = NULL;
  if (status) return status;
  if (!tenon_p_napi_is_key(tenon_p_napi_value(value)))
    return tenon_p_napi_set(env, napi_name_expected);
  return make(env, JS_ValueToAtom(env->ctx, tenon_p_napi_value(value)), out);
}

void tenon_key_free(tenon_key *key)
{
  if (!key || tenon_p_napi_check(key->env, true)) return;
  JS_FreeAtom(key->env->ctx, key->atom);
  tenon_p_list_remove(&key->link);
  tenon_p_heap_free(&key->env->engine->heap, key);
}

static bool is_of(const tenon_key *key, napi_env env)
{
  return key && key->env == env;
}

napi_status tenon_key_value(napi_env env, const tenon_key *key, napi_value *out)
{
  napi_status status = tenon_p_napi_check(env, is_of(key, env) && out);

  if (status) return status;
  return tenon_p_napi_return(env, JS_AtomToValue(env->ctx, key->atom), out);
}

napi_status tenon_key_get(napi_env env, napi_value object, const tenon_key *key,
                          napi_value *out)
{
  napi_status status = tenon_p_napi_enter(env, is_of(key, env) && out);
  JSValue o;

  if (status) return status;
  status = tenon_p_napi_object(env, object, &o);
  if (status == napi_ok)
    status =
        tenon_p_napi_give(env, JS_GetProperty(env->ctx, o, key->atom), out);
  JS_FreeValue(env->ctx, o);
  return tenon_p_napi_leave(env, status);
}

napi_status tenon_key_set(napi_env env, napi_value object, const tenon_key *key,
                          napi_value value)
{
  napi_status status = tenon_p_napi_enter(env, is_of(key, env) && value);
  JSValue o;

  if (status) return status;
  status = tenon_p_napi_object(env, object, &o);
  if (status == napi_ok &&
      tenon_p_set_quietly(env->ctx, o, key->atom,
                          JS_DupValue(env->ctx, tenon_p_napi_value(value))) < 0)
    status = napi_pending_exception;
  JS_FreeValue(env->ctx, o);
  return tenon_p_napi_leave(env, status);
}

napi_status tenon_key_has(napi_env env, napi_value object, const tenon_key *key,
                          bool *out)
{
  napi_status status = tenon_p_napi_enter(env, is_of(key, env) && out);
  JSValue o;

  if (status) return status;
  status = tenon_p_napi_object(env, object, &o);
  if (status == napi_ok)
    status = tenon_p_napi_answer(JS_HasProperty(env->ctx, o, key->atom), out);
  JS_FreeValue(env->ctx, o);
  return tenon_p_napi_leave(env, status);
}
