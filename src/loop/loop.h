/*
 * The loop of a runtime: libuv's, and what happens between two of its
 * callbacks.
 *
 * A callback of libuv never runs JavaScript by itself: it makes something
 * ready, in order, and the loop runs what is ready as long as no error is
 * pending and the program was not told to end. So nothing is lost when a run
 * ends early and another follows.
 */
#ifndef TENON_LOOP_LOOP_H
#define TENON_LOOP_LOOP_H

#include <uv.h>

#include "bind/function.h"
#include "engine/engine.h"
#include "engine/realm.h"
#include "loop/check.h"
#include "loop/clock.h"
#include "loop/descriptor.h"
#include "loop/operation.h"
#include "loop/ready.h"
#include "loop/watch.h"

typedef struct tenon_p_mailbox tenon_p_mailbox;
typedef struct tenon_p_joint tenon_p_joint; /* loop/joint.h */
typedef struct tenon_p_pool tenon_p_pool;

/* How many calls a queue takes unless the host says so. */
#define TENON_P_POOL_QUEUE 4096

struct tenon_p_loop {
  tenon_p_engine *engine;
  uv_loop_t *uv;                /* apart: it may outlive this */
  struct tenon_p_own_loop *own; /* whose that is */
  uv_async_t wake;
  tenon_p_clock clock;      /* loop/clock.h */
  uv_timer_t deadline;      /* of the engine's time limit */
  uv_timer_t await;         /* of a host that waits: loop/await.c */
  uv_timer_t late;          /* of loop/pool.c */
  uv_idle_t turn;           /* runs what is ready before the loop waits */
  tenon_p_checks checks;    /* loop/check.h */
  tenon_p_list ready;       /* of tenon_p_ready.link */
  tenon_p_operations open;  /* loop/operation.h */
  tenon_p_list deferreds;   /* those that are open */
  tenon_p_pool *pool;       /* loop/pool.c */
  tenon_p_list awaiting;    /* calls of callbacks that wait for a Promise */
  tenon_p_list holding;     /* callbacks that keep it alive */
  tenon_p_watches watches;  /* loop/watch.h */
  tenon_p_list streams;     /* of loop/stream.c, those that are open */
  tenon_p_list iterables;   /* of loop/iterable.c, whose values are held */
  JSClassID reaction_class; /* loop/reaction.c; 0: not registered yet */
  JSClassID reaction_number;
  double last_number;   /* of the last call that awaits */
  tenon_p_mailbox *box; /* for other threads; outlives the loop */
  tenon_p_joint *joint; /* with the loop of the host; NULL: there is none */
  tenon_p_descriptor descriptor; /* open once somebody waits for it */
  uint64_t until_ns;             /* of a step; 0: no time is set */
  uint32_t holds;           /* open deferreds, and callbacks that ask for it */
  uint32_t settled_at_once; /* in this iteration, by callbacks of libuv */
  bool is_running, is_dispatching;
  bool is_iterating; /* libuv's loop, by this one */
  bool is_stop_told; /* the host knows that the program is to end */
  struct {
    bool abandons;       /* C that runs is not waited for */
    uint64_t timeout_ms; /* of waiting for it; 0: none */
    bool is_time_up;
    size_t *abandoned; /* counts it; NULL: nobody asks */
  } closing;           /* how it is to be closed */
  /* Takes what is thrown in a call of the host's own, outside of everything:
   * consumed. Set by the layer above; NULL: it is uncaught. */
  void (*on_thrown)(void *host, JSValue error);
  /* What ended a run of the loop as uncaught becomes the host's: its code. */
  int (*take_uncaught)(void *host);
  /* Of a loop of the host's: what is there to tell, as a code; and telling it,
   * which may free the runtime. `tell` is NULL while nobody listens. */
  bool (*news)(void *host, int *code);
  void (*tell)(void *host, int code);
  void *host;
};

/* Attaches a loop to an engine: 0, TENON_ENOMEM or a code of libuv. */
int tenon_p_loop_attach(tenon_p_engine *e);
tenon_p_loop *tenon_p_loop_of(tenon_p_engine *e);

/* The engine's time limit has changed: a loop that waits is to keep it too. */
void tenon_p_loop_keep_deadline(tenon_p_loop *l);

