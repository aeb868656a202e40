/* Native source to a shared object: compiling, flags, messages, failures. */
#include "source/source.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>

#include "base/alloc.h"

/* Seen by what is loaded. */
__attribute__((visibility("default"))) int t_host_answer(void);
int t_host_answer(void)
{
  return 31;
}

/* --- One build ------------------------------------------------------------------- */

typedef struct made {
  tenon_p_recipe recipe;
  const char *code;  /* generated; NULL: nothing */
  const char *fixed; /* once records were dropped */
  int generated, told;
  uint32_t dropped[8];
  size_t dropped_count;
  char said[256];
  tenon_p_built built;
  tenon_p_build_failure f;
  char *path;
} made;

static int generate(void *data, const char *table, size_t len,
                    const uint32_t *dropped, size_t count, tenon_p_text *out,
                    tenon_p_build_failure *f)
{
  made *m = data;

  (void)f;
  CHECK(len > 10 && strncmp(table, "tenon-table 1\n", 14) == 0);
  m->generated++;
  m->dropped_count = count;
  if (count) memcpy(m->dropped, dropped, count * sizeof *dropped);
  if (m->code) tenon_p_text_puts(out, count && m->fixed ? m->fixed : m->code);
  return 0;
}

static void progress(void *data, const char *text)
{
  made *m = data;

  m->told++;
  snprintf(m->said, sizeof m->said, "%s", text);
}

static const char call_answer[] =
    "extern int answer(void); int tenon_module_v1(void) { return answer(); }";

static made make(const char *name)
{
  made m = {.code = call_answer};

  m.path = tenon_p_path_resolve(NULL, name);
  m.recipe.path = m.path;
  m.recipe.shown = name;
  CHECK(tenon_p_language_of(name, &m.recipe.language));
  t_read_reader(&m.recipe.reader, &m.recipe.reader_size);
  return m;
}

static int build_with(made *m, tenon_p_stopper *stop)
{
  tenon_p_build_calls calls = {generate, progress, m};

  return tenon_p_build(&m->recipe, &calls, stop, &m->built, &m->f);
}

/* What the object answers; -1: it could not be built or loaded. */
static int run(made *m)
{
  void *handle;
  int (*entry)(void), r = build_with(m, NULL);

  if (r) return -1;
  handle = dlopen(m->built.path, RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    print_message("%s\n", dlerror());
    return -1;
  }
  *(void **)&entry = dlsym(handle, "tenon_module_v1");
  r = entry ? entry() : -1;
  dlclose(handle);
  return r;
}

static void forget(made *m)
{
  tenon_p_built_release(&m->built);
  tenon_p_failure_release(&m->f);
  free(m->path);
  m->path = NULL;
}

/* --- Languages --------------------------------------------------------------------- */

TEST(a_file_of_c_is_compiled_once_and_then_found)
{
  made m;

  t_enter_test();
  t_write_file("x.c", "int answer(void) { return 42; }");
  m = make("x.c");
  CHECK_INT(42, run(&m));
  CHECK(!m.built.is_cached && !m.built.note && !m.built.warnings);
  forget(&m);
  m = make("x.c");
  CHECK_INT(42, run(&m));
  CHECK(m.built.is_cached);
  CHECK_INT(0, m.generated);
  CHECK_INT(0, t_count_begins("cache/native", "work-"));
  CHECK_INT(0, t_count_files("cache/native", ".lock"));
  CHECK_INT(1, t_count_files("cache/native", ".so"));
  forget(&m);
}

TEST(a_file_of_cxx_has_a_library_of_its_own)
{
  made m;

  t_enter_test();
  t_write_file("x.cpp", "#include <string>\n#include <vector>\n"
                        "extern \"C\" int answer() { std::vector<std::string> v"
                        "{\"a\", \"bc\"}; return (int)(v[0] + v[1]).size(); }");
  m = make("x.cpp");
  m.recipe.std = "c++17";
  CHECK_INT(3, run(&m));
  forget(&m);
}

