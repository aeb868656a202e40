/*
 * See foreign.h. Included by unit.c behind extension.c, whose helpers for
 * strings it uses.
 */
#include "engine/foreign.h"

/* --- Functions ---------------------------------------------------------------- */

static JSValue foreign_call(JSContext *ctx, JSValueConst function,
                            JSValueConst this_value, int argc,
                            JSValueConst *argv, int flags)
{
  JSRuntime *rt = ctx->rt;
  tenon_p_foreign_call call;
  JSStackFrame frame = {0};
  JSValue r;

  if (js_check_stack_overflow(rt, 0)) return JS_ThrowStackOverflow(ctx);
  call.function = JS_VALUE_GET_OBJ(function)->u.opaque;
  call.this_value = call.new_target = JS_UNDEFINED;
  if (flags & JS_CALL_FLAG_CONSTRUCTOR)
    call.new_target = this_value;
  else
    call.this_value = this_value;
  call.argc = argc;
  call.argv = argv;
  /* The frame names the function in stack traces. */
  frame.prev_frame = rt->current_stack_frame;
  frame.cur_func = unsafe_unconst(function);
  frame.arg_count = argc;
  frame.arg_buf = (JSValue *)argv;
  rt->current_stack_frame = &frame;
  r = call.function->enter(call.function->realm, &call);
  rt->current_stack_frame = frame.prev_frame;
  return r;
}

static void foreign_finalizer(JSRuntime *rt, JSValueConst v)
{
  tenon_p_foreign *f = JS_VALUE_GET_OBJ(v)->u.opaque;

  if (!f) return;
  JS_FreeContext(f->realm);
  js_free_rt(rt, f);
}

static void foreign_mark(JSRuntime *rt, JSValueConst v, JS_MarkFunc *mark)
{
  tenon_p_foreign *f = JS_VALUE_GET_OBJ(v)->u.opaque;

  if (f) mark(rt, &f->realm->header);
}

/* Class numbers are given out by each runtime: ours is known by its call. */
static JSClassID foreign_class(JSRuntime *rt)
{
  JSClassID id = JS_CLASS_INIT_COUNT;

  while (id < (JSClassID)rt->class_count &&
         rt->class_array[id].call != foreign_call)
    id++;
  return id;
}

int tenon_p_foreign_init(JSContext *ctx)
{
  static const JSClassDef class = {"Function", .call = foreign_call,
                                   .finalizer = foreign_finalizer,
                                   .gc_mark = foreign_mark};
  JSRuntime *rt = ctx->rt;
  JSClassID id = JS_INVALID_CLASS_ID;

  if (foreign_class(rt) < (JSClassID)rt->class_count) return 0;
  if (JS_NewClass(rt, JS_NewClassID(rt, &id), &class)) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  JS_SetClassProto(ctx, id, js_dup(ctx->function_proto));
  return 0;
}

JSValue tenon_p_foreign_new(JSContext *ctx, const tenon_p_foreign *f,
                            JSValueConst name)
{
  JSValue v =
      JS_NewObjectProtoClass(ctx, ctx->function_proto, foreign_class(ctx->rt));
  tenon_p_foreign *copy;

  if (JS_IsException(v)) return v;
  JS_VALUE_GET_OBJ(v)->u.opaque = NULL;
  copy = js_malloc(ctx, sizeof *copy);
  if (!copy) goto fail;
  *copy = *f;
  copy->realm = JS_DupContext(ctx);
  JS_VALUE_GET_OBJ(v)->u.opaque = copy;
  JS_SetConstructorBit(ctx, v, true);
  if (JS_DefinePropertyValue(ctx, v, JS_ATOM_length, js_int32(0),
                             JS_PROP_CONFIGURABLE) < 0 ||
      JS_DefinePropertyValue(ctx, v, JS_ATOM_name, js_dup(name),
                             JS_PROP_CONFIGURABLE) < 0 ||
      JS_DefineAutoInitProperty(ctx, v, JS_ATOM_prototype,
                                JS_AUTOINIT_ID_PROTOTYPE, NULL,
                                JS_PROP_WRITABLE) < 0)
    goto fail;
  return v;
fail:
  JS_FreeValue(ctx, v);
  return JS_EXCEPTION;
}

JSContext *tenon_p_foreign_realm(JSContext *ctx, JSValueConst v)
{
  const tenon_p_foreign *f;

  if (JS_GetClassID(v) != foreign_class(ctx->rt)) return NULL;
  f = JS_VALUE_GET_OBJ(v)->u.opaque;
  return f ? f->realm : NULL;
}

/* --- Weak references ---------------------------------------------------------- */

bool tenon_p_weak_can(JSValueConst v)
{
  return is_valid_weakref_target(v);
}

