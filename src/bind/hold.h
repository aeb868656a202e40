/*
 * What native code holds of JavaScript by way of an owner that the collector
 * knows: an instance, the state of a function. So cycles through C are seen.
 *
 * Invariants
 * - An owner's object marks each value once, for as long as it holds it.
 * - A value is let go of with the object of its owner, at the latest. What was
 *   handed to native code for it lives as long as the owner itself.
 * - Of a function that is kept it is a plain holder, which the collector does not
 *   look through, while there are other holders than the owner.
 */
#ifndef TENON_BIND_HOLD_H
#define TENON_BIND_HOLD_H

#include <tenon/descriptor.h>

#include "bind/call.h"
#include "engine/engine.h"

typedef struct tenon_p_holder {
  tenon_p_list held; /* of tenon_held.link */
} tenon_p_holder;

static inline void tenon_p_holder_init(tenon_p_holder *h)
{
  tenon_p_list_init(&h->held);
}

void tenon_p_holder_mark(JSRuntime *rt, const tenon_p_holder *h,
                         JS_MarkFunc *mark);
/* Lets go of the values, and leaves what native code was handed. During a
 * collection, too. */
void tenon_p_holder_let_go(JSRuntime *rt, tenon_p_holder *h);
/* Frees what is left. Of one that has let go: any thread. */
void tenon_p_holder_release(JSRuntime *rt, tenon_p_holder *h);

/* What one owner holds is another one's from now on. */
void tenon_p_holder_move(tenon_p_holder *from, tenon_p_holder *to);

/* A value, which is not consumed; NULL when out of memory. */
tenon_held *tenon_p_holder_add(JSRuntime *rt, tenon_p_holder *h,
                               JSValueConst v);
/* Consumes the hold of native code on one that nobody else has yet. -1 when out
 * of memory: it is as before. */
int tenon_p_holder_keep(tenon_p_holder *h, tenon_callback *cb);
/* The last holder of a callback that was kept so is gone. */
void tenon_p_holder_forget(tenon_callback *cb);
JSValueConst tenon_p_held_get(const tenon_held *h);

/* What the current call may let hold values by this pointer; NULL means what the
 * constructor that runs makes. NULL: there is none. */
tenon_p_holder *tenon_p_holder_find(const void *owner);

/* Around what the loop's thread does to an owner that a call off the loop has,
 * which may be letting go of what it holds. */
void tenon_p_hold_lock(void);
void tenon_p_hold_unlock(void);

/* For the table of host functions. */
int tenon_p_host_hold(const void *owner, void *value, tenon_held **out);
void *tenon_p_host_held_value(const tenon_held *h);
void tenon_p_host_held_release(tenon_held *h);

#endif
