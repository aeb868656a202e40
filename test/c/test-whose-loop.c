/* Runtimes in a loop of libuv that is the host's. */
#define TENON_MODULE whose
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <tenon/export.h>
#include <tenon/import.h>
#include <tenon/loop.h>
#include <unistd.h>
#include <uv.h>

#include "base/alloc.h"
#include "harness.h"

static uv_loop_t host;

/* What the host was told, by the names of the codes. */
static char told_text[4096];

static void on_event(tenon_runtime *rt, int code, void *data)
{
  const char *name = data;

  strcat(told_text, name ? name : "");
  strcat(told_text, code ? tenon_error_name(code) : "END");
  strcat(told_text, "\n");
  if (code == TENON_EEXCEPTION) {
    CHECK(tenon_runtime_exception(rt) != NULL);
    tenon_runtime_clear_exception(rt);
  }
}

#define CHECK_TOLD(expected)         \
  do {                               \
    CHECK_TEXT(expected, told_text); \
    told_text[0] = 0;                \
  } while (0)

static tenon_runtime *join(char *name)
{
  tenon_options o = {.size = sizeof o, .loop = &host};
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(&o, &rt));
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_whose));
  CHECK_INT(0, tenon_runtime_on_event(rt, on_event, name));
  return rt;
}

static tenon_runtime *begin(void)
{
  told_text[0] = 0;
  CHECK_INT(0, uv_loop_init(&host));
  return join(NULL);
}

static void run(void)
{
  CHECK_INT(0, uv_run(&host, UV_RUN_DEFAULT));
}

/* All that is left there is what libuv lets go of. */
static void end(tenon_runtime *rt)
{
  t_free(rt);
  run();
  CHECK_INT(0, uv_loop_close(&host));
}

#define IMPORT "import { log } from 'test'; import * as native from 'native';"

static void eval(tenon_runtime *rt, const char *source)
{
  CHECK_INT(0, tenon_runtime_eval_module(rt, source, strlen(source), NULL));
}

/* --- Native functions ------------------------------------------------------------ */

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

TENON_BLOCKING(none, nap, (u32, ms))
{
  usleep(ms * 1000);
}

static tenon_deferred *kept;

static void forget(tenon_deferred *d, void *p)
{
  (void)p;
  kept = NULL;
  tenon_deferred_reject(d, TENON_ERROR, "closed");
}

/* Settled by the host, in a callback of its own. */
TENON_ASYNC(none, by_host)
{
  kept = deferred;
  CHECK_INT(0, tenon_deferred_on_close(deferred, forget, NULL));
}

static void free_handle(uv_handle_t *handle)
{
  free(handle);
}

static void on_uv(uv_timer_t *timer);

/* On the runtime's loop as it is known to native code. */
TENON_ASYNC(none, uv_sleep_ms, (u32, ms))
{
  uv_timer_t *timer = malloc(sizeof *timer);

  CHECK(timer != NULL);
  uv_timer_init(tenon_deferred_loop(deferred), timer);
  timer->data = deferred;
  uv_timer_start(timer, on_uv, ms, 0);
}

static void on_uv(uv_timer_t *timer)
{
  TENON_RESOLVE(uv_sleep_ms, timer->data);
  uv_close((uv_handle_t *)timer, free_handle);
}

static uv_timer_t left_open;

static void never(uv_timer_t *timer)
{
  (void)timer;
  CHECK(!"called");
}

TENON_ASYNC(none, leave_open)
{
  uv_timer_init(tenon_deferred_loop(deferred), &left_open);
  uv_timer_start(&left_open, never, 60000, 0);
  TENON_RESOLVE(leave_open, deferred);
}

static tenon_runtime *other;

TENON_FUNCTION(i32, run_other)
{
  return tenon_runtime_run(other);
}

TENON_FUNCTION(i32, step_other)
{
  return tenon_runtime_step(other, 0, NULL);
}

TENON_FUNCTION(none, free_other)
{
  t_free(other);
}

TENON_IMPORT(none, told)

/* --- A host's own timer ------------------------------------------------------------- */

static uv_timer_t beat;
static int beats;

static void on_beat(uv_timer_t *timer)
{
  (void)timer;
  beats++;
}

