/**
 * @file
 * What is in a runtime, and what happens in it, as text for people who look for
 * a leak or a cause. It is made by the release build; a runtime that is not
 * asked pays nothing for it but a test of a flag where a value is freed.
 *
 * The text is not meant to be parsed: it changes with the engine.
 */
#ifndef TENON_DEBUG_H
#define TENON_DEBUG_H

#include <stddef.h>
#include <stdint.h>
#include <tenon/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Takes the text: `len` bytes of UTF-8, no NUL behind them, in pieces that end
 * with a line where the lines are short. Meanwhile every call into the runtime
 * returns TENON_EBUSY, NULL or nothing, and those of Node-API and of the engine
 * itself are forbidden. It must return.
 */
typedef void tenon_debug_write(void *data, const char *text, size_t len);

/** What tenon_runtime_dump tells. */
enum {
  /** Bytes and blocks by kind. */
  TENON_DUMP_MEMORY = 1,
  /** Objects by class and constructor: how many, and their bytes, without what
   * they refer to; most bytes first. */
  TENON_DUMP_CLASSES = 2,
  /** Each object, a line: address, references, class, own properties. */
  TENON_DUMP_OBJECTS = 4,
  /** The names and symbols that the engine keeps once. */
  TENON_DUMP_ATOMS = 8,
  /** The shapes that objects of equal properties share. */
  TENON_DUMP_SHAPES = 16,
  /** The code of each function, as instructions of the engine. */
  TENON_DUMP_BYTECODE = 32,
  TENON_DUMP_ALL = 63
};

/**
 * Tell what is in a runtime now. No script runs and nothing changes; of an
 * accessor, a Proxy or a lazy builtin only that it is one is told. A function
 * that scripts call may ask, and so may a host while an exception is pending or
 * when memory has run out. Garbage in cycles is there until it is collected:
 * tenon_runtime_collect before.
 *
 * @param what   a sum of TENON_DUMP_...
 * @param write  gets the text, from inside of this call
 * @param data   handed to `write`
 * @return 0; TENON_EINVAL (nothing or something unknown to tell, no `write`);
 *         TENON_EBUSY (asked from inside of a `write`, or of a finalizer while
 *         the engine is freeing); TENON_ENOMEM (TENON_DUMP_CLASSES needs a
 *         table; the rest was told); TENON_ETHREAD
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_dump(tenon_runtime *rt,
                                                  uint32_t what,
                                                  tenon_debug_write *write,
                                                  void *data);

/** What tenon_runtime_trace tells. */
enum {
  /** Each collection: how many objects of how many go, and the bytes. */
  TENON_TRACE_COLLECTIONS = 1,
  /** Each value that is freed because nobody refers to it any more. */
  TENON_TRACE_FREED = 2,
  /** Each object that a collection frees because only garbage refers to it. */
  TENON_TRACE_CYCLES = 4,
  /** The code of each function when it was compiled. */
  TENON_TRACE_BYTECODE = 8,
  /** What each specifier is resolved to, and each module that is loaded. */
  TENON_TRACE_MODULES = 16,
  /** Promises that are made and settled, and reactions that run. */
  TENON_TRACE_PROMISES = 32,
  /** What is still held, by mistake of native code, when the runtime is freed:
   * objects, names, and the bytes of all that is left. */
  TENON_TRACE_LEAKS = 64,
  TENON_TRACE_ALL = 127
};

/**
 * Tell what happens in a runtime from now on, until it is asked again. What the
 * engine does for each instruction is not told: looking whether it is wanted
 * would cost every program, asked or not.
 *
 * @param what   a sum of TENON_TRACE_...; 0: nothing any more
 * @param write  gets the text, from inside of calls that run scripts, free or
 *               collect, and of tenon_runtime_free; a line or more each time.
 *               NULL only where `what` is 0
 * @param data   handed to `write`; lives until then, or as long as the runtime
 * @return 0, TENON_EINVAL, TENON_EBUSY (from inside of a `write`),
 *         TENON_ETHREAD
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_trace(tenon_runtime *rt,
                                                   uint32_t what,
                                                   tenon_debug_write *write,
                                                   void *data);

#ifdef __cplusplus
}
#endif

#endif
