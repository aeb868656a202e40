/*
 * A runtime with the natives of the benchmark, and what is done in it. What
 * goes wrong in here ends the program.
 */
#ifndef BENCH_RUNTIME_H
#define BENCH_RUNTIME_H

#include "engine/engine.h"

typedef struct bench_runtime {
  tenon_p_engine *engine;
  JSContext *ctx;
  JSValue exports; /* of the natives */
} bench_runtime;

/* 0, or 1: there is none. */
int bench_runtime_init(bench_runtime *b);
void bench_runtime_release(bench_runtime *b);

/* What was thrown ends the program. */
JSValue bench_checked(JSContext *ctx, JSValue v);
JSValue bench_eval(JSContext *ctx, const char *source);

/* Does f(...arguments) look like `expected`, a value too? Says what it gave
 * when it does not. */
bool bench_gives(JSContext *ctx, JSValueConst f, JSValueConst arguments,
                 JSValueConst expected, const char *what);

/* A described function, and the same by hand for the engine: as one writes it,
 * and the fastest that the engine's API allows. */
typedef struct bench_hand {
  const char *name, *export_name, *arguments, *expected; /* JavaScript */
  JSCFunction *hand, *fastest; /* `fastest` may be NULL */
  int argc;
} bench_hand;
extern const bench_hand bench_values[], bench_parts[], bench_kinds[];
extern const size_t bench_value_count, bench_part_count, bench_kind_count;

#endif
