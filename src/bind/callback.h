/*
 * Functions of JavaScript that C holds, with the signature to call them by.
 *
 * Invariants
 * - The runtime is one holder of a callback, as long as it holds the function:
 *   until no native code holds it any more, or the runtime ends. So `link`,
 *   `ctx` and the values belong to the loop's thread, and whoever comes later
 *   finds them gone and not freed.
 * - What is needed by other threads is the layer's above, which makes it.
 */
#ifndef TENON_BIND_CALLBACK_H
#define TENON_BIND_CALLBACK_H

#include <tenon/descriptor.h>

#include "bind/call.h"
#include "bind/message.h"
#include "bind/names.h"
#include "engine/engine.h"

/* A signature, as a realm's runtime has it. */
typedef struct tenon_p_callee {
  tenon_p_list link;
  const tenon_signature *signature;
  tenon_function function; /* its name, parameters and result, for messages */
  tenon_p_names names;
} tenon_p_callee;

struct tenon_callback {
  tenon_p_list link;
  const struct tenon_p_callback_ops *ops;
  const tenon_signature *signature;
  const tenon_p_callee *callee;
  JSRuntime *rt;  /* to be compared, by any thread */
  JSContext *ctx; /* counted; NULL: the runtime has let go */
  JSValue function, this_value;
  const void *address; /* atomic: of the call that kept it last; NULL: none */
  char *text;          /* what it was, once the runtime ended, or NULL */
  tenon_held *keeper;  /* of one that an owner keeps (bind/hold.h) */
  uint64_t looked_at;  /* in which collection `is_traced` was set; 0: none */
  bool is_traced;      /* nobody but the runtime and its owner holds it */
  bool is_awaited;     /* the loop stays alive for it */
  int refs;            /* atomic: the runtime and each native holder */
  int was_called;      /* atomic; of one that is for once */
};

/* What the layer above does. */
typedef struct tenon_p_callback_ops {
  /* A zeroed callback; NULL when out of memory. */
  tenon_callback *(*make)(tenon_p_engine *e);
  /* Native code lets go of it. Any thread. */
  void (*release)(tenon_callback *cb);
  /* The runtime lets go of it: values are still there. Loop's thread. */
  void (*let_go)(tenon_callback *cb);
  /* The last holder is gone. Any thread. */
  void (*destroy)(tenon_callback *cb);
} tenon_p_callback_ops;

/* 0 or TENON_ENOMEM. */
int tenon_p_callbacks_attach(tenon_p_engine *e,
                             const tenon_p_callback_ops *ops);

/* One that native code holds; `this_value` too is borrowed. NULL with an
 * exception. Both flags of a signature are looked after by the layer above. */
tenon_callback *tenon_p_callback_new(JSContext *ctx, const tenon_signature *s,
                                     JSValueConst function,
                                     JSValueConst this_value);
/* The runtime lets go, if it has not yet. Loop's thread. */
void tenon_p_callback_let_go(tenon_callback *cb);
/* One holder less; true when that was the last native one but the runtime's is
 * left. */
bool tenon_p_callback_unref(tenon_callback *cb);

/* Those that native code has kept, at that place, until `visit` says false. They
 * may be released meanwhile, and others made, which are not visited. */
void tenon_p_callbacks_each(tenon_p_engine *e,
                            bool (*visit)(void *p, const void *address,
                                          JSValueConst function),
                            void *p);

/* Its owner lets go of it, unless native code has done so; the loop's thread while
 * the runtime has not let go. */
void tenon_p_callback_drop(tenon_callback *cb);
/* For a collection, by the owner that keeps it. */
void tenon_p_callback_mark(JSRuntime *rt, tenon_callback *cb,
                           JS_MarkFunc *mark);
/* For the table of host functions. */
tenon_callback *tenon_p_callback_keep_in(tenon_callback *cb, const void *owner);

/* As tenon_p_read and tenon_p_write, of a parameter or result that is one. */
int tenon_p_read_callback(JSContext *ctx, tenon_p_call *c,
                          const tenon_p_place *place, const tenon_type *type,
                          JSValueConst v, tenon_callback **dst);
JSValue tenon_p_write_callback(JSContext *ctx, const tenon_p_place *place,
                               tenon_callback *cb);
/* For tenon_p_keep. */
int tenon_p_keep_callback(tenon_p_call *c, tenon_callback *cb);

/* Call it: what the function returns, or an exception. Loop's thread, entered;
 * the runtime has not let go. What `from` was given may be passed on; NULL: it is
 * called by nobody on this thread. */
JSValue tenon_p_callback_start(tenon_callback *cb, const void *args,
                               tenon_p_call *from);
/* Take what it returned, which is consumed, as the result, with memory of `c`;
 * a result of NULL is not looked at. 0, or -1 with an exception. */
int tenon_p_callback_finish(tenon_callback *cb, tenon_p_call *c, JSValue v,
                            void *result);

#endif
