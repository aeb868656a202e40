/*
 * What is told of a crash: each happens in a child process, whose standard error
 * and status are looked at.
 */
#define TENON_MODULE crash
#include <tenon/crash.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <tenon/export.h>
#include <tenon/loop.h>
#include <tenon/napi.h>
#include <tenon/persistent.h>
#include <unistd.h>

#include "engine/native.h"
#include "harness.h"

TENON_MODULE_THREADS(any);

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#else
#define HAS_SANITIZER 0
#endif
#define NO_SANITIZER \
  __attribute__((no_sanitize("address", "undefined", "thread")))

/* --- Functions that crash ------------------------------------------------------------- */

static volatile int zero, sink;

NO_SANITIZER __attribute__((noinline)) static void dereference(uintptr_t at)
{
  volatile int *volatile p = (volatile int *)at;

  *p = 1;
}

TENON_FUNCTION(none, poke, (i32, at))
{
  dereference((uintptr_t)at);
}

TENON_BLOCKING(none, poke_later, (i32, at))
{
  dereference((uintptr_t)at);
}

TENON_ASYNC(none, poke_at_once, (i32, at))
{
  (void)deferred;
  dereference((uintptr_t)at);
}

TENON_FUNCTION(none, poke_many, (array(i32), at), (i64, a, 1), (bool, b, true),
               (bool, c, false))
{
  (void)a;
  (void)b;
  (void)c;
  dereference((uintptr_t)at.data[0]);
}

NO_SANITIZER static int by_zero(void)
{
  return 7 / zero;
}

TENON_FUNCTION(none, divide)
{
  sink = by_zero();
}

TENON_FUNCTION(none, give_up)
{
  abort();
}

NO_SANITIZER __attribute__((noinline)) static int recurse(int n)
{
  volatile char room[4000];

  room[0] = (char)n;
  return (zero == n + 1 ? 0 : recurse(n + 1)) + room[0];
}

TENON_FUNCTION(none, overflow)
{
  sink = recurse(0);
}

TENON_BLOCKING(none, overflow_later)
{
  sink = recurse(0);
}

TENON_CALLBACK(none, visitor)

TENON_FUNCTION(none, visit, (visitor, f))
{
  (void)visitor_call(f);
}

TENON_FUNCTION(none, visit_and_poke, (visitor, f))
{
  (void)visitor_call(f);
  dereference(48);
}

static void *poke_thread(void *p)
{
  dereference((uintptr_t)p);
  return NULL;
}

TENON_FUNCTION(none, poke_elsewhere)
{
  pthread_t t;

  if (pthread_create(&t, NULL, poke_thread, (void *)0x20)) return;
  pthread_join(t, NULL);
}

TENON_FUNCTION(none, send, (i32, number))
{
  raise(number);
}

/* Behind the end of a file that is mapped. */
TENON_FUNCTION(none, read_behind)
{
  FILE *f = tmpfile();
  volatile char *p;

  if (!f) return;
  p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fileno(f), 0);
  if (p != MAP_FAILED) sink = p[0];
  fclose(f);
}

typedef struct row {
  int n;
} row;
TENON_CLASS_AS("Row", row)
TENON_CONSTRUCTOR(row, (i32, n))
{
  self->n = n;
}
TENON_METHOD(none, row, poke)
{
  dereference((uintptr_t)self->n);
}
TENON_ITERATOR(i32, row, int)
{
  if (*cursor == 2) dereference(64);
  *value = (*cursor)++;
  return true;
}

static napi_value addon_poke(napi_env env, napi_callback_info info)
{
  (void)env;
  (void)info;
  dereference(80);
  return NULL;
}

TENON_FUNCTION(any, addon)
{
  napi_env env = tenon_env();
  napi_value f = NULL;

  (void)napi_create_function(env, "addonPoke", NAPI_AUTO_LENGTH, addon_poke,
                             NULL, &f);
  return f;
}

static void finalize(napi_env env, void *data, void *hint)
{
  (void)env;
  (void)hint;
  dereference((uintptr_t)data);
}

TENON_FUNCTION(any, finalized)
{
  napi_value v = NULL;

  (void)napi_create_external(tenon_env(), (void *)96, finalize, NULL, &v);
  return v;
}

/* --- Children ------------------------------------------------------------------------------ */

static char told[65536];

