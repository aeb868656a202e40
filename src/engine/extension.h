/*
 * What the engine's public interface lacks. Implemented in extension.c, which
 * is compiled in one unit with the engine and sees its internals.
 */
#ifndef TENON_ENGINE_EXTENSION_H
#define TENON_ENGINE_EXTENSION_H

#include <quickjs.h>

#include "base/base.h"

/*
 * JS_NewRuntime2, whose allocations are all put to `admit` once they would
 * pass `limit` (0: never, 1: each). `owner` is what tenon_p_runtime_owner
 * gives back. Defined by an edit of the engine.
 */
JSRuntime *tenon_p_new_runtime(const JSMallocFunctions *functions, void *opaque,
                               bool (*admit)(JSRuntime *rt, size_t size),
                               void *owner, size_t limit);
void *tenon_p_runtime_owner(JSRuntime *rt);

/* The bytes that JS_SetMemoryLimit counts. */
size_t tenon_p_runtime_used(JSRuntime *rt);

/* While set, JS_ExecutePendingJob starts nothing, and polls are asked for at
 * once. */
void tenon_p_runtime_set_terminating(JSRuntime *rt, bool on);

/* The interrupt handler is asked again after so many polls, as long as it says
 * to go on; and in one realm after so many from now on. */
void tenon_p_runtime_poll_every(JSRuntime *rt, int polls);
void tenon_p_runtime_poll_in(JSContext *ctx, int polls);
/* Drops the exception of a poll that was told to stop, if it is the pending
 * one. */
void tenon_p_runtime_drop_interruption(JSContext *ctx);

/* The limit of memory is another one: the next time that it is in the way
 * garbage is collected, whenever that was done last. */
void tenon_p_runtime_collect_at_limit(JSRuntime *rt);

/* `ask` is called each time memory has run out, before an error is made; true
 * means that the program was told to end, and the error is uncatchable. */
void tenon_p_runtime_set_out_of_memory(JSRuntime *rt,
                                       bool (*ask)(JSRuntime *rt));

/*
 * Who hangs state on a context. Both are called without one: `mark` for the
 * values that the owner holds, whenever the collector looks; `gone` while the
 * context is being freed, maybe by a collection, to let go of them and of its
 * own memory. No call of the engine is allowed there but those of *_RT.
 */
typedef struct tenon_p_owner {
  void (*mark)(JSRuntime *rt, struct tenon_p_owner *o, JS_MarkFunc *mark);
  void (*gone)(JSRuntime *rt, struct tenon_p_owner *o);
} tenon_p_owner;
void tenon_p_context_set_owner(JSContext *ctx, tenon_p_owner *o);
tenon_p_owner *tenon_p_context_owner(JSContext *ctx); /* or NULL */

/* For what holds a context and is marked itself. */
void tenon_p_context_mark(JSRuntime *rt, JSContext *ctx, JS_MarkFunc *mark);

/* The context of the function that is being called; NULL: there is none, or it
 * has none of its own. */
JSContext *tenon_p_running_context(JSRuntime *rt);

/* Is a function of this context being called? */
bool tenon_p_context_is_on_stack(JSContext *ctx);

/* JS_Eval with JS_EVAL_FLAG_COMPILE_ONLY, also where scripts may not evaluate
 * text themselves. */
JSValue tenon_p_compile(JSContext *ctx, const char *src, size_t len,
                        const char *name, int flags);

/*
 * What CommonJS needs. A function whose body is the source, from its first line
 * and column on, with parameters, ended by NULL: strict by its directive only. An
 * exception.
 */
JSValue tenon_p_compile_body(JSContext *ctx, const char *src, size_t len,
                             const char *name, const char *const *params);

/* Evaluate a module with all that it imports, before this returns; not begun
 * where that cannot be. `*namespace` is owned. */
enum tenon_p_at_once {
  TENON_P_AT_ONCE_DONE,
  TENON_P_AT_ONCE_THROWN,
  TENON_P_AT_ONCE_ASYNC, /* one of them awaits at its top */
  TENON_P_AT_ONCE_CYCLE  /* one of them is being evaluated */
};
enum tenon_p_at_once tenon_p_module_at_once(JSContext *ctx, JSModuleDef *m,
                                            JSValue *namespace);