TEST(a_file_of_rust_is_one_object_with_its_thunks)
{
  tenon_p_compiler c;
  tenon_p_build_failure f;
  made m;

  if (tenon_p_compiler_find(TENON_P_RUST, NULL, &c, &f)) {
    tenon_p_failure_release(&f);
    skip();
  }
  tenon_p_compiler_release(&c);
  t_enter_test();
  t_write_file("r.rs", "#[no_mangle] pub extern \"C\" fn answer() -> i32 {\n"
                       "  let v: Vec<String> = (0..5).map(|i| "
                       "i.to_string()).collect();\n  v.join(\"\").len() as i32 "
                       "}");
  m = make("r.rs");
  CHECK_INT(5, run(&m));
  CHECK(!m.built.warnings);
  forget(&m);
  m = make("r.rs");
  CHECK_INT(5, run(&m));
  CHECK(m.built.is_cached);
  forget(&m);
  t_write_file("r.rs", "pub fn f() -> i32 { 'a' }");
  m = make("r.rs");
  CHECK_INT(-1, run(&m));
  CHECK_INT(TENON_P_FAILURE_COMPILE, m.f.code);
  CHECK(strncmp(m.f.message, "r.rs:1: error", 13) == 0);
  CHECK_TEXT("r.rs", m.f.file);
  CHECK_INT(1, m.f.line);
  forget(&m);
}

TEST(variables_that_a_crate_reads_are_dependencies)
{
  made m;

  if (system("rustc --version >/dev/null 2>&1")) skip();
  t_enter_test();
  unsetenv("T_WORD");
  t_write_file("r.rs",
               "#[no_mangle] pub extern \"C\" fn answer() -> i32 {\n"
               "  option_env!(\"T_WORD\").unwrap_or(\"\").len() as i32 }");
  m = make("r.rs");
  CHECK_INT(0, run(&m));
  forget(&m);
  m = make("r.rs");
  CHECK_INT(0, run(&m));
  CHECK(m.built.is_cached);
  forget(&m);
  setenv("T_WORD", "four", 1);
  m = make("r.rs");
  CHECK_INT(4, run(&m));
  CHECK(!m.built.is_cached);
  forget(&m);
  m = make("r.rs");
  CHECK_INT(4, run(&m));
  CHECK(m.built.is_cached);
  forget(&m);
  unsetenv("T_WORD");
}

TEST(several_files_of_two_languages_become_one)
{
  made m;

  t_enter_test();
  mkdir("more", 0700);
  t_write_file("x.c", "int other(int); int third(void);"
                      "int answer(void) { return other(20) + third(); }");
  t_write_file("more/y.c", "int other(int n) { return n * 2; }");
  t_write_file("z.cc", "extern \"C\" int third() { return 2; }");
  m = make("x.c");
  m.recipe.sources = "more/y.c, z.cc";
  CHECK_INT(42, run(&m));
  forget(&m);
  t_write_file("more/y.c", "int other(int n) { return n * 3; }");
  m = make("x.c");
  m.recipe.sources = "more/y.c, z.cc";
  CHECK_INT(62, run(&m));
  CHECK(!m.built.is_cached);
  forget(&m);
}

TEST(a_file_with_its_own_table_is_only_linked)
{
  made m;

  t_enter_test();
  t_write_file("x.c", "#include <tenon/export.h>\n"
                      "TENON_FUNCTION(i32, answer, (i32, n)) { return n; }");
  m = make("x.c");
  m.code = NULL;
  CHECK_INT(0, build_with(&m, NULL));
  {
    void *handle = dlopen(m.built.path, RTLD_NOW | RTLD_LOCAL), *entry;
    CHECK(handle);
    entry = dlsym(handle, "tenon_module_v1");
    CHECK(entry);
    CHECK(!dlsym(handle, "answer"));
    CHECK_INT(TENON_MODULE_ABI, (*(tenon_module_entry **)&entry)()->abi);
    dlclose(handle);
  }
  forget(&m);
}

TEST(a_shared_object_gets_thunks_of_its_own)
{
  made m;

  t_enter_test();
  t_write_file("lib.c", "int answer(void) { return 7; }");
  CHECK_INT(0, system("cc -g -shared -fPIC -o libx.so lib.c"));
  m = make("libx.so");
  CHECK_INT(7, run(&m));
  forget(&m);
  m = make("libx.so");
  CHECK_INT(7, run(&m));
  CHECK(m.built.is_cached);
  forget(&m);
}

/* --- Flags --------------------------------------------------------------------------- */

