/* Modules' tables: what tenon_runtime_add_module takes and refuses. */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#include <tenon/export.h>

TENON_FUNCTION(i32, one)
{
  return 1;
}

TENON_FUNCTION_AS("default", i32, the_default)
{
  return 2;
}

TENON_FUNCTION_AS("not an identifier", i32, spaced)
{
  return 3;
}

TENON_FUNCTION_AS("gr\xc3\xbc\xc3\x9f"
                  "e",
                  i32, beyond_ascii)
{
  return 4;
}

/* --- A table by hand ------------------------------------------------------------- */

/* Functions of one parameter, good unless a test changes them; the third is
 * left out. */
static struct {
  tenon_type type;
  tenon_field field[26];
  tenon_function function[3];
  const tenon_function *list[3];
  const tenon_host *host;
  tenon_module module;
} by_hand;

static void add_one(void *args, void *result)
{
  *(int64_t *)result = *(int64_t *)((char *)args + sizeof(tenon_args)) + 1;
}

static const tenon_module *hand_entry(void)
{
  return &by_hand.module;
}

static void reset_by_hand(void)
{
  static const char *const names[] = {"first", "second", "third"};
  size_t i;

  memset(&by_hand, 0, sizeof by_hand);
  by_hand.type = tenon_type_i64;
  for (i = 0; i < 26; i++)
    by_hand.field[i] = (tenon_field){
        .name = "n",
        .type = &by_hand.type,
        .offset = (uint32_t)(sizeof(tenon_args) + 8 * i),
    };
  for (i = 0; i < 3; i++) {
    by_hand.function[i] = (tenon_function){
        .size = sizeof(tenon_function),
        .name = names[i],
        .result = {.name = "result", .type = &tenon_type_i64},
        .params = by_hand.field,
        .param_count = 1,
        .args_size = sizeof(tenon_args) + 8,
        .thunk = add_one,
        .file = __FILE__,
        .line = __LINE__,
    };
    by_hand.list[i] = &by_hand.function[i];
  }
  by_hand.module = (tenon_module){
      .size = sizeof(tenon_module),
      .abi = TENON_MODULE_ABI,
      .field_size = sizeof(tenon_field),
      .host = &by_hand.host,
      .begin = by_hand.list,
      .end = by_hand.list + 2,
  };
}

/* Adds the table after `change`, and the good one after that. */
#define CHECK_CHANGED(code, change)                                         \
  do {                                                                      \
    tenon_runtime *checked = t_runtime();                                   \
    reset_by_hand();                                                        \
    change;                                                                 \
    CHECK_INT(code, tenon_runtime_add_module(checked, "hand", hand_entry)); \
    reset_by_hand();                                                        \
    if (code)                                                               \
      CHECK_INT(0, tenon_runtime_add_module(checked, "hand", hand_entry));  \
    t_free(checked);                                                        \
  } while (0)
#define REFUSES(change) CHECK_CHANGED(TENON_EABI, change)
#define TAKES(change) CHECK_CHANGED(0, change)

static const tenon_module *no_entry(void)
{
  return NULL;
}

/* --- Names ------------------------------------------------------------------------ */

TEST(a_module_needs_a_name_that_no_path_or_url_can_be)
{
  tenon_runtime *rt = t_runtime();
  const char *const wrong[] = {NULL, "",    ".",       "./x", "../x",
                               "/x", "a:b", "node:fs", ":"};
  size_t i;

  for (i = 0; i < sizeof wrong / sizeof *wrong; i++)
    CHECK_INT(TENON_EINVAL,
              tenon_runtime_add_module(rt, wrong[i], tenon_module_v1));
  CHECK_INT(0, tenon_runtime_add_module(rt, "a/b", tenon_module_v1));
  CHECK_INT(0, tenon_runtime_add_module(rt, "@s/b.c", tenon_module_v1));
  t_run(rt, "import { log } from 'test';\n"
            "import { one as a } from 'a/b'; import { one as b } from "
            "'@s/b.c';\n"
            "log(`${a()} ${b()}`);");
  CHECK_LOG("1 1\n");
}

TEST(a_module_needs_an_entry_and_a_runtime)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(TENON_EINVAL, tenon_runtime_add_module(rt, "a", NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_add_module(NULL, "a", tenon_module_v1));
  CHECK_INT(TENON_EABI, tenon_runtime_add_module(rt, "a", no_entry));
}

TEST(a_name_is_taken_once)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "a", tenon_module_v1));
  CHECK_INT(TENON_EEXIST, tenon_runtime_add_module(rt, "a", tenon_module_v1));
  reset_by_hand();
  CHECK_INT(TENON_EEXIST, tenon_runtime_add_module(rt, "a", hand_entry));
  t_run(rt, "import { one } from 'a'; one();");
}

TEST(a_name_that_was_refused_is_still_free)
{
  tenon_runtime *rt = t_runtime();

  reset_by_hand();
  by_hand.module.abi = 2;
  CHECK_INT(TENON_EABI, tenon_runtime_add_module(rt, "a", hand_entry));
  CHECK_INT(0, tenon_runtime_add_module(rt, "a", tenon_module_v1));
}

TEST(a_module_of_two_names_is_two_modules)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "a", tenon_module_v1));
  CHECK_INT(0, tenon_runtime_add_module(rt, "b", tenon_module_v1));
  t_run(rt, "import { log } from 'test';\n"
            "import * as a from 'a'; import * as b from 'b';\n"
            "log(`${a.one === b.one} ${a.one()} ${b.one()}`);");
  CHECK_LOG("false 1 1\n");
}

