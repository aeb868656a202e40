/* Imports that say which bytes they mean. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon.h>
#include <unistd.h>

#include "base/alloc.h"
#include "harness.h"
#include "module/internal.h"

/* Of "export default 1;", by openssl dgst -binary | base64. */
#define SOURCE "export default 1;"
#define S256 "sha256-VjMuClVzS8K3PfVqLfhjXtXFskttekVrQd58q5ovOBQ="
#define S384 \
  "sha384-6suxL03OA+o34JTHN80IuUKolVKUO6SuwSAcWwv+/cyKZUhgJdmnEZ0gCqufE0lU"
#define S512 \
  "sha512-AfGN6fXIsHrx0jLIoCzuRgHTQjITZgVZZWnYShnHhNuGziwZNkQNNw0X3xDodSNKB188kPc8La8lRFRagYMnOA=="
/* Of "other". */
#define OTHER256 "sha256-2SmKENGwc1g33EvYXaxkGw887yekfl1TpU8vP1svz/o="
#define OTHER512 \
  "sha512-4lrDhF+MvhKAGi36WonUxV3EeQDztu3Jqe5ZDzwrkxL2ZdADnJOCi3tY8zlQvIF6CVWpxQAKjT4oBWnwh0XKaA=="
#define JSON256 "sha256-K/0U9D0X/HzqJOCReoh5tLL4gLi67sG52Q+6rWVecb0="
#define DATA256 "sha256-TN0IEQV7Kf9Y8DoOgFxyRg2ySXPBKJz5kd7i4UZ990M="

static char folder[] = "/tmp/tenon-integrity-XXXXXX";
static bool has_folder;
static char so_hash[400];

static void write_file(const char *name, const void *text, size_t len)
{
  FILE *f = fopen(name, "wb");

  assert_non_null(f);
  CHECK(fwrite(text, 1, len, f) == len);
  CHECK_INT(0, fclose(f));
}

/* A copy of its own: what was loaded by another test stays loaded. */
static void copy_shared(const char *name)
{
  static char data[1 << 20];
  FILE *f = fopen(SHARED "/plain.so", "rb");
  size_t len;
  char *has;

  assert_non_null(f);
  len = fread(data, 1, sizeof data, f);
  fclose(f);
  CHECK(len > 0 && len < sizeof data);
  write_file(name, data, len);
  has = tenon_p_integrity_of(data, len);
  CHECK(strlen(has) < sizeof so_hash);
  strcpy(so_hash, has);
  free(has);
}

static void prepare(void)
{
  if (has_folder) return;
  has_folder = true;
  assert_non_null(mkdtemp(folder));
  CHECK_INT(0, chdir(folder));
  write_file("a.mjs", SOURCE, strlen(SOURCE));
  write_file("b.mjs", SOURCE, strlen(SOURCE));
  write_file("n.json", "{\"n\":1}", 7);
  write_file("bad.mjs", "let = ;", 7);
}

__attribute__((destructor)) static void clean(void)
{
  char command[300];

  if (!has_folder) return;
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  if (system(command)) fprintf(stderr, "%s is left behind\n", folder);
}

static tenon_runtime *runtime(void)
{
  prepare();
  return t_runtime();
}

#define TOLD                                                                \
  "import { log as raw } from 'test'; const log = (x) => raw(`${x}`);\n"    \
  "const told = (s, integrity, type) => import(s, { with: type ?\n"         \
  "  { integrity, type } : { integrity } }).then((m) =>\n"                  \
  "  log(typeof m.default == 'object' ? JSON.stringify(m.default) :\n"      \
  "    m.default ?? 'loaded'),\n"                                           \
  "  (e) => log(e.code + (e.message.match(/before|no bytes|has no hash/)\n" \
  "    ?? '')));\n"

TEST(hashes_are_those_of_the_standard)
{
  char *has = tenon_p_integrity_of(SOURCE, strlen(SOURCE));

  CHECK_TEXT(S256 " " S384 " " S512, has);
  free(has);
  has = tenon_p_integrity_of("", 0);
  CHECK(strncmp(has, "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= ",
                52) == 0);
  free(has);
}

TEST(one_hash_of_the_strongest_kind_has_to_be_right)
{
  static const char has[] = S256 " " S384 " " S512;

  CHECK(tenon_p_integrity_meets(has, S256));
  CHECK(tenon_p_integrity_meets(has, S384));
  CHECK(tenon_p_integrity_meets(has, "\t" OTHER256 " \n" S256 " "));
  CHECK(!tenon_p_integrity_meets(has, OTHER256));
  CHECK(!tenon_p_integrity_meets(has, S256 " " OTHER512));
  CHECK(tenon_p_integrity_meets(has, OTHER256 " " S512));
  CHECK(tenon_p_integrity_meets(has, S256 "?later md5-x "
                                          "sha512-short"));
  CHECK(!tenon_p_integrity_meets(has, ""));
  CHECK(!tenon_p_integrity_meets(has, "sha256-"));
}

