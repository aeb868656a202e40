#include "napi/reference.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/crash.h"
#include "base/walk.h"
#include "engine/describe.h"
#include "engine/external.h"
#include "loop/loop.h"
#include "napi/persistent.h"

const char tenon_p_reference_plain, tenon_p_reference_wrap,
    tenon_p_reference_tag;

/* --- Life ------------------------------------------------------------------------------- */

void tenon_p_reference_free(tenon_p_reference *r)
{
  tenon_p_engine *e = r->env->engine;

  tenon_p_list_remove(&r->link);
  if (r->holder) *r->holder = NULL;
  if (e->rt) tenon_p_weak_clear(e->rt, &r->weak);
  if (!JS_IsUninitialized(r->value)) JS_FreeValue(e->ctx, r->value);
  tenon_p_heap_drop_external(&e->heap, r->external_bytes);
  free(r->text);
  tenon_p_heap_free(&e->heap, r);
}

static void move(tenon_p_reference *r, tenon_p_list *to)
{
  tenon_p_list_remove(&r->link);
  tenon_p_list_append(to, &r->link);
}

void tenon_p_reference_gone(tenon_p_reference *r)
{
  napi_env env = r->env;

  if (r->finalize) {
    move(r, &env->queued);
    tenon_p_engine_finalizer_waits(env->engine, r->external_bytes);
    tenon_p_loop_make_ready(tenon_p_loop_of(env->engine), &env->finalizing);
  } else if (r->is_users) {
    move(r, &env->dead);
  } else {
    tenon_p_reference_free(r);
  }
}

static void on_gone(tenon_p_weak *w)
{
  tenon_p_reference_gone(tenon_p_container(w, tenon_p_reference, weak));
}

tenon_p_reference *tenon_p_reference_new(napi_env env, JSValueConst v,
                                         uint32_t count, const char *type)
{
  tenon_p_reference *r = tenon_p_heap_alloc(&env->engine->heap, sizeof *r);

  if (!r) {
    JS_ThrowOutOfMemory(env->ctx);
    return NULL;
  }
  r->env = env;
  r->weak.type = type;
  r->weak.gone = on_gone;
  r->value = JS_UNINITIALIZED;
  r->count = count;
  tenon_p_list_append(&env->references, &r->link);
  if (tenon_p_weak_can(v) && tenon_p_weak_set(env->ctx, &r->weak, v)) {
    tenon_p_reference_free(r);
    return NULL;
  }
  if (count) r->value = JS_DupValue(env->ctx, v);
  return r;
}

/* --- Finalizers -------------------------------------------------------------------------- */

/* May delete the reference, or others. An error is one that nobody caught. */
static void run_finalizer(tenon_p_reference *r)
{
  napi_env env = r->env;
  napi_finalize finalize = r->finalize;
  void *data = r->data, *hint = r->hint;
  size_t external_bytes = r->external_bytes;
  tenon_p_scope *scope = tenon_p_scope_open(env);

  r->finalize = NULL;
  r->external_bytes = 0;
  if (r->is_users)
    move(r, &env->dead);
  else
    tenon_p_reference_free(r);
  tenon_p_crash_finalizers++;
  if (finalize) finalize(env, data, hint);
  tenon_p_crash_finalizers--;
  tenon_p_heap_drop_external(&env->engine->heap, external_bytes);
  if (scope) tenon_p_scope_close(env, scope);
}

static void run_queued(napi_env env)
{
  while (!tenon_p_list_is_empty(&env->queued)) {
    run_finalizer(tenon_p_container(env->queued.next, tenon_p_reference, link));
    if (JS_IsUninitialized(env->exception)) continue;
    JS_Throw(env->ctx, env->exception);
    env->exception = JS_UNINITIALIZED;
    tenon_p_engine_take_exception(env->engine);
  }
}

static void on_turn(tenon_p_loop *l, tenon_p_ready *ready)
{
  (void)l;
  run_queued(tenon_p_container(ready, struct napi_env__, finalizing));
}

/* In the midst of a turn: as if nobody had called. */
static void on_pressure(void *data)
{
  napi_env env = data;
  JSContext *ctx = env->ctx;
  JSValue exception = env->exception;

  env->ctx = env->engine->ctx;
  env->exception = JS_UNINITIALIZED;
  run_queued(env);
  env->exception = exception;
  env->ctx = ctx;
}

void tenon_p_references_init(napi_env env)
{
  tenon_p_list_init(&env->references);
  tenon_p_list_init(&env->queued);
  tenon_p_list_init(&env->dead);
  tenon_p_list_init(&env->ended);
  tenon_p_list_init(&env->finalizing.link);
  env->finalizing.run = on_turn;
  env->pressed.run = on_pressure;
  env->pressed.data = env;
}

static void run_instance_finalizer(napi_env env)
{
  tenon_p_crash_finalizers++;
  env->instance.finalize(env, env->instance.data, env->instance.hint);
  tenon_p_crash_finalizers--;
}

/* The youngest first; what finalizers make meanwhile has its turn too. */
void tenon_p_references_close(napi_env env)
{
  tenon_p_list *const queued = &env->queued, *const all = &env->references;

  while (!tenon_p_list_is_empty(queued) || !tenon_p_list_is_empty(all)) {
    tenon_p_list *link =
        tenon_p_list_is_empty(queued) ? all->prev : queued->next;
    tenon_p_reference *r = tenon_p_container(link, tenon_p_reference, link);
    tenon_p_weak_clear(env->engine->rt, &r->weak);
    run_finalizer(r);
  }
  tenon_p_list_remove(&env->finalizing.link);
  if (env->instance.finalize) run_instance_finalizer(env);
  env->instance.finalize = NULL;
}

