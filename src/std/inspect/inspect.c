/* The native part of inspect.js: looking without touching. */
#include "std/inspect/inspect.h"

#include "bind/shown.h"
#include "engine/extension.h"
#include "engine/look.h"
#include "std/inspect/width.h"
#include "std/std.h"

/* --- What inspect.js sees --------------------------------------------------- */

/* list(): an array that the program has no part in */
static JSValue inspect_list(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  (void)argv;
  return tenon_p_look_list(ctx);
}

/* classOf(object): the name of its internal class */
static JSValue inspect_class_of(JSContext *ctx, JSValueConst this_value,
                                int argc, JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  return tenon_p_look_class(ctx, argv[0]);
}

/* 1 and the property, 0 when there is none or behind a Proxy, or -1. */
static int get_own(JSContext *ctx, JSPropertyDescriptor *d, JSValueConst v,
                   JSAtom key)
{
  return JS_IsProxy(v) ? 0 : JS_GetOwnProperty(ctx, d, v, key);
}

static void free_property(JSContext *ctx, JSPropertyDescriptor *d)
{
  JS_FreeValue(ctx, d->value);
  JS_FreeValue(ctx, d->getter);
  JS_FreeValue(ctx, d->setter);
}

/* The value of a data property, undefined of others; the rest is freed. */
static JSValue take_value(JSContext *ctx, JSPropertyDescriptor *d)
{
  JS_FreeValue(ctx, d->getter);
  JS_FreeValue(ctx, d->setter);
  return d->flags & JS_PROP_GETSET ? JS_UNDEFINED : d->value;
}

/* Consumes the property's values. */
static JSValue new_property(JSContext *ctx, JSPropertyDescriptor *d)
{
  JSValue o = JS_NewObjectProto(ctx, JS_NULL);
  bool is_data = !(d->flags & JS_PROP_GETSET);
  int r = -1;

  if (JS_IsException(o)) {
    free_property(ctx, d);
    return o;
  }
  if (is_data) {
    r = JS_DefinePropertyValueStr(ctx, o, "value", d->value, JS_PROP_C_W_E);
  } else {
    r = JS_DefinePropertyValueStr(ctx, o, "get", d->getter, JS_PROP_C_W_E);
    if (r < 0)
      JS_FreeValue(ctx, d->setter);
    else
      r = JS_DefinePropertyValueStr(ctx, o, "set", d->setter, JS_PROP_C_W_E);
  }
  if (r >= 0)
    r = JS_DefinePropertyValueStr(ctx, o, "flags",
                                  JS_NewInt32(ctx, d->flags & JS_PROP_C_W_E),
                                  JS_PROP_C_W_E);
  if (r >= 0) return o;
  JS_FreeValue(ctx, o);
  return JS_EXCEPTION;
}

static JSValue look_at_own(JSContext *ctx, JSValueConst *argv,
                           JSValue (*take)(JSContext *, JSPropertyDescriptor *))
{
  JSPropertyDescriptor d;
  JSAtom key;
  int r;

  if (!JS_IsObject(argv[0])) return JS_UNDEFINED;
  key = JS_ValueToAtom(ctx, argv[1]);
  if (key == JS_ATOM_NULL) return JS_EXCEPTION;
  r = get_own(ctx, &d, argv[0], key);
  JS_FreeAtom(ctx, key);
  if (r <= 0) return r ? JS_EXCEPTION : JS_UNDEFINED;
  return take(ctx, &d);
}

/* own(object, key): { value, flags } or { get, set, flags }, or undefined;
 * flags are 1 configurable, 2 writable, 4 enumerable */
static JSValue inspect_own(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  return look_at_own(ctx, argv, new_property);
}

/* valueOf(object, key): the value of an own data property, or undefined */
static JSValue inspect_value_of(JSContext *ctx, JSValueConst this_value,
                                int argc, JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  return look_at_own(ctx, argv, take_value);
}

/* look(object, key): the value of a data property, of its own or inherited but
 * not behind a Proxy; undefined for others */
