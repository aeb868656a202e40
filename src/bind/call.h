/*
 * The memory and the failure of one call of a native function, and the table
 * of host functions that modules get. Any thread, one at a time for each call.
 */
#ifndef TENON_BIND_CALL_H
#define TENON_BIND_CALL_H

#include <stdarg.h>
#include <tenon/descriptor.h>

#include "bind/failure.h"
#include "engine/native.h"

void tenon_p_call_init(tenon_p_call *c, bool copies);
/* Runs the cleanups, last registered first, and frees the memory. */
void tenon_p_call_release(tenon_p_call *c);

/* Aligned for any type; NULL when out of memory. */
void *tenon_p_call_alloc(tenon_p_call *c, size_t size);
/* Will that be without asking the system? */
bool tenon_p_call_has_room(const tenon_p_call *c, size_t size);
/* Bytes that were allocated so, but for what was small. */
size_t tenon_p_call_size(const tenon_p_call *c);
/* 0, or -1 when out of memory: fn was not called. */
int tenon_p_call_defer(tenon_p_call *c, void (*fn)(void *), void *p);
/* If `p` was registered to be freed by free(3): forget that and return true,
 * so that it can be handed on. */
bool tenon_p_call_take(tenon_p_call *c, const void *p);

/* What `other` has collected ends with `c`, before what `c` has so far. Nothing
 * of it lies in its room. */
void tenon_p_call_adopt(tenon_p_call *c, tenon_p_call *other);

/* The first failure stands, but where f->flags say that it is the cause of this
 * one. What cannot be kept is a lack of memory. See tenon_p_failure_new. */
void tenon_p_call_fail(tenon_p_call *c, const tenon_failure *f,
                       const char *format, va_list ap);
/* The same of a value that a script threw, which is consumed and thrown again as
 * it is when the call ends. Loop's thread; for a call that runs on another one
 * meanwhile, while that waits. */
void tenon_p_call_fail_value(tenon_p_call *c, JSContext *ctx, JSValue v);
/* The same of a value of another runtime, which stays there. */
void tenon_p_call_fail_foreign(tenon_p_call *c);
/* Forget the failure; was there one? The thread that the call runs on. */
bool tenon_p_call_recover(tenon_p_call *c);
/* Throw the failure and forget it: JS_EXCEPTION. */
JSValue tenon_p_call_throw(JSContext *ctx, tenon_p_call *c);

/* Run a thunk as call `c` of this thread. */
void tenon_p_call_run(tenon_p_call *c, void (*thunk)(void *, void *),
                      void *args, void *result);

/* What a module calls of these; the rest of its table is the loop layer's. */
void tenon_p_host_fail(int error_class, const char *format, va_list ap);
void tenon_p_host_fail_with(const tenon_failure *f, const char *format,
                            va_list ap);
int tenon_p_host_recover(void);
void *tenon_p_host_alloc(size_t size);
int tenon_p_host_defer(void (*fn)(void *), void *p);

#endif
