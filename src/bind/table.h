/*
 * Descriptors as data: which of them are well formed, and how large what they
 * describe is. Tables are checked once, when a module is added, and trusted
 * after.
 */
#ifndef TENON_BIND_TABLE_H
#define TENON_BIND_TABLE_H

#include <tenon/descriptor.h>

#include "base/base.h"

/* Parameters of a function or a callback. */
#define TENON_P_MOST_PARAMETERS 24

/* Is a field a pointer to its value, that may be NULL? That of a class is one in
 * any case. */
static inline bool tenon_p_field_is_pointer(const tenon_field *f)
{
  return (f->flags & (TENON_FIELD_OPT | TENON_FIELD_NULLABLE)) &&
         f->type->kind != TENON_KIND_CLASS;
}

/* Bytes in C. */
static inline size_t tenon_p_field_size(const tenon_field *f)
{
  return tenon_p_field_is_pointer(f) ? sizeof(void *) : f->type->size;
}

size_t tenon_p_field_alignment(const tenon_field *f);

static inline bool tenon_p_is_number(uint32_t kind)
{
  return (kind >= TENON_KIND_I8 && kind <= TENON_KIND_F64) ||
         kind == TENON_KIND_BIG_I64 || kind == TENON_KIND_BIG_U64;
}

/* Can reading a value of this type run scripts, as getters and Proxies are? */
bool tenon_p_type_runs_scripts(const tenon_type *type);
/* Does a value of this type that is no part point into JavaScript's memory? As
 * an argument while its function runs (tenon_p_native.borrows), else for as long
 * as no script runs. */
bool tenon_p_type_borrows(const tenon_type *type);
/* Is it a function that cannot be called off the loop? */
bool tenon_p_is_bound_to_loop(const tenon_function *f);
/* Can reading a parameter do so? valueOf and toString of coercion are scripts. */
static inline bool tenon_p_field_runs_scripts(const tenon_field *f)
{
  return tenon_p_type_runs_scripts(f->type) ||
         ((f->flags & TENON_FIELD_COERCE) && f->type->kind != TENON_KIND_BOOL);
}

/* Is its first parameter `this`, which is no argument? */
static inline bool tenon_p_takes_this(const tenon_function *f)
{
  return f->param_count && (f->params[0].flags & TENON_FIELD_THIS);
}

static inline bool tenon_p_has_rest(const tenon_function *f)
{
  return f->param_count &&
         (f->params[f->param_count - 1].flags & TENON_FIELD_REST);
}

/* Arguments that cannot be left out: up to the last that has to be there. */
uint32_t tenon_p_required(const tenon_function *f);
/* As in JavaScript, up to the first that may be left out. */
uint32_t tenon_p_length(const tenon_function *f);

/* Does a value of this type hold one of `kind`? Not what a callback is called
 * with. */
bool tenon_p_type_holds(const tenon_type *type, uint32_t kind);

/* Does a function take or return an `any`? */
bool tenon_p_function_has_any(const tenon_function *f);

/* Does a value of this type point at memory? */
bool tenon_p_type_has_memory(const tenon_type *type);

bool tenon_p_is_valid_type(const tenon_type *type);
/* The result of a function. */
bool tenon_p_is_valid_result(const tenon_field *f);
bool tenon_p_is_valid_signature(const tenon_signature *s);
bool tenon_p_is_valid_function(const tenon_function *f);
bool tenon_p_is_valid_class(const tenon_class *c);

#endif
