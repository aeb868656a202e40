/*
 * What may end a call before it ends by itself: a signal, a time. Of a call that
 * has neither there is none of this. Loop's thread.
 */
#ifndef TENON_LOOP_CANCEL_H
#define TENON_LOOP_CANCEL_H

#include "bind/options.h"
#include "bind/signal.h"
#include "loop/loop.h"

typedef struct tenon_p_cancel tenon_p_cancel;
struct tenon_p_cancel {
  tenon_p_abort_listener listener;
  tenon_p_alarm late; /* the time is over */
  JSContext *ctx;     /* the call's, which outlives this */
  JSValue signal;     /* stays as long as it can be aborted */
  void *owner;
  /* Called entered, once; frees this. The reason is borrowed for as long as the
   * call lasts. */
  void (*fn)(void *owner, JSContext *ctx, JSValueConst reason);
};

/* For these options, whose signal is not aborted; NULL where there are none. 0, or
 * -1 with an exception. */
int tenon_p_cancel_new(JSContext *ctx, const tenon_p_call_options *o,
                       void (*fn)(void *owner, JSContext *ctx,
                                  JSValueConst reason),
                       void *owner, tenon_p_cancel **out);
/* Nothing comes of it any more. NULL is fine. */
void tenon_p_cancel_free(tenon_p_cancel *c);

/* For the table of host functions. */
int tenon_p_host_is_cancelled(void);

#endif
