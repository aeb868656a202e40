/*
 * What is in a heap, and what happens in it, as text (tenon/debug.h). Looks at
 * the engine's structures as they are: nothing is allocated, counted or called,
 * so that it may be asked at any time but while the engine is freeing.
 */
#ifndef TENON_ENGINE_DUMP_H
#define TENON_ENGINE_DUMP_H

#include <quickjs.h>

#include "base/out.h"

/* Can its objects be looked at now? Not while some are half freed. */
bool tenon_p_dump_is_possible(JSRuntime *rt);

void tenon_p_dump_objects(JSRuntime *rt, tenon_p_out *o);
void tenon_p_dump_atoms(JSRuntime *rt, tenon_p_out *o);
void tenon_p_dump_shapes(JSRuntime *rt, tenon_p_out *o);
void tenon_p_dump_bytecode(JSRuntime *rt, tenon_p_out *o);

/* An object, for who counts them: those of one class and prototype are alike. */
typedef struct tenon_p_dumped {
  const void *object, *proto;
  uint32_t class_id;
  size_t bytes; /* its own blocks */
} tenon_p_dumped;
typedef void tenon_p_dump_visit(void *p, const tenon_p_dumped *d);
void tenon_p_dump_each(JSRuntime *rt, tenon_p_dump_visit *visit, void *p);
/* Its class, and its constructor where that is another name. */
void tenon_p_dump_class(JSRuntime *rt, tenon_p_out *o, const void *object);

/* From now on; `to` lives until it is called again. NULL: nothing any more. */
void tenon_p_runtime_set_traces(JSRuntime *rt, uint32_t what,
                                const tenon_p_writer *to);

#endif
