/*
 * Limits of time and CPU time of programs that the host steps, that run in a
 * host's loop, and that go from thread to thread.
 */
#define TENON_MODULE bounds
#include <poll.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/limits.h>
#include <tenon/loop.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "harness.h"

static void use_cpu(uint32_t ms)
{
  struct timespec t;
  uint64_t end = 0, now;

  do {
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    now = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
    if (!end) end = now + ms;
  } while (now < end);
}

TENON_FUNCTION(none, burn, (u32, ms))
{
  use_cpu(ms);
}

#define IMPORT "import { log } from 'test'; import { burn } from 'native';"

static void add_module(tenon_runtime *rt)
{
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_bounds));
}

static tenon_runtime *with_module(void)
{
  tenon_runtime *rt = t_runtime();

  add_module(rt);
  return rt;
}

/* Without running the loop. */
static void eval(tenon_runtime *rt, const char *source)
{
  CHECK_INT(0, tenon_runtime_eval_module(rt, source, strlen(source), NULL));
}

static uint64_t begin_scope(tenon_runtime *rt, uint64_t time_ms,
                            uint64_t cpu_ms)
{
  tenon_call_limits limits = {
      .size = sizeof limits, .time_ms = time_ms, .cpu_ms = cpu_ms};
  uint64_t scope = 0;

  CHECK_INT(0, tenon_runtime_begin_limits(rt, &limits, &scope));
  return scope;
}

static tenon_limit end_scope(tenon_runtime *rt, uint64_t scope)
{
  tenon_limit reached = (tenon_limit)99;

  CHECK_INT(0, tenon_runtime_end_limits(rt, scope, &reached));
  return reached;
}

/* Steps until one says something else than 0, or nothing is left. */
static int drive(tenon_runtime *rt)
{
  struct pollfd p = {.fd = tenon_runtime_fd(rt), .events = POLLIN};
  tenon_left left = TENON_LEFT_READY;
  int r = 0;

  CHECK(p.fd >= 0);
  while (r == 0 && left != TENON_LEFT_NOTHING) {
    r = tenon_runtime_step(rt, 5, &left);
    if (left == TENON_LEFT_WAITING) CHECK_INT(1, poll(&p, 1, 5000));
  }
  return r;
}

static bool is_readable(tenon_runtime *rt, int timeout_ms)
{
  struct pollfd p = {.fd = tenon_runtime_fd(rt), .events = POLLIN};

  return poll(&p, 1, timeout_ms) == 1;
}

/* --- Steps -------------------------------------------------------------------- */

#define FOREVER "setTimeout(() => { for (;;); }, 1); setTimeout(log, 2, 'on');"

TEST(a_time_limit_ends_a_step)
{
  tenon_runtime *rt = with_module();
  tenon_left left;

  eval(rt, IMPORT FOREVER);
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_TIME, 60));
  CHECK_INT(TENON_ETERMINATED, drive(rt));
  CHECK_INT(TENON_LIMIT_TIME, tenon_runtime_limit(rt));
  CHECK_INT(TENON_ETERMINATED, tenon_runtime_step(rt, 0, &left));
  CHECK_INT(TENON_LEFT_NOTHING, left);
  CHECK(!is_readable(rt, 0));
  CHECK_INT(-1, tenon_runtime_deadline_ms(rt));
  tenon_runtime_resume(rt);
  CHECK(is_readable(rt, 1000));
  CHECK_INT(0, drive(rt));
  CHECK_LOG("on\n");
}

TEST(a_limit_of_cpu_time_ends_a_step)
{
  tenon_runtime *rt = with_module();

  eval(rt, IMPORT FOREVER);
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_CPU, 60));
  CHECK_INT(TENON_ETERMINATED, drive(rt));
  CHECK_INT(TENON_LIMIT_CPU, tenon_runtime_limit(rt));
  CHECK(!is_readable(rt, 0));
  tenon_runtime_resume(rt);
  CHECK(is_readable(rt, 1000));
  CHECK_INT(0, drive(rt));
  CHECK_LOG("on\n");
}

