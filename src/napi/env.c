#include "napi/env.h"

#include "napi/reference.h"

/* By napi_status; the texts are node's. */
static const char *const messages[] = {
    NULL,
    "Invalid argument",
    "An object was expected",
    "A string was expected",
    "A string or symbol was expected",
    "A function was expected",
    "A number was expected",
    "A boolean was expected",
    "An array was expected",
    "Unknown failure",
    "An exception is pending",
    "The async work item was cancelled",
    "napi_escape_handle already called on scope",
    "Invalid handle scope usage",
    "Invalid callback scope usage",
    "Thread-safe function queue is full",
    "Thread-safe function handle is closing",
    "A bigint was expected",
    "A date was expected",
    "An arraybuffer was expected",
    "A detachable arraybuffer was expected",
    "Main thread would deadlock",
    "External buffers are not allowed",
    "Cannot run JavaScript",
};

/* --- Life ------------------------------------------------------------------------------- */

static void close_env(tenon_p_engine *e, void *state)
{
  napi_env env = state;

  JS_FreeValue(e->ctx, env->exception);
  env->exception = JS_UNINITIALIZED;
  tenon_p_references_close(env);
}

static void release(tenon_p_engine *e, void *state)
{
  napi_env env = state;

  tenon_p_references_release(env);
  tenon_p_keys_release(env);
  tenon_p_handles_clear(env);
  JS_FreeValue(e->ctx, env->exception);
  env->exception = JS_UNINITIALIZED;
  env->is_over = true;
}

static void destroy(tenon_p_engine *e, void *state)
{
  napi_env env = state;

  tenon_p_references_tell(env);
  tenon_p_handles_release(env);
  tenon_p_keys_free(env);
  tenon_p_heap_free(&e->heap, env);
}

static const tenon_p_state_type env_type = {
    .name = "napi", .close = close_env, .release = release, .free = destroy};

static napi_env new_env(tenon_p_engine *e)
{
  napi_env env = tenon_p_heap_alloc(&e->heap, sizeof *env);

  if (!env) return NULL;
  env->engine = e;
  env->ctx = e->ctx;
  env->exception = JS_UNINITIALIZED;
  env->constants[TENON_P_NAPI_UNDEFINED] = JS_UNDEFINED;
  env->constants[TENON_P_NAPI_NULL] = JS_NULL;
  env->constants[TENON_P_NAPI_FALSE] = JS_FALSE;
  env->constants[TENON_P_NAPI_TRUE] = JS_TRUE;
  tenon_p_references_init(env);
  tenon_p_list_init(&env->keys);
  if (tenon_p_handles_init(env) == 0 &&
      tenon_p_engine_attach(e, &env_type, env) == 0) {
    tenon_p_engine_add_finalizers(e, &env->pressed);
    return env;
  }
  tenon_p_handles_release(env);
  tenon_p_heap_free(&e->heap, env);
  return NULL;
}

napi_env tenon_p_napi_find(tenon_p_engine *e)
{
  return tenon_p_engine_get(e, &env_type);
}

napi_env tenon_p_napi_env(tenon_p_engine *e)
{
  napi_env env = tenon_p_engine_get(e, &env_type);

  return env || e->is_closing ? env : new_env(e);
}

int tenon_p_napi_register(napi_env env, tenon_p_napi_class *c, const char *name)
{
  JSClassDef class = {.class_name = name};
  JSRuntime *rt = env->engine->rt;
  JSClassID id;

  if (c->id) return 0;
  id = JS_NewClassID(rt, &c->number);
  if (JS_NewClass(rt, id, &class)) {
    JS_ThrowOutOfMemory(env->ctx);
    return -1;
  }
  c->id = id;
  return 0;
}

/* --- Begin and end of a function ------------------------------------------------------------ */

napi_status tenon_p_napi_set(napi_env env, napi_status status)
{
  env->last_error.error_code = status;
  env->last_error.engine_error_code = 0;
  env->last_error.engine_reserved = NULL;
  return status;
}

/* Other threads may not even write the last error. */
static bool is_usable(napi_env env)
{
  return env && tenon_p_engine_is_here(env->engine);
}

napi_status tenon_p_napi_check(napi_env env, bool has_arguments)
{
  napi_status status = tenon_p_napi_check_basic(env, has_arguments);

  if (status || !env->is_over) return status;
  return tenon_p_napi_set(env, napi_cannot_run_js);
}

napi_status tenon_p_napi_check_basic(napi_env env, bool has_arguments)
{
  if (!is_usable(env)) return napi_invalid_arg;
  return has_arguments ? napi_ok : tenon_p_napi_set(env, napi_invalid_arg);
}

