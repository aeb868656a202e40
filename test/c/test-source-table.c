/*
 * Tables of a reader that went wrong: whatever their bytes are, they are refused, or
 * something is planned and written of them; nothing is read that is not there.
 */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "source/binding.h"
#include "source/seed.h"

static const char *const files[] = {"/x/seed.c", NULL};

/* 0: C was written; 1: the table is refused; 2: the plan; -1: no memory. */
static int run(const char *table, size_t len, const char *notes, size_t *size,
               char *why)
{
  tenon_p_store s = TENON_P_STORE_INIT;
  tenon_p_notes n = {0};
  const char *problem = NULL;
  tenon_p_table *t = NULL;
  tenon_p_plan *p = NULL;
  char *c = NULL;
  int r = -1;

  *size = 0;
  if (tenon_p_notes_read(&s, &n, "x.c", notes, strlen(notes), true, &problem))
    goto out;
  t = tenon_p_table_parse(&s, table, len, &problem);
  if (!t) {
    if (problem) r = 1;
    goto out;
  }
  p = tenon_p_plan_make(&s, t, &n, files, NULL, 0, &problem);
  if (!p) {
    if (problem) r = 2;
    goto out;
  }
  c = tenon_p_plan_emit(p, size);
  if (c) r = 0;
  if (c) CHECK_INT(strlen(c), *size);
out:
  if (why) snprintf(why, 256, "%s", problem ? problem : "");
  if (r < 0) CHECK(problem == NULL);
  free(c);
  tenon_p_store_release(&s);
  return r;
}

static void expect_problem(const char *expected, const char *table)
{
  char why[256];
  size_t size;

  CHECK_INT(1, run(table, strlen(table), "", &size, why));
  CHECK_TEXT(expected, why);
}

TEST(a_whole_table_becomes_c)
{
  size_t size;

  CHECK_INT(0, run(seed_table, strlen(seed_table), seed_notes, &size, NULL));
  CHECK(size > 5000);
}

#define HEAD "tenon-table 1\n"

TEST(what_is_no_table_is_told_with_its_line)
{
  expect_problem("the reader's line 0: it ends too early", "");
  expect_problem("the reader's line 1: no table of this version", "oh no\n");
  expect_problem("the reader's line 1: no table of this version",
                 "tenon-table 2\nend\n");
  expect_problem("the reader's line 1: it ends too early", HEAD);
  expect_problem("the reader's line 1: it ends too early", HEAD "end");
  expect_problem("the reader's line 2: a word is not known",
                 HEAD "thing 1\nend\n");
  expect_problem("the reader's line 2: a kind of type",
                 HEAD "type 1 thing\nend\n");
  expect_problem("the reader's line 2: a number is not right",
                 HEAD "type one int int 4 s\nend\n");
  expect_problem("the reader's line 2: too few words",
                 HEAD "type 1 pointer\nend\n");
  expect_problem("the reader's line 3: a type is there twice",
                 HEAD "type 1 int int 4 s\ntype 1 int int 4 s\nend\n");
  expect_problem("the reader's line 2: a type is there twice",
                 HEAD "type 0 int int 4 s\nend\n");
  expect_problem("the reader's line 2: a number is not right",
                 HEAD "type 1 pointer 9\nend\n");
  expect_problem("the reader's line 2: a member of nothing",
                 HEAD "param p 0\nend\n");
  expect_problem("the reader's line 2: a function has no name",
                 HEAD "function - f 0 x.c 1 - -\nend\n");
  expect_problem("the reader's line 2: too many words",
                 HEAD "note 1 2 3 4 5 6 7 8 9 10 11 12\nend\n");
}

TEST(types_that_are_made_of_themselves_end)
{
  static const char *const tables[] = {
      HEAD "type 1 typedef a 1\nfunction f f 1 x.c 1 - -\n  param p 1\nend\n",
      HEAD "type 1 typedef a 2\ntype 2 const 1\n"
           "function f f 0 x.c 1 - -\n  param p 2\nend\n",
      HEAD "type 1 pointer 1\nfunction f f 1 x.c 1 - -\n  param p 1\nend\n",
      HEAD "type 1 array 1 4\nfunction f f 1 x.c 1 - -\n  param p 1\nend\n",
      HEAD "type 1 vector 1 4\nfunction f f 1 x.c 1 - -\n  param p 1\nend\n",
      HEAD "type 1 record struct s 8 0 x.c 1 -\n  member m 1 0\n"
           "function f f 1 x.c 1 - -\n  param p 1\nend\n",
      HEAD "type 1 record struct s 8 0 x.c 1 -\n  member - 1 0\n"
           "function f f 1 x.c 1 - -\n  param p 1\nend\n",
      HEAD "type 1 function 1 -\n  param p 2\ntype 2 pointer 1\n"
           "function f f 0 x.c 1 - -\n  param p 2\nend\n",
      HEAD "type 1 const 2\ntype 2 array 1 3\nvariable v v 1 /x/seed.c 1 -\n"
           "end\n",
      HEAD "type 1 array 1 3\nvariable v v 1 /x/seed.c 1 -\nend\n"};
  size_t i, size;

  for (i = 0; i < tenon_p_countof(tables); i++) {
    bool is_array = strstr(tables[i], "array") || strstr(tables[i], "vector");
    CHECK_INT(is_array, run(tables[i], strlen(tables[i]), "", &size, NULL));
  }
}

