/*
 * Native functions in JavaScript: objects of a class of our own. Their call
 * walks a table that was prepared from a descriptor, with the engine's
 * internals at hand, and turns to the layer above for everything that is not
 * common: other kinds of values, errors, Promises.
 *
 * Knows nothing of descriptors; src/bind prepares the tables.
 */
#ifndef TENON_ENGINE_NATIVE_H
#define TENON_ENGINE_NATIVE_H

#include <quickjs.h>

#include "base/base.h"
#include "engine/instance.h"

/* The largest result of the walk, in bytes. */
#define TENON_P_NATIVE_RESULT 64

/* How the walk reads a parameter or writes a result. */
enum tenon_p_op {
  TENON_P_OP_OTHER, /* by ops->read and ops->write */
  TENON_P_OP_NONE,
  TENON_P_OP_BOOL,
  TENON_P_OP_I32,
  TENON_P_OP_I64,
  TENON_P_OP_F64,
  TENON_P_OP_STR,
  TENON_P_OP_BYTES,
  TENON_P_OP_DEFAULT, /* undefined is an absent bit, else ops->read */
  /* These are read and written out of line. */
  TENON_P_OP_I8,
  TENON_P_OP_U8,
  TENON_P_OP_I16,
  TENON_P_OP_U16,
  TENON_P_OP_U32,
  TENON_P_OP_U64,
  TENON_P_OP_F32,
  TENON_P_OP_CSTR,
  TENON_P_OP_BIG_I64,
  TENON_P_OP_BIG_U64,
  TENON_P_OP_MADE, /* of a constructor: what the new instance owns */
  /* Together with the one of a value, of a parameter: a pointer to it. */
  TENON_P_OP_OPT = 32,
  TENON_P_OP_NULLABLE = 64
};

typedef struct tenon_p_cleanup tenon_p_cleanup;
typedef struct tenon_p_failure tenon_p_failure;
typedef struct tenon_p_chunk tenon_p_chunk;

/*
 * One call of a native function: its memory and its failure. On the C stack
 * for a call on the loop, inside of a task for others. bind/call.h works on it.
 */
enum tenon_p_calling {
  TENON_P_CALLING_FRAME, /* the function that the engine has the frame of */
  TENON_P_CALLING_STEP,  /* `native`, of an iterator: it has no frame */
  TENON_P_CALLING_FINALIZER,
  TENON_P_CALLING_MEASURE, /* of how much memory an instance has */
  TENON_P_CALLING_REACTION,
  TENON_P_CALLING_READER,
  TENON_P_CALLING_HOST
};

typedef struct tenon_p_call {
  struct tenon_p_call *outer; /* the call that this thread was in before */
  JSContext
      *ctx; /* of its function, held by that; NULL off the loop's thread */
  tenon_p_instance *self;    /* what it is a method or the constructor of */
  tenon_p_cleanup *cleanups; /* last registered first */
  tenon_p_failure *failure;  /* when failed; NULL then: out of memory */
  uint16_t used;             /* bytes of `room`; more than it has: `chunk` */
  uint16_t calling;          /* enum tenon_p_calling: what is being called */
  bool failed;
  bool copies;   /* arguments have to outlive the caller's values */
  bool has_outs; /* `outs` is set */
  bool is_lent;  /* what `outer` was given counts, too */
  size_t size;   /* bytes outside of `room`; set once there are cleanups */
  union {
    struct tenon_p_life *outs;           /* instances that are its alone */
    const struct tenon_p_native *native; /* of a step */
  };
  tenon_p_chunk *chunk; /* unset before the room is full */
  _Alignas(16) char room[256];
} tenon_p_call;

/* The call that this thread is in; NULL outside. */
extern _Thread_local tenon_p_call *tenon_p_current_call
    __attribute__((tls_model("initial-exec")));

typedef struct tenon_p_native tenon_p_native;

