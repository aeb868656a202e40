/* Containers that look like objects, and instances that are called. */
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>

#include "harness.h"

/* --- By name: all there is ------------------------------------------------------ */

enum { MOST = 16 };

typedef struct store {
  struct {
    char name[32];
    double value;
  } at[MOST];
  uint32_t count, gets, sets, hases;
} store;

static int32_t find(const store *s, tenon_str key)
{
  uint32_t i;

  for (i = 0; i < s->count; i++)
    if (strlen(s->at[i].name) == key.len &&
        !memcmp(s->at[i].name, key.data, key.len))
      return (int32_t)i;
  return -1;
}

TENON_CLASS_AS("Store", store)
TENON_CONSTRUCTOR(store)
{
  (void)self;
}
TENON_KEYED_GET(f64, store)
{
  int32_t i = find(self, key);

  self->gets++;
  if (key.len == 3 && !memcmp(key.data, "bad", 3)) {
    tenon_fail(TENON_RANGE_ERROR, "bad is not for reading");
    return false;
  }
  if (i < 0) return false;
  *value = self->at[i].value;
  return true;
}
TENON_KEYED_SET(f64, store)
{
  int32_t i = find(self, key);

  self->sets++;
  if (key.len && key.data[0] == '_') return false;
  if (i < 0) {
    if (self->count == MOST || key.len > 31)
      return tenon_fail(TENON_RANGE_ERROR, "the store is full");
    i = (int32_t)self->count++;
    memcpy(self->at[i].name, key.data, key.len);
    self->at[i].name[key.len] = '\0';
  }
  self->at[i].value = value;
  return true;
}
TENON_KEYED_HAS(store)
{
  self->hases++;
  return find(self, key) >= 0;
}
TENON_KEYED_DELETE(store)
{
  int32_t i = find(self, key);

  if (i < 0) return tenon_fail(TENON_ERROR, "asked for what is not there");
  if (!strcmp(self->at[i].name, "kept")) return false;
  self->at[i] = self->at[--self->count];
  return true;
}
TENON_KEYED_KEYS(store)
{
  tenon_str *names = tenon_alloc((self->count + 1) * sizeof *names);
  tenon_array_str r = {names, self->count};
  uint32_t i;

  if (!names) {
    tenon_fail(TENON_ERROR, "out of memory");
    return (tenon_array_str){NULL, 0};
  }
  for (i = 0; i < self->count; i++)
    names[i] = (tenon_str){self->at[i].name, strlen(self->at[i].name)};
  return r;
}
TENON_METHOD(u32, store, counts, (str, of))
{
  return of.data[0] == 'g' ? self->gets : self->sets;
}
TENON_GET(u32, store, total)
{
  return self->count;
}
TENON_SET(store, total, (u32, value))
{
  self->count = value;
}
TENON_METHOD(none, store, end)
{
  tenon_dispose(self);
}

/* --- By index, read only; other names are ordinary --------------------------- */

typedef struct list {
  uint32_t len;
  int32_t at[8];
} list;

TENON_CLASS_AS("List", list)
TENON_CONSTRUCTOR(list, (rest(i32), values))
{
  for (; self->len < values.len && self->len < 8; self->len++)
    self->at[self->len] = values.data[self->len];
}
TENON_INDEXED_GET(i32, list)
{
  if (key >= self->len) return false;
  *value = self->at[key];
  return true;
}
TENON_INDEXED_KEYS(list)
{
  return self->len;
}
TENON_GET(u32, list, length)
{
  return self->len;
}

/* --- Both, extended ------------------------------------------------------------ */

typedef struct both {
  list base;
  double named;
} both;

TENON_CLASS_AS("Both", both)
TENON_EXTENDS(both, list, base)
TENON_CONSTRUCTOR(both, (u32, len))
{
  self->base.len = len;
}
TENON_INDEXED_SET(i32, both)
{
  if (key >= self->base.len) return false;
  self->base.at[key] = value;
  return true;
}
TENON_KEYED_GET(f64, both)
{
  if (strcmp(key.data, "named") != 0) return false;
  *value = self->named;
  return true;
}

/* --- What is called ------------------------------------------------------------ */

typedef struct poly {
  double a, b;
} poly;

TENON_CLASS_AS("Poly", poly)
TENON_CONSTRUCTOR(poly, (f64, a), (f64, b))
{
  self->a = a;
  self->b = b;
}
TENON_CALL(f64, poly, (f64, x))
{
  return self->a * x + self->b;
}
TENON_MEMBERS(poly, (f64, a), (f64, b))
TENON_METHOD(none, poly, end)
{
  tenon_dispose(self);
}

