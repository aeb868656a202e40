/*
 * The native part of child.js, which is the module tenon:process: child
 * processes and their objects.
 *
 * When a runtime ends, or the realm that began a child does, the child is
 * killed, but for one that is detached. None is left to be a zombie: what does
 * not end at once is waited for by a thread.
 */
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <tenon/error.h>
#include <tenon/realm.h>
#include <unistd.h>

#include "bind/signal.h"
#include "module/module.h"
#include "std/child/plan.h"
#include "std/std.h"

typedef struct child {
  tenon_p_thing thing; /* first */
  uv_timer_t timer;    /* until it is stopped, and then until it is killed */
  uint64_t grace_ms;
  pid_t pid;
  bool has_group, is_detached;
  bool is_stopping, is_timed_out, is_aborted;
  tenon_p_abort_listener abort;
} child;

static void children_close(tenon_p_engine *e, void *state);
static void children_free(tenon_p_engine *e, void *state);
static void children_close_realm(tenon_p_engine *e, void *state,
                                 tenon_p_realm *r);

static const tenon_p_state_type children_type = {.name = "children",
                                                 .close = children_close,
                                                 .free = children_free,
                                                 .close_realm =
                                                     children_close_realm};

tenon_p_children *tenon_p_children_of(JSContext *ctx)
{
  return tenon_p_engine_get(tenon_p_engine_of(ctx), &children_type);
}

static JSValue throw_error(JSContext *ctx, JSValue error)
{
  return JS_IsException(error) ? error : JS_Throw(ctx, error);
}

/* --- A child ----------------------------------------------------------------- */

/* 0, or a negative errno. One that has ended and is not reaped takes it, too. */
static int send_signal(const child *c, int number)
{
  int r = c->has_group ? kill(-c->pid, number)
                       : (int)syscall(SYS_pidfd_send_signal, c->thing.fd,
                                      number, NULL, 0);

  return r ? -errno : 0;
}

static void on_timer(uv_timer_t *timer);

static void start_timer(child *c, uint64_t ms)
{
  uv_update_time(c->timer.loop);
  uv_timer_start(&c->timer, on_timer, ms, 0);
}

/* First it is asked to end, and killed when it does not. */
static void stop(child *c)
{
  if (c->is_stopping) return;
  c->is_stopping = true;
  send_signal(c, SIGTERM);
  start_timer(c, c->grace_ms);
}

static void on_timer(uv_timer_t *timer)
{
  child *c = tenon_p_container(timer, child, timer);

  if (c->is_stopping) {
    send_signal(c, SIGKILL);
  } else {
    c->is_timed_out = true;
    stop(c);
  }
}

static void on_abort(tenon_p_abort_listener *l, JSContext *ctx,
                     JSValueConst reason)
{
  child *c = tenon_p_container(l, child, abort);

  (void)ctx;
  (void)reason;
  c->is_aborted = true;
  stop(c);
}

static JSValue status_of(JSContext *ctx, const tenon_p_ending *ending)
{
  JSValue v = JS_NewObject(ctx), code = JS_NULL, signal = JS_NULL;
  char name[16];

  if (JS_IsException(v)) return v;
  if (ending->signal)
    signal = JS_NewString(ctx, tenon_p_signal_name(ending->signal, name));
  else
    code = JS_NewInt32(ctx, ending->code);
  if (!JS_IsException(signal) &&
      JS_DefinePropertyValueStr(ctx, v, "code", code, JS_PROP_C_W_E) >= 0 &&
      JS_DefinePropertyValueStr(ctx, v, "signal", signal, JS_PROP_C_W_E) >= 0)
    return v;
  JS_FreeValue(ctx, v);
  return JS_EXCEPTION;
}

