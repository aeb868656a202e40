/*
 * Small requests come from the room inside of the call, others from malloc,
 * each registered as a cleanup of its own, so that memory and cleanups end in
 * one order.
 */
#include "bind/call.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

struct tenon_p_cleanup {
  tenon_p_cleanup *next;
  void (*fn)(void *); /* NULL: taken back */
  void *p;
};

typedef struct block {
  tenon_p_cleanup cleanup;
  _Alignas(16) char data[];
} block;

void tenon_p_call_init(tenon_p_call *c, bool copies)
{
  c->outer = NULL;
  c->cleanups = NULL;
  c->message = NULL;
  c->used = 0;
  c->error_class = 0;
  c->failed = false;
  c->copies = copies;
}

void tenon_p_call_release(tenon_p_call *c)
{
  tenon_p_cleanup *k;

  while ((k = c->cleanups)) {
    c->cleanups = k->next;
    if (k->fn) k->fn(k->p);
  }
  free(c->message);
  c->message = NULL;
  c->used = 0;
}

void *tenon_p_call_alloc(tenon_p_call *c, size_t size)
{
  block *b;

  if (size <= sizeof c->room - c->used) {
    void *p = c->room + c->used;
    c->used += (uint32_t)((size + 15) & ~(size_t)15);
    return p;
  }
  if (size > SIZE_MAX / 2) return NULL;
  b = tenon_p_malloc(sizeof *b + size);
  if (!b) return NULL;
  b->cleanup = (tenon_p_cleanup){c->cleanups, free, b};
  c->cleanups = &b->cleanup;
  return b->data;
}

int tenon_p_call_defer(tenon_p_call *c, void (*fn)(void *), void *p)
{
  tenon_p_cleanup *k = tenon_p_call_alloc(c, sizeof *k);

  if (!k) return -1;
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

void tenon_p_call_fail(tenon_p_call *c, int error_class, const char *format,
                       va_list ap)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  if (c->failed) return;
  c->failed = true;
  c->error_class = (uint8_t)error_class;
  tenon_p_text_vprintf(&t, format, ap);
  c->message = tenon_p_text_take(&t);
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
  if (tenon_p_current_call)
    tenon_p_call_fail(tenon_p_current_call, error_class, format, ap);
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
