/* The native part of console.js: writing, and looking without touching. */
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "engine/extension.h"
#include "std/std.h"

/* All of it, also into a pipe that is full for the moment. What cannot be
 * written is dropped: console.log has nobody to tell. */
static void write_all(int file, const char *data, size_t len)
{
  uv_fs_t req;
  uv_buf_t buf;
  int n;

  while (len) {
    buf = uv_buf_init((char *)data, (unsigned)(len < 1 << 30 ? len : 1 << 30));
    n = (int)uv_fs_write(NULL, &req, file, &buf, 1, -1, NULL);
    uv_fs_req_cleanup(&req);
    if (n == UV_EAGAIN) {
      usleep(1000);
    } else if (n < 0 && n != UV_EINTR) {
      return;
    } else if (n > 0) {
      data += n;
      len -= (size_t)n;
    }
  }
}

/* write(1 or 2, text) */
static JSValue console_write(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv)
{
  int file = argc > 0 && JS_VALUE_GET_TAG(argv[0]) == JS_TAG_INT
                 ? JS_VALUE_GET_INT(argv[0])
                 : 0;
  size_t len;
  char *text;

  (void)this_value;
  if ((file != 1 && file != 2) || argc < 2 || !JS_IsString(argv[1]))
    return JS_ThrowTypeError(ctx, "write: expected 1 or 2, and a string");
  if (tenon_p_string_utf8_size(ctx, argv[1], &len)) return JS_EXCEPTION;
  text = js_malloc(ctx, len + 1);
  if (!text) return JS_EXCEPTION;
  tenon_p_string_utf8_write(argv[1], text);
  write_all(file, text, len);
  js_free(ctx, text);
  return JS_UNDEFINED;
}

/* classOf(object): the name of its internal class, as "Map"; "Proxy" for one */
static JSValue console_class_of(JSContext *ctx, JSValueConst this_value,
                                int argc, JSValueConst *argv)
{
  JSAtom atom;
  JSValue v;

  (void)this_value;
  if (argc < 1 || !JS_IsObject(argv[0])) return JS_UNDEFINED;
  if (JS_IsProxy(argv[0])) return JS_NewString(ctx, "Proxy");
  if (JS_IsError(argv[0])) return JS_NewString(ctx, "Error");
  atom = JS_GetClassName(JS_GetRuntime(ctx), JS_GetClassID(argv[0]));
  if (atom == JS_ATOM_NULL) return JS_NewString(ctx, "Object");
  v = JS_AtomToString(ctx, atom);
  JS_FreeAtom(ctx, atom);
  return v;
}

/* promiseState(p): ['pending'], ['fulfilled', v] or ['rejected', v] */
static JSValue console_promise_state(JSContext *ctx, JSValueConst this_value,
                                     int argc, JSValueConst *argv)
{
  static const char *const names[] = {"pending", "fulfilled", "rejected"};
  JSPromiseStateEnum state;
  JSValue pair[2];

  (void)this_value;
  if (argc < 1) return JS_UNDEFINED;
  state = JS_PromiseState(ctx, argv[0]);
  if (state == JS_PROMISE_NOT_A_PROMISE) return JS_UNDEFINED;
  pair[0] = JS_NewString(ctx, names[state]);
  if (JS_IsException(pair[0])) return JS_EXCEPTION;
  pair[1] = state == JS_PROMISE_PENDING ? JS_UNDEFINED
                                        : JS_PromiseResult(ctx, argv[0]);
  return JS_NewArrayFrom(ctx, 2, pair);
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("write", 2, console_write),
    JS_CFUNC_DEF("classOf", 1, console_class_of),
    JS_CFUNC_DEF("promiseState", 1, console_promise_state),
};

static JSValue make_console(JSContext *ctx, const tenon_p_lazy *lazy)
{
  (void)lazy;
  return tenon_p_std_load(
      ctx, &tenon_p_console_bytecode,
      tenon_p_std_native(ctx, natives, tenon_p_countof(natives)));
}

int tenon_p_console_init(tenon_p_engine *e, const tenon_p_std_options *o)
{
  static const tenon_p_lazy lazy = {.name = "console", .make = make_console};
  JSValue global = JS_GetGlobalObject(e->ctx);
  int r = tenon_p_define_lazy(e->ctx, global, &lazy,
                              JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);

  (void)o;
  JS_FreeValue(e->ctx, global);
  return r;
}
