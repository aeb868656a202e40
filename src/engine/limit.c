#include "engine/limit.h"

#include <tenon/error.h>
#include <time.h>

#include "engine/engine.h"
#include "engine/extension.h"

#define DEFAULT_STACK (1024 * 1024)
#define NS_IN_MS 1000000

/* --- Clocks ------------------------------------------------------------------- */

static uint64_t read_clock(clockid_t id)
{
  struct timespec t = {0, 0};

  clock_gettime(id, &t);
  return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

uint64_t tenon_p_engine_now_ns(void)
{
  return read_clock(CLOCK_MONOTONIC);
}

/* Its thread is the caller's while it is entered. */
uint64_t tenon_p_engine_cpu_ns(const tenon_p_engine *e)
{
  uint64_t now;

  if (!e->cpu.is_on || !e->depth) return e->cpu.used_ns;
  now = read_clock(CLOCK_THREAD_CPUTIME_ID);
  return e->cpu.used_ns + (now - e->cpu.entered_ns);
}

void tenon_p_cpu_enter(tenon_p_engine *e)
{
  e->cpu.entered_ns = read_clock(CLOCK_THREAD_CPUTIME_ID);
}

void tenon_p_cpu_leave(tenon_p_engine *e)
{
  e->cpu.used_ns += read_clock(CLOCK_THREAD_CPUTIME_ID) - e->cpu.entered_ns;
}

/* It counts while somebody has limited it. */
static void switch_cpu(tenon_p_engine *e, bool on)
{
  if (on == e->cpu.is_on) return;
  if (e->depth && on) tenon_p_cpu_enter(e);
  if (e->depth && !on) tenon_p_cpu_leave(e);
  e->cpu.is_on = on;
}

/* So many milliseconds behind `start`; 0 when that is never. */
static uint64_t end_of(uint64_t start_ns, uint64_t ms)
{
  if (!ms || ms >= (UINT64_MAX - start_ns) / NS_IN_MS) return 0;
  return start_ns + ms * NS_IN_MS;
}

/* --- The tightest ---------------------------------------------------------------- */

static bool is_before(uint64_t end, uint64_t other)
{
  return end && (!other || end < other);
}

static void tighten(tenon_p_engine *e)
{
  uint64_t deadline = 0, cpu = 0;
  size_t memory = 0;
  bool has_cpu = false;
  const tenon_p_budget *b;

  for (b = e->budget; b; b = b->outer) {
    if (is_before(b->deadline_ns, deadline)) deadline = b->deadline_ns;
    if (is_before(b->cpu_end_ns, cpu)) cpu = b->cpu_end_ns;
    if (is_before(b->memory_end_bytes, memory)) memory = b->memory_end_bytes;
    if (b->amounts.cpu_ms) has_cpu = true;
  }
  e->deadline_ns = deadline;
  e->cpu.end_ns = cpu;
  switch_cpu(e, has_cpu);
  if (memory != e->heap.limit_bytes) {
    e->heap.limit_bytes = memory;
    if (e->heap.changed) e->heap.changed(&e->heap);
    if (e->rt) tenon_p_runtime_collect_at_limit(e->rt);
  }
}

/* The outermost of those that end first, so that what is left of the others does
 * not end the program once more. */
static tenon_p_budget *first_by_time(const tenon_p_engine *e)
{
  tenon_p_budget *b, *first = e->budget;

  for (b = e->budget; b; b = b->outer)
    if (b->deadline_ns == e->deadline_ns) first = b;
  return first;
}

static tenon_p_budget *first_by_cpu(const tenon_p_engine *e)
{
  tenon_p_budget *b, *first = e->budget;

  for (b = e->budget; b; b = b->outer)
    if (b->cpu_end_ns == e->cpu.end_ns) first = b;
  return first;
}

static tenon_p_budget *first_by_memory(const tenon_p_engine *e)
{
  tenon_p_budget *b, *first = e->budget;

  for (b = e->budget; b; b = b->outer)
    if (b->memory_end_bytes == e->heap.limit_bytes) first = b;
  return first;
}

/* --- Being reached ------------------------------------------------------------------ */

static bool reach(tenon_p_engine *e, tenon_p_budget *b,
                  enum tenon_p_termination why, uint64_t amount)
{
  if (!tenon_p_engine_end(e, why)) return false;
  e->reached = (tenon_p_reached){.id = b->id, .amount = amount};
  b->reached = why;
  return true;
}

void tenon_p_limits_look(tenon_p_engine *e)
{
  tenon_p_budget *b;

  if (e->deadline_ns && tenon_p_engine_now_ns() >= e->deadline_ns) {
    b = first_by_time(e);
    reach(e, b, TENON_P_OUT_OF_TIME, b->amounts.time_ms);
  }
  if (e->cpu.end_ns && tenon_p_engine_cpu_ns(e) >= e->cpu.end_ns) {
    b = first_by_cpu(e);
    reach(e, b, TENON_P_OUT_OF_CPU, b->amounts.cpu_ms);
  }
}

bool tenon_p_limits_end_memory(tenon_p_engine *e)
{
  tenon_p_budget *b = first_by_memory(e);
  uint64_t amount = b->amounts.memory_bytes;

  if (e->is_external_refused) {
    b = &e->own;
    amount = e->heap.external_limit_bytes;
  }
  if (b == &e->own && !e->ends_at_memory_limit) {
    e->is_external_refused = false;
    return false;
  }
  if (reach(e, b, TENON_P_OUT_OF_MEMORY, amount))
    e->reached.is_external = e->is_external_refused;
  e->is_external_refused = false;
  return true;
}

/* It would be reached again at once. */
void tenon_p_limits_resume(tenon_p_engine *e)
{
  enum tenon_p_termination why = tenon_p_engine_termination(e);
  tenon_p_budget *b = e->budget;

  if (why != TENON_P_OUT_OF_TIME && why != TENON_P_OUT_OF_CPU) return;
  while (b && b->id != e->reached.id)
    b = b->outer;
  /* The scope that it was of may have ended with its entry. */
  if (!b) return;
  if (why == TENON_P_OUT_OF_TIME)
    b->deadline_ns = 0;
  else
    b->cpu_end_ns = b->amounts.cpu_ms = 0;
  tighten(e);
}

/* --- The runtime's own ---------------------------------------------------------------- */

void tenon_p_limits_init(tenon_p_engine *e, size_t memory_bytes,
                         size_t stack_bytes)
{
  e->budget = &e->own;
  e->own.amounts.memory_bytes = e->own.memory_end_bytes = memory_bytes;
  e->stack_limit_bytes = stack_bytes ? stack_bytes : DEFAULT_STACK;
}

size_t tenon_p_limits_stack(const tenon_p_engine *e)
{
  size_t size = e->stack_limit_bytes;
  const tenon_p_budget *b;

  for (b = e->budget; b->outer; b = b->outer)
    if (b->amounts.stack_bytes && b->amounts.stack_bytes < size)
      size = b->amounts.stack_bytes;
  return size;
}

void tenon_p_engine_set_time_limit(tenon_p_engine *e, uint64_t limit_ms)
{
  e->own.amounts.time_ms = limit_ms;
  e->own.start_ns = tenon_p_engine_now_ns();
  e->own.deadline_ns = end_of(e->own.start_ns, limit_ms);
  tighten(e);
}

void tenon_p_engine_set_cpu_limit(tenon_p_engine *e, uint64_t limit_ms)
{
  e->own.amounts.cpu_ms = limit_ms;
  /* Counts from here on, if it did not. */
  tighten(e);
  e->own.cpu_start_ns = tenon_p_engine_cpu_ns(e);
  e->own.cpu_end_ns = end_of(e->own.cpu_start_ns, limit_ms);
  tighten(e);
}

void tenon_p_engine_set_memory_limit(tenon_p_engine *e, size_t limit_bytes)
{
  e->own.amounts.memory_bytes = e->own.memory_end_bytes = limit_bytes;
  tighten(e);
}

void tenon_p_engine_set_stack_limit(tenon_p_engine *e, size_t limit_bytes)
{
  e->stack_limit_bytes = limit_bytes ? limit_bytes : DEFAULT_STACK;
  if (e->depth && e->budget == &e->own)
    tenon_p_runtime_resize_stack(e->rt, e->stack_limit_bytes);
}

/* --- Scopes ------------------------------------------------------------------------------ */

uint64_t tenon_p_budget_begin(tenon_p_engine *e, const tenon_p_amounts *a)
{
  tenon_p_budget *b = tenon_p_heap_alloc(&e->heap, sizeof *b);
  size_t used;

  if (!b) return 0;
  b->amounts = *a;
  b->id = ++e->last_budget;
  b->depth = e->depth;
  b->start_ns = a->time_ms ? tenon_p_engine_now_ns() : 0;
  b->deadline_ns = end_of(b->start_ns, a->time_ms);
  used = tenon_p_engine_used(e);
  if (a->memory_bytes && a->memory_bytes < SIZE_MAX - used)
    b->memory_end_bytes = used + a->memory_bytes;
  b->outer_stack = tenon_p_runtime_stack_limit(e->rt);
  b->outer = e->budget;
  e->budget = b;
  if (a->cpu_ms) {
    switch_cpu(e, true);
    b->cpu_start_ns = tenon_p_engine_cpu_ns(e);
    b->cpu_end_ns = end_of(b->cpu_start_ns, a->cpu_ms);
  }
  tighten(e);
  if (e->depth && a->stack_bytes)
    tenon_p_runtime_narrow_stack(e->rt, a->stack_bytes);
  return b->id;
}

/* The innermost one, which is a scope's. */
static void drop(tenon_p_engine *e)
{
  tenon_p_budget *b = e->budget;

  e->budget = b->outer;
  if (e->depth && b->amounts.stack_bytes)
    tenon_p_runtime_restore_stack(e->rt, b->outer_stack);
  tighten(e);
  tenon_p_heap_free(&e->heap, b);
}

static bool is_open(const tenon_p_engine *e, uint64_t id)
{
  const tenon_p_budget *b = e->budget;

  while (b->outer && b->id != id)
    b = b->outer;
  return b->outer != NULL;
}

int tenon_p_budget_end(tenon_p_engine *e, uint64_t id,
                       enum tenon_p_termination *reached)
{
  bool is_taken_back;

  *reached = TENON_P_RUNNING;
  if (!is_open(e, id)) return TENON_EINVAL;
  if (e->budget->id != id || e->budget->depth != e->depth) return TENON_EBUSY;
  *reached = e->budget->reached;
  is_taken_back = e->reached.id == id && *reached != TENON_P_RUNNING &&
                  tenon_p_engine_termination(e) == *reached;
  drop(e);
  if (is_taken_back) tenon_p_engine_take_back(e);
  return 0;
}

void tenon_p_budgets_leave(tenon_p_engine *e)
{
  while (e->budget->outer && e->budget->depth > e->depth)
    drop(e);
}

void tenon_p_limits_release(tenon_p_engine *e)
{
  while (e->budget->outer)
    drop(e);
}
