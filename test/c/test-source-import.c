/* Imports of native source: what happens meanwhile, at the end, and twice. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tenon/loader.h>
#include <tenon/realm.h>
#include <tenon/source.h>
#include <unistd.h>
#include <uv.h>

#include "harness.h"

#define TOLD                                         \
  "import { log } from 'test';\n"                    \
  "async function told(what, options) {\n"           \
  "  try { const m = await import(what, options);\n" \
  "    log(Object.keys(m).join()); return m; }\n"    \
  "  catch (e) { log(`${e.code ?? e.name}: ${e.message.split('\\n')[0]}`); } \
}\n"

static void write_slow(const char *name, const char *seconds)
{
  char text[300];

  snprintf(text, sizeof text, "#!/bin/sh\nsleep %s\nexec cc \"$@\"\n", seconds);
  t_write_file(name, text);
  chmod(name, 0700);
}

static tenon_runtime *runtime(void)
{
  char here[4096];

  t_enter_folder();
  if (!getcwd(here, sizeof here)) abort();
  strncat(here, "/cache", sizeof here - strlen(here) - 1);
  setenv("TENON_CACHE_DIR", here, 1);
  unsetenv("CC");
  t_write_file("add.c", "int add(int a, int b) { return a + b; }\n"
                        "#ifdef MORE\n"
                        "int more(void) { return MORE; }\n"
                        "#endif\n"
                        "int left(const char *f, ...) { return f != 0; }\n");
  return t_runtime();
}

static void use_slow(const char *seconds)
{
  char here[4096];

  write_slow("slow", seconds);
  if (!getcwd(here, sizeof here)) abort();
  strncat(here, "/slow", sizeof here - strlen(here) - 1);
  setenv("CC", here, 1);
}

TEST(a_file_is_compiled_while_scripts_run)
{
  tenon_runtime *rt = runtime();

  use_slow("0.3");
  t_run(rt, TOLD "let ticks = 0;\n"
                 "const beat = setInterval(() => ticks++, 5);\n"
                 "const { add } = await import('./add.c');\n"
                 "clearInterval(beat);\n"
                 "log(`${add(2, 3)} ${ticks > 5}`);");
  CHECK_LOG("5 true\n");
}

TEST(a_runtime_that_ends_does_not_wait_for_a_compiler)
{
  tenon_runtime *rt = runtime();
  uint64_t from;

  use_slow("100");
  CHECK(tenon_runtime_eval_script(rt, "import('./add.c');", 18, "x.js") == 0);
  usleep(100000);
  from = uv_hrtime();
  t_free(rt);
  CHECK(uv_hrtime() - from < UINT64_C(20000000000));
}

TEST(flags_are_a_part_of_what_a_module_is)
{
  tenon_runtime *rt = runtime();

  t_run(rt, TOLD
        "const a = await told('./add.c');\n"
        "const b = await told('./add.c', { with: { cflags: '-DMORE=7' } });\n"
        "const c = await told('./add.c', { with: { cflags: '-DMORE=8' } });\n"
        "const d = await told('./add.c', { with: { cflags: '-DMORE=7' } });\n"
        "log(`${a === b} ${b === d} ${b.more() + c.more()}`);");
  CHECK_LOG("add\nadd,more\nadd,more\nadd,more\nfalse true 15\n");
}

TEST(two_imports_at_once_are_one_module)
{
  tenon_runtime *rt = runtime();

  t_run(rt, TOLD "const [a, b] = await Promise.all([import('./add.c'),\n"
                 "  import('./add.c')]);\n"
                 "log(`${a === b} ${a.add(1, 1)}`);");
  CHECK_LOG("true 2\n");
}

TEST(what_says_how_to_compile_is_refused_of_other_modules)
{
  tenon_runtime *rt = runtime();

  t_write_file("m.mjs", "export const one = 1;");
  t_run(rt, TOLD "await told('./m.mjs', { with: { cflags: '-O1' } });\n"
                 "await told('./add.c', { with: { colour: 'red' } });");
  CHECK(strstr(t_logged(), "ERR_IMPORT_ATTRIBUTE_UNSUPPORTED: "));
}

TEST(an_error_of_the_compiler_begins_with_its_place)
{
  tenon_runtime *rt = runtime();

  t_write_file("bad.c", "int f(void) { return x; }\n");
  t_write_file("note.c", "// @js f(out q)\nint f(void) { return 1; }\n");
  t_write_file("empty.c", "static int f(void) { return 1; }\n");
  t_write_file("odd.c", "int f(void) { return 1; }\n// @js f(own\n");
  t_run(rt, TOLD "await told('./bad.c'); await told('./note.c');\n"
                 "await told('./empty.c'); await told('./odd.c');");
  CHECK_LOG(
      "ERR_NATIVE_SOURCE_COMPILE: bad.c:1:22: error: 'x' undeclared (first use "
      "in this function)\n"
      "ERR_NATIVE_SOURCE_BIND: note.c:1: @js: 'out q' does not fit the function "
      "'f'\n"
      "ERR_NATIVE_SOURCE_BIND: empty.c: it exports nothing that can be "
      "imported\nERR_NATIVE_SOURCE_OPTION: odd.c:2: @js: a ')' is missing "
      "behind 'f'\n");
}

TEST(a_name_that_is_left_out_says_why)
{
  tenon_runtime *rt = runtime();

  t_write_file("m.mjs", "import { left } from './add.c';");
  t_run(rt, TOLD "await told('./m.mjs');");
  CHECK_LOG("SyntaxError: Could not find export 'left' in module './add.c': "
            "add.c:5: it is variadic\n");
}

TEST(no_native_code_means_no_source_but_its_text)
{
  tenon_runtime *rt = runtime();
  tenon_import_rules rules = {.size = sizeof rules, .no_native = true};

  CHECK(tenon_runtime_set_import_rules(rt, &rules) == 0);
  t_run(rt, TOLD "await told('./add.c');\n"
                 "await told('./add.c', { with: { type: 'text' } });");
  CHECK_LOG("ERR_ACCESS_DENIED: Cannot import './add.c' from test.js: access "
            "denied: no native code may be imported\ndefault\n");
}

TEST(a_source_is_what_its_integrity_says)
{
  tenon_runtime *rt = runtime();

  t_run(rt, TOLD "await told('./add.c', { with: { integrity: 'sha256-' +\n"
                 "  'A'.repeat(43) + '=' } });");
  CHECK(strncmp(t_logged(), "ERR_INTEGRITY_MISMATCH: ", 24) == 0);
}

TEST(require_waits_for_the_compiler)
{
  tenon_runtime *rt = runtime();

  t_write_file("r.cjs", "module.exports = require('./add.c').add(4, 5);");
  t_run(rt, TOLD "import n from './r.cjs'; log(`${n}`);");
  CHECK_LOG("9\n");
}

TEST(numbers_may_be_big_and_enums_numbers)
{
  tenon_runtime *rt = runtime();

  t_write_file("n.c",
               "#include <stdint.h>\n"
               "enum flag { A = 1, B = 2 };\n"
               "// @js most(big)\n"
               "uint64_t most(void) { return UINT64_MAX; }\n"
               "// @js twice(big x, big)\n"
               "int64_t twice(int64_t x) { return 2 * x; }\n"
               "// @js both(num a, num b, num)\n"
               "enum flag both(enum flag a, enum flag b) { return a | b; }\n"
               "// @js split(out high, big high)\n"
               "int split(uint64_t *high) { *high = 1ull << 63; return 1; }\n"
               "// @js old_name(name(newName))\n"
               "int old_name(void) { return 3; }\n");
  t_write_file("m.mjs", "import { old_name } from './n.c';");
  t_run(rt, TOLD
        "import * as m from './n.c';\n"
        "log(`${m.most()} ${m.twice(-5n)} ${m.both(m.flag.A, m.flag.B)}`);\n"
        "log(`${m.split().high} ${m.newName()} ${typeof m.most()}`);\n"
        "try { m.twice(5) } catch (e) { log(e.message) }\n"
        "await told('./m.mjs');");
  CHECK_LOG("18446744073709551615 -10 3\n9223372036854775808 3 bigint\n"
            "twice: argument 1 'x': expected bigint, got 5\n"
            "SyntaxError: Could not find export 'old_name' in module './n.c': "
            "n.c:12: it is exported as 'newName'\n");
}

/* What was lent for the call is taken back all the same. */
TEST(an_exception_of_cxx_is_an_error)
{
  tenon_runtime *rt = runtime();

  t_write_file("t.cpp",
               "#include <stdexcept>\n"
               "struct box { int v; };\n"
               "extern \"C\" {\n"
               "int f(int x) {\n"
               "  if (x > 1) throw std::runtime_error(\"much\");\n"
               "  if (x) throw x;\n"
               "  return 7; }\n"
               "box *box_new(void) { return new box{1}; }\n"
               "int box_get(const box *b) { return b->v; }\n"
               "void box_free(box *b) { delete b; throw 2; }\n"
               "int each(int (*fn)(int)) { if (fn(1)) throw 3; return 4; }\n"
               "int on(void (*fn)(void *), void *p) { fn(p); throw 5; }\n"
               "}\n");
  t_run(
      rt, TOLD
      "import * as m from './t.cpp';\n"
      "const t = (f) => { try { log(`${f()}`) } catch (e) { log(`${e}`) } };\n"
      "t(() => m.f(0)); t(() => m.f(1)); t(() => m.f(2));\n"
      "const b = m.box_new(); t(() => m.box_free(b)); t(() => m.box_get(b));\n"
      "t(() => m.box_new().close());\n"
      "t(() => m.each(() => 1)); t(() => m.each(() => 0));\n"
      "t(() => m.on(() => {})); t(() => m.on(() => { throw 'js' }));\n"
      "await m.f.async(2).catch((e) => log(`${e}`));");
  CHECK_LOG(
      "7\nError: f: it has thrown an exception of C++\nError: f: much\n"
      "Error: box_free: it has thrown an exception of C++\n"
      "TypeError: box_get: argument 1 'b': expected box, got one that was "
      "disposed of\n"
      "Error: close: it has thrown an exception of C++\n"
      "Error: each: it has thrown an exception of C++\n4\n"
      "Error: on: it has thrown an exception of C++\njs\n"
      "Error: f: much\n");
}

