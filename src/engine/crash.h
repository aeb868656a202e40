/*
 * What a thread of a runtime was doing, for a signal handler: frames are looked
 * at, nothing is allocated, and what is broken may fault.
 */
#ifndef TENON_ENGINE_CRASH_H
#define TENON_ENGINE_CRASH_H

#include "base/crash.h"
#include "engine/native.h"

typedef struct tenon_p_crash_frame {
  const tenon_p_native *native; /* a described function; NULL: it is none */
  bool is_foreign;              /* a function of Node-API, of this name */
  char name[256];
} tenon_p_crash_frame;

/* The innermost frame of native code: false where there is none. `only_top`: the
 * innermost of all has to be one. */
bool tenon_p_crash_native_frame(JSRuntime *rt, bool only_top,
                                tenon_p_crash_frame *out);
/* Where the innermost script is, but for those of the library's own. */
void tenon_p_crash_script(JSRuntime *rt, tenon_p_crash_scene *s);

#endif
