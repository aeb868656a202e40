/* Modules of node's names, from the host's side: realms, limits, hosts' contexts. */
#include <string.h>
#include <tenon/quickjs.h>
#include <tenon/realm.h>

#include "base/alloc.h"
#include "harness.h"

TEST(a_realm_has_one_instance_of_a_module_by_both_names)
{
  tenon_runtime *rt = t_runtime();

  t_run(rt, "import { log } from 'test';"
            "import a from 'node:path'; import b, { join } from 'path';"
            "import posix from 'path/posix';"
            "log(`${[a === b, a.posix === posix, join === a.join]}`);");
  CHECK_LOG("true,true,true\n");
}

TEST(names_stay_as_they_were_when_the_module_was_first_imported)
{
  tenon_runtime *rt = t_runtime();

  t_run(
      rt,
      "import { log } from 'test';"
      "const path = (await import('path')).default;"
      "const { join } = path; path.join = 1; path.other = 2;"
      "delete path.sep;"
      "const ns = await import('node:path');"
      "log(`${[ns.join === join, ns.default.join, 'other' in ns, ns.sep]}`);");
  CHECK_LOG("true,1,false,/\n");
}

TEST(each_realm_has_its_own_modules)
{
  static const char source[] =
      "import path from 'path'; path.mine = (path.mine ?? 0) + 1;"
      "import { log } from 'test'; log(`${path.mine}`);";
  tenon_runtime *rt = t_runtime();
  tenon_realm *realm;

  t_run(rt, source);
  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, tenon_realm_eval_module(realm, source, strlen(source), "a.js"));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(0, tenon_realm_free(realm));
  CHECK_LOG("1\n1\n");
}

TEST(a_program_that_changes_prototypes_confuses_no_module_that_has_run)
{
  tenon_runtime *rt = t_runtime();

  t_run(rt,
        "import { log } from 'test'; import path from 'path';"
        "const includes = Reflect.apply.bind(null, [].includes);"
        "const error = () => { throw new Error('taken'); };"
        "for (const C of [Array, String, RegExp, Object, Function, Number])"
        "  for (const k of Object.getOwnPropertyNames(C.prototype))"
        "    if (!includes(['constructor', 'length', 'concat'], [k]))"
        "      try { C.prototype[k] = error; } catch {}"
        "const said = path.join('a', '..', 'b.c') + path.extname('b.c')"
        "  + path.win32.relative('c:\\\\a', 'c:\\\\b') + path.parse('/a').dir;"
        "try { path.join(1); } catch (e) { log(e.code); }"
        "log(said);");
  CHECK_LOG("ERR_INVALID_ARG_TYPE\nb.c.c..\\b/\n");
}

TEST(a_module_that_has_thrown_is_run_again)
{
  tenon_runtime *rt = t_runtime();

  t_run(rt, "import { log } from 'test';"
            "const { Reflect: was } = globalThis;"
            "globalThis.Reflect = undefined;"
            "await import('path').catch((e) => log(e.name));"
            "globalThis.Reflect = was;"
            "log((await import('node:path')).join('a', 'b'));");
  CHECK_LOG("TypeError\na/b\n");
}

TEST(a_host_gives_modules_to_its_context_one_by_one)
{
  static const char source[] =
      "import { join } from 'node:path'; globalThis.said = join('a', 'b');";
  JSRuntime *rt = JS_NewRuntime();
  JSContext *ctx = JS_NewContext(rt), *job;
  JSValue v, global;
  const char *text;

  CHECK_INT(0, tenon_attach(ctx, "node:path", NULL));
  CHECK_INT(TENON_EEXIST, tenon_attach(ctx, "node:path", NULL));
  CHECK_INT(TENON_EINVAL, tenon_attach(ctx, "node:nosuch", NULL));
  v = JS_Eval(ctx, source, strlen(source), "a.js", JS_EVAL_TYPE_MODULE);
  CHECK(!JS_IsException(v));
  JS_FreeValue(ctx, v);
  while (JS_ExecutePendingJob(rt, &job) > 0)
    continue;
  global = JS_GetGlobalObject(ctx);
  v = JS_GetPropertyStr(ctx, global, "said");
  text = JS_ToCString(ctx, v);
  CHECK_TEXT("a/b", text);
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, v);
  JS_FreeValue(ctx, global);
  JS_FreeContext(ctx);
  JS_FreeRuntime(rt);
}

TEST(a_realm_without_what_a_module_needs_does_not_have_it)
{
  static const char source[] = "const { log } = await import('test');"
                               "await import('os').catch((e) => log(e.code));"
                               "log(import.meta.resolve('path'));"
                               "log((await import('events')).default.name);";
  tenon_realm_options o = {sizeof o, TENON_REALM_PROCESS | TENON_REALM_REGEXP |
                                         TENON_REALM_EVENTS | TENON_REALM_JSON};
  tenon_runtime *rt = t_runtime();
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, &o, &realm));
  CHECK_INT(0, tenon_realm_eval_module(realm, source, strlen(source), "a.js"));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("ERR_UNKNOWN_BUILTIN_MODULE\nnode:path\nEventEmitter\n");
}

/* --- Memory ---------------------------------------------------------------- */

static const char importing[] =
    "const said = [];\n"
    "for (const s of ['path', 'node:path/win32', 'events', 'os'])\n"
    "  said.push(typeof (await import(s)).default);\n"
    "try { await import('node:nosuch'); }\n"
    "catch (e) { if (!e.code) throw e; said.push(e.code); }\n"
    "if (`${said}` !== 'object,object,function,object,ERR_UNKNOWN_BUILTIN_MODULE')\n"
    "  throw new Error(`wrong: ${said}`);\n";

static int eval(tenon_runtime *rt, const char *name)
{
  int r = tenon_runtime_eval_module(rt, importing, strlen(importing), name);

  return r ? r : tenon_runtime_run(rt);
}

/* Another realm has all of them: what was not evaluated fails for ever in its
 * own, as all modules. */
static int live(void)
{
  tenon_realm *realm;
  tenon_runtime *rt;
  int r = tenon_runtime_new(NULL, &rt);

  if (r) return r;
  r = eval(rt, "program.js");
  if (r && tenon_runtime_exception(rt))
    CHECK(!strstr(tenon_runtime_exception(rt), "wrong"));
  if (r) {
    tenon_p_alloc_stop();
    /* What the program has not caught may be more than one. */
    do
      tenon_runtime_clear_exception(rt);
    while (tenon_runtime_run(rt));
    tenon_runtime_clear_exception(rt);
    CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
    if (tenon_realm_eval_module(realm, importing, strlen(importing),
                                "again.js") ||
        tenon_runtime_run(rt)) {
      print_error("%s\n", tenon_runtime_exception(rt));
      CHECK(false);
    }
  }
  tenon_runtime_free(rt);
  return r;
}

TEST(each_allocation_of_an_import_fails_in_turn)
{
  t_oom oom = {.live = live};

  CHECK(t_fail_each(&oom, false) > 100);
}

static int live_once(void)
{
  tenon_runtime *rt;
  int r = tenon_runtime_new(NULL, &rt);

  if (r) return r;
  r = eval(rt, "program.js");
  tenon_runtime_free(rt);
  return r;
}

TEST(each_allocation_of_an_import_fails_for_good_in_turn)
{
  t_oom oom = {.live = live_once};

  CHECK(t_fail_each(&oom, true) > 100);
}
