/* A host's runtime: evaluating, exceptions, ending, misuse. */
#include <string.h>

#include "harness.h"

TEST(a_syntax_error_leaves_the_runtime_usable)
{
  tenon_runtime *rt = t_runtime();

  CHECK_THROWS(rt, "SyntaxError", "let = ;");
  CHECK(tenon_runtime_exception(rt) == NULL);
  t_run(rt, "import { log } from 'test'; log(`${1 + 1}`);");
  CHECK_LOG("2\n");
}

TEST(an_exception_has_name_message_and_place)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(TENON_EEXCEPTION,
            t_eval_script(rt, "function f() { throw new RangeError('x'); }\n"
                              "f();"));
  CHECK_TEXT("RangeError: x\n"
             "    at f (test.js:1:22)\n"
             "    at <eval> (test.js:2:1)",
             tenon_runtime_exception(rt));
}

TEST(an_exception_is_valid_utf8)
{
  tenon_runtime *rt = t_runtime();

  CHECK_THROWS(rt, "Error: \xef\xbf\xbdx\xf0\x9f\x98\x80\n",
               "throw new Error('\\ud800x\\ud83d\\ude00');");
  CHECK_INT(TENON_EEXCEPTION, t_eval_script(rt, "throw '\\udc00'"));
  CHECK_TEXT("\xef\xbf\xbd", tenon_runtime_exception(rt));
}
