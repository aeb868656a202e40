/* CommonJS by the functions of a host: files, realms, links, rules, text. */
#define TENON_MODULE commonjs
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tenon.h>
#include <tenon/export.h>
#include <tenon/loader.h>
#include <tenon/realm.h>
#include <unistd.h>

#include "harness.h"

TENON_FUNCTION(i32, add, (i32, a), (i32, b))
{
  return a + b;
}

static void prepare(void)
{
  if (!t_enter_folder()) return;
  CHECK_INT(0, mkdir("app", 0700));
  t_write_file("app/main.js",
               "const { log } = require('test');\n"
               "log(`${__filename.endsWith('/app/main.js')} ${"
               "require.main === module} ${require('./a').n}`);\n");
  t_write_file("app/a.js",
               "globalThis.n = (globalThis.n ?? 0) + 1; exports.n = n;");
  t_write_file("app/late.js",
               "const { log } = require('test');\n"
               "setTimeout(() => log(`${require('./a').n}`), 1);\n");
  t_write_file("app/throws.js", "throw new TypeError('from the file');");
  t_write_file("app/bad.js", "let = ;");
  t_write_file("app/secret.js", "exports.read = f => require(f);\n"
                                "exports.raw = (e, f) => {\n"
                                "  const m = {}; require.extensions[e](m, f);\n"
                                "  return m.exports;\n"
                                "};\n");
  t_write_file("out.js", "module.exports = 'secret';");
  t_write_file("out.json", "\"secret\"");
}

/* A program that is a module and has `require` of a file in app/. */
#define REQUIRES                                              \
  "import { log } from 'test';\n"                             \
  "import { createRequire } from 'node:module';\n"            \
  "const require = createRequire(process.cwd() + '/app/');\n" \
  "const told = (f) => { try { log(String(f())); }\n"         \
  "  catch (e) { log(`${e.code} ${e.message.split('\\n')[0]}`); } };\n"

TEST(a_file_without_module_syntax_is_commonjs)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  CHECK_INT(0, tenon_runtime_run_file(rt, "app/main.js"));
  CHECK_LOG("true true 1\n");
}

TEST(a_file_runs_again_and_has_what_it_required_before)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  CHECK_INT(0, tenon_runtime_run_file(rt, "app/main.js"));
  CHECK_INT(0, tenon_runtime_run_file(rt, "app/main.js"));
  CHECK_LOG("true true 1\ntrue true 1\n");
}

TEST(require_works_when_the_program_has_run)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  CHECK_INT(0, tenon_runtime_run_file(rt, "app/late.js"));
  CHECK_LOG("1\n");
}

TEST(a_file_that_fails_leaves_the_runtime_usable)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run_file(rt, "app/throws.js"));
  CHECK(strstr(tenon_runtime_exception(rt), "from the file"));
  tenon_runtime_clear_exception(rt);
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run_file(rt, "app/bad.js"));
  CHECK(strstr(tenon_runtime_exception(rt), "SyntaxError"));
  tenon_runtime_clear_exception(rt);
  CHECK_INT(0, tenon_runtime_run_file(rt, "app/main.js"));
  CHECK_LOG("true true 1\n");
}

TEST(each_realm_has_its_own_cache)
{
  tenon_runtime *rt = t_runtime();
  static const char source[] =
      "import { n } from './app/a.js'; import { log } from 'test';\n"
      "import { createRequire } from 'node:module';\n"
      "const require = createRequire(import.meta.url);\n"
      "log(`${n} ${require('./app/a.js').n} ${require('module').name}`);\n";
  tenon_realm *realm;
  int i;

  prepare();
  t_run(rt, REQUIRES "log(String(require('./a').n));");
  for (i = 0; i < 3; i++) {
    CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
    CHECK_INT(0, tenon_realm_eval_module(realm, source, sizeof source - 1,
                                         "./realm.js"));
    CHECK_INT(0, tenon_realm_free(realm));
  }
  CHECK_LOG("1\n1 1 Module\n1 1 Module\n1 1 Module\n");
}

