#include "base/store.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define BLOCK 16000
#define ALIGNMENT 16

typedef struct tenon_p_store_block {
  struct tenon_p_store_block *next;
  size_t size; /* of data */
  _Alignas(ALIGNMENT) char data[];
} block;

void tenon_p_store_release(tenon_p_store *s)
{
  while (s->blocks) {
    block *b = s->blocks;
    s->blocks = b->next;
    free(b);
  }
  *s = (tenon_p_store)TENON_P_STORE_INIT;
}

static bool grow(tenon_p_store *s, size_t size)
{
  block *b;

  if (size < BLOCK) size = BLOCK;
  b = tenon_p_calloc(sizeof *b + size);
  if (!b) return false;
  b->next = s->blocks;
  b->size = size;
  s->blocks = b;
  s->left = size;
  return true;
}

void *tenon_p_store_alloc(tenon_p_store *s, size_t size)
{
  void *p;

  if (s->failed) return NULL;
  if (size > SIZE_MAX / 2) {
    s->failed = true;
    return NULL;
  }
  size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if ((!s->blocks || size > s->left) && !grow(s, size)) {
    s->failed = true;
    return NULL;
  }
  p = s->blocks->data + s->blocks->size - s->left;
  s->left -= size;
  return p;
}

char *tenon_p_store_strndup(tenon_p_store *s, const char *text, size_t len)
{
  char *p = tenon_p_store_alloc(s, len + 1);

  if (p) memcpy(p, text, len);
  return p;
}

char *tenon_p_store_printf(tenon_p_store *s, const char *format, ...)
{
  va_list ap, again;
  char *p;
  int n;

  va_start(ap, format);
  va_copy(again, ap);
  n = vsnprintf(NULL, 0, format, ap);
  p = n < 0 ? NULL : tenon_p_store_alloc(s, (size_t)n + 1);
  if (p) vsnprintf(p, (size_t)n + 1, format, again);
  va_end(again);
  va_end(ap);
  if (n < 0) s->failed = true;
  return p;
}

/* A list doubles when its length is a power of two. */
void *tenon_p_store_push(tenon_p_store *s, void *items, size_t *count,
                         size_t size)
{
  char **list = items, *more;
  size_t n = *count;

  if (n == 0 || (n >= 4 && (n & (n - 1)) == 0)) {
    more = tenon_p_store_alloc(s, (n < 4 ? 4 : 2 * n) * size);
    if (!more) return NULL;
    if (n) memcpy(more, *list, n * size);
    *list = more;
  }
  if (s->failed) return NULL;
  *count = n + 1;
  return *list + n * size;
}
