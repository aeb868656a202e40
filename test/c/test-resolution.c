/* What hosts ask a runtime: what a specifier means, and by which steps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tenon.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"
#include "harness.h"

static char folder[] = "/tmp/tenon-resolution-XXXXXX";
static bool has_folder;
static tenon_p_text steps;

static void write_file(const char *name, const char *text)
{
  FILE *f = fopen(name, "w");

  assert_non_null(f);
  CHECK(fputs(text, f) >= 0);
  CHECK_INT(0, fclose(f));
}

static void prepare(void)
{
  if (has_folder) return;
  has_folder = true;
  assert_non_null(mkdtemp(folder));
  CHECK_INT(0, chdir(folder));
  CHECK_INT(0, mkdir("node_modules", 0700));
  CHECK_INT(0, mkdir("node_modules/p", 0700));
  write_file("a.mjs", "throw new Error('it is loaded');");
  write_file(
      "node_modules/p/package.json",
      "{\"exports\": {\"import\": \"./i.mjs\", \"require\": \"./r.js\"}}");
  write_file("node_modules/p/i.mjs", "");
  write_file("node_modules/p/r.js", "");
}

__attribute__((destructor)) static void clean(void)
{
  char command[300];

  if (!has_folder) return;
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  if (system(command)) fprintf(stderr, "%s is left behind\n", folder);
}

static void keep(void *data, const char *text, size_t len)
{
  CHECK(data == &steps);
  tenon_p_text_append(&steps, text, len);
  tenon_p_text_puts(&steps, "\n");
}

static int ask(tenon_runtime *rt, const char *specifier, const char *from,
               bool is_require, const char **meaning)
{
  tenon_resolution q = {.size = sizeof q,
                        .specifier = specifier,
                        .from = from,
                        .is_require = is_require,
                        .step = keep,
                        .data = &steps};

  tenon_p_text_clear(&steps);
  return tenon_runtime_resolve(rt, &q, meaning);
}

/* The end of what it means. */
static void means(tenon_runtime *rt, const char *end, const char *specifier,
                  const char *from, bool is_require)
{
  const char *meaning;

  CHECK_INT(0, ask(rt, specifier, from, is_require, &meaning));
  assert_non_null(meaning);
  CHECK(strlen(meaning) >= strlen(end));
  CHECK_TEXT(end, meaning + strlen(meaning) - strlen(end));
}

TEST(what_is_asked_for_is_found_and_not_loaded)
{
  tenon_runtime *rt;

  prepare();
  rt = t_runtime();
  means(rt, "/a.mjs", "./a.mjs", NULL, false);
  means(rt, "/a.mjs", "./a.mjs", "not-there.mjs", false);
  means(rt, "/a.mjs", "../a.mjs", "node_modules", false);
  means(rt, "/p/i.mjs", "p", "./m.mjs", false);
  means(rt, "/p/r.js", "p", "./m.cjs", true);
  means(rt, "/a.mjs", "./a.mjs", "./m.cjs", true);
  means(rt, "test", "test", NULL, false);
  tenon_p_text_release(&steps);
}

TEST(steps_are_told_to_who_asks_and_to_nobody_else)
{
  tenon_runtime *rt;
  const char *meaning;

  prepare();
  rt = t_runtime();
  CHECK_INT(0, ask(rt, "p", NULL, false, &meaning));
  CHECK(strstr(steps.data, "condition 'import': holds"));
  CHECK(strstr(steps.data, "/node_modules/p: a folder"));
  tenon_p_text_clear(&steps);
  t_run(rt, "import.meta.resolve('./a.mjs');");
  CHECK_INT(0, steps.len);
  tenon_p_text_release(&steps);
}

static tenon_said pass(tenon_resolve *q, void *data)
{
  (void)data;
  return tenon_resolve_pass(q, "%d entries", 7);
}

TEST(links_of_the_host_are_told_with_their_notes)
{
  static const tenon_link link = {
      .size = sizeof link, .name = "archive", .resolve = pass};
  tenon_runtime *rt;
  const char *meaning;

  prepare();
  rt = t_runtime();
  CHECK_INT(0, tenon_runtime_add_link(rt, &link, NULL, false));
  CHECK_INT(0, ask(rt, "test", NULL, false, &meaning));
  CHECK_TEXT("archive: passes: 7 entries\nnative modules: answers\n",
             steps.data);
  CHECK_INT(TENON_EEXCEPTION, ask(rt, "none", NULL, false, &meaning));
  CHECK(strstr(steps.data, "\n  finds nothing\n"));
  tenon_runtime_clear_exception(rt);
  tenon_p_text_release(&steps);
}

TEST(an_error_is_pending_as_that_of_an_import)
{
  tenon_runtime *rt;
  const char *meaning = "x";

  prepare();
  rt = t_runtime();
  CHECK_INT(TENON_EEXCEPTION, ask(rt, "./none.mjs", NULL, false, &meaning));
  CHECK(!meaning);
  CHECK(strstr(tenon_runtime_exception(rt), "Cannot find module './none.mjs'"));
  tenon_runtime_clear_exception(rt);
  means(rt, "/a.mjs", "./a.mjs", NULL, false);
  tenon_p_text_release(&steps);
}

TEST(wrong_questions_are_refused)
{
  tenon_runtime *rt = t_runtime();
  tenon_resolution q = {.size = sizeof q, .specifier = "./a.mjs"};
  const char *meaning;

  CHECK_INT(TENON_EINVAL, tenon_runtime_resolve(NULL, &q, &meaning));
  CHECK_INT(TENON_EINVAL, tenon_runtime_resolve(rt, NULL, &meaning));
  CHECK_INT(TENON_EINVAL, tenon_runtime_resolve(rt, &q, NULL));
  q.specifier = "";
  CHECK_INT(TENON_EINVAL, tenon_runtime_resolve(rt, &q, &meaning));
  q.specifier = "a";
  q.size = 1;
  CHECK_INT(TENON_EABI, tenon_runtime_resolve(rt, &q, &meaning));
}

/* --- Memory ----------------------------------------------------------------------- */

static void ignore(void *data, const char *text, size_t len)
{
  (void)data;
  (void)text;
  (void)len;
}

static int live(void)
{
  static const char *const all[] = {"./a.mjs", "p", "tenon:process"};
  tenon_resolution q = {.size = sizeof q, .step = ignore};
  const char *meaning;
  tenon_runtime *rt;
  size_t i;
  int r = tenon_runtime_new(NULL, &rt);

  if (r) return r;
  for (i = 0; r == 0 && i < 6; i++) {
    q.specifier = all[i / 2];
    q.is_require = i % 2;
    r = tenon_runtime_resolve(rt, &q, &meaning);
    CHECK(!r == !!meaning);
  }
  tenon_runtime_free(rt);
  return r;
}

static const t_oom oom = {.live = live};

TEST(each_allocation_fails_once)
{
  prepare();
  CHECK_INT(0, live());
  CHECK(t_fail_each(&oom, false) > 50);
}

TEST(every_allocation_fails_from_some_point_on)
{
  prepare();
  CHECK(t_fail_each(&oom, true) > 50);
}
