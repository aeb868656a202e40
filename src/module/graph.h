/*
 * Graphs of modules: all that a module imports, and what that imports, is found
 * and loaded before any of it is linked. A graph of which a part comes later
 * (later.c) waits, while scripts run on.
 *
 * Invariants
 * - Modules of a graph that is not complete are not whole; what they import is
 *   answered as far as it is there. Another graph may share them.
 * - Where a graph fails, its modules in JavaScript are forgotten unless another
 *   graph waits, so that the next import reads them again.
 */
#ifndef TENON_MODULE_GRAPH_H
#define TENON_MODULE_GRAPH_H

#include "module/chain.h"

typedef struct tenon_p_graph tenon_p_graph;

/* Whom a module is for that comes later: a request of one in the graph, or its
 * root, where `by` is NULL. */
typedef struct tenon_p_waiter {
  tenon_p_graph *graph;
  JSModuleDef *by;
  int request;
} tenon_p_waiter;

/* import() and JS_LoadModule, for tenon_p_runtime_set_import. */
void tenon_p_graph_import(JSContext *ctx, const char *referrer,
                          const char *specifier, JSValueConst attributes,
                          JSValueConst *resolving_funcs);

/* Loads what a compiled module imports, and evaluates it: the promise of that,
 * which may have to wait for a part; or an exception. Consumes the module. */
JSValue tenon_p_graph_evaluate(JSContext *ctx, JSValue module);

/* The same without evaluating, for who cannot wait: 0, or -1 with an exception. */
int tenon_p_graph_load(JSContext *ctx, JSModuleDef *module);
/* Is it in a graph that is just being walked, by whose loader a script runs? */
bool tenon_p_graph_has_begun(JSContext *ctx, const JSModuleDef *module);

/* A module has come for one that waits for it; NULL: an exception is pending.
 * Runs scripts. */
void tenon_p_graph_go_on(const tenon_p_waiter *w, JSModuleDef *def);

/* Those of a realm, or all where that is NULL, end without a word. */
void tenon_p_graphs_drop(tenon_p_modules *m, JSContext *ctx);

/* --- later.c -------------------------------------------------------------- */

/* The load of a URL, of a type and under an integrity, that was begun and goes on;
 * NULL where there is none, or with an exception. */
tenon_loading *tenon_p_loading_find(JSContext *ctx, const char *url,
                                    enum tenon_p_data type,
                                    JSValueConst attributes);
/* One more waits for it: 0 or TENON_ENOMEM. */
int tenon_p_loading_await(tenon_loading *l, const tenon_p_waiter *w);
/* A graph ends. */
void tenon_p_loadings_forget(tenon_p_modules *m, const tenon_p_graph *g);
/* Those of a realm, or all where that is NULL, end. */
void tenon_p_loadings_drop(tenon_p_modules *m, JSContext *ctx);

/* What links before its own have tried, which is taken. */
void tenon_p_loading_keep_notes(tenon_loading *l, tenon_p_text *tried);
/* The link that began it has said something else: nobody waits for it. */
void tenon_p_loading_drop(tenon_loading *l);

#endif
