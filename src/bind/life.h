/*
 * What the files about instances share: the record of one.
 */
#ifndef TENON_BIND_LIFE_H
#define TENON_BIND_LIFE_H

#include "bind/hold.h"
#include "bind/instance.h"
#include "engine/finalize.h"

/* The engine's view of it, and ours; T by value is inside. */
typedef struct tenon_p_life {
  tenon_p_instance base;
  struct tenon_p_life *next; /* in its bucket */
  union {
    tenon_p_finalizer finalizer;
    /* How T ends: of one that is detached, which has no class any more. */
    struct {
      void (*release)(void *self, void *out);
      void (*free)(void *self);
    } detached;
  };
  union {
    /* Of one that is borrowed, what it lives in; else undefined. */
    JSValue parent;
    tenon_p_list detached_link; /* by its pointer, of one that is detached */
  };
  union {
    /* The record of that, which is there as long as that is held or a call uses
     * this one. */
    struct tenon_p_life *owner;
    struct tenon_p_life *next_out; /* of others, in the call that has it */
  };
  tenon_p_holder holder;
  tenon_held *ending; /* the Promise of its async disposal, once begun */
  union {
    size_t reported;               /* bytes of it and of what it owns */
    const tenon_class *root_class; /* of one that is detached */
  };
  bool is_known;    /* it is in a bucket */
  bool is_queued;   /* to be finalized */
  bool is_detached; /* the call that has it is all that it has left */
  _Alignas(16) char data[];
} tenon_p_life;

struct tenon_p_instances {
  tenon_p_engine *engine;
  tenon_p_life **buckets; /* by pointer; a power of two of them */
  size_t bucket_count, count;
};

static inline tenon_p_life *tenon_p_life_of(tenon_p_instance *i)
{
  return (tenon_p_life *)i;
}

static inline tenon_p_bound_class *tenon_p_life_class(const tenon_p_life *r)
{
  return (tenon_p_bound_class *)r->base.class;
}

/* Functions of a class of a serial module run beside no other of it. */
void tenon_p_class_lock(const tenon_p_bound_class *k);
void tenon_p_class_unlock(const tenon_p_bound_class *k);

/* Was it, or what it lives in, disposed of? */
bool tenon_p_instance_is_over(const tenon_p_life *r);
/* End one that has no object. */
void tenon_p_instance_discard(tenon_p_life *r);
/* Has a call off the loop got it, or what it lives in? */
bool tenon_p_instance_is_out(const tenon_p_life *r);

/*
 * The one of this pointer whose class has the same root; NULL. One that owns it
 * comes first, be it disposed of, or its object gone, as long as T is there, and
 * of what has one owner alone that of another realm; then one that borrows it, of
 * `owner` alone unless that is NULL, and is not over.
 */
tenon_p_life *tenon_p_instance_find(tenon_p_instances *all, const void *p,
                                    const tenon_p_class *c,
                                    const tenon_p_life *owner);
/* Is it of another realm than this class, which has the same root? */
bool tenon_p_instance_is_elsewhere(const tenon_p_life *r,
                                   const tenon_p_class *c);
/* What it owns besides T: 0, or -1 with an exception, a limit; what is there
 * already counts all the same. */
int tenon_p_instance_set_memory(JSContext *ctx, tenon_p_life *r, size_t bytes,
                                bool is_there);
/* The object of a record, which it has; owned. */
JSValue tenon_p_instance_dup_object(JSContext *ctx, const tenon_p_life *r);
/* An object for a record whose memory is set; it is ended where there is none. */
JSValue tenon_p_instance_new_object(JSContext *ctx, tenon_p_life *r,
                                    JSValueConst proto);
/* One that borrows `p` from `owner`, or an exception. */
JSValue tenon_p_instance_borrow(JSContext *ctx, tenon_p_bound_class *k,
                                tenon_p_life *owner, void *p);
/* `p` of a class by pointer is the result of a call, and handed over: its
 * object; or an exception, and what was handed over is freed. */
JSValue tenon_p_instance_own(JSContext *ctx, tenon_p_bound_class *k, void *p,
                             JSValueConst proto);
/* The object of one that is borrowed, which a call was given and returns. */
JSValue tenon_p_instance_lent(JSContext *ctx, const tenon_p_life *r);
/* What a T of a class by value owns is let go of: it was handed over to nobody. */
void tenon_p_instance_end_copy(tenon_p_bound_class *k, const void *src);
/* Has a call that lost its realm this pointer, of a class of this root, for
 * itself? It ends it. NULL: of any. Any thread. */
bool tenon_p_instance_is_detached(const void *p, const tenon_class *root);
/* The same of what has one owner alone, and so has it already. */
bool tenon_p_instance_is_lost(const tenon_p_bound_class *k, const void *p);
/* Throws that it has. */
JSValue tenon_p_throw_lost(JSContext *ctx, const tenon_p_bound_class *k);

/* What is left of one that nobody uses any more, or its end as soon as it can
 * be. Not during a collection. */
void tenon_p_instance_unused(tenon_p_life *r);

/* Let a call that copies have an instance for itself, and let go of it again. */
void tenon_p_instance_lend(JSContext *ctx, tenon_p_call *c, tenon_p_life *r);

/* The record that the current call knows by this pointer, and that may hold and
 * own something; NULL: there is none. */
tenon_p_life *tenon_p_owner_of(const void *owner);

#endif
