/*
 * Typed arrays of exactly one type, to read and to write to. Both point into
 * the value itself, as bytes do.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "bind/convert.h"
#include "bind/parts.h"
#include "bind/table.h"
#include "engine/engine.h"
#include "engine/extension.h"
#include "engine/external.h"
#include "engine/foreign.h"

static const struct {
  const char *name;
  JSTypedArrayEnum type;
} views[] = {
    [TENON_KIND_I8] = {"Int8Array", JS_TYPED_ARRAY_INT8},
    [TENON_KIND_U8] = {"Uint8Array", JS_TYPED_ARRAY_UINT8},
    [TENON_KIND_I16] = {"Int16Array", JS_TYPED_ARRAY_INT16},
    [TENON_KIND_U16] = {"Uint16Array", JS_TYPED_ARRAY_UINT16},
    [TENON_KIND_I32] = {"Int32Array", JS_TYPED_ARRAY_INT32},
    [TENON_KIND_U32] = {"Uint32Array", JS_TYPED_ARRAY_UINT32},
    [TENON_KIND_I64] = {"BigInt64Array", JS_TYPED_ARRAY_BIG_INT64},
    [TENON_KIND_U64] = {"BigUint64Array", JS_TYPED_ARRAY_BIG_UINT64},
    [TENON_KIND_F32] = {"Float32Array", JS_TYPED_ARRAY_FLOAT32},
    [TENON_KIND_F64] = {"Float64Array", JS_TYPED_ARRAY_FLOAT64},
    [TENON_KIND_BIG_I64] = {"BigInt64Array", JS_TYPED_ARRAY_BIG_INT64},
    [TENON_KIND_BIG_U64] = {"BigUint64Array", JS_TYPED_ARRAY_BIG_UINT64},
};

const char *tenon_p_view_name(uint32_t kind)
{
  return kind < tenon_p_countof(views) ? views[kind].name : NULL;
}

JSTypedArrayEnum tenon_p_view_type(uint32_t kind)
{
  return views[kind].type;
}

bool tenon_p_is_view_of(uint32_t kind, int typed_array)
{
  if (!tenon_p_view_name(kind) || typed_array < 0) return false;
  return typed_array == (int)views[kind].type ||
         (kind == TENON_KIND_U8 && typed_array == JS_TYPED_ARRAY_UINT8C);
}

/* An address of no elements at all, aligned for them. */
static uint64_t nothing[1];

/* The elements of a typed array: 0, or -1 with an exception. */
static int borrow(JSContext *ctx, const tenon_p_place *place,
                  const tenon_type *element, JSValueConst v, tenon_bytes *dst)
{
  if (!tenon_p_is_view_of(element->kind, JS_GetTypedArrayType(v)))
    return tenon_p_throw_expected(ctx, place, views[element->kind].name, v);
  if (tenon_p_borrow_bytes(ctx, place, v, dst)) return -1;
  dst->len /= element->size;
  if (!dst->len) dst->data = (const uint8_t *)nothing;
  return 0;
}

/* Native code may have made a buffer at any address. */
static bool is_aligned(const tenon_bytes *b, const tenon_type *element)
{
  return (uintptr_t)b->data % element->size == 0;
}

int tenon_p_read_view(JSContext *ctx, tenon_p_call *c,
                      const tenon_p_place *place, const tenon_type *type,
                      JSValueConst v, tenon_bytes *dst)
{
  const tenon_type *element = type->fields[0].type;
  void *copy;

  if (borrow(ctx, place, element, v, dst)) return -1;
  if (!dst->len) return 0;
  /* A part may be gone when scripts run for the next one. */
  if (!c->copies && !place->inside && is_aligned(dst, element)) return 0;
  copy = tenon_p_part_alloc(ctx, c, dst->len * element->size);
  if (!copy) return -1;
  memcpy(copy, dst->data, dst->len * element->size);
  dst->data = copy;
  return 0;
}

