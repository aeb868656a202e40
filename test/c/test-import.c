/* Functions and values of JavaScript for a C program. */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/import.h>
#include <tenon/napi.h>
#include <unistd.h>

TENON_IMPORT(f64, area, (f64, w), (f64, h))
TENON_IMPORT(str, greet, (str, name))
TENON_IMPORT(none, note)
TENON_STRUCT(data, (i32, status), (str, message))
TENON_ENUM(side, left, right)

static tenon_runtime *runtime(void)
{
  if (t_enter_folder()) {
    t_write_file(
        "shapes.mjs",
        "export const area = (w, h) => w * h;\n"
        "export default function (w, h) { return w + h; }\n"
        "export const later = async (w, h) => {\n"
        "  await new Promise((done) => setTimeout(done, 2));\n"
        "  if (w < 0) throw new RangeError('negative');\n"
        "  return w ? w * h : new Promise(() => {}); };\n"
        "export const bad = () => '5', number = 5;\n"
        "export const info = { status: 200, message: 'h\\u00e9llo' };\n"
        "export const greet = (s) => 'hello ' + s;\n");
    t_write_file("slow.mjs",
                 "await new Promise((done) => setTimeout(done, 2));\n"
                 "export const area = () => 7;\n");
    t_write_file("never.mjs",
                 "await new Promise(() => {}); export const area = 1;\n");
    t_write_file("broken.mjs", "throw new TypeError('top');\n");
    t_write_file("dep.mjs", "import './missing.mjs';\n");
  }
  return t_runtime();
}

static const char *message(tenon_runtime *rt)
{
  static char line[200];
  const char *text = tenon_runtime_exception(rt);

  snprintf(line, sizeof line, "%s", text ? text : "none");
  line[strcspn(line, "\n")] = '\0';
  return line;
}

TEST(an_export_is_a_function_of_c)
{
  tenon_runtime *rt = runtime();
  area *f, *g;
  double r;

  CHECK_INT(0, area_import(rt, "./shapes.mjs", "area", &f));
  CHECK_INT(0, area_call(f, &r, 3, 4));
  CHECK(r == 12);
  CHECK_INT(0, area_import(rt, "./shapes.mjs", "default", &g));
  CHECK_INT(0, area_call(g, &r, 3, 4));
  CHECK(r == 7);
  CHECK_INT(0, area_await(f, &r, 5, 6));
  CHECK(r == 30);
  tenon_callback_release(f);
  tenon_callback_release(g);
}

TEST(a_promise_is_awaited_when_asked)
{
  tenon_runtime *rt = runtime();
  area *f;
  double r;

  CHECK_INT(0, area_import(rt, "./shapes.mjs", "later", &f));
  CHECK_INT(0, area_await(f, &r, 3, 4));
  CHECK(r == 12);
  CHECK_INT(TENON_EEXCEPTION, area_await(f, &r, -1, 4));
  CHECK_TEXT("RangeError: negative", message(rt));
  CHECK_INT(TENON_EUNSETTLED, area_await(f, &r, 0, 4));
  CHECK_INT(TENON_EEXCEPTION, area_call(f, &r, 3, 4));
  CHECK_TEXT("TypeError: area: result: expected number, got Promise (is an "
             "await missing?)",
             message(rt));
  CHECK_INT(0, tenon_runtime_run(rt));
  tenon_callback_release(f);
}

TEST(a_module_that_awaits_at_its_top_is_waited_for)
{
  tenon_runtime *rt = runtime();
  area *f;
  double r;

  CHECK_INT(0, area_import(rt, "./slow.mjs", "area", &f));
  CHECK_INT(0, area_call(f, &r, 1, 1));
  CHECK(r == 7);
  tenon_callback_release(f);
  CHECK_INT(TENON_EUNSETTLED, area_import(rt, "./never.mjs", "area", &f));
  CHECK(!f);
}

