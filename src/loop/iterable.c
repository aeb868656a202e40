#include "loop/iterable.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "bind/any.h"
#include "bind/convert.h"
#include "bind/stream.h"
#include "bind/table.h"
#include "engine/extension.h"
#include "loop/loop.h"
#include "loop/mailbox.h"

/* What an await is for. */
enum stage { STAGE_RESULT, STAGE_VALUE };

typedef struct iterable {
  tenon_iterable base; /* first: it is one of these */
  const tenon_type *type;
  tenon_p_mailbox *box;
  JSRuntime *rt; /* to be compared, by any thread */
  int refs;    /* atomic: the runtime, native holders, a read with a function */
  int natives; /* atomic: native holders */
  int is_reading;    /* atomic: a read is under way */
  int is_cancelling; /* atomic: `cancelling` is on its way */

  /* The loop's thread. */
  tenon_p_list link; /* in tenon_p_loop.iterables */
  JSContext *ctx;    /* counted; NULL: the runtime has let go */
  JSValue object, method, iterator, next, error;
  bool is_sync, is_open, has_error;
  int over; /* what reads return from now on; 0: it goes on */
  tenon_p_operation operation;
  tenon_p_ready dying, cancelling;
  tenon_p_call memory; /* of the value */

  /* The read that is under way. */
  tenon_p_ready ready;
  tenon_p_call *call; /* that the thread is in; NULL: none */
  bool is_own;        /* that is a function of this runtime */
  void (*fn)(void *p, int code);
  void *p;
  double number; /* of what it waits for; 0: it waits for nothing */
  int status;
  bool is_done;
  _Alignas(16) char value[];
} iterable;

static const tenon_p_operation_kind iterable_kind = {.one = "iterable",
                                                     .many = "iterables"};

static iterable *of(tenon_iterable *it)
{
  return (iterable *)it;
}

static const tenon_field *field_of(const iterable *it)
{
  return &it->type->fields[0];
}

/* --- Life ------------------------------------------------------------------------- */

static void ref(iterable *it)
{
  __atomic_add_fetch(&it->refs, 1, __ATOMIC_RELAXED);
}

static void unref(iterable *it)
{
  if (__atomic_sub_fetch(&it->refs, 1, __ATOMIC_ACQ_REL)) return;
  tenon_p_call_release(&it->memory);
  tenon_p_mailbox_unref(it->box);
  free(it);
}

/* The runtime does, once. Values that go may run finalizers, no scripts. */
static void let_go(iterable *it)
{
  JSContext *ctx = it->ctx;

  if (!ctx) return;
  it->ctx = NULL;
  tenon_p_list_remove(&it->link);
  tenon_p_operation_end(&it->operation);
  JS_FreeValue(ctx, it->object);
  JS_FreeValue(ctx, it->method);
  JS_FreeValue(ctx, it->iterator);
  JS_FreeValue(ctx, it->next);
  JS_FreeValue(ctx, it->error);
  it->object = it->method = it->iterator = it->next = it->error = JS_UNDEFINED;
  it->has_error = false;
  JS_FreeContext(ctx);
  unref(it);
}

static tenon_iterable *iterable_keep(tenon_iterable *base)
{
  iterable *it = of(base);

  __atomic_add_fetch(&it->natives, 1, __ATOMIC_RELAXED);
  ref(it);
  return base;
}

/* Behind the last one the iterator is closed, in a turn of its own: scripts run
 * there. */
static void iterable_release(tenon_iterable *base)
{
  iterable *it = of(base);
  tenon_p_mailbox *box = it->box;

  /* Once it was put it may be gone at any time. */
  tenon_p_mailbox_dup(box);
  if (__atomic_sub_fetch(&it->natives, 1, __ATOMIC_ACQ_REL) ||
      tenon_p_mailbox_put(box, &it->dying))
    unref(it);
  tenon_p_mailbox_unref(box);
}

/* --- The iterator ------------------------------------------------------------------- */

static void end(iterable *it, int over)
{
  if (!it->over) it->over = over;
  tenon_p_operation_end(&it->operation);
}

/* As a loop that is left: what this throws is uncaught, and what it returns may
 * be a Promise that rejects. */
