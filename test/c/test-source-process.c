/* Child programs: what goes in and comes out, their end, and strange hosts. */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "source/process.h"

enum { MEGABYTE = 1 << 20 };

static const char *const sh_paths[] = {"/nosuch/sh", "/bin/sh", NULL};

static tenon_p_process shell(const char *const *argv)
{
  return (tenon_p_process){.paths = sh_paths,
                           .argv = argv,
                           .out_limit = MEGABYTE,
                           .err_limit = MEGABYTE};
}

static const char *const long_sleep[] = {"sh", "-c", "exec sleep 1000", NULL};
static const char *const short_sleep[] = {"sh", "-c", "sleep 0.3", NULL};

/* What it makes lives as long as the block that it stands in. */
#define SHELL(code) shell((const char *const[]){"sh", "-c", code, NULL})

static int run(tenon_p_process *p)
{
  return tenon_p_process_run(p, 1, 0, NULL);
}

static const char *text_of(const tenon_p_text *t)
{
  return t->data ? t->data : "";
}

TEST(what_a_program_writes_and_how_it_ends_is_known)
{
  tenon_p_process p = SHELL("echo out; echo err >&2; exit 7");

  CHECK_INT(0, run(&p));
  CHECK_TEXT("out\n", text_of(&p.out));
  CHECK_TEXT("err\n", text_of(&p.err));
  CHECK_INT(7, p.code);
  CHECK_INT(0, p.signal);
  CHECK(!p.is_reaped && !tenon_p_process_is_good(&p));
  tenon_p_process_release(&p);
  p = SHELL("kill -9 $$");
  CHECK_INT(0, run(&p));
  CHECK_INT(SIGKILL, p.signal);
  tenon_p_process_release(&p);
}

TEST(a_program_has_its_folder_environment_and_input)
{
  static const char *const env[] = {"A=b", "PATH=/bin:/usr/bin", NULL};
  tenon_p_process p = SHELL("pwd; echo $A$HOME; cat");

  p.cwd = "/usr";
  p.env = env;
  p.input = "typed";
  p.input_len = 5;
  CHECK_INT(0, run(&p));
  CHECK_TEXT("/usr\nb\ntyped", text_of(&p.out));
  tenon_p_process_release(&p);
}

TEST(without_input_there_is_nothing_to_read)
{
  tenon_p_process p = SHELL("cat; echo end");

  CHECK_INT(0, run(&p));
  CHECK_TEXT("end\n", text_of(&p.out));
  tenon_p_process_release(&p);
}

TEST(much_goes_in_and_out_at_once)
{
  static char input[3 * MEGABYTE];
  tenon_p_process p = SHELL("cat; echo >&2");

  memset(input, 'x', sizeof input);
  p.input = input;
  p.input_len = sizeof input;
  p.out_limit = 4 * MEGABYTE;
  CHECK_INT(0, run(&p));
  CHECK_INT(sizeof input, (int)p.out.len);
  CHECK(!p.is_out_cut);
  tenon_p_process_release(&p);
}

TEST(a_program_that_does_not_read_its_input_raises_no_signal)
{
  static char input[3 * MEGABYTE];
  tenon_p_process p = SHELL("exec <&-; echo ok; sleep 0.1");

  signal(SIGPIPE, SIG_DFL);
  p.input = input;
  p.input_len = sizeof input;
  CHECK_INT(0, run(&p));
  CHECK_TEXT("ok\n", text_of(&p.out));
  tenon_p_process_release(&p);
}

TEST(what_is_beyond_the_limit_is_read_and_forgotten)
{
  tenon_p_process p = SHELL("head -c 1000000 /dev/zero; echo end >&2");

  p.out_limit = 10;
  CHECK_INT(0, run(&p));
  CHECK_INT(10, (int)p.out.len);
  CHECK(p.is_out_cut && !p.is_err_cut);
  CHECK_INT(0, p.code);
  tenon_p_process_release(&p);
}

TEST(a_program_that_is_missing_or_none_is_an_error)
{
  static const char *const gone[] = {"/nosuch/x", NULL}, *const folder[] = {
                                                             "/usr", NULL};
  tenon_p_process p = {.paths = gone, .argv = gone};

  CHECK_INT(-ENOENT, run(&p));
  CHECK_INT(-ENOENT, p.error);
  tenon_p_process_release(&p);
  p = (tenon_p_process){.paths = folder, .argv = folder};
  CHECK_INT(-EACCES, run(&p));
  tenon_p_process_release(&p);
  p = SHELL("true");
  p.cwd = "/nosuch";
  CHECK_INT(-ENOENT, run(&p));
  tenon_p_process_release(&p);
}

