#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* Read on every thread, written by a test alone. */
static struct {
  bool on, lasting;
  uint64_t at, count;
  void (*watch)(void *);
  void *watch_data;
} inject;

void tenon_p_alloc_inject(uint64_t at, bool lasting)
{
  __atomic_store_n(&inject.at, at, __ATOMIC_RELAXED);
  __atomic_store_n(&inject.lasting, lasting, __ATOMIC_RELAXED);
  __atomic_store_n(&inject.count, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&inject.on, true, __ATOMIC_RELEASE);
}

void tenon_p_alloc_watch(void (*fn)(void *), void *p)
{
  inject.watch_data = p;
  inject.watch = fn;
}

uint64_t tenon_p_alloc_stop(void)
{
  __atomic_store_n(&inject.on, false, __ATOMIC_RELEASE);
  return __atomic_load_n(&inject.count, __ATOMIC_RELAXED);
}

bool tenon_p_alloc_is_injecting(void)
{
  return __atomic_load_n(&inject.on, __ATOMIC_ACQUIRE);
}

bool tenon_p_alloc_admit(void)
{
  uint64_t n, at;

  if (TENON_P_LIKELY(!tenon_p_alloc_is_injecting())) return true;
  if (inject.watch) inject.watch(inject.watch_data);
  n = __atomic_add_fetch(&inject.count, 1, __ATOMIC_RELAXED);
  at = __atomic_load_n(&inject.at, __ATOMIC_RELAXED);
  if (at == 0 || n < at) return true;
  return !__atomic_load_n(&inject.lasting, __ATOMIC_RELAXED) && n > at;
}

void *tenon_p_malloc(size_t size)
{
  return tenon_p_alloc_admit() ? malloc(size ? size : 1) : NULL;
}

void *tenon_p_calloc(size_t size)
{
  return tenon_p_alloc_admit() ? calloc(1, size ? size : 1) : NULL;
}

void *tenon_p_realloc(void *p, size_t size)
{
  return tenon_p_alloc_admit() ? realloc(p, size ? size : 1) : NULL;
}

char *tenon_p_strndup(const char *s, size_t len)
{
  char *p = tenon_p_malloc(len + 1);

  if (p) {
    memcpy(p, s, len);
    p[len] = '\0';
  }
  return p;
}
