#include "base/thread.h"

static uint64_t last_id;
static _Thread_local uint64_t own_id __attribute__((tls_model("initial-exec")));

uint64_t tenon_p_thread_id(void)
{
  if (!own_id) own_id = __atomic_add_fetch(&last_id, 1, __ATOMIC_RELAXED);
  return own_id;
}
