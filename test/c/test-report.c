/* What the library has to say about a program that failed. */
#include <string.h>
#include <uv.h>

#include "harness.h"
#include "std/report/hint.h"
#include "std/report/place.h"

static void check_has(const char *text, const char *part)
{
  assert_non_null(text);
  if (!strstr(text, part)) CHECK_TEXT(part, text);
}

static int eval(tenon_runtime *rt, const char *source, const char *name)
{
  int r = tenon_runtime_eval(rt, source, strlen(source), name);

  return r ? r : tenon_runtime_run(rt);
}

/* --- Errors -------------------------------------------------------------------------- */

TEST(an_error_is_told_with_its_source_line)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "1;\n\tnull.x;", "a.js"));
  CHECK_TEXT("a.js:2\n"
             "\tnull.x;\n"
             "\t     ^\n"
             "\n"
             "Uncaught TypeError: cannot read property 'x' of null\n"
             "    at <eval> (a.js:2:7)",
             tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_TEXT));
  check_has(tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_COLOR),
            "\x1b[1;31m^\x1b[0m\n");
}

TEST(nothing_pending_is_nothing_to_tell)
{
  tenon_runtime *rt = t_runtime();

  CHECK(!tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_TEXT));
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 1", NULL));
  tenon_runtime_clear_exception(rt);
  CHECK(!tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_JSON));
  CHECK(!tenon_runtime_explain(NULL, TENON_EEXCEPTION, TENON_FORM_TEXT));
}

TEST(telling_leaves_the_exception_pending)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw Error('a')", "a.js"));
  check_has(tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_TEXT),
            "Uncaught Error: a");
  check_has(tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_JSON),
            "\"kind\":\"error\",\"name\":\"Error\",\"message\":\"a\"");
  check_has(tenon_runtime_exception(rt), "Error: a\n    at");
}

TEST(an_error_whose_getters_throw_is_told)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(TENON_EEXCEPTION,
            eval(rt,
                 "const e = Error('a'); for (const k of ['name', 'message',"
                 " 'stack', 'code', 'cause', 'errors', 'constructor'])"
                 " Object.defineProperty(e, k, { get() { throw e; } });"
                 " throw e;",
                 "a.js"));
  check_has(tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_TEXT),
            "Uncaught ");
  check_has(tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_JSON),
            "\"kind\":\"error\"");
  t_run(rt, "1");
}

TEST(causes_that_form_a_cycle_are_told_so_far)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(TENON_EEXCEPTION,
            eval(rt,
                 "const a = Error('a'), b = Error('b', { cause: a });"
                 " a.cause = b; throw a;",
                 "a.js"));
  CHECK(strlen(tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_JSON)) <
        8192);
  check_has(tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_TEXT),
            "Error: b");
}

TEST(errors_of_errors_are_told_up_to_a_number)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(
      TENON_EEXCEPTION,
      eval(rt, "throw new AggregateError(Array(1e5).fill(1), 'many')", "a.js"));
  CHECK(strlen(tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_JSON)) <
        8192);
}

TEST(a_text_of_two_sources_by_one_name_is_not_shown)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, eval(rt, "globalThis.f = () => { null.x; };", "repl"));
  CHECK_INT(TENON_EEXCEPTION, eval(rt, "f();", "repl"));
  check_has(tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_TEXT),
            "Uncaught TypeError");
  CHECK(!strstr(tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_TEXT),
                "f();"));
}

TEST(long_sources_are_not_kept)
{
  tenon_runtime *rt = t_runtime();
  static char source[100000];
  size_t before = tenon_runtime_memory(rt).used_bytes;

  memset(source, ' ', sizeof source - 1);
  CHECK_INT(0, eval(rt, source, "a.js"));
  CHECK(tenon_runtime_memory(rt).used_bytes - before < 50000);
}

TEST(an_error_without_memory_is_told_shorter)
{
  tenon_options options = {.size = sizeof options,
                           .memory_limit_bytes = 4 * 1024 * 1024};
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(&options, &rt));
  CHECK_INT(
      TENON_EEXCEPTION,
      eval(rt, "const a = globalThis.a = []; for (;;) a.push({})", "a.js"));
  check_has(tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_TEXT),
            "out of memory");
  check_has(tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_JSON),
            "out of memory");
}

TEST(results_without_more_to_say_are_told_by_name)
{
  tenon_runtime *rt = t_runtime();

  CHECK_TEXT("success", tenon_runtime_explain(rt, 0, TENON_FORM_TEXT));
  CHECK_TEXT(tenon_strerror(TENON_EBUSY),
             tenon_runtime_explain(rt, TENON_EBUSY, TENON_FORM_COLOR));
  check_has(tenon_runtime_explain(rt, TENON_EBUSY, TENON_FORM_JSON),
            "{\"kind\":\"failure\",\"message\":\"");
}

