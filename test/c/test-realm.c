/* Realms: what they share, and what each has for itself. */
#include <string.h>
#include <tenon/realm.h>

#include "harness.h"

#include <tenon/export.h>

#include "napi.h"

TENON_FUNCTION(f64, half, (f64, x))
{
  return x / 2;
}

TENON_CONSTANT(i32, seven, 7)

static tenon_realm *make(tenon_runtime *rt)
{
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK(realm != NULL && tenon_realm_runtime(realm) == rt);
  return realm;
}

static tenon_realm *make_without(tenon_runtime *rt, uint32_t without)
{
  tenon_realm_options o = {.size = sizeof o, .without = without};
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, &o, &realm));
  return realm;
}

/* Its module `test` has the function log. */
static void run_in(tenon_realm *realm, const char *source)
{
  tenon_runtime *rt = tenon_realm_runtime(realm);
  int r = tenon_realm_eval_module(realm, source, strlen(source), "realm.js");

  if (r == 0) r = tenon_runtime_run(rt);
  if (r) fail_msg("%s: %s", tenon_error_name(r), tenon_runtime_exception(rt));
}

static int eval_in(tenon_realm *realm, const char *source)
{
  return tenon_realm_eval_script(realm, source, strlen(source), NULL);
}

/* Gives `to` the global object of `from` as globalThis[name]. */
static void hand(tenon_realm *from, tenon_realm *to, const char *name)
{
  napi_env env = tenon_runtime_env(tenon_realm_runtime(from));
  napi_handle_scope scope;
  napi_value its, ours;

  CHECK_INT(0, tenon_realm_enter(from));
  napi_open_handle_scope(env, &scope);
  CHECK_INT(napi_ok, napi_get_global(env, &its));
  CHECK_INT(0, tenon_realm_enter(to));
  CHECK_INT(napi_ok, napi_get_global(env, &ours));
  CHECK_INT(napi_ok, napi_set_named_property(env, ours, name, its));
  CHECK_INT(0, tenon_realm_leave(to));
  napi_close_handle_scope(env, scope);
  CHECK_INT(0, tenon_realm_leave(from));
}

#define LOG "import { log } from 'test';\n"

/* --- Sharing -------------------------------------------------------------------------- */

TEST(each_realm_has_its_own_global_object_and_intrinsics)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *a = make(rt), *b = make(rt), *main = tenon_runtime_realm(rt);

  CHECK_INT(0, eval_in(a, "var x = 'a'; Array.prototype.mine = 1;"));
  CHECK_INT(0, eval_in(b, "var x = 'b'; let y = 2;"));
  run_in(a, LOG "log(`${x} ${[].mine} ${typeof y}`);");
  run_in(b, LOG "log(`${x} ${[].mine} ${typeof y}`);");
  run_in(main, LOG "log(`${typeof x} ${[].mine} ${typeof y}`);");
  CHECK_LOG("a 1 undefined\nb undefined number\n"
            "undefined undefined undefined\n");
}

TEST(an_object_is_the_same_in_all_realms_and_keeps_its_prototype)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *a = make(rt), *main = tenon_runtime_realm(rt);

  hand(a, main, "other");
  CHECK_INT(0, eval_in(a, "var list = [1, 2], map = new Map([[1, 2]]),\n"
                          "  error = new RangeError('r');"));
  run_in(main,
         LOG "const { list, map, error } = other;\n"
             "list.push(3); other.back = list;\n"
             "log(`${list instanceof Array} ${Array.isArray(list)} "
             "${list instanceof other.Array}`);\n"
             "log(`${Map.prototype.get.call(map, 1)} ${error instanceof Error}"
             " ${Error.isError(error)} ${other.globalThis === other}`);\n"
             "log(`${structuredCloneLike(list)}`);\n"
             "function structuredCloneLike(v) {\n"
             "  return JSON.parse(JSON.stringify(v)) instanceof Array; }");
  run_in(a, LOG "log(`${back === list} ${list.length}`);");
  CHECK_LOG("false true true\n2 false true true\ntrue\ntrue 3\n");
}

TEST(the_realm_of_a_runtime_is_a_realm_as_others)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *main = tenon_runtime_realm(rt);

  CHECK(main != NULL && tenon_realm_runtime(main) == rt);
  CHECK_INT(0, eval_in(main, "var seen = 1;"));
  t_run(rt, LOG "log(`${seen}`);");
  CHECK_LOG("1\n");
  CHECK_INT(TENON_EINVAL, tenon_realm_free(main));
}

