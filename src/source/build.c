/*
 * One attempt builds in a temporary folder: in the cache's, so that the result is
 * moved into it by a rename; or where there is no cache, or no room in it, in a
 * private one, where the result stays until it is loaded.
 *
 * What a result was made of is noted after compiling, by what the compiler says
 * that it read. A file that may have changed since the compiler read it would be
 * noted wrongly: sources are hashed before, too; a header that was written after
 * the begin makes the sources be compiled once more, with all hashed before. If
 * even that does not settle it, the result is not kept.
 */
#include "source/build.h"

#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/start.h"
#include "source/cache.h"
#include "source/command.h"
#include "source/headers.h"
#include "source/plan.h"

#define NOTICE_MS 300
/* A process that is stopped holds up others so long. */
#define MOST_LOCK_MS 120000
#define COMPILE_MS 600000
#define READER_MS 120000
#define MOST_SAID ((size_t)256 << 10)
#define MOST_TABLE ((size_t)512 << 20)
enum { MOST_ROUNDS = 8, MOST_DROPPED = 4096 };

typedef struct build {
  const tenon_p_build_calls *calls;
  tenon_p_build_plan plan;
  tenon_p_patience patience;
  const char *step; /* "compiling": for the notice */
  tenon_p_cache cache;
  bool has_cache;
  tenon_p_folder work;
  tenon_p_include include;
  tenon_p_packages packages;
  tenon_p_texts objects, libraries;
  tenon_p_marks before, marks;
  int64_t begin; /* of compiling, by the clock of file systems */
  tenon_p_text warnings;
  bool is_settled;  /* marks are what was compiled */
  bool has_no_room; /* the work folder cannot be written to */
  tenon_p_build_failure *f;
} build;

static int no_memory(build *b)
{
  return tenon_p_fail_source_memory(b->f);
}

static int fail_system(build *b, const char *what, int error)
{
  if (error == -ENOMEM) return no_memory(b);
  if (error == -ECANCELED)
    return tenon_p_fail_source(b->f, TENON_P_FAILURE_CANCELED,
                               "%s: its build was cancelled", b->plan.shown);
  return tenon_p_fail_source(b->f, TENON_P_FAILURE_SYSTEM, "%s: %s: %s",
                             b->plan.shown, what, tenon_strerror(error));
}

static char *in_work(const build *b, const char *name)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_text_printf(&t, "%s/%s", b->work.path, name);
  return tenon_p_text_take(&t);
}

static void tell_progress(void *data)
{
  build *b = data;
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_text_printf(&t, "%s %s", b->step, b->plan.shown);
  if (!t.failed) b->calls->progress(b->calls->data, t.data);
  tenon_p_text_release(&t);
}

/* --- What compilers say --------------------------------------------------------------- */

enum { RENAMED = 3 };

/* Paths as the user has them: the first that fits is taken. */
static size_t rename_paths(const build *b, tenon_p_renamed out[RENAMED],
                           char *folders[2])
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  size_t n = 0;

  folders[0] = folders[1] = NULL;
  tenon_p_text_printf(&t, "%s/", b->work.path);
  folders[0] = tenon_p_text_take(&t);
  if (folders[0]) out[n++] = (tenon_p_renamed){folders[0], ""};
  if (strcmp(b->plan.shown, b->plan.path) == 0) return n;
  out[n++] = (tenon_p_renamed){b->plan.path, b->plan.shown};
  tenon_p_text_printf(&t, "%s/", b->plan.folder);
  folders[1] = tenon_p_text_take(&t);
  if (folders[1])
    out[n++] = (tenon_p_renamed){folders[1], b->plan.shown_folder};
  return n;
}

static int fail_said(build *b, tenon_p_failure_code code,
                     const tenon_p_text *said)
{
  tenon_p_renamed renamed[RENAMED];
  char *folders[2];
  size_t n = rename_paths(b, renamed, folders);

  tenon_p_compiler_fail(b->f, code, said->data ? said->data : "", said->len,
                        renamed, n);
  free(folders[0]);
  free(folders[1]);
  return -1;
}