/* What calls of a function that gives a Promise are told besides. */
typedef struct tenon_p_call_options {
  JSValue signal;    /* an AbortSignal, or undefined */
  double timeout_ms; /* below 0: none */
  int when_full;     /* of the layer above */
} tenon_p_call_options;

/* What the layer above does; all may throw. */
typedef struct tenon_p_native_ops {
  /* Converts argument `i`: 0, or -1 with an exception. */
  int (*read)(JSContext *ctx, tenon_p_native *n, tenon_p_call *c, uint32_t i,
              JSValueConst v, void *dst);
  JSValue (*write)(JSContext *ctx, tenon_p_native *n, tenon_p_call *c,
                   const void *result);
  JSValue (*too_few)(JSContext *ctx, tenon_p_native *n, int argc);
  JSValue (*failed)(JSContext *ctx, tenon_p_native *n, tenon_p_call *c);
  /* Runs and frees what `c` has collected, with `r` to return or thrown; what
   * is returned instead, or thrown. */
  JSValue (*end)(JSContext *ctx, tenon_p_call *c, JSValue r);
  /* The whole call, of a function that does not just run and return. `this` is
   * undefined unless the function takes it. Of a constructor `made` is the record
   * that it fills in, else NULL. */
  JSValue (*start)(JSContext *ctx, JSValueConst function, tenon_p_native *n,
                   JSValueConst this_value, tenon_p_instance *made, int argc,
                   JSValueConst *argv);
  /* The same of one that is `later`, with options. */
  JSValue (*start_with)(JSContext *ctx, JSValueConst function,
                        tenon_p_native *n, JSValueConst this_value, int argc,
                        JSValueConst *argv, const tenon_p_call_options *o);
  /* Options by a value, over what is in `o`, which is released by whoever has
   * it: 0, or -1 with an exception. */
  int (*read_options)(JSContext *ctx, tenon_p_native *n, JSValueConst v,
                      tenon_p_call_options *o);
  /* A call of a constructor without `new`: throws. */
  JSValue (*not_new)(JSContext *ctx, tenon_p_native *n);
  /* The `.async` twin of a function: owned, or an exception. */
  JSValue (*twin)(JSContext *ctx, tenon_p_native *n);
  /* Marks what the owner holds, for a collection. */
  void (*mark)(JSRuntime *rt, const tenon_p_native *n, JS_MarkFunc *mark);
  /* The function object is gone; called during a collection. */
  void (*gone)(JSRuntime *rt, tenon_p_native *n);
} tenon_p_native_ops;

/*
 * What calls of a serial module pass on the loop's thread: they run beside no call
 * of it on any other thread. As long as no other wants to, that is no more than to
 * say that one is inside; who wants to makes all threads see that first
 * (loop/serial.c).
 */
typedef struct tenon_p_gate {
  int inside;           /* atomic; written by the thread that passes */
  bool is_locked;       /* of the outermost one */
  const void *thread;   /* atomic: whose calls are inside */
  const int *contended; /* atomic; not 0: pass by `lock` */
  void (*lock)(struct tenon_p_gate *g);
  void (*unlock)(struct tenon_p_gate *g);
} tenon_p_gate;

static inline void tenon_p_gate_enter(tenon_p_gate *g)
{
  int inside = g->inside;

  if (!inside)
    __atomic_store_n(&g->thread, &tenon_p_current_call, __ATOMIC_RELAXED);
  __atomic_store_n(&g->inside, inside + 1, __ATOMIC_RELAXED);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  if (TENON_P_UNLIKELY(__atomic_load_n(g->contended, __ATOMIC_ACQUIRE)) &&
      !inside)
    g->lock(g);
}

static inline void tenon_p_gate_leave(tenon_p_gate *g)
{
  int inside = g->inside - 1;

  __atomic_store_n(&g->inside, inside, __ATOMIC_RELEASE);
  if (TENON_P_UNLIKELY(g->is_locked) && !inside) g->unlock(g);
}

