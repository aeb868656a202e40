/*
 * The native side of test-async-random.c: work of all kinds that takes its time,
 * each piece of which is counted from its beginning to its end.
 */
#ifndef TEST_C_ASYNC_RANDOM_H
#define TEST_C_ASYNC_RANDOM_H

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <tenon.h>
#include <uv.h>

#include "harness.h"

TENON_MODULE_THREADS(any);

/* --- At random --------------------------------------------------------------------- */

static uint64_t seed;
static int wrongs;                   /* atomic */
static _Thread_local uint64_t state; /* of the generator */

static uint32_t next(void)
{
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t)(state >> 16);
}

static bool may(uint32_t one_in)
{
  return next() % one_in == 0;
}

static void begin_random(uint64_t with)
{
  state = (with + 1) * UINT64_C(0xD1342543DE82EF95);
}

static void complain(const char *what, size_t len)
{
  __atomic_add_fetch(&wrongs, 1, __ATOMIC_RELAXED);
  print_error("TENON_PROPERTY_SEED=%" PRIu64 ": %.*s\n", seed, (int)len, what);
  if (getenv("TENON_PROPERTY_ABORT")) abort();
}

static void wrong(const char *what)
{
  complain(what, strlen(what));
}

static void nap(uint32_t us)
{
  if (us) usleep(us);
}

/* --- Native work, which is counted -------------------------------------------------- */

enum { ALIVE = 0x600DF00D, DEAD = 0x0BADDEAD };

typedef struct token {
  uint32_t magic;
} token;

static int there; /* atomic: work that has begun and not ended */

static token *begin_token(void)
{
  token *t = malloc(sizeof *t);

  if (!t) abort();
  t->magic = ALIVE;
  __atomic_add_fetch(&there, 1, __ATOMIC_RELAXED);
  return t;
}

static void end_token(void *p)
{
  token *t = p;

  if (t->magic != ALIVE) wrong("work that ends twice");
  t->magic = DEAD;
  __atomic_sub_fetch(&there, 1, __ATOMIC_RELEASE);
  free(t);
}

static void check_text(tenon_str s)
{
  size_t i;

  for (i = 0; i < s.len; i++)
    if (s.data[i] != 'a') {
      wrong("an argument has changed");
      return;
    }
}

/* --- Threads that do it ------------------------------------------------------------- */

enum { WORKERS = 3 };

typedef struct job {
  struct job *next;
  void (*run)(void *p);
  void *p;
  uint32_t us; /* first */
} job;

static struct {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  job *first, **last;
  int busy;
  bool has_ended;
  pthread_t threads[WORKERS];
} jobs = {.mutex = PTHREAD_MUTEX_INITIALIZER,
          .changed = PTHREAD_COND_INITIALIZER,
          .last = &jobs.first};

static void *run_jobs(void *p)
{
  job *j;

  begin_random((uintptr_t)p);
  pthread_mutex_lock(&jobs.mutex);
  for (;;) {
    while (!jobs.first && !jobs.has_ended)
      pthread_cond_wait(&jobs.changed, &jobs.mutex);
    j = jobs.first;
    if (!j) break;
    jobs.first = j->next;
    if (!jobs.first) jobs.last = &jobs.first;
    jobs.busy++;
    pthread_mutex_unlock(&jobs.mutex);
    nap(j->us);
    j->run(j->p);
    free(j);
    pthread_mutex_lock(&jobs.mutex);
    jobs.busy--;
    pthread_cond_broadcast(&jobs.changed);
  }
  pthread_mutex_unlock(&jobs.mutex);
  return NULL;
}

static void give_job(void (*run)(void *), void *p, uint32_t us)
{
  job *j = malloc(sizeof *j);

  if (!j) abort();
  *j = (job){NULL, run, p, us};
  pthread_mutex_lock(&jobs.mutex);
  *jobs.last = j;
  jobs.last = &j->next;
  pthread_cond_broadcast(&jobs.changed);
  pthread_mutex_unlock(&jobs.mutex);
}

static void *run_alone(void *p)
{
  job *j = p;

  begin_random((uintptr_t)j->us);
  nap(j->us);
  j->run(j->p);
  free(j);
  pthread_mutex_lock(&jobs.mutex);
  jobs.busy--;
  pthread_cond_broadcast(&jobs.changed);
  pthread_mutex_unlock(&jobs.mutex);
  return NULL;
}

