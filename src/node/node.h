/*
 * Modules of node's names, in JavaScript that is compiled when Tenon is built
 * and run when a realm first asks for it.
 *
 * To add node:NAME
 * 1. Write src/node/NAME.js: the body of a strict function of
 *    (module, exports, require, binding), so it ends with `module.exports = …`.
 *    What it exports by names are the object's own enumerable properties.
 *    src/node/internal/NAME.js is one for the others only ("internal/NAME").
 *    CMake finds both by their names. A package of npm is a line in
 *    tools/fetch-node-packages.sh and one in cmake/library.cmake.
 * 2. Add a line to the list in node.c: what it needs of a realm, and whether
 *    its bare name means it.
 * 3. If it needs C, write JSValue tenon_p_node_NAME_binding(JSContext *ctx),
 *    which gives what its `binding` is, in src/node/NAME.c; declare it below.
 *
 * `require` knows the modules of the list (by bare names too), the internal ones
 * and those of "tenon:". Cycles see what is exported so far, as in CommonJS; one
 * that throws is run again by whoever asks next.
 *
 * Scripts may have changed what is global before a module is run: take what it
 * needs at its top, once (`const { apply } = Reflect`), and nothing by a method
 * that is looked up later.
 */
#ifndef TENON_NODE_NODE_H
#define TENON_NODE_NODE_H

#include "std/std.h"

/* Behind tenon_p_std_attach, for the runtime and its main realm: 0 or
 * TENON_ENOMEM. */
int tenon_p_node_attach(tenon_p_engine *e);
/* The globals of another realm, behind tenon_p_std_define: the same. */
int tenon_p_node_define(tenon_p_realm *r);

/* As tenon_p_std_add_guest, of these modules too. */
int tenon_p_node_add_guest(tenon_p_engine *e, JSContext *ctx, const char *name);

/* What a module exports, also an internal one: owned, or an exception. */
JSValue tenon_p_node_require(JSContext *ctx, const char *name);

/* --- Bindings ------------------------------------------------------------- */

JSValue tenon_p_node_buffer_binding(JSContext *ctx);
JSValue tenon_p_node_events_binding(JSContext *ctx);
JSValue tenon_p_node_os_binding(JSContext *ctx);
JSValue tenon_p_node_crypto_binding(JSContext *ctx);
JSValue tenon_p_node_encoding_binding(JSContext *ctx);
JSValue tenon_p_node_path_binding(JSContext *ctx);
JSValue tenon_p_node_process_binding(JSContext *ctx);
JSValue tenon_p_node_fs_binding(JSContext *ctx);
JSValue tenon_p_node_tty_binding(JSContext *ctx);
JSValue tenon_p_node_timers_binding(JSContext *ctx);
JSValue tenon_p_node_util_binding(JSContext *ctx);

/* Define a property of an object; `v` is consumed, also when it is an exception.
 * 0, or -1 with one. */
int tenon_p_node_put(JSContext *ctx, JSValueConst object, const char *name,
                     JSValue v);
/* Throw an error of the system, by libuv's code: `path` and `dest` may be NULL.
 * JS_EXCEPTION. */
JSValue tenon_p_node_throw_system(JSContext *ctx, int code, const char *syscall,
                                  const char *path, const char *dest);

#endif