TEST(a_realm_without_imports_requires_nothing)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm_options options = {.size = sizeof options,
                                 .without = TENON_REALM_IMPORT};
  static const char source[] = "import('node:module').then(() => { throw 1; }, "
                               "(e) => globalThis.code = e.code);";
  tenon_realm *realm;

  prepare();
  CHECK_INT(0, tenon_realm_new(rt, &options, &realm));
  CHECK_INT(0,
            tenon_realm_eval_script(realm, source, sizeof source - 1, "r.js"));
}

TEST(a_realm_without_most_of_the_language_has_commonjs)
{
  tenon_runtime *rt = t_runtime();
  tenon_realm_options options = {.size = sizeof options};
  static const char source[] =
      "import { log } from 'test';\n"
      "import { createRequire } from 'node:module';\n"
      "import { n } from './app/a.js';\n"
      "const require = createRequire(import.meta.url);\n"
      "const m = new (require('module').Module)('x');\n"
      "let refused;\n"
      "try { m._compile('1', 'x'); } catch (e) { refused = e.message; }\n"
      "log(`${n} ${require('./out.json')} ${refused}`);\n";
  tenon_realm *realm;

  prepare();
  options.without = ~(uint32_t)TENON_REALM_IMPORT;
  CHECK_INT(0, tenon_realm_new(rt, &options, &realm));
  CHECK_INT(0, tenon_realm_eval_module(realm, source, sizeof source - 1,
                                       "./realm.js"));
  CHECK_LOG("1 secret cannot compile text for x: eval is not supported\n");
}

/* --- Links -------------------------------------------------------------------- */

static const struct {
  const char *url, *text;
} archive[] = {
    {"app:main.cjs", "exports.b = require('./lib/b.cjs'); exports.name = "
                     "module.id; exports.n = (globalThis.k = "
                     "(globalThis.k ?? 0) + 1);"},
    {"app:lib/b.cjs", "module.exports = `b of ${__filename}`;"},
    {"app:esm.js", "export const x = 1; export default 2;"},
    {"app:waits.js", "export const x = await 1;"},
    {"app:throws.cjs", "throw new Error('thrown');"},
};

static tenon_said find(tenon_resolve *q, void *data)
{
  const char *s = tenon_resolve_specifier(q);

  (void)data;
  if (strcmp(s, "forbidden") == 0)
    return tenon_resolve_fail(q, "ERR_FORBIDDEN", "not for you");
  if (strncmp(s, "app:", 4) != 0) return tenon_resolve_pass(q, "not in it");
  return tenon_resolve_answer(q, s);
}

/* And files that end with "translated.js", which are not there. */
static tenon_said load(tenon_load *q, void *data)
{
  static const char translated[] = "exports.translated = typeof require;";
  const char *url = tenon_load_url(q);
  size_t n = strlen(url), i;

  (void)data;
  if (strcmp(url, "app:native") == 0)
    return tenon_load_answer_native(q, tenon_module_commonjs);
  if (n > 6 && strcmp(url + n - 6, "out.js") == 0)
    return tenon_load_answer(q, translated, sizeof translated - 1);
  for (i = 0; i < sizeof archive / sizeof *archive; i++)
    if (strcmp(archive[i].url, url) == 0)
      return tenon_load_answer(q, archive[i].text, strlen(archive[i].text));
  return tenon_load_pass(q, NULL);
}

static tenon_runtime *with_archive(void)
{
  static const tenon_link link = {
      .size = sizeof link, .name = "archive", .resolve = find, .load = load};
  tenon_runtime *rt = t_runtime();

  prepare();
  CHECK_INT(0, tenon_runtime_add_link(rt, &link, NULL, false));
  return rt;
}