TEST(an_error_of_one_realm_is_caught_in_another)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *a = make(rt), *main = tenon_runtime_realm(rt);

  hand(a, main, "other");
  CHECK_INT(0, eval_in(a, "function fail() { throw new TypeError('no'); }\n"
                          "function engine() { null.x; }"));
  run_in(main, LOG "for (const f of ['fail', 'engine']) {\n"
                   "  try { other[f](); } catch (e) {\n"
                   "    log(`${e.name} ${e instanceof TypeError} "
                   "${e instanceof other.TypeError}`);\n"
                   "  } }");
  CHECK_LOG("TypeError false true\nTypeError false true\n");
}

TEST(what_a_script_throws_is_the_pending_exception_of_the_runtime)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *a = make(rt);

  CHECK_INT(TENON_EEXCEPTION, eval_in(a, "throw new RangeError('r')"));
  CHECK(strstr(tenon_runtime_exception(rt), "RangeError: r"));
  CHECK(strstr(tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_TEXT),
               "RangeError: r"));
  tenon_runtime_clear_exception(rt);
  CHECK_INT(TENON_EEXCEPTION, eval_in(a, "let = ;"));
  tenon_runtime_clear_exception(rt);
  CHECK_INT(0, eval_in(a, "1"));
}

/* --- Modules -------------------------------------------------------------------------- */

TEST(a_native_module_has_functions_of_each_realm)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *a = make(rt), *main = tenon_runtime_realm(rt);

  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_v1));
  hand(a, main, "other");
  run_in(a, "import { half, seven } from 'm'; globalThis.half = half;\n"
            "globalThis.wrong = () => half('x');");
  run_in(main,
         LOG "import { half, seven } from 'm';\n"
             "log(`${half === other.half} ${half instanceof Function}"
             " ${other.half instanceof other.Function} ${other.half(seven)}`);"
             "\ntry { other.half('x'); } catch (e) {\n"
             "  log(`${e instanceof TypeError} ${e instanceof other.TypeError} "
             "${e.message}`); }");
  CHECK_LOG("false true true 3.5\nfalse true half: argument 1 'x': expected "
            "number, got string\n");
}

TEST(a_module_of_one_url_has_an_instance_in_each_realm)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *a = make(rt), *main = tenon_runtime_realm(rt);

  run_in(a, LOG "import { log as other } from 'test';\n"
                "globalThis.same = log; log(`${log === other}`);");
  hand(a, main, "a");
  run_in(main, LOG "log(`${log === a.same}`);");
  CHECK_LOG("true\nfalse\n");
}

TEST(a_module_that_waits_in_a_realm_is_told_of)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *a = make(rt);
  static const char source[] = "await new Promise(() => {});";

  CHECK_INT(0, tenon_realm_eval_module(a, source, strlen(source), "w.js"));
  CHECK_INT(TENON_EUNSETTLED, tenon_runtime_run(rt));
  CHECK_TEXT("w.js:1:1", tenon_runtime_waiting(rt));
  CHECK_INT(0, tenon_realm_free(a));
  CHECK(tenon_runtime_waiting(rt) == NULL);
  CHECK_INT(0, tenon_runtime_run(rt));
}

/* --- Turns ---------------------------------------------------------------------------- */

TEST(microtasks_and_timers_of_all_realms_run_in_their_order)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *a = make(rt), *main = tenon_runtime_realm(rt);

  run_in(main, LOG "globalThis.log = log;");
  hand(main, a, "main");
  CHECK_INT(0, eval_in(a, "setTimeout(() => main.log('a timer'), 1);\n"
                          "Promise.resolve().then(() => main.log('a job'));"));
  CHECK_INT(0, tenon_runtime_eval_script(
                   rt, "setTimeout(() => log('timer'), 1);", 34, NULL));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("a job\na timer\ntimer\n");
}

TEST(a_timer_is_cleared_by_its_realm_only)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *a = make(rt), *main = tenon_runtime_realm(rt);

  run_in(main, LOG "globalThis.log = log;");
  hand(main, a, "main");
  CHECK_INT(0, eval_in(a, "const t = setTimeout(() => main.log('fired'), 1);\n"
                          "main.clearTimeout(t);\n"
                          "const u = setTimeout(() => main.log('no'), 1);\n"
                          "clearTimeout(u);"));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("fired\n");
}