static void start_beat(uint64_t ms)
{
  beats = 0;
  uv_timer_init(&host, &beat);
  uv_timer_start(&beat, on_beat, ms, ms);
}

static void stop_beat(void)
{
  uv_close((uv_handle_t *)&beat, NULL);
}

/* --- One runtime -------------------------------------------------------------------- */

static const char everything[] = IMPORT
    "setTimeout(() => log('timer'), 5);"
    "const [a, b] = await Promise.all([native.doubled(1), native.doubled(2)]);"
    "log(`${a + b}`); await native.later(); await native.uv_sleep_ms(1);"
    "await new Promise((r) => setTimeout(r, 20)); log('end');";

TEST(the_host_runs_a_program_to_its_end)
{
  tenon_runtime *rt = begin();

  eval(rt, everything);
  run();
  CHECK(strstr(t_logged(), "end\n"));
  CHECK_TOLD("END\n");
  CHECK(!tenon_runtime_is_alive(rt));
  run();
  CHECK_TOLD("");
  end(rt);
}

TEST(a_program_that_only_evaluates_has_an_end_too)
{
  tenon_runtime *rt = begin();

  CHECK_INT(0, uv_loop_alive(&host));
  eval(rt, "globalThis.x = 1;");
  run();
  CHECK_TOLD("END\n");
  eval(rt, "x++;");
  eval(rt, "x++;");
  run();
  CHECK_TOLD("END\n");
  end(rt);
}

TEST(a_runtime_that_does_nothing_keeps_no_loop_alive)
{
  tenon_runtime *rt = begin();

  run();
  CHECK_TOLD("");
  eval(rt, "globalThis.t = setTimeout(() => {}, 60000);");
  CHECK(uv_loop_alive(&host));
  eval(rt, "clearTimeout(t)");
  run();
  CHECK_TOLD("END\n");
  CHECK(!uv_loop_alive(&host));
  end(rt);
}

TEST(a_module_that_can_never_go_on_is_told)
{
  tenon_runtime *rt = begin();

  eval(rt, "await new Promise((r) => setTimeout(r, 1));"
           "await new Promise(() => {});");
  run();
  CHECK_TOLD("EUNSETTLED\n");
  CHECK(tenon_runtime_waiting(rt) != NULL);
  end(rt);
}

TEST(errors_are_told_one_by_one_and_the_program_goes_on)
{
  tenon_runtime *rt = begin();

  eval(rt, IMPORT "setTimeout(() => { Promise.reject(1); throw 2; }, 1);"
                  "setTimeout(log, 5, 'on');");
  run();
  CHECK_TOLD("EEXCEPTION\nEEXCEPTION\nEND\n");
  CHECK_LOG("on\n");
  end(rt);
}

TEST(what_an_evaluation_leaves_uncaught_is_told)
{
  tenon_runtime *rt = begin();

  CHECK_INT(TENON_EEXCEPTION,
            tenon_runtime_eval_script(
                rt, "Promise.reject(1); Promise.reject(2);", 37, NULL));
  run();
  CHECK_TOLD("EEXCEPTION\nEND\n");
  end(rt);
}

TEST(process_exit_is_told_once_and_keeps_nothing_alive)
{
  tenon_runtime *rt = begin();

  eval(rt, IMPORT "setTimeout(() => process.exit(7), 1);"
                  "setInterval(log, 1, 'x'); native.by_host();");
  run();
  CHECK_TOLD("EEXIT\n");
  CHECK_INT(7, tenon_runtime_exit_code(rt));
  run();
  CHECK_TOLD("");
  t_logged();
  end(rt);
  CHECK_LOG("");
}

static void *terminate(void *rt)
{
  usleep(5000);
  tenon_runtime_terminate(rt);
  return NULL;
}

TEST(a_termination_wakes_the_hosts_loop_and_can_be_taken_back)
{
  tenon_runtime *rt = begin();
  pthread_t thread;
  int i;

  eval(rt, IMPORT "setTimeout(log, 50, 'x');");
  for (i = 0; i < 2; i++) {
    CHECK_INT(0, pthread_create(&thread, NULL, terminate, rt));
    run();
    pthread_join(thread, NULL);
    CHECK_TOLD("ETERMINATED\n");
    CHECK(!uv_loop_alive(&host));
    tenon_runtime_resume(rt);
    CHECK(uv_loop_alive(&host));
  }
  run();
  CHECK_TOLD("END\n");
  CHECK_LOG("x\n");
  end(rt);
}

