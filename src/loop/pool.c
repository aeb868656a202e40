/*
 * Calls on libuv's thread pool, whose threads all runtimes of the process share.
 *
 * A runtime has a queue of its own. What it hands to libuv is not calls but
 * runners, so many at a time and no more: a thread that gets one takes calls from
 * the queue until there are none. So a call that has not begun can be taken back,
 * a thread goes from one call to the next without the loop, and what other
 * runtimes want of the threads is never behind all that one has to do: a runner
 * ends early when others wait, and stands behind them when it comes again.
 *
 * To wake up a thread takes longer than a short call does. So another runner is
 * sent only when those that are there are not expected to have begun all calls
 * by then, and one that did short calls looks for another a moment longer. How
 * long calls take is learned from the last ones; a timer finds the guess wrong.
 *
 * The functions of a `serial` module run one at a time in the whole process.
 * Each runtime has one call of such a module in the queue after the other, so
 * that they do not fill the threads with waiting; a lock keeps those of several
 * runtimes, and calls on the loop, apart.
 *
 * Invariants
 * - `mutex` guards all of tenon_p_pool but what is said to be the loop's, and
 *   the stage of each task. A task that runs is the runner's alone; one that is
 *   done is the loop's.
 * - While a call could run there is a runner, or one that ends whose on_done
 *   sends another.
 * - While there is room in the queue, none waits for it.
 * - Of a call that nobody waits for any more (LEFT) the runner is the last owner.
 *   The pool goes with its last runner then, and libuv's loop behind that.
 * - A lane is taken by the one call of its module that runs or stands in the
 *   queue; the others of the module stand in the lane, and count as queued.
 */
#include <stdlib.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "base/crash.h"
#include "bind/abandon.h"
#include "loop/cancel.h"
#include "loop/mailbox.h"
#include "loop/own.h"

const tenon_p_operation_kind tenon_p_pool_kind = {.one = "pool call",
                                                  .many = "pool calls"};

/* After so long a runner looks whether others wait for a thread, and one that is
 * its runtime's only one some time later. */
#define TURN_NS UINT64_C(1000000)
#define LONG_TURN_NS UINT64_C(16000000)
/* What it takes to wake up a thread, roughly, and for the loop to go from one
 * call to the next. */
#define WAKING_NS UINT64_C(20000)
/* When nothing has begun for so long, the calls are longer than was thought. */
#define LATE_MS 1
/* No call is taken for longer. */
#define LONGEST_NS UINT64_C(1000000000)
/* A runner that found nothing by looking longer does not look again for so many
 * times, at the most. */
#define MOST_PASSES 63

typedef struct runner {
  uv_work_t work; /* first: libuv gives this back */
  struct tenon_p_pool *pool;
  tenon_p_list link; /* in tenon_p_pool.runners or .spare */
} runner;

struct tenon_p_pool {
  uv_mutex_t mutex;
  tenon_p_list queued, waiting; /* of pool_task.turn */
  uint32_t running, waiting_count;
  uint32_t queued_count;   /* also those in lanes */
  uint32_t runnable_count; /* only those in `queued` */
  uint32_t most_running, most_queued;
  uint32_t sent, begun; /* runners that are not about to end, and that look for
                         * no call */
  uint32_t taken;       /* calls, so far */
  uint64_t recent_ns;   /* so long a call takes, rather less; 0: none has run */
  bool is_lingering;    /* one of the runners is */
  bool is_called;       /* atomic: it is to look in the queue */
  uint32_t passes, most_passes; /* until one lingers again */
  /* The loop's. */
  bool is_left; /* its runtime has ended */
  enum tenon_p_when_full when_full;
  uint32_t taken_before; /* calls, when the timer was set */
  tenon_p_loop *loop;
  tenon_p_mailbox *box;
  tenon_p_list runners, spare; /* of runner.link: libuv has them, or not */
  tenon_p_list tasks;          /* of pool_task.link */
  tenon_p_list lanes;          /* of lane.link */
  runner first;                /* needs no memory when it is wanted */
};

/* Of a serial module in one runtime; there until that ends. */
typedef struct lane {
  tenon_p_list link;
  const tenon_module *module;
  tenon_p_list waiting; /* of pool_task.turn */
  bool is_taken;
} lane;

