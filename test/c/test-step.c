/* A runtime that another loop steps: steps, the descriptor, the deadline. */
#define TENON_MODULE step
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <tenon/export.h>
#include <tenon/import.h>
#include <tenon/loop.h>
#include <unistd.h>

#include "harness.h"

static tenon_runtime *current;

static tenon_runtime *with_module(void)
{
  current = t_runtime();
  CHECK_INT(0, tenon_runtime_add_module(current, "native", tenon_module_step));
  return current;
}

#define IMPORT "import { log } from 'test'; import * as native from 'native';"

static void eval(tenon_runtime *rt, const char *source)
{
  CHECK_INT(0, tenon_runtime_eval_module(rt, source, strlen(source), NULL));
}

static bool is_readable(tenon_runtime *rt, int timeout_ms)
{
  struct pollfd p = {.fd = tenon_runtime_fd(rt), .events = POLLIN};

  CHECK(p.fd >= 0);
  return poll(&p, 1, timeout_ms) > 0;
}

/* Steps as a loop of a host does, waiting for the descriptor alone: what the
 * last one returned, and how many there were. */
static int drive(tenon_runtime *rt, uint64_t budget_ms, int *count)
{
  struct pollfd p = {.fd = tenon_runtime_fd(rt), .events = POLLIN};
  tenon_left left;
  int r;

  *count = 0;
  for (;;) {
    r = tenon_runtime_step(rt, budget_ms, &left);
    ++*count;
    if (r || left == TENON_LEFT_NOTHING) return r;
    if (left == TENON_LEFT_WAITING && poll(&p, 1, 5000) != 1) return -1;
  }
}

/* --- Native functions ----------------------------------------------------------- */

static void *settle_later(void *deferred);

/* Settled by a thread, after 20 ms. */
TENON_ASYNC(none, later)
{
  pthread_t thread;

  if (pthread_create(&thread, NULL, settle_later, deferred))
    tenon_deferred_reject(deferred, TENON_ERROR, "no thread");
  else
    pthread_detach(thread);
}

static void *settle_later(void *deferred)
{
  usleep(20000);
  TENON_RESOLVE(later, deferred);
  return NULL;
}

TENON_BLOCKING(i32, doubled, (i32, n))
{
  usleep(1000);
  return 2 * n;
}

TENON_FUNCTION(none, take_ms, (u32, ms))
{
  uint64_t end = t_now_ms() + ms;

  while (t_now_ms() < end) {
  }
}

TENON_FUNCTION(i32, step_here)
{
  return tenon_runtime_step(current, 0, NULL);
}

TENON_FUNCTION(i32, run_here)
{
  return tenon_runtime_run(current);
}

TENON_FUNCTION(i32, deadline_here)
{
  return tenon_runtime_deadline_ms(current);
}

TENON_IMPORT(none, told)

/* --- Steps ----------------------------------------------------------------------- */

TEST(a_step_of_a_program_that_has_nothing_to_do_says_so)
{
  tenon_runtime *rt = with_module();
  tenon_left left = TENON_LEFT_READY;

  CHECK_INT(0, tenon_runtime_step(rt, 0, &left));
  CHECK_INT(TENON_LEFT_NOTHING, left);
  CHECK(!tenon_runtime_is_alive(rt));
  CHECK_INT(0, tenon_runtime_step(rt, 100, NULL));
}

static const char everything[] = IMPORT
    "log('begin');"
    "setTimeout(() => log('timer'), 5);"
    "native.later().then(() => log('later'));"
    "const [a, b] = await Promise.all([native.doubled(1), native.doubled(2)]);"
    "log(`${a + b}`);"
    "await native.later(); log('end');";

TEST(steps_run_a_program_to_its_end)
{
  tenon_runtime *rt = with_module();
  int count;

  eval(rt, everything);
  CHECK_INT(0, drive(rt, 5, &count));
  CHECK(count < 40);
  CHECK(!tenon_runtime_is_alive(rt));
  CHECK(strstr(t_logged(), "end\n"));
}

TEST(steps_of_one_turn_run_a_program_to_its_end)
{
  tenon_runtime *rt = with_module();
  int count;

  eval(rt, everything);
  CHECK_INT(0, drive(rt, 0, &count));
  CHECK(count < 60);
  CHECK(strstr(t_logged(), "end\n"));
}

