/*
 * A call from the loop's thread is made at once. One from another thread is a
 * request: it holds the callback and goes through the mailbox. The thread that
 * waits lends its own call meanwhile: memory of the result and what is thrown
 * are put there by the loop's thread, while nobody else looks at it.
 *
 * A request that awaits stays with the loop, in a list, until the Promise is
 * settled: the functions that it is told by know its number only, so that they
 * may be called, or not, at any later time.
 */
#include "loop/callback.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "bind/any.h"
#include "bind/convert.h"
#include "bind/hold.h"
#include "bind/table.h"
#include "engine/extension.h"
#include "loop/mailbox.h"

typedef struct callback {
  tenon_callback base; /* first: it is one of these */
  tenon_p_mailbox *box;
  const tenon_p_engine *engine; /* to be compared */
  tenon_p_ready dying;          /* no native code holds it any more */
  tenon_p_list holding; /* in tenon_p_loop.holding while it keeps it alive */
  tenon_p_operation operation; /* the same */
  tenon_p_ready updating;      /* its turn, while an update waits for it */
  struct request *update;      /* under the mailbox's mutex; NULL: none waits */
} callback;

static const tenon_p_operation_kind kept_kind = {.one = "callback that waits",
                                                 .many = "callbacks that wait"};

/* Who is to get what a script throws. */
enum catcher {
  CATCH_NOBODY, /* it is uncaught */
  CATCH_CALL,   /* the native function that the call belongs to */
  CATCH_HOST    /* which calls from outside of everything */
};

typedef struct request {
  tenon_p_ready ready;
  tenon_p_list link; /* in tenon_p_loop.awaiting */
  callback *cb;      /* held */
  tenon_p_call *call;
  const tenon_p_engine *caller; /* of `call`; NULL: no native function */
  enum catcher catcher;
  const void *args;
  void *result;
  double number; /* of one that awaits */
  bool has_any;  /* in its result */
  int status;
  bool awaits, is_done;
  tenon_p_call fresh; /* memory of one that is in no native function; the
                         copies of one that was posted */
} request;

/* --- Memory outside of native functions ---------------------------------------- */

static _Thread_local tenon_p_call outside;
static pthread_once_t outside_once = PTHREAD_ONCE_INIT;
static pthread_key_t outside_key;
static bool has_outside_key;

static void free_outside(void *p)
{
  tenon_p_call_release(p);
}

static void make_outside_key(void)
{
  has_outside_key = pthread_key_create(&outside_key, free_outside) == 0;
}

/* What a call has collected instead of what the one before has, which its
 * arguments may have pointed at. */
static void replace_outside(tenon_p_call *fresh)
{
  pthread_once(&outside_once, make_outside_key);
  tenon_p_call_release(&outside);
  tenon_p_call_init(&outside, true);
  tenon_p_call_adopt(&outside, fresh);
  /* The thread's end releases it. */
  if (has_outside_key) pthread_setspecific(outside_key, &outside);
}

/* --- Life ------------------------------------------------------------------------- */

static callback *of(tenon_callback *cb)
{
  return (callback *)cb;
}

static void end_dying(tenon_p_loop *l, tenon_p_ready *r)
{
  callback *cb = tenon_p_container(r, callback, dying);

  (void)l;
  tenon_p_callback_let_go(&cb->base);
}

static void run_update(tenon_p_loop *l, tenon_p_ready *r);
static void drop_update(tenon_p_ready *r);

static tenon_callback *make(tenon_p_engine *e)
{
  tenon_p_loop *l = tenon_p_loop_of(e);
  callback *cb = l->box ? tenon_p_calloc(sizeof *cb) : NULL;

  if (!cb) return NULL;
  cb->box = l->box;
  cb->engine = e;
  tenon_p_mailbox_dup(cb->box);
  tenon_p_list_init(&cb->dying.link);
  tenon_p_list_init(&cb->holding);
  tenon_p_operation_init(&cb->operation);
  tenon_p_list_init(&cb->updating.link);
  cb->dying.run = end_dying;
  cb->updating.run = run_update;
  cb->updating.drop = drop_update;
  return &cb->base;
}