/* Not those that we have asked rustc for. */
static void add_warnings(build *b, const char *text)
{
  while (*text) {
    size_t n = strcspn(text, "\n");
    bool is_ours =
        strncmp(text, "note: native-static-libs:", 25) == 0 ||
        strncmp(text, "note: link against the following native", 39) == 0 ||
        (n == 0 && !b->warnings.len);
    n += text[n] == '\n';
    if (!is_ours) tenon_p_text_append(&b->warnings, text, n);
    text += n;
  }
}

static int keep_warnings(build *b, const tenon_p_text *said)
{
  tenon_p_renamed renamed[RENAMED];
  char *folders[2], *shown;
  size_t n;

  if (!said->len) return 0;
  n = rename_paths(b, renamed, folders);
  shown = tenon_p_compiler_shown(said->data, said->len, renamed, n);
  free(folders[0]);
  free(folders[1]);
  if (!shown) return no_memory(b);
  if (b->warnings.len < MOST_SAID) add_warnings(b, shown);
  free(shown);
  return b->warnings.failed ? no_memory(b) : 0;
}

/* --- Running ------------------------------------------------------------------------- */

/* Was a program missing, or not to be run, or too slow? */
static int check_run(build *b, const tenon_p_process *p, const char *name)
{
  char signal[16];

  if (p->error == -ETIMEDOUT)
    return tenon_p_fail_source(b->f, TENON_P_FAILURE_TIMEOUT,
                               "%s: %s took longer than %llu s", b->plan.shown,
                               name, (unsigned long long)p->timeout_ms / 1000);
  if (p->error) return fail_system(b, name, p->error);
  if (p->signal)
    return tenon_p_fail_source(
        b->f, TENON_P_FAILURE_SYSTEM, "%s: %s was ended by %s%s%.*s",
        b->plan.shown, name, tenon_p_signal_name(p->signal, signal),
        p->err.len ? ": " : "", p->err.len < 2000 ? (int)p->err.len : 2000,
        p->err.len ? p->err.data : "");
  return 0;
}

/* Of what is made of a source. */
static void name_of(const build *b, size_t i, const char *end, char name[32])
{
  if (b->plan.sources[i].language == TENON_P_RUST)
    snprintf(name, 32, TENON_P_CRATE "%s", end);
  else
    snprintf(name, 32, "%zu%s", i, end);
}

/* Is there a file, with something in it? */
static bool is_made(const char *path)
{
  struct stat st;

  return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
}

/* Compilers put temporary files there, so that none is left elsewhere. */
static const char **env_in_work(const build *b, char **tmpdir)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  const char **list, *const *from = b->plan.env;
  size_t n = 0;

  tenon_p_text_printf(&t, "TMPDIR=%s", b->work.path);
  *tmpdir = tenon_p_text_take(&t);
  while (from[n])
    n++;
  list = tenon_p_malloc((n + 2) * sizeof *list);
  if (!list || !*tmpdir) {
    free(list);
    return NULL;
  }
  for (n = 0; *from; from++)
    if (strncmp(*from, "TMPDIR=", 7) != 0) list[n++] = *from;
  list[n++] = *tmpdir;
  list[n] = NULL;
  return list;
}

/* Programs, each with its words and what it makes (NULL: nothing). */
typedef struct job {
  tenon_p_texts words;
  const char *made;
} job;

