/**
 * @file
 * A JavaScript runtime in a C program: one heap, one global object, one loop.
 *
 * A runtime belongs to the thread that made it; calls from others return
 * TENON_ETHREAD, but where a function says `[thread: any]`. Another thread may
 * take it over between two calls (<tenon/loop.h>). Several runtimes, also in one
 * thread, know nothing of each other.
 */
#ifndef TENON_RUNTIME_H
#define TENON_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tenon/allocator.h>
#include <tenon/descriptor.h>
#include <tenon/error.h>
#include <tenon/version.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tenon_runtime tenon_runtime;
struct uv_loop_s;

/** Set `size` to sizeof(tenon_options); what is 0 takes its default. */
typedef struct tenon_options {
  size_t size;
  /** Bytes of engine memory, ArrayBuffers, Tenon's own structures and native
   * memory that objects own, of this runtime together. A collection is tried
   * before an allocation is refused; then scripts see an InternalError, `out of
   * memory`. 0: no limit. */
  size_t memory_limit_bytes;
  /** Bytes of C stack that scripts may use, from where the host calls in.
   * Deeper recursion is a RangeError. 0: 1 MiB. The host sees to it that the
   * thread's stack is larger by 256 KiB. */
  size_t stack_limit_bytes;
  /** process.argv, from [0] on. Copied. NULL: an empty array. */
  const char *const *args;
  size_t arg_count;
  /** What memory_limit_bytes refuses ends the program, as
   * tenon_runtime_terminate does, instead of throwing an error that scripts
   * may catch. tenon_runtime_limit says so then. */
  bool ends_at_memory_limit;
  /** Bytes of native memory that objects of this runtime may own: what
   * modules report, and ArrayBuffers whose memory is theirs. Refused as by
   * memory_limit_bytes, which counts it too; ends_at_memory_limit holds for
   * both. Garbage is collected, and its finalizers are run, before. 0: none. */
  size_t external_limit_bytes;
  /** Where the memory of this runtime comes from. Borrowed and copied; what it
   * points at lives as long as the runtime. NULL: malloc. */
  const tenon_allocator *allocator;
  /** A loop of libuv that is the host's, which runs it, in the calling thread:
   * see <tenon/loop.h>. Borrowed; outlives the runtime. NULL: the runtime has
   * one for itself, which tenon_runtime_run runs. */
  struct uv_loop_s *loop;
} tenon_options;

/** How something is told. */
typedef enum tenon_form {
  TENON_FORM_TEXT,  /**< plain, for people */
  TENON_FORM_COLOR, /**< the same with colours, for a terminal (ECMA-48 SGR) */
  TENON_FORM_JSON   /**< one object in one line, for tools */
} tenon_form;

/* tenon_runtime_new, with the version that the caller was compiled against. */
TENON_API TENON_MUST_CHECK int tenon_p_runtime_new(const tenon_options *options,
                                                   int version,
                                                   tenon_runtime **out);

