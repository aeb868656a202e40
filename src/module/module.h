/*
 * Programs and their modules: what a specifier names, how it is loaded, and
 * whether evaluation has ended.
 *
 * A module's identity is its URL (file:///real/path.js?query), or its name for
 * native modules.
 */
#ifndef TENON_MODULE_MODULE_H
#define TENON_MODULE_MODULE_H

#include <tenon/descriptor.h>
#include <tenon/loader.h>

#include "base/text.h"
#include "engine/engine.h"
#include "engine/extension.h"
#include "engine/realm.h"

/* Behind the loop: 0 or TENON_ENOMEM. A guest leaves the loader to its host. */
int tenon_p_modules_attach(tenon_p_engine *e);

/* As tenon_runtime_add_module. */
int tenon_p_modules_add_native(tenon_p_engine *e, const char *name,
                               tenon_module_entry *entry);
/* As js_init_module of QuickJS: makes a module of this name. */
typedef JSModuleDef *tenon_p_engine_module(JSContext *ctx, const char *name);
/* As tenon_runtime_add_quickjs_module. */
int tenon_p_modules_add_engine_module(tenon_p_engine *e, const char *name,
                                      tenon_p_engine_module *init);
/* Can a native module have this name? */
bool tenon_p_is_native_name(const char *name);

/* The same in a context of a host, whose loader is not asked for it then.
 * TENON_EEXIST also for a module that the host has. */
int tenon_p_modules_add_guest(tenon_p_engine *e, JSContext *ctx,
                              const char *name, tenon_module_entry *entry);

/* As tenon_runtime_add_link, of a link that is whole: 0 or TENON_ENOMEM. */
int tenon_p_links_add(tenon_p_engine *e, const tenon_link *link, void *data,
                      bool is_last);

/* What a specifier means, as an import or require would find it: js_free'd by the
 * caller; NULL with an exception. (internal.h says more.) */
char *tenon_p_modules_resolve(JSContext *ctx, const char *referrer,
                              const char *specifier, bool is_loaded);
char *tenon_p_modules_require(JSContext *ctx, const char *referrer,
                              const char *dir, const char *specifier);
/* Say each step to a function from now on; NULL: no more. */
void tenon_p_modules_trace(tenon_p_engine *e,
                           void (*step)(void *data, const char *text,
                                        size_t len),
                           void *data);

/* As tenon_runtime_set_import_map, where `json` may be NULL. Entered: 0,
 * TENON_EEXCEPTION, TENON_ENOMEM. */
int tenon_p_import_map_set(JSContext *ctx, const char *json, size_t len,
                           const char *name);

/* As tenon_runtime_set_import_rules. */
int tenon_p_rules_set(tenon_p_engine *e, const tenon_import_rules *rules);

/* Let code call the host's functions by what `*host` is set to; false when that
 * is another copy of the library. */
bool tenon_p_modules_give_host(const tenon_host **host);

/*
 * Modules of the library's own, imported by names that begin with "tenon:" or
 * "node:". A realm that is without something that one `needs` has no such module.
 */
typedef struct tenon_p_builtin_module {
  const char *name; /* "tenon:process" */
  /* In order; ended by NULL. Or NULL: the names of the object's own properties,
   * and "default", the object; it is loaded to know them. */
  const char *const *exports;
  uint32_t needs;   /* TENON_REALM_ flags */
  bool is_prefixed; /* of node's: "path" does not mean "node:path" */
  /* An object with a property for each export; or an exception. Called when a
   * realm first needs it. */
  JSValue (*load)(JSContext *ctx, const struct tenon_p_builtin_module *m);
} tenon_p_builtin_module;

/* Those that there are, from layers above: a static list, ended by NULL. Once
 * more is fine; there is room for few: 0 or TENON_EINVAL. */
int tenon_p_modules_add_builtins(tenon_p_engine *e,
                                 const tenon_p_builtin_module *const *list);

/* The one that a specifier means in this realm, also by a bare name; or NULL. */
const tenon_p_builtin_module *tenon_p_builtin_find(JSContext *ctx,
                                                   const char *specifier);
/* All that this realm has, one at a time: `*i` is 0 at first; NULL at the end. */
const tenon_p_builtin_module *tenon_p_builtin_next(JSContext *ctx, size_t *i);
/* What require() gives of the one that a specifier means, the same value each
 * time in a realm: owned; JS_UNDEFINED when there is none; or an exception. */
JSValue tenon_p_builtin_exports(JSContext *ctx, const char *specifier);

