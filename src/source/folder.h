/*
 * Folders that nobody but their user (and root) can change, and what is in
 * them. What is loaded or compiled from them would otherwise be another's code.
 *
 * A folder is safe when it and all above it are owned by the user or by root and
 * can be written to by nobody else; one with the sticky bit may be above. The
 * user is the effective one.
 */
#ifndef TENON_SOURCE_FOLDER_H
#define TENON_SOURCE_FOLDER_H

#include <sys/stat.h>

#include "base/text.h"

typedef struct tenon_p_folder {
  char *path; /* real, absolute; NULL: none is open */
  int fd;
  int lock; /* of a temporary one, else -1 */
} tenon_p_folder;

#define TENON_P_FOLDER_NONE \
  {                         \
    NULL, -1, -1            \
  }

/*
 * Open one, and make it (0700) with what is above when `makes`. A negative
 * errno; -EPERM: it is not safe. `why`, then, is a sentence about it.
 */
int tenon_p_folder_open(const char *path, bool makes, tenon_p_folder *out,
                        tenon_p_text *why);
/* One in it, which is no symbolic link. */
int tenon_p_folder_enter(const tenon_p_folder *in, const char *name, bool makes,
                         tenon_p_folder *out, tenon_p_text *why);
void tenon_p_folder_close(tenon_p_folder *f);

/* "PREFIX-XXXXXX" in it, 0700. While it is open, and the process lives, no other
 * removes it by tenon_p_folder_sweep. */
int tenon_p_folder_temporary(const tenon_p_folder *in, const char *prefix,
                             tenon_p_folder *out);
/* Close a temporary one and remove it with all that is in it. */
void tenon_p_folder_discard(tenon_p_folder *f);
/* Remove temporary folders of processes that have ended, older than a
 * minute (`at_once`: of any age). In a `shared` folder others may call theirs
 * so: only what holds our lock is removed. */
void tenon_p_folder_sweep(const tenon_p_folder *in, const char *prefix,
                          bool at_once, bool shared);
/* Remove a file or folder with all in it; links are not followed. How many bytes
 * that gave back. 0 or a negative errno of the last that could not be. */
int tenon_p_folder_remove(int in, const char *name, uint64_t *bytes);

/* In the system's folder for temporary files, or another that is safe and lets
 * programs be mapped from it. */
int tenon_p_folder_private(const char *const *env, tenon_p_folder *out,
                           tenon_p_text *why);

/* Open a file for reading, when it is a file and safe: a descriptor, or a
 * negative errno, -EPERM when it is another's. */
int tenon_p_folder_file(const tenon_p_folder *in, const char *name,
                        struct stat *st);
/* The whole file, at most `most` bytes: 0 or a negative errno. */
int tenon_p_folder_read(const tenon_p_folder *in, const char *name, size_t most,
                        tenon_p_text *out);
/* A new file of mode 0600, whole or not there. */
int tenon_p_folder_write(const tenon_p_folder *in, const char *name,
                         const void *bytes, size_t len);

/* Is memory not to be mapped as code from it (noexec)? */
bool tenon_p_folder_is_noexec(const tenon_p_folder *f);

#endif