/* The namespace of a module that exports all that `m`, which is evaluated, does,
 * and `__esModule`. */
JSValue tenon_p_module_marked(JSContext *ctx, JSModuleDef *m);
/* JS_AddModuleExport of a name that is not there yet. */
int tenon_p_module_add_export(JSContext *ctx, JSModuleDef *m, const char *name);
/* Those of a module in C, in order: JS_ATOM_NULL behind the last; borrowed. The
 * value is consumed. */
bool tenon_p_module_is_native(const JSModuleDef *m);
JSAtom tenon_p_module_export_at(const JSModuleDef *m, int i);
void tenon_p_module_set_export_at(JSContext *ctx, JSModuleDef *m, int i,
                                  JSValue v);

/* Is there a binding of this name at the top of scripts, a variable or a
 * property of the global object itself? 1, 0, or -1 with an exception. */
int tenon_p_has_global(JSContext *ctx, JSAtom name);

/* How deep the stack of the calling thread may get: `size` bytes below here. */
void tenon_p_runtime_set_stack(JSRuntime *rt, size_t size);
/* The same from where that was done last. */
void tenon_p_runtime_resize_stack(JSRuntime *rt, size_t size);
/* Below here, where that is less than now; and back to what _stack_limit said. */
size_t tenon_p_runtime_stack_used(JSRuntime *rt);
uintptr_t tenon_p_runtime_stack_limit(JSRuntime *rt);
void tenon_p_runtime_narrow_stack(JSRuntime *rt, size_t size);
void tenon_p_runtime_restore_stack(JSRuntime *rt, uintptr_t limit);

/*
 * A data property whose value is made when it is first looked at. `lazy` must
 * be static and is called at most once with success; after a failure the
 * property is as before. Returns 0, or -1 with an exception.
 */
typedef struct tenon_p_lazy {
  const char *name;
  JSValue (*make)(JSContext *ctx, const struct tenon_p_lazy *lazy);
  const void *data;
} tenon_p_lazy;
int tenon_p_define_lazy(JSContext *ctx, JSValueConst object,
                        const tenon_p_lazy *lazy, int flags);

/*
 * UTF-8 of a string value without lone surrogates, which become U+FFFD. The
 * size is without a NUL; _write stores that many bytes and a NUL behind them.
 * `v` is a string; the size of a rope is asked for first, since that flattens
 * it: -1 with an exception when out of memory.
 */
int tenon_p_string_utf8_size(JSContext *ctx, JSValueConst v, size_t *size);
void tenon_p_string_utf8_write(JSValueConst v, char *dst);
/* The characters of a flat ASCII string, with a NUL behind them, for as long as
 * somebody holds `v`; false for others. */
bool tenon_p_string_borrow_ascii(JSValueConst v, const char **s, size_t *len);

/*
 * A string of `len` bytes of UTF-8. Each ill-formed sequence becomes U+FFFD,
 * as the Encoding standard has it; the engine's own conversion makes one of
 * each byte.
 */
JSValue tenon_p_new_string(JSContext *ctx, const char *s, size_t len);

/* Can a bigint be turned into decimal digits at once? That of a large one takes
 * time by the square of its length. */
bool tenon_p_bigint_is_short(JSValueConst v);

/*
 * What coercion needs. The primitive behind a value, which runs its valueOf and
 * toString in the order of the wish; owned, or an exception.
 */
JSValue tenon_p_to_primitive(JSContext *ctx, JSValueConst v, bool wants_string);
/* Number() of a bigint. */
double tenon_p_bigint_to_double(JSContext *ctx, JSValueConst v);
/* BigInt() of a primitive; undefined where it has none. */
JSValue tenon_p_to_bigint(JSContext *ctx, JSValueConst v);

/* The key of a well-known symbol, "iterator"; JS_ATOM_NULL with an exception
 * where there is none of this name. Owned. */
JSAtom tenon_p_known_symbol(JSContext *ctx, const char *name);
bool tenon_p_is_known_symbol(const char *name);

/* Throw an error whose message is UTF-8 of any length: the engine's own
 * functions cut it after 255 bytes. */
enum tenon_p_error_class {
  TENON_P_PLAIN_ERROR,
  TENON_P_TYPE_ERROR,
  TENON_P_RANGE_ERROR
};
JSValue tenon_p_throw_error(JSContext *ctx, enum tenon_p_error_class c,
                            const char *message, size_t len);

