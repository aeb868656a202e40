/* Between the files of this layer. */
#ifndef TENON_MODULE_INTERNAL_H
#define TENON_MODULE_INTERNAL_H

#include "base/base.h"
#include "bind/exports.h"
#include "module/module.h"

typedef struct tenon_p_native_module {
  tenon_p_list link;
  tenon_p_module module;
  const tenon_p_refused *refused; /* or NULL */
  char name[];
} tenon_p_native_module;

/* A source that was evaluated and is no file. */
typedef struct tenon_p_last {
  const char *text;
  size_t len;
  char name[];
} tenon_p_last;

/* The promise of a module that was evaluated. */
typedef struct tenon_p_awaited {
  JSValue promise;
  JSContext *ctx; /* counted */
} tenon_p_awaited;

typedef struct tenon_p_package tenon_p_package;

/* What `with { type: … }` asks for. */
enum tenon_p_data {
  TENON_P_DATA_NONE,
  TENON_P_DATA_JSON,
  TENON_P_DATA_TEXT,
  TENON_P_DATA_BYTES
};

/* The integrity that a load is held against, while it lasts. */
typedef struct tenon_p_held {
  struct tenon_p_held *outer;
  const char *asked; /* NULL: none */
  const char *of_import;
  JSValue has; /* the hashes of what was loaded; undefined: nothing was yet */
} tenon_p_held;

/* Who is told how something is resolved (trace.c). */
typedef struct tenon_p_tracer {
  void (*step)(void *data, const char *text, size_t len);
  void *data;
  const char *link; /* that is asked; NULL: none */
  bool has_told;    /* has it? */
} tenon_p_tracer;

typedef struct tenon_p_import_map tenon_p_import_map; /* import-map.c */
typedef struct tenon_p_rules tenon_p_rules;           /* permission.c */

/* Who imports what is being loaded: for messages. */
typedef struct tenon_p_asking {
  const char *specifier, *referrer;
  const struct tenon_p_asking *outer; /* a script has run in between */
} tenon_p_asking;

typedef struct tenon_p_modules {
  tenon_p_engine *engine;
  tenon_p_list natives;         /* in the order they were added */
  tenon_p_list nameless;        /* those of globals and glue */
  tenon_p_list linked;          /* those of links and shared objects, by URL */
  tenon_p_list engine_modules;  /* of QuickJS, by name */
  tenon_p_held *held;           /* or NULL */
  tenon_p_tracer told, *tracer; /* NULL: nobody is told */
  tenon_p_import_map *import_map; /* or NULL */
  tenon_p_rules *rules;           /* NULL: everything may be imported */
  tenon_p_list first_links, last_links;
  const tenon_p_asking *asking; /* NULL: no import, or nothing is loaded */
  tenon_p_list graphs;          /* of graph.c, that are being loaded */
  tenon_p_list loadings;        /* of later.c */
  const tenon_p_builtin_module *const *builtins[2]; /* NULL behind the last */
  tenon_p_commonjs_load *load_commonjs;             /* or NULL */
  const tenon_p_native_source *native_source;       /* or NULL */
  char *text_name;           /* of text that has require; or NULL */
  tenon_p_last *last_source; /* or NULL */
  JSValue script;            /* evaluated for its value, awaiting; undefined */
  tenon_p_awaited *waiting;
  size_t waiting_count, waiting_capacity;
  tenon_p_package **packages; /* a table by their folders */
  size_t package_count, package_buckets;
} tenon_p_modules;

tenon_p_modules *tenon_p_modules_of(tenon_p_engine *e);

/* --- native.c ------------------------------------------------------------- */

tenon_p_native_module *tenon_p_modules_find_native(tenon_p_modules *m,
                                                   const char *name);
/* Of a link or a shared object, one for all URLs of a key: `*def` is NULL with what
 * it returns, 0 with an exception. */
int tenon_p_modules_load_linked(JSContext *ctx, const char *key,
                                const char *url, tenon_module_entry *entry,
                                const tenon_p_refused *refused,
                                JSModuleDef **def);
/* For tenon_p_modules_explained_by: why a module of functions has left one out. */
const char *tenon_p_native_explain(JSContext *ctx, JSModuleDef *def,
                                   JSAtom name);
/* The module that was given this table of host functions; or NULL. */
const tenon_p_module *tenon_p_modules_find_host(
    tenon_p_engine *e, const tenon_host *const *module_host);
JSModuleDef *tenon_p_modules_load_native(JSContext *ctx,
                                         tenon_p_native_module *n);
