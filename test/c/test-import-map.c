/* Import maps: what they mean, and which are refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tenon.h>
#include <tenon/realm.h>
#include <unistd.h>

#include "base/alloc.h"
#include "harness.h"

static tenon_runtime *with(const char *json)
{
  tenon_runtime *rt = t_runtime();
  int r = tenon_runtime_set_import_map(rt, json, strlen(json),
                                       "https://example.com/app/index.html");

  if (r) {
    print_error("%s: %s\n", tenon_error_name(r),
                r == TENON_EEXCEPTION ? tenon_runtime_exception(rt) : "");
    fail();
  }
  return rt;
}

/* What specifiers mean in a module of some URL: a link of the host answers what
 * begins with "https:" by itself. */
static tenon_said find(tenon_resolve *q, void *data)
{
  (void)data;
  if (strncmp(tenon_resolve_specifier(q), "https:", 6) != 0)
    return tenon_resolve_pass(q, NULL);
  return tenon_resolve_answer(q, tenon_resolve_specifier(q));
}

static tenon_said load(tenon_load *q, void *data)
{
  static const char source[] =
      "export default (s) => { try { return import.meta.resolve(s); }\n"
      "  catch (e) { return e.code; } };";

  (void)data;
  if (strncmp(tenon_load_url(q), "https:", 6) != 0)
    return tenon_load_pass(q, NULL);
  return tenon_load_answer(q, source, sizeof source - 1);
}

static const tenon_link web = {
    .size = sizeof web, .name = "web", .resolve = find, .load = load};

/* Logs what a list of specifiers means in `module`. */
static void ask(tenon_runtime *rt, const char *module, const char *specifiers)
{
  char source[2000];

  snprintf(source, sizeof source,
           "import { log } from 'test';\n"
           "const { default: f } = await import('%s');\n"
           "log([%s].map(f).join(' '));",
           module, specifiers);
  t_run(rt, source);
}

static tenon_runtime *on_the_web(const char *json)
{
  tenon_runtime *rt = with(json);

  CHECK_INT(0, tenon_runtime_add_link(rt, &web, NULL, false));
  return rt;
}

/* --- Examples of the standard ----------------------------------------------------- */

TEST(bare_names_and_what_is_behind_them)
{
  tenon_runtime *rt = on_the_web(
      "{\"imports\": {\"moment\": \"/node_modules/moment/src/moment.js\","
      "\"moment/\": \"/node_modules/moment/src/\","
      "\"lodash\": \"./lodash-es/lodash.js\"}}");

  ask(rt, "https://example.com/app/main.mjs",
      "'moment', 'moment/locale/de.js', 'lodash', './other.js', 'moment/',"
      "'https://other.org/x.js'");
  CHECK_LOG("https://example.com/node_modules/moment/src/moment.js "
            "https://example.com/node_modules/moment/src/locale/de.js "
            "https://example.com/app/lodash-es/lodash.js "
            "https://example.com/app/other.js "
            "https://example.com/node_modules/moment/src/ "
            "https://other.org/x.js\n");
}

TEST(urls_are_keys_too)
{
  tenon_runtime *rt = on_the_web(
      "{\"imports\": {\"/app/helpers.mjs\": \"/app/helpers-new.mjs\","
      "\"https://cdn.example.net/v/\": \"https://example.com/v/\","
      "\"./local.js\": \"https://elsewhere.org/l.js\"}}");

  ask(rt, "https://example.com/app/sub/main.mjs",
      "'../helpers.mjs', '/app/helpers.mjs', 'https://example.com/app/"
      "helpers.mjs', 'https://cdn.example.net/v/a/b.js', '../local.js',"
      "'./local.js'");
  CHECK_LOG("https://example.com/app/helpers-new.mjs "
            "https://example.com/app/helpers-new.mjs "
            "https://example.com/app/helpers-new.mjs "
            "https://example.com/v/a/b.js https://elsewhere.org/l.js "
            "https://example.com/app/sub/local.js\n");
}