static bool is_immutable(JSValueConst v)
{
  tenon_p_view view;

  if (tenon_p_view_of(v, &view)) v = view.buffer;
  return JS_IsImmutableArrayBuffer(v) == 1;
}

int tenon_p_read_inout(JSContext *ctx, const tenon_p_place *place,
                       const tenon_type *type, JSValueConst v, tenon_bytes *dst)
{
  const tenon_type *element = type->fields[0].type;

  if (element->kind == TENON_KIND_BYTES) {
    if (tenon_p_borrow_bytes(ctx, place, v, dst)) return -1;
    if (!dst->len) dst->data = (const uint8_t *)nothing;
  } else {
    if (borrow(ctx, place, element, v, dst)) return -1;
    if (!is_aligned(dst, element))
      return tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR,
                              TENON_P_MESSAGE_UNALIGNED);
  }
  if (is_immutable(v))
    return tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR,
                            TENON_P_MESSAGE_IMMUTABLE);
  return 0;
}

/* --- Out ------------------------------------------------------------------------ */

/* Memory that JavaScript took over from native code; counted as external. */
static void *resize_taken(JSRuntime *rt, void *opaque, void *p, size_t size)
{
  tenon_p_engine *e = opaque;
  size_t before = tenon_p_heap_usable_size(p), after;
  void *q = NULL;

  (void)rt;

  if (size == 0) {
    free(p);
  } else {
    if (size > before &&
        !tenon_p_engine_make_external_room(e, size - before, false))
      return NULL;
    q = tenon_p_realloc(p, size);
    if (!q) return NULL;
  }
  after = q ? tenon_p_heap_usable_size(q) : 0;
  if (after > before)
    tenon_p_heap_add_external(&e->heap, after - before);
  else
    tenon_p_heap_drop_external(&e->heap, before - after);
  return q;
}

static JSValue take(JSContext *ctx, void *p, size_t size)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  JSValue buffer;

  if (!tenon_p_engine_make_external_room(e, tenon_p_heap_usable_size(p),
                                         false)) {
    free(p);
    return JS_ThrowOutOfMemory(ctx);
  }
  buffer = JS_NewArrayBuffer(ctx, p, size, 0, resize_taken, e, false);
  if (JS_IsException(buffer))
    free(p);
  else
    tenon_p_heap_add_external(&e->heap, tenon_p_heap_usable_size(p));
  return buffer;
}

JSValue tenon_p_write_buffer(JSContext *ctx, tenon_p_call *c, const void *data,
                             size_t size, JSTypedArrayEnum type)
{
  JSValue buffer, v;

  /* With an allocator of the host's all contents are its. */
  if (size && !tenon_p_engine_of(ctx)->heap.is_host &&
      tenon_p_call_take(c, data))
    buffer = take(ctx, (void *)data, size);
  else
    buffer =
        JS_NewArrayBufferCopy(ctx, size ? data : (const void *)nothing, size);
  if (JS_IsException(buffer)) return buffer;
  v = JS_NewTypedArray(ctx, 1, (JSValueConst *)&buffer, type);
  JS_FreeValue(ctx, buffer);
  return v;
}

JSValue tenon_p_write_view(JSContext *ctx, tenon_p_call *c,
                           const tenon_p_place *place, const tenon_type *type,
                           const tenon_bytes *src)
{
  const tenon_type *element = type->fields[0].type;

  if (tenon_p_check_length(ctx, place, src)) return JS_EXCEPTION;
  if (src->len > INT32_MAX / element->size) {
    tenon_p_throw_at(ctx, place, TENON_RANGE_ERROR, TENON_P_MESSAGE_TOO_LONG,
                     (int64_t)src->len);
    return JS_EXCEPTION;
  }
  return tenon_p_write_buffer(ctx, c, src->data, src->len * element->size,
                              views[element->kind].type);
}
