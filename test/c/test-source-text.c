/* What is read of people and programs: words, lists of dependencies, messages of
 * compilers, lists of the cache. */
#include "harness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/command.h"
#include "source/manifest.h"

/* --- Words ------------------------------------------------------------------------ */

static const char *join(const tenon_p_texts *t)
{
  static char text[1024];
  size_t i, n = 0;

  text[0] = '\0';
  for (i = 0; i < t->count; i++)
    n += (size_t)snprintf(text + n, sizeof text - n, "[%s]", t->list[i]);
  CHECK(!t->list || !t->list[t->count]);
  return text;
}

#define CHECK_SPLIT(expected, line)        \
  do {                                     \
    tenon_p_texts t_ = TENON_P_TEXTS_INIT; \
    CHECK(tenon_p_texts_split(&t_, line)); \
    CHECK_TEXT(expected, join(&t_));       \
    tenon_p_texts_release(&t_);            \
  } while (0)

TEST(words_are_those_of_a_shell_that_expands_nothing)
{
  tenon_p_texts t = TENON_P_TEXTS_INIT;

  CHECK_SPLIT("", NULL);
  CHECK_SPLIT("", " \t\n");
  CHECK_SPLIT("[a][b c][d]", " a 'b c'\t\"d\" ");
  CHECK_SPLIT("[-DX=\"a b\"]", "-DX='\"a b\"'");
  CHECK_SPLIT("[-DX=\"a b\"]", "-DX=\\\"a\\ b\\\"");
  CHECK_SPLIT("[a\\b][\"]", "'a\\b' \"\\\"\"");
  CHECK_SPLIT("[$HOME][*][`x`][~]", "$HOME * `x` ~");
  CHECK_SPLIT("[][x]", "'' x");
  CHECK_SPLIT("[\\]", "\\");
  CHECK(!tenon_p_texts_split(&t, "a 'b"));
  CHECK(!tenon_p_texts_split(&t, "a \"b\\\""));
  tenon_p_texts_release(&t);
}

TEST(names_have_commas_or_white_space_between_them)
{
  tenon_p_texts t = TENON_P_TEXTS_INIT;

  tenon_p_texts_split_names(&t, NULL);
  tenon_p_texts_split_names(&t, " a.c,b.c ,, c/d.c\n");
  CHECK_TEXT("[a.c][b.c][c/d.c]", join(&t));
  tenon_p_texts_release(&t);
}

/* --- Lists of dependencies --------------------------------------------------------- */

static const char *read_list(const char *text)
{
  tenon_p_texts t = TENON_P_TEXTS_INIT;
  const char *joined;

  tenon_p_command_read_list(text, "/d", &t);
  joined = join(&t);
  tenon_p_texts_release(&t);
  return joined;
}

TEST(rules_of_make_name_files)
{
  CHECK_TEXT("[/d/a.c][/usr/x.h][/d/i/b.h]",
             read_list("object: a.c /usr/x.h \\\n i/b.h\n"));
  CHECK_TEXT("[/d/a b.c][/d/c#.h][/d/$x]",
             read_list("o: a\\ b.c c\\#.h $$x\n"));
  CHECK_TEXT("[/d/a.c]", read_list("o: \\\r\n a.c\r\n"));
  CHECK_TEXT("[/d/r.rs][/d/m.rs][$HOME][$X]",
             read_list("x.d: r.rs m.rs\n\nlibx.a: r.rs m.rs\n\nr.rs:\nm.rs:\n\n"
                       "# env-dep:HOME=/root\n# env-dep:X\n# other\n"));
  CHECK_TEXT("", read_list(""));
  CHECK_TEXT("", read_list("no rule"));
  CHECK_TEXT("", read_list("o:"));
}

static uint32_t next_random(uint32_t *seed)
{
  *seed = *seed * 1664525 + 1013904223;
  return *seed >> 8;
}

