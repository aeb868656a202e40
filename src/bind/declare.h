/*
 * The declarations of TypeScript that a module of descriptors has. No engine
 * runs: tables are read, and sources for their comments.
 */
#ifndef TENON_BIND_DECLARE_H
#define TENON_BIND_DECLARE_H

#include "base/text.h"
#include "bind/exports.h"

/*
 * Appends them; out of memory is `out->failed`. `name` is what programs import
 * the module by; NULL: a file of its own. Sources are read below `source_dir`,
 * unless NULL.
 */
void tenon_p_declare(const tenon_p_module *m, const char *name,
                     const char *source_dir, tenon_p_text *out);

#endif
