/* Modules from the host's side: names, relative imports, failures. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tenon/export.h>
#include <unistd.h>

#include "base/alloc.h"
#include "harness.h"

static char folder[] = "/tmp/tenon-modules-XXXXXX";
static bool is_prepared;

static void write_file(const char *name, const char *text)
{
  char path[256];
  FILE *f;

  snprintf(path, sizeof path, "%s/%s", folder, name);
  f = fopen(path, "w");
  assert_non_null(f);
  CHECK(fputs(text, f) >= 0);
  CHECK_INT(0, fclose(f));
}

/* One folder for all tests, with what they import. */
static void prepare(void)
{
  if (is_prepared) return;
  is_prepared = true;
  assert_non_null(mkdtemp(folder));
  CHECK_INT(0, chdir(folder));
  CHECK_INT(0, mkdir("lib", 0700));
  write_file("here.js", "export default 'in the working directory';");
  write_file("lib/here.js", "export default 'in lib';");
  write_file("bad.js", "export const x = 1;\nlet = ;");
  write_file("uses-bad.js", "import './bad.js';");
  write_file("cycle-a.js", "import './cycle-b.js'; export const a = 1;");
  write_file("cycle-b.js", "import './cycle-a.js'; import './bad.js';");
  write_file("throws-a.js", "import './throws-b.js';");
  write_file("throws-b.js", "import './throws-a.js'; throw new Error('b');");
  write_file("program.js",
             "import { log } from 'test'; log(`main ${import.meta.main}`);");
}

__attribute__((destructor)) static void clean(void)
{
  char command[300];

  if (!is_prepared) return;
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  if (system(command)) fprintf(stderr, "%s is left behind\n", folder);
}

static const char import_here[] = "import { log } from 'test';"
                                  "import here from './here.js';"
                                  "log(here);";

static void run_as(tenon_runtime *rt, const char *source, const char *name)
{
  int r = tenon_runtime_eval_module(rt, source, strlen(source), name);

  if (r == 0) r = tenon_runtime_run(rt);
  if (r) print_error("%s\n", tenon_runtime_exception(rt));
  CHECK_INT(0, r);
}

TEST(a_module_named_by_a_path_imports_relative_to_it)
{
  static const struct {
    const char *name, *expected;
  } cases[] = {
      {"lib/x.js", "in lib\n"},
      {"./lib/y.js", "in lib\n"},
      {"lib/../z.js", "in the working directory\n"},
      {"x.js", "in the working directory\n"},
      {"./x.js", "in the working directory\n"},
      {"<input>", "in the working directory\n"},
      {"", "in the working directory\n"},
      {NULL, "in the working directory\n"},
  };
  tenon_runtime *rt = t_runtime();
  size_t i;

  prepare();
  for (i = 0; i < sizeof cases / sizeof *cases; i++) {
    run_as(rt, import_here, cases[i].name);
    CHECK_LOG(cases[i].expected);
  }
}

TEST(a_module_named_by_an_absolute_path_or_url_imports_relative_to_it)
{
  tenon_runtime *rt = t_runtime();
  char name[256];

  prepare();
  snprintf(name, sizeof name, "%s/lib/x.js", folder);
  run_as(rt, import_here, name);
  CHECK_LOG("in lib\n");
  snprintf(name, sizeof name, "file://%s/lib/x.js", folder);
  run_as(rt, import_here, name);
  CHECK_LOG("in lib\n");
}

TEST(a_path_becomes_the_url_of_a_module)
{
  static const char source[] =
      "import { log } from 'test';"
      "const { url, filename, dirname, main } = import.meta;"
      "log([url, filename, dirname, main].join(' '));";
  tenon_runtime *rt = t_runtime();
  char expected[1024], name[256];

  prepare();
  run_as(rt, source, "lib/a b.js");
  snprintf(expected, sizeof expected,
           "file://%s/lib/a%%20b.js %s/lib/a b.js %s/lib true\n", folder,
           folder, folder);
  CHECK_LOG(expected);
  run_as(rt, source, "named");
  CHECK_LOG("named   true\n");
  snprintf(name, sizeof name, "file://%s/q.js?v=1", folder);
  run_as(rt, source, name);
  snprintf(expected, sizeof expected, "%s %s/q.js %s true\n", name, folder,
           folder);
  CHECK_LOG(expected);
}

