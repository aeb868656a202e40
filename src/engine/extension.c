/*
 * See extension.h. Included by unit.c behind quickjs.c, whose types and static
 * functions are used here and nowhere else but in native.c.
 */
#include "engine/extension.h"

#include "base/utf8.h"
#include "engine/foreign.h"
#include "engine/native.h"

void *tenon_p_runtime_owner(JSRuntime *rt)
{
  return rt->tenon;
}

size_t tenon_p_runtime_used(JSRuntime *rt)
{
  return rt->malloc_state.malloc_size;
}

void tenon_p_runtime_set_terminating(JSRuntime *rt, bool on)
{
  rt->terminating = on;
  if (on) js_poll_soon(rt);
}

void tenon_p_runtime_poll_every(JSRuntime *rt, int polls)
{
  rt->poll_every = polls;
}

void tenon_p_runtime_poll_in(JSContext *ctx, int polls)
{
  if (ctx->interrupt_counter > polls) ctx->interrupt_counter = polls;
}

void tenon_p_runtime_drop_interruption(JSContext *ctx)
{
  if (JS_IsUncatchableError(ctx->rt->current_exception))
    JS_FreeValue(ctx, JS_GetException(ctx));
}

void tenon_p_runtime_collect_at_limit(JSRuntime *rt)
{
  rt->collect_floor = 0;
}

void tenon_p_runtime_set_out_of_memory(JSRuntime *rt,
                                       bool (*ask)(JSRuntime *rt))
{
  rt->out_of_memory = ask;
}

/* --- Realms --------------------------------------------------------------- */

void tenon_p_owner_mark(JSRuntime *rt, tenon_p_owner *o, JS_MarkFunc *mark)
{
  o->mark(rt, o, mark);
}

void tenon_p_owner_gone(JSRuntime *rt, tenon_p_owner *o)
{
  o->gone(rt, o);
}

void tenon_p_context_set_owner(JSContext *ctx, tenon_p_owner *o)
{
  ctx->owner = o;
}

tenon_p_owner *tenon_p_context_owner(JSContext *ctx)
{
  return ctx->owner;
}

void tenon_p_context_mark(JSRuntime *rt, JSContext *ctx, JS_MarkFunc *mark)
{
  mark(rt, &ctx->header);
}

/* The realm of a function that has one of its own; NULL of others. */
static JSContext *tenon_p_realm_of_frame(JSContext *ctx, const JSStackFrame *f)
{
  tenon_p_native *n;
  const JSObject *p;

  if (JS_VALUE_GET_TAG(f->cur_func) != JS_TAG_OBJECT) return NULL;
  n = tenon_p_native_of(ctx, f->cur_func);
  if (n) return n->realm;
  p = JS_VALUE_GET_OBJ(f->cur_func);
  if (p->class_id == JS_CLASS_C_FUNCTION_DATA)
    return p->u.c_function_data_record->realm;
  if (p->class_id == JS_CLASS_C_FUNCTION) return p->u.cfunc.realm;
  if (js_class_has_bytecode(p->class_id))
    return p->u.func.function_bytecode->realm;
  return tenon_p_foreign_realm(ctx, f->cur_func);
}

JSContext *tenon_p_running_context(JSRuntime *rt)
{
  const JSStackFrame *f = rt->current_stack_frame;
  const JSContext *any = list_entry(rt->context_list.next, JSContext, link);

  return f ? tenon_p_realm_of_frame((JSContext *)any, f) : NULL;
}

bool tenon_p_context_is_on_stack(JSContext *ctx)
{
  const JSStackFrame *f;

  for (f = ctx->rt->current_stack_frame; f; f = f->prev_frame)
    if (tenon_p_realm_of_frame(ctx, f) == ctx) return true;
  return false;
}

JSValue tenon_p_compile(JSContext *ctx, const char *src, size_t len,
                        const char *name, int flags)
{
  JSValue (*eval)(JSContext *, JSValueConst, const char *, size_t, const char *,
                  int, int, int) = ctx->eval_internal;
  JSValue v;

  JS_AddIntrinsicEval(ctx);
  v = JS_Eval(ctx, src, len, name, flags | JS_EVAL_FLAG_COMPILE_ONLY);
  ctx->eval_internal = eval;
  return v;
}

