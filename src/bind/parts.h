/*
 * Conversion of enums, structs and arrays. Only for convert.c, which they call
 * in turn for what they hold.
 */
#ifndef TENON_BIND_PARTS_H
#define TENON_BIND_PARTS_H

#include "bind/call.h"
#include "bind/message.h"

int tenon_p_read_enum(JSContext *ctx, const tenon_p_place *place,
                      const tenon_type *type, JSValueConst v, void *dst);
int tenon_p_read_struct(JSContext *ctx, tenon_p_call *c,
                        const tenon_p_place *place, const tenon_type *type,
                        JSValueConst v, void *dst);
/* Every array has the shape of tenon_bytes. */
int tenon_p_read_array(JSContext *ctx, tenon_p_call *c,
                       const tenon_p_place *place, const tenon_type *type,
                       JSValueConst v, tenon_bytes *dst);

JSValue tenon_p_write_enum(JSContext *ctx, const tenon_p_place *place,
                           const tenon_type *type, const void *src);
JSValue tenon_p_write_struct(JSContext *ctx, tenon_p_call *c,
                             const tenon_p_place *place, const tenon_type *type,
                             const void *src);
JSValue tenon_p_write_array(JSContext *ctx, tenon_p_call *c,
                            const tenon_p_place *place, const tenon_type *type,
                            const tenon_bytes *src);

#endif