TEST(flags_reach_the_compiler_and_the_linker)
{
  made m;

  t_enter_test();
  mkdir("inc", 0700);
  t_write_file("inc/y.h", "#define Y 40\n");
  t_write_file("x.c",
               "#include \"y.h\"\n#include <math.h>\n#include <string.h>\n"
               "double zero = 0;\n"
               "int answer(void) { return Y + (int)cos(zero) + (int)"
               "strlen(TEXT); }");
  m = make("x.c");
  m.recipe.cflags = "-Iinc -DTEXT='\"a b\"'";
  m.recipe.link = "-lm";
  m.recipe.std = "c11";
  CHECK_INT(44, run(&m));
  forget(&m);
  m = make("x.c");
  m.recipe.cflags = "-Iinc -DTEXT='\"\"'";
  m.recipe.link = "-lm";
  m.recipe.std = "c11";
  CHECK_INT(41, run(&m));
  CHECK(!m.built.is_cached);
  forget(&m);
}

TEST(packages_are_asked_of_pkg_config_and_stale_with_their_file)
{
  char *old =
      getenv("PKG_CONFIG_PATH") ? strdup(getenv("PKG_CONFIG_PATH")) : NULL;
  made m;

  if (system("pkg-config --version >/dev/null 2>&1")) skip();
  t_enter_test();
  setenv("PKG_CONFIG_PATH", ".", 1);
  t_write_file("one.pc", "Name: one\nDescription: x\nVersion: 1\nCflags: "
                         "-DONE=1\nLibs: -lm\n");
  t_write_file("x.c", "int answer(void) { return ONE; }");
  m = make("x.c");
  m.recipe.pkg = "one";
  CHECK_INT(1, run(&m));
  forget(&m);
  m = make("x.c");
  m.recipe.pkg = "one";
  CHECK_INT(1, run(&m));
  CHECK(m.built.is_cached);
  forget(&m);
  t_write_file("one.pc", "Name: one\nDescription: x\nVersion: 1\nCflags: "
                         "-DONE=2\nLibs: -lm\n");
  m = make("x.c");
  m.recipe.pkg = "one";
  CHECK_INT(2, run(&m));
  forget(&m);
  m = make("x.c");
  m.recipe.pkg = "nosuch";
  CHECK_INT(-1, run(&m));
  CHECK_INT(TENON_P_FAILURE_RECIPE, m.f.code);
  CHECK(strstr(m.f.message, "nosuch"));
  forget(&m);
  if (old)
    setenv("PKG_CONFIG_PATH", old, 1);
  else
    unsetenv("PKG_CONFIG_PATH");
  free(old);
}

TEST(flags_that_would_lead_elsewhere_are_refused)
{
  static const char *const bad[] = {"-c", "-o y", "-E", "'unclosed"};
  size_t i;

  t_enter_test();
  t_write_file("x.c", "int answer(void) { return 1; }");
  for (i = 0; i < 4; i++) {
    made m = make("x.c");
    m.recipe.cflags = bad[i];
    CHECK_INT(-1, run(&m));
    CHECK_INT(TENON_P_FAILURE_RECIPE, m.f.code);
    CHECK(strncmp(m.f.message, "x.c: ", 5) == 0);
    forget(&m);
  }
}

/* --- What is said ---------------------------------------------------------------------- */

TEST(the_first_error_of_the_compiler_comes_first)
{
  made m;

  t_enter_test();
  mkdir("d", 0700);
  t_write_file("d/x.c", "int answer(void)\n{\n  return nothing;\n}\n");
  m = make("./d/x.c");
  CHECK_INT(-1, run(&m));
  CHECK_INT(TENON_P_FAILURE_COMPILE, m.f.code);
  CHECK(strncmp(m.f.message, "./d/x.c:3:10: error: ", 21) == 0);
  CHECK(strstr(m.f.message, "In function"));
  CHECK(!strchr(m.f.message, 0x1b));
  CHECK_TEXT("./d/x.c", m.f.file);
  CHECK_INT(3, m.f.line);
  CHECK_INT(0, t_count_begins("cache/native", "work-"));
  forget(&m);
}

TEST(an_error_in_a_header_names_the_header)
{
  made m;

  t_enter_test();
  t_write_file("y.h", "\nint f(void) { return x; }\n");
  t_write_file("x.c", "#include \"y.h\"\n");
  m = make("x.c");
  CHECK_INT(-1, run(&m));
  CHECK_TEXT("y.h", m.f.file);
  CHECK_INT(2, m.f.line);
  CHECK(strncmp(m.f.message, "y.h:2:22: error: ", 17) == 0);
  forget(&m);
}