/* tenon_p_engine_resume. */
void tenon_p_loop_resume(tenon_p_loop *l);
/* The host is told that the program is to end, if it is that: `status`, which
 * is what it gets. Once told it need not wake up for it. */
int tenon_p_loop_tell(tenon_p_loop *l, int status);

/* One more reason to stay alive, or one less. */
void tenon_p_loop_hold(tenon_p_loop *l, bool on);

/* Append to what is ready; once it is, again is fine. */
void tenon_p_loop_make_ready(tenon_p_loop *l, tenon_p_ready *r);
/* To be called at the end of each callback of libuv: runs what is ready, or
 * sees to it that it has its turn as soon as it can. */
void tenon_p_loop_dispatch(tenon_p_loop *l);
/* The same for callbacks of timers. libuv goes on calling those that are due
 * until there are none: one that ran a script, which sets a timer, which is
 * due, would keep everything else waiting. */
void tenon_p_loop_dispatch_soon(tenon_p_loop *l);

/* Run until nothing is left to do, an error is pending (it is then in the
 * engine's list), or the program was told to end. Returns the engine's status
 * or TENON_EBUSY. */
int tenon_p_loop_run(tenon_p_loop *l);
/* The same until `is_done(p)`, which is asked between two turns. */
int tenon_p_loop_run_until(tenon_p_loop *l, bool (*is_done)(void *p), void *p);

/* The same for a time, without using the processor meanwhile: 0 also when an
 * error, or the engine's status, has ended it; TENON_ETIMEDOUT, and
 * TENON_EUNSETTLED when nothing is left to run. UINT64_MAX: any time. */
int tenon_p_loop_await(tenon_p_loop *l, uint64_t timeout_ms,
                       bool (*is_done)(void *p), void *p);

/* What a step has left. */
enum tenon_p_left {
  TENON_P_LEFT_NOTHING, /* nothing to wait for */
  TENON_P_LEFT_WAITING, /* nothing to run */
  TENON_P_LEFT_READY    /* something to run */
};
/* Run what is ready, without waiting, until nothing is or so much time has gone
 * by; 0: one turn. Returns as tenon_p_loop_run does. */
int tenon_p_loop_step(tenon_p_loop *l, uint64_t budget_ms);
enum tenon_p_left tenon_p_loop_left(tenon_p_loop *l);
/* When there will be something to run, if no event comes before: in so many
 * milliseconds of the loop's clock, which it brings up to date; -1: never. */
int tenon_p_loop_timeout(tenon_p_loop *l);
/* Would a turn run something? */
bool tenon_p_loop_has_something(tenon_p_loop *l);

/* Is the program to do nothing more, for now? */
bool tenon_p_loop_must_stop(const tenon_p_loop *l);
/* It is: has the host still to be told? */
bool tenon_p_loop_has_news(const tenon_p_loop *l);

/* A program begins, of whose end a host that runs the loop is told. */
void tenon_p_loop_begin(tenon_p_loop *l);
/* From now on `host` runs it, which outlives it: 0, TENON_ENOMEM or a code of
 * libuv. */
int tenon_p_loop_join(tenon_p_loop *l, uv_loop_t *host);

/* From now on the descriptor is kept armed behind whatever the host does: 0 or
 * a code. */
int tenon_p_loop_open_descriptor(tenon_p_loop *l);
/* The host may wait for it. */
void tenon_p_loop_arm(tenon_p_loop *l);
/* Something has changed that whoever waits for the loop is to know. A run, and
 * the outermost _leave of the engine, say so by themselves. */
void tenon_p_loop_touch(tenon_p_loop *l);

/* Give it away with its engine, and take it: 0, TENON_EBUSY (something of it is
 * further up the stack; it is somebody's), TENON_EINVAL (a host's loop has it).
 * Until it is taken, what comes in from threads waits. */
int tenon_p_loop_detach(tenon_p_loop *l);
int tenon_p_loop_attach_thread(tenon_p_loop *l);

/* Is there anything that the loop waits for or that waits for its turn? */
bool tenon_p_loop_is_alive(tenon_p_loop *l);

/*
 * Move into a host's runtime, whose jobs the host executes: 0, TENON_ENOMEM or
 * a code of libuv. Behind everything else that is attached to the engine; where
 * it fails the engine is to be freed.
 */
int tenon_p_guest_move_in(tenon_p_engine *e);
/* A descriptor that is readable when the host should execute jobs; the host
 * waits by itself from now on. */
