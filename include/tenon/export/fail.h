/**
 * @file
 * How the code of a module fails: errors of each class, with a code, of the
 * system, with a cause. Part of <tenon/export.h>.
 */
#ifndef TENON_EXPORT_FAIL_H
#define TENON_EXPORT_FAIL_H

#include <stdarg.h>
#include <stdbool.h>
#include <tenon/export/module.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

TENON_P_BEGIN

#define TENON_P_FAILS(f, a) \
  TENON_P_UNUSED            \
  __attribute__((format(printf, f, a), cold, noinline)) static

/* The parentheses keep macros of such a name out. */
TENON_P_FAILS(2, 3)
void tenon_p_fail(int error_class, const char *format, ...)
{
  va_list ap;
  va_start(ap, format);
  if (TENON_P_HOST) (TENON_P_HOST->fail)(error_class, format, ap);
  va_end(ap);
}

static inline tenon_failure tenon_p_failure_of(int error_class, int error,
                                               uint32_t flags)
{
  tenon_failure f = {sizeof(tenon_failure), 0, 0, 0, NULL, NULL, NULL, NULL};
  f.error_class = error_class;
  f.error = error;
  f.flags = flags;
  return f;
}

TENON_P_FAILS(2, 3)
void tenon_p_fail_with(const tenon_failure *failure, const char *format, ...)
{
  tenon_failure f = *failure;
  va_list ap;
  f.size = sizeof f;
  va_start(ap, format);
  if (TENON_P_HOST) (TENON_P_HOST->fail_with)(&f, format, ap);
  va_end(ap);
}

TENON_P_FAILS(3, 4)
void tenon_p_fail_code(int error_class, const char *code, const char *format,
                       ...)
{
  tenon_failure f = tenon_p_failure_of(error_class, 0, 0);
  va_list ap;
  f.code = code;
  va_start(ap, format);
  if (TENON_P_HOST) (TENON_P_HOST->fail_with)(&f, format, ap);
  va_end(ap);
}

TENON_P_FAILS(2, 3)
void tenon_p_fail_caused(int error_class, const char *format, ...)
{
  tenon_failure f = tenon_p_failure_of(error_class, 0, TENON_FAILURE_CAUSED);
  va_list ap;
  va_start(ap, format);
  if (TENON_P_HOST) (TENON_P_HOST->fail_with)(&f, format, ap);
  va_end(ap);
}

/* 0 fails too: an errno that somebody has reset. It is libuv's UV_UNKNOWN. */
static inline tenon_failure tenon_p_failure_system(int error,
                                                   const char *syscall,
                                                   const char *path)
{
  tenon_failure f = tenon_p_failure_of(0, error ? error : -4094, 0);
  f.syscall = syscall;
  f.path = path;
  return f;
}

/* Without a text: the host makes that of a system error. */
TENON_P_UNUSED
__attribute__((cold, noinline)) static void tenon_p_fail_textless(
    const tenon_failure *failure, ...)
{
  tenon_failure f = *failure;
  va_list ap;
  f.size = sizeof f;
  va_start(ap, failure);
  if (TENON_P_HOST) (TENON_P_HOST->fail_with)(&f, NULL, ap);
  va_end(ap);
}

TENON_P_UNUSED static inline void tenon_p_fail_system(int error,
                                                      const char *syscall,
                                                      const char *path)
{
  tenon_failure f = tenon_p_failure_system(error, syscall, path);
  tenon_p_fail_textless(&f);
}

/* In a helper tenon_fail is -1; in a function's body a parameter of this name
 * makes it a value of the result type. */
TENON_P_UNUSED static inline int tenon_p_zero(void)
{
  return -1;
}

/**
 * Let the current call fail: `return tenon_fail(TENON_RANGE_ERROR, "%s: …",
 * path)`. The first failure of a call stands. In the body of a described
 * function it is a value of the result type (for `none`: `tenon_fail(…);
 * return;`), in any other function of the module an int, -1. The message is
 * formatted at once and copied; JavaScript sees it as it is.
 *
 * The class is one of enum tenon_error_class; another number is a plain Error.
 *
 * [thread: any, inside a call] [since 0.1]
 */
#define tenon_fail(...) (tenon_p_fail(__VA_ARGS__), tenon_p_zero())

/**
 * The same with the property `code`: `return tenon_fail_code(TENON_TYPE_ERROR,
 * "ERR_BAD_KEY", "no key %s", name)`. [thread: any, inside a call] [since 0.1]
 */
#define tenon_fail_code(...) (tenon_p_fail_code(__VA_ARGS__), tenon_p_zero())

/**
 * Let the current call fail by an error of the system, as node words it:
 * `return tenon_fail_system(errno, "open", path)` is `ENOENT: no such file or
 * directory, open '/x'`, with the properties errno, code, syscall and path.
 *
 * @param error    an errno, or a code of libuv or Tenon; of either sign
 * @param syscall  NULL: none
 * @param path     NULL: none
 *
 * [thread: any, inside a call] [since 0.1]
 */
#define tenon_fail_system(error, syscall, path) \
  (tenon_p_fail_system(error, syscall, path), tenon_p_zero())

/**
 * The same with all that a tenon_failure holds: `return tenon_fail_system_with(
 * &(tenon_failure){.error = errno, .syscall = "rename", .path = from, .dest =
 * to})`. `size` need not be set. [thread: any, inside a call] [since 0.1]
 */
#define tenon_fail_system_with(...) \
  (tenon_p_fail_textless(__VA_ARGS__), tenon_p_zero())

/**
 * Let the current call fail for a lack of memory, as the engine itself does.
 * [thread: any, inside a call] [since 0.1]
 */
#define tenon_fail_memory() \
  (tenon_p_fail_system(-5001, NULL, NULL), tenon_p_zero())