TEST(the_nearest_scope_and_the_longest_prefix_decide)
{
  tenon_runtime *rt =
      on_the_web("{\"imports\": {\"a\": \"/a-1.mjs\", \"b\": \"/b-1.mjs\","
                 "  \"c\": \"/c-1.mjs\", \"p/\": \"/p/\", \"p/q/\": \"/pq/\","
                 "  \"p/q/r\": \"/pqr.mjs\"},"
                 "\"scopes\": {\"/scope2/\": {\"a\": \"/a-2.mjs\"},"
                 "  \"/scope2/scope3/\": {\"b\": \"/b-3.mjs\"},"
                 "  \"/exact.mjs\": {\"a\": \"/exact-a.mjs\"}}}");

  ask(rt, "https://example.com/scope1/foo.mjs", "'a', 'b', 'c'");
  CHECK_LOG("https://example.com/a-1.mjs https://example.com/b-1.mjs "
            "https://example.com/c-1.mjs\n");
  ask(rt, "https://example.com/scope2/foo.mjs", "'a', 'b', 'c'");
  CHECK_LOG("https://example.com/a-2.mjs https://example.com/b-1.mjs "
            "https://example.com/c-1.mjs\n");
  ask(rt, "https://example.com/scope2/scope3/foo.mjs", "'a', 'b', 'c'");
  CHECK_LOG("https://example.com/a-2.mjs https://example.com/b-3.mjs "
            "https://example.com/c-1.mjs\n");
  ask(rt, "https://example.com/exact.mjs", "'a', 'p/x', 'p/q/x', 'p/q/r'");
  CHECK_LOG("https://example.com/exact-a.mjs https://example.com/p/x "
            "https://example.com/pq/x https://example.com/pqr.mjs\n");
  ask(rt, "https://example.com/exact.mjs/deeper.mjs", "'a'");
  CHECK_LOG("https://example.com/a-1.mjs\n");
}

TEST(null_forbids_and_hides_what_is_behind_it)
{
  tenon_runtime *rt = on_the_web(
      "{\"imports\": {\"no\": null, \"p/\": \"/p/\", \"p/private/\": null,"
      "  \"/app/gone.js\": null},"
      "\"scopes\": {\"/inner/\": {\"no\": \"/yes.js\", \"p/\": null}}}");

  ask(rt, "https://example.com/app/m.js",
      "'no', 'p/a', 'p/private/x', './gone.js', './here.js'");
  CHECK_LOG("ERR_IMPORT_MAP https://example.com/p/a ERR_IMPORT_MAP "
            "ERR_IMPORT_MAP https://example.com/app/here.js\n");
  ask(rt, "https://example.com/inner/m.js", "'no', 'p/a'");
  CHECK_LOG("https://example.com/yes.js ERR_IMPORT_MAP\n");
}

TEST(nothing_climbs_out_of_an_address)
{
  tenon_runtime *rt =
      on_the_web("{\"imports\": {\"p/\": \"/node_modules/p/\"}}");

  ask(rt, "https://example.com/m.js",
      "'p/../q.js', 'p/a/../b.js', 'p/', 'p//q.js', 'p/https://a.org/x.js',"
      "'p/../../../q.js', 'p/../p/b.js?q'");
  CHECK_LOG("ERR_IMPORT_MAP https://example.com/node_modules/p/b.js "
            "https://example.com/node_modules/p/ ERR_IMPORT_MAP ERR_IMPORT_MAP "
            "ERR_IMPORT_MAP https://example.com/node_modules/p/b.js?q\n");
}

TEST(a_prefix_is_none_of_a_url_without_a_path)
{
  tenon_runtime *rt =
      on_the_web("{\"imports\": {\"app:x/\": \"/x/\", \"app:y\": \"/y.js\"}}");

  ask(rt, "https://example.com/m.js", "'app:y', 'app:x/a'");
  CHECK_LOG("https://example.com/y.js app:x/a\n");
}

