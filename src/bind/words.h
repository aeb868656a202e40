/*
 * What the words `coerce` and `rest` of a parameter do. For convert.c and
 * function.c.
 */
#ifndef TENON_BIND_WORDS_H
#define TENON_BIND_WORDS_H

#include "bind/call.h"
#include "bind/message.h"

/*
 * The value as the language converts it for a type: a number, a string, a
 * boolean or a bigint, owned, which the type then reads as strictly as any
 * other. What the value's own methods throw is left as it is.
 */
JSValue tenon_p_coerce(JSContext *ctx, const tenon_p_place *place,
                       const tenon_type *type, JSValueConst v);

/* All of these arguments, as the array of the field. 0, or -1 with an
 * exception. */
int tenon_p_read_rest(JSContext *ctx, tenon_p_call *c,
                      const tenon_p_place *place, const tenon_field *field,
                      int argc, JSValueConst *argv, tenon_bytes *dst);

#endif
