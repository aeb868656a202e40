/**
 * @file
 * Values of JavaScript that C holds for as long as it wants: across calls,
 * handle scopes and turns of the loop, in all realms of a runtime.
 *
 *     tenon_persistent *on_data;
 *
 *     r = tenon_persistent_new(env, argument, &on_data);
 *     ...
 *     r = tenon_persistent_get(env, on_data, &function);
 *     ...
 *     tenon_persistent_free(on_data);
 *
 * Any value can be held. One that is held is a root: it, and all that it
 * reaches, is not collected until it is freed. So an object that owns C memory,
 * which holds the object again, never goes: there hold it weakly, or by
 * tenon_hold, which the collector sees. A weak one holds an object or a symbol
 * only as long as others do, and then gives NULL; nobody is called back.
 *
 * Each holder has one of its own: what C has forgotten to free is named by
 * where it was made (tenon_kept_report).
 *
 * What is held ends with its runtime, but a tenon_persistent does not: freeing
 * it is right at any time, on any thread, also after the runtime. Everything
 * else is refused by a code then, as it is from another thread and with another
 * runtime's environment.
 */
#ifndef TENON_PERSISTENT_H
#define TENON_PERSISTENT_H

#include <tenon/error.h>
#include <tenon/napi.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tenon_persistent tenon_persistent;

/**
 * Hold a value, of whatever type: tenon_persistent_new(env, value, &out), which
 * remembers the line that it stands in.
 *
 * @param value     a handle of this environment
 * @param file      static text, or NULL: the place that is named where it is
 *                  not freed; `line` is 0 where there is none
 * @param[out] out  freed by tenon_persistent_free; NULL on failure
 * @return 0, TENON_EINVAL, TENON_ETHREAD, TENON_ENOMEM, TENON_ECLOSING (the
 *         runtime is being freed)
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_persistent_new_at(napi_env env,
                                                       napi_value value,
                                                       const char *file,
                                                       int line,
                                                       tenon_persistent **out);
#define tenon_persistent_new(env, value, out) \
  tenon_persistent_new_at(env, value, __FILE__, __LINE__, out)

/**
 * Hold an object or a symbol weakly: tenon_persistent_new_weak(env, value,
 * &out). As tenon_persistent_new_at; TENON_EINVAL also for other values and for
 * symbols of Symbol.for, as `new WeakRef` refuses them, and TENON_EBUSY while
 * values are being freed further up the stack.
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_persistent_new_weak_at(
    napi_env env, napi_value value, const char *file, int line,
    tenon_persistent **out);
#define tenon_persistent_new_weak(env, value, out) \
  tenon_persistent_new_weak_at(env, value, __FILE__, __LINE__, out)

/**
 * The value that is held.
 *
 * @param env       of the runtime that it is a value of
 * @param[out] out  a handle in the innermost scope; NULL of a weak one whose
 *                  value is gone, and on failure
 * @return 0; TENON_EFOREIGN: it is of another runtime; TENON_ECLOSING: its
 *         runtime is being freed, or was, and `env` is not looked at;
 *         TENON_EBUSY: it is weak, and values are being freed further up the
 *         stack, of which it may be one; TENON_EINVAL, TENON_ETHREAD,
 *         TENON_ENOMEM
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_persistent_get(napi_env env,
                                                    const tenon_persistent *p,
                                                    napi_value *out);

/**
 * Let go of a value. NULL is fine. From another thread than the loop's the value
 * goes on a later turn of the loop, and so it does where a collection is freeing
 * values further up the stack; `p` is gone at once.
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API void tenon_persistent_free(tenon_persistent *p);

/* --- What C keeps --------------------------------------------------------------------- */

typedef enum tenon_kept_kind {
  TENON_KEPT_PERSISTENT, /**< by tenon_persistent_new */
  TENON_KEPT_WEAK,       /**< by tenon_persistent_new_weak */
  TENON_KEPT_REFERENCE,  /**< by napi_create_reference, counted above 0 */
  TENON_KEPT_CALLBACK    /**< by NAME_keep of a callback, or NAME_import */
} tenon_kept_kind;

/** Something that C has taken and not released; what it points to is good until
 * the function returns that is told of it. Later versions may have more members
 * at its end, and more kinds. */
typedef struct tenon_kept {
  tenon_kept_kind kind;
  tenon_persistent *persistent; /**< NULL: it is none */
  const char *file;             /**< where it was taken; NULL: not said */
  int line;
  /** Of a reference and a callback: where the function that kept it last was
   * called, for dladdr or addr2line; else NULL. */
  const void *address;
  /** A few words, of `text_len` bytes of UTF-8 with a NUL behind them, in one
   * line: `function onData`, `Array(3)`, `string "abc…"`, `gone`. */
  const char *text;
  size_t text_len;
} tenon_kept;

/** Is told of one; false ends it. */
typedef bool tenon_kept_visit(const tenon_kept *kept, void *data);

/**
 * Look at all that C keeps of a runtime: persistents, references, callbacks, and
 * of each kind the oldest first. A callback that is only the argument of a call
 * is not among them. `visit` may free any of them and make others, which are not
 * told; it cannot free the runtime.
 *
 * @return 0, TENON_EBUSY (values are being freed further up the stack),
 *         TENON_EINVAL, TENON_ETHREAD, TENON_ECLOSING, TENON_ETERMINATED,
 *         TENON_EEXIT
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_kept_each(napi_env env,
                                               tenon_kept_visit *visit,
                                               void *data);

/**
 * The debug mode: at the very end of tenon_runtime_free `visit` is told of all
 * that was not released until then. Destructors have had their turn by then, and
 * the runtime is gone: of Tenon's functions only tenon_persistent_free may be
 * called, with `kept->persistent` or any other, and tenon_callback_release.
 * What another thread has freed is not told, though its value goes only there.
 *
 * @param visit  false: nobody is told of the rest. NULL: nobody is told (any
 *               more)
 * @return 0, TENON_EINVAL, TENON_ETHREAD, TENON_ECLOSING
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_kept_report(napi_env env,
                                                 tenon_kept_visit *visit,
                                                 void *data);

#ifdef __cplusplus
}
#endif

#endif