TEST(a_time_limit_ends_a_program_that_waits)
{
  tenon_runtime *rt = begin();

  eval(rt, "setTimeout(() => {}, 60000);");
  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 20));
  run();
  CHECK_TOLD("ETERMINATED\n");
  CHECK_INT(TENON_LIMIT_TIME, tenon_runtime_limit(rt));
  end(rt);
}

TEST(while_nobody_is_told_an_error_stops_the_program)
{
  tenon_runtime *rt = begin();

  CHECK_INT(0, tenon_runtime_on_event(rt, NULL, NULL));
  eval(rt, IMPORT "setTimeout(() => { throw 1; }, 1);"
                  "setTimeout(log, 5, 'on');");
  run();
  CHECK_LOG("");
  CHECK(!uv_loop_alive(&host));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  run();
  CHECK_LOG("on\n");
  CHECK_TOLD("");
  eval(rt, "setTimeout(() => { throw 1; }, 1);");
  run();
  CHECK_INT(0, tenon_runtime_on_event(rt, on_event, NULL));
  run();
  CHECK_TOLD("EEXCEPTION\nEND\n");
  end(rt);
}

TEST(who_has_a_loop_of_its_own_tells_by_what_run_returns)
{
  CHECK_INT(TENON_EINVAL, tenon_runtime_on_event(t_runtime(), on_event, NULL));
}

TEST(options_of_older_headers_have_no_loop)
{
  tenon_options o = {.size = offsetof(tenon_options, loop)};
  tenon_runtime *rt;

  memset(&o.loop, 0xee, sizeof o.loop);
  CHECK_INT(0, t_runtime_new(&o, &rt));
  t_run(rt, "await new Promise((r) => setTimeout(r, 1));");
}

/* --- What the host does meanwhile ------------------------------------------------------ */

static tenon_runtime *used;

static void use(uv_timer_t *timer)
{
  uv_close((uv_handle_t *)timer, NULL);
  eval(used, IMPORT "log('from the host'); setTimeout(log, 1, 'timer');");
}

TEST(a_callback_of_the_host_begins_something)
{
  tenon_runtime *rt = used = begin();

  uv_timer_init(&host, &beat);
  uv_timer_start(&beat, use, 5, 0);
  run();
  CHECK_LOG("from the host\ntimer\n");
  CHECK_TOLD("END\n");
  end(rt);
}

static void settle_kept(uv_timer_t *timer)
{
  uv_close((uv_handle_t *)timer, NULL);
  TENON_RESOLVE(by_host, kept);
}

TEST(a_callback_of_the_host_settles_a_deferred)
{
  tenon_runtime *rt = begin();

  eval(rt, IMPORT "await native.by_host(); log('settled');");
  uv_timer_init(&host, &beat);
  uv_timer_start(&beat, settle_kept, 5, 0);
  run();
  CHECK_LOG("settled\n");
  CHECK_TOLD("END\n");
  end(rt);
}

static void end_it(uv_timer_t *timer)
{
  uv_close((uv_handle_t *)timer, NULL);
  tenon_runtime_terminate(used);
}

TEST(a_callback_of_the_host_ends_the_program)
{
  tenon_runtime *rt = used = begin();

  eval(rt, IMPORT "setInterval(() => {}, 60000);");
  uv_timer_init(&host, &beat);
  uv_timer_start(&beat, end_it, 5, 0);
  run();
  CHECK_TOLD("ETERMINATED\n");
  end(rt);
}

static void step_it(uv_timer_t *timer)
{
  tenon_left left;
  int i;

  uv_close((uv_handle_t *)timer, NULL);
  for (i = 0; i < 10000; i++) {
    CHECK_INT(0, tenon_runtime_step(used, 1, &left));
    if (left == TENON_LEFT_NOTHING) return;
    usleep(1000);
  }
  CHECK(!"it ends");
}

TEST(a_callback_of_the_host_steps_the_program)
{
  tenon_runtime *rt = used = begin();

  eval(rt, everything);
  uv_timer_init(&host, &beat);
  uv_timer_start(&beat, step_it, 0, 0);
  run();
  CHECK(strstr(t_logged(), "end\n"));
  CHECK_TOLD("");
  end(rt);
}

