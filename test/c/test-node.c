/* Modules of node's names, from the host's side: realms, limits, hosts' contexts. */
#include <stdlib.h>
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
        "import EventEmitter from 'events';"
        "const e = new EventEmitter(), b = Buffer.from('abc');"
        "const includes = Reflect.apply.bind(null, [].includes);"
        "const error = () => { throw new Error('taken'); };"
        "for (const C of [Array, String, RegExp, Object, Function, Number])"
        "  for (const k of Object.getOwnPropertyNames(C.prototype))"
        "    if (!includes(['constructor', 'length', 'concat'], [k]))"
        "      try { C.prototype[k] = error; } catch {}"
        "const said = path.join('a', '..', 'b.c') + path.extname('b.c')"
        "  + path.win32.relative('c:\\\\a', 'c:\\\\b') + path.parse('/a').dir;"
        "try { path.join(1); } catch (e) { log(e.code); }"
        "e.on('x', (v) => log(v)).once('x', log); e.emit('x', 'heard');"
        "e.off('x', log);"
        "log(said + b.toString('hex') + Buffer.from('é', 'latin1').readInt8(0)"
        "  + b.indexOf('c'));");
  CHECK_LOG("ERR_INVALID_ARG_TYPE\nheard\nheard\nb.c.c..\\b/616263-232\n");
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

TEST(starting_programs_by_nodes_module_is_refused_with_the_way_to_do_it)
{
  tenon_runtime *rt = t_runtime();

  t_run(rt, "import { log } from 'test';"
            "import child, { spawn } from 'child_process';"
            "for (const f of Object.values(child)) try { f('x'); log('no'); }"
            "catch (e) { log(`${e.code} ${f.name}`); }"
            "try { spawn('ls'); } catch (e) {"
            "  log(`${e.message.includes('tenon:process')}`); }");
  CHECK_LOG("ERR_METHOD_NOT_IMPLEMENTED exec\n"
            "ERR_METHOD_NOT_IMPLEMENTED execFile\n"
            "ERR_METHOD_NOT_IMPLEMENTED execFileSync\n"
            "ERR_METHOD_NOT_IMPLEMENTED execSync\n"
            "ERR_METHOD_NOT_IMPLEMENTED fork\n"
            "ERR_METHOD_NOT_IMPLEMENTED spawn\n"
            "ERR_METHOD_NOT_IMPLEMENTED spawnSync\n"
            "true\n");
}

TEST(the_process_of_a_host_executes_ticks_as_jobs_and_is_not_ended)
{
  static const char source[] =
      "import process, { nextTick } from 'node:process';\n"
      "let said = ''; globalThis.said = () => said;\n"
      "nextTick((a) => { said += a; }, 'tick ');\n"
      "try { process.exit(); } catch (e) { said += `${e.name} `; }\n"
      "said += `${process.argv.length} `;\n";
  JSRuntime *rt = JS_NewRuntime();
  JSContext *ctx = JS_NewContext(rt), *job;
  JSValue v, global, f;
  const char *text;

  CHECK_INT(0, tenon_attach(ctx, "node:process", NULL));
  v = JS_Eval(ctx, source, strlen(source), "a.js", JS_EVAL_TYPE_MODULE);
  CHECK(!JS_IsException(v));
  JS_FreeValue(ctx, v);
  while (JS_ExecutePendingJob(rt, &job) > 0)
    continue;
  global = JS_GetGlobalObject(ctx);
  f = JS_GetPropertyStr(ctx, global, "said");
  v = JS_Call(ctx, f, JS_UNDEFINED, 0, NULL);
  text = JS_ToCString(ctx, v);
  CHECK_TEXT("TypeError 0 tick ", text);
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, v);
  JS_FreeValue(ctx, f);
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

TEST(limits_of_memory_and_time_hold_inside)
{
  tenon_options o = {.size = sizeof o, .memory_limit_bytes = 8 << 20};
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(&o, &rt));
  CHECK_THROWS(rt, "out of memory", "Buffer.alloc(64 << 20);");
  CHECK_THROWS(
      rt, "out of memory",
      "(() => { const all = []; for (;;) all.push(Buffer.from('x'.repeat(9999))); })();");
  tenon_runtime_clear_exception(rt);
  t_run(rt, "Buffer.from('a');");
}