/* For what may wait as long as a runtime is there. */
static void give_thread(void (*run)(void *), void *p, uint32_t us)
{
  job *j = malloc(sizeof *j);
  pthread_t thread;

  if (!j) abort();
  *j = (job){NULL, run, p, us};
  pthread_mutex_lock(&jobs.mutex);
  jobs.busy++;
  pthread_mutex_unlock(&jobs.mutex);
  if (pthread_create(&thread, NULL, run_alone, j)) abort();
  pthread_detach(thread);
}

static void start_workers(void)
{
  int i;

  jobs.has_ended = false;
  for (i = 0; i < WORKERS; i++)
    CHECK_INT(0, pthread_create(&jobs.threads[i], NULL, run_jobs,
                                (void *)(uintptr_t)(i + 1)));
}

static void await_workers(void)
{
  pthread_mutex_lock(&jobs.mutex);
  while (jobs.first || jobs.busy)
    pthread_cond_wait(&jobs.changed, &jobs.mutex);
  pthread_mutex_unlock(&jobs.mutex);
}

static void end_workers(void)
{
  int i;

  pthread_mutex_lock(&jobs.mutex);
  jobs.has_ended = true;
  pthread_cond_broadcast(&jobs.changed);
  pthread_mutex_unlock(&jobs.mutex);
  for (i = 0; i < WORKERS; i++)
    CHECK_INT(0, pthread_join(jobs.threads[i], NULL));
}

/* --- Calls on the pool --------------------------------------------------------------- */

TENON_CALLBACK(none, progress, (u32, done))
TENON_CALLBACK(i32, ask, (i32, n))

static void work_on(uint32_t how, progress *tell, ask *f)
{
  int32_t n, i;
  int r = 0;

  switch (how % 12) {
  case 0: nap(next() % 1000); break;
  case 1:
  case 2:
    for (i = 0; i < 200 && !tenon_is_cancelled(); i++) {
      nap(100);
      if (tell) (void)progress_update(tell, (uint32_t)i);
    }
    break;
  case 3: tenon_fail(TENON_RANGE_ERROR, "native: refused"); break;
  case 4: tenon_fail_system(2, "work", NULL); break;
  case 5:
  case 6:
    for (i = 0; tell && i < 5; i++)
      (void)progress_post(tell, (uint32_t)i);
    break;
  case 7:
  case 8:
    if (f) r = ask_call(f, &n, 7);
    if (f && r == 0 && n != 7) n = 7; /* a Promise is a failure */
    break;
  case 9:
  case 10:
    if (f) r = ask_await(f, &n, 9);
    if (f && r == 0 && n != 9) wrong("another answer");
    if (may(2)) tenon_recover();
    break;
  default: break;
  }
}

TENON_BLOCKING(u32, block, (u32, how), (str, text), (opt(progress), tell),
               (opt(ask), f))
{
  token *t = begin_token();

  check_text(text);
  if (!tenon_defer(end_token, t)) return 0;
  work_on(how, tell ? *tell : NULL, f ? *f : NULL);
  check_text(text);
  return (uint32_t)text.len;
}

typedef struct thing {
  token *t;
  int uses; /* atomic */
} thing;

TENON_CLASS(thing)
TENON_DISPOSABLE(thing)
TENON_RELEASE(thing)
{
  if (__atomic_load_n(&self->uses, __ATOMIC_ACQUIRE))
    wrong("an instance that is used is released");
  if (self->t) end_token(self->t);
}
TENON_CONSTRUCTOR(thing)
{
  self->t = begin_token();
}
TENON_BLOCKING_METHOD(i32, thing, work, (u32, how))
{
  __atomic_add_fetch(&self->uses, 1, __ATOMIC_ACQ_REL);
  work_on(how, NULL, NULL);
  __atomic_sub_fetch(&self->uses, 1, __ATOMIC_ACQ_REL);
  return 1;
}

