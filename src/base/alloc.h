/*
 * Memory that may be asked for on any thread: malloc, with a place for tests
 * to let an allocation fail. What belongs to one runtime comes from
 * heap/heap.h, which counts it, instead.
 */
#ifndef TENON_BASE_ALLOC_H
#define TENON_BASE_ALLOC_H

#include "base/base.h"

/* NULL when there is none, also for 0 bytes; free(3) is the counterpart. */
void *tenon_p_malloc(size_t size);
void *tenon_p_calloc(size_t size);
void *tenon_p_realloc(void *p, size_t size);
char *tenon_p_strndup(const char *s, size_t len);

/*
 * For tests: let allocation number `at` (from 1) from now on fail, and every
 * later one too when `lasting`; 0 only counts. Off until called; process-wide.
 */
void tenon_p_alloc_inject(uint64_t at, bool lasting);
/* Meanwhile `fn(p)` is called before each, on its thread; NULL: no more. It must
 * not allocate. */
void tenon_p_alloc_watch(void (*fn)(void *), void *p);
/* Ends it; returns how many allocations there were meanwhile. */
uint64_t tenon_p_alloc_stop(void);
bool tenon_p_alloc_is_injecting(void);
/* Counts one allocation; false when it is the one to fail. */
bool tenon_p_alloc_admit(void);

#endif
