/* The class by hand, as one writes it for the engine. */
#include <stdlib.h>

#include "classes.h"
#include "hand.h"

typedef struct pair {
  double x, y;
} pair;

static JSClassID pair_class;

static void pair_finalizer(JSRuntime *rt, JSValueConst v)
{
  js_free_rt(rt, JS_GetOpaque(v, pair_class));
}

static const JSClassDef pair_def = {"Pair", .finalizer = pair_finalizer};

static JSValue pair_new(JSContext *ctx, JSValueConst new_target, int argc,
                        JSValueConst *argv)
{
  pair *p = js_mallocz(ctx, sizeof *p);
  JSValue proto, v;

  (void)argc;
  if (!p) return JS_EXCEPTION;
  if (JS_ToFloat64(ctx, &p->x, argv[0]) || JS_ToFloat64(ctx, &p->y, argv[1]))
    goto fail;
  proto = JS_GetPropertyStr(ctx, new_target, "prototype");
  if (JS_IsException(proto)) goto fail;
  v = JS_NewObjectProtoClass(ctx, proto, pair_class);
  JS_FreeValue(ctx, proto);
  if (JS_IsException(v)) goto fail;
  JS_SetOpaque(v, p);
  return v;
fail:
  js_free(ctx, p);
  return JS_EXCEPTION;
}

HAND(pair_add)
{
  pair *p = JS_GetOpaque2(ctx, this_value, pair_class);
  double n;

  (void)argc;
  if (!p || JS_ToFloat64(ctx, &n, argv[0])) return JS_EXCEPTION;
  p->x += n;
  return JS_NewFloat64(ctx, p->x);
}

HAND(pair_close)
{
  pair *p = JS_GetOpaque2(ctx, this_value, pair_class);

  (void)argc;
  (void)argv;
  if (!p) return JS_EXCEPTION;
  JS_SetOpaque(this_value, NULL);
  js_free(ctx, p);
  return JS_UNDEFINED;
}

static JSValue pair_get(JSContext *ctx, JSValueConst this_value, int magic)
{
  pair *p = JS_GetOpaque2(ctx, this_value, pair_class);

  if (!p) return JS_EXCEPTION;
  return JS_NewFloat64(ctx, magic ? p->y : p->x);
}

static JSValue pair_set(JSContext *ctx, JSValueConst this_value,
                        JSValueConst value, int magic)
{
  pair *p = JS_GetOpaque2(ctx, this_value, pair_class);
  double d;

  if (!p || JS_ToFloat64(ctx, &d, value)) return JS_EXCEPTION;
  *(magic ? &p->y : &p->x) = d;
  return JS_UNDEFINED;
}

/* --- Iteration ------------------------------------------------------------ */

typedef struct pair_cursor {
  JSValue pair;
  int at;
} pair_cursor;

static JSClassID cursor_class;

static void cursor_finalizer(JSRuntime *rt, JSValueConst v)
{
  pair_cursor *c = JS_GetOpaque(v, cursor_class);

  if (c) JS_FreeValueRT(rt, c->pair);
  js_free_rt(rt, c);
}

static void cursor_mark(JSRuntime *rt, JSValueConst v, JS_MarkFunc *mark)
{
  pair_cursor *c = JS_GetOpaque(v, cursor_class);

  if (c) JS_MarkValue(rt, c->pair, mark);
}

static const JSClassDef cursor_def = {
    "Pair Iterator", .finalizer = cursor_finalizer, .gc_mark = cursor_mark};

HAND(pair_iterator)
{
  pair_cursor *c = js_mallocz(ctx, sizeof *c);
  JSValue v;

  (void)argc;
  (void)argv;
  if (!c) return JS_EXCEPTION;
  v = JS_NewObjectClass(ctx, cursor_class);
  if (JS_IsException(v)) {
    js_free(ctx, c);
    return v;
  }
  c->pair = JS_DupValue(ctx, this_value);
  JS_SetOpaque(v, c);
  return v;
}

static JSValue pair_next(JSContext *ctx, JSValueConst this_value, int argc,
                         JSValueConst *argv, int *done, int magic)
{
  pair_cursor *c = JS_GetOpaque2(ctx, this_value, cursor_class);
  pair *p = c ? JS_GetOpaque2(ctx, c->pair, pair_class) : NULL;

  (void)argc;
  (void)argv;
  (void)magic;
  *done = 0;
  if (!p) return JS_EXCEPTION;
  if (c->at < p->y) return JS_NewFloat64(ctx, p->x + c->at++);
  *done = 1;
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry pair_members[] = {
    JS_CFUNC_DEF("add", 1, pair_add),
    JS_CFUNC_DEF("close", 0, pair_close),
    JS_CGETSET_MAGIC_DEF("x", pair_get, pair_set, 0),
    JS_CGETSET_MAGIC_DEF("y", pair_get, pair_set, 1),
    JS_CGETSET_MAGIC_DEF("size", pair_get, pair_set, 0),
    JS_CFUNC_DEF("[Symbol.iterator]", 0, pair_iterator),
};

static const JSCFunctionListEntry cursor_members[] = {
    JS_ITERATOR_NEXT_DEF("next", 0, pair_next, 0),
};

JSValue bench_hand_class(JSContext *ctx)
{
  JSRuntime *rt = JS_GetRuntime(ctx);
  JSValue proto = JS_NewObject(ctx), constructor;

  if (!JS_IsRegisteredClass(rt, JS_NewClassID(rt, &pair_class)) &&
      JS_NewClass(rt, pair_class, &pair_def))
    abort();
  if (!JS_IsRegisteredClass(rt, JS_NewClassID(rt, &cursor_class)) &&
      JS_NewClass(rt, cursor_class, &cursor_def))
    abort();
  JS_SetPropertyFunctionList(ctx, proto, pair_members,
                             sizeof pair_members / sizeof *pair_members);
  constructor =
      JS_NewCFunction2(ctx, pair_new, "Pair", 2, JS_CFUNC_constructor, 0);
  JS_SetConstructor(ctx, constructor, proto);
  JS_SetClassProto(ctx, pair_class, proto);
  proto = JS_NewObject(ctx);
  JS_SetPropertyFunctionList(ctx, proto, cursor_members, 1);
  JS_SetClassProto(ctx, cursor_class, proto);
  return constructor;
}