/**
 * tenon_fail by an error whose `cause` is what the call has failed by before,
 * such as the exception of a callback or what a helper said: it stands now in
 * place of that. Without such a failure there is no cause. Memory that ran out
 * stays what it is.
 *
 * [thread: any, inside a call] [since 0.1]
 */
#define tenon_fail_caused(...) \
  (tenon_p_fail_caused(__VA_ARGS__), tenon_p_zero())

/**
 * All of these in one: `return tenon_fail_with(&(tenon_failure){.error_class =
 * TENON_RANGE_ERROR, .code = "E_X", .flags = TENON_FAILURE_CAUSED}, "%d", n)`.
 * `size` need not be set.
 *
 * [thread: any, inside a call] [since 0.1]
 */
#define tenon_fail_with(...) (tenon_p_fail_with(__VA_ARGS__), tenon_p_zero())

/**
 * Forget what the current call has failed by, so that it goes on and may succeed
 * or fail anew: an exception of a callback is caught.
 *
 * @return true when there was a failure
 *
 * [thread: any, inside a call] [since 0.1]
 */
TENON_P_UNUSED static inline bool tenon_recover(void)
{
  return TENON_P_HOST && (TENON_P_HOST->recover)() != 0;
}

/**
 * Settle a Promise by an error. Like TENON_RESOLVE it ends the deferred: the
 * pointer is not to be used after it, but while the TENON_ASYNC function that
 * got it still runs (a second call there is TENON_EALREADY).
 *
 * @return 0; TENON_EALREADY; TENON_ECLOSING when the runtime is being freed
 *         and the Promise is gone, TENON_ECANCELED when the call was cancelled:
 *         the deferred has ended all the same
 *
 * [thread: any] [since 0.1]
 */
TENON_P_UNUSED
__attribute__((format(printf, 3, 4))) static int tenon_deferred_reject(
    tenon_deferred *d, int error_class, const char *format, ...)
{
  va_list ap;
  int r;
  va_start(ap, format);
  r = (TENON_P_HOST->deferred_reject)(d, error_class, format, ap);
  va_end(ap);
  return r;
}

/**
 * tenon_deferred_reject by an error as tenon_fail_with makes it. Its cause, with
 * TENON_FAILURE_CAUSED, is the failure of the call that this thread is in, which
 * is forgotten; an exception of a script only on the loop.
 *
 * [thread: any] [since 0.1]
 */
TENON_P_FAILS(3, 4)
int tenon_deferred_reject_with(tenon_deferred *d, const tenon_failure *failure,
                               const char *format, ...)
{
  tenon_failure f = *failure;
  va_list ap;
  int r;
  f.size = sizeof f;
  va_start(ap, format);
  r = (TENON_P_HOST->deferred_reject_with)(d, &f, format, ap);
  va_end(ap);
  return r;
}

/** With the property `code`. [thread: any] [since 0.1] */
TENON_P_FAILS(4, 5)
int tenon_deferred_reject_code(tenon_deferred *d, int error_class,
                               const char *code, const char *format, ...)
{
  tenon_failure f = tenon_p_failure_of(error_class, 0, 0);
  va_list ap;
  int r;
  f.code = code;
  va_start(ap, format);
  r = (TENON_P_HOST->deferred_reject_with)(d, &f, format, ap);
  va_end(ap);
  return r;
}

/** With the failure of this thread's call as its cause, as
 * tenon_deferred_reject_with does it. [thread: any] [since 0.1] */
TENON_P_FAILS(3, 4)
int tenon_deferred_reject_caused(tenon_deferred *d, int error_class,
                                 const char *format, ...)
{
  tenon_failure f = tenon_p_failure_of(error_class, 0, TENON_FAILURE_CAUSED);
  va_list ap;
  int r;
  va_start(ap, format);
  r = (TENON_P_HOST->deferred_reject_with)(d, &f, format, ap);
  va_end(ap);
  return r;
}

/* Without a text; the failure may be NULL. */
TENON_P_UNUSED static int tenon_p_reject_textless(tenon_deferred *d,
                                                  const tenon_failure *failure,
                                                  ...)
{
  va_list ap;
  int r;
  va_start(ap, failure);
  r = (TENON_P_HOST->deferred_reject_with)(d, failure, NULL, ap);
  va_end(ap);
  return r;
}

/** By an error of the system, as tenon_fail_system makes it.
 * [thread: any] [since 0.1] */
TENON_P_UNUSED static inline int tenon_deferred_reject_system(
    tenon_deferred *d, int error, const char *syscall, const char *path)
{
  tenon_failure f = tenon_p_failure_system(error, syscall, path);
  return tenon_p_reject_textless(d, &f);
}

/** The same with all that a tenon_failure holds, as tenon_fail_system_with.
 * [thread: any] [since 0.1] */
TENON_P_UNUSED static inline int tenon_deferred_reject_system_with(
    tenon_deferred *d, const tenon_failure *failure)
{
  tenon_failure f = *failure;
  f.size = sizeof f;
  return tenon_p_reject_textless(d, &f);
}

/** For a lack of memory. [thread: any] [since 0.1] */
TENON_P_UNUSED static inline int tenon_deferred_reject_memory(tenon_deferred *d)
{
  return tenon_deferred_reject_system(d, -5001, NULL, NULL);
}

/**
 * By the failure of the call that this thread is in, which is forgotten: the
 * very exception of a callback, or what a helper said.
 *
 * @return also TENON_EINVAL (no failure) and TENON_ETHREAD (an exception of a
 *         script, off the loop or of another runtime): `d` is as before then
 *
 * [thread: any, inside a call] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_deferred_reject_failed(tenon_deferred *d)
{
  return tenon_p_reject_textless(d, NULL);
}

TENON_P_END

#endif