int tenon_p_has_global(JSContext *ctx, JSAtom name)
{
  int r = JS_GetOwnProperty(ctx, NULL, ctx->global_var_obj, name);

  return r ? r : JS_GetOwnProperty(ctx, NULL, ctx->global_obj, name);
}

void tenon_p_runtime_set_stack(JSRuntime *rt, size_t size)
{
  rt->stack_size = size;
  JS_UpdateStackTop(rt);
}

void tenon_p_runtime_resize_stack(JSRuntime *rt, size_t size)
{
  JS_SetMaxStackSize(rt, size);
}

size_t tenon_p_runtime_stack_used(JSRuntime *rt)
{
  uintptr_t here = js_get_stack_pointer();

  return here < rt->stack_top ? rt->stack_top - here : 0;
}

uintptr_t tenon_p_runtime_stack_limit(JSRuntime *rt)
{
  return rt->stack_limit;
}

void tenon_p_runtime_narrow_stack(JSRuntime *rt, size_t size)
{
  uintptr_t here = js_get_stack_pointer();

  if (size < here && here - size > rt->stack_limit)
    rt->stack_limit = here - size;
}

void tenon_p_runtime_restore_stack(JSRuntime *rt, uintptr_t limit)
{
  rt->stack_limit = limit;
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

/* How many bytes in front are ASCII; by blocks, which compilers vectorize. */
static size_t ascii_prefix(const uint8_t *p, size_t len)
{
  enum { BLOCK = 64 };
  size_t i = 0, k;

  for (; len - i >= BLOCK; i += BLOCK) {
    uint8_t all = 0;
    for (k = 0; k < BLOCK; k++)
      all |= p[i + k];
    if (all & 0x80) break;
  }
  while (i < len && p[i] < 0x80)
    i++;
  return i;
}

/* Of UTF-16: a pair of surrogates is 4 bytes, a lone one a U+FFFD of 3. */
static size_t utf16_utf8_size(const uint16_t *s, size_t len)
{
  size_t i, n = len;
  uint32_t has_surrogates = 0;

  for (i = 0; i < len; i++) {
    n += (s[i] >= 0x80) + (s[i] >= 0x800);
    has_surrogates |= (s[i] & 0xf800) == 0xd800;
  }
  if (!has_surrogates) return n;
  for (i = 0; i + 1 < len; i++) {
    if (!is_hi_surrogate(s[i]) || !is_lo_surrogate(s[i + 1])) continue;
    n -= 2;
    i++;
  }
  return n;
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
    n = utf16_utf8_size(str16(p), p->len);
  } else {
    const uint8_t *s = str8(p);
    for (i = 0, n = p->len; i < p->len; i++)
      n += s[i] >> 7;
  }
  *size = n;
  return 0;
}

static uint8_t *write_latin1(const uint8_t *s, size_t len, uint8_t *dst)
{
  size_t i = ascii_prefix(s, len);

  memcpy(dst, s, i);
  for (dst += i; i < len; i++) {
    if (s[i] >= 0x80) {
      *dst++ = 0xc0 | s[i] >> 6;
      *dst++ = 0x80 | (s[i] & 0x3f);
    } else {
      *dst++ = s[i];
    }
  }
  return dst;
}

static uint8_t *write_utf16(const uint16_t *s, size_t len, uint8_t *dst)
{
  size_t i = 0;

  while (i < len) {
    uint32_t c = next_code_point(s, len, &i);
    if (c < 0x80) {
      *dst++ = (uint8_t)c;
    } else if (c < 0x800) {
      *dst++ = (uint8_t)(0xc0 | c >> 6);
      *dst++ = 0x80 | (c & 0x3f);
    } else if (c < 0x10000) {
      *dst++ = (uint8_t)(0xe0 | c >> 12);
      *dst++ = 0x80 | (c >> 6 & 0x3f);
      *dst++ = 0x80 | (c & 0x3f);
    } else {
      dst += utf8_encode(dst, c);
    }
  }
  return dst;
}

