/*
 * Programs at random over classes of all kinds, against a model: native code
 * knows which T is there and in use, the script which of its objects may be used,
 * by what number, and what they live in. Each T is freed once, never while
 * somebody uses it, and all are at the end.
 *
 * The rounds are the same each time, as far as threads are.
 * TENON_PROPERTY_ROUNDS=N runs N of them, TENON_PROPERTY_SEED=S begins at another
 * one; a failure names its own.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tenon/export.h>
#include <tenon/napi.h>
#include <tenon/realm.h>

#include "harness.h"

#include "base/alloc.h"
#include "engine/engine.h"

/* --- The model ----------------------------------------------------------------------- */

enum {
  ALIVE = 0x600DF00D,
  DEAD = 0x0BADDEAD,
  BLOCK = 192,
  MOST_LIVE = 4096,
  MOST_DEFERRED = 64
};

typedef struct head {
  uint32_t magic;
  int32_t id, uses;
  uint32_t at; /* in `live` */
} head;

static uint64_t state; /* of the generator */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_t loop_thread;
static int32_t last_id, there, wrongs;
static head *live[MOST_LIVE]; /* those by pointer, NULL behind their end */
static uint32_t live_count;
static void *spare; /* memory that is used again at once */
static bool uses_again;
static uint64_t seed;

static uint32_t next(void)
{
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t)(state >> 16);
}

static void wrong(const head *h, const char *what)
{
  wrongs++;
  print_error("TENON_PROPERTY_SEED=%" PRIu64 ": %d: %s\n", seed, h->id, what);
  if (getenv("TENON_PROPERTY_ABORT")) abort();
}

static void *new_memory(void)
{
  void *p;

  pthread_mutex_lock(&mutex);
  p = spare;
  if (p) memcpy(&spare, p, sizeof spare);
  pthread_mutex_unlock(&mutex);
  if (!p) p = malloc(BLOCK);
  if (!p) abort();
  memset(p, 0, BLOCK);
  return p;
}

static void free_memory(void *p)
{
  if (!uses_again) {
    free(p);
    return;
  }
  t_spoil(p, BLOCK);
  pthread_mutex_lock(&mutex);
  memcpy(p, &spare, sizeof spare);
  spare = p;
  pthread_mutex_unlock(&mutex);
}

static void begins(head *h)
{
  pthread_mutex_lock(&mutex);
  h->magic = ALIVE;
  h->id = ++last_id;
  h->uses = 0;
  h->at = UINT32_MAX;
  there++;
  pthread_mutex_unlock(&mutex);
}

static void is_known(head *h)
{
  pthread_mutex_lock(&mutex);
  if (live_count < MOST_LIVE) {
    h->at = live_count;
    live[live_count++] = h;
  }
  pthread_mutex_unlock(&mutex);
}

static void ends(head *h)
{
  pthread_mutex_lock(&mutex);
  if (h->magic != ALIVE) wrong(h, "freed once more");
  if (h->uses) wrong(h, "freed while it is in use");
  h->magic = DEAD;
  there--;
  if (h->at != UINT32_MAX) live[h->at] = NULL;
  pthread_mutex_unlock(&mutex);
}

static void use(head *h)
{
  if (!h) return;
  if (h->magic != ALIVE) wrong(h, "used, and not there");
  h->uses++;
}

static void leave(head *h)
{
  if (!h) return;
  if (h->magic != ALIVE) wrong(h, "not there any more");
  h->uses--;
}

static int32_t id_of(head *h)
{
  use(h);
  leave(h);
  return h->id;
}

/* Operations that wait for `settle`. */
static struct {
  tenon_deferred *d;
  void (*settle)(tenon_deferred *d, int32_t id);
  head *used[2];
} deferreds[MOST_DEFERRED];
static uint32_t deferred_count;

