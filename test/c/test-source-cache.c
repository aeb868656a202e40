/* The cache of what was built: what is fresh, who builds, whom it trusts, and what
 * it does where it cannot be. */
#include "source/source.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/time.h>
#include <time.h>
#include <utime.h>

#include "source/manifest.h"

/* --- One build ------------------------------------------------------------------- */

static const char call_answer[] =
    "extern int answer(void); int tenon_module_v1(void) { return answer(); }";

static int generate(void *data, const char *table, size_t len,
                    const uint32_t *dropped, size_t count, tenon_p_text *out,
                    tenon_p_build_failure *f)
{
  tenon_p_text_puts(out, call_answer);
  return 0;
}

typedef struct outcome {
  int answer; /* -1: it was not built or loaded */
  bool is_cached, is_private;
  char note[512], path[512];
} outcome;

static const char *flags, *links;

static outcome import(const char *name)
{
  tenon_p_recipe recipe = {.shown = name, .cflags = flags, .link = links};
  tenon_p_build_calls calls = {generate, NULL, NULL};
  char *path = tenon_p_path_resolve(NULL, name);
  outcome o = {.answer = -1};
  tenon_p_built built;
  tenon_p_build_failure f;
  int (*entry)(void);
  void *handle;

  recipe.path = path;
  CHECK(tenon_p_language_of(name, &recipe.language));
  t_read_reader(&recipe.reader, &recipe.reader_size);
  if (tenon_p_build(&recipe, &calls, NULL, &built, &f)) {
    snprintf(o.note, sizeof o.note, "%s", tenon_p_failure_text(&f));
  } else {
    handle = dlopen(built.path, RTLD_NOW | RTLD_LOCAL);
    if (handle) {
      *(void **)&entry = dlsym(handle, "tenon_module_v1");
      o.answer = entry();
      dlclose(handle);
    }
    o.is_cached = built.is_cached;
    o.is_private = built.private_folder.path != NULL;
    snprintf(o.path, sizeof o.path, "%s", built.path);
    snprintf(o.note, sizeof o.note, "%s", built.note ? built.note : "");
    tenon_p_built_release(&built);
  }
  tenon_p_failure_release(&f);
  free(path);
  return o;
}

static void write_answer(const char *name, int answer)
{
  char text[128];

  snprintf(text, sizeof text, "int answer(void) { return %d; }", answer);
  t_write_file(name, text);
}

/* One that needs the library's own headers. */
static void write_including(const char *name, int answer)
{
  char text[128];

  snprintf(text, sizeof text,
           "#include <tenon/descriptor.h>\nint answer(void) { return %d; }",
           answer);
  t_write_file(name, text);
}

#define CHECK_BUILT(n, o)    \
  do {                       \
    outcome o_ = (o);        \
    CHECK_INT(n, o_.answer); \
    CHECK(!o_.is_cached);    \
  } while (0)
#define CHECK_FOUND(n, o)    \
  do {                       \
    outcome o_ = (o);        \
    CHECK_INT(n, o_.answer); \
    CHECK(o_.is_cached);     \
  } while (0)

/* The file of this end in the cache: there must be one. */
static const char *cached(const char *end)
{
  static char path[512];
  DIR *dir = opendir("cache/native");
  struct dirent *e;
  int n = 0;

  CHECK(dir);
  while ((e = readdir(dir))) {
    size_t len = strlen(e->d_name), k = strlen(end);
    if (len < k || strcmp(e->d_name + len - k, end) != 0) continue;
    snprintf(path, sizeof path, "cache/native/%s", e->d_name);
    n++;
  }
  closedir(dir);
  CHECK_INT(1, n);
  return path;
}

/* As if all had been there for long. */
static void age(void)
{
  usleep(2100000);
}

/* --- Fresh ------------------------------------------------------------------------- */

TEST(a_change_of_the_same_size_at_once_is_seen)
{
  int i;

  t_enter_test();
  for (i = 1; i < 9; i++) {
    write_answer("x.c", i);
    CHECK_BUILT(i, import("x.c"));
    CHECK_FOUND(i, import("x.c"));
  }
}

