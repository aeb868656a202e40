/* Files, as the functions of node:fs that wait ask the system: by libuv, in the
 * loop's thread. Paths are text, checked by the JavaScript. */
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "engine/extension.h"
#include "node/node.h"

/* --- Calls with paths ------------------------------------------------------------- */

enum {
  ACCESS,
  CHMOD,
  COPY,
  LINK,
  MKDIR,
  MKDTEMP,
  READLINK,
  REALPATH,
  RENAME,
  RMDIR,
  SYMLINK,
  UNLINK
};

static const char *const names[] = {
    [ACCESS] = "access",     [CHMOD] = "chmod",       [COPY] = "copyfile",
    [LINK] = "link",         [MKDIR] = "mkdir",       [MKDTEMP] = "mkdtemp",
    [READLINK] = "readlink", [REALPATH] = "realpath", [RENAME] = "rename",
    [RMDIR] = "rmdir",       [SYMLINK] = "symlink",   [UNLINK] = "unlink",
};

static int ask(uv_fs_t *q, int what, const char *a, const char *b, int n)
{
  switch (what) {
  case ACCESS: return uv_fs_access(NULL, q, a, n, NULL);
  case CHMOD: return uv_fs_chmod(NULL, q, a, n, NULL);
  case COPY: return uv_fs_copyfile(NULL, q, a, b, n, NULL);
  case LINK: return uv_fs_link(NULL, q, a, b, NULL);
  case MKDIR: return uv_fs_mkdir(NULL, q, a, n, NULL);
  case MKDTEMP: return uv_fs_mkdtemp(NULL, q, a, NULL);
  case READLINK: return uv_fs_readlink(NULL, q, a, NULL);
  case REALPATH: return uv_fs_realpath(NULL, q, a, NULL);
  case RENAME: return uv_fs_rename(NULL, q, a, b, NULL);
  case RMDIR: return uv_fs_rmdir(NULL, q, a, NULL);
  case SYMLINK: return uv_fs_symlink(NULL, q, a, b, n, NULL);
  default: return uv_fs_unlink(NULL, q, a, NULL);
  }
}

static JSValue answer(JSContext *ctx, const uv_fs_t *q, int what)
{
  switch (what) {
  case MKDTEMP: return JS_NewString(ctx, q->path);
  case READLINK:
  case REALPATH: return JS_NewString(ctx, q->ptr);
  default: return JS_UNDEFINED;
  }
}

/* call(path, other path or undefined, number) */
static JSValue fs_call(JSContext *ctx, JSValueConst this_value, int argc,
                       JSValueConst *argv, int what)
{
  const char *a = NULL, *b = NULL;
  JSValue v = JS_EXCEPTION;
  int32_t n = 0;
  uv_fs_t q;
  int r;

  (void)this_value;
  if (argc < 1 || (argc > 2 && JS_ToInt32(ctx, &n, argv[2]))) return v;
  a = JS_ToCString(ctx, argv[0]);
  if (a && argc > 1 && !JS_IsUndefined(argv[1])) b = JS_ToCString(ctx, argv[1]);
  if (!a || (argc > 1 && !JS_IsUndefined(argv[1]) && !b)) goto out;
  if ((what == COPY || what == LINK || what == RENAME || what == SYMLINK) &&
      !b) {
    v = JS_ThrowTypeError(ctx, "%s: expected two paths", names[what]);
    goto out;
  }
  r = ask(&q, what, a, b, n);
  v = r < 0 ? tenon_p_node_throw_system(ctx, r, names[what], a, b)
            : answer(ctx, &q, what);
  uv_fs_req_cleanup(&q);
out:
  JS_FreeCString(ctx, a);
  JS_FreeCString(ctx, b);
  return v;
}

/* --- Descriptors ---------------------------------------------------------------------- */

