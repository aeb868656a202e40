/*
 * What functions that are written by hand for the engine have in common. They
 * take the shortest way that the engine's API offers and check nothing but its
 * exceptions.
 */
#ifndef BENCH_HAND_H
#define BENCH_HAND_H

#include <quickjs.h>

#define HAND(name)                                                       \
  static JSValue name(JSContext *ctx, JSValueConst this_value, int argc, \
                      JSValueConst *argv)

/* Names of members, prepared. */
#define BENCH_NAMES(X) \
  X(x)                 \
  X(y)                 \
  X(a)                 \
  X(b)                 \
  X(c)                 \
  X(d)                 \
  X(id)                \
  X(name)              \
  X(active)            \
  X(score)             \
  X(tags)              \
  X(at)                \
  X(kind)              \
  X(note)              \
  X(parts)             \
  X(code)              \
  X(count)             \
  X(version)           \
  X(title)             \
  X(items)
#define BENCH_ATOM(name) extern JSAtom atom_##name;
BENCH_NAMES(BENCH_ATOM)
#undef BENCH_ATOM

void bench_atoms_init(JSContext *ctx);
void bench_atoms_release(JSContext *ctx);

#endif