TEST(names_of_the_language_are_ordinary_keys)
{
  tenon_runtime *rt = on_the_web(
      "{\"imports\": {\"__proto__\": \"/p.js\", \"constructor\": \"/c.js\"},"
      "\"scopes\": {}, \"later\": 5}");

  ask(rt, "https://example.com/m.js", "'__proto__', 'constructor'");
  CHECK_LOG("https://example.com/p.js https://example.com/c.js\n");
}

/* --- Files, names ----------------------------------------------------------------- */

static char folder[] = "/tmp/tenon-map-XXXXXX";
static bool has_folder;

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
  CHECK_INT(0, mkdir("lib", 0700));
  write_file("lib/a.mjs", "export { b as default } from 'b';");
  write_file("lib/b b.mjs", "export const b = 'b';");
  write_file("lib/evil.mjs", "export default 'evil';");
}

__attribute__((destructor)) static void clean(void)
{
  char command[300];

  if (!has_folder) return;
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  if (system(command)) fprintf(stderr, "%s is left behind\n", folder);
}

static const char map_of_files[] =
    "{\"imports\": {\"a\": \"./lib/a.mjs\", \"b\": \"./lib/b%20b.mjs\","
    "\"lib/\": \"./lib/\", \"process\": \"tenon:process\", \"./x.mjs\": "
    "\"./lib/a.mjs\", \"tenon:process2\": \"tenon:process\", \"test2\": null},"
    "\"integrity\": {\"./lib/evil.mjs\": "
    "\"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\"}}";

static int set_files(tenon_runtime *rt)
{
  prepare();
  return tenon_runtime_set_import_map(rt, map_of_files, sizeof map_of_files - 1,
                                      "./map.json");
}

TEST(files_and_builtin_modules_are_addresses)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, set_files(rt));
  t_run(rt, "import { log } from 'test';\n"
            "import a from 'a'; import { b } from 'lib/b b.mjs';\n"
            "import { spawn } from 'process';\n"
            "import x from './x.mjs';\n"
            "import * as p from 'tenon:process2';\n"
            "log(a + b + x + (spawn === p.spawn));");
  CHECK_LOG("bbbtrue\n");
  CHECK_THROWS(rt, "lets nothing leave the address", "import 'lib/../a.mjs';");
  CHECK_THROWS(rt, "lets nothing leave the address",
               "import 'lib/%2e%2e/a.mjs';");
}

TEST(the_integrity_of_a_map_holds_for_all_imports)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, set_files(rt));
  CHECK_THROWS(rt, "is not what its integrity says", "import 'lib/evil.mjs';");
  t_run(rt, "import { log } from 'test';\n"
            "await import('lib/evil.mjs').catch((e) => log(e.code));\n"
            "const o = { with: { integrity: 'sha256-"
            "ZZZZZZZZHBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' } };\n"
            "await import('lib/evil.mjs', o).catch((e) => log(e.code));");
  CHECK_LOG("ERR_INTEGRITY_MISMATCH\nERR_INTEGRITY_MISMATCH\n");
}

TEST(a_map_is_replaced_and_taken_back)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, set_files(rt));
  CHECK_INT(0, tenon_runtime_set_import_map(rt, "{}", 2, "./map.json"));
  CHECK_THROWS(rt, "Cannot find module 'a'", "import 'a';");
  CHECK_INT(0, set_files(rt));
  CHECK_INT(0, tenon_runtime_set_import_map(rt, NULL, 0, NULL));
  CHECK_THROWS(rt, "Cannot find module 'a'", "import 'a';");
}

TEST(a_realm_has_the_map_too)
{
  static const char source[] = "import a from 'a'; if (a !== 'b') throw a;";
  tenon_runtime *rt = t_runtime();
  tenon_realm *realm;

  CHECK_INT(0, set_files(rt));
  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0,
            tenon_realm_eval_module(realm, source, sizeof source - 1, "r.js"));
}

/* --- What is refused -------------------------------------------------------------- */

