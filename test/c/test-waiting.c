/* Where modules wait at their top: tenon_runtime_waiting. */
#define TENON_MODULE waiting
#include "harness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <unistd.h>

#include "base/alloc.h"
#include "engine/extension.h"

static tenon_runtime *asked;
static char answer[256];

TENON_FUNCTION(none, ask)
{
  const char *places = tenon_runtime_waiting(asked);

  snprintf(answer, sizeof answer, "%s", places ? places : "none");
}

static tenon_runtime *with_module(void)
{
  tenon_runtime *rt = t_runtime();

  asked = rt;
  CHECK_INT(0, tenon_runtime_add_module(rt, "waiting", tenon_module_waiting));
  return rt;
}

static int eval(tenon_runtime *rt, const char *source, const char *name)
{
  return tenon_runtime_eval_module(rt, source, strlen(source), name);
}

/* Where `source` waits, as the module <m>. */
static void check_place(const char *places, const char *source)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(0, eval(rt, source, "<m>"));
  CHECK_INT(TENON_EUNSETTLED, tenon_runtime_run(rt));
  CHECK_TEXT(places, tenon_runtime_waiting(rt));
  t_free(rt);
}

TEST(a_program_that_has_ended_waits_nowhere)
{
  tenon_runtime *rt = with_module();

  CHECK(tenon_runtime_waiting(rt) == NULL);
  t_run(rt, "await 1; for await (const x of [1, 2]);");
  CHECK(tenon_runtime_waiting(rt) == NULL);
  CHECK_INT(TENON_EEXCEPTION,
            eval(rt, "await 1; await Promise.reject(1);", "<m>"));
  CHECK(tenon_runtime_waiting(rt) == NULL);
  CHECK(tenon_runtime_waiting(NULL) == NULL);
}

TEST(the_place_is_that_of_the_await)
{
  check_place("<m>:1:11", "const x = await new Promise(() => {});");
  check_place("<m>:2:3", "1;\n  await\n    new Promise(() => {\n"
                         "  });\n3;");
  check_place("<m>:2:7", "const a = 1, b = a.toString(\n"
                         "  10, await new Promise(() => {}));");
  check_place("<m>:1:18", "const o = await (await new Promise(() => {}));");
}

TEST(a_promise_that_is_held_by_others_is_waited_for_as_well)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(0, eval(rt,
                    "globalThis.p = new Promise((r) => globalThis.r = r);\n"
                    "await p;",
                    "<m>"));
  CHECK_INT(TENON_EUNSETTLED, tenon_runtime_run(rt));
  CHECK_TEXT("<m>:2:1", tenon_runtime_waiting(rt));
  CHECK_INT(0, t_eval_script(rt, "r();"));
  CHECK(tenon_runtime_waiting(rt) == NULL);
}

TEST(a_loop_waits_at_its_for)
{
  check_place(
      "<m>:2:3",
      "{\n  for await (const x of { [Symbol.asyncIterator]: () => ({\n"
      "    next: () => new Promise(() => {}) }) }) {\n    x.y;\n  }\n}");
}

TEST(a_later_await_takes_the_place_of_an_earlier_one)
{
  check_place("<m>:3:1", "await 1;\nawait Promise.resolve(2);\n"
                         "await new Promise(() => {});");
}

TEST(the_functions_that_a_module_calls_are_not_its_top)
{
  check_place("<m>:3:1", "async function f() {\n"
                         "  await new Promise(() => {}); }\nawait f();");
}

TEST(a_function_alone_is_not_reported)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(0, eval(rt,
                    "const o = { '<eval>': async () => {\n"
                    "  await new Promise(() => {}); } };\n"
                    "o['<eval>']();",
                    "<m>"));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(tenon_runtime_waiting(rt) == NULL);
}

TEST(several_modules_stand_one_a_line_as_they_were_loaded)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(0, eval(rt, "await new Promise(() => {});", "<one>"));
  CHECK_INT(
      0, eval(rt, "1;\n await new Promise((r) => globalThis.r = r);", "<two>"));
  CHECK_INT(TENON_EUNSETTLED, tenon_runtime_run(rt));
  CHECK_TEXT("<one>:1:1\n<two>:2:2", tenon_runtime_waiting(rt));
  CHECK_INT(TENON_EUNSETTLED, t_eval_script(rt, "r();"));
  CHECK_TEXT("<one>:1:1", tenon_runtime_waiting(rt));
}

TEST(a_module_that_waits_for_another_one_is_not_named)
{
  static const char leaf[] = "\n\nexport const x = await new Promise(\n"
                             "  (r) => globalThis.go = r);";
  char folder[] = "/tmp/tenon-waiting.XXXXXX", path[64], source[128];
  char expected[96];
  tenon_runtime *rt = with_module();
  FILE *f;

  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/leaf.js", folder);
  f = fopen(path, "w");
  assert_non_null(f);
  fputs(leaf, f);
  fclose(f);
  snprintf(source, sizeof source,
           "import { x } from '%s';\nawait new Promise(() => x);", path);
  CHECK_INT(0, eval(rt, source, "<root>"));
  CHECK_INT(TENON_EUNSETTLED, tenon_runtime_run(rt));
  unlink(path);
  rmdir(folder);
  snprintf(expected, sizeof expected, "file://%s:3:18", path);
  CHECK_TEXT(expected, tenon_runtime_waiting(rt));
  /* Then it is the root that waits. */
  CHECK_INT(TENON_EUNSETTLED, t_eval_script(rt, "go();"));
  CHECK_TEXT("<root>:2:1", tenon_runtime_waiting(rt));
}

