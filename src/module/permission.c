/*
 * What may be imported: rules that a host has set for a runtime.
 *
 * Invariants
 * - What lies outside of the roots is never looked at, so that a refusal is the
 *   same whether it is there or not. Links are followed here, one by one, and not
 *   by the system.
 * - A file is opened without following any link, by the path that was checked: one
 *   that has become a link meanwhile is not read.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <tenon/error.h>
#include <unistd.h>
#include <uv.h>
#ifdef __linux__
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

#include "base/alloc.h"
#include "base/path.h"
#include "module/package.h"

#define MOST_LINKS 40

typedef struct root {
  char *given, *real; /* absolute, without dots */
} root;

struct tenon_p_rules {
  root *roots;
  char **allowed; /* "app:*": what begins so */
  size_t root_count, allowed_count;
  bool has_roots, has_allowed, no_native, no_packages;
};

void tenon_p_rules_free(tenon_p_rules *r)
{
  size_t i;

  if (!r) return;
  for (i = 0; i < r->root_count; i++) {
    free(r->roots[i].given);
    free(r->roots[i].real);
  }
  for (i = 0; i < r->allowed_count; i++)
    free(r->allowed[i]);
  free(r->roots);
  free(r->allowed);
  free(r);
}

static size_t count_of(const char *const *list)
{
  size_t n = 0;

  while (list && list[n])
    n++;
  return n;
}

static int add_root(tenon_p_rules *r, const char *path)
{
  root *to = &r->roots[r->root_count];
  uv_fs_t req;
  int error = uv_fs_realpath(NULL, &req, path, NULL);

  if (error == 0) {
    r->root_count++;
    to->given = tenon_p_path_resolve(NULL, path);
    to->real = tenon_p_strndup(req.ptr, strlen(req.ptr));
    if (!to->given || !to->real) error = TENON_ENOMEM;
  }
  uv_fs_req_cleanup(&req);
  if (error == 0 && !tenon_p_is_folder(to->real)) error = UV_ENOTDIR;
  return error == UV_ENOMEM ? TENON_ENOMEM : error;
}

static int fill(tenon_p_rules *r, const tenon_import_rules *said)
{
  size_t roots = count_of(said->roots), allowed = count_of(said->allowed), i;
  int error = 0;

  r->has_roots = said->roots;
  r->has_allowed = said->allowed;
  r->no_native = said->no_native;
  r->no_packages = said->no_packages;
  r->roots = tenon_p_calloc((roots + 1) * sizeof *r->roots);
  r->allowed = tenon_p_calloc((allowed + 1) * sizeof *r->allowed);
  if (!r->roots || !r->allowed) return TENON_ENOMEM;
  for (i = 0; error == 0 && i < roots; i++)
    error = add_root(r, said->roots[i]);
  for (i = 0; error == 0 && i < allowed; i++) {
    r->allowed[i] = tenon_p_strndup(said->allowed[i], strlen(said->allowed[i]));
    if (!r->allowed[i]) return TENON_ENOMEM;
    r->allowed_count++;
  }
  return error;
}

int tenon_p_rules_set(tenon_p_engine *e, const tenon_import_rules *said)
{
  tenon_p_modules *m = tenon_p_modules_of(e);
  tenon_p_rules *r = NULL;
  int error = 0;

  if (said) {
    r = tenon_p_calloc(sizeof *r);
    error = r ? fill(r, said) : TENON_ENOMEM;
  }
  if (error) {
    tenon_p_rules_free(r);
    return error;
  }
  tenon_p_rules_free(m->rules);
  m->rules = r;
  return 0;
}

/* --- Where a path leads --------------------------------------------------- */

/* The rest of a path behind a folder that it is in; NULL: it is not. */
static const char *behind(const char *path, const char *folder)
{
  size_t n = strlen(folder);

  if (n == 1) return path; /* "/" */
  if (strncmp(path, folder, n) != 0) return NULL;
  return path[n] == '/' || path[n] == '\0' ? path + n : NULL;
}

static const root *root_of(const tenon_p_rules *r, const char *path,
                           const char **rest)
{
  size_t i;

  for (i = 0; i < r->root_count; i++) {
    *rest = behind(path, r->roots[i].real);
    if (!*rest) *rest = behind(path, r->roots[i].given);
    if (*rest) return &r->roots[i];
  }
  return NULL;
}

typedef struct walk {
  tenon_p_text at;   /* behind all links, in a root */
  tenon_p_text rest; /* what follows it */
  size_t links;
} walk;

