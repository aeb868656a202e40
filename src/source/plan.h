/* A recipe as the build works with it: every name absolute, every word apart, the
 * compilers found; and the key of all that in the cache. */
#ifndef TENON_SOURCE_PLAN_H
#define TENON_SOURCE_PLAN_H

#include "source/build.h"
#include "source/cache.h"

enum { TENON_P_COMPILERS = 3 };

typedef struct tenon_p_plan_source {
  char *path; /* real */
  tenon_p_language language;
} tenon_p_plan_source;

typedef struct tenon_p_build_plan {
  const tenon_p_recipe *recipe;
  char *path, *folder; /* of the first source: real; without a last '/' */
  const char *shown;
  char *shown_folder; /* "" or with a last '/' */
  /* Those that are compiled: none of a shared object. */
  tenon_p_plan_source *sources;
  size_t count;
  tenon_p_texts cflags, link, packages;
  /* Of cflags those that thunks and the linker need, too: for which machine. */
  tenon_p_texts target;
  tenon_p_compiler compilers[TENON_P_COMPILERS];
  bool has[TENON_P_COMPILERS];
  const char **env; /* of compilers */
  char key[TENON_P_HEX];
  char *flags; /* for people */
} tenon_p_build_plan;

/* 0, or -1 with a failure; nothing is to be released then. */
int tenon_p_build_plan_make(const tenon_p_recipe *recipe,
                            tenon_p_build_plan *out, tenon_p_build_failure *f);
void tenon_p_build_plan_release(tenon_p_build_plan *p);

/* The one that links: of C++ where a source is, else of C. */
const tenon_p_compiler *tenon_p_build_plan_linker(const tenon_p_build_plan *p);

/* All files that the recipe itself names: sources, files beside them, objects and
 * libraries to link with. Adds paths; not all need be there. */
void tenon_p_build_plan_files(const tenon_p_build_plan *p, tenon_p_texts *out);

#endif
