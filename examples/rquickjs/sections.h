/*
 * One section for each feature that a binding library for the engine is known
 * for (docs/rquickjs.md has the list). Each prints what it sees, and ends the
 * program when something is not as it should be.
 */
#ifndef SECTIONS_H
#define SECTIONS_H

#include <tenon.h>
#include <tenon/napi.h>
#include <tenon/persistent.h>
#include <tenon/property.h>

/* runtimes.c */
void runtimes_and_realms(void);
void intrinsics(void);
void limits(void);
void own_allocator(void);

/* values.c */
void conversions(void);
void coercion(void);
void optional_and_rest(void);
void array_buffers(void);

/* objects.c */
void keys(void);
void properties(void);
void functions(void);
void states(void);

/* classes.c */
void classes(void);

/* modules.c */
void exports(void);
void loaders(void);

/* promises.c */
void promises(void);

/* lasting.c */
void persistent_values(void);
void dumps(void);

/* main.c: what the sections have in common. */

/* A runtime with a module of native functions; `entry` may be NULL. */
tenon_runtime *runtime_with(const char *name, tenon_module_entry *entry);
/* Runs a module to its end; `must` with what is wrong. */
void run(tenon_runtime *rt, const char *source);
/* Ends the program with what `r` says, unless it is 0. */
void must(tenon_runtime *rt, int r);
/* The same of Node-API. */
void must_napi(napi_status status);
/* Prints what running `source` throws. */
void refused(tenon_runtime *rt, const char *source);

#endif
