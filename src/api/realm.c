/* Realms as hosts see them: checks, delegates. */
#include <tenon/realm.h>

#include <stdlib.h>
#include <string.h>

#include "api/internal.h"
#include "base/alloc.h"
#include "engine/realm.h"
#include "module/module.h"
#include "napi/env.h"
#include "node/node.h"

/* The smallest options that were ever released. */
#define OLDEST_OPTIONS sizeof(tenon_realm_options)

/* A realm that was entered, on the stack of its runtime. */
typedef struct tenon_p_entered {
  struct tenon_p_entered *outer;
  tenon_realm *realm;
  JSContext *before; /* counted: where values were made until then */
} tenon_p_entered;

static int check(const tenon_realm *realm)
{
  int r;

  if (!realm) return TENON_EINVAL;
  r = tenon_p_runtime_check(realm->rt);
  return r ? r : realm->realm ? 0 : TENON_EINVAL;
}

/* --- Life --------------------------------------------------------------------- */

static int read_options(const tenon_realm_options *options, uint32_t *without)
{
  *without = 0;
  if (!options) return 0;
  if (options->size < OLDEST_OPTIONS || options->size > sizeof *options)
    return TENON_EINVAL;
  *without = options->without;
  return 0;
}

/* One that is not used; NULL when there is no memory. */
static tenon_realm *new_handle(tenon_runtime *rt)
{
  tenon_realm *realm;

  if (!tenon_p_list_is_empty(&rt->unused)) {
    realm = tenon_p_container(rt->unused.next, tenon_realm, unused);
    tenon_p_list_remove(&realm->unused);
    return realm;
  }
  realm = tenon_p_calloc(sizeof *realm);
  if (!realm) return NULL;
  realm->rt = rt;
  tenon_p_list_init(&realm->unused);
  realm->next = rt->realms;
  rt->realms = realm;
  return realm;
}

static int make(tenon_runtime *rt, uint32_t without, tenon_p_realm **out)
{
  int r = tenon_p_engine_enter(rt->engine);

  *out = NULL;
  if (r) return r;
  r = tenon_p_realm_new(rt->engine, without, out);
  if (r == 0 && (tenon_p_std_define(*out) || tenon_p_node_define(*out))) {
    tenon_p_realm_release(*out);
    r = TENON_ENOMEM;
  }
  tenon_p_engine_leave_quietly(rt->engine);
  return r;
}

int tenon_realm_new(tenon_runtime *rt, const tenon_realm_options *options,
                    tenon_realm **out)
{
  tenon_realm *realm;
  uint32_t without;
  int r;

  if (!out) return TENON_EINVAL;
  *out = NULL;
  r = tenon_p_runtime_check(rt);
  if (r == 0) r = read_options(options, &without);
  if (r) return r;
  realm = new_handle(rt);
  if (!realm) return TENON_ENOMEM;
  r = make(rt, without, &realm->realm);
  if (r) {
    realm->realm = NULL;
    tenon_p_list_append(&rt->unused, &realm->unused);
    return r;
  }
  *out = realm;
  return 0;
}

/* Native code that is told of the end may come back here. */
int tenon_realm_free(tenon_realm *realm)
{
  tenon_p_realm *inner;
  int r;

  if (!realm) return 0;
  r = check(realm);
  if (r) return r;
  if (realm == &realm->rt->main) return TENON_EINVAL;
  inner = realm->realm;
  if (inner->busy || tenon_p_context_is_on_stack(inner->ctx))
    return TENON_EBUSY;
  realm->realm = NULL;
  tenon_p_realm_release(inner);
  tenon_p_list_append(&realm->rt->unused, &realm->unused);
  return 0;
}

void tenon_p_realms_release(tenon_runtime *rt)
{
  tenon_realm *realm;

  while ((realm = rt->realms)) {
    rt->realms = realm->next;
    free(realm);
  }
}

tenon_realm *tenon_runtime_realm(tenon_runtime *rt)
{
  return tenon_p_runtime_check(rt) ? NULL : &rt->main;
}

tenon_runtime *tenon_realm_runtime(tenon_realm *realm)
{
  return check(realm) ? NULL : realm->rt;
}

/* --- Running ------------------------------------------------------------------ */

int tenon_p_realm_begin(tenon_realm *realm)
{
  int r = check(realm);

  if (r == 0) r = tenon_p_engine_enter(realm->rt->engine);
  if (r == 0) realm->realm->busy++;
  return r;
}

/* What its microtasks do may be to free the realm. */
int tenon_p_realm_end(tenon_realm *realm, int r)
{
  tenon_runtime *rt = realm->rt;

  realm->realm->busy--;
  return tenon_p_runtime_leave(rt, r);
}

static int eval(tenon_realm *realm, enum tenon_p_source_kind kind,
                const char *src, size_t len, const char *name)
{
  int r = !src && len ? TENON_EINVAL : tenon_p_realm_begin(realm);

  if (r) return r;
  tenon_p_loop_begin(realm->rt->loop);
  return tenon_p_realm_end(
      realm, tenon_p_modules_eval_in(realm->realm->ctx, kind, src, len, name));
}

int tenon_realm_eval_script(tenon_realm *realm, const char *src, size_t len,
                            const char *name)
{
  return eval(realm, TENON_P_SOURCE_SCRIPT, src, len, name ? name : "<script>");
}

int tenon_realm_eval_module(tenon_realm *realm, const char *src, size_t len,
                            const char *name)
{
  return eval(realm, TENON_P_SOURCE_MODULE, src, len, name ? name : "<module>");
}

int tenon_realm_add_globals(tenon_realm *realm, tenon_module_entry *entry)
{
  int r = entry ? tenon_p_realm_begin(realm) : TENON_EINVAL;

  if (r) return r;
  return tenon_p_realm_end(
      realm, tenon_p_modules_add_globals(realm->realm->ctx, entry));
}

int tenon_realm_run_glue(tenon_realm *realm, tenon_module_entry *entry,
                         const char *src, size_t len, const char *name)
{
  int r = !entry || (!src && len) ? TENON_EINVAL : tenon_p_realm_begin(realm);

  if (r) return r;
  return tenon_p_realm_end(
      realm, tenon_p_modules_run_glue(realm->realm->ctx, entry, src, len,
                                      name ? name : "<glue>"));
}

/* --- Node-API ----------------------------------------------------------------- */

int tenon_realm_enter(tenon_realm *realm)
{
  tenon_p_entered *e;
  napi_env env;
  int r = check(realm);

  if (r) return r;
  if (realm->rt->engine->is_closing) return TENON_ECLOSING;
  env = tenon_p_napi_env(realm->rt->engine);
  e = env ? tenon_p_calloc(sizeof *e) : NULL;
  if (!e) return TENON_ENOMEM;
  *e = (tenon_p_entered){realm->rt->entered, realm, JS_DupContext(env->ctx)};
  realm->rt->entered = e;
  realm->realm->busy++;
  env->ctx = realm->realm->ctx;
  return 0;
}

static void leave(tenon_runtime *rt)
{
  tenon_p_entered *e = rt->entered;

  rt->entered = e->outer;
  e->realm->realm->busy--;
  tenon_p_napi_env(rt->engine)->ctx = e->before;
  JS_FreeContext(e->before);
  free(e);
}

int tenon_realm_leave(tenon_realm *realm)
{
  int r = check(realm);

  if (r) return r;
  if (!realm->rt->entered || realm->rt->entered->realm != realm)
    return TENON_EINVAL;
  leave(realm->rt);
  return 0;
}

void tenon_p_realms_leave_all(tenon_runtime *rt)
{
  while (rt->entered)
    leave(rt);
}
