/*
 * The native core of an AbortSignal: whether it is aborted and why, who is to be
 * told, and which signals it depends on (DOM Standard, 3 Aborting ongoing
 * activities). The class that scripts see is made by the layer above.
 *
 * Invariants
 * - An object of the signals' class has one core for ever. It is found by the
 *   object's class alone: no script can fake one, nor run when it is looked for.
 * - A signal is aborted once. Then it is in no relation any more, and nobody
 *   listens to it.
 * - A core is counted: by its object, by each listener, by whoever asks. When the
 *   runtime's values are let go of nobody listens any more, reasons become
 *   undefined, and who still holds a core lets go before the states are freed.
 * - Sources depend on nothing themselves. A dependent signal holds its sources; a
 *   source holds those of its dependents that somebody listens to. So a signal
 *   that can still be aborted, and told about, stays, and all others go.
 *
 * The loop's thread, entered where a JSContext is taken.
 */
#ifndef TENON_BIND_SIGNAL_H
#define TENON_BIND_SIGNAL_H

#include "engine/engine.h"

typedef struct tenon_p_signal tenon_p_signal;

/* Somebody who is told once that a signal is aborted; in memory of theirs,
 * zeroed before it is first used. */
typedef struct tenon_p_abort_listener tenon_p_abort_listener;
struct tenon_p_abort_listener {
  tenon_p_list link;
  tenon_p_signal *signal; /* counted; NULL: it does not listen */
  /* The signal is aborted, and has been left already: `l` may be freed, and
   * others may stop to listen. Before the event `abort`; leaves no exception. */
  void (*fn)(tenon_p_abort_listener *l, JSContext *ctx, JSValueConst reason);
};

/* The signal that `v` is, of whatever realm: borrowed from `v`; NULL of other
 * values. */
tenon_p_signal *tenon_p_signal_of(JSContext *ctx, JSValueConst v);

tenon_p_signal *tenon_p_signal_dup(tenon_p_signal *s);
/* NULL is fine. The last one; also while values are freed. */
void tenon_p_signal_unref(tenon_p_signal *s);

bool tenon_p_signal_is_aborted(const tenon_p_signal *s);
/* Borrowed; undefined of one that is not aborted. */
JSValueConst tenon_p_signal_reason(const tenon_p_signal *s);

/* Until it is told, or does not listen any more; one that listens is moved. Of a
 * signal that is aborted nothing comes: ask first. */
void tenon_p_signal_listen(tenon_p_signal *s, tenon_p_abort_listener *l);
/* Again is fine. */
void tenon_p_signal_unlisten(tenon_p_abort_listener *l);

/* --- For the class above ----------------------------------------------------- */

typedef struct tenon_p_signal_ops {
  /* Fire `abort` at a signal's object, in the realm that it was made in. What
   * its listeners throw is theirs: an exception is one of its own. */
  JSValue (*fire)(JSContext *ctx, JSValueConst object);
} tenon_p_signal_ops;

/* Whoever aborts a signal later on, as a timer does. */
typedef struct tenon_p_signal_waiter tenon_p_signal_waiter;
struct tenon_p_signal_waiter {
  tenon_p_signal *signal; /* counted; NULL: it does not wait */
  /* The signal's object is gone, maybe in the middle of a collection: there is
   * nobody to abort it for. _stop_waiting is still to be called. */
  void (*gone)(tenon_p_signal_waiter *w);
};

/* 0 or TENON_ENOMEM. */
int tenon_p_signals_attach(tenon_p_engine *e, const tenon_p_signal_ops *ops);

/* An object of a signal of its own, which belongs to this realm. */
JSValue tenon_p_signal_new(JSContext *ctx, JSValueConst proto);

/* The realm that it belongs to, and its object, owned: of one that has an object. */
JSContext *tenon_p_signal_realm(const tenon_p_signal *s);
JSValue tenon_p_signal_object(JSContext *ctx, const tenon_p_signal *s);

/* Abort it and those that depend on it; once. 0, or -1 with an exception: one of
 * firing, all of them are aborted nevertheless. */
int tenon_p_signal_abort(JSContext *ctx, tenon_p_signal *s,
                         JSValueConst reason);

/* Make `s`, which is new, depend on `count` values that are signals, or be aborted
 * as the first of them that is. 0, or -1 with an exception. */
int tenon_p_signal_depend(JSContext *ctx, tenon_p_signal *s, size_t count,
                          JSValueConst *sources);

/* Do scripts listen for its event? */
void tenon_p_signal_set_heard(tenon_p_signal *s, bool is_heard);

/* A signal has one waiter at most. */
void tenon_p_signal_wait(tenon_p_signal *s, tenon_p_signal_waiter *w);
/* Again is fine. */
void tenon_p_signal_stop_waiting(tenon_p_signal_waiter *w);

#endif