/* It has ended, as its descriptor says. */
static void child_run(tenon_p_loop *l, tenon_p_ready *ready)
{
  child *c = tenon_p_container(ready, child, thing.ready);
  tenon_p_thing *t = &c->thing;
  tenon_p_request *r =
      tenon_p_container(t->requests.next, tenon_p_request, link);
  tenon_p_ending ending;
  int ended;
  JSValue v;

  (void)l;
  /* What is left of its group; once it is reaped the number may be another's. */
  if (c->is_stopping && c->has_group) kill(-c->pid, SIGKILL);
  ended = tenon_p_reap(t->fd, &ending);
  if (ended == 0) {
    tenon_p_thing_watch(t, UV_READABLE);
    return;
  }
  tenon_p_list_remove(&r->link);
  tenon_p_thing_close(t);
  v = ended > 0 ? status_of(r->ctx, &ending)
                : tenon_p_child_error(r->ctx, ended, "waitid", NULL, NULL);
  if (JS_IsException(v)) {
    ended = -1;
    v = JS_GetException(r->ctx);
  }
  tenon_p_request_settle(t, r, v, ended < 0);
}

static void on_timer_closed(uv_handle_t *handle)
{
  child *c = tenon_p_container((uv_timer_t *)handle, child, timer);

  tenon_p_thing_unref(&c->thing);
}

static void child_close(tenon_p_thing *t)
{
  child *c = (child *)t;

  tenon_p_signal_unlisten(&c->abort);
  uv_close((uv_handle_t *)&c->timer, on_timer_closed);
}

static const tenon_p_thing_kind child_kind = {
    .operation = {.one = "child process",
                  .many = "child processes",
                  .is_handle = true},
    .size = sizeof(child),
    .run = child_run,
    .close = child_close};

/* --- Starting one --------------------------------------------------------------- */

enum { OF_CHILD, OF_STDIN, OF_STDOUT, OF_STDERR, OF_STATUS, PARTS };

/* The objects: all that may want memory of the engine is there before there is
 * a process. 0, or -1 with an exception. */
static int make_parts(tenon_p_plan *p, JSValue *parts, tenon_p_thing **things,
                      tenon_p_request **status)
{
  int i, r;

  parts[OF_CHILD] = tenon_p_thing_new(p->ctx, &child_kind, &things[OF_CHILD]);
  if (JS_IsException(parts[OF_CHILD])) return -1;
  for (i = 0; i < 3; i++) {
    tenon_p_thing **t = &things[OF_STDIN + i];
    if (p->ours[i] < 0) continue;
    parts[OF_STDIN + i] = tenon_p_thing_new(
        p->ctx, i ? &tenon_p_reader_kind : &tenon_p_writer_kind, t);
    if (JS_IsException(parts[OF_STDIN + i])) return -1;
    r = tenon_p_thing_open(*t, p->ours[i]);
    p->ours[i] = -1;
    if (r) {
      tenon_p_plan_throw(p, r);
      return -1;
    }
  }
  parts[OF_STATUS] = tenon_p_request_new(p->ctx, things[OF_CHILD], 0, status);
  if (JS_IsException(parts[OF_STATUS])) return -1;
  JS_PromiseMarkAsHandled(p->ctx, parts[OF_STATUS]);
  return 0;
}

static JSValue throw_start(tenon_p_plan *p, int error)
{
  switch (p->start.step) {
  case TENON_P_START_CHDIR:
    return tenon_p_plan_throw_system(p, error, "chdir", p->start.cwd);
  case TENON_P_START_USER:
    return tenon_p_plan_throw_system(p, error, "setuid", NULL);
  case TENON_P_START_GROUP:
    return tenon_p_plan_throw_system(p, error, "setpgid", NULL);
  default: return tenon_p_plan_throw(p, error);
  }
}

/* 0, or -1 with an exception. */
static int start(tenon_p_plan *p, child *c)
{
  int fd, r = tenon_p_start_process(&p->start, &c->pid, &fd);

  if (r) {
    throw_start(p, r);
    return -1;
  }
  c->has_group = p->start.has_group;
  c->is_detached = p->is_detached;
  r = tenon_p_thing_open(&c->thing, fd);
  if (r) {
    /* Nobody would be told of it. */
    kill(c->has_group ? -c->pid : c->pid, SIGKILL);
    tenon_p_reap_later(c->pid);
    tenon_p_plan_throw(p, r);
    return -1;
  }
  uv_timer_init(c->thing.poll.loop, &c->timer);
  uv_unref((uv_handle_t *)&c->timer);
  c->thing.refs++;
  tenon_p_thing_watch(&c->thing, UV_READABLE);
  return 0;
}