/* What cmocka catches, and the actions of before: those of a sanitizer, say. */
enum { CAUGHT = 4 };
static const int caught[CAUGHT] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
static struct sigaction at_start[CAUGHT];

__attribute__((constructor)) static void remember_actions(void)
{
  size_t i;

  for (i = 0; i < CAUGHT; i++)
    sigaction(caught[i], NULL, &at_start[i]);
}

/* What `child` writes to standard error, in `told`; how it ends. */
static int run_child(void (*child)(const void *), const void *p)
{
  int files[2], status = -1;
  size_t len = 0;
  ssize_t n;
  pid_t pid;

  CHECK_INT(0, pipe(files));
  pid = fork();
  if (pid == 0) {
    struct rlimit none = {0, 0};
    size_t i;
    for (i = 0; i < CAUGHT; i++)
      sigaction(caught[i], &at_start[i], NULL);
    setrlimit(RLIMIT_CORE, &none);
    dup2(files[1], STDERR_FILENO);
    close(files[0]);
    close(files[1]);
    child(p);
    _exit(0);
  }
  close(files[1]);
  while (len < sizeof told - 1 &&
         ((n = read(files[0], told + len, sizeof told - 1 - len)) > 0 ||
          (n < 0 && errno == EINTR)))
    if (n > 0) len += (size_t)n;
  told[len] = '\0';
  close(files[0]);
  CHECK_INT(pid, waitpid(pid, &status, 0));
  return status;
}

static void run_script(const void *source)
{
  char text[1024];
  tenon_runtime *rt;

  if (tenon_runtime_new(NULL, &rt) ||
      tenon_runtime_add_module(rt, "faults", tenon_module_crash))
    _exit(100);
  snprintf(text, sizeof text, "import * as m from 'faults';\n%s",
           (const char *)source);
  if (tenon_runtime_eval_module(rt, text, strlen(text), "app.mjs") ||
      tenon_runtime_run(rt))
    _exit(101);
  tenon_runtime_free(rt);
}

static void report_and_run(const void *source)
{
  if (tenon_report_crashes(true, TENON_FORM_TEXT)) _exit(102);
  run_script(source);
}

static void check_signal(int number, int status)
{
  if (HAS_SANITIZER) {
    CHECK(status != 0);
    return;
  }
  CHECK(WIFSIGNALED(status));
  CHECK_INT(number, WTERMSIG(status));
}

static void check_has(const char *text)
{
  if (strstr(told, text)) return;
  fprintf(stderr, "expected: %s\ngot: %s\n", text, told);
  CHECK(false);
}

static void check_has_not(const char *text)
{
  if (!strstr(told, text)) return;
  fprintf(stderr, "not expected: %s\ngot: %s\n", text, told);
  CHECK(false);
}

static void check_crash(const char *source, int number, const char *reason,
                        const char *where)
{
  check_signal(number, run_child(report_and_run, source));
  check_has(reason);
  check_has(where);
}

/* --- Tests ------------------------------------------------------------------------------ */

TEST(a_crash_says_signal_address_function_module_and_script)
{
  char file[64];

  check_crash("\n  m.poke(16);", SIGSEGV,
              "tenon: SIGSEGV: no memory at address 0x10\n"
              "tenon: in native function 'poke' of module 'faults' (",
              "\ntenon: the script was at app.mjs:3:5\n");
  snprintf(file, sizeof file, "test-crash.c:");
  check_has(file);
}

TEST(a_crash_of_a_function_that_leaves_the_fast_path_names_it)
{
  check_crash("m.poke_many([16]);", SIGSEGV, "address 0x10\n",
              "'poke_many' of module 'faults'");
}

TEST(a_crash_on_the_pool_names_the_function_and_the_pool)
{
  check_crash("m.poke_later(32);", SIGSEGV, "address 0x20\n",
              "'poke_later' of module 'faults', on a thread of the pool (");
}

TEST(a_crash_of_an_async_twin_is_one_on_the_pool)
{
  check_crash("m.poke.async(32);", SIGSEGV, "address 0x20\n",
              "'poke' of module 'faults', on a thread of the pool (");
}

TEST(a_crash_of_an_async_function_names_it)
{
  check_crash("m.poke_at_once(32);", SIGSEGV, "address 0x20\n",
              "'poke_at_once' of module 'faults' (");
}