enum stage {
  NEW,
  WAITING, /* for room: in tenon_p_pool.waiting */
  IN_LANE, /* in lane.waiting */
  QUEUED,  /* in tenon_p_pool.queued */
  RUNNING, /* a runner has it */
  LEFT,    /* the same, and nobody waits for it */
  DONE     /* it was given to the mailbox */
};

typedef struct pool_task {
  tenon_p_task task; /* first: a task is one of these */
  tenon_p_operation operation;
  tenon_p_ready ready;
  tenon_p_list link, turn;
  tenon_p_pool *pool;
  lane *lane; /* of a serial module, else NULL */
  enum stage stage;
  /* What the runner uses: the binding goes with its realm. */
  void (*thunk)(void *args, void *result);
  const tenon_module *serial; /* NULL: it is not */
  /* Should it crash; atomic. NULL: not known any more. */
  const tenon_function *function;
  const char *module;
  /* Of one that is left. */
  tenon_p_remains left;
  tenon_p_own_loop *own;  /* held; NULL: libuv's loop is the host's */
  tenon_p_cancel *cancel; /* NULL: nothing does, or it is over */
  bool is_cancelled;      /* atomic: nobody waits for its end */
} pool_task;

static size_t left_count; /* atomic: those that are LEFT, of all runtimes */

/* --- Serial modules ------------------------------------------------------------- */

/* The module whose lock this thread holds as one of the pool, and the call that
 * it makes. */
static _Thread_local const tenon_module *locked;
static _Thread_local const pool_task *working_on;

const tenon_module *tenon_p_pool_pause(void)
{
  const tenon_module *m = locked;

  if (m) tenon_p_serial_unlock(m);
  return m;
}

void tenon_p_pool_go_on(const tenon_module *m)
{
  if (m) tenon_p_serial_lock(m);
}

const tenon_p_mailbox *tenon_p_pool_box(void)
{
  return working_on ? working_on->pool->box : NULL;
}

/* Of this thread's call; false of a thread that makes none here. */
bool tenon_p_pool_is_cancelled(void)
{
  const pool_task *p = working_on;

  return p && (__atomic_load_n(&p->is_cancelled, __ATOMIC_RELAXED) ||
               tenon_p_mailbox_is_ending(p->pool->box));
}

/* In a signal handler. */
const tenon_function *tenon_p_pool_function(bool *is_pool, const char **module)
{
  const pool_task *p = working_on;

  *is_pool = p != NULL;
  *module = p ? __atomic_load_n(&p->module, __ATOMIC_RELAXED) : NULL;
  return p ? __atomic_load_n(&p->function, __ATOMIC_RELAXED) : NULL;
}

/* --- Tasks ----------------------------------------------------------------------------- */

tenon_p_task *tenon_p_pool_new_task(void)
{
  pool_task *p = tenon_p_calloc(sizeof *p);

  if (!p) return NULL;
  tenon_p_operation_init(&p->operation);
  tenon_p_list_init(&p->ready.link);
  tenon_p_list_init(&p->link);
  tenon_p_list_init(&p->turn);
  return &p->task;
}

void tenon_p_pool_drop_task(tenon_p_task *t)
{
  free(t);
}

/* One that is in no queue, nor runs. */
static void end(pool_task *p)
{
  tenon_p_operation_end(&p->operation);
  tenon_p_cancel_free(p->cancel);
  tenon_p_list_remove(&p->link);
  if (p->task.has_result) tenon_p_task_drop_result(&p->task);
  tenon_p_task_release(&p->task);
  tenon_p_loop_hold(p->pool->loop, false);
  free(p);
}

static void settle(tenon_p_loop *l, tenon_p_ready *r)
{
  pool_task *p = tenon_p_container(r, pool_task, ready);

  (void)l;
  if (p->is_cancelled)
    tenon_p_task_discard(&p->task);
  else
    tenon_p_task_settle(&p->task);
  end(p);
}

/* --- The queue --------------------------------------------------------------------------- */

static lane *find_lane(tenon_p_pool *k, const tenon_module *m)
{
  tenon_p_list *at;
  lane *one;

  for (at = k->lanes.next; at != &k->lanes; at = at->next) {
    one = tenon_p_container(at, lane, link);
    if (one->module == m) return one;
  }
  one = tenon_p_calloc(sizeof *one);
  if (!one) return NULL;
  one->module = m;
  tenon_p_list_init(&one->waiting);
  tenon_p_list_append(&k->lanes, &one->link);
  return one;
}

