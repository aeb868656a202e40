/*
 * See extension.h. Included by unit.c behind quickjs.c, whose types and static
 * functions are used here and nowhere else but in native.c.
 */
#include "engine/extension.h"

void *tenon_p_runtime_owner(JSRuntime *rt)
{
  return rt->tenon;
}

size_t tenon_p_runtime_used(JSRuntime *rt)
{
  return rt->malloc_state.malloc_size;
}

size_t tenon_p_runtime_limit(JSRuntime *rt)
{
  return rt->malloc_state.malloc_limit;
}

void tenon_p_runtime_set_terminating(JSRuntime *rt, bool on)
{
  rt->terminating = on;
  if (on) js_poll_soon(rt);
}

void tenon_p_runtime_set_stack(JSRuntime *rt, size_t size)
{
  rt->stack_size = size;
  JS_UpdateStackTop(rt);
}

static JSValue tenon_p_make_lazy(JSContext *ctx, void *opaque)
{
  const tenon_p_lazy *lazy = opaque;

  return lazy->make(ctx, lazy);
}

int tenon_p_define_lazy(JSContext *ctx, JSValueConst object,
                        const tenon_p_lazy *lazy, int flags)
{
  JSAtom atom = JS_NewAtom(ctx, lazy->name);
  int r;

  if (atom == JS_ATOM_NULL) return -1;
  r = JS_DefineAutoInitProperty(ctx, object, atom, JS_AUTOINIT_ID_BYTECODE,
                                (void *)lazy, flags);
  JS_FreeAtom(ctx, atom);
  return r < 0 ? -1 : 0;
}

/* The characters of a string, or of a rope that was flattened. */
static JSString *flat_string(JSValueConst v)
{
  if (JS_VALUE_GET_TAG(v) == JS_TAG_STRING_ROPE)
    v = JS_VALUE_GET_STRING_ROPE(v)->left;
  return JS_VALUE_GET_STRING(v);
}

static size_t utf8_length(uint32_t c)
{
  return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

/* The code point at `*i`, which moves behind it. */
static inline uint32_t next_code_point(const uint16_t *s, size_t n, size_t *i)
{
  uint32_t c = s[(*i)++];

  if (!is_surrogate(c)) return c;
  if (is_hi_surrogate(c) && *i < n && is_lo_surrogate(s[*i]))
    return from_surrogate(c, s[(*i)++]);
  return 0xfffd;
}

int tenon_p_string_utf8_size(JSContext *ctx, JSValueConst v, size_t *size)
{
  JSString *p;
  size_t i, n = 0;

  if (JS_VALUE_GET_TAG(v) == JS_TAG_STRING_ROPE) {
    /* A rope that somebody else holds too keeps its flat form. */
    JSValue held = js_dup(v), flat = js_linearize_string_rope(ctx, v);
    JS_FreeValue(ctx, held);
    if (JS_IsException(flat)) return -1;
    JS_FreeValue(ctx, flat);
  }
  p = flat_string(v);
  if (p->is_wide_char) {
    const uint16_t *s = str16(p);
    for (i = 0; i < p->len;)
      n += utf8_length(next_code_point(s, p->len, &i));
  } else {
    const uint8_t *s = str8(p);
    for (i = 0, n = p->len; i < p->len; i++)
      n += s[i] >> 7;
  }
  *size = n;
  return 0;
}

void tenon_p_string_utf8_write(JSValueConst v, char *dst)
{
  JSString *p = flat_string(v);
  size_t i;

  if (p->is_wide_char) {
    const uint16_t *s = str16(p);
    for (i = 0; i < p->len;)
      dst += utf8_encode((uint8_t *)dst, next_code_point(s, p->len, &i));
  } else {
    const uint8_t *s = str8(p);
    for (i = 0; i < p->len; i++)
      dst += utf8_encode((uint8_t *)dst, s[i]);
  }
  *dst = '\0';
}

static enum tenon_p_bytes_state buffer_state(const JSArrayBuffer *b)
{
  if (b->shared) return TENON_P_BYTES_SHARED;
  return b->detached ? TENON_P_BYTES_DETACHED : TENON_P_BYTES_OK;
}

enum tenon_p_bytes_state tenon_p_bytes_of(JSValueConst v,
                                          const uint8_t **data, size_t *size)
{
  /* An address for no bytes at all. */
  static const uint8_t nothing[1];
  enum tenon_p_bytes_state state;
  JSArrayBuffer *b;
  JSObject *p;
  size_t offset = 0;

  if (!JS_IsObject(v)) return TENON_P_BYTES_NONE;
  p = JS_VALUE_GET_OBJ(v);
  if (p->class_id == JS_CLASS_ARRAY_BUFFER ||
      p->class_id == JS_CLASS_SHARED_ARRAY_BUFFER) {
    b = p->u.array_buffer;
    state = buffer_state(b);
    if (state != TENON_P_BYTES_OK) return state;
    *size = (size_t)b->byte_length;
  } else if (is_typed_array(p->class_id) || p->class_id == JS_CLASS_DATAVIEW) {
    JSTypedArray *view = p->u.typed_array;
    b = view->buffer->u.array_buffer;
    state = buffer_state(b);
    if (state != TENON_P_BYTES_OK) return state;
    if (is_typed_array(p->class_id) ? typed_array_is_oob(p)
                                    : dataview_is_oob(p))
      return TENON_P_BYTES_DETACHED;
    offset = view->offset;
    *size = view->length;
    if (view->track_rab) {
      *size = (size_t)b->byte_length - offset;
      if (is_typed_array(p->class_id))
        *size = *size >> typed_array_size_log2(p->class_id)
                             << typed_array_size_log2(p->class_id);
    }
  } else {
    return TENON_P_BYTES_NONE;
  }
  *data = *size && b->data ? b->data + offset : nothing;
  return TENON_P_BYTES_OK;
}
