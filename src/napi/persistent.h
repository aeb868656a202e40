/* What a runtime knows of the values that native code holds. */
#ifndef TENON_NAPI_PERSISTENT_H
#define TENON_NAPI_PERSISTENT_H

#include "engine/engine.h"

/* Attached before everything else, so that it ends last: who lets go of a value
 * while a runtime ends is not reported. 0 or TENON_ENOMEM. */
int tenon_p_persistents_attach(tenon_p_engine *e);

#endif
