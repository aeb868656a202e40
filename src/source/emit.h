/*
 * Writing a plan as C. The names in it:
 *
 * - f_SYMBOL   a function of the source, declared once more
 * - r_N, v_N   a record or vector, declared once more (layout.c); k_N a constant
 * - s_N, q_N   a struct or tuple as it is in the memory of a call, its slot
 * - st_N, qt_N, e_N   the descriptor of a struct, tuple, enum; t_WORD of a scalar
 * - in_N, out_N       from the slot of a struct to that of C, and back
 * - h_N, ht_N  the class of a handle and its type
 * - ca_N, ct_N, call_N  a callback's arguments, type, and the function that C calls
 */
#ifndef TENON_SOURCE_EMIT_H
#define TENON_SOURCE_EMIT_H

#include "base/text.h"
#include "source/binding.h"

typedef struct tenon_p_emitter {
  const tenon_p_plan *plan;
  tenon_p_text out;
  tenon_p_text items; /* of the module's lists, for their end */
  char *is_laid;      /* by ids of types: declared as C has it */
  char *is_described; /* by ids of words: slot and descriptor are there */
  size_t item_count;
  uint32_t next; /* for names of variables */
  /* Of what is converted, for errors: an expression of C, and a name or NULL. */
  const char *where, *member;
} tenon_p_emitter;

__attribute__((format(printf, 2, 3))) void tenon_p_emit(tenon_p_emitter *e,
                                                        const char *format,
                                                        ...);
/* A literal of C. */
void tenon_p_emit_string(tenon_p_emitter *e, const char *s);

/* --- emit-words.c --------------------------------------------------------- */

/* Declares what a word needs. */
void tenon_p_emit_word(tenon_p_emitter *e, const tenon_p_word *w);
/* Names; those with a number are written into `room`. */
const char *tenon_p_emit_slot(const tenon_p_word *w, char room[32]);
const char *tenon_p_emit_descriptor(const tenon_p_word *w, char room[32]);
const char *tenon_p_emit_flags(const tenon_p_word *w);
/* `TYPE NAME` of C, where arrays have their numbers behind the name. */
void tenon_p_emit_variable(tenon_p_emitter *e, const tenon_p_ctype *t,
                           const char *name);
/* Statements that convert; where one fails, `bail` is what follows. */
void tenon_p_emit_in(tenon_p_emitter *e, const tenon_p_word *w,
                     const char *slot, const char *c, const char *bail);
void tenon_p_emit_out(tenon_p_emitter *e, const tenon_p_word *w, const char *c,
                      const char *slot);

/* --- emit-callback.c ------------------------------------------------------ */

/* What all callbacks need, and all of the plan's. */
void tenon_p_emit_callbacks(tenon_p_emitter *e);
/* The function of one without user data, for a parameter of its own. */
void tenon_p_emit_bare_callback(tenon_p_emitter *e, const char *name,
                                const tenon_p_callback_plan *c);

/* --- emit-function.c ------------------------------------------------------ */

void tenon_p_emit_handle(tenon_p_emitter *e, const tenon_p_handle *h);
void tenon_p_emit_function(tenon_p_emitter *e, const tenon_p_function_plan *f,
                           size_t i);

/* --- emit-names.c --------------------------------------------------------- */

/* What stands in front of the C `text`, so that its own names are no symbols of
 * the source. */
void tenon_p_emit_names(const tenon_p_plan *p, const char *text,
                        tenon_p_text *out);

#endif
