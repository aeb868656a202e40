/*
 * The memory of one runtime: what the engine asks for, Tenon's own structures,
 * and what native code reports, counted together against one limit. It comes
 * from malloc, or from an allocator of the host's.
 *
 * The engine counts its own allocations exactly and asks `admit` when one
 * would pass its limit; this layer says what is left for it. Used by the
 * runtime's thread alone.
 */
#ifndef TENON_HEAP_HEAP_H
#define TENON_HEAP_HEAP_H

#include <tenon/allocator.h>

#include "base/base.h"

typedef struct tenon_p_heap tenon_p_heap;

struct tenon_p_heap {
  size_t limit_bytes;    /* 0: none */
  size_t own_bytes;      /* Tenon's structures */
  size_t external_bytes; /* native memory that values of JavaScript own */
  size_t engine_bytes;   /* what the engine got from here, its slabs included */
  bool is_host;          /* `host` is there */
  tenon_allocator host;
  /* Told after own or external memory has changed. May be NULL. */
  void (*changed)(tenon_p_heap *h);
  /* External memory has passed external_mark_bytes: true when a collection
   * will follow, and no more is to be told before it. May be NULL. */
  bool (*grown)(tenon_p_heap *h);
  size_t external_limit_bytes;  /* of external_bytes alone; 0: none */
  size_t external_mark_bytes;   /* SIZE_MAX: was passed */
  size_t external_lowest_bytes; /* since the last collection */
  size_t collected_bytes;       /* the engine's, behind that collection */
};

/* Is it one whose functions are all there, of a size that this library knows? */
bool tenon_p_heap_accepts(const tenon_allocator *a);

/* `a` is an accepted one, copied, or NULL: malloc. */
void tenon_p_heap_init(tenon_p_heap *h, size_t limit_bytes,
                       const tenon_allocator *a);

/* Tenon's own structures: zeroed; NULL when out of memory. */
void *tenon_p_heap_alloc(tenon_p_heap *h, size_t size);
/* Moves and grows an allocation; the new part is not zeroed. NULL leaves `p`
 * as it is. */
void *tenon_p_heap_grow(tenon_p_heap *h, void *p, size_t size);
void tenon_p_heap_free(tenon_p_heap *h, void *p);
/* Counts a block of malloc's, which may outlive the heap, as one of these; and
 * no more. */
void tenon_p_heap_count(tenon_p_heap *h, const void *p);
void tenon_p_heap_uncount(tenon_p_heap *h, const void *p);

/*
 * Native memory that values of JavaScript own has become more, or less again.
 * Exact: who drops has added before, and the sum does not wrap. May be called
 * while the engine frees values.
 */
void tenon_p_heap_add_external(tenon_p_heap *h, size_t size);
void tenon_p_heap_drop_external(tenon_p_heap *h, size_t size);
/* How much may be added, by numbers alone; limits are others' to look at. */
size_t tenon_p_heap_external_room(const tenon_p_heap *h);

/* Is external memory below half of the way to the mark? */
bool tenon_p_heap_is_below_half(const tenon_p_heap *h);
/* A collection has ended, after which the engine has so many bytes. */
void tenon_p_heap_collected(tenon_p_heap *h, size_t engine_bytes);

/* What is left for the engine under the limit; 0 when there is no limit. */
size_t tenon_p_heap_engine_limit(const tenon_p_heap *h);

/* The allocation functions of the engine; `h` is its opaque pointer. */
void *tenon_p_heap_engine_calloc(void *h, size_t count, size_t size);
void *tenon_p_heap_engine_malloc(void *h, size_t size);
void tenon_p_heap_engine_free(void *h, void *p);
void *tenon_p_heap_engine_realloc(void *h, void *p, size_t size);
/* Of a block of malloc's, be it a heap's or not. */
size_t tenon_p_heap_usable_size(const void *p);

/* The same where the heap has an allocator of the host's. */
void *tenon_p_heap_host_calloc(void *h, size_t count, size_t size);
void *tenon_p_heap_host_malloc(void *h, size_t size);
void tenon_p_heap_host_free(void *h, void *p);
void *tenon_p_heap_host_realloc(void *h, void *p, size_t size);
size_t tenon_p_heap_host_usable_size(const void *p);

#endif
