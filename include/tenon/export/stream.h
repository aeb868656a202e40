/**
 * @file
 * Streams: async iterators that C writes to, from any thread, with
 * backpressure. Part of <tenon/export.h>.
 *
 *     TENON_STREAM(i32, ticks)
 *
 *     static void *run(void *p)
 *     {
 *       ticks *s = (ticks *)p;
 *       int32_t i;
 *
 *       for (i = 0; i < 100; i++)
 *         if (ticks_write_wait(s, i)) break;
 *       (void)tenon_stream_end(s);
 *       tenon_stream_release(s);
 *       return NULL;
 *     }
 *
 *     TENON_FUNCTION(ticks, count)
 *     {
 *       ticks *s = ticks_new(16);
 *       pthread_t thread;
 *
 *       if (!s) return tenon_fail_memory();
 *       if (pthread_create(&thread, NULL, run, s) == 0) return s;
 *       tenon_stream_release(s);
 *       return tenon_fail(TENON_ERROR, "no thread");
 *     }
 *
 * and `for await (const n of count())` in JavaScript. docs/streams.md has the
 * whole of it.
 */
#ifndef TENON_EXPORT_STREAM_H
#define TENON_EXPORT_STREAM_H

#include <tenon/error.h>
#include <tenon/export/fail.h>
#include <tenon/export/words.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

TENON_P_BEGIN

/**
 * Define a type word for a stream of values of another word:
 * `TENON_STREAM(bytes, chunks)`. Its C type is a pointer to a struct that nobody
 * sees, `chunks *`, and these functions are there for it, for any thread:
 *
 *     chunks *chunks_new(size_t high_water_mark);
 *     int chunks_write(chunks *s, tenon_bytes value);
 *     int chunks_write_wait(chunks *s, tenon_bytes value);
 *     int chunks_write_take(chunks *s, tenon_bytes value,
 *                           void (*free)(void *), void *p);
 *     chunks *chunks_keep(chunks *s);
 *
 * _new makes a stream that is C's, with one hold: tenon_stream_release lets go of
 * it. NULL: no memory. In JavaScript it is an object with next(), return() and
 * Symbol.asyncIterator, which is made when the stream first goes out: as the
 * result of a function, or as an argument of a callback. From then on it belongs
 * to that runtime; going out again it is the same object. A function that
 * returns one may have it ended and released before: what _new has made in a
 * call is there until the call is over.
 *
 * _write puts a value behind the others, a copy: 0, or
 * - TENON_EFULL: as many values wait as `high_water_mark` says (0 is 1); see
 *   tenon_stream_on_drain
 * - TENON_ECANCELED: JavaScript wants no more: it called return(), as a loop
 *   does that is left, let go of the object, or a value could not go out
 * - TENON_ECLOSING: the runtime, or the realm, ends or has ended
 * - TENON_EALREADY: it was ended
 * - TENON_ENOMEM, TENON_EINVAL (a stream of NULL)
 *
 * _write_wait waits for room instead of TENON_EFULL, until one of the others
 * happens; TENON_EBUSY on the loop's thread, which would wait for itself. (A
 * thread of the pool lets go of the lock of its `serial` module meanwhile.)
 *
 * _write_take hands what the value points at over instead of copying it:
 * `free(p)` is called once the value has gone out, or is not wanted any more, on
 * any thread. A `bytes` whose memory is `p` and whose `free` is free(3) becomes
 * JavaScript's without a copy. When it fails all is still the caller's.
 *
 * _keep is one more hold. NULL is fine.
 *
 * Any word may be one of a stream but those of `any`, `inout`, classes, and
 * streams. A value that cannot go out (a number beyond the safe integers) rejects
 * its next() and ends the iteration.
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
#define TENON_STREAM(R, name)                                                  \
  typedef struct name name;                                                    \
  typedef name *tenon_c_##name;                                                \
  typedef name *const *tenon_opt_##name;                                       \
  enum { tenon_flags_##name = 0 };                                             \
  static const tenon_field tenon_p_item_##name = {"value", &tenon_type_##R, 0, \
                                                  tenon_flags_##R, NULL};      \
  TENON_P_UNUSED static const tenon_type tenon_type_##name = {                 \
      TENON_KIND_STREAM,                                                       \
      sizeof(name *),                                                          \
      #name,                                                                   \
      &tenon_p_item_##name,                                                    \
      1,                                                                       \
      NULL,                                                                    \
      NULL,                                                                    \
      NULL};                                                                   \
  TENON_P_ARRAYS(name)                                                         \
  TENON_P_UNUSED static inline name *name##_new(size_t tenon_p_mark)           \
  {                                                                            \
    return TENON_P_HOST ? (name *)(TENON_P_HOST->stream_new)(                  \
                              &tenon_type_##name, tenon_p_mark)                \
                        : NULL;                                                \
  }                                                                            \
  TENON_P_UNUSED static inline name *name##_keep(name *tenon_p_s)              \
  {                                                                            \
    tenon_stream *tenon_p_kept = (tenon_stream *)tenon_p_s;                    \
    return tenon_p_kept ? (name *)(tenon_p_kept->calls->keep)(tenon_p_kept)    \
                        : NULL;                                                \
  }                                                                            \
  TENON_P_UNUSED static inline int name##_write(name *tenon_p_s,               \
                                                tenon_c_##R value)             \
  {                                                                            \
    return tenon_p_write_to(tenon_p_s, &value, 0, NULL, NULL);                 \
  }                                                                            \
  TENON_P_UNUSED static inline int name##_write_wait(name *tenon_p_s,          \
                                                     tenon_c_##R value)        \
  {                                                                            \
    return tenon_p_write_to(tenon_p_s, &value, 1, NULL, NULL);                 \
  }                                                                            \
  TENON_P_UNUSED static inline int name##_write_take(                          \
      name *tenon_p_s, tenon_c_##R value, void (*tenon_p_free)(void *),        \
      void *tenon_p_data)                                                      \
  {                                                                            \
    return tenon_p_write_to(tenon_p_s, &value, 0, tenon_p_free, tenon_p_data); \
  }

TENON_P_UNUSED static inline int tenon_p_write_to(void *s, const void *value,
                                                  int waits,
                                                  void (*free_value)(void *),
                                                  void *p)
{
  tenon_stream *to = (tenon_stream *)s;
  return to ? (to->calls->write)(to, value, waits, free_value, p)
            : TENON_EINVAL;
}

/**
 * End a stream: behind what waits the iteration is over. It is still to be
 * released. Of a write on another thread at the same time, either may be first.
 *
 * @return 0: what tenon_stream_on_drain and tenon_stream_on_cancel were given is
 *         not called any more; TENON_EALREADY; TENON_ECANCELED, TENON_ECLOSING
 *         (JavaScript was first: the latter was called, or is); TENON_EINVAL
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_stream_end(void *s)
{
  tenon_stream *to = (tenon_stream *)s;
  return to ? (to->calls->end)(to) : TENON_EINVAL;
}

/** With what a tenon_failure holds, but its flags; NULL for `format` is the text
 * of a system error. As tenon_stream_fail. [thread: any] [since 0.1] */