int tenon_p_guest_fd(tenon_p_engine *e);

/* How native functions run, for tenon_p_module_init. */
extern const tenon_p_schedule tenon_p_loop_schedule;
/* The functions that every module is handed. */
extern const tenon_host tenon_p_loop_host;

/* Make ready that calls of a module are serialised: 0 or TENON_ENOMEM. */
int tenon_p_serial_prepare(const tenon_module *m);
/* The gate of a serial module in this runtime, NULL where it has to lock: 0 or
 * TENON_ENOMEM. NULL can be closed. */
int tenon_p_serial_open(const tenon_module *m, tenon_p_gate **out);
void tenon_p_serial_close(tenon_p_gate *g);

extern const tenon_p_operation_kind tenon_p_pool_kind, tenon_p_deferred_kind;

/* --- Between the files of this layer --------------------------------------------- */

/* One turn, without waiting, for whoever runs it. */
void tenon_p_loop_turn(tenon_p_loop *l);
/* One iteration for a guest: runs what is ready and, when it `waits`, until
 * something was. Not while one runs. */
void tenon_p_loop_pump(tenon_p_loop *l, bool waits);

tenon_p_task *tenon_p_pool_new_task(void);
void tenon_p_pool_drop_task(tenon_p_task *t);
/* 0, or -1 with an exception: it was not started. */
int tenon_p_pool_start(tenon_p_loop *l, tenon_p_task *t,
                       const tenon_p_call_options *o);
/* Has the call that this thread of the pool makes become pointless? */
bool tenon_p_pool_is_cancelled(void);
/* What this thread calls as one of the pool; NULL: nothing, or it is not known
 * any more. For signal handlers. */
const tenon_function *tenon_p_pool_function(bool *is_pool, const char **module);
/* 0, TENON_ENOMEM or a code of libuv. */
int tenon_p_pool_open(tenon_p_loop *l);
/* Counts of 0 are the defaults. */
void tenon_p_pool_set(tenon_p_loop *l, uint32_t most_running,
                      uint32_t most_queued, enum tenon_p_when_full when_full);
typedef struct tenon_p_pool_counts {
  uint32_t running, queued, waiting, most_running, most_queued;
} tenon_p_pool_counts;
tenon_p_pool_counts tenon_p_pool_count(tenon_p_loop *l);
/* Drops what is queued, for the end of the runtime. */
void tenon_p_pool_cancel(tenon_p_loop *l);
/* Does no thread work for it, nor is about to? */
bool tenon_p_pool_is_idle(const tenon_p_loop *l);
/* What runs ends by itself and touches nothing of the runtime, whose realms are
 * still there; how many? */
size_t tenon_p_pool_abandon(tenon_p_loop *l);
/* Of all runtimes: how many do so still? Any thread. */
size_t tenon_p_pool_left(void);
/* Frees the pool, behind all that run or when the last one of those that were
 * abandoned has ended. */
void tenon_p_pool_close(tenon_p_loop *l);
/* The same for the calls of one realm; what runs goes on, for nobody. */
void tenon_p_pool_close_realm(tenon_p_loop *l, JSContext *ctx);
/* Around what runs beside no call of a serial module: any thread. */
void tenon_p_serial_lock(const tenon_module *m);
void tenon_p_serial_unlock(const tenon_module *m);
/* Around a wait of a thread of the pool for the loop: the lock of the serial
 * module that it works for, which the loop's thread may want; NULL: none. */
const tenon_module *tenon_p_pool_pause(void);
void tenon_p_pool_go_on(const tenon_module *m);
/* The mailbox of the runtime whose call this thread of the pool makes; NULL:
 * none. */
const tenon_p_mailbox *tenon_p_pool_box(void);

tenon_p_task *tenon_p_deferred_new(tenon_p_loop *l, const tenon_function *f);
void tenon_p_deferred_drop(tenon_p_task *t);
/* 0, or -1 with an exception: it was not started. */
int tenon_p_deferred_start(tenon_p_loop *l, tenon_p_task *t,
                           const tenon_p_call_options *o);
/* Tells the native side of all open ones that the runtime ends. */
void tenon_p_deferred_close(tenon_p_loop *l);
/* The same for those of one realm. */
void tenon_p_deferred_close_realm(tenon_p_loop *l, JSContext *ctx);

#endif
