/*
 * What JavaScript reads when a native function refuses a call: one table, so
 * that wording is decided in one place. test/c/test-message.c has each of them
 * word for word.
 */
#ifndef TENON_BIND_MESSAGE_H
#define TENON_BIND_MESSAGE_H

#include <inttypes.h>
#include <quickjs.h>
#include <tenon/descriptor.h>

/* Number of arguments: function, "at least ", "at most " or "", how many, "s" or
 * "", got */
#define TENON_P_MESSAGE_NUMBER "%s: expected %s%u argument%s, got %d"
/* In front of the following: function, position from 1, name, path */
#define TENON_P_MESSAGE_ARGUMENT "%s: argument %u '%s%s': "
/* The same of `this`: function, path */
#define TENON_P_MESSAGE_THIS "%s: this%s: "
#define TENON_P_MESSAGE_RESULT "%s: result: "
/* The same of an option of the call: function, name; and of all of them */
#define TENON_P_MESSAGE_OPTION "%s: option '%s': "
#define TENON_P_MESSAGE_OPTIONS "%s: options: "
/* the number */
#define TENON_P_MESSAGE_TIMEOUT "expected milliseconds from 0, got %s"
/* Module, name, path */
#define TENON_P_MESSAGE_EXPORT "%s: export '%s%s': "
#define TENON_P_MESSAGE_NO_EXPORT "there is none of this name"
#define TENON_P_MESSAGE_VALUE "%s: value: "
#define TENON_P_MESSAGE_VALUE_PART "%s: value '%s': "
/* The same of a part of a result */
#define TENON_P_MESSAGE_RESULT_PART "%s: result '%s': "
/* what, what came */
#define TENON_P_MESSAGE_EXPECTED "expected %s, got %s"
#define TENON_P_MESSAGE_ONE_OF "expected one of %s, got %s"
/* first, last, what came */
#define TENON_P_MESSAGE_RANGE "expected integer from %s to %s, got %s"
/* the number */
#define TENON_P_MESSAGE_UNSAFE "%s is not a safe integer, pass a BigInt"
#define TENON_P_MESSAGE_UNSAFE_RESULT "%s is not a safe integer"
/* the length */
#define TENON_P_MESSAGE_TOO_LONG "an array of %" PRId64 " elements is too long"
#define TENON_P_MESSAGE_DETACHED "the ArrayBuffer is detached or too short"
#define TENON_P_MESSAGE_SHARED \
  "expected memory of its own, got a view of a SharedArrayBuffer"
#define TENON_P_MESSAGE_IMMUTABLE \
  "expected memory that can be written to, got an immutable ArrayBuffer"
#define TENON_P_MESSAGE_UNALIGNED "the elements are not aligned in memory"
/* how many, "s" or "", the length */
#define TENON_P_MESSAGE_ELEMENTS \
  "expected array of %u element%s, got one of %" PRId64
/* least, most, the length */
#define TENON_P_MESSAGE_ELEMENTS_TO \
  "expected array of %u to %u elements, got one of %" PRId64
#define TENON_P_MESSAGE_INVALID_DATE "expected valid Date, got an invalid one"
/* the number */
#define TENON_P_MESSAGE_NO_DATE \
  "%" PRId64 " ms is outside of what a Date can be"
/* names, the number */
#define TENON_P_MESSAGE_NO_FLAGS "expected bits of %s, got 0x%" PRIx64
#define TENON_P_MESSAGE_NO_CHOICE "%" PRIu32 " is none of the alternatives"
#define TENON_P_MESSAGE_NUL "expected string without NUL, got one with it"
#define TENON_P_MESSAGE_NULL_TEXT "NULL with a length of %zu"
/* Native code has carried what one runtime threw into another. */
#define TENON_P_MESSAGE_FOREIGN "an exception of another runtime"
#define TENON_P_MESSAGE_NULL_RESULT "NULL, which is nullable's alone"
/* A callback that the runtime of its function has let go of, or of another. */
#define TENON_P_MESSAGE_FOREIGN_FUNCTION "a callback of another runtime"

/* A deferred that nobody holds any more: the operation */
#define TENON_P_MESSAGE_DROPPED \
  "%s: the operation was dropped before it was settled"
/* The operation */
#define TENON_P_MESSAGE_NO_TYPE "%s: a type that cannot be a result"

