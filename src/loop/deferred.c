#include "loop/deferred.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "bind/any.h"
#include "bind/closure.h"
#include "bind/convert.h"
#include "bind/hold.h"
#include "bind/instance.h"
#include "bind/state.h"
#include "bind/table.h"
#include "engine/foreign.h"
#include "loop/callback.h"
#include "loop/mailbox.h"
#include "loop/promise.h"
#include "loop/reaction.h"
#include "loop/stream.h"

const tenon_p_operation_kind tenon_p_deferred_kind = {.one = "deferred",
                                                      .many = "deferreds"};

/* --- Holding ----------------------------------------------------------------------------- */

void tenon_p_deferred_unref(tenon_deferred *d)
{
  if (__atomic_sub_fetch(&d->refs, 1, __ATOMIC_ACQ_REL)) return;
  /* The JavaScript values are gone since the runtime let go. Instances that it
   * was left with end here. */
  if (d->serial) tenon_p_serial_lock(d->serial);
  tenon_p_call_release(&d->task.call);
  if (d->serial) tenon_p_serial_unlock(d->serial);
  tenon_p_mailbox_unref(d->box);
  free(d);
}

/* For native code: what it was before. */
static enum tenon_p_claimed claim(tenon_deferred *d)
{
  return (enum tenon_p_claimed)__atomic_exchange_n(&d->claimed, TENON_P_SETTLED,
                                                   __ATOMIC_ACQ_REL);
}

static bool was_cancelled(const tenon_deferred *d)
{
  return __atomic_load_n(&d->is_cancelled, __ATOMIC_RELAXED);
}

/* One hold of native code less: how many are left; -1: there was none, of a
 * body that goes on with what it has settled. */
