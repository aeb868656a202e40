/*
 * The import of a file of native source. What the cache has is loaded at once;
 * else a thread of its own compiles, while scripts run on.
 *
 * Invariants
 * - A job belongs to its thread until `is_over`; the loop's thread joins it then,
 *   or when the runtime ends, and frees it.
 * - A runtime that ends stops its jobs, which kill their compilers: nothing is
 *   waited for longer than that takes.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tenon/error.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/path.h"
#include "module/chain.h"
#include "reader/reader.h"
#include "source/generate.h"
#include "source/source.h"

/* Part of the key of what is cached: another for other C of one table. */
#define GENERATOR "1"

typedef struct sources {
  tenon_p_list jobs;
  tenon_build_fn *tell;
  void *tell_data;
} sources;

typedef struct job {
  tenon_p_list link;
  tenon_loading *loading; /* NULL: whoever imports waits */
  tenon_p_recipe recipe;  /* strings are the generator's */
  tenon_p_generator generator;
  tenon_p_stopper stop;
  pthread_t thread;
  bool has_stop;
  int is_over; /* atomic */
  tenon_build_fn *tell;
  void *tell_data;
} job;

/* --- Recipes -------------------------------------------------------------- */

/* What an import says, and before it what the file says by lines of @js. */
static const char *said_of(JSContext *ctx, job *j, JSValueConst attributes,
                           const char *key, const char *between)
{
  tenon_p_store *s = &j->generator.store;
  const tenon_p_notes *n = &j->generator.notes;
  const char *all = NULL, *text;
  size_t i;

  for (i = 0; i < n->word_count; i++) {
    if (strcmp(n->words[i].key, key) != 0) continue;
    all =
        all ? tenon_p_store_printf(s, "%s%s%s", all, between, n->words[i].value)
            : n->words[i].value;
  }
  if (tenon_p_modules_attribute(ctx, attributes, key, &text)) {
    s->failed = true;
    return NULL;
  }
  if (text)
    all = all && between[0]
              ? tenon_p_store_printf(s, "%s%s%s", all, between, text)
              : tenon_p_store_strndup(s, text, strlen(text));
  JS_FreeCString(ctx, text);
  return all;
}

static int fail(JSContext *ctx, const char *code, const char *text)
{
  tenon_p_modules_throw(ctx, code, "%s", text);
  return -1;
}

/* Reads a file's lines of @js: 0, or -1 with an exception. */
static int read_notes(JSContext *ctx, job *j, const char *path,
                      const char *shown, bool is_plain)
{
  const char *problem = NULL;
  size_t len;
  char *text;
  int r = tenon_p_file_import(tenon_p_modules_of(tenon_p_engine_of(ctx)), path,
                              &text, &len);

  if (r == UV_ENOENT && is_plain) return 0;
  if (r == 0 && !is_plain &&
      tenon_p_integrity_check(ctx, j->recipe.shown, text, len)) {
    free(text);
    return -1;
  }
  if (r == 0) {
    r = tenon_p_notes_read(&j->generator.store, &j->generator.notes, shown,
                           text, len, is_plain, &problem);
    free(text);
    if (r == 0) return 0;
    if (problem) return fail(ctx, "ERR_NATIVE_SOURCE_NOTE", problem);
    r = TENON_ENOMEM;
  }
  if (r == TENON_ENOMEM || r == UV_ENOMEM)
    JS_ThrowOutOfMemory(ctx);
  else
    tenon_p_modules_throw(ctx, uv_err_name(r), "Cannot read module %s: %s",
                          path, uv_strerror(r));
  return -1;
}

/* The paths of all sources, "a.c,b.c" being relative to the first. */
static int list_files(job *j)
{
  tenon_p_store *s = &j->generator.store;
  const char *at = j->recipe.sources, **files = NULL, **to;
  const char *slash = strrchr(j->recipe.path, '/');
  size_t count = 0, len;

  to = tenon_p_store_push(s, &files, &count, sizeof *files);
  if (to) *to = j->recipe.path;
  while (at && *at && !s->failed) {
    at += strspn(at, " ,");
    len = strcspn(at, " ,");
    if (!len) break;
    to = tenon_p_store_push(s, &files, &count, sizeof *files);
    if (to && *at == '/')
      *to = tenon_p_store_strndup(s, at, len);
    else if (to)
      *to = tenon_p_store_printf(s, "%.*s/%.*s", (int)(slash - j->recipe.path),
                                 j->recipe.path, (int)len, at);
    at += len;
  }
  to = tenon_p_store_push(s, &files, &count, sizeof *files);
  if (to) *to = NULL;
  j->generator.files = files;
  return s->failed ? -1 : 0;
}