/**
 * Make a runtime, owned by the calling thread.
 *
 * @param options   borrowed; NULL for the defaults
 * @param[out] out  the runtime, freed by tenon_runtime_free; NULL on failure
 * @return 0, TENON_ENOMEM, TENON_EINVAL (the size of the options or of the
 *         allocator is not one that this library knows, a function of the
 *         allocator is missing), TENON_EVERSION (the library is older than the
 *         headers), a code of libuv (no file descriptors left)
 *
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_MUST_CHECK static inline int tenon_runtime_new(
    const tenon_options *options, tenon_runtime **out)
{
  return tenon_p_runtime_new(options, TENON_VERSION, out);
}

/**
 * Free a runtime and everything in it. NULL is fine. Open operations are
 * ended: queued work of the thread pool is dropped, running work is waited
 * for, timers stop, deferreds are told (tenon_deferred_on_close); no Promise is
 * settled and no script runs. Handles that native code left open on the loop
 * are closed. Called while a function of the runtime is on the stack, or from
 * another thread, it does nothing (an assertion in debug builds).
 * <tenon/close.h> has a choice about the running work.
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API void tenon_runtime_free(tenon_runtime *rt);

/**
 * Make the functions of a module importable: `import * as m from 'name'`.
 *
 * @param rt     borrowed
 * @param name   what stands behind `from`; copied. Not empty, not beginning
 *               with '.' or '/', and without ':'
 * @param entry  tenon_module_v1 of the program or of a loaded shared object,
 *               or the function of a named module. The code must stay loaded
 *               as long as the process runs.
 * @return 0, TENON_EINVAL, TENON_EEXIST, TENON_EABI (a descriptor of another
 *         format, an unknown type, two functions of one name), TENON_ENOMEM
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_add_module(
    tenon_runtime *rt, const char *name, tenon_module_entry *entry);

/**
 * Evaluate a classic script, and the jobs that it enqueues.
 *
 * @param rt    borrowed
 * @param src   `len` bytes of UTF-8, NUL not needed; copied
 * @param name  for stack traces, and what import() is relative to when it is
 *              a path (it holds a '/') or a file: URL; copied.
 *              NULL: "<script>"
 * @return 0, TENON_EEXCEPTION, TENON_ENOMEM, TENON_ETERMINATED, TENON_EEXIT
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_eval_script(tenon_runtime *rt,
                                                         const char *src,
                                                         size_t len,
                                                         const char *name);

/**
 * Evaluate an ES module up to its first await; tenon_runtime_run does the
 * rest. Parameters and results are those of tenon_runtime_eval_script; `name`
 * becomes import.meta.url when it is a path or a URL.
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_eval_module(tenon_runtime *rt,
                                                         const char *src,
                                                         size_t len,
                                                         const char *name);

/**
 * Evaluate a program that is a script, unless only a module can be written so
 * (import, export, import.meta, await at the top). Parameters and results are
 * those of tenon_runtime_eval_script and tenon_runtime_eval_module.
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_eval(tenon_runtime *rt,
                                                  const char *src, size_t len,
                                                  const char *name);

/**
 * Evaluate a script and tell its value as console.log shows it; `await` is fine
 * at its top, import and export are not. A Promise that is the value is shown
 * and not awaited.
 *
 * @param form   TENON_FORM_TEXT or TENON_FORM_COLOR
 * @param shown  called once, with `len` bytes of UTF-8 and a NUL, borrowed; from
 *               inside of this call, or of tenon_runtime_run where the script
 *               awaits. Not when it throws, nor when it never ends
 * @param data   handed to `shown`
 * @return as tenon_runtime_eval_script; TENON_EBUSY while the script of a call
 *         before still awaits, TENON_EINVAL
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_eval_shown(
    tenon_runtime *rt, const char *src, size_t len, const char *name,
    tenon_form form, void (*shown)(void *data, const char *text, size_t len),
    void *data);

/**
 * Run a program: evaluate the file, then the loop until nothing is left to do.
 * `.mjs` is a module, `.cjs` CommonJS; `.js` is what the nearest package.json
 * says ("type"), and without that CommonJS unless only a module can be written
 * so (import, export, import.meta, await at the top), as in node. What its top
 * throws is reported as tenon_runtime_report does.
 *
 * @param path  a path, relative to the working directory; copied
 * @return as tenon_runtime_run; TENON_EEXCEPTION also when the file or one of
 *         its imports cannot be read
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_run_file(tenon_runtime *rt,
                                                      const char *path);

/**
 * Report the pending exception as one that nobody caught: the program is asked
 * by its event `error`, as it is about errors in callbacks. For a host that
 * evaluated the program itself, before tenon_runtime_run. Exceptions that
 * tenon_runtime_run and tenon_runtime_run_file leave pending were reported: the
 * program is not asked again.
 *
 * @return 0 (none was pending, or a handler prevented the default: none is
 *         any more), TENON_EEXCEPTION (it is still pending, or another one
 *         that came of asking), TENON_ENOMEM, TENON_ETERMINATED, TENON_EEXIT
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_report(tenon_runtime *rt);

/**
 * Run the loop until nothing is left to do. An error that no script caught,
 * and a rejection that got no handler in the turn it happened, end it early
 * unless a handler of the program's event `error` or `unhandledrejection`
 * prevented it; called again, it goes on with the rest.
 *
 * @return 0; TENON_EEXCEPTION; TENON_EUNSETTLED (nothing is left to do, but a
 *         module still waits at its top); TENON_EEXIT (process.exit was
 *         called: tenon_runtime_exit_code has the code); TENON_ETERMINATED;
 *         TENON_EBUSY (called from inside of itself)
 *
 * [thread: loop] [js: runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_run(tenon_runtime *rt);

/**
 * Where modules wait at their top: the places of the awaits (`for await` at its
 * `for`) that a module is held at itself, not those of the modules that import
 * it, one a line: `URL:LINE:COLUMN`. For a message after TENON_EUNSETTLED.
 * NULL when none waits, and when memory does not suffice. Borrowed: valid until
 * the next call into `rt`.
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API const char *tenon_runtime_waiting(tenon_runtime *rt);

/**
 * The pending exception as text: name, message and stack of an Error, what
 * String() says of other values; a module's syntax error with its place.
 * NULL when none is pending. Borrowed: valid until the next call into `rt`.
 *
 * [thread: loop] [js: runs, for a thrown object's own getters] [since 0.1]
 */
TENON_API const char *tenon_runtime_exception(tenon_runtime *rt);

