/* What rules let a program import, and that a refusal tells nothing. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tenon.h>
#include <unistd.h>
#include <uv.h>
#ifdef __linux__
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "base/alloc.h"
#include "harness.h"

static char folder[] = "/tmp/tenon-permission-XXXXXX";
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
  static const char *const folders[] = {"app",
                                        "app/sub",
                                        "app/node_modules",
                                        "out",
                                        "app/node_modules/in",
                                        "node_modules",
                                        "out/pkg",
                                        "node_modules/above"};
  char path[100];
  size_t i;

  if (has_folder) return;
  has_folder = true;
  assert_non_null(mkdtemp(folder));
  CHECK_INT(0, chdir(folder));
  for (i = 0; i < sizeof folders / sizeof *folders; i++)
    CHECK_INT(0, mkdir(folders[i], 0700));
  write_file("app/a.mjs", "export default 'a';");
  write_file("app/data.json", "{\"default\": 1}");
  write_file("app/module.js", "export default import.meta.url.length > 0;");
  write_file("app/x.so", "not even one");
  write_file("app/sub/up.mjs", "export { default } from '../../out/s.mjs';");
  write_file("out/s.mjs", "export default 'secret';");
  write_file("out/s.json", "{\"secret\": 1}");
  write_file("out/pkg/index.js", "export default 'secret';");
  write_file("out/pkg/package.json", "{\"type\": \"module\"}");
  write_file("app/node_modules/in/package.json", "{\"exports\": \"./i.mjs\"}");
  write_file("app/node_modules/in/i.mjs", "export default 'in';");
  write_file("node_modules/above/index.js", "export default 'secret';");
  CHECK_INT(0, symlink("../out/s.mjs", "app/link.mjs"));
  CHECK_INT(0, symlink("../out/none.mjs", "app/dangling.mjs"));
  CHECK_INT(0, symlink("../out", "app/dir"));
  CHECK_INT(0, symlink("../../out/pkg", "app/node_modules/linked"));
  CHECK_INT(0, symlink("../app/a.mjs", "app/back.mjs"));
  CHECK_INT(0, symlink("loop.mjs", "app/loop.mjs"));
  CHECK_INT(0, symlink("sub/../sub/../a.mjs", "app/dots.mjs"));
  CHECK_INT(0, symlink("app", "alias"));
  CHECK_INT(0, symlink("/etc/passwd", "app/far.mjs"));
  snprintf(path, sizeof path, "%s/app/sub/../a.mjs", folder);
  CHECK_INT(0, symlink(path, "app/near.mjs"));
  snprintf(path, sizeof path, "%s/out", folder);
  CHECK_INT(0, symlink(path, "app/far"));
  CHECK_INT(0, mkdir("app/turn", 0700));
  write_file("app/turn/s.mjs", "export default 'a';");
  CHECK_INT(0, symlink("../out", "app/turned"));
}

__attribute__((destructor)) static void clean(void)
{
  char command[300];

  if (!has_folder) return;
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  if (system(command)) fprintf(stderr, "%s is left behind\n", folder);
}

static const char *const app[] = {"app", NULL};

static void set(tenon_runtime *rt, tenon_import_rules rules)
{
  rules.size = sizeof rules;
  CHECK_INT(0, tenon_runtime_set_import_rules(rt, &rules));
}

static tenon_runtime *runtime(tenon_import_rules rules)
{
  tenon_runtime *rt;

  prepare();
  rt = t_runtime();
  set(rt, rules);
  return rt;
}

/* Logs what each of a list of specifiers comes to, in app/m.mjs. */
static void try_all(tenon_runtime *rt, const char *list)
{
  static const char source[] =
      "import { log } from 'test';\n"
      "const said = [];\n"
      "for (const s of [%s])\n"
      "  said.push(await import(s).then((m) => String(m.default),\n"
      "    (e) => e.code?.slice(4) ?? e.message));\n"
      "log(said.join());";
  char text[4000];

  snprintf(text, sizeof text, source, list);
  if (tenon_runtime_eval_module(rt, text, strlen(text), "./app/m.mjs") ||
      tenon_runtime_run(rt)) {
    print_error("%s\n", tenon_runtime_exception(rt));
    fail();
  }
}

