/*
 * Tables of classes: what tenon_runtime_add_module takes and refuses. No wrong
 * word in them does more harm than that.
 */
#include <stdlib.h>
#include <string.h>
#include <tenon/declare.h>

#include "harness.h"

#include <tenon/export.h>

/* --- A table by hand ------------------------------------------------------------- */

/* Functions, by what they are for. */
enum {
  CONSTRUCT,
  METHOD,
  GETTER,
  SETTER,
  STATIC,
  CONSTANT,
  NEXT,
  LATER,
  FLUSH,
  CALL,
  GET,
  OPEN,
  TAKE,
  FUNCTIONS
};
/* Members, in the order of the items behind those of the classes. */
enum {
  M_CONSTRUCTOR,
  M_METHOD,
  M_GETTER,
  M_SETTER,
  M_STATIC,
  M_CONSTANT,
  M_FIELDS,
  M_READONLY,
  M_EXTENDS,
  M_RELEASE,
  M_MEMORY,
  M_ITERATOR,
  M_ASYNC_ITERATOR,
  M_END,
  M_DISPOSE,
  M_ASYNC_DISPOSE,
  M_OPEN,
  M_CALL,
  M_GET,
  MEMBERS
};
enum { THING, FILE_, BASE, POINT, CLASSES };
enum { ITEMS = CLASSES + MEMBERS };

/* Thing extends Base and has all that classes by value have; Files are by
 * pointer; Points are plain, callable, and have indices. */
static struct {
  tenon_class class[CLASSES];
  tenon_type type[CLASSES], copy, number;
  tenon_field params[FUNCTIONS][3], fields[2], readonly[1];
  tenon_function function[FUNCTIONS];
  tenon_member member[MEMBERS];
  tenon_item item[ITEMS];
  const tenon_item *items[ITEMS + 1];
  const tenon_function *functions[1];
  const tenon_host *host;
  tenon_module module;
} hand;

/* Results are zero, whatever the table says that they are; nothing follows in an
 * iteration. */
static void give_nothing(int i, void *args, void *result)
{
  const tenon_field *f = &hand.function[i].result;
  size_t size = f->flags & (TENON_FIELD_OPT | TENON_FIELD_NULLABLE)
                    ? sizeof(void *)
                : f->type ? f->type->size
                          : 0;

  ((tenon_args *)args)->absent = 1;
  if (size && result) memset(result, 0, size);
}
#define THUNK(i)                                  \
  static void thunk_##i(void *args, void *result) \
  {                                               \
    give_nothing(i, args, result);                \
  }
THUNK(0)
THUNK(1)
THUNK(2)
THUNK(3)
THUNK(4)
THUNK(5)
THUNK(6)
THUNK(7)
THUNK(8)
THUNK(9)
THUNK(10)
THUNK(11)
THUNK(12)

static int released, freed;

static void release(void *self, void *out)
{
  (void)self;
  if (out)
    *(size_t *)out = 8;
  else
    released++;
}

static void free_file(void *self)
{
  freed++;
  free(self);
}

static const tenon_module *entry(void)
{
  return &hand.module;
}

static void add_class(int i, const char *name, uint32_t storage, uint32_t size)
{
  hand.class[i] = (tenon_class){.size = sizeof(tenon_class),
                                .storage = storage,
                                .name = name,
                                .instance_size = size,
                                .instance_align = size ? 8 : 0,
                                .free = size ? NULL : free_file};
  hand.type[i] = (tenon_type){.kind = TENON_KIND_CLASS,
                              .size = sizeof(void *),
                              .name = name,
                              .of = &hand.class[i]};
  hand.item[i] = (tenon_item){.size = sizeof(tenon_item),
                              .kind = TENON_ITEM_CLASS,
                              .name = name,
                              .data = &hand.class[i]};
}

static void add_function(int i, const char *name, int self,
                         const tenon_type *result)
{
  static void (*const thunks[])(void *, void *) = {
      thunk_0, thunk_1, thunk_2, thunk_3,  thunk_4,  thunk_5, thunk_6,
      thunk_7, thunk_8, thunk_9, thunk_10, thunk_11, thunk_12};

  hand.function[i] =
      (tenon_function){.size = sizeof(tenon_function),
                       .name = name,
                       .result = {.name = "result", .type = result},
                       .params = hand.params[i],
                       .args_size = sizeof(tenon_args) + 24,
                       .thunk = thunks[i],
                       .file = __FILE__};
  if (self < 0) return;
  hand.params[i][0] = (tenon_field){.name = "self",
                                    .type = &hand.type[self],
                                    .offset = sizeof(tenon_args),
                                    .flags = TENON_FIELD_THIS};
  hand.function[i].param_count = 1;
}

static void add_param(int i, const tenon_type *type)
{
  uint32_t k = hand.function[i].param_count++;

  hand.params[i][k] =
      (tenon_field){.name = "n",
                    .type = type,
                    .offset = (uint32_t)sizeof(tenon_args) + 8 * k};
}

static void add_member(int i, int of, const char *name, uint32_t kind,
                       int function)
{
  hand.member[i] = (tenon_member){
      .size = sizeof(tenon_member),
      .kind = kind,
      .of = &hand.class[of],
      .function = function < 0 ? NULL : &hand.function[function]};
  hand.item[CLASSES + i] = (tenon_item){.size = sizeof(tenon_item),
                                        .kind = TENON_ITEM_MEMBER,
                                        .name = name,
                                        .data = &hand.member[i]};
}

