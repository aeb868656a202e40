/*
 * See native.h. Included by unit.c behind quickjs.c.
 *
 * `walk` is one function, inlined into one entry for each common shape of a
 * signature, so that their loops unroll and their switches disappear.
 */
#include "engine/native.h"

#include <string.h>

#include "engine/iterator.h"

_Thread_local tenon_p_call *tenon_p_current_call
    __attribute__((tls_model("initial-exec")));

#define NATIVE_SAFE_INTEGER 9007199254740991.0
/* The result of a function that may say that there is no value. */
#define NATIVE_LOOK TENON_P_OP_OPT
/* The most that the fast entries put on the stack for arguments. */
#define NATIVE_ARGS_ROOM (sizeof(uint64_t[2]) + 24 * 16)

/* The readers of the common cases; false sends the value to ops->read. */

static inline bool native_read_f64(JSValueConst v, double *dst)
{
  if (likely(JS_TAG_IS_FLOAT64(JS_VALUE_GET_TAG(v))))
    *dst = JS_VALUE_GET_FLOAT64(v);
  else if (likely(JS_VALUE_GET_TAG(v) == JS_TAG_INT))
    *dst = JS_VALUE_GET_INT(v);
  else
    return false;
  return true;
}

static inline bool native_read_i64(JSValueConst v, int64_t *dst)
{
  if (likely(JS_VALUE_GET_TAG(v) == JS_TAG_INT)) {
    *dst = JS_VALUE_GET_INT(v);
    return true;
  }
  if (JS_TAG_IS_FLOAT64(JS_VALUE_GET_TAG(v))) {
    double d = JS_VALUE_GET_FLOAT64(v);
    if (d >= -NATIVE_SAFE_INTEGER && d <= NATIVE_SAFE_INTEGER) {
      *dst = (int64_t)d;
      return (double)*dst == d;
    }
  }
  return false;
}

/* A tenon_str of the public header: pointer and length. */
struct native_slice {
  const void *data;
  size_t len;
};

static inline bool native_read_str(JSValueConst v, struct native_slice *dst)
{
  JSString *p;

  if (unlikely(JS_VALUE_GET_TAG(v) != JS_TAG_STRING)) return false;
  p = JS_VALUE_GET_STRING(v);
  if (unlikely(p->is_wide_char || p->kind != JS_STRING_KIND_NORMAL))
    return false;
  if (unlikely(!is_ascii((const uint8_t *)(p + 1), p->len))) return false;
  dst->data = p + 1;
  dst->len = p->len;
  return true;
}

static inline bool native_read_bytes(JSValueConst v, struct native_slice *dst)
{
  const JSTypedArray *view;
  const JSArrayBuffer *b;
  const JSObject *p;

  if (unlikely(!JS_IsObject(v))) return false;
  p = JS_VALUE_GET_OBJ(v);
  if (unlikely(p->class_id < JS_CLASS_UINT8C_ARRAY ||
               p->class_id > JS_CLASS_FLOAT64_ARRAY))
    return false;
  view = p->u.typed_array;
  b = view->buffer->u.array_buffer;
  /* Fixed in length, here, and nobody else's. */
  if (unlikely(b->detached | b->shared | view->track_rab) ||
      b->max_byte_length >= 0 || unlikely(!b->data))
    return false;
  dst->data = b->data + view->offset;
  dst->len = view->length;
  return true;
}

static inline bool native_read_int(JSValueConst v, int64_t first, int64_t last,
                                   int64_t *dst)
{
  return native_read_i64(v, dst) && *dst >= first && *dst <= last;
}

/* Two's complement in limbs of 32 bits, as few as will do. */
static bool native_read_bigint(JSValueConst v, bool is_signed, uint64_t *dst)
{
  const JSBigInt *p;

  if (JS_VALUE_GET_TAG(v) == JS_TAG_SHORT_BIG_INT) {
    *dst = (uint64_t)(int64_t)JS_VALUE_GET_SHORT_BIG_INT(v);
    return is_signed || (int64_t)*dst >= 0;
  }
  if (JS_VALUE_GET_TAG(v) != JS_TAG_BIG_INT) return false;
  p = JS_VALUE_GET_PTR(v);
  if (sizeof p->tab[0] != 4 || p->len < 2) return false;
  *dst = (uint64_t)p->tab[1] << 32 | p->tab[0];
  if (p->len == 2) return is_signed || (int64_t)*dst >= 0;
  return !is_signed && p->len == 3 && p->tab[2] == 0;
}

/* The values that are not read in the walk itself. */
static bool native_read_value(uint32_t op, JSValueConst v, void *dst)
{
  struct native_slice text;
  double d;
  int64_t n;

  switch (op) {
  case TENON_P_OP_BOOL:
    if (JS_VALUE_GET_TAG(v) != JS_TAG_BOOL) return false;
    *(bool *)dst = JS_VALUE_GET_BOOL(v);
    return true;
  case TENON_P_OP_I8:
    if (!native_read_int(v, INT8_MIN, INT8_MAX, &n)) return false;
    *(int8_t *)dst = (int8_t)n;
    return true;
  case TENON_P_OP_U8:
    if (!native_read_int(v, 0, UINT8_MAX, &n)) return false;
    *(uint8_t *)dst = (uint8_t)n;
    return true;
  case TENON_P_OP_I16:
    if (!native_read_int(v, INT16_MIN, INT16_MAX, &n)) return false;
    *(int16_t *)dst = (int16_t)n;
    return true;
  case TENON_P_OP_U16:
    if (!native_read_int(v, 0, UINT16_MAX, &n)) return false;
    *(uint16_t *)dst = (uint16_t)n;
    return true;
  case TENON_P_OP_I32:
    if (!native_read_int(v, INT32_MIN, INT32_MAX, &n)) return false;
    *(int32_t *)dst = (int32_t)n;
    return true;
  case TENON_P_OP_U32:
    if (!native_read_int(v, 0, UINT32_MAX, &n)) return false;
    *(uint32_t *)dst = (uint32_t)n;
    return true;
  case TENON_P_OP_I64: return native_read_i64(v, dst);
  case TENON_P_OP_U64: return native_read_int(v, 0, INT64_MAX, dst);
  case TENON_P_OP_F32:
    if (!native_read_f64(v, &d)) return false;
    *(float *)dst = (float)d;
    return true;
  case TENON_P_OP_F64: return native_read_f64(v, dst);
  case TENON_P_OP_STR: return native_read_str(v, dst);
  case TENON_P_OP_CSTR:
    if (!native_read_str(v, &text) || memchr(text.data, '\0', text.len))
      return false;
    *(const void **)dst = text.data;
    return true;
  case TENON_P_OP_BIG_I64: return native_read_bigint(v, true, dst);
  case TENON_P_OP_BIG_U64: return native_read_bigint(v, false, dst);
  default: return false;
  }
}

