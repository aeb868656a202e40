#include "bind/hold.h"

#include <pthread.h>
#include <stdlib.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "bind/any.h"
#include "bind/callback.h"
#include "bind/closure.h"
#include "bind/life.h"
#include "engine/extension.h"

/* Of a value, or of a callback that is kept. */
struct tenon_held {
  tenon_p_list link; /* in its owner's list */
  JSValue value;     /* undefined once its owner's object is gone */
  JSRuntime *rt;     /* to be compared */
  tenon_callback *cb;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

void tenon_p_hold_lock(void)
{
  pthread_mutex_lock(&mutex);
}

void tenon_p_hold_unlock(void)
{
  pthread_mutex_unlock(&mutex);
}

/* --- Owners ---------------------------------------------------------------------- */

void tenon_p_holder_mark(JSRuntime *rt, const tenon_p_holder *h,
                         JS_MarkFunc *mark)
{
  const tenon_p_list *at;

  for (at = h->held.next; at != &h->held; at = at->next) {
    const tenon_held *k = tenon_p_container(at, tenon_held, link);
    if (k->cb)
      tenon_p_callback_mark(rt, k->cb, mark);
    else
      JS_MarkValue(rt, k->value, mark);
  }
}

void tenon_p_holder_let_go(JSRuntime *rt, tenon_p_holder *h)
{
  tenon_p_list *at;

  for (at = h->held.next; at != &h->held; at = at->next) {
    tenon_held *k = tenon_p_container(at, tenon_held, link);
    JSValue v = k->value;
    k->value = JS_UNDEFINED;
    JS_FreeValueRT(rt, v);
    if (k->cb) tenon_p_callback_let_go(k->cb);
  }
}

static tenon_held *new_held(tenon_p_holder *h, JSRuntime *rt)
{
  tenon_held *k = tenon_p_malloc(sizeof *k);

  if (!k) return NULL;
  *k = (tenon_held){.value = JS_UNDEFINED, .rt = rt};
  tenon_p_list_init(&k->link);
  tenon_p_list_append(&h->held, &k->link);
  return k;
}

static void free_held(JSRuntime *rt, tenon_held *k)
{
  JSValue v = k->value;

  tenon_p_list_remove(&k->link);
  free(k);
  JS_FreeValueRT(rt, v);
}

void tenon_p_holder_release(JSRuntime *rt, tenon_p_holder *h)
{
  while (!tenon_p_list_is_empty(&h->held)) {
    tenon_held *k = tenon_p_container(h->held.next, tenon_held, link);
    tenon_callback *cb = k->cb;
    if (cb) cb->keeper = NULL;
    free_held(rt, k);
    if (cb) tenon_p_callback_drop(cb);
  }
}

void tenon_p_holder_move(tenon_p_holder *from, tenon_p_holder *to)
{
  while (!tenon_p_list_is_empty(&from->held)) {
    tenon_p_list *first = from->held.next;
    tenon_p_list_remove(first);
    tenon_p_list_append(&to->held, first);
  }
}

tenon_held *tenon_p_holder_add(JSRuntime *rt, tenon_p_holder *h, JSValueConst v)
{
  tenon_held *k = new_held(h, rt);

  if (k) k->value = JS_DupValueRT(rt, v);
  return k;
}

int tenon_p_holder_keep(tenon_p_holder *h, tenon_callback *cb)
{
  tenon_held *k = new_held(h, cb->rt);

  if (!k) return -1;
  k->cb = cb;
  cb->keeper = k;
  return 0;
}

void tenon_p_holder_forget(tenon_callback *cb)
{
  tenon_held *k = cb->keeper;

  if (!k) return;
  cb->keeper = NULL;
  tenon_p_list_remove(&k->link);
  free(k);
}

JSValueConst tenon_p_held_get(const tenon_held *h)
{
  return h->value;
}

tenon_p_holder *tenon_p_holder_find(const void *owner)
{
  tenon_p_life *r = tenon_p_owner_of(owner);

  if (r) return &r->holder;
  return owner && tenon_p_current_call
             ? tenon_p_closure_holder(tenon_p_current_call, owner)
             : NULL;
}

/* --- What modules call ----------------------------------------------------------- */

int tenon_p_host_hold(const void *owner, void *value, tenon_held **out)
{
  const tenon_p_call *c = tenon_p_current_call;
  tenon_p_holder *h;
  tenon_p_engine *e;

  *out = NULL;
  if (c && !c->ctx) return TENON_ETHREAD;
  h = tenon_p_holder_find(owner);
  if (!h || !value) return TENON_EINVAL;
  e = tenon_p_engine_of(c->ctx);
  *out = tenon_p_holder_add(e->rt, h, tenon_p_any_value(e, value));
  return *out ? 0 : TENON_ENOMEM;
}

void *tenon_p_host_held_value(const tenon_held *h)
{
  const tenon_p_call *c = tenon_p_current_call;

  if (!c || !c->ctx || JS_GetRuntime(c->ctx) != h->rt) return NULL;
  return tenon_p_any_push(tenon_p_runtime_owner(h->rt), h->value);
}

/* Off the loop it goes with its owner: its value is not ours to free. */
void tenon_p_host_held_release(tenon_held *h)
{
  const tenon_p_call *c = tenon_p_current_call;
  bool is_off = c && !c->ctx;

  if (is_off) tenon_p_hold_lock();
  if (!is_off || JS_IsUndefined(h->value)) free_held(h->rt, h);
  if (is_off) tenon_p_hold_unlock();
}
