/*
 * The native part of child.js, which is the module tenon:process: child
 * processes and their objects.
 *
 * When a runtime ends, or the realm that began a child does, the child is
 * killed, but for one that is detached. None is left to be a zombie: what does
 * not end at once is waited for by a thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <tenon/error.h>
#include <tenon/realm.h>
#include <unistd.h>

#include "base/alloc.h"
#include "bind/failure.h"
#include "module/module.h"
#include "std/child/child.h"
#include "std/std.h"

typedef struct child {
  tenon_p_thing thing; /* first */
  uv_timer_t timer;    /* until it is stopped, and then until it is killed */
  uint64_t grace_ms;
  pid_t pid;
  bool has_group, is_detached;
  bool is_stopping, is_timed_out;
} child;

static void children_close(tenon_p_engine *e, void *state);
static void children_free(tenon_p_engine *e, void *state);
static void children_close_realm(tenon_p_engine *e, void *state,
                                 tenon_p_realm *r);

static const tenon_p_state_type children_type = {.name = "children",
                                                 .close = children_close,
                                                 .free = children_free,
                                                 .close_realm =
                                                     children_close_realm};

tenon_p_children *tenon_p_children_of(JSContext *ctx)
{
  return tenon_p_engine_get(tenon_p_engine_of(ctx), &children_type);
}

/* --- Errors ------------------------------------------------------------------ */

JSValue tenon_p_child_error(JSContext *ctx, int error, const char *syscall,
                            const char *path, const char *format, ...)
{
  tenon_failure given = {.size = sizeof given,
                         .error_class = TENON_ERROR,
                         .error = error,
                         .syscall = syscall,
                         .path = path};
  tenon_p_failure *f;
  JSValue v;
  va_list ap;

  va_start(ap, format);
  f = tenon_p_failure_new(&given, format, ap);
  va_end(ap);
  v = tenon_p_failure_error(ctx, f);
  tenon_p_failure_free(f);
  return v;
}

static JSValue throw_error(JSContext *ctx, JSValue error)
{
  return JS_IsException(error) ? error : JS_Throw(ctx, error);
}

/* --- Objects ----------------------------------------------------------------- */

void tenon_p_thing_unref(tenon_p_thing *t)
{
  if (--t->refs == 0) tenon_p_heap_free(&t->owner->engine->heap, t);
}

static void ask_forgotten(tenon_p_thing *t)
{
  if (t->is_open && t->kind->forgotten) t->kind->forgotten(t);
}

static void thing_finalizer(JSRuntime *rt, JSValueConst v)
{
  JSClassID id;
  tenon_p_thing *t = JS_GetAnyOpaque(v, &id);

  (void)rt;
  if (!t) return;
  t->has_object = false;
  if (tenon_p_list_is_empty(&t->requests)) ask_forgotten(t);
  tenon_p_thing_unref(t);
}

/* 0, or -1 with an exception. */
static int register_class(JSContext *ctx, tenon_p_children *c)
{
  static const JSClassDef class = {"Handle", .finalizer = thing_finalizer};
  JSRuntime *rt = JS_GetRuntime(ctx);

  if (c->is_registered) return 0;
  if (JS_NewClass(rt, JS_NewClassID(rt, &c->number), &class)) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  c->is_registered = true;
  return 0;
}

tenon_p_thing *tenon_p_thing_of(JSContext *ctx, JSValueConst v,
                                const tenon_p_thing_kind *kind)
{
  tenon_p_thing *t = JS_GetOpaque(v, tenon_p_children_of(ctx)->number);

  if (t && t->kind == kind) return t;
  JS_ThrowTypeError(ctx, "expected a %s", kind->operation.one);
  return NULL;
}

