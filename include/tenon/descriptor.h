/**
 * @file
 * What a native function is to Tenon: plain data, the same in every module,
 * whatever wrote it. <tenon/export.h> makes it by macros.
 *
 * The structs are an interface between binaries: members are only ever
 * appended, and each table says the sizes that it was compiled with.
 */
#ifndef TENON_DESCRIPTOR_H
#define TENON_DESCRIPTOR_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A string: `len` bytes of UTF-8 and, when it comes in, a NUL behind them. */
typedef struct tenon_str {
  const char *data;
  size_t len;
} tenon_str;

/** `len` bytes, read only. `data` is never NULL when it comes in. */
typedef struct tenon_bytes {
  const uint8_t *data;
  size_t len;
} tenon_bytes;

/** How a type is converted. Numbers are part of the ABI and stay. */
enum tenon_kind {
  TENON_KIND_NONE = 0,
  TENON_KIND_BOOL = 1,
  TENON_KIND_I8 = 2,
  TENON_KIND_U8 = 3,
  TENON_KIND_I16 = 4,
  TENON_KIND_U16 = 5,
  TENON_KIND_I32 = 6,
  TENON_KIND_U32 = 7,
  TENON_KIND_I64 = 8,
  TENON_KIND_U64 = 9,
  TENON_KIND_F32 = 10,
  TENON_KIND_F64 = 11,
  TENON_KIND_STR = 12,
  TENON_KIND_BYTES = 13,
  TENON_KIND_BIG_I64 = 14,  /**< int64_t, a BigInt */
  TENON_KIND_BIG_U64 = 15,  /**< uint64_t, a BigInt */
  TENON_KIND_CSTR = 16,     /**< const char *, without a NUL inside */
  TENON_KIND_ENUM = 17,     /**< an integer; one of its names, a string */
  TENON_KIND_STRUCT = 18,   /**< an object with its members */
  TENON_KIND_ARRAY = 19,    /**< { const T *data; size_t len; }, an Array */
  TENON_KIND_VIEW = 20,     /**< the same of numbers, the typed array of T:
                                not copied on the loop */
  TENON_KIND_INOUT = 21,    /**< { T *data; size_t len; }, memory of the script
                                that is written to: the typed array of T, or of
                                a `bytes` element any buffer or view. A
                                parameter only, on the loop only */
  TENON_KIND_TUPLE = 22,    /**< a struct; an Array of as many elements */
  TENON_KIND_RECORD = 23,   /**< an array of structs { str key; T value; }; an
                                object with these own properties */
  TENON_KIND_DATE = 24,     /**< int64_t, milliseconds since 1970 UTC; a Date */
  TENON_KIND_EITHER = 25,   /**< { uint32_t which; union }; one of its fields */
  TENON_KIND_ANY = 26,      /**< a napi_value; on the loop only */
  TENON_KIND_CALLBACK = 27, /**< a tenon_callback *; a function of JavaScript */
  TENON_KIND_FLAGS = 28,    /**< an integer; an Array of its names, strings */
  TENON_KIND_CLASS = 29,    /**< T *; an instance of a class: what it owns */
  TENON_KIND_COPY = 30,     /**< T of a class by value: a copy of what an
                                instance holds; goes out as a new instance */
  TENON_KIND_STREAM = 31,   /**< a tenon_stream *, that C writes values of its
                                one field to; an async iterator. Goes out only */
  TENON_KIND_ITERABLE = 32  /**< a tenon_iterable *, that C reads values of its
                                one field from; what has Symbol.asyncIterator or
                                Symbol.iterator. Comes in only */
};

