#include <stdarg.h>
#include <tenon/error.h>
#include <unistd.h>

#include "bind/failure.h"
#include "std/child/child.h"

/* --- Errors ------------------------------------------------------------------ */

JSValue tenon_p_child_error(JSContext *ctx, int error, const char *syscall,
                            const char *path, const char *format, ...)
{
  tenon_failure given = {.size = sizeof given,
                         .error_class = TENON_ERROR,
                         .error = error,
                         .syscall = syscall,
                         .path = path};
  tenon_p_failure *f;
  JSValue v;
  va_list ap;

  va_start(ap, format);
  f = tenon_p_failure_new(&given, format, ap);
  va_end(ap);
  v = tenon_p_failure_error(ctx, f);
  tenon_p_failure_free(f);
  return v;
}

/* --- Objects ----------------------------------------------------------------- */

void tenon_p_thing_unref(tenon_p_thing *t)
{
  if (--t->refs == 0) tenon_p_heap_free(&t->owner->engine->heap, t);
}

static void ask_forgotten(tenon_p_thing *t)
{
  if (t->is_open && t->kind->forgotten) t->kind->forgotten(t);
}

static void thing_finalizer(JSRuntime *rt, JSValueConst v)
{
  JSClassID id;
  tenon_p_thing *t = JS_GetAnyOpaque(v, &id);

  (void)rt;
  if (!t) return;
  t->has_object = false;
  if (tenon_p_list_is_empty(&t->requests)) ask_forgotten(t);
  tenon_p_thing_unref(t);
}

/* 0, or -1 with an exception. */
int tenon_p_things_init(JSContext *ctx, tenon_p_children *c)
{
  static const JSClassDef class = {"Handle", .finalizer = thing_finalizer};
  JSRuntime *rt = JS_GetRuntime(ctx);

  if (c->is_registered) return 0;
  if (JS_NewClass(rt, JS_NewClassID(rt, &c->number), &class)) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  c->is_registered = true;
  return 0;
}

tenon_p_thing *tenon_p_thing_of(JSContext *ctx, JSValueConst v,
                                const tenon_p_thing_kind *kind)
{
  tenon_p_thing *t = JS_GetOpaque(v, tenon_p_children_of(ctx)->number);

  if (t && t->kind == kind) return t;
  JS_ThrowTypeError(ctx, "expected a %s", kind->operation.one);
  return NULL;
}

JSValue tenon_p_thing_new(JSContext *ctx, const tenon_p_thing_kind *kind,
                          tenon_p_thing **out)
{
  tenon_p_children *c = tenon_p_children_of(ctx);
  tenon_p_thing *t = NULL;
  JSValue v;

  *out = NULL;
  if (tenon_p_operation_admit(ctx, &kind->operation, "spawn"))
    return JS_EXCEPTION;
  v = JS_NewObjectProtoClass(ctx, JS_NULL, c->number);
  if (JS_IsException(v)) return v;
  if (tenon_p_engine_admits(c->engine, kind->size))
    t = tenon_p_heap_alloc(&c->engine->heap, kind->size);
  if (!t) {
    JS_FreeValue(ctx, v);
    return JS_ThrowOutOfMemory(ctx);
  }
  tenon_p_list_init(&t->ready.link);
  tenon_p_list_init(&t->link);
  tenon_p_list_init(&t->requests);
  tenon_p_operation_init(&t->operation);
  t->ready.run = kind->run;
  t->owner = c;
  t->kind = kind;
  t->realm = tenon_p_realm_of(ctx);
  t->fd = -1;
  t->refs = 1;
  t->has_object = true;
  JS_SetOpaque(v, t);
  tenon_p_operation_begin(tenon_p_loop_of(c->engine), &t->operation,
                          &kind->operation);
  *out = t;
  return v;
}

/* --- Handles ----------------------------------------------------------------- */

static void on_closed(uv_handle_t *handle)
{
  tenon_p_thing_unref((tenon_p_thing *)handle);
}

