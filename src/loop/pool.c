/*
 * Calls on libuv's thread pool.
 *
 * The functions of a `serial` module run one at a time in the whole process.
 * Each runtime hands the pool one call of such a module after the other, so
 * that they do not fill its threads with waiting; a lock keeps those of several
 * runtimes, and calls on the loop, apart.
 */
#include <stdlib.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "loop/loop.h"

const tenon_p_operation_kind tenon_p_pool_kind = {.one = "pool call",
                                                  .many = "pool calls"};

typedef struct lane {
  tenon_p_list link; /* in tenon_p_loop.lanes */
  const tenon_module *module;
  tenon_p_list waiting; /* of pool_task.turn */
} lane;

typedef struct pool_task {
  tenon_p_task task; /* first: a task is one of these */
  tenon_p_operation operation;
  tenon_p_ready ready;
  tenon_p_list link; /* in tenon_p_loop.tasks */
  tenon_p_list turn; /* in lane.waiting */
  tenon_p_loop *loop;
  lane *lane; /* of a serial module, else NULL */
  lane spare; /* becomes the lane when there is none yet */
  uv_work_t work;
  bool is_submitted;
} pool_task;

/* --- Locks of serial modules, for as long as the process lives --------------------- */

typedef struct module_lock {
  struct module_lock *next;
  const tenon_module *module;
  uv_mutex_t mutex;
} module_lock;

static module_lock *locks; /* atomic; only ever prepended to */
static uv_mutex_t locks_mutex;
static uv_once_t locks_once = UV_ONCE_INIT;
static int locks_error;

static void init_locks(void)
{
  locks_error = uv_mutex_init(&locks_mutex);
}

static module_lock *find_lock(const tenon_module *m)
{
  module_lock *k = __atomic_load_n(&locks, __ATOMIC_ACQUIRE);

  while (k && k->module != m)
    k = k->next;
  return k;
}

int tenon_p_pool_prepare(const tenon_module *m)
{
  module_lock *k;
  int r = 0;

  if (m->threads != TENON_THREADS_serial || find_lock(m)) return 0;
  uv_once(&locks_once, init_locks);
  if (locks_error) return locks_error;
  uv_mutex_lock(&locks_mutex);
  if (!find_lock(m)) {
    k = tenon_p_calloc(sizeof *k);
    if (!k) {
      r = TENON_ENOMEM;
    } else if ((r = uv_mutex_init_recursive(&k->mutex)) != 0) {
      free(k);
    } else {
      k->module = m;
      k->next = locks;
      __atomic_store_n(&locks, k, __ATOMIC_RELEASE);
    }
  }
  uv_mutex_unlock(&locks_mutex);
  return r;
}

void tenon_p_pool_lock(const tenon_module *m)
{
  uv_mutex_lock(&find_lock(m)->mutex);
}

void tenon_p_pool_unlock(const tenon_module *m)
{
  uv_mutex_unlock(&find_lock(m)->mutex);
}

/* The module whose lock this thread holds as one of the pool, and the engine
 * that it works for. */
static _Thread_local const tenon_module *locked;
static _Thread_local const tenon_p_engine *working_for;

const tenon_module *tenon_p_pool_pause(void)
{
  const tenon_module *m = locked;

  if (m) tenon_p_pool_unlock(m);
  return m;
}

void tenon_p_pool_go_on(const tenon_module *m)
{
  if (m) tenon_p_pool_lock(m);
}