TEST(a_change_whose_times_are_set_back_is_seen)
{
  struct utimbuf old = {1000000, 1000000};

  t_enter_test();
  write_answer("x.c", 1);
  utime("x.c", &old);
  CHECK_BUILT(1, import("x.c"));
  age();
  CHECK_FOUND(1, import("x.c"));
  write_answer("x.c", 2);
  utime("x.c", &old);
  CHECK_BUILT(2, import("x.c"));
}

TEST(headers_are_dependencies)
{
  t_enter_test();
  mkdir("inc", 0700);
  t_write_file("x.c", "#include \"a b.h\"\nint answer(void) { return N; }");
  t_write_file("a b.h", "#include \"inc/n.h\"\n");
  t_write_file("inc/n.h", "#define N 4\n");
  CHECK_BUILT(4, import("x.c"));
  CHECK_FOUND(4, import("x.c"));
  t_write_file("inc/n.h", "#define N 5\n");
  CHECK_BUILT(5, import("x.c"));
  CHECK_FOUND(5, import("x.c"));
  remove("inc/n.h");
  CHECK_INT(-1, import("x.c").answer);
}

TEST(a_touched_file_is_found_by_its_bytes)
{
  t_enter_test();
  write_answer("x.c", 3);
  CHECK_BUILT(3, import("x.c"));
  utime("x.c", NULL);
  CHECK_FOUND(3, import("x.c"));
  CHECK_INT(0, rename("x.c", "y.c"));
  write_answer("x.c", 3);
  CHECK_FOUND(3, import("x.c"));
}

TEST(going_back_and_forth_compiles_each_once)
{
  int i;

  t_enter_test();
  for (i = 1; i <= 4; i++) {
    write_answer("x.c", i);
    CHECK_BUILT(i, import("x.c"));
  }
  for (i = 1; i <= 4; i++) {
    write_answer("x.c", i);
    CHECK_FOUND(i, import("x.c"));
  }
  CHECK_INT(4, t_count_files("cache/native", ".so"));
  /* The fifth takes the place of the oldest. */
  write_answer("x.c", 5);
  CHECK_BUILT(5, import("x.c"));
  CHECK_INT(4, t_count_files("cache/native", ".so"));
  write_answer("x.c", 2);
  CHECK_FOUND(2, import("x.c"));
  write_answer("x.c", 1);
  CHECK_BUILT(1, import("x.c"));
}

TEST(flags_and_the_environment_are_of_the_key)
{
  t_enter_test();
  mkdir("a", 0700);
  mkdir("b", 0700);
  t_write_file("a/n.h", "#define N 1\n");
  t_write_file("b/n.h", "#define N 2\n");
  t_write_file("x.c", "#include <n.h>\nint answer(void) { return N; }");
  flags = "-Ia";
  CHECK_BUILT(1, import("x.c"));
  flags = "-Ib";
  CHECK_BUILT(2, import("x.c"));
  flags = NULL;
  setenv("CPATH", "a", 1);
  CHECK_BUILT(1, import("x.c"));
  setenv("CPATH", "b", 1);
  CHECK_BUILT(2, import("x.c"));
  CHECK_FOUND(2, import("x.c"));
  unsetenv("CPATH");
}

TEST(another_compiler_is_another_key)
{
  t_enter_test();
  write_answer("x.c", 1);
  t_write_file("mycc", "#!/bin/sh\nexec cc -DA \"$@\"\n");
  chmod("mycc", 0755);
  setenv("CC", "./mycc", 1);
  CHECK_BUILT(1, import("x.c"));
  CHECK_FOUND(1, import("x.c"));
  t_write_file("mycc", "#!/bin/sh\nexec cc -DAB \"$@\"\n");
  CHECK_BUILT(1, import("x.c"));
  unsetenv("CC");
}

TEST(a_library_that_is_linked_is_a_dependency)
{
  t_enter_test();
  t_write_file("l.c", "int n(void) { return 1; }");
  CHECK_INT(0, system("cc -fPIC -c l.c && ar rcs libl.a l.o"));
  t_write_file("x.c", "int n(void); int answer(void) { return n(); }");
  links = "-L. -ll";
  CHECK_BUILT(1, import("x.c"));
  CHECK_FOUND(1, import("x.c"));
  t_write_file("l.c", "int n(void) { return 2; }");
  CHECK_INT(0, system("cc -fPIC -c l.c && ar rcs libl.a l.o"));
  CHECK_BUILT(2, import("x.c"));
  links = "l.o";
  CHECK_BUILT(2, import("x.c"));
  t_write_file("l.c", "int n(void) { return 3; }");
  CHECK_INT(0, system("cc -fPIC -c l.c"));
  CHECK_BUILT(3, import("x.c"));
  links = NULL;
}

