/*
 * What a result hands over, where there is nobody to take it.
 */
#ifndef TENON_BIND_DROP_H
#define TENON_BIND_DROP_H

#include <quickjs.h>
#include <tenon/descriptor.h>

/* Instances that `src` was to become are freed; what instances have already is
 * left to them. The loop's thread; the context is there. */
void tenon_p_drop(JSContext *ctx, const tenon_field *field, const void *src);

/* The same where nothing of the runtime is left, of a call of this module; on any
 * thread, before what the call has for itself is given back. */
void tenon_p_drop_left(const tenon_module *m, const tenon_field *field,
                       const void *src);

/* The same of what is left of one that was written in part: conversions consume
 * what is handed over, also where they fail. */
void tenon_p_drop_elements(JSContext *ctx, const tenon_field *element,
                           const tenon_bytes *a, size_t from);
void tenon_p_drop_fields(JSContext *ctx, const tenon_field *fields,
                         uint32_t count, const void *src, uint32_t from);
void tenon_p_drop_members(JSContext *ctx, const tenon_type *type,
                          const void *src, uint32_t from);

#endif