/* What the host does between two steps, and its waiting, is not the program's. */
TEST(cpu_time_of_many_steps_adds_up_without_that_of_the_host)
{
  tenon_limit_state s = {.size = sizeof s};
  tenon_runtime *rt = with_module();
  tenon_left left;
  int i, r = 0;

  eval(rt, IMPORT "setInterval(burn, 1, 10);");
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_CPU, 100));
  use_cpu(150);
  for (i = 0; i < 1000 && r == 0; i++) {
    r = tenon_runtime_step(rt, 0, &left);
    if (i == 0) use_cpu(150);
    if (r == 0) usleep(1500);
  }
  CHECK_INT(TENON_ETERMINATED, r);
  CHECK_INT(TENON_LIMIT_CPU, tenon_runtime_limit(rt));
  CHECK_INT(0, tenon_runtime_get_limit(rt, TENON_LIMIT_CPU, &s));
  CHECK(s.used >= 100 && s.used < 200);
  CHECK(i >= 8);
}

TEST(a_scope_around_a_step_is_taken_back_behind_it)
{
  tenon_runtime *rt = with_module();
  int which;

  for (which = TENON_LIMIT_TIME; which <= TENON_LIMIT_CPU; which++) {
    uint64_t scope;
    eval(rt, IMPORT FOREVER);
    CHECK(is_readable(rt, 1000));
    scope = begin_scope(rt, which == TENON_LIMIT_TIME ? 50 : 0,
                        which == TENON_LIMIT_CPU ? 50 : 0);
    CHECK_INT(TENON_ETERMINATED, drive(rt));
    CHECK(!is_readable(rt, 0));
    CHECK_INT(which, end_scope(rt, scope));
    CHECK_INT(TENON_LIMIT_NONE, tenon_runtime_limit(rt));
    CHECK(is_readable(rt, 1000));
    CHECK_INT(0, drive(rt));
    CHECK_LOG("on\n");
  }
}

/* Not only where somebody is in it. */
TEST(a_scope_may_last_for_many_steps)
{
  tenon_runtime *rt = with_module();
  uint64_t scope = begin_scope(rt, 0, 100);

  eval(rt, IMPORT "setInterval(burn, 1, 10);");
  CHECK_INT(TENON_ETERMINATED, drive(rt));
  CHECK_INT(TENON_LIMIT_CPU, end_scope(rt, scope));
  scope = begin_scope(rt, 100, 0);
  CHECK_INT(TENON_ETERMINATED, drive(rt));
  CHECK_INT(TENON_LIMIT_TIME, end_scope(rt, scope));
  CHECK_INT(0, tenon_runtime_step(rt, 0, NULL));
}

TEST(the_end_of_a_scope_s_time_is_a_deadline_until_the_scope_ends)
{
  tenon_runtime *rt = with_module();
  uint64_t outer, inner;
  int ms;

  eval(rt, IMPORT "setTimeout(log, 9000000, 'x');");
  CHECK(!is_readable(rt, 0));
  outer = begin_scope(rt, 5000000, 0);
  inner = begin_scope(rt, 30, 0);
  CHECK(tenon_runtime_deadline_ms(rt) <= 31);
  CHECK(is_readable(rt, 5000));
  CHECK_INT(TENON_ETERMINATED, tenon_runtime_step(rt, 0, NULL));
  CHECK_INT(TENON_LIMIT_TIME, end_scope(rt, inner));
  CHECK(!is_readable(rt, 0));
  ms = tenon_runtime_deadline_ms(rt);
  CHECK(ms > 4000000 && ms <= 5000001);
  CHECK_INT(TENON_LIMIT_NONE, end_scope(rt, outer));
  ms = tenon_runtime_deadline_ms(rt);
  CHECK(ms > 8000000 && ms <= 9000000);
  CHECK(!is_readable(rt, 0));
  inner = begin_scope(rt, 10, 0);
  CHECK_INT(TENON_LIMIT_NONE, end_scope(rt, inner));
  CHECK(!is_readable(rt, 40));
  CHECK_INT(0, tenon_runtime_step(rt, 0, NULL));
}

/* --- A host's loop ---------------------------------------------------------------- */

static uv_loop_t host;
static char told_text[256];

static void on_event(tenon_runtime *rt, int code, void *data)
{
  (void)rt;
  (void)data;
  strcat(told_text, code ? tenon_error_name(code) : "END");
  strcat(told_text, "\n");
}

#define CHECK_TOLD(expected)         \
  do {                               \
    CHECK_TEXT(expected, told_text); \
    told_text[0] = 0;                \
  } while (0)