static void reset_functions(void)
{
  add_function(CONSTRUCT, "constructor", THING, &tenon_type_none);
  add_function(METHOD, "method", THING, &hand.number);
  add_param(METHOD, &hand.number);
  add_function(GETTER, "value", THING, &hand.number);
  add_function(SETTER, "value", THING, &tenon_type_none);
  add_param(SETTER, &hand.number);
  add_function(STATIC, "make", -1, &hand.copy);
  add_param(STATIC, &hand.number);
  add_function(CONSTANT, "NIL", -1, &hand.copy);
  add_function(NEXT, "next", THING, &hand.number);
  add_function(LATER, "next", THING, &hand.number);
  hand.function[LATER].flags = TENON_FUNCTION_BLOCKING;
  add_function(FLUSH, "flush", THING, &tenon_type_none);
  hand.function[FLUSH].flags = TENON_FUNCTION_BLOCKING;
  add_function(CALL, "call", POINT, &hand.number);
  add_function(GET, "get", POINT, &hand.number);
  add_param(GET, &tenon_type_u32);
  add_function(OPEN, "constructor", -1, &hand.type[FILE_]);
  add_function(TAKE, "take", -1, &hand.number);
  add_param(TAKE, &hand.type[THING]);
}

static void reset_members(void)
{
  add_member(M_CONSTRUCTOR, THING, "constructor", TENON_MEMBER_CONSTRUCTOR,
             CONSTRUCT);
  add_member(M_METHOD, THING, "method", TENON_MEMBER_METHOD, METHOD);
  add_member(M_GETTER, THING, "value", TENON_MEMBER_GETTER, GETTER);
  add_member(M_SETTER, THING, "value", TENON_MEMBER_SETTER, SETTER);
  add_member(M_STATIC, THING, "make", TENON_MEMBER_METHOD, STATIC);
  hand.member[M_STATIC].flags = TENON_MEMBER_STATIC;
  add_member(M_CONSTANT, THING, "NIL", TENON_MEMBER_CONSTANT, CONSTANT);
  add_member(M_FIELDS, THING, "", TENON_MEMBER_FIELDS, -1);
  hand.member[M_FIELDS].fields = hand.fields;
  hand.member[M_FIELDS].field_count = 2;
  add_member(M_READONLY, THING, "", TENON_MEMBER_FIELDS, -1);
  hand.member[M_READONLY].fields = hand.readonly;
  hand.member[M_READONLY].field_count = 1;
  hand.member[M_READONLY].flags = TENON_MEMBER_READONLY;
  add_member(M_EXTENDS, THING, "", TENON_MEMBER_EXTENDS, -1);
  hand.member[M_EXTENDS].base = &hand.class[BASE];
  add_member(M_RELEASE, THING, "", TENON_MEMBER_RELEASE, -1);
  add_member(M_MEMORY, THING, "", TENON_MEMBER_MEMORY, -1);
  add_member(M_ITERATOR, THING, "next", TENON_MEMBER_ITERATOR, NEXT);
  add_member(M_ASYNC_ITERATOR, THING, "next", TENON_MEMBER_ASYNC_ITERATOR,
             LATER);
  add_member(M_END, THING, "", TENON_MEMBER_ITERATOR_END, -1);
  hand.member[M_ITERATOR].cursor_size =
      hand.member[M_ASYNC_ITERATOR].cursor_size = 16;
  hand.member[M_RELEASE].hook = hand.member[M_MEMORY].hook =
      hand.member[M_END].hook = release;
  add_member(M_DISPOSE, THING, "close", TENON_MEMBER_DISPOSE, -1);
  add_member(M_ASYNC_DISPOSE, THING, "@@asyncDispose",
             TENON_MEMBER_ASYNC_DISPOSE, FLUSH);
  add_member(M_OPEN, FILE_, "constructor", TENON_MEMBER_CONSTRUCTOR, OPEN);
  add_member(M_CALL, POINT, "call", TENON_MEMBER_CALL, CALL);
  add_member(M_GET, POINT, "get", TENON_MEMBER_KEYED_GET, GET);
}

static void reset(void)
{
  size_t i;

  memset(&hand, 0, sizeof hand);
  add_class(THING, "Thing", TENON_STORAGE_VALUE, 32);
  add_class(FILE_, "File", TENON_STORAGE_POINTER, 0);
  add_class(BASE, "Base", TENON_STORAGE_VALUE, 16);
  add_class(POINT, "Point", TENON_STORAGE_VALUE, 16);
  hand.number = tenon_type_i32;
  hand.copy = (tenon_type){.kind = TENON_KIND_COPY,
                           .size = 32,
                           .name = "Thing",
                           .of = &hand.class[THING]};
  hand.fields[0] = (tenon_field){.name = "x", .type = &hand.number};
  hand.fields[1] =
      (tenon_field){.name = "y", .type = &hand.number, .offset = 4};
  hand.readonly[0] =
      (tenon_field){.name = "label", .type = &tenon_type_str, .offset = 8};
  reset_functions();
  reset_members();
  for (i = 0; i < ITEMS; i++)
    hand.items[i] = &hand.item[i];
  hand.functions[0] = &hand.function[TAKE];
  hand.module = (tenon_module){.size = sizeof(tenon_module),
                               .abi = TENON_MODULE_ABI,
                               .field_size = sizeof(tenon_field),
                               .host = &hand.host,
                               .begin = hand.functions,
                               .end = hand.functions + 1,
                               .items_begin = hand.items,
                               .items_end = hand.items + ITEMS};
}