TEST(what_is_not_there_or_no_function_is_an_exception)
{
  tenon_runtime *rt = runtime();
  area *f = (area *)1;

  CHECK_INT(TENON_EEXCEPTION, area_import(rt, "./none.mjs", "area", &f));
  CHECK(strstr(message(rt), "none.mjs"));
  CHECK(!f);
  CHECK_INT(TENON_EEXCEPTION, area_import(rt, "./shapes.mjs", "none", &f));
  CHECK(strstr(message(rt),
               "./shapes.mjs: export 'none': there is none of this name"));
  CHECK_INT(TENON_EEXCEPTION, area_import(rt, "./shapes.mjs", "number", &f));
  CHECK_TEXT("TypeError: ./shapes.mjs: export 'number': expected function, got "
             "5",
             message(rt));
  CHECK_INT(TENON_EEXCEPTION, area_import(rt, "./broken.mjs", "area", &f));
  CHECK_TEXT("TypeError: top", message(rt));
  CHECK_INT(TENON_EEXCEPTION, area_import(rt, "./dep.mjs", "area", &f));
  CHECK(strstr(message(rt), "missing.mjs"));
  CHECK_INT(TENON_EINVAL, area_import(rt, "./shapes.mjs", NULL, &f));
  CHECK_INT(TENON_EINVAL, area_import(rt, "./shapes.mjs", "area", NULL));
  CHECK_INT(TENON_EINVAL, area_import(NULL, "./shapes.mjs", "area", &f));
  tenon_runtime_clear_exception(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
}

TEST(a_function_of_the_global_object_can_be_taken)
{
  tenon_runtime *rt = runtime();
  area *f;
  note *n;
  double r;

  t_run(rt, "globalThis.o = { n: 2, f(w, h) { return this.n * w * h; },\n"
            "  note() { Promise.resolve().then(() => { globalThis.x = 1; }); }"
            "};");
  CHECK_INT(0, area_import(rt, NULL, "Math.hypot", &f));
  CHECK_INT(0, area_call(f, &r, 3, 4));
  CHECK(r == 5);
  tenon_callback_release(f);
  CHECK_INT(0, area_import(rt, NULL, "o.f", &f));
  CHECK_INT(0, area_call(f, &r, 3, 4));
  CHECK(r == 24);
  tenon_callback_release(f);
  CHECK_INT(0, note_import(rt, NULL, "o.note", &n));
  CHECK_INT(0, note_call(n));
  t_run(rt, "if (x !== 1) throw 1;");
  tenon_callback_release(n);
  CHECK_INT(TENON_EEXCEPTION, area_import(rt, NULL, "none.f", &f));
  CHECK_INT(TENON_EEXCEPTION, area_import(rt, NULL, "none", &f));
  CHECK_TEXT("TypeError: globalThis: export 'none': expected function, got "
             "undefined",
             message(rt));
}

TEST(what_an_imported_function_throws_is_the_hosts)
{
  tenon_runtime *rt = runtime();
  area *f;
  double r = 3;

  t_run(rt, "globalThis.f = () => { throw new Error('mine'); };");
  CHECK_INT(0, area_import(rt, NULL, "f", &f));
  CHECK_INT(TENON_EEXCEPTION, area_call(f, &r, 1, 1));
  CHECK(r == 0);
  CHECK_TEXT("Error: mine", message(rt));
  tenon_runtime_clear_exception(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  tenon_runtime_terminate(rt);
  CHECK_INT(TENON_ETERMINATED, area_call(f, &r, 1, 1));
  tenon_callback_release(f);
}

TEST(text_of_a_result_lives_until_the_next_call)
{
  tenon_runtime *rt = runtime();
  tenon_str s;
  greet *f;

  CHECK_INT(0, greet_import(rt, "./shapes.mjs", "greet", &f));
  CHECK_INT(0, greet_call(f, &s, tenon_str_of("C")));
  CHECK_TEXT("hello C", s.data);
  CHECK_INT(0, greet_call(f, &s, s));
  CHECK_TEXT("hello hello C", s.data);
  t_free(rt);
  CHECK_TEXT("hello hello C", s.data);
  CHECK_INT(TENON_ECLOSING, greet_call(f, &s, tenon_str_of("")));
  tenon_callback_release(f);
}

/* --- Values ---------------------------------------------------------------------- */

TEST(the_names_and_values_of_a_module)
{
  tenon_runtime *rt = runtime();
  tenon_array_str names;
  tenon_owner *owner;
  double n;
  data d;

  CHECK_INT(0, tenon_runtime_exports(rt, "./shapes.mjs", &names, &owner));
  CHECK_INT(7, names.len);
  CHECK_TEXT("area", names.data[0].data);
  CHECK_TEXT("default", names.data[2].data);
  tenon_owner_free(owner);
  CHECK_INT(0, tenon_runtime_read(rt, "./shapes.mjs", "number", TENON_TYPE(f64),
                                  &n, NULL));
  CHECK(n == 5);
  CHECK_INT(0, tenon_runtime_read(rt, "./shapes.mjs", "info", TENON_TYPE(data),
                                  &d, &owner));
  CHECK_INT(200, d.status);
  t_free(rt);
  CHECK_TEXT("h\xc3\xa9llo", d.message.data);
  tenon_owner_free(owner);
  tenon_owner_free(NULL);
}

TEST(a_value_of_another_type_names_its_place)
{
  tenon_runtime *rt = runtime();
  tenon_owner *owner = (tenon_owner *)1;
  data d = {1, {"x", 1}};

  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_read(rt, "./shapes.mjs", "number",
                                                 TENON_TYPE(data), &d, &owner));
  CHECK_TEXT("TypeError: ./shapes.mjs: export 'number': expected object, got 5",
             message(rt));
  CHECK(!owner && d.status == 0 && !d.message.data);
  t_run(rt, "globalThis.d = { status: 1 };");
  CHECK_INT(TENON_EEXCEPTION,
            tenon_runtime_read(rt, NULL, "d", TENON_TYPE(data), &d, &owner));
  CHECK_TEXT("TypeError: globalThis: export 'd.message': expected string, got "
             "undefined",
             message(rt));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_read(rt, "./shapes.mjs", "none",
                                                 TENON_TYPE(data), &d, &owner));
  CHECK_INT(TENON_EINVAL,
            tenon_runtime_read(rt, NULL, "d", TENON_TYPE(data), &d, NULL));
  CHECK_INT(TENON_EINVAL,
            tenon_runtime_read(rt, NULL, NULL, TENON_TYPE(data), &d, &owner));
  CHECK_INT(TENON_EINVAL,
            tenon_runtime_read(rt, NULL, "d", TENON_TYPE(data), NULL, &owner));
}

