/* Files of JavaScript: reading them, and telling scripts from modules. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/utf8.h"
#include "module/commonjs.h"
#include "module/package.h"

void tenon_p_source_release(tenon_p_source *s)
{
  free(s->data);
  *s = (tenon_p_source){NULL, NULL, 0};
}

/* Takes the bytes, also when it fails: 0, TENON_ENOMEM or UV_EFBIG. */
int tenon_p_source_take(char *data, size_t len, tenon_p_source *s)
{
  int r = 0;

  if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
    *s = (tenon_p_source){data, data + 3, len - 3};
  } else {
    *s = (tenon_p_source){data, data, len};
  }
  if (tenon_p_utf8_check(s->text, s->len) < s->len) {
    char *text = tenon_p_utf8_replace(s->text, s->len, &len);
    free(s->data);
    *s = (tenon_p_source){text, text, text ? len : 0};
    if (!text) r = TENON_ENOMEM;
  }
  if (s->len > INT_MAX) r = UV_EFBIG; /* the engine's strings are no longer */
  if (r) tenon_p_source_release(s);
  return r;
}

/* Reads until the end: a size that stat gives may be wrong, or 0 for a pipe. */
static int read_all(uv_file file, size_t expected, char **out, size_t *out_len)
{
  size_t capacity = expected + 1, len = 0;
  char *data = tenon_p_malloc(capacity + 1), *more;
  uv_fs_t req;
  int n;

  if (!data) return TENON_ENOMEM;
  for (;;) {
    uv_buf_t buf = uv_buf_init(
        data + len,
        (unsigned)(capacity - len > INT_MAX ? INT_MAX : capacity - len));
    n = (int)uv_fs_read(NULL, &req, file, &buf, 1, -1, NULL);
    uv_fs_req_cleanup(&req);
    if (n <= 0) break;
    len += (size_t)n;
    if (len < capacity) continue;
    capacity += capacity / 2 + 4096;
    more = tenon_p_realloc(data, capacity + 1);
    if (!more) {
      n = TENON_ENOMEM;
      break;
    }
    data = more;
  }
  if (n < 0) {
    free(data);
    return n;
  }
  data[len] = '\0';
  *out = data;
  *out_len = len;
  return 0;
}

int tenon_p_source_read(const char *path, tenon_p_source *s)
{
  size_t len;
  char *data;
  int r = tenon_p_file_read(path, &data, &len);

  *s = (tenon_p_source){NULL, NULL, 0};
  return r ? r : tenon_p_source_take(data, len, s);
}

/* Of a file that was opened, which is closed. */
static int read_file(uv_file file, char **data, size_t *len)
{
  int r = tenon_p_file_read_open(file, data, len);
  uv_fs_t req;

  uv_fs_close(NULL, &req, file, NULL);
  uv_fs_req_cleanup(&req);
  return r;
}

int tenon_p_file_read_open(int file, char **data, size_t *len)
{
  uv_fs_t req;
  uint64_t size;
  int r;

  r = uv_fs_fstat(NULL, &req, file, NULL);
  if (r == 0) {
    size = req.statbuf.st_size;
    if ((req.statbuf.st_mode & S_IFMT) == S_IFDIR)
      r = UV_EISDIR;
    else if (size > INT_MAX)
      r = UV_EFBIG;
  }
  uv_fs_req_cleanup(&req);
  return r ? r : read_all(file, (size_t)size, data, len);
}

int tenon_p_file_read(const char *path, char **data, size_t *len)
{
  uv_fs_t req;
  int file = uv_fs_open(NULL, &req, path, UV_FS_O_RDONLY, 0, NULL);

  uv_fs_req_cleanup(&req);
  return file < 0 ? file : read_file(file, data, len);
}

int tenon_p_file_import(const tenon_p_modules *m, const char *path, char **data,
                        size_t *len)
{
  int file;

  if (!tenon_p_rules_have_roots(m)) return tenon_p_file_read(path, data, len);
  file = tenon_p_rules_open(m, path);
  return file < 0 ? file : read_file(file, data, len);
}

/* The nearest package.json decides, also by having no "type". */
static enum tenon_p_source_kind kind_by_package(JSContext *ctx,
                                                const char *path)
{
  enum tenon_p_source_kind kind = TENON_P_SOURCE_UNKNOWN;
  char *dir = tenon_p_path_dirname(path);
  const tenon_p_package *p;

  if (!dir) {
    JS_ThrowOutOfMemory(ctx);
    return TENON_P_SOURCE_FAILED;
  }
  if (tenon_p_package_scope(ctx, NULL, dir, &p))
    kind = TENON_P_SOURCE_FAILED;
  else if (p)
    kind = p->type;
  free(dir);
  return kind;
}