/* open(path, flags, mode): a descriptor */
static JSValue fs_open(JSContext *ctx, JSValueConst this_value, int argc,
                       JSValueConst *argv)
{
  const char *path;
  int32_t flags, mode;
  JSValue v;
  uv_fs_t q;
  int r;

  (void)this_value;
  if (argc < 3 || JS_ToInt32(ctx, &flags, argv[1]) ||
      JS_ToInt32(ctx, &mode, argv[2]))
    return JS_EXCEPTION;
  path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  r = uv_fs_open(NULL, &q, path, flags, mode, NULL);
  v = r < 0 ? tenon_p_node_throw_system(ctx, r, "open", path, NULL)
            : JS_NewInt32(ctx, r);
  uv_fs_req_cleanup(&q);
  JS_FreeCString(ctx, path);
  return v;
}

enum { CLOSE, FSYNC, TRUNCATE };

/* call(descriptor, number) */
static JSValue fs_of(JSContext *ctx, JSValueConst this_value, int argc,
                     JSValueConst *argv, int what)
{
  static const char *const calls[] = {"close", "fsync", "ftruncate"};
  int64_t n = 0;
  int32_t fd;
  uv_fs_t q;
  int r;

  (void)this_value;
  if (argc < 1 || JS_ToInt32(ctx, &fd, argv[0]) ||
      (argc > 1 && JS_ToInt64(ctx, &n, argv[1])))
    return JS_EXCEPTION;
  r = what == CLOSE   ? uv_fs_close(NULL, &q, fd, NULL)
      : what == FSYNC ? uv_fs_fsync(NULL, &q, fd, NULL)
                      : uv_fs_ftruncate(NULL, &q, fd, n, NULL);
  uv_fs_req_cleanup(&q);
  if (r < 0) return tenon_p_node_throw_system(ctx, r, calls[what], NULL, NULL);
  return JS_UNDEFINED;
}

enum { READ, WRITE };

/* call(descriptor, bytes, offset, length, position; -1: where it is): how many */
static JSValue fs_transfer(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv, int what)
{
  int64_t offset, length, position;
  const uint8_t *data;
  int32_t fd;
  size_t len;
  uv_buf_t buf;
  uv_fs_t q;
  int r;

  (void)this_value;
  if (argc < 5 || JS_ToInt32(ctx, &fd, argv[0]) ||
      JS_ToInt64(ctx, &offset, argv[2]) || JS_ToInt64(ctx, &length, argv[3]) ||
      JS_ToInt64(ctx, &position, argv[4]))
    return JS_EXCEPTION;
  if (tenon_p_bytes_of(argv[1], &data, &len) != TENON_P_BYTES_OK)
    return JS_ThrowTypeError(ctx,
                             "%s: argument 2 'buffer': expected bytes that "
                             "are not shared",
                             what == READ ? "read" : "write");
  if (offset < 0 || length < 0 || (uint64_t)offset > len ||
      (uint64_t)length > len - (uint64_t)offset || length > INT32_MAX)
    return JS_ThrowRangeError(ctx, "%s: not within the bytes",
                              what == READ ? "read" : "write");
  buf = uv_buf_init((char *)(data + offset), (unsigned)length);
  r = what == READ ? uv_fs_read(NULL, &q, fd, &buf, 1, position, NULL)
                   : uv_fs_write(NULL, &q, fd, &buf, 1, position, NULL);
  uv_fs_req_cleanup(&q);
  if (r < 0)
    return tenon_p_node_throw_system(ctx, r, what == READ ? "read" : "write",
                                     NULL, NULL);
  return JS_NewInt32(ctx, r);
}

/* --- What there is ------------------------------------------------------------------------ */

static JSValue number(JSContext *ctx, int64_t n, bool is_big)
{
  return is_big ? JS_NewBigInt64(ctx, n) : JS_NewNumber(ctx, (double)n);
}

