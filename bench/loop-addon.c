/* The same as an addon of Node-API, for the other runtimes. */
#include <stdlib.h>
#include <tenon/node-api/node_api.h>

typedef struct job {
  napi_async_work work;
  napi_deferred deferred;
  int32_t n;
} job;

static void execute(napi_env env, void *data)
{
  job *j = data;

  (void)env;
  j->n++;
}

static void complete(napi_env env, napi_status status, void *data)
{
  job *j = data;
  napi_value v;

  if (status == napi_ok && napi_create_int32(env, j->n, &v) == napi_ok)
    napi_resolve_deferred(env, j->deferred, v);
  napi_delete_async_work(env, j->work);
  free(j);
}

static napi_value increment(napi_env env, napi_callback_info info)
{
  napi_value argv[1], promise, name;
  job *j = calloc(1, sizeof *j);
  size_t argc = 1;

  if (j && napi_get_cb_info(env, info, &argc, argv, NULL, NULL) == napi_ok &&
      napi_get_value_int32(env, argv[0], &j->n) == napi_ok &&
      napi_create_promise(env, &j->deferred, &promise) == napi_ok &&
      napi_create_string_utf8(env, "increment", 9, &name) == napi_ok &&
      napi_create_async_work(env, NULL, name, execute, complete, j, &j->work) ==
          napi_ok &&
      napi_queue_async_work(env, j->work) == napi_ok)
    return promise;
  free(j);
  return NULL;
}

NAPI_MODULE_INIT()
{
  napi_value f;

  if (napi_create_function(env, "increment", 9, increment, NULL, &f) ||
      napi_set_named_property(env, exports, "increment", f))
    return NULL;
  return exports;
}
