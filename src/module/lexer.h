/*
 * Which names a CommonJS source exports, and what it exports again of other
 * modules, found without running it: by the forms that node's own lexer
 * documents, since programs are written for those. No form is added to them.
 *
 * Pure C, without the engine. One pass, linear in time; what is nested is kept
 * on the heap, not on the stack. The source is any bytes.
 */
#ifndef TENON_MODULE_LEXER_H
#define TENON_MODULE_LEXER_H

#include "module/nameset.h"

/* In `exports` an entry counts when its flags are 0. */
typedef struct tenon_p_lexed {
  tenon_p_nameset exports;
  tenon_p_nameset reexports; /* specifiers */
} tenon_p_lexed;

/* 0 or TENON_ENOMEM, with nothing to release. All names are well-formed
 * UTF-8. */
int tenon_p_lex(const char *src, size_t len, tenon_p_lexed *out);
void tenon_p_lexed_release(tenon_p_lexed *l);

#endif
