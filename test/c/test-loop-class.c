/* Instances off the loop: one call at a time, what ends meanwhile, threads. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/import.h>
#include <tenon/realm.h>
#include <unistd.h>
#include <uv.h>

#include "harness.h"

TENON_MODULE_THREADS(any);

static int jobs, released_elsewhere; /* atomic */
static pthread_t main_thread;

/* By value; its bytes grow on the pool. */
typedef struct job {
  int64_t n;
  char *data;
  size_t size;
} job;

TENON_CLASS_AS("Job", job)
TENON_CONSTRUCTOR(job, (i64, n))
{
  self->n = n;
  __atomic_add_fetch(&jobs, 1, __ATOMIC_RELAXED);
}
TENON_RELEASE(job)
{
  __atomic_sub_fetch(&jobs, 1, __ATOMIC_RELAXED);
  if (!pthread_equal(pthread_self(), main_thread)) released_elsewhere++;
  free(self->data);
  memset(self, 0xdd, sizeof *self);
}
TENON_MEMORY(job)
{
  return self->size;
}
TENON_DISPOSABLE(job)
TENON_METHOD(i64, job, get)
{
  return self->n;
}

static uv_sem_t started, may_end;

/* What is copied frees nothing. */
typedef struct note {
  int64_t n;
} note;
TENON_CLASS_AS("Note", note)
TENON_CONSTRUCTOR(note, (i64, n))
{
  self->n = n;
}
TENON_BLOCKING_METHOD(none, note, wait)
{
  uv_sem_wait(&may_end);
}

TENON_CALLBACK(none, on_job, (job, j))
TENON_CALLBACK(job, give_job)
TENON_CALLBACK(copy(note), give_copy)

TENON_BLOCKING_METHOD(i64, job, work, (u32, ms))
{
  self->n++;
  usleep(ms * 1000);
  return self->n;
}
TENON_BLOCKING_METHOD(i64, job, wait)
{
  uv_sem_post(&started);
  uv_sem_wait(&may_end);
  return ++self->n;
}
TENON_FUNCTION(none, let_end)
{
  uv_sem_post(&may_end);
}
TENON_BLOCKING_METHOD(job, job, me)
{
  self->n += 10;
  return self;
}
TENON_BLOCKING_METHOD(none, job, grow, (u32, size))
{
  char *data = realloc(self->data, size);

  if (!data) return;
  self->data = data;
  self->size = size;
}
TENON_BLOCKING(i64, add_all, (job, first), (array(job), more), (opt(job), last))
{
  int64_t n = first->n + (last ? last->n : 0);
  size_t i;

  for (i = 0; i < more.len; i++)
    n += more.data[i]->n;
  return n;
}
TENON_BLOCKING(copy(job), made_there, (i64, n))
{
  job j = {n, NULL, 0};

  __atomic_add_fetch(&jobs, 1, __ATOMIC_RELAXED);
  return j;
}
TENON_METHOD(i64, job, plain, (i64, by))
{
  return self->n += by;
}
TENON_FUNCTION(i64, both, (job, a), (job, b))
{
  return a->n + b->n;
}
TENON_FUNCTION(i64, n_of_copy, (copy(note), note))
{
  return note.n;
}
TENON_BLOCKING(i32, call_there, (on_job, f), (give_job, g), (give_copy, h))
{
  note copied;
  job j = {0}, *r;

  if (on_job_call(f, &j) != TENON_ETHREAD) return 1;
  if (on_job_post(f, &j) != TENON_ETHREAD) return 2;
  if (give_job_call(g, &r) != TENON_ETHREAD || r) return 3;
  if (give_copy_call(h, &copied) != TENON_ETHREAD) return 4;
  if (give_job_await(g, &r) != TENON_ETHREAD) return 5;
  return 0;
}
TENON_METHOD(i32, job, call_here, (on_job, f), (give_job, g), (give_copy, h))
{
  note copied;
  job *r = NULL;

  if (on_job_call(f, self)) return 1;
  if (on_job_post(f, self) != TENON_ETHREAD) return 2;
  if (give_job_call(g, &r) || !r) return 3;
  if (give_copy_call(h, &copied)) return 4;
  return (int32_t)(r->n + copied.n);
}

static give_job *kept;

TENON_FUNCTION(none, keep, (give_job, g))
{
  kept = give_job_keep(g);
}

/* By pointer. */
typedef struct item {
  int n;
} item;

static int items; /* atomic */

static void free_item(item *p)
{
  __atomic_sub_fetch(&items, 1, __ATOMIC_RELAXED);
  free(p);
}
static item *new_item(int n)
{
  item *p = malloc(sizeof *p);

  p->n = n;
  __atomic_add_fetch(&items, 1, __ATOMIC_RELAXED);
  return p;
}