/*
 * CommonJS as scripts see it, from the layer above: `load` makes an object with
 * the functions that commonjs.c calls out of the native part, which is consumed;
 * called once for a realm, when its first file wants it.
 */
typedef JSValue tenon_p_commonjs_load(JSContext *ctx, JSValue native);
void tenon_p_modules_set_commonjs(tenon_p_engine *e,
                                  tenon_p_commonjs_load *load);
/* A property of that object; or an exception. */
JSValue tenon_p_commonjs_get(JSContext *ctx, const char *name);
/* As tenon_runtime_add_require: nothing is pending behind it. */
int tenon_p_commonjs_add_globals(tenon_p_engine *e, const char *name);

/*
 * Files of other languages, from the layer above: those that it knows by their
 * names are loaded by it.
 */
/* A function that a module has left out, and why; static. */
typedef struct tenon_p_refused {
  const char *name; /* NULL behind the last */
  const char *reason;
} tenon_p_refused;

typedef struct tenon_p_native_source {
  bool (*is_one)(const char *path);
  /* Of a file: URL: says what is there, now or later. */
  tenon_said (*load)(tenon_load *q, const char *path);
} tenon_p_native_source;

void tenon_p_modules_set_native_source(tenon_p_engine *e,
                                       const tenon_p_native_source *s);

/* Register one in a context of a host, whose loader is not asked for it then: 0,
 * TENON_EINVAL (there is none of this name), TENON_EEXIST, or TENON_ENOMEM, maybe
 * with an exception. */
int tenon_p_modules_add_guest_builtin(JSContext *ctx, const char *name);

/* A promise of the namespace of a module, as import() in the working directory
 * gives one; or an exception. Entered. */
JSValue tenon_p_modules_import(tenon_p_engine *e, const char *specifier);

/*
 * For a module that is not imported by a name, called entered: 0,
 * TENON_EEXCEPTION, or as tenon_p_modules_add_native.
 */
/* Define what it exports on the global object; TENON_EEXIST when one of its
 * names is there. */
int tenon_p_modules_add_globals(JSContext *ctx, tenon_module_entry *entry);
/* Evaluate a script to a function and call it with an object of its exports. */
int tenon_p_modules_run_glue(JSContext *ctx, tenon_module_entry *entry,
                             const char *src, size_t len, const char *name);

enum tenon_p_source_kind {
  TENON_P_SOURCE_FAILED, /* could not be found out: an exception is pending */
  /* A script, or CommonJS for a file, unless only a module can be written so. */
  TENON_P_SOURCE_UNKNOWN,
  TENON_P_SOURCE_SCRIPT,
  TENON_P_SOURCE_COMMONJS, /* of files only */
  TENON_P_SOURCE_MODULE
};

/*
 * Both evaluate and leave what was thrown as the context's exception: 0,
 * TENON_EEXCEPTION or TENON_ENOMEM. Called entered. The Promise of a module
 * that waits at its top is kept until it is settled; its rejection is then an
 * error that nobody caught, and not a rejection without a handler.
 */
int tenon_p_modules_eval(tenon_p_engine *e, enum tenon_p_source_kind kind,
                         const char *src, size_t len, const char *name);
/* The same in another realm. */
int tenon_p_modules_eval_in(JSContext *ctx, enum tenon_p_source_kind kind,
                            const char *src, size_t len, const char *name);
int tenon_p_modules_run_file(tenon_p_engine *e, const char *path);

/*
 * Evaluate a script for its value, which is the caller's; where it awaits at
 * its top, `*is_async`, that is a promise of an object with the property
 * `value`, whose rejection is the caller's too. Called entered: 0,
 * TENON_EEXCEPTION, TENON_ENOMEM.
 */
int tenon_p_modules_eval_value(tenon_p_engine *e, const char *src, size_t len,
                               const char *name, bool *is_async,
                               JSValue *value);

/* Where they wait at their top: tenon_p_waiting_modules, and the script. */
int tenon_p_modules_places(tenon_p_engine *e, tenon_p_waiting *found, void *p);

/* Does a module that was evaluated still wait at its top? */
bool tenon_p_modules_is_waiting(tenon_p_engine *e);

/* Appends a line of a source, without its end, for a message about it: of a
 * file, which is read again, or of what tenon_p_modules_eval evaluated last.
 * Counted from 1. False when it is not there. */
bool tenon_p_modules_line(tenon_p_engine *e, const char *url, int line,
                          tenon_p_text *out);

#endif
