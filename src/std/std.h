/*
 * The builtins: one folder each, with its C, its JavaScript and its test. A
 * folder is one line of the table in std.c.
 */
#ifndef TENON_STD_STD_H
#define TENON_STD_STD_H

#include "engine/engine.h"
#include "engine/realm.h"
#include "module/module.h"

/* What the host tells its program. */
typedef struct tenon_p_std_options {
  const char *const *args; /* process.argv; copied */
  size_t arg_count;
} tenon_p_std_options;

/* Behind the loop and the modules; the globals of the main realm are then
 * there. 0 or TENON_ENOMEM. */
int tenon_p_std_attach(tenon_p_engine *e, const tenon_p_std_options *options);

/* Make a builtin module importable in a context of a host, which has none of the
 * globals: 0, TENON_EINVAL (there is none of this name), TENON_EEXIST, or
 * TENON_ENOMEM, maybe with an exception. */
int tenon_p_std_add_guest(tenon_p_engine *e, JSContext *ctx, const char *name);

/* Define the globals of another realm, but for those that it is without. 0 or
 * TENON_ENOMEM, with nothing pending. */
int tenon_p_std_define(tenon_p_realm *r);

/* --- For the builtins ------------------------------------------------------------------ */

/* JavaScript of a builtin, compiled by tools/embed: an expression that is a
 * function of the builtin's native part and returns the builtin. */
typedef struct tenon_p_bytecode {
  const uint8_t *data;
  size_t size;
} tenon_p_bytecode;

/* Run it. `native` is consumed, also when it is an exception. */
JSValue tenon_p_std_load(JSContext *ctx, const tenon_p_bytecode *code,
                         JSValue native);

/* An object with these functions: what a builtin's JavaScript gets. */
JSValue tenon_p_std_native(JSContext *ctx, const JSCFunctionListEntry *list,
                           int count);

/* A global property that is made when it is first looked at: 0, or -1 with an
 * exception. */
int tenon_p_std_lazy(tenon_p_realm *r, const tenon_p_lazy *lazy);

/* A part of the builtin `event`, which is loaded: a class by its name, or
 * `fire(target, event)`, by which a builtin dispatches an event of its own.
 * JS_EXCEPTION when it cannot be loaded. */
JSValue tenon_p_event_get(JSContext *ctx, const char *name);

/* What event.js returned, owned; loads it. */
JSValue tenon_p_event_builtin(JSContext *ctx);

/* What event.js needs of signals. */
extern const JSCFunctionListEntry tenon_p_abort_natives[];
extern const int tenon_p_abort_native_count;

/* Write all of it, also into a pipe that is full for the moment, unless the
 * program is ended meanwhile. What cannot be written is dropped. */
void tenon_p_std_write(tenon_p_engine *e, int file, const char *data,
                       size_t len);

/* Does the timer of this number keep the program alive? No timer is fine. */
void tenon_p_timers_hold(JSContext *ctx, double id, bool on);

/* Define setTimeout and its kin on an object: 0, or -1 with an exception. */
int tenon_p_timers_functions(JSContext *ctx, JSValueConst object);
int tenon_p_immediate_functions(JSContext *ctx, JSValueConst object);

/* The object `process`, as the program has it where there is no other. */
JSValue tenon_p_process_object(JSContext *ctx);
/* What is called at the end of a run: function(isLast). Of the main realm. */
void tenon_p_process_set_at_end(JSContext *ctx, JSValueConst f);
/* Nothing is left to do: the program is told, which may find something. */
void tenon_p_process_end(tenon_p_engine *e, bool is_last);

/* What is imported. */
extern const tenon_p_builtin_module tenon_p_child_module;
extern const tenon_p_builtin_module tenon_p_commonjs_module;

/* For the runtime: 0 or -1. */
int tenon_p_abort_attach(tenon_p_engine *e, const tenon_p_std_options *o);
int tenon_p_child_attach(tenon_p_engine *e, const tenon_p_std_options *o);
int tenon_p_commonjs_attach(tenon_p_engine *e, const tenon_p_std_options *o);
int tenon_p_event_attach(tenon_p_engine *e, const tenon_p_std_options *o);
int tenon_p_immediate_attach(tenon_p_engine *e, const tenon_p_std_options *o);
int tenon_p_process_attach(tenon_p_engine *e, const tenon_p_std_options *o);
int tenon_p_timers_attach(tenon_p_engine *e, const tenon_p_std_options *o);
/* For each realm, its globals: 0, or -1, maybe with an exception. */
int tenon_p_abort_define(tenon_p_realm *r);
int tenon_p_console_define(tenon_p_realm *r);
int tenon_p_event_define(tenon_p_realm *r);
int tenon_p_immediate_define(tenon_p_realm *r);
int tenon_p_timers_define(tenon_p_realm *r);

extern const tenon_p_bytecode tenon_p_abort_bytecode;
extern const tenon_p_bytecode tenon_p_child_bytecode;
extern const tenon_p_bytecode tenon_p_commonjs_bytecode;
extern const tenon_p_bytecode tenon_p_console_bytecode;
extern const tenon_p_bytecode tenon_p_event_bytecode;
extern const tenon_p_bytecode tenon_p_inspect_bytecode;
extern const tenon_p_bytecode tenon_p_inspect_format_bytecode;
extern const tenon_p_bytecode tenon_p_inspect_kinds_bytecode;
extern const tenon_p_bytecode tenon_p_inspect_text_bytecode;
extern const tenon_p_bytecode tenon_p_process_bytecode;

#endif
