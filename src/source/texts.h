/*
 * Lists of texts, as command lines want them. The first failed allocation is
 * remembered, so that a sequence needs one check at its end.
 */
#ifndef TENON_SOURCE_TEXTS_H
#define TENON_SOURCE_TEXTS_H

#include "base/base.h"

typedef struct tenon_p_texts {
  char **list; /* ended by NULL; NULL while it is empty */
  size_t count, capacity;
  bool failed;
} tenon_p_texts;

#define TENON_P_TEXTS_INIT \
  {                        \
    NULL, 0, 0, false      \
  }

void tenon_p_texts_release(tenon_p_texts *t);
void tenon_p_texts_add(tenon_p_texts *t, const char *s);
void tenon_p_texts_add_bytes(tenon_p_texts *t, const char *s, size_t len);
/* Takes over what malloc has given; NULL: that failed. */
void tenon_p_texts_take(tenon_p_texts *t, char *s);
__attribute__((format(printf, 2, 3))) void tenon_p_texts_printf(
    tenon_p_texts *t, const char *format, ...);
void tenon_p_texts_add_all(tenon_p_texts *t, const tenon_p_texts *more);
/* NULL or ended by NULL. */
void tenon_p_texts_add_list(tenon_p_texts *t, const char *const *list);
bool tenon_p_texts_has(const tenon_p_texts *t, const char *s);

/*
 * The words of a line as a shell has them: split at white space, with '…', "…"
 * and backslashes; nothing is expanded. False when a quote is not closed. NULL:
 * no words.
 */
bool tenon_p_texts_split(tenon_p_texts *t, const char *line);
/* Names with commas, white space or both between them. */
void tenon_p_texts_split_names(tenon_p_texts *t, const char *names);

#endif
