/* Symbol.asyncIterator of classes: steps on the pool, their queue, their end. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/realm.h>
#include <unistd.h>

#include "harness.h"

static int steps, open_cursors, ended;
static pthread_t loop_thread;

/* Steps wait here while it is shut. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool is_shut;
static int waiting;

static void set_gate(bool shut)
{
  pthread_mutex_lock(&lock);
  is_shut = shut;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}

static void pass_gate(void)
{
  pthread_mutex_lock(&lock);
  waiting++;
  pthread_cond_broadcast(&changed);
  while (is_shut)
    pthread_cond_wait(&changed, &lock);
  waiting--;
  pthread_mutex_unlock(&lock);
}

static void await_step(void)
{
  pthread_mutex_lock(&lock);
  while (!waiting)
    pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
}

typedef struct lines {
  int64_t count;
} lines;

typedef struct at {
  int64_t next;
  bool is_open;
} at;

TENON_CLASS_AS("Lines", lines)
TENON_CONSTRUCTOR(lines, (i64, count))
{
  self->count = count;
}
TENON_METHOD(i64, lines, count)
{
  return self->count;
}
TENON_METHOD(none, lines, drop)
{
  tenon_dispose(self);
}
TENON_ASYNC_ITERATOR(str, lines, at)
{
  char *text = tenon_alloc(16);

  pass_gate();
  __atomic_add_fetch(&steps, 1, __ATOMIC_SEQ_CST);
  if (pthread_equal(pthread_self(), loop_thread))
    return tenon_fail(TENON_ERROR, "on the loop's thread");
  if (!text) return tenon_fail(TENON_ERROR, "out of memory");
  if (!cursor->is_open) __atomic_add_fetch(&open_cursors, 1, __ATOMIC_SEQ_CST);
  cursor->is_open = true;
  if (self->count == 13 && cursor->next == 2)
    return tenon_fail(TENON_RANGE_ERROR, "13 is unlucky");
  if (cursor->next == self->count) return false;
  text[0] = (char)('a' + cursor->next++ % 26);
  *value = (tenon_str){text, 1};
  return true;
}
TENON_ITERATOR(i64, lines, at)
{
  *value = cursor->next;
  if (!cursor->is_open) __atomic_add_fetch(&open_cursors, 1, __ATOMIC_SEQ_CST);
  cursor->is_open = true;
  return cursor->next++ < self->count;
}
TENON_ITERATOR_END(lines, at)
{
  if (cursor->is_open) open_cursors--;
  cursor->is_open = false;
  ended++;
}

/* What a step may give. */
typedef struct copies {
  int count;
} copies;
TENON_CLASS_AS("Copies", copies)
TENON_METHOD(i32, copies, left)
{
  return self->count;
}
TENON_STATIC(copy(copies), copies, of, (i32, count))
{
  copies c = {count};
  return c;
}
TENON_ASYNC_ITERATOR(copy(copies), copies, int)
{
  value->count = ++*cursor;
  return *cursor <= self->count;
}
typedef struct selves {
  int count;
} selves;
TENON_CLASS_AS("Selves", selves)
TENON_CONSTRUCTOR(selves)
{}
TENON_ASYNC_ITERATOR(selves, selves, int)
{
  *value = self;
  return (*cursor)++ < 2;
}
typedef struct row {
  int id;
} row;
TENON_CLASS_POINTER_AS("Row", row, free)
TENON_METHOD(i32, row, id)
{
  return self->id;
}
typedef struct table {
  row rows[2];
} table;
TENON_CLASS_AS("Table", table)
TENON_CONSTRUCTOR(table)
{
  self->rows[0].id = 1;
  self->rows[1].id = 2;
}
TENON_ASYNC_ITERATOR(borrowed(row), table, int)
{
  if (*cursor == 2) return false;
  *value = &self->rows[(*cursor)++];
  return true;
}

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  steps = open_cursors = ended = 0;
  loop_thread = pthread_self();
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt, "import { log } from 'test'; import * as native from 'native';\n"
            "Object.assign(globalThis, native);\n"
            "globalThis.log = (...a) => log(a.map(String).join(' '));\n"
            "globalThis.collect = async (it) => { const all = [];"
            " for await (const x of it) all.push(x); return all };\n"
            "globalThis.outcome = (p) => p.then((v) => JSON.stringify(v),"
            " (e) => `${e.name}: ${e.message} ${e.code ?? ''}`);");
  return rt;
}

TEST(instances_are_iterated_over_on_the_pool)
{
  tenon_runtime *rt = start();

  t_run(rt, "log(await collect(new Lines(3)), await collect(new Lines(0)));\n"
            "log([...new Lines(3)]);");
  CHECK_LOG("a,b,c \n0,1,2\n");
  CHECK_INT(5, steps);
  CHECK_INT(3, ended);
  CHECK_INT(0, open_cursors);
}

