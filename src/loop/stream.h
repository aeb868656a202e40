/*
 * Streams: what C writes, on any thread, and JavaScript iterates over.
 *
 * A stream has two sides. C's are its holds, `natives`; JavaScript's is one
 * object, made when the stream first goes out, and from then on it belongs to
 * that runtime. Values wait in a ring, as many as its mark allows, under a
 * lock; next() takes them. Whoever writes what somebody waits for puts the
 * stream into the loop's mailbox, once: all that waits is answered there.
 */
#ifndef TENON_LOOP_STREAM_H
#define TENON_LOOP_STREAM_H

#include <quickjs.h>
#include <tenon/descriptor.h>

#include "base/base.h"
#include "bind/stream.h"

typedef struct tenon_p_loop tenon_p_loop;

extern const tenon_p_stream_ops tenon_p_loop_streams;

/* For the table of host functions. Any thread. */
tenon_stream *tenon_p_host_stream_new(const tenon_type *type,
                                      size_t high_water_mark);

/* Ends all that are open: nothing is settled, C is told. */
void tenon_p_stream_close(tenon_p_loop *l);
/* The same for those of one realm. */
void tenon_p_stream_close_realm(tenon_p_loop *l, const JSContext *ctx);

#endif
