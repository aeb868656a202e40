/*
 * Symbol.iterator and Symbol.asyncIterator of classes: the methods that begin an
 * iteration, its cursor, and when that ends.
 *
 * Invariants
 * - The function of an iteration is its step: the method's object is the native
 *   of it, which is never called as such.
 * - A cursor ends once: when there are no more values, by return(), behind a step
 *   that failed, or when its object is gone, and then from the queue. What it
 *   points to of the instance may be gone before it.
 */
#ifndef TENON_BIND_ITERATOR_H
#define TENON_BIND_ITERATOR_H

#include <tenon/descriptor.h>

#include "bind/function.h"
#include "engine/finalize.h"
#include "engine/iterator.h"

/* What a method that begins iterations has besides its binding. */
typedef struct tenon_p_iteration {
  tenon_function opening; /* the method, in messages; the step is "next" */
  void (*end)(void *cursor, void *out); /* may be NULL */
  uint32_t cursor_size;
  bool is_async, is_simple;
  JSValue proto; /* of the iterators */
} tenon_p_iteration;

/* The engine's view of an iteration, and ours. */
typedef struct tenon_p_cursor {
  tenon_p_iterator base;
  tenon_p_finalizer finalizer;
  tenon_p_engine *engine;
  void (*end)(void *cursor, void *out); /* NULL: it has, or there is nothing */
  size_t size;                          /* reported as external memory */
  int refs;              /* atomic: its object, a step that was abandoned */
  tenon_p_list requests; /* of one that is async: those that wait */
  _Alignas(16) char data[];
} tenon_p_cursor;

/* The method of a class for its member `x`, an iterator; `end`, of the same
 * class, may be NULL. Owned, or an exception. */
JSValue tenon_p_iterator_method(JSContext *ctx, const tenon_p_module *m,
                                const tenon_p_class *class,
                                const char *class_name, const tenon_member *x,
                                const tenon_member *end, bool measures);

/* Both for the binding of such a method; NULL is fine. */
void tenon_p_iteration_free(JSRuntime *rt, tenon_p_iteration *k);
void tenon_p_iteration_mark(JSRuntime *rt, const tenon_p_iteration *k,
                            JS_MarkFunc *mark);

/* A call of the method: an iterator. */
JSValue tenon_p_iterator_new(JSContext *ctx, JSValueConst function,
                             tenon_p_native *n, JSValueConst this_value);

/* The step of one that is async has returned: settle its Promise, and go on. */
void tenon_p_async_iterator_settle(tenon_p_task *t);

/* The step that runs of one that is async outlives it, and has its cursor for
 * itself; NULL: it is no step. Loop's thread. */
struct tenon_p_cursor *tenon_p_cursor_abandon(const tenon_p_task *t,
                                              void (**end)(void *, void *));
/* That step is over. Any thread. */
void tenon_p_cursor_end(struct tenon_p_cursor *k, void (*end)(void *, void *));

/* --- Between the files of this part ---------------------------------------------- */

static inline tenon_p_cursor *tenon_p_cursor_of(tenon_p_iterator *i)
{
  return (tenon_p_cursor *)i;
}

/* Over: for good. The exception that is pending stays. */
void tenon_p_iterator_end(JSContext *ctx, tenon_p_iterator *i);
/* Throws that `this` of next() or return() is no such iterator. */
JSValue tenon_p_throw_no_iterator(JSContext *ctx, const char *name);

/* next() and return() of a prototype of iterators that are async: 0, or -1 with
 * an exception. */
int tenon_p_async_iterator_define(JSContext *ctx, JSValueConst proto);
void tenon_p_async_iterator_mark(JSRuntime *rt, const tenon_p_cursor *k,
                                 JS_MarkFunc *mark);
void tenon_p_async_iterator_gone(JSRuntime *rt, tenon_p_cursor *k);

#endif
