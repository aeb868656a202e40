/*
 * Each allocation fails in turn while CommonJS and ES modules require and import
 * each other.
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon.h>
#include <unistd.h>

#include "harness.h"

static void prepare(void)
{
  if (!t_enter_folder()) return;
  t_write_file(
      "main.js",
      "const said = [require('./a').n, require('./j.mjs').default,\n"
      "  require('./m.mjs').default, require('./typeless').x,\n"
      "  require.resolve('./a').length > 0, require.cache !== null];\n"
      "try { require('./gone'); } catch (e) {\n"
      "  if (!e.code) throw e; said.push(e.code); }\n"
      "try { require('./bad'); } catch (e) {\n"
      "  if (e.name !== 'SyntaxError') throw e; said.push(e.name); }\n"
      "if (said.join() !== '1,2,c1,4,true,true,MODULE_NOT_FOUND,'\n"
      "    + 'SyntaxError') throw new Error(`wrong: ${said.join()}`);\n"
      "exports.said = said.length;\n"
      "globalThis.done = true;\n");
  t_write_file("j.mjs",
               "import d from './d.json' with { type: 'json' }; export "
               "default d.d;");
  t_write_file("a.js",
               "exports.n = 1; exports.again = require('./a') === exports;");
  t_write_file("d.json", "{ \"d\": 2 }");
  t_write_file("m.mjs",
               "import { c, n } from './c.cjs'; export default c + n;");
  t_write_file("c.cjs", "exports.c = 'c'; module.exports = { ...exports, "
                        "...require('./a') };");
  t_write_file("typeless.js", "export const x = 4;");
  t_write_file("bad.js", "let = ;");
}

static int live(void)
{
  static const char text[] =
      "if (!done || require('./a').n !== 1) throw 'wrong';";
  tenon_runtime *rt;
  int r = tenon_runtime_new(NULL, &rt);

  if (r) return r;
  r = tenon_runtime_add_require(rt, "[eval]");
  if (r == 0) r = tenon_runtime_run_file(rt, "main.js");
  if (r == 0) r = tenon_runtime_eval(rt, text, sizeof text - 1, "[eval]");
  if (r == TENON_EEXCEPTION && tenon_runtime_exception(rt) &&
      strstr(tenon_runtime_exception(rt), "wrong")) {
    print_error("%s\n", tenon_runtime_exception(rt));
    fail();
  }
  tenon_runtime_free(rt);
  return r;
}

static const t_oom oom = {.live = live};

TEST(each_allocation_fails_once)
{
  prepare();
  CHECK_INT(0, live());
  CHECK(t_fail_each(&oom, false) > 200);
}

TEST(every_allocation_fails_from_some_point_on)
{
  prepare();
  CHECK_INT(0, live());
  CHECK(t_fail_each(&oom, true) > 200);
}