TEST(the_name_is_copied)
{
  tenon_runtime *rt = t_runtime();
  char name[] = "copied";

  CHECK_INT(0, tenon_runtime_add_module(rt, name, tenon_module_v1));
  memset(name, 'x', sizeof name - 1);
  t_run(rt, "import { one } from 'copied'; one();");
}

TEST(two_runtimes_have_the_same_module_each)
{
  tenon_runtime *a = t_runtime(), *b = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(a, "m", tenon_module_v1));
  CHECK_INT(0, tenon_runtime_add_module(b, "m", tenon_module_v1));
  t_run(a, "import { one } from 'm'; one();");
  t_free(a);
  t_run(b, "import { log } from 'test'; import { one } from 'm';\n"
           "log(`${one()}`);");
  CHECK_LOG("1\n");
}

TEST(a_module_can_be_added_while_another_is_in_use)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "a", tenon_module_v1));
  t_run(rt, "import { one } from 'a'; globalThis.f = one;");
  reset_by_hand();
  CHECK_INT(0, tenon_runtime_add_module(rt, "b", hand_entry));
  t_run(rt, "import { log } from 'test'; import { first } from 'b';\n"
            "log(`${f()} ${first(1)}`);");
  CHECK_LOG("1 2\n");
}

/* --- Exports ------------------------------------------------------------------------ */

TEST(exports_are_the_functions_in_the_order_of_their_names)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "a", tenon_module_v1));
  t_run(rt, "import { log } from 'test'; import * as a from 'a';\n"
            "import d, { 'not an identifier' as s, gr\xc3\xbc\xc3\x9f"
            "e\n"
            "  } from 'a';\n"
            "log(Object.keys(a).join());\n"
            "log(`${d()} ${s()} ${gr\xc3\xbc\xc3\x9f"
            "e()}`);\n"
            "log(`${d.name} ${s.name} ${gr\xc3\xbc\xc3\x9f"
            "e.name}`);");
  CHECK_LOG("default,gr\xc3\xbc\xc3\x9f"
            "e,not an identifier,one\n2 3 4\n"
            "default not an identifier gr\xc3\xbc\xc3\x9f"
            "e\n");
}

TEST(a_missing_export_is_a_syntax_error)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "a", tenon_module_v1));
  CHECK_THROWS(rt, "SyntaxError", "import { two } from 'a';");
}

/* --- Tables by hand -------------------------------------------------------------------- */

TEST(a_table_by_hand_is_a_module)
{
  tenon_runtime *rt = t_runtime();

  reset_by_hand();
  CHECK_INT(0, tenon_runtime_add_module(rt, "hand", hand_entry));
  CHECK(by_hand.host != NULL);
  t_run(rt, "import { log } from 'test'; import * as m from 'hand';\n"
            "log(`${m.first(1)} ${m.second(2n)} ${Object.keys(m)}`);");
  CHECK_LOG("2 3 first,second\n");
}

TEST(an_empty_module_is_importable)
{
  tenon_runtime *rt = t_runtime();

  reset_by_hand();
  by_hand.module.begin = by_hand.module.end = NULL;
  CHECK_INT(0, tenon_runtime_add_module(rt, "none", hand_entry));
  t_run(rt, "import { log } from 'test'; import * as m from 'none';\n"
            "import 'none'; log(`${Object.keys(m).length}`);");
  CHECK_LOG("0\n");
}

TEST(a_module_of_another_format_is_refused)
{
  REFUSES(by_hand.module.size = sizeof(tenon_module) - 1);
  REFUSES(by_hand.module.size = 0);
  REFUSES(by_hand.module.abi = 0);
  REFUSES(by_hand.module.abi = TENON_MODULE_ABI + 1);
  REFUSES(by_hand.module.field_size = sizeof(tenon_field) + 8);
  REFUSES(by_hand.module.field_size = 0);
  REFUSES(by_hand.module.threads = TENON_THREADS_any + 1);
  REFUSES(by_hand.module.host = NULL);
  TAKES(by_hand.module.size = sizeof(tenon_module) + 8);
}

TEST(a_list_without_an_end_is_refused)
{
  REFUSES(by_hand.module.end = NULL);
  REFUSES(by_hand.module.end = by_hand.list - 1);
  REFUSES(by_hand.module.begin = NULL);
  TAKES(by_hand.module.end = by_hand.list);
}

TEST(a_function_of_another_format_is_refused)
{
  REFUSES(by_hand.list[1] = NULL);
  REFUSES(by_hand.function[1].size = sizeof(tenon_function) - 1);
  REFUSES(by_hand.function[1].flags = 4);
  REFUSES(by_hand.function[1].flags = UINT32_MAX);
  REFUSES(by_hand.function[1].flags =
              TENON_FUNCTION_ASYNC | TENON_FUNCTION_BLOCKING);
  REFUSES(by_hand.function[1].thunk = NULL);
  TAKES(by_hand.function[1].size = sizeof(tenon_function) + 8);
  TAKES(by_hand.function[1].flags = TENON_FUNCTION_BLOCKING);
}

TEST(a_function_without_a_name_is_refused)
{
  REFUSES(by_hand.function[1].name = NULL);
  REFUSES(by_hand.function[1].name = "");
  REFUSES(by_hand.field[0].name = NULL);
}