static int fill(JSContext *ctx, job *j, const char *url, const char *path,
                JSValueConst attributes)
{
  tenon_p_store *s = &j->generator.store;
  tenon_p_recipe *r = &j->recipe;
  const char *side = tenon_p_store_printf(s, "%s.tenon", path);
  const char **depends = tenon_p_store_alloc(s, 2 * sizeof *depends);

  (void)url;
  r->path = tenon_p_store_strndup(s, path, strlen(path));
  r->shown = tenon_p_store_printf(s, "%s", tenon_p_path_basename(path));
  r->reader = tenon_p_reader;
  r->reader_size = tenon_p_reader_size;
  r->salt = GENERATOR;
  if (s->failed || !tenon_p_language_of(path, &r->language)) goto no_memory;
  depends[0] = side;
  r->depends = depends;
  j->generator.shown = r->shown;
  if (r->language == TENON_P_SHARED ? read_notes(ctx, j, side, side, true)
                                    : read_notes(ctx, j, path, r->shown, false))
    return -1;
  r->sources = said_of(ctx, j, attributes, "sources", ",");
  r->cflags = said_of(ctx, j, attributes, "cflags", " ");
  r->link = said_of(ctx, j, attributes, "link", " ");
  r->pkg = said_of(ctx, j, attributes, "pkg", " ");
  r->std = said_of(ctx, j, attributes, "std", "");
  if (!s->failed && list_files(j) == 0) return 0;
no_memory:
  if (!JS_HasException(ctx)) JS_ThrowOutOfMemory(ctx);
  return -1;
}

/* --- What was built ------------------------------------------------------- */