JSValue tenon_p_thing_new(JSContext *ctx, const tenon_p_thing_kind *kind,
                          tenon_p_thing **out)
{
  tenon_p_children *c = tenon_p_children_of(ctx);
  tenon_p_thing *t = NULL;
  JSValue v;

  *out = NULL;
  if (tenon_p_operation_admit(ctx, &kind->operation, "spawn"))
    return JS_EXCEPTION;
  v = JS_NewObjectProtoClass(ctx, JS_NULL, c->number);
  if (JS_IsException(v)) return v;
  if (tenon_p_engine_admits(c->engine, kind->size))
    t = tenon_p_heap_alloc(&c->engine->heap, kind->size);
  if (!t) {
    JS_FreeValue(ctx, v);
    return JS_ThrowOutOfMemory(ctx);
  }
  tenon_p_list_init(&t->ready.link);
  tenon_p_list_init(&t->link);
  tenon_p_list_init(&t->requests);
  tenon_p_operation_init(&t->operation);
  t->ready.run = kind->run;
  t->owner = c;
  t->kind = kind;
  t->realm = tenon_p_realm_of(ctx);
  t->fd = -1;
  t->refs = 1;
  t->has_object = true;
  JS_SetOpaque(v, t);
  tenon_p_operation_begin(tenon_p_loop_of(c->engine), &t->operation,
                          &kind->operation);
  *out = t;
  return v;
}

/* --- Handles ----------------------------------------------------------------- */

static void on_closed(uv_handle_t *handle)
{
  tenon_p_thing_unref((tenon_p_thing *)handle);
}

static void on_event(uv_poll_t *poll, int status, int events)
{
  tenon_p_thing *t = (tenon_p_thing *)poll;
  tenon_p_loop *l = tenon_p_loop_of(t->owner->engine);

  (void)events;
  /* A pipe whose other end is closed; reading or writing tells more. */
  if (status) t->events = 0;
  if (!tenon_p_list_is_empty(&t->requests)) {
    tenon_p_loop_make_ready(l, &t->ready);
    tenon_p_loop_dispatch(l);
  } else if (t->has_object) {
    tenon_p_thing_watch(t, 0);
  } else {
    ask_forgotten(t);
  }
}

int tenon_p_thing_open(tenon_p_thing *t, int fd)
{
  int r = uv_poll_init(tenon_p_loop_of(t->owner->engine)->uv, &t->poll, fd);

  if (r) {
    close(fd);
    return r;
  }
  t->refs++;
  t->fd = fd;
  t->is_open = true;
  tenon_p_list_append(&t->owner->open, &t->link);
  return 0;
}

void tenon_p_thing_watch(tenon_p_thing *t, int events)
{
  if (t->events == events) return;
  t->events = events;
  if (events)
    uv_poll_start(&t->poll, events, on_event);
  else
    uv_poll_stop(&t->poll);
}

void tenon_p_thing_close(tenon_p_thing *t)
{
  tenon_p_operation_end(&t->operation);
  if (!t->is_open) return;
  t->is_open = false;
  if (t->kind->close) t->kind->close(t);
  tenon_p_list_remove(&t->link);
  tenon_p_list_remove(&t->ready.link);
  while (!tenon_p_list_is_empty(&t->requests))
    tenon_p_request_free(
        t, tenon_p_container(t->requests.next, tenon_p_request, link));
  t->events = 0;
  uv_close((uv_handle_t *)&t->poll, on_closed);
  close(t->fd);
  t->fd = -1;
}

/* --- Promises ---------------------------------------------------------------- */

JSValue tenon_p_request_new(JSContext *ctx, tenon_p_thing *t, size_t size,
                            tenon_p_request **out)
{
  tenon_p_engine *e = t->owner->engine;
  tenon_p_request *r = NULL;
  JSValue promise;

  *out = NULL;
  if (tenon_p_engine_admits(e, sizeof *r + size))
    r = tenon_p_heap_alloc(&e->heap, sizeof *r + size);
  if (!r) return JS_ThrowOutOfMemory(ctx);
  promise = JS_NewPromiseCapability(ctx, r->settle);
  if (JS_IsException(promise)) {
    tenon_p_heap_free(&e->heap, r);
    return promise;
  }
  r->ctx = JS_DupContext(ctx);
  tenon_p_list_append(&t->requests, &r->link);
  *out = r;
  return promise;
}

