/*
 * The native part of event.js, and the engine's reporter: a program is asked by
 * events about what it did not catch.
 *
 * Each realm has its own, and is asked about what comes from it. The handlers
 * of the global object (onerror and its like) are kept here, so
 * that they can be set before the JavaScript is loaded. It is loaded when one
 * of its globals is looked at, or when there is an event for a handler; as long
 * as neither happens, the reporter says that nothing is handled.
 */
#include <string.h>
#include <tenon/error.h>

#include "engine/extension.h"
#include "std/std.h"

enum { ON_ERROR, ON_REJECTION, ON_LATE_HANDLER, HANDLER_COUNT };

static const struct kind {
  const char *type, *fire; /* of the event; in what event.js returns */
} kinds[HANDLER_COUNT] = {
    [ON_ERROR] = {"error", "onError"},
    [ON_REJECTION] = {"unhandledrejection", "onRejection"},
    [ON_LATE_HANDLER] = {"rejectionhandled", "onLateHandler"},
};

typedef struct events {
  JSValue builtin; /* what event.js returned; undefined before it is loaded */
  JSValue handlers[HANDLER_COUNT]; /* null or an object */
  bool is_reporting; /* an error is reported: others are not, meanwhile */
} events;

static void events_mark(JSRuntime *rt, void *state, JS_MarkFunc *mark)
{
  const events *v = state;
  int i;

  JS_MarkValue(rt, v->builtin, mark);
  for (i = 0; i < HANDLER_COUNT; i++)
    JS_MarkValue(rt, v->handlers[i], mark);
}

static void events_free(tenon_p_realm *r, JSRuntime *rt, void *state)
{
  events *v = state;
  int i;

  JS_FreeValueRT(rt, v->builtin);
  for (i = 0; i < HANDLER_COUNT; i++)
    JS_FreeValueRT(rt, v->handlers[i]);
  tenon_p_heap_free(&r->engine->heap, v);
}

static const tenon_p_realm_type events_type = {
    .name = "event", .mark = events_mark, .free = events_free};

/* NULL in a realm without events. */
static events *events_of(JSContext *ctx)
{
  return tenon_p_realm_get(ctx, &events_type);
}

/* --- For event.js ----------------------------------------------------------- */

/* report(error): as one that nobody caught */
static JSValue event_report(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  (void)this_value;
  tenon_p_realm_add_uncaught(ctx, argc > 0 ? JS_DupValue(ctx, argv[0])
                                           : JS_UNDEFINED);
  return JS_UNDEFINED;
}

/* handler(type): of the global object; null when there is none */
static JSValue event_handler(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv)
{
  const events *v = events_of(ctx);
  const char *type;
  int i;

  (void)this_value;
  if (argc < 1 || !JS_IsString(argv[0])) return JS_NULL;
  type = JS_ToCString(ctx, argv[0]);
  if (!type) return JS_EXCEPTION;
  for (i = 0; i < HANDLER_COUNT; i++)
    if (strcmp(type, kinds[i].type) == 0) break;
  JS_FreeCString(ctx, type);
  return i == HANDLER_COUNT ? JS_NULL : JS_DupValue(ctx, v->handlers[i]);
}

static JSValue event_now(JSContext *ctx, JSValueConst this_value, int argc,
                         JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  (void)argv;
  return JS_NewFloat64(ctx, tenon_p_now_ms(ctx));
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("report", 1, event_report),
    JS_CFUNC_DEF("handler", 1, event_handler),
    JS_CFUNC_DEF("now", 0, event_now),
};

/* --- Loading ---------------------------------------------------------------- */

/* 0, or -1 with an exception. Getters that the program gave the global object
 * may come here while it loads: what is there first stands. */
static int load(JSContext *ctx, events *v)
{
  JSValue builtin, native;

  if (!JS_IsUndefined(v->builtin)) return 0;
  native = tenon_p_std_native(ctx, natives, tenon_p_countof(natives));
  if (!JS_IsException(native) &&
      JS_SetPropertyFunctionList(ctx, native, tenon_p_abort_natives,
                                 tenon_p_abort_native_count)) {
    JS_FreeValue(ctx, native);
    native = JS_EXCEPTION;
  }
  builtin = tenon_p_std_load(ctx, &tenon_p_event_bytecode, native);
  if (JS_IsException(builtin)) return -1;
  if (JS_IsUndefined(v->builtin))
    v->builtin = builtin;
  else
    JS_FreeValue(ctx, builtin);
  return 0;
}

