/* What commonjs.js cannot do itself: what specifiers mean, files, compiling, and
 * ES modules that are evaluated at once. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>
#include <tenon/realm.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/path.h"
#include "module/commonjs.h"
#include "module/graph.h"
#include "module/package.h"

/* A string argument, which must hold no NUL; NULL with an exception. */
static const char *text_of(JSContext *ctx, JSValueConst v)
{
  size_t len;
  const char *s = JS_ToCStringLen(ctx, &len, v);

  if (!s || strlen(s) == len) return s;
  tenon_p_modules_throw_type(ctx, "ERR_INVALID_ARG_VALUE",
                             "A specifier or a path with NUL: '%s\\0'", s);
  JS_FreeCString(ctx, s);
  return NULL;
}

static JSValue new_path(JSContext *ctx, char *path)
{
  JSValue v = path ? JS_NewString(ctx, path) : JS_ThrowOutOfMemory(ctx);

  free(path);
  return v;
}

/* --- What a specifier means ------------------------------------------------- */

static char *real_path(JSContext *ctx, const char *path, const char *specifier,
                       const char *referrer)
{
  uv_fs_t req;
  char *real;
  int r;

  if (tenon_p_import_check(ctx, path, specifier, referrer)) return NULL;
  r = uv_fs_realpath(NULL, &req, path, NULL);
  real = r == 0 ? js_strdup(ctx, req.ptr) : NULL;
  if (real && strcmp(real, path) != 0)
    TENON_P_TRACE(ctx, "%s: really %s", path, real);
  uv_fs_req_cleanup(&req);
  if (r == UV_ENOMEM)
    JS_ThrowOutOfMemory(ctx);
  else if (r)
    tenon_p_modules_throw(ctx, "MODULE_NOT_FOUND",
                          "Cannot find module '%s' required from %s: %s (%s)",
                          specifier, referrer, path, uv_strerror(r));
  return real;
}

static char *resolve_path(JSContext *ctx, const tenon_p_package_request *q)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  char *file = NULL, *real = NULL, *full;

  if (q->specifier[0] != '/') {
    tenon_p_text_puts(&t, q->dir);
    tenon_p_text_puts(&t, "/");
  }
  tenon_p_text_puts(&t, q->specifier);
  full = t.failed ? NULL : tenon_p_path_resolve(NULL, t.data);
  if (!full)
    JS_ThrowOutOfMemory(ctx);
  else if (tenon_p_import_check(ctx, full, q->specifier, q->referrer) ||
           tenon_p_require_path(ctx, q, t.data, &file))
    file = NULL;
  else if (!file)
    tenon_p_modules_throw(
        ctx, "MODULE_NOT_FOUND",
        "Cannot find module '%s' required from %s: tried %s, with .js, .json "
        "and .node behind it, and as a folder",
        q->specifier, q->referrer, full);
  if (file) real = real_path(ctx, file, q->specifier, q->referrer);
  tenon_p_text_release(&t);
  free(full);
  free(file);
  return real;
}

static char *resolve_package(JSContext *ctx, const tenon_p_package_request *q)
{
  tenon_p_package_found f;
  char *result;

  if (tenon_p_package_resolve(ctx, q, &f)) return NULL;
  result = f.name ? js_strdup(ctx, f.name)
                  : real_path(ctx, f.path, q->specifier, q->referrer);
  tenon_p_package_found_release(&f);
  return result;
}

char *tenon_p_commonjs_resolve_here(JSContext *ctx, const char *referrer,
                                    const char *dir, const char *specifier)
{
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  tenon_p_package_request q = {.specifier = specifier,
                               .referrer = referrer,
                               .dir = dir,
                               .conditions = tenon_p_require_conditions,
                               .is_require = true};
  const tenon_p_builtin_module *b;

  if (tenon_p_modules_find_native(m, specifier) ||
      tenon_p_modules_has_engine_module(m, specifier))
    return js_strdup(ctx, specifier);
  b = tenon_p_builtin_find(ctx, specifier);
  if (b) return js_strdup(ctx, b->name);
  if (tenon_p_modules_is_builtin_name(ctx, specifier)) {
    tenon_p_modules_throw_no_builtin(ctx, specifier, referrer);
    return NULL;
  }
  return tenon_p_modules_is_relative(specifier) ? resolve_path(ctx, &q)
                                                : resolve_package(ctx, &q);
}