static void destroy(tenon_callback *base)
{
  callback *cb = of(base);

  tenon_p_holder_forget(base);
  tenon_p_mailbox_unref(cb->box);
  free(cb);
}

static void set_alive(callback *cb, bool on)
{
  tenon_p_loop *l = tenon_p_mailbox_loop(cb->box);

  if (tenon_p_list_is_empty(&cb->holding) == !on) return;
  tenon_p_list_remove(&cb->holding);
  tenon_p_operation_end(&cb->operation);
  cb->base.is_awaited = on;
  if (!l) return;
  if (on) {
    tenon_p_list_append(&l->holding, &cb->holding);
    cb->operation.name = cb->base.signature->name;
    tenon_p_operation_begin(l, &cb->operation, &kept_kind);
  }
  tenon_p_loop_hold(l, on);
}

static void let_go(tenon_callback *base)
{
  tenon_p_list_remove(&of(base)->dying.link);
  set_alive(of(base), false);
}

/* The runtime lets go on the loop's thread. Once nobody here holds the callback
 * it may be gone at any time: the mailbox is held instead. */
void tenon_p_callback_release(tenon_callback *base)
{
  callback *cb = of(base);
  tenon_p_mailbox *box = cb->box;

  tenon_p_mailbox_dup(box);
  if (tenon_p_callback_unref(base)) {
    if (tenon_p_mailbox_is_here(box))
      tenon_p_callback_let_go(base);
    else
      (void)tenon_p_mailbox_put(box, &cb->dying);
  }
  tenon_p_mailbox_unref(box);
}

static callback *hold(tenon_callback *cb)
{
  __atomic_add_fetch(&cb->refs, 1, __ATOMIC_RELAXED);
  return of(cb);
}

/* Called by native code itself, whose place is remembered. */
tenon_callback *tenon_p_callback_keep(tenon_callback *cb)
{
  __atomic_store_n(&cb->address, __builtin_return_address(0), __ATOMIC_RELAXED);
  return &hold(cb)->base;
}

int tenon_p_callback_hold(tenon_callback *base, int on)
{
  callback *cb = of(base);
  const tenon_p_realm *realm;

  if (!tenon_p_mailbox_is_here(cb->box)) return TENON_ETHREAD;
  if (!tenon_p_mailbox_loop(cb->box) || !base->ctx) return TENON_ECLOSING;
  realm = tenon_p_realm_of(base->ctx);
  if (on && realm && realm->is_closed) return TENON_ECLOSING;
  set_alive(cb, on != 0);
  return 0;
}

const tenon_p_callback_ops tenon_p_loop_callbacks = {
    .make = make,
    .release = tenon_p_callback_release,
    .let_go = let_go,
    .destroy = destroy,
};

/* --- What is thrown ---------------------------------------------------------------- */

/* Is it in a native function of the same runtime? A value cannot leave that,
 * whose end another one's call may outlive, or its thread. */
static bool is_in_own_call(const tenon_p_loop *l, const request *q)
{
  return q->catcher == CATCH_CALL && q->caller == l->engine;
}

static void fail_call(tenon_p_loop *l, JSContext *ctx, request *q)
{
  if (is_in_own_call(l, q)) {
    tenon_p_call_fail_value(q->call, ctx, JS_GetException(ctx));
  } else {
    JS_FreeValue(ctx, JS_GetException(ctx));
    tenon_p_call_fail_foreign(q->call);
  }
}

/* The code of a call that the context's exception has ended, which is taken. */
static int fail(tenon_p_loop *l, JSContext *ctx, request *q)
{
  int status = tenon_p_engine_status(l->engine);

  if (q->catcher == CATCH_CALL)
    fail_call(l, ctx, q);
  else if (status)
    JS_FreeValue(ctx, JS_GetException(ctx));
  else if (q->catcher == CATCH_HOST)
    l->on_thrown(l->host, JS_GetException(ctx));
  else
    tenon_p_realm_take_exception(ctx);
  return status ? status : TENON_EEXCEPTION;
}

