/*
 * Compilers of the machine: which one, how it is called, and what it said.
 */
#ifndef TENON_SOURCE_COMPILER_H
#define TENON_SOURCE_COMPILER_H

#include "base/text.h"
#include "source/failure.h"
#include "source/texts.h"

typedef enum tenon_p_language {
  TENON_P_C,
  TENON_P_CXX,
  TENON_P_RUST,
  TENON_P_SHARED /* a shared object: nothing is compiled but thunks */
} tenon_p_language;

/* By the end of the name: ".c", ".cc", ".cpp", ".cxx", ".C", ".rs", ".so" and
 * ".so.1"; false when it is none. */
bool tenon_p_language_of(const char *path, tenon_p_language *out);

typedef struct tenon_p_compiler {
  tenon_p_language language;
  tenon_p_texts words; /* the program's path, and what $CC has behind it */
  /* What it is, without running it: paths, sizes, times of all that the name
   * may lead to. */
  char *identity;
} tenon_p_compiler;

/*
 * The compiler of a language: $CC or cc, gcc, clang; $CXX or c++, g++, clang++;
 * $RUSTC or rustc. `env` NULL: that of the process. 0, or -1 with a failure that
 * says what to install.
 */
int tenon_p_compiler_find(tenon_p_language language, const char *const *env,
                          tenon_p_compiler *out, tenon_p_build_failure *f);
void tenon_p_compiler_release(tenon_p_compiler *c);

/* A variable of a list, or of the process unless that is more privileged than
 * who called it; NULL: not there, or empty. */
const char *tenon_p_env_get(const char *const *env, const char *name);
/* The list, with messages in English. NULL: out of memory; free(3) the list alone. */
const char **tenon_p_env_of_compilers(const char *const *env);

/* Where a program is: a path with '/' as it is, else the first in PATH that can
 * be run. NULL: nowhere, or with `failed` out of memory. */
char *tenon_p_program_find(const char *name, const char *const *env,
                           bool *failed);

/* What a compiler said, for the message of an error: the first error first, then
 * all, at most 16 KiB. `from` at the begin of a path is said as `to`. */
typedef struct tenon_p_renamed {
  const char *from, *to;
} tenon_p_renamed;

/* -1 with a failure of `code`, its file and its line. */
int tenon_p_compiler_fail(tenon_p_build_failure *f, tenon_p_failure_code code,
                          const char *text, size_t len,
                          const tenon_p_renamed *renamed, size_t count);
/* The text with paths said so; free(3); NULL: out of memory. */
char *tenon_p_compiler_shown(const char *text, size_t len,
                             const tenon_p_renamed *renamed, size_t count);

#endif
