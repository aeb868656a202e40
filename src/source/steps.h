/* The steps of a build, and what they hand on (build.c). */
#ifndef TENON_SOURCE_STEPS_H
#define TENON_SOURCE_STEPS_H

#include "source/build.h"
#include "source/cache.h"
#include "source/command.h"
#include "source/headers.h"
#include "source/plan.h"

/* Of what programs say, and of tables: more is cut. */
#define TENON_P_MOST_SAID ((size_t)256 << 10)
#define TENON_P_MOST_TABLE ((size_t)512 << 20)

typedef struct tenon_p_steps {
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
  bool is_settled; /* marks are what was compiled */
  tenon_p_build_failure *f;
} tenon_p_steps;

/* Programs, each with its words and what it makes (NULL: nothing). */
typedef struct tenon_p_job {
  tenon_p_texts words;
  const char *made;
} tenon_p_job;

/* --- run.c: programs, and what they say. All that return an int return -1 with a
 * failure. ------------------------------------------------------------------- */

int tenon_p_step_no_memory(tenon_p_steps *b);
int tenon_p_step_fail_system(tenon_p_steps *b, const char *what, int error);
int tenon_p_step_fail_said(tenon_p_steps *b, tenon_p_failure_code code,
                           const tenon_p_text *said);
int tenon_p_step_keep_warnings(tenon_p_steps *b, const tenon_p_text *said);
/* The path of a file in the work folder; free(3); NULL: out of memory. */
char *tenon_p_step_path(const tenon_p_steps *b, const char *name);
/* The name of what is made of a source. */
void tenon_p_step_name(const tenon_p_steps *b, size_t i, const char *end,
                       char name[32]);
/* Is there a file, with something in it? */
bool tenon_p_step_is_made(const char *path);
/* Was a program missing, or not to be run, or too slow, or ended by a signal? */
int tenon_p_step_check_run(tenon_p_steps *b, const tenon_p_process *p,
                           const char *name);
/* 0 when all are good. What they said is in `runs`, to be released. */
int tenon_p_step_run(tenon_p_steps *b, tenon_p_job *jobs, size_t count,
                     tenon_p_process *runs, tenon_p_failure_code code);
int tenon_p_step_run_one(tenon_p_steps *b, tenon_p_job *j, tenon_p_process *run,
                         tenon_p_failure_code code);

/* --- compile.c, thunks.c: the steps in their order ------------------------------ */

int tenon_p_step_packages(tenon_p_steps *b);
int tenon_p_step_compile(tenon_p_steps *b);
int tenon_p_step_generate(tenon_p_steps *b);
int tenon_p_step_link(tenon_p_steps *b, char **object);

#endif