TEST(neither_the_host_nor_the_program_starves)
{
  tenon_runtime *rt = begin();
  uint64_t begin_ms = t_now_ms();

  eval(rt, IMPORT "let n = 0; function next() { n++; setTimeout(next, 0); }"
                  "next(); setTimeout(() => { log(`${n > 5}`);"
                  "process.exit(); }, 100);");
  start_beat(5);
  while (beats < 5 || !told_text[0]) {
    CHECK(t_now_ms() - begin_ms < 15000);
    uv_run(&host, UV_RUN_ONCE);
  }
  CHECK_LOG("true\n");
  CHECK_TOLD("EEXIT\n");
  stop_beat();
  end(rt);
}

TEST(waiting_costs_no_time)
{
  tenon_runtime *rt = begin();
  uint64_t cpu_ms;
  struct rusage before, after;

  eval(rt, IMPORT "setTimeout(log, 300, 'timer');"
                  "for (let i = 0; i < 10; i++) await native.later();");
  cpu_ms = t_cpu_ms();
  getrusage(RUSAGE_THREAD, &before);
  run();
  getrusage(RUSAGE_THREAD, &after);
  CHECK(t_cpu_ms() - cpu_ms < 40);
  CHECK(after.ru_nvcsw - before.ru_nvcsw < 60);
  CHECK_LOG("timer\n");
  end(rt);
}

/* --- Run by Tenon ----------------------------------------------------------------------- */

TEST(a_run_ends_with_its_program_while_the_host_goes_on)
{
  tenon_runtime *rt = begin();

  start_beat(5);
  eval(rt, everything);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(strstr(t_logged(), "end\n"));
  CHECK(beats >= 2);
  CHECK(uv_loop_alive(&host));
  CHECK_TOLD("");
  uv_run(&host, UV_RUN_ONCE);
  CHECK_TOLD("");
  stop_beat();
  end(rt);
}

TEST(a_run_ends_at_once_though_the_host_waits_for_long)
{
  tenon_runtime *rt = begin();
  uint64_t begin_ms = t_now_ms();

  start_beat(60000);
  eval(rt, IMPORT "setTimeout(log, 10, 'x');");
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(0, tenon_runtime_run(rt));
  eval(rt, IMPORT "setTimeout(() => process.exit(1), 10);");
  CHECK_INT(TENON_EEXIT, tenon_runtime_run(rt));
  CHECK(t_now_ms() - begin_ms < 10000);
  CHECK_LOG("x\n");
  CHECK_TOLD("");
  stop_beat();
  end(rt);
}

TEST(a_run_ends_by_what_a_callback_of_the_host_does)
{
  tenon_runtime *rt = used = begin();
  uint64_t begin_ms = t_now_ms();
  uv_timer_t far;

  uv_timer_init(&host, &far);
  uv_timer_start(&far, never, 60000, 0);
  eval(rt, IMPORT "await native.by_host(); log('settled');");
  uv_timer_init(&host, &beat);
  uv_timer_start(&beat, settle_kept, 5, 0);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("settled\n");
  eval(rt, "setInterval(() => {}, 60000)");
  uv_run(&host, UV_RUN_NOWAIT);
  uv_timer_init(&host, &beat);
  uv_timer_start(&beat, end_it, 5, 0);
  CHECK_INT(TENON_ETERMINATED, tenon_runtime_run(rt));
  CHECK(t_now_ms() - begin_ms < 10000);
  uv_close((uv_handle_t *)&far, NULL);
  CHECK_TOLD("");
  end(rt);
}

