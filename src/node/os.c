/* What node:os and node:constants know of the machine, by libuv. */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/alloc.h"
#include "engine/extension.h"
#include "node/node.h"

#define NUMBER(name) JS_PROP_INT32_DEF(#name, name, JS_PROP_ENUMERABLE)

static const JSCFunctionListEntry errno_constants[] = {
    NUMBER(E2BIG),        NUMBER(EACCES),
    NUMBER(EADDRINUSE),   NUMBER(EADDRNOTAVAIL),
    NUMBER(EAFNOSUPPORT), NUMBER(EAGAIN),
    NUMBER(EALREADY),     NUMBER(EBADF),
    NUMBER(EBADMSG),      NUMBER(EBUSY),
    NUMBER(ECANCELED),    NUMBER(ECHILD),
    NUMBER(ECONNABORTED), NUMBER(ECONNREFUSED),
    NUMBER(ECONNRESET),   NUMBER(EDEADLK),
    NUMBER(EDESTADDRREQ), NUMBER(EDOM),
    NUMBER(EDQUOT),       NUMBER(EEXIST),
    NUMBER(EFAULT),       NUMBER(EFBIG),
    NUMBER(EHOSTUNREACH), NUMBER(EIDRM),
    NUMBER(EILSEQ),       NUMBER(EINPROGRESS),
    NUMBER(EINTR),        NUMBER(EINVAL),
    NUMBER(EIO),          NUMBER(EISCONN),
    NUMBER(EISDIR),       NUMBER(ELOOP),
    NUMBER(EMFILE),       NUMBER(EMLINK),
    NUMBER(EMSGSIZE),
#ifdef EMULTIHOP
    NUMBER(EMULTIHOP),
#endif
    NUMBER(ENAMETOOLONG), NUMBER(ENETDOWN),
    NUMBER(ENETRESET),    NUMBER(ENETUNREACH),
    NUMBER(ENFILE),       NUMBER(ENOBUFS),
#ifdef ENODATA
    NUMBER(ENODATA),
#endif
    NUMBER(ENODEV),       NUMBER(ENOENT),
    NUMBER(ENOEXEC),      NUMBER(ENOLCK),
    NUMBER(ENOLINK),      NUMBER(ENOMEM),
    NUMBER(ENOMSG),       NUMBER(ENOPROTOOPT),
    NUMBER(ENOSPC),
#ifdef ENOSR
    NUMBER(ENOSR),
#endif
#ifdef ENOSTR
    NUMBER(ENOSTR),
#endif
    NUMBER(ENOSYS),       NUMBER(ENOTCONN),
    NUMBER(ENOTDIR),      NUMBER(ENOTEMPTY),
    NUMBER(ENOTSOCK),     NUMBER(ENOTSUP),
    NUMBER(ENOTTY),       NUMBER(ENXIO),
    NUMBER(EOPNOTSUPP),   NUMBER(EOVERFLOW),
    NUMBER(EPERM),        NUMBER(EPIPE),
    NUMBER(EPROTO),       NUMBER(EPROTONOSUPPORT),
    NUMBER(EPROTOTYPE),   NUMBER(ERANGE),
    NUMBER(EROFS),        NUMBER(ESPIPE),
    NUMBER(ESRCH),        NUMBER(ESTALE),
#ifdef ETIME
    NUMBER(ETIME),
#endif
    NUMBER(ETIMEDOUT),    NUMBER(ETXTBSY),
    NUMBER(EWOULDBLOCK),  NUMBER(EXDEV),
};

