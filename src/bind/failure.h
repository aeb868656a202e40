/*
 * Why a call fails: what native code said of it, or a value that a script
 * threw. An error object is made of it where one is wanted, on the loop.
 *
 * One that holds a value, itself or as a cause, belongs to the loop's thread;
 * others may go through any.
 */
#ifndef TENON_BIND_FAILURE_H
#define TENON_BIND_FAILURE_H

#include <stdarg.h>
#include <tenon/descriptor.h>

#include "engine/engine.h"
#include "engine/native.h"

/* Something to do when a call is over. */
struct tenon_p_cleanup {
  tenon_p_cleanup *next;
  void (*fn)(void *); /* NULL: taken back */
  void *p;
};

struct tenon_p_failure {
  tenon_p_cleanup cleanup; /* for whoever keeps it until the end of a call */
  tenon_p_failure *cause;  /* owned; of a value there is none */
  tenon_p_failure *effect; /* what it is the cause of */
  tenon_p_list link; /* of a call off the loop: in tenon_p_engine.failures */
  JSRuntime *rt;     /* atomic: of `value`; NULL: the rest describes it */
  JSValue value;
  int error_class, error;
  char *message; /* owned */
  /* NULL: not there. In one block with this. */
  const char *code, *syscall, *path, *dest;
};

/*
 * `format` may be NULL for a system error, whose text is then made of the rest
 * as node makes it. NULL: out of memory, or that is what `f` says. The flags are
 * the caller's to look at.
 */
tenon_p_failure *tenon_p_failure_new(const tenon_failure *f, const char *format,
                                     va_list ap);
/* Of a value, which is consumed; NULL when out of memory. */
tenon_p_failure *tenon_p_failure_of_value(JSContext *ctx, JSValue v);
/* For a value of another runtime; NULL when out of memory. */
tenon_p_failure *tenon_p_failure_foreign(void);
/* With its causes; NULL is fine. */
void tenon_p_failure_free(tenon_p_failure *f);

/* `f` with this cause, which goes with it when `f` is a lack of memory; NULL is
 * fine. */
tenon_p_failure *tenon_p_failure_caused(tenon_p_failure *f,
                                        tenon_p_failure *cause);

/* One with a value, of a call that runs off the loop: the value goes with the
 * runtime, at the latest, and what is left is a failure of another one. */
void tenon_p_failure_lend(tenon_p_engine *e, tenon_p_failure *f);
/* The end of a runtime; calls that were abandoned may be using them. */
void tenon_p_failures_end(tenon_p_engine *e);

/* The runtime of a value that it holds; NULL when it holds none. */
JSRuntime *tenon_p_failure_runtime(const tenon_p_failure *f);

/* What is to be thrown; owned. NULL is a lack of memory, a value of another
 * runtime an Error. JS_EXCEPTION when an error cannot be made. */
JSValue tenon_p_failure_error(JSContext *ctx, const tenon_p_failure *f);
/* Throws it: JS_EXCEPTION. */
JSValue tenon_p_throw_failure(JSContext *ctx, const tenon_p_failure *f);

#endif
