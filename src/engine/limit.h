/*
 * What a program may use, and what ends it.
 *
 * Limits are budgets, one inside of the other: the runtime's own, which is
 * always there, and one for each scope that the host has begun around its calls
 * (tenon_p_budget_begin). What holds is the tightest of each kind. A limit of
 * time, CPU time or of a scope's memory that is reached ends the program: the
 * termination remembers whose it was, and the end of that scope takes it back.
 *
 * Invariants
 * - tenon_p_engine's deadline_ns, cpu.end_ns and heap.limit_bytes are the
 *   tightest ones of all open budgets (tighten).
 * - A budget is not deeper than the engine: when the entry that it was begun in
 *   is left, it ends.
 * - Clocks are read at entries, exits and polls only, and that of CPU time
 *   while somebody has limited it only.
 */
#ifndef TENON_ENGINE_LIMIT_H
#define TENON_ENGINE_LIMIT_H

#include "base/base.h"

typedef struct tenon_p_engine tenon_p_engine;

enum tenon_p_termination {
  TENON_P_RUNNING = 0,
  TENON_P_TERMINATED, /* by the host */
  TENON_P_EXITING,    /* by process.exit */
  TENON_P_OUT_OF_MEMORY,
  TENON_P_OUT_OF_TIME,
  TENON_P_OUT_OF_CPU
};

/* 0: no limit, in each of them. */
typedef struct tenon_p_amounts {
  uint64_t time_ms, cpu_ms; /* from when they were set */
  size_t memory_bytes;      /* a scope's: on top of what is used already */
  size_t stack_bytes;
} tenon_p_amounts;

typedef struct tenon_p_budget {
  struct tenon_p_budget *outer; /* NULL: the runtime's own */
  uint64_t id;                  /* never used again; 0: the runtime's own */
  uint32_t depth;               /* of the engine when it began */
  enum tenon_p_termination reached;
  tenon_p_amounts amounts;
  uint64_t start_ns, deadline_ns;    /* of tenon_p_engine_now_ns */
  uint64_t cpu_start_ns, cpu_end_ns; /* of tenon_p_engine_cpu_ns */
  size_t memory_end_bytes;           /* of tenon_p_engine_used */
  uintptr_t outer_stack;             /* what the engine's was before */
} tenon_p_budget;

/* What was reached, and how much it was. */
typedef struct tenon_p_reached {
  uint64_t id;      /* of the budget */
  uint64_t amount;  /* bytes or milliseconds; 0: the system has no more */
  bool is_external; /* of external memory alone */
} tenon_p_reached;

/* The CPU time of this runtime: of its thread while it is entered. */
typedef struct tenon_p_cpu {
  bool is_on;          /* somebody has limited it */
  uint64_t used_ns;    /* in entries that were left */
  uint64_t entered_ns; /* the thread's, when it was entered; while it is */
  uint64_t end_ns;     /* of the sum; 0: none */
} tenon_p_cpu;

/* A clock that only goes forward. */
uint64_t tenon_p_engine_now_ns(void);
/* CPU time so far, as long as it was limited. */
uint64_t tenon_p_engine_cpu_ns(const tenon_p_engine *e);

/* Set the runtime's own limit, from now on; 0: none. Scripts are looked after
 * here, a loop that waits by its own timer. */
void tenon_p_engine_set_time_limit(tenon_p_engine *e, uint64_t limit_ms);
void tenon_p_engine_set_cpu_limit(tenon_p_engine *e, uint64_t limit_ms);
void tenon_p_engine_set_memory_limit(tenon_p_engine *e, size_t limit_bytes);
/* 0: the default. */
void tenon_p_engine_set_stack_limit(tenon_p_engine *e, size_t limit_bytes);

/* Begin a scope: its id, or 0 when there is no memory. */
uint64_t tenon_p_budget_begin(tenon_p_engine *e, const tenon_p_amounts *a);
/* End the innermost one: 0; TENON_EINVAL, it is not open; TENON_EBUSY, another
 * one is open inside of it, or it was not begun in this entry. Takes its own
 * termination back. */
int tenon_p_budget_end(tenon_p_engine *e, uint64_t id,
                       enum tenon_p_termination *reached);

/* --- For engine.c --------------------------------------------------------------- */

void tenon_p_limits_init(tenon_p_engine *e, size_t memory_bytes,
                         size_t stack_bytes);
/* How much stack scripts may use from the outermost entry on. */
size_t tenon_p_limits_stack(const tenon_p_engine *e);
/* Ends the program when a deadline has passed. */
void tenon_p_limits_look(tenon_p_engine *e);
/* Memory has run out: true when that ends the program. */
bool tenon_p_limits_end_memory(tenon_p_engine *e);
/* The first entry is begun or left; `is_on` was looked at. */
void tenon_p_cpu_enter(tenon_p_engine *e);
void tenon_p_cpu_leave(tenon_p_engine *e);
/* An entry was left, in which budgets may have begun. */
void tenon_p_budgets_leave(tenon_p_engine *e);
/* The limit that has ended the program is no more. */
void tenon_p_limits_resume(tenon_p_engine *e);
void tenon_p_limits_release(tenon_p_engine *e);

#endif