static void refuses(const char *json, const char *text)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, set_files(rt));
  CHECK_INT(TENON_EEXCEPTION,
            tenon_runtime_set_import_map(rt, json, strlen(json),
                                         "https://example.com/m.json"));
  if (!strstr(tenon_runtime_exception(rt), text)) {
    print_error("expected '%s', got: %s\n", text, tenon_runtime_exception(rt));
    fail();
  }
  tenon_runtime_clear_exception(rt);
  /* The one before stays. */
  t_run(rt, "import 'a';");
  t_free(rt);
}

TEST(json_that_is_none_is_refused_with_its_place)
{
  refuses("{\n  \"imports\": {,}\n}", "https://example.com/m.json:2:15");
  refuses("", "SyntaxError");
  refuses("{} {}", "SyntaxError");
}

TEST(what_is_no_map_says_why)
{
  refuses("[]", "Invalid import map https://example.com/m.json: it is not an "
                "object");
  refuses("null", "it is not an object");
  refuses("\"a\"", "it is not an object");
  refuses("{\"imports\": []}", "\"imports\" is not an object");
  refuses("{\"imports\": null}", "\"imports\" is not an object");
  refuses("{\"scopes\": 1}", "\"scopes\" is not an object");
  refuses("{\"scopes\": {\"/a/\": 1}}", "a scope is not an object");
  refuses("{\"scopes\": {\"a\": {}}}", "the scope 'a' is no URL");
  refuses("{\"integrity\": 1}", "\"integrity\" is not an object");
  refuses("{\"imports\": {\"\": \"/a\"}}", "a key is empty");
  refuses("{\"imports\": {\"a\": 1}}",
          "the address of 'a' is neither a string nor null");
  refuses("{\"imports\": {\"a\": \"b\"}}",
          "the address 'b' of 'a' is neither a URL nor a path that begins with "
          "'/', './' or '../'");
  refuses("{\"imports\": {\"a/\": \"/b\"}}",
          "the address '/b' does not end with '/', as its key 'a/'");
  refuses("{\"imports\": {\"a\\u0000\": \"/b\"}}", "holds a NUL");
  refuses("{\"integrity\": {\"a\": \"sha256-\"}}",
          "the key 'a' of \"integrity\" is no URL");
  refuses("{\"integrity\": {\"/a\": \"sha256-\"}}", "has no hash");
  refuses("{\"integrity\": {\"/a\": 5}}",
          "the integrity of '/a' is not a string");
}

TEST(wrong_calls_are_refused)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(TENON_EINVAL, tenon_runtime_set_import_map(NULL, "{}", 2, "m"));
  CHECK_INT(TENON_EINVAL, tenon_runtime_set_import_map(rt, "{}", 2, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_set_import_map(rt, NULL, 2, "m"));
}

/* --- Memory ----------------------------------------------------------------------- */

static int live(void)
{
  static const char source[] =
      "const said = [];\n"
      "for (const s of ['a', 'lib/a.mjs', 'test2', 'lib/../x', 'lib/evil.mjs'])\n"
      "  try { said.push((await import(s)).default); }\n"
      "  catch (e) { if (!e.code) throw e; said.push(e.code); }\n"
      "if (said.join() !== 'b,b,ERR_IMPORT_MAP,ERR_IMPORT_MAP,'\n"
      "    + 'ERR_INTEGRITY_MISMATCH') throw new Error(`wrong: ${said}`);";
  tenon_runtime *rt;
  int r = tenon_runtime_new(NULL, &rt);

  if (r) return r;
  r = set_files(rt);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, source, sizeof source - 1, "./m.mjs");
  if (r == 0) r = tenon_runtime_run(rt);
  if (r && tenon_runtime_exception(rt) &&
      strstr(tenon_runtime_exception(rt), "wrong")) {
    print_error("%s\n", tenon_runtime_exception(rt));
    fail();
  }
  tenon_runtime_free(rt);
  return r;
}

static const t_oom oom = {.live = live};

TEST(each_allocation_fails_once)
{
  prepare();
  CHECK_INT(0, live());
  CHECK(t_fail_each(&oom, false) > 200);
}

TEST(every_allocation_fails_from_some_point_on)
{
  prepare();
  CHECK(t_fail_each(&oom, true) > 200);
}