TEST(a_step_of_one_turn_does_not_follow_a_chain)
{
  tenon_runtime *rt = with_module();
  tenon_left left;
  int i;

  eval(rt, IMPORT "function next() { log('x'); setTimeout(next, 0); } next();");
  CHECK_LOG("x\n");
  for (i = 0; i < 3; i++) {
    while (strcmp(t_logged(), "x\n") != 0)
      CHECK_INT(0, tenon_runtime_step(rt, 0, &left));
    CHECK(left != TENON_LEFT_NOTHING);
  }
}

TEST(a_step_ends_with_its_budget)
{
  tenon_runtime *rt = with_module();
  uint64_t begin = t_now_ms();
  tenon_left left;

  eval(rt,
       IMPORT "globalThis.f = async () => {"
              "  for (;;) { await native.doubled(1); native.take_ms(1); } };"
              "for (let i = 0; i < 50; i++) f();");
  usleep(60000);
  begin = t_now_ms();
  CHECK_INT(0, tenon_runtime_step(rt, 10, &left));
  CHECK(t_now_ms() - begin >= 9);
  CHECK(t_now_ms() - begin < 200);
  CHECK_INT(TENON_LEFT_READY, left);
  CHECK_INT(0, tenon_runtime_deadline_ms(rt));
  CHECK(is_readable(rt, 0));
}

TEST(a_step_does_not_wait_for_its_budget)
{
  tenon_runtime *rt = with_module();
  uint64_t begin = t_now_ms();
  tenon_left left;

  eval(rt, IMPORT "setTimeout(log, 10000, 'x'); native.later();");
  CHECK_INT(0, tenon_runtime_step(rt, 10000, &left));
  CHECK_INT(TENON_LEFT_WAITING, left);
  CHECK(t_now_ms() - begin < 1000);
}

TEST(the_largest_budget_is_one)
{
  tenon_runtime *rt = with_module();
  tenon_left left;

  eval(rt, IMPORT "setTimeout(() => setTimeout(log, 0, 'x'), 0);");
  usleep(3000);
  CHECK_INT(0, tenon_runtime_step(rt, UINT64_MAX, &left));
}

TEST(an_error_ends_a_step_and_the_next_goes_on)
{
  tenon_runtime *rt = with_module();
  tenon_left left;

  eval(rt, IMPORT "setTimeout(() => { throw new Error('one'); }, 0);"
                  "setTimeout(() => { throw new Error('two'); }, 0);"
                  "setTimeout(log, 0, 'three');");
  usleep(3000);
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_step(rt, 5, &left));
  CHECK_INT(TENON_LEFT_READY, left);
  CHECK(is_readable(rt, 0));
  CHECK(strstr(tenon_runtime_exception(rt), "one"));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_step(rt, 5, &left));
  CHECK(strstr(tenon_runtime_exception(rt), "two"));
  CHECK_LOG("");
  CHECK_INT(0, tenon_runtime_step(rt, 5, &left));
  CHECK_INT(TENON_LEFT_NOTHING, left);
  CHECK_LOG("three\n");
}

TEST(rejections_of_one_turn_are_told_by_a_step_each)
{
  tenon_runtime *rt = with_module();
  tenon_left left;

  eval(rt, "setTimeout(() => { Promise.reject(1); Promise.reject(2); }, 0);");
  usleep(3000);
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_step(rt, 5, &left));
  CHECK_INT(TENON_LEFT_READY, left);
  CHECK_INT(0, tenon_runtime_deadline_ms(rt));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_step(rt, 5, &left));
  CHECK_TEXT("2", tenon_runtime_exception(rt));
  CHECK_INT(TENON_LEFT_NOTHING, left);
  CHECK_INT(0, tenon_runtime_step(rt, 5, &left));
}

TEST(a_module_that_can_never_go_on_is_told_by_the_last_step)
{
  tenon_runtime *rt = with_module();
  tenon_left left;
  int count;

  eval(rt, "await new Promise((r) => setTimeout(r, 1));"
           "await new Promise(() => {});");
  CHECK_INT(TENON_EUNSETTLED, drive(rt, 5, &count));
  CHECK_INT(TENON_EUNSETTLED, tenon_runtime_step(rt, 0, &left));
  CHECK_INT(TENON_LEFT_NOTHING, left);
}