/*
 * Call `fulfilled` or `rejected`, functions or undefined, once a promise is
 * settled; what they return goes nowhere. Without `rejected` the job throws what
 * the promise was rejected with: an error that nobody catches. The program's
 * own `then` is not asked. 0, or -1 with an exception.
 */
int tenon_p_promise_then(JSContext *ctx, JSValueConst promise,
                         JSValueConst fulfilled, JSValueConst rejected);

/* May `size` bytes more, of others, count against the engine's limit? _make_room
 * collects before it says no. */
bool tenon_p_runtime_has_room(JSRuntime *rt, size_t size);
bool tenon_p_runtime_make_room(JSRuntime *rt, size_t size);

/* Collect now; false where that is not possible: values are being freed. */
bool tenon_p_runtime_collect(JSRuntime *rt);
/* Collect when the next object is made, as the engine does by its threshold;
 * not where a host has switched that off. */
void tenon_p_runtime_collect_soon(JSRuntime *rt);
/* `collected` is called behind every collection; it may run no scripts and free
 * no values. NULL: not any more. */
void tenon_p_runtime_set_collected(JSRuntime *rt,
                                   void (*collected)(JSRuntime *rt));
/* What _collect_soon has asked for is done. */
void tenon_p_runtime_reset_threshold(JSRuntime *rt);

/* To be asked in loops: 0, or -1 with an exception, the program is to end. */
int tenon_p_poll(JSContext *ctx);
/* The same for so many turns at once. */
int tenon_p_poll_many(JSContext *ctx, int turns);

/* Does a promise have a handler? Was it marked? False for other values. */
bool tenon_p_promise_is_handled(JSValueConst v);
bool tenon_p_promise_is_reported(JSValueConst v);
void tenon_p_promise_mark_reported(JSValueConst v);
/* Who waits for it without being a handler; that it has none is taken back only
 * while it really has none. */
void tenon_p_promise_set_handled(JSValueConst v, bool on);
/* The promise that `await` waits for: a promise itself, one that takes over any
 * other value. Runs the getters of a thenable. Owned, or an exception. */
JSValue tenon_p_promise_resolve(JSContext *ctx, JSValueConst v);

/* Milliseconds as performance.now() counts them. */
double tenon_p_now_ms(JSContext *ctx);

/* The bytes behind an ArrayBuffer, a typed array or a DataView. */
enum tenon_p_bytes_state {
  TENON_P_BYTES_OK,
  TENON_P_BYTES_NONE,     /* another kind of value */
  TENON_P_BYTES_DETACHED, /* or a view that its buffer shrank below */
  TENON_P_BYTES_SHARED    /* other threads may write to them */
};
enum tenon_p_bytes_state tenon_p_bytes_of(JSValueConst v, const uint8_t **data,
                                          size_t *size);

/* An Array, or a Proxy of one: 1, 0, or -1 with an exception, when it is a
 * revoked Proxy. */
int tenon_p_is_array(JSContext *ctx, JSValueConst v);

/*
 * Where code waits at its top: calls `found` for each module that is suspended
 * at an await of its own, not for one that waits for such a module, in the
 * order in which they were loaded. `name` is a flat string. 0, or -1 with an
 * exception when memory has run out, which only a name that is a number wants.
 */
typedef void tenon_p_waiting(void *p, JSValueConst name, int line, int column);
int tenon_p_waiting_modules(JSContext *ctx, tenon_p_waiting *found, void *p);

/* The same of a script that was compiled with JS_EVAL_FLAG_ASYNC and evaluated
 * once, while the caller still holds what was compiled; 1 when it waits. */
int tenon_p_waiting_script(JSContext *ctx, JSValueConst code,
                           tenon_p_waiting *found, void *p);

/* Where the innermost script is that runs, but for those of the library's own:
 * false when none does. `url` is owned. Cannot fail otherwise. */
bool tenon_p_current_place(JSRuntime *rt, JSAtom *url, int *line, int *column);

/* --- In a runtime that a host made ------------------------------------------ */

