/*
 * Memory that is freed all at once: what is made of one text, or for one plan.
 * The first failed allocation is remembered, so that a sequence needs one check
 * at its end.
 */
#ifndef TENON_BASE_STORE_H
#define TENON_BASE_STORE_H

#include "base/base.h"

typedef struct tenon_p_store {
  struct tenon_p_store_block *blocks; /* the newest first */
  size_t left;                        /* in the newest */
  bool failed;
} tenon_p_store;

#define TENON_P_STORE_INIT \
  {                        \
    NULL, 0, false         \
  }

void tenon_p_store_release(tenon_p_store *s);
/* Zeroed, aligned for any type; NULL when it failed. */
void *tenon_p_store_alloc(tenon_p_store *s, size_t size);
char *tenon_p_store_strndup(tenon_p_store *s, const char *text, size_t len);
__attribute__((format(printf, 2, 3))) char *tenon_p_store_printf(
    tenon_p_store *s, const char *format, ...);

/* A list of pointers, or of anything of one size, that grows in a store: the
 * place of its new last item; NULL when it failed. `items` points at the list. */
void *tenon_p_store_push(tenon_p_store *s, void *items, size_t *count,
                         size_t size);

#endif
