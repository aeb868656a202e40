/*
 * State of native modules, one a runtime or a realm, found by the address of
 * its type.
 *
 * Invariants
 * - What was made is ended once, by a finalizer: that of a realm when its
 *   context is gone, that of the runtime behind all realms; each in the reverse
 *   order of being ready.
 * - Nothing of it can be reached from a script.
 */
#ifndef TENON_BIND_STATE_H
#define TENON_BIND_STATE_H

#include <tenon/descriptor.h>

#include "bind/call.h"
#include "engine/engine.h"

/* That of the current call's function, or of the runtime of that; made when it
 * is first asked for. NULL outside of a call; else `c` has failed. */
void *tenon_p_state_get(tenon_p_call *c, const tenon_state_type *type);

/* For the table of host functions. */
void *tenon_p_host_state(const tenon_state_type *type);

#endif
