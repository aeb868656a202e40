/* Errors of the system, as node makes them: a message that names the call and
 * its paths, and the properties errno, code, syscall, path, dest. */
#include <tenon/error.h>
#include <uv.h>

#include "base/text.h"
#include "node/node.h"

int tenon_p_node_put(JSContext *ctx, JSValueConst object, const char *name,
                     JSValue v)
{
  if (JS_IsException(v)) return -1;
  return JS_DefinePropertyValueStr(ctx, object, name, v, JS_PROP_C_W_E) < 0 ? -1
                                                                            : 0;
}

static int put_text(JSContext *ctx, JSValueConst error, const char *name,
                    const char *text)
{
  if (!text) return 0;
  return tenon_p_node_put(ctx, error, name, JS_NewString(ctx, text));
}

/* Not enumerable, as in each error. */
static int put_message(JSContext *ctx, JSValueConst error,
                       const tenon_p_text *t)
{
  JSValue v = JS_NewStringLen(ctx, t->data, t->len);

  if (JS_IsException(v)) return -1;
  return JS_DefinePropertyValueStr(ctx, error, "message", v,
                                   JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) < 0
             ? -1
             : 0;
}

JSValue tenon_p_node_throw_system(JSContext *ctx, int code, const char *syscall,
                                  const char *path, const char *dest)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  const char *name = uv_err_name(code);
  JSValue error = JS_UNDEFINED;

  if (code == UV_ENOMEM) return JS_ThrowOutOfMemory(ctx);
  tenon_p_text_printf(&t, "%s: %s, %s", name, uv_strerror(code), syscall);
  if (path) tenon_p_text_printf(&t, " '%s'", path);
  if (dest) tenon_p_text_printf(&t, " -> '%s'", dest);
  if (!t.failed) error = JS_NewError(ctx);
  if (t.failed || JS_IsException(error) || put_message(ctx, error, &t) ||
      tenon_p_node_put(ctx, error, "errno", JS_NewInt32(ctx, code)) ||
      put_text(ctx, error, "code", name) ||
      put_text(ctx, error, "syscall", syscall) ||
      put_text(ctx, error, "path", path) ||
      put_text(ctx, error, "dest", dest)) {
    if (t.failed) JS_ThrowOutOfMemory(ctx);
    JS_FreeValue(ctx, error);
    error = JS_EXCEPTION;
  }
  tenon_p_text_release(&t);
  return JS_IsException(error) ? error : JS_Throw(ctx, error);
}