TEST(an_async_iterator_is_one_of_the_language)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const i = new Lines(1)[Symbol.asyncIterator]();\n"
        "log(Object.prototype.toString.call(i),"
        " i[Symbol.asyncIterator]() === i, typeof i[Symbol.asyncDispose]);\n"
        "const p = i.next(); log(p instanceof Promise, await outcome(p),"
        " await outcome(i.next()), await outcome(i.next()),"
        " await outcome(i.return(4)));\n"
        "const d = Object.getOwnPropertyDescriptor(Lines.prototype,"
        " Symbol.asyncIterator).value; log(d.name, d.length, 'async' in d);");
  CHECK_LOG("[object Lines AsyncIterator] true function\n"
            "true {\"value\":\"a\",\"done\":false} {\"done\":true}"
            " {\"done\":true} {\"value\":4,\"done\":true}\n"
            "[Symbol.asyncIterator] 0 false\n");
}

TEST(calls_of_next_are_answered_in_their_order)
{
  tenon_runtime *rt = start();

  t_run(rt, "const i = new Lines(3)[Symbol.asyncIterator](), order = [];\n"
            "const all = Array.from({ length: 5 }, (_, n) =>"
            " i.next().then((r) => (order.push(n), r.value ?? '-')));\n"
            "log(await Promise.all(all), order);");
  CHECK_LOG("a,b,c,-,- 0,1,2,3,4\n");
  CHECK_INT(4, steps);
  CHECK_INT(1, ended);
}

TEST(return_waits_for_the_steps_before_it)
{
  tenon_runtime *rt = start();

  t_run(rt, "const i = new Lines(9)[Symbol.asyncIterator]();\n"
            "log(await Promise.all([i.next(), i.next(), i.return('r'),"
            " i.next()].map(outcome)));");
  CHECK_LOG("{\"value\":\"a\",\"done\":false},{\"value\":\"b\",\"done\":false},"
            "{\"value\":\"r\",\"done\":true},{\"done\":true}\n");
  CHECK_INT(2, steps);
  CHECK_INT(1, ended);
}

TEST(a_loop_that_is_left_ends_the_cursor)
{
  tenon_runtime *rt = start();

  t_run(rt, "for await (const l of new Lines(9)) if (l == 'b') break;\n"
            "try { for await (const l of new Lines(9)) throw 1 } catch {}\n"
            "{ await using i = new Lines(9)[Symbol.asyncIterator]();"
            " await i.next() }");
  CHECK_INT(3, ended);
  CHECK_INT(0, open_cursors);
}

TEST(a_step_that_fails_ends_the_iteration)
{
  tenon_runtime *rt = start();

  t_run(rt, "const i = new Lines(13)[Symbol.asyncIterator]();\n"
            "log(await Promise.all([i.next(), i.next(), i.next(), i.next()]"
            ".map(outcome)));\n"
            "log(await outcome(collect(new Lines(13))));");
  CHECK_LOG("{\"value\":\"a\",\"done\":false},{\"value\":\"b\",\"done\":false},"
            "RangeError: 13 is unlucky ,{\"done\":true}\n"
            "RangeError: 13 is unlucky \n");
  CHECK_INT(2, ended);
  CHECK_INT(0, open_cursors);
}

TEST(an_instance_is_out_during_a_step_and_free_behind_it)
{
  tenon_runtime *rt = start();

  t_run(rt, "const l = new Lines(5), i = l[Symbol.asyncIterator](),"
            " p = i.next(), j = l[Symbol.iterator];\n"
            "for (const f of [() => l.count(), () => l[Symbol.iterator](),"
            " () => l[Symbol.asyncIterator]()])\n"
            "  try { f(); log('free') } catch (e) { log(e.code, e.message) }\n"
            "await p; log(l.count());\n"
            "const k = l[Symbol.asyncIterator](), q = i.next();\n"
            "log(await outcome(k.next())); log(await outcome(k.next()),"
            " await outcome(q));\n"
            "const m = l[Symbol.iterator](); i.next();\n"
            "try { m.next() } catch (e) { log(e.code, m.next().done) }");
  CHECK_LOG("EBUSY Lines.count: this: this Lines is in use by another call\n"
            "EBUSY Lines[Symbol.iterator]: this: this Lines is in use by"
            " another call\n"
            "EBUSY Lines[Symbol.asyncIterator]: this: this Lines is in use by"
            " another call\n5\n"
            "Error: Lines AsyncIterator.next: this: this Lines is in use by"
            " another call EBUSY\n"
            "{\"done\":true} {\"value\":\"b\",\"done\":false}\nEBUSY true\n");
}