TEST(messages_are_in_english_without_colours)
{
  made m;

  t_enter_test();
  setenv("LANGUAGE", "de", 1);
  setenv("GCC_COLORS", "error=01;31", 1);
  t_write_file("x.c", "int answer(void) { return nothing; }");
  m = make("x.c");
  m.recipe.cflags = "-fdiagnostics-color=always";
  CHECK_INT(-1, run(&m));
  CHECK(strstr(m.f.message, "error: "));
  CHECK(!strchr(m.f.message, 0x1b));
  forget(&m);
  unsetenv("LANGUAGE");
  unsetenv("GCC_COLORS");
}

TEST(warnings_are_no_errors_and_are_handed_out)
{
  made m;

  t_enter_test();
  t_write_file("x.c", "int answer(void) { int n; return 3; }");
  m = make("x.c");
  m.recipe.cflags = "-Wall";
  CHECK_INT(3, run(&m));
  CHECK(m.built.warnings && strstr(m.built.warnings, "x.c:1:24: warning: "));
  forget(&m);
}

TEST(a_missing_symbol_is_told_with_its_line_and_those_of_the_host_are_not)
{
  made m;

  t_enter_test();
  t_write_file("x.c", "int nobody_has_this(void);\nint answer(void)\n{\n"
                      "  return nobody_has_this();\n}\n");
  m = make("x.c");
  CHECK_INT(-1, run(&m));
  CHECK_INT(TENON_P_FAILURE_LINK, m.f.code);
  CHECK(strncmp(m.f.message, "x.c:4: error: undefined reference", 33) == 0);
  CHECK(strstr(m.f.message, "nobody_has_this"));
  CHECK_TEXT("x.c", m.f.file);
  CHECK_INT(4, m.f.line);
  forget(&m);
}

TEST(functions_of_the_host_may_be_called)
{
  made m;

  t_enter_test();
  t_write_file("x.c", "int t_host_answer(void);\nint answer(void)\n{\n"
                      "  return t_host_answer();\n}\n");
  m = make("x.c");
  CHECK_INT(31, run(&m));
  CHECK(!m.built.warnings);
  forget(&m);
}

TEST(names_of_folders_may_hold_anything)
{
  char *cwd;
  made m;

  t_enter_test();
  mkdir("a, b'c", 0700);
  CHECK_INT(0, chdir("a, b'c"));
  cwd = getcwd(NULL, 0);
  setenv("TENON_CACHE_DIR", cwd, 1);
  free(cwd);
  t_write_file("x y.c", "#include \"z #$.h\"\nint answer(void) { return N; }");
  t_write_file("z #$.h", "#define N 5\n");
  m = make("x y.c");
  CHECK_INT(5, run(&m));
  forget(&m);
  m = make("x y.c");
  CHECK_INT(5, run(&m));
  CHECK(m.built.is_cached);
  forget(&m);
  t_write_file("z #$.h", "#define N 6\n");
  m = make("x y.c");
  CHECK_INT(6, run(&m));
  forget(&m);
  if (system("rustc --version >/dev/null 2>&1")) return;
  t_write_file("r-s.rs",
               "#[no_mangle] pub extern \"C\" fn answer() -> i32 { 8 }");
  m = make("r-s.rs");
  CHECK_INT(8, run(&m));
  forget(&m);
}

TEST(no_compiler_says_what_to_install)
{
  static const char *const env[] = {"PATH=/nosuch", NULL};
  made m;

  t_enter_test();
  t_write_file("x.c", "int answer(void) { return 3; }");
  m = make("x.c");
  m.recipe.env = env;
  CHECK_INT(-1, run(&m));
  CHECK_INT(TENON_P_FAILURE_NO_TOOL, m.f.code);
  CHECK(strstr(m.f.message, "apt install gcc"));
  forget(&m);
  setenv("CC", "nosuch-cc -m64", 1);
  m = make("x.c");
  CHECK_INT(-1, run(&m));
  CHECK(strstr(m.f.message, "$CC"));
  CHECK(strstr(m.f.message, "'nosuch-cc'"));
  forget(&m);
  unsetenv("CC");
}