void tenon_p_modules_free_natives(tenon_p_engine *e, tenon_p_list *natives);

/* --- builtin.c ------------------------------------------------------------ */

/* Does a specifier name a builtin module, be there one in this realm or not? */
bool tenon_p_modules_is_builtin_name(JSContext *ctx, const char *specifier);
/* One that this realm has, by its whole name; NULL when there is none. */
const tenon_p_builtin_module *tenon_p_modules_find_builtin(JSContext *ctx,
                                                           const char *name);
/* Appends which there are, to who has asked for this one. */
void tenon_p_modules_list_builtins(JSContext *ctx, const char *specifier,
                                   tenon_p_text *t);
/* Throws that there is none, and says which there are. */
void tenon_p_modules_throw_no_builtin(JSContext *ctx, const char *specifier,
                                      const char *referrer);
JSModuleDef *tenon_p_modules_load_builtin(JSContext *ctx,
                                          const tenon_p_builtin_module *b);

/* --- modules.c ------------------------------------------------------------ */

/* tenon_p_modules_resolve for an import, which a realm may not have. */
char *tenon_p_modules_find_url(JSContext *ctx, const char *referrer,
                               const char *specifier);

/* --- chain.c -------------------------------------------------------------- */

/* The identity of what `specifier` means in `referrer` (a URL, a path or any
 * other name), by all links; js_free'd by the caller; NULL with an exception.
 * Where `is_loaded` it must be there and of a kind that can be loaded. */
char *tenon_p_modules_resolve(JSContext *ctx, const char *referrer,
                              const char *specifier, bool is_loaded);
/* What is there, by all links; `opaque` are the modules. NULL with an exception. */
JSModuleDef *tenon_p_modules_load(JSContext *ctx, const char *url, void *opaque,
                                  JSValueConst attributes);
/* Only by the host's links: false where none of them has it. */
bool tenon_p_modules_load_by_host(JSContext *ctx, const char *url,
                                  JSModuleDef **def);
/* tenon_p_modules_resolve for require, from the folder `dir`: a path, the name of
 * a builtin or native module, or a URL of a link's. */
char *tenon_p_modules_require(JSContext *ctx, const char *referrer,
                              const char *dir, const char *specifier);
void tenon_p_links_free(tenon_p_modules *m);

/* --- resolve.c ------------------------------------------------------------ */

/* The same of a relative or absolute path, of a URL, and of what is neither. */
char *tenon_p_modules_resolve_relative(JSContext *ctx, const char *referrer,
                                       const char *specifier, bool is_loaded);
char *tenon_p_modules_resolve_url(JSContext *ctx, const char *referrer,
                                  const char *specifier, bool is_loaded);
char *tenon_p_modules_resolve_package(JSContext *ctx, const char *referrer,
                                      const char *specifier, bool is_loaded);

/* The URL of a path or URL as a host writes it; free(3). A name that is
 * neither stays as it is. NULL: out of memory. */
char *tenon_p_modules_url_of(const char *name);

bool tenon_p_modules_is_data_url(const char *s);
/* Does it begin with a slash, or dots and one? */
bool tenon_p_modules_is_relative(const char *s);

/* Throws an Error, or a TypeError, with a code, as node has them. */
__attribute__((format(printf, 3, 4))) void tenon_p_modules_throw(
    JSContext *ctx, const char *code, const char *format, ...);
__attribute__((format(printf, 3, 4))) void tenon_p_modules_throw_type(
    JSContext *ctx, const char *code, const char *format, ...);

/* --- load.c --------------------------------------------------------------- */

/* Of a file: URL. NULL with an exception. */
JSModuleDef *tenon_p_modules_load_file(JSContext *ctx, const char *url,
                                       enum tenon_p_data type);

/* Takes the bytes, which have a NUL behind them, free(3)d: code, or data of a
 * type. NULL with an exception. */
JSModuleDef *tenon_p_modules_load_source(JSContext *ctx, const char *url,
                                         enum tenon_p_data type, char *data,
                                         size_t len);

/* Compile a module and fill its import.meta; JS_EXCEPTION. */
JSValue tenon_p_modules_compile(JSContext *ctx, const char *src, size_t len,
                                const char *url, bool is_main);

/* --- shared.c ------------------------------------------------------------- */

/* Is it a shared object, by its name? */
bool tenon_p_modules_is_shared(const char *path);
/* A module of the file that a URL was resolved to; NULL with an exception. */
JSModuleDef *tenon_p_modules_load_shared(JSContext *ctx, const char *url,
                                         const char *path);
