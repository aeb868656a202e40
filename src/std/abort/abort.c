/*
 * The native part of abort.js, and what event.js needs of signals: bind/signal.h
 * for scripts. Loaded when one of its globals is looked at, each realm its own.
 */
#include <tenon/error.h>

#include "bind/signal.h"
#include "engine/foreign.h"
#include "std/abort/timeout.h"
#include "std/std.h"

/* --- What event.js keeps of a signal ----------------------------------------- */

/* A listener of an event that is removed when a signal is aborted: held by what
 * stands for the listener, and ends with that. */
typedef struct remover {
  tenon_p_abort_listener listener;
  const void *node; /* the JSObject that holds this */
  JSValue remove;   /* called with it */
} remover;

typedef struct abort_state {
  JSClassID remover_id, reference_id; /* 0: not yet */
} abort_state;

static void abort_free(tenon_p_engine *e, void *state)
{
  tenon_p_heap_free(&e->heap, state);
}

static const tenon_p_state_type state_type = {.name = "abort",
                                              .free = abort_free};

static void remover_gone(JSRuntime *rt, JSValueConst v)
{
  remover *r = JS_GetOpaque(v, JS_GetClassID(v));

  if (!r) return;
  tenon_p_signal_unlisten(&r->listener);
  JS_FreeValueRT(rt, r->remove);
  js_free_rt(rt, r);
}

static void remover_mark(JSRuntime *rt, JSValueConst v, JS_MarkFunc *mark)
{
  const remover *r = JS_GetOpaque(v, JS_GetClassID(v));

  if (r) JS_MarkValue(rt, r->remove, mark);
}

static const JSClassDef remover_class = {"remover", .finalizer = remover_gone,
                                         .gc_mark = remover_mark};

/* What is removed lets go of the remover. */
static void on_abort(tenon_p_abort_listener *l, JSContext *ctx,
                     JSValueConst reason)
{
  remover *r = tenon_p_container(l, remover, listener);
  JSValue node = JS_DupValue(ctx, JS_MKPTR(JS_TAG_OBJECT, (void *)r->node));
  JSValue remove = JS_DupValue(ctx, r->remove), result;

  (void)reason;
  result = JS_Call(ctx, remove, JS_UNDEFINED, 1, (JSValueConst *)&node);
  if (JS_IsException(result)) tenon_p_realm_take_exception(ctx);
  JS_FreeValue(ctx, result);
  JS_FreeValue(ctx, remove);
  JS_FreeValue(ctx, node);
}

/* A signal, held weakly. */
static void reference_gone(JSRuntime *rt, JSValueConst v)
{
  tenon_p_weak *w = JS_GetOpaque(v, JS_GetClassID(v));

  if (!w) return;
  tenon_p_weak_clear(rt, w);
  js_free_rt(rt, w);
}

static const JSClassDef reference_class = {"reference",
                                           .finalizer = reference_gone};

/* An object of one of these classes with `size` bytes, zeroed; NULL with an
 * exception. */
static void *new_object(JSContext *ctx, const JSClassDef *class, JSClassID *id,
                        size_t size, JSValue *object)
{
  JSRuntime *rt = JS_GetRuntime(ctx);
  JSClassID new_id = JS_INVALID_CLASS_ID;
  void *data;

  if (!*id) {
    if (JS_NewClass(rt, JS_NewClassID(rt, &new_id), class)) {
      JS_ThrowOutOfMemory(ctx);
      return NULL;
    }
    *id = new_id;
  }
  *object = JS_NewObjectProtoClass(ctx, JS_NULL, *id);
  if (JS_IsException(*object)) return NULL;
  data = js_mallocz(ctx, size);
  if (data)
    JS_SetOpaque(*object, data);
  else
    JS_FreeValue(ctx, *object);
  return data;
}

static abort_state *state_of(JSContext *ctx)
{
  return tenon_p_engine_get(tenon_p_engine_of(ctx), &state_type);
}

/* --- Natives ----------------------------------------------------------------- */

/* The signal that a builtin is called with first; NULL with an exception. */
static tenon_p_signal *signal_of(JSContext *ctx, int argc, JSValueConst *argv)
{
  tenon_p_signal *s = argc > 0 ? tenon_p_signal_of(ctx, argv[0]) : NULL;

  if (!s) JS_ThrowTypeError(ctx, "Illegal invocation: expected an AbortSignal");
  return s;
}

/* create(prototype) */
static JSValue abort_create(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  return tenon_p_signal_new(ctx, argv[0]);
}

/* isSignal(value) */
static JSValue abort_is_signal(JSContext *ctx, JSValueConst this_value,
                               int argc, JSValueConst *argv)
{
  (void)this_value;
  return JS_NewBool(ctx, argc > 0 && tenon_p_signal_of(ctx, argv[0]));
}