/* All of them; 0 when all are good. What they said is in `runs`. */
static int run_jobs(build *b, job *jobs, size_t count, tenon_p_process *runs,
                    tenon_p_failure_code code)
{
  char *tmpdir = NULL;
  const char **env = env_in_work(b, &tmpdir);
  const char *paths[2] = {NULL, NULL};
  size_t i;
  int r = env ? 0 : no_memory(b);

  for (i = 0; r == 0 && i < count; i++)
    if (jobs[i].words.failed) r = no_memory(b);
  if (r) goto out;
  for (i = 0; i < count; i++)
    runs[i] =
        (tenon_p_process){.paths = (const char *const *)jobs[i].words.list,
                          .argv = (const char *const *)jobs[i].words.list,
                          .env = env,
                          .cwd = b->plan.folder,
                          .out_limit = MOST_SAID,
                          .err_limit = MOST_SAID,
                          .timeout_ms = b->plan.recipe->compile_timeout_ms
                                            ? b->plan.recipe->compile_timeout_ms
                                            : COMPILE_MS};
  (void)paths;
  r = tenon_p_process_run(runs, count, 0, &b->patience);
  /* One that failed has the others cancelled: it is the one to tell of. */
  for (i = 0; i < count; i++)
    if (runs[i].error && (runs[i].error == r)) {
      check_run(b, &runs[i], jobs[i].words.list[0]);
      r = -1;
      goto out;
    }
  for (i = 0; r == 0 && i < count; i++) {
    r = check_run(b, &runs[i], jobs[i].words.list[0]);
    if (r == 0 && (!tenon_p_process_is_good(&runs[i]) ||
                   (jobs[i].made && !is_made(jobs[i].made))))
      r = fail_said(b, code, &runs[i].err);
  }
out:
  free(tmpdir);
  free(env);
  return r;
}

static int run_job(build *b, job *j, tenon_p_process *run,
                   tenon_p_failure_code code)
{
  return run_jobs(b, j, 1, run, code);
}

/* --- pkg-config ------------------------------------------------------------------------ */