TEST(two_functions_of_one_name_are_refused)
{
  REFUSES(by_hand.function[1].name = "first");
  REFUSES(by_hand.function[2].name = "first"; by_hand.module.end++);
  TAKES(by_hand.module.end++);
  TAKES(by_hand.function[1].name = "First");
}

TEST(parameters_that_are_not_there_are_refused)
{
  REFUSES(by_hand.function[1].params = NULL);
  REFUSES(by_hand.function[1].param_count = 25;
          by_hand.function[1].args_size = 1000);
  REFUSES(by_hand.function[1].param_count = UINT32_MAX);
  TAKES(by_hand.function[1].param_count = 24;
        by_hand.function[1].args_size = 1000);
  TAKES(by_hand.function[1].param_count = 0; by_hand.function[1].params = NULL);
}

TEST(a_parameter_outside_of_its_struct_is_refused)
{
  REFUSES(by_hand.field[0].offset = sizeof(tenon_args) + 1);
  REFUSES(by_hand.field[0].offset = sizeof(tenon_args) + 8);
  REFUSES(by_hand.field[0].offset = UINT32_MAX);
  REFUSES(by_hand.field[0].offset = UINT32_MAX - 7);
  REFUSES(by_hand.field[0].offset = 0);
  REFUSES(by_hand.field[0].offset = 8);
  REFUSES(by_hand.function[1].args_size = sizeof(tenon_args));
  REFUSES(by_hand.function[1].args_size = 0);
  TAKES(by_hand.field[0].offset = 24; by_hand.function[0].args_size = 32;
        by_hand.function[1].args_size = 32);
}

TEST(a_parameter_at_an_odd_address_is_refused)
{
  REFUSES(by_hand.field[0].offset = sizeof(tenon_args) + 4;
          by_hand.function[0].args_size = 64;
          by_hand.function[1].args_size = 64);
  TAKES(by_hand.type = tenon_type_i32;
        by_hand.field[0].offset = sizeof(tenon_args) + 4;
        by_hand.function[0].args_size = 64; by_hand.function[1].args_size = 64);
}

TEST(parameters_that_overlap_are_refused)
{
  REFUSES(by_hand.field[1].offset = by_hand.field[0].offset;
          by_hand.function[1].param_count = 2;
          by_hand.function[1].args_size = 64);
  TAKES(by_hand.field[1].offset = by_hand.field[0].offset;
        by_hand.field[0].offset += 8; by_hand.function[1].param_count = 2;
        by_hand.function[0].args_size = by_hand.function[1].args_size = 64);
}

TEST(a_type_that_is_not_known_is_refused)
{
  REFUSES(by_hand.field[0].type = NULL);
  REFUSES(by_hand.type.kind = TENON_KIND_FLAGS + 1);
  REFUSES(by_hand.type.kind = UINT32_MAX);
  REFUSES(by_hand.type.size = 4);
  REFUSES(by_hand.type = tenon_type_none);
  REFUSES(by_hand.field[0].flags = 128);
  REFUSES(by_hand.field[0].flags = UINT32_MAX);
  REFUSES(by_hand.field[0].flags = TENON_FIELD_OPT | TENON_FIELD_NULLABLE);
  TAKES(by_hand.field[0].flags = TENON_FIELD_OPT);
  TAKES(by_hand.field[0].flags = TENON_FIELD_NULLABLE | TENON_FIELD_DEFAULT);
  TAKES(by_hand.field[0].flags = TENON_FIELD_OPT | TENON_FIELD_DEFAULT);
}

TEST(a_result_that_is_not_known_is_refused)
{
  REFUSES(by_hand.function[1].result.type = NULL);
  REFUSES(by_hand.type.kind = TENON_KIND_FLAGS + 1;
          by_hand.function[1].result.type = &by_hand.type);
  REFUSES(by_hand.function[1].result.flags = TENON_FIELD_DEFAULT);
  REFUSES(by_hand.function[1].result.flags = 8);
  REFUSES(by_hand.function[1].result.type = &tenon_type_none;
          by_hand.function[1].result.flags = TENON_FIELD_OPT);
  TAKES(by_hand.function[1].result.type = &tenon_type_none);
  TAKES(by_hand.function[1].result.flags = TENON_FIELD_OPT);
}

/* The first two functions have so many parameters, of i64. */
static void use_parameters(uint32_t count)
{
  by_hand.function[0].param_count = by_hand.function[1].param_count = count;
  by_hand.function[0].args_size = by_hand.function[1].args_size =
      (uint32_t)(sizeof(tenon_args) + 8 * count);
}

/* Those, and the last is an array. */
static void use_rest(uint32_t count, uint32_t flags)
{
  use_parameters(count);
  by_hand.field[count - 1].type = &tenon_p_array_i32;
  by_hand.field[count - 1].flags = flags;
  by_hand.function[0].args_size = by_hand.function[1].args_size += 8;
}

/* The other way round: the array is the first of two. */
static void use_early_rest(uint32_t flags)
{
  use_rest(2, 0);
  by_hand.field[0].type = &tenon_p_array_i32;
  by_hand.field[0].flags = flags;
  by_hand.field[1].type = &by_hand.type;
  by_hand.field[1].offset = sizeof(tenon_args) + 16;
}