/* What a pointer points to takes room of the call. */
static no_inline bool native_read_rare(tenon_p_call *c, uint32_t op,
                                       JSValueConst v, void *dst)
{
  enum { LARGEST = 16, POINTER = TENON_P_OP_OPT | TENON_P_OP_NULLABLE };
  void *p = c->room + c->used;

  if (!(op & POINTER)) return native_read_value(op, v, dst);
  if (JS_IsUndefined(v) || (JS_IsNull(v) && (op & TENON_P_OP_NULLABLE))) {
    *(void **)dst = NULL;
    return true;
  }
  if (c->used > sizeof c->room - LARGEST) return false;
  if (!native_read_value(op & ~(uint32_t)POINTER, v, p)) return false;
  c->used += LARGEST;
  *(void **)dst = p;
  return true;
}

/* Results that are not written in the walk itself. */
static no_inline bool native_write_rare(JSContext *ctx, uint32_t op,
                                        const void *src, JSValue *r)
{
  switch (op) {
  case TENON_P_OP_I8: *r = js_int32(*(const int8_t *)src); return true;
  case TENON_P_OP_U8: *r = js_int32(*(const uint8_t *)src); return true;
  case TENON_P_OP_I16: *r = js_int32(*(const int16_t *)src); return true;
  case TENON_P_OP_U16: *r = js_int32(*(const uint16_t *)src); return true;
  case TENON_P_OP_U32: *r = js_uint32(*(const uint32_t *)src); return true;
  case TENON_P_OP_I64: {
    int64_t n = *(const int64_t *)src;
    if (n < -(int64_t)NATIVE_SAFE_INTEGER || n > (int64_t)NATIVE_SAFE_INTEGER)
      return false;
    *r = js_int64(n);
    return true;
  }
  case TENON_P_OP_U64: {
    uint64_t n = *(const uint64_t *)src;
    if (n > (uint64_t)NATIVE_SAFE_INTEGER) return false;
    *r = js_int64((int64_t)n);
    return true;
  }
  case TENON_P_OP_F32: *r = js_float64(*(const float *)src); return true;
  case TENON_P_OP_BIG_I64:
    *r = JS_NewBigInt64(ctx, *(const int64_t *)src);
    return true;
  case TENON_P_OP_BIG_U64:
    *r = JS_NewBigUint64(ctx, *(const uint64_t *)src);
    return true;
  default: return false;
  }
}

/* What a call has left behind in what it was called on. */
static no_inline JSValue native_measure(JSContext *ctx, tenon_p_instance *self,
                                        JSValue r)
{
  JSValue thrown = JS_UNINITIALIZED;

  if (JS_IsException(r)) thrown = JS_GetException(ctx);
  if (self->class->ops->measure(ctx, self) == 0) {
    if (!JS_IsUninitialized(thrown)) JS_Throw(ctx, thrown);
    return r;
  }
  JS_FreeValue(ctx, thrown);
  JS_FreeValue(ctx, r);
  return JS_EXCEPTION;
}

static inline JSValue native_unpin(JSContext *ctx, tenon_p_native *n,
                                   tenon_p_instance *self, JSValue r)
{
  if (unlikely(n->measures) && !n->makes && self->self)
    r = native_measure(ctx, self, r);
  if (unlikely(--self->pins == 0) && unlikely(self->is_disposed))
    self->class->ops->unused(self);
  return r;
}

