#include "bind/message.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "bind/instance.h"
#include "bind/table.h"
#include "engine/extension.h"

#define MOST_QUOTED 40 /* bytes of a string that came */
#define MOST_NAMED 12  /* names of an enum */

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
  } else if (tenon_p_instance_of(ctx, v)) {
    tenon_p_text_puts(out, tenon_p_instance_name(ctx, v));
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

static bool is_identifier(const char *s)
{
  if (*s >= '0' && *s <= '9') return false;
  while ((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
         (*s >= '0' && *s <= '9') || *s == '_' || *s == '$' || *s & 0x80)
    s++;
  return *s == '\0';
}

/* ".b[3].x", "["a key"]": as deep as the type is. */
static void append_path(const tenon_p_place *place, tenon_p_text *t)
{
  if (!place->inside) return;
  append_path(place->inside, t);
  if (place->member && place->member[0] && is_identifier(place->member))
    tenon_p_text_printf(t, ".%s", place->member);
  else if (place->member)
    tenon_p_text_printf(t, "[\"%s\"]", place->member);
  else
    tenon_p_text_printf(t, "[%u]", (unsigned)place->at);
}

/* Of a value that has no name but its path. */
static void append_whole(tenon_p_text *t, const char *whole, const char *part,
                         const char *name, const char *path)
{
  if (path[0])
    tenon_p_text_printf(t, part, name, path[0] == '.' ? path + 1 : path);
  else
    tenon_p_text_printf(t, whole, name);
}

/* From 1. What is part of a `rest` is an argument of its own. */
static unsigned argument_position(const tenon_p_place *place)
{
  const tenon_function *f = place->function;
  unsigned at = (unsigned)place->index + 1 - tenon_p_takes_this(f);

  if (!(f->params[place->index].flags & TENON_FIELD_REST) || !place->inside)
    return at;
  while (place->inside->inside)
    place = place->inside;
  return at + (unsigned)place->at;
}

static void append_place(const tenon_p_place *place, tenon_p_text *t)
{
  const tenon_function *f = place->function;
  tenon_p_text path = TENON_P_TEXT_INIT;
  const char *p;

  append_path(place, &path);
  p = path.data ? path.data : "";
  if (place->index >= 0 && (f->params[place->index].flags & TENON_FIELD_THIS))
    tenon_p_text_printf(t, TENON_P_MESSAGE_THIS, f->name, p);
  else if (place->index >= 0)
    tenon_p_text_printf(t, TENON_P_MESSAGE_ARGUMENT, f->name,
                        argument_position(place), f->params[place->index].name,
                        p);
  else if (place->index == TENON_P_PLACE_EXPORT)
    tenon_p_text_printf(t, TENON_P_MESSAGE_EXPORT, f->name, f->params[0].name,
                        p);
  else if (place->index == TENON_P_PLACE_OPTION && place->member)
    tenon_p_text_printf(t, TENON_P_MESSAGE_OPTION, f->name, place->member);
  else if (place->index == TENON_P_PLACE_OPTION)
    tenon_p_text_printf(t, TENON_P_MESSAGE_OPTIONS, f->name);
  else if (place->index == TENON_P_PLACE_VALUE)
    append_whole(t, TENON_P_MESSAGE_VALUE, TENON_P_MESSAGE_VALUE_PART, f->name,
                 p);
  else
    append_whole(t, TENON_P_MESSAGE_RESULT, TENON_P_MESSAGE_RESULT_PART,
                 f->name, p);
  if (path.failed) t->failed = true;
  tenon_p_text_release(&path);
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

/* A string in quotes when it is a short one. */
static void quote(JSContext *ctx, JSValueConst v, tenon_p_text *out)
{
  size_t len;
  char *p;

  if (!JS_IsString(v)) {
    describe(ctx, v, out);
  } else if (tenon_p_string_utf8_size(ctx, v, &len)) {
    fail_text(ctx, out);
  } else if (len > MOST_QUOTED) {
    tenon_p_text_puts(out, "a longer string");
  } else {
    tenon_p_text_puts(out, "'");
    p = tenon_p_text_extend(out, len);
    if (p) tenon_p_string_utf8_write(v, p);
    tenon_p_text_puts(out, "'");
  }
}

/* "'red', 'green'": the first ones. */
static void append_names(const tenon_type *type, tenon_p_text *t)
{
  uint32_t i;

  for (i = 0; i < type->field_count && i < MOST_NAMED; i++)
    tenon_p_text_printf(t, i ? ", '%s'" : "'%s'", type->fields[i].name);
  if (i < type->field_count)
    tenon_p_text_printf(t, " and %u more", (unsigned)(type->field_count - i));
}

int tenon_p_throw_not_of_enum(JSContext *ctx, const tenon_p_place *place,
                              const tenon_type *type, JSValueConst v)
{
  tenon_p_text names = TENON_P_TEXT_INIT, got = TENON_P_TEXT_INIT;

  append_names(type, &names);
  quote(ctx, v, &got);
  if (got.failed || names.failed)
    JS_ThrowOutOfMemory(ctx);
  else
    tenon_p_throw_at(ctx, place,
                     place->index < 0 && !place->comes_in ? TENON_RANGE_ERROR
                                                          : TENON_TYPE_ERROR,
                     type->field_count == 1 ? TENON_P_MESSAGE_EXPECTED
                                            : TENON_P_MESSAGE_ONE_OF,
                     names.data, got.data);
  tenon_p_text_release(&names);
  tenon_p_text_release(&got);
  return -1;
}

int tenon_p_throw_no_flags(JSContext *ctx, const tenon_p_place *place,
                           const tenon_type *type, JSValueConst v)
{
  tenon_p_text what = TENON_P_TEXT_INIT;

  tenon_p_text_puts(&what, "array of ");
  append_names(type, &what);
  if (what.failed)
    JS_ThrowOutOfMemory(ctx);
  else
    tenon_p_throw_expected(ctx, place, what.data, v);
  tenon_p_text_release(&what);
  return -1;
}

int tenon_p_throw_unknown_bits(JSContext *ctx, const tenon_p_place *place,
                               const tenon_type *type, uint64_t bits)
{
  tenon_p_text names = TENON_P_TEXT_INIT;

  append_names(type, &names);
  if (names.failed)
    JS_ThrowOutOfMemory(ctx);
  else
    tenon_p_throw_at(ctx, place, TENON_RANGE_ERROR, TENON_P_MESSAGE_NO_FLAGS,
                     names.data, bits);
  tenon_p_text_release(&names);
  return -1;
}

JSValue tenon_p_throw_plain(JSContext *ctx, const char *format, ...)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  va_list ap;

  va_start(ap, format);
  tenon_p_text_vprintf(&t, format, ap);
  va_end(ap);
  throw_text(ctx, TENON_TYPE_ERROR, &t);
  return JS_EXCEPTION;
}

static JSValue throw_number(JSContext *ctx, const tenon_function *f,
                            const char *how, uint32_t wanted, int argc)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_text_printf(&t, TENON_P_MESSAGE_NUMBER, f->name, how, wanted,
                      wanted == 1 ? "" : "s", argc);
  throw_text(ctx, TENON_TYPE_ERROR, &t);
  return JS_EXCEPTION;
}

JSValue tenon_p_throw_too_few(JSContext *ctx, const tenon_function *f,
                              uint32_t required, int argc)
{
  bool is_exact = required == f->param_count - tenon_p_takes_this(f);

  return throw_number(ctx, f, is_exact ? "" : "at least ", required, argc);
}

JSValue tenon_p_throw_too_many(JSContext *ctx, const tenon_function *f,
                               uint32_t required, uint32_t most, int argc)
{
  return throw_number(ctx, f, required == most ? "" : "at most ", most, argc);
}
