/*
 * Results that are new instances of what `this` is one of: a class of scripts that
 * extends the native one. As the language does it, its constructor is called,
 * without arguments; super() then gives what C has made instead of calling C. So
 * fields, private ones too, are there, as in every other instance.
 */
#ifndef TENON_BIND_SPECIES_H
#define TENON_BIND_SPECIES_H

#include "bind/class.h"

/* May the result of a member ask for it, if it does? Of a method, getter or call
 * on the loop, that gives its own class. */
bool tenon_p_is_valid_species(const tenon_member *x);

/* Has a class got a member that asks for it? */
bool tenon_p_has_species(const tenon_p_class_table *t);

/* `static get [Symbol.species]`; owned, or an exception. */
JSValue tenon_p_species_getter(JSContext *ctx);

/* An object for the record `i` of class `k`, which is taken, in a call on an
 * instance: or an exception. */
JSValue tenon_p_species_new(JSContext *ctx, const tenon_p_call *c,
                            const tenon_p_place *place, tenon_p_bound_class *k,
                            tenon_p_instance *i);

#endif