TENON_CLASS_POINTER_AS("Item", item, free_item)
TENON_DISPOSABLE(item)
TENON_BLOCKING(item, load_item, (i32, n))
{
  if (n < 0) {
    uv_sem_post(&started);
    uv_sem_wait(&may_end);
  }
  return new_item(n);
}
TENON_BLOCKING(array(item), load_items, (i32, n))
{
  item **p = tenon_alloc((size_t)n * sizeof *p);
  tenon_array_item r = {p, (size_t)n};
  int i;

  if (!p) return tenon_fail(TENON_ERROR, "no memory");
  for (i = 0; i < n; i++)
    p[i] = new_item(i);
  return r;
}
TENON_METHOD(i32, item, n)
{
  return self->n;
}
TENON_METHOD(borrowed(item), item, inner)
{
  return self;
}

/* Operations that others end. */
static tenon_deferred *open_one;
static job *open_job;
static int codes[2];

TENON_ASYNC_METHOD(i64, job, later)
{
  open_one = deferred;
  open_job = self;
}
TENON_ASYNC_METHOD(job, job, later_me)
{
  open_one = deferred;
  open_job = self;
}
TENON_ASYNC_METHOD(i64, job, at_once)
{
  codes[0] = TENON_RESOLVE(job_at_once, deferred, self->n);
  self->n++; /* still its own */
}
TENON_ASYNC(item, item_later)
{
  open_one = deferred;
}

static void end_later(void *p)
{
  (void)p;
  codes[0] = TENON_RESOLVE(job_later, open_one, ++open_job->n);
}
static void end_later_me(void *p)
{
  (void)p;
  codes[0] = TENON_RESOLVE(job_later_me, open_one, open_job);
}
static void end_item(void *p)
{
  codes[0] = TENON_RESOLVE(item_later, open_one, p);
}
TENON_FUNCTION(none, end_there)
{
  t_elsewhere(end_later, NULL);
}
TENON_FUNCTION(none, end_me_there)
{
  t_elsewhere(end_later_me, NULL);
}
TENON_FUNCTION(i64, peek)
{
  return open_job->n;
}

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  main_thread = pthread_self();
  jobs = released_elsewhere = items = codes[0] = 0;
  CHECK_INT(0, uv_sem_init(&started, 0));
  CHECK_INT(0, uv_sem_init(&may_end, 0));
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt, "import { log } from 'test'; import * as native from 'native';\n"
            "Object.assign(globalThis, native);\n"
            "globalThis.log = (...a) => log(a.map(String).join(' '));\n"
            "globalThis.error = f => { try { return f() }"
            " catch (e) { return `${e.code} ${e.message}` } }");
  return rt;
}

static size_t external(tenon_runtime *rt)
{
  tenon_memory_usage m = {.size = sizeof m};

  CHECK_INT(0, tenon_runtime_memory_usage(rt, &m));
  return m.external_bytes;
}

TEST(a_call_off_the_loop_has_the_instance_for_itself)
{
  tenon_runtime *rt = start();

  t_run(rt, "const j = new Job(1), k = new Job(5), p = j.wait();\n"
            "const c = new Note(3), q = c.wait();\n"
            "log(error(() => j.get())); log(error(() => both(k, j)));\n"
            "log(error(() => n_of_copy(c)));\n"
            "await j.work(0).catch(e => log(e.code, e.message));\n"
            "await add_all(k, [j]).catch(e => log(e.code, e.message));\n"
            "log(await k.work(0));\n"
            "let_end(); let_end(); log(await p, j.get());"
            "await q; log(n_of_copy(c))");
  CHECK_LOG(
      "EBUSY Job.get: this: this Job is in use by another call\n"
      "EBUSY both: argument 2 'b': this Job is in use by another call\n"
      "EBUSY n_of_copy: argument 1 'note': this Note is in use by another call\n"
      "EBUSY Job.work: this: this Job is in use by another call\n"
      "EBUSY add_all: argument 2 'more[0]': this Job is in use by another "
      "call\n6\n2 2\n3\n");
}

TEST(a_call_may_have_one_instance_twice)
{
  tenon_runtime *rt = start();

  t_run(rt, "const j = new Job(2);\n"
            "log(await add_all(j, [j, new Job(3), j], j), j.get());\n"
            "log(await both.async(j, j), await j.plain.async.call(j, 5));\n"
            "log(await j.me() === j, j.get())");
  CHECK_LOG("11 2\n4 7\ntrue 17\n");
}