TEST(the_compiler_that_is_asked_for_is_taken)
{
  made m;

  if (system("clang --version >/dev/null 2>&1")) skip();
  t_enter_test();
  t_write_file("x.c",
               "#ifdef __clang__\nint answer(void) { return 1; }\n#else\n"
               "int answer(void) { return 2; }\n#endif\n");
  setenv("CC", "clang -DX", 1);
  m = make("x.c");
  CHECK_INT(1, run(&m));
  CHECK(!m.built.warnings);
  forget(&m);
  setenv("CC", "gcc", 1);
  m = make("x.c");
  CHECK_INT(2, run(&m));
  CHECK(!m.built.is_cached);
  forget(&m);
  unsetenv("CC");
}

TEST(a_source_that_is_missing_or_a_folder_is_told)
{
  made m;

  t_enter_test();
  m = make("gone.c");
  CHECK_INT(-1, run(&m));
  CHECK_INT(TENON_P_FAILURE_SYSTEM, m.f.code);
  forget(&m);
  mkdir("d.c", 0700);
  m = make("d.c");
  CHECK_INT(-1, run(&m));
  CHECK_INT(TENON_P_FAILURE_RECIPE, m.f.code);
  forget(&m);
}

/* --- The reader, and what is generated --------------------------------------------------- */

TEST(a_reader_that_fails_crashes_or_is_cut_is_told)
{
  static const char *const ways[] = {"fail", "crash", "cut"};
  size_t i;

  t_enter_test();
  t_write_file("x.c", "int answer(void) { return 3; }");
  for (i = 0; i < 3; i++) {
    made m = make("x.c");
    setenv("READER", ways[i], 1);
    CHECK_INT(-1, run(&m));
    CHECK_INT(TENON_P_FAILURE_READER, m.f.code);
    CHECK(strncmp(m.f.message, "x.c: ", 5) == 0);
    forget(&m);
  }
  unsetenv("READER");
}

TEST(records_whose_assertion_fails_are_dropped)
{
  made m;

  t_enter_test();
  t_write_file("x.c", "int answer(void) { return 3; }");
  m = make("x.c");
  m.code = "_Static_assert(1 == 2, \"tenon record 7: size\");\n"
           "_Static_assert(1 == 3, \"tenon record 12: size\");\n"
           "int tenon_module_v1(void) { return 0; }";
  m.fixed = call_answer;
  CHECK_INT(3, run(&m));
  CHECK_INT(2, m.generated);
  CHECK_INT(2, (int)m.dropped_count);
  CHECK_INT(7, (int)m.dropped[0]);
  CHECK_INT(12, (int)m.dropped[1]);
  forget(&m);
}

TEST(generated_code_that_does_not_compile_is_our_error)
{
  made m;

  t_enter_test();
  t_write_file("x.c", "int answer(void) { return 3; }");
  m = make("x.c");
  m.code = "this is no C";
  CHECK_INT(-1, run(&m));
  CHECK_INT(TENON_P_FAILURE_GENERATE, m.f.code);
  CHECK(strstr(m.f.message, "an error of Tenon"));
  forget(&m);
}

/* --- Exceptions of other languages -------------------------------------------------------- */

