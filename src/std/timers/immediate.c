/*
 * setImmediate and clearImmediate, as node has them: a call that is made once
 * the loop has looked for events (loop/check.h).
 *
 * What setImmediate returns is an object of the class Immediate, whose opaque is
 * the immediate. Until it has had its turn, or is cleared, it is held from here,
 * and holds the function; afterwards it is held by the program alone.
 */
#include "loop/loop.h"
#include "std/std.h"

typedef struct immediates {
  tenon_p_engine *engine;
  tenon_p_loop *loop;
  tenon_p_list open;  /* of immediate.link */
  JSClassID class_id; /* 0: not registered yet */
  JSClassID class_number;
} immediates;

typedef struct immediate {
  tenon_p_check check;
  tenon_p_operation operation;
  tenon_p_list link;
  immediates *owner;
  JSContext *ctx; /* counted; NULL: it is not open, and has no values */
  JSValue object, function;
  int argc;
  JSValue argv[];
} immediate;

static void immediates_close(tenon_p_engine *e, void *state);
static void immediates_free(tenon_p_engine *e, void *state);
static void immediates_close_realm(tenon_p_engine *e, void *state,
                                   tenon_p_realm *r);

static const tenon_p_state_type immediates_type = {.name = "immediates",
                                                   .close = immediates_close,
                                                   .free = immediates_free,
                                                   .close_realm =
                                                       immediates_close_realm};

static const tenon_p_operation_kind immediate_kind = {
    .one = "immediate", .many = "immediates", .is_handle = true};

static immediates *immediates_of(JSContext *ctx)
{
  return tenon_p_engine_get(tenon_p_engine_of(ctx), &immediates_type);
}

/* --- Life --------------------------------------------------------------------- */

/* The object is let go of last: it may be freed with it. */
static void end(immediate *m)
{
  JSContext *ctx = m->ctx;
  JSValue object = m->object;
  int i;

  if (!ctx) return;
  m->ctx = NULL;
  tenon_p_check_end(m->owner->loop, &m->check);
  tenon_p_operation_end(&m->operation);
  tenon_p_list_remove(&m->link);
  JS_FreeValue(ctx, m->function);
  for (i = 0; i < m->argc; i++)
    JS_FreeValue(ctx, m->argv[i]);
  JS_FreeValue(ctx, object);
  JS_FreeContext(ctx);
}

static void finalize(JSRuntime *rt, JSValueConst v)
{
  JSClassID id;
  immediate *m = JS_GetAnyOpaque(v, &id);

  (void)rt;
  if (m) tenon_p_heap_free(&m->owner->engine->heap, m);
}

/* Of one realm; NULL: all. */
static void end_all(immediates *all, JSContext *ctx)
{
  tenon_p_list *at = all->open.next, *next;

  for (; at != &all->open; at = next) {
    immediate *m = tenon_p_container(at, immediate, link);
    next = at->next;
    if (!ctx || m->ctx == ctx) end(m);
  }
}

static void immediates_close(tenon_p_engine *e, void *state)
{
  (void)e;
  end_all(state, NULL);
}

static void immediates_free(tenon_p_engine *e, void *state)
{
  tenon_p_heap_free(&e->heap, state);
}

static void immediates_close_realm(tenon_p_engine *e, void *state,
                                   tenon_p_realm *r)
{
  (void)e;
  end_all(state, r->ctx);
}

/* Its values are taken: the function may clear it, or close the realm. */
static void fire(tenon_p_loop *l, tenon_p_ready *r)
{
  immediate *m = tenon_p_container(r, immediate, check.ready);
  JSContext *ctx = JS_DupContext(m->ctx);
  JSValue object = JS_DupValue(ctx, m->object);
  JSValue function = m->function, result;
  int argc = m->argc, i;

  m->function = JS_UNDEFINED;
  m->argc = 0;
  end(m);
  result = JS_Call(ctx, function, object, argc, (JSValueConst *)m->argv);
  if (JS_IsException(result)) {
    tenon_p_realm_take_exception(ctx);
    tenon_p_tick_put_off(l->engine);
  }
  JS_FreeValue(ctx, result);
  for (i = 0; i < argc; i++)
    JS_FreeValue(ctx, m->argv[i]);
  JS_FreeValue(ctx, function);
  JS_FreeValue(ctx, object);
  JS_FreeContext(ctx);
}

