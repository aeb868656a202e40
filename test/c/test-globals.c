/* Functions, constants and getters on global objects, and glue. */
#include <string.h>
#include <tenon/realm.h>

#include "harness.h"

#include <tenon/export.h>

static int counter;
static bool must_fail;

TENON_FUNCTION(i32, twice, (i32, n))
{
  return 2 * n;
}

TENON_ASYNC(i32, soon)
{
  TENON_RESOLVE(soon, deferred, 3);
}

TENON_GETTER(i32, next)
{
  return ++counter;
}

TENON_CONSTANT(f64, PI, 3.25)

static int32_t risky(void)
{
  return must_fail ? tenon_fail(TENON_RANGE_ERROR, "no value") : 6;
}

TENON_CONSTANT(i32, six, risky())
TENON_DEFAULT(twice)

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  counter = 0;
  must_fail = false;
  t_run(rt, "import { log } from 'test';\n"
            "globalThis.log = (...a) => log(a.map(String).join(' '));");
  return rt;
}

static int add(tenon_runtime *rt)
{
  return tenon_realm_add_globals(tenon_runtime_realm(rt), tenon_module_v1);
}

static int glue(tenon_runtime *rt, const char *source)
{
  return tenon_realm_run_glue(tenon_runtime_realm(rt), tenon_module_v1, source,
                              strlen(source), NULL);
}

#define SCRIPT(rt, source) CHECK_INT(0, t_eval_script(rt, source))

/* --- Globals ---------------------------------------------------------------------------- */

TEST(what_a_module_exports_is_global)
{
  tenon_runtime *rt = start();

  CHECK_INT(0, add(rt));
  SCRIPT(rt, "log(twice(4), PI, next, next, globalThis.six);\n"
             "soon().then(log);");
  CHECK_LOG("8 3.25 1 2 6\n3\n");
  CHECK_THROWS(rt, "twice", "import 'twice';");
}

TEST(globals_are_defined_as_builtins_are)
{
  tenon_runtime *rt = start();

  CHECK_INT(0, add(rt));
  SCRIPT(rt, "for (const name of ['PI', 'next', 'twice']) {\n"
             "  const p = Object.getOwnPropertyDescriptor(globalThis, name);\n"
             "  log(name, ...['writable', 'enumerable', 'configurable']\n"
             "    .filter((k) => p[k]), p.get?.name);\n"
             "}\n"
             "PI = 4; next = 5; twice = 6; log(PI, next, twice);\n"
             "(() => { 'use strict'; try { PI = 4; } catch (e) { log(e); }"
             " })();\n"
             "log(Object.keys(globalThis).includes('PI'), delete next,\n"
             "  typeof next);");
  CHECK_LOG("PI configurable undefined\nnext configurable get next\n"
            "twice writable configurable undefined\n3.25 1 6\n"
            "TypeError: 'PI' is read-only\nfalse true undefined\n");
  SCRIPT(rt, "var PI2 = PI; let six = 'mine'; log(PI2, six);");
  CHECK_LOG("3.25 mine\n");
}

TEST(a_name_that_is_there_is_not_replaced)
{
  static const char *const before[] = {
      "var PI = 1",
      "let twice = 1",
      "const six = 1",
      "function next(){}",
      "class soon{}",
      "globalThis.soon = 1;",
      "Object.defineProperty(globalThis, 'PI', { get() { throw 1; } });"};
  size_t i;

  for (i = 0; i < sizeof before / sizeof *before; i++) {
    tenon_runtime *rt = start();
    SCRIPT(rt, before[i]);
    CHECK_INT(TENON_EEXIST, add(rt));
    SCRIPT(rt, "log(['PI', 'six', 'next', 'soon', 'twice'].filter((n) =>\n"
               "  Object.hasOwn(globalThis, n)).length < 2);");
    CHECK_LOG("true\n");
    t_free(rt);
  }
}