static void ignore(void *data, const char *text, size_t len)
{
  (void)data, (void)text, (void)len;
}

/* Adds and declares the table after `change`, and adds the good one after that. */
#define CHECK_CHANGED(code, ...)                                       \
  do {                                                                 \
    tenon_runtime *checked = t_runtime();                              \
    reset();                                                           \
    __VA_ARGS__;                                                       \
    CHECK_INT(code, tenon_runtime_add_module(checked, "hand", entry)); \
    CHECK_INT(code, tenon_module_declare(entry, NULL, ignore, NULL));  \
    if (code) {                                                        \
      reset();                                                         \
      CHECK_INT(0, tenon_runtime_add_module(checked, "hand", entry));  \
    }                                                                  \
    t_free(checked);                                                   \
  } while (0)
#define REFUSES(...) CHECK_CHANGED(TENON_EABI, __VA_ARGS__)
#define TAKES(...) CHECK_CHANGED(0, __VA_ARGS__)

TEST(a_table_by_hand_has_classes)
{
  tenon_runtime *rt = t_runtime();

  reset();
  released = 0;
  CHECK_INT(0, tenon_runtime_add_module(rt, "hand", entry));
  t_run(rt, "import { log } from 'test'; import * as m from 'hand';\n"
            "const t = new m.Thing(); t.x = 3; t.value = 4;\n"
            "log(`${Object.keys(m)} ${t.method(1)} ${t.value} ${t.x} ${t.y}"
            " [${t.label}] ${t instanceof m.Base} ${m.take(t)}"
            " ${m.Thing.make(1) instanceof m.Thing} ${m.Thing.NIL.y}`);");
  CHECK_LOG("Base,File,Point,Thing,take 0 0 3 0 [] true 0 true 0\n");
  t_free(rt);
  CHECK_INT(3, released);
}

/* --- Classes --------------------------------------------------------------------- */

TEST(a_class_of_another_format_is_refused)
{
  TAKES();
  TAKES(hand.class[THING].size += 8);
  REFUSES(hand.class[THING].size--);
  REFUSES(hand.class[BASE].size = 0);
  REFUSES(hand.class[THING].storage = TENON_STORAGE_COUNTED + 1);
  REFUSES(hand.class[THING].storage = UINT32_MAX);
  REFUSES(hand.item[THING].data = NULL);
  REFUSES(hand.items[THING] = NULL);
}

TEST(a_class_without_a_name_of_its_own_is_refused)
{
  REFUSES(hand.class[THING].name = NULL);
  REFUSES(hand.class[THING].name = "");
  REFUSES(hand.item[THING].name = NULL);
  REFUSES(hand.item[THING].name = "");
  REFUSES(hand.item[THING].name = "File");
  REFUSES(hand.item[THING].name = "take");
  TAKES(hand.item[THING].name = "a class");
  TAKES(hand.item[THING].name = "default");
}

TEST(a_class_that_stands_twice_is_refused)
{
  REFUSES(hand.item[POINT].data = &hand.class[THING]);
  REFUSES(hand.items[ITEMS] = hand.items[THING]; hand.module.items_end++);
}

TEST(a_size_that_no_instance_has_is_refused)
{
  REFUSES(hand.class[BASE].instance_size = 0);
  REFUSES(hand.class[BASE].instance_size = 12);
  REFUSES(hand.class[POINT].instance_size = TENON_MOST_INSTANCE + 8);
  REFUSES(hand.class[POINT].instance_size = UINT32_MAX - 7);
  REFUSES(hand.class[BASE].instance_align = 0);
  REFUSES(hand.class[BASE].instance_align = 3);
  REFUSES(hand.class[BASE].instance_align = 32);
  REFUSES(hand.class[BASE].instance_align = UINT32_MAX);
  TAKES(hand.class[BASE].instance_align = 16);
  TAKES(hand.class[POINT].instance_size = TENON_MOST_INSTANCE);
}

TEST(a_free_function_is_for_pointers_and_for_all_of_them)
{
  REFUSES(hand.class[FILE_].free = NULL);
  REFUSES(hand.class[FILE_].free = NULL;
          hand.class[FILE_].storage = TENON_STORAGE_COUNTED);
  REFUSES(hand.class[POINT].free = free_file);
  TAKES(hand.class[FILE_].storage = TENON_STORAGE_COUNTED);
}

/* --- Bases ------------------------------------------------------------------------ */

TEST(a_base_that_is_none_is_refused)
{
  static tenon_class elsewhere;

  REFUSES(hand.member[M_EXTENDS].base = NULL);
  REFUSES(elsewhere = hand.class[BASE];
          hand.member[M_EXTENDS].base = &elsewhere);
  REFUSES(hand.member[M_EXTENDS].base = &hand.class[FILE_]);
  REFUSES(hand.class[BASE].instance_size = 40);
  REFUSES(hand.member[M_EXTENDS].base = &hand.class[THING]);
}

static void extend(int i, int of, int base)
{
  add_member(i, of, "", TENON_MEMBER_EXTENDS, -1);
  hand.member[i].base = &hand.class[base];
}

