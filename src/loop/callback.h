/*
 * Callbacks of JavaScript from native code: at once on the loop's thread,
 * queued from others. The functions of the host's table, as
 * <tenon/export/callback.h> has them.
 */
#ifndef TENON_LOOP_CALLBACK_H
#define TENON_LOOP_CALLBACK_H

#include "bind/callback.h"
#include "loop/loop.h"

extern const tenon_p_callback_ops tenon_p_loop_callbacks;

tenon_callback *tenon_p_callback_keep(tenon_callback *cb);
void tenon_p_callback_release(tenon_callback *cb);
int tenon_p_callback_call(tenon_callback *cb, const void *args, void *result);
int tenon_p_callback_await(tenon_callback *cb, const void *args, void *result);
int tenon_p_callback_post(tenon_callback *cb, const void *args);
int tenon_p_callback_update(tenon_callback *cb, const void *args);
int tenon_p_callback_hold(tenon_callback *cb, int on);

/* Calls that wait for a Promise are dropped. */
void tenon_p_callback_close(tenon_p_loop *l);
/* The same for the functions of one realm. */
void tenon_p_callback_close_realm(tenon_p_loop *l, JSContext *ctx);

#endif
