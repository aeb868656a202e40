/**
 * @file
 * Where a runtime's modules come from: links that a host puts into the chain that
 * decides what a specifier means, and what is there.
 *
 *     static tenon_said find(tenon_resolve *q, void *archive)
 *     {
 *       const char *s = tenon_resolve_specifier(q);
 *
 *       if (strncmp(s, "app:", 4) != 0) return tenon_resolve_pass(q, NULL);
 *       return tenon_resolve_answer(q, s);
 *     }
 *
 *     static tenon_said load(tenon_load *q, void *archive)
 *     {
 *       const entry *e = look_up(archive, tenon_load_url(q));
 *
 *       if (!e) return tenon_load_pass(q, NULL);
 *       return tenon_load_answer(q, e->data, e->size);
 *     }
 *
 *     tenon_link link = {.size = sizeof link, .name = "archive",
 *                        .resolve = find, .load = load};
 *     r = tenon_runtime_add_link(rt, &link, archive, false);
 *
 * The chain is: links in front, native modules (tenon_runtime_add_module), builtin
 * modules, files and packages, and the last links, which are asked for what
 * nobody has found. Each answers, passes, or fails; who passes may say what was
 * tried, and the error that nobody found it has all of that.
 *
 * A module is what its URL says, made once in each realm; a link answers by a URL
 * of its own scheme (`app:main.js`, `zip:///lib/a.js`), or by one that another link
 * loads: `file:///…`, the name of a native module. A relative specifier in a
 * module of such a URL is joined with that before any link sees it. All links are
 * asked to load a URL, in their order, before files are read: one in front may
 * translate what it finds there.
 *
 * What a specifier means is said at once, as in browsers. What is there may come
 * later, from any thread (tenon_load_later): all that a module imports is asked for
 * before anything is waited for, scripts and timers run on meanwhile, and the
 * graph is evaluated when all of it is there.
 *
 * The functions of a link are called in the midst of an import, on the loop's
 * thread: they must not run scripts.
 */
#ifndef TENON_LOADER_H
#define TENON_LOADER_H

#include <stdbool.h>
#include <stddef.h>

#include <tenon/descriptor.h>
#include <tenon/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A specifier that is looked for: for the link's function, while it runs and on
 * its thread, the loop's. */
typedef struct tenon_resolve tenon_resolve;
/** A URL that is loaded; likewise. */
typedef struct tenon_load tenon_load;

/** What a link has said, by one of the functions below. */
typedef enum tenon_said {
  TENON_SAID_PASS = 0,   /**< the next one is asked */
  TENON_SAID_ANSWER = 1, /**< that is it */
  TENON_SAID_FAIL = 2,   /**< nobody else is asked, and the import fails */
  TENON_SAID_LATER = 3   /**< by tenon_load_later: it will say so */
} tenon_said;

/** Set `size` to sizeof(tenon_link); what is NULL passes. */
typedef struct tenon_link {
  size_t size;
  const char *name; /**< in messages; copied */
  tenon_said (*resolve)(tenon_resolve *q, void *data);
  tenon_said (*load)(tenon_load *q, void *data);
  void (*release)(void *data); /**< when the runtime ends, on its thread */
} tenon_link;

/**
 * Put a link into the chain, for imports from now on: behind those that were put
 * to the same end before. It stays until the runtime ends.
 *
 * @param link     borrowed
 * @param data     handed to its functions
 * @param is_last  with those that are asked for what nobody has found
 * @return 0, TENON_EINVAL, TENON_EABI (a size that this library does not know),
 *         TENON_ENOMEM, TENON_ETHREAD, TENON_ECLOSING; `release` is not called
 *         on failure
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_add_link(tenon_runtime *rt,
                                                      const tenon_link *link,
                                                      void *data, bool is_last);

/**
 * What may be imported. Set `size` to sizeof(tenon_import_rules); lists end with
 * NULL. What a rule refuses fails with ERR_ACCESS_DENIED, and in the same way
 * whether it is there or not.
 */
typedef struct tenon_import_rules {
  size_t size;
  /** The only folders of which files may be imported, behind all symbolic links,
   * and of which a package.json is read. NULL: all; an empty list: none. */
  const char *const *roots;
  /** The only modules that may be imported: URLs without a query, names, and
   * specifiers that are no relative path; one that ends with '*' stands for
   * all that begin so ("tenon:*", "file:///app/lib*"). NULL: all. */
  const char *const *allowed;
  bool no_native;   /**< no shared objects and addons, not even as data */
  bool no_packages; /**< nothing of folders node_modules */
} tenon_import_rules;

