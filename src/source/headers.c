#include "source/headers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/path.h"

static const char lock_name[] = ".lock";

/* Are all there, and of the right size? */
static bool is_whole(const tenon_p_folder *f)
{
  struct stat st;
  size_t i;

  for (i = 0; i < tenon_p_header_count; i++)
    if (fstatat(f->fd, tenon_p_headers[i].name, &st, AT_SYMLINK_NOFOLLOW) ||
        !S_ISREG(st.st_mode) || (st.st_mode & 022) ||
        (size_t)st.st_size != tenon_p_headers[i].size)
      return false;
  return true;
}

static int make_folders(const tenon_p_folder *f, const char *name)
{
  char *path = tenon_p_strndup(name, strlen(name)), *p = path;
  int r = path ? 0 : -ENOMEM;

  while (r == 0 && (p = strchr(p, '/'))) {
    *p = '\0';
    if (mkdirat(f->fd, path, 0700) && errno != EEXIST) r = -errno;
    *p++ = '/';
  }
  free(path);
  return r;
}

static int write_all(const tenon_p_folder *f)
{
  size_t i;
  int r = tenon_p_folder_write(f, lock_name, "", 0);

  for (i = 0; r == 0 && i < tenon_p_header_count; i++) {
    const tenon_p_header *h = &tenon_p_headers[i];
    r = make_folders(f, h->name);
    if (r == 0) r = tenon_p_folder_write(f, h->name, h->bytes, h->size);
  }
  return r;
}

/* It is not to be removed while its lock is shared; has it been before? */
static int lock_shared(const tenon_p_folder *f, const char *name,
                       const tenon_p_folder *in)
{
  int fd = openat(f->fd, lock_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  struct stat a, b;

  if (fd < 0) return -errno;
  if (flock(fd, LOCK_SH | LOCK_NB) == 0 && fstat(f->fd, &a) == 0 &&
      fstatat(in->fd, name, &b, AT_SYMLINK_NOFOLLOW) == 0 &&
      a.st_ino == b.st_ino && a.st_dev == b.st_dev)
    return fd;
  close(fd);
  return -EAGAIN;
}

static int open_shared(const tenon_p_folder *cache, const char *name,
                       tenon_p_include *out)
{
  tenon_p_folder f;
  int r = tenon_p_folder_enter(cache, name, false, &f, NULL);

  if (r) return r;
  r = lock_shared(&f, name, cache);
  if (r >= 0) {
    out->lock = r;
    r = is_whole(&f) ? 0 : -EBADMSG;
  }
  if (r == 0) {
    out->path = f.path;
    f.path = NULL;
  } else {
    tenon_p_include_close(out);
  }
  tenon_p_folder_close(&f);
  return r;
}

static int make_own(const tenon_p_folder *work, tenon_p_folder *out)
{
  int r = tenon_p_folder_enter(work, "include", true, out, NULL);

  if (r) return r;
  if (!is_whole(out)) r = write_all(out);
  if (r) tenon_p_folder_close(out);
  return r;
}

int tenon_p_include_open(const tenon_p_folder *cache,
                         const tenon_p_folder *work, tenon_p_include *out)
{
  char name[64];
  tenon_p_folder f;
  int r, i;

  *out = (tenon_p_include){NULL, -1};
  snprintf(name, sizeof name, "include-%.32s", tenon_p_headers_hash);
  /* Others make and clear it, too. */
  for (i = 0;; i++) {
    r = cache ? open_shared(cache, name, out) : -ENOENT;
    if (r == 0 || r == -ENOMEM) return r;
    if (r == -EBADMSG) tenon_p_folder_remove(cache->fd, name, NULL);
    r = make_own(work, &f);
    if (r) return r;
    if (!cache || i == 3) break;
    if (renameat(work->fd, "include", cache->fd, name) && errno != EEXIST &&
        errno != ENOTEMPTY)
      break;
    tenon_p_folder_close(&f);
  }
  out->path = f.path;
  f.path = NULL;
  tenon_p_folder_close(&f);
  return 0;
}

void tenon_p_include_close(tenon_p_include *i)
{
  if (i->lock >= 0) close(i->lock);
  free(i->path);
  *i = (tenon_p_include){NULL, -1};
}
