/*
 * Values of JavaScript to C and back, by the types of a descriptor. Strict and
 * lossless: what does not fit is refused with its place and reason.
 */
#ifndef TENON_BIND_CONVERT_H
#define TENON_BIND_CONVERT_H

#include "bind/call.h"
#include "bind/message.h"

/*
 * Convert `v` to the field's C type at `dst`. Memory comes from the call and
 * lives as long; where c->copies is false, strings and bytes may point into
 * the value itself. 0, or -1 with an exception.
 */
int tenon_p_read(JSContext *ctx, tenon_p_call *c, const tenon_p_place *place,
                 const tenon_field *field, JSValueConst v, void *dst);

/* The bytes of a buffer or view, until a script runs: 0, or -1 with an
 * exception. */
int tenon_p_borrow_bytes(JSContext *ctx, const tenon_p_place *place,
                         JSValueConst v, tenon_bytes *dst);

/* Convert a result; bytes that the call was to free are moved. */
JSValue tenon_p_write(JSContext *ctx, tenon_p_call *c,
                      const tenon_p_place *place, const tenon_field *field,
                      const void *src);

/*
 * Copy what the result at `value` points at into memory of the call, so that
 * it outlives its owner. Any thread; 0, or -1 when out of memory.
 */
int tenon_p_keep(tenon_p_call *c, const tenon_field *field, void *value);

#endif