/* What the engine calls there; without a stack frame of its own. */
typedef struct tenon_p_guest_hooks {
  /* No job is pending: those that are to follow are enqueued here. */
  void (*idle)(JSRuntime *rt);
  /* A job was executed and others are pending. */
  void (*busy)(JSRuntime *rt);
  /* Would `idle` find something to do, though no job is pending? */
  bool (*has_work)(JSRuntime *rt);
  /* The runtime is going to be freed; everything in it still works. */
  void (*before_free)(JSRuntime *rt);
} tenon_p_guest_hooks;

/* Its address is that of this copy of the engine: js_std_cmd(5000). */
extern const char tenon_p_engine_mark[1];

/* `owner` is what tenon_p_runtime_owner gives back from now on. */
void tenon_p_runtime_move_in(JSRuntime *rt, void *owner,
                             const tenon_p_guest_hooks *hooks);
bool tenon_p_runtime_has_jobs(JSRuntime *rt);

/* A module that a context has loaded or registered by this name, without
 * attributes; NULL when there is none or, with an exception, no memory. */
JSModuleDef *tenon_p_module_find(JSContext *ctx, const char *name);
/* Asked of a module of the right name whose attributes are not those that are
 * asked for: is it meant? 1, 0, or -1 with an exception. */
void tenon_p_modules_met_by(JSRuntime *rt,
                            int (*meets)(JSContext *ctx, JSAtom name,
                                         JSValueConst has, JSValueConst asked));
/* Asked why a module has no such export, for the error's message: a text that stays
 * while the module does, or NULL. No exception. */
void tenon_p_modules_explained_by(JSRuntime *rt,
                                  const char *(*explains)(JSContext *ctx,
                                                          JSModuleDef *m,
                                                          JSAtom name));
/* In place of those that it is asked for by, which are an object or undefined;
 * consumed. */
void tenon_p_module_set_attributes(JSContext *ctx, JSModuleDef *m,
                                   JSValue attributes);
/* Takes back one that JS_NewCModule began and nobody has imported. */
void tenon_p_module_drop(JSContext *ctx, JSModuleDef *m);
/* The namespace of a module in C, which is evaluated if it was not yet;
 * undefined for one in JavaScript. */
JSValue tenon_p_module_use(JSContext *ctx, JSModuleDef *m);

/*
 * Graphs of modules, which the caller loads: `import` is called for each import()
 * and JS_LoadModule, settles by `resolving_funcs`, at once or later, and leaves no
 * exception. What a module that was compiled imports is answered request by
 * request; once all of a graph is, its modules are whole, and the engine links
 * and evaluates them.
 */
void tenon_p_runtime_set_import(
    JSRuntime *rt,
    void (*import)(JSContext *ctx, const char *referrer, const char *specifier,
                   JSValueConst attributes, JSValueConst *resolving_funcs));
/* One that was imported with these attributes, or none; NULL when there is none
 * or, with an exception, no memory. */
JSModuleDef *tenon_p_module_find_with(JSContext *ctx, JSAtom name,
                                      JSValueConst attributes);
/* It was imported with these, unless it has some: they tell it from others of its
 * name. */
void tenon_p_module_ask_by(JSContext *ctx, JSModuleDef *m,
                           JSValueConst attributes);
int tenon_p_module_request_count(const JSModuleDef *m);
/* The answer to the request with this number, if there is one, or what it is
 * for: borrowed. */
JSModuleDef *tenon_p_module_request(const JSModuleDef *m, int i,
                                    JSAtom *specifier,
                                    JSValueConst *attributes);
void tenon_p_module_answer(JSModuleDef *m, int i, JSModuleDef *found);
/* The pending exception is that of a request: it says where that stands. */
void tenon_p_module_blame(JSContext *ctx, JSModuleDef *m, int i);
bool tenon_p_module_is_whole(const JSModuleDef *m);
void tenon_p_module_set_whole(JSModuleDef *m);
/* Those in JavaScript are no more, and what they were an answer to is asked again.
 * None of them is whole. */
void tenon_p_modules_forget(JSContext *ctx, JSModuleDef **all, size_t count);
/* What import() does with a module that is whole: evaluates it and settles with
 * its namespace. Leaves no exception. */
void tenon_p_module_import(JSContext *ctx, JSModuleDef *m,
                           JSValueConst *resolving_funcs);

/* Enqueues a job that throws `error`; consumed. */
void tenon_p_throw_later(JSContext *ctx, JSValue error);

#endif