/* A header that another program writes while the compiler reads it. */
TEST(what_changes_while_it_is_compiled_is_not_kept_wrongly)
{
  t_enter_test();
  t_write_file("x.c", "#include \"n.h\"\nint answer(void) { return N; }");
  t_write_file("n.h", "#define N 1\n");
  usleep(20000);
  /* It is changed behind the compiler's back, each time. */
  t_write_file("mycc", "#!/bin/sh\ncc \"$@\"\nr=$?\ncase \"$*\" in *x.c)\n"
                       "echo \"#define N $(date +%N | sed 's/^0*//;s/..$//')\" "
                       ">n.h;; esac\nexit $r\n");
  chmod("mycc", 0755);
  setenv("CC", "./mycc", 1);
  CHECK(import("x.c").is_private);
  CHECK(!import("x.c").is_cached);
  unsetenv("CC");
}

TEST(bytes_that_were_others_only_for_the_compiler_are_not_kept_wrongly)
{
  t_enter_test();
  write_answer("x.c", 1);
  write_answer("other", 2);
  t_write_file("mycc", "#!/bin/sh\ncase \"$*\" in\n"
                       "*x.c) mv x.c x.keep; cp other x.c; cc \"$@\"; r=$?\n"
                       "  mv x.keep x.c; exit $r ;;\n"
                       "esac\nexec cc \"$@\"\n");
  chmod("mycc", 0755);
  setenv("CC", "./mycc", 1);
  CHECK(!import("x.c").is_cached);
  CHECK(!import("x.c").is_cached);
  unsetenv("CC");
}

TEST(a_header_that_was_just_written_is_kept_after_compiling_twice)
{
  t_enter_test();
  t_write_file("x.c", "#include \"n.h\"\nint answer(void) { return N; }");
  t_write_file("n.h", "#define N 1\n");
  t_write_file("mycc",
               "#!/bin/sh\ncase \"$*\" in *x.c) echo >>log;; esac\n"
               "[ -f once ] || { touch once; echo '#define N 2' >n.h; }\n"
               "exec cc \"$@\"\n");
  chmod("mycc", 0755);
  setenv("CC", "./mycc", 1);
  CHECK_BUILT(2, import("x.c"));
  CHECK_FOUND(2, import("x.c"));
  CHECK_INT(0, system("test $(wc -l <log) = 2"));
  unsetenv("CC");
}

/* Times that say nothing has changed are believed only of what was old then. */
TEST(a_file_that_was_young_is_read_again_and_an_old_one_is_not)
{
  tenon_p_cache_about about = {"x.c", ""};
  char key[TENON_P_HEX], *path;
  tenon_p_marks marks = TENON_P_MARKS_INIT;
  tenon_p_cache c;
  int is_young;

  t_enter_test();
  memset(key, 'b', sizeof key - 1);
  key[sizeof key - 1] = '\0';
  t_write_file("x.c", "");
  CHECK_INT(0, tenon_p_cache_open(NULL, true, &c, NULL));
  CHECK_INT(0, tenon_p_marks_add(&marks, "x.c"));
  CHECK(marks.list[0].is_young);
  /* The bytes are others, and all times the same. */
  marks.list[0].hash[0] = marks.list[0].hash[0] == 'a' ? 'b' : 'a';
  for (is_young = 0; is_young < 2; is_young++) {
    marks.list[0].is_young = is_young;
    CHECK_INT(0, system("echo | cc -shared -x c -o made.so -"));
    CHECK_INT(0,
              tenon_p_cache_store(&c, key, &about, &marks, "made.so", &path));
    free(path);
    CHECK_INT(is_young, tenon_p_cache_look(&c, key, &path));
    free(path);
  }
  tenon_p_marks_release(&marks);
  age();
  CHECK_INT(0, tenon_p_marks_add(&marks, "x.c"));
  CHECK(!marks.list[0].is_young);
  tenon_p_marks_release(&marks);
  tenon_p_cache_close(&c);
}

