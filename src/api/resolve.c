/* What a specifier means, for hosts and tools that ask. */
#include <stdlib.h>
#include <string.h>
#include <tenon/loader.h>
#include <uv.h>

#include "api/internal.h"
#include "base/path.h"
#include "module/module.h"

/* The path that `from` means, behind links: of a folder something in it; free(3),
 * NULL: no memory. */
static char *path_of(const char *from)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  char *path = NULL;
  uv_fs_t req;
  int r;

  if (!from) from = ".";
  if (tenon_p_path_is_url(from)) {
    if (tenon_p_path_from_url(from, &path)) path = NULL;
    if (!path) return NULL;
    from = path;
  }
  r = uv_fs_realpath(NULL, &req, from, NULL);
  if (r == 0)
    tenon_p_text_puts(&t, req.ptr);
  else
    tenon_p_text_puts(&t, from);
  uv_fs_req_cleanup(&req);
  r = uv_fs_stat(NULL, &req, from, NULL);
  if (r == 0 && (req.statbuf.st_mode & S_IFMT) == S_IFDIR)
    tenon_p_text_puts(&t, "/[from]");
  uv_fs_req_cleanup(&req);
  free(path);
  path = t.failed ? NULL : tenon_p_path_resolve(NULL, t.data);
  tenon_p_text_release(&t);
  return path;
}

/* A URL that is none of a file is a referrer as it is. */
static bool is_elsewhere(const tenon_resolution *q)
{
  char *path = NULL;
  bool is = q->from && tenon_p_path_is_url(q->from) &&
            tenon_p_path_from_url(q->from, &path) != NULL;

  free(path);
  return is;
}

static int resolve(tenon_runtime *rt, const tenon_resolution *q)
{
  JSContext *ctx = rt->engine->ctx;
  char *path = is_elsewhere(q) ? NULL : path_of(q->from), *url = NULL;
  char *found = NULL;

  if (!path && !is_elsewhere(q)) return TENON_ENOMEM;
  if (q->is_require) {
    char *dir = tenon_p_path_dirname(path);
    if (dir) found = tenon_p_modules_require(ctx, path, dir, q->specifier);
    if (!dir) JS_ThrowOutOfMemory(ctx);
    free(dir);
  } else {
    url = path ? tenon_p_path_to_url(path) : NULL;
    if (path && !url)
      JS_ThrowOutOfMemory(ctx);
    else
      found =
          tenon_p_modules_resolve(ctx, url ? url : q->from, q->specifier, true);
  }
  free(url);
  free(path);
  if (!found) return TENON_EEXCEPTION;
  tenon_p_text_clear(&rt->resolved);
  tenon_p_text_puts(&rt->resolved, found);
  js_free(ctx, found);
  return rt->resolved.failed ? TENON_ENOMEM : 0;
}

int tenon_runtime_resolve(tenon_runtime *rt, const tenon_resolution *q,
                          const char **meaning)
{
  int r = tenon_p_runtime_check(rt);

  if (meaning) *meaning = NULL;
  if (r) return r;
  if (!q || !q->specifier || !*q->specifier || !meaning) return TENON_EINVAL;
  if (q->size != sizeof *q) return TENON_EABI;
  if (q->is_require && is_elsewhere(q)) return TENON_EINVAL;
  if (rt->engine->is_closing) return TENON_ECLOSING;
  r = tenon_p_engine_enter(rt->engine);
  if (r) return r;
  tenon_p_loop_begin(rt->loop);
  tenon_p_text_release(&rt->resolved);
  tenon_p_modules_trace(rt->engine, q->step, q->data);
  r = resolve(rt, q);
  tenon_p_modules_trace(rt->engine, NULL, NULL);
  r = tenon_p_runtime_leave(rt, r);
  if (r == 0) *meaning = rt->resolved.data;
  return r;
}
