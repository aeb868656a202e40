/**
 * @file
 * Whose loop a runtime runs on.
 *
 * By itself: tenon_runtime_run waits and runs until nothing is left to do. A
 * program that has a loop of another kind waits for one descriptor instead, or
 * for a time, and takes steps:
 *
 *     struct pollfd p = {.fd = tenon_runtime_fd(rt), .events = POLLIN};
 *     tenon_left left;
 *
 *     do {
 *       r = tenon_runtime_step(rt, 5, &left);
 *       if (r == 0 && left == TENON_LEFT_WAITING) poll(&p, 1, -1);
 *     } while (r == 0 && left != TENON_LEFT_NOTHING);
 */
#ifndef TENON_LOOP_H
#define TENON_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <tenon/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is left to do behind a step. */
typedef enum tenon_left {
  TENON_LEFT_NOTHING, /**< nothing, and nothing to wait for */
  TENON_LEFT_WAITING, /**< nothing until an event or a time comes */
  TENON_LEFT_READY    /**< something, at once */
} tenon_left;

/**
 * Run what is ready, without waiting. A script, or a native function, that is
 * being run when the time is over is not stopped by that
 * (tenon_runtime_set_time_limit is for this).
 *
 * @param budget_ms  no further callback begins after so many milliseconds; 0:
 *                   one turn, which is what is ready now. What becomes ready by
 *                   that has its turn in the next step, so that a program can
 *                   never keep the caller's own loop waiting without end
 * @param[out] left  may be NULL; TENON_LEFT_NOTHING on failure, but for
 *                   TENON_EEXCEPTION and TENON_ENOMEM, after which the program
 *                   goes on
 * @return 0; TENON_EUNSETTLED (nothing is left, but a module still waits at its
 *         top); TENON_EEXCEPTION, TENON_ENOMEM, TENON_EEXIT, TENON_ETERMINATED
 *         as tenon_runtime_run; TENON_EBUSY (called from inside of the
 *         runtime), TENON_EINVAL, TENON_ETHREAD
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_step(tenon_runtime *rt,
                                                  uint64_t budget_ms,
                                                  tenon_left *left);

/**
 * A descriptor that is readable when a step would run something, a timer
 * included; also after the program was told to end, until a call has said so.
 * It is only polled (level-triggered; POLLIN alone), never read, and belongs to
 * the runtime. The same at each call. Whatever the host does with the runtime
 * keeps it up to date; what native code does with handles of libuv on this
 * loop, outside of any call, is seen by the next step.
 *
 * On systems other than Linux timers do not make it readable: wait no longer
 * than tenon_runtime_deadline_ms.
 *
 * A process that has forked must not use a runtime of its parent; the
 * descriptor is closed by exec.
 *
 * @return it, TENON_EINVAL, TENON_ETHREAD, a code of libuv or the system (no
 *         descriptors left)
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_fd(tenon_runtime *rt);

/**
 * In how many milliseconds a step would run something, if no event comes before:
 * 0 when there is something now, -1 when only an event can bring it. A loop
 * that polls tenon_runtime_fd need not ask.
 *
 * @return it, TENON_EINVAL, TENON_ETHREAD
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_deadline_ms(tenon_runtime *rt);

/**
 * Has the program anything left to do, or to wait for? False from another
 * thread.
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API bool tenon_runtime_is_alive(tenon_runtime *rt);

#ifdef __cplusplus
}
#endif

#endif