/* Of a host that catches all exceptions: the signal that ends it, or 0. */
static int ends_by_signal(const char *name)
{
  pid_t pid = fork();
  int status;

  if (pid == 0) {
    made m = make(name);
    int (*entry)(void), (*guard)(int (*)(void));
    void *guards = dlopen("./guard.so", RTLD_NOW), *handle;
    if (!guards || build_with(&m, NULL)) _exit(3);
    handle = dlopen(m.built.path, RTLD_NOW);
    *(void **)&guard = dlsym(guards, "guard");
    *(void **)&entry = dlsym(handle, "tenon_module_v1");
    close(2);
    signal(SIGABRT, SIG_DFL);
    _exit(guard(entry) == 77 ? 1 : 2);
  }
  waitpid(pid, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

TEST(a_panic_that_leaves_native_code_ends_the_process)
{
  t_enter_test();
  t_write_file("guard.cpp",
               "extern \"C\" int guard(int (*fn)()) { try { return "
               "fn(); } catch (...) { return 77; } }");
  CHECK_INT(0, system("c++ -shared -fPIC -o guard.so guard.cpp"));
  if (system("rustc --version >/dev/null 2>&1")) return;
  t_write_file("r.rs", "#[no_mangle] pub extern \"C\" fn answer() -> i32 { "
                       "panic!(\"no\") }");
  CHECK_INT(SIGABRT, ends_by_signal("r.rs"));
  /* As a panic was before Rust 1.81. */
  t_write_file("s.rs",
               "#[no_mangle] pub extern \"C-unwind\" fn answer() -> i32 "
               "{ panic!(\"no\") }");
  CHECK_INT(SIGABRT, ends_by_signal("s.rs"));
}

/* --- Time ------------------------------------------------------------------------------------ */

TEST(what_takes_long_is_told_once)
{
  made m;

  t_enter_test();
  t_write_file("cc", "#!/bin/sh\nsleep 0.4\nexec cc \"$@\"\n");
  chmod("cc", 0755);
  setenv("CC", "./cc", 1);
  t_write_file("x.c", "int answer(void) { return 3; }");
  m = make("x.c");
  CHECK_INT(3, run(&m));
  CHECK_INT(1, m.told);
  CHECK_TEXT("compiling x.c", m.said);
  forget(&m);
  m = make("x.c");
  CHECK_INT(3, run(&m));
  CHECK_INT(0, m.told);
  forget(&m);
  unsetenv("CC");
}

static void *stop_soon(void *p)
{
  usleep(200000);
  tenon_p_stopper_stop(p);
  return NULL;
}

TEST(a_build_is_cancelled_from_another_thread)
{
  tenon_p_stopper stop;
  pthread_t thread;
  uint64_t begin;
  made m;

  t_enter_test();
  t_write_file("cc", "#!/bin/sh\nsleep 30\n");
  chmod("cc", 0755);
  setenv("CC", "./cc", 1);
  t_write_file("x.c", "int answer(void) { return 3; }");
  CHECK_INT(0, tenon_p_stopper_init(&stop));
  pthread_create(&thread, NULL, stop_soon, &stop);
  begin = t_now_ms();
  m = make("x.c");
  CHECK_INT(-1, build_with(&m, &stop));
  CHECK_INT(TENON_P_FAILURE_CANCELED, m.f.code);
  CHECK(t_now_ms() - begin < 5000);
  pthread_join(thread, NULL);
  forget(&m);
  CHECK_INT(0, t_count_begins("cache/native", "work-"));
  tenon_p_stopper_release(&stop);
  unsetenv("CC");
}

TEST(a_compiler_that_takes_too_long_is_ended)
{
  made m;

  t_enter_test();
  t_write_file("cc", "#!/bin/sh\nsleep 30\n");
  chmod("cc", 0755);
  setenv("CC", "./cc", 1);
  t_write_file("x.c", "int answer(void) { return 3; }");
  m = make("x.c");
  m.recipe.compile_timeout_ms = 200;
  CHECK_INT(-1, run(&m));
  CHECK_INT(TENON_P_FAILURE_TIMEOUT, m.f.code);
  forget(&m);
  unsetenv("CC");
}

/* --- Hosts ------------------------------------------------------------------------------------ */

TEST(a_host_that_ignores_its_children_builds_all_the_same)
{
  made m;

  t_enter_test();
  t_write_file("x.c", "int answer(void) { return 3; }");
  signal(SIGCHLD, SIG_IGN);
  m = make("x.c");
  CHECK_INT(3, run(&m));
  forget(&m);
  t_write_file("x.c", "int answer(void) { return nothing; }");
  m = make("x.c");
  CHECK_INT(-1, run(&m));
  CHECK_INT(TENON_P_FAILURE_COMPILE, m.f.code);
  forget(&m);
  signal(SIGCHLD, SIG_DFL);
}

static void *build_elsewhere(void *p)
{
  made *m = p;

  return build_with(m, NULL) ? p : NULL;
}

TEST(many_threads_of_a_process_compile_one_file_once)
{
  enum { N = 8 };
  pthread_t threads[N];
  made made_[N];
  int i, fresh = 0;
  void *r;

  t_enter_test();
  t_write_file("x.c", "int answer(void) { return 3; }");
  for (i = 0; i < N; i++)
    made_[i] = make("x.c");
  for (i = 0; i < N; i++)
    pthread_create(&threads[i], NULL, build_elsewhere, &made_[i]);
  for (i = 0; i < N; i++) {
    pthread_join(threads[i], &r);
    CHECK(!r);
    fresh += !made_[i].built.is_cached;
    forget(&made_[i]);
  }
  CHECK_INT(1, fresh);
}
