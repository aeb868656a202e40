/*
 * The loop of a runtime inside of a uv_loop_t of the host, which runs it.
 *
 * The runtime keeps a loop of its own. In the host's stand four handles that wait
 * for it: for its events, for its next timer, for what is to run at once, and
 * for the moment before the host's loop waits, when they are set right. So the
 * end of a runtime never runs, walks or closes what is the host's, and several
 * runtimes in one loop do not see each other.
 *
 * Invariants
 * - One of them keeps the host's loop alive exactly while the program has
 *   something to do, or something to tell.
 * - They and their memory outlive the runtime until libuv has let go of them, in
 *   whatever turn of the host's loop that is.
 * - The host is told at the end of a callback of libuv, in no frame of the
 *   runtime: nothing of it is touched behind that, so that it may be freed.
 */
#ifndef TENON_LOOP_JOINT_H
#define TENON_LOOP_JOINT_H

#include "loop/loop.h"

/* 0, TENON_ENOMEM or a code of libuv; nothing is left then in the host's loop. */
int tenon_p_joint_new(tenon_p_loop *l, uv_loop_t *host);
/* The runtime ends. */
void tenon_p_joint_end(tenon_p_joint *j);

/* Sets the handles right. */
void tenon_p_joint_settle(tenon_p_joint *j);
/* The program has begun something, of whose end the host is told. */
void tenon_p_joint_begin(tenon_p_joint *j);
/* The host knows of the end. */
void tenon_p_joint_know(tenon_p_joint *j);
/* Is there an end to tell? Nothing is left to do. */
bool tenon_p_joint_take_end(tenon_p_joint *j);

/* One turn of the host's loop, for a run until `is_done(p)`. */
void tenon_p_joint_wait(tenon_p_joint *j, bool (*is_done)(void *p), void *p);
/* Is this thread inside of a turn of the same loop, as far as this is known? */
bool tenon_p_joint_is_inside(const tenon_p_joint *j);

#endif
