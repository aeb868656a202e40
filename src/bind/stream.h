/*
 * Streams, which C writes and JavaScript iterates over, and iterables, which it
 * is the other way round with: as values, and what their items are converted by.
 * Their life is the loop layer's.
 */
#ifndef TENON_BIND_STREAM_H
#define TENON_BIND_STREAM_H

#include <tenon/descriptor.h>

#include "bind/call.h"
#include "bind/message.h"
#include "bind/names.h"
#include "engine/engine.h"

/* A type of them, as a runtime has it. */
typedef struct tenon_p_item {
  tenon_p_list link;
  const tenon_type *type;
  tenon_function function; /* its name and the item as result, for messages */
  tenon_p_names names;
} tenon_p_item;

/* What the layer above does. */
typedef struct tenon_p_stream_ops {
  JSValue (*write)(JSContext *ctx, const tenon_p_place *place, tenon_stream *s);
  int (*read)(JSContext *ctx, tenon_p_call *c, const tenon_p_place *place,
              const tenon_type *type, JSValueConst v, tenon_iterable **dst);
} tenon_p_stream_ops;

/* What every stream points at. */
typedef struct tenon_p_stream_table {
  tenon_stream_calls calls; /* first: C sees this */
  /* It was to go out, and will not. Any thread. */
  void (*drop)(tenon_stream *s);
} tenon_p_stream_table;

/* 0 or TENON_ENOMEM. */
int tenon_p_streams_attach(tenon_p_engine *e, const tenon_p_stream_ops *ops);

/* NULL with an exception. */
const tenon_p_item *tenon_p_item_of(JSContext *ctx, const tenon_type *type);
/* Where an item of it stands. */
static inline tenon_p_place tenon_p_item_place(const tenon_p_item *item)
{
  return (tenon_p_place){.function = &item->function,
                         .names = &item->names,
                         .index = TENON_P_PLACE_VALUE};
}

/* The class of their objects; 0: there is none so far. */
JSClassID *tenon_p_stream_class(JSContext *ctx);

/* As tenon_p_write and tenon_p_read. */
JSValue tenon_p_write_stream(JSContext *ctx, const tenon_p_place *place,
                             tenon_stream *s);
int tenon_p_read_iterable(JSContext *ctx, tenon_p_call *c,
                          const tenon_p_place *place, const tenon_type *type,
                          JSValueConst v, tenon_iterable **dst);
/* For tenon_p_drop; NULL is fine. */
void tenon_p_drop_stream(tenon_stream *s);
/* For tenon_p_keep. */
int tenon_p_keep_stream(tenon_p_call *c, tenon_stream *s);

#endif