TEST(whatever_a_list_of_dependencies_holds_it_is_read_to_its_end)
{
  static const char letters[] = "ab:\\\\ \n\r\t#$%/.";
  uint32_t seed = 1;
  char text[64];
  int i;
  size_t k;

  for (i = 0; i < 20000; i++) {
    tenon_p_texts t = TENON_P_TEXTS_INIT;
    size_t n = next_random(&seed) % sizeof text;
    for (k = 0; k < n; k++)
      text[k] = letters[next_random(&seed) % (sizeof letters - 1)];
    text[n] = '\0';
    tenon_p_command_read_list(text, "/d", &t);
    CHECK(!t.failed);
    tenon_p_texts_release(&t);
  }
}

/* --- Messages ------------------------------------------------------------------------ */

static tenon_p_build_failure fail_with(const char *text)
{
  static const tenon_p_renamed renamed[] = {
      {"/b/made/", ""}, {"/src/app/x.c", "./x.c"}, {"/src/app/", "./"}};
  tenon_p_build_failure f = TENON_P_FAILURE_INIT;

  CHECK_INT(-1, tenon_p_compiler_fail(&f, TENON_P_FAILURE_COMPILE, text,
                                      strlen(text), renamed, 3));
  return f;
}

#define CHECK_FAIL(message_, file_, line_, text) \
  do {                                           \
    tenon_p_build_failure f_ = fail_with(text);  \
    CHECK_TEXT(message_, f_.message);            \
    CHECK_TEXT(file_, f_.file ? f_.file : "-");  \
    CHECK_INT(line_, f_.line);                   \
    tenon_p_failure_release(&f_);                \
  } while (0)

TEST(the_first_error_is_found_in_what_compilers_say)
{
  CHECK_FAIL(
      "./x.c:3:4: error: no\n./y.h:1:2: warning: w\n./x.c:3:4: error: no",
      "./x.c", 3,
      "/src/app/y.h:1:2: warning: w\n/src/app/x.c:3:4: error: no\n");
  CHECK_FAIL("./x.c:7: error: no", "./x.c", 7, "/src/app/x.c:7: error: no");
  CHECK_FAIL("./a b.c:7:1: fatal error: no", "./a b.c", 7,
             "/src/app/a b.c:7:1: fatal error: no\n");
  CHECK_FAIL("cc: error: unrecognized", "-", 0, "cc: error: unrecognized\n");
  CHECK_FAIL("./r.rs:2: error[E0308]: mismatched\n --> ./r.rs:2:3\n  |",
             "./r.rs", 2,
             "error[E0308]: mismatched\n --> /src/app/r.rs:2:3\n  |\n");
  CHECK_FAIL(
      "./x.c:4: error: undefined reference to `f'\nld: 0.o: in function "
      "`g':\n./x.c:4: error: undefined reference to `f'",
      "./x.c", 4,
      "ld: /b/made/0.o: in function `g':\n/src/app/x.c:4: error: undefined "
      "reference to `f'\n");
}

TEST(colours_and_bytes_that_are_no_text_are_left_out)
{
  CHECK_FAIL(
      "x.c:1:2: error: \xef\xbf\xbd no", "x.c", 1,
      "\x1b[01m\x1b[Kx.c:1:2:\x1b[m \x1b[01;31merror: \x1b[m\xff no\x1b[");
  CHECK_FAIL("", "-", 0, "\n \n");
  CHECK_FAIL("", "-", 0, "");
}

TEST(paths_are_renamed_where_they_begin)
{
  CHECK_FAIL(
      "in './i.h' from ./x.c, /not/src/app/x.c 0.o", "-", 0,
      "in '/src/app/i.h' from /src/app/x.c, /not/src/app/x.c /b/made/0.o");
}

TEST(a_very_long_message_is_cut)
{
  size_t n = 100000;
  char *text = malloc(n + 1);
  tenon_p_build_failure f;

  memset(text, 'x', n);
  memcpy(text + n - 30, "\nx.c:9:1: error: the only one\n", 30);
  text[n] = '\0';
  f = fail_with(text);
  CHECK(strncmp(f.message, "x.c:9:1: error: the only one\nxxx", 32) == 0);
  CHECK(strlen(f.message) < 17000);
  CHECK(strstr(f.message, "bytes more)"));
  CHECK_INT(9, f.line);
  tenon_p_failure_release(&f);
  free(text);
}

