/* What modules call: values that instances hold, what they own, their end. */
#include <stdlib.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "bind/any.h"
#include "bind/life.h"
#include "engine/extension.h"

/* NULL is what the constructor that runs makes. */
static tenon_p_life *owner_of(const void *owner)
{
  const tenon_p_call *c = tenon_p_current_call;
  tenon_p_instance *i;

  if (!c || !c->ctx) return NULL;
  i = owner                         ? tenon_p_call_instance(c, owner)
      : c->self && !c->self->object ? c->self
                                    : NULL;
  return i && !i->is_disposed ? tenon_p_life_of(i) : NULL;
}

int tenon_p_host_hold(const void *owner, void *value, tenon_held **out)
{
  tenon_p_life *r = owner_of(owner);
  tenon_p_engine *e;
  tenon_held *h;

  *out = NULL;
  if (tenon_p_current_call && !tenon_p_current_call->ctx) return TENON_ETHREAD;
  if (!r || !value) return TENON_EINVAL;
  h = tenon_p_malloc(sizeof *h);
  if (!h) return TENON_ENOMEM;
  e = tenon_p_life_class(r)->all->engine;
  h->rt = e->rt;
  h->value = JS_DupValue(e->ctx, tenon_p_any_value(e, value));
  tenon_p_list_init(&h->link);
  tenon_p_list_append(&r->held, &h->link);
  *out = h;
  return 0;
}

void *tenon_p_host_held_value(const tenon_held *h)
{
  const tenon_p_call *c = tenon_p_current_call;

  if (!c || !c->ctx || JS_GetRuntime(c->ctx) != h->rt) return NULL;
  return tenon_p_any_push(tenon_p_runtime_owner(h->rt), h->value);
}

void tenon_p_host_held_release(tenon_held *h)
{
  JSValue v = h->value;

  tenon_p_list_remove(&h->link);
  h->value = JS_UNDEFINED;
  JS_FreeValueRT(h->rt, v);
  free(h);
}

int tenon_p_host_report_memory(const void *owner, size_t bytes)
{
  tenon_p_life *r = owner_of(owner);
  tenon_p_engine *e;

  if (!r) return TENON_EINVAL;
  e = tenon_p_life_class(r)->all->engine;
  if (tenon_p_instance_set_memory(e->ctx, r, bytes, false) == 0) return 0;
  JS_FreeValue(e->ctx, JS_GetException(e->ctx));
  return TENON_ENOMEM;
}

int tenon_p_host_dispose(const void *self)
{
  const tenon_p_call *c = tenon_p_current_call;
  tenon_p_instance *i = tenon_p_call_instance(c, self);

  if (c && !c->ctx) return TENON_ETHREAD;
  if (!i || !i->object) return TENON_EINVAL;
  tenon_p_instance_dispose(i);
  return 0;
}
