/*
 * Iterators whose steps run on the pool. Calls of next() and return() wait in
 * the order they came, each with its Promise; one step runs at a time, as a
 * task that holds the iterator.
 */
#include <string.h>

#include "bind/convert.h"
#include "bind/instance.h"
#include "bind/iterator.h"
#include "bind/message.h"
#include "bind/table.h"
#include "engine/realm.h"

typedef struct request {
  tenon_p_list link; /* in tenon_p_cursor.requests */
  bool is_return;
  JSValue value; /* of return() */
  JSValue settle[2];
} request;

static void release_request(JSRuntime *rt, request *q)
{
  tenon_p_list_remove(&q->link);
  JS_FreeValueRT(rt, q->value);
  JS_FreeValueRT(rt, q->settle[0]);
  JS_FreeValueRT(rt, q->settle[1]);
  js_free_rt(rt, q);
}

void tenon_p_async_iterator_mark(JSRuntime *rt, const tenon_p_cursor *k,
                                 JS_MarkFunc *mark)
{
  const tenon_p_list *at;

  for (at = k->requests.next; at != &k->requests; at = at->next) {
    const request *q = tenon_p_container(at, request, link);
    JS_MarkValue(rt, q->value, mark);
    JS_MarkValue(rt, q->settle[0], mark);
    JS_MarkValue(rt, q->settle[1], mark);
  }
}

void tenon_p_async_iterator_gone(JSRuntime *rt, tenon_p_cursor *k)
{
  while (!tenon_p_list_is_empty(&k->requests))
    release_request(rt, tenon_p_container(k->requests.next, request, link));
}

/* By `v`, which is consumed, or by the exception that it stands for. */
static void settle_by(JSContext *ctx, JSValueConst *settle, JSValue v)
{
  bool rejects = JS_IsException(v);
  JSValue r;

  if (rejects) v = JS_GetException(ctx);
  r = JS_Call(ctx, settle[rejects], JS_UNDEFINED, 1, (JSValueConst *)&v);
  /* No memory for the reactions: nobody is left who could be told. */
  if (JS_IsException(r)) tenon_p_realm_take_exception(ctx);
  JS_FreeValue(ctx, r);
  JS_FreeValue(ctx, v);
}

/* --- Steps ------------------------------------------------------------------------- */

/* The task of the step of a request; NULL with an exception. */
static tenon_p_task *start_step(JSContext *ctx, JSValueConst object, request *q)
{
  tenon_p_iterator *i = tenon_p_iterator_of(ctx, object);
  const tenon_p_binding *b = i->native->owner;
  const tenon_function *f = b->function;
  const tenon_p_schedule *schedule = b->module->schedule;
  tenon_p_place place = {.function = f, .names = &b->names};
  tenon_p_call_options options = tenon_p_no_options();
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  tenon_p_task *t = schedule->new_task(e, f);

  if (!t) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  t->engine = e;
  t->binding = b;
  t->ctx = JS_DupContext(ctx);
  t->function = JS_DupValue(ctx, object);
  t->settle[0] = JS_DupValue(ctx, q->settle[0]);
  t->settle[1] = JS_DupValue(ctx, q->settle[1]);
  tenon_p_call_init(&t->call, true);
  t->call.self = i->instance;
  t->args = tenon_p_call_alloc(&t->call, f->args_size);
  t->result = tenon_p_call_alloc(&t->call, tenon_p_field_size(&f->result));
  if (!t->args || !t->result) {
    JS_ThrowOutOfMemory(ctx);
    goto fail;
  }
  memset(t->args, 0, f->args_size);
  if (tenon_p_read(ctx, &t->call, &place, &f->params[0], i->object,
                   (char *)t->args + f->params[0].offset))
    goto fail;
  ((tenon_args *)t->args)->context = i->cursor;
  /* A full queue is no reason to end an iteration. */
  options.when_full = TENON_P_FULL_WAITS;
  if (schedule->start(t, &options) == 0) return t;
fail:
  tenon_p_task_release(t);
  schedule->drop_task(e, f, t);
  return NULL;
}

/* Whoever calls holds `object`. What is settled may run a script, which asks for
 * more: nothing is half done then. */
