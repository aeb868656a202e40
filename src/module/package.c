/* What a specifier that is no path and no URL means: the search for a package,
 * from the folder of the referrer upwards. */
#include "module/package.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/text.h"

/* "module-sync" is for those that can require() an ES module. */
const char *const tenon_p_import_conditions[] = {"tenon", "node", "import",
                                                 "module-sync", NULL};
const char *const tenon_p_require_conditions[] = {"tenon", "node", "require",
                                                  "module-sync", NULL};

void tenon_p_package_found_release(tenon_p_package_found *f)
{
  free(f->name);
  free(f->path);
  free(f->tail);
  *f = (tenon_p_package_found){NULL, NULL, NULL, false, false};
}

const char *tenon_p_package_verb(const tenon_p_package_request *q)
{
  return q->is_require ? "required from" : "imported from";
}

static const char *not_found_code(const tenon_p_package_request *q)
{
  return q->is_require ? "MODULE_NOT_FOUND" : "ERR_MODULE_NOT_FOUND";
}

/* --- Names ---------------------------------------------------------------- */

/* The length of the name that a specifier begins with; what follows is empty or
 * begins with '/'. 0 where it can be no package's. */
static size_t name_length(const char *s)
{
  size_t n = strcspn(s, "/"), i;

  if (s[0] == '@') {
    size_t second = s[n] ? strcspn(s + n + 1, "/") : 0;
    const char *p = s + n + 1;
    if (!second || (p[0] == '.' && second == 1) ||
        (p[0] == '.' && p[1] == '.' && second == 2))
      return 0;
    n += 1 + second;
  }
  if (s[0] == '.') return 0;
  for (i = 0; i < n; i++)
    if (s[i] == '\\' || s[i] == '%') return 0;
  return n;
}

static int throw_invalid_name(JSContext *ctx, const tenon_p_package_request *q,
                              const char *name)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  if (name != q->specifier)
    tenon_p_text_printf(&t, ", which stands for '%s',", name);
  tenon_p_modules_throw(ctx, "ERR_INVALID_MODULE_SPECIFIER",
                        "Invalid module specifier '%s'%s %s %s: not the name "
                        "of a package",
                        q->specifier, t.data ? t.data : "",
                        tenon_p_package_verb(q), q->referrer);
  tenon_p_text_release(&t);
  return -1;
}

/* --- What was not found --------------------------------------------------- */

static void list_natives(JSContext *ctx, tenon_p_text *t)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  const tenon_p_list *at;

  tenon_p_text_puts(t, tenon_p_list_is_empty(&m->natives) ? "there are none"
                                                          : "there are ");
  for (at = m->natives.next; at != &m->natives; at = at->next)
    tenon_p_text_printf(
        t, "%s'%s'", at == m->natives.next ? "" : ", ",
        tenon_p_container(at, tenon_p_native_module, link)->name);
}

/* The folder node_modules in `dir`, or something in it; NULL: no memory. */
static char *in_modules(const char *dir, const char *name, size_t len)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_text_puts(&t, strcmp(dir, "/") == 0 ? "" : dir);
  tenon_p_text_puts(&t, "/node_modules");
  if (len) {
    tenon_p_text_puts(&t, "/");
    tenon_p_text_append(&t, name, len);
  }
  return tenon_p_text_take(&t);
}

/* Moves up to the parent folder, consuming `at`: NULL behind the root, or with
 * `*failed` when out of memory. */
static char *upwards(char *at, bool *failed)
{
  char *up = NULL;

  if (strcmp(at, "/") != 0) {
    up = tenon_p_path_dirname(at);
    if (!up) *failed = true;
  }
  free(at);
  return up;
}

/* The folders that were looked into. */
static void list_folders(JSContext *ctx, const char *dir, tenon_p_text *t)
{
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  tenon_p_tracer *tracer = m->tracer;
  char *at = tenon_p_strndup(dir, strlen(dir)), *folder;
  bool failed = !at;
  size_t count = 0;

  m->tracer = NULL; /* it is for a message, and no step */

  while (at) {
    folder = in_modules(at, NULL, 0);
    if (!folder) failed = true;
    if (folder && tenon_p_may_be_folder(ctx, folder))
      tenon_p_text_printf(t, "%s%s", count++ ? ", " : "", folder);
    free(folder);
    at = upwards(at, &failed);
  }
  m->tracer = tracer;
  if (!count) tenon_p_text_printf(t, "no node_modules in or above %s", dir);
  if (failed) t->failed = true;
}

