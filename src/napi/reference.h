/*
 * References, and what else hangs on a value: wraps, finalizers, type tags.
 *
 * Invariants
 * - One is in exactly one list of its environment: `references`; `queued`, when
 *   its value is gone and its finalizer waits for its turn; or `dead`, when the
 *   value is gone and nothing is left to do but the user's delete.
 * - No finalizer runs inside of a free.
 */
#ifndef TENON_NAPI_REFERENCE_H
#define TENON_NAPI_REFERENCE_H

#include "engine/foreign.h"
#include "napi/env.h"

typedef struct tenon_p_reference {
  tenon_p_list link;
  napi_env env;
  tenon_p_weak weak; /* not set for what cannot be held weakly */
  JSValue value;     /* owned while count > 0, else JS_UNINITIALIZED */
  uint32_t count;
  bool is_users; /* and ends by napi_delete_reference; others by themselves */
  const void *address;    /* of a user's: of the call that made it */
  char *text;             /* what it was, where it is to be told; else NULL */
  napi_finalize finalize; /* may be NULL */
  void *data, *hint;
  size_t external_bytes; /* of `data`, counted until the end of all this */
  napi_type_tag tag;
  /* Who points to it and learns of its end; NULL: nobody. */
  struct tenon_p_reference **holder;
} tenon_p_reference;

/* What a reference is for: its weak.type. */
extern const char tenon_p_reference_plain, tenon_p_reference_wrap,
    tenon_p_reference_tag;

/* One of `count` to a value; NULL with an exception when out of memory. */
tenon_p_reference *tenon_p_reference_new(napi_env env, JSValueConst v,
                                         uint32_t count, const char *type);
void tenon_p_reference_free(tenon_p_reference *r);

/* A finalizer of memory that a value of the engine points to: called once, by
 * the loop, after `gone` was called, or when the runtime ends. */
void tenon_p_reference_gone(tenon_p_reference *r);

/* Those of users that hold their value, until `visit` says false. They may be
 * deleted meanwhile, and others made, which are not visited. */
void tenon_p_references_each(napi_env env,
                             bool (*visit)(void *p, const void *address,
                                           JSValueConst v),
                             void *p);

/* For env.c. */
void tenon_p_references_init(napi_env env);
void tenon_p_references_close(napi_env env);
void tenon_p_references_release(napi_env env);
void tenon_p_references_tell(napi_env env);

#endif