/* isAborted(signal): a TypeError for all else */
static JSValue abort_is_aborted(JSContext *ctx, JSValueConst this_value,
                                int argc, JSValueConst *argv)
{
  const tenon_p_signal *s = signal_of(ctx, argc, argv);

  (void)this_value;
  return s ? JS_NewBool(ctx, tenon_p_signal_is_aborted(s)) : JS_EXCEPTION;
}

/* reason(signal) */
static JSValue abort_reason(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  const tenon_p_signal *s = signal_of(ctx, argc, argv);

  (void)this_value;
  return s ? JS_DupValue(ctx, tenon_p_signal_reason(s)) : JS_EXCEPTION;
}

/* abort(signal, reason) */
static JSValue abort_abort(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  tenon_p_signal *s = signal_of(ctx, argc, argv);

  (void)this_value;
  if (!s || tenon_p_signal_abort(ctx, s, argv[1])) return JS_EXCEPTION;
  return JS_UNDEFINED;
}

/* depend(signal, sources): an array of signals without methods */
static JSValue abort_depend(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  tenon_p_signal *s = signal_of(ctx, argc, argv);
  JSValue *sources;
  int64_t count, i;
  int code = -1;

  (void)this_value;
  if (!s || JS_GetLength(ctx, argv[1], &count)) return JS_EXCEPTION;
  sources = js_malloc(ctx, (size_t)(count + 1) * sizeof *sources);
  if (!sources) return JS_EXCEPTION;
  for (i = 0; i < count; i++) {
    sources[i] = JS_GetPropertyInt64(ctx, argv[1], i);
    if (JS_IsException(sources[i])) break;
  }
  if (i == count)
    code =
        tenon_p_signal_depend(ctx, s, (size_t)count, (JSValueConst *)sources);
  while (i > 0)
    JS_FreeValue(ctx, sources[--i]);
  js_free(ctx, sources);
  return code ? JS_EXCEPTION : JS_UNDEFINED;
}

/* startTimeout(signal, milliseconds): from 0 to 2^53-1 */
static JSValue abort_start_timeout(JSContext *ctx, JSValueConst this_value,
                                   int argc, JSValueConst *argv)
{
  tenon_p_signal *s = signal_of(ctx, argc, argv);
  double ms;

  (void)this_value;
  if (!s || JS_ToFloat64(ctx, &ms, argv[1])) return JS_EXCEPTION;
  if (tenon_p_timeout_start(ctx, s, ms > 0 ? (uint64_t)ms : 0))
    return JS_EXCEPTION;
  return JS_UNDEFINED;
}

/* refer(signal): what setHeard takes */
static JSValue abort_refer(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  abort_state *a = state_of(ctx);
  tenon_p_weak *w;
  JSValue v;

  (void)this_value;
  if (!signal_of(ctx, argc, argv)) return JS_EXCEPTION;
  w = new_object(ctx, &reference_class, &a->reference_id, sizeof *w, &v);
  if (!w) return JS_EXCEPTION;
  w->type = &reference_class;
  if (tenon_p_weak_set(ctx, w, argv[0]) == 0) return v;
  JS_FreeValue(ctx, v);
  return JS_EXCEPTION;
}

/* setHeard(reference, is_heard): of one that is gone, nothing */
static JSValue abort_set_heard(JSContext *ctx, JSValueConst this_value,
                               int argc, JSValueConst *argv)
{
  const tenon_p_weak *w =
      argc > 1 ? JS_GetOpaque(argv[0], state_of(ctx)->reference_id) : NULL;
  tenon_p_signal *s = w && w->record ? tenon_p_signal_of(ctx, w->target) : NULL;

  (void)this_value;
  if (s) tenon_p_signal_set_heard(s, JS_ToBool(ctx, argv[1]));
  return JS_UNDEFINED;
}

/* onAbort(signal, node, remove): what `node` is to hold; its end is that of the
 * wish to be told */
static JSValue abort_on_abort(JSContext *ctx, JSValueConst this_value, int argc,
                              JSValueConst *argv)
{
  tenon_p_signal *s = signal_of(ctx, argc, argv);
  abort_state *a = state_of(ctx);
  remover *r;
  JSValue v;

  (void)this_value;
  if (!s) return JS_EXCEPTION;
  r = new_object(ctx, &remover_class, &a->remover_id, sizeof *r, &v);
  if (!r) return JS_EXCEPTION;
  r->node = JS_VALUE_GET_PTR(argv[1]);
  r->remove = JS_DupValue(ctx, argv[2]);
  r->listener.fn = on_abort;
  tenon_p_signal_listen(s, &r->listener);
  return v;
}

/* isOver(what onAbort gave): the signal is aborted */
static JSValue abort_is_over(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv)
{
  const remover *r =
      argc > 0 ? JS_GetOpaque(argv[0], state_of(ctx)->remover_id) : NULL;

  (void)this_value;
  return JS_NewBool(ctx, r && !r->listener.signal);
}

