/**
 * @file
 * Realms: several global objects in one runtime.
 *
 * A realm has its own `globalThis`, its own intrinsics (Object, Array, …) and
 * its own instances of modules. The realms of a runtime share its heap, its
 * loop and its limits: an object can be handed from one to another, is the
 * same object there, and keeps the prototype of the realm that made it. So
 * `instanceof` says no where Array.isArray says yes, and an error that is
 * thrown from one realm into another is an instance of its own realm's classes.
 *
 * A runtime has one realm from its beginning, tenon_runtime_realm, in which its
 * own functions evaluate. Microtasks, errors that nobody caught and rejections
 * of all realms are those of the runtime; a realm's own handlers of `error` and
 * `unhandledrejection` are asked first.
 *
 * Realms divide a program; they are no wall against hostile code, to which any
 * object of another realm gives that realm's global object.
 */
#ifndef TENON_REALM_H
#define TENON_REALM_H

#include <tenon/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tenon_realm tenon_realm;

/** What a realm can be without: tenon_realm_options.without. */
enum {
  /* Of the language */
  TENON_REALM_EVAL = 1 << 0, /**< eval and functions made of text; the host may
                                  evaluate all the same */
  TENON_REALM_DATE = 1 << 1,
  TENON_REALM_REGEXP = 1 << 2, /**< also as literals */
  TENON_REALM_JSON = 1 << 3,
  TENON_REALM_PROXY = 1 << 4,
  TENON_REALM_MAP_SET = 1 << 5,      /**< also WeakMap and WeakSet */
  TENON_REALM_TYPED_ARRAYS = 1 << 6, /**< all of ArrayBuffer, and Atomics */
  TENON_REALM_PROMISE = 1 << 7,  /**< the class; await and async functions do
                                     without their methods */
  TENON_REALM_WEAK_REF = 1 << 8, /**< also FinalizationRegistry */
  TENON_REALM_IMPORT = 1 << 9,   /**< import of anything, also import() */
  /* Of the web */
  TENON_REALM_DOM_EXCEPTION = 1 << 10,
  TENON_REALM_BASE64 = 1 << 11, /**< atob and btoa; needs DOM_EXCEPTION */
  TENON_REALM_PERFORMANCE = 1 << 12,
  TENON_REALM_CONSOLE = 1 << 13, /**< needs DATE, REGEXP, JSON, TYPED_ARRAYS,
                                      DOM_EXCEPTION */
  TENON_REALM_TIMERS = 1 << 14,
  TENON_REALM_EVENTS = 1 << 15, /**< also AbortController and AbortSignal;
                                     needs DOM_EXCEPTION */
  TENON_REALM_PROCESS = 1 << 16 /**< process.exit ends the whole program */
};

/** Set `size` to sizeof(tenon_realm_options); what is 0 takes its default. */
typedef struct tenon_realm_options {
  size_t size;
  /** TENON_REALM_ flags of what is left out; what needs it is left out with
   * it. 0: everything is there. `~(uint32_t)(A | B)` leaves out all but A and
   * B, and what later versions may add. */
  uint32_t without;
} tenon_realm_options;

