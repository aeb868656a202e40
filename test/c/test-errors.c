/* How native code fails: classes, codes, errors of the system, causes, and
 * exceptions of scripts that cross it. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <tenon/napi.h>
#include <uv.h>

#include "bind/call.h"
#include "harness.h"
#include "napi/env.h"

#include <tenon/export.h>

TENON_MODULE_THREADS(any);

/* --- Natives ----------------------------------------------------------------- */

TENON_FUNCTION(none, fail, (i32, error_class), (cstr, message))
{
  tenon_fail(error_class, "%s", message);
}

TENON_FUNCTION(none, fail_code, (i32, error_class), (cstr, code))
{
  tenon_fail_code(error_class, code, "with %s", code);
}

TENON_FUNCTION(i32, fail_system, (i32, error), (opt(cstr), syscall),
               (opt(cstr), path))
{
  return tenon_fail_system(error, syscall ? *syscall : NULL,
                           path ? *path : NULL);
}

TENON_FUNCTION(none, fail_rename)
{
  tenon_fail_system_with(&(tenon_failure){
      .error = EXDEV, .syscall = "rename", .path = "/a", .dest = "/b"});
}

TENON_FUNCTION(none, fail_with)
{
  tenon_fail_with(&(tenon_failure){.error_class = TENON_RANGE_ERROR,
                                   .error = ENOENT,
                                   .code = "E_OWN",
                                   .path = "/x"},
                  "own %d", 5);
}

TENON_FUNCTION(none, fail_memory)
{
  tenon_fail_memory();
}

TENON_FUNCTION(none, fail_twice)
{
  tenon_fail(TENON_RANGE_ERROR, "first");
  tenon_fail_system(ENOENT, NULL, NULL);
  tenon_fail_code(TENON_ERROR, "E", "third");
}

static int read_settings(void)
{
  return tenon_fail_system(ENOENT, "open", "/etc/settings");
}

TENON_FUNCTION(f64, fail_caused, (i32, levels))
{
  if (read_settings()) {
    for (; levels > 0; levels--)
      tenon_fail_caused(TENON_TYPE_ERROR, "level %d", (int)levels);
  }
  return 1;
}

TENON_FUNCTION(none, fail_caused_by_nothing)
{
  tenon_fail_caused(TENON_ERROR, "alone");
}

TENON_FUNCTION(none, fail_caused_by_memory)
{
  tenon_fail_memory();
  tenon_fail_caused(TENON_ERROR, "after that");
}

TENON_FUNCTION(i32, recover, (bool, fails))
{
  int r;

  if (fails) read_settings();
  r = tenon_recover();
  return 2 * r + tenon_recover();
}

TENON_FUNCTION(none, recover_and_fail)
{
  read_settings();
  tenon_recover();
  tenon_fail(TENON_ERROR, "anew");
}

TENON_BLOCKING(none, blocking_system)
{
  tenon_fail_system(-EACCES, "stat", "/root");
  tenon_fail_caused(TENON_URI_ERROR, "off the loop");
}

TENON_BLOCKING(i32, blocking_recover)
{
  tenon_fail(TENON_ERROR, "forgotten");
  return tenon_recover() ? 7 : 0;
}

static int32_t failing_default(void)
{
  return tenon_fail_code(TENON_EVAL_ERROR, "E_DEFAULT", "a default");
}

TENON_FUNCTION(i32, fail_in_default, (i32, x, failing_default()))
{
  return x;
}

TENON_STRUCT(risky, (i32, n, failing_default()))

TENON_FUNCTION(i32, fail_in_member, (risky, r))
{
  return r.n;
}

/* --- Deferreds */

