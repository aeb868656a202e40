/* Symbol.iterator of classes: steps, what ends them, who misuses them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/napi.h>
#include <tenon/realm.h>

#include "harness.h"

static int open_cursors, ended, used_after_end;

typedef struct vec2 {
  double x, y;
} vec2;

TENON_CLASS_AS("Vec2", vec2)
TENON_CONSTRUCTOR(vec2, (f64, x), (f64, y, 0))
{
  self->x = x;
  self->y = y;
}
TENON_MEMBERS(vec2, (f64, x), (f64, y))
TENON_ITERATOR(f64, vec2, int)
{
  if (*cursor == 2) return false;
  *value = (*cursor)++ ? self->y : self->x;
  return true;
}

/* From `first` on, for ever or up to `count`. */
typedef struct numbers {
  int64_t first, count;
} numbers;

typedef struct at {
  int64_t next;
  bool is_open;
  _Alignas(16) char wide[16];
} at;

TENON_CLASS_AS("Numbers", numbers)
TENON_CONSTRUCTOR(numbers, (i64, count), (i64, first, 0))
{
  self->count = count;
  self->first = first;
}
TENON_METHOD(none, numbers, drop)
{
  tenon_dispose(self);
}
TENON_ITERATOR(i64, numbers, at)
{
  if ((uintptr_t)cursor % 16) return tenon_fail(TENON_ERROR, "not aligned");
  if (!cursor->is_open) open_cursors++;
  cursor->is_open = true;
  if (cursor->next == 3 && self->count == 13)
    return tenon_fail(TENON_RANGE_ERROR, "13 is unlucky");
  if (self->count == 15) cursor->next = *value = 0;
  if (self->count == 15) return true;
  if (cursor->next == self->count) return false;
  *value = self->first + cursor->next++;
  return true;
}
TENON_ITERATOR_END(numbers, at)
{
  if (cursor->is_open) open_cursors--;
  if (cursor->next < 0) used_after_end++;
  cursor->next = -1;
  ended++;
}

/* Without an iterator of its own, and with one. */
typedef struct child {
  numbers base;
} child;
TENON_CLASS_AS("Child", child)
TENON_EXTENDS(child, numbers, base)
TENON_CONSTRUCTOR(child, (i64, count))
{
  self->base.count = count;
}
typedef struct other {
  numbers base;
} other;
TENON_CLASS_AS("Other", other)
TENON_EXTENDS(other, numbers, base)
TENON_CONSTRUCTOR(other, (i64, count))
{
  self->base.count = count;
}
TENON_ITERATOR(str, other, int)
{
  static const tenon_str words[] = {{"a", 1}, {"\xe2\x82\xac", 3}};
  if (*cursor == 2 || *cursor == (int)self->base.count) return false;
  *value = words[(*cursor)++];
  return true;
}

/* What a step may give. */
typedef struct row {
  int id;
} row;
TENON_CLASS_POINTER_AS("Row", row, free)
TENON_METHOD(i32, row, id)
{
  return self->id;
}
typedef struct table {
  row rows[3];
} table;
TENON_CLASS_AS("Table", table)
TENON_CONSTRUCTOR(table)
{
  int i;
  for (i = 0; i < 3; i++)
    self->rows[i].id = i + 1;
}
TENON_ITERATOR(borrowed(row), table, int)
{
  if (*cursor == 3) return false;
  *value = &self->rows[(*cursor)++];
  return true;
}
typedef struct copies {
  int count;
} copies;
TENON_CLASS_AS("Copies", copies)
TENON_CONSTRUCTOR(copies, (i32, count))
{
  self->count = count;
}
TENON_METHOD(i32, copies, left)
{
  return self->count;
}
TENON_ITERATOR(copy(copies), copies, int)
{
  if (*cursor == self->count) return false;
  value->count = ++*cursor;
  return true;
}
typedef struct selves {
  int count;
} selves;
TENON_CLASS_AS("Selves", selves)
TENON_CONSTRUCTOR(selves)
{}
TENON_ITERATOR(selves, selves, int)
{
  *value = self;
  return (*cursor)++ < 2;
}
TENON_STRUCT(entry, (str, key), (f64, value), (opt(i32), more), (i64, a),
             (i64, b), (i64, c))