TEST(a_crash_in_a_callback_names_the_innermost_function)
{
  check_crash("m.visit(() => m.visit(() => m.poke(16)));", SIGSEGV,
              "address 0x10\n", "'poke' of module 'faults' (");
}

TEST(a_crash_behind_a_callback_names_the_function_that_called_it)
{
  check_crash("m.visit_and_poke(() => m.visit(() => {}));", SIGSEGV,
              "address 0x30\n", "'visit_and_poke' of module 'faults' (");
}

TEST(a_crash_of_a_method_names_it)
{
  check_crash("new m.Row(16).poke();", SIGSEGV, "address 0x10\n",
              "'Row.poke' of module 'faults' (");
}

TEST(a_crash_of_a_step_of_an_iterator_names_it)
{
  check_crash("m.visit(() => { for (const n of new m.Row(1)) ; });", SIGSEGV,
              "address 0x40\n", "'Row Iterator.next' of module 'faults' (");
}

TEST(a_crash_of_a_function_of_node_api_names_it)
{
  check_crash("m.addon()();", SIGSEGV, "address 0x50\n",
              "in native function 'addonPoke'\n");
  check_has_not("of module");
}

TEST(a_crash_of_a_finalizer_is_called_so)
{
  check_crash("m.visit(() => { m.finalized(); });", SIGSEGV, "address 0x60\n",
              "in a finalizer of native code\n");
}

TEST(a_division_by_zero_is_told)
{
  check_crash("m.divide();", SIGFPE,
              "SIGFPE: integer division by zero or overflow\n",
              "in native function 'divide'");
}

TEST(an_abort_is_told)
{
  check_crash("m.give_up();", SIGABRT, "SIGABRT: aborted\n",
              "in native function 'give_up'");
}

TEST(an_overflow_of_the_stack_is_told)
{
  check_crash("m.overflow();", SIGSEGV, "SIGSEGV: stack overflow at address 0x",
              "in native function 'overflow'");
}

TEST(an_overflow_of_the_stack_of_a_thread_of_the_pool_is_told)
{
  check_crash("m.overflow_later();", SIGSEGV,
              "SIGSEGV: stack overflow at address 0x",
              "in native function 'overflow_later'");
}

TEST(a_read_behind_the_end_of_a_file_is_told)
{
  check_crash("m.read_behind();", SIGBUS, "SIGBUS: nothing behind address 0x",
              "in native function 'read_behind'");
}

TEST(a_signal_that_was_sent_is_told_as_that)
{
  check_crash("m.send(4);", SIGILL, "SIGILL: sent by the process itself\n",
              "in native function 'send'");
}

TEST(a_crash_in_a_thread_that_is_no_runtime_s_is_in_no_function)
{
  check_crash("m.poke_elsewhere();", SIGSEGV, "address 0x20\n",
              "tenon: no native function was being called\n");
  check_has_not("the script was");
}

static void crash_outside(const void *p)
{
  (void)p;
  if (tenon_report_crashes(true, TENON_FORM_TEXT)) _exit(102);
  run_script("m.visit(() => {});");
  dereference(16);
}

TEST(a_crash_outside_of_all_calls_is_in_no_function)
{
  check_signal(SIGSEGV, run_child(crash_outside, NULL));
  check_has("tenon: no native function was being called\n");
  check_has_not("the script was");
}

/* --- Overflow in a thread of a host --------------------------------------------------- */

static void *overflow_thread(void *p)
{
  (void)p;
  run_script("m.overflow();");
  return NULL;
}

static void overflow_elsewhere(const void *p)
{
  pthread_t t;

  (void)p;
  if (tenon_report_crashes(true, TENON_FORM_TEXT)) _exit(102);
  if (pthread_create(&t, NULL, overflow_thread, NULL)) _exit(103);
  pthread_join(t, NULL);
}

TEST(an_overflow_in_a_thread_that_has_a_runtime_is_told)
{
  check_signal(SIGSEGV, run_child(overflow_elsewhere, NULL));
  check_has("stack overflow");
  check_has("'overflow'");
}

static void *enter_thread(void *p)
{
  (void)p;
  run_script("m.visit(() => {});");
  return NULL;
}

