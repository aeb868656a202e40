/* Shared objects that are imported by their path, good and bad ones. */
#define TENON_P_INSIDE
#include <tenon/quickjs.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tenon.h>
#include <tenon/realm.h>
#include <unistd.h>

#include "harness.h"

static char folder[] = "/tmp/tenon-shared-XXXXXX";
static bool has_folder;

/* A copy of the first `most` bytes of a shared object, into the folder. */
static void copy(const char *from, const char *to, size_t most)
{
  char path[600], buffer[4096];
  FILE *a, *b;
  size_t n;

  snprintf(path, sizeof path, SHARED "/%s", from);
  a = fopen(path, "rb");
  assert_non_null(a);
  b = fopen(to, "wb");
  assert_non_null(b);
  while (most &&
         (n = fread(buffer, 1, sizeof buffer < most ? sizeof buffer : most,
                    a)) > 0) {
    CHECK(fwrite(buffer, 1, n, b) == n);
    most -= n;
  }
  fclose(a);
  CHECK_INT(0, fclose(b));
}

static void write_file(const char *name, const void *data, size_t len)
{
  FILE *f = fopen(name, "wb");

  assert_non_null(f);
  CHECK(fwrite(data, 1, len, f) == len);
  CHECK_INT(0, fclose(f));
}

static void patch(const char *name, long at, unsigned char byte)
{
  FILE *f = fopen(name, "r+b");

  assert_non_null(f);
  CHECK_INT(0, fseek(f, at, SEEK_SET));
  CHECK(fputc(byte, f) == byte);
  CHECK_INT(0, fclose(f));
}

__attribute__((destructor)) static void clean(void)
{
  char command[300];

  if (!has_folder) return;
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  if (system(command)) fprintf(stderr, "%s is left behind\n", folder);
}

/* In the folder, where files are that scripts import. */
static tenon_runtime *runtime(void)
{
  if (!has_folder) {
    has_folder = true;
    assert_non_null(mkdtemp(folder));
    CHECK_INT(0, chdir(folder));
    copy("plain.so", "plain.so", SIZE_MAX);
    copy("raw.so", "raw.so", SIZE_MAX);
    copy("tables.so", "tables.so", SIZE_MAX);
    copy("none.so", "none.so", SIZE_MAX);
    copy("needs_library.so", "needs_library.so", SIZE_MAX);
    copy("needs_symbol.so", "needs_symbol.so", SIZE_MAX);
  }
  return t_runtime();
}

/* Of messages the folder is left out. */
#define TOLD                                                             \
  "import { log as raw } from 'test'; const log = (x) => raw(`${x}`);\n" \
  "const told = (s, o) => import(s, o).then((m) => log(Object.keys(m)."  \
  "join()), (e) => log(`${e.code ?? e.name}: ${e.message.replace("       \
  "/\\/tmp\\/tenon-shared-.{6}\\//g, '')}`));\n"

/* --- Tables of Tenon -------------------------------------------------------------- */

TEST(a_shared_object_is_imported_by_its_path)
{
  tenon_runtime *rt = runtime();

  t_run(rt, TOLD "import { loaded, counter, value_of } from './plain.so';\n"
                 "const c = new counter(4);\n"
                 "log(`${loaded()} ${c.next()} ${value_of(c)}`);\n"
                 "log((await import('./plain.so')).loaded === loaded);");
  CHECK_LOG("1 5 5\ntrue\n");
}

TEST(links_queries_and_absolute_paths_are_one_table)
{
  tenon_runtime *rt = runtime();

  CHECK(symlink("plain.so", "linked.so") == 0 || errno == EEXIST);
  t_run(rt,
        "import { log as raw } from 'test'; const log = (x) => raw(`${x}`);\n"
        "import * as a from './plain.so';\n"
        "import * as b from './linked.so';\n"
        "import * as c from './plain.so?again';\n"
        "import * as d from './linked.so?again';\n"
        "const e = await import(import.meta.resolve('./plain.so').slice(7));\n"
        "const n = a.called();\n"
        "log([a === b, a === e, a === c, c === d].join());\n"
        "log(`${c.called() - n} ${c.loaded()}`);\n"
        "log(c.value_of(new a.counter(7)) + a.value_of(new c.counter(1)));");
  CHECK_LOG("true,true,false,true\n1 1\n8\n");
}

TEST(a_name_with_a_version_is_one_of_a_shared_object)
{
  tenon_runtime *rt = runtime();

  copy("plain.so", "libplain.so.1.2", SIZE_MAX);
  CHECK(symlink("libplain.so.1.2", "libplain.so") == 0);
  t_run(rt, TOLD "const m = await import('./libplain.so');\n"
                 "log(m.loaded());");
  CHECK_LOG("1\n");
}

