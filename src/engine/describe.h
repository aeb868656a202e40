/*
 * A value in a few words, for lists of what is still held: "function onData",
 * "Array(3)", "string \"abc…\"". Nothing of the program runs, and nothing is
 * allocated.
 */
#ifndef TENON_ENGINE_DESCRIBE_H
#define TENON_ENGINE_DESCRIBE_H

#include <quickjs.h>

#include "base/base.h"

/* Room for every description. */
enum { TENON_P_DESCRIPTION = 256 };

/* UTF-8 in one line, cut where it gets long, with a NUL; its length. */
size_t tenon_p_describe(JSRuntime *rt, JSValueConst v,
                        char dst[TENON_P_DESCRIPTION]);

#endif
