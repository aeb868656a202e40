/* What a runtime knows of the values that native code holds. */
#ifndef TENON_NAPI_PERSISTENT_H
#define TENON_NAPI_PERSISTENT_H

#include <tenon/persistent.h>

#include "engine/engine.h"

/* Attached before everything else, so that it ends last: who lets go of a value
 * while a runtime ends is not reported. 0 or TENON_ENOMEM. */
int tenon_p_persistents_attach(tenon_p_engine *e);

/* Is somebody told what native code has not released at the end? */
bool tenon_p_kept_is_told(tenon_p_engine *e);
/* Tells of something that is no persistent; when states are freed. */
void tenon_p_kept_tell(tenon_p_engine *e, tenon_kept_kind kind,
                       const void *address, const char *text);

#endif