/* spawn(...): [child, stdin, stdout, stderr, status] */
static JSValue child_spawn(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  const tenon_p_realm *realm = tenon_p_realm_of(ctx);
  JSValue parts[PARTS] = {JS_UNDEFINED, JS_UNDEFINED, JS_UNDEFINED,
                          JS_UNDEFINED, JS_UNDEFINED};
  JSValue held[PARTS];
  tenon_p_thing *things[PARTS] = {NULL};
  tenon_p_request *status = NULL;
  JSValue result = JS_EXCEPTION;
  tenon_p_plan p;
  int i;

  (void)this_value;
  if (argc < TENON_P_ARG_COUNT)
    return JS_ThrowTypeError(ctx, "spawn: arguments");
  if (realm && realm->is_closed)
    return throw_error(ctx, tenon_p_child_error(ctx, 0, NULL, NULL,
                                                "spawn: its realm was freed"));
  if (tenon_p_plan_init(&p, ctx, argv) == 0 &&
      make_parts(&p, parts, things, &status) == 0) {
    /* Consumes the parts. */
    for (i = 0; i < PARTS; i++)
      held[i] = JS_DupValue(ctx, parts[i]);
    result = JS_NewArrayFrom(ctx, PARTS, held);
    if (!JS_IsException(result) && start(&p, (child *)things[OF_CHILD])) {
      JS_FreeValue(ctx, result);
      result = JS_EXCEPTION;
    }
  }
  if (JS_IsException(result)) {
    if (status) tenon_p_request_free(things[OF_CHILD], status);
    for (i = 0; i < PARTS; i++)
      if (things[i]) tenon_p_thing_close(things[i]);
  }
  tenon_p_plan_release(&p);
  for (i = 0; i < PARTS; i++)
    JS_FreeValue(ctx, parts[i]);
  return result;
}

/* --- Its functions --------------------------------------------------------------- */

static child *child_of(JSContext *ctx, int argc, JSValueConst *argv)
{
  return (child *)tenon_p_thing_of(ctx, argc > 0 ? argv[0] : JS_UNDEFINED,
                                   &child_kind);
}

static JSValue child_pid(JSContext *ctx, JSValueConst this_value, int argc,
                         JSValueConst *argv)
{
  const child *c = child_of(ctx, argc, argv);

  (void)this_value;
  return c ? JS_NewInt32(ctx, c->pid) : JS_EXCEPTION;
}

/* signal(name): its number; 0: there is none */
static JSValue child_signal(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  const char *name;
  int number;

  (void)this_value;
  if (argc < 1 || !JS_IsString(argv[0])) return JS_NewInt32(ctx, 0);
  name = JS_ToCString(ctx, argv[0]);
  if (!name) return JS_EXCEPTION;
  number = tenon_p_signal_number(name);
  JS_FreeCString(ctx, name);
  return JS_NewInt32(ctx, number);
}

/* kill(child, number): false when it has ended */
static JSValue child_kill(JSContext *ctx, JSValueConst this_value, int argc,
                          JSValueConst *argv)
{
  child *c = child_of(ctx, argc, argv);
  int32_t number;
  int r;

  (void)this_value;
  if (!c || argc < 2 || JS_ToInt32(ctx, &number, argv[1])) return JS_EXCEPTION;
  if (!c->thing.is_open) return JS_FALSE;
  r = send_signal(c, number);
  if (r == 0 || r == -ESRCH) return JS_NewBool(ctx, r == 0);
  return throw_error(ctx, tenon_p_child_error(ctx, r, "kill", NULL, NULL));
}

static int to_ms(JSContext *ctx, JSValueConst v, uint64_t *out)
{
  double n;

  if (JS_ToFloat64(ctx, &n, v)) return -1;
  *out = n > 0 && n < 1e15 ? (uint64_t)n : 0;
  return 0;
}

/* limit(child, timeout in milliseconds or 0, grace) */
static JSValue child_limit(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  child *c = child_of(ctx, argc, argv);
  uint64_t timeout_ms;

  (void)this_value;
  if (!c || argc < 3 || to_ms(ctx, argv[1], &timeout_ms) ||
      to_ms(ctx, argv[2], &c->grace_ms))
    return JS_EXCEPTION;
  if (c->thing.is_open && timeout_ms) start_timer(c, timeout_ms);
  return JS_UNDEFINED;
}