/* --- Promises --------------------------------------------------------------------------- */

static void finish(request *q, int status)
{
  q->status = status;
  tenon_p_mailbox_set_done(q->cb->box, &q->is_done);
}

static request *find_awaiting(tenon_p_loop *l, double number)
{
  tenon_p_list *at;

  for (at = l->awaiting.next; at != &l->awaiting; at = at->next) {
    request *q = tenon_p_container(at, request, link);
    if (q->number == number) return q;
  }
  return NULL;
}

/* Called with the value, or with what it was rejected by. */
static JSValue on_settled(JSContext *ctx, JSValueConst this_value, int argc,
                          JSValueConst *argv, int is_rejected,
                          JSValueConst *data)
{
  tenon_p_loop *l = tenon_p_loop_of(tenon_p_engine_of(ctx));
  request *q = find_awaiting(l, JS_VALUE_GET_FLOAT64(data[0]));
  JSValue v;
  int r;

  (void)this_value;
  (void)argc;
  if (!q) return JS_UNDEFINED;
  tenon_p_list_remove(&q->link);
  v = JS_DupValue(ctx, argv[0]);
  if (is_rejected) v = JS_Throw(ctx, v);
  r = tenon_p_callback_finish(&q->cb->base, q->call, v, q->result);
  if (r) r = fail(l, ctx, q);
  finish(q, r);
  return JS_UNDEFINED;
}

/* A promise that takes over `v`, as `await` makes one. */
static JSValue promise_of(JSContext *ctx, JSValueConst v)
{
  JSValue settle[2], promise = JS_NewPromiseCapability(ctx, settle), r;

  if (JS_IsException(promise)) return promise;
  r = JS_Call(ctx, settle[0], JS_UNDEFINED, 1, &v);
  JS_FreeValue(ctx, settle[0]);
  JS_FreeValue(ctx, settle[1]);
  JS_FreeValue(ctx, r);
  if (!JS_IsException(r)) return promise;
  JS_FreeValue(ctx, promise);
  return JS_EXCEPTION;
}

/* `v`, consumed, will tell `q`: 0, or -1 with an exception. */
static int await_value(tenon_p_loop *l, JSContext *ctx, request *q, JSValue v)
{
  JSValue number = JS_NewFloat64(ctx, ++l->last_number), promise, f[2];
  int r = -1;

  promise = promise_of(ctx, v);
  JS_FreeValue(ctx, v);
  f[0] = JS_NewCFunctionData(ctx, on_settled, 1, 0, 1, (JSValueConst *)&number);
  f[1] = JS_NewCFunctionData(ctx, on_settled, 1, 1, 1, (JSValueConst *)&number);
  if (!JS_IsException(promise) && !JS_IsException(f[0]) &&
      !JS_IsException(f[1]))
    r = tenon_p_promise_then(ctx, promise, f[0], f[1]);
  JS_FreeValue(ctx, promise);
  JS_FreeValue(ctx, f[0]);
  JS_FreeValue(ctx, f[1]);
  if (r) return r;
  q->number = l->last_number;
  tenon_p_list_append(&l->awaiting, &q->link);
  return 0;
}

void tenon_p_callback_close(tenon_p_loop *l)
{
  while (!tenon_p_list_is_empty(&l->awaiting)) {
    request *q = tenon_p_container(l->awaiting.next, request, link);
    tenon_p_list_remove(&q->link);
    finish(q, TENON_ECLOSING);
  }
}

void tenon_p_callback_close_realm(tenon_p_loop *l, JSContext *ctx)
{
  tenon_p_list *at = l->holding.next;

  /* They can still be called, but are nothing to wait for. */
  while (at != &l->holding) {
    callback *cb = tenon_p_container(at, callback, holding);
    at = at->next;
    if (cb->base.ctx == ctx) set_alive(cb, false);
  }
  at = l->awaiting.next;
  while (at != &l->awaiting) {
    request *q = tenon_p_container(at, request, link);
    at = at->next;
    if (q->cb->base.ctx != ctx) continue;
    /* The thread that waits for it goes on with its memory. */
    tenon_p_list_remove(&q->link);
    finish(q, TENON_ECLOSING);
  }
}