TEST(process_exit_is_told_by_a_step)
{
  tenon_runtime *rt = with_module();
  int count;

  eval(rt, "setTimeout(() => process.exit(7), 1); setInterval(() => {}, 1);");
  CHECK_INT(TENON_EEXIT, drive(rt, 5, &count));
  CHECK_INT(7, tenon_runtime_exit_code(rt));
  CHECK_INT(TENON_EEXIT, tenon_runtime_step(rt, 5, NULL));
}

TEST(steps_inside_of_the_runtime_are_refused)
{
  tenon_runtime *rt = with_module();
  int count;

  eval(rt, IMPORT "log(`${native.step_here()} ${native.run_here()}`);"
                  "setTimeout(() => log(`${native.step_here()} "
                  "${native.run_here()} ${native.deadline_here() <= 0}`), 1);");
  CHECK_INT(0, drive(rt, 5, &count));
  CHECK_LOG("-5005 -5005\n-5005 -5005 true\n");
  eval(rt, IMPORT "setTimeout(() => log(`${native.step_here()}`), 1);");
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("-5005\n");
}

TEST(a_run_goes_on_where_steps_have_stopped)
{
  tenon_runtime *rt = with_module();

  eval(rt, IMPORT "for (let i = 0; i < 20; i++)"
                  "  setTimeout(() => { native.take_ms(1); log('x'); }, 0);"
                  "native.later().then(() => log('later'));");
  usleep(3000);
  CHECK_INT(0, tenon_runtime_step(rt, 3, NULL));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(strstr(t_logged(), "x\nx\nx\nx\nx\nlater\n"));
}

/* --- The descriptor ---------------------------------------------------------------- */

TEST(the_descriptor_is_one_and_closed_with_the_runtime)
{
  tenon_runtime *rt = with_module();
  int fd = tenon_runtime_fd(rt);

  CHECK(fd >= 0);
  CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
  CHECK_INT(fd, tenon_runtime_fd(rt));
  CHECK(!is_readable(rt, 0));
  t_free(rt);
  CHECK_INT(-1, fcntl(fd, F_GETFD));
}

TEST(a_timer_that_the_host_has_set_makes_it_readable_when_it_is_due)
{
  tenon_runtime *rt = with_module();
  int deadline_ms;

  CHECK(!is_readable(rt, 0));
  CHECK_INT(-1, tenon_runtime_deadline_ms(rt));
  eval(rt, IMPORT "globalThis.t = setTimeout(log, 300, 'x');");
  deadline_ms = tenon_runtime_deadline_ms(rt);
  CHECK(deadline_ms > 20 && deadline_ms <= 300);
  CHECK(!is_readable(rt, 5));
  CHECK(is_readable(rt, 5000));
  CHECK_INT(0, tenon_runtime_deadline_ms(rt));
  CHECK_INT(0, tenon_runtime_step(rt, 5, NULL));
  CHECK_LOG("x\n");
  CHECK(!is_readable(rt, 0));
}

TEST(a_timer_that_is_cleared_does_not_make_it_readable)
{
  struct pollfd p = {.events = POLLIN};
  tenon_runtime *rt = with_module();

  p.fd = tenon_runtime_fd(rt);
  eval(rt, "globalThis.t = setTimeout(() => {}, 5);");
  CHECK(tenon_runtime_is_alive(rt));
  eval(rt, "clearTimeout(t);");
  CHECK(!tenon_runtime_is_alive(rt));
  CHECK_INT(0, poll(&p, 1, 30));
  CHECK_INT(-1, tenon_runtime_deadline_ms(rt));
}

TEST(a_call_that_sets_an_earlier_timer_is_seen)
{
  struct pollfd p = {.events = POLLIN};
  tenon_runtime *rt = with_module();
  told *f;

  p.fd = tenon_runtime_fd(rt);
  eval(rt, "setTimeout(() => {}, 60000);"
           "globalThis.f = () => { setTimeout(() => {}, 5); };");
  CHECK_INT(0, told_import(rt, NULL, "f", &f));
  CHECK_INT(0, poll(&p, 1, 0));
  CHECK_INT(0, told_call(f));
  CHECK_INT(1, poll(&p, 1, 1000));
  tenon_callback_release(f);
}

