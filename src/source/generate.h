/* From the table of an object and the notes of its sources to C. */
#ifndef TENON_SOURCE_GENERATE_H
#define TENON_SOURCE_GENERATE_H

#include "source/build.h"
#include "source/notes.h"

typedef struct tenon_p_generator {
  tenon_p_store store; /* of the notes, and of what is made */
  tenon_p_notes notes;
  const char *const *files; /* the sources; NULL behind the last */
  const char *shown;        /* what they are called together */
  bool guards;              /* as tenon_p_plan's */
} tenon_p_generator;

/* For tenon_p_build_calls; `data` is a generator. */
int tenon_p_generate(void *data, const char *table, size_t len,
                     const uint32_t *dropped, size_t dropped_count,
                     tenon_p_text *c_source, tenon_p_build_failure *f);

#endif
