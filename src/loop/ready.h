/* What waits for its turn in a loop (loop/loop.h). */
#ifndef TENON_LOOP_READY_H
#define TENON_LOOP_READY_H

#include "base/base.h"

typedef struct tenon_p_loop tenon_p_loop;
typedef struct tenon_p_ready tenon_p_ready;

/* Something that waits for its turn; unlinked while it does not. */
struct tenon_p_ready {
  tenon_p_list link;
  /* Called entered, once; may free itself. */
  void (*run)(tenon_p_loop *l, tenon_p_ready *r);
  /* Called instead, not entered, when the loop closes before its turn. NULL:
   * whoever has it takes care of it. */
  void (*drop)(tenon_p_ready *r);
  bool is_ended; /* by tenon_p_mailbox_end */
};

#endif
