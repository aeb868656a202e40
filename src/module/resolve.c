/*
 * What a specifier means: the name of a native or a builtin module, a file: URL,
 * a path relative to the referrer, or a package. A path in a specifier is a URL's: %20 is a space,
 * and a query makes another module of the same file.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <tenon/error.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/text.h"
#include "module/package.h"

static int define(JSContext *ctx, JSValueConst object, const char *name,
                  JSValue v, int flags)
{
  if (JS_IsException(v)) return -1;
  return JS_DefinePropertyValueStr(ctx, object, name, v, flags) < 0 ? -1 : 0;
}

__attribute__((format(printf, 4, 0))) static void throw_coded(
    JSContext *ctx, bool is_type, const char *code, const char *format,
    va_list ap)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  JSValue e;
  int r = -1;

  tenon_p_text_vprintf(&t, format, ap);
  e = t.failed  ? JS_EXCEPTION
      : is_type ? JS_NewTypeError(ctx, "%s", t.data)
                : JS_NewPlainError(ctx, "%s", t.data);
  if (JS_IsException(e)) {
    JS_ThrowOutOfMemory(ctx);
  } else {
    /* The engine cuts off a message behind some 250 bytes: paths are longer. */
    r = define(ctx, e, "message", JS_NewStringLen(ctx, t.data, t.len),
               JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE);
    if (r == 0)
      r = define(ctx, e, "code", JS_NewString(ctx, code), JS_PROP_C_W_E);
  }
  tenon_p_text_release(&t);
  if (r == 0)
    JS_Throw(ctx, e);
  else
    JS_FreeValue(ctx, e);
}

void tenon_p_modules_throw(JSContext *ctx, const char *code, const char *format,
                           ...)
{
  va_list ap;

  va_start(ap, format);
  throw_coded(ctx, false, code, format, ap);
  va_end(ap);
}

void tenon_p_modules_throw_type(JSContext *ctx, const char *code,
                                const char *format, ...)
{
  va_list ap;

  va_start(ap, format);
  throw_coded(ctx, true, code, format, ap);
  va_end(ap);
}

char *tenon_p_modules_url_of(const char *name)
{
  char *path, *url;

  if (name[0] != '.' && (!strchr(name, '/') || tenon_p_path_is_url(name)))
    return tenon_p_strndup(name, strlen(name));
  path = tenon_p_path_resolve(NULL, name);
  url = path ? tenon_p_path_to_url(path) : NULL;
  free(path);
  return url;
}

bool tenon_p_modules_is_data_url(const char *s)
{
  return strncasecmp(s, "data:", 5) == 0;
}

bool tenon_p_modules_is_relative(const char *s)
{
  return s[0] == '/' || strncmp(s, "./", 2) == 0 || strncmp(s, "../", 3) == 0 ||
         strcmp(s, ".") == 0 || strcmp(s, "..") == 0;
}

/* What the writer may have meant: appended to a message. */
static void append_hint(JSContext *ctx, const char *path, const char *specifier,
                        tenon_p_text *t)
{
  static const char *const endings[] = {".js", ".mjs", "/index.js"};
  tenon_p_text p = TENON_P_TEXT_INIT;
  size_t n = strcspn(specifier, "?#"), i;

  while (n > 1 && specifier[n - 1] == '/')
    n--;
  if (n > (size_t)INT_MAX) return;
  for (i = 0; i < tenon_p_countof(endings); i++) {
    tenon_p_text_clear(&p);
    tenon_p_text_puts(&p, path);
    tenon_p_text_puts(&p, endings[i]);
    if (!p.failed && tenon_p_may_be_file(ctx, p.data)) {
      tenon_p_text_printf(t, "; did you mean '%.*s%s'?", (int)n, specifier,
                          endings[i]);
      break;
    }
  }
  tenon_p_text_release(&p);
}

