/* ArrayBuffers, typed arrays and DataViews. */
#include "napi/reference.h"

#include <stdio.h>

#include "engine/extension.h"
#include "engine/native.h"

/* What an ArrayBuffer over the caller's memory points to: it may be handed on
 * from one ArrayBuffer to another, and outlives the environment's finalizers. */
typedef struct backing {
  tenon_p_reference *reference; /* NULL: its finalizer has run */
} backing;

/* --- ArrayBuffers ---------------------------------------------------------------------------- */

/* The engine frees, or changes the size of, memory that it was given. */
static void *resize_own(JSRuntime *rt, void *opaque, void *p, size_t size)
{
  (void)opaque;
  return js_realloc_rt(rt, p, size);
}

static void *free_external(JSRuntime *rt, void *opaque, void *p, size_t size)
{
  backing *b = opaque;
  tenon_p_reference *r = b->reference;

  (void)p;
  if (size) return NULL;
  if (r) {
    r->holder = NULL;
    tenon_p_reference_gone(r);
  }
  js_free_rt(rt, b);
  return NULL;
}

static JSValue new_buffer(JSContext *ctx, size_t size, void **data)
{
  uint8_t *p = js_calloc(ctx, 1, size ? size : 1);
  JSValue v;

  if (!p) return JS_EXCEPTION;
  v = JS_NewArrayBuffer(ctx, p, size, 0, resize_own, NULL, false);
  if (JS_IsException(v))
    js_free(ctx, p);
  else if (data)
    *data = p;
  return v;
}

napi_status napi_create_arraybuffer(napi_env env, size_t byte_length,
                                    void **data, napi_value *result)
{
  napi_status status = tenon_p_napi_enter(env, result);

  if (status) return status;
  return tenon_p_napi_leave(
      env,
      tenon_p_napi_give(env, new_buffer(env->ctx, byte_length, data), result));
}

/* Without memory there is nothing that the engine would give back: then the
 * finalizer is the object's. */
static JSValue new_external(napi_env env, void *data, size_t size,
                            tenon_p_reference **made)
{
  JSContext *ctx = env->ctx;
  backing *b;
  JSValue v;

  if (!data || !size) {
    v = new_buffer(ctx, 0, NULL);
    if (JS_IsException(v)) return v;
    *made = tenon_p_reference_new(env, v, 0, &tenon_p_reference_plain);
    if (*made) return v;
    JS_FreeValue(ctx, v);
    return JS_EXCEPTION;
  }
  /* A function that may run scripts, and so finalizers. */
  if (!tenon_p_engine_make_external_room(env->engine, size, true))
    return JS_ThrowOutOfMemory(ctx);
  b = js_malloc(ctx, sizeof *b);
  if (!b) return JS_EXCEPTION;
  b->reference =
      tenon_p_reference_new(env, JS_UNDEFINED, 0, &tenon_p_reference_plain);
  v = b->reference
          ? JS_NewArrayBuffer(ctx, data, size, 0, free_external, b, false)
          : JS_EXCEPTION;
  if (JS_IsException(v)) {
    if (b->reference) tenon_p_reference_free(b->reference);
    js_free(ctx, b);
    return v;
  }
  tenon_p_heap_add_external(&env->engine->heap, size);
  b->reference->external_bytes = size;
  b->reference->holder = &b->reference;
  *made = b->reference;
  return v;
}

napi_status napi_create_external_arraybuffer(
    napi_env env, void *external_data, size_t byte_length,
    node_api_basic_finalize finalize_cb, void *finalize_hint,
    napi_value *result)
{
  napi_status status = tenon_p_napi_enter(env, result);
  tenon_p_reference *r = NULL;
  napi_value handle = NULL;
  JSValue v;

  if (status) return status;
  v = new_external(env, external_data, byte_length, &r);
  status = tenon_p_napi_give(env, v, &handle);
  /* What fails leaves the memory to the caller, unfinalized. */
  if (status == napi_ok) {
    r->finalize = finalize_cb;
    r->data = external_data;
    r->hint = finalize_hint;
    *result = handle;
  }
  return tenon_p_napi_leave(env, status);
}

static napi_status check_buffer(napi_env env, napi_value value, bool has_others,
                                napi_status expected)
{
  napi_status status = tenon_p_napi_check(env, value && has_others);

  if (status) return status;
  return JS_IsArrayBuffer(tenon_p_napi_value(value))
             ? napi_ok
             : tenon_p_napi_set(env, expected);
}