TENON_ASYNC(none, reject, (cstr, how))
{
  if (strcmp(how, "code") == 0)
    tenon_deferred_reject_code(deferred, TENON_SYNTAX_ERROR, "E_C", "by %s",
                               how);
  else if (strcmp(how, "system") == 0)
    tenon_deferred_reject_system(deferred, EPIPE, "write", NULL);
  else if (strcmp(how, "dest") == 0)
    tenon_deferred_reject_system_with(
        deferred,
        &(tenon_failure){
            .error = EEXIST, .syscall = "link", .path = "a", .dest = "b"});
  else if (strcmp(how, "with") == 0)
    tenon_deferred_reject_with(
        deferred, &(tenon_failure){.error_class = 4, .code = "E_W"}, "%s", how);
  else if (strcmp(how, "memory") == 0)
    tenon_deferred_reject_memory(deferred);
  else
    tenon_deferred_reject(deferred, TENON_REFERENCE_ERROR, "%s", how);
}

TENON_ASYNC(none, reject_caused, (cstr, how))
{
  CHECK_INT(TENON_EINVAL, tenon_deferred_reject_failed(deferred));
  if (how[0] != '-') read_settings();
  if (how[0] == 's') {
    CHECK_INT(0, tenon_deferred_reject_failed(deferred));
    CHECK(!tenon_recover());
    read_settings();
    CHECK_INT(TENON_EALREADY, tenon_deferred_reject_failed(deferred));
    CHECK(tenon_recover());
  } else {
    CHECK_INT(0,
              tenon_deferred_reject_caused(deferred, TENON_ERROR, "%s", how));
    CHECK(!tenon_recover());
    CHECK_INT(TENON_EALREADY,
              tenon_deferred_reject_caused(deferred, TENON_ERROR, "again"));
  }
}

TENON_ASYNC(none, fail_after_helper)
{
  read_settings();
  tenon_fail_caused(TENON_RANGE_ERROR, "not started");
}

static void *reject_on_thread(void *d)
{
  CHECK_INT(TENON_EINVAL, tenon_deferred_reject_failed(d));
  tenon_deferred_reject_system(d, UV_ECANCELED, "read", "/dev/x");
  return NULL;
}

static pthread_t thread;

TENON_ASYNC(none, reject_elsewhere)
{
  pthread_create(&thread, NULL, reject_on_thread, deferred);
}

/* --- Values that scripts throw */

static tenon_runtime *thrower;

/* As a callback that throws globalThis.thrown does it. */
static void throw_value(void)
{
  JSContext *ctx = tenon_runtime_env(thrower)->ctx;
  JSValue global = JS_GetGlobalObject(ctx);

  tenon_p_call_fail_value(tenon_p_current_call, ctx,
                          JS_GetPropertyStr(ctx, global, "thrown"));
  JS_FreeValue(ctx, global);
}

TENON_FUNCTION(none, rethrow)
{
  throw_value();
}

TENON_FUNCTION(none, rethrow_caused)
{
  throw_value();
  tenon_fail_caused(TENON_TYPE_ERROR, "outer");
}

TENON_FUNCTION(none, rethrow_second)
{
  tenon_fail(TENON_ERROR, "the first");
  throw_value();
}

TENON_FUNCTION(i32, catch_value)
{
  int i, n = 0;

  for (i = 0; i < 1000; i++) {
    throw_value();
    n += tenon_recover();
  }
  return n;
}

TENON_ASYNC(none, reject_value, (cstr, how))
{
  throw_value();
  if (how[0] == 'f')
    tenon_deferred_reject_failed(deferred);
  else if (how[0] == 'c')
    tenon_deferred_reject_caused(deferred, TENON_ERROR, "outer");
}

static tenon_p_call *pool_call;
static int pool_state; /* atomic */

static void wait_for_state(int state)
{
  while (__atomic_load_n(&pool_state, __ATOMIC_ACQUIRE) != state)
    uv_sleep(1);
}

static void set_state(int state)
{
  __atomic_store_n(&pool_state, state, __ATOMIC_RELEASE);
}

/* Waits for the loop to throw into this call, as often as it is told. */
TENON_BLOCKING(i32, blocking_value, (i32, count), (bool, recovers))
{
  int i, n = 0;

  pool_call = tenon_p_current_call;
  for (i = 0; i < count; i++) {
    set_state(1);
    wait_for_state(2);
    if (recovers) n += tenon_recover();
  }
  return n;
}

