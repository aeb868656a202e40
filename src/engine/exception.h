/* Thrown values as text. */
#ifndef TENON_ENGINE_EXCEPTION_H
#define TENON_ENGINE_EXCEPTION_H

#include <quickjs.h>

#include "base/text.h"

/*
 * Append what a person wants to read of a thrown value: name, message and
 * stack of an Error, String(v) of others. Runs the value's own getters and
 * swallows what they throw; leaves no exception pending.
 */
void tenon_p_exception_describe(JSContext *ctx, JSValueConst v,
                                tenon_p_text *out);

/*
 * Append a property that is a string and not empty, or a number; false when it
 * is not. A getter is run, and what it throws is swallowed.
 */
bool tenon_p_exception_property(JSContext *ctx, JSValueConst v,
                                const char *name, tenon_p_text *out);

#endif