/* --- On the loop's thread ------------------------------------------------------------ */

static bool has_kind(const tenon_signature *s, uint32_t kind)
{
  uint32_t i;

  if (tenon_p_type_holds(s->result.type, kind)) return true;
  for (i = 0; i < s->param_count; i++)
    if (tenon_p_type_holds(s->params[i].type, kind)) return true;
  return false;
}

/* May it be called on this thread? */
static int check_thread(callback *cb, bool is_here)
{
  const tenon_signature *s = cb->base.signature;

  return !is_here &&
                 (has_kind(s, TENON_KIND_ANY) ||
                  has_kind(s, TENON_KIND_CLASS) || has_kind(s, TENON_KIND_COPY))
             ? TENON_ETHREAD
             : 0;
}

/* Instances are used by native functions of their own runtime. An argument may be
 * one that the runtime finds by its pointer. */
static int check_instances(const tenon_p_loop *l, const request *q)
{
  const tenon_signature *s = q->cb->base.signature;

  if (q->caller == l->engine || !has_kind(s, TENON_KIND_CLASS)) return 0;
  return q->caller || (q->result &&
                       tenon_p_type_holds(s->result.type, TENON_KIND_CLASS))
             ? TENON_EINVAL
             : 0;
}

/* Behind all other checks: it is called now, or was if it is for once. */
static int use(callback *cb)
{
  if ((cb->base.signature->flags & TENON_CALLBACK_ONCE) &&
      __atomic_exchange_n(&cb->base.was_called, 1, __ATOMIC_RELAXED))
    return TENON_EALREADY;
  return 0;
}

/* Makes the call of `q`: its status, or 1 when it waits for a Promise. Entered;
 * what a script runs is in no native function but its own. */
static int start(tenon_p_loop *l, request *q)
{
  tenon_p_call *current = tenon_p_current_call;
  tenon_callback *cb = &q->cb->base;
  JSContext *ctx;
  JSValue v;
  int r;

  if (!cb->ctx) return TENON_ECLOSING;
  ctx = JS_DupContext(cb->ctx);
  tenon_p_current_call = NULL;
  v = tenon_p_callback_start(
      cb, q->args, is_in_own_call(l, q) && q->call->ctx ? q->call : NULL);
  if (q->has_any && is_in_own_call(l, q) && !JS_IsException(v) &&
      tenon_p_any_open(ctx, q->call)) {
    JS_FreeValue(ctx, v);
    v = JS_EXCEPTION;
  }
  if (q->awaits && JS_IsObject(v)) {
    r = await_value(l, ctx, q, v);
    if (r == 0) r = 1;
  } else {
    r = tenon_p_callback_finish(cb, q->call, v, q->result);
  }
  if (r < 0) r = fail(l, ctx, q);
  tenon_p_current_call = current;
  JS_FreeContext(ctx);
  return r;
}

/* The engine whose native function this thread is in. A call of the pool may be
 * one whose engine is gone: it knows its mailbox. */
static const tenon_p_engine *find_caller(const tenon_p_call *c,
                                         const callback *cb)
{
  static const tenon_p_engine another;
  const tenon_p_mailbox *box;

  if (c->ctx) return tenon_p_engine_of(c->ctx);
  box = tenon_p_pool_box();
  if (!box) return NULL;
  return box == cb->box ? cb->engine : &another;
}

