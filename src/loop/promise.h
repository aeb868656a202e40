/*
 * Promises that are no call's: native code makes one, hands it out, and settles
 * it by its deferred.
 */
#ifndef TENON_LOOP_PROMISE_H
#define TENON_LOOP_PROMISE_H

#include "loop/deferred.h"

/*
 * A Promise of a value of this type, with its deferred, which is open; `name` is
 * copied. 0, or the code of the exception that is thrown. Loop's thread.
 */
int tenon_p_promise_open(JSContext *ctx, const tenon_type *type,
                         const char *name, tenon_deferred **out,
                         JSValue *promise);

/* For the table of host functions. */
void *tenon_p_host_promise_new(const tenon_type *type, const char *name,
                               tenon_deferred **out);

#endif
