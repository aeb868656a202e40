/*
 * What an event loop does: calls on the thread pool, timers, awaits, child
 * processes. Each runtime times itself by bench/loop.mjs, tenon in a host of
 * its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

enum { ROWS = 8, ROUNDS = 7 };

/* As the script prints them. */
static const char *const names[ROWS] = {
    "loop: pool call, 1 in flight",   "loop: pool call, 64 in flight",
    "loop: 100,000 timers, each",     "loop: timer set and cleared",
    "loop: timer of 0 ms in a chain", "loop: await of a number",
    "loop: await of async function",  "loop: spawn of true",
};

static double times[BENCH_MOST_WAYS][ROWS][ROUNDS];

static int run_once(const bench_command *c, double *row_ns)
{
  bench_outcome o;
  char *at = o.output, *end;
  int i;

  if (bench_run(c, BENCH_SOURCE "/loop.mjs", &o)) return -1;
  for (i = 0; i < ROWS; i++, at = end) {
    row_ns[i] = strtod(at, &end);
    if (end == at) return -1;
  }
  return 0;
}

static int init_tenon(bench_command *c, const char *build)
{
  *c = (bench_command){.name = "tenon"};
  snprintf(c->path, sizeof c->path, "%s/bench/loop-host", build);
  return access(c->path, X_OK);
}

static int set_addon(const char *build)
{
  char addon[4096 + 32], *path;
  int r;

  snprintf(addon, sizeof addon, "%s/bench/loop.node", build);
  path = realpath(addon, NULL);
  if (!path) {
    perror(addon);
    return -1;
  }
  r = setenv("BENCH_ADDON", path, 1);
  free(path);
  return r;
}

static int check(bench_report *r, const bench_command *tenon)
{
  double row_ns[ROWS];
  int is_right;

  setenv("BENCH_SCALE", "200", 1);
  is_right = run_once(tenon, row_ns) == 0;
  unsetenv("BENCH_SCALE");
  printf("%sok %d - what the loop does is right\n", is_right ? "" : "not ",
         ++r->tests);
  return !is_right;
}

/* Node, tenon, and the others; those that cannot run the script are left out. */
static size_t find_ways(bench_command *commands, const bench_command *tenon,
                        const char *peers)
{
  bench_command found[BENCH_MOST_WAYS];
  size_t count = bench_find_peers(found, peers), kept = 0, i;
  double row_ns[ROWS];

  setenv("BENCH_SCALE", "200", 1);
  for (i = 0; i < count; i++) {
    if (strcmp(found[i].name, "deno") == 0) found[i].option = "-A";
    if (run_once(&found[i], row_ns) == 0) {
      commands[kept++] = found[i];
      if (kept == 1) commands[kept++] = *tenon;
    } else {
      fprintf(stderr, "bench: loop: without %s\n", found[i].name);
    }
  }
  unsetenv("BENCH_SCALE");
  return kept;
}

static void add_rows(bench_report *r, const bench_command *commands,
                     size_t count)
{
  size_t i, k;

  for (i = 0; i < ROWS; i++) {
    bench_row *row;
    if (!bench_wants(r, names[i])) continue;
    row = bench_add(r, names[i], "ns");
    row->ahead_of = "node deno";
    row->way_count = count;
    for (k = 0; k < count; k++)
      row->ways[k] =
          (bench_way){commands[k].name, bench_median(times[k][i], ROUNDS)};
  }
}

static bool wants_any(const bench_report *r)
{
  size_t i;

  for (i = 0; i < ROWS; i++)
    if (bench_wants(r, names[i])) return true;
  return false;
}

int bench_loop(bench_report *r, const char *build, const char *peers)
{
  bench_command commands[BENCH_MOST_WAYS], tenon;
  double row_ns[ROWS];
  size_t count, k;
  int round, i;

  if (!wants_any(r)) return 0;
  if (init_tenon(&tenon, build)) {
    fprintf(stderr, "bench: no loop-host in %s\n", build);
    return 1;
  }
  if (r->is_check) return check(r, &tenon);
  if (set_addon(build)) return 1;
  count = find_ways(commands, &tenon, peers);
  if (count < 2) {
    fprintf(stderr, "bench: loop: there is no other runtime\n");
    return 0;
  }
  for (round = 0; round < ROUNDS; round++) {
    for (k = 0; k < count; k++) {
      if (run_once(&commands[k], row_ns)) return 1;
      for (i = 0; i < ROWS; i++)
        times[k][i][round] = row_ns[i];
    }
  }
  add_rows(r, commands, count);
  return 0;
}