static JSValue inspect_look(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  JSValue at = JS_UNDEFINED, next;
  JSPropertyDescriptor d;
  JSAtom key;
  int r = 0;

  (void)this_value;
  (void)argc;
  if (!JS_IsObject(argv[0])) return JS_UNDEFINED;
  key = JS_ValueToAtom(ctx, argv[1]);
  if (key == JS_ATOM_NULL) return JS_EXCEPTION;
  for (at = JS_DupValue(ctx, argv[0]); JS_IsObject(at) && !JS_IsProxy(at);) {
    r = get_own(ctx, &d, at, key);
    if (r) break;
    next = JS_GetPrototype(ctx, at);
    JS_FreeValue(ctx, at);
    at = next;
  }
  JS_FreeValue(ctx, at);
  JS_FreeAtom(ctx, key);
  if (r < 0 || JS_IsException(at)) return JS_EXCEPTION;
  if (r == 0) return JS_UNDEFINED;
  return take_value(ctx, &d);
}

/* protoOf(object): its prototype; null for a Proxy */
static JSValue inspect_proto_of(JSContext *ctx, JSValueConst this_value,
                                int argc, JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  if (!JS_IsObject(argv[0]) || JS_IsProxy(argv[0])) return JS_NULL;
  return JS_GetPrototype(ctx, argv[0]);
}

/* keys(object, all, skipsElements) */
static JSValue inspect_keys(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  (void)this_value;
  return tenon_p_look_keys(ctx, argv[0], argc > 1 && JS_ToBool(ctx, argv[1]),
                           argc > 2 && JS_ToBool(ctx, argv[2]));
}

/* entries(object, limit) */
static JSValue inspect_entries(JSContext *ctx, JSValueConst this_value,
                               int argc, JSValueConst *argv)
{
  double limit = UINT32_MAX;

  (void)this_value;
  if (argc > 1 && JS_ToFloat64(ctx, &limit, argv[1])) return JS_EXCEPTION;
  return tenon_p_look_entries(ctx, argv[0],
                              limit >= UINT32_MAX ? UINT32_MAX
                              : limit > 0         ? (uint32_t)limit
                                                  : 0);
}

/* proxy(object): [target, handler] of a Proxy, null when it was revoked;
 * undefined for another object */
static JSValue inspect_proxy(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv)
{
  JSValue list, v;

  (void)this_value;
  (void)argc;
  if (!JS_IsProxy(argv[0])) return JS_UNDEFINED;
  v = JS_GetProxyTarget(ctx, argv[0]);
  if (JS_IsException(v)) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    return JS_NULL;
  }
  if (!JS_IsObject(v)) {
    JS_FreeValue(ctx, v);
    return JS_NULL;
  }
  list = tenon_p_look_list(ctx);
  if (JS_IsException(list)) {
    JS_FreeValue(ctx, v);
    return list;
  }
  if (JS_DefinePropertyValueUint32(ctx, list, 0, v, JS_PROP_C_W_E) < 0)
    goto fail;
  v = JS_GetProxyHandler(ctx, argv[0]);
  if (JS_IsException(v) ||
      JS_DefinePropertyValueUint32(ctx, list, 1, v, JS_PROP_C_W_E) < 0)
    goto fail;
  return list;
fail:
  JS_FreeValue(ctx, list);
  return JS_EXCEPTION;
}

/* members(object): of an instance of a native class, the names of those of its
 * members that are shown, behind its state: 0, 1 disposed of, 2 in use */
static JSValue inspect_members(JSContext *ctx, JSValueConst this_value,
                               int argc, JSValueConst *argv)
{
  int state = tenon_p_shown_state(ctx, argv[0]);
  uint32_t i, count;
  JSValue list, v;

  (void)this_value;
  (void)argc;
  if (state < 0) return JS_UNDEFINED;
  list = tenon_p_look_list(ctx);
  if (JS_IsException(list)) return list;
  count = state ? 0 : tenon_p_shown_count(ctx, argv[0]);
  for (i = 0; i <= count; i++) {
    v = i ? JS_NewString(ctx, tenon_p_shown_name(ctx, argv[0], i - 1))
          : JS_NewInt32(ctx, state);
    if (JS_IsException(v) ||
        JS_DefinePropertyValueUint32(ctx, list, i, v, JS_PROP_C_W_E) < 0) {
      JS_FreeValue(ctx, list);
      return JS_EXCEPTION;
    }
  }
  return list;
}

/* member(object, i): the value of one of them, or what it throws */
static JSValue inspect_member(JSContext *ctx, JSValueConst this_value, int argc,
                              JSValueConst *argv)
{
  uint32_t i;

  (void)this_value;
  (void)argc;
  if (tenon_p_shown_state(ctx, argv[0]) < 0) return JS_UNDEFINED;
  if (JS_ToUint32(ctx, &i, argv[1])) return JS_EXCEPTION;
  return tenon_p_shown_value(ctx, argv[0], i);
}