/** tenon_field.flags */
enum {
  TENON_FIELD_OPT = 1,      /**< a pointer to the value, NULL for undefined */
  TENON_FIELD_DEFAULT = 2,  /**< undefined sets the field's absent bit */
  TENON_FIELD_NULLABLE = 4, /**< a pointer, NULL for null and undefined; goes
                                 out as null. Not together with OPT */
  TENON_FIELD_REST = 8,     /**< of the last parameter, an array: all arguments
                                 from here on */
  TENON_FIELD_THIS = 16, /**< of the first parameter: the call's `this`, which
                                 is no argument */
  TENON_FIELD_COERCE =
      32, /**< converted first, as JavaScript does it: Number(),
                                 String(), Boolean(), BigInt() */
  TENON_FIELD_EXHAUSTIVE = 64, /**< of a result: more arguments than parameters
                                   are refused */
  TENON_FIELD_BORROWED = 128,  /**< of a result, T * of a class: what `this`
                                   owns, which lives as long as this uses it */
  TENON_FIELD_SPECIES = 256    /**< of a result of a method on the loop, a new
                                   instance of its class: what the species of
                                   `this` constructs */
};

/** tenon_function.flags */
enum {
  TENON_FUNCTION_BLOCKING = 1, /**< runs on the thread pool */
  TENON_FUNCTION_ASYNC = 2     /**< gets a deferred, returns at once */
};

/** May functions of a module be called off the loop, by `f.async()`? */
enum tenon_threads {
  TENON_THREADS_none = 0,   /**< no: there is no `.async` */
  TENON_THREADS_serial = 1, /**< one at a time, in the whole process */
  TENON_THREADS_any = 2     /**< yes, also several at once */
};

/** The class of the error that tenon_fail and tenon_deferred_reject make. */
enum tenon_error_class {
  TENON_ERROR = 0,
  TENON_TYPE_ERROR = 1,
  TENON_RANGE_ERROR = 2,
  TENON_SYNTAX_ERROR = 3,
  TENON_REFERENCE_ERROR = 4,
  TENON_EVAL_ERROR = 5,
  TENON_URI_ERROR = 6
};

typedef struct tenon_field tenon_field;
typedef struct tenon_deferred tenon_deferred;

typedef struct tenon_type {
  uint32_t kind, size; /* enum tenon_kind; bytes in C */
  const char *name;
  /* Members, an enum's values, an array's one element; NULL for others. */
  const tenon_field *fields;
  uint32_t field_count;
  /* Of a struct one of whose members has a default, up to 64 of them: gives
   * member i its default where bit i of `absent` is set. Other kinds need not
   * have this member. */
  void (*set_defaults)(void *object, uint64_t absent);
  const struct tenon_signature *signature; /* of a callback; others need not
                                              have this member */
  const struct tenon_class *of; /* of CLASS and COPY; others need not have it */
} tenon_type;

/** A parameter, a result, a member, a value of an enum. */
struct tenon_field {
  const char *name;
  const tenon_type *type;
  uint32_t offset, flags;   /* an enum's value stands in `offset` */
  const char *default_text; /* C source of the default, NULL for none */
};

/** Begins every struct of arguments. */
typedef struct tenon_args {
  uint64_t absent; /* bit i: parameter i takes its default. Set to 1 by what an
                      iterator or a look at a property has nothing for */
  void *context;   /* the tenon_deferred of a TENON_ASYNC function, the cursor
                      of an iterator, the state of a function that has one */
} tenon_args;

typedef struct tenon_function {
  uint32_t size, flags; /* sizeof(tenon_function) where it was compiled */
  const char *name, *doc;
  tenon_field result;
  const tenon_field *params;
  uint32_t param_count, args_size;
  void (*thunk)(void *args, void *result);
  const char *file;
  uint32_t line;
} tenon_function;

/** tenon_signature.flags */
enum {
  TENON_CALLBACK_ONCE = 1 /**< a second call of one is TENON_EALREADY */
};

/** How a function of JavaScript is called from C: its arguments go out, as
 * results do, its result comes in, as arguments do. */
typedef struct tenon_signature {
  uint32_t size, flags; /* sizeof(tenon_signature) where it was compiled */
  const char *name;
  tenon_field result;
  const tenon_field *params; /* offsets into a struct, from 0 */
  uint32_t param_count, args_size;
} tenon_signature;

/** A function of JavaScript that C holds. */
typedef struct tenon_callback tenon_callback;