TEST(errors_that_nobody_caught_are_put_to_the_realm_they_come_from)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *a = make(rt), *b = make(rt), *main = tenon_runtime_realm(rt);

  run_in(main,
         LOG "globalThis.log = log;\n"
             "addEventListener('error', (e) => {\n"
             "  log('main'); e.preventDefault(); });\n"
             "onunhandledrejection = () => { log('main'); return false };");
  hand(main, a, "main");
  CHECK_INT(0,
            eval_in(a, "addEventListener('error', (e) => {\n"
                       "  main.log(`a ${e.error}`); e.preventDefault(); });\n"
                       "onunhandledrejection = (e) => {\n"
                       "  main.log(`a ${e.reason}`); return false; };\n"
                       "setTimeout(() => { throw 1; });\n"
                       "Promise.reject(2); queueMicrotask(() => { throw 3; "
                       "});"));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("a 3\na 2\na 1\n");
  CHECK_INT(TENON_EEXCEPTION, eval_in(b, "Promise.reject(4)"));
  CHECK_TEXT("4", tenon_runtime_exception(rt));
  CHECK_INT(0, eval_in(b, "setTimeout(() => { throw 5; });"));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK_TEXT("5", tenon_runtime_exception(rt));
  CHECK_LOG("");
}

TEST(a_promise_of_one_realm_is_awaited_in_another)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *a = make(rt), *main = tenon_runtime_realm(rt);

  hand(a, main, "a");
  CHECK_INT(0,
            eval_in(a, "var p = new Promise((f) => setTimeout(f, 1, 'x'));\n"
                       "async function later(v) { await p; return v + 1; }"));
  run_in(main, LOG "log(`${await a.p} ${await a.later(1)}`);\n"
                   "log(`${a.p instanceof Promise} ${Promise.resolve(a.p) === "
                   "a.p}`);");
  CHECK_LOG("x 2\nfalse false\n");
}

/* --- Builtins -------------------------------------------------------------------------- */

TEST(builtins_are_those_of_each_realm)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *a = make(rt), *main = tenon_runtime_realm(rt);

  hand(a, main, "a");
  run_in(
      main, LOG
      "for (const n of ['console', 'setTimeout', 'Event', 'process',\n"
      "  'performance', 'DOMException', 'atob'])\n"
      "  if (a[n] === globalThis[n] || typeof a[n] === 'undefined') log(n);\n"
      "log(`${new a.Event('x') instanceof a.Event}"
      " ${a.process.argv instanceof a.Array}"
      " ${a.console.log instanceof a.Function}`);\n"
      "try { a.atob('?'); } catch (e) {\n"
      "  log(`${e instanceof a.DOMException} ${e.name}`); }");
  CHECK_LOG("true true true\ntrue InvalidCharacterError\n");
}

/* --- Leaving out ------------------------------------------------------------------------ */

TEST(what_is_left_out_is_not_there)
{
  static const struct {
    uint32_t flag;
    const char *names;
  } all[] = {
      {TENON_REALM_DATE, "Date"},
      {TENON_REALM_REGEXP, "RegExp"},
      {TENON_REALM_JSON, "JSON"},
      {TENON_REALM_PROXY, "Proxy"},
      {TENON_REALM_MAP_SET, "Map Set WeakMap WeakSet"},
      {TENON_REALM_TYPED_ARRAYS, "ArrayBuffer Uint8Array DataView Atomics"},
      {TENON_REALM_PROMISE, "Promise"},
      {TENON_REALM_WEAK_REF, "WeakRef FinalizationRegistry"},
      {TENON_REALM_DOM_EXCEPTION, "DOMException atob btoa Event console"},
      {TENON_REALM_BASE64, "atob btoa"},
      {TENON_REALM_PERFORMANCE, "performance"},
      {TENON_REALM_CONSOLE, "console"},
      {TENON_REALM_TIMERS, "setTimeout setInterval clearTimeout"},
      {TENON_REALM_EVENTS, "Event EventTarget addEventListener onerror"},
      {TENON_REALM_PROCESS, "process"},
  };
  tenon_runtime *rt = t_runtime();
  size_t i;

  for (i = 0; i < sizeof all / sizeof *all; i++) {
    tenon_realm *realm = make_without(rt, all[i].flag);
    char source[300];

    sprintf(source,
            "'%s'.split(' ').forEach((n) => { if (n in globalThis) throw n; });"
            "\nif (typeof Object !== 'function') throw 'Object';",
            all[i].names);
    if (eval_in(realm, source)) fail_msg("%s", tenon_runtime_exception(rt));
    CHECK_INT(0, tenon_realm_free(realm));
  }
}

TEST(all_but_one_can_be_left_out)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *realm = make_without(rt, ~(uint32_t)TENON_REALM_JSON);

  CHECK_INT(0, eval_in(realm, "if (JSON.stringify([1]) !== '[1]') throw 1;\n"
                              "if (typeof Map + typeof console + typeof Event\n"
                              "  !== 'undefined'.repeat(3)) throw 2;"));
}