TEST(this_that_is_not_the_first_is_refused)
{
  TAKES(by_hand.field[0].flags = TENON_FIELD_THIS);
  TAKES(by_hand.field[0].flags = TENON_FIELD_THIS | TENON_FIELD_OPT);
  TAKES(by_hand.field[0].flags = TENON_FIELD_THIS | TENON_FIELD_COERCE);
  TAKES(by_hand.field[0].flags = TENON_FIELD_THIS | TENON_FIELD_DEFAULT);
  TAKES(use_parameters(2));
  REFUSES(use_parameters(2); by_hand.field[1].flags = TENON_FIELD_THIS);
  REFUSES(by_hand.function[1].result.flags = TENON_FIELD_THIS);
}

TEST(rest_that_is_not_the_last_or_no_array_is_refused)
{
  TAKES(use_rest(1, TENON_FIELD_REST));
  TAKES(use_rest(2, TENON_FIELD_REST));
  TAKES(use_rest(2, TENON_FIELD_REST);
        by_hand.field[0].flags = TENON_FIELD_THIS);
  TAKES(use_rest(24, TENON_FIELD_REST));
  REFUSES(use_rest(25, TENON_FIELD_REST));
  TAKES(use_early_rest(0));
  REFUSES(use_early_rest(TENON_FIELD_REST));
  REFUSES(use_rest(2, TENON_FIELD_REST);
          by_hand.field[1].type = &tenon_type_i64);
  REFUSES(use_rest(2, TENON_FIELD_REST); by_hand.field[1].type = NULL);
  REFUSES(use_rest(1, TENON_FIELD_REST | TENON_FIELD_THIS));
  REFUSES(use_rest(2, TENON_FIELD_REST | TENON_FIELD_OPT));
  REFUSES(use_rest(2, TENON_FIELD_REST | TENON_FIELD_NULLABLE));
  REFUSES(use_rest(2, TENON_FIELD_REST | TENON_FIELD_DEFAULT));
  REFUSES(use_rest(2, TENON_FIELD_REST | TENON_FIELD_COERCE));
  REFUSES(by_hand.function[1].result.type = &tenon_p_array_i32;
          by_hand.function[1].result.flags = TENON_FIELD_REST);
}

TEST(what_cannot_be_coerced_is_refused)
{
  TAKES(by_hand.field[0].flags = TENON_FIELD_COERCE);
  TAKES(by_hand.field[0].flags = TENON_FIELD_COERCE | TENON_FIELD_NULLABLE);
  TAKES(by_hand.type = tenon_type_bool;
        by_hand.field[0].flags = TENON_FIELD_COERCE);
  REFUSES(use_rest(1, TENON_FIELD_COERCE));
  REFUSES(by_hand.function[0].args_size = by_hand.function[1].args_size = 64;
          by_hand.type = tenon_type_bytes;
          by_hand.field[0].flags = TENON_FIELD_COERCE);
  REFUSES(by_hand.function[1].result.flags = TENON_FIELD_COERCE);
}

TEST(only_a_result_is_exhaustive)
{
  TAKES(by_hand.function[1].result.flags = TENON_FIELD_EXHAUSTIVE);
  TAKES(by_hand.function[1].result.type = &tenon_type_none;
        by_hand.function[1].result.flags = TENON_FIELD_EXHAUSTIVE);
  TAKES(by_hand.function[1].result.flags =
            TENON_FIELD_EXHAUSTIVE | TENON_FIELD_OPT);
  REFUSES(by_hand.field[0].flags = TENON_FIELD_EXHAUSTIVE);
  REFUSES(by_hand.function[1].result.flags = 2 * TENON_FIELD_EXHAUSTIVE);
}

/* --- Types by hand ------------------------------------------------------------------------ */

static tenon_field parts[1030];
static char part_names[1030][4];

static void no_defaults(void *object, uint64_t absent)
{
  (void)object;
  (void)absent;
}

/* The parameter becomes a type of `count` parts: i32, one behind another. */
static void use_parts(uint32_t kind, uint32_t count)
{
  uint32_t i;

  memset(parts, 0, sizeof parts);
  for (i = 0; i < 1030; i++) {
    part_names[i][0] = (char)('a' + i % 26);
    part_names[i][1] = (char)('a' + i / 26);
    parts[i] = (tenon_field){
        .name = part_names[i], .type = &tenon_type_i32, .offset = 4 * i};
  }
  by_hand.type = (tenon_type){.kind = kind,
                              .size = kind == TENON_KIND_ENUM ? 4 : 4 * count,
                              .name = "parts",
                              .fields = parts,
                              .field_count = count};
  by_hand.function[0].args_size = by_hand.function[1].args_size = 8192;
}
#define STRUCT(change)             \
  use_parts(TENON_KIND_STRUCT, 3); \
  change
#define ENUM(change)             \
  use_parts(TENON_KIND_ENUM, 3); \
  change