static int take_hold(tenon_deferred *d)
{
  int holds = __atomic_load_n(&d->holds, __ATOMIC_RELAXED);

  do {
    if (!holds) return -1;
  } while (!__atomic_compare_exchange_n(&d->holds, &holds, holds - 1, true,
                                        __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
  return holds - 1;
}

/* --- Settling -------------------------------------------------------------------------------- */

/* The runtime lets go: on the loop's thread, once. */
static void let_go(tenon_p_loop *l, tenon_deferred *d)
{
  tenon_p_operation_end(&d->operation);
  tenon_p_list_remove(&d->link);
  tenon_p_list_remove(&d->ready.link);
  if (!d->is_idle) tenon_p_loop_hold(l, false);
  if (d->let_go) d->let_go(d);
  tenon_p_cancel_free(d->cancel);
  d->cancel = NULL;
  if (!d->closed && !d->is_starting) tenon_p_call_return(&d->task.call);
  tenon_p_task_release_values(&d->task);
  tenon_p_deferred_unref(d);
}

static tenon_p_failure *new_failure(const tenon_failure *f, const char *format,
                                    ...)
{
  tenon_p_failure *made;
  va_list ap;

  va_start(ap, format);
  made = tenon_p_failure_new(f, format, ap);
  va_end(ap);
  return made;
}

/* Made here, since the name goes with the runtime. */
static void fail_dropped(tenon_deferred *d)
{
  static const tenon_failure f = {.size = sizeof f, .code = "EDROPPED"};

  tenon_p_task_fail(&d->task, new_failure(&f, TENON_P_MESSAGE_DROPPED,
                                          d->task.binding->function->name));
}

static void settle_task(tenon_p_loop *l, tenon_deferred *d)
{
  if (d->is_dropped) fail_dropped(d);
  if (!was_cancelled(d)) tenon_p_task_settle(&d->task);
  let_go(l, d);
}

static void settle(tenon_p_loop *l, tenon_p_ready *r)
{
  settle_task(l, tenon_p_container(r, tenon_deferred, ready));
}

/* The loop closes: close_one does the rest. */
static void drop(tenon_p_ready *r)
{
  tenon_p_container(r, tenon_deferred, ready)->is_delivered = true;
}

/* Beyond so many in one iteration of the loop a settlement has to wait for its
 * turn: timers that are due at once may follow on each other without end. */
#define MOST_AT_ONCE 64

/* What a result points at has to outlive its owner's stack. */
static void keep_payload(tenon_deferred *d)
{
  tenon_p_task *t = &d->task;

  if (d->has_any) return; /* it was converted */
  if (tenon_p_keep(&t->call, &d->result, t->result) == 0) return;
  tenon_p_task_fail(t, NULL);
}

/* Inside of a script it only enqueues jobs; outside it runs them. What a
 * collection ends may give up a deferred: not there. */
static bool may_settle_at_once(tenon_p_loop *l)
{
  if (tenon_p_is_freeing(l->engine->rt)) return false;
  if (l->engine->depth) return true;
  /* What was posted before comes first. */
  tenon_p_mailbox_receive(l);
  return !l->engine->uncaught.count && tenon_p_list_is_empty(&l->ready) &&
         l->settled_at_once++ < MOST_AT_ONCE;
}

/* `d` is claimed and has its result or failure. */
static int deliver(tenon_deferred *d)
{
  tenon_p_mailbox *box = d->box;
  tenon_p_loop *l;
  bool is_closed;

  if (tenon_p_mailbox_is_here(box)) {
    l = tenon_p_mailbox_loop(box);
    is_closed = !l || d->closed;
    if (!is_closed) {
      if (may_settle_at_once(l) && tenon_p_engine_enter(l->engine) == 0) {
        settle_task(l, d);
        tenon_p_engine_leave(l->engine);
        tenon_p_loop_dispatch(l);
      } else {
        if (!d->task.call.failed) keep_payload(d);
        tenon_p_loop_make_ready(l, &d->ready);
        tenon_p_loop_dispatch_soon(l);
      }
    }
  } else {
    if (!d->task.call.failed) keep_payload(d);
    is_closed = tenon_p_mailbox_put(box, &d->ready) != 0;
  }
  tenon_p_deferred_unref(d);
  return is_closed ? TENON_ECLOSING : 0;
}

/* Native code has ended one that was cancelled, and gives up its hold. */
static void end_cancelled(tenon_deferred *d)
{
  tenon_p_mailbox *box = d->box;
  tenon_p_loop *l;

  if (!tenon_p_mailbox_is_here(box)) {
    (void)tenon_p_mailbox_put(box, &d->ready);
  } else if ((l = tenon_p_mailbox_loop(box)) && !d->closed) {
    if (tenon_p_is_freeing(l->engine->rt)) {
      tenon_p_loop_make_ready(l, &d->ready);
      tenon_p_loop_dispatch_soon(l);
    } else {
      let_go(l, d);
    }
  }
  tenon_p_deferred_unref(d);
}

/* 0: native code settles it, and its hold goes on to deliver(). TENON_ECANCELED
 * has taken the hold, too; TENON_EALREADY has not. */
static int claim_with_hold(tenon_deferred *d)
{
  enum tenon_p_claimed was = claim(d);

  if (was == TENON_P_SETTLED) return TENON_EALREADY;
  (void)take_hold(d);
  if (was == TENON_P_OPEN) return 0;
  end_cancelled(d);
  return TENON_ECANCELED;
}

/* A handle goes with its scope: the value of it is wanted now. */
static void convert_now(tenon_deferred *d)
{
  tenon_p_loop *l = tenon_p_mailbox_loop(d->box);
  bool is_entered;

  if (!l || d->closed) return;
  is_entered = tenon_p_engine_enter(l->engine) == 0;
  tenon_p_task_convert(&d->task);
  if (is_entered) tenon_p_engine_leave_quietly(l->engine);
}

static int deferred_resolve(tenon_deferred *d, const void *result)
{
  size_t size = tenon_p_field_size(&d->result);
  int r;

  if (size && !result) return TENON_EINVAL;
  if (d->has_any && !tenon_p_mailbox_is_here(d->box)) return TENON_ETHREAD;
  r = claim_with_hold(d);
  if (r) return r;
  if (size) memcpy(d->task.result, result, size);
  if (d->has_any) convert_now(d);
  return deliver(d);
}

/* The failure of the call that this thread is in, to be moved to a deferred; NULL
 * when there is none. A value of JavaScript stays where its runtime is. */
static tenon_p_call *failed_call(const tenon_deferred *d)
{
  tenon_p_call *c = tenon_p_current_call;
  JSRuntime *rt;

  if (!c || !c->failed) return NULL;
  rt = tenon_p_failure_runtime(c->failure);
  if (!rt) return c;
  if (!tenon_p_mailbox_is_here(d->box)) return NULL;
  return !d->task.ctx || JS_GetRuntime(d->task.ctx) == rt ? c : NULL;
}

static tenon_p_failure *take_failure(tenon_p_call *c)
{
  tenon_p_failure *f = c->failure;

  c->failure = NULL;
  c->failed = false;
  return f;
}

/* By the failure of the current call. */
static int reject_failed(tenon_deferred *d)
{
  tenon_p_call *c = failed_call(d);
  int r;

  if (!tenon_p_current_call || !tenon_p_current_call->failed)
    return TENON_EINVAL;
  if (!c) return TENON_ETHREAD;
  r = claim_with_hold(d);
  if (r) return r;
  tenon_p_task_fail(&d->task, take_failure(c));
  return deliver(d);
}

static int deferred_reject_with(tenon_deferred *d, const tenon_failure *given,
                                const char *format, va_list ap)
{
  tenon_p_failure *f, *cause = NULL;
  tenon_p_call *c;
  int r;

  if (!given) return reject_failed(d);
  r = claim_with_hold(d);
  if (r) return r;
  if (given->flags & TENON_FAILURE_CAUSED) {
    c = failed_call(d);
    if (c) cause = take_failure(c);
    if (tenon_p_current_call) tenon_p_call_recover(tenon_p_current_call);
  }
  f = tenon_p_failure_new(given, format, ap);
  tenon_p_task_fail(&d->task, tenon_p_failure_caused(f, cause));
  return deliver(d);
}

static int deferred_reject(tenon_deferred *d, int error_class,
                           const char *format, va_list ap)
{
  tenon_failure f = {.size = sizeof f, .error_class = error_class};

  return deferred_reject_with(d, &f, format, ap);
}

static int deferred_reject_value(tenon_deferred *d, void *value)
{
  tenon_p_task *t = &d->task;
  tenon_p_loop *l;
  int r;

  if (!value) return TENON_EINVAL;
  if (!tenon_p_mailbox_is_here(d->box)) return TENON_ETHREAD;
  r = claim_with_hold(d);
  if (r) return r;
  l = tenon_p_mailbox_loop(d->box);
  t->call.failed = true;
  if (l && t->ctx) {
    t->thrown = JS_DupValue(t->ctx, tenon_p_any_value(l->engine, value));
    t->has_thrown = true;
  }
  return deliver(d);
}

static tenon_deferred *deferred_dup(tenon_deferred *d)
{
  __atomic_add_fetch(&d->refs, 1, __ATOMIC_RELAXED);
  __atomic_add_fetch(&d->holds, 1, __ATOMIC_RELAXED);
  return d;
}

static void deferred_drop(tenon_deferred *d)
{
  int left = take_hold(d);
  enum tenon_p_claimed was;

  if (left < 0) return;
  was = left > 0 ? TENON_P_SETTLED : claim(d);
  if (was == TENON_P_CANCELLED) {
    end_cancelled(d);
    return;
  }
  if (was == TENON_P_SETTLED) {
    tenon_p_deferred_unref(d);
    return;
  }
  d->is_dropped = d->task.call.failed = true;
  (void)deliver(d);
}

static int deferred_hold(tenon_deferred *d, int on)
{
  tenon_p_loop *l;

  if (!tenon_p_mailbox_is_here(d->box)) return TENON_ETHREAD;
  l = tenon_p_mailbox_loop(d->box);
  if (!l || d->closed) return TENON_ECLOSING;
  if (tenon_p_list_is_empty(&d->link)) return TENON_EALREADY;
  if (d->is_idle == !on) return 0;
  d->is_idle = !on;
  tenon_p_loop_hold(l, on != 0);
  return 0;
}

static int deferred_on_close(tenon_deferred *d,
                             void (*fn)(tenon_deferred *d, void *p), void *p)
{
  if (!tenon_p_mailbox_is_here(d->box)) return TENON_ETHREAD;
  if (d->closed) return TENON_ECLOSING;
  d->on_close = fn;
  d->on_close_data = p;
  return 0;
}

static int deferred_is_cancelled(tenon_deferred *d)
{
  return was_cancelled(d) || tenon_p_mailbox_is_ending(d->box);
}

/* Native code is told from outside of all calls. */
static void tell_cancelled(tenon_deferred *d)
{
  tenon_p_call *current = tenon_p_current_call;

  if (!d->on_cancel) return;
  tenon_p_current_call = NULL;
  d->on_cancel(d, d->on_cancel_data);
  tenon_p_current_call = current;
}

static int deferred_on_cancel(tenon_deferred *d,
                              void (*fn)(tenon_deferred *d, void *p), void *p)
{
  if (!tenon_p_mailbox_is_here(d->box)) return TENON_ETHREAD;
  if (d->closed) return TENON_ECLOSING;
  d->on_cancel = fn;
  d->on_cancel_data = p;
  if (was_cancelled(d)) tell_cancelled(d);
  return 0;
}

static void *deferred_alloc(tenon_deferred *d, size_t size)
{
  return tenon_p_call_alloc(&d->task.call, size);
}

static void *deferred_loop(tenon_deferred *d)
{
  tenon_p_loop *l =
      tenon_p_mailbox_is_here(d->box) ? tenon_p_mailbox_loop(d->box) : NULL;

  return l ? l->uv : NULL;
}

const tenon_host tenon_p_loop_host = {
    .size = sizeof(tenon_host),
    .abi = TENON_MODULE_ABI,
    .fail = tenon_p_host_fail,
    .alloc = tenon_p_host_alloc,
    .defer = tenon_p_host_defer,
    .deferred_resolve = deferred_resolve,
    .deferred_reject = deferred_reject,
    .deferred_on_close = deferred_on_close,
    .deferred_alloc = deferred_alloc,
    .deferred_loop = deferred_loop,
    .fail_with = tenon_p_host_fail_with,
    .deferred_reject_with = deferred_reject_with,
    .recover = tenon_p_host_recover,
    .env = tenon_p_host_env,
    .state = tenon_p_host_state,
    .function_new = tenon_p_host_function_new,
    .callback_keep = tenon_p_callback_keep,
    .callback_release = tenon_p_callback_release,
    .callback_call = tenon_p_callback_call,
    .callback_post = tenon_p_callback_post,
    .callback_await = tenon_p_callback_await,
    .callback_hold = tenon_p_callback_hold,
    .hold = tenon_p_host_hold,
    .held_value = tenon_p_host_held_value,
    .held_release = tenon_p_host_held_release,
    .callback_keep_in = tenon_p_callback_keep_in,
    .report_memory = tenon_p_host_report_memory,
    .dispose = tenon_p_host_dispose,
    .watch_open = tenon_p_host_watch_open,
    .promise_new = tenon_p_host_promise_new,
    .deferred_dup = deferred_dup,
    .deferred_drop = deferred_drop,
    .deferred_reject_value = deferred_reject_value,
    .deferred_hold = deferred_hold,
    .is_cancelled = tenon_p_host_is_cancelled,
    .deferred_is_cancelled = deferred_is_cancelled,
    .deferred_on_cancel = deferred_on_cancel,
    .callback_update = tenon_p_callback_update,
    .promise_then = tenon_p_host_promise_then,
    .stream_new = tenon_p_host_stream_new,
};

/* --- Starting and closing ---------------------------------------------------------------------- */

void tenon_p_deferred_init(tenon_p_loop *l, tenon_deferred *d,
                           const tenon_field *result)
{
  tenon_p_operation_init(&d->operation);
  tenon_p_list_init(&d->ready.link);
  tenon_p_list_init(&d->link);
  d->result = *result;
  d->ready.run = settle;
  d->ready.drop = drop;
  d->box = l->box;
  tenon_p_mailbox_dup(d->box);
  d->holds = 1;
  /* Native code and the runtime. */
  d->refs = 2;
}

void tenon_p_deferred_open(tenon_p_loop *l, tenon_deferred *d)
{
  tenon_p_operation_begin(l, &d->operation, &tenon_p_deferred_kind);
  tenon_p_list_append(&l->deferreds, &d->link);
  tenon_p_loop_hold(l, true);
}

void tenon_p_deferred_cancel(tenon_p_loop *l, tenon_deferred *d)
{
  (void)claim_with_hold(d);
  d->task.call.failed = true;
  let_go(l, d);
  tenon_p_deferred_unref(d);
}

tenon_p_task *tenon_p_deferred_new(tenon_p_loop *l, const tenon_function *f)
{
  tenon_deferred *d = tenon_p_calloc(sizeof *d);

  if (!d) return NULL;
  tenon_p_deferred_init(l, d, &f->result);
  d->refs++; /* its start below */
  return &d->task;
}

void tenon_p_deferred_drop(tenon_p_task *t)
{
  tenon_deferred *d = (tenon_deferred *)t;

  tenon_p_mailbox_unref(d->box);
  free(d);
}

/* The body that this thread is in, and its deferred. */
static _Thread_local const tenon_deferred *starting;
static _Thread_local const tenon_p_call *starting_call;

bool tenon_p_deferred_is_cancelled_in(const tenon_p_call *c)
{
  return c == starting_call && was_cancelled(starting);
}

/* Unless native code has settled it: the result is on its way then. */
static void cancel(void *owner, JSContext *ctx, JSValueConst reason)
{
  tenon_deferred *d = owner;
  int open = TENON_P_OPEN;

  (void)ctx;
  tenon_p_cancel_free(d->cancel);
  d->cancel = NULL;
  if (!__atomic_compare_exchange_n(&d->claimed, &open, TENON_P_CANCELLED, false,
                                   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return;
  __atomic_add_fetch(&d->refs, 1, __ATOMIC_RELAXED);
  __atomic_store_n(&d->is_cancelled, true, __ATOMIC_RELAXED);
  tenon_p_task_reject(&d->task, reason);
  tell_cancelled(d);
  tenon_p_deferred_unref(d);
}

int tenon_p_deferred_start(tenon_p_loop *l, tenon_p_task *t,
                           const tenon_p_call_options *o)
{
  const tenon_deferred *outer = starting;
  const tenon_p_call *outer_call = starting_call;
  tenon_deferred *d = (tenon_deferred *)t;
  tenon_p_call c;

  if (tenon_p_cancel_new(t->ctx, o, cancel, d, &d->cancel)) return -1;

  if (tenon_p_threads_of(t->binding->module->descriptor) ==
          TENON_THREADS_serial &&
      t->call.has_outs)
    d->serial = t->binding->module->descriptor;
  d->operation.name = t->binding->function->name;
  tenon_p_deferred_open(l, d);
  ((tenon_args *)t->args)->context = d;
  /* The body's own failures and memory: another thread may settle meanwhile,
   * and uses the deferred's. */
  tenon_p_call_init(&c, false);
  c.ctx = t->ctx;
  c.self = t->call.self;
  c.outs = t->call.outs;
  c.has_outs = t->call.has_outs;
  d->is_starting = true;
  starting = d;
  starting_call = &c;
  tenon_p_call_run(&c, t->binding->function->thunk, t->args, NULL);
  starting = outer;
  starting_call = outer_call;
  d->is_starting = false;
  tenon_p_any_fail(l->engine, &c);
  if (c.failed && claim_with_hold(d) == 0) {
    tenon_p_task_fail(&d->task, c.failure);
    c.failure = NULL;
    deliver(d);
  }
  tenon_p_call_release(&c);
  if (!t->ctx && !d->closed) tenon_p_call_return(&t->call);
  tenon_p_deferred_unref(d);
  return 0;
}

/* Calls native code, which may end others. */
static void close_one(tenon_p_loop *l, tenon_deferred *d)
{
  enum tenon_p_claimed claimed;

  __atomic_add_fetch(&d->refs, 1, __ATOMIC_RELAXED);
  d->closed = true;
  if (tenon_p_mailbox_end(d->box, &d->ready)) d->is_delivered = true;
  if (d->is_delivered && !d->task.call.failed && !was_cancelled(d))
    tenon_p_task_drop_result(&d->task);
  /* Native code may go on with them. */
  tenon_p_call_detach(&d->task.call);
  let_go(l, d);
  claimed =
      (enum tenon_p_claimed)__atomic_load_n(&d->claimed, __ATOMIC_ACQUIRE);
  if (claimed != TENON_P_SETTLED && d->on_close)
    d->on_close(d, d->on_close_data);
  else if (claimed == TENON_P_OPEN)
    tell_cancelled(d);
  tenon_p_deferred_unref(d);
}

void tenon_p_deferred_close(tenon_p_loop *l)
{
  while (!tenon_p_list_is_empty(&l->deferreds))
    close_one(l, tenon_p_container(l->deferreds.next, tenon_deferred, link));
}

void tenon_p_deferred_close_realm(tenon_p_loop *l, JSContext *ctx)
{
  tenon_p_list *at = l->deferreds.next;

  while (at != &l->deferreds) {
    tenon_deferred *d = tenon_p_container(at, tenon_deferred, link);
    at = at->next;
    if (d->task.ctx != ctx) continue;
    close_one(l, d);
    at = l->deferreds.next;
  }
}