/** A value of JavaScript that an instance, or the state of a function, holds: the
 * collector sees who holds what. */
typedef struct tenon_held tenon_held;

/** How instances hold their T. */
enum tenon_storage {
  TENON_STORAGE_VALUE = 0,   /**< inside, zeroed before the constructor runs */
  TENON_STORAGE_POINTER = 1, /**< one owner: `free` ends it */
  TENON_STORAGE_COUNTED = 2  /**< a reference of many: `free` lets go of it */
};

/** A class. Its address is its identity; what it has besides are members. */
typedef struct tenon_class {
  uint32_t size, storage; /* sizeof(tenon_class); enum tenon_storage */
  const char *name;       /* in JavaScript */
  uint32_t instance_size; /* of T, by value; at most TENON_MOST_INSTANCE */
  uint32_t instance_align;
  void (*free)(void *self); /* of POINTER and COUNTED */
  const char *file;
  uint32_t line;
} tenon_class;

#define TENON_MOST_INSTANCE (1 << 24)

/** What a member of a class is. Numbers are part of the ABI and stay. A function
 * whose first parameter is `this`, of kind CLASS, is called on instances. */
enum tenon_member_kind {
  TENON_MEMBER_CONSTRUCTOR =
      1,                      /**< `function`: by value it takes `this`, zeroed,
                                     and returns none; else it returns T * */
  TENON_MEMBER_METHOD = 2,    /**< `function` */
  TENON_MEMBER_GETTER = 3,    /**< `function` */
  TENON_MEMBER_SETTER = 4,    /**< `function` of one more parameter */
  TENON_MEMBER_FIELDS = 5,    /**< `fields` of T, accessors */
  TENON_MEMBER_CONSTANT = 6,  /**< `function` without parameters, as of
                                     TENON_ITEM_CONSTANT */
  TENON_MEMBER_EXTENDS = 7,   /**< `base`, which T begins with */
  TENON_MEMBER_RELEASE = 8,   /**< `hook(self, NULL)`: T is about to go, by
                                     value */
  TENON_MEMBER_MEMORY = 9,    /**< `hook(self, &bytes)`: a size_t of what T
                                     owns besides its own memory */
  TENON_MEMBER_ITERATOR = 10, /**< `function`: the next value; its context is
                                     `cursor_size` zeroed bytes */
  TENON_MEMBER_ASYNC_ITERATOR = 11, /**< the same on the thread pool */
  TENON_MEMBER_ITERATOR_END = 12,   /**< `hook(cursor, NULL)`, of both */
  TENON_MEMBER_DISPOSE = 13, /**< Symbol.dispose, and a method of this name
                                   unless it is "". `hook(self, NULL)`, or NULL:
                                   called first of one that was not disposed
                                   of yet, and not of one that merely ends */
  TENON_MEMBER_ASYNC_DISPOSE = 14, /**< `function`, Symbol.asyncDispose: when
                                        its Promise is fulfilled the instance
                                        has been disposed of */
  TENON_MEMBER_CALL = 15,          /**< `function`: instances are callable */
  TENON_MEMBER_KEYED_GET = 16, /**< `function` (this, key): properties besides
                                    those of the prototype. The key is a str, or
                                    a u32, of indices; one of each */
  TENON_MEMBER_KEYED_SET = 17, /**< (this, key, value), bool: false refuses */
  TENON_MEMBER_KEYED_HAS = 18, /**< (this, key), bool */
  TENON_MEMBER_KEYED_DELETE = 19, /**< (this, key), bool: false refuses */
  TENON_MEMBER_KEYED_KEYS = 20    /**< (this), an array of str; for indices
                                       (this), the number of them, u32 */
};

/** tenon_member.flags */
enum {
  TENON_MEMBER_STATIC = 1,  /**< a method, getter or setter of the class, whose
                                 function takes no `this` of it */
  TENON_MEMBER_READONLY = 2 /**< fields that cannot be set */
};

/** A member of a class. Those that begin with "@@" have the well-known symbol of
 * that name as their key: "@@toPrimitive". */
