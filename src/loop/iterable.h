/*
 * Iterables: what JavaScript has, and C reads, one value at a time. The iterator
 * is opened by the first read, and asked for a value only when C wants one; it
 * is closed when C lets go of it before its end.
 *
 * The runtime is one holder of an iterable, as it is of a callback: it has the
 * values, which belong to the loop's thread. A read of another thread waits for
 * the loop through the mailbox; at most one is under way.
 */
#ifndef TENON_LOOP_ITERABLE_H
#define TENON_LOOP_ITERABLE_H

#include <quickjs.h>
#include <tenon/descriptor.h>

#include "bind/call.h"
#include "bind/message.h"

typedef struct tenon_p_loop tenon_p_loop;

/* For tenon_p_stream_ops. */
int tenon_p_iterable_read(JSContext *ctx, tenon_p_call *c,
                          const tenon_p_place *place, const tenon_type *type,
                          JSValueConst v, tenon_iterable **dst);

/* Throws what it has failed by, or that it has not: JS_EXCEPTION. */
JSValue tenon_p_iterable_throw(JSContext *ctx, const tenon_iterable *it);

/* Lets go of all: reads end. */
void tenon_p_iterable_close(tenon_p_loop *l);
/* The same for those of one realm. */
void tenon_p_iterable_close_realm(tenon_p_loop *l, const JSContext *ctx);

#endif