static const char *code_of(tenon_p_failure_code code)
{
  switch (code) {
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

static int tell(const job *j, tenon_build_event event, const char *text)
{
  if (j->tell && text) j->tell(j->tell_data, event, text);
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
  job *j = data;

  return tenon_p_generate(&j->generator, table, len, dropped, dropped_count,
                          c_source, f);
}

/* 1: it is gone from the cache again. */
static int load(const tenon_p_built *b, tenon_p_compiled *out,
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
  out->refused = dlsym(handle, "tenon_refused_v1");
  out->key = tenon_p_strndup(b->path, strlen(b->path));
  return out->key ? 0 : tenon_p_fail_source_memory(f);
}

static int finish(const job *j, tenon_p_built *b, tenon_p_compiled *out,
                  tenon_p_build_failure *f)
{
  int r;

  tell(j, TENON_BUILD_NOTE, b->note);
  tell(j, TENON_BUILD_WARNING, b->warnings);
  r = load(b, out, f);
  tenon_p_built_release(b);
  return r;
}

/* Another process may clear the cache at any time. */
static int build(job *j, tenon_p_compiled *out, tenon_p_build_failure *f)
{
  const tenon_p_build_calls calls = {
      .generate = generate, .progress = progress, .data = j};
  tenon_p_built b;
  int attempt, r = 1;

  for (attempt = 0; r == 1 && attempt < 3; attempt++) {
    r = tenon_p_build(&j->recipe, &calls, j->has_stop ? &j->stop : NULL, &b, f);
    if (r == 0) r = finish(j, &b, out, f);
  }
  return r == 1 ? tenon_p_fail_source(f, TENON_P_FAILURE_SYSTEM,
                                      "%s: it vanishes from the cache",
                                      j->recipe.shown)
                : r;
}

/* --- Jobs ----------------------------------------------------------------- */

static void free_job(job *j)
{
  if (j->has_stop) tenon_p_stopper_release(&j->stop);
  tenon_p_store_release(&j->generator.store);
  free(j);
}

static void *run(void *p)
{
  tenon_p_build_failure f = TENON_P_FAILURE_INIT;
  tenon_p_compiled c = {NULL, NULL, NULL};
  job *j = p;

  if (build(j, &c, &f) == 0)
    (void)tenon_p_loading_compiled(j->loading, &c);
  else
    (void)tenon_p_loading_refuse(j->loading, code_of(f.code),
                                 tenon_p_failure_text(&f));
  tenon_p_failure_release(&f);
  __atomic_store_n(&j->is_over, 1, __ATOMIC_RELEASE);
  return NULL;
}

static void end(job *j)
{
  tenon_p_list_remove(&j->link);
  pthread_join(j->thread, NULL);
  free_job(j);
}

static void reap(sources *s)
{
  tenon_p_list *at = s->jobs.next, *next;

  for (; at != &s->jobs; at = next) {
    job *j = tenon_p_container(at, job, link);
    next = at->next;
    if (__atomic_load_n(&j->is_over, __ATOMIC_ACQUIRE)) end(j);
  }
}

/* Signals are for the host's threads. */
static int start(job *j)
{
  sigset_t all, before;
  int r;

  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  r = pthread_create(&j->thread, NULL, run, j);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return r;
}

static void close_sources(tenon_p_engine *e, void *state)
{
  sources *s = state;
  tenon_p_list *at;

  (void)e;
  for (at = s->jobs.next; at != &s->jobs; at = at->next)
    tenon_p_stopper_stop(&tenon_p_container(at, job, link)->stop);
  while (!tenon_p_list_is_empty(&s->jobs))
    end(tenon_p_container(s->jobs.next, job, link));
}

static void free_sources(tenon_p_engine *e, void *state)
{
  tenon_p_heap_free(&e->heap, state);
}

static const tenon_p_state_type sources_type = {
    .name = "sources", .close = close_sources, .free = free_sources};

/* --- The link ------------------------------------------------------------- */

static tenon_said say_failure(tenon_load *q, tenon_p_build_failure *f)
{
  tenon_said said = TENON_SAID_FAIL;

  if (f->code == TENON_P_FAILURE_MEMORY)
    JS_ThrowOutOfMemory(q->ctx);
  else
    said = tenon_p_load_refuse(q, code_of(f->code), tenon_p_failure_text(f));
  tenon_p_failure_release(f);
  return said;
}

static tenon_said say(tenon_load *q, tenon_p_compiled *c)
{
  tenon_said said = tenon_p_load_compiled(q, c);

  free(c->key);
  return said;
}

/* On a thread of its own, or here where nobody can wait. Takes the job. */
static tenon_said load_later(tenon_load *q, sources *s, job *j)
{
  tenon_p_build_failure f = TENON_P_FAILURE_INIT;
  tenon_p_compiled c = {NULL, NULL, NULL};
  tenon_said said;
  int r;

  if (!tenon_load_can_wait(q)) {
    r = build(j, &c, &f);
    free_job(j);
    return r ? say_failure(q, &f) : say(q, &c);
  }
  if (tenon_p_stopper_init(&j->stop)) {
    free_job(j);
    JS_ThrowOutOfMemory(q->ctx);
    return TENON_SAID_FAIL;
  }
  j->has_stop = true;
  said = tenon_load_later(q, &j->loading);
  if (said != TENON_SAID_LATER) {
    free_job(j);
    return said;
  }
  tenon_p_list_append(&s->jobs, &j->link);
  r = start(j);
  if (r) {
    tenon_p_list_remove(&j->link);
    (void)tenon_p_loading_refuse(j->loading, "ERR_NATIVE_SOURCE",
                                 "no thread could be started");
    free_job(j);
  }
  return TENON_SAID_LATER;
}

static tenon_said load_source(tenon_load *q, const char *path)
{
  tenon_p_engine *e = tenon_p_engine_of(q->ctx);
  sources *s = tenon_p_engine_get(e, &sources_type);
  tenon_p_build_failure f = TENON_P_FAILURE_INIT;
  tenon_p_compiled c = {NULL, NULL, NULL};
  job *j = tenon_p_calloc(sizeof *j);
  tenon_p_built b;
  int r;

  reap(s);
  if (!j) {
    JS_ThrowOutOfMemory(q->ctx);
    return TENON_SAID_FAIL;
  }
  tenon_p_list_init(&j->link);
  j->tell = s->tell;
  j->tell_data = s->tell_data;
  if (fill(q->ctx, j, q->url, path, q->attributes)) {
    free_job(j);
    return TENON_SAID_FAIL;
  }
  r = tenon_p_build_look(&j->recipe, &b, &f);
  if (r == 0) r = finish(j, &b, &c, &f);
  if (r == 1) return load_later(q, s, j);
  free_job(j);
  return r ? say_failure(q, &f) : say(q, &c);
}

static bool is_source(const char *path)
{
  tenon_p_language language;

  return tenon_p_language_of(path, &language) && language != TENON_P_SHARED;
}

int tenon_p_source_attach(tenon_p_engine *e)
{
  static const tenon_p_native_source source = {.is_one = is_source,
                                               .load = load_source};
  sources *s = tenon_p_heap_alloc(&e->heap, sizeof *s);

  if (!s) return TENON_ENOMEM;
  tenon_p_list_init(&s->jobs);
  if (tenon_p_engine_attach(e, &sources_type, s)) {
    tenon_p_heap_free(&e->heap, s);
    return TENON_ENOMEM;
  }
  tenon_p_modules_set_native_source(e, &source);
  return 0;
}

void tenon_p_source_tell(tenon_p_engine *e, tenon_build_fn *fn, void *data)
{
  sources *s = tenon_p_engine_get(e, &sources_type);

  s->tell = fn;
  s->tell_data = data;
}
