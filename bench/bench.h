/*
 * Benchmarks: each row is a thing done in several ways, checked before it is
 * timed, interleaved with the other ways, and reported as ratios of medians to
 * the row's first way, the limit.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stddef.h>
#include <stdint.h>

enum { BENCH_MOST_WAYS = 4 };

typedef struct bench_row {
  const char *name;
  size_t way_count;
  const char *ways[BENCH_MOST_WAYS];
  double median_ns[BENCH_MOST_WAYS]; /* a call; the loop around it taken off */
  double aim;                        /* of way 1 against way 0 */
} bench_row;

typedef struct bench_report {
  bench_row *rows;
  size_t count, capacity;
} bench_report;

/* Adds an empty row; ends the program when out of memory. */
bench_row *bench_add(bench_report *r, const char *name);

double bench_now_ns(void);
double bench_median(double *values, size_t count);

/* Calls of native functions. With `is_check` results are checked and nothing
 * is timed. 0, or 1 when a result was wrong. */
int bench_calls(bench_report *r, int is_check);

#endif
