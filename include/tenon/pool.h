/**
 * @file
 * Limits of the calls of native functions off the loop: TENON_BLOCKING,
 * `.async`, and the steps of asynchronous iterators.
 *
 * All runtimes of a process, and whatever else uses libuv, share its threads
 * (UV_THREADPOOL_SIZE of them, 4 unless that is set). Each runtime hands over so
 * many calls at a time and no more. The others stand in its own queue, which has
 * a limit too; a call that finds it full waits for room, or rejects at once, as
 * the call says by `onFull`, or else the runtime.
 */
#ifndef TENON_POOL_H
#define TENON_POOL_H

#include <stddef.h>
#include <stdint.h>

#include <tenon/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What becomes of a call that finds the queue full. */
typedef enum tenon_when_full {
  TENON_FULL_WAIT = 0, /**< it waits for room, in the order of the calls; its
                            arguments take memory meanwhile */
  TENON_FULL_ERROR = 1 /**< its Promise rejects at once: a RangeError whose
                            `code` is 'EFULL' */
} tenon_when_full;

/** Limits of a runtime. Set `size` to sizeof(tenon_pool_options). */
typedef struct tenon_pool_options {
  size_t size;
  uint32_t most_running; /**< calls that threads have at a time; 0: as many as
                              libuv has threads */
  uint32_t most_queued;  /**< calls that may stand behind those; 0: 4096 */
  tenon_when_full when_full; /**< of calls without `onFull` */
} tenon_pool_options;

/** What a runtime has in hand. Set `size` to sizeof(tenon_pool_usage). */
typedef struct tenon_pool_usage {
  size_t size;      /**< and on return: the bytes that were filled in */
  uint32_t running; /**< calls that libuv's threads have */
  uint32_t queued;  /**< that wait for a thread, or for one of their `serial`
                         module to end */
  uint32_t waiting; /**< that wait for room in the queue */
  uint32_t most_running, most_queued; /**< the limits */
} tenon_pool_usage;

/**
 * Set the limits of a runtime, at any time: calls that run go on, also when
 * there are more than may be, and those that are queued stay so.
 *
 * @param options  borrowed; NULL: the defaults
 * @return 0, TENON_EINVAL (a size or a when_full that this library does not
 *         know), TENON_ETHREAD
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_set_pool(
    tenon_runtime *rt, const tenon_pool_options *options);

/**
 * How many calls a runtime has on the pool, and waiting for it.
 *
 * @param[in,out] out  the caller's; unchanged on failure
 * @return 0, TENON_EINVAL (out->size is smaller than any that this library
 *         knows; of a larger one the rest is left as it is), TENON_ETHREAD
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_pool_usage(tenon_runtime *rt,
                                                        tenon_pool_usage *out);

#ifdef __cplusplus
}
#endif

#endif