TEST(import_of_a_script_is_relative_to_its_name)
{
  static const char source[] = "import('test').then(async ({ log }) =>"
                               "  log((await import('./here.js')).default));";
  static const struct {
    const char *name, *expected;
  } cases[] = {
      {"lib/script.js", "in lib\n"},
      {"./lib/script.js", "in lib\n"},
      {"script.js", "in the working directory\n"},
      {NULL, "in the working directory\n"},
  };
  tenon_runtime *rt = t_runtime();
  size_t i;

  prepare();
  for (i = 0; i < sizeof cases / sizeof *cases; i++) {
    CHECK_INT(0, tenon_runtime_eval_script(rt, source, strlen(source),
                                           cases[i].name));
    CHECK_INT(0, tenon_runtime_run(rt));
    CHECK_LOG(cases[i].expected);
  }
}

TEST(a_module_with_a_mistake_gives_the_same_error_each_time)
{
  tenon_runtime *rt = t_runtime();
  int i;

  prepare();
  for (i = 0; i < 3; i++) {
    CHECK_THROWS(rt, "/bad.js:2:5", "import './bad.js';");
    CHECK_THROWS(rt, "/bad.js:2:5", "import './uses-bad.js';");
    CHECK_THROWS(rt, "/bad.js:2:5", "await import('./uses-bad.js');");
  }
}

TEST(a_module_with_a_mistake_can_be_mended)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  write_file("mended.js", "let = ;");
  CHECK_THROWS(rt, "SyntaxError", "import './mended.js';");
  write_file("mended.js", "export default 'mended';");
  t_run(rt, "import { log } from 'test'; import m from './mended.js'; log(m);");
  CHECK_LOG("mended\n");
}

TEST(a_cycle_whose_loading_fails_fails_each_time)
{
  tenon_runtime *rt = t_runtime();
  int i;

  prepare();
  for (i = 0; i < 2; i++) {
    CHECK_THROWS(rt, "/bad.js:2:5", "import './cycle-a.js';");
    CHECK_THROWS(rt, "/bad.js:2:5", "import './cycle-b.js';");
  }
  t_run(rt, "import { log } from 'test'; log('usable');");
  CHECK_LOG("usable\n");
}

TEST(a_cycle_whose_evaluation_throws_throws_each_time)
{
  tenon_runtime *rt = t_runtime();
  int i;

  prepare();
  for (i = 0; i < 2; i++) {
    CHECK_THROWS(rt, "Error: b", "import './throws-a.js';");
    CHECK_THROWS(rt, "Error: b", "import './throws-b.js';");
  }
}

TEST(a_missing_module_is_found_once_it_is_there)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  CHECK_THROWS(rt, "Cannot find module './later.js' imported from test.js",
               "import './later.js';");
  write_file("later.js", "export default 'here';");
  t_run(rt, "import { log } from 'test'; import m from './later.js'; log(m);");
  CHECK_LOG("here\n");
}

TEST(a_bare_specifier_lists_the_native_modules)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "@scope/other", tenon_module_v1));
  CHECK_THROWS(rt,
               "Cannot find module 'missing' imported from test.js: tried the "
               "native modules (there are 'test', '@scope/other'), the",
               "import 'missing';");
  CHECK_THROWS(rt, "Cannot find module 'test?x'", "import 'test?x';");
}

TEST(a_native_module_is_one_module)
{
  tenon_runtime *rt = t_runtime();

  t_run(rt, "import * as a from 'test'; import { log } from 'test';"
            "const b = await import('test');"
            "log(`${a === b} ${import.meta.resolve('test')}`);");
  CHECK_LOG("true test\n");
}

