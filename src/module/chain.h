/*
 * The chain of links: the host's and the library's own (links.c), which all have
 * the same interface, that of tenon/loader.h. What the library's own links have
 * more is here.
 *
 * Asked what a specifier means: first links, names, files, last links. Asked to
 * load: names, first links, last links, files, so that a link of the host's may
 * translate what is in a file.
 */
#ifndef TENON_MODULE_CHAIN_H
#define TENON_MODULE_CHAIN_H

#include "module/internal.h"

struct tenon_resolve {
  JSContext *ctx;
  const char *specifier, *referrer;
  const char *dir; /* require's; NULL for import */
  bool is_loaded;
  const tenon_link *by;
  char *url;          /* js_free'd; or NULL */
  tenon_p_text tried; /* "; NAME: NOTE" of each link that passed */
  JSValue missed;     /* thrown where nobody finds it; undefined: none yet */
};

struct tenon_load {
  JSContext *ctx;
  const char *url;
  JSValueConst attributes;
  enum tenon_p_data type; /* by the attributes */
  bool can_wait;
  const tenon_link *after; /* only those behind it are asked; or NULL */
  const tenon_link *by;
  JSModuleDef *def;
  tenon_loading *later; /* what `by` has begun */
  tenon_p_text tried;
};

/* What native source has come to. */
typedef struct tenon_p_compiled {
  tenon_module_entry *entry;
  const tenon_p_refused *refused; /* static; or NULL */
  char *key;                      /* one for one table; free(3) */
} tenon_p_compiled;

/* What a load was ended by that came later, of the link `by`: exactly one of
 * what follows. */
typedef struct tenon_p_later_answer {
  const tenon_link *by;
  tenon_p_text *tried; /* by those before it: taken */
  bool is_pass;
  const char *note; /* or NULL */
  char *data;       /* free(3)d, with a NUL behind it */
  size_t len;
  tenon_module_entry *entry;
  const tenon_p_compiled *compiled;
  const char *failure, *code; /* code: or NULL */
  bool is_whole;              /* `failure` is the error's message as it is */
} tenon_p_later_answer;

/* What is there, by all links; NULL with an exception, or with what comes later.
 * `later` is NULL where nobody can wait. */
JSModuleDef *tenon_p_modules_load_here(JSContext *ctx, const char *url,
                                       JSValueConst attributes,
                                       enum tenon_p_data type,
                                       tenon_loading **later);
/* The same of what came later. */
JSModuleDef *tenon_p_modules_load_answered(JSContext *ctx, const char *url,
                                           JSValueConst attributes,
                                           enum tenon_p_data type,
                                           const tenon_p_later_answer *a,
                                           tenon_loading **later);

/* Say what it means by a string that is js_free'd; NULL says that an exception
 * is pending: where that means that nothing is there, others are asked before
 * it is thrown. */
tenon_said tenon_p_resolve_say(tenon_resolve *q, char *url);

/* The same of a module of this realm. */
tenon_said tenon_p_load_say(tenon_load *q, JSModuleDef *def);

tenon_said tenon_p_load_compiled(tenon_load *q, const tenon_p_compiled *c);
/* Fail by an error of this message. */
tenon_said tenon_p_load_refuse(tenon_load *q, const char *code,
                               const char *text);
/* End what came later by it, as tenon_loading_answer_native; its key is taken. */
int tenon_p_loading_compiled(tenon_loading *l, const tenon_p_compiled *c);
/* End it by an error of this message. */
int tenon_p_loading_refuse(tenon_loading *l, const char *code,
                           const char *text);
/* Is it a file that the layer above compiles? */
bool tenon_p_modules_is_native_source(const tenon_p_modules *m,
                                      const char *url);

/* In their order; the last one has no name. */
extern const tenon_link tenon_p_name_links[], tenon_p_file_links[];
/* In place of both where require asks. */
extern const tenon_link tenon_p_require_links[];

#endif
