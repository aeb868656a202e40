/*
 * The names that the types of a function have in JavaScript, of members and of
 * an enum's values, as atoms: made once, with the function object.
 */
#ifndef TENON_BIND_NAMES_H
#define TENON_BIND_NAMES_H

#include <quickjs.h>
#include <tenon/descriptor.h>

#include "base/base.h"

typedef struct tenon_p_named {
  const tenon_type *type;
  JSAtom *atoms; /* one for each of its fields */
} tenon_p_named;

/* All structs and enums that a function's parameters and result reach. */
typedef struct tenon_p_names {
  tenon_p_named *types;
  uint32_t count;
} tenon_p_names;

/* 0, or -1 with an exception; nothing is held then. */
int tenon_p_names_init(JSContext *ctx, tenon_p_names *names,
                       const tenon_function *f);
void tenon_p_names_release(JSRuntime *rt, tenon_p_names *names);

/* The atoms of a struct or enum of the function. */
const JSAtom *tenon_p_names_of(const tenon_p_names *names,
                               const tenon_type *type);

#endif