/* --- Time ----------------------------------------------------------------------------- */

TEST(a_program_and_all_that_it_began_end_at_the_deadline)
{
  tenon_p_process p = SHELL("sleep 1000 & echo $!; exec sleep 1000");
  uint64_t begin = t_now_ms();
  int i;
  pid_t other;

  p.timeout_ms = 150;
  CHECK_INT(-ETIMEDOUT, run(&p));
  CHECK(t_now_ms() - begin >= 140);
  CHECK(t_now_ms() - begin < 5000);
  other = atoi(text_of(&p.out));
  CHECK(other > 1);
  /* Its parent is gone: the system reaps it. */
  for (i = 0; i < 100 && kill(other, 0) == 0; i++) {
    char name[64], state[256] = "";
    FILE *f;
    snprintf(name, sizeof name, "/proc/%d/stat", (int)other);
    f = fopen(name, "r");
    if (f) {
      if (!fgets(state, sizeof state, f)) state[0] = '\0';
      fclose(f);
    }
    if (strstr(state, ") Z")) break;
    usleep(10000);
  }
  CHECK(i < 100);
  tenon_p_process_release(&p);
}

TEST(what_a_program_leaves_behind_is_not_waited_for)
{
  tenon_p_process p = SHELL("sleep 3 & echo out");
  uint64_t begin = t_now_ms();

  CHECK_INT(0, run(&p));
  CHECK_TEXT("out\n", text_of(&p.out));
  CHECK(t_now_ms() - begin < 2000);
  tenon_p_process_release(&p);
}

static void *stop_soon(void *p)
{
  usleep(100000);
  tenon_p_stopper_stop(p);
  return NULL;
}

TEST(another_thread_stops_all_that_run_and_that_wait)
{
  tenon_p_process list[4];
  tenon_p_stopper stop;
  tenon_p_patience w = {.stop = &stop};
  uint64_t begin = t_now_ms();
  pthread_t thread;
  size_t i;

  for (i = 0; i < 4; i++)
    list[i] = shell(long_sleep);
  CHECK_INT(0, tenon_p_stopper_init(&stop));
  pthread_create(&thread, NULL, stop_soon, &stop);
  CHECK_INT(-ECANCELED, tenon_p_process_run(list, 4, 2, &w));
  pthread_join(thread, NULL);
  CHECK(t_now_ms() - begin < 5000);
  for (i = 0; i < 4; i++) {
    CHECK_INT(-ECANCELED, list[i].error);
    tenon_p_process_release(&list[i]);
  }
  /* It stays stopped. */
  list[0] = SHELL("true");
  CHECK_INT(-ECANCELED, tenon_p_process_run(list, 1, 0, &w));
  CHECK_INT(-ECANCELED, tenon_p_patience_sleep(&w, 10000));
  tenon_p_process_release(&list[0]);
  tenon_p_stopper_release(&stop);
}

static void count(void *data)
{
  ++*(int *)data;
}

TEST(notice_is_given_once_and_only_when_it_takes_long)
{
  int told = 0;
  tenon_p_patience w = {.notice = count,
                        .data = &told,
                        .notice_at_ms = tenon_p_patience_now() + 100};
  tenon_p_process p = SHELL("true");

  CHECK_INT(0, tenon_p_process_run(&p, 1, 0, &w));
  tenon_p_process_release(&p);
  w.notice_at_ms = tenon_p_patience_now() + 100;
  CHECK_INT(0, told);
  p = SHELL("sleep 0.3");
  CHECK_INT(0, tenon_p_process_run(&p, 1, 0, &w));
  tenon_p_process_release(&p);
  CHECK_INT(1, told);
  p = SHELL("true");
  CHECK_INT(0, tenon_p_process_run(&p, 1, 0, &w));
  tenon_p_process_release(&p);
  CHECK_INT(1, told);
}

