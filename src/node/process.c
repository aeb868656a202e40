/* What node:process knows of the process and asks of the system. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <tenon/version.h>
#include <unistd.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/path.h"
#include "engine/extension.h"
#include "node/node.h"

/* The version of node whose behaviour programs find. */
#define NODE_VERSION "20.20.2"

#if defined(__x86_64__)
#define ARCH "x64"
#elif defined(__aarch64__)
#define ARCH "arm64"
#elif defined(__i386__)
#define ARCH "ia32"
#elif defined(__arm__)
#define ARCH "arm"
#elif defined(__riscv)
#define ARCH "riscv64"
#elif defined(__powerpc64__)
#define ARCH "ppc64"
#elif defined(__s390x__)
#define ARCH "s390x"
#else
#define ARCH "unknown"
#endif

#if defined(__linux__)
#define PLATFORM "linux"
#elif defined(__APPLE__)
#define PLATFORM "darwin"
#elif defined(__FreeBSD__)
#define PLATFORM "freebsd"
#else
#define PLATFORM "unknown"
#endif

#define UNUSED(this_value, argc, argv) \
  ((void)(this_value), (void)(argc), (void)(argv))

/* --- Time and memory ------------------------------------------------------------ */

static JSValue process_hrtime(JSContext *ctx, JSValueConst this_value, int argc,
                              JSValueConst *argv)
{
  UNUSED(this_value, argc, argv);
  return JS_NewBigUint64(ctx, uv_hrtime());
}

/* Of this realm's program. */
static JSValue process_uptime(JSContext *ctx, JSValueConst this_value, int argc,
                              JSValueConst *argv)
{
  UNUSED(this_value, argc, argv);
  return JS_NewFloat64(ctx, tenon_p_now_ms(ctx) / 1000);
}

/* An array of numbers, or an exception. */
static JSValue numbers(JSContext *ctx, const double *values, uint32_t count)
{
  JSValue list = JS_NewArray(ctx);
  uint32_t i;

  for (i = 0; !JS_IsException(list) && i < count; i++) {
    if (JS_DefinePropertyValueUint32(ctx, list, i, JS_NewNumber(ctx, values[i]),
                                     JS_PROP_C_W_E) >= 0)
      continue;
    JS_FreeValue(ctx, list);
    list = JS_EXCEPTION;
  }
  return list;
}

/* memory(): [resident, heap, native], in bytes */
static JSValue process_memory(JSContext *ctx, JSValueConst this_value, int argc,
                              JSValueConst *argv)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  size_t rss = 0;
  double values[3];
  int r = uv_resident_set_memory(&rss);

  UNUSED(this_value, argc, argv);
  if (r)
    return tenon_p_node_throw_system(ctx, r, "uv_resident_set_memory", NULL,
                                     NULL);
  values[0] = (double)rss;
  values[1] = (double)(tenon_p_runtime_used(e->rt) + e->heap.own_bytes);
  values[2] = (double)e->heap.external_bytes;
  return numbers(ctx, values, 3);
}

