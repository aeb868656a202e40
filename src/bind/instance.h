/*
 * The life of instances: who uses what they own, when it is freed, what they
 * hold of JavaScript.
 *
 * Invariants
 * - A record ends with the last of: its object, the calls that use it, T.
 * - T is freed once: when its object is gone or it was disposed of, and no call
 *   uses it; never by a collection itself, which puts it into a queue.
 * - Of pointers that are owned or borrowed the record is found by the pointer
 *   and the root of its class.
 * - What an instance holds is released when its object goes, at the latest.
 */
#ifndef TENON_BIND_INSTANCE_H
#define TENON_BIND_INSTANCE_H

#include <tenon/descriptor.h>

#include "bind/call.h"
#include "bind/message.h"
#include "engine/engine.h"
#include "engine/instance.h"

typedef struct tenon_p_instances tenon_p_instances;

/* A class in one realm. */
typedef struct tenon_p_bound_class {
  tenon_p_class base; /* first: the engine's view of it */
  tenon_p_instances *all;
  const tenon_class *class;
  const tenon_module *serial; /* its module, if that is; else NULL */
  const struct tenon_p_schedule *schedule; /* which locks that */
  void (*release)(void *self, void *out);  /* may be NULL */
  void (*memory)(void *self, void *out);   /* may be NULL */
  JSValue constructor;
  struct tenon_p_shown *shown; /* bind/shown.h */
  uint32_t shown_count;
  struct tenon_p_bound_class *next; /* in its bucket of the realm */
} tenon_p_bound_class;

/* 0 or TENON_ENOMEM. */
int tenon_p_instances_attach(tenon_p_engine *e);
tenon_p_instances *tenon_p_instances_of(JSContext *ctx);
extern const tenon_p_class_ops tenon_p_instance_ops;
/* One holder of a class less. */
void tenon_p_class_unref(tenon_p_bound_class *c);

/* As tenon_p_read and tenon_p_write, of kind CLASS and COPY. */
int tenon_p_read_instance(JSContext *ctx, tenon_p_call *c,
                          const tenon_p_place *place, const tenon_field *field,
                          JSValueConst v, void **dst);
int tenon_p_read_copy(JSContext *ctx, const tenon_p_place *place,
                      const tenon_type *type, JSValueConst v, void *dst);
JSValue tenon_p_write_instance(JSContext *ctx, tenon_p_call *c,
                               const tenon_p_place *place,
                               const tenon_field *field, void *p);
JSValue tenon_p_write_copy(JSContext *ctx, tenon_p_call *c,
                           const tenon_p_place *place, const tenon_field *field,
                           const void *src);

/* The name of the class of an instance. */
const char *tenon_p_instance_name(JSContext *ctx, JSValueConst v);

/* Let go of T, or let the last call that uses it do so. */
void tenon_p_instance_dispose(tenon_p_instance *i);

/* The record that the current call was given by this pointer; NULL: none. */
tenon_p_instance *tenon_p_call_instance(const tenon_p_call *c,
                                        const void *self);

/* Is it an instance of that class that may be used? And let go of its T, if it is
 * one; `hook` of one that was not disposed of yet is called first, or NULL. 0, or
 * -1 with an exception. */
int tenon_p_check_instance(JSContext *ctx, const tenon_p_place *place,
                           const tenon_class *class, JSValueConst v);
int tenon_p_dispose_value(JSContext *ctx, const tenon_p_place *place,
                          const tenon_class *class, JSValueConst v,
                          void (*hook)(void *self, void *out));

/* The Promise by which one ends that was begun to be disposed of off the loop, or
 * a resolved one where it was; undefined where neither. Or an exception. */
JSValue tenon_p_instance_ending(JSContext *ctx, tenon_p_instance *i);
bool tenon_p_instance_is_ending(tenon_p_instance *i);
/* It is out, to be disposed of when it comes back. */
void tenon_p_instance_ends_by(JSContext *ctx, tenon_p_instance *i,
                              JSValueConst promise);

/*
 * The instances that are a call's alone, off the loop. Their memory is measured
 * anew: 0, or -1 with an exception; they are given back, on the loop's thread; or
 * they are its for ever, since the loop or their realm ends: what they were to
 * scripts is over, and T ends with the call, on whatever thread.
 */
int tenon_p_call_measure(JSContext *ctx, tenon_p_call *c);
void tenon_p_call_return(tenon_p_call *c);
void tenon_p_call_detach(tenon_p_call *c);

/* For the table of host functions. */
int tenon_p_host_report_memory(const void *owner, size_t bytes);
int tenon_p_host_dispose(const void *self);

#endif
