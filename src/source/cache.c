#include "source/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/elf.h"
#include "source/compiler.h"
#include "source/manifest.h"

/* Names in the folder: the first half of a key, and what it is.
 *   KEY.list        its results
 *   KEY-RANDOM.so   an object
 *   KEY.lock        while somebody builds
 *   KEY.new-RANDOM  a list that is being written
 *   work-XXXXXX     a folder of somebody who builds
 *   include-HASH    headers (headers.c)
 */
enum { NAME_KEY = 32, NAME_SIZE = 64 };

#define NS INT64_C(1000000000)
#define MOST_LIST_BYTES ((size_t)64 << 20)
/* A change within one step of a file system's clock leaves times as they are;
 * two seconds is that of FAT. */
#define YOUNG_NS (2 * NS)
/* Its times are there before its bytes are on the disk: a machine that stops
 * leaves it with none. */
#define YOUNG_OBJECT_NS (60 * NS)
#define DAY 86400
#define MOST_DAYS 90

static void make_name(char name[NAME_SIZE], const char *key, const char *suffix)
{
  snprintf(name, NAME_SIZE, "%.*s%s", NAME_KEY, key, suffix);
}

static void make_random_name(char name[NAME_SIZE], const char *key,
                             const char *mark, const char *suffix)
{
  uint64_t n;

  if (getrandom(&n, sizeof n, GRND_NONBLOCK) != sizeof n) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    n = (uint64_t)t.tv_nsec << 32 ^ (uint64_t)getpid() ^
        (uint64_t)(uintptr_t)&n;
  }
  snprintf(name, NAME_SIZE, "%.*s%s%012llx%s", NAME_KEY, key, mark,
           (unsigned long long)(n & 0xffffffffffff), suffix);
}

/* --- Opening ----------------------------------------------------------------------- */

static char *cache_path(const char *const *env)
{
  const char *own = tenon_p_env_get(env, "TENON_CACHE_DIR");
  const char *xdg = tenon_p_env_get(env, "XDG_CACHE_HOME");
  const char *home = tenon_p_env_get(env, "HOME");
  tenon_p_text t = TENON_P_TEXT_INIT;

  /* A relative one is none, as its specification has it. */
  if (own)
    tenon_p_text_puts(&t, own);
  else if (xdg && xdg[0] == '/')
    tenon_p_text_printf(&t, "%s/tenon", xdg);
  else if (home && home[0] == '/')
    tenon_p_text_printf(&t, "%s/.cache/tenon", home);
  else
    tenon_p_text_puts(&t, "");
  return tenon_p_text_take(&t);
}

int tenon_p_cache_open(const char *const *env, bool makes, tenon_p_cache *out,
                       tenon_p_text *why)
{
  char *path = cache_path(env);
  tenon_p_folder root;
  int r;

  out->folder = (tenon_p_folder)TENON_P_FOLDER_NONE;
  if (!path) return -ENOMEM;
  if (!*path) {
    free(path);
    if (why)
      tenon_p_text_puts(why, "none of $TENON_CACHE_DIR, $XDG_CACHE_HOME and "
                             "$HOME says where it is");
    return makes ? -EINVAL : -ENOENT;
  }
  r = tenon_p_folder_open(path, makes, &root, why);
  free(path);
  if (r) return r;
  r = tenon_p_folder_enter(&root, "native", makes, &out->folder, why);
  tenon_p_folder_close(&root);
  if (r == 0 && tenon_p_folder_is_noexec(&out->folder)) {
    if (why)
      tenon_p_text_printf(why, "%s lets no code be loaded from it (noexec)",
                          out->folder.path);
    tenon_p_cache_close(out);
    r = -EPERM;
  }
  return r;
}

void tenon_p_cache_close(tenon_p_cache *c)
{
  tenon_p_folder_close(&c->folder);
}

/* --- Marks -------------------------------------------------------------------------- */

static int64_t ns_of(const struct timespec *t)
{
  return t->tv_sec * NS + t->tv_nsec;
}

static int64_t now_ns(void)
{
  struct timespec t;

  clock_gettime(CLOCK_REALTIME, &t);
  return ns_of(&t);
}