static int throw_no_package(JSContext *ctx, const tenon_p_package_request *q,
                            const char *name, const char *dir)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_text_printf(&t, "Cannot find module '%s'", q->specifier);
  if (name != q->specifier)
    tenon_p_text_printf(&t, ", which stands for '%s',", name);
  tenon_p_text_printf(&t, " %s %s: tried the native modules (",
                      tenon_p_package_verb(q), q->referrer);
  list_natives(ctx, &t);
  tenon_p_text_puts(&t, "), the builtin modules (");
  tenon_p_modules_list_builtins(ctx, name, &t);
  tenon_p_text_puts(&t, "), the packages (");
  list_folders(ctx, dir, &t);
  tenon_p_text_puts(&t, "); a file begins with './', '../' or '/'");
  if (t.failed)
    JS_ThrowOutOfMemory(ctx);
  else
    tenon_p_modules_throw(ctx, not_found_code(q), "%s", t.data);
  tenon_p_text_release(&t);
  return -1;
}

static int throw_no_main(JSContext *ctx, const tenon_p_package_request *q,
                         const tenon_p_package *p, const char *dir)
{
  if (p && p->main)
    tenon_p_modules_throw(ctx, not_found_code(q),
                          "Cannot find module '%s' %s %s: tried \"main\" of "
                          "%s/package.json, which is '%s', and index.js there",
                          q->specifier, tenon_p_package_verb(q), q->referrer,
                          dir, p->main);
  else
    tenon_p_modules_throw(ctx, not_found_code(q),
                          "Cannot find module '%s' %s %s: tried %s, which has "
                          "no \"exports\", no \"main\" and no index.js",
                          q->specifier, tenon_p_package_verb(q), q->referrer,
                          dir);
  return -1;
}

/* --- import --------------------------------------------------------------- */

/* Is it what the package itself is called? */
static bool is_called(const tenon_p_package *p, const char *name, size_t len)
{
  return p && p->exports && p->name && p->name_len == len &&
         memcmp(p->name, name, len) == 0;
}

/* "." and what follows the name in a specifier; NULL with an exception. */
static char *subpath_of(JSContext *ctx, const char *rest)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  char *s;

  tenon_p_text_puts(&t, ".");
  tenon_p_text_puts(&t, rest);
  s = tenon_p_text_take(&t);
  if (!s) JS_ThrowOutOfMemory(ctx);
  return s;
}

/* Of a package in the folder `dir`, which is there. */
static int import_from(JSContext *ctx, const tenon_p_package_request *q,
                       const char *dir, const char *subpath,
                       tenon_p_package_found *found)
{
  const tenon_p_package *p;
  int r = tenon_p_package_read(ctx, q, dir, &p);

  if (r) return r;
  if (p && p->exports) return tenon_p_package_export(ctx, q, p, subpath, found);
  if (strcmp(subpath, ".") == 0) {
    r = tenon_p_package_import_main(ctx, q, p, dir, found);
    return r == 0 && !found->path ? throw_no_main(ctx, q, p, dir) : r;
  }
  r = tenon_p_package_at(ctx, q, dir, subpath, found);
  found->is_as_written = r == 0;
  return r;
}

/* The nearest folder of this name: 0, `*folder` NULL where there is none; or -1
 * with an exception. */
static int find_folder(JSContext *ctx, const char *dir, const char *name,
                       size_t len, char **folder)
{
  char *at = tenon_p_strndup(dir, strlen(dir));
  bool failed = !at;

  *folder = NULL;
  while (at) {
    *folder = in_modules(at, name, len);
    if (!*folder) failed = true;
    if (failed || tenon_p_may_be_folder(ctx, *folder)) break;
    free(*folder);
    *folder = NULL;
    at = upwards(at, &failed);
  }
  free(at);
  if (!failed) return 0;
  free(*folder);
  *folder = NULL;
  JS_ThrowOutOfMemory(ctx);
  return -1;
}

int tenon_p_package_resolve_name(JSContext *ctx,
                                 const tenon_p_package_request *q,
                                 const char *name, const char *dir,
                                 tenon_p_package_found *found)
{
  size_t n = name_length(name);
  char *subpath, *folder = NULL;
  const tenon_p_package *p;
  int r;

  if (!n) return throw_invalid_name(ctx, q, name);
  subpath = subpath_of(ctx, name + n);
  if (!subpath) return -1;
  r = tenon_p_package_scope(ctx, q, dir, &p);
  if (r == 0 && is_called(p, name, n)) {
    r = tenon_p_package_export(ctx, q, p, subpath, found);
  } else if (r == 0) {
    r = tenon_p_import_check_packages(ctx, q->specifier, q->referrer);
    if (r == 0) r = find_folder(ctx, dir, name, n, &folder);
    if (r == 0)
      r = folder ? import_from(ctx, q, folder, subpath, found)
                 : throw_no_package(ctx, q, name, dir);
  }
  free(folder);
  free(subpath);
  return r;
}

/* --- require -------------------------------------------------------------- */