/**
 * Say what programs of a runtime may import or require from now on, in place of
 * what was said before. What the host itself gives - the file that it runs, native
 * modules of a name, what its links load - has to be on the list `allowed`, if
 * there is one, and is otherwise not asked about.
 *
 * @param rules  borrowed; copied. NULL: everything
 * @return 0, TENON_EINVAL, TENON_EABI (a size that this library does not know),
 *         TENON_ENOMEM, TENON_ETHREAD, TENON_ECLOSING, or a code of libuv for a
 *         root that is no folder; the rules are as before then
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_set_import_rules(
    tenon_runtime *rt, const tenon_import_rules *rules);

/**
 * Say by an import map what specifiers mean in programs of a runtime, from now on
 * and in place of the map before: the JSON of the HTML standard, with `imports`,
 * `scopes` and `integrity`. It is asked before any link. What the standard would
 * only warn of is refused here. `require` does not know it.
 *
 * @param json  `len` bytes, UTF-8; NULL with a `len` of 0: no map
 * @param name  the path or URL of the map, which relative ones in it start from;
 *              copied
 * @return 0, TENON_EEXCEPTION (no JSON, with its place; or no map; the one before
 *         stays), TENON_EINVAL, TENON_ENOMEM, TENON_ETHREAD, TENON_ECLOSING,
 *         TENON_ETERMINATED
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_set_import_map(tenon_runtime *rt,
                                                            const char *json,
                                                            size_t len,
                                                            const char *name);

/** What is to be resolved. Set `size` to sizeof(tenon_resolution). */
typedef struct tenon_resolution {
  size_t size;
  const char *specifier;
  /** Where it is written: a path, which need not be there, or a URL. NULL: in the
   * working directory. */
  const char *from;
  bool is_require; /**< by the rules of require */
  /** Told each step, as a line of text for people; NULL: nobody. It must not call
   * the runtime. */
  void (*step)(void *data, const char *text, size_t len);
  void *data;
} tenon_resolution;

/**
 * What a specifier means in a module of this runtime's main realm, as an import
 * finds it: by links, import map, rules and packages. Nothing is loaded.
 *
 * @param q             borrowed
 * @param[out] meaning  the module's URL or name, for require its path or name;
 *                      borrowed until the next call; NULL on failure
 * @return 0, TENON_EEXCEPTION (it means nothing, or is forbidden; the error of the
 *         import), TENON_EINVAL, TENON_EABI, TENON_ENOMEM, TENON_ETHREAD,
 *         TENON_ECLOSING, TENON_ETERMINATED
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_resolve(tenon_runtime *rt,
                                                     const tenon_resolution *q,
                                                     const char **meaning);

/* --- What a specifier means --------------------------------------------------- */

/**
 * As it is written, or joined with a URL of a host's. Borrowed.
 *
 * [thread: the link's] [js: never runs] [since 0.1]
 */
TENON_API const char *tenon_resolve_specifier(const tenon_resolve *q);

/**
 * The URL of the module that imports; of a script its name. Borrowed.
 *
 * [thread: the link's] [js: never runs] [since 0.1]
 */
TENON_API const char *tenon_resolve_referrer(const tenon_resolve *q);

/**
 * Will it be loaded? false: a script asks by import.meta.resolve.
 *
 * [thread: the link's] [js: never runs] [since 0.1]
 */
TENON_API bool tenon_resolve_is_import(const tenon_resolve *q);

/**
 * Say that it means this URL, which is copied: a URL with a scheme, or the name of
 * a native or builtin module.
 *
 * [thread: the link's] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK tenon_said tenon_resolve_answer(tenon_resolve *q,
                                                           const char *url);

/**
 * Pass on, with what was tried, or NULL.
 *
 * [thread: the link's] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK tenon_said tenon_resolve_pass(tenon_resolve *q,
                                                         const char *format,
                                                         ...)
    __attribute__((format(printf, 2, 3)));

/**
 * Fail for a reason, by an Error with this code; NULL: ERR_MODULE_NOT_FOUND.
 *
 * [thread: the link's] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK tenon_said
tenon_resolve_fail(tenon_resolve *q, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* --- What is there ------------------------------------------------------------ */

/**
 * What is to be loaded. Borrowed.
 *
 * [thread: the link's] [js: never runs] [since 0.1]
 */
