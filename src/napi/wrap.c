/* Native data on values: wraps, finalizers, externals, type tags; and the data
 * of the environment itself. */
#include "napi/reference.h"

/* A reference that holds nothing and knows what to do at the value's end. */
static napi_status attach(napi_env env, JSValueConst v, const char *type,
                          void *data, napi_finalize finalize, void *hint,
                          napi_ref *result)
{
  tenon_p_reference *r = tenon_p_reference_new(env, v, 0, type);

  if (!r) return napi_pending_exception;
  r->is_users = result != NULL;
  r->finalize = finalize;
  r->data = data;
  r->hint = hint;
  if (result) *result = (napi_ref)(void *)r;
  return napi_ok;
}

static tenon_p_reference *find(JSValueConst v, const char *type)
{
  tenon_p_weak *w = tenon_p_weak_find(v, type);

  return w ? tenon_p_container(w, tenon_p_reference, weak) : NULL;
}

/* --- Wraps --------------------------------------------------------------------------------- */

static napi_status wrap(napi_env env, JSValueConst v, void *data,
                        napi_finalize finalize, void *hint, napi_ref *result)
{
  if (!JS_IsObject(v)) return napi_object_expected;
  if (find(v, &tenon_p_reference_wrap)) return napi_invalid_arg;
  /* The finalizer is where such a reference is deleted. */
  if (result && !finalize) return napi_invalid_arg;
  return attach(env, v, &tenon_p_reference_wrap, data, finalize, hint, result);
}

napi_status napi_wrap(napi_env env, napi_value js_object, void *native_object,
                      node_api_basic_finalize finalize_cb, void *finalize_hint,
                      napi_ref *result)
{
  napi_status status = tenon_p_napi_enter(env, js_object);

  if (status) return status;
  return tenon_p_napi_leave(env, wrap(env, tenon_p_napi_value(js_object),
                                      native_object, finalize_cb, finalize_hint,
                                      result));
}

static napi_status unwrap(napi_value js_object, void **result,
                          tenon_p_reference **found)
{
  JSValueConst v = tenon_p_napi_value(js_object);

  if (!JS_IsObject(v)) return napi_object_expected;
  *found = find(v, &tenon_p_reference_wrap);
  if (!*found) return napi_invalid_arg;
  if (result) *result = (*found)->data;
  return napi_ok;
}

napi_status napi_unwrap(napi_env env, napi_value js_object, void **result)
{
  napi_status status = tenon_p_napi_enter(env, js_object && result);
  tenon_p_reference *r;

  if (status) return status;
  return tenon_p_napi_leave(env, unwrap(js_object, result, &r));
}

napi_status napi_remove_wrap(napi_env env, napi_value js_object, void **result)
{
  napi_status status = tenon_p_napi_enter(env, js_object);
  tenon_p_reference *r;

  if (status) return status;
  status = unwrap(js_object, result, &r);
  if (status == napi_ok && r->is_users) {
    r->weak.type = &tenon_p_reference_plain;
    r->finalize = NULL;
  } else if (status == napi_ok) {
    tenon_p_reference_free(r);
  }
  return tenon_p_napi_leave(env, status);
}

napi_status napi_add_finalizer(napi_env env, napi_value js_object,
                               void *finalize_data,
                               node_api_basic_finalize finalize_cb,
                               void *finalize_hint, napi_ref *result)
{
  napi_status status = tenon_p_napi_check(env, js_object && finalize_cb);
  JSValueConst v;

  if (status) return status;
  v = tenon_p_napi_value(js_object);
  if (!JS_IsObject(v)) return tenon_p_napi_set(env, napi_invalid_arg);
  status = attach(env, v, &tenon_p_reference_plain, finalize_data, finalize_cb,
                  finalize_hint, result);
  if (status) {
    tenon_p_napi_drop(env);
    status = napi_generic_failure;
  }
  return tenon_p_napi_set(env, status);
}

/* --- Externals ------------------------------------------------------------------------------- */