JSValue tenon_p_event_get(JSContext *ctx, const char *name)
{
  events *v = events_of(ctx);

  if (!v) return JS_ThrowTypeError(ctx, "this realm has no events");
  if (load(ctx, v)) return JS_EXCEPTION;
  return JS_GetPropertyStr(ctx, v->builtin, name);
}

JSValue tenon_p_event_builtin(JSContext *ctx)
{
  events *v = events_of(ctx);

  return load(ctx, v) ? JS_EXCEPTION : JS_DupValue(ctx, v->builtin);
}

static JSValue make_part(JSContext *ctx, const tenon_p_lazy *lazy)
{
  return tenon_p_event_get(ctx, lazy->name);
}

/* Calls a function of event.js, which is loaded. */
static JSValue call(JSContext *ctx, const char *name, int argc,
                    JSValueConst *argv)
{
  JSValue f = tenon_p_event_get(ctx, name), r;

  if (JS_IsException(f)) return f;
  r = JS_Call(ctx, f, JS_UNDEFINED, argc, argv);
  JS_FreeValue(ctx, f);
  return r;
}

/* --- The reporter ------------------------------------------------------------ */

/* Nobody can listen for an event of this kind. */
static bool is_silent(const events *v, int kind)
{
  return !v || (JS_IsUndefined(v->builtin) && JS_IsNull(v->handlers[kind]));
}

static bool is_handled_error(JSContext *ctx, JSValueConst error)
{
  events *v = events_of(ctx);
  JSValue r;

  if (is_silent(v, ON_ERROR) || v->is_reporting) return false;
  v->is_reporting = true;
  r = call(ctx, kinds[ON_ERROR].fire, 1, &error);
  v->is_reporting = false;
  /* Where there is no memory for an event the error says enough. */
  if (JS_IsException(r)) JS_FreeValue(ctx, JS_GetException(ctx));
  return JS_VALUE_GET_TAG(r) == JS_TAG_BOOL && JS_VALUE_GET_BOOL(r);
}

static bool is_handled_rejection(JSContext *ctx, JSValueConst promise,
                                 JSValueConst reason)
{
  JSValueConst argv[] = {promise, reason};
  JSValue r;

  if (is_silent(events_of(ctx), ON_REJECTION)) return false;
  r = call(ctx, kinds[ON_REJECTION].fire, 2, argv);
  if (JS_IsException(r)) JS_FreeValue(ctx, JS_GetException(ctx));
  return JS_VALUE_GET_TAG(r) == JS_TAG_BOOL && JS_VALUE_GET_BOOL(r);
}

static void on_late_handler(JSContext *ctx, JSValueConst promise,
                            JSValueConst reason)
{
  JSValueConst argv[] = {promise, reason};
  JSValue r;

  if (is_silent(events_of(ctx), ON_LATE_HANDLER)) return;
  r = call(ctx, kinds[ON_LATE_HANDLER].fire, 2, argv);
  if (JS_IsException(r)) tenon_p_realm_take_exception(ctx);
  JS_FreeValue(ctx, r);
}

static const tenon_p_reporter reporter = {
    .is_handled_error = is_handled_error,
    .is_handled_rejection = is_handled_rejection,
    .on_late_handler = on_late_handler,
};

/* --- The handlers of the global object ---------------------------------------- */

/* Called on the global object, or on nothing? Throws when not. */
static bool is_global(JSContext *ctx, JSValueConst this_value)
{
  JSValue global;
  bool is;

  if (JS_IsUndefined(this_value) || JS_IsNull(this_value)) return true;
  global = JS_GetGlobalObject(ctx);
  is = JS_IsObject(this_value) &&
       JS_VALUE_GET_PTR(this_value) == JS_VALUE_GET_PTR(global);
  JS_FreeValue(ctx, global);
  if (!is)
    JS_ThrowTypeError(ctx, "Illegal invocation: expected the global object");
  return is;
}

static JSValue get_handler(JSContext *ctx, JSValueConst this_value, int kind)
{
  if (!is_global(ctx, this_value)) return JS_EXCEPTION;
  return JS_DupValue(ctx, events_of(ctx)->handlers[kind]);
}