void tenon_p_string_utf8_write(JSValueConst v, char *dst)
{
  JSString *p = flat_string(v);
  uint8_t *to = (uint8_t *)dst;

  to = p->is_wide_char ? write_utf16(str16(p), p->len, to)
                       : write_latin1(str8(p), p->len, to);
  *to = '\0';
}

static inline bool is_ascii(const uint8_t *p, size_t n)
{
  uint64_t all = 0, w;
  size_t i;

  if (n < 8) {
    for (i = 0; i < n; i++)
      all |= p[i];
  } else {
    for (i = 0; i + 8 <= n; i += 8) {
      memcpy(&w, p + i, 8);
      all |= w;
    }
    memcpy(&w, p + n - 8, 8);
    all |= w;
  }
  return !(all & UINT64_C(0x8080808080808080));
}

bool tenon_p_string_borrow_ascii(JSValueConst v, const char **s, size_t *len)
{
  JSString *p;

  if (JS_VALUE_GET_TAG(v) != JS_TAG_STRING) return false;
  p = JS_VALUE_GET_STRING(v);
  if (p->is_wide_char || p->kind != JS_STRING_KIND_NORMAL ||
      !is_ascii(str8(p), p->len))
    return false;
  *s = (const char *)str8(p);
  *len = p->len;
  return true;
}