TENON_API const char *tenon_load_url(const tenon_load *q);

/**
 * What the import asks for by `with { type: … }`: "json", "text", "bytes", or
 * "" for code. Static.
 *
 * [thread: the link's] [js: never runs] [since 0.1]
 */
TENON_API const char *tenon_load_type(const tenon_load *q);

/**
 * Say what is there: the source of a module, or data of the type that is asked
 * for. Text is UTF-8; what is ill-formed becomes U+FFFD.
 *
 * @param data  copied; may be NULL where `len` is 0
 * @return TENON_SAID_FAIL also for a source that does not parse
 *
 * [thread: the link's] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK tenon_said tenon_load_answer(tenon_load *q,
                                                        const void *data,
                                                        size_t len);

/**
 * Say that a module of native functions is there, as tenon_runtime_add_module;
 * of several realms it is one.
 *
 * [thread: the link's] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK tenon_said
tenon_load_answer_native(tenon_load *q, tenon_module_entry *entry);

/**
 * Pass on, as tenon_resolve_pass.
 *
 * [thread: the link's] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK tenon_said tenon_load_pass(tenon_load *q,
                                                      const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/**
 * Fail, as tenon_resolve_fail.
 *
 * [thread: the link's] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK tenon_said tenon_load_fail(tenon_load *q,
                                                      const char *code,
                                                      const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* --- What will be there later -------------------------------------------------- */

/** A load that was begun. It is held by who has it until one of the functions
 * below ends it, whatever that returns: each of them once, on any thread. */
typedef struct tenon_loading tenon_loading;

/**
 * May this load be answered later? Not where scripts cannot wait for it, as in
 * require() of a module.
 *
 * [thread: the link's] [js: never runs] [since 0.1]
 */
TENON_API bool tenon_load_can_wait(const tenon_load *q);

/**
 * Say that the answer comes later. Until then the runtime's loop has something to
 * wait for; another import of the same URL waits for the same answer.
 *
 * @param out  the load, to be ended by tenon_loading_answer, _answer_native,
 *             _pass or _fail, also before this link's function returns; NULL when
 *             this fails
 * @return TENON_SAID_LATER; TENON_SAID_FAIL where nobody can wait, or without
 *         memory
 *
 * [thread: the link's] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK tenon_said tenon_load_later(tenon_load *q,
                                                       tenon_loading **out);

/**
 * As tenon_load_url and tenon_load_type. Borrowed, while the load is held.
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API const char *tenon_loading_url(const tenon_loading *l);

/**
 * See tenon_loading_url. Static.
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API const char *tenon_loading_type(const tenon_loading *l);

/**
 * Does nobody wait for it any more? The runtime or the realm ends, or the program
 * was told to; it still has to be ended.
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API bool tenon_loading_is_cancelled(const tenon_loading *l);

/**
 * End it by what is there, as tenon_load_answer; the data are copied, and parsed
 * in the loop's turn.
 *
 * @return 0; TENON_ECLOSING: nobody waits for it; TENON_ENOMEM: the import fails
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API int tenon_loading_answer(tenon_loading *l, const void *data,
                                   size_t len);

/**
 * End it by a module of native functions, as tenon_load_answer_native.
 *
 * @return 0 or TENON_ECLOSING
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API int tenon_loading_answer_native(tenon_loading *l,
                                          tenon_module_entry *entry);

/**
 * End it, and have the next link asked, as tenon_load_pass.
 *
 * @return 0, TENON_ECLOSING or TENON_ENOMEM
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API int tenon_loading_pass(tenon_loading *l, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/**
 * End it by a failure, as tenon_load_fail.
 *
 * @return 0, TENON_ECLOSING or TENON_ENOMEM
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API int tenon_loading_fail(tenon_loading *l, const char *code,
                                 const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* --- Text that can require ---------------------------------------------------- */

/**
 * Give text that the main realm evaluates what a CommonJS file has: `require`,
 * `module`, `exports`, `__filename` and `__dirname`, as properties of the global
 * object, for a file of this name in the working directory. They are made when
 * they are first looked at. Once for a runtime.
 *
 * @param name  "[eval]": `__filename`, and the referrer in messages; without '/'.
 *              Copied
 * @return 0, TENON_EINVAL, TENON_EEXIST (it was called before), TENON_ENOMEM,
 *         TENON_ETHREAD, TENON_ECLOSING
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_add_require(tenon_runtime *rt,
                                                         const char *name);

#ifdef __cplusplus
}
#endif

#endif
