/**
 * @file
 * Memory that a host gives: where one runtime's heap comes from instead of
 * malloc, by tenon_options.allocator.
 */
#ifndef TENON_ALLOCATOR_H
#define TENON_ALLOCATOR_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The functions of an allocator. Every call tells how large the block is, so
 * that an arena, or an allocator which must be told (Rust's, C++'s sized
 * delete), need not keep that itself.
 *
 * What comes from it: all that the engine allocates - values, strings, the
 * contents of ArrayBuffers, compiled code - and Tenon's own structures of this
 * runtime. Contents of an ArrayBuffer that a function of a module hands over
 * are copied into it.
 *
 * What does not, and is malloc's as ever: the structures by which the runtime,
 * its realms and its classes are known, and the table of instances; instances
 * of classes, since a call on another thread may outlive the runtime with one;
 * what else other threads may free or may outlive the runtime (deferreds,
 * callbacks, persistents, held values, memory of a call, requests to the thread
 * pool, the mailbox between threads); texts that are being read or told (source
 * files, paths, messages); what modules allocate themselves, also where it
 * becomes an instance or (napi_create_external_arraybuffer) a buffer; and the
 * memory of libuv, of threads and of the C library.
 *
 * The functions are called on the runtime's thread only, from
 * tenon_runtime_new to tenon_runtime_free, and so need no lock of their own
 * where one allocator belongs to one runtime. When tenon_runtime_free returns,
 * or tenon_runtime_new fails, every block has been given back: what lies
 * behind the allocator may go. They must not call into the runtime, and must
 * return: no longjmp, no exception.
 *
 * Any call of `alloc` and `realloc` may fail: a script sees an InternalError,
 * `out of memory`, or ends (tenon_options.ends_at_memory_limit); the runtime
 * stays usable. The engine does not know how much an allocator has left, and
 * collects garbage where memory_limit_bytes is near: tell a limit that is a
 * little below what the allocator can give.
 */
typedef struct tenon_allocator {
  /** sizeof(tenon_allocator). */
  size_t size;
  /** Handed to the functions. */
  void *data;
  /** A block of `size` bytes, never 0, aligned as malloc aligns: for
   * max_align_t. NULL when there is none. One that is not aligned so is given
   * back at once and counts as none. */
  void *(*alloc)(void *data, size_t size);
  /** Make a block of `old_size` bytes one of `size` bytes, larger or smaller,
   * as realloc does. `p` is never NULL, `size` never 0. NULL leaves the block
   * as it is. */
  void *(*realloc)(void *data, void *p, size_t old_size, size_t size);
  /** Take a block back; `p` is never NULL. `size` is what was asked for
   * last. */
  void (*free)(void *data, void *p, size_t size);
  /** As `alloc`, all bytes 0: for allocators that know fresh pages. May be NULL:
   * what `alloc` gives is zeroed then. */
  void *(*alloc_zeroed)(void *data, size_t size);
} tenon_allocator;

#ifdef __cplusplus
}
#endif

#endif
