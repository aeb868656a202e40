/* Native classes that extend native classes. */
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/realm.h>

#include "harness.h"
#include "napi.h"

/* --- By value -------------------------------------------------------------------- */

static int named, released[3];

typedef struct animal {
  int32_t legs;
  char *name;
} animal;

TENON_CLASS_AS("Animal", animal)
TENON_CONSTRUCTOR(animal, (str, name))
{
  self->legs = 4;
  self->name = strdup(name.data);
  named++;
}
TENON_RELEASE(animal)
{
  free(self->name);
  named -= self->name != NULL;
  released[0]++;
}
TENON_MEMORY(animal)
{
  return self->name ? 1000 : 0;
}
TENON_METHOD(cstr, animal, name)
{
  return self->name ? self->name : "";
}
TENON_METHOD(i32, animal, walk, (i32, steps, 1))
{
  return self->legs * steps;
}
TENON_METHOD(animal, animal, me)
{
  return self;
}
TENON_METHOD(none, animal, end)
{
  tenon_dispose(self);
}
TENON_GET(i32, animal, half)
{
  return self->legs / 2;
}
TENON_SET(animal, half, (i32, value))
{
  self->legs = value * 2;
}
TENON_MEMBERS(animal, (i32, legs))
TENON_STATIC(i32, animal, count)
{
  return named;
}
TENON_CLASS_CONSTANT(i32, animal, MOST, 100)

typedef struct dog {
  animal base;
  int32_t tricks;
} dog;

TENON_CLASS_AS("Dog", dog)
TENON_EXTENDS(dog, animal, base)
TENON_CONSTRUCTOR(dog, (str, name), (i32, tricks, 2))
{
  if (tricks < 0) {
    tenon_fail(TENON_RANGE_ERROR, "no such dog");
    return;
  }
  animal_constructor(&self->base, name);
  self->tricks = tricks;
}
TENON_METHOD(i32, dog, walk, (i32, steps, 1))
{
  return animal_walk(&self->base, steps) + 1;
}
TENON_METHOD(i32, dog, trick)
{
  return self->tricks;
}
TENON_MEMBERS(dog, (i32, tricks))

/* Ends both itself. */
typedef struct puppy {
  dog base;
  char *toy;
} puppy;

TENON_CLASS_AS("Puppy", puppy)
TENON_EXTENDS(puppy, dog, base)
TENON_CONSTRUCTOR(puppy)
{
  dog_constructor(&self->base, tenon_str_of("tiny"), 0);
  self->toy = strdup("ball");
}
TENON_RELEASE(puppy)
{
  free(self->toy);
  free(self->base.base.name);
  named--;
  released[2]++;
}
TENON_MEMORY(puppy)
{
  return self->toy ? 500000 : 0;
}

TENON_FUNCTION(i32, legs_of, (animal, a), (opt(array(animal)), more))
{
  size_t i;
  int32_t n = a->legs;

  for (i = 0; more && i < more->len; i++)
    n += more->data[i]->legs;
  return n;
}
TENON_FUNCTION(i32, tricks_of, (dog, d))
{
  return d->tricks;
}
TENON_FUNCTION(copy(animal), cut, (animal, a))
{
  animal r = {a->legs, NULL};

  return r;
}

/* --- By pointer, and counted ------------------------------------------------------ */

typedef struct shape {
  int kind;
} shape;
typedef struct circle {
  shape base;
  double r;
} circle;

static int shapes, circles;

static void free_shape(shape *s)
{
  shapes--;
  free(s);
}
static void free_circle(circle *c)
{
  circles--;
  free(c);
}

TENON_CLASS_POINTER_AS("Shape", shape, free_shape)
TENON_CONSTRUCTOR_POINTER(shape)
{
  shape *s = calloc(1, sizeof *s);

  if (s) shapes++;
  return s;
}
TENON_METHOD(i32, shape, kind)
{
  return self->kind;
}
TENON_METHOD(shape, shape, me)
{
  return self;
}
TENON_CLASS_POINTER_AS("Circle", circle, free_circle)
TENON_EXTENDS(circle, shape, base)
TENON_CONSTRUCTOR_POINTER(circle, (f64, r))
{
  circle *c = calloc(1, sizeof *c);

  if (!c) return NULL;
  circles++;
  c->base.kind = 1;
  c->r = r;
  return c;
}
TENON_METHOD(f64, circle, radius)
{
  return self->r;
}
/* A pointer to the base of what an instance of Circle owns. */
TENON_FUNCTION(shape, as_shape, (circle, c))
{
  return &c->base;
}
TENON_FUNCTION(circle, as_circle, (shape, s))
{
  return s->kind == 1 ? (circle *)s : tenon_fail(TENON_ERROR, "no circle");
}

