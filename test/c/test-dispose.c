/* Disposal: by scripts, by `using`, by C; in use, twice, of what is borrowed. */
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <uv.h>

#include "harness.h"

static int opened, closed, last;

/* By value, with a callback into scripts. */
typedef struct box {
  int32_t id;
} box;

TENON_CALLBACK(none, on_step)
TENON_CLASS_AS("Box", box)
TENON_CONSTRUCTOR(box, (i32, id))
{
  self->id = id;
  opened++;
}
TENON_RELEASE(box)
{
  closed++;
  last = self->id;
}
TENON_DISPOSABLE_AS("close", box)
TENON_METHOD(i32, box, get)
{
  return self->id;
}
TENON_METHOD(i32, box, step, (on_step, f))
{
  int before = closed;

  if (on_step_call(f)) return -2;
  return closed == before && self->id ? self->id : -1;
}
TENON_METHOD(i32, box, take, (i32, n))
{
  return self->id + n;
}
TENON_METHOD(i32, box, end)
{
  int before = closed;

  if (tenon_dispose(self) || tenon_dispose(self)) return -2;
  return closed == before ? 1 : -1;
}
TENON_METHOD(box, box, end_and_return)
{
  if (tenon_dispose(self)) return NULL;
  return self;
}
TENON_METHOD(i32, box, with, (box, other), (on_step, f))
{
  if (on_step_call(f)) return -2;
  return other->id;
}
TENON_MEMBERS(box, (i32, id))
TENON_FUNCTION(i32, end_of, (box, b))
{
  int other = 0;

  return tenon_dispose(&other) == TENON_EINVAL ? tenon_dispose(b) : -1;
}
TENON_FUNCTION(i32, closed_boxes)
{
  return closed;
}

/* By pointer, with rows that it lends. */
typedef struct row {
  int32_t n;
} row;
typedef struct table {
  row rows[2];
} table;

static int tables, counted_refs;

static void free_row(row *r)
{
  (void)r;
  tables = -1000;
}
static void free_table(table *t)
{
  t_spoil(t, sizeof *t);
  free(t);
  tables--;
}

TENON_CLASS_POINTER_AS("Row", row, free_row)
TENON_DISPOSABLE(row)
TENON_METHOD(i32, row, get)
{
  return self->n;
}
TENON_METHOD(i32, row, step, (on_step, f))
{
  if (on_step_call(f)) return -2;
  return self->n;
}
TENON_CLASS_POINTER_AS("Table", table, free_table)
TENON_CONSTRUCTOR_POINTER(table)
{
  table *t = calloc(1, sizeof *t);

  t->rows[0].n = 10;
  t->rows[1].n = 11;
  tables++;
  return t;
}
TENON_DISPOSABLE(table)
TENON_METHOD(borrowed(row), table, row, (i32, i))
{
  return &self->rows[i];
}

/* Counted, found again by its pointer while its end is only due. */
typedef struct node {
  int refs, n;
} node;

static node *known_node;

static void node_unref(node *n)
{
  counted_refs--;
  if (--n->refs) return;
  if (known_node == n) known_node = NULL;
  free(n);
}

TENON_CLASS_COUNTED_AS("Node", node, node_unref)
TENON_DISPOSABLE(node)
TENON_CONSTRUCTOR_POINTER(node, (i32, n))
{
  node *p = malloc(sizeof *p);

  *p = (node){1, n};
  known_node = p;
  counted_refs++;
  return p;
}
TENON_METHOD(i32, node, n)
{
  return self->n;
}
TENON_METHOD(node, node, disposed_me)
{
  (void)tenon_dispose(self);
  self->refs++;
  counted_refs++;
  return self;
}
TENON_FUNCTION(nullable(node), find_node)
{
  if (!known_node) return NULL;
  known_node->refs++;
  counted_refs++;
  return known_node;
}

/* By pointer, which C returns again. */
typedef struct handle {
  int n;
} handle;

static handle *known_handle;
static int handles;

static void free_handle(handle *h)
{
  if (known_handle == h) known_handle = NULL;
  handles--;
  free(h);
}

TENON_CLASS_POINTER_AS("Handle", handle, free_handle)
TENON_CONSTRUCTOR_POINTER(handle, (i32, n))
{
  handle *p = malloc(sizeof *p);

  p->n = n;
  known_handle = p;
  handles++;
  return p;
}
TENON_METHOD(i32, handle, n)
{
  return self->n;
}
TENON_FUNCTION(nullable(handle), find_handle)
{
  return known_handle;
}

