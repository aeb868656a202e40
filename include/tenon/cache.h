/**
 * @file
 * What was built of native source that programs imported, and is kept for the
 * next time: in $TENON_CACHE_DIR, else in tenon/ under $XDG_CACHE_HOME or
 * ~/.cache.
 */
#ifndef TENON_CACHE_H
#define TENON_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tenon/error.h>
#include <tenon/version.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One shared object. All is borrowed for the call. */
typedef struct tenon_cache_entry {
  /** The size of this struct as the library has it. */
  size_t size;
  /** The file that it was built of; the first of several. */
  const char *source;
  /** What the import said: "cflags='-O3' link='-lm'"; "" for nothing. */
  const char *flags;
  /** Its path. */
  const char *object;
  uint64_t size_bytes;
  /** When it was built: seconds since 1970 UTC. */
  int64_t built_s;
  /** Would an import use it? Not when a file that it was built of has changed
   * or is gone. */
  bool is_fresh;
} tenon_cache_entry;

/**
 * Tell of all that is in the cache, in no order. Files are read where their
 * times do not say whether they are what they were.
 *
 * @param tell          called once for each
 * @param data          handed to `tell`
 * @param[out] problem  a sentence when it fails, cut where there is no room;
 *                      NULL with a size of 0: not wanted
 * @return 0, also when there is no cache; TENON_EINVAL without `tell`,
 *         TENON_ENOMEM, or a negative errno: EPERM when another user could have
 *         written to it
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_cache_list(
    void (*tell)(void *data, const tenon_cache_entry *entry), void *data,
    char *problem, size_t problem_size);

/**
 * Remove all that is in the cache, but what is being used by a build just now.
 * Programs that run are not disturbed.
 *
 * @param[out] objects  how many shared objects are gone; may be NULL
 * @param[out] bytes    how many bytes that gave back; may be NULL
 * @param[out] problem  as above
 * @return as above
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_cache_clear(uint64_t *objects,
                                                 uint64_t *bytes, char *problem,
                                                 size_t problem_size);

#ifdef __cplusplus
}
#endif

#endif