TEST(an_instance_that_was_disposed_of_ends_the_iteration)
{
  tenon_runtime *rt = start();

  t_run(rt, "const l = new Lines(5), i = l[Symbol.asyncIterator]();\n"
            "await i.next(); l.drop(); log(await outcome(i.next()));\n"
            "log(await outcome(i.next()));");
  CHECK_LOG("TypeError: Lines AsyncIterator.next: this: expected Lines, got one"
            " that was disposed of \n{\"done\":true}\n");
  CHECK_INT(1, ended);
}

/* What is borrowed may end at any time off the loop. */
TEST(steps_give_instances_but_none_that_is_borrowed)
{
  tenon_runtime *rt = start();

  t_run(rt, "log((await collect(Copies.of(3))).map((c) => c.left()));\n"
            "const s = new Selves(); log((await collect(s))"
            ".map((x) => x === s));\n"
            "log(await outcome(collect(new Table())));");
  CHECK_LOG(
      "1,2,3\ntrue,true\nTypeError: Table AsyncIterator.next: result: Row has"
      " nothing that it is borrowed from \n");
}

TEST(functions_of_async_iterators_reject_elsewhere)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const i = new Lines(2)[Symbol.asyncIterator](),"
        " p = Object.getPrototypeOf(i);\n"
        "for (const v of [undefined, {}, p, new Lines(1),"
        " new Lines(1)[Symbol.iterator](), new Proxy(i, {})])\n"
        "  log(await outcome(p.next.call(v)), await outcome(p.return.call(v))"
        ");\n"
        "try { Object.getPrototypeOf(new Lines(1)[Symbol.iterator]()).next"
        ".call(i) } catch (e) { log(e.name) }");
#define REFUSED                                                    \
  "TypeError: next: this: expected an iterator of a native class " \
  " TypeError: return: this: expected an iterator of a native class \n"
  CHECK_LOG(REFUSED REFUSED REFUSED REFUSED REFUSED REFUSED "TypeError\n");
}

TEST(what_is_settled_may_ask_for_more)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const i = new Lines(3)[Symbol.asyncIterator](), more = [];\n"
        "Object.defineProperty(Object.prototype, 'then', { configurable: true,"
        " get() { if ('done' in this && more.length < 3) more.push(i.next());"
        " } });\n"
        "const first = await i.next(), second = await i.next();\n"
        "delete Object.prototype.then;\n"
        "log(first.value, second.value, (await Promise.all(more))"
        ".map((r) => r.value));");
  CHECK_LOG("a c b,,\n");
  CHECK_INT(1, ended);
}

TEST(an_iterator_that_is_let_go_of_is_finished_by_its_step)
{
  tenon_runtime *rt = start();

  t_run(rt, "const out = []; (() => { const i = new Lines(3)"
            "[Symbol.asyncIterator](); i.next().then((r) => out.push(r.value));"
            " i.next().then((r) => out.push(r.value)) })();\n"
            "globalThis.out = out;");
  tenon_runtime_collect(rt);
  t_run(rt, "log(out)");
  CHECK_LOG("a,b\n");
  CHECK_INT(1, ended);
  CHECK_INT(0, open_cursors);
}

static void *open_gate_later(void *p)
{
  (void)p;
  await_step();
  usleep(20000);
  set_gate(false);
  return NULL;
}

TEST(a_runtime_is_closed_while_steps_run_and_wait)
{
  static const char source[] =
      "globalThis.i = new Lines(3)[Symbol.asyncIterator]();"
      "for (let n = 0; n < 5; n++) i.next(); i.return();"
      "new Lines(2)[Symbol.asyncIterator]().next(); 0";
  tenon_runtime *rt = start();
  pthread_t opener;

  set_gate(true);
  CHECK_INT(0, tenon_runtime_eval_script(rt, source, strlen(source), NULL));
  pthread_create(&opener, NULL, open_gate_later, NULL);
  await_step();
  t_free(rt);
  pthread_join(opener, NULL);
  CHECK_INT(0, open_cursors);
  CHECK_INT(2, ended);
}

TEST(a_realm_is_freed_while_steps_run)
{
  static const char source[] =
      "import { Lines } from 'native';\n"
      "globalThis.i = new Lines(3)[Symbol.asyncIterator]();\n"
      "for (let n = 0; n < 5; n++) i.next().then(() => { throw 1 });";
  tenon_runtime *rt = start();
  tenon_realm *realm;
  pthread_t opener;

  set_gate(true);
  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0,
            tenon_realm_eval_module(realm, source, strlen(source), "realm.js"));
  pthread_create(&opener, NULL, open_gate_later, NULL);
  await_step();
  CHECK_INT(0, tenon_realm_free(realm));
  CHECK_INT(0, tenon_runtime_run(rt));
  pthread_join(opener, NULL);
  tenon_runtime_collect(rt);
  t_run(rt, "1");
  CHECK_INT(1, ended);
  CHECK_INT(1, steps);
  CHECK_INT(0, open_cursors);
}