static void on_event(uv_poll_t *poll, int status, int events)
{
  tenon_p_thing *t = (tenon_p_thing *)poll;
  tenon_p_loop *l = tenon_p_loop_of(t->owner->engine);

  (void)events;
  /* A pipe whose other end is closed; reading or writing tells more. */
  if (status) t->events = 0;
  if (!tenon_p_list_is_empty(&t->requests)) {
    tenon_p_loop_make_ready(l, &t->ready);
    tenon_p_loop_dispatch(l);
  } else if (t->has_object) {
    tenon_p_thing_watch(t, 0);
  } else {
    ask_forgotten(t);
  }
}

int tenon_p_thing_open(tenon_p_thing *t, int fd)
{
  int r = uv_poll_init(tenon_p_loop_of(t->owner->engine)->uv, &t->poll, fd);

  if (r) {
    close(fd);
    return r;
  }
  t->refs++;
  t->fd = fd;
  t->is_open = true;
  tenon_p_list_append(&t->owner->open, &t->link);
  return 0;
}

void tenon_p_thing_watch(tenon_p_thing *t, int events)
{
  if (t->events == events) return;
  t->events = events;
  if (events)
    uv_poll_start(&t->poll, events, on_event);
  else
    uv_poll_stop(&t->poll);
}

void tenon_p_thing_close(tenon_p_thing *t)
{
  tenon_p_operation_end(&t->operation);
  if (!t->is_open) return;
  t->is_open = false;
  if (t->kind->close) t->kind->close(t);
  tenon_p_list_remove(&t->link);
  tenon_p_list_remove(&t->ready.link);
  while (!tenon_p_list_is_empty(&t->requests))
    tenon_p_request_free(
        t, tenon_p_container(t->requests.next, tenon_p_request, link));
  t->events = 0;
  uv_close((uv_handle_t *)&t->poll, on_closed);
  close(t->fd);
  t->fd = -1;
}

/* --- Promises ---------------------------------------------------------------- */

JSValue tenon_p_request_new(JSContext *ctx, tenon_p_thing *t, size_t size,
                            tenon_p_request **out)
{
  tenon_p_engine *e = t->owner->engine;
  tenon_p_request *r = NULL;
  JSValue promise;

  *out = NULL;
  if (tenon_p_engine_admits(e, sizeof *r + size))
    r = tenon_p_heap_alloc(&e->heap, sizeof *r + size);
  if (!r) return JS_ThrowOutOfMemory(ctx);
  promise = JS_NewPromiseCapability(ctx, r->settle);
  if (JS_IsException(promise)) {
    tenon_p_heap_free(&e->heap, r);
    return promise;
  }
  r->ctx = JS_DupContext(ctx);
  tenon_p_list_append(&t->requests, &r->link);
  *out = r;
  return promise;
}

void tenon_p_request_free(tenon_p_thing *t, tenon_p_request *r)
{
  tenon_p_list_remove(&r->link);
  JS_FreeValue(r->ctx, r->settle[0]);
  JS_FreeValue(r->ctx, r->settle[1]);
  JS_FreeContext(r->ctx);
  tenon_p_heap_free(&t->owner->engine->heap, r);
}

void tenon_p_request_settle(tenon_p_thing *t, tenon_p_request *r, JSValue v,
                            bool is_rejected)
{
  JSContext *ctx = r->ctx;
  tenon_p_realm *realm = tenon_p_realm_of(ctx);
  JSValue result;

  /* The scripts that it runs may close the thing, and all that is in it. */
  tenon_p_list_remove(&r->link);
  t->refs++;
  if (realm) realm->busy++;
  result =
      JS_Call(ctx, r->settle[is_rejected], JS_UNDEFINED, 1, (JSValueConst *)&v);
  if (JS_IsException(result)) tenon_p_realm_take_exception(ctx);
  if (realm) realm->busy--;
  JS_FreeValue(ctx, result);
  JS_FreeValue(ctx, v);
  tenon_p_request_free(t, r);
  tenon_p_thing_unref(t);
}

void tenon_p_request_fail_all(tenon_p_thing *t, int error, const char *syscall)
{
  while (!tenon_p_list_is_empty(&t->requests)) {
    tenon_p_request *r =
        tenon_p_container(t->requests.next, tenon_p_request, link);
    JSValue v = tenon_p_child_error(r->ctx, error, syscall, NULL, NULL);
    if (JS_IsException(v)) v = JS_GetException(r->ctx);
    tenon_p_request_settle(t, r, v, true);
  }
}