static void settle_one(uint32_t i)
{
  tenon_deferred *d = deferreds[i].d;
  void (*settle)(tenon_deferred *, int32_t) = deferreds[i].settle;
  int32_t id = id_of(deferreds[i].used[0]);

  leave(deferreds[i].used[0]);
  leave(deferreds[i].used[1]);
  deferreds[i] = deferreds[--deferred_count];
  settle(d, id);
}

/* --- Classes ------------------------------------------------------------------------- */

TENON_CALLBACK(none, step)

/* What all kinds can do; `ref` gives what a result hands over. */
#define METHODS(T, head_of, ref)                                            \
  TENON_METHOD(i32, T, id)                                                  \
  {                                                                         \
    return id_of(head_of(self));                                            \
  }                                                                         \
  TENON_METHOD(T, T, me)                                                    \
  {                                                                         \
    use(head_of(self));                                                     \
    leave(head_of(self));                                                   \
    return ref(self);                                                       \
  }                                                                         \
  TENON_METHOD(i32, T, run, (step, f))                                      \
  {                                                                         \
    int r;                                                                  \
    use(head_of(self));                                                     \
    r = step_call(f);                                                       \
    leave(head_of(self));                                                   \
    return r ? -1 : id_of(head_of(self));                                   \
  }                                                                         \
  /* Disposed of, and returned. */                                          \
  TENON_METHOD(T, T, end)                                                   \
  {                                                                         \
    use(head_of(self));                                                     \
    if (tenon_dispose(self)) wrong(head_of(self), "not disposed of");       \
    leave(head_of(self));                                                   \
    return ref(self);                                                       \
  }                                                                         \
  TENON_FUNCTION(nullable(T), T##_pass, (nullable(T), a), (array(T), more), \
                 (opt(T), b), (opt(step), f))                               \
  {                                                                         \
    size_t i;                                                               \
    int r = 0;                                                              \
    T *which;                                                               \
    for (i = 0; i < more.len; i++)                                          \
      use(head_of(more.data[i]));                                           \
    if (a) use(head_of(a));                                                 \
    if (b) use(head_of(b));                                                 \
    if (f) r = step_call(*f);                                               \
    if (a) leave(head_of(a));                                               \
    if (b) leave(head_of(b));                                               \
    for (i = 0; i < more.len; i++)                                          \
      leave(head_of(more.data[i]));                                         \
    which = a ? a : b ? b : more.len ? more.data[0] : NULL;                 \
    return r || !which ? NULL : ref(which);                                 \
  }                                                                         \
  TENON_BLOCKING_METHOD(i32, T, block, (opt(T), other))                     \
  {                                                                         \
    use(head_of(self));                                                     \
    if (other && other != self) use(head_of(other));                        \
    usleep(50);                                                             \
    if (other && other != self) leave(head_of(other));                      \
    leave(head_of(self));                                                   \
    return id_of(head_of(self));                                            \
  }                                                                         \
  static void settle_##T(tenon_deferred *d, int32_t id);                    \
  TENON_ASYNC_METHOD(i32, T, later, (opt(T), other))                        \
  {                                                                         \
    if (deferred_count == MOST_DEFERRED) settle_one(0);                     \
    deferreds[deferred_count].d = deferred;                                 \
    deferreds[deferred_count].settle = settle_##T;                          \
    deferreds[deferred_count].used[0] = head_of(self);                      \
    deferreds[deferred_count].used[1] = other ? head_of(other) : NULL;      \
    deferred_count++;                                                       \
    use(head_of(self));                                                     \
    if (other) use(head_of(other));                                         \
  }                                                                         \
  static void settle_##T(tenon_deferred *d, int32_t id)                     \
  {                                                                         \
    if (id % 5)                                                             \
      (void)TENON_RESOLVE(T##_later, d, id);                                \
    else                                                                    \
      (void)tenon_deferred_reject(d, TENON_ERROR, "busy: rejected");        \
  }
#define ITSELF(p) (p)
#define HEAD(p) (&(p)->h)
#define BASE_HEAD(p) (&(p)->base.h)

/* By value, without an end. */
typedef struct plain {
  head h;
  double x;
} plain;

TENON_CLASS(plain)
TENON_DISPOSABLE(plain)
TENON_CONSTRUCTOR(plain, (i32, fails, 0))
{
  begins(&self->h);
  there--;
  if (fails) tenon_fail(TENON_ERROR, "busy: no plain");
}
TENON_MEMBERS(plain, (f64, x))
METHODS(plain, HEAD, ITSELF)

/* By value, with all that there is. */
typedef struct valued {
  head h;
  double x;
  tenon_held *held;
  step *kept;
  size_t size;
} valued;

TENON_CLASS(valued)
TENON_DISPOSABLE_AS("close", valued)
TENON_ASYNC_DISPOSABLE(valued)
{
  use(&self->h);
  usleep(50);
  leave(&self->h);
  if (self->h.id % 5 == 0) tenon_fail(TENON_ERROR, "busy: not prepared");
}
TENON_RELEASE(valued)
{
  if (self->h.id % 3 == 0) tenon_held_release(self->held);
  if (self->h.id % 4 == 0) tenon_callback_release(self->kept);
  ends(&self->h);
}
TENON_MEMORY(valued)
{
  return self->size;
}
TENON_CONSTRUCTOR(valued, (any, held), (opt(step), f))
{
  if (held && tenon_hold(NULL, held, &self->held)) {
    tenon_fail(TENON_ERROR, "out of memory");
    return;
  }
  if (f && step_call(*f)) return;
  begins(&self->h);
}
TENON_MEMBERS(valued, (f64, x))
METHODS(valued, HEAD, ITSELF)
TENON_METHOD(copy(valued), valued, copy)
{
  valued v = {.size = self->size};

  id_of(&self->h);
  begins(&v.h);
  return v;
}
TENON_METHOD(array(valued), valued, twice, (valued, other))
{
  valued **a = (valued **)tenon_alloc(2 * sizeof *a);

  if (!a) {
    tenon_fail(TENON_ERROR, "out of memory");
    return (tenon_array_valued){NULL, 0};
  }
  a[0] = self;
  a[1] = other;
  return (tenon_array_valued){a, 2};
}
TENON_METHOD(i32, valued, hold, (any, v))
{
  tenon_held *h;

  if (tenon_hold(self, v, &h)) return -1;
  tenon_held_release(self->held);
  self->held = h;
  return 0;
}
TENON_METHOD(any, valued, held)
{
  return tenon_held_value(self->held);
}
TENON_METHOD(i32, valued, keep, (step, f))
{
  step *kept = (step *)tenon_callback_keep_in(f, self);

  if (!kept) return -1;
  tenon_callback_release(self->kept);
  self->kept = kept;
  return 0;
}
TENON_METHOD(i32, valued, fire)
{
  int r;

  if (!self->kept) return -1;
  use(&self->h);
  r = step_call(self->kept);
  leave(&self->h);
  return r;
}
TENON_METHOD(none, valued, grow, (i32, by))
{
  self->size += (size_t)by;
}
TENON_METHOD(i32, valued, report, (i32, bytes))
{
  return tenon_report_memory(self, (size_t)bytes);
}

/* What others are made of: lent, or given away. */
typedef struct part {
  head h;
  struct part *sub;
} part;

static void free_part(part *p)
{
  if (!p) return;
  free_part(p->sub);
  ends(&p->h);
  free_memory(p);
}

static part *new_part(void)
{
  part *p = new_memory();

  begins(&p->h);
  return p;
}

TENON_CLASS_POINTER(part, free_part)
TENON_DISPOSABLE(part)
METHODS(part, HEAD, ITSELF)
TENON_METHOD(borrowed(part), part, part, (u32, i))
{
  (void)i;
  id_of(&self->h);
  if (!self->sub) self->sub = new_part();
  return self->sub;
}

static part *give_away(part **from)
{
  part *p = *from;

  *from = NULL;
  if (!p) tenon_fail(TENON_ERROR, "busy: nothing there");
  return p;
}
TENON_METHOD(part, part, take, (u32, i), (step, f))
{
  (void)i;
  use(&self->h);
  if (step_call(f)) {
    leave(&self->h);
    return NULL;
  }
  leave(&self->h);
  return give_away(&self->sub);
}

/* By pointer. */
typedef struct pointed {
  head h;
  part *parts[2];
} pointed;

static void free_pointed(pointed *p)
{
  free_part(p->parts[0]);
  free_part(p->parts[1]);
  ends(&p->h);
  free_memory(p);
}

TENON_CLASS_POINTER(pointed, free_pointed)
TENON_DISPOSABLE(pointed)
TENON_CONSTRUCTOR_POINTER(pointed, (i32, how, 0))
{
  pointed *p;
  uint32_t i;

  if (how % 8 == 1) return tenon_fail(TENON_ERROR, "busy: no pointed");
  if (how % 8 == 2) /* one that is there */
    for (i = 0; i < live_count; i++)
      if (live[i]) return (pointed *)live[i];
  p = new_memory();
  begins(&p->h);
  if (how < 8) is_known(&p->h);
  if (how % 8 == 3) napi_throw_error(tenon_env(), NULL, "busy: beside it");
  return p;
}
METHODS(pointed, HEAD, ITSELF)
TENON_METHOD(borrowed(part), pointed, part, (u32, i))
{
  id_of(&self->h);
  if (!self->parts[i & 1]) self->parts[i & 1] = new_part();
  return self->parts[i & 1];
}
TENON_METHOD(part, pointed, take, (u32, i), (step, f))
{
  int r;

  use(&self->h);
  r = step_call(f);
  leave(&self->h);
  return r ? NULL : give_away(&self->parts[i & 1]);
}
TENON_FUNCTION(nullable(pointed), some_pointed)
{
  head *h = live_count ? live[next() % live_count] : NULL;

  if (h) id_of(h);
  return (pointed *)h;
}

/* One that extends it. */
typedef struct derived {
  pointed base;
  int32_t more;
} derived;

static void free_derived(derived *d)
{
  if (d->more != d->base.h.id) wrong(&d->base.h, "not a derived one");
  free_pointed(&d->base);
}

TENON_CLASS_POINTER(derived, free_derived)
TENON_EXTENDS(derived, pointed, base)
TENON_CONSTRUCTOR_POINTER(derived, (i32, how, 0))
{
  derived *p = new_memory();

  begins(&p->base.h);
  if (how < 8) is_known(&p->base.h);
  p->more = p->base.h.id;
  return p;
}
TENON_METHOD(i32, derived, more)
{
  return self->more;
}

/* Counted. */
typedef struct counted {
  head h;
  int refs;
} counted;

static counted *shared; /* which C has a reference of, too */

static counted *ref(counted *c)
{
  __atomic_add_fetch(&c->refs, 1, __ATOMIC_SEQ_CST);
  return c;
}

static void unref(counted *c)
{
  if (c->h.magic != ALIVE) wrong(&c->h, "let go of, and not there");
  if (__atomic_sub_fetch(&c->refs, 1, __ATOMIC_SEQ_CST)) return;
  ends(&c->h);
  free_memory(c);
}

TENON_CLASS_COUNTED(counted, unref)
TENON_DISPOSABLE(counted)
TENON_CONSTRUCTOR_POINTER(counted)
{
  counted *c = new_memory();

  begins(&c->h);
  return ref(c);
}
METHODS(counted, HEAD, ref)
TENON_METHOD(none, counted, share)
{
  counted *before = shared;

  shared = ref(self);
  if (before) unref(before);
}
TENON_FUNCTION(nullable(counted), get_shared, (bool, and_forget))
{
  counted *c = shared;

  if (!c) return NULL;
  if (and_forget)
    shared = NULL;
  else
    ref(c);
  return c;
}

/* --- Of the program ------------------------------------------------------------------ */

static tenon_p_engine *engine; /* that of the round */
static bool may_inject;

TENON_FUNCTION_AS("random", u32, any_below, (u32, below))
{
  return next() % below;
}
TENON_FUNCTION(none, collect_now)
{
  JS_SetGCThreshold(engine->rt, 0);
}
TENON_FUNCTION(none, settle, (u32, i))
{
  if (deferred_count) settle_one(i % deferred_count);
}
TENON_FUNCTION(none, fail_soon, (u32, at))
{
  if (may_inject) tenon_p_alloc_inject(at, false);
}
TENON_FUNCTION(bool, fail_no_more)
{
  if (may_inject) tenon_p_alloc_inject(0, false);
  return may_inject;
}
TENON_FUNCTION(none, complain, (str, text))
{
  wrongs++;
  print_error("TENON_PROPERTY_SEED=%" PRIu64 ": %.*s\n", seed, (int)text.len,
              text.data);
  if (getenv("TENON_PROPERTY_ABORT")) abort();
}

/* --- Rounds -------------------------------------------------------------------------- */

enum { PLAIN, COLLECTING, FAILING };

static char *driver;

static void read_driver(void)
{
  FILE *f = fopen(TEST_SOURCE_DIR "/c/class-random.js", "rb");
  long size;

  CHECK(f != NULL);
  CHECK_INT(0, fseek(f, 0, SEEK_END));
  size = ftell(f);
  rewind(f);
  driver = calloc(1, (size_t)size + 1);
  CHECK(driver != NULL);
  CHECK_INT(size, fread(driver, 1, (size_t)size, f));
  fclose(f);
}

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
  const char *s = getenv(variable);

  return s ? strtoull(s, NULL, 0) : otherwise;
}

