/*
 * Classes of a module: their tables, and what they are in a realm, a
 * constructor and a prototype.
 */
#ifndef TENON_BIND_CLASS_H
#define TENON_BIND_CLASS_H

#include "bind/function.h"
#include "bind/instance.h"

/* A class and its members, as the tables of a module have them. */
typedef struct tenon_p_class_table {
  const tenon_class *class;
  const tenon_item *item;                 /* its own */
  const struct tenon_p_class_table *base; /* NULL: none; stands before it */
  const tenon_item *const *members;       /* by kind and line */
  uint32_t count;
} tenon_p_class_table;

/*
 * Check and list the classes of a module, bases first. 0, TENON_EABI or
 * TENON_ENOMEM; m->classes is released by tenon_p_module_release.
 */
int tenon_p_classes_init(tenon_p_module *m, tenon_p_heap *heap);

/* Is there nothing in the tables of a module, which have the right shape, that
 * its classes contradict? */
bool tenon_p_are_sound_classes(const tenon_p_module *m);

/* See to it that the realm has all classes of a module: 0, or -1 with an
 * exception. Again is fine. */
int tenon_p_classes_bind(JSContext *ctx, const tenon_p_module *m);

/* The constructor of the class of a module that has this name, which the realm
 * has; owned. */
JSValue tenon_p_class_constructor(JSContext *ctx, const tenon_p_module *m,
                                  const char *name);

/* What the realm has of a class; NULL: nothing. */
tenon_p_bound_class *tenon_p_class_find(JSContext *ctx,
                                        const tenon_class *class);

/* Is a class, of whatever realm, this one or does it extend it? */
bool tenon_p_is_of_class(const tenon_p_class *c, const tenon_class *class);

/* The member of a class or its bases of this kind; NULL. */
const tenon_member *tenon_p_class_member(const tenon_p_class_table *t,
                                         uint32_t kind);

#endif
