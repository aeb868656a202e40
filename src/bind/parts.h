/*
 * Conversion of what is more than one plain value. Only for convert.c, which
 * these call in turn for what they hold.
 */
#ifndef TENON_BIND_PARTS_H
#define TENON_BIND_PARTS_H

#include "bind/call.h"
#include "bind/message.h"

/* --- parts.c: enums, structs, arrays ----------------------------------------- */

int tenon_p_read_enum(JSContext *ctx, const tenon_p_place *place,
                      const tenon_type *type, JSValueConst v, void *dst);
int tenon_p_read_struct(JSContext *ctx, tenon_p_call *c,
                        const tenon_p_place *place, const tenon_type *type,
                        JSValueConst v, void *dst);
/* Every array has the shape of tenon_bytes. */
int tenon_p_read_array(JSContext *ctx, tenon_p_call *c,
                       const tenon_p_place *place, const tenon_type *type,
                       JSValueConst v, tenon_bytes *dst);
/* The defaults of members, with the memory and the failure of the call: 0, or
 * -1 with an exception. */
int tenon_p_set_defaults(JSContext *ctx, tenon_p_call *c,
                         const tenon_type *type, void *dst, uint64_t absent);
/* Memory of the call for what an argument is made of; together it stays below
 * the runtime's limit. NULL with an exception. */
void *tenon_p_part_alloc(JSContext *ctx, tenon_p_call *c, size_t size);

JSValue tenon_p_write_enum(JSContext *ctx, const tenon_p_place *place,
                           const tenon_type *type, const void *src);
JSValue tenon_p_write_struct(JSContext *ctx, tenon_p_call *c,
                             const tenon_p_place *place, const tenon_type *type,
                             const void *src);
JSValue tenon_p_write_array(JSContext *ctx, tenon_p_call *c,
                            const tenon_p_place *place, const tenon_type *type,
                            const tenon_bytes *src);
/* Can an array or record of `src` go out? 0, or -1 with an exception. */
int tenon_p_check_length(JSContext *ctx, const tenon_p_place *place,
                         const tenon_bytes *src);

/* --- tuples.c ------------------------------------------------------------------ */

int tenon_p_read_tuple(JSContext *ctx, tenon_p_call *c,
                       const tenon_p_place *place, const tenon_type *type,
                       JSValueConst v, void *dst);
JSValue tenon_p_write_tuple(JSContext *ctx, tenon_p_call *c,
                            const tenon_p_place *place, const tenon_type *type,
                            const void *src);

/* --- records.c ------------------------------------------------------------------ */

int tenon_p_read_record(JSContext *ctx, tenon_p_call *c,
                        const tenon_p_place *place, const tenon_type *type,
                        JSValueConst v, tenon_bytes *dst);
JSValue tenon_p_write_record(JSContext *ctx, tenon_p_call *c,
                             const tenon_p_place *place, const tenon_type *type,
                             const tenon_bytes *src);

/* --- flags.c -------------------------------------------------------------------- */

int tenon_p_read_flags(JSContext *ctx, const tenon_p_place *place,
                       const tenon_type *type, JSValueConst v, void *dst);
JSValue tenon_p_write_flags(JSContext *ctx, const tenon_p_place *place,
                            const tenon_type *type, const void *src);

/* --- either.c ------------------------------------------------------------------- */

/* Can every value be told which alternative it is? Of a type that is valid but
 * for that. */
bool tenon_p_is_clear_either(const tenon_type *type);
int tenon_p_read_either(JSContext *ctx, tenon_p_call *c,
                        const tenon_p_place *place, const tenon_type *type,
                        JSValueConst v, void *dst);
JSValue tenon_p_write_either(JSContext *ctx, tenon_p_call *c,
                             const tenon_p_place *place, const tenon_type *type,
                             const void *src);

/* --- views.c -------------------------------------------------------------------- */

/* A typed array to read, of numbers; borrowed where bytes are. */
int tenon_p_read_view(JSContext *ctx, tenon_p_call *c,
                      const tenon_p_place *place, const tenon_type *type,
                      JSValueConst v, tenon_bytes *dst);
/* Memory of the script to write to. */
int tenon_p_read_inout(JSContext *ctx, const tenon_p_place *place,
                       const tenon_type *type, JSValueConst v,
                       tenon_bytes *dst);
JSValue tenon_p_write_view(JSContext *ctx, tenon_p_call *c,
                           const tenon_p_place *place, const tenon_type *type,
                           const tenon_bytes *src);
/* Memory that was to be freed becomes a typed array's, or is copied. */
JSValue tenon_p_write_buffer(JSContext *ctx, tenon_p_call *c, const void *data,
                             size_t size, JSTypedArrayEnum type);
/* The typed array of a kind of numbers, "Float64Array"; NULL of others. */
const char *tenon_p_view_name(uint32_t kind);
/* The same as the engine has it; of a kind of numbers. */
JSTypedArrayEnum tenon_p_view_type(uint32_t kind);
bool tenon_p_is_view_of(uint32_t kind, int typed_array);

#endif