static inline __attribute__((always_inline)) JSValue native_walk(
    JSContext *ctx, JSValueConst function, tenon_p_instance *self,
    bool has_this, int argc, JSValueConst *argv, uint32_t count, bool is_fixed,
    int in, int out, bool has_context, bool is_gated)
{
  const uint32_t first = has_this;
  tenon_p_native *n = JS_VALUE_GET_OBJ(function)->u.opaque;
  JSRuntime *rt = ctx->rt;
  JSStackFrame frame;
  tenon_p_call c;
  _Alignas(16) char args_room[NATIVE_ARGS_ROOM];
  _Alignas(16) char result[TENON_P_NATIVE_RESULT];
  char *args = args_room;
  uint64_t absent = 0;
  uint32_t i;
  JSValue r;

  if (js_check_stack_overflow(rt, is_fixed ? 0 : n->args_size))
    return JS_ThrowStackOverflow(ctx);
  /* The frame names the function in stack traces. */
  frame.prev_frame = rt->current_stack_frame;
  rt->current_stack_frame = &frame;
  frame.is_strict_mode = false;
  frame.is_constructor = false;
  frame.cur_func = unsafe_unconst(function);
  frame.arg_buf = (JSValue *)argv;
  ctx = n->realm;
  if (unlikely(argc < (int)(is_fixed ? count - first : n->required))) {
    frame.arg_count = 0;
    r = n->ops->too_few(ctx, n, argc);
    goto leave;
  }
  /* What is lent is looked for there; argc alone may not fit into it. */
  frame.arg_count =
      is_fixed || argc > (int)(count - first) ? count - first : (uint32_t)argc;
  if (!is_fixed && unlikely(n->args_size > sizeof args_room))
    args = alloca(n->args_size);
  c.cleanups = NULL;
  c.failure = NULL;
  c.used = c.calling = 0;
  c.ctx = ctx;
  c.self = self;
  c.failed = c.copies = c.has_outs = c.is_lent = false;
  r = JS_EXCEPTION;
  if (self) self->pins++;
  for (i = first; i < count; i++) {
    JSValueConst v =
        is_fixed || i - first < (uint32_t)argc ? argv[i - first] : JS_UNDEFINED;
    char *dst = args + (in >= 0 ? 16 + 8 * i : n->param[i].offset);
    bool is_read = false;

    switch (in >= 0 ? (uint32_t)in : n->param[i].op) {
    case TENON_P_OP_F64: is_read = native_read_f64(v, (double *)dst); break;
    case TENON_P_OP_I64: is_read = native_read_i64(v, (int64_t *)dst); break;
    case TENON_P_OP_I32:
      is_read = JS_VALUE_GET_TAG(v) == JS_TAG_INT;
      if (is_read) *(int32_t *)dst = JS_VALUE_GET_INT(v);
      break;
    case TENON_P_OP_BOOL:
      is_read = JS_VALUE_GET_TAG(v) == JS_TAG_BOOL;
      if (is_read) *(bool *)dst = JS_VALUE_GET_BOOL(v);
      break;
    case TENON_P_OP_STR:
      is_read = native_read_str(v, (struct native_slice *)dst);
      break;
    case TENON_P_OP_BYTES:
      is_read = native_read_bytes(v, (struct native_slice *)dst);
      break;
    case TENON_P_OP_DEFAULT:
      is_read = JS_IsUndefined(v);
      if (is_read) absent |= UINT64_C(1) << i;
      break;
    case TENON_P_OP_OTHER: break;
    default: is_read = native_read_rare(&c, n->param[i].op, v, dst);
    }
    if (unlikely(!is_read) && n->ops->read(ctx, n, &c, i, v, dst)) goto out;
  }
  *(uint64_t *)args = absent;
  if (has_context) ((void **)(void *)args)[1] = n->context;
  if (has_this) {
    /* A script that was an argument's may have disposed of it. */
    if (unlikely(!self->self) && !n->makes) {
      r = n->ops->start(ctx, function, n, JS_MKPTR(JS_TAG_OBJECT, self->object),
                        NULL, argc, argv);
      goto out;
    }
    *(void **)(args + 16) = n->makes ? self->memory : self->self;
  }
  c.outer = tenon_p_current_call;
  tenon_p_current_call = &c;
  if (is_gated) tenon_p_gate_enter(n->gate);
  n->thunk(args, result);
  if (is_gated) tenon_p_gate_leave(n->gate);
  tenon_p_current_call = c.outer;
  if (unlikely(c.failed)) {
    r = n->ops->failed(ctx, n, &c);
    goto out;
  }
  if (out == NATIVE_LOOK && (*(uint64_t *)args & 1)) {
    r = JS_UNINITIALIZED;
    goto out;
  }
  switch (out >= 0 && out != NATIVE_LOOK ? (uint32_t)out : n->result_op) {
  case TENON_P_OP_NONE: r = JS_UNDEFINED; break;
  case TENON_P_OP_F64: r = js_float64(*(double *)result); break;
  case TENON_P_OP_I64: {
    int64_t x = *(int64_t *)result;
    if (likely(x == (int32_t)x))
      r = js_int32((int32_t)x);
    else if (!native_write_rare(ctx, TENON_P_OP_I64, result, &r))
      r = n->ops->write(ctx, n, &c, result);
    break;
  }
  case TENON_P_OP_I32: r = js_int32(*(int32_t *)result); break;
  case TENON_P_OP_BOOL: r = js_bool(*(bool *)result); break;
  default:
    if (self && n->result_op == TENON_P_OP_MADE &&
        (self->memory = *(void **)result))
      r = JS_UNDEFINED;
    else if (!native_write_rare(ctx, n->result_op, result, &r))
      r = n->ops->write(ctx, n, &c, result);
  }
out:
  if (unlikely(c.cleanups != NULL)) r = n->ops->end(ctx, &c, r);
  if (self) r = native_unpin(ctx, n, self, r);
leave:
  rt->current_stack_frame = frame.prev_frame;
  return r;
}

#define NATIVE_ENTRY_OF(name, count, is_fixed, in, out, has_context, gated)  \
  static JSValue name(JSContext *ctx, JSValueConst f, int argc,              \
                      JSValueConst *argv)                                    \
  {                                                                          \
    return native_walk(ctx, f, NULL, false, argc, argv, count, is_fixed, in, \
                       out, has_context, gated);                             \
  }
#define NATIVE_ENTRY(name, count, is_fixed, in, out) \
  NATIVE_ENTRY_OF(name, count, is_fixed, in, out, false, false)
#define NATIVE_COUNT ((tenon_p_native *)JS_VALUE_GET_OBJ(f)->u.opaque)->count
NATIVE_ENTRY(native_enter_any, NATIVE_COUNT, false, -1, -1)
NATIVE_ENTRY(native_enter_0, 0, true, -1, -1)
NATIVE_ENTRY(native_enter_1, 1, true, -1, -1)
NATIVE_ENTRY(native_enter_2, 2, true, -1, -1)
NATIVE_ENTRY(native_enter_3, 3, true, -1, -1)
NATIVE_ENTRY(native_enter_none, 0, true, -1, TENON_P_OP_NONE)
NATIVE_ENTRY(native_enter_f, 1, true, TENON_P_OP_F64, TENON_P_OP_F64)
NATIVE_ENTRY(native_enter_ff, 2, true, TENON_P_OP_F64, TENON_P_OP_F64)
NATIVE_ENTRY(native_enter_i, 1, true, TENON_P_OP_I64, TENON_P_OP_I64)
NATIVE_ENTRY(native_enter_ii, 2, true, TENON_P_OP_I64, TENON_P_OP_I64)
NATIVE_ENTRY(native_enter_s, 1, true, TENON_P_OP_STR, TENON_P_OP_I64)
NATIVE_ENTRY(native_enter_b, 1, true, TENON_P_OP_BYTES, TENON_P_OP_I64)

/* Of functions with a state. */
#define NATIVE_WITH_CONTEXT(name, count, is_fixed) \
  NATIVE_ENTRY_OF(name, count, is_fixed, -1, -1, true, false)