int tenon_p_weak_set(JSContext *ctx, tenon_p_weak *w, JSValueConst target)
{
  JSWeakRefRecord *r = js_malloc(ctx, sizeof *r);

  w->record = r;
  w->target = target;
  if (!r) return -1;
  r->kind = JS_WEAK_REF_KIND_NATIVE;
  r->u.native = w;
  insert_weakref_record(target, r);
  return 0;
}

void tenon_p_weak_clear(JSRuntime *rt, tenon_p_weak *w)
{
  JSWeakRefRecord **p;

  if (!w->record) return;
  for (p = get_first_weak_ref(w->target); *p != w->record;)
    p = &(*p)->next_weak_ref;
  *p = w->record->next_weak_ref;
  js_free_rt(rt, w->record);
  w->record = NULL;
}

/* The engine frees the record. */
void tenon_p_weak_gone(tenon_p_weak *w)
{
  w->record = NULL;
  if (w->gone) w->gone(w);
}

tenon_p_weak *tenon_p_weak_find(JSValueConst target, const void *type)
{
  JSWeakRefRecord *r;

  if (!tenon_p_weak_can(target)) return NULL;
  for (r = *get_first_weak_ref(target); r; r = r->next_weak_ref)
    if (r->kind == JS_WEAK_REF_KIND_NATIVE && r->u.native->type == type)
      return r->u.native;
  return NULL;
}

bool tenon_p_is_freeing(JSRuntime *rt)
{
  return rt->gc_phase != JS_GC_PHASE_NONE;
}

bool tenon_p_is_sweeping(JSRuntime *rt)
{
  return rt->gc_phase == JS_GC_PHASE_REMOVE_CYCLES;
}

/* --- Text --------------------------------------------------------------------- */

JSValue tenon_p_new_latin1(JSContext *ctx, const char *s, size_t len)
{
  if (len == 0) return js_empty_string(ctx->rt);
  if (len > JS_STRING_LEN_MAX)
    return JS_ThrowRangeError(ctx, "invalid string length");
  return js_new_string8_len(ctx, s, (int)len);
}

int tenon_p_string_length(JSContext *ctx, JSValueConst v, size_t *units)
{
  if (JS_VALUE_GET_TAG(v) == JS_TAG_STRING_ROPE) {
    JSValue held = js_dup(v), flat = js_linearize_string_rope(ctx, v);
    JS_FreeValue(ctx, held);
    if (JS_IsException(flat)) return -1;
    JS_FreeValue(ctx, flat);
  }
  *units = flat_string(v)->len;
  return 0;
}

void tenon_p_string_copy_latin1(JSValueConst v, char *dst, size_t units)
{
  JSString *p = flat_string(v);
  size_t i;

  for (i = 0; i < units; i++)
    dst[i] = (char)(p->is_wide_char ? str16(p)[i] : str8(p)[i]);
}

void tenon_p_string_copy_utf16(JSValueConst v, uint16_t *dst, size_t units)
{
  JSString *p = flat_string(v);
  size_t i;

  for (i = 0; i < units; i++)
    dst[i] = p->is_wide_char ? str16(p)[i] : str8(p)[i];
}

size_t tenon_p_string_copy_utf8(JSValueConst v, char *dst, size_t room)
{
  JSString *p = flat_string(v);
  size_t i = 0, used = 0;

  while (i < p->len) {
    uint32_t c =
        p->is_wide_char ? next_code_point(str16(p), p->len, &i) : str8(p)[i++];
    if (utf8_length(c) > room - used) break;
    used += utf8_encode((uint8_t *)dst + used, c);
  }
  return used;
}

/* --- Others ------------------------------------------------------------------- */

JSValue tenon_p_new_error(JSContext *ctx, enum tenon_p_error_kind kind,
                          JSValueConst message)
{
  static const uint8_t numbers[] = {
      [TENON_P_KIND_TYPE] = JS_TYPE_ERROR,
      [TENON_P_KIND_RANGE] = JS_RANGE_ERROR,
      [TENON_P_KIND_SYNTAX] = JS_SYNTAX_ERROR,
      [TENON_P_KIND_REFERENCE] = JS_REFERENCE_ERROR,
      [TENON_P_KIND_EVAL] = JS_EVAL_ERROR,
      [TENON_P_KIND_URI] = JS_URI_ERROR,
  };
  JSValueConst proto = ctx->class_proto[JS_CLASS_ERROR];
  JSValue e;

  if (kind > TENON_P_KIND_ERROR && (size_t)kind < countof(numbers))
    proto = ctx->native_error_proto[numbers[kind]];
  e = JS_NewObjectProtoClass(ctx, proto, JS_CLASS_ERROR);
  if (JS_IsException(e)) return e;
  if (JS_DefinePropertyValue(ctx, e, JS_ATOM_message, js_dup(message),
                             JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) < 0) {
    JS_FreeValue(ctx, e);
    return JS_EXCEPTION;
  }
  build_backtrace(ctx, e, JS_UNDEFINED, NULL, 0, 0, 0);
  return e;
}

