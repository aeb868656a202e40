/*
 * Watches of file descriptors, on libuv's uv_poll_t.
 *
 * libuv registers a descriptor when it next waits, and aborts the process where
 * that fails: if the descriptor was closed until then, or its number is a file
 * now. So what was set is looked at right before, and others by turns, which
 * tells of descriptors that were closed: the kernel says nothing of them.
 */
#ifndef TENON_LOOP_WATCH_H
#define TENON_LOOP_WATCH_H

#include <quickjs.h>
#include <tenon/descriptor.h>
#include <uv.h>

#include "base/base.h"

typedef struct tenon_p_loop tenon_p_loop;

typedef struct tenon_p_watches {
  tenon_p_list all; /* those that are open; the first `fresh` were set */
  size_t fresh;
  uv_prepare_t look;
} tenon_p_watches;

/* Before and after the loop's life; the second closes its handle. */
void tenon_p_watches_init(tenon_p_loop *l);
void tenon_p_watches_stop(tenon_p_loop *l);

/* One for the realm of `ctx`. Loop's thread; as tenon_watch_open. */
int tenon_p_watch_open(tenon_p_loop *l, JSContext *ctx, int fd, uint32_t events,
                       tenon_watch_fn *fn, void *data, tenon_watch **out);
/* The same for the call, or the watch, that this thread is in. */
int tenon_p_host_watch_open(int fd, uint32_t events, tenon_watch_fn *fn,
                            void *data, tenon_watch **out);

/* Closes all that are open, and tells them. */
void tenon_p_watch_close(tenon_p_loop *l);
/* The same for those of one realm. */
void tenon_p_watch_close_realm(tenon_p_loop *l, const JSContext *ctx);

#endif
