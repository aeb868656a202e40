/*
 * What a call that gives a Promise may be told besides its arguments.
 */
#ifndef TENON_BIND_OPTIONS_H
#define TENON_BIND_OPTIONS_H

#include <quickjs.h>

#include "base/base.h"

/* What becomes of a call that finds the queue full. */
enum tenon_p_when_full {
  TENON_P_FULL_DEFAULT, /* as the runtime says */
  TENON_P_FULL_WAITS,
  TENON_P_FULL_REFUSED
};

typedef struct tenon_p_call_options {
  JSValue signal;    /* an AbortSignal, or undefined */
  double timeout_ms; /* below 0: none */
  enum tenon_p_when_full when_full;
} tenon_p_call_options;

static inline tenon_p_call_options tenon_p_no_options(void)
{
  return (tenon_p_call_options){.signal = JS_UNDEFINED, .timeout_ms = -1};
}

#endif