/* A request of this thread, with the call that it is in; end_request ends it. */
static void init(request *q, callback *cb, const void *args, void *result)
{
  tenon_p_call *current = tenon_p_current_call;

  *q = (request){.cb = cb,
                 .call = current ? current : &q->fresh,
                 .caller = current ? find_caller(current, cb) : NULL,
                 .catcher = current ? CATCH_CALL : CATCH_NOBODY,
                 .args = args,
                 .result = result};
  if (!current) {
    tenon_p_call_init(&q->fresh, true);
    q->fresh.used = sizeof q->fresh.room;
  }
  q->has_any =
      tenon_p_type_holds(cb->base.signature->result.type, TENON_KIND_ANY);
  tenon_p_list_init(&q->ready.link);
  tenon_p_list_init(&q->link);
}

static void end_request(request *q)
{
  if (q->call == &q->fresh) replace_outside(&q->fresh);
}

static bool is_outermost(const tenon_p_loop *l)
{
  return l->host && !l->is_running && !l->is_dispatching && !l->engine->depth &&
         !tenon_p_current_call;
}

static bool is_done(void *p)
{
  return ((request *)p)->is_done;
}

/* The host runs the loop for it. */
static int run_until_settled(tenon_p_loop *l, request *q)
{
  int r = tenon_p_loop_run_until(l, is_done, q);

  tenon_p_list_remove(&q->link);
  if (q->is_done) return q->status;
  if (r) return r;
  /* Has an error that nobody caught ended the run? */
  r = l->take_uncaught(l->host);
  return r ? r : TENON_EUNSETTLED;
}

static int call_here(callback *cb, const void *args, void *result, bool awaits)
{
  tenon_p_loop *l = tenon_p_mailbox_loop(cb->box);
  bool is_inside = tenon_p_current_call != NULL, is_host;
  request q;
  int r;

  if (!l) return TENON_ECLOSING;
  is_host = is_outermost(l);
  if (awaits && !is_host) return TENON_EBUSY;
  init(&q, cb, args, result);
  r = check_instances(l, &q);
  if (r == 0) r = tenon_p_engine_enter(l->engine);
  if (r) return r;
  r = use(cb);
  if (r) {
    tenon_p_engine_leave_quietly(l->engine);
    return r;
  }
  q.awaits = awaits;
  if (is_host) q.catcher = CATCH_HOST;
  /* A script may let native code release it. */
  hold(&cb->base);
  r = start(l, &q);
  tenon_p_engine_leave(l->engine);
  if (r == 1) r = run_until_settled(l, &q);
  end_request(&q);
  tenon_p_callback_release(&cb->base);
  if (!is_inside && !l->engine->depth) tenon_p_loop_dispatch(l);
  return r;
}

/* --- From other threads ---------------------------------------------------------------- */

static void drop_request(tenon_p_ready *r)
{
  finish(tenon_p_container(r, request, ready), TENON_ECLOSING);
}

static void run_request(tenon_p_loop *l, tenon_p_ready *r)
{
  request *q = tenon_p_container(r, request, ready);
  int status = start(l, q);

  if (status != 1) finish(q, status);
}

static int call_there(callback *cb, const void *args, void *result, bool awaits)
{
  const tenon_module *locked;
  request q;
  int r;

  r = use(cb);
  if (r) return r;
  init(&q, cb, args, result);
  q.awaits = awaits;
  q.ready.run = run_request;
  q.ready.drop = drop_request;
  /* As above. */
  hold(&cb->base);
  r = tenon_p_mailbox_put(cb->box, &q.ready);
  if (r == 0) {
    locked = tenon_p_pool_pause();
    tenon_p_mailbox_wait(cb->box, &q.is_done);
    tenon_p_pool_go_on(locked);
    r = q.status;
  }
  end_request(&q);
  tenon_p_callback_release(&cb->base);
  return r;
}

/* --- Posted --------------------------------------------------------------------------- */

static void free_post(request *q)
{
  tenon_callback *cb = &q->cb->base;

  tenon_p_call_release(&q->fresh);
  free(q);
  tenon_p_callback_release(cb);
}

static void drop_post(tenon_p_ready *r)
{
  request *q = tenon_p_container(r, request, ready);

  tenon_p_mailbox_uncount(q->cb->box);
  free_post(q);
}