TEST(a_name_of_a_prototype_is_free)
{
  tenon_runtime *rt = start();

  SCRIPT(rt, "Object.prototype.twice = 1; Object.prototype.PI = 1;\n"
             "Object.defineProperty(Object.prototype, 'six',\n"
             "  { set() { log('set'); } });");
  CHECK_INT(0, add(rt));
  SCRIPT(rt, "log(twice(1), PI, six);");
  CHECK_LOG("2 3.25 6\n");
}

TEST(a_second_time_is_refused)
{
  tenon_runtime *rt = start();

  CHECK_INT(0, add(rt));
  CHECK_INT(TENON_EEXIST, add(rt));
  SCRIPT(rt, "for (const n of ['PI', 'six', 'next', 'soon', 'twice'])\n"
             "  delete globalThis[n];");
  CHECK_INT(0, add(rt));
}

TEST(what_a_constant_fails_with_is_pending_and_nothing_defined)
{
  tenon_runtime *rt = start();

  must_fail = true;
  CHECK_INT(TENON_EEXCEPTION, add(rt));
  CHECK(strstr(tenon_runtime_exception(rt), "RangeError: no value"));
  tenon_runtime_clear_exception(rt);
  SCRIPT(rt, "log(typeof PI, typeof twice);");
  must_fail = false;
  CHECK_INT(0, add(rt));
  CHECK_LOG("undefined undefined\n");
}

TEST(a_global_object_that_cannot_grow_is_told_of)
{
  tenon_runtime *rt = start();

  SCRIPT(rt, "Object.preventExtensions(globalThis);");
  CHECK_INT(TENON_EEXCEPTION, add(rt));
  CHECK(strstr(tenon_runtime_exception(rt), "TypeError"));
  tenon_runtime_clear_exception(rt);
  SCRIPT(rt, "log(typeof PI);");
  CHECK_LOG("undefined\n");
}

static const tenon_module *no_entry(void)
{
  return NULL;
}

TEST(a_table_that_is_wrong_is_refused)
{
  tenon_runtime *rt = start();
  tenon_realm *realm = tenon_runtime_realm(rt);

  CHECK_INT(TENON_EINVAL, tenon_realm_add_globals(realm, NULL));
  CHECK_INT(TENON_EABI, tenon_realm_add_globals(realm, no_entry));
  CHECK_INT(TENON_EABI, tenon_realm_run_glue(realm, no_entry, "0", 1, NULL));
  CHECK_INT(TENON_EINVAL, tenon_realm_run_glue(realm, NULL, "0", 1, NULL));
  CHECK_INT(TENON_EINVAL,
            tenon_realm_run_glue(realm, tenon_module_v1, NULL, 1, NULL));
}

/* --- Glue ---------------------------------------------------------------------------------- */

TEST(glue_gets_an_object_that_nobody_else_reaches)
{
  tenon_runtime *rt = start();

  CHECK_INT(0, glue(rt, "'use strict';\n"
                        "({ twice, soon, ...rest }) => {\n"
                        "  globalThis.double = (n) => twice(Number(n));\n"
                        "  globalThis.wait = async () => 1 + await soon();\n"
                        "  log(Object.keys(rest), rest.six);\n"
                        "};"));
  SCRIPT(rt, "log(double('4'), typeof twice, typeof soon); wait().then(log);");
  CHECK_LOG("PI,next,six 6\n8 undefined undefined\n4\n");
}

TEST(no_call_site_gives_out_what_glue_has)
{
  tenon_runtime *rt = start();

  CHECK_INT(0, glue(rt, "'use strict';\n"
                        "({ twice }) => { globalThis.double = (n) => twice(n); "
                        "}"));
  SCRIPT(rt, "Error.prepareStackTrace = (e, sites) => sites;\n"
             "try { double('4'); } catch ({ stack }) {\n"
             "  for (const s of stack.slice(0, 2))\n"
             "    log(s.isNative(), s.getFunction());\n"
             "}");
  CHECK_LOG("true undefined\nfalse undefined\n");
}