TEST(what_holds_no_hash_is_no_integrity)
{
  CHECK(tenon_p_integrity_is_valid(S256));
  CHECK(tenon_p_integrity_is_valid("x " S512 "?a"));
  CHECK(!tenon_p_integrity_is_valid(""));
  CHECK(!tenon_p_integrity_is_valid("md5-abc"));
  CHECK(!tenon_p_integrity_is_valid("sha256-47DEQpj8HBSa"));
  CHECK(!tenon_p_integrity_is_valid("sha256-"
                                    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5N"
                                    "MpJWZG3hSuFU=AAAA"));
  CHECK(!tenon_p_integrity_is_valid("SHA256"
                                    "-47DEQpj8HBSa+/TImW+5JCeuQeRkm5N"
                                    "MpJWZG3hSuFU="));
}

TEST(a_file_is_held_against_it)
{
  tenon_runtime *rt = runtime();

  t_run(rt, TOLD
        "await told('./a.mjs?1', '" S256 "');\n"
        "await told('./a.mjs?2', '" OTHER256 "');\n"
        "await told('./a.mjs?2', '" S512 "');\n"
        "await told('./bad.mjs', '" S512 "');\n"
        "await told('./n.json', '" JSON256 "', 'json');\n"
        "await told('./n.json?x', '" S256 "', 'json');\n"
        "await told('./n.json?x', '" S256 "', 'text');\n"
        "await told('data:text/javascript,export default 2', '" DATA256 "');\n"
        "await told('data:text/javascript,export default 3', '" DATA256 "');");
  CHECK_LOG("1\nERR_INTEGRITY_MISMATCH\n1\nERR_INTEGRITY_MISMATCH\n{\"n\":1}\n"
            "ERR_INTEGRITY_MISMATCH\nERR_INTEGRITY_MISMATCH\n2\n"
            "ERR_INTEGRITY_MISMATCH\n");
}

TEST(a_statement_is_held_against_it)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test';\n"
            "import one from './a.mjs' with { integrity: '" S384 "' };\n"
            "log(`${one}`);");
  CHECK_LOG("1\n");
  CHECK_THROWS(rt,
               "its content is not what its integrity says: expected '" OTHER256
               "', got '" S256,
               "import './a.mjs?x' with { integrity: '" OTHER256 "' };");
  CHECK_THROWS(rt, "has no hash", "import 'x' with { integrity: 'none' };");
}

TEST(with_it_and_without_it_is_one_module)
{
  tenon_runtime *rt = runtime();

  t_run(rt,
        TOLD "const a = await import('./a.mjs', { with: { integrity: '" S256
             "' } });\n"
             "const b = await import('./a.mjs', { with: { integrity: '" S512
             "' } });\n"
             "const c = await import('./a.mjs');\n"
             "log(a === b && b === c);\n"
             "await told('./a.mjs', '" OTHER512 "');\n"
             "const t = { integrity: '" S512 "', type: 'text' };\n"
             "const d = await import('./a.mjs', { with: t });\n"
             "log(d === await import('./a.mjs', { with: { type: 'text' } }));\n"
             "log(d === a);");
  CHECK_LOG("true\nERR_INTEGRITY_MISMATCH\ntrue\nfalse\n");
}

TEST(what_was_imported_without_meets_none)
{
  tenon_runtime *rt = runtime();

  t_run(rt, TOLD "import './b.mjs';\nawait told('./b.mjs', '" S256 "');\n"
                 "await told('./b.mjs?other', '" S256 "');");
  CHECK_LOG("ERR_INTEGRITY_MISMATCHbefore\n1\n");
}

TEST(what_has_no_bytes_meets_none)
{
  tenon_runtime *rt = runtime();

  t_run(rt, TOLD "await told('tenon:process', '" S256 "');\n"
                 "await told('tenon:process', '" S256 "');\n"
                 "log(typeof (await import('tenon:process')).spawn);");
  CHECK_LOG("ERR_INTEGRITY_MISMATCHno bytes\nERR_INTEGRITY_MISMATCHno bytes\n"
            "function\n");
}

TEST(a_file_that_has_changed_is_refused_and_the_old_one_stays)
{
  tenon_runtime *rt = runtime();

  write_file("c.mjs", SOURCE, strlen(SOURCE));
  t_run(rt, TOLD "await told('./c.mjs', '" S256 "');");
  write_file("c.mjs", "other", 5);
  t_run(rt, TOLD "await told('./c.mjs', '" S256 "');\n"
                 "await told('./c.mjs', '" OTHER256 "');\n"
                 "await told('./c.mjs?new', '" S256 "');");
  CHECK_LOG("1\n1\nERR_INTEGRITY_MISMATCH\nERR_INTEGRITY_MISMATCH\n");
}