TEST(what_a_call_on_the_loop_uses_does_not_go_off_it)
{
  tenon_runtime *rt = start();

  t_run(rt, "const j = new Job(2); let p;\n"
            "j.call_here(() => { p = j.work(0) }, () => new Job(1),"
            " () => new Note(1));\n"
            "await p.catch(e => log(e.code)); log(j.get());\n"
            "log(await j.work(0));\n"
            "const i = await load_item(3), b = i.inner();\n"
            "log(b === i)");
  CHECK_LOG("EBUSY\n2\n3\ntrue\n");
}

/* As a script, without a turn of the loop. */
static void begin(tenon_runtime *rt, const char *source)
{
  CHECK_INT(0, tenon_runtime_eval_script(rt, source, strlen(source), "b.js"));
}

TEST(what_is_out_stays_until_it_comes_back)
{
  tenon_runtime *rt = start();

  begin(rt, "void new Job(4).wait()");
  uv_sem_wait(&started);
  tenon_runtime_collect(rt);
  CHECK_INT(1, jobs);
  uv_sem_post(&may_end);
  t_run(rt, "");
  CHECK_INT(0, jobs);
  begin(rt, "{ let w = new Job(5); w.later(); w = null }");
  tenon_runtime_collect(rt);
  CHECK_INT(1, jobs);
  t_run(rt, "end_there()");
  CHECK_INT(0, codes[0]);
  CHECK_INT(0, jobs);
  CHECK_INT(0, released_elsewhere);
}

TEST(what_is_disposed_of_while_it_is_out_ends_behind_the_call)
{
  tenon_runtime *rt = start();

  t_run(rt, "const j = new Job(4), p = j.wait(); j[Symbol.dispose]();\n"
            "log(error(() => j.get())); let_end(); log(await p);\n"
            "await j.work(0).catch(e => log(e.name))");
  CHECK_LOG("undefined Job.get: this: expected Job, got one that was disposed "
            "of\n5\nTypeError\n");
  CHECK_INT(0, jobs);
  CHECK_INT(0, released_elsewhere);
}

TEST(an_operation_that_another_thread_ends_gives_it_back)
{
  tenon_runtime *rt = start();

  t_run(rt, "const j = new Job(4), p = j.later(); log(error(() => j.get()));\n"
            "end_there(); log(await p, j.get());\n"
            "const q = j.later_me(); end_me_there(); log(await q === j);\n"
            "log(await j.at_once(), j.get())");
  CHECK_LOG("EBUSY Job.get: this: this Job is in use by another call\n5 5\n"
            "true\n5 6\n");
}

TEST(what_grew_on_the_pool_is_counted)
{
  tenon_runtime *rt = start();
  size_t before = external(rt);

  t_run(rt, "globalThis.j = new Job(4); await j.grow(1000000)");
  CHECK(external(rt) >= before + 1000000);
  t_run(rt, "await j.grow(10)");
  CHECK(external(rt) < before + 2000);
  t_run(rt, "j[Symbol.dispose](); j = null");
  CHECK_INT(before, external(rt));
}

TEST(instances_are_not_passed_between_threads)
{
  tenon_runtime *rt = start();

  t_run(rt, "const j = new Job(4);\n"
            "log(await call_there(j => {}, () => j, () => new Note(1)));\n"
            "log(j.call_here(x => log(x === j), () => new Job(3),"
            " () => new Note(2)));\n"
            "keep(() => new Job(1));");
  CHECK_LOG("0\ntrue\n5\n");
  {
    job *r;
    CHECK_INT(TENON_EINVAL, give_job_call(kept, &r));
    CHECK(!r);
    CHECK_INT(0, give_job_call(kept, NULL));
  }
  tenon_callback_release(kept);
}

TEST(instances_are_not_read_by_the_host)
{
  tenon_runtime *rt = start();
  tenon_owner *owner = NULL;
  tenon_array_job many;
  job *j = (job *)&many, copied;

  t_run(rt, "globalThis.j = new Job(4)");
  CHECK_INT(TENON_EINVAL,
            tenon_runtime_read(rt, NULL, "j", TENON_TYPE(job), &j, &owner));
  CHECK(!j && !owner);
  CHECK_INT(TENON_EINVAL,
            tenon_runtime_eval_into(rt, "[j]", 3, NULL, TENON_TYPE(array(job)),
                                    &many, &owner));
  CHECK_INT(0, tenon_runtime_eval_into(rt, "j", 1, NULL, TENON_TYPE(copy(job)),
                                       &copied, &owner));
  CHECK_INT(4, copied.n);
  tenon_owner_free(owner);
}

