/*
 * Modules and values for a host, by descriptors.
 *
 * Everything that runs the loop is for the outermost call only: inside of
 * another one the loop, or a script, is in the middle of something.
 */
/* The words of the header, and no module of one's own. */
#define TENON_P_LIBRARY
#define TENON_MODULE none
#include <tenon/promise.h>

#include <stdlib.h>
#include <string.h>

#include "api/internal.h"
#include "base/alloc.h"
#include "bind/callback.h"
#include "bind/convert.h"
#include "bind/table.h"
#include "engine/extension.h"
#include "module/module.h"
#include "napi/env.h"

struct tenon_owner {
  tenon_p_call call;
};

void tenon_owner_free(tenon_owner *owner)
{
  if (!owner) return;
  tenon_p_call_release(&owner->call);
  free(owner);
}

static tenon_owner *new_owner(void)
{
  tenon_owner *o = tenon_p_calloc(sizeof *o);

  if (o) tenon_p_call_init(&o->call, true);
  return o;
}

/* --- Waiting --------------------------------------------------------------------- */

static bool is_outermost(const tenon_runtime *rt)
{
  return !rt->loop->is_running && !rt->loop->is_dispatching &&
         !rt->engine->depth;
}

typedef struct wait {
  JSContext *ctx;
  JSValueConst promise;
} wait;

static bool is_settled(void *p)
{
  wait *w = p;

  return JS_PromiseState(w->ctx, w->promise) != JS_PROMISE_PENDING;
}

/*
 * The value of a promise, which is consumed; its rejection is thrown. Entered
 * before, and afterwards too when it returns 0: -1 stands for an exception that
 * is the context's, and then it is entered as well; other codes are what the
 * host gets.
 */
static int settle(tenon_runtime *rt, JSValue promise, JSValue *value)
{
  JSContext *ctx = rt->engine->ctx;
  wait w = {ctx, promise};
  int r;

  *value = JS_UNDEFINED;
  JS_PromiseMarkAsHandled(ctx, promise);
  r = tenon_p_runtime_leave(rt, 0);
  if (r == 0 && !is_settled(&w)) {
    r = tenon_p_loop_run_until(rt->loop, is_settled, &w);
    if (r == 0) r = tenon_p_runtime_take_uncaught(rt);
    if (r == 0 && !is_settled(&w)) r = TENON_EUNSETTLED;
  }
  if (r == 0) r = tenon_p_engine_enter(rt->engine);
  if (r == 0) {
    *value = JS_PromiseResult(ctx, promise);
    if (JS_PromiseState(ctx, promise) == JS_PROMISE_REJECTED) {
      JS_Throw(ctx, *value);
      *value = JS_UNDEFINED;
      r = -1;
    }
  }
  JS_FreeValue(ctx, promise);
  return r;
}

/* The code of a call that is still entered, where -1 is an exception. */
static int end(tenon_runtime *rt, int r)
{
  return tenon_p_runtime_leave(rt, r == -1 ? TENON_EEXCEPTION : r);
}

/* --- Modules ------------------------------------------------------------------------ */

/* The names of a place in messages. */
static tenon_p_place place_of(tenon_function *f, tenon_field *field,
                              const char *what, const char *name)
{
  *field = (tenon_field){.name = name ? name : ""};
  *f = (tenon_function){.name = what, .params = field, .param_count = 1};
  return (tenon_p_place){.function = f,
                         .index =
                             name ? TENON_P_PLACE_EXPORT : TENON_P_PLACE_VALUE,
                         .comes_in = true};
}

/* Of a namespace: 0, or -1 with an exception. */
static int get_export(JSContext *ctx, JSValueConst ns, const char *specifier,
                      const char *name, JSValue *v)
{
  JSAtom atom = JS_NewAtom(ctx, name);
  int has = atom == JS_ATOM_NULL ? -1 : JS_HasProperty(ctx, ns, atom);
  tenon_function f;
  tenon_field field;
  tenon_p_place place;

  *v = JS_UNDEFINED;
  if (has > 0) {
    *v = JS_GetProperty(ctx, ns, atom);
    has = JS_IsException(*v) ? -1 : 1;
  } else if (has == 0) {
    place = place_of(&f, &field, specifier, name);
    has = tenon_p_throw_at(ctx, &place, TENON_SYNTAX_ERROR,
                           TENON_P_MESSAGE_NO_EXPORT);
  }
  JS_FreeAtom(ctx, atom);
  return has < 0 ? -1 : 0;
}

