/**
 * @file
 * Declarations of TypeScript for a module of native functions.
 */
#ifndef TENON_DECLARE_H
#define TENON_DECLARE_H

#include <stddef.h>
#include <tenon/descriptor.h>
#include <tenon/error.h>
#include <tenon/version.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Set `size` to sizeof(tenon_declare_options); what is 0 takes its default. */
typedef struct tenon_declare_options {
  size_t size;
  /** What programs import the module by, as tenon_runtime_add_module has it:
   * all is inside of `declare module 'name' { … }`. NULL: the text is that of
   * a declaration file of the module's own. */
  const char *name;
  /** The folder that relative names of source files are relative to. A comment
   * that begins with two asterisks, right above a function in its source,
   * documents it where the module itself says nothing of it; one above a type
   * does in the files that functions are in. A source that is not there, or no
   * longer has the function in that place, is passed over.
   * NULL: sources are not read. */
  const char *source_dir;
} tenon_declare_options;

/**
 * Declarations of all that a module exports, with its documentation, for
 * TypeScript 5.7 or later. They do not depend on the order in which the module
 * was linked. No runtime is needed; the module's functions are not called.
 *
 * @param entry    tenon_module_v1 of the program or of a loaded shared object,
 *                 or the function of a named module
 * @param options  borrowed; NULL for the defaults
 * @param write    called once, with `len` bytes of UTF-8 and a NUL, borrowed
 * @param data     handed to `write`
 * @return 0, TENON_EINVAL (no entry, no `write`, a size of options that this
 *         library does not know, a name that no module can have), TENON_EABI
 *         as tenon_runtime_add_module has it, TENON_ENOMEM; `write` was called
 *         only where it is 0
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_module_declare(
    tenon_module_entry *entry, const tenon_declare_options *options,
    void (*write)(void *data, const char *text, size_t len), void *data);

#ifdef __cplusplus
}
#endif

#endif
