/*
 * Native source that is imported: what compiling it costs, against the one
 * command that makes a shared object of it, and what it costs when that was done
 * before, against a module of JavaScript.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

static const char cold_row[] = "import of native source, compiled";
static const char warm_row[] = "import of native source, from the cache";

typedef struct file {
  const char *name, *text;
} file;

/* Twenty lines of what such files have. */
static const char native[] =
    "#include <math.h>\n"
    "#include <stdint.h>\n"
    "#include <string.h>\n"
    "\n"
    "typedef struct point {\n"
    "  double x, y;\n"
    "} point;\n"
    "\n"
    "int32_t add(int32_t a, int32_t b) { return a + b; }\n"
    "\n"
    "double length(point p) { return sqrt(p.x * p.x + p.y * p.y); }\n"
    "\n"
    "point scale(point p, double by)\n"
    "{\n"
    "  return (point){p.x * by, p.y * by};\n"
    "}\n"
    "\n"
    "uint32_t count(const char *text) { return (uint32_t)strlen(text); }\n"
    "\n"
    "const char *name(void) { return \"native\"; }\n";

static const file files[] = {
    {"native.c", native},
    {"script.mjs", "export const add = (a, b) => a + b;\n"},
    {"native.mjs", "import { add } from './native.c';\n"
                   "console.log(add(40, 2));\n"},
    {"empty.mjs", "import { add } from './script.mjs';\n"
                  "console.log(add(40, 2));\n"}};

static int write_files(void)
{
  size_t i;

  for (i = 0; i < sizeof files / sizeof *files; i++) {
    FILE *f = fopen(files[i].name, "w");
    if (!f || fputs(files[i].text, f) < 0 || fclose(f)) {
      perror(files[i].name);
      return 1;
    }
  }
  return 0;
}

static int run(const bench_command *c, const char *name, const char *expected,
               double *ms)
{
  bench_outcome o;

  if (bench_run(c, name, &o) || (expected && strcmp(o.output, expected))) {
    fprintf(stderr, "bench: %s %s says %s\n", c->path, name, o.output);
    return 1;
  }
  *ms = o.wall_ms;
  return 0;
}

static int make_object(double *ms)
{
  double start = bench_now_ns();

  if (system("cc -g -O2 -fPIC -shared -s -o plain.so native.c -lm")) return 1;
  *ms = (bench_now_ns() - start) / 1e6;
  return 0;
}

static void add(bench_report *r, const char *name, const char *limit,
                double *limits, double *ours)
{
  bench_row *row = bench_add(r, name, "ms");

  row->ways[0] = (bench_way){limit, bench_median(limits, BENCH_ROUNDS)};
  row->ways[1] = (bench_way){"tenon", bench_median(ours, BENCH_ROUNDS)};
  row->way_count = 2;
}

static int measure(bench_report *r, const char *build)
{
  static double a[BENCH_ROUNDS], b[BENCH_ROUNDS];
  bench_command tenon = {.name = "tenon"}, clear = {.option = "cache"};
  double ignored;
  int i;

  snprintf(tenon.path, sizeof tenon.path, "%s/tenon", build);
  snprintf(clear.path, sizeof clear.path, "%s/tenon", build);
  if (run(&tenon, "native.mjs", "42\n", &ignored)) return 1;
  for (i = 0; i < BENCH_ROUNDS; i++)
    if (make_object(&a[i]) || run(&clear, "clear", NULL, &ignored) ||
        run(&tenon, "native.mjs", "42\n", &b[i]))
      return 1;
  add(r, cold_row, "cc -shared", a, b);
  for (i = 0; i < BENCH_ROUNDS; i++)
    if (run(&tenon, "empty.mjs", "42\n", &a[i]) ||
        run(&tenon, "native.mjs", "42\n", &b[i]))
      return 1;
  add(r, warm_row, "JavaScript", a, b);
  return 0;
}

int bench_source(bench_report *r, const char *build)
{
  char folder[] = "/tmp/tenon-bench-XXXXXX", before[4096], path[4096 + 16];
  char command[64];
  int failed = 1;

  if (r->is_check || (!bench_wants(r, cold_row) && !bench_wants(r, warm_row)))
    return 0;
  if (!realpath(build, path) || !getcwd(before, sizeof before) ||
      !mkdtemp(folder)) {
    perror("bench");
    return 1;
  }
  build = strdup(path);
  snprintf(path, sizeof path, "%s/cache", folder);
  setenv("TENON_CACHE_DIR", path, 1);
  if (build && chdir(folder) == 0) failed = write_files() || measure(r, build);
  if (chdir(before)) failed = 1;
  unsetenv("TENON_CACHE_DIR");
  snprintf(command, sizeof command, "rm -rf %s", folder);
  if (system(command)) failed = 1;
  free((char *)build);
  return failed;
}