/* Is it a shared object for this machine that holds no module? false also where it
 * cannot be read: to load it says why. */
bool tenon_p_shared_is_plain(const tenon_p_modules *m, const char *path);
/* What URLs have in common that are one table: free(3), NULL: no memory. */
char *tenon_p_shared_key(const char *url);

bool tenon_p_modules_has_engine_module(const tenon_p_modules *m,
                                       const char *name);
/* One that is there; NULL with an exception. */
JSModuleDef *tenon_p_modules_load_engine_module(JSContext *ctx,
                                                const char *name);
void tenon_p_engine_modules_free(tenon_p_modules *m);

/* --- permission.c --------------------------------------------------------- */

void tenon_p_rules_free(tenon_p_rules *r);
/* Is there a limit to which files may be imported? */
bool tenon_p_rules_have_roots(const tenon_p_modules *m);

enum tenon_p_reach {
  TENON_P_REACH_INSIDE,  /* also of what is not there */
  TENON_P_REACH_ESCAPES, /* a link leads out */
  TENON_P_REACH_OUTSIDE,
  TENON_P_REACH_UNKNOWN /* no memory */
};

/* Where a path leads, as far as rules let it be followed; inside `*real` is the
 * path without links, free(3). */
enum tenon_p_reach tenon_p_rules_reach(const tenon_p_modules *m,
                                       const char *path, char **real);

/* May this be imported or required: an absolute path, before it is looked at, or a
 * URL or a name that a specifier was resolved to? 0, or -1 with an exception. */
int tenon_p_import_check(JSContext *ctx, const char *url_or_path,
                         const char *specifier, const char *referrer);
/* May a file be compiled, whose name does not say that it is native code? */
int tenon_p_import_check_native(JSContext *ctx, const char *specifier,
                                const char *referrer);
/* May a folder node_modules be looked into? */
int tenon_p_import_check_packages(JSContext *ctx, const char *specifier,
                                  const char *referrer);

/* Open a file for reading, where rules let it be: a descriptor, TENON_ENOMEM or
 * a code of libuv. */
int tenon_p_rules_open(const tenon_p_modules *m, const char *path);

/* --- trace.c -------------------------------------------------------------- */

tenon_p_tracer *tenon_p_tracer_of(JSContext *ctx);
__attribute__((format(printf, 2, 3))) void tenon_p_trace_step(
    tenon_p_tracer *t, const char *format, ...);
/* A link is asked, and what it has said. */
void tenon_p_trace_link(tenon_p_tracer *t, const char *name);
void tenon_p_trace_said(tenon_p_tracer *t, const char *said, const char *note);

/* A step, where somebody is told. */
#define TENON_P_TRACE(ctx, ...)                                      \
  do {                                                               \
    tenon_p_tracer *tenon_p_told = tenon_p_tracer_of(ctx);           \
    if (tenon_p_told) tenon_p_trace_step(tenon_p_told, __VA_ARGS__); \
  } while (0)

/* --- import-map.c --------------------------------------------------------- */

/* What a specifier means by the map: 0, `*url` NULL where it does not speak of it
 * (free(3)); or -1 with an exception. */
int tenon_p_import_map_resolve(JSContext *ctx, const char *referrer,
                               const char *specifier, char **url);
/* The integrity of a URL; NULL: none. */
const char *tenon_p_import_map_integrity(const tenon_p_modules *m,
                                         const char *url);
void tenon_p_import_map_free(tenon_p_import_map *map);

/* --- integrity.c ---------------------------------------------------------- */

/* Has it a hash of a known kind? */
bool tenon_p_integrity_is_valid(const char *text);
/* Are those of these bytes? A list of one hash of each kind; free(3), NULL: no
 * memory. */
char *tenon_p_integrity_of(const void *data, size_t len);
bool tenon_p_integrity_meets(const char *has, const char *asked);

/* Do two imports ask for the same? -1: an exception. */
int tenon_p_integrity_is_same(JSContext *ctx, JSValueConst a, JSValueConst b);
/* Around a load, by the attributes of its import or else by `of_map`, which may be
 * NULL: 0, or -1 with an exception. */
int tenon_p_integrity_begin(JSContext *ctx, JSValueConst attributes,
                            const char *of_map, tenon_p_held *h);
/* Hands the module on, or NULL with an exception. */
JSModuleDef *tenon_p_integrity_end(JSContext *ctx, const char *url,
                                   JSValueConst attributes, tenon_p_held *h,
                                   JSModuleDef *def);