typedef struct cubic {
  poly base;
} cubic;

TENON_CLASS_AS("Cubic", cubic)
TENON_EXTENDS(cubic, poly, base)
TENON_CONSTRUCTOR(cubic)
{
  self->base.a = 3;
}

/* A callable container of any values, by pointer. */
typedef struct table {
  int32_t last;
} table;

TENON_CLASS_POINTER_AS("Table", table, free)
TENON_CONSTRUCTOR_POINTER(table)
{
  return calloc(1, sizeof(table));
}
TENON_CALL(i32, table, (i32, n))
{
  return self->last = n;
}
TENON_KEYED_GET(i32, table)
{
  (void)key;
  *value = self->last;
  return key.len == 1;
}

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt, "import { log } from 'test'; import * as native from 'native';\n"
            "Object.assign(globalThis, native);\n"
            "globalThis.log = (...a) => log(a.map(String).join(' '));\n"
            "globalThis.caught = (f) => { try { f(); return 'nothing' }"
            " catch (e) { return `${e.name}: ${e.message}` } };");
  return rt;
}

TEST(a_container_is_written_and_read_as_an_object)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const s = new Store(); s.a = 1; s['b c'] = 2; s[7] = 3; s['ü'] = 4;\n"
        "log(s.a, s['b c'], s[7], s['7'], s['ü'], s.nothing, s.total);\n"
        "s.a += 10; log(s.a);\n"
        "log('a' in s, 'nothing' in s, 'counts' in s, Object.hasOwn(s, 'a'),"
        " Object.hasOwn(s, 'counts'), s.hasOwnProperty('x'));\n"
        "log(Object.keys(s), JSON.stringify(s), JSON.stringify({ ...s }));\n"
        "const names = []; for (const k in s) names.push(k); log(names);\n"
        "log(Object.entries(s).join('|'), Object.values(s));\n"
        "log(JSON.stringify(Object.getOwnPropertyDescriptor(s, 'a')));\n"
        "log(Object.assign(new Store(), s).a);\n"
        "const { a, ...others } = s; log(a, JSON.stringify(others));");
  CHECK_LOG("1 2 3 3 4 undefined 4\n11\ntrue false true true false false\n"
            "a,b c,7,ü {\"a\":11,\"b c\":2,\"7\":3,\"ü\":4} "
            "{\"7\":3,\"a\":11,\"b c\":2,\"ü\":4}\na,b c,7,ü\n"
            "a,11|b c,2|7,3|ü,4 11,2,3,4\n"
            "{\"value\":11,\"writable\":true,\"enumerable\":true,"
            "\"configurable\":true}\n11\n11 {\"7\":3,\"b c\":2,\"ü\":4}\n");
}

TEST(what_a_container_has_stands_before_its_prototype)
{
  tenon_runtime *rt = start();

  t_run(rt, "const s = new Store(); log(typeof s.counts, typeof s.toString);\n"
            "s.toString = 5; log(s.toString, s.total);\n"
            "delete s.toString; log(typeof s.toString);\n"
            "s.total = 0; log('total' in Object.keys(s), s.total);\n"
            "s.constructor = 1; log(s.constructor, s instanceof Store,"
            " Object.getPrototypeOf(s) === Store.prototype);\n"
            "s.__proto__ = null; log(Object.getPrototypeOf(s));");
  CHECK_LOG("function function\n5 1\nfunction\nfalse 0\n1 true true\nnull\n");
}

TEST(an_assignment_asks_for_no_value)
{
  tenon_runtime *rt = start();

  t_run(rt, "const s = new Store(); for (let i = 0; i < 10; i++) s.x = i;\n"
            "const { counts } = Store.prototype;\n"
            "log(counts.call(s, 'g'), counts.call(s, 's'));");
  CHECK_LOG("0 10\n");
}

TEST(deleting_is_said_by_the_container)
{
  tenon_runtime *rt = start();

  t_run(rt, "const s = new Store(); s.a = 1; s.kept = 2;\n"
            "log(delete s.a, s.a, delete s.never, delete s.counts);\n"
            "log(caught(() => { 'use strict'; delete s.kept }), s.kept,"
            " Reflect.deleteProperty(s, 'kept'));\n"
            "const l = new List(1); log(Reflect.deleteProperty(l, 0),"
            " Reflect.deleteProperty(l, 5), l[0]);");
  CHECK_LOG("true undefined true true\n"
            "TypeError: could not delete property 2 false\nfalse true 1\n");
}