const JSCFunctionListEntry tenon_p_abort_natives[] = {
    JS_CFUNC_DEF("isSignal", 1, abort_is_signal),
    JS_CFUNC_DEF("isAborted", 1, abort_is_aborted),
    JS_CFUNC_DEF("refer", 1, abort_refer),
    JS_CFUNC_DEF("setHeard", 2, abort_set_heard),
    JS_CFUNC_DEF("onAbort", 3, abort_on_abort),
    JS_CFUNC_DEF("isOver", 1, abort_is_over),
};
const int tenon_p_abort_native_count = tenon_p_countof(tenon_p_abort_natives);

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("create", 1, abort_create),
    JS_CFUNC_DEF("isSignal", 1, abort_is_signal),
    JS_CFUNC_DEF("isAborted", 1, abort_is_aborted),
    JS_CFUNC_DEF("reason", 1, abort_reason),
    JS_CFUNC_DEF("abort", 2, abort_abort),
    JS_CFUNC_DEF("depend", 2, abort_depend),
    JS_CFUNC_DEF("startTimeout", 2, abort_start_timeout),
};

/* --- Loading ----------------------------------------------------------------- */

typedef struct aborts {
  JSValue builtin; /* what abort.js returned; undefined before it is loaded */
} aborts;

static void aborts_mark(JSRuntime *rt, void *state, JS_MarkFunc *mark)
{
  const aborts *a = state;

  JS_MarkValue(rt, a->builtin, mark);
}

static void aborts_free(tenon_p_realm *r, JSRuntime *rt, void *state)
{
  aborts *a = state;

  JS_FreeValueRT(rt, a->builtin);
  tenon_p_heap_free(&r->engine->heap, a);
}

static const tenon_p_realm_type aborts_type = {
    .name = "abort", .mark = aborts_mark, .free = aborts_free};

static JSValue new_native(JSContext *ctx)
{
  JSValue native = tenon_p_std_native(ctx, natives, tenon_p_countof(natives));
  JSValue event;

  if (JS_IsException(native)) return native;
  event = tenon_p_event_builtin(ctx);
  if (!JS_IsException(event) &&
      JS_DefinePropertyValueStr(ctx, native, "event", event, JS_PROP_C_W_E) >=
          0)
    return native;
  JS_FreeValue(ctx, native);
  return JS_EXCEPTION;
}

/* A part of what abort.js returned. What is there first stands. */
static JSValue get(JSContext *ctx, const char *name)
{
  aborts *a = tenon_p_realm_get(ctx, &aborts_type);
  JSValue builtin;

  if (JS_IsUndefined(a->builtin)) {
    builtin = tenon_p_std_load(ctx, &tenon_p_abort_bytecode, new_native(ctx));
    if (JS_IsException(builtin)) return builtin;
    if (JS_IsUndefined(a->builtin))
      a->builtin = builtin;
    else
      JS_FreeValue(ctx, builtin);
  }
  return JS_GetPropertyStr(ctx, a->builtin, name);
}

static JSValue call(JSContext *ctx, const char *name, int argc,
                    JSValueConst *argv)
{
  JSValue f = get(ctx, name), r;

  if (JS_IsException(f)) return f;
  r = JS_Call(ctx, f, JS_UNDEFINED, argc, argv);
  JS_FreeValue(ctx, f);
  return r;
}

static JSValue fire_abort(JSContext *ctx, JSValueConst object)
{
  return call(ctx, "fireAbort", 1, &object);
}

JSValue tenon_p_timeout_reason(JSContext *ctx)
{
  return call(ctx, "timedOut", 0, NULL);
}

static JSValue make_part(JSContext *ctx, const tenon_p_lazy *lazy)
{
  return get(ctx, lazy->name);
}

int tenon_p_abort_attach(tenon_p_engine *e, const tenon_p_std_options *o)
{
  static const tenon_p_signal_ops ops = {.fire = fire_abort};
  abort_state *a = tenon_p_heap_alloc(&e->heap, sizeof *a);

  (void)o;
  if (!a) return -1;
  if (tenon_p_engine_attach(e, &state_type, a)) {
    tenon_p_heap_free(&e->heap, a);
    return -1;
  }
  return tenon_p_signals_attach(e, &ops) || tenon_p_timeouts_attach(e) ? -1 : 0;
}

int tenon_p_abort_define(tenon_p_realm *r)
{
  static const tenon_p_lazy parts[] = {
      {.name = "AbortController", .make = make_part},
      {.name = "AbortSignal", .make = make_part},
  };
  aborts *a = tenon_p_heap_alloc(&r->engine->heap, sizeof *a);
  size_t i;

  if (!a) return -1;
  a->builtin = JS_UNDEFINED;
  if (tenon_p_realm_attach(r, &aborts_type, a)) {
    tenon_p_heap_free(&r->engine->heap, a);
    return -1;
  }
  for (i = 0; i < tenon_p_countof(parts); i++)
    if (tenon_p_std_lazy(r, &parts[i])) return -1;
  return 0;
}
