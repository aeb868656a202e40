/*
 * One file of native source, from what is said of it to functions that can be
 * called: what imports (link.c) and what tools (tenon_source_load) have in common.
 * No engine; on any thread, by one at a time.
 */
#ifndef TENON_SOURCE_UNIT_H
#define TENON_SOURCE_UNIT_H

#include <tenon/descriptor.h>
#include <tenon/source.h>

#include "source/generate.h"

/* Why a function is left out. The generated code has these. */
typedef struct tenon_p_left_out {
  const char *name; /* NULL behind the last */
  const char *reason;
} tenon_p_left_out;

/* What it has come to; all but the key is static. */
typedef struct tenon_p_unit_result {
  tenon_module_entry *entry;
  const tenon_p_left_out *left_out; /* or NULL */
  char *key;                        /* of this very object; free(3) */
} tenon_p_unit_result;

typedef struct tenon_p_unit {
  tenon_p_recipe recipe; /* its strings are the generator's */
  tenon_p_generator generator;
  tenon_p_stopper *stop; /* or NULL */
  tenon_build_fn *tell;  /* or NULL */
  void *tell_data;
} tenon_p_unit;

/* Files that lines of @js are read from: the source, or for a shared object the
 * file beside it. Of the store; NULL: no memory. */
const char *tenon_p_unit_notes_path(tenon_p_unit *u, const char *path,
                                    tenon_p_language language);

/*
 * `said` is what whoever imports says, all of it copied. `text` are `len` bytes of
 * the file of notes, NULL: it is not there. 0, or -1 with a failure; to be released
 * in both cases.
 */
int tenon_p_unit_fill(tenon_p_unit *u, const tenon_source *said,
                      const char *text, size_t len, tenon_p_build_failure *f);
void tenon_p_unit_release(tenon_p_unit *u);

/* What the cache has: 0, 1 when it has nothing, or -1 with a failure. */
int tenon_p_unit_look(tenon_p_unit *u, tenon_p_unit_result *out,
                      tenon_p_build_failure *f);
/* Compile it: 0, or -1. */
int tenon_p_unit_build(tenon_p_unit *u, tenon_p_unit_result *out,
                       tenon_p_build_failure *f);

/* The `code` of an error, as scripts see it. */
const char *tenon_p_unit_code(const tenon_p_build_failure *f);

#endif