TEST(what_a_thread_settles_makes_it_readable)
{
  struct pollfd p = {.events = POLLIN};
  tenon_runtime *rt = with_module();

  p.fd = tenon_runtime_fd(rt);
  eval(rt, IMPORT "native.later().then(() => log('later'))");
  CHECK_INT(0, poll(&p, 1, 0));
  CHECK_INT(1, poll(&p, 1, 5000));
  CHECK_INT(0, tenon_runtime_step(rt, 0, NULL));
  CHECK_LOG("later\n");
  CHECK_INT(0, poll(&p, 1, 0));
}

static void *post(void *f)
{
  usleep(5000);
  (void)told_post(f);
  tenon_callback_release(f);
  return NULL;
}

TEST(a_call_that_a_thread_posts_makes_it_readable)
{
  struct pollfd p = {.events = POLLIN};
  tenon_runtime *rt = with_module();
  pthread_t thread;
  told *f;

  p.fd = tenon_runtime_fd(rt);
  eval(rt, IMPORT "globalThis.f = () => log('posted');");
  CHECK_INT(0, told_import(rt, NULL, "f", &f));
  CHECK_INT(0, pthread_create(&thread, NULL, post, f));
  CHECK_INT(1, poll(&p, 1, 5000));
  pthread_join(thread, NULL);
  CHECK(tenon_runtime_is_alive(rt));
  CHECK_INT(0, tenon_runtime_step(rt, 0, NULL));
  CHECK_LOG("posted\n");
  CHECK_INT(0, poll(&p, 1, 0));
}

static void *terminate(void *rt)
{
  usleep(5000);
  tenon_runtime_terminate(rt);
  return NULL;
}

TEST(a_termination_makes_it_readable_until_it_was_told)
{
  struct pollfd p = {.events = POLLIN};
  tenon_runtime *rt = with_module();
  tenon_left left = TENON_LEFT_READY;
  pthread_t thread;
  int i;

  p.fd = tenon_runtime_fd(rt);
  eval(rt, IMPORT "setTimeout(log, 30, 'x');");
  for (i = 0; i < 2; i++) {
    CHECK_INT(0, pthread_create(&thread, NULL, terminate, rt));
    CHECK_INT(1, poll(&p, 1, 5000));
    pthread_join(thread, NULL);
    CHECK_INT(0, tenon_runtime_deadline_ms(rt));
    CHECK_INT(TENON_ETERMINATED, tenon_runtime_step(rt, 5, &left));
    CHECK_INT(TENON_LEFT_NOTHING, left);
    CHECK_INT(-1, tenon_runtime_deadline_ms(rt));
    CHECK_INT(0, poll(&p, 1, 0));
    CHECK_INT(TENON_ETERMINATED, tenon_runtime_run(rt));
    CHECK_INT(0, poll(&p, 1, 0));
    tenon_runtime_resume(rt);
  }
  CHECK_INT(1, poll(&p, 1, 1000));
  CHECK_INT(0, tenon_runtime_step(rt, 5, &left));
  CHECK_LOG("x\n");
}

TEST(a_termination_of_a_program_that_waits_for_nothing_is_told_too)
{
  struct pollfd p = {.events = POLLIN};
  tenon_runtime *rt = with_module();

  p.fd = tenon_runtime_fd(rt);
  tenon_runtime_terminate(rt);
  CHECK_INT(1, poll(&p, 1, 0));
  CHECK_INT(TENON_ETERMINATED, tenon_runtime_step(rt, 0, NULL));
  CHECK_INT(0, poll(&p, 1, 0));
}

TEST(a_time_limit_makes_it_readable)
{
  struct pollfd p = {.events = POLLIN};
  tenon_runtime *rt = with_module();

  eval(rt, IMPORT "setTimeout(log, 60000, 'x');");
  p.fd = tenon_runtime_fd(rt);
  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 20));
  CHECK_INT(1, poll(&p, 1, 5000));
  CHECK_INT(TENON_ETERMINATED, tenon_runtime_step(rt, 0, NULL));
  CHECK_INT(TENON_LIMIT_TIME, tenon_runtime_limit(rt));
  CHECK_INT(0, poll(&p, 1, 0));
}