TEST(a_struct_that_is_not_one_is_refused)
{
  TAKES(STRUCT(by_hand.type.size = 12));
  REFUSES(STRUCT(by_hand.type.fields = NULL));
  REFUSES(STRUCT(by_hand.type.field_count = 0));
  REFUSES(STRUCT(by_hand.type.size = 11));
  REFUSES(STRUCT(by_hand.type.size = 14));
  REFUSES(STRUCT(by_hand.type.size = UINT32_MAX));
  REFUSES(STRUCT(parts[1].name = NULL));
  REFUSES(STRUCT(parts[1].name = parts[0].name));
  REFUSES(STRUCT(parts[1].type = NULL));
  REFUSES(STRUCT(parts[1].type = &tenon_type_none));
  REFUSES(STRUCT(parts[1].offset = 8));
  REFUSES(STRUCT(parts[1].offset = 5));
  REFUSES(STRUCT(parts[2].offset = 12));
  REFUSES(STRUCT(parts[1].flags = TENON_FIELD_REST));
  REFUSES(STRUCT(parts[0].flags = TENON_FIELD_THIS));
  REFUSES(STRUCT(parts[1].flags = TENON_FIELD_EXHAUSTIVE));
  TAKES(STRUCT(parts[1].flags = TENON_FIELD_COERCE));
  REFUSES(STRUCT(parts[1].flags = TENON_FIELD_OPT));
  REFUSES(STRUCT(parts[1].flags = TENON_FIELD_DEFAULT));
  TAKES(STRUCT(parts[1].flags = TENON_FIELD_DEFAULT;
               by_hand.type.set_defaults = no_defaults));
  TAKES(use_parts(TENON_KIND_STRUCT, 64));
  REFUSES(use_parts(TENON_KIND_STRUCT, 65));
}

/* A struct whose one member is itself. */
static void use_cycle(uint32_t flags)
{
  use_parts(TENON_KIND_STRUCT, 1);
  parts[0].type = &by_hand.type;
  parts[0].flags = flags;
  if (flags) by_hand.type.size = sizeof(void *);
}

#define ARRAY(change)             \
  use_parts(TENON_KIND_ARRAY, 1); \
  parts[0].name = NULL;           \
  by_hand.type.size = 16;         \
  change

TEST(an_array_that_is_not_one_is_refused)
{
  TAKES(ARRAY(parts[0].flags = TENON_FIELD_NULLABLE));
  TAKES(ARRAY(parts[0].name = "element"));
  REFUSES(ARRAY(by_hand.type.size = 8));
  REFUSES(ARRAY(by_hand.type.fields = NULL));
  REFUSES(ARRAY(by_hand.type.field_count = 0));
  REFUSES(ARRAY(by_hand.type.field_count = 2));
  REFUSES(ARRAY(parts[0].offset = 4));
  REFUSES(ARRAY(parts[0].flags = TENON_FIELD_DEFAULT));
  REFUSES(ARRAY(parts[0].flags = TENON_FIELD_REST));
  REFUSES(ARRAY(parts[0].flags = TENON_FIELD_THIS));
  TAKES(ARRAY(parts[0].flags = TENON_FIELD_COERCE));
  REFUSES(ARRAY(parts[0].type = NULL));
  REFUSES(ARRAY(parts[0].type = &tenon_type_none));
  REFUSES(ARRAY(parts[0].type = &by_hand.type));
}

/* The parameter becomes { pointer, length } of one element. */
#define SLICE(kind, element, change)     \
  use_parts(kind, 1);                    \
  parts[0].type = &tenon_type_##element; \
  by_hand.type.size = 16;                \
  change

TEST(a_view_that_is_not_one_is_refused)
{
  TAKES(SLICE(TENON_KIND_VIEW, i32, ));
  TAKES(SLICE(TENON_KIND_VIEW, big_u64, ));
  REFUSES(SLICE(TENON_KIND_VIEW, bytes, ));
  REFUSES(SLICE(TENON_KIND_VIEW, str, ));
  REFUSES(SLICE(TENON_KIND_VIEW, bool, ));
  REFUSES(SLICE(TENON_KIND_VIEW, i32, by_hand.type.size = 8));
  REFUSES(SLICE(TENON_KIND_VIEW, i32, by_hand.type.fields = NULL));
  REFUSES(SLICE(TENON_KIND_VIEW, i32, by_hand.type.field_count = 2));
  REFUSES(SLICE(TENON_KIND_VIEW, i32, parts[0].offset = 4));
  REFUSES(SLICE(TENON_KIND_VIEW, i32, parts[0].flags = TENON_FIELD_OPT));
  REFUSES(SLICE(TENON_KIND_VIEW, i32, parts[0].type = NULL));
}

TEST(memory_to_write_to_is_a_parameter_on_the_loop_alone)
{
  static tenon_type element;

  TAKES(SLICE(TENON_KIND_INOUT, i32, ));
  TAKES(SLICE(TENON_KIND_INOUT, bytes, ));
  TAKES(
      SLICE(TENON_KIND_INOUT, bytes, by_hand.field[0].flags = TENON_FIELD_OPT));
  TAKES(
      SLICE(TENON_KIND_INOUT, i32, by_hand.module.threads = TENON_THREADS_any));
  REFUSES(SLICE(TENON_KIND_INOUT, str, ));
  REFUSES(SLICE(TENON_KIND_INOUT, i32,
                by_hand.function[1].flags = TENON_FUNCTION_BLOCKING));
  REFUSES(SLICE(TENON_KIND_INOUT, i32,
                by_hand.function[1].flags = TENON_FUNCTION_ASYNC));
  REFUSES(SLICE(TENON_KIND_INOUT, i32,
                by_hand.function[1].result.type = &by_hand.type));
  REFUSES(SLICE(TENON_KIND_INOUT, i32, element = by_hand.type;
                parts[1].offset = 0; parts[1].type = &element;
                by_hand.type.fields = &parts[1];
                by_hand.type.kind = TENON_KIND_ARRAY));
}

#define TUPLE(change)             \
  use_parts(TENON_KIND_TUPLE, 3); \
  change

