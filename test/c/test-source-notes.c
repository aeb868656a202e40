/* Lines of @js: what is read of them, and what each mistake is told as. */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "source/binding.h"
#include "source/seed.h"

/* What is made of a text: its notes, or a problem. */
typedef struct reading {
  tenon_p_store store;
  tenon_p_notes notes;
  const char *problem;
  int r;
} reading;

static reading read_text(const char *text, bool is_plain)
{
  reading a = {.store = TENON_P_STORE_INIT};

  a.r = tenon_p_notes_read(&a.store, &a.notes, "x.c", text, strlen(text),
                           is_plain, &a.problem);
  return a;
}

static void expect_problem(const char *expected, const char *text)
{
  reading a = read_text(text, false);

  CHECK_INT(-1, a.r);
  assert_non_null(a.problem);
  CHECK_TEXT(expected, a.problem);
  tenon_p_store_release(&a.store);
}

/* One line of @js about the functions of the seed. */
static void expect_plan(const char *expected, const char *line)
{
  static const char *const files[] = {"/x/seed.c", NULL};
  reading a = read_text(line, true);
  const char *problem;
  tenon_p_table *t;
  tenon_p_plan *p;

  if (a.problem) print_message("# %s\n", a.problem);
  CHECK_INT(0, a.r);
  t = tenon_p_table_parse(&a.store, seed_table, strlen(seed_table), &problem);
  assert_non_null(t);
  p = tenon_p_plan_make(&a.store, t, &a.notes, files, NULL, 0, &problem);
  if (expected) {
    assert_null(p);
    assert_non_null(problem);
    CHECK_TEXT(expected, problem);
  } else {
    if (problem) print_message("# %s\n", problem);
    assert_non_null(p);
  }
  tenon_p_store_release(&a.store);
}

/* Why a function is left out with this line. */
static void expect_refusal(const char *name, const char *expected,
                           const char *line)
{
  static const char *const files[] = {"/x/seed.c", NULL};
  reading a = read_text(line, true);
  const char *problem, *found = NULL;
  tenon_p_table *t;
  tenon_p_plan *p;
  size_t i;

  CHECK_INT(0, a.r);
  t = tenon_p_table_parse(&a.store, seed_table, strlen(seed_table), &problem);
  p = tenon_p_plan_make(&a.store, t, &a.notes, files, NULL, 0, &problem);
  if (problem) print_message("# %s\n", problem);
  assert_non_null(p);
  for (i = 0; i < p->refusal_count; i++)
    if (strcmp(p->refusals[i].name, name) == 0) found = p->refusals[i].reason;
  assert_non_null(found);
  CHECK_TEXT(expected, found);
  tenon_p_store_release(&a.store);
}

static const tenon_p_note *note_at(const reading *a, size_t function, size_t i)
{
  CHECK(function < a->notes.noted_count);
  CHECK(i < a->notes.noted[function].count);
  return &a->notes.noted[function].notes[i];
}

/* --- What is read --------------------------------------------------------- */

TEST(a_line_says_several_words_of_a_function)
{
  reading a =
      read_text("int x;\n// @js f(buf(p, n), out q, own, async)\n", false);

  CHECK_INT(0, a.r);
  CHECK_INT(1, a.notes.noted_count);
  CHECK_TEXT("f", a.notes.noted[0].function);
  CHECK_TEXT("x.c", a.notes.noted[0].file);
  CHECK_INT(2, a.notes.noted[0].line);
  CHECK_INT(4, a.notes.noted[0].count);
  CHECK_INT(TENON_P_NOTE_BUF, note_at(&a, 0, 0)->kind);
  CHECK_TEXT("p", note_at(&a, 0, 0)->first);
  CHECK_TEXT("n", note_at(&a, 0, 0)->second);
  CHECK_INT(TENON_P_NOTE_OUT, note_at(&a, 0, 1)->kind);
  CHECK_TEXT("q", note_at(&a, 0, 1)->first);
  CHECK_INT(TENON_P_NOTE_OWN, note_at(&a, 0, 2)->kind);
  assert_null(note_at(&a, 0, 2)->first);
  CHECK_INT(TENON_P_NOTE_ASYNC, note_at(&a, 0, 3)->kind);
  tenon_p_store_release(&a.store);
}

TEST(every_kind_of_comment_may_hold_a_line)
{
  static const char *const texts[] = {
      "// @js f(out p)",     "  /// @js f(out(p))", "/* @js f(out p) */",
      "/** @js f(out p) */", " * @js f( out  p )",  "//! @js\tf (out p)",
      "// @js f(out p)\r\n", "\t//@js f(out p)"};
  size_t i;

  for (i = 0; i < tenon_p_countof(texts); i++) {
    reading a = read_text(texts[i], false);
    if (a.problem) print_message("# %s: %s\n", texts[i], a.problem);
    CHECK_INT(0, a.r);
    CHECK_INT(1, a.notes.noted_count);
    CHECK_TEXT("p", note_at(&a, 0, 0)->first);
    tenon_p_store_release(&a.store);
  }
}