void tenon_p_request_free(tenon_p_thing *t, tenon_p_request *r)
{
  tenon_p_list_remove(&r->link);
  JS_FreeValue(r->ctx, r->settle[0]);
  JS_FreeValue(r->ctx, r->settle[1]);
  JS_FreeContext(r->ctx);
  tenon_p_heap_free(&t->owner->engine->heap, r);
}

void tenon_p_request_settle(tenon_p_thing *t, tenon_p_request *r, JSValue v,
                            bool is_rejected)
{
  JSContext *ctx = r->ctx;
  tenon_p_realm *realm = tenon_p_realm_of(ctx);
  JSValue result;

  /* The scripts that it runs may close the thing, and all that is in it. */
  tenon_p_list_remove(&r->link);
  t->refs++;
  if (realm) realm->busy++;
  result =
      JS_Call(ctx, r->settle[is_rejected], JS_UNDEFINED, 1, (JSValueConst *)&v);
  if (JS_IsException(result)) tenon_p_realm_take_exception(ctx);
  if (realm) realm->busy--;
  JS_FreeValue(ctx, result);
  JS_FreeValue(ctx, v);
  tenon_p_request_free(t, r);
  tenon_p_thing_unref(t);
}

void tenon_p_request_fail_all(tenon_p_thing *t, int error, const char *syscall)
{
  while (!tenon_p_list_is_empty(&t->requests)) {
    tenon_p_request *r =
        tenon_p_container(t->requests.next, tenon_p_request, link);
    JSValue v = tenon_p_child_error(r->ctx, error, syscall, NULL, NULL);
    if (JS_IsException(v)) v = JS_GetException(r->ctx);
    tenon_p_request_settle(t, r, v, true);
  }
}

/* --- A child ----------------------------------------------------------------- */

/* 0, or a negative errno. One that has ended and is not reaped takes it, too. */
static int send_signal(const child *c, int number)
{
  int r = c->has_group ? kill(-c->pid, number)
                       : (int)syscall(SYS_pidfd_send_signal, c->thing.fd,
                                      number, NULL, 0);

  return r ? -errno : 0;
}

static void on_timer(uv_timer_t *timer);

static void start_timer(child *c, uint64_t ms)
{
  uv_update_time(c->timer.loop);
  uv_timer_start(&c->timer, on_timer, ms, 0);
}

/* First it is asked to end, and killed when it does not. */
static void stop(child *c)
{
  if (c->is_stopping) return;
  c->is_stopping = true;
  send_signal(c, SIGTERM);
  start_timer(c, c->grace_ms);
}

static void on_timer(uv_timer_t *timer)
{
  child *c = tenon_p_container(timer, child, timer);

  if (c->is_stopping) {
    send_signal(c, SIGKILL);
  } else {
    c->is_timed_out = true;
    stop(c);
  }
}

static JSValue status_of(JSContext *ctx, const tenon_p_ending *ending)
{
  JSValue v = JS_NewObject(ctx), code = JS_NULL, signal = JS_NULL;
  char name[16];

  if (JS_IsException(v)) return v;
  if (ending->signal)
    signal = JS_NewString(ctx, tenon_p_signal_name(ending->signal, name));
  else
    code = JS_NewInt32(ctx, ending->code);
  if (!JS_IsException(signal) &&
      JS_DefinePropertyValueStr(ctx, v, "code", code, JS_PROP_C_W_E) >= 0 &&
      JS_DefinePropertyValueStr(ctx, v, "signal", signal, JS_PROP_C_W_E) >= 0)
    return v;
  JS_FreeValue(ctx, v);
  return JS_EXCEPTION;
}