typedef struct node {
  int refs;
} node;
typedef struct leaf {
  node base;
  int n;
} leaf;

static int nodes;
static leaf *shared_leaf;

static void unref_node(node *p)
{
  if (--p->refs) return;
  nodes--;
  free(p);
}
static void unref_leaf(leaf *p)
{
  unref_node(&p->base);
}

TENON_CLASS_COUNTED_AS("Node", node, unref_node)
TENON_CLASS_COUNTED_AS("Leaf", leaf, unref_leaf)
TENON_EXTENDS(leaf, node, base)
TENON_CONSTRUCTOR_POINTER(leaf)
{
  leaf *p = calloc(1, sizeof *p);

  if (!p) return NULL;
  p->base.refs = 1;
  nodes++;
  return shared_leaf = p;
}
TENON_METHOD(i32, node, refs)
{
  return self->refs;
}
TENON_FUNCTION(node, leaf_as_node)
{
  shared_leaf->base.refs++;
  return &shared_leaf->base;
}

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  named = shapes = circles = nodes = 0;
  memset(released, 0, sizeof released);
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt, "import { log } from 'test'; import * as native from 'native';\n"
            "Object.assign(globalThis, native);\n"
            "globalThis.log = (...a) => log(a.map(String).join(' '));\n"
            "globalThis.caught = (f) => { try { return f() }"
            " catch (e) { return `${e.name}: ${e.message}` } };");
  return rt;
}

TEST(a_class_has_what_its_base_has)
{
  tenon_runtime *rt = start();

  t_run(rt, "const d = new Dog('rex', 3);\n"
            "log(d.name(), d.walk(2), d.trick(), d.legs, d.half, d.tricks);\n"
            "d.half = 3; d.legs++; log(d.legs, d.walk());\n"
            "log(Animal.prototype.walk.call(d, 2), d.me() === d);\n"
            "log(d instanceof Dog, d instanceof Animal,"
            " Object.getPrototypeOf(Dog.prototype) === Animal.prototype,"
            " Object.getPrototypeOf(Dog) === Animal);\n"
            "log(Dog.count(), Dog.MOST, Object.hasOwn(Dog, 'count'));\n"
            "const p = new Puppy(); log(p.walk(), p.trick(), p.name(),"
            " p instanceof Animal, Puppy.length, Puppy.name);\n"
            "log(Object.prototype.toString.call(p), d.constructor === Dog);");
  CHECK_LOG("rex 9 3 4 2 3\n7 8\n14 true\ntrue true true true\n1 100 false\n"
            "5 0 tiny true 0 Puppy\n[object Puppy] true\n");
}

TEST(a_base_is_not_what_extends_it)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "const a = new Animal('a'), d = new Dog('d'), p = new Puppy();\n"
        "log(legs_of(a), legs_of(d, [a, p]), tricks_of(p));\n"
        "log(caught(() => tricks_of(a)));\n"
        "log(caught(() => Dog.prototype.trick.call(a)));\n"
        "log(caught(() => Puppy.prototype.trick.call(d)),"
        " caught(() => Dog.prototype.walk.call(a)));\n"
        "Object.setPrototypeOf(a, Dog.prototype);"
        " log(a instanceof Dog, caught(() => a.trick()), a.name());\n"
        "log(cut(d).constructor.name, cut(d).legs, cut(d) instanceof Dog);");
  CHECK_LOG("4 12 0\nTypeError: tricks_of: argument 1 'd': expected Dog, got "
            "Animal\nTypeError: Dog.trick: this: expected Dog, got Animal\n"
            "2 TypeError: Dog.walk: this: expected Dog, got Animal\n"
            "true TypeError: Dog.trick: this: expected Dog, got Animal a\n"
            "Animal 4 false\n");
}

TEST(a_base_releases_for_what_extends_it_unless_that_does)
{
  tenon_runtime *rt = start();

  t_run(rt, "new Animal('a'); new Dog('b'); new Dog('c'); new Puppy();\n"
            "log(caught(() => new Dog('d', -1)));");
  CHECK_LOG("RangeError: no such dog\n");
  tenon_runtime_collect(rt);
  CHECK_INT(0, named);
  CHECK_INT(3, released[0]);
  CHECK_INT(1, released[2]);
}

static size_t external(tenon_runtime *rt)
{
  tenon_memory_usage usage = {.size = sizeof usage};

  CHECK_INT(0, tenon_runtime_memory_usage(rt, &usage));
  return usage.external_bytes;
}