TEST(a_module_that_runs_does_not_wait)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(0, eval(rt, "import { ask } from 'waiting'; ask();", "<m>"));
  CHECK_TEXT("none", answer);
  t_run(rt, "import { ask } from 'waiting'; await 1; ask();");
  CHECK_TEXT("none", answer);
}

TEST(names_that_are_odd_are_given_as_they_are)
{
  tenon_runtime *rt = with_module();

  CHECK_INT(0, eval(rt, "await new Promise(() => {});", "7"));
  CHECK_INT(0, eval(rt, "await new Promise(() => {});", "<\xc3\xa9%s>"));
  CHECK_TEXT("7:1:1\n<\xc3\xa9%s>:1:1", tenon_runtime_waiting(rt));
}

TEST(it_can_be_asked_again_and_again)
{
  tenon_runtime *rt = with_module();
  int i;

  CHECK_INT(0, eval(rt, "await new Promise(() => {});", "<m>"));
  for (i = 0; i < 3; i++)
    CHECK_TEXT("<m>:1:1", tenon_runtime_waiting(rt));
  CHECK_INT(TENON_EEXCEPTION, t_eval_script(rt, "throw 'kept';"));
  CHECK_TEXT("<m>:1:1", tenon_runtime_waiting(rt));
  CHECK_TEXT("kept", tenon_runtime_exception(rt));
}

static void *ask_elsewhere(void *rt)
{
  return (void *)tenon_runtime_waiting(rt);
}

TEST(another_thread_gets_nothing)
{
  tenon_runtime *rt = with_module();
  pthread_t thread;
  void *got = rt;

  CHECK_INT(0, eval(rt, "await new Promise(() => {});", "<m>"));
  CHECK_INT(0, pthread_create(&thread, NULL, ask_elsewhere, rt));
  pthread_join(thread, &got);
  CHECK(got == NULL);
}

TEST(without_memory_there_is_no_answer_and_no_harm)
{
  tenon_runtime *rt = with_module();
  const char *places;
  uint64_t at, count;

  CHECK_INT(0, eval(rt, "await new Promise(() => {});", "<a name>"));
  CHECK_INT(0, eval(rt, "await new Promise(() => {});", "7"));
  tenon_p_alloc_inject(1, false);
  CHECK(tenon_runtime_waiting(rt) == NULL);
  CHECK(tenon_p_alloc_stop() > 0);
  CHECK_TEXT("<a name>:1:1\n7:1:1", tenon_runtime_waiting(rt));
  for (at = 1, count = 1; at <= count; at++) {
    tenon_p_alloc_inject(at, true);
    places = tenon_runtime_waiting(rt);
    count = tenon_p_alloc_stop();
    if (places) CHECK_TEXT("<a name>:1:1\n7:1:1", places);
  }
  CHECK_TEXT("<a name>:1:1\n7:1:1", tenon_runtime_waiting(rt));
}

/* --- Scripts -------------------------------------------------------------- */

static int found_line, found_column;

static void found(__attribute__((unused)) void *p,
                  __attribute__((unused)) JSValueConst name, int line,
                  int column)
{
  found_line = line;
  found_column = column;
}

TEST(a_script_with_await_has_its_place_while_its_code_is_held)
{
  static const char source[] = "1;\n  await new Promise((r) => go = r);";
  JSRuntime *rt = JS_NewRuntime();
  JSContext *ctx = JS_NewContext(rt), *other;
  JSValue code = JS_Eval(ctx, source, strlen(source), "<s>",
                         JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_ASYNC |
                             JS_EVAL_FLAG_COMPILE_ONLY);

  CHECK_INT(0, tenon_p_waiting_script(ctx, JS_UNDEFINED, found, NULL));
  CHECK_INT(0, tenon_p_waiting_script(ctx, code, found, NULL));
  JS_FreeValue(ctx, JS_EvalFunction(ctx, JS_DupValue(ctx, code)));
  CHECK_INT(1, tenon_p_waiting_script(ctx, code, found, NULL));
  CHECK_INT(2, found_line);
  CHECK_INT(3, found_column);
  JS_FreeValue(ctx, JS_Eval(ctx, "go();", 5, "<g>", JS_EVAL_TYPE_GLOBAL));
  while (JS_ExecutePendingJob(rt, &other) > 0)
    continue;
  CHECK_INT(0, tenon_p_waiting_script(ctx, code, found, NULL));
  JS_FreeValue(ctx, code);
  JS_FreeContext(ctx);
  JS_FreeRuntime(rt);
}

/* The promise's reactions still point to the module when its realm is gone. */
TEST(runtime_ends_while_a_module_waits)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(TENON_EUNSETTLED,
            t_eval_module(rt, "globalThis.p = new Promise(() => {});"
                              "await globalThis.p;"));
  t_free(rt);
}
