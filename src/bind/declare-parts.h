/*
 * What the files that write declarations share.
 */
#ifndef TENON_BIND_DECLARE_PARTS_H
#define TENON_BIND_DECLARE_PARTS_H

#include "base/text.h"
#include "bind/class.h"
#include "bind/declare-doc.h"
#include "bind/declare-type.h"
#include "bind/exports.h"

#define TENON_P_MOST_COLUMNS 80

typedef struct tenon_p_declarer {
  const tenon_p_module *module;
  const char *name; /* of the module; NULL: a file of its own */
  tenon_p_text *out;
  const char *indent, *line; /* line: a newline and the indent */
  tenon_p_shapes shapes;
  tenon_p_docs docs;
  tenon_p_scope scope;         /* names of values */
  const char **names;          /* of each export in here; of `scope` */
  tenon_p_class_name *classes; /* of the module, those of `shapes` */
  const char *defaults;        /* name of the default object */
  tenon_p_text exported;       /* what `export { … }` has to say */
} tenon_p_declarer;

/* Can it stand as it is called? What has another name here is exported at the
 * end. */
bool tenon_p_declare_has_own_name(const tenon_p_declarer *d,
                                  const tenon_p_export *x);

/* What is called `name` here is exported as `as`. */
void tenon_p_declare_export_as(tenon_p_declarer *d, const char *name,
                               const char *as);

/* The comment of a function that documentation calls `name`, with the defaults
 * of its parameters, which are called `names` here; `word` stands in the call of
 * the macro that made it. */
void tenon_p_declare_function_doc(tenon_p_declarer *d, const char *name,
                                  const tenon_function *f, const char *word,
                                  const tenon_p_scope *names,
                                  const char *indent);
/* The same of what has no parameters: `doc`, or what stands in the source. */
void tenon_p_declare_value_doc(tenon_p_declarer *d, const char *name,
                               const char *doc, const char *file, uint32_t line,
                               const char *word, const char *indent);

/* A signature behind what stands there from `begin` on; again in lines, which
 * begin by `line`, where that would be too long. */
void tenon_p_declare_call(tenon_p_declarer *d, const tenon_p_put_call *call,
                          size_t begin, const char *line);
/* Has a function a twin that is called off the loop? */
bool tenon_p_declare_has_twin(const tenon_p_declarer *d,
                              const tenon_function *f);

/* It may give a Promise. */
void tenon_p_declare_collect_options(tenon_p_declarer *d,
                                     const tenon_function *f);

/* Collect what the members of a class are made of, and their sources. */
void tenon_p_declare_collect_class(tenon_p_declarer *d,
                                   const tenon_p_class_table *t);
/* The declaration of a class, which is export `i`. */
void tenon_p_declare_class(tenon_p_declarer *d, uint32_t i);
/* Does one need symbols that TypeScript has only by a library of its own? */
bool tenon_p_declare_needs_dispose(const tenon_p_declarer *d);

#endif