static void throw_no_file(JSContext *ctx, const char *specifier,
                          const char *referrer, const tenon_p_package_found *f,
                          int error)
{
  tenon_p_text hint = TENON_P_TEXT_INIT;

  tenon_p_text_puts(&hint, "");
  if (f->is_as_written && (error == UV_ENOENT || error == UV_EISDIR))
    append_hint(ctx, f->path, specifier, &hint);
  tenon_p_modules_throw(
      ctx,
      error == UV_EISDIR || f->is_folder ? "ERR_UNSUPPORTED_DIR_IMPORT"
                                         : "ERR_MODULE_NOT_FOUND",
      "Cannot find module '%s' imported from %s: tried %s (%s)%s", specifier,
      referrer, f->path, uv_strerror(error), hint.data ? hint.data : "");
  tenon_p_text_release(&hint);
}

/* The real path of an existing file; NULL with `*error` set. */
static char *real_file(const char *path, int *error)
{
  uv_fs_t req;
  char *real = NULL;

  *error = uv_fs_realpath(NULL, &req, path, NULL);
  if (*error == 0) {
    real = tenon_p_strndup(req.ptr, strlen(req.ptr));
    if (!real) *error = TENON_ENOMEM;
  }
  uv_fs_req_cleanup(&req);
  if (real && !tenon_p_is_file(real)) {
    *error = UV_EISDIR;
    free(real);
    real = NULL;
  }
  return real;
}

/* A query or fragment as a URL has it. */
static void append_query(const char *s, tenon_p_text *t)
{
  for (; *s; s++) {
    unsigned char c = (unsigned char)*s;
    if (c <= 0x20 || c >= 0x7f || strchr("\"<>`", c))
      tenon_p_text_printf(t, "%%%02X", c);
    else
      tenon_p_text_append(t, s, 1);
  }
}

/* The URL of a file that was found, if it is there. */
static char *finish(JSContext *ctx, const tenon_p_package_found *f,
                    const char *specifier, const char *referrer, bool is_loaded)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  char *real, *url, *result = NULL;
  bool is_open = false; /* a folder, as it is written */
  int error;

  if (tenon_p_import_check(ctx, f->path, specifier, referrer)) return NULL;
  real = real_file(f->path, &error);
  if (!real)
    TENON_P_TRACE(ctx, "%s: %s", f->path, tenon_strerror(error));
  else if (strcmp(real, f->path) == 0)
    TENON_P_TRACE(ctx, "%s: a file", real);
  else
    TENON_P_TRACE(ctx, "%s: a file, really %s", f->path, real);
  if (real && f->is_folder) {
    free(real);
    real = NULL;
    error = UV_ENOTDIR;
  }
  if (!real && !is_loaded && error != TENON_ENOMEM && error != UV_ENOMEM) {
    real = tenon_p_strndup(f->path, strlen(f->path));
    error = TENON_ENOMEM;
    is_open = f->is_folder && f->path[1];
  }
  if (!real) {
    if (error == TENON_ENOMEM || error == UV_ENOMEM)
      JS_ThrowOutOfMemory(ctx);
    else
      throw_no_file(ctx, specifier, referrer, f, error);
    return NULL;
  }
  url = tenon_p_path_to_url(real);
  if (url) {
    tenon_p_text_puts(&t, url);
    if (is_open) tenon_p_text_puts(&t, "/");
    append_query(f->tail, &t);
  }
  if (url && !t.failed)
    result = js_strdup(ctx, t.data);
  else
    JS_ThrowOutOfMemory(ctx);
  tenon_p_text_release(&t);
  free(url);
  free(real);
  return result;
}

/* The same of a path that was decoded, with the specifier's query. */
static char *finish_path(JSContext *ctx, char *path, const char *specifier,
                         const char *referrer, bool is_loaded)
{
  size_t n = strcspn(specifier, "?#");
  tenon_p_package_found f = {NULL, path, (char *)specifier + n,
                             n && specifier[n - 1] == '/', true};

  return finish(ctx, &f, specifier, referrer, is_loaded);
}

/* The directory that a referrer's relative specifiers start from; NULL for
 * the working directory, or with `*failed` when out of memory. */