TEST(bases_that_extend_each_other_are_refused)
{
  REFUSES(extend(M_CALL, BASE, THING));
  REFUSES(extend(M_CALL, BASE, POINT); extend(M_GET, POINT, THING);
          hand.class[POINT].instance_size = hand.class[BASE].instance_size =
              32);
  REFUSES(extend(M_CALL, THING, POINT));
  TAKES(extend(M_CALL, BASE, POINT); extend(M_GET, BASE, POINT);
        hand.module.items_end--);
}

/* --- Members ---------------------------------------------------------------------- */

TEST(a_member_of_another_format_is_refused)
{
  TAKES(hand.member[M_METHOD].size += 8);
  REFUSES(hand.member[M_METHOD].size--);
  REFUSES(hand.member[M_METHOD].size = 0);
  REFUSES(hand.member[M_METHOD].kind = 0);
  REFUSES(hand.member[M_METHOD].kind = TENON_MEMBER_KEYED_KEYS + 1);
  REFUSES(hand.member[M_METHOD].kind = UINT32_MAX);
  REFUSES(hand.item[CLASSES + M_METHOD].data = NULL);
  REFUSES(hand.item[CLASSES + M_METHOD].name = NULL);
}

TEST(a_member_of_an_unknown_class_is_refused)
{
  static tenon_class elsewhere;

  REFUSES(hand.member[M_METHOD].of = NULL);
  REFUSES(elsewhere = hand.class[THING]; hand.member[M_METHOD].of = &elsewhere);
  REFUSES(hand.items[THING] = hand.items[M_GET]; hand.module.items_end--);
  REFUSES(hand.module.items_begin += CLASSES);
}

TEST(flags_that_a_member_does_not_have_are_refused)
{
  REFUSES(hand.member[M_METHOD].flags = 4);
  REFUSES(hand.member[M_METHOD].flags = TENON_MEMBER_READONLY);
  REFUSES(hand.member[M_CONSTRUCTOR].flags = TENON_MEMBER_STATIC);
  REFUSES(hand.member[M_FIELDS].flags = TENON_MEMBER_STATIC);
  REFUSES(hand.member[M_ITERATOR].flags = TENON_MEMBER_STATIC);
  REFUSES(hand.member[M_RELEASE].flags = TENON_MEMBER_READONLY);
}

TEST(a_name_that_no_member_has_is_refused)
{
  REFUSES(hand.item[CLASSES + M_METHOD].name = "");
  REFUSES(hand.item[CLASSES + M_METHOD].name = "constructor");
  REFUSES(hand.item[CLASSES + M_STATIC].name = "prototype");
  REFUSES(hand.item[CLASSES + M_CONSTANT].name = "prototype");
  REFUSES(hand.item[CLASSES + M_CONSTANT].name = "");
  REFUSES(hand.item[CLASSES + M_DISPOSE].name = "constructor");
  REFUSES(hand.item[CLASSES + M_DISPOSE].name = "@@nothing");
  REFUSES(hand.fields[0].name = "constructor");
  REFUSES(hand.fields[0].name = "");
  REFUSES(hand.fields[0].name = NULL);
  TAKES(hand.item[CLASSES + M_STATIC].name = "constructor");
  TAKES(hand.item[CLASSES + M_METHOD].name = "prototype");
  TAKES(hand.item[CLASSES + M_DISPOSE].name = "");
}

TEST(a_symbol_that_is_not_there_is_refused)
{
  REFUSES(hand.item[CLASSES + M_METHOD].name = "@@nothing");
  REFUSES(hand.item[CLASSES + M_METHOD].name = "@@");
  REFUSES(hand.item[CLASSES + M_STATIC].name = "@@Iterator");
  REFUSES(hand.item[CLASSES + M_GETTER].name = "@@iterator ");
  REFUSES(hand.fields[1].name = "@@nothing");
  TAKES(hand.item[CLASSES + M_METHOD].name = "@@toPrimitive");
  TAKES(hand.item[CLASSES + M_STATIC].name = "@@hasInstance");
}

TEST(two_members_of_one_name_are_refused)
{
  REFUSES(hand.item[CLASSES + M_METHOD].name = "value");
  REFUSES(hand.item[CLASSES + M_METHOD].name = "x");
  REFUSES(hand.item[CLASSES + M_METHOD].name = "label");
  REFUSES(hand.item[CLASSES + M_METHOD].name = "close");
  REFUSES(hand.item[CLASSES + M_METHOD].name = "@@iterator");
  REFUSES(hand.item[CLASSES + M_METHOD].name = "@@asyncIterator");
  REFUSES(hand.item[CLASSES + M_METHOD].name = "@@dispose");
  REFUSES(hand.item[CLASSES + M_METHOD].name = "@@asyncDispose");
  REFUSES(hand.item[CLASSES + M_STATIC].name = "NIL");
  REFUSES(hand.fields[1].name = "x");
  REFUSES(hand.readonly[0].name = "x");
  REFUSES(hand.fields[0].name = "value");
  REFUSES(hand.member[M_SETTER] = hand.member[M_GETTER]);
  TAKES(hand.item[CLASSES + M_STATIC].name = "method");
  TAKES(hand.item[CLASSES + M_CONSTANT].name = "x");
  TAKES(hand.item[CLASSES + M_SETTER].name = "other");
  /* Of two classes. */
  TAKES(add_member(M_CALL, POINT, "x", TENON_MEMBER_METHOD, CALL));
}