TEST(names_that_are_none_are_refused)
{
  static const char *const names[] = {"", ".", "./x", "../x", "/x", "a:b"};
  tenon_runtime *rt = t_runtime();
  size_t i;

  for (i = 0; i < sizeof names / sizeof *names; i++)
    CHECK_INT(TENON_EINVAL,
              tenon_runtime_add_module(rt, names[i], tenon_module_v1));
  CHECK_INT(TENON_EINVAL, tenon_runtime_add_module(rt, NULL, tenon_module_v1));
  CHECK_INT(TENON_EINVAL, tenon_runtime_add_module(rt, "x", NULL));
  CHECK_INT(TENON_EEXIST,
            tenon_runtime_add_module(rt, "test", tenon_module_v1));
  CHECK_INT(0, tenon_runtime_add_module(rt, "x", tenon_module_v1));
  CHECK_INT(TENON_EEXIST, tenon_runtime_add_module(rt, "x", tenon_module_v1));
}

TEST(a_file_can_be_run_more_than_once)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  CHECK_INT(0, tenon_runtime_run_file(rt, "program.js"));
  CHECK_INT(0, tenon_runtime_run_file(rt, "./program.js"));
  CHECK_LOG("main true\nmain true\n");
}

TEST(a_missing_file_is_an_exception_that_names_it)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run_file(rt, "/nowhere/x.js"));
  CHECK_TEXT("Error: Cannot read /nowhere/x.js: no such file or directory",
             tenon_runtime_exception(rt));
  CHECK_INT(TENON_EINVAL, tenon_runtime_run_file(rt, NULL));
}

TEST(source_needs_no_nul_behind_it)
{
  static const char source[] = "globalThis.x = 1;garbage(";
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_eval_script(rt, source, 17, NULL));
  CHECK_INT(0, tenon_runtime_eval_module(rt, source, 17, NULL));
  CHECK_INT(0, tenon_runtime_eval_script(rt, NULL, 0, NULL));
  CHECK_INT(0, tenon_runtime_eval_module(rt, "", 0, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_eval_script(rt, NULL, 1, NULL));
}

TEST(a_module_may_share_its_name_with_another)
{
  tenon_runtime *rt = t_runtime();
  int i;

  for (i = 0; i < 3; i++)
    t_run(rt, "import { log } from 'test'; export const x = 1; log('again');");
  CHECK_LOG("again\nagain\nagain\n");
}

TEST(a_package_type_of_all_objects_is_not_one_of_the_package)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  CHECK_INT(0, mkdir("package", 0700));
  write_file("package/package.json", "{}");
  write_file("package/script.js", "globalThis.isScript = this === exports;");
  t_run(rt, "Object.prototype.type = 'module';");
  CHECK_INT(0, tenon_runtime_run_file(rt, "package/script.js"));
  t_run(rt, "import { log } from 'test'; log(`${globalThis.isScript}`);");
  CHECK_LOG("true\n");
}

TEST(a_program_runs_after_its_loading_ran_out_of_memory)
{
  uint64_t at, count;
  bool has_failed = false;

  prepare();
  if (access("parts", F_OK)) CHECK_INT(0, mkdir("parts", 0700));
  write_file("parts/package.json", "{\"name\": \"parts\"}");
  write_file("parts/part.js", "export default 'part';");
  write_file("parts/main.js",
             "import part from './part%2ejs?v=1';\n"
             "globalThis.done = [import.meta.resolve('./x').length, part];");
  for (at = 1;; at++) {
    tenon_runtime *rt = t_runtime();
    int r;

    tenon_p_alloc_inject(at, false);
    r = tenon_runtime_run_file(rt, "parts/main.js");
    count = tenon_p_alloc_stop();
    if (r) {
      has_failed = true;
      CHECK(r == TENON_EEXCEPTION || r == TENON_ENOMEM);
      tenon_runtime_clear_exception(rt);
    }
    r = tenon_runtime_run_file(rt, "parts/main.js");
    if (r) print_error("after %d: %s\n", (int)at, tenon_runtime_exception(rt));
    CHECK_INT(0, r);
    t_run(rt, "import { log } from 'test'; log(done[1]);");
    CHECK_LOG("part\n");
    t_free(rt);
    if (count < at) break;
  }
  CHECK(has_failed);
}