/* Of the global object, by a path with dots: `*holder` is what stands in front
 * of the last one, else undefined. */
static int get_global(JSContext *ctx, const char *path, JSValue *holder,
                      JSValue *v)
{
  const char *dot;
  JSValue next;
  JSAtom atom;

  *holder = JS_UNDEFINED;
  *v = JS_GetGlobalObject(ctx);
  for (;; path = dot + 1) {
    dot = strchr(path, '.');
    atom = JS_NewAtomLen(ctx, path, dot ? (size_t)(dot - path) : strlen(path));
    next = atom == JS_ATOM_NULL ? JS_EXCEPTION : JS_GetProperty(ctx, *v, atom);
    JS_FreeAtom(ctx, atom);
    JS_FreeValue(ctx, *holder);
    *holder = *v;
    *v = next;
    if (JS_IsException(next)) return -1;
    if (!dot) break;
  }
  return 0;
}

/* The namespace of a module, evaluated: as settle(). */
static int load(tenon_runtime *rt, const char *specifier, JSValue *ns)
{
  JSValue promise = tenon_p_modules_import(rt->engine, specifier);

  *ns = JS_UNDEFINED;
  if (JS_IsException(promise)) return -1;
  return settle(rt, promise, ns);
}

/* An export, or a property of the global object: as settle(). Both values are
 * owned; without success they are undefined. */
static int find(tenon_runtime *rt, const char *specifier, const char *name,
                JSValue *holder, JSValue *v)
{
  JSContext *ctx = rt->engine->ctx;
  JSValue ns;
  int r;

  *holder = *v = JS_UNDEFINED;
  if (!specifier) {
    r = get_global(ctx, name, holder, v);
    if (!strchr(name, '.')) {
      JS_FreeValue(ctx, *holder);
      *holder = JS_UNDEFINED;
    }
  } else {
    r = load(rt, specifier, &ns);
    if (r == 0) r = get_export(ctx, ns, specifier, name, v);
    JS_FreeValue(ctx, ns);
  }
  if (r) {
    JS_FreeValue(ctx, *holder);
    *holder = *v = JS_UNDEFINED;
  }
  return r;
}

static int check_outermost(tenon_runtime *rt)
{
  int r = tenon_p_runtime_check(rt);

  if (r == 0 && !is_outermost(rt)) r = TENON_EBUSY;
  return r;
}

int tenon_runtime_import(tenon_runtime *rt, const char *specifier,
                         const char *export_name,
                         const tenon_signature *signature,
                         const tenon_host **host, tenon_callback **out)
{
  JSValue holder, v;
  tenon_function f;
  tenon_field field;
  tenon_p_place place;
  int r;

  if (out) *out = NULL;
  r = check_outermost(rt);
  if (r) return r;
  if (!export_name || !signature || !host || !out) return TENON_EINVAL;
  if (!tenon_p_is_valid_signature(signature)) return TENON_EABI;
  if (!tenon_p_modules_give_host(host)) return TENON_EABI;
  r = tenon_p_engine_enter(rt->engine);
  if (r) return r;
  r = find(rt, specifier, export_name, &holder, &v);
  if (r > 0 || r < -1) return r;
  if (r == 0 && !JS_IsFunction(rt->engine->ctx, v)) {
    place =
        place_of(&f, &field, specifier ? specifier : "globalThis", export_name);
    r = tenon_p_throw_expected(rt->engine->ctx, &place, "function", v);
  } else if (r == 0) {
    *out = tenon_p_callback_new(rt->engine->ctx, signature, v, holder);
    r = *out ? 0 : -1;
    if (*out) (*out)->address = __builtin_return_address(0);
  }
  JS_FreeValue(rt->engine->ctx, holder);
  JS_FreeValue(rt->engine->ctx, v);
  return end(rt, r);
}

/* --- Values --------------------------------------------------------------------------- */

/* Consumes the value: 0, or -1 with an exception. */
static int convert(tenon_runtime *rt, tenon_p_place *place,
                   const tenon_type *type, JSValue v, void *value,
                   tenon_p_call *c)
{
  JSContext *ctx = rt->engine->ctx;
  tenon_field field = {.name = "value", .type = type};
  tenon_function f = {.result = field};
  tenon_p_names names;
  int r = tenon_p_names_init(ctx, &names, &f);

  if (r == 0) {
    place->names = &names;
    r = tenon_p_read(ctx, c, place, &field, v, value);
    tenon_p_names_release(JS_GetRuntime(ctx), &names);
  }
  JS_FreeValue(ctx, v);
  return r;
}