/* Functions that threads call at any time, also after the end. */
static void call_late(void *p)
{
  ask *f = p;
  int32_t n;

  switch (next() % 4) {
  case 0: (void)ask_call(f, &n, 1); break;
  case 1: (void)ask_await(f, &n, 1); break;
  case 2: (void)ask_post(f, 1); break;
  default: (void)ask_update(f, 1); break;
  }
  tenon_callback_release(f);
}
TENON_FUNCTION(none, keep, (ask, f), (u32, count))
{
  if (may(3)) (void)tenon_callback_hold(f, true);
  while (count--)
    give_thread(call_late, ask_keep(f), next() % 2000);
}

/* --- Deferreds ------------------------------------------------------------------------ */

typedef struct operation {
  struct operation *next;
  tenon_deferred *d;
  tenon_str text; /* of its arguments */
  token *t;
  uv_timer_t timer;
  int refs; /* atomic */
} operation;

/* Those that wait until somebody takes them out. */
static struct {
  pthread_mutex_t mutex;
  operation *first;
} waiting = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void settle(operation *o, uint32_t how);

static void unref_operation(operation *o)
{
  if (__atomic_sub_fetch(&o->refs, 1, __ATOMIC_ACQ_REL)) return;
  end_token(o->t);
  free(o);
}

/* `o`, or for NULL any one; NULL: it is not there. */
static operation *take_open(const operation *o)
{
  operation **at, *found = NULL;

  pthread_mutex_lock(&waiting.mutex);
  for (at = &waiting.first; *at && o && *at != o; at = &(*at)->next)
    continue;
  if (*at) {
    found = *at;
    *at = found->next;
  }
  pthread_mutex_unlock(&waiting.mutex);
  return found;
}

static void put_open(operation *o)
{
  pthread_mutex_lock(&waiting.mutex);
  o->next = waiting.first;
  waiting.first = o;
  pthread_mutex_unlock(&waiting.mutex);
}

static void settle_in_thread(void *p)
{
  settle(p, next());
}

/* One of two: as docs/promises.md has it. */
static void race_in_thread(void *p)
{
  operation *o = p;
  tenon_str s = {"raced", 5};

  if (tenon_deferred_resolve_with(o->d, &s) == TENON_EALREADY)
    tenon_deferred_drop(o->d);
  unref_operation(o);
}

static void on_cancel(tenon_deferred *d, void *p)
{
  operation *o = take_open(p);

  (void)d;
  if (o && may(4)) /* later */
    give_job(settle_in_thread, o, next() % 1000);
  else if (o)
    settle(o, next());
}

static void free_timer(uv_handle_t *timer)
{
  unref_operation(timer->data);
}

static void on_timer_cancel(tenon_deferred *d, void *p)
{
  operation *o = p;

  (void)tenon_deferred_reject(d, TENON_ERROR, "nobody reads this");
  uv_close((uv_handle_t *)&o->timer, free_timer);
}

static void start_timer(operation *o, uint32_t how);

TENON_ASYNC(str, later, (u32, how), (str, text))
{
  operation *o = calloc(1, sizeof *o);

  if (!o) abort();
  o->d = deferred;
  o->text = text;
  o->t = begin_token();
  o->refs = 1;
  switch (how % 12) {
  case 0: settle(o, next()); return;
  case 1:
  case 2: give_job(settle_in_thread, o, next() % 3000); return;
  case 3:
  case 4:
    o->refs = 2;
    tenon_deferred_dup(deferred);
    give_job(race_in_thread, o, next() % 1000);
    give_job(race_in_thread, o, next() % 1000);
    return;
  case 5:
    unref_operation(o);
    tenon_fail(TENON_TYPE_ERROR, "native: not begun");
    return;
  case 6:
  case 7: start_timer(o, how); return;
  default:
    (void)tenon_deferred_on_cancel(deferred, on_cancel, o);
    put_open(o);
    return;
  }
}

static void on_timer(uv_timer_t *timer)
{
  operation *o = timer->data;

  (void)TENON_RESOLVE(later, o->d, tenon_str_of("in time"));
  uv_close((uv_handle_t *)timer, free_timer);
}

static void start_timer(operation *o, uint32_t how)
{
  uv_timer_init(tenon_deferred_loop(o->d), &o->timer);
  o->timer.data = o;
  (void)tenon_deferred_on_cancel(o->d, on_timer_cancel, o);
  uv_timer_start(&o->timer, on_timer, how % 3, 0);
}