static void stand(pool_task *p, enum stage stage, tenon_p_list *list)
{
  p->stage = stage;
  tenon_p_list_append(list, &p->turn);
}

static void make_runnable(tenon_p_pool *k, pool_task *p)
{
  stand(p, QUEUED, &k->queued);
  k->runnable_count++;
}

static void enqueue(tenon_p_pool *k, pool_task *p)
{
  k->queued_count++;
  if (p->lane && p->lane->is_taken) {
    stand(p, IN_LANE, &p->lane->waiting);
    return;
  }
  if (p->lane) p->lane->is_taken = true;
  make_runnable(k, p);
}

static void leave_lane(tenon_p_pool *k, lane *one)
{
  pool_task *next;

  one->is_taken = !tenon_p_list_is_empty(&one->waiting);
  if (!one->is_taken) return;
  next = tenon_p_container(one->waiting.next, pool_task, turn);
  tenon_p_list_remove(&next->turn);
  make_runnable(k, next);
}

/* Out of wherever it stands. */
static void step_out(tenon_p_pool *k, pool_task *p)
{
  tenon_p_list_remove(&p->turn);
  if (p->stage == WAITING) k->waiting_count--;
  if (p->stage == IN_LANE || p->stage == QUEUED) k->queued_count--;
  if (p->stage == QUEUED) k->runnable_count--;
  if (p->stage == QUEUED && p->lane) leave_lane(k, p->lane);
  p->stage = NEW;
}

static bool has_room(const tenon_p_pool *k)
{
  return (uint64_t)k->running + k->queued_count <
         (uint64_t)k->most_running + k->most_queued;
}

/* After whatever has made room. */
static void fill(tenon_p_pool *k)
{
  while (!tenon_p_list_is_empty(&k->waiting) && has_room(k)) {
    pool_task *p = tenon_p_container(k->waiting.next, pool_task, turn);
    step_out(k, p);
    enqueue(k, p);
  }
}

/* --- On the threads ---------------------------------------------------------------------- */

/* Runners of all runtimes that libuv has no thread for yet; atomic. */
static uint32_t hungry;

static pool_task *take(tenon_p_pool *k)
{
  pool_task *p;

  if (k->running >= k->most_running || tenon_p_list_is_empty(&k->queued))
    return NULL;
  p = tenon_p_container(k->queued.next, pool_task, turn);
  tenon_p_list_remove(&p->turn);
  k->queued_count--;
  k->runnable_count--;
  k->running++;
  k->taken++;
  p->stage = RUNNING;
  return p;
}

static void run(pool_task *p)
{
  if (p->serial) tenon_p_serial_lock(locked = p->serial);
  working_on = p;
  tenon_p_call_run(&p->task.call, p->thunk, p->task.args, p->task.result);
  working_on = NULL;
  if (p->serial) tenon_p_serial_unlock(p->serial);
  locked = NULL;
  p->task.has_result = true;
}

/* Of one that nobody waits for; beside no call of a serial module. */
static void end_left(pool_task *p)
{
  tenon_p_own_loop *own = p->own;

  if (p->serial) tenon_p_serial_lock(p->serial);
  tenon_p_task_end_left(&p->task, &p->left);
  if (p->serial) tenon_p_serial_unlock(p->serial);
  free(p);
  __atomic_sub_fetch(&left_count, 1, __ATOMIC_RELEASE);
  if (own) tenon_p_own_loop_unref(own);
}

static bool is_tired(const tenon_p_pool *k, uint64_t since_ns)
{
  uint64_t ns;

  if (!__atomic_load_n(&hungry, __ATOMIC_RELAXED)) return false;
  ns = uv_hrtime() - since_ns;
  return ns > (k->sent > 1 ? TURN_NS : LONG_TURN_NS);
}

/* Up at once and down slowly: a thread too many costs less than one too few. */
static void learn(tenon_p_pool *k, uint64_t took_ns)
{
  uint64_t ns = took_ns < LONGEST_NS ? took_ns + 1 : LONGEST_NS;

  if (k->recent_ns < ns)
    k->recent_ns = ns;
  else
    k->recent_ns -= (k->recent_ns - ns) / 16;
}

