#include "engine/exception.h"

#include "engine/extension.h"

/* Appends a string, lone surrogates as U+FFFD; false, with nothing pending, when
 * memory does not suffice to read it. */
static bool append_text(JSContext *ctx, JSValueConst s, tenon_p_text *out)
{
  size_t len;
  char *p;

  if (tenon_p_string_utf8_size(ctx, s, &len)) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    return false;
  }
  p = tenon_p_text_extend(out, len);
  if (p) tenon_p_string_utf8_write(s, p);
  return true;
}

static void append_string(JSContext *ctx, JSValueConst v, tenon_p_text *out)
{
  JSValue s;

  if (JS_IsSymbol(v)) {
    JSValue name = JS_GetPropertyStr(ctx, v, "description");
    tenon_p_text_puts(out, "Symbol(");
    if (JS_IsString(name)) append_string(ctx, name, out);
    if (JS_IsException(name)) JS_FreeValue(ctx, JS_GetException(ctx));
    tenon_p_text_puts(out, ")");
    JS_FreeValue(ctx, name);
    return;
  }
  s = JS_ToString(ctx, v);
  if (JS_IsException(s)) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    tenon_p_text_puts(out, JS_IsObject(v) ? "[object]" : "[value]");
  } else if (!append_text(ctx, s, out)) {
    tenon_p_text_puts(out, "[value]");
  }
  JS_FreeValue(ctx, s);
}

static bool append_property(JSContext *ctx, JSValueConst v, const char *name,
                            bool is_number_fine, tenon_p_text *out)
{
  JSValue p = JS_GetPropertyStr(ctx, v, name);
  size_t before = out->len;

  if (JS_IsException(p))
    JS_FreeValue(ctx, JS_GetException(ctx));
  else if (JS_IsString(p))
    append_text(ctx, p, out);
  else if (is_number_fine && JS_IsNumber(p))
    append_string(ctx, p, out);
  JS_FreeValue(ctx, p);
  return out->len > before;
}

bool tenon_p_exception_property(JSContext *ctx, JSValueConst v,
                                const char *name, tenon_p_text *out)
{
  return append_property(ctx, v, name, true, out);
}

void tenon_p_exception_describe(JSContext *ctx, JSValueConst v,
                                tenon_p_text *out)
{
  size_t start = out->len;

  if (!JS_IsError(v)) {
    if (JS_IsObject(v)) {
      /* DOMException and others that carry a stack of their own. */
      JSValue stack = JS_GetPropertyStr(ctx, v, "stack");
      bool has_stack = JS_IsString(stack);
      JS_FreeValue(ctx, stack);
      if (JS_IsException(stack)) JS_FreeValue(ctx, JS_GetException(ctx));
      append_string(ctx, v, out);
      if (has_stack) {
        tenon_p_text_puts(out, "\n");
        append_property(ctx, v, "stack", false, out);
      }
    } else {
      append_string(ctx, v, out);
    }
  } else {
    if (!append_property(ctx, v, "name", false, out))
      tenon_p_text_puts(out, "Error");
    {
      size_t colon = out->len;
      tenon_p_text_puts(out, ": ");
      if (!append_property(ctx, v, "message", false, out) && !out->failed) {
        out->len = colon;
        out->data[colon] = '\0';
      }
    }
    tenon_p_text_puts(out, "\n");
    append_property(ctx, v, "stack", false, out);
  }
  while (!out->failed && out->len > start && out->data[out->len - 1] == '\n')
    out->data[--out->len] = '\0';
}