TEST(results_become_instances)
{
  tenon_runtime *rt = start();

  t_run(rt, "log((await made_there(5)).get(), (await load_item(6)).n(),\n"
            "(await load_items(3)).map(i => i.n()).join())");
  CHECK_LOG("5 6 0,1,2\n");
  t_free(rt);
  CHECK_INT(0, jobs);
  CHECK_INT(0, items);
}

/* --- The end of the runtime ------------------------------------------------------ */

TEST(a_runtime_that_ends_waits_for_the_pool)
{
  tenon_runtime *rt = start();

  begin(rt, "var j = new Job(4); void j.wait(); void load_item(-1);"
            "j[Symbol.dispose]()");
  uv_sem_wait(&started);
  uv_sem_wait(&started);
  uv_sem_post(&may_end);
  uv_sem_post(&may_end);
  t_free(rt);
  CHECK_INT(0, jobs);
  CHECK_INT(0, items);
  CHECK_INT(0, released_elsewhere);
}

TEST(what_an_await_that_never_goes_on_has_ends_with_the_runtime)
{
  tenon_runtime *rt = start();

  CHECK_INT(TENON_EEXIT,
            t_eval_script(rt, "const j = new Job(4);\n"
                              "(async (k) => { await 1; k.get(); })(j);\n"
                              "(async () => { await Promise.resolve(j); })();\n"
                              "(async (k) => {\n"
                              "  try { await Promise.reject(k); } catch {}\n"
                              "})(new Job(5));\n"
                              "process.exit();"));
  CHECK_INT(2, jobs);
  t_free(rt);
  CHECK_INT(0, jobs);
}

TEST(what_an_open_operation_has_ends_with_it)
{
  tenon_runtime *rt = start();

  begin(rt, "var j = new Job(4); void j.later()");
  t_free(rt);
  CHECK_INT(1, jobs);
  CHECK_INT(4, open_job->n);
  t_elsewhere(end_later, NULL);
  CHECK_INT(TENON_ECLOSING, codes[0]);
  CHECK_INT(0, jobs);
  CHECK_INT(1, released_elsewhere);
}

TEST(what_an_open_operation_has_ends_here_too)
{
  tenon_runtime *rt = start();

  begin(rt, "var j = new Job(4); void j.later(); j[Symbol.dispose]()");
  t_free(rt);
  CHECK_INT(1, jobs);
  end_later(NULL);
  CHECK_INT(TENON_ECLOSING, codes[0]);
  CHECK_INT(0, jobs);
}

static void *end_soon(void *p)
{
  usleep(2000);
  end_later(p);
  return NULL;
}

TEST(an_end_that_comes_with_that_of_the_runtime_is_safe)
{
  int k;

  for (k = 0; k < 20; k++) {
    tenon_runtime *rt = start();
    pthread_t thread;

    begin(rt, "var j = new Job(4); void j.later()");
    CHECK_INT(0, pthread_create(&thread, NULL, end_soon, NULL));
    usleep(1000 + 100 * (unsigned)k);
    t_free(rt);
    CHECK_INT(0, pthread_join(thread, NULL));
    CHECK_INT(0, jobs);
  }
}

TEST(what_was_delivered_and_comes_too_late_is_freed)
{
  tenon_runtime *rt = start();
  item *p;

  begin(rt, "void item_later()");
  p = new_item(3);
  t_elsewhere(end_item, p);
  CHECK_INT(0, codes[0]);
  t_free(rt);
  CHECK_INT(0, items);
  rt = start();
  begin(rt, "void item_later()");
  t_free(rt);
  p = new_item(3);
  t_elsewhere(end_item, p);
  /* Not taken. */
  CHECK_INT(TENON_ECLOSING, codes[0]);
  CHECK_INT(1, items);
  free_item(p);
}

/* --- The end of a realm ---------------------------------------------------------- */

static tenon_realm *new_realm(tenon_runtime *rt)
{
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  return realm;
}

TEST(a_realm_that_ends_leaves_the_operation_what_it_has)
{
  tenon_runtime *rt = start();
  tenon_realm *realm = new_realm(rt);
  const char *source =
      "import * as n from 'native'; globalThis.j = new n.Job(4);"
      "j.later(); globalThis.i = n.load_item(-1)";

  CHECK_INT(0, tenon_realm_eval_module(realm, source, strlen(source), "m.js"));
  uv_sem_wait(&started);
  CHECK_INT(0, tenon_realm_free(realm));
  uv_sem_post(&may_end);
  t_run(rt, "");
  CHECK_INT(0, items);
  CHECK_INT(1, jobs);
  tenon_runtime_collect(rt);
  CHECK_INT(1, jobs);
  end_later(NULL);
  CHECK_INT(TENON_ECLOSING, codes[0]);
  CHECK_INT(0, jobs);
}
