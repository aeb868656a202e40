/*
 * Types of descriptors as types of TypeScript. What comes in and what goes out
 * of native code are two types where a conversion takes more than it gives: an
 * i64 comes from number or bigint and is a number, a member with a default may
 * be missing and is there.
 *
 * Types of one's own are shapes: collected first, each once however many tables
 * describe it, then named, then written.
 */
#ifndef TENON_BIND_DECLARE_TYPE_H
#define TENON_BIND_DECLARE_TYPE_H

#include <tenon/descriptor.h>

#include "base/text.h"
#include "bind/declare-name.h"

/* As native code sees it. */
enum { TENON_P_IN, TENON_P_OUT };

typedef struct tenon_p_shape {
  const tenon_type *type;
  uint32_t same;          /* the first one that says the same, or itself */
  bool is_named, differs; /* is what comes in another type? */
  uint8_t used;           /* a bit for each direction */
  const char *name[2];    /* of each direction; of `scope` */
} tenon_p_shape;

/* What a class is called here. */
typedef struct tenon_p_class_name {
  const tenon_class *class;
  const char *name;
} tenon_p_class_name;

typedef struct tenon_p_shapes {
  tenon_p_shape *list; /* parts before what they are parts of */
  uint32_t count, capacity;
  const tenon_p_class_name *classes; /* the caller's */
  uint32_t class_count;
  tenon_p_scope scope;           /* names of types */
  const char *numbers, *bigints; /* names of unions of typed arrays */
  const char *options;           /* name of the options of a call */
  bool needs_numbers, needs_bigints, needs_options;
  bool failed; /* out of memory */
} tenon_p_shapes;

void tenon_p_shapes_release(tenon_p_shapes *s);
/* Collects what a function, or a constant's, is made of. */
void tenon_p_shapes_add(tenon_p_shapes *s, const tenon_function *f);
/* The same of a value that goes out, and comes in when it `is_set`. */
void tenon_p_shapes_add_field(tenon_p_shapes *s, const tenon_field *f,
                              bool is_set);
/* Once all are there. */
void tenon_p_shapes_name(tenon_p_shapes *s);

/* Is a declaration needed, and of which directions? One where both are the
 * same type. */
bool tenon_p_shape_is_declared(const tenon_p_shapes *s, uint32_t i,
                               int direction);

/* Memory that fails is remembered in `out`. */
void tenon_p_put_field_type(const tenon_p_shapes *s, tenon_p_text *out,
                            const tenon_field *field, int direction);

typedef struct tenon_p_put_call {
  const tenon_field *params, *result;
  uint32_t count;
  int direction; /* of the parameters */
  bool is_promise, is_arrow;
  bool is_constructor;  /* there is no result */
  const char *line;     /* what begins each parameter's line; NULL: one line */
  tenon_p_scope *names; /* gets the names of the parameters; may be NULL */
} tenon_p_put_call;

/* `(a: number, b?: string): void`, or `(…) => void`. */
void tenon_p_put_signature(const tenon_p_shapes *s, tenon_p_text *out,
                           const tenon_p_put_call *call);

/* Is it `interface x`? Others are `type x =`. */
bool tenon_p_shape_is_interface(const tenon_p_shape *shape);
/* What stands behind that; `line` as of tenon_p_put_call. */
void tenon_p_put_shape(const tenon_p_shapes *s, tenon_p_text *out,
                       const tenon_p_shape *shape, int direction,
                       const char *line);
/* `name?: type` of a struct. */
void tenon_p_put_member(const tenon_p_shapes *s, tenon_p_text *out,
                        const tenon_field *member, int direction);

#endif