TEST(files_outside_of_a_root_are_refused_behind_links_too)
{
  tenon_runtime *rt = runtime((tenon_import_rules){.roots = app});

  try_all(rt,
          "'./a.mjs', './back.mjs', './dots.mjs', './a.mjs?q', './near.mjs'");
  CHECK_LOG("a,a,a,a,a\n");
  try_all(rt, "'./far.mjs', './far/s.mjs', './far/none'");
  CHECK_LOG("ACCESS_DENIED,ACCESS_DENIED,ACCESS_DENIED\n");
  try_all(rt, "'../out/s.mjs', './link.mjs', './dir/s.mjs', './dir/s.json',"
              "'./sub/up.mjs', '/etc/passwd', 'file:///etc/passwd',"
              "'./%2e%2e/out/s.mjs', './sub/../../out/s.mjs'");
  CHECK_LOG("ACCESS_DENIED,ACCESS_DENIED,ACCESS_DENIED,ACCESS_DENIED,"
            "ACCESS_DENIED,ACCESS_DENIED,ACCESS_DENIED,ACCESS_DENIED,"
            "ACCESS_DENIED\n");
}

TEST(a_refusal_does_not_tell_whether_something_is_there)
{
  static const char source[] =
      "import { log } from 'test';\n"
      "const said = async (s) => (await import(s).catch((e) => e)).message\n"
      "  .replace(s, '');\n"
      "for (const [a, b] of [['../out/s.mjs', '../out/none.mjs'],\n"
      "  ['./link.mjs', './dangling.mjs'], ['./dir/s.mjs', './dir/none.mjs'],\n"
      "  ['/etc/passwd', '/etc/nobody-has-this'], ['../out', '../none'],\n"
      "  ['../out/s.mjs/', '../out/none/']])\n"
      "  log(`${await said(a) === await said(b)}`);\n"
      "log(`${await said('above') === await said('above2')}`);";
  tenon_runtime *rt = runtime((tenon_import_rules){.roots = app});

  CHECK_INT(0, tenon_runtime_eval_module(rt, source, sizeof source - 1,
                                         "./app/m.mjs"));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("true\ntrue\ntrue\ntrue\ntrue\ntrue\ntrue\n");
}

TEST(a_refusal_names_who_what_and_the_rule)
{
  tenon_runtime *rt = runtime((tenon_import_rules){.roots = app});
  char expected[400];

  snprintf(expected, sizeof expected,
           "Cannot import '/etc/passwd' from file://%s/app/m.mjs: access "
           "denied: only what is in %s/app may be imported",
           folder, folder);
  CHECK_INT(
      0,
      tenon_runtime_eval_module(
          rt,
          "import { log } from 'test';\n"
          "await import('/etc/passwd').catch((e) => "
          "log(e.message));",
          strlen(
              "import { log } from 'test';\nawait import('/etc/passwd').catch((e) => log(e.message));"),
          "./app/m.mjs"));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(strstr(t_logged(), expected));
}

TEST(packages_are_looked_for_in_the_root_only)
{
  tenon_runtime *rt = runtime((tenon_import_rules){.roots = app});

  try_all(rt, "'in', 'above', 'linked', 'linked/index.js'");
  CHECK_LOG("in,MODULE_NOT_FOUND,ACCESS_DENIED,ACCESS_DENIED\n");
}

TEST(a_package_json_above_the_root_is_not_read)
{
  tenon_runtime *rt = runtime((tenon_import_rules){.roots = app});

  /* It would forbid what it says nothing of. */
  write_file("package.json", "{");
  try_all(rt, "'./module.js', 'none'");
  CHECK_LOG("true,MODULE_NOT_FOUND\n");
  CHECK_INT(0, tenon_runtime_set_import_rules(rt, NULL));
  try_all(rt, "'#x'");
  CHECK_LOG("INVALID_PACKAGE_CONFIG\n");
  CHECK_INT(0, unlink("package.json"));
}

TEST(import_meta_resolve_and_data_obey)
{
  static const char source[] =
      "import { log } from 'test';\n"
      "for (const s of ['../out/s.mjs', '../out/none.mjs', './a.mjs'])\n"
      "  try { log(import.meta.resolve(s).slice(-5)); }\n"
      "  catch (e) { log(e.code); }\n"
      "for (const type of ['json', 'text', 'bytes'])\n"
      "  await import('../out/s.json', { with: { type } }).catch((e) =>\n"
      "    log(e.code));";
  tenon_runtime *rt = runtime((tenon_import_rules){.roots = app});

  CHECK_INT(0, tenon_runtime_eval_module(rt, source, sizeof source - 1,
                                         "./app/m.mjs"));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("ERR_ACCESS_DENIED\nERR_ACCESS_DENIED\na.mjs\nERR_ACCESS_DENIED\n"
            "ERR_ACCESS_DENIED\nERR_ACCESS_DENIED\n");
}

