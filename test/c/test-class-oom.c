/*
 * Every allocation of a program with classes fails once: it does everything right
 * or fails with an error, and each instance ends once.
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#define TENON_MODULE classes
#include "harness.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/napi.h>
#include <tenon/realm.h>

#include "base/alloc.h"

TENON_MODULE_THREADS(any);

static tenon_p_text said;
static int live;

TENON_FUNCTION(none, say, (str, line))
{
  tenon_p_text_append(&said, line.data, line.len);
  tenon_p_text_puts(&said, ";");
  if (said.failed) tenon_fail_memory();
}

TENON_CALLBACK(i32, listener, (i32, n))

/* By value. */
typedef struct cell {
  int32_t n;
  char *data;
  size_t size;
  tenon_held *value;
  listener *on_event;
} cell;

TENON_CLASS_AS("Cell", cell)
TENON_CALLBACK(cell, same_cell, (cell, c))
TENON_CONSTRUCTOR(cell, (i32, n), (opt(any), value))
{
  if (value && tenon_hold(NULL, *value, &self->value)) {
    tenon_fail_memory();
    return;
  }
  self->n = n;
  self->data = tenon_p_malloc(100);
  if (!self->data) {
    tenon_fail_memory();
    return;
  }
  self->size = 100;
  live++;
}
TENON_RELEASE(cell)
{
  tenon_alloc(1000);
  tenon_held_release(self->value);
  tenon_callback_release(self->on_event);
  free(self->data);
  live--;
}
TENON_MEMORY(cell)
{
  return self->size;
}
TENON_DISPOSABLE_AS("close", cell)
TENON_ASYNC_DISPOSABLE(cell)
{
  self->n = 0;
}
TENON_MEMBERS(cell, (i32, n))
TENON_METHOD(any, cell, get)
{
  return tenon_held_value(self->value);
}
TENON_METHOD(none, cell, set, (any, value))
{
  tenon_held *h;

  if (tenon_hold(self, value, &h)) {
    tenon_fail_memory();
    return;
  }
  tenon_held_release(self->value);
  self->value = h;
}
TENON_METHOD(none, cell, listen, (listener, f))
{
  tenon_callback_release(self->on_event);
  self->on_event = (listener *)tenon_callback_keep_in(f, self);
  if (!self->on_event) tenon_fail_memory();
}
TENON_METHOD(i32, cell, fire, (i32, n))
{
  int32_t r = 0;

  if (listener_call(self->on_event, &r, n)) return 0;
  return r;
}
TENON_METHOD(cell, cell, through, (same_cell, f))
{
  cell *r = self;

  (void)same_cell_call(f, &r, self);
  return r;
}
TENON_METHOD(copy(cell), cell, twin)
{
  cell c = {self->n + 1, tenon_p_malloc(10), 10, NULL, NULL};

  if (!c.data)
    tenon_fail_memory();
  else
    live++;
  return c;
}
TENON_BLOCKING_METHOD(i32, cell, work, (array(cell), more))
{
  return self->n + (int32_t)more.len;
}
TENON_BLOCKING(copy(cell), made, (i32, n))
{
  cell c = {n, tenon_p_malloc(10), 10, NULL, NULL};

  if (!c.data)
    tenon_fail_memory();
  else
    __atomic_add_fetch(&live, 1, __ATOMIC_RELAXED);
  return c;
}
TENON_ASYNC_METHOD(i32, cell, at_once)
{
  TENON_RESOLVE(cell_at_once, deferred, self->n);
}

/* Counted, which lends. */
typedef struct node {
  int refs;
  cell inner;
} node;

static void node_unref(node *p)
{
  if (--p->refs) return;
  free(p);
  live--;
}