/* resolve(request, dir, referrer): a path, the name of a module, or a URL */
static JSValue native_resolve(JSContext *ctx, JSValueConst this_value, int argc,
                              JSValueConst *argv)
{
  const char *specifier = text_of(ctx, argv[0]);
  const char *dir = specifier ? text_of(ctx, argv[1]) : NULL;
  const char *referrer = dir ? text_of(ctx, argv[2]) : NULL;
  char *found = NULL;
  JSValue v;

  (void)this_value;
  (void)argc;
  if (referrer) found = tenon_p_modules_require(ctx, referrer, dir, specifier);
  v = found ? JS_NewString(ctx, found) : JS_EXCEPTION;
  js_free(ctx, found);
  JS_FreeCString(ctx, referrer);
  JS_FreeCString(ctx, dir);
  JS_FreeCString(ctx, specifier);
  return v;
}

/* isBuiltin(name) */
static JSValue native_is_builtin(JSContext *ctx, JSValueConst this_value,
                                 int argc, JSValueConst *argv)
{
  const char *name = JS_ToCString(ctx, argv[0]);
  bool is = name && tenon_p_builtin_find(ctx, name);

  (void)this_value;
  (void)argc;
  if (!name) return JS_EXCEPTION;
  JS_FreeCString(ctx, name);
  return JS_NewBool(ctx, is);
}

/* builtins(): their names, as require takes them */
static JSValue native_builtins(JSContext *ctx, JSValueConst this_value,
                               int argc, JSValueConst *argv)
{
  const tenon_p_builtin_module *b;
  JSValue list = JS_NewArray(ctx), v;
  uint32_t count = 0;
  size_t i = 0;

  (void)this_value;
  (void)argc;
  (void)argv;
  while (!JS_IsException(list) && (b = tenon_p_builtin_next(ctx, &i))) {
    bool is_bare = !b->is_prefixed && strncmp(b->name, "node:", 5) == 0;
    v = JS_NewString(ctx, is_bare ? b->name + 5 : b->name);
    if (JS_IsException(v) || JS_DefinePropertyValueUint32(ctx, list, count++, v,
                                                          JS_PROP_C_W_E) < 0) {
      JS_FreeValue(ctx, list);
      list = JS_EXCEPTION;
    }
  }
  return list;
}

/* entries(): another number says that nothing of before is on the stack */
static JSValue native_entries(JSContext *ctx, JSValueConst this_value, int argc,
                              JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  (void)argv;
  return JS_NewInt64(ctx, (int64_t)tenon_p_engine_of(ctx)->entries);
}

/* --- Paths and files -------------------------------------------------------- */

/* absolute(path, base): the working directory is the base of both */
static JSValue native_absolute(JSContext *ctx, JSValueConst this_value,
                               int argc, JSValueConst *argv)
{
  const char *path = text_of(ctx, argv[0]);
  const char *base = path && argc > 1 ? text_of(ctx, argv[1]) : NULL;
  bool failed = !path || (argc > 1 && !base);
  char *full = failed ? NULL : tenon_p_path_resolve(base, path);

  (void)this_value;
  JS_FreeCString(ctx, base);
  JS_FreeCString(ctx, path);
  return failed ? JS_EXCEPTION : new_path(ctx, full);
}