TEST(a_tuple_that_is_not_one_is_refused)
{
  TAKES(TUPLE(by_hand.type.size = 12));
  TAKES(TUPLE(parts[1].name = parts[0].name));
  REFUSES(TUPLE(by_hand.type.fields = NULL));
  REFUSES(TUPLE(by_hand.type.field_count = 0));
  REFUSES(TUPLE(by_hand.type.size = 11));
  REFUSES(TUPLE(by_hand.type.size = 14));
  REFUSES(TUPLE(parts[1].name = NULL));
  REFUSES(TUPLE(parts[1].type = &tenon_type_none));
  REFUSES(TUPLE(parts[1].offset = 8));
  REFUSES(TUPLE(parts[1].flags = TENON_FIELD_DEFAULT));
  REFUSES(TUPLE(parts[1].type = &by_hand.type));
  TAKES(use_parts(TENON_KIND_TUPLE, 65));
  REFUSES(use_parts(TENON_KIND_TUPLE, 1025));
  REFUSES(
      (use_parts(TENON_KIND_TUPLE, 65), parts[1].flags = TENON_FIELD_DEFAULT));
}

/* A record of i32. */
static struct {
  tenon_type pair;
  tenon_field members[3];
} record;

static void use_record(void)
{
  use_parts(TENON_KIND_RECORD, 1);
  by_hand.type.size = 16;
  record.members[0] = (tenon_field){.name = "key", .type = &tenon_type_str};
  record.members[1] = (tenon_field){
      .name = "value", .type = &tenon_type_i32, .offset = sizeof(tenon_str)};
  record.members[2] =
      (tenon_field){.name = "more",
                    .type = &tenon_type_i32,
                    .offset = sizeof(tenon_str) + sizeof(int32_t)};
  record.pair = (tenon_type){.kind = TENON_KIND_STRUCT,
                             .size = sizeof(tenon_str) + 8,
                             .name = "pair",
                             .fields = record.members,
                             .field_count = 2};
  parts[0].type = &record.pair;
}
#define RECORD(change) \
  use_record();        \
  change

TEST(a_record_that_is_not_one_is_refused)
{
  TAKES(RECORD());
  TAKES(RECORD(record.members[1].flags = TENON_FIELD_OPT;
               record.members[1].offset = 16));
  REFUSES(RECORD(by_hand.type.size = 24));
  REFUSES(RECORD(by_hand.type.fields = NULL));
  REFUSES(RECORD(by_hand.type.field_count = 2));
  REFUSES(RECORD(parts[0].flags = TENON_FIELD_OPT));
  REFUSES(RECORD(parts[0].type = &tenon_type_i32));
  REFUSES(RECORD(record.pair.field_count = 3));
  REFUSES(RECORD(record.pair.field_count = 1));
  REFUSES(RECORD(record.pair.kind = TENON_KIND_TUPLE));
  REFUSES(RECORD(record.members[0].type = &tenon_type_bytes));
  REFUSES(RECORD(record.members[0].flags = TENON_FIELD_OPT));
  REFUSES(RECORD(record.members[1].type = &by_hand.type));
  REFUSES(RECORD(record.members[1].flags = TENON_FIELD_DEFAULT;
                 record.pair.set_defaults = no_defaults));
}

/* 4 GiB for two of them, which 32 bits do not hold. */
TEST(a_record_of_large_pairs_needs_all_their_memory)
{
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(&(tenon_options){.size = sizeof(tenon_options),
                                              .memory_limit_bytes = 32 << 20},
                             &rt));
  reset_by_hand();
  use_record();
  record.pair.size = UINT32_C(1) << 31;
  CHECK_INT(0, tenon_runtime_add_module(rt, "hand", hand_entry));
  CHECK_THROWS(rt, "out of memory",
               "import { first } from 'hand'; first({ a: 1, b: 2 });");
}

#define FLAGS(change)             \
  use_parts(TENON_KIND_FLAGS, 3); \
  by_hand.type.size = 4;          \
  change

TEST(flags_that_are_not_some_are_refused)
{
  TAKES(FLAGS());
  TAKES(FLAGS(by_hand.type.size = 1));
  TAKES(FLAGS(by_hand.type.size = 8));
  TAKES(FLAGS(by_hand.type.size = 1; parts[0].offset = 255));
  TAKES(FLAGS(by_hand.type.size = 1; parts[0].offset = (uint32_t)-128));
  TAKES(FLAGS(by_hand.type.size = 2; parts[0].offset = (uint32_t)-1));
  REFUSES(FLAGS(by_hand.type.size = 1; parts[0].offset = 256));
  REFUSES(FLAGS(by_hand.type.size = 1; parts[0].offset = (uint32_t)-129));
  REFUSES(FLAGS(by_hand.type.size = 2; parts[0].offset = 65536));
  REFUSES(FLAGS(by_hand.type.size = 3));
  REFUSES(FLAGS(by_hand.type.size = 0));
  REFUSES(FLAGS(by_hand.type.fields = NULL));
  REFUSES(FLAGS(by_hand.type.field_count = 0));
  REFUSES(FLAGS(by_hand.type.field_count = 4097));
  REFUSES(FLAGS(parts[1].name = NULL));
  REFUSES(FLAGS(parts[1].name = parts[2].name));
  REFUSES(FLAGS(parts[1].flags = TENON_FIELD_OPT));
}

TEST(a_date_that_is_not_one_is_refused)
{
  TAKES(by_hand.type = tenon_type_date);
  REFUSES(by_hand.type = tenon_type_date; by_hand.type.size = 4);
}

