/* Functions: those of native code, and calls of others. */
#include "napi/env.h"

#include <limits.h>
#include <string.h>

#include "engine/extension.h"
#include "engine/foreign.h"
#include "napi/object.h"

/* What a callback is told of its call: a napi_callback_info. */
typedef struct info {
  const tenon_p_foreign_call *call;
  JSValueConst this_value; /* of a construction, the new object */
} info;

enum { FEW_ARGUMENTS = 8 };

/* --- From JavaScript to native code --------------------------------------------------------- */

uintptr_t tenon_p_napi_new_brand(void)
{
  static uintptr_t last;

  return __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
}

/* What the function's class made, by whichever prototype it goes now. */
static bool is_receiver(napi_env env, const tenon_p_foreign *f, JSValueConst v)
{
  JSClassID id = env->branded.id;

  return id && JS_IsObject(v) && JS_GetClassID(v) == id &&
         (uintptr_t)JS_GetOpaque(v, id) == f->brand;
}

/* Of what stands behind new; that of plain objects when it has none. */
static JSValue prototype_of(JSContext *ctx, JSValueConst new_target)
{
  JSValue proto = JS_GetPropertyStr(ctx, new_target, "prototype"), plain;

  if (JS_IsException(proto) || JS_IsObject(proto)) return proto;
  JS_FreeValue(ctx, proto);
  plain = JS_NewObject(ctx);
  if (JS_IsException(plain)) return plain;
  proto = tenon_p_prototype_of(ctx, plain);
  JS_FreeValue(ctx, plain);
  return proto;
}

/* The object of a construction. */
static JSValue new_this(napi_env env, const tenon_p_foreign_call *call)
{
  JSContext *ctx = env->ctx;
  bool is_branded = call->function->role == TENON_P_ROLE_CONSTRUCTOR;
  JSValue proto = prototype_of(ctx, call->new_target);
  JSValue object = JS_EXCEPTION;

  if (JS_IsException(proto)) return proto;
  if (!is_branded)
    object = JS_NewObjectProto(ctx, proto);
  else if (tenon_p_napi_register(env, &env->branded, "Object") == 0)
    object = JS_NewObjectProtoClass(ctx, proto, env->branded.id);
  if (is_branded && !JS_IsException(object))
    JS_SetOpaque(object, (void *)call->function->brand);
  JS_FreeValue(ctx, proto);
  return object;
}

/* What the callback returned, or has left pending. */
static JSValue take_result(napi_env env, napi_value returned)
{
  JSValue thrown = env->exception;

  if (JS_IsUninitialized(thrown))
    return returned ? JS_DupValue(env->ctx, tenon_p_napi_value(returned))
                    : JS_UNDEFINED;
  env->exception = JS_UNINITIALIZED;
  return JS_Throw(env->ctx, thrown);
}

static JSValue call_back(napi_env env, const tenon_p_foreign_call *call,
                         JSValueConst this_value)
{
  info i = {call, this_value};
  napi_callback callback = (napi_callback)call->function->function;
  JSValue outer = env->exception, r;
  tenon_p_scope *scope = tenon_p_scope_open(env);

  if (!scope) return JS_ThrowOutOfMemory(env->ctx);
  /* Of a call further up, which a host may have left pending. */
  env->exception = JS_UNINITIALIZED;
  r = take_result(env, callback(env, (napi_callback_info)(void *)&i));
  tenon_p_scope_close(env, scope);
  env->exception = outer;
  return r;
}

static JSValue run_callback(napi_env env, const tenon_p_foreign_call *call)
{
  JSContext *ctx = env->ctx;
  JSValue object, r;

  if (JS_IsUndefined(call->new_target)) {
    if (call->function->role == TENON_P_ROLE_METHOD &&
        !is_receiver(env, call->function, call->this_value))
      return JS_ThrowTypeError(ctx, "Illegal invocation");
    return call_back(env, call, call->this_value);
  }
  object = new_this(env, call);
  if (JS_IsException(object)) return object;
  r = call_back(env, call, object);
  if (JS_IsObject(r) || JS_IsException(r)) {
    JS_FreeValue(ctx, object);
    return r;
  }
  JS_FreeValue(ctx, r);
  return object;
}