static size_t mapping_count(void)
{
  FILE *f = fopen("/proc/self/maps", "r");
  size_t n = 0;
  int c;

  if (!f) return 0;
  while ((c = getc(f)) != EOF)
    if (c == '\n') n++;
  fclose(f);
  return n;
}

static void many_threads(const void *p)
{
  size_t before = 0;
  pthread_t t;
  int i;

  (void)p;
  if (tenon_report_crashes(true, TENON_FORM_TEXT)) _exit(102);
  for (i = 0; i < 200; i++) {
    if (i == 20) before = mapping_count();
    if (pthread_create(&t, NULL, enter_thread, NULL)) _exit(103);
    pthread_join(t, NULL);
  }
  _exit(mapping_count() > before + 50 ? 104 : 0);
}

TEST(stacks_for_handlers_go_with_their_threads)
{
  CHECK_INT(0, run_child(many_threads, NULL));
}

/* --- On, off, and handlers of others ---------------------------------------------------- */

TEST(nothing_is_told_before_it_is_asked_for)
{
  check_signal(SIGSEGV, run_child(run_script, "m.poke(16);"));
  check_has_not("tenon:");
}

static void switch_off(const void *source)
{
  if (tenon_report_crashes(true, TENON_FORM_TEXT) ||
      tenon_report_crashes(true, TENON_FORM_TEXT) ||
      tenon_report_crashes(false, TENON_FORM_TEXT) ||
      tenon_report_crashes(false, TENON_FORM_TEXT))
    _exit(102);
  run_script(source);
}

TEST(nothing_is_told_when_it_was_switched_off)
{
  check_signal(SIGSEGV, run_child(switch_off, "m.poke(16);"));
  check_has_not("tenon:");
}

static void ask_twice(const void *source)
{
  if (tenon_report_crashes(true, TENON_FORM_JSON) ||
      tenon_report_crashes(false, TENON_FORM_TEXT) ||
      tenon_report_crashes(true, TENON_FORM_TEXT) ||
      tenon_report_crashes(true, TENON_FORM_TEXT))
    _exit(102);
  run_script(source);
}

TEST(a_crash_is_told_once_however_often_it_was_asked_for)
{
  const char *first;

  check_signal(SIGSEGV, run_child(ask_twice, "m.poke(16);"));
  first = strstr(told, "tenon: SIGSEGV");
  CHECK(first != NULL);
  CHECK(strstr(first + 1, "tenon: SIGSEGV") == NULL);
}

static void report_json(const void *source)
{
  if (tenon_report_crashes(true, TENON_FORM_JSON)) _exit(102);
  run_script(source);
}

TEST(as_json_it_is_one_line)
{
  check_signal(SIGSEGV, run_child(report_json, "m.poke(16);"));
  check_has("{\"kind\":\"crash\",\"message\":\"SIGSEGV: no memory at address "
            "0x10, in native function 'poke' of module "
            "'faults'\",\"signal\":\"SIGSEGV\",\"address\":\"0x10\","
            "\"function\":\"poke\",\"module\":\"faults\",\"source\":{\"file\":"
            "\"");
  check_has("},\"place\":{\"file\":\"app.mjs\",\"line\":2,\"column\":3}}\n");
}

static void say(const char *text)
{
  (void)!write(STDERR_FILENO, text, strlen(text));
}

static void host_handler(int number, siginfo_t *info, void *context)
{
  say(number == SIGSEGV && info->si_addr == (void *)16 && context
          ? "the host's handler\n"
          : "wrong\n");
  _exit(7);
}

static void install_and_report(const void *source)
{
  struct sigaction a = {.sa_sigaction = host_handler, .sa_flags = SA_SIGINFO};

  sigaction(SIGSEGV, &a, NULL);
  report_and_run(source);
}

TEST(a_handler_that_was_there_has_its_turn_behind_the_report)
{
  int status = run_child(install_and_report, "m.poke(16);");

  CHECK(WIFEXITED(status));
  CHECK_INT(7, WEXITSTATUS(status));
  check_has("the script was at app.mjs:2:3\nthe host's handler\n");
}

static void handler_of_one_turn(int number)
{
  (void)number;
  say("one turn\n");
}

static void install_for_one_turn(const void *source)
{
  struct sigaction a = {.sa_handler = handler_of_one_turn,
                        .sa_flags = (int)SA_RESETHAND};

  sigaction(SIGSEGV, &a, NULL);
  report_and_run(source);
}

