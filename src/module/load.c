/* Loading what a specifier was resolved to, and import.meta. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <tenon/error.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/path.h"
#include "module/commonjs.h"
#include "module/internal.h"

/* import.meta.resolve(specifier): relative to the module whose meta it is. A
 * file need not be there, as in node: the caller may be about to write it. */
static JSValue meta_resolve(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv, int magic, JSValueConst *data)
{
  const char *referrer, *specifier = NULL;
  JSValue r = JS_EXCEPTION;
  char *url = NULL;
  size_t len;

  (void)this_value;
  (void)magic;
  referrer = JS_ToCString(ctx, data[0]);
  if (argc < 1 || !JS_IsString(argv[0])) {
    JS_ThrowTypeError(ctx, "import.meta.resolve: expected a string");
  } else if (referrer) {
    specifier = JS_ToCStringLen(ctx, &len, argv[0]);
    if (specifier && strlen(specifier) != len)
      JS_ThrowTypeError(ctx, "import.meta.resolve: a specifier with NUL");
    else if (specifier)
      url = tenon_p_modules_resolve(ctx, referrer, specifier, false);
    if (url) r = JS_NewString(ctx, url);
  }
  js_free(ctx, url);
  JS_FreeCString(ctx, specifier);
  JS_FreeCString(ctx, referrer);
  return r;
}

static int define(JSContext *ctx, JSValueConst object, const char *name,
                  JSValue v)
{
  if (JS_IsException(v)) return -1;
  return JS_DefinePropertyValueStr(ctx, object, name, v, JS_PROP_C_W_E) < 0 ? -1
                                                                            : 0;
}

static int define_path(JSContext *ctx, JSValueConst meta, const char *path)
{
  char *dir = tenon_p_path_dirname(path);
  int r = -1;

  if (!dir)
    JS_ThrowOutOfMemory(ctx);
  else if (define(ctx, meta, "filename", JS_NewString(ctx, path)) == 0)
    r = define(ctx, meta, "dirname", JS_NewString(ctx, dir));
  free(dir);
  return r;
}

static int fill_meta(JSContext *ctx, JSModuleDef *def, const char *url,
                     bool is_main)
{
  JSValue meta = JS_GetImportMeta(ctx, def), text, resolve;
  char *path = NULL;
  int r = -1;

  if (JS_IsException(meta)) return -1;
  text = JS_NewString(ctx, url);
  if (JS_IsException(text)) goto out;
  resolve = JS_NewCFunctionData2(ctx, meta_resolve, "resolve", 1, 0, 1,
                                 (JSValueConst *)&text);
  if (define(ctx, meta, "resolve", resolve)) {
    JS_FreeValue(ctx, text);
    goto out;
  }
  if (define(ctx, meta, "url", text) ||
      define(ctx, meta, "main", JS_NewBool(ctx, is_main)))
    goto out;
  r = 0;
  if (strncasecmp(url, "file:", 5) == 0) {
    if (!tenon_p_path_from_url(url, &path) && !path) {
      JS_ThrowOutOfMemory(ctx);
      r = -1;
    } else if (path) {
      r = define_path(ctx, meta, path);
    }
  }
out:
  free(path);
  JS_FreeValue(ctx, meta);
  return r;
}

JSValue tenon_p_modules_compile(JSContext *ctx, const char *src, size_t len,
                                const char *url, bool is_main)
{
  JSValue v = tenon_p_compile(ctx, src, len, url, JS_EVAL_TYPE_MODULE);

  if (JS_IsException(v)) return v;
  if (fill_meta(ctx, JS_VALUE_GET_PTR(v), url, is_main)) {
    JS_FreeValue(ctx, v);
    return JS_EXCEPTION;
  }
  return v;
}

static void throw_unread(JSContext *ctx, const char *url, int r)
{
  if (r == TENON_ENOMEM || r == UV_ENOMEM)
    JS_ThrowOutOfMemory(ctx);
  else
    tenon_p_modules_throw(ctx, uv_err_name(r), "Cannot read module %s: %s", url,
                          uv_strerror(r));
}

/* Why a file cannot be a module, by its name; NULL when it can. */
static const char *refusal_of(const char *path)
{
  const char *name = tenon_p_path_basename(path);
  const char *dot = strrchr(name, '.');

  if (!dot || dot == name || strcmp(dot, ".js") == 0 ||
      strcmp(dot, ".mjs") == 0 || strcmp(dot, ".cjs") == 0)
    return NULL;
  return "a module's name ends with .js, .mjs, .cjs or .so";
}

/* What the URL of a source is called in the cache of CommonJS: a file by its
 * path. 0, or -1 with an exception. */