NATIVE_WITH_CONTEXT(native_enter_context_any, NATIVE_COUNT, false)
NATIVE_WITH_CONTEXT(native_enter_context_0, 0, true)
NATIVE_WITH_CONTEXT(native_enter_context_1, 1, true)
NATIVE_WITH_CONTEXT(native_enter_context_2, 2, true)

/* Of serial modules. */
#define NATIVE_GATED(name, count, is_fixed, in, out) \
  NATIVE_ENTRY_OF(name, count, is_fixed, in, out, false, true)
NATIVE_GATED(native_enter_gated_any, NATIVE_COUNT, false, -1, -1)
NATIVE_GATED(native_enter_gated_0, 0, true, -1, -1)
NATIVE_GATED(native_enter_gated_1, 1, true, -1, -1)
NATIVE_GATED(native_enter_gated_2, 2, true, -1, -1)
NATIVE_GATED(native_enter_gated_3, 3, true, -1, -1)

/* Of methods, and of constructors by value: `this` is the first parameter. */
#define NATIVE_SELF_ENTRY(name, count, is_fixed, has_this, in, out)           \
  static JSValue name(JSContext *ctx, JSValueConst f, tenon_p_instance *self, \
                      int argc, JSValueConst *argv)                           \
  {                                                                           \
    return native_walk(ctx, f, self, has_this, argc, argv, count, is_fixed,   \
                       in, out, false, false);                                \
  }
NATIVE_SELF_ENTRY(native_enter_self_any, NATIVE_COUNT, false, true, -1, -1)
NATIVE_SELF_ENTRY(native_enter_self_0, 1, true, true, -1, -1)
NATIVE_SELF_ENTRY(native_enter_self_1, 2, true, true, -1, -1)
NATIVE_SELF_ENTRY(native_enter_self_2, 3, true, true, -1, -1)
NATIVE_SELF_ENTRY(native_enter_self_none, 1, true, true, -1, TENON_P_OP_NONE)
NATIVE_SELF_ENTRY(native_enter_self_to_f, 1, true, true, -1, TENON_P_OP_F64)
NATIVE_SELF_ENTRY(native_enter_self_f, 2, true, true, TENON_P_OP_F64,
                  TENON_P_OP_NONE)
NATIVE_SELF_ENTRY(native_enter_self_ff, 2, true, true, TENON_P_OP_F64,
                  TENON_P_OP_F64)
NATIVE_SELF_ENTRY(native_enter_self_to_i, 1, true, true, -1, TENON_P_OP_I64)
NATIVE_SELF_ENTRY(native_enter_self_ii, 2, true, true, TENON_P_OP_I64,
                  TENON_P_OP_I64)
NATIVE_SELF_ENTRY(native_enter_self_construct_ff, 3, true, true, TENON_P_OP_F64,
                  TENON_P_OP_NONE)
NATIVE_SELF_ENTRY(native_enter_look, NATIVE_COUNT, false, true, -1, NATIVE_LOOK)
NATIVE_SELF_ENTRY(native_enter_made, NATIVE_COUNT, false, false, -1, -1)
#undef NATIVE_COUNT
#undef NATIVE_ENTRY
#undef NATIVE_ENTRY_OF
#undef NATIVE_WITH_CONTEXT
#undef NATIVE_GATED
#undef NATIVE_SELF_ENTRY

/* Calls of all other functions: the frame is for the traces of their errors. */
static JSValue native_start(JSContext *ctx, JSValueConst function,
                            JSValueConst this_value, tenon_p_instance *made,
                            int argc, JSValueConst *argv)
{
  tenon_p_native *n = JS_VALUE_GET_OBJ(function)->u.opaque;
  JSRuntime *rt = ctx->rt;
  JSStackFrame frame = {0};
  JSValue r;

  if (js_check_stack_overflow(rt, n->args_size))
    return JS_ThrowStackOverflow(ctx);
  frame.prev_frame = rt->current_stack_frame;
  frame.cur_func = unsafe_unconst(function);
  frame.arg_count = argc > (int)n->count ? n->count : (uint32_t)argc;
  frame.arg_buf = (JSValue *)argv;
  frame.var_buf = (JSValue *)&this_value;
  rt->current_stack_frame = &frame;
  r = n->ops->start(n->realm, function, n, this_value, made, argc, argv);
  rt->current_stack_frame = frame.prev_frame;
  return r;
}

static JSValue native_enter_start(JSContext *ctx, JSValueConst function,
                                  int argc, JSValueConst *argv)
{
  return native_start(ctx, function, JS_UNDEFINED, NULL, argc, argv);
}

static JSValue native_enter_exhaustive(JSContext *ctx, JSValueConst function,
                                       int argc, JSValueConst *argv)
{
  tenon_p_native *n = JS_VALUE_GET_OBJ(function)->u.opaque;

  if (unlikely(argc > (int)n->most))
    return native_enter_start(ctx, function, argc, argv);
  return n->walk(ctx, function, argc, argv);
}

/* A member of `this`, which is of a kind that the walk knows; for all else, and
 * for errors, there is the way of the layer above. */
static JSValue native_enter_get(JSContext *ctx, JSValueConst function,
                                tenon_p_instance *self, int argc,
                                JSValueConst *argv)
{
  tenon_p_native *n = JS_VALUE_GET_OBJ(function)->u.opaque;
  const void *src = (const char *)self->self + n->param[0].offset;
  JSValue r;

  switch (n->result_op) {
  case TENON_P_OP_F64: return js_float64(*(const double *)src);
  case TENON_P_OP_I32: return js_int32(*(const int32_t *)src);
  case TENON_P_OP_BOOL: return js_bool(*(const bool *)src);
  default: break;
  }
  if (native_write_rare(ctx, n->result_op, src, &r)) return r;
  return native_start(ctx, function, JS_MKPTR(JS_TAG_OBJECT, self->object),
                      NULL, argc, argv);
}

