#include <string.h>

#include "reader/internal.h"

struct tenon_p_map_entry {
  uint64_t hash; /* 0: none here */
  const void *key;
  size_t len;
  uint32_t value;
};

static uint64_t hash_of(const void *key, size_t len)
{
  const unsigned char *p = key;
  uint64_t h = 14695981039346656037u;

  while (len--)
    h = (h ^ *p++) * 1099511628211u;
  h ^= h >> 32;
  return h ? h : 1;
}

static struct tenon_p_map_entry *find(const tenon_p_map *m, uint64_t hash,
                                      const void *key, size_t len)
{
  size_t i = hash & (m->capacity - 1);

  while (m->entries[i].hash &&
         (m->entries[i].hash != hash || m->entries[i].len != len ||
          memcmp(m->entries[i].key, key, len)))
    i = (i + 1) & (m->capacity - 1);
  return &m->entries[i];
}

static void widen(tenon_p_map *m)
{
  tenon_p_map wider = {.capacity = m->capacity ? m->capacity * 2 : 64};
  size_t i;

  wider.entries = tenon_p_need(wider.capacity * sizeof *wider.entries);
  for (i = 0; i < m->capacity; i++) {
    struct tenon_p_map_entry *e = &m->entries[i];

    if (e->hash) *find(&wider, e->hash, e->key, e->len) = *e;
  }
  m->entries = wider.entries;
  m->capacity = wider.capacity;
}

uint32_t *tenon_p_map_at(tenon_p_map *m, const void *key, size_t len)
{
  uint64_t hash = hash_of(key, len);
  struct tenon_p_map_entry *e;
  void *copy;

  if (m->count * 2 >= m->capacity) widen(m);
  e = find(m, hash, key, len);
  if (!e->hash) {
    copy = tenon_p_need(len + 1);
    memcpy(copy, key, len);
    e->hash = hash;
    e->key = copy;
    e->len = len;
    m->count++;
  }
  return &e->value;
}

uint32_t tenon_p_map_get(const tenon_p_map *m, const void *key, size_t len)
{
  return m->capacity ? find(m, hash_of(key, len), key, len)->value : 0;
}
