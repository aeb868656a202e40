/*
 * One attempt builds in a temporary folder: in the cache's, so that the result is
 * moved into it by a rename; or where there is no cache, or no room in it, in a
 * private one, where the result stays until it is loaded.
 */
#include "source/build.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <tenon/error.h>
#include <unistd.h>

#include "base/alloc.h"
#include "source/steps.h"

#define NOTICE_MS 300
/* A process that is stopped holds up others so long. */
#define MOST_LOCK_MS 120000

static void tell_progress(void *data)
{
  tenon_p_steps *b = data;
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_text_printf(&t, "%s %s", b->step, b->plan.shown);
  if (!t.failed) b->calls->progress(b->calls->data, t.data);
  tenon_p_text_release(&t);
}

/* --- An attempt ------------------------------------------------------------------------------------ */

/* Was it for want of room, or may nothing be written? A compiler says so in its own
 * words only. */
static bool has_no_room(tenon_p_steps *b)
{
  size_t size = 256 << 10;
  char *some;
  int r;

  if (b->f->code == TENON_P_FAILURE_MEMORY ||
      b->f->code == TENON_P_FAILURE_CANCELED ||
      b->f->code == TENON_P_FAILURE_NO_TOOL || b->work.fd < 0)
    return false;
  some = calloc(1, size);
  if (!some) return false;
  r = tenon_p_folder_write(&b->work, "room", some, size);
  free(some);
  unlinkat(b->work.fd, "room", 0);
  return r == -ENOSPC || r == -EDQUOT || r == -EROFS || r == -EFBIG ||
         r == -EIO;
}

static void forget_attempt(tenon_p_steps *b)
{
  tenon_p_include_close(&b->include);
  tenon_p_folder_discard(&b->work);
  tenon_p_texts_release(&b->objects);
  tenon_p_texts_release(&b->libraries);
  tenon_p_texts_release(&b->packages.cflags);
  tenon_p_texts_release(&b->packages.libs);
  tenon_p_marks_release(&b->before);
  tenon_p_marks_release(&b->marks);
  tenon_p_text_clear(&b->warnings);
}

static int attempt(tenon_p_steps *b, char **object)
{
  int r = tenon_p_include_open(b->has_cache ? &b->cache.folder : NULL, &b->work,
                               &b->include);

  if (r) return tenon_p_step_fail_system(b, b->work.path, r);
  r = tenon_p_step_packages(b);
  if (r == 0) r = tenon_p_step_compile(b);
  if (r == 0) r = tenon_p_step_generate(b);
  if (r == 0) r = tenon_p_step_link(b, object);
  return r;
}

/* --- Without a cache -------------------------------------------------------------------------------- */

static void note(tenon_p_built *out, const char *why)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_text_printf(&t,
                      "native source is compiled each time, since the cache "
                      "cannot be used: %s",
                      why);
  free(out->note);
  out->note = tenon_p_text_take(&t);
}

/* Once in a process; an import that fails has something else to say. */
static void say_once(tenon_p_built *out)
{
  static bool is_said;

  if (!out->note || !__atomic_exchange_n(&is_said, true, __ATOMIC_ACQ_REL))
    return;
  free(out->note);
  out->note = NULL;
}

static int go_private(tenon_p_steps *b, tenon_p_built *out, const char *why)
{
  tenon_p_text problem = TENON_P_TEXT_INIT;
  int r;

  note(out, why);
  r = tenon_p_folder_private(b->plan.recipe->env, &b->work, &problem);
  if (r == -ENOMEM)
    tenon_p_step_no_memory(b);
  else if (r)
    tenon_p_fail_source(b->f, TENON_P_FAILURE_SYSTEM,
                        "%s: no folder to compile it in: %s", b->plan.shown,
                        problem.len ? problem.data : tenon_strerror(r));
  tenon_p_text_release(&problem);
  return r ? -1 : 0;
}

static void leave_cache(tenon_p_steps *b)
{
  if (b->has_cache) tenon_p_cache_close(&b->cache);
  b->has_cache = false;
}

/* The cache, and a folder in it; else a private one. */
static int find_work(tenon_p_steps *b, tenon_p_built *out)
{
  int r;

  if (!b->has_cache) return -1;
  r = tenon_p_folder_temporary(&b->cache.folder, "work", &b->work);
  if (r == -ENOMEM) return tenon_p_step_no_memory(b);
  if (r == 0) return 0;
  {
    tenon_p_text why = TENON_P_TEXT_INIT;
    tenon_p_text_printf(&why, "%s: %s", b->cache.folder.path,
                        tenon_strerror(r));
    r = why.failed ? tenon_p_step_no_memory(b) : go_private(b, out, why.data);
    tenon_p_text_release(&why);
  }
  leave_cache(b);
  return r;
}

/* --- The whole ---------------------------------------------------------------------------------------- */

static int store(tenon_p_steps *b, char *object, tenon_p_built *out)
{
  tenon_p_cache_about about = {b->plan.path, b->plan.flags};
  int r;

  if (!b->has_cache || !b->is_settled) return 1;
  r = tenon_p_cache_store(&b->cache, b->plan.key, &about, &b->marks, object,
                          &out->path);
  if (r == 0) return 0;
  if (r == -ENOMEM) return tenon_p_step_no_memory(b);
  if (r == -EBADMSG)
    return tenon_p_fail_source(b->f, TENON_P_FAILURE_LINK,
                               "%s: the linker made no shared object for this "
                               "machine",
                               b->plan.shown);
  /* It is there, for this once. */
  if (tenon_p_step_is_made(object)) {
    note(out, tenon_strerror(r));
    return 1;
  }
  return tenon_p_step_fail_system(b, object, r);
}

