#include <tenon/cache.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "source/cache.h"

typedef struct telling {
  void (*tell)(void *data, const tenon_cache_entry *entry);
  void *data;
  const tenon_p_cache *cache;
  bool failed;
} telling;

/* 0, 1 when there is none, or an error with its problem. */
static int open_cache(tenon_p_cache *c, char *problem, size_t size)
{
  tenon_p_text why = TENON_P_TEXT_INIT;
  int r = tenon_p_cache_open(NULL, false, c, &why);

  if (r && r != -ENOENT && size)
    snprintf(problem, size, "%s", why.len ? why.data : tenon_strerror(r));
  tenon_p_text_release(&why);
  return r == -ENOENT ? 1 : r == -ENOMEM ? TENON_ENOMEM : r;
}

static int finish(tenon_p_cache *c, int r, char *problem, size_t size)
{
  if (r && size)
    snprintf(problem, size, "%s: %s", c->folder.path, tenon_strerror(r));
  tenon_p_cache_close(c);
  return r == -ENOMEM ? TENON_ENOMEM : r;
}

static void tell(void *data, const tenon_p_cache_entry *e)
{
  telling *t = data;
  tenon_p_text path = TENON_P_TEXT_INIT;
  tenon_cache_entry entry = {.size = sizeof entry,
                             .source = e->source,
                             .flags = e->flags,
                             .size_bytes = e->size,
                             .built_s = e->when,
                             .is_fresh = e->is_fresh};

  tenon_p_text_printf(&path, "%s/%s", t->cache->folder.path, e->object);
  if (path.failed) {
    t->failed = true;
  } else {
    entry.object = path.data;
    t->tell(t->data, &entry);
  }
  tenon_p_text_release(&path);
}

int tenon_cache_list(void (*fn)(void *data, const tenon_cache_entry *entry),
                     void *data, char *problem, size_t problem_size)
{
  tenon_p_cache c;
  telling t = {fn, data, &c, false};
  int r;

  if (problem_size) problem[0] = '\0';
  if (!fn) return TENON_EINVAL;
  r = open_cache(&c, problem, problem_size);
  if (r) return r == 1 ? 0 : r;
  r = tenon_p_cache_list(&c, tell, &t);
  if (r == 0 && t.failed) r = -ENOMEM;
  return finish(&c, r, problem, problem_size);
}

int tenon_cache_clear(uint64_t *objects, uint64_t *bytes, char *problem,
                      size_t problem_size)
{
  uint64_t count = 0, size = 0;
  tenon_p_cache c;
  int r;

  if (problem_size) problem[0] = '\0';
  r = open_cache(&c, problem, problem_size);
  if (r == 0) {
    r = tenon_p_cache_clear(&c, &count, &size);
    r = finish(&c, r, problem, problem_size);
  }
  if (objects) *objects = count;
  if (bytes) *bytes = size;
  return r == 1 ? 0 : r;
}
