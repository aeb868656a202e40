/*
 * Benchmarks: each row is a thing done in several ways, checked before it is
 * timed, interleaved with the other ways, and reported by medians and by their
 * ratios to the row's first way, the limit.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BENCH_MOST_WAYS = 8, BENCH_ROUNDS = 41 };

typedef struct bench_way {
  const char *name;
  double median;
} bench_way;

typedef struct bench_row {
  const char *name, *unit;
  bench_way ways[BENCH_MOST_WAYS]; /* the limit, tenon, then peers */
  size_t way_count;
  double aim;           /* of tenon against the limit; 0 for none */
  const char *ahead_of; /* the aim instead: of these, by name, or "all" */
} bench_row;

typedef struct bench_report {
  bench_row *rows;
  size_t count, capacity;
  const char *only; /* a part of the names of the rows to run; NULL for all */
  bool is_check;    /* nothing is timed; results are said as TAP */
  int tests;        /* said so far */
} bench_report;

/* Adds an empty row; ends the program when out of memory. */
bench_row *bench_add(bench_report *r, const char *name, const char *unit);
bool bench_wants(const bench_report *r, const char *name);

double bench_now_ns(void);
/* Of this process: what others do meanwhile does not count. */
double bench_cpu_ns(void);
double bench_median(double *values, size_t count);

/* Programs: a runtime of JavaScript and a script for it. */
typedef struct bench_command {
  const char *name;
  char path[4096 + 64]; /* a folder and what is in it */
  const char *option;   /* in front of the file, or NULL */
} bench_command;

typedef struct bench_outcome {
  double wall_ms, peak_mib;
  char output[256];
} bench_outcome;

/* 0, or -1 when it could not be run or failed. */
int bench_run(const bench_command *c, const char *file, bench_outcome *out);
/* The other runtimes that are there, at most 3. */
size_t bench_find_peers(bench_command *commands, const char *peers);

/* All check results before they time: 0, or 1 when one was wrong. */

/* Calls of native functions against functions written for the engine. */
int bench_calls(bench_report *r);
/* A megabyte of nested data into structs and back; `peers` as below. */
int bench_nested(bench_report *r, const char *peers);
/* A class; `build` is the folder of the build. */
int bench_classes(bench_report *r, const char *build, const char *peers);
/* Pool calls, timers, awaits, child processes; `build` as below. */
int bench_loop(bench_report *r, const char *build, const char *peers);
/* Graphs of modules and packages, of which the folder `packages` has those of npm;
 * NULL: there are none. */
int bench_modules(bench_report *r, const char *build, const char *peers,
                  const char *packages);
/* Calls of native source, against functions by hand and what others have. */
int bench_foreign(bench_report *r, const char *peers, const char *packages);
/* Importing native source, compiled and from the cache; `build` as below. */
int bench_source(bench_report *r, const char *build);
/* Whole programs against the engine's own command and other runtimes; `build`
 * is the folder of the build, `peers` one with bun and deno, or NULL. */
int bench_programs(bench_report *r, const char *build, const char *peers);

#endif