TEST(a_handler_for_one_turn_is_followed_by_the_default)
{
  int status = run_child(install_for_one_turn, "m.poke(16);");
  const char *first = strstr(told, "one turn");

  CHECK(WIFSIGNALED(status));
  CHECK_INT(SIGSEGV, WTERMSIG(status));
  CHECK(first != NULL);
  CHECK(strstr(first + 1, "one turn") == NULL);
  first = strstr(told, "tenon: SIGSEGV");
  CHECK(first != NULL);
  CHECK(strstr(first + 1, "tenon: SIGSEGV") == NULL);
}

static void ignore_and_report(const void *source)
{
  signal(SIGILL, SIG_IGN);
  signal(SIGSEGV, SIG_IGN);
  report_and_run(source);
}

TEST(a_signal_that_was_ignored_and_is_sent_still_is)
{
  CHECK_INT(0, run_child(ignore_and_report, "m.send(4);"));
}

TEST(a_fault_cannot_be_ignored)
{
  check_signal(SIGSEGV, run_child(ignore_and_report, "m.poke(16);"));
}

/* One that was put in front, as hosts do that live with signals. */
static struct sigaction behind;

static void front_handler(int number, siginfo_t *info, void *context)
{
  say("in front\n");
  behind.sa_sigaction(number, info, context);
}

static void put_in_front(const void *source)
{
  struct sigaction a = {.sa_sigaction = front_handler, .sa_flags = SA_SIGINFO};

  if (tenon_report_crashes(true, TENON_FORM_TEXT)) _exit(102);
  sigaction(SIGSEGV, &a, &behind);
  report_and_run(source);
}

TEST(a_handler_in_front_may_hand_on)
{
  check_signal(SIGSEGV, run_child(put_in_front, "m.poke(16);"));
  check_has("in front\ntenon: SIGSEGV");
}

static void switch_off_behind(const void *source)
{
  struct sigaction a = {.sa_sigaction = front_handler, .sa_flags = SA_SIGINFO};

  if (tenon_report_crashes(true, TENON_FORM_TEXT)) _exit(102);
  sigaction(SIGSEGV, &a, &behind);
  if (tenon_report_crashes(false, TENON_FORM_TEXT)) _exit(102);
  run_script(source);
}

TEST(switched_off_behind_another_handler_it_only_hands_on)
{
  check_signal(SIGSEGV, run_child(switch_off_behind, "m.poke(16);"));
  check_has("in front\n");
  check_has_not("tenon:");
}

/* --- What is broken ------------------------------------------------------------------------ */

static void break_call(const void *p)
{
  tenon_p_call c = {.ctx = (JSContext *)8};

  (void)p;
  if (tenon_report_crashes(true, TENON_FORM_TEXT)) _exit(102);
  tenon_p_current_call = &c;
  abort();
}

TEST(a_fault_while_it_is_told_does_not_hide_the_first_one)
{
#ifdef __SANITIZE_THREAD__
  skip();
#endif
  check_signal(SIGABRT, run_child(break_call, NULL));
  check_has("tenon: SIGABRT: aborted\n");
}

static pthread_barrier_t barrier;

static void *crash_together(void *p)
{
  pthread_barrier_wait(&barrier);
  dereference((uintptr_t)p);
  return NULL;
}

static void many_crash(const void *p)
{
  pthread_t t;
  uintptr_t i;

  (void)p;
  if (tenon_report_crashes(true, TENON_FORM_TEXT)) _exit(102);
  pthread_barrier_init(&barrier, NULL, 8);
  for (i = 1; i <= 8; i++)
    if (pthread_create(&t, NULL, crash_together, (void *)(i * 16))) _exit(103);
  pthread_join(t, NULL);
}

TEST(threads_that_crash_together_tell_one_after_another)
{
  const char *line;

  check_signal(SIGSEGV, run_child(many_crash, NULL));
  check_has("tenon: SIGSEGV");
  /* A sanitizer writes its own report of one thread into that of another. */
  for (line = told; !HAS_SANITIZER && (line = strstr(line, "tenon: SIGSEGV"));
       line++)
    CHECK(line == told || line[-1] == '\n');
}

TEST(a_form_that_there_is_not_is_refused)
{
  CHECK_INT(TENON_EINVAL, tenon_report_crashes(true, (tenon_form)7));
}
