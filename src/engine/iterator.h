/*
 * Iterators over instances: objects of a class of our own that point to a
 * record outside of the engine's heap. Their `next` is of the engine's own kind
 * for that, so that loops, spreads and destructuring take a step without a
 * result object; a step runs a native function as the walk of native.h does.
 *
 * Invariants
 * - `instance` and `object` are there until the iteration is over, and for good
 *   not afterwards. So is the cursor, which ends once.
 * - While `is_running` the record belongs to that step: nobody ends it.
 */
#ifndef TENON_ENGINE_ITERATOR_H
#define TENON_ENGINE_ITERATOR_H

#include <quickjs.h>

#include "base/base.h"
#include "engine/instance.h"
#include "engine/native.h"

typedef struct tenon_p_iterator tenon_p_iterator;

typedef struct tenon_p_iterator_ops {
  /* A whole step: the value, or an exception; *done: there is none. */
  JSValue (*step)(JSContext *ctx, tenon_p_iterator *i, bool *done);
  /* It is over; the exception that is pending stays. */
  void (*end)(JSContext *ctx, tenon_p_iterator *i);
  /* Throws: it is running already. */
  JSValue (*refuse)(JSContext *ctx, tenon_p_iterator *i);
  void (*mark)(JSRuntime *rt, tenon_p_iterator *i, JS_MarkFunc *mark);
  /* Its object is gone; called during a collection, too. */
  void (*gone)(JSRuntime *rt, tenon_p_iterator *i);
} tenon_p_iterator_ops;

struct tenon_p_iterator {
  const tenon_p_iterator_ops *ops;
  tenon_p_native *native;     /* the step; `function` keeps it */
  tenon_p_instance *instance; /* NULL: it is over */
  /* The same where steps may be taken here, by `native` alone; else NULL. */
  tenon_p_instance *ready;
  void *cursor;
  JSValue object;   /* of the instance; undefined when over */
  JSValue function; /* the method that made it */
  bool is_async;
  bool is_running;
};

/* Registers the class with a runtime; again is fine. 0, or -1 with an
 * exception. */
int tenon_p_iterator_init(JSContext *ctx);

/* A prototype for iterators, which inherits from the realm's own. One that is
 * not async has `next`. Owned, or an exception. */
JSValue tenon_p_iterator_proto(JSContext *ctx, bool is_async);

/* An object for a record; an exception when out of memory. */
JSValue tenon_p_iterator_object(JSContext *ctx, tenon_p_iterator *i,
                                JSValueConst proto);

/* The record of an object; NULL of other values. */
tenon_p_iterator *tenon_p_iterator_of(JSContext *ctx, JSValueConst v);

/* { value, done }; `v` is consumed. */
JSValue tenon_p_iterator_result(JSContext *ctx, JSValue v, bool done);

#endif