/* It has ended, as its descriptor says. */
static void child_run(tenon_p_loop *l, tenon_p_ready *ready)
{
  child *c = tenon_p_container(ready, child, thing.ready);
  tenon_p_thing *t = &c->thing;
  tenon_p_request *r =
      tenon_p_container(t->requests.next, tenon_p_request, link);
  tenon_p_ending ending;
  int ended;
  JSValue v;

  (void)l;
  /* What is left of its group; once it is reaped the number may be another's. */
  if (c->is_stopping && c->has_group) kill(-c->pid, SIGKILL);
  ended = tenon_p_reap(t->fd, &ending);
  if (ended == 0) {
    tenon_p_thing_watch(t, UV_READABLE);
    return;
  }
  tenon_p_list_remove(&r->link);
  tenon_p_thing_close(t);
  v = ended > 0 ? status_of(r->ctx, &ending)
                : tenon_p_child_error(r->ctx, ended, "waitid", NULL, NULL);
  if (JS_IsException(v)) {
    ended = -1;
    v = JS_GetException(r->ctx);
  }
  tenon_p_request_settle(t, r, v, ended < 0);
}

static void on_timer_closed(uv_handle_t *handle)
{
  child *c = tenon_p_container((uv_timer_t *)handle, child, timer);

  tenon_p_thing_unref(&c->thing);
}

static void child_close(tenon_p_thing *t)
{
  uv_close((uv_handle_t *)&((child *)t)->timer, on_timer_closed);
}

static const tenon_p_thing_kind child_kind = {
    .operation = {.one = "child process",
                  .many = "child processes",
                  .is_handle = true},
    .size = sizeof(child),
    .run = child_run,
    .close = child_close};

/* --- What a script says of a child --------------------------------------------- */

/* A copy of a text. */
typedef struct note {
  struct note *next;
  char text[];
} note;

enum { IGNORE = -1, PIPE = -2, AS_STDOUT = -3 };

typedef struct plan {
  JSContext *ctx;
  tenon_p_start start;
  note *notes;
  const char *file;
  int ours[3], theirs[3]; /* -1: none; closed with the plan */
  bool is_detached;
} plan;

static void close_fd(int *fd)
{
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

static void plan_release(plan *p)
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
static char *plan_note(plan *p, size_t size)
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
static char *plan_text(plan *p, JSValueConst v)
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
static char **plan_list(plan *p, JSValueConst array, char *first)
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
static const char *search_path(const plan *p)
{
  char **at;

  for (at = p->start.env; *at; at++)
    if (strncmp(*at, "PATH=", 5) == 0) return *at + 5;
  return "/usr/local/bin:/usr/bin:/bin";
}

/* Where the program may be. 0, or -1 with an exception. */
static int plan_paths(plan *p, char *file)
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
static int open_pipe(plan *p, int i, int theirs)
{
  int ends[2];

  if (pipe2(ends, O_CLOEXEC)) return -errno;
  p->theirs[i] = take_fd(ends[theirs]);
  p->ours[i] = take_fd(ends[!theirs]);
  if (p->theirs[i] < 0) return p->theirs[i];
  return p->ours[i] < 0 ? p->ours[i] : 0;
}

static JSValue throw_system(plan *p, int error, const char *syscall,
                            const char *path)
{
  return throw_error(p->ctx,
                     tenon_p_child_error(p->ctx, error, syscall, path, NULL));
}

/* As node words it. */
static JSValue throw_spawn(plan *p, int error)
{
  size_t size = strlen(p->file) + sizeof "spawn ";
  char *syscall = plan_note(p, size);

  if (!syscall) return JS_EXCEPTION;
  strcpy(stpcpy(syscall, "spawn "), p->file);
  return throw_error(p->ctx, tenon_p_child_error(p->ctx, error, syscall,
                                                 p->file, "%s %s", syscall,
                                                 tenon_error_name(error)));
}

/* 0, or -1 with an exception. */
static int plan_stdio(plan *p, int i, JSValueConst what, JSValueConst how)
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
      throw_system(p, fd, "open", path ? path : "/dev/null");
      return -1;
    }
    p->start.fds[i] = p->theirs[i] = fd;
  } else if (number == PIPE) {
    fd = open_pipe(p, i, i != 0);
    if (fd < 0) {
      throw_spawn(p, fd);
      return -1;
    }
    p->start.fds[i] = p->theirs[i];
  } else {
    p->start.fds[i] = number == AS_STDOUT ? p->start.fds[1] : number;
    /* One of the first three may be written over before it is copied. */
    if (p->start.fds[i] != i && p->start.fds[i] < 3) {
      fd = fcntl(p->start.fds[i], F_DUPFD_CLOEXEC, 3);
      if (fd < 0) {
        throw_spawn(p, -errno);
        return -1;
      }
      p->start.fds[i] = p->theirs[i] = fd;
    }
  }
  return 0;
}

