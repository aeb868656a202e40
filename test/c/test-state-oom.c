/*
 * Every allocation of a program with states and functions that have one fails
 * once: it does everything right or fails with an error, and each state ends as
 * often as it was made.
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#define TENON_MODULE states
#include "harness.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/napi.h>
#include <tenon/realm.h>
#include <tenon/state.h>

#include "base/alloc.h"

static tenon_p_text said;
static int live;

TENON_FUNCTION(none, say, (str, line))
{
  tenon_p_text_append(&said, line.data, line.len);
  tenon_p_text_puts(&said, ";");
  if (said.failed) tenon_fail_memory();
}

typedef struct table {
  int64_t *numbers;
} table;

static int table_init(table *t)
{
  t->numbers = tenon_p_calloc(4 * sizeof *t->numbers);
  if (!t->numbers) return -1;
  live++;
  return 0;
}

static void table_release(table *t)
{
  free(t->numbers);
  live--;
}

TENON_STATE(runtime, table, table_init, table_release)

typedef struct local {
  table *table;
} local;

static int local_init(local *l)
{
  l->table = table_state();
  if (!l->table) return -1;
  live++;
  return 0;
}

static void local_release(local *l)
{
  l->table->numbers[0]++;
  live--;
}

TENON_STATE(realm, local, local_init, local_release)

typedef struct counter {
  table *table;
  int64_t value;
} counter;

static void free_counter(void *p)
{
  counter *c = p;

  c->table->numbers[1]++;
  tenon_alloc(1000);
  tenon_env();
  free(c);
  live--;
}

TENON_CLOSURE(i64, counter, next, (i64, by, 1))
{
  return state->value += by;
}

TENON_BLOCKING_CLOSURE(i64, counter, later, (i64, by))
{
  return state->value + by;
}

TENON_STRUCT(point, (f64, x), (str, name))

TENON_CLOSURE(point, counter, moved, (point, p))
{
  p.x += (double)state->value;
  return p;
}

static counter *new_counter(void)
{
  local *l = local_state();
  counter *c = l ? tenon_p_calloc(sizeof *c) : NULL;

  if (!c) return tenon_fail_memory(), NULL;
  c->table = l->table;
  live++;
  return c;
}

static counter *zero_counter(void)
{
  return NULL;
}

TENON_FUNCTION(any, make, (i32, which))
{
  counter *c = new_counter();

  if (!c) return (napi_value)(void *)zero_counter();
  if (which == 0) return next_new(c, free_counter);
  if (which == 1) return later_new(c, free_counter);
  return moved_new(c, free_counter);
}

static const char program[] =
    "import { make, say } from 'states';\n"
    "const a = make(0), b = make(0), f = make(1), m = make(2);\n"
    "say(`${a()} ${a(2)} ${b()}`);\n"
    "say(`${await f(5)}`);\n"
    "say(JSON.stringify(m({ x: 1, name: 'n' })));\n"
    "for (let i = 0; i < 5; i++) make(i % 3);\n"
    "globalThis.kept = [a, make(0), make(2)];\n"
    "kept.push(kept);\n"
    "say('end');\n";
static const char expected[] = "1 3 1;5;{\"x\":1,\"name\":\"n\"};end;";

static void define(void *p)
{
  napi_env env = tenon_env();
  napi_value global;
  counter *c = new_counter();
  napi_value f = c ? next_new(c, free_counter) : NULL;

  (void)p;
  if (!f || !env || napi_get_global(env, &global) ||
      napi_set_named_property(env, global, "hosts", f))
    tenon_fail_memory();
}

/* In a realm that ends before the runtime does. */
static int live_in_realm(tenon_runtime *rt)
{
  static const char source[] = "globalThis.f = make(0); f(); f.f = hosts;"
                               "if (hosts() !== 1) throw 1;";
  tenon_realm *realm = NULL;
  void *found;
  int r = tenon_realm_new(rt, NULL, &realm), ended;

  if (r == 0) r = tenon_realm_add_globals(realm, tenon_module_states);
  if (r == 0) r = tenon_realm_state(realm, TENON_STATE_TYPE(local), &found);
  if (r == 0) r = tenon_realm_call(realm, define, NULL);
  if (r == 0)
    r = tenon_realm_eval_script(realm, source, sizeof source - 1, NULL);
  ended = tenon_realm_free(realm);
  return r ? r : ended;
}

/* What it returned; TENON_ENOMEM and the like too. */
static int run(void)
{
  tenon_runtime *rt = NULL;
  void *found;
  int r;

  tenon_p_text_clear(&said);
  r = tenon_runtime_new(NULL, &rt);
  if (r == 0) r = tenon_runtime_add_module(rt, "states", tenon_module_states);
  if (r == 0) r = tenon_runtime_state(rt, TENON_STATE_TYPE(table), &found);
  if (r == 0) r = live_in_realm(rt);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, program, strlen(program), "states.js");
  if (r == 0) r = tenon_runtime_run(rt);
  if (r == TENON_EEXCEPTION) CHECK(tenon_runtime_exception(rt) != NULL);
  tenon_runtime_free(rt);
  CHECK_INT(0, live);
  return r;
}

static const t_oom oom = {.live = run, .said = &said, .expected = expected};

TEST(every_allocation_fails_once_of_a_program_with_states)
{
  CHECK(t_fail_each(&oom, false) > 2000);
}

TEST(every_allocation_fails_from_some_point_on_of_a_program_with_states)
{
  CHECK(t_fail_each(&oom, true) > 2000);
}
