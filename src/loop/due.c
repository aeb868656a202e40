#include "loop/due.h"

#include <string.h>

struct tenon_p_due_queue {
  tenon_p_list timers; /* of tenon_p_due.link, the first one first */
  uint64_t delay_ms;
  size_t users;            /* timers that have this delay */
  size_t place;            /* in the heap */
  tenon_p_due_queue *next; /* in its bucket */
};

/* --- The heap ------------------------------------------------------------------------- */

static tenon_p_due *first_of(const tenon_p_due_queue *q)
{
  return tenon_p_container(q->timers.next, tenon_p_due, link);
}

static bool is_before(const tenon_p_due_queue *a, const tenon_p_due_queue *b)
{
  const tenon_p_due *x = first_of(a), *y = first_of(b);

  return x->at_ms != y->at_ms ? x->at_ms < y->at_ms : x->order < y->order;
}

static void put(tenon_p_dues *all, size_t place, tenon_p_due_queue *q)
{
  all->heap[place] = q;
  q->place = place;
}

static void sift_up(tenon_p_dues *all, tenon_p_due_queue *q)
{
  size_t place = q->place;

  while (place) {
    size_t up = (place - 1) / 2;
    if (!is_before(q, all->heap[up])) break;
    put(all, place, all->heap[up]);
    place = up;
  }
  put(all, place, q);
}

static void sift_down(tenon_p_dues *all, tenon_p_due_queue *q)
{
  size_t place = q->place, down;

  while ((down = 2 * place + 1) < all->heap_count) {
    if (down + 1 < all->heap_count &&
        is_before(all->heap[down + 1], all->heap[down]))
      down++;
    if (!is_before(all->heap[down], q)) break;
    put(all, place, all->heap[down]);
    place = down;
  }
  put(all, place, q);
}

static void take_out(tenon_p_dues *all, tenon_p_due_queue *q)
{
  tenon_p_due_queue *last = all->heap[--all->heap_count];

  if (last == q) return;
  last->place = q->place;
  sift_down(all, last);
  sift_up(all, last);
}

/* --- The queues ------------------------------------------------------------------------- */

/* Mixed, by a large odd number: delays are often multiples of one another. */
static size_t bucket_of(uint64_t delay_ms, size_t bucket_count)
{
  return (delay_ms * 0x9e3779b97f4a7c15u >> 32) & (bucket_count - 1);
}

static tenon_p_due_queue **find(const tenon_p_dues *all, uint64_t delay_ms)
{
  tenon_p_due_queue **at =
      &all->buckets[bucket_of(delay_ms, all->bucket_count)];

  while (*at && (*at)->delay_ms != delay_ms)
    at = &(*at)->next;
  return at;
}

static int grow_buckets(tenon_p_dues *all)
{
  size_t count = all->bucket_count ? all->bucket_count * 2 : 16, i;
  tenon_p_due_queue **old = all->buckets, *q, *next, **buckets = NULL;
  size_t old_count = all->bucket_count;

  if (tenon_p_engine_admits(all->engine, count * sizeof *buckets))
    buckets = tenon_p_heap_alloc(&all->engine->heap, count * sizeof *buckets);
  if (!buckets) return -1;
  all->buckets = buckets;
  all->bucket_count = count;
  for (i = 0; i < old_count; i++) {
    for (q = old[i]; q; q = next) {
      tenon_p_due_queue **to = &buckets[bucket_of(q->delay_ms, count)];
      next = q->next;
      q->next = *to;
      *to = q;
    }
  }
  tenon_p_heap_free(&all->engine->heap, old);
  return 0;
}

static int grow_heap(tenon_p_dues *all)
{
  size_t capacity = all->capacity ? all->capacity * 2 : 16;
  tenon_p_due_queue **heap;

  if (!tenon_p_engine_admits(all->engine, capacity * sizeof *heap)) return -1;
  heap =
      tenon_p_heap_grow(&all->engine->heap, all->heap, capacity * sizeof *heap);
  if (!heap) return -1;
  all->heap = heap;
  all->capacity = capacity;
  return 0;
}

/* NULL when out of memory. */
static tenon_p_due_queue *new_queue(tenon_p_dues *all, uint64_t delay_ms)
{
  tenon_p_due_queue *q = all->spare, **at;

  if (all->count >= all->bucket_count && grow_buckets(all)) return NULL;
  if (all->count >= all->capacity && grow_heap(all)) return NULL;
  if (!q && tenon_p_engine_admits(all->engine, sizeof *q))
    q = tenon_p_heap_alloc(&all->engine->heap, sizeof *q);
  if (!q) return NULL;
  all->spare = NULL;
  *q = (tenon_p_due_queue){.delay_ms = delay_ms};
  tenon_p_list_init(&q->timers);
  at = find(all, delay_ms);
  q->next = *at;
  *at = q;
  all->count++;
  return q;
}

/* Nobody has its delay. One is kept, for a script that sets and clears. */
static void free_queue(tenon_p_dues *all, tenon_p_due_queue *q)
{
  *find(all, q->delay_ms) = q->next;
  all->count--;
  if (all->spare)
    tenon_p_heap_free(&all->engine->heap, q);
  else
    all->spare = q;
}

void tenon_p_dues_init(tenon_p_dues *all, tenon_p_engine *e)
{
  *all = (tenon_p_dues){.engine = e};
}

void tenon_p_dues_release(tenon_p_dues *all)
{
  tenon_p_heap_free(&all->engine->heap, all->spare);
  tenon_p_heap_free(&all->engine->heap, all->heap);
  tenon_p_heap_free(&all->engine->heap, all->buckets);
}

int tenon_p_due_join(tenon_p_dues *all, tenon_p_due *d, uint64_t delay_ms)
{
  tenon_p_due_queue *q = all->count ? *find(all, delay_ms) : NULL;

  if (!q) q = new_queue(all, delay_ms);
  if (!q) return -1;
  q->users++;
  d->queue = q;
  tenon_p_list_init(&d->link);
  return 0;
}

void tenon_p_due_leave(tenon_p_dues *all, tenon_p_due *d)
{
  if (!d->queue) return;
  tenon_p_due_stop(all, d);
  if (--d->queue->users == 0) free_queue(all, d->queue);
  d->queue = NULL;
}

void tenon_p_due_start(tenon_p_dues *all, tenon_p_due *d, uint64_t now_ms)
{
  tenon_p_due_queue *q = d->queue;
  bool is_first = tenon_p_list_is_empty(&q->timers);

  d->at_ms = now_ms + q->delay_ms;
  d->order = ++all->last_order;
  tenon_p_list_append(&q->timers, &d->link);
  if (!is_first) return;
  q->place = all->heap_count++;
  sift_up(all, q);
}

void tenon_p_due_stop(tenon_p_dues *all, tenon_p_due *d)
{
  tenon_p_due_queue *q = d->queue;
  bool was_first;

  if (!q || tenon_p_list_is_empty(&d->link)) return;
  was_first = q->timers.next == &d->link;
  tenon_p_list_remove(&d->link);
  if (!was_first) return;
  if (tenon_p_list_is_empty(&q->timers))
    take_out(all, q);
  else
    sift_down(all, q);
}

tenon_p_due *tenon_p_due_first(const tenon_p_dues *all)
{
  return all->heap_count ? first_of(all->heap[0]) : NULL;
}