enum { HAS_GROUP = 1, IS_DETACHED = 2 };

static int plan_user(plan *p, JSValueConst uid, JSValueConst gid)
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

enum {
  ARG_FILE,
  ARG_ARGS,
  ARG_ENV,
  ARG_CWD,
  ARG_ARGV0,
  ARG_FLAGS,
  ARG_UID,
  ARG_GID,
  ARG_STDIO, /* what it is and how it is opened, of each */
  ARG_COUNT = ARG_STDIO + 6
};

/* 0, or -1 with an exception. */
static int plan_init(plan *p, JSContext *ctx, JSValueConst *argv)
{
  char *file, *argv0;
  int32_t flags;
  int i;

  *p = (plan){.ctx = ctx, .ours = {-1, -1, -1}, .theirs = {-1, -1, -1}};
  file = plan_text(p, argv[ARG_FILE]);
  if (!file) return -1;
  p->file = argv0 = file;
  if (!JS_IsUndefined(argv[ARG_ARGV0]) &&
      !(argv0 = plan_text(p, argv[ARG_ARGV0])))
    return -1;
  p->start.args = plan_list(p, argv[ARG_ARGS], argv0);
  if (!p->start.args) return -1;
  p->start.env = environ;
  if (!JS_IsUndefined(argv[ARG_ENV]) &&
      !(p->start.env = plan_list(p, argv[ARG_ENV], NULL)))
    return -1;
  if (!JS_IsUndefined(argv[ARG_CWD]) &&
      !(p->start.cwd = plan_text(p, argv[ARG_CWD])))
    return -1;
  if (JS_ToInt32(ctx, &flags, argv[ARG_FLAGS])) return -1;
  p->start.has_group = (flags & (HAS_GROUP | IS_DETACHED)) != 0;
  p->start.has_session = p->is_detached = (flags & IS_DETACHED) != 0;
  if (plan_user(p, argv[ARG_UID], argv[ARG_GID])) return -1;
  if (plan_paths(p, file)) return -1;
  for (i = 0; i < 3; i++)
    if (plan_stdio(p, i, argv[ARG_STDIO + 2 * i], argv[ARG_STDIO + 2 * i + 1]))
      return -1;
  return 0;
}

/* --- Starting one --------------------------------------------------------------- */

enum { OF_CHILD, OF_STDIN, OF_STDOUT, OF_STDERR, OF_STATUS, PARTS };

/* The objects: all that may want memory of the engine is there before there is
 * a process. 0, or -1 with an exception. */
static int make_parts(plan *p, JSValue *parts, tenon_p_thing **things,
                      tenon_p_request **status)
{
  int i, r;

  parts[OF_CHILD] = tenon_p_thing_new(p->ctx, &child_kind, &things[OF_CHILD]);
  if (JS_IsException(parts[OF_CHILD])) return -1;
  for (i = 0; i < 3; i++) {
    tenon_p_thing **t = &things[OF_STDIN + i];
    if (p->ours[i] < 0) continue;
    parts[OF_STDIN + i] = tenon_p_thing_new(
        p->ctx, i ? &tenon_p_reader_kind : &tenon_p_writer_kind, t);
    if (JS_IsException(parts[OF_STDIN + i])) return -1;
    r = tenon_p_thing_open(*t, p->ours[i]);
    p->ours[i] = -1;
    if (r) {
      throw_spawn(p, r);
      return -1;
    }
  }
  parts[OF_STATUS] = tenon_p_request_new(p->ctx, things[OF_CHILD], 0, status);
  if (JS_IsException(parts[OF_STATUS])) return -1;
  JS_PromiseMarkAsHandled(p->ctx, parts[OF_STATUS]);
  return 0;
}