static int throw_no_file(JSContext *ctx, const tenon_p_package_request *q,
                         const char *path)
{
  tenon_p_modules_throw(ctx, not_found_code(q),
                        "Cannot find module '%s' %s %s: tried %s, which a "
                        "package.json has chosen and is no file",
                        q->specifier, tenon_p_package_verb(q), q->referrer,
                        path);
  return -1;
}

/* What a package.json has chosen must be there, and is tried with no ending. */
static int check_chosen(JSContext *ctx, const tenon_p_package_request *q, int r,
                        tenon_p_package_found *found)
{
  if (r || found->name) return r;
  if (!found->is_folder && tenon_p_may_be_file(ctx, found->path)) return 0;
  r = throw_no_file(ctx, q, found->path);
  tenon_p_package_found_release(found);
  return r;
}

/* Of the package in `folder`: 1, with a result, where it has "exports". */
static int require_export(JSContext *ctx, const tenon_p_package_request *q,
                          const tenon_p_package *p, const char *rest,
                          tenon_p_package_found *found)
{
  char *subpath = subpath_of(ctx, rest);
  int r = subpath ? tenon_p_package_export(ctx, q, p, subpath, found) : -1;

  free(subpath);
  return check_chosen(ctx, q, r, found) ? -1 : 1;
}

/* In the folder node_modules of `at`: 1 found, 0 not there, -1. */
static int require_in(JSContext *ctx, const tenon_p_package_request *q,
                      const char *at, tenon_p_package_found *found)
{
  size_t n = name_length(q->specifier);
  const tenon_p_package *p = NULL;
  char *path = NULL, *file = NULL;
  int r = 0;

  if (n) {
    path = in_modules(at, q->specifier, n);
    if (!path) goto no_memory;
    if (tenon_p_may_be_folder(ctx, path))
      r = tenon_p_package_read(ctx, q, path, &p);
    free(path);
    if (r) return r;
  }
  if (p && p->exports)
    return require_export(ctx, q, p, q->specifier + n, found);
  path = in_modules(at, q->specifier, strlen(q->specifier));
  if (!path) goto no_memory;
  r = tenon_p_require_path(ctx, q, path, &file);
  free(path);
  if (r || !file) return r;
  found->path = file;
  found->tail = tenon_p_strndup("", 0);
  found->is_as_written = true;
  if (found->tail) return 1;
  tenon_p_package_found_release(found);
no_memory:
  JS_ThrowOutOfMemory(ctx);
  return -1;
}

/* From the referrer's folder upwards; a folder node_modules has none of its
 * own. */
static int require_upwards(JSContext *ctx, const tenon_p_package_request *q,
                           tenon_p_package_found *found)
{
  int r = tenon_p_import_check_packages(ctx, q->specifier, q->referrer);
  char *at = r ? NULL : tenon_p_strndup(q->dir, strlen(q->dir)), *folder;
  bool failed = !at && !r;

  while (at && r == 0) {
    if (strcmp(tenon_p_path_basename(at), "node_modules") != 0) {
      folder = in_modules(at, NULL, 0);
      if (!folder) failed = true;
      if (folder && tenon_p_may_be_folder(ctx, folder))
        r = require_in(ctx, q, at, found);
      free(folder);
      if (failed) break;
    }
    if (r == 0) at = upwards(at, &failed);
  }
  free(at);
  if (failed) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  if (r == 0) return throw_no_package(ctx, q, q->specifier, q->dir);
  return r < 0 ? -1 : 0;
}

static int require_name(JSContext *ctx, const tenon_p_package_request *q,
                        tenon_p_package_found *found)
{
  const tenon_p_package *p;
  size_t n;

  if (tenon_p_package_scope(ctx, q, q->dir, &p)) return -1;
  if (q->specifier[0] == '#' && p && p->imports)
    return check_chosen(ctx, q, tenon_p_package_import(ctx, q, found), found);
  n = p && p->name ? p->name_len : 0;
  if (n && n <= strlen(q->specifier) && is_called(p, q->specifier, n) &&
      (q->specifier[n] == '\0' || q->specifier[n] == '/'))
    return require_export(ctx, q, p, q->specifier + n, found) < 0 ? -1 : 0;
  return require_upwards(ctx, q, found);
}

int tenon_p_package_resolve(JSContext *ctx, const tenon_p_package_request *q,
                            tenon_p_package_found *found)
{
  int r;

  *found = (tenon_p_package_found){NULL, NULL, NULL, false, false};
  if (q->is_require)
    r = require_name(ctx, q, found);
  else if (q->specifier[0] == '#')
    r = tenon_p_package_import(ctx, q, found);
  else
    r = tenon_p_package_resolve_name(ctx, q, q->specifier, q->dir, found);
  if (r) tenon_p_package_found_release(found);
  return r;
}