JSValue tenon_p_new_symbol(JSContext *ctx, JSValueConst description,
                           bool is_registered)
{
  JSValue text;

  if (JS_IsUndefined(description))
    return JS_NewSymbolInternal(ctx, NULL, JS_ATOM_TYPE_SYMBOL);
  text = JS_VALUE_GET_TAG(description) == JS_TAG_STRING_ROPE
             ? js_linearize_string_rope(ctx, description)
             : js_dup(description);
  if (JS_IsException(text)) return text;
  return JS_NewSymbolInternal(ctx, JS_VALUE_GET_STRING(text),
                              is_registered ? JS_ATOM_TYPE_GLOBAL_SYMBOL
                                            : JS_ATOM_TYPE_SYMBOL);
}

JSValue tenon_p_new_bigint(JSContext *ctx, bool is_negative, size_t count,
                           const uint64_t *words)
{
  uint64_t carry = is_negative, w;
  JSBigInt *b;
  size_t i;

  while (count && words[count - 1] == 0)
    count--;
  if (count == 0) return JS_NewBigInt64(ctx, 0);
  if (count > (JS_BIGINT_MAX_SIZE - 1) / 2) {
    JS_ThrowRangeError(ctx, "Maximum BigInt size exceeded");
    return JS_EXCEPTION;
  }
  b = js_bigint_new(ctx, (int)(count * 2 + 1));
  if (!b) return JS_EXCEPTION;
  for (i = 0; i < count; i++) {
    w = words[i];
    if (is_negative) {
      w = ~w + carry;
      carry = carry && w == 0;
    }
    b->tab[2 * i] = (js_limb_t)w;
    b->tab[2 * i + 1] = (js_limb_t)(w >> 32);
  }
  b->tab[2 * count] = is_negative ? (js_limb_t)-1 : 0;
  return JS_CompactBigInt(ctx, js_bigint_normalize(ctx, b));
}

size_t tenon_p_bigint_words(JSValueConst v, bool *is_negative, size_t room,
                            uint64_t *words)
{
  JSBigIntBuf buf;
  const JSBigInt *b = JS_VALUE_GET_TAG(v) == JS_TAG_SHORT_BIG_INT
                          ? js_bigint_set_short(&buf, v)
                          : (const JSBigInt *)JS_VALUE_GET_PTR(v);
  bool negative = b->tab[b->len - 1] >> 31;
  uint64_t carry = negative, fill = negative ? UINT32_MAX : 0, w;
  size_t count = (b->len + 1) / 2, used = 0, i;

  for (i = 0; i < count; i++) {
    w = b->tab[2 * i];
    w |= (2 * i + 1 < b->len ? b->tab[2 * i + 1] : fill) << 32;
    if (negative) {
      w = ~w + carry;
      carry = carry && w == 0;
    }
    if (i < room) words[i] = w;
    if (w) used = i + 1;
  }
  *is_negative = negative;
  return used;
}

double tenon_p_date_value(JSValueConst v)
{
  JSValue *p = &JS_VALUE_GET_OBJ(v)->u.object_data;

  return JS_VALUE_GET_TAG(*p) == JS_TAG_INT ? JS_VALUE_GET_INT(*p)
                                            : JS_VALUE_GET_FLOAT64(*p);
}

bool tenon_p_view_of(JSValueConst v, tenon_p_view *out)
{
  JSClassID id = JS_GetClassID(v);
  const JSTypedArray *view;
  const uint8_t *data;

  if (!is_typed_array(id) && id != JS_CLASS_DATAVIEW) return false;
  view = JS_VALUE_GET_OBJ(v)->u.typed_array;
  out->buffer = JS_MKPTR(JS_TAG_OBJECT, view->buffer);
  out->offset = view->offset;
  if (tenon_p_bytes_of(v, &data, &out->size_bytes) == TENON_P_BYTES_DETACHED)
    out->offset = out->size_bytes = 0;
  return true;
}

JSValue tenon_p_new_dataview(JSContext *ctx, JSValueConst buffer, size_t offset,
                             size_t size_bytes)
{
  JSValueConst argv[] = {buffer, JS_NewInt64(ctx, (int64_t)offset),
                         JS_NewInt64(ctx, (int64_t)size_bytes)};

  return js_dataview_constructor(ctx, JS_UNDEFINED, 3, argv);
}

int tenon_p_set_quietly(JSContext *ctx, JSValueConst object, JSAtom key,
                        JSValue v)
{
  return JS_SetPropertyInternal(ctx, object, key, v, 0);
}

JSValue tenon_p_prototype_of(JSContext *ctx, JSValueConst object)
{
  JSObject *p = JS_VALUE_GET_OBJ(object)->shape->proto;

  (void)ctx;
  return p ? js_dup(JS_MKPTR(JS_TAG_OBJECT, p)) : JS_NULL;
}