enum tenon_p_source_kind tenon_p_source_kind_of(JSContext *ctx,
                                                const char *path)
{
  if (tenon_p_path_has_extension(path, ".mjs")) return TENON_P_SOURCE_MODULE;
  if (tenon_p_path_has_extension(path, ".cjs")) return TENON_P_SOURCE_COMMONJS;
  return kind_by_package(ctx, path);
}

/* How far the parser came in the file `url`: the line and column of the place
 * that the error's stack begins with, as "    at URL:LINE:COLUMN". 0 for an
 * error that is of another file, or of no parser. */
static uint64_t error_position(JSContext *ctx, JSValueConst error,
                               const char *url)
{
  static const char at[] = "    at ";
  JSValue stack =
      JS_IsError(error) ? JS_GetPropertyStr(ctx, error, "stack") : JS_UNDEFINED;
  const char *s = JS_IsString(stack) ? JS_ToCString(ctx, stack) : NULL;
  unsigned long line = 0, column = 0;
  size_t n = strlen(url);

  if (JS_HasException(ctx)) JS_FreeValue(ctx, JS_GetException(ctx));
  if (s && strncmp(s, at, sizeof at - 1) == 0) {
    char *p = (char *)s + sizeof at - 1;
    if (strncmp(p, url, n) == 0 && p[n] == ':') {
      line = strtoul(p + n + 1, &p, 10);
      if (*p == ':') column = strtoul(p + 1, NULL, 10);
    }
  }
  JS_FreeCString(ctx, s);
  JS_FreeValue(ctx, stack);
  return (uint64_t)line << 32 | (column & UINT32_MAX);
}

/* Of two errors of one source the one of the parser that came further, which
 * understood more of it; consumes both. A position of 0 is of no parser. */
static JSValue throw_further(JSContext *ctx, JSValue first, JSValue second,
                             const char *url)
{
  uint64_t position = error_position(ctx, second, url);
  bool is_second = position == 0 || position >= error_position(ctx, first, url);

  JS_FreeValue(ctx, is_second ? first : second);
  return JS_Throw(ctx, is_second ? second : first);
}

JSValue tenon_p_source_compile_detected(JSContext *ctx, const tenon_p_source *s,
                                        const char *url, bool is_body,
                                        bool is_main, bool *is_module)
{
  JSValue v, as_script;

  *is_module = false;
  v = is_body ? tenon_p_commonjs_compile(ctx, s, url)
              : tenon_p_compile(ctx, s->text, s->len, url, JS_EVAL_TYPE_GLOBAL);
  if (!JS_IsException(v)) return v;
  as_script = JS_GetException(ctx);
  v = tenon_p_modules_compile(ctx, s->text, s->len, url, is_main);
  /* Otherwise it is a module that misses one of its imports, or neither. */
  if (JS_IsException(v))
    return throw_further(ctx, as_script, JS_GetException(ctx), url);
  *is_module = true;
  JS_FreeValue(ctx, as_script);
  return v;
}

/* Says of a source that was refused, and is a module, that it is one. */
static JSValue throw_for_module(JSContext *ctx, const tenon_p_source *s,
                                const char *url)
{
  JSValue refused = JS_GetException(ctx);
  JSValue v = tenon_p_compile(ctx, s->text, s->len, url, JS_EVAL_TYPE_MODULE);

  if (JS_IsException(v)) {
    /* One that misses an import is a module too: the loader's errors have a
     * code. */
    JSValue error = JS_GetException(ctx), code;
    bool is_module = false;
    if (JS_IsObject(error)) {
      code = JS_GetPropertyStr(ctx, error, "code");
      is_module = JS_IsString(code);
      if (JS_IsException(code)) JS_FreeValue(ctx, JS_GetException(ctx));
      JS_FreeValue(ctx, code);
    }
    JS_FreeValue(ctx, error);
    if (!is_module) return JS_Throw(ctx, refused);
  }
  JS_FreeValue(ctx, refused);
  JS_FreeValue(ctx, v);
  return JS_ThrowSyntaxError(ctx, "code whose value is wanted cannot import "
                                  "or export: use await import('…')");
}

JSValue tenon_p_source_compile_value(JSContext *ctx, const tenon_p_source *s,
                                     const char *url, bool *is_async)
{
  JSValue v = tenon_p_compile(ctx, s->text, s->len, url, JS_EVAL_TYPE_GLOBAL);
  JSValue as_script;

  *is_async = false;
  if (!JS_IsException(v)) return v;
  as_script = JS_GetException(ctx);
  v = tenon_p_compile(ctx, s->text, s->len, url,
                      JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_ASYNC);
  if (JS_IsException(v)) {
    throw_further(ctx, as_script, JS_GetException(ctx), url);
    return throw_for_module(ctx, s, url);
  }
  *is_async = true;
  JS_FreeValue(ctx, as_script);
  return v;
}