typedef struct tenon_member {
  uint32_t size, kind; /* sizeof(tenon_member) where it was compiled */
  const tenon_class *of;
  uint32_t flags, cursor_size;
  const tenon_function *function;
  const tenon_field *fields;
  uint32_t field_count;
  const tenon_class *base;
  void (*hook)(void *self, void *out);
} tenon_member;

/** What a watch of a file descriptor waits for, and is told. */
enum tenon_watch_events {
  TENON_WATCH_READABLE = 1, /**< to read is not to wait; at its end, too */
  TENON_WATCH_WRITABLE = 2, /**< to write is not to wait */
  TENON_WATCH_HANGUP = 4,   /**< the other side writes no more */
  TENON_WATCH_URGENT = 8,   /**< there is urgent data, of a socket */
  TENON_WATCH_ERROR = 16    /**< told only: the next read or write, or
                                 SO_ERROR, says which. The watch has stopped,
                                 until its events are set */
};

typedef struct tenon_watch tenon_watch;

/** What a watch does (tenon_watch_set and so on). It only ever grows. */
typedef struct tenon_watch_calls {
  uint32_t size;
  int (*set)(tenon_watch *w, uint32_t events);
  int (*close)(tenon_watch *w, void (*closed)(void *data));
  int (*hold)(tenon_watch *w, int on);
} tenon_watch_calls;

/** A file descriptor that is watched. */
struct tenon_watch {
  const tenon_watch_calls *calls;
  int fd;
};

/**
 * What a watch calls, on the loop's thread, as code outside of every call: no
 * script is on the stack. It may settle deferreds, write to streams, call
 * callbacks, open and close watches, this one too.
 *
 * @param w       borrowed
 * @param status  0; UV_EBADF: the descriptor was closed under the watch, or is
 *                another file now, and the watch has stopped; TENON_ECLOSING: its
 *                realm or runtime ends, and the watch with it, whether it is
 *                closed here or not. Nothing follows that
 * @param events  of enum tenon_watch_events; 0 with a status
 * @param data    what the watch was opened with
 */
typedef void tenon_watch_fn(tenon_watch *w, int status, uint32_t events,
                            void *data);

/** Whose a state is. */
enum tenon_state_scope {
  TENON_STATE_RUNTIME = 0, /**< one a runtime */
  TENON_STATE_REALM = 1    /**< one a realm */
};

/** State of a module, found by the address of its type. */
typedef struct tenon_state_type {
  uint32_t size, scope; /* sizeof(tenon_state_type); enum tenon_state_scope */
  const char *name;
  size_t state_size;
  int (*init)(void *state);     /* of zeroed memory; not 0: a lack of it. May be
                                   NULL */
  void (*release)(void *state); /* may be NULL */
} tenon_state_type;

/** tenon_failure.flags */
enum {
  TENON_FAILURE_CAUSED = 1 /**< what the call has failed by so far is the
                                `cause` of this one, which stands instead */
};

/** More of a failure than its class and text; NULL or 0: not there. Copied. */
typedef struct tenon_failure {
  uint32_t size;       /* sizeof(tenon_failure) where it was compiled */
  int32_t error_class; /* enum tenon_error_class; others are a plain Error */
  int32_t error; /* a code of libuv or errno, of either sign: what `code` and
                    `errno` of a system error say. TENON_ENOMEM: no more than
                    that memory has run out */
  uint32_t flags;
  const char *code; /* the property `code`, also in place of that of `error` */
  const char *syscall, *path, *dest; /* properties of a system error */
} tenon_failure;

/** What JavaScript iterates over, and C reads values from. */
typedef struct tenon_iterable tenon_iterable;

/** What an iterable does (NAME_read and so on). It only ever grows. */
typedef struct tenon_iterable_calls {
  uint32_t size;
  tenon_iterable *(*keep)(tenon_iterable *it);
  void (*release)(tenon_iterable *it);
  int (*read_wait)(tenon_iterable *it, void *value);
  int (*read)(tenon_iterable *it, void (*fn)(void *p, int code), void *p);
  int (*cancel)(tenon_iterable *it);
} tenon_iterable_calls;

