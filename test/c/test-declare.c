/* Declarations of TypeScript: tables by hand with every kind and flag, names,
 * documentation, and what tenon_module_declare refuses. That a compiler takes
 * them is for test/types. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/declare.h>

#include "harness.h"

#include "base/alloc.h"
#include "bind/declare.h"

#include <tenon/export.h>

/* --- Tables by hand --------------------------------------------------------------- */

#define COUNT(a) (uint32_t)(sizeof(a) / sizeof *(a))
#define FIELD(name, type)  \
  {                        \
    name, type, 0, 0, NULL \
  }
#define FLAGGED(name, type, flags) \
  {                                \
    name, type, 0, flags, NULL     \
  }
#define TYPE(id, kind, label, ...)                        \
  static const tenon_field id##_fields[] = {__VA_ARGS__}; \
  static const tenon_type id = {                          \
      kind, 8, label, id##_fields, COUNT(id##_fields), NULL, NULL, NULL}
#define CALLBACK(id, label, result, ...)                      \
  static const tenon_field id##_params[] = {__VA_ARGS__};     \
  static const tenon_signature id##_signature = {             \
      sizeof(tenon_signature), 0, label, result, id##_params, \
      COUNT(id##_params),      64};                           \
  static const tenon_type id = {                              \
      TENON_KIND_CALLBACK, 8, label, NULL, 0, NULL, &id##_signature, NULL}

static const tenon_type date = {
    TENON_KIND_DATE, 8, "date", NULL, 0, NULL, NULL, NULL};
static const tenon_type any = {TENON_KIND_ANY, 8,    "any", NULL, 0,
                               NULL,           NULL, NULL};

TYPE(access, TENON_KIND_FLAGS, "access", {"read", NULL, 1, 0, NULL},
     {"write", NULL, 2, 0, NULL});
TYPE(place, TENON_KIND_STRUCT, "place", FIELD("x", &tenon_type_f64),
     {"y", &tenon_type_i64, 8, TENON_FIELD_DEFAULT, "1"});
TYPE(view_f64, TENON_KIND_VIEW, "view", FIELD("element", &tenon_type_f64));
TYPE(view_u8, TENON_KIND_VIEW, "view", FIELD("element", &tenon_type_u8));
TYPE(view_i64, TENON_KIND_VIEW, "view", FIELD("element", &tenon_type_i64));
TYPE(inout_i16, TENON_KIND_INOUT, "inout", FIELD("element", &tenon_type_i16));
TYPE(inout_bytes, TENON_KIND_INOUT, "inout",
     FIELD("element", &tenon_type_bytes));
TYPE(pair, TENON_KIND_TUPLE, "pair", FIELD("first", &tenon_type_str),
     FIELD("second", &place));
TYPE(bare, TENON_KIND_TUPLE, "tuple", FIELD("0", &tenon_type_str),
     {"1", &tenon_type_i32, 0, TENON_FIELD_OPT, NULL});
TYPE(number_pair, TENON_KIND_STRUCT, "pair", FIELD("key", &tenon_type_str),
     FLAGGED("value", &tenon_type_i64, TENON_FIELD_NULLABLE));
TYPE(numbers, TENON_KIND_RECORD, "record", FIELD("pair", &number_pair));
TYPE(strings, TENON_KIND_ARRAY, "array", FIELD("element", &tenon_type_str));
TYPE(id, TENON_KIND_EITHER, "id", FIELD("number", &tenon_type_i64),
     FIELD("name", &tenon_type_str), FIELD("place", &place));
TYPE(mixed, TENON_KIND_EITHER, "either", FIELD("a", &tenon_type_i64),
     FIELD("b", &tenon_type_f64), FIELD("c", &strings), FIELD("d", &date));
TYPE(mixes, TENON_KIND_ARRAY, "array", FIELD("element", &mixed));
CALLBACK(on_step, "on_step", FIELD("result", &tenon_type_i64),
         FIELD("at", &place), FLAGGED("note", &tenon_type_str, TENON_FIELD_OPT),
         FIELD("new", &any));
CALLBACK(plain, "callback", FIELD("result", &tenon_type_none),
         FIELD("bytes", &tenon_type_bytes));
TYPE(plains, TENON_KIND_ARRAY, "array", FIELD("element", &plain));
TYPE(handlers, TENON_KIND_STRUCT, "handlers", FIELD("step", &on_step),
     FLAGGED("done", &plain, TENON_FIELD_NULLABLE));

#define FUNCTION(id, result_type, ...)                                       \
  static const tenon_field id##_params[] = {__VA_ARGS__};                    \
  static const tenon_function id##_function = {sizeof(tenon_function),       \
                                               0,                            \
                                               #id,                          \
                                               NULL,                         \
                                               FIELD("result", result_type), \
                                               id##_params,                  \
                                               COUNT(id##_params),           \
                                               256,                          \
                                               NULL,                         \
                                               NULL,                         \
                                               0}

FUNCTION(callbacks, &tenon_type_none, FIELD("step", &on_step),
         FLAGGED("done", &plain, TENON_FIELD_NULLABLE),
         FLAGGED("all", &handlers, TENON_FIELD_OPT));
FUNCTION(coerced, &tenon_type_none,
         FLAGGED("n", &tenon_type_f64, TENON_FIELD_COERCE),
         FLAGGED("big", &tenon_type_big_i64, TENON_FIELD_COERCE),
         FLAGGED("text", &tenon_type_str,
                 TENON_FIELD_COERCE | TENON_FIELD_OPT));
FUNCTION(containers, &pair, FIELD("numbers", &numbers), FIELD("pair", &pair),
         FIELD("bare", &bare), FIELD("mixes", &mixes));
FUNCTION(either, &id, FIELD("id", &id));
FUNCTION(in_place, &view_f64, FIELD("a", &view_u8), FIELD("b", &view_i64),
         FIELD("c", &inout_i16), FIELD("d", &inout_bytes));
FUNCTION(method, &date, FLAGGED("self", &place, TENON_FIELD_THIS),
         FIELD("access", &access), FLAGGED("rest", &strings, TENON_FIELD_REST));
FUNCTION(record, &numbers, FIELD("n", &tenon_type_i64));
FUNCTION(tell, &access, FIELD("any", &any),
         FLAGGED("calls", &plains, TENON_FIELD_OPT));
TYPE(lax, TENON_KIND_TUPLE, "lax", FIELD("a", &tenon_type_i32),
     FLAGGED("b", &plain, TENON_FIELD_NULLABLE),
     FLAGGED("c", &tenon_type_i64, TENON_FIELD_DEFAULT));
TYPE(lax_bare, TENON_KIND_TUPLE, "tuple",
     FLAGGED("0", &tenon_type_i64, TENON_FIELD_OPT),
     FIELD("1", &tenon_type_i32),
     FLAGGED("2", &tenon_type_str, TENON_FIELD_OPT),
     FLAGGED("3", &plain, TENON_FIELD_NULLABLE));
FUNCTION(tuples, &lax, FIELD("lax", &lax), FIELD("bare", &lax_bare));
FUNCTION(what, &any, FLAGGED("maybe", &tenon_type_i32, TENON_FIELD_OPT),
         FLAGGED("others", &mixes, TENON_FIELD_REST));

#define EXPORT(name)           \
  {                            \
#name, &name##_function, 0 \
  }
static tenon_p_export all[] = {
    EXPORT(callbacks), EXPORT(coerced), EXPORT(containers), EXPORT(either),
    EXPORT(in_place),  EXPORT(method),  EXPORT(record),     EXPORT(tell),
    EXPORT(tuples),    EXPORT(what),
};
static const tenon_module by_hand = {.threads = TENON_THREADS_serial};

/* What is declared of these; until the next call. */
static const char *declare(tenon_p_export *exports, uint32_t count)
{
  static tenon_p_text t;
  tenon_p_module m = {
      .descriptor = &by_hand, .count = count, .exports = exports};

  tenon_p_text_clear(&t);
  tenon_p_declare(&m, NULL, NULL, &t);
  return t.failed ? NULL : t.data;
}

TEST(every_kind_and_flag_is_declared)
{
  static char expected[16384];
  FILE *f = fopen(TEST_SOURCE_DIR "/types/kinds.d.ts", "r");

  CHECK(f != NULL);
  expected[fread(expected, 1, sizeof expected - 1, f)] = '\0';
  fclose(f);
  CHECK_TEXT(expected, declare(all, COUNT(all)));
}

/* --- Types of one name ------------------------------------------------------------ */

TYPE(place_again, TENON_KIND_STRUCT, "place", FIELD("x", &tenon_type_f64),
     {"y", &tenon_type_i64, 8, TENON_FIELD_DEFAULT, "1"});
TYPE(other_place, TENON_KIND_STRUCT, "place", FIELD("x", &tenon_type_f64));
TYPE(holder, TENON_KIND_STRUCT, "holder", FIELD("place", &place));
TYPE(holder_again, TENON_KIND_STRUCT, "holder", FIELD("place", &place_again));
TYPE(other_holder, TENON_KIND_STRUCT, "holder", FIELD("place", &other_place));
FUNCTION(same, &tenon_type_none, FIELD("a", &holder),
         FIELD("b", &holder_again));
FUNCTION(other, &tenon_type_none, FIELD("a", &holder),
         FIELD("b", &other_holder));

TEST(a_type_that_two_files_have_is_declared_once)
{
  tenon_p_export exports[] = {EXPORT(same)};

  CHECK_TEXT("interface CallOptions {\n"
             "  /** An AbortSignal. */\n"
             "  signal?: { readonly aborted: boolean; readonly reason: any };\n"
             "  /** In milliseconds. */\n"
             "  timeout?: number;\n"
             "  onFull?: 'error' | 'wait';\n"
             "}\n"
             "\n"
             "export interface place {\n"
             "  x: number;\n"
             "  /** @default `1` */\n"
             "  y?: number | bigint | undefined;\n"
             "}\n"
             "\n"
             "export interface holder {\n"
             "  place: place;\n"
             "}\n"
             "\n"
             "export function same(a: holder, b: holder): void;\n"
             "export namespace same {\n"
             "  function async(a: holder, b: holder, options?: CallOptions): "
             "Promise<void>;\n"
             "  namespace async {\n"
             "    function withOptions(options: CallOptions): typeof async;\n"
             "  }\n"
             "}\n"
             "\n"
             "export {};\n",
             declare(exports, 1));
}

TEST(two_types_of_one_name_have_two_names)
{
  tenon_p_export exports[] = {EXPORT(other)};
  const char *text = declare(exports, 1);

  CHECK(strstr(text, "interface place {") != NULL);
  CHECK(strstr(text, "interface place_2 {\n  x: number;\n}") != NULL);
  CHECK(strstr(text, "interface holder_2 {\n  place: place_2;\n}") != NULL);
  CHECK(strstr(text, "other(a: holder, b: holder_2): void") != NULL);
}

TYPE(later_place, TENON_KIND_STRUCT, "place", FIELD("x", &tenon_type_f64),
     {"y", &tenon_type_i64, 8, TENON_FIELD_DEFAULT, "2"});
FUNCTION(defaults, &tenon_type_none, FIELD("a", &place),
         FIELD("b", &later_place));

TEST(types_that_differ_in_a_default_are_two)
{
  tenon_p_export exports[] = {EXPORT(defaults)};

  CHECK(strstr(declare(exports, 1), "defaults(a: place, b: place_2)") != NULL);
}

CALLBACK(make, "make", FIELD("result", &place), FIELD("in", &place));
CALLBACK(give, "give", FIELD("result", &place), FIELD("n", &tenon_type_i32));
FUNCTION(ask, &tenon_type_none, FIELD("give", &give));
FUNCTION(both, &tenon_type_none, FIELD("make", &make));

TEST(what_a_callback_returns_comes_in)
{
  tenon_p_export one[] = {EXPORT(ask)}, two[] = {EXPORT(both)};

  CHECK(strstr(declare(one, 1), "y?: number | bigint | undefined;") != NULL);
  CHECK(strstr(declare(one, 1), "type give = (n: number) => place;") != NULL);
  CHECK(strstr(declare(two, 1), "type make = (in_: place) => place_input;") !=
        NULL);
}

TYPE(bigs, TENON_KIND_ARRAY, "array", FIELD("element", &tenon_type_big_u64));
FUNCTION(take_bigs, &tenon_type_none, FIELD("a", &bigs));
FUNCTION(give_bigs, &bigs, FIELD("a", &tenon_type_i32));

TEST(helpers_are_there_where_they_are_needed)
{
  tenon_p_export in[] = {EXPORT(take_bigs)}, out[] = {EXPORT(give_bigs)};

  CHECK(strstr(declare(in, 1), "type BigIntArray = ") != NULL);
  CHECK(!strstr(declare(in, 1), "NumberArray"));
  CHECK(!strstr(declare(out, 1), "BigIntArray"));
}

TEST(types_nest_as_deep_as_tables_may)
{
  enum { DEEP = 14 };
  tenon_type type[DEEP];
  tenon_field field[DEEP], result = FIELD("result", &type[DEEP - 1]);
  tenon_function f = record_function;
  tenon_p_export exports[] = {{"deep", &f, 0}};
  const char *text;
  int i, depth = 0;

  for (i = 0; i < DEEP; i++) {
    field[i] = (tenon_field){"element", i ? &type[i - 1] : &tenon_type_i64, 0,
                             TENON_FIELD_NULLABLE, NULL};
    type[i] = (tenon_type){
        TENON_KIND_ARRAY, 16, "array", &field[i], 1, NULL, NULL, NULL};
  }
  f.result = result;
  text = strstr(declare(exports, 1), "\n): ");
  CHECK(text != NULL);
  for (text += 4; *text == '('; text++)
    depth++;
  CHECK_INT(DEEP, depth);
  CHECK(strncmp(text, "number | null)[] | null)[] | null)[]", 36) == 0);
}

TYPE(Date_struct, TENON_KIND_STRUCT, "Date", FIELD("at", &date));
TYPE(unnamed, TENON_KIND_STRUCT, "", FIELD("not a name", &tenon_type_i32),
     FIELD("it's", &tenon_type_i32), FIELD("class", &tenon_type_i32));
TYPE(shape, TENON_KIND_STRUCT, "Shape", FIELD("n", &tenon_type_i64));
TYPE(beyond, TENON_KIND_ENUM,
     "gr\xc3\xb6\xc3\x9f"
     "e",
     {"\xe2\x9c\x93", NULL, 0, 0, NULL}, {"a\nb\x01", NULL, 1, 0, NULL});
FUNCTION(names, &shape, FIELD("date", &Date_struct), FIELD("class", &unnamed),
         FIELD("shape", &shape), FIELD("l\xc3\xa4nge", &beyond),
         FIELD("1 2", &tenon_type_i32), FIELD("_1_2", &tenon_type_i32));

TEST(names_that_typescript_has_are_others)
{
  tenon_p_export exports[] = {EXPORT(names)};
  const char *text = declare(exports, 1);

  CHECK(strstr(text, "interface Date_ {\n  at: Date;\n}") != NULL);
  CHECK(strstr(text, "interface _ {\n  'not a name': number;\n"
                     "  'it\\'s': number;\n  class: number;\n}") != NULL);
  CHECK(strstr(text, "type gr\xc3\xb6\xc3\x9f"
                     "e = '\xe2\x9c\x93' | 'a\\nb\\u0001';") != NULL);
  CHECK(strstr(text,
               "names(\n  date: Date_,\n  class_: _,\n"
               "  shape: ShapeInput,\n  l\xc3\xa4nge: gr\xc3\xb6\xc3\x9f"
               "e,\n  _1_2: number,\n  _1_2_2: number\n): Shape;") != NULL);
}

TEST(exports_that_are_no_identifiers_are_renamed)
{
  tenon_p_export exports[] = {
      {"a b", &record_function, 0},         {"a_b", &record_function, 0},
      {"a-b", &record_function, 0},         {"class", &record_function, 0},
      {"d\xff", &record_function, 0},       {"default", &record_function, 0},
      {"\xe2\x9c\x93", &record_function, 0}};
  const char *text = declare(exports, COUNT(exports));

  CHECK(strstr(text, "export function a_b(n: number") != NULL);
  CHECK(strstr(text, "declare function a_b_2(n: number") != NULL);
  CHECK(strstr(text, "declare namespace a_b_2 {") != NULL);
  CHECK(strstr(text, "export {\n"
                     "  a_b_2 as 'a b',\n"
                     "  a_b_3 as 'a-b',\n"
                     "  class_ as class,\n"
                     "  d_ as 'd\\ufffd',\n"
                     "  default_ as default,\n"
                     "  _ as '\xe2\x9c\x93'\n"
                     "};\n") != NULL);
}

TEST(a_default_is_the_export_that_it_names)
{
  tenon_p_export exports[] = {EXPORT(record), {"a b", &record_function, 0}};
  tenon_p_module m = {.descriptor = &by_hand, .count = 2, .exports = exports};
  tenon_p_text t = TENON_P_TEXT_INIT;

  m.default_export = &exports[0];
  tenon_p_declare(&m, NULL, NULL, &t);
  CHECK(strstr(t.data, "export function record(") != NULL);
  CHECK(strstr(t.data, "  record as default\n};\n") != NULL);
  tenon_p_text_clear(&t);
  m.default_export = &exports[1];
  tenon_p_declare(&m, NULL, NULL, &t);
  CHECK(strstr(t.data, "  a_b as 'a b',\n  a_b as default\n};\n") != NULL);
  tenon_p_text_release(&t);
}

/* --- Documentation ---------------------------------------------------------------- */

#define DOC(n, text)                                                         \
  static const tenon_item doc_##n = {sizeof(tenon_item), TENON_ITEM_DOC, #n, \
                                     text, NULL}
static const tenon_item doc_module = {sizeof(tenon_item), TENON_ITEM_DOC, "",
                                      "\n  Two\r\n    lines \n\n\n", NULL};
DOC(record, "Ends */ here, and*/\x01there: gr\xc3\xb6\xc3\x9f"
            "e \xff.\n@param n how many\n  of them");
static const tenon_item doc_param = {sizeof(tenon_item), TENON_ITEM_DOC,
                                     "coerced.text", "any text", NULL};
static const tenon_item *const docs[] = {&doc_module, &doc_record, &doc_param};

static const tenon_field documented_params[] = {
    {"n", &tenon_type_i32, 0, TENON_FIELD_DEFAULT, "strlen(\"*/`\")"},
    {"yes", &tenon_type_bool, 0, TENON_FIELD_DEFAULT, "1"}};
static const tenon_function documented = {
    sizeof(tenon_function),
    0,
    "documented",
    "\\brief Rust's.\n\n@param[in] n - how many\n@return nothing",
    FIELD("result", &tenon_type_none),
    documented_params,
    2,
    64,
    NULL,
    NULL,
    0};

TEST(documentation_becomes_comments)
{
  tenon_module d = {.items_begin = docs, .items_end = docs + COUNT(docs)};
  tenon_p_export exports[] = {
      EXPORT(coerced), {"documented", &documented, 0}, EXPORT(record)};
  tenon_p_module m = {.descriptor = &d, .count = 3, .exports = exports};
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_declare(&m, NULL, NULL, &t);
  CHECK(!t.failed);
  CHECK_TEXT(
      "/**\n"
      " * Two\n"
      " *   lines\n"
      " *\n"
      " * @module\n"
      " */\n"
      "export {};\n"
      "\n"
      "/** @param text any text */\n"
      "export function coerced(\n"
      "  n: unknown,\n"
      "  big: bigint | number | string | boolean,\n"
      "  text?: unknown\n"
      "): void;\n"
      "\n"
      "/**\n"
      " * Rust's.\n"
      " *\n"
      " * @param n (default: ``strlen(\"*\\/`\")``) - how many\n"
      " * @return nothing\n"
      " * @param yes (default: `true`)\n"
      " */\n"
      "export function documented(n?: number, yes?: boolean): void;\n"
      "\n"
      "/**\n"
      " * Ends *\\/ here, and*\\/ there: gr\xc3\xb6\xc3\x9f"
      "e \xef\xbf\xbd.\n"
      " * @param n how many\n"
      " *   of them\n"
      " */\n"
      "export function record(n: number | bigint): Record<string, number | "
      "null>;\n"
      "\n"
      "export {};\n",
      t.data);
  tenon_p_text_release(&t);
}

/* --- The function of the library ---------------------------------------------------- */

TENON_ENUM(lamp, on, off)
TENON_STRUCT(room, (i64, id), (array(lamp), lamps),
             (str, name, tenon_str_of("")))
TENON_FUNCTION(room, light, (room, room), (lamp, lamp, lamp_on))
{
  (void)lamp;
  return room;
}
TENON_FUNCTION_AS("put out", none, put_out, (array(room), rooms))
{
  (void)rooms;
}
typedef struct door {
  bool is_open;
  int64_t key;
} door;
/** Between rooms. */
TENON_CLASS_AS("Door", door)
/** Closed. */
TENON_CONSTRUCTOR(door, (i64, key, 1))
{
  self->key = key;
}
/// Opens it.
TENON_METHOD(bool, door, open, (lamp, with, lamp_on))
{
  (void)with;
  return self->is_open;
}
/** Is it? */
TENON_GET(bool, door, closed)
{
  return !self->is_open;
}
/** All rooms. */
TENON_ITERATOR(room, door, int)
{
  (void)value;
  return false;
}
TENON_STATIC(copy(door), door, locked)
{
  door d = {false, 0};
  return d;
}
TENON_MEMBERS(door, (i64, key))
TENON_CLASS_CONSTANT(i32, door, HEIGHT, 2)
TENON_DISPOSABLE_AS("brick", door)
typedef struct gate {
  door base;
} gate;
TENON_CLASS_AS("Gate", gate)
TENON_EXTENDS(gate, door, base)
TENON_METHOD(none, gate, open)
{}
/** Through it. */
TENON_CALL(bool, gate, (room, from))
{
  (void)from;
  return true;
}
TENON_DOC(Door.key, "Which key.")
TENON_DOC(Door.HEIGHT, "In meters.")
TENON_DOC(Door.open.with, "which")
TENON_DOC(Gate, "A large one.")

TENON_CONSTANT(i32, most, 5)
TENON_GETTER(i32, count)
{
  return 1;
}
TENON_DOC(room, "A room.")
TENON_DOC(room.id, "Its number.")
TENON_DOC(lamp.off, "dark")
TENON_DOC(light.lamp, "which")
TENON_DOC(light, "Lights it.")
TENON_DOC(, "Rooms.")

static struct {
  char *text;
  int calls;
} got;

static void take(void *data, const char *text, size_t len)
{
  CHECK(data == &got);
  CHECK_INT(strlen(text), len);
  free(got.text);
  got.text = strdup(text);
  got.calls++;
}

static int declare_own(void)
{
  tenon_declare_options o = {.size = sizeof o, .name = "rooms"};

  got.calls = 0;
  return tenon_module_declare(tenon_module_v1, &o, take, &got);
}

TEST(a_module_is_declared_without_a_runtime)
{
  CHECK_INT(0, declare_own());
  CHECK_INT(1, got.calls);
  CHECK(strstr(got.text, "/** Rooms. */\ndeclare module 'rooms' {\n") != NULL);
  CHECK(strstr(got.text, "  /**\n   * Lights it.\n   *\n"
                         "   * @param lamp (default: `lamp_on`) which\n   */\n"
                         "  export function light(room: room_input, lamp?: "
                         "lamp): room;\n") != NULL);
  CHECK(strstr(got.text, "  /** - 'off': dark */\n"
                         "  export type lamp = 'on' | 'off';\n") != NULL);
  CHECK(strstr(got.text, "    readonly count: number;\n") != NULL);
  CHECK(strstr(got.text, "defaults as default") != NULL);
  CHECK(!strstr(got.text, "async("));
}

TEST(comments_of_sources_are_those_of_classes_and_members)
{
  tenon_declare_options o = {.size = sizeof o,
                             .source_dir = TEST_SOURCE_DIR "/c"};

  CHECK_INT(0, tenon_module_declare(tenon_module_v1, &o, take, &got));
  CHECK(strstr(got.text, "/** Between rooms. */\n"
                         "export class Door {\n"
                         "  #private;\n"
                         "  /**\n"
                         "   * Closed.\n"
                         "   *\n"
                         "   * @param key (default: `1`)\n"
                         "   */\n"
                         "  constructor(key?: number | bigint);\n"
                         "  /** Which key. */\n"
                         "  get key(): number;\n"
                         "  set key(value: number | bigint);\n"
                         "  /** Is it? */\n"
                         "  get closed(): boolean;\n"
                         "  brick(): void;\n"
                         "  /**\n"
                         "   * Opens it.\n"
                         "   *\n"
                         "   * @param with_ (default: `lamp_on`) which\n"
                         "   */\n"
                         "  open(with_?: lamp): boolean;\n"
                         "  toJSON(): { key: number; };\n"
                         "  [Symbol.dispose](): void;\n"
                         "  /** All rooms. */\n"
                         "  [Symbol.iterator](): IterableIterator<room>;\n"
                         "  /** In meters. */\n"
                         "  static readonly HEIGHT: number;\n"
                         "  static locked(): Door;\n"
                         "}\n") != NULL);
  CHECK(strstr(got.text, "export interface Gate {\n"
                         "  /** Through it. */\n"
                         "  (from: room_input): boolean;\n"
                         "}\n\n"
                         "/** A large one. */\n"
                         "export class Gate extends Door {\n"
                         "  #private;\n"
                         "  private constructor();\n"
                         "  open(): void;\n"
                         "  open(with_?: lamp): boolean;\n"
                         "}\n") != NULL);
}

/* A class is one of a module; another module can name it all the same. */
TEST(a_class_of_another_module_is_an_object)
{
  tenon_p_export exports[] = {
      {"knock",
       &(tenon_function){.size = sizeof(tenon_function),
                         .name = "knock",
                         .result = FIELD("result", &tenon_type_door),
                         .params = &(tenon_field)FLAGGED("on", &tenon_type_gate,
                                                         TENON_FIELD_OPT),
                         .param_count = 1},
       0}};

  CHECK(strstr(declare(exports, 1),
               "export function knock(on?: object): object;") != NULL);
}

static void *in_thread(void *unused)
{
  (void)unused;
  return declare_own() ? NULL : got.text;
}

TEST(a_module_is_declared_on_any_thread)
{
  pthread_t thread;
  void *text;

  CHECK_INT(0, pthread_create(&thread, NULL, in_thread, NULL));
  CHECK_INT(0, pthread_join(thread, &text));
  CHECK(text != NULL);
}

TEST(what_is_missing_is_refused)
{
  tenon_declare_options o = {.size = sizeof o};

  got.calls = 0;
  CHECK_INT(TENON_EINVAL, tenon_module_declare(NULL, NULL, take, &got));
  CHECK_INT(TENON_EINVAL,
            tenon_module_declare(tenon_module_v1, NULL, NULL, &got));
  o.size--;
  CHECK_INT(TENON_EINVAL,
            tenon_module_declare(tenon_module_v1, &o, take, &got));
  o.size += 2;
  CHECK_INT(TENON_EINVAL,
            tenon_module_declare(tenon_module_v1, &o, take, &got));
  o = (tenon_declare_options){.size = sizeof o, .name = "./rooms"};
  CHECK_INT(TENON_EINVAL,
            tenon_module_declare(tenon_module_v1, &o, take, &got));
  o.name = "";
  CHECK_INT(TENON_EINVAL,
            tenon_module_declare(tenon_module_v1, &o, take, &got));
  CHECK_INT(0, got.calls);
}

static tenon_module broken;

static const tenon_module *broken_entry(void)
{
  return broken.size ? &broken : NULL;
}

TEST(a_module_that_cannot_be_added_cannot_be_declared)
{
  got.calls = 0;
  broken = *tenon_module_v1();
  broken.abi++;
  CHECK_INT(TENON_EABI, tenon_module_declare(broken_entry, NULL, take, &got));
  broken.size = 0;
  CHECK_INT(TENON_EABI, tenon_module_declare(broken_entry, NULL, take, &got));
  CHECK_INT(0, got.calls);
  broken = *tenon_module_v1();
  broken.end = broken.begin;
  CHECK_INT(0, tenon_module_declare(broken_entry, NULL, take, &got));
  CHECK_INT(1, got.calls);
}

static void fail_each(bool lasting)
{
  tenon_declare_options o = {
      .size = sizeof o, .name = "rooms", .source_dir = TEST_SOURCE_DIR "/c"};
  uint64_t at, count;
  char *expected;

  got.calls = 0;
  tenon_p_alloc_inject(0, false);
  CHECK_INT(0, tenon_module_declare(tenon_module_v1, &o, take, &got));
  count = tenon_p_alloc_stop();
  expected = strdup(got.text);
  CHECK(count > 50);
  for (at = 1; at <= count; at++) {
    int r;
    got.calls = 0;
    tenon_p_alloc_inject(at, lasting);
    r = tenon_module_declare(tenon_module_v1, &o, take, &got);
    tenon_p_alloc_stop();
    if (r != TENON_ENOMEM || got.calls) {
      print_error("allocation %llu of %llu: %d\n", (unsigned long long)at,
                  (unsigned long long)count, r);
      fail();
    }
  }
  CHECK_INT(0, tenon_module_declare(tenon_module_v1, &o, take, &got));
  CHECK_TEXT(expected, got.text);
  free(expected);
}

TEST(every_allocation_fails_in_turn)
{
  fail_each(false);
}

TEST(every_allocation_fails_from_some_point_on)
{
  fail_each(true);
}

/* With the kinds that need most of it. */
TEST(every_allocation_fails_in_turn_for_every_kind)
{
  tenon_p_module m = {
      .descriptor = &by_hand, .count = COUNT(all), .exports = all};
  tenon_p_text t = TENON_P_TEXT_INIT;
  uint64_t at, count;

  tenon_p_alloc_inject(0, false);
  tenon_p_declare(&m, "m", NULL, &t);
  count = tenon_p_alloc_stop();
  CHECK(!t.failed);
  for (at = 1; at <= count; at++) {
    tenon_p_text_release(&t);
    tenon_p_alloc_inject(at, false);
    tenon_p_declare(&m, "m", NULL, &t);
    tenon_p_alloc_stop();
    CHECK(t.failed);
  }
  tenon_p_text_release(&t);
}
