/* What is open in a runtime, and where it was begun. */
#define TENON_MODULE open_things
#include <stdlib.h>
#include <string.h>
#include <tenon/close.h>
#include <tenon/export.h>
#include <tenon/loop.h>
#include <tenon/open.h>
#include <unistd.h>

#include "base/alloc.h"
#include "harness.h"

TENON_CALLBACK(none, note)

static tenon_deferred *kept[8];
static int kept_count;
static note *kept_note;

TENON_ASYNC(none, keep)
{
  kept[kept_count++] = deferred;
}

TENON_BLOCKING(none, nap, (u32, ms))
{
  usleep(ms * 1000);
}

TENON_FUNCTION(none, keep_note, (note, f))
{
  kept_note = note_keep(f);
  (void)tenon_callback_hold(kept_note, 1);
}

static tenon_runtime *with_module(bool traces)
{
  tenon_runtime *rt = t_runtime();

  kept_count = 0;
  CHECK_INT(0,
            tenon_runtime_add_module(rt, "native", tenon_module_open_things));
  if (traces) CHECK_INT(0, tenon_runtime_trace_open(rt, true));
  return rt;
}

static void eval(tenon_runtime *rt, const char *source)
{
  CHECK_INT(0, tenon_runtime_eval_module(rt, source, strlen(source),
                                         "file:///tmp/app.js"));
}

#define IMPORT "import { keep, nap, keep_note } from 'native';\n"

static const char *text_of(tenon_runtime *rt)
{
  return tenon_runtime_open(rt, TENON_FORM_TEXT);
}

static void end_all(void)
{
  while (kept_count)
    (void)TENON_RESOLVE(keep, kept[--kept_count]);
}

TEST(nothing_is_open_at_first)
{
  tenon_runtime *rt = with_module(true);

  CHECK_INT(0, tenon_runtime_open_count(rt));
  CHECK(text_of(rt) == NULL);
  CHECK_TEXT("[]", tenon_runtime_open(rt, TENON_FORM_JSON));
}

TEST(kinds_and_functions_are_known_without_tracing)
{
  tenon_runtime *rt = with_module(false);

  eval(rt, IMPORT "setTimeout(() => {}, 1e6); nap(1);\n"
                  "setTimeout(() => {}, 1e6); keep(); keep();");
  CHECK_INT(5, tenon_runtime_open_count(rt));
  CHECK_TEXT("2 timers, 1 pool call, 2 deferreds\n"
             "  1 pool call of nap\n"
             "  2 deferreds of keep",
             text_of(rt));
  end_all();
}

TEST(places_are_those_of_the_script)
{
  tenon_runtime *rt = with_module(true);

  eval(rt, IMPORT "for (let i = 0; i < 3; i++)\n"
                  "  setTimeout(() => {}, 1e6);\n"
                  "function wait() { return nap(1); }\n"
                  "wait();\n");
  CHECK_TEXT("3 timers, 1 pool call\n"
             "  3 timers at /tmp/app.js:3:3\n"
             "  1 pool call of nap at /tmp/app.js:4:26",
             text_of(rt));
}

TEST(json_has_them_as_members)
{
  tenon_runtime *rt = with_module(true);

  eval(rt, IMPORT "keep();");
  CHECK_TEXT("[{\"what\":\"deferred\",\"count\":1,\"function\":\"keep\","
             "\"url\":\"file:///tmp/app.js\",\"line\":2,\"column\":1}]",
             tenon_runtime_open(rt, TENON_FORM_JSON));
  end_all();
}

TEST(what_has_ended_is_not_told)
{
  tenon_runtime *rt = with_module(true);

  eval(rt, IMPORT "const t = setTimeout(() => {}, 1e6); clearTimeout(t);\n"
                  "await nap(0); await new Promise((r) => setTimeout(r, 1));");
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(0, tenon_runtime_open_count(rt));
  CHECK(text_of(rt) == NULL);
}

TEST(a_callback_that_holds_the_loop_is_open)
{
  tenon_runtime *rt = with_module(true);

  eval(rt, IMPORT "keep_note(() => {});");
  CHECK_TEXT("1 callback that waits\n"
             "  1 callback that waits of note at /tmp/app.js:2:1",
             text_of(rt));
  tenon_callback_release(kept_note);
  CHECK_INT(0, tenon_runtime_open_count(rt));
}

TEST(tracing_can_be_ended_and_what_is_known_stays)
{
  tenon_runtime *rt = with_module(true);

  eval(rt, "setTimeout(() => {}, 1e6);");
  CHECK_INT(0, tenon_runtime_trace_open(rt, false));
  eval(rt, "setTimeout(() => {}, 1e6);");
  CHECK_TEXT("2 timers\n  1 timer at /tmp/app.js:1:1", text_of(rt));
}

/* The innermost script is that of the timer. */
TEST(what_a_callback_begins_has_the_place_in_it)
{
  tenon_runtime *rt = with_module(true);
  tenon_left left;

  eval(rt, IMPORT "setTimeout(() => {\n  keep();\n}, 0);");
  while (!kept_count)
    CHECK_INT(0, tenon_runtime_step(rt, 10, &left));
  CHECK_TEXT("1 deferred\n  1 deferred of keep at /tmp/app.js:3:3",
             text_of(rt));
  end_all();
}

TEST(open_things_are_closed_with_the_runtime)
{
  tenon_runtime *rt = with_module(true);

  eval(rt, IMPORT "for (let i = 0; i < 50; i++) setTimeout(() => {}, 1e6);\n"
                  "nap(1); nap(1); keep();");
  t_free(rt);
  end_all();
}

static void ask_elsewhere(void *p)
{
  tenon_runtime *rt = p;

  CHECK_INT(0, tenon_runtime_open_count(rt));
  CHECK(tenon_runtime_open(rt, TENON_FORM_TEXT) == NULL);
  CHECK_INT(TENON_ETHREAD, tenon_runtime_trace_open(rt, true));
}

TEST(another_thread_is_told_nothing)
{
  tenon_runtime *rt = with_module(false);

  eval(rt, "setTimeout(() => {}, 1e6);");
  t_elsewhere(ask_elsewhere, rt);
}

/* Without memory for a place it is not known; without memory for the report
 * there is none; with some there is all of it again. */
TEST(each_allocation_of_it_may_fail)
{
  uint64_t at, count = 1;
  int r;

  for (at = 1; at <= count; at++) {
    tenon_runtime *rt = with_module(true);
    tenon_p_alloc_inject(at, false);
    r = tenon_runtime_eval_script(rt, "setTimeout(() => {}, 1e6)", 25, "a.js");
    (void)tenon_runtime_open(rt, TENON_FORM_TEXT);
    (void)tenon_runtime_open(rt, TENON_FORM_JSON);
    count = tenon_p_alloc_stop();
    CHECK(r == 0 || r == TENON_EEXCEPTION || r == TENON_ENOMEM);
    tenon_runtime_clear_exception(rt);
    eval(rt, "setTimeout(() => {}, 1e6);");
    CHECK(text_of(rt) != NULL);
    t_free(rt);
    if (at > count) break;
  }
  CHECK(at > 2);
}
