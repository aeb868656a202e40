/*
 * The clock that timers, AbortSignal.timeout and the times of calls share: one
 * order, one deadline; and who keeps the loop alive.
 */
#define TENON_MODULE clock
#include <poll.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/loop.h>
#include <unistd.h>
#include <uv.h>

#include "harness.h"

/* Ends when it is cancelled. */
TENON_BLOCKING(none, wait)
{
  while (!tenon_is_cancelled())
    usleep(200);
}

static tenon_runtime *with_module(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_clock));
  return rt;
}

#define IMPORT                          \
  "import { log } from 'test';"         \
  "import { wait } from 'native';"      \
  "const timer = (ms, what) =>"         \
  "  setTimeout(() => log(what), ms);"  \
  "const signal = (ms, what) =>"        \
  "  AbortSignal.timeout(ms).onabort =" \
  "    () => log(what);"                \
  "const call = (ms, what) =>"          \
  "  wait({ timeout: ms })"             \
  "    .catch((e) => log(`${what} ${e.name}`));"

/* Without running the loop. */
static void eval(tenon_runtime *rt, const char *source)
{
  CHECK_INT(0, tenon_runtime_eval_module(rt, source, strlen(source), NULL));
}

/* The last one keeps the loop alive for the others. */
TEST(what_is_due_at_one_time_fires_in_the_order_of_its_start)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "timer(30, 'a'); signal(30, 'b'); call(30, 'c');"
                   "signal(30, 'd'); timer(30, 'e'); call(30, 'f');"
                   "timer(30, 'g');");
  CHECK_LOG("a\nb\nc TimeoutError\nd\ne\nf TimeoutError\ng\n");
}

TEST(what_is_due_earlier_fires_earlier_whatever_it_is)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "timer(150, 'f'); signal(30, 'b'); call(90, 'd');"
                   "timer(60, 'c'); call(1, 'a'); signal(120, 'e');");
  CHECK_LOG("a TimeoutError\nb\nc\nd TimeoutError\ne\nf\n");
}

/* One that has fired may end others that are due in the same turn. */
TEST(what_was_ended_by_another_that_is_due_does_not_fire)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT
        "const stop = new AbortController();"
        "AbortSignal.timeout(20).onabort = () => {"
        "  clearTimeout(id); stop.abort('stopped'); };"
        "const id = setTimeout(log, 20, 'wrong');"
        "wait({ timeout: 20, signal: stop.signal }).catch((e) => log(`${e}`));"
        "for (const end = Date.now() + 40; Date.now() < end;);"
        "await new Promise((resolve) => setTimeout(resolve, 10));");
  CHECK_LOG("stopped\n");
}

/* Sooner or later: a call on the pool that has not begun, or is over, has the loop
 * wake up earlier. */
static void check_deadline(tenon_runtime *rt, int least, int most)
{
  uint64_t end = t_now_ms() + 5000;
  int ms;

  while ((ms = tenon_runtime_deadline_ms(rt), ms < least || ms > most) &&
         t_now_ms() < end) {
    CHECK_INT(0, tenon_runtime_step(rt, 0, NULL));
    usleep(500);
  }
  if (ms < least || ms > most)
    fail_msg("%d is not from %d to %d", ms, least, most);
}

TEST(the_deadline_is_that_of_the_first_of_all)
{
  tenon_runtime *rt = with_module();

  eval(rt, IMPORT "globalThis.far = setTimeout(() => {}, 9000000);"
                  "signal(8000000, 'b'); globalThis.held = 1;");
  check_deadline(rt, 7900000, 8000000);
  eval(rt, IMPORT "globalThis.stop = new AbortController();"
                  "wait({ timeout: 7000000, signal: stop.signal })"
                  "  .catch(() => {});");
  check_deadline(rt, 6900000, 7000000);
  eval(rt, IMPORT "globalThis.near = setTimeout(() => {}, 6000000);");
  check_deadline(rt, 5900000, 6000000);
  eval(rt, "clearTimeout(near);");
  check_deadline(rt, 6900000, 7000000);
  eval(rt, "stop.abort();");
  check_deadline(rt, 7900000, 8000000);
  eval(rt, "clearTimeout(far);");
  /* A signal's time keeps nothing alive. */
  check_deadline(rt, -1, -1);
  CHECK(!tenon_runtime_is_alive(rt));
}

TEST(the_descriptor_is_readable_for_each_of_them)
{
  tenon_runtime *rt = with_module();
  struct pollfd p = {.fd = tenon_runtime_fd(rt), .events = POLLIN};
  char got[64] = "";

  CHECK(p.fd >= 0);
  eval(rt, IMPORT "globalThis.far = setTimeout(() => {}, 9000000);"
                  "signal(20, 'a'); call(150, 'b'); timer(300, 'c');");
  /* The end of the call makes it readable, too. */
  while (!strstr(got, "c")) {
    CHECK_INT(1, poll(&p, 1, 5000));
    CHECK_INT(0, tenon_runtime_step(rt, 0, NULL));
    strncat(got, t_logged(), sizeof got - strlen(got) - 1);
  }
  CHECK_TEXT("a\nb TimeoutError\nc\n", got);
}

TEST(a_timer_keeps_the_loop_alive_behind_times_that_do_not)
{
  tenon_runtime *rt = with_module();

  t_run(rt, IMPORT "signal(5, 'first'); signal(9000000, 'never');"
                   "timer(40, 'second');");
  CHECK_LOG("first\nsecond\n");
  CHECK(!tenon_runtime_is_alive(rt));
  t_run(rt, IMPORT "clearTimeout(setTimeout(log, 9000000, 'wrong'));");
  CHECK(!tenon_runtime_is_alive(rt));
  t_run(rt, IMPORT "timer(1, 'third');");
  CHECK_LOG("third\n");
}

TEST(a_hosts_loop_waits_for_all_of_them)
{
  tenon_options options = {.size = sizeof options};
  tenon_runtime *rt;
  uv_loop_t loop;

  CHECK_INT(0, uv_loop_init(&loop));
  options.loop = &loop;
  CHECK_INT(0, t_runtime_new(&options, &rt));
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_clock));
  eval(rt, IMPORT "timer(60, 'c'); signal(20, 'a'); call(40, 'b');"
                  "signal(9000000, 'never');");
  uv_run(&loop, UV_RUN_DEFAULT);
  CHECK_LOG("a\nb TimeoutError\nc\n");
  t_free(rt);
  uv_run(&loop, UV_RUN_DEFAULT);
  CHECK_INT(0, uv_loop_close(&loop));
}

TEST(a_runtime_ends_with_all_of_them_set)
{
  tenon_runtime *rt = with_module();

  eval(rt, IMPORT "for (let i = 0; i < 100; i++) {"
                  "  timer(i * 1000, 'a'); signal(i * 1000, 'b');"
                  "  call(9000000 + i, 'c'); }");
  usleep(20000);
  t_free(rt);
  CHECK_LOG("");
}

/* Also those that a table by delay finds hard to tell from one another. */
TEST(timers_of_ten_thousands_of_delays_are_as_quick_as_any)
{
  static const char source[] =
      "function set(factor) {"
      "  const ids = [], start = performance.now();"
      "  for (let i = 0; i < 32000; i++)"
      "    ids.push(setTimeout(() => {}, 1e6 + i * factor));"
      "  for (const id of ids) clearTimeout(id);"
      "  return performance.now() - start;"
      "}"
      "set(1);"
      "const near = set(1), far = set(2 ** 16);"
      "if (far > near * 8 + 20) throw new Error(`${near} ${far}`);";

  t_run(with_module(), source);
}