/* promiseState(p): 0 pending, 1 fulfilled, 2 rejected */
static JSValue inspect_promise_state(JSContext *ctx, JSValueConst this_value,
                                     int argc, JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  return JS_NewInt32(ctx, (int)JS_PromiseState(ctx, argv[0]));
}

static JSValue inspect_promise_result(JSContext *ctx, JSValueConst this_value,
                                      int argc, JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  return JS_PromiseResult(ctx, argv[0]);
}

/* width(text, hasColor): columns on a terminal, without what sets colours */
static JSValue inspect_width(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv)
{
  size_t len;
  const char *s;
  JSValue v;

  (void)this_value;
  s = JS_ToCStringLen(ctx, &len, argv[0]);
  if (!s) return JS_EXCEPTION;
  v = JS_NewInt64(
      ctx, (int64_t)tenon_p_width(s, len, argc > 1 && JS_ToBool(ctx, argv[1])));
  JS_FreeCString(ctx, s);
  return v;
}

/* isClean(text): nothing in it is escaped between quotes */
static JSValue inspect_is_clean(JSContext *ctx, JSValueConst this_value,
                                int argc, JSValueConst *argv)
{
  size_t len, i;
  const char *s = JS_ToCStringLen(ctx, &len, argv[0]);

  (void)this_value;
  (void)argc;
  if (!s) return JS_EXCEPTION;
  /* 0xc2 begins the controls from 0x80 on, 0xed the surrogates, and more. */
  for (i = 0; i < len; i++)
    if ((uint8_t)s[i] < 0x20 || s[i] == '\'' || s[i] == '\\' ||
        (uint8_t)s[i] == 0x7f || (uint8_t)s[i] == 0xc2 || (uint8_t)s[i] == 0xed)
      break;
  JS_FreeCString(ctx, s);
  return JS_NewBool(ctx, i == len);
}

/* isIdentifier(text): is it one of ASCII letters, digits and _? */
static JSValue inspect_is_identifier(JSContext *ctx, JSValueConst this_value,
                                     int argc, JSValueConst *argv)
{
  size_t len, i;
  const char *s = JS_ToCStringLen(ctx, &len, argv[0]);

  (void)this_value;
  (void)argc;
  if (!s) return JS_EXCEPTION;
  for (i = 0; i < len; i++)
    if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') ||
          s[i] == '_' || (i > 0 && s[i] >= '0' && s[i] <= '9')))
      break;
  JS_FreeCString(ctx, s);
  return JS_NewBool(ctx, len > 0 && i == len);
}

/* isSameBuiltin(f, g): one function, maybe of two realms */
static JSValue inspect_is_same_builtin(JSContext *ctx, JSValueConst this_value,
                                       int argc, JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  return JS_NewBool(ctx, tenon_p_look_is_same_builtin(argv[0], argv[1]));
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("isSameBuiltin", 2, inspect_is_same_builtin),
    JS_CFUNC_DEF("list", 0, inspect_list),
    JS_CFUNC_DEF("classOf", 1, inspect_class_of),
    JS_CFUNC_DEF("own", 2, inspect_own),
    JS_CFUNC_DEF("valueOf", 2, inspect_value_of),
    JS_CFUNC_DEF("look", 2, inspect_look),
    JS_CFUNC_DEF("protoOf", 1, inspect_proto_of),
    JS_CFUNC_DEF("keys", 1, inspect_keys),
    JS_CFUNC_DEF("entries", 1, inspect_entries),
    JS_CFUNC_DEF("proxy", 1, inspect_proxy),
    JS_CFUNC_DEF("members", 1, inspect_members),
    JS_CFUNC_DEF("member", 2, inspect_member),
    JS_CFUNC_DEF("promiseState", 1, inspect_promise_state),
    JS_CFUNC_DEF("promiseResult", 1, inspect_promise_result),
    JS_CFUNC_DEF("isClean", 1, inspect_is_clean),
    JS_CFUNC_DEF("isIdentifier", 1, inspect_is_identifier),
    JS_CFUNC_DEF("width", 2, inspect_width),
};

/* --- What is kept for the realm ------------------------------------------- */

typedef struct inspector {
  JSValue tools;   /* the natives and what the scripts added; once loaded */
  JSValue inspect; /* (value, hasColor) => text */
  JSValue format;  /* (hasColor, ...args) => text; undefined until loaded */
} inspector;