static void collect_soon(void *p)
{
  if (pthread_equal(pthread_self(), loop_thread)) JS_SetGCThreshold(p, 0);
}

/* Right, or out of memory where that may be. */
static void check_result(tenon_runtime *rt, int r, int mode)
{
  const char *e;

  if (r == 0) return;
  e = tenon_runtime_exception(rt);
  if (mode != FAILING) {
    wrongs++;
    print_error("TENON_PROPERTY_SEED=%" PRIu64 ": %s: %s\n", seed,
                tenon_error_name(r), e ? e : "");
  }
  tenon_runtime_clear_exception(rt);
}

static void eval(tenon_runtime *rt, tenon_realm *realm, const char *source,
                 int mode)
{
  check_result(rt, tenon_realm_eval_script(realm, source, strlen(source), NULL),
               mode);
}

static void run_loop(tenon_runtime *rt, int mode)
{
  int r, i;

  for (i = 0; i < 100 && (r = tenon_runtime_run(rt)) != 0; i++) {
    if (r == TENON_EUNSETTLED) return;
    check_result(rt, r, mode);
  }
}

static void hand(tenon_realm *from, tenon_realm *to)
{
  napi_env env = tenon_runtime_env(tenon_realm_runtime(from));
  napi_handle_scope scope;
  napi_value its, ours;

  CHECK_INT(0, tenon_realm_enter(from));
  napi_open_handle_scope(env, &scope);
  CHECK_INT(napi_ok, napi_get_global(env, &its));
  CHECK_INT(0, tenon_realm_enter(to));
  CHECK_INT(napi_ok, napi_get_global(env, &ours));
  CHECK_INT(napi_ok, napi_set_named_property(env, ours, "other", its));
  CHECK_INT(0, tenon_realm_leave(to));
  napi_close_handle_scope(env, scope);
  CHECK_INT(0, tenon_realm_leave(from));
}

