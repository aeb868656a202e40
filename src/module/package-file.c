/* The files that specifiers, targets and "main" lead to. */
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/text.h"
#include "module/package.h"

/* HIDDEN: rules do not let it be looked at, and refuse it later. */
enum what { IS_NOTHING, IS_FILE, IS_FOLDER, IS_HIDDEN };

static enum what what_is(const char *path)
{
  uv_fs_t req;
  int r = uv_fs_stat(NULL, &req, path, NULL);
  bool is_folder = r == 0 && (req.statbuf.st_mode & S_IFMT) == S_IFDIR;

  uv_fs_req_cleanup(&req);
  if (r) return IS_NOTHING;
  return is_folder ? IS_FOLDER : IS_FILE;
}

/* As far as what is there may be known. */
static enum what look_at(JSContext *ctx, const char *path)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  enum what what = IS_HIDDEN;
  char *real;

  if (!tenon_p_rules_have_roots(m)) return what_is(path);
  switch (tenon_p_rules_reach(m, path, &real)) {
  case TENON_P_REACH_INSIDE: what = what_is(real); break;
  case TENON_P_REACH_OUTSIDE: what = IS_NOTHING; break;
  default: break;
  }
  free(real);
  return what;
}

/* The same, and told. */
static enum what what_to(JSContext *ctx, const char *path)
{
  static const char *const words[] = {[IS_NOTHING] = "not there",
                                      [IS_FILE] = "a file",
                                      [IS_FOLDER] = "a folder",
                                      [IS_HIDDEN] = "leads out of the roots"};
  enum what what = look_at(ctx, path);

  TENON_P_TRACE(ctx, "%s: %s", path, words[what]);
  return what;
}

bool tenon_p_may_be_folder(JSContext *ctx, const char *path)
{
  enum what what = what_to(ctx, path);

  return what == IS_FOLDER || what == IS_HIDDEN;
}

bool tenon_p_may_be_file(JSContext *ctx, const char *path)
{
  enum what what = what_to(ctx, path);

  return what == IS_FILE || what == IS_HIDDEN;
}

bool tenon_p_is_folder(const char *path)
{
  return what_is(path) == IS_FOLDER;
}

bool tenon_p_is_file(const char *path)
{
  return what_is(path) == IS_FILE;
}

/* --- URL references ------------------------------------------------------- */

/* A backslash of a file: URL is a slash; an encoded one would be hidden in a
 * name. */
static const char *decode(const char *s, size_t len, char **out)
{
  char *p, *copy = tenon_p_strndup(s, len);
  const char *problem;

  *out = NULL;
  if (!copy) return NULL;
  for (p = copy; *p; p++) {
    if (*p == '\\') *p = '/';
    if (p[0] == '%' && p[1] == '5' && (p[2] | 0x20) == 'c') {
      free(copy);
      return "an encoded \\";
    }
  }
  problem = tenon_p_path_decode(copy, len, out);
  free(copy);
  return problem;
}

int tenon_p_package_at(JSContext *ctx, const tenon_p_package_request *q,
                       const char *dir, const char *reference,
                       tenon_p_package_found *found)
{
  size_t n = strcspn(reference, "?#");
  char *decoded;
  const char *problem = decode(reference, n, &decoded);

  if (problem) {
    tenon_p_modules_throw(ctx, "ERR_INVALID_MODULE_SPECIFIER",
                          "Invalid module specifier '%s' %s %s: '%s' holds %s",
                          q->specifier, tenon_p_package_verb(q), q->referrer,
                          reference, problem);
    return -1;
  }
  tenon_p_package_found_release(found);
  if (decoded) {
    found->path = tenon_p_path_resolve(dir, decoded);
    found->tail = tenon_p_strndup(reference + n, strlen(reference + n));
    found->is_folder = *decoded && decoded[strlen(decoded) - 1] == '/';
  }
  free(decoded);
  if (found->path && found->tail) return 0;
  tenon_p_package_found_release(found);
  JS_ThrowOutOfMemory(ctx);
  return -1;
}

/* --- "main" --------------------------------------------------------------- */