static void close_iterator(iterable *it, int over)
{
  JSContext *ctx = it->ctx;
  bool has_to = it->is_open && !it->over;
  JSValue f, r;

  end(it, over);
  if (!has_to) return;
  f = JS_GetPropertyStr(ctx, it->iterator, "return");
  r = JS_IsException(f) || JS_IsUndefined(f) || JS_IsNull(f)
          ? JS_DupValue(ctx, f)
          : JS_Call(ctx, f, it->iterator, 0, NULL);
  if (JS_IsException(r)) tenon_p_realm_take_exception(ctx);
  JS_FreeValue(ctx, f);
  JS_FreeValue(ctx, r);
}

static int open_iterator(JSContext *ctx, iterable *it)
{
  JSValue v;

  if (tenon_p_operation_admit(ctx, &iterable_kind, it->type->name)) return -1;
  v = JS_Call(ctx, it->method, it->object, 0, NULL);
  if (JS_IsException(v)) return -1;
  if (!JS_IsObject(v)) {
    JS_FreeValue(ctx, v);
    tenon_p_throw_plain(ctx, "%s: the iterator is no object", it->type->name);
    return -1;
  }
  it->iterator = v;
  it->next = JS_GetPropertyStr(ctx, v, "next");
  if (JS_IsException(it->next)) {
    it->next = JS_UNDEFINED;
    return -1;
  }
  if (!JS_IsFunction(ctx, it->next)) {
    tenon_p_throw_plain(ctx, "%s: next of the iterator is no function",
                        it->type->name);
    return -1;
  }
  it->is_open = true;
  tenon_p_operation_begin(tenon_p_loop_of(tenon_p_engine_of(ctx)),
                          &it->operation, &iterable_kind);
  return 0;
}

/* --- The end of a read ---------------------------------------------------------------- */

/* C's function, as a call of its own that has failed by what was thrown. */
static void tell(iterable *it, int status)
{
  tenon_p_call *current = tenon_p_current_call;
  JSContext *ctx = it->ctx ? JS_DupContext(it->ctx) : NULL;
  void (*fn)(void *, int) = it->fn;
  JSValue thrown;
  tenon_p_call c;

  tenon_p_call_init(&c, false);
  c.calling = TENON_P_CALLING_READER;
  c.ctx = ctx;
  if (status == TENON_EEXCEPTION && ctx && it->has_error)
    tenon_p_call_fail_value(&c, ctx, JS_DupValue(ctx, it->error));
  it->fn = NULL;
  __atomic_store_n(&it->is_reading, 0, __ATOMIC_RELEASE);
  tenon_p_current_call = &c;
  fn(it->p, status);
  tenon_p_current_call = current;
  if (ctx) {
    thrown = tenon_p_any_end(ctx, &c, JS_UNDEFINED);
    if (JS_IsException(thrown)) tenon_p_realm_take_exception(ctx);
  }
  tenon_p_call_release(&c);
  if (ctx) JS_FreeContext(ctx);
}

static void finish(iterable *it, int status)
{
  it->number = 0;
  ref(it);
  if (it->fn) {
    tell(it, status);
    unref(it);
  } else {
    it->status = status;
    tenon_p_mailbox_set_done(it->box, &it->is_done);
  }
  unref(it);
}

/* The context's exception ends the iteration, and the call of the thread. */
static int fail(iterable *it, JSContext *ctx)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  int status = tenon_p_engine_status(e);
  JSValue thrown = JS_GetException(ctx);

  end(it, TENON_EEND);
  if (status || !it->ctx) {
    JS_FreeValue(ctx, thrown);
    return status ? status : TENON_ECLOSING;
  }
  if (it->call && it->is_own)
    tenon_p_call_fail_value(it->call, ctx, JS_DupValue(ctx, thrown));
  else if (it->call)
    tenon_p_call_fail_foreign(it->call);
  JS_FreeValue(ctx, it->error);
  it->error = thrown;
  it->has_error = true;
  return TENON_EEXCEPTION;
}

/* --- A read --------------------------------------------------------------------------- */

static int take_result(iterable *it, JSContext *ctx, JSValue v);
static int take_value(iterable *it, JSContext *ctx, JSValue v);

static iterable *find_waiting(tenon_p_loop *l, double number)
{
  tenon_p_list *at;

  for (at = l->iterables.next; at != &l->iterables; at = at->next) {
    iterable *it = tenon_p_container(at, iterable, link);
    if (it->number == number) return it;
  }
  return NULL;
}

/* 0, an error, or 1: it waits. An exception that the context has is -1. */
static int end_step(iterable *it, JSContext *ctx, int r)
{
  return r == -1 ? fail(it, ctx) : r;
}