/* Disposed of off the loop. */
typedef struct file {
  int32_t id, flushed;
} file;

static int files, fail_flush;
static uv_sem_t may_flush;
static bool flush_waits;

TENON_CLASS_AS("File", file)
TENON_CONSTRUCTOR(file, (i32, id))
{
  self->id = id;
  files++;
}
TENON_RELEASE(file)
{
  files--;
  last = self->flushed;
}
TENON_DISPOSABLE(file)
TENON_ASYNC_DISPOSABLE(file)
{
  if (flush_waits) uv_sem_wait(&may_flush);
  if (fail_flush) {
    tenon_fail(TENON_ERROR, "disk full");
    return;
  }
  self->flushed++;
}
TENON_METHOD(i32, file, id)
{
  return self->id;
}
TENON_FUNCTION(none, flush_now)
{
  uv_sem_post(&may_flush);
}
TENON_FUNCTION(i32, open_files)
{
  return files;
}

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  opened = closed = last = tables = counted_refs = handles = files = 0;
  fail_flush = flush_waits = 0;
  known_node = NULL;
  known_handle = NULL;
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt, "import { log } from 'test'; import * as native from 'native';\n"
            "Object.assign(globalThis, native);\n"
            "globalThis.log = (...a) => log(a.map(String).join(' '));\n"
            "globalThis.error = f => { try { return f() }"
            " catch (e) { return e.name + ': ' + e.message } }");
  return rt;
}

TEST(an_instance_is_disposed_of_once)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const b = new Box(3);\n"
        "log(b.close === b[Symbol.dispose], b.close.name, b.close.length);\n"
        "log(b.close(), closed_boxes(), b[Symbol.dispose](),"
        " closed_boxes());\n"
        "globalThis.kept = b;");
  CHECK_LOG("true close 0\nundefined 1 undefined 1\n");
  CHECK_INT(3, last);
  t_free(rt);
  CHECK_INT(1, closed);
}

TEST(using_disposes_at_the_end_of_its_block)
{
  tenon_runtime *rt = start();

  t_run(rt, "{ using b = new Box(4); log(b.get(), closed_boxes()) }\n"
            "log(closed_boxes());\n"
            "try { using b = new Box(5); throw 1 } catch (e) {"
            " log(e, closed_boxes()) }");
  CHECK_LOG("4 0\n1\n1 2\n");
}

TEST(what_was_disposed_of_is_refused)
{
  tenon_runtime *rt = start();

  t_run(rt, "const b = new Box(3), c = new Box(4); b.close();\n"
            "log(error(() => b.get()));\n"
            "log(error(() => b.take(1)));\n"
            "log(error(() => b.id));\n"
            "log(error(() => { b.id = 2 }));\n"
            "log(error(() => end_of(b)));\n"
            "log(error(() => c.with(b, () => {})));\n"
            "log(c.get());");
  CHECK_LOG(
      "TypeError: Box.get: this: expected Box, got one that was disposed "
      "of\n"
      "TypeError: Box.take: this: expected Box, got one that was disposed "
      "of\n"
      "TypeError: Box.id: this: expected Box, got one that was disposed of\n"
      "TypeError: Box.id: this: expected Box, got one that was disposed of\n"
      "TypeError: end_of: argument 1 'b': expected Box, got one that was "
      "disposed of\n"
      "TypeError: Box.with: argument 1 'other': expected Box, got one that "
      "was disposed of\n4\n");
}

TEST(what_is_no_instance_is_not_disposed_of)
{
  tenon_runtime *rt = start();

  CHECK_THROWS(rt, "TypeError: Box.close: this: expected Box, got object",
               "Box.prototype.close.call({})");
  CHECK_THROWS(rt, "TypeError: Box.close: this: expected Box, got undefined",
               "(0, Box.prototype.close)()");
  CHECK_THROWS(rt, "TypeError: Box.close: this: expected Box, got Table",
               "Box.prototype.close.call(new Table)");
  CHECK_THROWS(rt, "expected Table, got",
               "Table.prototype[Symbol.dispose].call(new Box(1))");
  t_run(rt, "log(Table.prototype[Symbol.dispose].name)");
  CHECK_LOG("[Symbol.dispose]\n");
}

TEST(a_method_that_runs_keeps_what_is_disposed_of)
{
  tenon_runtime *rt = start();

  t_run(rt, "const b = new Box(7);\n"
            "log(b.step(() => { b.close();\n"
            "  log(closed_boxes(), error(() => b.get())) }), closed_boxes());\n"
            "const c = new Box(8), d = new Box(9);\n"
            "log(c.with(d, () => { d.close(); c.close() }), closed_boxes());\n"
            "const r = new Box(1);\n"
            "log(r.step(() => r.step(() => r.close())));");
  CHECK_LOG(
      "0 TypeError: Box.get: this: expected Box, got one that was disposed "
      "of\n7 1\n9 3\n1\n");
}

