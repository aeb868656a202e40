/*
 * CommonJS, between the files of this layer. What scripts see - Module objects,
 * their cache, require - is JavaScript, which the layer above has
 * (std/commonjs/commonjs.js) and hands down as a function; one for each realm,
 * made when the first file of a realm wants it.
 */
#ifndef TENON_MODULE_COMMONJS_H
#define TENON_MODULE_COMMONJS_H

#include "module/internal.h"
#include "module/nameset.h"

typedef struct tenon_p_commonjs {
  JSValue loader; /* what commonjs.js returned */
  /* What files export that were imported, by their paths: an entry's number is
   * 1 + a place in `names`. */
  tenon_p_nameset files;
  tenon_p_nameset **names;
  size_t count, capacity;
} tenon_p_commonjs;

/* --- commonjs.c ----------------------------------------------------------- */

/* That of a realm; NULL with an exception. */
tenon_p_commonjs *tenon_p_commonjs_of(JSContext *ctx);

/* Call a function of commonjs.js; the arguments are borrowed. */
JSValue tenon_p_commonjs_call(JSContext *ctx, const char *name, int argc,
                              JSValueConst *argv);

/* The body of a file as a function of what a file has; an exception. */
JSValue tenon_p_commonjs_compile(JSContext *ctx, const tenon_p_source *s,
                                 const char *url);

/* Run the program: a file, and its body when that is compiled, or undefined;
 * consumed. 0 or TENON_EEXCEPTION. */
int tenon_p_commonjs_run(JSContext *ctx, const char *path, JSValue body);

/* The value of a JSON file that is imported, consumed: what require gives of it,
 * now or from now on. The value itself where there is no CommonJS. */
JSValue tenon_p_commonjs_share(JSContext *ctx, const char *path, JSValue v);

/* --- commonjs-native.c ---------------------------------------------------- */

/* What commonjs.js gets. */
JSValue tenon_p_commonjs_native(JSContext *ctx);

/* A file's path, the name of a builtin or native module, or a URL of a host;
 * js_free'd; NULL with an exception. By require's rules, without links. */
char *tenon_p_commonjs_resolve_here(JSContext *ctx, const char *referrer,
                                    const char *dir, const char *specifier);

/* --- commonjs-import.c ---------------------------------------------------- */

/* The module of a file that is CommonJS, as ES modules see it. `path` is its name
 * in the cache; `body` is consumed: its function, or what is thrown when the file
 * runs. NULL with an exception. */
JSModuleDef *tenon_p_commonjs_import(JSContext *ctx, const char *url,
                                     const char *path, const tenon_p_source *s,
                                     JSValue body);

#endif