TEST(what_is_no_comment_or_no_such_word_is_passed_over)
{
  reading a = read_text("char *s = \"// @js f(oh\";\n"
                        "// @json f(\n// see @js f(\n@js f(\n// @js\n",
                        false);

  if (a.problem) print_message("# %s\n", a.problem);
  CHECK_INT(0, a.r);
  CHECK_INT(0, a.notes.noted_count);
  tenon_p_store_release(&a.store);
}

TEST(a_file_beside_a_library_has_lines_without_a_comment)
{
  reading a = read_text("# about\n\nf(out p)\n  g()\nlink: -lm\n", true);

  CHECK_INT(0, a.r);
  CHECK_INT(2, a.notes.noted_count);
  CHECK_INT(4, a.notes.noted[1].line);
  CHECK_INT(0, a.notes.noted[1].count);
  CHECK_INT(1, a.notes.word_count);
  tenon_p_store_release(&a.store);
}

TEST(words_of_the_file_hold_the_rest_of_their_line)
{
  reading a = read_text("// @js cflags: -DA='b c' -O3  \n"
                        "// @js link : -lm\n// @js cflags: -DB\n"
                        "// @js handle(db, db_end)\n",
                        false);

  CHECK_INT(0, a.r);
  CHECK_INT(3, a.notes.word_count);
  CHECK_TEXT("cflags", a.notes.words[0].key);
  CHECK_TEXT("-DA='b c' -O3", a.notes.words[0].value);
  CHECK_TEXT("-lm", a.notes.words[1].value);
  CHECK_INT(3, a.notes.words[2].line);
  CHECK_INT(1, a.notes.handle_count);
  CHECK_TEXT("db", a.notes.handles[0].key);
  CHECK_TEXT("db_end", a.notes.handles[0].value);
  tenon_p_store_release(&a.store);
}

TEST(names_may_hold_any_letter)
{
  reading a = read_text("// @js gr\xc3\xb6\xc3\x9f"
                        "e(name $size_1)",
                        false);

  CHECK_INT(0, a.r);
  CHECK_TEXT("gr\xc3\xb6\xc3\x9f"
             "e",
             a.notes.noted[0].function);
  CHECK_TEXT("$size_1", note_at(&a, 0, 0)->first);
  tenon_p_store_release(&a.store);
}

/* --- Mistakes of a line --------------------------------------------------- */

TEST(a_line_that_cannot_be_read_is_told_with_its_place)
{
  static const struct {
    const char *text, *problem;
  } mistakes[] = {
      {"// @js (",
       "x.c:1: @js: expected a function and '(', or a word and ':'"},
      {"// @js f", "x.c:1: @js: expected '(' or ':' behind 'f'"},
      {"// @js f out p", "x.c:1: @js: expected '(' or ':' behind 'f'"},
      {"\n\n// @js f(",
       "x.c:3: @js: expected a word, as in out(p) or buf(p, n)"},
      {"// @js f(,)", "x.c:1: @js: expected a word, as in out(p) or buf(p, n)"},
      {"// @js f(out p,)",
       "x.c:1: @js: expected a word, as in out(p) or buf(p, n)"},
      {"// @js f(out p", "x.c:1: @js: a ')' is missing behind 'f'"},
      {"// @js f(out(p)", "x.c:1: @js: a ')' is missing behind 'f'"},
      {"// @js f(out(p", "x.c:1: @js: a ')' is missing behind 'out'"},
      {"// @js f(out())", "x.c:1: @js: a name is missing behind 'out'"},
      {"// @js f(buf(p,))", "x.c:1: @js: a name is missing behind 'buf'"},
      {"// @js f(inn p)", "x.c:1: @js: there is no word 'inn'"},
      {"// @js f(OUT p)", "x.c:1: @js: there is no word 'OUT'"},
      {"// @js f() g()", "x.c:1: @js: more stands behind 'f'"},
      {"// @js f(out p) // it", "x.c:1: @js: more stands behind 'f'"},
      {"// @js handle(db)", "x.c:1: @js: expected handle(TYPE, FUNCTION)"},
      {"// @js handle(db, f", "x.c:1: @js: expected handle(TYPE, FUNCTION)"},
      {"// @js handle()", "x.c:1: @js: expected handle(TYPE, FUNCTION)"},
      {"// @js cflag: -O2", "x.c:1: @js: a file has no 'cflag'"},
      {"// @js link:", "x.c:1: @js: nothing follows 'link'"},
      {"// @js link:  \t ", "x.c:1: @js: nothing follows 'link'"}};
  size_t i;

  for (i = 0; i < tenon_p_countof(mistakes); i++)
    expect_problem(mistakes[i].problem, mistakes[i].text);
}