TEST(a_host_that_ended_the_program_is_told_so)
{
  tenon_runtime *rt = t_runtime();

  tenon_runtime_terminate(rt);
  CHECK_INT(TENON_ETERMINATED, eval(rt, "1", NULL));
  CHECK_TEXT(tenon_strerror(TENON_ETERMINATED),
             tenon_runtime_explain(rt, TENON_ETERMINATED, TENON_FORM_TEXT));
}

TEST(a_limit_is_told_with_its_amount)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 20));
  CHECK_INT(TENON_ETERMINATED, eval(rt, "for (;;);", NULL));
  CHECK_TEXT("time limit of 20 ms reached",
             tenon_runtime_explain(rt, TENON_ETERMINATED, TENON_FORM_TEXT));
}

static void explain_elsewhere(void *rt)
{
  CHECK(!tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_TEXT));
}

TEST(another_thread_is_told_nothing)
{
  tenon_runtime *rt = t_runtime();
  uv_thread_t thread;

  CHECK_INT(TENON_EEXCEPTION, eval(rt, "throw 1", NULL));
  CHECK_INT(0, uv_thread_create(&thread, explain_elsewhere, rt));
  uv_thread_join(&thread);
}

/* --- Values -------------------------------------------------------------------------- */

static char shown_text[256];
static int shown_count;

static void shown(void *data, const char *text, size_t len)
{
  CHECK_INT(strlen(text), len);
  CHECK(data == &shown_count);
  shown_count++;
  snprintf(shown_text, sizeof shown_text, "%s", text);
}

static int show(tenon_runtime *rt, const char *source)
{
  int r;

  shown_count = 0;
  shown_text[0] = '\0';
  r = tenon_runtime_eval_shown(rt, source, strlen(source), "a.js",
                               TENON_FORM_TEXT, shown, &shown_count);
  return r ? r : tenon_runtime_run(rt);
}

TEST(a_value_is_shown)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, show(rt, "var a = 1; a + 1"));
  CHECK_TEXT("2", shown_text);
  CHECK_INT(0, show(rt, "'text'"));
  CHECK_TEXT("text", shown_text);
  CHECK_INT(0, show(rt, ""));
  CHECK_TEXT("undefined", shown_text);
  CHECK_INT(0, show(rt, "'a\\0b'.length"));
  CHECK_TEXT("3", shown_text);
  CHECK_INT(1, shown_count);
}

TEST(a_value_that_is_awaited_is_shown_once)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, show(rt, "await new Promise((f) => setTimeout(f, 5, 'late'))"));
  CHECK_TEXT("late", shown_text);
  CHECK_INT(1, shown_count);
  CHECK_INT(0, show(rt, "await { then(f) { f(7); } }"));
  CHECK_TEXT("7", shown_text);
}

TEST(a_value_that_is_thrown_is_not_shown)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(TENON_EEXCEPTION, show(rt, "throw 1"));
  CHECK_INT(TENON_EEXCEPTION, show(rt, "await 1; throw 2"));
  CHECK_TEXT("2", tenon_runtime_exception(rt));
  CHECK_INT(TENON_EEXCEPTION, show(rt, "let = ;"));
  CHECK_INT(TENON_EEXCEPTION, show(rt, "import 'a'"));
  check_has(tenon_runtime_exception(rt), "cannot import or export");
  CHECK_INT(0, shown_count);
  CHECK_INT(0, show(rt, "1"));
  CHECK_INT(1, shown_count);
}

TEST(a_value_that_never_comes_is_told)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(TENON_EUNSETTLED, show(rt, "await new Promise(() => {})"));
  CHECK_INT(0, shown_count);
  CHECK_INT(TENON_EBUSY, show(rt, "1"));
}

TEST(a_value_survives_a_program_that_replaces_then)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, show(rt, "Promise.prototype.then = () => { throw 1; };"));
  CHECK_INT(0, show(rt, "await 3"));
  CHECK_TEXT("3", shown_text);
}

TEST(showing_a_value_wants_somebody_to_show_it_to)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(TENON_EINVAL, tenon_runtime_eval_shown(
                              rt, "1", 1, NULL, TENON_FORM_TEXT, NULL, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_eval_shown(
                              rt, "1", 1, NULL, TENON_FORM_JSON, shown, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_eval_shown(
                              rt, NULL, 1, NULL, TENON_FORM_TEXT, shown, NULL));
}

static void show_again(void *data, const char *text, size_t len)
{
  tenon_runtime *rt = data;

  (void)text;
  (void)len;
  if (++shown_count == 1)
    CHECK_INT(0, tenon_runtime_eval_shown(rt, "await 2", 7, NULL,
                                          TENON_FORM_TEXT, show_again, rt));
}

TEST(a_value_that_is_shown_may_ask_for_another)
{
  tenon_runtime *rt = t_runtime();

  shown_count = 0;
  CHECK_INT(0, tenon_runtime_eval_shown(rt, "await 1", 7, NULL, TENON_FORM_TEXT,
                                        show_again, rt));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(2, shown_count);
}

/* --- Places and hints ------------------------------------------------------------------ */

static void check_shown(const char *expected, const char *line, int column)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_place_show(line, strlen(line), column, false, &t);
  CHECK_TEXT(expected, t.data);
  tenon_p_text_release(&t);
}

