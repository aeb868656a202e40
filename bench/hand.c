#include "hand.h"

#include <stdlib.h>

#define X(name) JSAtom atom_##name;
BENCH_NAMES(X)
#undef X

void bench_atoms_init(JSContext *ctx)
{
#define X(name) \
  if ((atom_##name = JS_NewAtom(ctx, #name)) == JS_ATOM_NULL) abort();
  BENCH_NAMES(X)
#undef X
}

void bench_atoms_release(JSContext *ctx)
{
#define X(name) JS_FreeAtom(ctx, atom_##name);
  BENCH_NAMES(X)
#undef X
}