static tenon_said load(tenon_load *q, void *data)
{
  (void)data;
  if (strncmp(tenon_load_url(q), "app:", 4) != 0)
    return tenon_load_pass(q, NULL);
  return tenon_load_answer(q, SOURCE, strlen(SOURCE));
}

static tenon_said find(tenon_resolve *q, void *data)
{
  (void)data;
  if (strncmp(tenon_resolve_specifier(q), "app:", 4) != 0)
    return tenon_resolve_pass(q, NULL);
  return tenon_resolve_answer(q, tenon_resolve_specifier(q));
}

TEST(what_a_link_of_the_host_answers_is_held_against_it)
{
  static const tenon_link link = {
      .size = sizeof link, .name = "app", .resolve = find, .load = load};
  tenon_runtime *rt = runtime();

  CHECK_INT(0, tenon_runtime_add_link(rt, &link, NULL, false));
  t_run(rt, TOLD "await told('app:1', '" S256 "');\n"
                 "await told('app:2', '" OTHER256 "');");
  CHECK_LOG("1\nERR_INTEGRITY_MISMATCH\n");
}

static void tell_of(tenon_runtime *rt, const char *name, const char *integrity)
{
  char source[2000];

  snprintf(source, sizeof source, TOLD "await told('./%s', '%s');", name,
           integrity);
  t_run(rt, source);
}

TEST(a_shared_object_is_loaded_by_the_bytes_that_were_checked)
{
  tenon_runtime *rt = runtime(), *other;

  copy_shared("one.so");
  tell_of(rt, "one.so", OTHER256);
  CHECK_LOG("ERR_INTEGRITY_MISMATCH\n");
  tell_of(rt, "one.so", so_hash);
  CHECK_LOG("loaded\n");
  tell_of(rt, "one.so?again", OTHER512);
  CHECK_LOG("ERR_INTEGRITY_MISMATCH\n");
  t_run(rt, "import { log } from 'test';\n"
            "import { loaded, called } from './one.so';\n"
            "import * as b from './one.so?other';\n"
            "const n = called(); log(`${loaded()} ${b.called() - n}`);");
  CHECK_LOG("1 1\n");
  /* Of other bytes by now: what was loaded is what was checked. */
  write_file("two", "x", 1);
  other = t_runtime();
  tell_of(other, "one.so", so_hash);
  CHECK_LOG("loaded\n");
}

TEST(a_shared_object_that_was_loaded_without_meets_none)
{
  tenon_runtime *rt = runtime();

  copy_shared("plain.so");
  t_run(rt, "import './plain.so';");
  tell_of(rt, "plain.so", so_hash);
  CHECK_LOG("ERR_INTEGRITY_MISMATCHbefore\n");
  tell_of(rt, "plain.so?q", so_hash);
  CHECK_LOG("ERR_INTEGRITY_MISMATCHbefore\n");
}

/* --- Memory ----------------------------------------------------------------------- */

static int live(void)
{
  static const char source[] =
      "const said = [];\n"
      "for (const [s, integrity] of [['./a.mjs', '" S256 "'],\n"
      "    ['./a.mjs', '" S512 "'], ['./a.mjs', '" OTHER256 "'],\n"
      "    ['./b.mjs', '" OTHER256 "']])\n"
      "  try { said.push((await import(s, { with: { integrity } })).default); }\n"
      "  catch (e) { if (!e.code) throw e; said.push('no'); }\n"
      "said.push((await import('./a.mjs')).default);\n"
      "if (said.join() !== '1,1,no,no,1') throw new Error(`wrong: ${said}`);";
  tenon_runtime *rt;
  int r = tenon_runtime_new(NULL, &rt);

  if (r) return r;
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

/* Each time a shared object that the process has not loaded yet, up to the first
 * run that is right. */
static int live_shared(void)
{
  char source[1000];
  tenon_runtime *rt;
  int r = tenon_runtime_new(NULL, &rt);

  if (r) return r;
  snprintf(source, sizeof source,
           "import { loaded } from './oom.so' with { integrity: '%s' };\n"
           "if (loaded() !== 1) throw new Error('wrong');",
           so_hash);
  r = tenon_runtime_eval_module(rt, source, strlen(source), "./m.mjs");
  if (r == 0) r = tenon_runtime_run(rt);
  if (r && tenon_runtime_exception(rt))
    CHECK(!strstr(tenon_runtime_exception(rt), "wrong"));
  tenon_runtime_free(rt);
  return r;
}

TEST(each_allocation_of_loading_checked_bytes_fails)
{
  uint64_t at, count;
  int r = -1;

  prepare();
  copy_shared("oom.so");
  for (at = 1; r; at += count > 2000 ? 5 : 1) {
    tenon_p_alloc_inject(at, false);
    r = live_shared();
    count = tenon_p_alloc_stop();
  }
  CHECK(at > 20);
  CHECK_INT(0, live_shared());
}

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
