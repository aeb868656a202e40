#include "loop/promise.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "bind/any.h"
#include "bind/message.h"
#include "bind/table.h"
#include "loop/mailbox.h"

/* A deferred with what its call would have had. */
typedef struct apart {
  tenon_deferred base; /* first: it is one of these */
  tenon_p_binding binding;
  tenon_function function; /* its name and result, for messages */
  char name[];
} apart;

static void let_go(tenon_deferred *d)
{
  tenon_p_names_release(JS_GetRuntime(d->task.ctx),
                        &((apart *)d)->binding.names);
}

/* NULL with an exception. */
static apart *new_apart(JSContext *ctx, const tenon_type *type,
                        const char *name)
{
  size_t size = strlen(name) + 1;
  apart *a = tenon_p_calloc(sizeof *a + size);

  if (!a) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  memcpy(a->name, name, size);
  a->function = (tenon_function){.size = sizeof a->function,
                                 .name = a->name,
                                 .result = {.name = "value", .type = type}};
  a->binding.function = &a->function;
  if (tenon_p_names_init(ctx, &a->binding.names, &a->function)) {
    free(a);
    return NULL;
  }
  return a;
}

/* Its task, as of a function that was called in this realm: the Promise, or
 * JS_EXCEPTION. */
static JSValue init_task(JSContext *ctx, apart *a)
{
  tenon_p_task *t = &a->base.task;
  JSValue promise;

  tenon_p_call_init(&t->call, true);
  t->result =
      tenon_p_call_alloc(&t->call, tenon_p_field_size(&a->function.result));
  if (!t->result) return JS_ThrowOutOfMemory(ctx);
  promise = JS_NewPromiseCapability(ctx, t->settle);
  if (JS_IsException(promise)) return promise;
  t->engine = tenon_p_engine_of(ctx);
  t->binding = &a->binding;
  t->ctx = JS_DupContext(ctx);
  t->function = JS_UNDEFINED;
  return promise;
}

static bool is_valid(const tenon_type *type)
{
  return tenon_p_is_valid_result(&(tenon_field){.name = "value", .type = type});
}

int tenon_p_promise_open(JSContext *ctx, const tenon_type *type,
                         const char *name, tenon_deferred **out,
                         JSValue *promise)
{
  tenon_p_loop *l = tenon_p_loop_of(tenon_p_engine_of(ctx));
  apart *a;

  *promise = JS_UNDEFINED;
  *out = NULL;
  if (!is_valid(type)) {
    tenon_p_throw_plain(ctx, TENON_P_MESSAGE_NO_TYPE, name);
    return TENON_EABI;
  }
  if (tenon_p_check_realm(ctx, &(tenon_function){.name = name}))
    return TENON_ECLOSING;
  if (tenon_p_operation_admit(ctx, &tenon_p_deferred_kind, name))
    return TENON_EFULL;
  a = new_apart(ctx, type, name);
  if (!a) return TENON_ENOMEM;
  *promise = init_task(ctx, a);
  if (JS_IsException(*promise)) {
    *promise = JS_UNDEFINED;
    tenon_p_names_release(JS_GetRuntime(ctx), &a->binding.names);
    tenon_p_call_release(&a->base.task.call);
    free(a);
    return TENON_ENOMEM;
  }
  tenon_p_deferred_init(l, &a->base, &a->function.result);
  a->base.let_go = let_go;
  a->base.operation.name = a->name;
  a->base.has_any = tenon_p_type_holds(type, TENON_KIND_ANY);
  tenon_p_deferred_open(l, &a->base);
  *out = &a->base;
  return 0;
}

static void *new_in_call(tenon_p_call *c, const tenon_type *type,
                         const char *name, tenon_deferred **out)
{
  tenon_p_engine *e = tenon_p_engine_of(c->ctx);
  JSValue promise;
  void *handle;

  if (tenon_p_promise_open(c->ctx, type, name, out, &promise)) {
    tenon_p_call_fail_value(c, c->ctx, JS_GetException(c->ctx));
    return NULL;
  }
  handle = tenon_p_any_push(e, promise);
  JS_FreeValue(c->ctx, promise);
  if (handle) return handle;
  tenon_p_deferred_cancel(tenon_p_loop_of(e), *out);
  *out = NULL;
  JS_ThrowOutOfMemory(c->ctx);
  tenon_p_call_fail_value(c, c->ctx, JS_GetException(c->ctx));
  return NULL;
}

void *tenon_p_host_promise_new(const tenon_type *type, const char *name,
                               tenon_deferred **out)
{
  tenon_p_call *c = tenon_p_current_call;

  *out = NULL;
  return c && c->ctx ? new_in_call(c, type, name ? name : "Promise", out)
                     : NULL;
}
