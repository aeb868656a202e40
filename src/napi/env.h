/*
 * The environment of Node-API: what every function of this layer begins and
 * ends with.
 *
 * Invariants
 * - A napi_value is the address of a JSValue that somebody else frees: a slot
 *   of the stack of handles, an argument of a call, a constant.
 * - While `exception` is set no function runs scripts.
 * - What a function leaves in the engine as thrown it has taken or dropped.
 */
#ifndef TENON_NAPI_ENV_H
#define TENON_NAPI_ENV_H

#ifndef NAPI_VERSION
#define NAPI_VERSION 10
#endif

#include <tenon/node-api/js_native_api.h>

#include "engine/engine.h"
#include "engine/external.h"
#include "loop/loop.h"

typedef struct tenon_p_chunk tenon_p_chunk;
typedef struct tenon_p_scope tenon_p_scope;

/* Values that have no slot. */
enum tenon_p_napi_constant {
  TENON_P_NAPI_UNDEFINED,
  TENON_P_NAPI_NULL,
  TENON_P_NAPI_FALSE,
  TENON_P_NAPI_TRUE,
  TENON_P_NAPI_CONSTANTS
};

/* A class of the engine, registered when it is first wanted. */
typedef struct tenon_p_napi_class {
  JSClassID id;     /* JS_INVALID_CLASS_ID: not registered yet */
  JSClassID number; /* before it is registered */
} tenon_p_napi_class;

struct napi_env__ {
  tenon_p_engine *engine;
  JSContext *ctx; /* of the realm that values are made in */
  napi_extended_error_info last_error;
  JSValue exception;    /* JS_UNINITIALIZED: none */
  tenon_p_chunk *chunk; /* the top of the stack of handles */
  tenon_p_scope *scope; /* the innermost one; NULL outside of all */
  JSValue constants[TENON_P_NAPI_CONSTANTS];
  tenon_p_napi_class external; /* its objects' opaque is the user's pointer */
  tenon_p_napi_class branded;  /* instances of classes; the opaque is whose */
  tenon_p_list references, queued, dead; /* of tenon_p_reference.link */
  tenon_p_list ended;                    /* those that are to be told of */
  tenon_p_list keys;                     /* of tenon_key.link */
  tenon_p_ready finalizing;              /* runs the finalizers of `queued` */
  tenon_p_finalizers pressed;            /* does so at once */
  size_t adjusted_bytes;                 /* of napi_adjust_external_memory */
  bool is_over;       /* the realms go: no value is made any more */
  bool is_over_limit; /* by what the current callback has adjusted */
  struct {
    void *data, *hint;
    napi_finalize finalize;
  } instance;
};

/* That of an engine, made when it is first asked for; NULL when there is no
 * memory for it or the engine is being freed. */
napi_env tenon_p_napi_env(tenon_p_engine *e);

/* The same, when it was asked for before; else NULL. */
napi_env tenon_p_napi_find(tenon_p_engine *e);
/* Lets described functions have handles: 0 or TENON_ENOMEM. */
int tenon_p_napi_attach(tenon_p_engine *e);

/* Remember what the function returns. */
napi_status tenon_p_napi_set(napi_env env, napi_status status);

/* May the function begin? Its arguments are there? If not, what it returns. */
napi_status tenon_p_napi_check(napi_env env, bool has_arguments);
/* Of what a finalizer may call at any time, a node_api_basic_env. */
napi_status tenon_p_napi_check_basic(napi_env env, bool has_arguments);

/*
 * The same of a function that may run scripts, in the order of node: an
 * exception that is pending and an end of the program come before arguments.
 * Only with napi_ok it wants one of the two _leave, which return what the
 * function returns. With another status than napi_ok what was thrown becomes
 * the pending exception.
 */
napi_status tenon_p_napi_enter(napi_env env, bool has_arguments);
napi_status tenon_p_napi_leave(napi_env env, napi_status status);
/* For calls: the outermost one is a turn of the program. */
napi_status tenon_p_napi_leave_turn(napi_env env, napi_status status);

/* A handle of a value, which is consumed; napi_pending_exception for
 * JS_EXCEPTION, napi_generic_failure when there is no room. */
napi_status tenon_p_napi_give(napi_env env, JSValue v, napi_value *result);
/* The end of a function that was not entered: what was thrown is dropped. */
napi_status tenon_p_napi_return(napi_env env, JSValue v, napi_value *result);
/* 0, or -1 with an exception. */
int tenon_p_napi_register(napi_env env, tenon_p_napi_class *c,
                          const char *name);
/* Drop what was thrown. */
void tenon_p_napi_drop(napi_env env);

/* Of an int by which the engine says yes, no or thrown. */
napi_status tenon_p_napi_answer(int r, bool *result);

static inline JSValueConst tenon_p_napi_value(napi_value v)
{
  return *(const JSValueConst *)(const void *)v;
}

static inline napi_value tenon_p_napi_constant(napi_env env,
                                               enum tenon_p_napi_constant which)
{
  return (napi_value)(void *)&env->constants[which];
}

/* --- Keys (key.c) ------------------------------------------------------------------------- */

void tenon_p_keys_release(napi_env env);
void tenon_p_keys_free(napi_env env);

/* --- Handles (scope.c) ------------------------------------------------------------------ */

/* 0, or -1 when out of memory. */
int tenon_p_handles_init(napi_env env);
/* Lets go of all values; again is fine, and so is a push behind it. */
void tenon_p_handles_clear(napi_env env);
void tenon_p_handles_release(napi_env env);

/* A slot of the innermost scope for a value, which is consumed; NULL when there
 * is no memory. */
napi_value tenon_p_handles_push(napi_env env, JSValue v);

/* The scope of a callback, which can be closed by this only; NULL when there is
 * no memory. */
tenon_p_scope *tenon_p_scope_open(napi_env env);
void tenon_p_scope_close(napi_env env, tenon_p_scope *s);

/* Whose the innermost scope of a callback is, as the second one has said; NULL
 * of others. */
const void *tenon_p_scope_owner(napi_env env);
void tenon_p_scope_own(napi_env env, const void *owner);

#endif