static void set_times(tenon_p_mark *m, const struct stat *st)
{
  m->dev = (uint64_t)st->st_dev;
  m->ino = (uint64_t)st->st_ino;
  m->size = st->st_size;
  m->mtime = ns_of(&st->st_mtim);
  m->ctime = ns_of(&st->st_ctim);
}

static bool has_times(const tenon_p_mark *m, const struct stat *st)
{
  return m->dev == (uint64_t)st->st_dev && m->ino == (uint64_t)st->st_ino &&
         m->size == st->st_size && m->mtime == ns_of(&st->st_mtim) &&
         m->ctime == ns_of(&st->st_ctim);
}

static bool is_young(const tenon_p_mark *m, int64_t limit)
{
  int64_t last = m->mtime > m->ctime ? m->mtime : m->ctime;

  return now_ns() - last < limit;
}

/* Fill in what the open file is. */
static int read_mark(int fd, int64_t limit, tenon_p_mark *m)
{
  struct stat before, after;
  int r;

  if (fstat(fd, &before)) return -errno;
  if (!S_ISREG(before.st_mode)) return -EINVAL;
  r = tenon_p_hash_file(fd, m->hash);
  if (r) return r;
  if (fstat(fd, &after)) return -errno;
  set_times(m, &after);
  m->is_young = is_young(m, limit);
  return has_times(m, &before) ? 0 : -EAGAIN;
}

/* Of a variable that a compiler has told to have read. */
static void read_variable(const char *name, tenon_p_mark *m)
{
  const char *value = tenon_p_env_get(NULL, name);
  tenon_p_hash h;

  m->is_absent = !value;
  if (!value) return;
  tenon_p_hash_init(&h);
  tenon_p_hash_add(&h, value, strlen(value));
  tenon_p_hash_end(&h, m->hash);
}

static bool has_variable(const tenon_p_mark *m)
{
  tenon_p_mark now = {0};

  read_variable(m->path + 1, &now);
  return now.is_absent == m->is_absent && strcmp(now.hash, m->hash) == 0;
}

static int open_file(const char *path)
{
  return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

void tenon_p_marks_release(tenon_p_marks *m)
{
  size_t i;

  for (i = 0; i < m->count; i++)
    free(m->list[i].path);
  free(m->list);
  *m = (tenon_p_marks)TENON_P_MARKS_INIT;
}

const tenon_p_mark *tenon_p_marks_find(const tenon_p_marks *m, const char *path)
{
  size_t i;

  for (i = 0; i < m->count; i++)
    if (strcmp(m->list[i].path, path) == 0) return &m->list[i];
  return NULL;
}

int tenon_p_marks_add(tenon_p_marks *m, const char *path)
{
  tenon_p_mark mark = {0};
  int fd, r;

  if (tenon_p_marks_find(m, path)) return 0;
  if (m->count == m->capacity) {
    size_t capacity = m->capacity ? m->capacity * 2 : 32;
    tenon_p_mark *list = tenon_p_realloc(m->list, capacity * sizeof *list);
    if (!list) return -ENOMEM;
    m->list = list;
    m->capacity = capacity;
  }
  fd = path[0] == '$' ? -1 : open_file(path);
  if (path[0] == '$') {
    read_variable(path + 1, &mark);
  } else if (fd < 0 && errno != ENOENT && errno != ENOTDIR) {
    return -errno;
  } else if (fd < 0) {
    mark.is_absent = true;
  } else {
    r = read_mark(fd, YOUNG_NS, &mark);
    close(fd);
    if (r) return r;
  }
  mark.path = tenon_p_strndup(path, strlen(path));
  if (!mark.path) return -ENOMEM;
  m->list[m->count++] = mark;
  return 0;
}

/* --- Is it fresh --------------------------------------------------------------------- */

/* Is the file what it was? `news` is set where the list should say so by newer
 * times. */
static bool is_same(tenon_p_mark *m, int fd, int64_t limit, bool *news)
{
  tenon_p_mark now = {.path = m->path};

  if (read_mark(fd, limit, &now) || strcmp(now.hash, m->hash) != 0)
    return false;
  if (!now.is_young) *news = true;
  *m = now;
  return true;
}

static bool is_unchanged(tenon_p_mark *m, bool *news)
{
  struct stat st;
  bool same;
  int fd;

  if (m->path[0] == '$') return has_variable(m);
  if (stat(m->path, &st))
    return m->is_absent && (errno == ENOENT || errno == ENOTDIR);
  if (m->is_absent || m->size != st.st_size) return false;
  if (!m->is_young && has_times(m, &st)) return true;
  fd = open_file(m->path);
  if (fd < 0) return false;
  same = is_same(m, fd, YOUNG_NS, news);
  close(fd);
  return same;
}

static bool has_object(tenon_p_cache *c, tenon_p_result *r, bool *news)
{
  tenon_p_mark *m = &r->object;
  struct stat st;
  bool same;
  int fd = tenon_p_folder_file(&c->folder, m->path, &st);

  if (fd < 0) return false;
  same = m->size == st.st_size;
  if (same && (m->is_young || !has_times(m, &st)))
    same = is_same(m, fd, YOUNG_OBJECT_NS, news);
  close(fd);
  return same;
}

static bool is_fresh(tenon_p_cache *c, tenon_p_result *r, bool *news)
{
  size_t i;

  for (i = 0; i < r->count; i++)
    if (!is_unchanged(&r->marks[i], news)) return false;
  return has_object(c, r, news);
}

/* --- Lists ---------------------------------------------------------------------------- */

/* 0, -ENOENT also when it is of no use, or -ENOMEM. */
static int read_list(tenon_p_cache *c, const char *name, const char *key,
                     tenon_p_manifest *out)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  int r = tenon_p_folder_read(&c->folder, name, MOST_LIST_BYTES, &t);
  size_t len = t.len;
  char *text;

  *out = (tenon_p_manifest){0};
  text = r ? NULL : tenon_p_text_take(&t);
  if (r == 0 && !text) r = -ENOMEM;
  if (r == 0) r = tenon_p_manifest_parse(text, len, key, out);
  tenon_p_text_release(&t);
  return r && r != -ENOMEM ? -ENOENT : r;
}