/* The callback has counted memory that is too much: now that it has returned,
 * finalizers surprise nobody, those of what it has made included. */
static JSValue look_at_limit(napi_env env, JSValue r)
{
  if (JS_IsException(r) ||
      tenon_p_engine_make_external_room(env->engine, 0, true))
    return r;
  JS_FreeValue(env->ctx, r);
  tenon_p_engine_run_finalizers(env->engine);
  return JS_ThrowOutOfMemory(env->ctx);
}

/* Meanwhile values are made in the realm of the function. */
static JSValue enter_callback(JSContext *ctx, const tenon_p_foreign_call *call)
{
  napi_env env = call->function->owner;
  JSContext *outer = env->ctx;
  bool was_over_limit = env->is_over_limit;
  JSValue r;

  tenon_p_engine_finalize_due(env->engine);
  env->ctx = ctx;
  env->is_over_limit = false;
  r = run_callback(env, call);
  if (env->is_over_limit) r = look_at_limit(env, r);
  env->is_over_limit = was_over_limit;
  env->ctx = outer;
  return r;
}

JSValue tenon_p_napi_function(napi_env env, napi_callback cb, void *data,
                              JSValueConst name, tenon_p_role role,
                              uintptr_t brand)
{
  tenon_p_foreign f = {enter_callback, env, (void (*)(void))cb, data, brand,
                       (int)role,      NULL};

  if (tenon_p_foreign_init(env->ctx)) return JS_EXCEPTION;
  return tenon_p_foreign_new(env->ctx, &f, name);
}

static napi_status create(napi_env env, const char *utf8name, size_t length,
                          napi_callback cb, void *data, napi_value *result)
{
  JSValue name, f;

  if (utf8name && length == NAPI_AUTO_LENGTH) length = strlen(utf8name);
  if (utf8name && length > INT_MAX) return napi_invalid_arg;
  name = tenon_p_new_string(env->ctx, utf8name ? utf8name : "",
                            utf8name ? length : 0);
  if (JS_IsException(name)) return napi_pending_exception;
  f = tenon_p_napi_function(env, cb, data, name, TENON_P_ROLE_NONE, 0);
  JS_FreeValue(env->ctx, name);
  return tenon_p_napi_give(env, f, result);
}

napi_status napi_create_function(napi_env env, const char *utf8name,
                                 size_t length, napi_callback cb, void *data,
                                 napi_value *result)
{
  napi_status status = tenon_p_napi_enter(env, result && cb);

  if (status) return status;
  return tenon_p_napi_leave(env,
                            create(env, utf8name, length, cb, data, result));
}

/* --- What a callback asks ------------------------------------------------------------------- */

static napi_value handle_of(const JSValueConst *v)
{
  return (napi_value)(uintptr_t)v;
}

napi_status napi_get_cb_info(napi_env env, napi_callback_info cbinfo,
                             size_t *argc, napi_value *argv,
                             napi_value *this_arg, void **data)
{
  const info *i = (const info *)(const void *)cbinfo;
  napi_status status = tenon_p_napi_check(env, cbinfo && (argc || !argv));
  size_t n, count;

  if (status) return status;
  count = (size_t)i->call->argc;
  if (argv)
    for (n = 0; n < *argc; n++)
      argv[n] = n < count ? handle_of(i->call->argv + n)
                          : tenon_p_napi_constant(env, TENON_P_NAPI_UNDEFINED);
  if (argc) *argc = count;
  if (this_arg) *this_arg = handle_of(&i->this_value);
  if (data) *data = i->call->function->data;
  return tenon_p_napi_set(env, napi_ok);
}

