#include "module/nameset.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void tenon_p_nameset_release(tenon_p_nameset *n)
{
  free(n->bytes);
  free(n->all);
  free(n->table);
  *n = (tenon_p_nameset){0};
}

static uint32_t hash_of(const char *s, size_t len)
{
  uint32_t h = 2166136261u;
  size_t i;

  for (i = 0; i < len; i++)
    h = (h ^ (unsigned char)s[i]) * 16777619u;
  return h ^ h >> 15;
}

/* The place in the table of a text or of the free slot for it. */
static size_t place_of(const tenon_p_nameset *n, const char *s, size_t len,
                       uint32_t hash)
{
  size_t mask = n->table_size - 1, i = hash & mask;

  while (n->table[i]) {
    const tenon_p_nameset_entry *name = &n->all[n->table[i] - 1];
    if (name->hash == hash && name->len == len &&
        (!len || memcmp(n->bytes + name->at, s, len) == 0))
      break;
    i = (i + 1) & mask;
  }
  return i;
}

static bool grow_table(tenon_p_nameset *n)
{
  size_t size = n->table_size ? n->table_size * 2 : 16, i, at;
  uint32_t *table = tenon_p_calloc(size * sizeof *table);

  if (!table) return false;
  for (i = 0; i < n->count; i++) {
    at = n->all[i].hash & (size - 1);
    while (table[at])
      at = (at + 1) & (size - 1);
    table[at] = (uint32_t)i + 1;
  }
  free(n->table);
  n->table = table;
  n->table_size = size;
  return true;
}

/* Room for one more of `len` bytes. */
static bool reserve(tenon_p_nameset *n, size_t len)
{
  if (n->count == UINT32_MAX - 1 || len > SIZE_MAX / 4 - n->size) return false;
  if (n->size + len + 1 > n->bytes_capacity) {
    size_t capacity = (n->size + len + 64) * 2;
    char *bytes = tenon_p_realloc(n->bytes, capacity);
    if (!bytes) return false;
    n->bytes = bytes;
    n->bytes_capacity = capacity;
  }
  if (n->count == n->capacity) {
    size_t capacity = n->capacity * 2 + 8;
    tenon_p_nameset_entry *all =
        tenon_p_realloc(n->all, capacity * sizeof *all);
    if (!all) return false;
    n->all = all;
    n->capacity = capacity;
  }
  return n->count * 2 < n->table_size || grow_table(n);
}

tenon_p_nameset_entry *tenon_p_nameset_find(const tenon_p_nameset *n,
                                            const char *s, size_t len)
{
  uint32_t slot;

  if (!n->table_size) return NULL;
  slot = n->table[place_of(n, s, len, hash_of(s, len))];
  return slot ? &n->all[slot - 1] : NULL;
}

tenon_p_nameset_entry *tenon_p_nameset_add(tenon_p_nameset *n, const char *s,
                                           size_t len)
{
  uint32_t hash = hash_of(s, len);
  tenon_p_nameset_entry *name = tenon_p_nameset_find(n, s, len);

  if (name || n->failed) return name;
  if (!reserve(n, len)) {
    n->failed = true;
    return NULL;
  }
  n->table[place_of(n, s, len, hash)] = (uint32_t)n->count + 1;
  name = &n->all[n->count++];
  *name = (tenon_p_nameset_entry){.at = n->size, .len = len, .hash = hash};
  if (len) memcpy(n->bytes + n->size, s, len);
  n->bytes[n->size + len] = '\0';
  n->size += len + 1;
  return name;
}
