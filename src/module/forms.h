/*
 * The forms of an export, for the lexer alone. Each begins at a word; what
 * follows it is looked at ahead, by tokens that no grammar decides about: words,
 * strings and punctuation, with space and comments between them.
 */
#ifndef TENON_MODULE_FORMS_H
#define TENON_MODULE_FORMS_H

#include "module/lexer.h"

typedef struct tenon_p_forms {
  const char *end; /* of the source */
  tenon_p_lexed *out;
  tenon_p_nameset required; /* variables at the top; number: in specifiers */
  tenon_p_nameset specifiers;
} tenon_p_forms;

void tenon_p_forms_release(tenon_p_forms *f);

/* How the word was reached. */
enum tenon_p_forms_at {
  TENON_P_FORMS_TOP = 1,   /* in no bracket */
  TENON_P_FORMS_MEMBER = 2 /* behind a dot */
};

/* A word of the program, no matter which; `p` is behind it. */
void tenon_p_forms_word(tenon_p_forms *f, const char *word, const char *p,
                        int at);

/* What both parts of the lexer read alike. */

/* How many bytes of space are at `p`, line ends included; 0: there is none.
 * `*is_line` is set, where a line ends. */
size_t tenon_p_lex_space(const char *p, const char *end, bool *is_line);
/* Behind a comment, which begins at `p`. */
const char *tenon_p_lex_comment(const char *p, const char *end, bool *is_line);
/* Behind the word at `p`; `p` where there is none. */
const char *tenon_p_lex_word(const char *p, const char *end);
/* Behind the string at `p`; NULL when it does not end in its line. */
const char *tenon_p_lex_string(const char *p, const char *end);

#endif
