/*
 * Native code that is told what a Promise comes to: once, in a microtask, or by
 * a finalizer when it cannot be told any more, since the Promise or the runtime
 * is gone.
 */
#ifndef TENON_LOOP_REACTION_H
#define TENON_LOOP_REACTION_H

#include <tenon/descriptor.h>

#include "loop/loop.h"

/*
 * `fn` is told of `v`, as `await` takes it. 0, or -1 with an exception: it is
 * not called then. Loop's thread, entered; runs scripts where `v` is a thenable
 * or has a constructor of its own.
 */
int tenon_p_promise_tell(JSContext *ctx, JSValueConst v, tenon_settled_fn *fn,
                         void *data);

/* For the table of host functions. */
int tenon_p_host_promise_then(void *value, tenon_settled_fn *fn, void *data);

#endif
