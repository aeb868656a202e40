/*
 * Compiling sources, and noting what was compiled.
 *
 * What a result was made of is noted after compiling, by what the compiler says
 * that it read. A file that may have changed since the compiler read it would be
 * noted wrongly: sources are hashed before, too; a header that was written after
 * the begin makes the sources be compiled once more, with all hashed before. If
 * even that does not settle it, the result is not kept.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "source/steps.h"

/* --- pkg-config ------------------------------------------------------------------------ */

static int find_pkg_config(tenon_p_steps *b, char **path)
{
  const char *chosen = tenon_p_env_get(b->plan.recipe->env, "PKG_CONFIG");
  const char *names[] = {chosen, "pkg-config", "pkgconf"};
  bool failed;
  size_t i;

  for (i = 0; i < tenon_p_countof(names); i++) {
    if (!names[i]) continue;
    *path = tenon_p_program_find(names[i], b->plan.recipe->env, &failed);
    if (failed) return tenon_p_step_no_memory(b);
    if (*path) return 0;
    if (chosen) break;
  }
  return tenon_p_fail_source(
      b->f, TENON_P_FAILURE_NO_TOOL,
      "%s: pkg names packages, and there is no pkg-config: install it (Debian, "
      "Ubuntu: 'apt install pkg-config', Fedora: 'dnf install "
      "pkgconf-pkg-config'), or say where they are by cflags and link",
      b->plan.shown);
}

/* A package's name, and not what it is compared with. */
static bool is_package(const char *word)
{
  return isalpha((unsigned char)word[0]);
}

static int read_packages(tenon_p_steps *b, tenon_p_process *runs, size_t count)
{
  size_t i, n = 2;

  if (!tenon_p_texts_split(&b->packages.cflags,
                           runs[0].out.data ? runs[0].out.data : "") ||
      !tenon_p_texts_split(&b->packages.libs,
                           runs[1].out.data ? runs[1].out.data : ""))
    return tenon_p_fail_source(b->f, TENON_P_FAILURE_RECIPE,
                               "%s: pkg-config does not close a quote",
                               b->plan.shown);
  if (b->packages.cflags.failed || b->packages.libs.failed)
    return tenon_p_step_no_memory(b);
  for (i = 0; i < b->plan.packages.count && n < count; i++) {
    const char *name = b->plan.packages.list[i];
    tenon_p_text *said;
    char *path;
    int r;
    if (!is_package(name)) continue;
    said = &runs[n++].out;
    while (said->len && said->data[said->len - 1] == '\n')
      said->data[--said->len] = '\0';
    if (!said->len) continue;
    tenon_p_text_printf(said, "/%s.pc", name);
    path = tenon_p_text_take(said);
    r = path ? tenon_p_marks_add(&b->before, path) : -ENOMEM;
    free(path);
    if (r == -ENOMEM) return tenon_p_step_no_memory(b);
  }
  return 0;
}

int tenon_p_step_packages(tenon_p_steps *b)
{
  size_t most = 2 + b->plan.packages.count, count = 0, i;
  tenon_p_process *runs;
  char *path = NULL;
  tenon_p_job *jobs;
  int r;

  if (!b->plan.packages.count || b->packages.libs.count ||
      b->packages.cflags.count)
    return 0;
  b->step = "asking pkg-config for";
  r = find_pkg_config(b, &path);
  if (r) return r;
  jobs = tenon_p_calloc(most * sizeof *jobs);
  runs = tenon_p_calloc(most * sizeof *runs);
  if (!jobs || !runs) {
    r = tenon_p_step_no_memory(b);
    goto out;
  }
  for (i = 0; i < 2; i++) {
    tenon_p_texts_add(&jobs[i].words, path);
    tenon_p_texts_add(&jobs[i].words, i ? "--libs" : "--cflags");
    tenon_p_texts_add_all(&jobs[i].words, &b->plan.packages);
  }
  count = 2;
  for (i = 0; i < b->plan.packages.count; i++) {
    if (!is_package(b->plan.packages.list[i])) continue;
    tenon_p_texts_add(&jobs[count].words, path);
    tenon_p_texts_add(&jobs[count].words, "--variable=pcfiledir");
    tenon_p_texts_add(&jobs[count++].words, b->plan.packages.list[i]);
  }
  r = tenon_p_step_run(b, jobs, count, runs, TENON_P_FAILURE_RECIPE);
  if (r == 0) r = read_packages(b, runs, count);
out:
  for (i = 0; i < count; i++) {
    tenon_p_texts_release(&jobs[i].words);
    tenon_p_process_release(&runs[i]);
  }
  free(jobs);
  free(runs);
  free(path);
  return r;
}

