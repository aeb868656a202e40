/*
 * What the reader (src/reader/) has found in an object: functions, types and
 * constants as the debug information describes them. No decision is made here.
 */
#ifndef TENON_SOURCE_TABLE_H
#define TENON_SOURCE_TABLE_H

#include "base/store.h"

enum tenon_p_shape {
  TENON_P_SHAPE_VOID,
  TENON_P_SHAPE_BOOL,
  TENON_P_SHAPE_INT,
  TENON_P_SHAPE_UTF, /* char16_t, char32_t, the char of Rust */
  TENON_P_SHAPE_FLOAT,
  TENON_P_SHAPE_COMPLEX,
  TENON_P_SHAPE_POINTER,
  TENON_P_SHAPE_REFERENCE,
  TENON_P_SHAPE_TYPEDEF,
  TENON_P_SHAPE_CONST,
  TENON_P_SHAPE_VOLATILE,
  TENON_P_SHAPE_RESTRICT,
  TENON_P_SHAPE_ATOMIC,
  TENON_P_SHAPE_RECORD,
  TENON_P_SHAPE_ENUM,
  TENON_P_SHAPE_ARRAY,
  TENON_P_SHAPE_VECTOR,
  TENON_P_SHAPE_FUNCTION,
  TENON_P_SHAPE_UNKNOWN
};

typedef struct tenon_p_ctype tenon_p_ctype;

/* A member, a parameter, or a value of an enum. */
typedef struct tenon_p_cmember {
  const char *name; /* "" for none */
  const tenon_p_ctype *type;
  int64_t at; /* bytes, or bits of a bit-field; the number of an enum's value */
  uint32_t bits; /* of a bit-field; 0: none */
} tenon_p_cmember;

struct tenon_p_ctype {
  uint32_t id; /* 0: void */
  const char *language;
  enum tenon_p_shape shape;
  const char *name; /* "" for none */
  int64_t size;     /* bytes; -1: only declared */
  bool is_signed;
  uint32_t align;          /* 0: the natural one */
  const tenon_p_ctype *to; /* also the result of a function */
  int64_t count;           /* of elements; -1: not known */
  const char *kind;        /* of a record: struct, union, class */
  const char *file;
  uint32_t line;
  const char *reason; /* why it cannot go by value, or is not known; or NULL */
  bool is_variadic, has_no_prototype;
  tenon_p_cmember *members;
  size_t member_count;
};

typedef struct tenon_p_cfunction {
  const char *name, *symbol;
  const char *language; /* c, c++, rust, other */
  const tenon_p_ctype *result;
  const char *file;
  uint32_t line;
  bool is_variadic, has_no_prototype;
  const char *reason; /* why it can never be called, or NULL */
  tenon_p_cmember *params;
  size_t param_count;
} tenon_p_cfunction;

typedef struct tenon_p_cvariable {
  const char *name, *symbol;
  const tenon_p_ctype *type;
  const char *file;
  uint32_t line;
  const char *hex; /* its bytes; "" where they are not known */
} tenon_p_cvariable;

typedef struct tenon_p_table {
  tenon_p_ctype *types; /* by their ids */
  size_t type_count;
  tenon_p_cfunction *functions;
  size_t function_count;
  tenon_p_cvariable *variables;
  size_t variable_count;
  const char **notes;
  size_t note_count;
  const char **modules; /* symbols of tables that are there already */
  size_t module_count;
} tenon_p_table;

/* In memory of `s`, which the text need not outlive. NULL with `*problem` set where
 * the text is no whole table; and where there is no memory, with `s` failed. */
tenon_p_table *tenon_p_table_parse(tenon_p_store *s, const char *text,
                                   size_t len, const char **problem);

/* The number of types in a text, 0 among them: ids from there on are free. */
size_t tenon_p_table_count_types(const char *text, size_t len);

/* What it is behind typedefs and qualifiers; never NULL. */
const tenon_p_ctype *tenon_p_ctype_bare(const tenon_p_ctype *t);
/* Is it const, through typedefs? */
bool tenon_p_ctype_is_const(const tenon_p_ctype *t);

#endif
