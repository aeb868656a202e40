/*
 * What all of these examples run: a program that uses timers, calls on the
 * thread pool, and an operation that a thread of this module ends, while a
 * timer of the host beats. It is a host's code as any other; how the loops are
 * joined is in the files beside it.
 */
#ifndef EXAMPLES_LOOPS_PROGRAM_H
#define EXAMPLES_LOOPS_PROGRAM_H

#include <tenon.h>

/* The host's own timer. */
enum { BEAT_MS = 5, LEAST_BEATS = 3 };

/* A runtime with the program begun in it; `loop` is that of a host with libuv,
 * else NULL. NULL after a message. */
tenon_runtime *program_begin(struct uv_loop_s *loop);

/* Says how it ended, frees the runtime and returns the exit code: `r` is what
 * the last step or event has said, `beats` how often the host's timer came. */
int program_end(tenon_runtime *rt, int r, int beats);

/* Says what a step or an event has said of an error that nobody caught. True
 * when the program goes on. */
int program_goes_on(tenon_runtime *rt, int r);

#endif
