/* Constants, getters and defaults of modules. */
#include <string.h>

#include "harness.h"

#include <tenon/export.h>

#define RUN(rt, source)                                                      \
  t_run(rt, "import { log as write } from 'test'; import * as m from 'm';\n" \
            "const log = (...a) => write(a.map(String).join(' '));\n"        \
            "const t = f => { try { log(f()); } catch (e) { log(e); } };\n"  \
            "const d = m.default;\n" source)

TENON_STRUCT(point, (f64, x), (f64, y))

static int evaluated, counter;

static int32_t count_evaluation(void)
{
  return ++evaluated;
}

TENON_CONSTANT(f64, PI, 3.25)
TENON_CONSTANT(point, origin, {0, -1})
TENON_CONSTANT(i32, evaluations, count_evaluation())
TENON_CONSTANT_AS("__proto__", i32, proto, 5)

TENON_FUNCTION(i32, twice, (i32, n))
{
  return 2 * n;
}

TENON_GETTER(i32, next)
{
  if (counter < 0) return tenon_fail(TENON_RANGE_ERROR, "no %s", "more");
  return ++counter;
}

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  counter = 0;
  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_v1));
  return rt;
}

TEST(constants_are_exports)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(m.PI, m.origin.x, m.origin.y, m['__proto__']);\n"
          "log(Object.keys(m));");
  CHECK_LOG("3.25 0 -1 5\nPI,__proto__,default,evaluations,origin,twice\n");
}

TEST(a_constant_is_evaluated_once_in_a_realm)
{
  tenon_runtime *a = start(), *b;
  int before = evaluated;

  RUN(a, "");
  CHECK_INT(before + 1, evaluated);
  RUN(a, "import { evaluations } from 'm';\n"
         "log(evaluations === m.evaluations, d.evaluations === evaluations);");
  CHECK_INT(before + 1, evaluated);
  b = start();
  CHECK_INT(before + 1, evaluated);
  RUN(b, "");
  CHECK_INT(before + 2, evaluated);
  CHECK_LOG("true true\n");
}

TEST(a_getter_is_called_each_time)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(d.next, d.next); const { next } = d; log(next, next);");
  CHECK_LOG("1 2\n3 3\n");
  counter = -1;
  RUN(rt, "t(() => d.next);");
  CHECK_LOG("RangeError: no more\n");
}

TEST(a_getter_is_no_import)
{
  tenon_runtime *rt = start();

  CHECK_THROWS(rt, "SyntaxError", "import { next } from 'm';");
  RUN(rt, "log('next' in m, 'next' in d);");
  CHECK_LOG("false true\n");
}

TEST(properties_of_the_default_object_are_those_of_their_kind)
{
  tenon_runtime *rt = start();

  RUN(rt, "const p = name => {\n"
          "  const p = Object.getOwnPropertyDescriptor(d, name);\n"
          "  log(name, ...['writable', 'enumerable', 'configurable']\n"
          "    .filter(k => p[k]), p.get?.name, p.get?.length, p.set);\n"
          "};\n"
          "Object.keys(d).map(p);\n"
          "log(d.twice === m.twice, Object.getPrototypeOf(d) ===\n"
          "  Object.prototype);\n"
          "t(() => { d.PI = 1; }); t(() => { d.next = 1; }); d.twice = 1;\n"
          "log(d.PI, d.twice, m.twice.name);");
  CHECK_LOG("PI enumerable undefined undefined undefined\n"
            "__proto__ enumerable undefined undefined undefined\n"
            "evaluations enumerable undefined undefined undefined\n"
            "next enumerable configurable get next 0 undefined\n"
            "origin enumerable undefined undefined undefined\n"
            "twice writable enumerable configurable undefined undefined "
            "undefined\n"
            "true true\n"
            "TypeError: 'PI' is read-only\nTypeError: no setter for property\n"
            "3.25 1 twice\n");
}

/* --- Tables by hand ------------------------------------------------------------------- */

static struct {
  tenon_function function[4];
  tenon_item item[5];
  const tenon_function *functions[2];
  const tenon_item *items[5];
  const tenon_host *host;
  tenon_module module;
} by_hand;