TEST(what_a_script_leaves_thrown_makes_it_readable)
{
  struct pollfd p = {.events = POLLIN};
  tenon_runtime *rt = with_module();

  p.fd = tenon_runtime_fd(rt);
  CHECK_INT(TENON_EEXCEPTION,
            tenon_runtime_eval_script(
                rt, "Promise.reject(1); Promise.reject(2);", 37, NULL));
  CHECK_INT(1, poll(&p, 1, 0));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_step(rt, 0, NULL));
  CHECK_INT(0, poll(&p, 1, 0));
}

TEST(without_descriptors_it_is_an_error_and_later_it_is_there)
{
  tenon_runtime *rt = with_module();
  struct rlimit limit, none;
  int fd;

  CHECK_INT(0, getrlimit(RLIMIT_NOFILE, &limit));
  fd = dup(0);
  CHECK(fd >= 0);
  close(fd);
  for (none = limit, none.rlim_cur = (rlim_t)fd;
       none.rlim_cur <= (rlim_t)fd + 1; none.rlim_cur++) {
    CHECK_INT(0, setrlimit(RLIMIT_NOFILE, &none));
    CHECK_INT(-24, tenon_runtime_fd(rt));
  }
  CHECK_INT(0, setrlimit(RLIMIT_NOFILE, &limit));
  CHECK_INT(-1, fcntl(fd, F_GETFD));
  CHECK(tenon_runtime_fd(rt) >= 0);
}

/* --- Costs ---------------------------------------------------------------------------- */

static const char wait_long[] =
    IMPORT "setTimeout(log, 300, 'timer');"
           "for (let i = 0; i < 10; i++) await native.later();";

TEST(waiting_for_the_descriptor_costs_no_time)
{
  tenon_runtime *rt = with_module();
  uint64_t cpu_ms;
  int count;

  eval(rt, wait_long);
  cpu_ms = t_cpu_ms();
  CHECK_INT(0, drive(rt, 5, &count));
  CHECK(t_cpu_ms() - cpu_ms < 40);
  CHECK(count <= 30);
  CHECK_LOG("timer\n");
}

TEST(waiting_on_the_own_loop_costs_no_time)
{
  tenon_runtime *rt = with_module();
  uint64_t cpu_ms;

  eval(rt, wait_long);
  cpu_ms = t_cpu_ms();
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(t_cpu_ms() - cpu_ms < 40);
  CHECK_LOG("timer\n");
}

/* By the deadline, as a loop does that cannot poll the descriptor's timer. */
TEST(the_deadline_is_neither_early_nor_late)
{
  tenon_runtime *rt = with_module();
  uint64_t begin = t_now_ms();
  tenon_left left = TENON_LEFT_READY;
  int count = 0;

  eval(rt, IMPORT
       "for (const ms of [10, 20, 21, 60]) setTimeout(log, ms, `${ms}`)");
  while (left != TENON_LEFT_NOTHING) {
    int ms = tenon_runtime_deadline_ms(rt);
    CHECK(ms >= 0);
    usleep((unsigned)ms * 1000);
    CHECK_INT(0, tenon_runtime_step(rt, 0, &left));
    count++;
  }
  CHECK(t_now_ms() - begin >= 60);
  CHECK(t_now_ms() - begin < 1000);
  CHECK(count < 20);
  CHECK_LOG("10\n20\n21\n60\n");
}

/* The host's own timer, while the program never has nothing to do. */
TEST(neither_the_host_nor_the_program_starves)
{
  tenon_runtime *rt = with_module();
  uint64_t begin, late_ms = 0;
  char *said;
  int i;

  eval(rt, IMPORT "function next() { setTimeout(next, 0); } next();"
                  "(async () => { for (;;) { await native.doubled(1);"
                  "  log('x'); } })();");
  begin = t_now_ms();
  for (i = 0; i < 20; i++) {
    uint64_t next = begin + 5 * ((uint64_t)i + 1);
    while (t_now_ms() < next)
      CHECK_INT(0, tenon_runtime_step(rt, 1, NULL));
    if (t_now_ms() - next > late_ms) late_ms = t_now_ms() - next;
  }
  CHECK(late_ms < 2000);
  said = strdup(t_logged());
  CHECK(strlen(said) > 10);
  free(said);
}
