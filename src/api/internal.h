/* Between the files of this layer. */
#ifndef TENON_API_INTERNAL_H
#define TENON_API_INTERNAL_H

#include <tenon/runtime.h>
#include <uv.h>

#include "base/text.h"
#include "engine/engine.h"
#include "loop/loop.h"

/* Who is told the value of a script that awaits. */
typedef struct tenon_p_audience {
  void (*shown)(void *data, const char *text, size_t len); /* NULL: nobody */
  void *data;
  tenon_form form;
} tenon_p_audience;

struct tenon_runtime {
  tenon_p_engine *engine;
  tenon_p_loop *loop;
  uv_thread_t thread;
  JSValue pending; /* JS_UNINITIALIZED: none */
  tenon_p_text text, explanation, waiting;
  bool has_text;             /* `text` is that of `pending` */
  bool pending_is_rejection; /* of a promise that has no handler */
  bool pending_is_reported;  /* the program was asked about it */
  tenon_p_audience audience;
};

/* Is it the caller's thread? 0, TENON_EINVAL, TENON_ETHREAD. */
int tenon_p_runtime_check(const tenon_runtime *rt);

/* After a call that may have run scripts, whose code is `r`: still entered. */
int tenon_p_runtime_leave(tenon_runtime *rt, int r);

/* What nobody caught becomes pending, the oldest first: TENON_EEXCEPTION or
 * TENON_ENOMEM; 0 when there is none, and in all but the outermost call. */
int tenon_p_runtime_take_uncaught(tenon_runtime *rt);

#endif
