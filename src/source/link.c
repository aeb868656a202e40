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
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/path.h"
#include "module/chain.h"
#include "source/source.h"
#include "source/unit.h"

typedef struct sources {
  tenon_p_list jobs;
  tenon_build_fn *tell;
  void *tell_data;
} sources;

typedef struct job {
  tenon_p_list link;
  tenon_loading *loading; /* NULL: whoever imports waits */
  tenon_p_unit unit;
  tenon_p_stopper stop; /* once unit.stop points at it */
  pthread_t thread;
  int is_over; /* atomic */
} job;

/* --- What an import says -------------------------------------------------- */

static const char *const attribute_names[] = {"sources", "cflags", "link",
                                              "pkg", "std"};

static void free_said(JSContext *ctx, const char **said)
{
  size_t i;

  for (i = 0; i < tenon_p_countof(attribute_names); i++)
    JS_FreeCString(ctx, said[i]);
}

static int read_said(JSContext *ctx, JSValueConst attributes, const char **said)
{
  size_t i;

  memset(said, 0, tenon_p_countof(attribute_names) * sizeof *said);
  for (i = 0; i < tenon_p_countof(attribute_names); i++)
    if (tenon_p_modules_attribute(ctx, attributes, attribute_names[i],
                                  &said[i]))
      return -1;
  return 0;
}

/* Where rules let it be read; `*text` stays NULL of a file beside a library that
 * is not there. 0, or -1 with an exception. */
static int read_file(JSContext *ctx, const char *url, const char *path,
                     bool is_source, char **text, size_t *len)
{
  int r = tenon_p_file_import(tenon_p_modules_of(tenon_p_engine_of(ctx)), path,
                              text, len);

  if (r == 0)
    return is_source ? tenon_p_integrity_check(ctx, url, *text, *len) : 0;
  *text = NULL;
  if (r == UV_ENOENT && !is_source) return 0;
  if (r == TENON_ENOMEM || r == UV_ENOMEM)
    JS_ThrowOutOfMemory(ctx);
  else
    tenon_p_modules_throw(ctx, uv_err_name(r), "Cannot read module %s: %s",
                          path, uv_strerror(r));
  return -1;
}

/* 0, or -1 with a failure or, where that says nothing, an exception. */
static int fill(JSContext *ctx, tenon_p_unit *u, const char *url,
                const char *path, JSValueConst attributes,
                tenon_p_build_failure *f)
{
  tenon_source said = {.size = sizeof said, .path = path};
  const char *words[tenon_p_countof(attribute_names)], *notes;
  tenon_p_language language = TENON_P_C;
  char *text = NULL;
  size_t len = 0;
  int r = -1;

  (void)tenon_p_language_of(path, &language);
  notes = tenon_p_unit_notes_path(u, path, language);
  if (!notes)
    JS_ThrowOutOfMemory(ctx);
  else if (read_said(ctx, attributes, words) == 0 &&
           read_file(ctx, url, notes, language != TENON_P_SHARED, &text,
                     &len) == 0) {
    said.sources = words[0];
    said.cflags = words[1];
    said.link = words[2];
    said.pkg = words[3];
    said.std = words[4];
    r = tenon_p_unit_fill(u, &said, text, len, f);
  }
  if (notes) free_said(ctx, words);
  free(text);
  return r;
}

/* --- Jobs ----------------------------------------------------------------- */

static void free_job(job *j)
{
  if (j->unit.stop) tenon_p_stopper_release(&j->stop);
  tenon_p_unit_release(&j->unit);
  free(j);
}

/* The words of the layer below for it. */
static tenon_p_compiled compiled(const tenon_p_unit_result *r)
{
  _Static_assert(sizeof(tenon_p_refused) == sizeof(tenon_p_left_out) &&
                     offsetof(tenon_p_refused, reason) ==
                         offsetof(tenon_p_left_out, reason),
                 "the generated list is handed on");
  return (tenon_p_compiled){r->entry, (const void *)r->left_out, r->key};
}

static void *run(void *p)
{
  tenon_p_build_failure f = TENON_P_FAILURE_INIT;
  tenon_p_unit_result built = {NULL, NULL, NULL};
  tenon_p_compiled c;
  job *j = p;

  if (tenon_p_unit_build(&j->unit, &built, &f) == 0) {
    c = compiled(&built);
    (void)tenon_p_loading_compiled(j->loading, &c);
  } else {
    (void)tenon_p_loading_refuse(j->loading, tenon_p_unit_code(&f),
                                 tenon_p_failure_text(&f));
  }
  tenon_p_failure_release(&f);
  __atomic_store_n(&j->is_over, 1, __ATOMIC_RELEASE);
  return NULL;
}

static void end(job *j)
{
  tenon_p_list_remove(&j->link);
  pthread_join(j->thread, NULL);
  /* What it has done is seen here, also by checkers that lose sight of a thread
   * which starts processes. */
  (void)__atomic_load_n(&j->is_over, __ATOMIC_ACQUIRE);
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
    said =
        tenon_p_load_refuse(q, tenon_p_unit_code(f), tenon_p_failure_text(f));
  tenon_p_failure_release(f);
  return said;
}

static tenon_said say(tenon_load *q, tenon_p_unit_result *built)
{
  tenon_p_compiled c = compiled(built);
  tenon_said said = tenon_p_load_compiled(q, &c);

  free(c.key);
  return said;
}

/* On a thread of its own, or here where nobody can wait. Takes the job. */
static tenon_said load_later(tenon_load *q, sources *s, job *j)
{
  tenon_p_build_failure f = TENON_P_FAILURE_INIT;
  tenon_p_unit_result built = {NULL, NULL, NULL};
  tenon_said said;
  int r;

  if (!tenon_load_can_wait(q)) {
    r = tenon_p_unit_build(&j->unit, &built, &f);
    free_job(j);
    return r ? say_failure(q, &f) : say(q, &built);
  }
  if (tenon_p_stopper_init(&j->stop)) {
    free_job(j);
    JS_ThrowOutOfMemory(q->ctx);
    return TENON_SAID_FAIL;
  }
  j->unit.stop = &j->stop;
  said = tenon_load_later(q, &j->loading);
  if (said != TENON_SAID_LATER) {
    free_job(j);
    return said;
  }
  tenon_p_list_append(&s->jobs, &j->link);
  if (start(j)) {
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
  tenon_p_unit_result built = {NULL, NULL, NULL};
  job *j = tenon_p_calloc(sizeof *j);
  int r;

  reap(s);
  if (!j) {
    JS_ThrowOutOfMemory(q->ctx);
    return TENON_SAID_FAIL;
  }
  tenon_p_list_init(&j->link);
  j->unit.tell = s->tell;
  j->unit.tell_data = s->tell_data;
  r = fill(q->ctx, &j->unit, q->url, path, q->attributes, &f);
  if (r == 0) r = tenon_p_unit_look(&j->unit, &built, &f);
  if (r == 1) return load_later(q, s, j);
  free_job(j);
  if (r == 0) return say(q, &built);
  if (!JS_HasException(q->ctx)) return say_failure(q, &f);
  tenon_p_failure_release(&f);
  return TENON_SAID_FAIL;
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
