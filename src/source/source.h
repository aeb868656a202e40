/*
 * Native source as an import: files of C, C++ and Rust, and shared objects that
 * are no modules. Attached behind the modules, whose chain asks it for such files.
 */
#ifndef TENON_SOURCE_SOURCE_H
#define TENON_SOURCE_SOURCE_H

#include <tenon/source.h>

#include "engine/engine.h"

/* 0 or TENON_ENOMEM. */
int tenon_p_source_attach(tenon_p_engine *e);
/* As tenon_runtime_on_build. */
void tenon_p_source_tell(tenon_p_engine *e, tenon_build_fn *fn, void *data);

#endif