TENON_FUNCTION(none, throw_into_pool)
{
  JSContext *ctx = tenon_runtime_env(thrower)->ctx;
  JSValue global = JS_GetGlobalObject(ctx);

  wait_for_state(1);
  tenon_p_call_fail_value(pool_call, ctx,
                          JS_GetPropertyStr(ctx, global, "thrown"));
  set_state(2);
  JS_FreeValue(ctx, global);
}

/* --- Helpers ------------------------------------------------------------------- */

#define PRELUDE                                                              \
  "import { log as write } from 'test'; import * as n from 'native';\n"      \
  "const log = (...a) => write(a.map(String).join(' '));\n"                  \
  "const caught = (f, ...a) => { try { f(...a); } catch (e) { return e; }\n" \
  "  return 'nothing'; };\n"                                                 \
  "const rejected = p => p.then(() => 'nothing', e => e);\n"                 \
  "const show = e => log(e, JSON.stringify(e));\n"
#define RUN(rt, source) t_run(rt, PRELUDE source)

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  thrower = rt;
  set_state(0);
  return rt;
}

/* --- Classes --------------------------------------------------------------------- */

TEST(each_class_has_its_error)
{
  tenon_runtime *rt = start();

  RUN(rt, "[Error, TypeError, RangeError, SyntaxError, ReferenceError,\n"
          "  EvalError, URIError].forEach((C, i) => {\n"
          "  const e = caught(n.fail, i, 'text');\n"
          "  log(e, e.constructor === C, Object.getPrototypeOf(e) ===\n"
          "    C.prototype, Error.isError(e), Reflect.ownKeys(e).sort());\n"
          "});");
  CHECK_LOG("Error: text true true true message\n"
            "TypeError: text true true true message\n"
            "RangeError: text true true true message\n"
            "SyntaxError: text true true true message\n"
            "ReferenceError: text true true true message\n"
            "EvalError: text true true true message\n"
            "URIError: text true true true message\n");
}

TEST(another_number_is_a_plain_error)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const i of [-1, 7, 8, 255, 256, 257, -(2 ** 31),\n"
          "  2 ** 31 - 1]) log(caught(n.fail, i, `${i}`));");
  CHECK_LOG("Error: -1\nError: 7\nError: 8\nError: 255\nError: 256\n"
            "Error: 257\nError: -2147483648\nError: 2147483647\n");
}

TEST(what_scripts_did_to_the_constructors_is_not_asked)
{
  tenon_runtime *rt = start();

  RUN(rt, "const P = URIError.prototype, O = globalThis.URIError;\n"
          "globalThis.URIError = globalThis.Error = class { constructor() {\n"
          "  log('script'); } };\n"
          "Object.defineProperty(O, 'prototype', {}) && 0;\n"
          "Object.defineProperty(Object.prototype, 'code', { set() {\n"
          "  log('setter'); }, configurable: true });\n"
          "const e = caught(n.fail_code, 6, 'E_X'); delete "
          "Object.prototype.code;\n"
          "log(Object.getPrototypeOf(e) === P, e.code);");
  CHECK_LOG("true E_X\n");
}

TEST(the_trace_begins_with_the_native_function)
{
  tenon_runtime *rt = start();

  RUN(rt, "log(caught(n.fail, 4, 'x').stack.split('\\n')[0].trim(),\n"
          "  caught(n.fail_system, 2).stack.split('\\n')[0].trim());");
  CHECK_LOG("at fail (native) at fail_system (native)\n");
}

/* --- Codes -------------------------------------------------------------------------- */

TEST(a_code_is_an_ordinary_property)
{
  tenon_runtime *rt = start();

  RUN(rt, "const e = caught(n.fail_code, 1, 'ERR_X');\n"
          "log(e, JSON.stringify(Object.getOwnPropertyDescriptor(e,\n"
          "  'code')), Object.keys(e));\n"
          "show(caught(n.fail_code, 0, ''));");
  CHECK_LOG("TypeError: with ERR_X {\"value\":\"ERR_X\",\"writable\":true,"
            "\"enumerable\":true,\"configurable\":true} code\n"
            "Error: with  {\"code\":\"\"}\n");
}

