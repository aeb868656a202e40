/*
 * Calls that are put off until a script has ended: process.nextTick. They are
 * made before the jobs of promises, those that come while jobs are executed
 * behind these; behind a module, whose own code is a job, behind its jobs.
 *
 * What one throws that nobody takes leaves the others, and the jobs, to the next
 * turn.
 */
#ifndef TENON_ENGINE_TICK_H
#define TENON_ENGINE_TICK_H

#include <quickjs.h>

#include "base/base.h"

typedef struct tenon_p_engine tenon_p_engine;
typedef struct tenon_p_tick tenon_p_tick;

typedef struct tenon_p_ticks {
  tenon_p_tick *first, *last; /* `last` is unset while there is none */
  bool is_behind_jobs;        /* of the turn that goes on */
  bool is_put_off;            /* it is over */
} tenon_p_ticks;

/* Call `function`, which is one, later: 0, or -1 with an exception. In a realm
 * that was closed nothing comes of it. Entered. */
int tenon_p_tick_add(JSContext *ctx, JSValueConst function, int argc,
                     JSValueConst *argv);

/* A module is evaluated by the host. */
void tenon_p_tick_behind_jobs(tenon_p_engine *e);

/* Leave them, and the jobs, to the next turn: something has thrown, as an
 * immediate. Entered. */
void tenon_p_tick_put_off(tenon_p_engine *e);

/* Make the calls until there are none, unless they are for later: false when the
 * turn is over. Entered. */
bool tenon_p_tick_run(tenon_p_engine *e);

/* Drop those of one realm; NULL: all. */
void tenon_p_tick_drop(tenon_p_engine *e, JSContext *ctx);

#endif
