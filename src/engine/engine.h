/*
 * One JavaScript heap and its realms: limits, jobs, termination, and errors
 * that nobody caught. Used by its thread alone, but tenon_p_engine_terminate.
 *
 * Invariants
 * - Scripts run between tenon_p_engine_enter and _leave only; when the
 *   outermost _leave returns no job is pending, but after a termination or an
 *   error in a tick (engine/tick.h).
 * - Of the promises that are rejected and have no handler, each is in `rejected`
 *   or `batch`, or the program was asked about it.
 * - A state that an upper layer attached lives until all realms are gone, and
 *   ends in the reverse order of its attachment.
 */
#ifndef TENON_ENGINE_ENGINE_H
#define TENON_ENGINE_ENGINE_H

#include <quickjs.h>

#include "base/base.h"
#include "base/out.h"
#include "base/thread.h"
#include "engine/extension.h"
#include "engine/limit.h"
#include "engine/tick.h"
#include "heap/heap.h"

typedef struct tenon_p_realm tenon_p_realm;           /* engine/realm.h */
typedef struct tenon_p_finalizer tenon_p_finalizer;   /* engine/finalize.h */
typedef struct tenon_p_finalizers tenon_p_finalizers; /* engine/external.h */

/* What an upper layer keeps for a runtime, found by the address of its type. */
typedef struct tenon_p_state_type {
  const char *name;
  /* Stop what runs; scripts cannot be called any more. May be NULL. */
  void (*close)(tenon_p_engine *e, void *state);
  /* Let go of JavaScript values; the realms still live. May be NULL. */
  void (*release)(tenon_p_engine *e, void *state);
  /* All realms are gone; free the memory. May be NULL. */
  void (*free)(tenon_p_engine *e, void *state);
  /* A realm is closed, and it is not the runtime that ends: nothing that was
   * begun in it may come back to it. May be NULL. */
  void (*close_realm)(tenon_p_engine *e, void *state, tenon_p_realm *r);
} tenon_p_state_type;

typedef struct tenon_p_state {
  struct tenon_p_state *next;
  const tenon_p_state_type *type;
  void *data;
} tenon_p_state;

/* Promises in the order they came; those before `next` are gone. */
typedef struct tenon_p_promises {
  struct tenon_p_promise {
    JSValue value;
    JSContext *ctx; /* counted: the realm that is asked about it */
  } * data;
  size_t count, capacity, next;
} tenon_p_promises;

typedef struct tenon_p_uncaught {
  JSValue error;
  bool is_rejection; /* of a promise that has no handler */
} tenon_p_uncaught;

/* Who is asked before something counts as uncaught, in the realm that it comes
 * from, and so may run scripts. Called entered, with no exception pending, and
 * leaves none. */
typedef struct tenon_p_reporter {
  /* Did the program take care of it? */
  bool (*is_handled_error)(JSContext *ctx, JSValueConst error);
  bool (*is_handled_rejection)(JSContext *ctx, JSValueConst promise,
                               JSValueConst reason);
  /* A promise that is_handled_rejection was asked about has got a handler;
   * called at the end of that turn. */
  void (*on_late_handler)(JSContext *ctx, JSValueConst promise,
                          JSValueConst reason);
} tenon_p_reporter;

