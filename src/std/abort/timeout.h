/* AbortSignal.timeout: signals that are aborted by the loop, some time later. */
#ifndef TENON_STD_ABORT_TIMEOUT_H
#define TENON_STD_ABORT_TIMEOUT_H

#include "bind/signal.h"

/* 0 or TENON_ENOMEM. */
int tenon_p_timeouts_attach(tenon_p_engine *e);

/* Abort `s`, which waits for nothing, that much later. The loop does not stay
 * alive for it. 0, or -1 with an exception. */
int tenon_p_timeout_start(JSContext *ctx, tenon_p_signal *s,
                          uint64_t timeout_ms);

/* What a signal of this realm is aborted with: owned, or an exception. */
JSValue tenon_p_timeout_reason(JSContext *ctx);

#endif