const tenon_p_engine *tenon_p_pool_engine(void)
{
  return working_for;
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

static void end(pool_task *p)
{
  tenon_p_operation_end(&p->operation);
  tenon_p_list_remove(&p->ready.link);
  tenon_p_list_remove(&p->link);
  if (p->task.has_result) tenon_p_task_drop_result(&p->task);
  tenon_p_task_release(&p->task);
  free(p);
}

static void settle(tenon_p_loop *l, tenon_p_ready *r)
{
  pool_task *p = tenon_p_container(r, pool_task, ready);

  (void)l;
  tenon_p_task_settle(&p->task);
  end(p);
}

static void on_work(uv_work_t *work)
{
  pool_task *p = tenon_p_container(work, pool_task, work);
  const tenon_p_binding *b = p->task.binding;

  if (p->lane) tenon_p_pool_lock(locked = b->module->descriptor);
  working_for = p->task.engine;
  tenon_p_call_run(&p->task.call, b->function->thunk, p->task.args,
                   p->task.result);
  working_for = NULL;
  if (p->lane) tenon_p_pool_unlock(b->module->descriptor);
  locked = NULL;
}

static void submit(pool_task *p);

/* The lane lies in the task that opened it: it moves on with the next one. */
static void leave_lane(tenon_p_loop *l, pool_task *p)
{
  lane *old = p->lane;
  pool_task *next, *q;
  tenon_p_list *at;

  p->lane = NULL;
  tenon_p_list_remove(&old->link);
  if (tenon_p_list_is_empty(&old->waiting)) return;
  next = tenon_p_container(old->waiting.next, pool_task, turn);
  tenon_p_list_remove(&next->turn);
  next->spare.module = old->module;
  tenon_p_list_init(&next->spare.waiting);
  tenon_p_list_append(&l->lanes, &next->spare.link);
  next->lane = &next->spare;
  while ((at = old->waiting.next) != &old->waiting) {
    q = tenon_p_container(at, pool_task, turn);
    tenon_p_list_remove(at);
    q->lane = next->lane;
    tenon_p_list_append(&next->lane->waiting, at);
  }
  submit(next);
}

static void on_done(uv_work_t *work, int status)
{
  pool_task *p = tenon_p_container(work, pool_task, work);
  tenon_p_loop *l = p->loop;

  p->is_submitted = false;
  p->task.has_result = status == 0;
  if (p->lane) leave_lane(l, p);
  if (status || l->engine->is_closing) {
    end(p);
    return;
  }
  p->ready.run = settle;
  tenon_p_loop_make_ready(l, &p->ready);
  tenon_p_loop_dispatch(l);
}

static void submit(pool_task *p)
{
  if (p->loop->engine->is_closing) {
    end(p);
    return;
  }
  p->is_submitted = true;
  uv_queue_work(p->loop->uv, &p->work, on_work, on_done);
}

static lane *find_lane(tenon_p_loop *l, const tenon_module *m)
{
  tenon_p_list *at;

  for (at = l->lanes.next; at != &l->lanes; at = at->next) {
    lane *k = tenon_p_container(at, lane, link);
    if (k->module == m) return k;
  }
  return NULL;
}

void tenon_p_pool_start(tenon_p_loop *l, tenon_p_task *t)
{
  const tenon_module *m = t->binding->module->descriptor;
  pool_task *p = (pool_task *)t;

  p->loop = l;
  tenon_p_operation_begin(l, &p->operation, &tenon_p_pool_kind);
  tenon_p_list_append(&l->tasks, &p->link);
  if (m->threads == TENON_THREADS_serial) {
    p->lane = find_lane(l, m);
    if (p->lane) {
      tenon_p_list_append(&p->lane->waiting, &p->turn);
      return;
    }
    p->lane = &p->spare;
    p->lane->module = m;
    tenon_p_list_init(&p->lane->waiting);
    tenon_p_list_append(&l->lanes, &p->lane->link);
  }
  submit(p);
}

/* Those that wait for their lane, or are done and wait for their turn, end at
 * once. Of all realms for NULL. */
static void drop_tasks(tenon_p_loop *l, const JSContext *ctx)
{
  tenon_p_list *at, *next;

  for (at = l->tasks.next; at != &l->tasks; at = next) {
    pool_task *p = tenon_p_container(at, pool_task, link);
    next = at->next;
    if (ctx && p->task.ctx != ctx) continue;
    if (p->is_submitted) {
      uv_cancel((uv_req_t *)&p->work);
    } else {
      tenon_p_list_remove(&p->turn);
      end(p);
    }
  }
}

void tenon_p_pool_close_realm(tenon_p_loop *l, JSContext *ctx)
{
  drop_tasks(l, ctx);
}

void tenon_p_pool_close(tenon_p_loop *l)
{
  drop_tasks(l, NULL);
  while (!tenon_p_list_is_empty(&l->tasks))
    uv_run(l->uv, UV_RUN_ONCE);
}
