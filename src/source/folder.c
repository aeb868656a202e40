#include "source/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <tenon/error.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/path.h"
#include "source/compiler.h"

enum { MOST_DEPTH = 32, MINUTE = 60 };
static const char lock_name[] = ".tenon-lock";
static const char private_prefix[] = "tenon-native";

/* --- Is it safe -------------------------------------------------------------------- */

static bool is_ours(uid_t owner)
{
  return owner == 0 || owner == geteuid();
}

static int refuse(tenon_p_text *why, const char *path, const char *what)
{
  if (why) tenon_p_text_printf(why, "%s %s", path, what);
  return -EPERM;
}

static int check_folder(const struct stat *st, const char *path, bool is_above,
                        tenon_p_text *why)
{
  if (!S_ISDIR(st->st_mode)) return refuse(why, path, "is no folder");
  if (!is_ours(st->st_uid)) return refuse(why, path, "belongs to another user");
  if ((st->st_mode & 022) && !(is_above && (st->st_mode & S_ISVTX)))
    return refuse(why, path, "can be written to by other users");
  return 0;
}

/* Whoever owns a symbolic link decides where it leads. */
static int check_links(char *path, tenon_p_text *why)
{
  struct stat st;
  char *p = path;

  while (*p) {
    char c;
    p += strspn(p, "/");
    p += strcspn(p, "/");
    c = *p;
    *p = '\0';
    if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode) && !is_ours(st.st_uid)) {
      int r = refuse(why, path, "is another user's symbolic link");
      *p = c;
      return r;
    }
    *p = c;
  }
  return 0;
}

/* From the root on, without following a link: what was checked is what is
 * opened. `path` is real. A descriptor, or a negative errno. */
static int walk(char *path, bool may_be_sticky, tenon_p_text *why)
{
  int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), r = 0, next;
  struct stat st;
  char *p = path, *name, c;

  if (fd < 0) return -errno;
  while (r == 0) {
    p += strspn(p, "/");
    if (fstat(fd, &st)) r = -errno;
    if (r == 0 && *p) {
      c = *p;
      *p = '\0';
      r = check_folder(&st, path, true, why);
      *p = c;
    }
    if (r || !*p) break;
    name = p;
    p += strcspn(p, "/");
    c = *p;
    *p = '\0';
    next = openat(fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    r = next < 0 ? -errno : 0;
    *p = c;
    close(fd);
    fd = next;
  }
  if (r == 0) r = check_folder(&st, path, may_be_sticky, why);
  if (r == 0) {
    next = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    r = next < 0 ? -errno : next;
  }
  if (fd >= 0) close(fd);
  return r;
}

/* --- Opening ------------------------------------------------------------------------ */

/* The folder and what is missing above it. */
static int make_folders(char *path)
{
  char *p = path + 1, c;

  do {
    p += strcspn(p, "/");
    c = *p;
    *p = '\0';
    if (mkdir(path, 0700) && errno != EEXIST && access(path, F_OK)) {
      *p = c;
      return -errno;
    }
    *p = c;
    p += strspn(p, "/");
  } while (*p);
  return 0;
}

static int tell(tenon_p_text *why, const char *path, int error)
{
  if (why && !why->len)
    tenon_p_text_printf(why, "%s: %s", path, tenon_strerror(error));
  return error;
}

static int open_folder(const char *path, bool makes, bool may_be_sticky,
                       tenon_p_folder *out, tenon_p_text *why)
{
  char *p = tenon_p_path_resolve(NULL, path);
  int r;

  *out = (tenon_p_folder)TENON_P_FOLDER_NONE;
  if (!p) return -ENOMEM;
  if (makes && access(p, F_OK) && (r = make_folders(p))) {
    tell(why, p, r);
    free(p);
    return r;
  }
  r = check_links(p, why);
  if (r == 0) {
    out->path = realpath(p, NULL);
    r = out->path ? walk(out->path, may_be_sticky, why) : -errno;
  }
  if (r < 0) tell(why, p, r);
  free(p);
  if (r < 0) {
    tenon_p_folder_close(out);
    return r;
  }
  out->fd = r;
  return 0;
}

int tenon_p_folder_open(const char *path, bool makes, tenon_p_folder *out,
                        tenon_p_text *why)
{
  return open_folder(path, makes, false, out, why);
}

