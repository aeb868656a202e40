/* Tenon in the runtime of a host that embeds the engine by itself. */
#define TENON_P_INSIDE
#include <tenon/quickjs.h>

#include <string.h>

#include "api/internal.h"
#include "engine/engine.h"
#include "loop/loop.h"
#include "module/module.h"
#include "napi/env.h"
#include "napi/persistent.h"
#include "node/node.h"

_Static_assert(TENON_QUICKJS_VERSION == QJS_VERSION_MAJOR * 10000 +
                                            QJS_VERSION_MINOR * 100 +
                                            QJS_VERSION_PATCH,
               "tenon/quickjs.h is for the version of the engine in here");

/* Before anything of the engine is touched: the context may be another's. */
static int check_caller(const tenon_p_caller *c)
{
  if (c->size < sizeof *c) return TENON_EVERSION;
  if (c->version / 100 != TENON_VERSION / 100) return TENON_EVERSION;
  if (c->engine_version != TENON_QUICKJS_VERSION ||
      c->value_size != sizeof(JSValue) ||
      c->engine != (uintptr_t)tenon_p_engine_mark)
    return TENON_EENGINE;
  return 0;
}

static int new_guest(JSContext *ctx, tenon_p_engine **out)
{
  tenon_p_engine *e;
  int r = tenon_p_engine_new_guest(ctx, &e);

  *out = NULL;
  if (r) return r;
  r = tenon_p_persistents_attach(e);
  if (r == 0) r = tenon_p_loop_attach(e);
  if (r == 0) r = tenon_p_modules_attach(e);
  if (r == 0) r = tenon_p_napi_attach(e);
  if (r == 0) r = tenon_p_guest_move_in(e);
  if (r) {
    tenon_p_engine_free(e);
    return r;
  }
  *out = e;
  return 0;
}

/* The engine of a host's context, when it is this thread's. */
static int find_guest(JSContext *ctx, tenon_p_engine **out)
{
  tenon_p_engine *e = ctx ? tenon_p_engine_of(ctx) : NULL;

  *out = NULL;
  if (!ctx || (e && !e->is_guest)) return TENON_EINVAL;
  if (e && !tenon_p_engine_is_here(e)) return TENON_ETHREAD;
  *out = e;
  return 0;
}

int tenon_p_attach(JSContext *ctx, const char *name, tenon_module_entry *entry,
                   const tenon_p_caller *caller)
{
  JSValue held = JS_UNINITIALIZED;
  bool has_exception;
  tenon_p_engine *e;
  int r;

  if (!caller) return TENON_EINVAL;
  r = check_caller(caller);
  if (r == 0) r = find_guest(ctx, &e);
  if (r) return r;
  has_exception = JS_HasException(ctx);
  if (has_exception) held = JS_GetException(ctx);
  if (!e) r = new_guest(ctx, &e);
  if (r == 0)
    r = entry || !name ? tenon_p_modules_add_guest(e, ctx, name, entry)
                       : tenon_p_node_add_guest(e, ctx, name);
  /* Only a lack of memory throws here. */
  if (JS_HasException(ctx)) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    r = TENON_ENOMEM;
  }
  if (has_exception) JS_Throw(ctx, held);
  return r;
}

int tenon_attach_fd(JSContext *ctx)
{
  tenon_p_engine *e;
  int r = find_guest(ctx, &e);

  if (r) return r;
  return e ? tenon_p_guest_fd(e) : TENON_EINVAL;
}

bool tenon_attach_is_waiting(JSContext *ctx)
{
  tenon_p_engine *e;

  if (find_guest(ctx, &e) || !e) return false;
  return tenon_p_loop_is_alive(tenon_p_loop_of(e));
}

/* --- Modules of QuickJS in a runtime of Tenon ------------------------------ */

int tenon_p_add_quickjs_module(tenon_runtime *rt, const char *name,
                               tenon_p_engine_module *init,
                               const tenon_p_caller *caller)
{
  int r = caller ? check_caller(caller) : TENON_EINVAL;

  if (r == 0) r = tenon_p_runtime_check(rt);
  if (r) return r;
  if (rt->engine->is_closing) return TENON_ECLOSING;
  return tenon_p_modules_add_engine_module(rt->engine, name, init);
}