TEST(a_realm_without_eval_evaluates_for_its_host_only)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *a = make_without(rt, TENON_REALM_EVAL);

  CHECK_INT(0, eval_in(a, "var n = 0;\n"
                          "for (const f of [() => eval('1'), () => Function('')"
                          ",\n  () => (0, eval)('1'),\n"
                          "  () => (async () => 0).constructor(''),\n"
                          "  () => new (function* () {}).constructor('')])\n"
                          "  try { f(); } catch (e) { n++; }\n"
                          "if (n !== 5) throw n;"));
  run_in(a, LOG "log(`${n}`);");
  CHECK_LOG("5\n");
}

TEST(a_realm_without_import_imports_nothing)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *a = make_without(rt, TENON_REALM_IMPORT);
  static const char source[] = LOG;

  CHECK_INT(TENON_EEXCEPTION,
            tenon_realm_eval_module(a, source, strlen(source), "x.js"));
  CHECK(strstr(tenon_runtime_exception(rt),
               "Cannot import 'test': this realm has no imports"));
  tenon_runtime_clear_exception(rt);
  CHECK_INT(0, eval_in(a, "var code;\n"
                          "import('test').catch((e) => { code = e.code; });"));
  CHECK_INT(0,
            eval_in(a, "if (code !== 'ERR_IMPORT_NOT_ALLOWED') throw code;"));
  run_in(a, "export const x = 1; import.meta.url;");
}

/* --- Node-API ---------------------------------------------------------------------------- */

static napi_value make_array(napi_env env, napi_callback_info info)
{
  napi_value array;

  (void)info;
  napi_create_array(env, &array);
  return array;
}

TEST(values_are_made_in_the_realm_that_was_entered)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *a = make(rt), *main = tenon_runtime_realm(rt);
  napi_env env = tenon_runtime_env(rt);
  napi_value array, global, f;

  CHECK_INT(0, tenon_realm_enter(a));
  CHECK_INT(napi_ok, napi_create_array(env, &array));
  CHECK_INT(napi_ok, napi_create_function(env, "f", 1, make_array, NULL, &f));
  CHECK_INT(0, tenon_realm_leave(a));
  CHECK_INT(napi_ok, napi_get_global(env, &global));
  CHECK_INT(napi_ok, napi_set_named_property(env, global, "array", array));
  CHECK_INT(napi_ok, napi_set_named_property(env, global, "f", f));
  hand(a, main, "a");
  run_in(main, LOG "log(`${array instanceof a.Array} ${f instanceof a.Function}"
                   " ${f() instanceof a.Array} ${f() instanceof Array}`);");
  CHECK_LOG("true true true false\n");
}

TEST(realms_are_left_in_the_order_they_were_entered)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm *a = make(rt), *b = make(rt);

  CHECK_INT(TENON_EINVAL, tenon_realm_leave(a));
  CHECK_INT(0, tenon_realm_enter(a));
  CHECK_INT(0, tenon_realm_enter(b));
  CHECK_INT(0, tenon_realm_enter(a));
  CHECK_INT(TENON_EINVAL, tenon_realm_leave(b));
  CHECK_INT(0, tenon_realm_leave(a));
  CHECK_INT(0, tenon_realm_leave(b));
  CHECK_INT(TENON_EBUSY, tenon_realm_free(a));
  CHECK_INT(0, tenon_realm_leave(a));
  CHECK_INT(0, tenon_realm_free(a));
  CHECK_INT(0, tenon_realm_enter(b));
  /* Left by the end of the runtime. */
}

/* --- Wrong callers ------------------------------------------------------------------------ */

TEST(options_of_another_size_are_refused)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm_options o = {.size = 0};
  tenon_realm *realm = tenon_runtime_realm(rt);

  CHECK_INT(TENON_EINVAL, tenon_realm_new(rt, &o, &realm));
  CHECK(realm == NULL);
  o.size = sizeof o + 1;
  CHECK_INT(TENON_EINVAL, tenon_realm_new(rt, &o, &realm));
  CHECK_INT(TENON_EINVAL, tenon_realm_new(NULL, NULL, &realm));
  CHECK_INT(TENON_EINVAL, tenon_realm_new(rt, NULL, NULL));
  CHECK(tenon_runtime_realm(NULL) == NULL);
  CHECK_INT(TENON_EINVAL, tenon_realm_eval_script(NULL, "", 0, NULL));
  CHECK_INT(TENON_EINVAL,
            tenon_realm_eval_script(tenon_runtime_realm(rt), NULL, 1, NULL));
}
