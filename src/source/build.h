/*
 * From a file of native source to a shared object that can be loaded: what the
 * cache has, or what is compiled now.
 *
 * A call blocks and may be made on any thread, several at once. Nothing is
 * printed. Steps, where the cache has nothing: all sources are compiled with
 * debug information; the reader prints a table of it; `generate` makes C of the
 * table; that is compiled and linked with the sources into one object that shows
 * only tenon_module_*; it goes into the cache.
 */
#ifndef TENON_SOURCE_BUILD_H
#define TENON_SOURCE_BUILD_H

#include "base/text.h"
#include "source/compiler.h"
#include "source/failure.h"
#include "source/folder.h"
#include "source/process.h"

/* All borrowed; NULL or 0 where there is none. */
typedef struct tenon_p_recipe {
  const char *path;  /* of the source: absolute */
  const char *shown; /* as messages call it; NULL: the path */
  tenon_p_language language;
  /* As import attributes have them. Relative names are relative to the source's
   * folder, which is where the compiler runs. */
  const char *sources; /* further ones, "a.c,b.c" */
  const char *cflags;  /* words as in a shell, nothing is expanded */
  const char *link;    /* the same: libraries, options, objects */
  const char *pkg;     /* names for pkg-config */
  const char *std;     /* "c11", "c++20", or the edition of Rust */
  /* More that the generated code was made of, absolute: files beside a library.
   * NULL ends. One that is not there is fine; the result is stale when it is. */
  const char *const *depends;
  const char *salt; /* what else it depends on */
  /* The reader: a program of this machine. */
  const void *reader;
  size_t reader_size;
  const char *const *env;      /* of compilers; NULL: that of the process */
  uint64_t compile_timeout_ms; /* 0: ten minutes */
} tenon_p_recipe;

typedef struct tenon_p_build_calls {
  /*
   * C source for the table, on the building thread. `dropped` are the records
   * whose assertion ("tenon record N: …") the compiler has refused before.
   * No text at all: the sources hold their own tenon_module_*, and are only
   * linked. 0, or -1 with a failure.
   */
  int (*generate)(void *data, const char *table, size_t len,
                  const uint32_t *dropped, size_t dropped_count,
                  tenon_p_text *c_source, tenon_p_build_failure *f);
  /* What is being done, one line without its end; at most once, when it takes
   * longer than 300 ms, on the building thread. NULL: nobody wants to know. */
  void (*progress)(void *data, const char *text);
  void *data;
} tenon_p_build_calls;

typedef struct tenon_p_built {
  char *path;     /* of the shared object: absolute */
  bool is_cached; /* it was there already */
  char *warnings; /* what compilers said; NULL: nothing */
  /* Why the cache is not used, as a sentence. NULL: it is, or that was said
   * before in this process. */
  char *note;
  tenon_p_folder private_folder; /* it is in there, and not in the cache */
} tenon_p_built;

/*
 * 0, or -1 with a failure. `stop` may be NULL. Load the object before
 * tenon_p_built_release, which removes it when it is not in the cache. When it
 * is gone before that (another process has cleared the cache) build again.
 */
int tenon_p_build(const tenon_p_recipe *recipe,
                  const tenon_p_build_calls *calls, tenon_p_stopper *stop,
                  tenon_p_built *out, tenon_p_build_failure *f);
/* The same of what is in the cache alone, at once: 0, 1 when it is not, or -1. */
int tenon_p_build_look(const tenon_p_recipe *recipe, tenon_p_built *out,
                       tenon_p_build_failure *f);
void tenon_p_built_release(tenon_p_built *b);

#endif