TEST(realms_have_modules_of_one_table)
{
  static const char source[] =
      "import { log as raw } from 'test'; const log = (x) => raw(`${x}`); import { called } from './plain.so';\n"
      "globalThis.called = called; log(called());";
  tenon_runtime *rt = runtime();
  tenon_realm *realm;
  int first, second;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  t_run(rt, source);
  first = atoi(t_logged());
  CHECK_INT(
      0, tenon_realm_eval_module(realm, source, sizeof source - 1, "realm.js"));
  second = atoi(t_logged());
  CHECK_INT(first + 1, second);
  CHECK_INT(0, tenon_realm_free(realm));
  t_run(
      rt,
      "import { log as raw } from 'test'; const log = (x) => raw(`${x}`); import { called } from './plain.so';\n"
      "log(called() > 0);");
  CHECK_LOG("true\n");
}

TEST(runtimes_after_one_another_have_the_same_table)
{
  tenon_runtime *rt;
  int i;

  for (i = 0; i < 20; i++) {
    rt = runtime();
    t_run(
        rt,
        "import { log as raw } from 'test'; const log = (x) => raw(`${x}`); import { loaded } from './plain.so';\n"
        "log(loaded());");
    CHECK_LOG("1\n");
    t_free(rt);
  }
}

static void *import_often(void *failed)
{
  static const char source[] =
      "const { loaded, called, counter } = await import('./plain.so');\n"
      "const { count } = await import('./raw.so');\n"
      "if (loaded() !== 1 || called() < 1 || count() < 1) throw 'wrong';\n"
      "for (let i = 0; i < 100; i++) new counter(i).next();";
  tenon_runtime *rt;
  int i;

  for (i = 0; i < 20; i++) {
    int r = tenon_runtime_new(NULL, &rt);
    if (r == 0)
      r = tenon_runtime_eval_module(rt, source, sizeof source - 1, "./t.mjs");
    if (r == 0) r = tenon_runtime_run(rt);
    if (r) *(int *)failed = r;
    tenon_runtime_free(rt);
  }
  return NULL;
}

TEST(runtimes_of_several_threads_import_one_at_once)
{
  pthread_t threads[4];
  int failed[4] = {0}, i;

  t_free(runtime());
  for (i = 0; i < 4; i++)
    CHECK_INT(0, pthread_create(&threads[i], NULL, import_often, &failed[i]));
  for (i = 0; i < 4; i++) {
    CHECK_INT(0, pthread_join(threads[i], NULL));
    CHECK_INT(0, failed[i]);
  }
}

TEST(a_constant_that_fails_is_the_failure_of_the_import)
{
  tenon_runtime *rt = runtime();

  setenv("TENON_TEST_FAILS", "1", 1);
  t_run(rt, TOLD "await told('./plain.so?fails');\n"
                 "await told('./plain.so?fails');");
  unsetenv("TENON_TEST_FAILS");
  CHECK_LOG("RangeError: the device is not there\n"
            "RangeError: the device is not there\n");
  t_run(
      rt,
      "import { log as raw } from 'test'; const log = (x) => raw(`${x}`); import { checked } from './plain.so';\n"
      "log(checked);");
  CHECK_LOG("1\n");
}

TEST(what_is_imported_as_data_is_read_and_not_loaded)
{
  tenon_runtime *rt = runtime();

  t_run(rt, TOLD "import bytes from './none.so' with { type: 'bytes' };\n"
                 "import text from './none.so' with { type: 'text' };\n"
                 "log(bytes.subarray(1, 4).join() + text.slice(1, 4));\n"
                 "await told('./none.so', { with: { type: 'json' } });");
  CHECK_LOG("69,76,70ELF\nERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE: Cannot load "
            "file://none.so: it is not of type 'json'\n");
}

/* --- What is refused -------------------------------------------------------------- */

