/*
 * Values as text, as node's util.inspect shows them. Loaded when it is first
 * used; kept for the runtime, whatever the program does to its globals.
 */
#ifndef TENON_STD_INSPECT_INSPECT_H
#define TENON_STD_INSPECT_INSPECT_H

#include <quickjs.h>

#include "base/base.h"

/*
 * The text of a value as console.log shows it, texts unquoted: a string, or
 * JS_EXCEPTION, since a value may have a method of its own for it,
 * [Symbol.for('nodejs.util.inspect.custom')].
 */
JSValue tenon_p_inspect(JSContext *ctx, JSValueConst v, bool has_color);

/* The text of what console.log was given, formats and all. As above. */
JSValue tenon_p_format(JSContext *ctx, int argc, JSValueConst *argv,
                       bool has_color);

/* (hasColor or options, ...args) => text. */
JSValue tenon_p_format_function(JSContext *ctx);

/* What other builtins' JavaScript uses of it: { inspect(value, options),
 * entries, keys, own, classOf, width, list }. */
JSValue tenon_p_inspect_tools(JSContext *ctx);

#endif