static JSValue on_settled(JSContext *ctx, JSValueConst this_value, int argc,
                          JSValueConst *argv, int magic, JSValueConst *data)
{
  tenon_p_loop *l = tenon_p_loop_of(tenon_p_engine_of(ctx));
  iterable *it = find_waiting(l, JS_VALUE_GET_FLOAT64(data[0]));
  bool is_rejected = magic & 1;
  int r = -1;
  JSValue v;

  (void)this_value;
  (void)argc;
  if (!it) return JS_UNDEFINED;
  it->number = 0;
  if (is_rejected && magic >> 1 == STAGE_VALUE) close_iterator(it, TENON_EEND);
  v = JS_DupValue(ctx, argv[0]);
  if (is_rejected)
    JS_Throw(ctx, v);
  else
    r = magic >> 1 == STAGE_RESULT ? take_result(it, ctx, v)
                                   : take_value(it, ctx, v);
  r = end_step(it, ctx, r);
  if (r != 1) finish(it, r);
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

/* Go on with what `v`, consumed, becomes: 1, or -1 with an exception. */
static int await_value(iterable *it, JSContext *ctx, JSValue v,
                       enum stage stage)
{
  tenon_p_loop *l = tenon_p_loop_of(tenon_p_engine_of(ctx));
  JSValue number = JS_NewFloat64(ctx, ++l->last_number), promise, f[2];
  double waits_for = l->last_number;
  int r = -1, i;

  promise = promise_of(ctx, v);
  JS_FreeValue(ctx, v);
  for (i = 0; i < 2; i++)
    f[i] = JS_NewCFunctionData(ctx, on_settled, 1, (int)stage << 1 | i, 1,
                               (JSValueConst *)&number);
  if (!JS_IsException(promise) && !JS_IsException(f[0]) &&
      !JS_IsException(f[1]))
    r = tenon_p_promise_then(ctx, promise, f[0], f[1]);
  JS_FreeValue(ctx, promise);
  JS_FreeValue(ctx, f[0]);
  JS_FreeValue(ctx, f[1]);
  if (r) return -1;
  it->number = waits_for;
  return 1;
}

/* The value, consumed, is C's. */
static int take_value(iterable *it, JSContext *ctx, JSValue v)
{
  const tenon_p_item *item = tenon_p_item_of(ctx, it->type);
  JSValue thrown;
  tenon_p_place place;
  int r = -1;

  tenon_p_call_release(&it->memory);
  tenon_p_call_init(&it->memory, true);
  memset(it->value, 0, tenon_p_field_size(field_of(it)));
  if (item) {
    place = tenon_p_item_place(item);
    place.comes_in = true;
    r = tenon_p_read(ctx, &it->memory, &place, field_of(it), v, it->value);
  }
  JS_FreeValue(ctx, v);
  if (r == 0) return 0;
  memset(it->value, 0, tenon_p_field_size(field_of(it)));
  thrown = JS_GetException(ctx);
  close_iterator(it, TENON_EEND);
  JS_Throw(ctx, thrown);
  return -1;
}

/* What next() gave, consumed. */
static int take_result(iterable *it, JSContext *ctx, JSValue result)
{
  JSValue v = JS_EXCEPTION;
  int done = -1;

  if (JS_IsObject(result)) {
    v = JS_GetPropertyStr(ctx, result, "done");
    if (!JS_IsException(v)) done = JS_ToBool(ctx, v);
    JS_FreeValue(ctx, v);
    v = done == 0 ? JS_GetPropertyStr(ctx, result, "value") : JS_UNDEFINED;
  } else {
    tenon_p_throw_plain(ctx, "%s: next of the iterator returned no object",
                        it->type->name);
  }
  JS_FreeValue(ctx, result);
  if (done < 0 || JS_IsException(v)) return -1;
  if (done) {
    end(it, TENON_EEND);
    return TENON_EEND;
  }
  /* As an async iterator that is made of one that is not. */
  if (it->is_sync && JS_IsObject(v))
    return await_value(it, ctx, v, STAGE_VALUE);
  return take_value(it, ctx, v);
}

static int step(iterable *it, JSContext *ctx)
{
  JSValue next, iterator, v;

  if (it->over) return it->over;
  if (!it->is_open && open_iterator(ctx, it)) return -1;
  next = JS_DupValue(ctx, it->next);
  iterator = JS_DupValue(ctx, it->iterator);
  v = JS_Call(ctx, next, iterator, 0, NULL);
  JS_FreeValue(ctx, next);
  JS_FreeValue(ctx, iterator);
  if (JS_IsException(v)) return -1;
  return it->is_sync ? take_result(it, ctx, v)
                     : await_value(it, ctx, v, STAGE_RESULT);
}

static void run_read(tenon_p_loop *l, tenon_p_ready *r)
{
  iterable *it = tenon_p_container(r, iterable, ready);
  tenon_p_call *current = tenon_p_current_call;
  JSContext *ctx;
  int status;

  (void)l;
  if (!it->ctx) {
    finish(it, TENON_ECLOSING);
    return;
  }
  ctx = JS_DupContext(it->ctx);
  /* What a script runs is in no native function but its own. */
  tenon_p_current_call = NULL;
  status = end_step(it, ctx, step(it, ctx));
  if (status != 1) finish(it, it->ctx ? status : TENON_ECLOSING);
  tenon_p_current_call = current;
  JS_FreeContext(ctx);
}

static void drop_read(tenon_p_ready *r)
{
  finish(tenon_p_container(r, iterable, ready), TENON_ECLOSING);
}

/* --- What C calls -------------------------------------------------------------------- */

static bool begin(iterable *it)
{
  return !__atomic_exchange_n(&it->is_reading, 1, __ATOMIC_ACQ_REL);
}

static int iterable_read_wait(tenon_iterable *base, void *value)
{
  iterable *it = of(base);
  tenon_p_call *c = tenon_p_current_call;
  const tenon_module *locked;
  int r;

  memset(value, 0, tenon_p_field_size(field_of(it)));
  if (tenon_p_mailbox_is_here(it->box) || !begin(it)) return TENON_EBUSY;
  it->fn = NULL;
  it->call = c;
  it->is_own = c && (c->ctx ? JS_GetRuntime(c->ctx) == it->rt
                            : tenon_p_pool_box() == it->box);
  it->is_done = false;
  r = tenon_p_mailbox_put(it->box, &it->ready);
  if (r == 0) {
    locked = tenon_p_pool_pause();
    tenon_p_mailbox_wait(it->box, &it->is_done);
    tenon_p_pool_go_on(locked);
    r = it->status;
  }
  if (r == 0) memcpy(value, it->value, tenon_p_field_size(field_of(it)));
  __atomic_store_n(&it->is_reading, 0, __ATOMIC_RELEASE);
  return r;
}

static int iterable_read(tenon_iterable *base, void (*fn)(void *p, int code),
                         void *p)
{
  iterable *it = of(base);
  int r;

  if (!fn) return TENON_EINVAL;
  if (!tenon_p_mailbox_is_here(it->box)) return TENON_ETHREAD;
  if (!begin(it)) return TENON_EBUSY;
  it->fn = fn;
  it->p = p;
  it->call = NULL;
  it->is_own = false;
  /* It may be let go of before it is told. */
  ref(it);
  r = tenon_p_mailbox_put(it->box, &it->ready);
  if (r == 0) return 0;
  it->fn = NULL;
  __atomic_store_n(&it->is_reading, 0, __ATOMIC_RELEASE);
  unref(it);
  return r;
}

static void run_cancel(tenon_p_loop *l, tenon_p_ready *r)
{
  iterable *it = tenon_p_container(r, iterable, cancelling);

  (void)l;
  __atomic_store_n(&it->is_cancelling, 0, __ATOMIC_RELEASE);
  if (it->ctx) close_iterator(it, TENON_ECANCELED);
  if (it->number) finish(it, TENON_ECANCELED);
  unref(it);
}

static void drop_cancel(tenon_p_ready *r)
{
  unref(tenon_p_container(r, iterable, cancelling));
}

static int iterable_cancel(tenon_iterable *base)
{
  iterable *it = of(base);
  int r;

  /* The caller's hold is there meanwhile. */
  if (__atomic_exchange_n(&it->is_cancelling, 1, __ATOMIC_ACQ_REL)) return 0;
  ref(it);
  r = tenon_p_mailbox_put(it->box, &it->cancelling);
  if (r) unref(it);
  return r;
}

static const tenon_iterable_calls iterable_calls = {
    .size = sizeof(tenon_iterable_calls),
    .keep = iterable_keep,
    .release = iterable_release,
    .read_wait = iterable_read_wait,
    .read = iterable_read,
    .cancel = iterable_cancel,
};

/* --- The end of a runtime or realm --------------------------------------------------- */

static void run_dying(tenon_p_loop *l, tenon_p_ready *r)
{
  iterable *it = tenon_p_container(r, iterable, dying);

  (void)l;
  if (it->ctx) close_iterator(it, TENON_ECANCELED);
  let_go(it);
  if (it->number) finish(it, TENON_ECANCELED);
  unref(it);
}

static void drop_dying(tenon_p_ready *r)
{
  unref(tenon_p_container(r, iterable, dying));
}

static void close_one(iterable *it)
{
  ref(it);
  let_go(it);
  if (it->number) finish(it, TENON_ECLOSING);
  unref(it);
}

void tenon_p_iterable_close(tenon_p_loop *l)
{
  while (!tenon_p_list_is_empty(&l->iterables))
    close_one(tenon_p_container(l->iterables.next, iterable, link));
}

void tenon_p_iterable_close_realm(tenon_p_loop *l, const JSContext *ctx)
{
  tenon_p_list *at = l->iterables.next;

  while (at != &l->iterables) {
    iterable *it = tenon_p_container(at, iterable, link);
    at = at->next;
    if (it->ctx != ctx) continue;
    close_one(it);
    at = l->iterables.next;
  }
}

/* --- Coming in ----------------------------------------------------------------------- */

/* The method of one of the symbols, owned: undefined where there is none. */
static JSValue method_of(JSContext *ctx, JSValueConst v, const char *symbol)
{
  JSAtom key = tenon_p_known_symbol(ctx, symbol);
  JSValue f;

  if (key == JS_ATOM_NULL) return JS_EXCEPTION;
  f = JS_GetProperty(ctx, v, key);
  JS_FreeAtom(ctx, key);
  return JS_IsNull(f) ? JS_UNDEFINED : f;
}

static iterable *new_iterable(JSContext *ctx, const tenon_type *type)
{
  tenon_p_loop *l = tenon_p_loop_of(tenon_p_engine_of(ctx));
  iterable *it =
      l->box ? tenon_p_calloc(sizeof *it + tenon_p_field_size(&type->fields[0]))
             : NULL;

  if (!it) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  it->base = (tenon_iterable){&iterable_calls, it->value};
  it->type = type;
  it->box = l->box;
  tenon_p_mailbox_dup(it->box);
  it->rt = JS_GetRuntime(ctx);
  it->refs = 2;
  it->natives = 1;
  tenon_p_list_init(&it->link);
  tenon_p_list_append(&l->iterables, &it->link);
  it->ctx = JS_DupContext(ctx);
  it->object = it->method = it->iterator = it->next = it->error = JS_UNDEFINED;
  tenon_p_operation_init(&it->operation);
  tenon_p_call_init(&it->memory, true);
  tenon_p_list_init(&it->ready.link);
  tenon_p_list_init(&it->dying.link);
  tenon_p_list_init(&it->cancelling.link);
  it->ready.run = run_read;
  it->ready.drop = drop_read;
  it->dying.run = run_dying;
  it->dying.drop = drop_dying;
  it->cancelling.run = run_cancel;
  it->cancelling.drop = drop_cancel;
  return it;
}

static void release_of_call(void *p)
{
  iterable_release(p);
}

int tenon_p_iterable_read(JSContext *ctx, tenon_p_call *c,
                          const tenon_p_place *place, const tenon_type *type,
                          JSValueConst v, tenon_iterable **dst)
{
  bool is_sync = false;
  JSValue method = JS_UNDEFINED;
  iterable *it;

  if (JS_IsObject(v)) {
    method = method_of(ctx, v, "asyncIterator");
    if (JS_IsUndefined(method)) {
      is_sync = true;
      method = method_of(ctx, v, "iterator");
    }
    if (JS_IsException(method)) return -1;
  }
  if (!JS_IsFunction(ctx, method)) {
    JS_FreeValue(ctx, method);
    return tenon_p_throw_expected(ctx, place, "AsyncIterable or Iterable", v);
  }
  it = new_iterable(ctx, type);
  if (!it) {
    JS_FreeValue(ctx, method);
    return -1;
  }
  it->object = JS_DupValue(ctx, v);
  it->method = method;
  it->is_sync = is_sync;
  if (tenon_p_call_defer(c, release_of_call, it)) {
    let_go(it);
    unref(it);
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  *dst = &it->base;
  return 0;
}

JSValue tenon_p_iterable_throw(JSContext *ctx, const tenon_iterable *base)
{
  const iterable *it = (const iterable *)base;

  if (it->rt == JS_GetRuntime(ctx) && it->ctx && it->has_error)
    return JS_Throw(ctx, JS_DupValue(ctx, it->error));
  return JS_ThrowPlainError(ctx, "%s: the values could not be read",
                            it->type->name);
}