static int eval_data(tenon_runtime *rt, const char *src, data *d,
                     tenon_owner **owner)
{
  return tenon_runtime_eval_into(rt, src, strlen(src), "d.js", TENON_TYPE(data),
                                 d, owner);
}

TEST(a_script_is_evaluated_into_a_struct)
{
  tenon_runtime *rt = runtime();
  tenon_owner *owner;
  data d;

  CHECK_INT(0, eval_data(rt,
                         "function hello() { return { status: 200,\n"
                         "  message: 'Hello World' }; }\nhello();",
                         &d, &owner));
  CHECK_INT(200, d.status);
  CHECK_TEXT("Hello World", d.message.data);
  tenon_owner_free(owner);
  CHECK_INT(0, eval_data(rt,
                         "await new Promise((f) => setTimeout(f, 1));\n"
                         "({ status: 2, message: 'later' })",
                         &d, &owner));
  CHECK_TEXT("later", d.message.data);
  tenon_owner_free(owner);
  CHECK_INT(TENON_EEXCEPTION, eval_data(rt, "(async () => 1)()", &d, &owner));
  CHECK_TEXT("TypeError: d.js: value: expected object, got Promise (is an "
             "await missing?)",
             message(rt));
  CHECK_INT(TENON_EEXCEPTION,
            eval_data(rt, "({ status: 1.5, message: '' })", &d, &owner));
  CHECK_TEXT("TypeError: d.js: value 'status': expected integer, got 1.5",
             message(rt));
  CHECK_INT(TENON_EEXCEPTION, eval_data(rt, "throw 1", &d, &owner));
  CHECK_INT(TENON_EEXCEPTION, eval_data(rt, "let = ;", &d, &owner));
  CHECK_INT(TENON_EEXCEPTION, eval_data(rt, "await 1; throw 2", &d, &owner));
  CHECK_TEXT("2", message(rt));
  CHECK_INT(TENON_EUNSETTLED,
            eval_data(rt, "await new Promise(() => {})", &d, &owner));
  CHECK(!owner && d.status == 0 && !d.message.data);
  tenon_runtime_clear_exception(rt);
  CHECK_INT(0, eval_data(rt, "({ status: 1, message: '' })", &d, &owner));
  tenon_owner_free(owner);
}