static char *join(const tenon_p_folder *in, const char *name)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_text_printf(&t, "%s%s%s", in->path, in->path[1] ? "/" : "", name);
  return tenon_p_text_take(&t);
}

int tenon_p_folder_enter(const tenon_p_folder *in, const char *name, bool makes,
                         tenon_p_folder *out, tenon_p_text *why)
{
  struct stat st;
  int r = 0;

  *out = (tenon_p_folder)TENON_P_FOLDER_NONE;
  out->path = join(in, name);
  if (!out->path) return -ENOMEM;
  out->fd =
      openat(in->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (out->fd < 0 && errno == ENOENT && makes) {
    if (mkdirat(in->fd, name, 0700) && errno != EEXIST) r = -errno;
    if (r == 0)
      out->fd =
          openat(in->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  }
  if (r == 0 && out->fd < 0) r = -errno;
  /* What a link says of itself. */
  if (r == -ELOOP || r == -ENOTDIR) r = refuse(why, out->path, "is no folder");
  if (r == 0 && fstat(out->fd, &st)) r = -errno;
  if (r == 0) r = check_folder(&st, out->path, false, why);
  if (r == 0) return 0;
  tell(why, out->path, r);
  tenon_p_folder_close(out);
  return r;
}

void tenon_p_folder_close(tenon_p_folder *f)
{
  if (f->fd >= 0) close(f->fd);
  if (f->lock >= 0) close(f->lock);
  free(f->path);
  *f = (tenon_p_folder)TENON_P_FOLDER_NONE;
}

bool tenon_p_folder_is_noexec(const tenon_p_folder *f)
{
  struct statvfs v;

  return fstatvfs(f->fd, &v) == 0 && (v.f_flag & ST_NOEXEC);
}

/* --- Removing ------------------------------------------------------------------------ */

static int remove_at(int in, const char *name, int depth, uint64_t *bytes)
{
  int fd, r = 0, more;
  struct stat st;
  struct dirent *e;
  DIR *dir;

  if (fstatat(in, name, &st, AT_SYMLINK_NOFOLLOW)) return -errno;
  if (!S_ISDIR(st.st_mode)) {
    if (unlinkat(in, name, 0)) return -errno;
    if (bytes) *bytes += (uint64_t)st.st_size;
    return 0;
  }
  if (depth == MOST_DEPTH) return -ELOOP;
  fd = openat(in, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -errno;
  dir = fdopendir(fd);
  if (!dir) {
    close(fd);
    return -ENOMEM;
  }
  while ((e = readdir(dir))) {
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
    more = remove_at(dirfd(dir), e->d_name, depth + 1, bytes);
    if (more && more != -ENOENT) r = more;
  }
  closedir(dir);
  if (unlinkat(in, name, AT_REMOVEDIR) && r == 0) r = -errno;
  return r;
}

int tenon_p_folder_remove(int in, const char *name, uint64_t *bytes)
{
  return remove_at(in, name, 0, bytes);
}

/* --- Temporary folders ---------------------------------------------------------------- */

int tenon_p_folder_temporary(const tenon_p_folder *in, const char *prefix,
                             tenon_p_folder *out)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  int r = 0;

  *out = (tenon_p_folder)TENON_P_FOLDER_NONE;
  tenon_p_text_printf(&t, "%s%s%s-XXXXXX", in->path, in->path[1] ? "/" : "",
                      prefix);
  out->path = tenon_p_text_take(&t);
  if (!out->path) return -ENOMEM;
  if (!mkdtemp(out->path)) {
    r = -errno;
    tenon_p_folder_close(out);
    return r;
  }
  out->fd = open(out->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (out->fd < 0) r = -errno;
  if (r == 0) {
    out->lock =
        openat(out->fd, lock_name,
               O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (out->lock < 0) r = -errno;
  }
  /* Where there are no locks it is removed by its age alone. */
  if (r == 0) flock(out->lock, LOCK_EX | LOCK_NB);
  if (r) tenon_p_folder_discard(out);
  return r;
}

void tenon_p_folder_discard(tenon_p_folder *f)
{
  if (f->path) tenon_p_folder_remove(AT_FDCWD, f->path, NULL);
  tenon_p_folder_close(f);
}

/* Has its process ended? */
static bool is_left(int in, const char *name, bool at_once, bool shared)
{
  int fd, lock;
  struct stat st;
  bool left = false;

  fd = openat(in, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return false;
  if (fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
      (at_once || st.st_mtime + MINUTE < time(NULL))) {
    lock = openat(fd, lock_name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    left = lock >= 0 ? flock(lock, LOCK_EX | LOCK_NB) == 0
                     : !shared && errno == ENOENT &&
                           st.st_mtime + MINUTE < time(NULL);
    if (lock >= 0) close(lock);
  }
  close(fd);
  return left;
}

void tenon_p_folder_sweep(const tenon_p_folder *in, const char *prefix,
                          bool at_once, bool shared)
{
  int fd = openat(in->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
  size_t n = strlen(prefix);
  struct dirent *e;

  if (!dir) {
    if (fd >= 0) close(fd);
    return;
  }
  while ((e = readdir(dir)))
    if (strncmp(e->d_name, prefix, n) == 0 && e->d_name[n] == '-' &&
        strlen(e->d_name) == n + 7 &&
        is_left(dirfd(dir), e->d_name, at_once, shared))
      tenon_p_folder_remove(dirfd(dir), e->d_name, NULL);
  closedir(dir);
}

static int try_private(const char *path, tenon_p_folder *out, tenon_p_text *why)
{
  tenon_p_folder in;
  /* What is made in a sticky one is ours. */
  int r = open_folder(path, false, true, &in, why);

  *out = (tenon_p_folder)TENON_P_FOLDER_NONE;
  if (r) return r;
  if (tenon_p_folder_is_noexec(&in)) {
    r = refuse(why, in.path, "lets no code be loaded from it (noexec)");
  } else {
    tenon_p_folder_sweep(&in, private_prefix, false, true);
    r = tenon_p_folder_temporary(&in, private_prefix, out);
    if (r) tell(why, in.path, r);
  }
  tenon_p_folder_close(&in);
  return r;
}

int tenon_p_folder_private(const char *const *env, tenon_p_folder *out,
                           tenon_p_text *why)
{
  const char *places[] = {tenon_p_env_get(env, "TMPDIR"), "/tmp", "/var/tmp",
                          "/dev/shm"};
  size_t i;
  int r = -ENOENT;

  for (i = 0; i < tenon_p_countof(places); i++) {
    if (!places[i] || places[i][0] != '/') continue;
    if (why) tenon_p_text_clear(why);
    r = try_private(places[i], out, why);
    if (r == 0 || r == -ENOMEM) break;
  }
  return r;
}

/* --- Files ----------------------------------------------------------------------------- */

int tenon_p_folder_file(const tenon_p_folder *in, const char *name,
                        struct stat *st)
{
  int fd = openat(in->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  int r = 0;

  if (fd < 0) return errno == ELOOP ? -EPERM : -errno;
  if (fstat(fd, st))
    r = -errno;
  else if (!S_ISREG(st->st_mode) || !is_ours(st->st_uid) || (st->st_mode & 022))
    r = -EPERM;
  if (r == 0) return fd;
  close(fd);
  return r;
}

int tenon_p_folder_read(const tenon_p_folder *in, const char *name, size_t most,
                        tenon_p_text *out)
{
  struct stat st;
  int fd = tenon_p_folder_file(in, name, &st), r = 0;
  char *p;
  size_t len = 0;
  ssize_t n;

  if (fd < 0) return fd;
  if ((uint64_t)st.st_size > most) r = -EFBIG;
  p = r ? NULL : tenon_p_text_extend(out, (size_t)st.st_size);
  if (r == 0 && !p) r = -ENOMEM;
  while (r == 0 && len < (size_t)st.st_size) {
    n = read(fd, p + len, (size_t)st.st_size - len);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) r = n ? -errno : -EIO;
    if (n > 0) len += (size_t)n;
  }
  close(fd);
  return r;
}

int tenon_p_folder_write(const tenon_p_folder *in, const char *name,
                         const void *bytes, size_t len)
{
  int fd = openat(in->fd, name,
                  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  const char *p = bytes;
  ssize_t n;
  int r = 0;

  if (fd < 0) return -errno;
  while (r == 0 && len) {
    n = write(fd, p, len);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      r = n ? -errno : -EIO;
      break;
    }
    p += n;
    len -= (size_t)n;
  }
  if (close(fd) && r == 0) r = -errno;
  if (r) unlinkat(in->fd, name, 0);
  return r;
}