TEST(a_root_may_be_named_by_a_link)
{
  static const char *const alias[] = {"alias", NULL};
  tenon_runtime *rt = runtime((tenon_import_rules){.roots = alias});

  try_all(rt,
          "'./a.mjs', '../alias/a.mjs', '../out/s.mjs', '../alias/link.mjs'");
  CHECK_LOG("a,a,ACCESS_DENIED,ACCESS_DENIED\n");
}

TEST(an_empty_list_of_roots_is_no_files)
{
  static const char *const none[] = {NULL};
  tenon_runtime *rt = runtime((tenon_import_rules){.roots = none});

  try_all(rt, "'./a.mjs', 'data:text/javascript,export default 1', 'in'");
  CHECK_LOG("ACCESS_DENIED,1,MODULE_NOT_FOUND\n");
}

TEST(native_code_is_refused)
{
  tenon_runtime *rt = runtime((tenon_import_rules){.no_native = true});

  try_all(rt, "'./x.so', './none.so', './x.so?q', './a.mjs', './none.node'");
  CHECK_LOG("ACCESS_DENIED,ACCESS_DENIED,ACCESS_DENIED,a,ACCESS_DENIED\n");
}

TEST(node_modules_are_refused)
{
  tenon_runtime *rt = runtime((tenon_import_rules){.no_packages = true});

  try_all(rt, "'in', 'none', './node_modules/in/i.mjs', './a.mjs',"
              "'./node_modules/none'");
  CHECK_LOG("ACCESS_DENIED,ACCESS_DENIED,ACCESS_DENIED,a,ACCESS_DENIED\n");
}

TEST(a_list_allows_urls_names_and_specifiers)
{
  char url[200];
  const char *allowed[] = {"test", "tenon:*", url, "data:text/*", NULL};
  tenon_runtime *rt;

  prepare();
  snprintf(url, sizeof url, "file://%s/app/a.mjs", folder);
  rt = runtime((tenon_import_rules){.allowed = allowed});
  try_all(rt, "'./a.mjs', './a.mjs?q', './back.mjs', './module.js',"
              "'./none.js', 'data:text/javascript,export default 2',"
              "'data:application/json,1', 'tenon:process'");
  CHECK_LOG("a,a,ACCESS_DENIED,ACCESS_DENIED,ACCESS_DENIED,2,ACCESS_DENIED,"
            "undefined\n");
}

TEST(names_that_are_not_on_the_list_are_refused)
{
  static const char *const allowed[] = {"test", "in", NULL};
  tenon_runtime *rt = runtime((tenon_import_rules){.allowed = allowed});

  try_all(rt, "'tenon:process', 'in', 'above', 'none', './a.mjs'");
  CHECK_LOG("ACCESS_DENIED,in,ACCESS_DENIED,ACCESS_DENIED,ACCESS_DENIED\n");
}

TEST(rules_are_replaced_and_taken_back)
{
  tenon_runtime *rt = runtime((tenon_import_rules){.roots = app});

  try_all(rt, "'../out/s.mjs'");
  CHECK_LOG("ACCESS_DENIED\n");
  set(rt, (tenon_import_rules){.no_native = true});
  try_all(rt, "'../out/s.mjs', './x.so'");
  CHECK_LOG("secret,ACCESS_DENIED\n");
}

TEST(wrong_rules_change_nothing)
{
  static const char *const no_folder[] = {"app", "app/a.mjs", NULL};
  static const char *const nothing[] = {"nothing", NULL};
  tenon_runtime *rt = runtime((tenon_import_rules){.roots = app});
  tenon_import_rules rules = {.size = sizeof rules, .roots = no_folder};

  CHECK_INT(UV_ENOTDIR, tenon_runtime_set_import_rules(rt, &rules));
  rules.roots = nothing;
  CHECK_INT(UV_ENOENT, tenon_runtime_set_import_rules(rt, &rules));
  rules.size = 1;
  CHECK_INT(TENON_EABI, tenon_runtime_set_import_rules(rt, &rules));
  CHECK_INT(TENON_EINVAL, tenon_runtime_set_import_rules(NULL, &rules));
  try_all(rt, "'../out/s.mjs', './a.mjs'");
  CHECK_LOG("ACCESS_DENIED,a\n");
}

