/* Results that are new instances of what `this` is one of. */
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>

#include "harness.h"

static int owned;

/* By value, with something to free. */
typedef struct num {
  double n;
  char *text;
} num;

static num make_num(double n)
{
  num r = {n, strdup("text")};

  owned++;
  return r;
}

TENON_CLASS_AS("Num", num)
TENON_CONSTRUCTOR(num, (f64, n))
{
  *self = make_num(n);
}
TENON_RELEASE(num)
{
  free(self->text);
  owned--;
}
TENON_METHOD(species(copy(num)), num, plus, (f64, by))
{
  return make_num(self->n + by);
}
TENON_METHOD(copy(num), num, plain, (f64, by))
{
  return make_num(self->n + by);
}
TENON_GET(species(copy(num)), num, half)
{
  return make_num(self->n / 2);
}
TENON_MEMBERS(num, (f64, n))

typedef struct big {
  num base;
  int more;
} big;

TENON_CLASS_AS("Big", big)
TENON_EXTENDS(big, num, base)
TENON_CONSTRUCTOR(big)
{
  self->base = make_num(100);
}

/* By pointer. */
typedef struct text {
  int at;
} text;

static text *make_text(int at)
{
  text *t = malloc(sizeof *t);

  t->at = at;
  owned++;
  return t;
}
static void free_text(text *t)
{
  owned--;
  free(t);
}

TENON_CLASS_POINTER_AS("Text", text, free_text)
TENON_CONSTRUCTOR_POINTER(text, (i32, at))
{
  return make_text(at);
}
TENON_METHOD(species(opt(text)), text, next, (i32, by))
{
  if (by == 0) return self;
  return by < 0 ? NULL : make_text(self->at + by);
}
TENON_METHOD(i32, text, at)
{
  return self->at;
}

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  owned = 0;
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  t_run(rt, "import { log } from 'test'; import * as native from 'native';\n"
            "Object.assign(globalThis, native);\n"
            "globalThis.log = (...a) => log(a.map(String).join(' '));\n"
            "globalThis.caught = (f) => { try { return f() }"
            " catch (e) { return `${e.name}: ${e.message}` } };");
  return rt;
}

static void end(tenon_runtime *rt)
{
  t_free(rt);
  CHECK_INT(0, owned);
}

TEST(a_result_is_of_the_class_that_a_script_has_made)
{
  tenon_runtime *rt = start();

  t_run(
      rt,
      "const seen = []; class V extends Num { #p = 7; q = 8;\n"
      "  constructor(...a) { seen.push(a.length); super(...a, 5);"
      " this.r = 9 }\n"
      "  get p() { return this.#p } }\n"
      "const v = new V(1), w = v.plus(2);\n"
      "log(w.constructor === V, w instanceof V, w.n, w.p, w.q, w.r, w !== v);\n"
      "log(seen, w.plus(1).n, v.plain(1).constructor === Num,"
      " v.half.constructor === V, v.half.n);\n"
      "class W extends V {} log(new W(1).plus(1) instanceof W);\n"
      "const n = new Num(1).plus(3); log(n.constructor === Num, n.n);\n"
      "class T extends Text {} const t = new T(1); log(t.next(2) instanceof T,"
      " t.next(2).at(), t.next(0) === t, t.next(-1));");
  CHECK_LOG("true true 3 7 8 9 true\n1,0,0,0,0 4 true true 0.5\ntrue\ntrue 4\n"
            "true 3 true undefined\n");
  end(rt);
}

TEST(a_class_says_its_species)
{
  tenon_runtime *rt = start();

  t_run(
      rt,
      "const S = Symbol.species; log(Num[S] === Num, Text[S] === Text,"
      " Big[S] === Big, Object.hasOwn(Big, S),"
      " Object.getOwnPropertyDescriptor(Num, S).get.name);\n"
      "const by = (get) => class extends Num { static get [S]() {"
      " return get() } };\n"
      "const of = (get) => caught(() => new (by(get))(1).plus(1).constructor"
      ".name);\n"
      "class V extends Num {}\n"
      "log(of(() => null), of(() => undefined), of(() => Num), of(() => V),"
      " of(() => Big));\n"
      "log(of(() => Array)); log(of(() => 5)); log(of(() => Text));\n"
      "log(of(() => { throw new RangeError('no') }));\n"
      "log(of(() => Object.setPrototypeOf({}, Num)));\n"
      "log(new Big().plus(1).constructor === Num, new (class extends Big {})()"
      ".plus(1).constructor === Num);\n"
      "const v = new V(1); v.constructor = undefined;"
      " log(v.plus(1).constructor === Num); v.constructor = 1;"
      " log(caught(() => v.plus(1)));");
  CHECK_LOG(
      "true true true false get [Symbol.species]\nNum Num Num V Num\n"
      "TypeError: Num.plus: result: the species of `this` is no class that "
      "extends Num\n"
      "TypeError: Num.plus: result: the species of `this` is no class that "
      "extends Num\nNum\nRangeError: no\n"
      "TypeError: Num.plus: result: the species of `this` is no class that "
      "extends Num\ntrue true\ntrue\n"
      "TypeError: Num.plus: result: the species of `this` is no class that "
      "extends Num\n");
  end(rt);
}