TEST(whatever_compilers_say_is_a_message)
{
  static const char letters[] = "ab:12 \n\x1b[m;>-\xc3\xa9"
                                "error:";
  uint32_t seed = 7;
  char text[80];
  int i;
  size_t k;

  for (i = 0; i < 20000; i++) {
    size_t n = next_random(&seed) % (sizeof text - 1);
    tenon_p_build_failure f;
    for (k = 0; k < n; k++)
      text[k] = letters[next_random(&seed) % (sizeof letters - 1)];
    text[n] = '\0';
    f = fail_with(text);
    CHECK(f.message);
    tenon_p_failure_release(&f);
  }
}

/* --- Lists of the cache ---------------------------------------------------------------- */

static void make_list(tenon_p_text *t)
{
  static char hash[] =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  tenon_p_mark marks[] = {{.path = "/a b%\n\xff",
                           .dev = 1,
                           .ino = UINT64_MAX,
                           .size = 3,
                           .mtime = -5},
                          {.path = "/gone", .is_absent = true},
                          {.path = "-", .is_young = true}};
  tenon_p_mark object = {.path = "x.so"};

  memcpy(marks[0].hash, hash, sizeof hash);
  memcpy(marks[2].hash, hash, sizeof hash);
  memcpy(object.hash, hash, sizeof hash);
  tenon_p_manifest_begin(t, "key", "/s p.c", "");
  tenon_p_manifest_result(t, 7, &object, marks, 3);
  tenon_p_manifest_result(t, 6, &object, marks, 0);
  tenon_p_manifest_end(t);
}

TEST(a_list_is_read_as_it_was_written)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  tenon_p_manifest m;
  size_t len;

  make_list(&t);
  len = t.len;
  CHECK_INT(0, tenon_p_manifest_parse(tenon_p_text_take(&t), len, "key", &m));
  CHECK_TEXT("/s p.c", m.source);
  CHECK_TEXT("", m.flags);
  CHECK_INT(2, (int)m.count);
  CHECK_INT(3, (int)m.results[0].count);
  CHECK_TEXT("/a b%\n\xff", m.results[0].marks[0].path);
  CHECK(m.results[0].marks[0].ino == UINT64_MAX);
  CHECK(m.results[0].marks[0].mtime == -5);
  CHECK(m.results[0].marks[1].is_absent);
  CHECK_TEXT("-", m.results[0].marks[2].path);
  CHECK(m.results[0].marks[2].is_young && !m.results[0].marks[0].is_young);
  CHECK(m.results[1].when == 6 && m.results[1].count == 0);
  tenon_p_manifest_release(&m);
  make_list(&t);
  CHECK_INT(-EBADMSG,
            tenon_p_manifest_parse(tenon_p_text_take(&t), len, "other", &m));
}

/* With a sum that is right: as if somebody had written it. */
TEST(whatever_a_list_holds_it_is_read_or_refused)
{
  uint32_t seed = 3;
  int i, whole = 0;

  for (i = 0; i < 20000; i++) {
    tenon_p_text t = TENON_P_TEXT_INIT;
    tenon_p_manifest m;
    size_t len, k, changes = 1 + next_random(&seed) % 4;
    make_list(&t);
    t.len = (size_t)(strstr(t.data, "end ") - t.data);
    for (k = 0; k < changes; k++)
      t.data[next_random(&seed) % t.len] = (char)next_random(&seed);
    if (next_random(&seed) % 4 == 0) t.len = next_random(&seed) % t.len;
    t.data[t.len] = '\0';
    tenon_p_manifest_end(&t);
    len = t.len;
    if (tenon_p_manifest_parse(tenon_p_text_take(&t), len, NULL, &m)) continue;
    whole++;
    for (k = 0; k < m.count; k++)
      CHECK(!strchr(m.results[k].object.path, '/'));
    tenon_p_manifest_release(&m);
  }
  CHECK(whole > 100);
}