struct tenon_p_native {
  JSValue (*enter)(JSContext *ctx, JSValueConst function, int argc,
                   JSValueConst *argv);
  void (*thunk)(void *args, void *result);
  const tenon_p_native_ops *ops;
  JSContext *realm;   /* counted; set by tenon_p_native_new */
  JSValue async;      /* the twin, once asked for */
  const void *owner;  /* of the layer above */
  tenon_p_gate *gate; /* that its calls pass; or NULL */
  uint32_t required, count, args_size, result_op;
  /* Where calls go that `enter` has looked at first. */
  JSValue (*walk)(JSContext *ctx, JSValueConst function, int argc,
                  JSValueConst *argv);
  uint32_t most;    /* arguments, of a function that is exhaustive */
  uint32_t borrows; /* bit i: of the ArrayBuffer that parameter i is, or is a
                       view of, the function may use the memory */
  bool exhaustive;  /* calls with more go to ops->start */
  bool starts;      /* every call goes to ops->start */
  bool takes_this;  /* it starts, and is handed `this` */
  bool is_later;    /* it starts, and gives a Promise: has `.withOptions` */
  /* Of a method, an accessor or a constructor that does not start: where calls
   * with an instance go that may be used. */
  JSValue (*enter_self)(JSContext *ctx, JSValueConst function,
                        tenon_p_instance *self, int argc, JSValueConst *argv);
  const tenon_p_class *self_class; /* of `this`; not set: it starts */
  tenon_p_class *makes;            /* of a constructor; not set: it is none */
  uint32_t access;                 /* enum tenon_p_access */
  bool measures;                   /* what `this` owns may change by a call */
  bool has_context;                /* the walk hands it this: */
  void *context;                   /* second in the arguments */
  bool looks; /* sets the first bit of its arguments where it has no value, and
                 gives JS_UNINITIALIZED then */
  struct {
    uint32_t op, offset;
  } param[];
};

/* Natives without a thunk: `param[0]` is a member of `this`. */
enum tenon_p_access {
  TENON_P_ACCESS_NONE,
  TENON_P_ACCESS_GET,     /* the value by result_op */
  TENON_P_ACCESS_SET,     /* by the op of the parameter, `args_size` bytes */
  TENON_P_ACCESS_DISPOSE, /* no member: ends `this` */
  TENON_P_ACCESS_TELL     /* the same, told before: not by the walk */
};

/* Registers the classes with a runtime and their prototypes with a realm; once
 * it has them, again is fine. */
int tenon_p_native_init(JSContext *ctx);

/*
 * A function object for `n`.
 * @param n        filled in but for enter, walk, realm and async. Taken: freed by
 *                 js_free_rt, after ops->gone, with the object or on failure
 * @param is_safe  has the `.async` getter
 */
JSValue tenon_p_native_new(JSContext *ctx, tenon_p_native *n, const char *name,
                           uint32_t length, bool is_safe);

/* Is it an object like those of `{}`, of whatever realm, or without a prototype? */
bool tenon_p_is_plain_object(JSValueConst v);

/* The native behind a function object; NULL for other values. */
tenon_p_native *tenon_p_native_of(JSContext *ctx, JSValueConst v);
/* That of the function that is being called; NULL when it is none. */
tenon_p_native *tenon_p_native_running(JSContext *ctx);

/*
 * Is a native call on the stack that may use this ArrayBuffer's memory? Looks
 * at all frames, for what would free or move it. Calls that are still reading
 * arguments have borrowed nothing: between _hide and _show, called by the
 * innermost one, scripts may run and do as they like.
 */
bool tenon_p_is_lent(JSContext *ctx, JSValueConst buffer);
uint16_t tenon_p_native_hide(JSContext *ctx);
void tenon_p_native_show(JSContext *ctx, uint16_t count);

#endif