TEST(require_asks_links)
{
  tenon_runtime *rt = with_archive();

  t_run(
      rt, REQUIRES
      "const { b, name } = require('app:main.cjs');\n"
      "log(`${b} ${name}`);\n"
      "log(`${require('app:esm.js').x} ${require('app:native').add(1, 2)}`);\n"
      "told(() => require('forbidden'));\n"
      "told(() => require('app:waits.js'));\n"
      "told(() => require('app:throws.cjs'));\n"
      "told(() => require('./gone'));\n");
  CHECK(strstr(t_logged(), "b of app:lib/b.cjs app:main.cjs\n1 3\n"
                           "ERR_FORBIDDEN"));
}

TEST(import_and_require_share_what_a_link_has)
{
  tenon_runtime *rt = with_archive();

  t_run(rt,
        REQUIRES "import main, { n, name } from 'app:main.cjs';\n"
                 "log(`${n} ${name} ${main === require('app:main.cjs')}`);");
  CHECK_LOG("1 app:main.cjs true\n");
}

TEST(a_link_translates_files_for_require)
{
  tenon_runtime *rt = with_archive();

  t_run(rt, REQUIRES "log(require('../out.js').translated);\n"
                     "log((await import('./out.js')).translated);\n");
  CHECK_LOG("function\nfunction\n");
}

/* --- Rules -------------------------------------------------------------------- */

TEST(rules_hold_for_require_and_for_what_scripts_read_by_it)
{
  tenon_runtime *rt = t_runtime();
  const char *roots[] = {"app", NULL};
  tenon_import_rules rules = {.size = sizeof rules, .roots = roots};

  prepare();
  CHECK_INT(0, tenon_runtime_set_import_rules(rt, &rules));
  t_run(rt, REQUIRES
        "const s = require('./secret');\n"
        "const codes = [() => s.read('../out'), () => s.read('../out.js'),\n"
        "  () => s.read('../gone.js'),\n"
        "  () => s.read(process.cwd() + '/out.json'),\n"
        "  () => s.raw('.json', process.cwd() + '/out.json'),\n"
        "  () => s.raw('.js', process.cwd() + '/out.js'),\n"
        "  () => require('module')._load(process.cwd() + '/out.js')]\n"
        "  .map((f) => { try { return f(); } catch (e) { return e.code; } });\n"
        "log(codes.join());");
  CHECK_LOG("ERR_ACCESS_DENIED,ERR_ACCESS_DENIED,ERR_ACCESS_DENIED,"
            "ERR_ACCESS_DENIED,ERR_ACCESS_DENIED,ERR_ACCESS_DENIED,"
            "ERR_ACCESS_DENIED\n");
}

TEST(rules_hold_for_builtin_modules_and_native_code)
{
  tenon_runtime *rt = t_runtime();
  const char *allowed[] = {"test", "node:module", "file:*", NULL};
  tenon_import_rules rules = {
      .size = sizeof rules, .allowed = allowed, .no_native = true};

  prepare();
  t_write_file("app/native.so", "not even one");
  CHECK_INT(0, tenon_runtime_set_import_rules(rt, &rules));
  t_run(rt, REQUIRES
        "const s = require('./secret');\n"
        "const codes = [() => typeof s.read('module'),\n"
        "  () => s.read('tenon:process'), () => s.read('path'),\n"
        "  () => s.read('node:path'), () => s.read('./native.so'),\n"
        "  () => s.raw('.so', process.cwd() + '/app/native.so')]\n"
        "  .map((f) => { try { return f(); } catch (e) { return e.code; } });\n"
        "log(codes.join());");
  CHECK_LOG("function,ERR_ACCESS_DENIED,ERR_ACCESS_DENIED,ERR_ACCESS_DENIED,"
            "ERR_ACCESS_DENIED,ERR_ACCESS_DENIED\n");
}

/* --- Text --------------------------------------------------------------------- */

static int run_text(tenon_runtime *rt, const char *source)
{
  return tenon_runtime_eval(rt, source, strlen(source), "[eval]");
}