static bool may_linger;
static uv_once_t linger_once = UV_ONCE_INIT;

static void decide_lingering(void)
{
  may_linger = uv_available_parallelism() > 1;
}

/* Is it to look for another call before it ends? */
static bool will_linger(tenon_p_pool *k)
{
  if (!may_linger || k->is_lingering || k->recent_ns > WAKING_NS) return false;
  if (k->passes == 0) return true;
  k->passes--;
  return false;
}

/* Locked before and after, not meanwhile. */
static pool_task *linger(tenon_p_pool *k)
{
  uint64_t until_ns = uv_hrtime() + WAKING_NS;
  pool_task *p;

  k->is_lingering = true;
  k->begun--;
  __atomic_store_n(&k->is_called, false, __ATOMIC_RELAXED);
  uv_mutex_unlock(&k->mutex);
  while (!__atomic_load_n(&k->is_called, __ATOMIC_RELAXED) &&
         !__atomic_load_n(&hungry, __ATOMIC_RELAXED) && uv_hrtime() < until_ns)
    ;
  uv_mutex_lock(&k->mutex);
  k->is_lingering = false;
  k->begun++;
  p = take(k);
  if (p)
    k->most_passes = 0;
  else if (k->most_passes < MOST_PASSES)
    k->most_passes = 2 * k->most_passes + 1;
  k->passes = k->most_passes;
  return p;
}

static void on_work(uv_work_t *work)
{
  tenon_p_pool *k = ((runner *)work)->pool;
  uint64_t since_ns = uv_hrtime(), begun_ns = since_ns, now_ns;
  uint64_t woken_ns = since_ns;
  pool_task *p, *next, *left = NULL;
  bool lingers, wakes;

  tenon_p_crash_watch_thread();
  __atomic_sub_fetch(&hungry, 1, __ATOMIC_RELAXED);
  uv_mutex_lock(&k->mutex);
  k->begun++;
  p = take(k);
  while (p) {
    uv_mutex_unlock(&k->mutex);
    run(p);
    now_ns = uv_hrtime();
    uv_mutex_lock(&k->mutex);
    k->running--;
    learn(k, now_ns - begun_ns);
    begun_ns = now_ns;
    if (p->lane) leave_lane(k, p->lane);
    if (p->stage == LEFT) {
      left = p;
      break;
    }
    p->stage = DONE;
    fill(k);
    lingers = !is_tired(k, since_ns);
    next = lingers ? take(k) : NULL;
    lingers = lingers && !next && will_linger(k);
    /* The loop gets short calls by the dozen, and is woken up by the end of the
     * runner, too. */
    wakes = lingers || (next && now_ns - woken_ns > WAKING_NS);
    if (wakes) woken_ns = now_ns;
    /* From here on it is the loop's. */
    (void)tenon_p_mailbox_give(k->box, &p->ready, wakes);
    p = next;
    if (lingers) {
      p = linger(k);
      begun_ns = uv_hrtime();
    }
  }
  k->begun--;
  k->sent--;
  uv_mutex_unlock(&k->mutex);
  if (left) end_left(left);
}

/* --- On the loop ------------------------------------------------------------------------- */

static void on_done(uv_work_t *work, int status);
static void free_pool(tenon_p_pool *k);

static runner *new_runner(tenon_p_pool *k)
{
  runner *r;

  if (tenon_p_list_is_empty(&k->spare)) {
    r = tenon_p_calloc(sizeof *r);
    if (!r) return NULL;
    tenon_p_list_init(&r->link);
    r->pool = k;
  } else {
    r = tenon_p_container(k->spare.next, runner, link);
    tenon_p_list_remove(&r->link);
  }
  return r;
}

static void on_late(uv_timer_t *timer);

/* Would another runner have a call to begin when it comes? */
static bool wants_runner(const tenon_p_pool *k)
{
  if (k->sent >= k->most_running || k->sent - k->begun >= k->runnable_count)
    return false;
  return k->sent == 0 || k->recent_ns == 0 ||
         k->runnable_count * k->recent_ns > k->sent * WAKING_NS;
}

/* After whatever has let calls become runnable. Without memory for another
 * runner those that are there do it all; the first one always is, or is about to
 * end. */