static void run_post(tenon_p_loop *l, tenon_p_ready *r)
{
  request *q = tenon_p_container(r, request, ready);

  /* It may post itself again. */
  tenon_p_mailbox_uncount(q->cb->box);
  (void)start(l, q);
  free_post(q);
}

/* Copies of what the arguments point at. */
static int copy_args(request *q, const tenon_signature *s, const void *args)
{
  char *copy = tenon_p_call_alloc(&q->fresh, s->args_size);
  uint32_t i;

  if (!copy) return -1;
  memcpy(copy, args, s->args_size);
  q->args = copy;
  for (i = 0; i < s->param_count; i++)
    if (tenon_p_keep(&q->fresh, &s->params[i], copy + s->params[i].offset))
      return -1;
  return 0;
}

/* A request with copies of its own: 0 or why there can be none. */
static int new_post(callback *cb, const void *args, request **out)
{
  request *q = tenon_p_calloc(sizeof *q);
  int r;

  *out = NULL;
  if (!q) return TENON_ENOMEM;
  tenon_p_list_init(&q->ready.link);
  tenon_p_list_init(&q->link);
  q->cb = hold(&cb->base);
  q->call = &q->fresh;
  tenon_p_call_init(&q->fresh, true);
  r = copy_args(q, cb->base.signature, args) ? TENON_ENOMEM : 0;
  /* An `any` goes with its scope: it can wait on no thread. */
  if (r == 0) r = check_thread(cb, false);
  if (r == 0) r = use(cb);
  if (r)
    free_post(q);
  else
    *out = q;
  return r;
}

int tenon_p_callback_post(tenon_callback *base, const void *args)
{
  callback *cb = of(base);
  request *q;
  int r;

  if (!tenon_p_mailbox_count(cb->box)) return TENON_EFULL;
  r = new_post(cb, args, &q);
  if (r) {
    tenon_p_mailbox_uncount(cb->box);
    return r;
  }
  q->ready.run = run_post;
  q->ready.drop = drop_post;
  r = tenon_p_mailbox_put(cb->box, &q->ready);
  if (r) drop_post(&q->ready);
  return r;
}

/* --- Updates -------------------------------------------------------------------------- */

/* One turn stands for all updates that come before it: it makes the last one. */

static void run_update(tenon_p_loop *l, tenon_p_ready *r)
{
  callback *cb = tenon_p_container(r, callback, updating);
  request *q = tenon_p_mailbox_swap(cb->box, (void **)&cb->update, NULL);

  (void)start(l, q);
  free_post(q);
}

static void drop_update(tenon_p_ready *r)
{
  callback *cb = tenon_p_container(r, callback, updating);

  free_post(tenon_p_mailbox_swap(cb->box, (void **)&cb->update, NULL));
}

int tenon_p_callback_update(tenon_callback *base, const void *args)
{
  callback *cb = of(base);
  request *q;
  int r = new_post(cb, args, &q);

  if (r) return r;
  r = tenon_p_mailbox_put_latest(cb->box, &cb->updating, (void **)&cb->update,
                                 (void **)&q);
  /* Either the one before, which nobody waits for any more, or itself. */
  if (q) free_post(q);
  return r;
}

/* --- The host's functions ---------------------------------------------------------------- */

static int call(tenon_callback *base, const void *args, void *result,
                bool awaits)
{
  callback *cb = of(base);
  bool is_here = tenon_p_mailbox_is_here(cb->box);
  int r;

  if (result) memset(result, 0, tenon_p_field_size(&base->signature->result));
  r = check_thread(cb, is_here);
  if (r) return r;
  return is_here ? call_here(cb, args, result, awaits)
                 : call_there(cb, args, result, awaits);
}

int tenon_p_callback_call(tenon_callback *cb, const void *args, void *result)
{
  return call(cb, args, result, false);
}

int tenon_p_callback_await(tenon_callback *cb, const void *args, void *result)
{
  return call(cb, args, result, true);
}
