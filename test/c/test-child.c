/*
 * tenon:process as a host sees it: what becomes of children when a runtime or a
 * realm ends, several runtimes, limits of the system, and no zombies.
 */
#define TENON_MODULE child
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <tenon/export.h>
#include <tenon/limits.h>
#include <tenon/realm.h>
#include <unistd.h>
#include <uv.h>

#include "base/start.h"

#ifdef __SANITIZE_THREAD__
/* It takes a child that is still in its parent's memory for that parent. */
__attribute__((visibility("default"))) const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
  return "die_after_fork=0";
}
#endif

/* --- Looking at the system ------------------------------------------------------ */

/* The state of a process as /proc has it, 'Z' for a zombie; 0: there is none. */
static char state_of(pid_t pid)
{
  char path[64], line[512], *end;
  FILE *f;
  size_t n;

  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  f = fopen(path, "r");
  if (!f) return 0;
  n = fread(line, 1, sizeof line - 1, f);
  line[n] = '\0';
  fclose(f);
  end = strrchr(line, ')');
  return end && end[1] ? end[2] : 0;
}

/* Within two seconds. */
static bool is_gone(pid_t pid)
{
  int i;

  for (i = 0; i < 400 && state_of(pid); i++)
    usleep(5000);
  return !state_of(pid);
}

/* Is there a child of this process, a zombie or not? */
static bool has_children(void)
{
  siginfo_t info;

  info.si_pid = 0;
  return waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WNOHANG | WNOWAIT) == 0 ||
         errno != ECHILD;
}

static int open_descriptors(void)
{
  int i, n = 0;

  for (i = 0; i < 1024; i++)
    n += fcntl(i, F_GETFD) >= 0;
  return n;
}

static int run_quietly(tenon_runtime *rt, const char *source)
{
  return tenon_runtime_eval_module(rt, source, strlen(source), "[test]");
}

/* The number that a script has logged. */
static pid_t logged_pid(void)
{
  return (pid_t)strtol(t_logged(), NULL, 10);
}

#define IMPORT                                   \
  "import { exec, spawn } from 'tenon:process';" \
  "import { log } from 'test';"

/* --- The end of runtimes and realms ----------------------------------------------- */

TEST(a_child_is_killed_with_its_runtime)
{
  tenon_runtime *rt = t_runtime();
  pid_t pid;

  CHECK_INT(0, run_quietly(rt, IMPORT "const c = spawn('sleep', ['100']);"
                                      "log(`${c.pid}`);"));
  pid = logged_pid();
  CHECK(state_of(pid) != 0);
  t_free(rt);
  CHECK_INT(0, state_of(pid));
  CHECK(!has_children());
}

TEST(a_detached_child_outlives_its_runtime_and_is_reaped)
{
  tenon_runtime *rt = t_runtime();
  pid_t pid;

  CHECK_INT(0,
            run_quietly(rt, IMPORT "log(`${spawn('sleep', ['100'], { detached:"
                                   "true, stdout: 'ignore', stderr: 'ignore'"
                                   "}).pid}`);"));
  pid = logged_pid();
  t_free(rt);
  CHECK(state_of(pid) != 0 && state_of(pid) != 'Z');
  kill(pid, SIGKILL);
  CHECK(is_gone(pid));
  CHECK(!has_children());
}

TEST(a_runtime_ends_with_sixty_four_children_of_all_kinds)
{
  tenon_runtime *rt = t_runtime();
  uint64_t begun = t_now_ms();
  int before = open_descriptors();

  CHECK_INT(
      0,
      run_quietly(rt, IMPORT
                  "for (let i = 0; i < 16; i++) {"
                  "  spawn('sleep', ['100']);"
                  "  spawn('yes').stdout.text();"
                  "  spawn('cat', [], { stdin: 'pipe' }).stdin.write('x');"
                  "  const c = spawn('sh', ['-c', 'trap \"\" TERM; sleep 100'],"
                  "    { group: true, timeout: 1, grace: 1e6 });"
                  "  c.kill('SIGSTOP');"
                  "}"));
  t_free(rt);
  CHECK(!has_children());
  CHECK(t_now_ms() - begun < 3000);
  CHECK(open_descriptors() < before);
}