static void advance(tenon_p_pool *k)
{
  uv_timer_t *late = &k->loop->late;
  bool is_left;
  runner *r;

  for (;;) {
    uv_mutex_lock(&k->mutex);
    r = wants_runner(k) ? new_runner(k) : NULL;
    if (r) k->sent++;
    is_left = !r && k->runnable_count > 0;
    if (is_left && !uv_is_active((uv_handle_t *)late)) {
      k->taken_before = k->taken;
      uv_timer_start(late, on_late, LATE_MS, 0);
    }
    if (k->is_lingering)
      __atomic_store_n(&k->is_called, true, __ATOMIC_RELAXED);
    uv_mutex_unlock(&k->mutex);
    if (!r) return;
    tenon_p_list_append(&k->runners, &r->link);
    __atomic_add_fetch(&hungry, 1, __ATOMIC_RELAXED);
    uv_queue_work(k->loop->uv, &r->work, on_work, on_done);
  }
}

/* The calls that run may be long ones after all. */
static void on_late(uv_timer_t *timer)
{
  tenon_p_loop *l = timer->data;
  tenon_p_pool *k = l->pool;

  if (!k || l->engine->is_closing) return;
  uv_mutex_lock(&k->mutex);
  if (k->taken == k->taken_before) k->recent_ns = LONGEST_NS;
  uv_mutex_unlock(&k->mutex);
  advance(k);
}

static void on_done(uv_work_t *work, int status)
{
  runner *r = (runner *)work;
  tenon_p_pool *k = r->pool;
  tenon_p_loop *l = k->loop;

  tenon_p_list_remove(&r->link);
  tenon_p_list_append(&k->spare, &r->link);
  /* On whatever thread runs the loop now. */
  if (k->is_left) {
    if (tenon_p_list_is_empty(&k->runners)) free_pool(k);
    return;
  }
  if (status) {
    __atomic_sub_fetch(&hungry, 1, __ATOMIC_RELAXED);
    uv_mutex_lock(&k->mutex);
    k->sent--;
    uv_mutex_unlock(&k->mutex);
  }
  if (l->engine->is_closing) return;
  advance(k);
  tenon_p_mailbox_receive(l);
  tenon_p_loop_dispatch(l);
}

/* One that runs goes on with what it was given, for nobody. */
static void cancel(void *owner, JSContext *ctx, JSValueConst reason)
{
  pool_task *p = owner;
  tenon_p_pool *k = p->pool;
  enum stage stage;

  (void)ctx;
  uv_mutex_lock(&k->mutex);
  stage = p->stage;
  if (stage != RUNNING && stage != DONE) step_out(k, p);
  fill(k);
  uv_mutex_unlock(&k->mutex);
  __atomic_store_n(&p->is_cancelled, true, __ATOMIC_RELAXED);
  tenon_p_cancel_free(p->cancel);
  p->cancel = NULL;
  tenon_p_task_reject(&p->task, reason);
  if (stage == RUNNING) return;
  (void)tenon_p_mailbox_end(k->box, &p->ready);
  if (stage == DONE) tenon_p_task_discard(&p->task);
  end(p);
  advance(k);
}

int tenon_p_pool_start(tenon_p_loop *l, tenon_p_task *t,
                       const tenon_p_call_options *o)
{
  const tenon_module *m = t->binding->module->descriptor;
  enum tenon_p_when_full when_full = o->when_full;
  pool_task *p = (pool_task *)t;
  tenon_p_pool *k = l->pool;
  bool is_in = true;

  if (tenon_p_threads_of(m) == TENON_THREADS_serial) {
    p->lane = find_lane(k, m);
    if (!p->lane) {
      JS_ThrowOutOfMemory(t->ctx);
      return -1;
    }
  }
  if (when_full == TENON_P_FULL_DEFAULT) when_full = k->when_full;
  p->pool = k;
  p->thunk = t->binding->function->thunk;
  p->function = t->binding->function;
  p->module = t->binding->module->name;
  p->serial = p->lane ? m : NULL;
  p->ready.run = settle;
  if (tenon_p_cancel_new(t->ctx, o, cancel, p, &p->cancel)) return -1;
  uv_mutex_lock(&k->mutex);
  if (has_room(k)) {
    enqueue(k, p);
  } else if (when_full == TENON_P_FULL_WAITS) {
    stand(p, WAITING, &k->waiting);
    k->waiting_count++;
  } else {
    is_in = false;
  }
  uv_mutex_unlock(&k->mutex);
  if (!is_in) {
    tenon_p_cancel_free(p->cancel);
    return tenon_p_refuse_full(t->ctx, p->task.binding->function->name,
                               "calls are queued", k->most_queued);
  }
  p->operation.name = t->binding->function->name;
  tenon_p_operation_begin(l, &p->operation, &tenon_p_pool_kind);
  tenon_p_list_append(&k->tasks, &p->link);
  tenon_p_loop_hold(l, true);
  advance(k);
  return 0;
}