/* Instances: the class */
#define TENON_P_MESSAGE_OTHER_REALM "expected %s, got one of another realm"
#define TENON_P_MESSAGE_DISPOSED "expected %s, got one that was disposed of"
#define TENON_P_MESSAGE_BUSY "this %s is in use by another call"
#define TENON_P_MESSAGE_NO_SPECIES \
  "the species of `this` is no class that extends %s"
#define TENON_P_MESSAGE_NOT_SUPER \
  "the species of `this` has not returned the %s that super() gave it"
#define TENON_P_MESSAGE_NO_CLASS "%s is a class that was not imported"
#define TENON_P_MESSAGE_NO_PARENT "%s has nothing that it is borrowed from"
#define TENON_P_MESSAGE_NO_INSTANCE \
  "a pointer that is no %s that the function was given"
/* Native code has returned what was already disposed of. */
#define TENON_P_MESSAGE_RETURNED_DISPOSED "a %s that was disposed of"
#define TENON_P_MESSAGE_RETURNED_ELSEWHERE "a %s that another realm has"
/* The class; without `new`, and without a constructor */
#define TENON_P_MESSAGE_NOT_NEW "%s: a class is called with new"
#define TENON_P_MESSAGE_NO_CONSTRUCTOR "%s: there is no constructor"
/* Its next, or return; a function of an iterator that is called elsewhere */
#define TENON_P_MESSAGE_RUNNING "%s: the iterator is already running"
#define TENON_P_MESSAGE_NO_ITERATOR \
  "%s: this: expected an iterator of a native class"

/* Indices of a place that is no argument: an export of the module that
 * `function` is named by, `params[0]`, or the value of a script of that name. */
enum {
  TENON_P_PLACE_EXPORT = -2,
  TENON_P_PLACE_VALUE = -3,
  TENON_P_PLACE_OPTION = -4 /* of a call: `member`, or all of them */
};

/* Where a value stands: an argument, the result with index -1, or a part of
 * one. */
typedef struct tenon_p_place {
  const tenon_function *function;
  const struct tenon_p_names *names; /* of the function */
  int index;
  bool comes_in; /* of a result: that of JavaScript, to C */
  const struct tenon_p_place *inside; /* of a part, what it is a part of */
  const char *member;                 /* its name; NULL: element `at` */
  uint32_t at;
} tenon_p_place;

/* All throw and return -1. `error_class` is one of enum tenon_error_class. */
__attribute__((cold, format(printf, 4, 5))) int tenon_p_throw_at(
    JSContext *ctx, const tenon_p_place *place, int error_class,
    const char *format, ...);
__attribute__((cold)) int tenon_p_throw_expected(JSContext *ctx,
                                                 const tenon_p_place *place,
                                                 const char *what,
                                                 JSValueConst v);
__attribute__((cold)) int tenon_p_throw_range(JSContext *ctx,
                                              const tenon_p_place *place,
                                              const char *first,
                                              const char *last, JSValueConst v);
/* An integral number that is not a safe integer. */
__attribute__((cold)) int tenon_p_throw_unsafe(JSContext *ctx,
                                               const tenon_p_place *place,
                                               JSValueConst v);
/* A value that is not one of an enum's; of a result, the number. */
__attribute__((cold)) int tenon_p_throw_not_of_enum(JSContext *ctx,
                                                    const tenon_p_place *place,
                                                    const tenon_type *type,
                                                    JSValueConst v);
/* A value that is neither an array of flags nor a single one. */
__attribute__((cold)) int tenon_p_throw_no_flags(JSContext *ctx,
                                                 const tenon_p_place *place,
                                                 const tenon_type *type,
                                                 JSValueConst v);
/* A result of flags with bits that have no name. */
__attribute__((cold)) int tenon_p_throw_unknown_bits(JSContext *ctx,
                                                     const tenon_p_place *place,
                                                     const tenon_type *type,
                                                     uint64_t bits);
/* A TypeError of a text alone. */
__attribute__((cold, format(printf, 2, 3))) JSValue tenon_p_throw_plain(
    JSContext *ctx, const char *format, ...);
__attribute__((cold)) JSValue tenon_p_throw_too_few(JSContext *ctx,
                                                    const tenon_function *f,
                                                    uint32_t required,
                                                    int argc);
__attribute__((cold)) JSValue tenon_p_throw_too_many(JSContext *ctx,
                                                     const tenon_function *f,
                                                     uint32_t required,
                                                     uint32_t most, int argc);

#endif