/* Begin at the root that an absolute path is in; false: in none. */
static bool enter(const tenon_p_rules *r, walk *w, const char *path)
{
  const char *rest;
  const root *in = root_of(r, path, &rest);

  if (!in) return false;
  tenon_p_text_clear(&w->at);
  tenon_p_text_puts(&w->at, in->real[1] ? in->real : "");
  tenon_p_text_clear(&w->rest);
  tenon_p_text_puts(&w->rest, rest);
  return true;
}

/* The same of a path and what follows it. */
static bool enter_joined(const tenon_p_rules *r, walk *w, const char *base,
                         const char *path, const char *rest)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  char *full = NULL;
  bool is_in = false;

  tenon_p_text_puts(&t, base);
  tenon_p_text_puts(&t, "/");
  tenon_p_text_puts(&t, path);
  tenon_p_text_puts(&t, "/");
  tenon_p_text_puts(&t, rest);
  if (!t.failed) full = tenon_p_path_resolve("/", t.data);
  if (full)
    is_in = enter(r, w, full);
  else
    w->at.failed = true;
  free(full);
  tenon_p_text_release(&t);
  return is_in || w->at.failed;
}

/* Goes on by a link's target; false: that leads out. */
static bool follow(const tenon_p_rules *r, walk *w, const char *target,
                   const char *rest)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  bool is_in = true;

  if (target[0] == '/') return enter_joined(r, w, "", target, rest);
  tenon_p_text_puts(&t, "/");
  tenon_p_text_puts(&t, target);
  tenon_p_text_puts(&t, rest);
  if (t.failed) {
    w->at.failed = true;
  } else {
    tenon_p_text_clear(&w->rest);
    tenon_p_text_puts(&w->rest, t.data);
  }
  tenon_p_text_release(&t);
  return is_in;
}

static bool go_up(const tenon_p_rules *r, walk *w, const char *rest)
{
  const char *ignored;
  char *copy = tenon_p_strndup(rest, strlen(rest)), *up;
  bool is_in = true;

  up = tenon_p_path_dirname(w->at.len ? w->at.data : "/");
  if (!copy || !up) {
    w->at.failed = true;
  } else if (root_of(r, up, &ignored)) {
    tenon_p_text_clear(&w->at);
    tenon_p_text_puts(&w->at, up[1] ? up : "");
    tenon_p_text_clear(&w->rest);
    tenon_p_text_puts(&w->rest, copy);
  } else {
    is_in = enter_joined(r, w, up, "", copy);
  }
  free(up);
  free(copy);
  return is_in;
}

/* One part of the path further: false when it leads out. `*is_over`: what is
 * left is not there. */
static bool step(const tenon_p_rules *r, walk *w, bool *is_over)
{
  const char *p = w->rest.data + strspn(w->rest.data, "/");
  size_t n = strcspn(p, "/"), before = w->at.len;
  char *name = tenon_p_strndup(p, n),
       *rest = tenon_p_strndup(p + n, strlen(p + n));
  bool is_in = true;
  uv_fs_t req;
  int error;

  *is_over = false;
  if (!name || !rest) {
    w->at.failed = true;
    goto out;
  }
  if (!n || strcmp(name, ".") == 0) {
    tenon_p_text_clear(&w->rest);
    tenon_p_text_puts(&w->rest, rest);
    goto out;
  }
  if (strcmp(name, "..") == 0) {
    is_in = go_up(r, w, rest);
    goto out;
  }
  tenon_p_text_puts(&w->at, "/");
  tenon_p_text_puts(&w->at, name);
  if (w->at.failed) goto out;
  error = uv_fs_readlink(NULL, &req, w->at.data, NULL);
  if (error == 0 && ++w->links <= MOST_LINKS) {
    w->at.len = before;
    w->at.data[before] = '\0';
    is_in = follow(r, w, req.ptr, rest);
  } else {
    tenon_p_text_clear(&w->rest);
    tenon_p_text_puts(&w->rest, rest);
    *is_over = error != UV_EINVAL;
  }
  uv_fs_req_cleanup(&req);
out:
  free(rest);
  free(name);
  return is_in;
}

