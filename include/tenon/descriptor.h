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
  TENON_KIND_BIG_I64 = 14, /**< int64_t, a BigInt */
  TENON_KIND_BIG_U64 = 15, /**< uint64_t, a BigInt */
  TENON_KIND_CSTR = 16,    /**< const char *, without a NUL inside */
  TENON_KIND_ENUM = 17,    /**< an integer; one of its names, a string */
  TENON_KIND_STRUCT = 18,  /**< an object with its members */
  TENON_KIND_ARRAY = 19    /**< { const T *data; size_t len; }, an Array */
};

/** tenon_field.flags */
enum {
  TENON_FIELD_OPT = 1,     /**< a pointer to the value, NULL for undefined */
  TENON_FIELD_DEFAULT = 2, /**< undefined sets the field's absent bit */
  TENON_FIELD_NULLABLE = 4 /**< a pointer, NULL for null and undefined; goes
                                out as null. Not together with OPT */
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
  TENON_RANGE_ERROR = 2
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
  uint64_t absent; /* bit i: parameter i takes its default */
  void *context;   /* the tenon_deferred of a TENON_ASYNC function */
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

/** What the loader of a module hands to it. It only ever grows. */
typedef struct tenon_host {
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
} tenon_host;

#define TENON_MODULE_ABI 1

/** What a module's entry returns; static, the same at every call. */
typedef struct tenon_module {
  uint32_t size, abi; /* sizeof(tenon_module); TENON_MODULE_ABI */
  uint32_t field_size, threads;
  const tenon_host **host; /* set by the loader */
  const tenon_function *const *begin, *const *end;
} tenon_module;

/** The one function that a module shows: `tenon_module_v1`, or
 * `tenon_module_NAME` where TENON_MODULE is NAME. */
typedef const tenon_module *tenon_module_entry(void);

#ifdef __cplusplus
}
#endif

#endif