TEST(the_end_of_a_realm_kills_what_began_in_it_alone)
{
  static const char source[] =
      "import('tenon:process').then(({ spawn }) => {"
      "  const c = spawn('sleep', ['100']);"
      "  globalThis.pid = c.pid;"
      "  c.stdout.text().then(() => { throw new Error('told'); });"
      "});";
  tenon_runtime *rt = t_runtime();
  tenon_realm *realm;
  pid_t pid;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, run_quietly(rt, IMPORT "const c = spawn('sleep', ['100']);"
                                      "log(`${c.pid}`);"));
  pid = logged_pid();
  CHECK_INT(0,
            tenon_realm_eval_script(realm, source, strlen(source), "[realm]"));
  CHECK_INT(0, tenon_realm_free(realm));
  CHECK(state_of(pid) != 0);
  kill(pid, SIGKILL);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(!has_children());
}

TEST(a_realm_without_process_has_no_module_of_it)
{
  static const char source[] =
      "import('tenon:process').catch((e) =>"
      "  import('test').then(({ log }) => log(e.message)))";
  tenon_realm_options o = {sizeof o, TENON_REALM_PROCESS};
  tenon_runtime *rt = t_runtime();
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, &o, &realm));
  CHECK_INT(0,
            tenon_realm_eval_script(realm, source, strlen(source), "[realm]"));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("Cannot find module 'tenon:process' imported from [realm]: tried "
            "the builtin modules (this realm has none)\n");
}

/* --- Many, much, and for ever --------------------------------------------------- */

TEST(sixty_four_children_at_once_lose_nothing)
{
  tenon_runtime *rt = t_runtime();

  /* More than a mebibyte of each, and an exact status. */
  t_run(rt, IMPORT
        "const all = [];"
        "for (let i = 0; i < 64; i++)"
        "  all.push(spawn('sh', ['-c', `seq ${i} ${i + 170000}; exit ${i}`]));"
        "const texts = await Promise.all(all.map((c) => c.stdout.text()));"
        "const list = await Promise.all(all.map((c) => c.status));"
        "let expected = '', good = 0;"
        "for (let i = 0; i < 170001; i++) expected += `${i + 63}\\n`;"
        "for (let i = 0; i < 64; i++) {"
        "  const at = texts[i].indexOf('\\n63\\n') + 1;"
        "  const text = i === 63 ? texts[i] : texts[i].slice(at);"
        "  if (texts[i].length > 1048576 && expected.startsWith(text) &&"
        "      texts[i].startsWith(`${i}\\n`) && list[i].code === i &&"
        "      texts[i].endsWith(`\\n${i + 170000}\\n`)) good++;"
        "}"
        "log(`${good}`);");
  CHECK_LOG("64\n");
  CHECK(!has_children());
}

/* Which keep what was freed. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#else
#define HAS_SANITIZER 0
#endif

static long resident_kib(void)
{
  FILE *f = fopen("/proc/self/statm", "r");
  long size = 0, resident = 0;

  if (f && fscanf(f, "%ld %ld", &size, &resident) != 2) resident = 0;
  if (f) fclose(f);
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

TEST(a_child_that_babbles_waits_for_its_reader)
{
  tenon_runtime *rt = t_runtime();
  long before;
  pid_t pid;

  CHECK_INT(0, run_quietly(rt,
                           IMPORT "globalThis.c = spawn('yes');"
                                  "const it = c.stdout[Symbol.asyncIterator]();"
                                  "globalThis.it = it;"
                                  "await it.next(); log(`${c.pid}`);"
                                  "setTimeout(() => c.kill(), 300);"));
  CHECK_INT(0, tenon_runtime_run(rt));
  pid = logged_pid();
  CHECK_INT(0, state_of(pid));
  before = resident_kib();
  t_run(rt, IMPORT "const c = spawn('yes'); let size = 0;"
                   "for await (const chunk of c.stdout)"
                   "  if ((size += chunk.length) > 5e7) break;"
                   "log((await c.status).signal);");
  CHECK_LOG("SIGPIPE\n");
  if (!HAS_SANITIZER) CHECK(resident_kib() - before < 20000);
}

TEST(a_thousand_children_leave_nothing)
{
  tenon_runtime *rt = t_runtime();
  int descriptors;
  long before;

  t_run(rt, IMPORT "for (let i = 0; i < 200; i++) await spawn('true').status;");
  before = resident_kib();
  descriptors = open_descriptors();
  t_run(rt, IMPORT "for (let i = 0; i < 800; i++) await spawn('true').status;");
  CHECK(!has_children());
  CHECK(open_descriptors() <= descriptors);
  if (!HAS_SANITIZER) CHECK(resident_kib() - before < 2000);
}

/* --- A program that is ended ------------------------------------------------------ */

static void terminate_later(void *rt)
{
  usleep(50000);
  tenon_runtime_terminate(rt);
}