static const JSCFunctionListEntry signals_constants[] = {
    NUMBER(SIGHUP),    NUMBER(SIGINT),  NUMBER(SIGQUIT),  NUMBER(SIGILL),
    NUMBER(SIGTRAP),   NUMBER(SIGABRT),
#ifdef SIGIOT
    NUMBER(SIGIOT),
#endif
    NUMBER(SIGBUS),    NUMBER(SIGFPE),  NUMBER(SIGKILL),  NUMBER(SIGUSR1),
    NUMBER(SIGSEGV),   NUMBER(SIGUSR2), NUMBER(SIGPIPE),  NUMBER(SIGALRM),
    NUMBER(SIGTERM),   NUMBER(SIGCHLD),
#ifdef SIGSTKFLT
    NUMBER(SIGSTKFLT),
#endif
    NUMBER(SIGCONT),   NUMBER(SIGSTOP), NUMBER(SIGTSTP),  NUMBER(SIGTTIN),
    NUMBER(SIGTTOU),   NUMBER(SIGURG),  NUMBER(SIGXCPU),  NUMBER(SIGXFSZ),
    NUMBER(SIGVTALRM), NUMBER(SIGPROF), NUMBER(SIGWINCH), NUMBER(SIGIO),
#ifdef SIGPOLL
    NUMBER(SIGPOLL),
#endif
#ifdef SIGPWR
    NUMBER(SIGPWR),
#endif
    NUMBER(SIGSYS),
};

static const JSCFunctionListEntry dlopen_constants[] = {
    NUMBER(RTLD_LAZY),     NUMBER(RTLD_NOW),
    NUMBER(RTLD_GLOBAL),   NUMBER(RTLD_LOCAL),
#ifdef RTLD_DEEPBIND
    NUMBER(RTLD_DEEPBIND),
#endif
};

/* --- Objects ---------------------------------------------------------------- */

/* Consumes `v`; 0, or -1 with an exception. */
static int set(JSContext *ctx, JSValueConst object, const char *name, JSValue v)
{
  if (JS_IsException(v)) return -1;
  return JS_DefinePropertyValueStr(ctx, object, name, v, JS_PROP_C_W_E) < 0 ? -1
                                                                            : 0;
}

static int set_text(JSContext *ctx, JSValueConst object, const char *name,
                    const char *text)
{
  return set(ctx, object, name,
             text ? tenon_p_new_string(ctx, text, strlen(text)) : JS_NULL);
}

/* Consumes both. */
static int append(JSContext *ctx, JSValueConst list, uint32_t at, JSValue v)
{
  if (JS_IsException(v)) return -1;
  return JS_DefinePropertyValueUint32(ctx, list, at, v, JS_PROP_C_W_E) < 0 ? -1
                                                                           : 0;
}

static JSValue finish(JSContext *ctx, JSValue v, int r)
{
  if (r == 0) return v;
  JS_FreeValue(ctx, v);
  return JS_EXCEPTION;
}

/* What os.js makes an error of: { name, errno, code, message, syscall }. */
static JSValue failure(JSContext *ctx, int error, const char *syscall)
{
  JSValue v;
  int r;

  if (error == UV_ENOMEM) return JS_ThrowOutOfMemory(ctx);
  v = JS_NewObjectProto(ctx, JS_NULL);
  if (JS_IsException(v)) return v;
  r = set(ctx, v, "errno", JS_NewInt32(ctx, error));
  if (r == 0) r = set_text(ctx, v, "code", uv_err_name(error));
  if (r == 0) r = set_text(ctx, v, "message", uv_strerror(error));
  if (r == 0) r = set_text(ctx, v, "syscall", syscall);
  return finish(ctx, v, r);
}

/* --- Numbers and texts ------------------------------------------------------ */

#define NATIVE(name)                                                \
  static JSValue os_##name(JSContext *ctx, JSValueConst this_value, \
                           int argc __attribute__((unused)),        \
                           JSValueConst *argv __attribute__((unused)))

NATIVE(freemem)
{
  return JS_NewFloat64(ctx, (double)uv_get_free_memory());
}

NATIVE(totalmem)
{
  return JS_NewFloat64(ctx, (double)uv_get_total_memory());
}

NATIVE(parallelism)
{
  return JS_NewUint32(ctx, uv_available_parallelism());
}

NATIVE(uptime)
{
  double seconds;
  int r = uv_uptime(&seconds);

  return r ? failure(ctx, r, "uv_uptime") : JS_NewFloat64(ctx, seconds);
}

