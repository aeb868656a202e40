/* Builtins from the host's side. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "harness.h"

/* Sources that make a builtin by looking at it, and do nothing else. */
static const char *const touches[] = {
    "Buffer;",
    "console;",
    "process;",
    "Event;",
    "addEventListener('x', () => {});",
    "onerror = () => true; reportError(1);",
    "Object.getOwnPropertyDescriptor(globalThis, 'console').value;",
};

TEST(lazy_global_survives_failure)
{
  size_t i;

  for (i = 0; i < sizeof touches / sizeof *touches; i++) {
    const char *source = touches[i];
    uint64_t at = 1;
    bool has_failed = false;

    for (;; at++) {
      tenon_runtime *rt = t_runtime();
      uint64_t count;
      int r;

      tenon_p_alloc_inject(at, false);
      r = tenon_runtime_eval_script(rt, source, strlen(source), NULL);
      count = tenon_p_alloc_stop();
      if (r) {
        has_failed = true;
        CHECK(r == TENON_EEXCEPTION || r == TENON_ENOMEM);
        tenon_runtime_clear_exception(rt);
      }
      t_run(rt, "import { log } from 'test';"
                "log(`${typeof console.log} ${typeof process.exit}`);");
      CHECK_LOG("function function\n");
      t_free(rt);
      if (count < at) break;
    }
    CHECK(has_failed);
  }
}

TEST(process_argv_is_what_the_options_say)
{
  static const char *const args[] = {"host", "", "a b", "\xc3\xa9"};
  tenon_options options = {
      .size = sizeof options, .args = args, .arg_count = 4};
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(&options, &rt));
  t_run(rt, "import { log } from 'test'; log(JSON.stringify(process.argv));");
  CHECK_LOG("[\"host\",\"\",\"a b\",\"\xc3\xa9\"]\n");
}

TEST(process_argv_is_copied)
{
  char word[] = "before";
  const char *args[] = {word};
  tenon_options options = {
      .size = sizeof options, .args = args, .arg_count = 1};
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(&options, &rt));
  memcpy(word, "after!", 6);
  args[0] = NULL;
  t_run(rt, "import { log } from 'test'; log(process.argv.join());");
  CHECK_LOG("before\n");
}

TEST(process_argv_is_empty_without_options)
{
  tenon_runtime *rt = t_runtime();

  t_run(rt, "import { log } from 'test'; log(JSON.stringify(process.argv));");
  CHECK_LOG("[]\n");
}

TEST(each_runtime_has_its_own_builtins)
{
  tenon_runtime *one = t_runtime(), *two = t_runtime();

  t_run(one,
        "console.log = 1; process.exitCode = 7; delete globalThis.process;");
  t_run(two, "import { log } from 'test';"
             "log(`${typeof console.log} ${process.exitCode}`);");
  CHECK_LOG("function undefined\n");
  CHECK_INT(7, tenon_runtime_exit_code(one));
  CHECK_INT(0, tenon_runtime_exit_code(two));
}

TEST(exit_ends_a_script_with_its_code_until_resumed)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(TENON_EEXIT, t_eval_script(rt, "process.exit(5); x();"));
  CHECK_INT(5, tenon_runtime_exit_code(rt));
  assert_null(tenon_runtime_exception(rt));
  CHECK_INT(TENON_EEXIT, t_eval_script(rt, "1"));
  CHECK_INT(TENON_EEXIT, tenon_runtime_run(rt));
  tenon_runtime_resume(rt);
  t_run(rt, "import { log } from 'test'; log('on');");
  CHECK_LOG("on\n");
}
