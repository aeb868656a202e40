/*
 * What a call that gives a Promise may be told besides its arguments, by an
 * object behind them: { signal, timeout, onFull }.
 */
#ifndef TENON_BIND_OPTIONS_H
#define TENON_BIND_OPTIONS_H

#include <tenon/descriptor.h>

#include "engine/native.h"

/* What becomes of a call that finds the queue full. */
enum tenon_p_when_full {
  TENON_P_FULL_DEFAULT, /* as the runtime says */
  TENON_P_FULL_WAITS,
  TENON_P_FULL_REFUSED
};

/* None: nothing is held. */
tenon_p_call_options tenon_p_no_options(void);
void tenon_p_options_release(JSContext *ctx, tenon_p_call_options *o);

/* Is it an object of options, and not another argument that nobody asked for? A
 * plain object with one of the three as its own property. 1, 0, or -1 with an
 * exception; runs no scripts. */
int tenon_p_options_are_there(JSContext *ctx, JSValueConst v);
/* Those that an object has, over what `o` has so far, and behind them a look at
 * the signal: 0, or -1 with an exception. */
int tenon_p_options_read(JSContext *ctx, const tenon_function *f,
                         JSValueConst v, tenon_p_call_options *o);
/* Is the signal aborted already? Then its reason is thrown: 0 or -1. */
int tenon_p_options_check(JSContext *ctx, const tenon_p_call_options *o);

#endif
