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
 *
 * A program with a loop of libuv hands it over when it makes the runtime
 * (tenon_options.loop) and runs it by uv_run, as it does for itself. The runtime
 * keeps that loop alive exactly as long as its program has something to do, and
 * says by tenon_runtime_on_event what becomes of it:
 *
 *     static void on_event(tenon_runtime *rt, int code, void *data)
 *     {
 *       if (code == TENON_EEXCEPTION) puts(tenon_runtime_exception(rt));
 *       if (code != TENON_EEXCEPTION) tenon_runtime_free(rt);
 *     }
 *
 * Any number of runtimes may be in one such loop. What native code of theirs
 * opens on tenon_deferred_loop is in a loop inside of it, one for each runtime,
 * and is closed with that; what is the host's own never is. Freeing a runtime
 * neither runs the host's loop nor waits for it: the few handles that it had
 * there are let go of in the loop's next turn, so run it once more before
 * uv_loop_close. The host's loop is freed after all runtimes in it.
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
 * What has become of a program on a loop that the host runs, as a code of
 * tenon_runtime_run: TENON_EEXCEPTION (which is pending; the program goes on
 * when this returns), TENON_ENOMEM (an error was lost, the same),
 * TENON_ETERMINATED, TENON_EEXIT, and, when nothing is left to do, 0 or
 * TENON_EUNSETTLED. Behind the last two the host may begin something new.
 * Called from the loop, in no frame of the runtime: it may be used as from
 * outside, and freed. Not to be run by tenon_runtime_run: the loop runs.
 */
typedef void tenon_event_fn(tenon_runtime *rt, int code, void *data);

/**
 * Who is told what becomes of a program on tenon_options.loop. An end is told
 * once: that of a program that was evaluated, or has had something to do; that
 * it was told to end; and each error that nobody caught. Not while
 * tenon_runtime_run or tenon_runtime_step is what runs it, which say so
 * themselves. While nobody is told, an error stops the program until one of
 * these is called, and the runtime does not keep the loop alive meanwhile.
 *
 * @param fn    NULL: nobody
 * @param data  handed to `fn`; borrowed
 * @return 0, TENON_EINVAL (the runtime has a loop of its own), TENON_ETHREAD
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_on_event(tenon_runtime *rt,
                                                      tenon_event_fn *fn,
                                                      void *data);

/**
 * Has the program anything left to do, or to wait for? False from another
 * thread.
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API bool tenon_runtime_is_alive(tenon_runtime *rt);

/**
 * Give a runtime away: from now on it is no thread's, and each call from any
 * thread is refused as one from the wrong thread is, until one takes it by
 * tenon_runtime_attach_thread. What other threads may do goes on: deferreds are
 * settled, calls posted, programs terminated; all of it is delivered when the
 * runtime runs again. (Who waits for a call, as tenon_callback_call does there,
 * waits until then.) Its descriptor becomes readable meanwhile; which thread
 * polls it is the host's affair.
 *
 * What was borrowed from the runtime, such as tenon_runtime_exception, and
 * handles of Node-API go with it. A runtime that is no thread's cannot be freed:
 * take it first. So give it away before its thread ends.
 *
 * @return 0, TENON_EBUSY (it is in use further up the stack: in a function that
 *         a script has called, a run, a callback, or a realm was entered),
 *         TENON_EINVAL (tenon_options.loop: that loop is its thread's),
 *         TENON_ETHREAD
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_detach_thread(tenon_runtime *rt);

/**
 * Take a runtime that is no thread's: the calling thread is the loop's from now
 * on. The limit of its stack counts from where this thread calls in. Threads
 * that take turns hold a lock of the host's from here to
 * tenon_runtime_detach_thread, or see to it by other means that only one asks
 * at a time; to be second is TENON_EBUSY, and harmless.
 *
 * @return 0, TENON_EBUSY (it is a thread's, be it the calling one), TENON_EINVAL
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_attach_thread(tenon_runtime *rt);

#ifdef __cplusplus
}
#endif

#endif