static tenon_runtime *join(void)
{
  tenon_options o = {.size = sizeof o, .loop = &host};
  tenon_runtime *rt;

  told_text[0] = 0;
  CHECK_INT(0, uv_loop_init(&host));
  CHECK_INT(0, t_runtime_new(&o, &rt));
  add_module(rt);
  CHECK_INT(0, tenon_runtime_on_event(rt, on_event, NULL));
  return rt;
}

static void run(void)
{
  CHECK_INT(0, uv_run(&host, UV_RUN_DEFAULT));
}

static void end(tenon_runtime *rt)
{
  t_free(rt);
  run();
  CHECK_INT(0, uv_loop_close(&host));
}

TEST(limits_end_a_program_that_runs_in_a_host_s_loop)
{
  tenon_runtime *rt = join();
  int which;

  for (which = TENON_LIMIT_TIME; which <= TENON_LIMIT_CPU; which++) {
    eval(rt, IMPORT FOREVER);
    CHECK_INT(0, tenon_runtime_set_limit(rt, (tenon_limit)which, 60));
    run();
    CHECK_TOLD("ETERMINATED\n");
    CHECK_INT(which, tenon_runtime_limit(rt));
    run();
    CHECK_TOLD("");
    tenon_runtime_resume(rt);
    run();
    CHECK_TOLD("END\n");
    CHECK_LOG("on\n");
  }
  end(rt);
}

TEST(cpu_time_of_a_host_s_callbacks_is_not_the_program_s)
{
  tenon_runtime *rt = join();

  eval(rt, IMPORT "let n = 0; const id = setInterval(() => {"
                  "  if (++n === 20) clearInterval(id); }, 1);");
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_CPU, 100));
  while (uv_run(&host, UV_RUN_ONCE))
    use_cpu(20);
  CHECK_TOLD("END\n");
  end(rt);
}

TEST(a_scope_around_a_host_s_loop_is_taken_back_behind_it)
{
  tenon_runtime *rt = join();
  int which;

  for (which = TENON_LIMIT_TIME; which <= TENON_LIMIT_CPU; which++) {
    uint64_t scope = begin_scope(rt, which == TENON_LIMIT_TIME ? 50 : 0,
                                 which == TENON_LIMIT_CPU ? 50 : 0);
    eval(rt, IMPORT FOREVER);
    run();
    CHECK_TOLD("ETERMINATED\n");
    CHECK_INT(which, end_scope(rt, scope));
    run();
    CHECK_TOLD("END\n");
    CHECK_LOG("on\n");
  }
  end(rt);
}

TEST(a_scope_s_time_keeps_no_host_s_loop_alive)
{
  tenon_runtime *rt = join();
  uint64_t start = t_now_ms(), scope = begin_scope(rt, 60000, 60000);

  eval(rt, IMPORT "setTimeout(log, 2, 'x');");
  run();
  CHECK_TOLD("END\n");
  CHECK_LOG("x\n");
  CHECK(t_now_ms() - start < 30000);
  CHECK_INT(TENON_LIMIT_NONE, end_scope(rt, scope));
  end(rt);
}

typedef struct bracket {
  uv_timer_t timer;
  tenon_runtime *rt;
  uint64_t scope;
  tenon_limit reached;
} bracket;

static void on_end(uv_timer_t *timer)
{
  bracket *b = timer->data;

  b->reached = end_scope(b->rt, b->scope);
  uv_close((uv_handle_t *)timer, NULL);
}

static void on_begin(uv_timer_t *timer)
{
  bracket *b = timer->data;

  b->scope = begin_scope(b->rt, 20, 0);
  uv_timer_start(timer, on_end, 80, 0);
}

/* The program goes on in the same run of the loop. */
TEST(callbacks_of_the_host_begin_and_end_a_scope)
{
  bracket b = {.reached = TENON_LIMIT_NONE};

  b.rt = join();
  uv_timer_init(&host, &b.timer);
  b.timer.data = &b;
  uv_timer_start(&b.timer, on_begin, 1, 0);
  eval(b.rt, IMPORT "setTimeout(log, 120, 'on');");
  run();
  CHECK_INT(TENON_LIMIT_TIME, b.reached);
  CHECK_TOLD("ETERMINATED\nEND\n");
  CHECK_LOG("on\n");
  end(b.rt);
}

/* --- Threads ------------------------------------------------------------------------ */

typedef struct elsewhere {
  tenon_runtime *rt;
  uint32_t own_cpu_ms; /* of the thread, before it takes the runtime */
  const char *source;  /* of a module; NULL: a step */
  int r;
} elsewhere;

