/*
 * Each allocation fails in turn in a program of containers, callable instances,
 * inheritance, their JSON form and their look: it ends with an error or does
 * everything right, and what C owns is freed once.
 */
#define TENON_MODULE objects
#include "harness.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <unistd.h>

#include "bind/any.h"
#include "std/inspect/inspect.h"

static tenon_p_text said;
static int owned;

TENON_FUNCTION(none, say, (str, line))
{
  tenon_p_text_append(&said, line.data, line.len);
  tenon_p_text_puts(&said, ";");
  if (said.failed) tenon_fail(TENON_ERROR, "out of memory");
}

TENON_FUNCTION(str, look, (any, v))
{
  JSContext *ctx = tenon_p_current_call->ctx;
  JSValue text =
      tenon_p_inspect(ctx, tenon_p_any_value(tenon_p_engine_of(ctx), v), false);
  tenon_str r = {NULL, 0};
  const char *s;
  char *copy;

  if (JS_IsException(text)) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    return tenon_fail(TENON_ERROR, "out of memory");
  }
  s = JS_ToCStringLen(ctx, &r.len, text);
  JS_FreeValue(ctx, text);
  copy = s ? tenon_alloc(r.len + 1) : NULL;
  if (copy) memcpy(copy, s, r.len + 1);
  JS_FreeCString(ctx, s);
  r.data = copy;
  if (!copy) return tenon_fail(TENON_ERROR, "out of memory");
  return r;
}

/* Names that it owns, and their number. */
typedef struct bag {
  char *names[4];
  uint32_t count;
} bag;

TENON_CLASS_AS("Bag", bag)
TENON_CONSTRUCTOR(bag)
{
  (void)self;
}
TENON_RELEASE(bag)
{
  while (self->count--) {
    free(self->names[self->count]);
    owned--;
  }
}
TENON_MEMORY(bag)
{
  return self->count * 100;
}
static int32_t find(const bag *self, tenon_str key)
{
  int32_t i = (int32_t)self->count;

  while (i-- && strcmp(self->names[i], key.data) != 0)
    ;
  return i;
}
TENON_KEYED_GET(str, bag)
{
  int32_t i = find(self, key);

  if (i >= 0) *value = tenon_str_of(self->names[i]);
  return i >= 0;
}
TENON_KEYED_SET(str, bag)
{
  char *name;

  if (strcmp(key.data, value.data) != 0 || self->count == 4) return false;
  if (find(self, key) >= 0) return true;
  name = strdup(key.data);
  self->names[self->count++] = name;
  owned++;
  return true;
}
TENON_KEYED_DELETE(bag)
{
  int32_t i = find(self, key);

  free(self->names[i]);
  self->names[i] = self->names[--self->count];
  owned--;
  return true;
}
TENON_KEYED_KEYS(bag)
{
  tenon_str *names = tenon_alloc(sizeof *names * 4);
  uint32_t i;

  if (!names) {
    tenon_fail(TENON_ERROR, "out of memory");
    return (tenon_array_str){NULL, 0};
  }
  for (i = 0; i < self->count; i++)
    names[i] = tenon_str_of(self->names[i]);
  return (tenon_array_str){names, self->count};
}

typedef struct act {
  int32_t by;
} act;

static void free_act(act *p)
{
  owned--;
  free(p);
}

TENON_CLASS_POINTER_AS("Act", act, free_act)
TENON_CONSTRUCTOR_POINTER(act, (i32, by))
{
  act *p = malloc(sizeof *p);

  p->by = by;
  owned++;
  return p;
}
TENON_CALL(i32, act, (i32, n))
{
  return n * self->by;
}
TENON_MEMBERS(act, (i32, by))
TENON_METHOD(species(act), act, twice)
{
  return act_constructor(self->by * 2);
}

typedef struct more {
  act base;
  double n;
} more;

static void free_more(more *p)
{
  owned--;
  free(p);
}