static JSValue native_enter_set(JSContext *ctx, JSValueConst function,
                                tenon_p_instance *self, int argc,
                                JSValueConst *argv)
{
  tenon_p_native *n = JS_VALUE_GET_OBJ(function)->u.opaque;
  char *dst = (char *)self->self + n->param[0].offset;
  _Alignas(16) char value[16];

  if (likely(argc > 0) && n->param[0].op != TENON_P_OP_STR &&
      n->param[0].op != TENON_P_OP_CSTR &&
      native_read_value(n->param[0].op, argv[0], value)) {
    memcpy(dst, value, n->args_size);
    return JS_UNDEFINED;
  }
  return native_start(ctx, function, JS_MKPTR(JS_TAG_OBJECT, self->object),
                      NULL, argc, argv);
}

static JSValue native_enter_dispose(JSContext *ctx, JSValueConst function,
                                    tenon_p_instance *self, int argc,
                                    JSValueConst *argv)
{
  (void)ctx;
  (void)function;
  (void)argc;
  (void)argv;
  self->class->ops->dispose(self);
  return JS_UNDEFINED;
}

/* The entry for one kind of parameter, side by side; NULL: there is none. */
static __typeof__(((tenon_p_native *)0)->enter_self) native_common_self(
    const tenon_p_native *n)
{
  uint32_t i, in = n->count > 1 ? n->param[1].op : TENON_P_OP_NONE;
  uint32_t out = n->result_op;

  if (n->param[0].offset != 16) return NULL;
  for (i = 1; i < n->count; i++)
    if (n->param[i].op != in || n->param[i].offset != 16 + 8 * i) return NULL;
  if (n->count == 1 && out == TENON_P_OP_NONE) return native_enter_self_none;
  if (n->count == 1 && out == TENON_P_OP_F64) return native_enter_self_to_f;
  if (n->count == 1 && out == TENON_P_OP_I64) return native_enter_self_to_i;
  if (in == TENON_P_OP_F64 && n->count == 2 && out == TENON_P_OP_NONE)
    return native_enter_self_f;
  if (in == TENON_P_OP_F64 && n->count == 2 && out == in)
    return native_enter_self_ff;
  if (in == TENON_P_OP_F64 && n->count == 3 && out == TENON_P_OP_NONE)
    return native_enter_self_construct_ff;
  if (in == TENON_P_OP_I64 && n->count == 2 && out == in)
    return native_enter_self_ii;
  return NULL;
}

static void native_choose_self(tenon_p_native *n)
{
  static __typeof__(n->enter_self) const by_count[] = {
      NULL, native_enter_self_0, native_enter_self_1, native_enter_self_2};

  n->enter_self = NULL;
  if (n->access == TENON_P_ACCESS_GET) n->enter_self = native_enter_get;
  if (n->access == TENON_P_ACCESS_SET) n->enter_self = native_enter_set;
  if (n->access == TENON_P_ACCESS_DISPOSE) n->enter_self = native_enter_dispose;
  if (n->starts || n->exhaustive || n->access) return;
  if (n->makes && !n->takes_this) {
    n->enter_self = native_enter_made;
  } else if (n->looks) {
    n->enter_self = native_enter_look;
  } else if (n->self_class || n->makes) {
    n->enter_self = native_enter_self_any;
    if (n->count <= 3 && n->count - 1 == n->required &&
        n->args_size <= NATIVE_ARGS_ROOM) {
      n->enter_self = native_common_self(n);
      if (!n->enter_self) n->enter_self = by_count[n->count];
    }
  }
}

static void native_choose_context(tenon_p_native *n)
{
  static __typeof__(n->walk) const by_count[] = {
      native_enter_context_0, native_enter_context_1, native_enter_context_2};

  if (n->count != n->required || n->count > 2 ||
      n->args_size > NATIVE_ARGS_ROOM)
    n->walk = native_enter_context_any;
  else
    n->walk = by_count[n->count];
}

static void native_choose_walk(tenon_p_native *n)
{
  static __typeof__(n->walk) const by_count[] = {
      native_enter_0, native_enter_1, native_enter_2, native_enter_3};
  static __typeof__(n->walk)
      const gated_by_count[] = {native_enter_gated_0, native_enter_gated_1,
                                native_enter_gated_2, native_enter_gated_3};
  uint32_t i, in = n->count ? n->param[0].op : TENON_P_OP_NONE;
  uint32_t out = n->result_op;

  n->walk = native_enter_any;
  if (n->starts || n->takes_this || n->makes) {
    n->walk = native_enter_start;
    return;
  }
  if (n->has_context) {
    native_choose_context(n);
    return;
  }
  if (n->gate) {
    n->walk = native_enter_gated_any;
    if (n->count == n->required && n->count < 4 &&
        n->args_size <= NATIVE_ARGS_ROOM)
      n->walk = gated_by_count[n->count];
    return;
  }
  if (n->count != n->required || n->count > 3) return;
  if (n->args_size > NATIVE_ARGS_ROOM) return;
  n->walk = by_count[n->count];
  /* The rest is for one kind of parameter, side by side. */
  for (i = 0; i < n->count; i++)
    if (n->param[i].op != in || n->param[i].offset != 16 + 8 * i) return;
  if (n->count == 0 && out == TENON_P_OP_NONE) n->walk = native_enter_none;
  if (in == TENON_P_OP_F64 && out == in && n->count == 1)
    n->walk = native_enter_f;
  if (in == TENON_P_OP_F64 && out == in && n->count == 2)
    n->walk = native_enter_ff;
  if (in == TENON_P_OP_I64 && out == in && n->count == 1)
    n->walk = native_enter_i;
  if (in == TENON_P_OP_I64 && out == in && n->count == 2)
    n->walk = native_enter_ii;
  if (in == TENON_P_OP_STR && out == TENON_P_OP_I64 && n->count == 1)
    n->walk = native_enter_s;
  if (in == TENON_P_OP_BYTES && out == TENON_P_OP_I64 && n->count == 1)
    n->walk = native_enter_b;
}

static void native_choose_entry(tenon_p_native *n)
{
  native_choose_walk(n);
  n->enter = n->exhaustive && !n->starts ? native_enter_exhaustive : n->walk;
  native_choose_self(n);
}

static JSValue native_call(JSContext *ctx, JSValueConst function,
                           JSValueConst this_value, int argc,
                           JSValueConst *argv, int flags)
{
  tenon_p_native *n = JS_VALUE_GET_OBJ(function)->u.opaque;

  (void)this_value;
  (void)flags;
  return n->enter(ctx, function, argc, argv);
}

