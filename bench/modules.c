/*
 * Loading modules, whole programs: a graph of 1,000 files, and two packages of
 * npm. Cold is without what a runtime keeps of earlier runs, warm is with it; the
 * files themselves are in the system's cache both times.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"

enum { MODULES = 1000, ROUNDS = 15 };

typedef struct program {
  const char *row, *file, *expected;
  int is_cold, is_of_package;
} program;

static const program programs[] = {
    {"modules: graph of 1,000, cold", "graph/0.mjs", "500500\n", 1, 0},
    {"modules: graph of 1,000, warm", "graph/0.mjs", "500500\n", 0, 0},
    {"modules: import of lodash-es", "lodash.mjs", "2\n", 0, 1},
    {"modules: require of typescript", "typescript.cjs", "const x = 1;\n", 0,
     1},
};
enum { PROGRAMS = sizeof programs / sizeof *programs };

static int write_file(const char *folder, const char *name, const char *text)
{
  char path[4096 + 64];
  FILE *f;
  int failed;

  snprintf(path, sizeof path, "%s/%s", folder, name);
  f = fopen(path, "w");
  if (!f) {
    perror(path);
    return -1;
  }
  failed = fputs(text, f) < 0;
  return fclose(f) || failed ? -1 : 0;
}

/* Each imports two below it and the last one, in a binary tree, and adds up what
 * these say: 1 + 2 + … + 1,000. */
static int write_graph(const char *folder)
{
  char name[32], text[1024];
  size_t n;
  int i, k;

  for (i = 0; i < MODULES; i++) {
    n = 0;
    text[0] = '\0';
    for (k = 2 * i + 1; k <= 2 * i + 2 && k < MODULES; k++)
      n += (size_t)snprintf(text + n, sizeof text - n,
                            "import { sum as s%d } from './%d.mjs';\n", k, k);
    n += (size_t)snprintf(text + n, sizeof text - n,
                          "/** What is below this module, and itself. */\n"
                          "export function add(numbers) {\n"
                          "  let total = 0;\n"
                          "  for (const n of numbers) total += n;\n"
                          "  return total;\n}\n"
                          "export const sum = add([%d",
                          i + 1);
    for (k = 2 * i + 1; k <= 2 * i + 2 && k < MODULES; k++)
      n += (size_t)snprintf(text + n, sizeof text - n, ", s%d", k);
    snprintf(text + n, sizeof text - n, "]);\n%s",
             i ? "" : "console.log(sum);\n");
    snprintf(name, sizeof name, "graph/%d.mjs", i);
    if (write_file(folder, name, text)) return -1;
  }
  return 0;
}

/* In `folder`, where packages are found below node_modules, if that is there. */
static int prepare(const char *folder, const char *packages)
{
  char path[4096 + 64], target[4096];

  if (mkdir(folder, 0777) && errno != EEXIST) {
    perror(folder);
    return -1;
  }
  snprintf(path, sizeof path, "%s/graph", folder);
  if (mkdir(path, 0777) && errno != EEXIST) return -1;
  snprintf(path, sizeof path, "%s/node_modules", folder);
  (void)unlink(path);
  if (packages) {
    snprintf(target, sizeof target, "%s/node_modules", packages);
    if (symlink(target, path)) return -1;
  }
  if (write_file(folder, "package.json",
                 "{ \"private\": true, \"dependencies\": "
                 "{ \"lodash-es\": \"*\", \"typescript\": \"*\" } }\n") ||
      write_file(folder, "lodash.mjs",
                 "import { chunk } from 'lodash-es';\n"
                 "console.log(chunk([1, 2, 3], 2).length);\n") ||
      write_file(folder, "typescript.cjs",
                 "const ts = require('typescript');\n"
                 "const { outputText } = ts.transpileModule(\n"
                 "  'const x: number = 1', {});\n"
                 "console.log(outputText.replace('var', 'const').trim());\n"))
    return -1;
  return write_graph(folder);
}

