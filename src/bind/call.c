/*
 * Small requests come from the room inside of the call, then from chunks that
 * grow; large ones are blocks of their own. Chunks and blocks are registered as
 * cleanups, so that memory and cleanups end in one order: what lies in a chunk
 * outlives every cleanup that was registered behind it.
 */
#include "bind/call.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "bind/instance.h"

typedef struct block {
  tenon_p_cleanup cleanup;
  _Alignas(16) char data[];
} block;

/* A block that is handed out in pieces. */
struct tenon_p_chunk {
  size_t used, size; /* of data */
  _Alignas(16) char data[];
};

enum {
  FIRST_CHUNK = 1008,
  LARGEST_CHUNK = 64512, /* below what malloc takes from the system alone */
  LARGEST_PIECE = 512,
  ROOM_IS_FULL = sizeof((tenon_p_call *)0)->room + 1 /* c->chunk is there */
};

void tenon_p_call_init(tenon_p_call *c, bool copies)
{
  c->outer = NULL;
  c->ctx = NULL;
  c->self = NULL;
  c->cleanups = NULL;
  c->size = 0;
  c->failure = NULL;
  c->used = 0;
  c->calling = TENON_P_CALLING_FRAME;
  c->failed = false;
  c->copies = copies;
  c->has_outs = c->is_lent = false;
}

void tenon_p_call_release(tenon_p_call *c)
{
  tenon_p_cleanup *k;

  while ((k = c->cleanups)) {
    c->cleanups = k->next;
    if (k->fn) k->fn(k->p);
  }
  tenon_p_failure_free(c->failure);
  c->failure = NULL;
  c->used = 0;
  if (c->has_outs && c->copies) tenon_p_call_return(c);
}

static void *alloc_block(tenon_p_call *c, size_t size)
{
  block *b;

  if (size > SIZE_MAX / 2) return NULL;
  b = tenon_p_malloc(sizeof *b + size);
  if (!b) return NULL;
  if (!c->cleanups) c->size = 0;
  c->size += size;
  b->cleanup = (tenon_p_cleanup){c->cleanups, free, b};
  c->cleanups = &b->cleanup;
  return b->data;
}

size_t tenon_p_call_size(const tenon_p_call *c)
{
  return c->cleanups ? c->size : 0;
}

/* A chunk with room for the largest piece; twice as large as the last. */
static tenon_p_chunk *new_chunk(tenon_p_call *c)
{
  size_t size = FIRST_CHUNK;
  tenon_p_chunk *k;

  if (c->used == ROOM_IS_FULL && c->chunk->size < LARGEST_CHUNK)
    size = c->chunk->size * 2;
  else if (c->used == ROOM_IS_FULL)
    size = LARGEST_CHUNK;
  k = alloc_block(c, sizeof *k + size);
  if (!k) return NULL;
  k->used = 0;
  k->size = size;
  c->chunk = k;
  c->used = ROOM_IS_FULL;
  return k;
}

bool tenon_p_call_has_room(const tenon_p_call *c, size_t size)
{
  if (c->used != ROOM_IS_FULL) return size <= sizeof c->room - c->used;
  return size <= LARGEST_PIECE && size + 15 <= c->chunk->size - c->chunk->used;
}

void *tenon_p_call_alloc(tenon_p_call *c, size_t size)
{
  size_t rounded = (size + 15) & ~(size_t)15;
  tenon_p_chunk *k;
  void *p;

  if (c->used != ROOM_IS_FULL && size <= sizeof c->room - c->used) {
    p = c->room + c->used;
    c->used += (uint32_t)rounded;
    return p;
  }
  if (size > LARGEST_PIECE) return alloc_block(c, size);
  k = c->used == ROOM_IS_FULL ? c->chunk : NULL;
  if (!k || rounded > k->size - k->used) {
    k = new_chunk(c);
    if (!k) return NULL;
  }
  p = k->data + k->used;
  k->used += rounded;
  return p;
}

int tenon_p_call_defer(tenon_p_call *c, void (*fn)(void *), void *p)
{
  tenon_p_cleanup *k = tenon_p_call_alloc(c, sizeof *k);

  if (!k) return -1;
  if (!c->cleanups) c->size = 0;
  *k = (tenon_p_cleanup){c->cleanups, fn, p};
  c->cleanups = k;
  return 0;
}