typedef struct entries {
  int unused;
} entries;
TENON_CLASS_AS("Entries", entries)
TENON_CONSTRUCTOR(entries)
{}
TENON_ITERATOR(entry, entries, int)
{
  char *key = tenon_alloc(2);
  if (!key) return tenon_fail(TENON_ERROR, "out of memory");
  key[0] = (char)('a' + *cursor);
  value->key = (tenon_str){key, 1};
  value->value = *cursor;
  value->more = NULL;
  value->a = value->b = value->c = 3;
  return ++*cursor <= 2;
}
typedef struct refs {
  int mode;
} refs;
TENON_CLASS_AS("Nulls", refs)
TENON_CONSTRUCTOR(refs, (i32, mode))
{
  self->mode = mode;
}
TENON_ITERATOR(i64, refs, int)
{
  ++*cursor;
  *value = self->mode == 1 ? INT64_MAX : *cursor;
  return *cursor < 4;
}

/* Carries a value from one realm to the other: what it was given last. */
TENON_FUNCTION(any, share, (any, v))
{
  static napi_ref kept;
  napi_env env = tenon_env();
  napi_valuetype type;

  if (napi_typeof(env, v, &type) == napi_ok && type != napi_undefined) {
    if (kept) napi_delete_reference(env, kept);
    napi_create_reference(env, v, 1, &kept);
    return v;
  }
  napi_get_reference_value(env, kept, &v);
  if (kept) napi_delete_reference(env, kept);
  kept = NULL;
  return v;
}

/* C that calls a script in the middle of a step. */
TENON_CALLBACK(f64, hook_function, (i32, step))
typedef struct calls {
  hook_function *hook;
} calls;
TENON_CLASS_AS("Calls", calls)
TENON_CONSTRUCTOR(calls, (hook_function, hook))
{
  self->hook = hook_function_keep(hook);
}
TENON_RELEASE(calls)
{
  tenon_callback_release(self->hook);
}
TENON_METHOD(none, calls, drop)
{
  tenon_dispose(self);
}
TENON_ITERATOR(f64, calls, int)
{
  if (*cursor == 3) return false;
  (void)hook_function_call(self->hook, value, (*cursor)++);
  return true;
}

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  open_cursors = ended = used_after_end = 0;
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt, "import { log } from 'test'; import * as native from 'native';\n"
            "Object.assign(globalThis, native);\n"
            "globalThis.log = (...a) => log(a.map(String).join(' '));\n"
            "globalThis.attempt = (f) => { try { return f(); }"
            " catch (e) { return `${e.name}: ${e.message}`; } };");
  return rt;
}

TEST(instances_are_iterated_over)
{
  tenon_runtime *rt = start();

  t_run(rt, "const v = new Vec2(3, 4), [x, y, z] = v;\n"
            "log([...v], x, y, z, Math.hypot(...v), Array.from(v),"
            " new Set(v).size);\n"
            "for (const c of v) log(c);\n"
            "log([...new Numbers(3)], [...new Numbers(0)],"
            " [...new Numbers(2, 2 ** 40)]);");
  CHECK_LOG("3,4 3 4 undefined 5 3,4 2\n3\n4\n0,1,2  1099511627776,"
            "1099511627777\n");
}

