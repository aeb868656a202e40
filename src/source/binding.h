/*
 * What is bound of a table, and how: the rules (rules.c) decide, the emitter
 * (emit.c) writes it as C. docs/native-source.md has the rules in words.
 */
#ifndef TENON_SOURCE_BINDING_H
#define TENON_SOURCE_BINDING_H

#include "source/notes.h"
#include "source/table.h"

enum tenon_p_word_kind {
  TENON_P_WORD_REFUSED,
  TENON_P_WORD_NUMBER, /* bool and numbers: `scalar` is the descriptor's word */
  TENON_P_WORD_LONG_DOUBLE, /* in only, from an f64 */
  TENON_P_WORD_ENUM,
  TENON_P_WORD_TUPLE,  /* arrays, vectors, complex numbers: of `count` `of` */
  TENON_P_WORD_TEXT,   /* char[count]: a string */
  TENON_P_WORD_STRING, /* const char *: a string or null */
  TENON_P_WORD_STRUCT
};

typedef struct tenon_p_word tenon_p_word;

/* A member of a struct as scripts see it; those of an unnamed struct are its
 * own, with a path. */
typedef struct tenon_p_word_member {
  const char *name, *path; /* m0, m2.m1 */
  const tenon_p_word *word;
  uint32_t bits; /* of a bit-field, or 0 */
  bool is_signed;
} tenon_p_word_member;

/* How a value of a type is one of JavaScript. One for each bare type. */
struct tenon_p_word {
  enum tenon_p_word_kind kind;
  const tenon_p_ctype *type; /* bare */
  uint32_t id;               /* of names in C */
  const char *name;          /* of a struct or an enum: a typedef, or its tag */
  const char *scalar;        /* i32, f64, bool */
  bool is_staged;            /* its memory differs from that of C */
  bool goes_out;             /* can it be a result? */
  bool has_pointers;
  bool lends;         /* what goes out points into the value of C */
  const char *reason; /* of REFUSED */
  const tenon_p_word *of;
  uint32_t count;
  tenon_p_word_member *members;
  size_t member_count;
};

/* A struct that is only pointed at, made here and closed here. */
typedef struct tenon_p_handle {
  const tenon_p_ctype *record; /* bare */
  const char *name;
  const tenon_p_cfunction *closer;
  uint32_t id;
} tenon_p_handle;

typedef struct tenon_p_callback_plan tenon_p_callback_plan;

enum tenon_p_pass {
  TENON_P_PASS_VALUE,      /* `word` */
  TENON_P_PASS_STRUCT,     /* const T *: the address of `word` */
  TENON_P_PASS_STRING,     /* const char * */
  TENON_P_PASS_VIEW,       /* const T *: the typed array of `word` */
  TENON_P_PASS_INOUT_VIEW, /* T * */
  TENON_P_PASS_BYTES,      /* any buffer, and its length in `count` */
  TENON_P_PASS_INOUT_BYTES,
  TENON_P_PASS_HANDLE,
  TENON_P_PASS_CALLBACK,
  /* Not arguments: */
  TENON_P_PASS_COUNT, /* of the buffer `other` */
  TENON_P_PASS_USER,  /* of the callback `other` */
  TENON_P_PASS_OUT,   /* T *: the address of a `word`, which is a result */
  TENON_P_PASS_OUT_STRING,
  TENON_P_PASS_OUT_HANDLE,
  /* Both an argument and a result: */
  TENON_P_PASS_INOUT /* T *: the address of a `word` */
};

typedef struct tenon_p_param_plan {
  const char *name;
  const tenon_p_ctype *type;
  enum tenon_p_pass pass;
  const tenon_p_word *word;
  const tenon_p_handle *handle;
  const tenon_p_callback_plan *callback;
  int other;    /* COUNT, USER: whose; a buffer: its count, or -1 */
  bool is_opt;  /* NULL for undefined and null */
  bool is_kept; /* a callback that lives on */
} tenon_p_param_plan;

