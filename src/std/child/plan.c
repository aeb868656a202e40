#include "std/child/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>
#include <unistd.h>

#include "base/alloc.h"
#include "engine/extension.h"

/* A copy of a text. */
struct tenon_p_note {
  struct tenon_p_note *next;
  char text[];
};
typedef struct tenon_p_note note;

/* What the JavaScript says in the place of a descriptor or a path. */
enum { IGNORE = -1, PIPE = -2, AS_STDOUT = -3 };

static void close_fd(int *fd)
{
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

void tenon_p_plan_release(tenon_p_plan *p)
{
  note *n;
  int i;

  while ((n = p->notes)) {
    p->notes = n->next;
    free(n);
  }
  free(p->start.paths);
  free(p->start.args);
  if (p->start.env != environ) free(p->start.env);
  for (i = 0; i < 3; i++) {
    close_fd(&p->ours[i]);
    close_fd(&p->theirs[i]);
  }
}

/* Room for a text, which lives as long as the plan; NULL, with an exception. */
static char *plan_note(tenon_p_plan *p, size_t size)
{
  note *n = tenon_p_malloc(sizeof *n + size);

  if (!n) {
    JS_ThrowOutOfMemory(p->ctx);
    return NULL;
  }
  n->next = p->notes;
  p->notes = n;
  return n->text;
}

/* A copy of a string; NULL, with an exception. */
static char *plan_text(tenon_p_plan *p, JSValueConst v)
{
  size_t size;
  char *text;

  if (!JS_IsString(v)) {
    JS_ThrowTypeError(p->ctx, "spawn: expected a string");
    return NULL;
  }
  if (tenon_p_string_utf8_size(p->ctx, v, &size)) return NULL;
  text = plan_note(p, size + 1);
  if (!text) return NULL;
  tenon_p_string_utf8_write(v, text);
  if (strlen(text) == size) return text;
  JS_ThrowTypeError(p->ctx, "spawn: a string with NUL");
  return NULL;
}

/* Behind `first`, if that is there, the strings of an array; NULL, with an
 * exception. */
static char **plan_list(tenon_p_plan *p, JSValueConst array, char *first)
{
  size_t count = 0, i;
  char **list;
  JSValue v;
  int64_t len;

  if (JS_GetLength(p->ctx, array, &len)) return NULL;
  if (len < 0 || len > INT32_MAX / (int64_t)sizeof *list) {
    JS_ThrowOutOfMemory(p->ctx);
    return NULL;
  }
  list = tenon_p_calloc(((size_t)len + 2) * sizeof *list);
  if (!list) {
    JS_ThrowOutOfMemory(p->ctx);
    return NULL;
  }
  if (first) list[count++] = first;
  for (i = 0; i < (size_t)len; i++) {
    v = JS_GetPropertyUint32(p->ctx, array, (uint32_t)i);
    list[count] = JS_IsException(v) ? NULL : plan_text(p, v);
    JS_FreeValue(p->ctx, v);
    if (!list[count++]) {
      free(list);
      return NULL;
    }
  }
  return list;
}

/* The PATH that the child is going to have. */
static const char *search_path(const tenon_p_plan *p)
{
  char **at;

  for (at = p->start.env; *at; at++)
    if (strncmp(*at, "PATH=", 5) == 0) return *at + 5;
  return "/usr/local/bin:/usr/bin:/bin";
}

/* Where the program may be. 0, or -1 with an exception. */
static int plan_paths(tenon_p_plan *p, char *file)
{
  const char *path = strchr(file, '/') ? NULL : search_path(p), *at = path;
  size_t count = 1, len, i;

  for (; at && *at; at++)
    count += *at == ':';
  p->start.paths = tenon_p_calloc((count + 1) * sizeof *p->start.paths);
  if (!p->start.paths) {
    JS_ThrowOutOfMemory(p->ctx);
    return -1;
  }
  p->start.paths[0] = file;
  for (i = 0; path && i < count; i++, path += len + 1) {
    char *candidate;
    len = strcspn(path, ":");
    candidate = plan_note(p, len + strlen(file) + 2);
    if (!candidate) return -1;
    memcpy(candidate, path, len);
    /* An empty one is the working directory. */
    if (len) candidate[len] = '/';
    strcpy(candidate + len + (len > 0), file);
    p->start.paths[i] = candidate;
  }
  return 0;
}

static int take_fd(int fd)
{
  return tenon_p_above_stdio(fd < 0 ? -errno : fd);
}

/* What is a file to the child: a descriptor, or a negative errno. */
static int open_file(const char *path, int mode)
{
  static const int flags[] = {O_RDONLY, O_WRONLY | O_CREAT | O_TRUNC,
                              O_WRONLY | O_CREAT | O_APPEND};
  int fd;

  do {
    fd = open(path, flags[mode] | O_CLOEXEC | O_NOCTTY, 0666);
  } while (fd < 0 && errno == EINTR);
  return take_fd(fd);
}

/* A pipe whose end number `theirs` (0 reads, 1 writes) is the child's: 0, or a
 * negative errno. */
static int open_pipe(tenon_p_plan *p, int i, int theirs)
{
  int ends[2];

  if (pipe2(ends, O_CLOEXEC)) return -errno;
  p->theirs[i] = take_fd(ends[theirs]);
  p->ours[i] = take_fd(ends[!theirs]);
  if (p->theirs[i] < 0) return p->theirs[i];
  return p->ours[i] < 0 ? p->ours[i] : 0;
}

JSValue tenon_p_plan_throw_system(tenon_p_plan *p, int error,
                                  const char *syscall, const char *path)
{
  JSValue e = tenon_p_child_error(p->ctx, error, syscall, path, NULL);

  return JS_IsException(e) ? e : JS_Throw(p->ctx, e);
}

JSValue tenon_p_plan_throw(tenon_p_plan *p, int error)
{
  char *syscall = plan_note(p, strlen(p->file) + sizeof "spawn ");
  JSValue e;

  if (!syscall) return JS_EXCEPTION;
  strcpy(stpcpy(syscall, "spawn "), p->file);
  e = tenon_p_child_error(p->ctx, error, syscall, p->file, "%s %s", syscall,
                          tenon_error_name(error));
  return JS_IsException(e) ? e : JS_Throw(p->ctx, e);
}

/* 0, or -1 with an exception. */
static int plan_stdio(tenon_p_plan *p, int i, JSValueConst what,
                      JSValueConst how)
{
  int32_t number = 0, mode = 0;
  const char *path = NULL;
  int fd;

  if (JS_IsString(what)) {
    path = plan_text(p, what);
    if (!path || JS_ToInt32(p->ctx, &mode, how)) return -1;
    if (mode < 0 || mode > 2) mode = 0;
  } else if (JS_ToInt32(p->ctx, &number, what)) {
    return -1;
  }
  if (path || number == IGNORE) {
    fd = path ? open_file(path, mode) : open_file("/dev/null", i ? 2 : 0);
    if (fd < 0) {
      tenon_p_plan_throw_system(p, fd, "open", path ? path : "/dev/null");
      return -1;
    }
    p->start.fds[i] = p->theirs[i] = fd;
  } else if (number == PIPE) {
    fd = open_pipe(p, i, i != 0);
    if (fd < 0) {
      tenon_p_plan_throw(p, fd);
      return -1;
    }
    p->start.fds[i] = p->theirs[i];
  } else {
    p->start.fds[i] = number == AS_STDOUT ? p->start.fds[1] : number;
    /* One of the first three may be written over before it is copied. */
    if (p->start.fds[i] != i && p->start.fds[i] < 3) {
      fd = fcntl(p->start.fds[i], F_DUPFD_CLOEXEC, 3);
      if (fd < 0) {
        tenon_p_plan_throw(p, -errno);
        return -1;
      }
      p->start.fds[i] = p->theirs[i] = fd;
    }
  }
  return 0;
}

static int plan_user(tenon_p_plan *p, JSValueConst uid, JSValueConst gid)
{
  int64_t n;

  if (!JS_IsUndefined(uid)) {
    if (JS_ToInt64(p->ctx, &n, uid)) return -1;
    p->start.uid = (uid_t)n;
    p->start.has_uid = true;
  }
  if (!JS_IsUndefined(gid)) {
    if (JS_ToInt64(p->ctx, &n, gid)) return -1;
    p->start.gid = (gid_t)n;
    p->start.has_gid = true;
  }
  return 0;
}

int tenon_p_plan_init(tenon_p_plan *p, JSContext *ctx, JSValueConst *argv)
{
  char *file, *argv0;
  int32_t flags;
  int i;

  *p = (tenon_p_plan){.ctx = ctx, .ours = {-1, -1, -1}, .theirs = {-1, -1, -1}};
  file = plan_text(p, argv[TENON_P_ARG_FILE]);
  if (!file) return -1;
  p->file = argv0 = file;
  if (!JS_IsUndefined(argv[TENON_P_ARG_ARGV0]) &&
      !(argv0 = plan_text(p, argv[TENON_P_ARG_ARGV0])))
    return -1;
  p->start.args = plan_list(p, argv[TENON_P_ARG_ARGS], argv0);
  if (!p->start.args) return -1;
  p->start.env = environ;
  if (!JS_IsUndefined(argv[TENON_P_ARG_ENV]) &&
      !(p->start.env = plan_list(p, argv[TENON_P_ARG_ENV], NULL)))
    return -1;
  if (!JS_IsUndefined(argv[TENON_P_ARG_CWD]) &&
      !(p->start.cwd = plan_text(p, argv[TENON_P_ARG_CWD])))
    return -1;
  if (JS_ToInt32(ctx, &flags, argv[TENON_P_ARG_FLAGS])) return -1;
  p->start.has_group = (flags & (TENON_P_HAS_GROUP | TENON_P_IS_DETACHED)) != 0;
  p->start.has_session = p->is_detached = (flags & TENON_P_IS_DETACHED) != 0;
  if (plan_user(p, argv[TENON_P_ARG_UID], argv[TENON_P_ARG_GID])) return -1;
  if (plan_paths(p, file)) return -1;
  for (i = 0; i < 3; i++)
    if (plan_stdio(p, i, argv[TENON_P_ARG_STDIO + 2 * i],
                   argv[TENON_P_ARG_STDIO + 2 * i + 1]))
      return -1;
  return 0;
}