static JSValue stats(JSContext *ctx, const uv_stat_t *s, bool is_big)
{
  const uv_timespec_t *const times[] = {&s->st_atim, &s->st_mtim, &s->st_ctim,
                                        &s->st_birthtim};
  int64_t values[10 + 2 * tenon_p_countof(times)] = {
      (int64_t)s->st_dev,     (int64_t)s->st_mode, (int64_t)s->st_nlink,
      (int64_t)s->st_uid,     (int64_t)s->st_gid,  (int64_t)s->st_rdev,
      (int64_t)s->st_blksize, (int64_t)s->st_ino,  (int64_t)s->st_size,
      (int64_t)s->st_blocks};
  JSValue list = JS_NewArray(ctx), v;
  uint32_t i;

  for (i = 0; i < tenon_p_countof(times); i++) {
    values[10 + 2 * i] = times[i]->tv_sec;
    values[11 + 2 * i] = times[i]->tv_nsec;
  }
  for (i = 0; !JS_IsException(list) && i < tenon_p_countof(values); i++) {
    v = number(ctx, values[i], is_big);
    if (!JS_IsException(v) &&
        JS_DefinePropertyValueUint32(ctx, list, i, v, JS_PROP_C_W_E) >= 0)
      continue;
    JS_FreeValue(ctx, list);
    list = JS_EXCEPTION;
  }
  return list;
}

enum { STAT, LSTAT, FSTAT };

/* What is no error: nothing is; that there is nothing; nor that what should be a
 * folder is none. */
enum { THROWS, NO_ENTRY, NO_FOLDER };

/* call(path or descriptor, isBig, what is no error): numbers; undefined: there is
 * nothing */
static JSValue fs_stat(JSContext *ctx, JSValueConst this_value, int argc,
                       JSValueConst *argv, int what)
{
  static const char *const calls[] = {"stat", "lstat", "fstat"};
  const char *path = NULL;
  int32_t fd = 0, quiet;
  JSValue v;
  uv_fs_t q;
  int r;

  (void)this_value;
  if (argc < 3 || JS_ToInt32(ctx, &quiet, argv[2])) return JS_EXCEPTION;
  if (what == FSTAT) {
    if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  } else {
    path = JS_ToCString(ctx, argv[0]);
    if (!path) return JS_EXCEPTION;
  }
  r = what == STAT    ? uv_fs_stat(NULL, &q, path, NULL)
      : what == LSTAT ? uv_fs_lstat(NULL, &q, path, NULL)
                      : uv_fs_fstat(NULL, &q, fd, NULL);
  if (r == 0)
    v = stats(ctx, &q.statbuf, JS_ToBool(ctx, argv[1]));
  else if ((r == UV_ENOENT && quiet >= NO_ENTRY) ||
           (r == UV_ENOTDIR && quiet == NO_FOLDER))
    v = JS_UNDEFINED;
  else
    v = tenon_p_node_throw_system(ctx, r, calls[what], path, NULL);
  uv_fs_req_cleanup(&q);
  JS_FreeCString(ctx, path);
  return v;
}

/* 0, or -1 with an exception. */
static int append(JSContext *ctx, JSValueConst list, uint32_t *at, JSValue v)
{
  if (JS_IsException(v)) return -1;
  return JS_DefinePropertyValueUint32(ctx, list, (*at)++, v, JS_PROP_C_W_E) < 0
             ? -1
             : 0;
}

/* readdir(path): names and kinds (uv_dirent_type_t) in turn */
static JSValue fs_readdir(JSContext *ctx, JSValueConst this_value, int argc,
                          JSValueConst *argv)
{
  const char *path = argc < 1 ? NULL : JS_ToCString(ctx, argv[0]);
  uint32_t at = 0;
  uv_dirent_t e;
  JSValue v;
  uv_fs_t q;
  int r;

  (void)this_value;
  if (!path) return JS_EXCEPTION;
  r = uv_fs_scandir(NULL, &q, path, 0, NULL);
  v = r < 0 ? tenon_p_node_throw_system(ctx, r, "scandir", path, NULL)
            : JS_NewArray(ctx);
  while (!JS_IsException(v) && uv_fs_scandir_next(&q, &e) == 0) {
    if (append(ctx, v, &at, JS_NewString(ctx, e.name)) == 0 &&
        append(ctx, v, &at, JS_NewInt32(ctx, e.type)) == 0)
      continue;
    JS_FreeValue(ctx, v);
    v = JS_EXCEPTION;
  }
  uv_fs_req_cleanup(&q);
  JS_FreeCString(ctx, path);
  return v;
}