/**
 * Make a realm. It belongs to the runtime, and is freed with it at the latest.
 *
 * @param rt        borrowed
 * @param options   borrowed; NULL for the defaults
 * @param[out] out  freed by tenon_realm_free; NULL on failure
 * @return 0, TENON_EINVAL, TENON_ENOMEM, TENON_ETHREAD, TENON_ECLOSING
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_realm_new(
    tenon_runtime *rt, const tenon_realm_options *options, tenon_realm **out);

/**
 * Free a realm. What it has begun ends: its timers stop, deferreds are told
 * (tenon_deferred_on_close), work of the thread pool that is queued is dropped,
 * and the result of what runs; no Promise is settled by any of them.
 * Objects that were made in it and are held elsewhere stay as they are, and its
 * functions can still be called; what they would begin is refused by an error,
 * and a timer that they set never fires.
 *
 * @param realm  not to be used after that: until its memory has become another
 *               realm, calls with it return TENON_EINVAL. NULL is fine
 * @return 0; TENON_EBUSY: a function or evaluation of it is on the stack, or
 *         tenon_realm_enter was not left; TENON_EINVAL: it is the realm of a
 *         runtime, or was freed; TENON_ETHREAD
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_realm_free(tenon_realm *realm);

/**
 * The realm that a runtime began with. It cannot be freed.
 *
 * @return borrowed; NULL from another thread
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API tenon_realm *tenon_runtime_realm(tenon_runtime *rt);

/** The runtime of a realm; NULL of one that was freed, and from another thread.
 * [thread: loop] [js: never runs] [since 0.1] */
TENON_API tenon_runtime *tenon_realm_runtime(tenon_realm *realm);

/**
 * As tenon_runtime_eval_script, in a realm. What is thrown is the runtime's
 * pending exception. TENON_EINVAL: it was freed.
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_realm_eval_script(tenon_realm *realm,
                                                       const char *src,
                                                       size_t len,
                                                       const char *name);

/**
 * As tenon_runtime_eval_module, in the same way.
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_realm_eval_module(tenon_realm *realm,
                                                       const char *src,
                                                       size_t len,
                                                       const char *name);

/**
 * From now on Node-API's functions, with the napi_env of the runtime, make
 * their values in this realm: napi_get_global gives its global object,
 * napi_create_function a function of it. tenon_realm_leave ends that; what was
 * entered last is left first. Inside of a callback of Node-API the realm is the
 * callback's own, until it enters another one, which it has to leave itself.
 *
 * @return 0, TENON_EINVAL (it was freed), TENON_ETHREAD, TENON_ENOMEM,
 *         TENON_ECLOSING
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_realm_enter(tenon_realm *realm);
/** Returns TENON_EINVAL when it is not the one that was entered last.
 * [thread: loop] [js: never runs] [since 0.1] */
TENON_API int tenon_realm_leave(tenon_realm *realm);

/**
 * Define the functions, constants and getters of a module on the global object
 * of a realm: not enumerable, and configurable; constants cannot be assigned
 * to. The module's default is not looked at. None of it is imported by that.
 *
 * @param realm  borrowed
 * @param entry  as of tenon_runtime_add_module
 * @return 0; TENON_EEXIST: one of its names is there already, as a global
 *         variable or a property of the global object, and nothing was defined;
 *         TENON_EEXCEPTION: what a constant failed with is pending, or a lack
 *         of memory, and nothing was defined; TENON_EINVAL, TENON_EABI,
 *         TENON_ENOMEM, TENON_ETHREAD, TENON_ETERMINATED, TENON_EEXIT
 *
 * [thread: loop] [js: runs, where a constant does] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_realm_add_globals(
    tenon_realm *realm, tenon_module_entry *entry);

/**
 * Run glue: a script that wraps native functions for programs. Its value is a
 * function, which is called with one argument, a new object of all functions,
 * constants and getters of a module. Nobody else gets that object, unless the
 * glue hands it out:
 *
 *     (native) => {
 *       globalThis.read = (path) => native.read(String(path));
 *     }
 *
 * What the function returns is dropped.
 *
 * @param realm  borrowed
 * @param entry  as of tenon_runtime_add_module
 * @param src    `len` bytes of UTF-8, NUL not needed; copied
 * @param name   for stack traces; copied. NULL: "<glue>"
 * @return 0; TENON_EEXCEPTION: what the script or the function has thrown is
 *         pending, or a TypeError, since its value is no function; others as of
 *         tenon_realm_add_globals
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_realm_run_glue(tenon_realm *realm,
                                                    tenon_module_entry *entry,
                                                    const char *src, size_t len,
                                                    const char *name);

#ifdef __cplusplus
}
#endif

#endif
