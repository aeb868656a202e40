/*
 * What Node-API needs of the engine's internals: functions that are handed
 * everything of a call, weak references of native code, text and numbers by
 * their units. Implemented in foreign.c, in one unit with the engine.
 */
#ifndef TENON_ENGINE_FOREIGN_H
#define TENON_ENGINE_FOREIGN_H

#include <quickjs.h>

#include "base/base.h"

/* --- Functions ---------------------------------------------------------------- */

typedef struct tenon_p_foreign tenon_p_foreign;

/* One call. `argv` are the engine's own, which live as long as the call. */
typedef struct tenon_p_foreign_call {
  const tenon_p_foreign *function;
  JSValueConst this_value; /* undefined in a construction */
  JSValueConst new_target; /* undefined in a plain call */
  JSValueConst *argv;
  int argc;
} tenon_p_foreign_call;

/* What is behind a function object. */
struct tenon_p_foreign {
  JSValue (*enter)(JSContext *ctx, const tenon_p_foreign_call *call);
  void *owner;
  void (*function)(void); /* of the layer above */
  void *data;
  uintptr_t brand;  /* of its instances, or of a method's receivers; 0: none */
  int role;         /* what it is to that class */
  JSContext *realm; /* counted; set by tenon_p_foreign_new */
};

/* Registers the class, once a runtime. 0, or -1 with an exception. */
int tenon_p_foreign_init(JSContext *ctx);
/* A function, also a constructor, whose `prototype` is made when it is first
 * looked at. `f` is copied, `name` a string. */
JSValue tenon_p_foreign_new(JSContext *ctx, const tenon_p_foreign *f,
                            JSValueConst name);
/* The realm of such a function; NULL of other values. */
JSContext *tenon_p_foreign_realm(JSContext *ctx, JSValueConst v);

/* --- Weak references ---------------------------------------------------------- */

typedef struct tenon_p_weak tenon_p_weak;

struct tenon_p_weak {
  struct JSWeakRefRecord *record; /* NULL: not set, or the value is gone */
  JSValueConst target;            /* borrowed, while `record` is there */
  const void *type;               /* for tenon_p_weak_find */
  /* The value is being freed, maybe by a collection: no call of the engine is
   * allowed. May be NULL. */
  void (*gone)(tenon_p_weak *w);
};

/* Can it be held weakly? Objects and symbols but those of Symbol.for. */
bool tenon_p_weak_can(JSValueConst v);
/* `w->type` and `gone` are set by the caller, who keeps it in place until it is
 * cleared or gone. 0, or -1 with an exception. */
int tenon_p_weak_set(JSContext *ctx, tenon_p_weak *w, JSValueConst target);
/* Again is fine. */
void tenon_p_weak_clear(JSRuntime *rt, tenon_p_weak *w);
/* The one of this type that was set last on a value; NULL when there is none. */
tenon_p_weak *tenon_p_weak_find(JSValueConst target, const void *type);

/* Are values being freed further up the stack? What is held weakly may then be
 * one of them, and is not to be looked at. */
bool tenon_p_is_freeing(JSRuntime *rt);
/* Are cycles? An object whose last hold goes meanwhile would not be freed. */
bool tenon_p_is_sweeping(JSRuntime *rt);

/* --- Text --------------------------------------------------------------------- */

/* A string of `len` bytes of Latin-1. */
JSValue tenon_p_new_latin1(JSContext *ctx, const char *s, size_t len);

/* UTF-16 units of a string value, a rope of which becomes flat: -1 with an
 * exception when out of memory. The copies below want that first. */
int tenon_p_string_length(JSContext *ctx, JSValueConst v, size_t *units);
/* The first `units`, of which there are so many; Latin-1 keeps the low bytes. */
void tenon_p_string_copy_latin1(JSValueConst v, char *dst, size_t units);
void tenon_p_string_copy_utf16(JSValueConst v, uint16_t *dst, size_t units);
/* As many whole characters as there is room for; the bytes that they took. Lone
 * surrogates become U+FFFD. */
size_t tenon_p_string_copy_utf8(JSValueConst v, char *dst, size_t room);

/* --- Others ------------------------------------------------------------------- */

/* Numbered as enum tenon_error_class; any other one is a plain Error. */
enum tenon_p_error_kind {
  TENON_P_KIND_ERROR,
  TENON_P_KIND_TYPE,
  TENON_P_KIND_RANGE,
  TENON_P_KIND_SYNTAX,
  TENON_P_KIND_REFERENCE,
  TENON_P_KIND_EVAL,
  TENON_P_KIND_URI
};
/* An error with a stack, whatever scripts did to the constructors. */
JSValue tenon_p_new_error(JSContext *ctx, enum tenon_p_error_kind kind,
                          JSValueConst message);

/* A symbol; `description` is a string or undefined. `is_registered`: that of
 * Symbol.for. */
JSValue tenon_p_new_symbol(JSContext *ctx, JSValueConst description,
                           bool is_registered);

/* A bigint of words, the lowest first: RangeError when it is too long. */
JSValue tenon_p_new_bigint(JSContext *ctx, bool is_negative, size_t count,
                           const uint64_t *words);
/* The words of |v|: how many there are; those that there is room for are
 * written. */
size_t tenon_p_bigint_words(JSValueConst v, bool *is_negative, size_t room,
                            uint64_t *words);

/* The time of a Date. */
double tenon_p_date_value(JSValueConst v);

/* A typed array or a DataView: false for other values. */
typedef struct tenon_p_view {
  JSValueConst buffer;       /* borrowed */
  size_t offset, size_bytes; /* 0 and 0 when it is out of its buffer's bounds */
} tenon_p_view;
bool tenon_p_view_of(JSValueConst v, tenon_p_view *out);

/* A DataView, whatever scripts did to its constructor. */
JSValue tenon_p_new_dataview(JSContext *ctx, JSValueConst buffer, size_t offset,
                             size_t size_bytes);

/* Set a property; one that refuses does so in silence. Consumes `v`. -1 with an
 * exception. */
int tenon_p_set_quietly(JSContext *ctx, JSValueConst object, JSAtom key,
                        JSValue v);

/* The prototype without a trap of a Proxy; owned. */
JSValue tenon_p_prototype_of(JSContext *ctx, JSValueConst object);

#endif