/* A choice of the three types, behind `which`. */
static void use_either(const tenon_type *first, const tenon_type *second,
                       const tenon_type *third)
{
  use_parts(TENON_KIND_EITHER, 3);
  parts[0].type = first;
  parts[1].type = second;
  parts[2].type = third;
  parts[0].offset = parts[1].offset = parts[2].offset = 8;
  by_hand.type.size = 24;
}
#define EITHER(change)                                            \
  use_either(&tenon_type_i32, &tenon_type_str, &tenon_type_bool); \
  change

TEST(a_choice_that_is_not_one_is_refused)
{
  TAKES(EITHER());
  TAKES(EITHER(parts[0].offset = 4));
  TAKES(EITHER(by_hand.type.field_count = 1));
  REFUSES(EITHER(by_hand.type.fields = NULL));
  REFUSES(EITHER(by_hand.type.field_count = 0));
  REFUSES(EITHER(by_hand.type.field_count = 65));
  REFUSES(EITHER(by_hand.type.size = 16));
  REFUSES(EITHER(by_hand.type.size = 28));
  REFUSES(EITHER(parts[0].offset = 0));
  REFUSES(EITHER(parts[0].offset = 6));
  REFUSES(EITHER(parts[1].offset = 16));
  REFUSES(EITHER(parts[1].name = NULL));
  REFUSES(EITHER(parts[1].name = parts[0].name));
  REFUSES(EITHER(parts[1].type = NULL));
  REFUSES(EITHER(parts[1].type = &tenon_type_none));
  REFUSES(EITHER(parts[1].type = &by_hand.type));
  REFUSES(EITHER(parts[1].flags = TENON_FIELD_DEFAULT));
  REFUSES(EITHER(parts[1].type = &tenon_p_inout_i32));
}

TENON_ENUM(side, left, right)
TENON_FLAGS(access, read, write)
TENON_STRUCT(point, (f64, x))
TENON_TUPLE(couple, (f64, x), (f64, y))
TENON_EITHER(some, (f64, n), (str, s))

/* Is a choice of these refused, in both orders? */
static bool is_unclear(const tenon_type *x, uint32_t x_flags,
                       const tenon_type *y, uint32_t y_flags)
{
  tenon_runtime *rt = t_runtime();
  int i, r[2];

  for (i = 0; i < 2; i++) {
    reset_by_hand();
    use_either(i ? x : y, i ? y : x, NULL);
    by_hand.type.field_count = 2;
    by_hand.type.size = 40;
    parts[0].flags = i ? x_flags : y_flags;
    parts[1].flags = i ? y_flags : x_flags;
    r[i] = tenon_runtime_add_module(rt, i ? "a" : "b", hand_entry);
  }
  t_free(rt);
  CHECK_INT(r[0], r[1]);
  CHECK(r[0] == 0 || r[0] == TENON_EABI);
  return r[0] != 0;
}
#define UNCLEAR(x, y) CHECK(is_unclear(&x, 0, &y, 0))
#define CLEAR(x, y) CHECK(!is_unclear(&x, 0, &y, 0))

TEST(alternatives_that_cannot_be_told_apart_are_refused)
{
  UNCLEAR(tenon_type_f64, tenon_type_i32);
  UNCLEAR(tenon_type_f64, tenon_type_i64);
  UNCLEAR(tenon_type_u64, tenon_type_big_i64);
  UNCLEAR(tenon_type_str, tenon_type_cstr);
  UNCLEAR(tenon_type_str, tenon_type_side);
  UNCLEAR(tenon_type_bytes, tenon_type_bytes);
  UNCLEAR(tenon_p_view_i64, tenon_p_view_big_i64);
  UNCLEAR(tenon_p_array_i32, tenon_p_array_str);
  UNCLEAR(tenon_p_array_i32, tenon_type_couple);
  UNCLEAR(tenon_type_access, tenon_type_couple);
  UNCLEAR(tenon_type_point, tenon_p_record_i32);
  UNCLEAR(tenon_type_date, tenon_type_date);
  UNCLEAR(tenon_type_some, tenon_type_str);
  CHECK(is_unclear(&tenon_type_str, TENON_FIELD_OPT, &tenon_type_f64,
                   TENON_FIELD_OPT));
  CHECK(is_unclear(&tenon_type_str, TENON_FIELD_OPT, &tenon_type_f64,
                   TENON_FIELD_NULLABLE));
}

TEST(alternatives_that_can_be_told_apart_are_taken)
{
  CLEAR(tenon_type_f64, tenon_type_big_i64);
  CLEAR(tenon_type_f64, tenon_type_bool);
  CLEAR(tenon_type_i64, tenon_type_str);
  CLEAR(tenon_type_str, tenon_type_access);
  CLEAR(tenon_type_bytes, tenon_p_view_u8);
  CLEAR(tenon_p_view_u8, tenon_p_view_i8);
  CLEAR(tenon_type_bytes, tenon_p_array_f64);
  CLEAR(tenon_p_view_f64, tenon_p_array_f64);
  CLEAR(tenon_type_point, tenon_type_date);
  CLEAR(tenon_type_point, tenon_type_couple);
  CLEAR(tenon_type_point, tenon_type_bytes);
  CLEAR(tenon_type_some, tenon_type_bool);
  CHECK(!is_unclear(&tenon_type_str, TENON_FIELD_OPT, &tenon_type_f64, 0));
}

TEST(a_type_that_is_inside_of_itself_is_refused)
{
  REFUSES(use_cycle(0));
  REFUSES(use_cycle(TENON_FIELD_OPT));
}

