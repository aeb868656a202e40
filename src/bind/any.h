/*
 * Values that native code takes as they are. What it sees of them are handles,
 * which the layer of Node-API makes: it is above this one, and reached through
 * what it attaches to the engine.
 */
#ifndef TENON_BIND_ANY_H
#define TENON_BIND_ANY_H

#include "bind/call.h"
#include "engine/engine.h"

typedef struct tenon_p_any_ops {
  /* Handles that are made from now on live until the call is over; again is
   * fine. The environment, or NULL when out of memory. */
  void *(*open)(tenon_p_engine *e, tenon_p_call *c);
  /* A handle of `v`, which is consumed; NULL when out of memory. */
  void *(*push)(tenon_p_engine *e, JSValue v);
  /* Borrowed; undefined of NULL. */
  JSValueConst (*value)(void *handle);
  /* If the call was opened and has left an exception: that one, which is taken;
   * else JS_UNINITIALIZED. */
  JSValue (*exception)(tenon_p_engine *e, tenon_p_call *c);
} tenon_p_any_ops;

/* 0 or TENON_ENOMEM. `ops` is static. */
int tenon_p_any_attach(tenon_p_engine *e, const tenon_p_any_ops *ops);

/* All of them on the loop's thread. The first two: 0, or -1 with an exception. */
int tenon_p_any_open(JSContext *ctx, tenon_p_call *c);
int tenon_p_read_any(JSContext *ctx, JSValueConst v, void **dst);
JSValue tenon_p_write_any(JSContext *ctx, void *handle);

/* After the thunk of a call, whose value, or exception, is `r`: what it left
 * pending is thrown instead. */
JSValue tenon_p_any_end(JSContext *ctx, tenon_p_call *c, JSValue r);
/* The same of a call that ends later: it fails by it. */
void tenon_p_any_fail(tenon_p_engine *e, tenon_p_call *c);

/* Call fn(p), which finalizes something, as a native function of the main realm;
 * what it fails by, or leaves pending, is dropped. Of what tenon_p_finalizer.run
 * may do. */
void tenon_p_call_finalizer(tenon_p_engine *e, void (*fn)(void *), void *p);

/* Borrowed. */
JSValueConst tenon_p_any_value(tenon_p_engine *e, void *handle);
/* A handle of the current call; NULL when out of memory. */
void *tenon_p_any_push(tenon_p_engine *e, JSValueConst v);

bool tenon_p_call_is_finalizer(const tenon_p_call *c);

/* For the table of host functions. */
void *tenon_p_host_env(void);

#endif