static JSValue throw_start(plan *p, int error)
{
  switch (p->start.step) {
  case TENON_P_START_CHDIR:
    return throw_system(p, error, "chdir", p->start.cwd);
  case TENON_P_START_USER: return throw_system(p, error, "setuid", NULL);
  case TENON_P_START_GROUP: return throw_system(p, error, "setpgid", NULL);
  default: return throw_spawn(p, error);
  }
}

/* 0, or -1 with an exception. */
static int start(plan *p, child *c)
{
  int fd, r = tenon_p_start_process(&p->start, &c->pid, &fd);

  if (r) {
    throw_start(p, r);
    return -1;
  }
  c->has_group = p->start.has_group;
  c->is_detached = p->is_detached;
  r = tenon_p_thing_open(&c->thing, fd);
  if (r) {
    /* Nobody would be told of it. */
    kill(c->has_group ? -c->pid : c->pid, SIGKILL);
    tenon_p_reap_later(c->pid);
    throw_spawn(p, r);
    return -1;
  }
  uv_timer_init(c->thing.poll.loop, &c->timer);
  uv_unref((uv_handle_t *)&c->timer);
  c->thing.refs++;
  tenon_p_thing_watch(&c->thing, UV_READABLE);
  return 0;
}

/* spawn(...): [child, stdin, stdout, stderr, status] */
static JSValue child_spawn(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  const tenon_p_realm *realm = tenon_p_realm_of(ctx);
  JSValue parts[PARTS] = {JS_UNDEFINED, JS_UNDEFINED, JS_UNDEFINED,
                          JS_UNDEFINED, JS_UNDEFINED};
  JSValue held[PARTS];
  tenon_p_thing *things[PARTS] = {NULL};
  tenon_p_request *status = NULL;
  JSValue result = JS_EXCEPTION;
  plan p;
  int i;

  (void)this_value;
  if (argc < ARG_COUNT) return JS_ThrowTypeError(ctx, "spawn: arguments");
  if (realm && realm->is_closed)
    return throw_error(ctx, tenon_p_child_error(ctx, 0, NULL, NULL,
                                                "spawn: its realm was freed"));
  if (plan_init(&p, ctx, argv) == 0 &&
      make_parts(&p, parts, things, &status) == 0) {
    /* Consumes the parts. */
    for (i = 0; i < PARTS; i++)
      held[i] = JS_DupValue(ctx, parts[i]);
    result = JS_NewArrayFrom(ctx, PARTS, held);
    if (!JS_IsException(result) && start(&p, (child *)things[OF_CHILD])) {
      JS_FreeValue(ctx, result);
      result = JS_EXCEPTION;
    }
  }
  if (JS_IsException(result)) {
    if (status) tenon_p_request_free(things[OF_CHILD], status);
    for (i = 0; i < PARTS; i++)
      if (things[i]) tenon_p_thing_close(things[i]);
  }
  plan_release(&p);
  for (i = 0; i < PARTS; i++)
    JS_FreeValue(ctx, parts[i]);
  return result;
}

/* --- Its functions --------------------------------------------------------------- */

static child *child_of(JSContext *ctx, int argc, JSValueConst *argv)
{
  return (child *)tenon_p_thing_of(ctx, argc > 0 ? argv[0] : JS_UNDEFINED,
                                   &child_kind);
}

static JSValue child_pid(JSContext *ctx, JSValueConst this_value, int argc,
                         JSValueConst *argv)
{
  const child *c = child_of(ctx, argc, argv);

  (void)this_value;
  return c ? JS_NewInt32(ctx, c->pid) : JS_EXCEPTION;
}

