/**
 * @file
 * Tenon's modules in a program that embeds QuickJS-ng by itself: one more line,
 * and scripts of that program import native functions.
 *
 *     tenon_attach(ctx, "rust", tenon_module_v1);
 *
 * The program is linked with tenon-quickjs in place of the engine's own
 * library. Its runtime stays its own: it goes on to make and to free it, to
 * execute its jobs and to run its loop; its opaque pointers, limits, handlers
 * and its module loader are left as they are.
 *
 * Operations that are open while scripts run - Promises of TENON_ASYNC and
 * TENON_BLOCKING functions - go on when the program has executed its jobs:
 * JS_ExecutePendingJob, when none is left, enqueues those that follow. How the
 * program waits for them meanwhile:
 *
 * - with quickjs-libc's module `os` registered ("qjs:os" or "os"), by the loop
 *   of quickjs-libc, js_std_loop, which then also does not end too early;
 * - with a loop of its own, by the descriptor of tenon_attach_fd;
 * - with neither, JS_ExecutePendingJob waits until there is a job or no
 *   operation is open any more.
 */
#ifndef TENON_QUICKJS_H
#define TENON_QUICKJS_H

/* The program's own copy, or the one that was installed with Tenon. */
#ifndef QUICKJS_H
#if defined(__has_include)
#if !__has_include(<quickjs.h>)
#include <tenon/engine/quickjs.h>
#endif
#endif
#ifndef QUICKJS_H
#include <quickjs.h>
#endif
#endif
#include <stdbool.h>
#include <stdint.h>
#include <tenon/descriptor.h>
#include <tenon/error.h>
#include <tenon/runtime.h>
#include <tenon/version.h>
#ifndef TENON_P_INSIDE /* the library itself exports no module */
#include <tenon/export.h>
#endif

/** The version of QuickJS-ng that is in the library: 0.17.0 is 1700. */
#define TENON_QUICKJS_VERSION 1700

#ifndef QJS_VERSION_MAJOR
#error "tenon/quickjs.h needs the quickjs.h of QuickJS-ng 0.17.0"
#elif QJS_VERSION_MAJOR * 10000 + QJS_VERSION_MINOR * 100 + \
        QJS_VERSION_PATCH !=                                \
    TENON_QUICKJS_VERSION
#error "this quickjs.h is not of QuickJS-ng 0.17.0, which Tenon was made for"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What the caller was compiled with, and which engine it calls. */
typedef struct tenon_p_caller {
  uint32_t size;
  int version, engine_version;
  uint32_t value_size;
  uintptr_t engine;
} tenon_p_caller;

/* tenon_attach, for any caller. */
TENON_API TENON_MUST_CHECK int tenon_p_attach(JSContext *ctx, const char *name,
                                              tenon_module_entry *entry,
                                              const tenon_p_caller *caller);

/**
 * Make the functions of a module importable in a context of the program:
 * `import * as m from 'name'`. Again for further modules and contexts.
 *
 * The first call for a runtime gives it a loop, which belongs to the calling
 * thread as the runtime does from then on, and keeps the context until the
 * runtime is freed. JS_FreeRuntime ends what is open then, as
 * tenon_runtime_free does; no Promise is settled by that.
 *
 * @param ctx    borrowed
 * @param name   what stands behind `from`; copied. Not empty, not beginning
 *               with '.' or '/', and without ':'; a normalizer of the program
 *               must leave it as it is
 * @param entry  tenon_module_v1 of the program or of a loaded shared object,
 *               or the function of a named module; its code stays loaded. NULL:
 *               `name` is that of a builtin module, "tenon:process"; scripts
 *               have none of these unless the program gives them so
 * @return 0, TENON_EINVAL, TENON_EEXIST (the context has a module of this
 *         name), TENON_EABI (as tenon_runtime_add_module), TENON_EENGINE (the
 *         program calls another engine than the one of this library, or was
 *         compiled for another version of it), TENON_EVERSION (the library is
 *         older than the headers), TENON_ETHREAD, TENON_ENOMEM, a code of
 *         libuv or the system (no file descriptors left). No exception is
 *         pending after a failure.
 *
 * [thread: the runtime's] [js: never runs] [since 0.1]
 */
TENON_MUST_CHECK static inline int tenon_attach(JSContext *ctx,
                                                const char *name,
                                                tenon_module_entry *entry)
{
  tenon_p_caller caller;

  caller.size = (uint32_t)sizeof caller;
  caller.version = TENON_VERSION;
  caller.engine_version = TENON_QUICKJS_VERSION;
  caller.value_size = (uint32_t)sizeof(JSValue);
  caller.engine = js_std_cmd(5000);
  return tenon_p_attach(ctx, name, entry, &caller);
}

/**
 * For a program with a loop of its own: a descriptor that becomes readable when
 * it should execute jobs (JS_ExecutePendingJob, until there are none, which it
 * also does before it first waits). From the first call on JS_ExecutePendingJob
 * never waits, and quickjs-libc's loop is left alone. The descriptor is only
 * polled, and belongs to the runtime.
 *
 * @return it, or TENON_EINVAL (nothing is attached), TENON_ETHREAD
 *
 * [thread: the runtime's] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_attach_fd(JSContext *ctx);

/**
 * Are operations open that scripts may wait for? A loop that ends when nothing
 * is left to do asks this, too.
 *
 * [thread: the runtime's] [js: never runs] [since 0.1]
 */
TENON_API bool tenon_attach_is_waiting(JSContext *ctx);

/* tenon_runtime_add_quickjs_module, for any caller. */
TENON_API TENON_MUST_CHECK int tenon_p_add_quickjs_module(
    tenon_runtime *rt, const char *name,
    JSModuleDef *(*init)(JSContext *ctx, const char *name),
    const tenon_p_caller *caller);

/**
 * Make a module that was written for QuickJS importable in a runtime of Tenon:
 * `import * as m from 'name'`. It is made in each realm that imports it. One that
 * is a shared object needs no such call: it is imported by its path.
 *
 * @param name  as of tenon_runtime_add_module; copied
 * @param init  as js_init_module: makes a module of the name that it is called
 *              with, by JS_NewCModule, or returns NULL with an exception. Called
 *              on the loop's thread, in the midst of an import
 * @return 0, TENON_EINVAL, TENON_EEXIST, TENON_EENGINE (the program calls another
 *         engine than the one of this library, or was compiled for another
 *         version of it), TENON_EVERSION, TENON_ETHREAD, TENON_ECLOSING,
 *         TENON_ENOMEM
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_MUST_CHECK static inline int tenon_runtime_add_quickjs_module(
    tenon_runtime *rt, const char *name,
    JSModuleDef *(*init)(JSContext *ctx, const char *name))
{
  tenon_p_caller caller;

  caller.size = (uint32_t)sizeof caller;
  caller.version = TENON_VERSION;
  caller.engine_version = TENON_QUICKJS_VERSION;
  caller.value_size = (uint32_t)sizeof(JSValue);
  caller.engine = js_std_cmd(5000);
  return tenon_p_add_quickjs_module(rt, name, init, &caller);
}

#ifdef __cplusplus
}
#endif

#endif
