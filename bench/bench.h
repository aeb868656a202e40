/*
 * Benchmarks: each row is a thing done in several ways, checked before it is
 * timed, interleaved with the other ways, and reported by medians and by their
 * ratios to the row's first way, the limit.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stddef.h>
#include <stdint.h>

enum { BENCH_MOST_WAYS = 6 };

typedef struct bench_way {
  const char *name;
  double median;
} bench_way;

typedef struct bench_row {
  const char *name, *unit;
  bench_way ways[BENCH_MOST_WAYS]; /* the limit, tenon, then peers */
  size_t way_count;
  double aim; /* of tenon against the limit; 0 for none */
} bench_row;

typedef struct bench_report {
  bench_row *rows;
  size_t count, capacity;
} bench_report;

/* Adds an empty row; ends the program when out of memory. */
bench_row *bench_add(bench_report *r, const char *name, const char *unit);

double bench_now_ns(void);
double bench_median(double *values, size_t count);

/* Both check results before they time: 0, or 1 when one was wrong. */

/* Calls of native functions against functions written for the engine. With
 * `is_check` it times nothing and says the results as TAP, from test number
 * `*test` on. */
int bench_calls(bench_report *r, int is_check, int *test);
/* Whole programs against the engine's own command and other runtimes; `build`
 * is the folder of the build, `peers` one with bun and deno, or NULL. */
int bench_programs(bench_report *r, const char *build, const char *peers);

#endif
