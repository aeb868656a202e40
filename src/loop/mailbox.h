/*
 * How other threads reach a loop: they put what is to have its turn there into
 * its mailbox. The mailbox outlives the loop for all who hold it: whoever comes
 * too late finds it closed, and touches nothing that was freed.
 */
#ifndef TENON_LOOP_MAILBOX_H
#define TENON_LOOP_MAILBOX_H

#include "loop/loop.h"

/* The loop's thread is the calling one; NULL: no memory. */
tenon_p_mailbox *tenon_p_mailbox_new(tenon_p_loop *l);
/* Nothing comes in any more, and what is there is dropped. One holder less. */
void tenon_p_mailbox_close(tenon_p_mailbox *box);
void tenon_p_mailbox_dup(tenon_p_mailbox *box);
void tenon_p_mailbox_unref(tenon_p_mailbox *box);

/* The loop is the calling thread's, or nobody's, from now on. */
void tenon_p_mailbox_move(tenon_p_mailbox *box, bool is_here);
/* Is this the loop's thread? */
bool tenon_p_mailbox_is_here(const tenon_p_mailbox *box);
/* NULL once closed. Loop's thread. */
tenon_p_loop *tenon_p_mailbox_loop(const tenon_p_mailbox *box);

/* Does the loop close, or was the program told to end? Set by whoever knows; any
 * thread. */
void tenon_p_mailbox_set_ending(tenon_p_mailbox *box, bool on);
bool tenon_p_mailbox_is_ending(const tenon_p_mailbox *box);

/* 0, or TENON_ECLOSING, also when it was ended: `r` was not touched. Any thread,
 * the loop's too: its turn is then behind what is ready. */
int tenon_p_mailbox_put(tenon_p_mailbox *box, tenon_p_ready *r);
/* The same, but the loop is only told when it `wakes`: the caller is about to
 * wake it up otherwise. */
int tenon_p_mailbox_give(tenon_p_mailbox *box, tenon_p_ready *r, bool wakes);
/*
 * `*value` takes the place of `*slot`, which belongs to `r` and is guarded by
 * this, and `r` is put unless something was there, which `*value` is then. 0, or
 * TENON_ECLOSING: nothing was touched. Any thread.
 */
int tenon_p_mailbox_put_latest(tenon_p_mailbox *box, tenon_p_ready *r,
                               void **slot, void **value);
/* What was in such a slot. */
void *tenon_p_mailbox_swap(tenon_p_mailbox *box, void **slot, void *value);
/* One more posted call that waits, unless there are as many as there may be;
 * and one less. Any thread. */
bool tenon_p_mailbox_count(tenon_p_mailbox *box);
void tenon_p_mailbox_uncount(tenon_p_mailbox *box);
/* Take it back, wherever it waits; nobody can put it any more. Did it wait?
 * Loop's thread. */
bool tenon_p_mailbox_end(tenon_p_mailbox *box, tenon_p_ready *r);
/* What came in becomes ready. Loop's thread. */
void tenon_p_mailbox_receive(tenon_p_loop *l);

/* Another thread waits until `*is_done`, which the loop's thread sets by the
 * second one. */
void tenon_p_mailbox_wait(tenon_p_mailbox *box, const bool *is_done);
void tenon_p_mailbox_set_done(tenon_p_mailbox *box, bool *is_done);

#endif