TEST(an_error_of_the_system_is_nodes)
{
  tenon_runtime *rt = start();

  RUN(rt, "const e = caught(n.fail_system, 2, 'open', '/x');\n"
          "log(e.message, e.constructor === Error);\n"
          "for (const k of Reflect.ownKeys(e)) if (k !== 'stack') {\n"
          "  const d = Object.getOwnPropertyDescriptor(e, k);\n"
          "  log(k, typeof d.value, d.value, d.writable, d.enumerable,\n"
          "    d.configurable); }");
  CHECK_LOG("ENOENT: no such file or directory, open '/x' true\n"
            "message string ENOENT: no such file or directory, open '/x' true "
            "false true\n"
            "errno number -2 true true true\n"
            "code string ENOENT true true true\n"
            "syscall string open true true true\n"
            "path string /x true true true\n");
}

TEST(what_a_system_error_does_not_have_is_absent)
{
  tenon_runtime *rt = start();

  RUN(rt, "show(caught(n.fail_system, 9, 'read'));\n"
          "show(caught(n.fail_system, 13, undefined, 'p'));\n"
          "show(caught(n.fail_system, 17));\n"
          "show(caught(n.fail_system, 17, '', ''));\n"
          "show(caught(n.fail_rename));");
  CHECK_LOG(
      "Error: EBADF: bad file descriptor, read {\"errno\":-9,\"code\":"
      "\"EBADF\",\"syscall\":\"read\"}\n"
      "Error: EACCES: permission denied, 'p' {\"errno\":-13,\"code\":"
      "\"EACCES\",\"path\":\"p\"}\n"
      "Error: EEXIST: file already exists {\"errno\":-17,\"code\":"
      "\"EEXIST\"}\n"
      "Error: EEXIST: file already exists,  '' {\"errno\":-17,\"code\":"
      "\"EEXIST\",\"syscall\":\"\",\"path\":\"\"}\n"
      "Error: EXDEV: cross-device link not permitted, rename '/a' -> '/b' "
      "{\"errno\":-18,\"code\":\"EXDEV\",\"syscall\":\"rename\",\"path\":"
      "\"/a\",\"dest\":\"/b\"}\n");
}

TEST(codes_of_either_sign_and_of_any_origin_are_known)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const e of [-2, -3008, 116, 115, 35, -5006, 0, -99999,\n"
          "  -(2 ** 31), 2 ** 31 - 1]) show(caught(n.fail_system, e));");
  CHECK_LOG(
      "Error: ENOENT: no such file or directory {\"errno\":-2,\"code\":"
      "\"ENOENT\"}\n"
      "Error: EAI_NONAME: unknown node or service {\"errno\":-3008,\"code\":"
      "\"EAI_NONAME\"}\n"
      "Error: ESTALE: stale file handle {\"errno\":-116,\"code\":\"ESTALE\"}\n"
      "Error: EINPROGRESS: operation now in progress {\"errno\":-115,"
      "\"code\":\"EINPROGRESS\"}\n"
      "Error: EDEADLK: resource deadlock avoided {\"errno\":-35,\"code\":"
      "\"EDEADLK\"}\n"
      "Error: ECLOSING: the runtime is being freed {\"errno\":-5006,\"code\":"
      "\"ECLOSING\"}\n"
      "Error: UNKNOWN: unknown error {\"errno\":-4094,\"code\":\"UNKNOWN\"}\n"
      "Error: UNKNOWN: unknown error {\"errno\":-99999,\"code\":"
      "\"UNKNOWN\"}\n"
      "Error: UNKNOWN: unknown error {\"errno\":-2147483648,\"code\":"
      "\"UNKNOWN\"}\n"
      "Error: UNKNOWN: unknown error {\"errno\":-2147483647,\"code\":"
      "\"UNKNOWN\"}\n");
}