static int try_reference(JSContext *ctx, const tenon_p_package_request *q,
                         const char *dir, const char *name, const char *ending,
                         tenon_p_package_found *found)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  int r = -1;

  tenon_p_text_puts(&t, "./");
  tenon_p_text_puts(&t, name);
  tenon_p_text_puts(&t, ending);
  if (t.failed)
    JS_ThrowOutOfMemory(ctx);
  else
    r = tenon_p_package_at(ctx, q, dir, t.data, found);
  tenon_p_text_release(&t);
  if (r == 0 && (found->is_folder || !tenon_p_may_be_file(ctx, found->path)))
    tenon_p_package_found_release(found);
  return r;
}

int tenon_p_package_import_main(JSContext *ctx,
                                const tenon_p_package_request *q,
                                const tenon_p_package *p, const char *dir,
                                tenon_p_package_found *found)
{
  static const char *const endings[] = {
      "", ".js", ".json", ".node", "/index.js", "/index.json", "/index.node"};
  static const char *const indices[] = {"index.js", "index.json", "index.node"};
  size_t i;
  int r = 0;

  tenon_p_package_found_release(found);
  if (p && p->main && !memchr(p->main, '\0', p->main_len))
    for (i = 0; r == 0 && !found->path && i < tenon_p_countof(endings); i++)
      r = try_reference(ctx, q, dir, p->main, endings[i], found);
  for (i = 0; r == 0 && !found->path && i < tenon_p_countof(indices); i++)
    r = try_reference(ctx, q, dir, indices[i], "", found);
  return r;
}

/* --- require -------------------------------------------------------------- */

static bool names_folder(const char *path)
{
  const char *name = tenon_p_path_basename(path);

  return !*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* One of the endings behind a path: 0, or -1 out of memory. */
static int try_endings(JSContext *ctx, const char *path, const char *name,
                       char **file)
{
  static const char *const endings[] = {".js", ".json", ".node"};
  tenon_p_text t = TENON_P_TEXT_INIT;
  size_t i;
  int r = 0;

  for (i = 0; i < tenon_p_countof(endings); i++) {
    tenon_p_text_clear(&t);
    tenon_p_text_puts(&t, path);
    tenon_p_text_puts(&t, name);
    tenon_p_text_puts(&t, endings[i]);
    if (t.failed || tenon_p_may_be_file(ctx, t.data)) break;
  }
  if (t.failed)
    r = -1;
  else if (i < tenon_p_countof(endings))
    *file = tenon_p_text_take(&t);
  tenon_p_text_release(&t);
  return r;
}

static int try_main(JSContext *ctx, const tenon_p_package *p, const char *dir,
                    char **file)
{
  char *path;
  int r = 0;

  if (!p || !p->main_len || memchr(p->main, '\0', p->main_len)) return 0;
  path = tenon_p_path_resolve(dir, p->main);
  if (!path) return -1;
  if (tenon_p_may_be_file(ctx, path)) {
    *file = path;
    return 0;
  }
  r = try_endings(ctx, path, "", file);
  if (r == 0 && !*file) r = try_endings(ctx, path, "/index", file);
  free(path);
  return r;
}

int tenon_p_require_path(JSContext *ctx, const tenon_p_package_request *q,
                         const char *path, char **file)
{
  char *full = tenon_p_path_resolve("/", path);
  const tenon_p_package *p;
  enum what what;
  int r = full ? 0 : -1;

  *file = NULL;
  if (r) goto out;
  what = what_to(ctx, full);
  if (!names_folder(path)) {
    if (what == IS_FILE || what == IS_HIDDEN) {
      *file = full;
      return 0;
    }
    r = try_endings(ctx, full, "", file);
  }
  if (r == 0 && !*file && what == IS_FOLDER) {
    if (tenon_p_package_read(ctx, q, full, &p)) {
      free(full);
      return -1;
    }
    r = try_main(ctx, p, full, file);
    if (r == 0 && !*file) r = try_endings(ctx, full, "/index", file);
  }
out:
  free(full);
  if (r) JS_ThrowOutOfMemory(ctx);
  return r;
}
