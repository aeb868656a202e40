/* What JSON.stringify and console.log show of instances. */
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>

#include "bind/any.h"
#include "harness.h"
#include "std/inspect/inspect.h"

typedef struct vec2 {
  double x, y;
  int64_t id;
  const char *label;
} vec2;

TENON_CLASS_AS("Vec2", vec2)
TENON_CONSTRUCTOR(vec2, (f64, x), (f64, y))
{
  self->x = x;
  self->y = y;
}
TENON_MEMBERS(vec2, (f64, x), (f64, (y, "why")))
TENON_MEMBERS_READONLY(vec2, (nullable(cstr), label), (i64, id))
TENON_METHOD(none, vec2, end)
{
  tenon_dispose(self);
}
TENON_METHOD(none, vec2, break_id)
{
  self->id = INT64_MAX;
}
TENON_METHOD(none, vec2, name_it, (str, label))
{
  self->label = label.len ? "named" : "";
}
TENON_BLOCKING_METHOD(none, vec2, wait)
{
  (void)self;
}

typedef struct vec3 {
  vec2 base;
  double z;
} vec3;

TENON_CLASS_AS("Vec3", vec3)
TENON_EXTENDS(vec3, vec2, base)
TENON_CONSTRUCTOR(vec3, (f64, z))
{
  self->base.x = 1;
  self->z = z;
}
TENON_MEMBERS(vec3, (f64, z))

/* Its own JSON form, and its own look. */
typedef struct money {
  int32_t cents;
} money;

TENON_CLASS_AS("Money", money)
TENON_CONSTRUCTOR(money, (i32, cents))
{
  self->cents = cents;
}
TENON_MEMBERS(money, (i32, cents))
TENON_METHOD_AS("toJSON", str, money, to_json)
{
  (void)self;
  return tenon_str_of("money");
}
TENON_METHOD_AS("@@nodejs.util.inspect.custom", str, money, look)
{
  return tenon_str_of(self->cents ? "<some money>" : "<no money>");
}

typedef struct bag {
  uint32_t size;
} bag;

TENON_CLASS_AS("Bag", bag)
TENON_CONSTRUCTOR(bag, (u32, size))
{
  self->size = size;
}
TENON_MEMBERS(bag, (u32, size))
TENON_KEYED_GET(u32, bag)
{
  *value = key.data[0];
  return key.len == 1 && self->size;
}
TENON_KEYED_KEYS(bag)
{
  static const tenon_str names[] = {{"a", 1}, {"b", 1}};

  return (tenon_array_str){names, self->size};
}
TENON_METHOD(none, bag, end)
{
  tenon_dispose(self);
}

/* Callable, without members. */
typedef struct act {
  int n;
} act;

TENON_CLASS_AS("Act", act)
TENON_CONSTRUCTOR(act)
{
  (void)self;
}
TENON_CALL(none, act)
{
  (void)self;
}

TENON_FUNCTION(str, inspect, (any, v))
{
  JSContext *ctx = tenon_p_current_call->ctx;
  JSValue text =
      tenon_p_inspect(ctx, tenon_p_any_value(tenon_p_engine_of(ctx), v), false);
  tenon_str r = {NULL, 0};
  const char *s;
  char *copy;

  if (JS_IsException(text)) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    return tenon_fail(TENON_ERROR, "not inspected");
  }
  s = JS_ToCStringLen(ctx, &r.len, text);
  copy = tenon_alloc(r.len + 1);
  memcpy(copy, s, r.len + 1);
  r.data = copy;
  JS_FreeCString(ctx, s);
  JS_FreeValue(ctx, text);
  return r;
}

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt, "import { log } from 'test'; import * as native from 'native';\n"
            "Object.assign(globalThis, native);\n"
            "globalThis.log = (...a) => log(a.map(String).join(' '));\n"
            "globalThis.json = (v) => log(JSON.stringify(v));\n"
            "globalThis.caught = (f) => { try { return f() }"
            " catch (e) { return `${e.name}: ${e.message}` } };");
  return rt;
}

TEST(mapped_members_are_the_json_form)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const v = new Vec2(1, 2.5); v.note = 'not of C'; json(v);\n"
        "json([v, { v }]); log(JSON.stringify(v, null, 1));\n"
        "json(new Vec3(5)); class W extends Vec3 {} json(new W(6));\n"
        "log(Object.hasOwn(Vec3.prototype, 'toJSON'), v.toJSON().x,"
        " Object.getPrototypeOf(v.toJSON()) === Object.prototype,"
        " Vec2.prototype.toJSON.name, Object.keys(Vec2.prototype).length);");
  CHECK_LOG("{\"x\":1,\"why\":2.5,\"label\":null,\"id\":0}\n"
            "[{\"x\":1,\"why\":2.5,\"label\":null,\"id\":0},"
            "{\"v\":{\"x\":1,\"why\":2.5,\"label\":null,\"id\":0}}]\n"
            "{\n \"x\": 1,\n \"why\": 2.5,\n \"label\": null,\n \"id\": 0\n}\n"
            "{\"x\":1,\"why\":0,\"label\":null,\"id\":0,\"z\":5}\n"
            "{\"x\":1,\"why\":0,\"label\":null,\"id\":0,\"z\":6}\n"
            "false 1 true toJSON 0\n");
}