TEST(what_a_class_has_once_is_refused_twice)
{
  REFUSES(hand.member[M_METHOD] = hand.member[M_CONSTRUCTOR]);
  REFUSES(hand.member[M_MEMORY].kind = TENON_MEMBER_RELEASE);
  REFUSES(hand.member[M_RELEASE].kind = TENON_MEMBER_MEMORY);
  REFUSES(hand.member[M_METHOD] = hand.member[M_ITERATOR]);
  REFUSES(hand.member[M_METHOD] = hand.member[M_DISPOSE]);
  REFUSES(hand.member[M_GET] = hand.member[M_CALL]);
}

TEST(a_constructor_of_another_shape_is_refused)
{
  REFUSES(hand.member[M_CONSTRUCTOR].function = NULL);
  REFUSES(hand.function[CONSTRUCT].param_count = 0);
  REFUSES(hand.function[CONSTRUCT].result.type = &hand.number);
  REFUSES(hand.function[CONSTRUCT].result.type = &hand.type[THING]);
  REFUSES(hand.function[CONSTRUCT].flags = TENON_FUNCTION_BLOCKING);
  REFUSES(hand.function[CONSTRUCT].flags = TENON_FUNCTION_ASYNC);
  REFUSES(hand.params[CONSTRUCT][0].type = &hand.type[BASE]);
  REFUSES(hand.params[CONSTRUCT][0].flags = 0);
  REFUSES(hand.params[CONSTRUCT][0].flags = TENON_FIELD_THIS | TENON_FIELD_OPT);
  REFUSES(hand.member[M_CONSTRUCTOR].function = &hand.function[OPEN]);
  REFUSES(hand.member[M_OPEN].function = &hand.function[CONSTRUCT]);
  REFUSES(hand.function[OPEN].result.type = &tenon_type_none);
  REFUSES(hand.function[OPEN].result.type = &hand.type[THING]);
  REFUSES(hand.function[OPEN].result.flags = TENON_FIELD_OPT);
  REFUSES(hand.function[OPEN].result.flags = TENON_FIELD_BORROWED);
  TAKES(add_param(CONSTRUCT, &hand.type[FILE_]));
  TAKES(add_param(OPEN, &hand.copy); hand.params[OPEN][0].type = &hand.number);
}

TEST(a_method_that_is_not_called_on_its_class_is_refused)
{
  REFUSES(hand.member[M_METHOD].function = NULL);
  REFUSES(hand.params[METHOD][0].flags = 0);
  REFUSES(hand.function[METHOD].param_count = 0);
  REFUSES(hand.params[METHOD][0].type = &hand.type[BASE]);
  REFUSES(hand.params[METHOD][0].type = &hand.type[FILE_]);
  REFUSES(hand.params[METHOD][0].type = &hand.number);
  REFUSES(hand.params[METHOD][0].type = &hand.copy);
  REFUSES(hand.params[METHOD][0].offset += 16);
  REFUSES(hand.member[M_METHOD].of = &hand.class[BASE]);
  REFUSES(hand.member[M_METHOD].flags = TENON_MEMBER_STATIC);
  REFUSES(hand.member[M_STATIC].flags = 0);
  REFUSES(hand.function[METHOD].thunk = NULL);
  REFUSES(hand.function[METHOD].size--);
}

TEST(an_accessor_of_another_shape_is_refused)
{
  REFUSES(add_param(GETTER, &hand.number));
  REFUSES(hand.function[GETTER].result.type = &tenon_type_none);
  REFUSES(hand.function[GETTER].flags = TENON_FUNCTION_BLOCKING);
  REFUSES(hand.function[GETTER].result.flags = TENON_FIELD_EXHAUSTIVE);
  REFUSES(hand.function[SETTER].param_count = 1);
  REFUSES(add_param(SETTER, &hand.number));
  REFUSES(hand.function[SETTER].flags = TENON_FUNCTION_ASYNC);
  REFUSES(hand.params[SETTER][1].type = &tenon_p_array_i32;
          hand.params[SETTER][1].flags = TENON_FIELD_REST);
  TAKES(hand.params[SETTER][1].type = &tenon_p_array_i32);
  REFUSES(hand.member[M_GETTER].flags = TENON_MEMBER_STATIC);
}

TEST(a_constant_of_another_shape_is_refused)
{
  REFUSES(hand.member[M_CONSTANT].function = NULL);
  REFUSES(hand.member[M_CONSTANT].function = &hand.function[STATIC]);
  REFUSES(hand.member[M_CONSTANT].function = &hand.function[GETTER]);
  REFUSES(hand.function[CONSTANT].flags = TENON_FUNCTION_BLOCKING);
  REFUSES(hand.function[CONSTANT].result.type = &tenon_type_none);
}

/* An instance would own what is there once. */
TEST(a_constant_that_is_owned_is_refused)
{
  static tenon_item item;

  REFUSES(hand.function[CONSTANT].result.type = &hand.type[FILE_]);
  REFUSES(hand.function[CONSTANT].result.type = &hand.type[THING]);
#define ITEM(item_kind, of)                              \
  item = (tenon_item){.size = sizeof item,               \
                      .kind = item_kind,                 \
                      .name = "item",                    \
                      .data = &hand.function[CONSTANT]}; \
  hand.function[CONSTANT].result.type = of;              \
  hand.items[CLASSES + M_CONSTANT] = &item
  REFUSES(ITEM(TENON_ITEM_CONSTANT, &hand.type[FILE_]));
  REFUSES(ITEM(TENON_ITEM_CONSTANT, &hand.type[THING]));
  TAKES(ITEM(TENON_ITEM_CONSTANT, &hand.copy));
  TAKES(ITEM(TENON_ITEM_GETTER, &hand.type[FILE_]));
}