TEST(an_iterator_is_one_of_the_language)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const i = new Vec2(1, 2)[Symbol.iterator]();\n"
        "log(Object.prototype.toString.call(i), i[Symbol.iterator]() === i,"
        " i instanceof Iterator, typeof i.return);\n"
        "log(JSON.stringify([i.next(), i.next(), i.next(), i.next()]));\n"
        "const d = Object.getOwnPropertyDescriptor(Vec2.prototype,"
        " Symbol.iterator);\n"
        "log(d.enumerable, d.writable, d.configurable, d.value.name,"
        " d.value.length, 'async' in d.value);\n"
        "log(new Numbers(9)[Symbol.iterator]().filter((n) => n % 2)"
        ".map((n) => n * n).drop(1).take(2).toArray());\n"
        "log(Object.keys(Object.getPrototypeOf(i)).length, Object.keys(i));");
  CHECK_LOG("[object Vec2 Iterator] true true function\n"
            "[{\"value\":1,\"done\":false},{\"value\":2,\"done\":false},"
            "{\"done\":true},{\"done\":true}]\n"
            "false true true [Symbol.iterator] 0 false\n9,25\n0 \n");
}

TEST(a_cursor_ends_once_when_there_is_no_more)
{
  tenon_runtime *rt = start();

  t_run(rt, "const i = new Numbers(2)[Symbol.iterator]();\n"
            "i.next(); i.next(); i.next(); i.next(); i.return(); i.return();");
  CHECK_INT(1, ended);
  t_free(rt);
  CHECK_INT(1, ended);
  CHECK_INT(0, open_cursors);
}

TEST(a_cursor_ends_once_when_its_loop_is_left)
{
  tenon_runtime *rt = start();

  t_run(rt, "for (const n of new Numbers(9)) if (n == 3) break;\n"
            "try { for (const n of new Numbers(9)) throw 1 } catch {}\n"
            "const [a] = new Numbers(9); log(a);\n"
            "const i = new Numbers(9)[Symbol.iterator](); i.next();\n"
            "log(JSON.stringify(i.return(5)), JSON.stringify(i.next()));\n"
            "{ using j = new Numbers(9)[Symbol.iterator](); j.next() }");
  CHECK_LOG("0\n{\"value\":5,\"done\":true} {\"done\":true}\n");
  CHECK_INT(5, ended);
  t_free(rt);
  CHECK_INT(5, ended);
  CHECK_INT(0, open_cursors);
}

TEST(a_cursor_ends_once_behind_a_step_that_fails)
{
  tenon_runtime *rt = start();

  t_run(rt, "const i = new Numbers(13)[Symbol.iterator]();\n"
            "log(attempt(() => { for (;;) i.next() }));\n"
            "log(JSON.stringify(i.next()));\n"
            "log(attempt(() => [...new Numbers(13)]))");
  CHECK_LOG("RangeError: 13 is unlucky\n{\"done\":true}\n"
            "RangeError: 13 is unlucky\n");
  CHECK_INT(2, ended);
  t_free(rt);
  CHECK_INT(2, ended);
}

TEST(a_cursor_ends_once_when_its_iterator_is_gone)
{
  tenon_runtime *rt = start();

  t_run(rt, "(() => { const i = new Numbers(9)[Symbol.iterator]();"
            " i.next(); i.self = i; i.of = new Numbers(1) })();\n"
            "new Numbers(3)[Symbol.iterator]();\n"
            "globalThis.kept = new Numbers(9)[Symbol.iterator]();"
            " kept.next();");
  tenon_runtime_collect(rt);
  t_run(rt, "1");
  CHECK_INT(2, ended);
  CHECK_INT(1, open_cursors);
  t_free(rt);
  CHECK_INT(3, ended);
  CHECK_INT(0, open_cursors);
  CHECK_INT(0, used_after_end);
}

TEST(an_iterator_keeps_its_instance_until_it_is_over)
{
  tenon_runtime *rt = start();

  t_run(rt, "globalThis.i = new Vec2(1, 2)[Symbol.iterator]();");
  tenon_runtime_collect(rt);
  t_run(rt, "log(i.next().value, i.next().value, i.next().done);\n"
            "let n = new Numbers(5); globalThis.weak = new WeakRef(n);\n"
            "globalThis.j = n[Symbol.iterator](); j.next(); n = null;");
  tenon_runtime_collect(rt);
  t_run(rt, "log(weak.deref() !== undefined); j.return();");
  tenon_runtime_collect(rt);
  t_run(rt, "log(weak.deref() !== undefined)");
  CHECK_LOG("1 2 true\ntrue\nfalse\n");
}

