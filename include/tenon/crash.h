/**
 * @file
 * What is told when a signal that stands for a mistake in native code ends the
 * process: SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT.
 */
#ifndef TENON_CRASH_H
#define TENON_CRASH_H

#include <stdbool.h>
#include <tenon/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Tell of crashes from now on, on standard error, or do so no more. It is for
 * the whole process and off at first; the command `tenon` switches it on.
 *
 * Told are the signal, its reason and address, the native function that the
 * thread was calling, with its module and the file and line of its descriptor,
 * as far as they are known, and where the innermost script was:
 *
 *     tenon: SIGSEGV: no memory at address 0x10
 *     tenon: in native function 'parse' of module 'parser' (parser.c:12)
 *     tenon: the script was at /home/me/app.mjs:3:1
 *
 * As TENON_FORM_JSON it is one object in one line: `kind`, which is "crash",
 * `message`, `signal`, and where known `address`, `function`, `module`, `source`
 * (`file`, `line`) and `place` (`file`, `line`, `column`).
 *
 * A signal handler does it, which takes no lock and no memory and then hands on
 * to the action that was there before: a handler, as that of a sanitizer, or the
 * default, so that the exit status and a core dump are what they would be. A
 * host whose own handlers live with such signals installs them behind this
 * call, and hands on to what was there.
 *
 * An overflow of a thread's stack is told where the thread has an alternate
 * stack for signals. Threads get one here (the calling one), when they enter a
 * runtime, and in the pool, unless they have one already, for as long as they
 * live. A runtime of a host's own engine (tenon/quickjs.h) is entered by the
 * host: such a thread calls this itself, which may be done again at any time.
 *
 * @param on    false: the actions of before are put back, but for signals whose
 *              action was changed by others meanwhile, which may hand on to ours:
 *              there ours stays, and only hands on
 * @param form  TENON_FORM_COLOR is TENON_FORM_TEXT; of the last call
 * @return 0; TENON_EINVAL (no such form); a code of the system when an action
 *         cannot be changed, the others are then
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_report_crashes(bool on, tenon_form form);

#ifdef __cplusplus
}
#endif

#endif