TEST(some_run_beside_each_other_and_one_that_cannot_ends_all)
{
  static const char *const gone[] = {"/nosuch/x", NULL};
  tenon_p_process list[3];
  uint64_t begin = t_now_ms();
  size_t i;

  for (i = 0; i < 3; i++)
    list[i] = shell(short_sleep);
  CHECK_INT(0, tenon_p_process_run(list, 3, 3, NULL));
  CHECK(t_now_ms() - begin < 850);
  for (i = 0; i < 3; i++)
    tenon_p_process_release(&list[i]);
  list[0] = list[2] = shell(long_sleep);
  list[1] = (tenon_p_process){.paths = gone, .argv = gone};
  CHECK_INT(-ENOENT, tenon_p_process_run(list, 3, 3, NULL));
  CHECK_INT(-ECANCELED, list[0].error);
  CHECK_INT(-ENOENT, list[1].error);
  CHECK_INT(-ECANCELED, list[2].error);
  for (i = 0; i < 3; i++)
    tenon_p_process_release(&list[i]);
}

/* --- Hosts ---------------------------------------------------------------------------- */

TEST(a_host_that_ignores_sigchld_has_the_output_but_no_code)
{
  tenon_p_process p = SHELL("echo out; exit 7");

  signal(SIGCHLD, SIG_IGN);
  CHECK_INT(0, run(&p));
  signal(SIGCHLD, SIG_DFL);
  CHECK_TEXT("out\n", text_of(&p.out));
  CHECK(p.is_reaped);
  tenon_p_process_release(&p);
}

static bool reaps;

static void *reap_all(void *p)
{
  while (__atomic_load_n(&reaps, __ATOMIC_ACQUIRE))
    if (waitpid(-1, NULL, WNOHANG) < 0) usleep(100);
  return p;
}

TEST(a_host_that_reaps_every_child_does_no_harm)
{
  pthread_t thread;
  int i;

  reaps = true;
  pthread_create(&thread, NULL, reap_all, NULL);
  for (i = 0; i < 50; i++) {
    tenon_p_process p = SHELL("echo out; sleep 0.002");
    CHECK_INT(0, run(&p));
    CHECK_TEXT("out\n", text_of(&p.out));
    CHECK(tenon_p_process_is_good(&p));
    tenon_p_process_release(&p);
  }
  __atomic_store_n(&reaps, false, __ATOMIC_RELEASE);
  pthread_join(thread, NULL);
}

TEST(descriptors_of_the_host_are_not_the_childs)
{
  int fds[2], high;
  tenon_p_process p = SHELL("ls /proc/self/fd | wc -l");

  CHECK_INT(0, pipe(fds));
  high = fcntl(fds[0], F_DUPFD, 500);
  CHECK_INT(0, run(&p));
  /* 0, 1, 2, and that of ls. */
  CHECK_INT(4, atoi(text_of(&p.out)));
  tenon_p_process_release(&p);
  close(fds[0]);
  close(fds[1]);
  close(high);
}

TEST(a_host_without_standard_files_runs_programs)
{
  int saved[3], i;
  tenon_p_process p = SHELL("cat; echo out; echo err >&2");

  for (i = 0; i < 3; i++)
    saved[i] = fcntl(i, F_DUPFD_CLOEXEC, 100);
  for (i = 0; i < 3; i++)
    close(i);
  p.input = "in\n";
  p.input_len = 3;
  i = run(&p);
  dup2(saved[0], 0);
  dup2(saved[1], 1);
  dup2(saved[2], 2);
  CHECK_INT(0, i);
  CHECK_TEXT("in\nout\n", text_of(&p.out));
  CHECK_TEXT("err\n", text_of(&p.err));
  for (i = 0; i < 3; i++)
    close(saved[i]);
  tenon_p_process_release(&p);
}

static void on_signal(int number)
{
  (void)number;
}

static pthread_t interrupted;
static bool interrupts;

static void *interrupt(void *p)
{
  while (__atomic_load_n(&interrupts, __ATOMIC_ACQUIRE)) {
    pthread_kill(interrupted, SIGUSR1);
    usleep(500);
  }
  return p;
}