TEST(a_realm_that_is_closed_is_not_come_back_to)
{
  tenon_runtime *rt = runtime();
  tenon_realm *realm;

  use_slow("0.2");
  CHECK(tenon_realm_new(rt, NULL, &realm) == 0);
  CHECK(tenon_realm_eval_script(realm,
                                "import('./add.c').then(() => { throw 1 });",
                                42, "x.js") == 0);
  CHECK(tenon_realm_free(realm) == 0);
  t_run(rt,
        TOLD "const { add } = await import('./add.c'); log(`${add(1, 2)}`);");
  CHECK_LOG("3\n");
}

typedef struct heard {
  int count[5];
  char last[200];
} heard;

static void hear(void *data, tenon_build_event event, const char *text)
{
  heard *h = data;

  h->count[event]++;
  snprintf(h->last, sizeof h->last, "%s", text);
}

TEST(what_takes_long_is_told_once)
{
  tenon_runtime *rt = runtime();
  heard h = {{0}, ""};

  use_slow("0.4");
  CHECK(tenon_runtime_on_build(rt, hear, &h) == 0);
  t_run(rt, "await import('./add.c'); await import('./add.c');");
  CHECK(h.count[TENON_BUILD_PROGRESS] == 1);
  CHECK(strstr(h.last, "add.c"));
}

