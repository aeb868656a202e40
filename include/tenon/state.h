/**
 * @file
 * States of native modules (TENON_STATE) from outside of their functions, and
 * native code of the host's that is a function of a realm for as long as it
 * runs.
 *
 * A host sets up what its functions find, without a global that scripts could
 * read:
 *
 *     void *state;
 *
 *     r = tenon_runtime_state(rt, TENON_STATE_TYPE(channel), &state);
 *     if (r == 0) ((channel *)state)->queue = queue;
 */
#ifndef TENON_STATE_H
#define TENON_STATE_H

#include <tenon/descriptor.h>
#include <tenon/realm.h>
#include <tenon/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The state of a runtime; it is made when there is none.
 *
 * @param rt        borrowed
 * @param type      of a state of a runtime; it stays where it is
 * @param[out] out  the runtime's: until that is freed. NULL on failure
 * @return 0, TENON_EINVAL, TENON_ENOMEM, TENON_EEXCEPTION (what its initializer
 *         has failed by is pending), TENON_ETHREAD, TENON_ECLOSING,
 *         TENON_ETERMINATED, TENON_EEXIT
 *
 * [thread: loop] [js: never runs, but what the initializer calls] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_state(tenon_runtime *rt,
                                                   const tenon_state_type *type,
                                                   void **out);

/**
 * The state of a realm, in the same way. It is there until nothing of the realm
 * is left, which may be later than tenon_realm_free. TENON_EINVAL: the realm was
 * freed, too.
 *
 * [thread: loop] [js: never runs, but what the initializer calls] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_realm_state(tenon_realm *realm,
                                                 const tenon_state_type *type,
                                                 void **out);

/**
 * Call `fn(p)` as a native function of a realm: all that such a function may
 * call is there, as tenon_env, tenon_alloc, NAME_new of a TENON_CLOSURE and
 * NAME_state. Handles that it makes live until it returns.
 *
 * @param realm  borrowed
 * @return 0; TENON_EEXCEPTION: what it has failed by, as tenon_fail, is pending;
 *         TENON_EINVAL (`fn` is NULL, the realm was freed), TENON_ENOMEM,
 *         TENON_ETHREAD, TENON_ECLOSING, TENON_ETERMINATED, TENON_EEXIT
 *
 * [thread: loop] [js: microtasks behind it] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_realm_call(tenon_realm *realm,
                                                void (*fn)(void *p), void *p);

#ifdef __cplusplus
}
#endif

#endif
