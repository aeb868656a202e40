/* A line for each object, by the names of their sources and the newest first, with
 * tabs between: when, how large, fresh or stale, of what, with which flags. */
#include "cli/cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon.h>
#include <time.h>

#include "cli/program.h"

typedef struct line {
  char *source, *flags;
  uint64_t size;
  int64_t when;
  bool is_fresh;
} line;

typedef struct lines {
  line *list;
  size_t count;
  bool failed;
} lines;

static void add(void *data, const tenon_cache_entry *e)
{
  lines *all = data;
  line *list = realloc(all->list, (all->count + 1) * sizeof *list), *l;

  if (!list) {
    all->failed = true;
    return;
  }
  all->list = list;
  l = &list[all->count];
  *l = (line){strdup(e->source), strdup(e->flags), e->size_bytes, e->built_s,
              e->is_fresh};
  all->count++;
  if (!l->source || !l->flags) all->failed = true;
}

static int compare(const void *a, const void *b)
{
  const line *x = a, *y = b;
  int r = strcmp(x->source, y->source);

  if (r == 0) r = strcmp(x->flags, y->flags);
  return r ? r : (x->when < y->when) - (x->when > y->when);
}

static void put_size(uint64_t bytes)
{
  if (bytes < 1024)
    printf("%llu B", (unsigned long long)bytes);
  else if (bytes < 1048576)
    printf("%.1f KiB", (double)bytes / 1024);
  else
    printf("%.1f MiB", (double)bytes / 1048576);
}

/* A name of a file may hold anything. */
static void put_name(const char *s)
{
  for (; *s; s++) {
    if ((unsigned char)*s < 0x20 || *s == 0x7f)
      printf("\\x%02x", (unsigned char)*s);
    else
      putchar(*s);
  }
}

static void put_line(const line *l)
{
  time_t when = (time_t)l->when;
  char text[32] = "?";
  struct tm tm;

  if (localtime_r(&when, &tm))
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm);
  printf("%s\t", text);
  put_size(l->size);
  printf("\t%s\t", l->is_fresh ? "fresh" : "stale");
  put_name(l->source);
  if (l->flags[0]) {
    putchar('\t');
    put_name(l->flags);
  }
  putchar('\n');
}

static int list(const options *o)
{
  char problem[4096];
  lines all = {0};
  int r = tenon_cache_list(add, &all, problem, sizeof problem);
  size_t i;

  if (r == 0 && all.failed) r = TENON_ENOMEM;
  if (r) {
    program_say(o, "failure", "cache list",
                problem[0] ? problem : tenon_strerror(r));
  } else {
    if (all.count) qsort(all.list, all.count, sizeof *all.list, compare);
    for (i = 0; i < all.count; i++)
      put_line(&all.list[i]);
    if (fflush(stdout)) r = -1;
  }
  for (i = 0; i < all.count; i++) {
    free(all.list[i].source);
    free(all.list[i].flags);
  }
  free(all.list);
  return r ? EXIT_ERROR : 0;
}

static int clear(const options *o)
{
  char problem[4096];
  uint64_t objects, bytes;
  int r = tenon_cache_clear(&objects, &bytes, problem, sizeof problem);

  if (r) {
    program_say(o, "failure", "cache clear",
                problem[0] ? problem : tenon_strerror(r));
    return EXIT_ERROR;
  }
  printf("removed %llu object%s, ", (unsigned long long)objects,
         objects == 1 ? "" : "s");
  put_size(bytes);
  putchar('\n');
  return fflush(stdout) ? EXIT_ERROR : 0;
}

int cache_run(const options *o)
{
  return strcmp(o->argument, "list") == 0 ? list(o) : clear(o);
}
