/*
 * Descriptors as data: which of them are well formed, and how large what they
 * describe is. Tables are checked once, when a module is added, and trusted
 * after.
 */
#ifndef TENON_BIND_TABLE_H
#define TENON_BIND_TABLE_H

#include <tenon/descriptor.h>

#include "base/base.h"

/* Is a field a pointer to its value, that may be NULL? */
static inline bool tenon_p_field_is_pointer(const tenon_field *f)
{
  return f->flags & (TENON_FIELD_OPT | TENON_FIELD_NULLABLE);
}

/* Bytes in C. */
static inline size_t tenon_p_field_size(const tenon_field *f)
{
  return tenon_p_field_is_pointer(f) ? sizeof(void *) : f->type->size;
}

/* Can reading a value of this type run scripts, as getters and Proxies are? */
static inline bool tenon_p_type_runs_scripts(const tenon_type *type)
{
  return type->kind == TENON_KIND_STRUCT || type->kind == TENON_KIND_ARRAY;
}

bool tenon_p_is_valid_function(const tenon_function *f);

#endif
