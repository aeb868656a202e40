/*
 * Documentation: what the tables and the sources of a module say, and comments
 * that hold it.
 */
#ifndef TENON_BIND_DECLARE_DOC_H
#define TENON_BIND_DECLARE_DOC_H

#include <tenon/descriptor.h>

#include "base/text.h"

/* A source file; `data` is NULL when it could not be read. */
typedef struct tenon_p_source {
  struct tenon_p_source *next;
  char *path, *data;
  size_t len;
} tenon_p_source;

typedef struct tenon_p_docs {
  const tenon_module *module;
  const char *source_dir; /* NULL: sources are not read */
  tenon_p_source *sources;
} tenon_p_docs;

void tenon_p_docs_release(tenon_p_docs *d);

/* What the table says of `name`, or of its `member`, which may be NULL; NULL
 * for nothing. */
const char *tenon_p_docs_find(const tenon_p_docs *d, const char *name,
                              const char *member);

/* Appends the comment that stands right above the call of a macro, which is in
 * this line and has this word in it. `file` may be NULL. */
void tenon_p_docs_append_source(tenon_p_docs *d, tenon_p_text *out,
                                const char *file, uint32_t line,
                                const char *word);

/* Reads a source, whose name may be NULL; false when out of memory. */
bool tenon_p_docs_load(tenon_p_docs *d, const char *file);
/* The same of a type, which no table has a place of: in the sources that were
 * read. */
void tenon_p_docs_append_type_source(const tenon_p_docs *d, tenon_p_text *out,
                                     const char *name);

/* Appends an author's text, its lines without what they are all indented by. */
void tenon_p_doc_append(tenon_p_text *doc, const char *text, size_t len);
/* Adds a note to the parameter's tag, which is added when it is not there. */
void tenon_p_doc_add_param(tenon_p_text *doc, const char *name,
                           const char *note);
/* Adds a line of a tag. */
void tenon_p_doc_add_tag(tenon_p_text *doc, const char *tag, const char *text);

/* The comment, on lines of their own; nothing for an empty text. */
void tenon_p_doc_put(const tenon_p_text *doc, tenon_p_text *out,
                     const char *indent);

#endif