/* The memory of an ArrayBuffer; nothing when it is detached. */
static size_t bytes_of(JSValueConst buffer, void **data)
{
  const uint8_t *p = NULL;
  size_t size = 0;

  if (tenon_p_bytes_of(buffer, &p, &size) != TENON_P_BYTES_OK) {
    p = NULL;
    size = 0;
  }
  if (data) *data = (void *)(uintptr_t)p;
  return size;
}

napi_status napi_get_arraybuffer_info(napi_env env, napi_value arraybuffer,
                                      void **data, size_t *byte_length)
{
  napi_status status = check_buffer(env, arraybuffer, true, napi_invalid_arg);
  size_t size;

  if (status) return status;
  size = bytes_of(tenon_p_napi_value(arraybuffer), data);
  if (byte_length) *byte_length = size;
  return tenon_p_napi_set(env, napi_ok);
}

napi_status napi_is_arraybuffer(napi_env env, napi_value value, bool *result)
{
  napi_status status = tenon_p_napi_check(env, value && result);

  if (status) return status;
  *result = JS_IsArrayBuffer(tenon_p_napi_value(value));
  return tenon_p_napi_set(env, napi_ok);
}

static bool is_detached(JSValueConst v)
{
  const uint8_t *p;
  size_t size;

  return JS_IsArrayBuffer(v) &&
         tenon_p_bytes_of(v, &p, &size) == TENON_P_BYTES_DETACHED;
}

napi_status napi_detach_arraybuffer(napi_env env, napi_value arraybuffer)
{
  napi_status status =
      check_buffer(env, arraybuffer, true, napi_arraybuffer_expected);

  if (status) return status;
  if (tenon_p_is_lent(env->ctx, tenon_p_napi_value(arraybuffer)))
    return tenon_p_napi_set(env, napi_detachable_arraybuffer_expected);
  JS_DetachArrayBuffer(env->ctx, tenon_p_napi_value(arraybuffer));
  return tenon_p_napi_set(env, napi_ok);
}

napi_status napi_is_detached_arraybuffer(napi_env env, napi_value value,
                                         bool *result)
{
  napi_status status = tenon_p_napi_check(env, value && result);

  if (status) return status;
  *result = is_detached(tenon_p_napi_value(value));
  return tenon_p_napi_set(env, napi_ok);
}

/* --- Typed arrays ---------------------------------------------------------------------------- */

/* By napi_typedarray_type. */
static const struct kind {
  const char *name;
  JSTypedArrayEnum type;
  size_t size;
} kinds[] = {
    {"Int8Array", JS_TYPED_ARRAY_INT8, 1},
    {"Uint8Array", JS_TYPED_ARRAY_UINT8, 1},
    {"Uint8ClampedArray", JS_TYPED_ARRAY_UINT8C, 1},
    {"Int16Array", JS_TYPED_ARRAY_INT16, 2},
    {"Uint16Array", JS_TYPED_ARRAY_UINT16, 2},
    {"Int32Array", JS_TYPED_ARRAY_INT32, 4},
    {"Uint32Array", JS_TYPED_ARRAY_UINT32, 4},
    {"Float32Array", JS_TYPED_ARRAY_FLOAT32, 4},
    {"Float64Array", JS_TYPED_ARRAY_FLOAT64, 8},
    {"BigInt64Array", JS_TYPED_ARRAY_BIG_INT64, 8},
    {"BigUint64Array", JS_TYPED_ARRAY_BIG_UINT64, 8},
    {"Float16Array", JS_TYPED_ARRAY_FLOAT16, 2},
};

/* The exception is pending, and the status says more. */
static napi_status refuse(napi_env env, const char *code, const char *message,
                          napi_status status)
{
  return napi_throw_range_error(env, code, message) ? napi_pending_exception
                                                    : status;
}

static napi_status create_typedarray(napi_env env, napi_typedarray_type type,
                                     size_t length, JSValueConst buffer,
                                     size_t byte_offset, napi_value *result)
{
  const struct kind *k = &kinds[type];
  size_t size = bytes_of(buffer, NULL);
  JSValueConst argv[3];
  char message[80];

  if (byte_offset % k->size) {
    snprintf(message, sizeof message,
             "start offset of %s should be a multiple of %zu", k->name,
             k->size);
    return refuse(env, "ERR_NAPI_INVALID_TYPEDARRAY_ALIGNMENT", message,
                  napi_invalid_arg);
  }
  if (byte_offset > size || length > (size - byte_offset) / k->size)
    return refuse(env, "ERR_NAPI_INVALID_TYPEDARRAY_LENGTH",
                  "Invalid typed array length", napi_invalid_arg);
  argv[0] = buffer;
  argv[1] = JS_NewInt64(env->ctx, (int64_t)byte_offset);
  argv[2] = JS_NewInt64(env->ctx, (int64_t)length);
  return tenon_p_napi_give(env, JS_NewTypedArray(env->ctx, 3, argv, k->type),
                           result);
}