/* One has no memory of its own: the pointer is the object's opaque. */
static napi_status create_external(napi_env env, void *data,
                                   napi_finalize finalize, void *hint,
                                   napi_value *result)
{
  napi_status status = napi_ok;
  JSValue v;

  if (tenon_p_napi_register(env, &env->external, "External"))
    return napi_pending_exception;
  v = JS_NewObjectProtoClass(env->ctx, JS_NULL, env->external.id);
  if (JS_IsException(v)) return napi_pending_exception;
  JS_SetOpaque(v, data);
  if (finalize)
    status =
        attach(env, v, &tenon_p_reference_plain, data, finalize, hint, NULL);
  if (status == napi_ok) {
    tenon_p_reference *r = finalize ? find(v, &tenon_p_reference_plain) : NULL;
    napi_value handle = tenon_p_handles_push(env, JS_DupValue(env->ctx, v));
    if (handle)
      *result = handle;
    else
      status = napi_generic_failure;
    /* What failed is the caller's still. */
    if (status && r) tenon_p_reference_free(r);
  }
  JS_FreeValue(env->ctx, v);
  return status;
}

napi_status napi_create_external(napi_env env, void *data,
                                 node_api_basic_finalize finalize_cb,
                                 void *finalize_hint, napi_value *result)
{
  napi_status status = tenon_p_napi_enter(env, result);

  if (status) return status;
  return tenon_p_napi_leave(
      env, create_external(env, data, finalize_cb, finalize_hint, result));
}

napi_status napi_get_value_external(napi_env env, napi_value value,
                                    void **result)
{
  napi_status status = tenon_p_napi_check(env, value && result);
  JSValueConst v;

  if (status) return status;
  v = tenon_p_napi_value(value);
  if (!env->external.id || JS_GetClassID(v) != env->external.id)
    return tenon_p_napi_set(env, napi_invalid_arg);
  *result = JS_GetOpaque(v, env->external.id);
  return tenon_p_napi_set(env, napi_ok);
}

/* --- Type tags ------------------------------------------------------------------------------- */

napi_status napi_type_tag_object(napi_env env, napi_value value,
                                 const napi_type_tag *type_tag)
{
  napi_status status = tenon_p_napi_enter(env, value);
  tenon_p_reference *r;
  JSValue o;

  if (status) return status;
  status = napi_invalid_arg;
  o = JS_ToObject(env->ctx, tenon_p_napi_value(value));
  if (JS_IsException(o)) {
    status = napi_pending_exception;
  } else if (type_tag && !find(o, &tenon_p_reference_tag)) {
    r = tenon_p_reference_new(env, o, 0, &tenon_p_reference_tag);
    status = r ? napi_ok : napi_pending_exception;
    if (r) r->tag = *type_tag;
  }
  JS_FreeValue(env->ctx, o);
  return tenon_p_napi_leave(env, status);
}

napi_status napi_check_object_type_tag(napi_env env, napi_value value,
                                       const napi_type_tag *type_tag,
                                       bool *result)
{
  napi_status status = tenon_p_napi_enter(env, value);
  const tenon_p_reference *r;
  JSValue o;

  if (status) return status;
  o = JS_ToObject(env->ctx, tenon_p_napi_value(value));
  if (JS_IsException(o)) {
    status = napi_pending_exception;
  } else if (!type_tag || !result) {
    status = napi_invalid_arg;
  } else {
    r = find(o, &tenon_p_reference_tag);
    *result =
        r && r->tag.lower == type_tag->lower && r->tag.upper == type_tag->upper;
  }
  JS_FreeValue(env->ctx, o);
  return tenon_p_napi_leave(env, status);
}

/* --- The environment's data -------------------------------------------------------------------- */

/* That of before is forgotten, its finalizer too. */
napi_status napi_set_instance_data(node_api_basic_env env, void *data,
                                   napi_finalize finalize_cb,
                                   void *finalize_hint)
{
  napi_status status = tenon_p_napi_check_basic(env, true);

  if (status) return status;
  env->instance.data = data;
  env->instance.finalize = finalize_cb;
  env->instance.hint = finalize_hint;
  return tenon_p_napi_set(env, napi_ok);
}

napi_status napi_get_instance_data(node_api_basic_env env, void **data)
{
  napi_status status = tenon_p_napi_check_basic(env, data);

  if (status) return status;
  *data = env->instance.data;
  return tenon_p_napi_set(env, napi_ok);
}