TEST(a_class_says_its_json_form_itself)
{
  tenon_runtime *rt = start();

  t_run(rt, "json(new Money(1)); json(new Bag(2));\n"
            "class W extends Vec2 { toJSON() { return [super.toJSON().x] } }\n"
            "json(new W(3, 4));");
  CHECK_LOG("\"money\"\n{\"a\":97,\"b\":98}\n[3]\n");
}

TEST(the_json_form_is_that_of_an_instance_only)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const f = Vec2.prototype.toJSON, v = new Vec2(1, 2);\n"
        "log(caught(() => f.call({})), caught(() => f.call(new Money(1))));\n"
        "log(caught(() => json(Vec2.prototype)));\n"
        "delete Vec2.prototype.x; Object.defineProperty(Vec2.prototype, 'why',"
        " { get() { return 'forged' } }); log(f.call(v).x, f.call(v).why);\n"
        "log(f.call(Object.setPrototypeOf(new Vec3(1), null)).z);\n"
        "v.break_id(); log(caught(() => f.call(v)));\n"
        "v.end(); log(caught(() => JSON.stringify(v)));");
  CHECK_LOG(
      "TypeError: Vec2.toJSON: this: expected Vec2, got object TypeError: "
      "Vec2.toJSON: this: expected Vec2, got Money\n"
      "TypeError: Vec2.toJSON: this: expected Vec2, got object\n1 2\n1\n"
      "RangeError: Vec2.id: result: 9223372036854775807 is not a safe integer\n"
      "TypeError: Vec2.toJSON: this: expected Vec2, got one that was disposed "
      "of\n");
}

static void check_shown(tenon_runtime *rt, const char *expression,
                        const char *expected)
{
  char source[1000];

  snprintf(source, sizeof source, "log(inspect(%s))", expression);
  t_run(rt, source);
  CHECK_LOG(expected);
}

TEST(mapped_members_are_shown)
{
  tenon_runtime *rt = start();

  check_shown(rt, "new Vec2(1, 2)",
              "Vec2 { x: 1, why: 2, label: null, id: 0 }\n");
  check_shown(rt, "Object.assign(new Vec2(1, 2), { x: 5, note: 'n' })",
              "Vec2 { x: 5, why: 2, label: null, id: 0, note: 'n' }\n");
  check_shown(rt, "{ v: [new Vec3(1)] }",
              "{ v: [ Vec3 { x: 1, why: 0, label: null, id: 0, z: 1 } ] }\n");
  check_shown(rt, "new (class W extends Vec3 {})(1)",
              "W [Vec3] { x: 1, why: 0, label: null, id: 0, z: 1 }\n");
  check_shown(
      rt, "Object.setPrototypeOf(new Vec2(1, 2), null)",
      "[Object: null prototype] { x: 1, why: 2, label: null, id: 0 }\n");
  check_shown(rt, "{ a: { b: { c: new Vec2(1, 2) } } }",
              "{ a: { b: { c: [Vec2] } } }\n");
  check_shown(rt, "new Act()", "[Function (anonymous)] Act\n");
  check_shown(rt, "Vec2.prototype", "Object [Vec2] {}\n");
  check_shown(rt, "Object.create(new Vec2(1, 2))", "Vec2 {}\n");
}

TEST(a_class_says_how_it_is_shown)
{
  tenon_runtime *rt = start();

  check_shown(rt, "[new Money(1), new Money(0)]",
              "[ <some money>, <no money> ]\n");
  t_run(rt, "const s = Object.getOwnPropertySymbols(Money.prototype);\n"
            "log(s.map(String), Money.prototype[Symbol.for("
            "'nodejs.util.inspect.custom')].call(new Money(2)));");
  CHECK_LOG("Symbol(Symbol.toStringTag),Symbol(nodejs.util.inspect.custom) "
            "<some money>\n");
}

TEST(nothing_of_a_program_runs_to_show_an_instance)
{
  tenon_runtime *rt = start();

  t_run(rt, "let ran = 0; const v = new Vec2(1, 2);\n"
            "Object.defineProperty(v, 'x', { enumerable: true,"
            " get() { ran++; return 'mine' } });\n"
            "Object.defineProperty(Vec2.prototype, 'why',"
            " { get() { ran++; return 'forged' } });\n"
            "log(inspect(v), ran);\n"
            "v.break_id(); log(inspect(v));");
  CHECK_LOG("Vec2 { x: 1, why: 2, label: null, id: 0, x: [Getter] } 0\n"
            "Vec2 {\n  x: 1,\n  why: 2,\n  label: null,\n  id: <Inspection "
            "threw (Vec2.id: result: 9223372036854775807 is not a safe "
            "integer)>,\n  x: [Getter]\n}\n");
}

TEST(one_that_no_call_may_use_is_shown_as_such)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const v = new Vec2(1, 2), p = v.wait(); log(inspect(v)); await p;\n"
        "log(inspect(v)); v.end(); v.note = 1; log(inspect(v));\n"
        "const b = new Bag(1); b.end(); log(inspect(b));\n"
        "log(inspect(Object.setPrototypeOf(b, null)));");
  CHECK_LOG("Vec2 { <in use> }\nVec2 { x: 1, why: 2, label: null, id: 0 }\n"
            "Vec2 { <disposed>, note: 1 }\nBag { <disposed> }\n"
            "[Object: null prototype] { <disposed> }\n");
}

TEST(a_container_is_shown_with_what_it_has)
{
  tenon_runtime *rt = start();

  check_shown(rt, "new Bag(2)", "Bag { size: 2, a: 97, b: 98 }\n");
  check_shown(rt, "new Bag(0)", "Bag { size: 0 }\n");
}