TEST(fields_that_are_not_in_it_are_refused)
{
  REFUSES(hand.member[M_FIELDS].fields = NULL);
  REFUSES(hand.member[M_FIELDS].field_count = 0);
  REFUSES(hand.fields[1].offset = 29);
  REFUSES(hand.fields[1].offset = 32);
  REFUSES(hand.fields[1].offset = UINT32_MAX);
  REFUSES(hand.fields[1].offset = UINT32_MAX - 3);
  REFUSES(hand.fields[1].offset = 6);
  REFUSES(hand.readonly[0].offset = 12);
  REFUSES(hand.readonly[0].offset = 24);
  TAKES(hand.fields[1].offset = 28);
  TAKES(hand.fields[1].offset = 0);
}

TEST(fields_that_cannot_be_mapped_are_refused)
{
  REFUSES(hand.fields[0].type = NULL);
  REFUSES(hand.fields[0].type = &tenon_type_none);
  REFUSES(hand.fields[0].type = &tenon_type_str);
  REFUSES(hand.fields[0].type = &tenon_type_bytes);
  REFUSES(hand.fields[0].type = &tenon_p_array_i32);
  REFUSES(hand.fields[0].flags = TENON_FIELD_OPT; hand.fields[1].offset = 8);
  REFUSES(hand.fields[0].flags = TENON_FIELD_DEFAULT);
  REFUSES(hand.fields[0].flags = TENON_FIELD_COERCE);
  REFUSES(hand.fields[0].flags = UINT32_MAX);
  REFUSES(hand.member[M_READONLY].flags = 0);
  REFUSES(hand.readonly[0].type = &hand.type[FILE_]);
  REFUSES(hand.readonly[0].type = &hand.copy; hand.readonly[0].offset = 0);
  REFUSES(hand.readonly[0].type = &tenon_p_inout_i32);
  TAKES(hand.readonly[0].flags = TENON_FIELD_OPT);
  TAKES(hand.readonly[0].flags = TENON_FIELD_NULLABLE);
  TAKES(hand.fields[0].type = &tenon_type_i16);
}

/* Behind a struct, too. */
TEST(fields_that_hold_what_is_owned_are_refused)
{
  static tenon_field part;
  static tenon_type holder;

#define HOLDER(type_, bytes)                           \
  part = (tenon_field){.name = "part", .type = type_}; \
  holder = (tenon_type){.kind = TENON_KIND_STRUCT,     \
                        .size = bytes,                 \
                        .name = "holder",              \
                        .fields = &part,               \
                        .field_count = 1};             \
  hand.readonly[0].type = &holder;                     \
  hand.readonly[0].offset = 0
  TAKES(HOLDER(&tenon_type_i64, 8));
  REFUSES(HOLDER(&hand.type[FILE_], 8));
  REFUSES(HOLDER(&hand.copy, 32));
}

TEST(hooks_that_are_not_there_are_refused)
{
  REFUSES(hand.member[M_RELEASE].hook = NULL);
  REFUSES(hand.member[M_MEMORY].hook = NULL);
  REFUSES(hand.member[M_END].hook = NULL);
  REFUSES(hand.member[M_RELEASE].of = &hand.class[FILE_]);
  TAKES(hand.member[M_MEMORY].of = &hand.class[FILE_]);
}

TEST(iterators_of_another_shape_are_refused)
{
  REFUSES(hand.member[M_ITERATOR].function = NULL);
  REFUSES(hand.function[NEXT].result.type = &tenon_type_none);
  REFUSES(add_param(NEXT, &hand.number));
  REFUSES(hand.function[NEXT].param_count = 0);
  REFUSES(hand.params[LATER][0].type = &hand.type[BASE]);
  REFUSES(hand.member[M_ASYNC_DISPOSE].function = NULL);
  REFUSES(hand.function[FLUSH].flags = 0);
  REFUSES(add_param(FLUSH, &hand.number));
}

TEST(calls_and_keys_of_another_shape_are_refused)
{
  REFUSES(hand.member[M_CALL].function = NULL);
  REFUSES(hand.function[CALL].param_count = 0);
  REFUSES(hand.params[CALL][0].type = &hand.type[THING]);
  REFUSES(hand.member[M_GET].function = NULL);
  REFUSES(hand.function[GET].param_count = 1);
  REFUSES(hand.params[GET][1].type = &tenon_type_f64);
  REFUSES(hand.params[GET][1].flags = TENON_FIELD_OPT);
  TAKES(hand.params[GET][1].type = &tenon_type_str);
}

/* --- Words ------------------------------------------------------------------------ */

