/* Between the files of this layer. */
#ifndef TENON_API_INTERNAL_H
#define TENON_API_INTERNAL_H

#include <tenon/loop.h>
#include <tenon/realm.h>

#include "base/text.h"
#include "engine/engine.h"
#include "loop/loop.h"

/* What a host holds. Its memory is used again, and goes with the runtime, so
 * that one that was freed is known as such. */
struct tenon_realm {
  tenon_runtime *rt;
  tenon_p_realm *realm; /* NULL once it was freed */
  tenon_realm *next;
  tenon_p_list unused;
};

/* Who is told the value of a script that awaits. */
typedef struct tenon_p_audience {
  void (*shown)(void *data, const char *text, size_t len); /* NULL: nobody */
  void *data;
  tenon_form form;
} tenon_p_audience;

struct tenon_runtime {
  tenon_p_engine *engine;
  tenon_p_loop *loop;
  JSValue pending; /* JS_UNINITIALIZED: none */
  tenon_p_text text, explanation, waiting, resolved;
  bool has_text;             /* `text` is that of `pending` */
  bool pending_is_rejection; /* of a promise that has no handler */
  bool pending_is_reported;  /* the program was asked about it */
  tenon_p_audience audience;
  tenon_realm main;
  tenon_realm *realms; /* all others, also unused ones, by `next` */
  tenon_p_list unused; /* of tenon_realm.unused, freed first first */
  struct tenon_p_entered *entered; /* the last one first */
  tenon_event_fn *on_event;
  void *event_data;
};

/* Is it the caller's thread? 0, TENON_EINVAL, TENON_ETHREAD. */
int tenon_p_runtime_check(const tenon_runtime *rt);

/* Is a function of it, or its loop, on the stack, or is it being closed? */
bool tenon_p_runtime_is_in_use(const tenon_runtime *rt);
/* Frees one that is not in use. */
void tenon_p_runtime_end(tenon_runtime *rt);

/* After a call that may have run scripts, whose code is `r`: still entered. */
int tenon_p_runtime_leave(tenon_runtime *rt, int r);

/* What nobody caught becomes pending, the oldest first: TENON_EEXCEPTION or
 * TENON_ENOMEM; 0 when there is none, and in all but the outermost call. */
int tenon_p_runtime_take_uncaught(tenon_runtime *rt);

/* Around a run of the loop: 0, or what that returns. */
int tenon_p_runtime_begin_run(tenon_runtime *rt);
int tenon_p_runtime_end_run(tenon_runtime *rt, bool has_ended);

/* --- limits.c --------------------------------------------------------------- */

/* As hosts know it. */
tenon_limit tenon_p_limit_of(enum tenon_p_termination why);

/* --- loop.c ----------------------------------------------------------------- */

/* For tenon_p_loop.news. */
bool tenon_p_runtime_news(void *host, int *code);

/* Make this the pending exception; consumed. */
void tenon_p_runtime_set_pending(tenon_runtime *rt, JSValue error);

/* --- promise.c and import.c ------------------------------------------------- */

/* What `v` comes to, as `await` has it: owned. As tenon_runtime_await. */
int tenon_p_runtime_await(tenon_runtime *rt, JSValueConst v,
                          uint64_t timeout_ms, JSValue *value);

/* --- realm.c ---------------------------------------------------------------- */

/* Around a call that may run scripts: 0, or what the call returns; and the same of
 * its code. */
int tenon_p_realm_begin(tenon_realm *realm);
int tenon_p_realm_end(tenon_realm *realm, int r);

/* Before the engine ends, and after. */
void tenon_p_realms_leave_all(tenon_runtime *rt);
void tenon_p_realms_release(tenon_runtime *rt);

#endif
