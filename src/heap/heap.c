#include "heap/heap.h"

#include <assert.h>
#include <malloc.h>
#include <stdlib.h>

#include "base/alloc.h"

/* --- When to collect ------------------------------------------------------------ */

/*
 * The engine's own threshold sees small objects where megabytes hang on them.
 * So a collection is wanted as well once external memory has grown, since the
 * last one, by half of what it and the engine had then: what a collection costs
 * is spread over memory that came meanwhile. Growth counts from the least since
 * then, because what is freed by and by, or by finalizers behind a collection,
 * makes room. Below MIN_GROWTH it is not worth looking.
 */
#define MIN_GROWTH ((size_t)64 << 20)

static void set_mark(tenon_p_heap *h)
{
  size_t growth = (h->external_bytes + h->collected_bytes) / 2;

  h->external_lowest_bytes = h->external_bytes;
  h->external_mark_bytes =
      h->external_bytes + (growth > MIN_GROWTH ? growth : MIN_GROWTH);
}

/* --- Life ------------------------------------------------------------------------ */

void tenon_p_heap_init(tenon_p_heap *h, size_t limit_bytes)
{
  *h = (tenon_p_heap){.limit_bytes = limit_bytes};
  set_mark(h);
}

size_t tenon_p_heap_usable_size(const void *p)
{
  return malloc_usable_size((void *)p);
}

static void own_changed(tenon_p_heap *h, size_t before, size_t after)
{
  h->own_bytes += after - before;
  if (h->changed) h->changed(h);
}

void *tenon_p_heap_alloc(tenon_p_heap *h, size_t size)
{
  void *p = tenon_p_calloc(size);

  if (p) own_changed(h, 0, tenon_p_heap_usable_size(p));
  return p;
}

void *tenon_p_heap_grow(tenon_p_heap *h, void *p, size_t size)
{
  size_t before = p ? tenon_p_heap_usable_size(p) : 0;
  void *q = tenon_p_realloc(p, size);

  if (q) own_changed(h, before, tenon_p_heap_usable_size(q));
  return q;
}

void tenon_p_heap_free(tenon_p_heap *h, void *p)
{
  if (!p) return;
  own_changed(h, tenon_p_heap_usable_size(p), 0);
  free(p);
}

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

/* --- External memory ----------------------------------------------------------- */

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
    h->external_mark_bytes = SIZE_MAX;
    if (h->grown) h->grown(h);
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