TEST(a_program_that_is_ended_goes_on_with_its_children_later)
{
  tenon_runtime *rt = t_runtime();
  uv_thread_t thread;

  CHECK_INT(0, uv_thread_create(&thread, terminate_later, rt));
  CHECK_INT(
      TENON_ETERMINATED,
      t_eval_module(rt, IMPORT
                    "const c = spawn('sh', ['-c',"
                    "  'sleep 0.2; echo late; exit 9']);"
                    "Promise.all([c.stdout.text(), c.status]).then(([t, s]) =>"
                    "  log(`${t.trim()} ${s.code}`));"));
  uv_thread_join(&thread);
  tenon_runtime_resume(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("late 9\n");
  CHECK(!has_children());
}

TEST(exit_ends_the_children_with_the_runtime)
{
  tenon_runtime *rt = t_runtime();
  pid_t pid;

  CHECK_INT(TENON_EEXIT,
            t_eval_module(rt, IMPORT "log(`${spawn('sleep', ['100']).pid}`);"
                                     "process.exit(0);"));
  pid = logged_pid();
  t_free(rt);
  CHECK_INT(0, state_of(pid));
}

/* --- In the loop of a host, and limits ---------------------------------------------- */

TEST(children_run_in_the_loop_of_a_host)
{
  static const char source[] =
      IMPORT "const c = spawn('cat', [], { stdin: 'pipe' });"
             "await c.stdin.write('x'); await c.stdin.close();"
             "log(await c.stdout.text() + (await c.status).code);";
  uv_loop_t host;
  tenon_options o = {.size = sizeof o, .loop = &host};
  tenon_runtime *rt;

  CHECK_INT(0, uv_loop_init(&host));
  CHECK_INT(0, t_runtime_new(&o, &rt));
  CHECK_INT(0, run_quietly(rt, source));
  CHECK_INT(0, uv_run(&host, UV_RUN_DEFAULT));
  CHECK_LOG("x0\n");
  CHECK_INT(0, run_quietly(rt, IMPORT "spawn('sleep', ['100']);"));
  t_free(rt);
  CHECK(!has_children());
  uv_run(&host, UV_RUN_DEFAULT);
  CHECK_INT(0, uv_loop_close(&host));
}

TEST(a_child_and_its_pipes_count_against_the_limits)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_HANDLES, 3));
  t_run(rt,
        IMPORT "const c = spawn('sleep', ['100']);"
               "const none = { stdout: 'ignore', stderr: 'ignore' };"
               "try { spawn('true', [], none); } catch (e) { log(e.code); }"
               "c.kill(); c.stdout.close(); c.stderr.close(); await c.status;"
               "try { spawn('true', [], { stdin: 'pipe' }); }"
               "catch (e) { log(e.name); }"
               "log(`${(await spawn('true', [], none).status).code}`);");
  CHECK_LOG("EFULL\nRangeError\n0\n");
  CHECK(!has_children());
}

/* --- Several runtimes --------------------------------------------------------------- */

static void run_many(void *p)
{
  int *failed = p, i;
  tenon_runtime *rt;

  if (tenon_runtime_new(NULL, &rt)) {
    *failed = 1;
    return;
  }
  for (i = 0; i < 10; i++) {
    static const char source[] =
        "import { spawn } from 'tenon:process';"
        "const all = [];"
        "for (let i = 0; i < 8; i++)"
        "  all.push(spawn('sh', ['-c', `echo ${i}; exit ${i}`]));"
        "for (let i = 0; i < 8; i++) {"
        "  const text = await all[i].stdout.text();"
        "  const { code, signal } = await all[i].status;"
        "  if (text !== `${i}\\n` || code !== i || signal !== null)"
        "    throw new Error(`${i}: ${text} ${code} ${signal}`);"
        "}";
    if (tenon_runtime_eval_module(rt, source, strlen(source), "[many]") ||
        tenon_runtime_run(rt))
      *failed = 1;
  }
  tenon_runtime_free(rt);
}

TEST(runtimes_of_several_threads_have_children_at_once)
{
  uv_thread_t threads[4];
  int failed[4] = {0}, i;

  for (i = 0; i < 4; i++)
    CHECK_INT(0, uv_thread_create(&threads[i], run_many, &failed[i]));
  for (i = 0; i < 4; i++)
    uv_thread_join(&threads[i]);
  for (i = 0; i < 4; i++)
    CHECK_INT(0, failed[i]);
  CHECK(!has_children());
}

/* --- The host's own signals and children ----------------------------------------------- */

static volatile sig_atomic_t told;

