/*
 * What a module exports: its functions, constants and getters by their names,
 * and its default.
 */
#ifndef TENON_BIND_EXPORTS_H
#define TENON_BIND_EXPORTS_H

#include "bind/function.h"

struct tenon_p_export {
  const char *name;
  const tenon_function *function; /* of a constant or getter: its value's;
                                     NULL: a class */
  uint32_t kind; /* TENON_ITEM_CONSTANT, _GETTER, _CLASS; 0: a function */
};

/*
 * Check a module's tables and list what it exports. 0, TENON_EABI or
 * TENON_ENOMEM; released by tenon_p_module_release, when no function of it is
 * left.
 */
int tenon_p_module_init(tenon_p_module *m, tenon_p_heap *heap,
                        const tenon_module *descriptor,
                        const tenon_p_schedule *schedule);
void tenon_p_module_release(tenon_p_module *m, tenon_p_heap *heap);

/* Can it be imported by its name? A getter cannot: an import is no property. */
static inline bool tenon_p_export_is_importable(const tenon_p_export *x)
{
  return x->kind != TENON_ITEM_GETTER;
}

/* What is exported as `default` besides what has this name. */
enum tenon_p_default {
  TENON_P_DEFAULT_NONE,
  TENON_P_DEFAULT_EXPORT, /* m->default_export */
  TENON_P_DEFAULT_OBJECT  /* of all exports */
};
enum tenon_p_default tenon_p_module_default(const tenon_p_module *m);

/*
 * A plain object of all exports: functions as they would be assigned, constants
 * that cannot be written, getters. What a constant fails with is thrown; `m`
 * outlives the functions.
 */
JSValue tenon_p_exports_object(JSContext *ctx, const tenon_p_module *m);

/* Define them on the global object, as builtins are: 0, TENON_EEXIST when one
 * of the names is there, or TENON_EEXCEPTION; nothing was defined then. */
int tenon_p_exports_to_global(JSContext *ctx, const tenon_p_module *m);

#endif
