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
  enum tenon_p_data type;
  const tenon_link *by;
  JSModuleDef *def;
  tenon_p_text tried;
};

/* Say what it means by a string that is js_free'd; NULL says that an exception
 * is pending: where that means that nothing is there, others are asked before
 * it is thrown. */
tenon_said tenon_p_resolve_say(tenon_resolve *q, char *url);

/* The same of a module of this realm. */
tenon_said tenon_p_load_say(tenon_load *q, JSModuleDef *def);

/* In their order; the last one has no name. */
extern const tenon_link tenon_p_name_links[], tenon_p_file_links[];
/* In place of both where require asks. */
extern const tenon_link tenon_p_require_links[];

#endif