static char *directory_of(const char *referrer, bool *failed)
{
  char *path = NULL, *dir;

  *failed = false;
  if (referrer[0] == '/') {
    path = tenon_p_strndup(referrer, strlen(referrer));
    *failed = !path;
  } else if (strncasecmp(referrer, "file:", 5) == 0) {
    *failed = !tenon_p_path_from_url(referrer, &path) && !path;
  }
  if (!path) return NULL;
  dir = tenon_p_path_dirname(path);
  *failed = !dir;
  free(path);
  return dir;
}

/* Throws where there is no folder to begin from. */
static bool is_nowhere(JSContext *ctx, const char *referrer,
                       const char *specifier)
{
  if (!tenon_p_modules_is_data_url(referrer)) return false;
  tenon_p_modules_throw_type(ctx, "ERR_UNSUPPORTED_RESOLVE_REQUEST",
                             "Cannot find module '%s' imported from a data: "
                             "URL: that is in no folder",
                             specifier);
  return true;
}

char *tenon_p_modules_resolve_relative(JSContext *ctx, const char *referrer,
                                       const char *specifier, bool is_loaded)
{
  char *dir, *path = NULL, *decoded = NULL, *result = NULL;
  const char *problem = NULL;
  bool failed;

  if (is_nowhere(ctx, referrer, specifier)) return NULL;
  dir = directory_of(referrer, &failed);
  if (failed) goto out;
  problem = tenon_p_path_decode(specifier, strcspn(specifier, "?#"), &decoded);
  if (problem)
    tenon_p_modules_throw(ctx, "ERR_INVALID_MODULE_SPECIFIER",
                          "Invalid module specifier '%s' imported from %s: %s",
                          specifier, referrer, problem);
  if (decoded) path = tenon_p_path_resolve(dir, decoded);
  if (path) result = finish_path(ctx, path, specifier, referrer, is_loaded);
out:
  if (!path && !problem) JS_ThrowOutOfMemory(ctx);
  free(decoded);
  free(path);
  free(dir);
  return result;
}

char *tenon_p_modules_resolve_url(JSContext *ctx, const char *referrer,
                                  const char *specifier, bool is_loaded)
{
  char *path, *result;
  const char *problem;

  if (strncasecmp(specifier, "file:", 5) != 0) {
    if (!is_loaded || tenon_p_modules_is_data_url(specifier))
      return js_strdup(ctx, specifier);
    tenon_p_modules_throw(
        ctx, "ERR_UNSUPPORTED_ESM_URL_SCHEME",
        "Cannot load '%s' imported from %s: only file: and data: URLs are "
        "supported",
        specifier, referrer);
    return NULL;
  }
  problem = tenon_p_path_from_url(specifier, &path);
  if (problem) {
    tenon_p_modules_throw(ctx, "ERR_INVALID_MODULE_SPECIFIER",
                          "Invalid module specifier '%s' imported from %s: %s",
                          specifier, referrer, problem);
    return NULL;
  }
  if (!path) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  result = finish_path(ctx, path, specifier, referrer, is_loaded);
  free(path);
  return result;
}

char *tenon_p_modules_resolve_package(JSContext *ctx, const char *referrer,
                                      const char *specifier, bool is_loaded)
{
  tenon_p_package_request q = {.specifier = specifier,
                               .referrer = referrer,
                               .conditions = tenon_p_import_conditions};
  tenon_p_package_found f;
  char *dir, *result = NULL;
  bool failed;

  if (is_nowhere(ctx, referrer, specifier)) return NULL;
  dir = directory_of(referrer, &failed);
  if (!dir && !failed) dir = tenon_p_path_resolve(NULL, ".");
  if (!dir) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  q.dir = dir;
  if (tenon_p_package_resolve(ctx, &q, &f) == 0) {
    result = f.name ? js_strdup(ctx, f.name)
                    : finish(ctx, &f, specifier, referrer, is_loaded);
    tenon_p_package_found_release(&f);
  }
  free(dir);
  return result;
}
