/*
 * tenon-bench [--check] [--only TEXT] [--json FILE] [--commit ID] [--peers DIR]
 *   [--packages DIR] BUILD_DIR
 *
 * Prints medians and ratios; with --check it only says, as TAP, whether the
 * results are right. The exit code is 1 when one is not.
 * With --only it runs the rows in whose names the text is.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "types.h"

bench_row *bench_add(bench_report *r, const char *name, const char *unit)
{
  bench_row *row;

  if (r->count == r->capacity) {
    r->capacity = r->capacity * 2 + 16;
    r->rows = realloc(r->rows, r->capacity * sizeof *r->rows);
    if (!r->rows) abort();
  }
  row = &r->rows[r->count++];
  memset(row, 0, sizeof *row);
  row->name = name;
  row->unit = unit;
  return row;
}

bool bench_wants(const bench_report *r, const char *name)
{
  return !r->only || strstr(name, r->only);
}

double bench_now_ns(void)
{
  struct timespec t;

  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

double bench_cpu_ns(void)
{
  struct timespec t;

  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

double bench_median(double *values, size_t count)
{
  qsort(values, count, sizeof *values, compare);
  return values[count / 2];
}

static double ratio_of(const bench_row *row, size_t way)
{
  return row->ways[way].median / row->ways[0].median;
}

static bool is_missed(const bench_row *row)
{
  size_t k;

  if (row->aim > 0) return ratio_of(row, 1) > row->aim;
  for (k = 0; row->ahead_of && k < row->way_count; k++) {
    bool counts = strcmp(row->ahead_of, "all") == 0 ||
                  strstr(row->ahead_of, row->ways[k].name);
    if (counts && row->ways[k].median < row->ways[1].median) return true;
  }
  return false;
}

/* One line a row; in parentheses how many times the limit. */
static void print(const bench_report *r)
{
  size_t i, k;

  for (i = 0; i < r->count; i++) {
    const bench_row *row = &r->rows[i];
    printf("%-30s %-4s", row->name, row->unit);
    for (k = 0; k < row->way_count; k++) {
      printf("  %s %.2f", row->ways[k].name, row->ways[k].median);
      if (k) printf(" (%.2f)", ratio_of(row, k));
    }
    if (row->aim > 0) printf("  aim %.2f", row->aim);
    if (row->ahead_of) printf("  aim: ahead of %s", row->ahead_of);
    if (is_missed(row)) printf(": missed");
    putchar('\n');
  }
}

/* The processor's name, as the system has it. */
static void read_processor(char *name, size_t size)
{
  FILE *f = fopen("/proc/cpuinfo", "r");
  char line[256];

  snprintf(name, size, "unknown");
  while (f && fgets(line, sizeof line, f)) {
    char *colon = strchr(line, ':');
    if (strncmp(line, "model name", 10) != 0 || !colon) continue;
    colon[strcspn(colon, "\n\"\\")] = '\0';
    snprintf(name, size, "%s", colon + 2);
    break;
  }
  if (f) fclose(f);
}

static int write_json(const bench_report *r, const char *path,
                      const char *commit)
{
  FILE *f = fopen(path, "w");
  struct utsname system;
  char processor[128];
  size_t i, k;
  int failed;

  if (!f) {
    perror(path);
    return 1;
  }
  uname(&system);
  read_processor(processor, sizeof processor);
  fprintf(f,
          "{\n  \"commit\": \"%s\",\n  \"compiler\": \"%s\",\n"
          "  \"build\": \"%s\",\n  \"system\": \"%s %s %s\",\n"
          "  \"processor\": \"%s\",\n  \"rows\": [",
          commit, __VERSION__, BENCH_BUILD, system.sysname, system.release,
          system.machine, processor);
  for (i = 0; i < r->count; i++) {
    const bench_row *row = &r->rows[i];
    fprintf(f, "%s\n    {\"name\": \"%s\", \"unit\": \"%s\"", i ? "," : "",
            row->name, row->unit);
    if (row->aim > 0) fprintf(f, ", \"aim\": %.2f", row->aim);
    if (row->ahead_of) fprintf(f, ", \"aim\": \"ahead of %s\"", row->ahead_of);
    fprintf(f, ", \"ratio\": %.3f, \"medians\": {", ratio_of(row, 1));
    for (k = 0; k < row->way_count; k++)
      fprintf(f, "%s\"%s\": %.3f", k ? ", " : "", row->ways[k].name,
              row->ways[k].median);
    fputs("}}", f);
  }
  fprintf(f, "\n  ]\n}\n");
  failed = ferror(f);
  if (fclose(f) || failed) {
    perror(path);
    return 1;
  }
  return 0;
}

int main(int argc, char **argv)
{
  const char *json = NULL, *commit = "unknown", *peers = NULL, *build = NULL;
  const char *packages = NULL;
  bench_report r = {0};
  int i, failed;

  for (i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--check") == 0) {
      r.is_check = true;
    } else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc) {
      r.only = argv[++i];
    } else if (strcmp(argv[i], "--json") == 0 && i + 1 < argc) {
      json = argv[++i];
    } else if (strcmp(argv[i], "--commit") == 0 && i + 1 < argc) {
      commit = argv[++i];
    } else if (strcmp(argv[i], "--peers") == 0 && i + 1 < argc) {
      peers = argv[++i];
    } else if (strcmp(argv[i], "--packages") == 0 && i + 1 < argc) {
      packages = argv[++i];
    } else if (!build && argv[i][0] != '-') {
      build = argv[i];
    } else {
      build = NULL;
      break;
    }
  }
  if (!build) {
    fprintf(stderr,
            "usage: %s [--check] [--only TEXT] [--json FILE] [--commit ID] "
            "[--peers DIR] [--packages DIR] BUILD_DIR\n",
            argv[0]);
    return 2;
  }
  bench_types_init();
  /* First: the peak of a process counts the memory of the one that starts it. */
  failed = bench_programs(&r, build, peers);
  failed |= bench_source(&r, build);
  failed |= bench_foreign(&r, peers, packages);
  failed |= bench_loop(&r, build, peers);
  failed |= bench_modules(&r, build, peers, packages);
  failed |= bench_calls(&r);
  failed |= bench_classes(&r, build, peers);
  failed |= bench_nested(&r, peers);
  if (r.is_check) printf("1..%d\n", r.tests);
  if (!failed && !r.is_check) {
    print(&r);
    if (json) failed = write_json(&r, json, commit);
  }
  free(r.rows);
  return failed;
}