/* A handler has its place among the listeners from when there is one. */
static int move_handler(JSContext *ctx, int kind, bool is_there)
{
  JSValue argv[2] = {JS_NewString(ctx, kinds[kind].type),
                     JS_NewBool(ctx, is_there)};
  JSValue r = JS_EXCEPTION;

  if (!JS_IsException(argv[0]))
    r = call(ctx, "setHandler", 2, (JSValueConst *)argv);
  JS_FreeValue(ctx, argv[0]);
  JS_FreeValue(ctx, r);
  return JS_IsException(r) ? -1 : 0;
}

static JSValue set_handler(JSContext *ctx, JSValueConst this_value,
                           JSValueConst value, int kind)
{
  events *v = events_of(ctx);
  bool is_there = JS_IsObject(value);
  JSValue old;

  if (!is_global(ctx, this_value)) return JS_EXCEPTION;
  if (!JS_IsUndefined(v->builtin) && is_there == JS_IsNull(v->handlers[kind]) &&
      move_handler(ctx, kind, is_there))
    return JS_EXCEPTION;
  old = v->handlers[kind];
  v->handlers[kind] = is_there ? JS_DupValue(ctx, value) : JS_NULL;
  JS_FreeValue(ctx, old);
  return JS_UNDEFINED;
}

#define HANDLER_FLAGS (JS_PROP_CONFIGURABLE | JS_PROP_ENUMERABLE)

static const JSCFunctionListEntry handlers[] = {
    JS_CGETSET_MAGIC_DEF2("onerror", get_handler, set_handler, ON_ERROR,
                          HANDLER_FLAGS),
    JS_CGETSET_MAGIC_DEF2("onunhandledrejection", get_handler, set_handler,
                          ON_REJECTION, HANDLER_FLAGS),
    JS_CGETSET_MAGIC_DEF2("onrejectionhandled", get_handler, set_handler,
                          ON_LATE_HANDLER, HANDLER_FLAGS),
};

/* --- The globals ------------------------------------------------------------- */

/* As the web has them, only its functions are enumerable. */
static const struct part {
  tenon_p_lazy lazy;
  bool is_class;
} parts[] = {
    {{.name = "Event", .make = make_part}, true},
    {{.name = "CustomEvent", .make = make_part}, true},
    {{.name = "ErrorEvent", .make = make_part}, true},
    {{.name = "EventTarget", .make = make_part}, true},
    {{.name = "PromiseRejectionEvent", .make = make_part}, true},
    {{.name = "addEventListener", .make = make_part}, false},
    {{.name = "dispatchEvent", .make = make_part}, false},
    {{.name = "removeEventListener", .make = make_part}, false},
    {{.name = "reportError", .make = make_part}, false},
};

static int define_globals(JSContext *ctx)
{
  JSValue global = JS_GetGlobalObject(ctx);
  int r = JS_SetPropertyFunctionList(ctx, global, handlers,
                                     tenon_p_countof(handlers));
  size_t i;

  for (i = 0; r == 0 && i < tenon_p_countof(parts); i++)
    r = tenon_p_define_lazy(ctx, global, &parts[i].lazy,
                            parts[i].is_class
                                ? JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE
                                : JS_PROP_C_W_E);
  JS_FreeValue(ctx, global);
  return r;
}

static void no_reporter(tenon_p_engine *e, void *state)
{
  (void)state;
  e->reporter = NULL;
}

int tenon_p_event_attach(tenon_p_engine *e, const tenon_p_std_options *o)
{
  static const tenon_p_state_type type = {.name = "reporter",
                                          .release = no_reporter};

  (void)o;
  if (tenon_p_engine_attach(e, &type, NULL)) return -1;
  e->reporter = &reporter;
  return 0;
}

int tenon_p_event_define(tenon_p_realm *r)
{
  events *v = tenon_p_heap_alloc(&r->engine->heap, sizeof *v);
  int i;

  if (!v) return -1;
  v->builtin = JS_UNDEFINED;
  for (i = 0; i < HANDLER_COUNT; i++)
    v->handlers[i] = JS_NULL;
  if (tenon_p_realm_attach(r, &events_type, v)) {
    tenon_p_heap_free(&r->engine->heap, v);
    return -1;
  }
  return define_globals(r->ctx);
}