TEST(a_base_measures_for_what_extends_it_unless_that_does)
{
  tenon_runtime *rt = start();
  size_t before = external(rt), with_dog;

  t_run(rt, "globalThis.d = new Dog('d')");
  with_dog = external(rt);
  CHECK(with_dog >= before + 1000 && with_dog < before + 3000);
  t_run(rt, "globalThis.p = new Puppy()");
  CHECK(external(rt) >= with_dog + 500000);
  t_run(rt, "d.end(); p.end(); log(caught(() => d.trick()))");
  CHECK_LOG("TypeError: Dog.trick: this: expected Dog, got one that was "
            "disposed of\n");
  CHECK(external(rt) < before + 3000);
}

TEST(scripts_extend_what_extends)
{
  tenon_runtime *rt = start();

  t_run(rt,
        "class Wolf extends Dog { #n = 7; constructor() { super('wolf', 9);"
        " this.t = new.target.name } walk(n) { return super.walk(n) * 10 }\n"
        " get legs() { return super.legs + this.#n } static make() {"
        " return new this() } }\n"
        "class Cub extends Wolf {}\n"
        "const w = Wolf.make(), c = Cub.make();\n"
        "log(w.walk(1), w.legs, w.trick(), legs_of(w), w.t, c.t,"
        " c instanceof Animal, tricks_of(c), Cub.count() > 1);\n"
        "log(Object.keys(w), w.me() === w, JSON.stringify(c));\n"
        "class Odd extends Dog { constructor() { return { odd: 1 } } }\n"
        "log(new Odd().odd, caught(() => new (class extends Dog {"
        " constructor() { this.x } })()));\n"
        "class Twice extends Dog { constructor() { super('a');"
        " super('b') } }\n"
        "log(caught(() => new Twice()));");
  CHECK_LOG("50 11 9 4 Wolf Cub true 9 true\nt true {\"legs\":4,\"tricks\":9}\n"
            "1 ReferenceError: this is not initialized\n"
            "ReferenceError: 'this' can be initialized only once\n");
}

TEST(a_pointer_of_a_base_is_the_object_that_owns_it)
{
  tenon_runtime *rt = start();

  t_run(rt, "let c = new Circle(2); const s = new Shape();\n"
            "log(as_shape(c) === c, c.me() === c, s.me() === s, c.kind(),"
            " c.radius(), as_circle(c) === c, c instanceof Shape);\n"
            "log(caught(() => as_circle(s)), caught(() => as_shape(s)));\n"
            "c = null");
  CHECK_LOG(
      "true true true 1 2 true true\nError: no circle "
      "TypeError: as_shape: argument 1 'c': expected Circle, got Shape\n");
  t_free(rt);
  CHECK_INT(0, shapes);
  CHECK_INT(0, circles);
}

TEST(a_counted_pointer_of_a_base_is_the_object_that_holds_it)
{
  tenon_runtime *rt = start();

  t_run(rt, "const l = new Leaf(); log(leaf_as_node() === l, l.refs(),"
            " l.constructor.name, caught(() => new Node()));");
  CHECK_LOG("true 1 Leaf TypeError: Node: there is no constructor\n");
  t_free(rt);
  CHECK_INT(0, nodes);
}

/* --- Realms ---------------------------------------------------------------------- */

static void run_in(tenon_realm *realm, const char *source)
{
  int r = tenon_realm_eval_module(realm, source, strlen(source), "realm.js");

  if (r) fail_msg("%s", tenon_runtime_exception(tenon_realm_runtime(realm)));
}

static const char import_all[] = "import * as native from 'native';\n"
                                 "Object.assign(globalThis, native);\n";

/* Gives `to` the global object of `from` as globalThis[name]. */
static void hand(tenon_realm *from, tenon_realm *to, const char *name)
{
  napi_env env = tenon_runtime_env(tenon_realm_runtime(from));
  napi_handle_scope scope;
  napi_value its, ours;

  napi_open_handle_scope(env, &scope);
  CHECK_INT(0, tenon_realm_enter(from));
  CHECK_INT(napi_ok, napi_get_global(env, &its));
  CHECK_INT(0, tenon_realm_leave(from));
  CHECK_INT(0, tenon_realm_enter(to));
  CHECK_INT(napi_ok, napi_get_global(env, &ours));
  CHECK_INT(napi_ok, napi_set_named_property(env, ours, name, its));
  CHECK_INT(0, tenon_realm_leave(to));
  napi_close_handle_scope(env, scope);
}