static void on_sigchld(int number)
{
  (void)number;
  told++;
}

TEST(the_hosts_handler_of_sigchld_stays)
{
  struct sigaction action = {.sa_handler = on_sigchld}, now;
  tenon_runtime *rt = t_runtime();

  sigaction(SIGCHLD, &action, NULL);
  t_run(rt, IMPORT "await spawn('true').status;");
  sigaction(SIGCHLD, NULL, &now);
  CHECK(now.sa_handler == on_sigchld);
  CHECK(told > 0);
  signal(SIGCHLD, SIG_DFL);
}

TEST(where_the_host_ignores_sigchld_the_status_is_an_error)
{
  tenon_runtime *rt = t_runtime();

  signal(SIGCHLD, SIG_IGN);
  t_run(rt, IMPORT "await spawn('true').status.then(() => log('known'),"
                   "  (e) => log(`${e.code} ${e.syscall}`));");
  signal(SIGCHLD, SIG_DFL);
  CHECK_LOG("ECHILD waitid\n");
}

TEST(writing_to_a_child_that_is_gone_sends_the_host_no_sigpipe)
{
  tenon_runtime *rt = t_runtime();

  signal(SIGPIPE, SIG_DFL);
  t_run(
      rt, IMPORT
      "const c = spawn('true', [], { stdin: 'pipe' });"
      "await c.status;"
      "await c.stdin.write('x').catch((e) => log(`${e.code} ${e.syscall}`));"
      "await c.stdin.write('x').catch((e) => log(`${e.code} ${e.syscall}`));");
  CHECK_LOG("EPIPE write\nEPIPE write\n");
}

TEST(a_child_has_no_descriptor_but_those_it_was_given)
{
  tenon_runtime *rt = t_runtime();
  int fd = open("/dev/null", O_RDONLY); /* as a host forgets it */

  t_run(rt, IMPORT "const { stdout } = await exec('ls', ['/proc/self/fd']);"
                   "log(stdout.split('\\n').join(' '));");
  close(fd);
  /* The last one is that of the folder. */
  CHECK_LOG("0 1 2 3 \n");
}

TEST(a_child_has_the_hosts_blocked_and_ignored_signals_not)
{
  tenon_runtime *rt = t_runtime();
  sigset_t set, before;

  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &set, &before);
  signal(SIGUSR2, SIG_IGN);
  t_run(rt, IMPORT "const { stdout } = await exec('grep', ['-E',"
                   "  'SigBlk|SigIgn', '/proc/self/status']);"
                   "log(stdout.match(/[1-9a-f]/g)?.join() ?? 'none');");
  signal(SIGUSR2, SIG_DFL);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  CHECK_LOG("none\n");
}

/* --- What the system refuses -------------------------------------------------------------- */

TEST(where_descriptors_are_used_up_nothing_is_started_or_lost)
{
  struct rlimit before, few;
  tenon_runtime *rt = t_runtime();
  int n;

  t_run(rt, IMPORT "await spawn('true').status;");
  n = open_descriptors();
  getrlimit(RLIMIT_NOFILE, &before);
  few = before;
  few.rlim_cur = (rlim_t)n;
  for (; few.rlim_cur < (rlim_t)n + 8; few.rlim_cur++) {
    setrlimit(RLIMIT_NOFILE, &few);
    t_run(rt, IMPORT "try {"
                     "  const c = spawn('cat', [], { stdin: 'pipe' });"
                     "  await c.stdin.close();"
                     "  await c.stdout.bytes();"
                     "  await c.stderr.bytes();"
                     "  log(`${(await c.status).code}`);"
                     "} catch (e) { log(e.code); }");
    setrlimit(RLIMIT_NOFILE, &before);
    if (strcmp(t_logged(), "EMFILE\n") == 0) CHECK_INT(n, open_descriptors());
  }
  t_run(rt, IMPORT "log(`${(await spawn('true').status).code}`);");
  CHECK_LOG("0\n");
  CHECK(!has_children());
  CHECK_INT(n, open_descriptors());
}

/* --- Without an engine ----------------------------------------------------------------- */

TEST(names_of_signals_and_numbers_are_each_others)
{
  char text[16];
  int i;

  for (i = 1; i < NSIG; i++)
    CHECK_INT(i, tenon_p_signal_number(tenon_p_signal_name(i, text)));
  CHECK_TEXT("SIGTERM", tenon_p_signal_name(SIGTERM, text));
  CHECK_INT(0, tenon_p_signal_number("TERM"));
  CHECK_INT(0, tenon_p_signal_number("SIGNO"));
}