static tenon_realm *new_realm(tenon_runtime *rt, int mode)
{
  static const char source[] =
      "import * as native from 'native'; globalThis.native = native;";
  tenon_realm *realm;
  int r;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  r = tenon_realm_eval_module(realm, source, sizeof source - 1, "realm.js");
  check_result(rt, r, mode);
  hand(realm, tenon_runtime_realm(rt));
  eval(rt, tenon_runtime_realm(rt), "nextRealm()", mode);
  return realm;
}

static void free_realm(tenon_runtime *rt, tenon_realm *realm, int mode)
{
  if (!realm) return;
  if (next() % 2) eval(rt, tenon_runtime_realm(rt), "other = null", mode);
  CHECK_INT(0, tenon_realm_free(realm));
  eval(rt, tenon_runtime_realm(rt), "other = null", mode);
}

static void play(tenon_runtime *rt, int mode)
{
  tenon_realm *main = tenon_runtime_realm(rt), *other = NULL;
  uint32_t i, count = 3 + next() % 6;

  for (i = 0; i < count; i++) {
    eval(rt, main, next() % 2 ? "play(20)" : "play(60)", mode);
    if (next() % 3 == 0) tenon_runtime_collect(rt);
    if (next() % 2 == 0) {
      while (deferred_count && next() % 4)
        settle_one(next() % deferred_count);
      if (deferred_count == 0) run_loop(rt, mode);
    }
    if (next() % 4 == 0) eval(rt, main, "drop()", mode);
    if (next() % 4 == 0) {
      free_realm(rt, other, mode);
      other = next() % 2 ? new_realm(rt, mode) : NULL;
    }
  }
  if (next() % 2) {
    while (deferred_count)
      settle_one(0);
    run_loop(rt, mode);
    if (next() % 2) free_realm(rt, other, mode);
    eval(rt, main, "rest()", mode);
    tenon_runtime_collect(rt);
  }
}