TEST(what_a_container_refuses_is_a_TypeError)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const s = new Store(); s.a = 1;\n"
        "log(caught(() => { s._x = 1 }), Reflect.set(s, '_x', 1));\n"
        "log(Function('s', 's._x = 1; return s._x')(s));\n"
        "log(caught(() => { s.a = 'x' }), s.a);\n"
        "log(caught(() => s.bad));\n"
        "log(caught(() => { for (let i = 0; i < 99; i++) s['k' + i] = i }));\n"
        "const l = new List(1, 2); log(caught(() => { l[0] = 1 }), l[0],"
        " Reflect.set(l, 1, 5), Reflect.set(l, 9, 5));");
  CHECK_LOG("TypeError: '_x' is read-only false\nundefined\n"
            "TypeError: Store[key]: argument 2 'value': expected number, got "
            "string 1\nRangeError: bad is not for reading\n"
            "RangeError: the store is full\n"
            "TypeError: '0' is read-only 1 false false\n");
}

TEST(defining_is_assigning_or_refused)
{
  tenon_runtime *rt = start();

  t_run(
      rt,
      "const s = new Store(), d = (k, x) => caught(() =>"
      " Object.defineProperty(s, k, x));\n"
      "log(d('a', { value: 1 }), s.a, d('a', { value: 2, writable: true,"
      " enumerable: true, configurable: true }), s.a);\n"
      "log(d('a', { value: 3, writable: false }), s.a);\n"
      "log(d('a', { enumerable: false }), d('a', { enumerable: true }), s.a);\n"
      "log(d('g', { get() { return 1 } }), s.g);\n"
      "log(Reflect.defineProperty(s, 'g', { configurable: false }));\n"
      "log(d('b', { value: 'x' }));\n"
      "log(Reflect.defineProperty(new List(1), 0, { value: 2 }));");
  CHECK_LOG("nothing 1 nothing 2\n"
            "TypeError: properties of this object are configurable, enumerable "
            "and writable 2\n"
            "TypeError: properties of this object are configurable, enumerable "
            "and writable nothing 2\n"
            "TypeError: properties of this object are configurable, enumerable "
            "and writable undefined\nfalse\n"
            "TypeError: Store[key]: argument 2 'value': expected number, got "
            "string\nfalse\n");
}

TEST(a_container_is_not_frozen)
{
  tenon_runtime *rt = start();

  t_run(rt, "const s = new Store(); s.a = 1;\n"
            "for (const f of ['freeze', 'seal', 'preventExtensions'])\n"
            "  log(caught(() => Object[f](s)));\n"
            "log(Reflect.preventExtensions(s), Object.isExtensible(s),"
            " Object.isFrozen(s)); s.b = 2; log(s.b);");
  CHECK_LOG("TypeError: Cannot prevent extensions\n"
            "TypeError: Cannot prevent extensions\n"
            "TypeError: Cannot prevent extensions\nfalse true false\n2\n");
}

TEST(symbols_and_private_names_are_the_objects_own)
{
  tenon_runtime *rt = start();

  t_run(rt, "const k = Symbol('k');\n"
            "class S extends Store { #p = 1; f = 5; get p() { return this.#p }"
            " static q(o) { return #p in o } }\n"
            "const s = new S(); s[k] = 'text';\n"
            "log(s[k], k in s, s.p, S.q(s), S.q(new Store()), s.f, s.total);\n"
            "log(Reflect.ownKeys(s).map(String));\n"
            "Object.defineProperty(s, Symbol.for('g'), { get() { return 8 } });"
            "\nlog(s[Symbol.for('g')], delete s[k], s[k]);");
  CHECK_LOG("text true 1 true false 5 1\nSymbol(k),f\n8 true undefined\n");
}

TEST(an_indexed_container_is_read_like_an_array)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const l = new List(10, 20, 30);\n"
        "log(l[0], l[2], l[3], l['1'], l[-1], l[4294967295], l.length);\n"
        "log(Array.from(l), Object.keys(l), 1 in l, 3 in l, '01' in l);\n"
        "log(Array.prototype.map.call(l, (x) => x + 1), [].join.call(l));\n"
        "l.note = 'mine'; l['01'] = 2; log(l.note, Object.keys(l), l['01']);\n"
        "log(JSON.stringify(l), Math.max.apply(null, l));");
  CHECK_LOG("10 30 undefined 20 undefined undefined 3\n10,20,30 0,1,2 true "
            "false false\n11,21,31 10,20,30\nmine note,01,0,1,2 2\n"
            "{\"note\":\"mine\",\"01\":2,\"0\":10,\"1\":20,\"2\":30} 30\n");
}