/* --- Mutations ------------------------------------------------------------ */

static uint64_t seed;

static uint64_t next(uint64_t below)
{
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed % below;
}

static size_t begin_of_line(const char *s, size_t at)
{
  while (at && s[at - 1] != '\n')
    at--;
  return at;
}

static size_t end_of_line(const char *s, size_t len, size_t at)
{
  while (at < len && s[at] != '\n')
    at++;
  return at < len ? at + 1 : len;
}

static void splice(char *s, size_t *len, size_t from, size_t to,
                   const char *with, size_t n)
{
  memmove(s + from + n, s + to, *len - to);
  memcpy(s + from, with, n);
  *len = *len - (to - from) + n;
}

/* Another word in the place of one: mostly of those that are there. */
static void change_word(char *s, size_t *len)
{
  static const char *const words[] = {"0",
                                      "-1",
                                      "1",
                                      "4294967295",
                                      "9223372036854775807",
                                      "-9223372036854775808",
                                      "99999999999999999999",
                                      "-",
                                      "?",
                                      "",
                                      "%2d",
                                      "%zz",
                                      "struct",
                                      "union",
                                      "pointer",
                                      "array",
                                      "typedef",
                                      "const",
                                      "record",
                                      "function",
                                      "vector",
                                      "s",
                                      "u",
                                      "v",
                                      "4096",
                                      "1000000",
                                      "a%22b%5c%0a*/",
                                      "int",
                                      "int32_t"};
  size_t at = (size_t)next(*len), from = at, to = at, n;
  const char *with = words[next(tenon_p_countof(words))];
  char id[24];

  while (from && s[from - 1] != ' ' && s[from - 1] != '\n')
    from--;
  while (to < *len && s[to] != ' ' && s[to] != '\n')
    to++;
  if (next(2)) {
    snprintf(id, sizeof id, "%d", (int)next(49));
    with = id;
  }
  n = strlen(with);
  splice(s, len, from, to, with, n);
}

static void change_lines(char *s, size_t *len)
{
  size_t from = begin_of_line(s, (size_t)next(*len)),
         to = end_of_line(s, *len, from),
         at = begin_of_line(s, (size_t)next(*len));
  char line[512];
  size_t n = to - from < sizeof line ? to - from : sizeof line;

  memcpy(line, s + from, n);
  switch (next(3)) {
  case 0: splice(s, len, from, to, "", 0); break;
  case 1: splice(s, len, at, at, line, n); break;
  default: splice(s, len, at, end_of_line(s, *len, at), line, n); break;
  }
}

static void mutate(char *s, size_t *len)
{
  int i, n = 1 + (int)next(4);

  for (i = 0; i<n && * len> 16; i++) {
    switch (next(8)) {
    case 0: s[next(*len)] = (char)next(256); break;
    case 1: *len = (size_t)next(*len); break;
    case 2:
    case 3: change_lines(s, len); break;
    default: change_word(s, len); break;
    }
  }
}

TEST(mutated_tables_are_refused_or_become_c)
{
  const char *runs = getenv("TENON_TABLE_RUNS");
  size_t length = strlen(seed_table), size;
  char *room = malloc(length + 4 * 1024 + 1);
  int i, n = runs ? atoi(runs) : 5000, results[4] = {0};

  assert_non_null(room);
  for (i = 1; i <= n; i++) {
    size_t len = length;
    char *exact;
    int r;
    seed = (uint64_t)i * UINT64_C(0x9e3779b97f4a7c15);
    memcpy(room, seed_table, length);
    mutate(room, &len);
    /* Of just its size: a sanitizer sees what is read behind it. */
    exact = malloc(len ? len : 1);
    assert_non_null(exact);
    memcpy(exact, room, len);
    r = run(exact, len, i % 2 ? "" : seed_notes, &size, NULL);
    free(exact);
    if (r < 0 || r > 2) print_message("# run %d: %d\n", i, r);
    CHECK(r >= 0 && r <= 2);
    results[r]++;
  }
  print_message("# C: %d, no table: %d, no plan: %d\n", results[0], results[1],
                results[2]);
  CHECK(results[0] > n / 20 && results[1] > n / 20);
  free(room);
}

/* --- Memory --------------------------------------------------------------- */

TEST(without_memory_nothing_half_is_written)
{
  size_t whole, size;
  uint64_t all, at;
  int lasting, r;

  tenon_p_alloc_inject(0, false);
  CHECK_INT(0, run(seed_table, strlen(seed_table), seed_notes, &whole, NULL));
  all = tenon_p_alloc_stop();
  CHECK(all > 5);
  for (lasting = 0; lasting < 2; lasting++) {
    for (at = 1; at <= all; at += t_oom_step(all)) {
      tenon_p_alloc_inject(at, lasting);
      r = run(seed_table, strlen(seed_table), seed_notes, &size, NULL);
      tenon_p_alloc_stop();
      if (r > 0 || (r == 0 && size != whole))
        print_message("# at %d of %d: %d\n", (int)at, (int)all, r);
      CHECK(r == -1 || (r == 0 && size == whole));
    }
  }
}
