/*
 * Serial modules: their functions run one at a time in the whole process.
 *
 * Each has a lock for as long as the process lives, and in each runtime a gate that
 * calls on the loop's thread pass. Who is inside of a gate without the lock says so
 * by a plain store, and then looks whether anybody else wants in; whoever does says
 * that first, has the system make every thread's stores and loads come in their
 * order (membarrier), and waits until nobody is inside. So a call that nobody
 * competes with costs neither a lock nor a barrier. Where the system cannot do that
 * there are no gates, and every call takes the lock.
 *
 * Two runtimes that have a module always lock: their threads compete for good.
 */
#include <stdlib.h>
#include <tenon/error.h>
#include <unistd.h>
#include <uv.h>
#ifdef __linux__
#include <linux/membarrier.h>
#include <sys/syscall.h>
#endif

#include "base/alloc.h"
#include "loop/loop.h"

typedef struct module_lock {
  struct module_lock *next;
  const tenon_module *module;
  uv_mutex_t mutex; /* recursive: whose call it is */
  uv_mutex_t gates_mutex;
  tenon_p_list gates;
  size_t gate_count;
  int contended; /* atomic */
} module_lock;

typedef struct open_gate {
  tenon_p_gate gate; /* first */
  tenon_p_list link;
  module_lock *lock;
} open_gate;

static module_lock *locks; /* atomic; only ever prepended to */
static uv_mutex_t locks_mutex;
static uv_once_t locks_once = UV_ONCE_INIT;
static int locks_error;
static bool has_barrier;

/* --- The barrier ---------------------------------------------------------- */

static bool register_barrier(void)
{
#if defined(__linux__) && !defined(__SANITIZE_THREAD__)
  long can = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);

  return can > 0 && (can & MEMBARRIER_CMD_PRIVATE_EXPEDITED) &&
         syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0,
                 0) == 0;
#else
  return false;
#endif
}

static void barrier(void)
{
#ifdef __linux__
  if (has_barrier)
    (void)syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
#endif
}

/* --- Locks ---------------------------------------------------------------- */

static void init_locks(void)
{
  locks_error = uv_mutex_init(&locks_mutex);
  has_barrier = register_barrier();
}

static module_lock *find_lock(const tenon_module *m)
{
  module_lock *k = __atomic_load_n(&locks, __ATOMIC_ACQUIRE);

  while (k && k->module != m)
    k = k->next;
  return k;
}

static int add_lock(const tenon_module *m)
{
  module_lock *k = tenon_p_calloc(sizeof *k);
  int r;

  if (!k) return TENON_ENOMEM;
  r = uv_mutex_init_recursive(&k->mutex);
  if (r == 0) {
    r = uv_mutex_init(&k->gates_mutex);
    if (r) uv_mutex_destroy(&k->mutex);
  }
  if (r) {
    free(k);
    return r;
  }
  tenon_p_list_init(&k->gates);
  k->module = m;
  k->next = locks;
  __atomic_store_n(&locks, k, __ATOMIC_RELEASE);
  return 0;
}

int tenon_p_serial_prepare(const tenon_module *m)
{
  int r = 0;

  if (tenon_p_threads_of(m) != TENON_THREADS_serial || find_lock(m)) return 0;
  uv_once(&locks_once, init_locks);
  if (locks_error) return locks_error;
  uv_mutex_lock(&locks_mutex);
  if (!find_lock(m)) r = add_lock(m);
  uv_mutex_unlock(&locks_mutex);
  return r;
}

/* --- Who is inside -------------------------------------------------------- */

static bool is_mine(const open_gate *g)
{
  return __atomic_load_n(&g->gate.thread, __ATOMIC_RELAXED) ==
         &tenon_p_current_call;
}

/* A gate that this thread is inside of. */
static open_gate *find_inside(module_lock *k)
{
  open_gate *found = NULL;
  tenon_p_list *at;

  uv_mutex_lock(&k->gates_mutex);
  for (at = k->gates.next; at != &k->gates && !found; at = at->next) {
    open_gate *g = tenon_p_container(at, open_gate, link);
    if (is_mine(g) && __atomic_load_n(&g->gate.inside, __ATOMIC_RELAXED))
      found = g;
  }
  uv_mutex_unlock(&k->gates_mutex);
  return found;
}

