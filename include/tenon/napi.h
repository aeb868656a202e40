/**
 * @file
 * Values of JavaScript in C, by Node-API: js_native_api.h as addons of node are
 * compiled with it. Its functions take the napi_env of a runtime, on the
 * runtime's thread; on another one they return napi_invalid_arg.
 *
 * A napi_value is a handle: it keeps its value until the handle scope ends that
 * it was made in. A callback has a scope of its own. A host opens one around
 * its work, outside of callbacks:
 *
 *     napi_env env = tenon_runtime_env(rt);
 *     napi_handle_scope scope;
 *     napi_value text;
 *
 *     napi_open_handle_scope(env, &scope);
 *     napi_create_string_utf8(env, "hello", NAPI_AUTO_LENGTH, &text);
 *     ...
 *     napi_close_handle_scope(env, scope);
 *
 * A handle that is made outside of all scopes lives as long as the runtime.
 * Closing a scope closes those that were opened in it and are still open.
 * Values that are to be held for longer are in <tenon/persistent.h>.
 *
 * An exception that a call leaves pending (napi_pending_exception) is the
 * environment's: tenon_runtime_exception does not know it,
 * napi_get_and_clear_last_exception takes it, and tenon_runtime_set_exception
 * makes it the runtime's. A host's call of a function is a
 * turn of the program: its microtasks run behind it.
 */
#ifndef TENON_NAPI_H
#define TENON_NAPI_H

#ifndef NAPI_VERSION
#define NAPI_VERSION 10
#endif

#include <tenon/node-api/js_native_api.h>
#include <tenon/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The environment of a runtime: made by the first call, the same from then on.
 * It ends with the runtime.
 *
 * @return NULL: out of memory, another thread, or the runtime is being freed
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API napi_env tenon_runtime_env(tenon_runtime *rt);

/**
 * The pending exception of a runtime (TENON_EEXCEPTION) itself, which stays
 * pending: tenon_runtime_clear_exception forgets it, and napi_throw throws it
 * again, unchanged, in a native function.
 *
 * @param[out] out  a handle in the innermost scope; NULL when no exception is
 *                  pending, and on failure
 * @return 0, TENON_EINVAL, TENON_ETHREAD, TENON_ENOMEM
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_get_exception(tenon_runtime *rt,
                                                           napi_value *out);

/**
 * Make a value the pending exception of a runtime, in place of the one that is
 * pending: tenon_runtime_exception and tenon_runtime_explain tell it,
 * tenon_runtime_report asks the program about it. Setting the one that is
 * pending changes nothing.
 *
 * @param error  any value of this runtime
 * @return 0, TENON_EINVAL, TENON_ETHREAD
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_set_exception(tenon_runtime *rt,
                                                           napi_value error);

#ifdef __cplusplus
}
#endif

#endif