static void inspector_mark(JSRuntime *rt, void *state, JS_MarkFunc *mark)
{
  const inspector *p = state;

  JS_MarkValue(rt, p->tools, mark);
  JS_MarkValue(rt, p->inspect, mark);
  JS_MarkValue(rt, p->format, mark);
}

static void inspector_free(tenon_p_realm *r, JSRuntime *rt, void *state)
{
  inspector *p = state;

  JS_FreeValueRT(rt, p->tools);
  JS_FreeValueRT(rt, p->inspect);
  JS_FreeValueRT(rt, p->format);
  tenon_p_heap_free(&r->engine->heap, p);
}

static const tenon_p_realm_type inspector_type = {
    .name = "inspect", .mark = inspector_mark, .free = inspector_free};

static int start(JSContext *ctx, inspector *p)
{
  static const tenon_p_bytecode *const parts[] = {
      &tenon_p_inspect_text_bytecode, &tenon_p_inspect_kinds_bytecode,
      &tenon_p_inspect_bytecode};
  size_t i;

  p->tools = tenon_p_std_native(ctx, natives, tenon_p_countof(natives));
  if (JS_IsException(p->tools)) {
    p->tools = JS_UNDEFINED;
    return -1;
  }
  for (i = 0; i < tenon_p_countof(parts); i++) {
    JSValue v = tenon_p_std_load(ctx, parts[i], JS_DupValue(ctx, p->tools));
    if (JS_IsException(v)) return -1;
    JS_FreeValue(ctx, p->inspect);
    p->inspect = v;
  }
  return 0;
}

/* NULL with an exception. */
static inspector *inspector_of(JSContext *ctx)
{
  inspector *p = tenon_p_realm_get(ctx, &inspector_type);
  tenon_p_realm *r = tenon_p_realm_of(ctx);

  if (p) return p;
  p = tenon_p_heap_alloc(&r->engine->heap, sizeof *p);
  if (!p) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  *p = (inspector){JS_UNDEFINED, JS_UNDEFINED, JS_UNDEFINED};
  if (start(ctx, p) == 0) {
    if (tenon_p_realm_attach(r, &inspector_type, p) == 0) return p;
    JS_ThrowOutOfMemory(ctx);
  }
  inspector_free(r, JS_GetRuntime(ctx), p);
  return NULL;
}

JSValue tenon_p_inspect(JSContext *ctx, JSValueConst v, bool has_color)
{
  inspector *p = JS_IsString(v) ? NULL : inspector_of(ctx);
  JSValueConst args[2] = {v, JS_NewBool(ctx, has_color)};

  if (JS_IsString(v)) return JS_DupValue(ctx, v);
  return p ? JS_Call(ctx, p->inspect, JS_UNDEFINED, 2, args) : JS_EXCEPTION;
}

/* 0, or -1 with an exception. */
static int load_format(JSContext *ctx, inspector *p)
{
  JSValue v;

  if (!p) return -1;
  if (!JS_IsUndefined(p->format)) return 0;
  v = tenon_p_std_load(ctx, &tenon_p_inspect_format_bytecode,
                       JS_DupValue(ctx, p->tools));
  if (JS_IsException(v)) return -1;
  JS_FreeValue(ctx, p->format);
  p->format = v;
  return 0;
}

JSValue tenon_p_format_function(JSContext *ctx)
{
  inspector *p = inspector_of(ctx);

  return load_format(ctx, p) ? JS_EXCEPTION : JS_DupValue(ctx, p->format);
}

JSValue tenon_p_format(JSContext *ctx, int argc, JSValueConst *argv,
                       bool has_color)
{
  inspector *p = inspector_of(ctx);
  JSValueConst *args;
  JSValue text;
  int i;

  if (load_format(ctx, p)) return JS_EXCEPTION;
  args = js_malloc(ctx, ((size_t)argc + 1) * sizeof *args);
  if (!args) return JS_EXCEPTION;
  args[0] = JS_NewBool(ctx, has_color);
  for (i = 0; i < argc; i++)
    args[i + 1] = argv[i];
  text = JS_Call(ctx, p->format, JS_UNDEFINED, argc + 1, args);
  js_free(ctx, args);
  return text;
}

JSValue tenon_p_inspect_tools(JSContext *ctx)
{
  inspector *p = inspector_of(ctx);

  return p ? JS_DupValue(ctx, p->tools) : JS_EXCEPTION;
}
