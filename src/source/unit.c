#include "source/unit.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/path.h"
#include "reader/reader.h"

/* --- What is said of it --------------------------------------------------- */

const char *tenon_p_unit_notes_path(tenon_p_unit *u, const char *path,
                                    tenon_p_language language)
{
  tenon_p_store *s = &u->generator.store;

  return language == TENON_P_SHARED ? tenon_p_store_printf(s, "%s.tenon", path)
                                    : tenon_p_store_printf(s, "%s", path);
}

/* What the file says by lines of @js, and behind it what an import says; where
 * only one can count (`between` is ""), that of the import. */
static const char *join(tenon_p_unit *u, const char *key, const char *said,
                        const char *between)
{
  tenon_p_store *s = &u->generator.store;
  const tenon_p_notes *n = &u->generator.notes;
  const char *all = NULL;
  size_t i;

  for (i = 0; i < n->word_count; i++) {
    if (strcmp(n->words[i].key, key) != 0) continue;
    all = all && between[0] ? tenon_p_store_printf(s, "%s%s%s", all, between,
                                                   n->words[i].value)
                            : n->words[i].value;
  }
  if (!said) return all;
  return all && between[0]
             ? tenon_p_store_printf(s, "%s%s%s", all, between, said)
             : tenon_p_store_printf(s, "%s", said);
}

/* The paths of all sources, "a.c,b.c" being relative to the first. */
static void list_files(tenon_p_unit *u)
{
  tenon_p_store *s = &u->generator.store;
  const tenon_p_recipe *r = &u->recipe;
  const char *at = r->sources, **files = NULL, **to;
  const char *slash = strrchr(r->path, '/');
  tenon_p_language language;
  size_t count = 0, len, i;

  to = tenon_p_store_push(s, &files, &count, sizeof *files);
  if (to) *to = r->path;
  while (at && *at && !s->failed) {
    at += strspn(at, " ,");
    len = strcspn(at, " ,");
    if (!len) break;
    to = tenon_p_store_push(s, &files, &count, sizeof *files);
    if (to && *at == '/')
      *to = tenon_p_store_strndup(s, at, len);
    else if (to)
      *to = tenon_p_store_printf(s, "%.*s/%.*s", (int)(slash - r->path),
                                 r->path, (int)len, at);
    at += len;
  }
  for (i = 0; i < count && !s->failed; i++)
    if (tenon_p_language_of(files[i], &language) && language == TENON_P_CXX)
      u->generator.guards = true;
  to = tenon_p_store_push(s, &files, &count, sizeof *files);
  if (to) *to = NULL;
  u->generator.files = files;
}

int tenon_p_unit_fill(tenon_p_unit *u, const tenon_source *said,
                      const char *text, size_t len, tenon_p_build_failure *f)
{
  tenon_p_store *s = &u->generator.store;
  tenon_p_recipe *r = &u->recipe;
  const char **depends = tenon_p_store_alloc(s, 2 * sizeof *depends);
  const char *notes, *problem = NULL;
  bool is_shared;

  if (!tenon_p_language_of(said->path, &r->language))
    return tenon_p_fail_source(f, TENON_P_FAILURE_RECIPE,
                               "%s: its name ends like no native source",
                               said->path);
  is_shared = r->language == TENON_P_SHARED;
  notes = tenon_p_unit_notes_path(u, said->path, r->language);
  r->path = tenon_p_store_printf(s, "%s", said->path);
  r->shown = tenon_p_store_printf(s, "%s", tenon_p_path_basename(said->path));
  if (s->failed || !r->path || r->path[0] != '/')
    return s->failed ? tenon_p_fail_source_memory(f)
                     : tenon_p_fail_source(f, TENON_P_FAILURE_RECIPE,
                                           "%s: no absolute path", said->path);
  r->reader = tenon_p_reader;
  r->reader_size = tenon_p_reader_size;
  depends[0] = is_shared ? notes : NULL;
  r->depends = depends;
  u->generator.shown = r->shown;
  if (text &&
      tenon_p_notes_read(s, &u->generator.notes, tenon_p_path_basename(notes),
                         text, len, is_shared, &problem))
    return problem
               ? tenon_p_fail_source(f, TENON_P_FAILURE_RECIPE, "%s", problem)
               : tenon_p_fail_source_memory(f);
  r->sources = join(u, "sources", said->sources, ",");
  r->cflags = join(u, "cflags", said->cflags, " ");
  r->link = join(u, "link", said->link, " ");
  r->pkg = join(u, "pkg", said->pkg, " ");
  r->std = join(u, "std", said->std, "");
  list_files(u);
  return s->failed ? tenon_p_fail_source_memory(f) : 0;
}