/* isFile(path) */
static JSValue native_is_file(JSContext *ctx, JSValueConst this_value, int argc,
                              JSValueConst *argv)
{
  const char *path = text_of(ctx, argv[0]);
  bool is = path && tenon_p_may_be_file(ctx, path);

  (void)this_value;
  (void)argc;
  JS_FreeCString(ctx, path);
  return path ? JS_NewBool(ctx, is) : JS_EXCEPTION;
}

/* pathOf(url) */
static JSValue native_path_of(JSContext *ctx, JSValueConst this_value, int argc,
                              JSValueConst *argv)
{
  const char *url = text_of(ctx, argv[0]);
  const char *problem = NULL;
  char *path = NULL;

  (void)this_value;
  (void)argc;
  if (!url) return JS_EXCEPTION;
  problem = tenon_p_path_from_url(url, &path);
  if (problem)
    tenon_p_modules_throw_type(ctx, "ERR_INVALID_ARG_VALUE",
                               "createRequire: argument 1 'filename': '%s': %s",
                               url, problem);
  JS_FreeCString(ctx, url);
  return problem ? JS_EXCEPTION : new_path(ctx, path);
}

static void throw_unread(JSContext *ctx, const char *path, int r)
{
  if (r == TENON_ENOMEM || r == UV_ENOMEM)
    JS_ThrowOutOfMemory(ctx);
  else
    tenon_p_modules_throw(ctx, uv_err_name(r), "Cannot read %s: %s", path,
                          uv_strerror(r));
}

/* What scripts hand in has not been resolved, maybe. 0, or -1 with an exception. */
static int read_source(JSContext *ctx, const char *path, tenon_p_source *s)
{
  size_t len;
  char *data;
  int r;

  *s = (tenon_p_source){NULL, NULL, 0};
  if (tenon_p_import_check(ctx, path, path, "a script")) return -1;
  r = tenon_p_file_import(tenon_p_modules_of(tenon_p_engine_of(ctx)), path,
                          &data, &len);
  if (r == 0) r = tenon_p_source_take(data, len, s);
  if (r == 0) return 0;
  throw_unread(ctx, path, r);
  return -1;
}

/* read(path): its text, without a byte-order mark */
static JSValue native_read(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  const char *path = text_of(ctx, argv[0]);
  tenon_p_source s;
  JSValue v;

  (void)this_value;
  (void)argc;
  if (!path) return JS_EXCEPTION;
  v = read_source(ctx, path, &s) ? JS_EXCEPTION
                                 : JS_NewStringLen(ctx, s.text, s.len);
  tenon_p_source_release(&s);
  JS_FreeCString(ctx, path);
  return v;
}

/* parse(text): JSON, whether the realm has the object of this name or not */
static JSValue native_parse(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  size_t len;
  const char *text = JS_ToCStringLen(ctx, &len, argv[0]);
  JSValue v = text ? JS_ParseJSON(ctx, text, len, "JSON") : JS_EXCEPTION;

  (void)this_value;
  (void)argc;
  JS_FreeCString(ctx, text);
  return v;
}

/* kind(path): 1 it is CommonJS, 2 an ES module, 0 its syntax says which */
static JSValue native_kind(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  const char *path = text_of(ctx, argv[0]);
  enum tenon_p_source_kind kind = TENON_P_SOURCE_UNKNOWN;

  (void)this_value;
  (void)argc;
  if (!path) return JS_EXCEPTION;
  if (tenon_p_path_has_extension(path, ".js") ||
      tenon_p_path_has_extension(path, ".cjs") ||
      tenon_p_path_has_extension(path, ".mjs"))
    kind = tenon_p_source_kind_of(ctx, path);
  JS_FreeCString(ctx, path);
  switch (kind) {
  case TENON_P_SOURCE_FAILED: return JS_EXCEPTION;
  case TENON_P_SOURCE_COMMONJS: return JS_NewInt32(ctx, 1);
  case TENON_P_SOURCE_MODULE: return JS_NewInt32(ctx, 2);
  default: return JS_NewInt32(ctx, 0);
  }
}

