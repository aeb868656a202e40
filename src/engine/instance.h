/*
 * Instances of native classes: objects of classes of our own that point to a
 * record outside of the engine's heap, which knows its class. So whether a value
 * is an instance is one comparison, whatever scripts did to its prototype.
 *
 * Invariants
 * - A record has one object, from its making to that object's end, and is its
 *   own class's for ever.
 * - `self` is what calls may use: NULL when it is disposed of, while a call off
 *   the loop has it, and before its constructor is done. `memory` is there until
 *   it has been freed.
 * - What is freed, and when, is the layer's above: `gone` is called when the
 *   object ends, be it in the middle of a collection.
 */
#ifndef TENON_ENGINE_INSTANCE_H
#define TENON_ENGINE_INSTANCE_H

#include <quickjs.h>

#include "base/base.h"

typedef struct tenon_p_class tenon_p_class;
typedef struct tenon_p_instance tenon_p_instance;

/* What the objects of a class are besides. */
enum { TENON_P_OBJECT_EXOTIC = 1, TENON_P_OBJECT_CALLABLE = 2 };

/* What such objects ask. Those of names come first, then the same of indices. */
enum tenon_p_hook {
  TENON_P_HOOK_GET, /* the value, or JS_UNINITIALIZED */
  TENON_P_HOOK_SET,
  TENON_P_HOOK_HAS,
  TENON_P_HOOK_DELETE,
  TENON_P_HOOK_KEYS,    /* an array of names; how many indices */
  TENON_P_HOOK_INDEXED, /* what is added for those of indices */
  TENON_P_HOOK_CALL = TENON_P_HOOK_INDEXED * 2,
  TENON_P_HOOKS
};

typedef struct tenon_p_class_ops {
  /* A record with room for T, zeroed, `self` is NULL; NULL with an exception. */
  tenon_p_instance *(*make)(JSContext *ctx, tenon_p_class *c);
  /* Its constructor, or what else was to make an object of it, has failed: of
   * what is in it nothing is freed. */
  void (*drop)(tenon_p_instance *i);
  /* The constructor is done, and `memory` set: the object, or an exception; it
   * is dropped and freed then. */
  JSValue (*made)(JSContext *ctx, tenon_p_instance *i, JSValueConst proto);
  /* The last call that used it has returned, and it was disposed of. */
  void (*unused)(tenon_p_instance *i);
  /* No call may use it from now on. */
  void (*dispose)(tenon_p_instance *i);
  /* How much memory has it got? -1 with an exception. */
  int (*measure)(JSContext *ctx, tenon_p_instance *i);
  void (*mark)(JSRuntime *rt, tenon_p_instance *i, JS_MarkFunc *mark);
  void (*gone)(JSRuntime *rt, tenon_p_instance *i);
} tenon_p_class_ops;

/* A class in one realm; the values are its realm's. */
struct tenon_p_class {
  const tenon_p_class *base; /* counted; NULL: none */
  const tenon_p_class_ops *ops;
  const void *owner;     /* of the layer above; NULL: its realm has ended */
  JSValue proto;         /* undefined then */
  struct JSShape *shape; /* of new objects, counted; NULL: not known yet */
  struct tenon_p_adoption *adoption; /* one that goes on; NULL: none */
  /* Native functions that take `this`; undefined: there is none. Of names, or of
   * indices, others are there only together with GET. */
  JSValue hooks[TENON_P_HOOKS];
  uint32_t object_kind; /* TENON_P_OBJECT_ */
  uint32_t class_id;    /* of the engine; the rest is set by the layer above */
  uint32_t refs;        /* of the realm, each record, each class over it */
};

struct tenon_p_instance {
  void *self, *memory;
  tenon_p_class *class; /* counted */
  void *object;         /* the JSObject; NULL: there is none (any more) */
  uint32_t pins;        /* calls on the loop that use `memory` */
  bool is_out;          /* a call off the loop has it */
  bool is_disposed;     /* no call may use it any more */
  bool is_ended;        /* T has been freed, or was somebody else's */
  bool is_borrowed;     /* it lives in its parent */
};

/* Registers the classes with a runtime; again is fine. 0, or -1 with an
 * exception. */
int tenon_p_instance_init(JSContext *ctx);

static inline bool tenon_p_class_extends(const tenon_p_class *c,
                                         const tenon_p_class *base)
{
  while (c && c != base)
    c = c->base;
  return c != NULL;
}

/* The engine's class of objects of that kind; registered. */
uint32_t tenon_p_instance_class(JSContext *ctx, uint32_t object_kind);

/* The record of an object, of whatever class; NULL of other values. */
tenon_p_instance *tenon_p_instance_of(JSContext *ctx, JSValueConst v);

/* An object for a record that has none: an exception when out of memory, the
 * record is as before then. */
JSValue tenon_p_instance_object(JSContext *ctx, tenon_p_instance *i,
                                JSValueConst proto);

/* What the realm holds of a class, for the collector; and the end of it. */
void tenon_p_class_mark(JSRuntime *rt, const tenon_p_class *c,
                        JS_MarkFunc *mark);
void tenon_p_class_release(JSRuntime *rt, tenon_p_class *c);

/* The object of a record is one of no record from now on. */
void tenon_p_instance_cut(tenon_p_instance *i);

/* Is a constructor one of class `c`, or made by scripts to extend it? 1, 0; -1:
 * of another native class. Runs no scripts. */
int tenon_p_constructor_extends(JSContext *ctx, JSValueConst constructor,
                                const tenon_p_class *c);

/* A construction whose super() is given what its instance owns. */
typedef struct tenon_p_adoption {
  tenon_p_instance *i; /* NULL: super() has it */
  const void *by;      /* the object that new.target is then */
  JSValue object;      /* what super() gave; owned */
} tenon_p_adoption;

/* Construct by a class that extends `c`, whose super() gives `i`: what it returns,
 * or an exception. `*is_taken`: `i` is not the caller's any more; `*is_given`: it
 * is what came. */
JSValue tenon_p_instance_construct(JSContext *ctx, tenon_p_class *c,
                                   JSValueConst constructor,
                                   tenon_p_instance *i, bool *is_taken,
                                   bool *is_given);

/* The prototype that `new_target` asks for; owned, or an exception. */
JSValue tenon_p_class_proto_of(JSContext *ctx, const tenon_p_class *c,
                               JSValueConst new_target);

#endif