TEST(bytes_that_are_gone_or_shared_or_changed_meanwhile_are_refused)
{
  tenon_runtime *rt = t_runtime();

  t_run(
      rt,
      "import { log } from 'test';"
      "const said = [];"
      "const told = (f) => { try { said.push(String(f())); }"
      "  catch (e) { said.push(e.name); } };"
      "const a = new ArrayBuffer(8), b = Buffer.from(a);"
      "a.transfer();"
      "for (const f of [() => b.toString(), () => b.write('x'),"
      "    () => b.readInt8(0), () => b.writeInt8(1, 0), () => b.fill('ab'),"
      "    () => b.indexOf('a'), () => b.copy(Buffer.alloc(1)),"
      "    () => Buffer.alloc(1).copy(b), () => b.equals(Buffer.alloc(0)),"
      "    () => Buffer.concat([b]).length]) told(f);"
      "const s = Buffer.from(new SharedArrayBuffer(4));"
      "told(() => s.length); told(() => s.toString());"
      "const g = new ArrayBuffer(8, { maxByteLength: 8 });"
      "const v = Buffer.from(g);"
      "told(() => v.writeUInt16LE({ valueOf() { g.resize(1); return 1; } }, 6));"
      "told(() => v.readUInt16LE(6));"
      "told(() => Buffer.prototype.readInt8.call({}, 0));"
      "told(() => Buffer.prototype.toString.call({}));"
      "log(`${said}`);");
  CHECK_LOG(",0,RangeError,RangeError,,-1,0,0,true,0,4,TypeError,RangeError,"
            "RangeError,RangeError,TypeError\n");
}

TEST(a_realm_without_typed_arrays_has_no_buffers)
{
  static const char source[] =
      "import('test').then(({ log }) => log(typeof Buffer));"
      "import('buffer').catch((e) => import('test').then(({ log }) =>"
      "  log(e.code)));";
  tenon_realm_options o = {sizeof o, TENON_REALM_TYPED_ARRAYS};
  tenon_runtime *rt = t_runtime();
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, &o, &realm));
  CHECK_INT(0, tenon_realm_eval_script(realm, source, strlen(source), "a.js"));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("undefined\nERR_UNKNOWN_BUILTIN_MODULE\n");
}

/* --- Memory ---------------------------------------------------------------- */

/* Each life runs whole modules: a sample of the points, but where all are asked
 * for by 0. */
__attribute__((constructor)) static void choose_sample(void)
{
  setenv("TENON_OOM_SAMPLE", "300", 0);
}

static const char importing[] =
    "const said = [];\n"
    "for (const s of ['path', 'node:path/win32', 'events', 'os', 'buffer'])\n"
    "  said.push(typeof (await import(s)).default);\n"
    "try { await import('node:nosuch'); }\n"
    "catch (e) { if (!e.code) throw e; said.push(e.code); }\n"
    "if (`${said}` !== 'object,object,function,object,object,ERR_UNKNOWN_BUILTIN_MODULE')\n"
    "  throw new Error(`wrong: ${said}`);\n";

/* Buffers in every way that takes memory. */
static const char using[] =
    "const all = [];\n"
    "for (const e of ['utf8', 'ucs2', 'latin1', 'ascii', 'hex', 'base64'])\n"
    "  all.push(Buffer.from('6162', e).toString(e),\n"
    "           Buffer.from('x6162').subarray(1).toString('ucs2').length);\n"
    "const b = Buffer.alloc(9, 'ab');\n"
    "all.push(b.indexOf('ba'), b.readUInt16LE(0), b.writeDoubleBE(1, 0),\n"
    "         b.readBigInt64BE(0), Buffer.concat([b, b]).length,\n"
    "         b.compare(Buffer.from('c')), JSON.stringify(b).length);\n"
    "try { b.readInt8(9); } catch (e) { if (!e.code) throw e; }\n"
    "if (`${all}` !== '6162,2,6162,2,6162,2,6162,2,6162,2,6162,2,'\n"
    "    + '1,25185,8,4607182418800017408,18,-1,48')\n"
    "  throw new Error(`wrong: ${all}`);\n";

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

static int live_with_buffers(void)
{
  tenon_runtime *rt;
  int r = tenon_runtime_new(NULL, &rt);

  if (r) return r;
  r = tenon_runtime_eval_script(rt, using, strlen(using), "buffers.js");
  if (r && tenon_runtime_exception(rt))
    CHECK(!strstr(tenon_runtime_exception(rt), "wrong"));
  if (r) {
    tenon_p_alloc_stop();
    tenon_runtime_clear_exception(rt);
    CHECK_INT(0,
              tenon_runtime_eval_script(rt, "{ Buffer.from('a') }", 20, "b"));
  }
  tenon_runtime_free(rt);
  return r;
}

TEST(each_allocation_for_buffers_fails_in_turn)
{
  t_oom oom = {.live = live_with_buffers};

  CHECK(t_fail_each(&oom, false) > 100);
}

TEST(each_allocation_of_an_import_fails_for_good_in_turn)
{
  t_oom oom = {.live = live_once};

  CHECK(t_fail_each(&oom, true) > 100);
}