/* --- Compiling -------------------------------------------------------------- */

/* The function of a body; undefined for an ES module, which is loaded then. */
static JSValue compile(JSContext *ctx, const tenon_p_source *s, const char *url,
                       bool is_commonjs)
{
  bool is_module = false;
  JSValue v;

  if (is_commonjs) return tenon_p_commonjs_compile(ctx, s, url);
  v = tenon_p_source_compile_detected(ctx, s, url, true, false, &is_module);
  if (JS_IsException(v) || !is_module) return v;
  /* The realm holds it: the value is a view of it. */
  JS_FreeValue(ctx, v);
  return JS_UNDEFINED;
}

/* Has a link of the host this file? true: `*v` is null, and the module prepared,
 * where it is CommonJS; undefined for an ES module; or an exception. */
static bool load_by_link(JSContext *ctx, const char *url, JSValue *v)
{
  JSModuleDef *def = tenon_p_module_find(ctx, url);

  *v = JS_EXCEPTION;
  if (JS_HasException(ctx)) return true;
  if (def) return false;
  if (!tenon_p_modules_load_by_host(ctx, url, &def)) return false;
  if (def) *v = tenon_p_module_is_native(def) ? JS_NULL : JS_UNDEFINED;
  return true;
}

/* load(path, isCommonJS): as load_by_link, or the function of its body */
static JSValue native_load(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  const char *path = text_of(ctx, argv[0]);
  char *url = path ? tenon_p_modules_url_of(path) : NULL;
  tenon_p_source s = {NULL, NULL, 0};
  JSValue v = JS_EXCEPTION;

  (void)this_value;
  (void)argc;
  if (!path) return JS_EXCEPTION;
  if (!url) {
    JS_ThrowOutOfMemory(ctx);
  } else if (tenon_p_import_check(ctx, path, path, "a script") == 0 &&
             !load_by_link(ctx, url, &v)) {
    v = read_source(ctx, path, &s)
            ? JS_EXCEPTION
            : compile(ctx, &s, url, JS_ToBool(ctx, argv[1]));
  }
  tenon_p_source_release(&s);
  free(url);
  JS_FreeCString(ctx, path);
  return v;
}

typedef JSValue compiler(JSContext *ctx, const tenon_p_source *s,
                         const char *url, bool flag);

/* Of text that a script has, under the name of a file: a realm in which scripts
 * evaluate no text has none of it. */
static JSValue compile_text(JSContext *ctx, JSValueConst text,
                            JSValueConst filename, compiler *compiler,
                            bool flag)
{
  const tenon_p_realm *r = tenon_p_realm_of(ctx);
  const char *path = text_of(ctx, filename), *src = NULL;
  char *url = path ? tenon_p_modules_url_of(path) : NULL;
  tenon_p_source s = {NULL, NULL, 0};
  JSValue v = JS_EXCEPTION;

  if (url && r && (r->without & TENON_REALM_EVAL))
    JS_ThrowTypeError(ctx, "cannot compile text for %s: eval is not supported",
                      path);
  else if (url)
    src = JS_ToCStringLen(ctx, &s.len, text);
  s.text = src;
  if (path && !url)
    JS_ThrowOutOfMemory(ctx);
  else if (src && s.len > INT_MAX)
    JS_ThrowRangeError(ctx, "the source is too long");
  else if (src)
    v = compiler(ctx, &s, url, flag);
  JS_FreeCString(ctx, src);
  free(url);
  JS_FreeCString(ctx, path);
  return v;
}

/* compile(text, path, isCommonJS) */
static JSValue native_compile(JSContext *ctx, JSValueConst this_value, int argc,
                              JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  return compile_text(ctx, argv[0], argv[1], compile, JS_ToBool(ctx, argv[2]));
}

