/* Running the programs of a build, and telling what they say. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "base/start.h"
#include "source/steps.h"

#define COMPILE_MS 600000

int tenon_p_step_no_memory(tenon_p_steps *b)
{
  return tenon_p_fail_source_memory(b->f);
}

int tenon_p_step_fail_system(tenon_p_steps *b, const char *what, int error)
{
  if (error == -ENOMEM) return tenon_p_step_no_memory(b);
  if (error == -ECANCELED)
    return tenon_p_fail_source(b->f, TENON_P_FAILURE_CANCELED,
                               "%s: its build was cancelled", b->plan.shown);
  return tenon_p_fail_source(b->f, TENON_P_FAILURE_SYSTEM, "%s: %s: %s",
                             b->plan.shown, what, tenon_strerror(error));
}

char *tenon_p_step_path(const tenon_p_steps *b, const char *name)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_text_printf(&t, "%s/%s", b->work.path, name);
  return tenon_p_text_take(&t);
}

/* --- What compilers say --------------------------------------------------------------- */

enum { RENAMED = 3 };

/* Paths as the user has them: the first that fits is taken. */
static size_t rename_paths(const tenon_p_steps *b, tenon_p_renamed out[RENAMED],
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

int tenon_p_step_fail_said(tenon_p_steps *b, tenon_p_failure_code code,
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
static void add_warnings(tenon_p_steps *b, const char *text)
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

int tenon_p_step_keep_warnings(tenon_p_steps *b, const tenon_p_text *said)
{
  tenon_p_renamed renamed[RENAMED];
  char *folders[2], *shown;
  size_t n;

  if (!said->len) return 0;
  n = rename_paths(b, renamed, folders);
  shown = tenon_p_compiler_shown(said->data, said->len, renamed, n);
  free(folders[0]);
  free(folders[1]);
  if (!shown) return tenon_p_step_no_memory(b);
  if (b->warnings.len < TENON_P_MOST_SAID) add_warnings(b, shown);
  free(shown);
  return b->warnings.failed ? tenon_p_step_no_memory(b) : 0;
}

/* --- Running ------------------------------------------------------------------------- */

/* Was a program missing, or not to be run, or too slow? */
int tenon_p_step_check_run(tenon_p_steps *b, const tenon_p_process *p,
                           const char *name)
{
  char signal[16];

  if (p->error == -ETIMEDOUT)
    return tenon_p_fail_source(b->f, TENON_P_FAILURE_TIMEOUT,
                               "%s: %s took longer than %llu s", b->plan.shown,
                               name, (unsigned long long)p->timeout_ms / 1000);
  if (p->error) return tenon_p_step_fail_system(b, name, p->error);
  if (p->signal)
    return tenon_p_fail_source(
        b->f, TENON_P_FAILURE_SYSTEM, "%s: %s was ended by %s%s%.*s",
        b->plan.shown, name, tenon_p_signal_name(p->signal, signal),
        p->err.len ? ": " : "", p->err.len < 2000 ? (int)p->err.len : 2000,
        p->err.len ? p->err.data : "");
  return 0;
}

/* Of what is made of a source. */
void tenon_p_step_name(const tenon_p_steps *b, size_t i, const char *end,
                       char name[32])
{
  if (b->plan.sources[i].language == TENON_P_RUST)
    snprintf(name, 32, TENON_P_CRATE "%s", end);
  else
    snprintf(name, 32, "%zu%s", i, end);
}

/* Is there a file, with something in it? */
bool tenon_p_step_is_made(const char *path)
{
  struct stat st;

  return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
}

/* Compilers put temporary files there, so that none is left elsewhere. */
static const char **env_in_work(const tenon_p_steps *b, char **tmpdir)
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

/* All of them; 0 when all are good. What they said is in `runs`. */
int tenon_p_step_run(tenon_p_steps *b, tenon_p_job *jobs, size_t count,
                     tenon_p_process *runs, tenon_p_failure_code code)
{
  char *tmpdir = NULL;
  const char **env = env_in_work(b, &tmpdir);
  size_t i;
  int r = env ? 0 : tenon_p_step_no_memory(b);

  for (i = 0; r == 0 && i < count; i++)
    if (jobs[i].words.failed) r = tenon_p_step_no_memory(b);
  if (r) goto out;
  for (i = 0; i < count; i++)
    runs[i] =
        (tenon_p_process){.paths = (const char *const *)jobs[i].words.list,
                          .argv = (const char *const *)jobs[i].words.list,
                          .env = env,
                          .cwd = b->plan.folder,
                          .out_limit = TENON_P_MOST_SAID,
                          .err_limit = TENON_P_MOST_SAID,
                          .timeout_ms = b->plan.recipe->compile_timeout_ms
                                            ? b->plan.recipe->compile_timeout_ms
                                            : COMPILE_MS};
  r = tenon_p_process_run(runs, count, 0, &b->patience);
  /* One that failed has the others cancelled: it is the one to tell of. */
  for (i = 0; i < count; i++)
    if (runs[i].error && (runs[i].error == r)) {
      tenon_p_step_check_run(b, &runs[i], jobs[i].words.list[0]);
      r = -1;
      goto out;
    }
  for (i = 0; r == 0 && i < count; i++) {
    r = tenon_p_step_check_run(b, &runs[i], jobs[i].words.list[0]);
    if (r == 0 && (!tenon_p_process_is_good(&runs[i]) ||
                   (jobs[i].made && !tenon_p_step_is_made(jobs[i].made))))
      r = tenon_p_step_fail_said(b, code, &runs[i].err);
  }
out:
  free(tmpdir);
  free(env);
  return r;
}

int tenon_p_step_run_one(tenon_p_steps *b, tenon_p_job *j, tenon_p_process *run,
                         tenon_p_failure_code code)
{
  return tenon_p_step_run(b, j, 1, run, code);
}