TEST(arguments_may_dispose_of_this)
{
  tenon_runtime *rt = start();

  t_run(rt, "const b = new Box(7);\n"
            "log(error(() => b.with({ get x() {} }, 1)));\n"
            "const c = new Box(8), t = new Table, w = t.row(0);\n"
            "log(error(() => c.end_and_return() === c), closed_boxes());");
  CHECK_LOG(
      "TypeError: Box.with: argument 1 'other': expected Box, got object\n"
      "true 1\n");
}

TEST(c_disposes_of_what_a_call_was_given)
{
  tenon_runtime *rt = start();

  t_run(rt, "const b = new Box(7); log(b.end(), closed_boxes());\n"
            "const c = new Box(8); log(end_of(c), closed_boxes());");
  CHECK_LOG("1 1\n0 2\n");
  CHECK_INT(TENON_EINVAL, tenon_dispose(&closed));
}

TEST(borrowed_ones_end_with_what_they_live_in)
{
  tenon_runtime *rt = start();

  t_run(rt, "const t = new Table; const a = t.row(0);\n"
            "log(a.get(), t.row(0) === a, t.row(1).get());\n"
            "t[Symbol.dispose](); log(error(() => a.get()));\n"
            "a[Symbol.dispose](); a[Symbol.dispose]();\n"
            "let u = new Table; globalThis.r = u.row(1); u = null;");
  CHECK_LOG(
      "10 true 11\nTypeError: Row.get: this: expected Row, got one that was "
      "disposed of\n");
  tenon_runtime_collect(rt);
  CHECK_INT(1, tables);
  t_run(rt, "log(r.get()); r = null");
  CHECK_LOG("11\n");
  CHECK_INT(0, tables);
}

TEST(one_that_is_borrowed_is_disposed_of_alone)
{
  tenon_runtime *rt = start();

  t_run(rt, "const t = new Table; const a = t.row(0);\n"
            "a[Symbol.dispose](); log(error(() => a.get()));\n"
            "log(t.row(0) !== a, t.row(0).get());");
  CHECK_LOG(
      "TypeError: Row.get: this: expected Row, got one that was disposed of\n"
      "true 10\n");
}

TEST(a_borrowed_one_in_use_keeps_what_it_lives_in)
{
  tenon_runtime *rt = start();

  t_run(rt, "const t = new Table, a = t.row(1);\n"
            "log(a.step(() => t[Symbol.dispose]()));\n"
            "let u = new Table, b = u.row(0);\n"
            "log(b.step(() => { u[Symbol.dispose](); b[Symbol.dispose]();\n"
            "  u = b = null }));");
  CHECK_LOG("11\n10\n");
  CHECK_INT(0, tables);
}

TEST(memory_that_is_used_again_is_another_instance)
{
  tenon_runtime *rt = start();

  t_run(rt, "for (let i = 0; i < 50; i++) {\n"
            "  const t = new Table, a = t.row(0);\n"
            "  if (a.get() !== 10) throw i;\n"
            "  t[Symbol.dispose]();\n"
            "  (globalThis.all ||= []).push(a) }\n"
            "log(all.filter(a => error(() => a.get()) === 10).length)");
  CHECK_LOG("0\n");
}

/* Its object is gone by a collection; T is not yet. */
TEST(a_pointer_whose_end_is_due_gets_another_object)
{
  tenon_runtime *rt = start();

  t_run(rt, "let h = new Handle(6); h = null; let again = find_handle();\n"
            "log(again?.n() ?? 'gone', again ? again === find_handle() : true);"
            "globalThis.again = again; again = null");
  CHECK_LOG("6 true\n");
  tenon_runtime_collect(rt);
  CHECK_INT(1, handles);
  t_run(rt, "log(again.n()); again = null;");
  CHECK_LOG("6\n");
  CHECK_INT(0, handles);
}

TEST(references_that_are_too_many_are_given_back)
{
  tenon_runtime *rt = start();

  t_run(rt, "let n = new Node(3); log(find_node() === n, find_node().n());\n"
            "log(error(() => n.disposed_me())); log(find_node());\n"
            "n = new Node(4); n = null; log(find_node()?.n());\n");
  CHECK_LOG("true 3\nTypeError: a Node that was disposed of\nnull\n4\n");
  tenon_runtime_collect(rt);
  CHECK_INT(0, counted_refs);
}