struct tenon_iterable {
  const tenon_iterable_calls *calls;
  const void *value; /* where the one that was read last is */
};

/** What C writes values to, and JavaScript iterates over. */
typedef struct tenon_stream tenon_stream;

/** What a stream does (NAME_write and so on). It only ever grows. */
typedef struct tenon_stream_calls {
  uint32_t size;
  tenon_stream *(*keep)(tenon_stream *s);
  void (*release)(tenon_stream *s);
  /* `free(p)`: what `value` points at belongs to that; NULL: it is copied. */
  int (*write)(tenon_stream *s, const void *value, int waits,
               void (*free)(void *p), void *p);
  int (*end)(tenon_stream *s);
  /* Of a tenon_failure without flags. */
  int (*fail)(tenon_stream *s, const tenon_failure *f, const char *format,
              va_list ap);
  int (*on_drain)(tenon_stream *s, void (*fn)(void *p), void *p);
  int (*on_cancel)(tenon_stream *s, void (*fn)(void *p, int why), void *p);
  /* By what an iterable has failed by. */
  int (*fail_by)(tenon_stream *s, tenon_iterable *it);
} tenon_stream_calls;

struct tenon_stream {
  const tenon_stream_calls *calls;
};

/** What an item of a module is. Numbers are part of the ABI and stay. */
enum tenon_item_kind {
  TENON_ITEM_CONSTANT = 1, /**< `data`: a tenon_function without parameters,
                                whose result is the export */
  TENON_ITEM_GETTER = 2,   /**< the same, called each time: on the default
                                export and on the global object */
  TENON_ITEM_DEFAULT = 3,  /**< `name` of the item or function that is also the
                                default export; "": an object of all of them */
  TENON_ITEM_DOC = 4,      /**< `doc` of the function, constant, type or member
                                (TYPE.MEMBER) of this name; "": of the module */
  TENON_ITEM_CLASS = 5,    /**< `data`: a tenon_class, exported by its name */
  TENON_ITEM_MEMBER = 6    /**< `data`: a tenon_member of a class of the same
                                module; `name` is the member's */
};

/** What a module holds besides functions. */
typedef struct tenon_item {
  uint32_t size, kind; /* sizeof(tenon_item) where it was compiled */
  const char *name, *doc;
  const void *data;
} tenon_item;

/** What a value is, or has come to. Numbers are part of the ABI and stay. */
typedef enum tenon_promise_status {
  TENON_PROMISE_NONE = 0, /**< it is no Promise */
  TENON_PROMISE_PENDING = 1,
  TENON_PROMISE_FULFILLED = 2,
  TENON_PROMISE_REJECTED = 3,
  TENON_PROMISE_ABANDONED = 4 /**< nobody will hear of it any more */
} tenon_promise_status;

struct napi_env__;
struct napi_value__;

/** Is told what a Promise has come to: `status` is one of the last three. `value`
 * is what it was fulfilled by, or the reason; `env` and `value` are NULL of one
 * that was abandoned. */
typedef void tenon_settled_fn(struct napi_env__ *env,
                              tenon_promise_status status,
                              struct napi_value__ *value, void *data);

