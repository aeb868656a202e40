/* Which thread this is. */
#ifndef TENON_BASE_THREAD_H
#define TENON_BASE_THREAD_H

#include <stdbool.h>
#include <stdint.h>

/* Never 0, and never that of another thread, also of one that has ended. */
uint64_t tenon_p_thread_id(void);

/*
 * Whose something is: a thread's id, or 0 while it is nobody's. Any thread may
 * ask; what the owner did before it let go has happened for the next one.
 */
static inline bool tenon_p_thread_owns(const uint64_t *owner)
{
  return __atomic_load_n(owner, __ATOMIC_RELAXED) == tenon_p_thread_id();
}

static inline void tenon_p_thread_leave(uint64_t *owner)
{
  __atomic_store_n(owner, 0, __ATOMIC_RELEASE);
}

/* False when it is somebody's. */
static inline bool tenon_p_thread_take(uint64_t *owner)
{
  uint64_t nobody = 0;

  return __atomic_compare_exchange_n(owner, &nobody, tenon_p_thread_id(), false,
                                     __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

#endif