static double us_of(uv_timeval_t t)
{
  return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

/* cpu(): [user, system], in microseconds */
static JSValue process_cpu(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  uv_rusage_t u;
  int r = uv_getrusage(&u);
  double values[2];

  UNUSED(this_value, argc, argv);
  if (r) return tenon_p_node_throw_system(ctx, r, "uv_getrusage", NULL, NULL);
  values[0] = us_of(u.ru_utime);
  values[1] = us_of(u.ru_stime);
  return numbers(ctx, values, 2);
}

/* --- The process -------------------------------------------------------------------- */

static JSValue process_ppid(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  UNUSED(this_value, argc, argv);
  return JS_NewInt32(ctx, uv_os_getppid());
}

static JSValue process_ids(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  double values[] = {getuid(), geteuid(), getgid(), getegid()};

  UNUSED(this_value, argc, argv);
  return numbers(ctx, values, 4);
}

/* chdir(path) */
static JSValue process_chdir(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv)
{
  const char *path = argc < 1 ? NULL : JS_ToCString(ctx, argv[0]);
  char *from;
  JSValue v = JS_UNDEFINED;
  int r;

  (void)this_value;
  if (!path) return JS_EXCEPTION;
  from = tenon_p_path_resolve(NULL, ".");
  r = uv_chdir(path);
  if (r) v = tenon_p_node_throw_system(ctx, r, "chdir", from, path);
  free(from);
  JS_FreeCString(ctx, path);
  return v;
}

/* umask(mask; -1: leave it): what it was */
static JSValue process_umask(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv)
{
  int32_t mask = -1;
  mode_t old;

  (void)this_value;
  if (argc > 0 && JS_ToInt32(ctx, &mask, argv[0])) return JS_EXCEPTION;
  old = umask(mask < 0 ? 0 : (mode_t)mask);
  if (mask < 0) umask(old);
  return JS_NewInt32(ctx, (int32_t)old);
}

/* kill(pid, signal) */
static JSValue process_kill(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  int32_t pid, number;
  int r;

  (void)this_value;
  if (argc < 2 || JS_ToInt32(ctx, &pid, argv[0]) ||
      JS_ToInt32(ctx, &number, argv[1]))
    return JS_EXCEPTION;
  r = uv_kill(pid, number);
  if (r) return tenon_p_node_throw_system(ctx, r, "kill", NULL, NULL);
  return JS_UNDEFINED;
}

#define SIGNAL(name) JS_PROP_INT32_DEF(#name, name, JS_PROP_C_W_E)

static const JSCFunctionListEntry signal_numbers[] = {
    SIGNAL(SIGHUP),    SIGNAL(SIGINT),  SIGNAL(SIGQUIT),  SIGNAL(SIGILL),
    SIGNAL(SIGTRAP),   SIGNAL(SIGABRT), SIGNAL(SIGBUS),   SIGNAL(SIGFPE),
    SIGNAL(SIGKILL),   SIGNAL(SIGUSR1), SIGNAL(SIGSEGV),  SIGNAL(SIGUSR2),
    SIGNAL(SIGPIPE),   SIGNAL(SIGALRM), SIGNAL(SIGTERM),  SIGNAL(SIGCHLD),
    SIGNAL(SIGCONT),   SIGNAL(SIGSTOP), SIGNAL(SIGTSTP),  SIGNAL(SIGTTIN),
    SIGNAL(SIGTTOU),   SIGNAL(SIGURG),  SIGNAL(SIGXCPU),  SIGNAL(SIGXFSZ),
    SIGNAL(SIGVTALRM), SIGNAL(SIGPROF), SIGNAL(SIGWINCH), SIGNAL(SIGIO),
    SIGNAL(SIGSYS),
};

/* signals(): their numbers by their names */
static JSValue process_signals(JSContext *ctx, JSValueConst this_value,
                               int argc, JSValueConst *argv)
{
  UNUSED(this_value, argc, argv);
  return tenon_p_std_native(ctx, signal_numbers,
                            tenon_p_countof(signal_numbers));
}

/* --- Output ------------------------------------------------------------------------- */

static JSValue process_isatty(JSContext *ctx, JSValueConst this_value, int argc,
                              JSValueConst *argv)
{
  int32_t fd;

  (void)this_value;
  if (argc < 1 || JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  return JS_NewBool(ctx, fd >= 0 && isatty(fd));
}

/* windowSize(fd): [columns, rows] */
static JSValue process_window_size(JSContext *ctx, JSValueConst this_value,
                                   int argc, JSValueConst *argv)
{
  struct winsize w;
  double values[2] = {80, 24};
  int32_t fd;

  (void)this_value;
  if (argc < 1 || JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  if (ioctl(fd, TIOCGWINSZ, &w) == 0 && w.ws_col) {
    values[0] = w.ws_col;
    values[1] = w.ws_row;
  }
  return numbers(ctx, values, 2);
}

static JSValue write_text(JSContext *ctx, int fd, JSValueConst text)
{
  size_t len;
  char *p;

  if (tenon_p_string_utf8_size(ctx, text, &len)) return JS_EXCEPTION;
  p = tenon_p_malloc(len + 1);
  if (!p) return JS_ThrowOutOfMemory(ctx);
  tenon_p_string_utf8_write(text, p);
  tenon_p_std_write(tenon_p_engine_of(ctx), fd, p, len);
  free(p);
  return JS_UNDEFINED;
}

/* write(fd, text or bytes) */
static JSValue process_write(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv)
{
  const uint8_t *data;
  size_t len;
  int32_t fd;

  (void)this_value;
  if (argc < 2 || JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  if (JS_IsString(argv[1])) return write_text(ctx, fd, argv[1]);
  if (tenon_p_bytes_of(argv[1], &data, &len) != TENON_P_BYTES_OK)
    return JS_ThrowTypeError(ctx, "write: expected text or bytes that are not "
                                  "shared");
  tenon_p_std_write(tenon_p_engine_of(ctx), fd, (const char *)data, len);
  return JS_UNDEFINED;
}

/* hasNoWarnings(): does the environment want none? */
static JSValue process_has_no_warnings(JSContext *ctx, JSValueConst this_value,
                                       int argc, JSValueConst *argv)
{
  const char *v = getenv("NODE_NO_WARNINGS");

  UNUSED(this_value, argc, argv);
  return JS_NewBool(ctx, v && strcmp(v, "1") == 0);
}

/* --- The program ---------------------------------------------------------------------- */

/* setAtEnd(function(isLast)): called when nothing is left to do */
static JSValue process_set_at_end(JSContext *ctx, JSValueConst this_value,
                                  int argc, JSValueConst *argv)
{
  (void)this_value;
  if (argc < 1 || !JS_IsFunction(ctx, argv[0]))
    return JS_ThrowTypeError(ctx, "setAtEnd: expected function");
  tenon_p_process_set_at_end(ctx, argv[0]);
  return JS_UNDEFINED;
}

/* listen(): addEventListener, of the global object */
static JSValue process_listen(JSContext *ctx, JSValueConst this_value, int argc,
                              JSValueConst *argv)
{
  UNUSED(this_value, argc, argv);
  return tenon_p_event_get(ctx, "addEventListener");
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("hrtime", 0, process_hrtime),
    JS_CFUNC_DEF("uptime", 0, process_uptime),
    JS_CFUNC_DEF("memory", 0, process_memory),
    JS_CFUNC_DEF("cpu", 0, process_cpu),
    JS_CFUNC_DEF("ppid", 0, process_ppid),
    JS_CFUNC_DEF("ids", 0, process_ids),
    JS_CFUNC_DEF("chdir", 1, process_chdir),
    JS_CFUNC_DEF("umask", 1, process_umask),
    JS_CFUNC_DEF("kill", 2, process_kill),
    JS_CFUNC_DEF("signals", 0, process_signals),
    JS_CFUNC_DEF("isatty", 1, process_isatty),
    JS_CFUNC_DEF("windowSize", 1, process_window_size),
    JS_CFUNC_DEF("write", 2, process_write),
    JS_CFUNC_DEF("hasNoWarnings", 0, process_has_no_warnings),
    JS_CFUNC_DEF("setAtEnd", 1, process_set_at_end),
    JS_CFUNC_DEF("listen", 0, process_listen),
    JS_PROP_STRING_DEF("arch", ARCH, JS_PROP_C_W_E),
    JS_PROP_STRING_DEF("platform", PLATFORM, JS_PROP_C_W_E),
};

static const JSCFunctionListEntry tty_natives[] = {
    JS_CFUNC_DEF("isatty", 1, process_isatty),
};

JSValue tenon_p_node_tty_binding(JSContext *ctx)
{
  return tenon_p_std_native(ctx, tty_natives, tenon_p_countof(tty_natives));
}

static JSValue versions(JSContext *ctx)
{
  const struct {
    const char *name, *version;
  } all[] = {
      {"node", NODE_VERSION},
      {"tenon", tenon_version_string()},
      {"quickjs", JS_GetVersion()},
      {"uv", uv_version_string()},
  };
  JSValue v = JS_NewObject(ctx);
  size_t i;

  for (i = 0; !JS_IsException(v) && i < tenon_p_countof(all); i++) {
    if (tenon_p_node_put(ctx, v, all[i].name,
                         JS_NewString(ctx, all[i].version)) == 0)
      continue;
    JS_FreeValue(ctx, v);
    v = JS_EXCEPTION;
  }
  return v;
}

static JSValue make_natives(JSContext *ctx)
{
  JSValue v = tenon_p_std_native(ctx, natives, tenon_p_countof(natives));

  if (JS_IsException(v)) return v;
  if (tenon_p_node_put(ctx, v, "versions", versions(ctx)) == 0 &&
      tenon_p_node_put(ctx, v, "pid", JS_NewInt32(ctx, uv_os_getpid())) == 0)
    return v;
  JS_FreeValue(ctx, v);
  return JS_EXCEPTION;
}

/* { own, natives }: what the builtin `process` has, and the above. */
JSValue tenon_p_node_process_binding(JSContext *ctx)
{
  JSValue binding = JS_NewObjectProto(ctx, JS_NULL);

  if (JS_IsException(binding)) return binding;
  if (tenon_p_node_put(ctx, binding, "natives", make_natives(ctx)) == 0 &&
      tenon_p_node_put(ctx, binding, "own", tenon_p_process_object(ctx)) == 0)
    return binding;
  JS_FreeValue(ctx, binding);
  return JS_EXCEPTION;
}