TEST(a_class_inherits_how_its_base_is_asked)
{
  tenon_runtime *rt = start();

  t_run(rt, "const b = new Both(3); b[1] = 5;\n"
            "log(b[0], b[1], b.length, Object.keys(b), b.named);\n"
            "log(caught(() => { b[3] = 1 }), caught(() => { b.named = 1 }));\n"
            "log(caught(() => { b.other = 1 }), b instanceof List);");
  CHECK_LOG("0 5 3 0,1,2 0\nTypeError: '3' is read-only "
            "TypeError: 'named' is read-only\n"
            "TypeError: 'other' is read-only true\n");
}

TEST(a_container_is_a_prototype_too)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const s = new Store(); s.a = 1; const o = Object.create(s);\n"
        "log(o.a, 'a' in o, Object.hasOwn(o, 'a')); o.a = 2; o.b = 3;\n"
        "log(o.a, s.a, s.b, Object.keys(o));\n"
        "log(Reflect.set(s, 'a', 9, o), o.a, s.a, Reflect.set(s, 'a', 9, 1));\n"
        "log(caught(() => o.counts('g')));\n"
        "const l = Object.create(new List(1)); log(l[0],"
        " caught(() => { l[0] = 2 })); l[1] = 3; log(l[1]);\n"
        "const p = new Proxy(s, {}); p.z = 4; log(p.z, s.z, 'z' in p,"
        " Object.keys(p), delete p.z, s.z);");
  CHECK_LOG("1 true false\n2 1 undefined a,b\ntrue 9 1 false\n"
            "TypeError: Store.counts: this: expected Store, got object\n"
            "1 TypeError: '0' is read-only\n3\n4 4 true a,z true undefined\n");
}

TEST(setters_of_a_prototype_are_called)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "let seen; class S extends Store { set odd(v) { seen = v }"
        " get fixed() { return 1 } }\n"
        "const s = new S(); s.odd = 5; log(seen, Object.keys(s));\n"
        "log(caught(() => { s.fixed = 1 }));\n"
        "Object.setPrototypeOf(S.prototype, new Proxy(Store.prototype, {"
        " set(t, k, v, r) { seen = k; return Reflect.set(t, k, v, r) } }));\n"
        "s.x = 1; log(seen, s.x);\n"
        "const n = new Store(); Object.setPrototypeOf(n, null); n.y = 1;"
        " n[Symbol.iterator] = 2; log(n.y, n[Symbol.iterator]);");
  CHECK_LOG("5 \nTypeError: no setter for property\nx 1\n1 2\n");
}

TEST(one_that_was_disposed_of_still_has_its_methods)
{
  tenon_runtime *rt = start();

  t_run(rt, "const s = new Store(); s.a = 1; s.end();\n"
            "log(caught(() => s.a), caught(() => { s.a = 1 }));\n"
            "log(caught(() => 'a' in s), caught(() => Object.keys(s)));\n"
            "log(caught(() => delete s.a), caught(() => s.end()));\n"
            "log(typeof s.counts, s instanceof Store);");
  CHECK_LOG("TypeError: Store[key]: this: expected Store, got one that was "
            "disposed of TypeError: Store[key]: this: expected Store, got one "
            "that was disposed of\n"
            "TypeError: Store[key]: this: expected Store, got one that was "
            "disposed of TypeError: Store: this: expected Store, got one that "
            "was disposed of\n"
            "TypeError: Store[key]: this: expected Store, got one that was "
            "disposed of TypeError: Store.end: this: expected Store, got one "
            "that was disposed of\nfunction true\n");
}

TEST(a_callable_instance_is_a_function)
{
  tenon_runtime *rt = start();

  t_run(
      rt,
      "const p = new Poly(2, 1); log(p(3), typeof p, p.call(null, 4),"
      " p.apply(1, [5]), p.bind(null, 6)(), [1, 2].map(p));\n"
      "log(p instanceof Poly, p instanceof Function, p.a, p.length, p.name);\n"
      "log(caught(() => p('x')), caught(() => p()));\n"
      "log(caught(() => new p(1)), caught(() => class extends p {}));\n"
      "log(JSON.stringify(p), Object.prototype.toString.call(p));\n"
      "class Q extends Poly { constructor() { super(1, 1) } get n() {"
      " return this(1) } }\n"
      "log(new Q()(4), new Q().n, Reflect.apply(new Q(), null, [5]));\n"
      "const c = new Cubic(); log(c(2), typeof c, c.call(null, 1));\n"
      "log(new Proxy(p, {})(3), p?.(1), Reflect.construct(Poly, [1, 0],"
      " Object)(7));\n"
      "p.end(); log(typeof p, caught(() => p(1)));");
  CHECK_LOG("7 function 9 11 13 3,5\ntrue true 2 0 \n"
            "TypeError: Poly(): argument 1 'x': expected number, got string "
            "TypeError: Poly(): expected 1 argument, got 0\n"
            "TypeError: not a constructor "
            "TypeError: parent class must be constructor\n"
            "{\"a\":2,\"b\":1} [object Poly]\n5 2 6\n6 function 3\n7 3 7\n"
            "function TypeError: Poly(): this: expected Poly, got one that was "
            "disposed of\n");
}