/* --- Marks ------------------------------------------------------------------------------ */

/* By the clock that file systems stamp with. */
static int64_t coarse_now(void)
{
  struct timespec t;

  clock_gettime(CLOCK_REALTIME_COARSE, &t);
  return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* What is no file (a folder behind -L) is no dependency. */
static int mark(tenon_p_steps *b, tenon_p_marks *marks, const char *path)
{
  int r = tenon_p_marks_add(marks, path);

  if (r == -ENOMEM) return tenon_p_step_no_memory(b);
  if (r && r != -EINVAL) b->is_settled = false;
  return 0;
}

static int mark_all(tenon_p_steps *b, tenon_p_marks *marks,
                    const tenon_p_texts *paths)
{
  size_t i;
  int r = 0;

  if (paths->failed) return tenon_p_step_no_memory(b);
  for (i = 0; r == 0 && i < paths->count; i++)
    r = mark(b, marks, paths->list[i]);
  return r;
}

static int mark_before(tenon_p_steps *b)
{
  tenon_p_texts files = TENON_P_TEXTS_INIT;
  int r;

  tenon_p_build_plan_files(&b->plan, &files);
  r = mark_all(b, &b->before, &files);
  tenon_p_texts_release(&files);
  return r;
}

/* Was it compiled as it is now? The same bytes are not enough: they may have been
 * others while the compiler read them. */
static bool is_settled(const tenon_p_steps *b, const tenon_p_mark *m)
{
  const tenon_p_mark *was = tenon_p_marks_find(&b->before, m->path);

  if (was)
    return was->is_absent == m->is_absent && strcmp(was->hash, m->hash) == 0 &&
           was->dev == m->dev && was->ino == m->ino && was->mtime == m->mtime &&
           was->ctime == m->ctime;
  return !m->is_absent && m->ctime < b->begin && m->mtime < b->begin;
}

/* Files that are written for this build, and are the library's own. */
static bool is_ours(const tenon_p_steps *b, const char *path)
{
  size_t w = strlen(b->work.path), i = strlen(b->include.path);

  return (strncmp(path, b->work.path, w) == 0 && path[w] == '/') ||
         (strncmp(path, b->include.path, i) == 0 && path[i] == '/');
}

static int read_text(tenon_p_steps *b, const char *name, tenon_p_text *t)
{
  int r = tenon_p_folder_read(&b->work, name, TENON_P_MOST_TABLE, t);

  return r ? tenon_p_step_fail_system(b, name, r) : 0;
}

static int mark_list(tenon_p_steps *b, const char *name)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  tenon_p_texts paths = TENON_P_TEXTS_INIT;
  size_t i;
  int r = 0, e;
  int fd = openat(b->work.fd, name, O_RDONLY | O_CLOEXEC);

  if (fd < 0) {
    /* A compiler that writes none: nothing is known, so nothing is kept. */
    b->is_settled = false;
    return 0;
  }
  fchmod(fd, 0600);
  close(fd);
  e = read_text(b, name, &t);
  if (e == 0 && t.len) {
    tenon_p_command_read_list(t.data, b->plan.folder, &paths);
    if (paths.failed) r = tenon_p_step_no_memory(b);
    for (i = 0; r == 0 && i < paths.count; i++)
      if (!is_ours(b, paths.list[i])) r = mark(b, &b->marks, paths.list[i]);
  } else {
    r = e;
  }
  tenon_p_text_release(&t);
  tenon_p_texts_release(&paths);
  return r;
}

/* After compiling. */
static int mark_after(tenon_p_steps *b)
{
  char name[32];
  size_t i;
  int r = 0;

  b->is_settled = true;
  tenon_p_marks_release(&b->marks);
  for (i = 0; r == 0 && i < b->before.count; i++)
    r = mark(b, &b->marks, b->before.list[i].path);
  for (i = 0; r == 0 && i < b->plan.count; i++) {
    tenon_p_step_name(b, i, ".d", name);
    r = mark_list(b, name);
  }
  for (i = 0; r == 0 && i < b->marks.count; i++)
    if (!is_settled(b, &b->marks.list[i])) b->is_settled = false;
  return r;
}