NATIVE(loadavg)
{
  double load[3];
  JSValue list = JS_NewArray(ctx);
  uint32_t i;
  int r = 0;

  uv_loadavg(load);
  for (i = 0; i < 3 && r == 0 && !JS_IsException(list); i++)
    r = append(ctx, list, i, JS_NewFloat64(ctx, load[i]));
  return finish(ctx, list, r);
}

/* Ask for a text that may be long. */
static JSValue text_of(JSContext *ctx, int (*ask)(char *buffer, size_t *size),
                       const char *syscall)
{
  size_t size = 256;
  char *buffer = tenon_p_malloc(size);
  JSValue v;
  int r;

  if (!buffer) return JS_ThrowOutOfMemory(ctx);
  r = ask(buffer, &size);
  if (r == UV_ENOBUFS) {
    free(buffer);
    buffer = tenon_p_malloc(size + 1);
    if (!buffer) return JS_ThrowOutOfMemory(ctx);
    size++;
    r = ask(buffer, &size);
  }
  v = r ? failure(ctx, r, syscall)
        : tenon_p_new_string(ctx, buffer, strlen(buffer));
  free(buffer);
  return v;
}

NATIVE(homedir)
{
  return text_of(ctx, uv_os_homedir, "uv_os_homedir");
}

NATIVE(hostname)
{
  return text_of(ctx, uv_os_gethostname, "uv_os_gethostname");
}

NATIVE(uname)
{
  uv_utsname_t u;
  JSValue v;
  int r = uv_os_uname(&u);

  if (r) return failure(ctx, r, "uv_os_uname");
  v = JS_NewObjectProto(ctx, JS_NULL);
  if (JS_IsException(v)) return v;
  r = set_text(ctx, v, "type", u.sysname);
  if (r == 0) r = set_text(ctx, v, "release", u.release);
  if (r == 0) r = set_text(ctx, v, "version", u.version);
  if (r == 0) r = set_text(ctx, v, "machine", u.machine);
  return finish(ctx, v, r);
}

/* getenv(name): undefined when it is not there */
NATIVE(getenv)
{
  const char *name = argc > 0 ? JS_ToCString(ctx, argv[0]) : NULL, *value;
  JSValue v = JS_UNDEFINED;

  if (!name) return JS_EXCEPTION;
  value = getenv(name);
  if (value) v = tenon_p_new_string(ctx, value, strlen(value));
  JS_FreeCString(ctx, name);
  return v;
}

/* --- Lists ------------------------------------------------------------------ */

static JSValue cpu_of(JSContext *ctx, const uv_cpu_info_t *c)
{
  JSValue v = JS_NewObject(ctx), times;
  int r;

  if (JS_IsException(v)) return v;
  r = set_text(ctx, v, "model", c->model);
  if (r == 0) r = set(ctx, v, "speed", JS_NewInt32(ctx, c->speed));
  times = r == 0 ? JS_NewObject(ctx) : JS_EXCEPTION;
  if (JS_IsException(times)) return finish(ctx, v, -1);
#define TIME(field, value) \
  if (r == 0) r = set(ctx, times, field, JS_NewFloat64(ctx, (double)(value)))
  TIME("user", c->cpu_times.user);
  TIME("nice", c->cpu_times.nice);
  TIME("sys", c->cpu_times.sys);
  TIME("idle", c->cpu_times.idle);
  TIME("irq", c->cpu_times.irq);
#undef TIME
  if (r == 0)
    r = set(ctx, v, "times", times);
  else
    JS_FreeValue(ctx, times);
  return finish(ctx, v, r);
}

NATIVE(cpus)
{
  uv_cpu_info_t *all;
  JSValue list;
  int count, i, r = uv_cpu_info(&all, &count);

  if (r == UV_ENOMEM) return JS_ThrowOutOfMemory(ctx);
  list = JS_NewArray(ctx);
  if (r) return list;
  for (i = 0; i < count && r == 0 && !JS_IsException(list); i++)
    r = append(ctx, list, (uint32_t)i, cpu_of(ctx, &all[i]));
  uv_free_cpu_info(all, count);
  return finish(ctx, list, r);
}