TEST(await_using_prepares_the_end_off_the_loop)
{
  tenon_runtime *rt = start();

  t_run(rt, "{ await using f = new File(2); log(f.id(), open_files()) }\n"
            "log(open_files());\n"
            "const f = new File(3), p = f[Symbol.asyncDispose]();\n"
            "log(p instanceof Promise, p === f[Symbol.asyncDispose](),\n"
            "  error(() => f.id()));\n"
            "log(await p, open_files(), error(() => f.id()));\n"
            "log(await f[Symbol.asyncDispose]())");
  CHECK_LOG(
      "2 1\n0\ntrue true Error: File.id: this: this File is in use by "
      "another call\nundefined 0 TypeError: File.id: this: expected File, "
      "got one that was disposed of\nundefined\n");
  CHECK_INT(1, last);
}

TEST(an_end_that_fails_leaves_the_instance)
{
  tenon_runtime *rt = start();

  fail_flush = 1;
  t_run(rt, "globalThis.f = new File(2);\n"
            "await f[Symbol.asyncDispose]().catch(e => log(e.message));\n"
            "log(f.id(), open_files());");
  fail_flush = 0;
  t_run(rt, "await f[Symbol.asyncDispose](); log(open_files())");
  CHECK_LOG("disk full\n2 1\n0\n");
}

TEST(what_is_out_is_disposed_of_when_it_comes_back)
{
  tenon_runtime *rt = start();

  CHECK_INT(0, uv_sem_init(&may_flush, 0));
  flush_waits = true;
  t_run(rt, "const f = new File(2), p = f[Symbol.asyncDispose]();\n"
            "f[Symbol.dispose](); log(open_files());\n"
            "log(f[Symbol.asyncDispose]() === p);\n"
            "flush_now(); await p; log(open_files());\n"
            "await File.prototype[Symbol.asyncDispose].call({})"
            ".catch(e => log(e.message));");
  CHECK_LOG(
      "1\ntrue\n0\nFile.@@asyncDispose: this: expected File, got object\n");
  uv_sem_destroy(&may_flush);
}

/* What may be done to instances, at random, and each ends once. */
TEST(any_order_of_uses_and_ends_ends_each_once)
{
  static const char define[] =
      "let seed = 7; const dice = n => (seed = (seed * 48271) % 2147483647) % n;\n"
      "const held = Array(24).fill(null);\n"
      "const any = () => held[dice(held.length)];\n"
      "const put = v => { held[dice(held.length)] = v };\n"
      "const kinds = [() => new Box(dice(9) + 1), () => new Table,\n"
      "  () => new Node(1), () => new Handle(2), () => new File(3)];\n"
      "const acts = [() => put(kinds[dice(5)]()), () => put(null),\n"
      "  () => put(any().row(dice(2))), () => any()[Symbol.dispose](),\n"
      "  () => any().step(() => act()), () => any().get(),\n"
      "  () => any().with(any(), () => act()), () => any().end(),\n"
      "  () => put(find_node()), () => put(find_handle()),\n"
      "  () => put(any().end_and_return()), () => put(any().disposed_me()),\n"
      "  () => { any()[Symbol.asyncDispose]().catch(() => {}) },\n"
      "  () => { const v = any(); v.self = v; v.other = any() },\n"
      "  () => { using v = any(); act() }];\n"
      "let depth = 0, unexpected;\n"
      "function act() { if (depth++ < 4) try { acts[dice(acts.length)]() }\n"
      "  catch (e) { if (!(e instanceof TypeError) && e.code !== 'EBUSY')\n"
      "    unexpected = e } depth-- }\n"
      "globalThis.many = async n => { for (let i = 0; i < n; i++) {\n"
      "  act(); if (i % 97 === 0) await null }\n"
      "  if (unexpected) throw unexpected };\n"
      "globalThis.drop = () => held.fill(null)";
  tenon_runtime *rt = start();
  int i;

  t_run(rt, define);
  for (i = 0; i < 20; i++) {
    t_run(rt, "await many(500)");
    tenon_runtime_collect(rt);
  }
  t_run(rt, "drop()");
  tenon_runtime_collect(rt);
  t_run(rt, "");
  CHECK(opened > 100);
  CHECK_INT(opened, closed);
  CHECK_INT(0, tables);
  CHECK_INT(0, counted_refs);
  CHECK_INT(0, handles);
  CHECK_INT(0, files);
}