TEST(a_word_of_a_class_that_is_not_one_is_refused)
{
  REFUSES(hand.type[THING].of = NULL);
  REFUSES(hand.type[THING].size = 4);
  REFUSES(hand.type[THING].kind = TENON_KIND_COPY);
  REFUSES(hand.copy.of = NULL);
  REFUSES(hand.copy.size = 16);
  REFUSES(hand.copy.of = &hand.class[FILE_]; hand.copy.size = 0);
  REFUSES(hand.copy.of = &hand.class[FILE_]; hand.copy.size = 8);
}

/* It would be released twice. */
TEST(a_copy_of_what_is_released_does_not_come_in)
{
#define COPY_IN                           \
  hand.params[TAKE][0].type = &hand.copy; \
  hand.function[TAKE].args_size = sizeof(tenon_args) + 32

  REFUSES(COPY_IN);
  REFUSES(COPY_IN; hand.member[M_RELEASE].of = &hand.class[BASE]);
  TAKES(COPY_IN; hand.member[M_RELEASE].kind = TENON_MEMBER_MEMORY;
        hand.member[M_MEMORY] = hand.member[M_RELEASE];
        hand.member[M_MEMORY].of = &hand.class[POINT]);
  REFUSES(hand.params[METHOD][1].type = &hand.copy;
          hand.params[METHOD][1].offset = sizeof(tenon_args) + 8;
          hand.function[METHOD].args_size = sizeof(tenon_args) + 40);
}

TEST(nor_does_one_that_is_a_part_or_comes_of_a_callback)
{
  static tenon_field part, wrapped;
  static tenon_type holder, callback;
  static tenon_signature signature;

#define CALLBACK(result_type, param_type)                                     \
  part = (tenon_field){.name = "a", .type = param_type};                      \
  signature = (tenon_signature){.size = sizeof signature,                     \
                                .name = "callback",                           \
                                .result = {.name = "r", .type = result_type}, \
                                .params = &part,                              \
                                .param_count = 1,                             \
                                .args_size = 32};                             \
  callback = (tenon_type){.kind = TENON_KIND_CALLBACK,                        \
                          .size = 8,                                          \
                          .name = "callback",                                 \
                          .signature = &signature};                           \
  hand.params[TAKE][0].type = &callback
  REFUSES(CALLBACK(&hand.copy, &hand.copy));
  TAKES(CALLBACK(&tenon_type_none, &hand.copy));
#define STRUCT                                              \
  wrapped = (tenon_field){.name = "a", .type = &hand.copy}; \
  holder = (tenon_type){.kind = TENON_KIND_STRUCT,          \
                        .size = 32,                         \
                        .name = "holder",                   \
                        .fields = &wrapped,                 \
                        .field_count = 1}
  REFUSES(STRUCT; hand.params[TAKE][0].type = &holder;
          hand.function[TAKE].args_size = 48);
  TAKES(STRUCT; hand.function[TAKE].result.type = &holder);
}

TEST(what_is_borrowed_or_of_a_species_is_a_result_of_a_method)
{
  TAKES(hand.function[METHOD].result.type = &hand.type[FILE_];
        hand.function[METHOD].result.flags = TENON_FIELD_BORROWED);
  TAKES(hand.function[METHOD].result.type = &hand.copy;
        hand.function[METHOD].result.flags = TENON_FIELD_SPECIES);
  REFUSES(hand.function[METHOD].result.type = &hand.copy;
          hand.function[METHOD].result.flags = TENON_FIELD_BORROWED);
  REFUSES(hand.function[METHOD].result.flags = TENON_FIELD_BORROWED);
  REFUSES(hand.function[METHOD].result.flags = TENON_FIELD_SPECIES);
  REFUSES(hand.function[STATIC].result.flags = TENON_FIELD_SPECIES);
  REFUSES(hand.function[TAKE].result.type = &hand.type[FILE_];
          hand.function[TAKE].result.flags = TENON_FIELD_BORROWED);
  REFUSES(hand.params[METHOD][1].type = &hand.type[FILE_];
          hand.params[METHOD][1].flags = TENON_FIELD_BORROWED);
}

/* --- At random -------------------------------------------------------------------- */

static uint64_t seed;

static uint32_t random_below(uint32_t n)
{
  seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)((seed >> 33) % n);
}

static uint32_t random_word(void)
{
  static const uint32_t words[] = {
      0,  1,  2,  3,  4,  5,  6,  7,   8,   12,    16,      20,  24,
      26, 29, 30, 32, 40, 48, 64, 128, 256, 65536, 1 << 24, ~0u, ~0u - 7};

  return words[random_below(sizeof words / sizeof *words)];
}

static const char *random_name(void)
{
  static const char *const names[] = {
      "x",         "y",       "value",    "method",         "constructor",
      "prototype", "",        "@@",       "@@iterator",     "@@toPrimitive",
      "@@nothing", "Thing",   "File",     "close",          "__proto__",
      "@@dispose", "name",    "length",   "@@toStringTag",  "toJSON",
      "@@species", "default", "\xff\xfe", "a long name, \n"};

  return names[random_below(sizeof names / sizeof *names)];
}

static const tenon_type *random_type(void)
{
  static const tenon_type *const types[] = {
      &tenon_type_none, &tenon_type_bool,   &tenon_type_i64,
      &tenon_type_f64,  &tenon_type_str,    &tenon_type_bytes,
      &tenon_type_u8,   &tenon_p_array_i32, &tenon_p_view_f64};
  uint32_t i = random_below(16);

  if (i < CLASSES) return &hand.type[i];
  if (i == CLASSES) return &hand.copy;
  if (i == CLASSES + 1) return &hand.number;
  return types[random_below(sizeof types / sizeof *types)];
}

