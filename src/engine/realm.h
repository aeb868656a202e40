/*
 * Realms: contexts of one heap. The engine has a main one, which lives as long
 * as itself; others are made and freed while it lives.
 *
 * Invariants
 * - A realm belongs to its context and ends with it: as long as anything that
 *   was made in it is left, its state is there. The engine counts as a holder
 *   until the realm is released.
 * - After it was closed nothing that it has begun comes back to it: timers,
 *   operations of native code. Its functions can still be called.
 */
#ifndef TENON_ENGINE_REALM_H
#define TENON_ENGINE_REALM_H

#include "engine/engine.h"
#include "engine/extension.h"

/* What an upper layer keeps for a realm, found by the address of its type. */
typedef struct tenon_p_realm_type {
  const char *name;
  /* Stop what runs. May be NULL. */
  void (*close)(tenon_p_realm *r, void *state);
  /* The values that it holds, for the collector. May be NULL. */
  void (*mark)(JSRuntime *rt, void *state, JS_MarkFunc *mark);
  /* Let go of these and free it: no call of the engine but those of *RT. */
  void (*free)(tenon_p_realm *r, JSRuntime *rt, void *state);
} tenon_p_realm_type;

typedef struct tenon_p_realm_state {
  struct tenon_p_realm_state *next;
  const tenon_p_realm_type *type;
  void *data;
} tenon_p_realm_state;

struct tenon_p_realm {
  tenon_p_owner owner; /* first: the context points to it */
  tenon_p_engine *engine;
  JSContext *ctx;
  tenon_p_list link;           /* in engine->realms, while its context lives */
  tenon_p_list released;       /* in engine->released */
  tenon_p_realm_state *states; /* last attached first */
  uint32_t without;            /* TENON_REALM_*, and what needs those */
  uint32_t busy;               /* calls of the host that are in it */
  bool is_held;                /* the engine's reference is there */
  bool is_closed;
};

/* One that lacks what `without` says; 0, or TENON_ENOMEM. Nothing is pending
 * behind it. */
int tenon_p_realm_new(tenon_p_engine *e, uint32_t without, tenon_p_realm **out);
/* Close it, for good; again is fine. */
void tenon_p_realm_close(tenon_p_realm *r);
/* Close it and let go of it; what is left of it ends with its last value. */
void tenon_p_realm_release(tenon_p_realm *r);
/* For the engine: lets go of those that were released while scripts ran. */
void tenon_p_realm_drop_released(tenon_p_engine *e);

/* The realm of a context; NULL of one that Tenon did not make. */
tenon_p_realm *tenon_p_realm_of(JSContext *ctx);
/* The same, but that of a host's context becomes one, to which states can be
 * attached: NULL when there is no memory. It is never closed. */
tenon_p_realm *tenon_p_realm_adopt(JSContext *ctx);

/* Attach a state; `data` is taken on success only. 0 or TENON_ENOMEM. */
int tenon_p_realm_attach(tenon_p_realm *r, const tenon_p_realm_type *type,
                         void *data);
/* NULL when there is none. */
void *tenon_p_realm_get(JSContext *ctx, const tenon_p_realm_type *type);

/* As those of engine.h, which are for the main realm: the program is asked by
 * the reporter in this one. */
void tenon_p_realm_take_exception(JSContext *ctx);
void tenon_p_realm_add_uncaught(JSContext *ctx, JSValue error);
bool tenon_p_realm_report(JSContext *ctx, JSValueConst error);

#endif