TEST(each_word_has_its_number_of_names)
{
  static const struct {
    const char *word, *name;
  } wrong[] = {
      {"buf p", "buf"},        {"buf", "buf"},     {"buf(p)", "buf"},
      {"buf(p, n, m)", "buf"}, {"out", "out"},     {"out(p, q)", "out"},
      {"inout", "inout"},      {"keep", "keep"},   {"opt", "opt"},
      {"str", "str"},          {"name", "name"},   {"own(a, b)", "own"},
      {"async(f)", "async"},   {"skip(f)", "skip"}};
  char text[64], expected[96];
  size_t i;

  for (i = 0; i < tenon_p_countof(wrong); i++) {
    snprintf(text, sizeof text, "// @js f(%s)", wrong[i].word);
    if (strcmp(wrong[i].word, "buf p") == 0)
      snprintf(expected, sizeof expected,
               "x.c:1: @js: another number of names belongs to 'buf'");
    else
      snprintf(expected, sizeof expected,
               "x.c:1: @js: another number of names belongs to '%s'",
               wrong[i].name);
    expect_problem(expected, text);
  }
}

TEST(two_lines_for_a_function_are_a_mistake)
{
  expect_problem("x.c:2: @js: there are two lines for 'f'",
                 "// @js f(out p)\n// @js f(out q)\n");
}

/* --- Lines that do not fit ------------------------------------------------ */

TEST(lines_that_fit_are_taken)
{
  expect_plan(NULL, seed_notes);
}

TEST(a_function_that_is_not_there_is_told)
{
  expect_plan("x.c:2: @js: no function 'db_nothing' is exported",
              "\ndb_nothing(async)");
}

TEST(a_word_that_does_not_fit_is_told)
{
  static const struct {
    const char *line, *word, *function;
  } wrong[] = {{"sum(out nothing)", "out nothing", "sum"},
               {"turn(out l)", "out l", "turn"},
               {"sum(opt nothing)", "opt nothing", "sum"},
               {"sum(str data)", "str data", "sum"},
               {"vec(own)", "own", "vec"},
               {"sum(own free)", "own free", "sum"},
               {"bare(keep x)", "keep x", "bare"},
               {"db_close(keep d)", "keep d", "db_close"},
               {"turn(inout d)", "inout d", "turn"}};
  char expected[128];
  size_t i;

  for (i = 0; i < tenon_p_countof(wrong); i++) {
    snprintf(expected, sizeof expected,
             "x.c:1: @js: '%s' does not fit the function '%s'", wrong[i].word,
             wrong[i].function);
    expect_plan(expected, wrong[i].line);
  }
}

TEST(a_handle_that_cannot_be_is_told)
{
  expect_plan("x.c:1: @js: handle(db, gone): no such function is exported",
              "handle(db, gone)");
  expect_plan("x.c:1: @js: handle(db, sum): it takes no pointer to a struct "
              "alone",
              "handle(db, sum)");
  expect_plan("x.c:1: @js: handle(point, db_close): it closes another type",
              "handle(point, db_close)");
}

TEST(threads_are_of_three_kinds)
{
  expect_plan(NULL, "threads: any");
  expect_plan(NULL, "threads: none");
  expect_plan("x.c:1: @js: threads are 'none', 'serial' or 'any'",
              "threads: many");
}

TEST(a_word_that_fits_but_cannot_be_leaves_the_function_out)
{
  expect_refusal("sum", "seed.c:16: parameter 'data': 'gone' is no count of it",
                 "sum(buf(data, gone))");
  expect_refusal("sum", "seed.c:16: parameter 'data': 'data' is no count of it",
                 "sum(buf(data, data))");
  expect_refusal("turn", "seed.c:15: parameter 'd': only a pointer can be opt",
                 "turn(opt d)");
  expect_refusal("bare",
                 "seed.c:14: parameter 'fn': a callback: without a pointer to "
                 "user data it cannot be kept",
                 "bare(keep fn)");
  expect_refusal("join", "seed.c:18: own(gone): no such function is exported",
                 "join(str a, own gone)");
  expect_refusal("db_close",
                 "seed.c:12: it closes a handle, which an async function "
                 "cannot",
                 "db_close(async)");
  expect_refusal("has", "seed.c:20: a line of @js leaves it out", "has(skip)");
  expect_refusal("sum", "seed.c:16: its name is exported already",
                 "sum(name db_new)");
}

/* --- Memory --------------------------------------------------------------- */

TEST(without_memory_a_reading_fails_and_tells_no_mistake)
{
  uint64_t at;
  bool is_done = false;

  for (at = 1; !is_done; at++) {
    reading a;
    tenon_p_alloc_inject(at, true);
    a = read_text(seed_notes, true);
    is_done = tenon_p_alloc_stop() < at;
    CHECK(a.r == (is_done ? 0 : -1));
    assert_null(a.problem);
    tenon_p_store_release(&a.store);
  }
}