/* NULL in a plain call. */
napi_status napi_get_new_target(napi_env env, napi_callback_info cbinfo,
                                napi_value *result)
{
  const info *i = (const info *)(const void *)cbinfo;
  napi_status status = tenon_p_napi_check(env, cbinfo && result);

  if (status) return status;
  *result = JS_IsUndefined(i->call->new_target)
                ? NULL
                : handle_of(&i->call->new_target);
  return tenon_p_napi_set(env, napi_ok);
}

/* --- From native code to JavaScript --------------------------------------------------------- */

/* The values of handles side by side: in `few`, or allocated. NULL with an
 * exception. */
static JSValueConst *values_of(JSContext *ctx, size_t argc,
                               const napi_value *argv, JSValueConst *few)
{
  JSValueConst *values = few;
  size_t i;

  if (argc > FEW_ARGUMENTS) values = js_malloc(ctx, argc * sizeof *values);
  for (i = 0; values && i < argc; i++)
    values[i] = argv[i] ? tenon_p_napi_value(argv[i]) : JS_UNDEFINED;
  return values;
}

/* `this_value` is NULL in a construction. */
static napi_status call(napi_env env, napi_value this_value, napi_value func,
                        size_t argc, const napi_value *argv, napi_value *result)
{
  JSContext *ctx = env->ctx;
  JSValueConst few[FEW_ARGUMENTS], *values, f;
  JSValue r;

  if (!func || argc > INT_MAX / sizeof *values) return napi_invalid_arg;
  f = tenon_p_napi_value(func);
  if (!JS_IsFunction(ctx, f)) return napi_invalid_arg;
  values = values_of(ctx, argc, argv, few);
  if (!values) return napi_pending_exception;
  r = this_value
          ? JS_Call(ctx, f, tenon_p_napi_value(this_value), (int)argc, values)
          : JS_CallConstructor(ctx, f, (int)argc, values);
  if (values != few) js_free(ctx, values);
  if (result) return tenon_p_napi_give(env, r, result);
  if (JS_IsException(r)) return napi_pending_exception;
  JS_FreeValue(ctx, r);
  return napi_ok;
}

napi_status napi_call_function(napi_env env, napi_value recv, napi_value func,
                               size_t argc, const napi_value *argv,
                               napi_value *result)
{
  napi_status status = tenon_p_napi_enter(env, recv && (argv || !argc));

  if (status) return status;
  return tenon_p_napi_leave_turn(env,
                                 call(env, recv, func, argc, argv, result));
}

napi_status napi_new_instance(napi_env env, napi_value constructor, size_t argc,
                              const napi_value *argv, napi_value *result)
{
  napi_status status =
      tenon_p_napi_enter(env, constructor && (argv || !argc) && result);

  if (status) return status;
  return tenon_p_napi_leave_turn(
      env, call(env, NULL, constructor, argc, argv, result));
}

static napi_status run_script(napi_env env, JSValueConst script,
                              napi_value *result)
{
  JSContext *ctx = env->ctx;
  size_t len;
  char *text;
  JSValue v;

  if (!JS_IsString(script)) return napi_string_expected;
  if (tenon_p_string_utf8_size(ctx, script, &len))
    return napi_pending_exception;
  text = js_malloc(ctx, len + 1);
  if (!text) return napi_pending_exception;
  tenon_p_string_utf8_write(script, text);
  v = tenon_p_compile(ctx, text, len, "<script>", JS_EVAL_TYPE_GLOBAL);
  js_free(ctx, text);
  if (!JS_IsException(v)) v = JS_EvalFunction(ctx, v);
  return tenon_p_napi_give(env, v, result);
}

napi_status napi_run_script(napi_env env, napi_value script, napi_value *result)
{
  napi_status status = tenon_p_napi_enter(env, script && result);

  if (status) return status;
  return tenon_p_napi_leave_turn(
      env, run_script(env, tenon_p_napi_value(script), result));
}