napi_status napi_create_typedarray(napi_env env, napi_typedarray_type type,
                                   size_t length, napi_value arraybuffer,
                                   size_t byte_offset, napi_value *result)
{
  napi_status status = tenon_p_napi_enter(env, arraybuffer && result);
  JSValueConst buffer;

  if (status) return status;
  buffer = tenon_p_napi_value(arraybuffer);
  if (!JS_IsArrayBuffer(buffer) || (size_t)type >= tenon_p_countof(kinds))
    return tenon_p_napi_leave(env, napi_invalid_arg);
  return tenon_p_napi_leave(
      env, create_typedarray(env, type, length, buffer, byte_offset, result));
}

napi_status napi_is_typedarray(napi_env env, napi_value value, bool *result)
{
  napi_status status = tenon_p_napi_check(env, value && result);

  if (status) return status;
  *result = JS_GetTypedArrayType(tenon_p_napi_value(value)) >= 0;
  return tenon_p_napi_set(env, napi_ok);
}

/* What the two kinds of views have in common. */
static napi_status tell_view(napi_env env, const tenon_p_view *view,
                             void **data, napi_value *arraybuffer,
                             size_t *byte_offset)
{
  void *start;

  if (byte_offset) *byte_offset = view->offset;
  bytes_of(view->buffer, &start);
  if (data) *data = start ? (uint8_t *)start + view->offset : NULL;
  if (!arraybuffer) return tenon_p_napi_set(env, napi_ok);
  return tenon_p_napi_return(env, JS_DupValue(env->ctx, view->buffer),
                             arraybuffer);
}

napi_status napi_get_typedarray_info(napi_env env, napi_value typedarray,
                                     napi_typedarray_type *type, size_t *length,
                                     void **data, napi_value *arraybuffer,
                                     size_t *byte_offset)
{
  napi_status status = tenon_p_napi_check(env, typedarray);
  tenon_p_view view;
  size_t i;
  int t;

  if (status) return status;
  t = JS_GetTypedArrayType(tenon_p_napi_value(typedarray));
  if (t < 0 || !tenon_p_view_of(tenon_p_napi_value(typedarray), &view))
    return tenon_p_napi_set(env, napi_invalid_arg);
  for (i = 0; i + 1 < tenon_p_countof(kinds) && (int)kinds[i].type != t;)
    i++;
  if (type) *type = (napi_typedarray_type)i;
  if (length) *length = view.size_bytes / kinds[i].size;
  return tell_view(env, &view, data, arraybuffer, byte_offset);
}

/* --- DataViews ------------------------------------------------------------------------------- */

napi_status napi_create_dataview(napi_env env, size_t length,
                                 napi_value arraybuffer, size_t byte_offset,
                                 napi_value *result)
{
  napi_status status = tenon_p_napi_enter(env, arraybuffer && result);
  JSValueConst buffer;
  size_t size;

  if (status) return status;
  buffer = tenon_p_napi_value(arraybuffer);
  if (!JS_IsArrayBuffer(buffer))
    return tenon_p_napi_leave(env, napi_invalid_arg);
  size = bytes_of(buffer, NULL);
  if (byte_offset > size || length > size - byte_offset)
    return tenon_p_napi_leave(
        env, refuse(env, "ERR_NAPI_INVALID_DATAVIEW_ARGS",
                    "byte_offset + byte_length should be less than or equal "
                    "to the size in bytes of the array passed in",
                    napi_pending_exception));
  return tenon_p_napi_leave(
      env, tenon_p_napi_give(
               env, tenon_p_new_dataview(env->ctx, buffer, byte_offset, length),
               result));
}

napi_status napi_is_dataview(napi_env env, napi_value value, bool *result)
{
  napi_status status = tenon_p_napi_check(env, value && result);

  if (status) return status;
  *result = JS_IsDataView(tenon_p_napi_value(value));
  return tenon_p_napi_set(env, napi_ok);
}

napi_status napi_get_dataview_info(napi_env env, napi_value dataview,
                                   size_t *byte_length, void **data,
                                   napi_value *arraybuffer, size_t *byte_offset)
{
  napi_status status = tenon_p_napi_check(env, dataview);
  tenon_p_view view;

  if (status) return status;
  if (!JS_IsDataView(tenon_p_napi_value(dataview)) ||
      !tenon_p_view_of(tenon_p_napi_value(dataview), &view))
    return tenon_p_napi_set(env, napi_invalid_arg);
  if (byte_length) *byte_length = view.size_bytes;
  return tell_view(env, &view, data, arraybuffer, byte_offset);
}