TENON_CLASS_COUNTED_AS("Node", node, node_unref)
static node *new_node(void)
{
  node *p = tenon_p_calloc(sizeof *p);

  if (!p) return tenon_fail_memory(), NULL;
  p->refs = 1;
  p->inner.n = 7;
  live++;
  return p;
}
TENON_CONSTRUCTOR_POINTER(node)
{
  return new_node();
}
TENON_DISPOSABLE(node)
TENON_METHOD(borrowed(cell), node, inner)
{
  return &self->inner;
}
TENON_METHOD(node, node, me)
{
  self->refs++;
  return self;
}
TENON_FUNCTION(array(node), nodes, (i32, n))
{
  node **p = tenon_alloc((size_t)n * sizeof *p);
  tenon_array_node r = {p, 0};

  if (!p) {
    tenon_fail_memory();
    return r;
  }
  for (; r.len < (size_t)n; r.len++) {
    p[r.len] = new_node();
    if (p[r.len]) continue;
    while (r.len)
      node_unref(p[--r.len]);
    break;
  }
  return r;
}

static const char program[] =
    "import { Cell, Node, nodes, made, say } from 'classes';\n"
    "const c = new Cell(1, {}), d = new Cell(2);\n"
    "c.set({ d, c }); d.listen(n => c.get().d === d ? n : 0);\n"
    "say(`${c.get().c === c} ${d.fire(4)} ${c.through(x => x) === c}`);\n"
    "say(`${c.twin().n} ${await c.work([d, d])} ${(await made(5)).n}`);\n"
    "say(`${await c.at_once()} ${await c.work.call(d, [])}`);\n"
    "{ using e = new Cell(3); e.set(e) }\n"
    "{ await using e = new Cell(3); e.listen(() => e ? 1 : 0) }\n"
    "const n = new Node, i = n.inner();\n"
    "say(`${i.n} ${n.inner() === i} ${n.me() === n} ${nodes(3).length}`);\n"
    "n[Symbol.dispose](); try { i.n } catch (e) {"
    " if (!(e instanceof TypeError)) throw e; say('gone') }\n"
    "class D extends Cell { x = 1 } const x = new D(9, D);\n"
    "for (let k = 0; k < 5; k++) { const y = new D(k, [x]); y.set(y) }\n"
    "globalThis.kept = [c, d, n, x]; kept.push(kept);\n"
    "say('end');\n";
static const char expected[] = "true 4 true;2 3 5;1 2;7 true true 3;gone;end;";

/* In a realm that ends before the runtime does. */
static int live_in_realm(tenon_runtime *rt)
{
  static const char source[] =
      "import { Cell } from 'classes'; globalThis.c = new Cell(1, Cell);\n"
      "c.listen(() => c ? 1 : 0); new Cell(2, globalThis); c.fire(1);";
  tenon_realm *realm = NULL;
  int r = tenon_realm_new(rt, NULL, &realm), ended;

  if (r == 0)
    r = tenon_realm_eval_module(realm, source, sizeof source - 1, "r.js");
  ended = tenon_realm_free(realm);
  return r ? r : ended;
}

/* What it returned; TENON_ENOMEM and the like too. */
static int run(void)
{
  tenon_runtime *rt = NULL;
  int r;

  tenon_p_text_clear(&said);
  r = tenon_runtime_new(NULL, &rt);
  if (r == 0) r = tenon_runtime_add_module(rt, "classes", tenon_module_classes);
  if (r == 0) r = live_in_realm(rt);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, program, strlen(program), "classes.js");
  if (r == 0) r = tenon_runtime_run(rt);
  if (r == TENON_EEXCEPTION) CHECK(tenon_runtime_exception(rt) != NULL);
  tenon_runtime_free(rt);
  CHECK_INT(0, live);
  return r;
}

static const t_oom oom = {.live = run, .said = &said, .expected = expected};

TEST(every_allocation_fails_once_of_a_program_with_classes)
{
  CHECK(t_fail_each(&oom, false) > 2000);
}

TEST(every_allocation_fails_from_some_point_on_of_a_program_with_classes)
{
  CHECK(t_fail_each(&oom, true) > 2000);
}