TEST(a_path_is_text_and_no_format)
{
  tenon_runtime *rt = start();

  RUN(rt, "const p = '%s%n' + 'x'.repeat(5000) + '\\u20ac';\n"
          "const e = caught(n.fail_system, 2, '%d', p);\n"
          "log(e.path === p, e.syscall, e.message ===\n"
          "  `ENOENT: no such file or directory, %d '${p}'`);");
  CHECK_LOG("true %d true\n");
}

TEST(a_text_of_ones_own_keeps_the_properties)
{
  tenon_runtime *rt = start();

  RUN(rt, "show(caught(n.fail_with));");
  CHECK_LOG("RangeError: own 5 {\"errno\":-2,\"code\":\"E_OWN\",\"path\":"
            "\"/x\"}\n");
}

TEST(a_lack_of_memory_is_the_engines)
{
  tenon_runtime *rt = start();

  RUN(rt, "show(caught(n.fail_memory));\n"
          "show(caught(n.fail_caused_by_memory));\n"
          "show(await rejected(n.reject('memory')));");
  CHECK_LOG("InternalError: out of memory {}\n"
            "InternalError: out of memory {}\n"
            "InternalError: out of memory {}\n");
}

/* --- Several failures ------------------------------------------------------------------- */

TEST(the_first_failure_stands)
{
  tenon_runtime *rt = start();

  RUN(rt, "show(caught(n.fail_twice));\n"
          "globalThis.thrown = 5; show(caught(n.rethrow_second));");
  CHECK_LOG("RangeError: first {}\nError: the first {}\n");
}

TEST(a_cause_is_what_stood_before)
{
  tenon_runtime *rt = start();

  RUN(rt, "const e = caught(n.fail_caused, 1);\n"
          "show(e); show(e.cause); log('cause' in e.cause);\n"
          "const d = Object.getOwnPropertyDescriptor(e, 'cause');\n"
          "log(d.writable, d.enumerable, d.configurable);\n"
          "show(caught(n.fail_caused, 0));\n"
          "const a = caught(n.fail_caused_by_nothing);\n"
          "log(a, Object.hasOwn(a, 'cause'));");
  CHECK_LOG("TypeError: level 1 {}\n"
            "Error: ENOENT: no such file or directory, open '/etc/settings' "
            "{\"errno\":-2,\"code\":\"ENOENT\",\"syscall\":\"open\",\"path\":"
            "\"/etc/settings\"}\nfalse\ntrue false true\n"
            "Error: ENOENT: no such file or directory, open '/etc/settings' "
            "{\"errno\":-2,\"code\":\"ENOENT\",\"syscall\":\"open\",\"path\":"
            "\"/etc/settings\"}\nError: alone false\n");
}

TEST(causes_may_be_many)
{
  tenon_runtime *rt = start();

  RUN(rt, "let e = caught(n.fail_caused, 100000), i = 0;\n"
          "log(e); for (; e.cause; e = e.cause) i++; log(i, e);");
  CHECK_LOG("TypeError: level 1\n100000 Error: ENOENT: no such file or "
            "directory, open '/etc/settings'\n");
}

TEST(what_was_recovered_from_is_forgotten)
{
  tenon_runtime *rt = start();

  CHECK(!tenon_recover());
  RUN(rt, "log(n.recover(true), n.recover(false), await n.blocking_recover(),\n"
          "  await n.recover.async(true));\n"
          "const e = caught(n.recover_and_fail); log(e, 'cause' in e);");
  CHECK_LOG("2 0 7 2\nError: anew false\n");
}

TEST(defaults_fail_as_functions_do)
{
  tenon_runtime *rt = start();

  RUN(rt, "show(caught(n.fail_in_default)); show(caught(n.fail_in_member, {}));"
          "\nlog(n.fail_in_default(1), n.fail_in_member({ n: 2 }));\n"
          "show(await rejected(n.fail_in_default.async()));\n"
          "show(await rejected(n.fail_in_member.async({})));");
  CHECK_LOG("EvalError: a default {\"code\":\"E_DEFAULT\"}\n"
            "EvalError: a default {\"code\":\"E_DEFAULT\"}\n1 2\n"
            "EvalError: a default {\"code\":\"E_DEFAULT\"}\n"
            "EvalError: a default {\"code\":\"E_DEFAULT\"}\n");
}

