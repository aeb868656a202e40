#include "heap/heap.h"

#include <assert.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* --- When to collect ------------------------------------------------------------ */

/*
 * The engine's own threshold sees small objects where megabytes hang on them.
 * So a collection is wanted as well once external memory has grown, since the
 * last one, by half of what it was then, and by twice what the engine had: a
 * collection costs by the engine's heap, and native memory is filled many times
 * faster than that. Growth counts from the least since then, because what is
 * freed by and by, or by finalizers behind a collection, makes room. Less than
 * MIN_GROWTH is not worth looking.
 */
#define MIN_GROWTH ((size_t)64 << 20)

static void set_mark(tenon_p_heap *h)
{
  size_t growth = h->external_bytes / 2 + h->collected_bytes * 2;

  h->external_lowest_bytes = h->external_bytes;
  h->external_mark_bytes =
      h->external_bytes + (growth > MIN_GROWTH ? growth : MIN_GROWTH);
}

/* --- Blocks of a host's allocator ----------------------------------------------- */

/* Stands before each block: the engine frees without telling a size. */
typedef union block {
  size_t size; /* with this */
  max_align_t align;
} block;

static block *block_of(const void *p)
{
  return (block *)p - 1;
}

/* What is wrong with it would show anywhere, and so it shows here. */
static block *checked(const tenon_allocator *a, block *b, size_t size)
{
  if (!b || (uintptr_t)b % _Alignof(max_align_t) == 0) return b;
  a->free(a->data, b, size);
  return NULL;
}

static void *host_alloc(const tenon_allocator *a, size_t size, bool is_zeroed)
{
  bool zeroes = is_zeroed && a->alloc_zeroed;
  block *b;

  if (size > SIZE_MAX - sizeof *b) return NULL;
  size += sizeof *b;
  b = zeroes ? a->alloc_zeroed(a->data, size) : a->alloc(a->data, size);
  b = checked(a, b, size);
  if (!b) return NULL;
  if (is_zeroed && !zeroes) memset(b, 0, size);
  b->size = size;
  return b + 1;
}

static void *host_realloc(const tenon_allocator *a, void *p, size_t size)
{
  block *b = block_of(p);

  if (size > SIZE_MAX - sizeof *b) return NULL;
  size += sizeof *b;
  b = a->realloc(a->data, b, b->size, size);
  if (!b) return NULL;
  b->size = size;
  return b + 1;
}

static void host_free(const tenon_allocator *a, void *p)
{
  block *b = block_of(p);

  a->free(a->data, b, b->size);
}

bool tenon_p_heap_accepts(const tenon_allocator *a)
{
  return a->size == sizeof *a && a->alloc && a->realloc && a->free;
}

/* --- Tenon's own ------------------------------------------------------------------ */

void tenon_p_heap_init(tenon_p_heap *h, size_t limit_bytes,
                       const tenon_allocator *a)
{
  *h = (tenon_p_heap){.limit_bytes = limit_bytes, .is_host = a != NULL};
  if (a) h->host = *a;
  set_mark(h);
}

size_t tenon_p_heap_usable_size(const void *p)
{
  return malloc_usable_size((void *)p);
}

static size_t size_of(const tenon_p_heap *h, const void *p)
{
  if (!p) return 0;
  return h->is_host ? block_of(p)->size : tenon_p_heap_usable_size(p);
}

static void own_changed(tenon_p_heap *h, size_t before, size_t after)
{
  h->own_bytes += after - before;
  if (h->changed) h->changed(h);
}

void *tenon_p_heap_alloc(tenon_p_heap *h, size_t size)
{
  void *p;

  if (!h->is_host)
    p = tenon_p_calloc(size);
  else
    p = tenon_p_alloc_admit() ? host_alloc(&h->host, size, true) : NULL;
  if (p) own_changed(h, 0, size_of(h, p));
  return p;
}

void *tenon_p_heap_grow(tenon_p_heap *h, void *p, size_t size)
{
  size_t before = size_of(h, p);
  void *q = NULL;

  if (!h->is_host)
    q = tenon_p_realloc(p, size);
  else if (tenon_p_alloc_admit())
    q = p ? host_realloc(&h->host, p, size) : host_alloc(&h->host, size, false);
  if (q) own_changed(h, before, size_of(h, q));
  return q;
}

void tenon_p_heap_free(tenon_p_heap *h, void *p)
{
  if (!p) return;
  own_changed(h, size_of(h, p), 0);
  if (h->is_host)
    host_free(&h->host, p);
  else
    free(p);
}

