/* For the tests of values that C keeps. */
#ifndef TEST_C_PERSISTENT_H
#define TEST_C_PERSISTENT_H

#include <tenon/persistent.h>

#include "napi.h"

#include "napi/env.h"

static inline tenon_persistent *t_hold_as(tenon_runtime *rt,
                                          const char *expression, bool is_weak)
{
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  tenon_persistent *p;
  napi_value v;

  OK(napi_open_handle_scope(env, &scope));
  v = t_eval(rt, expression);
  CHECK_INT(0, is_weak ? tenon_persistent_new_weak(env, v, &p)
                       : tenon_persistent_new(env, v, &p));
  OK(napi_close_handle_scope(env, scope));
  return p;
}

/* What a script's expression makes and nobody else holds. */
static inline tenon_persistent *t_hold(tenon_runtime *rt,
                                       const char *expression)
{
  return t_hold_as(rt, expression, false);
}

static inline tenon_persistent *t_hold_weakly(tenon_runtime *rt,
                                              const char *expression)
{
  return t_hold_as(rt, expression, true);
}

static inline napi_value t_get(napi_env env, const tenon_persistent *p)
{
  napi_value v = NULL;

  CHECK_INT(0, tenon_persistent_get(env, p, &v));
  return v;
}

static inline bool t_is_there(napi_env env, const tenon_persistent *p)
{
  napi_handle_scope scope;
  bool there;

  OK(napi_open_handle_scope(env, &scope));
  there = t_get(env, p) != NULL;
  OK(napi_close_handle_scope(env, scope));
  return there;
}

/* A global `it` that the engine calls `on_free` for as it frees it. */
static inline void t_make_watched(tenon_runtime *rt, JSClassFinalizer *on_free)
{
  const JSClassDef class = {"Watched", .finalizer = on_free};
  napi_env env = tenon_runtime_env(rt);
  JSClassID id = JS_INVALID_CLASS_ID;
  JSValue global = JS_GetGlobalObject(env->ctx);

  JS_NewClassID(env->engine->rt, &id);
  CHECK_INT(0, JS_NewClass(env->engine->rt, id, &class));
  CHECK(JS_SetPropertyStr(env->ctx, global, "it",
                          JS_NewObjectClass(env->ctx, id)) > 0);
  JS_FreeValue(env->ctx, global);
}

#endif