static JSValue run_script(JSContext *ctx, const tenon_p_source *s,
                          const char *url, bool flag)
{
  JSValue code =
      tenon_p_compile(ctx, s->text, s->len, url, JS_EVAL_TYPE_GLOBAL);

  (void)flag;
  return JS_IsException(code) ? code : JS_EvalFunction(ctx, code);
}

/* script(text, path): the value of a script */
static JSValue native_script(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  return compile_text(ctx, argv[0], argv[1], run_script, false);
}

/* --- ES modules ------------------------------------------------------------- */

static int has_export(JSContext *ctx, JSValueConst namespace, const char *name)
{
  JSAtom atom = JS_NewAtom(ctx, name);
  int r =
      atom == JS_ATOM_NULL ? -1 : JS_GetOwnProperty(ctx, NULL, namespace, atom);

  JS_FreeAtom(ctx, atom);
  return r;
}

/* What require gives of an ES module; consumes the namespace. */
static JSValue required(JSContext *ctx, JSModuleDef *def, JSValue namespace)
{
  JSValue v = JS_EXCEPTION;
  int has = has_export(ctx, namespace, "module.exports");

  if (has > 0) {
    v = JS_GetPropertyStr(ctx, namespace, "module.exports");
  } else if (has == 0) {
    has = has_export(ctx, namespace, "default");
    if (has > 0 && !tenon_p_module_is_native(def)) {
      has = has_export(ctx, namespace, "__esModule");
      if (has == 0) v = tenon_p_module_marked(ctx, def);
      has = has > 0 ? 0 : 1;
    } else if (has > 0) {
      v = JS_GetPropertyStr(ctx, namespace, "default");
    }
    if (has == 0) return namespace;
  }
  JS_FreeValue(ctx, namespace);
  return v;
}

static JSValue evaluate(JSContext *ctx, JSModuleDef *def, const char *name,
                        const char *referrer)
{
  const char *from = *referrer ? " from " : "";
  enum tenon_p_at_once r = TENON_P_AT_ONCE_CYCLE;
  JSValue namespace;

  if (!tenon_p_graph_has_begun(ctx, def)) {
    if (tenon_p_graph_load(ctx, def)) return JS_EXCEPTION;
    r = tenon_p_module_at_once(ctx, def, &namespace);
  }
  switch (r) {
  case TENON_P_AT_ONCE_DONE: return required(ctx, def, namespace);
  case TENON_P_AT_ONCE_ASYNC:
    tenon_p_modules_throw(
        ctx, "ERR_REQUIRE_ASYNC_MODULE",
        "Cannot require ES module %s%s%s: it, or what it imports, awaits at its "
        "top; use import()",
        name, from, referrer);
    break;
  case TENON_P_AT_ONCE_CYCLE:
    tenon_p_modules_throw(
        ctx, "ERR_REQUIRE_CYCLE_MODULE",
        "Cannot require ES module %s%s%s: it, or what it imports, is being "
        "evaluated, so this would be a cycle",
        name, from, referrer);
    break;
  case TENON_P_AT_ONCE_THROWN: break;
  }
  return JS_EXCEPTION;
}

static JSModuleDef *load(JSContext *ctx, const char *url)
{
  JSModuleDef *def = tenon_p_module_find(ctx, url);

  if (def || JS_HasException(ctx)) return def;
  return tenon_p_modules_load(
      ctx, url, tenon_p_modules_of(tenon_p_engine_of(ctx)), JS_UNDEFINED);
}

static JSValue compile_module(JSContext *ctx, const tenon_p_source *s,
                              const char *url, bool flag)
{
  (void)flag;
  return tenon_p_modules_compile(ctx, s->text, s->len, url, false);
}

/* requireModule(path, referrer, text): what an ES module exports; `text` is its
 * source, or undefined. */