void tenon_p_heap_count(tenon_p_heap *h, const void *p)
{
  own_changed(h, 0, tenon_p_heap_usable_size(p));
}

void tenon_p_heap_uncount(tenon_p_heap *h, const void *p)
{
  own_changed(h, tenon_p_heap_usable_size(p), 0);
}

/* --- The engine's ------------------------------------------------------------------- */

size_t tenon_p_heap_engine_limit(const tenon_p_heap *h)
{
  size_t others = h->own_bytes + h->external_bytes;

  if (!h->limit_bytes) return 0;
  /* 0 would mean no limit, and 1 lets every allocation be asked about. */
  return h->limit_bytes > others + 2 ? h->limit_bytes - others : 2;
}

void *tenon_p_heap_engine_calloc(void *opaque, size_t count, size_t size)
{
  tenon_p_heap *h = opaque;
  void *p = calloc(count, size);

  if (p) h->engine_bytes += malloc_usable_size(p);
  return p;
}

void *tenon_p_heap_engine_malloc(void *opaque, size_t size)
{
  tenon_p_heap *h = opaque;
  void *p = malloc(size);

  if (p) h->engine_bytes += malloc_usable_size(p);
  return p;
}

void tenon_p_heap_engine_free(void *opaque, void *p)
{
  tenon_p_heap *h = opaque;

  if (p) h->engine_bytes -= tenon_p_heap_usable_size(p);
  free(p);
}

void *tenon_p_heap_engine_realloc(void *opaque, void *p, size_t size)
{
  tenon_p_heap *h = opaque;
  size_t before = p ? tenon_p_heap_usable_size(p) : 0;
  void *q = realloc(p, size);

  if (q) h->engine_bytes += tenon_p_heap_usable_size(q) - before;
  return q;
}

void *tenon_p_heap_host_calloc(void *opaque, size_t count, size_t size)
{
  tenon_p_heap *h = opaque;
  size_t bytes;
  void *p;

  if (__builtin_mul_overflow(count, size, &bytes)) return NULL;
  p = host_alloc(&h->host, bytes, true);
  if (p) h->engine_bytes += block_of(p)->size;
  return p;
}

void *tenon_p_heap_host_malloc(void *opaque, size_t size)
{
  tenon_p_heap *h = opaque;
  void *p = host_alloc(&h->host, size, false);

  if (p) h->engine_bytes += block_of(p)->size;
  return p;
}

void tenon_p_heap_host_free(void *opaque, void *p)
{
  tenon_p_heap *h = opaque;

  if (!p) return;
  h->engine_bytes -= block_of(p)->size;
  host_free(&h->host, p);
}

void *tenon_p_heap_host_realloc(void *opaque, void *p, size_t size)
{
  tenon_p_heap *h = opaque;
  size_t before;
  void *q;

  if (!p) return tenon_p_heap_host_malloc(h, size);
  before = block_of(p)->size;
  q = host_realloc(&h->host, p, size);
  if (q) h->engine_bytes += block_of(q)->size - before;
  return q;
}

size_t tenon_p_heap_host_usable_size(const void *p)
{
  return p ? block_of(p)->size - sizeof(block) : 0;
}

/* --- External memory ----------------------------------------------------------- */

bool tenon_p_heap_is_below_half(const tenon_p_heap *h)
{
  size_t low = h->external_lowest_bytes;

  return h->external_bytes <= low + (h->external_mark_bytes - low) / 2;
}

void tenon_p_heap_collected(tenon_p_heap *h, size_t engine_bytes)
{
  h->collected_bytes = engine_bytes;
  set_mark(h);
}

size_t tenon_p_heap_external_room(const tenon_p_heap *h)
{
  /* A quarter: sums with the engine's bytes do not wrap either. */
  return SIZE_MAX / 4 - h->external_bytes;
}

void tenon_p_heap_add_external(tenon_p_heap *h, size_t size)
{
  assert(size <= tenon_p_heap_external_room(h));
  h->external_bytes += size;
  if (h->external_bytes > h->external_mark_bytes) {
    if (h->grown && h->grown(h)) h->external_mark_bytes = SIZE_MAX;
  }
  if (h->limit_bytes && h->changed) h->changed(h);
}

void tenon_p_heap_drop_external(tenon_p_heap *h, size_t size)
{
  assert(size <= h->external_bytes);
  h->external_bytes -= size < h->external_bytes ? size : h->external_bytes;
  if (h->external_bytes < h->external_lowest_bytes) {
    /* While a collection is wanted it stays so. */
    if (h->external_mark_bytes != SIZE_MAX) set_mark(h);
  }
  if (h->limit_bytes && h->changed) h->changed(h);
}