static void run_there(void *p)
{
  elsewhere *w = p;

  use_cpu(w->own_cpu_ms);
  w->r = tenon_runtime_attach_thread(w->rt);
  if (w->r) return;
  w->r = w->source ? tenon_runtime_eval_module(w->rt, w->source,
                                               strlen(w->source), NULL)
                   : tenon_runtime_step(w->rt, 0, NULL);
  if (tenon_runtime_detach_thread(w->rt)) w->r = -1;
}

static int go_elsewhere(tenon_runtime *rt, uint32_t own_cpu_ms,
                        const char *source)
{
  elsewhere w = {rt, own_cpu_ms, source, -1};

  CHECK_INT(0, tenon_runtime_detach_thread(rt));
  t_elsewhere(run_there, &w);
  CHECK_INT(0, tenon_runtime_attach_thread(rt));
  return w.r;
}

TEST(cpu_time_adds_up_over_threads)
{
  static const char burn40[] = IMPORT "burn(40);";
  tenon_limit_state s = {.size = sizeof s};
  tenon_runtime *rt = with_module();

  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_CPU, 100));
  eval(rt, burn40);
  CHECK_INT(0, go_elsewhere(rt, 300, burn40));
  CHECK_INT(0, tenon_runtime_get_limit(rt, TENON_LIMIT_CPU, &s));
  CHECK(s.used >= 79 && s.used < 100);
  CHECK_INT(TENON_ETERMINATED,
            go_elsewhere(rt, 0, IMPORT "burn(40); for (;;);"));
  CHECK_INT(TENON_LIMIT_CPU, tenon_runtime_limit(rt));
  tenon_runtime_resume(rt);
  CHECK_INT(0, go_elsewhere(rt, 0, burn40));
}

TEST(time_goes_on_while_a_runtime_is_nobody_s)
{
  tenon_runtime *rt = with_module();
  elsewhere w = {rt, 0, "1", -1};

  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_TIME, 20));
  CHECK_INT(0, tenon_runtime_detach_thread(rt));
  CHECK_INT(TENON_ETHREAD, tenon_runtime_set_limit(rt, TENON_LIMIT_TIME, 0));
  usleep(40000);
  t_elsewhere(run_there, &w);
  CHECK_INT(TENON_ETERMINATED, w.r);
  CHECK_INT(0, tenon_runtime_attach_thread(rt));
  CHECK_INT(TENON_LIMIT_TIME, tenon_runtime_limit(rt));
}

TEST(the_descriptor_tells_of_a_limit_while_a_runtime_is_nobody_s)
{
  struct pollfd p = {.events = POLLIN};
  tenon_runtime *rt = with_module();
  elsewhere w = {rt, 0, NULL, -1};

  eval(rt, IMPORT "setTimeout(log, 60000, 'x');");
  p.fd = tenon_runtime_fd(rt);
  CHECK_INT(0, tenon_runtime_set_limit(rt, TENON_LIMIT_TIME, 20));
  CHECK_INT(0, tenon_runtime_detach_thread(rt));
  CHECK_INT(1, poll(&p, 1, 5000));
  t_elsewhere(run_there, &w);
  CHECK_INT(TENON_ETERMINATED, w.r);
  CHECK_INT(0, poll(&p, 1, 0));
  CHECK_INT(0, tenon_runtime_attach_thread(rt));
  CHECK_INT(TENON_LIMIT_TIME, tenon_runtime_limit(rt));
}

TEST(a_scope_goes_from_thread_to_thread_with_its_runtime)
{
  tenon_runtime *rt = with_module();
  uint64_t scope = begin_scope(rt, 0, 60);

  CHECK_INT(0, go_elsewhere(rt, 100, IMPORT "burn(10);"));
  CHECK_INT(TENON_ETERMINATED, go_elsewhere(rt, 0, "for (;;);"));
  CHECK_INT(TENON_LIMIT_CPU, end_scope(rt, scope));
  scope = begin_scope(rt, 30, 0);
  CHECK_INT(TENON_ETERMINATED, go_elsewhere(rt, 0, "for (;;);"));
  CHECK_INT(TENON_LIMIT_TIME, end_scope(rt, scope));
  t_run(rt, IMPORT "log('on');");
  CHECK_LOG("on\n");
}
