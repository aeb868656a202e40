/*
 * What the files about instances share: the record of one.
 */
#ifndef TENON_BIND_LIFE_H
#define TENON_BIND_LIFE_H

#include "bind/instance.h"
#include "engine/finalize.h"

struct tenon_held {
  tenon_p_list link; /* in its record's `held` */
  JSValue value;     /* undefined once its owner's object is gone */
  JSRuntime *rt;
};

/* The engine's view of it, and ours; T by value is inside. */
typedef struct tenon_p_life {
  tenon_p_instance base;
  struct tenon_p_life *next; /* in its bucket */
  tenon_p_finalizer finalizer;
  JSValue parent; /* of one that is borrowed; else undefined */
  tenon_p_list held;
  size_t reported; /* bytes of it and of what it owns */
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

/* The one of this pointer whose class has the same root; NULL. */
tenon_p_life *tenon_p_instance_find(tenon_p_instances *all, const void *p,
                                    const tenon_p_class *c);
void tenon_p_instance_remember(tenon_p_instances *all, tenon_p_life *r);
/* What it owns besides T: 0, or -1 with an exception, a limit; what is there
 * already counts all the same. */
int tenon_p_instance_set_memory(JSContext *ctx, tenon_p_life *r, size_t bytes,
                                bool is_there);
/* `class->free`, as a call of its own, which fails for nobody. */
void tenon_p_instance_run_free(tenon_p_bound_class *k, void *memory);
/* An object for a record whose memory is set; it is ended where there is none. */
JSValue tenon_p_instance_new_object(JSContext *ctx, tenon_p_life *r,
                                    JSValueConst proto);
JSValue tenon_p_instance_dup_object(JSContext *ctx, const tenon_p_life *r);
/* A reference that is one too many. */
void tenon_p_instance_unref(tenon_p_life *r);

#endif