/**
 * What there is to say about the last result of a call that ran scripts, as the
 * command `tenon` says it:
 *
 * - TENON_EEXCEPTION: the pending exception with the source line of its place,
 *   its causes, and a hint for the usual mistakes; NULL when none is pending
 * - TENON_ETERMINATED after a limit: which one, and how much it was
 * - TENON_EUNSETTLED: where modules wait, with the source lines; what a host
 *   awaits has no place
 * - others: tenon_strerror
 *
 * Lines of files are read again from the file. The members of the JSON forms
 * are in docs/command.md.
 *
 * @param result  what the call returned
 * @return without a line end; borrowed, valid until the next call into `rt`.
 *         When memory does not suffice, a shorter text
 *
 * [thread: loop] [js: runs, for a thrown object's own getters] [since 0.1]
 */
TENON_API const char *tenon_runtime_explain(tenon_runtime *rt, int result,
                                            tenon_form form);

/** Forget the pending exception. [thread: loop] [js: never runs] [since 0.1] */
TENON_API void tenon_runtime_clear_exception(tenon_runtime *rt);

/**
 * End the program: the running script is left by an error that it cannot
 * catch, no job or callback starts, and calls that run scripts return
 * TENON_ETERMINATED until tenon_runtime_resume. A loop that waits wakes up.
 * The caller sees to it that `rt` is not freed meanwhile.
 *
 * [thread: any; also from a signal handler] [js: never runs] [since 0.1]
 */
TENON_API void tenon_runtime_terminate(tenon_runtime *rt);

/** What limits a runtime. The first ones may end a program by themselves; the
 * others refuse what is too much. <tenon/limits.h> sets them. */
typedef enum tenon_limit {
  TENON_LIMIT_NONE,
  TENON_LIMIT_MEMORY,   /**< options.ends_at_memory_limit, or a call's */
  TENON_LIMIT_TIME,     /**< tenon_runtime_set_time_limit, or a call's */
  TENON_LIMIT_CPU,      /**< CPU time, of the runtime or of a call */
  TENON_LIMIT_EXTERNAL, /**< native memory that objects own: told as MEMORY
                             where it ends a program */
  TENON_LIMIT_STACK,
  TENON_LIMIT_OPERATIONS, /**< open ones */
  TENON_LIMIT_HANDLES     /**< open operations that are handles of the loop */
} tenon_limit;

/**
 * End the program, as tenon_runtime_terminate does, when it still runs or waits
 * in `limit_ms` milliseconds of wall-clock time from now. A builtin of the
 * engine that takes long, and a native function, are waited for.
 *
 * @param limit_ms  0: no limit (any more)
 * @return 0, TENON_ETHREAD
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_set_time_limit(tenon_runtime *rt,
                                                            uint64_t limit_ms);

/**
 * Which limit has ended the program: what TENON_ETERMINATED was returned for.
 * TENON_LIMIT_NONE after tenon_runtime_terminate, and while nothing has.
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API tenon_limit tenon_runtime_limit(tenon_runtime *rt);

/**
 * Take back tenon_runtime_terminate, process.exit, or a limit that was reached:
 * scripts may run again. Jobs that had not started are still there. A time
 * limit that was reached is gone.
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API void tenon_runtime_resume(tenon_runtime *rt);

/**
 * What the program wants as its exit code: the argument of process.exit, else
 * process.exitCode, else 0; 0 to 255.
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API int tenon_runtime_exit_code(tenon_runtime *rt);

/** Bytes as memory_limit_bytes counts them. */
typedef struct tenon_memory {
  size_t used_bytes, limit_bytes;
} tenon_memory;

/**
 * How much memory a runtime uses now.
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API tenon_memory tenon_runtime_memory(tenon_runtime *rt);

/** What the bytes of a runtime are. Set `size` to sizeof(tenon_memory_usage). */
typedef struct tenon_memory_usage {
  size_t size;           /**< and on return: the bytes that were filled in */
  size_t used_bytes;     /**< the three below together */
  size_t limit_bytes;    /**< options.memory_limit_bytes */
  size_t engine_bytes;   /**< values, code, ArrayBuffers of scripts */
  size_t own_bytes;      /**< Tenon's structures */
  size_t external_bytes; /**< native memory that objects own */
  size_t external_limit_bytes; /**< options.external_limit_bytes */
  uint64_t collections;        /**< full collections since the beginning */
} tenon_memory_usage;

/**
 * How much memory a runtime uses now, and for what.
 *
 * @param[in,out] out  the caller's; unchanged on failure
 * @return 0, TENON_ETHREAD, TENON_EINVAL (out->size is smaller than any that
 *         this library knows; of a larger one the rest is left as it is)
 *
 * [thread: loop] [js: never runs] [since 0.1]
 */
TENON_API TENON_MUST_CHECK int tenon_runtime_memory_usage(
    tenon_runtime *rt, tenon_memory_usage *out);

/** Run a full collection. [thread: loop] [js: never runs] [since 0.1] */
TENON_API void tenon_runtime_collect(tenon_runtime *rt);

#ifdef __cplusplus
}
#endif

#endif
