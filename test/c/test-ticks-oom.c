/*
 * Every allocation fails, one run after the other, of a program of ticks and
 * immediates, in two realms.
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#define TENON_MODULE said
#include <string.h>
#include <tenon/export.h>
#include <tenon/realm.h>

#include "harness.h"

static tenon_p_text said;

TENON_FUNCTION(none, say, (str, text))
{
  tenon_p_text_append(&said, text.data, text.len);
  tenon_p_text_puts(&said, ";");
}

static const char program[] =
    "import { say } from 'said';\n"
    "const i = setImmediate((a) => {\n"
    "  say(a);\n"
    "  process.nextTick(say, 'tick of immediate');\n"
    "}, 'immediate');\n"
    "i.unref().ref();\n"
    "clearImmediate(setImmediate(say, 'never'));\n"
    "process.nextTick((a) => {\n"
    "  say(a);\n"
    "  process.nextTick(say, 'two');\n"
    "  Promise.resolve('job').then(say);\n"
    "}, 'one');\n"
    "await new Promise((resolve) => setImmediate(resolve));\n"
    "await new Promise((resolve) => setTimeout(resolve, 1));\n"
    "say('end');\n";

static const char expected[] = "one;two;job;immediate;tick of immediate;end;";

static const char in_realm[] =
    "setImmediate(() => {}); process.nextTick(() => {});";

static int live(void)
{
  tenon_runtime *rt = NULL;
  tenon_realm *realm = NULL;
  int r;

  tenon_p_text_clear(&said);
  r = tenon_runtime_new(NULL, &rt);
  if (r == 0) r = tenon_runtime_add_module(rt, "said", tenon_module_said);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, program, strlen(program), "oom.js");
  if (r == 0) r = tenon_realm_new(rt, NULL, &realm);
  if (r == 0)
    r = tenon_realm_eval_script(realm, in_realm, strlen(in_realm), NULL);
  if (r == 0) r = tenon_runtime_run(rt);
  tenon_runtime_free(rt);
  return r;
}

static const t_oom oom = {.live = live, .said = &said, .expected = expected};

TEST(every_allocation_fails_once)
{
  CHECK(t_fail_each(&oom, false) > 500);
}

TEST(every_allocation_fails_from_some_point_on)
{
  CHECK(t_fail_each(&oom, true) > 500);
}