static int build_now(tenon_p_steps *b, tenon_p_built *out)
{
  char *object = NULL;
  int r = attempt(b, &object);

  if (r && b->has_cache && has_no_room(b)) {
    tenon_p_text why = TENON_P_TEXT_INIT;
    tenon_p_text_printf(&why, "there is no room in %s", b->cache.folder.path);
    forget_attempt(b);
    leave_cache(b);
    free(object);
    object = NULL;
    tenon_p_failure_release(b->f);
    r = why.failed ? tenon_p_step_no_memory(b) : go_private(b, out, why.data);
    tenon_p_text_release(&why);
    if (r == 0) r = attempt(b, &object);
  }
  if (r == 0) r = store(b, object, out);
  if (r == 1) {
    chmod(object, 0700);
    out->path = object;
    object = NULL;
    out->private_folder = b->work;
    b->work = (tenon_p_folder)TENON_P_FOLDER_NONE;
    r = 0;
  }
  free(object);
  return r;
}

static int look(tenon_p_steps *b, tenon_p_built *out)
{
  int r =
      b->has_cache ? tenon_p_cache_look(&b->cache, b->plan.key, &out->path) : 1;

  if (r < 0) return tenon_p_step_no_memory(b);
  out->is_cached = r == 0;
  return r;
}

/* With the lock of the key: what another has built meanwhile, or now. */
static int look_or_build(tenon_p_steps *b, tenon_p_built *out)
{
  tenon_p_cache_lock lock = {.fd = -1};
  int r;

  b->step = "waiting for another process that compiles";
  r = tenon_p_cache_lock_take(&b->cache, b->plan.key, MOST_LOCK_MS,
                              &b->patience, &lock);
  if (r == -ECANCELED) return tenon_p_step_fail_system(b, "", r);
  r = look(b, out);
  if (r == 1)
    r = find_work(b, out);
  else if (r == 0)
    goto out;
  if (r == 0) r = build_now(b, out);
out:
  /* A private attempt has closed the cache, and with it nothing of the lock. */
  if (lock.fd >= 0) {
    if (b->has_cache)
      tenon_p_cache_lock_leave(&b->cache, &lock);
    else
      close(lock.fd);
  }
  return r;
}

static int begin(tenon_p_steps *b, const tenon_p_recipe *recipe,
                 const tenon_p_build_calls *calls, tenon_p_stopper *stop,
                 tenon_p_built *out, tenon_p_build_failure *f)
{
  *b = (tenon_p_steps){.calls = calls,
                       .f = f,
                       .step = "compiling",
                       .cache = {TENON_P_FOLDER_NONE},
                       .work = TENON_P_FOLDER_NONE,
                       .include = {NULL, -1}};
  *out = (tenon_p_built){.private_folder = TENON_P_FOLDER_NONE};
  *f = (tenon_p_build_failure)TENON_P_FAILURE_INIT;
  b->patience = (tenon_p_patience){
      .stop = stop,
      .notice = calls && calls->progress ? tell_progress : NULL,
      .data = b,
      .notice_at_ms = tenon_p_patience_now() + NOTICE_MS};
  return tenon_p_build_plan_make(recipe, &b->plan, f);
}

static void end(tenon_p_steps *b, int r, tenon_p_built *out)
{
  if (r == 0 && b->warnings.len && !b->warnings.failed)
    out->warnings = tenon_p_text_take(&b->warnings);
  if (r == 0) say_once(out);
  forget_attempt(b);
  tenon_p_text_release(&b->warnings);
  leave_cache(b);
  tenon_p_build_plan_release(&b->plan);
  if (r) tenon_p_built_release(out);
}

int tenon_p_build(const tenon_p_recipe *recipe,
                  const tenon_p_build_calls *calls, tenon_p_stopper *stop,
                  tenon_p_built *out, tenon_p_build_failure *f)
{
  tenon_p_text why = TENON_P_TEXT_INIT;
  tenon_p_steps b;
  int r = begin(&b, recipe, calls, stop, out, f);

  if (r) return r;
  r = tenon_p_cache_open(recipe->env, true, &b.cache, &why);
  b.has_cache = r == 0;
  if (r == -ENOMEM) {
    r = tenon_p_step_no_memory(&b);
  } else if (r) {
    r = go_private(&b, out, why.len ? why.data : tenon_strerror(r));
    if (r == 0) r = build_now(&b, out);
  } else {
    r = look(&b, out);
    if (r == 1) r = look_or_build(&b, out);
  }
  tenon_p_text_release(&why);
  end(&b, r, out);
  return r;
}

int tenon_p_build_look(const tenon_p_recipe *recipe, tenon_p_built *out,
                       tenon_p_build_failure *f)
{
  tenon_p_steps b;
  int r = begin(&b, recipe, NULL, NULL, out, f);

  if (r) return r;
  r = tenon_p_cache_open(recipe->env, false, &b.cache, NULL);
  b.has_cache = r == 0;
  r = r == -ENOMEM ? tenon_p_step_no_memory(&b) : look(&b, out);
  end(&b, r, out);
  return r;
}

void tenon_p_built_release(tenon_p_built *b)
{
  free(b->path);
  free(b->warnings);
  free(b->note);
  tenon_p_folder_discard(&b->private_folder);
  *b = (tenon_p_built){.private_folder = TENON_P_FOLDER_NONE};
}