struct tenon_p_engine {
  JSRuntime *rt;
  JSContext *ctx;        /* of the main realm */
  tenon_p_realm *realm;  /* the main one; NULL until it is there */
  tenon_p_list realms;   /* of tenon_p_realm.link: whose context is there */
  tenon_p_list released; /* of tenon_p_realm.released */
  uint64_t thread;       /* base/thread.h: whose it is */
  tenon_p_heap heap;
  tenon_p_state *states;            /* last attached first */
  const tenon_p_reporter *reporter; /* may be NULL */
  tenon_p_promises rejected;        /* in this turn; some have a handler now */
  tenon_p_promises batch;           /* those that are being asked about */
  tenon_p_promises late;            /* those that got a handler too late */
  tenon_p_ticks ticks;              /* engine/tick.h */
  struct {
    tenon_p_finalizer *first, *last; /* `last` is unset while there is none */
  } gone;                            /* what is to be finalized */
  struct {
    tenon_p_uncaught *data;
    size_t count, capacity;
  } uncaught;            /* what nobody caught, first one first */
  tenon_p_list failures; /* bind/failure.h: those of calls off the loop that
                            hold a value */
  size_t stack_limit_bytes;
  /* engine/limit.h. */
  tenon_p_budget own;     /* the runtime's limits */
  tenon_p_budget *budget; /* the innermost one */
  uint64_t last_budget;   /* the id of the last one that was begun */
  uint64_t deadline_ns;   /* of tenon_p_engine_now_ns; 0: none */
  tenon_p_cpu cpu;
  tenon_p_reached reached; /* the limit that has ended the program */
  uint64_t polled_ns;      /* when the engine asked last; 0: not in this turn */
  int poll_every;          /* it asks after so many polls */
  int termination;         /* atomic: enum tenon_p_termination */
  int is_told_to_end;      /* atomic: by the host, be it ended already or not */
  int exit_code;           /* of process.exit; process.exitCode; else 0 */
  uint32_t depth;          /* of entries on the stack */
  struct tenon_p_engine *entered; /* that this thread was in before */
  uint64_t entries;               /* how often it was entered from outside */
  bool ends_at_memory_limit;      /* instead of an error that scripts catch */
  bool is_injecting;              /* each allocation is put to base/alloc.h */
  bool is_closing;
  bool is_finalizing; /* nothing is finalized inside of that */
  /* The runtime is a host's, which made it, frees it, and executes its jobs;
   * limits, stack, exceptions and rejections are its own. */
  bool is_guest;
  bool has_lost_error; /* no memory to remember one: ends a run too */
  /* engine/external.h. */
  bool has_waiting;      /* finalizers wait, as far as is known */
  bool is_finalizer_due; /* run them at the next place where that is safe */
  bool is_tried; /* to make room by finalizers alone, without a collection */
  bool is_external_refused;       /* external_limit_bytes was in the way */
  tenon_p_finalizers *finalizers; /* last added first */
  uint64_t collections;           /* since the engine was made */
  /* Is told, when states are freed, of a callback that native code has not
   * released: where it kept it, and what it was. NULL: nobody. */
  void (*on_kept)(tenon_p_engine *e, const void *address, const char *text);
  bool is_telling; /* a host's function takes a dump or a trace */
  uint32_t traces; /* engine/debug.h: what is told, by `tracer` */
  tenon_p_writer tracer;
  void (*trace_write)(void *data, const char *text, size_t len);
  void *trace_data;
  /* Called by tenon_p_engine_terminate, on its thread. May be NULL. */
  void (*wake)(void *p);
  void *wake_data;
  /* Called behind the outermost _leave. May be NULL. */
  void (*on_left)(tenon_p_engine *e);
  /* Ticks and jobs were left to the next turn, which is to come. May be NULL. */
  void (*on_put_off)(tenon_p_engine *e);
};

/* The limits of tenon_options. 0 or an error code; *out is NULL then. */
typedef struct tenon_p_limits {
  size_t memory_bytes, stack_bytes;
  size_t external_bytes;
  bool ends_at_memory_limit;
  const tenon_allocator *allocator; /* an accepted one, or NULL */
} tenon_p_limits;
int tenon_p_engine_new(const tenon_p_limits *limits, tenon_p_engine **out);
/* NULL is fine. Ends the states, then the realms. */
void tenon_p_engine_free(tenon_p_engine *e);

/*
 * An engine in the runtime of a host, whose context it holds. It is found from
 * that runtime once it has moved in: tenon_p_engine_move_in, 0 or TENON_ENOMEM,
 * is the last step, and from then on the engine is freed with the runtime.
 * Before that, tenon_p_engine_free does it.
 */