static JSValue native_call_plain(JSContext *ctx, JSValueConst function,
                                 JSValueConst this_value, int argc,
                                 JSValueConst *argv, int flags)
{
  return native_call(ctx, function, this_value, argc, argv, flags);
}

static JSValue native_call_this(JSContext *ctx, JSValueConst function,
                                JSValueConst this_value, int argc,
                                JSValueConst *argv, int flags)
{
  tenon_p_native *n = JS_VALUE_GET_OBJ(function)->u.opaque;
  tenon_p_instance *self;

  (void)flags;
  if (likely(n->enter_self != NULL)) {
    self = instance_usable(ctx->rt, n->self_class, this_value);
    if (likely(self != NULL))
      return n->enter_self(ctx, function, self, argc, argv);
  }
  return native_start(ctx, function, this_value, NULL, argc, argv);
}

static JSValue native_call_this_plain(JSContext *ctx, JSValueConst function,
                                      JSValueConst this_value, int argc,
                                      JSValueConst *argv, int flags)
{
  return native_call_this(ctx, function, this_value, argc, argv, flags);
}

/* Functions that give a Promise: all calls start. */
static JSValue native_call_later(JSContext *ctx, JSValueConst function,
                                 JSValueConst this_value, int argc,
                                 JSValueConst *argv, int flags)
{
  tenon_p_native *n = JS_VALUE_GET_OBJ(function)->u.opaque;

  (void)flags;
  return native_start(ctx, function, n->takes_this ? this_value : JS_UNDEFINED,
                      NULL, argc, argv);
}

/* What `.withOptions` returns: calls of `function` with these. */
typedef struct native_with {
  JSValue function;
  tenon_p_call_options options;
} native_with;

static JSValue native_call_with(JSContext *ctx, JSValueConst object,
                                JSValueConst this_value, int argc,
                                JSValueConst *argv, int flags)
{
  native_with *w = JS_VALUE_GET_OBJ(object)->u.opaque;
  tenon_p_native *n = JS_VALUE_GET_OBJ(w->function)->u.opaque;
  JSRuntime *rt = ctx->rt;
  JSStackFrame frame = {0};
  JSValue r;

  (void)flags;
  if (js_check_stack_overflow(rt, n->args_size))
    return JS_ThrowStackOverflow(ctx);
  frame.prev_frame = rt->current_stack_frame;
  frame.cur_func = w->function;
  frame.arg_count = argc > (int)n->count ? n->count : (uint32_t)argc;
  frame.arg_buf = (JSValue *)argv;
  frame.var_buf = (JSValue *)&this_value;
  rt->current_stack_frame = &frame;
  r = n->ops->start_with(n->realm, w->function, n,
                         n->takes_this ? this_value : JS_UNDEFINED, argc, argv,
                         &w->options);
  rt->current_stack_frame = frame.prev_frame;
  return r;
}

/* An object for what a constructor has made, or the end of it. */
static JSValue native_made(JSContext *ctx, tenon_p_native *n,
                           tenon_p_instance *i, JSValueConst proto, JSValue r)
{
  const tenon_p_class_ops *ops = n->makes->ops;

  if (JS_IsException(r)) {
    ops->drop(i);
    return r;
  }
  JS_FreeValue(ctx, r);
  return ops->made(ctx, i, proto);
}

/* The end of a constructor that is given what its instance owns. */
static JSValue native_adopt(JSContext *ctx, tenon_p_class *c,
                            tenon_p_adoption *a, JSValue proto)
{
  tenon_p_instance *i = a->i;
  JSValue r;

  if (JS_IsException(proto)) return proto;
  a->i = NULL;
  r = c->ops->made(ctx, i, proto);
  a->object = js_dup(r);
  JS_FreeValue(ctx, proto);
  return r;
}

static JSValue native_construct(JSContext *ctx, JSValueConst function,
                                JSValueConst new_target, int argc,
                                JSValueConst *argv)
{
  tenon_p_native *n = JS_VALUE_GET_OBJ(function)->u.opaque;
  tenon_p_adoption *a;
  tenon_p_instance *i;
  JSValue proto, r;

  if (likely(JS_VALUE_GET_OBJ(new_target) == JS_VALUE_GET_OBJ(function))) {
    proto = js_dup(n->makes->proto);
  } else {
    proto = tenon_p_class_proto_of(ctx, n->makes, new_target);
    a = n->makes->adoption;
    if (a && a->i && a->by == JS_VALUE_GET_OBJ(new_target))
      return native_adopt(ctx, n->makes, a, proto);
  }
  if (JS_IsException(proto)) return proto;
  i = n->makes->ops->make(ctx, n->makes);
  if (!i) {
    r = JS_EXCEPTION;
  } else {
    if (likely(n->enter_self != NULL))
      r = n->enter_self(ctx, function, i, argc, argv);
    else
      r = native_start(ctx, function, JS_UNDEFINED, i, argc, argv);
    r = native_made(ctx, n, i, proto, r);
  }
  JS_FreeValue(ctx, proto);
  return r;
}

static JSValue native_call_class(JSContext *ctx, JSValueConst function,
                                 JSValueConst this_value, int argc,
                                 JSValueConst *argv, int flags)
{
  tenon_p_native *n = JS_VALUE_GET_OBJ(function)->u.opaque;

  if (likely(flags & JS_CALL_FLAG_CONSTRUCTOR))
    return native_construct(ctx, function, this_value, argc, argv);
  return n->ops->not_new(n->realm, n);
}

/* Each is a class: by whether it takes `this`, and whether it has `.async`. */
static JSClassCall *const native_calls[2][2] = {
    {native_call_plain, native_call},
    {native_call_this_plain, native_call_this},
};

/* Class numbers are given out by each runtime: ours are known by their call. */
static bool native_is_class(JSRuntime *rt, JSClassID id, JSClassCall *call)
{
  return id >= JS_CLASS_INIT_COUNT && id < (JSClassID)rt->class_count &&
         rt->class_array[id].call == call;
}