/* Structs that point to the next one so many times each. */
static void use_many_ways(uint32_t ways, uint32_t levels)
{
  static tenon_field fields[16][8];
  static tenon_type types[16];
  uint32_t i, k;

  reset_by_hand();
  for (i = 0; i < levels; i++) {
    for (k = 0; k < ways; k++)
      fields[i][k] = (tenon_field){
          .name =
              (const char *const[]){"a", "b", "c", "d", "e", "f", "g", "h"}[k],
          .type = i + 1 < levels ? &types[i + 1] : &tenon_type_i32,
          .offset = (uint32_t)sizeof(void *) * k,
          .flags = TENON_FIELD_OPT};
    types[i] = (tenon_type){.kind = TENON_KIND_STRUCT,
                            .size = (uint32_t)sizeof(void *) * ways,
                            .name = "level",
                            .fields = fields[i],
                            .field_count = ways};
  }
  by_hand.type = types[0];
  by_hand.function[0].args_size = by_hand.function[1].args_size = 8192;
}

TEST(types_in_each_other_in_too_many_ways_are_refused)
{
  uint64_t start = t_cpu_ms();

  REFUSES(use_many_ways(8, 15));
  REFUSES(use_many_ways(8, 8));
  REFUSES(use_many_ways(1, 16));
  TAKES(use_many_ways(8, 4));
  TAKES(use_many_ways(1, 15));
  CHECK(t_cpu_ms() - start < 2000);
}

TEST(an_enum_that_is_not_one_is_refused)
{
  TAKES(ENUM(by_hand.type.size = 4));
  TAKES(ENUM(by_hand.type.size = 1));
  TAKES(ENUM(parts[1].offset = parts[0].offset));
  REFUSES(ENUM(by_hand.type.size = 3));
  REFUSES(ENUM(by_hand.type.size = 8));
  REFUSES(ENUM(by_hand.type.size = 0));
  REFUSES(ENUM(by_hand.type.fields = NULL));
  REFUSES(ENUM(by_hand.type.field_count = 0));
  REFUSES(ENUM(by_hand.type.field_count = 4097));
  REFUSES(ENUM(parts[1].name = NULL));
  REFUSES(ENUM(parts[1].name = parts[2].name));
  REFUSES(ENUM(parts[1].flags = TENON_FIELD_OPT));
}

/* --- Layouts that the macros do not make ------------------------------------------------ */

enum { FAR = 4096 };

static void subtract_far(void *args, void *result)
{
  const char *a = (const char *)args;

  *(int64_t *)result =
      *(const int64_t *)(a + FAR) - *(const int64_t *)(a + sizeof(tenon_args));
}

/* The second parameter stands first, the first one far behind. */
static void make_layout(const tenon_type *type, uint32_t count)
{
  reset_by_hand();
  by_hand.type = *type;
  by_hand.field[0].offset = FAR;
  by_hand.field[1].offset = sizeof(tenon_args);
  by_hand.function[0].param_count = count;
  by_hand.function[0].args_size = FAR + 64;
  by_hand.function[0].result.type = type;
  by_hand.function[0].thunk = subtract_far;
  by_hand.module.end = by_hand.module.begin + 1;
}

TEST(parameters_are_stored_where_the_table_says)
{
  uint32_t threads;

  for (threads = TENON_THREADS_none; threads <= TENON_THREADS_any; threads++) {
    tenon_runtime *rt = t_runtime();
    make_layout(&tenon_type_i64, 2);
    by_hand.module.threads = threads;
    CHECK_INT(0, tenon_runtime_add_module(rt, "hand", hand_entry));
    t_run(rt, "import { log } from 'test'; import { first } from 'hand';\n"
              "log(`${first(50, 8)} ${first(2n ** 60n, 2n ** 60n - 1n)}`);");
    CHECK_LOG("42 1\n");
    t_free(rt);
  }
}

static void first_far(void *args, void *result)
{
  *(tenon_str *)result = *(tenon_str *)((char *)args + FAR);
}

TEST(one_parameter_far_away_does_not_leave_the_stack)
{
  static const tenon_type *const types[] = {&tenon_type_str, &tenon_type_f64,
                                            &tenon_type_i64};
  size_t i;

  for (i = 0; i < 3; i++) {
    tenon_runtime *rt = t_runtime();
    make_layout(types[i], 1);
    by_hand.function[0].thunk = first_far;
    by_hand.function[0].result.type = types[i];
    CHECK_INT(0, tenon_runtime_add_module(rt, "hand", hand_entry));
    t_run(rt, i ? "import { log } from 'test';\n"
                  "import { first } from 'hand'; log(`${first(7)}`);"
                : "import { log } from 'test';\n"
                  "import { first } from 'hand'; log(first('7'));");
    CHECK_LOG("7\n");
    t_free(rt);
  }
}

TEST(arguments_larger_than_the_stack_are_a_range_error)
{
  tenon_runtime *rt = t_runtime();

  make_layout(&tenon_type_i64, 2);
  by_hand.function[0].args_size = 512 << 20;
  CHECK_INT(0, tenon_runtime_add_module(rt, "hand", hand_entry));
  t_run(rt, "import { log } from 'test'; import { first } from 'hand';\n"
            "try { first(1, 2); } catch (e) { log(`${e}`); }");
  CHECK_LOG("RangeError: Maximum call stack size exceeded\n");
}