/* The operation ends with it. */
static void settle(operation *o, uint32_t how)
{
  check_text(o->text);
  switch (how % 5) {
  case 0:
    (void)tenon_deferred_reject(o->d, TENON_ERROR, "native: %s", "no");
    break;
  case 1: tenon_deferred_drop(o->d); break;
  case 2: (void)tenon_deferred_reject_system(o->d, 2, "settle", NULL); break;
  default: (void)TENON_RESOLVE(later, o->d, o->text); break;
  }
  unref_operation(o);
}

/* --- Streams ---------------------------------------------------------------------------- */

TENON_STREAM(bytes, chunks)

typedef struct writing {
  chunks *to;
  token *t;
  uint32_t how, count;
  int refs; /* atomic: the writer's, and that of what is told of the end */
} writing;

static void unref_writing(void *p)
{
  writing *w = p;

  if (__atomic_sub_fetch(&w->refs, 1, __ATOMIC_ACQ_REL)) return;
  end_token(w->t);
  free(w);
}

static void on_stream_cancel(void *p, int why)
{
  if (why != TENON_ECANCELED && why != TENON_ECLOSING) wrong("another reason");
  unref_writing(p);
}

static int write_one(const writing *w, uint32_t i)
{
  size_t len = 1 + i % 7;
  uint8_t *p = malloc(len);
  tenon_bytes b = {p, len};
  bool is_taken = w->how % 3 == 1;
  int r;

  if (!p) abort();
  memset(p, 'a', len);
  do {
    if (is_taken)
      r = chunks_write_take(w->to, b, free, p);
    else
      r = w->how % 3 ? chunks_write(w->to, b) : chunks_write_wait(w->to, b);
    if (r == TENON_EFULL) nap(200);
  } while (r == TENON_EFULL);
  if (r || !is_taken) free(p);
  return r;
}

/* Ends it, or leaves that to the last one who lets go of it. */
static int end_writing(const writing *w)
{
  switch (w->how % 4) {
  case 0: return tenon_stream_fail(w->to, TENON_ERROR, "native: over");
  case 1: return tenon_stream_fail_system(w->to, 5, "write", NULL);
  default: return tenon_stream_end(w->to);
  }
}

static void write_all(void *p)
{
  writing *w = p;
  bool is_told = w->how % 6 != 5;
  uint32_t i;
  int r = 0;

  for (i = 0; r == 0 && i < w->count; i++) {
    if (w->how % 5 == 0) nap(next() % 500);
    r = write_one(w, i);
  }
  if (r != 0 && r != TENON_ECANCELED && r != TENON_ECLOSING &&
      r != TENON_ENOMEM)
    wrong("a write that failed otherwise");
  if (is_told) {
    r = end_writing(w);
    /* Nobody is told then. */
    if (r == 0) unref_writing(w);
    if (r != 0 && r != TENON_ECANCELED && r != TENON_ECLOSING)
      wrong("an end that failed otherwise");
  }
  tenon_stream_release(w->to);
  unref_writing(w);
}

TENON_FUNCTION(chunks, write_some, (u32, how), (u32, count), (u32, mark))
{
  writing *w = calloc(1, sizeof *w);
  chunks *s = chunks_new(mark);

  if (!w || !s) {
    free(w);
    tenon_stream_release(s);
    return tenon_fail_memory();
  }
  *w = (writing){s, begin_token(), how, count, 1};
  if (how % 6 != 5) {
    w->refs = 2;
    if (tenon_stream_on_cancel(s, on_stream_cancel, w)) wrong("it has ended");
  }
  give_thread(write_all, w, how * 50);
  return s;
}

/* --- Iterables --------------------------------------------------------------------------- */

TENON_ITERABLE(i32, numbers)

TENON_BLOCKING(i32, sum, (numbers, from), (u32, most))
{
  token *t = begin_token();
  int32_t n, all = 0;
  int r = 0;

  if (!tenon_defer(end_token, t)) return 0;
  while (most-- && (r = numbers_read_wait(from, &n)) == 0)
    all += n;
  if (r == 0 && most % 2) (void)tenon_iterable_cancel(from);
  return all;
}

typedef struct summing {
  tenon_deferred *d;
  numbers *from;
  token *t;
  int32_t all;
  uint32_t left;
} summing;

static void cancel_in_thread(void *p)
{
  (void)tenon_iterable_cancel(p);
  tenon_iterable_release(p);
}

