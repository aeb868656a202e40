/*
 * Deferreds: Promises that native code settles, from any thread.
 *
 * Invariants
 * - A deferred lives as long as it has holders: native code, by as many holds as
 *   it has taken and not given up, and the runtime, until the Promise is settled
 *   or the runtime, or the realm, ends.
 * - `claimed` decides who settles. Whoever does so gives up its hold by it;
 *   whoever comes second keeps its own. The last hold that is given up without
 *   a settlement rejects.
 * - On the loop's thread a Promise is settled at once; other threads put the
 *   deferred into the mailbox, which outlives the runtime, so that one who comes
 *   too late finds a closed door and not a freed loop.
 * - One that is cancelled has its Promise rejected, and stays open, with its
 *   arguments, until native code settles it; that is heard by nobody.
 */
#ifndef TENON_LOOP_DEFERRED_H
#define TENON_LOOP_DEFERRED_H

#include "loop/cancel.h"

enum tenon_p_claimed {
  TENON_P_OPEN,
  TENON_P_SETTLED,  /* by native code */
  TENON_P_CANCELLED /* but native code has not settled it yet */
};

struct tenon_deferred {
  tenon_p_task task; /* first: a task is one of these */
  /* The task's binding goes with its realm; a thread may come later. */
  tenon_field result;
  const tenon_module *serial; /* whose function it is, if that is; else NULL */
  tenon_p_operation operation;
  tenon_p_ready ready;
  tenon_p_list link; /* in tenon_p_loop.deferreds */
  tenon_p_mailbox *box;
  void (*on_close)(tenon_deferred *d, void *p);
  void *on_close_data;
  void (*on_cancel)(tenon_deferred *d, void *p);
  void *on_cancel_data;
  tenon_p_cancel *cancel; /* NULL: nothing does, or it is over */
  /* The runtime lets go; the values of its task are still there. Of one that is
   * no call's, else NULL. */
  void (*let_go)(tenon_deferred *d);
  int refs;          /* atomic: holds of native code, the runtime */
  int holds;         /* atomic: those of native code */
  int claimed;       /* atomic: enum tenon_p_claimed */
  bool has_any;      /* its result is for the loop's thread only */
  bool is_dropped;   /* it is rejected, since nobody did anything else */
  bool is_idle;      /* does not keep the loop alive; the loop's thread */
  bool closed;       /* the runtime has let go; the loop's thread */
  bool is_starting;  /* its body runs, and uses its instances */
  bool is_cancelled; /* atomic: it was, whoever has settled it since */
  bool is_delivered; /* it was, and closed before it had its turn */
};

/* One that is zeroed: two holders, native code and the runtime. */
void tenon_p_deferred_init(tenon_p_loop *l, tenon_deferred *d,
                           const tenon_field *result);
/* From now on it is open. */
void tenon_p_deferred_open(tenon_p_loop *l, tenon_deferred *d);
/* Both holders are gone, and nobody was told. Loop's thread. */
void tenon_p_deferred_cancel(tenon_p_loop *l, tenon_deferred *d);
/* Is it the call of a deferred's body, and is that cancelled? Loop's thread. */
bool tenon_p_deferred_is_cancelled_in(const tenon_p_call *c);
/* One holder less. Any thread. */
void tenon_p_deferred_unref(tenon_deferred *d);

#endif
