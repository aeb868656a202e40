/* The class as an addon of Node-API, for the other runtimes. */
#include <stdlib.h>
#include <tenon/node-api/js_native_api.h>

typedef struct pair {
  double x, y;
} pair;

#define CALL(name) static napi_value name(napi_env env, napi_callback_info info)

static void pair_finalize(napi_env env, void *data, void *hint)
{
  (void)env;
  (void)hint;
  free(data);
}

/* The instance and the first argument. */
static pair *receive(napi_env env, napi_callback_info info, double *first)
{
  napi_value self, argv[1];
  size_t argc = 1;
  pair *p = NULL;

  if (napi_get_cb_info(env, info, &argc, argv, &self, NULL) != napi_ok ||
      napi_unwrap(env, self, (void **)&p) != napi_ok)
    return NULL;
  if (first && napi_get_value_double(env, argv[0], first) != napi_ok)
    return NULL;
  return p;
}

CALL(pair_new)
{
  pair *p = malloc(sizeof *p);
  napi_value self, argv[2];
  size_t argc = 2;

  if (p && napi_get_cb_info(env, info, &argc, argv, &self, NULL) == napi_ok &&
      napi_get_value_double(env, argv[0], &p->x) == napi_ok &&
      napi_get_value_double(env, argv[1], &p->y) == napi_ok &&
      napi_wrap(env, self, p, pair_finalize, NULL, NULL) == napi_ok)
    return self;
  free(p);
  return NULL;
}

CALL(pair_add)
{
  napi_value r = NULL;
  double n;
  pair *p = receive(env, info, &n);

  if (p) napi_create_double(env, p->x += n, &r);
  return r;
}

CALL(pair_get)
{
  napi_value r = NULL;
  pair *p = receive(env, info, NULL);

  if (p) napi_create_double(env, p->x, &r);
  return r;
}

CALL(pair_set)
{
  double value;
  pair *p = receive(env, info, &value);

  if (p) p->x = value;
  return NULL;
}

CALL(pair_close)
{
  napi_value self;
  pair *p = NULL;

  if (napi_get_cb_info(env, info, NULL, NULL, &self, NULL) == napi_ok &&
      napi_remove_wrap(env, self, (void **)&p) == napi_ok)
    free(p);
  return NULL;
}

NAPI_EXTERN napi_value napi_register_module_v1(napi_env env,
                                               napi_value exports);
napi_value napi_register_module_v1(napi_env env, napi_value exports)
{
  const napi_property_descriptor members[] = {
      {"add", NULL, pair_add, NULL, NULL, NULL, napi_default_method, NULL},
      {"close", NULL, pair_close, NULL, NULL, NULL, napi_default_method, NULL},
      {"x", NULL, NULL, pair_get, pair_set, NULL, napi_default, NULL},
      {"size", NULL, NULL, pair_get, pair_set, NULL, napi_default, NULL},
  };
  napi_value class;

  if (napi_define_class(env, "Pair", NAPI_AUTO_LENGTH, pair_new, NULL,
                        sizeof members / sizeof *members, members,
                        &class) == napi_ok)
    napi_set_named_property(env, exports, "Pair", class);
  return exports;
}
