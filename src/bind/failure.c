#include "bind/failure.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "base/text.h"
#include "bind/message.h"
#include "engine/extension.h"
#include "engine/foreign.h"

/* --- Made and freed ---------------------------------------------------------------- */

/* What a caller that was compiled with an older header says. */
static tenon_failure read_whole(const tenon_failure *f)
{
  tenon_failure whole = {0};
  size_t size = f->size < sizeof whole ? f->size : sizeof whole;

  memcpy(&whole, f, size);
  if (whole.error > 0) whole.error = -whole.error;
  return whole;
}

/* As node has it: CODE: text, syscall 'path' -> 'dest' */
static void append_system_text(tenon_p_text *t, const tenon_failure *f)
{
  tenon_p_text_printf(t, "%s: %s",
                      f->code ? f->code : tenon_error_name(f->error),
                      tenon_strerror(f->error));
  if (f->syscall) tenon_p_text_printf(t, ", %s", f->syscall);
  if (f->path) tenon_p_text_printf(t, f->syscall ? " '%s'" : ", '%s'", f->path);
  if (f->dest) tenon_p_text_printf(t, " -> '%s'", f->dest);
}

static size_t size_of(const char *s)
{
  return s ? strlen(s) + 1 : 0;
}

/* Copies to *at, which moves on. */
static const char *put(char **at, const char *s)
{
  char *copy = *at;

  if (!s) return NULL;
  *at = stpcpy(copy, s) + 1;
  return copy;
}

tenon_p_failure *tenon_p_failure_new(const tenon_failure *given,
                                     const char *format, va_list ap)
{
  tenon_failure f = read_whole(given);
  tenon_p_text t = TENON_P_TEXT_INIT;
  tenon_p_failure *made;
  char *message, *at;

  if (f.error == TENON_ENOMEM) return NULL;
  if (format)
    tenon_p_text_vprintf(&t, format, ap);
  else if (f.error)
    append_system_text(&t, &f);
  message = tenon_p_text_take(&t);
  if (!message) return NULL;
  made = tenon_p_calloc(sizeof *made + size_of(f.code) + size_of(f.syscall) +
                        size_of(f.path) + size_of(f.dest));
  if (!made) {
    free(message);
    return NULL;
  }
  made->error_class = f.error_class;
  made->error = f.error;
  made->message = message;
  at = (char *)(made + 1);
  made->code = put(&at, f.code);
  made->syscall = put(&at, f.syscall);
  made->path = put(&at, f.path);
  made->dest = put(&at, f.dest);
  return made;
}

tenon_p_failure *tenon_p_failure_of_value(JSContext *ctx, JSValue v)
{
  tenon_p_failure *made = tenon_p_calloc(sizeof *made);

  if (!made) {
    JS_FreeValue(ctx, v);
    return NULL;
  }
  tenon_p_list_init(&made->link);
  made->rt = JS_GetRuntime(ctx);
  made->value = v;
  return made;
}

void tenon_p_failure_lend(tenon_p_engine *e, tenon_p_failure *f)
{
  tenon_p_list_append(&e->failures, &f->link);
}

/* Once another thread sees that there is no value it may free the failure. */
void tenon_p_failures_end(tenon_p_engine *e)
{
  while (!tenon_p_list_is_empty(&e->failures)) {
    tenon_p_failure *f =
        tenon_p_container(e->failures.next, tenon_p_failure, link);
    JSValue v = f->value;
    tenon_p_list_remove(&f->link);
    __atomic_store_n(&f->rt, NULL, __ATOMIC_RELEASE);
    JS_FreeValueRT(e->rt, v);
  }
}

static JSRuntime *own_runtime(const tenon_p_failure *f)
{
  return __atomic_load_n(&f->rt, __ATOMIC_ACQUIRE);
}

tenon_p_failure *tenon_p_failure_foreign(void)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  char *message;
  tenon_p_failure *made;

  tenon_p_text_puts(&t, TENON_P_MESSAGE_FOREIGN);
  message = tenon_p_text_take(&t);
  made = message ? tenon_p_calloc(sizeof *made) : NULL;
  if (made)
    made->message = message;
  else
    free(message);
  return made;
}

