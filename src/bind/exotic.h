/*
 * What instances do that are more than their properties: callable ones, and
 * containers that look like objects. The engine asks hooks (engine/exotic.c);
 * these are made here of a class's members and those of its bases.
 */
#ifndef TENON_BIND_EXOTIC_H
#define TENON_BIND_EXOTIC_H

#include "bind/class.h"

/* Of a table whose members are valid each and whose base is known: is each of
 * these there once, of the right form, and GET with every other? */
bool tenon_p_has_valid_hooks(const tenon_p_class_table *t);

/* TENON_P_OBJECT_ of the instances. */
uint32_t tenon_p_object_kind(const tenon_p_class_table *t);

/* Make the hooks of a class whose base has its own: 0, or -1 with an exception. */
int tenon_p_hooks_bind(JSContext *ctx, const tenon_p_module *m,
                       const tenon_p_class_table *t, tenon_p_bound_class *k);

#endif