/* --- A link that is put there in between ------------------------------------------ */

static bool is_over;

static void *swap(void *data)
{
  (void)data;
  while (!__atomic_load_n(&is_over, __ATOMIC_RELAXED)) {
    /* A folder, and a link to one, change places. */
    (void)!renameat2(AT_FDCWD, "app/turn", AT_FDCWD, "app/turned",
                     RENAME_EXCHANGE);
    unlink("app/new");
    if (link("app/a.mjs", "app/new") || rename("app/new", "app/flip.mjs") ||
        symlink("../out/s.mjs", "app/new") || rename("app/new", "app/flip.mjs"))
      continue;
  }
  return NULL;
}

static const char flipping[] =
    "import { log } from 'test';\n"
    "const seen = new Set();\n"
    "for (let i = 0; i < 3000; i++)\n"
    "  for (const s of ['./flip.mjs?', './turn/s.mjs?'])\n"
    "    seen.add(await import(s + i).then((m) => m.default,\n"
    "    (e) => e.code));\n"
    "log(`${seen.has('secret')} ${seen.has('a') || [...seen]}`);";

TEST(a_link_that_is_put_there_meanwhile_is_not_followed)
{
  tenon_runtime *rt = runtime((tenon_import_rules){.roots = app});
  pthread_t thread;

  is_over = false;
  (void)!link("app/a.mjs", "app/flip.mjs");
  CHECK_INT(0, pthread_create(&thread, NULL, swap, NULL));
  CHECK_INT(0, tenon_runtime_eval_module(rt, flipping, sizeof flipping - 1,
                                         "./app/m.mjs"));
  CHECK_INT(0, tenon_runtime_run(rt));
  __atomic_store_n(&is_over, true, __ATOMIC_RELAXED);
  CHECK_INT(0, pthread_join(thread, NULL));
  CHECK_LOG("false true\n");
}

/* What a kernel without openat2 says, for this process from now on. */
static bool forget_openat2(void)
{
#if defined(__linux__) && defined(SYS_openat2)
  static struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  struct sock_fprog program = {4, filter};

  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 &&
         syscall(SYS_openat2, 0, 0, 0, 0) < 0 && errno == ENOSYS;
#else
  return true;
#endif
}

/* The last one: what the process has lost stays lost. */
TEST(without_openat2_what_was_opened_is_looked_at)
{
  tenon_runtime *rt;
  pthread_t thread;

  prepare();
  if (!forget_openat2()) skip();
  rt = runtime((tenon_import_rules){.roots = app});
  is_over = false;
  CHECK_INT(0, pthread_create(&thread, NULL, swap, NULL));
  CHECK_INT(0, tenon_runtime_eval_module(rt, flipping, sizeof flipping - 1,
                                         "./app/m.mjs"));
  CHECK_INT(0, tenon_runtime_run(rt));
  __atomic_store_n(&is_over, true, __ATOMIC_RELAXED);
  CHECK_INT(0, pthread_join(thread, NULL));
  CHECK_LOG("false true\n");
}

/* --- Memory ----------------------------------------------------------------------- */

static int live(void)
{
  static const char source[] =
      "const said = [];\n"
      "for (const s of ['./a.mjs', './dots.mjs', './link.mjs', 'in', 'linked',\n"
      "    './x.so', '../out/s.mjs', './missing.mjs'])\n"
      "  try { said.push((await import(s)).default); }\n"
      "  catch (e) { if (!e.code) throw e; said.push(e.code); }\n"
      "const d = 'ERR_ACCESS_DENIED';\n"
      "const right = ['a', 'a', d, 'in', d, d, d, 'ERR_MODULE_NOT_FOUND'];\n"
      "if (said.join() !== right.join()) throw new Error(`wrong: ${said}`);";
  tenon_import_rules rules = {
      .size = sizeof rules, .roots = app, .no_native = true};
  tenon_runtime *rt;
  int r = tenon_runtime_new(NULL, &rt);

  if (r) return r;
  r = tenon_runtime_set_import_rules(rt, &rules);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, source, sizeof source - 1, "./app/m.mjs");
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
