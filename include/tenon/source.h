/**
 * @file
 * Native source as an import: `import { f } from './x.c'` compiles the file,
 * binds what it exports and keeps the result in a cache. docs/native-source.md has
 * the rules; a host has nothing to do for it, and may be told what is done.
 * tenon_import_rules.no_native refuses it.
 */
#ifndef TENON_SOURCE_H
#define TENON_SOURCE_H

#include <stddef.h>

#include <tenon/descriptor.h>
#include <tenon/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a host is told about. Numbers are part of the ABI and stay. */
typedef enum tenon_build_event {
  TENON_BUILD_PROGRESS = 0, /**< what is being compiled, once it takes 300 ms */
  TENON_BUILD_WARNING = 1,  /**< what a compiler said of a file that it took */
  TENON_BUILD_NOTE = 2,     /**< why the cache is not used */
  /* By tenon_source_load alone: */
  TENON_BUILD_LEFT_OUT = 3, /**< "NAME: x.c:12: why", of each function */
  TENON_BUILD_FAILURE = 4   /**< why it fails */
} tenon_build_event;

/**
 * Is told; on any thread, also several at once, until the runtime is freed. It
 * must not call the runtime.
 *
 * @param text  UTF-8, maybe of several lines, without a newline at its end;
 *              borrowed
 */
typedef void tenon_build_fn(void *data, tenon_build_event event,
                            const char *text);

/**
 * Have a function told what is done for imports of native source from now on.
 *
 * @param fn  NULL: nobody is told, as in a new runtime
 * @return 0, TENON_ETHREAD, TENON_ECLOSING
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_on_build(tenon_runtime *rt,
                                                      tenon_build_fn *fn,
                                                      void *data);

/** What is to be compiled. Set `size` to sizeof(tenon_source); the rest may be NULL
 * but for the path, and is as the import attributes of these names. Borrowed. */
typedef struct tenon_source {
  size_t size;
  const char *path; /**< absolute: x.c, x.cpp, x.rs, or a shared object */
  const char *sources, *cflags, *link, *pkg, *std;
  tenon_build_fn *tell; /**< on the calling thread */
  void *data;
} tenon_source;

/**
 * Compile a file of native source, or take it from the cache, and load it, without
 * a runtime: for tools, and for hosts that hand it to
 * tenon_runtime_add_module. It stays loaded.
 *
 * @param[out] entry  its module; NULL on failure
 * @return 0, TENON_ESOURCE (the compiler, the linker or the rules refuse it, or no
 *         compiler is there; told as TENON_BUILD_FAILURE), TENON_EINVAL,
 *         TENON_EABI (a size that this library does not know), TENON_ENOMEM
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_source_load(const tenon_source *source,
                                                 tenon_module_entry **entry);

#ifdef __cplusplus
}
#endif

#endif