TEST(a_caret_stands_below_its_column)
{
  check_shown("abc\n^\n", "abc", 1);
  check_shown("abc\n  ^\n", "abc", 3);
  check_shown("abc\n   ^\n", "abc", 4);
  check_shown("abc\n   ^\n", "abc", 100);
  check_shown("abc\n^\n", "abc", 0);
  check_shown("\n^\n", "", 1);
  check_shown("\ta\tb\n\t \t^\n", "\ta\tb", 4);
  check_shown("\u00e9\u6f22x\n   ^\n", "\u00e9\u6f22x", 6);
  check_shown("e\u0301x\n ^\n", "e\u0301x", 4);
}

TEST(control_characters_do_not_reach_a_terminal)
{
  check_shown("a\ufffd[31m\ufffd\ufffdb\n        ^\n",
              "a\x1b[31m\x07\xc2\x9b"
              "b",
              10);
}

TEST(a_long_line_is_shown_around_its_column)
{
  char line[2001];
  tenon_p_text t = TENON_P_TEXT_INIT;
  const char *caret;

  memset(line, 'a', sizeof line - 1);
  line[sizeof line - 1] = '\0';
  line[1000] = 'X';
  tenon_p_place_show(line, sizeof line - 1, 1001, false, &t);
  CHECK(t.len < 300);
  caret = strchr(t.data, '\n') + 1;
  /* Three bytes of the ellipsis are one column. */
  CHECK_INT('X', t.data[strcspn(caret, "^") + 2]);
  tenon_p_text_release(&t);
}

TEST(frames_are_read_from_a_stack)
{
  const char *stack = "    at f (file:///a%20(b).js:3:4)\n"
                      "    at fib (native)\n"
                      "    at [a] (x) (b.js:5:6)\n"
                      "    at c.js:7:8\n"
                      "no frame";
  tenon_p_frame f;

  CHECK(tenon_p_frame_next(&stack, &f));
  CHECK_INT(3, f.line);
  CHECK_INT(4, f.column);
  CHECK(strncmp(f.url, "file:///a%20(b).js:", f.url_len + 1) == 0);
  CHECK(tenon_p_frame_next(&stack, &f));
  CHECK(f.url == NULL && strncmp(f.function, "fib", f.function_len) == 0);
  CHECK(tenon_p_frame_next(&stack, &f));
  CHECK_INT(7, f.function_len);
  CHECK(tenon_p_frame_next(&stack, &f));
  CHECK(f.function == NULL && f.column == 8);
  CHECK(!tenon_p_frame_next(&stack, &f));
  stack = "    at f (";
  CHECK(!tenon_p_frame_next(&stack, &f));
  stack = "    at :1:2";
  CHECK(!tenon_p_frame_next(&stack, &f));
  stack = "    at a:99999999999:2";
  CHECK(!tenon_p_frame_next(&stack, &f));
}

static void check_hint(const char *part, const char *name, const char *message,
                       const char *line)
{
  const char *hint = tenon_p_hint_of(name, message, line, "file:///a.js");

  if (part)
    check_has(hint, part);
  else
    CHECK(hint == NULL);
}

TEST(usual_mistakes_have_hints)
{
  check_hint("import {", "ReferenceError", "require is not defined", "x");
  check_hint("import.meta.dirname", "ReferenceError",
             "__dirname is not defined", NULL);
  check_hint(NULL, "ReferenceError", "x is not defined", "x");
  check_hint(NULL, "Error", "require is not defined", "x");
  check_hint("package.json", "SyntaxError", "Unexpected identifier 'x'",
             "import x from 'y'");
  check_hint("package.json", "SyntaxError", "unsupported keyword: export",
             "export default 1");
  check_hint(NULL, "SyntaxError", "Unexpected identifier 'x'",
             "imported x from 'y'");
  check_hint("TypeScript", "SyntaxError", "expecting ';'",
             "let a: number = 5;");
  check_hint("TypeScript", "SyntaxError", "Unexpected identifier 'T'",
             "  interface T {");
  check_hint(NULL, "SyntaxError", "expecting ';'", "let a = 5 6;");
  check_hint(NULL, "SyntaxError", "expecting ';'", NULL);
  CHECK(!tenon_p_hint_of("SyntaxError", "unsupported keyword: export",
                         "export default 1", "[eval]"));
}