TENON_P_UNUSED
__attribute__((format(printf, 3, 4))) static int tenon_stream_fail_with(
    void *s, const tenon_failure *failure, const char *format, ...)
{
  tenon_stream *to = (tenon_stream *)s;
  tenon_failure f = *failure;
  va_list ap;
  int r = TENON_EINVAL;
  f.size = sizeof f;
  va_start(ap, format);
  if (to) r = (to->calls->fail)(to, &f, format, ap);
  va_end(ap);
  return r;
}

/**
 * End a stream by an error, as tenon_fail makes it: behind what waits next()
 * rejects, once.
 *
 * @return as tenon_stream_end
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED
__attribute__((format(printf, 3, 4))) static int tenon_stream_fail(
    void *s, int error_class, const char *format, ...)
{
  tenon_stream *to = (tenon_stream *)s;
  tenon_failure f = tenon_p_failure_of(error_class, 0, 0);
  va_list ap;
  int r = TENON_EINVAL;
  va_start(ap, format);
  if (to) r = (to->calls->fail)(to, &f, format, ap);
  va_end(ap);
  return r;
}

/* Without a text. */
TENON_P_UNUSED static int tenon_p_end_by(void *s, const tenon_failure *f, ...)
{
  tenon_stream *to = (tenon_stream *)s;
  va_list ap;
  int r = TENON_EINVAL;
  va_start(ap, f);
  if (to) r = (to->calls->fail)(to, f, NULL, ap);
  va_end(ap);
  return r;
}

/** By an error of the system, as tenon_fail_system makes it. As
 * tenon_stream_fail. [thread: any] [since 0.1] */
TENON_P_UNUSED static inline int tenon_stream_fail_system(void *s, int error,
                                                          const char *syscall,
                                                          const char *path)
{
  tenon_failure f = tenon_p_failure_system(error, syscall, path);
  return tenon_p_end_by(s, &f);
}

/**
 * Let go of a hold. NULL is fine. A stream that nobody holds any more and that
 * was not ended rejects next(), behind what waits. Its type is that of a
 * destructor.
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline void tenon_stream_release(void *s)
{
  tenon_stream *of = (tenon_stream *)s;
  if (of) (of->calls->release)(of);
}

/**
 * Call `fn(p)` each time a write was TENON_EFULL and half of the values have gone
 * since: write more there, or later. On the loop's thread, as code outside of
 * every call. One a stream: the last one set counts, NULL takes it back.
 *
 * @return 0, or what the next write would return for good: `fn` will not be
 *         called
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_stream_on_drain(void *s,
                                                       void (*fn)(void *p),
                                                       void *p)
{
  tenon_stream *of = (tenon_stream *)s;
  return of ? (of->calls->on_drain)(of, fn, p) : TENON_EINVAL;
}

/**
 * Call `fn(p, why)` once when JavaScript wants no more, TENON_ECANCELED, or the
 * runtime or realm ends, TENON_ECLOSING; not once the stream was ended. On the
 * loop's thread, as code outside of every call. What waits was dropped. The
 * stream is still to be released. As tenon_stream_on_drain.
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_stream_on_cancel(
    void *s, void (*fn)(void *p, int why), void *p)
{
  tenon_stream *of = (tenon_stream *)s;
  return of ? (of->calls->on_cancel)(of, fn, p) : TENON_EINVAL;
}

TENON_P_END

#endif