/* --- Limits ------------------------------------------------------------------------------ */

/* As libuv reads it. */
static uint32_t thread_count(void)
{
  const char *text = getenv("UV_THREADPOOL_SIZE");
  int n = text ? atoi(text) : 4;

  return n <= 0 ? 1 : n > 1024 ? 1024 : (uint32_t)n;
}

void tenon_p_pool_set(tenon_p_loop *l, uint32_t most_running,
                      uint32_t most_queued, enum tenon_p_when_full when_full)
{
  tenon_p_pool *k = l->pool;

  uv_mutex_lock(&k->mutex);
  k->most_running = most_running ? most_running : thread_count();
  k->most_queued = most_queued ? most_queued : TENON_P_POOL_QUEUE;
  k->when_full = when_full;
  fill(k);
  uv_mutex_unlock(&k->mutex);
  if (!l->engine->is_closing) advance(k);
}

tenon_p_pool_counts tenon_p_pool_count(tenon_p_loop *l)
{
  tenon_p_pool *k = l->pool;
  tenon_p_pool_counts c;

  uv_mutex_lock(&k->mutex);
  c = (tenon_p_pool_counts){k->running, k->queued_count, k->waiting_count,
                            k->most_running, k->most_queued};
  uv_mutex_unlock(&k->mutex);
  return c;
}

/* --- Life -------------------------------------------------------------------------------- */

int tenon_p_pool_open(tenon_p_loop *l)
{
  tenon_p_pool *k = tenon_p_calloc(sizeof *k);
  int r;

  if (!k) return TENON_ENOMEM;
  r = uv_mutex_init(&k->mutex);
  if (r) {
    free(k);
    return r;
  }
  uv_once(&linger_once, decide_lingering);
  k->most_running = thread_count();
  k->most_queued = TENON_P_POOL_QUEUE;
  k->when_full = TENON_P_FULL_WAITS;
  tenon_p_list_init(&k->queued);
  tenon_p_list_init(&k->waiting);
  tenon_p_list_init(&k->runners);
  tenon_p_list_init(&k->spare);
  tenon_p_list_init(&k->tasks);
  tenon_p_list_init(&k->lanes);
  k->first.pool = k;
  tenon_p_list_append(&k->spare, &k->first.link);
  k->loop = l;
  k->box = l->box;
  tenon_p_mailbox_dup(k->box);
  l->pool = k;
  return 0;
}

/* Those that have not begun, or are done and wait for their turn, end at once.
 * Of all realms for NULL. */
static void drop_tasks(tenon_p_pool *k, const JSContext *ctx)
{
  tenon_p_list *at, *next;
  enum stage stage;

  /* None of them begins while others are dropped. */
  uv_mutex_lock(&k->mutex);
  for (at = k->tasks.next; at != &k->tasks; at = at->next) {
    pool_task *p = tenon_p_container(at, pool_task, link);
    if ((!ctx || p->task.ctx == ctx) && p->stage != RUNNING && p->stage != DONE)
      step_out(k, p);
  }
  fill(k);
  uv_mutex_unlock(&k->mutex);
  for (at = k->tasks.next; at != &k->tasks; at = next) {
    pool_task *p = tenon_p_container(at, pool_task, link);
    next = at->next;
    if (ctx && p->task.ctx != ctx) continue;
    uv_mutex_lock(&k->mutex);
    stage = p->stage;
    uv_mutex_unlock(&k->mutex);
    if (stage == RUNNING) {
      /* It is told, but nobody else is. */
      __atomic_store_n(&p->is_cancelled, true, __ATOMIC_RELAXED);
      tenon_p_cancel_free(p->cancel);
      p->cancel = NULL;
      continue;
    }
    (void)tenon_p_mailbox_end(k->box, &p->ready);
    end(p);
  }
}