enum tenon_p_reach tenon_p_rules_reach(const tenon_p_modules *m,
                                       const char *path, char **real)
{
  const tenon_p_rules *r = m->rules;
  walk w = {TENON_P_TEXT_INIT, TENON_P_TEXT_INIT, 0};
  enum tenon_p_reach reach = TENON_P_REACH_INSIDE;
  bool is_over = false;
  char *full = tenon_p_path_resolve(NULL, path);

  *real = NULL;
  if (!full) return TENON_P_REACH_UNKNOWN;
  if (!r || !r->has_roots) {
    *real = full;
    return reach;
  }
  if (!enter(r, &w, full)) reach = TENON_P_REACH_OUTSIDE;
  while (reach == TENON_P_REACH_INSIDE && !w.at.failed && !w.rest.failed &&
         w.rest.len && !is_over)
    if (!step(r, &w, &is_over)) reach = TENON_P_REACH_ESCAPES;
  if (reach == TENON_P_REACH_INSIDE && is_over &&
      !enter_joined(r, &w, w.at.data, "", w.rest.data))
    reach = TENON_P_REACH_ESCAPES;
  if (is_over) tenon_p_text_append(&w.at, w.rest.data, w.rest.len);
  if (!w.at.len) tenon_p_text_puts(&w.at, "/");
  if (w.at.failed || w.rest.failed)
    reach = TENON_P_REACH_UNKNOWN;
  else if (reach == TENON_P_REACH_INSIDE)
    *real = tenon_p_text_take(&w.at);
  tenon_p_text_release(&w.at);
  tenon_p_text_release(&w.rest);
  free(full);
  return reach;
}

/* --- Refusals ------------------------------------------------------------- */

static int refuse(JSContext *ctx, const char *specifier, const char *referrer,
                  const char *rule)
{
  tenon_p_modules_throw(ctx, "ERR_ACCESS_DENIED",
                        "Cannot import '%s' from %s: access denied: %s",
                        specifier, referrer, rule);
  return -1;
}

static int refuse_place(JSContext *ctx, const tenon_p_rules *r,
                        const char *specifier, const char *referrer)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  size_t i;

  tenon_p_text_puts(&t, r->root_count ? "only what is in "
                                      : "no files may be imported");
  for (i = 0; i < r->root_count; i++)
    tenon_p_text_printf(&t, "%s%s", i ? ", " : "", r->roots[i].given);
  if (r->root_count) tenon_p_text_puts(&t, " may be imported");
  if (t.failed)
    JS_ThrowOutOfMemory(ctx);
  else
    refuse(ctx, specifier, referrer, t.data);
  tenon_p_text_release(&t);
  return -1;
}

/* Is a part of the path called node_modules? */
static bool is_of_package(const char *path)
{
  static const char name[] = "/node_modules";
  const char *p;

  for (p = strstr(path, name); p; p = strstr(p + 1, name))
    if (p[sizeof name - 1] == '/' || p[sizeof name - 1] == '\0') return true;
  return false;
}

static bool is_native(const char *path)
{
  return tenon_p_modules_is_shared(path) ||
         tenon_p_path_has_extension(path, ".node");
}

int tenon_p_import_check_native(JSContext *ctx, const char *specifier,
                                const char *referrer)
{
  const tenon_p_rules *r = tenon_p_modules_of(tenon_p_engine_of(ctx))->rules;

  if (!r || !r->no_native) return 0;
  return refuse(ctx, specifier, referrer, "no native code may be imported");
}

static bool is_listed(const tenon_p_rules *r, const char *s, size_t len)
{
  size_t i, n;

  for (i = 0; i < r->allowed_count; i++) {
    n = strlen(r->allowed[i]);
    if (n && r->allowed[i][n - 1] == '*'
            ? len >= n - 1 && strncmp(s, r->allowed[i], n - 1) == 0
            : len == n && strncmp(s, r->allowed[i], n) == 0)
      return true;
  }
  return false;
}

/* By its URL without what is behind the file, or as it is written where that
 * means the same everywhere. */
static bool is_allowed(const tenon_p_rules *r, const char *url,
                       const char *specifier)
{
  if (is_listed(r, url, strcspn(url, "?#"))) return true;
  return !tenon_p_modules_is_relative(specifier) && specifier[0] != '#' &&
         is_listed(r, specifier, strlen(specifier));
}

/* Of what is no file: an absolute path or a URL of a file is not for it. */
static int check_name(JSContext *ctx, const tenon_p_rules *r, const char *url,
                      const char *specifier, const char *referrer)
{
  if (!r->has_allowed || is_allowed(r, url, specifier)) return 0;
  return refuse(ctx, specifier, referrer, "it is not on the list");
}