struct tenon_p_callback_plan {
  uint32_t id;
  const tenon_p_ctype *type; /* bare: the function */
  tenon_p_param_plan *params;
  size_t param_count;
  int user;                   /* which parameter is the user's data; -1: none */
  const tenon_p_word *result; /* NULL: void */
};

enum tenon_p_result {
  TENON_P_RESULT_NONE,
  TENON_P_RESULT_VALUE,
  TENON_P_RESULT_STRING,
  TENON_P_RESULT_STRUCT, /* const T *: what it points at, or null */
  TENON_P_RESULT_HANDLE
};

typedef struct tenon_p_function_plan {
  const tenon_p_cfunction *function;
  const char *name; /* in JavaScript */
  tenon_p_param_plan *params;
  enum tenon_p_result result;
  const tenon_p_word *word;
  const tenon_p_handle *handle; /* of the result */
  const char *own; /* the symbol that frees it; NULL: nobody does */
  const tenon_p_handle *closes; /* its first parameter */
  size_t out_count;             /* of parameters that are results */
  bool is_blocking;
} tenon_p_function_plan;

typedef struct tenon_p_refusal {
  const char *name;   /* of C and of the export */
  const char *reason; /* "x.c:12: it is variadic" */
} tenon_p_refusal;

/* A constant: a variable, a value of an enum without a name, or an enum. */
typedef struct tenon_p_constant {
  const char *name;
  const tenon_p_cvariable *variable; /* or NULL */
  const tenon_p_word *word;          /* of the variable */
  const tenon_p_ctype *names;        /* an enum: an object of its values */
  int64_t value;
} tenon_p_constant;

typedef struct tenon_p_plan {
  tenon_p_store *store;
  const tenon_p_table *table;
  tenon_p_word **words; /* by the ids of types; NULL: not asked for yet */
  const uint32_t *distrusted;
  size_t distrusted_count;
  tenon_p_handle *handles;
  size_t handle_count;
  tenon_p_callback_plan **callbacks;
  size_t callback_count;
  tenon_p_function_plan *functions;
  size_t function_count;
  tenon_p_refusal *refusals;
  size_t refusal_count;
  tenon_p_constant *constants;
  size_t constant_count;
  const char *threads; /* none, serial, any */
  bool guards;         /* what C++ throws is caught: a source is of C++ */
} tenon_p_plan;

/*
 * Decide. `files` are the sources, whose constants are exported; NULL behind the
 * last. `distrusted` are ids of records whose layout the compiler did not confirm.
 * NULL: no memory, or `*problem`: a line of @js that is wrong.
 */
tenon_p_plan *tenon_p_plan_make(tenon_p_store *s, const tenon_p_table *t,
                                tenon_p_notes *n, const char *const *files,
                                const uint32_t *distrusted, size_t count,
                                const char **problem);

/* --- words.c -------------------------------------------------------------- */

/* How a type goes by value; never NULL but for want of memory. */
const tenon_p_word *tenon_p_word_of(tenon_p_plan *p, const tenon_p_ctype *t);
/* The typedef that is made for a type, or its tag, or "". */
const char *tenon_p_type_name_of(const tenon_p_plan *p, const tenon_p_ctype *t);
/* The scalar of an integer's size and sign; NULL: there is none. */
const char *tenon_p_integer_word(const tenon_p_ctype *t);
/* Is it a plain char, behind qualifiers? */
bool tenon_p_is_char(const tenon_p_ctype *t);

/* --- callbacks.c ---------------------------------------------------------- */

/* How C calls a function of JavaScript; NULL with a reason. */
const tenon_p_callback_plan *tenon_p_callback_plan_of(tenon_p_plan *p,
                                                      const tenon_p_ctype *t,
                                                      const char **reason);
const tenon_p_handle *tenon_p_handle_of(const tenon_p_plan *p,
                                        const tenon_p_ctype *record);

/* --- emit.c --------------------------------------------------------------- */

/* The C of the plan: thunks and their tables. */
char *tenon_p_plan_emit(const tenon_p_plan *p, size_t *len);

#endif