/* signal(name): its number; 0: there is none */
static JSValue child_signal(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  const char *name;
  int number;

  (void)this_value;
  if (argc < 1 || !JS_IsString(argv[0])) return JS_NewInt32(ctx, 0);
  name = JS_ToCString(ctx, argv[0]);
  if (!name) return JS_EXCEPTION;
  number = tenon_p_signal_number(name);
  JS_FreeCString(ctx, name);
  return JS_NewInt32(ctx, number);
}

/* kill(child, number): false when it has ended */
static JSValue child_kill(JSContext *ctx, JSValueConst this_value, int argc,
                          JSValueConst *argv)
{
  child *c = child_of(ctx, argc, argv);
  int32_t number;
  int r;

  (void)this_value;
  if (!c || argc < 2 || JS_ToInt32(ctx, &number, argv[1])) return JS_EXCEPTION;
  if (!c->thing.is_open) return JS_FALSE;
  r = send_signal(c, number);
  if (r == 0 || r == -ESRCH) return JS_NewBool(ctx, r == 0);
  return throw_error(ctx, tenon_p_child_error(ctx, r, "kill", NULL, NULL));
}

static int to_ms(JSContext *ctx, JSValueConst v, uint64_t *out)
{
  double n;

  if (JS_ToFloat64(ctx, &n, v)) return -1;
  *out = n > 0 && n < 1e15 ? (uint64_t)n : 0;
  return 0;
}

/* limit(child, timeout in milliseconds or 0, grace) */
static JSValue child_limit(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  child *c = child_of(ctx, argc, argv);
  uint64_t timeout_ms;

  (void)this_value;
  if (!c || argc < 3 || to_ms(ctx, argv[1], &timeout_ms) ||
      to_ms(ctx, argv[2], &c->grace_ms))
    return JS_EXCEPTION;
  if (c->thing.is_open && timeout_ms) start_timer(c, timeout_ms);
  return JS_UNDEFINED;
}

/* stop(child): as its timeout does */
static JSValue child_stop(JSContext *ctx, JSValueConst this_value, int argc,
                          JSValueConst *argv)
{
  child *c = child_of(ctx, argc, argv);

  (void)this_value;
  if (!c) return JS_EXCEPTION;
  if (c->thing.is_open) stop(c);
  return JS_UNDEFINED;
}

static JSValue child_is_timed_out(JSContext *ctx, JSValueConst this_value,
                                  int argc, JSValueConst *argv)
{
  const child *c = child_of(ctx, argc, argv);

  (void)this_value;
  return c ? JS_NewBool(ctx, c->is_timed_out) : JS_EXCEPTION;
}

/* setRef(handle of any kind, on): does it keep the program running? */
static JSValue child_set_ref(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv)
{
  tenon_p_thing *t =
      argc < 2 ? NULL : JS_GetOpaque(argv[0], tenon_p_children_of(ctx)->number);

  (void)this_value;
  if (!t) return JS_ThrowTypeError(ctx, "setRef: expected a handle");
  if (!t->is_open) return JS_UNDEFINED;
  if (JS_ToBool(ctx, argv[1]))
    uv_ref((uv_handle_t *)&t->poll);
  else
    uv_unref((uv_handle_t *)&t->poll);
  return JS_UNDEFINED;
}

/* report(error): as one that nobody caught */
static JSValue child_report(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  (void)this_value;
  tenon_p_realm_add_uncaught(ctx, argc > 0 ? JS_DupValue(ctx, argv[0])
                                           : JS_UNDEFINED);
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("spawn", 0, child_spawn),
    JS_CFUNC_DEF("pid", 1, child_pid),
    JS_CFUNC_DEF("signal", 1, child_signal),
    JS_CFUNC_DEF("kill", 2, child_kill),
    JS_CFUNC_DEF("limit", 3, child_limit),
    JS_CFUNC_DEF("stop", 1, child_stop),
    JS_CFUNC_DEF("isTimedOut", 1, child_is_timed_out),
    JS_CFUNC_DEF("setRef", 2, child_set_ref),
    JS_CFUNC_DEF("report", 1, child_report),
};