static void seven(void *args, void *result)
{
  (void)args;
  *(int32_t *)result = 7;
}

static const tenon_module *hand_entry(void)
{
  return &by_hand.module;
}

/* Functions a and b, constants c and d; the fifth item, and the third, are left
 * out. */
static void reset_by_hand(void)
{
  static const char *const names[] = {"a", "b", "c", "d", "e"};
  uint32_t i;

  memset(&by_hand, 0, sizeof by_hand);
  for (i = 0; i < 5; i++) {
    by_hand.function[i % 4] = (tenon_function){
        .size = sizeof(tenon_function),
        .name = names[i % 4],
        .result = {.name = "value", .type = &tenon_type_i32},
        .args_size = sizeof(tenon_args),
        .thunk = seven,
    };
    by_hand.item[i] = (tenon_item){.size = sizeof(tenon_item),
                                   .kind = TENON_ITEM_CONSTANT,
                                   .name = names[i < 2 ? i + 2 : 4],
                                   .data = &by_hand.function[2 + i % 2]};
    by_hand.items[i] = &by_hand.item[i];
  }
  by_hand.functions[0] = &by_hand.function[0];
  by_hand.functions[1] = &by_hand.function[1];
  by_hand.item[2].kind = TENON_ITEM_DEFAULT;
  by_hand.item[2].name = "a";
  by_hand.module = (tenon_module){
      .size = sizeof(tenon_module),
      .abi = TENON_MODULE_ABI,
      .field_size = sizeof(tenon_field),
      .host = &by_hand.host,
      .begin = by_hand.functions,
      .end = by_hand.functions + 2,
      .items_begin = by_hand.items,
      .items_end = by_hand.items + 2,
  };
}

static void check_changed(int code, const char *source, const char *logged)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(code, tenon_runtime_add_module(rt, "m", hand_entry));
  if (code == 0) {
    RUN(rt, "log(Object.keys(m));");
    CHECK_LOG(logged);
    if (source) t_run(rt, source);
  }
  t_free(rt);
}
#define TAKES(logged, change)       \
  do {                              \
    reset_by_hand();                \
    change;                         \
    check_changed(0, NULL, logged); \
  } while (0)
#define REFUSES(change)                    \
  do {                                     \
    reset_by_hand();                       \
    change;                                \
    check_changed(TENON_EABI, NULL, NULL); \
  } while (0)

TEST(a_list_of_items_without_an_end_is_refused)
{
  TAKES("a,b,c,d\n", );
  TAKES("a,b\n", by_hand.module.items_end = by_hand.items);
  TAKES("a,b\n", by_hand.module.items_begin = by_hand.module.items_end = NULL);
  TAKES("c,d\n", by_hand.module.begin = by_hand.module.end = NULL);
  REFUSES(by_hand.module.items_end = NULL);
  REFUSES(by_hand.module.items_begin = NULL);
  REFUSES(by_hand.module.items_end = by_hand.items - 1);
}

TEST(an_item_of_another_format_is_refused)
{
  TAKES("a,b,c,d\n", by_hand.item[0].size += 8);
  REFUSES(by_hand.items[1] = NULL);
  REFUSES(by_hand.item[1].size = sizeof(tenon_item) - 1);
  REFUSES(by_hand.item[1].kind = 0);
  REFUSES(by_hand.item[1].kind = TENON_ITEM_DOC + 1);
  REFUSES(by_hand.item[1].name = NULL);
  REFUSES(by_hand.item[1].name = "");
  REFUSES(by_hand.item[1].data = NULL);
  REFUSES(by_hand.item[1].kind = TENON_ITEM_GETTER;
          by_hand.item[1].data = NULL);
}

TEST(a_value_that_is_no_plain_function_is_refused)
{
  static const tenon_field n = {"n", &tenon_type_i32, sizeof(tenon_args), 0,
                                NULL};

  REFUSES(by_hand.function[3].flags = TENON_FUNCTION_BLOCKING);
  REFUSES(by_hand.function[3].flags = TENON_FUNCTION_ASYNC);
  REFUSES(by_hand.function[3].result.type = &tenon_type_none);
  REFUSES(by_hand.function[3].result.type = NULL);
  REFUSES(by_hand.function[3].thunk = NULL);
  REFUSES(by_hand.function[3].params = &n; by_hand.function[3].param_count = 1;
          by_hand.function[3].args_size = 32);
}