void tenon_p_pool_close_realm(tenon_p_loop *l, JSContext *ctx)
{
  drop_tasks(l->pool, ctx);
  advance(l->pool);
}

/* Those without a thread do not wait for one. */
static void cancel_runners(tenon_p_pool *k)
{
  tenon_p_list *at;

  for (at = k->runners.next; at != &k->runners; at = at->next)
    (void)uv_cancel((uv_req_t *)&tenon_p_container(at, runner, link)->work);
}

static void free_pool(tenon_p_pool *k)
{
  while (!tenon_p_list_is_empty(&k->lanes)) {
    lane *one = tenon_p_container(k->lanes.next, lane, link);
    tenon_p_list_remove(&one->link);
    free(one);
  }
  while (!tenon_p_list_is_empty(&k->spare)) {
    runner *r = tenon_p_container(k->spare.next, runner, link);
    tenon_p_list_remove(&r->link);
    if (r != &k->first) free(r);
  }
  tenon_p_mailbox_unref(k->box);
  uv_mutex_destroy(&k->mutex);
  free(k);
}

void tenon_p_pool_cancel(tenon_p_loop *l)
{
  drop_tasks(l->pool, NULL);
  cancel_runners(l->pool);
}

bool tenon_p_pool_is_idle(const tenon_p_loop *l)
{
  return tenon_p_list_is_empty(&l->pool->runners);
}

/* True: from now on it is the runner's. What it holds of the runtime is taken
 * away before. */
static bool abandon(tenon_p_loop *l, pool_task *p)
{
  tenon_p_pool *k = p->pool;
  enum stage stage;

  uv_mutex_lock(&k->mutex);
  stage = p->stage;
  uv_mutex_unlock(&k->mutex);
  if (stage != RUNNING) return false;
  /* What goes with the realm. */
  __atomic_store_n(&p->module, NULL, __ATOMIC_RELAXED);
  if (p->task.binding->own)
    __atomic_store_n(&p->function, NULL, __ATOMIC_RELAXED);
  tenon_p_task_abandon(&p->task, &p->left);
  tenon_p_operation_end(&p->operation);
  tenon_p_list_remove(&p->link);
  tenon_p_loop_hold(l, false);
  p->own = l->own;
  if (p->own) tenon_p_own_loop_dup(p->own);
  __atomic_add_fetch(&left_count, 1, __ATOMIC_RELAXED);
  uv_mutex_lock(&k->mutex);
  stage = p->stage;
  if (stage == RUNNING) p->stage = LEFT;
  uv_mutex_unlock(&k->mutex);
  if (stage == RUNNING) return true;
  end_left(p);
  return false;
}

size_t tenon_p_pool_abandon(tenon_p_loop *l)
{
  tenon_p_pool *k = l->pool;
  tenon_p_list *at, *next;
  size_t count = 0;

  for (at = k->tasks.next; at != &k->tasks; at = next) {
    next = at->next;
    count += abandon(l, tenon_p_container(at, pool_task, link));
  }
  tenon_p_failures_end(l->engine);
  return count;
}

/* Is there one that runs no call, and so is about to end? */
static bool has_idle_runner(tenon_p_pool *k)
{
  const tenon_p_list *at;
  uint32_t count = 0;
  bool is_more;

  for (at = k->runners.next; at != &k->runners; at = at->next)
    count++;
  uv_mutex_lock(&k->mutex);
  is_more = count > k->running;
  uv_mutex_unlock(&k->mutex);
  return is_more;
}

void tenon_p_pool_close(tenon_p_loop *l)
{
  tenon_p_pool *k = l->pool;

  while (has_idle_runner(k))
    uv_run(l->uv, UV_RUN_ONCE);
  drop_tasks(k, NULL);
  l->pool = NULL;
  k->is_left = true;
  if (tenon_p_list_is_empty(&k->runners)) free_pool(k);
}

size_t tenon_p_pool_left(void)
{
  return __atomic_load_n(&left_count, __ATOMIC_ACQUIRE);
}