/** What the loader of a module hands to it. It only ever grows. */
typedef struct tenon_host tenon_host;
struct tenon_host {
  uint32_t size, abi;
  void (*fail)(int error_class, const char *format, va_list ap);
  void *(*alloc)(size_t size_bytes);
  int (*defer)(void (*fn)(void *), void *p);
  int (*deferred_resolve)(tenon_deferred *d, const void *result);
  int (*deferred_reject)(tenon_deferred *d, int error_class, const char *format,
                         va_list ap);
  int (*deferred_on_close)(tenon_deferred *d,
                           void (*fn)(tenon_deferred *d, void *p), void *p);
  void *(*deferred_alloc)(tenon_deferred *d, size_t size_bytes);
  void *(*deferred_loop)(tenon_deferred *d);
  /* A format of NULL: the text that node gives to a system error. */
  void (*fail_with)(const tenon_failure *f, const char *format, va_list ap);
  /* `f` of NULL: by the failure of the current call, which is forgotten. */
  int (*deferred_reject_with)(tenon_deferred *d, const tenon_failure *f,
                              const char *format, va_list ap);
  /* The failure of the current call, of tenon_fail or a callback, is forgotten;
   * was there one? */
  int (*recover)(void);
  /* The napi_env of the current call; NULL off the loop. */
  void *(*env)(void);
  tenon_callback *(*callback_keep)(tenon_callback *cb);
  void (*callback_release)(tenon_callback *cb);
  int (*callback_call)(tenon_callback *cb, const void *args, void *result);
  int (*callback_post)(tenon_callback *cb, const void *args);
  /* As callback_call, but waits for the Promise that may come. */
  int (*callback_await)(tenon_callback *cb, const void *args, void *result);
  /* Does it keep the loop alive? */
  int (*callback_hold)(tenon_callback *cb, int on);
  /* `owner`: the T * of an instance, the state of a function, NULL: what the
   * constructor that runs makes. `value`: a napi_value. */
  int (*hold)(const void *owner, void *value, tenon_held **out);
  void *(*held_value)(const tenon_held *h); /* a napi_value */
  void (*held_release)(tenon_held *h);
  /* As callback_keep, but the owner keeps it, until the callback is released
   * or the owner goes; NULL: it could not. */
  tenon_callback *(*callback_keep_in)(tenon_callback *cb, const void *owner);
  /* Bytes that the owner of NULL or the T * of an instance has besides. */
  int (*report_memory)(const void *owner, size_t bytes);
  /* Dispose of an instance of C's own accord. */
  int (*dispose)(const void *self);
  void *(*state)(const tenon_state_type *type);
  /* A napi_value: a function of this module with a state, which is taken: `free`
   * is called with it once, also where it fails. */
  void *(*function_new)(const tenon_host *const *module_host,
                        const tenon_function *f, void *state,
                        void (*free)(void *state));
  int (*watch_open)(int fd, uint32_t events, tenon_watch_fn *fn, void *data,
                    tenon_watch **out);
  /* A napi_value: a Promise of this type, made in the current call on the loop,
   * and its deferred; NULL where it fails. */
  void *(*promise_new)(const tenon_type *type, const char *name,
                       tenon_deferred **out);
  tenon_deferred *(*deferred_dup)(tenon_deferred *d);
  void (*deferred_drop)(tenon_deferred *d);
  /* `value`: a napi_value. */
  int (*deferred_reject_value)(tenon_deferred *d, void *value);
  int (*deferred_hold)(tenon_deferred *d, int on);
  /* Is the current call pointless by now? */
  int (*is_cancelled)(void);
  int (*deferred_is_cancelled)(tenon_deferred *d);
  int (*deferred_on_cancel)(tenon_deferred *d,
                            void (*fn)(tenon_deferred *d, void *p), void *p);
  /* As callback_post, in place of an update that still waits. */
  int (*callback_update)(tenon_callback *cb, const void *args);
  /* `value`: a napi_value, of the current call on the loop. */
  int (*promise_then)(void *value, tenon_settled_fn *fn, void *data);
  /* `type` is of TENON_KIND_STREAM, and static. NULL: no memory. */
  tenon_stream *(*stream_new)(const tenon_type *type, size_t high_water_mark);
};

#define TENON_MODULE_ABI 1

/** What a module's entry returns; static, the same at every call. */
typedef struct tenon_module {
  uint32_t size, abi; /* sizeof(tenon_module); TENON_MODULE_ABI */
  uint32_t field_size, threads;
  const tenon_host **host; /* set by the loader */
  const tenon_function *const *begin, *const *end;
  const tenon_item *const *items_begin, *const *items_end;
} tenon_module;

/** The one function that a module shows: `tenon_module_v1`, or
 * `tenon_module_NAME` where TENON_MODULE is NAME. */
typedef const tenon_module *tenon_module_entry(void);

#ifdef __cplusplus
}
#endif

#endif