static JSClassID native_class(JSRuntime *rt, JSClassCall *call)
{
  JSClassID id = JS_CLASS_INIT_COUNT;

  while (id < (JSClassID)rt->class_count && !native_is_class(rt, id, call))
    id++;
  return id;
}

static void native_finalizer(JSRuntime *rt, JSValueConst v)
{
  tenon_p_native *n = JS_VALUE_GET_OBJ(v)->u.opaque;

  if (!n) return;
  JS_FreeValueRT(rt, n->async);
  if (n->ops->gone) n->ops->gone(rt, n);
  JS_FreeContext(n->realm);
  js_free_rt(rt, n);
}

static void native_mark(JSRuntime *rt, JSValueConst v, JS_MarkFunc *mark)
{
  tenon_p_native *n = JS_VALUE_GET_OBJ(v)->u.opaque;

  if (!n) return;
  JS_MarkValue(rt, n->async, mark);
  mark(rt, &n->realm->header);
  if (n->ops->mark) n->ops->mark(rt, n, mark);
}

static void native_with_finalizer(JSRuntime *rt, JSValueConst v)
{
  native_with *w = JS_VALUE_GET_OBJ(v)->u.opaque;

  if (!w) return;
  JS_FreeValueRT(rt, w->function);
  JS_FreeValueRT(rt, w->options.signal);
  js_free_rt(rt, w);
}

static void native_with_mark(JSRuntime *rt, JSValueConst v, JS_MarkFunc *mark)
{
  native_with *w = JS_VALUE_GET_OBJ(v)->u.opaque;

  if (!w) return;
  JS_MarkValue(rt, w->function, mark);
  JS_MarkValue(rt, w->options.signal, mark);
}

bool tenon_p_is_plain_object(JSValueConst v)
{
  const JSObject *p = JS_VALUE_GET_OBJ(v), *proto = p->shape->proto;

  if (p->class_id != JS_CLASS_OBJECT) return false;
  return !proto || (proto->class_id == JS_CLASS_OBJECT && !proto->shape->proto);
}

tenon_p_native *tenon_p_native_of(JSContext *ctx, JSValueConst v)
{
  JSClassID id = JS_GetClassID(v);

  if (!native_is_class(ctx->rt, id, native_call) &&
      !native_is_class(ctx->rt, id, native_call_plain) &&
      !native_is_class(ctx->rt, id, native_call_this) &&
      !native_is_class(ctx->rt, id, native_call_this_plain) &&
      !native_is_class(ctx->rt, id, native_call_later) &&
      !native_is_class(ctx->rt, id, native_call_class))
    return NULL;
  return JS_VALUE_GET_OBJ(v)->u.opaque;
}

tenon_p_native *tenon_p_native_running(JSContext *ctx)
{
  const JSStackFrame *frame = ctx->rt->current_stack_frame;

  return frame ? tenon_p_native_of(ctx, frame->cur_func) : NULL;
}

/* --- What is lent --------------------------------------------------------------- */

/* The arg_count of a frame whose arguments are being read: none is lent yet. */
#define NATIVE_READING UINT16_MAX

uint16_t tenon_p_native_hide(JSContext *ctx)
{
  JSStackFrame *frame = ctx->rt->current_stack_frame;
  uint16_t count = frame->arg_count;

  frame->arg_count = NATIVE_READING;
  return count;
}

void tenon_p_native_show(JSContext *ctx, uint16_t count)
{
  ctx->rt->current_stack_frame->arg_count = count;
}

/* Is `v` this ArrayBuffer, or a view of it? */
static bool native_is_of_buffer(JSValueConst v, const JSObject *buffer)
{
  const JSObject *p;

  if (!JS_IsObject(v)) return false;
  p = JS_VALUE_GET_OBJ(v);
  if (is_typed_array(p->class_id) || p->class_id == JS_CLASS_DATAVIEW)
    p = p->u.typed_array->buffer;
  return p == buffer;
}

static bool native_has_borrowed(const tenon_p_native *n,
                                const JSStackFrame *frame,
                                const JSObject *buffer)
{
  uint32_t borrows = n->borrows, i = 0;
  int at;

  if (frame->arg_count == NATIVE_READING) return false;
  for (; borrows; borrows >>= 1, i++) {
    if (!(borrows & 1)) continue;
    at = (int)i - n->takes_this;
    if (at >= (int)frame->arg_count) return false;
    if (native_is_of_buffer(at < 0 ? frame->var_buf[0] : frame->arg_buf[at],
                            buffer))
      return true;
  }
  return false;
}

bool tenon_p_is_lent(JSContext *ctx, JSValueConst buffer)
{
  const JSStackFrame *frame = ctx->rt->current_stack_frame;
  const tenon_p_native *n;

  for (; frame; frame = frame->prev_frame) {
    n = tenon_p_native_of(ctx, frame->cur_func);
    if (n && native_has_borrowed(n, frame, JS_VALUE_GET_OBJ(buffer)))
      return true;
  }
  return false;
}

static JSValue native_get_async(JSContext *ctx, JSValueConst this_value)
{
  tenon_p_native *n = tenon_p_native_of(ctx, this_value);
  JSValue f;

  if (!n || !native_is_class(ctx->rt, JS_GetClassID(this_value),
                             native_calls[n->takes_this][true]))
    return JS_UNDEFINED;
  if (JS_IsUndefined(n->async)) {
    f = n->ops->twin(ctx, n);
    if (JS_IsException(f)) return f;
    n->async = f;
  }
  return js_dup(n->async);
}

/* Name and length are those of the function that it calls. */
static int native_name_with(JSContext *ctx, JSValueConst f, JSValueConst with)
{
  static const JSAtom atoms[] = {JS_ATOM_name, JS_ATOM_length};
  size_t i;

  for (i = 0; i < countof(atoms); i++) {
    JSValue v = JS_GetProperty(ctx, f, atoms[i]);
    if (JS_IsException(v) || JS_DefinePropertyValue(ctx, with, atoms[i], v,
                                                    JS_PROP_CONFIGURABLE) < 0)
      return -1;
  }
  return 0;
}