static bool is_kept(const tenon_p_reference *r)
{
  return r->is_users && r->count > 0 && !JS_IsUninitialized(r->value);
}

/* Lets go of the value only: it is told of when all is over. */
static void end_kept(napi_env env, tenon_p_reference *r)
{
  tenon_p_engine *e = env->engine;
  char text[TENON_P_DESCRIPTION];
  JSValue v = r->value;

  tenon_p_describe(e->rt, v, text);
  r->text = tenon_p_strndup(text, strlen(text));
  tenon_p_weak_clear(e->rt, &r->weak);
  r->value = JS_UNINITIALIZED;
  move(r, &env->ended);
  JS_FreeValue(e->ctx, v);
}

/* Those that nobody has deleted, and what finalizers made. */
void tenon_p_references_release(napi_env env)
{
  tenon_p_list *const lists[] = {&env->references, &env->queued, &env->dead};
  bool is_told = tenon_p_kept_is_told(env->engine);
  size_t i;

  for (i = 0; i < tenon_p_countof(lists); i++)
    while (!tenon_p_list_is_empty(lists[i])) {
      tenon_p_reference *r =
          tenon_p_container(lists[i]->next, tenon_p_reference, link);
      if (is_told && is_kept(r))
        end_kept(env, r);
      else
        tenon_p_reference_free(r);
    }
}

void tenon_p_references_tell(napi_env env)
{
  while (!tenon_p_list_is_empty(&env->ended)) {
    tenon_p_reference *r =
        tenon_p_container(env->ended.next, tenon_p_reference, link);
    tenon_p_kept_tell(env->engine, TENON_KEPT_REFERENCE, r->address,
                      r->text ? r->text : "value");
    tenon_p_reference_free(r);
  }
}

/* One that has lost its value holds none, in whatever list it is. */
void tenon_p_references_each(napi_env env,
                             bool (*visit)(void *p, const void *address,
                                           JSValueConst v),
                             void *p)
{
  /* Places are nobody's references. */
  tenon_p_reference at = {.is_users = false}, end = {.is_users = false};
  bool goes_on = true;
  tenon_p_list *link;

  tenon_p_walk_begin(&env->references, &at.link, &end.link);
  while (goes_on && (link = tenon_p_walk_next(&at.link, &end.link))) {
    tenon_p_reference *r = tenon_p_container(link, tenon_p_reference, link);
    if (is_kept(r)) goes_on = visit(p, r->address, r->value);
  }
  tenon_p_walk_end(&at.link, &end.link);
}

/* --- References of the user -------------------------------------------------------------- */

static tenon_p_reference *reference_of(napi_ref ref)
{
  return (tenon_p_reference *)(void *)ref;
}

static bool has_value(const tenon_p_reference *r)
{
  return r->weak.record || !JS_IsUninitialized(r->value);
}

napi_status napi_create_reference(napi_env env, napi_value value,
                                  uint32_t initial_refcount, napi_ref *result)
{
  napi_status status = tenon_p_napi_check(env, value && result);
  tenon_p_reference *r;

  if (status) return status;
  r = tenon_p_reference_new(env, tenon_p_napi_value(value), initial_refcount,
                            &tenon_p_reference_plain);
  if (!r) {
    tenon_p_napi_drop(env);
    return tenon_p_napi_set(env, napi_generic_failure);
  }
  r->is_users = true;
  r->address = __builtin_return_address(0);
  *result = (napi_ref)(void *)r;
  return tenon_p_napi_set(env, napi_ok);
}

/* A finalizer that has not run yet is called no more. */
napi_status napi_delete_reference(node_api_basic_env env, napi_ref ref)
{
  napi_status status = tenon_p_napi_check_basic(env, ref);

  if (status) return status;
  tenon_p_reference_free(reference_of(ref));
  return tenon_p_napi_set(env, napi_ok);
}

napi_status napi_reference_ref(napi_env env, napi_ref ref, uint32_t *result)
{
  napi_status status = tenon_p_napi_check(env, ref);
  tenon_p_reference *r = reference_of(ref);

  if (status) return status;
  if (has_value(r) && r->count++ == 0)
    r->value = JS_DupValue(env->ctx, r->weak.target);
  if (result) *result = r->count;
  return tenon_p_napi_set(env, napi_ok);
}

napi_status napi_reference_unref(napi_env env, napi_ref ref, uint32_t *result)
{
  napi_status status = tenon_p_napi_check(env, ref);
  tenon_p_reference *r = reference_of(ref);
  JSValue v;

  if (status) return status;
  if (r->count == 0) return tenon_p_napi_set(env, napi_generic_failure);
  if (result) *result = r->count - 1;
  if (--r->count == 0) {
    v = r->value;
    r->value = JS_UNINITIALIZED;
    JS_FreeValue(env->ctx, v);
  }
  return tenon_p_napi_set(env, napi_ok);
}

/* NULL when the value is gone. */
napi_status napi_get_reference_value(napi_env env, napi_ref ref,
                                     napi_value *result)
{
  napi_status status = tenon_p_napi_check(env, ref && result);
  tenon_p_reference *r = reference_of(ref);
  JSValueConst v;

  if (status) return status;
  *result = NULL;
  if (!has_value(r)) return tenon_p_napi_set(env, napi_ok);
  v = r->weak.record ? r->weak.target : (JSValueConst)r->value;
  return tenon_p_napi_return(env, JS_DupValue(env->ctx, v), result);
}