static bool is_empty(module_lock *k, const open_gate *but)
{
  bool is = true;
  tenon_p_list *at;

  uv_mutex_lock(&k->gates_mutex);
  for (at = k->gates.next; at != &k->gates && is; at = at->next) {
    open_gate *g = tenon_p_container(at, open_gate, link);
    is = g == but || is_mine(g) ||
         !__atomic_load_n(&g->gate.inside, __ATOMIC_ACQUIRE);
  }
  uv_mutex_unlock(&k->gates_mutex);
  return is;
}

/* A call on a loop cannot be woken from, so it is looked at again: at first at
 * once, then after pauses that grow to a millisecond. */
static void wait_until_empty(module_lock *k, const open_gate *but)
{
  unsigned pause_us = 1;

  while (!is_empty(k, but)) {
    usleep(pause_us);
    if (pause_us < 1000) pause_us *= 2;
  }
}

/* --- Gates ---------------------------------------------------------------- */

/* Of the outermost call, while others want in. Until it has the lock it is not
 * inside. */
static void lock_gate(tenon_p_gate *gate)
{
  open_gate *g = (open_gate *)gate;

  __atomic_store_n(&gate->inside, 0, __ATOMIC_RELEASE);
  uv_mutex_lock(&g->lock->mutex);
  gate->is_locked = true;
  wait_until_empty(g->lock, g);
  __atomic_store_n(&gate->inside, 1, __ATOMIC_RELAXED);
}

static void unlock_gate(tenon_p_gate *gate)
{
  gate->is_locked = false;
  uv_mutex_unlock(&((open_gate *)gate)->lock->mutex);
}

int tenon_p_serial_open(const tenon_module *m, tenon_p_gate **out)
{
  module_lock *k = find_lock(m);
  open_gate *g;

  *out = NULL;
  if (!k || !has_barrier) return 0;
  g = tenon_p_calloc(sizeof *g);
  if (!g) return TENON_ENOMEM;
  g->gate.contended = &k->contended;
  g->gate.lock = lock_gate;
  g->gate.unlock = unlock_gate;
  g->lock = k;
  tenon_p_list_init(&g->link);
  uv_mutex_lock(&k->gates_mutex);
  tenon_p_list_append(&k->gates, &g->link);
  if (++k->gate_count == 2)
    __atomic_add_fetch(&k->contended, 1, __ATOMIC_SEQ_CST);
  uv_mutex_unlock(&k->gates_mutex);
  barrier();
  *out = &g->gate;
  return 0;
}

void tenon_p_serial_close(tenon_p_gate *gate)
{
  open_gate *g = (open_gate *)gate;
  module_lock *k;

  if (!g) return;
  k = g->lock;
  uv_mutex_lock(&k->gates_mutex);
  tenon_p_list_remove(&g->link);
  if (--k->gate_count == 1)
    __atomic_sub_fetch(&k->contended, 1, __ATOMIC_SEQ_CST);
  uv_mutex_unlock(&k->gates_mutex);
  free(g);
}

/* --- On any thread -------------------------------------------------------- */

void tenon_p_serial_lock(const tenon_module *m)
{
  module_lock *k = find_lock(m);
  open_gate *g = has_barrier ? find_inside(k) : NULL;

  if (g) {
    tenon_p_gate_enter(&g->gate);
    return;
  }
  if (!has_barrier) {
    uv_mutex_lock(&k->mutex);
    return;
  }
  __atomic_add_fetch(&k->contended, 1, __ATOMIC_SEQ_CST);
  barrier();
  uv_mutex_lock(&k->mutex);
  wait_until_empty(k, NULL);
}

void tenon_p_serial_unlock(const tenon_module *m)
{
  module_lock *k = find_lock(m);
  open_gate *g = has_barrier ? find_inside(k) : NULL;

  if (g) {
    tenon_p_gate_leave(&g->gate);
    return;
  }
  uv_mutex_unlock(&k->mutex);
  if (has_barrier) __atomic_sub_fetch(&k->contended, 1, __ATOMIC_RELEASE);
}