static int write_list(tenon_p_cache *c, const char *key, tenon_p_text *t)
{
  char name[NAME_SIZE], part[NAME_SIZE];
  int r;

  tenon_p_manifest_end(t);
  if (t->failed) return -ENOMEM;
  make_name(name, key, ".list");
  make_random_name(part, key, ".new-", "");
  r = tenon_p_folder_write(&c->folder, part, t->data, t->len);
  if (r == 0 && renameat(c->folder.fd, part, c->folder.fd, name)) {
    r = -errno;
    unlinkat(c->folder.fd, part, 0);
  }
  return r;
}

static void put_results(tenon_p_text *t, const tenon_p_manifest *m)
{
  size_t i;

  for (i = 0; i < m->count; i++)
    tenon_p_manifest_result(t, m->results[i].when, &m->results[i].object,
                            m->results[i].marks, m->results[i].count);
}

/* Files that were read again need not be the next time. Who builds writes the
 * list himself. */
static void write_news(tenon_p_cache *c, const char *key,
                       const tenon_p_manifest *m)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  tenon_p_cache_lock l;

  if (tenon_p_cache_lock_take(c, key, 0, NULL, &l)) return;
  tenon_p_manifest_begin(&t, key, m->source, m->flags);
  put_results(&t, m);
  write_list(c, key, &t);
  tenon_p_text_release(&t);
  tenon_p_cache_lock_leave(c, &l);
}

/* So that it is known to be in use. */
static void touch_daily(tenon_p_cache *c, const char *name)
{
  struct stat st;

  if (fstatat(c->folder.fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
      st.st_mtime + DAY < time(NULL))
    utimensat(c->folder.fd, name, NULL, AT_SYMLINK_NOFOLLOW);
}

static char *path_in(tenon_p_cache *c, const char *name)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_text_printf(&t, "%s/%s", c->folder.path, name);
  return tenon_p_text_take(&t);
}