TEST(steps_give_values_of_all_kinds)
{
  tenon_runtime *rt = start();

  t_run(rt, "const t = new Table(), rows = [...t];\n"
            "log(rows.map((r) => r.id()), [...t][1] === rows[1]);\n"
            "log([...new Copies(3)].map((c) => c.left()));\n"
            "const s = new Selves(); log([...s].every((x) => x === s),"
            " [...s].length);\n"
            "log(JSON.stringify([...new Entries()]));\n"
            "log([...new Other(5)], [...new Nulls(0)]);\n"
            "log(attempt(() => [...new Nulls(1)]));");
  CHECK_LOG("1,2,3 true\n1,2,3\ntrue 2\n"
            "[{\"key\":\"a\",\"value\":0,\"a\":3,\"b\":3,\"c\":3},"
            "{\"key\":\"b\",\"value\":1,\"a\":3,\"b\":3,\"c\":3}]\n"
            "a,\xe2\x82\xac 1,2,3\n"
            "RangeError: Nulls Iterator.next: result: 9223372036854775807 is"
            " not a safe integer\n");
}

TEST(classes_inherit_and_override_iterators)
{
  tenon_runtime *rt = start();

  t_run(rt, "const c = new Child(2);\n"
            "log([...c], Object.prototype.toString.call(c[Symbol.iterator]()),"
            " Object.hasOwn(Child.prototype, Symbol.iterator));\n"
            "log([...new Other(1)], [...Numbers.prototype[Symbol.iterator]"
            ".call(new Other(2))]);");
  CHECK_LOG("0,1 [object Numbers Iterator] false\na 0,1\n");
  t_free(rt);
  CHECK_INT(3, ended);
}

TEST(scripts_override_iterators)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "class Twice extends Vec2 { *[Symbol.iterator]() {\n"
        "  yield* super[Symbol.iterator](); yield* super[Symbol.iterator]() }"
        " }\nlog([...new Twice(1, 2)]);\n"
        "class Squared extends Numbers { [Symbol.iterator]() {\n"
        "  return super[Symbol.iterator]().map((n) => n * n) } }\n"
        "log([...new Squared(4)]);\n"
        "class Plain extends Numbers {} log([...new Plain(2)]);");
  CHECK_LOG("1,2,1,2\n0,1,4,9\n0,1\n");
}

TEST(what_is_no_instance_has_no_iterator)
{
  tenon_runtime *rt = start();

  t_run(rt, "const make = Vec2.prototype[Symbol.iterator];\n"
            "for (const v of [undefined, null, 5, {}, Vec2.prototype,"
            " new Numbers(1), new Proxy(new Vec2(1), {}),"
            " make.call(new Vec2(1))]) log(attempt(() => make.call(v)));\n");
  CHECK_LOG(
      "TypeError: Vec2[Symbol.iterator]: this: expected Vec2, got undefined\n"
      "TypeError: Vec2[Symbol.iterator]: this: expected Vec2, got null\n"
      "TypeError: Vec2[Symbol.iterator]: this: expected Vec2, got 5\n"
      "TypeError: Vec2[Symbol.iterator]: this: expected Vec2, got object\n"
      "TypeError: Vec2[Symbol.iterator]: this: expected Vec2, got object\n"
      "TypeError: Vec2[Symbol.iterator]: this: expected Vec2, got Numbers\n"
      "TypeError: Vec2[Symbol.iterator]: this: expected Vec2, got Proxy\n"
      "TypeError: Vec2[Symbol.iterator]: this: expected Vec2, got Iterator\n");
  t_run(rt, "const make = Vec2.prototype[Symbol.iterator];\n"
            "log(attempt(() => new make()));\n"
            "const n = new Numbers(1); n.drop();\n"
            "log(attempt(() => [...n]));");
  CHECK_LOG("TypeError: not a constructor\n"
            "TypeError: Numbers[Symbol.iterator]: this: expected Numbers, got"
            " one that was disposed of\n");
}