TEST(names_of_functions_and_items_are_distinct)
{
  REFUSES(by_hand.item[1].name = "c");
  REFUSES(by_hand.item[1].name = "a");
  REFUSES(by_hand.item[1].name = "b"; by_hand.item[1].kind = TENON_ITEM_GETTER);
  TAKES("C,a,b,c\n", by_hand.item[1].name = "C");
}

#define USE(index) by_hand.module.items_end = by_hand.items + (index) + 1

TEST(a_default_is_there_once_and_is_no_getter)
{
  TAKES("a,b,c,d,default\n", USE(2));
  TAKES("a,b,c,d,default\n", USE(2); by_hand.item[2].name = "c");
  TAKES("a,b,c,d,default\n", USE(2); by_hand.item[2].name = "");
  TAKES("a,b,d,default\n", by_hand.item[0].name = "default");
  REFUSES(USE(2); by_hand.item[2].name = NULL);
  REFUSES(USE(2); by_hand.item[2].name = "x");
  REFUSES(USE(2); by_hand.item[2].name = "default");
  REFUSES(USE(2); by_hand.item[0].name = "default");
  REFUSES(USE(2); by_hand.item[0].name = "default"; by_hand.item[2].name = "");
  REFUSES(USE(2); by_hand.item[0].kind = TENON_ITEM_GETTER;
          by_hand.item[2].name = "c");
  REFUSES(USE(3); by_hand.item[3].kind = TENON_ITEM_DEFAULT;
          by_hand.item[3].name = "b");
}

TEST(a_getter_makes_a_default_object_where_no_default_is_said)
{
  TAKES("a,b,d,default\n", by_hand.item[0].kind = TENON_ITEM_GETTER);
  TAKES("a,b,default\n", by_hand.item[0].kind = TENON_ITEM_GETTER;
        by_hand.item[1].name = "default");
  TAKES("a,b,d,default\n", by_hand.item[0].kind = TENON_ITEM_GETTER; USE(2));
}

TEST(documentation_is_no_export)
{
  TAKES("a,b,c,d\n", USE(2); by_hand.item[2].kind = TENON_ITEM_DOC;
        by_hand.item[2].doc = "text"; by_hand.item[2].name = "a");
  REFUSES(USE(2); by_hand.item[2].kind = TENON_ITEM_DOC);
}

/* --- Failing --------------------------------------------------------------------------- */

static bool must_fail;

static void failing(void *args, void *result)
{
  (void)args;
  *(int32_t *)result = 3;
  if (must_fail) tenon_fail(TENON_RANGE_ERROR, "no value");
}

TEST(what_a_constant_fails_with_the_import_throws)
{
  tenon_runtime *rt = t_runtime();

  reset_by_hand();
  by_hand.function[2].thunk = failing;
  CHECK_INT(0, tenon_runtime_add_module(rt, "n", tenon_module_v1));
  CHECK_INT(0, tenon_runtime_add_module(rt, "m", hand_entry));
  must_fail = true;
  CHECK_THROWS(rt, "RangeError: no value", "import 'm';");
  CHECK_THROWS(rt, "RangeError: no value", "import * as m from 'm';");
  must_fail = false;
  t_run(rt, "export default 1;");
}

static void bad_text(void *args, void *result)
{
  (void)args;
  *(const char **)result = NULL;
}

TEST(a_constant_whose_value_cannot_be_told_is_a_type_error)
{
  tenon_runtime *rt = t_runtime();

  reset_by_hand();
  by_hand.function[2].thunk = bad_text;
  by_hand.function[2].result.type = &tenon_type_cstr;
  CHECK_INT(0, tenon_runtime_add_module(rt, "m", hand_entry));
  CHECK_THROWS(rt, "TypeError: c: result", "import 'm';");
}