/* stop(child): as its timeout does */
static JSValue child_stop(JSContext *ctx, JSValueConst this_value, int argc,
                          JSValueConst *argv)
{
  child *c = child_of(ctx, argc, argv);

  (void)this_value;
  if (!c) return JS_EXCEPTION;
  if (c->thing.is_open) stop(c);
  return JS_UNDEFINED;
}

/* isSignal(value): is it an AbortSignal? */
static JSValue child_is_signal(JSContext *ctx, JSValueConst this_value,
                               int argc, JSValueConst *argv)
{
  (void)this_value;
  return JS_NewBool(ctx, argc > 0 && tenon_p_signal_of(ctx, argv[0]));
}

static tenon_p_signal *signal_of(JSContext *ctx, int argc, JSValueConst *argv,
                                 int at)
{
  tenon_p_signal *s = argc > at ? tenon_p_signal_of(ctx, argv[at]) : NULL;

  if (!s) JS_ThrowTypeError(ctx, "expected AbortSignal");
  return s;
}

/* check(signal): throws its reason, where it is aborted */
static JSValue child_check(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  tenon_p_signal *s = signal_of(ctx, argc, argv, 0);

  (void)this_value;
  if (!s) return JS_EXCEPTION;
  if (!tenon_p_signal_is_aborted(s)) return JS_UNDEFINED;
  return JS_Throw(ctx, JS_DupValue(ctx, tenon_p_signal_reason(s)));
}

/* listen(child, signal): it is stopped when the signal is aborted */
static JSValue child_listen(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  child *c = child_of(ctx, argc, argv);
  tenon_p_signal *s = c ? signal_of(ctx, argc, argv, 1) : NULL;

  (void)this_value;
  if (!s) return JS_EXCEPTION;
  if (!c->thing.is_open) return JS_UNDEFINED;
  c->abort.fn = on_abort;
  if (tenon_p_signal_is_aborted(s))
    on_abort(&c->abort, ctx, JS_UNDEFINED);
  else
    tenon_p_signal_listen(s, &c->abort);
  return JS_UNDEFINED;
}

static JSValue child_is_aborted(JSContext *ctx, JSValueConst this_value,
                                int argc, JSValueConst *argv)
{
  const child *c = child_of(ctx, argc, argv);

  (void)this_value;
  return c ? JS_NewBool(ctx, c->is_aborted) : JS_EXCEPTION;
}

static JSValue child_is_timed_out(JSContext *ctx, JSValueConst this_value,
                                  int argc, JSValueConst *argv)
{
  const child *c = child_of(ctx, argc, argv);

  (void)this_value;
  return c ? JS_NewBool(ctx, c->is_timed_out) : JS_EXCEPTION;
}

/* setRef(handle of any kind, on): does it keep the program running? */
static JSValue child_set_ref(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv)
{
  tenon_p_thing *t =
      argc < 2 ? NULL : JS_GetOpaque(argv[0], tenon_p_children_of(ctx)->number);

  (void)this_value;
  if (!t) return JS_ThrowTypeError(ctx, "setRef: expected a handle");
  if (!t->is_open) return JS_UNDEFINED;
  if (JS_ToBool(ctx, argv[1]))
    uv_ref((uv_handle_t *)&t->poll);
  else
    uv_unref((uv_handle_t *)&t->poll);
  return JS_UNDEFINED;
}

/* report(error): as one that nobody caught */
static JSValue child_report(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  (void)this_value;
  tenon_p_realm_add_uncaught(ctx, argc > 0 ? JS_DupValue(ctx, argv[0])
                                           : JS_UNDEFINED);
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("spawn", 0, child_spawn),
    JS_CFUNC_DEF("pid", 1, child_pid),
    JS_CFUNC_DEF("signal", 1, child_signal),
    JS_CFUNC_DEF("kill", 2, child_kill),
    JS_CFUNC_DEF("limit", 3, child_limit),
    JS_CFUNC_DEF("stop", 1, child_stop),
    JS_CFUNC_DEF("isTimedOut", 1, child_is_timed_out),
    JS_CFUNC_DEF("isSignal", 1, child_is_signal),
    JS_CFUNC_DEF("check", 1, child_check),
    JS_CFUNC_DEF("listen", 2, child_listen),
    JS_CFUNC_DEF("isAborted", 1, child_is_aborted),
    JS_CFUNC_DEF("setRef", 2, child_set_ref),
    JS_CFUNC_DEF("report", 1, child_report),
};

