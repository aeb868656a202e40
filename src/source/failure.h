/* Why something about native source failed, in words for whoever imports it. */
#ifndef TENON_SOURCE_FAILURE_H
#define TENON_SOURCE_FAILURE_H

#include <stdarg.h>

#include "base/base.h"

typedef enum tenon_p_failure_code {
  TENON_P_FAILURE_NONE,
  TENON_P_FAILURE_MEMORY,
  TENON_P_FAILURE_CANCELED,
  TENON_P_FAILURE_TIMEOUT,
  TENON_P_FAILURE_RECIPE,   /* what the import says of flags, sources... */
  TENON_P_FAILURE_NO_TOOL,  /* no compiler, no pkg-config */
  TENON_P_FAILURE_COMPILE,  /* the compiler refuses the source */
  TENON_P_FAILURE_LINK,     /* the linker does */
  TENON_P_FAILURE_READER,   /* its debug information could not be read */
  TENON_P_FAILURE_GENERATE, /* its table could not be bound */
  TENON_P_FAILURE_SYSTEM    /* files, processes */
} tenon_p_failure_code;

typedef struct tenon_p_build_failure {
  tenon_p_failure_code code;
  char *message; /* NULL: there was no memory for one */
  char *file;    /* that it is about, as its user calls it; NULL: not known */
  uint32_t line; /* 0: not known */
} tenon_p_build_failure;

#define TENON_P_FAILURE_INIT            \
  {                                     \
    TENON_P_FAILURE_NONE, NULL, NULL, 0 \
  }

void tenon_p_failure_release(tenon_p_build_failure *f);

/* Say it; what was said before is forgotten. -1, so that a caller can return
 * it. */
__attribute__((format(printf, 3, 4))) int tenon_p_fail_source(
    tenon_p_build_failure *f, tenon_p_failure_code code, const char *format,
    ...);
int tenon_p_fail_source_memory(tenon_p_build_failure *f);
/* `what` and the text of a negative errno: "x.c: permission denied". */
int tenon_p_fail_source_system(tenon_p_build_failure *f, const char *what,
                               int error);

/* The message; that of the code where there is none. */
const char *tenon_p_failure_text(const tenon_p_build_failure *f);

#endif
