/*
 * Packages: what their package.json says, and what a specifier means that is
 * no path and no URL.
 *
 * The steps are those of node ("Modules: ECMAScript modules", resolution
 * algorithm; "Modules: CommonJS modules"), for import and for require alike: a
 * request says which of both it is, and by which conditions "exports" and
 * "imports" are chosen from.
 */
#ifndef TENON_MODULE_PACKAGE_H
#define TENON_MODULE_PACKAGE_H

#include "module/internal.h"

typedef struct tenon_p_package_request {
  const char *specifier;
  const char *referrer;          /* for messages */
  const char *dir;               /* of the referrer; absolute */
  const char *const *conditions; /* ended by NULL; "default" always holds */
  bool is_require;
} tenon_p_package_request;

/* --- package-json.c ------------------------------------------------------- */

enum tenon_p_package_kind {
  TENON_P_PACKAGE_NULL,
  TENON_P_PACKAGE_STRING,
  TENON_P_PACKAGE_ARRAY,
  TENON_P_PACKAGE_OBJECT,
  TENON_P_PACKAGE_OTHER /* a number, a boolean */
};

/* A value of "exports" or "imports", in a list of which each one is followed by
 * its members. Indices count from 1; 0 is none. */
typedef struct tenon_p_package_node {
  const char *key, *text; /* of a member of an object; of a string */
  size_t key_len, text_len;
  uint32_t parent;
  uint32_t next; /* behind the last of its members */
  uint32_t last; /* scratch of one search through an array */
  enum tenon_p_package_kind kind;
} tenon_p_package_node;

/* What a package.json says; it does not change while the runtime lives. */
struct tenon_p_package {
  tenon_p_package *chain; /* in the table */
  const char *dir;
  const char *name, *main; /* NULL: not there, or no string */
  size_t name_len, main_len;
  uint32_t exports, imports;     /* nodes; 0: not there, or null */
  enum tenon_p_source_kind type; /* UNKNOWN: none of node's */
  tenon_p_package_node *nodes;   /* by index */
};

/* The package.json in the folder `dir`, which is absolute: 0, `*p` NULL where
 * there is none; or -1 with an exception. `*p` lives as long as the runtime. `q`,
 * which may be NULL, is named by errors. */
int tenon_p_package_read(JSContext *ctx, const tenon_p_package_request *q,
                         const char *dir, const tenon_p_package **p);

/* That of the package that files in `dir` belong to, in the same way: the
 * nearest one, and none from a folder node_modules upwards. */
int tenon_p_package_scope(JSContext *ctx, const tenon_p_package_request *q,
                          const char *dir, const tenon_p_package **p);

void tenon_p_packages_free(tenon_p_modules *m);

/* --- package.c ------------------------------------------------------------ */

/* What import and require of Tenon choose by. */
extern const char *const tenon_p_import_conditions[];
extern const char *const tenon_p_require_conditions[];

/* Either the name of a native or builtin module, or a file. All are free(3)d by
 * tenon_p_package_found_release. */
typedef struct tenon_p_package_found {
  char *name;
  char *path;         /* absolute, decoded; the links in it are not followed */
  char *tail;         /* "?query#fragment", or empty */
  bool is_folder;     /* what was written ends with '/' */
  bool is_as_written; /* no "exports" or "imports" has chosen the path */
} tenon_p_package_found;

void tenon_p_package_found_release(tenon_p_package_found *f);

/*
 * What a specifier means that is no path and no URL: 0, or -1 with an
 * exception. For import the file of a path that was written, or that a
 * package.json has named, need not be there; for require it is.
 */
int tenon_p_package_resolve(JSContext *ctx, const tenon_p_package_request *q,
                            tenon_p_package_found *found);

/* The package `name`, with or without a path in it, as import looks for it from
 * the folder `dir`; also for a target of "imports". The same otherwise. */
int tenon_p_package_resolve_name(JSContext *ctx,
                                 const tenon_p_package_request *q,
                                 const char *name, const char *dir,
                                 tenon_p_package_found *found);

/* "imported from" or "required from". */
const char *tenon_p_package_verb(const tenon_p_package_request *q);

/* --- package-file.c ------------------------------------------------------- */

/* Where a URL reference in a package, which begins with "./", leads to: 0 or -1
 * with an exception. */
int tenon_p_package_at(JSContext *ctx, const tenon_p_package_request *q,
                       const char *dir, const char *reference,
                       tenon_p_package_found *found);

bool tenon_p_is_folder(const char *path);
/* Is there something that is no folder? */
bool tenon_p_is_file(const char *path);

/* The same where rules forbid to look; they then refuse what is made of it. */
bool tenon_p_may_be_folder(JSContext *ctx, const char *path);
bool tenon_p_may_be_file(JSContext *ctx, const char *path);

/* The file that "main" of a package leads import to, or its index; `p` may be
 * NULL. 0, `found` empty where there is none; or -1 with an exception. */
int tenon_p_package_import_main(JSContext *ctx,
                                const tenon_p_package_request *q,
                                const tenon_p_package *p, const char *dir,
                                tenon_p_package_found *found);

/*
 * What require makes of a path: the file itself or one with an ending of
 * JavaScript, JSON or native code, or what a folder's package.json or index
 * leads to. 0, `*file` NULL where there is none (free(3)); or -1 with an
 * exception. One that ends with '/', '/.' or '/..' is a folder only.
 */
int tenon_p_require_path(JSContext *ctx, const tenon_p_package_request *q,
                         const char *path, char **file);

/* --- package-map.c -------------------------------------------------------- */

/* What "exports" of a package gives for "." or "./path": 0 or -1 with an
 * exception. `p` has exports. */
int tenon_p_package_export(JSContext *ctx, const tenon_p_package_request *q,
                           const tenon_p_package *p, const char *subpath,
                           tenon_p_package_found *found);

/* What "imports" of the package that the request's directory belongs to gives
 * for a specifier that begins with '#', in the same way. */
int tenon_p_package_import(JSContext *ctx, const tenon_p_package_request *q,
                           tenon_p_package_found *found);

#endif
