/*
 * The engine, as edited, and what we add to it, in one translation unit. Found
 * on the include path: quickjs.c of the build folder, its headers in the
 * fetched sources.
 */
#include "quickjs.c"

/* The engine forbids itself the C library's allocator; so do its additions. */
#include "engine/extension.c"
#include "engine/dump.c"
#include "engine/disassemble.c"
#include "engine/hint.c"
#include "engine/look.c"
#include "engine/describe.c"
#include "engine/instance.c"
#include "engine/native.c"
#include "engine/exotic.c"
#include "engine/iterator.c"
#include "engine/record.c"
#include "engine/foreign.c"
#include "engine/crash.c"
#include "engine/commonjs.c"