static int find_pkg_config(build *b, char **path)
{
  const char *chosen = tenon_p_env_get(b->plan.recipe->env, "PKG_CONFIG");
  const char *names[] = {chosen, "pkg-config", "pkgconf"};
  bool failed;
  size_t i;

  for (i = 0; i < tenon_p_countof(names); i++) {
    if (!names[i]) continue;
    *path = tenon_p_program_find(names[i], b->plan.recipe->env, &failed);
    if (failed) return no_memory(b);
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

static int read_packages(build *b, job *jobs, tenon_p_process *runs,
                         size_t count)
{
  size_t i, n = 2;

  if (!tenon_p_texts_split(&b->packages.cflags,
                           runs[0].out.data ? runs[0].out.data : "") ||
      !tenon_p_texts_split(&b->packages.libs,
                           runs[1].out.data ? runs[1].out.data : ""))
    return tenon_p_fail_source(b->f, TENON_P_FAILURE_RECIPE,
                               "%s: pkg-config does not close a quote",
                               b->plan.shown);
  if (b->packages.cflags.failed || b->packages.libs.failed) return no_memory(b);
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
    if (r == -ENOMEM) return no_memory(b);
  }
  (void)jobs;
  return 0;
}

static int ask_packages(build *b)
{
  size_t most = 2 + b->plan.packages.count, count = 0, i;
  tenon_p_process *runs;
  char *path = NULL;
  job *jobs;
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
    r = no_memory(b);
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
  r = run_jobs(b, jobs, count, runs, TENON_P_FAILURE_RECIPE);
  if (r == 0) r = read_packages(b, jobs, runs, count);
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
static int mark(build *b, tenon_p_marks *marks, const char *path)
{
  int r = tenon_p_marks_add(marks, path);

  if (r == -ENOMEM) return no_memory(b);
  if (r && r != -EINVAL) b->is_settled = false;
  return 0;
}

static int mark_all(build *b, tenon_p_marks *marks, const tenon_p_texts *paths)
{
  size_t i;
  int r = 0;

  if (paths->failed) return no_memory(b);
  for (i = 0; r == 0 && i < paths->count; i++)
    r = mark(b, marks, paths->list[i]);
  return r;
}

static int mark_before(build *b)
{
  tenon_p_texts files = TENON_P_TEXTS_INIT;
  int r;

  tenon_p_build_plan_files(&b->plan, &files);
  r = mark_all(b, &b->before, &files);
  tenon_p_texts_release(&files);
  return r;
}

/* Was it compiled as it is now? */
static bool is_settled(const build *b, const tenon_p_mark *m)
{
  const tenon_p_mark *was = tenon_p_marks_find(&b->before, m->path);

  if (was)
    return was->is_absent == m->is_absent && strcmp(was->hash, m->hash) == 0;
  return !m->is_absent && m->ctime < b->begin && m->mtime < b->begin;
}

/* Files that are written for this build, and are the library's own. */
static bool is_ours(const build *b, const char *path)
{
  size_t w = strlen(b->work.path), i = strlen(b->include.path);

  return (strncmp(path, b->work.path, w) == 0 && path[w] == '/') ||
         (strncmp(path, b->include.path, i) == 0 && path[i] == '/');
}

static int read_text(build *b, const char *name, tenon_p_text *t)
{
  int r = tenon_p_folder_read(&b->work, name, MOST_TABLE, t);

  return r ? fail_system(b, name, r) : 0;
}

static int mark_list(build *b, const char *name)
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
    if (paths.failed) r = no_memory(b);
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
static int mark_after(build *b)
{
  char name[32];
  size_t i;
  int r = 0;

  b->is_settled = true;
  tenon_p_marks_release(&b->marks);
  for (i = 0; r == 0 && i < b->before.count; i++)
    r = mark(b, &b->marks, b->before.list[i].path);
  for (i = 0; r == 0 && i < b->plan.count; i++) {
    name_of(b, i, ".d", name);
    r = mark_list(b, name);
  }
  for (i = 0; r == 0 && i < b->marks.count; i++)
    if (!is_settled(b, &b->marks.list[i])) b->is_settled = false;
  return r;
}

/* --- Compiling --------------------------------------------------------------------------- */

/* Libraries that a crate of Rust says are to be linked behind it. */
static void read_native_libraries(build *b, const char *said)
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

static int finish_compiling(build *b, const tenon_p_process *runs,
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
    r = keep_warnings(b, &runs[i].err);
  }
  return r == 0 && (b->objects.failed || b->libraries.failed) ? no_memory(b)
                                                              : r;
}

static int compile_once(build *b)
{
  size_t n = b->plan.count, i;
  job *jobs = tenon_p_calloc(n * sizeof *jobs);
  tenon_p_process *runs = tenon_p_calloc(n * sizeof *runs);
  char **objects = tenon_p_calloc(n * sizeof *objects);
  char **libraries = tenon_p_calloc(n * sizeof *libraries);
  int r = jobs && runs && objects && libraries ? 0 : no_memory(b);

  tenon_p_texts_release(&b->objects);
  tenon_p_texts_release(&b->libraries);
  tenon_p_text_clear(&b->warnings);
  for (i = 0; r == 0 && i < n; i++) {
    char name[32], *list;
    name_of(b, i, ".o", name);
    objects[i] = in_work(b, name);
    libraries[i] = in_work(b, "lib" TENON_P_CRATE ".a");
    name_of(b, i, ".d", name);
    list = in_work(b, name);
    if (objects[i] && libraries[i] && list) {
      unlink(objects[i]);
      unlink(list);
      tenon_p_command_compile(&b->plan, &b->plan.sources[i], &b->packages,
                              b->include.path, b->work.path, objects[i], list,
                              &jobs[i].words);
      jobs[i].made = objects[i];
    } else {
      r = no_memory(b);
    }
    free(list);
  }
  b->begin = coarse_now();
  if (r == 0) r = run_jobs(b, jobs, n, runs, TENON_P_FAILURE_COMPILE);
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

static int compile(build *b)
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

/* --- The table ----------------------------------------------------------------------------- */

/* What the reader is given: the only object, all of them as one, or the library. */
static int object_to_read(build *b, char **path)
{
  tenon_p_process run = {0};
  job j = {.words = TENON_P_TEXTS_INIT};
  int r;

  if (!b->plan.count || (b->plan.recipe->language == TENON_P_SHARED)) {
    *path = tenon_p_strndup(b->plan.path, strlen(b->plan.path));
    return *path ? 0 : no_memory(b);
  }
  if (b->objects.count == 1) {
    const char *only = b->objects.list[0];
    *path = tenon_p_strndup(only, strlen(only));
    return *path ? 0 : no_memory(b);
  }
  *path = in_work(b, "all.o");
  if (!*path) return no_memory(b);
  tenon_p_command_merge(&b->plan, &b->objects, *path, &j.words);
  j.made = *path;
  r = run_job(b, &j, &run, TENON_P_FAILURE_LINK);
  tenon_p_texts_release(&j.words);
  tenon_p_process_release(&run);
  return r;
}

/* Does the system not run programs without a name? */
static bool is_refusal(int error)
{
  return error == -EACCES || error == -EPERM || error == -ENOSYS ||
         error == -EINVAL || error == -ENOENT;
}

static int run_reader(build *b, tenon_p_process *p)
{
  const tenon_p_recipe *recipe = b->plan.recipe;
  int fd = tenon_p_program_open(recipe->reader, recipe->reader_size), r;

  p->program = &fd;
  r = fd < 0 ? fd : tenon_p_process_run(p, 1, 1, &b->patience);
  if (is_refusal(r)) {
    if (fd >= 0) {
      close(fd);
      tenon_p_process_release(p);
    }
    fd = tenon_p_program_open_in(b->work.path, recipe->reader,
                                 recipe->reader_size);
    r = fd < 0 ? fd : tenon_p_process_run(p, 1, 1, &b->patience);
  }
  if (fd >= 0) close(fd);
  p->program = NULL;
  if (r && !p->error) p->error = r;
  return r;
}

static bool is_whole_table(const tenon_p_process *p)
{
  static const char end[] = "\nend\n";
  size_t n = strlen(end);

  return !p->is_out_cut && p->out.len >= n &&
         memcmp(p->out.data + p->out.len - n, end, n) == 0;
}

/* The table is moved into `table`. */
static int read_table(build *b, tenon_p_text *table)
{
  char *object = NULL;
  int r;

  b->step = "reading the debug information of";
  r = object_to_read(b, &object);
  if (r == 0) {
    const char *argv[] = {"tenon-reader", object, NULL};
    tenon_p_process p = {.argv = argv,
                         .env = b->plan.env,
                         .cwd = b->work.path,
                         .out_limit = MOST_TABLE,
                         .err_limit = MOST_SAID,
                         .timeout_ms = READER_MS};
    run_reader(b, &p);
    r = check_run(b, &p, "the reader of its debug information");
    if (r && b->f->code == TENON_P_FAILURE_SYSTEM && p.signal)
      b->f->code = TENON_P_FAILURE_READER;
    if (r == 0 && (!tenon_p_process_is_good(&p) || !is_whole_table(&p)))
      r = tenon_p_fail_source(b->f, TENON_P_FAILURE_READER,
                              "%s: its debug information cannot be read%s%.*s",
                              b->plan.shown, p.err.len ? ": " : "",
                              p.err.len < 2000 ? (int)p.err.len : 2000,
                              p.err.len ? p.err.data : "");
    if (r == 0) {
      *table = p.out;
      p.out = (tenon_p_text)TENON_P_TEXT_INIT;
    }
    tenon_p_process_release(&p);
  }
  free(object);
  return r;
}

/* --- Thunks ----------------------------------------------------------------------------------- */

typedef struct dropped {
  uint32_t list[MOST_DROPPED];
  size_t count;
} dropped;

static bool drop(dropped *d, uint32_t record)
{
  size_t i;

  for (i = 0; i < d->count; i++)
    if (d->list[i] == record) return false;
  if (d->count == MOST_DROPPED) return false;
  d->list[d->count++] = record;
  return true;
}

/* Records whose assertions have failed, as the compiler says: are there new ones? */
static bool read_dropped(const tenon_p_text *said, dropped *d)
{
  static const char word[] = "tenon record ";
  const char *at = said->data;
  bool found = false;

  while (at && (at = strstr(at, word))) {
    at += strlen(word);
    if (isdigit((unsigned char)*at))
      found |= drop(d, (uint32_t)strtoul(at, NULL, 10));
  }
  return found;
}

static int fail_generated(build *b, const tenon_p_text *said)
{
  fail_said(b, TENON_P_FAILURE_GENERATE, said);
  if (b->f->code == TENON_P_FAILURE_GENERATE) {
    char *message = b->f->message;
    b->f->message = NULL;
    tenon_p_fail_source(b->f, TENON_P_FAILURE_GENERATE,
                        "%s: the code that was made for it does not compile, "
                        "which is an error of Tenon: %s",
                        b->plan.shown, message);
    free(message);
  }
  return -1;
}

/* One round: 1 when records have been dropped, and it is to be made again. */
static int compile_generated(build *b, const tenon_p_text *source, dropped *d)
{
  char *c = in_work(b, "thunks.c"), *o = in_work(b, "thunks.o");
  tenon_p_process run = {0};
  job j = {.words = TENON_P_TEXTS_INIT};
  int r = c && o ? 0 : no_memory(b);

  if (r == 0) {
    unlink(c);
    unlink(o);
    r = tenon_p_folder_write(&b->work, "thunks.c", source->data, source->len);
    if (r) r = fail_system(b, c, r);
  }
  if (r == 0) {
    tenon_p_command_generated(&b->plan, b->include.path, c, o, &j.words);
    j.made = o;
    r = run_job(b, &j, &run, TENON_P_FAILURE_GENERATE);
    if (r && b->f->code == TENON_P_FAILURE_GENERATE) {
      if (read_dropped(&run.err, d))
        r = 1;
      else
        fail_generated(b, &run.err);
    }
  }
  if (r == 0) {
    tenon_p_texts_add(&b->objects, o);
    if (b->objects.failed) r = no_memory(b);
  }
  tenon_p_texts_release(&j.words);
  tenon_p_process_release(&run);
  free(c);
  free(o);
  return r;
}

static int call_generate(build *b, const tenon_p_text *table, const dropped *d,
                         tenon_p_text *source)
{
  int r;

  tenon_p_text_clear(source);
  r = b->calls->generate(b->calls->data, table->data, table->len, d->list,
                         d->count, source, b->f);
  if (r && !b->f->code)
    return tenon_p_fail_source(b->f, TENON_P_FAILURE_GENERATE,
                               "%s: it cannot be bound", b->plan.shown);
  if (r == 0 && source->failed) return no_memory(b);
  return r ? -1 : 0;
}

static int generate(build *b)
{
  tenon_p_text table = TENON_P_TEXT_INIT, source = TENON_P_TEXT_INIT;
  dropped *d = tenon_p_calloc(sizeof *d);
  int r = d ? read_table(b, &table) : no_memory(b), round;

  b->step = "binding";
  for (round = 0; r == 0 && round < MOST_ROUNDS; round++) {
    r = call_generate(b, &table, d, &source);
    if (r == 0 && !source.len) break;
    if (r == 0) r = compile_generated(b, &source, d);
    if (r <= 0) break;
    tenon_p_failure_release(b->f);
    r = 0;
  }
  if (r == 0 && round == MOST_ROUNDS)
    r = tenon_p_fail_source(b->f, TENON_P_FAILURE_GENERATE,
                            "%s: its records cannot be declared again",
                            b->plan.shown);
  tenon_p_text_release(&table);
  tenon_p_text_release(&source);
  free(d);
  return r;
}

/* --- Linking ------------------------------------------------------------------------------------ */

/* The name in "undefined reference to `name'", and with other quotes. */
static char *undefined_name(const char *line, size_t len)
{
  static const char word[] = "undefined reference to ";
  static const char other[] = "undefined symbol: ";
  const char *end = line + len, *at = memmem(line, len, word, strlen(word));
  size_t n = 0;

  if (at) {
    at += strlen(word);
  } else {
    at = memmem(line, len, other, strlen(other));
    if (!at) return NULL;
    at += strlen(other);
  }
  while (at < end && !isalnum((unsigned char)*at) && *at != '_')
    at++;
  while (at + n < end &&
         (isalnum((unsigned char)at[n]) || strchr("_.$@", at[n])))
    n++;
  return tenon_p_strndup(at, n);
}

/*
 * Symbols that the linker has not found may be this program's: a host's own
 * functions, Node-API. Whatever else is missing would fail when it is loaded, in
 * words that know no line.
 */
static int check_symbols(build *b, const tenon_p_text *said, bool *has_some)
{
  static const char word[] = "warning: undefined ";
  const char *s = said->len ? said->data : "";
  tenon_p_text t = TENON_P_TEXT_INIT;
  bool is_missing = false;
  int r = 0;

  *has_some = false;
  while (*s) {
    size_t n = strcspn(s, "\n"), end = n + (s[n] == '\n');
    const char *at = memmem(s, n, word, strlen(word));
    if (at) {
      char *name = undefined_name(s, n);
      *has_some = true;
      is_missing |= name && *name && !dlsym(RTLD_DEFAULT, name);
      free(name);
      /* It is an error by now. */
      tenon_p_text_append(&t, s, (size_t)(at - s));
      tenon_p_text_puts(&t, "error");
      tenon_p_text_append(&t, at + 7, end - (size_t)(at + 7 - s));
    } else {
      tenon_p_text_append(&t, s, end);
    }
    s += end;
  }
  if (t.failed)
    r = no_memory(b);
  else if (is_missing)
    r = fail_said(b, TENON_P_FAILURE_LINK, &t);
  tenon_p_text_release(&t);
  return r;
}

static int link_all(build *b, char **object)
{
  char *map = in_work(b, "export.map");
  tenon_p_process run = {0};
  job j = {.words = TENON_P_TEXTS_INIT};
  bool has_some = false;
  int r;

  b->step = "linking";
  *object = in_work(b, "module.so");
  r = map && *object ? 0 : no_memory(b);
  if (r == 0) {
    unlink(map);
    r = tenon_p_folder_write(&b->work, "export.map", tenon_p_command_map,
                             strlen(tenon_p_command_map));
    if (r) r = fail_system(b, map, r);
  }
  if (r == 0) {
    tenon_p_command_link(&b->plan, &b->packages, &b->objects, &b->libraries,
                         map, *object, &j.words);
    j.made = *object;
    r = run_job(b, &j, &run, TENON_P_FAILURE_LINK);
  }
  if (r == 0) r = check_symbols(b, &run.err, &has_some);
  /* Of symbols that the host has nobody needs to be warned. */
  if (r == 0 && !has_some) r = keep_warnings(b, &run.err);
  tenon_p_texts_release(&j.words);
  tenon_p_process_release(&run);
  free(map);
  return r;
}

/* --- An attempt ------------------------------------------------------------------------------------ */

/* Was it for want of room, or may nothing be written? A compiler says so in its own
 * words only. */
static bool has_no_room(build *b)
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

static void forget_attempt(build *b)
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

static int attempt(build *b, char **object)
{
  int r = tenon_p_include_open(b->has_cache ? &b->cache.folder : NULL, &b->work,
                               &b->include);

  if (r) return fail_system(b, b->work.path, r);
  r = ask_packages(b);
  if (r == 0) r = compile(b);
  if (r == 0) r = generate(b);
  if (r == 0) r = link_all(b, object);
  return r;
}

/* --- Without a cache -------------------------------------------------------------------------------- */

/* Once in a process. */
static void note(build *b, tenon_p_built *out, const char *why)
{
  static bool is_said;
  tenon_p_text t = TENON_P_TEXT_INIT;

  (void)b;
  if (__atomic_exchange_n(&is_said, true, __ATOMIC_ACQ_REL)) return;
  tenon_p_text_printf(&t,
                      "native source is compiled each time, since the cache "
                      "cannot be used: %s",
                      why);
  free(out->note);
  out->note = tenon_p_text_take(&t);
}

static int go_private(build *b, tenon_p_built *out, const char *why)
{
  tenon_p_text problem = TENON_P_TEXT_INIT;
  int r;

  note(b, out, why);
  r = tenon_p_folder_private(b->plan.recipe->env, &b->work, &problem);
  if (r == -ENOMEM)
    no_memory(b);
  else if (r)
    tenon_p_fail_source(b->f, TENON_P_FAILURE_SYSTEM,
                        "%s: no folder to compile it in: %s", b->plan.shown,
                        problem.len ? problem.data : tenon_strerror(r));
  tenon_p_text_release(&problem);
  return r ? -1 : 0;
}

static void leave_cache(build *b)
{
  if (b->has_cache) tenon_p_cache_close(&b->cache);
  b->has_cache = false;
}

/* The cache, and a folder in it; else a private one. */
static int find_work(build *b, tenon_p_built *out)
{
  int r;

  if (!b->has_cache) return -1;
  r = tenon_p_folder_temporary(&b->cache.folder, "work", &b->work);
  if (r == -ENOMEM) return no_memory(b);
  if (r == 0) return 0;
  {
    tenon_p_text why = TENON_P_TEXT_INIT;
    tenon_p_text_printf(&why, "%s: %s", b->cache.folder.path,
                        tenon_strerror(r));
    r = why.failed ? no_memory(b) : go_private(b, out, why.data);
    tenon_p_text_release(&why);
  }
  leave_cache(b);
  return r;
}

/* --- The whole ---------------------------------------------------------------------------------------- */

static int store(build *b, char *object, tenon_p_built *out)
{
  tenon_p_cache_about about = {b->plan.path, b->plan.flags};
  int r;

  if (!b->has_cache || !b->is_settled) return 1;
  r = tenon_p_cache_store(&b->cache, b->plan.key, &about, &b->marks, object,
                          &out->path);
  if (r == 0) return 0;
  if (r == -ENOMEM) return no_memory(b);
  if (r == -EBADMSG)
    return tenon_p_fail_source(b->f, TENON_P_FAILURE_LINK,
                               "%s: the linker made no shared object for this "
                               "machine",
                               b->plan.shown);
  /* It is there, for this once. */
  if (is_made(object)) {
    note(b, out, tenon_strerror(r));
    return 1;
  }
  return fail_system(b, object, r);
}

static int build_now(build *b, tenon_p_built *out)
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
    r = why.failed ? no_memory(b) : go_private(b, out, why.data);
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

static int look(build *b, tenon_p_built *out)
{
  int r =
      b->has_cache ? tenon_p_cache_look(&b->cache, b->plan.key, &out->path) : 1;

  if (r < 0) return no_memory(b);
  out->is_cached = r == 0;
  return r;
}

/* With the lock of the key: what another has built meanwhile, or now. */
static int look_or_build(build *b, tenon_p_built *out)
{
  tenon_p_cache_lock lock = {.fd = -1};
  int r;

  b->step = "waiting for another process that compiles";
  r = tenon_p_cache_lock_take(&b->cache, b->plan.key, MOST_LOCK_MS,
                              &b->patience, &lock);
  if (r == -ECANCELED) return fail_system(b, "", r);
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

static int begin(build *b, const tenon_p_recipe *recipe,
                 const tenon_p_build_calls *calls, tenon_p_stopper *stop,
                 tenon_p_built *out, tenon_p_build_failure *f)
{
  *b = (build){.calls = calls,
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

static void end(build *b, int r, tenon_p_built *out)
{
  if (r == 0 && b->warnings.len && !b->warnings.failed)
    out->warnings = tenon_p_text_take(&b->warnings);
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
  build b;
  int r = begin(&b, recipe, calls, stop, out, f);

  if (r) return r;
  r = tenon_p_cache_open(recipe->env, true, &b.cache, &why);
  b.has_cache = r == 0;
  if (r == -ENOMEM) {
    r = no_memory(&b);
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
  build b;
  int r = begin(&b, recipe, NULL, NULL, out, f);

  if (r) return r;
  r = tenon_p_cache_open(recipe->env, false, &b.cache, NULL);
  b.has_cache = r == 0;
  r = r == -ENOMEM ? no_memory(&b) : look(&b, out);
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
