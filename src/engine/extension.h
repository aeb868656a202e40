/*
 * What the engine's public interface lacks. Implemented in extension.c, which
 * is compiled in one unit with the engine and sees its internals.
 */
#ifndef TENON_ENGINE_EXTENSION_H
#define TENON_ENGINE_EXTENSION_H

#include <quickjs.h>

#include "base/base.h"

/*
 * JS_NewRuntime2, whose allocations are all put to `admit` once they would
 * pass `limit` (0: never, 1: each). `owner` is what tenon_p_runtime_owner
 * gives back. Defined by an edit of the engine.
 */
JSRuntime *tenon_p_new_runtime(const JSMallocFunctions *functions,
                               void *opaque,
                               bool (*admit)(JSRuntime *rt, size_t size),
                               void *owner, size_t limit);
void *tenon_p_runtime_owner(JSRuntime *rt);

/* The bytes that JS_SetMemoryLimit counts, and the limit. */
size_t tenon_p_runtime_used(JSRuntime *rt);
size_t tenon_p_runtime_limit(JSRuntime *rt);

/* While set, JS_ExecutePendingJob starts nothing, and polls are asked for at
 * once. */
void tenon_p_runtime_set_terminating(JSRuntime *rt, bool on);

/* How deep the stack of the calling thread may get: `size` bytes below here. */
void tenon_p_runtime_set_stack(JSRuntime *rt, size_t size);

/*
 * A data property whose value is made when it is first looked at. `lazy` must
 * be static and is called at most once with success; after a failure the
 * property is as before. Returns 0, or -1 with an exception.
 */
typedef struct tenon_p_lazy {
  const char *name;
  JSValue (*make)(JSContext *ctx, const struct tenon_p_lazy *lazy);
  const void *data;
} tenon_p_lazy;
int tenon_p_define_lazy(JSContext *ctx, JSValueConst object,
                        const tenon_p_lazy *lazy, int flags);

/*
 * UTF-8 of a string value without lone surrogates, which become U+FFFD. The
 * size is without a NUL; _write stores that many bytes and a NUL behind them.
 * `v` is a string; the size of a rope is asked for first, since that flattens
 * it: -1 with an exception when out of memory.
 */
int tenon_p_string_utf8_size(JSContext *ctx, JSValueConst v, size_t *size);
void tenon_p_string_utf8_write(JSValueConst v, char *dst);

/* The bytes behind an ArrayBuffer, a typed array or a DataView. */
enum tenon_p_bytes_state {
  TENON_P_BYTES_OK,
  TENON_P_BYTES_NONE,         /* another kind of value */
  TENON_P_BYTES_DETACHED,     /* or a view that its buffer shrank below */
  TENON_P_BYTES_SHARED        /* other threads may write to them */
};
enum tenon_p_bytes_state tenon_p_bytes_of(JSValueConst v,
                                          const uint8_t **data, size_t *size);

#endif
