/*
 * What can be seen of an instance: the members of T that are properties, for
 * JSON.stringify and console.log. They are read by the getters that were made for
 * the class, whatever scripts did to its prototype since.
 */
#ifndef TENON_BIND_SHOWN_H
#define TENON_BIND_SHOWN_H

#include "bind/class.h"

/* Begin with those of the base: 0, or -1 with an exception. */
int tenon_p_shown_inherit(JSContext *ctx, tenon_p_bound_class *k);
/* One more; in the place of one that has its name. `name` lives as the module,
 * `getter` is borrowed. 0, or -1 with an exception. */
int tenon_p_shown_add(JSContext *ctx, tenon_p_bound_class *k, const char *name,
                      JSValueConst getter);
void tenon_p_shown_mark(JSRuntime *rt, const tenon_p_bound_class *k,
                        JS_MarkFunc *mark);
void tenon_p_shown_release(JSRuntime *rt, tenon_p_bound_class *k);

/* The toJSON of a class that has its constructor. */
JSValue tenon_p_shown_json(JSContext *ctx, const tenon_p_bound_class *k);

/* How an instance is: 0 usable, 1 disposed of, 2 in use by a call off the loop;
 * -1 of another value. */
int tenon_p_shown_state(JSContext *ctx, JSValueConst v);
/* Of an instance: how many there are, and one of them. */
uint32_t tenon_p_shown_count(JSContext *ctx, JSValueConst v);
const char *tenon_p_shown_name(JSContext *ctx, JSValueConst v, uint32_t i);
/* Owned, or an exception. */
JSValue tenon_p_shown_value(JSContext *ctx, JSValueConst v, uint32_t i);

#endif
