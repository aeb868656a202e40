/*
 * See extension.h. Included by unit.c behind quickjs.c, whose types and static
 * functions are used here and nowhere else but in native.c.
 */
#include "engine/extension.h"

#include "base/utf8.h"

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

void tenon_p_runtime_set_out_of_memory(JSRuntime *rt,
                                       bool (*ask)(JSRuntime *rt))
{
  rt->out_of_memory = ask;
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

JSValue tenon_p_new_string(JSContext *ctx, const char *s, size_t len)
{
  const uint8_t *p = (const uint8_t *)s, *end = p + len;
  size_t units = 0, i = 0;
  uint32_t c, widest = 0;
  uint64_t w;
  JSString *str;

  if (len == 0) return js_empty_string(ctx->rt);
  for (; len - i >= sizeof w; i += sizeof w) {
    memcpy(&w, p + i, sizeof w);
    if (w & UINT64_C(0x8080808080808080)) break;
  }
  while (i < len && p[i] < 0x80)
    i++;
  for (units = i, p += i; p < end; units += 1 + (c > 0xffff)) {
    c = tenon_p_utf8_decode(&p, end);
    widest |= c;
  }
  if (units > JS_STRING_LEN_MAX)
    return JS_ThrowRangeError(ctx, "invalid string length");
  p = (const uint8_t *)s;
  if (widest == 0) return js_new_string8_len(ctx, s, (int)len);
  str = js_alloc_string(ctx, (int)units, widest > 0xff);
  if (!str) return JS_EXCEPTION;
  for (i = 0; i < units;) {
    c = tenon_p_utf8_decode(&p, end);
    if (widest <= 0xff) {
      str8(str)[i++] = (uint8_t)c;
    } else if (c <= 0xffff) {
      str16(str)[i++] = (uint16_t)c;
    } else {
      str16(str)[i++] = get_hi_surrogate(c);
      str16(str)[i++] = get_lo_surrogate(c);
    }
  }
  if (widest <= 0xff) str8(str)[units] = '\0';
  return JS_MKPTR(JS_TAG_STRING, str);
}

bool tenon_p_bigint_is_short(JSValueConst v)
{
  const JSBigInt *p = JS_VALUE_GET_PTR(v);

  return JS_VALUE_GET_TAG(v) != JS_TAG_BIG_INT ||
         p->len * sizeof p->tab[0] <= 16;
}

/* An error of this prototype, without a stack yet; or JS_EXCEPTION. */
static JSValue new_error(JSContext *ctx, JSValueConst proto,
                         const char *message, size_t len)
{
  JSValue e, text = tenon_p_new_string(ctx, message, len);

  if (JS_IsException(text)) return text;
  e = JS_NewObjectProtoClass(ctx, proto, JS_CLASS_ERROR);
  if (JS_IsException(e)) {
    JS_FreeValue(ctx, text);
    return e;
  }
  if (JS_DefinePropertyValue(ctx, e, JS_ATOM_message, text,
                             JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) < 0) {
    JS_FreeValue(ctx, e);
    return JS_EXCEPTION;
  }
  return e;
}

JSValue tenon_p_throw_error(JSContext *ctx, enum tenon_p_error_class c,
                            const char *message, size_t len)
{
  JSValueConst proto =
      c == TENON_P_PLAIN_ERROR  ? ctx->class_proto[JS_CLASS_ERROR]
      : c == TENON_P_TYPE_ERROR ? ctx->native_error_proto[JS_TYPE_ERROR]
                                : ctx->native_error_proto[JS_RANGE_ERROR];
  JSValue e = new_error(ctx, proto, message, len);

  if (JS_IsException(e)) return e;
  build_backtrace(ctx, e, JS_UNDEFINED, NULL, 0, 0, 0);
  return JS_Throw(ctx, e);
}

int tenon_p_promise_then(JSContext *ctx, JSValueConst promise,
                         JSValueConst fulfilled, JSValueConst rejected)
{
  JSValueConst reactions[2] = {fulfilled, rejected};
  JSValueConst nobody[2] = {JS_UNDEFINED, JS_UNDEFINED};

  return perform_promise_then(ctx, promise, reactions, nobody) ? -1 : 0;
}

static bool has_room(const JSMallocState *s, size_t size)
{
  /* 1: failures are injected. */
  if (s->malloc_limit <= 1) return true;
  return s->malloc_size <= s->malloc_limit &&
         size <= s->malloc_limit - s->malloc_size;
}

bool tenon_p_runtime_make_room(JSRuntime *rt, size_t size)
{
  if (has_room(&rt->malloc_state, size)) return true;
  if (rt->gc_phase != JS_GC_PHASE_NONE || rt->in_free) return false;
  JS_RunGC(rt);
  return has_room(&rt->malloc_state, size);
}

int tenon_p_poll(JSContext *ctx)
{
  return js_poll_interrupts(ctx);
}

bool tenon_p_promise_is_handled(JSValueConst v)
{
  const JSPromiseData *s = JS_GetOpaque(v, JS_CLASS_PROMISE);

  return s && s->is_handled;
}

bool tenon_p_promise_is_reported(JSValueConst v)
{
  const JSPromiseData *s = JS_GetOpaque(v, JS_CLASS_PROMISE);

  return s && s->is_reported;
}

void tenon_p_promise_mark_reported(JSValueConst v)
{
  JSPromiseData *s = JS_GetOpaque(v, JS_CLASS_PROMISE);

  if (s) s->is_reported = true;
}

double tenon_p_now_ms(JSContext *ctx)
{
  return js__now_ms() - ctx->time_origin;
}

static enum tenon_p_bytes_state buffer_state(const JSArrayBuffer *b)
{
  if (b->shared) return TENON_P_BYTES_SHARED;
  return b->detached ? TENON_P_BYTES_DETACHED : TENON_P_BYTES_OK;
}

enum tenon_p_bytes_state tenon_p_bytes_of(JSValueConst v, const uint8_t **data,
                                          size_t *size)
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

int tenon_p_is_array(JSContext *ctx, JSValueConst v)
{
  return js_is_array(ctx, v);
}

/* --- Where a program waits ------------------------------------------------ */

/* Does the top of this code wait? 1, 0, or -1 with an exception. */
static int report_waiting(JSContext *ctx, JSFunctionBytecode *b,
                          tenon_p_waiting *found, void *p)
{
  int line, column;
  JSValue name;

  if (b->waits_at == 0) return 0;
  name = JS_AtomToString(ctx, b->filename);
  if (JS_IsException(name)) return -1;
  line = find_line_num(ctx, b, b->waits_at - 1, &column);
  found(p, name, line, column);
  JS_FreeValue(ctx, name);
  return 1;
}

int tenon_p_waiting_modules(JSContext *ctx, tenon_p_waiting *found, void *p)
{
  struct list_head *el;

  list_for_each(el, &ctx->loaded_modules) {
    JSModuleDef *m = list_entry(el, JSModuleDef, link);
    JSObject *f;
    if (!JS_IsObject(m->func_obj)) continue;
    f = JS_VALUE_GET_OBJ(m->func_obj);
    if (!js_class_has_bytecode(f->class_id)) continue;
    if (report_waiting(ctx, f->u.func.function_bytecode, found, p) < 0)
      return -1;
  }
  return 0;
}

int tenon_p_waiting_script(JSContext *ctx, JSValueConst code,
                           tenon_p_waiting *found, void *p)
{
  if (JS_VALUE_GET_TAG(code) != JS_TAG_FUNCTION_BYTECODE) return 0;
  return report_waiting(ctx, JS_VALUE_GET_PTR(code), found, p);
}

/* --- In a runtime that a host made ------------------------------------------ */

void tenon_p_runtime_move_in(JSRuntime *rt, void *owner,
                             const tenon_p_guest_hooks *hooks)
{
  rt->tenon = owner;
  rt->guest = hooks;
}

void tenon_p_guest_idle(JSRuntime *rt)
{
  rt->guest->idle(rt);
}

void tenon_p_guest_busy(JSRuntime *rt)
{
  rt->guest->busy(rt);
}

bool tenon_p_guest_has_work(JSRuntime *rt)
{
  return rt->guest->has_work(rt);
}

void tenon_p_guest_before_free(JSRuntime *rt)
{
  rt->guest->before_free(rt);
}

bool tenon_p_runtime_has_jobs(JSRuntime *rt)
{
  return !list_empty(&rt->job_list);
}

JSModuleDef *tenon_p_module_find(JSContext *ctx, const char *name)
{
  JSAtom atom = JS_NewAtom(ctx, name);
  JSModuleDef *m;

  if (atom == JS_ATOM_NULL) return NULL;
  m = js_find_loaded_module(ctx, atom, JS_UNDEFINED);
  JS_FreeAtom(ctx, atom);
  return m;
}

void tenon_p_module_drop(JSContext *ctx, JSModuleDef *m)
{
  js_free_module_def(ctx, m);
}

JSValue tenon_p_module_use(JSContext *ctx, JSModuleDef *m)
{
  JSValue r;

  if (!m->init_func) return JS_UNDEFINED;
  r = JS_EvalFunction(ctx, JS_NewModuleValue(ctx, m));
  if (JS_IsException(r)) return r;
  JS_FreeValue(ctx, r);
  return JS_GetModuleNamespace(ctx, m);
}

static JSValue tenon_p_throw_job(JSContext *ctx, int argc, JSValueConst *argv)
{
  (void)argc;
  return JS_Throw(ctx, js_dup(argv[0]));
}

void tenon_p_throw_later(JSContext *ctx, JSValue error)
{
  /* Without memory for a job there is nobody who could be told. */
  if (JS_EnqueueJob(ctx, tenon_p_throw_job, 1, vc(&error)))
    JS_FreeValue(ctx, JS_GetException(ctx));
  JS_FreeValue(ctx, error);
}
