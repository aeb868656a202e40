/*
 * Names of descriptors as TypeScript has them: what can stand as it is, and a
 * name of one's own for what cannot.
 */
#ifndef TENON_BIND_DECLARE_NAME_H
#define TENON_BIND_DECLARE_NAME_H

#include "base/text.h"

/* Names of one scope. */
typedef struct tenon_p_scope {
  char **names;
  uint32_t count, capacity;
} tenon_p_scope;

void tenon_p_scope_release(tenon_p_scope *s);
bool tenon_p_scope_has(const tenon_p_scope *s, const char *name);
/* Takes a copy of the name: false when out of memory. */
bool tenon_p_scope_add(tenon_p_scope *s, const char *name);

/* An IdentifierName of ECMAScript, reserved words included? */
bool tenon_p_is_identifier(const char *name);
/* Can a function or parameter not have it? */
bool tenon_p_is_reserved(const char *name);
/* Can a type not have it, since TypeScript or declarations use it? */
bool tenon_p_is_type_reserved(const char *name);

/* The name with `_` for what identifiers do not have; free(3), NULL when out
 * of memory. */
char *tenon_p_identifier_of(const char *name);

/*
 * A name for `wanted`, an identifier, that is in none of the two scopes
 * (`other` may be NULL): itself, `wanted_2`, `wanted_3`…; `suffix` stands
 * before the number. It is added to `s`, which keeps it; NULL when out of
 * memory.
 */
const char *tenon_p_scope_choose(tenon_p_scope *s, const tenon_p_scope *other,
                                 const char *wanted, const char *suffix);

/* A property's or an export's name: as it is, or in quotes. */
void tenon_p_put_property(tenon_p_text *out, const char *name);
/* A string literal. */
void tenon_p_put_string(tenon_p_text *out, const char *s);

#endif