static void change_field(tenon_field *f)
{
  switch (random_below(4)) {
  case 0: f->name = random_name(); break;
  case 1: f->type = random_type(); break;
  case 2: f->offset = random_word(); break;
  default: f->flags = random_word(); break;
  }
}

static void change_class(tenon_class *c)
{
  switch (random_below(6)) {
  case 0: c->size = random_word(); break;
  case 1: c->storage = random_below(4); break;
  case 2: c->name = random_name(); break;
  case 3: c->instance_size = random_word(); break;
  case 4: c->instance_align = random_word(); break;
  default: c->free = c->free ? NULL : free_file; break;
  }
}

/* What a table points to is there: no library could find out otherwise. */
static void change_function(int i)
{
  tenon_function *f = &hand.function[i];

  switch (random_below(7)) {
  case 0: f->size = random_word(); break;
  /* Not what waits for an end that nobody brings about. */
  case 1: f->flags = random_below(5) & ~(uint32_t)TENON_FUNCTION_ASYNC; break;
  case 2: f->name = random_name(); break;
  case 3: change_field(&f->result); break;
  case 4: f->param_count = random_below(4); break;
  case 5: f->args_size = random_word(); break;
  default: change_field(&hand.params[i][random_below(3)]); break;
  }
}

static void change_member(tenon_member *x)
{
  switch (random_below(8)) {
  case 0: x->size = random_word(); break;
  case 1: x->kind = random_below(22); break;
  case 2: x->of = &hand.class[random_below(CLASSES)]; break;
  case 3: x->flags = random_below(5); break;
  case 4: x->cursor_size = random_word(); break;
  case 5: x->function = &hand.function[random_below(FUNCTIONS)]; break;
  case 6: x->base = &hand.class[random_below(CLASSES)]; break;
  default: x->hook = x->hook ? NULL : release; break;
  }
}

static void change_type(tenon_type *t)
{
  switch (random_below(3)) {
  case 0: t->kind = random_below(32); break;
  case 1: t->size = random_word(); break;
  default: t->of = &hand.class[random_below(CLASSES)]; break;
  }
}

static void change_something(void)
{
  switch (random_below(8)) {
  case 0: change_class(&hand.class[random_below(CLASSES)]); break;
  case 1:
  case 2: change_member(&hand.member[random_below(MEMBERS)]); break;
  case 3:
  case 4: change_function((int)random_below(FUNCTIONS)); break;
  case 5: change_field(&hand.fields[random_below(2)]); break;
  case 6: hand.item[random_below(ITEMS)].name = random_name(); break;
  default:
    change_type(random_below(2) ? &hand.copy
                                : &hand.type[random_below(CLASSES)]);
    break;
  }
}

/* Uses all that is there, in any order of what throws. */
static const char use_all[] =
    "import * as m from 'hand';\n"
    "const all = [];\n"
    "const attempt = (f) => { try { return f(); } catch { } };\n"
    "for (const k of Object.values(m)) {\n"
    "  if (typeof k !== 'function') continue;\n"
    "  attempt(() => k(1, 2));\n"
    "  for (const args of [[], [1], [1, 2], ['a']])\n"
    "    all.push(attempt(() => new k(...args)));\n"
    "  for (const s of Reflect.ownKeys(k)) attempt(() => k[s](1));\n"
    "}\n"
    "for (const t of all) {\n"
    "  if (!t) continue;\n"
    "  for (let p = t; p; p = Object.getPrototypeOf(p))\n"
    "    for (const key of Reflect.ownKeys(p)) {\n"
    "      attempt(() => t[key]); attempt(() => t[key] = 1);\n"
    "      if (key !== 'close' && key !== Symbol.dispose)\n"
    "        attempt(() => t[key](1)?.catch?.(() => {}));\n"
    "      for (const other of all) attempt(() => t[key](other));\n"
    "    }\n"
    "  attempt(() => { for (const n of t) break; });\n"
    "  attempt(() => [...t]); attempt(() => JSON.stringify(t));\n"
    "  attempt(() => t(1)); attempt(() => t[0]); attempt(() => t.anything);\n"
    "  attempt(() => m.take(t));\n"
    "  attempt(() => t.close());\n"
    "  attempt(() => t.method(1));\n"
    "}";

static void try_table(void)
{
  tenon_options o = {.size = sizeof o, .memory_limit_bytes = 64 << 20};
  tenon_runtime *rt;
  int r, declared;

  CHECK_INT(0, t_runtime_new(&o, &rt));
  r = tenon_runtime_add_module(rt, "hand", entry);
  declared = tenon_module_declare(entry, NULL, ignore, NULL);
  CHECK_INT(r, declared);
  CHECK(r == 0 || r == TENON_EABI);
  /* Constants of it may fail, and memory run out. */
  if (r == 0) (void)!t_eval_module(rt, use_all);
  t_free(rt);
}

TEST(no_word_of_a_table_does_harm)
{
  const char *said = getenv("TENON_TABLE_ROUNDS");
  int rounds = said ? atoi(said) : 400, i, k;

  for (i = 0; i < rounds; i++) {
    seed = (uint64_t)i * 7919 + 1;
    reset();
    for (k = 1 + (int)random_below(3); k; k--)
      change_something();
    try_table();
  }
}