static int check_place(JSContext *ctx, const tenon_p_rules *r, const char *path,
                       const char *specifier, const char *referrer)
{
  char *url;
  int error = 0;

  if (r->no_packages && is_of_package(path))
    return refuse(ctx, specifier, referrer,
                  "nothing of node_modules may be imported");
  if (r->no_native && is_native(path))
    return refuse(ctx, specifier, referrer, "no native code may be imported");
  if (!r->has_allowed) return 0;
  url = tenon_p_path_to_url(path);
  if (!url) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  error = check_name(ctx, r, url, specifier, referrer);
  free(url);
  return error;
}

static int check_path(JSContext *ctx, const tenon_p_modules *m,
                      const char *path, const char *specifier,
                      const char *referrer)
{
  char *real;
  int error = check_place(ctx, m->rules, path, specifier, referrer);

  if (error) return error;
  switch (tenon_p_rules_reach(m, path, &real)) {
  case TENON_P_REACH_INSIDE: break;
  case TENON_P_REACH_UNKNOWN: JS_ThrowOutOfMemory(ctx); return -1;
  default: return refuse_place(ctx, m->rules, specifier, referrer);
  }
  error = check_place(ctx, m->rules, real, specifier, referrer);
  free(real);
  return error;
}

static int check(JSContext *ctx, const char *url_or_path, const char *specifier,
                 const char *referrer)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  char *path;
  int r;

  if (!m->rules) return 0;
  if (url_or_path[0] == '/')
    return check_path(ctx, m, url_or_path, specifier, referrer);
  if (strncasecmp(url_or_path, "file:", 5) != 0)
    return check_name(ctx, m->rules, url_or_path, specifier, referrer);
  if (tenon_p_path_from_url(url_or_path, &path))
    return refuse_place(ctx, m->rules, specifier, referrer);
  if (!path) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  r = check_path(ctx, m, path, specifier, referrer);
  free(path);
  return r;
}

int tenon_p_import_check(JSContext *ctx, const char *url_or_path,
                         const char *specifier, const char *referrer)
{
  int r = check(ctx, url_or_path, specifier, referrer);

  if (tenon_p_modules_of(tenon_p_engine_of(ctx))->rules)
    TENON_P_TRACE(ctx, "rules %s %s", r ? "forbid" : "allow", url_or_path);
  return r;
}

/* May a package be on the list by where it is? */
static bool lists_files(const tenon_p_rules *r)
{
  size_t i;

  for (i = 0; i < r->allowed_count; i++)
    if (strncasecmp(r->allowed[i], "file:", 5) == 0 ||
        strcmp(r->allowed[i], "*") == 0)
      return true;
  return false;
}

int tenon_p_import_check_packages(JSContext *ctx, const char *specifier,
                                  const char *referrer)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));

  if (m->rules && m->rules->no_packages)
    return refuse(ctx, specifier, referrer,
                  "nothing of node_modules may be imported");
  if (m->rules && m->rules->has_allowed && !lists_files(m->rules))
    return check_name(ctx, m->rules, specifier, specifier, referrer);
  return 0;
}

/* --- Files ---------------------------------------------------------------- */

/* Is what was opened at this path, which was free of links? */
static bool is_opened_at(int file, const char *path)
{
  char name[64];
  uv_fs_t req;
  bool is;

  snprintf(name, sizeof name, "/proc/self/fd/%d", file);
  is =
      uv_fs_readlink(NULL, &req, name, NULL) == 0 && strcmp(req.ptr, path) == 0;
  uv_fs_req_cleanup(&req);
  return is;
}

/* A path without links. Where the kernel cannot refuse them by itself, what was
 * opened is looked at. */
static int open_real(const char *path)
{
  int file = -1;

#ifdef SYS_openat2
  struct open_how how = {.flags = O_RDONLY | O_CLOEXEC,
                         .resolve = RESOLVE_NO_SYMLINKS};

  file = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
  if (file >= 0) return file;
  if (errno == ELOOP) return UV_EACCES;
  if (errno != ENOSYS && errno != EPERM && errno != E2BIG) return -errno;
#endif
  file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return errno == ELOOP ? UV_EACCES : -errno;
  if (is_opened_at(file, path)) return file;
  close(file);
  return UV_EACCES;
}

int tenon_p_rules_open(const tenon_p_modules *m, const char *path)
{
  char *real;
  int file;

  switch (tenon_p_rules_reach(m, path, &real)) {
  case TENON_P_REACH_INSIDE: break;
  case TENON_P_REACH_UNKNOWN: return TENON_ENOMEM;
  default: return UV_EACCES;
  }
  file = open_real(real);
  free(real);
  return file;
}

bool tenon_p_rules_have_roots(const tenon_p_modules *m)
{
  return m->rules && m->rules->has_roots;
}