/* How many bits of a mask are set; -1 where they are not its first ones. */
static int prefix_of(const uint8_t *mask, size_t size)
{
  size_t i = 0;
  int bits;
  uint8_t rest;

  while (i < size && mask[i] == 0xff)
    i++;
  bits = (int)i * 8;
  for (rest = i < size ? mask[i++] : 0; rest & 0x80;
       rest = (uint8_t)(rest << 1))
    bits++;
  if (rest) return -1;
  while (i < size && !mask[i])
    i++;
  return i < size ? -1 : bits;
}

static JSValue address_of(JSContext *ctx, const uv_interface_address_t *a)
{
  JSValue v = JS_NewObject(ctx);
  bool is_4 = a->address.address4.sin_family == AF_INET;
  char ip[INET6_ADDRSTRLEN] = "", mask[INET6_ADDRSTRLEN] = "", mac[18],
       cidr[INET6_ADDRSTRLEN + 8];
  const uint8_t *m = (const uint8_t *)a->phys_addr;
  int r, prefix;

  if (JS_IsException(v)) return v;
  if (is_4) {
    uv_ip4_name(&a->address.address4, ip, sizeof ip);
    uv_ip4_name(&a->netmask.netmask4, mask, sizeof mask);
    prefix = prefix_of((const uint8_t *)&a->netmask.netmask4.sin_addr, 4);
  } else {
    uv_ip6_name(&a->address.address6, ip, sizeof ip);
    uv_ip6_name(&a->netmask.netmask6, mask, sizeof mask);
    prefix = prefix_of((const uint8_t *)&a->netmask.netmask6.sin6_addr, 16);
  }
  snprintf(mac, sizeof mac, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2],
           m[3], m[4], m[5]);
  snprintf(cidr, sizeof cidr, "%s/%d", ip, prefix);
  r = set_text(ctx, v, "address", ip);
  if (r == 0) r = set_text(ctx, v, "netmask", mask);
  if (r == 0) r = set_text(ctx, v, "family", is_4 ? "IPv4" : "IPv6");
  if (r == 0) r = set_text(ctx, v, "mac", mac);
  if (r == 0) r = set(ctx, v, "internal", JS_NewBool(ctx, a->is_internal));
  if (r == 0) r = set_text(ctx, v, "cidr", prefix < 0 ? NULL : cidr);
  if (r == 0 && !is_4)
    r = set(ctx, v, "scopeid",
            JS_NewUint32(ctx, a->address.address6.sin6_scope_id));
  return finish(ctx, v, r);
}

/* [name, address, name, address, …] */
NATIVE(interfaces)
{
  uv_interface_address_t *all;
  JSValue list;
  int count, i, r = uv_interface_addresses(&all, &count);

  if (r) return failure(ctx, r, "uv_interface_addresses");
  list = JS_NewArray(ctx);
  for (i = 0; i < count && r == 0 && !JS_IsException(list); i++) {
    r = append(ctx, list, (uint32_t)i * 2,
               tenon_p_new_string(ctx, all[i].name, strlen(all[i].name)));
    if (r == 0)
      r = append(ctx, list, (uint32_t)i * 2 + 1, address_of(ctx, &all[i]));
  }
  uv_free_interface_addresses(all, count);
  return finish(ctx, list, r);
}

NATIVE(user)
{
  uv_passwd_t p;
  JSValue v;
  int r = uv_os_get_passwd(&p);

  if (r) return failure(ctx, r, "uv_os_get_passwd");
  v = JS_NewObjectProto(ctx, JS_NULL);
  if (!JS_IsException(v)) {
    r = set(ctx, v, "uid", JS_NewInt64(ctx, p.uid));
    if (r == 0) r = set(ctx, v, "gid", JS_NewInt64(ctx, p.gid));
    if (r == 0) r = set_text(ctx, v, "username", p.username);
    if (r == 0) r = set_text(ctx, v, "homedir", p.homedir);
    if (r == 0) r = set_text(ctx, v, "shell", p.shell);
  }
  uv_os_free_passwd(&p);
  return finish(ctx, v, r);
}