TEST(functions_of_iterators_are_for_iterators)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const i = new Vec2(1)[Symbol.iterator](),"
        " p = Object.getPrototypeOf(i);\n"
        "for (const v of [undefined, {}, p, new Vec2(1), [][Symbol.iterator](),"
        " new Proxy(i, {}), Object.create(i)]) {\n"
        "  const a = attempt(() => p.next.call(v));\n"
        "  log(a === attempt(() => p.return.call(v)).replace('return', 'next'),"
        " a);\n"
        "}\n"
        "const n = new Numbers(5)[Symbol.iterator]();\n"
        "log(p.next.call(n).value, i.next.call(n).value, attempt(() =>"
        " [][Symbol.iterator]().next.call(n)));\n");
  CHECK_LOG("true TypeError: next: this: expected an iterator of a native"
            " class\n"
            "true TypeError: next: this: expected an iterator of a native"
            " class\n"
            "true TypeError: next: this: expected an iterator of a native"
            " class\n"
            "true TypeError: next: this: expected an iterator of a native"
            " class\n"
            "true TypeError: next: this: expected an iterator of a native"
            " class\n"
            "true TypeError: next: this: expected an iterator of a native"
            " class\n"
            "true TypeError: next: this: expected an iterator of a native"
            " class\n"
            "0 1 TypeError: Array Iterator object expected\n");
}

TEST(what_scripts_change_harms_nobody)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const p = Object.getPrototypeOf(new Numbers(1)[Symbol.iterator]());\n"
        "const next = p.next;\n"
        "p.next = function () { return { value: 7, done: false } };\n"
        "let count = 0; for (const n of new Numbers(3)) if (++count == 5) {"
        " log(n); break }\n"
        "p.next = function () { return next.call(this) };\n"
        "log([...new Numbers(3)]);\n"
        "p.next = 5; log(attempt(() => [...new Numbers(3)]));\n"
        "p.next = next; delete p.return;\n"
        "for (const n of new Numbers(3)) break;\n"
        "Object.setPrototypeOf(p, null); log([...new Numbers(2)]);\n"
        "const i = new Numbers(4)[Symbol.iterator]();\n"
        "Object.setPrototypeOf(i, null); log(next.call(i).value);\n"
        "delete Numbers.prototype[Symbol.iterator];\n"
        "log(attempt(() => [...new Numbers(2)]), next.call(i).value);");
  CHECK_LOG("7\n0,1,2\nTypeError: not a function\n0,1\n0\n"
            "TypeError: value is not iterable 1\n");
  t_free(rt);
  CHECK_INT(0, open_cursors);
  CHECK_INT(0, used_after_end);
}

TEST(a_step_inside_of_a_step_is_refused)
{
  tenon_runtime *rt = start();

  t_run(rt, "let i; const c = new Calls((n) => { log(attempt(() => i.next()),"
            " attempt(() => i.return())); return n });\n"
            "i = c[Symbol.iterator](); log([...i]);\n"
            "let depth = 0;\n"
            "const d = new Calls((n) => depth++ ? n : [...d].length);\n"
            "log([...d]);");
  CHECK_LOG("TypeError: Calls Iterator.next: the iterator is already running"
            " TypeError: Calls Iterator.next: the iterator is already"
            " running\n"
            "TypeError: Calls Iterator.next: the iterator is already running"
            " TypeError: Calls Iterator.next: the iterator is already"
            " running\n"
            "TypeError: Calls Iterator.next: the iterator is already running"
            " TypeError: Calls Iterator.next: the iterator is already"
            " running\n0,1,2\n3,1,2\n");
}

