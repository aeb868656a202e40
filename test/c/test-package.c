/* Packages from the host's side: what is read once, what is malformed, huge, deep
 * or no file, and what a program may do to its own prototypes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tenon/realm.h>
#include <unistd.h>

#include "base/text.h"
#include "harness.h"

static char folder[64];

__attribute__((destructor)) static void clean(void)
{
  char command[100];

  if (!folder[0]) return;
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  if (system(command)) fprintf(stderr, "%s is left behind\n", folder);
}

static void write_file(const char *name, const char *text)
{
  FILE *f = fopen(name, "w");

  assert_non_null(f);
  CHECK(fputs(text, f) >= 0);
  CHECK_INT(0, fclose(f));
}

/* A new folder for each test, with two modules of a package that has no
 * package.json yet. */
static void prepare(void)
{
  clean();
  strcpy(folder, "/tmp/tenon-package-XXXXXX");
  assert_non_null(mkdtemp(folder));

  CHECK_INT(0, chdir(folder));
  CHECK_INT(0, mkdir("node_modules", 0700));
  CHECK_INT(0, mkdir("node_modules/a", 0700));
  write_file("node_modules/a/index.js", "export default 'index';");
  write_file("node_modules/a/i.js", "export default 'i';");
}

#define PACKAGE "node_modules/a/package.json"

static const char import_a[] = "import { log } from 'test';"
                               "import a from 'a'; log(a);";

/* Where it leads, or the code; each time anew. */
static void check_resolved(tenon_runtime *rt, const char *specifier,
                           const char *expected)
{
  char source[512], line[256];

  snprintf(source, sizeof source,
           "import { log } from 'test'; let s;"
           "try { s = import.meta.resolve('%s').split('/').pop(); }"
           "catch (e) { s = e.code ?? String(e); } log(s);",
           specifier);
  t_run(rt, source);
  snprintf(line, sizeof line, "%s\n", expected);
  CHECK_LOG(line);
}

TEST(a_package_json_is_read_once)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  write_file(PACKAGE, "{\"main\":\"i.js\"}");
  check_resolved(rt, "a", "i.js");
  write_file(PACKAGE, "{}");
  check_resolved(rt, "a", "i.js");
  rt = t_runtime();
  check_resolved(rt, "a", "index.js");
}

TEST(a_package_json_that_was_missing_is_found_later)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  check_resolved(rt, "a", "index.js");
  write_file(PACKAGE, "{\"main\":\"i.js\"}");
  check_resolved(rt, "a", "i.js");
}

TEST(a_malformed_package_json_can_be_mended)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  write_file(PACKAGE, "{");
  check_resolved(rt, "a", "ERR_INVALID_PACKAGE_CONFIG");
  check_resolved(rt, "a", "ERR_INVALID_PACKAGE_CONFIG");
  write_file(PACKAGE, "{\"main\":\"i.js\"}");
  check_resolved(rt, "a", "i.js");
}

TEST(many_packages_are_each_kept)
{
  static char source[] =
      "import { log } from 'test'; let sum = 0;"
      "for (let round = 0; round < 3; round++) for (let i = 0; i < 200; i++)"
      "  sum += Number(import.meta.resolve(`p${i}`).match(/(\\d+).js/)[1]);"
      "log(`${sum}`);";
  char name[64], text[64];
  int i;

  prepare();
  for (i = 0; i < 200; i++) {
    snprintf(name, sizeof name, "node_modules/p%d", i);
    CHECK_INT(0, mkdir(name, 0700));
    snprintf(name, sizeof name, "node_modules/p%d/package.json", i);
    snprintf(text, sizeof text, "{\"exports\":\"./%d.js\"}", i);
    write_file(name, text);
  }
  t_run(t_runtime(), source);
  CHECK_LOG("59700\n");
}