TEST(an_error_ends_a_run_and_is_not_told_twice)
{
  tenon_runtime *rt = begin();

  eval(rt, IMPORT "setTimeout(() => { throw 1; }, 1);"
                  "setTimeout(log, 5, 'on');");
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  tenon_runtime_clear_exception(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("on\n");
  run();
  CHECK_TOLD("");
  end(rt);
}

TEST(a_promise_is_awaited_on_the_hosts_loop)
{
  tenon_runtime *rt = begin();
  told *f;

  start_beat(5);
  eval(rt, IMPORT "globalThis.f = async () => { await native.later(); };"
                  "globalThis.g = () => new Promise(() => {});");
  CHECK_INT(0, told_import(rt, NULL, "f", &f));
  CHECK_INT(0, told_await(f));
  tenon_callback_release(f);
  CHECK_INT(0, told_import(rt, NULL, "g", &f));
  CHECK_INT(TENON_EUNSETTLED, told_await(f));
  tenon_callback_release(f);
  CHECK(beats > 0);
  stop_beat();
  end(rt);
}

/* --- Freeing ---------------------------------------------------------------------------- */

static int freed_at;

static void free_it(tenon_runtime *rt, int code, void *data)
{
  (void)data;
  freed_at = code;
  t_free(rt);
}

/* Each kind of event, with the runtime freed by it. */
TEST(the_runtime_is_freed_when_the_host_is_told)
{
  static const struct {
    int code;
    const char *source;
  } rows[] = {
      {0, "setTimeout(() => {}, 1);"},
      {0, "1"},
      {TENON_EEXCEPTION, "setTimeout(() => { throw 1; }, 1);"
                         "setInterval(() => {}, 1);"},
      {TENON_EEXIT, "setTimeout(() => process.exit(), 1);"},
      {TENON_EUNSETTLED, "await new Promise(() => {});"},
      {0, IMPORT "await native.doubled(1);"},
      {0, IMPORT "await native.later();"},
  };
  size_t i;

  for (i = 0; i < sizeof rows / sizeof *rows; i++) {
    tenon_runtime *rt = begin();
    freed_at = 1;
    CHECK_INT(0, tenon_runtime_on_event(rt, free_it, NULL));
    eval(rt, rows[i].source);
    run();
    CHECK_INT(rows[i].code, freed_at);
    CHECK_INT(0, uv_loop_close(&host));
  }
}

TEST(freeing_with_everything_open_runs_nothing_of_the_host)
{
  tenon_runtime *rt = begin();

  eval(rt, IMPORT "setTimeout(log, 0, 'x'); setInterval(log, 1, 'x');"
                  "native.nap(30); native.nap(30); native.by_host();"
                  "await native.leave_open(); log('open');");
  while (strcmp(t_logged(), "open\n") != 0)
    uv_run(&host, UV_RUN_NOWAIT);
  start_beat(1);
  usleep(5000);
  t_free(rt);
  t_logged();
  CHECK_INT(0, beats);
  CHECK(uv_is_active((uv_handle_t *)&beat));
  CHECK(uv_is_closing((uv_handle_t *)&left_open));
  uv_run(&host, UV_RUN_ONCE);
  CHECK(beats > 0);
  CHECK_LOG("");
  stop_beat();
  run();
  CHECK_INT(0, uv_loop_close(&host));
}

TEST(a_runtime_that_never_ran_is_freed)
{
  tenon_runtime *rt = begin();

  eval(rt, IMPORT
       "setTimeout(log, 0, 'x'); Promise.reject(1).catch(() => log('x'));"
       "native.doubled(1); native.later();");
  end(rt);
}

TEST(many_runtimes_come_and_go_while_the_loop_runs)
{
  tenon_runtime *rt = begin();
  int i;

  start_beat(1);
  for (i = 0; i < 100; i++) {
    tenon_runtime *one = join(NULL);
    eval(one, "setTimeout(() => {}, 1); setInterval(() => {}, 1);");
    uv_run(&host, UV_RUN_ONCE);
    t_free(one);
  }
  stop_beat();
  end(rt);
}

/* --- Several ------------------------------------------------------------------------------- */

TEST(runtimes_of_one_loop_know_nothing_of_each_other)
{
  tenon_runtime *a = begin(), *b, *c, *d;
  pthread_t thread;

  CHECK_INT(0, tenon_runtime_on_event(a, on_event, (char *)"a:"));
  b = join((char *)"b:");
  c = join((char *)"c:");
  d = join((char *)"d:");
  eval(a, IMPORT "setTimeout(log, 60, 'a');");
  eval(b, IMPORT "setTimeout(() => { throw 1; }, 20);");
  eval(c, "for (let i = 0; i < 3; i++)"
          "  await new Promise((r) => setTimeout(r, 60000));");
  eval(d, IMPORT "setTimeout(log, 40, 'd');");
  CHECK_INT(0, pthread_create(&thread, NULL, terminate, c));
  run();
  pthread_join(thread, NULL);
  CHECK(strstr(told_text, "c:ETERMINATED\n"));
  CHECK(strstr(told_text, "b:EEXCEPTION\n"));
  CHECK(strstr(told_text, "b:END\n"));
  CHECK(strstr(told_text, "d:END\n"));
  CHECK(strstr(told_text, "a:END\n"));
  /* And nothing twice. */
  CHECK_INT(3 * 6 + 13 + 14, strlen(told_text));
  t_free(b);
  t_free(c);
  t_free(d);
  end(a);
}

TEST(a_script_frees_another_runtime_of_the_loop)
{
  tenon_runtime *rt = begin();

  other = join((char *)"other:");
  eval(other, "setTimeout(() => {}, 1); setInterval(() => {}, 1);");
  eval(rt, IMPORT "setTimeout(() => { native.free_other(); log('freed'); }, 5);"
                  "setTimeout(log, 10, 'on');");
  run();
  CHECK_LOG("freed\non\n");
  CHECK_TOLD("END\n");
  end(rt);
}

static void free_other_too(tenon_runtime *rt, int code, void *data)
{
  (void)rt;
  (void)code;
  (void)data;
  t_free(other);
}

TEST(who_is_told_frees_another_runtime_whose_turn_is_next)
{
  tenon_runtime *rt = begin();

  other = join(NULL);
  CHECK_INT(0, tenon_runtime_on_event(rt, free_other_too, NULL));
  /* libuv calls its idle handles last one first. */
  eval(other, "1");
  eval(rt, "1");
  run();
  CHECK_TOLD("");
  end(rt);
}

TEST(the_loop_does_not_run_inside_of_itself)
{
  tenon_runtime *rt = begin();

  other = join(NULL);
  eval(other, IMPORT "setTimeout(log, 0, 'other');");
  usleep(3000);
  eval(rt, IMPORT "setTimeout(() => { log(`${native.run_other()}`);"
                  "  log(`${native.step_other()}`); }, 1);");
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(strstr(t_logged(), "-5005\n"));
  t_free(other);
  end(rt);
}

/* --- Failures -------------------------------------------------------------------------------- */

TEST(without_descriptors_a_runtime_is_refused_and_the_loop_is_as_it_was)
{
  tenon_runtime *rt = begin(), *out;
  tenon_options o = {.size = sizeof o, .loop = &host};
  struct rlimit limit, few;
  int free_count = 0, fd, r = -1;

  CHECK_INT(0, getrlimit(RLIMIT_NOFILE, &limit));
  while (r) {
    CHECK(free_count < 20);
    /* libuv's own loop loses one when it cannot get the second. */
    fd = dup(0);
    CHECK(fd >= 0);
    close(fd);
    few = limit;
    few.rlim_cur = (rlim_t)(fd + free_count++);
    CHECK_INT(0, setrlimit(RLIMIT_NOFILE, &few));
    r = tenon_runtime_new(&o, &out);
    CHECK_INT(0, setrlimit(RLIMIT_NOFILE, &limit));
    CHECK(r == 0 || r == UV_EMFILE);
    CHECK_INT(0, uv_run(&host, UV_RUN_NOWAIT));
  }
  tenon_runtime_free(out);
  eval(rt, everything);
  run();
  CHECK_TOLD("END\n");
  t_logged();
  end(rt);
}

/* Every allocation of a new runtime fails, in turn. */
TEST(a_runtime_that_is_refused_for_memory_leaves_the_loop_as_it_was)
{
  tenon_runtime *rt = begin(), *out = NULL;
  tenon_options o = {.size = sizeof o, .loop = &host};
  uint64_t count, i, step;

  tenon_p_alloc_inject(0, false);
  CHECK_INT(0, tenon_runtime_new(&o, &out));
  tenon_runtime_free(out);
  count = tenon_p_alloc_stop();
  step = t_oom_step(count);
  for (i = 1; i <= count; i += step) {
    tenon_p_alloc_inject(i, i % 2);
    if (tenon_runtime_new(&o, &out) == 0) tenon_runtime_free(out);
    tenon_p_alloc_stop();
    CHECK(uv_run(&host, UV_RUN_NOWAIT) == 0);
  }
  eval(rt, everything);
  run();
  CHECK_TOLD("END\n");
  t_logged();
  end(rt);
}
