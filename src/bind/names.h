/*
 * The names that the types of a function have in JavaScript, of members and of
 * an enum's values, as atoms: made once, with the function object.
 */
#ifndef TENON_BIND_NAMES_H
#define TENON_BIND_NAMES_H

#include <quickjs.h>
#include <tenon/descriptor.h>

#include "base/base.h"
#include "engine/record.h"

typedef struct tenon_p_named {
  const tenon_type *type;
  tenon_p_record record; /* a name for each of its fields */
} tenon_p_named;

/* All structs and enums that a function's parameters and result reach. */
typedef struct tenon_p_names {
  tenon_p_named *types;
  uint32_t count;
  bool learns; /* somebody marks the names: shapes may be kept */
} tenon_p_names;

/* 0, or -1 with an exception; nothing is held then. */
int tenon_p_names_init(JSContext *ctx, tenon_p_names *names,
                       const tenon_function *f);
void tenon_p_names_release(JSRuntime *rt, tenon_p_names *names);
void tenon_p_names_mark(JSRuntime *rt, const tenon_p_names *names,
                        JS_MarkFunc *mark);

/* The atoms of a struct or enum of the function. */
const JSAtom *tenon_p_names_of(const tenon_p_names *names,
                               const tenon_type *type);

/* The same with what was learnt of its objects; of a struct. */
tenon_p_record *tenon_p_record_of(const tenon_p_names *names,
                                  const tenon_type *type);

#endif