TEST(each_glue_gets_an_object_of_its_own)
{
  tenon_runtime *rt = start();

  CHECK_INT(0, glue(rt, "(n) => { globalThis.leaked = n; n.PI2 = n.PI; }"));
  CHECK_INT(0, glue(rt, "(n) => { log(n === leaked, n.PI2, n.next,\n"
                        "  n.twice === leaked.twice); }"));
  SCRIPT(rt, "log(leaked.next, leaked.twice(2), leaked.PI2);");
  CHECK_LOG("false undefined 1 false\n2 4 3.25\n");
}

TEST(the_function_of_glue_is_called_without_this)
{
  tenon_runtime *rt = start();

  CHECK_INT(0,
            glue(rt, "'use strict'; (function (...a) { log(this, a.length);\n"
                     " return 7; })"));
  CHECK_LOG("undefined 1\n");
}

TEST(errors_of_glue_are_told)
{
  static const struct {
    const char *source, *text;
  } wrong[] = {
      {"(n) => {", "SyntaxError"},
      {"throw new RangeError('top')", "RangeError: top"},
      {"() => { throw new RangeError('called') }", "RangeError: called"},
      {"({ twice }) => twice('x')", "twice: argument 1 'n': expected"},
      {"7", "TypeError: glue: expected a script whose value is a function"},
      {"", "TypeError: glue: expected a script whose value is a function"},
      {"import 'test'", "SyntaxError"},
  };
  tenon_runtime *rt = start();
  size_t i;

  for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    CHECK_INT(TENON_EEXCEPTION, glue(rt, wrong[i].source));
    if (!strstr(tenon_runtime_exception(rt), wrong[i].text))
      fail_msg("%s: %s", wrong[i].source, tenon_runtime_exception(rt));
    tenon_runtime_clear_exception(rt);
  }
  CHECK_INT(0, glue(rt, "() => {}"));
}

TEST(an_error_of_glue_has_its_place)
{
  tenon_runtime *rt = start();
  tenon_realm *realm = tenon_runtime_realm(rt);
  static const char source[] = "(n) => {\n  n.twice('x');\n}";

  CHECK_INT(TENON_EEXCEPTION,
            tenon_realm_run_glue(realm, tenon_module_v1, source, strlen(source),
                                 "glue.js"));
  CHECK(strstr(tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_TEXT),
               "glue.js:2"));
  CHECK_INT(TENON_EEXCEPTION,
            tenon_realm_run_glue(realm, tenon_module_v1, source, strlen(source),
                                 NULL));
  CHECK(strstr(tenon_runtime_exception(rt), "<glue>:2"));
}

TEST(a_rejection_of_glue_is_one_of_the_program)
{
  tenon_runtime *rt = start();

  CHECK_INT(TENON_EEXCEPTION, glue(rt, "async () => { throw Error('late') }"));
  CHECK(strstr(tenon_runtime_exception(rt), "Error: late"));
}

TEST(glue_runs_in_its_realm)
{
  tenon_runtime *rt = start();
  tenon_realm *a;
  static const char source[] =
      "(n) => { if (!(n.twice instanceof Function) ||\n"
      "  !(n instanceof Object)) throw 1;\n"
      "  globalThis.here = n.twice(1); }";
  static const char check[] = "if (here !== 2) throw here;";

  CHECK_INT(0, tenon_realm_new(rt, NULL, &a));
  CHECK_INT(0, tenon_realm_run_glue(a, tenon_module_v1, source, strlen(source),
                                    NULL));
  CHECK_INT(0, tenon_realm_eval_script(a, check, strlen(check), NULL));
  SCRIPT(rt, "log(typeof here);");
  CHECK_LOG("undefined\n");
}

TEST(glue_runs_where_scripts_may_not_evaluate)
{
  tenon_runtime *rt = start();
  tenon_realm_options o = {.size = sizeof o, .without = TENON_REALM_EVAL};
  tenon_realm *a;

  CHECK_INT(0, tenon_realm_new(rt, &o, &a));
  CHECK_INT(0, tenon_realm_run_glue(a, tenon_module_v1, "(n) => n.twice(1)", 17,
                                    NULL));
}
