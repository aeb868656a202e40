/*
 * Objects with members of known names, and arrays, without the engine's
 * general ways where they are what they look like: own data properties, dense
 * elements. All else - getters, Proxies, what is inherited, holes - goes the
 * general way, so that scripts see the same either way.
 */
#ifndef TENON_ENGINE_RECORD_H
#define TENON_ENGINE_RECORD_H

#include <quickjs.h>

#include "base/base.h"

struct JSShape;

/* Names of members, and what was learnt of the objects that have them. */
typedef struct tenon_p_record {
  uint32_t count;
  JSAtom *atoms;         /* JS_ATOM_NULL at first */
  uint32_t *slots;       /* where each stood last: hints, looked at when used */
  struct JSShape *shape; /* of the objects that are made, counted; or NULL */
} tenon_p_record;

/* 0, or -1 with an exception: nothing is held then. */
int tenon_p_record_init(JSContext *ctx, tenon_p_record *r, uint32_t count);
void tenon_p_record_release(JSRuntime *rt, tenon_p_record *r);
void tenon_p_record_mark(JSRuntime *rt, const tenon_p_record *r,
                         JS_MarkFunc *mark);

/*
 * Member `i` of an object, as JS_GetProperty. Where `*is_borrowed` it is no
 * object, and the object's: good until a script runs.
 */
JSValue tenon_p_record_get(JSContext *ctx, const tenon_p_record *r,
                           JSValueConst object, uint32_t i, bool *is_borrowed);

/*
 * A plain object for the members, which are put into it in their order, each
 * once, before anybody else sees it. _put takes the value: 0, or -1 with an
 * exception.
 */
JSValue tenon_p_record_new(JSContext *ctx, const tenon_p_record *r);
int tenon_p_record_put(JSContext *ctx, const tenon_p_record *r,
                       JSValueConst object, uint32_t i, JSValue v);
/* Keep the shape of an object that has all members, for the next one. Whoever
 * does so marks the record: the shape leads to the realm. */
void tenon_p_record_learn(JSContext *ctx, tenon_p_record *r,
                          JSValueConst object);

/* The length of an Array; -1 for other values, Proxies of Arrays too. */
int64_t tenon_p_array_length(JSValueConst v);

/* Element `i`, as JS_GetPropertyInt64; otherwise as tenon_p_record_get. */
JSValue tenon_p_element_get(JSContext *ctx, JSValueConst array, uint32_t i,
                            bool *is_borrowed);

/*
 * The elements of an Array as numbers of this type, side by side in `dst`, up
 * to the first that is none, is missing, or does not fit without loss: how
 * many. No script runs. `len` is at most what `dst` has room for.
 */
size_t tenon_p_elements_as_numbers(JSValueConst array, JSTypedArrayEnum type,
                                   void *dst, size_t len);

/* An Array of `len` times undefined; its elements can be set through
 * `*elements` until somebody else sees it. */
JSValue tenon_p_array_new(JSContext *ctx, uint32_t len, JSValue **elements);

/* Which of these names of properties a string is; `count` for none. -1 with an
 * exception, when out of memory. */
int tenon_p_string_index(JSContext *ctx, JSValueConst v, const JSAtom *atoms,
                         uint32_t count, uint32_t *index);

#endif