TEST(a_table_says_which_word_of_it_is_wrong)
{
  tenon_runtime *rt = runtime();

  t_run(rt, TOLD
        "const say = (e) => log(`${e.code}: ${e.message.split('tables.so ')"
        "[1]}`);\n"
        "for (const name of ['version', 'short_size', 'tiny_size', 'fields',\n"
        "    'bounds', 'function', 'item', 'host', 'other', 'null'])\n"
        "  await import('./tables.so#' + name).then(() => log(name), say);\n"
        "log((await import('./tables.so#good')).one());");
  CHECK_LOG(
      "TENON_EABI: has descriptors of version 7, expected version 1\n"
      "TENON_EABI: has a table of 24 bytes, expected 56\n"
      "TENON_EABI: has a table of 4 bytes, expected 56\n"
      "TENON_EABI: has fields of 8 bytes, expected 32\n"
      "TENON_EABI: has a malformed table: its bounds are wrong\n"
      "TENON_EABI: has a malformed table: the function 'hollow' has a "
      "descriptor or a type that is not valid\n"
      "TENON_EABI: has a malformed table: an item, a class or a name twice\n"
      "TENON_EABI: has a malformed table: its bounds are wrong\n"
      "TENON_EABI: is in use by another copy of the library in this process\n"
      "TENON_EABI: gives no table: its entry returns NULL\n1\n");
}

TEST(of_several_tables_one_is_named)
{
  tenon_runtime *rt = runtime();

  t_run(rt, TOLD "await told('./tables.so');\nawait told('./tables.so#none');");
  CHECK_LOG(
      "ERR_DLOPEN_FAILED: Cannot load './tables.so' imported from "
      "test.js: tables.so holds several modules; import one, by '#bounds', "
      "'#fields', '#function', '#good', '#host', '#item', '#null', '#other', "
      "'#short_size', '#tiny_size', '#version'\n"
      "ERR_DLOPEN_FAILED: Cannot load './tables.so#none' imported from "
      "test.js: tables.so holds no module 'none': it shows no function "
      "tenon_module_none\n");
}

TEST(a_file_that_is_no_shared_object_says_what_it_is)
{
  tenon_runtime *rt = runtime();

  write_file("text.so", "hello, this is a text of some length", 36);
  write_file("empty.so", "", 0);
  copy("plain.so", "half.so", 9000);
  copy("plain.so", "head.so", 64);
  copy("plain.so", "arm.so", SIZE_MAX);
  patch("arm.so", 18, 183);
  CHECK(mkdir("folder.so", 0700) == 0);
  t_run(rt, TOLD "for (const s of ['text', 'empty', 'half', 'head', 'arm',\n"
                 "    'folder', 'missing']) await told(`./${s}.so`);");
#define FAILED(name) \
  "ERR_DLOPEN_FAILED: Cannot load './" name "' imported from test.js: " name
  CHECK_LOG(
      FAILED("text.so") " is not a shared object (ELF)\n" FAILED("empty.so") " is not a shared object (ELF)\n" FAILED("half.so") " is damaged: it ends too early\n" FAILED(
          "head.so") " is damaged: it ends too early\n" FAILED("arm.so") " is for another machine: AArch64, 64 bits; this tenon "
                                                                         "is for x86-64, 64 bits\n"
                                                                         "ERR_UNSUPPORTED_DIR_IMPORT: Cannot find module './folder.so' imported "
                                                                         "from test.js: tried folder.so (illegal operation on a directory)\n"
                                                                         "ERR_MODULE_NOT_FOUND: Cannot find module './missing.so' imported from "
                                                                         "test.js: tried missing.so (no such file or directory)\n");
}

TEST(the_words_of_the_system_say_what_is_missing)
{
  tenon_runtime *rt = runtime();

  t_run(rt, TOLD "await told('./needs_library.so');\n"
                 "await told('./needs_symbol.so');");
  CHECK_LOG(FAILED(
      "needs_library.so") " cannot be loaded: libshared_gone.so: cannot "
                          "open shared object file: No such file or directory\n" FAILED(
                              "needs_symbol.so") " cannot be loaded: undefined symbol: "
                                                 "nobody_has_this\n");
}

TEST(a_file_that_cannot_be_read_says_so)
{
  tenon_runtime *rt = runtime();

  if (geteuid() == 0) skip();
  copy("plain.so", "secret.so", SIZE_MAX);
  CHECK_INT(0, chmod("secret.so", 0));
  t_run(rt, TOLD "await told('./secret.so');");
  CHECK_LOG(FAILED("secret.so") " permission denied\n");
}

TEST(an_import_that_failed_may_succeed_later)
{
  tenon_runtime *rt = runtime();

  copy("plain.so", "later.so", 500);
  t_run(rt, TOLD "await told('./later.so');");
  CHECK_LOG(FAILED("later.so") " is damaged: it ends too early\n");
  unlink("later.so");
  copy("plain.so", "later.so", SIZE_MAX);
  t_run(rt, TOLD "log((await import('./later.so')).loaded());");
  CHECK_LOG("1\n");
}

/* --- Modules of QuickJS ----------------------------------------------------------- */