/* What the load that is under way asks for; NULL: nothing. */
const char *tenon_p_integrity_asked(const tenon_p_modules *m);
/* Are the bytes what it asks for, or what has these hashes? 0, or -1 with an
 * exception. */
int tenon_p_integrity_check(JSContext *ctx, const char *url, const void *data,
                            size_t len);
int tenon_p_integrity_hold(JSContext *ctx, const char *url, const char *has);

/* For tenon_p_modules_met_by. */
int tenon_p_integrity_match(JSContext *ctx, JSAtom name, JSValueConst has,
                            JSValueConst asked);

/* --- attributes.c --------------------------------------------------------- */

int tenon_p_modules_check_attributes(JSContext *ctx, void *opaque,
                                     JSValueConst attributes);
/* As it is written, "" for NONE. */
const char *tenon_p_modules_type_name(enum tenon_p_data type);
/* Of attributes that were checked: 0, or -1 with an exception. */
int tenon_p_modules_type_of(JSContext *ctx, JSValueConst attributes,
                            enum tenon_p_data *type);
/* One of them, NULL where it is not there; to be freed by JS_FreeCString. 0, or -1
 * with an exception. */
int tenon_p_modules_attribute(JSContext *ctx, JSValueConst attributes,
                              const char *name, const char **text);
/* Do both say the same of how native source is compiled? -1: an exception. */
int tenon_p_modules_is_same_build(JSContext *ctx, JSValueConst a,
                                  JSValueConst b);
/* Of what is no native source: throws, -1, where something is said of that. */
int tenon_p_modules_check_build(JSContext *ctx, const char *url,
                                JSValueConst attributes);

/* --- data.c --------------------------------------------------------------- */

/* Throws, -1, where JSON is imported as code, or what is none as JSON. */
int tenon_p_modules_check_type(JSContext *ctx, const char *url,
                               enum tenon_p_data type, bool is_json);

/* A module whose default export is the data, of a type that is not NONE. Takes
 * the bytes, which have a NUL behind them and are of malloc. */
JSModuleDef *tenon_p_modules_load_data(JSContext *ctx, const char *url,
                                       enum tenon_p_data type, char *data,
                                       size_t len);
JSModuleDef *tenon_p_modules_load_data_url(JSContext *ctx, const char *url,
                                           enum tenon_p_data type);

/* --- source.c ------------------------------------------------------------- */

typedef struct tenon_p_source {
  char *data; /* NUL behind it; free(3) */
  const char *text;
  size_t len; /* of text, which begins behind a byte-order mark */
} tenon_p_source;

/* Make a source of `len` bytes with a NUL behind them, which are free(3)d, also
 * when it fails: ill-formed UTF-8 becomes U+FFFD. 0, TENON_ENOMEM, UV_EFBIG. */
int tenon_p_source_take(char *data, size_t len, tenon_p_source *s);

/* All bytes of a file, with a NUL behind them, free(3)d by the caller: 0,
 * TENON_ENOMEM or a code of libuv. */
int tenon_p_file_read(const char *path, char **data, size_t *len);
/* The same of an open file, which stays open. */
int tenon_p_file_read_open(int file, char **data, size_t *len);
/* The same where rules let it be read. */
int tenon_p_file_import(const tenon_p_modules *m, const char *path, char **data,
                        size_t *len);

/* The same as a source. */
int tenon_p_source_read(const char *path, tenon_p_source *s);
void tenon_p_source_release(tenon_p_source *s);

/* What a host gave, as a source and its URL, free(3)d and released by the
 * caller. It is kept for messages. */
int tenon_p_modules_take(tenon_p_engine *e, const char *src, size_t len,
                         const char *name, tenon_p_source *s, char **url);

/* By extension and the "type" of the nearest package.json. */
enum tenon_p_source_kind tenon_p_source_kind_of(JSContext *ctx,
                                                const char *path);

/* Compile a script, or the body of a CommonJS file (its function); where only a
 * module can be written so, a module. */
JSValue tenon_p_source_compile_detected(JSContext *ctx, const tenon_p_source *s,
                                        const char *url, bool is_body,
                                        bool is_main, bool *is_module);

/* Compile a script whose value is wanted; one that awaits at its top gives a
 * promise of { value }. */
JSValue tenon_p_source_compile_value(JSContext *ctx, const tenon_p_source *s,
                                     const char *url, bool *is_async);

#endif