/* A runtime keeps things in a folder that we know, and empty. */
static void set_caches(const char *folder, int is_cold)
{
  char command[4096 + 128], path[4096 + 64];

  snprintf(path, sizeof path, "%s/cache", folder);
  if (is_cold) {
    snprintf(command, sizeof command, "rm -rf '%s'", path);
    if (system(command)) perror(path);
  }
  (void)mkdir(path, 0777);
  setenv("DENO_DIR", path, 1);
  setenv("DENO_NO_UPDATE_CHECK", "1", 1);
  setenv("NODE_COMPILE_CACHE", path, 1);
  setenv("BUN_RUNTIME_TRANSPILER_CACHE_PATH", path, 1);
}

static int run_once(const bench_command *c, const char *folder,
                    const program *p, double *wall_ms)
{
  char file[4096 + 64];
  bench_outcome o;

  set_caches(folder, p->is_cold);
  snprintf(file, sizeof file, "%s/%s", folder, p->file);
  if (bench_run(c, file, &o) || strcmp(o.output, p->expected) != 0) return -1;
  *wall_ms = o.wall_ms;
  return 0;
}

static int measure(bench_report *r, const program *p, const char *folder,
                   const bench_command *all, size_t all_count)
{
  static double walls[BENCH_MOST_WAYS][ROUNDS];
  bench_command commands[BENCH_MOST_WAYS];
  size_t count = 0, i;
  bench_row *row;
  double wall_ms;
  int round;

  for (i = 0; i < all_count; i++) {
    if (run_once(&all[i], folder, p, &wall_ms) == 0) {
      commands[count++] = all[i];
    } else {
      fprintf(stderr, "bench: %s: without %s\n", p->row, all[i].name);
      if (strcmp(all[i].name, "tenon") == 0) return 1;
    }
  }
  if (count < 2) return 0;
  for (round = 0; round < ROUNDS; round++)
    for (i = 0; i < count; i++)
      if (run_once(&commands[i], folder, p, &walls[i][round])) return 1;
  row = bench_add(r, p->row, "ms");
  row->ahead_of = "node deno";
  row->way_count = count;
  for (i = 0; i < count; i++)
    row->ways[i] =
        (bench_way){commands[i].name, bench_median(walls[i], ROUNDS)};
  return 0;
}

static int check(bench_report *r, const bench_command *tenon,
                 const char *folder, const char *packages)
{
  double wall_ms;
  int failed = 0, i;

  for (i = 0; i < PROGRAMS; i++) {
    int is_right;
    if (programs[i].is_of_package && !packages) continue;
    is_right = run_once(tenon, folder, &programs[i], &wall_ms) == 0;
    printf("%sok %d - %s: the result is right\n", is_right ? "" : "not ",
           ++r->tests, programs[i].row);
    failed |= !is_right;
  }
  return failed;
}

/* Node, tenon, and the others. */
static size_t find_ways(bench_command *commands, const bench_command *tenon,
                        const char *peers)
{
  bench_command found[BENCH_MOST_WAYS];
  size_t count = bench_find_peers(found, peers), n = 0, i;

  for (i = 0; i < count; i++) {
    if (strcmp(found[i].name, "deno") == 0) found[i].option = "-A";
    commands[n++] = found[i];
    if (n == 1) commands[n++] = *tenon;
  }
  return n;
}

int bench_modules(bench_report *r, const char *build, const char *peers,
                  const char *packages)
{
  bench_command commands[BENCH_MOST_WAYS], tenon = {.name = "tenon"};
  char folder[4096], *real = NULL;
  int wanted = r->is_check, failed = 0, i;
  size_t count;

  for (i = 0; i < PROGRAMS; i++)
    wanted |= bench_wants(r, programs[i].row);
  if (!wanted) return 0;
  if (packages) real = realpath(packages, NULL);
  snprintf(tenon.path, sizeof tenon.path, "%s/tenon", build);
  snprintf(folder, sizeof folder, "%s/bench/modules", build);
  if (prepare(folder, real)) {
    free(real);
    return 1;
  }
  if (r->is_check) {
    failed = check(r, &tenon, folder, real);
    free(real);
    return failed;
  }
  count = find_ways(commands, &tenon, peers);
  for (i = 0; i < PROGRAMS && !failed; i++)
    if (bench_wants(r, programs[i].row) && (real || !programs[i].is_of_package))
      failed = measure(r, &programs[i], folder, commands, count);
  free(real);
  return failed;
}