napi_status tenon_p_napi_enter(napi_env env, bool has_arguments)
{
  if (!is_usable(env)) return napi_invalid_arg;
  if (!JS_IsUninitialized(env->exception))
    return tenon_p_napi_set(env, napi_pending_exception);
  if (tenon_p_engine_enter(env->engine))
    return tenon_p_napi_set(env, napi_cannot_run_js);
  if (has_arguments) return napi_ok;
  tenon_p_engine_leave_quietly(env->engine);
  return tenon_p_napi_set(env, napi_invalid_arg);
}

static void take_thrown(napi_env env, napi_status status)
{
  if (status && JS_HasException(env->ctx) && JS_IsUninitialized(env->exception))
    env->exception = JS_GetException(env->ctx);
}

napi_status tenon_p_napi_leave(napi_env env, napi_status status)
{
  take_thrown(env, status);
  tenon_p_engine_leave_quietly(env->engine);
  return tenon_p_napi_set(env, status);
}

napi_status tenon_p_napi_leave_turn(napi_env env, napi_status status)
{
  take_thrown(env, status);
  tenon_p_engine_leave(env->engine);
  return tenon_p_napi_set(env, status);
}

/* --- Results ------------------------------------------------------------------------------- */

void tenon_p_napi_drop(napi_env env)
{
  JS_FreeValue(env->ctx, JS_GetException(env->ctx));
}

napi_status tenon_p_napi_give(napi_env env, JSValue v, napi_value *result)
{
  napi_value handle;

  if (JS_IsException(v)) return napi_pending_exception;
  handle = tenon_p_handles_push(env, v);
  if (!handle) return napi_generic_failure;
  *result = handle;
  return napi_ok;
}

napi_status tenon_p_napi_return(napi_env env, JSValue v, napi_value *result)
{
  napi_status status = tenon_p_napi_give(env, v, result);

  if (status == napi_pending_exception) {
    tenon_p_napi_drop(env);
    status = napi_generic_failure;
  }
  return tenon_p_napi_set(env, status);
}

napi_status tenon_p_napi_answer(int r, bool *result)
{
  if (r < 0) return napi_pending_exception;
  if (result) *result = r != 0;
  return napi_ok;
}

/* --- The environment itself ------------------------------------------------------------------ */

napi_status napi_get_last_error_info(node_api_basic_env env,
                                     const napi_extended_error_info **result)
{
  napi_status status = tenon_p_napi_check_basic(env, result);

  if (status) return status;
  env->last_error.error_message = messages[env->last_error.error_code];
  *result = &env->last_error;
  return napi_ok;
}

napi_status napi_get_version(node_api_basic_env env, uint32_t *result)
{
  napi_status status = tenon_p_napi_check_basic(env, result);

  if (status) return status;
  *result = NAPI_VERSION;
  return tenon_p_napi_set(env, napi_ok);
}

napi_status napi_adjust_external_memory(node_api_basic_env env, int64_t change,
                                        int64_t *adjusted)
{
  napi_status status = tenon_p_napi_check_basic(env, adjusted);
  tenon_p_engine *e;
  bool is_wrong;

  if (status) return status;
  e = env->engine;
  /* Not what ArrayBuffers and instances have counted. */
  is_wrong = change < 0 && -(uint64_t)change > env->adjusted_bytes;
  if (is_wrong) change = -(int64_t)env->adjusted_bytes;
  if (tenon_p_engine_report_external(e, change))
    is_wrong = true;
  else
    env->adjusted_bytes += (size_t)change;
  if (change > 0 && !tenon_p_engine_fits_external(e, 0))
    env->is_over_limit = true;
  *adjusted = (int64_t)e->heap.external_bytes;
  return tenon_p_napi_set(env, is_wrong ? napi_invalid_arg : napi_ok);
}

/* --- Exceptions ------------------------------------------------------------------------------- */

napi_status napi_is_exception_pending(napi_env env, bool *result)
{
  napi_status status = tenon_p_napi_check(env, result);

  if (status) return status;
  *result = !JS_IsUninitialized(env->exception);
  return tenon_p_napi_set(env, napi_ok);
}

napi_status napi_get_and_clear_last_exception(napi_env env, napi_value *result)
{
  napi_status status = tenon_p_napi_check(env, result);
  napi_value handle;

  if (status) return status;
  if (JS_IsUninitialized(env->exception)) {
    *result = tenon_p_napi_constant(env, TENON_P_NAPI_UNDEFINED);
    return tenon_p_napi_set(env, napi_ok);
  }
  handle = tenon_p_handles_push(env, JS_DupValue(env->ctx, env->exception));
  if (!handle) return tenon_p_napi_set(env, napi_generic_failure);
  JS_FreeValue(env->ctx, env->exception);
  env->exception = JS_UNINITIALIZED;
  *result = handle;
  return tenon_p_napi_set(env, napi_ok);
}
