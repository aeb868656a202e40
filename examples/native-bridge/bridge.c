/*
 * The flow of an asynchronous operation, in two ways.
 *
 * By hand: JavaScript numbers the operation and keeps resolve and reject, C gets
 * the number, and a callback brings it back from the thread of the directory.
 * The functions that do so share a `bridge`, which is in no property and no
 * global: scripts can neither see nor forge it. It ends with the last of its
 * functions.
 *
 * By TENON_ASYNC: the deferred is the number, the callback, and the reason of a
 * failure; it has all of its memory from the beginning, knows of signals, keeps
 * the loop alive and ends with the runtime.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define TENON_MODULE bridge
#include <tenon/export.h>

#include "bridge.h"
#include "directory.h"

static atomic_uint made, freed;

bridge_counts bridge_count(void)
{
  return (bridge_counts){made, freed};
}

/* --- By hand ---------------------------------------------------------------- */

/* The value is undefined where nobody has the name. */
TENON_CALLBACK(none, on_answer, (i64, id), (opt(str), value))

typedef struct operation {
  struct operation *next;
  uint64_t id;
} operation;

/*
 * The callback is kept, which C does until it lets go of it: it must not hold
 * the functions that have this state, or neither would ever end. What is open
 * may, and does: a bridge ends when nothing is open.
 */
typedef struct bridge {
  directory *directory;
  on_answer *answer;
  operation *first, **end; /* what is open, for the loop's thread alone */
  unsigned functions;      /* that have this state */
  atomic_bool is_closing;
} bridge;

/* Is there to be another try? The queue of posted calls may be full, or memory
 * short, for a while; but who closes the directory waits for this thread. */
static bool tries_again(const bridge *b, int r)
{
  static const struct timespec a_moment = {0, 1000000};

  if ((r != TENON_EFULL && r != TENON_ENOMEM) || b->is_closing) return false;
  nanosleep(&a_moment, NULL);
  return true;
}

/* On the directory's thread, but for what is cancelled, which nobody waits for.
 * Once the runtime or the realm is closed there is nobody to tell. */
static void bring_back(void *data, uint64_t id, int result, const char *value)
{
  bridge *b = data;
  tenon_str text = tenon_str_of(value);
  int r;

  if (result == ECANCELED) return;
  do
    r = on_answer_post(b->answer, (int64_t)id, value ? &text : NULL);
  while (tries_again(b, r));
}

/* Named as programs know it. As long as anything is open the callback keeps the
 * loop alive. */
TENON_CLOSURE_AS("lookup", none, bridge, start, (cstr, name), (i64, id))
{
  operation *o = malloc(sizeof *o);
  int r = o ? tenon_callback_hold(state->answer, true) : ENOMEM;

  if (r == 0) {
    *o = (operation){NULL, (uint64_t)id};
    r = directory_ask(state->directory, o->id, name, bring_back, state);
    if (r) (void)tenon_callback_hold(state->answer, state->first != NULL);
  }
  if (r) {
    free(o);
    tenon_fail_system(r, "lookup", NULL);
    return;
  }
  *state->end = o;
  state->end = &o->next;
}

/* The answer is not wanted any more; there may be one all the same. */
TENON_CLOSURE(none, bridge, cancel, (i64, id))
{
  directory_cancel(state->directory, (uint64_t)id);
}

/* The operation is over, for JavaScript. One that is not open is not looked
 * for: whoever ends what has never begun need not know. */
TENON_CLOSURE(none, bridge, finish, (i64, id))
{
  operation **at = &state->first, *o;

  while (*at && (*at)->id != (uint64_t)id)
    at = &(*at)->next;
  o = *at;
  if (!o) return;
  *at = o->next;
  if (!*at) state->end = at;
  (void)tenon_callback_hold(state->answer, state->first != NULL);
  free(o);
}

/* A function is gone, and its share of the state. The thread of the directory
 * uses the callback: it ends first. */
static void bridge_unref(void *p)
{
  bridge *b = p;
  operation *o;

  if (--b->functions) return;
  b->is_closing = true;
  directory_close(b->directory);
  tenon_callback_release(b->answer);
  while ((o = b->first)) {
    b->first = o->next;
    free(o);
  }
  free(b);
  freed++;
}

TENON_STRUCT(bridge_functions, (any, start), (any, cancel), (any, finish))

TENON_FUNCTION(bridge_functions, connect, (on_answer, answer))
{
  bridge_functions f = {NULL, NULL, NULL};
  bridge *b = calloc(1, sizeof *b);
  int r = b ? directory_open(&b->directory) : ENOMEM;

  if (r) {
    free(b);
    tenon_fail_system(r, "connect", NULL);
    return f;
  }
  made++;
  b->end = &b->first;
  b->answer = on_answer_keep(answer);
  b->functions = 3; /* each gives its share back, also where it is not made */
  f.start = start_new(b, bridge_unref);
  f.cancel = cancel_new(b, bridge_unref);
  f.finish = finish_new(b, bridge_unref);
  return f;
}

/* --- By a deferred ------------------------------------------------------------ */

/* One a runtime: it outlives every realm, and all that is open in them. */
typedef struct shared {
  directory *directory;
  uint64_t last_id;
} shared;

static int shared_init(shared *s)
{
  int r = directory_open(&s->directory);

  return r ? tenon_fail_system(r, "find", NULL) : 0;
}

static void shared_release(shared *s)
{
  directory_close(s->directory);
}

TENON_STATE(runtime, shared, shared_init, shared_release)

/* Memory of the deferred, and gone when that is settled. */
typedef struct search {
  tenon_deferred *deferred;
  directory *directory;
  uint64_t id;
} search;

static void found(void *data, uint64_t id, int result, const char *value);
static void stop(tenon_deferred *deferred, void *data);

TENON_ASYNC(str, find, (cstr, name))
{
  shared *state = shared_state();
  search *s = state ? tenon_deferred_alloc(deferred, sizeof *s) : NULL;
  int r;

  if (!s) {
    tenon_fail_memory(); /* where there is no state, that is the failure */
    return;
  }
  *s = (search){deferred, state->directory, ++state->last_id};
  r = tenon_deferred_on_cancel(deferred, stop, s);
  if (r == 0) r = directory_ask(s->directory, s->id, name, found, s);
  if (r) tenon_fail_system(r, "find", NULL);
}

/* On the directory's thread, or within stop. Whatever becomes of it, the deferred
 * is not ours any more; one that was cancelled meanwhile drops what comes. */
static void found(void *data, uint64_t id, int result, const char *value)
{
  tenon_deferred *d = ((search *)data)->deferred;

  (void)id;
  if (result == 0)
    (void)TENON_RESOLVE(find, d, tenon_str_of(value));
  else if (result == ECANCELED)
    tenon_deferred_drop(d);
  else
    (void)tenon_deferred_reject(d, TENON_RANGE_ERROR,
                                "find: nobody has this name");
}

/* Its signal was aborted, its time is over, or the runtime is freed. What is
 * being answered ends the deferred by itself. */
static void stop(tenon_deferred *deferred, void *data)
{
  const search *s = data;

  (void)deferred;
  directory_cancel(s->directory, s->id);
}