TEST(text_has_require_where_the_host_says_so)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  CHECK_INT(TENON_EEXCEPTION, run_text(rt, "require('./app/a')"));
  tenon_runtime_clear_exception(rt);
  CHECK_INT(0, tenon_runtime_add_require(rt, "[eval]"));
  CHECK_INT(TENON_EEXIST, tenon_runtime_add_require(rt, "[eval]"));
  CHECK_INT(0, run_text(rt, "require('test').log(`${require('./app/a').n} "
                            "${__filename} ${__dirname} ${module.exports === "
                            "exports}`)"));
  CHECK_INT(0, run_text(rt, "var module = 1; const require = 2; delete "
                            "globalThis.exports; require"));
  CHECK_LOG("1 [eval] . true\n");
}

TEST(require_for_text_is_refused_to_wrong_callers)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(TENON_EINVAL, tenon_runtime_add_require(NULL, "[eval]"));
  CHECK_INT(TENON_EINVAL, tenon_runtime_add_require(rt, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_add_require(rt, ""));
  CHECK_INT(TENON_EINVAL, tenon_runtime_add_require(rt, "a/b"));
}

/* --- Ends that are taken back --------------------------------------------------- */

TEST(a_file_whose_loading_was_ended_is_loaded_again)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  t_write_file("app/slow.js",
               "exports.early = 1; globalThis.k = (globalThis.k ?? "
               "0) + 1; if (k < 3) for (;;) ; exports.k = k;");
  t_write_file("app/by.js", "require('test').log(`${require('./slow').k}`);");
  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 50));
  CHECK_INT(TENON_ETERMINATED, tenon_runtime_run_file(rt, "app/by.js"));
  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 0));
  tenon_runtime_resume(rt);
  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 50));
  CHECK_INT(TENON_ETERMINATED, tenon_runtime_run_file(rt, "app/by.js"));
  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 0));
  tenon_runtime_resume(rt);
  CHECK_INT(0, tenon_runtime_run_file(rt, "app/by.js"));
  CHECK_LOG("3\n");
}

/* --- Hostile programs --------------------------------------------------------- */

TEST(builtins_that_a_program_replaces_are_not_used)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  t_run(rt, REQUIRES
        "require('./a');\n"
        "for (const p of [Array.prototype, String.prototype,\n"
        "                 Function.prototype])\n"
        "  for (const k of Object.getOwnPropertyNames(p))\n"
        "    try {\n"
        "      if (typeof p[k] === 'function' && k !== 'constructor')\n"
        "        p[k] = () => { throw new Error('used ' + k); };\n"
        "    } catch {}\n"
        "Object.keys = Object.defineProperty = Reflect.apply = JSON.parse =\n"
        "  () => { throw new Error('used'); };\n"
        "delete require.cache[require.resolve('./a')];\n"
        "const { n } = require('./a');\n"
        "try { require('./gone'); } catch (e) { log(e.code); }\n"
        "log(n + '');");
  CHECK_LOG("MODULE_NOT_FOUND\n2\n");
}

TEST(a_module_that_is_required_while_it_is_being_resolved_is_refused)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  t_write_file("app/imports.mjs", "import './a.js'; export const x = 1;");
  t_run(rt, REQUIRES
        "const Module = require('module'), paths = Module._nodeModulePaths;\n"
        "let code;\n"
        "Module._nodeModulePaths = (from) => {\n"
        "  if (!code) try { code = 'none'; require('./imports.mjs'); }\n"
        "  catch (e) { code = e.code; }\n"
        "  return paths(from);\n"
        "};\n"
        "const m = await import('./app/imports.mjs');\n"
        "log(`${m.x} ${code}`);");
  CHECK_LOG("1 ERR_REQUIRE_CYCLE_MODULE\n");
}

TEST(a_runtime_ends_in_the_midst_of_require)
{
  tenon_runtime *rt = t_runtime();

  prepare();
  t_write_file("app/exits.js", "process.exit(3);");
  t_write_file("app/nested.js", "require('./exits'); throw 'never';");
  CHECK_INT(TENON_EEXIT, tenon_runtime_run_file(rt, "app/nested.js"));
  CHECK_INT(3, tenon_runtime_exit_code(rt));
}
