/*
 * Every allocation fails, one run after the other, of a build and of a look into
 * the cache. Each run fails with an error or does everything right; none hangs,
 * loads a wrong object, or leaves a child, a descriptor or a folder behind.
 */
#include "source/source.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>

#include "base/alloc.h"

static int generate(void *data, const char *table, size_t len,
                    const uint32_t *dropped, size_t count, tenon_p_text *out,
                    tenon_p_build_failure *f)
{
  tenon_p_text_puts(out, count
                             ? "extern int answer(void);"
                               "int tenon_module_v1(void) { return answer(); }"
                             : "_Static_assert(0, \"tenon record 1: size\");");
  return 0;
}

static int answer_of(const char *path)
{
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  int (*entry)(void), r;

  if (!handle) return -1;
  *(void **)&entry = dlsym(handle, "tenon_module_v1");
  r = entry();
  dlclose(handle);
  return r;
}

static char why[512];
static const void *reader;
static size_t reader_size;

/* 0 when it was built and answers; else the failure's code. */
static int build(const char *path, const char *sources)
{
  tenon_p_recipe recipe = {.path = path,
                           .shown = "x.c",
                           .sources = sources,
                           .cflags = "-Wall -DN=3",
                           .link = "-L. -lm",
                           .reader = reader,
                           .reader_size = reader_size};
  tenon_p_build_calls calls = {generate, NULL, NULL};
  tenon_p_built built;
  tenon_p_build_failure f;
  int r = tenon_p_build(&recipe, &calls, NULL, &built, &f), code = f.code;

  if (r == 0) {
    bool on = tenon_p_alloc_is_injecting();
    if (!on || built.path) CHECK_INT(3, answer_of(built.path));
    tenon_p_built_release(&built);
  } else {
    snprintf(why, sizeof why, "%s", tenon_p_failure_text(&f));
    CHECK(code != TENON_P_FAILURE_NONE);
    CHECK(tenon_p_failure_text(&f)[0]);
  }
  tenon_p_failure_release(&f);
  return r ? code : 0;
}

static int open_descriptors(void)
{
  int i, n = 0;

  for (i = 0; i < 256; i++)
    n += fcntl(i, F_GETFD) >= 0;
  return n;
}

static void fail_each(const char *path, const char *sources, bool clears)
{
  int lasting, before, code;
  uint64_t all, at;

  CHECK_INT(0, build(path, sources));
  before = open_descriptors();
  for (lasting = 0; lasting < 2; lasting++) {
    if (clears) CHECK_INT(0, system("rm -rf cache"));
    tenon_p_alloc_inject(0, false);
    CHECK_INT(0, build(path, sources));
    all = tenon_p_alloc_stop();
    CHECK(all > 20);
    /* What lasts fails at once, nearly always: a part of it will do. */
    for (at = 1; at <= all;
         at += t_oom_step(all) * (lasting && clears ? 5 : 1)) {
      if (clears) CHECK_INT(0, system("rm -rf cache"));
      tenon_p_alloc_inject(at, lasting);
      code = build(path, sources);
      tenon_p_alloc_stop();
      if (code && code != TENON_P_FAILURE_MEMORY)
        print_message("# %d at %d: %d %s\n", (int)at, lasting, code, why);
      CHECK(code == 0 || code == TENON_P_FAILURE_MEMORY);
      CHECK_INT(0, t_count_begins("cache/native", "work-"));
      CHECK_INT(0, t_count_files("cache/native", ".lock"));
    }
  }
  CHECK_INT(before, open_descriptors());
  CHECK(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
  CHECK_INT(0, build(path, sources));
}

/* A compiler that takes no time: what it makes has been made before. */
static const char quick_compiler[] =
    "#!/bin/sh\n"
    "while [ $# -gt 0 ]; do\n"
    "  case $1 in\n"
    "  -o) out=$2; shift ;;\n"
    "  -MF) list=$2; shift ;;\n"
    "  -c) source=$2; shift ;;\n"
    "  esac\n"
    "  shift\n"
    "done\n"
    "[ -z \"$list\" ] || echo \"o: $source n.h\" >$list\n"
    "case $source in\n"
    "*/thunks.c)\n"
    "  read line <$source\n"
    "  case $line in *record*) echo \"$line\" >&2; exit 1 ;; esac ;;\n"
    "*) echo 'x.c:1:1: warning: w' >&2 ;;\n"
    "esac\n"
    "exec cp $MADE/${out##*/} $out\n";

static void make_compiler(void)
{
  char *made = tenon_p_path_resolve(NULL, "made");

  CHECK_INT(0,
            system("mkdir made && cd made && cc -fPIC -DN=3 -c ../x.c -o 0.o "
                   "&& cc -fPIC -DN=3 -c ../y.c -o 1.o && cc -r -nostdlib "
                   "0.o 1.o -o all.o && echo 'extern int answer(void);"
                   "int tenon_module_v1(void) { return answer(); }' | cc -fPIC "
                   "-x c -c - -o thunks.o && cc -shared all.o thunks.o -o "
                   "module.so"));
  setenv("MADE", made, 1);
  free(made);
  t_write_file("quick", quick_compiler);
  chmod("quick", 0755);
  setenv("CC", "./quick", 1);
}

TEST(a_build_of_several_files_without_memory)
{
  char *path;

  t_enter_test();
  t_read_reader(&reader, &reader_size);
  t_write_file("x.c",
               "#include \"n.h\"\nint f(void); int answer(void) { int u; "
               "return f(); }");
  t_write_file("y.c", "int f(void) { return N; }");
  t_write_file("n.h", "");
  make_compiler();
  path = tenon_p_path_resolve(NULL, "x.c");
  fail_each(path, "y.c", true);
  free(path);
  unsetenv("CC");
}

TEST(a_look_without_memory)
{
  char *path;

  t_enter_test();
  t_read_reader(&reader, &reader_size);
  t_write_file("x.c", "int answer(void) { return N; }");
  path = tenon_p_path_resolve(NULL, "x.c");
  fail_each(path, NULL, false);
  free(path);
}

/* Errors, too, are made of memory. */
TEST(a_compilers_error_without_memory)
{
  char *path;
  uint64_t all, at;
  int code, lasting;

  t_enter_test();
  t_read_reader(&reader, &reader_size);
  t_write_file("x.c", "int answer(void) { return nothing; }");
  path = tenon_p_path_resolve(NULL, "x.c");
  for (lasting = 0; lasting < 2; lasting++) {
    tenon_p_alloc_inject(0, false);
    CHECK_INT(TENON_P_FAILURE_COMPILE, build(path, NULL));
    all = tenon_p_alloc_stop();
    for (at = 1; at <= all; at += t_oom_step(all)) {
      tenon_p_alloc_inject(at, lasting);
      code = build(path, NULL);
      tenon_p_alloc_stop();
      CHECK(code == TENON_P_FAILURE_COMPILE || code == TENON_P_FAILURE_MEMORY);
    }
  }
  free(path);
}