static void go_on(JSContext *ctx, JSValueConst object)
{
  tenon_p_iterator *i = tenon_p_iterator_of(ctx, object);
  tenon_p_list *requests = &tenon_p_cursor_of(i)->requests;
  tenon_p_task *t;
  request *q;

  while (!i->is_running && !tenon_p_list_is_empty(requests)) {
    q = tenon_p_container(requests->next, request, link);
    tenon_p_list_remove(&q->link);
    if (q->is_return) tenon_p_iterator_end(ctx, i);
    if (!i->instance) {
      JSValue v = JS_DupValue(ctx, q->value);
      settle_by(ctx, (JSValueConst *)q->settle,
                tenon_p_iterator_result(ctx, v, true));
    } else if ((t = start_step(ctx, object, q)) != NULL) {
      i->is_running = true;
    } else {
      tenon_p_iterator_end(ctx, i);
      settle_by(ctx, (JSValueConst *)q->settle, JS_EXCEPTION);
    }
    release_request(JS_GetRuntime(ctx), q);
  }
}

void tenon_p_async_iterator_settle(tenon_p_task *t)
{
  JSContext *ctx = t->ctx;
  tenon_p_iterator *i = tenon_p_iterator_of(ctx, t->function);
  tenon_p_native *n = i->native;
  bool done = !t->call.failed && ((tenon_args *)t->args)->absent;
  JSValue v;

  if (tenon_p_call_measure(ctx, &t->call)) {
    tenon_p_task_drop_result(t);
    v = JS_EXCEPTION;
  } else if (t->call.failed) {
    v = tenon_p_call_throw(ctx, &t->call);
  } else if (done) {
    v = JS_UNDEFINED;
  } else {
    v = n->ops->write(ctx, n, &t->call, t->result);
  }
  /* The instance is free from here on, also for the next step. */
  tenon_p_call_release(&t->call);
  i->is_running = false;
  if (!JS_IsException(v)) v = tenon_p_iterator_result(ctx, v, done);
  if (done || JS_IsException(v)) tenon_p_iterator_end(ctx, i);
  settle_by(ctx, (JSValueConst *)t->settle, v);
  go_on(ctx, t->function);
}

/* --- next() and return() ----------------------------------------------------------- */

/* Puts a request behind the others; `settle` is taken. 0, or -1 with an
 * exception: nothing is taken then. */
static int ask(JSContext *ctx, tenon_p_iterator *i, JSValueConst value,
               bool is_return, const JSValue *settle)
{
  const tenon_p_binding *b = i->native->owner;
  request *q;

  if (tenon_p_check_realm(i->native->realm, b->function)) return -1;
  if (!is_return && b->module->schedule->admit(ctx, b->function)) return -1;
  q = js_mallocz(ctx, sizeof *q);
  if (!q) return -1;
  q->is_return = is_return;
  q->value = is_return ? JS_DupValue(ctx, value) : JS_UNDEFINED;
  q->settle[0] = settle[0];
  q->settle[1] = settle[1];
  tenon_p_list_append(&tenon_p_cursor_of(i)->requests, &q->link);
  return 0;
}

/* Errors reject: what returns a Promise does not throw, but for a lack of memory
 * before there is one. */
static JSValue call(JSContext *ctx, JSValueConst object, JSValueConst value,
                    bool is_return)
{
  tenon_p_iterator *i = tenon_p_iterator_of(ctx, object);
  JSValue settle[2], promise = JS_NewPromiseCapability(ctx, settle);

  if (JS_IsException(promise)) return promise;
  if (i && !i->is_async) i = NULL;
  if (!i) tenon_p_throw_no_iterator(ctx, is_return ? "return" : "next");
  if (i && ask(ctx, i, value, is_return, settle) == 0) {
    go_on(i->native->realm, object);
    return promise;
  }
  settle_by(ctx, (JSValueConst *)settle, JS_EXCEPTION);
  JS_FreeValue(ctx, settle[0]);
  JS_FreeValue(ctx, settle[1]);
  return promise;
}

static JSValue iterator_next(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv)
{
  (void)argc;
  (void)argv;
  return call(ctx, this_value, JS_UNDEFINED, false);
}

static JSValue iterator_return(JSContext *ctx, JSValueConst this_value,
                               int argc, JSValueConst *argv)
{
  (void)argc;
  return call(ctx, this_value, argv[0], true);
}

int tenon_p_async_iterator_define(JSContext *ctx, JSValueConst proto)
{
  static const JSCFunctionListEntry functions[] = {
      JS_CFUNC_DEF("next", 0, iterator_next),
      JS_CFUNC_DEF("return", 1, iterator_return),
  };

  return JS_SetPropertyFunctionList(ctx, proto, functions,
                                    tenon_p_countof(functions)) < 0
             ? -1
             : 0;
}
