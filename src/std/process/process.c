/* The native part of process.js: arguments, environment, ending. */
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/path.h"
#include "engine/extension.h"
#include "std/std.h"

typedef struct arguments {
  size_t count;
  char **values; /* into the same block */
  JSValue at_end;
} arguments;

static void arguments_release(tenon_p_engine *e, void *state)
{
  arguments *a = state;

  JS_FreeValue(e->ctx, a->at_end);
  a->at_end = JS_UNDEFINED;
}

static void arguments_free(tenon_p_engine *e, void *state)
{
  tenon_p_heap_free(&e->heap, state);
}

static const tenon_p_state_type arguments_type = {
    .name = "process", .release = arguments_release, .free = arguments_free};

static JSValue process_argv(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  const arguments *a =
      tenon_p_engine_get(tenon_p_engine_of(ctx), &arguments_type);
  JSValue list = JS_NewArray(ctx), v;
  uint32_t i;

  (void)this_value;
  (void)argc;
  (void)argv;
  for (i = 0; a && !JS_IsException(list) && i < a->count; i++) {
    v = JS_NewString(ctx, a->values[i]);
    if (JS_IsException(v) ||
        JS_DefinePropertyValueUint32(ctx, list, i, v, JS_PROP_C_W_E) < 0) {
      JS_FreeValue(ctx, list);
      list = JS_EXCEPTION;
    }
  }
  return list;
}

static JSValue process_env(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  uv_env_item_t *items;
  int count, i, r = uv_os_environ(&items, &count);
  JSValue env, v;

  (void)this_value;
  (void)argc;
  (void)argv;
  if (r) return JS_ThrowOutOfMemory(ctx);
  env = JS_NewObject(ctx);
  for (i = 0; !JS_IsException(env) && i < count; i++) {
    v = JS_NewString(ctx, items[i].value);
    if (JS_IsException(v) || JS_DefinePropertyValueStr(ctx, env, items[i].name,
                                                       v, JS_PROP_C_W_E) < 0) {
      JS_FreeValue(ctx, env);
      env = JS_EXCEPTION;
    }
  }
  uv_os_free_environ(items, count);
  return env;
}

static JSValue process_cwd(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  char *path = tenon_p_path_resolve(NULL, ".");
  JSValue v;

  (void)this_value;
  (void)argc;
  (void)argv;
  if (!path) return JS_ThrowOutOfMemory(ctx);
  v = JS_NewString(ctx, path);
  free(path);
  return v;
}

/* setExitCode(0 to 255) */
static JSValue process_set_exit_code(JSContext *ctx, JSValueConst this_value,
                                     int argc, JSValueConst *argv)
{
  int32_t code;

  (void)this_value;
  if (argc < 1 || JS_ToInt32(ctx, &code, argv[0])) return JS_EXCEPTION;
  tenon_p_engine_of(ctx)->exit_code = code & 0xff;
  return JS_UNDEFINED;
}

/* Ends the program by an error that it cannot catch. */
static JSValue process_exit(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  JSValue error;

  (void)this_value;
  (void)argc;
  (void)argv;
  if (e->is_guest)
    return JS_ThrowTypeError(ctx,
                             "process.exit: the runtime is a host's, which "
                             "ends by itself");
  tenon_p_engine_terminate(e, TENON_P_EXITING);
  tenon_p_runtime_set_terminating(e->rt, true);
  error = JS_NewInternalError(ctx, "exit");
  if (JS_IsException(error)) return error;
  JS_SetUncatchableError(ctx, error);
  return JS_Throw(ctx, error);
}

static JSValue call_tick(JSContext *ctx, int argc, JSValueConst *argv)
{
  return JS_Call(ctx, argv[0], JS_UNDEFINED, argc - 1, argv + 1);
}

/* nextTick(callback, ...arguments) */
static JSValue process_next_tick(JSContext *ctx, JSValueConst this_value,
                                 int argc, JSValueConst *argv)
{
  (void)this_value;
  if (argc < 1 || !JS_IsFunction(ctx, argv[0]))
    return JS_ThrowTypeError(
        ctx, "process.nextTick: argument 1 'callback': expected function");
  /* A host executes jobs, and knows no ticks. */
  if (tenon_p_engine_of(ctx)->is_guest
          ? JS_EnqueueJob(ctx, call_tick, argc, argv)
          : tenon_p_tick_add(ctx, argv[0], argc - 1, argv + 1))
    return JS_EXCEPTION;
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("argv", 0, process_argv),
    JS_CFUNC_DEF("env", 0, process_env),
    JS_CFUNC_DEF("cwd", 0, process_cwd),
    JS_CFUNC_DEF("setExitCode", 1, process_set_exit_code),
    JS_CFUNC_DEF("exit", 0, process_exit),
    JS_CFUNC_DEF("nextTick", 1, process_next_tick),
};

JSValue tenon_p_process_object(JSContext *ctx)
{
  return tenon_p_std_load(
      ctx, &tenon_p_process_bytecode,
      tenon_p_std_native(ctx, natives, tenon_p_countof(natives)));
}

/* --- The end ------------------------------------------------------------------- */

void tenon_p_process_set_at_end(JSContext *ctx, JSValueConst f)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  arguments *a = tenon_p_engine_get(e, &arguments_type);
  JSValue old;

  if (!a || ctx != e->ctx) return;
  old = a->at_end;
  a->at_end = JS_DupValue(ctx, f);
  JS_FreeValue(ctx, old);
}

void tenon_p_process_end(tenon_p_engine *e, bool is_last)
{
  const arguments *a = tenon_p_engine_get(e, &arguments_type);
  JSValueConst argv[] = {JS_NewBool(e->ctx, is_last)};
  JSValue f, r;

  if (!a || !JS_IsFunction(e->ctx, a->at_end) || tenon_p_engine_enter(e))
    return;
  f = JS_DupValue(e->ctx, a->at_end);
  r = JS_Call(e->ctx, f, JS_UNDEFINED, 1, argv);
  if (JS_IsException(r)) tenon_p_engine_take_exception(e);
  JS_FreeValue(e->ctx, r);
  JS_FreeValue(e->ctx, f);
  tenon_p_engine_leave(e);
}

/* --- Life ------------------------------------------------------------------------ */

static arguments *copy_arguments(tenon_p_engine *e,
                                 const tenon_p_std_options *o)
{
  size_t size = sizeof(arguments) + o->arg_count * sizeof(char *), i;
  arguments *a;
  char *at;

  for (i = 0; i < o->arg_count; i++)
    size += strlen(o->args[i]) + 1;
  a = tenon_p_heap_alloc(&e->heap, size);
  if (!a) return NULL;
  a->at_end = JS_UNDEFINED;
  a->count = o->arg_count;
  a->values = (char **)(a + 1);
  at = (char *)(a->values + a->count);
  for (i = 0; i < a->count; i++) {
    a->values[i] = at;
    at = stpcpy(at, o->args[i]) + 1;
  }
  return a;
}

int tenon_p_process_attach(tenon_p_engine *e, const tenon_p_std_options *o)
{
  arguments *a = copy_arguments(e, o);

  if (!a) return -1;
  if (tenon_p_engine_attach(e, &arguments_type, a) == 0) return 0;
  tenon_p_heap_free(&e->heap, a);
  return -1;
}
