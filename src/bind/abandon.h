/*
 * Calls off the loop that outlive their runtime, since nobody waits for them.
 *
 * Invariants
 * - What such a call may use is its own, or shared with others of its kind by
 *   counting: arguments are copies, instances are detached, the state of a
 *   function and the cursor of an iteration are left to the last user.
 * - The thread that runs it uses none of what the loop's thread takes away.
 */
#ifndef TENON_BIND_ABANDON_H
#define TENON_BIND_ABANDON_H

#include "bind/closure.h"
#include "bind/function.h"

/* What a task needs to end by itself. */
typedef struct tenon_p_remains {
  const tenon_module *module;
  tenon_field result;
  tenon_p_shared shared;
  struct tenon_p_cursor *cursor; /* NULL: it is no step */
  void (*end_cursor)(void *cursor, void *out);
} tenon_p_remains;

/* Its runtime ends while it runs: on the loop's thread, once. Its values are
 * released; the failures of its runtime (tenon_p_failures_end) are not yet. */
void tenon_p_task_abandon(tenon_p_task *t, tenon_p_remains *out);
/* It has returned: frees what it made and what it holds. Any thread. */
void tenon_p_task_end_left(tenon_p_task *t, tenon_p_remains *left);

#endif
