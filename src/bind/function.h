/*
 * Described functions as functions of JavaScript.
 *
 * What runs off the loop, or ends later, is a task: the call, its arguments
 * and the Promise, in memory that the layer above allocates, schedules and
 * gives back to tenon_p_task_settle.
 */
#ifndef TENON_BIND_FUNCTION_H
#define TENON_BIND_FUNCTION_H

#include <tenon/descriptor.h>

#include "bind/call.h"
#include "bind/names.h"
#include "bind/options.h"
#include "engine/engine.h"

typedef struct tenon_p_export tenon_p_export;
typedef struct tenon_p_module tenon_p_module;
typedef struct tenon_p_task tenon_p_task;

/* A module of descriptors, as a runtime has it (bind/exports.h). */
struct tenon_p_module {
  const char *name; /* that programs import it by; NULL: none is known */
  const tenon_module *descriptor;
  const struct tenon_p_schedule *schedule;
  tenon_p_gate *gate; /* of a serial one, unless that has to lock; or NULL */
  uint32_t count;
  tenon_p_export *exports;             /* sorted by name */
  struct tenon_p_class_table *classes; /* bases first */
  uint32_t class_count;
  tenon_p_export *default_export; /* one of them; NULL: not said */
  bool has_default_object;
};

/* Its entry may be called meanwhile, by another runtime's thread, and says again
 * what this is. */
static inline uint32_t tenon_p_threads_of(const tenon_module *m)
{
  return __atomic_load_n(&m->threads, __ATOMIC_RELAXED);
}

/* A native of this layer points at one of these. */
typedef struct tenon_p_binding tenon_p_binding;

/* What a member of a class has besides. */
typedef struct tenon_p_own {
  tenon_function function;  /* the binding's: by its own name in messages */
  const tenon_field *field; /* of an accessor of T's own */
  void (*hook)(void *self, void *out); /* of what disposes of T; or NULL */
  tenon_field params[2];               /* its parameters */
  tenon_type self;                     /* of the first */
  char label[];
} tenon_p_own;

struct tenon_p_binding {
  const tenon_function *function;
  const tenon_p_module *module;
  tenon_p_names names;
  bool is_async_twin;
  bool reads_twice; /* bytes stand before what may run scripts */
  bool has_any;     /* handles are made for it */
  bool ends;        /* its Promise is fulfilled once `this` was disposed of */
  struct tenon_p_iteration *iteration; /* `function` is its step */
  struct tenon_p_own *own;             /* of a member of a class; else NULL */
  const char *name;                    /* static: its property `name` */
  /* The function object is gone; NULL: its binding is freed. */
  void (*gone)(JSRuntime *rt, tenon_p_binding *b);
  /* Marks what the function holds besides; or NULL. */
  void (*mark)(JSRuntime *rt, const tenon_p_binding *b, JS_MarkFunc *mark);
};

/* A function that is a member of a class. */
typedef struct tenon_p_method {
  const tenon_function *function;
  const char *label; /* in messages: copied */
  const char *name;  /* its property `name`: lives as the module */
  const tenon_p_class *self_class; /* of `this`; NULL: it takes none */
  tenon_p_class *makes;            /* of a constructor */
  bool measures;
  bool looks; /* may have no value, as tenon_p_native's */
  /* In place of a function: an accessor of this. */
  const tenon_field *field;
  const tenon_class *self;
  bool sets;
  bool is_accessor; /* nobody calls it by a name */
  bool disposes;    /* in place of a function: disposes of a `self` */
  void (*hook)(void *self, void *out); /* before it does; or NULL */
  bool ends;     /* disposes of `this` when its Promise is fulfilled */
  bool iterates; /* `function` is a step: see bind/iterator.h */
} tenon_p_method;

struct tenon_p_task {
  tenon_p_engine *engine;
  const tenon_p_binding *binding;
  JSContext *ctx;    /* counted */
  JSValue function;  /* keeps the binding */
  JSValue settle[2]; /* resolve, reject */
  JSValue thrown;    /* what it is rejected by, or fulfilled */
  bool has_thrown;   /* `thrown` is set */
  bool is_converted; /* it is what the Promise is fulfilled by */
  bool has_result;   /* nobody has taken it yet */
  tenon_p_call call;
  void *args, *result;
};

/* How tasks are run; set by the loop layer. */
typedef struct tenon_p_schedule {
  /* A zeroed task; NULL when out of memory. */
  tenon_p_task *(*new_task)(tenon_p_engine *e, const tenon_function *f);
  /* May one more of them begin? 0, or -1 with an exception. */
  int (*admit)(JSContext *ctx, const tenon_function *f);
  /* Gives back a task that was not started. */
  void (*drop_task)(tenon_p_engine *e, const tenon_function *f,
                    tenon_p_task *t);
  /* Starts it: 0, or -1 with an exception, and it is as it was. */
  int (*start)(tenon_p_task *t, const tenon_p_call_options *o);
  /* Around a call on the loop of a function of a `serial` module. */
  void (*lock)(const tenon_module *m);
  void (*unlock)(const tenon_module *m);
} tenon_p_schedule;

/* What a function that is no member is called by, all zero before: 0, or -1
 * with an exception and nothing is held. */
int tenon_p_binding_init(JSContext *ctx, tenon_p_binding *b,
                         const tenon_p_module *m, const tenon_function *f);
/* A function object of it, which is taken, also on failure. `context` is that of
 * the arguments, and of such a function there is no `.async`; or NULL. */
JSValue tenon_p_binding_function(JSContext *ctx, tenon_p_binding *b,
                                 void *const *context);

/* A function object; `m` outlives it. */
JSValue tenon_p_function_new(JSContext *ctx, const tenon_p_module *m,
                             const tenon_function *f);
JSValue tenon_p_method_new(JSContext *ctx, const tenon_p_module *m,
                           const tenon_p_method *method);

/* May what runs later begin in this realm? 0, or -1 with an exception. */
int tenon_p_check_realm(JSContext *ctx, const tenon_function *f);

/*
 * Let a task that nobody else settles fail; `f` is consumed, NULL a lack of
 * memory. One with a value only on the loop's thread, entered: other threads may
 * free what is left of the task.
 */
void tenon_p_task_fail(tenon_p_task *t, tenon_p_failure *f);
/*
 * Settle the Promise of a task by its result or failure. The loop's thread,
 * entered; what it throws is a lack of memory and rejects or is dropped.
 * tenon_p_task_release is called afterwards.
 */
void tenon_p_task_settle(tenon_p_task *t);
/* Its result is made a value of JavaScript at once: what cannot be one is what
 * the Promise is rejected by. The loop's thread; its values are there. */
void tenon_p_task_convert(tenon_p_task *t);
/* Reject its Promise by a value; whoever settles it later is not heard. Entered. */
void tenon_p_task_reject(tenon_p_task *t, JSValueConst reason);
/* In place of tenon_p_task_settle, of one that was rejected so and has ended. */
void tenon_p_task_discard(tenon_p_task *t);
/* Its result was made, and goes to nobody. The loop's thread, before its values
 * are released. */
void tenon_p_task_drop_result(tenon_p_task *t);
/* Free what the task holds; nothing is settled by it. */
void tenon_p_task_release(tenon_p_task *t);
/* Only its JavaScript values; the arguments stay. */
void tenon_p_task_release_values(tenon_p_task *t);

#endif