TEST(a_species_that_fails_leaves_nothing)
{
  tenon_runtime *rt = start();

  t_run(rt, "let how; class V extends Num { constructor(n) {\n"
            "  if (how === 'before') throw new RangeError('before');\n"
            "  if (how === 'other') return {};\n"
            "  if (how === 'inner') { how = ''; new V(1) }\n"
            "  super(n ?? 0);\n"
            "  if (how === 'behind') throw new RangeError('behind');\n"
            "  if (how === 'return') return new Num(3);\n"
            "} }\n"
            "const v = new V(1);\n"
            "for (how of ['before', 'behind', 'other', 'return', 'inner'])\n"
            "  log(caught(() => v.plus(1).n));\n"
            "log(new V(4).n, v.plus(1).n);\n"
            "class T extends Text { constructor(at) { if (at) super(at);"
            " else throw new RangeError('T') } }\n"
            "log(caught(() => new T(1).next(1)));");
  CHECK_LOG(
      "RangeError: before\nRangeError: behind\n"
      "TypeError: Num.plus: result: the species of `this` has not returned "
      "the Num that super() gave it\n"
      "TypeError: Num.plus: result: the species of `this` has not returned "
      "the Num that super() gave it\n"
      "TypeError: Num.plus: result: the species of `this` has not returned "
      "the Num that super() gave it\n4 2\nRangeError: T\n");
  end(rt);
}

/* --- Tables that are wrong --------------------------------------------------------- */

static struct {
  const tenon_host *host;
  tenon_function function;
  tenon_member member;
  tenon_item item[2];
  const tenon_item *items[2];
  const tenon_function *functions[1];
  tenon_module module;
} by_hand;

static const tenon_module *hand_entry(void)
{
  return &by_hand.module;
}

static void reset_by_hand(void)
{
  by_hand.function = tenon_p_function_num_plus;
  by_hand.member = tenon_p_member_num_plus;
  by_hand.member.function = &by_hand.function;
  by_hand.item[0] = (tenon_item){sizeof(tenon_item), TENON_ITEM_CLASS, "Num",
                                 NULL, &tenon_p_class_num};
  by_hand.item[1] = (tenon_item){sizeof(tenon_item), TENON_ITEM_MEMBER, "plus",
                                 NULL, &by_hand.member};
  by_hand.items[0] = &by_hand.item[0];
  by_hand.items[1] = &by_hand.item[1];
  by_hand.functions[0] = &by_hand.function;
  by_hand.module = (tenon_module){.size = sizeof(tenon_module),
                                  .abi = TENON_MODULE_ABI,
                                  .field_size = sizeof(tenon_field),
                                  .host = &by_hand.host,
                                  .items_begin = by_hand.items,
                                  .items_end = by_hand.items + 2};
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

TEST(a_species_is_of_a_method_that_returns_its_own_class)
{
  CHECK_CHANGED(0, );
  REFUSES(by_hand.function.flags = TENON_FUNCTION_BLOCKING);
  REFUSES(by_hand.function.flags = TENON_FUNCTION_ASYNC);
  REFUSES(by_hand.member.flags = TENON_MEMBER_STATIC);
  REFUSES(by_hand.function.result.type = &tenon_p_copy_big);
  REFUSES(by_hand.function.result.type = &tenon_type_num);
  REFUSES(by_hand.function.result.type = &tenon_type_f64);
  REFUSES(by_hand.function.result.flags |= TENON_FIELD_BORROWED);
  REFUSES(by_hand.module.begin = by_hand.functions;
          by_hand.module.end = by_hand.functions + 1);
}