TEST(an_instance_outlives_the_realm_of_its_class)
{
  tenon_runtime *rt = start();
  tenon_realm *other;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &other));
  run_in(other, import_all);
  hand(other, tenon_runtime_realm(rt), "other");
  t_run(rt,
        "globalThis.v = new other.Puppy();\n"
        "delete globalThis.other; log(v.name(), caught(() => legs_of(v)));\n"
        "log(caught(() => Animal.prototype.walk.call(v)));");
  CHECK_LOG("tiny TypeError: legs_of: argument 1 'a': expected Animal, got one "
            "of another realm\n"
            "TypeError: Animal.walk: this: expected Animal, got one of another "
            "realm\n");
  /* By its prototype it would keep what is left of the realm. */
  t_run(rt, "Object.setPrototypeOf(v, null);");
  CHECK_INT(0, tenon_realm_free(other));
  tenon_runtime_collect(rt);
  t_run(rt, "log(caught(() => legs_of(v)), caught(() => legs_of({})),"
            " caught(() => tricks_of(v)));");
  CHECK_LOG("TypeError: legs_of: argument 1 'a': expected Animal, got one of "
            "another realm TypeError: legs_of: argument 1 'a': expected "
            "Animal, got object TypeError: tricks_of: argument 1 'd': expected "
            "Dog, got one of another realm\n");
  t_free(rt);
  CHECK_INT(0, named);
  CHECK_INT(1, released[2]);
}

/* --- Tables that are wrong --------------------------------------------------------- */

static struct {
  const tenon_host *host;
  tenon_class class[3];
  tenon_member member[3];
  tenon_item item[6];
  const tenon_item *items[6];
  tenon_module module;
} by_hand;

static const tenon_module *hand_entry(void)
{
  return &by_hand.module;
}

/* C extends B, which extends A; the third member is left out. */
static void reset_by_hand(void)
{
  static const char *const names[] = {"C", "B", "A"};
  uint32_t i;

  for (i = 0; i < 3; i++) {
    by_hand.class[i] = (tenon_class){.size = sizeof(tenon_class),
                                     .storage = TENON_STORAGE_VALUE,
                                     .name = names[i],
                                     .instance_size = 24 - 8 * i,
                                     .instance_align = 8};
    by_hand.member[i] = (tenon_member){.size = sizeof(tenon_member),
                                       .kind = TENON_MEMBER_EXTENDS,
                                       .of = &by_hand.class[i],
                                       .base = &by_hand.class[(i + 1) % 3]};
    by_hand.item[i] = (tenon_item){sizeof(tenon_item), TENON_ITEM_CLASS,
                                   names[i], NULL, &by_hand.class[i]};
    by_hand.item[i + 3] = (tenon_item){sizeof(tenon_item), TENON_ITEM_MEMBER,
                                       "", NULL, &by_hand.member[i]};
    by_hand.items[i] = &by_hand.item[i];
    by_hand.items[i + 3] = &by_hand.item[i + 3];
  }
  by_hand.module = (tenon_module){.size = sizeof(tenon_module),
                                  .abi = TENON_MODULE_ABI,
                                  .field_size = sizeof(tenon_field),
                                  .host = &by_hand.host,
                                  .items_begin = by_hand.items,
                                  .items_end = by_hand.items + 5};
}

#define CHECK_CHANGED(code, change)                                         \
  do {                                                                      \
    tenon_runtime *checked = t_runtime();                                   \
    reset_by_hand();                                                        \
    change;                                                                 \
    CHECK_INT(code, tenon_runtime_add_module(checked, "hand", hand_entry)); \
    if (!code)                                                              \
      t_run(checked, "import { A, C } from 'hand';\n"                       \
                     "if (!(C.prototype instanceof A)) throw 'no';");       \
    t_free(checked);                                                        \
  } while (0)
#define REFUSES(change) CHECK_CHANGED(TENON_EABI, change)

TEST(a_class_that_cannot_extend_its_base_is_refused)
{
  static const tenon_class elsewhere = {
      .size = sizeof(tenon_class), .name = "E", .instance_size = 8};

  CHECK_CHANGED(0, );
  REFUSES(by_hand.module.items_end++); /* a circle */
  REFUSES(by_hand.member[0].base = &by_hand.class[0]);
  REFUSES(by_hand.member[1].base = &elsewhere);
  REFUSES(by_hand.member[1].base = NULL);
  REFUSES(by_hand.class[1].instance_size = 4);
  REFUSES(by_hand.class[0].instance_size = 8);
  REFUSES(by_hand.class[2].storage = TENON_STORAGE_POINTER;
          by_hand.class[2].free = free; by_hand.class[2].instance_size = 0);
  REFUSES(by_hand.member[1].of = &by_hand.class[0]); /* twice */
  REFUSES(by_hand.module.items_begin++);             /* of no class */
}