/* What all that give a value begin with: sets it to zero, checks the caller's
 * arguments and makes an owner where there is to be one. */
static int begin(const tenon_type *type, void *value, tenon_owner **owner)
{
  if (owner) *owner = NULL;
  if (!type || !value) return TENON_EINVAL;
  if (!tenon_p_is_valid_type(type)) return TENON_EABI;
  memset(value, 0, type->size);
  /* What an instance owns is used in calls alone. */
  if (tenon_p_type_holds(type, TENON_KIND_CLASS)) return TENON_EINVAL;
  if (!owner) return tenon_p_type_has_memory(type) ? TENON_EINVAL : 0;
  *owner = new_owner();
  return *owner ? 0 : TENON_ENOMEM;
}

/* The same at the end: without success nothing is left. */
static int finish(int r, const tenon_type *type, void *value,
                  tenon_owner **owner)
{
  if (r == 0) return r;
  memset(value, 0, type->size);
  if (owner) {
    tenon_owner_free(*owner);
    *owner = NULL;
  }
  return r;
}

static tenon_p_call *call_of(tenon_owner **owner, tenon_p_call *none)
{
  tenon_p_call_init(none, true);
  return owner ? &(*owner)->call : none;
}

int tenon_runtime_read(tenon_runtime *rt, const char *specifier,
                       const char *export_name, const tenon_type *type,
                       void *value, tenon_owner **owner)
{
  JSValue holder, v;
  tenon_function f;
  tenon_field field;
  tenon_p_place place =
      place_of(&f, &field, specifier ? specifier : "globalThis", export_name);
  tenon_p_call none;
  int r = begin(type, value, owner);

  if (r == 0 && !export_name) r = TENON_EINVAL;
  if (r == 0) r = check_outermost(rt);
  if (r == 0) r = tenon_p_engine_enter(rt->engine);
  if (r) return type && value ? finish(r, type, value, owner) : r;
  r = find(rt, specifier, export_name, &holder, &v);
  if (r > 0 || r < -1) return finish(r, type, value, owner);
  JS_FreeValue(rt->engine->ctx, holder);
  if (r == 0) r = convert(rt, &place, type, v, value, call_of(owner, &none));
  r = end(rt, r);
  return finish(r, type, value, owner);
}

int tenon_runtime_exports(tenon_runtime *rt, const char *specifier,
                          tenon_array_str *names, tenon_owner **owner)
{
  static const tenon_type *const type = &tenon_p_array_str;
  JSContext *ctx;
  JSPropertyEnum *all = NULL;
  uint32_t count = 0, i;
  JSValue ns, list;
  tenon_function f;
  tenon_field field;
  tenon_p_place place = place_of(&f, &field, specifier, NULL);
  int r = owner ? begin(type, names, owner) : TENON_EINVAL;

  if (r == 0 && !specifier) r = TENON_EINVAL;
  if (r == 0) r = check_outermost(rt);
  if (r == 0) r = tenon_p_engine_enter(rt->engine);
  if (r) return names && owner ? finish(r, type, names, owner) : r;
  ctx = rt->engine->ctx;
  r = load(rt, specifier, &ns);
  if (r > 0 || r < -1) return finish(r, type, names, owner);
  list = r == 0 ? JS_NewArray(ctx) : JS_UNDEFINED;
  if (JS_IsException(list)) r = -1;
  if (r == 0)
    r = JS_GetOwnPropertyNames(ctx, &all, &count, ns, JS_GPN_STRING_MASK);
  for (i = 0; r == 0 && i < count; i++) {
    JSValue name = JS_AtomToString(ctx, all[i].atom);
    if (JS_IsException(name) ||
        JS_DefinePropertyValueUint32(ctx, list, i, name, JS_PROP_C_W_E) < 0)
      r = -1;
  }
  JS_FreePropertyEnum(ctx, all, count);
  JS_FreeValue(ctx, ns);
  if (r == 0)
    r = convert(rt, &place, type, list, names, &(*owner)->call);
  else
    JS_FreeValue(ctx, list);
  r = end(rt, r);
  return finish(r, type, names, owner);
}

/* --- Evaluation ------------------------------------------------------------------------- */

