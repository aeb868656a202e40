/*
 * What a source says to its binding beyond its types: lines `// @js …`, or the same
 * lines without the comment in a file beside a foreign library.
 *
 *     // @js sum(buf(data, len))        about a function: what is in parentheses
 *     // @js handle(db, db_shutdown)    a struct that a function closes
 *     // @js cflags: -O3 -march=native  about the file: cflags, std, link, pkg,
 *                                       sources, threads
 *
 * docs/native-source.md has all words.
 */
#ifndef TENON_SOURCE_NOTES_H
#define TENON_SOURCE_NOTES_H

#include "base/store.h"

enum tenon_p_note_kind {
  TENON_P_NOTE_BUF, /* first: the pointer, second: the count */
  TENON_P_NOTE_OUT, /* first: the parameter; so it is in those below */
  TENON_P_NOTE_INOUT,
  TENON_P_NOTE_KEEP,
  TENON_P_NOTE_OPT,
  TENON_P_NOTE_STR,  /* char *, that is a string nevertheless */
  TENON_P_NOTE_OWN,  /* first: what frees, or NULL */
  TENON_P_NOTE_NAME, /* first: the name in JavaScript */
  TENON_P_NOTE_ASYNC,
  TENON_P_NOTE_SKIP,
  TENON_P_NOTE_BIG, /* 64 bits as a BigInt; of the result without a name */
  TENON_P_NOTE_NUM  /* an enum as a number; the same */
};

typedef struct tenon_p_note {
  enum tenon_p_note_kind kind;
  const char *first, *second;
  bool is_used; /* whoever follows it says so: others are mistakes */
} tenon_p_note;

typedef struct tenon_p_noted {
  const char *function;
  const char *file;
  uint32_t line;
  tenon_p_note *notes;
  size_t count;
  bool is_used;
} tenon_p_noted;

/* What a file beside a library declares: a line of its own grammar (declare.c). */
typedef struct tenon_p_declared {
  const char *text;
  const char *file;
  uint32_t line;
} tenon_p_declared;

/* Of a file: `key: value`. And of a handle: its type and what closes it. */
typedef struct tenon_p_said_word {
  const char *key, *value;
  const char *file;
  uint32_t line;
} tenon_p_said_word;

typedef struct tenon_p_notes {
  tenon_p_noted *noted;
  size_t noted_count;
  tenon_p_said_word *words, *handles;
  size_t word_count, handle_count;
  tenon_p_declared *declared;
  size_t declared_count;
} tenon_p_notes;

/* Adds what a text says. `is_plain`: lines without a comment's sign, where '#'
 * begins a comment. 0, or -1 with `*problem` ("FILE:LINE: …"), which is NULL for
 * want of memory. */
int tenon_p_notes_read(tenon_p_store *s, tenon_p_notes *n, const char *file,
                       const char *text, size_t len, bool is_plain,
                       const char **problem);

tenon_p_noted *tenon_p_notes_of(const tenon_p_notes *n, const char *function);
/* One of a kind about a parameter; `name` of NULL: about none. NULL: none. */
tenon_p_note *tenon_p_note_find(tenon_p_noted *f, enum tenon_p_note_kind kind,
                                const char *name);

#endif
