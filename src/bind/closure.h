/*
 * Functions with a state: function objects of one descriptor that each hand
 * their own pointer to it, and end it.
 *
 * Invariants
 * - Whoever asks for one gives the state away: its `free` is called once, by a
 *   finalizer when the function object is gone, or at once when there is none.
 * - The state is in no property, and no script can have it.
 */
#ifndef TENON_BIND_CLOSURE_H
#define TENON_BIND_CLOSURE_H

#include <tenon/descriptor.h>

#include "bind/function.h"
#include "bind/hold.h"
#include "engine/finalize.h"

/* A state, and those that may use it. */
typedef struct tenon_p_shared {
  tenon_p_list others;
  void *state;
  void (*free)(void *state); /* or NULL */
} tenon_p_shared;

/* Its function object's native points at `binding`, as that of any function. */
typedef struct tenon_p_closure {
  tenon_p_binding binding; /* first; the names are those of its descriptor */
  tenon_p_finalizer finalizer;
  struct tenon_p_closures *all;
  tenon_p_shared shared; /* with calls that were abandoned */
  tenon_p_holder holder;
} tenon_p_closure;

/* What the layer above knows. */
typedef struct tenon_p_closure_ops {
  /* The module of a runtime that was given this table of host functions; NULL:
   * it has none. */
  const tenon_p_module *(*find)(tenon_p_engine *e,
                                const tenon_host *const *module_host);
} tenon_p_closure_ops;

/* 0 or TENON_ENOMEM. `ops` is static. */
int tenon_p_closures_attach(tenon_p_engine *e, const tenon_p_closure_ops *ops);

/* What a state holds: that of the function that runs, or of
 * the one that was made last; NULL of others. */
tenon_p_holder *tenon_p_closure_holder(const tenon_p_call *c,
                                       const void *state);

/* A call of this binding, if it is that of a closure, outlives it, and shares its
 * state; `out` is empty where it does not. Loop's thread. */
void tenon_p_closure_share(const tenon_p_binding *b, tenon_p_shared *out);
/* One user less: is the state to be freed? Any thread. */
bool tenon_p_shared_leave(tenon_p_shared *s);

/* For the table of host functions. */
void *tenon_p_host_function_new(const tenon_host *const *module_host,
                                const tenon_function *f, void *state,
                                void (*free)(void *state));

#endif