static int name_of(JSContext *ctx, const char *url, char **name)
{
  *name = NULL;
  if (strncasecmp(url, "file:", 5) != 0 ||
      (tenon_p_path_from_url(url, name) && !*name))
    *name = tenon_p_strndup(url, strlen(url));
  if (*name) return 0;
  JS_ThrowOutOfMemory(ctx);
  return -1;
}

static enum tenon_p_source_kind kind_of(JSContext *ctx, const char *name)
{
  if (name[0] == '/') return tenon_p_source_kind_of(ctx, name);
  return tenon_p_path_has_extension(name, ".cjs") ? TENON_P_SOURCE_COMMONJS
                                                  : TENON_P_SOURCE_MODULE;
}

/* Of CommonJS. One that says so is compiled ahead of its turn, but what is wrong
 * with it is thrown when it runs. */
static JSModuleDef *load_commonjs(JSContext *ctx, const char *url,
                                  const char *name, const tenon_p_source *s)
{
  JSValue body = tenon_p_commonjs_compile(ctx, s, url), error;

  if (JS_IsException(body)) {
    error = JS_GetException(ctx);
    if (!JS_IsError(error) || JS_IsUncatchableError(error)) {
      JS_Throw(ctx, error);
      return NULL;
    }
    body = error;
  }
  return tenon_p_commonjs_import(ctx, url, name, s, body);
}

/* The realm holds the module: the value is a view of it. Consumed. */
static JSModuleDef *def_of(JSContext *ctx, JSValue v)
{
  JSModuleDef *def = JS_IsException(v) ? NULL : JS_VALUE_GET_PTR(v);

  JS_FreeValue(ctx, v);
  return def;
}

static JSModuleDef *load_code(JSContext *ctx, const char *url, const char *name,
                              const tenon_p_source *s)
{
  bool is_module;
  JSValue v;

  switch (kind_of(ctx, name)) {
  case TENON_P_SOURCE_FAILED: return NULL;
  case TENON_P_SOURCE_COMMONJS: return load_commonjs(ctx, url, name, s);
  case TENON_P_SOURCE_UNKNOWN:
    v = tenon_p_source_compile_detected(ctx, s, url, true, false, &is_module);
    if (!JS_IsException(v) && !is_module)
      return tenon_p_commonjs_import(ctx, url, name, s, v);
    return def_of(ctx, v);
  default:
    return def_of(ctx,
                  tenon_p_modules_compile(ctx, s->text, s->len, url, false));
  }
}

JSModuleDef *tenon_p_modules_load_source(JSContext *ctx, const char *url,
                                         enum tenon_p_data type, char *data,
                                         size_t len)
{
  JSModuleDef *def = NULL;
  tenon_p_source s;
  char *name;
  int r;

  if (tenon_p_integrity_check(ctx, url, data, len)) {
    free(data);
    return NULL;
  }
  if (type) return tenon_p_modules_load_data(ctx, url, type, data, len);
  r = tenon_p_source_take(data, len, &s);
  if (r) {
    throw_unread(ctx, url, r);
    return NULL;
  }
  if (name_of(ctx, url, &name) == 0) def = load_code(ctx, url, name, &s);
  free(name);
  tenon_p_source_release(&s);
  return def;
}

static JSModuleDef *load_path(JSContext *ctx, const char *url, const char *path,
                              enum tenon_p_data type)
{
  bool is_json = tenon_p_path_has_extension(path, ".json");
  const char *refusal = NULL;
  size_t len;
  char *data;
  int r;

  if (tenon_p_modules_check_type(ctx, url, type, is_json)) return NULL;
  if (type == TENON_P_DATA_NONE && tenon_p_modules_is_shared(path))
    return tenon_p_modules_load_shared(ctx, url, path);
  if (type == TENON_P_DATA_NONE) refusal = refusal_of(path);
  if (refusal) {
    tenon_p_modules_throw(ctx, "ERR_UNKNOWN_FILE_EXTENSION",
                          "Cannot load %s: %s", url, refusal);
    return NULL;
  }
  r = tenon_p_file_import(tenon_p_modules_of(tenon_p_engine_of(ctx)), path,
                          &data, &len);
  if (r) {
    throw_unread(ctx, url, r);
    return NULL;
  }
  return tenon_p_modules_load_source(ctx, url, type, data, len);
}

JSModuleDef *tenon_p_modules_load_file(JSContext *ctx, const char *url,
                                       enum tenon_p_data type)
{
  JSModuleDef *def;
  const char *problem;
  char *path;

  problem = tenon_p_path_from_url(url, &path);
  /* Where a link has said so it may be none. */
  if (problem) {
    tenon_p_modules_throw(ctx, "ERR_INVALID_MODULE_SPECIFIER",
                          "Cannot load %s: %s", url, problem);
    return NULL;
  }
  if (!path) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  def = load_path(ctx, url, path, type);
  free(path);
  return def;
}