TEST(an_instance_is_called_and_a_container_at_once)
{
  tenon_runtime *rt = start();

  t_run(rt, "const t = new Table(); log(t(5), t.x, t.xx, typeof t.call,"
            " t instanceof Table, typeof t);");
  CHECK_LOG("5 5 undefined function true function\n");
}

/* --- What a module that was not made by the macros may say -------------------- */

static struct {
  const tenon_host *host;
  tenon_function function[5];
  tenon_member member[6];
  tenon_item item[7];
  const tenon_item *items[7];
  tenon_module module;
} by_hand;

static const tenon_module *hand_entry(void)
{
  return &by_hand.module;
}

/* Store: get, set, has, delete, keys; the sixth member is left out. */
static void reset_by_hand(void)
{
  static const tenon_member *const members[] = {
      &tenon_p_member_store_keyed_get, &tenon_p_member_store_keyed_set,
      &tenon_p_member_store_keyed_has, &tenon_p_member_store_keyed_delete,
      &tenon_p_member_store_keyed_keys};
  uint32_t i;

  by_hand.item[0] = (tenon_item){sizeof(tenon_item), TENON_ITEM_CLASS, "Store",
                                 NULL, &tenon_p_class_store};
  by_hand.items[0] = &by_hand.item[0];
  for (i = 0; i < 6; i++) {
    by_hand.member[i] = *members[i % 5];
    if (i < 5) by_hand.function[i] = *members[i]->function;
    by_hand.member[i].function = &by_hand.function[i % 5];
    by_hand.item[i + 1] = (tenon_item){sizeof(tenon_item), TENON_ITEM_MEMBER,
                                       "x", NULL, &by_hand.member[i]};
    by_hand.items[i + 1] = &by_hand.item[i + 1];
  }
  by_hand.module = (tenon_module){.size = sizeof(tenon_module),
                                  .abi = TENON_MODULE_ABI,
                                  .field_size = sizeof(tenon_field),
                                  .host = &by_hand.host,
                                  .items_begin = by_hand.items,
                                  .items_end = by_hand.items + 6};
}

#define CHECK_CHANGED(code, change)                                         \
  do {                                                                      \
    tenon_runtime *checked = t_runtime();                                   \
    reset_by_hand();                                                        \
    change;                                                                 \
    CHECK_INT(code, tenon_runtime_add_module(checked, "hand", hand_entry)); \
    t_free(checked);                                                        \
  } while (0)
#define REFUSES(change) CHECK_CHANGED(TENON_EABI, change)

TEST(what_is_asked_is_there_once_and_with_a_way_to_read)
{
  CHECK_CHANGED(0, );
  REFUSES(by_hand.module.items_end++);
  REFUSES(by_hand.items[1] = by_hand.items[2];
          by_hand.items[2] = by_hand.items[5]; by_hand.module.items_end--);
  CHECK_CHANGED(0, by_hand.module.items_end -= 4);
}

TEST(what_is_asked_answers_at_once_and_in_its_type)
{
  REFUSES(by_hand.function[0].flags = TENON_FUNCTION_BLOCKING);
  REFUSES(by_hand.function[1].flags = TENON_FUNCTION_ASYNC);
  REFUSES(by_hand.function[0].result.type = &tenon_type_none);
  REFUSES(by_hand.function[1].result.type = &tenon_type_i32);
  REFUSES(by_hand.function[2].result.type = &tenon_type_none);
  REFUSES(by_hand.function[3].result.flags = TENON_FIELD_OPT);
  REFUSES(by_hand.function[4].result.type = &tenon_type_str);
  REFUSES(by_hand.function[4].result.type = &tenon_type_array(i32));
  REFUSES(by_hand.function[4].result.flags = TENON_FIELD_NULLABLE);
  REFUSES(by_hand.function[0].param_count = 1);
  REFUSES(by_hand.function[1].param_count = 2);
}
