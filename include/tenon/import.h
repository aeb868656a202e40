/**
 * @file
 * JavaScript for a C program: functions of modules as functions of C, and
 * values by the descriptors of <tenon/export.h>.
 *
 *     TENON_IMPORT(f64, area, (f64, w), (f64, h))
 *
 *     area *f;
 *     double result;
 *     r = area_import(rt, "./shapes.js", "area", &f);
 *     if (r == 0) r = area_call(f, &result, 3, 4);
 *     tenon_callback_release(f);
 *
 * What comes out of a runtime as text, bytes or arrays is memory that an owner
 * holds, one for each call, and ends with it: tenon_owner_free. A type without
 * such parts (numbers, enums, structs of them) needs none.
 */
#ifndef TENON_IMPORT_H
#define TENON_IMPORT_H

#include <tenon/export.h>
#include <tenon/runtime.h>

#if defined(__GNUC__) && !defined(TENON_P_SHOW_HEADER)
#pragma GCC system_header
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Make functions of JavaScript functions of C: TENON_CALLBACK (see there), and
 *
 *     int NAME_import(tenon_runtime *rt, const char *specifier,
 *                     const char *export_name, NAME **out);
 *
 * which is tenon_runtime_import. Several modules may have a function of this
 * kind: each import is a handle of its own.
 *
 * NAME_call and NAME_await are then a host's calls: what is thrown, and a result
 * of another type, is in tenon_runtime_exception. _call does not wait for a
 * Promise, but takes it for a wrong result; _await runs the loop until it is
 * settled. A call is a turn of the program: its microtasks run behind it, and
 * what they throw is reported by the next run of the loop.
 */
#define TENON_IMPORT(R, ...)     \
  TENON_CALLBACK(R, __VA_ARGS__) \
  TENON_P_IMPORT(TENON_P_FIRST(__VA_ARGS__))
#define TENON_P_IMPORT(name) TENON_P_IMPORT_(name)
#define TENON_P_IMPORT_(name)                                               \
  TENON_P_UNUSED static inline int name##_import(                           \
      tenon_runtime *tenon_p_rt, const char *tenon_p_specifier,             \
      const char *tenon_p_export, name **tenon_p_out)                       \
  {                                                                         \
    tenon_callback *tenon_p_cb = NULL;                                      \
    int tenon_p_r =                                                         \
        tenon_runtime_import(tenon_p_rt, tenon_p_specifier, tenon_p_export, \
                             &tenon_p_signature_##name, &TENON_P_HOST,      \
                             tenon_p_out ? &tenon_p_cb : NULL);             \
    if (tenon_p_out) *tenon_p_out = (name *)tenon_p_cb;                     \
    return tenon_p_r;                                                       \
  }

/**
 * Load a module and take one of its exports, which must be a function. Modules
 * are loaded and evaluated once, as by import(); the loop runs until one that
 * awaits at its top is evaluated.
 *
 * @param specifier    what stands behind `from`: a path beginning with "./",
 *                     "../" or "/", relative to the working directory, a file:
 *                     URL, the name of a native module. NULL: the global
 *                     object
 * @param export_name  "default" too; of the global object a property, and one of
 *                     it ("Math.hypot"), whose `this` is what stands in front
 * @param signature    static; TENON_IMPORT hands over the rest
 * @param host         set, if it is NULL, to what calls go by
 * @param[out] out     kept: tenon_callback_release; NULL on failure
 * @return 0, TENON_EEXCEPTION (also: there is no such module or export, or it is
 *         no function), TENON_EUNSETTLED (it can never be evaluated to its
 *         end), TENON_EBUSY (called from inside of the runtime), TENON_EABI,
 *         TENON_ENOMEM, TENON_ETERMINATED, TENON_EEXIT, TENON_EINVAL
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_import(
    tenon_runtime *rt, const char *specifier, const char *export_name,
    const tenon_signature *signature, const tenon_host **host,
    tenon_callback **out);

/** Memory of values that came out of a runtime. */
typedef struct tenon_owner tenon_owner;

/**
 * Free the memory of values. NULL is fine; so is an owner that outlives the
 * runtime.
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API void tenon_owner_free(tenon_owner *owner);

/**
 * The names that a module exports, in the order of their code units, "default"
 * among them.
 *
 * @param specifier   as of tenon_runtime_import, but NULL
 * @param[out] names  its memory is the owner's
 * @return as tenon_runtime_import
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_exports(tenon_runtime *rt,
                                                     const char *specifier,
                                                     tenon_array_str *names,
                                                     tenon_owner **owner);

/**
 * The value of an export, or of a property of the global object, converted as
 * an argument of a function is.
 *
 * @param type        static: TENON_TYPE(word)
 * @param[out] value  of the word's C type; zero on failure
 * @param[out] owner  of its memory; NULL on failure. May be NULL when the type
 *                    has none
 * @return as tenon_runtime_import; TENON_EEXCEPTION: a value of another type;
 *         TENON_EINVAL: also a type with an instance of a class in it, whose
 *         memory is there for functions only, while they run
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_read(
    tenon_runtime *rt, const char *specifier, const char *export_name,
    const tenon_type *type, void *value, tenon_owner **owner);

/**
 * Evaluate a script and convert its value, that of its last statement, as an
 * argument of a function is. `await` is fine at its top: the loop then runs
 * until the value is there. A Promise that is the value is not awaited, and
 * refused.
 *
 * @param src, len, name  as of tenon_runtime_eval_script
 * @param type, value, owner  as of tenon_runtime_read
 * @return as tenon_runtime_eval_script; TENON_EUNSETTLED; TENON_EBUSY: the
 *         script awaits and this is called from inside of the runtime;
 *         TENON_EABI: a type that this library does not know; TENON_EINVAL: no
 *         owner for a type that needs one, or one with instances
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_eval_into(
    tenon_runtime *rt, const char *src, size_t len, const char *name,
    const tenon_type *type, void *value, tenon_owner **owner);

/**
 * The same as JSON text, that JSON.stringify makes of the value: what it throws
 * of cycles and BigInts is the exception, and so is a value that JSON does not
 * have (undefined, a function, a symbol).
 *
 * @param[out] json   UTF-8 with a NUL behind it
 * @param[out] owner  of its memory
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_eval_json(
    tenon_runtime *rt, const char *src, size_t len, const char *name,
    tenon_str *json, tenon_owner **owner);

#ifdef __cplusplus
}
#endif

#endif