void tenon_p_unit_release(tenon_p_unit *u)
{
  tenon_p_store_release(&u->generator.store);
}

/* --- What was built ------------------------------------------------------- */

const char *tenon_p_unit_code(const tenon_p_build_failure *f)
{
  switch (f->code) {
  case TENON_P_FAILURE_CANCELED: return "ERR_NATIVE_SOURCE_CANCELED";
  case TENON_P_FAILURE_TIMEOUT: return "ERR_NATIVE_SOURCE_TIMEOUT";
  case TENON_P_FAILURE_RECIPE: return "ERR_NATIVE_SOURCE_OPTION";
  case TENON_P_FAILURE_NO_TOOL: return "ERR_NATIVE_SOURCE_NO_COMPILER";
  case TENON_P_FAILURE_COMPILE: return "ERR_NATIVE_SOURCE_COMPILE";
  case TENON_P_FAILURE_LINK: return "ERR_NATIVE_SOURCE_LINK";
  case TENON_P_FAILURE_READER: return "ERR_NATIVE_SOURCE_DEBUG_INFO";
  case TENON_P_FAILURE_GENERATE: return "ERR_NATIVE_SOURCE_BIND";
  default: return "ERR_NATIVE_SOURCE";
  }
}

static int tell(const tenon_p_unit *u, tenon_build_event event,
                const char *text)
{
  if (u->tell && text) u->tell(u->tell_data, event, text);
  return 0;
}

static void progress(void *data, const char *text)
{
  tell(data, TENON_BUILD_PROGRESS, text);
}

static int generate(void *data, const char *table, size_t len,
                    const uint32_t *dropped, size_t dropped_count,
                    tenon_p_text *c_source, tenon_p_build_failure *f)
{
  tenon_p_unit *u = data;

  return tenon_p_generate(&u->generator, table, len, dropped, dropped_count,
                          c_source, f);
}

/* 1: it is gone from the cache again. */
static int load(const tenon_p_built *b, tenon_p_unit_result *out,
                tenon_p_build_failure *f)
{
  void *handle = dlopen(b->path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  void *symbol = handle ? dlsym(handle, "tenon_module_v1") : NULL;
  struct stat st;

  if (!handle && stat(b->path, &st) && errno == ENOENT) return 1;
  if (!symbol)
    return tenon_p_fail_source(f, TENON_P_FAILURE_LINK, "%s",
                               handle ? "it holds no module" : dlerror());
  memcpy(&out->entry, &symbol, sizeof symbol);
  out->left_out = dlsym(handle, "tenon_refused_v1");
  out->key = tenon_p_strndup(b->path, strlen(b->path));
  return out->key ? 0 : tenon_p_fail_source_memory(f);
}

static int finish(const tenon_p_unit *u, tenon_p_built *b,
                  tenon_p_unit_result *out, tenon_p_build_failure *f)
{
  int r;

  tell(u, TENON_BUILD_NOTE, b->note);
  tell(u, TENON_BUILD_WARNING, b->warnings);
  r = load(b, out, f);
  tenon_p_built_release(b);
  return r;
}

/* Another process may clear the cache at any time. */
int tenon_p_unit_build(tenon_p_unit *u, tenon_p_unit_result *out,
                       tenon_p_build_failure *f)
{
  const tenon_p_build_calls calls = {
      .generate = generate, .progress = progress, .data = u};
  tenon_p_built b;
  int attempt, r = 1;

  for (attempt = 0; r == 1 && attempt < 3; attempt++) {
    r = tenon_p_build(&u->recipe, &calls, u->stop, &b, f);
    if (r == 0) r = finish(u, &b, out, f);
  }
  return r == 1 ? tenon_p_fail_source(f, TENON_P_FAILURE_SYSTEM,
                                      "%s: it vanishes from the cache",
                                      u->recipe.shown)
                : r;
}

int tenon_p_unit_look(tenon_p_unit *u, tenon_p_unit_result *out,
                      tenon_p_build_failure *f)
{
  tenon_p_built b;
  int r = tenon_p_build_look(&u->recipe, &b, f);

  return r ? r : finish(u, &b, out, f);
}