/* --- Priorities ------------------------------------------------------------- */

/* getPriority(pid) */
NATIVE(get_priority)
{
  int32_t pid;
  int priority, r;

  if (argc < 1 || JS_ToInt32(ctx, &pid, argv[0])) return JS_EXCEPTION;
  r = uv_os_getpriority(pid, &priority);
  return r ? failure(ctx, r, "uv_os_getpriority") : JS_NewInt32(ctx, priority);
}

/* setPriority(pid, priority) */
NATIVE(set_priority)
{
  int32_t pid, priority;
  int r;

  if (argc < 2 || JS_ToInt32(ctx, &pid, argv[0]) ||
      JS_ToInt32(ctx, &priority, argv[1]))
    return JS_EXCEPTION;
  r = uv_os_setpriority(pid, priority);
  return r ? failure(ctx, r, "uv_os_setpriority") : JS_UNDEFINED;
}

/* --- The binding ------------------------------------------------------------ */

#if defined(__x86_64__)
#define ARCH "x64"
#elif defined(__aarch64__)
#define ARCH "arm64"
#elif defined(__arm__)
#define ARCH "arm"
#elif defined(__i386__)
#define ARCH "ia32"
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH "riscv64"
#elif defined(__powerpc64__)
#define ARCH "ppc64"
#elif defined(__s390x__)
#define ARCH "s390x"
#elif defined(__loongarch64)
#define ARCH "loong64"
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

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define ENDIANNESS "BE"
#else
#define ENDIANNESS "LE"
#endif

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("cpus", 0, os_cpus),
    JS_CFUNC_DEF("freemem", 0, os_freemem),
    JS_CFUNC_DEF("getPriority", 1, os_get_priority),
    JS_CFUNC_DEF("getenv", 1, os_getenv),
    JS_CFUNC_DEF("homedir", 0, os_homedir),
    JS_CFUNC_DEF("hostname", 0, os_hostname),
    JS_CFUNC_DEF("interfaces", 0, os_interfaces),
    JS_CFUNC_DEF("loadavg", 0, os_loadavg),
    JS_CFUNC_DEF("parallelism", 0, os_parallelism),
    JS_CFUNC_DEF("setPriority", 2, os_set_priority),
    JS_CFUNC_DEF("totalmem", 0, os_totalmem),
    JS_CFUNC_DEF("uname", 0, os_uname),
    JS_CFUNC_DEF("uptime", 0, os_uptime),
    JS_CFUNC_DEF("user", 0, os_user),
    JS_PROP_STRING_DEF("arch", ARCH, 0),
    JS_PROP_STRING_DEF("platform", PLATFORM, 0),
    JS_PROP_STRING_DEF("endianness", ENDIANNESS, 0),
};

static int set_constants(JSContext *ctx, JSValueConst object, const char *name,
                         const JSCFunctionListEntry *list, size_t count)
{
  JSValue v = tenon_p_std_native(ctx, list, (int)count);

  return set(ctx, object, name, v);
}

JSValue tenon_p_node_os_binding(JSContext *ctx)
{
  JSValue v = tenon_p_std_native(ctx, natives, tenon_p_countof(natives));
  int r = JS_IsException(v) ? -1 : 0;

  if (r == 0)
    r = set_constants(ctx, v, "dlopen", dlopen_constants,
                      tenon_p_countof(dlopen_constants));
  if (r == 0)
    r = set_constants(ctx, v, "errno", errno_constants,
                      tenon_p_countof(errno_constants));
  if (r == 0)
    r = set_constants(ctx, v, "signals", signals_constants,
                      tenon_p_countof(signals_constants));
  return finish(ctx, v, r);
}