TEST(a_tool_builds_without_a_runtime)
{
  tenon_module_entry *entry;
  heard h = {{0}, ""};
  tenon_source s = {.size = sizeof s, .tell = hear, .data = &h};
  tenon_runtime *rt = runtime();
  char path[4200], here[4096];

  CHECK(getcwd(here, sizeof here));
  snprintf(path, sizeof path, "%s/add.c", here);
  s.path = path;
  CHECK(tenon_source_load(&s, &entry) == 0 && entry);
  CHECK(h.count[TENON_BUILD_LEFT_OUT] == 1);
  CHECK(strcmp(h.last, "left: add.c:5: it is variadic") == 0);
  CHECK(tenon_runtime_add_module(rt, "sums", entry) == 0);
  t_run(rt, "import { add } from 'sums'; import { log } from 'test';\n"
            "log(String(add(20, 3)));");
  CHECK_LOG("23\n");
  s.path = "add.c";
  CHECK(tenon_source_load(&s, &entry) == TENON_EINVAL && !entry);
  s.path = "/nowhere/x.c";
  CHECK(tenon_source_load(&s, &entry) == TENON_ESOURCE && !entry);
  CHECK(h.count[TENON_BUILD_FAILURE] == 1);
  s.size = 3;
  CHECK(tenon_source_load(&s, &entry) == TENON_EABI);
  CHECK(tenon_source_load(NULL, &entry) == TENON_EINVAL);
}

static void *import_all(void *p)
{
  static const char source[] =
      "import { add } from './add.c'; if (add(40, 2) !== 42) throw 1;";
  tenon_runtime *rt;
  int r, i;

  for (i = 0; i < 5; i++) {
    if (tenon_runtime_new(NULL, &rt)) return p;
    r = tenon_runtime_eval_module(rt, source, sizeof source - 1, "x.mjs");
    if (r == 0) r = tenon_runtime_run(rt);
    tenon_runtime_free(rt);
    if (r) return p;
  }
  return NULL;
}

TEST(runtimes_of_several_threads_import_one_file)
{
  pthread_t threads[4];
  void *failed;
  int i;

  runtime();
  for (i = 0; i < 4; i++)
    CHECK(pthread_create(&threads[i], NULL, import_all, threads) == 0);
  for (i = 0; i < 4; i++) {
    CHECK(pthread_join(threads[i], &failed) == 0);
    CHECK(!failed);
  }
}
