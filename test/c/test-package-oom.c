/*
 * Each allocation fails in turn while packages are resolved: whatever fails, an
 * error says so or all is well, and nothing leaks or is half there.
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"
#include "harness.h"

static char folder[] = "/tmp/tenon-package-oom-XXXXXX";

static void write_file(const char *name, const char *text)
{
  FILE *f = fopen(name, "w");

  assert_non_null(f);
  CHECK(fputs(text, f) >= 0);
  CHECK_INT(0, fclose(f));
}

static void prepare(void)
{
  static const char *const folders[] = {"node_modules", "node_modules/a",
                                        "node_modules/b", "node_modules/b/lib",
                                        "node_modules/bad"};
  static bool is_there;
  size_t i;

  if (is_there) return;
  is_there = true;
  assert_non_null(mkdtemp(folder));
  CHECK_INT(0, chdir(folder));
  for (i = 0; i < sizeof folders / sizeof *folders; i++)
    CHECK_INT(0, mkdir(folders[i], 0700));
  write_file("package.json",
             "{\"name\":\"me\",\"exports\":{\"./self/*\":[\"no\",{\"import\":"
             "\"./*.js\"}]},\"imports\":{\"#b\":\"b\",\"#here\":"
             "{\"deno\":null,\"default\":\"./here.js\"}}}");
  write_file("here.js", "export default 'here';");
  write_file("node_modules/a/package.json",
             "{\"exports\":{\".\":{\"node\":{\"import\":\"./i.js\"}},"
             "\"./no\":null}}");
  write_file("node_modules/a/i.js", "export default 'a';");
  write_file("node_modules/b/package.json", "{\"main\":\"lib\"}");
  write_file("node_modules/b/lib/index.js", "export default 'b';");
  write_file("node_modules/bad/package.json", "{");
}

__attribute__((destructor)) static void clean(void)
{
  char command[300];

  if (folder[strlen(folder) - 1] == 'X') return;
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  if (system(command)) fprintf(stderr, "%s is left behind\n", folder);
}

/* By import.meta.resolve: a module whose evaluation has failed once, for whatever
 * reason, fails for ever. */
static const char resolving[] =
    "const said = [];\n"
    "for (const s of ['a', 'b', '#b', '#here', 'me/self/here',\n"
    "    'b/lib/index.js?q', 'b/lib', 'b/no.js'])\n"
    "  said.push(import.meta.resolve(s).split('/').pop());\n"
    "for (const s of ['none', 'a/no', '#no', 'bad', '@x'])\n"
    "  try { import.meta.resolve(s); said.push('!'); }\n"
    "  catch (e) { if (!e.code) throw e; said.push(e.code.slice(4)); }\n"
    "const all = said.join();\n"
    "if (all !== 'i.js,index.js,index.js,here.js,here.js,index.js?q,lib,no.js,'\n"
    "    + 'MODULE_NOT_FOUND,PACKAGE_PATH_NOT_EXPORTED,'\n"
    "    + 'PACKAGE_IMPORT_NOT_DEFINED,INVALID_PACKAGE_CONFIG,'\n"
    "    + 'INVALID_MODULE_SPECIFIER') throw new Error(`wrong: ${all}`);\n";

static const char importing[] =
    "const said = [];\n"
    "for (const s of ['a', 'b', '#b', '#here', 'me/self/here', 'none', 'b/lib',\n"
    "    'b/no.js'])\n"
    "  try { said.push((await import(s)).default); }\n"
    "  catch (e) { if (!e.code) throw e; said.push(e.code.slice(4)); }\n"
    "const all = said.join();\n"
    "if (all !== 'a,b,b,here,here,MODULE_NOT_FOUND,UNSUPPORTED_DIR_IMPORT,'\n"
    "    + 'MODULE_NOT_FOUND') throw new Error(`wrong: ${all}`);\n";

static int eval(tenon_runtime *rt, const char *text, const char *name)
{
  int r = tenon_runtime_eval_module(rt, text, strlen(text), name);

  return r ? r : tenon_runtime_run(rt);
}

/* A runtime's whole life; with `is_again`, what failed once must then work. */
static int live(const char *source, bool is_again)
{
  tenon_runtime *rt;
  int r = tenon_runtime_new(NULL, &rt);

  if (r) return r;
  r = eval(rt, source, "program.js");
  if (r && tenon_runtime_exception(rt))
    CHECK(!strstr(tenon_runtime_exception(rt), "wrong"));
  if (r && is_again) {
    tenon_p_alloc_stop();
    tenon_runtime_clear_exception(rt);
    if (eval(rt, source, "again.js")) {
      print_error("%s\n", tenon_runtime_exception(rt));
      fail();
    }
  }
  tenon_runtime_free(rt);
  return r;
}

static void fail_each(const char *source, bool is_lasting, bool is_again)
{
  const char *sample = getenv("TENON_OOM_SAMPLE");
  uint64_t want = sample ? strtoull(sample, NULL, 10) : 0, count, at, step;

  prepare();
  tenon_p_alloc_inject(0, false);
  CHECK_INT(0, live(source, false));
  count = tenon_p_alloc_stop();
  CHECK(count > 1000);
  step = want && want < count ? count / want : 1;
  for (at = 1; at <= count; at += step) {
    alarm(60);
    tenon_p_alloc_inject(at, is_lasting);
    (void)live(source, is_again);
    tenon_p_alloc_stop();
    alarm(0);
  }
}

TEST(a_resolution_works_after_any_of_its_allocations_has_failed)
{
  fail_each(resolving, false, true);
}

TEST(every_allocation_of_a_resolution_fails_from_some_point_on)
{
  fail_each(resolving, true, false);
}

TEST(every_allocation_of_an_import_of_packages_fails)
{
  fail_each(importing, false, false);
  fail_each(importing, true, false);
}