TEST(what_a_script_throws_inside_of_a_step_ends_it)
{
  tenon_runtime *rt = start();

  t_run(rt, "const e = new Error('mine');\n"
            "const i = new Calls((n) => { if (n) throw e; return n })"
            "[Symbol.iterator]();\n"
            "log(i.next().value); try { i.next() } catch (x) { log(x === e) }\n"
            "log(i.next().done)");
  CHECK_LOG("0\ntrue\ntrue\n");
}

TEST(an_instance_may_be_disposed_of_between_and_in_steps)
{
  tenon_runtime *rt = start();

  t_run(rt, "const n = new Numbers(5), i = n[Symbol.iterator](); i.next();"
            " n.drop();\n"
            "log(attempt(() => i.next()), i.next().done);\n"
            "let c = new Calls((n) => { c.drop(); return n });\n"
            "const j = c[Symbol.iterator](); log(j.next().value,"
            " attempt(() => j.next()));\n"
            "let d = new Calls((n) => { d = null; return n });\n"
            "log([...d]);");
  CHECK_LOG("TypeError: Numbers Iterator.next: this: expected Numbers, got one"
            " that was disposed of true\n"
            "0 TypeError: Calls Iterator.next: this: expected Calls, got one"
            " that was disposed of\n0,1,2\n");
  CHECK_INT(1, ended);
}

static void eval_in(tenon_realm *realm, const char *source)
{
  CHECK_INT(0, tenon_realm_eval_module(realm, source, strlen(source), "r.js"));
}

TEST(instances_of_another_realm_have_iterators_of_their_own)
{
  tenon_runtime *rt = start();
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  eval_in(realm, "import { Numbers } from 'native';\n"
                 "import { share } from 'native'; share(new Numbers(3));");
  t_run(rt, "const n = share(undefined);\n"
            "log([...n], n instanceof Numbers, attempt(() =>"
            " Numbers.prototype[Symbol.iterator].call(n)));\n"
            "const mine = Object.getPrototypeOf(new Numbers(1)"
            "[Symbol.iterator]()).next;\n"
            "const i = n[Symbol.iterator](); log(mine.call(i).value);\n"
            "share(i)");
  CHECK_LOG("0,1,2 false TypeError: Numbers[Symbol.iterator]: this: expected"
            " Numbers, got one of another realm\n0\n");
  CHECK_INT(0, tenon_realm_free(realm));
  t_run(rt, "log(share(undefined).next().value)");
  CHECK_LOG("1\n");
  t_free(rt);
  CHECK_INT(3, ended);
}

TEST(a_million_steps_and_iterators_take_no_memory)
{
  tenon_runtime *rt = start();
  size_t before;

  t_run(rt, "let s = 0; for (const n of new Numbers(1000)) s += n;\n"
            "for (let i = 0; i < 1000; i++) { new Numbers(2)"
            "[Symbol.iterator]().next() }");
  before = tenon_runtime_memory(rt).used_bytes;
  t_run(rt, "let s = 0; for (const n of new Numbers(1000000)) s += n;\n"
            "log(s);\n"
            "for (const n of new Copies(1000000)) n;\n"
            "for (let i = 0; i < 300000; i++) { new Numbers(2)"
            "[Symbol.iterator]().next(); const [a] = new Vec2(1); }");
  CHECK_LOG("499999500000\n");
  CHECK(tenon_runtime_memory(rt).used_bytes < before + 20000);
  CHECK(open_cursors < 100);
}

TEST(an_endless_iterator_ends_with_the_time_limit)
{
  tenon_runtime *rt = start();

  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 50));
  CHECK_INT(TENON_ETERMINATED, t_eval_module(rt, "new Set(new Numbers(15))"));
  CHECK_INT(TENON_LIMIT_TIME, tenon_runtime_limit(rt));
}