TEST(a_module_of_quickjs_is_imported_by_its_path)
{
  tenon_runtime *rt = runtime();

  t_run(
      rt,
      "import { log as raw } from 'test'; const log = (x) => raw(`${x}`); import { count } from './raw.so';\n"
      "import * as again from './raw.so';\n"
      "log(count() > 0 && again.count === count);");
  CHECK_LOG("true\n");
}

TEST(a_module_of_quickjs_that_fails_says_why)
{
  tenon_runtime *rt = runtime();

  t_run(
      rt, TOLD
      "for (const s of ['fails', 'throws', 'other', 'both', 'init', 'both'])\n"
      "  await told(`./raw.so?${s}`);");
  CHECK_LOG(
      "ERR_MODULE_INIT_FAILED: Cannot load './raw.so?fails' imported from "
      "test.js: raw.so has a js_init_module that failed without an error\n"
      "TypeError: not today\n"
      "ERR_MODULE_INIT_FAILED: Cannot load './raw.so?other' imported from "
      "test.js: raw.so has a js_init_module that made a module of another "
      "name than it was given\n"
      "TypeError: made and thrown\nRangeError: init is out of range\n"
      "TypeError: made and thrown\n");
}

static int made_by_name;

static int set_answer(JSContext *ctx, JSModuleDef *m)
{
  return JS_SetModuleExport(ctx, m, "answer", JS_NewInt32(ctx, 42));
}

static JSModuleDef *make_answer(JSContext *ctx, const char *name)
{
  JSModuleDef *m = JS_NewCModule(ctx, name, set_answer);

  made_by_name++;
  if (m && JS_AddModuleExport(ctx, m, "answer")) m = NULL;
  return m;
}

static JSModuleDef *make_nothing(JSContext *ctx, const char *name)
{
  (void)ctx;
  (void)name;
  return NULL;
}

TEST(a_module_of_quickjs_is_given_a_name)
{
  static const char source[] =
      "import { answer } from 'answer'; if (answer !== 42) throw 1;";
  tenon_runtime *rt = runtime();
  tenon_realm *realm;

  CHECK_INT(0, tenon_runtime_add_quickjs_module(rt, "answer", make_answer));
  CHECK_INT(0, tenon_runtime_add_quickjs_module(rt, "nothing", make_nothing));
  t_run(rt, TOLD "import { answer } from 'answer'; log(answer);\n"
                 "log((await import('answer')).answer);\n"
                 "log(import.meta.resolve('answer'));\n"
                 "await told('nothing');");
  CHECK_LOG(
      "42\n42\nanswer\nERR_MODULE_INIT_FAILED: Cannot load 'nothing': its "
      "function failed without an error\n");
  CHECK_INT(1, made_by_name);
  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, tenon_realm_eval_module(realm, source, sizeof source - 1, "r"));
  CHECK_INT(2, made_by_name);
}

TEST(a_module_of_quickjs_that_has_a_name_is_required)
{
  tenon_runtime *rt = runtime();

  CHECK_INT(0, tenon_runtime_add_quickjs_module(rt, "answer", make_answer));
  t_run(rt, "import { log } from 'test'; import { createRequire } from\n"
            "'node:module';\n"
            "const require = createRequire('file:///x.js');\n"
            "log(`${require('answer').answer} ${require.resolve('answer')}`);");
  CHECK_LOG("42 answer\n");
}

TEST(names_that_are_taken_or_none_are_refused)
{
  tenon_runtime *rt = runtime();

  CHECK_INT(0, tenon_runtime_add_quickjs_module(rt, "a", make_answer));
  CHECK_INT(TENON_EEXIST,
            tenon_runtime_add_quickjs_module(rt, "a", make_answer));
  CHECK_INT(TENON_EEXIST,
            tenon_runtime_add_quickjs_module(rt, "test", make_answer));
  CHECK_INT(TENON_EINVAL, tenon_runtime_add_quickjs_module(rt, "a", NULL));
  CHECK_INT(TENON_EINVAL,
            tenon_runtime_add_quickjs_module(rt, "./a", make_answer));
  CHECK_INT(TENON_EINVAL,
            tenon_runtime_add_quickjs_module(NULL, "b", make_answer));
}

TEST(a_caller_of_another_engine_is_refused)
{
  tenon_runtime *rt = runtime();
  tenon_p_caller caller = {.size = sizeof caller,
                           .version = TENON_VERSION,
                           .engine_version = TENON_QUICKJS_VERSION,
                           .value_size = sizeof(JSValue),
                           .engine = 1};

  CHECK_INT(TENON_EENGINE,
            tenon_p_add_quickjs_module(rt, "a", make_answer, &caller));
}