/* --- The class ------------------------------------------------------------------ */

static immediate *immediate_of(JSContext *ctx, JSValueConst v)
{
  const immediates *all = immediates_of(ctx);

  return all->class_id ? JS_GetOpaque(v, all->class_id) : NULL;
}

enum { REF, UNREF, HAS_REF, DISPOSE };

static JSValue method(JSContext *ctx, JSValueConst this_value, int argc,
                      JSValueConst *argv, int magic)
{
  static const char *const names[] = {"ref", "unref", "hasRef",
                                      "[Symbol.dispose]"};
  immediate *m = immediate_of(ctx, this_value);

  (void)argc;
  (void)argv;
  if (!m)
    return JS_ThrowTypeError(ctx, "Immediate.%s: 'this': expected Immediate",
                             names[magic]);
  switch (magic) {
  case HAS_REF: return JS_NewBool(ctx, m->ctx && m->check.holds);
  case DISPOSE: end(m); return JS_UNDEFINED;
  default:
    if (m->ctx) tenon_p_check_hold(m->owner->loop, &m->check, magic == REF);
    return JS_DupValue(ctx, this_value);
  }
}

static const JSCFunctionListEntry methods[] = {
    JS_CFUNC_MAGIC_DEF("ref", 0, method, REF),
    JS_CFUNC_MAGIC_DEF("unref", 0, method, UNREF),
    JS_CFUNC_MAGIC_DEF("hasRef", 0, method, HAS_REF),
    JS_CFUNC_MAGIC_DEF("[Symbol.dispose]", 0, method, DISPOSE),
    JS_PROP_STRING_DEF("[Symbol.toStringTag]", "Immediate",
                       JS_PROP_CONFIGURABLE),
};

static JSValue construct(JSContext *ctx, JSValueConst this_value, int argc,
                         JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  (void)argv;
  return JS_ThrowTypeError(ctx, "Immediate: setImmediate makes them");
}

/* For inspection, which shows the name of the constructor. 0, or -1. */
static int make_prototype(JSContext *ctx, JSClassID id)
{
  JSValue proto = JS_NewObject(ctx), constructor;

  if (JS_IsException(proto)) return -1;
  constructor =
      JS_NewCFunction2(ctx, construct, "Immediate", 0, JS_CFUNC_generic, 0);
  if (JS_IsException(constructor) ||
      JS_SetPropertyFunctionList(ctx, proto, methods,
                                 tenon_p_countof(methods)) ||
      JS_DefinePropertyValueStr(ctx, proto, "constructor", constructor,
                                JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) < 0) {
    JS_FreeValue(ctx, proto);
    return -1;
  }
  JS_SetClassProto(ctx, id, proto);
  return 0;
}

/* The class in this realm: 0, or -1 with an exception. */
static int prepare(JSContext *ctx, immediates *all)
{
  static const JSClassDef def = {.class_name = "Immediate",
                                 .finalizer = finalize};
  JSRuntime *rt = JS_GetRuntime(ctx);
  JSClassID number = all->class_number;
  JSValue proto;

  if (!all->class_id) {
    number = JS_NewClassID(rt, &all->class_number);
    if (JS_NewClass(rt, number, &def)) {
      JS_ThrowOutOfMemory(ctx);
      return -1;
    }
    all->class_id = number;
  }
  proto = JS_GetClassProto(ctx, all->class_id);
  if (JS_IsObject(proto)) {
    JS_FreeValue(ctx, proto);
    return 0;
  }
  return make_prototype(ctx, all->class_id);
}

