/*
 * A set of texts, in the order in which they came, each with flags and a number
 * of its user's. Pure C; memory of malloc. The first failed allocation is
 * remembered, as in base/text.h.
 */
#ifndef TENON_MODULE_NAMESET_H
#define TENON_MODULE_NAMESET_H

#include "base/base.h"

typedef struct tenon_p_nameset_entry {
  size_t at, len; /* in the set's bytes, a NUL behind them */
  uint32_t hash, flags;
  size_t number;
} tenon_p_nameset_entry;

typedef struct tenon_p_nameset {
  char *bytes;
  size_t size, bytes_capacity;
  tenon_p_nameset_entry *all;
  size_t count, capacity;
  uint32_t *table; /* 1 + place in `all`; 0 is free */
  size_t table_size;
  bool failed;
} tenon_p_nameset;

/* Made empty by zeros; empty again after this. */
void tenon_p_nameset_release(tenon_p_nameset *n);

/* The text's entry, which is added with zeros when it is not there; NULL when
 * that failed. Valid until the next is added. */
tenon_p_nameset_entry *tenon_p_nameset_add(tenon_p_nameset *n, const char *s,
                                           size_t len);

/* NULL when it is not there. */
tenon_p_nameset_entry *tenon_p_nameset_find(const tenon_p_nameset *n,
                                            const char *s, size_t len);

static inline const char *tenon_p_nameset_text(
    const tenon_p_nameset *n, const tenon_p_nameset_entry *name)
{
  return n->bytes + name->at;
}

#endif
