/*
 * Shared objects that were built before.
 *
 * A key stands for a source, its flags and its compiler. Under it there are up
 * to four results, each with all the files that it was made of: their sizes,
 * times and hashes. A result is fresh when all of them are what they were. A file
 * is not read again when its inode, size and times are the same, unless it was
 * so young when they were noted that a change could have left them alone.
 *
 * Files are written under another name and renamed; a list that is cut or damaged,
 * an object that is not the one that was noted, or what another user could have
 * written, is as if it were not there.
 */
#ifndef TENON_SOURCE_CACHE_H
#define TENON_SOURCE_CACHE_H

#include "base/text.h"
#include "source/folder.h"
#include "source/hash.h"
#include "source/process.h"

enum { TENON_P_CACHE_RESULTS = 4 };

/* Root and writers: all of one user share one. */
typedef struct tenon_p_cache {
  tenon_p_folder folder;
} tenon_p_cache;

/*
 * Open it: $TENON_CACHE_DIR, $XDG_CACHE_HOME/tenon or $HOME/.cache/tenon, and in
 * that `native`. 0, or a negative errno with a sentence in `why`; -ENOENT: there
 * is none, and it should not be made.
 */
int tenon_p_cache_open(const char *const *env, bool makes, tenon_p_cache *out,
                       tenon_p_text *why);
void tenon_p_cache_close(tenon_p_cache *c);

/* --- What a result was made of --------------------------------------------------- */

/* One file as it is, or that it is not there; "$NAME": a variable of the
 * process's environment. */
typedef struct tenon_p_mark {
  char *path;
  char hash[TENON_P_HEX];
  uint64_t dev, ino;
  int64_t size, mtime, ctime; /* times in nanoseconds */
  bool is_young, is_absent;
} tenon_p_mark;

typedef struct tenon_p_marks {
  tenon_p_mark *list;
  size_t count, capacity;
} tenon_p_marks;

#define TENON_P_MARKS_INIT \
  {                        \
    NULL, 0, 0             \
  }

void tenon_p_marks_release(tenon_p_marks *m);
/* Read the file; what is in the list already is left. 0 or a negative errno;
 * -EAGAIN: it changed meanwhile. */
int tenon_p_marks_add(tenon_p_marks *m, const char *path);
const tenon_p_mark *tenon_p_marks_find(const tenon_p_marks *m,
                                       const char *path);

/* --- Looking ---------------------------------------------------------------------- */

/* A fresh result: 0 with its path (free(3)), 1 when there is none, or -ENOMEM. */
int tenon_p_cache_look(tenon_p_cache *c, const char key[TENON_P_HEX],
                       char **path);

/* One builder a key. */
typedef struct tenon_p_cache_lock {
  int fd;
  char name[TENON_P_HEX + 8];
} tenon_p_cache_lock;

/*
 * Wait until it is ours: 0; or -ETIMEDOUT after `most_ms`, -ECANCELED, or why
 * there are no locks: then build without.
 */
int tenon_p_cache_lock_take(tenon_p_cache *c, const char key[TENON_P_HEX],
                            uint64_t most_ms, tenon_p_patience *w,
                            tenon_p_cache_lock *out);
void tenon_p_cache_lock_leave(tenon_p_cache *c, tenon_p_cache_lock *l);

/* --- Storing ---------------------------------------------------------------------- */

/* What `list` tells about a key. */
typedef struct tenon_p_cache_about {
  const char *source, *flags;
} tenon_p_cache_about;

/*
 * Move an object, in a folder of the cache's file system, into it, as made of
 * `marks`. 0 with its path, or a negative errno: it is then where it was or
 * nowhere.
 */
int tenon_p_cache_store(tenon_p_cache *c, const char key[TENON_P_HEX],
                        const tenon_p_cache_about *about,
                        const tenon_p_marks *marks, const char *object,
                        char **path);

/* --- For people -------------------------------------------------------------------- */

typedef struct tenon_p_cache_entry {
  const char *source, *flags, *object; /* object: its name in the cache */
  uint64_t size;
  int64_t when; /* seconds since 1970 */
  bool is_fresh;
} tenon_p_cache_entry;

/* One call each, the newest of a source first. 0 or a negative errno. */
int tenon_p_cache_list(tenon_p_cache *c,
                       void (*tell)(void *data, const tenon_p_cache_entry *e),
                       void *data);
/* Remove everything that no build is just using. How many objects, how many
 * bytes. 0, or a negative errno of what could not be removed. */
int tenon_p_cache_clear(tenon_p_cache *c, uint64_t *objects, uint64_t *bytes);

#endif
