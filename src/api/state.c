/* States of native modules, and calls of native code, from outside. */
#include <tenon/state.h>

#include "api/internal.h"
#include "bind/any.h"
#include "bind/state.h"
#include "engine/realm.h"

/* What the call has failed by is thrown: 0 or TENON_EEXCEPTION. */
static int end_call(tenon_p_call *c)
{
  JSContext *ctx = c->ctx;
  JSValue r = c->failed ? tenon_p_call_throw(ctx, c) : JS_UNDEFINED;

  r = tenon_p_any_end(ctx, c, r);
  tenon_p_call_release(c);
  return JS_IsException(r) ? TENON_EEXCEPTION : 0;
}

static int call(tenon_realm *realm, void (*fn)(void *args, void *result),
                void *args, void *result)
{
  int r = tenon_p_realm_begin(realm);
  tenon_p_call c;

  if (r) return r;
  tenon_p_call_init(&c, false);
  c.calling = TENON_P_CALLING_HOST;
  c.ctx = realm->realm->ctx;
  tenon_p_call_run(&c, fn, args, result);
  return tenon_p_realm_end(realm, end_call(&c));
}

/* As thunks are called. */

static void get_state(void *args, void *result)
{
  const tenon_state_type *type = *(const tenon_state_type **)args;

  *(void **)result = tenon_p_state_get(tenon_p_current_call, type);
}

typedef struct given {
  void (*fn)(void *p);
  void *p;
} given;

static void call_given(void *args, void *result)
{
  const given *g = args;

  (void)result;
  g->fn(g->p);
}

static int state_of(tenon_realm *realm, const tenon_state_type *type,
                    uint32_t scope, void **out)
{
  int r;

  if (!out) return TENON_EINVAL;
  *out = NULL;
  if (!realm || !type || type->size < sizeof *type || type->scope != scope)
    return TENON_EINVAL;
  r = call(realm, get_state, &type, out);
  if (r) *out = NULL;
  return r;
}

int tenon_runtime_state(tenon_runtime *rt, const tenon_state_type *type,
                        void **out)
{
  int r = tenon_p_runtime_check(rt);

  if (out) *out = NULL;
  return r ? r : state_of(&rt->main, type, TENON_STATE_RUNTIME, out);
}

int tenon_realm_state(tenon_realm *realm, const tenon_state_type *type,
                      void **out)
{
  return state_of(realm, type, TENON_STATE_REALM, out);
}

int tenon_realm_call(tenon_realm *realm, void (*fn)(void *p), void *p)
{
  given g = {fn, p};

  return fn ? call(realm, call_given, &g, NULL) : TENON_EINVAL;
}