void tenon_p_failure_free(tenon_p_failure *f)
{
  tenon_p_failure *cause;

  for (; f; f = cause) {
    cause = f->cause;
    if (own_runtime(f)) {
      tenon_p_list_remove(&f->link);
      JS_FreeValueRT(f->rt, f->value);
    }
    free(f->message);
    free(f);
  }
}

tenon_p_failure *tenon_p_failure_caused(tenon_p_failure *f,
                                        tenon_p_failure *cause)
{
  if (!f) {
    tenon_p_failure_free(cause);
  } else if (cause) {
    f->cause = cause;
    cause->effect = f;
  }
  return f;
}

JSRuntime *tenon_p_failure_runtime(const tenon_p_failure *f)
{
  JSRuntime *rt = NULL;

  for (; f && !rt; f = f->cause)
    rt = own_runtime(f);
  return rt;
}

/* --- To JavaScript ----------------------------------------------------------------- */

static JSValue text_of(JSContext *ctx, const char *s)
{
  return tenon_p_new_string(ctx, s, strlen(s));
}

/* Consumes `v`; -1 with an exception. */
static int define(JSContext *ctx, JSValueConst e, const char *name, JSValue v,
                  int flags)
{
  if (JS_IsException(v)) return -1;
  return JS_DefinePropertyValueStr(ctx, e, name, v, flags) < 0 ? -1 : 0;
}

static int define_text(JSContext *ctx, JSValueConst e, const char *name,
                       const char *text)
{
  return text ? define(ctx, e, name, text_of(ctx, text), JS_PROP_C_W_E) : 0;
}

/* The properties are node's, in its order; `cause`, which is consumed, is that
 * of new Error(), JS_UNINITIALIZED none. */
static JSValue make_error(JSContext *ctx, const tenon_p_failure *f,
                          JSValue cause)
{
  /* Of a value that went with its runtime there is none. */
  JSValue text =
      text_of(ctx, f->message ? f->message : TENON_P_MESSAGE_FOREIGN);
  JSValue e = JS_EXCEPTION;
  const char *code = f->code;

  if (!JS_IsException(text))
    e = tenon_p_new_error(ctx, (enum tenon_p_error_kind)f->error_class, text);
  JS_FreeValue(ctx, text);
  if (JS_IsException(e)) {
    JS_FreeValue(ctx, cause);
    return e;
  }
  if (!code && f->error) code = tenon_error_name(f->error);
  if ((JS_IsUninitialized(cause) ||
       define(ctx, e, "cause", cause,
              JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) == 0) &&
      (!f->error || define(ctx, e, "errno", JS_NewInt32(ctx, f->error),
                           JS_PROP_C_W_E) == 0) &&
      define_text(ctx, e, "code", code) == 0 &&
      define_text(ctx, e, "syscall", f->syscall) == 0 &&
      define_text(ctx, e, "path", f->path) == 0 &&
      define_text(ctx, e, "dest", f->dest) == 0)
    return e;
  JS_FreeValue(ctx, e);
  return JS_EXCEPTION;
}

/* A value that was thrown; that of another runtime cannot be looked at. */
static JSValue thrown_value(JSContext *ctx, const tenon_p_failure *f)
{
  if (f->rt == JS_GetRuntime(ctx)) return JS_DupValue(ctx, f->value);
  return make_error(
      ctx, &(tenon_p_failure){.message = (char *)TENON_P_MESSAGE_FOREIGN},
      JS_UNINITIALIZED);
}

/* Causes may be many: the innermost is made first, without recursion. */
JSValue tenon_p_failure_error(JSContext *ctx, const tenon_p_failure *f)
{
  const tenon_p_failure *at = f;
  JSValue e = JS_UNINITIALIZED;

  if (!f) return JS_ThrowOutOfMemory(ctx);
  while (at->cause)
    at = at->cause;
  for (; at; at = at == f ? NULL : at->effect) {
    e = own_runtime(at) ? thrown_value(ctx, at) : make_error(ctx, at, e);
    if (JS_IsException(e)) return e;
  }
  return e;
}

JSValue tenon_p_throw_failure(JSContext *ctx, const tenon_p_failure *f)
{
  JSValue e = tenon_p_failure_error(ctx, f);

  return JS_IsException(e) ? e : JS_Throw(ctx, e);
}