static void round_of(int mode)
{
  tenon_runtime *rt = NULL;

  state = (seed + 1) * UINT64_C(0xD1342543DE82EF95);
  uses_again = next() % 2;
  there = last_id = 0;
  live_count = 0;
  may_inject = mode == FAILING;
  /* A runtime that begins so asks about every allocation. */
  if (mode != PLAIN) tenon_p_alloc_inject(0, false);
  CHECK_INT(0, tenon_runtime_new(NULL, &rt));
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  engine = *(tenon_p_engine **)rt;
  check_result(
      rt, tenon_runtime_eval_module(rt, driver, strlen(driver), "random.js"),
      PLAIN);
  if (mode == COLLECTING) tenon_p_alloc_watch(collect_soon, engine->rt);
  play(rt, mode);
  if (mode == COLLECTING) tenon_p_alloc_watch(NULL, NULL);
  if (mode != PLAIN) tenon_p_alloc_stop();
  tenon_runtime_free(rt);
  while (deferred_count)
    settle_one(0);
  if (shared) unref(shared);
  shared = NULL;
  if (there) {
    wrongs++;
    print_error("TENON_PROPERTY_SEED=%" PRIu64 ": %d are left\n", seed, there);
  }
}

static void play_rounds(uint64_t count, int mode)
{
  uint64_t first = number_of("TENON_PROPERTY_SEED", 1), end;

#ifdef __SANITIZE_ADDRESS__
  count = (count + 3) / 4;
#endif
  end = first + number_of("TENON_PROPERTY_ROUNDS", count);
  loop_thread = pthread_self();
  wrongs = 0;
  read_driver();
  for (seed = first; seed < end && wrongs == 0; seed++)
    round_of(mode);
  free(driver);
  CHECK_INT(0, wrongs);
}

TEST(instances_live_as_long_as_they_are_used)
{
  play_rounds(250, PLAIN);
}

TEST(instances_outlive_a_collection_at_every_allocation)
{
  play_rounds(6, COLLECTING);
}

TEST(instances_are_freed_once_when_memory_runs_out)
{
  play_rounds(250, FAILING);
}