/* --- Promises ------------------------------------------------------------------------------ */

TEST(a_promise_is_rejected_by_the_same_errors)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const how of ['code', 'system', 'dest', 'with', 'other'])\n"
          "  show(await rejected(n.reject(how)));\n"
          "show(await rejected(n.fail_system.async(2, 'open', '/x')));\n"
          "const e = await rejected(n.blocking_system());\n"
          "show(e); show(e.cause);");
  CHECK_LOG("SyntaxError: by code {\"code\":\"E_C\"}\n"
            "Error: EPIPE: broken pipe, write {\"errno\":-32,\"code\":"
            "\"EPIPE\",\"syscall\":\"write\"}\n"
            "Error: EEXIST: file already exists, link 'a' -> 'b' {\"errno\":"
            "-17,\"code\":\"EEXIST\",\"syscall\":\"link\",\"path\":\"a\","
            "\"dest\":\"b\"}\n"
            "ReferenceError: with {\"code\":\"E_W\"}\n"
            "ReferenceError: other {}\n"
            "Error: ENOENT: no such file or directory, open '/x' {\"errno\":"
            "-2,\"code\":\"ENOENT\",\"syscall\":\"open\",\"path\":\"/x\"}\n"
            "URIError: off the loop {}\n"
            "Error: EACCES: permission denied, stat '/root' {\"errno\":-13,"
            "\"code\":\"EACCES\",\"syscall\":\"stat\",\"path\":\"/root\"}\n");
}

TEST(a_deferred_takes_the_failure_of_the_call)
{
  tenon_runtime *rt = start();

  RUN(rt, "show(await rejected(n.reject_caused('same')));\n"
          "const e = await rejected(n.reject_caused('outer'));\n"
          "show(e); show(e.cause);\n"
          "const a = await rejected(n.reject_caused('-'));\n"
          "log(a, 'cause' in a);\n"
          "const f = await rejected(n.fail_after_helper());\n"
          "log(f, '<', f.cause);");
#define SETTINGS                                                     \
  "Error: ENOENT: no such file or directory, open '/etc/settings' "  \
  "{\"errno\":-2,\"code\":\"ENOENT\",\"syscall\":\"open\",\"path\":" \
  "\"/etc/settings\"}\n"
  CHECK_LOG(SETTINGS "Error: outer {}\n" SETTINGS "Error: - false\n"
                     "RangeError: not started < Error: ENOENT: no such file or "
                     "directory, open '/etc/settings'\n");
}

TEST(another_thread_rejects_by_an_error_of_the_system)
{
  tenon_runtime *rt = start();

  RUN(rt, "show(await rejected(n.reject_elsewhere()));");
  pthread_join(thread, NULL);
  CHECK_LOG("Error: ECANCELED: operation canceled, read '/dev/x' {\"errno\":"
            "-125,\"code\":\"ECANCELED\",\"syscall\":\"read\",\"path\":"
            "\"/dev/x\"}\n");
}

/* --- Exceptions that cross -------------------------------------------------------------------- */

TEST(an_exception_crosses_as_the_same_value)
{
  tenon_runtime *rt = start();

  RUN(rt, "for (const v of [new Error('x'), {}, Symbol('s'), undefined, null,\n"
          "  0, NaN, 'text', 10n ** 30n, () => 1,\n"
          "  Object.freeze(new TypeError('y'))]) {\n"
          "  globalThis.thrown = v;\n"
          "  const stack = v?.stack;\n"
          "  let c = 'nothing';\n"
          "  try { n.rethrow(); } catch (e) { c = e; }\n"
          "  log(Object.is(c, v), v?.stack === stack); }");
  CHECK_LOG("true true\ntrue true\ntrue true\ntrue true\ntrue true\n"
            "true true\ntrue true\ntrue true\ntrue true\ntrue true\n"
            "true true\n");
}