/* --- Compiling --------------------------------------------------------------------------- */

/* Libraries that a crate of Rust says are to be linked behind it. */
static void read_native_libraries(tenon_p_steps *b, const char *said)
{
  static const char mark_text[] = "native-static-libs:";
  const char *at = strstr(said, mark_text);
  char *line;

  if (!at) return;
  at += strlen(mark_text);
  line = tenon_p_strndup(at, strcspn(at, "\n"));
  if (line)
    tenon_p_texts_split(&b->libraries, line);
  else
    b->libraries.failed = true;
  free(line);
}

static int finish_compiling(tenon_p_steps *b, const tenon_p_process *runs,
                            char **objects, char **libraries)
{
  size_t i;
  int r = 0;

  for (i = 0; r == 0 && i < b->plan.count; i++) {
    tenon_p_texts_add(&b->objects, objects[i]);
    if (b->plan.sources[i].language == TENON_P_RUST) {
      tenon_p_texts_add(&b->libraries, libraries[i]);
      if (runs[i].err.len) read_native_libraries(b, runs[i].err.data);
    }
    r = tenon_p_step_keep_warnings(b, &runs[i].err);
  }
  return r == 0 && (b->objects.failed || b->libraries.failed)
             ? tenon_p_step_no_memory(b)
             : r;
}

static int compile_once(tenon_p_steps *b)
{
  size_t n = b->plan.count, i;
  tenon_p_job *jobs = tenon_p_calloc(n * sizeof *jobs);
  tenon_p_process *runs = tenon_p_calloc(n * sizeof *runs);
  char **objects = tenon_p_calloc(n * sizeof *objects);
  char **libraries = tenon_p_calloc(n * sizeof *libraries);
  int r = jobs && runs && objects && libraries ? 0 : tenon_p_step_no_memory(b);

  tenon_p_texts_release(&b->objects);
  tenon_p_texts_release(&b->libraries);
  tenon_p_text_clear(&b->warnings);
  for (i = 0; r == 0 && i < n; i++) {
    char name[32], *list;
    tenon_p_step_name(b, i, ".o", name);
    objects[i] = tenon_p_step_path(b, name);
    libraries[i] = tenon_p_step_path(b, "lib" TENON_P_CRATE ".a");
    tenon_p_step_name(b, i, ".d", name);
    list = tenon_p_step_path(b, name);
    if (objects[i] && libraries[i] && list) {
      unlink(objects[i]);
      unlink(list);
      tenon_p_command_compile(&b->plan, &b->plan.sources[i], &b->packages,
                              b->include.path, b->work.path, objects[i], list,
                              &jobs[i].words);
      jobs[i].made = objects[i];
    } else {
      r = tenon_p_step_no_memory(b);
    }
    free(list);
  }
  b->begin = coarse_now();
  if (r == 0) r = tenon_p_step_run(b, jobs, n, runs, TENON_P_FAILURE_COMPILE);
  if (r == 0) r = finish_compiling(b, runs, objects, libraries);
  for (i = 0; i < n; i++) {
    if (objects) free(objects[i]);
    if (libraries) free(libraries[i]);
    if (jobs) tenon_p_texts_release(&jobs[i].words);
    if (runs) tenon_p_process_release(&runs[i]);
  }
  free(jobs);
  free(runs);
  free(objects);
  free(libraries);
  return r;
}

int tenon_p_step_compile(tenon_p_steps *b)
{
  int r, i;

  b->step = "compiling";
  b->is_settled = true;
  r = mark_before(b);
  for (i = 0; r == 0 && i < 2; i++) {
    if (i) {
      tenon_p_marks_release(&b->before);
      b->before = b->marks;
      b->marks = (tenon_p_marks)TENON_P_MARKS_INIT;
    }
    if (b->plan.count) r = compile_once(b);
    if (r == 0) r = mark_after(b);
    if (r == 0 && b->is_settled) break;
  }
  return r;
}