/* --- The module ------------------------------------------------------------------- */

static JSValue load(JSContext *ctx, const tenon_p_builtin_module *m)
{
  tenon_p_children *c = tenon_p_children_of(ctx);
  JSValue native;

  (void)m;
  if (register_class(ctx, c)) return JS_EXCEPTION;
  native = tenon_p_std_native(ctx, natives, tenon_p_countof(natives));
  if (!JS_IsException(native) &&
      JS_SetPropertyFunctionList(ctx, native, tenon_p_stream_natives,
                                 tenon_p_stream_native_count)) {
    JS_FreeValue(ctx, native);
    native = JS_EXCEPTION;
  }
  return tenon_p_std_load(ctx, &tenon_p_child_bytecode, native);
}

static const char *const exports[] = {"close",          "exec",  "open",
                                      "setReadHandler", "spawn", NULL};

const tenon_p_builtin_module tenon_p_child_module = {
    .name = "tenon:process",
    .exports = exports,
    .load = load,
    .needs =
        TENON_REALM_PROCESS | TENON_REALM_PROMISE | TENON_REALM_TYPED_ARRAYS};

/* --- Life --------------------------------------------------------------------------- */

/* How long those that were killed are waited for, all together. */
#define WAIT_MS 500

/* Of one realm, or of all for NULL. */
static bool is_of(const tenon_p_thing *t, const tenon_p_realm *r)
{
  return !r || t->realm == r;
}

static void kill_all(tenon_p_children *all, const tenon_p_realm *r)
{
  tenon_p_list *at;

  for (at = all->open.next; at != &all->open; at = at->next) {
    const child *c = tenon_p_container(at, child, thing.link);
    if (c->thing.kind == &child_kind && is_of(&c->thing, r) && !c->is_detached)
      send_signal(c, SIGKILL);
  }
}

static void close_all(tenon_p_children *all, const tenon_p_realm *r)
{
  uint64_t until_ns = tenon_p_engine_now_ns() + WAIT_MS * 1000000ULL, now_ns;
  tenon_p_list *at = all->open.next;
  tenon_p_ending ending;
  int wait_ms;

  kill_all(all, r);
  while (at != &all->open) {
    tenon_p_thing *t = tenon_p_container(at, tenon_p_thing, link);
    at = at->next;
    if (!is_of(t, r)) continue;
    if (t->kind == &child_kind) {
      const child *c = (child *)t;
      now_ns = tenon_p_engine_now_ns();
      wait_ms = now_ns < until_ns ? (int)((until_ns - now_ns) / 1000000) : 0;
      if (tenon_p_reap_within(t->fd, c->is_detached ? 0 : wait_ms, &ending) ==
          0)
        tenon_p_reap_later(c->pid);
    }
    tenon_p_thing_close(t);
    /* With it others may have gone. */
    at = all->open.next;
  }
}

static void children_close(tenon_p_engine *e, void *state)
{
  (void)e;
  close_all(state, NULL);
}

static void children_close_realm(tenon_p_engine *e, void *state,
                                 tenon_p_realm *r)
{
  (void)e;
  close_all(state, r);
}

static void children_free(tenon_p_engine *e, void *state)
{
  tenon_p_heap_free(&e->heap, state);
}

int tenon_p_child_attach(tenon_p_engine *e, const tenon_p_std_options *o)
{
  tenon_p_children *c = tenon_p_heap_alloc(&e->heap, sizeof *c);

  (void)o;
  if (!c) return -1;
  c->engine = e;
  tenon_p_list_init(&c->open);
  if (tenon_p_engine_attach(e, &children_type, c) == 0) return 0;
  tenon_p_heap_free(&e->heap, c);
  return -1;
}