TEST(what_is_kept_of_a_package_counts_as_memory)
{
  tenon_runtime *rt = t_runtime();
  tenon_memory before, after;
  tenon_p_text t = TENON_P_TEXT_INIT;
  int i;

  prepare();
  tenon_p_text_puts(&t, "{\"exports\":{");
  for (i = 0; i < 10000; i++)
    tenon_p_text_printf(&t, "\"./%d\":\"./i.js\",", i);
  tenon_p_text_puts(&t, "\".\":\"./index.js\"}}");
  write_file(PACKAGE, t.data);
  tenon_p_text_release(&t);
  check_resolved(rt, "none", "ERR_MODULE_NOT_FOUND");
  before = tenon_runtime_memory(rt);
  check_resolved(rt, "a/9999", "i.js");
  after = tenon_runtime_memory(rt);
  CHECK(after.used_bytes - before.used_bytes > 10000 * 60);
}

TEST(a_package_that_does_not_fit_into_memory_is_refused_and_nothing_is_left)
{
  tenon_options o = {.size = sizeof o, .memory_limit_bytes = 4 << 20};
  tenon_runtime *rt;
  tenon_p_text t = TENON_P_TEXT_INIT;
  int i;

  prepare();
  CHECK_INT(0, t_runtime_new(&o, &rt));
  tenon_p_text_puts(&t, "{\"exports\":{");
  for (i = 0; i < 100000; i++)
    tenon_p_text_printf(&t, "\"./%d\":\"./i.js\",", i);
  tenon_p_text_puts(&t, "\".\":\"./index.js\"}}");
  write_file(PACKAGE, t.data);
  tenon_p_text_release(&t);
  check_resolved(rt, "a", "InternalError: out of memory");
  write_file(PACKAGE, "{\"main\":\"i.js\"}");
  check_resolved(rt, "a", "i.js");
}

TEST(a_package_json_may_be_large)
{
  tenon_runtime *rt = t_runtime();
  tenon_p_text t = TENON_P_TEXT_INIT;
  size_t i;

  prepare();
  tenon_p_text_puts(&t, "{\"readme\":\"");
  for (i = 0; i < 1 << 19; i++)
    tenon_p_text_puts(&t, "a line of a readme, \\n and then one more");
  tenon_p_text_puts(&t, "\",\"main\":\"i.js\"}");
  write_file(PACKAGE, t.data);
  tenon_p_text_release(&t);
  check_resolved(rt, "a", "i.js");
  CHECK(tenon_runtime_memory(rt).used_bytes < 8 << 20);
}

/* Conditions, `depth` of them, around a target. */
static void write_nested(int depth, const char *open, const char *close)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  int i;

  tenon_p_text_puts(&t, "{\"exports\":");
  for (i = 0; i < depth; i++)
    tenon_p_text_puts(&t, open);
  tenon_p_text_puts(&t, "\"./i.js\"");
  for (i = 0; i < depth; i++)
    tenon_p_text_puts(&t, close);
  tenon_p_text_puts(&t, "}");
  write_file(PACKAGE, t.data);
  tenon_p_text_release(&t);
}

TEST(conditions_may_be_nested)
{
  prepare();
  write_nested(500, "{\"import\":", "}");
  check_resolved(t_runtime(), "a", "i.js");
  write_nested(500, "[", "]");
  check_resolved(t_runtime(), "a", "i.js");
  write_nested(500, "[{\"deno\":5},{\"node\":", "}]");
  check_resolved(t_runtime(), "a", "i.js");
}

TEST(conditions_that_are_nested_10000_deep_resolve_or_are_malformed)
{
  static const char *const around[][2] = {{"{\"import\":", "}"}, {"[", "]"}};
  static const int depths[] = {2000, 10000, 200000};
  tenon_runtime *rt;
  const char *said;
  size_t i, k;

  prepare();
  for (i = 0; i < 2; i++)
    for (k = 0; k < sizeof depths / sizeof *depths; k++) {
      rt = t_runtime();
      write_nested(depths[k], around[i][0], around[i][1]);
      t_run(rt, "import { log } from 'test';"
                "try { import.meta.resolve('a'); log('i.js'); }"
                "catch (e) { log(e.code); }");
      said = t_logged();
      CHECK(strcmp(said, "i.js\n") == 0 ||
            strcmp(said, "ERR_INVALID_PACKAGE_CONFIG\n") == 0);
      t_run(rt, "import { log } from 'test'; log('on');");
      CHECK_LOG("on\n");
    }
}