/* As tenon_p_utf8_decode; what is well formed and not rare at once. */
static inline uint32_t decode_utf8(const uint8_t **at, const uint8_t *end)
{
  const uint8_t *p = *at;

  if (p[0] < 0x80) {
    *at = p + 1;
    return p[0];
  }
  if (p[0] >= 0xc2 && p[0] < 0xe0 && end - p >= 2 && (p[1] & 0xc0) == 0x80) {
    *at = p + 2;
    return (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
  }
  /* Behind E0 and ED not all bytes may follow. */
  if (p[0] > 0xe0 && p[0] < 0xed && end - p >= 3 && (p[1] & 0xc0) == 0x80 &&
      (p[2] & 0xc0) == 0x80) {
    *at = p + 3;
    return (p[0] & 0xfu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
  }
  return tenon_p_utf8_decode(at, end);
}

JSValue tenon_p_new_string(JSContext *ctx, const char *s, size_t len)
{
  const uint8_t *p = (const uint8_t *)s, *end = p + len, *rest;
  size_t ascii, units, i;
  uint32_t c, widest = 0;
  JSString *str;

  if (len == 0) return js_empty_string(ctx->rt);
  ascii = units = ascii_prefix(p, len);
  for (rest = p += ascii; p < end; units += 1 + (c > 0xffff)) {
    c = decode_utf8(&p, end);
    widest |= c;
  }
  if (units > JS_STRING_LEN_MAX)
    return JS_ThrowRangeError(ctx, "invalid string length");
  if (widest == 0) return js_new_string8_len(ctx, s, (int)len);
  str = js_alloc_string(ctx, (int)units, widest > 0xff);
  if (!str) return JS_EXCEPTION;
  p = rest;
  if (widest <= 0xff) {
    memcpy(str8(str), s, ascii);
    for (i = ascii; i < units;)
      str8(str)[i++] = (uint8_t)decode_utf8(&p, end);
    str8(str)[units] = '\0';
    return JS_MKPTR(JS_TAG_STRING, str);
  }
  for (i = 0; i < ascii; i++)
    str16(str)[i] = (uint8_t)s[i];
  while (i < units) {
    c = decode_utf8(&p, end);
    if (c <= 0xffff) {
      str16(str)[i++] = (uint16_t)c;
    } else {
      str16(str)[i++] = get_hi_surrogate(c);
      str16(str)[i++] = get_lo_surrogate(c);
    }
  }
  return JS_MKPTR(JS_TAG_STRING, str);
}

bool tenon_p_bigint_is_short(JSValueConst v)
{
  const JSBigInt *p = JS_VALUE_GET_PTR(v);

  return JS_VALUE_GET_TAG(v) != JS_TAG_BIG_INT ||
         p->len * sizeof p->tab[0] <= 16;
}

JSValue tenon_p_to_primitive(JSContext *ctx, JSValueConst v, bool wants_string)
{
  return JS_ToPrimitive(ctx, v, wants_string ? HINT_STRING : HINT_NUMBER);
}

double tenon_p_bigint_to_double(JSContext *ctx, JSValueConst v)
{
  JSBigIntBuf buf;
  const JSBigInt *p;

  if (JS_VALUE_GET_TAG(v) == JS_TAG_SHORT_BIG_INT)
    p = js_bigint_set_short(&buf, v);
  else
    p = JS_VALUE_GET_PTR(v);
  return js_bigint_to_float64(ctx, p);
}

JSValue tenon_p_to_bigint(JSContext *ctx, JSValueConst v)
{
  JSValue r;

  if (JS_TAG_IS_FLOAT64(JS_VALUE_GET_TAG(v)) &&
      !(JS_VALUE_GET_FLOAT64(v) == trunc(JS_VALUE_GET_FLOAT64(v)) &&
        isfinite(JS_VALUE_GET_FLOAT64(v))))
    return JS_UNDEFINED;
  if (JS_IsString(v)) {
    r = JS_StringToBigInt(ctx, js_dup(v));
    return JS_VALUE_IS_NAN(r) ? JS_UNDEFINED : r;
  }
  if (!JS_IsNumber(v) && !JS_IsBool(v) && !JS_IsBigInt(v)) return JS_UNDEFINED;
  return JS_ToBigIntCtorFree(ctx, js_dup(v));
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

bool tenon_p_runtime_has_room(JSRuntime *rt, size_t size)
{
  const JSMallocState *s = &rt->malloc_state;

  /* 1: failures are injected. */
  if (s->malloc_limit <= 1) return true;
  return s->malloc_size <= s->malloc_limit &&
         size <= s->malloc_limit - s->malloc_size;
}

bool tenon_p_runtime_collect(JSRuntime *rt)
{
  if (rt->gc_phase != JS_GC_PHASE_NONE || rt->in_free) return false;
  JS_RunGC(rt);
  return true;
}

bool tenon_p_runtime_make_room(JSRuntime *rt, size_t size)
{
  return tenon_p_runtime_has_room(rt, size) ||
         (tenon_p_runtime_collect(rt) && tenon_p_runtime_has_room(rt, size));
}

void tenon_p_runtime_collect_soon(JSRuntime *rt)
{
  if (rt->malloc_gc_threshold != (size_t)-1) rt->malloc_gc_threshold = 0;
}

void tenon_p_runtime_reset_threshold(JSRuntime *rt)
{
  size_t size = rt->malloc_state.malloc_size;

  if (rt->malloc_gc_threshold == 0) rt->malloc_gc_threshold = size + size / 2;
}

void tenon_p_runtime_set_collected(JSRuntime *rt,
                                   void (*collected)(JSRuntime *rt))
{
  rt->collected = collected;
}

int tenon_p_poll(JSContext *ctx)
{
  return js_poll_interrupts(ctx);
}

int tenon_p_poll_many(JSContext *ctx, int turns)
{
  ctx->interrupt_counter -= turns - 1;
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

void tenon_p_promise_set_handled(JSValueConst v, bool on)
{
  JSPromiseData *s = JS_GetOpaque(v, JS_CLASS_PROMISE);

  if (!s || (!on && (!list_empty(&s->promise_reactions[0]) ||
                     !list_empty(&s->promise_reactions[1]))))
    return;
  s->is_handled = on;
}

JSValue tenon_p_promise_resolve(JSContext *ctx, JSValueConst v)
{
  return js_promise_resolve(ctx, ctx->promise_ctor, 1, &v, 0);
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

/* Code that the library brings along is named "tenon:NAME". */
static bool is_own_code(JSRuntime *rt, JSAtom filename)
{
  const JSAtomStruct *p;

  if (__JS_AtomIsTaggedInt(filename)) return false;
  p = rt->atom_array[filename];
  return !p->is_wide_char && p->len >= 6 &&
         !memcmp(str8((JSString *)p), "tenon:", 6);
}

bool tenon_p_current_place(JSRuntime *rt, JSAtom *url, int *line, int *column)
{
  const JSStackFrame *sf;

  for (sf = rt->current_stack_frame; sf; sf = sf->prev_frame) {
    JSFunctionBytecode *b;
    JSObject *p;
    if (!JS_IsObject(sf->cur_func) || !sf->cur_pc) continue;
    p = JS_VALUE_GET_OBJ(sf->cur_func);
    if (!js_class_has_bytecode(p->class_id)) continue;
    b = p->u.func.function_bytecode;
    if (b->filename == JS_ATOM_NULL || is_own_code(rt, b->filename)) continue;
    *line = find_line_num(
        b->realm, b, (uint32_t)(sf->cur_pc - b->byte_code_buf - 1), column);
    *url = JS_DupAtom(b->realm, b->filename);
    return true;
  }
  return false;
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

void tenon_p_modules_met_by(JSRuntime *rt,
                            int (*meets)(JSContext *ctx, JSAtom name,
                                         JSValueConst has, JSValueConst asked))
{
  rt->module_meets = meets;
}

void tenon_p_modules_explained_by(JSRuntime *rt,
                                  const char *(*explains)(JSContext *ctx,
                                                          JSModuleDef *m,
                                                          JSAtom name))
{
  rt->module_explains = explains;
}

void tenon_p_module_set_attributes(JSContext *ctx, JSModuleDef *m,
                                   JSValue attributes)
{
  JS_FreeValue(ctx, m->attributes);
  m->attributes = attributes;
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

void tenon_p_runtime_set_import(
    JSRuntime *rt,
    void (*import)(JSContext *ctx, const char *referrer, const char *specifier,
                   JSValueConst attributes, JSValueConst *resolving_funcs))
{
  rt->import_module = import;
}

JSModuleDef *tenon_p_module_find_with(JSContext *ctx, JSAtom name,
                                      JSValueConst attributes)
{
  return js_find_loaded_module(ctx, name, attributes);
}

void tenon_p_module_ask_by(JSContext *ctx, JSModuleDef *m,
                           JSValueConst attributes)
{
  (void)ctx;
  if (JS_IsObject(attributes) && JS_IsUndefined(m->attributes))
    m->attributes = js_dup(attributes);
}

int tenon_p_module_request_count(const JSModuleDef *m)
{
  return m->req_module_entries_count;
}

JSModuleDef *tenon_p_module_request(const JSModuleDef *m, int i,
                                    JSAtom *specifier, JSValueConst *attributes)
{
  const JSReqModuleEntry *rme = &m->req_module_entries[i];

  *specifier = rme->module_name;
  *attributes = rme->attributes;
  return rme->module;
}

void tenon_p_module_answer(JSModuleDef *m, int i, JSModuleDef *found)
{
  m->req_module_entries[i].module = found;
}

void tenon_p_module_blame(JSContext *ctx, JSModuleDef *m, int i)
{
  hint_missing(ctx, m, &m->req_module_entries[i]);
}

bool tenon_p_module_is_whole(const JSModuleDef *m)
{
  return m->resolved || m->status != JS_MODULE_STATUS_UNLINKED;
}

void tenon_p_module_set_whole(JSModuleDef *m)
{
  m->resolved = true;
}

/* Requests of modules outside may have been answered by one of these: of another
 * graph that failed, and was kept. */
void tenon_p_modules_forget(JSContext *ctx, JSModuleDef **all, size_t count)
{
  uint64_t visit = ++ctx->rt->module_visit;
  struct list_head *el;
  size_t k;
  int i;

  for (k = 0; k < count; k++)
    if (!all[k]->init_func) all[k]->visit = visit;
  list_for_each(el, &ctx->loaded_modules) {
    JSModuleDef *m = list_entry(el, JSModuleDef, link);
    for (i = 0; i < m->req_module_entries_count; i++) {
      JSReqModuleEntry *rme = &m->req_module_entries[i];
      if (rme->module && rme->module->visit == visit) rme->module = NULL;
    }
  }
  for (k = 0; k < count; k++)
    if (!all[k]->init_func) js_free_module_def(ctx, all[k]);
}

static int settle_import(JSContext *ctx, JSModuleDef *m, JSValue promise,
                         JSValueConst *resolving_funcs)
{
  JSValue module = JS_NewModuleValue(ctx, m), then[2], r = JS_EXCEPTION;
  JSValueConst data[] = {resolving_funcs[0], resolving_funcs[1], module};

  then[0] = JS_NewCFunctionData(ctx, js_load_module_fulfilled, 0, 0, 3, data);
  then[1] = JS_NewCFunctionData(ctx, js_load_module_rejected, 0, 0, 3, data);
  JS_FreeValue(ctx, module);
  if (!JS_IsException(then[0]) && !JS_IsException(then[1]))
    r = js_promise_then(ctx, promise, 2, vc(then));
  JS_FreeValue(ctx, then[0]);
  JS_FreeValue(ctx, then[1]);
  JS_FreeValue(ctx, r);
  return JS_IsException(r) ? -1 : 0;
}

void tenon_p_module_import(JSContext *ctx, JSModuleDef *m,
                           JSValueConst *resolving_funcs)
{
  JSValue promise = JS_EvalFunction(ctx, JS_NewModuleValue(ctx, m)), error, r;
  bool is_settled = !JS_IsException(promise) &&
                    settle_import(ctx, m, promise, resolving_funcs) == 0;

  JS_FreeValue(ctx, promise);
  if (is_settled) return;
  error = JS_GetException(ctx);
  r = JS_Call(ctx, resolving_funcs[1], JS_UNDEFINED, 1, vc(&error));
  JS_FreeValue(ctx, error);
  if (JS_IsException(r)) JS_FreeValue(ctx, JS_GetException(ctx));
  JS_FreeValue(ctx, r);
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

static const struct {
  const char *name;
  JSAtom atom;
} known_symbols[] = {
    {"asyncDispose", JS_ATOM_Symbol_asyncDispose},
    {"asyncIterator", JS_ATOM_Symbol_asyncIterator},
    {"dispose", JS_ATOM_Symbol_dispose},
    {"hasInstance", JS_ATOM_Symbol_hasInstance},
    {"isConcatSpreadable", JS_ATOM_Symbol_isConcatSpreadable},
    {"iterator", JS_ATOM_Symbol_iterator},
    {"match", JS_ATOM_Symbol_match},
    {"matchAll", JS_ATOM_Symbol_matchAll},
    {"replace", JS_ATOM_Symbol_replace},
    {"search", JS_ATOM_Symbol_search},
    {"species", JS_ATOM_Symbol_species},
    {"split", JS_ATOM_Symbol_split},
    {"toPrimitive", JS_ATOM_Symbol_toPrimitive},
    {"toStringTag", JS_ATOM_Symbol_toStringTag},
    {"unscopables", JS_ATOM_Symbol_unscopables},
};

/* JS_ATOM_NULL: there is none of this name. */
static JSAtom find_symbol(const char *name)
{
  size_t i;

  for (i = 0; i < countof(known_symbols); i++)
    if (!strcmp(known_symbols[i].name, name)) return known_symbols[i].atom;
  return JS_ATOM_NULL;
}

bool tenon_p_is_known_symbol(const char *name)
{
  return find_symbol(name) != JS_ATOM_NULL;
}

JSAtom tenon_p_known_symbol(JSContext *ctx, const char *name)
{
  JSAtom atom = find_symbol(name);

  if (atom != JS_ATOM_NULL) return JS_DupAtom(ctx, atom);
  JS_ThrowTypeError(ctx, "there is no Symbol.%s", name);
  return JS_ATOM_NULL;
}