/* `o` is taken. */
static JSValue native_new_with(JSContext *ctx, JSValueConst f,
                               const tenon_p_call_options *o)
{
  native_with *w = js_mallocz(ctx, sizeof *w);
  JSValue v = JS_EXCEPTION;

  if (w) v = JS_NewObjectClass(ctx, native_class(ctx->rt, native_call_with));
  if (JS_IsException(v)) {
    JS_FreeValue(ctx, o->signal);
    js_free(ctx, w);
    return v;
  }
  w->function = js_dup(f);
  w->options = *o;
  JS_VALUE_GET_OBJ(v)->u.opaque = w;
  if (native_name_with(ctx, f, v) == 0) return v;
  JS_FreeValue(ctx, v);
  return JS_EXCEPTION;
}

/* On top of those that it has. */
static JSValue native_with_options(JSContext *ctx, JSValueConst this_value,
                                   int argc, JSValueConst *argv)
{
  JSClassID id = JS_GetClassID(this_value);
  tenon_p_call_options o = {.signal = JS_UNDEFINED, .timeout_ms = -1};
  JSValueConst f = this_value;
  tenon_p_native *n;

  (void)argc;
  if (native_is_class(ctx->rt, id, native_call_with)) {
    const native_with *w = JS_VALUE_GET_OBJ(this_value)->u.opaque;
    f = w->function;
    o = w->options;
    js_dup(o.signal);
  }
  n = tenon_p_native_of(ctx, f);
  if (!n || !n->is_later)
    return JS_ThrowTypeError(ctx, "withOptions: this: expected a native "
                                  "function that gives a Promise");
  if (n->ops->read_options(ctx, n, argv[0], &o)) {
    JS_FreeValue(ctx, o.signal);
    return JS_EXCEPTION;
  }
  return native_new_with(ctx, f, &o);
}

static int native_add_with_class(JSContext *ctx)
{
  const JSClassDef class = {"Function", .call = native_call_with,
                            .finalizer = native_with_finalizer,
                            .gc_mark = native_with_mark};
  JSClassID id = JS_INVALID_CLASS_ID;

  if (native_class(ctx->rt, native_call_with) < (JSClassID)ctx->rt->class_count)
    return 0;
  return JS_NewClass(ctx->rt, JS_NewClassID(ctx->rt, &id), &class);
}

static int native_add_class(JSContext *ctx, JSClassCall *call)
{
  const JSClassDef class = {"Function", .call = call,
                            .finalizer = native_finalizer,
                            .gc_mark = native_mark};
  JSClassID id = JS_INVALID_CLASS_ID;

  if (native_class(ctx->rt, call) < (JSClassID)ctx->rt->class_count) return 0;
  return JS_NewClass(ctx->rt, JS_NewClassID(ctx->rt, &id), &class);
}

int tenon_p_native_init(JSContext *ctx)
{
  static const JSCFunctionListEntry getters[] = {
      JS_CGETSET_DEF("async", native_get_async, NULL),
  };
  static const JSCFunctionListEntry methods[] = {
      JS_CFUNC_DEF("withOptions", 1, native_with_options),
  };
  JSValue proto, later;
  int i;

  for (i = 0; i < 4; i++)
    if (native_add_class(ctx, native_calls[i / 2][i % 2])) return -1;
  if (native_add_class(ctx, native_call_class) ||
      native_add_class(ctx, native_call_later) || native_add_with_class(ctx) ||
      tenon_p_instance_init(ctx) || tenon_p_iterator_init(ctx))
    return -1;
  /* Set last, below. */
  if (JS_IsObject(
          ctx->class_proto[native_class(ctx->rt, native_call_this_plain)]))
    return 0;
  proto = JS_NewObjectProto(ctx, ctx->function_proto);
  if (JS_IsException(proto)) return -1;
  later = JS_NewObjectProto(ctx, ctx->function_proto);
  if (JS_IsException(later) ||
      JS_SetPropertyFunctionList(ctx, proto, getters, countof(getters)) ||
      JS_SetPropertyFunctionList(ctx, later, methods, countof(methods))) {
    JS_FreeValue(ctx, proto);
    JS_FreeValue(ctx, later);
    return -1;
  }
  JS_SetClassProto(ctx, native_class(ctx->rt, native_call_with), js_dup(later));
  JS_SetClassProto(ctx, native_class(ctx->rt, native_call_later), later);
  for (i = 0; i < 2; i++) {
    JS_SetClassProto(ctx, native_class(ctx->rt, native_calls[i][true]),
                     js_dup(proto));
    JS_SetClassProto(ctx, native_class(ctx->rt, native_calls[i][false]),
                     js_dup(ctx->function_proto));
  }
  JS_FreeValue(ctx, proto);
  return 0;
}

JSValue tenon_p_native_new(JSContext *ctx, tenon_p_native *n, const char *name,
                           uint32_t length, bool is_safe)
{
  JSClassCall *call = n->makes      ? native_call_class
                      : n->is_later ? native_call_later
                                    : native_calls[n->takes_this][is_safe];
  JSClassID id = native_class(ctx->rt, call);
  JSValueConst proto = n->makes ? ctx->function_proto : ctx->class_proto[id];
  JSValue f = JS_NewObjectProtoClass(ctx, proto, id);
  JSValue text;

  if (JS_IsException(f)) {
    if (n->ops->gone) n->ops->gone(ctx->rt, n);
    js_free(ctx, n);
    return f;
  }
  native_choose_entry(n);
  n->async = JS_UNDEFINED;
  n->realm = JS_DupContext(ctx);
  JS_VALUE_GET_OBJ(f)->u.opaque = n;
  if (n->makes) JS_SetConstructorBit(ctx, f, true);
  text = JS_NewString(ctx, name);
  if (JS_IsException(text)) goto fail;
  if (JS_DefinePropertyValue(ctx, f, JS_ATOM_length, js_int32(length),
                             JS_PROP_CONFIGURABLE) < 0) {
    JS_FreeValue(ctx, text);
    goto fail;
  }
  if (JS_DefinePropertyValue(ctx, f, JS_ATOM_name, text, JS_PROP_CONFIGURABLE) <
      0)
    goto fail;
  return f;
fail:
  JS_FreeValue(ctx, f);
  return JS_EXCEPTION;
}