int tenon_p_engine_new_guest(JSContext *ctx, tenon_p_engine **out);
int tenon_p_engine_move_in(tenon_p_engine *e, const tenon_p_guest_hooks *hooks);
/* For `before_free` of these hooks. */
void tenon_p_engine_move_out(tenon_p_engine *e);

/*
 * Give it away, and take it, outside of everything: another thread goes on with
 * it. The second one fails when it is somebody's, be it the caller's.
 */
void tenon_p_engine_detach(tenon_p_engine *e);
bool tenon_p_engine_attach_thread(tenon_p_engine *e);
/* Is it the calling thread's? Any thread. */
static inline bool tenon_p_engine_is_here(const tenon_p_engine *e)
{
  return tenon_p_thread_owns(&e->thread);
}

/* The engine of a context; NULL in a runtime that is a host's and that was not
 * moved into. */
tenon_p_engine *tenon_p_engine_of(JSContext *ctx);

/* Attach a state; `data` is taken on success only. 0 or TENON_ENOMEM. */
int tenon_p_engine_attach(tenon_p_engine *e, const tenon_p_state_type *type,
                          void *data);
/* NULL when there is none. */
void *tenon_p_engine_get(const tenon_p_engine *e,
                         const tenon_p_state_type *type);

/*
 * Around every call into JavaScript from the host's side. _enter fails with
 * TENON_ETERMINATED, TENON_EEXIT, TENON_ECLOSING, or TENON_EBUSY where too many
 * engines call each other or a host takes a dump, and then wants no _leave.
 * The outermost _leave runs the jobs and what is to be finalized, and sorts out
 * the rejections, until there are none; a guest leaves both to the host. While
 * an error waits to be taken the program is not asked about rejections that
 * came of asking: they have their turn at the next _leave.
 */
int tenon_p_engine_enter(tenon_p_engine *e);
/* The innermost one that this thread is in; NULL: in none. Guests are known
 * only while they are entered by native code. */
extern _Thread_local tenon_p_engine *tenon_p_engine_entered
    __attribute__((tls_model("initial-exec")));
void tenon_p_engine_leave(tenon_p_engine *e);
/* Leaves the jobs and rejections to the next _leave: for a look at a value,
 * which is no turn of the program. */
void tenon_p_engine_leave_quietly(tenon_p_engine *e);

/* Take the context's exception as one that nobody caught in the main realm: for
 * errors in callbacks; engine/realm.h has it for others. A guest throws it in a
 * job, and so to the host. The reporter is asked, which may run scripts, and
 * what it has not handled is one of the uncaught errors. After a termination it
 * is dropped. Called entered. */
void tenon_p_engine_take_exception(tenon_p_engine *e);
/* Ask the reporter alone: is it handled? False after a termination. */
bool tenon_p_engine_report(tenon_p_engine *e, JSValueConst error);

/* Somebody has taken this reason after all: it is no uncaught error. */
void tenon_p_engine_forget_rejection(tenon_p_engine *e, JSValueConst reason);

/* Was the program told to end, and why? */
enum tenon_p_termination tenon_p_engine_termination(const tenon_p_engine *e);
/* The same as a code: 0, TENON_ETERMINATED or TENON_EEXIT. */
int tenon_p_engine_status(const tenon_p_engine *e);
/* [thread: any; signal handlers] */
void tenon_p_engine_terminate(tenon_p_engine *e, enum tenon_p_termination why);
/* The same, and was it this that has ended it? */
bool tenon_p_engine_end(tenon_p_engine *e, enum tenon_p_termination why);
/* Scripts may run again. What a limit did is taken back alone by _take_back:
 * where the host has said so, too, the program stays ended. */
void tenon_p_engine_resume(tenon_p_engine *e);
void tenon_p_engine_take_back(tenon_p_engine *e);

/* May Tenon's own structures grow by `size`, at a script's wish? Asked before
 * tenon_p_heap_alloc, which knows no limit; collects garbage before it says
 * no. Entered. */
bool tenon_p_engine_admits(tenon_p_engine *e, size_t size);
/* Bytes as the limit counts them. */
size_t tenon_p_engine_used(const tenon_p_engine *e);

#endif