static void on_number(void *p, int code);

TENON_ASYNC(i32, sum_later, (numbers, from), (u32, most))
{
  summing *s = calloc(1, sizeof *s);
  int r;

  if (!s) abort();
  *s = (summing){deferred, numbers_keep(from), begin_token(), 0, most};
  if (may(5)) give_job(cancel_in_thread, numbers_keep(from), next() % 1000);
  r = numbers_read(from, on_number, s);
  if (r == 0) return;
  tenon_iterable_release(s->from);
  end_token(s->t);
  free(s);
  tenon_fail_system(r, "sum", NULL);
}

static void on_number(void *p, int code)
{
  summing *s = p;

  if (code == 0) {
    s->all += *numbers_value(s->from);
    if (s->left-- == 0) code = TENON_EEND;
  }
  if (code == 0) code = numbers_read(s->from, on_number, s);
  if (code == 0) return;
  if (code == TENON_EEND)
    (void)TENON_RESOLVE(sum_later, s->d, s->all);
  else if (code == TENON_EEXCEPTION)
    (void)tenon_deferred_reject_failed(s->d);
  else
    (void)tenon_deferred_reject_system(s->d, code, "sum", NULL);
  tenon_iterable_release(s->from);
  end_token(s->t);
  free(s);
}

/* --- Watches ------------------------------------------------------------------------------ */

typedef struct arrival {
  tenon_deferred *d;
  token *t;
  int fd[2];
} arrival;

static void write_in_thread(void *p)
{
  int fd = (int)(intptr_t)p;

  (void)send(fd, "x", 1, MSG_NOSIGNAL);
  close(fd);
}

static void free_arrival(void *p)
{
  arrival *a = p;

  close(a->fd[0]);
  end_token(a->t);
  free(a);
}

static void on_ready(tenon_watch *w, int status, uint32_t events, void *p);

TENON_ASYNC(i32, arrives, (u32, how))
{
  arrival *a = calloc(1, sizeof *a);
  tenon_watch *w;
  int r;

  if (!a || socketpair(AF_UNIX, SOCK_STREAM, 0, a->fd)) abort();
  a->d = deferred;
  a->t = begin_token();
  r = tenon_watch_open(a->fd[0], TENON_WATCH_READABLE, on_ready, a, &w);
  if (r == 0) {
    if (how == 0) (void)tenon_watch_hold(w, true);
    if (how == 1 && write(a->fd[1], "x", 1) == 1)
      close(a->fd[1]);
    else
      give_job(write_in_thread, (void *)(intptr_t)a->fd[1], next() % 2000);
    return;
  }
  close(a->fd[1]);
  free_arrival(a);
  tenon_fail_system(r, "watch", NULL);
}

static void on_ready(tenon_watch *w, int status, uint32_t events, void *p)
{
  arrival *a = p;
  char byte;

  (void)events;
  if (status)
    (void)tenon_deferred_reject_system(a->d, status, "watch", NULL);
  else if (read(tenon_watch_fd(w), &byte, 1) == 1)
    (void)TENON_RESOLVE(arrives, a->d, 1);
  if (tenon_watch_close(w, free_arrival)) wrong("a watch that was closed");
}

/* --- Of the program ------------------------------------------------------------------------ */

static bool is_failing;

TENON_FUNCTION_AS("random", u32, any_below, (u32, below))
{
  return next() % below;
}
static _Thread_local int32_t unsettled;

TENON_FUNCTION_AS("tellLeft", none, tell_left, (i32, count))
{
  unsettled = count;
}
TENON_FUNCTION_AS("complain", none, complain_of, (str, text))
{
  if (!is_failing) complain(text.data, text.len);
}

/* The thread sanitizer takes what a child closes, in its parent's memory, for the
 * parent's. */
TENON_FUNCTION(bool, has_children)
{
#ifdef __SANITIZE_THREAD__
  return false;
#else
  return true;
#endif
}

static const tenon_module *serial_entry(void)
{
  static tenon_module m;
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

  pthread_mutex_lock(&mutex);
  if (!m.size) {
    m = *tenon_module_v1();
    m.threads = TENON_THREADS_serial;
    m.items_end = m.items_begin; /* the class is of the other one */
  }
  pthread_mutex_unlock(&mutex);
  return &m;
}

#endif
