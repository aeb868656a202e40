/**
 * @file
 * Native source as an import: `import { f } from './x.c'` compiles the file,
 * binds what it exports and keeps the result in a cache. docs/native-source.md has
 * the rules; a host has nothing to do for it, and may be told what is done.
 * tenon_import_rules.no_native refuses it.
 */
#ifndef TENON_SOURCE_H
#define TENON_SOURCE_H

#include <tenon/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a host is told about. Numbers are part of the ABI and stay. */
typedef enum tenon_build_event {
  TENON_BUILD_PROGRESS = 0, /**< what is being compiled, once it takes 300 ms */
  TENON_BUILD_WARNING = 1,  /**< what a compiler said of a file that it took */
  TENON_BUILD_NOTE = 2      /**< why the cache is not used */
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

#ifdef __cplusplus
}
#endif

#endif
