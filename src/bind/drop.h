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

#endif
