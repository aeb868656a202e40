#include "bind/message.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "engine/extension.h"

/* Only memory can have failed: the caller says so. */
static void fail_text(JSContext *ctx, tenon_p_text *out)
{
  JS_FreeValue(ctx, JS_GetException(ctx));
  out->failed = true;
}

/* "string", "1.5", "Map": what came, shortly and without running scripts. */
static void describe(JSContext *ctx, JSValueConst v, tenon_p_text *out)
{
  const char *s;
  JSAtom name;

  if (JS_IsBigInt(v) && !tenon_p_bigint_is_short(v)) {
    tenon_p_text_puts(out, "a longer bigint");
  } else if (JS_IsNumber(v) || JS_IsBigInt(v)) {
    s = JS_ToCString(ctx, v);
    if (s && strlen(s) <= 24) {
      tenon_p_text_puts(out, s);
      if (JS_IsBigInt(v)) tenon_p_text_puts(out, "n");
    } else {
      tenon_p_text_puts(out, JS_IsBigInt(v) ? "a longer bigint" : "number");
    }
    if (!s) fail_text(ctx, out);
    JS_FreeCString(ctx, s);
  } else if (JS_IsString(v)) {
    tenon_p_text_puts(out, "string");
  } else if (JS_IsBool(v)) {
    tenon_p_text_puts(out, "boolean");
  } else if (JS_IsNull(v)) {
    tenon_p_text_puts(out, "null");
  } else if (JS_IsUndefined(v)) {
    tenon_p_text_puts(out, "undefined");
  } else if (JS_IsSymbol(v)) {
    tenon_p_text_puts(out, "symbol");
  } else if (JS_IsFunction(ctx, v)) {
    tenon_p_text_puts(out, "function");
  } else if (JS_IsArray(v)) {
    tenon_p_text_puts(out, "array");
  } else if (JS_IsProxy(v)) {
    tenon_p_text_puts(out, "Proxy");
  } else if (JS_IsPromise(v)) {
    tenon_p_text_puts(out, "Promise (is an await missing?)");
  } else {
    name = JS_GetClassName(JS_GetRuntime(ctx), JS_GetClassID(v));
    s = name == JS_ATOM_NULL ? NULL : JS_AtomToCString(ctx, name);
    if (!s) fail_text(ctx, out);
    tenon_p_text_puts(out, s && strcmp(s, "Object") != 0 ? s : "object");
    JS_FreeCString(ctx, s);
    JS_FreeAtom(ctx, name);
  }
}

static void throw_text(JSContext *ctx, int error_class, tenon_p_text *t)
{
  enum tenon_p_error_class c =
      error_class == TENON_TYPE_ERROR    ? TENON_P_TYPE_ERROR
      : error_class == TENON_RANGE_ERROR ? TENON_P_RANGE_ERROR
                                         : TENON_P_PLAIN_ERROR;

  if (t->failed)
    JS_ThrowOutOfMemory(ctx);
  else
    tenon_p_throw_error(ctx, c, t->data ? t->data : "", t->len);
  tenon_p_text_release(t);
}

static void append_place(const tenon_p_place *place, tenon_p_text *t)
{
  const tenon_function *f = place->function;

  if (place->index < 0)
    tenon_p_text_printf(t, TENON_P_MESSAGE_RESULT, f->name);
  else
    tenon_p_text_printf(t, TENON_P_MESSAGE_ARGUMENT, f->name,
                        (unsigned)place->index + 1,
                        f->params[place->index].name);
}

int tenon_p_throw_at(JSContext *ctx, const tenon_p_place *place,
                     int error_class, const char *format, ...)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  va_list ap;

  append_place(place, &t);
  va_start(ap, format);
  tenon_p_text_vprintf(&t, format, ap);
  va_end(ap);
  throw_text(ctx, error_class, &t);
  return -1;
}

int tenon_p_throw_expected(JSContext *ctx, const tenon_p_place *place,
                           const char *what, JSValueConst v)
{
  tenon_p_text got = TENON_P_TEXT_INIT;

  describe(ctx, v, &got);
  if (got.failed)
    JS_ThrowOutOfMemory(ctx);
  else
    tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR, TENON_P_MESSAGE_EXPECTED,
                     what, got.data);
  tenon_p_text_release(&got);
  return -1;
}

int tenon_p_throw_range(JSContext *ctx, const tenon_p_place *place,
                        const char *first, const char *last, JSValueConst v)
{
  tenon_p_text got = TENON_P_TEXT_INIT;

  describe(ctx, v, &got);
  if (got.failed)
    JS_ThrowOutOfMemory(ctx);
  else
    tenon_p_throw_at(ctx, place, TENON_RANGE_ERROR, TENON_P_MESSAGE_RANGE,
                     first, last, got.data);
  tenon_p_text_release(&got);
  return -1;
}

int tenon_p_throw_unsafe(JSContext *ctx, const tenon_p_place *place,
                         JSValueConst v)
{
  tenon_p_text got = TENON_P_TEXT_INIT;

  describe(ctx, v, &got);
  tenon_p_throw_at(ctx, place, TENON_RANGE_ERROR, TENON_P_MESSAGE_UNSAFE,
                   got.data ? got.data : "?");
  tenon_p_text_release(&got);
  return -1;
}

JSValue tenon_p_throw_too_few(JSContext *ctx, const tenon_function *f,
                              uint32_t required, int argc)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_text_printf(&t, TENON_P_MESSAGE_TOO_FEW, f->name,
                      required < f->param_count ? "at least " : "", required,
                      required == 1 ? "" : "s", argc);
  throw_text(ctx, TENON_TYPE_ERROR, &t);
  return JS_EXCEPTION;
}

JSValue tenon_p_throw_failure(JSContext *ctx, int error_class,
                              const char *message)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  if (!message) return JS_ThrowOutOfMemory(ctx);
  tenon_p_text_puts(&t, message);
  throw_text(ctx, error_class, &t);
  return JS_EXCEPTION;
}