TEST(signals_that_interrupt_change_nothing)
{
  static char input[MEGABYTE];
  struct sigaction a = {.sa_handler = on_signal};
  pthread_t thread;
  int i;

  memset(input, 'x', sizeof input);
  sigaction(SIGUSR1, &a, NULL);
  interrupted = pthread_self();
  interrupts = true;
  pthread_create(&thread, NULL, interrupt, NULL);
  for (i = 0; i < 10; i++) {
    tenon_p_process p = SHELL("cat; exit 3");
    p.input = input;
    p.input_len = sizeof input;
    CHECK_INT(0, run(&p));
    CHECK_INT(3, p.code);
    CHECK_INT(sizeof input, (int)p.out.len);
    tenon_p_process_release(&p);
  }
  __atomic_store_n(&interrupts, false, __ATOMIC_RELEASE);
  pthread_join(thread, NULL);
  signal(SIGUSR1, SIG_DFL);
}

/* --- Programs without a name ------------------------------------------------------------ */

static char *read_program(size_t *size)
{
  FILE *f = fopen("/bin/echo", "rb");
  char *data = malloc(4 * MEGABYTE);

  CHECK(f && data);
  *size = fread(data, 1, 4 * MEGABYTE, f);
  fclose(f);
  return data;
}

static void check_echo(int fd)
{
  static const char *const argv[] = {"echo", "it", "runs", NULL};
  tenon_p_process p = {
      .program = &fd, .argv = argv, .out_limit = 100, .err_limit = 100};

  CHECK(fd > 2);
  CHECK_INT(0, run(&p));
  CHECK_TEXT("it runs\n", text_of(&p.out));
  tenon_p_process_release(&p);
  close(fd);
}

TEST(a_program_runs_from_memory_and_cannot_be_changed)
{
  size_t size;
  char *data = read_program(&size);
  int fd = tenon_p_program_open(data, size);

  CHECK(pwrite(fd, "x", 1, 0) < 0);
  CHECK(ftruncate(fd, 0) < 0);
  check_echo(fd);
  free(data);
}

TEST(where_that_cannot_be_it_runs_from_a_file_that_is_gone)
{
  size_t size;
  char *data = read_program(&size);

  t_enter_folder();
  check_echo(tenon_p_program_open_in(".", data, size));
  CHECK(system("ls reader-* >/dev/null 2>&1"));
  CHECK(tenon_p_program_open_in("/nosuch", data, size) == -ENOENT);
  free(data);
}

TEST(what_is_no_program_is_an_error)
{
  static const char *const argv[] = {"x", NULL};
  int fd = tenon_p_program_open("no program", 10);
  tenon_p_process p = {.program = &fd, .argv = argv};

  CHECK_INT(-ENOEXEC, run(&p));
  tenon_p_process_release(&p);
  close(fd);
}

/* --- Threads and memory ------------------------------------------------------------------ */

static void *run_some(void *p)
{
  int i;

  for (i = 0; i < 10; i++) {
    tenon_p_process c = SHELL("cat; echo out");
    c.input = "in ";
    c.input_len = 3;
    if (run(&c) || strcmp(text_of(&c.out), "in out\n") != 0) *(bool *)p = true;
    tenon_p_process_release(&c);
  }
  return NULL;
}

TEST(many_threads_run_programs_at_once)
{
  bool failed[4] = {false};
  pthread_t threads[4];
  int i;

  for (i = 0; i < 4; i++)
    pthread_create(&threads[i], NULL, run_some, &failed[i]);
  for (i = 0; i < 4; i++) {
    pthread_join(threads[i], NULL);
    CHECK(!failed[i]);
  }
}

static int open_descriptors(void)
{
  int i, n = 0;

  for (i = 0; i < 256; i++)
    n += fcntl(i, F_GETFD) >= 0;
  return n;
}

TEST(without_memory_it_fails_and_leaves_nothing)
{
  uint64_t all, at = 1;
  int n = open_descriptors(), lasting;

  for (lasting = 0; lasting < 2; lasting++) {
    tenon_p_alloc_inject(0, false);
    {
      tenon_p_process p = SHELL("head -c 20000 /dev/zero; echo x >&2");
      CHECK_INT(0, run(&p));
      tenon_p_process_release(&p);
    }
    all = tenon_p_alloc_stop();
    CHECK(all > 2);
    for (at = 1; at <= all; at++) {
      tenon_p_process p = SHELL("head -c 20000 /dev/zero; echo x >&2");
      int r;
      tenon_p_alloc_inject(at, lasting);
      r = run(&p);
      tenon_p_alloc_stop();
      CHECK(r == 0 || r == -ENOMEM);
      tenon_p_process_release(&p);
    }
  }
  CHECK_INT(n, open_descriptors());
  CHECK(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}