TEST(an_exception_may_be_a_cause)
{
  tenon_runtime *rt = start();

  RUN(rt, "globalThis.thrown = { own: 1 };\n"
          "const e = caught(n.rethrow_caused);\n"
          "log(e, e.cause === thrown);\n"
          "globalThis.thrown = undefined;\n"
          "const u = caught(n.rethrow_caused);\n"
          "log(Object.hasOwn(u, 'cause'), u.cause);");
  CHECK_LOG("TypeError: outer true\ntrue undefined\n");
}

TEST(an_exception_that_was_recovered_from_is_let_go)
{
  tenon_runtime *rt = start();

  RUN(rt, "let gone = false;\n"
          "const r = new FinalizationRegistry(() => { gone = true; });\n"
          "(() => { globalThis.thrown = {}; r.register(thrown); })();\n"
          "log(n.catch_value()); globalThis.thrown = 0;\n"
          "await new Promise(f => setTimeout(f, 1)); log(gone);");
  CHECK_LOG("1000\ntrue\n");
}

TEST(a_deferred_is_rejected_by_the_same_value)
{
  tenon_runtime *rt = start();

  RUN(rt, "globalThis.thrown = {};\n"
          "for (const how of ['failed', 'left'])\n"
          "  log(await rejected(n.reject_value(how)) === thrown);\n"
          "const e = await rejected(n.reject_value('caused'));\n"
          "log(e, e.cause === thrown);\n"
          "globalThis.thrown = undefined;\n"
          "log(await rejected(n.reject_value('failed')));");
  CHECK_LOG("true\ntrue\nError: outer true\nundefined\n");
}

TEST(a_call_on_the_pool_fails_by_what_the_loop_threw_into_it)
{
  tenon_runtime *rt = start();

  RUN(rt, "globalThis.thrown = {};\n"
          "const p = n.blocking_value(1, false);\n"
          "n.throw_into_pool(); log(await rejected(p) === thrown);");
  CHECK_LOG("true\n");
}

TEST(a_call_on_the_pool_recovers_without_touching_the_value)
{
  tenon_runtime *rt = start();

  RUN(rt, "let gone = 0;\n"
          "const r = new FinalizationRegistry(() => { gone++; });\n"
          "const p = n.blocking_value(5, true);\n"
          "for (let i = 0; i < 5; i++) (() => { globalThis.thrown = {};\n"
          "  r.register(thrown); n.throw_into_pool(); })();\n"
          "globalThis.thrown = 0; log(await p);\n"
          "await new Promise(f => setTimeout(f, 1)); log(gone);");
  CHECK_LOG("5\n5\n");
}

TEST(an_exception_does_not_get_into_another_runtime)
{
  tenon_runtime *a = start(), *b = start();

  CHECK(a != b);
  RUN(b, "globalThis.thrown = { of: 'b' };");
  RUN(a, "globalThis.thrown = { of: 'a' };\n"
         "log(caught(n.rethrow)); const e = caught(n.rethrow_caused);\n"
         "log(e, e.cause); log(n.catch_value());\n"
         "log(await rejected(n.reject_value('left')));\n"
         "const d = await rejected(n.reject_value('caused'));\n"
         "log(d, 'cause' in d);");
  CHECK_LOG("Error: an exception of another runtime\n"
            "TypeError: outer Error: an exception of another runtime\n1000\n"
            "Error: an exception of another runtime\nError: outer false\n");
}

TEST(an_exception_in_flight_ends_with_its_runtime)
{
  static const char script[] =
      "globalThis.thrown = {};\n"
      "import('native').then(n => { \n"
      "  n.reject_value('left').catch(() => 1);\n"
      "  n.blocking_value(1, true).catch(() => 1); n.throw_into_pool(); });";
  tenon_runtime *rt = start();

  CHECK_INT(0, tenon_runtime_eval_script(rt, script, sizeof script - 1, NULL));
  t_free(rt);
}