/* The value of a script: as settle(). Entered. */
static int evaluate(tenon_runtime *rt, const char *src, size_t len,
                    const char *name, JSValue *v)
{
  JSContext *ctx = rt->engine->ctx;
  bool is_async;
  JSValue object;
  int r = tenon_p_modules_eval_value(rt->engine, src, len, name, &is_async, v);

  if (r == TENON_EEXCEPTION) return -1;
  if (r) return tenon_p_runtime_leave(rt, r);
  if (!is_async) return 0;
  object = *v;
  *v = JS_UNDEFINED;
  if (rt->loop->is_running || rt->loop->is_dispatching ||
      rt->engine->depth > 1) {
    JS_FreeValue(ctx, object);
    return tenon_p_runtime_leave(rt, TENON_EBUSY);
  }
  r = settle(rt, object, &object);
  if (r) return r;
  *v = JS_GetPropertyStr(ctx, object, "value");
  JS_FreeValue(ctx, object);
  return JS_IsException(*v) ? -1 : 0;
}

/* Consumes the value; its JSON text. */
static JSValue json_of(JSContext *ctx, const tenon_p_place *place, JSValue v)
{
  JSValue text = JS_JSONStringify(ctx, v, JS_UNDEFINED, JS_UNDEFINED);

  if (JS_IsUndefined(text)) {
    tenon_p_throw_expected(ctx, place, "a value that JSON has", v);
    text = JS_EXCEPTION;
  }
  JS_FreeValue(ctx, v);
  return text;
}

static int eval(tenon_runtime *rt, const char *src, size_t len,
                const char *name, bool is_json, const tenon_type *type,
                void *value, tenon_owner **owner)
{
  tenon_function f;
  tenon_field field;
  tenon_p_place place;
  tenon_p_call none;
  JSValue v;
  int r = begin(type, value, owner);

  if (!name) name = "<script>";
  if (r == 0 && !src && len) r = TENON_EINVAL;
  if (r == 0) r = tenon_p_runtime_check(rt);
  if (r == 0) r = tenon_p_engine_enter(rt->engine);
  if (r) return type && value ? finish(r, type, value, owner) : r;
  place = place_of(&f, &field, name, NULL);
  r = evaluate(rt, src, len, name, &v);
  if (r > 0 || r < -1) return finish(r, type, value, owner);
  if (r == 0 && is_json) {
    v = json_of(rt->engine->ctx, &place, v);
    r = JS_IsException(v) ? -1 : 0;
  }
  if (r == 0) r = convert(rt, &place, type, v, value, call_of(owner, &none));
  r = end(rt, r);
  return finish(r, type, value, owner);
}

int tenon_runtime_eval_into(tenon_runtime *rt, const char *src, size_t len,
                            const char *name, const tenon_type *type,
                            void *value, tenon_owner **owner)
{
  return eval(rt, src, len, name, false, type, value, owner);
}

int tenon_runtime_eval_json(tenon_runtime *rt, const char *src, size_t len,
                            const char *name, tenon_str *json,
                            tenon_owner **owner)
{
  if (!owner) return TENON_EINVAL;
  return eval(rt, src, len, name, true, &tenon_type_str, json, owner);
}

/* --- Promises --------------------------------------------------------------------------- */

/* Consumes the value. An error that nobody caught waits for the next run. */
static int take(tenon_runtime *rt, const tenon_type *type, JSValue v,
                void *value, tenon_p_call *c)
{
  tenon_function f;
  tenon_field field;
  tenon_p_place place = place_of(&f, &field, "await", NULL);
  int r = tenon_p_engine_enter(rt->engine);

  if (r) {
    JS_FreeValue(rt->engine->ctx, v);
    return r;
  }
  if (convert(rt, &place, type, v, value, c))
    return tenon_p_runtime_leave(rt, TENON_EEXCEPTION);
  tenon_p_engine_leave(rt->engine);
  return 0;
}

int tenon_runtime_await_into(tenon_runtime *rt, napi_value promise,
                             uint64_t timeout_ms, const tenon_type *type,
                             void *value, tenon_owner **owner)
{
  tenon_p_call none;
  JSValue v;
  int r = begin(type, value, owner);

  if (r == 0 && !promise) r = TENON_EINVAL;
  /* A handle is of the scope of who calls. */
  if (r == 0 && tenon_p_type_holds(type, TENON_KIND_ANY) &&
      tenon_p_runtime_check(rt) == 0 && !tenon_p_napi_env(rt->engine))
    r = TENON_ENOMEM;
  if (r == 0) r = tenon_p_runtime_check(rt);
  if (r == 0)
    r = tenon_p_runtime_await(rt, tenon_p_napi_value(promise), timeout_ms, &v);
  if (r == 0) r = take(rt, type, v, value, call_of(owner, &none));
  return type && value ? finish(r, type, value, owner) : r;
}