TEST(other_types_are_evaluated_too)
{
  tenon_runtime *rt = runtime();
  tenon_array_f64 all;
  tenon_owner *owner;
  side s;

  CHECK_INT(0, tenon_runtime_eval_into(rt, "[1, 2]", 6, NULL,
                                       TENON_TYPE(array(f64)), &all, &owner));
  CHECK(all.len == 2 && all.data[1] == 2);
  tenon_owner_free(owner);
  CHECK_INT(0, tenon_runtime_eval_into(rt, "'right'", 7, NULL, TENON_TYPE(side),
                                       &s, NULL));
  CHECK_INT(side_right, s);
  CHECK_INT(
      TENON_EEXCEPTION,
      tenon_runtime_eval_into(rt, "'up'", 4, NULL, TENON_TYPE(side), &s, NULL));
  CHECK_TEXT("TypeError: <script>: value: expected one of 'left', 'right', got "
             "'up'",
             message(rt));
  CHECK_INT(TENON_EABI, tenon_runtime_eval_into(rt, "1", 1, NULL,
                                                TENON_TYPE(none), &s, NULL));
}

static const char *json(tenon_runtime *rt, const char *src)
{
  static char text[200];
  tenon_owner *owner;
  tenon_str s;
  int r = tenon_runtime_eval_json(rt, src, strlen(src), "j.js", &s, &owner);

  snprintf(text, sizeof text, "%s",
           r == 0                  ? s.data
           : r == TENON_EEXCEPTION ? message(rt)
                                   : tenon_error_name(r));
  tenon_owner_free(owner);
  return text;
}

TEST(a_script_is_evaluated_into_json)
{
  tenon_runtime *rt = runtime();

  CHECK_TEXT("{\"a\":[1,null,\"\xc3\xa9\"]}",
             json(rt, "({ a: [1, , '\\u00e9'], f() {}, u: undefined })"));
  CHECK_TEXT("5", json(rt, "await 1; 5"));
  CHECK_TEXT("\"x\"", json(rt, "({ toJSON: () => 'x' })"));
  CHECK_TEXT("TypeError: j.js: value: expected a value that JSON has, got "
             "undefined",
             json(rt, ""));
  CHECK_TEXT("TypeError: j.js: value: expected a value that JSON has, got "
             "function",
             json(rt, "JSON.stringify = null; (() => {})"));
  CHECK(strstr(json(rt, "const o = {}; o.o = o"), "TypeError: "));
  CHECK(strstr(json(rt, "1n"), "TypeError: "));
}

TEST(any_number_of_types_is_looked_at)
{
  tenon_runtime *rt = runtime();
  int i, s;

  for (i = 0; i < 200000; i++)
    CHECK_INT(TENON_EINVAL,
              tenon_runtime_read(rt, NULL, NULL, TENON_TYPE(i32), &s, NULL));
}

/* --- From inside ------------------------------------------------------------------- */

static tenon_runtime *inner;
static int codes[3];

static napi_value from_inside(napi_env env, napi_callback_info info)
{
  area *f;
  tenon_owner *owner;
  data d;

  (void)env;
  (void)info;
  codes[0] = area_import(inner, "./shapes.mjs", "area", &f);
  codes[1] = eval_data(inner, "({ status: 3, message: 'in' })", &d, &owner);
  tenon_owner_free(owner);
  codes[2] = eval_data(inner, "await 1; 1", &d, &owner);
  return NULL;
}

TEST(from_inside_of_the_runtime_nothing_waits)
{
  napi_handle_scope scope;
  napi_value f, global;
  napi_env env;

  inner = runtime();
  env = tenon_runtime_env(inner);
  napi_open_handle_scope(env, &scope);
  napi_create_function(env, "f", 1, from_inside, NULL, &f);
  napi_get_global(env, &global);
  napi_set_named_property(env, global, "f", f);
  napi_close_handle_scope(env, scope);
  t_run(inner, "f();");
  CHECK_INT(TENON_EBUSY, codes[0]);
  CHECK_INT(0, codes[1]);
  CHECK_INT(TENON_EBUSY, codes[2]);
}
