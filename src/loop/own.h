/*
 * A loop of libuv that Tenon made. Work on libuv's pool needs its loop until it
 * has returned and the loop was told, so a loop may outlive the runtime that it
 * was made for: whoever uses it holds it, and behind the last one it is run to
 * its end, if that takes time by a thread of its own, and freed.
 */
#ifndef TENON_LOOP_OWN_H
#define TENON_LOOP_OWN_H

#include <uv.h>

typedef struct tenon_p_own_loop tenon_p_own_loop;

/* For one holder, the runtime: 0, TENON_ENOMEM or a code of libuv. */
int tenon_p_own_loop_new(tenon_p_own_loop **out);
/* The address of the loop itself. */
uv_loop_t *tenon_p_own_loop_uv(tenon_p_own_loop *own);

/* One more holder: work that the runtime does not wait for. */
void tenon_p_own_loop_dup(tenon_p_own_loop *own);
/* One less. Nothing of the loop is open but requests, whose functions are called
 * on another thread. Any thread, within the work too. */
void tenon_p_own_loop_unref(tenon_p_own_loop *own);

#endif
