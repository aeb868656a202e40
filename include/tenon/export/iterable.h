/**
 * @file
 * Iterables: what JavaScript iterates over, and C reads, one value at a time.
 * Part of <tenon/export.h>.
 *
 *     TENON_ITERABLE(bytes, pieces)
 *
 *     TENON_BLOCKING(i64, size_of, (pieces, from))
 *     {
 *       int64_t sum = 0;
 *       tenon_bytes b;
 *
 *       while (pieces_read_wait(from, &b) == 0)
 *         sum += (int64_t)b.len;
 *       return sum;
 *     }
 *
 * docs/streams.md has the whole of it.
 */
#ifndef TENON_EXPORT_ITERABLE_H
#define TENON_EXPORT_ITERABLE_H

#include <string.h>
#include <tenon/error.h>
#include <tenon/export/stream.h>
#include <tenon/export/words.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

TENON_P_BEGIN

/**
 * Define a type word for parameters: an object with Symbol.asyncIterator, or
 * else with Symbol.iterator, of values of another word. No strings. Its C type
 * is a pointer to a struct that nobody sees, `pieces *`, and these functions are
 * there for it:
 *
 *     int pieces_read_wait(pieces *it, tenon_bytes *value);
 *     int pieces_read(pieces *it, void (*fn)(void *p, int code), void *p);
 *     const tenon_bytes *pieces_value(const pieces *it);
 *     pieces *pieces_keep(pieces *it);
 *
 * The first read opens the iterator, and each asks it for one value: what C does
 * not read is not produced. One read is under way at a time. They give
 * - 0: a value. What it points at lives until the next read, or until the
 *   iterable is let go of
 * - TENON_EEND: there is no more, also behind an error
 * - TENON_EEXCEPTION: the iterator threw or rejected, or is none, or the value is
 *   no value of the word (then it is closed, as by a loop that is left). The
 *   native function of the same runtime that the thread is in fails by it, unless
 *   tenon_recover forgets it; see also tenon_stream_fail_by
 * - TENON_ECANCELED: it was cancelled
 * - TENON_ECLOSING: the runtime, or the realm, ends or has ended
 * - TENON_EBUSY: a read is under way already; or _read_wait was called on the
 *   loop's thread, which would wait for itself
 * - TENON_ETERMINATED, TENON_EEXIT: the program was told to end
 * - TENON_EINVAL: an iterable, or a function, of NULL
 *
 * _read_wait is for every other thread than the loop's, and waits. (A thread of
 * the pool lets go of the lock of its `serial` module meanwhile.) On failure
 * *value is zero.
 *
 * _read, of the loop's thread (TENON_ETHREAD), returns 0 and calls `fn(p, code)`
 * later, there: as a call of its own, which has failed by the exception where
 * the code is TENON_EEXCEPTION, so that tenon_deferred_reject_failed rejects by
 * it. _value is then the value, and it may read again.
 *
 * An iterable is there until the native function returns, of a TENON_ASYNC
 * function until its deferred is settled. _keep (any thread) makes it stay until
 * tenon_iterable_release. When nobody has it any more and it was not read to its
 * end, its iterator is closed: its return() is called, on the loop.
 *
 * A read that is under way does not keep the loop alive by itself.
 *
 * [thread: any] [js: runs, on the loop's thread] [since 0.1]
 */
#define TENON_ITERABLE(R, name)                                                \
  typedef struct name name;                                                    \
  typedef name *tenon_c_##name;                                                \
  typedef name *const *tenon_opt_##name;                                       \
  enum { tenon_flags_##name = 0 };                                             \
  static const tenon_field tenon_p_item_##name = {"value", &tenon_type_##R, 0, \
                                                  tenon_flags_##R, NULL};      \
  TENON_P_UNUSED static const tenon_type tenon_type_##name = {                 \
      TENON_KIND_ITERABLE,                                                     \
      sizeof(name *),                                                          \
      #name,                                                                   \
      &tenon_p_item_##name,                                                    \
      1,                                                                       \
      NULL,                                                                    \
      NULL,                                                                    \
      NULL};                                                                   \
  TENON_P_ARRAYS(name)                                                         \
  TENON_P_UNUSED static inline int name##_read_wait(name *tenon_p_it,          \
                                                    tenon_c_##R *value)        \
  {                                                                            \
    tenon_iterable *tenon_p_from = (tenon_iterable *)tenon_p_it;               \
    memset(value, 0, sizeof *value);                                           \
    return tenon_p_from                                                        \
               ? (tenon_p_from->calls->read_wait)(tenon_p_from, value)         \
               : TENON_EINVAL;                                                 \
  }                                                                            \
  TENON_P_UNUSED static inline int name##_read(                                \
      name *tenon_p_it, void (*fn)(void *p, int code), void *p)                \
  {                                                                            \
    tenon_iterable *tenon_p_from = (tenon_iterable *)tenon_p_it;               \
    return tenon_p_from ? (tenon_p_from->calls->read)(tenon_p_from, fn, p)     \
                        : TENON_EINVAL;                                        \
  }                                                                            \
  TENON_P_UNUSED static inline const tenon_c_##R *name##_value(                \
      const name *tenon_p_it)                                                  \
  {                                                                            \
    return (const tenon_c_##R *)((const tenon_iterable *)tenon_p_it)->value;   \
  }                                                                            \
  TENON_P_UNUSED static inline name *name##_keep(name *tenon_p_it)             \
  {                                                                            \
    tenon_iterable *tenon_p_kept = (tenon_iterable *)tenon_p_it;               \
    return tenon_p_kept ? (name *)(tenon_p_kept->calls->keep)(tenon_p_kept)    \
                        : NULL;                                                \
  }

/**
 * Let go of what _keep has returned. NULL is fine. Its type is that of a
 * destructor.
 *
 * [thread: any] [js: runs return(), in a turn of its own] [since 0.1]
 */
TENON_P_UNUSED static inline void tenon_iterable_release(void *it)
{
  tenon_iterable *of = (tenon_iterable *)it;
  if (of) (of->calls->release)(of);
}

/**
 * Want no more: the iterator is closed, in a turn of the loop, and a read that is
 * under way, and those to come, are TENON_ECANCELED. Again is fine. The iterable
 * is still to be released.
 *
 * @return 0, TENON_ECLOSING, TENON_EINVAL
 *
 * [thread: any] [js: runs return(), in a turn of its own] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_iterable_cancel(void *it)
{
  tenon_iterable *of = (tenon_iterable *)it;
  return of ? (of->calls->cancel)(of) : TENON_EINVAL;
}

/**
 * End a stream by what an iterable has failed by, the very exception: for what
 * reads one and writes the other. As tenon_stream_fail.
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_P_UNUSED static inline int tenon_stream_fail_by(void *s, void *it)
{
  tenon_stream *to = (tenon_stream *)s;
  return to && it ? (to->calls->fail_by)(to, (tenon_iterable *)it)
                  : TENON_EINVAL;
}

TENON_P_END

#endif