TEST(a_pipe_is_no_package_json)
{
  prepare();
  CHECK_INT(0, mkfifo(PACKAGE, 0600));
  alarm(20);
  t_run(t_runtime(), import_a);
  alarm(0);
  CHECK_LOG("index\n");
}

TEST(a_package_json_that_cannot_be_read_is_an_error)
{
  prepare();
  CHECK_INT(0, symlink("package.json", PACKAGE));
  CHECK_THROWS(t_runtime(), "unreadable package config", import_a);
}

TEST(a_package_json_of_a_program_says_what_its_files_are)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  write_file("package.json", "{");
  write_file("x.js", "0");
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run_file(rt, "x.js"));
  assert_non_null(
      strstr(tenon_runtime_exception(rt), "Invalid package config"));
}

TEST(what_all_objects_have_is_of_no_package)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  write_file(PACKAGE, "{\"name\":\"a\"}");
  t_run(rt, "Object.prototype.exports = './i.js';"
            "Object.prototype.main = 'i.js';"
            "Object.defineProperty(Object.prototype, 'imports',"
            "  { get() { throw new Error('was read'); } });"
            "Array.prototype[0] = './i.js';");
  check_resolved(rt, "a", "index.js");
}

TEST(a_nul_is_in_no_name_and_in_no_target)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  write_file(PACKAGE,
             "{\"name\":\"a\\u0000b\",\"exports\":{\"./x\\u0000\":"
             "\"./i.js\",\"./y\":\"./i.js\\u0000\",\"./z\":[\"./\\u0000"
             "\",\"./i.js\"]}}");
  check_resolved(rt, "a/x", "ERR_PACKAGE_PATH_NOT_EXPORTED");
  check_resolved(rt, "a/y", "ERR_INVALID_PACKAGE_TARGET");
  check_resolved(rt, "a/z", "i.js");
}

TEST(a_realm_that_has_read_a_package_is_not_held_by_it)
{
  static const char source[] = "await import('a');";
  tenon_runtime *rt = t_runtime();
  tenon_memory before, after;
  tenon_realm *realm;
  int i;

  prepare();
  write_file(PACKAGE, "{\"exports\":{\"import\":\"./i.js\"}}");
  for (i = 0; i < 3; i++) {
    CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
    CHECK_INT(0,
              tenon_realm_eval_module(realm, source, strlen(source), "x.js"));
    CHECK_INT(0, tenon_runtime_run(rt));
    CHECK_INT(0, tenon_realm_free(realm));
    t_run(rt, "");
    after = tenon_runtime_memory(rt);
    if (i == 0) before = after;
  }
  CHECK(after.used_bytes < before.used_bytes + 20000);
  check_resolved(rt, "a", "i.js");
}

TEST(a_message_is_not_cut_off)
{
  tenon_runtime *rt = t_runtime();
  char source[1024];

  prepare();
  snprintf(source, sizeof source,
           "import { log } from 'test'; const name = 'n'.repeat(3000);"
           "await import(name + '/x').catch(e => log(`${"
           "e.message.includes(name) && e.message.endsWith(\"or '/'\")}`));");
  t_run(rt, source);
  CHECK_LOG("true\n");
}

TEST(a_specifier_may_be_long)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  write_file(PACKAGE, "{\"exports\":{\"./*\":\"./*.js\",\"./*x\":null}}");
  t_run(rt, "import { log } from 'test'; let s = 'a/' + 'x/'.repeat(100000);"
            "for (const t of [s + 'y', s + '../y', s + 'x', '#' + s, '@' + s])"
            "  await import(t).catch(e => log(e.code));");
  CHECK_LOG("ERR_MODULE_NOT_FOUND\nERR_INVALID_MODULE_SPECIFIER\n"
            "ERR_PACKAGE_PATH_NOT_EXPORTED\nERR_INVALID_MODULE_SPECIFIER\n"
            "ERR_MODULE_NOT_FOUND\n");
}