/* --- The module ------------------------------------------------------------------- */

static JSValue load(JSContext *ctx, const tenon_p_builtin_module *m)
{
  tenon_p_children *c = tenon_p_children_of(ctx);
  JSValue native;

  (void)m;
  if (tenon_p_things_init(ctx, c)) return JS_EXCEPTION;
  native = tenon_p_std_native(ctx, natives, tenon_p_countof(natives));
  if (!JS_IsException(native) &&
      JS_SetPropertyFunctionList(ctx, native, tenon_p_stream_natives,
                                 tenon_p_stream_native_count)) {
    JS_FreeValue(ctx, native);
    native = JS_EXCEPTION;
  }
  return tenon_p_std_load(ctx, &tenon_p_child_bytecode, native);
}

static const char *const exports[] = {"close",          "exec",  "open",
                                      "setReadHandler", "spawn", NULL};

const tenon_p_builtin_module tenon_p_child_module = {
    .name = "tenon:process",
    .exports = exports,
    .load = load,
    .needs =
        TENON_REALM_PROCESS | TENON_REALM_PROMISE | TENON_REALM_TYPED_ARRAYS};

/* --- Life --------------------------------------------------------------------------- */

/* How long those that were killed are waited for, all together. */
#define WAIT_MS 500

/* Of one realm, or of all for NULL. */
static bool is_of(const tenon_p_thing *t, const tenon_p_realm *r)
{
  return !r || t->realm == r;
}

static void kill_all(tenon_p_children *all, const tenon_p_realm *r)
{
  tenon_p_list *at;

  for (at = all->open.next; at != &all->open; at = at->next) {
    const child *c = tenon_p_container(at, child, thing.link);
    if (c->thing.kind == &child_kind && is_of(&c->thing, r) && !c->is_detached)
      send_signal(c, SIGKILL);
  }
}

static void close_all(tenon_p_children *all, const tenon_p_realm *r)
{
  uint64_t until_ns = tenon_p_engine_now_ns() + WAIT_MS * 1000000ULL, now_ns;
  tenon_p_list *at = all->open.next;
  tenon_p_ending ending;
  int wait_ms;

  kill_all(all, r);
  while (at != &all->open) {
    tenon_p_thing *t = tenon_p_container(at, tenon_p_thing, link);
    at = at->next;
    if (!is_of(t, r)) continue;
    if (t->kind == &child_kind) {
      const child *c = (child *)t;
      now_ns = tenon_p_engine_now_ns();
      wait_ms = now_ns < until_ns ? (int)((until_ns - now_ns) / 1000000) : 0;
      if (tenon_p_reap_within(t->fd, c->is_detached ? 0 : wait_ms, &ending) ==
          0)
        tenon_p_reap_later(c->pid);
    }
    tenon_p_thing_close(t);
    /* With it others may have gone. */
    at = all->open.next;
  }
}

static void children_close(tenon_p_engine *e, void *state)
{
  (void)e;
  close_all(state, NULL);
}

static void children_close_realm(tenon_p_engine *e, void *state,
                                 tenon_p_realm *r)
{
  (void)e;
  close_all(state, r);
}

static void children_free(tenon_p_engine *e, void *state)
{
  tenon_p_heap_free(&e->heap, state);
}

int tenon_p_child_attach(tenon_p_engine *e, const tenon_p_std_options *o)
{
  tenon_p_children *c = tenon_p_engine_get(e, &children_type);

  (void)o;
  if (c) return 0;
  c = tenon_p_heap_alloc(&e->heap, sizeof *c);
  if (!c) return -1;
  c->engine = e;
  tenon_p_list_init(&c->open);
  if (tenon_p_engine_attach(e, &children_type, c) == 0) return 0;
  tenon_p_heap_free(&e->heap, c);
  return -1;
}