/* One that is not open, in an object of its own; NULL with an exception. */
static immediate *new_immediate(JSContext *ctx, immediates *all, int argc)
{
  size_t size = sizeof(immediate) + (size_t)argc * sizeof(JSValue);
  immediate *m = NULL;
  JSValue object;

  if (prepare(ctx, all)) return NULL;
  object = JS_NewObjectClass(ctx, (int)all->class_id);
  if (JS_IsException(object)) return NULL;
  if (tenon_p_engine_admits(all->engine, size))
    m = tenon_p_heap_alloc(&all->engine->heap, size);
  if (!m) {
    JS_FreeValue(ctx, object);
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  m->owner = all;
  m->object = object;
  tenon_p_operation_init(&m->operation);
  tenon_p_list_init(&m->link);
  JS_SetOpaque(object, m);
  return m;
}

/* --- The functions ----------------------------------------------------------------- */

/* More would be a mistake, as for timers. */
#define MOST_ARGUMENTS 1024

static JSValue set_immediate(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv)
{
  immediates *all = immediates_of(ctx);
  immediate *m;
  int extra = argc - 1, i;

  (void)this_value;
  if (argc < 1 || !JS_IsFunction(ctx, argv[0]))
    return JS_ThrowTypeError(
        ctx, "setImmediate: argument 1 'callback': expected function");
  if (extra > MOST_ARGUMENTS)
    return JS_ThrowRangeError(ctx, "setImmediate: more than %d arguments",
                              MOST_ARGUMENTS);
  if (tenon_p_operation_admit(ctx, &immediate_kind, "setImmediate"))
    return JS_EXCEPTION;
  m = new_immediate(ctx, all, extra);
  if (!m) return JS_EXCEPTION;
  /* Nobody waits for a realm that was freed. */
  if (tenon_p_realm_of(ctx)->is_closed) return m->object;
  m->ctx = JS_DupContext(ctx);
  m->function = JS_DupValue(ctx, argv[0]);
  m->argc = extra;
  for (i = 0; i < extra; i++)
    m->argv[i] = JS_DupValue(ctx, argv[i + 1]);
  tenon_p_operation_begin(all->loop, &m->operation, &immediate_kind);
  tenon_p_list_append(&all->open, &m->link);
  tenon_p_check_add(all->loop, &m->check, fire);
  return JS_DupValue(ctx, m->object);
}

static JSValue clear_immediate(JSContext *ctx, JSValueConst this_value,
                               int argc, JSValueConst *argv)
{
  immediate *m = argc < 1 ? NULL : immediate_of(ctx, argv[0]);

  (void)this_value;
  if (m) end(m);
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("setImmediate", 1, set_immediate),
    JS_CFUNC_DEF("clearImmediate", 1, clear_immediate),
};

int tenon_p_immediate_functions(JSContext *ctx, JSValueConst object)
{
  return JS_SetPropertyFunctionList(ctx, object, functions,
                                    tenon_p_countof(functions));
}

int tenon_p_immediate_attach(tenon_p_engine *e, const tenon_p_std_options *o)
{
  immediates *all = tenon_p_heap_alloc(&e->heap, sizeof *all);

  (void)o;
  if (!all) return -1;
  all->engine = e;
  all->loop = tenon_p_loop_of(e);
  tenon_p_list_init(&all->open);
  if (tenon_p_engine_attach(e, &immediates_type, all) == 0) return 0;
  tenon_p_heap_free(&e->heap, all);
  return -1;
}

int tenon_p_immediate_define(tenon_p_realm *r)
{
  JSValue global = JS_GetGlobalObject(r->ctx);
  int code = tenon_p_immediate_functions(r->ctx, global);

  JS_FreeValue(r->ctx, global);
  return code;
}