bool tenon_p_call_take(tenon_p_call *c, const void *p)
{
  tenon_p_cleanup *k;

  for (k = c->cleanups; k; k = k->next) {
    /* Not a block of ours: what is handed out of one is another address. */
    if (k->fn == free && k->p == p) {
      k->fn = NULL;
      return true;
    }
  }
  return false;
}

void tenon_p_call_adopt(tenon_p_call *c, tenon_p_call *other)
{
  tenon_p_cleanup **end = &other->cleanups;

  while (*end)
    end = &(*end)->next;
  *end = c->cleanups;
  c->cleanups = other->cleanups;
  other->cleanups = NULL;
}

/* --- Failures ------------------------------------------------------------------- */

static void free_kept(void *f)
{
  tenon_p_failure_free(f);
}

/* A task may be on another thread, which cannot let go of values: they wait for
 * its end, or for the next value that comes. */
static void drop(tenon_p_call *c, tenon_p_failure *f)
{
  if (c->copies && tenon_p_failure_runtime(f)) {
    f->cleanup = (tenon_p_cleanup){c->cleanups, free_kept, f};
    c->cleanups = &f->cleanup;
  } else {
    tenon_p_failure_free(f);
  }
}

static void free_dropped(tenon_p_call *c)
{
  tenon_p_cleanup **at = &c->cleanups, *k;

  while ((k = *at)) {
    if (k->fn == free_kept) {
      *at = k->next;
      free_kept(k->p);
    } else {
      at = &k->next;
    }
  }
}

void tenon_p_call_fail(tenon_p_call *c, const tenon_failure *f,
                       const char *format, va_list ap)
{
  bool is_caused = f->flags & TENON_FAILURE_CAUSED;
  tenon_p_failure *made;

  if (c->failed && (!is_caused || !c->failure)) return;
  made = tenon_p_failure_new(f, format, ap);
  if (made)
    tenon_p_failure_caused(made, c->failure);
  else
    drop(c, c->failure);
  c->failure = made;
  c->failed = true;
}

void tenon_p_call_fail_value(tenon_p_call *c, JSContext *ctx, JSValue v)
{
  free_dropped(c);
  if (c->failed) {
    JS_FreeValue(ctx, v);
    return;
  }
  c->failure = tenon_p_failure_of_value(ctx, v);
  c->failed = true;
  if (c->failure && c->copies)
    tenon_p_failure_lend(tenon_p_engine_of(ctx), c->failure);
}

void tenon_p_call_fail_foreign(tenon_p_call *c)
{
  if (c->failed) return;
  c->failure = tenon_p_failure_foreign();
  c->failed = true;
}

bool tenon_p_call_recover(tenon_p_call *c)
{
  tenon_p_failure *f = c->failure;

  if (!c->failed) return false;
  c->failure = NULL;
  c->failed = false;
  drop(c, f);
  return true;
}

JSValue tenon_p_call_throw(JSContext *ctx, tenon_p_call *c)
{
  JSValue r = tenon_p_throw_failure(ctx, c->failure);

  tenon_p_failure_free(c->failure);
  c->failure = NULL;
  c->failed = false;
  return r;
}

void tenon_p_call_run(tenon_p_call *c, void (*thunk)(void *, void *),
                      void *args, void *result)
{
  c->outer = tenon_p_current_call;
  tenon_p_current_call = c;
  thunk(args, result);
  tenon_p_current_call = c->outer;
}

/* --- What modules call --------------------------------------------------------- */

void tenon_p_host_fail(int error_class, const char *format, va_list ap)
{
  tenon_failure f = {.size = sizeof f, .error_class = error_class};

  tenon_p_host_fail_with(&f, format, ap);
}

void tenon_p_host_fail_with(const tenon_failure *f, const char *format,
                            va_list ap)
{
  if (tenon_p_current_call)
    tenon_p_call_fail(tenon_p_current_call, f, format, ap);
}

int tenon_p_host_recover(void)
{
  return tenon_p_current_call && tenon_p_call_recover(tenon_p_current_call);
}

void *tenon_p_host_alloc(size_t size)
{
  return tenon_p_current_call ? tenon_p_call_alloc(tenon_p_current_call, size)
                              : NULL;
}

int tenon_p_host_defer(void (*fn)(void *), void *p)
{
  return tenon_p_current_call ? tenon_p_call_defer(tenon_p_current_call, fn, p)
                              : -1;
}