TENON_CLASS_POINTER_AS("More", more, free_more)
TENON_EXTENDS(more, act, base)
TENON_CONSTRUCTOR_POINTER(more, (i32, by))
{
  more *p = calloc(1, sizeof *p);

  p->base.by = by;
  p->n = 0.5;
  owned++;
  return p;
}
TENON_MEMBERS(more, (f64, n))
TENON_INDEXED_GET(i32, more)
{
  *value = (int32_t)key;
  return key < 3;
}
TENON_INDEXED_KEYS(more)
{
  (void)self;
  return 3;
}
TENON_METHOD_AS("@@nodejs.util.inspect.custom", cstr, more, custom)
{
  (void)self;
  return "<more>";
}
TENON_FUNCTION(act, as_act, (more, m))
{
  return &m->base;
}

static const char program[] =
    "import * as n from 'objects';\n"
    "const { say, Bag, Act, More, look } = n;\n"
    "const attempt = (f) => {\n"
    "  try { f(); say('nothing'); } catch (e) {\n"
    "    if (!(e instanceof TypeError)) throw e;\n"
    "    say(e.message);\n"
    "  }\n"
    "};\n"
    "const b = new Bag(); b.a = 'a'; b['long name'] = 'long name';\n"
    "b['\\u20ac'] = '\\u20ac'; b[5] = '5';\n"
    "say(`${b.a} ${b['\\u20ac']} ${b[5]} ${b.none} ${delete b.a}`);\n"
    "say(JSON.stringify(b)); say(`${Object.keys({ ...b })} ${'a' in b}`);\n"
    "say(look(b));\n"
    "attempt(() => { b.x = 'y'; });\n"
    "attempt(() => { b.x = 1; });\n"
    "attempt(() => Object.freeze(b));\n"
    "attempt(() => Object.defineProperty(b, 'a', { get() {} }));\n"
    "const s = Symbol('s'); b[s] = 1; say(`${b[s]}`);\n"
    "const a = new Act(3), m = new More(4);\n"
    "say(`${a(2)} ${m(3)} ${m[1]} ${m[3]} ${Object.keys(m)}`);\n"
    "say(JSON.stringify([a, m])); say(look([a, m]));\n"
    "m.mine = 5; say(`${m.mine} ${n.as_act(m) === m} ${m instanceof Act}`);\n"
    "class X extends More { #p = 1; q = 2; constructor() { super(5); }\n"
    "  get p() { return this.#p + this.by; } }\n"
    "const x = new X(); say(`${x.p} ${x.q} ${x(2)} ${x[2]}`);\n"
    "class Y extends Act { #z = 8; get z() { return this.#z; } }\n"
    "const y = new Y(2).twice(); say(`${y.z} ${y(3)}`);\n"
    "attempt(() => Act.prototype.toJSON.call({}));\n"
    "attempt(() => a('x'));\n"
    "say(`${Reflect.construct(Act, [1], Object) instanceof Act}`);\n"
    "say('end');\n";

static const char expected[] =
    "a \xe2\x82\xac 5 undefined true;"
    "{\"5\":\"5\",\"long name\":\"long name\",\"\xe2\x82\xac\":\"\xe2\x82\xac\"};"
    "5,long name,\xe2\x82\xac false;"
    "Bag { '5': '5', 'long name': 'long name', '\xe2\x82\xac': "
    "'\xe2\x82\xac' };"
    "'x' is read-only;"
    "Bag[key]: argument 2 'value': expected string, got 1;"
    "Cannot prevent extensions;"
    "properties of this object are configurable, enumerable and writable;1;"
    "6 12 1 undefined 0,1,2;"
    "[{\"by\":3},{\"by\":4,\"n\":0.5}];"
    "[ [Function (anonymous)] Act { by: 3 }, <more> ];"
    "5 true true;6 2 10 2;8 12;"
    "Act.toJSON: this: expected Act, got object;"
    "Act(): argument 1 'n': expected integer, got string;false;end;";

/* What it returned; TENON_ENOMEM and the like too. */
static int live(void)
{
  int r;

  tenon_p_text_clear(&said);
  r = t_live("objects", tenon_module_objects, program);
  CHECK_INT(0, owned);
  return r;
}

static const t_oom oom = {.live = live, .said = &said, .expected = expected};

TEST(every_allocation_fails_once_of_a_program_with_objects)
{
  CHECK(t_fail_each(&oom, false) > 2000);
}

TEST(every_allocation_fails_from_some_point_on_of_a_program_with_objects)
{
  CHECK(t_fail_each(&oom, true) > 2000);
}