/* utimes(path, access, change), in seconds */
static JSValue fs_utimes(JSContext *ctx, JSValueConst this_value, int argc,
                         JSValueConst *argv)
{
  const char *path;
  double atime, mtime;
  JSValue v = JS_UNDEFINED;
  uv_fs_t q;
  int r;

  (void)this_value;
  if (argc < 3 || JS_ToFloat64(ctx, &atime, argv[1]) ||
      JS_ToFloat64(ctx, &mtime, argv[2]))
    return JS_EXCEPTION;
  path = JS_ToCString(ctx, argv[0]);
  if (!path) return JS_EXCEPTION;
  r = uv_fs_utime(NULL, &q, path, atime, mtime, NULL);
  if (r < 0) v = tenon_p_node_throw_system(ctx, r, "utime", path, NULL);
  uv_fs_req_cleanup(&q);
  JS_FreeCString(ctx, path);
  return v;
}

/* fail(code, call, path): throws */
static JSValue fs_fail(JSContext *ctx, JSValueConst this_value, int argc,
                       JSValueConst *argv)
{
  const char *call = NULL, *path = NULL;
  int32_t code;
  JSValue v = JS_EXCEPTION;

  (void)this_value;
  if (argc < 3 || JS_ToInt32(ctx, &code, argv[0])) return v;
  call = JS_ToCString(ctx, argv[1]);
  path = call ? JS_ToCString(ctx, argv[2]) : NULL;
  if (path) v = tenon_p_node_throw_system(ctx, code, call, path, NULL);
  JS_FreeCString(ctx, call);
  JS_FreeCString(ctx, path);
  return v;
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_MAGIC_DEF("access", 3, fs_call, ACCESS),
    JS_CFUNC_MAGIC_DEF("chmod", 3, fs_call, CHMOD),
    JS_CFUNC_MAGIC_DEF("copyFile", 3, fs_call, COPY),
    JS_CFUNC_MAGIC_DEF("link", 3, fs_call, LINK),
    JS_CFUNC_MAGIC_DEF("mkdir", 3, fs_call, MKDIR),
    JS_CFUNC_MAGIC_DEF("mkdtemp", 3, fs_call, MKDTEMP),
    JS_CFUNC_MAGIC_DEF("readlink", 3, fs_call, READLINK),
    JS_CFUNC_MAGIC_DEF("realpath", 3, fs_call, REALPATH),
    JS_CFUNC_MAGIC_DEF("rename", 3, fs_call, RENAME),
    JS_CFUNC_MAGIC_DEF("rmdir", 3, fs_call, RMDIR),
    JS_CFUNC_MAGIC_DEF("symlink", 3, fs_call, SYMLINK),
    JS_CFUNC_MAGIC_DEF("unlink", 3, fs_call, UNLINK),
    JS_CFUNC_DEF("open", 3, fs_open),
    JS_CFUNC_MAGIC_DEF("close", 2, fs_of, CLOSE),
    JS_CFUNC_MAGIC_DEF("fsync", 2, fs_of, FSYNC),
    JS_CFUNC_MAGIC_DEF("ftruncate", 2, fs_of, TRUNCATE),
    JS_CFUNC_MAGIC_DEF("read", 5, fs_transfer, READ),
    JS_CFUNC_MAGIC_DEF("write", 5, fs_transfer, WRITE),
    JS_CFUNC_MAGIC_DEF("stat", 3, fs_stat, STAT),
    JS_CFUNC_MAGIC_DEF("lstat", 3, fs_stat, LSTAT),
    JS_CFUNC_MAGIC_DEF("fstat", 3, fs_stat, FSTAT),
    JS_CFUNC_DEF("readdir", 1, fs_readdir),
    JS_CFUNC_DEF("utimes", 3, fs_utimes),
    JS_CFUNC_DEF("fail", 3, fs_fail),
    JS_PROP_INT32_DEF("ENOENT", UV_ENOENT, JS_PROP_C_W_E),
};

JSValue tenon_p_node_fs_binding(JSContext *ctx)
{
  return tenon_p_std_native(ctx, natives, tenon_p_countof(natives));
}
