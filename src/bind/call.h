/*
 * The memory and the failure of one call of a native function, and the table
 * of host functions that modules get. Any thread, one at a time for each call.
 */
#ifndef TENON_BIND_CALL_H
#define TENON_BIND_CALL_H

#include <stdarg.h>
#include <tenon/descriptor.h>

#include "engine/native.h"

void tenon_p_call_init(tenon_p_call *c, bool copies);
/* Runs the cleanups, last registered first, and frees the memory. */
void tenon_p_call_release(tenon_p_call *c);

/* Aligned for any type; NULL when out of memory. */
void *tenon_p_call_alloc(tenon_p_call *c, size_t size);
/* 0, or -1 when out of memory: fn was not called. */
int tenon_p_call_defer(tenon_p_call *c, void (*fn)(void *), void *p);
/* If `p` was registered to be freed by free(3): forget that and return true,
 * so that it can be handed on. */
bool tenon_p_call_take(tenon_p_call *c, const void *p);

/* The first failure stands. A message that cannot be kept is left empty. */
void tenon_p_call_fail(tenon_p_call *c, int error_class, const char *format,
                       va_list ap);

/* Run a thunk as call `c` of this thread. */
void tenon_p_call_run(tenon_p_call *c, void (*thunk)(void *, void *),
                      void *args, void *result);

/* What a module calls of these; the rest of its table is the loop layer's. */
void tenon_p_host_fail(int error_class, const char *format, va_list ap);
void *tenon_p_host_alloc(size_t size);
int tenon_p_host_defer(void (*fn)(void *), void *p);

#endif