/* --- Many processes ---------------------------------------------------------------------- */

static int wait_for(pid_t pid)
{
  int status;

  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

TEST(sixteen_processes_compile_one_file_once)
{
  enum { N = 16 };
  pid_t pids[N];
  int i;

  t_enter_test();
  write_answer("x.c", 9);
  t_write_file("mycc", "#!/bin/sh\ncase \"$*\" in *x.c) echo >>log;; esac\n"
                       "exec cc \"$@\"\n");
  chmod("mycc", 0755);
  setenv("CC", "./mycc", 1);
  for (i = 0; i < N; i++) {
    pids[i] = fork();
    if (pids[i] == 0) _exit(import("x.c").answer == 9 ? 0 : 1);
  }
  for (i = 0; i < N; i++)
    CHECK_INT(0, wait_for(pids[i]));
  unsetenv("CC");
  CHECK_INT(0, system("test $(wc -l <log) = 1"));
  CHECK_INT(1, t_count_files("cache/native", ".so"));
  CHECK_INT(0, t_count_files("cache/native", ".lock"));
  CHECK_INT(0, t_count_begins("cache/native", "work-"));
}

TEST(processes_that_change_the_source_never_load_a_wrong_one)
{
  enum { N = 8 };
  pid_t pids[N];
  int i, k;

  t_enter_test();
  write_answer("x.c", 1);
  for (i = 0; i < N; i++) {
    pids[i] = fork();
    if (pids[i]) continue;
    for (k = 0; k < 4; k++) {
      /* Whoever comes in between: it is one of the two. */
      char name[32];
      outcome o;
      snprintf(name, sizeof name, "part%d", i);
      write_answer(name, 1 + (i + k) % 2);
      rename(name, "x.c");
      o = import("x.c");
      if (o.answer != 1 && o.answer != 2) _exit(1);
    }
    _exit(0);
  }
  for (i = 0; i < N; i++)
    CHECK_INT(0, wait_for(pids[i]));
  write_answer("x.c", 2);
  CHECK_INT(2, import("x.c").answer);
  write_answer("x.c", 1);
  CHECK_INT(1, import("x.c").answer);
}

TEST(a_process_that_is_killed_while_it_builds_holds_up_nobody)
{
  pid_t pid;
  int i;

  t_enter_test();
  write_answer("x.c", 3);
  t_write_file("mycc", "#!/bin/sh\n[ -f go ] || { touch started; sleep 5; }\n"
                       "exec cc \"$@\"\n");
  chmod("mycc", 0755);
  setenv("CC", "./mycc", 1);
  pid = fork();
  if (pid == 0) _exit(import("x.c").answer);
  for (i = 0; i < 500 && access("started", F_OK); i++)
    usleep(10000);
  kill(pid, SIGKILL);
  wait_for(pid);
  CHECK_INT(1, t_count_begins("cache/native", "work-"));
  t_write_file("go", "");
  CHECK_BUILT(3, import("x.c"));
  CHECK_FOUND(3, import("x.c"));
  unsetenv("CC");
  /* What it left is gone once it is older than a minute. */
  CHECK_INT(0, system("touch -d '2 minutes ago' cache/native/work-* "
                      "cache/native/tidy"));
  write_answer("x.c", 4);
  CHECK_BUILT(4, import("x.c"));
  CHECK_INT(0, t_count_begins("cache/native", "work-"));
}

TEST(a_lock_is_waited_for_so_long_and_no_longer)
{
  char key[TENON_P_HEX];
  tenon_p_cache_lock a, b;
  tenon_p_stopper stop;
  tenon_p_patience w = {.stop = &stop};
  tenon_p_cache c;
  uint64_t begin;

  t_enter_test();
  memset(key, 'a', sizeof key - 1);
  key[sizeof key - 1] = '\0';
  CHECK_INT(0, tenon_p_cache_open(NULL, true, &c, NULL));
  CHECK_INT(0, tenon_p_cache_lock_take(&c, key, 0, NULL, &a));
  begin = t_now_ms();
  CHECK_INT(-ETIMEDOUT, tenon_p_cache_lock_take(&c, key, 100, NULL, &b));
  CHECK(t_now_ms() - begin >= 99 && t_now_ms() - begin < 3000);
  CHECK_INT(0, tenon_p_stopper_init(&stop));
  tenon_p_stopper_stop(&stop);
  CHECK_INT(-ECANCELED, tenon_p_cache_lock_take(&c, key, 10000, &w, &b));
  tenon_p_stopper_release(&stop);
  tenon_p_cache_lock_leave(&c, &a);
  CHECK_INT(0, tenon_p_cache_lock_take(&c, key, 0, NULL, &b));
  tenon_p_cache_lock_leave(&c, &b);
  CHECK_INT(0, t_count_files("cache/native", ".lock"));
  tenon_p_cache_close(&c);
}

/* --- Damage ---------------------------------------------------------------------------------- */

TEST(a_list_that_is_cut_or_changed_anywhere_is_none)
{
  static const char marker[] = "tenon-cache 1\n";
  char text[16384], path[512];
  size_t len, i, step;
  FILE *f;

  t_enter_test();
  write_answer("x.c", 3);
  CHECK_BUILT(3, import("x.c"));
  snprintf(path, sizeof path, "%s", cached(".list"));
  f = fopen(path, "rb");
  len = fread(text, 1, sizeof text, f);
  fclose(f);
  CHECK(len < sizeof text && strncmp(text, marker, strlen(marker)) == 0);
  step = len / 50;
  for (i = 0; i < len;
       i = i < len - 1 && i + step >= len ? len - 1 : i + step) {
    tenon_p_manifest m;
    char *copy = malloc(len + 1);
    memcpy(copy, text, i);
    copy[i] = '\0';
    CHECK_INT(-EBADMSG, tenon_p_manifest_parse(copy, i, NULL, &m));
    copy = malloc(len + 1);
    memcpy(copy, text, len + 1);
    copy[i] ^= 1;
    CHECK_INT(-EBADMSG, tenon_p_manifest_parse(copy, len, NULL, &m));
  }
  CHECK_INT(0, truncate(path, (off_t)len / 2));
  CHECK_BUILT(3, import("x.c"));
  CHECK_FOUND(3, import("x.c"));
  t_write_file(path, "");
  CHECK_BUILT(3, import("x.c"));
}

TEST(an_object_that_is_cut_or_changed_is_never_loaded)
{
  char path[512];
  struct stat st;
  int fd;

  t_enter_test();
  write_answer("x.c", 3);
  CHECK_BUILT(3, import("x.c"));
  snprintf(path, sizeof path, "%s", cached(".so"));
  CHECK_INT(0, truncate(path, 1000));
  CHECK_BUILT(3, import("x.c"));
  snprintf(path, sizeof path, "%s", cached(".so"));
  CHECK_INT(0, stat(path, &st));
  fd = open(path, O_RDWR);
  CHECK_INT(1, (int)pwrite(fd, "\x7f", 1, st.st_size / 2));
  CHECK_INT(1, (int)pwrite(fd, "\x3f", 1, st.st_size / 3));
  close(fd);
  CHECK_BUILT(3, import("x.c"));
  CHECK_INT(0, remove(cached(".so")));
  CHECK_BUILT(3, import("x.c"));
  CHECK_FOUND(3, import("x.c"));
}

/* --- Trust -------------------------------------------------------------------------------------- */

TEST(what_others_can_write_is_not_loaded)
{
  t_enter_test();
  write_answer("x.c", 3);
  CHECK_BUILT(3, import("x.c"));
  chmod(cached(".so"), 0722);
  CHECK_BUILT(3, import("x.c"));
  chmod(cached(".list"), 0622);
  CHECK_BUILT(3, import("x.c"));
  CHECK_FOUND(3, import("x.c"));
}

TEST(links_in_the_cache_are_not_followed)
{
  char path[512];

  t_enter_test();
  write_answer("x.c", 3);
  CHECK_BUILT(3, import("x.c"));
  snprintf(path, sizeof path, "%s", cached(".so"));
  CHECK_INT(0, rename(path, "other.so"));
  CHECK_INT(0, symlink("../../other.so", path));
  CHECK_BUILT(3, import("x.c"));
  snprintf(path, sizeof path, "%s", cached(".list"));
  CHECK_INT(0, rename(path, "other.list"));
  CHECK_INT(0, symlink("../../other.list", path));
  CHECK_BUILT(3, import("x.c"));
}

TEST(files_of_another_user_are_not_loaded)
{
  char path[512];

  if (geteuid() != 0) skip();
  t_enter_test();
  write_answer("x.c", 3);
  CHECK_BUILT(3, import("x.c"));
  CHECK_INT(0, chown(cached(".so"), 12345, 12345));
  CHECK_BUILT(3, import("x.c"));
  snprintf(path, sizeof path, "%s", cached(".list"));
  CHECK_INT(0, chown(path, 12345, 12345));
  CHECK_BUILT(3, import("x.c"));
}

/* In a process of its own: a note is made once in a process. */
static void check_private(const char *why)
{
  pid_t pid = fork();

  if (pid == 0) {
    outcome o;
    t_write_file("wrong.c", "wrong");
    if (import("wrong.c").answer != -1) _exit(5);
    o = import("x.c");
    if (o.answer != 3 || !o.is_private || o.is_cached) {
      fprintf(stderr, "# answer %d: %s %s\n", o.answer, o.note, o.path);
      _exit(1);
    }
    if (access(o.path, F_OK) == 0) _exit(2);
    if (!strstr(o.note, "cache cannot be used") || !strstr(o.note, why)) {
      fprintf(stderr, "# note: %s\n", o.note);
      _exit(3);
    }
    o = import("x.c");
    if (o.answer != 3 || o.note[0]) _exit(4);
    _exit(0);
  }
  CHECK_INT(0, wait_for(pid));
}

TEST(a_folder_that_others_can_change_is_not_used)
{
  t_enter_test();
  write_answer("x.c", 3);
  mkdir("cache", 0700);
  chmod("cache", 0777);
  check_private("can be written to by other users");
  chmod("cache", 0700);
  CHECK_BUILT(3, import("x.c"));
  chmod("cache/native", 0720);
  check_private("can be written to by other users");
  chmod("cache/native", 0700);
  chmod(".", 0777);
  check_private("can be written to by other users");
  chmod(".", 0700);
  CHECK_FOUND(3, import("x.c"));
  CHECK_INT(0, rename("cache/native", "cache/other"));
  CHECK_INT(0, symlink("other", "cache/native"));
  check_private("is no folder");
}

TEST(a_folder_of_another_user_is_not_used)
{
  if (geteuid() != 0) skip();
  t_enter_test();
  write_answer("x.c", 3);
  mkdir("cache", 0755);
  CHECK_INT(0, chown("cache", 12345, 12345));
  check_private("belongs to another user");
}

/* --- Where it cannot be ---------------------------------------------------------------------------- */

TEST(without_a_home_it_is_compiled_each_time)
{
  char *home = strdup(getenv("HOME") ? getenv("HOME") : "/root"), *old;

  t_enter_test();
  old = strdup(getenv("TENON_CACHE_DIR"));
  write_answer("x.c", 3);
  unsetenv("TENON_CACHE_DIR");
  unsetenv("HOME");
  unsetenv("XDG_CACHE_HOME");
  check_private("$HOME");
  setenv("XDG_CACHE_HOME", "relative", 1);
  check_private("$HOME");
  setenv("HOME", "/nosuch/home", 1);
  if (geteuid() != 0) check_private("/nosuch");
  unsetenv("XDG_CACHE_HOME");
  setenv("HOME", home, 1);
  setenv("TENON_CACHE_DIR", old, 1);
  free(home);
  free(old);
}

TEST(private_folders_that_were_left_go_and_those_of_others_stay)
{
  char *cwd;

  t_enter_test();
  write_answer("x.c", 3);
  mkdir("tmp", 0700);
  mkdir("cache", 0777);
  chmod("cache", 0777);
  CHECK_INT(0, system("mkdir tmp/tenon-native-aaaaaa tmp/tenon-native-bbbbbb "
                      "tmp/tenon-native-longer tmp/tenon-abcdef; "
                      "touch tmp/tenon-native-aaaaaa/.tenon-lock "
                      "tmp/tenon-native-aaaaaa/x; "
                      "touch -d '2 minutes ago' tmp/*"));
  cwd = getcwd(NULL, 0);
  {
    char path[4096];
    snprintf(path, sizeof path, "%s/tmp", cwd);
    setenv("TMPDIR", path, 1);
  }
  free(cwd);
  check_private("can be written to");
  unsetenv("TMPDIR");
  CHECK_INT(0, t_count_begins("tmp", "tenon-native-aaaaaa"));
  CHECK_INT(1, t_count_begins("tmp", "tenon-native-bbbbbb"));
  CHECK_INT(1, t_count_begins("tmp", "tenon-native-longer"));
  CHECK_INT(1, t_count_begins("tmp", "tenon-abcdef"));
  CHECK_INT(3, t_count_begins("tmp", "tenon"));
}

TEST(the_folders_of_the_environment_are_tried_in_order)
{
  char path[600];
  char *cwd;

  t_enter_test();
  write_answer("x.c", 3);
  unsetenv("TENON_CACHE_DIR");
  cwd = getcwd(NULL, 0);
  snprintf(path, sizeof path, "%s/xdg", cwd);
  setenv("XDG_CACHE_HOME", path, 1);
  CHECK_BUILT(3, import("x.c"));
  CHECK_INT(1, t_count_files("xdg/tenon/native", ".so"));
  unsetenv("XDG_CACHE_HOME");
  {
    char *home = strdup(getenv("HOME") ? getenv("HOME") : "/root");
    setenv("HOME", cwd, 1);
    CHECK_BUILT(3, import("x.c"));
    CHECK_INT(1, t_count_files(".cache/tenon/native", ".so"));
    setenv("HOME", home, 1);
    free(home);
  }
  free(cwd);
}

/* Mounts a small file system as `cache`; false when that is not allowed. */
static bool mount_cache(const char *how)
{
  mkdir("cache", 0700);
  return mount("tmpfs", "cache", "tmpfs", 0, how) == 0;
}

TEST(a_full_disk_means_a_private_folder)
{
  t_enter_test();
  write_answer("x.c", 3);
  if (!mount_cache("size=64k,mode=0700")) skip();
  check_private("no room");
  umount("cache");
}

TEST(a_disk_that_is_full_but_for_a_little_means_a_private_folder)
{
  int k;

  t_enter_test();
  write_answer("x.c", 3);
  if (!mount_cache("size=2m,mode=0700")) skip();
  /* At each step another write fails. */
  for (k = 1; k < 60; k += 6) {
    char command[128];
    pid_t pid;
    snprintf(command, sizeof command,
             "rm -rf cache/native; n=$((512 - %d)); dd if=/dev/zero "
             "of=cache/fill bs=4096 count=$n 2>/dev/null",
             k * 2);
    CHECK_INT(0, system(command));
    pid = fork();
    if (pid == 0) _exit(import("x.c").answer);
    CHECK_INT(3, wait_for(pid));
  }
  umount("cache");
}

TEST(a_cache_that_cannot_be_written_to_is_still_read)
{
  t_enter_test();
  write_answer("x.c", 3);
  if (!mount_cache("size=8m,mode=0700")) skip();
  CHECK_BUILT(3, import("x.c"));
  CHECK_INT(0, mount("tmpfs", "cache", NULL, MS_REMOUNT | MS_RDONLY, NULL));
  CHECK_FOUND(3, import("x.c"));
  t_write_file("x.c", "int answer(void) { return  3; }");
  check_private("read-only");
  umount("cache");
}

TEST(a_cache_that_lets_no_code_be_loaded_is_not_used)
{
  t_enter_test();
  write_answer("x.c", 3);
  mkdir("cache", 0700);
  if (mount("tmpfs", "cache", "tmpfs", MS_NOEXEC, "mode=0700")) skip();
  check_private("noexec");
  umount("cache");
}

/* --- People ------------------------------------------------------------------------------------------ */

static char listed[4096];

static void tell(void *data, const tenon_p_cache_entry *e)
{
  size_t n = strlen(listed);

  snprintf(listed + n, sizeof listed - n, "%s %s%s;",
           tenon_p_path_basename(e->source), e->flags,
           e->is_fresh ? "" : " stale");
  CHECK(e->size > 100 && e->when > 1000000000);
}

TEST(the_list_tells_sources_flags_and_what_is_stale)
{
  tenon_p_cache c;
  uint64_t objects, bytes;

  t_enter_test();
  write_answer("x.c", 1);
  flags = "-DA";
  CHECK_BUILT(1, import("x.c"));
  flags = NULL;
  write_answer("x.c", 2);
  CHECK_INT(0, tenon_p_cache_open(NULL, false, &c, NULL));
  listed[0] = '\0';
  CHECK_INT(0, tenon_p_cache_list(&c, tell, NULL));
  CHECK_TEXT("x.c cflags='-DA' stale;", listed);
  write_answer("x.c", 1);
  listed[0] = '\0';
  CHECK_INT(0, tenon_p_cache_list(&c, tell, NULL));
  CHECK_TEXT("x.c cflags='-DA';", listed);
  t_write_file("cache/native/not-ours", "");
  CHECK_INT(0, tenon_p_cache_clear(&c, &objects, &bytes));
  CHECK_INT(1, (int)objects);
  CHECK(bytes > 1000);
  CHECK_INT(0, t_count_files("cache/native", ".so"));
  CHECK_INT(0, t_count_files("cache/native", ".list"));
  CHECK_INT(0, t_count_begins("cache/native", "include-"));
  CHECK_INT(1, t_count_begins("cache/native", "not-ours"));
  tenon_p_cache_close(&c);
}

TEST(clearing_while_others_build_does_no_harm)
{
  enum { N = 4 };
  pid_t pids[N];
  int i, k, failures = 0;

  t_enter_test();
  for (i = 0; i < N; i++) {
    pids[i] = fork();
    if (pids[i]) continue;
    for (k = 0; k < 6; k++) {
      char name[32];
      int tries;
      outcome o = {.answer = -1};
      snprintf(name, sizeof name, "x%d.c", i);
      write_including(name, k + 1);
      /* Between being found and being loaded it may go. */
      for (tries = 0; tries < 20 && o.answer != k + 1; tries++)
        o = import(name);
      if (o.answer != k + 1) {
        fprintf(stderr, "# %d: %s\n", o.answer, o.note);
        _exit(1);
      }
    }
    _exit(0);
  }
  for (k = 0; k < 60; k++) {
    uint64_t objects, bytes;
    tenon_p_cache c;
    if (tenon_p_cache_open(NULL, false, &c, NULL) == 0) {
      tenon_p_cache_clear(&c, &objects, &bytes);
      tenon_p_cache_close(&c);
    }
    usleep(20000);
  }
  for (i = 0; i < N; i++)
    failures += wait_for(pids[i]) != 0;
  CHECK_INT(0, failures);
}

TEST(what_nobody_has_used_for_long_goes)
{
  t_enter_test();
  write_answer("x.c", 1);
  CHECK_BUILT(1, import("x.c"));
  CHECK_INT(0, system("touch -d '100 days ago' cache/native/*.list "
                      "cache/native/*.so cache/native/tidy"));
  write_answer("y.c", 2);
  CHECK_BUILT(2, import("y.c"));
  CHECK_INT(1, t_count_files("cache/native", ".list"));
  CHECK_INT(0, system("touch -d '2 minutes ago' cache/native/tidy"));
  write_answer("y.c", 3);
  CHECK_BUILT(3, import("y.c"));
  CHECK_INT(2, t_count_files("cache/native", ".so"));
}

/* --- Time ---------------------------------------------------------------------------------------------- */

TEST(a_look_takes_far_less_than_a_millisecond)
{
  uint64_t begin;
  int i;

  t_enter_test();
  t_write_file("x.c", "#include <stdio.h>\n#include <stdlib.h>\n#include "
                      "<string.h>\n#include <math.h>\n#include <unistd.h>\n"
                      "int answer(void) { return 3; }");
  CHECK_BUILT(3, import("x.c"));
  age();
  CHECK_FOUND(3, import("x.c"));
  begin = t_now_ms();
  for (i = 0; i < 200; i++)
    CHECK_FOUND(3, import("x.c"));
  print_message("# %g ms a look, with loading it\n",
                (double)(t_now_ms() - begin) / 200);
  CHECK(t_now_ms() - begin < 2000);
}