static JSValue native_require_module(JSContext *ctx, JSValueConst this_value,
                                     int argc, JSValueConst *argv)
{
  const char *path = text_of(ctx, argv[0]);
  const char *referrer = path ? text_of(ctx, argv[1]) : NULL;
  char *url = referrer ? tenon_p_modules_url_of(path) : NULL;
  JSModuleDef *def = NULL;
  JSValue v = JS_EXCEPTION;

  (void)this_value;
  if (url && tenon_p_import_check(ctx, path, path, referrer)) goto out;
  if (url) def = tenon_p_module_find(ctx, url);
  if (url && !def && argc > 2 && JS_IsString(argv[2])) {
    v = compile_text(ctx, argv[2], argv[0], compile_module, false);
    if (!JS_IsException(v)) {
      def = JS_VALUE_GET_PTR(v);
      JS_FreeValue(ctx, v);
    }
  } else if (url && !def && !JS_HasException(ctx)) {
    def = load(ctx, url);
  } else if (referrer && !url) {
    JS_ThrowOutOfMemory(ctx);
  }
  v = def ? evaluate(ctx, def, path, referrer) : JS_EXCEPTION;
out:
  free(url);
  JS_FreeCString(ctx, referrer);
  JS_FreeCString(ctx, path);
  return v;
}

/* use(name, referrer): a builtin or native module, or one of a host's URL */
static JSValue native_use(JSContext *ctx, JSValueConst this_value, int argc,
                          JSValueConst *argv)
{
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  const char *name = text_of(ctx, argv[0]);
  const char *referrer = name ? text_of(ctx, argv[1]) : NULL;
  const tenon_p_builtin_module *b;
  JSValue v = JS_EXCEPTION;
  JSModuleDef *def;

  (void)this_value;
  (void)argc;
  if (!referrer) goto out;
  b = tenon_p_builtin_find(ctx, name);
  if (tenon_p_import_check(ctx, b ? b->name : name, name, referrer)) goto out;
  if (!tenon_p_modules_find_native(m, name) &&
      !tenon_p_modules_has_engine_module(m, name)) {
    v = tenon_p_builtin_exports(ctx, name);
    if (!JS_IsUndefined(v)) goto out;
    v = JS_EXCEPTION;
    if (tenon_p_modules_is_builtin_name(ctx, name)) {
      tenon_p_modules_throw_no_builtin(ctx, name,
                                       *referrer ? referrer : "a script");
      goto out;
    }
  }
  def = load(ctx, name);
  if (def) v = evaluate(ctx, def, name, referrer);
out:
  JS_FreeCString(ctx, referrer);
  JS_FreeCString(ctx, name);
  return v;
}

JSValue tenon_p_commonjs_native(JSContext *ctx)
{
  static const JSCFunctionListEntry list[] = {
      JS_CFUNC_DEF("absolute", 1, native_absolute),
      JS_CFUNC_DEF("builtins", 0, native_builtins),
      JS_CFUNC_DEF("compile", 3, native_compile),
      JS_CFUNC_DEF("entries", 0, native_entries),
      JS_CFUNC_DEF("isBuiltin", 1, native_is_builtin),
      JS_CFUNC_DEF("isFile", 1, native_is_file),
      JS_CFUNC_DEF("kind", 1, native_kind),
      JS_CFUNC_DEF("load", 2, native_load),
      JS_CFUNC_DEF("parse", 1, native_parse),
      JS_CFUNC_DEF("pathOf", 1, native_path_of),
      JS_CFUNC_DEF("read", 1, native_read),
      JS_CFUNC_DEF("requireModule", 2, native_require_module),
      JS_CFUNC_DEF("resolve", 3, native_resolve),
      JS_CFUNC_DEF("script", 2, native_script),
      JS_CFUNC_DEF("use", 2, native_use)};
  JSValue v = JS_NewObjectProto(ctx, JS_NULL);

  if (JS_IsException(v)) return v;
  if (JS_SetPropertyFunctionList(ctx, v, list, (int)tenon_p_countof(list))) {
    JS_FreeValue(ctx, v);
    return JS_EXCEPTION;
  }
  return v;
}
