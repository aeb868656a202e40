/*
 * Looking into objects without running anything of the program: what no
 * method of the language tells, or only by calling what a program can replace.
 */
#ifndef TENON_ENGINE_LOOK_H
#define TENON_ENGINE_LOOK_H

#include <quickjs.h>

#include "base/base.h"

/* An array without a prototype: the program has no part in what is put into
 * it. */
JSValue tenon_p_look_list(JSContext *ctx);

/* The name of an object's internal class, as "Map"; "Proxy", "Error" and
 * "Module" too. undefined for a value that is no object. */
JSValue tenon_p_look_class(JSContext *ctx, JSValueConst v);

/*
 * The own keys of an object, texts before symbols, as such an array.
 * `skips_elements`: without those of an array, or of a typed array, that are
 * stored as a block; other objects give all of theirs. A Proxy has no keys.
 */
JSValue tenon_p_look_keys(JSContext *ctx, JSValueConst v, bool all,
                          bool skips_elements);

/*
 * What a Map, a Set, a weak one or an iterator of either holds, as such an
 * array: [has pairs, count, first, ...]; of a pair key and value follow each
 * other. Of an iterator it is what is still to come, and it stays where it is.
 * At most `limit` values or pairs, though the count is that of all.
 * undefined for another object.
 */
JSValue tenon_p_look_entries(JSContext *ctx, JSValueConst v, uint32_t limit);

/* Are both the same builtin function, of whatever realms? */
bool tenon_p_look_is_same_builtin(JSValueConst a, JSValueConst b);

#endif
