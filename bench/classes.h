/*
 * The class of the benchmark's rows: how it is made here, by hand for the
 * engine, and as an addon for other runtimes, and what is timed of it.
 */
#ifndef BENCH_CLASSES_H
#define BENCH_CLASSES_H

#include <quickjs.h>

/* Has `x` and `y`, a setter and getter `size` of x, add(n) which adds to x and
 * returns it, and close(). The constructor by hand for the engine. */
JSValue bench_hand_class(JSContext *ctx);

/* What is done: a function of the class, an instance and a number of turns. */
typedef struct bench_class_row {
  const char *name, *body, *expected; /* `body` once; what `check` says */
  const char *check;
} bench_class_row;
extern const bench_class_row bench_class_rows[];
enum { BENCH_CLASS_ROWS = 6 };

#endif