int tenon_p_cache_look(tenon_p_cache *c, const char key[TENON_P_HEX],
                       char **path)
{
  char name[NAME_SIZE];
  tenon_p_manifest m;
  bool news = false;
  size_t i;
  int r;

  *path = NULL;
  make_name(name, key, ".list");
  r = read_list(c, name, key, &m);
  if (r) return r == -ENOMEM ? r : 1;
  for (i = 0; i < m.count; i++)
    if (is_fresh(c, &m.results[i], &news)) break;
  if (i < m.count) {
    *path = path_in(c, m.results[i].object.path);
    r = *path ? 0 : -ENOMEM;
    if (news)
      write_news(c, key, &m);
    else
      touch_daily(c, name);
  } else {
    r = 1;
  }
  tenon_p_manifest_release(&m);
  return r;
}

/* --- Locks ----------------------------------------------------------------------------- */

/* Is the open file still the one of this name? */
static bool is_linked(int in, const char *name, int fd)
{
  struct stat a, b;

  return fstat(fd, &a) == 0 &&
         fstatat(in, name, &b, AT_SYMLINK_NOFOLLOW) == 0 &&
         a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* 0; -EWOULDBLOCK: another has it. */
static int try_lock(tenon_p_cache *c, tenon_p_cache_lock *l)
{
  int r;

  for (;;) {
    l->fd = openat(c->folder.fd, l->name,
                   O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (l->fd < 0) return -errno;
    do {
      r = flock(l->fd, LOCK_EX | LOCK_NB) ? -errno : 0;
    } while (r == -EINTR);
    if (r == 0 && is_linked(c->folder.fd, l->name, l->fd)) return 0;
    close(l->fd);
    l->fd = -1;
    if (r) return r;
  }
}

int tenon_p_cache_lock_take(tenon_p_cache *c, const char key[TENON_P_HEX],
                            uint64_t most_ms, tenon_p_patience *w,
                            tenon_p_cache_lock *out)
{
  uint64_t end = tenon_p_patience_now() + most_ms, pause = 1;
  int r;

  out->fd = -1;
  make_name(out->name, key, ".lock");
  while ((r = try_lock(c, out)) == -EWOULDBLOCK) {
    if (tenon_p_patience_now() >= end) return -ETIMEDOUT;
    r = tenon_p_patience_sleep(w, pause);
    if (r) return r;
    if (pause < 16) pause *= 2;
  }
  return r;
}

/* It is removed while it is held: who waits for it sees that, and takes a new
 * one. */
void tenon_p_cache_lock_leave(tenon_p_cache *c, tenon_p_cache_lock *l)
{
  if (l->fd < 0) return;
  if (is_linked(c->folder.fd, l->name, l->fd))
    unlinkat(c->folder.fd, l->name, 0);
  close(l->fd);
  l->fd = -1;
}

/* --- Storing ---------------------------------------------------------------------------- */

/* Of the same files? */
static bool is_alike(const tenon_p_result *r, const tenon_p_marks *marks)
{
  size_t i;

  if (r->count != marks->count) return false;
  for (i = 0; i < r->count; i++)
    if (strcmp(r->marks[i].path, marks->list[i].path) != 0 ||
        r->marks[i].is_absent != marks->list[i].is_absent ||
        strcmp(r->marks[i].hash, marks->list[i].hash) != 0)
      return false;
  return true;
}

/* Leaves room for one more; whose object goes is removed behind it. */
static void drop_results(tenon_p_cache *c, tenon_p_manifest *m,
                         const tenon_p_marks *marks,
                         char gone[TENON_P_CACHE_RESULTS][NAME_SIZE])
{
  size_t i, kept = 0;

  for (i = 0; i < m->count; i++) {
    tenon_p_result *r = &m->results[i];
    bool news;
    if (kept < TENON_P_CACHE_RESULTS - 1 && !is_alike(r, marks) &&
        has_object(c, r, &news))
      m->results[kept++] = *r;
    else
      snprintf(gone[i], NAME_SIZE, "%s", r->object.path);
  }
  m->count = kept;
}

static int check_object(int fd)
{
  char problem[256];
  tenon_p_elf e;
  int r = tenon_p_elf_read_file(fd, &e, problem, sizeof problem);

  if (r == 0) tenon_p_elf_release(&e);
  return r == 0 ? 0 : r == -1 ? -EBADMSG : -ENOMEM;
}

static int move_object(tenon_p_cache *c, const char *object, const char *name,
                       tenon_p_mark *mark)
{
  int fd = open(object, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), r;

  if (fd < 0) return -errno;
  /* The linker has asked the umask. */
  r = fchmod(fd, 0700) ? -errno : check_object(fd);
  if (r == 0 && renameat(AT_FDCWD, object, c->folder.fd, name)) r = -errno;
  if (r == 0) {
    r = read_mark(fd, YOUNG_OBJECT_NS, mark);
    if (r) unlinkat(c->folder.fd, name, 0);
  }
  close(fd);
  return r;
}

static void tidy(tenon_p_cache *c);

int tenon_p_cache_store(tenon_p_cache *c, const char key[TENON_P_HEX],
                        const tenon_p_cache_about *about,
                        const tenon_p_marks *marks, const char *object,
                        char **path)
{
  char name[NAME_SIZE], gone[TENON_P_CACHE_RESULTS][NAME_SIZE] = {""};
  tenon_p_text t = TENON_P_TEXT_INIT;
  tenon_p_mark mark = {.path = name};
  tenon_p_manifest m;
  size_t i;
  int r;

  *path = NULL;
  make_name(name, key, ".list");
  r = read_list(c, name, key, &m);
  if (r == -ENOMEM) return r;
  drop_results(c, &m, marks, gone);
  make_random_name(name, key, "-", ".so");
  *path = path_in(c, name);
  r = *path ? move_object(c, object, name, &mark) : -ENOMEM;
  if (r == 0) {
    tenon_p_manifest_begin(&t, key, about->source, about->flags);
    tenon_p_manifest_result(&t, now_ns() / NS, &mark, marks->list,
                            marks->count);
    put_results(&t, &m);
    r = write_list(c, key, &t);
    /* Without being in the list it can be used this once. */
    if (r && renameat(c->folder.fd, name, AT_FDCWD, object))
      unlinkat(c->folder.fd, name, 0);
  }
  for (i = 0; r == 0 && i < TENON_P_CACHE_RESULTS; i++)
    if (gone[i][0]) unlinkat(c->folder.fd, gone[i], 0);
  tenon_p_text_release(&t);
  tenon_p_manifest_release(&m);
  if (r) {
    free(*path);
    *path = NULL;
  } else {
    tidy(c);
  }
  return r;
}

/* --- What is left ------------------------------------------------------------------------ */

typedef enum kind { OTHER, LIST, OBJECT, LOCK, PART, INCLUDE } kind;

static bool is_hex(const char *s, size_t n)
{
  return strspn(s, "0123456789abcdef") >= n;
}

static kind kind_of(const char *name)
{
  const char *behind = name + NAME_KEY;
  size_t n = strlen(name);

  if (strncmp(name, "include-", 8) == 0 && is_hex(name + 8, NAME_KEY))
    return INCLUDE;
  if (n <= NAME_KEY || !is_hex(name, NAME_KEY)) return OTHER;
  if (strcmp(behind, ".list") == 0) return LIST;
  if (strcmp(behind, ".lock") == 0) return LOCK;
  if (strncmp(behind, ".new-", 5) == 0) return PART;
  if (*behind == '-' && strcmp(name + n - 3, ".so") == 0) return OBJECT;
  return OTHER;
}

static DIR *open_entries(tenon_p_cache *c)
{
  int fd = openat(c->folder.fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = fd < 0 ? NULL : fdopendir(fd);

  if (!dir && fd >= 0) close(fd);
  return dir;
}

/* Is an object in the list of its key? */
static bool is_listed(tenon_p_cache *c, const char *object)
{
  char name[NAME_SIZE];
  tenon_p_manifest m;
  bool found = false;
  size_t i;
  int r;

  make_name(name, object, ".list");
  r = read_list(c, name, NULL, &m);
  if (r) return r == -ENOMEM;
  for (i = 0; i < m.count; i++)
    found |= strcmp(m.results[i].object.path, object) == 0;
  tenon_p_manifest_release(&m);
  return found;
}

/* Nobody is in the midst of it: what is a minute old and in no list was left by a
 * process that ended, or belongs to a key that nobody uses. */
static void tidy_entry(tenon_p_cache *c, const char *name, time_t now)
{
  kind k = kind_of(name);
  struct stat st;

  if (k != LIST && k != OBJECT && k != PART) return;
  if (fstatat(c->folder.fd, name, &st, AT_SYMLINK_NOFOLLOW)) return;
  if (k == LIST && st.st_mtime + (time_t)MOST_DAYS * DAY >= now) return;
  if (st.st_mtime + 60 >= now) return;
  if (k == OBJECT && is_listed(c, name)) return;
  unlinkat(c->folder.fd, name, 0);
}

/* Once a minute at most: a stamp says when. */
static bool is_tidy(tenon_p_cache *c, time_t now)
{
  struct stat st;
  int fd;

  if (fstatat(c->folder.fd, "tidy", &st, AT_SYMLINK_NOFOLLOW) == 0 &&
      st.st_mtime + 60 >= now && st.st_mtime <= now)
    return true;
  fd = openat(c->folder.fd, "tidy", O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
              0600);
  if (fd >= 0) {
    futimens(fd, NULL);
    close(fd);
  }
  return false;
}

static void tidy(tenon_p_cache *c)
{
  time_t now = time(NULL);
  struct dirent *e;
  DIR *dir;

  if (is_tidy(c, now)) return;
  tenon_p_folder_sweep(&c->folder, "work", false, false);
  dir = open_entries(c);
  if (!dir) return;
  while ((e = readdir(dir)))
    tidy_entry(c, e->d_name, now);
  closedir(dir);
}

/* --- For people ---------------------------------------------------------------------------- */

static int tell_list(tenon_p_cache *c, const char *name,
                     void (*tell)(void *, const tenon_p_cache_entry *),
                     void *data)
{
  tenon_p_manifest m;
  bool news = false;
  size_t i;
  int r = read_list(c, name, NULL, &m);

  if (r) return r == -ENOENT ? 0 : r;
  for (i = 0; i < m.count; i++) {
    tenon_p_result *result = &m.results[i];
    tenon_p_cache_entry e = {.source = m.source,
                             .flags = m.flags,
                             .object = result->object.path,
                             .size = (uint64_t)result->object.size,
                             .when = result->when};
    e.is_fresh = is_fresh(c, result, &news);
    tell(data, &e);
  }
  tenon_p_manifest_release(&m);
  return 0;
}

int tenon_p_cache_list(tenon_p_cache *c,
                       void (*tell)(void *data, const tenon_p_cache_entry *e),
                       void *data)
{
  DIR *dir = open_entries(c);
  struct dirent *e;
  int r = 0;

  if (!dir) return -errno;
  while (r == 0 && (e = readdir(dir)))
    if (kind_of(e->d_name) == LIST) r = tell_list(c, e->d_name, tell, data);
  closedir(dir);
  return r;
}

/* Is nobody just using it? */
static bool is_free(int in, const char *name)
{
  int fd = openat(in, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  bool free = fd >= 0 ? flock(fd, LOCK_EX | LOCK_NB) == 0 : errno == ENOENT;

  if (fd >= 0) close(fd);
  return free;
}

static int clear_entry(tenon_p_cache *c, const char *name, uint64_t *objects,
                       uint64_t *bytes)
{
  kind k = kind_of(name);
  char lock[sizeof "include-/.lock" + NAME_SIZE];
  int r;

  if (k == OTHER) return 0;
  if (k == LOCK && !is_free(c->folder.fd, name)) return 0;
  if (k == INCLUDE) {
    snprintf(lock, sizeof lock, "%.*s/.lock", NAME_SIZE, name);
    if (!is_free(c->folder.fd, lock)) return 0;
  }
  r = tenon_p_folder_remove(c->folder.fd, name, bytes);
  if (r == 0 && k == OBJECT) ++*objects;
  return r == -ENOENT ? 0 : r;
}

int tenon_p_cache_clear(tenon_p_cache *c, uint64_t *objects, uint64_t *bytes)
{
  DIR *dir = open_entries(c);
  struct dirent *e;
  int r = 0, one;

  *objects = *bytes = 0;
  if (!dir) return -errno;
  tenon_p_folder_sweep(&c->folder, "work", true, false);
  while ((e = readdir(dir))) {
    one = clear_entry(c, e->d_name, objects, bytes);
    if (one) r = one;
  }
  closedir(dir);
  return r;
}
