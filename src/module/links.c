/*
 * The library's own links: native modules by the host's names, builtin modules,
 * data: URLs, files, and packages.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/path.h"
#include "module/chain.h"
#include "module/commonjs.h"

/* --- Names ---------------------------------------------------------------- */

static tenon_said resolve_native(tenon_resolve *q, void *data)
{
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(q->ctx));

  (void)data;
  if (!tenon_p_modules_find_native(m, q->specifier) &&
      !tenon_p_modules_has_engine_module(m, q->specifier))
    return TENON_SAID_PASS;
  return tenon_p_resolve_say(q, js_strdup(q->ctx, q->specifier));
}

static tenon_said load_native(tenon_load *q, void *data)
{
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(q->ctx));
  tenon_p_native_module *n = tenon_p_modules_find_native(m, q->url);

  (void)data;
  if (n) return tenon_p_load_say(q, tenon_p_modules_load_native(q->ctx, n));
  if (!tenon_p_modules_has_engine_module(m, q->url)) return TENON_SAID_PASS;
  return tenon_p_load_say(q,
                          tenon_p_modules_load_engine_module(q->ctx, q->url));
}

static tenon_said resolve_builtin(tenon_resolve *q, void *data)
{
  const tenon_p_builtin_module *b = tenon_p_builtin_find(q->ctx, q->specifier);

  (void)data;
  if (b) return tenon_p_resolve_say(q, js_strdup(q->ctx, b->name));
  if (!tenon_p_modules_is_builtin_name(q->ctx, q->specifier))
    return TENON_SAID_PASS;
  tenon_p_modules_throw_no_builtin(q->ctx, q->specifier, q->referrer);
  return tenon_p_resolve_say(q, NULL);
}

static tenon_said load_builtin(tenon_load *q, void *data)
{
  const tenon_p_builtin_module *b =
      tenon_p_modules_find_builtin(q->ctx, q->url);

  (void)data;
  if (!b) return TENON_SAID_PASS;
  return tenon_p_load_say(q, tenon_p_modules_load_builtin(q->ctx, b));
}

const tenon_link tenon_p_name_links[] = {
    {.name = "native modules", .resolve = resolve_native, .load = load_native},
    {.name = "builtin modules",
     .resolve = resolve_builtin,
     .load = load_builtin},
    {.name = NULL}};

/* --- Files ---------------------------------------------------------------- */

/* A name that begins like a builtin's is none of a file or a package. */
static bool is_for_files(const tenon_resolve *q)
{
  return !tenon_p_modules_is_builtin_name(q->ctx, q->specifier);
}

static tenon_said resolve_file(tenon_resolve *q, void *data)
{
  (void)data;
  if (!is_for_files(q) || !tenon_p_modules_is_relative(q->specifier))
    return TENON_SAID_PASS;
  return tenon_p_resolve_say(
      q, tenon_p_modules_resolve_relative(q->ctx, q->referrer, q->specifier,
                                          q->is_loaded));
}

/* NULL: it is none, or there is no memory. */
static char *native_source_of(const tenon_p_modules *m, const char *url)
{
  char *path = NULL;

  if (!m->native_source || strncasecmp(url, "file:", 5) != 0 ||
      tenon_p_path_from_url(url, &path) || !path)
    return NULL;
  if (m->native_source->is_one(path) ||
      (tenon_p_modules_is_shared(path) && !strchr(url, '#') &&
       tenon_p_shared_is_plain(m, path)))
    return path;
  free(path);
  return NULL;
}

bool tenon_p_modules_is_native_source(const tenon_p_modules *m, const char *url)
{
  char *path = native_source_of(m, url);

  free(path);
  return path;
}

void tenon_p_modules_set_native_source(tenon_p_engine *e,
                                       const tenon_p_native_source *s)
{
  tenon_p_modules_of(e)->native_source = s;
}

static tenon_said load_file(tenon_load *q, void *data)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(q->ctx));
  tenon_said said;
  char *path;

  (void)data;
  if (strncasecmp(q->url, "file:", 5) != 0) return TENON_SAID_PASS;
  path = q->type ? NULL : native_source_of(m, q->url);
  if (path) {
    said = tenon_p_import_check_native(
               q->ctx, m->asking ? m->asking->specifier : q->url,
               m->asking ? m->asking->referrer : "the host")
               ? TENON_SAID_FAIL
               : m->native_source->load(q, path);
    free(path);
    return said;
  }
  return tenon_p_load_say(q,
                          tenon_p_modules_load_file(q->ctx, q->url, q->type));
}

static tenon_said resolve_url(tenon_resolve *q, void *data)
{
  (void)data;
  if (!is_for_files(q) || tenon_p_modules_is_relative(q->specifier) ||
      !tenon_p_path_is_url(q->specifier))
    return TENON_SAID_PASS;
  return tenon_p_resolve_say(q, tenon_p_modules_resolve_url(q->ctx, q->referrer,
                                                            q->specifier,
                                                            q->is_loaded));
}

static tenon_said load_url(tenon_load *q, void *data)
{
  (void)data;
  if (!tenon_p_modules_is_data_url(q->url)) return TENON_SAID_PASS;
  return tenon_p_load_say(
      q, tenon_p_modules_load_data_url(q->ctx, q->url, q->type));
}

static tenon_said resolve_package(tenon_resolve *q, void *data)
{
  (void)data;
  if (!is_for_files(q) || tenon_p_modules_is_relative(q->specifier) ||
      tenon_p_path_is_url(q->specifier))
    return TENON_SAID_PASS;
  return tenon_p_resolve_say(
      q, tenon_p_modules_resolve_package(q->ctx, q->referrer, q->specifier,
                                         q->is_loaded));
}

const tenon_link tenon_p_file_links[] = {
    {.name = "files", .resolve = resolve_file, .load = load_file},
    {.name = "URLs", .resolve = resolve_url, .load = load_url},
    {.name = "packages", .resolve = resolve_package},
    {.name = NULL}};

/* --- require ---------------------------------------------------------------- */

static tenon_said resolve_required(tenon_resolve *q, void *data)
{
  (void)data;
  return tenon_p_resolve_say(q, tenon_p_commonjs_resolve_here(
                                    q->ctx, q->referrer, q->dir, q->specifier));
}

const tenon_link tenon_p_require_links[] = {
    {.name = "require", .resolve = resolve_required}, {.name = NULL}};
